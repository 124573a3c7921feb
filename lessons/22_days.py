# %% [markdown]
# # Days: what comes first?
# Afterwards you can work with samples that were measured again and again: say which models forget the order of the days, find an order by lagged products or by a network that reads series, and notice a clock that is wrong.
#
# You need notebooks 03, 05 and 06. Notebook 10 helps.
#
# **60 minutes**: 33 reading, 1 running, 26 exercises.
#
# So far each leaf was measured once. Now each instrument looks at the same leaf on ten days. The question is again where the two meet, and there is a new place to meet: every single day.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import plot_scores, show

show(*plot_ladder("early", ("spectra", "pictures")))

# %% [markdown]
# ## Ten days of a leaf
# Your plants are watered every five days. Between two waterings each leaf has one dry spell, and it is rolled up once, so that it looks narrow. In one variety a leaf rolls up *before* it dries, to protect itself. In the other it rolls up *after* it has dried, because it is limp. **Which variety is it?** The spectrometer sees the water, and the camera sees the leaf roll up.
#
# The leaves are simulated like those of the other notebooks, 240 plants with two leaves each. Nobody wrote down when a plant was watered: the records begin at any moment between two waterings.

# %%
import numpy as np

import mmlib
from mmlib.data.leaves.days import day_ceilings, make_days

# %%
leaves = make_days(seed=22)
print(leaves)

# %% [markdown]
# There is one more axis than you are used to, and it comes second: samples, **days**, and then what one day brings. Here are two leaves of each variety, with their numbers in the data:

# %%
from mmlib.course.figures.n22 import plot_films, plot_lags, plot_series

# %%
kinds = leaves.target_names
some = [np.flatnonzero(leaves.y == kind)[k] for kind in (0, 1) for k in (4, 6)]
show(*plot_films({kinds[leaves.y[k]] + f" {k}": leaves.X["image"][k] for k in some}))

# %% [markdown]
# The leaves roll up and unroll twice in ten days, but you may not find both times: their width also changes from day to day without any reason. Can you see which ones dry first? You cannot, because the water does not show in a picture.
#
# For most of this notebook one number for each instrument and day is enough. Of the spectrum we take the logarithm of the reflectance at 1650 nm over that at 1450 nm, where water absorbs. Of the picture we take the logarithm of the width of the leaf over its length. Both are differences of logarithms, so that neither the brightness of the lamp nor the distance counts. By hand, we compute the water of all leaves and days at once, and the shape of the first film only:

# %%
from mmlib.features import find_object
from mmlib.features.measures import shape_features

band = {nm: int(np.flatnonzero(leaves.axes["spectrum"] == nm)[0]) for nm in (1450, 1650)}
spectra = leaves.X["spectrum"].astype(float)
water = np.log(spectra[:, :, band[1650]] / spectra[:, :, band[1450]])
width = np.log(shape_features(find_object(leaves.X["image"][0]))["width over length"])
print(water.shape, width.shape)

# %% [markdown]
# Whatever can measure a picture can measure a film: to the function, the ten days of a leaf are ten pictures. `day_series` does this for every leaf. It gives both series, and the next figure shows two leaves.

# %%
from mmlib.course.day_series import day_series

series = day_series(leaves)
print(series)

# %%
pairs = {
    kinds[leaves.y[k]]: (series.X["water"][k], series.X["width"][k]) for k in (some[0], some[3])
}
show(*plot_series({name: (a.ravel(), b.ravel()) for name, (a, b) in pairs.items()}))

# %% [markdown]
# The axis shows both series, as differences to their means. In the leaf on the left the water is low on day 2, and again on days 6 and 7. The width is lowest on day 3, and it is low again on days 7 and 8. (On days 2 and 7 the two markers nearly lie on each other.) So it dries first. In the leaf on the right the width is lowest on day 5, and the water on day 6. So it rolls up first. Five days earlier the water is low, too, but the width hardly shows that: the changes without a reason hide much.
#
# What is the best possible? Suppose that somebody measures water and width on every day without any error. Then only the changes without a reason are still in the way. The simulator knows the score:

# %%
limits = day_ceilings()
print({name: round(value, 2) for name, (value, error) in limits.items()})

