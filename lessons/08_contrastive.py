# %% [markdown]
# # Contrastive fusion
# Afterwards you can teach a net with pairs that nobody has labeled, search spectra with a photograph, say what such a net forgets and why, and judge whether all this is worth it for you.
#
# You need notebooks 00 to 06.
#
# **75 minutes**: 42 reading, 2 running, 31 exercises.
#
# The modalities meet as vectors, as in notebook 06. New is a loss that asks the two vectors of one leaf to find each other.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("contrastive"))

# %% [markdown]
# ## Which spectrum is mine?
# We photographed 600 plants, took spectra of the same leaves, and nobody has told us the condition of any. A plant pathologist will name ten leaves of each condition, no more. Are all the others of any use?
#
# They have no labels, but they come in **pairs**. Here are three leaves. Some encoder has turned each picture and each spectrum into a vector of length 1:

# %%
import numpy as np

pictures = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]])
spectra = np.array([[0.8, 0.6], [0.6, 0.8], [-0.6, 0.8]])

# %%
cosines = pictures @ spectra.T
print(cosines)

# %% [markdown]
# Rows are pictures, columns are spectra, and each number is a cosine: 1 where two vectors point the same way. Partners stand on the diagonal.
#
# Now play a game. Each picture must pick its own spectrum out of the three. That is classification, with the cosines as logits and the partner as the right class. *No label is needed.* First divide the cosines by a number called the **temperature** (it does here what it did in notebook 05: a large one softens the choice, a small one sharpens it), then take the softmax:


# %%
def softmax(logits):
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


# %%
print(softmax(cosines / 1.0).round(2))

# %% [markdown]
# Each row is how a picture spreads its bet over the spectra. The first picture puts only half on its own, although that one is nearest. And at a temperature of 0.1?

# %%
print(softmax(cosines / 0.1).round(2))

# %% [markdown]
# A cosine cannot exceed 1, so at temperature 1 even the best net would sound unsure. Low temperatures sharpen the choice.
#
# The loss is the log-loss you know: minus the logarithm of the share given to the partner, averaged over the pictures. Then the spectra ask and the pictures answer: the same on the transposed table. The mean of both is called **InfoNCE**.
#
# **Exercise 08.1.** Write it. The function gets the table of cosines, already divided by the temperature. `hint("08.1")` helps.

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
# mmlib's `info_nce` takes the vectors instead of the table, and takes them as tensors, so that a net can learn from it. First our three leaves as they are, then with the spectra in reverse order:

# %%
import torch

from mmlib.fusion.contrastive import InfoNCE, info_nce, shared_places

torch.set_default_dtype(torch.float64)  # as in notebook 06
a, b = torch.tensor(pictures), torch.tensor(spectra)

# %%
print(f"loss {info_nce(a, b, temperature=0.1):.2f}")
print(f"loss with the spectra in reverse order {info_nce(a, b.flip(0), temperature=0.1):.2f}")

# %% [markdown]
# The same vectors, paired wrongly, and the loss is far higher. It lives on the pairs alone. Whoever sorts one of two files by accident trains on nonsense.

# %% [markdown]
# ## Three thousand pairs
# 600 plants with five leaves each. Pictures become 33 features and spectra 15 principal components, as before. Both steps need no labels.

# %%
import mmlib
from mmlib.features import with_features

pairs = with_features(mmlib.make_leaves(n_plants=600, seed=21))

# %% [markdown]
# We judge on leaves of plants that the net has never met, one leaf of each.

# %%
from mmlib.features import feature_blocks
from mmlib.fusion import early_fusion

fresh = mmlib.make_leaves(n_plants=1000, leaves_per_plant=1, seed=22)
new = with_features(fresh)
blocks = feature_blocks(pairs, n_components=15).fit(pairs.X)
known, asked = blocks.transform(pairs.X), blocks.transform(new.X)

# %% [markdown]
# As tensors, each column in units of its spread:

# %%
spread = {name: table.std(axis=0) for name, table in known.items()}
x = {name: torch.tensor(known[name] / spread[name]) for name in known}
x_new = {name: torch.tensor(asked[name] / spread[name]) for name in known}

# %% [markdown]
# Two encoders, one loss, and the loop of notebook 06. Each encoder ends in four numbers. Look for the labels: there are none. `InfoNCE` is our loss with a temperature that is learned, within bounds.

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
# Did it work? Ask new leaves. Each photograph orders the 1,000 spectra by cosine; **recall at k** is how often its own is among the first k, the **median rank** is the median of its places.

# %%
from mmlib.evaluation.retrieval import partner_ranks, recall_at, recall_sentence

