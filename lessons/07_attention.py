# %% [markdown]
# # Attention
# Afterwards you can say what attention computes, draw what a net attended to, compare the drawing with the truth, and say why such a map is not an explanation.
#
# You need notebook 06.
#
# **60 minutes**: 34 reading, 3 running, 23 exercises.
#
# On the rung below, the two vectors were always put side by side, whatever was in them. Now one modality decides what is taken from the other.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import plot_images, plot_scores, show

show(*plot_ladder("attention"))

# %% [markdown]
# ## Which kernel was it?
# Four maize kernels lie on a tray. A probe touched one of them and took a spectrum, which shows the color of the kernel but no mold. The camera saw all four kernels, and the dark mold on two of them. Nobody wrote down which kernel was touched. *Was it a moldy one?*

# %%
import mmlib
from mmlib.data.kernel_trays import make_trays, tray_ceiling

trays = make_trays()
print(trays)

# %%
show(*plot_images(trays, n=5))

# %% [markdown]
# "Sound" and "moldy" are the condition of the touched kernel. The picture alone does not tell which kernel that was. You would take the color from the spectrum, find the kernel of this color in the picture, and look whether it has mold. Can early fusion and the net of notebook 06 do the same? (Notebook 06 showed a task that early fusion could solve only with an SVM. So we try this, too.)

# %%
from sklearn.svm import SVC

from mmlib.fusion import early_fusion, on_features

models = {"early": early_fusion(trays), "early, SVM": early_fusion(trays, classifier=SVC())}
models["intermediate"] = on_features(trays, epochs=20)

# %%
result = mmlib.compare(models, trays, n_folds=4, n_repeats=1)
show(*plot_scores(result.table, ceilings={"joint": tray_ceiling(trays)}, chance=0.5))

# %% [markdown]
# The usual early fusion does no better than guessing. It adds up what each modality says by itself, and neither says anything by itself: the pictures of sound and moldy trays look alike, and so do their spectra. The SVM and the net do more than add up, the SVM by its kernel function (which has nothing to do with maize), the net by the ReLU in its head (notebook 06). So both are better, but still far from the ceiling. (The joint ceiling is the accuracy of somebody who knows all rules of the simulation.)
#
# ## Ask, compare, take
# Here is the remedy for three kernels, with a few numbers. Each kernel has two numbers that describe its color. This is its **key**. The spectrum also gives two numbers, the color it asks for. This is the **question** (papers say *query*). What we want to know of each kernel, 1 for mold and 0 for no mold, is its **value**.

# %%
import numpy as np

keys = np.array([[1.0, 0.0], [0.0, 1.0], [-0.7, -0.7]])  # red, yellow, blue
values = np.array([1.0, 0.0, 0.0])  # the red one is moldy
question = np.array([3.0, 0.5])  # a rather red spectrum

# %% [markdown]
# First compare the question with each key: multiply the two pairs of numbers and add up. Colors that are alike give a high score. Then softmax turns the scores into shares that add up to 1:

# %%
powers = np.exp(keys @ question)
weights = powers / powers.sum()
print(weights.round(2))

# %% [markdown]
# At last take the values of the kernels in these shares:

# %%
print(f"moldy: {weights @ values:.2f}")

# %% [markdown]
# This is **attention**: a mean whose weights are computed from the sample itself. In a net, the questions, keys and values are weighted sums of the inputs, and the weights of *these* sums are learned.
#
# Below you can ask for other colors. A *hue* is a place on the color circle, in degrees. `sharpness` multiplies all scores.

# %%
from mmlib.course.figures.n07 import draw_weights, plot_on_pictures, plot_on_spectrum
from mmlib.course.widgets import explorer, static_row

explorer(draw_weights, question=(0, 340, 20), sharpness=(0.0, 12.0, 1.0), kernels=(1, 6))

# %%
four = [{"sharpness": 0.0}, {"sharpness": 3.0}, {"sharpness": 12.0}, {"question": 200}]
static_row(draw_weights, four)

