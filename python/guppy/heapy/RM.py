"""Importing this module enables remote monitoring of the process (guppy.heapy.Remote).

It may stand in sitecustomize.py: where it cannot be enabled there is a warning, and the program goes on.
"""

import warnings

from . import Remote

try:
    Remote.on()
except OSError as e:
    warnings.warn("this process cannot be monitored: %s" % e, RuntimeWarning, stacklevel=2)
