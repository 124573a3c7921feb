# %% [markdown]
# # Heads: first bring the pictures together
# Afterwards you can bring two pictures of one object onto each other and say by how many millimeters they are still off; you can bring their gray levels to a common scale; and you know which fusions need to know *where* something is.
#
# You need notebooks 03, 05 and 06.
#
# **60 minutes**: 34 reading, 1 running, 25 exercises.
#
# You know the rungs of this notebook. New is a step before any fusion. (The heads of the title are those of people, not the last box of the drawing.)

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("early", modalities=("CT", "MRI")))

# %% [markdown]
# ## One thing or two?
# You have a Raman map of a tablet, and a photograph of the same tablet through a microscope. The map has a bright spot; the photograph has a dark grain. Is the spot the grain? That depends on *where* they are, and the map was not taken with the microscope. Before any fusion, one must be laid on the other. This is called **registration**.
#
# Physicians do this every day, with several pictures of one head, so we borrow their case. A computed tomograph (CT) shows a bright spot, and magnetic resonance (MRI) a dark one. **Is it one lesion, or are there two old ones that have nothing to do with each other?** Fresh blood shows in both at the same place. A speck of chalk is bright in the CT only, and a scar is dark in the MRI only. An ordinary X-ray picture from above shows chalk a little.
#
# The heads are drawn from one average head, and the spots are planted. (Real lesions are not round, and nothing here is meant for patients. A ring shows where a spot was planted. A dashed ring in the X-ray shows where the CT has its spot. The chalk inside the second dashed ring is too faint for the eye; the two bright blobs beside that ring are bone.)

# %%
import numpy as np

from mmlib.data.heads import head_ceilings, make_heads, search_area

train, test = make_heads(600, seed=231), make_heads(400, seed=232)
print(train)

# %%
from mmlib.course.figures.n23 import plot_heads

show(*plot_heads(train, rows=[np.flatnonzero(train.y == k)[0] for k in (0, 1)]))

# %% [markdown]
# The CT is in **Hounsfield units**: air is -1000, water 0, bone some hundreds to more than a thousand. The MRI has no unit; every scanner has a gain of its own. What can be known from which pictures, at best?

# %%
ceilings = head_ceilings()
for names, best in ceilings.items():
    print(f"{names}: {best:.0%}")

# %% [markdown]
# CT alone and MRI alone are worth nothing, because the spots of both classes look alike and are equally likely everywhere. Together they can tell nearly everything. (These are upper bounds, for an observer who also knows how each head looked without its spots.)
#
# ## Before they meet: absorbance and gray levels
# You know the law of Beer and Lambert: each layer takes away the same *share* of the light, so absorbances add up along the ray. An X-ray picture obeys it, with the natural logarithm. A millimeter of water adds 0.02 to the absorbance. A millimeter of tissue with $H$ Hounsfield units adds $0.02\,(1 + H/1000)$. For a ray through air, water and bone, 10 mm each:

# %%
hounsfield = np.array([-1000, 0, 1000])
added = 0.02 * (1 + hounsfield / 1000) * 10
print(added, f"sum {added.sum():.1f}, arriving {np.exp(-added.sum()):.0%}")

# %% [markdown]
# **Exercise 23.1.** Write the X-ray picture of a whole CT: the *absorbance* along the last axis. `ct` has three axes and holds Hounsfield units. Its small cubes, the **voxels**, have sides of `mm` millimeters. `hint("23.1")` helps.

# %%
from mmlib.course.exercises.e23 import check, hint


# %%
# SOLUTION
def absorbance(ct, mm):
    return (0.02 * (1 + ct / 1000)).sum(axis=-1) * mm


# STUB
# def absorbance(ct, mm):
#     return ...
check("23.1", absorbance)

# %% [markdown]
# The X-rays of our heads were made in this way from a CT volume. A whole head is summed up in each pixel, so a speck of chalk is faint in it.
#
# Next, the gray levels need a common scale. There are two habits. **Min-max** brings each picture from its darkest pixel, 0, to its brightest, 1. The **z-score** takes off the mean of the picture and divides by its standard deviation. You know it by another name: for a spectrum it is SNV.
#
# Three pictures of four pixels. The second is the first with another gain. In the third, a metal staple shines in the last pixel.

# %%
from mmlib.features.gray_levels import min_max, window, z_score

