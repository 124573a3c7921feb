# %% [markdown]
# # Spectra alone
# Afterwards you can say what scatter correction, derivatives and log(1/R) do, open a ready-made model and choose its settings, judge four familiar models and a small neural network on the same split, and notice when it is the spectrum, not the model, that sets the limit.
#
# You need what you know of PLS, and notebook 00. No PyTorch.
#
# **55 minutes**: 32 reading, 1 running, 22 exercises.
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
# In this course a **band** is one column of the table: the reflectance at one wavelength. (Chemists also call an absorption a band; we say *absorption* for that.)
#
# Here are two of the leaves. One of them is short of water. Water absorbs light near 1450 nm, so the dry leaf should send more light back there.

# %%
from mmlib.course.figures.n01 import plot_curves, plot_preprocessed

leaf = dict(zip(data.ids, spectra, strict=True))
leaf_a, leaf_b = leaf["plant194-leaf0"], leaf["plant196-leaf0"]
show(*plot_curves(wavelengths, {"leaf A": leaf_a, "leaf B": leaf_b}, mark=1450))

# %% [markdown]
# (The sentence below the figure says how far apart two curves lie: their mean distance, divided by the standard deviation of the first curve over its bands.)
#
# The two curves meet at that very wavelength. Decide before you read on: is the dry leaf A, is it B, or is it impossible to say?
#
# ## Scatter, offset, slope
# How much light comes back depends on the chemistry of the leaf. It also depends on its surface and structure, on the lamp, and on the distance. Most of these other influences multiply the spectrum by a number, the **gain**, or add a number to it, the **offset**. Here is one leaf, measured twice in three bands. The second measurement has a gain of 1.2 and an offset of 0.05.

# %%
first = np.array([0.30, 0.20, 0.70])
again = 1.2 * first + 0.05
print(first.round(2), again.round(2))

# %% [markdown]
# No band agrees, although it is the same leaf. The **standard normal variate** (SNV) corrects each spectrum by itself: it subtracts the mean of the spectrum and divides by its standard deviation.

# %%
for spectrum in (first, again):
    print(((spectrum - spectrum.mean()) / spectrum.std()).round(2))

# %% [markdown]
# Now both measurements are equal: gain and offset are gone. The package chemotools does the same for a whole table, row by row:

# %%
from chemotools.scatter import StandardNormalVariate

snv = StandardNormalVariate()
snv.fit_transform(np.array([first, again])).round(2)

# %% [markdown]
# **Exercise 01.1.** What is the SNV of a spectrum with the bands 0.1, 0.2 and 0.6? Use a pencil first, then numpy. `check` judges your answer. `hint` helps you on, as in the next cell; try without it first. Call it a second time for a second hint.

# %% tags=["hide-output"]
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
# Now we take two leaves of one healthy plant. Their contents are similar, but not the same. These are their spectra before SNV, and then after it:

# %%
siblings = np.array([leaf["plant187-leaf0"], leaf["plant187-leaf3"]])
names = ["leaf 0", "leaf 3"]
show(*plot_curves(wavelengths, dict(zip(names, siblings, strict=True))))

# %%
after = dict(zip(names, snv.fit_transform(siblings), strict=True))
show(*plot_curves(wavelengths, after, "reflectance after SNV"))

# %% [markdown]
# Nearly all of the difference was gain and offset. What is left is chemistry and some noise: near 550 nm pigments absorb, and near 1450 nm water. Now we can treat the two leaves of the opening question in the same way:

# %%
a, b = snv.fit_transform(np.array([leaf_a, leaf_b]))
show(*plot_curves(wavelengths, {"leaf A": a, "leaf B": b}, "reflectance after SNV", mark=1450))

# %% [markdown]
# Relative to the height of its own spectrum, leaf B sends more light back at 1450 nm. Let us look up the truth.

# %%
for name, row in {"A": "plant194-leaf0", "B": "plant196-leaf0"}.items():
    print(f"leaf {name}: {10 * data.info['water'][data.ids == row][0]:.2f} mm of water")

# %% [markdown]
# Leaf B is the thirsty one. From the raw heights at 1450 nm it was indeed impossible to say. The spectrum of leaf B lies lower nearly everywhere, and this had hidden the difference.
#
# **Multiplicative scatter correction** (MSC) works in another way. It takes a *reference* spectrum, fits each spectrum by "offset plus gain times reference", and then removes this offset and this gain. The reference is the mean of the spectra on which MSC was fitted. Look at what happens to one measurement, that of leaf A, when the reference is made from fewer or more plants.

