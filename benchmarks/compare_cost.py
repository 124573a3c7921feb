"""What a comparison in full costs: processor time and memory, by the number of samples.

``python benchmarks/compare_cost.py [60 300 1000]`` writes folders of simulated leaves (48 x 48
pixels, 211 wavelengths), compares every model in each by the command, on one thread, and prints
a table. Memory is the largest that the command held.
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import mmlib
from mmlib.project.writing import write_folder

COMMAND = [sys.executable, "-m", "mmlib", "compare"]
ONE = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}


def measure(plants, leaves_per_plant, options, scratch):
    """Processor seconds and MB of one comparison, in a process of its own."""
    data = mmlib.make_leaves(plants, leaves_per_plant, seed=5)
    folder = write_folder(data, Path(scratch) / f"{len(data)}{''.join(options)}")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*COMMAND, *options, folder], check=True, env=os.environ | ONE, stdout=-3)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, after.ru_maxrss / 1024  # the largest child so far: go from few to many


def main():
    counts = [int(count) for count in sys.argv[1:]] or [60, 300, 1000]
    print("| samples | | processor minutes | peak MB |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        for count in sorted(counts):
            for name, options in (("quick", ["--quick"]), ("in full", [])):
                each = 2 if count < 200 else 5
                seconds, peak = measure(count // each, each, options, scratch)
                print(f"| {count} | {name} | {seconds / 60:.1f} | {peak:.0f} |", flush=True)


if __name__ == "__main__":
    main()
