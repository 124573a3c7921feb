# %% [markdown]
# # Alignment
# Afterwards you can bring the readings of two instruments to common scores, so that a reading of one can be compared with a reading of the other. You recognize a correlation that means nothing, and you can say what alignment keeps and what it loses.
#
# You need notebooks 00 to 06, and 08.
#
# **75 minutes**: 45 reading, 5 running, 25 exercises.
#
# Alignment stands on the same rung of the ladder as contrastive fusion (notebook 08). It asks the same question and answers it by other means.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("contrastive"))

# %% [markdown]
# ## Two boxes
# Somebody dropped two boxes. One held the spectra of 20 leaves, the other held their photographs. The labels are lost, as happens when files are renamed. Which spectrum belongs to which photograph? We may learn from other leaves, whose pairs are known.

# %%
import mmlib
from mmlib.features import feature_blocks, with_features
from mmlib.fusion import aligned_fusion, early_fusion, on_features

# %% [markdown]
# Our usual leaves are those whose pairs are known. One pair of boxes would not tell us much, because chance would decide. So we simulate 1,000 new plants with one leaf each, which fill fifty such pairs of boxes.

# %%
leaves = with_features(mmlib.load_leaves())
others = with_features(mmlib.make_leaves(n_plants=1000, leaves_per_plant=1, seed=11))

# %%
blocks = feature_blocks(leaves, n_components=15).fit(leaves.X)
known, new = blocks.transform(leaves.X), blocks.transform(others.X)

# %% [markdown]
# A leaf is now 15 numbers from its spectrum and 33 numbers from its picture. These cannot be compared directly: you cannot subtract a redness from a reflectance. Each table needs **weights** that turn its columns into the same small set of numbers, its **scores**. *Alignment* is the search for weights by which the scores of a leaf come out alike for both instruments.
#
# We count success in this way. For each spectrum, look at the 20 photographs of its box. Its own photograph is its *partner*. How often is the partner at least as near as every other photograph?


# %%
def found(aligned):
    a, b = (table.reshape(50, 20, -1) for table in aligned.values())  # 50 boxes of 20
    distance = ((a[:, :, None] - b[:, None]) ** 2).sum(axis=3)  # (box, spectrum, photograph)
    # the distances of partners lie on the diagonal; [:, :, None] makes them a column
    nearer = distance < distance.diagonal(axis1=1, axis2=2)[:, :, None]
    return 100 * (1 - nearer.any(axis=2).mean())


# %% [markdown]
# A guess finds one partner in twenty, which is 5 %. As a first attempt we take two principal components of each table, each divided by its spread (its standard deviation):

# %%
from sklearn.decomposition import PCA

main = {name: PCA(2, whiten=True).fit(known[name]).transform(new[name]) for name in new}
print(f"found: {found(main):.0f} %")

# %% [markdown]
# That is no better than guessing. The components of the two tables need not mean the same, and even their signs are arbitrary. The weights must be learned from pairs.
#
# ## Nothing lies closer than zero
# Take three leaves, one number from each instrument, and one weight for each instrument. How far apart are the weighted numbers?

# %%
import numpy as np

chlorophyll = np.array([20, 40, 60])  # from the spectrum, ug/cm2
green = np.array([0.3, 0.5, 0.9])  # from the picture
for w, v in [(1, 1), (1, 70), (0.1, 7)]:
    print(f"weights {w} and {v}: {((w * chlorophyll - v * green) ** 2).sum():.1f}")

# %% [markdown]
# **Exercise 11.1.** Which two weights give the smallest distance of all? Give a list `[w, v]`. `hint("11.1")` helps.

# %%
from mmlib.course.exercises.e11 import check, hint

# %%
# SOLUTION
closest = [0, 0]
# STUB
# closest = ...
check("11.1", closest)

