"""Files that claim more objects and references than 31 and 32 bits count: said in one line, whoever asks, and quickly."""

import os
import struct
import sys

import pytest

from cli_support import ROOT, run_shell

sys.path.insert(0, str(ROOT / "tests/golden"))

from make_bad import assemble, parts  # noqa: E402

GOOD = ROOT / "tests/golden/good"
COMMANDS = [
    "info FILE",
    "top FILE",
    "top FILE --by type --json",
    "top FILE --by id -n 3",
    "top FILE --retained",
    "node FILE '#3000000000'",
    "referrers FILE '#5'",
    "paths FILE '#5'",
    "pattern FILE '#5'",
    "dominators FILE",
    "diff FILE good.heapy",
    "diff good.heapy FILE",
    "sql 'SELECT count(*), sum(size) FROM objects' FILE",
    "sql 'SELECT count(*) FROM edges' FILE",
    "sql 'SELECT objects, edges FROM snapshots' FILE",
    "check FILE",
    "export csv FILE -o -",
    "export csv FILE --edges -o -",
    "export chrome FILE -o -",
    "export dot FILE --around '#5' -o -",
    "convert FILE out.heapy",
    "index FILE",
]


def claiming(name, nodes=None, edges=None, lengths=()):
    """A file whose graph says that it has so many, and whose table says that chunks are so long; sums are right."""
    chunks = [list(chunk) for chunk in parts((GOOD / name).read_bytes())]
    for chunk in chunks:
        if chunk[0] == b"graph":
            counts = struct.unpack_from("<QQ", chunk[3])
            chunk[3] = struct.pack("<QQ", nodes or counts[0], edges or counts[1]) + chunk[3][16:]
        for of, width in lengths:
            if chunk[0] == of:
                chunk[4] = width
    return assemble(chunks)


COUNTS = [1 << 31, (1 << 32) - 2, (1 << 32) - 1, 1 << 32, (1 << 32) + 40, 1 << 40, 1 << 61, 1 << 63, (1 << 64) - 1]
CLAIMS = {"%s of %d" % (what, count): ("values.heapy", {what: count}) for count in COUNTS for what in ("nodes", "edges")}
# Columns that unpack to as much as is said, were they whole.
for count in (1 << 31, (1 << 32) - 2):
    of_nodes = [(name, 4 * count) for name in (b"types", b"sizes")] + [(b"edge.offsets", 4 * count + 4)]
    CLAIMS["packed nodes of %d" % count] = ("zstd.heapy", {"nodes": count, "lengths": of_nodes})
    of_edges = [(name, 4 * count) for name in (b"edge.targets", b"edge.labels")]
    CLAIMS["packed edges of %d" % count] = ("zstd.heapy", {"edges": count, "lengths": of_edges})
for count in (1 << 32, 1 << 40, 1 << 62):
    of_edges = [(name, 4 * count & (1 << 64) - 1) for name in (b"edge.targets", b"edge.labels")]
    CLAIMS["packed edges of %d" % count] = ("zstd.heapy", {"edges": count, "lengths": of_edges})


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_that_is_not_kept(tmp_path, claim):
    name, said = CLAIMS[claim]
    (tmp_path / "x.heapy").write_bytes(claiming(name, **said))
    (tmp_path / "good.heapy").write_bytes((GOOD / "values.heapy").read_bytes())
    script = [] if "ASAN_OPTIONS" in os.environ else ["ulimit -v 3000000"]  # a sanitizer takes more than there is
    for i, command in enumerate(COMMANDS):
        script.append("heapy %s >%d.out 2>%d.err; echo $? >%d.status" % (command.replace("FILE", "x.heapy"), i, i, i))
    assert run_shell("\n".join(script), tmp_path).returncode == 0
    for i, command in enumerate(COMMANDS):
        status, out, err = [(tmp_path / ("%d.%s" % (i, what))).read_text() for what in ("status", "out", "err")]
        assert status == "1\n", (command, status, out, err)
        assert err.startswith("heapy: x.heapy: ") and err.count("\n") == 1 and err.endswith("\n"), (command, err)
        assert not out, (command, out)
    assert sorted(path.name for path in tmp_path.glob("*.heapy*")) == ["good.heapy", "x.heapy"]
