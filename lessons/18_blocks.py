# %% [markdown]
# # What does the second block add?
# Afterwards you can say what a second block of data adds to a first one, and how far the answer depends on their order; you can run the fusions of chemometrics (multi-block PLS, SO-PLS, ROSA, ComDim), read their scores and loadings, and judge them on the same folds as every other model.
#
# You need notebooks 00, 03 and 04. Notebook 15 explains the target used here.
#
# **65 minutes**: 41 reading, 1 running, 23 exercises.
#
# A **block** is the chemist's word for the table of one modality. We stay on the rung of early fusion, and ask for more than a score. (In the drawing below, blocks are put side by side. SO-PLS, the method that we shall use most, takes them one after the other.)

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("early"))

# %% [markdown]
# ## A color sensor or a ruler?
# Your laboratory measures the spectrum of a leaf, and predicts how much chlorophyll the whole leaf contains. Now there is money for one more instrument. A *color sensor* gives 15 values that describe the colors of the leaf. A *ruler* (say, a scanner with a scale) gives a single value, the area of the leaf. **Which of the two should you buy?**
#
# In our simulated leaves both come from the photograph. The area is measured with the white bar of 2 cm, as in notebook 15; the one leaf whose bar cannot be seen is left out.

# %%
import numpy as np

import mmlib
from mmlib.features import ColorTexture, object_area

# %%
leaves = mmlib.load_leaves(target="chlorophyll")
area = object_area(leaves.X["image"], bar=2)
seen = np.isfinite(area)
leaves, area = leaves.take(seen), area[seen]

# %% [markdown]
# The spectra become absorbances, $\log_{10}(1/R)$. The chlorophyll of a leaf is its concentration times the area, and a linear model can only add. So we predict the *logarithm* of the mass, which is the logarithm of the concentration plus the logarithm of the area.


# %%
def absorbance(reflectance):
    return -np.log10(np.clip(reflectance, 0.001, 1))


# %%
measures = ColorTexture().fit_transform(leaves.X.pop("image"))
leaves.X["spectrum"] = absorbance(leaves.X["spectrum"])
leaves.X["color"] = measures[:, :15]
leaves.X["size"] = np.log(area)[:, None]
leaves.X["picture"] = np.column_stack([measures, np.log(area)])
leaves.y = np.log(leaves.y)

# %% [markdown]
# How much can be explained at all? A perfect spectrometer would know the concentration exactly, and nothing of the area. A perfect ruler would know the area only. The simulation tells us what share of the variance that would be. (In `info`, `chlorophyll` is the concentration. The target is the mass.)

# %%
ceiling = {}
for name, factor in {"spectrum": "chlorophyll", "size": "area"}.items():
    known = np.log(leaves.info[factor])
    ceiling[name] = np.corrcoef(known, leaves.y)[0, 1] ** 2
    print(f"ceiling of the {name}: {ceiling[name]:.0%} of the variance")

# %% [markdown]
# (Together they are slightly more than everything. In these leaves concentration and area go along with each other a little, so each also tells a little of the other.)
#
# Now each block alone, by PLS, on folds that keep plants whole. **R2** is the explained share of the variance in plants that the model has not seen. `sequence` builds the model from the names of blocks; what it does with two of them we shall see in a moment.

# %%
from sklearn.preprocessing import StandardScaler

from mmlib.fusion import SOPLS, scores_fusion


# %%
def sequence(*names):
    steps = {name: StandardScaler() for name in names}
    return scores_fusion(SOPLS(), blocks=steps, task="regression")


# %%
blocks = ["spectrum", "color", "size", "picture"]
alone = {f"{name} only": sequence(name) for name in blocks}
singles = mmlib.compare(alone, leaves, n_folds=4, n_repeats=1)
r2 = singles.table["R2"]
for name in ("spectrum", "color", "size"):
    print(f"{name} alone: {r2[f'{name} only']:.0%}")

# %%
off = np.abs(area / leaves.info["area"] - 1)
print(f"typical error of the area {np.median(off):.1%}")
print(f"more than 10 % off: {np.sum(off > 0.1)} of {len(off)} leaves")
readable = leaves.take(off <= 0.1)
well = mmlib.compare({"size only": sequence("size")}, readable, n_folds=4, n_repeats=1)
print(f"size alone, without these leaves: {well.table['R2']['size only']:.0%}")

