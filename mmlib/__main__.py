"""The command line: ``python -m mmlib COMMAND``. See ``python -m mmlib --help``."""

import argparse
import os
import sys

import mmlib


def main(arguments=None):
    """Run one command, such as ``["start", "my-course"]``; return its exit code."""
    if hasattr(sys.stdout, "reconfigure"):  # a file, or an old terminal, lacks most letters
        sys.stdout.reconfigure(errors="backslashreplace")
    options = build_parser().parse_args(arguments)
    try:
        return options.run(options)
    except KeyboardInterrupt:
        goes_on = " The same command goes on where it was." if options.run is _compare else ""
        print(f"Stopped.{goes_on}", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read the output, such as head, has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        from .project.reading.guarding import last_word

        print(last_word(error), file=sys.stderr)
        return 3


def build_parser():
    """The commands and their options; nothing heavy is imported to show the help."""
    parser = argparse.ArgumentParser(
        prog="python -m mmlib",
        description="A course on fusing spectra with images: commands around its notebooks.",
    )
    parser.add_argument("--version", action="version", version=f"mmlib {mmlib.__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    start = commands.add_parser(
        "start", help="copy the notebooks to a folder of yours and open JupyterLab there",
        description="Copies the notebooks to DIR and opens the first one. Run it again after an "
        "update of the course: what you changed is kept, and the new version put beside it.",
    )  # fmt: skip
    start.add_argument("dir", nargs="?", default="my-course", metavar="DIR", help="(my-course)")
    start.add_argument("--template", action="store_true", help="a project folder instead")
    start.add_argument("--no-open", action="store_true", help="copy only")
    start.add_argument("--no-browser", action="store_true", help="print the address instead")
    start.set_defaults(run=_start)

    progress = commands.add_parser("progress", help="which exercises you have solved")
    progress.add_argument("dir", nargs="?", metavar="DIR", help="(this folder, or my-course)")
    progress.set_defaults(run=_progress)

    doctor = commands.add_parser(
        "doctor", help="check this computer and this installation",
        description="One line for each check, OK or FAIL, which says what to do; then it ends "
        "with exit code 1.",
    )  # fmt: skip
    doctor.set_defaults(run=_doctor)

    lacking = argparse.ArgumentParser(add_help=False)
    lacking.add_argument(
        "--missing", choices=("leave-out", "keep"), default="leave-out",
        help="samples that lack a picture, say: leave them out, or keep them for models "
        "that can do without (leave-out)",
    )  # fmt: skip
    check = commands.add_parser(
        "check",
        parents=[lacking],
        help="look for every fault in a folder of yours",
        description="Reads a folder of spectra, photographs, sounds or texts and lists all that is "
        "wrong with it. Nothing in it is changed. Ends with exit code 1 if something must be "
        "mended.",
    )
    check.add_argument("dir", metavar="DIR")
    check.set_defaults(run=_check)

    results = argparse.ArgumentParser(add_help=False)
    results.add_argument("--results", metavar="FOLDER", help="(DIR-results)")
    results.add_argument("--by", metavar="COLUMN", help="groups are its values: whole days, say")
    results.add_argument("--seed", type=_seed, default=0, help="of folds and models (0)")
    shared = argparse.ArgumentParser(add_help=False, parents=[results])
    shared.add_argument("dir", metavar="DIR")
    shared.add_argument("--quick", action="store_true", help="a first look: one repeat, short")
    shared.add_argument("--jobs", type=_jobs, default=1, help="fits at a time, -1: all cores (1)")
    shared.add_argument("--dask", metavar="ADDRESS", help="of a scheduler, for several machines")
    shared.add_argument("--sel", type=float, metavar="ERROR", help="standard error of the target")
    comparing = commands.add_parser(
        "compare",
        parents=[shared, lacking],
        help="compare single modalities and all fusions on a folder of yours",
        description="Cross-validates every model that fits the data, by group, and writes the "
        "table. Stop it when you like; the same command goes on where it was.",
    )
    comparing.set_defaults(run=_compare, report=False)
    report = commands.add_parser(
        "report", parents=[shared, lacking], help="the comparison as one HTML file",
        description="Runs what is missing of the comparison, then writes report.html.",
    )  # fmt: skip
    report.set_defaults(run=_compare, report=True)

    planning = commands.add_parser(
        "plan", parents=[results], help="how many groups would show which gain",
        description="From the comparison of the folder DIR, or, where there is none, from "
        "simulated studies: how many plants, batches or days show which gain of fusion.",
    )  # fmt: skip
    planning.add_argument("dir", nargs="?", metavar="DIR", help="a folder of yours, if any")
    planning.add_argument("--gain", type=float, metavar="POINTS", help="(4; of an error: percent)")
    planning.add_argument("--power", type=float, default=80, metavar="PERCENT", help="(80)")
    planning.add_argument("--groups", type=int, help="that there are (30, or those of DIR)")
    planning.add_argument("--per-group", type=int, help="samples in a group (5, or as in DIR)")
    planning.add_argument("--accuracy", type=float, metavar="PERCENT", help="one modality's (80)")
    planning.add_argument("--alike", type=float, help="samples of a group, 0 to 1 (0.5)")
    planning.add_argument("--classes", type=int, help="(2, or those of DIR)")
    planning.add_argument("--figure", metavar="FILE", help="draw it, as a PNG")
    planning.set_defaults(run=_plan)

    predicting = commands.add_parser(
        "predict", help="apply a saved model to a folder of new samples",
        description="Reads DIR as compare does, without labels, and writes a table of predictions, "
        "probabilities, and which samples are unlike the training data.",
    )  # fmt: skip
    predicting.add_argument("model", metavar="MODEL", help="the folder that compare wrote")
    predicting.add_argument("dir", metavar="DIR")
    predicting.add_argument("--output", metavar="FILE", help="(DIR-predictions.csv and .xlsx)")
    predicting.add_argument("--standards", nargs=2, metavar="DIR", help="as DIR, as in training")
    predicting.set_defaults(run=_predict)

    app = commands.add_parser(
        "app", help="all of this as pages in your browser",
        description="Opens pages on which you choose a folder, see its faults, compare, read the "
        "report and predict. They are answered on this computer only. Stop it with Ctrl-C.",
    )  # fmt: skip
    app.add_argument("dir", nargs="?", metavar="DIR", help="where to begin (your home)")
    app.add_argument("--port", type=int, default=0, help="of the address (any that is free)")
    app.add_argument("--no-browser", action="store_true", help="print the address only")
    app.set_defaults(run=_app)

    fetch = commands.add_parser(
        "fetch",
        help="download real data now, for working without a network later",
        description="Downloads and checks the data sets named, or those the notebooks use.",
    )
    fetch.add_argument(
        "name", nargs="*", default=["houston2013", "coffee"], help="(houston2013 coffee)"
    )
    fetch.set_defaults(run=_fetch)
    return parser


def _seed(text):
    """A whole number that every library takes as a seed."""
    if not 0 <= (seed := int(text)) < 2**31:
        raise argparse.ArgumentTypeError(f"{seed} is no seed: take 0 to {2**31 - 1}")
    return seed


def _jobs(text):
    """How many fits at a time, as joblib counts."""
    if (jobs := int(text)) == 0:
        raise argparse.ArgumentTypeError("0 fits at a time are none: take 1, or -1 for all cores")
    return jobs


def _start(options):
    from .course import start

    if options.template:
        return _told(lambda: _template(options.dir))
    try:
        return start.run(options.dir, not options.no_open, not options.no_browser)
    except start.StartError as error:
        print(error, file=sys.stderr)
        return 2


def _template(folder):
    from .project.saying import plain, quoted
    from .project.writing import copy_template

    made = copy_template("my_project" if folder == "my-course" else folder)
    return (
        f"{plain(made)} holds 60 leaves: put your samples in their place.\n"
        f"Then: python -m mmlib check {plain(quoted(made))}"
    )


def _check(options):
    from .project import Project
    from .project.reading.findings import in_short
    from .project.saying import plain

    project = Project(options.dir, missing=options.missing)
    findings = project.check()
    print(*in_short(findings), sep="\n", end="\n" * bool(findings), flush=True)
    if project.data is None:
        n = len(findings.of("error"))
        print(f"{n} fault{'s' * (n != 1)} to mend; nothing was changed.")
        return 1
    print(plain(project.data))
    if alone := project.alone():
        print(f"{plain(alone)}.")
    return 0


def _compare(options):
    from .project import Project

    project = Project(options.dir, options.results, options.missing)
    method = project.report if options.report else project.compare
    how = {name: getattr(options, name) for name in ("quick", "dask", "sel", "by")}
    how |= {"random_state": options.seed, "n_jobs": options.jobs}
    return _told(lambda: method(**how), RuntimeError)  # of a model that failed


def _plan(options):
    def call():
        from .base import DataError
        from .evaluation.planning import plan
        from .project import Project
        from .project.next_study import write_figure

        def given(*names):
            return {name: x for name in names if (x := getattr(options, name)) is not None}

        how = {name: x / 100 for name, x in given("power", "gain", "accuracy").items()}
        how |= given("per_group", "alike")
        own = given("groups", "classes")
        if options.dir is None and options.by:
            raise DataError(f"by {options.by}: name the folder that has this column, too.")
        elif options.dir is None:
            found = plan(**how, **own)
        elif own:
            raise DataError(f"{' and '.join(own)}: {options.dir} tells that, leave it out.")
        else:
            how |= {"random_state": options.seed, "by": options.by}
            found = Project(options.dir, options.results).plan(**how)
        if options.figure:
            write_figure(found.plot()[0], options.figure)
        return found

    return _told(call, RuntimeError)


def _predict(options):
    from .project import Project

    how = {"output": options.output, "standards": options.standards}
    return _told(lambda: Project.predict(options.model, options.dir, **how))


def _told(call, *also):
    """Print what a call gives, or what is wrong; return the exit code."""
    from .base import DataError
    from .project.saying import plain

    try:
        print(plain(call(), most=100_000, keep="\n"), flush=True)
    except (DataError, *also) as error:
        print(plain(error, most=2000), file=sys.stderr)
        return 2
    return 0


def _progress(options):
    from .course.progress import overview

    return _told(lambda: overview(options.dir))


def _app(options):
    from .project.app import serve

    return _told(lambda: serve(options.dir, options.port, not options.no_browser))


def _doctor(options):
    from .course import doctor

    return doctor.run()


def _fetch(options):
    from .base import DataError
    from .data.public import LOADERS

    for name in options.name:
        try:
            if name not in LOADERS:
                raise DataError(f"There is no data set {name!r}: take one of {', '.join(LOADERS)}.")
            print(LOADERS[name](), flush=True)
        except DataError as error:
            print(error, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
