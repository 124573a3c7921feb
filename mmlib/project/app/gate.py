"""Who is let in: this computer only, whoever has the token, and no page of another site.

The address is 127.0.0.1, which no other computer reaches. Other programs and users of this one
lack the token. A page of another site that is open in the same browser has no cookie (it is
strict), cannot read an answer, and cannot send a form, since it does not know the key that is in
each of ours. One that has its name lead to 127.0.0.1 (DNS rebinding) sends that name as the host.
"""

import hmac
import os
import secrets

from tornado.web import HTTPError, RequestHandler, StaticFileHandler

POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Keys:
    """The secrets of one run of the server.

    Attributes
    ----------
    token : str
        In the address that the terminal shows.
    once : str
        In the address that the browser is opened with, which other users may see among the
        processes: it lets in one time.
    cookie, form : str
    hosts : set of str
        Names under which the server is asked.
    """

    def __init__(self, port):
        self.token, self.once, self.cookie, self.form = (secrets.token_hex(24) for _ in range(4))
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self.name = f"mmlib-{port}"  # a browser keeps cookies by host, whatever the port

    def admits(self, token):
        """Whether a token lets in; the one for the browser does so once."""
        if hmac.compare_digest(token.encode(), self.once.encode()):
            self.once = secrets.token_hex(24)
            return True
        return hmac.compare_digest(token.encode(), self.token.encode())


class Guarded(RequestHandler):
    """Answers only to whoever may ask."""

    def prepare(self):
        """Refuse, or say nothing."""
        keys = self.settings["keys"]
        if self.request.host.lower() not in keys.hosts:
            raise HTTPError(403, reason="Another host was asked for")
        origin = self.request.headers.get("Origin")
        if origin is not None and origin.lower() not in {f"http://{host}" for host in keys.hosts}:
            raise HTTPError(403, reason="This comes from another site")
        cookie = self.get_cookie(keys.name) or ""
        if not hmac.compare_digest(cookie.encode(), keys.cookie.encode()):
            raise HTTPError(403, reason="The token is missing or wrong")
        if self.request.method == "POST":
            form = self.get_body_argument("key", "")
            if not hmac.compare_digest(form.encode(), keys.form.encode()):
                raise HTTPError(403, reason="The form is of another run")

    def set_default_headers(self):
        """Nothing is kept, framed, guessed at, or told to others."""
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Cross-Origin-Opener-Policy", "same-origin")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.clear_header("Server")

    def decode_argument(self, value, name=None):
        """Names of files may be any bytes."""
        return os.fsdecode(value)

    def write_error(self, status_code, **kwargs):
        """A page that says what to do, and nothing of what was asked for."""
        page = self.settings["templates"].get_template("refused.html")
        self.finish(page.render(status=status_code, reason=self._reason))


class Entrance(Guarded):
    """The address with the token: it leaves a cookie, and leads on."""

    def prepare(self):
        """A token is all that is needed here."""
        if "token" not in self.request.query_arguments:
            super().prepare()
            return
        keys = self.settings["keys"]
        if self.request.host.lower() not in keys.hosts:
            raise HTTPError(403, reason="Another host was asked for")
        if not keys.admits(self.get_query_argument("token")):
            raise HTTPError(403, reason="The token is missing or wrong")
        self.set_cookie(keys.name, keys.cookie, httponly=True, samesite="Strict", path="/")

    def get(self):
        """Lead on; not by a redirect, on which a browser may leave out a strict cookie."""
        self.set_header("Refresh", "0; url=/choose")
        page = self.settings["templates"].get_template("entered.html")
        self.finish(page.render())


class Static(Guarded, StaticFileHandler):
    """The style and the script."""


class Nothing(Guarded):
    """What is asked for is not there."""

    def get(self):
        """Say so."""
        raise HTTPError(404, reason="There is no such page")
