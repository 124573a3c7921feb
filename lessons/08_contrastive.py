# %% [markdown]
# # Contrastive fusion
# Afterwards you can teach a net with pairs that nobody has labeled, search spectra with a photograph, say what such a net forgets and why, and judge whether this is of use for your data.
#
# You need notebooks 00 to 06.
#
# **80 minutes**: 46 reading, 2 running, 32 exercises.
#
# The modalities meet as vectors, as in notebook 06. What is new is the loss. It is small when the two vectors of the same leaf are more alike than the vectors of different leaves.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("contrastive"))

# %% [markdown]
# ## Which spectrum is mine?
# We photographed the leaves of 600 plants and took their spectra. Nobody has told us the condition of any leaf. A plant pathologist is willing to label ten leaves of each condition, but no more. Are the other leaves of any use?
#
# They have no labels, but they come in **pairs**: we know which picture and which spectrum belong to the same leaf. Here are three leaves. Some encoder has turned each picture and each spectrum into a vector of length 1:

# %%
import numpy as np

pictures = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]])
spectra = np.array([[0.8, 0.6], [0.6, 0.8], [-0.6, 0.8]])

# %%
cosines = pictures @ spectra.T
print(cosines)

# %% [markdown]
# Rows are pictures and columns are spectra. Each number is the cosine of the angle between two vectors: 1 where both point in the same direction. The picture and the spectrum of the same leaf are called *partners*. Their cosines stand on the diagonal.
#
# Now each picture has to find its own spectrum among the three. This is a classification: the cosines are the logits, and the partner is the right class. *No label is needed.* First the cosines are divided by a number called the **temperature**. As in notebook 05, a large temperature makes the probabilities more equal, and a small one makes them less equal. Then softmax turns each row into probabilities:


# %%
def softmax(logits):
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


# %%
print(softmax(cosines / 1.0).round(2))

# %% [markdown]
# Each row shows which probability a picture gives to each of the three spectra. The first picture gives its own spectrum only about one half, although this one is the nearest. What changes at a temperature of 0.1?

# %% tags=["hide-output"]
print(softmax(cosines / 0.1).round(2))

# %% [markdown]
# Now the first picture is rather sure of its own spectrum. The third one is not, because two spectra are equally near to it. A cosine lies between -1 and 1, so at temperature 1 even a perfect net could not be sure. With a low temperature it can.
#
# The loss is the log-loss that you know: minus the logarithm of the probability that a picture gives to its partner, averaged over the pictures. Then the roles are exchanged: each spectrum has to find its picture. This is the same calculation on the transposed table. The mean of both losses is called **InfoNCE**.
#
# **Exercise 08.1.** Write this loss as a function. It gets the table of cosines, already divided by the temperature. `hint("08.1")` helps.

# %%
from mmlib.course.exercises.e08 import check, hint


# %%
# SOLUTION
def contrastive_loss(table):
    rows = -np.log(np.diag(softmax(table))).mean()
    columns = -np.log(np.diag(softmax(table.T))).mean()
    return (rows + columns) / 2


# STUB
# def contrastive_loss(table):
#     return ...
check("08.1", contrastive_loss)

# %% [markdown]
# `info_nce` of mmlib gets the vectors instead of the table. They are tensors, so that a net can learn from the loss. We compute it for our three leaves as they are, and then with the spectra in reverse order:

# %%
import torch

from mmlib.fusion.contrastive import InfoNCE, info_nce, shared_places

torch.set_default_dtype(torch.float64)  # as in notebook 06
a, b = torch.tensor(pictures), torch.tensor(spectra)

# %%
print(f"loss {info_nce(a, b, temperature=0.1):.2f}")
print(f"loss with the spectra in reverse order {info_nce(a, b.flip(0), temperature=0.1):.2f}")

# %% [markdown]
# The vectors are the same, but two of the three pictures now stand with a wrong spectrum, and the loss is far higher. Nothing but the pairing tells the net what is right. If somebody sorts one of two files by accident, the net will learn nonsense.

# %% [markdown]
# ## Three thousand pairs
# We have 600 plants with five leaves each. Pictures become 33 features and spectra become 15 principal components, as before. No labels are needed for either step.

