"""Which text a snapshot file has: no value of the program's unless it is asked for."""

import os
import sys

import pytest

from test_snapshot_files import chunks_of

# Each is put together while the program runs, so that nothing of the tests' source is found in a heap.
PROGRAM = '''
import os, sys
from guppy import hpy

folder, how = sys.argv[1:3]

def secret(name):
    return "-".join(["planted", name, "x9"])

class Account:
    def __init__(self):
        self.password = secret("attribute")
        self.__dict__[secret("attribute key")] = 1
        self.visible_attribute = 2

class Slotted:
    __slots__ = ("slot",)

class Failure(Exception):
    pass

LITERAL = "planted_literal_x9"
LONG_LITERAL = "planted literal x9"
accounts = [Account() for _ in range(3)]
inline = Account()
del inline.__dict__[secret("attribute key")]
slotted = Slotted()
slotted.slot = secret("slot")
table = {secret("key"): secret("value"), ("tuple", secret("in tuple")): 1, secret("bytes").encode(): 2}
table["visible_key"] = 3
table[90071992547409911] = 90071992547409912
table[271828.18284] = 271828.18285
table[frozenset([secret("frozenset")])] = 4
members = {secret("member")}
raised = Failure(secret("argument"))
buffer = bytearray(secret("buffer").encode())
os.environ["PLANTED"] = secret("environment")
interned_value = [sys.intern(secret("interned value").replace("-", "_").replace(" ", "_"))]

def outer():
    local = secret("local")
    def inner():
        return local
    return inner

closure = outer()

def generate():
    local = secret("generator")
    yield local

generator = generate()
next(generator)

def main():
    visible_local = secret("frame")
    hp = hpy()
    for contents in ("none", "names", "values"):
        for compress in ("zstd", None):
            name = "%s/%s-%s" % (folder, contents, compress)
            hp.snapshot(name, contents=contents, compress=compress, fork=how == "fork", labels={"label": "visible label"})

main()
'''


def all_of(path):
    """The bytes of a file as they stand in it and as they are unpacked."""
    with open(path, "rb") as file:
        raw = file.read()
    chunks = chunks_of(path)
    return raw + b"".join(bytes(chunks.load(name)) for name in chunks.entries)


@pytest.fixture(scope="module", params=["fork", "in place"])
def files(request, tmp_path_factory):
    from conftest import run_python

    folder = tmp_path_factory.mktemp("files")
    program = folder / "program.py"
    program.write_text(PROGRAM)
    result = run_python(str(program), str(folder), request.param, "planted-argument-x9")
    assert result.returncode == 0, result.stdout + result.stderr
    return {
        contents: all_of(folder / (contents + "-None")) + all_of(folder / (contents + "-zstd"))
        for contents in ("none", "names", "values")
    }


NUMBERS = [b"90071992547409911", b"90071992547409912", b"271828.18284", b"271828.18285"]


def test_only_text_of_source_code_is_written_by_default(files):
    text = files["names"]
    for visible in (b"visible_attribute", b"visible_key", b"visible_local", b"Account", b"generate", b"visible label"):
        assert visible in text, visible
    text = text.replace(b"planted-argument-x9", b"")  # of argv, which is a fact
    for planted in (b"planted", *NUMBERS):
        at = text.find(planted)
        assert at < 0, text[max(at - 60, 0) : at + 60]


def test_without_contents_there_are_types_and_labels_alone(files):
    text = files["none"]
    assert b"Account" in text and b"visible label" in text
    for hidden in (b"planted", b"visible_key", b"generate", b"program.py", *NUMBERS):
        at = text.find(hidden)
        assert at < 0, text[max(at - 60, 0) : at + 60]


def test_values_are_written_when_they_are_asked_for_and_the_environment_is_not(files):
    text = files["values"]
    for shown in ("key", "value", "local", "generator", "frame", "slot", "member", "argument", "bytes", "in tuple"):
        assert b"planted-%s-x9" % shown.encode() in text, shown
    for number in NUMBERS:
        assert number in text
    assert b"planted-environment-x9" not in text
    path = os.environ.get("PATH", "").encode()
    assert not path or path[:13] not in text or path[:13] in sys.executable.encode()
