"""What a question needs is loaded with the session, so nothing of ours shows as new after setref() (H-41, S-56)."""

WALK = r'''
import os, sys, tempfile
from guppy import hpy

class Plain:
    """Something that has source."""

    def method(self):
        return [self]

os.chdir(tempfile.mkdtemp())
hp = hpy()
x = Plain().method()
known = set(sys.modules)
# Of these the program is asked to do something else than to answer.
DOERS = {"dumph", "loadc", "monitor", "pb", "test", "target"}
ARGUMENTS = ((), (x,), ("x",))
asked, importing = [], []

def look(name, value):
    str(value), repr(value)
    new = set(sys.modules) - known
    known.update(new)
    if new:
        importing.append((name, sorted(new)))
    asked.append(name)

def ask(path, thing, depth, seen):
    """Every attribute of a thing of ours, and what it gives when called; then the same of the answers."""
    for name in dir(thing):
        if name.startswith("_") or name in DOERS:
            continue
        answers = []
        try:
            answers.append(getattr(thing, name))
        except (AttributeError, TypeError, ValueError, RuntimeError, IndexError, KeyError):
            continue
        if callable(answers[0]):
            for arguments in ARGUMENTS:
                try:
                    answers.append(answers[0](*arguments))
                except (Exception, SystemExit):  # of arguments that are none
                    continue
        for number, answer in enumerate(answers):
            try:
                look("%s.%s %d" % (path, name, number), answer)
            except Exception:  # what cannot be printed
                continue
            key = type(answer), name, bool(number)
            if depth and type(answer).__module__.startswith("guppy") and key not in seen:
                seen.add(key)
                ask(path + "." + name, answer, depth - 1, seen)
'''


def test_no_question_that_there_is_imports_anything(script):
    """Attributes and methods of the session and of its answers, as they are found by dir()."""
    script(
        WALK
        + '''
sys.stdout = open(os.devnull, "w")
ask("hp", hp, 1, set())
assert len(asked) > 1000, len(asked)
assert not importing, importing
''',
        timeout=600,
    )


def test_questions_with_arguments_of_their_own_import_nothing(script):
    script(
        WALK
        + """
from guppy.heapy import open_snapshot

def attempt(name, ask):
    try:
        answer = ask()
    except (AttributeError, TypeError, OSError, ValueError, SyntaxError) as error:
        answer = error
    look(name, answer)

for name in ("hep", "isso", "nosuch", "x" * 100):
    attempt("doc." + name, lambda: getattr(hp.doc, name))
attempt("doc", lambda: hp.doc("L"))
attempt("Prod of a function", lambda: hp.Prod(ask))
attempt("Prod of a class", lambda: hp.Prod(Plain))
attempt("Prod of a method", lambda: hp.Prod(Plain().method))
attempt("Prod of a module", lambda: hp.Prod(os))
attempt("Prod of a builtin", lambda: hp.Prod(len))
import tracemalloc
known.update(sys.modules)
tracemalloc.start()
x = Plain().method()
attempt("prod", lambda: hp.iso(x).prod)
attempt("byprod", lambda: hp.heap().byprod.more)
attempt("paths", lambda: (str(hp.iso(x).pathsin), str(hp.iso(x).pathsout), str(hp.why(x)), str(hp.why([1]))))
attempt("select", lambda: hp.heap() & hp.Via(".x", "[0]") & hp.Rcs(hp.Type(list)))
attempt("snapshot", lambda: hp.snapshot().save("saved.heapy"))
attempt("saved", lambda: str(open_snapshot("saved.heapy").heap()))
attempt("dump", lambda: hp.heap().dump("dumped.hpy"))
attempt("load", lambda: (str(hp.load("dumped.hpy")), list(hp.loadall("dumped.hpy")), hp.load("nosuch")))
attempt("plain", lambda: hp.heap().stat.to_dict())
assert not importing, importing
""",
        timeout=600,
    )


def test_a_page_of_the_reference_is_opened_by_another_process(script, tmp_path):  # S-83
    """Unless the program has a webbrowser module that it may have told what to use."""
    browser = tmp_path / "browser"
    browser.write_text('#!/bin/sh\necho "$1" > "%s"\n' % (tmp_path / "opened"))
    browser.chmod(0o755)
    script(
        """
import sys
from guppy import hpy
hp = hpy()
known = set(sys.modules)
hp.doc.iso[0]
assert set(sys.modules) == known
""",
        env={"BROWSER": str(browser) + " %s"},
    )
    assert (tmp_path / "opened").read_text().strip().endswith("reference.html#Session.iso")