# %%
from chemotools.scatter import MultiplicativeScatterCorrection

for n_plants in (10, 240):
    msc = MultiplicativeScatterCorrection().fit(spectra[data.groups < n_plants])
    reflectance = msc.transform(leaf_a[None])[0, wavelengths == 1450][0]
    print(f"reference of {n_plants} plants: leaf A has {100 * reflectance:.1f} % at 1450 nm")

# %% [markdown]
# The difference is small. But a measurement should not change because *test* leaves were measured. If MSC is fitted to all leaves, the corrected training spectra contain something of the test leaves. This is called **leakage**.
#
# **Exercise 01.2, a judgment.** In cross-validation, every step that learns from data must see the training part only. Which of these steps learns from data: `"SNV"`, `"MSC"` or
# `"Savitzky-Golay"` (the derivative, coming next)?

# %%
# SOLUTION
step = "MSC"
# STUB
# step = ...
check("01.2", step)

# %% [markdown]
# A **derivative** replaces the heights of a spectrum by its slopes. The plain difference of two neighboring bands would be mostly noise. So Savitzky and Golay fit a parabola to the bands inside a moving window, and take the slope of the *parabola*. To try it, we make a tilted copy of leaf A: we add an offset of 0.05 and a straight line that rises by 0.0002 from band to band.

# %%
both = np.array([leaf_a, leaf_a + 0.05 + 0.0002 * np.arange(211)])

# %% [markdown]
# **Exercise 01.3, predict, then run.** How much larger is the first derivative (per band) of the tilted copy than that of the leaf itself? The difference is the same in all bands.

# %%
# SOLUTION
larger_by = 0.0002
# STUB
# larger_by = ...
check("01.3", larger_by)

# %% tags=["hide-output"]
from chemotools.derivative import SavitzkyGolay

for order in (1, 2):
    step = SavitzkyGolay(window_length=11, polyorder=2, deriv=order, mode="interp")
    tilt = np.diff(step.fit_transform(both), axis=0)
    print(f"derivative {order}: the tilt still shows by {abs(tilt).max():.4f}")

# %% [markdown]
# In the first derivative the offset is gone and the slope is left, the same in all bands. In the second derivative the slope is gone as well. (There are other ways. A *baseline correction*, of which chemotools has several, subtracts a line or a curve that lies under the spectrum.)
#
# Each of these steps throws something away for good. Use it when you know that what it throws away is not chemistry.
#
# ### Absorbance, log(1/R)
# Chemists rarely calculate with the reflectance R itself. They take log(1/R), the **absorbance**. Three numbers show why. Imagine a layer of water that lets through half of the light. Then one, two and three such layers. (For light that goes through, chemists write T in place of R. The arithmetic is the same.)

# %%
left = 0.5 ** np.array([1, 2, 3])
print("light that is left:", left)
print("log(1/R):", np.log10(1 / left).round(2))

# %% [markdown]
# Each layer takes away less light than the one before. But each layer adds the same amount to log(1/R). So absorbance grows in proportion to the amount of the absorber (the law of Beer and Lambert), and reflectance does not. In a leaf, scattered light takes many paths of different lengths, so the law holds only roughly.
#
# What does log(1/R) make of a gain? We multiply our three bands by 1.2:

# %% tags=["hide-output"]
print((np.log10(1 / (1.2 * first)) - np.log10(1 / first)).round(3))

# %% [markdown]
# The gain has become an offset: the same number is added in every band. A derivative or SNV can remove it. Whether log(1/R) helps a model to tell our conditions apart is another question, which we answer below.
#
# Now try the corrections yourself. The figure draws six leaves of each condition, and a dotted line at the best single band. The sentence under it says how far apart healthy and thirsty leaves lie in this band: the distance of their means, in standard deviations within a condition. Which setting separates them best?

# %%
from mmlib.course.widgets import explorer, static_row


def draw(derivative=0, window_length=11, snv=False):
    return plot_preprocessed(data, "healthy", "drought", derivative, window_length, snv)


explorer(draw, derivative=[0, 1, 2], window_length=(3, 51, 2), snv=False)

# %% tags=["hide-output"]
settings = [{"snv": False}, {"snv": True}, {"derivative": 1, "snv": True}, {"derivative": 2}]
static_row(draw, settings)

