"""Snapshots by a copy of the process: nothing of the program notices, and what fails leaves nothing."""

import gc
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import time

import pytest

from test_snapshot_files import chunks_of, info_in, read_snapshot

from guppy.heapy import open_snapshot

if not sys.platform.startswith("linux"):
    pytest.skip("a process is copied on Linux alone", allow_module_level=True)


# How often what may go wrong is tried: the whole number with HEAPY_TEST_OFTEN=1, which takes a minute or two.
OFTEN = bool(os.environ.get("HEAPY_TEST_OFTEN"))
SNAPSHOTS, KILLS, KILLED_PROCESSES = (200, 50, 20) if OFTEN else (15, 10, 5)


class Plain:
    def __init__(self, number):
        self.number = number
        self.name = "name %d" % number


class Slotted:
    __slots__ = ("slot",)


def function(argument):
    return argument


class Zoo:
    """Objects of many sorts, which do not change."""

    def __init__(self):
        self.plain = [Plain(i) for i in range(50)]
        slotted = Slotted()
        slotted.slot = [1.5, 2**100, b"bytes", "str \u20ac", None, True, 3j]
        self.others = {"slotted": slotted, ("a", 1): function, 7: Plain(1).__init__, 2.5: len, "deep": {"x": {"y": (1,)}}}
        self.sets = [{1, 2, 3}, frozenset("abc"), bytearray(100), memoryview(b"abc"), slice(1, 2)]
        self.code = function.__code__
        self.generator = (i for i in range(3))
        next(self.generator)


ZOO = None


def said_of(file, addresses):
    """What a file says of the objects at some addresses, as far as it does not depend on other ones."""
    said = {}
    for node, address in enumerate(file.addresses):
        if address not in addresses:
            continue
        edges = [
            (file.addresses[file.targets[e]], [part >> 28 for part in file.parts(e)])
            for e in range(file.offsets[node], file.offsets[node + 1])
        ]
        owner = file.owners.get(node)
        owner = file.addresses[owner] if owner is not None and owner < file.node_count else None
        said[address] = (
            file.type_rows[file.types[node]][0], file.size(node), file.lengths.get(node), owner, edges, file.rows.get(node),
            file.keys.get(node), file.whole_keys.get(node),
        )  # fmt: skip
    return said


def reachable(start):
    found, waiting = {}, [start]
    while waiting:
        each = waiting.pop()
        if id(each) in found or isinstance(each, (type, type(sys))) or each is globals():
            continue
        found[id(each)] = each
        waiting += gc.get_referents(each)
        if type(each) is type(function):
            found.pop(id(each))
    return found


@pytest.mark.parametrize("contents", ["none", "names", "values"])
def test_the_copy_sees_what_is_seen_in_place(hp, tmp_path, contents):
    global ZOO
    ZOO = Zoo()
    hp.setref()
    new = ZOO.new = [Plain(1)]
    forked = hp.snapshot(tmp_path / "forked", contents=contents)
    hp.snapshot(tmp_path / "in place", contents=contents, fork=False)
    a, b = (read_snapshot.Snapshot(chunks_of(tmp_path / name)) for name in ("forked", "in place"))
    objects = reachable(ZOO)
    ours, theirs = said_of(a, objects), said_of(b, objects)
    assert len(ours) > 200
    for address in objects:
        assert ours.get(address) == theirs.get(address), objects[address]
    assert forked["taken"] == "forked" and info_in(tmp_path / "forked") == forked
    nodes = {address: node for node, address in enumerate(a.addresses)}
    assert nodes[id(ZOO)] in a.before and nodes[id(new)] not in a.before
    ZOO = None


