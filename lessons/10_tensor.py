# %% [markdown]
# # Tensor fusion
# Afterwards you can multiply two modalities instead of adding them, say what a product knows that no sum can, count what it costs, and tell when a logarithm does it for nothing.
#
# You need notebooks 04 and 06.
#
# **45 minutes**: 25 reading, 3 running, 17 exercises.
#
# On the ladder the place stays that of notebook 06. What happens there changes: the vectors are multiplied.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("tensor"))

# %% [markdown]
# ## Were the photographs mixed up?
# Ten plants stand on a tray. On every second tray the photographer was one plant ahead of the spectrometer, so each photograph is filed with the wrong plant. Nobody wrote down which trays; only for those that a model learns from do we know. Can the files tell?
#
# Features of a picture need no fitting, so they are computed once.

# %%
import numpy as np

import mmlib
from mmlib.features import with_features

leaves = with_features(mmlib.load_leaves())

# %% [markdown]
# Now we play the careless photographer. A tray holds 50 leaves, five of each plant:

# %%
filed = leaves.X["image"].reshape(24, 50, -1).copy()  # (trays, leaves, columns)
filed[1::2] = np.roll(filed[1::2], 5, axis=1)
X = {"spectrum": leaves.X["spectrum"], "image": filed.reshape(1200, -1)}
tray = leaves.groups // 10
trays = mmlib.MultimodalData(X, np.where(tray % 2, "mixed up", "in order"), groups=tray)
print(trays)

# %% [markdown]
# In notebook 04, early fusion named the condition of more than four leaves in five.
#
# **Exercise 10.1, predict.** Which share of the leaves will it now judge rightly, in order or mixed up? `hint("10.1")` helps.

# %%
from mmlib.course.exercises.e10 import check, hint

# %%
# SOLUTION
share = 0.5
# STUB
# share = ...
check("10.1", share)

# %%
from mmlib.fusion import early_fusion, on_features

models = {"early": early_fusion(trays)}
result = mmlib.compare(models, trays, n_folds=4, n_repeats=1)
result.table[["mean", "low", "high"]].round(2)

# %% [markdown]
# The champion of the last rungs guesses. Why? Each spectrum is that of an ordinary leaf. So is each photograph. Only the pair is wrong, and early fusion never looks at pairs: it gives every column a weight and *adds*. (A block may bend, but only by itself.)
#
# ## Four leaves, one product
# One number from each instrument: is the leaf redder than average (+1) or paler (-1)? The first and the last of these leaves agree with themselves, so their files belong together.

# %%
camera, spectrometer = np.array([1, 1, -1, -1]), np.array([1, -1, 1, -1])

# %% [markdown]
# Try to find two weights whose sum is high for the first and last leaf and low for the others. Whatever lifts the first lowers the last. Now multiply:

# %%
print(camera * spectrometer)

# %% [markdown]
# Solved, by one column: an **interaction**, as in an analysis of variance. This is a *crossing* one: what a red photograph means turns round with the spectrum.
#
# With several numbers in each vector, multiply every number with every number. And put a 1 in front of both vectors first. The table shows why:

# %%
from mmlib.course.figures.n10 import draw_sizes, plot_products, plot_ranks

picture = {"redness": 2.0, "spots": -1.0}
spectrum = {"pigment": 3.0, "water": 0.5}
show(*plot_products(picture, spectrum))

# %% [markdown]
# The 1s keep each number alone in the table. So a linear model on the table can do all that early fusion does, and products on top.
#
# **Exercise 10.2.** Write it for many samples: `x` has shape (samples, a), `y` (samples, b), the result (samples, (1 + a) * (1 + b)), row by row. `np.einsum("ni,nj->nij", x, y)` multiplies each with each.


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
# In a network the same step is a `fuse`, for any number of modalities (Zadeh et al. 2017):

# %%
import torch

from mmlib.fusion.tensor import LowRankTensor, OuterProduct

fuse = OuterProduct({"picture": 2, "spectrum": 2})
fuse({"picture": torch.tensor([[2.0, -1.0]]), "spectrum": torch.tensor([[3.0, 0.5]])})

# %% [markdown]
# No network is needed, though. scikit-learn multiplies columns too, and a logistic regression weighs them. It is the cheap rival that any tensor has to beat:

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

multiply = PolynomialFeatures(2, interaction_only=True, include_bias=False)
logistic = LogisticRegression(C=0.01, max_iter=1000, tol=1e-8)
products = make_pipeline(multiply, StandardScaler(), logistic)
models["products"] = early_fusion(trays, classifier=products)

