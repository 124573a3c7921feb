# %% [markdown]
# # One camera, both modalities
# Afterwards you can make a spectrum and pictures of the same sample out of a hyperspectral cube, choose wavelengths inside the fold and say how stable the choice is, and notice when pixels pretend to be samples.
#
# You need notebooks 00, 01, 03 and 04.
#
# **60 minutes**: 33 reading, 1 running, 26 exercises.
#
# So far two instruments looked at each leaf. A hyperspectral camera is one instrument that gives both: it takes a whole spectrum at every pixel. We stand on a rung that you know, early fusion, but both blocks come out of the same file.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import plot_scores, show

show(*plot_ladder("early", ("mean spectrum", "pictures")))

# %% [markdown]
# ## A spectrum at every pixel
# A hyperspectral camera is expensive. A camera with three color filters is cheap. Here is our question: **which wavelengths would a cheap camera need, and what would it lose?** We answer it for leaves like those of the other notebooks, with the same five conditions.

# %%
import numpy as np

import mmlib
from mmlib.data.leaves.hyperspectral import CAMERA, cube_ceilings, make_cubes

leaves = make_cubes()
print(leaves)

# %% [markdown]
# Each sample is a **cube** with three axes: 40 rows, 40 columns, 71 wavelengths from 400 to 2500 nm. The numbers are counts of the detector, and a count depends on the lamp as much as on the leaf. So two more things were recorded beside every leaf: a **white reference** (a tile that sends nearly all light back) and a **dark reference** (the shutter closed). This camera scans line by line, so the references have columns and wavelengths, but no rows.
#
# Three pixels of one wavelength, in the middle and at both sides of the picture. The lamp is weaker at the sides:

# %%
raw = np.array([460.0, 700.0, 460.0])
white, dark = np.array([1000.0, 1600.0, 1000.0]), np.array([100.0, 100.0, 100.0])
print(((raw - dark) / (white - dark)).round(2))

# %% [markdown]
# The counts differ, but it is the same leaf three times: each pixel sends back four tenths of what the tile sends back. That share is the **reflectance**.
#
# **Exercise 17.1.** Write it for a whole cube: `raw` has the shape (rows, columns, bands), `white` and `dark` have (columns, bands). `hint("17.1")` helps, and helps more when you ask again.

# %%
from mmlib.course.exercises.e17 import check, hint


# %%
# SOLUTION
def reflectance(raw, white, dark):
    return (raw - dark) / (white - dark)


# STUB
# def reflectance(raw, white, dark):
#     return ...
check("17.1", reflectance)

# %% [markdown]
# `to_reflectance` does it for all leaves, and refuses references that were exchanged. (Real cubes come as a file with a header. The folder tool of notebook 16 reads them if the package `spectral` is installed: `pip install "mmlib[cubes]"`.)

# %%
from mmlib.features.cube_measures import band_table, find_plants, mean_spectra, to_reflectance

cubes = to_reflectance(leaves.X["cube"], leaves.X["white"], leaves.X["dark"])

# %% [markdown]
# Next, object and background: most pixels show the tray. Chlorophyll takes red light and leaves infrared alone, so we compare the two. Three pixels, of a sound leaf, a dead spot and a tray:

# %%
red, infrared = np.array([0.05, 0.15, 0.30]), np.array([0.48, 0.22, 0.32])
print(((infrared - red) / (infrared + red)).round(2))

# %% [markdown]
# This **normalized difference** is high for green tissue only. The dead spot is below a limit of 0.3, like the tray. But it lies inside the leaf, so `find_plants` fills the holes. Otherwise we would throw away the illness before looking at it. (A spot at the very rim is no hole, and is lost: look for a notch in the outline.)

# %%
from mmlib.course.figures.n17 import as_seen, plot_band_scores, plot_kept, plot_maps

masks = find_plants(cubes, CAMERA)
one = int(np.flatnonzero(leaves.y == 2)[1])  # a leaf with blight
at = {f"{CAMERA[k]:.0f} nm": cubes[one, :, :, k] for k in (9, 14, 35)}
pictures = {"as seen": as_seen(cubes[one]), "leaf": masks[one]} | at
show(*plot_maps(pictures, "reflectance"))

