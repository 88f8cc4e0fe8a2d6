"""Every file of tests/golden: good ones read alike by the engine and by read_snapshot.py, bad ones refused as said.

    python compare.py PRINT_SNAPSHOT [--update]

good/*.heapy   the files of each version, kept for ever
bad/*.heapy    one mistake each, and what the engine says of it in the .txt beside; --update writes what it says now
"""

import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, cwd=HERE)


def main():
    engine, update = pathlib.Path(sys.argv[1]).resolve(), "--update" in sys.argv
    failures, good, bad = [], sorted(HERE.glob("good/*.heapy")), sorted(HERE.glob("bad/*.heapy"))
    for path in good:
        name = path.relative_to(HERE)
        ours = run(engine, name)
        if ours.returncode == 2:
            print("%s: not read: %s" % (name, ours.stderr.decode().strip()))
            continue
        theirs = run(sys.executable, HERE / "read_snapshot.py", name)
        if ours.returncode or theirs.returncode or ours.stdout != theirs.stdout:
            failures.append("%s: %s%s" % (name, ours.stderr.decode(), theirs.stderr.decode()) + "the two differ")
    for path in bad:
        name, expected = path.relative_to(HERE), path.with_suffix(".txt")
        ours = run(engine, name)
        if update:
            expected.write_bytes(ours.stderr)
        elif b"built without zstd" in ours.stderr:
            print("%s: not read: %s" % (name, ours.stderr.decode().strip()))
        elif ours.returncode not in (1, 2) or ours.stderr != expected.read_bytes():
            failures.append("%s: status %d: %s" % (name, ours.returncode, ours.stderr.decode()))
    print("\n".join(failures) or "%d good and %d bad files" % (len(good), len(bad)))
    sys.exit(bool(failures) or not good or not bad)


main()
