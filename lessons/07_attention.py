# %% [markdown]
# # Attention
# Afterwards you can say what attention computes, draw what a net attended to, check the drawing against the truth, and tell a map from an explanation.
#
# You need notebook 06.
#
# **55 minutes**: 30 reading, 3 running, 22 exercises.
#
# So far the two vectors met, whatever was in them. Now one modality decides what is taken from the other.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import plot_images, plot_scores, show

show(*plot_ladder("attention"))

# %% [markdown]
# ## Which kernel was it?
# Four maize kernels lie on a tray. A probe touched one and took a spectrum, which shows the color of the kernel but no mold. The camera saw all four, and the dark mold on two of them. Nobody noted which kernel was touched. *Was it a moldy one?*

# %%
import mmlib
from mmlib.data.kernel_trays import make_trays, tray_ceiling

trays = make_trays()
print(trays)

# %%
show(*plot_images(trays, n=5))

# %% [markdown]
# "Sound" and "moldy" speak of the touched kernel, and nothing in the pictures tells which that was. You would take the color from the spectrum, find the kernel of that color, and look at it. Can early fusion and the net of notebook 06 do it?

# %%
from mmlib.fusion import early_fusion, on_features

models = {"early": early_fusion(trays), "intermediate": on_features(trays, epochs=20)}

# %%
result = mmlib.compare(models, trays, n_folds=4, n_repeats=1)
show(*plot_scores(result.table, ceilings={"joint": tray_ceiling(trays)}, chance=0.5))

# %% [markdown]
# Early fusion guesses. It adds up what each modality says by itself, and by itself neither says anything: sound and moldy trays look alike, and so do their spectra. The net gets only a little further. The best possible, drawn as the joint ceiling, is the share of someone who knows all the rules of the simulation.
#
# ## Ask, compare, take
# The remedy on a few numbers. Each of three kernels says its color in two numbers, its **key**. The spectrum asks for a color, the **question** (papers say *query*). What we want to know of each kernel, mold or no mold, is its **value**.

# %%
import numpy as np

keys = np.array([[1.0, 0.0], [0.0, 1.0], [-0.7, -0.7]])  # red, yellow, blue
values = np.array([1.0, 0.0, 0.0])  # the red one is moldy
question = np.array([3.0, 0.5])  # a rather red spectrum

# %% [markdown]
# Compare the question with each key by multiplying and adding up: alike gives much. Then softmax turns these scores into shares:

# %%
powers = np.exp(keys @ question)
weights = powers / powers.sum()
print(weights.round(2))

# %% [markdown]
# And take from each kernel its share:

# %%
print(f"moldy: {weights @ values:.2f}")

# %% [markdown]
# This is **attention**: an average whose weights the sample itself computes. In a net, questions, keys and values are weighted sums of the inputs, and the weights of *those* sums are learned.
#
# Ask for other colors below. `sharpness` multiplies all scores.

# %%
from mmlib.course.figures.n07 import draw_weights, plot_on_pictures, plot_on_spectrum
from mmlib.course.widgets import explorer, static_row

explorer(draw_weights, question=(0, 340, 20), sharpness=(0.0, 12.0, 1.0), kernels=(1, 6))

# %%
static_row(draw_weights, [{"sharpness": 0.0}, {"sharpness": 3.0}, {"sharpness": 12.0}])

# %% [markdown]
# **Exercise 07.1, predict, then move the slider.** One kernel lies on the tray. The question is the opposite color. What weight does the kernel get? `hint("07.1")` helps.

# %%
from mmlib.course.exercises.e07 import check, hint

# %%
# SOLUTION
weight_of_one = 1.0
# STUB
# weight_of_one = ...
check("07.1", weight_of_one)

