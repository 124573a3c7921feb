# %% [markdown]
# # Late fusion: two opinions, one answer
# Afterwards you can combine the answers of two models by five rules, tell whether their probabilities can be believed, and say which information no rule can bring back.
#
# You need notebooks 03 and 04: folds by plant, intervals, early fusion.
#
# **60 minutes**: 35 reading, 2 running, 23 exercises.
#
# The modalities now meet as late as possible: each has its own model, and only the answers of the models are combined.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("late"))

# %% [markdown]
# ## Two laboratories
# One laboratory owns the spectrometer, another one the camera. They do not share their data, only reports such as "drought, 70 % sure". (If the data are private, it is hard to train one model on both.) How do you combine two reports?
#
# Here are the reports on three leaves, with a row for each leaf. The columns are drought, healthy and blight.

# %%
import numpy as np

spectrum = np.array([[0.70, 0.20, 0.10], [0.50, 0.40, 0.10], [0.70, 0.25, 0.05]])
picture = np.array([[0.60, 0.30, 0.10], [0.02, 0.49, 0.49], [0.05, 0.35, 0.60]])

# %% [markdown]
# The first idea is the **mean** of both reports. The second idea is the **product**: multiply the probabilities, then divide each row by its sum.

# %%
print((spectrum + picture) / 2)

# %%
product = spectrum * picture
print((product / product.sum(axis=1, keepdims=True)).round(2))

# %% [markdown]
# Look at the last leaf. The spectrum says drought, and the picture says blight. The mean follows the report that is surer. The product says *healthy*, which no report put first: it is the only condition that neither report thinks unlikely.
#
# Which rule is right? Suppose that the instruments are **independent given the class**. This means: among leaves of the same class, what one instrument sees says nothing about what the other one sees. Then Bayes' theorem gives, for the class $c$ and the measurements $a$ and $b$,
#
# $$p(c \mid a, b) \propto \frac{p(c \mid a)\, p(c \mid b)}{p(c)}$$
#
# The **prior** $p(c)$ is what is known before any measurement: how common the class is. Both reports contain it, so it must be divided out once. (For our three leaves we took all conditions as equally common. Then the prior makes no difference.)
#
# **Exercise 05.1, predict.** One plant in ten is ill. Both instruments report "30 % ill", and they are independent given the class. What should you believe: `"less than 30 %"`, `"30 %"` or `"more than 30 %"`? `hint("05.1")` helps.

# %%
from mmlib.course.exercises.e05 import check, hint

# %%
# SOLUTION
belief = "more than 30 %"
# STUB
# belief = ...
check("05.1", belief)

# %% tags=["hide-output"]
ill, well = 0.3 * 0.3 / 0.1, 0.7 * 0.7 / 0.9
print(f"together: {100 * ill / (ill + well):.0f} % ill")

# %% [markdown]
# Each report alone raises the probability from 10 % to 30 %. Together they raise it further. The mean would have stayed at 30 %. A product that forgets the prior would even have gone down.
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
# Now we let real models write the reports. `with_features` turns each picture into 33 features, as in notebook 03, from that picture alone.

# %%
import mmlib
from mmlib.features import with_features

leaves = with_features(mmlib.load_leaves())

# %% [markdown]
# Each laboratory has an **expert**: a model that gets the columns of one modality only. `default_block` gives the spectrum 15 principal components, as in notebook 04, and takes the features of the picture as they are. (It goes by the number of columns: 50 or more are a spectrum.) The columns are scaled, and a classifier follows. We take logistic regression, since it is trained to give good probabilities. (Its solver "newton-cholesky" goes on until almost nothing changes any more, so that every computer gets the same experts.)

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import StandardScaler

from mmlib.features import default_block


def expert(name, classifier):
    columns = default_block(leaves.X[name].shape[1:], 15)
    return make_pipeline(mmlib.Select(name), *columns, StandardScaler(), classifier)


logistic = LogisticRegression(solver="newton-cholesky")
experts = {name: expert(name, logistic) for name in leaves.X}

