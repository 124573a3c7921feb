# %% [markdown]
# # Your own data
# Afterwards you can lay out a folder that a program understands, find and mend its faults, compare all fusions on it, tune without fooling yourself, and keep a model that says when a sample is unlike all it has seen.
#
# You need notebooks 03 to 05; 12 and 13 help.
#
# **60 minutes**: 37 reading, 2 running, 21 exercises. Plus your own folder.
#
# Here all rungs of the ladder are used on a folder of files.

# %% [markdown]
# ## A folder like yours
# So far all data came ready for use. Yours will not. Here is a folder as people really have them: a table of samples, a table of spectra, and photographs. It is filled with some of our simulated leaves.

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
# `samples.csv` has one row for each sample. The **id** joins everything, and the order of the rows means nothing. A photograph has the id as its name, for example `images/plant000-leaf0.png`. `label` is what you want to predict. (If it is a quantity, call the column `target`.)
#
# `group` says what must stay together in a split: a plant, a batch, a day, a person. Without this column every sample counts as a group of its own. Only you can know which samples belong together.

# %%
import pandas as pd

pd.read_csv(project / "spectra.csv", index_col="id").iloc[:3, :6]

# %% [markdown]
# The header of the table of spectra holds the wavelengths. Excel files, semicolons, decimal commas, JCAMP-DX, one file for each spectrum, and TIFF pictures with 16 bits can be read as well. Where something had to be guessed, you are told. `load_folder` makes the data set:

# %%
import mmlib

data = mmlib.load_folder(project)
print(data)
print(*data.meta["notes"], sep="\n")

# %% [markdown]
# ## What is wrong with it?
# Real folders are full of faults. We put four into a copy. All four are common: a label that is written differently, an id that stands twice, a decimal comma in one cell, and a photograph that is missing.

# %%
import shutil

broken = shutil.copytree(project, desk / "broken")
table = pd.read_csv(broken / "samples.csv")
table.loc[3, "label"] = "Healthy "
table.loc[7, "id"] = table.loc[6, "id"]
table.to_csv(broken / "samples.csv", index=False)

# %%
cells = pd.read_csv(broken / "spectra.csv", dtype=str)
cells.loc[11, "440"] = cells.loc[11, "440"].replace(".", ",")
cells.to_csv(broken / "spectra.csv", index=False)
(broken / "images" / "plant002-leaf0.png").unlink()

# %% [markdown]
# How many of the four will a program find? A `Project` is a folder of yours, together with what is done with it. Its method `check` lists the faults that it can find, each with its place and what to do. It changes nothing.

# %% tags=["hide-output"]
print(*mmlib.Project(broken).check(), sep="\n")

# %% [markdown]
# It found all four. The wrong id shows up twice, because it also leaves a picture without a sample. So the line about this picture says what the id in row 9 should be. (A spectrum has lost its sample, too. `check` says so as soon as the comma is mended.) `check` looks for other things, too. For example, one picture under two ids would put the same leaf into training *and* test.
#
# **Exercise 16.1.** Write a function that mends three of the faults. (The missing picture cannot be mended; its sample is left out.) It gets the two tables as pandas reads them, with all cells as text: `samples` with the columns id, label and group, `spectra` with the columns id, "400", "410" and so on. It returns both, mended. A cell is reached by `table.loc[row, column]`. Row 9 of the file is row 7 here, because the header is row 1 of the file, and Python counts from 0. (The wrong label also ends in a blank, which the message does not show. So put a whole new text into the cell.) `hint("16.1")` helps.

# %%
from mmlib.course.exercises.e16 import check, hint


# %%
# SOLUTION
def mend(samples, spectra):
    samples.loc[3, "label"] = "healthy"
    samples.loc[7, "id"] = "plant001-leaf2"
    spectra.loc[11, "440"] = "0.0306"
    return samples, spectra


# STUB
# def mend(samples, spectra):
#     return ...
check("16.1", mend)

# %% [markdown]
# **Exercise 16.2, a judgment.** Which fault can no program find: `"some spectra in percent, others as shares"`, `"one picture under two ids"` or `"two labels that were swapped"`?

