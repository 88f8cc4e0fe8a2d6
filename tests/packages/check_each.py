"""Packages of PyPI, each in a process of its own: every question is asked, and the answers held against the collector's.

Usage: check_each.py [DISTRIBUTION ...]                       of hundred.txt all, or those named
       check_each.py --requirements [DISTRIBUTION ...]        what pip is to install for that

Of each package the modules that hundred.txt names are imported, and instances made: by the expressions there, and of the
public classes that can be called without arguments.  Then every question is asked; all that the collector tracks must have
the referents that gc.get_referents gives, every object the size that sys.getsizeof says, and of the references fewer than
one in a thousand may have no name but a number.  One line is printed a package, and what is wrong below it.

Fails where any of that is otherwise, where a process does not end by itself, and where fewer than a hundred packages were
there to be checked.
"""

import importlib
import importlib.metadata
import inspect
import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import tracemalloc
import warnings

import check_heap
import check_names

HERE = os.path.dirname(os.path.abspath(__file__))
AT_LEAST = 100
SECONDS = 900

# Packages with more references without a name than one in a thousand, and why no name is to be had.
NAMELESS = {
    "lxml": "private attributes of classes that Cython compiled, which tell neither names nor places",
    "h5py": "variables in the scopes of functions that Cython compiled",
    "cytoolz": "attributes of classes that Cython compiled",
    "pandas": "the same, and defaults of functions that it compiled",
    "gevent": "attributes of classes that Cython compiled",
}


def read_list():
    """By requirement: the modules, the expressions, and the names of what is not called."""
    found = {}
    for line in open(os.path.join(HERE, "hundred.txt"), encoding="utf-8"):
        line = line.rstrip()
        if line.startswith("    - "):
            left_out.append(line.split()[1])
        elif line.startswith("    "):
            expressions.append(line.strip())
        elif line and not line.startswith("#"):
            requirement, modules = line.rsplit(": ", 1)
            expressions, left_out = [], []
            found[requirement] = modules.split(), expressions, left_out
    return found


class TooLong(BaseException):
    pass


def stop(signum, frame):
    raise TooLong


def call(function, *arguments):
    """What it returns, or None where it raises or takes more than two seconds."""
    signal.setitimer(signal.ITIMER_REAL, 2)
    try:
        return function(*arguments)
    except BaseException as error:  # some classes end the process when they are called
        if isinstance(error, KeyboardInterrupt):
            raise
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def public_classes(module):
    """The classes that a module has of its package, the same each time."""
    package = module.__name__.partition(".")[0]
    names = getattr(module, "__all__", None) or [name for name in vars(module) if not name.startswith("_")]
    for name in sorted(set(names)):
        found = vars(module).get(name)
        if inspect.isclass(found) and str(check_heap.module_of(found)).lstrip("_").startswith(package.lstrip("_")):
            yield module.__name__ + "." + name, found


def make_instances(modules, expressions, left_out):
    """Instances, and the expressions that did not give any."""
    names, kept, failed, seen = {"io": io, "__name__": "made"}, [], [], set()
    for name in modules:
        exec("import " + name, names)
    for expression in expressions:
        signal.setitimer(signal.ITIMER_REAL, 60)
        try:
            kept.append(eval(expression, names))
        except Exception as error:
            failed.append("%s: %s: %s" % (expression, type(error).__name__, str(error)[:200]))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    for name in modules:
        for place, found in public_classes(sys.modules[name]):
            if place not in left_out and id(found) not in seen:
                seen.add(id(found))
                kept.append(call(found))
    return kept, failed


def ask(hp, kept, say):
    """Every question there is, of the whole heap, of the instances and of one object."""
    heap = hp.heap()
    for name in ("bytype", "byclodo", "bysize", "bymodule", "byunity", "byid", "byrcs", "byvia", "byprod"):
        say(name)
        str(getattr(heap, name)), str(getattr(heap, name).more)
    say("sets of the instances")
    made = hp.iso(*[o for o in kept if o is not None])
    for name in ("bytype", "byrcs", "byvia", "referents", "referrers", "sp", "rp", "imdom", "dominos", "byretained", "stat", "owners"):
        say(name + " of the instances")
        str(getattr(made, name))
    say("shapes")
    str(hp.iso(kept).referents.byclodo), str(hp.iso(kept).get_rp(3)), str(hp.iso(kept).shpaths)
    say("snapshot")
    snapshot = hp.snapshot()
    whole = snapshot.heap()  # of one moment: pandas' own __sizeof__ changes the sizes of others
    for parts in (whole.bytype.parts, whole.bysize.parts):
        assert (whole.count, whole.size) == (sum(part.count for part in parts), sum(part.size for part in parts))
    say("dominators")
    str(snapshot.dominators())
    str(whole.byretained)
    say("why")
    for obj in kept[:5]:
        str(hp.why(obj))
    say("stat")
    str(hp.stat()), str(hp.stat(by="Type"))
    heap.dump("profile")
    hp.load("profile")
    say("heapu")
    str(hp.heapu(stat=0).bytype)
    str(hp.heapu())
    say("file")
    snapshot.save("heap.heapy")
    from guppy.heapy import open_snapshot

    with open_snapshot("heap.heapy") as opened:
        assert str(opened.heap().bytype)