# %% [markdown]
# In a single band, SNV or a derivative brings the two conditions further apart, and both together do not do much more. Which correction wins is a matter of a few tenths, so do not read much into it. Keep the gain of SNV in mind. Below we shall see whether it also helps a model that uses all bands at once.
#
# ## Much variance does not mean much information
# The next thing you would do is a principal component analysis (PCA). For each of the first four components we print two numbers. The first is its share of the whole variance. The second says how much of this variance comes from differences *between* the means of the five conditions. The rest is variance among leaves of the same condition.

# %%
from sklearn.decomposition import PCA

pca = PCA(20).fit(spectra)
scores = pca.transform(spectra)
means = np.array([scores[data.y == label].mean(axis=0) for label in data.labels])
between = means.var(axis=0) / scores.var(axis=0)

# %%
for k in range(4):
    share, peak = pca.explained_variance_ratio_[k], wavelengths[abs(pca.components_[k]).argmax()]
    print(f"component {k + 1}: {100 * share:.1f} % of the variance (strongest at {peak:.0f} nm)")
    print(f"    of it between conditions: {100 * between[k]:.0f} %")

# %% [markdown]
# The fourth component has hardly any variance. Yet a larger part of it lies between the conditions than in the other three. To see what a component stands for, look at its **loadings**: the weight of each band in it. From a new leaf the mean spectrum is subtracted. The rest is multiplied by these weights, band by band, and the sum is its **score**.

# %%
loadings = {f"component {k}": pca.components_[k - 1] for k in (1, 4)}
show(*plot_curves(wavelengths, loadings, "loading", distance=False))

# %% [markdown]
# All loadings of the first component have the same sign, and they are largest in the infrared: it mainly says how bright a leaf is there, and brightness has to do with water and with gain. The fourth component is strongest near 540 nm. There the anthocyanins absorb, the red pigments of leaves that lack phosphorus. It has a dip near 700 nm, too, at the edge of the absorption of chlorophyll. So chlorophyll plays a part as well.
#
# Now the scores: each point is a leaf.

# %%
from mmlib.course.figures.n01 import plot_components

show(*plot_components(scores, data, ["healthy", "drought", "phosphorus deficiency"]))

# %% [markdown]
# How much do the components tell a model? We give linear discriminant analysis (LDA) the first two components, then the next two, then all twenty. In the code, `Select` picks one modality. `mmlib.compare` does the cross-validation: it fits PCA and LDA anew in every fold, and it keeps all leaves of a plant in the same fold.

# %%
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer


def on_components(first, last):
    keep = FunctionTransformer(lambda scores: scores[:, first - 1 : last])
    return make_pipeline(mmlib.Select("spectrum"), PCA(20), keep, LinearDiscriminantAnalysis())


# %%
parts = {f"components {a} to {b}": on_components(a, b) for a, b in [(1, 2), (3, 4), (1, 20)]}
by_part = mmlib.compare(parts, data, n_repeats=2)
show(*plot_scores(by_part.table, chance=by_part.chance))

# %%
first_two, next_two = np.split(pca.explained_variance_ratio_[:4], 2)
print(f"components 1 and 2: {first_two.sum():.0%} of the variance, 3 and 4: {next_two.sum():.0%}")
print(by_part.sentence("components 3 to 4", "components 1 to 2"))

# %% [markdown]
# Components 3 and 4 have much less variance than the first two, and no difference in what they tell can be seen. And twenty components tell more than either pair. So if a scores plot of the first two components shows no clusters, this proves nothing. PCA does not know what you are looking for. PLS looks at the labels, too, and that is why chemists use it.
#
# ## Four models, one ceiling
# Here are four usual models: PLS-DA, a support vector machine (SVM), a random forest (many decision trees, each grown on a random part of the samples, take a vote), and LDA on principal components. A ready-made model should be opened before it is used. What are the steps of each?

# %%
from mmlib.features.baselines import spectrum_baselines

models = spectrum_baselines()
for name, model in models.items():
    print(f"{name}:", ", ".join(type(step).__name__ for _, step in model.steps))