# %% [markdown]
# Read this line twice. The spectra alone know *nothing*: in both varieties leaves dry once in five days, on any day. The pictures alone know nothing. A product of two opinions, late fusion, knows nothing, since neither has an opinion. Together they know nine leaves in ten.
#
# ## Which models lose the order?
# What would you do with ten spectra of one leaf? The usual answers are: take the last one, or the mean of all, or put them side by side as one long row. We let logistic regression try all three. In every case it gets both instruments.

# %%
both = np.stack([series.X["water"], series.X["width"]], axis=2)
series.X["last day"] = both[:, -1]
series.X["mean of days"] = both.mean(axis=1)
series.X["side by side"] = both.reshape(len(both), -1)

# %%
print(series.X["last day"].shape, series.X["side by side"].shape)

# %% [markdown]
# **Exercise 22.1, predict.** How many of the leaves will be right by the mean of the days: `"half"`, `"three quarters"` or `"nine tenths"`? `hint("22.1")` helps.

# %%
from mmlib.course.exercises.e22 import check, hint

# %%
# SOLUTION
by_mean = "half"
# STUB
# by_mean = ...
check("22.1", by_mean)

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from mmlib.fusion import late_fusion


# %%
def linear(first_step):
    return make_pipeline(first_step, StandardScaler(), LogisticRegression(solver="newton-cholesky"))


# %%
alone = {
    name: make_pipeline(mmlib.Select(name), StandardScaler(), SVC(random_state=0))
    for name in ("water", "width")
}

# %%
models = {f"{name} only": model for name, model in alone.items()}
models["late"] = late_fusion(models=alone, rule="product", calibration="sigmoid")
for name in ("last day", "mean of days", "side by side"):
    models[name] = linear(mmlib.Select(name))
forgetful = mmlib.compare(models, series, n_folds=4, n_repeats=1)

# %% tags=["hide-output"]
top = {"in order": limits["joint"]}
show(*plot_scores(forgetful.table, top, chance=0.5))

# %% [markdown]
# None of them can be told from a coin. (One leaf is a sample, with all of its days. Splitting days between training and test would be a leak: the days of one leaf are alike.)
#
# For the last day and the mean this had to be so: there is no order in them. It is the same with a bag of words, a histogram of a picture, and the mean of a sound over time. All of them forget *where*. But why does the long row fail? It has all of the numbers! It fails because the model is linear (further down, an SVM on such a row does better). It would have to say that little water on day 3 speaks for one variety. But it speaks for neither, as long as one does not look at the width on day 4.
#
# ## The product of today and tomorrow
# Three days of a leaf, as differences to the mean. First it loses water, and a day later its width:

# %%
dry = np.array([-2.0, 1.0, 1.0])
narrow = np.array([1.0, -2.0, 1.0])
print("same day:", dry * narrow)
print("a day later:", dry[:-1] * narrow[1:])

# %% [markdown]
# On the same day the products of this example are mostly negative. Now move one series by a day, so that the water of a day stands beside the width of the *next* day. The product of the two low values is large and positive. The mean of such products, for a lag of some days, is called **cross-correlation** (here it is not divided by the spreads). You know it from lining up two chromatograms or two spectra. It is a product of two modalities, as in notebook 10, with a shift in time.
#
# **Exercise 22.2.** Write it for the two series of one leaf. `lag` is the number of days from the water to the width; below zero the width comes first. First subtract its mean from each series. Use only pairs in which both days were measured.


# %%
# SOLUTION
def lagged(water, width, lag):
    water, width = water - water.mean(), width - width.mean()
    days = [t for t in range(len(water)) if 0 <= t + lag < len(width)]
    return np.mean([water[t] * width[t + lag] for t in days])


# STUB
# def lagged(water, width, lag):
#     return ...
check("22.2", lagged)

# %% [markdown]
# `lagged_products` computes it for all leaves, here for lags up to two days, before and after. Below zero the width comes first. The mean over the leaves of each variety:

# %%
from mmlib.features.lagged import LaggedProducts, lagged_products

