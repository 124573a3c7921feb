# %% [markdown]
# # Spectra alone
# Afterwards you can say what scatter correction and derivatives do, judge four familiar models and a small neural network on the same split, and notice when it is the
# spectrum, not the model, that sets the limit.
#
# You need what you know of PLS, and notebook 00. No PyTorch.
#
# **45 minutes**: 24 reading, 1 running, 20 exercises.
#
# We stand on the first rung of the ladder: one modality, an **encoder** that turns it into numbers, a **head** that decides.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import plot_confusion, plot_scores, show

show(*plot_ladder("single"))

# %% [markdown]
# ## Which leaf is thirsty?
# These are the leaves of notebook 00. They are simulated, so the truth can be looked up afterwards.

# %%
import numpy as np

import mmlib

data = mmlib.load_leaves()
spectra, wavelengths = data.X["spectrum"].astype(float), data.axes["spectrum"]
print(f"{len(data)} leaves of {len(np.unique(data.groups))} plants, {spectra.shape[1]} bands")

# %% [markdown]
# Here are two of them. One is short of water. Water absorbs light near 1450 nm, so the dry leaf should send more back there.

# %%
from mmlib.course.figures.n01 import plot_curves, plot_preprocessed

leaf = dict(zip(data.ids, spectra, strict=True))
leaf_a, leaf_b = leaf["plant194-leaf0"], leaf["plant196-leaf0"]
show(*plot_curves(wavelengths, {"leaf A": leaf_a, "leaf B": leaf_b}, mark=1450))

# %% [markdown]
# The curves meet at that very place. Decide before you read on: A, B, or impossible to say?
#
# ## Scatter, offset, slope
# How much light comes back depends on chemistry. It also depends on surface, structure, lamp and distance. Much of this multiplies a spectrum by a **gain** or adds an
# **offset** to it. Here is one leaf in three bands, measured twice.

# %%
first = np.array([0.30, 0.20, 0.70])
again = 1.2 * first + 0.05
print(first.round(2), again.round(2))

# %% [markdown]
# No band agrees, yet it is the same leaf. The **standard normal variate** (SNV) treats each spectrum by itself: subtract its mean, divide by its standard deviation.

# %%
for spectrum in (first, again):
    print(((spectrum - spectrum.mean()) / spectrum.std()).round(2))

# %% [markdown]
# Gain and offset are gone. The package chemotools does the same for a whole table, one row after the other:

# %%
from chemotools.scatter import StandardNormalVariate

snv = StandardNormalVariate()
snv.fit_transform(np.array([first, again])).round(2)

# %% [markdown]
# **Exercise 01.1.** What is the SNV of a spectrum with the bands 0.1, 0.2 and 0.6? Use a pencil first, then numpy. The checker answers, and `hint` gives one push.

# %%
from mmlib.course.exercises.e01 import check, hint

hint("01.1")

# %%
three = np.array([0.1, 0.2, 0.6])
# SOLUTION
corrected = (three - three.mean()) / three.std()
# STUB
# corrected = ...
check("01.1", corrected)

# %% [markdown]
# Now two leaves of one healthy plant. Their contents are nearly equal. Their spectra, before and after:

# %%
siblings = np.array([leaf["plant187-leaf0"], leaf["plant187-leaf3"]])
names = ["leaf 0", "leaf 3"]
show(*plot_curves(wavelengths, dict(zip(names, siblings, strict=True))))

# %%
after = dict(zip(names, snv.fit_transform(siblings), strict=True))
show(*plot_curves(wavelengths, after, "reflectance after SNV"))

# %% [markdown]
# Nearly all of the difference was gain and offset. What is left near 550 nm is pigment, and that is chemistry. And the two leaves of the opening question?

# %%
a, b = snv.fit_transform(np.array([leaf_a, leaf_b]))
show(*plot_curves(wavelengths, {"leaf A": a, "leaf B": b}, "reflectance after SNV", mark=1450))

# %% [markdown]
# Measured by its own height, leaf B sends more back at 1450 nm. Let us look up the truth.