# %% [markdown]
# At 670 nm chlorophyll makes the leaf dark. At 820 nm the leaf is bright, most of all along its midrib, and the spots are dark. At 1450 nm water takes the light, and the dry spots stand out less. (The bar in the corner is a scale. It is 2 cm long.)
#
# ## What the mean spectrum throws away
# The usual next step is the **mean spectrum** of the object: the mean over all of its pixels, wavelength by wavelength. From there on one works as with a spectrometer. We leave out the rim, where pixels are part leaf, part tray.

# %%
spectra = mean_spectra(cubes, masks)
print(spectra.shape)

# %% [markdown]
# That is a matrix of samples and bands, and all of chemometrics is open to it. What is lost? We look at all pairs of a healthy leaf and a leaf short of nitrogen, and keep one in a hundred: those with the most similar mean spectra.
#
# Among these we take the pair that differs most in age. (Maturity runs from 0, a young leaf, to 1, an old one. You may run this cell without reading every line.)

# %%
from chemotools.scatter import StandardNormalVariate
from scipy.spatial.distance import cdist

snv = StandardNormalVariate().fit_transform(spectra)
chlorophyll, age = leaves.info["chlorophyll"], leaves.info["maturity"]
healthy, short = np.flatnonzero(leaves.y == 0), np.flatnonzero(leaves.y == 4)
apart = cdist(snv[healthy], snv[short])
similar = apart < np.quantile(apart, 0.01)
older = age[short] - age[healthy][:, None]
a, b = np.unravel_index(np.where(similar, older, -1).argmax(), apart.shape)

# %%
from mmlib.course.figures.n01 import plot_curves

pair = {"leaf A": healthy[a], "leaf B": short[b]}
show(*plot_curves(CAMERA, {name: snv[k] for name, k in pair.items()}, "mean spectrum, SNV"))

# %%
show(*plot_maps({name: as_seen(cubes[k]) for name, k in pair.items()}))

# %% [markdown]
# One of them is healthy, the other one is short of nitrogen, and a model that reads mean spectra can hardly tell them apart. (Every leaf has some small spots. Those of blight are larger.) Let us look up the truth, and use the rule of notebook 00 for what a healthy leaf of this age should have:

# %%
for name, k in pair.items():
    expected, measured = 15 * 5 ** age[k], chlorophyll[k]
    print(f"{name}: maturity {age[k]:.2f}, expected {expected:.0f} µg/cm², has {measured:.0f}")

# %% [markdown]
# They have about the same amount of chlorophyll. For leaf A, which is young, this is as much as it should have. Leaf B is old and should have far more. Young leaves are narrow, old ones are broad with teeth at the rim, so the pictures know what the mean spectrum has lost. (Leaf B is broader for its length, although a little turned. Its teeth are too fine for so few pixels.)
#
# **Exercise 17.2.** What can no model read from the mean spectrum of a leaf: `"water"`, `"red pigment"` or `"form"`?

# %%
# SOLUTION
unreadable = "form"
# STUB
# unreadable = ...
check("17.2", unreadable)

# %% [markdown]
# The simulator knows how far one can get. The ceilings hold for somebody who knows all contents without noise, so they are upper bounds:

# %%
limits = cube_ceilings()
print({name: round(value, 2) for name, value in limits.items()})

# %% [markdown]
# (In the other notebooks the spectrometer looked at sound tissue between the spots. This mean is over the whole leaf with its spots, so it shows blight as well, and its ceiling is higher. "Visible pictures" are pictures in visible light: they show everything but the water.)
#
# ## Pixels are not samples
# If a mean throws so much away, why not take every pixel as a sample? 480 leaves become a hundred thousand spectra. We take 20 pixels of each leaf of 60 plants and ask the five nearest neighbors, with three ways to split: pixels at random, whole leaves, whole plants. (You may run the next two cells without reading every line.)

# %%
from sklearn.model_selection import GroupKFold, KFold, cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

rng = np.random.default_rng(0)
leaf = np.repeat(np.flatnonzero(leaves.groups < 60), 20)
where = [rng.permutation(np.argwhere(masks[k]))[:20] for k in np.unique(leaf)]
row, column = np.concatenate(where).T
pixels, plant = cubes[leaf, row, column], leaves.groups[leaf]

# %%
neighbors = make_pipeline(StandardNormalVariate(), KNeighborsClassifier(5))
by = {
    "pixel": (KFold(5, shuffle=True, random_state=0), None),
    "leaf": (GroupKFold(5, shuffle=True, random_state=0), leaf),
    "plant": (GroupKFold(5, shuffle=True, random_state=0), plant),
}

