"""What is walked, and what each object refers to (spec 40 §2 to §5)."""

import collections
import contextvars
import functools
import gc
import sys
import threading
import types

import pytest
from conftest import collector_referents


class Plain:
    pass


class Slotted:
    __slots__ = ("first", "second", "__weakref__")


class Sub(list):
    __slots__ = ("extra",)


class SubDict(dict):
    pass


def reached(hp, obj):
    return obj in hp.heap()


def test_everything_the_collector_tracks_is_found(hp):  # H-30, S-33
    objects = gc.get_objects()
    h = hp.heap()
    missed = [o for o in objects if o not in h and o is not objects and not is_ours(o)]
    # What nothing reaches from the root is garbage or held by C alone.
    assert len(missed) <= len(objects) * 0.002, collections.Counter(map(type, missed)).most_common(5)


def is_ours(obj):
    return type(obj).__module__.startswith("guppy")


def test_untracked_objects_are_found(hp):  # S-33, Y-11
    holder = types.SimpleNamespace(s="a string " * 2, f=1.25e100, b=b"bytes " * 3, i=10**40)
    h = hp.heap()
    for value in vars(holder).values():
        assert value in h
    assert None in h and int in h and sys in h and sys.__dict__ in h and sys.modules in h  # S-34


def test_unreachable_cycles_are_not_in_it(hp):  # S-32, H-53
    gc.disable()
    try:
        cycle = Plain()
        cycle.me = cycle
        address = id(cycle)
        assert reached(hp, cycle)
        del cycle
        h = hp.heap()
        garbage = [o for o in gc.get_objects() if id(o) == address]
        assert type(garbage[0]) is Plain and garbage[0] not in h
        assert garbage[0] in hp.heap()  # now the list holds it
    finally:
        gc.enable()


def test_locals_of_running_and_outer_functions(hp):  # S-34, H-24
    def outer():
        own = Plain()
        seen = inner()
        return own in seen, sys._getframe() in seen

    def inner():
        local = Plain()
        h = hp.heap()
        assert local in h and sys._getframe() in h
        return h

    assert outer() == (True, True)


def test_closures_arguments_and_generators(hp):
    def make():
        captured = Plain()

        def use():
            return captured

        return use, captured

    def numbers(argument):
        local = Plain()
        yield local
        yield argument

    use, captured = make()
    argument = Plain()
    suspended = numbers(argument)
    local = next(suspended)
    h = hp.heap()
    assert captured in h and local in h and argument in h


def test_other_threads(hp):  # H-20
    class OnlyThere:
        pass

    ready, done = threading.Event(), threading.Event()
    found = []

    def work():
        local = OnlyThere()
        found.append(id(local))
        ready.set()
        done.wait()
        return local

    thread = threading.Thread(target=work)
    thread.start()
    ready.wait()
    try:
        h = hp.heap()
        frames = [f for f in sys._current_frames().values() if f.f_back]
        assert [o for o in gc.get_objects() if type(o) is OnlyThere and o in h]
        assert all(f in h for f in frames)
    finally:
        done.set()
        thread.join()


def test_the_exception_being_handled(hp):  # H-22
    try:
        raise ValueError("held by the thread only")
    except ValueError:
        assert sys.exc_info()[1] in hp.heap()
        roots = hp._capture_graph().roots()
        exc = sys.exc_info()[1]
        assert any(target is exc and label[1].endswith("_exc_value") for target, label in roots)


def test_context_variables(hp):
    variable = contextvars.ContextVar("variable")
    value = Plain()
    variable.set(value)
    assert reached(hp, value)


def test_static_types_only_their_instances_know(hp):  # H-35
    assert type(sys.flags) in hp.heap()
    assert type(sys.version_info) in hp.heap()


def test_own_objects_are_hidden_and_not_entered(hp):  # S-40, S-41, H-40
    from guppy import hpy

    class Held:
        pass

    other = hpy()
    obj = Held()
    s = other.iso(obj)
    rows, more, graph = s[0], s.more, other._capture_graph()
    del obj
    h = hp.heap()
    for ours in (hp, other, s, rows, more, graph):
        assert ours not in h
    assert not [o for o in gc.get_objects() if type(o) is Held and o in h]
    assert hp.iso(hp).count == 1 and hp in hp.iso(hp)  # S-44: asked for by name


