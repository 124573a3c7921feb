# %% [markdown]
# # Judge fairly
# Afterwards you can split your data so that the score means something, give it an interval, say whether one model is better than another, and repair the usual mistakes with which careful people deceive themselves.
#
# You need notebooks 00 to 02. The last section loads real data, 5 MB, once.
#
# **75 minutes**: 38 reading, 2 running, 35 exercises.
#
# Every rung of the ladder will be judged in the way that this notebook explains. We try it on the first two rungs: a single modality, and early fusion.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("early"))

# %% [markdown]
# ## A score that is too good
# A colleague tells the conditions of leaves apart by their spectra alone. Her model looks for the most similar leaf among those measured before, and gives the same answer as there. (The spectra become 30 principal components; `whiten` gives all of them the same spread.)

# %%
import numpy as np
import pandas as pd
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import StandardScaler

import mmlib
from mmlib.course import mistakes

data = mmlib.load_leaves()
steps = mmlib.Select("spectrum"), StandardScaler(), PCA(30, whiten=True, random_state=0)
neighbor = make_pipeline(*steps, KNeighborsClassifier(1))
# %% [markdown]
# To judge the model, the leaves are divided into five **folds**. Four folds are for training and the fifth is for testing, each fold once. We write this down in full. `splits` holds five pairs of lists: the rows for training and the rows for testing.


# %%
def share_right(splits):
    shares = []
    for train, test in splits:
        known, new = data.take(train), data.take(test)
        shares.append(neighbor.fit(known.X, known.y).score(new.X, new.y))
    return np.mean(shares)


# %% [markdown]
# scikit-learn makes the folds. `StratifiedKFold` deals the leaves at random, so that each fold has its share of every condition:

# %%
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

at_random = StratifiedKFold(5, shuffle=True, random_state=0).split(data.y, data.y)
print(f"random split: {share_right(at_random):.0%} right")

# %% [markdown]
# This seems not bad, since guessing gives 20 %. But five leaves come from each plant. They share the condition of their plant, its tissue, the wax on its surface, and the day of the measurement. `StratifiedGroupKFold` gets one argument more: the plant of each leaf. It keeps all leaves of a plant in the same fold. Guess: how many answers are right now?

# %% tags=["hide-output"]
by_plant = StratifiedGroupKFold(5, shuffle=True, random_state=0)
by_plant = by_plant.split(data.y, data.y, data.groups)
print(f"split by plant: {share_right(by_plant):.0%} right")

# %% [markdown]
# The difference between the two numbers is not knowledge of conditions. With the random split, the model had recognized *plants*. In use it will meet new plants, so the second number is the honest one. Samples that belong together form a **group**: the leaves of a plant, the soil cores of a plot, the scans of a patient, the bottles of a batch. A group must stay on one side of the split.
#
# **Exercise 03.1.** Olive oils: 40 producers, 3 bottles of each, every bottle measured 5 times. The model is to judge oils of producers it has never seen. What is the group?
# Answer `"measurement"`, `"bottle"` or `"producer"`.

# %%
from mmlib.course.exercises.e03 import check, hint

# %%
# SOLUTION
group = "producer"
# STUB
# group = ...
check("03.1", group)

# %% [markdown]
# **Exercise 03.2.** Whatever made a split, you can test it. Write a function that counts the groups with samples on *both* sides. `groups` is an array with the group of each sample; `train` and `test` are arrays of row numbers. The right answer for an honest split is 0.


# %%
# SOLUTION
def torn_groups(groups, train, test):
    return len(set(groups[train]) & set(groups[test]))


# STUB
# def torn_groups(groups, train, test):
#     return ...
check("03.2", torn_groups)

# %% [markdown]
# ## More than one number
# Accuracy is the share of right answers. Ten samples show what it can hide. Eight are ripe and two are rotten, and a lazy model says "ripe" every time.

# %%
truth = ["ripe"] * 8 + ["rotten"] * 2
lazy = ["ripe"] * 10
print(f"accuracy {np.mean(np.array(truth) == lazy):.2f}")

# %% [markdown]
# The score is good, and the model is of no use. **Balanced accuracy** is computed in two steps. First, for each class, the share of its samples that are found: here 1 for the ripe and 0 for the rotten. Then the mean of these shares: 0.5.
#
# **Exercise 03.3.** A second model finds 6 of the 8 ripe and both rotten ones. What is its balanced accuracy? Use a pencil.

