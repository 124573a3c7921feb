# %% [markdown]
# # Robustness: when an instrument fails
# Afterwards you can say how much noise, blur or shift your fusion stands, in physical units; decide what to do when a modality is missing; and see through a claim of robustness.
#
# You need notebooks 03 to 06.
#
# **55 minutes**: 27 reading, 2 running, 26 exercises.
#
# No new rung: we shake the whole ladder.

# %% [markdown]
# ## A number that shouts
# Three leaves. Spectrum and picture each give a number; above zero means ill. Fusion adds the two.

# %%
import numpy as np

spectrum_says = np.array([1.0, -2.0, 0.5])
picture_says = np.array([0.5, -1.0, 1.0])
print("ill:", spectrum_says + picture_says > 0)

# %% [markdown]
# Now the camera grows grainy. Grain looks like spots to the model, so the picture's number rises by 6:

# %%
print("ill:", spectrum_says + (picture_says + 6) > 0)
print("ill, by the spectrum alone:", spectrum_says > 0)

# %% [markdown]
# The spectrum was in order, and still the sum is wrong. A damaged modality can be *worse than none*.
#
# How much damage does that take? We damage leaves on purpose, by three rules. The severity has a unit. The leaves given to us stay as they are. A seed makes it repeatable.
#
# **Exercise 13.1.** Add Gaussian noise to spectra under these rules; `spread` is its standard deviation. `hint("13.1")` helps.

# %%
from mmlib.course.exercises.e13 import check, hint


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
# mmlib has six such functions, three for each instrument. Each has five steps, and the first is no damage; here are the second and the last:

# %%
import mmlib
from mmlib.data.corruptions import damaged_copies, default_corruptions

new = mmlib.make_leaves(n_plants=80, seed=13)
found = default_corruptions(new)
for name, corruption in found.items():
    print(f"{name}: {corruption.severities[1]} to {corruption.severities[-1]} {corruption.unit}")

# %% [markdown]
# Drift adds a smooth curve to each spectrum. A shift reads all wavelengths too long, as a second spectrometer might. An occlusion is a gray patch, say dirt on the lens. (In notebook 07 we covered squares on purpose, to question a net. Here it is an accident.)
#
# Nine models are fitted *once*, on 240 undamaged plants. The pictures become features, and that happens after the damage, in `see`. (The features of a picture depend on no other picture, so `fit_transform` may be used on new leaves too.)

# %%
features = mmlib.features.ColorTexture().fit_transform


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
# Each model answers for every damaged copy of 400 leaves from new plants: `right_answers` notes whether it is right, leaf by leaf. Nothing is fitted again.

# %%
from mmlib.evaluation.robustness import right_answers, turning_points, with_intervals

right = right_answers(models, new, found, {"image": features})
table = with_intervals(right)

# %%
(100 * table.loc["picture noise"].loc[0]).round(0).astype(int)

# %% [markdown]
# These are the scores in percent, without any damage. Leaves of a plant are alike, so the intervals come from drawing whole *plants* anew, a thousand times: the **group bootstrap**.
#
# **Exercise 13.2, predict, then run.** Grain of 20 gray levels, of 256, in the pictures; the spectra are perfect. Where does early fusion end: `"stays on top"`, `"level with the spectrum"` or `"below the spectrum"`?

# %%
# SOLUTION
early_ends = "below the spectrum"
# STUB
# early_ends = ...
check("13.2", early_ends)

# %% [markdown]
# Choose a damage and move the step; step 0 is none. The dashed line is the instrument that is *not* damaged, working alone.

# %%
from mmlib.course.figures.n13 import plot_damage, plot_severity


def draw(corruption="picture noise", step=3):
    return plot_damage(table, new, found, corruption, step)


# %%
from mmlib.course.widgets import explorer, static_row

explorer(draw, corruption=list(found), step=(0, 4))

# %%
static_row(draw, [{"step": 0}, {"step": 3}, {"corruption": "wavelength shift", "step": 3}])

# %% [markdown]
# You still see the leaves. Most models guess, or nearly so. Early fusion keeps more here (less on other leaves that we tried), but the perfect spectrum saves none of them. Is that certain? For each model we subtract the spectrum's answers leaf by leaf, and take the interval of the difference, in points:

# %%
grain = right["picture noise"][20].astype(int)
gaps = with_intervals(grain.sub(grain["spectrum only"], axis=0))
(100 * gaps).round(0).astype(int)

# %% [markdown]
# All damages, all models:

# %%
from mmlib.plots import show

show(*plot_severity(table, found))

# %% [markdown]
# In each panel one gray line stays level: the undamaged instrument. A fusion below it had better forget half of what it measures. At which severity does that begin for early fusion, if we draw straight lines between the steps?

# %%
turning_points(table, found, model="early").round(3)

