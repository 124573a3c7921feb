"""What notebook 23 says in words, checked again over several sets of simulated patients.

Functions of the notebook are read from the lesson. Nets are held to the stored table, see
tests/course/test_head_study.py, and trained once here.
"""

import ast
from pathlib import Path

import numpy as np
import pytest
from sklearn.model_selection import GroupKFold, KFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from mmlib.course.head_study import net, stacked
from mmlib.data.heads import head_ceilings, make_heads, search_area
from mmlib.features.gray_levels import min_max, window

LESSON = Path(__file__).resolve().parents[2] / "lessons" / "23_heads.py"
SEEDS = range(1001, 1006)


@pytest.fixture(scope="module")
def lesson():
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef)
    tree = ast.parse(LESSON.read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if isinstance(node, kinds)]
    names = {}
    exec(compile(tree, str(LESSON), "exec"), names)
    return names


def test_only_mutual_information_brings_the_mri_nearer(lesson):
    for seed in SEEDS:
        aside = make_heads(8, off=9, seed=seed)
        X, errors = lesson["prepare"](aside), {}
        for i, true in enumerate(aside.info["shift"]):
            scores = lesson["try_shifts"](X["ct"][i, ..., 0], X["mri"][i, ..., 0])
            for name in scores[0, 0]:
                best = max(scores, key=lambda shift, n=name, s=scores: s[shift][n])
                errors.setdefault(name, []).append(np.linalg.norm(best - true))
        median = {name: np.median(values) for name, values in errors.items()}
        assert median["mutual information"] < 4
        assert min(median["correlation"], median["mean squares"]) > 6


def test_the_cascade_needs_the_place_and_loses_it_within_two_pixels(lesson):
    used = {"ct": ["ct"], "mri": ["mri"], "xray": ["xray"], "all": ["ct", "mri", "xray"]}
    for seed in SEEDS:
        train = make_heads(600, seed=seed)
        X, scores = lesson["prepare"](train), {}
        for label, names in used.items():
            model = make_pipeline(StandardScaler(), SVC()).fit(lesson["cascade"](X, names), train.y)
            for off in (0, 6, 12):
                test = make_heads(400, off=off, seed=seed + 50)
                table = lesson["cascade"](lesson["prepare"](test), names)
                scores[label, off] = model.score(table, test.y)
        assert abs(scores["ct", 0] - 0.5) < 0.08
        assert scores["mri", 0] > 0.93 and scores["all", 0] > 0.95
        assert scores["all", 6] < scores["xray", 6] - 0.03
        assert scores["all", 12] < 0.6
        assert max(scores.values()) <= head_ceilings()["all"]


def test_a_window_gives_the_brain_most_of_what_air_and_bone_had_taken():
    brain = search_area()
    for seed in SEEDS:
        ct = make_heads(20, seed=seed).X["ct"][..., 0]
        ranges = [
            np.ptp(np.quantile(scaled[:, brain], [0.05, 0.95], axis=1), axis=0).mean()
            for scaled in (min_max(ct), window(ct, -45, 100))
        ]
        assert ranges[0] < 0.1 and ranges[1] > 3 * ranges[0]


def test_slices_at_random_are_nearly_all_right_and_new_patients_are_guessed():
    model = make_pipeline(StandardScaler(), SVC(C=10))
    whole = []
    for seed in SEEDS:
        many = make_heads(60, slices=8, seed=seed)
        x = window(many.X["ct"], -45, 100).reshape(len(many), -1)
        leak = cross_val_score(model, x, many.y, cv=KFold(5, shuffle=True, random_state=0)).mean()
        assert leak > 0.9
        whole.append(cross_val_score(model, x, many.y, groups=many.groups, cv=GroupKFold(5)).mean())
    assert abs(np.mean(whole) - 0.5) < 0.08


def test_a_net_of_stacked_pictures_compares_places(lesson):
    train, test = make_heads(600, seed=1001), make_heads(400, seed=1051)
    seen = [
        {name: lesson["spots"](x) for name, x in lesson["prepare"](data).items()}
        for data in (train, test)
    ]
    model = net().fit(stacked(seen[0]), train.y)
    assert 0.9 < model.score(stacked(seen[1]), test.y) <= head_ceilings()["all"]
