# %% [markdown]
# # Late fusion: two opinions, one answer
# Afterwards you can combine the verdicts of two models by five rules, tell when their probabilities can be believed, and say what no rule can give back.
#
# You need notebooks 03 and 04: folds by plant, intervals, early fusion.
#
# **55 minutes**: 31 reading, 2 running, 22 exercises.
#
# The modalities now meet as late as possible, after each has made up its mind.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("late"))

# %% [markdown]
# ## Two laboratories
# One laboratory owns the spectrometer, another the camera. They share no data, only reports: "drought, 70 % sure". With private files, often nobody *can* train one model on both. What do you make of two reports?
#
# Three leaves, a row for each. The columns are drought, healthy, blight.

# %%
import numpy as np

spectrum = np.array([[0.70, 0.20, 0.10], [0.50, 0.40, 0.10], [0.70, 0.25, 0.05]])
picture = np.array([[0.60, 0.30, 0.10], [0.02, 0.49, 0.49], [0.05, 0.35, 0.60]])

# %% [markdown]
# Everybody's first idea is the **mean**. The second is the **product**: multiply, then divide each row by its sum.

# %%
print((spectrum + picture) / 2)

# %%
product = spectrum * picture
print((product / product.sum(axis=1, keepdims=True)).round(2))

# %% [markdown]
# Look at the last leaf. The spectrum says drought, the picture says blight. The mean sides with the surer one. The product says *healthy*, which neither put first: it is what both can live with.
#
# Which rule is right? Suppose the instruments are **independent given the class**: once you know the class, one tells nothing more about the other. Then Bayes' theorem gives
#
# $$p(c \mid a, b) \propto \frac{p(c \mid a)\, p(c \mid b)}{p(c)}$$
#
# The **prior** $p(c)$ is what was known before anybody looked. Both opinions contain it, so one copy must go. (Above, all conditions were equally common, and it canceled.)
#
# **Exercise 05.1, predict.** One plant in ten is ill. Both instruments report "30 % ill", independently. What should you believe: `"less than 30 %"`, `"30 %"` or `"more than 30 %"`? `hint("05.1")` helps.

# %%
from mmlib.course.exercises.e05 import check, hint

# %%
# SOLUTION
belief = "more than 30 %"
# STUB
# belief = ...
check("05.1", belief)

# %%
ill, well = 0.3 * 0.3 / 0.1, 0.7 * 0.7 / 0.9
print(f"together: {100 * ill / (ill + well):.0f} % ill")

# %% [markdown]
# Each report alone tripled the suspicion. The mean would have stayed at 30 %, and a product that forgets the prior would have *dropped*.
#
# **Exercise 05.2.** Write the product rule. `a` and `b` have one row per leaf, `prior` one number per class. The rows you return add up to 1.


# %%
# SOLUTION
def product_rule(a, b, prior):
    joint = a * b / prior
    return joint / joint.sum(axis=1, keepdims=True)


# STUB
# def product_rule(a, b, prior):
#     return ...
check("05.2", product_rule)

# %% [markdown]
# ## Two models, a few lines
# Now reports from real models. `with_features` turns each picture into 33 features, as in notebook 03, from that picture alone.

# %%
import mmlib
from mmlib.features import with_features

leaves = with_features(mmlib.load_leaves())

# %% [markdown]
# One expert per laboratory: its own columns (`default_block`, as in notebook 04: 15 principal components of the spectrum, features of the picture), scaled, then any classifier. We take logistic regression, which is trained to state good probabilities. The solver named below goes on until nothing changes any more, so that your computer gets the same experts as ours.

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mmlib.features import default_block


def expert(name, classifier):
    columns = default_block(leaves.X[name].shape[1:], 15)
    return make_pipeline(mmlib.Select(name), *columns, StandardScaler(), classifier)


logistic = LogisticRegression(solver="newton-cholesky")
experts = {name: expert(name, logistic) for name in leaves.X}

# %% [markdown]
# Late fusion by hand: each expert learns alone and reports on the test leaves. The reports are averaged.

# %%
train, test = leaves.split(seed=0)
reports = [e.fit(train.X, train.y).predict_proba(test.X) for e in experts.values()]
answers = np.mean(reports, axis=0).argmax(axis=1)
print(f"mean of two reports: {100 * np.mean(answers == test.y):.0f} % right")

