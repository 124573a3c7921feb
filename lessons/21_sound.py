# %% [markdown]
# # Sound: whose microphone has the model learned?
# Afterwards you can turn a recording into a table, and say what each step is for; you can tell by the split whether a model knows words or voices, choose what to take as a reference, and fuse a sentence, a picture and a sound.
#
# You need notebooks 03 to 06: splits by group, early, late and intermediate fusion.
#
# **75 minutes**: 40 reading, 1 running, 34 exercises.
#
# A sound is a modality like any other. Most of its encoder is older than neural networks, and you know more of it than you think: a chemist who has worked with an infrared spectrometer has used the Fourier transform, windows and references every day. At the end we stand on the rungs that you know, with three modalities.

# %%
from mmlib.course.figures import plot_ladder
from mmlib.plots import plot_scores, show

show(*plot_ladder("intermediate", ["sound", "sentence"]))

# %% [markdown]
# ## One tone
# A microphone measures pressure, thousands of times a second. Here are eight values of a tone that goes up and down twice:

# %%
import numpy as np

tone = np.cos(2 * np.pi * 2 * np.arange(8) / 8)
print(tone.round(1) + 0)

# %% [markdown]
# How does a computer find out that it is "twice"? It multiplies the values with a wave of each possible frequency and adds up. Where the wave goes along with the tone, the sum is large. Elsewhere positive and negative products cancel. A tone may begin at any moment. So one takes a cosine and a sine of each frequency, and writes the two sums as one complex number. The size of this number says how strong the tone is. Its angle, the **phase**, says when the waves of the tone begin. This is the **discrete Fourier transform**:


# %%
def fourier(signal):
    k = np.arange(len(signal))
    waves = np.exp(-2j * np.pi * np.outer(k, k) / len(signal))
    return waves @ signal


# %%
from scipy.fft import fft, rfft

print("size of each frequency:", np.abs(fourier(tone)).round(1))
print("scipy finds the same:", np.allclose(fourier(tone), fft(tone)))

# %% [markdown]
# Frequency 2 is found. So is frequency 6, which is its mirror image: of real signals only the first half of the result is news, and `rfft` returns just that half. (Your infrared instrument does the same: its computer turns the interferogram into a spectrum by a Fourier transform.)
#
# **Find the mistake.** Somebody samples a tone of 440 Hz for one second, a thousand times, at the moments `np.linspace(0, 1, 1000)`. The result should be one sharp line. It is not, and the mistake is in the moments. Write the right ones.
#
# **Exercise 21.1.** At which moments, in seconds, are `n` samples taken at `rate` samples per second? `hint("21.1")` helps.

# %%
from mmlib.course.exercises.e21 import check, hint


# %%
# SOLUTION
def moments(n, rate):
    return np.arange(n) / rate


# STUB
# def moments(n, rate):
#     return ...
check("21.1", moments)

# %%
from mmlib.course.figures.n21 import plot_chain, plot_speakers, plot_tones, plot_two_domains

both_ends = np.linspace(0, 1, 1000)
right = np.arange(1000) / 1000
tones = {"both ends counted": both_ends, "right moments": right}
tones = {name: np.sin(2 * np.pi * 440 * t) for name, t in tones.items()}
show(*plot_tones(tones, rate=1000, around=440))

# %% [markdown]
# With both ends counted there are 999 steps in the second. So 1,000 values cover a thousandth more than a second, which is 440.4 waves. That is no whole number, and the energy **leaks** to the neighbors. (This leak has nothing to do with those of notebook 03.) Half of it is gone from its place, for a step that is a thousandth too long.
#
# The other way to go wrong is to sample too slowly.
#
# **Exercise 21.2, predict.** A tone of 600 Hz is recorded at 1000 samples a second. At how many hertz does it show up?

# %%
# SOLUTION
shows_up = 400
# STUB
# shows_up = ...
check("21.2", shows_up)

# %% tags=["hide-output"]
fast, slow = (np.cos(2 * np.pi * hertz * right) for hertz in (600, 400))
print(f"largest at {np.abs(rfft(fast)).argmax()} Hz")
print("the same values as a tone of 400 Hz:", np.allclose(fast, slow))

