# %% [markdown]
# # Intermediate fusion
# Afterwards you can write the training of a neural network yourself, see when it has learned its samples by heart, do something about this, and let two modalities meet inside a net.
#
# You need notebooks 00 to 05, and no experience with PyTorch. In notebooks 01 and 02 a network came ready-made; here you build one. (A neural network is called a *net* for short.)
#
# **80 minutes**: 42 reading, 2 running, 36 exercises.
#
# In early fusion, the features met before any model. In late fusion, the answers of finished models met. Now the modalities meet halfway. Each is turned into a **vector**, a short row of numbers, and these vectors meet.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("intermediate"))

# %% [markdown]
# ## Three numbers each
# A leaf is healthy (0), thirsty (1) or ill (2). Here are three leaves, one in each row. From the pictures we know how green, how spotted and how large they are. From the spectra we know how much water, chlorophyll and wax they have.

# %%
import numpy as np

pictures = np.array([[0.9, 0.0, 0.5], [0.8, 0.1, 0.6], [0.7, 0.8, 0.5]])
spectra = np.array([[0.8, 0.9, 0.3], [0.2, 0.8, 0.4], [0.8, 0.7, 0.3]])
truth = np.array([0, 1, 2])

# %% [markdown]
# The smallest **encoder** is one **layer**. A layer computes weighted sums of its inputs, as PLS does. Then every negative sum is set to zero. This step is called **ReLU**. It is needed because weighted sums of weighted sums are again weighted sums: without a bend between them, many layers could do no more than one. We invent weights for two sums:

# %%
picture_weights = np.array([[1.0, -1.0, 0.0], [-1.0, 3.0, 0.0]])
picture_vectors = np.maximum(0, pictures @ picture_weights.T)

# %% [markdown]
# The spectrum gets an encoder of its own. The modalities meet when the two vectors are put side by side. One says that they are **concatenated**:

# %%
spectrum_weights = np.array([[2.0, -1.0, 0.0], [-1.0, 1.0, 0.0]])
vectors = np.hstack([picture_vectors, np.maximum(0, spectra @ spectrum_weights.T)])
print(vectors.round(1))

# %% [markdown]
# The **head** is one more layer, here without ReLU. From these four numbers it computes one number for each condition. These are called **logits**. The function *softmax* turns the logits of a leaf into probabilities: it takes the exponential of each, and divides by their sum.


# %%
def softmax(logits):
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


# %% [markdown]
# We start with a head whose weights are all zero. It gives each condition the same probability:

# %%
head = np.zeros((3, 4))
print(softmax(vectors @ head.T).round(2))

# %% [markdown]
# How bad is this? The **loss** says it in one number: minus the logarithm of the probability that was given to the true condition, averaged over the leaves. Notebook 03 called it log-loss.


# %%
def loss_of(head):
    return -np.log(softmax(vectors @ head.T)[range(3), truth]).mean()


# %% [markdown]
# To learn is to make the loss smaller by changing the weights. So we change each weight a little, one after the other, and write down the change of the loss, divided by the change of the weight. These slopes, one for each weight, are called the **gradient**. (The vectors have four numbers and there are three conditions, so the head has 3 x 4 weights.)

# %%
slopes = np.zeros((3, 4))
for place in np.ndindex(3, 4):
    wiggled = head.copy()
    wiggled[place] += 1e-5
    slopes[place] = (loss_of(wiggled) - loss_of(head)) / 1e-5
print(slopes.round(2))

# %% [markdown]
# A positive slope means: the loss falls if this weight becomes smaller. So we subtract the slopes from the weights. This is one step downhill:

# %%
print(f"loss {loss_of(head):.2f} before the step, {loss_of(head - slopes):.2f} after")

# %% [markdown]
# This is all. A net with a million weights takes such a step some thousand times. But to change each of a million weights by itself would be too slow. A formula gives all slopes at once.
#
# Which formula? Take one leaf. Let x be its vector, P its probabilities, and y the truth: 1 for the right condition and 0 for the others. For the weight that joins condition c with number j of the vector, one tutorial gives the slope y_c x_j / P_c. A colleague says (P_c - y_c) x_j. The table of slopes above tells who is right: it is the mean over our three leaves.
#
# **Exercise 06.1.** Write the right formula as a function, for any number of leaves at once. It gets three arrays with a row for each leaf: `vectors`, `P` and `Y`. (`P` and `Y` have a column for each condition.) It returns the mean of the slopes over the leaves, as in the table above: a row for each condition, a column for each number of a vector. `hint("06.1")` helps.

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
# Now take one step with each of the two formulas. What does the loss do?

