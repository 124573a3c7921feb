"""The pages: each shows what there is, and starts one kind of work when its button is pressed."""

import os
from pathlib import Path
from urllib.parse import quote

from ...base import DataError
from ..results import free_name
from ..run import Project
from ..saving.model_file import MODEL
from .browsing import absolute, list_folder, list_near
from .gate import Guarded

STEPS = {
    "choose": "Folder", "check": "Check", "plan": "Plan", "compare": "Compare", "report": "Report",
    "predict": "Predict",
}  # fmt: skip
PICKED = {
    "folder": "the folder of your samples", "new": "the folder of the new samples",
    "model": "a model",
}  # fmt: skip


class View(Guarded):
    """A page about a folder; the address holds which."""

    what = ""

    @property
    def place(self):
        """What the address says: the folder, its results, the new samples."""
        names = ("folder", "results", "new", "model")
        found = {name: self.asked(name) for name in names}
        return {name: str(absolute(value)) if value else "" for name, value in found.items()}

    def asked(self, name):
        """A path in the address, whatever its bytes are; "" where there is none."""
        return os.fsdecode(self.request.query_arguments.get(name, [b""])[-1])

    def link(self, page, **more):
        """An address of a page about the same folder."""
        place = {name: value for name, value in (self.place | more).items() if value}
        query = "&".join(f"{name}={quote(os.fsencode(value))}" for name, value in place.items())
        return f"/{page}?{query}" if query else f"/{page}"

    def results(self):
        """The folder of results of the folder that is chosen."""
        return Project(self.place["folder"], self.place["results"] or None).results

    def task(self):
        """The latest work of this page for this folder, or None."""
        desk, place = self.settings["desk"], self.place
        return desk.get(self.what, folder=place["folder"]) if self.what else None

    def show(self, fault="", **known):
        """Write the page."""
        desk = self.settings["desk"]
        going = [(task, self.page_of(task)) for task in desk.running()]
        page = self.settings["templates"].get_template(f"{self.page}.html")
        about = {"steps": STEPS, "page": self.page, "place": self.place, "link": self.link}
        known = about | {"key": self.settings["keys"].form, "going": going} | known
        known |= {"task": self.task(), "fault": fault, "form": self._form()}
        self.finish(page.render(known))

    def page_of(self, task):
        """The address where a piece of work is shown."""
        page = "choose" if task.what == "example" else task.what
        names = ("folder", "results", "new", "model")
        place = {name: task.how.get(name) or "" for name in names}
        return self.link(page, **place) if page != "choose" else self.link(page)

    def _form(self):
        """What was filled in, now or for the latest work, so that it is there again."""
        form = {name: self.get_body_argument(name) for name in self.request.body_arguments}
        task = None if form else self.task()
        results = self.place["results"]  # the address says it, too, and then that holds
        return task.form | ({"results": results} if results else {}) if task else form

    @property
    def page(self):
        return self.what

    def get(self):
        """Show it."""
        try:
            if not self.place["folder"] and self.page not in ("choose", "predict"):
                self.redirect("/choose")
                return
            self.show(**self.known())
        except DataError as error:
            self.set_status(400)
            page = self.settings["templates"].get_template("fault.html")
            self.finish(page.render(fault=str(error), going=[]))

    def post(self):
        """Start the work, or say what is wrong with what was filled in."""
        try:
            address = self.start()
        except DataError as error:
            self.set_status(400)
            self.show(fault=str(error), **self.known())
            return
        self.redirect(address, status=303)

    def known(self):
        """What the template needs besides."""
        return {}

    def begin(self, **how):
        """Start the work of this page for its folder; the address that shows it."""
        self.settings["desk"].start(self.what, folder=self.place["folder"], **how)
        self.task().form = self._form()
        return self.link(self.what) + "#work"

    def number(self, name, low, high, whole=False):
        """A number that was filled in, or None."""
        text = self.get_body_argument(name, "").strip().replace(",", ".")
        if not text:
            return None
        try:
            value = int(text) if whole else float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            kind = "a whole number" if whole else "a number"
            raise DataError(f"{name} is {text!r}: write {kind} from {low:g} to {high:g}.")
        return value

    def column(self):
        """The column whose values are groups, or None."""
        return self.get_body_argument("by", "").strip() or None


