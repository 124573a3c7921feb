# %% [markdown]
# # Images alone
# Afterwards you can turn photographs into features with a name, say what convolution and pooling do, train a small network, compare these ways where labels are few, and find out what a model cannot see.
#
# You need notebook 01, where a convolution slid along a spectrum. No experience with pictures.
#
# **70 minutes**: 38 reading, 2 running, 30 exercises.
#
# We are still on the first rung: one modality, an encoder, a head.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import plot_confusion, plot_scores, show

show(*plot_ladder("single", ("image", "spectrum")))

# %% [markdown]
# ## Which leaf is ill?
# Here are two leaves. One of them has blight, and you see at once which one. Now say *how* you see it, in words that somebody could check by measuring.

# %%
import numpy as np

import mmlib
from mmlib.course.figures.n02 import FILTERS, draw_filter, draw_pictures

data = mmlib.load_leaves()
lesions = np.argsort(data.info["lesions"], kind="stable")
clean, spotted = data.X["image"][lesions[[100, -100]]]
show(*draw_pictures({"leaf A": clean, "leaf B": spotted}))

# %% [markdown]
# A picture is an array of numbers. Each place of it is a **pixel**, which holds three brightnesses from 0 to 255: red, green and blue.

# %%
print(clean.shape, "red, green, blue in the middle:", clean[24, 24])

# %% [markdown]
# A spectrum is a row of numbers, too. Why not write all pixels in one long row and use an SVM? Look at a single pixel, the one in row 24, column 16. In how many pictures does it show leaf, and not the tray below?

# %%
from mmlib.features import ColorTexture, find_object, image_baselines

is_leaf = find_object(data.X["image"])
print(f"leaf in {is_leaf[:, 24, 16].mean():.0%} of the pictures")

# %% [markdown]
# A band always stands for the same wavelength. A pixel does not always stand for the same part of the leaf: this one is leaf in one picture and tray in the next. We need numbers that stay the same when the leaf is moved, that change little when it is turned, and that do not depend on the lamp.
#
# ## Features with a name
# The first step is to find the leaf: all that differs from the rim of the picture, but for the ruler. `find_object` did this above. The pixels that belong to the object are called a **mask**.

# %%
show(*draw_pictures({"leaf B": spotted, "what was found": is_leaf[lesions[-100]]}))

# %% [markdown]
# (The comb at the right edge of the mask is no mistake. The leaf has teeth. They are about as small as a pixel, so in some places they show and in others they do not.)
#
# The second step is to measure what is inside the mask: color, texture (how the brightness changes from pixel to pixel) and shape. Such a number is called a **feature**. We look at three of the 33. *Relative green* compares green with all three colors, so a stronger lamp does not change it (a lamp of another color does). *Dark depth* is larger if the spots are darker, and also if they cover more of the leaf. Both are logarithms, so they may be negative.

# %%
names = ["relative green", "dark depth", "width over length"]
measure = ColorTexture().set_output(transform="pandas")
features = measure.fit_transform(data.X["image"])
features.loc[lesions[[100, -100]], names].set_axis(["leaf A", "leaf B"]).round(2)

# %% [markdown]
# The color of these two leaves is about the same; their dark depth is not. Do the features measure what we hope? The simulator knows the truth about each leaf: its red pigments (anthocyanins), its lesions, and its maturity (old leaves are wider). So we can compare:

# %%
for name, truth in zip(names, ("anthocyanins", "lesions", "maturity"), strict=True):
    r = np.corrcoef(features[name], data.info[truth])[0, 1]
    print(f"{name} against the true {truth}: correlation {r:.2f}")

# %% [markdown]
# (The more red pigment, the less green there is, hence the minus.)
#
# **Exercise 02.1.** Write a feature of your own. The function gets a picture and its mask, and returns the share of the leaf's pixels that are dark. The brightness of a pixel is the mean of its three colors. A pixel is dark if its brightness is less than 0.8 times the median brightness of the leaf, so that a weak lamp changes nothing.

# %%
from mmlib.course.exercises.e02 import check, hint


# %%
# SOLUTION
def dark_share(picture, mask):
    brightness = picture.mean(axis=2)[mask]
    return (brightness < 0.8 * np.median(brightness)).mean()