# %% [markdown]
# It is tempting to minimize just this distance, over many leaves and many columns. Let us do so. `learn_scores` gives each table a layer of weights (without a bend), and runs the training loop of notebook 06 with any loss that you hand to it. It returns a function, which turns tables into their scores. Here is the distance before the first step and after 300 steps:

# %%
from mmlib.course.alignment_demo import learn_scores, play_and_judge


# %%
def apart(a, b):
    return ((a - b) ** 2).sum(axis=1).mean()


scores = {}
for steps in (0, 300):
    learned = learn_scores(known, apart, steps=steps)
    scores[steps] = learned(known)
    print(f"{steps} steps: distance {apart(*scores[steps].values()):.3f}")

# %% [markdown]
# This looks like a complete success. But look at what the scores have become. This is the spread of the two scores of the pictures over the leaves:

# %%
for steps in scores:
    print(f"{steps} steps: spread {scores[steps]['image'].std(axis=0).round(3)}")

# %% [markdown]
# All leaves were moved to nearly the same point. This is called **collapse**: the scores no longer say anything about a leaf. Now let us go to the end of this road. Set all weights to zero, and count the partners that are found. What do you expect?

# %% tags=["hide-output"]
nothing = {name: np.zeros((1000, 2)) for name in new}
print(f"found: {found(nothing):.0f} %")

# %% [markdown]
# A perfect score, although nothing is known about any leaf! All photographs are equally near, so the partner is as near as every other, and our count calls this success. The loss allowed the collapse, and the count did not notice it, because it treats a tie as success.
#
# **Exercise 11.2.** Write a count for one box that cannot be fooled in this way. `distance` has a row for each spectrum and a column for each photograph; the partners stand on the diagonal. A partner counts as found only if it is nearer than *every* other photograph. Return the share that is found, between 0 and 1.


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
# `share_found` of mmlib counts like this, and fills the boxes of 20 by itself. From here on we use it.

# %%
from mmlib.evaluation.retrieval import share_found
from mmlib.fusion.cca import RegularizedCCA, correlations

print(f"found: {100 * share_found(*nothing.values()):.0f} %")

# %% [markdown]
# ## Variance one
# The cure is a **constraint**, a rule that the scores must obey: they must have a variance of 1. Then the weights cannot be zero. The rule has a second effect, which we can see on the three leaves:

# %%
from scipy.stats import zscore

a, b = zscore(chlorophyll), zscore(green)
print(f"mean squared distance {((a - b) ** 2).mean():.2f}, 2 - 2 r = {2 - 2 * (a * b).mean():.2f}")

# %% [markdown]
# With a mean of 0 and a variance of 1, the smallest distance and the largest correlation are the same thing. (`zscore` subtracts the mean and divides by the standard deviation.)
#
# If each table has many columns, two steps are needed. The first is to **whiten** each table: turn it so that its columns do not correlate with each other, and give each column a variance of 1. A PCA that keeps all components does this. (The features of a picture include its *relative* red, green and blue. These are logarithms, measured from their own mean, so they add up to zero. So one of the 33 features can be computed from the others, the last component has a variance of 0, and nothing can scale it to 1. We keep 32.) The second step asks which directions of one table go along with which directions of the other. The singular value decomposition, which is also inside PCA, answers that. By hand:

# %%
print("the last two variances:", PCA().fit(known["image"]).explained_variance_[-2:].round(4))
a = PCA(15, whiten=True).fit_transform(known["spectrum"])
b = PCA(32, whiten=True).fit_transform(known["image"])
agreement = np.linalg.svd(a.T @ b / (len(a) - 1))[1]
print(agreement[:5].round(2))

# %% [markdown]
# This is **canonical correlation analysis** (CCA), published in 1936. The numbers are correlations, the strongest first. On two directions the instruments agree strongly, and from the third on the agreement is much weaker. In one call:

# %%
cca = RegularizedCCA(n_components=2, shrinkage=0).fit(known)
aligned = cca.transform(new)
print(f"known leaves {cca.correlations_.round(2)}, new leaves {correlations(aligned).round(2)}")

