"""Generated programs of the standard library's types: what guppy3 says of their objects, and what we say (R-1 to R-106).

guppy3's answers were recorded on CPython 3.10, where instances keep their attributes in dicts, as it has them:
`test_generated.py FILE ...` packs what generated_program.py printed.  Every difference is one that a rule below allows,
with the reason, as docs/coming-from-guppy3.md has it; a rule that nothing needs fails too.
"""

import collections
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parent / "generated_program.py"
RECORDED = Path(__file__).parent / "recorded" / "generated-3.10.json"
QUESTIONS = "referents referrers byvia sp rp imdom domisize".split()


def without(names, more):
    """The list without each of the others once; None where one is not in it."""
    left = collections.Counter(names)
    left.subtract(more)
    return None if min(left.values(), default=0) < 0 else sorted(left.elements())


def only_more_referents(*kinds):
    def is_allowed(ours, theirs):
        more = without(ours, theirs)
        return more is not None and set(more) <= set(kinds)

    return is_allowed


def only_more_relations(shape):
    def is_allowed(ours, theirs):
        ours, theirs = (re.sub(r", +", ", ", text).split(", ") for text in (ours, theirs))
        more = without(ours, theirs)
        return more is not None and all(re.fullmatch(shape, text.strip("'\"")) for text in more)

    return is_allowed


# What may differ: the types of the object that is asked about (None: any), the question, whether it may, and why.
RULES = [
    (None, "referents", only_more_referents("str"), "str keys of a dict whose keys are all str are referents (H-32)"),
    ("range", "referents", only_more_referents("int"), "what ranges have is known (H-35)"),
    ("datetime", "referents", only_more_referents("timezone"), "what dates have is known (H-35)"),
    ("Meta", "referents", only_more_referents("type"), "a class refers to its metaclass (H-31)"),
    # Fields of C and elements of deques have names, and attributes of subclasses of containers.
    (None, "byvia", only_more_relations(r"->\w+|\[\d+\]|\.(first|second)"), "all references with a name are found (R-31)"),
    ("range datetime", "domisize", lambda ours, theirs: ours[0] == theirs[0] and ours[1] >= theirs[1], "and hold them (H-35)"),
]


def rule_for(kind, question, ours, theirs):
    for i, (kinds, asked, is_allowed, _) in enumerate(RULES):
        if asked == question and (kinds is None or kind in kinds.split()) and is_allowed(ours, theirs):
            return i
    return None


@pytest.mark.skipif(sys.version_info[:2] != (3, 10), reason="guppy3's answers are of 3.10")
def test_generated_programs_are_answered_as_by_guppy3():  # R-1 R-2 R-40 R-101 R-106 P-1 P-60
    recorded = json.loads(RECORDED.read_text())
    assert len(recorded) >= 40
    run = subprocess.run([sys.executable, str(PROGRAM), *recorded], capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stderr
    ours, used, wrong = json.loads(run.stdout), set(), []
    for seed, theirs in recorded.items():
        assert len(ours[seed]) == len(theirs) == 50
        for i, (a, b) in enumerate(zip(ours[seed], theirs)):
            assert a["kind"] == b["kind"]
            for question in QUESTIONS:
                if a[question] == b[question]:
                    continue
                rule = rule_for(a["kind"], question, a[question], b[question])
                if rule is None:
                    wrong.append((seed, i, a["kind"], question, a[question], b[question]))
                else:
                    used.add(rule)
    assert not wrong, (len(wrong), wrong[:5])
    assert used == set(range(len(RULES))), [RULES[i][3] for i in set(range(len(RULES))) - used]


def pack(files):
    answers = {}
    for file in files:
        answers.update(json.loads(Path(file).read_text()))
    lines = ['"%s": %s' % (seed, json.dumps(answers[seed], sort_keys=True, separators=(",", ":"))) for seed in sorted(answers, key=int)]
    RECORDED.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    pack(sys.argv[1:])
