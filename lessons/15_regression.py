# %% [markdown]
# # A quantity, and how sure we are
# Afterwards you can predict a quantity from two modalities, see when it takes a product and not a sum, read four scores without being flattered, and give each prediction an interval that keeps its promise.
#
# You need notebooks 00 to 06; 07 and 10 help.
#
# **70 minutes**: 36 reading, 2 running, 32 exercises.
#
# How many milligrams of chlorophyll are in a whole leaf? The spectrometer knows how concentrated it is. Only the picture knows how large the leaf is. We climb the whole ladder once more, and start on its second rung.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import plot_scores, show

show(*plot_ladder("early"))

# %% [markdown]
# ## A product
# Four leaves: chlorophyll in µg on each cm², and area in cm². Their product is the truth.

# %%
import numpy as np

concentration = np.array([20.0, 60.0, 20.0, 60.0])
area = np.array([8.0, 8.0, 16.0, 16.0])
mg = concentration * area / 1000

# %% [markdown]
# **Exercise 15.1, predict, then run.** You know both columns exactly, and fit one of these to the four leaves. Which is right on all four: `"average of two opinions"`, `"weighted sum"` or `"weighted sum of logarithms"`? `hint("15.1")` helps.

# %%
from mmlib.course.exercises.e15 import check, hint

# %%
# SOLUTION
exact = "weighted sum of logarithms"
# STUB
# exact = ...
check("15.1", exact)


# %%
def fitted_sum(first, second, truth):
    columns = np.column_stack([first, second, np.ones(len(truth))])
    return columns @ np.linalg.lstsq(columns, truth)[0]


# %%
print("truth:      ", mg.round(2))
print("sum:        ", fitted_sum(concentration, area, mg).round(2))
print("sum of logs:", np.exp(fitted_sum(np.log(concentration), np.log(area), np.log(mg))).round(2))

# %% [markdown]
# The best sum is wrong on every leaf. It cannot say that a square centimeter more counts for more *in a dark leaf*. The logarithm turns the product into a sum, as in notebook 10, and then all is exact. PLS, ridge regression and averages are all sums.
#
# Now pictures. Pixels are no area, for the camera stood nearer here, farther there. So each picture has a white bar, 2 cm long. We find the leaf, count its pixels, and measure the bar.

# %%
import mmlib
from mmlib.features import ColorTexture, find_object, object_area, spectrum_baselines

leaves = mmlib.load_leaves(target="chlorophyll")
pictures, true = leaves.X["image"], leaves.info["area"]
read = object_area(pictures, bar=2)

# %% [markdown]
# Look at every measurement before you trust it. Three usual leaves, and the three worst:

# %%
off = np.abs(np.log(read / true))
rows = [0, 6, 12, *np.argsort(np.nan_to_num(-off))[:3]]

# %%
from mmlib.course.figures.n15 import plot_areas, plot_intervals, plot_promise

show(*plot_areas(pictures[rows], find_object(pictures[rows]), read[rows], true[rows]))
print(f"typically {np.nanmedian(off):.1%} off, {(off > 0.2).sum()} leaves over 20 % off")
print(f"no bar to be seen: {np.isnan(read).sum()} of {len(read)} pictures")

# %% [markdown]
# Where the leaf hardly stands out from the tray, only dark spots are found, or the bar itself. We keep these leaves: tomorrow's will be no better. A picture without a visible bar is left out; say so in your report.
#
# The 33 features of color, texture and shape become one table with the area. Nothing in it is fitted.


# %%
def with_area(data):
    read = object_area(data.X["image"])
    data.X["image"] = np.column_stack([ColorTexture().fit_transform(data.X["image"]), read])
    return data.take(np.isfinite(read))


# %%
leaves = with_area(leaves)
print(leaves)

# %% [markdown]
# ## The whole ladder
# How small can an error be? A simulation can say. If you know the concentration exactly, but of the area only its mean, you cannot get below the first of these errors. The second is the other way round:

# %%
from mmlib.data.leaves.floors import floors

for name, (floor, _) in floors(leaves).items():
    print(f"{name}: {1000 * floor:.0f} µg at least")

# %% [markdown]
# "Late" means the best sum of an opinion of the spectrum and one of the picture. "Joint" has no floor but the noise of the instruments.
#
# `ladder` gives all rungs, now for a quantity. We add PLS, the chemist's habit, and a plain `sum`: early fusion that ends in ordinary ridge regression on one table, which can do nothing but add. Two more models stand on logarithms: `TransformedTargetRegressor` takes the logarithm before fitting and undoes it afterwards.

# %%
from sklearn.compose import TransformedTargetRegressor
from sklearn.linear_model import RidgeCV

from mmlib.fusion import early_fusion, ladder


def on_logs(model):
    return TransformedTargetRegressor(model, func=np.log, inverse_func=np.exp)


# %%
models = {"PLS on the spectrum": spectrum_baselines(task="regression")["PLS"], **ladder(leaves)}
models["sum"] = early_fusion(leaves, classifier=RidgeCV(np.logspace(-4, 4, 17)))
models |= {f"{name} on logs": on_logs(models[name]) for name in ("sum", "late")}

# %% [markdown]
# **Exercise 15.2, predict, then run.** Late fusion averages two masses; `late on logs` averages their logarithms. Will that bring its error down to that of `sum on logs`? True or False?

# %%
# SOLUTION
late_is_cured = False
# STUB
# late_is_cured = ...
check("15.2", late_is_cured)

# %%
result = mmlib.compare(models, leaves, n_folds=4, n_repeats=1)
in_micrograms = 1000 * result.table[["mean", "low", "high"]]
show(*plot_scores(in_micrograms, metric="RMSE of whole plants held out (µg); less is better"))

# %% [markdown]
# The spectrum alone stands at its floor, and averaging gains little. Late fusion stays far above its own floor: each model was trained to tell the whole mass, not its part of a sum. The plain `sum` sees both instruments, can only add, and about halves the error. `early` is the default model of notebook 04: it adds, too, but a block of few columns may bend before it is added. Here the table of the picture bends. It holds the area and, roughly, the green of the leaf, so these two can multiply inside it. Attention and tensor fusion can multiply *across* the instruments, by gates and products. Does that help? (The sentences are in mg.)

# %%
for pair in (("early", "sum"), ("tensor", "sum"), ("sum on logs", "sum")):
    print(result.sentence(*pair, decimals=3))

# %% [markdown]
# A model that fits the arithmetic of the question gains. The block that bends beats the plain sum, and so does the net that multiplies. One logarithm in front of the same plain sum gains most, and no model in the figure is clearly better than it. Look for such a line before you look for a net.
#
# But why did logarithms not cure late fusion? Each opinion holds its own factor, and for the other a *typical* value. To average two logarithms is to take the root of a product. A dark, large leaf:

# %%
typical = 0.03 * 12  # mg: 30 µg on each cm², 12 cm²
by_spectrum, by_picture = 0.06 * 12, 0.03 * 18  # 60 µg on each cm², 18 cm²
print(f"averaged on logs {np.sqrt(by_spectrum * by_picture):.2f}, truth {0.06 * 18:.2f} mg")

# %% [markdown]
# **Exercise 15.3.** Write the rule that is right for every leaf, from the two opinions and the typical mass.


# %%
# SOLUTION
def multiply(by_spectrum, by_picture, typical):
    return by_spectrum * by_picture / typical


# STUB
# def multiply(by_spectrum, by_picture, typical):
#     return ...
check("15.3", multiply)

