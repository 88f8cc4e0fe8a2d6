"""Interactive help: hp.doc, and the `doc` of sets, kinds and relations.

The texts are made from the docstrings when the package is built, with references into its reference page, which is
installed beside it.
"""

import os
import sys

from .._heapyc import _hide_type
from .help_texts import TEXTS

__all__ = ["Doc", "Listing", "listing_of"]

COLUMNS, COLUMN_WIDTH = 4, 20

SESSION_NAMES = (
    "Anything Clodo Id Idset Module Nothing Prod Rcs Root Size Type Unity Via doc dominators findex heap heapu idset iso "
    "load loadall monitor pb setref snapshot test why"
).split()

# Attributes that guppy3 lacks are left out of listings, so that those stay the tutorial's.
OWN_NAMES = frozenset(["addresses", "byretained", "referrers_gc", "retained"])


def manual_directory():
    """Where the installed reference is."""
    return os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "doc")


def _address_of(path):
    """file:// and the path, with what stands for something in addresses written as %20 is."""
    return "file://" + "".join(chr(c) if chr(c).isalnum() and c < 128 or c in b"/-._~" else "%%%02X" % c for c in os.fsencode(path))


def _open_in_browser(address):
    """By the program's own webbrowser module where it has one, else by another Python: what is imported here would
    show as new since a reference point."""
    if "webbrowser" in sys.modules or not sys.executable:
        import webbrowser

        webbrowser.open(address)
        return
    child = os.posix_spawn(sys.executable, [sys.executable, "-m", "webbrowser", address], os.environ)
    try:
        os.waitpid(child, 0)
    except ChildProcessError:  # the program lets children go as they like
        pass


def _differences(a, b):
    """How many letters have to be added, removed or changed to make one text of the other."""
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a):
        before, row[0] = row[0], i + 1
        for j, other in enumerate(b):
            before, row[j + 1] = row[j + 1], min(row[j] + 1, row[j + 1] + 1, before + (letter != other))
    return row[-1]


def _near(name, names):
    """Up to three of the names that differ least; none that differs by more than 40 in a hundred."""
    found = sorted((_differences(name, other), other) for other in names if abs(len(name) - len(other)) <= len(other))
    return [other for differences, other in found if 5 * differences <= 2 * max(len(name), len(other))][:3]


def text_of(type, name):
    """The text of an attribute of a type or one of its bases; None if it has none."""
    for base in type.__mro__:
        text = TEXTS.get("%s.%s" % (base.__name__, name))
        if text is not None:
            return text
    return None


def columns(names):
    """Names in four columns, down first."""
    rows = -(-len(names) // COLUMNS)
    lines = []
    for row in range(rows):
        cells = names[row::rows]
        padded = [c.ljust(COLUMN_WIDTH - 1) + " " for c in cells[: COLUMNS - 1]]
        lines.append("".join(padded + cells[COLUMNS - 1 :]))
    return "\n".join(lines).rstrip()


@_hide_type
class Doc:
    """The text of one attribute; doc[n] opens its reference [n] in the web browser."""

    __slots__ = ("_text",)

    def __init__(self, text):
        self._text = text

    def __str__(self):
        return self._text

    __repr__ = __str__

    def getheader(self):
        """The synopsis: the lines before the first blank one."""
        return self._text.split("\n\n")[0]

    def _targets(self):
        found = {}
        for line in self._text.rpartition("\nReferences\n")[2].splitlines():
            number, _, target = line.strip().partition("] ")
            found[int(number.lstrip("["))] = target
        return found

    def __getitem__(self, number):
        target = self._targets()[number]
        page, _, anchor = target.partition("#")
        _open_in_browser("%s#%s" % (_address_of(os.path.join(manual_directory(), page)), anchor))


@_hide_type
class Listing:
    """The names of an object's attributes; those of the listing are their texts."""

    __slots__ = ("_names", "_type", "_session", "_is_session")

    def __init__(self, names, type, session, is_session):
        self._names = names
        self._type = type
        self._session = session
        self._is_session = is_session

    def __repr__(self):
        text = columns(self._names)
        if not self._is_session:
            return text
        return (
            "Top level interface to Heapy. Available attributes:\n%s\n"
            "Use eg: %sdoc.<attribute> for info on <attribute>." % (text, self._session._prefix)
        )

    def __getattr__(self, name):
        text = None if name.startswith("_") else text_of(self._type, name)
        if text is None:
            near = _near(name, self._names)
            hint = "; near it: %s" % ", ".join(near) if near else ""
            raise AttributeError("nothing documented has the name %r%s" % (name, hint))
        return Doc(text)

    def __dir__(self):
        return self._names

    def __len__(self):
        return len(self._names)

    def __iter__(self):
        return iter(self._names)

    def __getitem__(self, index):
        return self._names[index]

    def __call__(self, options=""):
        """Another listing: options 'l' the synopses, 'L' the whole texts."""
        if not set(options) <= set("lL"):
            raise ValueError("options are 'l' for synopses and 'L' for texts, not %r" % options)
        if "L" in options:
            return Doc("\n".join("*** %s ***\n\n%s\n" % (name, getattr(self, name)) for name in self._names))
        if "l" in options:
            return Doc("\n\n".join(getattr(self, name).getheader() for name in self._names))
        return self


def listing_of(obj, session):
    """What `doc` gives for a session (which is then both arguments), set, kind or relation."""
    if obj is session:
        return Listing(SESSION_NAMES, type(obj), session, True)
    names = sorted(name for name in dir(type(obj)) if not name.startswith("_") and name not in OWN_NAMES)
    return Listing(names, type(obj), session, False)