@pytest.mark.parametrize(
    "name, package, hidden",
    [
        ("guppy", None, True),
        ("guppy.etc", None, True),
        ("__main__", "guppy", True),  # python -m guppy
        ("guppy_like", None, False),
        ("__main__", "guppylike", False),
        ("__main__", None, False),
    ],
)
def test_own_frames_are_hidden(hp, name, package, hidden):  # H-41
    space = {"__name__": name, "__package__": package, "hp": hp}
    exec("import sys\ndef look():\n    h = hp.heap()\n    return sys._getframe() not in h", space)
    assert space["look"]() is hidden


def test_the_code_of_the_package_is_visible(hp):  # S-43
    import guppy

    h = hp.heap()
    assert guppy in h and guppy.hpy in h and type(hp) in h


def test_deep_nests(hp):  # H-2
    deep = None
    for _ in range(10**6):
        deep = [deep]
    h = hp.heap()
    assert deep in h and h.count > 10**6
    assert hp._capture_graph().count > 10**6


class TestGraph:
    """Edges and labels."""

    @pytest.fixture
    def graph(self, hp):
        graph = hp._capture_graph()
        graph.validate()
        return graph

    def edges_of(self, hp, obj):
        return hp._capture_graph().edges(obj)

    def test_edges_agree_with_the_collector(self, hp):  # H-30, H-37
        keep = [Plain(), Slotted(), {}, {1: 2}, [[]], ({},), Sub([1]), SubDict(a=1), functools.partial(len, [])]
        graph = hp._capture_graph()
        checked = 0
        for obj in gc.get_objects():
            kind = type(obj)
            if kind in (types.FrameType, types.GeneratorType, types.CoroutineType) or is_ours(obj):
                continue
            try:
                edges = graph.edges(obj)
            except KeyError:
                continue
            ours = collections.Counter(id(target) for target, _ in edges)
            theirs = collections.Counter(id(o) for o in collector_referents(obj) if is_in(graph, o) and o is not hp.Root)
            if sys.version_info[:2] == (3, 13):
                # There the collector sees the values of an instance through its dict (H-34).
                for target, label in edges:
                    if label == ("attribute", "__dict__"):
                        ours.update(id(value) for value, _ in graph.edges(target))
            missing = theirs - ours
            assert not missing, (kind, edges)
            checked += 1
        assert checked > 1000 and keep

    def test_list_tuple_dict_set(self, hp):
        one, two = Plain(), Plain()
        key = ("key",)
        value_of = {key: one, "s": two}
        holder = [[one, two, one], (one,), value_of, {one}]
        graph = hp._capture_graph()
        assert graph.edges(holder[0]) == [
            (one, ("index", 0)),
            (two, ("index", 1)),
            (one, ("index", 2)),
        ]
        assert graph.edges(holder[1]) == [(one, ("index", 0))]
        assert graph.edges(value_of) == [
            (key, ("key", 0)),
            (one, ("value", 0)),
            ("s", ("key", 1)),
            (two, ("value", 1)),
        ]
        assert graph.edges(holder[3]) == [(one, ("member", 0))]

    def test_deleted_dict_entries_do_not_count(self, hp):
        holder = {i: [i] for i in range(5)}
        del holder[0], holder[2]
        labels = [label for _, label in self.edges_of(hp, holder)]
        assert labels == [(kind, n) for n in range(3) for kind in ("key", "value")]

    def test_instances(self, hp):  # H-33, H-34
        plain, value = Plain(), ["v"]
        plain.x = value
        edges = self.edges_of(hp, plain)
        if sys.version_info >= (3, 11):
            assert edges == [(value, ("attribute", "x")), (Plain, ("internal", "ob_type"))]
        else:
            assert [label for _, label in edges] == [("attribute", "__dict__"), ("internal", "ob_type")]
        attributes = plain.__dict__
        graph = hp._capture_graph()
        assert graph.edges(plain) == [
            (attributes, ("attribute", "__dict__")),
            (Plain, ("internal", "ob_type")),
        ]
        assert graph.edges(attributes) == [("x", ("key", 0)), (value, ("value", 0))]

    def test_slots_and_subclasses_of_containers(self, hp):
        slotted, value = Slotted(), ["v"]
        slotted.second = value
        assert (value, ("attribute", "second")) in self.edges_of(hp, slotted)
        sub = Sub([value])
        sub.extra = slotted
        edges = self.edges_of(hp, sub)
        assert (value, ("index", 0)) in edges and (slotted, ("attribute", "extra")) in edges
        sub_dict = SubDict(k=value)
        sub_dict.attribute = slotted
        edges = self.edges_of(hp, sub_dict)
        assert ("k", ("key", 0)) in edges and (value, ("value", 0)) in edges
        assert sum(target is value for target, _ in edges) == 1

    def test_dict_subclasses_in_c(self, hp):
        value = ["v"]
        for kind in (collections.OrderedDict, collections.Counter, collections.defaultdict):
            obj = kind()
            obj["k"] = value
            targets = [target for target, _ in self.edges_of(hp, obj)]
            assert sum(t is value for t in targets) == 1, kind
            # OrderedDict has the key a second time, in its own list
            assert sum(t == "k" for t in targets if type(t) is str) == 1 + (
                kind is collections.OrderedDict
            ), kind

    def test_functions_and_code(self, hp):
        def function(a, b=(1, 2)):
            """doc"""
            return a

        labels = dict((label, target) for target, label in self.edges_of(hp, function) if label)
        for name in ("__code__", "__globals__", "__defaults__", "__doc__", "__name__", "__qualname__"):
            assert labels["attribute", name] is getattr(function, name)
        labels = dict((label, target) for target, label in self.edges_of(hp, function.__code__) if label)
        for name in ("co_consts", "co_names", "co_filename", "co_name"):
            assert labels["attribute", name] is getattr(function.__code__, name)

    def test_types(self, hp):  # H-32
        for kind in (int, Plain, dict, type, type(sys.flags)):
            labels = dict((label, target) for target, label in self.edges_of(hp, kind) if label)
            assert labels["attribute", "__mro__"] is kind.__mro__
            assert labels["attribute", "__base__"] is kind.__base__
            assert type(labels["attribute", "__dict__"]) is dict

    def test_frames(self, hp):
        local = Plain()
        frame = sys._getframe()
        labels = dict((label, target) for target, label in self.edges_of(hp, frame) if label)
        assert labels["local", "local"] is local
        assert labels["attribute", "f_back"] is frame.f_back
        assert labels["attribute", "f_code"] is frame.f_code
        assert labels["attribute", "f_globals"] is frame.f_globals

    def test_finished_frames(self, hp):
        def work():
            kept = Plain()
            return sys._getframe(), kept

        frame, kept = work()
        if sys.version_info >= (3, 11):
            assert kept in [target for target, _ in self.edges_of(hp, frame)]
        frame.clear()
        assert kept not in [target for target, _ in self.edges_of(hp, frame)]

    def test_frames_that_outlive_their_generator(self, hp):  # H-39
        def numbers():
            local = Plain()
            yield local

        generator = numbers()
        next(generator)
        frame = generator.gi_frame
        hp._capture_graph()
        generator.close()
        del generator
        keep = [bytearray(500) for _ in range(1000)]
        hp._capture_graph().edges(frame)
        assert keep

    def test_exceptions_cells_methods(self, hp):
        try:
            raise ValueError("x")
        except ValueError as e:
            error = e
        labels = dict((label, target) for target, label in self.edges_of(hp, error) if label)
        assert labels["attribute", "args"] is error.args
        assert labels["attribute", "__traceback__"] is error.__traceback__
        cell = types.CellType(error)
        assert self.edges_of(hp, cell) == [(error, ("attribute", "cell_contents"))]
        append = [].append
        assert self.edges_of(hp, append)[0][1] == ("attribute", "__self__")

    def test_names_that_are_not_ascii(self, hp):
        plain, value = Plain(), ["v"]
        setattr(plain, "größe_\u20ac", value)
        if sys.version_info >= (3, 11):
            assert (value, ("attribute", "größe_\u20ac")) in self.edges_of(hp, plain)
        hidden = type("S", (), {"__slots__": ("été",)})()
        hidden.été = value
        assert (value, ("attribute", "été")) in self.edges_of(hp, hidden)

    def test_roots(self, graph):  # H-12, H-13, H-21
        names = {label[1]: target for target, label in graph.roots() if label}
        assert names["i0_modules"] is sys.modules
        assert names["i0_sysdict"] is sys.__dict__
        import builtins

        assert names["i0_builtins"] is builtins.__dict__
        for name in ("importlib", "import_func", "codec_search_path", "codec_search_cache", "codec_error_registry"):
            assert "i0_" + name in names
        frames = [name for name in names if "_f" in name and name.split("_")[-1][1:].isdigit()]
        assert len(frames) == threading.active_count()

    def test_every_node_is_reached_from_a_root(self, hp):
        graph = hp._capture_graph()
        seen, stack = set(), [target for target, _ in graph.roots()]
        while stack:
            obj = stack.pop()
            if id(obj) not in seen:
                seen.add(id(obj))
                stack.extend(target for target, _ in graph.edges(obj))
        assert len(seen) == graph.count - 1  # the root is in the graph too, and nothing refers to it

    def test_the_graph_keeps_its_moment(self, hp):  # H-91, H-92
        holder = [[i] for i in range(100)]
        graph = hp._capture_graph()
        addresses = [id(x) for x in holder]
        before = graph.edges(holder)
        later = Plain()
        holder[:] = [later]
        churn = [[i] for i in range(10**5)]
        assert graph.edges(holder) == before
        assert [id(target) for target, _ in before] == addresses
        with pytest.raises(KeyError):
            graph.edges(later)
        assert hp._capture_graph().edges(holder) == [(later, ("index", 0))]
        assert churn

    def test_sizes_of_what_is_kept(self, graph):
        assert graph.kept_bytes > graph.count * 20
        assert graph.edge_count > graph.count


