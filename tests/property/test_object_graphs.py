"""Graphs of real objects against networkx: referrers, dominators, retained sizes, shortest paths, patterns.

Nodes are slotted instances and lists that only one tuple, the root of a session's view, leads to; what a node has is
drawn at random, so there are cycles, shared parts, parallel references and parts that cannot be reached.

PYTEST_DONT_REWRITE: rewritten assertions keep what they see in local variables, which are part of the heap.
"""

import gc
import random

import networkx
import pytest

from guppy import hpy


class Node:
    __slots__ = ("a", "b", "name")


SHAPES = ("sparse", "dense", "chain", "star", "dag", "tree")
ROOT = "root"


def make(draw, shape):
    """Objects, the tuple that leads to some, and their graph; edge (i, j) has the number of references."""
    n = draw.randrange(2, 30)
    objects = [[] if draw.random() < 0.6 else Node() for _ in range(n)]
    G = networkx.MultiDiGraph()
    G.add_nodes_from(range(n))
    G.add_node(ROOT)

    def refer(i, j):
        o = objects[i]
        if isinstance(o, list):
            o.append(objects[j])
        elif not hasattr(o, "a"):
            o.a = objects[j]
        elif not hasattr(o, "b"):
            o.b = objects[j]
        else:
            return
        G.add_edge(i, j)

    edges = {"sparse": n, "dense": 4 * n, "chain": 0, "star": 0, "dag": 2 * n, "tree": 0}[shape]
    for _ in range(edges):
        i, j = draw.randrange(n), draw.randrange(n)
        if shape == "dag":
            i, j = min(i, j), max(i, j)
            if i == j:
                continue
        refer(i, j)
    for i in range(1, n):
        if shape == "chain":
            refer(i - 1, i)
        elif shape == "star":
            refer(0, i)
        elif shape == "tree":
            refer(draw.randrange(i), i)
    tops = draw.sample(range(n), draw.randrange(1, min(n, 4) + 1))
    root = tuple(objects[i] for i in tops)
    G.add_edges_from((ROOT, i) for i in tops)
    return objects, root, G


def reach(G, starts, avoid):
    H = G.subgraph(set(G) - set(avoid))
    found = set()
    for s in starts:
        if s in H and s not in found:
            found |= {s} | networkx.descendants(H, s)
    return found


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(25))
def test_against_networkx(shape, seed):  # P-3, P-5, H-37
    draw = random.Random("%s %d" % (shape, seed))
    objects, root, G = make(draw, shape)
    gc.collect()
    hp = hpy()
    hp.View.root = root
    reachable = reach(G, [ROOT], ()) - {ROOT}
    snapshot = hp.snapshot()

    numbers = {id(o): i for i, o in enumerate(objects)}
    numbers[id(root)] = ROOT

    def of(s):
        """The numbers of the nodes in a set; types of nodes and what they lead to are left out."""
        return {numbers[id(o)] for o in s.nodes if id(o) in numbers}

    assert of(hp.heap()) == reachable | {ROOT} and of(snapshot.heap()) == reachable | {ROOT}
    tree = networkx.immediate_dominators(networkx.DiGraph(G.subgraph(reachable | {ROOT})), ROOT)
    sizes = {i: hp.iso(o).size for i, o in enumerate(objects)}
    for i in draw.sample(range(len(objects)), min(8, len(objects))):
        views = [(hp, hp.iso(objects[i]))]
        if i in reachable:
            views.append((snapshot, snapshot.iso(objects[i])))
        for session, s in views:
            assert of(s.referrers) == {p for p in G.predecessors(i) if p in reachable or p == ROOT}
            assert of(s.referents) == set(G.successors(i))
            around = reach(G, [ROOT], [i])
            dominated = reach(G, [i], around)
            assert of(s.dominos) == dominated
            retained = sum(sizes[j] for j in dominated)
            assert s.retained - retained == sum(session.iso(o).size for o in s.dominos.nodes if id(o) not in numbers)
            referrers = {p for p in G.predecessors(i) if p in reachable or p == ROOT}
            immediate = {r for r in referrers if r in reach(G, [ROOT], referrers - {r})}
            assert of(s.imdom) == ({ROOT} if ROOT in referrers else immediate)
            count = sum(1 for _ in networkx.all_shortest_paths(G, ROOT, i)) if i in reachable else 0
            if count:
                length = networkx.shortest_path_length(G, ROOT, i)
                paths = s.get_shpaths(session.iso(root))
                walks = {0: {ROOT: 1}}
                for k in range(length):
                    walks[k + 1] = {}
                    for u, c in walks[k].items():
                        for _, v in G.out_edges(u):
                            walks[k + 1][v] = walks[k + 1].get(v, 0) + c
                assert paths.numpaths == walks[length][i] and len(paths[0]) == length
                assert len({str(p) for p in paths}) == paths.numpaths
            else:
                assert s.get_shpaths(session.iso(root)).numpaths == 0
        if i in reachable:
            parent = snapshot.moment.dominator(objects[i])
            assert tree[i] == (ROOT if parent is root else numbers[id(parent)])
    some = draw.sample(range(len(objects)), min(3, len(objects)))
    s = hp.idset([objects[i] for i in some])
    assert of(s.dominos) == reach(G, some, reach(G, [ROOT], some))
    pattern = s.get_rp(depth=3, er=hp.Unity)
    if len(pattern) > 1:
        assert of(pattern[1]) == {p for i in some for p in G.predecessors(i) if p in reachable or p == ROOT}