# STUB
# def dark_share(picture, mask):
#     return ...
check("02.1", dark_share)

# %% [markdown]
# (How well does yours follow the true lesions? `np.corrcoef([dark_share(*pair) for pair in zip(data.X["image"], is_leaf)], data.info["lesions"])` tells.)
#
# All 33 features together are a table, and you know models for tables. We measured all pictures before any split, but this is no leakage (notebook 01): each picture is measured by itself, and `fit` learns nothing here. The table becomes one more modality of our data. We compare a random forest on the features with an SVM on all pixels:

# %%
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline

data.X["features"] = features.to_numpy()
# The "leaf" here is that of a decision tree, where a branch ends: with 3 samples at least.
forest = RandomForestClassifier(200, min_samples_leaf=3, random_state=0)
models = {"pixels, SVM": image_baselines()["SVM on pixels"]}
models["features, forest"] = make_pipeline(mmlib.Select("features"), forest)
result = mmlib.compare(models, data, n_repeats=1)

# %% [markdown]
# The SVM gets 6,912 numbers of each picture, the forest 33. Guess both accuracies before you look.

# %% tags=["hide-output"]
ceiling = {"image": mmlib.ceilings(data)["image"]}
show(*plot_scores(result.table, ceilings=ceiling, chance=0.2))

# %% tags=["hide-output"]
print(result.sentence("features, forest", "pixels, SVM"))

# %% [markdown]
# The 33 features are computed from the pixels, so they cannot contain more information. Yet the model that gets them does better. Here it was worth more to know what to measure than to have every pixel.
#
# **Exercise 02.2, a judgment.** What is the most likely reason that the SVM on pixels does so much worse? `"the features hold more information"`, `"a pixel means nothing without its place in the leaf"` or `"an SVM is a weaker model than a forest"`? (Notebook 01 compared both models on spectra.)

# %%
# SOLUTION
reason = "a pixel means nothing without its place in the leaf"
# STUB
# reason = ...
check("02.2", reason)

# %% [markdown]
# Our two models differed in two things: in the numbers that they got, and in the kind of model. So we give the 33 features to an SVM, too:

# %% tags=["hide-output"]
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

same_kind = make_pipeline(mmlib.Select("features"), StandardScaler(), SVC())
svm = mmlib.compare({"features, SVM": same_kind}, data, n_repeats=1).table["mean"].item()
print(f"SVM on features: {svm:.2f}, SVM on pixels: {result.table['mean']['pixels, SVM']:.2f}")

# %% [markdown]
# With the features an SVM does about as well as the forest. So the numbers made the difference, not the kind of model.
#
# ## Filters that slide
# A neural network finds its own features. Its main tool is the **convolution**: a small pattern of weights, the *filter*, slides over the picture. At each place the weights are multiplied by the pixels below them, and the products are added up. Here the weights -1 and 1 slide along a row of six pixels with a bright bar:

# %%
from mmlib.course.pixels import convolve, max_pool, pyramid

convolve([[0, 0, 9, 9, 0, 0]], [[-1, 1]])

# %% [markdown]
# The result is positive where the row becomes brighter, negative where it becomes darker, and zero where nothing changes. Six numbers became five, because the filter of two must fit inside the row. Here it moved by one pixel at a time. Moved by two at a time, it would start at every second pixel and give three numbers.
#
# **Exercise 02.3, with a pencil.** The weights -1, 0, 1 slide along the row 1, 1, 4, 4. Which two numbers come out? Give a list.

# %%
# SOLUTION
by_hand = [3, 3]
# STUB
# by_hand = ...
check("02.3", by_hand)

# %% [markdown]
# **Pooling** comes after the filter. It divides the result into small tiles and keeps only the largest value of each tile. What is left says "there is an edge somewhere in this tile". When the leaf moves, what a filter finds moves with it. After pooling less changes. Here leaf B moves by one pixel, first without pooling (tiles of 1 x 1), then with tiles of 4 x 4:

# %%
gray = spotted.mean(axis=2)
edges, moved = (
    abs(convolve(g, FILTERS["left-right edges"])) for g in (gray, np.roll(gray, 1, axis=1))
)
for size in (1, 4):
    before, after = max_pool(edges, size), max_pool(moved, size)
    changed = abs(before - after).sum() / before.sum()
    print(f"tiles of {size} x {size} pixels: {changed:.0%} of what the filter found changes")

# %% [markdown]
# Below you can choose a filter and the size of the tiles. Which filter finds the lesions of leaf B, and nothing else? (What is drawn is the size of the answer, without its sign. Rows and columns of pixels that fill no tile are left out.)

# %%
from functools import partial

from mmlib.course.widgets import explorer, static_row

on_leaf_b = partial(draw_filter, gray)
explorer(on_leaf_b, name=list(FILTERS), pooling=(1, 8, 1))

# %% tags=["hide-output"]
static_row(on_leaf_b, [{"name": name, "pooling": 4} for name in list(FILTERS)[1:]])

# %% [markdown]
# None of them does. The filter for small dark spots also answers along the rim of the leaf, and at the white bar, the ruler. And it is smaller than a large lesion, so of this it finds only the rim. A filter answers to everything that resembles its pattern. So a network uses many filters and combines their answers.
#
# If a picture is made half as large again and again, we get a **pyramid**. Its first levels show single spots, its last level shows only the rough shape. A network works in a similar way: filters and pooling, then filters and pooling again. At the end one row of numbers, a vector, is made of what is left. Either all numbers are written one after the other, which is called **flattening**, or the answers of each filter are averaged over all places. These steps are the whole encoder.

# %%
show(*draw_pictures({f"level {k}": p for k, p in enumerate(pyramid(spotted, levels=4))}))

# %% [markdown]
# **Exercise 02.4, predict.** A filter of 5 x 5 slides over a picture of 48 x 48 pixels. It moves by 2 pixels at a time and stays inside the picture. How many rows does the result have?

# %%
# SOLUTION
rows = (48 - 5) // 2 + 1
# STUB
# rows = ...
check("02.4", rows)

# %% [markdown]
# ## A network that learns its filters
# `FusionClassifier` builds an encoder for each modality that it is given, here for one, and a head. It has `fit` and `predict`, like every model that you know. While it trains, it watches some plants that it has set aside, to know when to stop; for this it needs `groups`. One **epoch** is one pass over all training pictures.

# %%
from mmlib.nets.augment import mirror_and_shift

train, _ = data.split(seed=0)  # three quarters of the plants
scratch = {"encoders": {"image": "cnn"}, "augment": mirror_and_shift}
network = mmlib.FusionClassifier("image", **scratch, epochs=25, random_state=0)
network.fit(train.X, train.y, groups=train.groups)
trained_forest = models["features, forest"].fit(train.X, train.y)

# %% [markdown]
# The encoder `"cnn"` starts from random filters. `mirror_and_shift` mirrors and shifts the pictures a little during training, since a mirrored leaf is as ill as before. This is called **augmentation**. (Never mirror where left and right mean something.) The table of features goes to the forest. To compare both, the simulator makes 2,000 leaves of new plants. Which of the two will be better?

# %% tags=["hide-output"]
new = mmlib.make_leaves(n_plants=400, seed=9)
new.X["features"] = measure.transform(new.X["image"]).to_numpy()
both = network, trained_forest
net, trees = (100.0 * (model.predict(new.X) == new.y) for model in both)
print(f"right on new leaves: network {net.mean():.0f} %, features and forest {trees.mean():.0f} %")

# %% tags=["hide-output"]
by_plant = (trees - net).reshape(400, 5).mean(axis=1)
error = 1.96 * by_plant.std() / 400**0.5
print(f"forest minus network: {by_plant.mean():.0f} points, give or take {error:.0f}")

# %% [markdown]
# Here the network is worse than the table of features, by a few points. (Our "give or take" is the error of a mean over 400 plants; notebook 03 explains why plants are counted, and not leaves. It does not contain the luck of the training, since we trained once. With other random numbers at the start, the network may come out better or worse.) It had to discover everything from fewer than 900 pictures, because it set some aside to know when to stop. (The forest learned from all 900.) The features contain the knowledge of the people who invented them.
#
# ## Learning before the labels
# Labels are expensive, but pictures are cheap. **Transfer learning** first trains an encoder on another task, one for which there are many pictures; this is called *pretraining*. Then it trains the encoder further on the few pictures that have our labels; this is called **fine-tuning**. Here the other task needs no labels at all: the encoder learns to predict our 33 features, which can be computed for any picture.