# %%
import mmlib
from mmlib.features import with_features

pairs = with_features(mmlib.make_leaves(n_plants=600, seed=21))

# %% [markdown]
# We test on leaves of 1,000 plants that the net has never seen, one leaf of each. `known` are the tables of the 3,000 leaves for learning, and `asked` those of the new leaves. Both can be cut like a list: `known[:5]` holds both tables of the first five leaves.

# %%
from mmlib.features import feature_blocks
from mmlib.fusion import early_fusion

fresh = mmlib.make_leaves(n_plants=1000, leaves_per_plant=1, seed=22)
new = with_features(fresh)
blocks = feature_blocks(pairs, n_components=15).fit(pairs.X)
known, asked = blocks.transform(pairs.X), blocks.transform(new.X)

# %% [markdown]
# They become tensors, and each column is divided by its standard deviation:

# %%
spread = {name: table.std(axis=0) for name, table in known.items()}
x = {name: torch.tensor(known[name] / spread[name]) for name in known}
x_new = {name: torch.tensor(asked[name] / spread[name]) for name in known}

# %% [markdown]
# The next two cells hold two encoders, one loss, and the training loop of notebook 06. Each encoder ends in four numbers. No labels occur anywhere. `InfoNCE` is our loss; it first brings each vector to length 1. Its temperature is a weight that is learned, too, within bounds.

# %%
from torch import nn


def encoder(columns):
    return nn.Sequential(nn.Linear(columns, 64), nn.ReLU(), nn.Linear(64, 4))


# %%
def pretrain(temperature=0.1, batch=128, learn=True):
    torch.manual_seed(0)
    nets = nn.ModuleDict({"image": encoder(33), "spectrum": encoder(15)})
    contrast = InfoNCE(temperature, learn=learn)
    optimizer = torch.optim.AdamW([*nets.parameters(), *contrast.parameters()], lr=0.01)
    for _epoch in range(20):
        for rows in torch.randperm(len(pairs)).split(batch):
            loss = contrast(*(nets[name](x[name][rows]) for name in nets))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    placed = {name: nets[name](x_new[name]).detach().numpy() for name in nets}
    return placed, contrast.temperature, loss.item()


# %%
placed, temperature, _loss = pretrain()
print(f"the temperature went from 0.10 to {temperature:.2f}")

# %% [markdown]
# Did the net learn anything? We test it on the new leaves. For each photograph, the 1,000 spectra are ordered by their cosine with it. **Recall at k** is the share of photographs whose own spectrum is among the first k. The **median rank** is the median of the places of their own spectra.

# %%
from mmlib.evaluation.retrieval import partner_ranks, recall_at, recall_sentence

print("photograph asks:", recall_sentence(placed["image"], placed["spectrum"]))
print("spectrum asks:  ", recall_sentence(placed["spectrum"], placed["image"]))

# %% [markdown]
# Guessing would give a recall of 0.1 % at 1, 0.5 % at 5 and 1 % at 10, and a median rank of 500. So the net has learned something: it does far better than guessing. But only few photographs find the spectrum of the same leaf at once. Such a search is called **cross-modal retrieval**.
#
# mmlib does all this in one call. The vectors that the net gives are called an **embedding**. `TableEncoder` is an encoder for tables, a single linear layer; `ContrastiveEmbedding` adds the ReLU and the layer that ends in four numbers:

# %%
from mmlib.fusion.embedding import ContrastiveEmbedding
from mmlib.nets.encoders import TableEncoder

tables = {name: TableEncoder for name in known}
embedding = ContrastiveEmbedding(dim=4, encoders=tables, random_state=0).fit(known)

# %%
places = embedding.transform(asked)
print("photograph asks:", recall_sentence(places["image"], places["spectrum"]))

# %% [markdown]
# Why do we test on new plants? Here is a net with eight numbers that is trained much longer. We compare 600 plants of its training with 600 new ones, one leaf of each:

# %%
longer = ContrastiveEmbedding(dim=8, epochs=80, encoders=tables, random_state=0).fit(known)
for who, some in (("training", known[::5]), ("new", asked[:600])):
    z = longer.transform(some)
    print(f"{who} plants:", recall_sentence(z["image"], z["spectrum"]))

