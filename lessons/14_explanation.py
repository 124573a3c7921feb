# %% [markdown]
# # Explanation
# Afterwards you can say which modality, which bands and which pixels a model uses, split information into redundant, unique and synergistic, and tell an explanation from a pretty picture.
#
# You need notebooks 00 to 06.
#
# **60 minutes**: 30 reading, 2 running, 28 exercises.
#
# On real leaves nobody knows the right explanation. Ours are simulated: we know what was planted, and can put the *explanations* to the test. Most of them work for any rung of the ladder; we start with the second:

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("early"))

# %% [markdown]
# ## A fair share
# Guessing is right for 50 % of some leaves, the spectrum alone for 80 %, the picture alone for 70 %, both for 90 %. Whose are the 40 points gained? Ask what the spectrum adds when it comes first, and when it comes second:

# %%
none, spectrum, picture, both = 50, 80, 70, 90
first, second = spectrum - none, both - picture
print(f"first {first} points, second {second}, on average {(first + second) / 2:.0f}")

# %% [markdown]
# The mean over all orders is the **Shapley value**, from the theory of games. The shares always add up to the whole gain.
#
# **Exercise 14.1.** Write it for two modalities: return the first one's share, then the second's. `hint("14.1")` helps.

# %%
from mmlib.course.exercises.e14 import check, hint


# %%
# SOLUTION
def fair_shares(none, first, second, both):
    gain = both - none
    return (gain + first - second) / 2, (gain + second - first) / 2


# STUB
# def fair_shares(none, first, second, both):
#     return ...
check("14.1", fair_shares)

# %% [markdown]
# ## Which modality
# Now the leaves, with features for the pictures. Each condition is set against healthy leaves, and each has one planted answer. Drought is only in the spectrum, blight only in the picture, phosphorus deficiency in both, nitrogen deficiency in their combination.

# %%
import numpy as np

import mmlib

leaves = mmlib.features.with_features(mmlib.load_leaves())
pairs = {leaves.target_names[k]: leaves.take(np.isin(leaves.y, [0, k])) for k in range(1, 5)}

# %% [markdown]
# Which model do we question? One that is simple enough to look into: early fusion with the linear discriminant of notebook 04, on 15 components of the spectrum and the features of the picture. (The default of early fusion chooses pretreatment and weights itself, and may choose others for each pair of classes.) We build it once:

# %%
from sklearn.covariance import OAS
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from mmlib.features import default_block

lda = LinearDiscriminantAnalysis(solver="lsqr", covariance_estimator=OAS())
parts = {"spectrum": default_block((211,), 15), "image": default_block((33,))}
discriminant = mmlib.fusion.early_fusion(blocks=parts, classifier=lda)

# %% [markdown]
# The usual way to ask a model what it uses is **permutation**: give each test leaf the spectrum of another plant's leaf, and count the percent right that are lost.
#
# **Exercise 14.2, predict, then run.** The model for phosphorus has both modalities, and each alone could nearly do the work. How many points does it lose when the spectra are exchanged: `"about 0"`, `"about 20"` or `"about 40"`?

# %%
# SOLUTION
points_lost = "about 0"
# STUB
# points_lost = ...
check("14.2", points_lost)

# %%
import pandas as pd

from mmlib.course.figures.n14 import plot_bands, plot_maps, plot_parts
from mmlib.explain import (
    interaction,
    permutation_drops,
    permutation_partners,
    shapley,
    worth_of_modalities,
)

# %%
drops = {}
for condition, pair in pairs.items():
    train, test = pair.split(test_size=0.5, seed=0)
    model = discriminant.fit(train.X, train.y)
    drops[condition] = permutation_drops(model, test)["all"]
show(*plot_parts(pd.DataFrame(drops).T))

# %% [markdown]
# Drought, blight and nitrogen are explained as planted. For phosphorus the spectrum looks worthless. Is it? Train a model on each set of modalities, and test it on other plants. `worth_of_modalities` takes the default of early fusion:

# %%
worth = {condition: worth_of_modalities(pair) for condition, pair in pairs.items()}
for team, percent in worth["phosphorus deficiency"].items():
    print(" and ".join(sorted(team)) or "guessing", f"{percent:.0f} % right")

# %% [markdown]
# The spectrum alone does the work, too! Permutation told the truth about the *discriminant*, which listens to the picture. It said nothing of what the *data* hold. That is the second question, and Shapley values answer it:

# %%
shares = pd.DataFrame({condition: shapley(table) for condition, table in worth.items()}).T
shares["interaction"] = [interaction(table, "spectrum", "image") for table in worth.values()]
show(*plot_parts(shares[["spectrum", "image", "interaction"]]))

# %% [markdown]
# The **interaction** is what both gain beyond the sum of their gains alone. Far below zero, one stands in for the other: redundant. Above zero, they need each other: synergy. With some hundred leaves a few points mean little: for blight the interaction should be zero. So nitrogen needs a second witness.
#
# ## Redundant, unique, together
# One number cannot show redundancy *and* synergy: they cancel. Information can be split further. It is counted in **bits**; one bit answers one fair yes-or-no question. Two coins are the sources, and a label is computed from them:

# %%
from mmlib.explain.information import count, decompose, levels, read_out

first, second = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])

# %%
labels = {"first": first, "either, not both": first ^ second, "both": first & second}
coins = {name: decompose(count(first, second, label)) for name, label in labels.items()}
pd.DataFrame(coins).T.abs().round(2)

# %% [markdown]
# `only a` is unique to the first coin, `only b` to the second. The second row is pure synergy: either coin alone says nothing. The third row is a mixture, although the coins know nothing of each other. How is it split? `decompose` keeps how each coin alone goes with the label, and looks, among all tables that do so, for the one in which both coins together say least. What the true table says beyond that is synergy. That redundancy needs no link between the coins surprises experts, too: this split is one of several, and only the row sums are beyond dispute.
#
# Now the leaves. From the spectrum we predict water, anthocyanins and chlorophyll. From the picture we predict lesions, anthocyanins and maturity, the leaf's age from 0 to 1. Each leaf is read by a model trained on other plants:

# %%
spectrum = {k: read_out(leaves, "spectrum", leaves.info[k]) for k in ("water", "anthocyanins")}
spectrum["chlorophyll"] = read_out(leaves, "spectrum", np.log(leaves.info["chlorophyll"]))
keys = ("lesions", "anthocyanins", "maturity")
picture = {key: read_out(leaves, "image", leaves.info[key]) for key in keys}

# %% [markdown]
# For each condition we take the readings that should matter, cut them into four levels, and decompose. A modality that has no such reading gets another.


# %%
def split(k, a, b):
    pair = np.isin(leaves.y, [0, k])
    codes = levels(spectrum[a][pair]), levels(picture[b][pair])
    return decompose(count(*codes, leaves.y[pair]), names=["spectrum", "image"])


# %%
readings = {"drought": split(1, "water", "maturity"), "blight": split(2, "water", "lesions")}
readings["phosphorus deficiency"] = split(3, "anthocyanins", "anthocyanins")
readings["nitrogen deficiency"] = split(4, "chlorophyll", "maturity")
show(*plot_parts(pd.DataFrame(readings).T, "bits"))

# %% [markdown]
# All four as planted. Small bars are partly luck: with few leaves, any table seems to hold some information.
#
# **Exercise 14.3, predict, then run.** Such readings need reference values. Many people decompose the *decisions* of two single models instead. How much of nitrogen's synergy is left: `"nearly none"`, `"as much"` or `"more"`?

# %%
# SOLUTION
synergy_left = "nearly none"
# STUB
# synergy_left = ...
check("14.3", synergy_left)

# %%
pair = np.isin(leaves.y, [0, 4])
decisions = [read_out(leaves, name, leaves.y)[pair] for name in ("spectrum", "image")]
left = decompose(count(*decisions, leaves.y[pair]))["synergy"]
print(f"synergy of decisions: about {left:.1f} bits")

# %% [markdown]
# The model of the picture had to name a condition, and the age went unsaid. So decompose readings, not decisions.
#
# ## Which bands
# The discriminant again, all five classes at once. Exchange a single band, try every fifth, and note the largest fall. Then exchange blocks of 300 nm:

# %%
train, test = leaves.split(test_size=0.5, seed=0)
model = discriminant.fit(train.X, train.y)

# %%
single = {k: ("spectrum", [k]) for k in range(0, 211, 5)}
worst = permutation_drops(model, test, single, n_repeats=2)["all"].max()
print(f"the worst single band costs about {abs(round(worst)):.0f} points")

# %%
blocks = {f"from {400 + 10 * k} nm": ("spectrum", slice(k, k + 30)) for k in range(0, 210, 30)}
costs = permutation_drops(model, test, blocks)
costs[["drought", "phosphorus deficiency", "nitrogen deficiency"]].round(-1).astype(int)