# %% [markdown]
# The spectrum comes close to its ceiling. The size does not: the area of a few leaves is read badly from the photograph (notebook 15). Without these 14 leaves the size alone explains 14 %, close to its ceiling.
#
# **Exercise 18.1, predict.** You own the spectrometer, and can pay for one of the two offers. Do you buy the `"color sensor"` or the `"ruler"`? `hint("18.1")` helps.

# %%
from mmlib.course.exercises.e18 import check, hint

# %%
# SOLUTION
buy = "ruler"
# STUB
# buy = ...
check("18.1", buy)

# %% [markdown]
# ## Three samples, then SO-PLS
# Two blocks of one column each, three samples, all with a mean of zero. What share of the variance of y does a column explain? It is the square of the correlation:

# %%
first = np.array([-1.0, 0, 1])
second = np.array([-1.0, -1, 2])


# %%
def explained(x, y):
    return (x @ y) ** 2 / ((x @ x) * (y @ y))


# %% [markdown]
# Let y be the same as the first column. Then the second explains much of y as well, because it goes along with the first:

# %%
y = first
print(f"first {explained(first, y):.0%}, second {explained(second, y):.0%}")

# %% [markdown]
# And what does it *add*? The first has explained everything, so the second can add nothing, although it explains three quarters alone. To see this in numbers, take out of the second column whatever goes along with the first. This is called **orthogonalizing**: what is left does not correlate with the first column.

# %%
rest = second - first * (first @ second) / (first @ first)
print("new in the second column:", rest)
print(f"which explains {explained(rest, y):.0%} of y")

# %% [markdown]
# **Exercise 18.2.** Write a function for any three columns with a mean of zero, of which the second is no mere multiple of the first: the share of the variance of y that `second` explains *after* `first`. You may use `explained`.


# %%
# SOLUTION
def added(first, second, y):
    rest = second - first * (first @ second) / (first @ first)
    return explained(rest, y)


# STUB
# def added(first, second, y):
#     return ...
check("18.2", added)

# %% [markdown]
# Now a y that needs both columns. We let either of them come first:

# %%
y = np.array([-2.0, -1, 3])
other = first - second * (first @ second) / (second @ second)
print(f"first {explained(first, y):.0%}, then second adds {explained(rest, y):.0%}")
print(f"second {explained(second, y):.0%}, then first adds {explained(other, y):.0%}")

# %% [markdown]
# The sum is the same. But whichever comes second seems to be of little use! Both columns *share* most of what they know of y, and what is shared is counted for the one that comes first. Keep this in mind for later.
#
# With whole blocks we do the same with PLS. It is called **SO-PLS**, sequential and orthogonalized PLS (Næs and others, 2011), and has four steps:
#
# 1. Fit PLS to the first block.
# 2. Take its scores out of the second block.
# 3. Fit PLS to what is left of the second block, with what is left of y as its target.
# 4. Add both predictions.
#
# Here we simply take 9 latent variables of the spectrum; how to choose their number comes below. The size is a single column, so it gets one.

# %%
from sklearn.cross_decomposition import PLSRegression

train, test = leaves.split(seed=0)

# %%
one = StandardScaler().fit_transform(train.X["spectrum"])
two = StandardScaler().fit_transform(train.X["size"])

# %%
pls = PLSRegression(9, scale=False).fit(one, train.y)
left = train.y - pls.predict(one)
scores = pls.transform(one)
new = two - scores @ np.linalg.lstsq(scores, two)[0]
more = PLSRegression(1, scale=False).fit(new, left)
said = pls.predict(one) + more.predict(new)

# %% [markdown]
# `SOPLS` finds the same scores, for training and for new samples, and for any number of blocks. `scores_fusion` puts it into a pipeline: make the blocks, find the scores, and fit y to the scores by least squares.

# %%
steps = {"spectrum": StandardScaler(), "size": StandardScaler()}
by_hand = scores_fusion(SOPLS({"spectrum": 9, "size": 1}), blocks=steps, task="regression")

# %%
by_hand.fit(train.X, train.y)
print("largest difference:", np.abs(by_hand.predict(train.X) - said).max().round(6))

