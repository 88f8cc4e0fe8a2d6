"""Other threads go on while the engine works on a snapshot that is kept or in a file, and may ask of the same one."""

import os
import random
import sys
import sysconfig
import threading
import time

import pytest

from guppy.heapy import open_snapshot


class Node:
    def __init__(self, other):
        self.other = other


@pytest.fixture(scope="module")
def nodes():
    """Some hundred thousand objects, each of which leads to another."""
    source = random.Random(15)
    made = [Node(None) for _ in range(100000)]
    for node in made:
        node.other = [source.choice(made)]
    return made


@pytest.fixture
def turns():
    """How often another thread had its turn; it is given none while this one runs Python."""
    interval = sys.getswitchinterval()
    count, done = [0], threading.Event()

    def run():
        while not done.is_set():
            count[0] += 1
            time.sleep(0)

    thread = threading.Thread(target=run)
    thread.start()
    sys.setswitchinterval(1000)
    yield count
    done.set()
    sys.setswitchinterval(interval)
    thread.join()


def lets_others_run(turns, prepare, ask):
    for _ in range(20):  # the system may not have let it run
        prepared = prepare()
        before = turns[0]
        ask(prepared)
        if turns[0] != before:
            return True
    return False


@pytest.mark.skipif(bool(sysconfig.get_config_var("Py_GIL_DISABLED")), reason="they do where there is no GIL")
def test_no_other_thread_runs_while_this_one_runs_python(turns):
    assert not lets_others_run(turns, lambda: None, lambda _: sum(range(100000)))


QUESTIONS = {
    "dominators": lambda s, x: s.moment.total,
    "referrers": lambda s, x: x.referrers,
    "referents": lambda s, x: x.referents,
    "retained": lambda s, x: x.domisize,
}


@pytest.mark.parametrize("question", ["dominators", "referrers", "referents", "retained"])
def test_others_run_while_a_kept_snapshot_is_asked(hp, nodes, turns, question):
    def prepare():
        s = hp.snapshot()
        return s, s.heap() & s.Type(Node)

    assert lets_others_run(turns, prepare, lambda prepared: QUESTIONS[question](*prepared))


def test_others_run_while_a_file_is_opened_and_its_columns_are_loaded(hp, nodes, turns, tmp_path):
    hp.snapshot(tmp_path / "heap", fork=False)
    assert lets_others_run(turns, lambda: None, lambda _: open_snapshot(tmp_path / "heap"))
    assert lets_others_run(turns, lambda: open_snapshot(tmp_path / "heap"), lambda s: s.edges.__arrow_c_stream__())


def answers_of(s):
    heap = s.heap()
    made = heap & s.Type("%s.Node" % __name__)
    return {
        "table": lambda: str(heap),
        "types": lambda: str(heap.bytype),
        "referrers": lambda: str(made.referrers.byclodo),
        "referents": lambda: str(made.referents.byclodo),
        "retained": lambda: made.domisize,
        "dominators": lambda: str(made.imdom),
        "owners": lambda: str(heap.bytype.parts[0].byid),
    }


def test_many_threads_ask_of_one_file_and_get_its_answers(hp, nodes, tmp_path):
    hp.snapshot(tmp_path / "heap", fork=False)
    with open_snapshot(tmp_path / "heap") as s:
        expected = {name: ask() for name, ask in answers_of(s).items()}
    with open_snapshot(tmp_path / "heap") as s:
        questions = list(answers_of(s).items())
        wrong, begin = [], threading.Barrier(8)

        def work(seed):
            mine = questions[:]
            random.Random(seed).shuffle(mine)
            begin.wait()
            for name, ask in mine:
                try:
                    answer = ask()
                except Exception as error:
                    answer = error
                if answer != expected[name]:
                    wrong.append((name, answer))

        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []


def test_a_file_may_be_closed_while_others_ask(hp, nodes, tmp_path):
    hp.snapshot(tmp_path / "heap", fork=False)
    for attempt in range(10):
        s = open_snapshot(tmp_path / "heap")
        ends, begin = [], threading.Barrier(3)

        def work(s=s, ends=ends, begin=begin):
            begin.wait()
            try:
                ends.append(str(s.heap().byrcs) and "answered")
            except ValueError as error:
                ends.append(str(error))

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        begin.wait()
        time.sleep(attempt * 0.005)
        s.close()
        for thread in threads:
            thread.join()
        assert set(ends) <= {"answered", "this snapshot file was closed: open it again"} and len(ends) == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_file_is_asked_in_a_child_that_was_forked_while_another_thread_loads(hp, nodes, tmp_path):
    hp.snapshot(tmp_path / "heap", fork=False)
    for attempt in range(10):
        s = open_snapshot(tmp_path / "heap")
        thread = threading.Thread(target=s.edges.__arrow_c_stream__)
        thread.start()
        time.sleep(attempt * 0.003)
        child = os.fork()
        if not child:
            os._exit(not str(s.heap()).startswith("Partition of a set"))
        _, status = os.waitpid(child, 0)
        thread.join()
        assert status == 0
