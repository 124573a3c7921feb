# %% [markdown]
# # Which one, when?
# Afterwards you can compare nine models without being fooled by luck, read a table of hundreds of fits, and name the fusion you would start with on your own samples, with a reason.
#
# You need notebooks 03 to 06; 07 to 11 help.
#
# **40 minutes**: 24 reading, 1 running, 15 exercises.
#
# No new rung. We look at the whole ladder from the side.

# %% [markdown]
# ## Nine dots and a winner
# A friend has 1,200 labeled leaves and a folder full of methods. She trains them all, tries them on 50 new leaves, and takes the best. Let us be that friend.

# %%
import numpy as np
import pandas as pd

import mmlib
from mmlib.features import with_features

train = with_features(mmlib.make_leaves(n_plants=240, seed=1))
new = with_features(mmlib.make_leaves(n_plants=400, seed=2))

# %% [markdown]
# `ladder` gives one model for each rung, with sensible defaults for these data. (Its "attention" is the gate of notebook 07: where each modality is one vector, tokens have nothing to choose.) The single modalities come first: they are the ones to beat.

# %%
models = mmlib.fusion.ladder(train)
answers = {name: m.fit(train.X, train.y).predict(new.X) for name, m in models.items()}
right = pd.DataFrame({name: answer == new.y for name, answer in answers.items()})
print(f"{len(models)} models: {', '.join(models)}")

# %% [markdown]
# Fifty leaves from ten new plants, then fifty from ten others, and so on: five friends with the same models. Guess how many winners there will be.

