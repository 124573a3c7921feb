# %% [markdown]
# # Robustness: when an instrument fails
# Afterwards you can say how much noise, blur or shift your fusion tolerates, in physical units; decide what to do when a modality is missing; and see through a claim of robustness.
#
# You need notebooks 03 to 06.
#
# **60 minutes**: 32 reading, 2 running, 26 exercises.
#
# There is no new rung here. We test the whole ladder with damaged measurements.

# %% [markdown]
# ## A number that shouts
# Take three leaves. The spectrum gives one number for each leaf, and so does the picture. A number above zero means ill. Fusion adds the two numbers.

# %%
import numpy as np

spectrum_says = np.array([1.0, -2.0, 0.5])
picture_says = np.array([0.5, -1.0, 1.0])
print("ill:", spectrum_says + picture_says > 0)

# %% [markdown]
# Now the pictures of the camera become grainy. To the model, grain looks like spots, so the number of the picture rises by 6:

# %%
print("ill:", spectrum_says + (picture_says + 6) > 0)
print("ill, by the spectrum alone:", spectrum_says > 0)

# %% [markdown]
# The spectra were in order, and still the sum is wrong. A damaged modality can be *worse than none*.
#
# How much damage does it take? To find out we damage leaves on purpose, and we follow three rules. The severity of the damage has a unit. The data that are handed in stay as they are. And a seed makes the damage repeatable.
#
# **Exercise 13.1.** Write a function that adds Gaussian noise to spectra and follows these rules. `spread` is the standard deviation of the noise. `hint("13.1")` helps.

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
# mmlib has six such functions, three for spectra and three for pictures. Each has five steps of severity, numbered 0 to 4. Step 0 is always "no damage". Here are steps 1 and 4:

# %%
import mmlib
from mmlib.data.corruptions import damaged_copies, default_corruptions

new = mmlib.make_leaves(n_plants=80, seed=13)
damages = default_corruptions(new)
for name, corruption in damages.items():
    print(f"{name}: {corruption.severities[1]} to {corruption.severities[-1]} {corruption.unit}")

# %% [markdown]
# *Baseline drift* adds a smooth curve to each spectrum. A *wavelength shift* makes all wavelengths too long, as a second spectrometer might do. An *occlusion* is a gray patch on the picture, as from dirt on the lens. (In notebook 07 we covered squares of a picture on purpose, to question a net. Here it is an accident.)
#
# Nine models are fitted *once*, on 240 plants without damage. The function `see`, written below, turns pictures into features, and it is used after the damage is done. (The features of a picture do not depend on any other picture, so `fit_transform` may be used on new leaves as well.)

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
# Each model now judges 400 leaves from new plants, and every damaged copy of them. `right_answers` notes for each leaf whether the model is right. Nothing is fitted again.

# %%
from mmlib.evaluation.robustness import right_answers, turning_points, with_intervals

right = right_answers(models, new, damages, {"image": features})
table = with_intervals(right)

# %%
(100 * table.loc["picture noise"].loc[0]).round(0).astype(int)

# %% [markdown]
# These are the scores without any damage, in percent. Where do the intervals come from? Leaves of one plant are alike, so whole *plants* are drawn anew, a thousand times, and the interval holds 95 % of the scores. This is called the **group bootstrap**.
#
# **Exercise 13.2, predict, then run.** The pictures get grain of 20 gray levels (of 256), and the spectra are perfect. The sum of the three leaves above had no limit. Late fusion averages probabilities, and no probability is larger than 1. Where does *late* fusion end: `"stays on top"`, `"level with the spectrum"` or `"below the spectrum"`?

# %%
# SOLUTION
late_ends = "below the spectrum"
# STUB
# late_ends = ...
check("13.2", late_ends)

# %% [markdown]
# Choose a kind of damage and move the step; step 0 is no damage. The dashed line is the instrument that is *not* damaged, working alone. (Of spectra you see three leaves; gray is how they were before the damage. Where the damage is small, the gray lines are hidden under the colored ones. So a small window enlarges the steepest part of the first leaf.)

