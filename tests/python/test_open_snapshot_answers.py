"""An opened file answers every question as the snapshot in memory of which it was saved: the same texts."""

import gc
import itertools

import pytest

import zoo
from guppy import hpy
from guppy.heapy import open_snapshot


class Node:
    def __init__(self, name, *others):
        self.name = name
        self.others = list(others)


class Slotted:
    __slots__ = ("left", "right")


class SubNode(Node):
    pass


def make_objects():
    """Objects that hold each other in the ways that Python has, by name."""
    leaf = Node("leaf")
    made = {
        "leaf": leaf,
        "pair": [Node("a", leaf), SubNode("b", leaf, leaf)],
        "by_key": {("t", 1): [leaf], 2.5: leaf, "s p": {leaf}, None: b"bytes", "long " * 50: [1]},
        "numbers": [0, -5, 10**30, 2.5, 1e300, True, 3j, None],
        "texts": ["", "a'b", 'q"q', "\u00e9\n", "x" * 200, b"\x00\xff", bytearray(b"mutable")],
        "nested": [[[[["deep"]]]]],
        "many": [{"i": i} for i in range(40)],
    }
    slotted = Slotted()
    slotted.left, slotted.right = made["pair"], slotted
    made["slotted"] = slotted
    made["cycle"] = [made]
    # Many shortest paths lead from one end to the other.
    layer = [leaf]
    for _ in range(8):
        layer = [[*layer], [*layer], [*layer]]
    made["lattice"] = layer
    return made


class Pair:
    """A snapshot in memory, and the file that was saved of it, opened."""

    def __init__(self, objects, path, compress):
        gc.collect()
        self.memory = hpy().snapshot()
        self.memory.save(path, contents="values", compress=compress)
        self.file = open_snapshot(path)
        self.objects = objects
        self.addresses = {name: id(value) for name, value in objects.items()}

    def answers(self, expression):
        """The text of what an expression gives, by either.

        `s` is the session, `at('name')` the set of an object, `one('name')` what stands for it where an object is
        asked about: of a file its address.
        """
        found = []
        for session in (self.memory, self.file):
            names = {
                "s": session,
                "at": lambda *which: session.at(*(self.addresses[name] for name in which)),
                "one": (self.objects if session is self.memory else self.addresses).__getitem__,
                "all_": session.at(*self.addresses.values()),
                "pages": pages,
                "Node": Node, "SubNode": SubNode, "Slotted": Slotted,
            }  # fmt: skip
            found.append(str(eval(expression, names)))
        return found


def pages(printer, count=3):
    """The first pages of what has `more`."""
    texts = [str(printer)]
    for _ in range(count):
        printer = printer.more
        texts.append(str(printer))
    return "\n".join(texts)


@pytest.fixture(scope="module", params=["zstd", None], ids=["zstd", "plain"])
def pair(request, tmp_path_factory):
    objects = make_objects()
    pair = Pair(objects, tmp_path_factory.mktemp("snapshot") / "heap", request.param)
    yield pair
    pair.file.close()


