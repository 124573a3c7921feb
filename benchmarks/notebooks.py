"""Seconds and peak memory of every notebook, run from top to bottom on one thread.

``python benchmarks/notebooks.py [NN ...]`` prints a Markdown table. Limits of the course: 60 s of
processor time and 1 GB for each notebook.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


def run(notebook):
    """Wall seconds, processor seconds and peak memory (MB) of the kernel."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute"]
        command += ["--output-dir", folder, str(notebook)]
        start = time.perf_counter()
        process = subprocess.Popen(
            command, env=os.environ | ONE_THREAD, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        peak, cpu = _watch(process)
        if process.returncode:
            raise SystemExit(f"{notebook.name} failed:\n{process.stderr.read().decode()[-2000:]}")
    return time.perf_counter() - start, cpu, peak


def _watch(process):
    """Follow the kernel, which is the child of `process`, until it ends."""
    peak = cpu = 0.0
    parent = psutil.Process(process.pid)
    reader = threading.Thread(target=process.wait)
    reader.start()
    while reader.is_alive():
        try:
            for child in parent.children(recursive=True):
                peak = max(peak, child.memory_info().rss / 1e6)
                times = child.cpu_times()
                cpu = max(cpu, times.user + times.system)
        except psutil.Error:
            pass
        time.sleep(0.1)
    return peak, cpu


def main():
    wanted = sys.argv[1:]
    print("| notebook | wall seconds | processor seconds | peak MB |")
    print("|---|---|---|---|")
    for notebook in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")):
        if not wanted or notebook.name[:2] in wanted:
            wall, cpu, peak = run(notebook)
            print(f"| {notebook.stem} | {wall:.0f} | {cpu:.0f} | {peak:.0f} |", flush=True)


if __name__ == "__main__":
    main()