# %% [markdown]
# (This is a search among 600 spectra, so its recalls cannot be compared with those among 1,000 above. Guessing would find 2 % at 10.) A net can learn pairs by heart, just as it can learn labels by heart. So a recall on training plants does not tell how well the net finds the partners of new leaves.
#
# Two settings are often said to be important: the temperature and the size of the batch. In a batch of 32 leaves a picture must tell its partner from 31 other spectra, in a batch of 512 from 511 others. So a large batch makes the task harder. With a low temperature, the loss depends mainly on the few spectra that are nearly as close as the partner, or closer.

# %% [markdown]
# **Exercise 08.2, predict, then run.** With which size of the batch is the last loss lower, with 32 or with 512 leaves? And can the two losses be compared, to say which net is better? Answer `"32, comparable"`, `"512, comparable"` or `"32, not comparable"`. In this comparison the temperature stays as it was set (`learn=False`). (Think of a net that has learned nothing and gives every spectrum of the batch the same probability. How large is its loss?)

# %%
# SOLUTION
batches = "32, not comparable"
# STUB
# batches = ...
check("08.2", batches)

# %% tags=["hide-output"]
for temperature, batch in [(0.1, 32), (0.1, 128), (0.1, 512), (0.02, 128), (0.5, 128)]:
    z, _, loss = pretrain(temperature, batch, learn=False)
    found = f"recall at 10: {recall_at(z['image'], z['spectrum'], k=10):.0%}"
    print(f"temperature {temperature}, batch {batch}: last loss {loss:.1f}, {found}")

# %% [markdown]
# A net that has learned nothing has a loss of log(n), where n is the size of the batch: 3.5 for 32 leaves and 6.2 for 512. (Here it would be a little less, because the very last batch holds only the leaves that are left over, 24 and 440.) So losses of different batch sizes cannot be compared. Recalls can be compared, and they differ far less than the losses do. If a small batch is a little ahead, this may come from the number of steps: in the same number of epochs it takes nearly sixteen times as many steps as the largest batch.
#
# The temperature matters little here: all three find about the same share of partners. Their losses cannot be compared either, since the same cosines give another loss at another temperature.
#
# ## Hits and misses
# Let us look at some searches. A leaf asks with its photograph or with its spectrum, and the four closest answers are shown. Before them stands the partner, so a partner that is found is drawn twice. In the plots of the other spectra, a dashed gray line shows the partner's spectrum. (All leaves have small spots. Those of blight are larger, but on some leaves not by much.)

# %%
from functools import partial

from mmlib.course.figures.n08 import plot_few_labels, plot_retrieval
from mmlib.course.widgets import explorer

draw = partial(plot_retrieval, fresh, places)
explorer(draw, sample=(0, 99), ask=["image", "spectrum"])

# %%
for sample, ask in ((8, "image"), (97, "spectrum"), (5, "image")):
    show(*draw(sample, ask))

# %% [markdown]
# We chose these three. The second search is a hit, and its other answers are sensible, since these leaves lack phosphorus, too. The other two searches are misses, which is far more common. Still, three of the four answers to leaf 5 are sensible, since these leaves have blight, too. Which leaves are found easily, and which are not?

# %%
ranks = partner_ranks(places["image"], places["spectrum"])
for k, name in enumerate(fresh.target_names):
    print(f"{name}: median rank {np.median(ranks[new.y == k]):.0f}")

# %% [markdown]
# The leaves short of phosphorus are found most easily. The lack gives them a red pigment, the anthocyanins, and the green turns brownish. This is unusual, and both instruments see it. A leaf that is just green or pale is harder to find, probably because there are many such leaves. So it seems that the net uses the color, which photographs and spectra both show. Has it kept anything else?
#
# The simulation knows what is in each leaf. How well can a linear regression read these amounts from the tables, and how well from the four numbers of the embedding? The number is R² (of the logarithm of the amount, on new leaves). 100 % is perfect.

# %%
from sklearn.linear_model import LinearRegression


def readable(tables, tables_new, name, factor):
    line = LinearRegression().fit(tables[name], np.log(pairs.info[factor]))
    return f"{line.score(tables_new[name], np.log(new.info[factor])):.0%}"


