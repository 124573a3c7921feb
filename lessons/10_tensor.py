# %% [markdown]
# # Tensor fusion
# Afterwards you can multiply two modalities instead of adding them, say what a product knows that no sum can know, count what it costs, and tell when a logarithm does the same work at no cost.
#
# You need notebooks 04 and 06.
#
# **45 minutes**: 26 reading, 3 running, 16 exercises.
#
# On the ladder the place of fusion stays that of notebook 06. What changes is the step there: the vectors are multiplied with each other.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("tensor"))

# %% [markdown]
# ## Were the photographs mixed up?
# Ten plants stand on a tray. On half of the trays the photographer was one plant behind the spectrometer, so each photograph was stored with the spectrum of the wrong plant. Nobody wrote down on which trays this happened. For some trays we found out. From these a model may learn. Can a model find out for the others, from the files alone?
#
# (All leaves of a tray share the answer, so one could let them vote. We judge each leaf by itself, which is harder.)
#
# The features of a picture need no fitting, so we compute them once.

# %%
import numpy as np

import mmlib
from mmlib.features import with_features

leaves = with_features(mmlib.load_leaves())

# %% [markdown]
# Now we play the careless photographer. A tray holds 50 leaves, five of each plant. On every second tray we shift the pictures by five leaves, which is one plant. (The first plant of such a tray gets the pictures of the last one. No model is told the number of a tray.)

# %%
filed = leaves.X["image"].reshape(24, 50, -1).copy()  # (trays, leaves, columns)
filed[1::2] = np.roll(filed[1::2], 5, axis=1)
X = {"spectrum": leaves.X["spectrum"], "image": filed.reshape(1200, -1)}
tray = leaves.groups // 10
trays = mmlib.MultimodalData(X, np.where(tray % 2, "mixed up", "in order"), groups=tray)
print(trays)

# %% [markdown]
# In notebook 04, early fusion named the right condition for more than four leaves in five.
#
# **Exercise 10.1, predict.** The new question has two possible answers: is the tray of this leaf in order, or mixed up? For which share of the leaves will early fusion answer rightly? `hint("10.1")` helps.

# %%
from mmlib.course.exercises.e10 import check, hint

# %%
# SOLUTION
share = 0.5
# STUB
# share = ...
check("10.1", share)

# %% tags=["hide-output"]
from mmlib.fusion import early_fusion, on_features

models = {"early": early_fusion(trays)}
result = mmlib.compare(models, trays, n_folds=4, n_repeats=1)
result.table[["mean", "low", "high"]].round(2)

# %% [markdown]
# A model that was among the best of the last notebooks can only guess here. Why? Each spectrum is that of an ordinary leaf, and so is each photograph. Only the *pair* is wrong, and the default model of early fusion never looks at pairs: it gives a weight to every column and *adds*. (It may bend a block before it adds, but it bends each block by itself.)
#
# ## Four leaves, one product
# Take one number from each instrument: is the leaf redder than average (+1) or paler (-1)? For the first and the last of these four leaves both instruments say the same, so their files belong together. For the two in the middle they disagree.

# %%
camera, spectrometer = np.array([1, 1, -1, -1]), np.array([1, -1, 1, -1])

# %% [markdown]
# Try to find two weights so that the weighted sum is high for the first and the last leaf, and low for the other two. It cannot be done, because any weights that raise the sum of the first leaf lower the sum of the last. Now multiply instead:

# %%
print(camera * spectrometer)

# %% [markdown]
# One column solves it. In an analysis of variance such a product is called an **interaction**. This one is a *crossing* interaction: beside a red spectrum a red photograph means *right pair*; beside a pale spectrum the same photograph means *wrong pair*.
#
# If each vector has several numbers, we multiply every number of one with every number of the other. The table of all these products is called the **outer product**. Before we multiply, we put a 1 in front of both vectors. The table shows why. Its rows belong to the picture, its columns to the spectrum:

# %%
from mmlib.course.figures.n10 import draw_sizes, plot_products, plot_ranks

picture = {"redness": 2.0, "spots": -1.0}
spectrum = {"pigment": 3.0, "water": 0.5}
show(*plot_products(picture, spectrum))

# %% [markdown]
# Because of the 1s, each number also stands in the table alone. So a linear model on this table can do all that a linear early fusion can do, and has the products as well.
#
# **Exercise 10.2.** Write this for many samples. `x` has shape (samples, a) and `y` has shape (samples, b). The result has shape (samples, (1 + a) * (1 + b)): for each sample the table, row after row. `np.einsum("ni,nj->nij", x, y)` multiplies each number with each.


# %%
# SOLUTION
def all_products(x, y):
    one = np.ones((len(x), 1))
    table = np.einsum("ni,nj->nij", np.hstack([one, x]), np.hstack([one, y]))
    return table.reshape(len(x), -1)


