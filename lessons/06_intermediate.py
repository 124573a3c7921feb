# %% [markdown]
# # Intermediate fusion
# Afterwards you can write the training of a neural network yourself, see when it has learned by heart, do something about that, and let two modalities meet inside a net.
#
# You need notebooks 00 to 05. No PyTorch: in notebooks 01 and 02 a network came ready-made, here you build one.
#
# **75 minutes**: 38 reading, 2 running, 35 exercises.
#
# In early fusion, features met before any model; in late fusion, finished opinions met. Now the modalities meet halfway: each becomes a **vector**, a short row of numbers, and the vectors meet.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("intermediate"))

# %% [markdown]
# ## Three numbers each
# A leaf is healthy (0), thirsty (1) or ill (2). Here are three leaves, one in each row. The pictures tell how green, spotted and large they are; the spectra, how much water, chlorophyll and wax they have.

# %%
import numpy as np

pictures = np.array([[0.9, 0.0, 0.5], [0.8, 0.1, 0.6], [0.7, 0.8, 0.5]])
spectra = np.array([[0.8, 0.9, 0.3], [0.2, 0.8, 0.4], [0.8, 0.7, 0.3]])
truth = np.array([0, 1, 2])

# %% [markdown]
# The smallest **encoder** is one **layer**: weighted sums, as in PLS. Then every negative number is set to zero. That bend is called **ReLU**. Without it, layer upon layer would still be one weighted sum. We invent weights for two such sums:

# %%
picture_weights = np.array([[1.0, -1.0, 0.0], [-1.0, 3.0, 0.0]])
picture_vectors = np.maximum(0, pictures @ picture_weights.T)

# %% [markdown]
# The spectrum gets an encoder of its own. They meet when the two vectors are put side by side, or **concatenated**:

# %%
spectrum_weights = np.array([[2.0, -1.0, 0.0], [-1.0, 1.0, 0.0]])
vectors = np.hstack([picture_vectors, np.maximum(0, spectra @ spectrum_weights.T)])
print(vectors.round(1))

# %% [markdown]
# The **head** is one more layer: from these four numbers to one number for each condition, the **logits**. *Softmax* turns logits into probabilities: take the exponential, divide by the sum.


# %%
def softmax(logits):
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


# %% [markdown]
# We start with a head that knows nothing.

# %%
head = np.zeros((3, 4))
print(softmax(vectors @ head.T).round(2))

# %% [markdown]
# How bad is one third? The **loss** says it in one number: minus the logarithm of the probability given to the truth, averaged over the leaves. Notebook 03 called it log-loss.


# %%
def loss_of(head):
    return -np.log(softmax(vectors @ head.T)[range(3), truth]).mean()


# %% [markdown]
# Learning means lowering it. Wiggle each weight a little and note how the loss answers. This table of slopes is called the **gradient**.

# %%
slopes = np.zeros((3, 4))
for place in np.ndindex(3, 4):
    wiggled = head.copy()
    wiggled[place] += 1e-5
    slopes[place] = (loss_of(wiggled) - loss_of(head)) / 1e-5
print(slopes.round(2))

# %% [markdown]
# Take one step downhill:

# %%
print(f"loss {loss_of(head):.2f} before the step, {loss_of(head - slopes):.2f} after")

# %% [markdown]
# That is all. A net with a million weights takes this step some thousand times. Only the wiggling would be too slow, and calculus spares us that.
#
# **Exercise 06.1.** Let x be a leaf's vector, P its probabilities, and y the truth, 1 for the right condition and 0 for the others. A published tutorial gives the slopes as y x / P. A colleague says (P - y) x. The table above knows who is right. Write the function for any number of leaves at once. `vectors`, `P` and `Y` have a row for each leaf, the last two a column for each condition. In the result, as in the table, rows are conditions and columns the numbers of a vector; it is the mean over the leaves. `hint("06.1")` helps.

# %%
from mmlib.course.exercises.e06 import check, hint


# %%
# SOLUTION
def slopes_of(vectors, P, Y):
    return (P - Y).T @ vectors / len(vectors)


# STUB
# def slopes_of(vectors, P, Y):
#     return ...
check("06.1", slopes_of)

# %% [markdown]
# Both formulas look like mathematics. Take one step downhill with each of them: what does the loss do?

# %%
P, Y = softmax(vectors @ head.T), np.eye(3)[truth]
for name, error in {"(P - y) x": P - Y, "y x / P": Y / P}.items():
    print(f"loss after a step along {name}: {loss_of(head - error.T @ vectors / 3):.2f}")

