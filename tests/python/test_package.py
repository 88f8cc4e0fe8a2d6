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
