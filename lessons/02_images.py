# %% [markdown]
# # Images alone
# Afterwards you can turn photographs into features with a name, say what convolution and pooling do, train a small network, and choose among these by the number of your labels.
#
# You need notebook 01, where a convolution slid along a spectrum. No experience with pictures.
#
# **60 minutes**: 33 reading, 2 running, 25 exercises.
#
# We are still on the first rung: one modality, an encoder, a head.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import plot_confusion, plot_scores, show

show(*plot_ladder("single", ("image", "spectrum")))

# %% [markdown]
# ## Which leaf is ill?
# Two leaves. One has blight, and you see which. Now say *how* you see it, in words that a ruler could check.

# %%
import numpy as np

import mmlib
from mmlib.course.figures.n02 import FILTERS, draw_filter, draw_pictures

data = mmlib.load_leaves()
lesions = np.argsort(data.info["lesions"])
clean, spotted = data.X["image"][lesions[[100, -100]]]
show(*draw_pictures({"leaf A": clean, "leaf B": spotted}))

# %% [markdown]
# A picture is a block of numbers: three brightnesses from 0 to 255 in each place.

# %%
print(clean.shape, "red, green, blue in the middle:", clean[24, 24])

# %% [markdown]
# Spectra were rows of numbers too. Why not lay all pixels in one long row and use an SVM? Take the pixel in row 24, column 16. How often does it show leaf, and not the tray?

# %%
from mmlib.features import ColorTexture, find_object, image_baselines

is_leaf = find_object(data.X["image"])
print(f"leaf in {is_leaf[:, 24, 16].mean():.0%} of the pictures")

# %% [markdown]
# A band always stands for the same wavelength. This pixel is leaf in one picture and tray in the next. We need numbers that survive a move, a turn and another lamp.
#
# ## Features with a name
# First find the leaf: what differs from the rim of the picture. `find_object` did it above; what it finds is called a **mask**.

# %%
show(*draw_pictures({"leaf B": spotted, "what was found": is_leaf[lesions[-100]]}))

# %% [markdown]
# Then measure it: color, texture, shape. Relative green compares green with all three colors, so a stronger lamp does not matter. Dark depth tells how dark the spots are and how much of the leaf they take. Both are logarithms, so they may be negative.

# %%
names = ["relative green", "dark depth", "width over length"]
measure = ColorTexture().set_output(transform="pandas")
features = measure.fit_transform(data.X["image"])
features.loc[lesions[[100, -100]], names].set_axis(["leaf A", "leaf B"]).round(2)

# %% [markdown]
# Color does not part these two; dark depth does. Does a feature measure what we hope? Ask the planted truth: red pigment (anthocyanins), lesions, maturity (old leaves are wider).

# %%
for name, truth in zip(names, ("anthocyanins", "lesions", "maturity"), strict=True):
    r = np.corrcoef(features[name], data.info[truth])[0, 1]
    print(f"{name} against the true {truth}: correlation {r:.2f}")

# %% [markdown]
# More red pigment, less green: hence the minus. All 33 features together make a table, and a table is home ground. Each picture is measured by itself; nothing is fitted, so nothing can leak. The table becomes one more modality of our data.

# %%
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline

data.X["features"] = features.to_numpy()
forest = RandomForestClassifier(200, min_samples_leaf=3, random_state=0)
models = {"pixels, SVM": image_baselines()["SVM on pixels"]}
models["features, forest"] = make_pipeline(mmlib.Select("features"), forest)
result = mmlib.compare(models, data, n_repeats=1)

# %% [markdown]
# 6,912 numbers against 33 of them. Guess both accuracies before you look.

# %%
ceiling = {"image": mmlib.ceilings(data)["image"]}
show(*plot_scores(result.table, ceilings=ceiling, chance=0.2))

# %%
print(result.sentence("features, forest", "pixels, SVM"))

# %% [markdown]
# The few are computed from the many, and yet do better. Here it was worth more to know what to measure than to have every pixel.
#
# **Exercise 02.1, a judgment.** Why does the SVM on pixels do so much worse? `"too few pixels"`, `"a pixel means nothing without its place in the leaf"` or `"SVMs cannot handle colors"`?

