"""Linear work never loads torch, and ``import mmlib`` next to nothing, each in a fresh process."""

import json
import subprocess
import sys

import pytest

STEPS = {
    "making leaves": "data = mmlib.make_leaves(n_plants=20)",
    "loading leaves": "mmlib.load_leaves()",
    "real data": "from mmlib.data.public import LOADERS",
    "corruptions": """
        from mmlib.data.corruptions import damaged_copies, default_corruptions
        damaged_copies(data, default_corruptions(data))""",
    "baselines": """
        from mmlib.features import image_baselines, spectrum_baselines, token_blocks
        spectrum_baselines()["PLS-DA"].fit(data.X, data.y)
        image_baselines()["LDA on PCA"].fit(data.X, data.y)
        token_blocks(data).fit_transform(data.X)""",
    "words": """
        from mmlib.course.word_study import vector_model
        notes = {"notes": ["dark and smoky", "lemon and honey"] * 9}
        vector_model().fit(notes, [0, 1] * 9).predict(notes)""",
    "early fusion": """
        early = mmlib.fusion.early_fusion(data).fit(data.X, data.y)
        early.predict(data.X)""",
    "late fusion": """
        late = mmlib.fusion.late_fusion(data, rule="stacking", must_calibrate=False, n_folds=2)
        late.fit(data.X, data.y, data.groups).predict(data.X)""",
    "multiblock": """
        model = mmlib.fusion.multiblock_pls(data).fit(data.X, data.y)
        mmlib.fusion.block_importance(model)""",
    "alignment": """
        mmlib.fusion.aligned_fusion(data).fit(data.X, data.y).predict(data.X)
        from mmlib.fusion import SemanticAlignment""",
    "missing modalities": """
        from mmlib.fusion.missing import Fill, take_away
        Fill("predict").fit_transform(take_away({"spectrum": data.X["spectrum"]}, "spectrum", [0]))
        """,
    "compare": """
        result = mmlib.compare({"early": early, "late": late}, data, n_folds=2, n_repeats=2)
        result.table, result.paired("early", "late").p, result.plot()""",
    "check": """
        from mmlib.project.writing import write_folder
        mmlib.check_folder(write_folder(data, sys.argv[1] + "/project"))""",
}
SCRIPT = """
import json, sys
import numpy
before = set(sys.modules)
import mmlib
said = {"import": sorted(set(sys.modules) - before)}
for name, step in json.load(sys.stdin).items():
    exec(step)
    said[name] = "torch" in sys.modules
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    steps = {name: "\n".join(map(str.strip, step.splitlines())) for name, step in STEPS.items()}
    folder = str(tmp_path_factory.mktemp("check"))
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, folder],
        input=json.dumps(steps),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.parametrize("step", STEPS)
def test_linear_work_does_not_load_torch(said, step):
    assert not said[step]


def test_importing_the_package_loads_none_of_the_heavy_libraries(said):
    loaded = {name.partition(".")[0] for name in said["import"]}
    assert not loaded & {"torch", "sklearn", "scipy", "pandas", "matplotlib", "PIL"}
    assert len(said["import"]) < 10


def test_the_test_sees_what_loads_torch():
    code = "import sys, mmlib; mmlib.FusionClassifier; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 1