print("photograph asks:", recall_sentence(placed["image"], placed["spectrum"]))
print("spectrum asks:  ", recall_sentence(placed["spectrum"], placed["image"]))

# %% [markdown]
# Guessing would give 0.1 %, 0.5 %, 1 % and 500. So a photograph leads to the right neighborhood, seldom to the very leaf. This is **cross-modal retrieval**. The same in one call; `TableEncoder` is mmlib's encoder for tables, a single linear layer (the embedding adds the bend and the layer to four numbers):

# %%
from mmlib.fusion.embedding import ContrastiveEmbedding
from mmlib.nets.encoders import TableEncoder

tables = {name: TableEncoder for name in known}
embedding = ContrastiveEmbedding(dim=4, encoders=tables, random_state=0).fit(known)

# %%
places = embedding.transform(asked)
print("photograph asks:", recall_sentence(places["image"], places["spectrum"]))

# %% [markdown]
# Always ask about new plants. Here are 600 training plants and 600 new ones, one leaf each, for a net with eight numbers, trained much longer:

# %%
longer = ContrastiveEmbedding(dim=8, epochs=80, encoders=tables, random_state=0).fit(known)
for who, table, rows in (("training", known, slice(0, None, 5)), ("new", asked, slice(600))):
    z = longer.transform({name: table[name][rows] for name in table})
    print(f"{who} plants:", recall_sentence(z["image"], z["spectrum"]))

# %% [markdown]
# Guessing would find 2 % at 10. A net can learn pairs by heart as well as labels. A recall on training plants is worth nothing.
#
# Two settings are said to matter a lot: the temperature and the size of the batch. Every other leaf of a batch is a stranger to be told apart, so large batches are harder.

# %% [markdown]
# **Exercise 08.2, predict, then run.** With which batch is the last loss lower, 32 or 512 leaves? And can these two losses be compared, to say which net is the better one? Answer `"32, comparable"`, `"512, comparable"` or `"32, not comparable"`. What would a net pay that gives every stranger the same share?

# %%
# SOLUTION
batches = "32, not comparable"
# STUB
# batches = ...
check("08.2", batches)

# %%
for temperature, batch in [(0.1, 32), (0.1, 128), (0.1, 512), (0.02, 128), (0.5, 128)]:
    z, _, loss = pretrain(temperature, batch, learn=False)
    found = f"recall at 10: {recall_at(z['image'], z['spectrum'], k=10):.0%}"
    print(f"temperature {temperature}, batch {batch}: last loss {loss:.1f}, {found}")

# %% [markdown]
# Equal shares cost the logarithm of the batch, 3.5 of 32 and 6.2 of 512. (A bit less here: the very last batch holds the leaves left over, 24 and 440.) So losses of different batches cannot be compared; recalls can. The recalls differ far less than the losses do. What the small batch has ahead may come from its steps: in the same number of epochs it takes sixteen times as many as the largest. Very large batches were made for the millions of pictures of the web.
#
# ## Hits and misses
# Look at the leaves. Each asks, with its photograph or its spectrum. Dashed and gray is the spectrum it was looking for. (All leaves have small spots; blight makes large ones.)

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
# The second row is a hit, and even the strangers in it make sense: they lack phosphorus too. The other rows show that this is not the rule: the last is a miss by far. Who is found easily, and who is not?

# %%
ranks = partner_ranks(places["image"], places["spectrum"])
for k, name in enumerate(fresh.target_names):
    print(f"{name}: median rank {np.median(ranks[new.y == k]):.0f}")

# %% [markdown]
# Those short of phosphorus: the lack turns leaves red. What is unusual, and seen by both instruments, is found; a green leaf stands in a crowd of green leaves. So color is what photographs and spectra agree on. Is more than that kept?
#
# The simulation knows what is in each leaf. How well can linear regression read it from the tables, and from the four numbers of the **embedding**, as the net's vectors are called? 100 % is perfect (R² of the logarithm of the amount, on new leaves).

# %%
from sklearn.linear_model import LinearRegression


def readable(tables, tables_new, name, factor):
    line = LinearRegression().fit(tables[name], np.log(pairs.info[factor]))
    return f"{max(0, line.score(tables_new[name], np.log(new.info[factor]))):.0%}"


# %% [markdown]
# **Exercise 08.3, predict, then run.** Of these, which will the *spectrum's* four numbers have lost most of: `"water"`, `"anthocyanins"` or `"chlorophyll"`?

# %%
# SOLUTION
lost = "water"
# STUB
# lost = ...
check("08.3", lost)

