# %% [markdown]
# # Alignment
# Afterwards you can bring two instruments to one place, so that a reading of one can be held beside a reading of the other. You know a correlation that means nothing when you see it, and can say what alignment gives and what it takes.
#
# You need notebooks 00 to 06.
#
# **70 minutes**: 40 reading, 5 running, 25 exercises.
#
# Alignment stands on the same rung as contrastive fusion: the same question, other means.

# %%
from mmlib.plots import plot_ladder, show

show(*plot_ladder("contrastive"))

# %% [markdown]
# ## Two boxes
# Somebody dropped two boxes. In one were the spectra of 20 leaves, in the other their photographs. The labels are gone, as happens when files are renamed. Which belong together? We may learn from other leaves, whose pairs are known.

# %%
import mmlib
from mmlib.features import with_features

# %% [markdown]
# The bundled leaves are the known ones. The boxes, fifty of them, are filled from 1,000 new plants, one leaf each.

# %%
leaves = with_features(mmlib.load_leaves())
others = with_features(mmlib.make_leaves(n_plants=1000, leaves_per_plant=1, seed=11))

# %%
from mmlib.fusion import feature_blocks

# %%
blocks = feature_blocks(leaves).fit(leaves.X)
known, new = blocks.transform(leaves.X), blocks.transform(others.X)
print({name: table.shape for name, table in new.items()})

# %% [markdown]
# Fifteen numbers from a spectrum, 33 from a picture: you cannot subtract a redness from a reflectance. Each table needs **weights** that turn its columns into the same few numbers, its **scores**. *Alignment* is the search for weights by which the two scores of a leaf come out alike.
#
# We count successes like this: for each spectrum, look at the 20 photographs of its box. How often is no other photograph nearer than its own?


# %%
def found(aligned):
    a, b = (table.reshape(50, 20, -1) for table in aligned.values())  # 50 boxes of 20
    distance = ((a[:, :, None] - b[:, None]) ** 2).sum(axis=-1)  # (box, spectrum, photograph)
    own = distance.diagonal(axis1=1, axis2=2)[:, :, None]
    return 100 * ((distance < own).sum(axis=-1) == 0).mean()


# %% [markdown]
# A guess finds one in twenty, 5 %. First attempt: two principal components of each table, in units of their spread.

# %%
from sklearn.decomposition import PCA

main = {name: PCA(2, whiten=True).fit(known[name]).transform(new[name]) for name in new}
print(f"found: {found(main):.0f} %")

# %% [markdown]
# What varies most in spectra is not what varies most in pictures. The weights must be learned from pairs.
#
# ## Nothing lies closer than zero
# Three leaves, one number from each instrument, one weight for each. How far apart do the scores lie?

# %%
import numpy as np

chlorophyll = np.array([20, 40, 60])  # from the spectrum, ug/cm2
green = np.array([0.3, 0.5, 0.9])  # from the picture
for w, v in [(1, 1), (1, 70), (0.1, 7)]:
    print(f"weights {w} and {v}: {((w * chlorophyll - v * green) ** 2).sum():.1f}")

# %% [markdown]
# **Exercise 11.1.** Which two weights give the smallest distance of all? A list `[w, v]`. `hint("11.1")` helps.

# %%
from mmlib.exercises.e11 import check, hint

# %%
# SOLUTION
closest = [0, 0]
# STUB
# closest = ...
check("11.1", closest)

# %% [markdown]
# A tutorial minimizes just that distance, over many leaves and columns. So do we. The loop is that of notebook 06, for any loss:

# %%
import torch
from torch import nn


def learn(net, loss, steps=300):
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.01)
    for _step in range(steps):
        value = loss()
        optimizer.zero_grad()
        value.backward()
        optimizer.step()


# %% [markdown]
# The tables as tensors, every column in units of its spread, and a linear layer for each:

# %%
scale = {name: table.std(axis=0) for name, table in known.items()}
x = {name: torch.tensor(known[name] / scale[name]) for name in known}
x_new = {name: torch.tensor(new[name] / scale[name]) for name in new}