# %% [markdown]
# `late_fusion` does the same, with some care that comes next. It is a single estimator, so `compare` can hold it against its rivals on the same folds. (Given data instead of models, `late_fusion(leaves)` takes the default model of notebook 04 as each expert.) Early fusion ends in that model here, too.

# %%
from mmlib.fusion.early import early_fusion
from mmlib.fusion.late import late_fusion

models = {f"{name} only": model for name, model in experts.items()}
models["late mean"] = late_fusion(models=experts)
models["late product"] = late_fusion(models=experts, rule="product")
models["early"] = early_fusion(leaves)
result = mmlib.compare(models, leaves, n_folds=4, n_repeats=1)

# %% [markdown]
# Before you run the next cell: mean against product, how many points apart? And who wins, late or early?

# %%
show(*result.plot())

# %%
print(result.sentence("early", "late product"))

# %% [markdown]
# Late fusion beats both experts by far, and mean and product are nearly the same. But early fusion is ahead. Its dot lies even above the *late ceiling*: what two perfect experts would reach, their opinions multiplied. We come back to this.
#
# ## Can they be believed?
# A mean trusts whoever shouts. Replace the camera's expert by **naive Bayes**, which multiplies its 33 features as though each were fresh evidence. They are not: many measure the same red. So it counts one clue many times and becomes sure of itself.

# %%
from sklearn.naive_bayes import GaussianNB

loud = experts | {"image": expert("image", GaussianNB())}
camera = {"image": loud["image"]}
teams = {
    "camera as stated": late_fusion(models=camera, calibration=None),
    "camera calibrated": late_fusion(models=camera),
    "mean as stated": late_fusion(models=loud, calibration=None),
    "mean calibrated": late_fusion(models=loud),
}
trust = mmlib.compare(teams, leaves, n_repeats=3)

# %% [markdown]
# A **reliability diagram** asks: when an expert says 90 %, is it right in nine cases of ten? Each point is a tenth of the leaves. On the dotted line the expert is honest, below it boasts.

# %%
from mmlib.evaluation import reliability
from mmlib.plots import plot_reliability


def draw(comparison, names):
    said = {name: comparison.probabilities[name][0] for name in names}
    show(*plot_reliability({name: reliability(leaves.y, p) for name, p in said.items()}))


draw(trust, ["camera as stated", "camera calibrated"])

# %% [markdown]
# The cure is **calibration**. The simplest kind is a **temperature** $T$: raise all probabilities to the power $1/T$ and divide by their sum. Large $T$ means less boasting.

# %%
for temperature in (1, 2, 5):
    softer = np.array([0.99, 0.01]) ** (1 / temperature)
    print(temperature, (softer / softer.sum()).round(2))

# %% [markdown]
# $T$ is chosen on leaves that the expert was *not* trained on. `late_fusion` holds out plants of the training part for this.
#
# **Exercise 05.3, predict.** How many more points does the camera *alone* score after this calibration?

# %%
# SOLUTION
points_more = 0
# STUB
# points_more = ...
check("05.3", points_more)

# %%
for name, share in trust.table["mean"].items():
    print(f"{name}: {100 * share:.0f} % right")

# %%
print(trust.sentence("mean calibrated", "mean as stated"))

# %% [markdown]
# The camera is right exactly as often as before, yet the *team* is better. The boaster had outvoted the spectrum even where it was wrong.
#
# Two other cures are Platt's (`calibration="sigmoid"`), a logistic curve for each class, and `"isotonic"`, a rising staircase that needs many samples. A support vector machine states only scores, no probabilities, so it always needs one of the three.
#
# Now the surprise. Go back to the first experts, with logistic regression. The one on spectra boasts a little, far less than naive Bayes. Now look at the mean:

# %%
draw(result, ["spectrum only", "late mean", "late product"])

# %% [markdown]
# The mean of calibrated opinions is not calibrated. It lies above the line: too modest. Exercise 05.1 says why. Two witnesses who agree deserve more belief than one, and a mean is never surer than its surest part. So take the mean for *answers* only, and the product where you need *probabilities*.
#
# ## Votes, weights, stacking
# Three more rules. A **majority vote** counts first choices. With two voters it decides little: they agree, or it is a tie. Then scikit-learn takes whichever of the two classes has the lower number, and "healthy" has the lowest.

