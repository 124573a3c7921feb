# %% [markdown]
# # Land: which camera should I buy?
# Afterwards you can answer a question about instruments that you do not own yet: make cheaper cameras out of an expensive one, compare them on land that the model has not seen, and say which differences were shown and which were not.
#
# You need notebooks 03 and 04.
#
# **45 minutes**: 24 reading, 1 running, 20 exercises.
#
# We stand on the rung of early fusion. The modalities are now the bands of different cameras and the heights of the ground.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import show

show(*plot_ladder("early", ("bands", "heights")))

# %% [markdown]
# ## Four cameras and a laser
# You are to map a city from a plane, by fifteen kinds of land cover. There are four offers. A camera with 3 bands sees blue, green and red, as we do. With a fourth band it sees infrared, too. A *multispectral* camera has 7 broad bands, and a *hyperspectral* camera has 144 narrow ones. For each of them a laser scanner can be had that measures heights (LiDAR). **Which camera should you buy?**
#
# Nobody lends you all of them. But the hyperspectral camera has been flown over Houston, and its narrow bands can be averaged to broad ones. (The contest of 2013, Debes and others 2014; downloaded once, 5 MB. The wavelengths of the bands are approximate.)

# %%
import numpy as np
import pandas as pd

import mmlib

city = mmlib.load_houston2013()
print(city)

# %% [markdown]
# A sample is a pixel of 2.5 m, with its spectrum and with the heights of the 7 x 7 pixels around it. Three pixels at four wavelengths, and a broad band that covers the last two:

# %%
narrow = np.array([[0.1, 0.1, 0.5, 0.7], [0.2, 0.2, 0.2, 0.4], [0.3, 0.3, 0.3, 0.3]])
print(narrow[:, 2:].mean(axis=1))

# %% [markdown]
# **Exercise 24.1.** Write what a camera with one broad band would have measured: `spectra` has the shape (pixels, wavelengths), and the band reaches from `low` to `high` nm, both included. The result has one number for each pixel. `hint("24.1")` helps.

# %%
from mmlib.course.exercises.e24 import check, hint


# %%
# SOLUTION
def one_band(spectra, wavelengths, low, high):
    inside = (wavelengths >= low) & (wavelengths <= high)
    return spectra[:, inside].mean(axis=1)


# STUB
# def one_band(spectra, wavelengths, low, high):
#     return ...
check("24.1", one_band)

# %% [markdown]
# `through_camera` does it for several bands. Here are the mean spectra of four kinds of land, and in gray the seven bands of our multispectral camera. The camera with 3 bands has blue, green and red of these seven, and the one with 4 bands has the first infrared, too.

# %%
from mmlib.course.camera_study import SEVEN, VISIBLE, through_camera
from mmlib.course.figures.n24 import plot_bands, plot_rankings

axis, spectra = city.axes["spectrum"], city.X["spectrum"]
kinds = ("healthy grass", "synthetic grass", "soil", "road")
curves = {name: spectra[city.y == city.target_names.index(name)].mean(axis=0) for name in kinds}
show(*plot_bands(axis, curves, SEVEN))

# %%
print(through_camera(spectra, axis, SEVEN).shape, through_camera(spectra, axis, VISIBLE).shape)

# %% [markdown]
# Living plants take red light and send infrared back. Plastic grass is green to our eyes, and does not. (The first bands are noisy. The sharp dips, such as those near 770, 820 and 940 nm, are in all four curves. There the air takes light away, on its way down and up again, and not the land. The providers have scaled the numbers, so 0.2 does not mean that a fifth of the light comes back.)
#
# This is a fair comparison of *bands*, and no more. A real cheap camera has another noise, other pixels and another price.
#
# ## New land
# Who will use the map? Somebody who has a few places on the ground labeled, and wants to know all the others. So the model must be tested on land that it has not seen. Pixels of one roof or lawn are neighbors, and the heights around two neighbors are nearly the same pictures. As in notebook 03 we split by **region**, a connected patch of one kind of land. How many there are of each kind:

# %%
regions = pd.Series(city.groups).groupby(city.y).nunique()
regions.index = city.target_names
print(regions.sort_values(kind="stable").to_dict())

# %% [markdown]
# The model is made like that of notebook 03: principal components of each modality (30 components of the 144 bands, 8 of the heights, and all of the 3, 4 or 7 broad bands), side by side, and a forest. Here it is a random forest of 100 trees. (It was chosen on this same land with all 144 bands, which may favor them a little.) One half of the regions trains, the other half tests, and then the other way round; and all of that ten times. That takes several seconds for each camera. So the results are stored, with the script that made them (`benchmarks/cameras.py`), and your computer repeats a part of them:

# %%
from mmlib.course import camera_study
from mmlib.course.camera_study import CAMERAS, accuracies, mean_and_interval

table = camera_study.stored()
shares = accuracies(table)
shares.iloc[:3, :4].round(2)

# %% [markdown]
# Each row is one half of one division, and each column a setup. Does your computer get the same for the first division and two cameras?