# %% tags=["hide-output"]
P, Y = softmax(vectors @ head.T), np.eye(3)[truth]
for name, error in {"(P - y) x": P - Y, "y x / P": Y / P}.items():
    print(f"loss after a step along {name}: {loss_of(head - error.T @ vectors / 3):.2f}")

# %% [markdown]
# With the first formula the loss falls. With the second it grows, and Python reports no error. Here the growing loss is the only warning.
#
# ## Tensors, and slopes for free
# The arrays of PyTorch are called **tensors**. They do what the arrays of numpy do. Numpy computes with about 16 digits (*double precision*). PyTorch computes with half as many unless it is told otherwise, and then the results of a training can depend on the processor of your computer: processors round the last digit differently, and a training magnifies that. So we ask for double precision. (What numpy calls `axis` is called `dim` in PyTorch.)

# %%
import torch

torch.set_default_dtype(torch.float64)
x = torch.tensor(vectors)
print(x.shape, x.mean(dim=0))

# %% [markdown]
# Tensors do one thing more than arrays. They remember how they were computed. `backward` uses this to go back from the loss to every weight, and computes its slope. (The loss of PyTorch, `cross_entropy`, takes logits, not probabilities.)

# %%
from torch.nn.functional import cross_entropy

weights = torch.zeros(3, 4, requires_grad=True)
cross_entropy(x @ weights.T, torch.tensor(truth)).backward()

# %%
print(f"the two ways differ by {np.abs(weights.grad.numpy() - slopes).max():.4f} at most")

# %% [markdown]
# One way back gives all slopes. This is called **backpropagation**, and the part of PyTorch that does it is called *autograd*. Layers need not be written by hand either. `nn.Linear(3, 2)` is a layer without ReLU that makes two weighted sums of three numbers. To each sum it adds a constant, as a regression does with its intercept. This constant is called the *bias*, and it is learned, too. The weights and the constants start as random numbers:

# %%
from torch import nn

print(nn.Linear(3, 2)(torch.rand(5, 3)).shape)

# %% [markdown]
# Five leaves went in with three numbers each, and came out with two numbers each. The first axis always counts the leaves. Some leaves that are taken together are called a **batch**.
#
# ## A training loop by hand
# Now all leaves, and for each picture its 33 features, as in notebook 05.

# %%
import mmlib

leaves = mmlib.features.with_features(mmlib.load_leaves())

# %% [markdown]
# We divide the leaves into three parts, and keep plants whole. A quarter of the leaves is for learning. Another quarter is for watching how the learning goes; this is called **validation**. The other half stays new until the end. (Some tutorials watch the test part and report its best moment. This is mistake 5 of notebook 03.)

# %%
known, others = leaves.split(test_size=0.5, seed=0)
few, watched = known.split(test_size=0.5, seed=0)

# %% [markdown]
# `feature_blocks` gives the spectra their usual pretreatment and turns them into 15 principal components. The features of the pictures are only scaled. Both are fitted on the part `few`, from which we learn. Then everything becomes tensors.

# %%
from mmlib.features import feature_blocks

blocks = feature_blocks(leaves, n_components=15).fit(few.X)


def tensors(part):
    X = {name: torch.tensor(table) for name, table in blocks.transform(part.X).items()}
    return X, torch.tensor(part.y)


# %%
train, valid, new = tensors(few), tensors(watched), tensors(others)

# %% [markdown]
# The net is the one from above, but its vectors are longer, and its head has one more layer. In PyTorch a net is a class. In `__init__` it lists its layers; `Sequential` is a chain of layers. Then `forward` says how a batch goes through them. `torch.cat` concatenates. The line with `super` has to be there, to set up the class. The options `dropout` and `bend` will be used later.


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
print(f"{sum(p.numel() for p in net.parameters())} weights and constants for {len(few)} leaves")

# %% [markdown]
# With PLS nobody would estimate so many numbers from so few leaves. With nets it is usual, so let us see what happens. To compute the loss of a net without teaching it, we switch it to `eval`, its mode for testing, and tell PyTorch by `no_grad` that no slopes will be needed:


# %%
def loss_on(net, part):
    net.eval()
    with torch.no_grad():
        return cross_entropy(net(part[0]), part[1]).item()


