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
# Suppose that a guess is right for 50 % of the leaves, a model of the spectrum alone for 80 %, a model of the picture alone for 70 %, and a model of both for 90 %. Fusion gained 40 points over guessing. How much of this is due to the spectrum? We can ask what the spectrum adds when it comes first, and what it adds when it comes second:

# %%
none, spectrum, picture, both = 50, 80, 70, 90
comes_first, comes_second = spectrum - none, both - picture
mean = (comes_first + comes_second) / 2
print(f"first {comes_first} points, second {comes_second}, on average {mean:.0f}")

# %% [markdown]
# The mean over all orders is called the **Shapley value**. It comes from the theory of games, where players share what they have won together. The shares always add up to the whole gain.
#
# **Exercise 14.1.** Write it for two modalities: return the share of the first modality, then that of the second. `first` and `second` are what a model of this modality alone is worth. `hint("14.1")` helps.

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
# Now the leaves, with features for the pictures. We compare each condition with the healthy leaves. For each condition we know what was *planted*, that is, put into the simulation. Drought shows only in the spectrum, blight only in the picture, phosphorus deficiency in both, and nitrogen deficiency shows a little in each and fully only in their combination.

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
# **Exercise 14.2, a judgment.** The model for phosphorus has both modalities, and each of them alone could nearly do the work. How many points does it lose when the spectra are exchanged? Can you know it from this: `"about 0"`, `"about 40"` or `"it depends on the model"`?

# %%
# SOLUTION
points_lost = "it depends on the model"
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
drops, right = {}, {}
for condition, pair in pairs.items():
    train, test = pair.split(test_size=0.5, seed=0)
    model = discriminant.fit(train.X, train.y)
    right[condition] = round(100 * model.score(test.X, test.y))
    drops[condition] = permutation_drops(model, test)["all"]
print("right on the test leaves, in percent:", right)
show(*plot_parts(pd.DataFrame(drops).T, "points lost"))

# %% [markdown]
# Drought, blight and nitrogen are explained as planted. (The axis counts the points that are lost. Each bar comes from 240 test leaves of 48 plants, so a few points mean little.) For phosphorus this model listens to the picture, and the spectrum looks worthless. Is it? Let us train the discriminant on the spectrum alone:

# %%
train, test = pairs["phosphorus deficiency"].split(test_size=0.5, seed=0)
alone = mmlib.fusion.early_fusion(blocks={"spectrum": parts["spectrum"]}, classifier=lda)
print(f"the spectrum alone: {alone.fit(train.X, train.y).score(test.X, test.y):.0%} right")

# %% [markdown]
# The spectrum alone can do the work as well! `worth_of_modalities` trains a model on each set of modalities and tests it on other plants. It takes the default model of early fusion. That is no harm, for we now ask what the data hold (as far as this model can find it), and not how one model works:

# %%
worth = {condition: worth_of_modalities(pair) for condition, pair in pairs.items()}
for team, percent in worth["phosphorus deficiency"].items():
    print(" and ".join(sorted(team)) or "guessing", f"{percent:.0f} % right")

# %% [markdown]
# What permutation told was true of *one model*, which listens to the picture. It said nothing about what the *data* hold. These are two different questions. Shapley values, computed from models that were trained without a modality, answer the second:

# %%
shares = pd.DataFrame({condition: shapley(table) for condition, table in worth.items()}).T
shares["interaction"] = [interaction(table, "spectrum", "image") for table in worth.values()]
show(*plot_parts(shares[["spectrum", "image", "interaction"]], "points gained"))

# %% [markdown]
# The **interaction** is what both modalities gain together, minus what each of them gains alone. Far above zero, they need each other: this is synergy. Far below zero, one can often stand in for the other, and they are redundant.
#
# But be careful with negative values. Accuracy cannot rise above 100 %. Two instruments that know *different* things, each nearly enough alone, cannot both bring their full gain, and their interaction is negative, too. The next section can tell these cases apart. And with some hundred leaves, a few points mean little: for blight the interaction should be zero, and -6 came out. None of these bars has an interval. So seven points for nitrogen are no proof of synergy. We need a second witness.
#
# ## Redundant, unique, together
# One number cannot show redundancy *and* synergy, because they cancel each other. Information can be split further. It is counted in **bits**; one bit is what the answer to a fair yes-or-no question tells you. As an example take two coins, and labels that are computed from them. (`^` means "either, but not both", and `&` means "both". `count` counts how often each pair of sides comes with each label, and `decompose` splits the information in these counts.)

