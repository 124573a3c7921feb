"""How fast is training? Ratios measured within one run, as a markdown table.

    python benchmarks/training_speed.py [--repeats 7] [--threads 1 2]

1,000 samples of 48 x 48 x 3 pictures and 211 bands, batches of 64. In turns, so that
whatever else the machine does hits all alike:

- floor: multiplications of the net's forward and backward pass (counted by torch)
  over the rate of a 512 x 512 matrix multiplication on this machine;
- mmlib: one epoch of `mmlib.nets.loop.train_net` on uint8 pictures, standardizing included;
- bare: the same net and batches in the shortest loop that trains it, without skorch;
- DataLoader: what one would write from the tutorials, float32 pictures channels first,
  a Dataset that returns one sample, a shuffling DataLoader, Adam.

`--accuracy` also trains both to the end on simulated leaves and prints their accuracy
on other leaves, over seeds.
"""

import argparse
import copy
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torch.utils.flop_counter import FlopCounterMode

from mmlib.nets.encoders import default_encoder
from mmlib.nets.fusion_net import Concatenate, FusionNet
from mmlib.nets.loop import Batches, train_net

BATCH = 64


def make_net(shapes, n_classes=5, width=64):
    encoders = {name: default_encoder(shape, width) for name, shape in shapes.items()}
    head = nn.Sequential(
        nn.Linear(width * len(shapes), width), nn.ReLU(), nn.Linear(width, n_classes)
    )
    return FusionNet(encoders, Concatenate(dict.fromkeys(shapes, width)), head)


class Samples(Dataset):
    def __init__(self, X, y):
        self.X, self.y = X, y

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return {name: x[i] for name, x in self.X.items()}, self.y[i]


def scaling_of(X):
    return {
        name: (x.float().mean((0, 1, 2)), x.float().std((0, 1, 2)))
        if x.ndim == 4
        else (x.mean(0), x.std(0))
        for name, x in X.items()
    }


def dataloader_loop(net, X, y, epochs):
    scaling = scaling_of(X)
    X = {name: (x.float() - scaling[name][0]) / scaling[name][1] for name, x in X.items()}
    X = {k: x.permute(0, 3, 1, 2).contiguous() if x.ndim == 4 else x for k, x in X.items()}
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    loader = DataLoader(Samples(X, y), batch_size=BATCH, shuffle=True)
    start = time.perf_counter()
    net.train()
    for _ in range(epochs):
        for batch, target in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(net(batch), target)
            loss.backward()
            optimizer.step()
    return (time.perf_counter() - start) / epochs


def mmlib_loop(net, X, y, epochs):
    net.to(memory_format=torch.channels_last)
    batches = Batches(X, scaling_of(X), y, BATCH, shuffle=True)
    start = time.perf_counter()
    train_net(net, nn.CrossEntropyLoss(), batches, epochs=epochs)
    return (time.perf_counter() - start) / epochs


def bare_loop(net, X, y, epochs):
    net.to(memory_format=torch.channels_last)
    batches = Batches(X, scaling_of(X), y, BATCH, shuffle=True)
    optimizer = torch.optim.AdamW(net.parameters(), lr=2e-3)
    start = time.perf_counter()
    net.train()
    for _ in range(epochs):
        for batch, target in batches:
            optimizer.zero_grad()
            F.cross_entropy(net(batch), target).backward()
            optimizer.step()
    return (time.perf_counter() - start) / epochs


def floor(net, X, y):
    """Seconds that one epoch's multiplications take at the rate of a matrix product."""
    batch, target = next(iter(Batches(X, scaling_of(X), y, BATCH)))
    with FlopCounterMode(display=False) as counter:
        F.cross_entropy(copy.deepcopy(net)(batch), target).backward()
    per_epoch = counter.get_total_flops() / BATCH * (len(y) // BATCH * BATCH)
    a = torch.randn(512, 512)
    times = []
    for _ in range(20):
        start = time.perf_counter()
        a @ a
        times.append(time.perf_counter() - start)
    return per_epoch / (2 * 512**3 / min(times[5:]))


def speed(threads, repeats, epochs=2):
    rng = np.random.default_rng(0)
    X = {
        "image": torch.from_numpy(rng.integers(0, 256, (1000, 48, 48, 3)).astype(np.uint8)),
        "spectrum": torch.from_numpy(rng.normal(size=(1000, 211)).astype(np.float32)),
    }
    y = torch.from_numpy(rng.integers(0, 5, 1000))
    net = make_net({"image": (48, 48, 3), "spectrum": (211,)})
    torch.set_num_threads(threads)
    loops = {"mmlib": mmlib_loop, "bare": bare_loop, "DataLoader": dataloader_loop}
    times = {name: [] for name in ["floor", *loops]}
    for repeat in range(repeats + 1):
        row = {"floor": floor(net, X, y)}
        for name, loop in loops.items():
            row[name] = loop(copy.deepcopy(net), X, y, epochs)
        if repeat:  # the first round warms up
            for name, seconds in row.items():
                times[name].append(seconds)
    return {name: np.array(values) for name, values in times.items()}


def accuracy(seeds=5, epochs=25):
    import mmlib

    train = mmlib.make_leaves(n_plants=240, seed=0)
    test = mmlib.make_leaves(n_plants=600, seed=1)
    X = {name: torch.from_numpy(np.ascontiguousarray(x)) for name, x in train.X.items()}
    new = {name: torch.from_numpy(np.ascontiguousarray(x)) for name, x in test.X.items()}
    y = torch.from_numpy(train.y)
    for name, loop in {"mmlib": mmlib_loop, "DataLoader": dataloader_loop}.items():
        scores = []
        for seed in range(seeds):
            torch.manual_seed(seed)
            net = make_net({k: x.shape[1:] for k, x in X.items()})
            loop(net, X, y, epochs)
            net.eval()
            with torch.inference_mode():
                out = torch.cat([net(batch) for batch in Batches(new, scaling_of(X), size=256)])
            scores.append((out.argmax(1).numpy() == test.y).mean())
        error = np.std(scores, ddof=1) / np.sqrt(seeds)
        print(f"{name}: accuracy {np.mean(scores):.3f}, standard error {error:.3f}, {seeds} seeds")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--accuracy", action="store_true")
    options = parser.parse_args()
    print("| threads | what | seconds per epoch, min (median) | over floor | DataLoader over it |")
    print("|---|---|---|---|---|")
    for threads in options.threads:
        times = speed(threads, options.repeats)
        floor_, loader = times["floor"].min(), times["DataLoader"].min()
        for name, values in times.items():
            best = values.min()
            print(
                f"| {threads} | {name} | {best:.3f} ({np.median(values):.3f}) "
                f"| {best / floor_:.2f} | {loader / best:.2f} |"
            )
    if options.accuracy:
        accuracy()


if __name__ == "__main__":
    main()