def test_keys_that_are_equal_are_so_in_the_copy_too(hp, tmp_path):
    """It may not ask Python, which would run code: values of builtin types are compared by it, and with the same result."""
    long = "".join(["long", " text"])
    keys = [
        1, True, 1.0, 1 + 0j, 2**100, float(2**100), 2**100 + 1, 0, False, 0.0, -0.0, "a", b"a", long, str(long + "x")[:-1],
        (), (1, "a"), (1.0, "a"), (True, b"a"), ((1,), 2), ((1.0,), 2), frozenset([1, 2]), frozenset([2.0, True]), None, ...,
        float("nan"), float("inf"), "\u20ac", "\U0001f600", b"", "", int, 10**30, 10.0**15, 10**15,
    ]  # fmt: skip
    random.Random(15).shuffle(keys)
    dicts = [{key: Plain(number)} for number, key in enumerate(keys)]
    key_of = {id(value): repr(key) for each in dicts for key, value in each.items()}
    kept = hp.snapshot()
    hp.snapshot(tmp_path / "forked", contents="values")
    hp.snapshot(tmp_path / "in place", contents="values", fork=False)
    found = []
    for session in (kept, open_snapshot(tmp_path / "forked"), open_snapshot(tmp_path / "in place")):
        rows = session.at(*key_of).byvia
        found.append({tuple(sorted(key_of[address] for address in row.addresses)) for row in rows.parts})
    equal = {}
    for key in keys:
        equal.setdefault(key, []).append(repr(key))
    assert found == 3 * [{tuple(sorted(each)) for each in equal.values()}]


def test_sizes_that_are_python_code_are_not_asked_and_noted(hp, tmp_path):
    asked = []

    class Sized:
        def __sizeof__(self):
            asked.append(os.getpid())
            return 1000

    kept = [Sized() for _ in range(3)]
    info = hp.snapshot(tmp_path / "heap")
    assert asked == []
    assert [note for note in info["notes"] if "Sized: basic size of 3 objects, for __sizeof__ is Python code" in note]
    del kept


def test_nothing_of_a_busy_program_notices(script, tmp_path):
    result = script(SERVICE, str(tmp_path), str(SNAPSHOTS), env={"PYTHONTRACEMALLOC": "2"}, timeout=900)
    assert result.stdout == "%d snapshots\n" % SNAPSHOTS and result.stderr == ""
    names = os.listdir(tmp_path)
    assert sorted(names) == ["heap", "program.py"]
    assert read_snapshot.Snapshot(chunks_of(tmp_path / "heap")).node_count > 1000


SERVICE = '''
import gc, os, signal, socket, subprocess, sys, threading, time
from guppy import hpy

folder = sys.argv[1]
noticed = []

def note(what):
    def hook(*ignored):
        noticed.append(what)
        raise RuntimeError(what)
    return hook

signal.signal(signal.SIGCHLD, note("SIGCHLD"))
os.register_at_fork(before=note("before"), after_in_parent=note("parent"), after_in_child=note("child"))
listening = socket.create_server(("127.0.0.1", 0))
ends = os.pipe()
done = threading.Event()

def work():
    while not done.is_set():
        made = [b"x" * (1 << n % 18) for n in range(100)]
        sum(map(len, made))

def reap():
    while not done.is_set():
        try:
            noticed.append(os.wait())
        except ChildProcessError:
            time.sleep(0.001)

threads = [threading.Thread(target=work, daemon=True) for _ in range(7)] + [threading.Thread(target=reap)]
for thread in threads:
    thread.start()
hp = hpy()

def descriptors():
    return sorted(os.listdir("/proc/self/fd"))

def children():
    with open("/proc/self/task/%d/children" % threading.get_native_id()) as file:
        return file.read()

sys.settrace(lambda *ignored: None)
hp.snapshot(folder + "/heap")
before = descriptors(), len(os.listdir("/proc/self/task"))
mask = signal.pthread_sigmask(signal.SIG_BLOCK, [])
for i in range(int(sys.argv[2])):
    hp.snapshot(folder + "/heap", timeout=100)
assert (descriptors(), len(os.listdir("/proc/self/task"))) == before, (descriptors(), before)
assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == mask
assert children() == "", children()
done.set()
for thread in threads:
    thread.join()
assert noticed == [], noticed
print(sys.argv[2], "snapshots")
'''