# %%
from mmlib.course.figures.n13 import plot_damage, plot_severity


def draw(corruption="picture noise", step=3):
    return plot_damage(table, new, damages, corruption, step)


# %% tags=["hide-output"]
from mmlib.course.widgets import explorer, static_row

explorer(draw, corruption=list(damages), step=(0, 4))

# %% tags=["hide-output"]
noise, shift = {"corruption": "picture noise"}, {"corruption": "wavelength shift"}
static_row(draw, [noise | {"step": 0}, noise | {"step": 3}, shift | {"step": 3}])

# %% [markdown]
# You can still make out two of the three leaves, but most of the models can do little more than guess. The perfect spectrum, which every fusion has, saves none of them here. Is the difference certain? For each model we subtract the answers of the spectrum leaf by leaf, and take the interval of the difference, in points:

# %% tags=["hide-output"]
grain = right["picture noise"][20].astype(int)
gaps = with_intervals(grain.sub(grain["spectrum only"], axis=0))
(100 * gaps).round(0).astype(int)

# %% [markdown]
# Here are all kinds of damage and all models. (The steps are drawn at equal distances, although their numbers are not. Where the lines of several fusions lie on one another, they suffer alike. Follow the line of early fusion, with round marks: the next questions are about it.)

# %%
from mmlib.plots import show

show(*plot_severity(table, damages))

# %% [markdown]
# In each panel one gray line stays level. It is the undamaged instrument, working alone. A fusion below this line would do better if it ignored half of what it measures. At which severity does that begin for early fusion? We join the steps by straight lines, in the unit of the damage, and look where they cross:

# %%
turning_points(table, damages, model="early").round(3)

# %% [markdown]
# (`inf` means: at none of our steps.) On these leaves early fusion stays ahead at every noise of the spectrum that we tried, though only just at the largest, 0.04. This is about a tenth of the highest reflectance of a leaf. For the picture, grain of some 9 gray levels of 256 is enough, which is less than a twentieth of the scale. That is no law about cameras. (And these crossings have no interval here. The scores that we join have intervals of several points to either side, so read the crossings as rough numbers. They cannot be read off the figure, whose steps are drawn at equal distances.)
#
# Why does noise in the spectrum harm less than grain in the picture, each measured by its own scale? Early fusion describes a spectrum by principal components, which average out a part of the noise that differs from band to band. Noise of 0.01 costs early fusion little, noise of 0.04 costs it over 20 points. Our texture features, on the other hand, *measure* grain.
#
# And why did late fusion fall, although no opinion is larger than 1? How sure is each expert, on average, when the grain has 20 gray levels?

# %%
grainy = see(damages["picture noise"].damage(new.X, 20))
for name, p in models["late"].opinions(grainy).items():
    print(f"{name}: {p.max(1).mean():.2f} sure, {(p.argmax(1) == new.y).mean():.0%} right")

# %% [markdown]
# The damaged expert is the *surest* one, and it does no better than guessing. A linear model usually becomes more certain, not less, when a sample lies far from everything it was trained on.
#
# (Each expert of late fusion chooses between a linear and a curved fit, notebook 04. An expert that is completely sure about such a strange picture has most likely chosen the linear fit. Far from its training leaves a curved fit gives every class about the same probability, and late fusion would follow the spectrum. This is not shown here.)
#
# ## No picture at all
# Some leaves come without a picture. What is absent is marked as NaN ("not a number"), never as a number. The two printed values say: all features in `lost` are NaN, and none in `known` is.

# %%
from mmlib.fusion.fallbacks import WithFallbacks
from mmlib.fusion.missing import Fill, take_away

known = see(new.X)
lost = take_away(known, "image")
print(np.isnan(lost["image"]).all(), np.isnan(known["image"]).any())

