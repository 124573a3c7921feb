# %% [markdown]
# # Early fusion
# Afterwards you can put two modalities into one table without the larger one drowning the smaller, choose the model that takes it, read from which block the result comes, say when the second block does harm, and let a model weigh the blocks by itself.
#
# You need notebooks 00 to 03.
#
# **60 minutes**: 32 reading, 1 running, 27 exercises.
#
# First rung with two modalities: they meet as columns, before any model.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("early"))

# %% [markdown]
# ## Three leaves, two columns
# Which of two leaves is more like the first? Each instrument gives one number: reflectance at 1450 nm, where water absorbs, and the area of the leaf in square millimeters. The first leaf is dry, the second is dry as well, and the third is wet.

# %%
import numpy as np

table = np.array([[0.30, 1200.0], [0.31, 1205.0], [0.10, 1204.0]])  # dry, also dry, wet

# %% [markdown]
# **Exercise 04.1, predict.** Take each row as it is, and the ordinary distance between rows. Which leaf is then nearest to the dry one: `"also_dry"` or `"wet"`?

# %%
from mmlib.course.exercises.e04 import check, hint

# %%
# SOLUTION
nearest = "wet"
# STUB
# nearest = ...
check("04.1", nearest)

# %%
print("distances from the dry leaf:", np.linalg.norm(table - table[0], axis=1).round(1))

# %% [markdown]
# The wet leaf is the nearest: one square millimeter outweighs all the water in a leaf, since millimeters are small and many. Had area been measured in square meters, water would decide alone. The *unit* decides, and that is absurd. So subtract its mean from each column, and divide by its standard deviation:

# %%
scaled = (table - table.mean(axis=0)) / table.std(axis=0)
print("distances from the dry leaf:", np.linalg.norm(scaled - scaled[0], axis=1).round(1))

# %% [markdown]
# Now both columns have a say, and the neighbor is another one. Most tutorials stop here. One trap is left, and it grows with the number of columns.
#
# ## A large block drowns a small one
# Our leaves: 211 bands, 33 features of the picture, and, for the sake of the argument, its 6,912 bare pixel values:

# %%
import mmlib
from mmlib.features import flatten, spectrum_steps, with_features

raw = mmlib.load_leaves()
leaves = with_features(raw)  # the features take the place of the picture
leaves.X["pixels"] = flatten(raw.X["image"])

# %% [markdown]
# Every column is scaled to a variance of 1. Then a block has as much variance as it has columns:

# %%
for columns in (6912, 33):
    share = columns / (columns + 211)
    print(f"{columns} columns beside 211 bands: {share:.0%} of all variance is the picture's")

# %% [markdown]
# **Block scaling** is the cure: divide each *whole* block by the root of its total variance. Then every modality weighs the same, whatever its number of columns. On a block of two columns, with variances 9 and 16:

# %%
block = np.array([[3.0, 4.0], [-3.0, -4.0]])
print(block / np.sqrt(block.var(axis=0).sum()))

# %% [markdown]
# Does it matter? Ask a model that looks at distances: the 15 nearest neighbors vote. `early_fusion` builds the pipeline: make the blocks, weigh them, put them side by side, classify. We say how a modality becomes its block, and switch block scaling off and on. `spectrum_steps(derivative=0)` is SNV and scaling, as in notebook 01. (One block alone has nothing to be weighed against.)

# %%
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

from mmlib.fusion import early_fusion

bands = {"spectrum": spectrum_steps(derivative=0)}
pair = {**bands, "image": StandardScaler()}
drowned = {**bands, "pixels": StandardScaler()}

# %%
vote = KNeighborsClassifier(15)
models = {"bands": early_fusion(blocks=bands, classifier=vote)}
for name, blocks in {"bands + pixels": drowned, "bands + features": pair}.items():
    models[name] = early_fusion(blocks=blocks, classifier=vote, block_scale=False)
    models[f"{name}, block-scaled"] = early_fusion(blocks=blocks, classifier=vote)

# %% [markdown]
# Before you run it: will bands and pixels together be better than the bands alone?

# %%
neighbors = mmlib.compare(models, leaves, n_folds=4, n_repeats=3)
show(*neighbors.plot())

# %%
print(neighbors.sentence("bands + features, block-scaled", "bands + features"))