# %% [markdown]
# Now the loop. Switch the net to `train`, its mode for learning. Put the leaves into a random order and take 32 at a time. Compute the loss, go back to get the slopes, and take a step. When each leaf has been used once, one **epoch** is over. The *optimizer* takes the steps. It adapts the length of the step for each weight; `lr`, the *learning rate*, sets the usual length.


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
# **Exercise 06.2, predict, then run.** The loss on the training leaves will fall. What will the loss on the validation leaves do within 40 epochs? `"falls and stays low"`, `"falls, then rises"` or `"rises from the start"`.

# %%
# SOLUTION
validation_loss = "falls, then rises"
# STUB
# validation_loss = ...
check("06.2", validation_loss)

# %% tags=["hide-output"]
from mmlib.course.figures.n06 import plot_losses

wide = learn(net, train, valid)
show(*plot_losses({"wide net": wide}))

# %% [markdown]
# This is **overfitting**. After a few epochs the loss on other leaves rises, while it still falls on the training leaves. The net learns its training leaves by heart. On other leaves some of its answers are wrong. A rising loss can mean two things: that more answers become wrong, or that the net states wrong answers with more certainty. The table below will tell.
#
# Here are four kinds of remedies. We try each by itself, then several together:
#
# - **Early stopping**: end the training where the validation loss was lowest. (In the table below, every net with this remedy stops after the same epoch: the best one of the run in the figure above.)
# - **Dropout**: in every training step, half of the numbers inside the net are set to zero at random. (The others are doubled, so that the sums keep their size.) So no weight can rely on a single number. In the mode `eval` nothing is set to zero, and nothing is doubled.
# - **Weight decay**: at each step all weights are made a little smaller. This is similar to ridge regression.
# - **A smaller net**: either *narrow*, with vectors of 16 instead of 128 numbers, or with *linear encoders*, which lack the ReLU.
#
# The function below trains one net with one remedy. It returns the loss on the training leaves, the loss on new leaves, and the percentage of right answers on new leaves. (The answer is the condition with the largest logit, `argmax`.)


# %%
def try_out(seed, width=128, epochs=40, decay=0.0, **options):
    torch.manual_seed(seed)
    net = TwoBranches(width, **options)
    curve = learn(net, train, valid, epochs, decay)
    right = (net(new[0]).argmax(dim=1) == new[1]).double().mean().item()
    return curve[-1, 0], loss_on(net, new), 100 * right


# %% [markdown]
# **Exercise 06.3, predict, then run.** One of these changes does not reduce the overfitting: `"dropout"`, `"weight decay"`, `"narrow"` or `"linear encoders"`? Ask of each whether it takes away something that the net needs to be *too sure*: numbers to rely on, large weights, or many weights. (The table will show means over three random starts.)

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

# %% tags=["hide-output"]
import pandas as pd

rows = [[name, *try_out(seed, **cures[name])] for name in cures for seed in range(3)]
columns = ["cure", "loss, training", "loss, new leaves", "% right, new leaves"]
pd.DataFrame(rows, columns=columns).groupby("cure", sort=False).mean().round(1)

# %% [markdown]
# Compare the last two columns. The best remedies make the loss on new leaves much smaller, but they hardly change how many answers are right. Overfitting had spoiled the *probabilities* of the net much more than its answers. If you look at the accuracy only, you will not notice it. Compare "early stopping" with "as it was": in the longer training the loss rose, and yet more answers were right. So the net states its wrong answers with more certainty. And early stopping has a price: in this table it ends the training so early that some answers are lost. (The epoch came from one run only. A net that stops by its own validation loss may lose less.)
#
# How good is early fusion (notebook 04, ridge regression on blocks) when it gets the same 300 leaves? `model__groups` tells it which leaves come from the same plant. So it leaves out whole plants when it chooses its penalty and weights.

# %%
from mmlib.fusion import early_fusion

cheap = early_fusion(leaves).fit(few.X, few.y, model__groups=few.groups)
print(f"early fusion: {cheap.score(others.X, others.y):.0%} right")

# %% [markdown]
# Here, with so few leaves, a net is not worth the effort. Early fusion is ahead even of the best of the seven nets, although we picked this net by its score on the new leaves, which is in its favor. One remedy against overfitting is missing from our list: more leaves. Move the sliders, or look at the four pictures below them. The first shows the net as it was. In each of the others one setting is changed. With fewer leaves overfitting gets worse.


