"""Snapshots written to files: what stands in them, under which name they appear, and what is refused."""

import importlib.util
import json
import math
import os
import random
import re
import reprlib
import resource
import struct
import threading

import pytest

from conftest import ROOT
from guppy import __version__
from guppy.heapy import open_snapshot

spec = importlib.util.spec_from_file_location("read_snapshot", os.path.join(ROOT, "tests", "golden", "read_snapshot.py"))
read_snapshot = importlib.util.module_from_spec(spec)
spec.loader.exec_module(read_snapshot)


class Marked:
    pass


def chunks_of(path):
    with open(path, "rb") as file:
        return read_snapshot.Chunks(file.read())


def info_in(path):
    return json.loads(bytes(chunks_of(path).load("info")))


@pytest.mark.parametrize("compress", ["zstd", None])
def test_a_saved_snapshot_has_every_object_with_its_type_and_size(hp, tmp_path, compress):
    objects = [Marked() for _ in range(100)]
    s = hp.snapshot()
    s.save(tmp_path / "heap", contents="values", compress=compress)
    file = read_snapshot.Snapshot(chunks_of(tmp_path / "heap"))
    assert file.node_count == s.moment.count
    assert file.edge_count == s.moment.edge_count
    nodes = {address: node for node, address in enumerate(file.addresses)}
    for each in objects:
        node = nodes[id(each)]
        assert file.type_rows[file.types[node]][0] .decode() == __name__ + ".Marked"
        assert file.size(node) == s.iso(each).size


def test_what_is_known_of_a_file_is_in_it_and_is_returned(hp, tmp_path):
    info = hp.snapshot().save(tmp_path / "heap", labels={"service": "shop"})
    assert info == info_in(tmp_path / "heap")
    assert info["heapy"] == __version__ and info["pid"] == os.getpid() and info["labels"] == {"service": "shop"}
    assert info["contents"] == "names" and info["taken"] == "from memory" and info["notes"] == []
    assert info["started"] <= info["time"] and info["argv"] and info["rss"] > 0
    other = hp.snapshot().save(tmp_path / "other", contents="none")
    assert other["id"] != info["id"] and "argv" not in other


def test_labels_come_from_the_environment_where_none_are_given(hp, tmp_path, monkeypatch):
    monkeypatch.setenv("HEAPY_LABELS", "service=shop,release=41")
    assert hp.snapshot().save(tmp_path / "heap")["labels"] == {"service": "shop", "release": "41"}
    assert hp.snapshot().save(tmp_path / "heap", labels={})["labels"] == {}
    monkeypatch.setenv("HEAPY_LABELS", "service")
    with pytest.raises(ValueError, match="HEAPY_LABELS: 'service' is not of the form name=value"):
        hp.snapshot().save(tmp_path / "heap")


def test_what_was_there_before_the_reference_point_is_marked(hp, tmp_path):
    old = Marked()
    hp.setref()
    new = Marked()
    hp.snapshot(tmp_path / "heap", fork=False)
    file = read_snapshot.Snapshot(chunks_of(tmp_path / "heap"))
    nodes = {address: node for node, address in enumerate(file.addresses)}
    assert nodes[id(old)] in file.before and nodes[id(new)] not in file.before


def test_a_file_appears_under_its_name_when_it_is_whole(hp, tmp_path):
    s = hp.snapshot()
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    s.save(str(tmp_path / "link"))
    assert (tmp_path / "link").is_symlink() and info_in(tmp_path / "real")
    s.save(os.fsencode(tmp_path / "bytes"))
    assert sorted(os.listdir(tmp_path)) == ["bytes", "link", "real"]
    assert os.stat(tmp_path / "bytes").st_mode & 0o777 == 0o600