# %%
from mmlib.explain.information import count, decompose, information

first, second = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])

# %%
labels = {"first": first, "either, not both": first ^ second, "both": first & second}
coins = {name: decompose(count(first, second, label)) for name, label in labels.items()}
pd.DataFrame(coins).T.abs().round(2)  # abs turns -0.0 into 0.0

# %% [markdown]
# `only a` is what the first coin alone can say (it is *unique* to it), and `only b` is the same for the second. In the second row all is synergy: one coin alone says nothing about the label.
#
# The third row is a mixture, although the coins know nothing of each other. How is it split? The next table counts how often each pair of sides comes with each label of `both`. In the right half some counts were moved to other pairs, so that each coin, looked at *alone*, has the same counts with the label as before. (Add up the two rows in which the first coin shows 0. In both halves this gives 2 for label 0, and 0 for label 1.)

# %%
true = count(first, second, first & second).reshape(4, 2)
moved = np.array([[2, 0], [0, 0], [0, 0], [1, 1]])
sides = ["0 and 0", "0 and 1", "1 and 0", "1 and 1"]
tables = {"true counts": true, "moved": moved}
pd.concat({k: pd.DataFrame(v, sides).add_prefix("label ") for k, v in tables.items()}, axis=1)

# %%
told = {name: information(table / 4) for name, table in tables.items()}
print("bits that the pair tells:", {name: round(bits, 2) for name, bits in told.items()})

# %% [markdown]
# On the right both coins always show the same side, so the pair tells no more than one coin tells. Many tables can be made in this way. `decompose` looks for the one in which the pair tells least about the label; here it is this one. What the true counts tell beyond it is called synergy, half a bit here. What is left was told by either coin, so it is redundant.
#
# So there can be redundancy without any link between the coins. This way to split is one of several. All ways agree on three sums: the whole row (what the pair tells), `redundant` + `only a` (what the first coin tells), and `redundant` + `only b` (what the second tells).
#
# Now the leaves. We need numbers that are read from each modality. From the spectrum we predict water, anthocyanins and chlorophyll. From the picture we predict lesions, anthocyanins and maturity, which is the age of the leaf from 0 to 1. Each leaf is read by a model that was trained on other plants (`read_out`):

# %%
from mmlib.explain.information import levels, read_out

spectrum = {k: read_out(leaves, "spectrum", leaves.info[k]) for k in ("water", "anthocyanins")}
spectrum["chlorophyll"] = read_out(leaves, "spectrum", np.log(leaves.info["chlorophyll"]))
keys = ("lesions", "anthocyanins", "maturity")
picture = {key: read_out(leaves, "image", leaves.info[key]) for key in keys}

# %% [markdown]
# For each condition we take the readings that should matter, cut them into four `levels` with equally many leaves in each, and decompose. A modality that should not matter gets a reading of something else: for drought the picture gives the maturity, and for blight the spectrum gives the water.


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
# Drought, blight and phosphorus come out as planted, and so does the synergy of nitrogen. Its small blue bar was planted, too: very little chlorophyll is too little at any age. The picture's own part in nitrogen is missing, since from the picture we read only the age, and not how green it is. (The figure of the shares shows that there is such a part. A share is what the modality gains alone, plus half of the interaction. For the picture 22 is 18.5 plus 3.5, so the picture alone gains more than 18 points.) Bars still smaller are partly luck: with few leaves, any table seems to hold a little information.
#
# This was a check of the method, and no discovery. We knew which readings to take.
#
# **Exercise 14.3, predict, then run.** Such readings need reference values. Without them, many people decompose the *decisions* of two single models instead. How much of nitrogen's synergy is left then: `"much less"`, `"as much"` or `"more"`?

# %%
# SOLUTION
synergy_left = "much less"
# STUB
# synergy_left = ...
check("14.3", synergy_left)

