"""Plans: the numbers follow the interval that judges, and the sentences follow the numbers."""

import re

import numpy as np
import pandas as pd
import pytest

import mmlib
from mmlib.base import DataError
from mmlib.evaluation import planning
from mmlib.evaluation.planning import plan, plan_from


def test_the_sentence_says_what_the_table_holds():
    found = plan(30, per_group=5, gain=0.08)
    needed = found.table.loc["8 points", "groups for 80 %"]
    assert f"takes about {needed} groups of 5 samples; 30 groups show it in" in found.said
    assert found.said.endswith(f"{found.table.loc['8 points', 'with 30 groups']}.")
    assert str(found).splitlines()[0] == f"{found.said} {found.basis}"


@pytest.mark.parametrize("groups", [6, 30, 62, 63, 64, 65, 66, 300])
@pytest.mark.parametrize("power", [0.5, 0.8, 0.87])
def test_no_rounding_contradicts_what_is_said(groups, power):
    """More groups are asked for only where fewer than wanted show the gain, and the text agrees."""
    found = plan(groups, gain=0.08, power=power)
    share = found.table.loc["8 points", f"with {groups} groups"]
    needed = found.table.loc["8 points", f"groups for {100 * power:g} %"]
    whole = 99 if share == "over 99 %" else int(re.search(r"\d+", share)[0])
    if "which is enough" in found.said:
        assert whole >= 100 * power and int(needed.replace(",", "")) <= 1.1 * groups
    else:
        assert whole < 100 * power or share == f"under {100 * power:g} %"
        assert int(needed.replace(",", "")) > groups


@pytest.mark.parametrize("groups", [5, 13, 101, 319, 641, 3000])
@pytest.mark.parametrize("per_group", [1, 2, 1234.5])
def test_no_sentence_contradicts_its_table_or_itself(groups, per_group):
    """Also where this many groups were not simulated, or such a gain with so few groups."""
    for accuracy, gain, power in [(0.7, 0.05, 0.5), (0.9, 0.08, 0.99), (0.8, 0.011, 0.803)]:
        found = plan(groups, per_group, 0.2, accuracy, gain=gain, power=power, kind="batch")
        name, wanted = f"{100 * gain:g} points", f"{100 * power:g} %"
        row, said = found.table.loc[name], found.said
        kind = "samples" if per_group == 1 else "batches"
        needed, have = row[f"{kind} for {wanted}"], row.iloc[-1]
        assert not re.search(r"batchs|e\+0|in not known|(?<![\d.])1 samples", said), said
        needs = [_number(x) for x in row.iloc[:-1]]
        assert needs == sorted(needs)
        if "enough" in said:
            assert _number(needed) <= groups, (said, needed)
        elif groups >= 6 and "of fewer" not in said:
            assert _number(needed) > groups or have == "not known", (said, needed)
        for share, need in zip((float(c.split()[2]) for c in row.index[:-1]), needs, strict=True):
            if re.match(r"\d", have):  # so many show it: no more are asked for, nor fewer
                assert (float(have.split()[0]) >= share) == (need <= groups), (row, said)


def _number(cell):
    return (
        np.inf if cell.startswith("over") else int(re.search(r"[\d,]+", cell)[0].replace(",", ""))
    )


def test_what_was_not_simulated_is_not_said_to_be_needed():
    """Accuracies of 98 % take some groups to be reached; fewer may or may not be enough."""
    found = plan(13, per_group=2, alike=0.2, accuracy=0.9, gain=0.08, power=0.99)
    assert re.search(
        r"takes at most \d+ groups of 2 samples; of fewer it is not known\.$", found.said
    )
    assert found.table.loc["8 points", "groups for 99 %"].startswith("at most ")
    many = plan(3000, accuracy=0.7, gain=0.12, power=0.9).said
    assert re.match(r"The 3,000 groups of 5 samples are more than enough: \d+ groups show", many)
    none = plan(3000, gain=0.01).said
    assert none.endswith(
        "takes more than 320 groups of 5 samples; of 3,000 groups it is not known."
    )