# STUB
# def all_products(x, y):
#     return ...
check("10.2", all_products)

# %% [markdown]
# In a network the same step is a module for the place called `fuse`. It takes any number of modalities (Zadeh et al. 2017):

# %%
import torch

from mmlib.fusion.tensor import LowRankTensor, OuterProduct

fuse = OuterProduct({"picture": 2, "spectrum": 2})
fuse({"picture": torch.tensor([[2.0, -1.0]]), "spectrum": torch.tensor([[3.0, 0.5]])})

# %% [markdown]
# We do not need a network for this, though. `PolynomialFeatures` of scikit-learn multiplies columns, and a logistic regression (with a strong penalty, `C=0.01`) gives each product a weight. This is the cheap rival that any tensor fusion has to beat:

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

multiply = PolynomialFeatures(2, interaction_only=True, include_bias=False)
logistic = LogisticRegression(C=0.01, max_iter=1000, tol=1e-8)
products = make_pipeline(multiply, StandardScaler(), logistic)
models["products"] = early_fusion(trays, classifier=products)

# %% [markdown]
# (It also takes the products within one instrument. An SVM can do the same: `SVC(kernel="poly", degree=2, coef0=1)` works with such products, and with squares, without writing them down. With `kernel="poly"` give `degree` and `coef0` as well: without them the kernel has only products of three columns. Agreement of two things needs a product of two.)
#
# ## The table grows fast
# In our networks each modality becomes a vector of 64 numbers. How large is the table of products, and how many weights does a layer with 64 outputs need to read it? In the figure, "side by side" is the way of notebook 06. "Low rank" (here with rank 8) is explained below. In the title of the last picture, *width* is the length of each vector: 16 in place of 64.

# %%
from mmlib.course.widgets import explorer, static_row

explorer(draw_sizes, width=(8, 128, 8), modalities=(2, 4), rank=[1, 2, 4, 8, 16])

# %%
settings = [{"modalities": number} for number in (2, 3, 4)]
static_row(draw_sizes, [*settings, {"modalities": 4, "width": 16}])

# %% [markdown]
# With two modalities the layer already has about 33 times the weights of "side by side". With three it has more than 1,400 times as many. Shorter vectors help, but even with 16 numbers in each vector the table of four modalities needs millions of weights (last picture). `OuterProduct` refuses such tables. (In its message, `compress` is the option of our networks that sets the length of the vectors.)

# %%
try:
    OuterProduct({"image": 64, "spectrum": 64, "sound": 64})
except mmlib.DataError as error:
    print(error)

# %% [markdown]
# **Exercise 10.3.** Three modalities have ten numbers each. How many numbers are in the table of products, with the 1s?

# %%
# SOLUTION
numbers = (1 + 10) ** 3
# STUB
# numbers = ...
check("10.3", numbers)

# %% [markdown]
# You know the remedy from PCA. PCA writes a table as the sum of a few components, each of which is a column times a row. We do the same with the table of *weights*. Instead of a free weight for every cell, each row gets a number and each column gets a number, and the weight of a cell is the product of the two. Several such terms are added up; how many is called the **rank** (Liu et al. 2018). Here is one output of rank 1:

# %%
row_weights, column_weights = np.array([1.0, 0.5, -1.0]), np.array([0.0, 1.0, -1.0])
a, b = np.array([1, *picture.values()]), np.array([1, *spectrum.values()])

# %%
print(f"through the table: {np.sum(np.outer(row_weights, column_weights) * np.outer(a, b))}")
print(f"without it: {(a @ row_weights) * (b @ column_weights)}")

# %% [markdown]
# The number is the same, and the second way never builds the table. It makes a weighted sum of each vector, and multiplies the two sums. `LowRankTensor` does so for 64 outputs with 8 terms each, and gives each term a weight.
#
# Its rivals are early fusion, the products of scikit-learn, and the net of notebook 06, which puts its vectors side by side. Which of them will win?

# %% tags=["hide-output"]
models["intermediate"] = on_features(trays)
models["tensor"] = on_features(trays, fuse=LowRankTensor)  # or, by its name, fuse="tensor"
result = mmlib.compare(models, trays, n_folds=4, n_repeats=1)
show(*result.plot())

# %% tags=["hide-output"]
print(result.sentence("tensor", "early"))
print(result.sentence("tensor", "intermediate"))
print(result.sentence("tensor", "products"))