# %% [markdown]
# **Exercise 07.2.** Write it for many questions at once: `questions` (q, d), `keys` (k, d), `values` (k, v); the result is (q, v). Divide the scores by the square root of d, so that long keys do not make the softmax too sharp.


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
# PyTorch has it as `scaled_dot_product_attention`. Several questions at the same time, each with weights of its own, are several **heads** (not to be confused with the head that decides).
#
# To have something to choose from, a modality must come in pieces, called **tokens**. `on_tokens` cuts a picture into squares of 8 x 8 pixels, here one for each kernel. The short spectrum stays one token. With `CrossAttention` the tokens of each modality ask those of the other. For comparison: the same tokens, merely averaged. (`fast` only makes the training short: longer steps, larger batches.)

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
# Same tokens, one new argument: from guessing to near the best possible. This problem is made for attention: *where* to look in one modality is said by the other.
#
# Did it look at the right kernel? Train once more, and ask for the weights on new trays. There are four heads. `["spectrum", "image"]` are the weights when the spectrum asks the picture; `[:, :, 0]` keeps its only token.

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
# An idle head would give each of the four kernels a quarter. Not every head does the work: some look elsewhere. The average over the heads, which many papers draw, is a blurred picture. Here is the head with the largest weight on the measured kernel:

# %%
measured = kernel[:, None] == np.arange(4)
good_head = by_head[:, on_kernel.argmax()]
show(*plot_on_pictures(new_trays.X["image"][:6], good_head[:6], measured[:6]))

# %% [markdown]
# Frames mark the measured kernel, and dark squares a large weight. Where two kernels have nearly the same color they share the weight, as they should.
#
# Now the knob. `blur` is the camera's error of hue, in degrees on the color circle. The larger it is, the less a kernel can be told by its color.

# %%
for blur in (60, 180):
    train, test = make_trays(blur=blur), make_trays(600, blur, random_state=1)
    share = asker.fit(train.X, train.y).score(test.X, test.y)
    print(f"blur {blur}: {share:.0%} right, best possible {tray_ceiling(test)[0]:.0%}")

# %% [markdown]
# Where color does not tell, attention fails too. No fusion finds a link that is not in the data.
#
# ## Where does it look on a leaf?
# Back to the leaves (drought is class 1, blight class 2). A picture is cut into 36 squares and a spectrum into 15 windows. `CoAttention` is a thriftier kind: the average token of each modality asks the tokens of the other (Lu et al. 2016).

# %%
leaves = mmlib.load_leaves()
co = on_tokens(leaves, fuse=CoAttention, epochs=20, lr=0.008)
co = co.fit(leaves.X, leaves.y, model__groups=leaves.groups)

# %% [markdown]
# What should it look at? The simulator knows. It draws the same new leaves twice, the second time without blight and drought. What differs is the truth: the squares with a lesion, and how far each window moved.

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
print(f"on about {round(hits, 1):.0%} of the blighted leaves, the heaviest square shows a lesion")

# %% [markdown]
# Frames mark the squares in which the simulator planted lesions, and most of the weight falls on them, although nobody ever told the net where to look. (Small lesions are passed over beside a large one.) And on the spectrum? `middle` is the middle wavelength of each window.

# %%
middle = windows(leaves.axes["spectrum"][None])[0].mean(axis=1)
weights = {new.target_names[k]: maps["spectrum"][new.y == k].mean(axis=0) for k in (1, 0)}
show(*plot_on_spectrum(middle, weights, moved[new.y == 1].mean(axis=0), "effect of water"))

# %% [markdown]
# The bars show how far water moves each window, the curves how much weight the window got. On dry leaves the net looks at the water band. One could print these figures and write: *attention explains the decisions of the model*. Many do.
#
# ## Attention is not an explanation
# If weights explain answers, then hiding what weighs much should change an answer much. Hide each square in turn: put what that square is on the average of all leaves in its place, and see how far the probability of blight falls. This is **occlusion**.

# %%
fall = occlude_tokens(co, new.take(blighted).X, "image", leaves.X)[:, :, 2]
mean_fall = 100 * fall[range(len(blighted)), heaviest].mean()
print(f"heaviest square hidden: the probability of blight falls by {mean_fall:.0f} points")

