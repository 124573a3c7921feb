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
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("contrastive"))

# %% [markdown]
# ## Two boxes
# Somebody dropped two boxes. In one were the spectra of 20 leaves, in the other their photographs. The labels are gone, as happens when files are renamed. Which belong together? We may learn from other leaves, whose pairs are known.

# %%
import mmlib
from mmlib.features import feature_blocks, with_features
from mmlib.fusion import aligned_fusion, early_fusion, on_features

# %% [markdown]
# The bundled leaves are the known ones. Two boxes would not tell much, so we fill fifty such pairs of boxes from 1,000 new plants, one leaf each.

# %%
leaves = with_features(mmlib.load_leaves())
others = with_features(mmlib.make_leaves(n_plants=1000, leaves_per_plant=1, seed=11))

# %%
blocks = feature_blocks(leaves, n_components=15).fit(leaves.X)
known, new = blocks.transform(leaves.X), blocks.transform(others.X)

# %% [markdown]
# A leaf is now fifteen numbers from its spectrum and 33 from its picture: you cannot subtract a redness from a reflectance. Each table needs **weights** that turn its columns into the same few numbers, its **scores**. *Alignment* is the search for weights by which the two scores of a leaf come out alike.
#
# We count successes like this: for each spectrum, look at the 20 photographs of its box. How often is no other photograph nearer than its own?


# %%
def found(aligned):
    a, b = (table.reshape(50, 20, -1) for table in aligned.values())  # 50 boxes of 20
    distance = ((a[:, :, None] - b[:, None]) ** 2).sum(axis=3)  # (box, spectrum, photograph)
    nearer = distance < distance.diagonal(axis1=1, axis2=2)[:, :, None]  # than the partner
    return 100 * (1 - nearer.any(axis=2).mean())


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
from mmlib.course.exercises.e11 import check, hint

# %%
# SOLUTION
closest = [0, 0]
# STUB
# closest = ...
check("11.1", closest)

# %% [markdown]
# A tutorial minimizes just that distance, over many leaves and columns. So do we. `learn_scores` gives each table a linear layer and runs the loop of notebook 06, with any loss that you like. The distance before the first step, and after 300:

# %%
from mmlib.course.alignment_demo import learn_scores, play_and_judge


# %%
def distance(a, b):
    return ((a - b) ** 2).sum(axis=1).mean()


for steps in (0, 300):
    a, b = learn_scores(known, distance, steps=steps)(known).values()
    print(f"{steps} steps: distance {distance(a, b):.3f}")

# %% [markdown]
# A triumph? Look at what the scores have become, by their spread (`b` holds the pictures'):

# %%
print(f"spread of the scores: {b.std(axis=0).round(3)}")

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
# mmlib's count has this built in, and fills the boxes of 20 itself. From here on we use it. With aligned scores a photograph asks among 20 spectra; the other way round gives nearly the same.

# %%
from mmlib.evaluation.retrieval import share_found
from mmlib.fusion.cca import RegularizedCCA, correlations

print(f"found: {100 * share_found(*nothing.values()):.0f} %")

# %% [markdown]
# ## Variance one
# The cure is a **constraint**: scores must have variance 1. That forbids zero weights, and more. On the three leaves:

# %%
from scipy.stats import zscore

a, b = zscore(chlorophyll), zscore(green)
print(f"mean squared distance {((a - b) ** 2).mean():.2f}, 2 - 2 r = {2 - 2 * (a * b).mean():.2f}")

# %% [markdown]
# Least distance and largest correlation are now the same thing. With many columns there are two steps. **Whiten** each table: turn it so that its columns do not correlate, and give each variance 1. A PCA that keeps everything does so. Then ask which directions of one table go with which of the other; the singular value decomposition (the engine of PCA) answers. By hand:

# %%
a = PCA(15, whiten=True).fit_transform(known["spectrum"])
b = PCA(32, whiten=True).fit_transform(known["image"])  # one feature follows from the others
agreement = np.linalg.svd(a.T @ b / (len(a) - 1))[1]
print(agreement[:5].round(2))

# %% [markdown]
# This is **canonical correlation analysis**, CCA, from 1936. Two directions agree strongly, and then no more comes. The call:

# %%
cca = RegularizedCCA(n_components=2, shrinkage=0).fit(known)
aligned = cca.transform(new)
print(f"known leaves {cca.correlations_.round(2)}, new leaves {correlations(aligned).round(2)}")

# %%
from mmlib.course.experiments import bands_and_pixels, draw_shrinkage
from mmlib.course.figures.n11 import plot_clouds

print(f"found: {100 * share_found(*aligned.values()):.0f} %")
show(*plot_clouds({"principal components": main, "aligned": aligned}))

# %% [markdown]
# Lines join the two points of a dozen leaves. Two numbers find several times more than a guess, and no labels were used. So what do both instruments see? The simulation knows:

# %%
import pandas as pd

factors = ["anthocyanins", "chlorophyll", "water", "lesions"]
r = np.corrcoef(aligned["spectrum"].T, [np.log(others.info[name]) for name in factors])
pd.DataFrame(r[:2, 2:].round(1), ["score 1", "score 2"], factors)

# %% [markdown]
# Redness and greenness: the **shared** information, found without being told. (A score may point either way: a minus means nothing.) Water and lesions hardly appear: each is seen by one instrument only.
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
from sklearn.metrics import root_mean_squared_error as rmse

content, truth = leaves.info["chlorophyll"], others.info["chlorophyll"]
transfer = LinearRegression().fit(cca.transform(known)["spectrum"], content)
own = LinearRegression().fit(known["image"], content)

# %%
print(f"camera, by transfer: {rmse(truth, transfer.predict(aligned['image'])):.0f} ug/cm2 wrong")
print(f"camera, analyzed anew: {rmse(truth, own.predict(new['image'])):.0f} ug/cm2 wrong")
print(f"no instrument: {truth.std():.0f} ug/cm2 wrong")

# %% [markdown]
# Pairs replaced the laboratory: by transfer the camera comes close to one that was calibrated with analyses of its own.
#
# ## A correlation of 1.00
# Why bother with features? Give CCA the 211 bands and coarse pixels, and 100 leaves.

# %%
some = mmlib.make_leaves(n_plants=400, leaves_per_plant=1, seed=12)
plain = RegularizedCCA(1, shrinkage=0).fit(bands_and_pixels(some, 100))
print(f"correlation, 100 training leaves: {plain.correlations_[0]:.2f}")

# %% [markdown]
# Before the next cell: and on new leaves?

# %%
show(*draw_shrinkage(shrinkage=0.0, leaves=100))

# %% [markdown]
# Nothing. With more columns than leaves there is *always* a direction on which both tables agree perfectly, for noise too. CCA finds it, and overlooks the redness that is there. The training correlation is no evidence, however high.
#
# The remedy is the **shrinkage** of notebook 04, here in both tables. At 0 we have CCA. At 1 *covariance* is maximized instead of correlation: that is PLS. You have known one end of the slider all along.

# %%
from mmlib.course.widgets import explorer, static_row

explorer(draw_shrinkage, shrinkage=[0.0, 0.001, 0.01, 0.1, 0.3, 1.0], leaves=(50, 400, 50))

# %%
static_row(draw_shrinkage, [{"shrinkage": 0.0}, {"shrinkage": 0.1}, {"shrinkage": 1.0}])

# %% [markdown]
# Neither end will do here: PLS follows what varies most, and that need not be shared. How much, then? Cross-validation answers, as for the components of a PLS. The score of a `RegularizedCCA` is the correlation on leaves it has not seen.

# %%
from sklearn.model_selection import GridSearchCV

choices = {"shrinkage": [0.0, 0.001, 0.1, 1.0]}
GridSearchCV(RegularizedCCA(1), choices, cv=5).fit(bands_and_pixels(some)).best_params_

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
# Should one align before classifying? The five conditions again. Linear discriminant analysis decides each time: on all features, on two aligned scores of each instrument side by side, and on the average of the two instruments.
#
# A net can be rewarded for alignment while it learns the conditions. `Correlate` adds **deep** CCA to the loss: minus the sum of the canonical correlations of a batch.

# %%
from sklearn.covariance import OAS
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from mmlib.features.blocks import default_block
from mmlib.fusion.alignment_losses import Correlate, cca_loss