# %%
# SOLUTION
cannot_be_found = "two labels that were swapped"
# STUB
# cannot_be_found = ...
check("16.2", cannot_be_found)

# %% [markdown]
# ## All fusions, one call
# `ladder` looks at the shapes of the data and builds every model that fits them, the single modalities first. `compare` tests all of them on the same folds, by group. `store` names a folder in which every result is kept, so you can stop the run and start it again. `budget="quick"` is for a first look; with `"full"` the nets may train three times as long. `pixels=False` leaves out the nets that look at bare pixels, because they take longer than all the others together.

# %%
models = mmlib.fusion.ladder(data, budget="quick", pixels=False)
options = {"n_folds": 5, "n_repeats": 1, "store": desk / "fits"}
result = mmlib.compare(models, data, **options)

# %%
from mmlib.plots import show

show(*result.plot())

# %% [markdown]
# The intervals are wide, because 30 plants are few. Does fusion help *here*? `verdict` answers this for one fusion that was settled on beforehand: early fusion, the cheapest, against the better single modality. The answer may be no.

# %%
from mmlib.evaluation import best_model, verdict

found = verdict(result)
print(found.answer, found.others, sep="\n")

# %% [markdown]
# Look at the interval: thirty plants can show only a large gain, and say little about its size.
#
# In another folder it may be that nothing can be shown. "Not shown" does not mean "not there". So `verdict` then gives three probabilities: of harm, of no difference that matters, and of a gain. (For these it is supposed that before the study every difference was equally likely.) And it says how many groups a gain would need.
#
# The remark about luck in the answer above is the winner's curse of notebook 12. It helps the rival of the fusion. (`Project.compare`, further down, avoids this: it chooses the rival anew inside each training part.)
#
# How many plants would show a gain in *your* study? That depends on how **alike** the leaves of one plant are: 0 means like strangers, and 1 means like copies. Ask yourself: if a model is wrong about one leaf, will it be wrong about the other leaves of this plant, too?
#
# `plan` reads the answer from a table of simulated studies, each judged by the kind of interval that you have just seen. In the figure, read where the curve of your gain crosses the gray line at 80 %. The vertical line stands at the number of plants that the slider says. (Only some numbers of plants were simulated, hence the kinks. The smallest is twelve; the flat piece to its left is no result. A curve that begins further right was not simulated for fewer plants.)
#
# The three panels below the sliders are not about our folder. They suppose that the better modality alone is right in 80 % of the leaves. Move `alike` first.

# %%
from mmlib.course.widgets import draw_plan, explorer, static_row

sizes = {"plants": (10, 200, 10), "leaves_per_plant": (1, 10, 1)}
unknown = {"alike": (0.2, 1.0, 0.1), "accuracy": (0.6, 0.9, 0.1), "gain": (0.01, 0.12, 0.01)}
explorer(draw_plan, **sizes, **unknown)

# %%
static_row(draw_plan, [{"alike": 0.2}, {"alike": 0.5}, {"alike": 1.0}])

# %% [markdown]
# If `alike` is 1, all leaves of a plant are copies, so by definition further ones are worth nothing. (In books on surveys, likeness multiplies the variance by the *design effect*, 1 + (leaves per plant - 1) x `alike`. For the first two panels that is 1.8 and 3. The plants needed, 130 and 180, do not rise as steeply, so take it as a rough rule.)
#
# After a first comparison of your own folder nothing needs to be guessed: `mmlib.Project(folder).plan()` or `python -m mmlib plan` take two things from your results: the likeness, and the share of leaves on which the two models disagree.
#
# **Exercise 16.3, predict, then move the sliders.** You may measure 150 leaves. 30 plants with five leaves each show a gain of 4 points in 8 % of the studies (second panel). How often do 150 plants with one leaf each show it, compared with that: `"half as often"`, `"as often"` or `"three times as often"`?

# %%
# SOLUTION
single_leaves = "three times as often"
# STUB
# single_leaves = ...
check("16.3", single_leaves)