# %% [markdown]
# **Exercise 07.3, predict, then run.** On each blighted leaf, rank the squares by their weight, and by how far hiding them lowers the probability of blight. A rank correlation is 1 for the same order, 0 for no relation. Will it be `"above 0.8"`, `"0.4 to 0.8"` or `"below 0.4"`?

# %%
# SOLUTION
agreement = "below 0.4"
# STUB
# agreement = ...
check("07.3", agreement)

# %%
signed = rank_agreement(maps["image"][blighted], fall)
size = rank_agreement(maps["image"][blighted], np.abs(fall))
print(f"rank correlation with the fall: {signed:.1f}; with its size, up or down: {size:.1f}")
squares = {"with a lesion": lesion[blighted], "without a lesion": ~lesion[blighted]}
for kind, chosen in squares.items():
    share = (fall[chosen] < 0).mean()
    print(
        f"hiding a square {kind} makes blight more likely in about {round(share, 1):.0%} of cases"
    )

# %% [markdown]
# The weight says *how much* is read at a square, roughly. It does not say what for. A square may speak *against* blight, as most squares without a lesion (the last line) do here: hide it, and blight becomes more likely. **A weight has no sign and no class.**
#
# Second test: if the map of a leaf accounts for its answer, then the map of another leaf, or the average of all maps, must spoil it.


# %%
def right_with(other):
    answers = predict_with(co, new.X, maps | other).argmax(axis=1)
    return f"{(answers == new.y).mean():.0%} right"


# %%
others = np.random.default_rng(0).permutation(len(new))
average = np.full_like(maps["spectrum"], maps["spectrum"].mean(axis=0))
print("its own:", right_with({}))
print("spectrum: the average of all leaves:", right_with({"spectrum": average}))
print("both: those of another leaf:", right_with({name: maps[name][others] for name in maps}))

# %% [markdown]
# So the maps are used: with those of a stranger the net falters. But the curve of the spectrum, so easily read as *why this leaf*, can be replaced by one curve for all leaves, and most answers stay right.
#
# Third test: train again from another random start.

# %%
twin = on_tokens(leaves, fuse=CoAttention, epochs=20, lr=0.008, random_state=1)
twin = twin.fit(leaves.X, leaves.y, model__groups=leaves.groups)

# %%
print(f"first: {co.score(new.X, new.y):.0%} right, second: {twin.score(new.X, new.y):.0%} right")
for name, weights in attention_maps(twin, new.X).items():
    print(f"{name}: rank correlation of the maps {rank_agreement(maps[name], weights):.1f}")

# %% [markdown]
# Two nets of about the same worth, and partly different reasons, if these are reasons. Does hiding windows fare better? Which one, when hidden, costs dry leaves most of their probability of drought?

# %%
dry_X = new.take(new.y == 1).X
for model in (co, twin):
    costs = occlude_tokens(model, dry_X, "spectrum", leaves.X)[:, :, 1].mean(axis=0)
    print(f"hiding the window at {middle[costs.argmax()]:.0f} nm costs most")

# %% [markdown]
# **Exercise 07.4, a judgment.** A paper shows an attention map with a peak at 1450 nm and claims: *our model recognizes drought by its water band.* What would support that: `"average more heads"`, `"hide that band"` or `"a sharper map"`?

# %%
# SOLUTION
support = "hide that band"
# STUB
# support = ...
check("07.4", support)

# %% [markdown]
# ## What does it cost?
# Two more of the family. A **gate** is the cheapest: no tokens, one weight for each modality, and the weighted vectors are added:

# %%
picture, spectrum = np.array([1.0, 4.0]), np.array([3.0, 0.0])
print(0.75 * picture + 0.25 * spectrum)