# %%
for name, row in {"A": "plant194-leaf0", "B": "plant196-leaf0"}.items():
    print(f"leaf {name}: {10 * data.info['water'][data.ids == row][0]:.2f} mm of water")

# %% [markdown]
# Leaf B is the thirsty one. It had been hiding behind a low gain.
#
# **Multiplicative scatter correction** (MSC) goes another way. It takes a *reference* spectrum, fits each spectrum by "offset plus gain times reference", and takes offset and
# gain out. The reference is the mean of the spectra that MSC was fitted on. Watch leaf A, the same measurement, when the reference comes from other leaves.

# %%
from chemotools.scatter import MultiplicativeScatterCorrection

for n_plants in (10, 240):
    msc = MultiplicativeScatterCorrection().fit(spectra[data.groups < n_plants])
    reflectance = msc.transform(leaf_a[None])[0, wavelengths == 1450][0]
    print(f"reference of {n_plants} plants: leaf A has {100 * reflectance:.1f} % at 1450 nm")

# %% [markdown]
# A small difference, but the same measurement should not change at all when its neighbors do. What was fitted to all leaves has seen the test leaves.
#
# **Exercise 01.2, a judgment.** In cross-validation, what learns from data must see the training part only. Which of these steps does that concern: `"SNV"`, `"MSC"` or
# `"Savitzky-Golay"` (the derivative, coming next)?

# %%
# SOLUTION
step = "MSC"
# STUB
# step = ...
check("01.2", step)

# %% [markdown]
# A **derivative** replaces heights by slopes. Differences of noisy neighbors would mostly be noise, so Savitzky and Golay fit a parabola within a moving window and take
# *its* slope. To try it, we add to leaf A an offset of 0.05 and a straight line that rises by 0.0002 from band to band.

# %%
both = np.array([leaf_a, leaf_a + 0.05 + 0.0002 * np.arange(211)])

# %% [markdown]
# **Exercise 01.3, predict, then run.** How much larger is the first derivative (per band) of the tilted leaf than that of the leaf? It is the same amount everywhere.

# %%
# SOLUTION
larger_by = 0.0002
# STUB
# larger_by = ...
check("01.3", larger_by)

# %%
from chemotools.derivative import SavitzkyGolay

for order in (1, 2):
    step = SavitzkyGolay(window_length=11, polyorder=2, deriv=order, mode="interp")
    tilt = np.diff(step.fit_transform(both), axis=0)
    print(f"derivative {order}: the tilt still shows by {abs(tilt).max():.4f}")

# %% [markdown]
# Another way is a **baseline correction**. chemotools has several. The simplest takes out the straight line through both ends of a spectrum.

# %%
from chemotools.baseline import LinearCorrection

tilt = np.diff(LinearCorrection().fit_transform(both), axis=0)
print(f"line removed: the tilt still shows by {abs(tilt).max():.4f}")

# %% [markdown]
# Each of these steps throws something away for good. Use it when you know that this something is not chemistry.
#
# Now turn the knobs yourself. The sentence says how far apart healthy and thirsty leaves lie in the best single band. Which setting separates them best?

# %%
from mmlib.course.widgets import explorer, static_row


def draw(derivative=0, window_length=11, snv=False):
    return plot_preprocessed(data, "healthy", "drought", derivative, window_length, snv)


explorer(draw, derivative=[0, 1, 2], window_length=(3, 51, 2), snv=False)

# %%
static_row(draw, [{"snv": False}, {"snv": True}, {"derivative": 1, "snv": True}])

# %% [markdown]
# For a single band, SNV clearly helps. Keep that in mind: a surprise is coming.
#
# ## What varies most is not what tells most
# The next thing you would do is a principal component analysis. How much of the variance has each of the first four components? And how much of that lies *between* the five
# conditions, rather than among leaves of the same condition?

# %%
from sklearn.decomposition import PCA

