"""Your own folder of spectra, photographs, sounds and texts, read and checked.

`load` brings everything together, and `modalities` has a line for each of them. `sample_table` says
who the samples are. `spectrum_tables` reads their spectra from a table (`wide_tables`,
`other_tables`, `band_names`) or from files (`spectrum_files`, `spectrum_formats` and a file for
each format), on top of `text_tables`, `workbooks`, `text_block`, `numerals`, `axis_units` and
`grid`.
`sample_paths` finds pictures and sounds, which `pictures` and `sounds` (on `wave_files`) read;
`texts` has what somebody wrote. `joining` joins these by id; `checks` and `doubts` look for what is
wrong, and `findings` is how it is said, in words of `called`.
"""

from .findings import Finding, Findings
from .load import check_folder, load_folder, load_new

__all__ = ["Finding", "Findings", "check_folder", "load_folder", "load_new"]