# %% [markdown]
# ## Tuning without fooling yourself
# An SVM has knobs: `C`, `gamma`, and here also the number of principal components of the spectrum before it. (`default_block` with a number makes a block with so many components. Without a number it would choose them.) Three values of each make 27 settings. We try them on early fusion of the spectra and the features of the pictures, by cross-validation that keeps plants whole.
#
# The name of a knob lists the steps that lead to it, joined by two underscores. `model__C` is `C` of the step `model`. `blocks__spectrum__compress__n_components` is the number of components in the step `compress` of the block `spectrum` in the step `blocks`.

# %%
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold
from sklearn.svm import SVC

from mmlib.fusion import early_fusion

leaves = mmlib.features.with_features(data)
knobs = {"model__C": [0.1, 1, 10], "model__gamma": [0.01, 0.1, 1]}
knobs["blocks__spectrum__compress__n_components"] = [5, 10, 20]

# %%
blocks = {"spectrum": mmlib.features.default_block((211,), 15)}  # 15 is replaced by the search
svm = early_fusion(leaves, blocks, classifier=SVC())
search = GridSearchCV(svm, knobs, cv=StratifiedGroupKFold(3))
search.fit(leaves.X, leaves.y, groups=leaves.groups)
print(f"best of 27 settings: {100 * search.best_score_:.0f} % right")

# %% [markdown]
# **Exercise 16.4, predict, then run.** In every fold the SVM was judged on plants that it had not been fitted on. Compared with this score, what do you expect of the winner on *new* plants: `"less"`, `"the same"` or `"more"`?

# %%
# SOLUTION
on_new = "less"
# STUB
# on_new = ...
check("16.4", on_new)

# %% [markdown]
# The cure is to put the *whole search* into the fold. A search is an estimator like any other, so `compare` can do that: each fold searches anew on its training part, and the winner is judged on plants that took no part in the search. This is **nested** cross-validation. The table gives percent right:

# %% tags=["hide-output"]
rivals = {"SVM, searched": search, "ridge, as it comes": early_fusion(leaves)}
nested = mmlib.compare(rivals, leaves, n_folds=5, n_repeats=1)
(100 * nested.table[["mean", "low", "high"]]).round(0).astype(int)

# %% tags=["hide-output"]
print(nested.sentence("SVM, searched", "ridge, as it comes"))

# %% [markdown]
# The mistake would be to report the number of the search itself. Here it is higher than what is left on plants that took no part, though 30 plants cannot prove this: the 62 % still lie within the interval of the searched SVM. Over many studies the difference goes one way (Varma and Simon, below). (One thing pulls the other way: in the search each SVM was fitted on two thirds of the leaves, and the winner of a nested fold on four fifths.)
#
# And here the search loses to a rival that you need not tune. (The ridge regression of notebook 04 chooses its few settings by itself, inside the training part. It is not quite the `early` from above, which sees patches and a thumbnail of the picture as well. (`pixels=False` left out only the *nets* on bare pixels.) Here the picture is a table of 33 features.) For larger searches, [Optuna](https://optuna.org) works in the same place, inside the fold.
#
# ## The model that you keep
# Which model should you keep? The one with the best score. If several are within half a point of it, take the simplest of them. The model is then trained on *all* samples.
#
# (Notebook 12 had another rule: keep the simplest model, unless it is *shown* to be more than one point worse than the best. With few samples hardly anything can be shown, so a single modality would pass too often, and you would give the second instrument away. The *one-standard-error rule*, the simplest within one standard error, has the same fault when samples are few, for the same reason (we do not show it here). And remember notebook 12 when you report: the best score is also a lucky one.)
#
# `WithApplicabilityDomain` adds a guard, the `ApplicabilityDomain` of notebook 13, which knows for which samples the model may be asked. It describes the training samples by principal components. It flags a sample in two cases: if it lies very far out within these components (Hotelling's T²), or very far away from them (Q residual). The limits come from training samples that are left out in turn: nearly all of these lie inside.

# %%
from mmlib.evaluation.applicability import WithApplicabilityDomain

name = best_model(result).name
model = WithApplicabilityDomain(models[name]).fit(data.X, data.y, data.groups)
folder = mmlib.save(model, desk / "model", data)
print(f"{name}, in {sorted(path.name for path in folder.iterdir())}")