pca = PCA(20).fit(spectra)
scores = pca.transform(spectra)
means = np.array([scores[data.y == label].mean(axis=0) for label in data.labels])
between = means.var(axis=0) / scores.var(axis=0)

# %%
for k in range(4):
    share, peak = pca.explained_variance_ratio_[k], wavelengths[abs(pca.components_[k]).argmax()]
    print(f"component {k + 1}: {100 * share:.0f} % of the variance (strongest at {peak:.0f} nm)")
    print(f"    of it between conditions: {100 * between[k]:.0f} %")

# %% [markdown]
# The component with hardly any variance separates the conditions best. Its peak is where anthocyanins absorb, the red pigment of phosphorus deficiency. The first component
# mixes water with overall brightness. That is a large thing, and mostly the same in all conditions.

# %%
from mmlib.course.figures.n01 import plot_components

show(*plot_components(scores, data, ["healthy", "drought", "phosphorus deficiency"]))

# %% [markdown]
# Let us count it: discriminant analysis (LDA) on the first two components, on the others, on all twenty. `Select` picks one modality. `mmlib.compare` fits PCA and LDA anew in every fold and keeps plants whole.

# %%
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer


def on_components(first, last):
    keep = FunctionTransformer(lambda scores: scores[:, first - 1 : last])
    return make_pipeline(mmlib.Select("spectrum"), PCA(20), keep, LinearDiscriminantAnalysis())


# %%
parts = {f"components {a} to {b}": on_components(a, b) for a, b in [(1, 2), (3, 20), (1, 20)]}
by_part = mmlib.compare(parts, data, n_repeats=2)
show(*plot_scores(by_part.table, chance=by_part.chance))

# %% [markdown]
# So a scores plot of the first two components that shows no clusters proves nothing. PCA was never told what you are looking for. PLS is told, which is why chemists use it.
#
# ## Four models, one ceiling
# Here are the usual four: PLS-DA, support vector machine (SVM), random forest (many decision trees, each grown on a random part of the samples, take a vote), and LDA on principal components. Each has derivative, SNV and scaling in front of it:

# %%
from mmlib.features.baselines import spectrum_baselines

models = spectrum_baselines()
[type(step).__name__ for _, step in models["PLS-DA"].steps]

# %% [markdown]
# We add a fifth that gets the raw spectra: PCA, then LDA. The **ceiling** is the best accuracy anybody can expect from these spectra; the simulator knows it. Which model
# will win, and by how much? Write your guess down.

# %%
models["LDA, raw spectra"] = on_components(1, 20)
result = mmlib.compare(models, data, n_repeats=1)
ceiling = mmlib.ceilings(data)
show(*plot_scores(result.table, {"spectrum": ceiling["spectrum"]}, result.chance))

# %%
accuracy, top = 100 * result.table["mean"], 100 * ceiling["spectrum"][0]
print(f"Best and worst model: {np.ptp(accuracy):.0f} points apart.")
print(f"Best model to ceiling: {top - accuracy.max():.0f} points.")

# %% [markdown]
# The models are alike. All come within a few points of the ceiling, and none can pass it, unless by luck. And what did the careful preprocessing buy?

# %%
gain, low, high = 100 * np.array(result.paired("LDA on PCA", "LDA, raw spectra")[:3])
print(f"LDA, preprocessed minus raw: {gain:.0f} points (95 % interval {low:.0f} to {high:z.0f})")

# %% [markdown]
# Nothing. A model that sees all bands at once can subtract an offset by itself. What helps one band need not help a model.
# On your data it may: other instruments scatter more. Try it, inside the fold.
#
# **Exercise 01.4.** Write a pipeline of your own that clearly beats chance, split by plant. It begins with `make_pipeline(mmlib.Select("spectrum"), ...`.

# %%
# SOLUTION
mine = make_pipeline(mmlib.Select("spectrum"), snv, LinearDiscriminantAnalysis())
# STUB
# mine = ...
check("01.4", mine)

# %% [markdown]
# Where do the errors go? We look at the random forest; the others are much the same.

