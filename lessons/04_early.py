# %% [markdown]
# # Early fusion
# Afterwards you can put two modalities into one table so that the larger one does not suppress the smaller, and choose a model for this table. You can choose wavelengths without deceiving yourself. And you can say which block a model used and when a second block does harm, and let a model weigh the blocks by itself.
#
# You need notebooks 00 to 03.
#
# **75 minutes**: 38 reading, 1 running, 36 exercises.
#
# This is the first rung on which two modalities meet. They meet as columns of one table, before any model. The columns of one modality are called a **block**.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("early"))

# %% [markdown]
# ## Three leaves, two columns
# We have three leaves. Each of two instruments gives one number for each leaf: the reflectance at 1450 nm, where water absorbs, and the area of the leaf in square millimeters. The first leaf is dry, the second is dry as well, and the third is wet. Which of the other two is more like the first?

# %%
import numpy as np

table = np.array([[0.30, 1200.0], [0.31, 1205.0], [0.10, 1204.0]])  # dry, also dry, wet

# %% [markdown]
# **Exercise 04.1, predict.** Take the rows as they are, and compute the ordinary distance between rows (the root of the sum of squared differences). Which leaf is then nearest to the first one: `"also_dry"` or `"wet"`?

# %%
from mmlib.course.exercises.e04 import check, hint

# %%
# SOLUTION
nearest = "wet"
# STUB
# nearest = ...
check("04.1", nearest)

# %% tags=["hide-output"]
print("distances from the first leaf:", np.linalg.norm(table - table[0], axis=1).round(1))

# %% [markdown]
# The wet leaf is the nearest. A difference of one square millimeter counts more than all the water in a leaf, because the numbers in square millimeters are large. If the area had been measured in square meters, the water would decide alone. So the *unit* decides, and it should not. The usual remedy has two steps: from each column subtract the mean of the column, then divide the column by its standard deviation:

# %%
scaled = (table - table.mean(axis=0)) / table.std(axis=0)
print("distances from the first leaf:", np.linalg.norm(scaled - scaled[0], axis=1).round(1))

# %% [markdown]
# Now both columns count, and the other dry leaf is the nearest. But one difficulty is left, and it grows with the number of columns.
#
# ## A large block drowns a small one
# Our leaves have 211 bands and 33 features of the picture. To show the difficulty, we also keep its 6,912 pixel values:

# %%
import mmlib
from mmlib.features import flatten, spectrum_steps, with_features

raw = mmlib.load_leaves()
leaves = with_features(raw)  # the features take the place of the picture
leaves.X["pixels"] = flatten(raw.X["image"])

# %% [markdown]
# When every column is scaled to a variance of 1, a block has as much variance as it has columns:

# %%
for columns in (6912, 33):
    share = columns / (columns + 211)
    print(f"{columns} columns beside 211 bands: {share:.0%} of all variance is the picture's")

# %% [markdown]
# The remedy is **block scaling**: divide the *whole* block by the root of its total variance. Then every modality has the same weight, whatever its number of columns. Here is a block of two columns with variances 9 and 16. Their sum is 25, so all numbers are divided by 5:

# %%
block = np.array([[3.0, 4.0], [-3.0, -4.0]])
print(block / np.sqrt(block.var(axis=0).sum()))

# %% [markdown]
# Does this matter for the accuracy? We take a model that looks at distances: the 15 nearest neighbors of a leaf vote for its condition. `early_fusion` builds the pipeline: it makes the blocks, weighs them, puts them side by side, and classifies. We tell it how each modality becomes a block, and switch block scaling off and on. `spectrum_steps(derivative=0)` is SNV and the scaling of each band, as in notebook 01. (The bands alone are one block. For nearest neighbors, scaling a single block changes nothing, so there is one model with the bands alone.)

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

# %% tags=["hide-output"]
neighbors = mmlib.compare(models, leaves, n_folds=4, n_repeats=3)
show(*neighbors.plot())