# %%
friends = right.groupby(new.groups // 10).mean()
(100 * friends.head(5)).round(0).astype(int)

# %%
print("winners:", ", ".join(friends.head(5).idxmax(axis=1)))

# %% [markdown]
# (Of equals, the first.) Same models, same kind of leaf, and the friends contradict each other. How much of a winner's score was luck? Forty groups of leaves, each with a winner; what does it score on all the *other* leaves?

# %%
from mmlib.course.study_findings import luck_of_the_best

claimed, true = luck_of_the_best(right.to_numpy(), new.groups // 10)
print(f"best of nine on 50 leaves: {100 * claimed:.0f} %")
print(f"the same models on 1,950 others: {100 * true:.0f} %")

# %% [markdown]
# The best of nine is also the luckiest of nine. This is the **winner's curse**: whoever chooses by a score and then reports it promises too much.
#
# **Exercise 12.1, a judgment.** You try nine models and report the best, with its 95 % interval, from the same folds. Is that interval `"too high"`, `"too low"` or `"right"`? `hint("12.1")` helps.

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
# Better: new leaves to train on and new leaves to judge on, several times over, each time from another **seed**, the number that starts the random numbers. Each time, take the *difference* of two models on the same leaves. Five such differences, in points:

# %%
gain = np.array([4.0, 2.0, 3.0, 5.0, 1.0])
print(f"mean {gain.mean():.1f}, standard deviation {gain.std(ddof=1):.2f}")

# %% [markdown]
# A mean of five wobbles by the standard deviation over the root of five. For 95 %, five values ask for 2.78 of that on either side (Student's t; with many values it would be 1.96). Here the textbook interval is right. Folds share training samples, so notebook 03 had to widen it; our seeds share no leaves.
#
# **Exercise 12.2.** The interval for these five. A list `[low, high]`.

# %%
# SOLUTION
half = 2.78 * gain.std(ddof=1) / np.sqrt(5)
ends = [gain.mean() - half, gain.mean() + half]
# STUB
# ends = ...
check("12.2", ends)

# %% [markdown]
# ## The long run
# Now in earnest. In the simulation we can turn the knobs, so we need not guess for which samples a fusion is good. Five situations:

# %%
from mmlib.course.study import SITUATIONS

for name, knobs in SITUATIONS.items():
    print(f"{name}: {knobs if knobs else 'all knobs at 1'}")

# %% [markdown]
# Times 10, 40 or 240 labeled leaves of each condition (the **label budget**), times five seeds, times nine models: hundreds of fits. Such a run will be interrupted. `run_jobs` writes each result to a file of its own, and does nothing twice. Here is one job:

# %%
import tempfile

from mmlib.course.study import score_ladder, settings
from mmlib.evaluation.jobs import run_jobs

folder = tempfile.TemporaryDirectory()
job = settings(["as bundled"], per_class=[10], seeds=[0])
first = run_jobs(score_ladder, job, folder.name)
again = run_jobs(score_ladder, job, folder.name)
print(f"{len(first)} rows; the second call read them from the folder: {first.equals(again)}")

# %% [markdown]
# The table of all jobs (`benchmarks/which_one.py`) comes with the course. Is it to be trusted? Hold our job against its stored twin:

# %%
from mmlib.course.study import stored

table = stored()
twin = table[(table["situation"] == "as bundled") & (table["per_class"] == 10)]
twin = twin[twin["seed"] == 0].set_index("model")["accuracy"]
apart = (first.set_index("model")["accuracy"] - twin).abs().max()
print(f"{len(table)} fits; ours and the stored ones differ by less than 3 points: {apart < 0.03}")

# %% [markdown]
# (On a graphics card, which computes with half the digits, nets come out a little differently. Hence not "zero".)
#
# One situation at a time. The lines are the ceilings: what the best possible model could reach.

# %%
from mmlib.course.experiments import draw_situation
from mmlib.course.widgets import explorer, static_row

explorer(draw_situation, situation=list(SITUATIONS), per_class=[10, 40, 240])

# %%
static_row(draw_situation, [{"per_class": 10}, {"per_class": 40}, {"per_class": 240}])

# %% [markdown]
# With 10 leaves of each condition everything is far from the joint ceiling, yet most fusions are ahead of either instrument. With 240 they are much nearer to it, and most of them stand close together.
#
# **Exercise 12.3, predict.** In `picture knows nothing new` the ceilings of joint and spectrum are the same: the best possible model gains *nothing* from the picture. You have 10 leaves of each condition. Will early fusion be `"better than"`, `"level with"` or `"worse than"` the spectrum alone?

# %%
# SOLUTION
with_few = "level with"
# STUB
# with_few = ...
check("12.3", with_few)

# %%
from mmlib.plots import show

show(*draw_situation("picture knows nothing new", per_class=10))

# %% [markdown]
# Level: their scores lie within the spread of the seeds. A ceiling says what can be *known*, and here the picture adds nothing to it. With few leaves all models stay far below. (The paired difference, same seeds, comes next, in the panel of that name: first row, circle.)
#
# Is anything better than this cheapest fusion? Every model in every situation; zero is early fusion, to the right is better.

# %%
from mmlib.course.figures.n12 import plot_gains
from mmlib.course.study_findings import gains

over_early = gains(table)
show(*plot_gains(over_early))

# %%
for n, part in over_early[over_early["model"] != "early"].groupby("per_class"):
    ahead, behind = sum(part["low"] > 0), sum(part["high"] < 0)
    print(f"{n} leaves of each: {ahead} of {len(part)} ahead of early fusion, {behind} behind")

# %% [markdown]
# What lies to the right of zero mostly has very few leaves; with more, many lie to the left:
#
# * **Very few labels** (circles): some models lie to the right, but their intervals reach back over zero. Five samples of so few leaves differ too much to tell.
# * **As bundled, only together**: with 40 leaves of each and more, late fusion stays behind. It never sees the pair.
# * **No synergy, picture knows nothing new**: with 240 leaves of each, it hardly matters *where* the modalities meet.
# * **Both see the same**: with 40 leaves of each and more, `image only` is hardly beaten. Two looks at one thing are worth little, if one of them is easy.
#
# ## The decision table
# "Which is best?" is the wrong question when five models cannot be told apart. Better: *which is the simplest that is good enough?* Good enough: not shown to be more than one point behind the best. (Where the intervals are wide, little is shown, so the rule is lenient.) Simplest: lowest on the ladder.

# %%
from mmlib.course.study_findings import decide

decisions = decide(table).round(2)
decisions

# %% [markdown]
# Count, over all lines:

# %%
print(decisions["simplest good enough"].value_counts().to_string())

# %% [markdown]
# In these situations no rung above early fusion is needed: the most boring answer of the course, but a computed one. Begin there, and make every other rung show that it is worth its trouble *on your samples*.
#
# Accuracy is not all. What does a fit cost?

# %%
from mmlib.course.figures.n12 import plot_cost

full = table[(table["per_class"] == 240) & (table["situation"] == "as bundled")]
show(*plot_cost(full))

# %%
weights = full.groupby("model", sort=False)["parameters"].median()
memory = weights[weights > 0] * 8 / 1000  # bytes of a number in double precision
print("memory for the weights, kB:", memory.round(0).astype(int).to_dict())

# %% [markdown]
# All of this is cheap, since the nets are given features. A net that looks at pixels costs far more (notebook 06), and needs more leaves than we have. And on the day of use, when new leaves come?

# %%
from time import perf_counter

start = perf_counter()
for model in models.values():
    model.predict(new.X)
seconds = (perf_counter() - start) / len(right)
print(f"all nine together take less than 5 milliseconds a leaf: {seconds < 0.005}")

# %% [markdown]
# Speed will not choose for you either.
#
# ## Real samples
# The same ladder on three real data sets, folds by group (the soil samples have none; they have a spectrum, field sensors and terrain). Beside its linear models stands a random forest of each kind (`ladder(data, forests=True)`). Zero is the best *single* modality, whichever model it took: was the second instrument worth buying?

# %%
from mmlib.course.figures.n12 import plot_real

real = stored("real")
show(*plot_real(real))

# %% [markdown]
# Fair is: one kind of model, with one instrument and with all. That rule was settled before anybody looked.

# %%
for name, part in real.groupby("data", sort=False):
    single, fused = part[["best_single", "reference"]].iloc[0]
    low, high = part.set_index("model").loc[fused, ["low", "high"]]
    verdict = "helps" if low > 0 else "harms" if high < 0 else "is not shown to help"
    print(f"{name}: {fused} {verdict} beside {single}")

# %% [markdown]
# In Houston (pixels seen from a plane, with heights) the answer depends on the kind of model:

# %%
houston = 100 * real[real["data"].str.startswith("Houston")].set_index("model")["value"]
for kind in ("", " (forest)"):
    gain = houston[f"early{kind}"] - houston[f"spectrum only{kind}"]
    print(f"early{kind} minus spectrum only{kind}: {gain:.1f} points")

# %% [markdown]
# Ridge regression on blocks made more of the heights than the forest did. Whoever tries one kind of model only learns half of it.
#
# On the trees no gain can be shown, and the nets even lose: crowns and heights add columns, little news. In the soil most fusions lie on the good side, and most of their intervals do not.
#
# Nothing on the leaves would have told you so. Hence the rule that no table replaces: **compare on your own samples**, each single modality with the best model you have.
#
# **Exercise 12.4, a judgment.** 80 apples of 4 varieties from 20 trees, a spectrum and a photograph of each. Which do you report as your method: `"attention, tuned until it wins"`, `"early, beside both single models"` or `"the best of nine on the same folds"`?

# %%
# SOLUTION
report = "early, beside both single models"
# STUB
# report = ...
check("12.4", report)

# %% [markdown]
# ## What to try first
# | where you stand | begin with | because |
# |---|---|---|
# | you do not know yet | both single models, then early fusion | cheap, needs few samples, often hard to beat |
# | data cannot be pooled, or a modality is often missing | late fusion | each model works alone |
# | the answer is in the *combination* | early, then intermediate | late fusion never sees the pair |
# | the answer is in *agreement* or crossing | products, tensor | no sum can tell |
# | many unlabeled pairs, few labels | CCA, then contrastive, *beside* the features | pairs teach what is shared, and drop the rest |
# | labels very rare, classes in clusters | graph | neighbors stand in for labels |
# | one modality says *where* to look in the other | attention on tokens, from a thousand samples | only a choice among tokens can tell |
# | both see the same, and one of them easily | that one alone | the second look adds little |
#
# **What you saw.** The best of nine models is also the luckiest, so its score promises too much. Differences need several seeds and an interval. On these leaves, with good features and many labels, it mattered little in which way a joint model joined the modalities. Whether the second one brings news mattered more, and only late fusion lost what the pair alone knows.
#
# **Words:** winner's curse, seed, paired difference, good enough, label budget.
#
# **Read more:** Demšar (2006), [Statistical comparisons of classifiers](https://www.jmlr.org/papers/v7/demsar06a.html), JMLR 7; Nadeau and Bengio (2003), doi:10.1023/A:1024068626366, on intervals from folds; Cawley and Talbot (2010), [On over-fitting in model selection](https://www.jmlr.org/papers/v11/cawley10a.html), JMLR 11.
#
# **Next:** [Robustness](13_robustness.ipynb), for the day an instrument fails.