# %%
from mmlib.course.exercises.e02 import check, hint

# %%
# SOLUTION
reason = "a pixel means nothing without its place in the leaf"
# STUB
# reason = ...
check("02.1", reason)

# %% [markdown]
# ## Filters that slide
# A network finds its own features. Its main tool is the **convolution**: a small pattern of weights slides over the picture; at each place, multiply and add. Here the weights -1 and 1 slide along a row with a bright bar:

# %%
from mmlib.course.pixels import convolve, gray_histogram, power_spectrum, pyramid

convolve([[0, 0, 9, 9, 0, 0]], [[-1, 1]])

# %% [markdown]
# Positive where it gets brighter, negative where it gets darker, zero on flat ground. Six numbers became five, since the pattern of two must fit inside.
#
# **Exercise 02.2, with a pencil.** The row 1, 1, 4, 4 and the weights -1, 0, 1. Which two numbers come out? Give a list.

# %%
# SOLUTION
by_hand = [3, 3]
# STUB
# by_hand = ...
check("02.2", by_hand)

# %% [markdown]
# **Pooling** then keeps the largest value of each small tile. The answer "an edge, somewhere here" mostly survives a shift of a pixel. Which filter will find the lesions of leaf B, and nothing else?

# %%
from functools import partial

from mmlib.course.widgets import explorer, static_row

on_leaf_b = partial(draw_filter, spotted.mean(axis=2))
explorer(on_leaf_b, name=list(FILTERS), pooling=(1, 8, 1))

# %%
two = ("left-right edges", "small dark spots")
static_row(on_leaf_b, [{"name": name, "pooling": 4} for name in two])

# %% [markdown]
# None of them. The spot filter lights up along the rim of the leaf as well, and at the white bar, the ruler. A filter answers to whatever resembles its pattern. So a network uses many.
#
# Halve the picture again and again, and you have a **pyramid**: single spots on its first levels, the rough shape on the last. A network stacks filters and pooling in this way. At the end it
# **flattens** what is left, or averages over places, into one vector. That is the whole encoder.

# %%
show(*draw_pictures({f"level {k}": p for k, p in enumerate(pyramid(spotted, levels=4))}))

# %% [markdown]
# **Exercise 02.3, predict.** A picture of 48 x 48 pixels; a filter of 5 x 5 that moves 2 pixels at a time and stays inside. How many rows has the result?

# %%
# SOLUTION
rows = (48 - 5) // 2 + 1
# STUB
# rows = ...
check("02.3", rows)

# %% [markdown]
# Find the mistake. A tutorial says: "the histogram of gray levels is the image's frequency domain". Shuffle all pixels, and look what is left of the histogram, and of the slow waves that fit once or twice across the picture.

# %%
gray = spotted.mean(axis=2)
shuffled = np.random.default_rng(0).permutation(gray.ravel()).reshape(gray.shape)
same = np.array_equal(gray_histogram(gray), gray_histogram(shuffled))
low = [power_spectrum(g)[22:27, 22:27].sum() - power_spectrum(g)[24, 24] for g in (gray, shuffled)]
print(f"same histogram: {same}; slow waves left after shuffling: {100 * low[1] / low[0]:.0f} %")

# %% [markdown]
# The histogram does not notice that the leaf is gone. So it cannot be the frequency domain. That is the 2-D Fourier transform, and it notices.
#
# ## A network that learns its filters
# `FusionClassifier` builds an encoder for each modality it is given, here one, and a head. It has `fit` and `predict`, as every model you know. `groups` keeps plants together when it sets samples aside to know when to stop.

# %%
from mmlib.nets.augment import mirror_and_shift

train, _ = data.split(seed=0)
scratch = {"encoders": {"image": "cnn"}, "augment": mirror_and_shift, "mixup": 0}
network = mmlib.FusionClassifier("image", **scratch, epochs=25, random_state=0)
network.fit(train.X, train.y, groups=train.groups)
table = models["features, forest"].fit(train.X, train.y)

