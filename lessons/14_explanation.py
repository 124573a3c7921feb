# %% [markdown]
# # Explanation
# Afterwards you can say which modality, which bands and which pixels a model uses, split information into redundant, unique and synergistic parts, and tell an explanation from a pretty picture.
#
# You need notebooks 00 to 06.
#
# **65 minutes**: 35 reading, 2 running, 28 exercises.
#
# For real leaves nobody knows the right explanation. Our leaves are simulated, so we know what was put into them, and can test the *explanations*. Most of the methods work for any rung of the ladder. We start with the second one:

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("early"))

# %% [markdown]
# ## A fair share
# Suppose that guessing is right for 50 % of some leaves, a model of the spectrum alone for 80 %, of the picture alone for 70 %, and of both for 90 %. Fusion gained 40 points over guessing. How much of this is due to the spectrum? We can ask what the spectrum adds when it comes first, and what it adds when it comes second:

# %%
none, spectrum, picture, both = 50, 80, 70, 90
first, second = spectrum - none, both - picture
print(f"first {first} points, second {second}, on average {(first + second) / 2:.0f}")

# %% [markdown]
# The mean over all orders is called the **Shapley value**. It comes from the theory of games, where players share what they have won together. The shares always add up to the whole gain.
#
# **Exercise 14.1.** Write it for two modalities: return the share of the first, then the share of the second. `hint("14.1")` helps.

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
# Now the leaves, with features for the pictures. We compare each condition with the healthy leaves. For each condition we know what was *planted*, that is, put into the simulation. Drought shows only in the spectrum, blight only in the picture, phosphorus deficiency in both, and nitrogen deficiency only in their combination.

# %%
import numpy as np

import mmlib

leaves = mmlib.features.with_features(mmlib.load_leaves())
pairs = {leaves.target_names[k]: leaves.take(np.isin(leaves.y, [0, k])) for k in range(1, 5)}

# %% [markdown]
# Which model shall we question? We take one that is simple enough to look into: early fusion with the linear discriminant of notebook 04, on 15 components of the spectrum and on the features of the picture. (The default model of early fusion chooses pretreatment and weights by itself, and may choose others for each pair of classes.) We build it once:

# %%
from sklearn.covariance import OAS
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from mmlib.features import default_block

lda = LinearDiscriminantAnalysis(solver="lsqr", covariance_estimator=OAS())
parts = {"spectrum": default_block((211,), 15), "image": default_block((33,))}
discriminant = mmlib.fusion.early_fusion(blocks=parts, classifier=lda)

# %% [markdown]
# The usual way to ask a model what it uses is **permutation**. Give each test leaf the spectrum of a leaf from another plant, and count how many points of accuracy are lost. (A point is one percent of the leaves.)
#
# **Exercise 14.2, predict, then run.** The model for phosphorus has both modalities, and each of them alone could nearly do the work. How many points does it lose when the spectra are exchanged: `"about 0"`, `"about 20"` or `"about 40"`?

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

# %% tags=["hide-output"]
drops = {}
for condition, pair in pairs.items():
    train, test = pair.split(test_size=0.5, seed=0)
    model = discriminant.fit(train.X, train.y)
    drops[condition] = permutation_drops(model, test)["all"]
show(*plot_parts(pd.DataFrame(drops).T))

# %% [markdown]
# Drought, blight and nitrogen are explained as planted. For phosphorus the spectrum looks worthless. Is it? To find out, we train a model on each set of modalities and test it on other plants. `worth_of_modalities` does this with the default model of early fusion:

# %%
worth = {condition: worth_of_modalities(pair) for condition, pair in pairs.items()}
for team, percent in worth["phosphorus deficiency"].items():
    print(" and ".join(sorted(team)) or "guessing", f"{percent:.0f} % right")

# %% [markdown]
# The spectrum alone can do the work as well! What permutation told was true of the *discriminant*, which listens to the picture. It said nothing about what the *data* hold. These are two different questions. Shapley values, computed from models that were trained without a modality, answer the second:

