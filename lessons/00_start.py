# %% [markdown]
# # Start here
# Afterwards you can say where the information in your data might sit, name the three places where modalities can meet, and run a first fusion that you may believe.
#
# You need some Python and an idea of what a spectrum is.
#
# **40 minutes**: 20 reading, 2 running, 18 exercises.
#
# The course is a ladder of eight rungs (upper row). An **encoder** turns a measurement into a few numbers, a **head** turns those into an answer.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("single"))

# %% [markdown]
# ## Five conditions, two instruments
# A grower's plants are healthy, thirsty (drought), ill (blight), or short of phosphorus or nitrogen. These five **conditions** are the *classes*; the one written beside a leaf is its *label*. You own a spectrometer and a camera. If you may keep only one: which?
#
# The leaves are simulated. No real leaf is so clean, but only here do we know the best result anyone could reach.

# %%
import mmlib

data = mmlib.load_leaves()
print(data)

# %% [markdown]
# One **sample** is one leaf, measured in two ways, called **modalities**. First the picture (`"image"` in the code). Every leaf has some brown spots; blight makes them large. The white bar is a ruler.

# %%
from mmlib.plots import plot_images

show(*plot_images(data, n=3))

# %% [markdown]
# Then the spectrum: the share of light sent back. Water absorbs near 1450 and 1940 nm.

# %%
from mmlib.plots import plot_spectra

show(*plot_spectra(data))

# %% [markdown]
# **Exercise 00.1, before you compute anything.** Which condition shows in the spectrum but *not* in the picture? Replace the dots by its name between quotes, and run the cell: `check` answers. `hint("00.1")` helps.

# %%
from mmlib.course.exercises.e00 import check, hint

print(data.target_names)

# %%
# SOLUTION
only_in_spectrum = "drought"
# STUB
# only_in_spectrum = ...
check("00.1", only_in_spectrum)

# %% [markdown]
# ## Three leaves, two numbers
# A leaf short of nitrogen has too little chlorophyll *for its age*. Young leaves have little anyway. Three leaves:

# %%
chlorophyll = [20, 20, 60]  # from the spectrum, in ug/cm2
maturity = [0.2, 0.8, 0.9]  # from the picture, 0 = young, 1 = grown
condition = ["healthy", "short of nitrogen", "healthy"]

# %% [markdown]
# Chlorophyll cannot tell the first from the second, maturity hardly the second from the third. Now use both. In a healthy leaf chlorophyll grows fivefold with age, from about 15 to 75 ug/cm2:

# %%
for measured, age in zip(chlorophyll, maturity, strict=True):
    expected = 15 * 5**age
    print(f"expected {expected:.0f}, measured {measured}: {measured / expected:.2f} of it")

# %% [markdown]
# One leaf has far less than it should. Neither number said so; the pair does. This is **synergy**.
#
# Now all healthy and all nitrogen-poor leaves, with their true values:

# %%
from mmlib.course.figures.n00 import plot_pair

show(*plot_pair(data, "maturity", "chlorophyll", ["healthy", "nitrogen deficiency"]))

# %% [markdown]
# Push the points onto the maturity axis: the clouds coincide. Push them onto the chlorophyll axis: the ends tell something, the middle nothing. Only in the plane do they part.
#
# ## How far does each instrument get alone?
# Linear discriminant analysis after a PCA, once on spectra, once on features measured in the picture (color, spots, shape):

# %%
from mmlib.features import image_baselines, spectrum_baselines

models = {
    "spectrum only": spectrum_baselines()["LDA on PCA"],
    "image only": image_baselines()["LDA on PCA"],
}

# %% [markdown]
# `compare` tests both on the same four **folds**: each quarter of the plants is judged once, by models trained on the other three. Leaves of one plant stay together; notebook 03 shows why.

# %%
alone = mmlib.compare(models, data, n_folds=4, n_repeats=1)
alone.table[["mean", "low", "high"]].round(2)

# %% [markdown]
# These are **accuracies**, shares of leaves judged rightly; guessing scores 0.20. So it hardly matters which one you keep? Look at the mistakes. Rows are the truth:

# %%
from mmlib.plots import plot_confusion

show(*plot_confusion(alone.confusion("spectrum only"), data.target_names))

# %%
show(*plot_confusion(alone.confusion("image only"), data.target_names))

# %% [markdown]
# The diagonals, side by side, as the share of each condition that was found:

# %%
import pandas as pd