CHILD = '''
import os, sys, time
from guppy import hpy
data = [[i] for i in range(int(sys.argv[2]))]
try:
    hpy().snapshot(sys.argv[1], **eval(sys.argv[3]))
except BaseException as error:
    print(type(error).__name__, error)
else:
    print("written")
'''


def start(tmp_path, path, count=300000, **options):
    (tmp_path / "child.py").write_text(CHILD)
    command = [sys.executable, str(tmp_path / "child.py"), str(path), str(count), repr(options)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def copies_of(pid):
    """The processes that are copies of one: its children of any sort."""
    found = []
    for task in os.listdir("/proc/%d/task" % pid) if os.path.exists("/proc/%d" % pid) else []:
        try:
            with open("/proc/%d/task/%s/children" % (pid, task)) as file:
                found += map(int, file.read().split())
        except OSError:
            pass
    return found


def wait_for_copy(process):
    while process.poll() is None:
        copies = copies_of(process.pid)
        if copies:
            return copies[0]
        time.sleep(0.001)
    return None


def is_running(pid):
    try:
        with open("/proc/%d/stat" % pid) as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_a_copy_that_is_killed_leaves_nothing_and_is_told_of(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    killed = 0
    for attempt in range(KILLS):
        process = start(tmp_path, folder / "heap", contents="values")
        copy = wait_for_copy(process)
        time.sleep(random.random() * 0.2)
        os.kill(copy, signal.SIGKILL)
        output, _ = process.communicate()
        if output == "written\n":
            read_snapshot.Chunks((folder / "heap").read_bytes())
            (folder / "heap").unlink()
        else:
            assert output.startswith("RuntimeError the process that wrote the snapshot was killed"), output
            killed += 1
        assert os.listdir(folder) == []
    assert killed


def test_a_copy_that_does_not_get_done_is_ended_at_its_time(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    process = start(tmp_path, folder / "heap", timeout=1.5)
    copy = wait_for_copy(process)
    os.kill(copy, signal.SIGSTOP)
    output, _ = process.communicate()
    assert output == "TimeoutError the snapshot was not written in timeout=1.5 seconds\n"
    assert os.listdir(folder) == [] and not is_running(copy)


def test_the_copy_has_no_descriptor_of_the_process_but_its_own(tmp_path):
    process = start(tmp_path, tmp_path / "heap")  # which has standard streams, one of them a pipe
    copy, counts = wait_for_copy(process), []
    while is_running(copy):
        try:
            counts.append(len(os.listdir("/proc/%d/fd" % copy)))
        except OSError:
            break
    assert process.communicate()[0] == "written\n"
    # Nearly always the file and the pipe of its result: it closes the others first, and when it ends these two go one by one.
    assert statistics.median(counts) == 2, counts


def standing_of(pid):
    """Who is killed first when memory is short, how nice it is, and the signals that it handles or ignores as Python does."""
    status = open("/proc/%d/status" % pid).read()
    python = 1 << signal.SIGINT - 1, 1 << signal.SIGPIPE - 1
    masks = (int(re.search(name + r":\s*(\w+)", status)[1], 16) for name in ("SigCgt", "SigIgn"))
    descriptor = os.open("/proc/%d/oom_score_adj" % pid, os.O_RDONLY)
    score = int(os.read(descriptor, 100))  # at once: in two pieces it may be two numbers
    os.close(descriptor)
    return score, os.getpriority(os.PRIO_PROCESS, pid), *(bool(m & p) for m, p in zip(masks, python))


def test_the_copy_stands_back_behind_the_process(tmp_path):
    process = start(tmp_path, tmp_path / "heap")
    copy, found = wait_for_copy(process), []
    score, niceness, *handled = standing_of(process.pid)
    assert handled == [True, True]
    while is_running(copy):
        try:
            found.append(standing_of(copy))
        except OSError:
            break
    assert process.communicate()[0] == "written\n"
    assert statistics.mode(found) == (1000, min(niceness + 10, 19), False, False), found


def test_the_copy_goes_on_when_the_process_is_killed(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    for attempt in range(KILLED_PROCESSES):
        process = start(tmp_path, folder / "heap")
        copy = wait_for_copy(process)
        time.sleep(random.random() * 0.05)
        process.kill()
        process.communicate()
        while is_running(copy):
            time.sleep(0.01)
        assert os.listdir(folder) == ["heap"]
        read_snapshot.Chunks((folder / "heap").read_bytes())
        (folder / "heap").unlink()


def test_a_crash_is_told_of_with_the_type_that_was_read(script, tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    result = script(
        """
import ctypes, gc, os, sys
from guppy import hpy
gc.disable()  # it would crash, too
class Broken:
    pass
libc = ctypes.CDLL(None)
address = ctypes.cast(getattr(libc, sys.argv[2]), ctypes.c_void_p).value
word = ctypes.c_void_p.from_address(id(Broken) + object.__basicsize__ + 21 * ctypes.sizeof(ctypes.c_void_p))  # tp_traverse
kept, before = Broken(), word.value
word.value = address
try:
    hpy().snapshot(sys.argv[1] + "/heap")
except RuntimeError as error:
    print(error)
word.value = before
""",
        str(folder),
        "abort",
    )
    assert result.stdout == (
        "the process that wrote the snapshot crashed (Aborted) while reading an object of type Broken: an extension module "
        "has a bug, or memory is damaged\n"
    )
    assert os.listdir(folder) == []


def test_ctrl_c_ends_the_copy(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    process = start(tmp_path, folder / "heap", contents="values")
    copy = wait_for_copy(process)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate()
    assert output == "KeyboardInterrupt \n"
    assert os.listdir(folder) == [] and not is_running(copy)


def test_what_the_system_refuses_is_an_error_that_names_the_file(hp, tmp_path):
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large: '%s'" % (tmp_path / "heap")):
            hp.snapshot(tmp_path / "heap", compress=None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert os.listdir(tmp_path) == []
    with open("/dev/full", "wb", buffering=0) as full, pytest.raises(OSError, match="No space left on device"):
        hp.snapshot(full.fileno())
    reading, writing = os.pipe()
    os.close(reading)
    with pytest.raises(BrokenPipeError):
        hp.snapshot(writing)
    os.close(writing)
    with pytest.raises(ValueError, match="timeout must be a number of seconds above 0, not 0"):
        hp.snapshot(tmp_path / "heap", timeout=0)


def test_where_there_can_be_no_copy_the_other_way_is_named(script, tmp_path):
    result = script(
        """
import os, resource, sys
from guppy import hpy
hp = hpy()
with open("/dev/null", "wb") as nothing:
    hp.snapshot(nothing.fileno())  # all that it needs is loaded
if os.getuid() == 0:  # whom no number of processes limits
    os.setgid(65534); os.setuid(65534)
resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
try:
    hp.snapshot(sys.argv[1] + "/heap")
except OSError as error:
    print(error.errno is not None, "fork=False walks in place" in str(error), error.filename)
hp.snapshot(sys.argv[1] + "/heap", fork=False)
print(os.listdir(sys.argv[1]))
""",
        str(open_to_all(tmp_path)),
    )
    assert result.stdout == "True True %s\n['heap']\n" % (tmp_path / "open" / "heap")


def open_to_all(tmp_path):
    folder = tmp_path / "open"
    folder.mkdir()
    for each in (folder, *list(folder.parents)[:3]):
        if os.stat(each).st_uid == os.getuid() and each != folder.parents[-1]:
            os.chmod(each, os.stat(each).st_mode | 0o5 if each != folder else 0o777)
    return folder