# %% tags=["hide-output"]
print(neighbors.sentence("bands + pixels", "bands"))
print(neighbors.sentence("bands + pixels, block-scaled", "bands + pixels"))
print(neighbors.sentence("bands + pixels, block-scaled", "bands"))
print(neighbors.sentence("bands + features, block-scaled", "bands + features"))

# %% [markdown]
# When the pixels drown the bands, two instruments are worse than one. With block scaling we see no harm any more, but no gain either: a weight alone does not make the pixels useful. The features are useful, and with block scaling they help more. (Differences are computed before rounding, here and below. So they need not fit the rounded scores of a figure.)
#
# Are equal weights the best weights? They need not be. In the next figure the block of the picture is multiplied by a weight w between 0 and 1, and that of the spectrum by 1 - w. A weight of 0.5 is block scaling. The model is either the nearest neighbors, whose number you choose, or an SVM. Both learn from the training part and are tested on 1,000 new leaves.

# %%
from functools import partial

from mmlib.course.experiments import draw_block_weights
from mmlib.course.figures.n04 import plot_against, plot_shares
from mmlib.course.widgets import explorer, static_row

train, test = leaves.split(seed=0)
new = with_features(mmlib.make_leaves(n_plants=200, seed=2))
draw = partial(draw_block_weights, train, new, pair)
explorer(draw, neighbors=[1, 5, 15, 50])

# %%
static_row(draw, [{"neighbors": n} for n in (1, 5, 15, 50)])

# %% [markdown]
# The curves are broad hills. Weights from about 0.4 to 0.7 come within a few points of the best; for the SVM, weights from 0.25 to 0.75. The accuracies in this figure come from test samples, so do not choose your weight from such a figure.
#
# ## Which model takes the table?
# Any model can take it. We compare four, on 15 principal components of the spectrum (after SNV and scaling) and 33 features of the picture. `default_block` makes the components; `(211,)` is the shape of one spectrum. LDA is **shrunk** a little; a later section explains this. The same LDA judges each modality alone. **Logistic regression** is new: it turns weighted sums of the columns into probabilities. It keeps the weights of these sums small; `C=30` lets them grow, because block-scaled columns hold small numbers. All steps are fitted inside the fold. Which model will be best, and which will be last?

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

# %% tags=["hide-output"]
fused = mmlib.compare(models, leaves, n_folds=4, n_repeats=1)
show(*fused.plot())

# %% tags=["hide-output"]
print(fused.sentence("LDA", "random forest"))

# %% [markdown]
# LDA and logistic regression are level, and the SVM is near. The forest is last. It is behind LDA, which only draws straight lines. Nitrogen deficiency may be the reason. A leaf lacks nitrogen when its chlorophyll is low *for its maturity*: low in comparison with a healthy leaf of this age. On a logarithmic scale, to compare two numbers is to take their difference. A straight line across the columns sees such a difference at once. A tree cuts one column at a time, so it must replace the line by a staircase of many cuts.
#
# The simplest fusion is not far from the ceiling. **Every rung that follows has to be compared with this one.**
#
# **Exercise 04.2, predict, then run.** Take ordinary LDA, without shrinkage. Does block scaling change its answers? `True` or `False`?

# %%
# SOLUTION
changes = False
# STUB
# changes = ...
check("04.2", changes)

# %% tags=["hide-output"]
plain = LinearDiscriminantAnalysis()
ways = [early_fusion(blocks=both, classifier=plain, block_scale=scale) for scale in (False, True)]
first, second = (way.fit(train.X, train.y).predict(test.X) for way in ways)
print(f"the same answer for {np.mean(first == second):.0%} of the leaves")

# %% [markdown]
# LDA measures distances in units of the spread that it finds, so the units cancel. The units do matter for nearest neighbors, for the kernel of an SVM, for PCA, for PLS, and for any model with a penalty.
#
# ## The chemist's way: multi-block PLS
# PLS on block-scaled blocks has been known in chemometrics since the eighties as **multi-block PLS**. It also says which instrument it uses. Each latent variable is a weighted sum of all columns (from the second on: of what the earlier ones left over). The squares of these weights add up to 1; the sum over the columns of one block is the *share* of this block.
#
# How many latent variables? `multiblock_pls` chooses the number inside the training part, as everything is chosen in this course: it leaves plants out in turn and looks which number answers best. (`model__groups` hands the plants to the last step of the pipeline, which is called `model`.)

