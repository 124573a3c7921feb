# %% [markdown]
# # Which one, when?
# Afterwards you can compare nine models without being fooled by luck, read a table of hundreds of fits, and name the fusion you would start with on your own samples, with a reason.
#
# You need notebooks 03 to 06; 07 to 11 help.
#
# **50 minutes**: 28 reading, 2 running, 20 exercises.
#
# There is no new rung of the ladder here. We compare all of them.

# %% [markdown]
# ## Nine models and a winner
# A friend has 1,200 labeled leaves and a folder full of methods. She trains them all, tries them on 50 new leaves, and takes the best. Let us do the same.

# %%
import numpy as np
import pandas as pd

import mmlib
from mmlib.features import with_features

train = with_features(mmlib.make_leaves(n_plants=240, seed=1))
new = with_features(mmlib.make_leaves(n_plants=400, seed=2))

# %% [markdown]
# `ladder` gives one model for each rung, with sensible defaults for these data. (Its "attention" is the gate of notebook 07: where each modality is a single vector, there are no tokens to choose from.) The models of a single modality come first, because they are the ones to beat.
#
# (To keep the cell short, no model is told which leaves belong to one plant. In the long run below they are told. Then a net knows better when to stop, the graph leaves out links between siblings, and early and late fusion choose their settings on whole plants.)

# %%
models = mmlib.fusion.ladder(train)
answers = {name: m.fit(train.X, train.y).predict(new.X) for name, m in models.items()}
right = pd.DataFrame({name: answer == new.y for name, answer in answers.items()})
print(f"{len(models)} models: {', '.join(models)}")

# %% [markdown]
# Each row of the next table is another friend, with the same models and fifty leaves from ten new plants of her own. The numbers are percent right. Before you look: how many different winners will five friends find?

