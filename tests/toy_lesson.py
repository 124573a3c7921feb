"""A whole lesson in small, with an exercise of each sort, a figure and a widget.

`write(folder)` lays it out as the real ones are: `folder/lessons/00_toy.py`.
"""

LESSON = """\
# %% [markdown]
# # Which band is it?
#
# You will be able to read one number out of a table of spectra, and to say which band tells two
# leaves apart. You need nothing but a little Python. **10 minutes**: 4 reading, 1 running,
# 5 exercises. We start from two leaves that somebody measured at three wavelengths, and ask where
# they differ most. Every number below was made up, so that it can be checked in the head.

# %%
import numpy as np

spectra = np.array([[0.1, 0.5, 0.4], [0.2, 0.1, 0.5]])
print(f"{spectra.shape[0]} leaves, {spectra.shape[1]} bands")

# %% [markdown]
# The rows are the leaves and the columns are the bands, as everywhere in this course. Drawn over
# the wavelength, one leaf is dark where the other is bright. The eye finds the place at once; the
# sentence under the picture says it with numbers, for those who cannot see the picture.

# %%
from mmlib.plots import show
from toy import check, draw, hint

show(*draw(scale=1.0))

# %% [markdown]
# ## Turn the knob
#
# The slider scales the second leaf. Where does the gap close? Move it and read the sentence. The
# three pictures after it show the same for readers of the printed page, who have no slider to move.

# %%
from mmlib.course.widgets import explorer, static_row

explorer(draw, scale=(0.0, 2.0, 0.5))

# %%
static_row(draw, [{"scale": 0.0}, {"scale": 1.0}, {"scale": 2.0}])

# %% [markdown]
# ## Your turn
#
# **Exercise 00.1, predict, then run.** How many bands has one spectrum? Say it before you count.

# %%
# SOLUTION
bands = spectra.shape[1]
# STUB
# bands = ...
check("00.1", bands)

# %% [markdown]
# **Exercise 00.2, judge.** Which band would you buy a filter for: "first", "second" or "third"?

# %%
# SOLUTION
band = "second"
# STUB
# band = ...
check("00.2", band)

# %% [markdown]
# **Exercise 00.3.** Write the function that returns the largest gap between two spectra. A hint
# that does not give the answer away is below.

# %%
hint("00.3")


# %%
# SOLUTION
def gap(a, b):
    return np.abs(a - b).max()


# STUB
# def gap(a, b):
#     return ...
check("00.3", gap)
"""

HELPERS = '''\
"""What the toy lesson draws and asks."""

from mmlib.course.exercise import Exercise, bind
from mmlib.plots import make_axes


def draw(scale=1.0):
    first, second = [0.1, 0.5, 0.4], [0.2 * scale, 0.1 * scale, 0.5 * scale]
    fig, ax = make_axes(width=4, height=2.5)
    ax.plot([550, 680, 800], first, "o-", label="first leaf")
    ax.plot([550, 680, 800], second, "s--", label="second leaf")
    ax.set(xlabel="wavelength (nm)", ylabel="reflectance")
    ax.legend()
    widest = max(abs(a - b) for a, b in zip(first, second))
    return fig, f"At scale {scale:g} the leaves differ by at most {widest:.2f}."


def _finds_gap(gap):
    if abs(gap(first(), second()) - 0.4) > 1e-9:
        return "that is not the largest gap: is the sign in the way?"
    return True


def first():
    import numpy as np

    return np.array([0.1, 0.5, 0.4])


def second():
    import numpy as np

    return np.array([0.5, 0.6, 0.5])


EXERCISES = [
    Exercise(
        "00.1",
        "How many bands has one spectrum?",
        answer=3,
        mistakes=[(2, "that is the number of leaves."), (6, "that is the size of the table.")],
        hint="which axis runs over the wavelengths?",
        more="it is the last one; `shape` tells its length.",
        why="the last axis runs over the bands.",
        right=[3],
        wrong=[2, 6],
    ),
    Exercise(
        "00.2",
        "Which band tells the leaves apart?",
        answer="second",
        choices=("first", "second", "third"),
        mistakes=[("first", "the gap is small there."), ("third", "the gap is small there.")],
        hint="look for the widest gap.",
        more="0.4 is wider than 0.1.",
        why="the gap is 0.40 there.",
        right=["second", "Second"],
        wrong=["first", "third"],
    ),
    Exercise(
        "00.3",
        "Write the function that returns the largest gap.",
        kind="function",
        test=_finds_gap,
        hint="a gap has no sign.",
        more="abs takes the sign away, max finds the largest.",
        why="the absolute difference, and its maximum.",
        right=[lambda a, b: abs(a - b).max()],
        wrong=[lambda a, b: (a - b).max(), lambda a, b: abs(a - b).mean()],
    ),
]
check, hint = bind(EXERCISES)
'''


def write(folder, lesson=LESSON):
    """Lay the toy lesson out in `folder`; returns the path of its source."""
    path = folder / "lessons" / "00_toy.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(lesson, encoding="utf-8")
    (folder / "toy.py").write_text(HELPERS, encoding="utf-8")
    return path