# %% [markdown]
# Most models refuse NaN. So what should stand there? There are three common ways. **Zeros** are easy to write. The **mean** of the training leaves is the way of many textbooks. Or the features of the picture are *predicted* from the spectrum, by ridge regression. Filling in what is missing is called **imputation**. It is fitted on the training part, like all pretreatment. The net with modality dropout from notebook 06, which was trained with modalities missing now and then, takes part too. (It refuses NaN as well, so it gets the same numbers as the others. In the table below, the column `mean` is nearest to what it was trained for: notebook 06.)
#
# **Exercise 13.3, predict, then run.** With predicted pictures, how good will fusion be: `"like both"`, `"like the spectrum alone"` or `"worse than the spectrum alone"`?

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


# %% tags=["hide-output"]
pd.DataFrame({how: percent_right(X) for how, X in filled.items()}).round(0).astype(int)

# %% [markdown]
# - With *zeros* most fusions fall to chance or near it. No picture has zero in all of its features. After scaling, zeros probably lie very far from all pictures. That is damage. (Modality dropout was trained with another kind of zero: that of the vector *inside* the net. With the mean it comes close to the spectrum alone.)
# - The *mean* brings several fusions well below the spectrum. "An average leaf" is a statement about the leaf, too, and mostly a wrong one.
# - *Predicted* pictures bring all fusions about level with the spectrum, and no further. Nothing new was learned about the leaf.
#
# The mean does no harm to *late* fusion. How sure is its expert of pictures, when it sees the mean?

# %%
opinions = models["late"].opinions(filled["mean"])
print(f"{opinions['image'].max(axis=1).mean():.2f} sure, and a guess among five is 0.20")

# %% [markdown]
# This expert has hardly any opinion, so the other one decides. What if it is left out altogether?

# %%
alone = opinions["spectrum"].argmax(axis=1) == new.y
filled_in = models["late"].predict(filled["mean"]) == new.y
change = pd.DataFrame({"late": alone.astype(int) - filled_in}, index=new.groups)
mean, low, high = 100 * with_intervals(change).loc["late"]
print(f"late, the picture's opinion left out: {alone.mean():.0%} right")
print(f"minus late with the mean: {mean:.0f} points ({low:.0f} to {high:.0f})")

# %% [markdown]
# The two cannot be told apart. (The difference was computed before rounding.) To leave the opinion out is the honest way: it needs no guess about the leaf.
#
# For any other fusion, keep a **fallback**: a model of one modality, which answers when the other is absent. `WithFallbacks` asks the fallback in such cases, and the fused model in all others. (Its `fit` trains copies of all three models anew, each on the leaves that it can use.)

# %%
fallbacks = {name: models[f"{name} only"] for name in ("spectrum", "image")}
safe = WithFallbacks(models["early"], fallbacks).fit(train.X, train.y)

# %%
half = take_away(known, "image", rows=np.arange(len(new)) % 2 == 0)
print(f"every second picture missing: {safe.score(half, new.y):.0%} right")

# %% [markdown]
# The result lies about halfway between the score with both modalities and the score with one, as it must.
#
# ## No picture in training
# Suppose that the camera was bought late. Some of the training plants have no picture, but the new leaves will have both. We can leave such plants out of training (**drop**), or fill in the missing pictures.
#
# **Exercise 13.4, predict, then run.** Half of the training plants lack the picture. Which way of training is the worst: `"drop"`, `"mean"` or `"predict"`?

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
# Which plants lack the picture is drawn at random, so we take five draws. We ask once for half of the plants, and once for nine of ten:

# %%
draws = {}
for share in (0.5, 0.9):
    five = pd.DataFrame([trained_without(share, seed) for seed in range(5)])
    five.loc["mean"] = five.mean()
    draws[f"{share:.0%} lack it"] = 100 * five

# %% [markdown]
# Here are the five draws one by one. (The last row is their mean; the column `mean` is a way of training.)

# %% tags=["hide-output"]
pd.concat(draws, axis=1).round(0).astype(int)