pixels = np.array([[10, 12, 14, 16], [20, 24, 28, 32], [10, 12, 14, 500]])
print(min_max(pixels).round(2))

# %%
print(z_score(pixels).round(2))

# %% [markdown]
# Both remove the gain. And both are ruined by the staple: this one pixel sets the scale of min-max, and makes the standard deviation of the z-score large. In a CT, the bone of the skull acts like such a staple. The cure comes before either of them: a **window** cuts the values off. Everything below its lower end becomes 0, everything above its upper end becomes 1, and between the two the scale is linear. It acts like a detector that saturates. (It is another window than those of notebooks 01 and 21.)
#
# **Exercise 23.2, predict.** How much of the range from 0 to 1 is left for the brain (nine of ten of its pixels lie in a range about 45 units wide), if min-max is applied to a whole CT slice: about `"all of it"`, `"a third"` or `"less than a tenth"`?

# %%
# SOLUTION
left = "less than a tenth"
# STUB
# left = ...
check("23.2", left)

# %% tags=["hide-output"]
brain = search_area()
ct = train.X["ct"][..., 0]
for name, scaled in {"whole": min_max(ct), "window": window(ct, -45, 100)}.items():
    low, high = np.quantile(scaled[:, brain], [0.05, 0.95], axis=1)
    print(f"{name}: 90 % of the brain's pixels within {np.mean(high - low):.2f}")

# %% [markdown]
# So the CT is cut off at -45 and at 100 units, between which brain and fresh blood lie, and then all pictures become z-scores. None of this looks at other samples, so it may be done before the split.


# %%
def prepare(data):
    X = {name: data.X[name] for name in ("ct", "mri", "xray")}
    X["ct"] = window(X["ct"], -45, 100)
    return {name: z_score(pictures) for name, pictures in X.items()}


# %%
X, X_test = prepare(train), prepare(test)

# %% [markdown]
# ## Registration: a shift is tried, and judged
# To lay one picture on another, a program tries motions, and keeps the one after which both are most alike. What is alike, when bone is white in one and black in the other? Six pixels of a CT and of an MRI, two each of air, brain and bone:

# %%
ct_pixels, mri_pixels = np.array([0, 0, 1, 1, 2, 2]), np.array([0, 0, 5, 5, 0, 0])
square = np.mean((ct_pixels - mri_pixels) ** 2)
r = np.corrcoef(ct_pixels, mri_pixels)[0, 1]
print(f"mean square {square:.1f}, correlation {r:z.1f}")

# %% [markdown]
# By either measure these two are unlike: the squares are large, and the correlation is zero, since the MRI rises with the CT and then falls. Yet whoever knows the CT here knows the MRI. **Mutual information** asks just that: how much does the gray level of one say about that of the other? It counts how often each *pair* of gray levels stands at the same place, and compares with the count expected if the pictures had nothing to do with each other: row total times column total over the grand total. Its formula, with shares $p$ instead of counts, is
#
# $$\sum p_{ij} \ln\frac{p_{ij}}{p_i\,p_j}$$
#
# where a pair that does not occur adds 0.
#
# **Exercise 23.3.** Write it, for a table of counts.


# %%
# SOLUTION
def mutual_information(table):
    share = table / table.sum()
    expected = share.sum(axis=1, keepdims=True) * share.sum(axis=0)
    seen = share > 0
    return (share[seen] * np.log(share[seen] / expected[seen])).sum()


# STUB
# def mutual_information(table):
#     return ...
check("23.3", mutual_information)

# %% [markdown]
# Now a patient whose MRI lies 9 mm beside the CT. We try every shift of whole pixels (3 mm), up to 18 mm, and judge it by three measures. `normalized_mutual_information` of scikit-image is made of the same counts, and depends less on how much of the pictures overlaps.

# %%
from skimage.metrics import normalized_mutual_information

aside = make_heads(40, off=9, seed=233)
X_aside = prepare(aside)


# %%
def judge(ct, mri):
    return {
        "mutual information": normalized_mutual_information(ct, mri, bins=16),
        "correlation": np.corrcoef(ct.ravel(), mri.ravel())[0, 1],
        "mean squares": -np.mean((ct - mri) ** 2),
    }


# %% [markdown]
# The next function puts a dark margin around the MRI, moves it, and cuts it to the old size. (So with every shift a part of the picture is lost, and dark margin comes in.) In the figure, the *true shift* is the one that brings the MRI back onto the CT.


