"""Nobody is let in but whoever has the token, on this computer, from these pages."""

import http.client
import re
import shutil
from urllib.parse import quote, urlsplit

import psutil
import pytest
from app_pages import serving

from mmlib.project.app.gate import Keys

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def server(tiny, tmp_path_factory):
    """Process, port and token of the pages."""
    desk = tmp_path_factory.mktemp("gate")
    shutil.copytree(tiny, desk / "leaves")
    with serving(desk) as (process, address):
        parts = urlsplit(address)
        yield process, parts.port, parts.query.removeprefix("token="), desk / "leaves"


def ask(port, path, method="GET", body=None, **headers):
    """Status, headers and text of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, path, body, headers | (FORM if body else {}))
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def cookie(server):
    _, port, token, _ = server
    return ask(port, f"/?token={token}")[1]["Set-Cookie"].split(";")[0]


PATHS = ["/", "/choose", "/check?folder=x", "/compare?folder=x", "/report/page?folder=x",
         "/state?what=check", "/download?file=0", "/static/app.js", "/nothing"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_without_the_token_nothing_is_shown(path, server):
    assert ask(server[1], path)[0] == 403
    wrong = f"{path}{'&' if '?' in path else '?'}token={'0' * 48}"
    status, headers, text = ask(server[1], wrong)
    assert status == 403 and "Set-Cookie" not in headers and "terminal" in text
    assert ask(server[1], path, Cookie=f"mmlib-{server[1]}={'0' * 48}")[0] == 403


def test_the_token_leaves_a_cookie_that_no_script_and_no_other_site_gets(server, cookie):
    _, port, token, _ = server
    status, headers, _ = ask(port, f"/?token={token}")
    assert status == 200
    assert {"HttpOnly", "SameSite=Strict"} <= set(headers["Set-Cookie"].split("; "))
    assert token not in cookie  # which would be in the hands of whoever sees the other
    assert ask(port, "/choose", Cookie=cookie)[0] == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", ["evil.example", "evil.example:{}", "127.0.0.1", "127.0.0.1:1"])
def test_a_name_that_leads_here_is_no_way_in(path, host, server, cookie):
    _, port, token, _ = server
    host = host.format(port)
    assert ask(port, path, Cookie=cookie, Host=host)[0] == 403
    with_token = f"{path}{'&' if '?' in path else '?'}token={token}"
    status, headers, _ = ask(port, with_token, Host=host)
    assert status == 403 and "Set-Cookie" not in headers


def test_a_form_of_another_site_starts_nothing(server, cookie):
    _, port, _, leaves = server
    path = f"/check?folder={quote(str(leaves))}"
    own = f"http://127.0.0.1:{port}"
    form = re.search(r'name="key" value="(\w+)"', ask(port, path, Cookie=cookie)[2])[1]
    for key, origin in [("", own), ("0" * 48, own), (form, "http://evil.example"),
                        (form, "null"), (form, f"http://127.0.0.1:{port + 1}")]:  # fmt: skip
        status, *_ = ask(port, path, "POST", f"key={key}", Cookie=cookie, Origin=origin)
        assert status == 403
    assert ask(port, "/state?what=check", Cookie=cookie)[0] == 404  # there is no such work
    assert ask(port, path, "POST", f"key={form}", Cookie=cookie, Origin=own)[0] == 303
    assert ask(port, "/state?what=check", Cookie=cookie)[0] == 200


def test_other_computers_do_not_reach_it(server):
    process, port, *_ = server
    heard = [c.laddr for c in psutil.Process(process.pid).net_connections() if c.status == "LISTEN"]
    assert heard == [("127.0.0.1", port)]


def test_only_what_belongs_to_the_pages_is_sent(server, cookie):
    _, port, _, leaves = server
    for path in ("/static/../gate.py", "/static/%2e%2e/gate.py", f"/static/{leaves}/samples.csv",
                 "/static//etc/passwd", "/download?file=0", "/download?file=../samples.csv",
                 f"/report/page?folder={quote(str(leaves))}"):  # fmt: skip
        assert ask(port, path, Cookie=cookie)[0] in (403, 404), path


def test_a_report_may_run_nothing_and_reach_nothing(server, cookie):
    _, port, _, leaves = server
    results = leaves.with_name("leaves-results")
    results.mkdir()
    (results / "report.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    status, headers, text = ask(port, f"/report/page?folder={quote(str(leaves))}", Cookie=cookie)
    policy = headers["Content-Security-Policy"].split("; ")
    assert status == 200 and "<script>" in text  # as it was written, and
    assert {"sandbox allow-popups", "default-src 'none'"} <= set(policy)
    assert not [part for part in policy if part.startswith("script-src")]


def test_answers_are_not_kept_framed_or_guessed_at(server, cookie):
    _, headers, text = ask(server[1], "/choose", Cookie=cookie)
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Cache-Control"] == "no-store"
    assert server[2] not in text  # the token stays in the terminal


def test_the_token_that_others_may_see_in_the_list_of_processes_lets_in_once():
    keys = Keys(8000)
    once = keys.once
    assert keys.admits(once) and not keys.admits(once) and not keys.admits("")
    assert keys.admits(keys.token) and keys.admits(keys.token)