# %% [markdown]
# Write down what you expect for each of the three splits, and then run the cell. Chance is 20 %.

# %% tags=["hide-output"]
for name, (folds, groups) in by.items():
    score = cross_val_score(neighbors, pixels, leaves.y[leaf], groups=groups, cv=folds).mean()
    print(f"split by {name}: {score:.0%} of the pixels right")

# %% [markdown]
# One split says that the problem is solved, another that it is hardly begun. Which one lies? We give every plant a label that means nothing, drawn by lot. Guess again what the three splits will say:

# %% tags=["hide-output"]
nonsense = np.random.default_rng(1).permutation(120)[plant] % 5
for name, (folds, groups) in by.items():
    score = cross_val_score(neighbors, pixels, nonsense, groups=groups, cv=folds).mean()
    print(f"split by {name}: {score:.0%} of the pixels right")

# %% [markdown]
# The first two splits find what is not there. A pixel has its neighbors on the same leaf in the training part, with the same wax and the same water, so the model need only recognize the leaf, or the plant. Pixels of one leaf are **pseudo-replicates**: they repeat the measurement, but not the experiment. The same holds for the interval: with thousands of pixels it becomes very narrow, although nobody has seen more plants.
#
# **Exercise 17.3.** A study has 12 plants, some watered and some not. Five leaves of each are scanned, and 400 pixels of each leaf are used. How many independent samples does it have?

# %%
# SOLUTION
samples = 12
# STUB
# samples = ...
check("17.3", samples)

# %% [markdown]
# ## Which wavelengths?
# Back to mean spectra, one for each leaf. Three ways to score a wavelength are common. The first is **VIP**, *variable importance in projection*. Partial least squares gives each band a weight in each latent variable, and each latent variable explains some variance of the target. (Our target is five columns of 0 and 1, one for each condition. Their variances are added.) For three bands and two latent variables, of which the first explains three times as much:

# %%
weights = np.array([[0.8, 0.0], [0.6, 0.6], [0.0, 0.8]])  # the squares of a column add up to 1
explained = np.array([3.0, 1.0])
print((weights**2 @ explained / explained.sum()).round(2))

# %% [markdown]
# These are weighted means of squared weights, and they add up to 1. VIP multiplies them by the number of bands and takes the root. So **the mean of all squared VIP is 1**, whatever the data.
#
# **Exercise 17.4.** Write it.


# %%
# SOLUTION
def vip(weights, explained):
    return np.sqrt(len(weights) * weights**2 @ explained / explained.sum())


# STUB
# def vip(weights, explained):
#     return ...
check("17.4", vip)

# %% [markdown]
# The second is the **selectivity ratio**. Each band is fitted by a straight line on the prediction of the model. The line explains one part of the variance of the band and leaves the rest. The ratio is the explained part divided by the rest. (Five columns give five predictions, so each band has five ratios. The largest of them counts.)
#
# `BandSelector` computes either score. It keeps the bands with the highest scores that are not close neighbors (two kept bands are at least 90 nm apart).

# %%
from mmlib.features.interval_pls import IntervalSelector
from mmlib.features.wavelengths import BandSelector, stability

ways = {"VIP": BandSelector(6), "selectivity ratio": BandSelector(6, "selectivity ratio")}
scores = {name: way.fit(spectra, leaves.y).scores_ for name, way in ways.items()}
absorbing = {"chlorophyll": (430, 670), "anthocyanin": 550, "water": (1450, 1930)}
show(*plot_band_scores(CAMERA, scores, absorbing))

# %%
pigments = {"chlorophyll": np.log(chlorophyll), "red pigment": leaves.info["anthocyanins"]}
for nm in (430, 550, 580, 670, 1450, 1930):
    band = spectra[:, np.argmin(np.abs(CAMERA - nm))]
    said = [f"{name} {np.corrcoef(band, x)[0, 1]:.2f}" for name, x in pigments.items()]
    print(f"{nm} nm: {band.mean():.0%} comes back; correlation with {', '.join(said)}")