# %% tags=["hide-output"]
pair = np.isin(leaves.y, [0, 4])
decisions = [read_out(leaves, name, leaves.y)[pair] for name in ("spectrum", "image")]
left = decompose(count(*decisions, leaves.y[pair]))["synergy"]
whole = readings["nitrogen deficiency"]["synergy"]
print(f"synergy of readings {whole:.2f} bits, of decisions {left:.2f} bits")

# %% [markdown]
# The age of a leaf says nothing about its condition, as long as one does not know the chlorophyll. So a model of the picture that must name a condition reports the little that it sees in the green, but not the age. With the age the synergy is lost. Decompose readings, not decisions.
#
# This is a good place for a pause. From here on we ask *where* in a spectrum or a photograph a model looks.
#
# ## Which bands
# We return to the discriminant, now for all five classes. First we print how often it is right. Then we exchange a single band, for every fifth band, and note the largest loss. At last we exchange blocks of 300 nm. The column `drought` of the table says how many of 100 dry leaves are no longer recognized after the exchange.

# %%
train, test = leaves.split(test_size=0.5, seed=0)
model = discriminant.fit(train.X, train.y)
print(f"five classes: {model.score(test.X, test.y):.0%} right on the test leaves")

# %%
single = {k: ("spectrum", [k]) for k in range(0, 211, 5)}
worst = permutation_drops(model, test, single, n_repeats=2)["all"].max()
print(f"the worst single band costs about {abs(round(worst)):.0f} points")

# %%
blocks = {f"from {400 + 10 * k} nm": ("spectrum", slice(k, k + 30)) for k in range(0, 210, 30)}
costs = permutation_drops(model, test, blocks)
costs[["drought", "phosphorus deficiency", "nitrogen deficiency"]].round(-1).astype(int)

# %% [markdown]
# None of the bands that we tried matters, probably because its neighbors say the same. To list the "important bands" one by one is the classical mistake; ask for blocks of bands. (The table is rounded to tens.) For drought the largest loss is in the near infrared, between 1300 and 1600 nm. For nitrogen it is in the visible range, and the second largest lies between 700 and 1000 nm, where the steep rise near 700 nm ends. Both fit what was planted: water absorbs in the infrared, chlorophyll in visible light. Phosphorus was planted in the visible range as well, but the tens of its column are too small and too evenly spread to tell. Perhaps this model, like the one above, reads most of it from the picture; the table does not show that.
#
# Next we take a net on raw bands and raw pixels, as in notebook 06, and again print first how often it is right. The first method is **occlusion**, as in notebook 07: cover a stretch of the spectrum with the average spectrum, and watch how the probability falls. It works for any model.

# %%
raw, raw_test = mmlib.load_leaves().split(seed=0)
cnn = {"encoders": {"spectrum": "cnn", "image": "cnn"}, "mixup": 0, "random_state": 0}
net = mmlib.FusionClassifier(**cnn, epochs=20).fit(raw.X, raw.y, groups=raw.groups)
print(f"the net: {net.score(raw_test.X, raw_test.y):.0%} right on the test leaves")

# %%
from mmlib.explain.occlusion import cover_map, paint, score_maps, squares, usual_sample

# %%
dry, usual = raw_test.take(raw_test.y == 1), usual_sample(raw.X)
# the labels: 1 is drought, 2 is blight
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
# The slope of the first reading is zero, although this reading made most of the signal. The cure is called **integrated gradients**. Walk in a straight line from a usual leaf to this leaf, and average the slopes on the way, for each reading by itself. Then multiply each of these averages by how far its reading has moved.
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
# The parts add up to the change of the signal, and this can be checked. For the net, the signal is the logit of a class. The walk begins at the mean of the training leaves, which the net has kept, and the library captum does the walking:

# %%
from mmlib.explain.gradients import integrated_gradients

added, gap = integrated_gradients(net, dry.X, label=1, n_steps=64)
print(f"the parts miss the change of the logit by {gap:.1f} at most")

# %%
from mmlib.explain.planted import lesion_masks, planted_change

planted = np.abs(planted_change("drought"))

# %% [markdown]
# `planted_change` is how drought changes the reflectance of a typical leaf in the simulation. We sum the parts of integrated gradients over the same stretches of 100 nm that were covered, so both upper lines go in steps. (Each line is divided by its own largest value. Both are largest in the same stretch, so there they lie on one another.)

