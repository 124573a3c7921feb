# %% [markdown]
# # Judge fairly
# Afterwards you can split your data so that the score means something, give it an interval, say whether one model is better than another, and name the usual ways in which careful people fool themselves.
#
# You need notebooks 00 and 01. The last section loads real data, 5 MB, once.
#
# **60 minutes**: 33 reading, 2 running, 25 exercises.
#
# This is the ruler with which every rung will be measured. It is tried on the first two: single and early.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("early"))

# %% [markdown]
# ## A score that is too good
# A colleague tells leaf conditions apart from spectra alone. The model finds the most similar leaf measured before, and gives the same answer. `split_at_random` judges it twice by five folds: `reported` with leaves dealt at random, `fair` as you will see below. The first:

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
random_split = mistakes.split_at_random(neighbor, data)
print(f"random split: {100 * random_split.reported:.0f} % right")

# %% [markdown]
# Not bad, since guessing gives 20 %. But five leaves come from each plant. They share its condition, its tissue, the wax on its surface, the day. Guess: what is left when all leaves of a plant stay on one side?

# %%
print(f"split by plant: {100 * random_split.fair:.0f} % right")

# %% [markdown]
# The difference was not knowledge of conditions. The model had recognized *plants*. In use it will meet new plants, so the second number is the honest one. What must stay together is called a **group**:
# the plant, the plot, the patient, the batch.
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
# ## More than one number
# Accuracy is the share of right answers. Ten samples show what it hides: eight are ripe, two are rotten, and a lazy model says "ripe" to all.

# %%
truth = ["ripe"] * 8 + ["rotten"] * 2
lazy = ["ripe"] * 10
print(f"accuracy {np.mean(np.array(truth) == lazy):.2f}")

# %% [markdown]
# A good score, and of no use. **Balanced accuracy** averages over classes instead: all of the ripe, none of the rotten.
#
# **Exercise 03.2.** A second model finds 6 of the 8 ripe and both rotten ones. What is its balanced accuracy? Use a pencil.

# %%
# SOLUTION
balanced = (6 / 8 + 2 / 2) / 2
# STUB
# balanced = ...
check("03.2", balanced)

# %% [markdown]
# The **confusion matrix** keeps everything: rows are the truth, columns the answers. The report says the rest. *Precision*: of those called rotten, how many are? *Recall*: of the rotten, how many were
# found? *F1* is their harmonic mean, *macro* the plain average over classes.

# %%
from sklearn.metrics import classification_report, confusion_matrix

second = ["ripe"] * 6 + ["rotten"] * 4
print(confusion_matrix(truth, second))
print(classification_report(truth, second))

# %% [markdown]
# Probabilities can be judged as well. **Log-loss** punishes being sure and wrong. **Calibration error** asks whether "90 % sure" is right nine times out of ten; 0 is best for both. Two models give the same answers, but one boasts:

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
# Now fair splits by plant, one model, and thirty draws of the test plants: five folds, drawn anew six times.

# %%
from mmlib.features import spectrum_baselines, with_features

model = spectrum_baselines()["LDA on PCA"]
draws = mmlib.compare({"LDA": model}, data, n_folds=5, n_repeats=6).scores["accuracy"]
print(f"{len(draws)} test sets: from {100 * draws.min():.0f} to {100 * draws.max():.0f} % right")

# %% [markdown]
# Whoever runs one split may report either end. Suppose fusion truly gains two points. How often does a single split of 100 test samples see no gain at all? Guess, then move the sliders.

# %%
from mmlib.course.figures.n03 import draw_lottery
from mmlib.course.widgets import explorer, static_row

explorer(draw_lottery, gain=(0.0, 0.1, 0.01), n_test=(50, 800, 50), repeats=(1, 10, 1))

# %%
static_row(draw_lottery, [{"n_test": 50}, {"n_test": 800}, {"repeats": 10}])

# %% [markdown]
# In the third picture every repeat draws fresh samples. Repeated folds of *your* samples use the same ones again, so they help less.
#
# So: repeat, **pair** the two models on the same folds, and give an **interval** of the difference. One trap is left. Folds share training samples, so their scores are not independent, and the textbook
# interval is too short. Nadeau and Bengio (2003) widen it: under the root, beside one over the number of folds, they add test samples over training samples. Three differences, in points:

# %%
from scipy import stats