# %% [markdown]
# All begin with the first derivative (`SavitzkyGolay`), SNV, and scaling of each band. The rest differs, and it has settings. PLS-DA chooses its number of latent variables by itself, on plants that it holds out for this. The others use fixed settings: the SVM a penalty of `C=1`, the forest 200 trees, LDA 20 principal components (`Compress` is PCA). Are 20 components a good choice? Such a question must be answered by the training part alone. scikit-learn's `GridSearchCV` does this: it takes a model and the values to be tried, and compares them by a cross-validation inside the leaves that it is given. We give it three quarters of the plants.

# %%
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold

folds = StratifiedGroupKFold(4)  # four folds; whole plants stay together
sizes = {"compress__n_components": [2, 5, 10, 20, 40]}
search = GridSearchCV(models["LDA on PCA"], sizes, cv=folds)
train, _ = data.split(seed=0)
search.fit(train.X, train.y, groups=train.groups)
for n, share in zip(*sizes.values(), search.cv_results_["mean_test_score"], strict=True):
    print(f"{n} components: {share:.2f} right on plants held out")

# %% [markdown]
# Few components leave something out. From about ten on, the number matters little here. The search prefers 40, by a few points; `search.best_params_` names it. We stay with 20, the value that the ready-made model brings along. For the SVM we let the search choose the penalty. The search is itself a model, so `compare` runs it inside the training part of every fold.
#
# We add two models that skip the preprocessing. One gets the raw spectra, the other log(1/R).

# %%
models["SVM, C chosen"] = GridSearchCV(models["SVM"], {"svc__C": [0.1, 1, 10, 100]}, cv=folds)
models["LDA, raw spectra"] = on_components(1, 20)
absorbance = FunctionTransformer(lambda R: np.log10(1 / np.clip(R, 0.001, 1)))
steps = mmlib.Select("spectrum"), absorbance, PCA(20), LinearDiscriminantAnalysis()
models["LDA, log(1/R)"] = make_pipeline(*steps)

# %% [markdown]
# The vertical line in the next figure is the **ceiling**: the accuracy of a perfect observer of the spectrum. The simulator computes it from the true contents of the leaves, without any noise of the instrument. So it is an upper bound. Which model will win, and by how much? Write your guess down.

# %% tags=["hide-output"]
result = mmlib.compare(models, data, n_repeats=1)
ceiling = mmlib.ceilings(data)
show(*plot_scores(result.table, {"spectrum": ceiling["spectrum"]}, result.chance))

# %% tags=["hide-output"]
accuracy, top = 100 * result.table["mean"], 100 * ceiling["spectrum"][0]
print(f"Best and worst model: {np.ptp(accuracy):.0f} points apart.")
print(f"Best model to ceiling: {top - accuracy.max():.0f} points.")

# %% [markdown]
# The models are alike. The best one stays about three points below the ceiling, and the worst about six. (A score can pass the ceiling a little by luck, since the test leaves are a sample. "LDA on PCA" had 0.54 in notebook 00; there the folds were four, here they are five.) Choosing the penalty of the SVM changed little. And what did the careful preprocessing bring?

# %% tags=["hide-output"]
for name in ("LDA on PCA", "LDA, log(1/R)"):
    print(result.sentence(name, "LDA, raw spectra"))

# %% [markdown]
# No gain can be seen, neither from derivative and SNV nor from log(1/R). SNV helped a single band, because a single band cannot tell a gain from water. A model that sees all bands can compare them with each other: it can cancel an offset by weights that add up to zero, and on these leaves it copes with the gain as well. On your data the preprocessing may help, since other samples may scatter more. Try it, and let the training part decide.
#
# **Exercise 01.4.** Write a pipeline of your own. `check` trains it on some plants and tests it on others, where it must clearly beat chance. It begins with `make_pipeline(mmlib.Select("spectrum"), ...`. The last step must be a classifier, such as `LinearDiscriminantAnalysis()`.

# %%
# SOLUTION
mine = make_pipeline(mmlib.Select("spectrum"), snv, LinearDiscriminantAnalysis())
# STUB
# mine = ...
check("01.4", mine)

# %% [markdown]
# Which conditions are mixed up? We look at the confusion matrix of the random forest.

# %%
show(*plot_confusion(result.confusion("random forest"), data.target_names))

# %% [markdown]
# **Exercise 01.5, a judgment.** Three conditions are mixed up with each other: healthy, blight and nitrogen deficiency. Remember at which spot of a leaf the spectrometer looks (notebook 00, exercise 00.3). Which two conditions can *no* model tell apart by the spectrum: `"healthy and drought"`, `"healthy and blight"` or `"healthy and nitrogen deficiency"`?