# %%
from mmlib.fusion.multiblock import block_importance, multiblock_pls

chemist = multiblock_pls(blocks=pair)
chemist.fit(train.X, train.y, model__groups=train.groups)
shares = block_importance(chemist)
show(*plot_shares(shares))

# %% [markdown]
# A share says what PLS *used*. It does not say what PLS *needed*: to find that out, leave the block out and compare the scores.
#
# **Exercise 04.3.** The shares stand in a table, `shares`, with a row for each latent variable and a column for each modality. Which latent variable has the largest share of the picture? Give its number.

# %%
# SOLUTION
leans_most = shares["image"].idxmax()
# STUB
# leans_most = ...
check("04.3", (leans_most, shares))

# %% [markdown]
# Will LDA or multi-block PLS be better? (In MB-PLS-DA the latent variables go to a discriminant analysis, as in notebook 01.) In each fold PLS chooses its number anew.

# %% tags=["hide-output"]
chemists = mmlib.compare({"MB-PLS-DA": chemist, "LDA": models["LDA"]}, leaves, 4, 1)
print(chemists.sentence("LDA", "MB-PLS-DA"))
chosen = [fold["the model"] for fold in chemists.choices["MB-PLS-DA"]]
print("chosen in the four folds:", *chosen, sep="\n")

# %% [markdown]
# The two are about equally good, and the shares of multi-block PLS can be read. (The number of latent variables depends on the training part: the one in the figure above got fewer.) Here is what chemists call these fusions:
#
# | here | called elsewhere |
# |---|---|
# | early fusion of bands and pixels as measured | low-level data fusion |
# | early fusion of features or scores | mid-level data fusion; `FeatureUnion` in scikit-learn |
# | block scaling and PLS | MB-PLS; hierarchical PLS is a near relative |
# | one block after the other, each adds only what is new | SO-PLS: sequential and orthogonalized |
#
# Notebook 18 shows SO-PLS and other relatives of multi-block PLS.
#
# ### A few wavelengths instead of components
# Perhaps twelve wavelengths are enough, so that a cheap sensor with twelve filters could replace the spectrometer. How should they be chosen? The first idea is to ask each band by itself how well it separates the conditions, and to keep the best twelve: `SelectKBest`. Neighboring bands say nearly the same. So the second idea is to do this with every third band only. The third idea is to let PLS look at all bands together. A usual measure is the **VIP** (variable importance in projection): how large the weights of a band are, averaged over the latent variables. (In this average, a latent variable that explains more of the differences between conditions counts more.) `BandSelector` keeps the bands with the highest VIP that lie at least three bands apart.
#
# All three look at the labels. So each is a *step of the pipeline*, as in mistake 1 of notebook 03: every fold chooses its own bands from its own training part.

# %%
from sklearn.feature_selection import SelectKBest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from mmlib.features.wavelengths import BandSelector

every_third = FunctionTransformer(lambda table: table[:, ::3])
choosers = {
    "12 best, one by one": SelectKBest(k=12),
    "12 best of every third": make_pipeline(every_third, SelectKBest(k=12)),
    "12 by VIP": BandSelector(12),
}

# %% [markdown]
# One thing is not honest yet: our SNV is computed over all 211 bands, which a sensor with twelve filters does not have. So the last model chooses twelve raw bands by VIP, and does SNV over these twelve.

# %%
from chemotools.scatter import StandardNormalVariate

steps = {name: [*spectrum_steps(derivative=0), last] for name, last in choosers.items()}
steps["12 by VIP, SNV of these"] = [BandSelector(12), StandardNormalVariate(), StandardScaler()]
models = {"15 components": early_fusion(blocks=both, classifier=shrunk)}
for name, spectrum in steps.items():
    blocks = {"spectrum": spectrum, "image": StandardScaler()}
    models[name] = early_fusion(blocks=blocks, classifier=shrunk)