# %%
from mmlib.course.figures.n11 import plot_clouds

print(f"found: {100 * share_found(*aligned.values()):.0f} %")
show(*plot_clouds({"principal components": main, "aligned": aligned}))

# %% [markdown]
# Each line joins the two points of one leaf, for a dozen leaves. (The other points are more leaves, without their line.) With two numbers for each instrument we find several times more partners than by guessing, and no labels were used. So what is it that both instruments see? The simulation knows the true values:

# %%
import pandas as pd

factors = ["anthocyanins", "chlorophyll", "water", "lesions"]
r = np.corrcoef(aligned["spectrum"].T, [np.log(others.info[name]) for name in factors])
pd.DataFrame(r[:2, 2:].round(1), ["score 1", "score 2"], factors)

# %% [markdown]
# One score is redness (anthocyanins), the other is greenness (chlorophyll). The table shows the scores of the spectrum. Those of the picture go along with them: on the new leaves the correlations were 0.92 and 0.88. This is the **shared** information, and CCA found it without being told. (The sign of a score means nothing.) Water and lesions hardly appear, because only one of the instruments sees them. (The nets of notebook 08 kept a part of the water, by a weak link to the spots. Perhaps two weighted sums have no room for it.)
#
# **Exercise 11.3, predict, then run.** The third and fourth of the agreements above are weaker than the first two, but not zero. Take four scores instead of two. Will partners be found `"more often"`, `"less often"` or `"as often"`?

# %%
# SOLUTION
with_four = "less often"
# STUB
# with_four = ...
check("11.3", with_four)

# %% tags=["hide-output"]
for k in (1, 2, 4, 8):
    scores_k = RegularizedCCA(k, shrinkage=0).fit(known).transform(new)
    print(f"{k} scores: {100 * share_found(*scores_k.values()):.0f} % found")

# %% [markdown]
# The third score of a spectrum says much less about the third score of a picture: their agreement on the known leaves was 0.41. It has a variance of 1 all the same, so it has the same weight in the distance as the first score. Between partners, a score with correlation r adds 2 - 2 r: 0.14 for r = 0.93, but 1.18 for r = 0.41. The number of scores is a choice, and like every choice it is made on samples that the fit has not seen. (We had settled on two scores before, so the 39 % were not chosen on these leaves.)
#
# Alignment has a second use, called *calibration transfer*. (Here calibration has the chemist's meaning: a model that turns readings into a quantity.) We fit a calibration for chlorophyll on the scores of the *spectrometer*. Then we apply it to the scores of the **camera**, which never saw a reference value:

# %%
from sklearn.linear_model import LinearRegression
from sklearn.metrics import root_mean_squared_error as rmse

content, truth = leaves.info["chlorophyll"], others.info["chlorophyll"]
transfer = LinearRegression().fit(cca.transform(known)["spectrum"], content)
own = LinearRegression().fit(known["image"], content)

# %%
print(f"camera, by transfer: {rmse(truth, transfer.predict(aligned['image'])):.0f} ug/cm2 wrong")
print(f"camera, analyzed anew: {rmse(truth, own.predict(new['image'])):.0f} ug/cm2 wrong")
print(f"no instrument: {truth.std():.0f} ug/cm2 wrong")

# %% [markdown]
# By transfer, the camera comes close to a camera that was calibrated with its own laboratory analyses. The pairs took the place of the analyses.
#
# ## A correlation of 1.00
# Why did we use features and not the raw measurements? Let us give CCA the 211 bands and 432 numbers from the picture (12 x 12 coarse pixels in three colors), with 100 leaves to learn from.

# %%
from mmlib.course.experiments import bands_and_pixels, draw_shrinkage

some = mmlib.make_leaves(n_plants=400, leaves_per_plant=1, seed=12)
plain = RegularizedCCA(1, shrinkage=0).fit(bands_and_pixels(some, 100))  # the first 100 leaves
print(f"correlation, 100 training leaves: {plain.correlations_[0]:.2f}")