# %% [markdown]
# Python's usual way to save a model is called *pickle*. A pickle can run any program on the computer of the person who opens it. This file is none: it holds only numbers and texts, with the wavelengths and a checksum. `mmlib.load` builds the model by its own code, and puts the numbers in.
#
# Weeks later, six new leaves arrive. At the first one somebody held the *spectrometer* to a sheet of paper by mistake. Its photograph is right:

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
# The model names a condition for the sheet of paper as readily as for a leaf, and a wrong one. Its certainty does not give the paper away. The guard does.
#
# **Exercise 16.5, a judgment.** A sample is called drought with 99 %, and it is flagged. What do you write: `"drought, 99 % sure, with a note"`, `"drought, but less sure"` or `"no answer: measure again or look for the cause"`?

# %%
# SOLUTION
write = "no answer: measure again or look for the cause"
# STUB
# write = ...
check("16.5", write)

# %% [markdown]
# ## Now yours
# Put the name of your folder here, and run this cell and those below it. (After a restart, run the cells above first.) As long as it is `None`, the folder from above is used.

# %%
mine = None
yours = mmlib.Project(mine or project, results=desk / "results")
print(*yours.check(), yours.data, sep="\n")

# %% [markdown]
# Two lines do the comparison, the verdict and the choice of a model for your folder: `yours.compare(quick=True)` and `yours.report()`. They run only if `mine` is the name of a folder. The first judges the ladder, writes the table and keeps a model, unless none is shown to be better than guessing. (`quick=True` is not the comparison that we made above: it has three folds instead of five, and a random forest beside each linear model.) The second writes a report, as one file that needs no network.

# %%
if mine:
    print(yours.compare(quick=True))
    print(yours.report())

# %% [markdown]
# The folder from above was compared already, so as long as `mine` is `None`, we make the page from that comparison. (You need not read the cell.) Here are the headings of the report. The first one is answered there, and the answer may be no.

# %%
import re

from mmlib.project.report import make_report

page = make_report(yours.outcome.result if mine else result)
characters = (desk / "report.html").write_text(page, encoding="utf-8")
print(*re.findall("<h2[^>]*>(.*?)</h2>", page), sep="\n")

# %% [markdown]
# The file lies in `desk`, a temporary folder; `print(desk)` says where. Copy from there what you want to keep, the model too.
#
# What does each modality cost for what it adds? Put a table `prices.csv` with the columns `modality` and `price` into your folder, in money or in minutes. Then the report says it (`docs/costs.md`).
#
# Without a notebook, `python -m mmlib app DIR` does all of this as pages in your browser, on which you need not type anything (`docs/app.md`). Or type the four steps as commands:
#
# | command | in a notebook | what it does |
# |---|---|---|
# | `python -m mmlib check DIR` | `yours.check()` | lists the faults that a program can find, each with its place |
# | `python -m mmlib compare DIR` | `yours.compare()` | makes the table, and can be resumed; `--quick` for a first look; saves the model |
# | `python -m mmlib report DIR` | `yours.report()` | writes the page |
# | `python -m mmlib predict MODEL DIR` | `yours.predict(MODEL, DIR)` | writes predictions for new samples to a table |
#
# **What you saw.** The id joins the files, and the group says which samples must stay on one side of a split. Look for faults before you train. A search belongs inside the fold. Keep the model with the best score, or a simpler one that is as good, and let it say when a sample is unlike all it has seen.
#
# **Use it when** you have a folder of your own. Check it before anything else, and ask the plan before you measure more. (`docs/decisions.md` has on two pages which fusion to try, and how to judge it.)
#
# **Words:** sample table, id, group, nested cross-validation, one-standard-error rule, design effect, applicability domain (*outlier* or *novelty detection* elsewhere).
#
# **Read more:** Varma and Simon (2006), doi:10.1186/1471-2105-7-91, on nested cross-validation; Breiman et al. (1984), doi:10.1201/9781315139470, on the one-standard-error rule; Jackson and Mudholkar (1979), doi:10.1080/00401706.1979.10489779, on samples unlike the others.
#
# **Next:** your own samples. Notebooks 17 to 24 are about other instruments: begin with [One camera](17_one_camera.ipynb). If the camera breaks down in the field, go back to [Robustness](13_robustness.ipynb).