# %% [markdown]
# This is called **aliasing**. Nothing that is done later can mend it, because at these moments the two tones have the same values. So the filter that takes fast tones away belongs before the sampling.
#
# Real tones almost never fit a whole number of waves into the stretch that one records. Against the leak one fades this stretch in and out with a **window**; infrared people say *apodization*. For a tone of 440.5 Hz, how many frequencies have more than a hundredth of the largest size?

# %%
from scipy.signal import get_window

between = np.sin(2 * np.pi * 440.5 * right)
for name in ("boxcar", "hamming"):
    size = np.abs(rfft(between * get_window(name, 1000)))
    print(f"{name}: {np.sum(size > 0.01 * size.max())} frequencies")

# %% [markdown]
# The *boxcar* is no window at all. Hamming's costs a little sharpness and keeps the energy at its place.
#
# ## Does a picture have frequencies?
# It does: fine stripes are fast, broad ones are slow. Because a picture has two directions, the transform runs along the rows and then along the columns. There is a wrong explanation, too: that the *frequency domain* of a picture is the histogram of its gray levels (you met histograms in notebook 02). Let us look at a written digit, at the same digit with its pixels shuffled, and at one shifted to the side:

# %%
from sklearn.datasets import load_digits

written = load_digits()
zero = written.images[0]
rng = np.random.default_rng(0)
shuffled = rng.permuted(zero)
shifted = np.roll(zero, 2, axis=1)
show(*plot_two_domains({"a digit": zero, "shuffled": shuffled, "shifted": shifted}))

# %% [markdown]
# (In the last column dark is large. The mean of the picture belongs in the very center, and was taken out.) A histogram counts how *often* a gray occurs. That is a frequency in another sense of the word. It knows no place, so it can know no stripes. The Fourier transform changes as soon as pixels change places, but its sizes stay the same when the whole picture moves and what leaves on one side comes in on the other, as in the last row.
#
# Which of the two helps to read digits? We make three tables: the histograms, the sizes of the frequencies, and the pixels themselves. And we take three kinds of pictures: as they are; shuffled, each picture in its own way; and shifted sideways, each by a random number of pixels.
#
# **Exercise 21.3, predict.** What will shuffling do to the score of the histograms: `"nothing"`, `"it falls a little"` or `"it falls to chance"`?

# %%
# SOLUTION
histograms = "nothing"
# STUB
# histograms = ...
check("21.3", histograms)

# %%
kinds = {"as they are": written.images}
kinds["shuffled"] = np.array([rng.permuted(p) for p in written.images])
steps = rng.integers(8, size=len(written.images))
kinds["shifted"] = np.array(
    [np.roll(p, s, axis=1) for p, s in zip(written.images, steps, strict=True)]
)

# %%
tables = {
    "histogram": lambda p: [np.bincount(x.astype(int).ravel(), minlength=17) for x in p],
    "size of frequencies": lambda p: np.abs(np.fft.fft2(p)).reshape(len(p), -1),
    "pixels": lambda p: p.reshape(len(p), -1),
}

# %% tags=["hide-output"]
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1000, tol=1e-8))
scores = {
    kind: {name: cross_val_score(model, make(p), written.target, cv=5).mean()
           for name, make in tables.items()}
    for kind, p in kinds.items()
}  # fmt: skip
print(pd.DataFrame(scores).round(2))

# %% [markdown]
# A histogram reads just as well with the pixels in disorder, which means that it does not read shapes: it knows how much ink there is. The sizes of the frequencies are the only table that reads digits *and* bears a shift, because a shift changes the phase only, and the phase was left out.
#
# ## From a recording to a table
# Here are 1,797 recordings of six people who say the digits in English, each with a picture of the same digit (with much noise, so that it is not too easy). A recording has 8,000 values a second and is filled up with zeros to one second. All of them are 20 MB, which are downloaded once. Since we want to understand people whom we have not heard, the group is the **speaker**.

# %%
import mmlib

