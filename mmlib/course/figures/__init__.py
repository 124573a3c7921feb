"""Figures of the notebooks: ``n07`` for notebook 07, and the ladder for all of them."""

from .ladder import plot_ladder

__all__ = ["plot_ladder"]