# %% [markdown]
# Where half of the plants lack the picture, the mean is never ahead of dropping or of prediction, and mostly behind both. The likely reason is that the model sees the same picture with all five labels, which teaches it that pictures say little. Prediction does little harm here and little good, compared with dropping.
#
# Where nine of ten lack it, dropping is ahead on average and in three of the five draws, but its score jumps by more than ten points from draw to draw, and so does that of the mean. Prediction does not jump. It stays at the level of the spectrum alone. So with so few pictures, do not rely on any of the three.
#
# ## What helps
# There are two cures. The first is **augmentation**, known from notebook 02. Here it adds one damaged copy of each training leaf, at a severity that is drawn anew for each leaf, between none and the largest. (For "all three" it is still one copy of each leaf, and the kind of damage is drawn, too.) In the table the rows say what was added in training, and the columns say what was tested:

# %%
pictures = {name: damages[name] for name in ("picture noise", "blur", "occlusion")}
sets = {name: {name: damage} for name, damage in pictures.items()} | {"all three": pictures}

# %%
hardened = {"nothing": models["early"]}
for name, added in sets.items():
    more = damaged_copies(leaves, added)
    X = {key: np.concatenate([train.X[key], x]) for key, x in see(more.X).items()}
    hardened[name] = mmlib.fusion.early_fusion(train).fit(X, np.append(train.y, more.y))

# %%
trials = [("picture noise", 0), ("picture noise", 10), ("blur", 1), ("occlusion", 0.1)]
scores = {}
for name, severity in trials:
    X = see(damages[name].damage(new.X, severity))
    scores[f"{name} {severity}"] = {k: model.score(X, new.y) for k, model in hardened.items()}
(100 * pd.DataFrame(scores)).round(0).astype(int)

# %% [markdown]
# Against the damage that it was trained for, each model does well. Against other damage the help is partial, or there is none, or the copies even seem to cost something. (Look at "blur 1": copies with grain do next to nothing there, and copies with a patch give a lower score, 70, than no copies at all, 74.) So the claim "we added noise, and now the model is robust" is true of *that* noise. Without damage (noise 0) the copies gain nothing, and some may cost a little.
#
# **Exercise 13.5, a judgment.** You take the model that was trained with all three. It does well against grain, blur and patches. Next month it goes to a greenhouse where the lamps are yellow. What do you know about its answers there: `"they stay right"`, `"they are no better than without copies"` or `"nothing until it is tried"`?

# %%
# SOLUTION
known_there = "nothing until it is tried"
# STUB
# known_there = ...
check("13.5", known_there)

# %% [markdown]
# The second cure does not need to guess the fault. If a picture is unlike all training pictures, it is treated as absent, and the fallback answers. The samples that a model may be asked about are called its **applicability domain**.
#
# `ApplicabilityDomain` takes each modality by itself, computes its principal components (15 at most), and measures in two ways how far a sample lies from the training data. Hotelling's T² tells how far out it lies *within* the components. The Q residual tells how much of it the components *cannot* describe.
#
# The limits are set so that about one undamaged leaf in a hundred gives a false alarm, in the spectrum or in the picture. They are measured on plants that took no part in computing the components. For this, `ApplicabilityDomain` is told the groups.

# %%
from mmlib.evaluation.applicability import ApplicabilityDomain
from mmlib.fusion.missing import set_aside

watch = ApplicabilityDomain().fit(train.X, groups=train.groups)

# %% [markdown]
# `set_aside` marks a modality as absent where it is odd, unless both are odd. We try it without damage (a blur of 0 pixels) and with three faults. The table is in percent: what early fusion gets right, what it gets right with this guard, and how many leaves gave an alarm.


# %%
def trial(name, severity):
    X = see(damages[name].damage(new.X, severity))
    odd = watch.is_new(X)
    alarms = (odd["spectrum"] | odd["image"]).mean()
    return models["early"].score(X, new.y), safe.score(set_aside(X, odd), new.y), alarms


# %%
faults = {"blur": 0, "picture noise": 20, "occlusion": 0.25, "spectrum noise": 0.003}
rows = {f"{name} {severity}": trial(name, severity) for name, severity in faults.items()}
(100 * pd.DataFrame(rows, index=["early", "guarded", "alarms"]).T).round(1)

# %% [markdown]
# When the damage is heavy, the guard brings fusion back to the level of the fallback (58 %, the spectrum alone) or above it, although it has never seen such a fault. In the second row it lies above, although most leaves gave an alarm and were answered by the spectrum alone. Why? We look at this row again. The next table is in percent of the leaves with an alarm, and of those without. What do early fusion and the spectrum get right, and how many of the leaves have blight?