# %% [markdown]
# This is late fusion by hand. Each expert learns alone and reports on the test leaves, and the reports are averaged.

# %%
train, test = leaves.split(seed=0)
reports = [e.fit(train.X, train.y).predict_proba(test.X) for e in experts.values()]
answers = np.mean(reports, axis=0).argmax(axis=1)
print(f"mean of two reports: {100 * np.mean(answers == test.y):.0f} % right")

# %% [markdown]
# `late_fusion` does the same, and it also corrects the probabilities; the next section explains how. It is a single model, so `compare` can test it on the same folds as its rivals. (If you give it data instead of models, as in `late_fusion(leaves)`, each expert is the default model of notebook 04.) Early fusion, the rival, is that default model on both modalities. It may seem to have an advantage, since it is not the model of the experts. So we add a second rival, "early, same model": the columns of both experts side by side, and one logistic regression.

# %%
from mmlib.fusion.early import early_fusion
from mmlib.fusion.late import late_fusion

models = {f"{name} only": model for name, model in experts.items()}
models["late mean"] = late_fusion(models=experts)
models["late product"] = late_fusion(models=experts, rule="product")
models["early"] = early_fusion(leaves)
columns = make_union(*(model[:-1] for model in experts.values()))  # all but the classifiers
models["early, same model"] = make_pipeline(columns, logistic)
result = mmlib.compare(models, leaves, n_folds=4, n_repeats=1)

# %% [markdown]
# Before you run the next cell, guess: how many points are the mean and the product apart? And which will be better, late or early?

# %% tags=["hide-output"]
show(*result.plot())

# %% tags=["hide-output"]
print(result.sentence("late product", "late mean"))
print(result.sentence("early", "late product"))
print(result.sentence("early, same model", "late product"))

# %% [markdown]
# Late fusion is far better than each expert alone. The product and the mean differ by little. But early fusion is ahead of both, even when it uses the same model as the experts. Its score lies even above the *late ceiling*. This ceiling is what two perfect experts would reach if their reports were multiplied. We come back to this below.
#
# ## Can the probabilities be believed?
# In a mean, an expert who claims to be sure has more influence than one who is careful. To see what this does, we replace the expert of the camera by **naive Bayes**. This model multiplies its 33 features as though each were independent evidence. They are not independent, since several of them describe the same color or the same texture. So it counts one fact many times, and is much too sure.

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
# A **reliability diagram** shows whether an expert who says 90 % is right in nine cases of ten. Each point stands for a tenth of the leaves. (Leaves with the same probability stay together, so there may be fewer points, and one of them stands for more.) Where a point lies on the dotted line ("as sure as right"), the stated probability is right. Below the line the expert claims too much, above it too little.

# %%
from mmlib.evaluation import reliability
from mmlib.plots import plot_reliability


def draw(comparison, names):
    said = {name: comparison.probabilities[name][0] for name in names}
    show(*plot_reliability({name: reliability(leaves.y, p) for name, p in said.items()}))


draw(trust, ["camera as stated", "camera calibrated"])

# %% [markdown]
# Such probabilities can be corrected. This is called **calibration**. (The calibration of a chemist is another thing: there a model learns to turn readings into concentrations.) Its simplest kind uses a number, the **temperature** $T$: raise all probabilities to the power $1/T$, and divide by their sum. The larger $T$ is, the more careful the report becomes:

# %%
for temperature in (1, 2, 5):
    softer = np.array([0.99, 0.01]) ** (1 / temperature)
    print(temperature, (softer / softer.sum()).round(2))

# %% [markdown]
# $T$ is chosen on leaves on which the expert was *not* trained: the value with the smallest log-loss there. `late_fusion` holds out plants of the training part for this. In the figure the calibrated camera lies much closer to the line, but not on it: a single number cannot correct every part of the curve.
#
# **Exercise 05.3, predict.** By how many points does the accuracy of the camera *alone* rise after this calibration?