# %%
def try_shifts(ct, mri, most=6):
    wide = np.pad(mri, most, constant_values=np.quantile(mri, 0.01))
    scores = {}
    for down in range(-most, most + 1):
        for right in range(-most, most + 1):
            moved = np.roll(wide, (down, right), axis=(0, 1))[most:-most, most:-most]
            scores[3 * down, 3 * right] = judge(ct, moved)
    return scores


# %%
from mmlib.course.figures.n23 import plot_cascade, plot_meetings, plot_shifts

scores = try_shifts(X_aside["ct"][0, ..., 0], X_aside["mri"][0, ..., 0])
show(*plot_shifts(scores, true=aside.info["shift"][0]))

# %% [markdown]
# **Exercise 23.4, choose.** Which measure would you take for a CT and an *MRI*: `"mutual information"`, `"correlation"` or `"mean squares"`?

# %%
# SOLUTION
measure = "mutual information"
# STUB
# measure = ...
check("23.4", measure)

# %% [markdown]
# How far off is an answer? Because we planted the motion, we know. For a mere shift it is the distance between the cross and the dot of the figure. For a rotation every point moves by its own amount, so one takes the mean over points of the object.
#
# **Exercise 23.5.** `true` and `found` hold where each of n points belongs, and where it was put: two tables (n, 2), in *pixels*. Write the mean distance in mm, for pixels of `mm` millimeters.


# %%
# SOLUTION
def mean_error(true, found, mm):
    return mm * np.linalg.norm(true - found, axis=1).mean()


# STUB
# def mean_error(true, found, mm):
#     return ...
check("23.5", mean_error)

# %%
for name in ("mutual information", "correlation", "mean squares"):
    errors = []
    for i in range(8):
        scores = try_shifts(X_aside["ct"][i, ..., 0], X_aside["mri"][i, ..., 0])
        best = max(scores, key=lambda shift: scores[shift][name])
        errors.append(np.linalg.norm(best - aside.info["shift"][i]))
    print(f"{name}: {np.median(errors):.0f} mm off, in the median of 8 patients")

# %% [markdown]
# Before, the MRI was 9 mm off. Only mutual information brings it clearly nearer.
#
# Real programs turn pictures as well, work in three dimensions and between pixels, and go uphill instead of trying everything. We use SimpleITK for that. It is one of the packages that `pip install "mmlib[medical]"` adds; this notebook does without it. With it, a cell of your own needs two lines. One picture stays where it is, the **fixed** one, and the **moving** one is laid on it. They may be a Raman map and a photograph just as well:
#
# ```python
# from mmlib.features.registration import move, register
#
# found = register(fixed, moving, spacing=3)
# on_fixed = move(moving, found, spacing=3)
# ```
#
# We did this four times with whole volumes of a head, turned by up to 10 degrees about each axis and shifted by up to 12 mm along each axis. `benchmarks/heads.py` made the table; these are means of the errors in mm, over the four trials and over points of the head. The first line, "as moved", is the error before any registration:

# %%
from mmlib.course import head_study

volumes = head_study.stored("volumes")
print(volumes.mean().round(1).to_string())

# %% [markdown]
# Across instruments, correlation and mean squares end no nearer than they began. Within one, CT on CT, mean squares is exact to 0.3 mm. So choose the measure by what the two pictures have in common. Mutual information asks only that the gray of one says something about the gray of the other. For the last line we moved nothing. Both volumes had been laid on one system of coordinates by their publishers (named below), by other methods, and mutual information still moves them by 1.5 mm. Most of the 1.9 mm further up may be this same difference. Which method is right to a millimeter, nobody knows, not even here.
#
# ## Find it in one, read it in the others
# A **cascade** asks one instrument for the place and the others for the value. As chemists do it: the camera finds the grain, the spectrum is read there. Our CT shows a bright spot. So we filter the CT for bright spots of this size, well inside the brain, and take the brightest place. The filter is the difference of two smoothed copies, one sharper than the other. At the brightest place we read all three pictures, filtered in the same way. (The spot of the MRI is dark, so there a negative number is read.) The edge of the skull is stronger than any spot. So the last line of `spots` sets all but a region well inside the brain to zero, and cuts off the empty margins.

# %%
from skimage.filters import difference_of_gaussians


