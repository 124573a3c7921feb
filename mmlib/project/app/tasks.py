"""A piece of work in a process of its own, which the pages follow, and may stop.

The server reads no file of a user's and fits nothing, so a broken picture or a full memory ends
the work and not the page. Where the server ends, however it ends, the work ends with it.
"""

import json
import os
import subprocess
import sys
import threading
import time

from ...base import DataError

CALLED = {
    "check": "Checking", "plan": "Planning", "compare": "Comparing", "predict": "Predicting",
    "example": "Making the example",
}  # fmt: skip


class Task:
    """A piece of work that was started.

    Parameters
    ----------
    what : str
        A name in `mmlib.project.app.worker.WORK`.
    **how
        For it: numbers and texts.

    Attributes
    ----------
    result : dict or None
        Once it is done.
    fault : str
        Why it was not done; empty where there is nothing to say.
    said : list of str
        Doubts and remarks on the way.
    progress : list or None
        Step, how many of how many are done, and what they are.
    form : dict
        What was filled in on the page that started it.
    """

    def __init__(self, what, **how):
        self.what, self.how = what, how
        self.result, self.fault, self.said, self.progress = None, "", [], None
        self.form = {}
        self.started, self.ended, self._stopped, self._pace = time.time(), None, False, None
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mmlib.project.app.worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        job = {"what": what, "how": how, "server": os.getpid()}
        self._process.stdin.write(json.dumps(job).encode() + b"\n")
        self._process.stdin.close()
        self._reader = threading.Thread(target=self._follow, daemon=True)
        self._reader.start()

    @property
    def running(self):
        """Whether it goes on."""
        return self.ended is None

    @property
    def stopped(self):
        """Whether it was stopped before it was done."""
        return self._stopped and self.result is None

    @property
    def when(self):
        """When it was done: "at 12:40", or with the day where that is another one."""
        ended = time.localtime(self.ended)
        at = time.strftime("at %H:%M", ended)
        today = ended[:3] == time.localtime()[:3]
        return at if today else time.strftime("on %Y-%m-%d ", ended) + at

    def stop(self):
        """End it; what it has written stays."""
        self._stopped = True
        self._process.kill()
        self._reader.join(10)

    def state(self):
        """How far it is: numbers for a bar, and a sentence.

        Returns
        -------
        dict
            "running", "done" and "total" (0 where nobody can tell), "said".
        """
        step, done, total, things = self.progress or [0, 0, 0, ""]
        passed = f"running for {_long(time.time() - self.started)}"
        said = f"{CALLED[self.what]}, {passed}."
        if total:
            which = f"Step {step}: " if step > 1 else ""
            said = f"{which}{done} of {total} {things} done, {passed}{self._left(done, total)}."
        if not self.running:
            said = f"{CALLED[self.what]} has ended."
        elif total and done == total:
            said = f"All {total} {things} of step {step} are done; going on, {passed}."
        return {"running": self.running, "done": done, "total": total, "said": said}

    def _left(self, done, total):
        """How long it will take, once there is something to tell it from."""
        first, since = self._pace
        if done - first < max(5, 0.1 * total):
            return ""
        left = (time.time() - since) / (done - first) * (total - done)
        return f", about {_long(left)} to go"

    def _follow(self):
        with self._process.stdout as lines:
            for line in lines:
                self._take(json.loads(line))
        code = self._process.wait()
        if self.result is None and not self.fault and not self._stopped:
            self.fault = (
                f"The work ended without a word (code {code}), as where memory is full: close "
                "other programs, then start it again."
            )
        self.ended = time.time()

    def _take(self, told):
        if "progress" in told:
            step, done, *_ = told["progress"]
            if self.progress is None or step != self.progress[0]:
                self._pace = done, time.time()
            self.progress = told["progress"]
        self.said += told.get("said", [])
        self.fault = told.get("fault", self.fault)
        self.result = told.get("result", self.result)


class Desk:
    """The latest piece of work of each kind; one of a kind at a time."""

    def __init__(self):
        self._latest = {}

    def start(self, what, **how):
        """Start it.

        Raises
        ------
        DataError
            Where one of this kind is going on, for another folder or in another way.
        """
        old = self._latest.get(what)
        if old and old.running:
            if old.how == how:
                return  # the button was pressed twice
            raise DataError(
                f"{CALLED[what]} {old.how.get('folder', '')} is going on: wait until it is done, "
                "or stop it first."
            )
        self._latest[what] = Task(what, **how)

    def get(self, what, **how):
        """The latest of a kind, where it was started with these settings; else None."""
        task = self._latest.get(what)
        return task if task and how.items() <= task.how.items() else None

    def running(self):
        """What is going on now.

        Returns
        -------
        list of Task
        """
        return [task for task in self._latest.values() if task.running]

    def stop(self):
        """End all of it."""
        for task in self.running():
            task.stop()


def _long(seconds):
    """A time in words.

    Examples
    --------
    >>> from mmlib.project.app.tasks import _long
    >>> _long(9), _long(95), _long(7300)
    ('9 s', '2 min', '2 h 2 min')
    """
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