# %%
# SOLUTION
balanced = (6 / 8 + 2 / 2) / 2
# STUB
# balanced = ...
check("03.3", balanced)

# %% [markdown]
# The **confusion matrix** keeps all counts: its rows are the truth, its columns the answers. The report below it gives three scores for each class. *Precision*: of the samples that were called rotten, how many are rotten? *Recall*: of the rotten samples, how many were found? *F1* is the harmonic mean of these two. *Support* is the number of samples of the class. *Macro* is the plain average over the classes; in the *weighted* average a class counts by its support.

# %%
from sklearn.metrics import classification_report, confusion_matrix

second = ["ripe"] * 6 + ["rotten"] * 4
print(confusion_matrix(truth, second))
print(classification_report(truth, second))

# %% [markdown]
# A model may have learned much and still act like the lazy one. Suppose that it says of one fruit: ripe 0.6, rotten 0.4. In training two of ten fruits were rotten. So 0.4 is twice as much as one would say of a fruit that one knows nothing about. But "ripe" is still more probable, and a model that names the most *probable* class hardly ever names a rare one. For balanced accuracy we divide each probability by the share of its class in training:

# %%
shares = np.array([0.8, 0.2])  # of the ripe and the rotten among the training samples
print("in proportion:", (np.array([0.6, 0.4]) / shares).round(2))

# %% [markdown]
# In proportion, "rotten" is ahead, so we call this fruit rotten. The price is accuracy: more ripe fruits are called rotten as well. Where classes are uneven, the commands for your own folder (notebook 16) decide like this.
#
# Probabilities can be judged, too. **Log-loss** becomes large where a model was sure and wrong. **Calibration error** asks whether a model that says "90 % sure" is right in nine cases of ten. For both, 0 is best. Here are two models that give the same answers, but the second claims to be nearly certain:

# %%
from mmlib.evaluation import classification_scores, interval

modest = np.array([[0.7, 0.3]] * 6 + [[0.3, 0.7]] * 4)
boastful = np.array([[0.99, 0.01]] * 6 + [[0.01, 0.99]] * 4)
names = ["ripe", "rotten"]
scores = {"modest": classification_scores(truth, second, modest, names)}
scores["boastful"] = classification_scores(truth, second, boastful, names)
pd.DataFrame(scores).round(2)

# %% [markdown]
# ## One split is a lottery
# From now on all splits are by plant. One model is tested on thirty sets of test plants: five folds, and the folds are drawn anew six times.

# %%
from mmlib.features import spectrum_baselines, with_features

model = spectrum_baselines()["LDA on PCA"]
draws = mmlib.compare({"LDA": model}, data, n_folds=5, n_repeats=6).scores["accuracy"]
print(f"{len(draws)} test sets: from {100 * draws.min():.0f} to {100 * draws.max():.0f} % right")

# %% [markdown]
# Somebody who runs a single split may report any of these numbers. Now suppose that a fusion truly gains two points: it is right for 82 % of all samples, the spectrum alone for 80 %. How often does a single split with 100 test samples show no gain at all? Guess, then move the sliders. (In this simulation the two models share their luck on seven samples of ten; on the other three each has its own. If they shared nothing, the share of misleading studies would be larger.)

# %% tags=["hide-output"]
from mmlib.course.figures.n03 import draw_lottery
from mmlib.course.widgets import explorer, static_row

explorer(draw_lottery, gain=(0.0, 0.1, 0.01), test_samples=(50, 800, 50), splits=(1, 10, 1))

# %% [markdown]
# Will more test samples help, and will more splits? In the next pictures the gain is always 2 points. The first two change the number of test samples, which was 100. The third changes the number of splits, which was one. Mind that the vertical axes differ.

# %% tags=["hide-output"]
static_row(draw_lottery, [{"test_samples": 50}, {"test_samples": 800}, {"splits": 10}])

# %% [markdown]
# Both help. (With 50 samples a gain comes in steps of 2 points, hence the gaps in the first picture. The bar at 0 holds all gains between -0.5 and 0.5 points. Where it has two colors, its lower part stands for no gain or a loss, its upper part for a small gain.)
#
# But in the third picture every split draws fresh samples. If you repeat the folds with *your* samples, the same samples are used again, so this helps less.
#
# From this follow three rules. Repeat the folds. **Pair** the two models: test both on the same folds and look at the difference in each fold. And give an **interval** of this difference, a range in which the true difference may well lie.
#
# One difficulty is left. Folds share training samples, so their scores are not independent, and the interval of the textbook is too short. With $k$ differences of standard deviation $s$, the textbook takes $s\sqrt{1/k}$ for the error of their mean. Nadeau and Bengio (2003) take
#
# $$s\sqrt{\frac{1}{k} + \frac{n_\text{test}}{n_\text{train}}}$$
#
# Here are both intervals for three differences, in points:

# %%
from scipy import stats

differences = [2.0, 4.0, 3.0]
low, high = stats.t.interval(0.95, 2, loc=np.mean(differences), scale=stats.sem(differences))
print(f"textbook: {low:.1f} to {high:.1f} points")
mean, low, high = interval(differences, n_train=80, n_test=20)
print(f"widened: {low:.1f} to {high:.1f} points around {mean:.1f}")

# %% [markdown]
# By the first interval, which lies above zero, the gain would be a discovery. The second contains zero, so the gain may be luck.
#
# This formula counts folds and knows nothing of plants. With few plants it is still too short. So mmlib judges by **groups**: it leaves each plant out of the scoring once and sees how much the score changes. From these changes it computes the interval. (This is called the *jackknife*. Nothing is trained again.) In this way plants count, not leaves. The interval becomes wider where there are few groups. It also becomes wider where repeated folds disagree, because then training is a matter of luck. With fewer than six groups mmlib gives no interval.
#
# How often are such intervals wrong? That can be found out. Simulate a study with two models that are equally good, and look whether the interval of their difference misses zero. Do that a thousand times. An interval of 95 % may be wrong in 5 of 100 studies.
#
# The next table says in how many percent of the studies the interval was wrong. The column `folds` is the formula above, and `mmlib` is the judging by groups. The row 10x30 means ten plants with 30 leaves each. Before you run the cell, write down your guess for the formula in this row.

# %% tags=["hide-output"]
from mmlib.course.error_rates import load_error_rates

studies = ["300x1", "60x5", "30x5", "10x30", "6x7"]
load_error_rates().loc[studies, ["folds", "mmlib"]].rename_axis("plants x leaves")

# %% [markdown]
# With 300 independent leaves, counting folds is on the safe side. With ten plants it is wrong more than twice as often as it says, although 300 leaves were measured.
#
# With six plants mmlib is too careful, and it misses most true differences. By `docs/judging.md`, it finds a gain of 5 points in 1 of 100 studies, and counting folds finds it in 8. But these 8 mean nothing. Of two *equal* models, counting folds calls one better in 15 of 100 studies, so in about 7 of 100 it finds a gain where there is none, and in as many a loss.
#
# Seven ways of judging were tried; the table shows two of them. With six plants no way does both: err in only 5 of 100 studies, and find true differences often. (`docs/judging.md` has all seven ways, and 44 rows instead of our five.)
#
# ### Is fusion better on our leaves?
# Is early fusion better than the spectrum alone? Here, to keep things small, each picture becomes only the 33 features of notebook 02, and not all the blocks. They are computed from that picture alone and nothing is fitted, so this may be done before any split.
#
# To leave a part out and to measure what it was worth is called an **ablation**. Here each modality is left out once. All three models are built by `early_fusion` and end in the same model, ridge regression on blocks, which notebook 04 explains. So they differ only in the data they get.

# %%
from mmlib.fusion import early_fusion

# %%
leaves = with_features(data)
models = {f"{name} only": early_fusion(leaves, modalities=[name]) for name in leaves.modalities}
models["early"] = early_fusion(leaves)

# %%
result = mmlib.compare(models, leaves, n_repeats=2)
show(*result.plot())

# %%
print(result.sentence("early", "spectrum only"))
print(result.sentence("image only", "spectrum only"))

# %% [markdown]
# In notebook 00 the gain was 32 points. There the spectrum had another model (LDA on PCA), which reached 0.54. With the same kind of model for both, the spectrum reaches 0.61 and the gain is 24 points. So a part of the 32 was the model, not the second instrument. We shall come back to this.
#
# The second pair cannot be told apart. What would somebody have reported who used only one of these ten folds?

# %%
folds = result.scores.pivot(index=["repeat", "fold"], columns="model", values="accuracy")
wins = (folds["image only"] > folds["spectrum only"]).sum()
print(f"the picture wins in {wins} of {len(folds)} folds")