# %%
products = lagged_products(series.X["water"], series.X["width"], max_lag=2)[:, :, 0, 0]
lags = np.arange(-2, 3)
show(*plot_lags(lags, {kinds[k]: products[leaves.y == k].mean(axis=0) for k in (0, 1)}))

# %% [markdown]
# There it is. In leaves that dry first the width goes along with the water of the day before; in the others it is the other way round. (At lag 0 the product is a little above zero here, unlike in the example of three days: an event lasts longer than a day, so water and width are low together for a while.) This is even a rule without any training. Which of the two products is larger, that at the lag 1 or that at -1?

# %%
rolls_first = products[:, lags == -1] > products[:, lags == 1]
print(f"right without training: {np.mean(rolls_first.ravel() == (leaves.y == 1)):.0%}")

# %% [markdown]
# `LaggedProducts` is the same as a first step of a pipeline. We let it go up to four days. (Events come every five days, so a lag of 1 and one of -4 tell the same.) Nine numbers for each leaf go into logistic regression, which now finds what it needs:

# %%
correlation = {"lagged products": linear(LaggedProducts("water", "width", max_lag=4))}
by_lags = mmlib.compare(correlation, series, n_folds=4, n_repeats=1)
print(by_lags.table[["mean", "low", "high"]].round(2).to_string())

# %% [markdown]
# ## A network that reads in order
# The papers would take something else: a **recurrent network**. It reads a series day by day and keeps a vector, its memory, that it changes with every day. The vector after the last day stands for the whole series. The simplest one has a single number as its memory. With each day it forgets half of the old and adds the new:

# %%
memory = 0.0
for today in (0.0, 4.0, 0.0, 0.0):
    memory = 0.5 * memory + today
    print(f"memory {memory}")

# %% [markdown]
# The memory says that something happened and, if all events are equally large, by its size how long ago. The **LSTM** (*long short-term memory*) has many such numbers, and decides anew every day how much of each to forget, to add and to show. These decisions are learned. A **GRU** is a simpler relative.
#
# Three encoders in `mmlib.nets.sequences` are made for series. `"recurrent"` is an LSTM or a GRU. `"temporal cnn"` looks for patterns of a few neighboring days, wherever they are, as a network for spectra looks for peaks. `"temporal mean"` sees every day by itself and averages: it forgets the order on purpose. Each is an encoder as in notebook 06.
#
# Here both instruments meet on every day: an encoder reads both columns. (`dict.fromkeys` gives each modality the same kind of encoder.)

# %%
series.X["days"] = both - both.mean(axis=1, keepdims=True)


# %%
def net(encoder, modalities="days", **options):
    names = [modalities] if isinstance(modalities, str) else modalities
    encoders = dict.fromkeys(names, encoder)
    return mmlib.FusionClassifier(
        modalities, encoders=encoders, width=32, lr=5e-3, random_state=0, **options
    )


# %% [markdown]
# **Exercise 22.3, predict.** Compared with lagged products and logistic regression, how good will the LSTM be: `"ten points better"`, `"not better"` or `"no better than a coin"`?

# %%
# SOLUTION
lstm_is = "not better"
# STUB
# lstm_is = ...
check("22.3", lstm_is)

# %%
series.X["centered"] = series.X["days"].reshape(len(both), -1)
kernel = make_pipeline(mmlib.Select("centered"), StandardScaler(), SVC(random_state=0))
models = {**correlation, "SVM, side by side": kernel}
readers = {"LSTM": "recurrent", "temporal CNN": "temporal cnn", "bag of days": "temporal mean"}
models |= {name: net(encoder) for name, encoder in readers.items()}

# %%
ordered = mmlib.compare(models, series, n_folds=4, n_repeats=1)

# %% tags=["hide-output"]
show(*plot_scores(ordered.table, top, chance=0.5))

# %% tags=["hide-output"]
print(ordered.sentence("lagged products", "LSTM"))

# %% [markdown]
# A calculation that any scientist knows does what the LSTM does. It has to learn nine coefficients and a constant, and you can draw what it sees. The SVM on the long row is not bad either, as its kernel contains products of all pairs of days. The bag of days, a network that sees both instruments on every day, is a coin.
#
# **Where should the two instruments meet?** On every day, so far. Now each has an LSTM of its own, which reads its series in order. Their vectors meet at the end, side by side as in notebook 06, or as an outer product as in notebook 10. The outer product of (1, 2) and (3, 4) has the numbers 3, 4, 6 and 8: each number of one times each of the other. The two vectors themselves stand beside it. (The LSTM from above takes part once more, as "on every day".)