def spots(pictures):
    found = np.array([difference_of_gaussians(x, 1.2, 3) for x in pictures[..., 0]])
    return (found * search_area())[:, 6:42, 6:42, None]


# %%
def cascade(X, names):
    n = len(X["ct"])
    place = spots(X["ct"]).reshape(n, -1).argmax(axis=1)
    read = [spots(X[name]).reshape(n, -1)[np.arange(n), place] for name in names]
    return np.column_stack(read)


# %% [markdown]
# What comes out is a small table, and any classifier may decide. We take an SVM.

# %%
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

readers, used = {}, {"CT": ["ct"], "X-ray": ["xray"], "MRI": ["mri"], "all": ["ct", "mri", "xray"]}
for label, names in used.items():
    readers[label] = make_pipeline(StandardScaler(), SVC()).fit(cascade(X, names), train.y)
    right = readers[label].score(cascade(X_test, names), test.y)
    print(f"{label}, read where the CT has its spot: {right:.0%}")

# %% [markdown]
# The MRI, which knows nothing alone, is right for 97 in 100 once the CT says where to look. (With 400 patients, such a share is known to five points or better. The X-ray, read at the same place, stays well below the ceiling of CT and X-ray together, 98 %. The observer of the ceiling knows the head without its spots, and the cascade does not.)
#
# **Exercise 23.6, predict.** In new patients the MRI lies 6 mm off, two pixels. Nobody told the model. Compared with the cascade that reads *only the X-ray*, the one that reads all is `"still better"`, `"about the same"` or `"worse"`?

# %%
# SOLUTION
all_is = "worse"
# STUB
# all_is = ...
check("23.6", all_is)

# %% tags=["hide-output"]
rows = {}
for off in (0, 3, 6, 9, 12):
    moved = make_heads(400, off=off, seed=232)
    X_moved = prepare(moved)
    rows[off] = {k: readers[k].score(cascade(X_moved, used[k]), moved.y) for k in ("all", "X-ray")}
show(*plot_cascade(rows))

# %% [markdown]
# Two pixels, and with the MRI the answers are worse than without it. This is the damage of notebook 13 again, with the millimeter as its unit. No model saw a warning: every picture is sharp, and beside its spot the MRI gives numbers as they also occur in heads with two old lesions (not printed here).
#
# And after registration, each patient by itself, by mutual information with SimpleITK? These numbers are stored, too: means over two draws of other patients. First comes the median error in mm, then the share of right answers.

# %%
slices = head_study.stored("slices").mean()
print(f"off by {slices['mm before']:.0f} mm, after registration {slices['mm after']:.1f} mm")
for name in ("aligned", "off", "registered"):
    print(f"{name}: {slices[name]:.0%}")

# %% [markdown]
# Registration brings back nearly all. ("off" is 68 % here and 70 % in the figure, because the patients are others.)
#
# ## Where must they meet?
# A cascade has to be told that the CT leads, and that one place is enough. A net can find out what to compare. It gets the filtered pictures, all of them. (The edge of the skull is cut away as before.) We take a **residual network**. Its block does not replace what it is given; it *adds* to it. On three numbers, with a layer that has learned nothing yet:

# %%
import torch

x, layer = torch.tensor([1.0, -2.0, 3.0]), torch.zeros(3, 3)
print("plain layer:", layer @ x, " residual:", x + layer @ x)

# %% [markdown]
# The plain layer loses everything, and with it the way back for the gradient. The residual one passes on what it got. So many blocks can stand in a row. (K. He and colleagues, 2016, trained a network of 152 layers.) Ours has one, in `ResidualCNN`. It ends with **global pooling**: of each channel, only the *largest value* in the whole picture is kept. So a spot is found wherever it is.
#
# The usual recipe in tutorials: a CNN for each modality, each pooled to a vector, the vectors concatenated, or weighted by a gate as in notebook 07, and a last layer that decides. It is the intermediate fusion of notebook 06. One thing in advance: a net that gets the X-ray alone does not find the faint chalk by itself. From 600 patients it learned nothing (50 %, in the next figure).
#
# **Exercise 23.7, predict.** All pictures lie exactly on each other. How often will that recipe be right: `"about 50 %"`, `"about 75 %"` or `"above 90 %"`?

# %%
# SOLUTION
recipe = "about 50 %"
# STUB
# recipe = ...
check("23.7", recipe)