# %% [markdown]
# **Exercise 08.3, predict, then run.** Which of these amounts will be lost most in the four numbers of the *spectrum*: `"water"`, `"anthocyanins"` or `"chlorophyll"`?

# %%
# SOLUTION
lost = "water"
# STUB
# lost = ...
check("08.3", lost)

# %% tags=["hide-output"]
kept = embedding.transform(known)
seen = {
    "spectrum": ["water", "anthocyanins", "chlorophyll"],
    "image": ["lesions", "anthocyanins", "water"],
}
for name in seen:
    for factor in seen[name]:
        table, four = readable(known, asked, name, factor), readable(kept, places, name, factor)
        print(f"{factor} in the {name}: {table} in the table, {four} in four numbers")

# %% [markdown]
# **What only one modality knows hardly helps to find partners, and much of it is lost.** The color is kept. The water can be read nearly perfectly from the spectrum, but hardly from the photograph, and the four numbers of the spectrum have lost a large part of it. (Something may even be easier to read from the four numbers than from the table. The net can bend, and a linear regression cannot.)
#
# Why is *any* water left? To find out, we make the same plants again, with the knob `lesions` at zero. Then blight makes no large spots. This changes the **pictures** only; the spectra stay as they are.
#
# **Exercise 08.4, predict, then run.** What happens to the water in the *spectrum's* four numbers? `"as before"`, `"more is kept"` or `"most is lost"`. (Think of this: can a leaf of ours be dry and have blight at the same time?)

# %%
# SOLUTION
water = "most is lost"
# STUB
# water = ...
check("08.4", water)

# %%
clean = with_features(mmlib.make_leaves(n_plants=600, lesions=0, seed=21))
table = feature_blocks(clean, n_components=15).fit_transform(clean.X)

# %% tags=["hide-output"]
four = ContrastiveEmbedding(dim=4, encoders=tables, random_state=0).fit_transform(table)
moisture = np.log(clean.info["water"])
line = LinearRegression().fit(four["spectrum"], moisture)
print(f"water in the spectrum: {100 * line.score(four['spectrum'], moisture):.0f} %")

# %% [markdown]
# (This R² was measured on the training leaves themselves, so it is too high if anything.) We changed the pictures only, and the numbers of the spectrum lost most of the water that they had kept. (Both nets have one random start each. We do not explain the water that is left.) A likely reason is that no leaf of ours has two conditions at once. A leaf with large spots probably has blight, *so it is probably not dry*. Then the water in a spectrum says something about the spots in the picture. In this sense the **condition itself is shared information**, although no label was given. This is why contrastive pretraining may help a classifier. How much does it help?
#
# ## Few labels
# The pathologist labels a few leaves of each condition, each from another plant. Which of these models makes the best use of them?
#
# - **net, from scratch**: the net of notebook 06, with its usual settings, on the tables that we have.
# - **net, pretrained**: the same net, but its encoders come from the embedding.
# - **early**: early fusion of the two tables, with linear discriminant analysis (notebook 04).
#
# The last four are early fusion again, but on other tables:
#
# - **early, PCA**: ten principal components of each table. (Of the spectrum, these are the first ten of its fifteen.)
# - **embedding alone**: the four numbers of each modality, in the place of the features.
# - **early + contrastive**: the four numbers of each modality *beside* the features, so nothing is lost.
# - **early + CCA**: two scores of each modality from canonical correlation analysis, CCA, beside the features. CCA finds weighted sums of both tables that go together as closely as possible (notebook 11).
#
# **Exercise 08.5, predict, then run.** With ten labels of each condition, which order of the first three models is right, the best one first? `"pretrained, scratch, early"`, `"pretrained, early, scratch"` or `"early, pretrained, scratch"`.

# %%
# SOLUTION
order = "early, pretrained, scratch"
# STUB
# order = ...
check("08.5", order)

# %% [markdown]
# To find out, we need the scores of CCA, the principal components, and a function that puts new numbers beside the tables:

# %%
from sklearn.decomposition import PCA

from mmlib.fusion.cca import RegularizedCCA

cca = RegularizedCCA(n_components=2).fit(known)
pca = {name: PCA(10).fit(known[name]) for name in known}


