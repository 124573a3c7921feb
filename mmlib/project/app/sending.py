"""What is sent besides pages: the report, files, how far the work is; and the end of a work."""

from pathlib import Path

from tornado.web import HTTPError

from ..page import file_name
from .views import View

REPORT = (  # which needs no script, no network, and may not act on these pages
    "sandbox allow-popups; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
LONGEST = 200_000_000  # bytes of a report, or a table, that is sent


class ReportPage(View):
    """The report itself, as it was written."""

    def get(self):
        """Send it, walled in."""
        self.set_header("Content-Security-Policy", REPORT)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(_content(self.results() / "report.html"))


class Download(View):
    """A file that this run of the server has written."""

    def get(self):
        """Send the file of that number, of the latest predictions."""
        task = self.settings["desk"].get("predict")
        files = task.result["files"] if task and task.result else []
        number = self.get_query_argument("file", "")
        if number not in map(str, range(len(files))):
            raise HTTPError(404, reason="There is no such file")
        path = Path(files[int(number)])
        name = f"{file_name(path.stem)}{path.suffix.lower()}"
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(_content(path))


class Stop(View):
    """Ends a piece of work."""

    def post(self):
        """Stop it, and show its page."""
        what = self.get_body_argument("what", "")
        task = self.settings["desk"].get(what)
        if task is None:
            raise HTTPError(404, reason="There is no such work")
        if task.running:
            task.stop()
        self.redirect(self.page_of(task), status=303)


class State(View):
    """How far a piece of work is: asked every second, since an answer that is kept open for each
    tab would use up the few that a browser allows."""

    def get(self):
        """Numbers for a bar, and a sentence."""
        task = self.settings["desk"].get(self.get_query_argument("what", ""))
        if task is None:
            raise HTTPError(404, reason="There is no such work")
        state = task.state()
        if self.get_query_argument("started", str(task.started)) != str(task.started):
            state["running"] = False  # the one that is asked for has ended, and another begun
        self.finish(state)


def _content(path):
    try:
        if path.stat().st_size < LONGEST:
            return path.read_bytes()
    except OSError:
        raise HTTPError(404, reason="There is no such file") from None
    raise HTTPError(413, reason="The file is too large to be sent")


SENT = [("/report/page", ReportPage), ("/download", Download), ("/stop", Stop), ("/state", State)]