digits = mmlib.load_digits_and_speech(noise=0.9)
print(digits)

# %%
from mmlib.course.player import play
from mmlib.features import frames, sound

row = np.flatnonzero((digits.y == 7) & (digits.groups == "theo"))[0]
word = sound.as_sound(digits.X["audio"][row])
word = word[: np.flatnonzero(word)[-1] + 1]
play(word, "Theo says seven.")

# %% [markdown]
# A recording from the field is rarely that clean. We add noise and take it away again, with the trick of a dark reference: a stretch *without* a voice tells how strong the noise is at each frequency. At each moment and each frequency, `denoise` compares the energy with that of the noise. Where the energy is hardly larger, this frequency is turned down at this moment (a *Wiener gain*).

# %%
hiss = 0.02 * np.random.default_rng(1).standard_normal(len(word) + 4000)
noisy, silence = word + hiss[: len(word)], hiss[len(word) :]
clean = sound.denoise(noisy, silence)

# %%
for name, one in {"with noise": noisy, "denoised": clean}.items():
    error = 10 * np.log10(np.sum(word**2) / np.sum((one - word) ** 2))
    play(one, f"The same word {name}: {error:.0f} dB of signal over what is wrong.")

# %% [markdown]
# Now the table. A whole word has one spectrum, in which nobody can tell what came first. So the recording is cut into **frames** of 25 ms, short enough for the mouth to stand still, a new one each 10 ms. At 8,000 values a second these are 200 and 80 values. One frame by hand (the transform fills it up with zeros to 256, a power of two, which is fast):

# %%
lifted = sound.pre_emphasis(word)
frame = lifted[800:1000] * get_window("hamming", 200, fftbins=False)
power = np.abs(rfft(frame, 256)) ** 2
bands = sound.mel_bank() @ power
print(f"{len(frame)} values -> {len(power)} frequencies -> {len(bands)} bands")

# %% [markdown]
# What happened, step by step:
#
# - **Pre-emphasis** subtracts from each value 0.97 of the one before it. Voices have less energy at high frequencies; this takes the slope away, like a baseline.
# - The **Hamming window** keeps the energy at its place.
# - **Fourier**, then the square: the energy of each frequency.
# - **Mel bands.** The ear hears ratios more than differences: 100 and 200 Hz are an octave apart, 3100 and 3200 Hz only half a semitone. Triangles that grow wider upwards collect the energy, as a filter radiometer collects bands of a spectrum.
#
# Two more steps follow. The **logarithm** turns factors (the loudness, the microphone) into sums, as absorbance does. And since neighboring bands tell nearly the same, a **cosine transform** condenses them. Its first 13 results are the *mel-frequency cepstral coefficients*, **MFCC**. The lowest of them is the loudness.

# %%
from scipy.fft import dct

by_hand = dct(np.log(bands), norm="ortho")[:13]
logs = sound.log_mel(word[None])
coefficients = sound.mfcc(logs)
print("frame 10 is the same:", np.allclose(coefficients[0, 10], by_hand))

# %%
spectra = np.abs(rfft(sound.cut(lifted) * np.hamming(200), 256)) ** 2
chain = {
    "spectrum of each frame (logarithm)": (np.log(spectra + 1e-8), "frequency (Hz)", (0, 4000)),
    "26 mel bands (logarithm)": (logs[0], "band", (1, 26)),
    "12 coefficients (MFCC, no loudness)": (coefficients[0, :, 1:], "coefficient", (1, 12)),
}
show(*plot_chain(word, chain))

# %% [markdown]
# A *spectrogram* is a spectrum for every moment. Here bright is large, unlike in the last figure. (In the last panel the loudness was left out. It has the number 0.) The bright stripes are the tones of the voice. How far apart they lie is its pitch, and which of them are brightest tells the vowel. Most mel bands are too broad for single stripes: in the third panel these are nearly gone, and with them most of the pitch. Which frequencies are bright, and so the vowel, can still be seen.
#
# Two things are often added. **Deltas** are the slopes of the coefficients over time. **Splicing** puts the neighbors of each frame beside it. You have computed deltas a hundred times, along wavelengths.
#
# **Exercise 21.4.** Write the slope of each column of a table (frames, columns), by a straight line through five frames.

