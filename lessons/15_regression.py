# %% [markdown]
# # A quantity, and how sure we are
# Afterwards you can predict a quantity from two modalities, see when it takes a product and not a sum, read four scores without being flattered, and give each prediction an interval that keeps its promise.
#
# You need notebooks 00 to 06; 07 and 10 help.
#
# **80 minutes**: 46 reading, 2 running, 32 exercises.
#
# How many milligrams of chlorophyll does a whole leaf contain? The spectrometer can tell how concentrated the chlorophyll is. Only the picture can tell how large the leaf is. We use the whole ladder once more. The simplest of the good answers will stand on its second rung.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import plot_scores, show

show(*plot_ladder("early"))

# %% [markdown]
# ## A product
# Take four leaves. For each we know the chlorophyll in µg on each cm², and the area in cm². The truth is their product.

# %%
import numpy as np

concentration = np.array([20.0, 60.0, 20.0, 60.0])
area = np.array([8.0, 8.0, 16.0, 16.0])
mg = concentration * area / 1000

# %% [markdown]
# **Exercise 15.1, predict, then run.** You know both columns exactly, and fit one of the following to the four leaves. Which one is right for all four: `"average of the two columns"`, `"weighted sum"` or `"weighted sum of logarithms"`? `hint("15.1")` helps.

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


# %% tags=["hide-output"]
print("truth:      ", mg.round(2))
print("sum:        ", fitted_sum(concentration, area, mg).round(2))
print("sum of logs:", np.exp(fitted_sum(np.log(concentration), np.log(area), np.log(mg))).round(2))

# %% [markdown]
# Even the best weighted sum (by least squares) is wrong for all four leaves. It cannot say that one more square centimeter counts for more *in a dark leaf*. The logarithm turns the product into a sum, as in notebook 10, and then the fit is exact. PLS, ridge regression and averages are all sums.
#
# Now the pictures. A count of pixels is no area, because the camera stood nearer to some leaves than to others. So each picture has a white bar that is 2 cm long. We find the leaf, count its pixels, and measure the bar.

# %%
import mmlib
from mmlib.features import ColorTexture, find_object, object_area, spectrum_baselines

leaves = mmlib.load_leaves(target="chlorophyll")
pictures, true = leaves.X["image"], leaves.info["area"]
read = object_area(pictures, bar=2)

# %% [markdown]
# Look at every measurement before you trust it. Here are three usual leaves, and the three whose area was read worst:

# %%
off = np.abs(np.log(read / true))
worst = np.argsort(-np.nan_to_num(off), kind="stable")[:3]  # a picture without a bar counts as 0
rows = [0, 6, 12, *worst]

# %%
from mmlib.course.figures.n15 import plot_areas, plot_intervals, plot_promise

show(*plot_areas(pictures[rows], find_object(pictures[rows]), read[rows], true[rows]))
print(f"typically {np.nanmedian(off):.1%} off, {(off > 0.2).sum()} leaves over about 20 % off")
print(f"no bar to be seen: {np.isnan(read).sum()} of {len(read)} pictures")

# %% [markdown]
# `find_object` measures how far the color of each pixel is from the tray, and cuts at one limit for each picture. In the last three pictures something lies much further from the tray than the leaf does: dark spots, or the bar. So the limit is too high for the leaf. Your eye is better at this.
#
# We keep these leaves, because new leaves will have the same faults. A picture in which no bar can be seen is left out; say so in your report.
#
# The 33 features of color, texture and shape become one table, together with the area. Nothing in this table is fitted.


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
# How small can an error be? A simulation can tell. Suppose that you know the concentration exactly, but know only the mean of the area. Then your error cannot be smaller than the *spectrum limit* below, on average. The *image limit* is for the picture. There you know the area exactly. About the concentration you have only four signs: the age, the spots, the redness and the green of the leaf.

# %%
from mmlib.data.leaves.floors import floors

limits = {f"{name} limit": 1000 * floor for name, (floor, _) in floors(leaves).items()}
for name, limit in limits.items():
    print(f"{name}: {limit:.0f} µg")