# %% [markdown]
# One goes downhill. The other makes everything worse, and no error tells you: a loss that grows from step to step is your only warning.
#
# ## Tensors, and slopes for free
# PyTorch's arrays are called **tensors**. They do what numpy's arrays do. Numpy computes with about 16 digits (*double precision*). PyTorch takes half of them unless it is told otherwise, and then the results of a training depend on the processor of your computer. So we tell it:

# %%
import torch

torch.set_default_dtype(torch.float64)
x = torch.tensor(vectors)
print(x.shape, x.mean(dim=0))

# %% [markdown]
# They do one thing more. They remember how they were computed, and `backward` walks back from the loss to every weight. Mind that PyTorch's loss wants logits, not probabilities.

# %%
from torch.nn.functional import cross_entropy

weights = torch.zeros(3, 4, requires_grad=True)
cross_entropy(x @ weights.T, torch.tensor(truth)).backward()

# %%
print(f"the two ways differ by {np.abs(weights.grad.numpy() - slopes).max():.4f} at most")

# %% [markdown]
# One walk back gives all slopes. It is called **backpropagation**; the part of PyTorch that does it is *autograd*. Layers need not be written by hand either. They bring random weights to start from:

# %%
from torch import nn

print(nn.Linear(3, 2)(torch.rand(5, 3)).shape)

# %% [markdown]
# Five leaves went in with three numbers each and came out with two. The first axis always runs over the leaves; some leaves taken together are a **batch**.
#
# ## A loop by hand, and its cures
# Now all leaves, and for each picture its 33 features, as in notebook 05.

# %%
import mmlib

leaves = mmlib.features.with_features(mmlib.load_leaves())

# %% [markdown]
# Three parts, with plants kept whole: a quarter of the leaves to learn from, a quarter to watch the learning (**validation**), and the other half stays new until the end. Tutorials often watch on the test part and report the best moment. Notebook 03 showed what such a number is worth.

# %%
known, others = leaves.split(test_size=0.5, seed=0)
few, watched = known.split(test_size=0.5, seed=0)

# %% [markdown]
# `feature_blocks` gives the spectra their usual pretreatment and turns them into principal components, here 15; the pictures' features it only scales. All is fitted on the few. Then everything becomes tensors.

# %%
from mmlib.features import feature_blocks
from mmlib.fusion import early_fusion, ladder, on_features

blocks = feature_blocks(leaves, n_components=15).fit(few.X)


def tensors(part):
    X = {name: torch.tensor(table) for name, table in blocks.transform(part.X).items()}
    return X, torch.tensor(part.y)


# %%
train, valid, new = tensors(few), tensors(watched), tensors(others)

# %% [markdown]
# The net is the one from above, only wider, and with one more layer in its head. A *module* first lists its layers, here as chains (`Sequential`); then `forward` says how a batch runs through them. `torch.cat` concatenates. The line with `super` has to be there, to set up the module. Ignore `dropout` and `bend` for now.


# %%
class TwoBranches(nn.Module):
    def __init__(self, width, dropout=0.0, bend=nn.ReLU):
        super().__init__()
        self.image = nn.Sequential(nn.Linear(33, width), bend())
        self.spectrum = nn.Sequential(nn.Linear(15, width), bend())
        hidden = [nn.Dropout(dropout), nn.Linear(2 * width, width), nn.ReLU()]
        self.head = nn.Sequential(*hidden, nn.Dropout(dropout), nn.Linear(width, 5))

    def forward(self, X):
        vectors = [self.image(X["image"]), self.spectrum(X["spectrum"])]
        return self.head(torch.cat(vectors, dim=1))


# %%
torch.manual_seed(0)  # the same random start each time
net = TwoBranches(width=128)
print(f"{sum(p.numel() for p in net.parameters())} weights for {len(few)} leaves")

# %% [markdown]
# With PLS you would never dare; with nets it is usual. Let us see what it does. To look at a net without teaching it, say that it is being examined (`eval`), and that no way back need be remembered (`no_grad`):


# %%
def loss_on(net, part):
    net.eval()
    with torch.no_grad():
        return cross_entropy(net(part[0]), part[1]).item()


# %% [markdown]
# Now the loop. Shuffle the leaves and take 32 at a time. Compute the loss, walk back, take a step. When each leaf has been used once, an **epoch** is over. The *optimizer* takes the steps, and chooses their length for each weight by itself.