# %%
from scipy.signal import savgol_filter


# %%
# SOLUTION
def slope(table):
    return savgol_filter(table, 5, 1, deriv=1, axis=0)


# STUB
# def slope(table):
#     return ...
check("21.4", slope)

# %% [markdown]
# ## Whose microphone?
# All recordings at once. `log_mel` works on blocks of a hundred, because the frames of all of them together would fill the memory. `lengths_of` tells where each word ends.

# %%
logs = sound.log_mel(digits.X["audio"])
coefficients = sound.mfcc(logs)
lengths = frames.lengths_of(digits.X["audio"], width=200, step=80, at_least=8)
print(coefficients.shape, "frames of the shortest and the longest:", lengths.min(), lengths.max())

# %% [markdown]
# Words differ in length, but a table needs one row for each. So every word is divided into eight equal parts, and each part gives its mean: `part_means`. Which steps pay? These are our candidates. The last two subtract a **mean**. On the logarithmic scale this is to divide by a reference. One subtracts the mean of each *recording*, which is the usual advice. The other subtracts the mean of all that a *speaker* has said.


# %%
def eight_parts(table):
    return frames.part_means(table, 8, lengths)


slopes = frames.slopes(coefficients)
by_recording = frames.reference(coefficients, lengths)
by_speaker = frames.reference(coefficients, lengths, by=digits.groups)
X = {
    "mean spectrum, no time": frames.part_means(logs, 1, lengths),
    "mel bands": eight_parts(logs),
    "MFCC": eight_parts(coefficients),
    "MFCC + deltas": eight_parts(np.concatenate([coefficients, slopes], axis=2)),
    "MFCC + splicing": eight_parts(frames.splice(coefficients)),
    "mean of recording removed": eight_parts(by_recording),
    "mean of speaker removed": eight_parts(by_speaker),
}

# %% [markdown]
# **Exercise 21.5, predict.** Which mean should be removed, for the best score with a *new* speaker: `"none"`, `"of the recording"` or `"of the speaker"`?

# %%
# SOLUTION
remove = "of the speaker"
# STUB
# remove = ...
check("21.5", remove)

# %% [markdown]
# Each model is judged twice, in six folds each: with one speaker left out in turn (`new`), and by the split that ignores speakers (`mixed`).

# %%
models = {name: make_pipeline(mmlib.Select(name), *model) for name in X}
new = mmlib.compare(
    models, mmlib.MultimodalData(X, digits.y, digits.groups), n_folds=6, n_repeats=1
)
mixed = mmlib.compare(models, mmlib.MultimodalData(X, digits.y), n_folds=6, n_repeats=1)

# %% tags=["hide-output"]
truth = np.array([new.predictions[name][0] == digits.y for name in X])
each = pd.DataFrame(truth.T, columns=list(X)).groupby(digits.groups).mean().T
show(*plot_speakers(each, mixed.table["mean"]))

# %% tags=["hide-output"]
for a, b in [("MFCC + splicing", "MFCC"), ("mean of speaker removed", "MFCC")]:
    print("random split:", mixed.sentence(a, b))
    print("new speakers:", new.sentence(a, b))

# %% [markdown]
# Look at the crosses first. The random split gives most of them nearly the same high score, and praises splicing. With new speakers the scores are far lower, they differ from speaker to speaker, and splicing gains nothing that could be shown. The random split measures how well a model knows *these six voices*, each with whatever microphone recorded it.
#
# Six speakers are few, and the interval says so: it does not even show that the reference by speaker helps. Look at the speakers one by one:

# %%
before, after = (100 * each.loc[name] for name in ("MFCC", "mean of speaker removed"))
gains = pd.DataFrame({"before": before, "gain": after - before}).sort_values(
    "before", kind="stable"
)
print(gains.round(0).astype(int).T.to_string())
for other in ("MFCC", "mean of speaker removed"):
    print(new.sentence("mean of recording removed", other))