# %% [markdown]
# VIP has its largest value near 550 nm, where the red pigment (anthocyanin) absorbs. The second largest is near 670 nm, where chlorophyll does, and it rises again where water does, also at the end, near 2500 nm. The selectivity ratio asks another question, namely how purely a band follows the prediction, and so it gives another order. It dips at 430, 670 and 1930 nm, in the middle of strong bands. The leaf is nearly black there (see the lines below the figure). What still comes back is probably the gloss of its surface, mostly, and that follows no prediction. (At 670 nm a part still follows chlorophyll; see the correlation below the figure.) At 1450 nm the leaf is less dark, and there is no dip. But in our data the ratio dips at 550 nm, too. A likely reason is that there both pigments change the band, so it follows no single prediction purely. Beside it, at 580 nm, chlorophyll counts for more and the red pigment for less.
#
# Many papers keep all bands with a VIP above 1. But if the mean square is 1, *some* bands are nearly always above 1, whatever the target. Here are labels that mean nothing:

# %%
drawn = np.random.default_rng(2).permutation(120)[leaves.groups] % 5
for name, labels in {"conditions": leaves.y, "nonsense": drawn}.items():
    above = BandSelector().fit(spectra, labels).scores_ > 1
    print(f"{name}: {above.sum()} of 71 bands have a VIP above 1")

# %% [markdown]
# "Above 1" means that the *squared* VIP is above its average, and nothing more.
#
# The third way looks at errors. **Interval PLS** cuts the axis into intervals, here twelve. It keeps the interval that predicts best on samples held out. Then it adds the one that helps most beside it, and so on, until none helps.
#
# All three look at the conditions, so all three must choose anew in each fold. As steps of a pipeline they do:

# %%
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.preprocessing import StandardScaler

from mmlib.features.measures import shape_features
from mmlib.fusion import early_fusion

table = band_table(cubes, masks)  # (leaves, bands, 16): the mean, and what the picture looks like
form = np.column_stack(list(shape_features(masks).values()))
blocks = {"spectrum": spectra, "pictures": table[..., :6], "patterns": table, "form": form}
data = mmlib.MultimodalData(blocks, leaves.y, leaves.groups, target_names=leaves.target_names)


# %%
def fused(**blocks):
    lda = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
    return early_fusion(blocks=blocks, classifier=lda)


scale = StandardScaler()
ways |= {"interval PLS": IntervalSelector()}
models = {f"6 bands, {name}": fused(spectrum=[ways[name], scale]) for name in list(ways)[:2]}
models["interval PLS"] = fused(spectrum=[ways["interval PLS"], scale])
models["all 71 bands"] = fused(spectrum=scale)

# %% [markdown]
# (`pictures`, `patterns` and `form` are for later. The discriminant analysis shrinks its covariance, as in notebook 04, and here by an amount that it estimates itself.) Guess before you run: how many points of accuracy are lost with six bands of 71?

# %% tags=["hide-output"]
chosen = mmlib.compare(models, data, n_folds=5, n_repeats=1)
show(*plot_scores(chosen.table, {"mean spectrum": limits["mean spectrum"]}, chosen.chance))

# %% tags=["hide-output"]
print(chosen.sentence("all 71 bands", "6 bands, VIP"))

# %% [markdown]
# And would another sample of leaves give the same wavelengths? We look at what is kept in the training part of each fold. `stability` is 1 if all lists agree, and about 0 if they are drawn by lot.

# %%
from mmlib.data.splits import group_folds


def choose(way, parts):
    kept = []
    for part in parts:
        grouped = {"groups": data.groups[part]} if isinstance(way, IntervalSelector) else {}
        kept.append(way.fit(spectra[part], data.y[part], **grouped).bands_)
    return kept


trains, tests = zip(*group_folds(data, 5, 1), strict=True)
kept = {name: choose(way, trains) for name, way in ways.items()}

# %%
show(*plot_kept(CAMERA, kept))
print({name: round(stability(bands, 71), 2) for name, bands in kept.items()})

# %% [markdown]
# VIP keeps the same six wavelengths in all folds, and the lists of the other two differ in places. But any two folds share three quarters of their training leaves, so they may agree for this reason alone. The five *test* parts share no plant. Let each of them choose:

# %%
print({name: round(stability(choose(way, tests), 71), 2) for name, way in ways.items()})