# %%
ends = ["water centered", "width centered"]
for k, name in enumerate(ends):
    series.X[name] = series.X["days"][:, :, [k]]

# %%
meetings = {"on every day": models["LSTM"]}
meetings["at the end, side by side"] = net("recurrent", ends)
meetings["at the end, outer product"] = net("recurrent", ends, fuse="outer product")
meeting = mmlib.compare(meetings, series, n_folds=4, n_repeats=1)

# %%
show(*plot_scores(meeting.table, top, chance=0.5))

# %%
for other in ("at the end, side by side", "on every day"):
    print(meeting.sentence("at the end, outer product", other))

# %% [markdown]
# Each LSTM read its series in order. Still, when their vectors were put side by side, the network fell behind. Each vector says *when* something happened. Which of the two was first can only be told from both at once, as in a product. The outer product offers such products, and its network comes up to the ceiling. Here it is even ahead of the one that meets on every day. (In the figure the intervals of these two overlap; the sentence compares them on the same folds. Its interval almost reaches zero, and another random start may change it, as in notebook 10.) **To read in order is not enough: the instruments do better if they meet day by day, or as a product.**
#
# And with few plants? Six times we learn from 40 plants and test on the other 200. The result is the mean difference in right answers:

# %%
from mmlib.evaluation.few_labels import gain_sentence

right = {"lagged products": [], "LSTM": []}
for start in range(0, 240, 40):
    few = np.isin(series.groups, range(start, start + 40))
    train, test = series.take(few), series.take(~few)
    for name in right:
        model = models[name].fit(train.X, train.y)
        right[name].append(model.score(test.X, test.y))
print(gain_sentence(right, "lagged products", "LSTM"))

# %% [markdown]
# With few plants the products are ahead. (The line does not tell how good either of them is.) When must they lose? They see pairs of days, a fixed number of days apart. If your question is about three events and not two, such products may not be enough. A network could learn it, given enough plants. (We did not try this.)
#
# **The mistake.** In real studies the series differ in length. Suppose that one leaf was followed for 30 days and ours for ten. An array needs one length, so the short series are filled up with zeros: **padding**. An LSTM reads on, through twenty empty days, and what it says on day 30 is the memory of something long ago. It has to be read after the last *measured* day.
#
# **Exercise 22.4.** `outputs` is a numpy array of the shape (samples, days, numbers), and `n_days`, an array as well, says how many days of each sample were measured. Take the right row of each sample; the result has the shape (samples, numbers).


# %%
# SOLUTION
def last_measured(outputs, n_days):
    return outputs[np.arange(len(outputs)), n_days - 1]


# STUB
# def last_measured(outputs, n_days):
#     return ...
check("22.4", last_measured)

# %% [markdown]
# `pad` fills up series, and adds a column that says which days were measured: 1 or -1. An encoder with `padded=True` reads this column. (`encoders__month__padded=True` passes it on to the encoder of "month".) We pad all leaves to 30 days, and train the LSTM with and without telling it.

# %%
from mmlib.features.lagged import pad

series.X["month"] = pad(list(series.X["days"]), steps=30)
aware = net("recurrent", "month", encoders__month__padded=True)
readers = {"reads the last measured day": aware, "reads day 30": net("recurrent", "month")}

# %%
train, test = series.split(seed=0)
for name, model in readers.items():
    score = model.fit(train.X, train.y, groups=train.groups).score(test.X, test.y)
    print(f"{name}: {score:.0%} right")

# %% [markdown]
# No error, no warning, and half of the leaves are right, which is a coin. (This is one split. With `padded=True` the padding reaches no output at all; the tests of the package check it for each of the encoders.)
#
# ## Two clocks
# Two instruments have two clocks. New plants arrive, but the camera's clock was **two days behind**: what it calls day 0 was taken on day 2. Nobody knows yet. We predict with the models from above, trained on all old plants:

# %%
wrong_clock = make_days(n_plants=160, clock=2, seed=1022)
new = day_series(wrong_clock)


# %%
def prepare(data):
    both = np.stack([data.X["water"], data.X["width"]], axis=2)
    data.X["days"] = both - both.mean(axis=1, keepdims=True)
    return data


# %%
trained = {name: models[name].fit(series.X, series.y) for name in ("lagged products", "LSTM")}
for name, model in trained.items():
    print(f"{name}: {model.score(prepare(new).X, new.y):.0%} right")

# %% [markdown]
# This is far *below* a coin: the models are reliably wrong. The days from the water to the width (above zero the leaf dries first):
#
# | | true | reported: two days less | the same, with events every five days |
# |---|---|---|---|
# | dries first | 1 | -1 | -1 |
# | rolls first | -1 | -3 | 2 |
#
# So each variety looks like the other one. A noisy instrument makes you unsure, but a wrong clock makes you sure of the opposite.
#
# How could one notice, without a single label? By cross-correlation once more, over *all* leaves. If both varieties are equally common and the clock is right, the mean product is the same for a lag of 1 and of -1, of 2 and of -2. A wrong clock moves the whole pattern. The plants are watered every five days, so that only shifts from 0 to 4 days can be told apart, and we may bring the last days to the front. `np.roll` does this: `np.roll([1, 2, 3], 1)` is `[3, 1, 2]`.


# %%
def by_shift(data):
    water, width = (
        data.X[name] - data.X[name].mean(axis=1, keepdims=True) for name in ("water", "width")
    )
    return np.array([np.mean(water * np.roll(width, k, axis=1)) for k in range(5)])


# %%
known, seen = by_shift(series), by_shift(new)
label = "width moved by (days)"
show(*plot_lags(range(5), {"known plants": known, "new plants": seen}, label))

# %% [markdown]
# **Exercise 22.5.** Write a function that finds the shift: for which `k` from 0 to 4 does `np.roll(known, k)` look most like `new`? Use all five values, as the highest one alone may be highest by chance.


# %%
# SOLUTION
def days_behind(known, new):
    alike = [np.corrcoef(np.roll(known, k), new)[0, 1] for k in range(5)]
    return int(np.argmax(alike))


# STUB
# def days_behind(known, new):
#     return ...
check("22.5", days_behind)

# %%
from mmlib.course.day_series import clock_shift

found = clock_shift(known, seen)
new.X["width"] = np.roll(new.X["width"], found, axis=1)
print(f"the clock is {found} days behind")

# %%
for name, model in trained.items():
    print(f"{name}, repaired: {model.score(prepare(new).X, new.y):.0%} right")

# %% [markdown]
# The repair rests on an assumption: that the new plants are the same mix of varieties as the old ones. If all of them dried first, the pattern would be moved, too, and nobody could tell the variety from the clock. It is better to let both instruments record something that both can see, such as a lamp that is switched on, or a reference that is put in on a certain day.
#
# **The calendar.** A colleague repeats the study, and writes down the watering. All her records begin within two days after it. The camera alone, with all days side by side:

# %%
after_watering = day_series(make_days(start=2, seed=2022))
camera = make_pipeline(mmlib.Select("width"), StandardScaler(), SVC(random_state=0))
pair = {"width only": camera, **correlation}
hers = mmlib.compare(pair, after_watering, n_folds=4, n_repeats=1)

# %%
print(hers.table[["mean", "low", "high"]].round(2).to_string())
print({name: round(value, 2) for name, (value, error) in day_ceilings(start=2).items()})

# %% [markdown]
# So a camera is enough, and nobody needs the spectrometer? The folds were fair, and the interval is far above a coin. The last line has the ceilings of her study: that of the camera alone is 0.89, and that of both together, 0.94, is not reached. But now use her models on our plants, whose records begin on any day:

# %%
for name, model in pair.items():
    model = model.fit(after_watering.X, after_watering.y)
    print(f"{name}, on our plants: {model.score(series.X, series.y):.0%} right")