# %%
# SOLUTION
points_more = 0
# STUB
# points_more = ...
check("05.3", points_more)

# %% tags=["hide-output"]
for name, share in trust.table["mean"].items():
    print(f"{name}: {100 * share:.0f} % right")

# %% tags=["hide-output"]
print(trust.sentence("mean calibrated", "mean as stated"))

# %% [markdown]
# The camera is right as often as before, and yet the *team* is better. (The difference is computed before rounding.) A likely reason: before, the camera's exaggerated reports had more influence than the spectrum's, even where the camera was wrong. But both experts were calibrated here, and we did not look at single leaves.
#
# There are two other ways to calibrate. Platt's (`calibration="sigmoid"`) fits a logistic curve for each class. `"isotonic"` fits a rising staircase. A support vector machine gives scores and no probabilities (`SVC(probability=True)` has Platt's calibration inside). So it needs a calibration before its report can be fused. Temperature works for scores as well: T divides them, and softmax follows.
#
# Now back to the first experts, those with logistic regression. The expert of the spectrum claims a little too much, but far less than naive Bayes did. What about the mean of both? Guess: will it claim too much, too little, or neither?

# %% tags=["hide-output"]
draw(result, ["spectrum only", "late mean", "late product"])

# %% [markdown]
# The mean of calibrated reports is not calibrated: it lies above the line and is too careful. (The curve "spectrum only" is the expert itself, before calibration. `late_fusion` calibrates it before the mean.) Exercise 05.1 says why. If two independent witnesses agree, you should be surer than each of them; but a mean is never surer than the surer of the two. So use the mean only if you need *answers*. If you need *probabilities*, take the product, as long as the two instruments do not see the same thing. If they do, the product counts the same evidence twice and claims too much. (On our leaves this is slight: the product is nearly as often right as it says.) Then stacking, below, is safer: it learns on held-out leaves how sure the answer may be.
#
# ## Votes, weights, stacking
# Here are three more rules. A **majority vote** counts first choices. Two voters either agree, or there is a tie. In a tie scikit-learn takes the class with the lower number, and "healthy" has the lowest.

# %%
from sklearn.ensemble import VotingClassifier

vote = VotingClassifier(list(experts.items()), voting="hard")
rules = {"image only": experts["image"], "hard vote": vote} | {
    f"late {rule}": late_fusion(models=experts, rule=rule)
    for rule in ("vote", "mean", "weighted", "product", "stacking")
}
by_rule = mmlib.compare(rules, leaves, n_folds=4, n_repeats=1)

# %%
show(*by_rule.plot())

# %% [markdown]
# With a hard vote, two experts are no better than one. How often is there a tie?

# %%
print(by_rule.sentence("hard vote", "image only"))
alone = [result.predictions[f"{name} only"][0] for name in experts]
print(f"the experts differ on {100 * np.mean(alone[0] != alone[1]):.0f} % of the leaves")

# %% [markdown]
# In `late_fusion`, the rule `"vote"` is better with ties: of the two first choices it takes the one with the higher mean. So it differs from the mean only where the mean would choose a class that neither expert put first.
#
# The rule `"weighted"` is a mean with learned weights. **Stacking** trains a small model on the reports, here a logistic regression on their logarithms. (The product is one of the rules that it can learn.) Guess: are these two better than the plain mean?

# %% tags=["hide-output"]
print(by_rule.sentence("late weighted", "late mean"))
print(by_rule.sentence("late stacking", "late mean"))

# %% [markdown]
# There is no gain to be seen. Weights cannot help much where both experts are equally good. Stacking has more to learn, and so it needs samples. To see this, we make ten small studies with ten plants each, and test them on all our leaves:

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
# Now we switch the synergy off (notebook 00) and compare again. Then nothing about a condition has to be read from both instruments together.

# %%
apart = with_features(mmlib.make_leaves(synergy=0, seed=1))
rivals = {name: models[name] for name in ("late product", "early")}
without = mmlib.compare(rivals, apart, n_folds=4, n_repeats=1)
show(*without.plot())