def beside(X, fitted):
    return X | {f"{name} shared": table for name, table in fitted.transform(X).items()}


# %% [markdown]
# Each model is trained on the few labeled leaves and tested on all new ones. `score_few_labels` does this for six random draws of the leaves that get a label, and for each number of labels.

# %%
from sklearn.covariance import OAS
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from mmlib.evaluation.few_labels import gain_sentence, score_few_labels

labels = [5, 10, 20, 50]  # of each condition
lda = LinearDiscriminantAnalysis(solver="lsqr", covariance_estimator=OAS())


# %%
def score(model, treat=dict):
    # `treat` changes the tables before the model gets them; `dict` only copies them
    sets = (treat(known), pairs.y), (treat(asked), new.y)
    return score_few_labels(model, *sets, labels, pairs.groups)


def early(treat=dict):
    blocks = {name: [] for name in treat(known)}  # []: the table needs no further steps
    return score(early_fusion(blocks=blocks, classifier=lda), treat)


# %% [markdown]
# (A `lambda`, below, is a function without a name.)

# %%
shares = {
    "net, from scratch": score(mmlib.FusionClassifier(encoders=tables, random_state=0)),
    "net, pretrained": score(mmlib.FusionClassifier(encoders=embedding.encoders_, random_state=0)),
    "early": early(),
    "early, PCA": early(lambda X: {name: pca[name].transform(X[name]) for name in X}),
    "embedding alone": early(embedding.transform),
    "early + contrastive": early(lambda X: beside(X, embedding)),
    "early + CCA": early(lambda X: beside(X, cca)),
}

# %% tags=["hide-output"]
limit = mmlib.ceilings(fresh)["joint"][0]
show(*plot_few_labels(shares, labels, ceiling=limit, what="joint ceiling"))

# %% [markdown]
# Each point is a mean over six draws of labeled leaves, and its bar is the standard error. All models got the same leaves, so their differences are known more exactly than the points themselves. (The points are drawn a little side by side, so that their bars can be told apart.) With ten labels of each condition:

# %% tags=["hide-output"]
ten = {name: table[labels.index(10)] for name, table in shares.items()}
print(gain_sentence(ten, "net, pretrained", "net, from scratch"))

# %% tags=["hide-output"]
print(gain_sentence(ten, "early", "net, pretrained"))
print(gain_sentence(ten, "early", "embedding alone"))
print(gain_sentence(ten, "early + contrastive", "early"))
print(gain_sentence(ten, "early + CCA", "early + contrastive"))

# %% [markdown]
# The pretrained net is ahead of the net from scratch. A paper could stop here, and leave out four things:
#
# - The intervals cover the draw of the labeled leaves only. They cover neither the random start of the nets nor the sample of 600 plants. With other starts and samples the gain may be larger or smaller. This notebook does not try them.
# - Early fusion is better than both nets. It used the leaves without a label only for the scaling and the principal components, as all models here do. It never used the pairs.
# - The embedding alone is far worse than the features: too much has been lost. It is of use *beside* them. (Fewer columns need not cost so much: "early, PCA", with ten columns for each table, loses little. But ten are more than four.)
# - CCA, a method of 1936, is ahead of the embedding in this comparison. We fixed its two scores and the four numbers of the embedding. With other numbers the difference changes; in a study of your own, choose both by cross-validation.
#
# When is contrastive learning needed, then? It is needed where the modalities are linked, but not by straight lines. A microscope sees in which direction a hair points, from its root to its tip. Light through a polarizing filter gives the same answer for opposite directions.


# %%
def fibers(n, seed):
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, 2 * np.pi, n)
    microscope = np.c_[np.cos(angle), np.sin(angle)]
    polarizer = np.c_[np.cos(2 * angle), np.sin(2 * angle)]
    noise = 0.1 * rng.normal(size=(2, n, 2))
    return {"microscope": microscope + noise[0], "polarizer": polarizer + noise[1]}


# %%
for model in (RegularizedCCA(2), ContrastiveEmbedding(dim=4, random_state=0)):
    z = model.fit(fibers(2000, seed=0)).transform(fibers(1000, seed=1))
    print(f"{type(model).__name__}: {recall_sentence(z['microscope'], z['polarizer'])}")