# %%
grainy_ones = watch.is_new(grainy)["image"]
told = {name: models[name].predict(grainy) == new.y for name in ("early", "spectrum only")}
told["has blight"] = new.y == 2
alarm = np.where(grainy_ones, "alarm", "no alarm")
(100 * pd.DataFrame(told).groupby(alarm).mean()).round(0).astype(int)

# %% [markdown]
# Among the leaves without an alarm most have blight. (Perhaps grain on a spotted leaf looks to the guard like more spots.) The spectrum knows little about blight, and early fusion is good on these leaves. With an alarm it is the other way round. So here each model answers the leaves on which it is the better one. Do not count on this: in the row of the occlusion there is no such gain.
#
# Now look at the last row of the table before.
#
# **Exercise 13.6, a judgment.** The alarm rings for every spectrum. What do you do first: `"switch to the picture"`, `"turn the alarm off"` or `"measure the loss on labeled leaves"`?

# %%
# SOLUTION
first = "measure the loss on labeled leaves"
# STUB
# first = ...
check("13.6", first)

# %% [markdown]
# All simulated spectra have some noise. The damage added 0.003 of reflectance, the smallest of our steps. That is easy to *detect*, and it did hardly any *harm*. An alarm says that a sample is unlike the training data. It does not say that the answer is wrong.
#
# ## Find the mistake
# You have met two mistakes: zeros for what is absent, and a test with the very damage that was used in training. Here is a third one. A thesis asks how much blur harms a random forest, and it blurs the pictures of the leaves that the forest was trained on.

# %%
from sklearn.ensemble import RandomForestClassifier

trees = RandomForestClassifier(100, random_state=0)
forest = mmlib.fusion.early_fusion(train, classifier=trees).fit(train.X, train.y)

# %%
others = mmlib.make_leaves(n_plants=240, seed=14)  # as many as for training
for name, data in {"training": leaves, "new": others}.items():
    taken = [damages["blur"].damage(data.X, pixels) for pixels in (0, 1)]
    sharp, blurred = (forest.predict(see(X)) == data.y for X in taken)
    fall = pd.DataFrame({"fall": sharp.astype(int) - blurred}, index=data.groups)
    mean, low, high = 100 * with_intervals(fall).loc["fall"]
    print(f"{name} leaves: {sharp.mean():.0%} right, blurred {blurred.mean():.0%}", end=", ")
    print(f"a fall of {mean:.0f} points ({low:.0f} to {high:.0f})")

# %% [markdown]
# The first row misleads in two ways. Its scores are far too good, because a forest knows its training leaves by heart. And here the score falls too *far*, probably because blur makes strangers of leaves that it knew. New leaves were strangers from the beginning. So test robustness, too, on leaves that the model has never seen.
#
# **What you saw.** A damaged modality can pull every fusion below the modality that works, even down to chance. A modality that is missing costs what it knew and no more, if you notice that it is missing and use a fallback. Augmentation protects against the damage that you thought of.
#
# **Test this before** your model leaves the laboratory. Keep a fallback for each modality. Write NaN, never zero. Know the severity at which the fallback becomes better than the fusion. Let labeled samples decide whether an alarm matters.
#
# **Words:** corruption, severity, group bootstrap, imputation, fallback, augmentation, applicability domain. Elsewhere: distribution shift, domain shift; for wavelengths, *calibration transfer*. `SimpleImputer` and `IterativeImputer` in scikit-learn fill single columns.
#
# **Read more:** Hendrycks and Dietterich (2019), arXiv:1903.12261, on severities of common corruptions; Ma et al. (2021), doi:10.1609/aaai.v35i3.16330, on missing modalities; Little and Rubin (2019), doi:10.1002/9781119482260, on missing data; Neverova et al. (2016), doi:10.1109/TPAMI.2015.2461544, on modality dropout.
#
# **Next:** [Explanation](14_explanation.ipynb): what did the model look at?