# %% [markdown]
# Much of the agreement is gone, for VIP the least. Part of this may come from numbers: each test part has only a quarter as many leaves as a training part, and a choice from fewer leaves is less sure. (VIP was less stable in notebook 04. There it had to choose twelve bands, and their neighbors were 10 nm away, not 30.) Neighboring wavelengths say nearly the same, so chance may decide which of them is kept. Report regions and how often each was chosen, never one list as if it were a discovery.
#
# And stable is not the same as good. VIP is the most stable of the three ways here, and its six bands had the lowest score.
#
# **The mistake: chosen before the split.** Plant scientists often search all pairs of wavelengths for the best normalized difference. With 71 bands there are 2,485 of them. A colleague has one leaf each of 40 plants, searches, and cross-validates the winner.
#
# We give each leaf one of two labels, drawn at random. They mean nothing, so chance is one half. (You may run the next two cells without reading every line.) Guess what will be reported, on average over 30 such studies:

# %%
from itertools import combinations

from sklearn.feature_selection import SelectKBest, f_classif

i, j = np.array(list(combinations(range(71), 2))).T
index = (spectra[:, i] - spectra[:, j]) / (spectra[:, i] + spectra[:, j])
lda, best = LinearDiscriminantAnalysis(), SelectKBest(f_classif, k=1)


# %%
def draw(seed):
    rng = np.random.default_rng(seed)
    return 4 * rng.permutation(120)[:40], rng.permutation(40) % 2  # rows, labels


def before(chooser, columns, rows, labels):
    kept = chooser.fit_transform(columns[rows], labels)  # has seen all labels
    return cross_val_score(lda, kept, labels, cv=5).mean()


studies = [draw(seed) for seed in range(30)]

# %% tags=["hide-output"]
print(f"chosen before the split: {np.mean([before(best, index, *s) for s in studies]):.0%} right")

# %% [markdown]
# The discriminant analysis was cross-validated as it should be. The *choice* was not: it had seen the labels of every test leaf.
#
# **Exercise 17.5.** Build the model that chooses the index inside each fold. It takes all 2,485 columns.

# %%
# SOLUTION
honest = make_pipeline(SelectKBest(f_classif, k=1), LinearDiscriminantAnalysis())
# STUB
# honest = ...
check("17.5", honest)

# %% [markdown]
# Here the same is done by hand, for the index and for six bands chosen by VIP. Guess the three new numbers:

# %%
from sklearn.model_selection import StratifiedKFold


def inside(chooser, columns, rows, labels):
    right = []
    for train, test in StratifiedKFold(5).split(rows, labels):
        kept = chooser.fit_transform(columns[rows[train]], labels[train])
        lda.fit(kept, labels[train])
        right.append(lda.score(chooser.transform(columns[rows[test]]), labels[test]))
    return np.mean(right)


# %% tags=["hide-output"]
for name, chooser, columns in [("index", best, index), ("six bands", BandSelector(6), spectra)]:
    wrong, right = ([way(chooser, columns, *s) for s in studies] for way in (before, inside))
    print(f"{name}: chosen before {np.mean(wrong):.0%}, inside {np.mean(right):.0%} right")

# %% [markdown]
# The best index fools us much. The six bands fool us little here. How many candidates does it take? We let the colleague search only some of the indices. Guess how well the best of ten does:

# %% tags=["hide-output"]
order = np.random.default_rng(0).permutation(2485)
for n in (1, 10, 100, 2485):
    found = np.mean([before(best, index[:, order[:n]], *s) for s in studies])
    print(f"best of {n:,}: {found:.0%} right")

# %% [markdown]
# One index, taken without a choice, is honest. The best of ten already flatters, and the best of a hundred flatters more. The best of all 2,485 flatters no more than that, probably because most of them say nearly the same as others. If you choose inside, you need not know by how much.
#
# ## Pictures at a few wavelengths
# Now the other half of the cube. At each wavelength there is a picture, and a picture has **texture**. The *gray level co-occurrence matrix* (GLCM) counts how often two gray levels are neighbors. Here is a picture of nine pixels with two levels; each pixel is compared with the next one to the right:

# %%
tiny = np.array([[0, 0, 1], [0, 1, 1], [1, 1, 1]])
counts = np.zeros((2, 2), int)
np.add.at(counts, (tiny[:, :-1].ravel(), tiny[:, 1:].ravel()), 1)
print(counts)