# %% [markdown]
# Before you run the next cell: how large will the correlation be on new leaves?

# %% tags=["hide-output"]
show(*draw_shrinkage(shrinkage=0.0, leaves=100))

# %% [markdown]
# There is nothing left of it. With more columns than leaves there is practically *always* a direction on which both tables agree perfectly, even if both are noise. CCA finds this direction and misses a link that is really there, as we shall see at once. So a correlation on training samples is no evidence, however high it is.
#
# The remedy is the **shrinkage** of notebook 04, here in both tables. With a shrinkage of 0 we have CCA. With a shrinkage of 1, *covariance* is maximized instead of correlation, and that is PLS. So you have known one end of this slider for a long time. PLS prefers directions along which much varies (here probably how bright the leaves are), even if they correlate only a little. So at that end even the training correlation may be low.
#
# Look at the numbers in the titles and at the shape of each cloud. Each panel has its own axes. ("Near zero" means: below what chance gives for this number of leaves.)

# %%
from mmlib.course.widgets import explorer, static_row

explorer(draw_shrinkage, shrinkage=[0.0, 0.001, 0.01, 0.1, 0.3, 1.0], leaves=(50, 400, 50))

# %%
static_row(draw_shrinkage, [{"shrinkage": amount} for amount in (0.0, 0.01, 0.1, 1.0)])

# %% [markdown]
# On these data neither end is good. (With a shrinkage of 1 the scores are large, because their own variance need not be 1 any more.) What varies most need not be what is shared. How much shrinkage is right? Cross-validation tells us, as it does for the number of components in PLS; here it gets all 400 leaves of `some`. The score of a `RegularizedCCA` is the correlation on leaves that it has not seen.

# %%
from sklearn.model_selection import GridSearchCV

choices = {"shrinkage": [0.0, 0.001, 0.1, 1.0]}
GridSearchCV(RegularizedCCA(1), choices, cv=5).fit(bands_and_pixels(some)).best_params_

# %% [markdown]
# **Exercise 11.4, a judgment.** A paper says: "With 60 wines, 300 bands and 40 taste scores we found a canonical correlation of 1.00." What follows from this about wines and taste: `"strong link"`, `"no link"` or `"nothing follows"`?

# %%
# SOLUTION
wines = "nothing follows"
# STUB
# wines = ...
check("11.4", wines)

# %% [markdown]
# ## What is kept, and what is lost
# Should you align before you classify? We go back to the five conditions. The same linear discriminant analysis decides in three cases: on all features (`early`), on the two aligned scores of both instruments side by side (`aligned`), and on the averages of the two instruments (`averaged`).
#
# A net can also be rewarded for alignment while it learns the conditions. The fuse step `Correlate` does this: the larger the canonical correlations within a batch, the smaller it makes the loss of the net. We compare the net with and without this reward.

# %%
from sklearn.covariance import OAS
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from mmlib.features.blocks import default_block
from mmlib.fusion.alignment_losses import Correlate, cca_loss

lda = LinearDiscriminantAnalysis(solver="lsqr", covariance_estimator=OAS())
steps = {"spectrum": default_block((211,), n_components=15)}

# %%
models = {  # two scores of each instrument; compare fits `blocks` anew in each fold
    "early": early_fusion(leaves, steps, lda),
    "aligned": aligned_fusion(leaves, classifier=lda).set_params(blocks=blocks),
    "averaged": aligned_fusion(leaves, average=True, classifier=lda).set_params(blocks=blocks),
    "net": on_features(leaves, n_components=15),
    "net, rewarded": on_features(leaves, n_components=15, fuse=Correlate),
}

# %% [markdown]
# **Exercise 11.5, predict.** On aligned scores, two conditions can hardly be told from healthy any more. Which two? Give a list of two names.