# %% [markdown]
# The *late limit* is the error of the best sum of one opinion from the spectrum and one from the picture. The *joint limit* is zero: whoever knows both factors knows their product. Only the noise of the instruments is left.
#
# `ladder` gives all rungs, now for a quantity. We add three kinds of models:
#
# - PLS on the spectrum, the usual model of a chemist. The number of its latent variables is chosen inside the training part.
# - A plain `sum`: early fusion that ends in an ordinary ridge regression on one table. It can do nothing but add.
# - Two models on logarithms. `TransformedTargetRegressor` takes the logarithm of the target before the fit, and undoes it in the prediction.
#
# Only the *target* is put on logarithms here. The model adds its columns as before, and the exponential makes a product of the sum: exp(a + b) = exp(a) exp(b). To be exact, this would need columns that grow like the logarithms of the two factors. For the concentration, the ridge regression can put such a column together from many bands, at least roughly. (This is not shown here.) Is the area such a column? In the range of our leaves, nearly:

# %%
alike = np.corrcoef(true, np.log(true))[0, 1]
print(f"{true.min():.0f} to {true.max():.0f} cm²: area and its logarithm correlate by {alike:.3f}")

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
# **Exercise 15.2, predict, then run.** Late fusion averages two opinions on the mass. `late on logs` averages their logarithms. Will this bring its error down to that of `sum on logs`? Answer True or False.

# %%
# SOLUTION
late_is_cured = False
# STUB
# late_is_cured = ...
check("15.2", late_is_cured)

# %% tags=["hide-output"]
result = mmlib.compare(models, leaves, n_folds=4, n_repeats=1)
in_micrograms = 1000 * result.table[["mean", "low", "high"]]
limits.pop("joint limit")  # it is zero
metric = "RMSE of whole plants held out (µg); less is better"
show(*plot_scores(in_micrograms, metric=metric, floors=limits))

# %% [markdown]
# The limits of spectrum (103 µg) and picture (104 µg) nearly agree. The spectrum alone stands at its limit. (A score that is *clearly* below its limit would be an alarm, as in notebook 03. Here the two differ by far less than the width of the interval.) The picture alone stays above its limit. This limit is for somebody who reads off the picture exactly how old, how spotted, how red and how green the leaf is; our 33 features tell it only roughly.
#
# Averaging (`late`) brings the error to 87 µg, a small gain beside that of the other fusions. Late fusion also stays far above its own limit. A likely reason is that each of its models was trained to tell the whole mass, and not its part of a sum. The plain `sum` sees both instruments, and about halves the error of the spectrum, although it can only add.
#
# `early` is the default model of notebook 04. It adds the blocks, too. But a block with few columns may get a curved fit before it is added. Which ones did?

# %%
early = early_fusion(leaves).fit(leaves.X, leaves.y, model__groups=leaves.groups)
print("curved:", [name for name, bend in early[-1].bends_.items() if bend])

# %% [markdown]
# The table of the picture holds the area and, roughly, the green of the leaf. So a curved fit can multiply the two inside this table. Attention and tensor fusion can multiply *across* the instruments, by gates and by products. Does multiplying help? We compare three models with the plain sum. Tensor fusion stands for the nets that multiply. (The numbers in these sentences are in mg.)

# %%
for pair in (("early", "sum"), ("tensor", "sum"), ("sum on logs", "sum")):
    print(result.sentence(*pair, decimals=3))

# %% [markdown]
# A model that fits the arithmetic of the question gains. The model with a curved block does better than the plain sum, and so does the net that multiplies; its error is also lower than that of the net that only puts the vectors side by side. A single logarithm, that of the target, gives the same plain sum the lowest error in the figure. (The intervals of the best models overlap, so the best of them may be another one.) Look for such a step before you look for a net.
#
# But why did the logarithm not cure late fusion? Each opinion knows one factor, and has only a *typical* value for the other. And the average of two logarithms is the logarithm of the *square root* of the product. Take a dark, large leaf:

# %%
typical = 0.03 * 12  # mg: 30 µg on each cm², 12 cm²
by_spectrum, by_picture = 0.06 * 12, 0.03 * 18  # 60 µg on each cm², 18 cm²
print(f"averaged on logs {np.sqrt(by_spectrum * by_picture):.2f}, truth {0.06 * 18:.2f} mg")

# %% [markdown]
# **Exercise 15.3.** Write the rule that is right for every leaf. It gets the two opinions and the typical mass.


# %%
# SOLUTION
def multiply(by_spectrum, by_picture, typical):
    return by_spectrum * by_picture / typical