# %%
two = {name: CAMERAS[name] for name in ("3 bands", "4 bands")}
again = camera_study.run(city, two, heights=[False], splits=["region"], repeats=1)
here = accuracies(again)
apart = 100 * (here - shares.loc[here.index, list(two)]).abs().to_numpy().max()
print(f"largest difference: {apart:.0f} points")

# %% [markdown]
# Now the mean over all twenty halves, with the interval of notebook 03 for repeated folds:

# %%
ranking = mean_and_interval(shares.loc["region"])
print((100 * ranking).round(1).to_string())

# %% [markdown]
# On average every step up helps: more bands, and heights. But look at the intervals. They are wide, because it matters much which regions are in which half. A gain is better judged half by half, because both cameras then had the same regions:


# %%
def gain(camera, over, split="region"):
    row = 100 * mean_and_interval(shares.loc[split, [camera, over]], over=over).loc[camera]
    return (
        f"{camera} over {over}: {row['mean']:.1f} points ({row['low']:z.1f} to {row['high']:z.1f})"
    )


# %%
print(gain("4 bands", "3 bands"))
print(gain("7 bands", "4 bands"))
print(gain("144 bands", "7 bands"))
print(gain("144 bands + heights", "144 bands"))
print(gain("3 bands + heights", "3 bands"))

# %% [markdown]
# Each step gains some points. Only for the heights beside three bands is the lower end far from zero. (With all 144 bands, notebook 03 found a gain of 4 to 6 points by heights on the same land, about as here, and its intervals did not contain zero. There the forest was another one, and so were the halves. So two fair ways to judge differ in how sure they are.) How far may one trust these ends? Here is the first gain once more, from the first five of the ten repeats and from the last five:

# %%
for part in (range(5), range(5, 10)):
    some = shares.loc["region"].loc[part, ["4 bands", "3 bands"]]
    low, high = 100 * mean_and_interval(some, over="3 bands").loc["4 bands", ["low", "high"]]
    print(f"4 bands over 3 bands: {low:.1f} to {high:.1f}")

# %% [markdown]
# The pixels are the same, only the halves were drawn anew. By the first five, infrared is shown to help. By the last five, the interval contains zero. With as few regions as here an interval is itself a guess, so do not hang a purchase on whether it just contains zero or just misses it.
#
# ## What a random split does
# Now suppose that the seller of the laser tests with pixels dealt out at random, as many papers do.
#
# **Exercise 24.2, predict.** By region, 144 bands are a bit ahead of 3 bands with heights. How will these two stand on a random split: `"3 bands with heights, by far"`, `"they are about level"` or `"144 bands, by far"`?

# %%
# SOLUTION
on_random = "they are about level"
# STUB
# on_random = ...
check("24.2", on_random)

# %% tags=["hide-output"]
both = {"by region": ranking, "at random": mean_and_interval(shares.loc["random"])}
show(*plot_rankings(both))

# %% tags=["hide-output"]
for split in ("region", "random"):
    print(f"{split}: {gain('3 bands + heights', '144 bands', split)}")

# %% [markdown]
# On a random split the two are about level. Three things have happened. All numbers went up. The intervals became narrow. And all setups moved closer together: by region they reach from 71 to 87 %, at random from 87 to 98 %. A random split asks for *places* that are known already. Bands recognize a place, and so do heights, since those around a pixel are nearly those around its neighbor. (In notebook 03, heights alone rise from about one half to nearly nine tenths.) So even three bands look good enough, and whoever wants to map new land learns little.
#
# The order of the two means has changed as well, but that is not shown: both intervals contain zero. Look at their width, too. The random split looks far more certain than it has a right to: its interval is less than half as wide. We come back to what may be said of the two.
#
# ## Which land needs infrared?
# A mean over fifteen kinds hides who gains. The stored table has the right answers for each kind:

# %%
plain = table[(table["split"] == "region") & ~table["heights"]]
sums = plain.groupby(["camera", "cover"])[["right", "pixels"]].sum()
recall = (sums["right"] / sums["pixels"]).unstack("camera")
gains = recall["4 bands"] - recall["3 bands"]

# %% [markdown]
# **Exercise 24.3.** `gains` has the gain by infrared of each kind of land. Take out the name of the kind that gains most.

# %%
# SOLUTION
most = gains.idxmax()
# STUB
# most = ...
check("24.3", (most, gains))

# %%
percent = (100 * recall[["3 bands", "4 bands", "144 bands"]]).round(0).astype(int)
print(percent.loc[gains.sort_values(ascending=False, kind="stable").index].to_string())

# %% [markdown]
# Healthy grass and plastic grass gain most, and it is in the infrared that the mean spectra of these two differ most. The tennis court follows. The others gain a few points or none, and the road loses two. (These are single numbers without intervals, and some kinds have two regions only. So do not make much of it that healthy grass does worse with 144 bands than with four.) If your map is about lawns, the fourth band may be what you need. One number for a whole city often answers nobody's question.
#
# **The mistake.** The seller of the laser shows one more table. His own offer, 3 bands with heights, was prepared as above. To the 144 bands of his rival he gave a forest as well, but without the components, since "forests need no preparation":