# %%
def learn(net, train, valid, epochs=40, decay=0.0):
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.002, weight_decay=decay)
    (X, y), curve = train, []
    for _epoch in range(epochs):
        net.train()
        for rows in torch.randperm(len(y)).split(32):
            loss = cross_entropy(net({name: x[rows] for name, x in X.items()}), y[rows])
            optimizer.zero_grad()  # forget the slopes of the last step
            loss.backward()
            optimizer.step()
        curve.append((loss_on(net, train), loss_on(net, valid)))
    return np.array(curve)


# %% [markdown]
# **Exercise 06.2, predict, then run.** The training loss will fall. And the validation loss, within 40 epochs? `"falls and stays low"`, `"falls, then rises"` or `"rises from the start"`.

# %%
# SOLUTION
validation_loss = "falls, then rises"
# STUB
# validation_loss = ...
check("06.2", validation_loss)

# %%
from mmlib.course.figures.n06 import plot_losses

wide = learn(net, train, valid)
show(*plot_losses({"wide net": wide}))

# %% [markdown]
# This is **overfitting**. After a few epochs the net only learns its own leaves by heart. On others it becomes more and more *sure and wrong*.
#
# Four kinds of cure are known. We try each by itself, then several together:
#
# - **Early stopping**: end where the validation loss was lowest.
# - **Dropout**: in every training step, half of the numbers on their way are set to zero at random, so that no weight can rely on a single one.
# - **Weight decay**: at each step all weights shrink a little, which is close to ridge regression.
# - A smaller net: **narrow**, 16 instead of 128 numbers wide, or **linear encoders**, without the bend before the meeting.
#
# The function trains one net with one cure. It returns the loss on the training leaves, the loss on new leaves, and the percentage of right answers there; the answer is the condition with the largest logit (`argmax`).


# %%
def try_out(seed, width=128, epochs=40, decay=0.0, **options):
    torch.manual_seed(seed)
    net = TwoBranches(width, **options)
    curve = learn(net, train, valid, epochs, decay)
    right = (net(new[0]).argmax(dim=1) == new[1]).double().mean().item()
    return curve[-1, 0], loss_on(net, new), 100 * right


# %% [markdown]
# **Exercise 06.3, predict, then run.** One of these does nothing by itself: `"dropout"`, `"weight decay"`, `"narrow"` or `"linear encoders"`? What gives a net the room to learn by heart? (The table shows means over three random starts.)

# %%
# SOLUTION
does_nothing = "linear encoders"
# STUB
# does_nothing = ...
check("06.3", does_nothing)

# %%
cures = {
    "as it was": {},
    "early stopping": {"epochs": wide[:, 1].argmin() + 1},
    "dropout": {"dropout": 0.5},
    "weight decay": {"decay": 1.0},
    "narrow": {"width": 16},
    "linear encoders": {"bend": nn.Identity},
    "together": {"width": 64, "dropout": 0.5, "decay": 1.0, "bend": nn.Identity},
}

# %%
import pandas as pd

rows = [[name, *try_out(seed, **cures[name])] for name in cures for seed in range(3)]
columns = ["cure", "loss, training", "loss, new leaves", "% right, new leaves"]
pd.DataFrame(rows, columns=columns).groupby("cure", sort=False).mean().round(1)

# %% [markdown]
# Read the last two columns again. The best cures cut the loss on new leaves by far, yet hardly more answers are right. Overfitting had spoiled the net's *confidence* much more than its answers. Whoever looks at accuracy only will miss it.
#
# And early fusion from notebook 04, ridge regression on blocks, with the same few leaves?

# %%
cheap = early_fusion(leaves).fit(few.X, few.y).score(others.X, others.y)
print(f"early fusion: {cheap:.0%} right")

# %% [markdown]
# So few leaves do not repay a net: even the best of seven is hardly better, although we picked it on the new leaves, which is cheating in its favor. The surest cure is missing from our list: more leaves. Move the sliders. With fewer leaves overfitting gets worse.


# %%
def draw(width=128, dropout=0.0, leaves=300):
    torch.manual_seed(0)
    curve = learn(TwoBranches(width, dropout), tensors(few.take(np.arange(leaves))), valid)
    return plot_losses({f"{leaves} leaves": curve}, top=2)


# %%
from mmlib.course.widgets import explorer, static_row

explorer(draw, width=[4, 16, 64, 128], dropout=(0.0, 0.8, 0.2), leaves=(100, 300, 50))

