"""Whether what was read makes sense: faults of measuring and of planning, and leaks."""

import re
from collections import Counter
from hashlib import blake2b

import numpy as np

from .doubts import doubt_groups, doubt_labels, doubt_missing, doubt_target, spelling
from .numerals import MISSING, is_number, to_numbers

FOLDS = 5


def check_spectra(values, ids, findings, axis=None):
    """Flat or saturated spectra, copies, and spectra unlike the others in scale or kind."""
    flat = [i for i, x in zip(ids, values, strict=True) if np.ptp(x) == 0]
    if flat:
        findings.error(
            f"spectrum (id {flat[0]})", f"it is flat ({len(flat)} in all)", "measure it again",
            samples=flat,
        )  # fmt: skip
    top = values.max(1)
    full = [
        i
        for i, x, t in zip(ids, values, top, strict=True)
        if np.ptp(x) and (x == t).sum() >= max(4, 0.02 * len(x))
    ]
    if full:
        findings.warn(
            f"spectrum (id {full[0]})",
            f"many bands have exactly its highest value: saturated ({len(full)} in all)",
            "shorten the exposure, or leave the band out",
            samples=full,
        )
    check_twins(values, ids, "spectrum", findings)
    if len(values) > 4 and not flat:
        _check_scale(values, ids, findings, np.arange(values.shape[1]) if axis is None else axis)


def _check_scale(values, ids, findings, axis, factor=20):
    """Percent among shares, absorbance among reflectance, a decimal sign lost."""
    level = np.quantile(np.abs(values), 0.9, axis=1, method="lower")  # peaks may be few
    order = np.argsort(level, kind="stable")
    steps = level[order][1:] / np.maximum(level[order][:-1], 1e-12)
    at = int(steps.argmax())
    if steps[at] >= factor:
        parts = order[: at + 1], order[at + 1 :]
        few = min(parts, key=len)
        low, high = (np.median(level[part]) for part in parts)
        findings.warn(
            f"spectrum (id {ids[few[0]]})",
            f"{len(few)} of {len(ids)} are of another scale: around {low:.3g} in some, {high:.3g} "
            "in others, as percent among shares",
            "export all in the same unit",
            samples=[ids[k] for k in few],
        )
        return
    usual = np.median(values, axis=0)
    spread = np.quantile(np.abs(usual), 0.9) * factor
    spikes = np.argwhere(np.abs(values - usual) > spread + factor * np.abs(usual))
    if len(spikes):
        i, j = spikes[0]
        findings.warn(
            f"spectrum (id {ids[i]})",
            f"the value {values[i, j]:g} at {axis[j]:g} is far from the {usual[j]:.3g} of the "
            f"others ({len(spikes)} such values)",
            "correct it, or measure again",
            samples=[ids[k] for k in np.unique(spikes[:, 0])],
        )
        return
    centered = values - values.mean(1, keepdims=True)
    shape = usual - usual.mean()
    size = np.linalg.norm(centered, axis=1) * max(np.linalg.norm(shape), 1e-12)
    like = centered @ shape / np.maximum(size, 1e-12)
    turned = np.flatnonzero(like < -0.5)
    if 0 < len(turned) and np.median(like) > 0.8:
        findings.warn(
            f"spectrum (id {ids[turned[0]]})",
            f"{len(turned)} of {len(ids)} fall where the others rise, as absorbance among "
            "reflectance",
            "export all as the same quantity",
            samples=[ids[k] for k in turned],
        )


def check_axis(axis, unit, known, findings):
    """Whether spectra have the very bands that a model was trained on.

    Parameters
    ----------
    axis : ndarray of shape (bands,)
    unit : str
    known : TrainedOn
        The model's data.
    findings : Findings
    """
    wanted = np.array(known.axes.get("spectrum", ()), float)
    of = known.units.get("spectrum", unit)
    if not len(wanted):
        return
    if len(axis) == len(wanted) and unit == of:
        step = np.abs(np.diff(wanted)).min() if len(wanted) > 1 else 1.0
        if np.abs(axis - wanted).max() < 0.05 * step:
            return
    findings.error(
        "spectra",
        f"they have {len(axis)} bands from {axis[0]:g} to {axis[-1]:g} {unit}, but the model was "
        f"trained on {len(wanted)} from {wanted[0]:g} to {wanted[-1]:g} {of}",
        "measure with the same settings, or train on spectra like these",
    )


def check_pictures(values, ids, findings):
    """Copies, and pictures that show nothing, as with the cap on the lens."""
    spread = np.max(values.max((1, 2)) - values.min((1, 2)), axis=1)
    least = 0.01 * np.ptp(values)
    plain = [i for i, s in zip(ids, spread, strict=True) if s <= least]
    if plain:
        findings.warn(
            f"picture (id {plain[0]})",
            f"it is of one color throughout ({len(plain)} in all)",
            "take it again, or leave the sample out",
            samples=plain,
        )
    check_twins(values, ids, "picture", findings)