# %% [markdown]
# The two speakers who were understood worst gain more than the others on average. (Who begins at 90 % has little room above.) Six speakers do not show that removing the mean of the recording is worse than removing nothing. But they show that it is worse than removing the mean of the speaker. Why? Probably because a recording is one word, and the mean over time of "six" is not that of "nine". It is as if you took the white reference on the sample itself. In speech recognition, where the advice comes from, a recording is a long sentence with all kinds of sounds in it.
#
# The reference by speaker uses no label, and nothing of other speakers, so it may be made before the split. But it needs some recordings of a person *before* the first answer. How many?

# %%
spoken, centered = X["MFCC"], X["mean of speaker removed"]
rng = np.random.default_rng(0)
right_with = {1: [], 5: [], 20: []}
for who in np.unique(digits.groups):
    new_one = digits.groups == who
    model.fit(centered[~new_one], digits.y[~new_one])
    for n, scores in right_with.items():
        for _ in range(5):
            some = rng.choice(np.flatnonzero(new_one), n, replace=False)
            used = np.concatenate([coefficients[k, : lengths[k]] for k in some])
            table = spoken[new_one] - np.tile(used.mean(axis=0), 8)
            scores.append(model.score(table, digits.y[new_one]))
print({f"reference from {n}": f"{np.mean(s):.0%}" for n, s in right_with.items()})

# %% [markdown]
# Compare with the figure above: MFCC without any reference are right in 77 %, and with the mean of all that the speaker said in 83 %. So here one word as a reference does more harm than good, five are hardly better than none, and twenty are nearly enough. (There are no intervals here, and the words of the reference are among those that are scored.) A new speaker should first say some twenty words, best with all digits among them, as a spectrometer is given its white tile.
#
# **Exercise 21.6.** Write it for a table (recordings, columns): subtract from each row the mean of the rows of its speaker.


# %%
# SOLUTION
def without_speaker(table, speakers):
    result = table.copy()
    for name in np.unique(speakers):
        result[speakers == name] -= table[speakers == name].mean(axis=0)
    return result


# STUB
# def without_speaker(table, speakers):
#     return ...
check("21.6", without_speaker)

# %% [markdown]
# **A mistake in two steps**, each of which looks harmless. Somebody removes the mean of each recording, and later pools each recording by its mean over time:

# %%
pooled = frames.part_means(by_recording, 1, lengths)
print(f"largest value in the table: {np.abs(pooled).max():.6f}")

# %% [markdown]
# The mean of what has no mean is zero. A network trained on such a table learns nothing, and no error is raised.
#
# ## A sentence, a picture and a sound
# The third modality is a sentence about the digit. It is generated: it names a property that the digit has and one that it has not, and one time in ten the two are exchanged.

# %%
from mmlib.data.clues import digit_sentences, sentence_ceilings

sentences = digit_sentences(digits.y, wrong=0.1)
for k in (0, 600, 1200):
    print(f"{digits.y[k]}: {sentences[k]}")

# %% [markdown]
# Since we know how they are made, we know the best score that any model can reach, by counting all cases:

# %%
ceilings = sentence_ceilings(wrong=0.1)
print({name: f"{best:.0%}" for name, best in ceilings.items()})

# %% [markdown]
# "Even but not large" is not "large but not even". A bag of words (notebook 20) cannot tell them apart. So the sentence is read in order. Each word becomes a code, then a vector that is learned, an **embedding**; an **LSTM** (*long short-term memory*) goes from word to word. It keeps a row of numbers, its memory, and changes them with every word; how much of each it forgets and adds is learned. (Notebook 22 shows it with numbers.) Sentences differ in length, so they are filled up with zeros, which is called **padding**. What the LSTM holds in mind after the *last word* is the vector of the sentence. If you took it at the end of the row, it would have read the zeros, too.

# %%
from mmlib.features.codes import WordCodes

codes = WordCodes().fit_transform(sentences)
print(codes[[0, 600]])

# %%
import torch

from mmlib.nets.sequences import WordLSTM