# %% [markdown]
# It is the product rule of notebook 05, which divides by the prior. It, too, is right only if no factor is seen by both.
#
# ## Four scores, and how they flatter
# RMSEP is the typical error on new samples, bias the mean error, R2 the share of the variance that is explained. RPD is the standard deviation of the true values over the RMSEP. Here they are for plants held out, RMSEP (column RMSE) and bias in µg.

# %%
import pandas as pd

from mmlib.evaluation.metrics import regression_scores

# %%
y, held_out = 1000 * leaves.y, 1000 * result.predictions["sum on logs"][0]  # µg
middle = (y > 300) & (y < 600)
four = {"all leaves": regression_scores(y, held_out)}
four["300 to 600 µg"] = regression_scores(y[middle], held_out[middle])
pd.DataFrame(four).T.drop(columns="MAE").round(2)

# %% [markdown]
# Same model, same predictions. In the middle the errors are *no worse*, and yet R2 and RPD fall, because the leaves there are more alike. RPD praises a wide choice of samples. So does R2: each can be computed from the other. Report RMSEP and bias, in the unit, with the range.
#
# **Exercise 15.4.** A paper reports R2 = 0.96. How large is its RPD?

# %%
# SOLUTION
rpd = 1 / np.sqrt(1 - 0.96)
# STUB
# rpd = ...
check("15.4", rpd)

# %% [markdown]
# The worst flattery is R2 on training leaves. This model knows them by heart: it names the mass of the most similar leaf it has seen. (Similar in 15 principal components of the spectrum and in the table of the picture.)

# %%
from sklearn.neighbors import KNeighborsRegressor

from mmlib.features import default_block

# %%
train, new = leaves.split(seed=0)
blocks = {"spectrum": default_block((211,), 15)}
parrot = early_fusion(leaves, blocks, classifier=KNeighborsRegressor(1)).fit(train.X, train.y)
print(f"R2 in training {parrot.score(train.X, train.y):.2f}, new {parrot.score(new.X, new.y):.2f}")

# %% [markdown]
# ## A net that says how sure it is
# RMSEP is one number for all leaves, but some are easier. A net can have two outputs, a mean and a **spread**. Its loss is minus the logarithm of a Gaussian density, without the constant. For an error of 2, three announced spreads cost:

# %%
spread = np.array([1.0, 2.0, 4.0])
print((np.log(spread) + 2**2 / (2 * spread**2)).round(2))

# %% [markdown]
# Cheapest is the spread that equals the error. A spread that is too small costs, and so does one that is too large. Such a net is called **heteroscedastic**. `with_spread` builds it, here with tensor fusion. (It gets the groups because it keeps some *plants* aside, for early stopping.)

# %%
from mmlib.fusion.heteroscedastic import with_spread
from mmlib.fusion.tensor import LowRankTensor

net = with_spread(leaves, fuse=LowRankTensor).fit(train.X, train.y, model__groups=train.groups)
mean, spread = net.predict(new.X, return_std=True)

# %%
sure = spread < np.median(spread)
for name, half in {"surer half": sure, "other half": ~sure}.items():
    rmse = np.sqrt(np.mean((mean - new.y)[half] ** 2))
    print(f"{name}: {1000 * spread[half].mean():.0f} µg announced, RMSEP {1000 * rmse:.0f} µg")

# %% [markdown]
# It knows which leaves are hard. Is it also right about *how* hard?
#
# **Exercise 15.5, predict, then run.** In a Gaussian 90 % lie within 1.645 spreads. Of the new leaves there will be `"about 90 %"`, `"nearly all"` or `"under 80 %"`? The net was trained as in notebook 06, with dropout.

# %%
# SOLUTION
within = "nearly all"
# STUB
# within = ...
check("15.5", within)


# %%
def share_within(model):
    mean, spread = model.predict(new.X, return_std=True)
    return np.mean(np.abs(new.y - mean) < 1.645 * spread)


# %%
bare = with_spread(leaves, fuse=LowRankTensor, dropout=0)
bare.fit(train.X, train.y, model__groups=train.groups)
print(f"with dropout {share_within(net):.0%} inside, without {share_within(bare):.0%}")

