"""Sessions of snapshot files answer as the snapshot that was saved (issue: ask from Python)."""

import json
import pathlib
import sys

import pytest

from guppy.heapy import BadSnapshot, open_snapshot

from test_snapshot_files import chunks_of

PROGRAM = """
import sys
from guppy import hpy
from guppy.heapy import open_snapshot
hp = hpy()
class C:
    def __init__(self, i):
        self.a = [1, 2, i]
        self.b = {"x": self.a, i: (i, self)}
keep = [C(i) for i in range(40)]
for x in keep[:20]:
    vars(x)
deep = []
for i in range(20):
    deep = [deep, {"k%d" % i: deep, (i, b"bytes"): 2.5 * i}]
s = hp.snapshot()
s.save(sys.argv[1], contents="values", compress=eval(sys.argv[2]))
f = open_snapshot(sys.argv[1])
f.reprefix = s.reprefix = "hp."
"""

COMPARED = (
    PROGRAM
    + """
places = {"C": C, "sys": sys}
W = "s.at(%s)" % ",".join(str(id(k)) for k in keep[:3])
ONE, LIST, DEEP = ("s.at(%d)" % id(o) for o in (keep[5], keep[7].a, deep))
asked = []
for by in "byclodo bytype bysize bymodule byid byidset byunity byvia byrcs".split():
    x = "s.heap().%s" % by
    asked += [x, "%s.more" % x, x + ".brief", x + "[0]", x + "[:3].brief", "repr(%s[0].kind)" % x, "repr(%s[1].kind)" % x,
              x + ".stat", "len(%s)" % x, x + ".partition", "s.heap()[0].%s" % by, x + ".kind"]
for a in "Type Clodo Rcs Via Size Module".split():
    for b in "Type Size Module".split():
        asked.append("s.heap().by('%s&%s')" % (a, b))
about = ("referents referrers imdom dominos domisize size count owners rp rp.more rp.all brief kind byid byvia byrcs byretained sp "
         "stat pathsin pathsout get_rp(depth=3) get_rp(imdom=True) get_rp(er=s.Type) get_rp(er=s.Size) sp.more sp.numpaths "
         "addresses.nbytes byid.more referrers.byvia referents.byid retained").split()
for x in (W, ONE, LIST, DEEP, "s.heap()[3]", "(s.heap() & s.Type(dict))", "(s.heap() & s.Clodo(dictof=C))", "(s.heap() & s.Type(C))"):
    asked += [x] + ["%s.%s" % (x, a) for a in about]
asked += ["s.heap().diff(s.heap()[0])", "s.heap()-s.heap()[0]", "s.heap()|s.heap()[1]", "s.heap()^s.heap()[1]", "s.Type(C)",
          "s.Type(C).alt('<=')", "s.heap() & s.Type(object).alt('<')", "s.heap() & ~s.Type(str)", "s.Size(56) & s.heap()",
          "s.heap().stat-s.heap()[0].stat", "s.Nothing", "s.heap().bytype[0] < s.heap()", "s.heap()[0] & s.heap()[1]",
          "s.heap()[2].sp[0]", "[str(p) for p in s.heap()[4].sp.iter(0, 20)]", "[str(x) for x in %s.sp[0].path]" % DEEP,
          "%s.rp.paths('a')" % ONE, "s.dominators()", "s.dominators()[0]", "s.dominators()[0][0]", "s.dominators()[0].set.brief"]
def answer(text, session):
    try:
        return str(eval(text, {"s": session, **places}))
    except IndexError as error:  # a table of one row has no second
        return repr(error)

asked.remove("s.heap().byvia.kind")  # it names the keys of the environment, which no file has
wrong = []
for text in asked:
    kept, file = (answer(text, session) for session in (s, f))
    if kept != file:
        wrong.append((text, kept, file))
print(len(asked), "asked")
assert not wrong, "\\n".join("%s:\\n%s\\n---\\n%s" % w for w in wrong[:5])
"""
)


@pytest.mark.parametrize("compress", ["'zstd'", "None"])
def test_a_file_answers_as_the_snapshot_that_was_saved(script, tmp_path, compress):
    result = script(COMPARED, tmp_path / "a.heapy", compress, timeout=600)
    assert int(result.stdout.split()[0]) > 400


