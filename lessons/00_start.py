# %% [markdown]
# # Start here
# Afterwards you can say where the information in your data might sit, name the three places where modalities can meet, and run a first fusion that you have good reason to believe.
#
# You need some Python and an idea of what a spectrum is. No PyTorch.
#
# **40 minutes**: 20 reading, 2 running, 18 exercises.
#
# This is the foot of the ladder: we look at both modalities alone, then let them meet once.

# %%
from mmlib.plots import plot_ladder, show

show(*plot_ladder("single"))

# %% [markdown]
# ## Five conditions, two instruments
# A grower has plants that are healthy, thirsty, ill, or short of phosphorus or nitrogen. You own a spectrometer and a camera. Suppose you may keep only one. Which?
#
# The leaves below are simulated. That is a weakness, since no real leaf is so clean, and a strength: here, and only here, we know the best result anyone could reach.

# %%
import mmlib

data = mmlib.load_leaves()
print(data)

# %% [markdown]
# One **sample** is one leaf. It was measured in two ways, called **modalities**. A photograph first, three leaves of each condition:

# %%
from mmlib.plots import plot_images

show(*plot_images(data, n=3))

# %% [markdown]
# Then the spectrum: how much light the leaf sends back, from blue (400 nm) to the short-wave infrared (2500 nm). Water takes its bite near 1450 and 1940 nm.

# %%
from mmlib.plots import plot_spectra

show(*plot_spectra(data))

# %% [markdown]
# **Exercise 00.1, before you compute anything.** Which of the conditions shows in the spectrum but *not* in the picture? Put its name between quotes. `hint("00.1")` gives a push.

# %%
from mmlib.exercises.e00 import check, hint

print(data.target_names)

# %%
# SOLUTION
only_in_spectrum = "drought"
# STUB
# only_in_spectrum = ...
check("00.1", only_in_spectrum)

# %% [markdown]
# ## Three leaves, two numbers
# Nitrogen is the odd one. A leaf short of nitrogen has too little chlorophyll, *for its age*. Young leaves have little anyway. Look at three leaves:

# %%
chlorophyll = [20, 20, 60]  # from the spectrum, in ug/cm2
maturity = [0.2, 0.8, 0.9]  # from the picture, 0 = young, 1 = grown
condition = ["healthy", "short of nitrogen", "healthy"]

# %% [markdown]
# Chlorophyll alone cannot tell the first from the second: both have 20. Maturity alone can hardly tell the second from the third. Now use both. A healthy leaf of this kind
# has about 15 ug/cm2 when young and 75 when grown.

# %%
for measured, age in zip(chlorophyll, maturity, strict=True):
    expected = 15 * 5**age
    print(f"expected {expected:.0f}, measured {measured}: {measured / expected:.2f} of it")

# %% [markdown]
# One leaf has far less than it should. Neither number said so; the pair does. This is **synergy**, and it is the best reason to fuse.
#
# The same for all healthy and all nitrogen-poor leaves. The picture draws on the hidden truth, which a simulation keeps in `data.info`.

# %%
from mmlib.plots.pairs import plot_pair

show(*plot_pair(data, "maturity", "chlorophyll", ["healthy", "nitrogen deficiency"]))

# %% [markdown]
# Cover one axis with your hand, then the other. Seen from maturity the clouds coincide; seen from chlorophyll they overlap almost everywhere. Only in the plane do they part.
#
# ## How far does each instrument get alone?
# Two models that a spectroscopist knows: linear discriminant analysis after a PCA, once on spectra, once on hand-made features of the picture (color, lesion area, shape).

# %%
from mmlib.features import image_baselines, spectrum_baselines

models = {
    "spectrum only": spectrum_baselines()["LDA on PCA"],
    "image only": image_baselines()["LDA on PCA"],
}

# %% [markdown]
# `compare` trains and tests them on the same four **folds**. Leaves of one plant always stay together. Notebook 03 shows what happens otherwise.

# %%
alone = mmlib.compare(models, data, n_folds=4, n_repeats=1)
alone.table[["mean", "low", "high"]].round(2)

# %% [markdown]
# Not far apart, and a guess would score 0.20. So which one do you keep? Look at what each of them gets wrong. Rows are the truth:

# %%
from mmlib.plots import plot_confusion

show(*plot_confusion(alone.confusion("spectrum only"), data.target_names))

# %%
show(*plot_confusion(alone.confusion("image only"), data.target_names))