# %%
from sklearn.ensemble import VotingClassifier

vote = VotingClassifier(list(experts.items()), voting="hard")
rules = {"hard vote": vote} | {
    f"late {rule}": late_fusion(models=experts, rule=rule)
    for rule in ("vote", "mean", "weighted", "product", "stacking")
}
by_rule = mmlib.compare(rules, leaves, n_folds=4, n_repeats=1)

# %%
show(*by_rule.plot())

# %% [markdown]
# After a hard vote, two experts are no better than one! How often was it a tie?

# %%
alone = [result.predictions[f"{name} only"][0] for name in experts]
print(f"the experts differ on {100 * np.mean(alone[0] != alone[1]):.0f} % of the leaves")

# %% [markdown]
# Our own `"vote"` lets the mean decide ties. With two voters that is nearly all it does.
#
# **Weighted** is a mean with learned weights. **Stacking** trains a small model on the reports, here a logistic regression on their logarithms; the product is one of the things it could learn. Are they worth it?

# %%
print(by_rule.sentence("late weighted", "late mean"))
print(by_rule.sentence("late stacking", "late mean"))

# %% [markdown]
# No gain to be seen. Weights have nothing to do where experts are equally good. And what is learned needs samples. Ten small studies of ten plants each, judged on all our leaves:

# %%
right = {"mean": [], "product": [], "stacking": []}
for seed in range(10):
    small = with_features(mmlib.make_leaves(n_plants=10, seed=100 + seed))
    for rule, scores in right.items():
        model = late_fusion(models=experts, rule=rule).fit(small.X, small.y, small.groups)
        scores.append(model.score(leaves.X, leaves.y))
for rule, scores in right.items():
    print(f"{rule}: {100 * np.mean(scores):.0f} % right with 50 leaves")

# %%
from mmlib.evaluation.few_labels import gain_sentence

print(gain_sentence(right, "mean", "stacking"))

# %% [markdown]
# ## What no rule gives back
# Switch the synergy off (notebook 00) and compare again. What each instrument knows of a condition, it now knows by itself.

# %%
apart = with_features(mmlib.make_leaves(synergy=0, seed=1))
rivals = {name: models[name] for name in ("late product", "early")}
without = mmlib.compare(rivals, apart, n_folds=4, n_repeats=1)
show(*without.plot())

# %% [markdown]
# Late and joint ceiling all but coincide, and late fusion loses nothing that could be measured. This is its home: experts that are independent given the class.
#
# Back to the leaves with synergy. How many of those short of nitrogen does each model find?

# %%
for name in ("late product", "early"):
    row = result.confusion(name).loc["nitrogen deficiency"]
    found = row["nitrogen deficiency"] / row.sum()
    print(f"{name}: finds {100 * found:.0f} % of the leaves short of nitrogen")

# %% [markdown]
# Which ones does late fusion miss? The simulator knows what is in a leaf. Medians (chlorophyll in ug/cm2) of all healthy leaves, of those short of nitrogen that were found, and of those that were missed:

# %%
import pandas as pd

names = np.array(leaves.target_names)[leaves.y]
short, found = names == "nitrogen deficiency", result.predictions["late product"][0] == leaves.y
kinds = {"healthy": names == "healthy", "found": short & found, "missed": short & ~found}
truth = pd.DataFrame({k: leaves.info[k] for k in ("chlorophyll", "maturity")}, dtype=float)
pd.DataFrame({kind: truth[rows].median() for kind, rows in kinds.items()}).round(2)

# %% [markdown]
# The spectrum says "low chlorophyll: short of nitrogen, or just young". The picture shows that the leaf is old, but the camera was asked for the condition only. Its report has no column for age. **What an expert does not report is lost before any rule begins.** Late fusion does best where chlorophyll is low for almost *any* age. Those it misses are mostly older leaves with nearly as much as a middling healthy leaf: little for their age, but nothing that the spectrum alone could complain of. This is how early fusion could stand above the late ceiling.
#
# Turn the knob. Where is the loss largest?