# %% [markdown]
# `"cnn"` starts from random filters. `mirror_and_shift` mirrors and shifts the pictures a little in training: a mirrored leaf is as ill as before. (Never mirror where left and right mean something.) To judge both, we photograph 2,000 leaves of new plants. A simulator is patient. Who wins?

# %%
new = mmlib.make_leaves(n_plants=400, seed=9)
new.X["features"] = measure.transform(new.X["image"]).to_numpy()
net, trees = (100.0 * (model.predict(new.X) == new.y) for model in (network, table))
print(f"right on new leaves: network {net.mean():.0f} %, features and forest {trees.mean():.0f} %")

# %%
by_plant = (trees - net).reshape(400, 5).mean(axis=1)
error = 1.96 * by_plant.std() / 400**0.5
print(f"forest minus network: {by_plant.mean():.0f} points, give or take {error:.0f}")

# %% [markdown]
# Not what the headlines promise: the network does not beat the table. It had to discover everything from 900 pictures. The features came with the knowledge of those who wrote them.
#
# ## Learning before the labels
# Labels are expensive, pictures are cheap. **Transfer learning** trains an encoder on plenty of pictures first, then **fine-tunes** it on the few that have labels. What can it learn without labels? For
# instance to predict our 33 features, which can be computed for any picture.

# %%
from mmlib.nets.pretraining import pretrain_image_encoder

plenty = mmlib.make_leaves(n_plants=300, seed=7).X["image"]
encoder = pretrain_image_encoder(plenty, random_state=0)
print(f"trained on {len(plenty)} pictures, no label among them")

# %% [markdown]
# Now the test that matters: 10, 30 and 80 labeled leaves, 2, 6 and 16 of each class, drawn twice, and three ways to use them. 500 of the new leaves judge them. With so few, none are set aside (`validation=0`), so the time to stop is fixed beforehand. Starting from nothing takes longer, so that network gets 80 **epochs** (passes over the samples), the pretrained one 25. Where will pretraining gain most?

# %%
from mmlib.evaluation.few_labels import score_few_labels

few = {**scratch, "modalities": "image", "validation": 0, "random_state": 0}
tuned = {**few, "encoders": {"image": encoder}}
ways = {
    "network from scratch": mmlib.FusionClassifier(**few, epochs=80),
    "network, pretrained": mmlib.FusionClassifier(**tuned, epochs=25),
    "features, forest": models["features, forest"],
}

# %%
scores, judges = {}, (new.X[::4], new.y[::4])
for name, way in ways.items():
    by_class = score_few_labels(way, (train.X, train.y), judges, [2, 6, 16], draws=2)
    scores[name] = dict(zip((10, 30, 80), by_class, strict=True))

# %%
from mmlib.course.figures.n02 import plot_budgets

show(*plot_budgets(scores, chance=0.2))

# %% [markdown]
# Bars run from the worst to the best draw. Ten labels teach a network from nothing hardly more than guessing. On average pretraining helps at every size; by how much depends also on the random numbers it started from. Beware of a cheap
# victory: a network from scratch that is stopped too early is an easy rival. Set its epochs to 25 as well, and look where the lead seems largest then.
#
# The plain forest on named features leads at every size: for these leaves somebody knew what to measure. Where nobody does, an encoder pretrained on a million photographs is worth a try.
# Any ready-made torch module can be given as `encoders={"image": ...}`; the help of `mmlib.nets.pretraining` shows one from torchvision (a download; not tried here).
#
# **Exercise 02.4, a judgment.** You have 60 labeled photographs of seeds, and you know from the trade that size, color and cracks decide. What do you try *first*? `"features"`, `"network from scratch"` or `"bigger network"`?

# %%
# SOLUTION
first_try = "features"
# STUB
# first_try = ...
check("02.4", first_try)

# %% [markdown]
# ## An eye chart for models
# Our 33 features were invented by people who had looked at leaves. What would they see in other pictures? An optician asks with a chart, and here is one for models. It has ten pairs of pictures. The two pictures of a pair differ in a single thing, for instance in where the disk is; all else varies at random.