# STUB
# def multiply(by_spectrum, by_picture, typical):
#     return ...
check("15.3", multiply)

# %% [markdown]
# This is the product rule of notebook 05, which divides by the prior. Like that rule, it is right only if no factor is seen by both instruments. (So for our leaves it would not be exact: their pictures show some of the green, too.) The typical mass must be the typical concentration times the typical area.
#
# ## Four scores, and how they flatter
# - **RMSEP** is the typical error on new samples (root mean squared error of prediction).
# - **Bias** is the mean of prediction minus truth.
# - **R2** is the share of the variance that is explained.
# - **RPD** is the standard deviation of the true values, divided by the RMSEP.
#
# Here they are for plants held out, with RMSEP (in the column RMSE) and bias in µg. (Many chemists write RMSECV for plants held out in cross-validation, and keep RMSEP for a test set of its own.)

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
# The model and its predictions are the same in both rows. For the leaves in the middle of the range the RMSE is even smaller, and the bias is small in both rows. And yet R2 and RPD fall, because these leaves are more alike. So RPD praises a wide choice of samples. R2 does the same, and each of the two can be computed from the other. Report RMSEP and bias, in the unit of the quantity, together with the range of the samples.
#
# **Exercise 15.4.** A paper reports R2 = 0.96. How large is its RPD?

# %%
# SOLUTION
rpd = 1 / np.sqrt(1 - 0.96)
# STUB
# rpd = ...
check("15.4", rpd)

# %% [markdown]
# R2 flatters most on training samples. The next model knows them by heart: for each leaf it names the mass of the most similar leaf that it has seen. (Similar means: in 15 principal components of the spectrum, and in the table of the picture.)

# %%
from sklearn.neighbors import KNeighborsRegressor

from mmlib.features import default_block

# %%
train, new = leaves.split(seed=0)
blocks = {"spectrum": default_block((211,), 15)}  # the picture keeps its usual block
parrot = early_fusion(leaves, blocks, classifier=KNeighborsRegressor(1)).fit(train.X, train.y)
print(f"R2 in training {parrot.score(train.X, train.y):.2f}, new {parrot.score(new.X, new.y):.2f}")

# %% [markdown]
# ## A net that says how sure it is
# RMSEP is one number for all leaves, but some leaves are easier than others. A net can have two outputs for each leaf: a mean and a **spread**. Its loss is minus the logarithm of a Gaussian density (without the constant). Suppose that the error is 2. What does it cost to announce a spread of 1, of 2, or of 4?

# %%
spread = np.array([1.0, 2.0, 4.0])
print((np.log(spread) + 2**2 / (2 * spread**2)).round(2))

# %% [markdown]
# The spread that equals the error costs least. A spread that is too small costs more, and so does one that is too large. A net of this kind is called **heteroscedastic**, which means that the spread differs from sample to sample. `with_spread` builds it, here with tensor fusion. (It gets the groups because it keeps some *plants* aside, to decide when to stop training.)

# %%
from mmlib.fusion.heteroscedastic import with_spread
from mmlib.fusion.tensor import LowRankTensor

net = with_spread(leaves, fuse=LowRankTensor).fit(train.X, train.y, model__groups=train.groups)
mean, spread = net.predict(new.X, return_std=True)

# %% [markdown]
# Are the announced spreads right?
#
# **Exercise 15.5, predict, then run.** In a Gaussian, 90 % of the values lie within 1.645 spreads of the mean. How many of the new leaves will lie within 1.645 announced spreads: `"about 90 %"`, `"nearly all"` or `"under 80 %"`? The net was trained as in notebook 06, with dropout.

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


# %% tags=["hide-output"]
bare = with_spread(leaves, fuse=LowRankTensor, dropout=0)
bare.fit(train.X, train.y, model__groups=train.groups)
print(f"with dropout {share_within(net):.0%} inside, without {share_within(bare):.0%}")

# %% [markdown]
# With dropout the announced spreads are too large. A likely reason is that dropout disturbs the net *while it learns*, and the net announces the errors of that time. Later dropout is switched off, and the errors are smaller.
#
# Without dropout, the announced spreads come nearer to the errors here. But nothing makes them agree with the errors on new leaves, because they are fitted to the errors in training. In a net that has learned its leaves by heart they may be too small. (That is not shown here.)
#
# Does the net know at least *which* leaves are hard? We compare the half of the new leaves with the smaller spreads and the other half:

# %%
sure = spread < np.median(spread)
for name, half in {"surer half": sure, "other half": ~sure}.items():
    rmse = np.sqrt(np.mean((mean - new.y)[half] ** 2))
    print(f"{name}: {1000 * spread[half].mean():.0f} µg announced, RMSEP {1000 * rmse:.0f} µg")

# %% [markdown]
# It does: the errors of the surer half are smaller. (Part of this may be the mass alone. A leaf with much chlorophyll has larger errors than one with little, as we shall see, and the net may know no more than that.) Only the announced size is wrong: it is about twice too large in both halves.
#
# ## A promise that is kept
# So do not rely on what a model announces. Look at its errors on leaves that it has not seen. Here are ten such errors, in percent of the prediction. What will an eleventh error stay below, with a chance of 80 %?
#
# Sort all eleven. The eleventh error is equally likely to take each of the eleven ranks. 80 % of eleven ranks are 8.8, so we need nine ranks, and look at the ninth of the ten errors:

# %%
errors = np.array([3, 9, 1, 14, 5, 7, 2, 11, 4, 6])
rank = int(np.ceil(11 * 0.8))
print(f"rank {rank} of 10: {np.sort(errors)[rank - 1]} %")

# %% [markdown]
# In nine of eleven cases, which is 82 %, the eleventh error is not above the ninth of the ten. This needed no Gaussian and no good model. It is called **conformal prediction**.
#
# Leaves of one plant are alike. So whole plants are kept aside for this, and each plant counts as one: if it has five leaves, each of them counts for a fifth. Three tools do the work:
#
# - `conformal_radius` finds the error at the right rank.
# - `coverage_of` gives the **coverage**, the share of intervals that hold the truth.
# - `ConformalRegressor` does everything for any model, here with a promise of 90 %. Its `spread` says what each error is divided by before the errors are ranked. With `None` the errors are not divided, so all intervals are equally wide. With `"relative"` they are divided by the prediction, so each interval is a percentage of its prediction. With `"model"` they are divided by the spread that the model announces.

# %%
from mmlib.evaluation.conformal import ConformalRegressor, conformal_radius, coverage_of


def calibrated(model, data, spread="relative"):
    return ConformalRegressor(model, spread=spread).fit(data.X, data.y, groups=data.groups)


# %%
fresh, intervals = with_area(mmlib.make_leaves(200, target="chlorophyll", seed=1)), {}
for name, spread in {"same for all": None, "relative": "relative"}.items():
    model = calibrated(models["sum on logs"], leaves, spread)
    intervals[name] = model.predict_interval(fresh.X)
plants = 200 - len(set(fresh.groups))
print(f"no bar in {1000 - len(fresh)} of 1,000 new pictures: {plants} whole plants are left out")

# %%
show(*plot_intervals(fresh.y, intervals, "leaf chlorophyll (mg)", every=8))
odd = np.argsort(fresh.y, kind="stable")[464]
print(f"sample 465: spots on {fresh.info['lesions'][odd]:.0%} of the leaf")

# %% [markdown]
# (More pictures were left out than in the first data. All leaves of one plant lie on the same tray. If this tray is nearly as white as the bar, the whole plant may be lost. The interval that stands out at sample 465 belongs to a leaf that is mostly covered by spots. The model takes it for much richer than it is.)
#
# Both kinds of interval keep the promise on new leaves. But it is a promise *on average*. Who gets it? We sort the leaves from poor to rich in chlorophyll, and look at each third of them, in percent:

# %%
third = pd.qcut(fresh.y, 3, labels=["poor", "middle", "rich"])
inside = {k: (e[:, 0] <= fresh.y) & (fresh.y <= e[:, 1]) for k, e in intervals.items()}
(100 * pd.DataFrame(inside).groupby(third, observed=True).mean()).round(0).astype(int)