# %% tags=["hide-output"]
friends = right.groupby(new.groups // 10).mean()
(100 * friends.head(5)).round(0).astype(int)

# %% tags=["hide-output"]
print("winners:", ", ".join(friends.head(5).idxmax(axis=1)))

# %% [markdown]
# (If two models are equal, the first one is named.) The models are the same and the leaves are of the same kind, and yet the friends contradict each other. So how much of a winner's score is luck? We have forty such groups of leaves. In each group we take the winner, and ask what it scores on all the *other* leaves:

# %%
there, elsewhere = [], []
for friend in friends.index:
    own = new.groups // 10 == friend
    winner = friends.loc[friend].idxmax()
    there.append(right.loc[own, winner].mean())
    elsewhere.append(right.loc[~own, winner].mean())
print(f"the winner on its own 50 leaves: {np.mean(there):.0%}")
print(f"the same model on 1,950 others: {np.mean(elsewhere):.0%}")

# %% [markdown]
# The best of nine models owes a part of its score to luck, and on other leaves this part is gone. This is called the **winner's curse**: if you choose a model by a score and then report this score, you promise too much. Here it is about two points, on average over the forty groups.
#
# **Exercise 12.1, a judgment.** You try nine models and report the best one, with its 95 % interval, from the same folds. Where does that interval lie: `"too high"`, `"too low"` or `"in the right place"`? `hint("12.1")` helps.

# %%
from mmlib.course.exercises.e12 import check, hint

# %%
# SOLUTION
interval_is = "too high"
# STUB
# interval_is = ...
check("12.1", interval_is)

# %% [markdown]
# ## Five seeds, one interval
# We need a better plan. Take new leaves to train on and new leaves to judge on, and repeat this several times, each time from another **seed**. (The seed is the number that starts the random numbers, so another seed gives other leaves.) Each time, take the *difference* of two models on the same leaves. Here are five such differences, in points:

# %%
gain = np.array([4.0, 2.0, 3.0, 5.0, 1.0])
print(f"mean {gain.mean():.1f}, standard deviation {gain.std(ddof=1):.2f}")

# %% [markdown]
# How sure is the mean of these five? Its interval reaches from $m - t\,s/\sqrt{5}$ to $m + t\,s/\sqrt{5}$, where $m$ is the mean and $s$ the standard deviation. For 95 % and five values, Student's $t$ is 2.78. (For many values it would be 1.96.)
#
# Here this textbook interval may be used. In notebook 03 it had to be made wider, because folds share training samples. Our seeds share no leaves.
#
# **Exercise 12.2.** Give the interval for these five differences, as a list `[low, high]`.

# %%
# SOLUTION
half = 2.78 * gain.std(ddof=1) / np.sqrt(5)
ends = [gain.mean() - half, gain.mean() + half]
# STUB
# ends = ...
check("12.2", ends)

# %% [markdown]
# ## The long run
# In the simulation we can turn the knobs. So we need not guess for which kind of samples a fusion is good; we can try it. Here are five situations:

# %%
from mmlib.course.study import SITUATIONS

for name, knobs in SITUATIONS.items():
    print(f"{name}: {knobs if knobs else 'all knobs at 1'}")

# %% [markdown]
# We train with 10, 40 or 240 labeled leaves of each condition (the **label budget**), with five seeds and with nine models. As always, each plant gives five leaves, so 10 leaves are only two plants. Each model is judged on 2,000 leaves from 400 new plants.
#
# The nets are trained for 20 epochs at most (the graph net for 100). That makes hundreds of fits, and such a long run will be interrupted at some time. `run_jobs` writes each result to a file of its own. When it is called again, it reads what is already there. Here is one job:

# %%
import tempfile

from mmlib.course.study import score_ladder, settings
from mmlib.evaluation.jobs import run_jobs

folder = tempfile.TemporaryDirectory()
job = settings(["as bundled"], per_class=[10], seeds=[0])
first = run_jobs(score_ladder, job, folder.name)
again = run_jobs(score_ladder, job, folder.name)
print(f"{len(first)} rows; the second call read {len(again)} rows from the folder")

# %% [markdown]
# The table of all jobs comes with the course (it was made by `benchmarks/which_one.py`). Can the table be made again on your computer? We compare the job that we have just run, one of the smallest, with the same job in the stored table:

# %%
from mmlib.course.study import stored

table = stored()
twin = table[(table["situation"] == "as bundled") & (table["per_class"] == 10)]
twin = twin[twin["seed"] == 0].set_index("model")["accuracy"]
apart = (first.set_index("model")["accuracy"] - twin).abs().max()
print(f"{len(table)} fits; ours and the stored ones differ by {100 * apart:.0f} points at most")

# %% [markdown]
# (On a graphics card, which computes with half as many digits, the nets may come out a little differently.)
#
# Now look at one situation at a time. The vertical lines are the ceilings, which say what the best possible model could reach. (The line "late" is a limit for late fusion only; other fusions may lie above it: notebook 00.) The bars are 95 % intervals over the five seeds. In the first situation, with 240 leaves, most of them are shorter than their dot is wide. (Look at the legend of each figure: in another situation the same pattern of dashes may mean another ceiling.)

# %%
from mmlib.course.experiments import draw_situation
from mmlib.course.widgets import explorer, static_row

explorer(draw_situation, situation=list(SITUATIONS), per_class=[10, 40, 240])

# %%
static_row(draw_situation, [{"per_class": 10}, {"per_class": 40}, {"per_class": 240}])

# %% [markdown]
# With 10 leaves of each condition, all models are far from the joint ceiling, but most fusions are ahead of either instrument. With 240 leaves they come much nearer to the ceiling. All fusions except late fusion then lie within about four points.
#
# **Exercise 12.3, predict.** In the situation `picture knows nothing new`, the joint ceiling is the same as that of the spectrum: the best possible model gains *nothing* from the picture. You have 10 leaves of each condition. Two things can happen. The picture shows redness a second time, which may help where labels are few. And 33 more columns may cost something.
#
# You take the difference of early fusion and the spectrum alone for each of the five seeds, with its interval. What does it show: early fusion is `"better"`, early fusion is `"worse"`, or the two `"cannot be told apart"`?

# %%
# SOLUTION
with_few = "cannot be told apart"
# STUB
# with_few = ...
check("12.3", with_few)

# %% tags=["hide-output"]
from mmlib.course.study_findings import gains
from mmlib.plots import show

show(*draw_situation("picture knows nothing new", per_class=10))

# %% tags=["hide-output"]
few = table[(table["situation"] == "picture knows nothing new") & (table["per_class"] == 10)]
paired = gains(few, over="spectrum only").set_index("model").loc["early"]
mean, low, high = 100 * paired[["mean", "low", "high"]]
print(f"early minus spectrum only: {mean:+.0f} points, interval from {low:+.0f} to {high:+.0f}")

# %% [markdown]
# They cannot be told apart: the interval of the difference reaches over zero, and far to both sides. With two plants of each condition, each draw of plants gives another answer. A ceiling says what can be *known*. Here all models stay far below it, because they have seen too little. (Some intervals in the figure reach below chance, or beyond the ceiling of their model. With five seeds an interval can be so wide that it reaches beyond what is possible.)
#
# Is any model better than early fusion, the simplest of the fusions? The figure shows every model in every situation. Zero is early fusion, and a point to the right of zero is better. (With so many intervals of 95 %, about one in twenty misses zero by luck alone, even where two models are equally good.)

# %%
from mmlib.course.figures.n12 import plot_gains

over_early = gains(table)
show(*plot_gains(over_early))

# %%
for n, part in over_early[over_early["model"] != "early"].groupby("per_class"):
    ahead, behind = sum(part["low"] > 0), sum(part["high"] < 0)
    print(f"{n} leaves of each: {ahead} of {len(part)} ahead of early fusion, {behind} behind")

# %% [markdown]
# Read the figure in this way:
#
# * **10 leaves of each condition** (circles): some models lie to the right of zero, but their intervals reach back over it. Five draws of so few leaves differ too much to tell.
# * **40 leaves of each condition** (squares): in `as bundled` and `only together` all the nets are behind early fusion, by about 4 to 11 points. They need more labels.
# * **240 leaves of each condition** (triangles): the nets have caught up to about two points, except in `as bundled`, where they are still 2 to 4 points behind. In `as bundled` and `only together` late fusion is still about 10 points behind, since it never sees the pair.
# * In `no synergy` and `picture knows nothing new`, with these 240 leaves, the *place* where the modalities meet changes the score by two points at most.
# * In `both see the same` all models lie within about two points of early fusion, from 40 leaves on, and this includes `spectrum only` and `image only`. If one instrument already shows what there is to see, a second one that shows the same adds little. (Here lies the only interval that is wholly to the right of zero: late fusion with 240 leaves, by about a point. Of 120 intervals about three may do so by luck.)
#
# ## The decision table
# "Which model is best?" is the wrong question when five models cannot be told apart. A better question is: *which is the simplest model that is good enough?*
#
# - *Good enough*: the *best* model is the one with the highest mean. The *lag* of a model is the score of the best model minus its own, seed by seed. Take the 95 % interval of this lag. If its low end lies above one point, the model is not good enough. In all other cases it is.
# - *Simplest*: the lowest on the ladder. The two instruments alone share the lowest rung; the spectrum comes first.
#
# Where intervals are wide, little can be shown, so this rule is lenient. Here are the scores of one situation, with a row for each seed and a column for each model:

# %%
chosen = (table["situation"] == "only together") & (table["per_class"] == 240)
scores = table[chosen].pivot(index="seed", columns="model", values="accuracy")[list(models)]
scores.round(2)

# %% [markdown]
# **Exercise 12.4.** Write the rule. `scores` is such a table, with the simplest model in the first column; the best model is the one with the highest mean. Return the name of the first model that is good enough, for five seeds (so t is 2.78) and a `margin` of 0.01. (`std` of pandas already has `ddof=1`.)


# %%
# SOLUTION
def simplest(scores, margin=0.01):
    best = scores[scores.mean().idxmax()]
    for name in scores:
        behind = best - scores[name]
        if behind.mean() - 2.78 * behind.std() / np.sqrt(5) <= margin:
            return name


# STUB
# def simplest(scores, margin=0.01):
#     return ...
check("12.4", simplest)

# %% [markdown]
# `decide` applies this rule to every situation and every number of labels:

# %%
from mmlib.course.study_findings import decide

decisions = decide(table).round(2)
decisions

# %% [markdown]
# With 10 leaves "good enough" often means only "not shown to be worse". And with 10 leaves in `only together` all models are near chance (0.20), so nothing works there. Count the answers over all lines, these included:

# %%
print(decisions["simplest good enough"].value_counts().to_string())

# %% [markdown]
# One line may surprise you. In `picture knows nothing new` with 40 leaves, late fusion is best, early fusion is good enough, and the spectrum alone is *not*. Here are their lags, in points:

# %%
line = table[(table["situation"] == "picture knows nothing new") & (table["per_class"] == 40)]
minus_late = gains(line, over="late").set_index("model")[["mean", "low", "high"]]
for name in ("spectrum only", "early"):
    mean, high, low = -100 * minus_late.loc[name]
    print(f"{name}: lag {mean:.1f} points, interval from {low:.1f} to {high:.1f}")

# %% [markdown]
# The two lags differ by half a point, yet only one passes. The lag of early fusion varies more from seed to seed, so its interval is wider, and its low end lies below one point. And the lead of late fusion? It may really gain from seeing redness twice. Or it may be the winner's curse, for it is the best of nine.
#
# In none of these situations was a rung above early fusion shown to be needed. That may be the most boring answer of the course, but it was computed and not guessed. Begin with early fusion, and make every other rung show that it is worth its trouble *on your samples*.
#
# Accuracy is not all that counts. How long does a fit take?

# %%
from mmlib.course.figures.n12 import plot_cost

full = table[(table["per_class"] == 240) & (table["situation"] == "as bundled")]
show(*plot_cost(full))

# %%
weights = full.groupby("model", sort=False)["parameters"].median()
memory = weights[weights > 0] * 8 / 1000  # bytes of a number in double precision
print("memory for the weights of the nets, kB:", memory.round(0).astype(int).to_dict())

# %% [markdown]
# Late fusion takes longest. Each of its two experts is fitted six times: five times on a part of the leaves, to calibrate it (notebook 05), and once on all of them.
#
# No fit took more than some seconds. The nets are given features and need not look at pixels. (In notebook 06 a net on pixels was far less accurate.)
#
# ## Real samples
# We take the same ladder to three real data sets:
#
# - **Houston**: pixels of a city, seen from an airplane. The modalities are a spectrum and the heights around the pixel, and the question is the kind of land cover.
# - **Trees**: crowns in two forests. The modalities are a spectrum, a photograph from above and heights, and the question is the species.
# - **Soil SA.112**: samples from one field. The modalities are a near-infrared spectrum, sensors used in the field, and the terrain, and the question is the pH.
#
# The folds keep groups together: regions of the city, and plots of the forests. (The soil samples have no groups.) Beside each single modality, and beside early fusion, stands a random forest, given by `ladder(data, forests=True)`. Zero is the best *single* modality with its best model. In Houston and for the soil this is `spectrum only`. For the trees it is `spectrum only (forest)`, which is better by very little. So the figure asks: was it worth buying more than one instrument? In the figure the single modalities stand above, the fusions below, from `early` on. Land cover is counted in points of accuracy, and the gain in pH is how much smaller the error (RMSE) became. Some species are rare, so they are counted in points of balanced accuracy (notebook 03). A model that names the most probable species would hardly ever name a rare one. So each probability is divided by the share of its species among the training samples, and the model names the species with the largest result. Mind that each panel has a scale of its own.

# %%
from mmlib.course.figures.n12 import plot_real

real = stored("real")
show(*plot_real(real))

# %% [markdown]
# A fair comparison takes the same kind of model for one instrument and for all of them. The best single modality is a ridge regression in two data sets (that of notebook 04, which may bend a block with few columns), and a forest for the trees. So early fusion by the same kind of model is held against it, whatever the others have scored. This rule gives three verdicts:

# %%
for name, part in real.groupby("data", sort=False):
    # "reference" is the fusion of the same kind as the best single modality
    single, fused = part[["best_single", "reference"]].iloc[0]
    low, high = part.set_index("model").loc[fused, ["low", "high"]]
    verdict = "helps" if low > 0 else "harms" if high < 0 else "is not shown to help"
    print(f"{name}: {fused} {verdict} beside {single}")

# %% [markdown]
# In Houston the size of the gain depends on the kind of model:

# %%
houston = 100 * real[real["data"].str.startswith("Houston")].set_index("model")["value"]
for kind in ("", " (forest)"):
    gain = houston[f"early{kind}"] - houston[f"spectrum only{kind}"]
    print(f"early{kind} minus spectrum only{kind}: {gain:.1f} points")

# %% [markdown]
# Ridge regression seems to gain more from the heights than the forest does. (We have no interval for the difference of the two gains, so it may be chance.) If you try one kind of model only, you learn half of it.
#
# On the trees no gain can be shown, and no fusion is shown to lose. That the nets do not lose is the work of their step `selection` (notebook 06), which sets a modality to zero where predictions for plots left out are better without it. This is what the nets kept in the eight training parts:

# %%
kept = real[real["model"] == "intermediate"].set_index("data")["kept"]
for name, what in kept.items():
    print(f"{name}: {what}")

# %% [markdown]
# In all eight training parts of the trees the photograph went. It brings more than a hundred columns, and from such columns a net learns the training crowns by heart. Without the step, four of the five nets lose against the best single modality, by 6 to 11 points (we do not show this run here; `docs/measurements.md` has it). In Houston and for the soil everything was kept. In Houston two of the nets lose all the same.
#
# On the soil samples all fusions lie on the good side of zero, but most of their intervals reach over it. The sentence under the figure says that two are better; these are two nets. Why does the verdict not count them? They are the ones that came out best, out of eight fusions, and we name them only afterwards. That is the winner's curse again.
#
# From the leaves alone you could not have known which of these cases is yours. Hence the rule that no table can replace: **compare on your own samples**. Give each single modality the best kind of model you have, and the fusion the same kind.
#
# **Exercise 12.5, a judgment.** You have 80 apples of 4 varieties from 20 trees, with a spectrum and a photograph of each. You try all nine models on the same folds. The tensor net wins, one point ahead of early fusion. Which do you report as your method: `"tensor, with its score"`, `"tensor, with its interval"` or `"early, beside both single models"`?

# %%
# SOLUTION
report = "early, beside both single models"
# STUB
# report = ...
check("12.5", report)

# %% [markdown]
# ## What to try first
# (`docs/decisions.md` has this table in full, with how to judge, on two pages to print.) The last column says in which notebook you saw it. What was seen in simulated leaves is a reason to try something, and no proof that it holds for your samples.
#
# | where you stand | begin with | because | seen in |
# |---|---|---|---|
# | you do not know yet | both single models, then early fusion | it is cheap, needs few samples, and is often hard to beat | 04, 12 |
# | the data cannot be pooled, or a modality is often missing | late fusion, or a fallback | each model works alone | 05, 13 |
# | the answer is in the *combination* | early fusion, then intermediate | late fusion never sees the pair | 04, 05, 12 |
# | the answer is in *agreement* or in a crossing | products, tensor, or a net | no sum can tell | 10 |
# | there are many pairs and few labels, and you ask for what both modalities share | CCA, then contrastive, *beside* the features | pairs teach what is shared, and lose the rest | 08, 11 |
# | labels are very rare, and classes lie in clusters | graph | neighbors stand in for labels | 09 |
# | one modality says *where* to look in the other | attention on tokens, with many samples | only a choice among tokens can tell | 07 |
# | both see the same, and one of them easily | that one alone | the second look adds little | 12 |
#
# **What you saw.** The best of nine models owes a part of its score to luck, so this score promises too much. To compare models you need differences, several seeds and an interval. On these leaves, with good features and many labels, it mattered little (a few points) where a joint model brought the modalities together. It mattered more whether the second modality brings news. Late fusion lost what only the pair knows, and with 40 leaves of each condition the nets had found at most a part of it.
#
# **Words:** winner's curse, seed, paired difference, good enough, label budget.
#
# **Read more:** Demšar (2006), [Statistical comparisons of classifiers](https://www.jmlr.org/papers/v7/demsar06a.html), JMLR 7; Nadeau and Bengio (2003), doi:10.1023/A:1024068626366, on intervals from folds; Cawley and Talbot (2010), [On over-fitting in model selection](https://www.jmlr.org/papers/v11/cawley10a.html), JMLR 11.
#
# **Next:** [Robustness](13_robustness.ipynb), for the day an instrument fails.