# %% [markdown]
# So the winner depends on the fold. Each of these folds could have been the only one in somebody's paper.
#
# The vertical lines in the figure are the ceilings, which are known for simulated leaves only. (The line "late" is no upper bound for early fusion: notebook 00.) The score of the fusion lies above the ceilings of both single modalities. So no model of the spectrum alone, however clever, could make up for the picture.
#
# A score that lies clearly above its *own* ceiling is no success. Then information about the test samples must have reached the model in some way. This is called a **leak**. ("Clearly" means with its whole interval. By luck a score may touch its ceiling or pass it a little, as that of the spectrum does here.) An example: we take extra trees (a random forest that cuts at random) instead of the nearest neighbor, and let the leaves of one plant stand on both sides of the split again. (`torn` is the same data without groups. `above_ceiling` names the models whose whole interval lies above their ceiling.)

# %%
from sklearn.ensemble import ExtraTreesClassifier

leaky = make_pipeline(*steps, ExtraTreesClassifier(100, random_state=0))
torn = mmlib.MultimodalData(leaves.X, leaves.y, target_names=leaves.target_names, meta=leaves.meta)
alarm = mmlib.compare({"spectrum only": leaky}, torn, n_repeats=2)
print(f"accuracy {alarm.table['mean'].item():.2f}, ceiling {alarm.ceilings['spectrum'][0]:.2f}")
print(f"impossible: {alarm.above_ceiling()}")

# %% [markdown]
# (Without groups the interval counts leaves, so it is too short. But 7 points are also more than the intervals in the figure above reach to either side.)
#
# This alarm works in one direction only. The nearest neighbor at the beginning had the same leak, and its score stayed below the ceiling. So a score below the ceiling does not prove that nothing leaked.
#
# **Exercise 03.4.** A study reports: "Fusion gains 3 points (95 % interval -1 to 7)." Which sentence is fair? `"fusion is better"`, `"fusion is useless"` or `"cannot be told from these data"`?

# %%
# SOLUTION
verdict = "cannot be told from these data"
# STUB
# verdict = ...
check("03.4", verdict)

# %% [markdown]
# ## A gallery of mistakes
# Here are six mistakes. Leaks such as the first, the second and the fourth were found in published studies of many fields (Kapoor and Narayanan, below). Most of the six we make on noise: random numbers, and random labels of four classes. Then the true accuracy is 25 %, whatever the model. A score clearly above that is self-deception.
#
# **Mistake 1: choosing columns before the split.** Of 2,000 columns, `SelectKBest` keeps the 20 that go best with the labels. The wrong way does this once, with all samples. The right way makes it a step of the pipeline, so that each fold chooses anew from its training part.

# %%
from sklearn.feature_selection import SelectKBest
from sklearn.model_selection import cross_val_score

X, y = mistakes.noise()
best, votes = SelectKBest(k=20), KNeighborsClassifier(5)
wrong = cross_val_score(votes, best.fit_transform(X, y), y)
right = cross_val_score(make_pipeline(best, votes), X, y)
print(f"reported: {wrong.mean():.0%}, judged fairly: {right.mean():.0%}")

# %% [markdown]
# This was one draw of noise, and luck plays a part. `mistakes.repeat` makes the same mistake with twenty draws and averages. (`mmlib/course/mistakes.py` holds this mistake and the next ones, a few lines each.)

# %%
print(mistakes.repeat(mistakes.select_before_split))

# %% [markdown]
# The columns had been chosen with the labels of the test samples.
#
# **Mistake 2: scaling before the split.** A scaler is fitted to all samples. How much does it add? Guess, then run.

# %% tags=["hide-output"]
print(mistakes.repeat(mistakes.scale_before_split))

# %% [markdown]
# There is nearly no difference, because a scaler does not look at the labels. Keep it inside the fold all the same. If somebody later replaces the scaler by a step that looks at labels, this becomes mistake 1.
#
# **Mistake 3: a scaler from the other modality.** The means and spreads of pixels are used to scale reflectances: the first band gets those of the first number of the picture, the second band those of the second, and so on. This mistake makes the score too low. We make it on the leaves, with an SVM that compares distances:

# %%
borrowed = mistakes.borrow_scaler(data)
print(f"spectra scaled like pixels: {100 * borrowed.reported:.0f} %")
print(f"with a scaler of their own: {100 * borrowed.fair:.0f} %")

# %% [markdown]
# This SVM is ruined. LDA would not notice the mistake: it measures distances in units of the spread that it finds in its training samples, so the scale cancels (notebook 04 tries this). How much a mistake costs depends on the model, too.
#
# **Exercise 03.5, predict.** A random forest is trained on noise labels and scored on *the samples it was trained on*. About which share is right? (1 is all of them.)