# %% [markdown]
# The constant interval is needlessly wide for poor leaves, and breaks its promise for rich ones. The relative one is much more even, though here the poor leaves get a little less than promised. Divide by what makes the errors alike, and make such a table for your own data.
#
# **Find the mistake.** Leaves are expensive, so somebody calibrates the intervals on the training leaves:

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
# The errors on training leaves are smaller than those on new leaves will be. So this calibration needs plants of its own. (The word has three meanings. In chemistry calibration is the fit of a model. In notebook 05 it corrected probabilities. Here it sets the width of intervals.)
#
# How many plants? Move the sliders. 200 calibrations are drawn, and each is checked on all other leaves.

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
# With few plants the promise is kept, too, but by wider intervals. They are even wider than needed. A leaf counts for a fifth of its plant, so with 10 plants a promise of 90 % takes the largest error of all 50 leaves. With many plants the intervals are narrower, and the average comes close to the promise.
#
# But you have only one calibration, which may be an unlucky one. (The line below the figure counts how many of the 200 keep less than promised.) With 10 plants hardly any of the 200 calibrations keeps less than was promised. With 100 plants about a quarter does, though most of these keep nearly as much.
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
# The promise holds for leaves *like those of the calibration*. Statisticians say that the leaves must be **exchangeable**: it must not matter which of them came first. Suppose that next year blight is far more severe. (`model` is still the one with relative intervals.)

# %%
ill = with_area(mmlib.make_leaves(100, target="chlorophyll", lesions=3, seed=2))
print(f"like before: {coverage_of(fresh.y, intervals['relative'])[0]:.0%} inside")
print(f"severe blight: {coverage_of(ill.y, model.predict_interval(ill.X))[0]:.0%} inside")

# %% [markdown]
# The oldest way to break such a promise is to leave the range. Here are models that were fitted *and* calibrated on leaves of less than 0.6 mg. They meet leaves of more than 0.8 mg:

# %%
poor, rich = leaves.take(leaves.y < 0.6), fresh.take(fresh.y > 0.8)
for name in ("sum", "early", "tensor", "sum on logs"):
    model = calibrated(models[name], poor)
    inside = coverage_of(rich.y, model.predict_interval(rich.X))[0]
    bias = 1000 * np.mean(model.predict(rich.X) - rich.y)
    print(f"{name}: {inside:.0%} of rich leaves inside 90 % intervals, bias {bias:z.0f} µg")

# %% [markdown]
# Beyond the range of its leaves the sum fails. The curved block and the net fail as well, although they can multiply. Probably they have learned the curve of leaves with little chlorophyll only. The model on logarithms has the right form and does best, and even its intervals break the promise. Outside this range give a warning, not an interval.
#
# **Exercise 15.7, a judgment.** A model and its intervals come from a greenhouse. Next month they are to be used in the field. Do you `"keep the intervals"`, `"make them 1.5 times as wide"`, or `"calibrate on some field plants"`?

# %%
# SOLUTION
choice = "calibrate on some field plants"
# STUB
# choice = ...
check("15.7", choice)

# %% [markdown]
# **What you saw.** A mass is a product. The best weighted sum of the two factors was wrong for each of our four leaves. A sum of their logarithms is exact if both are known, and the plain sum on logarithms was among the best models in our figure. Tensor fusion can learn to multiply, and so can a curved block, if it holds both factors. R2 and RPD depend on the choice of samples. Our net that announces its spread told easy leaves from hard ones, perhaps by their mass alone, and announced errors that were too large. Conformal intervals keep their promise for any model, on average, for samples like those of the calibration.
#
# **Use it when** somebody will act on a number: give an interval, calibrated on whole groups that were kept aside. Where factors multiply, try logarithms first. If you cannot tell which factors multiply, try a rung that can multiply.
#
# **Words:** RMSEP, bias, R2, RPD, heteroscedastic, spread, conformal prediction, calibration set, coverage, exchangeable. Conformal intervals are made by `SplitConformalRegressor` in MAPIE and `ConformalRegressor` in crepes; neither takes groups.
#
# **Read more:** Nix and Weigend (1994), doi:10.1109/ICNN.1994.374138, and Kendall and Gal (2017), arXiv:1703.04977, on nets that state a spread; Lei et al. (2018), doi:10.1080/01621459.2017.1307116, on conformal intervals; Lee, Barber and Willett (2023), arXiv:2306.06342, on groups; Minasny and McBratney (2013), *Why you don't need to use RPD*, Pedometron 33.
#
# **Next:** [Your own data](16_own_data.ipynb), in a folder.
