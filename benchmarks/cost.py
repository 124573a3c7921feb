"""Import time, and how cost grows with the number of samples.

``python benchmarks/cost.py`` prints ratios within one run: importing mmlib against importing
numpy alone, and ten times the leaves against the leaves.
"""

import statistics
import subprocess
import sys
import time

import mmlib


def seconds(code, repeats=7):
    """Median seconds of a fresh Python that runs `code`."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def spent(function, *args, **kwargs):
    start = time.process_time()
    result = function(*args, **kwargs)
    return time.process_time() - start, result


def _few():
    data = mmlib.make_leaves(10)
    return data.X, data.y


def main():
    from mmlib.fusion.intermediate import FusionClassifier

    beyond = seconds("import numpy, mmlib") - seconds("import numpy")
    print(f"import mmlib: {1000 * beyond:.0f} ms beyond numpy (limit 100 ms)\n")
    rows = []
    cnn = {"spectrum": "cnn", "image": "cnn"}
    FusionClassifier(encoders=cnn, epochs=1, validation=0).fit(
        *_few()
    )  # imports and first-use costs
    for plants in (60, 600):
        made, data = spent(mmlib.make_leaves, plants, seed=1)
        model = FusionClassifier(encoders=cnn, epochs=3, validation=0, random_state=0)
        fitted, _ = spent(model.fit, data.X, data.y)
        predicted, _ = spent(model.predict, data.X)
        rows.append((made, fitted, predicted))
    print("| what | 300 leaves, s | 3,000 leaves, s | ratio (limit 11) |")
    print("|---|---|---|---|")
    for name, few, many in zip(["simulate", "3 epochs", "predict"], *rows, strict=True):
        print(f"| {name} | {few:.2f} | {many:.2f} | {many / few:.1f} |")


if __name__ == "__main__":
    main()
