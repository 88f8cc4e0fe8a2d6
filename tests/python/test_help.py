"""Interactive help (spec 80 part 2, S-80 to S-87), the self-check, and the one source of both and of docstrings."""

import ast
import inspect
import os
import re
import subprocess
import sys
import webbrowser
from pathlib import Path

import pytest

import guppy
import guppy.sets
from guppy import _heapyc, hpy
from guppy.etc import Help
from guppy.etc.help_texts import TEXTS

SESSION = """\
Top level interface to Heapy. Available attributes:
Anything            Rcs                 dominators          loadall
Clodo               Root                findex              monitor
Id                  Size                heap                pb
Idset               Type                heapu               setref
Module              Unity               idset               snapshot
Nothing             Via                 iso                 test
Prod                doc                 load                why
Use eg: %sdoc.<attribute> for info on <attribute>."""

IDENTITY_SET = (
    "all                 byvia               get_render          pathsout\n"
    "biper               count               get_rp              prod\n"
    "brief               dictof              get_shpaths         referents\n"
    "by                  diff                imdom               referrers\n"
    "byclodo             disjoint            indisize            rp\n"
    "byid                doc                 kind                shpaths\n"
    "byidset             dominos             maprox              size\n"
    "bymodule            domisize            more                sp\n"
    "byprod              dump                nodes               stat\n"
    "byrcs               er                  owners              test_contains\n"
    "bysize              fam                 partition           theone\n"
    "bytype              get_ckc             parts               \n"
    "byunity             get_examples        pathsin"
)
RELATION = (
    "biper               disjoint            get_ckc             sokind\n"
    "brief               doc                 get_examples        test_contains\n"
    "classifier          erargs              get_render          \n"
    "dictof              fam                 refdby"
)
KIND = (
    "alt                 brief               doc                 get_examples\n"
    "arg                 dictof              fam                 get_render\n"
    "biper               disjoint            get_ckc             test_contains"
)


def test_listing_of_a_session(hp, script):  # S-21, S-80, S-81, HD-1, HD-2, HD-3, HD-4
    assert repr(hp.doc) == str(hp.doc) == SESSION % "hpy()."
    script("from guppy import hpy\nthe_heap = hpy()\nassert %r == str(the_heap.doc)" % (SESSION % "the_heap."))


def test_listings_of_sets(hp):  # S-85, S-87, HD-1, HD-5
    for x in (hp.iso(1), hp.heap(), hp.heap()[0], hp.Nothing, hp.iso(1, 2).byid):
        assert str(x.doc) == IDENTITY_SET and len(x.doc) == 50
    for er in (hp.Type, hp.Size, hp.Rcs, hp.Clodo, hp.Type & hp.Size):
        assert str(er.doc) == RELATION
    for kind in (hp.Type(int), hp.Via("[0]"), hp.Anything, hp.Type(int) & hp.Size(28)):
        assert str(kind.doc) == KIND
    x = hp.iso(1)
    for other in (x.stat, x.partition, x.sp, x.parts, hp.Root):
        with pytest.raises(AttributeError):
            other.doc
    assert {"retained", "byretained"} <= set(dir(x)) and "retained" in TEXTS["IdentitySet.retained"]


def test_a_listing_as_a_sequence(hp):  # S-84, HD-6
    doc = hp.doc
    assert doc[0] == "Anything" and doc[-1] == "why" and doc[1:3] == ["Clodo", "Id"] and len(doc) == 28 == len(list(doc))
    with pytest.raises(IndexError):
        doc[28]
    headers = str(doc("l")).split("\n\n")
    assert len(headers) == 28 and all(h.startswith(name) for h, name in zip(headers, doc))
    texts = str(doc("L"))
    assert texts.startswith("*** Anything ***\n\nAnything: Kind[1]\n") and texts.count("\n*** ") == 27
    assert doc("") is doc and dir(doc) == list(doc)
    with pytest.raises(ValueError):
        doc("x")


def test_column_widths():  # S-81, HD-4
    assert Help.columns(["a" * 25, "b"]) == "a" * 25 + " b"
    assert Help.columns(["a" * 20, "b", "c", "d", "e"]) == "a" * 20 + " c" + " " * 19 + "e" + " " * 19 + "\nb" + " " * 19 + "d"
    assert Help.columns([]) == ""


def test_texts(hp, monkeypatch):  # S-82, S-83, HD-7, HD-8, HD-13
    text = str(hp.doc.iso)
    assert repr(hp.doc.iso) == text
    assert text.startswith("iso(0..*:objects: object+, [er: EquivalenceRelation+]) ->\n        IdentitySet[1]\n\nThe set of objects by identity")
    assert "\nArguments\n    objects: object+\n        The objects.\n" in text
    assert text.endswith("References\n    [0] reference.html#Session.iso\n    [1] reference.html#IdentitySet\n    [2] reference.html#Session.idset")
    assert hp.doc.iso.getheader() == text.split("\n\n")[0] and max(map(len, text.split("\n"))) <= 78
    opened = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    assert hp.doc.iso[0] is None and hp.iso(1).doc.byrcs[1] is None
    assert opened[0].startswith("file:///") and opened[0].endswith("reference.html#Session.iso") and opened[1].endswith("#IdentitySet")
    for n in (7, -1, "x"):
        with pytest.raises(KeyError):
            hp.doc.iso[n]
    facts = {
        "iso": "any number of objects, by identity, same as idset", "idset": "iterable, by identity, same as iso", "Root": "symbolic root, only one of its kind, attributes",
        "heap": "root, reachable, visible, heapy's own, table, Clodo, setref", "heapu": "survives a collection, does not reach, numbers and names",
        "setref": "reference point, heap, heapu, later, differences", "load": "file name, open file, each call, pipes",
        "pb": "filename, profile browser", "test": "debug, self-check", "doc": "hp.doc.heap, [n], [0]", "monitor": "remote monitor",
    }  # fmt: skip
    for name, phrases in facts.items():
        shown = " ".join(re.sub(r"\[\d\]", "", str(getattr(hp.doc, name)).split("\nReferences")[0]).replace("()", "").split())
        for phrase in phrases.split(", "):
            assert phrase in shown or phrase in ("[n]", "[0]"), (name, phrase, shown)
    h = hp.iso(1)
    assert "order of the rows of the printed table" in " ".join(str(h.doc.parts).split())
    assert "A copy of the set with hp.Rcs" in str(h.doc.byrcs)