# %% [markdown]
# **Exercise 07.1, predict, then move the sliders.** A single kernel lies on the tray. The question asks for the opposite color. What weight does this kernel get? (To see it, set `kernels` to 1, and then move `question`.) `hint("07.1")` helps.

# %%
from mmlib.course.exercises.e07 import check, hint

# %%
# SOLUTION
weight_of_one = 1.0
# STUB
# weight_of_one = ...
check("07.1", weight_of_one)

# %% [markdown]
# **Exercise 07.2.** Write attention for many questions at once. You get three arrays of numpy. `questions` has the shape (q, d): q questions of d numbers each. `keys` has the shape (k, d) and `values` the shape (k, v). The result has the shape (q, v). Keys of many numbers give large scores, and then the softmax becomes too sharp. So divide the scores by the square root of d before the softmax.


# %%
# SOLUTION
def attend(questions, keys, values):
    powers = np.exp(questions @ keys.T / np.sqrt(keys.shape[1]))
    return powers / powers.sum(axis=1, keepdims=True) @ values


# STUB
# def attend(questions, keys, values):
#     return ...
check("07.2", attend)

# %% [markdown]
# In PyTorch this is `scaled_dot_product_attention`. A net often asks several questions at the same time, each with its own weights. These are called **heads**. (They are something else than the head that decides.)
#
# Attention needs something to choose from, so a modality must come in pieces, called **tokens**. `on_tokens` cuts a picture into squares of 8 x 8 pixels; here each square holds one kernel. The short spectrum stays one token. With `CrossAttention` the tokens of each modality ask those of the other. For comparison, we also train a net that takes the plain mean of the same tokens. (`fast` makes the training shorter, by longer steps and larger batches.)

# %%
from mmlib.features.tokens import windows
from mmlib.fusion.attention import CoAttention, CrossAttention, Gate
from mmlib.fusion.presets import on_tokens

fast = {"lr": 0.008, "batch_size": 128}
asker = on_tokens(trays, fuse=CrossAttention, epochs=30, **fast)
models = {"tokens, averaged": on_tokens(trays, epochs=30, **fast), "cross-attention": asker}

# %%
result = mmlib.compare(models, trays, n_folds=4, n_repeats=1)
show(*plot_scores(result.table, ceilings={"joint": tray_ceiling(trays)}, chance=0.5))

# %% [markdown]
# The tokens are the same, and one argument is new. It leads from guessing to near the best possible. This task suits attention: one modality says *where* to look in the other.
#
# Did the net look at the right kernel? We train it once more and ask for its weights on new trays. There are four heads. `["spectrum", "image"]` are the weights when the spectrum asks the picture, and `[:, :, 0]` selects the only token of the spectrum.

# %%
from mmlib.explain.attention_maps import attention_maps, predict_with, rank_agreement
from mmlib.explain.occlusion import occlude_tokens

asker = asker.fit(trays.X, trays.y)
new_trays = make_trays(400, random_state=1)
by_head = attention_maps(asker, new_trays.X)["spectrum", "image"][:, :, 0]
by_head.shape  # trays, heads, kernels

# %%
kernel = new_trays.info["kernel"]
on_kernel = by_head[np.arange(400), :, kernel].mean(axis=0)
print("weight on the measured kernel, by head:", on_kernel.round(1))

# %% [markdown]
# A head that does nothing would give each of the four kernels a weight of 0.25. Not every head finds the measured kernel; some look elsewhere. The mean over the heads would mix them all. Here is the head with the largest weight on the measured kernel:

# %%
measured = kernel[:, None] == np.arange(4)
good_head = by_head[:, on_kernel.argmax()]
show(*plot_on_pictures(new_trays.X["image"][:6], good_head[:6], measured[:6]))

# %% [markdown]
# A frame marks the measured kernel. A dark square has a large weight, and the number is this weight. Where two kernels have nearly the same color they share the weight, as they should. (In the third picture the wrong one of the two pink kernels even gets a little more.)
#
# The simulation has a knob, `blur`: the error with which the camera sees a hue, in degrees on the color circle. The larger it is, the less a kernel can be recognized by its color. (The trays above have a blur of 5.)