# %% [markdown]
# All five models get the features of the picture beside the spectrum. Which choice will be best? Guess, then run.

# %% tags=["hide-output"]
selected = mmlib.compare(models, leaves, n_folds=4, n_repeats=1)
for name in steps:
    print(selected.sentence(name, "15 components"))

# %% [markdown]
# Twelve bands chosen by VIP come close to fifteen components of all 211 bands. The twelve best bands, taken one by one, do worse. With neighbors kept out they lose about half as much. For the last model, the one that a sensor could use, no loss can be seen, though it may lose up to four points. To see how the choices differ, look at the wavelengths (in nm) that each choice keeps in two different training parts:

# %%
wavelengths = raw.axes["spectrum"][None]
for name, chooser in choosers.items():
    for seed in (0, 1):
        part, _ = leaves.split(seed=seed)
        table = make_pipeline(*spectrum_steps(derivative=0)).fit_transform(part.X["spectrum"])
        kept = chooser.fit(table, part.y).transform(wavelengths)[0]
        print(f"{name}:", *kept.astype(int))

# %% [markdown]
# The best bands one by one are neighbors that all see water: they say the same thing twelve times. It helps to keep them apart. Of the three, only VIP keeps bands between 500 and 750 nm. There we met the pigments in notebook 01. But although VIP chooses good bands, it does not choose the same ones in each training part. So do not report one list of wavelengths as a discovery. Notebook 17 measures this **stability**.
#
# **Exercise 04.4.** Write a block of your own: SNV and scaling, then six bands by VIP. Write a pipeline and do not fit it: `early_fusion` will fit it in each fold.

# %%
# SOLUTION
six_bands = make_pipeline(*spectrum_steps(derivative=0), BandSelector(6))
# STUB
# six_bands = ...
check("04.4", six_bands)

# %% [markdown]
# ## When the second block does harm
# A model also uses columns that hold no information, because by chance they go along with the labels of the training samples. Let the spectrum meet a modality of pure noise, in a study of 200 leaves. We give the noise more and more columns. In each fold about 150 leaves are left for training. (In this small study the conditions are not equally frequent. So `compare` judges by balanced accuracy.)
#
# LDA needs the covariance matrix of all columns: the variance of each column, and how each pair of columns varies together. From few samples this matrix is estimated badly. The worst estimates are those of the directions that seem to have almost no variance. **Shrinkage** mixes it with a simple matrix in which all directions have the same variance. We try three ways: no shrinkage, 2 % of the simple matrix, and as much as **OAS** says (Chen et al. 2010). OAS estimates how much to shrink: the fewer samples there are for the columns, the more.

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
# **Exercise 04.5, predict, then run.** Beside how many columns of noise is the LDA that is shrunk by 2 % at its worst: `25`, `100` or `800`? (A line passes through any two points, whatever they are, and a plane through any three. With how many columns can a linear model *just* fit all the training leaves?)

# %%
# SOLUTION
worst_at = 100
# STUB
# worst_at = ...
check("04.5", worst_at)

# %% tags=["hide-output"]
import pandas as pd

sizes = [1, 25, 100, 200, 400, 800]
curves = pd.DataFrame([accuracies(n) for n in sizes]).to_dict("list")
alone = ("spectrum only", curves.pop("spectrum only")[0])
show(*plot_against(sizes, curves, "columns of noise", alone, "balanced accuracy", log=True))

# %% [markdown]
# So a second block can do harm: a block without information can cost accuracy. How much it costs depends on the model. An LDA that is not shrunk ends near chance.
#
# With 2 % of shrinkage, 800 columns hurt *less* than 100. What happens inside the model? LDA gives each condition a score, and the highest score wins. A score is a sum of two parts: one from the columns of the spectrum, one from the columns of noise. For leaves that the model has not seen, the second part is pure luck. How much does each part vary from leaf to leaf?