# %% [markdown]
# The net computes these weights for each sample: little, for instance, for a spectrum that looks bad. The dearest is the **transformer**: all tokens of all modalities ask all others, and one extra token collects the answers.
#
# **Exercise 07.5, predict, then run.** On 1,200 leaves, which of these three will be best: `"early"`, `"co-attention"` or `"transformer"`?

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
# The first four get features, the others tokens. All are scored on the same folds. (`fuse__heads` is an option of the fuse itself: how many questions each token asks at the same time.)

# %%
import pandas as pd

scores = pd.concat([by_features.table, by_tokens.table])
show(*plot_scores(scores, ceilings=by_tokens.ceilings, chance=0.2))

# %%
print(by_tokens.sentence("co-attention", "tokens, averaged"))
print(by_features.sentence("gate", "early"))

# %% [markdown]
# Among those who get tokens, co-attention is well ahead of the plain average. But all of them stay far behind the features. From 900 leaves they have to learn what a texture is, and where to look besides. (We stopped the transformer early to save your time.) The gate gains nothing either, beside early fusion. It needs samples whose instruments differ in worth, and all our leaves were measured alike.
#
# ## Attention to nothing
# One model in the figure has attention *and* keeps up with the net of notebook 06. It is common in published tutorials: each modality becomes one vector, and the vectors attend to each other. Here are its maps, of all leaves and heads, in both directions:

# %%
one_token = on_table["cross-attention, one token"].fit(table.X, table.y)
for (asks, asked), weights in attention_maps(one_token, table.X).items():
    print(f"{asks} asks {asked}: from {weights.min():.2f} to {weights.max():.2f}")

# %% [markdown]
# Remember Exercise 07.1: one kernel, weight 1. Without a choice, only weighted sums are left: a linear layer. Is it one? Then what it makes of a sum of two leaves is the sum of what it makes of each, up to a constant:

# %%
import torch

fuse = CrossAttention({"image": 3, "spectrum": 3})
a, b = torch.randn(2, 1, 1, 3)  # two leaves, one token of three numbers each
both, a, b, none = (fuse({"image": t, "spectrum": t}) for t in (a + b, a, b, 0 * a))
rest = both - a - b + none
print(f"what is not linear: {rest.abs().max().item():.4f}")

# %% [markdown]
# So it works as notebook 06 does, because it *is* notebook 06. The score is right; the name is wrong. And any map of it would be one uniform color.
#
# **Exercise 07.6.** A tutorial turns a picture into 512 numbers and a spectrum into 128, brings both to the same length, and lets the picture ask the spectrum with four heads. For 1,200 leaves: how many *different* numbers are in the attention maps?

# %%
# SOLUTION
different = 1
# STUB
# different = ...
check("07.6", different)

# %% [markdown]
# **What you saw.** Attention is an average whose weights the sample computes. It solved a task that neither early fusion nor concatenation could: one modality says where to look in the other. On the leaves it found lesions and water by itself, and still lost to features. Its maps show where much is read, not what for, and change with the random start.
#
# **Use it when** a sample has many pieces, the right one differs from sample to sample, the other modality can point to it, and you have a thousand samples or more. With one vector for each modality, use notebook 04 or 06. A claim about reasons needs occlusion.
#
# **Words:** attention, question (query), key, value, token, head, co-attention, cross-attention, gate, transformer, attention map, occlusion. Cross-attention is called encoder-decoder attention in translation; attention among all tokens is self-attention; the gate is called GMU or mixture weights.
#
# **Read more:** Bahdanau et al. (2015), arXiv:1409.0473; Vaswani et al. (2017), arXiv:1706.03762; Lu et al. (2016), arXiv:1606.00061, co-attention; Tsai et al. (2019), doi:10.18653/v1/P19-1656, across modalities; Arevalo et al. (2020), doi:10.1007/s00521-019-04559-1, gates; Jain and Wallace (2019), doi:10.18653/v1/N19-1357, and the reply of Wiegreffe and Pinter (2019), doi:10.18653/v1/D19-1002, on explanation.
#
# **Next:** [Contrastive fusion](08_contrastive.ipynb), where a net learns from pairs instead of labels.