lda = LinearDiscriminantAnalysis(solver="lsqr", covariance_estimator=OAS())
steps = {"spectrum": default_block((211,), n_components=15)}

# %%
models = {
    "early": early_fusion(leaves, steps, lda),
    "aligned": aligned_fusion(leaves, classifier=lda).set_params(blocks=blocks),
    "averaged": aligned_fusion(leaves, average=True, classifier=lda).set_params(blocks=blocks),
    "net": on_features(leaves, n_components=15),
    "net, rewarded": on_features(leaves, n_components=15, fuse=Correlate),
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
from sklearn.metrics import recall_score

said = {name: result.predictions[name][0] for name in models}
kept = {name: 100 * recall_score(leaves.y, said[name], average=None) for name in models}
pd.DataFrame(kept, index=leaves.target_names).round(-1).astype(int)

# %% [markdown]
# Percent of each condition recognized. What is shared stays. What one instrument alone knows is nearly gone: healthy, drought and blight are taken for each other. Nor did the reward help the net.
#
# Now the surprise. Nitrogen is the condition that *neither* instrument sees alone. Aligned scores side by side still know it; their average knows less. The second score was greenness. How far does the spectrum's lie above the picture's, in standard deviations?

# %%
gap = aligned["spectrum"][:, 1] - aligned["image"][:, 1]
pd.Series(gap).groupby(np.array(leaves.target_names)[others.y]).mean().round(1)

# %% [markdown]
# Healthy leaves lie highest and nitrogen lowest: the picture shows a grown leaf and expects chlorophyll; the spectrum finds less. **The *difference* of two aligned scores can tell what neither tells alone.** Averaging wipes it out.
#
# When does alignment win? When the shared part is what you ask for, pairs are plenty and *labels are few*. Leaves with redness only: healthy, or short of phosphorus?


# %%
def red_only(seed):
    data = with_features(mmlib.make_leaves(seed=seed, water=0, lesions=0, synergy=0))
    return data.take(np.isin(data.y, [0, 3]))


few, test = red_only(14), red_only(15)
few_x, test_x = blocks.transform(few.X), blocks.transform(test.X)
pair = RegularizedCCA(2, shrinkage=0.01).fit(few_x)

# %% [markdown]
# An expert labels five leaves of each, 24 times anew; each time a model is trained on those ten and judged on all leaves of `test`. First linear discriminant analysis decides. Then, to be fair, a random forest, which does better with *all* features:

# %%
from sklearn.ensemble import RandomForestClassifier
from sklearn.preprocessing import StandardScaler

from mmlib.evaluation.few_labels import gain_sentence, score_few_labels

blocks_few = {name: StandardScaler() for name in few_x}


def right(classifier, a, b):
    model = early_fusion(blocks=blocks_few, classifier=classifier)
    return score_few_labels(model, (a, few.y), (b, test.y), [5], few.groups, draws=24)[0]


# %%
for classifier in (lda, RandomForestClassifier(random_state=0)):
    shares = {"all features": right(classifier, few_x, test_x)}
    shares["aligned"] = right(classifier, pair.transform(few_x), pair.transform(test_x))
    print({name: f"{share.mean():.0%} right" for name, share in shares.items()})
    print(gain_sentence(shares, "aligned", "all features"))

# %% [markdown]
# Aligned scores are ahead with either. 480 pairs without labels taught what is shared; ten labels did the rest.
#
# ## Nets, opponents and words
# **Nets.** A linear layer finds what a weighted sum finds. With a bend it can do more. The loop is the one that collapsed, the loss is new: minus the canonical correlations. A last linear CCA turns the scores, so that they can be compared one by one.

# %%
from functools import partial

# %%
bent = learn_scores(known, partial(cca_loss, shrinkage=0.01), hidden=16, steps=200)
deep = RegularizedCCA(2, shrinkage=0).fit(bent(known)).transform(bent(new))
print(f"{correlations(deep).round(2)}, found: {100 * share_found(*deep.values()):.0f} %")

# %% [markdown]
# A little better than before, from one random start, with twelve hundred pairs to learn from.
#
# **An opponent.** Another idea needs no pairs at all. A small net, the *discriminator*, learns to say whether scores came from a spectrum or a picture. The projections learn to fool it: on the way back its slopes are turned round. (A head for the conditions keeps the scores from collapsing.) When nobody can tell, the instruments are aligned. Are they?
#
# Two judges say where the scores of new leaves came from: the trained discriminator, and a **fresh** one, who has seen none of the game. It learns from half of the new leaves and is asked about the others. How often are they right, and how many partners are found? `play_and_judge` plays the game and asks. Eight scores for each instrument, then two; means over three games, since games differ:

# %%
for shared in (8, 2):
    games = [play_and_judge(known, leaves.y, new, shared, seed) for seed in range(3)]
    trained, fresh, share = 100 * np.mean(games, axis=0)
    print(f"{shared} scores: trained {trained:.0f} %, fresh {fresh:.0f} %, found {share:.0f} %")

# %% [markdown]
# Half right is guessing. With eight scores the trained judge does little better, and the fresh one is nearly always right. **That the trained judge fails proves little: a fresh one must fail, too.**
#
# With two scores the fresh judge is often wrong as well: the clouds look alike. Yet partners are found about as often as by guessing, one in twenty. Clouds are not pairs. Use an opponent to make instruments, days or sites look alike, never to match samples.
#
# **Words.** Conditions have descriptions. If both instruments learn to read the same words, they meet there, and with classes that were never measured.

# %%
from sklearn.feature_extraction.text import CountVectorizer

texts = ["a green leaf", "a dry leaf", "dark spots on a leaf", "a red leaf", "pale for its age"]
reader = CountVectorizer(vocabulary=["dry", "spots", "red", "pale"])
words = dict(enumerate(reader.transform(texts).toarray().tolist()))
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
from mmlib.fusion.attributes import SemanticAlignment

for k, name in enumerate(leaves.target_names):
    seen, asked = leaves.y != k, others.y == k
    model = SemanticAlignment(words).fit(known[seen], leaves.y[seen])
    print(f"never seen {name}: {100 * model.score(new[asked], others.y[asked]):.0f} % recognized")

# %% [markdown]
# A guess would be right in 20 %. Nobody learns the word "dry" from leaves of which none is dry. "Healthy" needs no word of its own, only the absence of the others. So what can be recognized unseen are new **combinations** of known words. Take a leaf that is dry *and* spotted: the spectrum of a dry leaf, the picture of a spotted one of the same age.

# %%
by_age = np.argsort(others.info["maturity"])
dry, spotted = (by_age[others.y[by_age] == k] for k in (1, 2))
strange = {"spectrum": new["spectrum"][dry], "image": new["image"][spotted]}

# %%
model = SemanticAlignment(words | {5: [1, 1, 0, 0]}).fit(known, leaves.y)
for name, tables in {"dry and spotted": strange, "ordinary": new}.items():
    print(f"{name}: {100 * (model.predict(tables) == 5).mean():.0f} % called dry and spotted")

# %% [markdown]
# Recognized far more often than by guessing among six (17 %), and the ordinary leaves are not mistaken for it.
#
# **What you saw.** Without a constraint, alignment collapses, and a careless count praises it. With variance 1 it is CCA. On many columns CCA finds perfect agreement that is not there, until shrunk. Alignment keeps what is shared, and drops what one instrument alone sees.
#
# **Use it when** samples of two instruments must be matched, or a calibration moved, or pairs are many and labels few. Not as a step before classifying with plenty of labels: early fusion keeps more.
#
# **Words:** scores, alignment, collapse, whitening, canonical correlation, shrinkage, discriminator, zero-shot. CCA is `CCA` in scikit-learn (no shrinkage); shrunk, `RidgeCCA` in cca-zoo; for several tables, MCCA or GCCA there, `multiblock` methods in chemometrics (MB-PLS). O2PLS and JIVE also model what is *not* shared.
#
# **Read more:** Hotelling (1936), doi:10.1093/biomet/28.3-4.321; Andrew et al. (2013), *Deep canonical correlation analysis*, ICML; Ganin et al. (2016), *Domain-adversarial training*, JMLR 17(59); Lampert et al. (2014), doi:10.1109/TPAMI.2013.140, on classes never seen; Chao et al. (2016), doi:10.1007/978-3-319-46475-6_4, on judging that fairly.
#
# **Next:** [Which one, when?](12_which_one.ipynb) holds all rungs side by side.