# %%
torch.manual_seed(0)
nets = nn.ModuleDict({"spectrum": nn.Linear(15, 2), "image": nn.Linear(33, 2)})


def scores(nets, x):
    return {name: nets[name](x[name]) for name in nets}


# %%
def distance():
    a, b = scores(nets, x).values()
    return ((a - b) ** 2).sum(dim=1).mean()


print(f"distance before: {distance().item():.3f}")
learn(nets, distance)
print(f"distance after: {distance().item():.3f}")

# %% [markdown]
# A triumph? Look at what the scores have become:

# %%
spread = scores(nets, x)["image"].std(dim=0)
print(f"spread of the scores: {spread[0].item():.3f} and {spread[1].item():.3f}")

# %% [markdown]
# Every leaf is moved to the same point: **collapse**. Nothing is known of any. Now go to the end of this road, all weights zero, and count. What do you expect?

# %%
nothing = {name: np.zeros((1000, 2)) for name in new}
print(f"found: {found(nothing):.0f} %")

# %% [markdown]
# A perfect score, for knowing nothing! No photograph is nearer than the right one, since all are equally near. A loss that allows collapse and a count that gives ties away hide each other.
#
# **Exercise 11.2.** Write a count for one box that is not fooled. `distance` has a row for each spectrum and a column for each photograph, partners on the diagonal. A partner counts only if it is nearer than *every* other. Return the share found, between 0 and 1.


# %%
# SOLUTION
def share(distance):
    own = np.diag(distance)[:, None]
    return ((distance <= own).sum(axis=1) == 1).mean()


# STUB
# def share(distance):
#     return ...
check("11.2", share)

# %% [markdown]
# mmlib's count has this built in. From here on we use it.

# %%
from mmlib.fusion.alignment import share_found

print(f"found: {100 * share_found(*nothing.values()):.0f} %")

# %% [markdown]
# ## Variance one
# The cure is a **constraint**: scores must have variance 1. That forbids zero weights, and more. On the three leaves:

# %%
a = (chlorophyll - chlorophyll.mean()) / chlorophyll.std()
b = (green - green.mean()) / green.std()
r = (a * b).mean()

# %%
print(f"mean squared distance {((a - b) ** 2).mean():.2f}, 2 - 2 r = {2 - 2 * r:.2f}")

# %% [markdown]
# Least distance and largest correlation are now the same thing. With many columns there are two steps. **Whiten** each table: turn it so that its columns do not correlate, and give each variance 1. Then ask which directions of one table go with which of the other; the singular value decomposition (the engine of PCA) answers. By hand:


# %%
def whiten(table):
    centered = table - table.mean(axis=0)
    variance, directions = np.linalg.eigh(centered.T @ centered / len(table))
    some = variance > 1e-6  # one feature follows from the others
    return centered @ directions[:, some] / np.sqrt(variance[some])


a, b = whiten(known["spectrum"]), whiten(known["image"])
left, agreement, up = np.linalg.svd(a.T @ b / len(a))
print(agreement[:5].round(2))

# %% [markdown]
# This is **canonical correlation analysis**, CCA, from 1936. Two directions agree strongly, and then no more comes. The call:

# %%
from mmlib.fusion.alignment import RegularizedCCA, correlations

# %%
cca = RegularizedCCA(n_components=2, shrinkage=0).fit(known)
aligned = cca.transform(new)
print(f"known leaves {cca.correlations_.round(2)}, new leaves {correlations(aligned).round(2)}")

# %%
from mmlib.plots.alignment import plot_clouds

print(f"found: {100 * share_found(*aligned.values()):.0f} %")
show(*plot_clouds({"principal components": main, "aligned": aligned}))

# %% [markdown]
# Lines join the two points of a dozen leaves. Two numbers find several times more than a guess, and no labels were used. So what do both instruments see? The simulation knows:

# %%
for k in range(2):
    for factor in ("anthocyanins", "chlorophyll", "water", "lesions"):
        r = np.corrcoef(aligned["spectrum"][:, k], np.log(others.info[factor]))[0, 1]
        if abs(r) > 0.5:
            print(f"score {k + 1} is {factor}: correlation {abs(r):.1f}")

# %% [markdown]
# Redness and greenness: the **shared** information, found without being told. Water and lesions do not appear: each is seen by one instrument only.
#
# **Exercise 11.3, predict, then run.** The leaves differ in more than two ways. Take four scores instead of two: will partners be found `"more often"`, `"less often"` or `"as often"`?

# %%
# SOLUTION
with_four = "less often"
# STUB
# with_four = ...
check("11.3", with_four)

# %%
for k in (1, 2, 4, 8):
    scores_k = RegularizedCCA(k, shrinkage=0).fit(known).transform(new)
    print(f"{k} scores: {100 * share_found(*scores_k.values()):.0f} % found")

# %% [markdown]
# The third score of a spectrum says little about the third of a picture. It has variance 1 all the same, and drowns those that agree.
#
# Alignment has a second use, *calibration transfer*. A chlorophyll calibration (in the chemist's sense: a model from readings to a quantity) is made on the spectrometer's scores. Now read it from the **camera**, which was never given a reference value:

# %%
from sklearn.linear_model import LinearRegression

truth = others.info["chlorophyll"]
pairs = cca.transform(known)
calibration = LinearRegression().fit(pairs["spectrum"], leaves.info["chlorophyll"])
own = LinearRegression().fit(known["image"], leaves.info["chlorophyll"])

# %%
readings = {
    "camera, by transfer": calibration.predict(aligned["image"]),
    "camera, analyzed anew": own.predict(new["image"]),
    "no instrument": np.full(len(truth), leaves.info["chlorophyll"].mean()),
}
for name, reading in readings.items():
    print(f"{name}: wrong by {np.sqrt(((reading - truth) ** 2).mean()):.0f} ug/cm2")

# %% [markdown]
# Pairs replaced the laboratory: by transfer the camera comes close to one that was calibrated with analyses of its own.
#
# ## A correlation of 1.00
# Why bother with features? Give CCA the 211 bands and coarse pixels, and 100 leaves.

# %%
from mmlib.plots.alignment import bands_and_pixels as raw

some = mmlib.make_leaves(n_plants=400, leaves_per_plant=1, seed=12)
rest = raw(mmlib.make_leaves(n_plants=300, leaves_per_plant=1, seed=13))

# %%
plain = RegularizedCCA(1, shrinkage=0).fit(raw(some, 100))
print(f"correlation, 100 training leaves: {plain.correlations_[0]:.2f}")

# %% [markdown]
# Before the next cell: and on new leaves?

# %%
from mmlib.plots.alignment import plot_agreement

stages = {"training": plain.transform(raw(some, 100)), "new leaves": plain.transform(rest)}
show(*plot_agreement(stages))

# %% [markdown]
# Nothing. With more columns than leaves there is *always* a direction on which both tables agree perfectly, for noise too. CCA finds it, and overlooks the redness that is there. The training correlation is no evidence, however high.
#
# The remedy is the **shrinkage** of notebook 04, here in both tables. At 0 we have CCA. At 1 *covariance* is maximized instead of correlation: that is PLS. You have known one end of the slider all along.

# %%
from mmlib.plots.alignment import draw_shrinkage as draw
from mmlib.widgets import explorer, static_row

explorer(draw, shrinkage=[0.0, 0.001, 0.01, 0.1, 0.3, 1.0], leaves=(50, 400, 50))

# %%
static_row(draw, [{"shrinkage": 0.0}, {"shrinkage": 0.1}, {"shrinkage": 1.0}])

# %% [markdown]
# Neither end will do here: PLS follows what varies most, and that need not be shared. How much, then? Cross-validation answers, as for the components of a PLS. The score of a `RegularizedCCA` is the correlation on leaves it has not seen.

# %%
from sklearn.model_selection import GridSearchCV