# %%
static_row(draw, [{"leaves": 100}, {"width": 16}, {"dropout": 0.8}])

# %% [markdown]
# ## The same in one line
# mmlib's `FusionNet` is put together from encoders, fuse and head, as in our first figure; here `fuse` concatenates. From here to the top of the ladder only `fuse` will change. `FusionClassifier` adds the loop and three cures: dropout, weight decay, and early stopping on some of the training plants. `on_features` puts the pretreatment in front and takes linear encoders. The result fits and predicts like any model of scikit-learn.
#
# The rivals come from `ladder`, which holds a ready model for each rung. On a single instrument it puts the default model of notebook 04.

# %%
rungs = ladder(leaves)
models = {name: rungs[name] for name in ("spectrum only", "image only", "early")}
models["intermediate"] = on_features(leaves)
models["auxiliary losses"] = on_features(leaves, auxiliary=0.5)
models["modality dropout"] = on_features(leaves, modality_dropout=0.3)

# %% [markdown]
# The last two are variants of the net. With **auxiliary losses** two more heads train along, each deciding from one vector alone, so that a strong modality cannot silence a weak one. With **modality dropout** the whole vector of a modality is set to zero now and then, as a drill for the day when the camera fails. Now there are 900 leaves to learn from:

# %%
result = mmlib.compare(models, leaves, n_folds=4, n_repeats=1)
show(*result.plot())

# %%
for other in ("spectrum only", "early", "auxiliary losses", "modality dropout"):
    print(result.sentence("intermediate", other))

# %% [markdown]
# Far above each instrument alone, but not ahead of early fusion. The net has more weights to settle, and fewer leaves for it, since it sets some plants aside to know when to stop. The auxiliary losses change nothing that could be measured; here no modality is much stronger than the other. The drill even has a price.
#
# Then why a net? What can it do that a weighted sum cannot? Say that a fruit is ripe when both readings are high *or both are low*:

# %%
first, second = np.random.default_rng(0).normal(size=(2, 800, 1))
ripe = (first * second > 0).ravel().astype(int)
fruit = mmlib.MultimodalData({"first": first, "second": second}, ripe)

# %%
from sklearn.svm import SVC

rivals = {"early, linear": early_fusion(fruit), "early, SVM": early_fusion(fruit, classifier=SVC())}
rivals["intermediate"] = on_features(fruit)
mmlib.compare(rivals, fruit, n_folds=4, n_repeats=1).table[["mean"]].round(1)

# %% [markdown]
# The weighted sum can only guess. The net's bend solves the puzzle, and so does an SVM's. So bends alone are no reason to take a net. Better ones: encoders can be trained elsewhere beforehand, losses can be added, and the place to meet can be made cleverer, rung by rung.
#
# ## Pixels, and a lost picture
# "Deep networks find their own features." Let one have raw pixels and bands, with convolutions for encoders as in notebooks 01 and 02, and the other our features, of the same 900 leaves. Both are told the groups, since they set whole plants aside to know when to stop. (`model__groups` hands them to the step of the pipeline called "model".)

# %%
raw, raw_new = mmlib.load_leaves().split(seed=0)
seer = mmlib.FusionClassifier(epochs=20, random_state=0)
seer = seer.fit(raw.X, raw.y, groups=raw.groups)
print(f"pixels: {seer.score(raw.X, raw.y):.0%} known, {seer.score(raw_new.X, raw_new.y):.0%} new")

# %%
part, rest = leaves.split(seed=0)
plain = models["intermediate"].fit(part.X, part.y, model__groups=part.groups)
print(f"features: {plain.score(part.X, part.y):.0%} known, {plain.score(rest.X, rest.y):.0%} new")

# %% [markdown]
# Close to each other on leaves they know from training, far apart on new leaves. From 900 labels the first net had to learn what a lesion looks like *and* what it means. The features have the first part built in.
#
# One day the camera fails. `take_away` plays that day; all that `Fill` can put in is the average leaf.

# %%
from mmlib.fusion.missing import Fill, take_away

lost = Fill("mean").fit(part.X).transform(take_away(rest.X, "image"))
drilled = models["modality dropout"].fit(part.X, part.y, model__groups=part.groups)
fallback = models["spectrum only"].fit(part.X, part.y)
for name, model in {"plain": plain, "modality dropout": drilled, "spectrum only": fallback}.items():
    print(f"{name}: {model.score(lost, rest.y):.0%} right without a picture")