# %% [markdown]
# Nothing here depends on how the blocks are scaled against each other, because PLS sees one block at a time. No block can drown another, and block scaling, so important in notebook 04, is not needed.
#
# We are ready for the purchase. Each offer comes after the spectrum, on the same folds as before:

# %% tags=["hide-output"]
models = {"spectrum only": sequence("spectrum")}
models |= {f"spectrum, then {name}": sequence("spectrum", name) for name in ("color", "size")}
offers = mmlib.compare(models, leaves, n_folds=4, n_repeats=1)
for name in ("color", "size"):
    print(offers.sentence(f"spectrum, then {name}", "spectrum only", "R2", decimals=3))

# %% tags=["hide-output"]
import pandas as pd

from mmlib.course.figures.n18 import plot_added

rows = {}
for name in ("color", "size"):
    found = offers.paired(f"spectrum, then {name}", "spectrum only", "R2")
    rows[name] = {"alone": r2[f"{name} only"], "added": found.difference}
    rows[name] |= {"low": found.low, "high": found.high}
show(*plot_added(pd.DataFrame(rows).T))

# %% [markdown]
# (An R2 higher by 0.063 is 6 % more of the variance.) The color, which explains much alone, adds next to nothing. The size, which explains little alone, adds most of that little. The reason is plain once you see it: a leaf gets its color from chlorophyll, and the spectrum knows that already, and better. Nothing in the spectrum knows how large the leaf is. **What a block explains alone does not tell what it adds.** So buy the ruler.
#
# ## How many latent variables? The Mage plot
# Now let the second block be everything that the picture gives: 33 features and the area. Each block needs its own number of latent variables, and the two numbers depend on each other. So all combinations are tried, on plants held out inside the training part. `SOPLS` does this whenever no numbers are given; `held_out_error` shows the errors, as shares of the variance.

# %%
from mmlib.fusion import held_out_error

model = sequence("spectrum", "picture")
model.fit(train.X, train.y, scores__groups=train.groups)
errors = held_out_error(model)
print(errors.head(5).round(3))

# %% [markdown]
# Ingrid Måge's plot shows them all. The horizontal axis is the total number of latent variables, the vertical one the error, on a logarithmic scale. There is a point for each combination: at most 12 latent variables from each block, and at most 20 in all. The best is circled. Below some of the lowest points stand their two numbers: first those of the spectrum, then those of the picture.

# %%
from mmlib.course.figures.n18 import plot_loadings, plot_mage, plot_orders, plot_saliences

show(*plot_mage(errors))

# %% [markdown]
# Points above each other have the same total, divided between the blocks in different ways. With one block alone the error never gets near the bottom. Only points that use both blocks get there. From about eight latent variables on, the line of the lowest points falls only slowly. Many combinations leave at most two points more than the best, so the exact numbers mean little. (The best lies at the edge of what was tried, with 12 of the picture. More were not tried.)
#
# **Exercise 18.3.** Take the best combination out of `errors`, as two numbers: how many of the spectrum, how many of the picture.

# %%
# SOLUTION
best = errors.idxmin()
# STUB
# best = ...
check("18.3", (best, errors))

# %% [markdown]
# The error at the lowest point may flatter, because it was chosen as the lowest. That is why `compare` lets every fold choose anew, from its own training part.
#
# What did the model find? Scores do not correlate with each other, so explained variance adds up. Here are the first scores, with the share that each explains of both blocks and of the target, in training:

# %%
from mmlib.fusion import explained_variance

table = explained_variance(model)
print(table.groupby(level="block", sort=False).head(3).round(3))

# %% [markdown]
# The first score of the spectrum explains most of the target, though not most of the spectrum. Score 2, for example, explains 56 % of the spectrum and only 7.5 % of the target. PLS needs such scores, too, in order to subtract what disturbs the others. **Loadings** say how each column varies with a score. Here a column is a wavelength, and its loading is its correlation with the score (other programs scale loadings in other ways):

# %%
wavelengths = leaves.axes["spectrum"]
loadings = model["scores"].loadings_["spectrum"][:, :2]
show(*plot_loadings(wavelengths, loadings, ["score 1", "score 2"]))

