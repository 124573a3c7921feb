# %% [markdown]
# # When an instrument fails
# Afterwards you can say how much noise, blur or shift your fusion stands, in physical units; decide what to do when a modality is missing; and see through a claim of robustness.
#
# You need notebooks 03 to 06.
#
# **55 minutes**: 27 reading, 2 running, 26 exercises.
#
# No new rung. We take the whole ladder and shake it.

# %% [markdown]
# ## A number that shouts
# Three leaves. Spectrum and picture each say how ill a leaf is; above zero means ill. Fusion adds the two up.

# %%
import numpy as np

spectrum_says = np.array([1.0, -2.0, 0.5])
picture_says = np.array([0.5, -1.0, 1.0])
print("ill:", spectrum_says + picture_says > 0)

# %% [markdown]
# Now the camera grows grainy. To the model, grain looks like spots, so its number rises by the same 6 for every leaf:

# %%
print("ill:", spectrum_says + (picture_says + 6) > 0)
print("ill, by the spectrum alone:", spectrum_says > 0)

# %% [markdown]
# The spectrum was in order, and still the sum is wrong. A damaged modality can be *worse than none*. How much damage does that take with real features?
#
# To find out we damage leaves on purpose. Three rules: the severity has a unit; the leaves given to us stay as they are; and a seed makes it repeatable.
#
# **Exercise 13.1.** Add noise of a given spread to spectra, under these rules. `hint("13.1")` helps.

# %%
from mmlib.exercises.e13 import check, hint


# %%
# SOLUTION
def add_noise(spectra, spread, seed):
    return spectra + spread * np.random.default_rng(seed).normal(size=spectra.shape)


# STUB
# def add_noise(spectra, spread, seed):
#     return ...
check("13.1", add_noise)

# %% [markdown]
# ## Damage with a unit
# mmlib has six such functions, three for each instrument:

# %%
import mmlib
from mmlib.corruptions import default_corruptions

new = mmlib.make_leaves(n_plants=80, seed=13)
found = default_corruptions(new)
for name, corruption in found.items():
    print(f"{name}: {corruption.severities[1]} to {corruption.severities[-1]} {corruption.unit}")

# %% [markdown]
# Drift adds a smooth curve to each spectrum. A shift reads all wavelengths too far to the right, as a second spectrometer might. An occlusion is a gray patch, say a label on the lens.
#
# Now nine models, fitted *once*, on the 240 undamaged plants. As always the pictures become features. That happens after the damage, in `see`.

# %%
from mmlib.features import ColorTexture

features = ColorTexture().fit_transform


# %%
def see(X):
    return {**X, "image": features(X["image"])}


# %%
leaves = mmlib.load_leaves()
train = mmlib.MultimodalData(see(leaves.X), leaves.y, leaves.groups)

# %%
models = mmlib.fusion.ladder(train)
for model in models.values():
    model.fit(train.X, train.y)

# %% [markdown]
# Each model answers for each damaged copy of 400 leaves from new plants. Nothing is fitted again: in your greenhouse nobody retrains because a lamp grows old.

# %%
from mmlib.robustness import right_answers, with_intervals

right = right_answers(models, new, found, {"image": features})
table = with_intervals(right)

# %%
(100 * table.loc["picture noise"].loc[0]).round(0).astype(int)

# %% [markdown]
# These are the scores without any damage. The leaves of a plant are alike, so the intervals come from drawing whole *plants* anew, a thousand times: the **group bootstrap**.
#
# **Exercise 13.2, predict, then run.** Grain of 20 gray levels, of 256, in the pictures; the spectra are perfect. Where does early fusion end: `"stays on top"`, `"level with the spectrum"` or `"below the spectrum"`?

# %%
# SOLUTION
early_ends = "below the spectrum"
# STUB
# early_ends = ...
check("13.2", early_ends)

# %% [markdown]
# Choose a damage and move the step. Step 0 is none.

# %%
from mmlib.plots.robustness import plot_damage


def draw(corruption="picture noise", step=3):
    return plot_damage(table, new, found, corruption, step)