# %%
for blur in (60, 180):
    train, test = make_trays(blur=blur), make_trays(600, blur, random_state=1)
    share = asker.fit(train.X, train.y).score(test.X, test.y)
    print(f"blur {blur}: {share:.0%} right, best possible {tray_ceiling(test)[0]:.0%}")

# %% [markdown]
# Where the color tells nothing, attention can only guess, too. (Among 600 trays, the share of right guesses can easily be two points above or below 50 %, and sometimes four.) No fusion can find a link that is not in the data.
#
# ## Where does it look on a leaf?
# Back to the leaves, where drought is class 1 and blight is class 2. A picture is cut into 36 squares, and a spectrum into 15 windows of neighboring wavelengths. `CoAttention` is a cheaper kind of attention: only the mean of all tokens of a modality asks the tokens of the other (Lu et al. 2016). (`model__groups` tells the net which leaves come from the same plant. So it sets whole plants aside for early stopping, as in notebook 06.)

# %%
leaves = mmlib.load_leaves()
co = on_tokens(leaves, fuse=CoAttention, epochs=20, lr=0.008)
co = co.fit(leaves.X, leaves.y, model__groups=leaves.groups)

# %% [markdown]
# What should the net look at? The simulator knows it. It makes the same new leaves twice, the second time without blight and drought. Then we compare the two. In the pictures, the difference shows which squares have a lesion that comes from blight. (We count a square when more than a tenth of its pixels differ. So it may lie mostly beside the leaf.) In the spectra, the difference shows by how much the reflectance of each window has changed.
#
# Then we ask the net for its weights on these leaves. `maps["image"]` are the weights of the squares; the mean of the spectrum's tokens asks them. `maps["spectrum"]` are the weights of the windows; the mean of the picture's tokens asks them.

# %%
from mmlib.explain.planted import planted_tokens

new = mmlib.make_leaves(100, seed=2)
lesion, moved = planted_tokens(new, mmlib.make_leaves(100, seed=2, lesions=0, water=0))

# %%
maps = attention_maps(co, new.X)
blighted = np.flatnonzero((new.y == 2) & lesion.any(axis=1))
some = blighted[::17]
show(*plot_on_pictures(new.X["image"][some], maps["image"][some], lesion[some]))

# %%
heaviest = maps["image"][blighted].argmax(axis=1)
hits = lesion[blighted, heaviest].mean()
share = (maps["image"] * lesion)[blighted].sum(axis=1).mean()
print(f"on {hits:.0%} of the blighted leaves, the heaviest square shows a lesion from blight")
print(f"of all weight on these leaves, {share:.0%} lies on squares with such a lesion")

# %% [markdown]
# Frames in the figure mark the squares that we counted. Most of the weight lies on them, although nobody ever told the net where to look. But on a leaf with several such squares, one or two often get most of the weight, and others next to none, even with a large lesion. Now the spectrum. `middle` is the middle wavelength of each window.

# %%
middle = windows(leaves.axes["spectrum"][None])[0].mean(axis=1)
weights = {new.target_names[k]: maps["spectrum"][new.y == k].mean(axis=0) for k in (1, 0)}
by_water = moved[new.y == 1].mean(axis=0)
show(*plot_on_spectrum(middle, weights, by_water, "effect of water", even=True))

# %% [markdown]
# The bars show by how much water changes the reflectance in each window, on average. The curves show how much weight each window got. The dotted line is the weight that each would get if all were equal. On dry leaves the largest weight lies on the window that water changes most. But the second largest, at 1310 nm, lies on a window that water changes far less. And several other windows change at least half as much as the first, and most of them get no more weight than on healthy leaves. Such figures are often taken as an explanation. (Jain and Wallace, in the list at the end, quote papers that do so.) Does attention explain the decisions of a model?
#
# ## Does a map explain?
# If the weights explain an answer, then the answer should change much when a square with a large weight is hidden. So we hide the squares one after the other: each is replaced by what this square looks like on the average of all leaves. Then we see how far the probability of blight falls. This is called **occlusion**.