# %% [markdown]
# Score 1 goes along with the absorbance of visible light, up to the edge near 700 nm where chlorophyll stops absorbing. In the whole infrared its loadings are negative, so it is a contrast: visible light minus infrared. Score 2 has loadings of the same sign everywhere: all bands rise together. (The sign of a score means nothing; it could be turned around.)
#
# Because these leaves are simulated, we can look up which true factors the scores follow. These are their correlations with four of them:

# %%
values = pd.DataFrame(model[:-1].transform(train.X))  # all steps but the last: the scores
values.columns = [f"{n} {block}" for n, block in table.index]
truth = pd.DataFrame({n: np.log(train.info[n]) for n in ("chlorophyll", "water", "area")})
truth["maturity"] = train.info["maturity"]
firsts = [name for name in values if name[:2] in ("1 ", "2 ")] + [
    next(name for name in values if name.endswith("picture"))
]
print(pd.DataFrame({name: truth.corrwith(values[name]) for name in firsts}).round(2) + 0.0)

# %% [markdown]
# The first score of the spectrum is mostly chlorophyll (per area, as always in `info`). Maturity goes along, because mature leaves have more chlorophyll. Score 2 goes along with water most, and less with maturity and chlorophyll. The first score of the *picture* goes along with the area, and not with chlorophyll: what the picture knows of that has been taken out before. In this way a chemist sees what is new in a block.
#
# ## The order is yours
# We let the spectrum come first, and this was in its favor. Was it fair? The picture alone explains this much:

# %%
print(f"picture alone: {r2['picture only']:.0%}, spectrum alone: {r2['spectrum only']:.0%}")

# %% [markdown]
# **Exercise 18.4, predict.** Now the picture comes first. How much will the spectrum add: `"less than 30 %"`, `"about half"` or `"about 85 %"`?

# %%
# SOLUTION
spectrum_adds = "less than 30 %"
# STUB
# spectrum_adds = ...
check("18.4", spectrum_adds)

# %% tags=["hide-output"]
names = ("spectrum", "picture")
pairs = {f"{a} first": sequence(a, b) for a, b in (names, names[::-1])}
both = mmlib.compare(pairs, leaves, n_folds=4, n_repeats=1)
orders = {}
for name, later in (names, names[::-1]):
    start, end = r2[f"{name} only"], both.table["R2"][f"{name} first"]
    orders[f"{name} first"] = {name: start, later: end - start}
show(*plot_orders(orders))

# %% tags=["hide-output"]
print(both.sentence("spectrum first", "picture first", "R2", decimals=3))
shared = r2["spectrum only"] + r2["picture only"] - both.table["R2"].mean()
print(f"known to both: {shared:.0%} of the variance")

# %% [markdown]
# The prediction is about the same. The story is another one: "the spectrum does it, and the picture adds a little" against "the picture does it, and the spectrum adds a little". Both are true. Most of what is known is known to *both*, and no calculation can say whose it is.
#
# So give three numbers: what each block adds *after* the other, and what both share. What is shared is what one explains alone plus what the other explains alone, minus what both explain together. Here that is 85 + 77 - 95 = 67 %. (Shares are rounded, so a bar may add up to 101. What is shared may also come out negative, if only the two together know something. An example comes below.)
#
# And fix the order before you look, by a reason from outside: the instrument that you own anyway, or the cheaper one, comes first.
#
# ## The rivals, on the same folds
# SO-PLS has three well-known relatives.
#
# - **MB-PLS** (notebook 04): block-scaled blocks side by side, one PLS. All blocks take part in every latent variable.
# - **ROSA** (Liland and others, 2016): for each latent variable every block makes an offer, and the offer that leaves the smallest error wins. There is no order to fix, and the blocks need no scaling against each other.
# - **ComDim** (Qannari and others, 2000): looks for dimensions that hold much of all blocks taken together, without looking at y. A block's **salience** says how much it varies along a dimension.
#
# Beside them stands an ordinary early fusion: ridge regression on block-scaled blocks.

# %%
from sklearn.linear_model import RidgeCV

from mmlib.fusion import ROSA, ComDim, early_fusion
from mmlib.fusion.multiblock import multiblock_pls


def rivals(blocks, task, plain):
    return {
        "SO-PLS": scores_fusion(SOPLS(), blocks=blocks, task=task),
        "ROSA": scores_fusion(ROSA(), blocks=blocks, task=task),
        "MB-PLS": multiblock_pls(blocks=blocks, task=task),
        "ComDim": scores_fusion(ComDim(), blocks=blocks, task=task),
        "early": early_fusion(blocks=blocks, task=task, classifier=plain),
    }