def test_nothing_is_left_when_the_disk_is_full(hp, tmp_path):
    s = hp.snapshot()
    (tmp_path / "heap").write_bytes(b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100000, limits[1]))
    try:
        with pytest.raises(OSError):
            s.save(tmp_path / "heap", compress=None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert os.listdir(tmp_path) == ["heap"] and (tmp_path / "heap").read_bytes() == b"old"


def test_a_descriptor_is_written_front_to_back(hp, tmp_path):
    s = hp.snapshot()
    reading, writing = os.pipe()
    parts = []

    def read():
        with open(reading, "rb") as file:
            parts.append(file.read())

    reader = threading.Thread(target=read)
    reader.start()
    os.set_blocking(writing, False)
    s.save(writing)
    os.close(writing)
    reader.join()
    file = read_snapshot.Snapshot(read_snapshot.Chunks(parts[0]))
    assert file.node_count == s.moment.count
    with open("/dev/full", "wb", buffering=0) as full, pytest.raises(OSError):
        s.save(full.fileno())
    reading, writing = os.pipe()
    os.close(reading)
    with pytest.raises(BrokenPipeError):
        s.save(writing)
    os.close(writing)


def test_a_path_may_be_bytes(hp, tmp_path):
    for name in (b"heap", "h\u20ac".encode(), b"\xff"):
        path = os.path.join(os.fsencode(tmp_path), name)
        hp.snapshot(path)
        hp.snapshot().save(path)
        assert open_snapshot(path).heap().count > 1000
        os.unlink(path)
    assert os.listdir(tmp_path) == []


def test_arguments_that_are_wrong_are_named(hp, tmp_path):
    s = hp.snapshot()
    for arguments, message in [
        ({"contents": "all"}, "contents must be 'none' or 'names' or 'values', not 'all'"),
        ({"compress": "gzip"}, "compress must be 'zstd' or None, not 'gzip'"),
    ]:
        with pytest.raises(ValueError, match=message):
            s.save(tmp_path / "heap", **arguments)
    with pytest.raises(TypeError, match="labels: names and values are str, not 41"):
        s.save(tmp_path / "heap", labels={"release": 41})
    with pytest.raises(IsADirectoryError, match="is a directory"):
        s.save(tmp_path)
    with pytest.raises(ValueError, match="'/dev/null' is no regular file: open it and give its descriptor"):
        s.save("/dev/null")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        s.save(tmp_path / "nowhere" / "heap")
    with pytest.raises(ValueError, match="null"):
        hp.snapshot("a\0b")
    with pytest.raises(ValueError, match="this session looks at the live heap"):
        hp.save(tmp_path / "heap")
    with pytest.raises(TypeError):
        s.save(1.5)
    for labels in ("x", ["ab"], 41):
        with pytest.raises(TypeError, match="labels must be a dict of names and values, not %s" % re.escape(repr(labels))):
            s.save(tmp_path / "heap", labels=labels)
    reading = os.open(os.devnull, os.O_RDONLY)
    for descriptor in (987654, -1, 1 << 40, reading):
        for write in (s.save, hp.snapshot):
            with pytest.raises(OSError, match=r"\[Errno 9\].*'descriptor %d'" % descriptor):
                write(descriptor)
    os.close(reading)
    assert os.listdir(tmp_path) == []


# ---- texts ----


def random_numbers():
    seed = os.environ.get("HEAPY_SEED") or random.randrange(1 << 32)
    print("HEAPY_SEED=%s" % seed)
    return random.Random(int(seed))


def some_floats(random):
    floats = [0.0, -0.0, 1e16, 1e15, 123456789012345678.0, 1e-4, 1e-5, 0.1, 1 / 3, 5e-324, 2.2250738585072014e-308]
    floats += [float("inf"), float("-inf"), float("nan"), 1.7976931348623157e308, 9007199254740993.0, 2.0**-44]
    for power in range(-1074, 1024):
        floats += [math.ldexp(1.0, power), math.nextafter(math.ldexp(1.0, power), 0), -math.ldexp(3.0, power - 2)]
    floats += [struct.unpack("<d", random.randbytes(8))[0] for _ in range(5000)]
    return floats + [round(random.uniform(-1e6, 1e6), random.randrange(6)) for _ in range(2000)]


def some_strings(random):
    alphabet = "abc'\"\\\n\t\r\0\x1b\x7f\x80\xa0\xad\xe4\u0378\u20ac\ud800\ufeff\U0001f600\U000e0001 "
    lengths = [*range(40), 100, 999, 1000, 1001, 3000]
    return ["".join(random.choices(alphabet, k=k)) for k in lengths for _ in range(5)]


def some_values(random):
    values = some_floats(random)
    values += [*range(-20, 300), *(sign * (1 << bits) + add for bits in range(0, 400) for sign in (1, -1) for add in (-1, 0, 1))]
    values += [10**n + add for n in (1, 9, 17, 18, 19, 27, 36, 100, 1000, 4200) for add in (-1, 0)]
    values += [complex(a, b) for a in (0.0, -0.0, 1.5, 1e30, float("nan")) for b in (0.0, -0.0, -2.5, float("inf"))]
    values += some_strings(random) + [text.encode("utf-8", "surrogatepass") for text in some_strings(random)]
    return values + [True, False, None, b"x" * 100000]


def shown(text):
    """As a file has it, which has no NUL in a text and no lone surrogate."""
    return text.replace("\0", "\\x00").encode("utf-8", "replace")


class Plain:
    pass


KEYS = None


def test_texts_of_values_and_keys_are_those_of_python(hp, tmp_path):
    global KEYS
    random = random_numbers()
    values = some_values(random)
    tuples = [tuple(random.sample(values, k)) for k in (0, 1, 2, 6, 7) for _ in range(20)]
    tuples += [((((((((1,),),),),),),),), ("a", ("b", (2.5, None)))]
    KEYS = dict.fromkeys([*values, *tuples, Plain, Plain(), int, test_texts_of_values_and_keys_are_those_of_python, math])
    hp.snapshot().save(tmp_path / "heap", contents="values")
    file = read_snapshot.Snapshot(chunks_of(tmp_path / "heap"))
    nodes = {address: node for node, address in enumerate(file.addresses)}
    for key in KEYS:
        node = nodes[id(key)]
        assert file.keys[node] == shown(reprlib.repr(key)), repr(key)[:1000]
        whole = repr(key)
        if len(whole) > 1000:
            whole = whole[:480] + "..." + whole[-480:]
        assert file.whole_keys.get(node, file.keys[node]) == shown(whole), whole
        if type(key) in (int, float, complex, bool, type(None)):
            assert file.rows[node] == shown(repr(key))
        elif type(key) is str and len(key) > 30 or type(key) is bytes:
            assert file.rows[node] == shown(reprlib.repr(key))
    KEYS = None
