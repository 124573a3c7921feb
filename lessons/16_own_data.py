# %% [markdown]
# # Your own data
# Afterwards you can lay out a folder that a program understands, find its faults, compare all fusions on it, tune without fooling yourself, and keep a model that says when a sample is unlike all it has seen.
#
# You need notebooks 03 to 05; 12 and 13 help.
#
# **45 minutes**: 28 reading, 1 running, 16 exercises. Plus your own folder.
#
# All rungs of the ladder, on a folder.

# %% [markdown]
# ## A folder like yours
# Everything so far came ready-made. Yours will not. Here is a folder laid out as people really have them: a table of samples, a table of spectra, photographs. It is filled with some of our simulated leaves.

# %%
import tempfile
from pathlib import Path

from mmlib.project.writing import copy_template

desk = Path(tempfile.mkdtemp())
project = copy_template(desk / "my_project", leaves_per_plant=5)

# %%
print(sorted(path.name for path in project.iterdir()))
print((project / "samples.csv").read_text(encoding="utf-8")[:110])

# %% [markdown]
# One row for each sample, and an **id** that joins everything; the order of the rows means nothing. A photograph bears the id as its name, `images/plant000-leaf0.png`. `label` is what you want to predict (for a quantity, call the column `target`).
#
# `group` is what must stay together in a split: a plant, a batch, a day, a person. Without the column, every sample counts as its own group. What belongs together only you can know.

# %%
import pandas as pd

pd.read_csv(project / "spectra.csv", index_col="id").iloc[:3, :6]

# %% [markdown]
# The header holds the wavelengths. Excel, semicolons, decimal commas, JCAMP-DX, one file for each spectrum, TIFF with 16 bits: all are read, and what had to be guessed is said. `load_folder` makes the data set.

# %%
import mmlib

data = mmlib.load_folder(project)
print(data)
print(*data.meta["notes"], sep="\n")

# %% [markdown]
# ## What is wrong with it?
# Real folders are full of faults. We put four into a copy, of kinds that turn up again and again.

# %%
import shutil

broken = shutil.copytree(project, desk / "broken")
table = pd.read_csv(broken / "samples.csv")
table.loc[3, "label"] = "Healthy "
table.loc[7, "id"] = table.loc[6, "id"]
table.to_csv(broken / "samples.csv", index=False)

# %%
cells = pd.read_csv(broken / "spectra.csv", dtype=str)
cells.iloc[10, 5] = "0,31"
cells.to_csv(broken / "spectra.csv", index=False)
(broken / "images" / "plant002-leaf0.png").unlink()

# %% [markdown]
# How many of the four will a program find? A `Project` is a folder of yours and what is done with it. Its method `check` lists all faults in one pass, each with its place and what to do. It changes nothing.

# %%
print(*mmlib.Project(broken).check(), sep="\n")

# %% [markdown]
# All four. The wrong id shows up twice: a picture has lost its sample by it. It also looks for what nobody mistypes: one picture under two ids would put the same leaf into training *and* test.
#
# **Exercise 16.1, a judgment.** Which fault can no program find: `"a missing picture"`, `"a label with a blank"` or `"two labels that were swapped"`? `hint("16.1")` helps.

# %%
from mmlib.course.exercises.e16 import check, hint

# %%
# SOLUTION
cannot_be_found = "two labels that were swapped"
# STUB
# cannot_be_found = ...
check("16.1", cannot_be_found)

# %% [markdown]
# ## All fusions, one call
# `ladder` looks at the shapes of the data and builds every model that fits, single modalities first. `compare` tests them on the same folds, by group. `store` keeps what has been computed: stop the run when you like, and start it again. `budget="quick"` is for a first look; with `"full"` nets may train three times as long. `pixels=False` leaves out the nets that look at bare pixels, because they take longer than all the others together.

# %%
models = mmlib.fusion.ladder(data, budget="quick", pixels=False)
options = {"n_folds": 5, "n_repeats": 1, "store": desk / "fits"}
result = mmlib.compare(models, data, **options)

# %%
from mmlib.plots import show

show(*result.plot())

# %% [markdown]
# Wide intervals: 30 plants are few. Does fusion help *here*? `verdict` asks that of one fusion, settled on beforehand: the cheapest, against the better single modality. The answer may be no. Where nothing can be shown, it says how probable harm, a draw and a gain are, for somebody who held every difference to be equally likely before.

# %%
from mmlib.evaluation import best_model, verdict

