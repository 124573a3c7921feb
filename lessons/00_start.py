# %% [markdown]
# # Start here
# Afterwards you can say where the information in your data might sit, name the three places where modalities can meet, and run a first fusion whose result you may trust.
#
# You need some Python and an idea of what a spectrum is.
#
# **45 minutes**: 21 reading, 2 running, 22 exercises.
#
# The course is a ladder of eight rungs, which are the upper row of the figure. The orange box is the rung where we stand. Every rung is made of the same parts. An **encoder** turns a measurement into a few numbers. A **head** turns these numbers into an answer.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("single"))

# %% [markdown]
# ## Five conditions, two instruments
# A grower has plants in five **conditions**: they are healthy, thirsty (drought), ill (blight, which makes brown spots called *lesions*), short of phosphorus, or short of nitrogen. A model is to tell the condition of a leaf. So the five conditions are its *classes*, and the true condition of a leaf is the *label* of this leaf. You own a spectrometer and a camera. If you may keep only one of them, which one do you keep?
#
# The leaves are simulated. Real leaves are less orderly. But only for simulated leaves do we know the best result that anyone could reach.

# %%
import mmlib

data = mmlib.load_leaves()
print(data)

# %% [markdown]
# One **sample** is one leaf. The 240 groups are the plants: each gave five leaves. A leaf is measured in two ways, and each way of measuring is called a **modality**. Here is the first modality, the picture (`"image"` in the code). Each row shows leaves of one condition. Every leaf has some small brown spots. Blight makes them larger, in some leaves more than in others; the third leaf of its row shows it best. But the conditions overlap: the third leaf with drought has rather large spots, too. The white bar is a ruler of 2 cm. It is not always equally long, because some pictures are enlarged more than others. (The sentence below the figure gives the brightness of whole pictures. Most of each picture is tray, and the lamp varies, so this says little about the leaves.)

# %%
from mmlib.plots import plot_images

show(*plot_images(data, n=3))

# %% [markdown]
# The second modality is the spectrum. It says which share of the light the leaf sends back at each wavelength (the *reflectance*). Water absorbs light near 1450 and 1940 nm.

# %%
from mmlib.plots import plot_spectra

show(*plot_spectra(data))

# %% [markdown]
# **Exercise 00.1, before you compute anything.** Which condition shows in the spectrum but *not* in the picture? Replace the dots by its name between quotes, and run the cell: `check` judges your answer. If you are stuck, type `hint("00.1")` into the next cell. A second call gives a second hint, and a third one says where the solution is. (In a terminal, `python -m mmlib progress` lists what you have solved.)

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
# A leaf short of nitrogen has too little chlorophyll *for its age*. Young leaves always have little. Here are three leaves:

# %%
chlorophyll = [20, 20, 60]  # from the spectrum, in ug/cm2
maturity = [0.2, 0.8, 0.9]  # from the picture, 0 = young, 1 = grown
condition = ["healthy", "short of nitrogen", "healthy"]

# %% [markdown]
# By its chlorophyll the first leaf cannot be told from the second. By its maturity the second leaf can hardly be told from the third. Now use both numbers. In a healthy leaf chlorophyll becomes five times as much with age, from about 15 to 75 ug/cm2:

# %%
for measured, age in zip(chlorophyll, maturity, strict=True):
    expected = 15 * 5**age
    print(f"expected {expected:.0f}, measured {measured}: {measured / expected:.2f} of it")

# %% [markdown]
# The second leaf has far less chlorophyll than it should have. Neither number says so alone, but the pair does. This is called **synergy**.
#
# **Exercise 00.2, your first fusion.** Write the rule as a function. It gets both numbers of a leaf, chlorophyll first. It returns `True` if the leaf is short of nitrogen: if it has less than three quarters of the chlorophyll that a healthy leaf of its age should have. Otherwise it returns `False`.


# %%
# SOLUTION
def short_of_nitrogen(chlorophyll, maturity):
    expected = 15 * 5**maturity
    return chlorophyll < 0.75 * expected


# STUB
# def short_of_nitrogen(chlorophyll, maturity):
#     return ...
check("00.2", short_of_nitrogen)

# %% [markdown]
# How good is this rule? Here are all healthy leaves and all leaves short of nitrogen, with their true values. The dashed line is at three quarters of what a healthy leaf should have.

# %%
from mmlib.course.figures.n00 import plot_pair, three_quarters

two = ["healthy", "nitrogen deficiency"]
show(*plot_pair(data, "maturity", "chlorophyll", two, line=three_quarters))