# %% [markdown]
# Two lessons. Drowned by pixels, two instruments are worse than one. And equal weight does not turn bare pixels into knowledge for this model: what a block *holds* matters more than what it weighs.
#
# Is equal weight the best weight? Nobody promised that. Multiply the picture's block by a weight and the spectrum's by the rest, for two models. A weight of 0.5 is block scaling.

# %%
from functools import partial

from mmlib.course.experiments import draw_block_weights
from mmlib.course.figures.n04 import plot_against, plot_shares
from mmlib.course.widgets import explorer, static_row

train, test = leaves.split(seed=0)
draw = partial(draw_block_weights, train, test, pair)
explorer(draw, neighbors=[1, 5, 15, 50])

# %%
static_row(draw, [{"neighbors": 1}, {"neighbors": 50}])

# %% [markdown]
# Broad hills: anything near the middle will do. The picture is drawn with test samples, so do not pick your weight from one like it.
#
# ## Which model takes the table?
# Any. Here are four, on 15 principal components of the spectrum (after SNV and scaling) and 33 features of the picture. LDA is **shrunk** a little, which a later section explains. New is **logistic regression**: weighted sums turned into probabilities. All steps are fitted inside the fold. Which will lead, which will trail?

# %%
from sklearn.covariance import OAS
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from mmlib.features import default_block

both = {"spectrum": default_block((211,), 15), "image": StandardScaler()}
shrunk = LinearDiscriminantAnalysis(solver="lsqr", covariance_estimator=OAS())

# %%
heads = {
    "LDA": shrunk,
    "SVM": SVC(),
    "random forest": RandomForestClassifier(200, min_samples_leaf=3, random_state=0),
    "logistic regression": LogisticRegression(C=30, solver="newton-cholesky"),
}
parts = {f"{name} only": {name: both[name]} for name in both}
models = {name: early_fusion(blocks=part, classifier=shrunk) for name, part in parts.items()}
models |= {name: early_fusion(blocks=both, classifier=head) for name, head in heads.items()}

# %%
fused = mmlib.compare(models, leaves, n_folds=4, n_repeats=1)
show(*fused.plot())

# %%
print(fused.sentence("LDA", "random forest"))

# %% [markdown]
# The forest, many people's first choice, has to give way to a straight line. Nitrogen may be the reason. A leaf lacks it when chlorophyll is low *for its maturity*: a difference of two columns. A line across both columns sees that at once. A tree cuts one column at a time and needs a staircase.
#
# We are not far from the ceiling, with the simplest fusion there is. **This is the bar for every rung that follows.**
#
# **Exercise 04.2, predict, then run.** Take ordinary LDA, with the covariance as the samples give it. (The one above shrinks it, see below.) Does block scaling change its answers? `True` or `False`?

# %%
# SOLUTION
changes = False
# STUB
# changes = ...
check("04.2", changes)

# %%
plain = LinearDiscriminantAnalysis()
ways = [early_fusion(blocks=both, classifier=plain, block_scale=scale) for scale in (False, True)]
first, second = (way.fit(train.X, train.y).predict(test.X) for way in ways)
print(f"the same answer for {np.mean(first == second):.0%} of the leaves")

# %% [markdown]
# LDA measures distances in units of the spread it finds, so units cancel. A ridge penalty, neighbors, an SVM's kernel, PCA and PLS have no such protection.
#
# ## The chemist's way: multi-block PLS
# PLS on block-scaled blocks has been known to chemometrics since the eighties as **multi-block PLS**. It also says from which instrument something comes. Each latent variable has weights; their squares, summed over a block, are the block's share. We take eight latent variables; given no number, `multiblock_pls` chooses one inside the training part.

# %%
from mmlib.fusion.multiblock import block_importance, multiblock_pls

chemist = multiblock_pls(blocks=pair, n_components=8)
shares = block_importance(chemist.fit(train.X, train.y))
show(*plot_shares(shares))

# %% [markdown]
# A share says what PLS *used*, not what it *needed*: for that, leave the block out and compare.
#
# **Exercise 04.3.** The bars stand in a table, `shares`, one row for each latent variable. Which of them leans most on the picture? Give its number.

# %%
# SOLUTION
leans_most = shares["image"].idxmax()
# STUB
# leans_most = ...
check("04.3", (leans_most, shares))

