"""The package as installed (PK-1, PK-6)."""

import os
import shutil

import pytest

import guppy
from conftest import run_python


def test_import_forms(script):  # PK-6, as far as it goes
    script("from guppy import hpy; import guppy; guppy.hpy(); import guppy.heapy; from guppy import heapy")
    script("from guppy import *; hpy()")


def test_guppy3_beside_it_is_refused(tmp_path):  # PK-1
    shutil.copytree(os.path.dirname(guppy.__file__), tmp_path / "guppy")
    environment = {"PYTHONPATH": str(tmp_path)}
    check = "import guppy; print(guppy.__file__)"
    fine = run_python("-c", check, cwd=tmp_path, env=environment)
    assert str(tmp_path) in fine.stdout
    (tmp_path / "guppy3-3.1.7.dist-info").mkdir()
    mixed = run_python("-c", check, cwd=tmp_path, env=environment)
    assert mixed.returncode == 1 and "pip uninstall guppy3 libheapy" in mixed.stderr
    # What only has the name, and no files in the package, is no harm.
    record = tmp_path / "guppy3-3.1.7.dist-info" / "RECORD"
    record.write_text("guppy3-3.1.7.dist-info/METADATA,,\n")
    assert run_python("-c", check, cwd=tmp_path, env=environment).returncode == 0
    record.write_text("guppy/__init__.py,,\n")
    assert run_python("-c", check, cwd=tmp_path, env=environment).returncode == 1


def test_a_package_whose_files_were_taken_along_says_so(tmp_path):  # PK-1
    shutil.copytree(os.path.dirname(guppy.__file__), tmp_path / "guppy")
    os.unlink(tmp_path / "guppy" / "__init__.py")
    run = run_python("-c", "import guppy; guppy.hpy()", cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)})
    assert run.returncode == 1 and "pip install --force-reinstall libheapy" in run.stderr.splitlines()[-1]


def test_the_package_looks_like_any_other(script):  # PK-6
    script(
        """
import importlib, inspect, os, pickle
import guppy
assert guppy.__file__.endswith(os.path.join("guppy", "__init__.py")) and guppy.__spec__.origin == guppy.__file__
assert guppy.__loader__ is guppy.__spec__.loader and guppy.__doc__.startswith("Heapy")
assert "def hpy" in inspect.getsource(guppy.hpy) and guppy.hpy.__module__ == "guppy"
assert pickle.loads(pickle.dumps(guppy.hpy)) is guppy.hpy
assert importlib.reload(guppy) is guppy and guppy.hpy().heap().count > 1000
"""
    )


def test_it_is_typed():
    folder = os.path.dirname(guppy.__file__)
    assert os.path.exists(os.path.join(folder, "py.typed"))
    assert os.path.exists(os.path.join(folder, "_heapyc.pyi"))


def test_stub_and_module_agree():
    """Every public name of the stub is in the module, and the other way round."""
    import ast

    from guppy import _heapyc

    internal = {"LiveObjects", "NodeGraphIterator", "NodeSetIterator", "RowIterator"}
    internal |= {name for name in vars(_heapyc) if name.endswith("Family") and name != "Family"}
    with open(os.path.join(os.path.dirname(guppy.__file__), "_heapyc.pyi"), encoding="utf-8") as f:
        classes = [node for node in ast.parse(f.read()).body if isinstance(node, ast.ClassDef)]
    assert {c.name for c in classes} == {n for n, v in vars(_heapyc).items() if isinstance(v, type)} - internal
    for c in classes:
        stub = {node.name for node in c.body if isinstance(node, ast.FunctionDef)}
        stub |= {node.target.id for node in c.body if isinstance(node, ast.AnnAssign)}
        real = {n for n in vars(getattr(_heapyc, c.name)) if not n.startswith("__")}
        left_out = {"_hiding_tag_", "_hv", "_parent", "_pattern_settings", "_root"}
        assert {n for n in stub if not n.startswith("__")} - left_out == real - left_out, c.name


def test_answers_written_in_python_are_typed_as_what_they_are(hp):  # PK-1
    """What the stub says of each attribute that Python code answers is the class of the answer."""
    import ast

    with open(os.path.join(os.path.dirname(guppy.__file__), "_heapyc.pyi"), encoding="utf-8") as f:
        tree = ast.parse(f.read())
    imported = {a.name: n.module for n in tree.body if isinstance(n, ast.ImportFrom) and n.level for a in n.names}
    kept = [[]]
    x, snapshot = hp.iso(kept[0]), hp.snapshot()
    answers = {
        "Session": {"why": hp.why(kept), "dominators": hp.dominators(), "View": hp.View},
        "IdentitySet": {name: getattr(x, name) for name in ("rp", "sp", "shpaths", "pathsin", "pathsout", "byretained")},
    }
    answers["IdentitySet"].update(get_rp=x.get_rp(), get_shpaths=snapshot.iso(kept[0]).get_shpaths())
    for node in tree.body:
        for member in node.body if isinstance(node, ast.ClassDef) else ():
            if node.name in answers and member.__dict__.get("name") in answers[node.name]:
                answer, name = answers[node.name].pop(member.name), ast.unparse(member.returns)
                assert type(answer).__name__ == name and type(answer).__module__ == "guppy." + imported[name]
    assert not any(answers.values())


def test_versions_are_declared():  # PK-3
    import importlib.metadata
    import platform

    assert platform.python_implementation() == "CPython"
    try:
        distribution = importlib.metadata.distribution("libheapy")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("a build that was not installed")
    if not os.path.samefile(distribution.locate_file("guppy"), os.path.dirname(guppy.__file__)):
        pytest.skip("a build that was not installed, beside one that was")
    metadata = distribution.metadata
    assert metadata["Requires-Python"] == "<3.16,>=3.10"
    assert "Programming Language :: Python :: Implementation :: CPython" in metadata.get_all("Classifier")