# %% [markdown]
# Nearly all leaves lie on the correct side of the line. Can one number alone do as well? Imagine that you push all points down onto the axis of maturity. Then both clouds lie on top of each other, so maturity alone tells nothing. Now push them onto the axis of chlorophyll. At the lowest values there is only nitrogen deficiency, at the highest only healthy leaves, and in between there are both. So chlorophyll alone tells something, but the pair tells most.
#
# ## How far does each instrument get alone?
# We take a linear discriminant analysis (LDA) on principal components (PCA). One model gets the spectra. The other gets **features** of the picture: 33 numbers that measure its colors, spots and shape.

# %%
from mmlib.features import image_baselines, spectrum_baselines

models = {
    "spectrum only": spectrum_baselines()["LDA on PCA"],
    "image only": image_baselines()["LDA on PCA"],
}

# %% [markdown]
# `compare` tests both models on the same four **folds**: each quarter of the plants is tested once, by models that were trained on the other three quarters. The leaves of one plant stay together; notebook 03 shows why.

# %%
alone = mmlib.compare(models, data, n_folds=4, n_repeats=1)
alone.table[["mean", "low", "high"]].round(2)

# %% [markdown]
# The column `mean` holds **accuracies**: the shares of leaves whose condition was named rightly. Guessing would give 0.20. The other two columns are the ends of an interval, which notebook 03 explains. The two accuracies are similar. So does it matter which instrument you keep? Look at the mistakes. In the next two tables each row is a true condition, each column an answer:

# %%
from mmlib.plots import plot_confusion

show(*plot_confusion(alone.confusion("spectrum only"), data.target_names))

# %%
show(*plot_confusion(alone.confusion("image only"), data.target_names))

# %% [markdown]
# On the diagonal of each table stand the right answers. Here they are side by side, as the share of each condition that was found:

# %%
import pandas as pd

tables = {name: alone.confusion(name) for name in models}
found = {name: counts.values.diagonal() / counts.sum(axis=1) for name, counts in tables.items()}
pd.DataFrame(found).round(2)

# %% [markdown]
# The scores are similar, but the instruments miss different things. The spectrum finds drought and misses blight, and the picture does the reverse: **accuracy does not say what a model knows.** Keep the instrument whose mistakes cost you less.
#
# The picture also finds about half of the leaves short of nitrogen, although maturity alone tells nothing. It shows how green a leaf is, too, and so roughly its chlorophyll.
#
# **Exercise 00.3.** The spectrometer looks at healthy tissue between the lesions. Among its *wrong* answers for leaves with blight, which one is the most frequent? Read the row of blight in the first of the two tables.

# %%
# SOLUTION
taken_for = alone.confusion("spectrum only").loc["blight"].drop("blight").idxmax()
# STUB
# taken_for = ...
check("00.3", taken_for)

# %% [markdown]
# The table above also showed that both instruments find healthy leaves worst. The spectrum takes them for leaves with blight most often, and the picture takes them for dry ones. The spectrum does not show lesions, and the picture does not show water. So the one has to guess between healthy and blight, the other between healthy and drought.
#
# ## Let them meet
# **Early fusion** puts the numbers of both modalities into one table and trains one model on it. (It is a linear model, which notebook 04 opens.) **Late fusion** trains one model for each modality and combines their finished answers. We train such a model in notebook 05. The next figure only has a line for it, which says how far it could come.

# %%
from mmlib.fusion.early import early_fusion

models["early"] = early_fusion(data)
result = mmlib.compare(models, data, n_folds=4, n_repeats=1)

# %% [markdown]
# Which accuracy will both instruments reach together? Write a number down, then run.

# %% tags=["hide-output"]
show(*result.plot())

# %% [markdown]
# Dots are accuracies, and the bars through them are 95 % **intervals** (notebook 03). The dotted vertical line is guessing.
#
# A **ceiling** is the accuracy of a perfect observer. This observer knows all rules of the simulation and sees the contents of a leaf without the noise of an instrument. There are three such observers: one sees what shows in the spectrum, one what shows in the picture, and one sees both ("joint"). The first two ceilings are both about 0.61 here, so they share a line. Even a perfect observer errs, because the conditions overlap: some leaves with blight have no larger spots than some healthy leaves. In the long run no model can do better, so these three are upper bounds. If a model lies clearly above the ceiling of the data that it gets, something is wrong with the test.
#
# The line "late", between the other two ceilings, is different, although the legend calls it a ceiling as well. For this line the first two observers say how probable each condition is, and their probabilities are multiplied. The line says how far this rule can come. The early model has come further: it used what only the pair knows, and much of that is lost once there are two separate answers.