# %%
# SOLUTION
lost = ["drought", "blight"]
# STUB
# lost = ...
check("11.5", lost)

# %% tags=["hide-output"]
result = mmlib.compare(models, leaves, n_folds=4, n_repeats=1)
show(*result.plot())
print(result.sentence("net", "net, rewarded"))

# %% tags=["hide-output"]
from sklearn.metrics import recall_score

said = {name: result.predictions[name][0] for name in models}
kept = {name: 100 * recall_score(leaves.y, said[name], average=None) for name in models}
pd.DataFrame(kept, index=leaves.target_names).round(-1).astype(int)

# %% [markdown]
# The table says how many percent of each condition were recognized. What both instruments share is kept. What only one of them knows is nearly gone. (The 50 for blight is no exception; the next table shows why.) And the reward for alignment did not help the net: in this run it did harm. For what are the leaves of the first three conditions taken? The columns of the next table are the true conditions, the rows are the answers, in percent of the leaves of a condition. (They are rounded to tens, so a column need not add up to 100.)

# %%
taken = {name: result.confusion(name)[:3].T for name in ("aligned", "averaged")}
(100 * pd.concat(taken, axis=1) / 240).round(-1).astype(int)  # 240 leaves of each condition

# %% [markdown]
# Healthy, dry and blighted leaves are mistaken for each other. The averages also take many of them for leaves short of nitrogen. The averages hardly tell these three apart. The model calls most of them by one name or two, and which names these are is probably chance. So the 0 of `averaged` in the first table does not mean that healthy leaves are harder to see.
#
# One row of the first table is surprising. Neither instrument alone sees nitrogen deficiency well (notebook 00: it shows fully only in the pair). Yet the aligned scores, side by side, still know it, and their average knows less of it. The second score was greenness. How far does the score of the spectrum lie above that of the picture? We take the mean over the leaves of each condition, in standard deviations:

# %%
gap = aligned["spectrum"][:, 1] - aligned["image"][:, 1]
pd.Series(gap).groupby(np.array(leaves.target_names)[others.y]).mean().round(1)

# %% [markdown]
# Healthy leaves lie highest and leaves short of nitrogen lie lowest. The likely reason: the score of the picture also depends on the age of the leaf. So it tells how much chlorophyll a leaf of this age usually has. In a leaf short of nitrogen the spectrum finds less. (Drought, blight and phosphorus probably move the two scores a little, too, through water, spots and redness. So their gaps need not equal that of healthy leaves. And these are means: how far single leaves scatter around them is not shown here.) **The *difference* of two aligned scores can tell what neither score tells alone.** An average removes the difference.
#
# When does alignment win? When the shared part is what you ask for, when there are plenty of pairs and when there are *few labels*. As an example we simulate leaves whose only signal is redness, and ask: healthy, or short of phosphorus?


# %%
def red_only(seed):
    data = with_features(mmlib.make_leaves(seed=seed, water=0, lesions=0, synergy=0))
    return data.take(np.isin(data.y, [0, 3]))


few, test = red_only(14), red_only(15)
few_x, test_x = blocks.transform(few.X), blocks.transform(test.X)
pair = RegularizedCCA(2, shrinkage=0.01).fit(few_x)
two = {name: PCA(2).fit(table) for name, table in few_x.items()}  # the rival of as many columns

# %% [markdown]
# An expert labels five leaves of each kind. A model is trained on these ten leaves and judged on all leaves of `test`. We repeat this with 24 different draws of the ten. First linear discriminant analysis decides. It may suffer from many columns. So we repeat all with a random forest, which may suffer less from them. And the aligned scores get a rival with as many columns: two principal components of each table (`PCA`).

# %%
from sklearn.ensemble import RandomForestClassifier
from sklearn.preprocessing import StandardScaler

from mmlib.evaluation.few_labels import gain_sentence, score_few_labels

blocks_few = {name: StandardScaler() for name in few_x}