torch.manual_seed(0)
reader = WordLSTM(shape=10, width=4, words=20)
short, filled = torch.tensor([[7, 2, 9]]), torch.tensor([[7, 2, 9, 0, 0]])
print("zeros change nothing:", torch.allclose(reader(short), reader(filled), atol=1e-6))

# %% [markdown]
# The sound gets a **1-D CNN** along time and the picture a small **2-D CNN** (notebook 02). So we have three nets, three outputs, and want to concatenate them, as in notebook 06. Somebody tries it like this, with the frames of a sound beside the vector of a sentence:

# %%
heard = torch.rand(32, 25, 16)  # samples, moments, channels
read = torch.rand(32, 16)  # samples, columns
try:
    torch.cat([heard, read], dim=1)
except RuntimeError as fault:
    print(fault)

# %% [markdown]
# Three axes do not fit two. The sound still has its moments, and the vector of the sentence has none. So the sound must be **pooled over time** first: the mean over the moments, or the largest value, or both.
#
# **Exercise 21.7.** Write `join`: the mean of `sound` (batch, moments, channels) over time, and beside it `sentence` (batch, width).


# %%
# SOLUTION
def join(sound, sentence):
    return torch.cat([sound.mean(dim=1), sentence], dim=1)


# STUB
# def join(sound, sentence):
#     return ...
check("21.7", join)

# %% [markdown]
# `FramesCNN`, the encoder of the sound, pools in this way, and does not count the zeros that stand behind the end of a word. The picture's encoder is a small one of our own. (mmlib's `ImageCNN` averages over places, which suits spots on leaves. In a digit the place is what matters, so it is kept.) An encoder is any module of torch with a `width`, which is the length of its vectors:

# %%
import inspect

from mmlib.course import sound_study as study

print(inspect.getsource(study.DigitCNN))

# %% [markdown]
# Five speakers to learn from are few, and a net may learn their voices by heart. What follows is meant against this; how much it helps, we do not show. In each training batch every recording gets a constant added to its coefficients, the same for all frames. On the logarithmic scale that is *another microphone*, or another mouth. This is called **augmentation**: whatever should not matter is changed at random. (Others add noise, shift the recording in time, or blank out stripes of the spectrogram, which is called *SpecAugment*.)

# %%
print(inspect.getsource(study.other_microphone))

# %% [markdown]
# Now the models. There is a net for each modality, and one net with all three encoders, whose vectors are concatenated (as `join` did) before the head. Beside the nets stand logistic regressions on plain tables: part means, pixels, and counts of words and of *pairs* of words, which keep a little of the order. The sound is referenced to its speaker.

# %%
three = study.three_modalities(digits)
print(three)

# %%
models = study.models()
print("\n".join(models))

# %% [markdown]
# Three modalities meet as two do: `early_fusion` takes three blocks, `late_fusion` three models. Your computer does this now for the linear models. (As in notebook 20, the counts of words are not stored in full, so block scaling is off. And the opinions are taken as stated, `calibration=None`.)

# %%
from mmlib.fusion import early_fusion, late_fusion

alone = {name: study.linear(name) for name in ("sentence", "sound", "picture")}
entries = {f"{name} only": expert for name, expert in alone.items()}
entries["early"] = early_fusion(
    blocks=study.linear_blocks(), classifier=models["sound only, linear"][-1], block_scale=False
)
entries["product of linear models"] = late_fusion(models=alone, rule="product", calibration=None)
plain = mmlib.compare(entries, three, n_folds=6, n_repeats=1)
print(plain.table["mean"].round(2).to_string())

# %%
for other in ("sound only", "early"):
    print(plain.sentence("product of linear models", other))

# %% [markdown]
# On average the product is ahead of both, but with six speakers neither gain is shown.
#
# Nets take minutes, so their scores are stored, for three pairings of sounds, pictures and sentences: `benchmarks/sound.py` made them with the functions that you have just seen. Each speaker was left out in turn.

# %%
table = study.stored()
limits = {"sentence": ceilings["in order"]}
show(*plot_scores(study.means(table).clip(0, 1), ceilings=limits, chance=0.1))