# %%
pair = {name: StandardScaler() for name in names}
five = rivals(pair, "regression", RidgeCV(np.logspace(-5, 3, 17)))

# %%
quantity = mmlib.compare(five, leaves, n_folds=4, n_repeats=1)
print(quantity.table["R2"].round(3).to_string())

# %%
print(quantity.sentence("SO-PLS", "MB-PLS", "R2", decimals=3))
for name in ("SO-PLS", "ROSA", "MB-PLS"):
    print(quantity.sentence(name, "early", "R2", decimals=3))
print(quantity.sentence("ComDim", "MB-PLS", "R2", decimals=3))

# %% [markdown]
# All that look at y are close to each other. ComDim is behind. Its saliences suggest a reason:

# %%
from mmlib.fusion import saliences

common = five["ComDim"].fit(train.X, train.y, scores__groups=train.groups)

# %%
target = explained_variance(common)["target"].to_numpy()
show(*plot_saliences(saliences(common).iloc[:8], target[:8]))

# %%
print(common["scores"].choice_)

# %% [markdown]
# Where only one block has a bar, the dimension is *distinct*: it belongs to that block. Where both have one, it is *common*. The dimensions come in the order of how much varies along them, and the first has nothing to do with y. ComDim takes as many dimensions as it may, 15 (printed above), and probably it would need more.
#
# But it shows what each block has in a dimension, without any order. The dimension that explains most of the target is a *common* one (as the first score of SO-PLS was), though the picture varies more along it than the spectrum. There it is, the part that both blocks know. Use ComDim to look at blocks, even before there is a target.
#
# Now the winners of ROSA's first six contests:

# %%
winners = five["ROSA"].fit(train.X, train.y)["scores"].sources_
print(", ".join(winners[:6]))

# %% [markdown]
# Both blocks win. Do not read too much into who wins first: where both know the same, a narrow lead may decide (the offers are not printed here).
#
# The same methods for the five *conditions* of the leaves. (Early fusion now ends in discriminant analysis, instead of ridge regression.) Each class becomes a column of zeros and ones, as in PLS-DA, and discriminant analysis decides on the scores.

# %%
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from mmlib.features import with_features

plants = with_features(mmlib.load_leaves())
plants.X["spectrum"] = absorbance(plants.X["spectrum"])
pair = {name: StandardScaler() for name in ("spectrum", "image")}
plain = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
models = rivals(pair, "classification", plain)
classes = mmlib.compare(models, plants, n_folds=4, n_repeats=1)
show(*classes.plot())

# %%
for name in ("SO-PLS", "ROSA", "MB-PLS", "ComDim"):
    print(classes.sentence("early", name))

# %% [markdown]
# The result is the same. SO-PLS, ROSA and MB-PLS, which look at y, cannot be told apart from a plain early fusion, neither here nor with the quantity above. ComDim, which does not, stays behind. So for the *score* alone you need none of these methods. You need them to say what each block contributes. (The means of four of the five lie above the *late ceiling*. That line holds for two reports that are multiplied, see notebook 05. These models see the columns themselves.)
#
# And when must they lose? All of them add. Where y depends on whether two things *agree*, no sum of blocks can tell, in whatever order they come. Take two instruments, each of which says plus or minus, and a y that asks whether both say the same:

# %%
one = np.array([-1.0, -1, 1, 1])
two = np.array([-1.0, 1, -1, 1])
same = one * two
print(f"first {explained(one, same):.0%}, second {explained(two, same):.0%}")
print(f"in common: {one @ two:.0f}")

# %% [markdown]
# Neither explains anything, and as the two columns do not correlate, neither adds anything after the other. Yet both together know y exactly: by the formula above, what they share is 0 + 0 - 100 %. (That is why this notebook predicts a logarithm, which turned a product into a sum.) Where no sum will do, take the nets of notebooks 06 and 10.
#
# ## Find the mistake
# A colleague has 24 plants, with about five leaves each. She adds a new instrument as the second block, with three latent variables, and reports what it explains. Her instrument is broken: it sends 200 columns of noise.
#
# **Exercise 18.5, predict.** The spectrum leaves a part of the target unexplained. How much of the target will the noise explain in training: `"nothing"`, `"a tenth of what is left"` or `"most of what is left"`?

