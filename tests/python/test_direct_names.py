"""Names through an attribute dict or a cell, of references that are there anyhow (R-31, R-40).

PYTEST_DONT_REWRITE: rewritten assertions keep what they see in local variables, which are part of the heap.
"""

import ast
import sys
import types

import pytest
from guppy import hpy
from guppy.heapy import open_snapshot


class Plain:
    pass


class Box(list):
    pass


class Registry(dict):
    pass


class Slotted:
    __slots__ = ("first", "__dict__")


@pytest.fixture
def hp():
    session = hpy()
    session.reprefix = "hp."
    return session


def with_dict(kind, *args):
    """An instance with a dict of its own, which from 3.11 on is made when it is first asked for."""
    instance = kind(*args)
    assert instance.__dict__ == {}
    return instance


def function():
    return types.FunctionType((lambda: None).__code__, {"__builtins__": {}}, "function")


def names(hp, source, target):
    """Those of the paths of one reference."""
    paths = hp.iso(target).get_shpaths(hp.iso(source))
    shown = [str(path) for path in paths]
    assert paths.numpaths == len(shown)
    return shown


def spelled(kind):
    """The names in a kind by Via.  No eval() in a frame that is asked about: it makes a dict of the variables."""
    return ast.literal_eval(repr(kind)[len("hp.Via") :][:-1] + ",)")


def via(hp, target):
    return set(spelled(hp.iso(target).byvia.kind))


def test_attributes_of_functions_are_names_of_what_they_refer_to_anyhow(hp):
    f = function()
    f.__defaults__ = f.at = f.again = ([7.5],)
    assert names(hp, f, f.at) == ["%s.__defaults__", "%s.again", "%s.at"]
    assert {".__defaults__", ".at", ".again", "['at']", "['again']"} <= via(hp, f.at)
    assert f.at in hp.iso(f.at) & hp.Via(*spelled(hp.iso(f.at).byvia.kind))


def test_names_of_attributes_are_names_of_strings_that_are_referred_to_anyhow(hp):
    f, name = function(), "".join(["a name", " of its own"])
    f.__name__ = name
    f.first, f.__dict__[name] = 1, 2
    assert names(hp, f, name) == ["%s.__name__", "%s.__dict__.keys()[1]"]
    assert {".__name__", ".__dict__.keys()[1]", ".keys()[1]"} <= via(hp, name)


def test_the_dict_of_an_object_may_be_its_own_attribute(hp):
    instance, module = with_dict(Plain), types.ModuleType("made")
    instance.me, module.d = instance.__dict__, module.__dict__
    assert names(hp, instance, instance.__dict__) == ["%s.__dict__", "%s.me"] and ".me" in via(hp, instance.__dict__)
    assert names(hp, module, module.__dict__) == ["%s.__dict__", "%s.d"] and ".d" in via(hp, module.__dict__)


def test_attributes_of_exceptions(hp):
    error = ValueError(["argument"])
    error.kept = error.args
    assert names(hp, error, error.args) == ["%s.args", "%s.kept"] and ".kept" in via(hp, error.args)


def test_a_class_may_be_an_attribute_of_its_instances(hp):
    class Kind:
        pass

    instances = [with_dict(Kind) for _ in range(3)]
    for instance in instances:
        instance.kind = Kind
    assert sorted(names(hp, instances[1], Kind)) == ["%s->ob_type", "%s.kind"]
    assert ".kind" in via(hp, Kind) and "->ob_type" not in via(hp, Kind)
    labels = {label for instance in instances for target, label in hp.snapshot().moment.edges(instance) if target is Kind}
    assert len(labels) == 1 and set(labels.pop()[1:]) == {("internal", "ob_type"), ("attribute", "kind")}


def test_items_slots_and_values_may_be_attributes_as_well(hp):
    held = ["held"]
    box, registry, slotted = with_dict(Box, [held]), with_dict(Registry), with_dict(Slotted)
    box.item = registry["key"] = registry.value = slotted.first = slotted.second = held
    assert names(hp, box, held) == ["%s.item", "%s[0]"]
    assert names(hp, registry, held) == ["%s.value", "%s['key']"]
    assert names(hp, slotted, held) == ["%s.first", "%s.second"]
    assert {".item", "[0]", ".value", "['key']", ".first", ".second"} <= via(hp, held)


def test_an_item_among_many(hp):
    held = [["held", i] for i in range(300)]
    box = with_dict(Box, held)
    box.few = held[290]
    assert names(hp, box, held[290]) == ["%s.few", "%s[290]"] and names(hp, box, held[289]) == ["%s[289]"]
    for i in range(0, 300, 7):
        setattr(box, "at%d" % i, held[i])
    for i in range(0, 300, 7):
        assert names(hp, box, held[i]) == ["%%s.at%d" % i, "%%s[%d]" % i]


def test_an_object_that_is_its_own_attribute_dict(hp):
    registry = Registry()
    registry.__dict__ = registry
    registry["key"] = value = ["value"]
    assert names(hp, registry, value) == ["%s['key']"]


def frame_with_cells():
    value = other = ["value"]  # noqa: F841  the same object, in a cell and in a variable

    def inner():
        return value

    return sys._getframe(), inner, value


def test_variables_in_cells_are_names_of_what_a_variable_has(hp):
    frame, inner, value = frame_with_cells()
    assert names(hp, frame, value) == ["%s.f_locals['other']", "%s.f_locals ['value']"]
    kind = hp.iso(value).byvia.kind
    assert ".f_locals ['value']" in spelled(kind)
    selected = hp.iso(value) & hp.Via(*spelled(kind))
    assert value in selected
    assert inner.__closure__[0].cell_contents is value
    frame.clear()


def test_a_cell_alone_is_no_reference(hp):
    def frame_of():
        value = ["value"]

        def inner():
            return value

        return sys._getframe(), inner

    frame, inner = frame_of()
    assert all(name.endswith(".cell_contents") for name in names(hp, frame, inner()))
    assert ".f_locals ['value']" not in via(hp, inner())
    frame.clear()


def test_relations_that_are_asked_keep_their_kinds(hp):  # H-100
    f = function()
    f.__defaults__ = f.at = ([7.5],)
    relation = hp._parent.Path.relation(f, f.at)
    assert str(relation) == "<%s.__defaults__,%s.at>"
    frame, _, value = frame_with_cells()
    assert "%s.f_locals ['value']" in str(hp._parent.Path.relation(frame, value))
    frame.clear()


def test_a_snapshot_file_has_them_too(hp, tmp_path):
    f = function()
    f.__defaults__ = f.at = ([7.5],)
    frame, _, value = frame_with_cells()
    kept = [f, frame, value]
    hp.snapshot().save(tmp_path / "made.heapy")
    opened = open_snapshot(tmp_path / "made.heapy")
    for source, target in ((f, f.at), (frame, value)):
        paths = opened.at(id(target)).get_shpaths(opened.at(id(source)))
        assert [str(path) for path in paths] == names(hp, source, target)
    frame.clear()
    assert kept