# %%
stretches = np.add.reduceat(added["spectrum"], range(0, 211, 10), axis=1)
bands = {"covered": covered, "integrated": paint(stretches, windows, (211,))}
show(*plot_bands(leaves.axes["spectrum"], bands, planted))

# %% [markdown]
# The two methods need not agree, and neither looks quite like what was planted. How much of each lies on *wet* bands, those whose planted change is more than half of the largest? `share` (in percent) is the part of the explanation that lies on wet bands. Signs are ignored: -0.3 counts like 0.3. `area` is the share of wet bands in the spectrum, which is what a blind explanation would get.

# %%
score_maps(bands, planted > planted.max() / 2)[["share", "area"]].round().astype(int)

# %% [markdown]
# Both are above the share that a blind explanation gets (a control follows below), and yet much of each lies on other bands. That need not be a fault of the explanation. To see water in spite of gain and offset, a model must also look at bands where water does *not* show, and compare. The bands that a model uses need not be the bands that changed (Haufe 2014).
#
# ## Which pixels
# Now blight, in the test leaves. Their true lesions are known, because the simulator can draw each leaf again without them. `hits` says for how many leaves (in percent) the peak of the map lies in a lesion.

# %%
ill = raw_test.take(raw_test.y == 2)
ill = ill.take(ill.info["lesions"].argsort(kind="stable")[::-1])  # the most ill leaf first
lesions = lesion_masks(ill)
print(f"{len(ill)} leaves with blight, from {len(set(ill.groups))} plants")

# %%
maps = {"trained": integrated_gradients(net, ill.X, label=2)[0]["image"]}
score_maps(maps, lesions).round().astype(int)

# %% [markdown]
# In most leaves the peak lies in a lesion. By chance it would lie there in the few percent that the lesions cover (`area`). With 60 leaves, luck alone can move such a number by about ten points, and leaves of one plant are alike. But this is far more. You would publish such maps.
#
# Before that we look at a control: another net, which was taught labels *permuted* between plants, so that it can only guess. (`permutation_partners` gives each leaf a partner from another plant, and the leaf gets the label of its partner.)

# %%
permuted = raw.y[permutation_partners(len(raw), raw.groups, random_state=3)]
guesser = mmlib.FusionClassifier(**cnn, epochs=20).fit(raw.X, permuted, groups=raw.groups)
print(f"permuted labels: {guesser.score(raw_test.X, raw_test.y):.0%} right on the test leaves")

# %% [markdown]
# **Exercise 14.5, predict, then run.** How often does the peak of the map of *this* net lie in a lesion: `"as often as by chance"`, `"far more often than by chance"` or `"never"`? (A third net is added below: our trained net, with its weights drawn anew at random.)

# %%
# SOLUTION
peak_of_permuted = "far more often than by chance"
# STUB
# peak_of_permuted = ...
check("14.5", peak_of_permuted)

# %% tags=["hide-output"]
from mmlib.explain.gradients import scramble

nets = {"trained": net, "permuted labels": guesser, "random weights": scramble(net)}
maps = {k: integrated_gradients(m, ill.X, label=2)[0]["image"] for k, m in nets.items()}
score_maps(maps, lesions).round().astype(int)

# %% [markdown]
# A net that knows nothing points at lesions, too! Each part of the map is a slope times the distance from the usual picture, and in a lesion this distance is large. So the map shows the *picture*, too, and not only the net. The fair baseline is not chance, but a net that has learned nothing (Adebayo 2018). Our net still beats both of them.
#
# The next figure shows the maps of all three: our trained net, the net taught permuted labels, and our net with its weights drawn anew at random. Dark is what adds much or takes much away. Each map has its own gray scale, so compare *where* it is dark, and not how dark it is. The outlines are the true lesions, and a ring marks the peak of each map:

# %%
from mmlib.course.widgets import explorer, static_row


def draw(leaf=10):
    return plot_maps(ill.X["image"][leaf], lesions[leaf], {k: m[leaf] for k, m in maps.items()})


# %%
explorer(draw, leaf=(0, 40, 10))