# %% [markdown]
# (`inf`: at none of ours.) It stands much noise in the spectrum, and little grain in the picture. That is no law about cameras. Early fusion describes a spectrum by principal components, and noise that differs from band to band is mostly left out of them. Our texture features *measure* grain.
#
# Late fusion should be safe, since no opinion can exceed 1. Yet it falls as well. How sure is each expert, on average, under grain of 20 gray levels?

# %%
grainy = see(found["picture noise"].damage(new.X, 20))
for name, p in models["late"].opinions(grainy).items():
    print(f"{name}: {p.max(1).mean():.2f} sure, {(p.argmax(1) == new.y).mean():.0%} right")

# %% [markdown]
# The damaged expert is the *surest* one, and it guesses. Far from all it was trained on, a linear model becomes more certain, not less. (On other leaves the expert of the picture may choose a block that bends. Such an expert falls silent far away, and late fusion then holds.)
#
# ## No picture at all
# Some leaves come without a picture. Absent is NaN, never a number:

# %%
from mmlib.fusion.fallbacks import WithFallbacks
from mmlib.fusion.missing import Fill, set_aside, take_away

known = see(new.X)
lost = take_away(known, "image")
print(np.isnan(lost["image"]).all(), np.isnan(known["image"]).any())

# %% [markdown]
# Most models refuse NaN. What should stand there? Tutorials write **zeros**, textbooks the **mean** of the training leaves. Or we *predict* the picture's features from the spectrum, by ridge regression. Filling in is called **imputation**, and is fitted on the training part, like all pretreatment. The net with modality dropout of notebook 06 takes part too.
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
asked = models | {"modality dropout": drill.fit(train.X, train.y)}

# %%
filled = {how: Fill(how).fit(train.X).transform(lost) for how in ("zero", "mean", "predict")}
filled["both there"] = known


# %%
def percent_right(X):
    return pd.Series({name: 100 * model.score(X, new.y) for name, model in asked.items()})


# %%
pd.DataFrame({how: percent_right(X) for how, X in filled.items()}).round(0).astype(int)

# %% [markdown]
# - With *zeros* most fusions fall to chance or near it. Features of zero belong to no picture; scaling turns them into a far-off one. That is damage. (Modality dropout had trained with another zero: that of the vector *inside* the net.)
# - The *mean* puts several fusions well below the spectrum. "Average leaf" is a statement too.
# - *Predicted* pictures bring all fusions about level with the spectrum, and no further: nothing was learned about the leaf.
# - The mean hurts *late* fusion least, whose expert then has hardly an opinion, and *modality dropout*, which was trained for absence.
#
# The honest thing is to let the other expert speak alone. In late fusion that is one line:

# %%
alone = models["late"].opinions({**new.X, "image": filled["mean"]["image"]})["spectrum"]
print(f"late, the picture's opinion left out: {(alone.argmax(axis=1) == new.y).mean():.0%} right")

# %% [markdown]
# For any other fusion, keep a **fallback**: a model of one modality. `WithFallbacks` asks it where the other modality is absent, and the fused model elsewhere:

# %%
fallbacks = {name: models[f"{name} only"] for name in ("spectrum", "image")}
safe = WithFallbacks(models["early"], fallbacks).fit(train.X, train.y)

# %%
half = take_away(known, "image", rows=np.arange(len(new)) % 2 == 0)
print(f"every second picture missing: {safe.score(half, new.y):.0%} right")

# %% [markdown]
# About halfway between the scores with both and with one, as it must be.
#
# ## No picture in training
# The camera was bought late: some training plants have no picture, the new leaves have both. One can **drop** such plants, or fill in.
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
# Five draws of the unlucky plants, averaged:


# %%
def average(share):
    return pd.DataFrame([trained_without(share, seed) for seed in range(5)]).mean()


# %%
lacking = {f"{share:.0%} lack it": average(share) for share in (0.25, 0.5, 0.75, 0.9)}
(100 * pd.DataFrame(lacking)).round(0).astype(int)

# %% [markdown]
# As long as a quarter of the plants have a picture, the mean costs more than throwing plants away: the same picture under all five labels teaches that pictures say little. Prediction then does little harm, and little good. With fewer pictures, count on none of the three: in the last column prediction is the worst, and on other leaves that we tried it was the best. So few true pictures are left to learn from that luck decides.
#
# ## What helps
# **Augmentation**, known from notebook 02, here adds a damaged copy of each training leaf, at a severity drawn anew between none and the largest. Rows: what was added. Columns: what was tested.

# %%
pictures = {name: found[name] for name in ("picture noise", "blur", "occlusion")}
sets = {name: {name: damage} for name, damage in pictures.items()} | {"all three": pictures}

# %%
hardened = {"nothing": models["early"]}
for name, added in sets.items():
    more = damaged_copies(leaves, added)
    X = {key: np.concatenate([train.X[key], x]) for key, x in see(more.X).items()}
    hardened[name] = mmlib.fusion.early_fusion(train).fit(X, np.append(train.y, more.y))