# %%
from mmlib.nets.pretraining import pretrain_image_encoder

plenty = mmlib.make_leaves(n_plants=300, seed=7).X["image"]
encoder = pretrain_image_encoder(plenty, random_state=0)
print(f"trained on {len(plenty)} pictures, no label among them")

# %% [markdown]
# Now we compare three ways to use few labels: a network that starts from nothing, a pretrained one, and the features. Each gets 10, 30 or 80 labeled leaves, which are 2, 6 or 16 of each class. The labeled leaves are drawn twice, and all are tested on 500 of the new leaves. Labels are so few that we set none aside (`validation=0`). So nothing tells when to stop, and the number of epochs is fixed beforehand. A network that starts from nothing gets more time: 80 epochs, the pretrained one 25. Where will pretraining gain most?

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

# %% tags=["hide-output"]
from mmlib.course.figures.n02 import plot_budgets

show(*plot_budgets(scores, chance=0.2))

# %% tags=["hide-output"]
nothing, pretrained = scores["network from scratch"], scores["network, pretrained"]
for n in nothing:
    gain = 100 * (np.mean(pretrained[n]) - np.mean(nothing[n]))
    print(f"{n} labels: pretraining gains {gain:.0f} points")

# %% [markdown]
# The bars run from the worst to the best draw. (The three points of each budget stand a little apart, so that their bars can be seen.) With ten labels, a network that starts from nothing is hardly better than guessing. The pretrained network tends to be ahead of it. Two draws are too few to say with how many labels it is furthest ahead.
#
# The network from scratch got more epochs than the pretrained one. What if it gets 25 as well? We try it with 80 labels and the first of the two draws. Guess how far the pretrained network is ahead then.

# %% tags=["hide-output"]
short = mmlib.FusionClassifier(**few, epochs=25)
[[share]] = score_few_labels(short, (train.X, train.y), judges, [16], draws=1)
print(f"from scratch: {share:.2f} with 25 epochs, {nothing[80][0]:.2f} with 80 epochs")
print(f"pretrained, 25 epochs: {pretrained[80][0]:.2f}")

# %% [markdown]
# With as few epochs as the pretrained network, a network from scratch has hardly begun to learn. A comparison like this makes pretraining look better than it is. So give each rival the time that it needs.
#
# Why does an encoder that has learned to predict the 33 features stay behind the forest, which is given them? Two reasons are likely, though we do not test them here. The encoder predicts them only roughly. And a network has to set many weights by few labels.
#
# The forest on named features is the best of the three with few labels, probably because for these leaves somebody knew what to measure. Where nobody knows, an encoder that was pretrained on a million photographs is worth a try. Any ready-made torch module can be given as `encoders={"image": ...}`; the help of `mmlib.nets.pretraining` shows one from torchvision (it has to be downloaded, and we do not try it here).
#
# **Exercise 02.5, a judgment.** You have 60 labeled photographs of seeds, and you know from experience that size, color and cracks decide. What do you try *first*? `"features"`, `"network from scratch"` or `"bigger network"`?

# %%
# SOLUTION
first_try = "features"
# STUB
# first_try = ...
check("02.5", first_try)

# %% [markdown]
# ## An eye chart for models
# Our 33 features were invented by people who had looked at leaves. What would they see in other pictures? An optician tests eyes with a chart, and here is such a chart for models. It has ten pairs of pictures. Each pair shows two kinds of picture, which differ in one thing:
#
# - *position*: left or right; *size*: small or large; *shape*: a disk or a square (turned at random);
# - *count*: three or six disks; *orientation*: which way the stripes lean; *grain*: fine or coarse;
# - *hue*: a greener or a redder disk; *edge*: smooth, or wavy like a star;
# - *hole*: a disk or a ring; *distance*: two disks, near each other or far apart.
#
# All other things, such as brightness and background, vary at random in both kinds, so they are no help. (Color varies, too. So one pair can hardly show a difference in hue; it takes many.)