# %%
from mmlib.course.figures.n02 import draw_eye_chart, plot_eye_chart
from mmlib.data.eye_test import KINDS, make_eye_test

show(*draw_eye_chart({kind: make_eye_test(kind, n=12, noise=8, seed=1) for kind in KINDS}))

# %% [markdown]
# A model learns each pair from 200 noisy pictures, and is asked about 120 others. We compare four ways to see:
#
# - the 33 **features** of color, texture and shape;
# - the **outline**: where everything lies that stands out from the ground, how large it is, how many pieces there are, and of which form;
# - **patches**: small squares, cut from the training pictures, slide along as filters do; counted is how strongly each answers, in each part of the picture;
# - **pixels**: the picture, made as small as a thumbnail.
#
# `early_fusion` of mmlib takes all of them as *blocks* of columns. The model behind it weighs the blocks; notebook 04 explains how. Here we can also let it use one block alone.

# %%
from sklearn.base import clone

from mmlib.fusion import early_fusion

eyes = {"features": ["color", "texture", "shape"]}
eyes |= {block: [block] for block in ("outline", "patches", "pixels")}
eyes["all together"] = ["color", "texture", "shape", "outline", "patches", "pixels"]


# %%
def look(kind):
    chart = make_eye_test(kind, n=320, seed=3)
    learn, asked = chart.take(np.arange(200)), chart.take(np.arange(200, 320))
    model = early_fusion(chart)
    blocks, ridge = model[0].fit(learn.X), model[1]
    columns, new_columns = blocks.transform(learn.X), blocks.transform(asked.X)
    seen = {}
    for name, used in eyes.items():
        eye = clone(ridge).set_params(blocks=[f"image: {block}" for block in used])
        seen[name] = eye.fit(columns, learn.y).score(new_columns, asked.y)
    return seen


# %% [markdown]
# **Exercise 02.5, predict, then run.** One of the ten differences is invisible to the 33 features: they are right about as often as a coin. Which one? Give its name from the chart.

# %%
# SOLUTION
invisible = "position"
# STUB
# invisible = ...
check("02.5", invisible)

# %%
import pandas as pd

sight = pd.DataFrame({kind: look(kind) for kind in KINDS})
show(*plot_eye_chart(sight))

# %% [markdown]
# We praised our features because they survive a move. They survive it because they do not know where the object is. **What a feature ignores, it cannot see.** Every way to see has such a blind spot: the outline does not look at color, and a thumbnail of pixels cannot tell a wavy edge from a smooth one. For leaves that lie anywhere in the picture it was right to ignore the place. For a stain on the left or on the right of a fruit it would be wrong, and no warning would appear.

# %%
worst = sight.min(axis=1)
for name in sight.index:
    print(f"{name}: worst at {sight.loc[name].idxmin()}, {worst[name]:.0%} right")

# %% [markdown]
# The cure is not a cleverer feature. It is to offer all blocks side by side, and to let the training samples say which of them count. From here on, the ready models of mmlib see a photograph in this way. In your own project, ask first what your features ignore.

# %% [markdown]
# ### What no picture shows
# Last, what the forest on features confuses. No training will cure the first two rows, healthy and drought: the picture does not show water.

# %%
show(*plot_confusion(result.confusion("features, forest"), data.target_names))

# %% [markdown]
# **What you saw.** A pixel in a fixed place has no fixed meaning. What a feature ignores, it cannot see; blocks of several kinds together have no blind spot on our chart. Convolution and pooling make features that mostly survive a shift. With few labels, features that somebody had devised were ahead. Pretraining on pictures without labels lifted the network, but not above them. This is one kind of picture: test it on yours.
#
# **Words:** pixel, mask, feature, convolution, pooling, pyramid, flatten, encoder, augmentation, epoch, transfer learning, fine-tuning.
#
# **Read more:** LeCun et al. (1998), doi:10.1109/5.726791, on convolutional networks; Yosinski et al. (2014), https://arxiv.org/abs/1411.1792, on what transfers.
#
# **Next:** [Judge fairly](03_judge.ipynb), before we let the two modalities meet.