# %%
print(without.sentence("late product", "early"))
for name in ("late", "joint"):
    print(f"{name} ceiling: {100 * without.ceilings[name][0]:.1f} %")

# %% [markdown]
# Now the late ceiling is nearly as high as the joint ceiling, and late fusion is not behind early fusion. This is where late fusion is at its best: without synergy, hardly anything that an instrument sees becomes useful only beside the other one. So its report leaves out almost nothing that matters. The two instruments still share something. Both see the redness, and chlorophyll goes with age. But the product loses almost nothing by counting the redness twice: the two ceilings are close. And in the simulator, without synergy, neither chlorophyll nor age says anything about the condition.
#
# Back to the leaves with synergy. How many of the leaves that lack nitrogen does each model find?

# %%
for name in ("late product", "early"):
    row = result.confusion(name).loc["nitrogen deficiency"]
    found = row["nitrogen deficiency"] / row.sum()
    print(f"{name}: finds {100 * found:.0f} % of the leaves short of nitrogen")

# %% [markdown]
# Which ones does late fusion miss? The simulator knows what is in each leaf. The table shows medians (chlorophyll in ug/cm2) of three sets; maturity is the age of a leaf, from 0 (young) to 1 (grown). The sets are all healthy leaves, the leaves short of nitrogen that late fusion found, and those that it missed.

# %%
import pandas as pd

names = np.array(leaves.target_names)[leaves.y]
short, found = names == "nitrogen deficiency", result.predictions["late product"][0] == leaves.y
kinds = {"healthy": names == "healthy", "found": short & found, "missed": short & ~found}
truth = pd.DataFrame({k: leaves.info[k] for k in ("chlorophyll", "maturity")}, dtype=float)
pd.DataFrame({kind: truth[rows].median() for kind, rows in kinds.items()}).round(2)

# %% [markdown]
# The leaves that were found have very little chlorophyll. Compare their median with notebook 00: a healthy leaf has so little only when it is very young (15 ug/cm2 at maturity 0). The leaves that were missed are mostly older. They have nearly as much chlorophyll as a typical healthy leaf. This is too little for their age, but the spectrum alone does not show the age. The picture shows it, as in notebook 00, but the camera was asked for the condition only: its report has no column for age. **What an expert does not report is lost before any rule begins.** Early fusion uses both numbers at once. This is how it could score above the late ceiling.
#
# Turn the knob `synergy`. Where does late fusion lose most? The curves are the ceilings for all settings of this knob, so they stay the same while you turn it. Only the black bar moves: its length is the loss. Where almost nothing is lost, it shrinks to a dot. A second knob, `redness`, sets how strongly the lack of phosphorus shows, to both instruments. It moves all the curves.

# %%
from mmlib.course.figures.n05 import draw_synergy
from mmlib.course.widgets import explorer, static_row

explorer(draw_synergy, synergy=(0.0, 3.0, 0.25), redness=[0.0, 1.0, 2.0])

# %%
static_row(draw_synergy, [{"synergy": knob} for knob in (0.0, 0.75, 1.5, 3.0)])

# %% [markdown]
# Late fusion loses most where the knob is between 0.75 and 1, not at the right end. When nitrogen deficiency is very strong, the chlorophyll alone shows it, and nobody needs to know the age. (The curve of the picture rises, too, because the picture shows how green a leaf is.)
#
# **Exercise 05.4, a judgment.** The protein content of a grain can be read from its spectrum only if the variety is known. Only the picture shows the variety. You may put the data of both instruments together. Which fusion do you choose: `"early"` or `"late"`?

# %%
# SOLUTION
choice = "early"
# STUB
# choice = ...
check("05.4", choice)

# %% [markdown]
# ## A perfect score
# A common mistake is to average two random forests and to report the score on the samples on which they were trained. [Notebook 03](03_judge.ipynb) did this with noise. Here are our leaves:

# %%
from sklearn.ensemble import RandomForestClassifier

forest = RandomForestClassifier(100, random_state=0)
forests = late_fusion(models={name: expert(name, forest) for name in leaves.X}, calibration=None)
forests.fit(train.X, train.y)
print(f"where it was trained: {100 * forests.score(train.X, train.y):.0f} % right")
print(f"on new plants: {100 * forests.score(test.X, test.y):.0f} % right")

# %% [markdown]
# A forest knows its training leaves by heart, so the perfect score says nothing. A similar mistake is harder to notice: to learn the *weights* of a fusion from reports about training leaves. `learn_weights` looks for the weighted mean that gives the true classes the highest probability. It needs the probability that each expert gave to the true class of each leaf: `report[leaf, truth]` picks it, leaf by leaf. We take a forest as the expert of the camera, beside the logistic regression of the spectrum:

# %%
from mmlib.fusion.rules import combine, learn_weights

mixed = experts | {"image": expert("image", forest)}
team = late_fusion(models=mixed, rule="weighted", calibration=None)
team.fit(train.X, train.y, train.groups)
leaf, truth = np.arange(len(train)), train.y
spoiled = learn_weights([report[leaf, truth] for report in team.opinions(train.X).values()])
print(f"weight of the forest, training leaves: {spoiled[1]:.2f}")
print(f"weight of the forest, held-out leaves: {team.weights_['image']:.2f}")

# %% [markdown]
# Which weights are better? The 300 test leaves come from 60 plants. 60 plants are few, and luck may be worth several points. So we ask 2,000 new leaves:

# %%
new = with_features(mmlib.make_leaves(n_plants=400, seed=2))
fused = combine(list(team.opinions(new.X).values()), "weighted", spoiled)
print(f"weights from training leaves: {100 * np.mean(fused.argmax(axis=1) == new.y):.0f} % right")
print(f"weights from held-out leaves: {100 * team.score(new.X, new.y):.0f} % right")

# %% [markdown]
# With the weights from training leaves the forest decides alone, and the spectrum is ignored. Nothing is left of the fusion: the score is no better than that of one expert alone in the first comparison.
#
# **Exercise 05.5, a judgment.** On which leaves should the weights of a fusion be learned: `"training leaves"`, `"held-out leaves"` (inside the training part) or `"test leaves"`?

# %%
# SOLUTION
where = "held-out leaves"
# STUB
# where = ...
check("05.5", where)

# %% [markdown]
# **What you saw.** If an expert claims too much, calibrate it first, then combine. On our 1,200 leaves, with two experts that are equally good, most rules differed little; only the hard vote was far behind. A mean gives good answers; its probabilities are too careful. A product gives good probabilities where the experts do not count the same evidence twice. Stacking, which is learned, needs samples. Late fusion is right when no condition has to be read from both instruments together, or when the data cannot be put together. With synergy one condition has to be read from both: how much chlorophyll is too little depends on the age of the leaf. What only the pair shows, late fusion cannot find.
#
# **Words:** expert, prior, independent given the class, calibration, temperature, reliability diagram, stacking. In scikit-learn the mean is `VotingClassifier(voting="soft")`, elsewhere sum rule or linear opinion pool; stacking is `StackingClassifier` and calibration `CalibratedClassifierCV`, whose inner folds ignore plants unless you give it your own folds. **`LateFusion` in TorchMultimodal is something else**: our intermediate fusion (notebook 00).
#
# **Read more:** Kittler et al. (1998), doi:10.1109/34.667881, on the rules; Wolpert (1992), doi:10.1016/S0893-6080(05)80023-1, on stacking; Guo et al. (2017), doi:10.48550/arXiv.1706.04599, on temperature; Ranjan and Gneiting (2010), doi:10.1111/j.1467-9868.2009.00726.x, on why a mean is too modest.
#
# **Next:** [Intermediate fusion](06_intermediate.ipynb), where the experts meet before they decide.