def check_here(requirement):
    """In the process of the package; says on standard output where it is and what it found."""
    told = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)
    modules, expressions, left_out = read_list()[requirement]
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, stop)

    def say(what):
        told.write("at " + what + "\n")

    say("imports")
    for name in modules:
        importlib.import_module(name)
    say("instances")
    tracemalloc.start()  # byprod asks for it
    kept, failed = make_instances(modules, expressions, left_out)
    from guppy import hpy

    hp = hpy()
    hp.heap().bytype
    say("differences")
    problems = check_heap.differences(hp)
    say("names")
    total, nameless = check_names.nameless(hp)
    ask(hp, kept, say)
    result = {
        "instances": sum(o is not None for o in kept),
        "objects": hp.heap().count,
        "edges": total,
        "nameless": sum(nameless.values()),
        "fields": ["%d %s->%s, as to %s" % (count, *field) for field, count in nameless.most_common(5)],
        "problems": problems,
        "failed": failed,
    }
    told.write(json.dumps(result) + "\n")
    told.flush()
    os._exit(0)  # what the package does at the end of the process is not asked


def check(requirement):
    """Check a package in a process of its own: what it said, and what is wrong with that."""
    environment = dict(os.environ, MPLBACKEND="agg", OPENBLAS_NUM_THREADS="1", PYTHONFAULTHANDLER="1", GRPC_VERBOSITY="NONE")
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.Popen(
            [sys.executable, os.path.abspath(__file__), "--here", requirement],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=folder, env=environment, encoding="utf-8", errors="replace", start_new_session=True,
        )  # fmt: skip
        try:
            out, errors = run.communicate(timeout=SECONDS)
            ended = "ended with %d" % run.returncode
        except subprocess.TimeoutExpired:
            ended = "did not end in %d seconds" % SECONDS
            os.killpg(run.pid, signal.SIGKILL)
            out, errors = run.communicate()
    lines = out.splitlines()
    if run.returncode or not lines or not lines[-1].startswith("{"):
        where = [line for line in lines if line.startswith("at ")] or ["at the start"]
        return None, ["%s %s: %s" % (ended, where[-1], errors[-1500:])]
    result = json.loads(lines[-1])
    problems = result["problems"][:]
    if 1000 * result["nameless"] >= result["edges"] and requirement not in NAMELESS:
        problems += ["%s has no name" % field for field in result["fields"]]
    return result, problems


def main(names):
    listed = {re.match(r"[\w.-]*\w", requirement).group(): requirement for requirement in read_list()}
    if names[:1] == ["--requirements"]:
        print(*[listed[name] for name in names[1:] or listed], sep="\n")
        return 0
    sums, checked, bad = [0, 0, 0, 0], 0, []
    for distribution in names or listed:
        requirement = listed[distribution]
        try:
            version = importlib.metadata.version(distribution)
        except importlib.metadata.PackageNotFoundError:
            print("%-24s is not here" % distribution, flush=True)
            continue
        began = time.monotonic()
        result, problems = check(requirement)
        checked += 1
        found = [result[key] for key in ("instances", "objects", "edges", "nameless")] if result else [0, 0, 0, 0]
        sums = [one + other for one, other in zip(sums, found)]
        per_thousand = 1000 * found[3] / max(found[2], 1)
        row = (distribution, version, *found, per_thousand, time.monotonic() - began, "WRONG" if problems else "")
        print("%-24s %-12s %5d instances %8d objects %9d references %6d without a name (%.2f in 1000) %4d s %s" % row, flush=True)
        for line in problems + ["not made: " + each for each in (result or {"failed": []})["failed"]]:
            print("   ", line, flush=True)
        if problems:
            bad.append(distribution)
    print("%d packages, %d instances, %d objects, %d references, %d without a name" % (checked, *sums))
    if bad:
        print("wrong:", *bad)
    return bool(bad) or checked < (len(names) or AT_LEAST)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--here"]:
        check_here(sys.argv[2])
    sys.exit(main(sys.argv[1:]))