def right(classifier, a, b):
    model = early_fusion(blocks=blocks_few, classifier=classifier)
    return score_few_labels(model, (a, few.y), (b, test.y), [5], few.groups, draws=24)[0]


# %%
def main_two(tables):
    return {name: two[name].transform(table) for name, table in tables.items()}


for classifier in (lda, RandomForestClassifier(random_state=0)):
    shares = {"all features": right(classifier, few_x, test_x)}
    shares["PCA"] = right(classifier, main_two(few_x), main_two(test_x))
    shares["aligned"] = right(classifier, pair.transform(few_x), pair.transform(test_x))
    print({name: f"{share.mean():.0%} right" for name, share in shares.items()})
    for rival in ("all features", "PCA"):
        print(gain_sentence(shares, "aligned", rival))

# %% [markdown]
# The aligned scores are ahead with either model. Fewer columns alone are no help: the principal components do worse than all features. 480 pairs without labels taught what is shared, and ten labels were enough for the rest.
#
# ## Nets, opponents and words
# ### With a bend
# A layer without a bend finds what a weighted sum can find. With a bend it can find more. We use the training loop that collapsed above, with a new loss: minus the canonical correlations. At the end a linear CCA turns the scores so that they can be compared one by one. This is called **deep** CCA. Will it find more partners than the linear one, with 200 pairs to learn from, and with all 1,200?

# %% tags=["hide-output"]
from functools import partial

loss = partial(cca_loss, shrinkage=0.01)
for pairs in (200, 1200):
    part = {name: table[:pairs] for name, table in known.items()}
    bent = learn_scores(part, loss, hidden=16, steps=200)
    tables = {"linear": (part, new), "deep": (bent(part), bent(new))}
    for kind, (a, b) in tables.items():
        turned = RegularizedCCA(2, shrinkage=0).fit(a).transform(b)
        print(f"{pairs} pairs, {kind}: {100 * share_found(*turned.values()):.0f} % found")

# %% [markdown]
# With many pairs the deep CCA is a little better in this run. With few pairs it is not. Probably it has too many weights for so few samples.
#
# ### An opponent
# Another idea needs no pairs at all, only labels. A small net, the *discriminator*, learns to say whether some scores came from a spectrum or from a picture. At the same time the layers that make the scores learn to fool it. These layers go the other way: where a step would help the discriminator, they take the opposite step (the gradient gets a minus sign). A head that must name the conditions keeps the scores from collapsing; this is where the labels are used. When the discriminator can no longer tell the instruments apart, they are said to be aligned. Are they?
#
# We ask two judges where the scores of new leaves came from. One is the trained discriminator. It is small here (its only inner layer has four numbers), and a larger one would be harder to fool. The other is a **fresh** judge, a support vector machine that had no part in the game: it learns from half of the new leaves and is asked about the other half. How often are they right, and how many partners are found? `play_and_judge` plays the game and asks both, first with eight scores for each instrument, then with two. Games differ, so we show means over three of them:

# %%
for shared in (8, 2):
    games = [play_and_judge(known, leaves.y, new, shared, seed) for seed in range(3)]
    trained, fresh, share = 100 * np.mean(games, axis=0)
    print(f"{shared} scores: trained {trained:.0f} %, fresh {fresh:.0f} %, found {share:.0f} %")

# %% [markdown]
# A judge who guesses is right half of the time. With eight scores the trained judge is not much better than that, but the fresh one is nearly always right: the instruments can still be told apart. **So it proves little that the trained judge fails. A fresh judge must fail as well.**
#
# With two scores the fresh judge is often wrong, too, because the two clouds of points look alike. Yet partners are found about as often as by guessing. A cloud as a whole can lie on another cloud although most points do not lie near their partners. So use an opponent if instruments, days or sites shall look alike, and not to match samples.
#
# ### Words for what was never seen
# Conditions have descriptions. If both instruments learn to read the same words, they can be compared by these words, and also with classes of which no sample was ever measured.