# %% [markdown]
# Going beyond a sum helped. The linear model with products and the tensor are both above guessing. All intervals are wide, because whole trays are counted and not leaves, and there are few trays. (As in notebook 09, one repeat does not show how much another random start would change a score. So mmlib makes the intervals wider still.)
#
# But the net of notebook 06 does as well as the tensor, though it only puts its vectors side by side. After its vectors comes a layer that bends (ReLU), and enough bends can imitate a product. A linear model must be given the product. A net can build its own.
#
# No model can be right about every leaf, and for this question we do not know the ceiling. When a dry spectrum is stored with a healthy-looking picture, the pair may be wrong, or the leaf may simply suffer from drought.
#
# How many terms does the tensor need?

# %%
by_rank = {k: on_features(trays, fuse="tensor", fuse__rank=k) for k in (1, 2, 4, 8, 16)}
ranks = mmlib.compare(by_rank, trays, n_folds=4, n_repeats=1)

# %%
show(*plot_ranks(ranks.table, chance=0.5))
print(ranks.sentence(16, 1))

# %% [markdown]
# In this run one term does worse than sixteen. (The intervals in the figure overlap. The sentence compares the two on the same folds, so its interval is narrower.) Even rank 1 does better than guessing. It still has 64 outputs, and each output is a different product. From two terms on the scores go up and down, and another random start of the nets may change them again. So there is no reason to tune the rank beyond two here, and we stay with eight.
#
# ## Does synergy need a product?
# Now back to the five conditions. Nitrogen deficiency is our example of synergy: such a leaf has too little chlorophyll *for its age*, and neither instrument alone sees this well. If any condition needs products, it should be this one.
#
# **Exercise 10.4, predict.** Compared with early fusion, will the tensor name the conditions clearly `"better"`, clearly `"worse"`, or `"about the same"`?

# %%
# SOLUTION
tensor_is = "about the same"
# STUB
# tensor_is = ...
check("10.4", tensor_is)

# %% tags=["hide-output"]
on_plants = mmlib.compare(models, leaves, n_folds=4, n_repeats=1)
show(*on_plants.plot())

# %% tags=["hide-output"]
print(on_plants.sentence("tensor", "early"))

# %% [markdown]
# Nothing was gained, and the linear model with products is even behind. (The section on the cost of products comes back to this.)
#
# The default model of early fusion has no products between the instruments. How can a sum know what only the pair knows? In a simulation we can look at the true values behind the measurements. Here are ten thousand leaves to learn from and ten thousand to test, each of them healthy or short of nitrogen:

# %%
from mmlib.data.leaves.factors import KNOBS, draw_factors

rng = np.random.default_rng(0)
poor = rng.random(20_000) < 0.5
usual = dict.fromkeys(KNOBS, 1)  # all knobs of the simulator at 1
true = draw_factors(4 * poor, usual, rng)  # condition 0 or 4
age, green = true["maturity"], true["chlorophyll"]

# %% [markdown]
# We fit the same linear model to three choices of columns:

# %%
columns = {
    "sum of age and chlorophyll": np.c_[age, green],
    "with their product": np.c_[age, green, age * green],
    "sum, but of the logarithm": np.c_[age, np.log(green)],
}
linear = make_pipeline(StandardScaler(), LogisticRegression(solver="newton-cholesky"))
for name, x in columns.items():
    right = linear.fit(x[:10_000], poor[:10_000]).score(x[10_000:], poor[10_000:])
    print(f"{name}: {100 * right:.0f} % right")

# %% [markdown]
# Already the plain sum comes close to the other two. "Too little for its age" is nearly a difference of two columns, and a weighted sum can subtract. The product adds a few points. But the logarithm adds just as many, and with it **no product is needed**. (The columns of early fusion are made from reflectances, without a logarithm. For our leaves that seems to be near enough: on the five conditions, early fusion was not behind the tensor.)
#
# The reason for the logarithm is how chlorophyll depends on age. In the simulator a healthy young leaf has about 15 µg/cm², and a grown one has about five times as much (notebook 00): age *multiplies* chlorophyll. On a logarithmic scale "times five" becomes a term of a sum, and "too little for its age" becomes a difference. **Synergy does not always need a product.**
#
# You have used this for a long time: transmittances multiply, but absorbances add. So before you take any tensor, ask whether another scale turns the product into a sum. If a scale removes an interaction, there is little reason to multiply. A crossing interaction, such as that on the trays, remains on every scale that keeps the order of the values.
#
# **Exercise 10.5.** The chlorophyll of a whole leaf, in mg, is its concentration (from the spectrum) times its area (from the picture). What do you try first: `"a tensor"`, `"a linear model of the logarithm"` or `"late fusion"`?

# %%
# SOLUTION
first_try = "a linear model of the logarithm"
# STUB
# first_try = ...
check("10.5", first_try)