# %%
# SOLUTION
share = 1.0
# STUB
# share = ...
check("03.5", share)

# %% [markdown]
# **Mistake 4: scoring on the training samples.** The probabilities of two such forests are averaged, which is a late fusion. They are scored on the samples on which they were trained, and then on others:

# %% tags=["hide-output"]
print(mistakes.repeat(mistakes.score_on_training_samples))

# %% [markdown]
# **Mistake 5: the best of many test scores.** You met it in notebook 01. Here are a hundred settings that only guess. Each is tried on 40 test samples, and the best score is reported. Judged fairly, the same setting is tried on 40 new samples:

# %%
rng = np.random.default_rng(0)
answers, truth = rng.integers(4, size=(100, 80)), rng.integers(4, size=80)
tested, fresh = np.split(answers == truth, 2, axis=1)
winner = tested.mean(axis=1).argmax()
print(f"reported: {tested[winner].mean():.0%}, on new samples: {fresh[winner].mean():.0%}")

# %% [markdown]
# And the mean of twenty such studies:

# %%
print(mistakes.repeat(mistakes.choose_on_test_samples))

# %% [markdown]
# (The 27 instead of 25 % is luck: twenty studies of 40 samples are 800 answers.)
#
# The remedy is to choose on samples that are used for nothing else, or inside the training part. The second is called **nested** cross-validation: a cross-validation inside each fold chooses the setting. In notebook 01, `GridSearchCV` as a model of `compare` did just this. To choose the number of latent variables of PLS by the test score is mistake 5. To stop a network at the epoch (the pass over the training samples) where the *test* score is best is mistake 5, too.
#
# **Mistake 6: a report from somewhere else.** Somebody copies a table of results from an older version. Often this can be seen: each row of a confusion matrix must add up to the number of samples of its class.

# %%
labels, pasted = [0] * 60 + [1] * 40, [[50, 2], [3, 45]]
print(f"60 and 40 samples, rows of {sum(pasted[0])} and {sum(pasted[1])}")
print(f"can this report be about them? {mistakes.fits(pasted, labels)}")

# %% [markdown]
# A report that passes this test may still be that of another model. Only computing it anew tells.
#
# **Exercise 03.6.** There is one spectrum from each of 200 plants, and a program of four lines. Which line leaks? Answer with its number.
#
# 1. `X = StandardNormalVariate().fit_transform(X)`
# 2. `X = SelectKBest(k=50).fit_transform(X, y)`
# 3. `train, test = train_test_split(np.arange(len(X)))`
# 4. `model.fit(X[train], y[train]).score(X[test], y[test])`

# %%
# SOLUTION
leaking_line = 2
# STUB
# leaking_line = ...
check("03.6", leaking_line)

# %% [markdown]
# **Exercise 03.7, repair.** This function has two leaks at once: it chooses columns with all samples, and it lets samples of the same group stand on both sides of the split.


# %%
def leaky(X, y, groups):
    chosen = SelectKBest(k=20).fit_transform(X, y)
    return cross_val_score(KNeighborsClassifier(5), chosen, y, cv=StratifiedKFold(5)).mean()


# %% [markdown]
# Write `honest`, which does the same without the leaks and returns the mean accuracy of five folds. (`cross_val_score` has an argument `groups`.) `check` tries it on noise, on samples that come in groups, and on samples from which something can be learned.


# %%
# SOLUTION
def honest(X, y, groups):
    model = make_pipeline(SelectKBest(k=20), KNeighborsClassifier(5))
    return cross_val_score(model, X, y, groups=groups, cv=StratifiedGroupKFold(5)).mean()


# STUB
# def honest(X, y, groups):
#     return ...
check("03.7", honest)

# %% [markdown]
# ## Real pixels
# Now real data: Houston, seen from the air. Each sample is one pixel. Its two modalities are its spectrum and the heights of the 7 x 7 pixels around it. There are fifteen kinds of land cover. Pixels of one roof or one lawn are neighbors, and their surroundings overlap. So the group is the connected **region**.

# %%
houston = mmlib.load_houston2013()
houston.X["table"] = houston.X["height"].reshape(len(houston), -1)
print(houston)
regions = pd.Series(houston.groups).groupby(houston.y).nunique()
print(f"regions of a class: from {regions.min()} to {regions.max()}")