# %%
from sklearn.feature_extraction.text import CountVectorizer

texts = ["a green leaf", "a dry leaf", "dark spots on a leaf", "a red leaf", "pale for its age"]
reader = CountVectorizer(vocabulary=["dry", "spots", "red", "pale"])
words = dict(enumerate(reader.transform(texts).toarray().tolist()))
print({leaves.target_names[k]: word for k, word in words.items()})

# %% [markdown]
# `SemanticAlignment` learns to predict these words from the features, by ridge regression. Then it names the class whose description is nearest. Four numbers for a sentence are a toy. A language model gives hundreds of numbers, which are used in the same way.
#
# **Exercise 11.6, predict, then run.** We leave out one condition at a time, and ask for it by its description alone. This is called **zero-shot** recognition. Only one of the five conditions can be recognized. Which one? Give its name in quotes.

# %%
# SOLUTION
recognized = "healthy"
# STUB
# recognized = ...
check("11.6", recognized)

# %% tags=["hide-output"]
from mmlib.fusion.attributes import SemanticAlignment

for k, name in enumerate(leaves.target_names):
    seen, asked = leaves.y != k, others.y == k
    model = SemanticAlignment(words).fit(known[seen], leaves.y[seen])
    print(f"never seen {name}: {100 * model.score(new[asked], others.y[asked]):.0f} % recognized")

# %% [markdown]
# A guess would be right in 20 %. Nobody can learn the word "dry" from leaves of which none is dry. But "healthy" needs no word of its own: it is the absence of all the others. So what can be recognized unseen are new **combinations** of known words. As an example we make leaves that are dry *and* spotted, from the spectrum of a dry leaf and the picture of a spotted leaf of about the same age:

# %%
by_age = np.argsort(others.info["maturity"], kind="stable")
dry, spotted = (by_age[others.y[by_age] == k] for k in (1, 2))
strange = {"spectrum": new["spectrum"][dry], "image": new["image"][spotted]}

# %%
model = SemanticAlignment(words | {5: [1, 1, 0, 0]}).fit(known, leaves.y)
for name, tables in {"dry and spotted": strange, "ordinary": new}.items():
    print(f"{name}: {100 * (model.predict(tables) == 5).mean():.0f} % called dry and spotted")

# %% [markdown]
# Such leaves are recognized far more often than by guessing among six classes (17 %), and ordinary leaves are hardly ever mistaken for them.
#
# **What you saw.** Without a constraint, alignment collapses, and a careless count praises the collapse. With a variance of 1 it is CCA. If there are more columns than samples, CCA finds a perfect agreement that means nothing. With shrinkage it can find the true link, but only new samples tell how strong this is. Alignment keeps what both instruments share, and loses what only one of them sees.
#
# **Use it when** samples of two instruments must be matched, when a calibration is to be moved to another instrument, or when pairs are many and labels few. Do not use it before classifying when labels are plenty: early fusion keeps more.
#
# **Words:** scores, alignment, collapse, constraint, whitening, canonical correlation, deep CCA, shrinkage, discriminator, zero-shot. CCA is `CCA` in scikit-learn (without shrinkage). With shrinkage it is `RidgeCCA` in cca-zoo, which also has MCCA and GCCA for several tables. Chemists use multi-block PLS for several tables (notebooks 04 and 18). O2PLS and JIVE also model what is *not* shared.
#
# **Read more:** Hotelling (1936), doi:10.1093/biomet/28.3-4.321; Andrew et al. (2013), *Deep canonical correlation analysis*, ICML; Ganin et al. (2016), *Domain-adversarial training*, JMLR 17(59); Lampert et al. (2014), doi:10.1109/TPAMI.2013.140, on classes never seen; Chao et al. (2016), doi:10.1007/978-3-319-46475-6_4, on judging that fairly.
#
# **Next:** [Which one, when?](12_which_one.ipynb) compares all rungs of the ladder.