# %%
show(*plot_confusion(result.confusion("random forest"), data.target_names))

# %% [markdown]
# **Exercise 01.5, a judgment.** Three conditions are mixed up: healthy, blight and nitrogen deficiency. Think of the spot that the spectrometer looks at (notebook 00). Which two will no model on
# the spectrum *ever* tell apart: `"healthy and drought"`, `"healthy and blight"` or `"healthy and nitrogen deficiency"`?

# %%
# SOLUTION
hopeless = "healthy and blight"
# STUB
# hopeless = ...
check("01.5", hopeless)

# %% [markdown]
# Nitrogen is a half-way case. The spectrum knows the chlorophyll, but not how much a leaf of that age should have. The photograph may know both the lesions and the age.

# %%
print(f"Ceilings: spectrum {top / 100:.2f}, both together {ceiling['joint'][0]:.2f}.")

# %% [markdown]
# That is what another modality *could* bring. Whether any model gets there is the question of later notebooks.
#
# ## A filter that learns
# Or is a neural network the way out? First, what it is. Take five numbers and five weights, multiply, add.

# %%
from scipy.signal import savgol_coeffs

five = np.array([0.10, 0.12, 0.16, 0.22, 0.30])
weights = savgol_coeffs(5, polyorder=2, deriv=1, use="dot")
print(f"weights {weights.round(1) + 0}, sum of products {weights @ five:.2f}")

# %% [markdown]
# These are the weights of Savitzky and Golay, and the sum is the slope in the middle of the five. Slide the weights along a spectrum, one sum at each band: that is a
# **convolution**. PyTorch, the package for neural networks, has it too. It wants a leaf axis and a channel axis in front.

# %%
import torch

spectrum = torch.tensor(leaf_a)[None, None]  # (leaf, channel, band)
slid = torch.nn.functional.conv1d(spectrum, torch.tensor(weights)[None, None])
derivative = SavitzkyGolay(window_length=5, polyorder=2, deriv=1).fit_transform(leaf_a[None])
print(f"largest difference: {abs(slid[0].numpy() - derivative[:, 2:-2]).max():.6f}")

# %% [markdown]
# So you have used convolutions for years. In a **convolutional neural network** (CNN) no formula fixes the weights. They start at random and are *learned*: many filters side
# by side, in a few layers, each followed by a step that sets negative values to zero.
#
# The rest you know as well. In PLS-DA, 211 bands become far fewer scores. How many, it chose by itself, on leaves held out of those it was fitted to. Then a discriminant analysis decides among five classes. Scores are the work of an encoder, deciding is the
# work of a head:

# %%
plsda = models["PLS-DA"].fit(data.X, data.y)
plsda.transform(data.X).shape, plsda.predict_proba(data.X).shape

# %% [markdown]
# And a CNN, here for three leaves and not yet trained:

# %%
from mmlib.nets.encoders import SpectrumCNN

encoder, head = SpectrumCNN(bands=211, width=64), torch.nn.Linear(64, 5)
three_leaves = torch.tensor(spectra[:3], dtype=torch.float32)
tuple(encoder(three_leaves).shape), tuple(head(encoder(three_leaves)).shape)

# %% [markdown]
# Bands become numbers, numbers become a score for each class. The difference: PLS finds its scores by a formula, while encoder and head of the network are trained together,
# in small steps (notebook 06 shows how). `FusionClassifier` does that, and is used like any scikit-learn model. Same data, same folds:

# %%
from mmlib.fusion import FusionClassifier

cnn = {"encoders": {"spectrum": "cnn"}, "mixup": 0}
rivals = {"PLS-DA": plsda, "1-D CNN": FusionClassifier(modalities=["spectrum"], **cnn)}
duel = mmlib.compare(rivals, data, n_repeats=1)
show(*plot_scores(duel.table, {"spectrum": ceiling["spectrum"]}, duel.chance))

# %%
seconds = duel.times["fit (s)"]
print(duel.sentence("1-D CNN", "PLS-DA"))
print("Over five times as long to train:", seconds["1-D CNN"] > 5 * seconds["PLS-DA"])