# %%
fall = occlude_tokens(co, new.take(blighted).X, "image", leaves.X)[:, :, 2]
mean_fall = 100 * fall[range(len(blighted)), heaviest].mean()
print(f"heaviest square hidden: the probability of blight falls by {mean_fall:.0f} points")

# %% [markdown]
# **Exercise 07.3, predict, then run.** On each blighted leaf, the squares can be ordered by their weight, or by how far hiding them lowers the probability of blight. The rank correlation of the two is 1 where the order is the same, 0 where there is no relation, and -1 where one order is the reverse of the other. Will it be `"above 0.8"`, `"0.4 to 0.8"` or `"below 0.4"`?

# %%
# SOLUTION
agreement = "below 0.4"
# STUB
# agreement = ...
check("07.3", agreement)

# %% tags=["hide-output"]
weight = maps["image"][blighted]
signed, size = rank_agreement(weight, fall), rank_agreement(weight, np.abs(fall))
print(f"rank correlation with the fall: {signed:.1f}; with its size, up or down: {size:.1f}")

# %% tags=["hide-output"]
squares = {"with a lesion": lesion[blighted], "without a lesion": ~lesion[blighted]}
for kind, chosen in squares.items():
    rows = np.flatnonzero(chosen.sum(axis=1) > 2)  # leaves with enough of them for an order
    their_weights = [weight[i, chosen[i]] for i in rows]
    their_falls = [fall[i, chosen[i]] for i in rows]
    order = rank_agreement(their_weights, their_falls)
    more = [(fall[chosen] < -limit).mean() for limit in (0, 0.01)]
    print(f"squares {kind}: rank correlation {order:.1f}")
    print(f"  hidden, they make blight more likely in about {round(more[0], 1):.0%} of cases")
    print(f"  (by more than one point in {more[1]:.0%})")

# %% [markdown]
# Over all squares, more weight goes with a smaller fall here. But when the heaviest square was hidden, the probability fell far. Both are true, because there are two groups of squares.
#
# - **Squares with a lesion.** More weight goes with a larger fall: the square speaks more for blight. (About four in ten of these squares speak against blight, but few by more than a point.)
# - **Squares without a lesion.** The order is turned round. More weight goes with a smaller fall, and most of these squares speak *against* blight. But they hardly ever do so by more than a point.
#
# On these leaves there are many more squares of the second group, so they decide the sign of the correlation over all squares.
#
# So the weight says roughly *how much* the net reads at a square. It does not say whether this speaks for blight or against it. **A weight has no sign and no class.**
#
# Here is a second test. If the map of a leaf explains its answer, then the answer should be spoiled by the map of another leaf, or by the mean of all maps.

# %%
own = co.predict(new.X) == new.y


def right_with(other):
    # `maps | other`: the net's own maps, but those in `other` take their place
    right = predict_with(co, new.X, maps | other).argmax(axis=1) == new.y
    return f"{right.mean():.0%} right; {right[own].mean():.0%} of the right answers stay right"


# %%
others = np.random.default_rng(0).permutation(len(new))
print(f"its own maps: {own.mean():.0%} right")
for name, table in maps.items():
    print(f"{name}, mean of all maps:", right_with({name: np.full_like(table, table.mean(axis=0))}))
    print(f"{name}, map of another leaf:", right_with({name: table[others]}))
print("both, maps of another leaf:", right_with({name: maps[name][others] for name in maps}))

# %% [markdown]
# So the net does use its maps: with both maps of another leaf it makes many more mistakes. But a map that looks like an explanation for *this* leaf can be replaced by one that is the same for all leaves, and most right answers stay right. This holds for the picture and for the spectrum, one at a time. (We did not replace both by their means at once.)
#
# The third test is to train the net again from another random start.

# %%
twin = on_tokens(leaves, fuse=CoAttention, epochs=20, lr=0.008, random_state=1)
twin = twin.fit(leaves.X, leaves.y, model__groups=leaves.groups)