# %% [markdown]
# Dropout made every prediction worse *while it learned*. The net honestly reports those errors, after dropout is switched off. Without dropout the spread can come out too large as well as too small: too small where leaves were learned by heart. Nothing makes the announced spread agree with the errors on new leaves.
#
# ## A promise that is kept
# So do not rely on what a model announces. Look how far off it is on leaves it has not seen. Ten errors, in percent of the prediction. What will an eleventh stay below, with a chance of 80 %?

# %%
errors = np.array([3, 9, 1, 14, 5, 7, 2, 11, 4, 6])
print(f"rank {int(np.ceil(11 * 0.8))} of 10: {np.sort(errors)[8]} %")

# %% [markdown]
# The eleventh is equally likely to take each of eleven ranks. In nine of eleven cases, 82 %, it is not above the ninth. That took no Gaussian, and no good model: it is **conformal prediction**.
#
# Leaves of one plant are alike, so whole plants are kept aside, and each counts as one: of five leaves, each has a fifth of a voice. `conformal_radius` finds the error at the right rank; `coverage_of` gives the share of intervals that hold the truth, the **coverage**. `ConformalRegressor` does all of it for any model, here with a promise of 90 %. Its `spread` is the unit of an error: milligrams (`None`), the prediction (`"relative"`), or what a model announces (`"model"`).

# %%
from mmlib.evaluation.conformal import ConformalRegressor, conformal_radius, coverage_of


def calibrated(model, data, spread="relative"):
    return ConformalRegressor(model, spread=spread).fit(data.X, data.y, groups=data.groups)


# %%
fresh, intervals = with_area(mmlib.make_leaves(200, target="chlorophyll", seed=1)), {}
for name, spread in {"same for all": None, "relative": "relative"}.items():
    model = calibrated(models["sum on logs"], leaves, spread)
    intervals[name] = model.predict_interval(fresh.X)

# %%
show(*plot_intervals(fresh.y, intervals, "leaf chlorophyll (mg)", every=8))

# %% [markdown]
# Both keep the promise on new leaves. But it is a promise *on average*. Who gets it? Three thirds of the leaves, from poor to rich, in percent:

# %%
third = pd.qcut(fresh.y, 3, labels=["poor", "middle", "rich"])
inside = {k: (e[:, 0] <= fresh.y) & (fresh.y <= e[:, 1]) for k, e in intervals.items()}
(100 * pd.DataFrame(inside).groupby(third, observed=True).mean()).round(0).astype(int)

# %% [markdown]
# The constant interval wastes width on poor leaves and breaks its word for rich ones. Choose the unit in which errors are alike, and make such a table.
#
# **Find the mistake.** Leaves are expensive, so somebody calibrates on the training leaves:

# %%
from sklearn.svm import SVR

machine = on_logs(early_fusion(leaves, classifier=SVR(C=10, gamma=0.1, epsilon=0.01)))
machine.fit(leaves.X, leaves.y)


def relative_errors(model, data):
    return np.abs(data.y / model.predict(data.X) - 1)


# %%
radius = conformal_radius(relative_errors(machine, leaves), 0.9, leaves.groups)
kept = np.mean(relative_errors(machine, fresh) <= radius)
print(f"promised 90 %, plus or minus {radius:.0%}: {kept:.0%} inside")

# %%
honest = calibrated(machine, leaves)
print(f"on plants kept aside: {coverage_of(fresh.y, honest.predict_interval(fresh.X))[0]:.0%}")

# %% [markdown]
# Training leaves are closer than new ones will be. So calibration takes plants of its own. (This is the third use of the word: here it sets the width of intervals.) How many? Move the sliders: 200 calibrations are drawn, each checked on all other leaves.

# %%
from mmlib.course.widgets import explorer, static_row