# %%
trials = {"picture noise": (0, 10), "blur": (1,), "occlusion": (0.1,)}
chosen = {name: found[name]._replace(severities=levels) for name, levels in trials.items()}

# %%
against = right_answers(hardened, new, chosen, {"image": features}).mean()
(100 * against.unstack("model").loc[list(trials), list(hardened)].T).round(0).astype(int)

# %% [markdown]
# Tested with what it trained for, each does well. Elsewhere the help is partial, or there is none: copies with grain do next to nothing against blur. "We added noise, and now the model is robust" is true of *that* noise. Without damage (noise 0) copies gain next to nothing, and some may cost a little.
#
# **Exercise 13.5, a judgment.** A paper trains with noisy copies, tests with noise, and calls its model robust. Ask for one more test: `"more leaves"`, `"another seed"` or `"other damage"`?

# %%
# SOLUTION
ask_for = "other damage"
# STUB
# ask_for = ...
check("13.5", ask_for)

# %% [markdown]
# The second cure needs no guess about the fault. A picture unlike all training pictures is treated as absent, and the fallback steps in. The samples that a model may be asked about are its **applicability domain**. `ApplicabilityDomain` measures how far a sample lies from the training data, by Hotelling's T² (how far out within the principal components of the training leaves) and Q residuals (how much the components leave unexplained). One undamaged leaf in a hundred may give a false alarm.

# %%
from mmlib.evaluation.applicability import ApplicabilityDomain

watch = ApplicabilityDomain().fit(train.X, groups=train.groups)

# %% [markdown]
# `set_aside` makes absent what is odd, unless both are. We try it without damage (a blur of 0) and with three faults; `alarms` is the share of leaves with one:


# %%
def trial(name, severity):
    X = see(found[name].damage(new.X, severity))
    odd = watch.is_new(X)
    alarms = (odd["spectrum"] | odd["image"]).mean()
    return models["early"].score(X, new.y), safe.score(set_aside(X, odd), new.y), alarms


# %%
faults = {"blur": 0, "picture noise": 20, "occlusion": 0.25, "spectrum noise": 0.003}
rows = {f"{name} {severity}": trial(name, severity) for name, severity in faults.items()}
(100 * pd.DataFrame(rows, index=["early", "guarded", "alarms"]).T).round(0).astype(int)

# %% [markdown]
# Under heavy damage the guard brings fusion back to the fallback's level, or a little above it, without having seen such a fault. Now the last row.
#
# **Exercise 13.6, a judgment.** The alarm rings for every spectrum. What do you do first: `"switch to the picture"`, `"turn the alarm off"` or `"measure the loss"`?

# %%
# SOLUTION
first = "measure the loss"
# STUB
# first = ...
check("13.6", first)

# %% [markdown]
# The noise was a little stronger than in training: easy to *see*, and no *harm*. An alarm says "unlike", not "wrong".
#
# ## Find the mistake
# Two you have met: zeros for what is absent, and a test with the very damage one has trained on. Here is a third. A thesis asks what blur does to its forest, and blurs the pictures of the leaves it was trained on.

# %%
from sklearn.ensemble import RandomForestClassifier

trees = RandomForestClassifier(100, random_state=0)
forest = mmlib.fusion.early_fusion(train, classifier=trees).fit(train.X, train.y)

# %%
for name, data in {"training": leaves, "new": new}.items():
    taken = [found["blur"].damage(data.X, pixels) for pixels in (0, 0.5)]
    sharp, blurred = (100 * forest.score(see(X), data.y) for X in taken)
    print(f"{name} leaves: {sharp:.0f} % right, blurred {blurred:.0f} %")

# %% [markdown]
# The first row misleads twice. Its scores are far too good. And the score falls too *far*: a forest knows its own leaves by heart until blur makes strangers of them; new leaves were strangers all along. Test robustness, too, on leaves the model never saw.
#
# **What you saw.** A damaged modality can pull every fusion below the one that works, even to chance. A lost one costs what it knew, no more, if you notice and use a fallback. Augmentation protects against what you thought of.
#
# **Use it when** your model leaves the laboratory. Keep a fallback for each modality. Write NaN, never zero. Know the severity at which the fallback is better. Let labeled samples decide whether an alarm matters.
#
# **Words:** corruption, severity, group bootstrap, imputation, fallback, augmentation, applicability domain. Elsewhere: distribution shift, domain shift; for wavelengths, *calibration transfer*. `SimpleImputer` and `IterativeImputer` in scikit-learn fill single columns.
#
# **Read more:** Hendrycks and Dietterich (2019), arXiv:1903.12261, on severities of common corruptions; Ma et al. (2021), doi:10.1609/aaai.v35i3.16330, on missing modalities; Little and Rubin (2019), doi:10.1002/9781119482260, on missing data; Neverova et al. (2016), doi:10.1109/TPAMI.2015.2461544, on modality dropout.
#
# **Next:** [Explanation](14_explanation.ipynb): what did the model look at?