# %%
search = GridSearchCV(RegularizedCCA(1), {"shrinkage": [0.0, 0.001, 0.1, 1.0]}, cv=5)
search.fit(raw(some))
print(f"chosen: {search.best_params_['shrinkage']}")

# %% [markdown]
# **Exercise 11.4, a judgment.** "With 60 wines, 300 bands and 40 taste scores we found a canonical correlation of 0.99." Answer `"strong link"`, `"no link"` or `"nothing follows"`.

# %%
# SOLUTION
wines = "nothing follows"
# STUB
# wines = ...
check("11.4", wines)

# %% [markdown]
# ## What is kept, and what is lost
# Should one align before classifying? The five conditions again. Linear discriminant analysis decides each time: on all features, on two aligned scores of each instrument, and on the average of the two instruments.

# %%
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from mmlib.fusion import early_fusion, on_features


def side_by_side(X):
    return np.hstack([X["image"], X["spectrum"]])


def average(X):
    return (X["image"] + X["spectrum"]) / 2


# %% [markdown]
# A net can be rewarded for alignment while it learns the conditions. `Correlate` adds **deep** CCA to the loss: minus the sum of the canonical correlations of a batch.

# %%
from mmlib.fusion.alignment_deep import Correlate

early = early_fusion(leaves)
align = [feature_blocks(leaves), RegularizedCCA(2, shrinkage=0.01)]
models = {
    "early": early,
    "aligned": make_pipeline(*align, FunctionTransformer(side_by_side), early[-1]),
    "averaged": make_pipeline(*align, FunctionTransformer(average), early[-1]),
    "net": on_features(leaves),
    "net, rewarded": on_features(leaves, fuse=Correlate),
}

# %% [markdown]
# **Exercise 11.5, predict.** On aligned scores, two conditions can hardly be told from healthy any more. Which? A list of two names.

# %%
# SOLUTION
lost = ["drought", "blight"]
# STUB
# lost = ...
check("11.5", lost)

# %%
result = mmlib.compare(models, leaves, n_folds=4, n_repeats=1)
show(*result.plot())
print(result.sentence("net", "net, rewarded"))

# %%
import pandas as pd

# %%
counts = {name: result.confusion(name) for name in models}
kept = {name: 100 * np.diag(table) / table.sum(axis=1) for name, table in counts.items()}

# %%
pd.DataFrame(kept, index=leaves.target_names).round(-1).astype(int)

# %% [markdown]
# Percent of each condition recognized. What is shared stays. What one instrument alone knows is nearly gone: healthy, drought and blight are taken for each other. Nor did the reward help the net.
#
# Now the surprise. Nitrogen is the condition that *neither* instrument sees alone. Aligned scores side by side still know it; their average knows less. Look at the greenness score of both, in standard deviations:

# %%
turn = np.sign(aligned["spectrum"][:, 1] @ (truth - truth.mean()))  # up means greener
green = {name: turn * table[:, 1] for name, table in aligned.items()}

# %%
for label in ("healthy", "nitrogen deficiency"):
    rows = others.y == leaves.target_names.index(label)
    gap = (green["spectrum"] - green["image"])[rows].mean()
    print(f"{label}: spectrum minus picture {gap:.1f}")

# %% [markdown]
# The picture shows a grown leaf and expects chlorophyll; the spectrum finds less. **The *difference* of two aligned scores can tell what neither tells alone.** Averaging wipes it out.
#
# When does alignment win? When the shared part is what you ask for, pairs are plenty and *labels are few*. Leaves with redness only; is phosphorus missing, yes or no?

# %%
only_red = {"water": 0, "lesions": 0, "synergy": 0}
few = with_features(mmlib.make_leaves(seed=14, **only_red))
test = with_features(mmlib.make_leaves(seed=15, **only_red))
few_x, test_x = blocks.transform(few.X), blocks.transform(test.X)
pair = RegularizedCCA(2, shrinkage=0.01).fit(few_x)

# %% [markdown]
# Labels of ten plants, two of each condition, 24 draws. To be fair, the classifier is the one that did best on *all* features among several: a logistic regression on a short leash (a small `C`).

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.preprocessing import StandardScaler