# %%
from mmlib.course.figures.n02 import draw_eye_chart, plot_eye_chart
from mmlib.data.eye_test import KINDS, make_eye_test

show(*draw_eye_chart({kind: make_eye_test(kind, n=12, noise=8, seed=1) for kind in KINDS}))

# %% [markdown]
# For each pair, a model learns from 200 pictures which of the two kinds they show. (They have more noise than those that you see above: its standard deviation is 28 steps of brightness instead of 8.) Then it is tested on 120 others. We compare four kinds of numbers that it may get from a picture:
#
# - the 33 **features** of color, texture and shape;
# - the **outline**: where everything lies that stands out from the background, how large it is, how many pieces there are, and which form they have;
# - **patches**: small squares are cut from the training pictures and slide over a picture as filters do; the numbers say how strongly each filter answers in each part of the picture;
# - **pixels**: the picture, made as small as a thumbnail.
#
# `early_fusion` of mmlib takes all of them as *blocks* of columns. The model behind them gives each block a weight; notebook 04 explains how. Here we also let it use one kind alone. The next two cells do this; you may run them without reading every line.

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
# **Exercise 02.6, predict, then run.** One of the ten differences is invisible to the 33 features: they are right about as often as somebody who guesses. Which one? Give its name from the chart.

# %%
# SOLUTION
invisible = "position"
# STUB
# invisible = ...
check("02.6", invisible)

# %% tags=["hide-output"]
import pandas as pd

sight = pd.DataFrame({kind: look(kind) for kind in KINDS})
show(*plot_eye_chart(sight))

# %% [markdown]
# We wanted features that stay the same when the leaf is moved. They do, because they do not contain the place of the leaf. **What a feature ignores, it cannot see.** (Guessing gives 0.5. With 120 pictures it may as well come out between 0.41 and 0.59. So distance, 0.60, is hardly seen either. The lean of the stripes is seen in part: some features do change a little when a picture is turned.)
#
# Other kinds have blind spots of their own. The outline does not look at color, nor at the lean of stripes. In the thumbnail of pixels, which our model can only weigh and add up, it sees neither the wavy edge, nor the square, nor the lean of the stripes. For leaves that lie anywhere in the picture it was right to ignore the place. For a stain on the left or on the right side of a fruit it would be wrong, and no warning would appear.

# %% tags=["hide-output"]
worst = sight.min(axis=1)
for name in sight.index:
    print(f"{name}: worst at {sight.loc[name].idxmin()}, {worst[name]:.2f} right")

# %% [markdown]
# The remedy is not one cleverer feature. It is to give all blocks to the model, side by side, and to let the training samples decide which of them count. `early_fusion` does this when it is given photographs. (Notebook 03 gives it the 33 features only, to keep things small.) In your own project, ask first what your features ignore.

# %% [markdown]
# ### What no picture shows
# Finally we look at the mistakes of the forest on features. Healthy leaves and dry leaves, the first two rows, are often taken for each other. No training can change this, because the picture does not show water. Many of them are also taken for leaves short of nitrogen, which a picture shows only in part. (690 of 1200 are 57.5 %: the figure near the beginning rounds this to 0.57, the sentence below this one to 58 %.)

# %%
show(*plot_confusion(result.confusion("features, forest"), data.target_names))

# %% [markdown]
# **What you saw.** A pixel in a fixed place has no fixed meaning. What a feature ignores, it cannot see. Several kinds of blocks together had no blind spot on our chart. What a filter finds moves with the object, and after pooling less changes. With few labels, features that people had invented were ahead. Pretraining on pictures without labels tended to help the network, but not enough to pass them. All this was seen on one kind of pictures, so test it on yours.
#
# **Words:** pixel, mask, feature, filter, convolution, pooling, pyramid, flattening, encoder, augmentation, epoch, pretraining, transfer learning, fine-tuning.
#
# **Read more:** LeCun et al. (1998), doi:10.1109/5.726791, on convolutional networks; Yosinski et al. (2014), https://arxiv.org/abs/1411.1792, on what transfers.
#
# **Next:** [Judge fairly](03_judge.ipynb), before we let the two modalities meet.