# %%
def sway(columns, seed):
    small.X["noise"] = noise[:, :columns]
    known, asked = small.split(seed=seed)
    model = early_fusion(blocks=noisy, classifier=little).fit(known.X, known.y)
    table, weights = model[0].transform(asked.X), model[-1].coef_
    weights = weights - weights.mean(axis=0)  # what all conditions share decides nothing
    parts = [table[:, part] @ weights[:, part].T for part in (slice(15), slice(15, None))]
    by_spectrum, by_noise = (np.sqrt(part.var(axis=0).sum()) for part in parts)
    return by_noise / by_spectrum


# %%
for columns in sizes:
    ratio = np.mean([sway(columns, seed) for seed in range(3)])
    print(f"{columns} columns: the noise varies {ratio:.1f} times as much as the spectrum")

# %% [markdown]
# Beside 100 or 200 columns, luck moves the scores as much as the spectrum does. Beside 25 or 800 columns it moves them less than half as much.
#
# With about as many columns as training leaves (15 components and the noise beside 150 leaves), a linear model can *just* explain every training leaf. A loss that is largest near this number is known from **double descent**: as columns are added, the error falls, rises, and falls again. The curve with 2 % shows the last two parts. We tried few numbers of columns, so the worst number for the LDA with 2 % may lie anywhere between 25 and 200. (Without shrinkage there is no second fall here: LDA goes down to chance.) But more columns are no remedy. From 400 to 800 columns the error rises once more, and we do not know why. And in this figure, from 25 columns on, the noise always costs accuracy.
#
# With 25 columns OAS is the last of the three. With 100 and 200 columns it is clearly the first. With more, it and the 2 % are close, and the figure has no intervals. But OAS does not solve the problem either: beside many useless columns it, too, stays below the spectrum alone.
#
# ### A model that weighs its blocks
# Can a model find out by itself that a block holds no information? For this we need **ridge regression**. It fits a straight line, and a number called the **penalty** makes the slope smaller. Here are three samples with one column x and a quantity y. Both have a mean of zero, and then the slope is the sum of x times y, divided by the sum of squares of x plus the penalty:

# %%
x, y = np.array([-1.0, 0.0, 1.0]), np.array([-2.0, 0.0, 2.0])
for penalty in (0, 2, 14):
    print(f"penalty {penalty}: slope {x @ y / (x @ x + penalty):.2f}")

# %% [markdown]
# Now the penalty stays at 2, and the column gets a weight: it is multiplied by the root of this weight before the line is fitted. What does the model predict for the last sample?

# %% tags=["hide-output"]
for weight in (1, 1 / 4, 1 / 16, 0):
    block = np.sqrt(weight) * x
    slope = block @ y / (block @ block + 2)
    print(f"weight {weight}: prediction for the last sample {block[-1] * slope:.2f}")

# %% [markdown]
# A block of small weight has less influence than the others, and a block of weight 0 is left out. So one model can treat each block in its own way, if the weights can be found.
#
# `early_fusion` finds them when it is given no classifier. It brings all blocks to the same variance. Then it tries several penalties, and the weights 1, 1/4, 1/16 and 0 for each block, on training plants that are left out in turn. It changes a weight only if these plants are predicted better, and by more than chance would explain. For classes, y is a column of zeros and ones for each class, and at the end the predictions are turned into probabilities. (For a block with few columns it also tries a curve in place of the straight line, with a Gaussian kernel as in the SVM above. It keeps the curve if it predicts better.) Which weights does it choose beside 100 columns of noise?

# %% tags=["hide-output"]
small.X["noise"] = noise[:, :100]
ridge = early_fusion(blocks=noisy)  # no classifier: ridge regression on blocks
ridge.fit(small.X, small.y, model__groups=small.groups)
print({name: round(weight, 2) for name, weight in ridge[-1].weights_.items()})

# %%
pair_of_ridges = {
    "beside noise": ridge,
    "spectrum only": early_fusion(blocks=parts["spectrum only"]),
}
beside = mmlib.compare(pair_of_ridges, small, 4, 3)
print(beside.sentence("beside noise", "spectrum only"))
left_out = [fold["weight of noise"] == 0 for fold in beside.choices["beside noise"]]
print(f"it leaves the noise out in {sum(left_out)} of {len(left_out)} folds")