# %% [markdown]
# The camera had learned the *calendar*: leaves that roll up on certain days of the record are of one variety. Her records all *begin* at nearly the same moment between two waterings. So day 2, say, means nearly the same for all of her plants, and the day itself tells the class. That is true only as long as all records begin like hers. The products know no day, only differences between days, and they are right as often as before. Let records begin on any day of the period, as ours do, or split by the starting day, as you split by plant.
#
# ## A film has the same shape
# Days are slow frames. A video with frames, sound and subtitles has the same axes as our leaves, only longer ones. Take eight leaves as eight films of ten frames. What a camera measures besides color at the same pixels becomes further **channels**. **Motion**: here simply the difference to the frame before. **Depth**: how far away each pixel is. We have no depth camera, so the outline of the leaf stands in for it (the leaf lies nearer than the tray).

# %%
frames = leaves.X["image"][:8] / 255
motion = np.diff(frames, axis=1, prepend=frames[:, :1])
near = find_object(leaves.X["image"][:8].reshape(-1, 48, 48, 3)).reshape(8, 10, 48, 48, 1)
films = np.concatenate([frames, near, motion], axis=4)

# %%
print(films.shape)

# %% [markdown]
# A network takes the frames as if they were pictures, brings each to a vector, unfolds them to series again, and reads those:

# %%
import torch

from mmlib.nets.encoders import ImageCNN
from mmlib.nets.sequences import RecurrentEncoder

folded = torch.tensor(films).reshape(-1, *films.shape[2:]).permute(0, 3, 1, 2).float()

# %%
vectors = ImageCNN((48, 48, 7), width=32).float()(folded)
unfolded = vectors.reshape(8, 10, 32)
print(tuple(folded.shape), tuple(unfolded.shape))
print(tuple(RecurrentEncoder((10, 32), width=16).float()(unfolded).shape))

# %% [markdown]
# Sound comes on a clock of its own, for example a hundred rows for each of our frames. Bring both to one clock first, by the mean over the sound of each frame. Then they can meet on every frame. A text without times, such as a title, cannot; its vector joins at the end.

# %%
sound = np.zeros((8, 1000, 13))  # rows of 13 numbers
print(sound.reshape(8, 10, 100, 13).mean(axis=2).shape)

# %% [markdown]
# **Exercise 22.6.** You have 8 films of 25 frames. A frame has 64 x 64 pixels, each with three colors, depth, and two numbers of motion (how far to the right, how far down). What is the shape of the array, as a tuple?

# %%
# SOLUTION
shape = (8, 25, 64, 64, 6)
# STUB
# shape = ...
check("22.6", shape)

# %% [markdown]
# **What you saw.** In a series, information may sit neither in one instrument nor in the other, nor in any single day: it may sit in the order of two events. Means and bags lose it, and a linear model on the long row cannot use it. Products across a lag find it with nine numbers, as well as an LSTM does, and with few plants better. The instruments did better when they met on each day, or as a product. And two clocks are one more thing to be checked.
#
# **Use it** whenever the same samples are measured again: ripening, fermentation, storage, a growing season. Begin with the cross-correlation. A network may pay where you have many samples and the pattern is more than a pair of events.
#
# | here | in the field |
# |---|---|
# | cross-correlation, lagged product | cross-covariance, lead-lag analysis |
# | recurrent network, LSTM, GRU | RNN, sequence model |
# | temporal CNN | 1-D CNN, TCN |
# | bag of days | deep set, temporal average pooling |
# | meet on every day | early or frame-level fusion |
# | a clock that is behind | synchronization, alignment in time |
#
# **Words:** series, cross-correlation, lag, recurrent network, LSTM, GRU, temporal CNN, padding, channel.
#
# **Read more:** Hochreiter and Schmidhuber (1997), doi:10.1162/neco.1997.9.8.1735, on the LSTM; Bai, Kolter and Koltun (2018), arXiv:1803.01271, on convolutions against recurrent networks; Zaheer et al. (2017), arXiv:1703.06114, on what a bag can know; Simonyan and Zisserman (2014), arXiv:1406.2199, on motion as further channels.
#
# **Next:** [Heads](23_heads.ipynb), where pictures must lie on one another first, or [your own data](16_own_data.ipynb).