# %%
# SOLUTION
hopeless = "healthy and blight"
# STUB
# hopeless = ...
check("01.5", hopeless)

# %% [markdown]
# Healthy and blight look the same to the spectrometer. Healthy and nitrogen deficiency can be told apart in part: the spectrum shows how much chlorophyll there is, but not how much a leaf of this age should have. The photograph shows both the lesions and, roughly, the age.

# %%
print(f"Ceilings: spectrum {top / 100:.2f}, both together {ceiling['joint'][0]:.2f}.")

# %% [markdown]
# So much *could* be gained by a second modality. Whether a model can reach it is the question of the later notebooks.
#
# ## A filter that learns
# Would a neural network get more out of the spectrum? Let us first see what such a network does. Take five numbers and five weights, multiply each number by its weight, and add up.

# %%
from scipy.signal import savgol_coeffs

five = np.array([0.10, 0.12, 0.16, 0.22, 0.30])
weights = savgol_coeffs(5, polyorder=2, deriv=1, use="dot")  # in the order of the bands
print("weights", weights.round(1) + 0.0)  # adding 0 makes 0 of what Python calls "-0"
print(f"sum of products {(weights * five).sum():.2f}")

# %% [markdown]
# These five are the weights of Savitzky and Golay, and the sum is the slope in the middle of the five numbers. Now slide the weights along a spectrum and compute one sum at each band. This is called a **convolution**. PyTorch, the package for neural networks, has it, too. Its arrays need two more axes in front: one that counts the leaves, and one that counts channels. (A spectrum has one channel, a color picture has three.)

# %%
import torch

spectrum = torch.tensor(leaf_a)[None, None]  # (leaf, channel, band)
slid = torch.nn.functional.conv1d(spectrum, torch.tensor(weights)[None, None])
derivative = SavitzkyGolay(window_length=5, polyorder=2, deriv=1).fit_transform(leaf_a[None])
print(f"largest difference: {abs(slid[0].numpy() - derivative[:, 2:-2]).max():.6f}")

# %% [markdown]
# The two agree. So if you take derivatives of spectra, you have used convolutions for years. In a **convolutional neural network** (CNN) no formula fixes the weights. They start at random and are then *learned* from the samples. Such a network has many filters side by side, in a few layers one after the other. After each layer, negative values are set to zero.
#
# The rest is familiar as well. In PLS-DA, 211 bands become a few scores, and a discriminant analysis decides on these scores. In the words of this course, an encoder makes the scores and a head decides:

# %%
plsda = models["PLS-DA"]
plsda.fit(data.X, data.y, plsda__groups=data.groups)  # it holds out whole plants
plsda.transform(data.X).shape, plsda.predict_proba(data.X).shape

# %% [markdown]
# And a CNN, here for three leaves and not yet trained:

# %%
from mmlib.nets.encoders import SpectrumCNN

encoder, head = SpectrumCNN(bands=211, width=64), torch.nn.Linear(64, 5)
three_leaves = torch.tensor(spectra[:3], dtype=torch.float32)
tuple(encoder(three_leaves).shape), tuple(head(encoder(three_leaves)).shape)

# %% [markdown]
# In both, the bands become fewer numbers, here 3 and 64, and these become one number for each class. The difference is how the weights are found. PLS computes them by a formula. The encoder and the head of a network are trained together, in many small steps; notebook 06 shows how. `FusionClassifier` does this, and is used like any scikit-learn model. We compare both on the same folds. (`"cnn"` is the encoder above.)

# %%
from mmlib.fusion import FusionClassifier

cnn = {"encoders": {"spectrum": "cnn"}}
rivals = {"PLS-DA": plsda, "1-D CNN": FusionClassifier(modalities=["spectrum"], **cnn)}
duel = mmlib.compare(rivals, data, n_repeats=1)
show(*plot_scores(duel.table, {"spectrum": ceiling["spectrum"]}, duel.chance))

# %%
seconds = duel.times["fit (s)"]
print(duel.sentence("1-D CNN", "PLS-DA"))
print("Over five times as long to train:", seconds["1-D CNN"] > 5 * seconds["PLS-DA"])

# %% [markdown]
# Perhaps the network only needs more leaves? A simulator can grow them. (`seed` and `random_state` are the numbers from which random numbers start: the same seed gives the same leaves.) We train on 40, 200 and 1000 plants and test on 400 others. Guess first: how many points will each of these steps gain?