# %% [markdown]
# It leaves the noise out: the weight is 0. In the comparison it learns from fewer leaves, and there it does not leave the noise out in every fold, perhaps because by chance some noise goes along with the labels. It is behind the spectrum alone, though the interval includes zero. And what happens where both blocks hold information?

# %%
models = {"LDA": early_fusion(blocks=both, classifier=shrunk), "ridge": early_fusion(blocks=both)}
both_know = mmlib.compare(models, leaves, n_folds=4, n_repeats=1)
print(both_know.sentence("ridge", "LDA"))

# %% [markdown]
# On these leaves it does about as well as LDA. This is **the default model of early fusion** from now on: `early_fusion(leaves)` makes the blocks as well, with a pretreatment and a number of components that it chooses for your spectra inside the training part.
#
# ## Find the mistake
# LDA can also *make features*: it turns a block into the four columns that separate the five classes best. A colleague fits it to all samples, to save time, and cross-validates afterwards. We do the same with labels that mean nothing: each plant gets a random one. Guess the accuracy that will be reported.

# %%
spectra = leaves.X["spectrum"]
nonsense = np.random.default_rng(1).permutation(240)[leaves.groups] % 5
scores = LinearDiscriminantAnalysis().fit(spectra, nonsense).transform(spectra)
trial = mmlib.MultimodalData({"bands": spectra, "scores": scores}, nonsense, leaves.groups)

# %% tags=["hide-output"]
makers = {
    "LDA fitted before the split": early_fusion(
        blocks={"scores": StandardScaler()}, classifier=shrunk
    ),
    "LDA fitted inside each fold": early_fusion(blocks={"bands": plain}, classifier=shrunk),
}
show(*mmlib.compare(makers, trial, n_folds=4, n_repeats=1).plot())

# %% [markdown]
# With five classes and labels without meaning, the true accuracy is one in five. A scaler that is fitted too early does little harm, as notebook 03 showed. A step that sees the labels does much. If you fit *everything* inside the fold, you need not remember which is which.
#
# **Exercise 04.6, a judgment.** You have 60 oils. For each there are a spectrum of 1,800 bands and 12 values from the laboratory. What do you try first? `"bands and values as they are, random forest"`, `"components and values, block-scaled, LDA"` or `"a network on both"`? (PLS would be a good start, too, but it is not on this list.)

# %%
# SOLUTION
first_try = "components and values, block-scaled, LDA"
# STUB
# first_try = ...
check("04.6", first_try)

# %% [markdown]
# **What you saw.** Neither the units nor the number of columns should decide what counts. A straight line across both blocks can find what only the pair shows, if this is a difference, as with nitrogen. (Whether two readings *agree* cannot be told by a straight line: see notebooks 06 and 10.) Wavelengths are chosen inside the fold, and together. A block without information can cost accuracy. With few samples even a model that may leave it out does not always do so. On these leaves the simplest fusion came near the ceiling.
#
# **Use it** first: it is quick, it needs few samples, and every other fusion has to be better.
#
# **Words:** early fusion, block, block scaling, low- and mid-level data fusion, multi-block PLS, latent variable, VIP, covariance, shrinkage, double descent, ridge regression, penalty.
#
# **Read more:** Westerhuis, Kourti and MacGregor (1998), doi:10.1002/(SICI)1099-128X(199809/10)12:5<301::AID-CEM515>3.0.CO;2-S; Borràs et al. (2015), doi:10.1016/j.aca.2015.04.042; Næs et al. (2011), doi:10.1002/cem.1357, on SO-PLS; Chong and Jun (2005), doi:10.1016/j.chemolab.2004.12.011, on VIP; Chen et al. (2010), doi:10.1109/TSP.2010.2053029, on how much to shrink; Dupré la Tour et al. (2022), doi:10.1016/j.neuroimage.2022.119728, on ridge regression with a weight for each block; Belkin et al. (2019), doi:10.1073/pnas.1903070116, on double descent.
#
# **Next:** [Late fusion](05_late.ipynb): two models, two opinions.