# %% [markdown]
# No single band matters, because its neighbors say the same. To list "important bands" one by one is the classical mistake; ask for blocks. Drought then points to the short-wave infrared, nitrogen to the visible and the red edge, as planted. Phosphorus was planted in the visible as well, but this model reads most of it from the picture.
#
# Next, a net on raw bands and raw pixels, as in notebook 06. **Occlusion**, as in notebook 07: cover a stretch with the average, and watch the probability fall. It works for any model.

# %%
raw, raw_test = mmlib.load_leaves().split(seed=0)
cnn = {"encoders": {"spectrum": "cnn", "image": "cnn"}, "mixup": 0, "random_state": 0}
net = mmlib.FusionClassifier(**cnn, epochs=20).fit(raw.X, raw.y, groups=raw.groups)

# %%
from mmlib.explain.occlusion import cover_map, paint, score_maps, squares, usual_sample

# %%
dry, usual = raw_test.take(raw_test.y == 1), usual_sample(raw.X)
windows = [slice(k, k + 10) for k in range(0, 211, 10)]
covered = cover_map(net, dry.X, "spectrum", windows, usual, label=1)

# %% [markdown]
# The other way looks at the net's slopes. Mind a trap. This signal grows with the first of three readings until it is full:


# %%
def signal(x):
    return min(1, x[0]) + 0.5 * x[1]


def slope(x):
    return np.array([float(x[0] < 1), 0.5, 0.0])


leaf, usual_leaf = np.array([4.0, 1.0, 2.0]), np.zeros(3)
print(f"the signal is {signal(leaf):.1f}, the slopes are {slope(leaf)}")

# %% [markdown]
# The slope of the first reading is zero, although it made most of the signal. The cure is **integrated gradients**: walk in a straight line from a usual leaf to this one, average the slopes on the way, and multiply by the distance.
#
# **Exercise 14.4.** Write it, with 50 stops or more. With `slope`, `usual_leaf` and `leaf` it gives about 1, 0.5 and 0.


# %%
# SOLUTION
def integrated(slope, usual, x):
    stops = [usual + step * (x - usual) for step in np.linspace(0.01, 0.99, 50)]
    return (x - usual) * np.mean([slope(stop) for stop in stops], axis=0)


# STUB
# def integrated(slope, usual, x):
#     return ...
check("14.4", integrated)

# %% [markdown]
# The parts add up to the change of the signal: a promise one can check. For the net, whose signal is the logit, the library captum does the walking:

# %%
from mmlib.explain.gradients import integrated_gradients, scramble

added, gap = integrated_gradients(net, dry.X, label=1, n_steps=64)
print(f"the parts miss the change of the logit by {gap:.1f} at most")

# %%
from mmlib.explain.planted import lesion_masks, planted_change

planted = np.abs(planted_change("drought"))

# %% [markdown]
# `planted_change` is how drought changes the reflectance of a typical leaf in the simulation. We sum the parts over the same 100 nm that were covered:

# %%
stretches = np.add.reduceat(added["spectrum"], range(0, 211, 10), axis=1)
bands = {"covered": covered, "integrated": paint(stretches, windows, (211,))}
show(*plot_bands(leaves.axes["spectrum"], bands, planted))

# %% [markdown]
# The two need not agree, and neither looks quite like what was planted. How much of each lies on *wet* bands, those whose planted change is over half of the largest? In percent, `share` is what lies on them, and `area` what a blind explanation gets: their share of the spectrum.

# %%
score_maps(bands, planted > planted.max() / 2)[["share", "area"]].round().astype(int)

# %% [markdown]
# Better than chance, and yet much of each lies on other bands. That need not be the fault of the explanation. To see water past gain and offset, a model must also look where water is *not*, and compare. Bands that a model uses need not be bands that changed (Haufe 2014).
#
# ## Which pixels
# Blight, in the test leaves. Their true lesions are known: the simulator can draw each leaf again without them. `hits` says for how many leaves the peak of the map lies in a lesion.

# %%
ill = raw_test.take(raw_test.y == 2)
ill = ill.take(ill.info["lesions"].argsort()[::-1])  # the most ill leaf first
lesions = lesion_masks(ill)

# %%
maps = {"blight": integrated_gradients(net, ill.X, label=2)[0]["image"]}
score_maps(maps, lesions).round().astype(int)

# %% [markdown]
# About nine peaks in ten lie in a lesion; by chance three in a hundred would. A triumph! You would publish it. One control is missing: another net, taught labels that were *permuted* between plants. It can only guess. (`permutation_partners` gives each leaf a partner from another plant, and the leaf gets the label of its partner.)

