"""Profiles: files that dump() wrote, sample by sample.  Needs neither Tk nor a display (W-62).

    from guppy.heapy.Prof import Profile, Comparison
    p = Profile("run.hpy")
    p[-1].size, p[-1].largest("size", 10)
    print(Comparison(p, a=-1, b=0, columns=parse_columns("A Size %B:Tot A-B %B:Tot Kind")))
    p.refresh()                          # 'same', 'grown' or 'rewritten'

The views of profiles are hp.pb(), and from the shell `python -m guppy pb`, `table` and `plot`.
"""

from ..profiles.Colours import PALETTE, colour_of
from ..profiles.Comparison import CHOICES, DEFAULT_COLUMNS, DIFFERENCE_COLUMNS, Comparison, parse_columns
from ..profiles.Markers import Marker
from ..profiles.Numbers import next_range, parse_range, percent, range_above, short
from ..profiles.ProfileFile import Profile, Row, Sample
from ..profiles.Selection import OTHER, OTHER_NAME, Selection

__all__ = [
    "CHOICES", "DEFAULT_COLUMNS", "DIFFERENCE_COLUMNS", "OTHER", "OTHER_NAME", "PALETTE", "Comparison", "Marker", "Profile",
    "Row", "Sample", "Selection", "colour_of", "next_range", "parse_columns", "parse_range", "percent", "range_above", "short",
]  # fmt: skip
