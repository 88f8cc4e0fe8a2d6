"""What `python -m guppy` runs has everything as Python itself would give it: held against Python."""

import os
import re
import subprocess
import sys
import zipfile

import pytest

from conftest import run_python

PROBE = '''"""The text of the module."""
import sys
import threading

names = sorted(set(globals()) - {"sys", "threading"})
for name in names:
    value = globals()[name]
    print(name, type(value).__name__ if name in ("__builtins__", "__loader__") else value)
print(getattr(__loader__, "name", None), getattr(__loader__, "path", None), getattr(__loader__, "archive", None))
print(sys.argv, sys.path, (lambda: 0).__code__.co_filename, threading.current_thread() is threading.main_thread())
print(sys.modules["__main__"].names is names, __name__)
if "fails" in sys.argv:
    def deeper():
        raise ValueError("from the program")
    deeper()
if "exits" in sys.argv:
    sys.exit(5)
'''


@pytest.fixture
def programs(tmp_path):
    """A folder with the probe in every form that Python runs."""
    folder = tmp_path / "folder"
    package = tmp_path / "package"
    for made in (folder, package, tmp_path / "elsewhere"):
        made.mkdir()
    for path in (tmp_path / "probe.py", folder / "__main__.py", package / "__main__.py", package / "module.py"):
        path.write_text(PROBE)
    (package / "__init__.py").write_text("import sys; print('the package', sys.argv)\n")
    with zipfile.ZipFile(tmp_path / "archive.pyz", "w") as z:
        z.writestr("__main__.py", PROBE)
    os.symlink(tmp_path / "probe.py", tmp_path / "elsewhere" / "link.py")
    return tmp_path


def both(folder, *words, **options):
    """The finished processes of Python and of ours, the text of objects without addresses."""
    runs = [run_python(*start, *words, cwd=folder, **options) for start in ([], ["-m", "guppy"])]
    for run in runs:
        run.stdout = re.sub(r" at 0x\w+", "", run.stdout)
    return runs


FORMS = [
    ["probe.py"], ["./probe.py"], ["elsewhere/link.py"], ["folder"], ["folder/"], ["./archive.pyz"], ["archive.pyz"],
    ["-m", "probe"], ["-m", "package"], ["-m", "package.module"], ["-mprobe"], ["-c", PROBE], ["-c" + PROBE], ["-"],
]  # fmt: skip


@pytest.mark.parametrize("what", ["", "fails", "exits"])
@pytest.mark.parametrize("form", FORMS, ids=lambda form: " ".join(form)[:20].strip())
def test_everything_is_as_python_has_it(programs, form, what):
    plain, ours = both(programs, *form, what, "-h", "--json", input=PROBE)
    assert ours.stdout == plain.stdout and "-h" in plain.stdout
    assert ours.returncode == plain.returncode == {"": 0, "fails": 1, "exits": 5}[what]
    without_runpy = re.sub(r'  File "<frozen runpy>.*\n|  File ".*runpy\.py".*\n(    .*\n)*', "", plain.stderr)
    assert ours.stderr.startswith(without_runpy), ours.stderr
    assert "Partition of a set" in ours.stderr and "guppy" not in ours.stderr[: len(without_runpy)]


@pytest.mark.parametrize("form", [["probe.py"], ["folder"], ["-m", "probe"], ["-c", PROBE]], ids=lambda form: form[0])
@pytest.mark.skipif(sys.version_info < (3, 11), reason="there is no -P")
def test_as_python_has_it_without_unsafe_paths(programs, form):
    options = {"env": {"PYTHONPATH": os.pathsep.join([*filter(None, [os.environ.get("PYTHONPATH")]), str(programs)])}}
    plain, ours = (
        run_python("-P", *start, *form, cwd=programs / "elsewhere" if form[0] == "-m" else programs, **options)
        for start in ([], ["-m", "guppy"])
    )
    hide = re.compile(r" at 0x\w+")
    assert hide.sub("", ours.stdout) == hide.sub("", plain.stdout) != "", ours.stderr


@pytest.mark.parametrize(
    "words, message",
    [
        (["-m", "nosuch"], "No module named nosuch"),
        (["-m", "package.nosuch"], "No module named package.nosuch"),
        (["-m", "empty"], "'empty' is a package and cannot be directly executed"),
        (["-m", "sys"], "No code object available for sys"),
        (["-m", "flat.inner"], "ModuleNotFoundError"),
        (["-m", "__main__"], "can't find module '__main__'"),
        (["-m", ".probe"], "No module named .probe"),
    ],
)
def test_modules_that_cannot_be_run(programs, words, message):
    (programs / "empty").mkdir()
    (programs / "empty" / "__init__.py").write_text("")
    (programs / "flat.py").write_text("")
    plain, ours = both(programs, *words)
    assert ours.returncode == plain.returncode == 1
    assert [line for line in ours.stderr.splitlines() if line.startswith("guppy: ") and message in line], ours.stderr
    assert "Traceback" not in ours.stderr


@pytest.mark.parametrize("word, question", [("-m", "which module?"), ("-c", "which code?")])
def test_a_form_without_its_word(word, question):
    run = run_python("-m", "guppy", word)
    assert run.returncode == 2 and question in run.stderr and run.stdout == ""


def test_a_package_that_fails(programs):
    (programs / "package" / "__init__.py").write_text("1 / 0\n")
    plain, ours = both(programs, "-m", "package.module")
    assert ours.returncode == plain.returncode == 1
    assert ours.stderr.index("ZeroDivisionError") < ours.stderr.index("Partition of a set")


def test_what_is_piped_is_run_whole_and_nothing_else(programs):
    plain, ours = both(programs, "-", input="print(input() if 0 else __import__('sys').stdin.read())")
    assert ours.stdout == plain.stdout
    plain, ours = both(programs, "-", input="x = (\n")
    assert "SyntaxError" in plain.stderr and ours.stderr.startswith(plain.stderr) and ours.returncode == 1


def test_recording_takes_the_same_forms(programs):
    for form in (["-m", "package.module"], ["-c", "print('code')"], ["-"]):
        run = run_python("-m", "guppy", "record", "-o", "profile", *form, cwd=programs, input="print('piped')")
        assert run.returncode == 0 and run.stdout, run.stderr
    stats = subprocess.run([sys.executable, "-m", "guppy", "table", str(programs / "profile"), "--json"], capture_output=True)
    assert stats.returncode == 0