# %% [markdown]
# Similar scores, different blindness. That is the surprise to keep: **accuracy does not say what a model knows.**
#
# **Exercise 00.2.** The spectrum alone cannot know blight, since its spot avoids the lesions. Among its *wrong* answers for leaves with blight, which is the most frequent? Read the row.

# %%
# SOLUTION
taken_for = alone.confusion("spectrum only").loc["blight"].drop("blight").idxmax()
# STUB
# taken_for = ...
check("00.2", taken_for)

# %% [markdown]
# ## Let them meet
# The simplest fusion puts both kinds of features side by side in one table and trains one model. It is called **early fusion**. One line:

# %%
from mmlib.fusion.early import early_fusion

models["early"] = early_fusion(data)
result = mmlib.compare(models, data, n_folds=4, n_repeats=1)

# %% [markdown]
# Before you run the next cell: each instrument alone was right for a little more than half of the leaves. What will both reach? Write a number down.

# %%
show(*result.plot())

# %% [markdown]
# Dots are accuracies, bars 95 % **intervals**, vertical lines the **ceilings**: what a perfect observer would reach who sees the spectrum, the picture, or both. "Late"
# is a perfect observer of each modality whose two opinions are combined afterwards. Nobody can be better than that, except by accident or by cheating.

# %%
print(result.sentence("early", "spectrum only"))

# %% [markdown]
# A large gain, on the same leaves, the same folds and the same scoring. But it was built in: these leaves have synergy. Do yours?
#
# ## Four knobs
# Each knob scales one signal. `water` shows in the spectrum only, `lesions` in the picture only, `redness` in both, `synergy` in neither alone. At zero, that condition cannot be told from healthy.

# %%
from mmlib.leaves.knobs import draw_knobs
from mmlib.widgets import explorer

steps = (0.0, 2.0, 0.25)
explorer(draw_knobs, water=steps, lesions=steps, redness=steps, synergy=steps)

# %% [markdown]
# Three settings, for those who read this on paper: as simulated, without synergy, and with nothing that only the picture knows.

# %%
from mmlib.widgets import static_row

nothing_new = {"lesions": 0.0, "synergy": 0.0}
static_row(draw_knobs, [{"synergy": 1.0}, {"synergy": 0.0}, nothing_new])

# %% [markdown]
# Turn `redness` from 0 to 2. Every bar rises, and the gain of fusion hardly moves. What both instruments see is **redundant**: it lifts each of them, and a second look at it buys nothing.
#
# **Exercise 00.3.** You own the spectrometer. Which knobs must be zero, so that a camera adds nothing at all? Give a list of names.

# %%
# SOLUTION
must_be_zero = ["lesions", "synergy"]
# STUB
# must_be_zero = ...
check("00.3", must_be_zero)

# %% [markdown]
# ## The words
# Every fusion in this course is one picture, **encoders -> fuse -> head**: each modality is turned into numbers, the numbers meet somewhere, something decides. Three places to meet have names:
#
# | here | what meets | called elsewhere |
# |---|---|---|
# | early fusion | features, before any model | low- or mid-level data fusion (chemometrics), `FeatureUnion` (scikit-learn) |
# | intermediate fusion | vectors inside one network | joint fusion, **`LateFusion` (TorchMultimodal)** |
# | late fusion | finished probabilities | high-level or decision-level fusion, `VotingClassifier` (scikit-learn) |
#
# So a paper's name for its method tells you little. Ask two questions: *what* is combined? And is the combination *trained together* with what comes before it?

# %%
show(*plot_ladder("late"))

# %% [markdown]
# **Exercise 00.4, a judgment.** A paper trains an image network and a spectrum network together. Their last hidden layers are concatenated, and a joint layer decides. The authors
# call it "late fusion". What is it here: `"early"`, `"intermediate"` or `"late"`?

# %%
# SOLUTION
the_paper = "intermediate"
# STUB
# the_paper = ...
check("00.4", the_paper)

# %% [markdown]
# **What you saw.** Two instruments with the same score can be blind in different places. Fusion pays where one of them knows something alone, and most where only the pair knows. It pays nothing for what both see.
#
# **Words:** modality, sample, fold, interval, ceiling, redundant, synergy; early, intermediate, late fusion.
#
# **Read more:** Baltrusaitis, Ahuja and Morency (2019), doi:10.1109/TPAMI.2018.2798607, on the kinds of fusion; Borràs et al. (2015), doi:10.1016/j.aca.2015.04.042, on the chemists' words for them.
#
# **Next:** [Spectra alone](01_spectra.ipynb). Something fails to run? `python -m mmlib doctor` says why.