# %%
shares = pd.DataFrame({condition: shapley(table) for condition, table in worth.items()}).T
shares["interaction"] = [interaction(table, "spectrum", "image") for table in worth.values()]
show(*plot_parts(shares[["spectrum", "image", "interaction"]]))

# %% [markdown]
# The **interaction** is what both modalities gain together, minus what each of them gains alone. Far above zero, they need each other: this is synergy. Far below zero, one can often stand in for the other, and they are redundant.
#
# But be careful with negative values. Accuracy cannot rise above 100 %. Two instruments that know *different* things, each nearly enough alone, cannot both bring their full gain, and their interaction is negative, too. The next section can tell these cases apart. And with some hundred leaves, a few points mean little: for blight the interaction should be zero. So nitrogen needs a second witness as well.
#
# ## Redundant, unique, together
# One number cannot show redundancy *and* synergy, because they cancel each other. Information can be split further. It is counted in **bits**; one bit is what the answer to a fair yes-or-no question tells you. As an example take two coins, and labels that are computed from them. (`^` means "either, but not both", and `&` means "both".)

# %%
from mmlib.explain.information import count, decompose, levels, read_out

first, second = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])

# %%
labels = {"first": first, "either, not both": first ^ second, "both": first & second}
coins = {name: decompose(count(first, second, label)) for name, label in labels.items()}
pd.DataFrame(coins).T.abs().round(2)

# %% [markdown]
# `only a` is what the first coin alone can say (it is *unique* to it), and `only b` is the same for the second. In the second row all is synergy: one coin alone says nothing about the label.
#
# The third row is a mixture, although the coins know nothing of each other. How is it split? `decompose` keeps how each coin alone goes with the label. Among all tables that agree with this, it looks for the one in which both coins together say least. Whatever the true table says beyond that is called synergy. That there can be redundancy without any link between the coins surprises experts, too. This way to split is one of several, and only the sums of the rows are beyond dispute.
#
# Now the leaves. We need numbers that are read from each modality. From the spectrum we predict water, anthocyanins and chlorophyll. From the picture we predict lesions, anthocyanins and maturity, which is the age of the leaf from 0 to 1. Each leaf is read by a model that was trained on other plants:

# %%
spectrum = {k: read_out(leaves, "spectrum", leaves.info[k]) for k in ("water", "anthocyanins")}
spectrum["chlorophyll"] = read_out(leaves, "spectrum", np.log(leaves.info["chlorophyll"]))
keys = ("lesions", "anthocyanins", "maturity")
picture = {key: read_out(leaves, "image", leaves.info[key]) for key in keys}

# %% [markdown]
# For each condition we take the readings that should matter, cut them into four levels, and decompose. If a modality has no reading that should matter, it gets another one.


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
# All four come out as planted. Very small bars are partly luck: with few leaves, any table seems to hold a little information.
#
# **Exercise 14.3, predict, then run.** Such readings need reference values. Without them, many people decompose the *decisions* of two single models instead. How much of nitrogen's synergy is left then: `"nearly none"`, `"as much"` or `"more"`?

# %%
# SOLUTION
synergy_left = "nearly none"
# STUB
# synergy_left = ...
check("14.3", synergy_left)

# %% tags=["hide-output"]
pair = np.isin(leaves.y, [0, 4])
decisions = [read_out(leaves, name, leaves.y)[pair] for name in ("spectrum", "image")]
left = decompose(count(*decisions, leaves.y[pair]))["synergy"]
print(f"synergy of decisions: about {left:.1f} bits")

# %% [markdown]
# The model of the picture had to name a condition, and so it could not tell the age of the leaf, which is useless alone. So decompose readings, not decisions.
#
# ## Which bands
# We return to the discriminant, now for all five classes. First we exchange a single band, for every fifth band, and note the largest loss. Then we exchange blocks of 300 nm:

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
# No single band matters, because its neighbors say the same. To list the "important bands" one by one is the classical mistake; ask for blocks of bands. (The table is rounded to tens.) For drought the largest loss is in the short-wave infrared, for nitrogen in the visible range and at the red edge, as planted. Phosphorus was planted in the visible range as well, but this model reads most of it from the picture.
#
# Next we take a net on raw bands and raw pixels, as in notebook 06. The first method is **occlusion**, as in notebook 07: cover a stretch of the spectrum with the average spectrum, and watch how the probability falls. It works for any model.

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
# The second method looks at the slopes (gradients) of the net. There is a trap in it. Here is a signal of three readings, which grows with the first reading until it is full:


# %%
def signal(x):
    return min(1, x[0]) + 0.5 * x[1]


def slope(x):
    return np.array([float(x[0] < 1), 0.5, 0.0])


leaf, usual_leaf = np.array([4.0, 1.0, 2.0]), np.zeros(3)
print(f"the signal is {signal(leaf):.1f}, the slopes are {slope(leaf)}")

# %% [markdown]
# The slope of the first reading is zero, although this reading made most of the signal. The cure is called **integrated gradients**. Walk in a straight line from a usual leaf to this leaf, average the slopes on the way, and multiply by the distance.
#
# **Exercise 14.4.** Write it, with 50 stops or more. With `slope`, `usual_leaf` and `leaf` it must give about 1, 0.5 and 0.


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
# The parts add up to the change of the signal, and this can be checked. For the net, the signal is the logit of a class, and the library captum does the walking:

# %%
from mmlib.explain.gradients import integrated_gradients, scramble

added, gap = integrated_gradients(net, dry.X, label=1, n_steps=64)
print(f"the parts miss the change of the logit by {gap:.1f} at most")

# %%
from mmlib.explain.planted import lesion_masks, planted_change

planted = np.abs(planted_change("drought"))

# %% [markdown]
# `planted_change` is how drought changes the reflectance of a typical leaf in the simulation. We sum the parts of integrated gradients over the same stretches of 100 nm that were covered:

# %%
stretches = np.add.reduceat(added["spectrum"], range(0, 211, 10), axis=1)
bands = {"covered": covered, "integrated": paint(stretches, windows, (211,))}
show(*plot_bands(leaves.axes["spectrum"], bands, planted))

# %% [markdown]
# The two methods need not agree, and neither looks quite like what was planted. How much of each lies on *wet* bands, those whose planted change is more than half of the largest? In percent, `share` is what lies on wet bands. `area` is the share of wet bands in the spectrum, which is what a blind explanation would get.

# %%
score_maps(bands, planted > planted.max() / 2)[["share", "area"]].round().astype(int)

# %% [markdown]
# Both are better than chance, and yet much of each lies on other bands. That need not be a fault of the explanation. To see water in spite of gain and offset, a model must also look at bands where water does *not* show, and compare. The bands that a model uses need not be the bands that changed (Haufe 2014).
#
# ## Which pixels
# Now blight, in the test leaves. Their true lesions are known, because the simulator can draw each leaf again without them. `hits` says for how many leaves (in percent) the peak of the map lies in a lesion.

# %%
ill = raw_test.take(raw_test.y == 2)
ill = ill.take(ill.info["lesions"].argsort(kind="stable")[::-1])  # the most ill leaf first
lesions = lesion_masks(ill)

# %%
maps = {"blight": integrated_gradients(net, ill.X, label=2)[0]["image"]}
score_maps(maps, lesions).round().astype(int)

# %% [markdown]
# In most leaves the peak lies in a lesion. By chance it would lie there in the few percent that the lesions cover (`area`). You would publish this picture. But one control is missing: another net that was taught labels *permuted* between plants, so that it can only guess. (`permutation_partners` gives each leaf a partner from another plant, and the leaf gets the label of its partner.)

# %%
noise = raw.y[permutation_partners(len(raw), raw.groups, random_state=3)]
guesser = mmlib.FusionClassifier(**cnn, epochs=6).fit(raw.X, noise, groups=raw.groups)
print(f"taught noise: {guesser.score(raw_test.X, raw_test.y):.0%} right on new leaves")