# %% [markdown]
# Without a picture, the plain net falls *below* the spectrum alone: it trusts a picture that says nothing. The drilled one stays closer to it.
#
# **Exercise 06.4, a judgment.** One picture in ten will be missing, and you will know which. Use the `"plain"` net, `"modality dropout"`, or `"plain with a fallback"`, the spectrum model wherever the picture is missing? The scores with both are in the last figure.

# %%
# SOLUTION
choice = "plain with a fallback"
# STUB
# choice = ...
check("06.4", choice)

# %% [markdown]
# ## Find the mistake
# Three claims from published tutorials. The first: *concatenating and then applying a sigmoid is another fusion than applying the sigmoid first.*

# %%
a, b = torch.randn(8, 4), torch.randn(8, 3)
before = torch.cat([a.sigmoid(), b.sigmoid()], dim=1)
print(f"the same: {torch.equal(torch.cat([a, b], dim=1).sigmoid(), before)}")

# %% [markdown]
# It is the same. A function that takes one number at a time does not care when it is applied.
#
# **Exercise 06.5.** For which of these does it matter: `"relu"`, `"sigmoid"`, `"tanh"` or `"softmax"`?

# %%
# SOLUTION
it_matters_for = "softmax"
# STUB
# it_matters_for = ...
check("06.5", it_matters_for)

# %% [markdown]
# The second: *a series is concatenated with a vector.* Eight leaves were measured while drying, at 20 times, 16 numbers each time. From their pictures come 32 numbers. (`error_of` makes a call that fails, and returns what Python says.)

# %%
from mmlib.course.failing import error_of

series, vector = torch.rand(8, 20, 16), torch.rand(8, 32)
print(error_of(torch.cat, [series, vector], dim=1))

# %% [markdown]
# Three axes do not fit two. When you meet such a message, print shapes before trying anything else.
#
# **Exercise 06.6.** Average over the times first, then concatenate, series first. The result has shape (8, 48), and its width must not depend on how many times there are.


# %%
# SOLUTION
def fuse_series(series, vector):
    return torch.cat([series.mean(dim=1), vector], dim=1)


# STUB
# def fuse_series(series, vector):
#     return ...
check("06.6", fuse_series)

# %% [markdown]
# The third: *two vectors of 1024 are concatenated and go into a layer that takes 1024.*

# %%
a, b, layer = torch.rand(8, 1024), torch.rand(8, 1024), nn.Linear(1024, 5, bias=False)
print(error_of(layer, torch.cat([a, b], dim=1)))

# %% [markdown]
# The hasty repair is to *add* the vectors. It runs. But it is another model, in which both modalities must share the same weights:

# %%
twice = torch.cat([layer.weight, layer.weight], dim=1)
same = torch.allclose(layer(a + b), torch.cat([a, b], dim=1) @ twice.T, atol=1e-4)
print(f"adding is concatenating with the same weights twice: {same}")

# %% [markdown]
# **Exercise 06.7.** A picture gives 512 numbers and a spectrum 128. They are concatenated. How many must the next layer take?

# %%
# SOLUTION
takes = 640
# STUB
# takes = ...
check("06.7", takes)

# %% [markdown]
# **What you saw.** A gradient is a table of slopes, and training is many small steps downhill. A wide net learns a few hundred leaves by heart; the loss shows it, the accuracy hides it. On the features of 900 leaves a net came close to early fusion; on raw pixels it stayed far behind.
#
# **Use it when** you have features, or encoders trained elsewhere, and about a thousand labels, and want what early fusion cannot give: added losses, drills, a cleverer place to meet. With fewer labels stay with early fusion.
#
# **Words:** vector, layer, ReLU, logits, loss, gradient, backpropagation, tensor, batch, epoch, overfitting, early stopping, dropout, weight decay, auxiliary loss, modality dropout. Intermediate fusion is called joint fusion in medicine, `LateFusion` in TorchMultimodal, and a `Concatenate` layer in Keras.
#
# **Read more:** Rumelhart, Hinton and Williams (1986), doi:10.1038/323533a0, on walking back; Ngiam et al. (2011), *Multimodal deep learning*, ICML; Prechelt (1998), doi:10.1007/3-540-49430-8_3, on early stopping; Neverova et al. (2016), doi:10.1109/TPAMI.2015.2461544, on modality dropout.
#
# **Next:** [Attention](07_attention.ipynb), where one modality decides how much of the other is used.