# %%
from mmlib.widgets import explorer, static_row

explorer(draw, corruption=list(found), step=(0, 4))

# %%
static_row(draw, [{"step": 0}, {"step": 3}, {"corruption": "wavelength shift", "step": 3}])

# %% [markdown]
# You still see the leaves. The models see nothing, and the perfect spectrum does not save them. Is it certain? We take the difference leaf by leaf, then its interval:

# %%
grain = right["picture noise"][20].astype(int)
gap = 100 * with_intervals((grain["early"] - grain["spectrum only"]).to_frame("early"))
print("early minus spectrum: {:.0f} points ({:.0f} to {:.0f})".format(*gap.loc["early"]))

# %% [markdown]
# All damages, all models:

# %%
from mmlib.plots import show
from mmlib.plots.robustness import plot_severity

show(*plot_severity(table, found))

# %% [markdown]
# Look for the gray line that stays level. It is the instrument that is *not* damaged. A fusion below it would do better to forget half of what it measures. At which severity does that begin?

# %%
from mmlib.robustness import turning_points

turning_points(table, found, model="early").round(3)

# %% [markdown]
# (`inf` means: at none of ours.) Fusion stands much damage to the spectrum, and little grain or cover in the picture. That is no law about cameras. Our spectra pass through scatter correction and 15 components, which throw most noise away. Our texture features *measure* grain.
#
# Late fusion should be safe: an opinion cannot be larger than 1. Yet it falls as well. How sure is each expert, on average, under grain of 20 gray levels?

# %%
grainy = see(found["picture noise"].damage(new.X, 20))
for name, opinion in models["late"].opinions(grainy).items():
    print(
        f"{name}: {opinion.max(axis=1).mean():.2f} sure, {(opinion.argmax(1) == new.y).mean():.0%} right"
    )

# %% [markdown]
# The damaged expert is the *surest* one. Far from everything it was trained on, a linear model is not puzzled but convinced. Whoever weighs opinions by their confidence hears it most.
#
# ## No picture at all
# Some leaves come without a picture. Absent is written as NaN, never as a number:

# %%
from mmlib.missing import Fill, take_away

known = see(new.X)
lost = take_away(known, "image")
print(np.isnan(lost["image"]).all(), np.isnan(known["image"]).any())

# %% [markdown]
# Most models refuse NaN. What shall stand there? **Zeros** are common in tutorials. The **mean** of the training leaves is the textbook's. Or we *predict* the features of the picture from the spectrum, by ridge regression. Filling in is called **imputation**. It is fitted on the training part, like all pretreatment. Let the net with modality dropout of notebook 06 take part too.
#
# **Exercise 13.3, predict, then run.** With predicted pictures fusion is `"like both"`, `"like the spectrum alone"` or `"worse than the spectrum alone"`?

# %%
# SOLUTION
predicted_is = "like the spectrum alone"
# STUB
# predicted_is = ...
check("13.3", predicted_is)

# %%
import pandas as pd

drill = mmlib.fusion.on_features(train, modality_dropout=0.3, epochs=20)
fused = {name: m for name, m in models.items() if not name.endswith(" only")}
fused["modality dropout"] = drill.fit(train.X, train.y)

# %%
filled = {"both there": known}
for how in ("zero", "mean", "predict"):
    filled[how] = Fill(how).fit(train.X).transform(lost)

# %%
scores = {
    how: {name: 100 * m.score(X, new.y) for name, m in fused.items()} for how, X in filled.items()
}
pd.DataFrame(scores).round(0).astype(int)

# %%
print(f"spectrum only: {100 * models['spectrum only'].score(new.X, new.y):.0f} %")

# %% [markdown]
# - With *zeros* most fall to chance or near it. Zero is no picture the model knows; scaling turns it into a far-off one. That is damage, not absence.
# - The *mean* puts most fusions below the spectrum. An average leaf is a statement too.
# - *Predicted* pictures bring them level with the spectrum, and no further: nothing was learned about the leaf.
# - *Modality dropout* softens the fall with the mean. It costs a little when both are there.
# - *Late* hardly cares: an expert that gets the average leaf has no opinion.
#
# So the honest thing is to let the other expert speak alone. In late fusion that is one line:

# %%
alone = models["late"].opinions({**new.X, "image": filled["mean"]["image"]})["spectrum"]
print(f"late, the picture's opinion left out: {(alone.argmax(axis=1) == new.y).mean():.0%} right")

# %% [markdown]
# For any other fusion, keep a **spare**. `WithSpares` asks the fused model where all is there, and a model of one modality where not:

# %%
from mmlib.missing import WithSpares

spares = {name: models[f"{name} only"] for name in ("spectrum", "image")}
safe = WithSpares(models["early"], spares).fit(train.X, train.y)

# %%
half = take_away(known, "image", rows=np.arange(len(new)) % 2 == 0)
print(f"every second picture missing: {safe.score(half, new.y):.0%} right")

# %% [markdown]
# About halfway between both scores, as it must be. No way of filling in was clearly better than this.
#
# ## No picture in training
# The camera was bought late, and some training plants have no picture. The new leaves have both. One can **drop** such plants, or fill in.
#
# **Exercise 13.4, predict, then run.** Half of the plants lack the picture. Which is the worst way to train: `"drop"`, `"mean"` or `"predict"`?

# %%
# SOLUTION
worst = "mean"
# STUB
# worst = ...
check("13.4", worst)


# %%
def trained_without(share, seed):
    plants = np.random.default_rng(seed).permutation(240)
    gone = np.isin(train.groups, plants[: round(share * 240)])
    X, scores = take_away(train.X, "image", gone), {}
    early = mmlib.fusion.early_fusion(train)
    scores["drop"] = early.fit(X[~gone], train.y[~gone]).score(known, new.y)
    for how in ("mean", "predict"):
        scores[how] = early.fit(Fill(how).fit_transform(X), train.y).score(known, new.y)
    return scores


# %% [markdown]
# Three draws of the unlucky plants, averaged:


# %%
def average(share):
    return pd.DataFrame([trained_without(share, seed) for seed in range(3)]).mean()


# %%
lacking = {f"{share:.0%} lack it": average(share) for share in (0.25, 0.5, 0.75, 0.9)}
(100 * pd.DataFrame(lacking)).round(0).astype(int)

# %% [markdown]
# The mean costs more than throwing the plants away: hundreds of leaves with the same picture, under all five labels, teach the model that pictures say little. Prediction does little harm, and little good. Dropping is hard to beat as long as enough plants are left.
#
# ## What helps
# **Augmentation**: add damaged copies to the training leaves. Rows are what was added, columns what was tested.

# %%
from sklearn.base import clone

from mmlib.corruptions import damaged_copies

pictures = {name: found[name] for name in ("picture noise", "blur", "occlusion")}

# %%
sets = {name: {name: damage} for name, damage in pictures.items()} | {"all three": pictures}

# %%
hardened, early = {"nothing": models["early"]}, mmlib.fusion.early_fusion(train)
for name, added in sets.items():
    more = damaged_copies(leaves, added)
    X = {key: np.concatenate([train.X[key], x]) for key, x in see(more.X).items()}
    hardened[name] = clone(early).fit(X, np.concatenate([train.y, more.y]))

# %%
trials = {"picture noise": (0, 10), "blur": (1,), "occlusion": (0.1,)}
chosen = {name: found[name]._replace(severities=levels) for name, levels in trials.items()}

# %%
against = right_answers(hardened, new, chosen, {"image": features}).mean()
(100 * against.unstack("model")[list(hardened)].T).round(0).astype(int)

# %% [markdown]
# The diagonal is splendid. Elsewhere the help is partial: copies with blur do little against grain. "We added noise, and now the model is robust" is true of *that* noise. Read the column of noise 0, no damage at all, too: some cures cost a little.
#
# **Exercise 13.5, a judgment.** A paper trains with noisy copies, tests with noise, and calls its model robust. Ask for one more test: `"more leaves"`, `"another seed"` or `"other damage"`?