found = verdict(result)
print(found.answer, found.others, sep="\n")

# %% [markdown]
# The interval is wide: thirty plants can show only a large gain, and tell its size badly. "Not shown" is not "not there", so where nothing can be shown, `verdict` adds how many groups would be needed. The remark on the single modality: the rival is the modality that won, and was lucky besides. `Project.compare`, below, has it chosen anew inside each training part.
#
# How many plants would show a gain in *your* study? That depends on how **alike** leaves of one plant are in what is measured: 0, like strangers; 1, like copies. `plan` reads it off a table of simulated studies, each judged by the interval that you have just seen. Move `alike` first.

# %%
from mmlib.course.widgets import draw_plan, explorer, static_row

sizes = {"plants": (10, 200, 10), "leaves_per_plant": (1, 10, 1)}
unknown = {"alike": (0.2, 1.0, 0.1), "accuracy": (0.6, 0.9, 0.1), "gain": (0.01, 0.12, 0.01)}
explorer(draw_plan, **sizes, **unknown)

# %%
static_row(draw_plan, [{"alike": 0.2}, {"alike": 0.5}, {"alike": 1.0}])

# %% [markdown]
# With `alike` at 1 further leaves of a plant are worth nothing. In books on surveys likeness multiplies the variance by the *design effect*, 1 + (leaves per plant - 1) x `alike`. After a first comparison of your own folder, `mmlib.Project(folder).plan()` or `python -m mmlib plan` need no guess: they take likeness from your results, and how often the two models disagree.
#
# **Exercise 16.2, a judgment.** You may measure 150 leaves, from as many plants as you like: `"30 plants, five leaves each"`, `"75 plants, two leaves each"` or `"150 plants, one leaf each"`?

# %%
# SOLUTION
plan = "150 plants, one leaf each"
# STUB
# plan = ...
check("16.2", plan)

# %% [markdown]
# ## Tuning without fooling yourself
# An SVM has knobs: `C`, `gamma`, and here the number of principal components of the spectrum before it. (`default_block` with a number makes a block with so many of them, instead of one that chooses.) Three values of each make 27 settings. We try them on early fusion of the spectra and the features of the pictures, by cross-validation, by plant. (`model__C` is the knob `C` of the step `model`; longer names lead further in.)

# %%
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold
from sklearn.svm import SVC

from mmlib.fusion import early_fusion

leaves = mmlib.features.with_features(data)
knobs = {"model__C": [0.1, 1, 10], "model__gamma": [0.01, 0.1, 1]}
knobs["blocks__spectrum__compress__n_components"] = [5, 10, 20]

# %%
blocks = {"spectrum": mmlib.features.default_block((211,), 15)}
svm = early_fusion(leaves, blocks, classifier=SVC())
search = GridSearchCV(svm, knobs, cv=StratifiedGroupKFold(3))
search.fit(leaves.X, leaves.y, groups=leaves.groups)
print(f"best of 27 settings: {100 * search.best_score_:.0f} % right")

# %% [markdown]
# **Exercise 16.3, predict, then run.** In every fold the SVM was judged on plants it had not been fitted on. Compared with this score, what do you expect of the winner on *new* plants: `"less"`, `"the same"` or `"more"`?

# %%
# SOLUTION
on_new = "less"
# STUB
# on_new = ...
check("16.3", on_new)

# %% [markdown]
# The cure is to put the *whole search* into the fold. A search is an estimator, so `compare` can do that: each fold searches anew on its training part, and is judged on plants that took no part. This is **nested** cross-validation. Shares right, in per cent:

# %%
rivals = {"SVM, searched": search, "ridge, as it comes": early_fusion(leaves)}
nested = mmlib.compare(rivals, leaves, n_folds=5, n_repeats=1)
(100 * nested.table[["mean", "low", "high"]]).round(0).astype(int)

# %% [markdown]
# The mistake would be to report the number of the search itself. It is higher than what the search keeps here, though 30 plants cannot prove it: it still lies in the interval of the searched SVM. Over many studies the difference goes one way (Varma and Simon, below). And the search is not shown to beat the untuned rival. (For larger searches [Optuna](https://optuna.org) works in the same place, inside the fold.)
#
# ## The model that you keep
# Which one? The one with the best score. Where several are within half a point of it, the simplest of them. (The *one-standard-error rule* would keep the simplest within one standard error. With few samples that error is large, and the rule often gives the second instrument away.) It is trained on *all* samples. `WithApplicabilityDomain` adds a guard, the `ApplicabilityDomain` of notebook 13: it knows which samples the model may be asked about. It describes training samples by principal components, and flags what lies further out along them, or further beside them, than nearly all training samples did when left out.