# %%
from mmlib.course.figures.n05 import draw_synergy
from mmlib.course.widgets import explorer, static_row

explorer(draw_synergy, synergy=(0.0, 3.0, 0.25), redness=[0.0, 1.0, 2.0])

# %%
static_row(draw_synergy, [{"synergy": 0.0}, {"synergy": 0.75}, {"synergy": 3.0}])

# %% [markdown]
# Not at the right end! When nitrogen deficiency is strong enough, chlorophyll alone gives it away, and nobody needs the age. Late fusion suffers in the middle.
#
# **Exercise 05.4, a judgment.** The protein of a grain can be read from its spectrum only if one knows the variety. The variety shows only in the picture. You may pool the data. `"early"` or `"late"`?

# %%
# SOLUTION
choice = "early"
# STUB
# choice = ...
check("05.4", choice)

# %% [markdown]
# ## A perfect score
# A published tutorial averages two random forests and reports the score on the samples it trained them on. [Notebook 03](03_judge.ipynb) did so with noise; here are our leaves.

# %%
from sklearn.ensemble import RandomForestClassifier

forest = RandomForestClassifier(100, random_state=0)
forests = late_fusion(models={name: expert(name, forest) for name in leaves.X}, calibration=None)
forests.fit(train.X, train.y)
print(f"where it was trained: {100 * forests.score(train.X, train.y):.0f} % right")
print(f"on new plants: {100 * forests.score(test.X, test.y):.0f} % right")

# %% [markdown]
# A forest knows its training leaves by heart, so that perfect score says nothing. The mistake has a quieter twin: *weights* that are learned from reports about training leaves. `learn_weights` looks for the weighted mean that gives the truth the most probability, so all it needs is what each expert gave to the true class. A forest as the camera's expert, beside the spectrum's logistic regression:

# %%
from mmlib.fusion.rules import combine, learn_weights

mixed = experts | {"image": expert("image", forest)}
team = late_fusion(models=mixed, rule="weighted", calibration=None)
team.fit(train.X, train.y, train.groups)
of_truth = [p[np.arange(len(train)), train.y] for p in team.opinions(train.X).values()]
spoiled = learn_weights(of_truth)
print(f"weight of the forest, training leaves: {spoiled[1]:.2f}")
print(f"weight of the forest, held-out leaves: {team.weights_['image']:.2f}")

# %%
fused = combine(list(team.opinions(test.X).values()), "weighted", spoiled)
print(f"weights from training leaves: {100 * np.mean(fused.argmax(axis=1) == test.y):.0f} % right")
print(f"weights from held-out leaves: {100 * team.score(test.X, test.y):.0f} % right")

# %% [markdown]
# The forest gets all the weight, the spectrum is silenced, and the fusion is undone.
#
# **Exercise 05.5, a judgment.** On which leaves should the weights of a fusion be learned: `"training leaves"`, `"held-out leaves"` (inside the training part) or `"test leaves"`?

# %%
# SOLUTION
where = "held-out leaves"
# STUB
# where = ...
check("05.5", where)

# %% [markdown]
# **What you saw.** Calibrate, then combine. The rule matters little, as long as it is not a hard vote. A mean gives answers, a product also probabilities, and learned rules need data. Late fusion is right when experts are independent given the class, or data cannot be pooled; it never finds what only the pair shows.
#
# **Words:** expert, prior, independent given the class, calibration, temperature, reliability diagram, stacking. In scikit-learn the mean is `VotingClassifier(voting="soft")`, elsewhere sum rule or linear opinion pool; stacking is `StackingClassifier` and calibration `CalibratedClassifierCV`, whose inner folds ignore plants. **`LateFusion` in TorchMultimodal is something else**: our intermediate fusion (notebook 00).
#
# **Read more:** Kittler et al. (1998), doi:10.1109/34.667881, on the rules; Wolpert (1992), doi:10.1016/S0893-6080(05)80023-1, on stacking; Guo et al. (2017), doi:10.48550/arXiv.1706.04599, on temperature; Ranjan and Gneiting (2010), doi:10.1111/j.1467-9868.2009.00726.x, on why a mean is too modest.
#
# **Next:** [Intermediate fusion](06_intermediate.ipynb), where the experts meet before they decide.