def test_what_needs_an_object_says_that_there_is_none(script, tmp_path):
    script(
        PROGRAM
        + """
x = f.heap()[0]
for ask in ("f.at(id(keep[0])).theone", "x.nodes", "x.maprox.a", "f.View", "f.heapu()", "f.iso(keep)",
            "f.idset(keep)", "keep in x", "f.Module(sys)", "x.get_shpaths(hp.iso(keep))",
            "f.at(id(keep[0])).prod", "f.Type(C).arg", "x | hp.iso(keep)", "x & hp.Type(str)", "hp.iso(keep) - x"):
    try:
        eval(ask)
    except ValueError as error:
        assert len(str(error).splitlines()) == 1, ask
    else:
        assert False, ask
assert not (x == s.heap()[0]) and x == f.heap()[0]
""",
        tmp_path / "a.heapy",
        "'zstd'",
    )


def test_a_reference_point_without_argument_is_the_heap_of_the_file(script, tmp_path):
    """S-79a; it was the heap of the process that reads the file."""
    script(PROGRAM, tmp_path / "a.heapy", "'zstd'")
    script(
        """
import sys
from guppy import hpy
from guppy.heapy import open_snapshot
kept = hpy().snapshot()
with open_snapshot(sys.argv[1]) as f:
    for session in f, kept:
        assert session.heap().count > 1000 and session.snapshot() is session
        session.setrelheap()
        assert session.heap().count == 0 and session.relheap.count > 1000
""",
        tmp_path / "a.heapy",
    )


def test_types_are_found_by_name_in_another_process(script, tmp_path):
    script(PROGRAM, tmp_path / "a.heapy", "'zstd'")
    result = script(
        """
import sys
from guppy.heapy import open_snapshot
class C: pass
with open_snapshot(sys.argv[1]) as f:
    print((f.heap() & f.Type(C)).count, (f.heap() & f.Type("__main__.C")).count, (f.heap() & f.Clodo(dictof="__main__.C")).count,
          (f.heap() & f.Type(list)).count == (f.heap() & f.Type("list")).count, (f.heap() & C).count)
    x = (f.heap() & C).byid[0]
    assert f.at(*x.addresses) == x and x.count == 1 and f.at(*f.heap().addresses) == f.heap()
    for wrong, said in [('f.Type("__main__.D")', "no type"), ("f.at(1)", "begins at 0x1"), ("f.at(-1)", "-1 is no address"),
                        ("f.at(1 << 64)", "18446744073709551616 is no address"), ("f.setref()", "does not change"), ("f.heapu()", "unreachable")]:
        try: eval(wrong)
        except ValueError as error: assert said in str(error) and len(str(error).splitlines()) == 1, error
        else: assert False, wrong
    try: f.at("x")
    except TypeError: pass
    else: assert False
    info = f.info
    assert info["pid"] > 0 and info["contents"] == "values" and info["objects"] > 1000 and info["bytes"] > 1000
for ask in ("f.heap()", "f.Type(C)", "x.size", "f.info", "str(f.heap())", "x.rp", "f.at(3)", "x.bytype", "x.sp"):
    try: str(eval(ask))
    except ValueError as error: assert "closed" in str(error), error
    else: assert ask == "x.bytype", ask
f.close()
""",
        tmp_path / "a.heapy",
    )
    with_dict = "20" if sys.version_info >= (3, 11) else "40"  # others have their attributes inline
    assert result.stdout.split() == ["40", "40", with_dict, "True", "40"]


def test_heap_leaves_out_what_was_there_before(script, tmp_path):
    script(
        """
import sys
from guppy import hpy
from guppy.heapy import open_snapshot
hp = hpy(); hp.setref()
class New: pass
keep = [New() for _ in range(30)]
s = hp.snapshot(); s.save(sys.argv[1])
f = open_snapshot(sys.argv[1])
assert str(f.heap()) == str(s.heap()) and (f.heap() & New).count == 30 and f.heap().count < 500
""",
        tmp_path / "a.heapy",
    )


def test_sessions_without_a_reference_point_are_saved(script, tmp_path):
    script(
        "import sys\nfrom guppy import hpy\nhp = hpy(); s = hp.snapshot(); nothing = s.Nothing; s.save(sys.argv[1])",
        tmp_path / "a.heapy",
    )


