"""Exercises of the notebooks, a file each: ``e07`` for notebook 07."""