# %%
print(f"first: {co.score(new.X, new.y):.0%} right, second: {twin.score(new.X, new.y):.0%} right")
for name, weights in attention_maps(twin, new.X).items():
    print(f"{name}: rank correlation of the maps {rank_agreement(maps[name], weights):.1f}")

# %% [markdown]
# The two nets are about equally good, and their maps differ in part. So a map does not depend on the leaf alone, but on the random start, too. Do they agree at least about the main thing? We ask each net which window has the largest mean weight on dry leaves. Then we ask which window, when it is hidden, lowers the probability of drought most:

# %%
dry_X = new.take(new.y == 1).X
for model in (co, twin):
    looks = attention_maps(model, dry_X)["spectrum"].mean(axis=0)
    costs = occlude_tokens(model, dry_X, "spectrum", leaves.X)[:, :, 1].mean(axis=0)
    print(f"largest weight at {middle[looks.argmax()]:.0f} nm,", end=" ")
    print(f"hiding the window at {middle[costs.argmax()]:.0f} nm costs most")

# %% [markdown]
# Here all four answers are the same: the peak of the map is at the window that matters most. With other nets and other samples this need not be so.
#
# **Exercise 07.4, a judgment.** A paper shows an attention map with a peak at 1450 nm and claims: *our model recognizes drought by the absorption of water.* What would support this: `"average more heads"`, `"hide that band"` or `"a sharper map"`?

# %%
# SOLUTION
support = "hide that band"
# STUB
# support = ...
check("07.4", support)

# %% [markdown]
# ## Two relatives
# Two more fusions belong to this family. The simplest is the **gate**. It has no tokens but one weight for each modality. The vectors are multiplied by these weights and added:

# %%
picture, spectrum = np.array([1.0, 4.0]), np.array([3.0, 0.0])
print(0.75 * picture + 0.25 * spectrum)

# %% [markdown]
# The net computes these weights for each sample. For instance, a spectrum that looks damaged can get a small weight. The other relative is the **transformer**: all tokens of all modalities ask all others, and one extra token collects the answers.
#
# **Exercise 07.5, predict, then run.** On 1,200 leaves, and trained for a few epochs only, as in the next two cells, which of these three will be best: `"early"`, `"co-attention"` or `"transformer"`?

# %%
# SOLUTION
winner = "early"
# STUB
# winner = ...
check("07.5", winner)

# %%
from mmlib.features import with_features

table = with_features(leaves)
on_table = {
    "early": early_fusion(table),
    "intermediate": on_features(table, epochs=20),
    "gate": on_features(table, fuse=Gate, epochs=20),
    "cross-attention, one token": on_features(table, fuse=CrossAttention, epochs=15),
}
by_features = mmlib.compare(on_table, table, n_folds=4, n_repeats=1)

# %%
small = {"fuse": "transformer", "fuse__heads": 2, "fuse__dropout": 0}
on_pieces = {
    "tokens, averaged": on_tokens(leaves, epochs=15, **fast),
    "co-attention": on_tokens(leaves, fuse=CoAttention, epochs=15, **fast),
    "transformer": on_tokens(leaves, epochs=8, **small, **fast),
}
by_tokens = mmlib.compare(on_pieces, leaves, n_folds=4, n_repeats=1)

# %% [markdown]
# The first four models get features, the other three get tokens. All are tested on the same folds. To save your time, the nets learn for 8 to 20 epochs, which are fewer than in notebook 06, and not the same number for all. So their scores say what this short training reaches, and no more. ("Cross-attention, one token" will be explained below. `fuse__heads` says how many questions each token asks at the same time.)

# %% tags=["hide-output"]
import pandas as pd

scores = pd.concat([by_features.table, by_tokens.table])
show(*plot_scores(scores, ceilings=by_tokens.ceilings, chance=0.2))

# %% tags=["hide-output"]
print(by_tokens.sentence("co-attention", "tokens, averaged"))
print(by_features.sentence("gate", "early"))
print(by_features.sentence("cross-attention, one token", "intermediate"))