# %% [markdown]
# Perhaps it only needs more leaves? A simulator can grow them. (`seed` and `random_state` start the random numbers: the same seed, the same leaves.) We train on 40, 200 and 1000 plants and test on 400 others. Guess first: what do five times as many plants buy?

# %%
grown = mmlib.make_leaves(n_plants=1400, seed=1)
test = grown.take(grown.groups >= 1000)
network = FusionClassifier(modalities=["spectrum"], **cnn, random_state=0)

# %%
for n_plants in (40, 200, 1000):
    train = grown.take(grown.groups < n_plants)
    linear = plsda.fit(train.X, train.y).score(test.X, test.y)
    learned = network.fit(train.X, train.y, groups=train.groups).score(test.X, test.y)
    print(f"{n_plants} plants: PLS-DA {linear:.2f}, 1-D CNN {learned:.2f}")

# %% [markdown]
# The first 40 plants buy most of what there is, the last 800 hardly anything. At no size is the network far from PLS-DA. Both stay
# under the same ceiling. So before you measure another thousand leaves or try a tenth model, ask what your instrument cannot see.
#
# ## The best of many
# One mistake is so common that it looks like diligence: try many preprocessings, keep the one with the best *test* score, report that score. We run it where the truth is
# known. The labels are noise, drawn anew for each plant, so nothing can beat chance, 0.20.

# %%
from itertools import product

recipes = [
    make_pipeline(SavitzkyGolay(width, 2, order), *scatter, PCA(n), LinearDiscriminantAnalysis())
    for width, order, scatter, n in product((5, 11, 21), (0, 1, 2), ([], [snv]), (5, 15))
]


# %%
def best_of_many(seed):
    rng = np.random.default_rng(seed)
    noise, plants = rng.integers(5, size=240)[data.groups], rng.permutation(240)
    train, test, fresh = (np.isin(data.groups, p) for p in np.split(plants, [40, 52]))
    tried = [r.fit(spectra[train], noise[train]).score(spectra[test], noise[test]) for r in recipes]
    return max(tried), recipes[np.argmax(tried)].score(spectra[fresh], noise[fresh])


# %% [markdown]
# Each study trains on 40 plants, tests every recipe on 12, and keeps the winner. Afterwards the winner meets the 188 plants that nobody had touched.

# %%
reported, true = np.mean([best_of_many(seed) for seed in range(10)], axis=0)
print(f"Best of {len(recipes)} test scores, mean of 10 studies: {reported:.2f}")
print(f"The same models on fresh plants: {true:.2f}")

# %% [markdown]
# Everything was fitted on training leaves only, and plants were kept whole. The leak is the *choice*. So choose inside the training part, by a cross-validation there, and use
# the test leaves once. (The sentence of our widget flatters a little for the same reason: its band was chosen.) Notebook 03 collects more such traps.
#
# **What you saw.**
# - SNV and derivatives take out gain, offset and slope, and learn nothing. MSC learns a reference: into the pipeline with it.
# - The components with the largest variance need not be those that tell the classes apart.
# - On these spectra the good models ended up alike, a little under the same ceiling. The network was one more of them: an encoder, then a head.
# - The best of many test scores is too high. Choose inside the training part, then test once.
#
# **Words**: SNV, MSC, Savitzky-Golay, PLS-DA, encoder, head, ceiling, chance, fold, seed, leakage.
#
# **Read more**: SNV, Barnes, Dhanoa & Lister 1989, doi:10.1366/0003702894202201. MSC, Geladi, MacDougall & Martens 1985, doi:10.1366/0003702854248656. Savitzky & Golay 1964,
# doi:10.1021/ac60214a047. PLS-DA, Barker & Rayens 2003, doi:10.1002/cem.785. CNN on spectra, Cui & Fearn 2018, doi:10.1016/j.chemolab.2018.07.008.
#
# **Next:** [Images alone](02_images.ipynb), the camera without the spectrometer.