# %% [markdown]
# Two of the six pairs have unequal levels. The mean squared difference of neighbors, here 2/6, is the *contrast*. Three other properties are read off the same table. *Homogeneity* is high if most neighbors are similar, *energy* is high if few kinds of pairs occur, and *correlation* says whether bright pixels have bright neighbors.
#
# A *local binary pattern* (LBP) asks which of the eight neighbors of a pixel are at least as bright as the pixel, and counts how often each answer occurs.
#
# `band_table` computes both with scikit-image at every wavelength, on the leaf only. Of the 16 numbers we take the first six: mean, spread, and the four properties of the GLCM. No label was used, so this may be done before the split. Which wavelengths are *kept* is chosen inside, by the VIP of the means.
#
# **Exercise 17.6, predict.** The block `form` holds seven numbers from the outline: size, width over length and so on. The form alone names about a quarter of the leaves rightly. What will it do to the score of the mean spectrum, when it stands beside it: `"raise it"`, `"leave it as it is"` or `"lower it"`?

# %%
# SOLUTION
effect = "raise it"
# STUB
# effect = ...
check("17.6", effect)

# %%
six = [BandSelector(6), scale]
models = {
    "form alone": fused(form=scale),
    "means at 6 wavelengths": fused(spectrum=six),
    "pictures at 6 wavelengths": fused(pictures=six),
    "pictures + form": fused(pictures=six, form=scale),
    "mean spectrum": fused(spectrum=scale),
    "mean spectrum + form": fused(spectrum=scale, form=scale),
    "mean spectrum + pictures + form": fused(spectrum=scale, pictures=six, form=scale),
    "the same, with LBP": fused(spectrum=scale, patterns=six, form=scale),
}

# %% tags=["hide-output"]
both = mmlib.compare(models, data, n_folds=5, n_repeats=1)
ends = {name: limits[name] for name in ("mean spectrum", "joint")}
show(*plot_scores(both.table, ends, both.chance))

# %% tags=["hide-output"]
for one, other in [
    ("mean spectrum + form", "mean spectrum"),
    ("pictures at 6 wavelengths", "means at 6 wavelengths"),
    ("pictures at 6 wavelengths", "mean spectrum"),
    ("mean spectrum + form", "pictures + form"),
    ("mean spectrum + pictures + form", "the same, with LBP"),
]:
    print(both.sentence(one, other))

# %% [markdown]
# And what do the models say about leaf A, which is healthy, and leaf B, which is not? (The last number is about all the pairs with similar mean spectra.)

# %% tags=["hide-output"]
for name in ("mean spectrum", "mean spectrum + form"):
    said = both.predictions[name][0]  # about plants held out
    answers = ", ".join(f"{leaf} {leaves.target_names[said[k]]}" for leaf, k in pair.items())
    right = (said[healthy] == 0)[:, None] & (said[short] == 4)
    print(f"{name}: {answers}; both leaves right in {right[similar].mean():.0%} of such pairs")

# %% [markdown]
# Four things deserve a second look.
#
# The form alone says next to nothing, and beside the spectrum it helps. That is synergy, as in notebook 00: form tells the age of a leaf, and age tells how much chlorophyll there should be. A block that fails alone may still be the one that is missing.
#
# By the interval, six *pictures* are at most 3 points worse than the mean spectrum with all its 71 bands, and may be better. So a camera with six filters can do here nearly what is usually done with a hyperspectral one, if its pictures are not thrown away. But such a camera need not be cheap. Three of the six wavelengths lie beyond 1000 nm, where the sensors of ordinary cameras see nothing.
#
# Yet *mean spectrum + form* is ahead of *pictures + form*. So here the expensive camera pays if you use the form of the leaf beside its spectra. That its mean spectrum alone beats six pictures is not shown.
#
# And more columns are not more knowledge: ten numbers of LBP at each of six wavelengths do not help. Here they even cost a few points.
#
# **When pictures cannot help.** Switch off blight (the knob `lesions` of notebook 00) and the lack of nitrogen (the knob `synergy`), so that only drought and red pigment are left to find, and grow 60 other plants. Then the mean spectrum can know all there is to know; its ceiling is the joint one.


# %%
def measure(leaves):
    cubes = to_reflectance(leaves.X["cube"], leaves.X["white"], leaves.X["dark"])
    masks = find_plants(cubes, CAMERA)
    table = band_table(cubes, masks)
    form = np.column_stack(list(shape_features(masks).values()))
    blocks = {"spectrum": table[..., 0], "pictures": table[..., :6], "patterns": table}
    return mmlib.MultimodalData({**blocks, "form": form}, leaves.y, leaves.groups)


# %%
knobs = {"lesions": 0, "synergy": 0}
plain = measure(make_cubes(n_plants=60, seed=1, **knobs))
print({name: round(value, 2) for name, value in cube_ceilings(**knobs).items()})