# %%
noise = raw.y[permutation_partners(len(raw), raw.groups, random_state=3)]
guesser = mmlib.FusionClassifier(**cnn, epochs=6).fit(raw.X, noise, groups=raw.groups)
print(f"taught noise: {guesser.score(raw_test.X, raw_test.y):.0%} right on new leaves")

# %% [markdown]
# **Exercise 14.5, predict, then run.** How often does the peak of *its* map lie in a lesion: `"as often as by chance"`, `"far more often than by chance"` or `"never"`? A third net joins below: ours, with its weights drawn anew.

# %%
# SOLUTION
peak_of_noise = "far more often than by chance"
# STUB
# peak_of_noise = ...
check("14.5", peak_of_noise)

# %%
nets = {"blight": net, "noise": guesser, "random weights": scramble(net)}
maps = {k: integrated_gradients(m, ill.X, label=2)[0]["image"] for k, m in nets.items()}
score_maps(maps, lesions).round().astype(int)

# %% [markdown]
# A net that knows nothing points at lesions, too! Each part is a slope times the distance from the usual picture, and that distance is large in a lesion. The map shows the *picture* as much as the net. So the fair baseline is not chance, but a net that has learned nothing (Adebayo 2018). Our net still beats both. In the picture, dark is what adds or takes much; the outlines are the true lesions:

# %%
from mmlib.course.widgets import explorer, static_row


def draw(leaf=10, learned="blight"):
    return plot_maps(ill.X["image"][leaf], lesions[leaf], {learned: maps[learned][leaf]})


# %%
explorer(draw, leaf=(0, 40, 10), learned=list(maps))

# %%
static_row(draw, [{"learned": name} for name in maps])

# %% [markdown]
# Occlusion, with squares of 6 pixels, can be asked the same; we count only where the probability falls (`clip(0)`):

# %%
places = squares(48, 48, 6)
losses = {k: cover_map(m, ill.X, "image", places, usual, 2).clip(0) for k, m in nets.items()}
score_maps(losses, lesions)[["share", "area"]].round().astype(int)

# %% [markdown]
# Squares are coarser than lesions, and still this tells the nets apart better: covering asks what the model *does*.
#
# ## Find the mistake
# You met three: one band at a time, decisions for readings, chance as the baseline of a map. One more is to explain on the training leaves. A support vector machine learns permuted labels by heart:

# %%
from sklearn.svm import SVC

train.y = train.y[permutation_partners(len(train), train.groups, random_state=3)]
by_heart = mmlib.fusion.early_fusion(blocks=parts, classifier=SVC(C=100, gamma=1.0))
by_heart = by_heart.fit(train.X, train.y)

# %%
asked = {"training leaves": train, "new leaves": test}
lost = {name: permutation_drops(by_heart, part)["all"] for name, part in asked.items()}
pd.DataFrame(lost).round(-1).astype(int)

# %% [markdown]
# A model that knows nothing finds both modalities precious on its own leaves. First ask whether it is right on new ones; then explain it, there.
#
# **Exercise 14.6, a judgment.** On data of your own you know two numbers: the permutation drop of the spectrum is about zero, its fair share about 20 points. May the spectrometer be sold: `"yes"`, `"no"`, or must you first `"train without it"`?

# %%
# SOLUTION
decision = "train without it"
# STUB
# decision = ...
check("14.6", decision)

# %% [markdown]
# **What you saw.** Permutation tells what *this model* uses; models trained without a modality tell what the *data* hold. Redundancy hides a modality; synergy shows in readings, not in decisions. Ask for blocks, not bands. Compare each map with that of a net that has learned nothing. No explanation here proves a cause.
#
# **Words.** *Permutation importance* (`permutation_importance` in scikit-learn, by column). *Shapley value* (the library shap estimates it for single columns). *Redundant, unique, synergy*: partial information decomposition. *Occlusion, integrated gradients* (`Occlusion`, `IntegratedGradients` in captum). *Attribution*: what each input adds.
#
# **Read more:** Shapley 1953, doi:10.1515/9781400881970-018. Breiman 2001, doi:10.1023/A:1010933404324. Bertschinger 2014, doi:10.3390/e16042161. Sundararajan 2017, arXiv:1703.01365. Zeiler 2014, doi:10.1007/978-3-319-10590-1_53. Adebayo 2018, arXiv:1810.03292. Haufe 2014, doi:10.1016/j.neuroimage.2013.10.067.
#
# **Next:** [A quantity](15_regression.ipynb): milligrams instead of classes.