differences = [2.0, 4.0, 3.0]
low, high = stats.t.interval(0.95, 2, loc=np.mean(differences), scale=stats.sem(differences))
print(f"textbook: {low:.1f} to {high:.1f} points")
mean, low, high = interval(differences, n_train=80, n_test=20)
print(f"widened: {low:.1f} to {high:.1f} points around {mean:.1f}")

# %% [markdown]
# The first would be a discovery, the second is none. But this formula counts folds and knows nothing of plants, so with few plants it is still too short. mmlib judges by **groups** instead: it leaves each plant out of the scoring once and sees how much the score moves, so plants count, not leaves. The interval is widened where repeats disagree, since training is then a matter of luck, and where groups are few. With fewer than six groups there is none. How often it errs is measured in `docs/judging.md`. Now our leaves: does early fusion beat the spectrum? The features of a picture come from that picture alone, nothing is fitted, so they may be computed before any split.
#
# To leave a part out and measure what it was worth is an **ablation**. Here, each modality is left out once. All three are built by `early_fusion` and end in the same model, ridge regression on blocks, which notebook 04 explains. So they differ in nothing but what they are given.

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
# What would one fold have said about the second pair?

# %%
folds = result.scores.pivot(index=["repeat", "fold"], columns="model", values="accuracy")
wins = (folds["image only"] > folds["spectrum only"]).sum()
print(f"the picture wins in {wins} of {len(folds)} folds")

# %% [markdown]
# Each of these folds could have been somebody's paper.
#
# The vertical lines are the ceilings, known for simulated leaves only. Fusion lies above both single ceilings, so no spectrum model, however
# clever, could make up for the picture. A score clearly above its *own* ceiling is no triumph. It is a **leak**. Extra trees (a random forest that cuts at random) instead of the nearest neighbor, with the plants torn apart again (`torn` has no groups):

# %%
from sklearn.ensemble import ExtraTreesClassifier

leaky = make_pipeline(*steps, ExtraTreesClassifier(100, random_state=0))
torn = mmlib.MultimodalData(leaves.X, leaves.y, target_names=leaves.target_names, meta=leaves.meta)
alarm = mmlib.compare({"spectrum only": leaky}, torn, n_repeats=2)
print(f"accuracy {alarm.table['mean'].item():.2f}, ceiling {alarm.ceilings['spectrum'][0]:.2f}")
print(f"impossible: {alarm.above_ceiling()}")

# %% [markdown]
# The alarm is one-sided: our nearest neighbor leaked as well, and stayed below the ceiling. A score below it does not prove that nothing leaked.
#
# **Exercise 03.3.** A study reports: "Fusion gains 3 points (95 % interval -1 to 7)." Which sentence is fair? `"fusion is better"`, `"fusion is useless"` or `"cannot be told from these data"`?

# %%
# SOLUTION
verdict = "cannot be told from these data"
# STUB
# verdict = ...
check("03.3", verdict)

# %% [markdown]
# ## A gallery of mistakes
# Each was found in published tutorials or code, and is a few lines in `mmlib/course/mistakes.py`. Most run here on noise: random numbers, random labels of four classes, twenty times over. The truth is 25 %, give or take two by luck. More is self-deception. (One tutorial demonstrates fusion on just such data. Whatever it claims, an honest score there is chance.) First, the 20 best of 2,000 columns are chosen before the split; fairly, inside each fold:

# %%
print(mistakes.repeat(mistakes.select_before_split))

# %% [markdown]
# The columns had been chosen with the labels of the test samples. And a scaler fitted on everything, the sin that textbooks name first? Guess, then run.

# %%
print(mistakes.repeat(mistakes.scale_before_split))

# %% [markdown]
# Nearly no difference! A scaler does not look at labels. Keep it inside the fold anyway: the same line with a step that looks at them is the disaster above. What does ruin a model is a scaler *borrowed* from the other
# modality. It measures reflectances with the ruler of pixels. On the leaves, five classes:

# %%
borrowed = mistakes.borrow_scaler(data)
print(f"spectra scaled like pixels: {100 * borrowed.reported:.0f} %")
print(f"with a scaler of their own: {100 * borrowed.fair:.0f} %")

# %% [markdown]
# **Exercise 03.4, predict.** A random forest is trained on noise labels and scored on *the samples it was trained on*. About which share is right?

# %%
# SOLUTION
share = 1.0
# STUB
# share = ...
check("03.4", share)

# %% [markdown]
# Two such forests, late fusion, scored where they were trained; then on other samples:

# %%
print(mistakes.repeat(mistakes.score_on_training_samples))

# %% [markdown]
# Next, the mistake of notebook 01 once more: a hundred settings are tried on the test samples, and the best score is reported. To choose the best of a hundred training epochs there is the same mistake. Judged fairly, the same setting meets new samples:

# %%
print(mistakes.repeat(mistakes.choose_on_test_samples))

# %% [markdown]
# Cure: choose on a third part, or inside the training part (*nested* cross-validation).
#
# Last, a report pasted from elsewhere. Rows of a confusion matrix must add up to the samples of each class:

# %%
labels, pasted = [0] * 60 + [1] * 40, [[50, 2], [3, 45]]
print(f"60 and 40 samples, rows of {sum(pasted[0])} and {sum(pasted[1])}")
print(f"can this report be about them? {mistakes.fits(pasted, labels)}")

# %% [markdown]
# A report that passes may still be another model's. Only computing it anew tells.
#
# **Exercise 03.5.** One spectrum from each of 200 plants, and four lines. Which one leaks? Answer with its number.
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
check("03.5", leaking_line)

# %% [markdown]
# ## Real pixels
# Houston, seen from the air: the spectrum of a pixel, and the heights of the 7 x 7 pixels around it. Fifteen kinds of land cover. Pixels of one roof or lawn are neighbors, and their surroundings overlap. So the
# group is the connected **region**.

# %%
houston = mmlib.load_houston2013()
houston.X["table"] = houston.X["height"].reshape(len(houston), -1)
print(houston)

# %% [markdown]
# Will heights help, and by how many points? Write it down. Three models with the same forest, by region. Some classes have two regions only, hence two folds.

# %%
forest = ExtraTreesClassifier(60, random_state=0)
spectrum, heights = mmlib.Select("spectrum"), mmlib.Select("table")
city = {
    "spectrum only": make_pipeline(spectrum, forest),
    "height only": make_pipeline(heights, forest),
    "early": make_pipeline(make_union(spectrum, heights), forest),
}
by_region = mmlib.compare(city, houston, n_folds=2, n_repeats=5)
show(*by_region.plot())

# %%
print(by_region.sentence("early", "spectrum only"))

# %% [markdown]
# A gain, with an interval above zero. Publish? First ask whether the baseline was the best *cheap* one. The forest saw raw bands, each nearly a copy of its neighbor. Give it principal components instead.

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
# Same pixels, same folds, and yet the gain can be made anything from none to a great one, by choosing which of the two models is prepared well. **A weak baseline is an easy way to make fusion "work".** Only the first and the last line compare like with like.
# The last gain is smaller than the widest claim, but its interval stays above zero: here fusion holds against the better baseline, too. Draw the folds anew (`random_state=3` in `compare`) and see whether it still does.
#
# And what would the colleague with the random split have published?

# %%
torn = mmlib.MultimodalData(houston.X, houston.y, target_names=houston.target_names)
at_random = mmlib.compare(city, torn, n_folds=2, n_repeats=1)
claims = {"at random": at_random.table["mean"], "by region": by_region.table["mean"]}
pd.DataFrame(claims).round(2)

# %% [markdown]
# At random, heights alone seem nearly as good as spectra: neighbors share their surroundings almost number for number.
#
# Nor does fusion always gain. For tree species, judged by plot, a photograph and heights beside the spectrum changed nothing that could be measured (see the card `data/idtrees2020.md`); prepared in other ways, they were not shown to help either (notebook 12).
#
# ## A list for the wall
# 1. What is the group? Split by it.
# 2. Is everything that is fitted fitted inside the fold?
# 3. Was anything chosen by looking at the test samples?
# 4. Which cheap model must be beaten? Each single modality, at its best.
# 5. Paired, repeated, with an interval that counts groups?
# 6. Is it too good? Compare with the ceiling, or with noise labels.
#
# **What you saw.** A leak can add more points than a fusion does. Intervals are wider than one thinks. Scaling before the split hardly hurts; choosing does. And the gain of fusion depends on what it is compared with.
#
# **Words:** group, leakage, balanced accuracy, log-loss, calibration, interval, paired, nested, ablation, ceiling.
#
# **Read more:** Nadeau and Bengio (2003), doi:10.1023/A:1024068626366; Kapoor and Narayanan (2023), doi:10.1016/j.patter.2023.100804, on leakage in science.
#
# **Next:** [Early fusion](04_early.ipynb): now that we can judge, the two modalities meet.