# %%
def draw(width=128, dropout=0.0, leaves=300):
    torch.manual_seed(0)
    curve = learn(TwoBranches(width, dropout), tensors(few.take(np.arange(leaves))), valid)
    return plot_losses({f"{leaves} leaves": curve}, top=2)


# %%
from mmlib.course.widgets import explorer, static_row

explorer(draw, width=[4, 16, 64, 128], dropout=(0.0, 0.8, 0.2), leaves=(100, 300, 50))

# %%
static_row(draw, [{"leaves": 300}, {"leaves": 100}, {"width": 16}, {"dropout": 0.8}])

# %% [markdown]
# ## The same in one line
# `on_features(leaves)` below is all of it. It makes a net of encoders, fuse and head, as in our first figure. Here `fuse` concatenates. On the higher rungs of the ladder mainly `fuse` will change. The training loop is inside, with three remedies: dropout, weight decay, and early stopping on some of the training plants. So is the pretreatment of the spectra. The encoders are linear. (The head has a ReLU already. In the table above, encoders with a ReLU of their own did not clearly do better than linear ones.) The result fits and predicts like any model of scikit-learn. (For a net on raw bands or pixels you write `FusionClassifier`, as in notebooks 01 and 02.)
#
# Its rivals come from `ladder`, which makes a ready model for each rung. For a single modality this is the default model of notebook 04.

# %%
from mmlib.fusion import ladder, on_features

rungs = ladder(leaves)
models = {name: rungs[name] for name in ("spectrum only", "image only", "early")}
models["intermediate"] = on_features(leaves)
models["auxiliary losses"] = on_features(leaves, auxiliary=0.5)
models["modality dropout"] = on_features(leaves, modality_dropout=0.3)

# %% [markdown]
# The last two models are variants of the net. With **auxiliary losses**, each modality gets a second head that decides from its vector alone, and the losses of these heads are added, here with half the weight. So both encoders must learn something, even where one modality is much stronger than the other. With **modality dropout**, the whole vector of a modality is sometimes set to zero during training. So the net is prepared for the day when the camera fails. Now each model learns from 900 leaves:

# %%
result = mmlib.compare(models, leaves, n_folds=4, n_repeats=1)
show(*result.plot())

# %%
for other in ("spectrum only", "early", "auxiliary losses", "modality dropout"):
    print(result.sentence("intermediate", other))

# %% [markdown]
# The net is far better than each instrument alone. Early fusion is much simpler, and in this comparison the two cannot be told apart. Why is the net not ahead? It has more weights to find, and it learns from fewer leaves, since it sets some plants aside to know when to stop. The auxiliary losses bring no gain that could be measured, perhaps because here no modality is much stronger than the other. Modality dropout costs a few points as long as both modalities are there. (In the figure a point may lie a little above its ceiling by chance.)
#
# ### A modality that knows nothing
# Somebody offers a third table: 45 numbers for the weather in the weeks before a leaf was measured. All leaves of a plant had the same weather. Our weather has nothing to do with the condition, for we draw it at random:

# %%
plants = np.unique(leaves.groups, return_inverse=True)[1]
weather = np.random.default_rng(0).normal(size=(plants.max() + 1, 45))[plants]
more = mmlib.MultimodalData({**leaves.X, "weather": weather}, leaves.y, leaves.groups)

# %% [markdown]
# We train early fusion and the net, first without this table and then with it. Each learns from 600 leaves of 120 plants. For now we take from the net a part that it has inside (its step `selection`, which we explain below). How many points will the weather cost early fusion, and how many the net? Write down two numbers.


# %%
def trained_on(data):
    bare = on_features(data).set_params(selection="passthrough")
    both = {"early": early_fusion(data), "net": bare, "net with selection": on_features(data)}
    return mmlib.compare(both, data, n_folds=2, n_repeats=1)


without, weathered = trained_on(leaves), trained_on(more)
columns = {"without weather": without.table["mean"], "with weather": weathered.table["mean"]}
print(pd.DataFrame(columns).round(2))

