"""What is wrong with a file or an object, through every command: one line that names it, status 1, and nothing else."""

import json
import os
import pathlib
import pty
import shutil
import signal
import subprocess
import sys
import tempfile
import unicodedata

import pytest

from cli_support import GOLDEN, HEAPY, run_shell, stop_in_its_midst

sys.path.insert(0, str(GOLDEN))

from make_bad import assemble, parts  # noqa: E402

BAD = sorted((GOLDEN / "bad").glob("*.heapy"))
OF_PACKED = {"frame_unpacks_to_more", "texts_shuffled"}  # what they were made of

COMMANDS = [
    "info FILE",
    "top FILE",
    "top FILE --by id",
    "top FILE --retained --json",
    "node FILE '#8'",
    "node FILE --type list",
    "referrers FILE '#8'",
    "referents FILE '#8'",
    "paths FILE '#8'",
    "pattern FILE '#8'",
    "dominators FILE",
    "diff FILE other.heapy",
    "diff other.heapy FILE --retained",
    "sql 'SELECT count(*) FROM objects' FILE",
    "sql 'SELECT * FROM objects' FILE",
    "sql 'SELECT * FROM edges' FILE",
    "sql 'SELECT * FROM snapshots' other.heapy FILE",
    "check FILE",
    "export csv FILE -o -",
    "export jsonl FILE --edges -o -",
    "export chrome FILE -o -",
    "export dot FILE --around '#8' -o -",
    "export csv FILE -o made",
    "convert FILE -",
    "convert FILE made",
    "index FILE",
]


def run_all(folder, commands, file, source="/dev/null"):
    """[(status, output, errors, what is in the file that was made or None)] of commands, one after the other."""
    script = []
    for i, command in enumerate(commands):
        line = command.replace("FILE", file)
        script.append("heapy %s < %s > %d.out 2> %d.err; echo $? > %d.status" % (line, source, i, i, i))
        script.append("if [ -e made ]; then mv made %d.made; fi; rm -f x.heapy.index" % i)
    assert run_shell("\n".join(script), folder).returncode == 0
    results = []
    for i in range(len(commands)):
        status, out, err = [(folder / ("%d.%s" % (i, what))).read_bytes() for what in ("status", "out", "err")]
        made = folder / ("%d.made" % i)
        results.append((int(status), out, err, made.read_bytes() if made.exists() else None))
        made.unlink(missing_ok=True)
    return results


def assert_refused(command, name, result):
    status, out, err, made = result
    assert (status, out, made) == (1, b"", None), (command, result)
    assert err.startswith(b"heapy: %s: " % name.encode()) and err.count(b"\n") == 1 and err.endswith(b"\n"), (command, err)


@pytest.fixture
def place(tmp_path):
    shutil.copy(GOLDEN / "good/values.heapy", tmp_path / "other.heapy")
    return tmp_path


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """good file -> what all commands say of it, when it is called x.heapy"""
    found = {}
    for name in ("values", "zstd"):
        folder = tmp_path_factory.mktemp(name)
        shutil.copy(GOLDEN / "good/values.heapy", folder / "other.heapy")
        shutil.copy(GOLDEN / "good" / (name + ".heapy"), folder / "x.heapy")
        found[name] = run_all(folder, COMMANDS, "x.heapy")
        assert [status for status, _, _, _ in found[name]] == [0] * len(COMMANDS), found[name]
    return found


@pytest.mark.parametrize("bad", BAD, ids=lambda path: path.stem)
def test_a_bad_file_is_refused_or_answered_like_the_good_one(place, answers, bad):
    """Which a command may that does not read the column with the mistake; `check` reads all."""
    shutil.copy(bad, place / "x.heapy")
    good = answers["zstd" if bad.stem in OF_PACKED else "values"]
    refused = set()
    for command, result, expected in zip(COMMANDS, run_all(place, COMMANDS, "x.heapy"), good):
        if bad.stem == "unknown_codec" and command == "info FILE":  # which unpacks nothing, and says that something is packed
            expected = (0, expected[1].replace(b"not compressed", b"compressed"), b"", None)
        if result != expected:
            assert_refused(command, "x.heapy", result)
            refused.add(command)
    assert "check FILE" in refused and "export chrome FILE -o -" in refused
    assert "convert FILE -" in refused and "convert FILE made" in refused
    assert not list(place.glob("*.index*")) and not list(place.glob("made*"))