def test_one_and_many_are_told_apart():
    one = plan(300, per_group=1, gain=0.01).said
    assert re.search(r"gain of 1 point in 80 % .* [\d,]+ samples; 300 samples show it in", one)
    assert "of 1 sample" not in one  # then the samples are what is counted
    assert "With 1 plant nothing can be told, 6 are needed. To show" in plan(1, kind="plant").said
    assert "1 plant" in plan(1, kind="plant").table.columns[-1]
    assert "plants of 2 samples" in plan(30, per_group=2, kind="plant").said
    assert "groups of 2.5 samples" in plan(30, per_group=2.5).said
    assert "1 point " not in plan(30, gain=0.011).said


def test_the_ends_of_the_table_are_said():
    assert "takes more than 320 groups of 5 samples" in plan(30, gain=0.01).said
    assert plan(30, gain=0.01).table.loc["1 point", "groups for 80 %"] == "over 320"
    assert "lies beyond what was simulated" in plan(30, gain=0.5).said
    assert plan(5).table["with 5 groups"].eq("none").all()


@pytest.mark.parametrize("wrong", [
    {"groups": 0}, {"per_group": 0}, {"alike": 1.5}, {"accuracy": 0.2}, {"accuracy": 80},
    {"gain": 0}, {"gain": -0.1}, {"power": 1}, {"classes": 1}, {"groups": np.nan},
])  # fmt: skip
def test_what_no_study_has_is_refused(wrong):
    with pytest.raises(DataError, match=f"{next(iter(wrong))} is "):
        plan(**wrong)


def _compared(n_groups, per_group, seed, task="classification"):
    """Models of nothing but luck: predictions are written down, not fitted."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(n_groups), per_group)
    y = rng.normal(size=len(group)) if task == "regression" else group % 2
    scores = pd.DataFrame({"n_train": [0.8 * len(y)], "n_test": [0.2 * len(y)]})
    right = {"spectrum only": 0.75, "early": 0.82}
    known = {}
    for name, share in right.items():
        skill = rng.random(n_groups)[group]
        draws = [0.3 * skill + 0.7 * rng.random(len(y)) for _ in range(2)]
        wrong = [np.argsort(np.argsort(d)) >= share * len(y) for d in draws]
        if task == "regression":
            known[name] = np.stack([y + (1.2 - share) * rng.normal(size=len(y)) for _ in wrong])
        else:
            known[name] = np.stack([np.where(w, 1 - y, y) for w in wrong])
    X = {name: np.zeros((len(y), 1)) for name in ("spectrum", "image")}
    groups = None if per_group == 1 else group
    data = mmlib.MultimodalData(X, y, groups=groups, task=task)
    rows = [{"model": m, "repeat": r, "fold": 0, **scores.iloc[0]} for m in right for r in (0, 1)]
    scores = pd.DataFrame(rows)
    scores["RMSE" if task == "regression" else "accuracy"] = 0.5
    return mmlib.evaluation.Comparison(data, scores, known, {}, None)


def test_first_results_give_the_plan():
    found = plan_from(_compared(40, 5, 0), kind="plant")
    assert "early against spectrum only, of which one is right and the other wrong" in found.basis
    assert "samples of a plant are alike" in found.basis and found.groups == 40
    assert re.search(r"takes about [\d,]+ plants of 5 samples; 40 plants show it in", found.said)
    more = plan_from(_compared(40, 5, 0), per_group=1, kind="plant")
    assert "plants of 1 sample;" in more.said  # groups that will have one sample only
    alone = plan_from(_compared(60, 1, 0))
    assert "60 samples show it in" in alone.said and "alike" not in alone.basis


def test_a_quantity_is_planned_in_shares_of_its_error():
    found = plan_from(_compared(40, 5, 0, "regression"))
    assert "true gain of 10 % (0." in found.said and "wrong" not in found.basis
    assert [name.split(" ")[0] for name in found.table.index] == ["5", "10", "20"]


def test_too_few_groups_say_so():
    with pytest.raises(DataError, match=r"^4 plants cannot tell .*: 6 are needed\.$"):
        plan_from(_compared(4, 5, 0), kind="plant")


def test_the_figure_shows_the_curves_and_says_them():
    found = plan(30)
    fig, description = found.plot()
    lines = [line for line in fig.axes[0].lines if len(line.get_xdata()) > 2]
    assert len(lines) == len(found.curves.columns)
    np.testing.assert_allclose(lines[1].get_ydata(), 100 * found.curves.iloc[:, 1])
    first, last = found.curves.index[[0, -1]]
    assert f"with {first:,} and {last:,} groups: 2 points" in description
    assert all(0 < s for s in planning.GAINS)