# %%
# SOLUTION
ask_for = "other damage"
# STUB
# ask_for = ...
check("13.5", ask_for)

# %% [markdown]
# The second cure needs no guess about the fault: notice that a picture is unlike all training pictures, treat it as absent, and use the spare. `Novelty` measures how far a sample lies from the training data, by Hotelling's T² and Q residuals, known from process control. One undamaged leaf in a hundred may give a false alarm.

# %%
from mmlib.novelty import Novelty

watch = Novelty().fit(train.X, train.groups)

# %% [markdown]
# `set_aside` makes absent what is odd, unless both are: then nobody could step in.

# %%
from mmlib.missing import set_aside


def trial(name, severity):
    X = see(found[name].damage(new.X, severity))
    odd = watch.is_new(X)
    scores = {"early": models["early"].score(X, new.y)}
    scores["guarded"] = safe.score(set_aside(X, odd), new.y)
    return scores | {"alarms": (odd["spectrum"] | odd["image"]).mean()}


# %%
faults = {"blur": 0, "picture noise": 20, "occlusion": 0.25, "spectrum noise": 0.003}
rows = {f"{name} {severity}": trial(name, severity) for name, severity in faults.items()}
(100 * pd.DataFrame(rows).T).round(0).astype(int)

# %% [markdown]
# Against heavy damage the guard brings fusion back toward the spare's level, without ever having seen such a fault. Now the last row.
#
# **Exercise 13.6, a judgment.** The alarm rings for every spectrum. What do you do first: `"switch to the picture"`, `"turn the alarm off"` or `"measure the loss"`?

# %%
# SOLUTION
first = "measure the loss"
# STUB
# first = ...
check("13.6", first)

# %% [markdown]
# The noise was a little stronger than in training. That is easy to *see* and does no *harm*, and the guard threw away a good spectrum. An alarm says "unlike", not "wrong".
#
# ## Find the mistake
# Two mistakes you have met: zeros for what is absent, and a test with the very damage one has trained on. Here is a third. A thesis shows that its forest shrugs off noise of 0.01 reflectance. It damaged the leaves the forest was trained on.

# %%
from sklearn.ensemble import RandomForestClassifier

noise = found["spectrum noise"]
trees = RandomForestClassifier(100, random_state=0)
forest = mmlib.fusion.early_fusion(train, classifier=trees).fit(train.X, train.y)

# %%
print(f"training leaves: {forest.score(noise.damage(train.X, 0.01), train.y):.0%} right")
print(f"new leaves: {forest.score(noise.damage(known, 0.01), new.y):.0%} right")

# %% [markdown]
# The forest knows its own leaves by heart and recognizes them through the noise. Robustness, like everything else, is tested on leaves the model never saw.
#
# **What you saw.** A damaged modality can pull every fusion below the one that works, and even to chance. A lost one costs what it knew, no more, if you notice and use a spare. Augmentation protects against what you thought of.
#
# **Use it when** your model leaves the laboratory. Keep a spare for each modality. Write NaN, never zero. Know the severity at which fusion turns worse than the spare. Watch for odd samples, but let labeled ones decide whether an alarm matters.
#
# **Words:** corruption, severity, group bootstrap, imputation, spare, augmentation, novelty. Distribution shift or domain shift is the general name for what we did; wavelength shift is a matter of *calibration transfer* in chemometrics; `SimpleImputer` and `IterativeImputer` in scikit-learn fill single columns.
#
# **Read more:** Hendrycks and Dietterich (2019), arXiv:1903.12261, on severities of common corruptions; Ma et al. (2021), doi:10.1609/aaai.v35i3.16330, on missing modalities; Little and Rubin (2019), doi:10.1002/9781119482260, on missing data; Neverova et al. (2016), doi:10.1109/TPAMI.2015.2461544, on modality dropout.
#
# **Next:** [Explanation](14_explanation.ipynb): what did the model look at?