# %%
# SOLUTION
noise_explains = "most of what is left"
# STUB
# noise_explains = ...
check("18.5", noise_explains)

# %%
few = leaves.take(leaves.groups < 24)
few.X["broken"] = np.random.default_rng(0).normal(size=(len(few), 200))
steps = {name: StandardScaler() for name in ("spectrum", "broken")}

# %% tags=["hide-output"]
fixed = scores_fusion(SOPLS({"spectrum": 6, "broken": 3}), blocks=steps, task="regression")
parts = explained_variance(fixed.fit(few.X, few.y))["target"].groupby(level="block").sum()
print(parts[["spectrum", "broken"]].round(3).to_string())

# %% [markdown]
# In training the noise explains nearly everything that the spectrum has left over. Explained variance of the training samples, the number that many programs print, is no evidence at all. On new plants:

# %%
without = scores_fusion(SOPLS({"spectrum": 6}), blocks={"spectrum": StandardScaler()},
                        task="regression")  # fmt: skip
models = {"spectrum": without, "spectrum, then noise": fixed}
judged = mmlib.compare(models, few, n_folds=4, n_repeats=1)
print(judged.table["R2"].round(3).to_string())
print(judged.sentence("spectrum, then noise", "spectrum", "R2", decimals=3))

# %%
free = scores_fusion(SOPLS(), blocks=steps, task="regression")
print(free.fit(few.X, few.y, scores__groups=few.groups)["scores"].choice_)
lowest = held_out_error(free)
print("numbers of", *lowest.index.names, "with the smallest error:", *lowest.idxmin())

# %% [markdown]
# On new plants the noise shows no gain. Its R2 is even a little lower, though not beyond chance. The last lines are the cure: where the numbers are chosen on plants held out, 0 is among them. Here it was chosen (7 of the spectrum, 0 of the broken instrument), so the broken block is left out altogether.
#
# **Exercise 18.6, a judgment.** A paper says: "SO-PLS with the spectrum first; the camera adds 0.3 % on new plants." What follows: `"the camera knows little of the target"`, `"beside the spectrum it is hardly needed"` or `"the spectrum causes what the camera sees"`?

# %%
# SOLUTION
follows = "beside the spectrum it is hardly needed"
# STUB
# follows = ...
check("18.6", follows)

# %% [markdown]
# **What you saw.** A block that explains much alone may add nothing, and a block that explains little may add just that. What two blocks share is counted for the one that comes first, so the order belongs in every report. SO-PLS, ROSA and MB-PLS, which look at y, could not be told apart from early fusion here, and let you say where a prediction comes from. ComDim, which does not look at y, stays behind; it is for looking at blocks. Only what holds on new samples counts.
#
# | here | in the field |
# |---|---|
# | block, modality | block, data set, view |
# | what a block adds after another | *incremental* or *additional* contribution; in statistics, for one column and on the training samples, the squared *semi-partial correlation* |
# | `multiblock_pls` | MB-PLS, multi-block PLS with super scores |
# | `SOPLS` | SO-PLS; with classes SO-PLS-LDA |
# | `ROSA` | response oriented sequential alternation |
# | `ComDim` | common components and specific weights analysis (CCSWA); *specific weight* for salience |
# | early fusion, block-scaled | low- or mid-level data fusion |
#
# **Use it when** somebody asks whether a second instrument is worth its price, or which block a result comes from.
#
# **Words:** block, orthogonalizing, SO-PLS, Mage plot, explained variance, ROSA, ComDim, salience, common and distinct.
#
# **Read more:** Næs et al. (2011), doi:10.1002/cem.1357, on SO-PLS; Biancolillo, Måge and Næs (2015), doi:10.1016/j.chemolab.2014.12.001, with classes; Liland, Næs and Indahl (2016), doi:10.1002/cem.2824, on ROSA; Qannari et al. (2000), doi:10.1016/S0950-3293(99)00069-5, on ComDim; Smilde, Næs and Liland (2022), *Multiblock Data Fusion in Statistics and Machine Learning*, and its R package `multiblock`.
#
# **Next:** [Another day, another instrument](19_another_day.ipynb), or [your own data](16_own_data.ipynb).