def test_unknown_names(hp):  # S-86, HD-10
    for doc in (hp.doc, hp.iso(1).doc, hp.Type.doc):
        with pytest.raises(AttributeError, match="nosuch"):
            doc.nosuch
        assert not hasattr(doc, "_repr_html_") and not hasattr(doc, "__wrapped__")
    with pytest.raises(AttributeError, match="near it: heap"):
        hp.doc.hep


def public_names(cls):
    return [name for name in dir(cls) if not name.startswith("_")]


def test_every_public_name_has_a_text(hp):  # HD-3, HD-12, S-86: fails when one is added without
    missing = []
    for cls in (type(hp), *(c for c in vars(_heapyc).values() if isinstance(c, type))):
        for name in public_names(cls):
            doc = getattr(inspect.getattr_static(cls, name), "__doc__", None)
            if Help.text_of(cls, name) is None and not doc:
                missing.append("%s.%s" % (cls.__name__, name))
    for name in guppy.sets.__all__:
        if not inspect.getdoc(getattr(guppy.sets, name)):
            missing.append("guppy.sets." + name)
    for listing in (hp.doc, hp.Nothing.doc, hp.Type.doc, hp.Anything.doc):
        missing += [name for name in listing if Help.text_of(listing._type, name) is None]
    assert not missing


def test_texts_and_docstrings_agree(hp):  # HD-12: they come from the stub
    for cls, name in ((type(hp), "heap"), (type(hp.iso(1)), "count"), (type(hp.Type), "sokind")):
        text = re.sub(r"\[\d+\]", "", " ".join(Help.text_of(cls, name).split()))
        first = inspect.getdoc(getattr(cls, name)).split("\n\n")[0]
        assert " ".join(first.split()).rstrip(".") in text
    assert "Walk the heap" in subprocess.run(
        [sys.executable, "-c", "from guppy import hpy; help(hpy())"], capture_output=True, text=True, env=dict(os.environ, PAGER="cat")
    ).stdout  # fmt: skip


def test_every_reference_has_a_target():  # HD-8, Y-35
    page = Path(Help.manual_directory(), "reference.html").read_text(encoding="utf-8")
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for name, text in TEXTS.items():
        targets = re.findall(r"^    \[\d+\] reference\.html#(.+)$", text, re.M)
        assert targets[0] == name
        assert set(targets) <= set(ids), (name, set(targets) - set(ids))


def test_help_needs_nothing_optional(script):  # HD-11
    script("import sys\nsys.modules['tkinter'] = None\nfrom guppy import hpy\nhp = hpy()\nstr(hp.doc.pb), str(hp.doc('L')), hp.iso(1).doc('L')")


def test_stubs_have_what_is_there(hp):  # the stub is the source: what it lacks has no text
    stub = ast.parse((Path(_heapyc.__file__).parent / "_heapyc.pyi").read_text(encoding="utf-8"))
    classes = {node.name: node for node in stub.body if isinstance(node, ast.ClassDef)}
    for cls in (type(hp), type(hp.iso(1)).__mro__[1], type(hp.Type), type(hp.Anything)):
        written = {getattr(n, "name", None) or n.target.id for n in classes[cls.__name__].body if isinstance(n, (ast.FunctionDef, ast.AnnAssign))}
        own = {name for name in vars(cls) if not name.startswith("_")}
        assert own <= written


def test_the_self_check(capsys):  # S-92, PK-7
    assert hpy().test() is None
    out = capsys.readouterr().out
    assert out.count("imported: guppy.heapy.test.test_") == 8 and re.search(r"Ran \d+ checks: OK\n\Z", out)


def test_the_self_check_fails(monkeypatch, capsys):  # S-92, PK-7
    from guppy.heapy.test import TestFailed, test_tables

    monkeypatch.setattr(test_tables.Tables, "test_more", lambda self: self.assertEqual(1, 2))
    with pytest.raises(TestFailed, match="AssertionError: 1 != 2"):
        hpy().test()
    with pytest.raises(AssertionError):
        hpy().test(debug=True)
    assert "test_more ..." in capsys.readouterr().out


def test_the_self_check_where_it_is_installed(tmp_path):  # PK-7: without the source tree
    result = subprocess.run([sys.executable, "-c", "from guppy import hpy; hpy().test()"], cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 0 and "OK" in result.stdout and not result.stderr