@pytest.mark.parametrize("bad", ["type_past_end", "chunk_damaged", "edge_past_end", "owner_past_end", "ranks_wrong", "regions_out_of_order", "texts_missing"])
def test_info_reads_no_column_of_objects(place, answers, bad):
    """So that it takes as long for a thousand objects as for ten million."""
    shutil.copy(GOLDEN / "bad" / (bad + ".heapy"), place / "x.heapy")
    info, top = run_all(place, ["info FILE", "top FILE"], "x.heapy")
    assert info == answers["values"][COMMANDS.index("info FILE")]
    assert bad not in ("type_past_end", "chunk_damaged") or top[0] == 1


@pytest.mark.parametrize("bad", ["cut_in_the_middle", "chunk_missing", "header_damaged", "too_many_nodes"])
def test_a_bad_file_from_a_pipe(place, bad):
    commands = [command for command in COMMANDS if not command.startswith("index")]
    for command, result in zip(commands, run_all(place, commands, "-", GOLDEN / "bad" / (bad + ".heapy"))):
        assert_refused(command, "-", result)


NEED_REFERENCES = [
    "top FILE --retained", "top FILE --retained --json", "top FILE --sort retained", "top FILE --by rcs", "top FILE --by via", "node FILE '#8'",
    "node FILE --type list", "referrers FILE '#8'", "referents FILE '#8' --by type", "paths FILE '#8'", "pattern FILE '#8'", "dominators FILE",
    "diff FILE other.heapy --retained", "diff FILE FILE --retained --json", "export chrome FILE -o -", "export dot FILE --around '#8' -o -", "index FILE",
]  # fmt: skip
NEED_REFERENCES_IN_SQL = [
    "sql 'SELECT retained FROM objects' FILE", "sql 'SELECT * FROM objects' FILE --csv", "sql 'SELECT * FROM edges' FILE", "sql 'SELECT * FROM path(3)' FILE",
    "export csv FILE -o -", "export csv FILE --edges -o -", "export csv FILE -o made", "export jsonl FILE -o -",
]  # fmt: skip
NEED_NONE = [
    "info FILE", "top FILE", "top FILE --by 'type&size' --json", "diff FILE other.heapy", "check FILE", "convert FILE -",
    "sql 'SELECT node, type, size, text FROM objects' FILE --csv",
]  # fmt: skip


def test_a_file_without_references(place):
    """What needs them says so, before anything is printed."""
    chunks = [list(chunk) for chunk in parts((GOLDEN / "good/values.heapy").read_bytes()) if not chunk[0].startswith(b"edge.")]
    for chunk in chunks:
        if chunk[0] == b"graph":
            chunk[3] = chunk[3][:8] + bytes(8) + chunk[3][16:]
    (place / "x.heapy").write_bytes(assemble(chunks))
    for command, result in zip(NEED_REFERENCES, run_all(place, NEED_REFERENCES, "x.heapy")):
        assert_refused(command, "x.heapy", result)
    for command, (status, out, err, made) in zip(NEED_REFERENCES_IN_SQL, run_all(place, NEED_REFERENCES_IN_SQL, "x.heapy")):
        assert (status, out, err, made) == (1, b"", b"heapy: SQL: x.heapy: there are no references in this file\n", None), command
    for command, (status, out, err, _) in zip(NEED_NONE, run_all(place, NEED_NONE, "x.heapy")):
        assert status == 0 and out and not err, (command, err)


def make_nothing(path):
    pass


def make_loop(path):
    path.symlink_to(path.name)


# What stands in the place of the file, and what is said of it.
STANDING = {
    "missing": (make_nothing, b"No such file"),
    "a directory": (pathlib.Path.mkdir, b"directory"),
    "a pipe that nobody writes": (os.mkfifo, b"is a pipe: write it to a file first"),
    "a link to itself": (make_loop, b"symbolic links"),
    "empty": (pathlib.Path.touch, b"too short for a snapshot"),
}


@pytest.mark.parametrize("what", STANDING)
def test_what_is_no_file(place, what):
    make, words = STANDING[what]
    make(place / "x.heapy")
    for command, result in zip(COMMANDS, run_all(place, COMMANDS, "x.heapy")):
        assert_refused(command, "x.heapy", result)
        assert words in result[2], (command, result)