def is_in(graph, obj):
    try:
        graph.edges(obj)
    except KeyError:
        return False
    return True


def test_the_type_is_an_edge_where_traversal_visits_it(hp):  # H-31
    """Instances of heap types refer to their type, those of static types do not."""
    import array
    import re

    class Plain:
        pass

    class Slotted:
        __slots__ = ()

    graph_of = {}
    things = [Plain(), Slotted(), [], {}, (1, []), iter([]), re.compile("x"), array.array("i"), lambda: 0]
    graph = hp._capture_graph()
    for o in things:
        types = [label for target, label in graph.edges(o) if target is type(o)]
        graph_of[type(o)] = types
        is_visited = type(o) in gc.get_referents(o)
        assert bool(types) == is_visited, type(o)
        assert types in ([], [("internal", "ob_type")])
    assert graph_of[Plain] and graph_of[Slotted] and not graph_of[list]


def test_absent_references_are_skipped_and_none_is_a_node(hp):  # H-36
    class Slots:
        __slots__ = ("unset", "none")

    s = Slots()
    s.none = None
    graph = hp._capture_graph()
    assert [(t, label) for t, label in graph.edges(s) if t is not Slots] == [(None, ("attribute", "none"))]
    assert None in hp.heap()


def test_asking_for_owners_keeps_nobody_alive(hp):  # H-87
    import weakref

    class Owner:
        pass

    owner = Owner()
    owner.x = 1
    d = owner.__dict__
    x = hp.iso(d)
    assert "dict of" in str(x) and "dict of" in x.brief and str(x.byid) and x.kind and d in hp.Clodo(dictof=Owner)
    gone = weakref.ref(owner)
    del owner
    gc.collect()
    assert gone() is None
    assert "dict (no owner)" in str(hp.iso(d)) and "dict of" in str(x)