# %% [markdown]
# Numbers that mean nothing cost the net about ten points (line `net`). It can tell its training plants apart by their weather, and so it can learn them by heart. A new plant has another weather. The remedies in the loop do not prevent this, not even early stopping, which watches other plants. Early fusion loses nothing to speak of. Its model gives each block a weight, chosen on plants that are left out (notebook 04), so a block that tells nothing counts little or not at all.
#
# The net in the last line loses nothing, since its weather was set to zero. This is what the step `selection` does, and `on_features` has it from the start. It predicts with ridge regression on plants that are left out, once with all modalities and once without each of them. If the prediction is better without a modality, and the gain is larger than its own "give or take" (notebook 02), this modality is set to zero. (The ridge regression may bend across all columns together. So it also notices what two modalities tell only together, as in the next section. With fewer than 20 plants the gain is not known well enough, and everything is kept.) In each of the two folds these were kept:

# %%
print([fold["modalities kept"] for fold in weathered.choices["net with selection"]])

# %% [markdown]
# If you give a net of your own a second instrument, keep this in mind: a modality that tells nothing is not harmless.
#
# ### Why a net at all?
# One reason for a net could be rules that need both readings at once. Suppose that a fruit is ripe when two readings are both high *or both low*:

# %%
first, second = np.random.default_rng(0).normal(size=(2, 800, 1))
ripe = (first * second > 0).ravel().astype(int)
fruit = mmlib.MultimodalData({"first": first, "second": second}, ripe)

# %%
from sklearn.svm import SVC

rivals = {"early": early_fusion(fruit), "early, SVM": early_fusion(fruit, classifier=SVC())}
rivals["intermediate"] = on_features(fruit)
mmlib.compare(rivals, fruit, n_folds=4, n_repeats=1).table[["mean"]].round(2)

# %% [markdown]
# Early fusion with its usual model can only guess. It adds up what each reading says by itself, straight or bent (notebook 04), and here no reading says anything by itself. The net solves the task with the ReLU in its head, and the SVM solves it with its kernel. So this alone is no reason to take a net. There are better reasons: its encoders can be trained beforehand on other data, further losses can be added, and on the next rungs the modalities meet in ways that a table cannot offer.
#
# ## Pixels, and a lost picture
# Deep networks are said to find their own features. We train two nets on the same 900 leaves. One gets raw pixels and bands, and has convolutions as encoders, as in notebooks 01 and 02. The other gets our features. Both are told the groups, since they set whole plants aside to know when to stop.

# %%
raw, raw_new = mmlib.load_leaves().split(seed=0)
seer = mmlib.FusionClassifier(epochs=20, random_state=0)
seer = seer.fit(raw.X, raw.y, groups=raw.groups)
print(f"raw: {seer.score(raw.X, raw.y):.0%} known, {seer.score(raw_new.X, raw_new.y):.0%} new")

# %%
part, rest = leaves.split(seed=0)
plain = models["intermediate"].fit(part.X, part.y, model__groups=part.groups)
print(f"features: {plain.score(part.X, part.y):.0%} known, {plain.score(rest.X, rest.y):.0%} new")

# %% [markdown]
# On the leaves of the training both nets are good. On new leaves the net on features is far ahead. One reason is likely: from 900 labels the net on raw pixels had to learn what a lesion looks like *and* what it means. In the features the first part is built in. (The two nets also differ in their encoders and in the number of epochs.)
#
# One day the camera fails. `take_away` removes the pictures from the new leaves. The nets need numbers in their place, and `Fill` puts in the mean of the training leaves. The features are scaled inside the models, so this mean picture becomes a row of zeros. Then nothing but the constants of the encoder is left in its vector. (In modality dropout the whole vector was zero, which is similar, but not the same.)

# %%
from mmlib.fusion.missing import Fill, take_away

lost = Fill("mean").fit(part.X).transform(take_away(rest.X, "image"))
drilled = models["modality dropout"].fit(part.X, part.y, model__groups=part.groups)
fallback = models["spectrum only"].fit(part.X, part.y, model__groups=part.groups)
for name, model in {"plain": plain, "modality dropout": drilled, "spectrum only": fallback}.items():
    print(f"{name}: {model.score(lost, rest.y):.0%} right without a picture")

# %% [markdown]
# On these 300 leaves the plain net without a picture is worse than a model that never had one. It relies on numbers that say nothing about this leaf. The net with modality dropout comes closer to the model of the spectrum. (Without intervals, these differences are no more than hints.)
#
# **Exercise 06.4, a judgment.** One picture in ten will be missing, and you will know which one. What do you use: the `"plain"` net, the net with `"modality dropout"`, or `"plain with a fallback"`, which means the spectrum model wherever the picture is missing? For leaves with both modalities, the scores of both nets (the plain one is called "intermediate") are in the figure above.