plants = np.array([np.unique(few.groups[few.y == k]) for k in range(5)])  # (5, 48)
leashed = LogisticRegression(C=0.01, class_weight="balanced")


def percent_right(table, test_table):
    shares = []
    for ten in np.split(plants, 24, axis=1):
        rows = np.isin(few.groups, ten)
        model = make_pipeline(StandardScaler(), leashed).fit(table[rows], few.y[rows] == 3)
        shares.append(balanced_accuracy_score(test.y == 3, model.predict(test_table)))
    return 100 * np.array(shares)


# %%
features = percent_right(side_by_side(few_x), side_by_side(test_x))
shared = percent_right(side_by_side(pair.transform(few_x)), side_by_side(pair.transform(test_x)))
print(f"balanced accuracy: all {features.mean():.0f} %, aligned {shared.mean():.0f} %")
print(f"aligned ahead in {np.sum(shared > features)} of {len(shared)} draws")

# %% [markdown]
# 1,200 pairs without labels taught what is shared; fifty labels did the rest.
#
# ## Nets, opponents and words
# **Nets.** A linear layer finds what a weighted sum finds. With a bend it can do more. The loop is ours, the loss is new.

# %%
from mmlib.fusion.alignment_deep import cca_loss


def bent(columns):
    return nn.Sequential(nn.Linear(columns, 16), nn.Tanh(), nn.Linear(16, 2))


# %%
torch.manual_seed(0)
nets = nn.ModuleDict({"spectrum": bent(15), "image": bent(33)})
learn(nets, lambda: cca_loss(*scores(nets, x).values(), shrinkage=0.01), steps=200)

# %% [markdown]
# A last linear CCA turns the net's scores, so that they can be compared one by one.

# %%
with torch.no_grad():
    ends = [{name: v.numpy() for name, v in scores(nets, part).items()} for part in (x, x_new)]
deep = RegularizedCCA(2, shrinkage=0).fit(ends[0]).transform(ends[1])
print(
    f"new leaves: {correlations(deep).round(2)}, found: {100 * share_found(*deep.values()):.0f} %"
)

# %% [markdown]
# A little better than before, from one random start, with twelve hundred pairs to learn from.
#
# **An opponent.** Another idea needs no pairs at all. A small net, the *discriminator*, learns to say whether scores came from a spectrum or a picture. The projections learn to fool it: on the way back its slopes are turned round. (A head for the conditions keeps the scores from collapsing.) When nobody can tell, the instruments are aligned. Are they?

# %%
from torch.nn.functional import cross_entropy

from mmlib.fusion.alignment_deep import Adversary

y = torch.tensor(leaves.y)


def play(shared, seed):
    torch.manual_seed(seed)
    fuse = Adversary({"spectrum": 15, "image": 33}, shared, hidden=4)
    head = nn.Linear(fuse.width, 5)
    learn(nn.ModuleList([fuse, head]), lambda: fuse.loss(x, y) + cross_entropy(head(fuse(x)), y))
    return fuse


# %% [markdown]
# Two judges say where the scores of new leaves came from: the trained discriminator, and a **fresh** one, who has seen none of the game. It learns from half of the new leaves and is asked about the others. How often are they right, and how many partners are found?

# %%
from mmlib.fusion.alignment_deep import two_judges

# %% [markdown]
# Eight scores for each instrument, then two. Means over three games, since games differ:

# %%
for shared in (8, 2):
    games = [two_judges(play(shared, seed), x_new) for seed in range(3)]
    trained, fresh, share = 100 * np.mean(games, axis=0)
    print(f"{shared} scores: trained {trained:.0f} %, fresh {fresh:.0f} %, found {share:.0f} %")

# %% [markdown]
# Half right is guessing. With eight scores the trained judge can only guess, and the fresh one is nearly always right. **That the trained judge fails proves little: a fresh one must fail, too.**
#
# With two scores the fresh judge is often wrong as well: the clouds look alike. Yet partners are found hardly better than by guessing, one in twenty. Clouds are not pairs. Use an opponent to make instruments, days or sites look alike, never to match samples.
#
# **Words.** Conditions have descriptions. If both instruments learn to read the same words, they meet there, and with classes that were never measured.