class Choose(View):
    """A list of folders; what is chosen here is the project, the new samples, or a model."""

    what = "example"
    page = "choose"

    def known(self):
        """The folder that is looked into."""
        at = self.asked("at") or self.place["folder"] or self.settings["start"]
        pick = self.get_query_argument("pick", "folder")
        known = {"pick": pick if pick in PICKED else "folder", "picked": PICKED}
        try:
            listing = list_folder(at)
        except DataError as error:
            return known | {"listing": list_near(at), "typed": at, "wrong": str(error)}
        return known | {"listing": listing, "typed": listing.path, "wrong": ""}

    def task(self):
        """The latest example, wherever it was made."""
        return self.settings["desk"].get("example")

    def start(self):
        """Make the example in the folder that is looked into."""
        name = self.get_body_argument("name", "").strip()
        if not name or name != Path(name).name or name.startswith("."):
            raise DataError(f"name is {name!r}: write a name of a new folder, such as my_project.")
        at = absolute(self.asked("at"))
        self.settings["desk"].start("example", folder=str(at / name))
        return self.link("choose", at=str(at)) + "#work"


class Check(View):
    """Faults, each with its pictures."""

    what = "check"

    def start(self):
        """Read the folder."""
        return self.begin()


class Plan(View):
    """How many groups."""

    what = "plan"

    def start(self):
        """Compute it."""
        gain, power = self.number("gain", 0.1, 99), self.number("power", 1, 99.9)
        accuracy, alike = self.number("accuracy", 1, 99.9), self.number("alike", 0, 1)
        how = {"gain": gain and gain / 100, "power": power and power / 100}
        how |= {"accuracy": accuracy and accuracy / 100, "alike": alike}
        how |= {"per_group": self.number("per_group", 1, 100_000), "by": self.column()}
        how = {name: value for name, value in how.items() if value is not None}
        return self.begin(results=self.place["results"], **how)


class Compare(View):
    """All models, the model that is kept, and the report."""

    what = "compare"

    def known(self):
        """What an earlier run has left."""
        fits = self.results() / "fits"
        try:
            n = sum(entry.name.endswith(".json") for entry in os.scandir(fits))
        except OSError:
            n = 0
        return {"fits": n, "results": str(self.results())}

    def start(self):
        """Compare; what was fitted before is not fitted again."""
        missing = "keep" if self.get_body_argument("missing", "") else "leave-out"
        place = self.get_body_argument("results", "").strip()
        how = {
            "quick": self.get_body_argument("budget", "quick") != "full",
            "missing": missing,
            "random_state": self.number("seed", 0, 2**31 - 1, whole=True) or 0,
            "n_jobs": self.number("cores", 1, 1024, whole=True) or 1,
            "sel": self.number("sel", 0, 1e12),
            "by": self.column(),
            "results": str(absolute(place)) if place else self.place["results"],
        }
        self.begin(**how)
        return self.link("compare", results=how["results"]) + "#work"


class Report(View):
    """Where the report and its parts are."""

    page = "report"

    def known(self):
        """Files in the folder of results."""
        results = self.results()
        parts = {}
        for name in ("figures", "tables"):
            try:
                parts[name] = sorted(os.listdir(results / name))
            except OSError:
                parts[name] = []
        return {"results": str(results), "there": _is_file(results / "report.html"), "parts": parts}


class Predict(View):
    """New samples for a model."""

    what = "predict"

    def known(self):
        """The model of this folder, if it has one."""
        place = self.place
        own = self.results() / "model" if place["folder"] else None
        model = place["model"] or (str(own) if own and _is_file(own / MODEL) else "")
        above = str(Path(place["folder"]).parent) if place["folder"] else ""
        free = free_name(place["new"]) if place["new"] else ""
        return {"model": model, "above": above, "free": free}

    def task(self):
        """The latest predictions of these samples."""
        return self.settings["desk"].get("predict", new=self.place["new"])

    def start(self):
        """Predict."""
        new, model = self.place["new"], self.known()["model"]
        if not model:
            raise DataError("There is no model yet: compare first, or choose a model.")
        if not new:
            raise DataError("No new samples are chosen: choose their folder first.")
        output = self.get_body_argument("output", "").strip()
        return self.begin(new=new, model=model, output=str(absolute(output)) if output else "")


def _is_file(path):
    try:
        return path.is_file()
    except OSError:
        return False


PAGES = [
    ("/choose", Choose), ("/check", Check), ("/plan", Plan), ("/compare", Compare),
    ("/report", Report), ("/predict", Predict),
]  # fmt: skip