def test_two_moments(script, tmp_path):
    script(
        """
import sys
from guppy import hpy
from guppy.heapy import open_snapshot
hp = hpy(); keep = [[i] for i in range(50)]
hp.snapshot().save(sys.argv[1])
lost = [id(x) for x in keep[:10]]
class New: pass
more = [New() for _ in range(20)]
del keep[:10]; taken = [bytearray(100) for _ in range(100)]
hp.snapshot().save(sys.argv[2])
old, new = open_snapshot(sys.argv[1]), open_snapshot(sys.argv[2])
found = new.compare(old)
assert (found.new & New).count == 20 and (found.new & bytearray).count == 100
assert {id(x) for x in keep} <= set(found.kept.addresses)
assert set(found.gone.addresses) <= set(old.at(*old.heap().addresses).addresses) | set(old._root_set().addresses)
assert found.new.count + found.kept.count == new.info["objects"]
assert found.gone.count + found.kept.count == old.info["objects"]
assert "__main__.New" in str(found.by_class)
for wrong in ("new.compare(3)", "new.compare(hp).new", "hp.compare(new).new"):
    try: eval(wrong)
    except (TypeError, ValueError): pass
    else: assert False, wrong
""",
        tmp_path / "a.heapy",
        tmp_path / "b.heapy",
    )


def test_files_of_different_processes_compare_by_class(script, tmp_path):
    for name in "ab":
        script("import sys\nfrom guppy import hpy\nhpy().snapshot().save(sys.argv[1])", tmp_path / name)
    result = script(
        """
import sys
from guppy.heapy import open_snapshot
found = open_snapshot(sys.argv[1]).compare(open_snapshot(sys.argv[2]))
str(found.by_class)
try: found.new
except ValueError as error: print(error)
""",
        tmp_path / "a",
        tmp_path / "b",
    )
    assert "differs" in result.stdout


@pytest.mark.parametrize("make", ["cut", "flipped", "empty", "text", "folder", "missing"])
def test_bad_files(hp, tmp_path, make):
    from guppy.heapy import BadSnapshot, open_snapshot

    path = tmp_path / "a.heapy"
    hp.snapshot().save(path)
    good = path.read_bytes()
    if make in ("folder", "missing"):
        path.unlink()
        if make == "folder":
            path.mkdir()
    else:
        changed = bytearray(good)
        changed[len(good) // 2] ^= 1
        path.write_bytes({"cut": good[:-1], "flipped": bytes(changed), "empty": b"", "text": b"x" * 4000}[make])
    with pytest.raises((BadSnapshot, OSError)) as raised:
        with open_snapshot(path) as f:
            for ask in (f.heap, f.dominators):
                str(ask())
            str(f.heap()[0].rp)
    assert "a.heapy" in str(raised.value) and len(str(raised.value).splitlines()) == 1
    assert isinstance(raised.value, OSError if make == "missing" else ValueError) or make == "folder"


def test_info_of_every_session(hp):
    assert json.dumps(hp.info) and hp.info["pid"] == hp.snapshot().info["pid"]
    keep = ["x" * 10, ("y", 1)]
    for session in (hp, hp.snapshot()):
        assert session.at(*map(id, keep)).count == 2
        assert sorted(session.at(*map(id, keep)).addresses) == sorted(map(id, keep))
    with pytest.raises(ValueError):
        hp.snapshot().at(1)


GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden"


def test_an_optional_chunk_that_is_not_known_is_skipped():
    with open_snapshot(GOLDEN / "good/values.heapy") as known, open_snapshot(GOLDEN / "good/unknown_optional_chunk.heapy") as more:
        assert str(more.heap()) == str(known.heap()) and str(more.heap().byid) == str(known.heap().byid)


def test_a_required_chunk_that_is_not_known_needs_a_later_version():
    with pytest.raises(BadSnapshot, match=r"unknown_required_chunk.heapy: made by a newer version \(weak.edges\), needs heapy >= 0.2"):
        open_snapshot(GOLDEN / "bad/unknown_required_chunk.heapy")


@pytest.mark.parametrize(
    ("name", "chunk"),
    [("edge_past_end", "edge.targets"), ("offsets_decrease", "edge.offsets"), ("root_past_end", "roots"), ("type_past_end", "types")],
)
def test_a_graph_that_makes_no_sense_is_told_of_with_file_and_chunk(name, chunk):
    path = GOLDEN / "bad" / (name + ".heapy")
    offset = chunks_of(path).entries[chunk][3]
    with pytest.raises(BadSnapshot, match=r"%s.heapy: at byte %d: " % (name, offset)):
        with open_snapshot(path) as s:
            s.edges.__arrow_c_stream__()