def test_a_file_that_may_not_be_read():
    if os.geteuid():
        pytest.skip("only root runs a program as another user")
    with tempfile.TemporaryDirectory() as name:  # a folder that another user comes to
        there = pathlib.Path(name)
        shutil.copy(HEAPY, there / "heapy")
        for copy in ("x.heapy", "other.heapy"):
            shutil.copy(GOLDEN / "good/values.heapy", there / copy)
        for path in (there, *there.iterdir()):
            path.chmod(0o755)
        (there / "x.heapy").chmod(0)
        for command in COMMANDS:
            line = "exec ./heapy " + command.replace("FILE", "x.heapy")
            result = subprocess.run(["sh", "-c", line], cwd=there, user=65534, group=65534, extra_groups=[], env={}, capture_output=True, timeout=60)
            name = "made" if command.endswith("made") and b"made" in result.stderr else "x.heapy"  # nor may that be made
            assert_refused(command, name, (result.returncode, result.stdout, result.stderr, None))
            assert b"Permission denied" in result.stderr, (command, result)


def test_a_name_that_moves_the_cursor_is_shown_escaped(place):
    for command, result in zip(COMMANDS, run_all(place, COMMANDS, "\"$(printf 'a\\033[2J\\nb')\"")):
        assert_refused(command, "a\\x1b[2J\\nb", result)


# ---- objects ----

OF_OBJECTS = [
    "node FILE OBJECT",
    "referrers FILE OBJECT",
    "referents FILE OBJECT --by type",
    "paths FILE OBJECT",
    "paths FILE '#8' --from OBJECT",
    "pattern FILE OBJECT --json",
    "dominators FILE OBJECT",
    "export dot FILE --around OBJECT -o -",
]
OBJECTS = {
    "'#40'": b"there is no node #40: there are 40",
    "'#99999999999999999999'": None,
    "0x10": b"no object is at 0x10, nor before it",
    "0x7f00000003d8": b"0x7f00000003d0 of 8589934592 bytes, which it lies inside of",
    "0xffffffffffffffff": b"which ends before it",
}


@pytest.mark.parametrize("name", OBJECTS)
def test_an_object_that_is_none(place, name):
    commands = [command.replace("OBJECT", name) for command in OF_OBJECTS]
    for command, result in zip(commands, run_all(place, commands, "other.heapy")):
        if OBJECTS[name] is None:  # no number of a node can be so large
            assert result[0] in (1, 2) and not result[1] and result[2].count(b"\n") == 1, (command, result)
            continue
        assert_refused(command, "other.heapy", result)
        assert OBJECTS[name] in result[2], (command, result)


def test_a_type_that_nobody_has(place):
    commands = [command.replace("OBJECT", "--type lost") for command in OF_OBJECTS if "FILE OBJECT" in command]
    for command, result in zip(commands, run_all(place, commands, "other.heapy")):
        assert_refused(command, "other.heapy", result)
        assert b"no type is called lost; list is meant?" in result[2], (command, result)


# ---- a file that is cut while it is read where it lies ----


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    import guppy

    path = tmp_path_factory.mktemp("large") / "large.heapy"
    guppy.hpy().snapshot(path, fork=False, compress=None)
    return path


CUT = [
    ["top", "FILE", "--retained"],
    ["node", "FILE", "#8"],
    ["referrers", "FILE", "#8"],
    ["paths", "FILE", "#8"],
    ["pattern", "FILE", "#8"],
    ["dominators", "FILE"],
    ["diff", "FILE", "FILE"],
    ["sql", "SELECT sum(size) FROM objects", "FILE"],
    ["check", "FILE"],
    ["export", "chrome", "FILE", "-o", "-"],
    ["export", "csv", "FILE", "--edges", "-o", "made"],
    ["convert", "FILE", "made"],
    ["index", "FILE"],
]


@pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="needs /proc")
@pytest.mark.parametrize("arguments", CUT, ids=lambda words: " ".join(words[:2]))
def test_a_file_that_is_cut_ends_no_command_by_a_signal(tmp_path, large, arguments):
    """It has read what it needs, or says so in a line: where it is stopped is chance, and so it is tried until it says so."""
    path, statuses = tmp_path / "x.heapy", set()
    sizes = (0, 4096, large.stat().st_size // 2, large.stat().st_size - 4096)
    for size in (*sizes, *[0] * 20):
        if size == 0 and 1 in statuses:
            break
        shutil.copy(large, path)
        process = subprocess.Popen(
            [HEAPY, *[word.replace("FILE", "x.heapy") for word in arguments]], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={}
        )
        if stop_in_its_midst(process, path.name):
            os.truncate(path, size)
            process.send_signal(signal.SIGCONT)
        out, err = process.communicate(timeout=120)
        statuses.add(process.returncode)
        assert process.returncode in (0, 1), (size, process.returncode, err)
        assert (process.returncode == 0) == (not err), (size, err)
        if process.returncode:
            assert err.startswith(b"heapy: x.heapy: ") and err.count(b"\n") == 1, (size, err)
            assert not list(tmp_path.glob("made*")), size
        for made in tmp_path.glob("made*"):
            made.unlink()
    assert 1 in statuses


# ---- strings of a heap ----

# As long as what they stand for: escape sequences, a line's end, a character that turns directions, bytes that are no UTF-8.
HOSTILE = [
    (b"type.texts.bytes", b"list\0", b"\x1b[2J\0"),
    (b"type.texts.bytes", b"\0int\0", b"\0\n\xffi\0"),
    (b"type.texts.bytes", b"int\0builtins", b"i\n\xff\0built\x07ns"),
    (b"type.texts.bytes", b"dict\0", b"\xe2\x80\xaed\0"),
    (b"type.texts.bytes", b"shop.C\0", b"s\x9b31m\r\0"),
    (b"name.bytes", b"x\0name", b"\x1b\0\rame"),
    (b"name.bytes", "\u00e9t\u00e9".encode(), b"\xffa\xc2\x9b\x07"),
    (b"fact.0.texts.bytes", b"os\0re", b"\x1bs\0\n\xfe"),
    (b"row.texts", b"name9.7", b"\x1b[31m.7"),
    (b"row.texts", b"secret", b"\n\x1b]0;\x07"),
    (b"key.texts", b"'k9'", b"\x1b[2J"),
    (b"key.whole.texts", b"the whole of it", b"\x1b]0;title\x07\n\xff\xff  "),
]
TEXT = [command for command in COMMANDS if " made" not in command and "convert" not in command and "--type" not in command]
TEXT += [
    "top FILE --by module",
    "top FILE --by via",
    "top FILE --json --by 'type&module'",
    "node FILE '#8' --json",
    "paths FILE '#30' --all",
    "pattern FILE '#30' --by id --json",
    "dominators FILE --depth 2 --json",
    "sql 'SELECT name, label FROM edges' FILE --json",
    "sql 'SELECT name, label FROM edges' FILE --all",
    "sql 'SELECT t.type, module, text, brief(o.node), path_text(o.node) FROM objects o JOIN types t USING (type)' FILE --all",
    "sql 'SELECT * FROM roots' FILE",
]
SEPARATED = [
    "export csv FILE -o -",
    "export csv FILE --edges -o -",
    "sql 'SELECT t.type, module, text, path_text(o.node) FROM objects o JOIN types t USING (type)' FILE --csv",
    "sql 'SELECT name, label FROM edges' FILE --tsv",
]


@pytest.fixture
def hostile(place):
    chunks = [list(chunk) for chunk in parts((GOLDEN / "good/values.heapy").read_bytes())]
    for name, old, new in HOSTILE:
        (chunk,) = [chunk for chunk in chunks if chunk[0] == name]
        chunk[3] = chunk[3].replace(old, new)
        assert len(chunk[3]) == chunk[4] and (new in chunk[3] or new.startswith(b"\0"))
    (place / "x.heapy").write_bytes(assemble(chunks))
    return place


def moves_a_cursor(text):
    """What of a text that was decoded is no character that stands where it is put."""
    return {hex(ord(c)) for c in text if c != "\n" and (unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp"))}


def test_strings_of_a_heap_are_shown_escaped(hostile):
    for command, (status, out, err, _) in zip(TEXT, run_all(hostile, TEXT, "x.heapy")):
        assert status == 0, (command, err)
        if "csv" not in command:
            assert not moves_a_cursor(out.decode()), command
        assert not moves_a_cursor(err.decode()), command
        if "--json" in command:
            json.loads(out)


def test_separated_text_has_a_heaps_strings_as_they_are_but_a_terminal_is_shown_none(hostile):
    for command in SEPARATED:
        piped = run_shell("heapy " + command.replace("FILE", "x.heapy"), hostile)
        assert piped.returncode == 0 and "\x1b" in piped.stdout.decode(), command
        control, terminal = pty.openpty()
        line = 'exec "%s" %s' % (HEAPY, command.replace("FILE", "x.heapy"))
        process = subprocess.Popen(["sh", "-c", line], cwd=hostile, stdout=terminal, stderr=terminal, env={})
        os.close(terminal)
        seen = b""
        while True:
            try:
                seen += os.read(control, 65536)
            except OSError:  # the other end is closed
                break
        os.close(control)
        assert process.wait(60) == 0
        shown = seen.replace(b"\r\n", b"\n").decode()
        if "--tsv" in command:
            shown = shown.replace("\t", "")
        assert not moves_a_cursor(shown), (command, moves_a_cursor(shown))
        assert "\\x1b" in shown, command