# %%
chemists = mmlib.compare({"MB-PLS-DA": chemist, "LDA": models["LDA"]}, leaves, 4, 1)
print(chemists.sentence("LDA", "MB-PLS-DA"))

# %% [markdown]
# (MB-PLS-DA: the latent variables go to a discriminant analysis, as in notebook 01.) LDA is ahead, but not by much: a method from the eighties comes close, and it can be read. The words of the trade:
#
# | here | called elsewhere |
# |---|---|
# | early fusion of bands and pixels as measured | low-level data fusion |
# | early fusion of features or scores | mid-level data fusion; `FeatureUnion` in scikit-learn |
# | block scaling and PLS | MB-PLS; hierarchical PLS is a near relative |
# | one block after the other, only what is new | SO-PLS: sequential and orthogonalized |
#
# ## When the second block does harm
# Columns that know nothing can still be fitted. Let the spectrum meet a modality of pure noise, in a study of 200 leaves, and give the noise more and more columns. Each fold leaves about 150 to learn from.

# %%
small = leaves.take(np.flatnonzero(leaves.groups[:400] % 2 == 0))  # every second plant
noise = np.random.default_rng(0).normal(size=(len(small), 800))
noisy = {"spectrum": both["spectrum"], "noise": StandardScaler()}
little = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.02)
lda = {"not shrunk": plain, "shrunk by 2 %": little, "shrunk by OAS": shrunk}
models = {name: early_fusion(blocks=noisy, classifier=head) for name, head in lda.items()}
models["spectrum only"] = early_fusion(blocks=parts["spectrum only"], classifier=shrunk)


# %%
def accuracies(columns):
    small.X["noise"] = noise[:, :columns]
    return mmlib.compare(models, small, n_folds=4, n_repeats=3).table["mean"]


# %% [markdown]
# LDA needs the covariance of all columns: how they vary together. **Shrinkage** pretends that they go together a little less than the samples say; here by 2 %.
#
# **Exercise 04.4, predict, then run.** Beside how many columns of noise is the LDA that is shrunk by 2 % at its worst: `25`, `100` or `800`?

# %%
# SOLUTION
worst_at = 100
# STUB
# worst_at = ...
check("04.4", worst_at)

# %%
import pandas as pd

sizes = [1, 25, 100, 200, 400, 800]
curves = pd.DataFrame([accuracies(n) for n in sizes]).to_dict("list")
alone = ("spectrum only", curves.pop("spectrum only")[0])
show(*plot_against(sizes, curves, "columns of noise", alone))

# %% [markdown]
# Fusion is no free gift: a block that knows nothing can cost accuracy. How much depends on the model. An LDA that is not shrunk ends near chance.
#
# But with 2 %, 800 columns hurt *less* than 100? With about as many columns as leaves a linear model can *just* explain every training leaf, and has to bend far to do it. With many more, block scaling makes each noise column tiny, and 2 % is enough to hold tiny columns down. A dip near "columns = samples" is known as **double descent**.
#
# OAS (Chen et al. 2010) does not fix the percentage. It estimates it, and shrinks the more, the fewer the samples are for their columns. That is a help, not a cure: beside many useless columns it stays below the spectrum alone, too.
#
# ### A model that weighs its blocks
# Could a model find out by itself that a block knows nothing? **Ridge regression** draws a line whose slope is held down by a **penalty**. Three samples, one column, a quantity, both with a mean of zero:

# %%
x, y = np.array([-1.0, 0.0, 1.0]), np.array([-2.0, 0.0, 2.0])
for penalty in (0, 2, 14):
    print(f"penalty {penalty}: slope {x @ y / (x @ x + penalty):.2f}")

# %% [markdown]
# Now leave the penalty at 2, and give the column a weight: it is multiplied by the root of the weight before the line is drawn.

# %%
for weight in (1, 1 / 4, 1 / 16, 0):
    block = np.sqrt(weight) * x
    slope = block @ y / (block @ block + 2)
    print(f"weight {weight}: the last sample is told {block[-1] * slope:.2f}")

# %% [markdown]
# A block of small weight is held down more than the others, and a block of weight 0 is left out. So one model can treat each block as it deserves, if somebody finds the weights.
#
# This is what `early_fusion` does when it is given no classifier. It brings all blocks to the same variance. Then it tries penalties and these four weights for each block. It changes a weight only if training plants, while they are left out, are predicted better by more than chance would give. Each class is a column of zeros and ones; at the end, scores are turned into probabilities. (A block of few columns may also bend its line, by a Gaussian kernel, where that predicts better.) Which weights does it choose beside 100 columns of noise?