scores = relative_errors(models["sum on logs"].fit(leaves.X, leaves.y), fresh)


def draw(level=90, plants=20):
    return plot_promise(scores, fresh.groups, level / 100, plants)


# %%
explorer(draw, level=[50, 80, 90, 95], plants=(10, 150, 10))

# %%
static_row(draw, [{"plants": 10}, {"plants": 100}, {"level": 95, "plants": 10}])

# %% [markdown]
# Few plants keep the promise too, but pay with width. And you have only one calibration, which may be an unlucky one.
#
# **Exercise 15.6.** How many plants does a promise of 99 % need at least? `hint("15.6")` helps.

# %%
# SOLUTION
plants_needed = 99
# STUB
# plants_needed = ...
check("15.6", plants_needed)

# %% [markdown]
# ## When the promise breaks
# It holds for leaves *like those of the calibration*. Statisticians say **exchangeable**: it must not matter which came first. Next year blight is far more severe (`model` is still the one with relative intervals):

# %%
ill = with_area(mmlib.make_leaves(100, target="chlorophyll", lesions=3, seed=2))
print(f"like before: {coverage_of(fresh.y, intervals['relative'])[0]:.0%} inside")
print(f"severe blight: {coverage_of(ill.y, model.predict_interval(ill.X))[0]:.0%} inside")

# %% [markdown]
# The oldest break is to leave the range: a calibration on leaves up to 0.6 mg meets leaves above 0.8 mg.

# %%
small, large = leaves.take(leaves.y < 0.6), fresh.take(fresh.y > 0.8)
for name in ("sum", "early", "tensor", "sum on logs"):
    model = calibrated(models[name], small)
    inside = coverage_of(large.y, model.predict_interval(large.X))[0]
    bias = 1000 * np.mean(model.predict(large.X) - large.y)
    print(f"{name}: {inside:.0%} of large leaves inside 90 % intervals, bias {bias:z.0f} µg")

# %% [markdown]
# Beyond the calibrated range the sum fails. So do the block that bends and the net, although they multiply: they have learned the bend of small leaves only. Logarithms have the right form and go on best, and even their intervals break the promise. Outside the calibrated range give a warning, not an interval.
#
# **Exercise 15.7, a judgment.** Model and intervals come from a greenhouse. Next month they are to be used in the field. Do you `"keep the intervals"`, `"make them 1.5 times as wide"`, or `"calibrate on some field plants"`?

# %%
# SOLUTION
choice = "calibrate on some field plants"
# STUB
# choice = ...
check("15.7", choice)

# %% [markdown]
# **What you saw.** A mass is a product, and a sum of opinions only comes near it; the sum of logarithms is exact. Gates and tensors can learn to multiply, and so can a block that bends, if it holds both factors. R2 and RPD praise the choice of samples. A net that states its spread ranks leaves well and misstates the size. Conformal intervals keep their promise for any model, on average, for leaves like those of the calibration.
#
# **Use it when** a number will be acted on: give an interval, calibrated on whole groups kept aside. Take logarithms first when factors multiply, and a rung that multiplies when you cannot tell which do.
#
# **Words:** RMSEP, bias, R2, RPD, heteroscedastic, spread, conformal prediction, calibration set, coverage, exchangeable. Conformal intervals are made by `SplitConformalRegressor` in MAPIE and `ConformalRegressor` in crepes; neither takes groups.
#
# **Read more:** Nix and Weigend (1994), doi:10.1109/ICNN.1994.374138, and Kendall and Gal (2017), arXiv:1703.04977, on nets that state a spread; Lei et al. (2018), doi:10.1080/01621459.2017.1307116, on conformal intervals; Lee, Barber and Willett (2023), arXiv:2306.06342, on groups; Minasny and McBratney (2013), *Why you don't need to use RPD*, Pedometron 33.
#
# **Next:** [Your own data](16_own_data.ipynb), in a folder.