# %% [markdown]
# Its rival meets earlier: the three pictures are **stacked**, as red, green and blue are stacked in a photograph, and one net sees them all. Nothing else is changed.

# %%
from mmlib.course.head_study import net, stacked

seen, seen_test = ({name: spots(x) for name, x in part.items()} for part in (X, X_test))
model = net().fit(stacked(seen), train.y)
print(f"stacked, new patients: {model.score(stacked(seen_test), test.y):.0%}")

# %% [markdown]
# The others take longer, so their scores are stored (`benchmarks/heads.py`), for two draws of patients. "X-ray alone" is a net that sees nothing else. "By place" has the same encoders as the recipe and one changed argument, `fuse=ByPlace`: the vectors of all modalities meet *at each place* of the picture, and only then is the largest value taken.

# %% tags=["hide-output"]
nets = head_study.stored("nets")
show(*plot_meetings(nets, ceiling=ceilings["all"]))

# %% [markdown]
# The recipe guesses, concatenated or weighted. The vectors of CT and MRI say "there is a spot", in both classes. *Where* it was has been pooled away before the two met. And the X-ray does not help here, although at best 87 % could be read from it. A net that must find the faint chalk by itself learned nothing here. A bag of words, a mean over time, a histogram and global pooling all forget where. If the answer is in a relation of places, let the modalities meet before that.
#
# Late fusion meets later still. It sees one opinion from each modality, and those of the CT and of the MRI are worthless: so it could not pass the ceiling of the X-ray alone. (We did not run it.)
#
# One more trap is in the training. Notebook 02 mirrored pictures to get more of them. If every modality is mirrored *by itself*, spots that lay on each other do so no more. `together`, which `net` uses, changes all pictures of a sample in the same way.
#
# ## Find the mistake
# A paper has 60 patients with eight slices each. From the CT alone it tells the two classes. Above, the ceiling of the CT was one half!

# %%
from sklearn.model_selection import GroupKFold, KFold, cross_val_score

many = make_heads(60, slices=8, seed=235)
pixels = prepare(many)["ct"].reshape(len(many), -1)
model = make_pipeline(StandardScaler(), SVC(C=10))

# %%
at_random = KFold(5, shuffle=True, random_state=0)
print(f"{cross_val_score(model, pixels, many.y, cv=at_random).mean():.0%} right")

# %% [markdown]
# **Exercise 23.8.** What must a split keep together: the `"slice"`, the `"patient"` or the `"class"`?

# %%
# SOLUTION
keep = "patient"
# STUB
# keep = ...
check("23.8", keep)

# %%
by_patient = cross_val_score(model, pixels, many.y, groups=many.groups, cv=GroupKFold(5))
print(f"{by_patient.mean():.0%} right, patients kept whole")

# %% [markdown]
# At random, other slices of every test patient are in training. The model recognizes the *person* and remembers the label. New patients show that it knows nothing. The same can happen with pixels of one Raman map, or spectra of one tablet.
#
# **What you saw.** Before pictures can be fused by place, they must lie on each other, and a planted motion tells how many millimeters they are off. Across instruments, mutual information worked here, and correlation and mean squares did not. Two pixels of error can make a second instrument worse than none. And what was pooled has forgotten where.
#
# **Use it when** two instruments made pictures of the same object: a Raman or hyperspectral map and a photograph, thermal and visible light, two drones. Register, say the error in mm, and stack, or cascade if you know what to look for. For your own pictures nobody planted the motion. So mark a few points in both by hand, such as corners and grains, register, and put the places of these points into the function of exercise 23.5.
#
# **Words:** registration, fixed and moving picture, mutual information, voxel, window, z-score, cascade, residual block, global pooling. Registration is *co-registration* in remote sensing and *alignment* in microscopy; here alignment is what notebook 11 does with embeddings.
#
# **Read more:** Mattes et al. (2003), doi:10.1109/TMI.2003.809072, on registration by mutual information; Lowekamp et al. (2013), doi:10.3389/fninf.2013.00045, on SimpleITK; He et al. (2016), doi:10.1109/CVPR.2016.90, on residual networks. The average head: Rorden et al. (2012), doi:10.1016/j.neuroimage.2012.03.020, and Fonov et al. (2011), doi:10.1016/j.neuroimage.2010.07.033.
#
# **Next:** [Land](24_land.ipynb): which camera to buy? Or [your own data](16_own_data.ipynb).