# %% [markdown]
# Will the heights help, and by how many points? Write your guess down. We compare three models that end in the same forest. The split is by region, and there are only two folds, because some classes have only two regions.

# %% tags=["hide-output"]
forest = ExtraTreesClassifier(60, random_state=0)
spectrum, heights = mmlib.Select("spectrum"), mmlib.Select("table")
city = {
    "spectrum only": make_pipeline(spectrum, forest),
    "height only": make_pipeline(heights, forest),
    "early": make_pipeline(make_union(spectrum, heights), forest),
}
by_region = mmlib.compare(city, houston, n_folds=2, n_repeats=5)
show(*by_region.plot())

# %% tags=["hide-output"]
print(by_region.sentence("early", "spectrum only"))

# %% [markdown]
# (Differences are computed before rounding, here and below.) There is a gain, and its interval lies above zero. Before you publish it, ask whether the rival was the best *cheap* model. The forest saw raw bands, and each band is nearly a copy of its neighbor. So we give the forest principal components instead, of the bands and of the heights.

# %%
spectrum = make_pipeline(mmlib.Select("spectrum"), PCA(30, random_state=0))
heights = make_pipeline(mmlib.Select("table"), PCA(8, random_state=0))
better = {
    "spectrum only": make_pipeline(spectrum, forest),
    "early": make_pipeline(make_union(spectrum, heights), forest),
}
again = mmlib.compare(better, houston, n_folds=2, n_repeats=5)
again.table[["mean", "low", "high"]].round(2)

# %%
raw, pca = (100 * result.table["mean"] for result in (by_region, again))
print(f"neither improved: {raw['early'] - raw['spectrum only']:.0f} points")
print(f"spectrum improved, fusion not: {raw['early'] - pca['spectrum only']:.0f} points")
print(f"fusion improved, spectrum not: {pca['early'] - raw['spectrum only']:.0f} points")
print(f"both improved: {pca['early'] - pca['spectrum only']:.0f} points")

# %%
print(again.sentence("early", "spectrum only"))

# %% [markdown]
# The pixels and the folds are the same in all four lines. And yet the gain can be anything from none to a large one, depending on which of the two models was prepared well. **A weak baseline is an easy way to make fusion "work".** Only the first and the last line compare like with like. In the last one the interval stays above zero: here fusion is better than the better baseline, too. Does this still hold when the folds are drawn anew? Guess, then run.

# %% tags=["hide-output"]
anew = mmlib.compare(better, houston, n_folds=2, n_repeats=5, random_state=3)
print(anew.sentence("early", "spectrum only"))

# %% [markdown]
# It holds, but the interval begins close to zero. The pixels and the models are the same as before, so the change from 6 to 4 points comes from the folds alone. And what would our colleague have published, who splits at random? (One repeat is enough to see it.)

# %%
torn = mmlib.MultimodalData(houston.X, houston.y, target_names=houston.target_names)
at_random = mmlib.compare(city, torn, n_folds=2, n_repeats=1)
claims = {"at random": at_random.table["mean"], "by region": by_region.table["mean"]}
pd.DataFrame(claims).round(2)

# %% [markdown]
# With the random split, heights alone seem nearly as good as spectra, because neighboring pixels have almost the same surroundings.
#
# Fusion does not always gain. For the tree species in `data/idtrees2020.md`, judged by plot, a photograph and heights beside the spectrum changed nothing that could be measured. Notebook 12 tries them again, prepared in other ways.
#
# ## A list for every study
# 1. What is the group? Split by it.
# 2. Is every step that learns fitted inside the fold?
# 3. Was anything chosen by looking at the test samples?
# 4. Which cheap model must be beaten? Each single modality, with its best settings.
# 5. Were the models paired and the folds repeated, and does the interval count groups?
# 6. Is the score too good? Compare it with the ceiling, or run the same program with random labels.
#
# **What you saw.** A leak can add more points than a fusion does. Intervals are wider than one expects. A scaler fitted before the split hardly matters, but a choice made before the split does. And the gain of a fusion depends on what it is compared with.
#
# **Words:** fold, group, leak (leakage), balanced accuracy, precision, recall, log-loss, calibration, interval, paired, nested, ablation, ceiling.
#
# **Read more:** Nadeau and Bengio (2003), doi:10.1023/A:1024068626366; Kapoor and Narayanan (2023), doi:10.1016/j.patter.2023.100804, on leakage in science.
#
# **Next:** [Early fusion](04_early.ipynb): now that we can judge, the two modalities meet.