# %% [markdown]
# It takes products within one instrument as well. Your SVM can do it too: `SVC(kernel="poly", degree=2, coef0=1)` works with such products, and squares, without writing them down. (By default scikit-learn takes degree 3 and `coef0=0`: products of three columns only, and agreement is a matter of two.)
#
# ## The table explodes
# In our networks each vector has 64 numbers. How large is the table, and how many weights does a layer of 64 outputs need to read it? "Side by side" is notebook 06; low rank comes below.

# %%
from mmlib.course.widgets import explorer, static_row

explorer(draw_sizes, width=(8, 128, 8), modalities=(2, 4), rank=[1, 2, 4, 8, 16])

# %%
static_row(draw_sizes, [{"modalities": 2}, {"modalities": 3}, {"modalities": 4}])

# %% [markdown]
# With two modalities there are far more weights than leaves. Three are hopeless, and `OuterProduct` says so.

# %%
try:
    OuterProduct({"image": 64, "spectrum": 64, "sound": 64})
except mmlib.DataError as error:
    print(error)

# %% [markdown]
# **Exercise 10.3.** Three modalities, ten numbers each. How many numbers are in the table?

# %%
# SOLUTION
numbers = (1 + 10) ** 3
# STUB
# numbers = ...
check("10.3", numbers)

# %% [markdown]
# The remedy is one you know. PCA writes a table as a few components, each a column times a row. Do the same with the *weights*: instead of a free weight for every cell, one number for its row times one for its column, and a few such
# terms added up. How many is the **rank** (Liu et al. 2018). One output of rank 1:

# %%
row_weights, column_weights = np.array([1.0, 0.5, -1.0]), np.array([0.0, 1.0, -1.0])
a, b = np.array([1, *picture.values()]), np.array([1, *spectrum.values()])

# %%
print(f"through the table: {np.sum(np.outer(row_weights, column_weights) * np.outer(a, b))}")
print(f"without it: {(a @ row_weights) * (b @ column_weights)}")

# %% [markdown]
# The same number, and the second way never built the table: weigh each vector, multiply the two sums. `LowRankTensor` does so for 64 outputs with 8 terms each. Its rivals: early fusion, the products, and the net of notebook 06,
# which puts its vectors side by side. Who will win?

# %%
models["intermediate"] = on_features(trays)
models["tensor"] = on_features(trays, fuse=LowRankTensor)
result = mmlib.compare(models, trays, n_folds=4, n_repeats=1)
show(*result.plot())

# %%
print(result.sentence("tensor", "early"))
print(result.sentence("tensor", "intermediate"))

# %% [markdown]
# Multiplying rescued the trays: the linear model with products and the tensor are both above guessing. (All intervals are wide: whole trays are counted, not leaves, and there are few of them. And with one repeat, mmlib has to allow for much luck in training.) But notebook 06 rescued them as well: behind its vectors comes a layer that bends (ReLU), and enough bends imitate a product. A linear model needs the product handed over. A net builds its own.
#
# Nobody can be right about every leaf. A dry spectrum beside a healthy-looking picture is wrongly paired, or simply drought.
#
# How many terms does the tensor need?

# %%
by_rank = {k: on_features(trays, fuse="tensor", fuse__rank=k) for k in (1, 2, 4, 8, 16)}
ranks = mmlib.compare(by_rank, trays, n_folds=4, n_repeats=1)

# %%
show(*plot_ranks(ranks.table, chance=0.5))
print(ranks.sentence(16, 1))

# %% [markdown]
# Sixteen terms are a few points ahead of one, and most of that comes with the second. Even rank 1 has 64 outputs, each a product of its own. From two terms on the scores go up and down, so the luck of training may well matter more than the rank. That is no reason to tune: we stay with eight.
#
# ## Does synergy need a product?
# Back to the conditions. Nitrogen deficiency was our synergy: too little chlorophyll *for the age of the leaf*, which neither instrument sees alone. If any class calls for products, this one.
#
# **Exercise 10.4, predict.** Compared with early fusion, will the tensor name the conditions clearly `"better"`, clearly `"worse"`, or `"about the same"`?

# %%
# SOLUTION
tensor_is = "about the same"
# STUB
# tensor_is = ...
check("10.4", tensor_is)

# %%
on_plants = mmlib.compare(models, leaves, n_folds=4, n_repeats=1)
show(*on_plants.plot())

# %%
print(on_plants.sentence("tensor", "early"))

# %% [markdown]
# Nothing gained, and early fusion has no products at all. How can it know what only the pair knows? In a simulation we can look at the true numbers. Ten thousand leaves to learn from, ten thousand to test, healthy or short of nitrogen:

# %%
from mmlib.data.leaves.factors import KNOBS, draw_factors

rng = np.random.default_rng(0)
poor = rng.random(20_000) < 0.5
true = draw_factors(4 * poor, dict.fromkeys(KNOBS, 1), rng)  # condition 0 or 4
age, green = true["maturity"], true["chlorophyll"]

# %% [markdown]
# One linear model, and three choices of its columns:

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
# The product helps. The logarithm helps just as much, and with it **no product is needed**. A healthy leaf has 15 ug/cm2 when young and five times as much when grown: a factor. On a logarithmic scale a factor is a sum, and
# "too little for its age" is a difference. **Synergy does not need a product.**
#
# You have long used this. Transmittances multiply, absorbances add. So before any tensor, ask for the scale. An interaction that a scale removes is no reason to multiply. A crossing one, as on the trays, stays on every scale.
#
# **Exercise 10.5.** The chlorophyll of a whole leaf in mg is concentration (spectrum) times area (picture). What do you try first: `"a tensor"`, `"a linear model of the logarithm"` or `"late fusion"`?

# %%
# SOLUTION
first_try = "a linear model of the logarithm"
# STUB
# first_try = ...
check("10.5", first_try)

# %% [markdown]
# ## When it must lose
# Products multiply the columns: 48 become more than a thousand. Each can agree with the labels by accident, and with few plants many do. A fair contest: the same logistic regression with products and without, and 100 plants that neither has seen.

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
# In four draws each, products only cost. You pay for every column that you did not need.
#
# ## The weights nobody trained
# A mistake found in published code. The factors stand in a plain Python list, and torch does not look inside lists. Spot the difference:


# %%
class Forgotten(LowRankTensor):
    def __init__(self, widths):
        super().__init__(widths)
        factors = [factor.detach() for factor in self.factors]
        del self.factors  # was a ParameterList
        self.factors = factors


# %%
train, test = leaves.split()
kinds = {"registered": LowRankTensor, "forgotten": Forgotten}
trained = {name: on_features(leaves, fuse=kinds[name]).fit(train.X, train.y) for name in kinds}
for name, model in trained.items():
    print(f"{name}: {100 * model.score(test.X, test.y):.0f} % right")

# %% [markdown]
# No error, no warning, a decent score. The encoders before and the head behind were trained, and learned to live with factors that stayed as chance had made them. The score alone will not tell you. Count the weights that the optimizer was given:

# %%
for name, model in trained.items():
    weights = model["model"].net_.fuse.parameters()
    print(f"{name}: {sum(weight.numel() for weight in weights):,} weights in fuse")

# %% [markdown]
# All that is left in the second are the weights of the terms, and an offset for each output. Saving does not know the factors either: a stored model comes back with new random ones. mmlib copies a model as it stores it, so a copy shows the damage:

# %%
from copy import deepcopy

for name, model in trained.items():
    print(f"{name}, copied: {100 * deepcopy(model).score(test.X, test.y):.0f} % right")

# %% [markdown]
# On the day of use the forgotten model is ruined. `nn.ParameterList` is the whole cure.
#
# **Exercise 10.6, a judgment.** A colleague's fusion has such a list, and scores as high as yours. What do you ask for before you trust it? `"more epochs"`, `"a higher rank"` or `"that every weight moved in training"`?

# %%
# SOLUTION
ask_for = "that every weight moved in training"
# STUB
# ask_for = ...
check("10.6", ask_for)

# %% [markdown]
# **What you saw.** A sum cannot know whether two things agree; a product can. The table of products grows like a power, a low rank tames it. Where a logarithm turns the product into a sum, early fusion is enough.
#
# **Use it when** the answer lies in agreement or crossing (right pair or wrong), no scale makes it a sum, and samples are many. Begin with `PolynomialFeatures` and a linear model.
#
# **Words:** outer product, interaction, crossing interaction, rank, factor, parameter. The whole table is *tensor fusion* in the papers, `OuterProduct` here. `CompactBilinear` (*count sketch*) throws the table into a few bins by chance, a third way to keep it small.
#
# **Read more:** Zadeh et al. (2017), doi:10.18653/v1/D17-1115; Liu et al. (2018), doi:10.18653/v1/P18-1209, on low rank; Fukui et al. (2016), doi:10.18653/v1/D16-1044, on compact products; Loftus (1978), doi:10.3758/BF03197461, on interactions that a scale removes.
#
# **Next:** [Alignment](11_alignment.ipynb), where modalities are brought into one space before they are compared.