# %%
grown = mmlib.make_leaves(n_plants=1400, seed=1)
test = grown.take(grown.groups >= 1000)
network = FusionClassifier(modalities=["spectrum"], **cnn, random_state=0)

# %% tags=["hide-output"]
for n_plants in (40, 200, 1000):
    train = grown.take(grown.groups < n_plants)
    plsda.fit(train.X, train.y, plsda__groups=train.groups)
    network.fit(train.X, train.y, groups=train.groups)
    linear, learned = (model.score(test.X, test.y) for model in (plsda, network))
    print(f"{n_plants} plants: PLS-DA {linear:.2f}, 1-D CNN {learned:.2f}")
print(f"ceiling of these leaves: {mmlib.ceilings(grown)['spectrum'][0]:.2f}")

# %% [markdown]
# The first 40 plants give most of what can be reached, and the last 800 give nothing more. (PLS-DA chooses its number of latent variables anew each time, so it may even fall a little.) At no size is the network far from PLS-DA, and both stay below the ceiling. So before you measure another thousand leaves or try a tenth model, ask what your instrument cannot see.
#
# ## The best of many
# One mistake looks like diligence. Somebody tries many preprocessings, keeps the one with the best *test* score, and reports that score. We do the same where the truth is known: we give each plant a random label. Then no model can truly beat chance, which is 0.20.

# %%
from itertools import product

recipes = [
    make_pipeline(SavitzkyGolay(width, 2, order), *scatter, PCA(n), LinearDiscriminantAnalysis())
    for width, order, scatter, n in product((5, 11, 21), (0, 1, 2), ([], [snv]), (5, 15))
]


# %%
def best_of_many(seed):
    rng = np.random.default_rng(seed)
    label = rng.integers(5, size=240)[data.groups]  # a random one for each plant
    parts = np.split(rng.permutation(240), [40, 52])  # 40 plants, 12 plants, all others
    train, test, fresh = (np.isin(data.groups, plants) for plants in parts)
    tried = [r.fit(spectra[train], label[train]).score(spectra[test], label[test]) for r in recipes]
    return max(tried), recipes[np.argmax(tried)].score(spectra[fresh], label[fresh])


# %% [markdown]
# Each study trains on 40 plants, tests every recipe on 12 others, and keeps the winner. Afterwards the winner is tested on the remaining 188 plants, which nobody has used before.

# %%
reported, true = np.mean([best_of_many(seed) for seed in range(10)], axis=0)
print(f"Best of {len(recipes)} test scores, mean of 10 studies: {reported:.2f}")
print(f"The same models on fresh plants: {true:.2f}")

# %% [markdown]
# Everything was fitted on training leaves only, and plants were kept whole. And still the reported score is too high, because the recipe was *chosen* with the test leaves. So choose inside the training part, as `GridSearchCV` does, and use the test leaves once. (The sentence under our sliders flatters a little for the same reason, since its band was the best of 211.) Notebook 03 shows more such mistakes.
#
# **What you saw.**
# - SNV removes gain and offset. A first derivative removes the offset, a second one the slope as well. None of these learns anything from other samples. MSC learns a reference, so it belongs in the pipeline.
# - log(1/R) is roughly proportional to the amount of an absorber, and turns a gain into an offset.
# - The components with the largest variance need not be those that tell the classes apart. Loadings say what a component stands for.
# - On these spectra all models that we tried came out alike, a little under the same ceiling. The network was one of them. (Notebook 03 meets a model that comes closer.)
# - The best of many test scores is too high. Choose settings inside the training part, then test once.
#
# **Words**: band, gain, offset, SNV, MSC, Savitzky-Golay, absorbance, loading, score, PLS-DA, encoder, head, ceiling, chance, fold, seed, leakage.
#
# **Read more**: SNV, Barnes, Dhanoa & Lister 1989, doi:10.1366/0003702894202201. MSC, Geladi, MacDougall & Martens 1985, doi:10.1366/0003702854248656. Savitzky & Golay 1964,
# doi:10.1021/ac60214a047. PLS-DA, Barker & Rayens 2003, doi:10.1002/cem.785. CNN on spectra, Cui & Fearn 2018, doi:10.1016/j.chemolab.2018.07.008.
#
# **Next:** [Images alone](02_images.ipynb), the camera without the spectrometer.