# %%
rival = {"144 bands": CAMERAS["144 bands"]}
raw = camera_study.run(city, rival, [False], ["region"], repeats=1, components=False)
raw = accuracies(raw)["144 bands"]

# %%
fair = shares.loc[raw.index]
print(f"3 bands + heights {fair['3 bands + heights'].mean():.0%}, 144 raw bands {raw.mean():.0%}")
print(f"144 bands as components {fair['144 bands'].mean():.0%}")

# %% [markdown]
# By his table the laser wins by a wide margin. The reason is not that the bands know less: as components, the same bands are right in 83 %, on the same halves. Probably it is this. A tree of a forest looks at one column at a time, and 144 columns that are nearly copies of each other hide their small differences from it. Components bring these out. (In notebook 03, too, the forest did better with components.) **A comparison of instruments is only as good as the model of the loser.** If a new instrument wins, first ask whether its rival had a good model, too.
#
# ## What may be said, and what to buy
# **Exercise 24.4, a judgment.** Look once more at the camera with 144 bands and at the one with 3 bands and heights, by region and at random. What may stand in a report: `"144 bands are better"`, `"3 bands with heights are better"` or `"neither was shown"`?

# %%
# SOLUTION
sentence = "neither was shown"
# STUB
# sentence = ...
check("24.4", sentence)

# %% [markdown]
# What you should buy depends on what a mistake costs, and on prices. The prices here are made up, in thousands of euros; put in your own.

# %%
prices = {"3 bands": 2, "4 bands": 6, "7 bands": 12, "144 bands": 90}
prices |= {f"{name} + heights": price + 40 for name, price in prices.items()}

# %% [markdown]
# **Exercise 24.5.** Write a function that names the cheapest setup whose mean accuracy is at least `wanted`. (Suppose that there is one.) `accuracy` is a pandas Series of means, its index the names of the setups, and `prices` a dictionary.


# %%
# SOLUTION
def cheapest(accuracy, prices, wanted):
    good = [name for name in accuracy.index if accuracy[name] >= wanted]
    return min(good, key=prices.get)


# STUB
# def cheapest(accuracy, prices, wanted):
#     return ...
check("24.5", cheapest)

# %% tags=["hide-output"]
for wanted in (0.7, 0.75, 0.8, 0.85):
    name = cheapest(ranking["mean"], prices, wanted)
    said = f"{name} ({prices[name]} thousand)" if name in prices else "write your function first"
    print(f"{wanted:.0%} wanted: {said}")

# %% [markdown]
# (A right function finds setups for 2, 6, 46 and 52 thousand.) These are means, and the intervals around them are wide. If the contract says "at least", take the lower end of the interval instead of the mean. Then no setup is left for 85 %. And before you spend so much: fly over more regions. Too few of them make the intervals wide, and no camera can replace them.
#
# Can you build a better camera? Bands cost money, so choose them where they help. Here is a camera of our own, with four bands again. One of them lies on the **red edge**, the wavelengths at which plants begin to send light back:

# %%
mine = {"green": (540, 560), "red": (660, 680), "red edge": (710, 730), "infrared": (780, 880)}
own = camera_study.run(city, {"my 4 bands": mine}, heights=[False], splits=["region"], repeats=1)
own = accuracies(own)
print(f"mine {own.mean().iloc[0]:.2f}, bought {shares.loc[own.index, '4 bands'].mean():.2f}")

# %% [markdown]
# This camera did no better. It says little about the red edge, since the new camera gave up blue for it, its other bands are narrower, and this is a single division. Change the bands and try again. But mind what you are doing: if you try thirty cameras and keep the best, its score flatters, as in notebook 03. Choose on one part of the regions, and report the score on another.
#
# **What you saw.** Cheaper instruments can be made out of an expensive one, before anybody buys them. Test them on land that is new. Here a random split raised every score, shrank every interval and moved the cameras closer together. With a weak model an instrument looks worse than it is. Look at each kind of land that matters to you, say no more than the interval allows, and let the price decide what is good enough. (With the made-up prices we would buy the camera with 4 bands if seven of ten pixels must be right, and its heights as well if it must be eight: even the lower ends of their intervals reach so far.)
#
# **Use it** whenever an instrument is to be chosen: filters for a camera, a range of wavelengths, a resolution.
#
# **Words:** band, multispectral, hyperspectral, LiDAR, land cover, region.
#
# **Read more:** Debes et al. (2014), doi:10.1109/JSTARS.2014.2305441, on the contest and the data; Hong et al. (2021), doi:10.1109/TGRS.2020.3016820, on fusing such data; Roberts et al. (2017), doi:10.1111/ecog.02881, on splitting by place.
#
# **Next:** [One camera](17_one_camera.ipynb), if you want to choose wavelengths by a model, or [your own data](16_own_data.ipynb).
