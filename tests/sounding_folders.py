"""Folders with recordings and texts beside spectra and pictures, in which each knows a part."""

import csv

import numpy as np
from PIL import Image
from scipy.io import wavfile

RATE = 8000
WORDS = {
    0: ["herb", "grün", "bitter"], 1: ["süß", "reif", "saftig"], 2: ["mehlig", "weich", "müde"],
}  # fmt: skip
COMMON = ["and", "etwas", "sehr", "a bit", "der", "geschmack"]


def knock(pitch, rng, rate=RATE, seconds=0.3):
    """A knock on a fruit: a tone that dies away, and some noise."""
    t = np.arange(int(seconds * rate)) / rate
    tone = np.sin(2 * np.pi * pitch * t) * np.exp(-t / 0.05)
    return 0.5 * tone + 0.005 * rng.normal(size=len(t))


def write_wave(path, sound, rate=RATE):
    wavfile.write(path, rate, np.round(32767 * np.clip(sound, -1, 1)).astype(np.int16))


def note(kind, rng):
    """Some words of a class and some of any; one in five is of another class."""
    kinds = [kind if rng.random() > 0.2 else rng.integers(3) for _ in range(3)]
    words = [rng.choice(WORDS[k]) for k in kinds] + list(rng.choice(COMMON, 3))
    return " ".join(rng.permutation(words))


def write_sounding(root, n_groups=24, per_group=2, rest=True, seed=0, labeled=True, first=0):
    """Three ripenesses of fruits: sounds and texts, and with `rest` spectra and pictures, too."""
    rng = np.random.default_rng(seed)
    (root / "sounds").mkdir(parents=True)
    rows, spectra = [], []
    for g in range(first, first + n_groups):
        kind = g % 3
        for k in range(per_group):
            name = f"f{g:02d}{'ab'[k]}"
            row = [name, *(["raw", "ripe", "soft"][kind : kind + 1] if labeled else [])]
            rows.append([*row, f"tree {g}", note(kind, rng)])
            pitch = 900 - 250 * kind + 80 * rng.normal()
            write_wave(root / "sounds" / f"{name}.wav", knock(pitch, rng))
            band = np.exp(-(((np.arange(60) - 30 - kind) / 8.0) ** 2))
            spectra.append([name, *(1 - band + 0.03 * rng.normal(size=60)).round(5)])
            if rest:
                (root / "images").mkdir(exist_ok=True)
                picture = rng.normal(120 + 8 * kind, 25, (20, 20, 3)).clip(0, 255)
                Image.fromarray(picture.astype(np.uint8)).save(root / "images" / f"{name}.png")
    head = ["id", *["label"] * labeled, "group", "text"]
    tables = {"samples.csv": [head, *rows]}
    if rest:
        tables["spectra.csv"] = [["id", *(f"{x} nm" for x in range(1000, 1600, 10))], *spectra]
    for file, table in tables.items():
        with (root / file).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(table)
    return root