# %%
from sklearn.feature_extraction.text import CountVectorizer

sentences = "a green leaf; a dry leaf; dark spots on a leaf; a red leaf; pale for its age"
sentences = sentences.split("; ")

# %%
reader = CountVectorizer(vocabulary=["dry", "spots", "red", "pale"])
words = dict(enumerate(reader.transform(sentences).toarray().tolist()))
print({leaves.target_names[k]: word for k, word in words.items()})

# %% [markdown]
# `SemanticAlignment` learns by ridge regression to read these words from features, and names the class with the nearest description. Four numbers for a sentence are a toy; a language model gives hundreds, used in the same way.
#
# **Exercise 11.6, predict, then run.** We leave out one condition at a time and ask for it by its description alone. One of the five can be recognized. Which?

# %%
# SOLUTION
recognized = "healthy"
# STUB
# recognized = ...
check("11.6", recognized)

# %%
from mmlib.fusion.alignment_words import SemanticAlignment

# %%
for k, name in enumerate(leaves.target_names):
    seen, asked = leaves.take(leaves.y != k), others.take(others.y == k)
    model = SemanticAlignment(words).fit(blocks.transform(seen.X), seen.y)
    share_right = (model.predict(blocks.transform(asked.X)) == k).mean()
    print(f"never seen {name}: {100 * share_right:.0f} % recognized (a guess: 20 %)")

# %% [markdown]
# Nobody learns the word "dry" from leaves of which none is dry. "Healthy" needs no word of its own, only the absence of the others. So what can be recognized unseen are new **combinations** of known words. Take a leaf that is dry *and* spotted: the spectrum of a dry leaf, the picture of a spotted one of the same age.

# %%
by_age = {k: np.flatnonzero(others.y == k) for k in (1, 2)}
by_age = {k: rows[np.argsort(others.info["maturity"][rows])] for k, rows in by_age.items()}
strange = {"spectrum": new["spectrum"][by_age[1]], "image": new["image"][by_age[2]]}

# %%
model = SemanticAlignment(words | {5: [1, 1, 0, 0]}).fit(known, leaves.y)
share_right = (model.predict(strange) == 5).mean()
mistaken = (model.predict(new) == 5).mean()
print(f"dry and spotted: {100 * share_right:.0f} % recognized (a guess: {100 / 6:.0f} %)")
print(f"ordinary leaves called dry and spotted: {100 * mistaken:.0f} %")

# %% [markdown]
# **What you saw.** Without a constraint, alignment collapses, and a careless count praises it. With variance 1 it is CCA. On many columns CCA finds perfect agreement that is not there, until shrunk. Alignment keeps what is shared, and drops what one instrument alone sees.
#
# **Use it when** samples of two instruments must be matched, or a calibration moved, or pairs are many and labels few. Not as a step before classifying with plenty of labels: early fusion keeps more.
#
# **Words:** scores, alignment, collapse, whitening, canonical correlation, shrinkage, discriminator, zero-shot. CCA is `CCA` in scikit-learn (no shrinkage); shrunk, `RidgeCCA` in cca-zoo; for several tables, MCCA or GCCA there, `multiblock` methods in chemometrics (MB-PLS). O2PLS and JIVE also model what is *not* shared.
#
# **Read more:** Hotelling (1936), doi:10.1093/biomet/28.3-4.321; Andrew et al. (2013), *Deep canonical correlation analysis*, ICML; Ganin et al. (2016), *Domain-adversarial training*, JMLR 17(59); Lampert et al. (2014), doi:10.1109/TPAMI.2013.140, on classes never seen; Chao et al. (2016), doi:10.1007/978-3-319-46475-6_4, on judging that fairly.
#
# **Next:** [Which one, when?](12_which_one.ipynb) holds all rungs side by side.