def check_twins(values, ids, what, findings):
    """The same measurement under two ids would be in training and test at once."""
    seen = {}
    for sample, x in zip(ids, values, strict=True):
        key = blake2b(np.ascontiguousarray(x).tobytes(), digest_size=20).digest()
        if key in seen:
            findings.error(
                f"{what} (id {sample})",
                f"it is the same, number for number, as that of {seen[key]}",
                "one of the two is a copy: find the right one",
                "L6",
                [sample, seen[key]],
            )
        seen.setdefault(key, sample)


def check_target(samples, findings):
    """Labels that differ by a blank, too few of a class, groups that give the label away."""
    _check_groups(samples, findings)
    if samples["kind"] == "target":
        _check_quantity(samples, findings)
        return
    y = _alike(samples, findings)
    doubt_missing("label", y, samples["lines"], findings)
    count = Counter(label for label in y if label)
    if len(count) == 1:
        findings.error("samples", f"all have the label {next(iter(count))!r}", "add another class")
        return
    if len(count) > len(samples["y"]) / 2 and all(map(is_number, count)):
        findings.error(
            "samples", f"the labels are {len(count)} different numbers",
            "for a quantity name the column target",
        )  # fmt: skip
        return
    doubt_labels(count, findings)
    groups = samples.get("group")
    if groups and not all(groups):
        return  # which was said already
    units = {unit for unit in zip(y, groups or samples["id"], strict=True) if all(unit)}
    if groups and len({group for _, group in units}) == len(count) == len(units):
        findings.error(
            "samples", "group says the same as label, so no split can test a new group",
            "let group name the plant, batch or day", "L1",
        )  # fmt: skip
        return
    what = "group(s)" if groups else "sample(s)"
    sizes = Counter(label for label, _ in units)
    for label in count:
        n = sizes[label]
        if n < 2:
            findings.error(
                "samples", f"class {label!r} has {n} {what}, so it cannot be trained on and tested",
                "measure more, merge it with another class, or leave it out",
            )  # fmt: skip
        elif n < FOLDS:
            findings.warn("samples", f"class {label!r} has {n} {what}", _fewer_folds(n))


def _check_quantity(samples, findings):
    """A target becomes numbers; where it holds only words, it may be a label."""
    y, lines = samples["y"], samples["lines"]
    words = [cell for cell in y if cell.lower() not in MISSING]
    if words and not any(re.match(r"[+-]?[.,]?\d", cell) for cell in words):
        findings.error(
            lines[y.index(words[0])], f"{words[0]!r} is no number, nor is the target in any row",
            "for classes name the column label",
        )  # fmt: skip
        return
    found = to_numbers([[cell] for cell in y], lambda i, j: lines[i], findings, samples["id"])
    if found is None:
        return
    samples["y"] = found[:, 0]
    if len(set(samples["y"])) == 1:
        findings.error("samples", "the target is the same everywhere", "check the column")
    doubt_target(samples["y"], lines, findings)


def _check_groups(samples, findings):
    """One group only cannot be judged for a quantity; of a class that is said elsewhere."""
    groups = samples.get("group", ())
    if groups:
        doubt_groups(groups, samples["lines"], findings)
    if samples["kind"] != "target" or not all(groups):
        return
    n, what = len(set(groups or samples["id"])), "groups" if groups else "samples"
    if groups and n == 1:
        findings.error(
            "samples", f"all are of the group {groups[0]!r}, so no split can test a new group",
            "let group name the plant, batch or day, or leave the column out",
        )  # fmt: skip
    elif n < FOLDS:
        findings.warn("samples", f"there are {n} {what} only", _fewer_folds(n))


def _fewer_folds(n):
    return f"measure more, or compare with {n} folds (the command does so by itself)"


def _alike(samples, findings):
    """The labels, each in its most frequent spelling; other spellings are faults."""
    spelled = {}
    for y in samples["y"]:
        spelled.setdefault(spelling(y), Counter())[y] += 1
    usual = {key: count.most_common(1)[0][0] for key, count in spelled.items()}
    labels = [usual[spelling(y)] for y in samples["y"]]
    odd = [i for i, y in enumerate(samples["y"]) if y != labels[i]]
    if odd:
        first, more = odd[0], f" (and {len(odd) - 1} more rows)" if len(odd) > 1 else ""
        findings.error(
            samples["lines"][first],
            f"label {samples['y'][first]!r} differs from {labels[first]!r} by case, blanks "
            f"or zeros only{more}",
            "write them alike",
            samples=[samples["id"][i] for i in odd],
        )
    return labels