# %%
gain = 100 * study.means(table, over="product of nets")
print(gain.apply(lambda row: "{:z.1f} ({:z.1f} to {:z.1f})".format(*row), axis=1).to_string())

# %% [markdown]
# Stored numbers deserve a check. Your computer repeats one speaker of the first pairing, with the four nets and the product:

# %%
some = {name: model for name, model in models.items() if "net" in name}
again = study.run(three, some, only=["theo"])
both = again.merge(table.query("pairing == 0"), on=["speaker", "model"])
away = (both["accuracy_x"] - both["accuracy_y"]).abs().max()
print(f"{len(both)} models, largest difference: {100 * away:.0f} points")

# %% [markdown]
# The net on the sentence alone comes up to its ceiling, so there is hardly more to be had from it. The net on the noisy picture is poor. Still, all four fusions are on average ahead of the sound alone. Speakers differ much, so the interval of such a gain is wide. The list above has the differences to the product of nets: the net on the sound is behind it by 6.6 points, and the interval reaches from 16.0 points behind to 2.9 points ahead. Speaker by speaker, the product of nets is ahead by this many points:

# %%
speakers = table.pivot_table(index="speaker", columns="model", values="accuracy")
before, after = (100 * speakers[name] for name in ("sound only, net", "product of nets"))
gains = pd.DataFrame({"before": before, "gain": after - before}).sort_values(
    "before", kind="stable"
)
print(gains.round(1).T.to_string())

# %% [markdown]
# Each of the six is understood better, and the two who were understood worst gain most (they had most room above). So what may you claim? The size of the average gain is uncertain, and its interval contains 0. Its sign, though, is the same for all six speakers.
#
# Look at the line "one net, concatenated" above, too. The **product** of three nets that have never met is ahead, on average, of the net that was trained on all three modalities at once. The interval of the difference just reaches zero. This is what theory expects: sound, picture and sentence were paired by the digit and by nothing else. Given the digit, the picture tells nothing more about the sound. Then the product is exactly right, if each of the three probabilities is (notebook 05). What the product knows from the start, the joint net must find out from 1,500 samples of five people.
#
# When must the product lose? When modalities share more than the label, such as one microphone that two of them hear. Then it counts the same evidence twice. And it loses where only the combination tells, as with our leaves.
#
# One modality was not used: the word itself as a text, such as "seven".
#
# **Exercise 21.8, a judgment.** May the word of the digit, such as "seven", be given to the model as a text: `"yes, it is a text like others"`, `"no, it is the label"` or `"only in training"`?

# %%
# SOLUTION
the_word = "no, it is the label"
# STUB
# the_word = ...
check("21.8", the_word)

# %% [markdown]
# **What you saw.** A spectrogram is a spectrum for every moment, and the whole chain up to MFCC is pretreatment of a kind that you know. The random split measures voices; leaving speakers out measures words. Take the reference from what should not matter, here the speaker, and not from the sample itself. Pool over time, then concatenate. Sentence, picture and sound are modalities like any other, and where they are independent given the label, a product of opinions is hard to beat.
#
# **Words:** discrete Fourier transform, aliasing, leakage, window (*apodization*), frame, spectrogram, pre-emphasis, mel band, MFCC, deltas, splicing, cepstral mean normalization (our reference), embedding, LSTM, padding, pooling over time, augmentation.
#
# **Read more:** Davis and Mermelstein (1980), doi:10.1109/TASSP.1980.1163420, on MFCC; Boll (1979), doi:10.1109/TASSP.1979.1163209, on taking noise away; Atal (1974), doi:10.1121/1.1914702, on the mean of the cepstrum; Hochreiter and Schmidhuber (1997), doi:10.1162/neco.1997.9.8.1735, on LSTM; Park et al. (2019), doi:10.21437/Interspeech.2019-2680, on SpecAugment. The recordings: Jackson, *Free Spoken Digit Dataset*, doi:10.5281/zenodo.1342401.
#
# **Next:** [Days](22_days.ipynb), where the order of measurements is the message, or [your own data](16_own_data.ipynb).