# %% [markdown]
# **Exercise 14.5, predict, then run.** How often does the peak of the map of *this* net lie in a lesion: `"as often as by chance"`, `"far more often than by chance"` or `"never"`? (A third net is added below: our trained net, with its weights drawn anew at random.)

# %%
# SOLUTION
peak_of_noise = "far more often than by chance"
# STUB
# peak_of_noise = ...
check("14.5", peak_of_noise)

# %% tags=["hide-output"]
nets = {"blight": net, "noise": guesser, "random weights": scramble(net)}
maps = {k: integrated_gradients(m, ill.X, label=2)[0]["image"] for k, m in nets.items()}
score_maps(maps, lesions).round().astype(int)

# %% [markdown]
# A net that knows nothing points at lesions, too! Each part of the map is a slope times the distance from the usual picture, and in a lesion this distance is large. So the map shows the *picture* as much as the net. The fair baseline is not chance, but a net that has learned nothing (Adebayo 2018). Our net still beats both of them.
#
# In the next figure, dark is what adds much or takes much away, and the outlines are the true lesions:

# %%
from mmlib.course.widgets import explorer, static_row


def draw(leaf=10, learned="blight"):
    return plot_maps(ill.X["image"][leaf], lesions[leaf], {learned: maps[learned][leaf]})


# %%
explorer(draw, leaf=(0, 40, 10), learned=list(maps))

# %%
static_row(draw, [{"learned": name} for name in maps])

# %% [markdown]
# Occlusion, with squares of 6 pixels, can be judged in the same way. We count only squares where covering lets the probability fall (`clip(0)`):

# %%
places = squares(48, 48, 6)
losses = {k: cover_map(m, ill.X, "image", places, usual, 2).clip(0) for k, m in nets.items()}
score_maps(losses, lesions)[["share", "area"]].round().astype(int)

# %% [markdown]
# Squares are coarser than lesions, and still occlusion tells the nets apart better, because covering asks what the model *does*.
#
# ## Find the mistake
# You have met three mistakes: to judge one band at a time, to decompose decisions instead of readings, and to take chance as the baseline of a map. A fourth one is to explain a model on its training leaves. Here a support vector machine learns permuted labels by heart:

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
# This model knows nothing of new leaves, and yet both modalities seem precious when it is asked about its own training leaves. So first ask whether a model is right on new samples, and then explain it on those.
#
# **Exercise 14.6, a judgment.** On your own data you know two numbers: the permutation drop of the spectrum is about zero, and its fair share is about 20 points. May the spectrometer be sold: `"yes"`, `"no"`, or must you first `"train without it"`?

# %%
# SOLUTION
decision = "train without it"
# STUB
# decision = ...
check("14.6", decision)

# %% [markdown]
# **What you saw.** Permutation tells what *this model* uses. Models that are trained without a modality tell what the *data* hold. Redundancy can hide a modality, and synergy shows in readings, not in decisions. Ask for blocks of bands, not for single bands. Compare each map with the map of a net that has learned nothing. No explanation here proves a cause.
#
# **Use it when** somebody asks why a model answers as it does, or which instrument can be spared. First make sure that the model is right on new samples. Before you give up an instrument, train without it.
#
# **Words.** *Permutation importance* (`permutation_importance` in scikit-learn, by column). *Shapley value* (the library shap estimates it for single columns). *Redundant, unique, synergy*: partial information decomposition. *Occlusion, integrated gradients* (`Occlusion`, `IntegratedGradients` in captum). *Attribution*: what each input adds.
#
# **Read more:** Shapley 1953, doi:10.1515/9781400881970-018. Breiman 2001, doi:10.1023/A:1010933404324. Bertschinger 2014, doi:10.3390/e16042161. Sundararajan 2017, arXiv:1703.01365. Zeiler 2014, doi:10.1007/978-3-319-10590-1_53. Adebayo 2018, arXiv:1810.03292. Haufe 2014, doi:10.1016/j.neuroimage.2013.10.067.
#
# **Next:** [A quantity](15_regression.ipynb): milligrams instead of classes.