# %%
print(result.sentence("early", "spectrum only"))
best, _ = mmlib.ceilings(data)["joint"]
print(f"A perfect observer of both: {100 * best:.0f} % right")

# %% [markdown]
# (Differences are computed before rounding, so they may be a point off what you get from rounded accuracies.)
#
# The gain is large, and no better model of one instrument could have brought it, since both single ceilings are far below. But it was built into the simulation, in which each instrument sees something that the other does not. Whether this is true of your two instruments is the question of this course.
#
# ## Four knobs
# The simulation has four knobs. Each makes one condition stronger or weaker:
#
# - `water`: drought, which shows in the spectrum only;
# - `lesions`: blight, which shows in the picture only;
# - `redness`: the lack of phosphorus, which shows in both, so that the pair adds nothing;
# - `synergy`: the lack of nitrogen, which shows in part in each and fully only in the pair.
#
# At zero, this condition cannot be told from healthy. At the start all four stand at 1. The bars are ceilings; for late fusion, the bar is that of the product.
#
# Predict: if you turn `redness` from 0 to 2, what happens to the bars? And what happens to the gain of the second instrument?

# %%
from mmlib.course.figures.n00 import draw_knobs
from mmlib.course.widgets import explorer

steps = (0.0, 2.0, 0.25)
explorer(draw_knobs, water=steps, lesions=steps, redness=steps, synergy=steps)

# %% [markdown]
# If you read this without running it, here are four settings side by side. The knobs that are not named stand at 1.

# %% tags=["hide-output"]
from mmlib.course.widgets import static_row

settings = [{"redness": 0.0}, {"redness": 2.0}, {"synergy": 0.0}, {"lesions": 0.0}]
static_row(draw_knobs, settings)

# %% [markdown]
# With more `redness` every bar becomes higher, and the gain of the second instrument stays the same. What both instruments see is called **redundant**. Seeing it a second time does not raise the ceiling. (It is a reserve, though, for the day when one instrument fails: notebook 13.)
#
# Without synergy a gain remains, and late fusion reaches almost all of it (the bars 0.71 and 0.72). Without lesions a gain remains, too, but late fusion reaches only a part of it.
#
# **Exercise 00.4.** You own the spectrometer. Which knobs must be zero, so that a camera adds nothing at all? Give a list of names, no more than needed. With the sliders you can try it: compare the first bar with the last. Without them, go by the list of the four knobs.

# %%
# SOLUTION
must_be_zero = ["lesions", "synergy"]
# STUB
# must_be_zero = ...
check("00.4", must_be_zero)

# %% [markdown]
# ## The words
# The place where the modalities meet is called **fuse** in our figures. Three such places have names of their own. Unfortunately, not everybody uses the same names:
#
# | here | what meets | called elsewhere |
# |---|---|---|
# | early fusion | features, before any model | low- or mid-level data fusion (chemometrics), `FeatureUnion` (scikit-learn) |
# | intermediate fusion | vectors inside one network | joint fusion, **`LateFusion` (TorchMultimodal)** |
# | late fusion | finished probabilities, multiplied or averaged | high-level or decision-level fusion, `VotingClassifier(voting="soft")` (scikit-learn) |
#
# So the name that a paper gives to its method tells little. Ask two questions: *What* is combined? And is the combination *trained together* with what comes before it? In the figure of late fusion, each modality has a model of its own, with encoder and head (this one averages):

# %%
show(*plot_ladder("late"))

# %% [markdown]
# **Exercise 00.5, a judgment.** A paper trains an image network and a spectrum network together. Each network turns its data into a vector. The two vectors are put side by side, and a joint layer decides. The authors
# call it "late fusion". What is it here: `"early"`, `"intermediate"` or `"late"`?

# %%
# SOLUTION
the_paper = "intermediate"
# STUB
# the_paper = ...
check("00.5", the_paper)

# %% [markdown]
# **What you saw.** Two instruments with similar scores can miss different things. Fusion pays where each instrument knows something that the other does not, and where only the pair knows something (synergy).
#
# **Words** (all in the glossary, `docs/glossary.md`): modality, sample, class, label, encoder, head, feature, accuracy, fold, interval, ceiling, redundant, synergy; early, intermediate, late fusion.
#
# **Read more:** Baltrusaitis, Ahuja and Morency (2019), doi:10.1109/TPAMI.2018.2798607, on the kinds of fusion; Borràs et al. (2015), doi:10.1016/j.aca.2015.04.042, on the chemists' words for them.
#
# **Next:** [Spectra alone](01_spectra.ipynb). Something fails to run? `python -m mmlib doctor` says why.