# %%
# SOLUTION
choice = "plain with a fallback"
# STUB
# choice = ...
check("06.4", choice)

# %% [markdown]
# ## Find the mistake
# Here are three claims about concatenation. None of them holds as it stands. The first: *it makes a difference whether you apply a sigmoid before or after you concatenate.* (A sigmoid is a function that brings each number between 0 and 1.)

# %%
a, b = torch.randn(8, 4), torch.randn(8, 3)
before = torch.cat([a.sigmoid(), b.sigmoid()], dim=1)
print(f"the same: {torch.equal(torch.cat([a, b], dim=1).sigmoid(), before)}")

# %% [markdown]
# It makes no difference: the result is the same. A function that takes one number at a time may be applied before or after.
#
# **Exercise 06.5.** For which of these functions does it matter: `"relu"`, `"sigmoid"`, `"tanh"` or `"softmax"`?

# %%
# SOLUTION
it_matters_for = "softmax"
# STUB
# it_matters_for = ...
check("06.5", it_matters_for)

# %% [markdown]
# The second claim: *a time series and a vector are concatenated.* Eight leaves were measured while they dried, at 20 times, with 16 numbers each time. From their pictures come 32 numbers. (`error_of` makes a call that fails, and returns the message of Python.)

# %%
from mmlib.course.failing import error_of

series, vector = torch.rand(8, 20, 16), torch.rand(8, 32)
print(error_of(torch.cat, [series, vector], dim=1))

# %% [markdown]
# An array with three axes cannot be concatenated with one that has two. When you see such a message, print the shapes before you try anything else.
#
# **Exercise 06.6.** Write the function that takes the mean over the times, and then concatenates: first the means of the series, then the vector. With our data the result has the shape (8, 48). It must still have 48 columns when there are 10 or 30 times.


# %%
# SOLUTION
def fuse_series(series, vector):
    return torch.cat([series.mean(dim=1), vector], dim=1)


# STUB
# def fuse_series(series, vector):
#     return ...
check("06.6", fuse_series)

# %% [markdown]
# The third claim: *two vectors of 1024 numbers are concatenated and go into a layer that takes 1024 numbers.* (`bias=False` leaves out the constants.)

# %%
a, b, layer = torch.rand(8, 1024), torch.rand(8, 1024), nn.Linear(1024, 5, bias=False)
print(error_of(layer, torch.cat([a, b], dim=1)))

# %% [markdown]
# A quick repair is to *add* the two vectors. Then the program runs. But it is another model, in which both modalities have the same weights:

# %%
twice = torch.cat([layer.weight, layer.weight], dim=1)
same = torch.allclose(layer(a + b), torch.cat([a, b], dim=1) @ twice.T, atol=1e-4)
print(f"adding is concatenating with the same weights twice: {same}")

# %% [markdown]
# **Exercise 06.7.** A picture gives 512 numbers and a spectrum 128. The two are concatenated. How many numbers must the next layer take?

# %%
# SOLUTION
takes = 640
# STUB
# takes = ...
check("06.7", takes)

# %% [markdown]
# **What you saw.** A gradient is a table of slopes, and training is many small steps downhill. A wide net learns a few hundred leaves by heart; the loss shows this, and the accuracy hides it. On the features of 900 leaves a net came close to early fusion; on raw pixels and bands it stayed far behind.
#
# **Use it when** three things hold. You have features, or encoders that were trained on other data. You have many hundred labels. And you need something that early fusion cannot give: further losses, training for missing modalities, or another way to meet. In all other cases early fusion is the safer choice. (If your readings may say something only together, give early fusion an SVM, as above.)
#
# **Words:** vector, layer, bias, ReLU, logits, loss, gradient, backpropagation, tensor, batch, epoch, overfitting, early stopping, dropout, weight decay, auxiliary loss, modality dropout. Intermediate fusion is called joint fusion in medicine, `LateFusion` in TorchMultimodal, and a `Concatenate` layer in Keras.
#
# **Read more:** Rumelhart, Hinton and Williams (1986), doi:10.1038/323533a0, on backpropagation; Ngiam et al. (2011), *Multimodal deep learning*, ICML; Prechelt (1998), doi:10.1007/3-540-49430-8_3, on early stopping; Neverova et al. (2016), doi:10.1109/TPAMI.2015.2461544, on modality dropout.
#
# **Next:** [Attention](07_attention.ipynb), where one modality decides how much of the other is used.