RELATIONS = ["Type", "Clodo", "Rcs", "Via", "Size", "Module", "Id", "Idset", "Unity"]
SETS = {
    "few": "all_",
    "around": "(all_ | all_.referents | all_.referents.referents)",
    "many": "at('many').referents.referents",
}
TABLES = ["%s.by('%s')" % (x, r) for x in SETS.values() for r in RELATIONS]
COMBINED = ["%s.by('%s&%s')" % (SETS["around"], a, b) for a, b in itertools.combinations(RELATIONS, 2)]
KINDS = ["repr(%s.by('%s').kind)" % (SETS["few"], r) for r in RELATIONS if r not in ("Id", "Idset")]
EXPRESSIONS = [
    *TABLES,
    *COMBINED,
    *KINDS,
    # rows, pages, briefs
    "pages(s.heap())",
    "pages(s.heap().bytype)",
    "pages(s.heap().bysize)",
    "pages(s.heap().bymodule)",
    "pages(all_.byid)",
    "pages((all_ | all_.referents).byid)",
    "s.heap()[0].brief",
    "s.heap()[1:4]",
    "s.heap().count",
    "s.heap().size",
    "s.heap().byrcs[0].brief",
    "(all_ | all_.referents).byvia[0]",
    "all_.brief",
    "at('leaf').brief",
    "at('numbers').referents.byid",
    "at('texts').referents.byid",
    "at('by_key').referents.byid",
    "at('leaf').kind",
    "at('leaf').byclodo.kind",
    "at('pair').referents.parts",
    "[p.brief for p in all_.byclodo.parts]",
    "all_.byclodo.stat",
    "all_.owners",
    "at('leaf').referents.owners",
    "len(s.heap().bytype)",
    "all_.addresses.tolist()",
    # kinds
    "s.heap() & s.Type(Node)",
    "s.heap() & s.Type(Node).alt('<=')",
    "s.heap() & s.Type(Node).alt('>=')",
    "s.heap() & s.Type(SubNode)",
    "s.heap() & s.Type.Module",
    "s.heap() & s.Clodo(dictof=Node)",
    "s.heap() & s.Clodo(dictof=())",
    "s.heap() & s.Type(dict) & s.Size(64)",
    "s.heap() & ~s.Type(str)",
    "(s.heap() & (s.Type(Node) | s.Type(Slotted))).byid",
    "(s.heap() & s.Size(56)).bytype",
    "s.heap() & s.Via('.others', '[0]')",
    "repr(s.Type(Node))",
    "repr(s.Type(Node) | s.Type(int))",
    "repr(s.Clodo(dictof=Node))",
    "repr(s.Type(Node).alt('<'))",
    "all_ & s.Type(Node)",
    "all_ - s.Type(Node)",
    "all_ <= s.Anything",
    "s.Type(Node) <= s.Type(Node).alt('<=')",
    "at('leaf') <= s.Type(Node)",
    "at('leaf') | at('pair')",
    "at('leaf', 'pair') - at('pair')",
    "at('leaf') ^ at('leaf', 'pair')",
    "at('leaf').disjoint(at('pair'))",
    "at('leaf') == at('leaf')",
    "s.Nothing",
    "s.findex(s.Type(Node), s.Type(list))",
    "s.heap().by(s.findex(s.Type(Node), s.Type(list)))",
    "s.heap().by(s.Clodo.dictof)",
    "all_.by(s.Type.refdby)",
    "all_.by(s.Type.refdby).kind",
    # around a set
    "at('leaf').referrers",
    "at('leaf').referrers.byid",
    "at('leaf').referrers.byvia",
    "at('leaf').referrers.byrcs",
    "at('leaf').imdom",
    "at('leaf').imdom.byid",
    "at('pair').dominos",
    "at('pair').dominos.byid",
    "at('pair').domisize",
    "at('lattice').domisize",
    "at('many').retained",
    "all_.dominos",
    "all_.domisize",
    "at('nested').referents",
    "at('cycle').referrers",
    "at('slotted').referents.byid",
    "all_.byretained",
    "s.heap().bytype.byretained",
    "at('many').referents.byclodo.byretained",
    # paths
    "at('leaf').sp",
    "pages(at('leaf').sp)",
    "at('leaf').sp.numpaths",
    "at('leaf').sp[0]",
    "at('leaf').sp[-1]",
    "at('leaf').sp[0].stra(False)",
    "at('leaf').get_shpaths(at('lattice'))",
    "at('leaf').get_shpaths(at('lattice')).numpaths",
    "list(at('leaf').get_shpaths(at('lattice')).iter(100, 120))",
    "[len(x) for x in at('leaf').get_shpaths(at('lattice')).sets[1:2]]",
    "at('leaf').get_shpaths(at('by_key'))",
    "at('nested').sp",
    "at('slotted').sp",
    "at('leaf').pathsin",
    "at('by_key').pathsout",
    "at('pair').pathsout",
    "at('numbers').pathsout",
    "at('leaf').get_shpaths(avoid_nodes=at('pair'))",
    "all_.sp.numpaths",
    # patterns
    "at('leaf').rp",
    "pages(at('leaf').rp)",
    "at('nested').rp",
    "at('slotted').rp",
    "all_.rp",
    "at('leaf').rp.a",
    "at('leaf').rp[1]",
    "at('leaf').rp.paths('a')",
    "at('leaf').rp.paths(1)",
    "at('leaf').get_rp(depth=2)",
    "at('leaf').get_rp(er='Type')",
    "at('leaf').get_rp(er='Size')",
    "at('leaf').get_rp(imdom=1)",
    "at('leaf').get_rp(nocyc=True, depth=3)",
    "at('pair').get_rp(stopkind=s.Type(dict))",
    # the whole
    "s.dominators()",
    "s.dominators()[0]",
    "s.dominators()[0][0]",
    "len(s.dominators()) > 1",
    "s.dominators().retained",
    "s.why(one('leaf'))",
    "s.why(one('nested'))",
    "s.why(one('slotted'))",
    # differences
    "s.heap().diff(s.heap())",
    "all_.diff(at('leaf'))",
    "(all_.byclodo.stat - at('leaf').byclodo.stat)",
]


def test_there_are_enough_questions():
    assert len(set(EXPRESSIONS)) >= 150


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_file_answers_as_the_snapshot(pair, expression):
    in_memory, in_file = pair.answers(expression)
    assert in_file == in_memory


def test_a_file_answers_of_a_zoo_as_the_snapshot(tmp_path):
    objects = zoo.make()
    pair = Pair(objects, tmp_path / "heap", "zstd")
    with pair.file:
        for relation in RELATIONS:
            for text in ("all_.by('%s')", "all_.referents.by('%s')"):
                in_memory, in_file = pair.answers(text % relation)
                assert in_file == in_memory
        for name in sorted(objects):
            for question in ("at(%r).byid", "at(%r).pathsout", "at(%r).referents.byid", "at(%r).domisize"):
                in_memory, in_file = pair.answers(question % name)
                assert in_file == in_memory, question % name
