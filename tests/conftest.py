"""Settings for all tests."""

import os

os.environ.setdefault("MPLBACKEND", "Agg")  # figures are drawn, but no window opens
collect_ignore = ["offline"]  # imported by Python itself, in the runs that ask for it