# %% [markdown]
# ## What a product costs
# Multiplying makes many columns. Take 15 components and 33 features: 48 columns and all products of two of them are more than a thousand. Each of them can agree with the labels by accident. We take the same logistic regression with products and without, and judge both on 100 plants that neither has seen. We chose a strong penalty (`C=0.01`; a small `C` is a strong one), because it suits many columns.

# %%
without = make_pipeline(StandardScaler(), logistic)
rivals = early_fusion(leaves, classifier=without), models["products"]
new = with_features(mmlib.make_leaves(100, seed=99))

# %%
for n_plants in (20, 60, 180):
    right = []
    for seed in range(4):
        few = with_features(mmlib.make_leaves(n_plants, seed=seed))
        right.append([100 * model.fit(few.X, few.y).score(new.X, new.y) for model in rivals])
    loss = -np.diff(right)
    print(f"{n_plants} plants: products lose {loss.min():.0f} to {loss.max():.0f} points")

# %% [markdown]
# In all of these draws products did harm. This model paid for columns that it did not need. (Agreement by accident is a likely reason; we did not try other penalties.)
#
# ## The weights that nobody trained
# Here is a mistake that is easily made. The row weights and column weights of a low rank are called **factors**. Here they stand in a plain Python list. torch does not look inside plain lists, so it does not know that these factors are to be trained. `Forgotten` is a `LowRankTensor` in which only this is changed. (`detach` gives the bare numbers; torch does not count these as weights. `del` removes the list that torch knew.)


# %%
class Forgotten(LowRankTensor):
    def __init__(self, widths):
        super().__init__(widths)
        factors = [factor.detach() for factor in self.factors]
        del self.factors  # was a ParameterList, which torch looks into
        self.factors = factors


# %%
train, test = leaves.split()
kinds = {"registered": LowRankTensor, "forgotten": Forgotten}
trained = {name: on_features(leaves, fuse=kinds[name]).fit(train.X, train.y) for name in kinds}
for name, model in trained.items():
    print(f"{name}: {100 * model.score(test.X, test.y):.0f} % right")

# %% [markdown]
# There is no error and no warning, and the score is decent. The encoders before the factors and the head after them were trained. They learned to live with factors that stayed as chance had made them. So the score alone will not tell you of the mistake. Count the weights that the optimizer was given (torch calls them **parameters**):

# %%
for name, model in trained.items():
    weights = model["model"].net_.fuse.parameters()
    print(f"{name}: {sum(weight.numel() for weight in weights):,} weights in fuse")

# %% [markdown]
# In the second net only the weights of the terms are left, and an offset for each output. Saving does not know of the factors either: a stored model comes back with new random ones. mmlib copies a model by storing it and reading it back, and only what torch knows comes back. So a copy shows the damage:

# %%
from copy import deepcopy

for name, model in trained.items():
    print(f"{name}, copied: {100 * deepcopy(model).score(test.X, test.y):.0f} % right")

# %% [markdown]
# Once it has been copied or stored, the forgotten model is ruined. The cure is one word: `nn.ParameterList` in place of the plain list.
#
# **Exercise 10.6, a judgment.** A colleague's fusion has such a list, and on new plants its score is as high as yours. What do you ask for before you trust it: `"the score on more plants"`, `"the scores of five random starts"` or `"that every weight moved in training"`?

# %%
# SOLUTION
ask_for = "that every weight moved in training"
# STUB
# ask_for = ...
check("10.6", ask_for)

# %% [markdown]
# **What you saw.** No weighted sum of columns can know whether two things agree. A product can, and so can a net whose layers bend. With m modalities of n numbers the table of products has (n + 1) to the power m numbers. A low rank keeps the weights from growing like this power. Where a logarithm turns the product into a sum, a weighted sum of the logarithms is enough.
#
# **Use it when** the answer lies in agreement or in a crossing (the right pair or the wrong one), no scale turns it into a sum, and you have many samples. Begin with `PolynomialFeatures` and a linear model, as a cheap first test whether products help at all. On the trays the tensor was better than this first test.
#
# **Words:** outer product, interaction, crossing interaction, rank, factor, parameter. The papers call the whole table *tensor fusion*; here it is `OuterProduct`. `CompactBilinear` (*count sketch*) is another way to keep the table small, beside shorter vectors and a low rank. It draws one of a few bins for each cell by chance, and adds up the cells of each bin.
#
# **Read more:** Zadeh et al. (2017), doi:10.18653/v1/D17-1115; Liu et al. (2018), doi:10.18653/v1/P18-1209, on low rank; Fukui et al. (2016), doi:10.18653/v1/D16-1044, on compact products; Loftus (1978), doi:10.3758/BF03197461, on interactions that a scale removes.
#
# **Next:** [Alignment](11_alignment.ipynb), where two modalities are brought into one space before they are compared.