# %%
static_row(draw, [{"leaf": 10}, {"leaf": 40}])

# %% [markdown]
# (Two leaves say little; the table above counts all of them.)
#
# These maps ignore the sign. A pixel that speaks *against* blight is as dark as one that speaks for it. What if we count only what speaks for blight? `clip(0)` turns all that is below zero into zero:

# %%
score_maps({k: m.clip(0) for k, m in maps.items()}, lesions).round().astype(int)

# %% [markdown]
# Now the peaks of the nets that know nothing lie in lesions less often, though still far more often than by chance. So say with each map whether it keeps the signs.
#
# Occlusion can be judged in the same way, with squares of 6 pixels, and also without what is below zero. (We leave `hits` out: a square has no single peak.)

# %%
places = squares(48, 48, 6)
losses = {k: cover_map(m, ill.X, "image", places, usual, 2).clip(0) for k, m in nets.items()}
score_maps(losses, lesions)[["share", "area"]].round().astype(int)

# %% [markdown]
# Treated alike, both methods tell the trained net from the others.
#
# We owe the same control to the bands. How much do the three nets put on wet bands, when they are asked about drought?


# %%
def on_wet_bands(model):
    covered = cover_map(model, dry.X, "spectrum", windows, usual, label=1)
    added = integrated_gradients(model, dry.X, label=1)[0]["spectrum"]
    stretches = np.add.reduceat(added, range(0, 211, 10), axis=1)
    both = {"covered": covered, "integrated": paint(stretches, windows, (211,))}
    return score_maps(both, planted > planted.max() / 2)["share"]


# %%
pd.DataFrame({name: on_wet_bands(model) for name, model in nets.items()}).T.round().astype(int)

# %% [markdown]
# The trained net is ahead here, too. But the net with random weights puts more on wet bands than `area` (42 %): 55 % by covering, and 48 % by integrated gradients. A dry leaf differs most from the usual leaf on wet bands, and a net can react to that without having learned anything. The net that was taught permuted labels lies at `area`. So a single control is not enough. Take several, and let the highest be the baseline.
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
# Asked about its own training leaves, the model seems to need both modalities. But is it right at all?

# %%
for name, part in asked.items():
    print(f"{name}: {by_heart.score(part.X, part.y):.0%} right")

# %% [markdown]
# This model knows nothing of new leaves; it guesses. So first ask whether a model is right on new samples, and then explain it on those. (For this reason the discriminant and the net were scored on their test leaves before they were questioned.)
#
# **Exercise 14.6, a judgment.** You have trained one model on your own data, with both modalities. You know one number: when the spectra are exchanged, it loses about zero points. May the spectrometer be sold: `"yes"`, `"no"`, or must you first `"train without it"`?

# %%
# SOLUTION
decision = "train without it"
# STUB
# decision = ...
check("14.6", decision)

# %% [markdown]
# **What you saw.** Permutation tells what *this model* uses. Models that are trained without a modality tell what the *data* hold. Redundancy can hide a modality, and synergy shows in readings, and much less in decisions. Ask for blocks of bands, not for single bands. Compare each map with the map of a net that has learned nothing, and say whether it keeps the signs. No explanation here proves a cause.
#
# **Use it when** somebody asks why a model answers as it does, or which instrument can be spared. First make sure that the model is right on new samples. Before you give up an instrument, train without it.
#
# **Words.** *Permutation importance* (`permutation_importance` in scikit-learn, by column). *Shapley value* (the library shap estimates it for single columns). *Redundant, unique, synergy*: partial information decomposition. *Occlusion, integrated gradients* (`Occlusion`, `IntegratedGradients` in captum). *Attribution*: what each input adds.
#
# **Read more:** Shapley 1953, doi:10.1515/9781400881970-018. Breiman 2001, doi:10.1023/A:1010933404324. Bertschinger 2014, doi:10.3390/e16042161. Sundararajan 2017, arXiv:1703.01365. Zeiler 2014, doi:10.1007/978-3-319-10590-1_53. Adebayo 2018, arXiv:1810.03292. Haufe 2014, doi:10.1016/j.neuroimage.2013.10.067.
#
# **Next:** [A quantity](15_regression.ipynb): milligrams instead of classes.