# %%
duel = {name: models[name] for name in ("mean spectrum", "mean spectrum + pictures + form")}
print(mmlib.compare(duel, plain, n_folds=5, n_repeats=1).sentence(*duel))

# %% [markdown]
# No difference can be shown. So before you buy a second instrument, ask what it could know that the first one does not.
#
# ## A map of a prediction
# A model of spectra can be applied to any spectrum, so why not to each pixel? The result is a **map** of what is predicted, and it is what hyperspectral cameras are famous for. We fit the logarithm of chlorophyll to the mean spectra of 90 plants, and apply the model to every pixel of leaves of the other 30. The simulator knows the truth at each pixel.

# %%
from mmlib.features import PLS

train, truth = leaves.groups < 90, leaves.info["chlorophyll_map"]
calibration = make_pipeline(StandardNormalVariate(), PLS(8))
calibration = calibration.fit(spectra[train], np.log(chlorophyll[train]))

# %%
from scipy.ndimage import binary_erosion

new = np.flatnonzero(~train)
inner = np.array([binary_erosion(masks[k]) for k in new])
sound = masks[new] & (truth[new] > 0.5 * chlorophyll[new, None, None])  # not in a dead spot
asked = {"whole leaves": (spectra[new], chlorophyll[new])}
for name, at in {"pixels inside": sound & inner, "pixels at the rim": sound & ~inner}.items():
    asked[name] = cubes[new][at], truth[new][at]
for name, (x, y) in asked.items():
    error = calibration.predict(x).ravel() - np.log(y)
    print(f"{name}: typical error {100 * np.sqrt(np.mean(error**2)):.0f} %")

# %%
k = int(new[np.argmax(leaves.info["lesions"][new])])  # the leaf with most lesions
guess = np.exp(calibration.predict(cubes[k].reshape(-1, 71))).reshape(masks[k].shape)
shown = {"true": truth[k], "predicted": guess}
maps = {name: np.where(masks[k], values, np.nan) for name, values in shown.items()}
show(*plot_maps({"as seen": as_seen(cubes[k]), **maps}, "chlorophyll (µg/cm²)"))

# %% [markdown]
# The predicted map shows where the spots are, but it is wrong in them. There is no chlorophyll in a dead spot, and the model still predicts some: nowhere in the leaf less than 14.6 µg/cm². In the sound tissue of this leaf it predicts too much. (The white piece in both maps is two spots that touch each other and the rim. `find_plants` took them for background.)
#
# The error of the calibration, as one reports it, is that of *means over a leaf*. The pixels above were the easy ones, outside the spots. Still their error is twice as large inside the leaf, and more than three times as large at its rim. Likely reasons are that a pixel is noisier, and may be half vein or half background. And a dead spot is unlike everything that the model was fitted to. If you know the truth for single pixels, report an error for pixels. If not, say that this error is not known.
#
# **What you saw.** A cube is two modalities in one file. References first, then the object, then the mean spectrum, which forgets form and place. Pixels are measurements, plants are samples. Wavelengths are chosen inside the fold, and reported as regions with how often they were chosen. Pictures at a few wavelengths can be worth a whole spectrum, and form can help that is useless alone.
#
# **Use it** whenever a camera gives you more than three colors. Begin with the mean spectrum as the bar, add form and texture as a block, and keep plants, not pixels, apart.
#
# **Words:** cube, white and dark reference, reflectance, normalized difference (NDVI), mean spectrum, pseudo-replicate, VIP, selectivity ratio, interval PLS, stability, texture, GLCM, LBP. CARS, SPA and Monte Carlo elimination are further ways to choose; what was said about folds holds for them, too.
#
# **Read more:** Hurlbert (1984), doi:10.2307/1942661, on pseudo-replication; Chong and Jun (2005), doi:10.1016/j.chemolab.2004.12.011, on VIP; Kvalheim (2010), doi:10.1002/cem.1289, on the selectivity ratio; Nørgaard et al. (2000), doi:10.1366/0003702001949500, on interval PLS; Haralick et al. (1973), doi:10.1109/TSMC.1973.4309314, on texture; Ambroise and McLachlan (2002), doi:10.1073/pnas.102102699, on choosing before the split.
#
# **Next:** [What does the second block add?](18_blocks.ipynb) The chemist's own ways to fuse, on blocks like these.
