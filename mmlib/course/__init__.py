"""What only the notebooks need: exercises, their figures, widgets, mistakes to be shown.

`exercise` judges answers and `exercises` has those of each notebook, `figures` draws what one
notebook draws; `start` copies the notebooks, `doctor` checks the installation.
"""