# %% [markdown]
# Among the models with tokens, co-attention is well ahead of the plain mean. But all of them are far behind the models with features. From 900 leaves they have to learn what a texture is, and those with attention also where to look. (The transformer had the fewest epochs, so its score does not say what a transformer can reach.) Early fusion is also a little better than the gate. A gate can help where one instrument is good on some samples and bad on others, but all our leaves were measured in the same way.
#
# ## Attention to nothing
# One model in the figure has attention *and* is here even a little ahead of "intermediate", the net of notebook 06 (the last of the sentences above). Each modality becomes one vector, and the vectors attend to each other. Here are the smallest and the largest weight in its maps, over all leaves and heads, in both directions:

# %%
one_token = on_table["cross-attention, one token"]
one_token = one_token.fit(table.X, table.y, model__groups=table.groups)
for (asks, asked), weights in attention_maps(one_token, table.X).items():
    print(f"{asks} asks {asked}: from {weights.min():.2f} to {weights.max():.2f}")

# %% [markdown]
# Remember exercise 07.1: a single kernel gets the weight 1. Where there is nothing to choose, attention is only a weighted sum, that is, a linear layer. This can be tested. Let f be a linear layer with a bias, and a and b two leaves. Then f(a) + f(b) holds the bias twice, f(a + b) holds it once, and f(0) is the bias itself. So f(a + b) - f(a) - f(b) + f(0) must be zero:

# %%
import torch

fuse = CrossAttention({"image": 3, "spectrum": 3})
a, b = torch.randn(2, 1, 1, 3)  # two leaves, one token of three numbers each
both, a, b, none = (fuse({"image": t, "spectrum": t}) for t in (a + b, a, b, 0 * a))
rest = both - a - b + none
print(f"what is not linear: {rest.abs().max().item():.4f}")

# %% [markdown]
# So this model attends to nothing. Its `fuse` is a linear layer, and it is a net of the same kind as that of notebook 06, with more linear layers. Its score is right, but no attention brought it, and its name is wrong. A map of its weights would have the same color everywhere.
#
# **Exercise 07.6.** A tutorial turns a picture into 512 numbers and a spectrum into 128, brings both to the same length, and lets the picture ask the spectrum with four heads. For 1,200 leaves: how many *different* numbers are in the attention maps?

# %%
# SOLUTION
different = 1
# STUB
# different = ...
check("07.6", different)

# %% [markdown]
# **What you saw.** Attention is a mean whose weights are computed from the sample. It solved a task which the usual early fusion could not solve at all, and an SVM and concatenation solved in part: one modality says where to look in the other. On the leaves its largest weights lay on lesions and on the window that water changes most, and it was still behind the features. Its maps show where much is read, but not whether it speaks for or against a class, and they change with the random start.
#
# **Use it when** a sample has many pieces, the important piece differs from sample to sample, the other modality can point to it, and there are many samples to learn from (our trays were 1,500). With one vector for each modality, use notebook 04 or 06. If you want to claim on what a decision rests, test it by occlusion.
#
# **Words:** attention, question (query), key, value, token, head, co-attention, cross-attention, gate, transformer, attention map, occlusion. Cross-attention is called encoder-decoder attention in translation; attention among all tokens is self-attention; the gate is called GMU or mixture weights.
#
# **Read more:** Bahdanau et al. (2015), arXiv:1409.0473; Vaswani et al. (2017), arXiv:1706.03762; Lu et al. (2016), arXiv:1606.00061, co-attention; Tsai et al. (2019), doi:10.18653/v1/P19-1656, across modalities; Arevalo et al. (2020), doi:10.1007/s00521-019-04559-1, gates; Jain and Wallace (2019), doi:10.18653/v1/N19-1357, and the reply of Wiegreffe and Pinter (2019), doi:10.18653/v1/D19-1002, on explanation.
#
# **Next:** [Contrastive fusion](08_contrastive.ipynb), where a net learns from pairs instead of labels.
