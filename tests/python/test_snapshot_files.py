"""Snapshots written to files: what stands in them, under which name they appear, and what is refused."""

import importlib.util
import json
import os
import resource
import threading

import pytest

from conftest import ROOT
from guppy import __version__

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
    with pytest.raises(ValueError, match="this session looks at the live heap"):
        hp.save(tmp_path / "heap")
    with pytest.raises(TypeError):
        s.save(1.5)
    with pytest.raises(OSError):
        s.save(987654)
    assert os.listdir(tmp_path) == []