# %%
from mmlib.evaluation.applicability import WithApplicabilityDomain

name = best_model(result).name
model = WithApplicabilityDomain(models[name]).fit(data.X, data.y, data.groups)
folder = mmlib.save(model, desk / "model", data)
print(f"{name}, in {sorted(path.name for path in folder.iterdir())}")

# %% [markdown]
# No pickle: a pickle may run anything on the computer of whoever opens it. This file holds numbers and texts only, with the wavelengths and a checksum. `mmlib.load` builds the model by its own code, and puts the numbers in.
#
# Weeks later, six new leaves arrive. For the first, somebody measured a sheet of paper by mistake:

# %%
import numpy as np

later = mmlib.make_leaves(n_plants=6, leaves_per_plant=1, seed=77)
later.X["spectrum"][0] = np.linspace(0.8, 0.9, 211)

# %%
again = mmlib.load(folder)
sure = again.predict_proba(later.X).max(axis=1)
strange = again.is_new(later.X)["spectrum"]

# %%
for k, label in enumerate(again.predict(later.X)):
    flag = "  Unlike anything in training!" if strange[k] else ""
    print(f"{data.target_names[label]}, {100 * sure[k]:.0f} % sure.{flag}")
print("in truth:", ", ".join(later.target_names[k] for k in later.y))

# %% [markdown]
# It names the sheet of paper as readily as a leaf. Its certainty does not give the paper away; only the guard does.
#
# **Exercise 16.4, a judgment.** A sample is called drought with 99 %, and flagged. What do you write: `"drought, 99 % sure"`, `"no answer: measure again or look for the cause"` or `"the second most probable class"`?

# %%
# SOLUTION
write = "no answer: measure again or look for the cause"
# STUB
# write = ...
check("16.4", write)

# %% [markdown]
# ## Now yours
# Put the name of your folder here, and run everything from this cell on. As long as it is `None`, the folder from above is used.

# %%
mine = None
yours = mmlib.Project(mine or project, results=desk / "results")
print(*yours.check(), yours.data, sep="\n")

# %% [markdown]
# A report for your supervisor, as one file that needs no network. Look for the sentence that may be no. The file lies in `desk`, a temporary folder: `print(desk)` says where. Copy from there what you want to keep, the model too.
#
# For a folder of yours, the project does all that this notebook did by hand. Its `compare` judges the ladder, writes the table and keeps a model, unless none is shown to beat guessing; `report` writes the page from that. (The quick comparison has three folds, and a random forest beside each linear model.) The folder from above was compared already.

# %%
import re

from mmlib.project.report import make_report

# %%
if mine:
    print(yours.compare(quick=True))
    print(yours.report())
page = make_report(yours.outcome.result if mine else result)
characters = (desk / "report.html").write_text(page, encoding="utf-8")

# %%
print(*re.findall("<h2[^>]*>(.*?)</h2>", page), sep="\n")

# %% [markdown]
# Without a notebook, the same four steps are four commands:
#
# | command | in a notebook | what it does |
# |---|---|---|
# | `python -m mmlib check DIR` | `yours.check()` | every fault in one pass |
# | `python -m mmlib compare DIR` | `yours.compare()` | the table, resumable; `--quick` for a first look; saves the model |
# | `python -m mmlib report DIR` | `yours.report()` | the page |
# | `python -m mmlib predict MODEL DIR` | `yours.predict(MODEL, DIR)` | new samples to a table |
#
# **What you saw.** The id joins the files; the group says which samples must stay on one side of a split. Look for faults before you train. A search belongs into the fold. Keep the model with the best score, or a simpler one that is as good, and let it say when it has never seen the like.
#
# **Words:** sample table, id, group, nested cross-validation, one-standard-error rule, design effect, applicability domain (*outlier* or *novelty detection* elsewhere).
#
# **Read more:** Varma and Simon (2006), doi:10.1186/1471-2105-7-91, on nested cross-validation; Breiman et al. (1984), doi:10.1201/9781315139470, on the one-standard-error rule; Jackson and Mudholkar (1979), doi:10.1080/00401706.1979.10489779, on samples unlike the others.
#
# **Next:** your own samples. When the camera breaks down in the field: [Robustness](13_robustness.ipynb).