# %%
kept = embedding.transform(known)
seen = {"spectrum": ["water", "anthocyanins", "chlorophyll"], "image": ["lesions", "anthocyanins"]}
for name in seen:
    for factor in seen[name]:
        table, four = readable(known, asked, name, factor), readable(kept, places, name, factor)
        print(f"{factor} in the {name}: {table} in the table, {four} in four numbers")

# %% [markdown]
# **What only one modality knows does not help to find partners, and is thrown away.** Color stays. Of the water, which the spectrum reads nearly perfectly and the camera not at all, a large part is gone.
#
# Why is *any* water left? A clue: we make the same plants again with the knob `lesions` at zero, so that blight makes no large spots. That changes the **pictures** only; the spectra stay as they are.
#
# **Exercise 08.4, predict, then run.** What happens to the water in the *spectrum's* four numbers? `"as before"`, `"more is kept"` or `"most is lost"`.

# %%
# SOLUTION
water = "most is lost"
# STUB
# water = ...
check("08.4", water)

# %%
clean = with_features(mmlib.make_leaves(n_plants=600, lesions=0, seed=21))
table = feature_blocks(clean, n_components=15).fit_transform(clean.X)

# %%
four = ContrastiveEmbedding(dim=4, encoders=tables, random_state=0).fit_transform(table)
moisture = np.log(clean.info["water"])
line = LinearRegression().fit(four["spectrum"], moisture)
print(f"water in the spectrum: {100 * line.score(four['spectrum'], moisture):.0f} %")

# %% [markdown]
# (Read on the training leaves themselves, which flatters if anything.) We changed the pictures, and the spectra's numbers forgot most of the water they had kept! In our leaves nobody is ill twice. A leaf with large spots has blight, *so it is not dry*: the spectrum had kept some water because it excluded spots. The **condition itself is shared information**, although no label was given. That is the hope behind contrastive pretraining. What is it worth?
#
# ## Ten labels
# The pathologist names a few leaves of each condition, each from another plant. Which model makes most of them?
#
# - **net, from scratch**: the net of notebook 06;
# - **net, pretrained**: the same, its encoders from the embedding;
# - **early**: linear discriminant analysis, notebook 04;
# - **PCA of the pairs**: the same on 20 principal components, fitted on all pairs;
# - **early + contrastive**: the embedding *beside* the features, because they still have what it threw away;
# - **early + CCA**: likewise with the two scores of canonical correlation analysis, which finds what is shared by straight lines (notebook 11).

# %%
from sklearn.decomposition import PCA

from mmlib.fusion.cca import RegularizedCCA

cca = RegularizedCCA(n_components=2).fit(known)
pca = {name: PCA(10).fit(known[name]) for name in known}


# %%
def beside(X, fitted):
    return X | {f"{name} shared": table for name, table in fitted.transform(X).items()}


# %% [markdown]
# Each model is trained on the few labeled leaves and judged on all new ones; `score_few_labels` does so for six draws of the leaves to be labeled. `treat` makes its tables out of ours; they need no scaling (`[]`), and early fusion may be handed more than two. A `lambda`, below, is a function without a name.

# %%
from sklearn.covariance import OAS
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from mmlib.evaluation.few_labels import gain_sentence, score_few_labels

labels = [5, 10, 20, 50]
lda = LinearDiscriminantAnalysis(solver="lsqr", covariance_estimator=OAS())


# %%
def score(model, treat=dict):
    sets = (treat(known), pairs.y), (treat(asked), new.y)
    return score_few_labels(model, *sets, labels, pairs.groups)


def early(treat=dict):
    blocks = {name: [] for name in treat(known)}
    return score(early_fusion(blocks=blocks, classifier=lda), treat)


# %% [markdown]
# **Exercise 08.5, predict, then run.** With ten labels of each condition, which order is right, best first? `"pretrained, scratch, early"`, `"pretrained, early, scratch"` or `"early, pretrained, scratch"`.

# %%
# SOLUTION
order = "early, pretrained, scratch"
# STUB
# order = ...
check("08.5", order)

# %%
shares = {
    "net, from scratch": score(mmlib.FusionClassifier(encoders=tables, random_state=0)),
    "net, pretrained": score(mmlib.FusionClassifier(encoders=embedding.encoders_, random_state=0)),
    "early": early(),
    "PCA of the pairs": early(lambda X: {name: pca[name].transform(X[name]) for name in X}),
    "early + contrastive": early(lambda X: beside(X, embedding)),
    "early + CCA": early(lambda X: beside(X, cca)),
}

# %%
show(*plot_few_labels(shares, labels, ceiling=mmlib.ceilings(fresh)["joint"][0]))

# %% [markdown]
# Each point is a mean over six draws of leaves, with its standard error. All rivals got the same leaves, so differences can be told more exactly. With ten labels:

# %%
ten = {name: table[labels.index(10)] for name, table in shares.items()}
print(gain_sentence(ten, "net, pretrained", "net, from scratch"))

# %%
print(gain_sentence(ten, "early", "net, pretrained"))
print(gain_sentence(ten, "early + contrastive", "early"))
print(gain_sentence(ten, "early + CCA", "early + contrastive"))

# %% [markdown]
# So the pretrained net is ahead of the one from scratch, and a paper could stop here. It would not tell you that the lead depends on the sample of leaves, which this interval does not cover: over several samples it is smaller, and not certain. It would not tell you that early fusion, which knows nothing of pairs, beats both nets. Nor that the embedding is better used *beside* the features. Nor that a method of 1936, CCA, gets more out of the same pairs.
#
# Then who needs contrastive learning? Somebody whose modalities agree, but not along straight lines. A microscope sees in which direction a fiber points. A polarimeter gives the same answer for opposite directions.


# %%
def fibers(n, seed):
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, 2 * np.pi, n)
    microscope = np.c_[np.cos(angle), np.sin(angle)]
    polarimeter = np.c_[np.cos(2 * angle), np.sin(2 * angle)]
    noise = 0.1 * rng.normal(size=(2, n, 2))
    return {"microscope": microscope + noise[0], "polarimeter": polarimeter + noise[1]}


# %%
for model in (RegularizedCCA(2), ContrastiveEmbedding(dim=4, random_state=0)):
    z = model.fit(fibers(2000, seed=0)).transform(fibers(1000, seed=1))
    print(f"{type(model).__name__}: {recall_sentence(z['microscope'], z['polarimeter'])}")

# %% [markdown]
# CCA guesses; the net's bend finds the link. Between raw pictures and raw sound, links are likely to be of this kind. With features that a chemist has thought about, they are often nearly straight.
#
# ## Find the mistake
# A published tutorial on "contrastive fusion" has two encoders that project "into a shared space". The projections are concatenated, a head classifies, and the loss is that of the labels. Here it is (`weight=0`), beside one with a contrastive loss added (`weight=1`), trained on 1,000 labeled leaves. `shared_places` gives the projections of new leaves:

# %%
for weight in (0, 1):
    fuse = {"fuse": "contrastive", "fuse__weight": weight, "fuse__give": "projections"}
    model = mmlib.FusionClassifier(encoders=tables, **fuse, epochs=20, random_state=0)
    z = shared_places(model.fit(known[:1000], pairs.y[:1000]), asked)
    right = f"{model.score(asked, new.y):.0%} of conditions right"
    print(f"weight {weight}: {right}, {recall_sentence(z['image'], z['spectrum'])}")

# %% [markdown]
# The tutorial's model classifies just as well. But the space it calls shared is not: a photograph finds its spectrum hardly more often than by guessing. *Nothing pulls pairs together unless a loss does.* It is intermediate fusion under another name, and accuracy will never tell. Ask for the partners.
#
# Where labels are there, they can join the game. In **supervised contrastive learning** all leaves of the same condition are partners.
#
# **Exercise 08.6.** Write the loss for one direction. `table` has a row for each picture and a column for each spectrum, `y` the conditions. For each row, take minus the logarithm of the share of *each* partner, its own spectrum included, and average; then average over the rows. You may use `softmax`.


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
# **What you saw.** Pairs can teach without labels. A net that learns them finds partners among new leaves, keeps what both modalities share, and forgets much of what one alone knows. Its loss depends on the batch; its success must be measured on new plants. With few labels it lifted a net, lifted early fusion when put beside the features, and was itself beaten by CCA where straight lines were enough.
#
# **Use it when** there are many unlabeled pairs and few labels, or one modality must be searched with the other, and the link is bent. Try CCA first. Keep the features beside the embedding.
#
# **Words:** pair, contrastive loss, InfoNCE, temperature, embedding, recall at k, median rank, cross-modal retrieval, pretraining. InfoNCE is `ContrastiveLossWithTemperature` in TorchMultimodal, `NTXentLoss` in pytorch-metric-learning, and the loss of CLIP.
#
# **Read more:** van den Oord et al. (2018), doi:10.48550/arXiv.1807.03748; Radford et al. (2021), *CLIP*, doi:10.48550/arXiv.2103.00020; Khosla et al. (2020), doi:10.48550/arXiv.2004.11362, with labels; Tosh et al. (2021), doi:10.48550/arXiv.2008.10150, on when shared means useful; Liang et al. (2023), doi:10.48550/arXiv.2306.05268, on keeping what is not shared.
#
# **Next:** [Graph fusion](09_graph.ipynb), where leaves learn from their neighbors.
