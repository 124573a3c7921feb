"""A folder of yours, start to end; the commands of ``python -m mmlib`` call these methods."""

import sys
from pathlib import Path

from .. import project  # loads its parts when they are used: to check a folder takes no torch
from ..base import DataError
from ..data.by_column import by_column
from .reading.called import MANY, places
from .reading.findings import WARNING, in_short
from .reading.load import raise_first, read_project
from .results import open_results
from .saying import plain

OUTDATED = "The report.html there is of an earlier run: run report to renew it."


class Project:
    """A folder of spectra, photographs, sounds or texts, and the folder of its results.

    Parameters
    ----------
    folder : str or path
        Laid out as `mmlib.load_folder` tells. Nothing in it is ever changed.
    results : str or path, optional
        Where tables, models and the report go; beside the folder, with "-results" added to its
        name, where nothing is said.
    missing : {"leave-out", "keep"}
        What becomes of a sample that lacks a picture, say. It is left out; or it is kept for
        the models that can do without, and the model that is kept predicts such samples, too.

    Attributes
    ----------
    data : MultimodalData or None
        As last read, of the samples that have everything; None before, and where there is a fault.
    outcome : Outcome or None
        Of the last comparison.

    Examples
    --------
    >>> import tempfile
    >>> import mmlib
    >>> from mmlib.project.writing import copy_template
    >>> pears = mmlib.Project(copy_template(tempfile.mkdtemp() + "/pears"))
    >>> print(*pears.check())
    spectra.csv: axis 400 to 2500, no unit given, taken as nm.
    >>> pears.data
    <pears: 60 samples, spectrum (211,), image (48, 48, 3), 5 classes, 30 groups>

    ``pears.compare(quick=True)``, ``pears.report()`` and ``pears.predict(model, new_folder)``
    do the rest.
    """

    def __init__(self, folder, results=None, missing="leave-out"):
        self.folder, self.missing = folder, missing
        own = Path(folder).expanduser().resolve()
        beside = own.with_name(f"{own.name}-results")
        self.results = Path(results).expanduser() if results else beside
        self.data = self.outcome = None
        self._alone = {}

    def check(self):
        """Read the folder, and look for every fault in it.

        Returns
        -------
        Findings
            Errors, warnings and notes, each with file, row and remedy, and with all ids that it is
            about as its ``samples``.
        """
        self.data, findings, self._alone = read_project(self.folder, self.missing)
        return findings

    def alone(self):
        """The sentence, without its end, that says which modality is alone; "" for two."""
        found = None if self.data is None else _nothing_to_fuse(self.data, self.folder)
        return found[0] if found else ""

    def compare(
        self,
        quick=False,
        random_state=0,
        n_jobs=1,
        dask=None,
        sel=None,
        by=None,
        progress=None,
    ):
        """Compare single modalities and all fusions, write the table, and keep a model.

        What the folder of results holds of an earlier run is not fitted again.

        Parameters
        ----------
        quick : bool
            A first look: one repeat, short training, and no choice inside each fold.
        random_state : int
            Of folds and models.
        n_jobs : int
            Fits at a time; -1 for all cores.
        dask : str, optional
            Address of a scheduler, for several machines.
        sel : float, optional
            Standard error of the laboratory that measured the target, in its unit: no RMSEP can
            fall below it.
        by : str, optional
            A column of the table of samples whose values are held out whole, such as "session" or
            "instrument", in place of the column group: what new samples of another day are worth.
        progress : bool or callable, optional
            See `mmlib.compare`.

        Returns
        -------
        Outcome
            Printed, it says in sentences what was found and written.

        Raises
        ------
        DataError
            For a faulty folder, results that cannot be written, or a scheduler that cannot be
            reached, a column that is not there or cuts through groups. Another `RuntimeError` names
            a model that failed.
        """
        alone = _nothing_to_fuse(self._read(), self.folder)
        if alone:
            said = f"{alone[0]}. The models of {alone[1]} alone are compared."
            print(plain(said), flush=True)
        how = {"random_state": random_state, "n_jobs": n_jobs, "dask": dask, "sel": sel, "by": by}
        self._compare(quick=quick, **how, progress=progress)
        if not alone and (self.results / "report.html").exists():
            self.outcome.ending = OUTDATED
        return self.outcome

    def report(self, **how):
        """Write the comparison as one HTML page, ``report.html``, and its parts as files.

        Parameters
        ----------
        **how
            As for `compare`, for what is missing of the comparison. One that this object has
            made in the same way, or in any where nothing is said, is taken as it is.

        Returns
        -------
        Outcome
            Printed, it says in sentences what was found and written.

        Raises
        ------
        DataError
            As for `compare`, and where there is one modality only.
        """
        known = self.outcome is not None and how.items() <= self._how.items()
        data = self.outcome.result.data if known else self._read()
        alone = _nothing_to_fuse(data, self.folder)
        if alone:
            raise DataError(
                f"{alone[0]}, or run compare, which shows what {alone[1]} alone can tell."
            )
        if not known:
            self._compare(**how)
        page = project.report.write_report(self.outcome, self.results)
        self.outcome.ending = f"The report is in {page}; figures/ and tables/ have its parts."
        return self.outcome

    def plan(self, by=None, **how):
        """How many groups would show which gain: by a comparison of this folder, if there is one.

        Parameters
        ----------
        by : str, optional
            As for `compare`: groups are the values of this column.
        **how
            "gain" (0.04 is four points; of an error, a share of it), "power" (0.8), "per_group"
            (samples), "random_state" (of the comparison); where nothing was compared also
            "accuracy" and "alike", see `mmlib.evaluation.planning.plan`.

        Returns
        -------
        Plan
            Printed, a sentence and a table; its `plot` draws them.

        Raises
        ------
        DataError
            For a faulty folder, one modality only, too few groups, or a column as for `compare`.
        """
        known = self.outcome is not None and by in (None, self._how["by"])
        data = self.outcome.result.data if known else self._read()
        alone = _nothing_to_fuse(data, self.folder)
        if alone:
            raise DataError(f"{alone[0]}.")
        result = self.outcome.result if known else None
        data = data if known or by is None else by_column(data, by)
        return project.next_study.plan_project(data, self.results, result, **how)

    @staticmethod
    def predict(model, folder, output=None, standards=None):
        """Apply a saved model to a folder of new samples, and write a table.

        Parameters
        ----------
        model : str or path
            The folder that `compare` wrote.
        folder : str or path
            Of the new samples, laid out as the first; labels are not needed.
        output : str or path, optional
            The table: a workbook where it ends with ".xlsx", else CSV. Where nothing is said, both,
            beside the folder, with "-predictions" added to its name.
        standards : (now, before), optional
            Two folders, where the new samples were measured on another instrument: some samples
            measured like the new ones, and a folder that holds the same ids measured as in training
            (that of the training will do). The spectra are brought to the first instrument by them,
            see `mmlib.features.transfer.SpectrumTransfer`; pictures are left as they are.

        Returns
        -------
        Predictions
            Printed, it says in a sentence what was found and written. In the file an apostrophe
            stands before ids and classes that a spreadsheet would take for formulas.

        Raises
        ------
        DataError
            When the model or the folder is faulty, they do not fit, or the output exists.
        """
        return project.predicting.predict(model, folder, output, standards)

    def _read(self):
        """Data without a fault; doubts are said before hours of fitting."""
        findings = self.check()
        raise_first(findings, self.folder)
        for line in in_short(findings, levels=(WARNING,)):
            print(line, file=sys.stderr, flush=True)
        return self.data

    def _compare(self, by=None, **how):
        data, alone = self.data, self._alone
        if by is not None:
            data = by_column(data, by)
            alone = {name: by_column(part, by) for name, part in alone.items()}
        open_results(self.results, self.folder)
        self.outcome = project.comparing.compare_project(data, self.results, alone=alone, **how)
        self._how = {"by": by, **how}


def _nothing_to_fuse(data, folder):
    """The beginning of a sentence, and what there is; None where there are two modalities."""
    if len(data.modalities) > 1:
        return None
    (name,) = data.modalities
    has = MANY.get(name, name)
    return f"{folder} holds {has} only, so there is nothing to fuse: add {places(name)}", has
