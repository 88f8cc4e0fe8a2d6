"""Completion of names at a console's prompt, which runs no code of anybody's.

An attribute is followed only where that is a look into a dict; no property, no __getattr__ and no __dir__ is called, and no
instance gets a __dict__ that had none.
"""

import builtins
import keyword
import re
from types import MemberDescriptorType, ModuleType

__all__ = ["completions"]

EXPRESSION = re.compile(r"(?:[^\W\d]\w*\.)*(?:[^\W\d]\w*)?$")
MANAGED_DICT = 1 << 4  # Py_TPFLAGS_MANAGED_DICT: looking at __dict__ may make one
MISSING = object()
MOST = 500


def own_attributes(obj):
    """The dict of an object's own attributes, if it is there to be looked at."""
    if isinstance(obj, type):
        return type.__dict__["__dict__"].__get__(obj)
    if type.__dict__["__flags__"].__get__(type(obj)) & MANAGED_DICT and not issubclass(type(obj), ModuleType):
        return {}
    try:
        return object.__getattribute__(obj, "__dict__")
    except (AttributeError, TypeError):
        return {}


def layers(obj):
    """The dicts in which attributes are looked for."""
    kind = type(obj)
    dicts = [own_attributes(obj)]
    if isinstance(obj, type):
        dicts += [own_attributes(base) for base in type.__dict__["__mro__"].__get__(obj)]
    dicts += [own_attributes(base) for base in type.__dict__["__mro__"].__get__(kind)]
    return [layer for layer in dicts if isinstance(layer, dict) or type(layer).__name__ == "mappingproxy"]


def attribute(obj, name):
    """The value of an attribute; MISSING when it would have to be computed."""
    for layer in layers(obj):
        value = layer.get(name, MISSING)
        if value is MISSING:
            continue
        if type(value) is MemberDescriptorType and not isinstance(obj, type):
            try:
                return value.__get__(obj)
            except AttributeError:
                return MISSING
        if layer is not own_attributes(obj) and hasattr(type(value), "__get__"):
            return MISSING  # a property, a method: not to be asked
        return value
    return MISSING


def names_of(obj):
    """The names of an object's attributes."""
    found = set()
    for layer in layers(obj):
        found.update(name for name in layer if isinstance(name, str))
        more = layer.get("__static_attributes__")  # 3.13: what methods assign to self
        if isinstance(more, tuple) and not isinstance(obj, type):
            found.update(name for name in more if isinstance(name, str))
    return found


def completions(text, namespace):
    """What the last name in a line may be, as whole dotted expressions, in order."""
    match = EXPRESSION.search(text)
    if text[: match.start()].endswith("."):
        return []  # of something that is no name
    *way, last = match.group().split(".")
    if not way:
        names = {*namespace, *vars(builtins), *keyword.kwlist}
    else:
        obj = namespace.get(way[0], getattr(builtins, way[0], MISSING))
        for name in way[1:]:
            if obj is MISSING:
                break
            obj = attribute(obj, name)
        names = set() if obj is MISSING else names_of(obj)
    prefix = "".join(name + "." for name in way)
    return sorted(
        prefix + name
        for name in names
        if isinstance(name, str) and name.startswith(last) and (last or not name.startswith("_"))
    )[:MOST]
