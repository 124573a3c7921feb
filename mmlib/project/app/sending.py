"""What is sent besides pages: the report, files, how far the work is; and the end of a work."""

import asyncio
import json
from pathlib import Path

from tornado.iostream import StreamClosedError
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


class Events(View):
    """How far a piece of work is, as it goes on."""

    async def get(self):
        """A line for each change, until it is done."""
        task = self.settings["desk"].get(self.get_query_argument("what", ""))
        if task is None:
            raise HTTPError(404, reason="There is no such work")
        self.set_header("Content-Type", "text/event-stream")
        last, running = None, True
        try:
            while running:
                state = task.state()
                running = state["running"]
                if state != last:
                    self.write(f"data: {json.dumps(state)}\n\n")
                    await self.flush()
                last = state
                await asyncio.sleep(0.4 if running else 0)
        except StreamClosedError:
            return  # the page was closed; the work goes on


def _content(path):
    try:
        if path.stat().st_size < LONGEST:
            return path.read_bytes()
    except OSError:
        raise HTTPError(404, reason="There is no such file") from None
    raise HTTPError(413, reason="The file is too large to be sent")


SENT = [("/report/page", ReportPage), ("/download", Download), ("/stop", Stop), ("/events", Events)]