# %% [markdown]
# CCA can only guess here, and the net with its ReLU finds the link. Between raw pictures and raw sound, links are likely to be of this kind. Between the features of our leaves, which experts have invented, straight lines were enough.
#
# ## Find the mistake
# A common program for "contrastive fusion" has two encoders that project "into a shared space". The projections are concatenated, a head classifies, and the loss is that of the labels. We train such a net (`weight=0`), and one with a contrastive loss in addition (`weight=1`), on 1,000 labeled leaves. Each encoder gives a vector, and one more layer turns this vector into a short one, its *projection*. `give` says which of the two the head gets: the projections, or the vectors before that layer, as in notebook 06. `shared_places` computes the projections of new leaves:

# %%
for weight, give in ((0, "vectors"), (0, "projections"), (1, "projections")):
    fuse = {"fuse": "contrastive", "fuse__weight": weight, "fuse__give": give}
    model = mmlib.FusionClassifier(encoders=tables, **fuse, epochs=20, random_state=0)
    model.fit(known[:1000], pairs.y[:1000], groups=pairs.groups[:1000])
    z = shared_places(model, asked)
    right = f"{model.score(asked, new.y):.0%} of conditions right"
    print(f"weight {weight}, {give}: {right}, {recall_sentence(z['image'], z['spectrum'])}")

# %% [markdown]
# Compare the last two lines. Without the contrastive loss the net classifies nearly as well here. (One likely reason why both scores are low for so many labels is that 20 epochs are few. Another is in the first line: the vectors give more right answers than the projections.) But the space of the second net is hardly shared: a photograph finds its spectrum about as rarely as by guessing. Its median rank is only a little better than that of guessing, probably since the labels bring leaves of one condition together, and partners have the same condition. *To bring partners together, a loss must ask for it.* This is intermediate fusion under another name. Its accuracy does not show this, but a search for partners does.
#
# Where there are labels, the contrastive loss can use them. In **supervised contrastive learning** all leaves of the same condition are partners.
#
# **Exercise 08.6.** Write this loss for one direction, in which the pictures ask. `table` has a row for each picture and a column for each spectrum, and `y` holds the conditions. Softmax turns each row into probabilities. For each row, take minus the logarithm of the probability of *each* partner, its own spectrum included, and take the mean over these partners. Then take the mean over the rows. You may use `softmax`.


# %%
# SOLUTION
def supervised_loss(table, y):
    same = y[:, None] == y
    surprise = -np.log(softmax(table))
    return ((surprise * same).sum(axis=1) / same.sum(axis=1)).mean()


# STUB
# def supervised_loss(table, y):
#     return ...
check("08.6", supervised_loss)

# %% [markdown]
# In a net this is `FusionClassifier(fuse="contrastive", fuse__supervised=True)`.
#
# **What you saw.** A net can learn from pairs without labels. It then finds partners among new leaves more often than by guessing, keeps what both modalities share, and loses much of what only one of them knows. Its loss depends on the size of the batch, and its success must be measured on new plants. With few labels it helped a net, and it helped early fusion when it was put beside the features, not in their place. CCA, which is simpler, did at least as well where straight lines were enough.
#
# **Use it when** the link between the modalities is not a straight line, and you have many unlabeled pairs and few labels, or want to search one modality with the other. Try CCA first. Keep the features beside the embedding.
#
# **Words:** pair, contrastive loss, InfoNCE, temperature, embedding, recall at k, median rank, cross-modal retrieval, pretraining. InfoNCE is `ContrastiveLossWithTemperature` in TorchMultimodal, `NTXentLoss` in pytorch-metric-learning, and the loss of CLIP.
#
# **Read more:** van den Oord et al. (2018), doi:10.48550/arXiv.1807.03748; Radford et al. (2021), *CLIP*, doi:10.48550/arXiv.2103.00020; Khosla et al. (2020), doi:10.48550/arXiv.2004.11362, with labels; Tosh et al. (2021), doi:10.48550/arXiv.2008.10150, on when shared means useful; Liang et al. (2023), doi:10.48550/arXiv.2306.05268, on keeping what is not shared.
#
# **Next:** [Graph fusion](09_graph.ipynb), where leaves learn from their neighbors.
