"""How the package is loaded: by its own __init__.py, when it is whole.

guppy3 has the same import name.  Which of the two was installed last wrote over files of the other, and uninstalling
one takes files of the other along.  Neither would be noticed where it happens.
"""

import os
from _frozen_importlib_external import SourceFileLoader  # importlib.machinery's, without importing all of that

__all__ = ["load"]


def writes_into_guppy(folder, name):
    """Does a distribution, by the name of its folder or file of facts, have files in the package?"""
    try:
        with open(os.path.join(folder, name, "RECORD"), encoding="utf-8", errors="replace") as record:
            return any(line.startswith("guppy/") for line in record)
    except OSError:  # an installation of an older kind, which does not say
        return True


def refuse_to_mix(folder):
    """Stop when guppy3 is installed in the same folder."""
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for name in names:
        if name.startswith("guppy3-") and name.endswith((".dist-info", ".egg-info")) and writes_into_guppy(folder, name):
            raise ImportError(
                "guppy3 and libheapy are both installed in %s, and their files are mixed: uninstall both "
                "(pip uninstall guppy3 libheapy), then install the one you want" % folder
            )


def load(package):
    """Run the package's __init__.py in it, as if Python had found that."""
    folder = package.__path__[0]
    refuse_to_mix(os.path.dirname(folder))
    path = os.path.join(folder, "__init__.py")
    loader = SourceFileLoader(package.__name__, path)
    try:
        code = loader.get_code(package.__name__)
    except FileNotFoundError:
        raise ImportError(
            "files of libheapy are missing in %s, as they are after guppy3 was installed over it and uninstalled: "
            "install it anew (pip install --force-reinstall libheapy)" % folder
        ) from None
    package.__file__, package.__loader__ = path, loader
    spec = package.__spec__
    spec.loader, spec.origin = loader, path
    exec(code, vars(package))