# %%
small.X["noise"] = noise[:, :100]
ridge = early_fusion(blocks=noisy)  # no classifier: ridge regression on blocks
ridge.fit(small.X, small.y, model__groups=small.groups)
print({name: round(weight, 2) for name, weight in ridge[-1].weights_.items()})

# %%
pair_of_ridges = {
    "beside noise": ridge,
    "spectrum only": early_fusion(blocks=parts["spectrum only"]),
}
print(mmlib.compare(pair_of_ridges, small, 4, 3).sentence("beside noise", "spectrum only"))

# %% [markdown]
# It leaves the noise out. (In a training part with fewer leaves some of it may stay, and cost a little, because by chance noise seems to know something.) And where both blocks know something?

# %%
models = {"LDA": early_fusion(blocks=both, classifier=shrunk), "ridge": early_fusion(blocks=both)}
both_know = mmlib.compare(models, leaves, n_folds=4, n_repeats=1)
print(both_know.sentence("ridge", "LDA"))

# %% [markdown]
# On these leaves nothing is lost by it. This is **the default model of early fusion** from now on: `early_fusion(leaves)` makes the blocks as well, with a pretreatment and a number of components that it chooses for your spectra inside the training part.
#
# ## Find the mistake
# LDA as a *feature maker* turns a block into four columns that part the five classes best. A colleague fits it to all samples, to save time, and cross-validates afterwards. We try it with labels that mean nothing; every plant draws its own. Guess what is reported.

# %%
spectra = leaves.X["spectrum"]
nonsense = np.random.default_rng(1).permutation(240)[leaves.groups] % 5
scores = LinearDiscriminantAnalysis().fit(spectra, nonsense).transform(spectra)
trial = mmlib.MultimodalData({"bands": spectra, "scores": scores}, nonsense, leaves.groups)

# %%
makers = {
    "LDA fitted before the split": early_fusion(
        blocks={"scores": StandardScaler()}, classifier=shrunk
    ),
    "LDA fitted inside each fold": early_fusion(blocks={"bands": plain}, classifier=shrunk),
}
show(*mmlib.compare(makers, trial, n_folds=4, n_repeats=1).plot())

# %% [markdown]
# With five classes and no meaning, one in five is all there is. A scaler fitted too early hardly hurts, as notebook 03 showed. A step that sees labels does. Fit *everything* inside, and you need not remember which is which.
#
# **Exercise 04.5, a judgment.** 60 oils, a spectrum of 1,800 bands, and 12 values from the laboratory. What first? `"bands and values as they are, random forest"`, `"components and values, block-scaled, LDA"` or `"a network on both"`?

# %%
# SOLUTION
first_try = "components and values, block-scaled, LDA"
# STUB
# first_try = ...
check("04.5", first_try)

# %% [markdown]
# **What you saw.** Units must not decide, and neither must the number of columns. Straight lines across both blocks find what only the pair knows, where that is a difference, as with nitrogen. (Whether two things *agree*, no line can tell: notebooks 06 and 10.) A block that knows nothing can cost accuracy, unless the model may leave it out. On these leaves the simplest fusion came near the ceiling.
#
# **Use it** first: it is quick, it needs few samples, and every other fusion has to beat it.
#
# **Words:** early fusion, block, block scaling, low- and mid-level data fusion, multi-block PLS, latent variable, shrinkage, double descent, ridge regression, penalty.
#
# **Read more:** Westerhuis, Kourti and MacGregor (1998), doi:10.1002/(SICI)1099-128X(199809/10)12:5<301::AID-CEM515>3.0.CO;2-S; Borràs et al. (2015), doi:10.1016/j.aca.2015.04.042; Næs et al. (2011), doi:10.1002/cem.1357, on SO-PLS; Chen et al. (2010), doi:10.1109/TSP.2010.2053029, on how much to shrink; Dupré la Tour et al. (2022), doi:10.1016/j.neuroimage.2022.119728, on ridge regression with a weight for each block; Belkin et al. (2019), doi:10.1073/pnas.1903070116, on double descent.
#
# **Next:** [Late fusion](05_late.ipynb): two models, two opinions.