tables = {name: alone.confusion(name) for name in models}
found = {name: counts.values.diagonal() / counts.sum(axis=1) for name, counts in tables.items()}
pd.DataFrame(found).round(2)

# %% [markdown]
# Similar scores, different blindness. One finds thirst and misses blight, the other the reverse: **accuracy does not say what a model knows.** Keep the one whose blindness costs you less.
#
# **Exercise 00.2.** The spectrometer looks at healthy tissue between the lesions. Among its *wrong* answers for leaves with blight, which is the most frequent? Read the row.

# %%
# SOLUTION
taken_for = alone.confusion("spectrum only").loc["blight"].drop("blight").idxmax()
# STUB
# taken_for = ...
check("00.2", taken_for)

# %% [markdown]
# ## Let them meet
# **Early fusion** puts both kinds of features into one table and trains one model:

# %%
from mmlib.fusion.early import early_fusion

models["early"] = early_fusion(data)
result = mmlib.compare(models, data, n_folds=4, n_repeats=1)

# %% [markdown]
# What will both reach? Write a number down, then run.

# %%
show(*result.plot())

# %% [markdown]
# Dots are accuracies, bars their 95 % **intervals** (notebook 03). Vertical lines are **ceilings**: what a perfect observer reaches who sees the spectrum, the picture, or both ("joint"). For "late", two perfect observers see one modality each, and only their opinions are combined. No model passes its
# ceiling, except by accident or by cheating.

# %%
print(result.sentence("early", "spectrum only"))
best, _ = mmlib.ceilings(data)["joint"]
print(f"A perfect observer of both: {100 * best:.0f} % right")

# %% [markdown]
# A large gain, but built in: each instrument knows what the other does not. Do yours?
#
# ## Four knobs
# Each knob scales one signal. `water` shows in the spectrum only, `lesions` in the picture only, `redness` fully in both, `synergy` a little in each and fully only in the pair. At zero, that condition cannot be
# told from healthy. Bars are ceilings.
#
# Predict: turn `redness` from 0 to 2. What happens to the bars, and what to the gain?

# %%
from mmlib.course.figures.n00 import draw_knobs
from mmlib.course.widgets import explorer

steps = (0.0, 2.0, 0.25)
explorer(draw_knobs, water=steps, lesions=steps, redness=steps, synergy=steps)

# %% [markdown]
# On paper:

# %%
from mmlib.course.widgets import static_row

static_row(draw_knobs, [{"redness": 0.0}, {"redness": 2.0}, {"synergy": 0.0}])

# %% [markdown]
# With `redness` every bar rises, and the gain of the second instrument stays. What both see is **redundant**: a second look at it raises no ceiling. (With few leaves to learn from it can help even so: notebook 12.)
#
# Without synergy a gain remains, and late fusion gets almost all of it.
#
# **Exercise 00.3.** You own the spectrometer. Which knobs must be zero, so that a camera adds nothing at all? Give a list of names, no more than needed. The sliders tell: compare the first bar with the last.

# %%
# SOLUTION
must_be_zero = ["lesions", "synergy"]
# STUB
# must_be_zero = ...
check("00.3", must_be_zero)

# %% [markdown]
# ## The words
# Between encoders and head lies the place to meet, **fuse**. Three places have names:
#
# | here | what meets | called elsewhere |
# |---|---|---|
# | early fusion | features, before any model | low- or mid-level data fusion (chemometrics), `FeatureUnion` (scikit-learn) |
# | intermediate fusion | vectors inside one network | joint fusion, **`LateFusion` (TorchMultimodal)** |
# | late fusion | finished probabilities | high-level or decision-level fusion, `VotingClassifier` (scikit-learn) |
#
# So a paper's name for its method tells little. Ask *what* is combined, and whether that is *trained together* with what comes before.

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
# **What you saw.** Like scores can hide unlike blindness. Fusion pays where one instrument knows something alone, and where only the pair knows.
#
# **Words** (all in the glossary, `docs/glossary.md`): modality, sample, class, label, encoder, head, accuracy, fold, interval, ceiling, redundant, synergy; early, intermediate, late fusion.
#
# **Read more:** Baltrusaitis, Ahuja and Morency (2019), doi:10.1109/TPAMI.2018.2798607, on the kinds of fusion; Borràs et al. (2015), doi:10.1016/j.aca.2015.04.042, on the chemists' words for them.
#
# **Next:** [Spectra alone](01_spectra.ipynb). Something fails to run? `python -m mmlib doctor` says why.
