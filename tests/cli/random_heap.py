"""Snapshot files of made-up heaps, written from docs/format.md, and what SQL must say of them."""

import random
import struct
import sys
from array import array

from cli_support import ROOT

sys.path.insert(0, str(ROOT / "tests/golden"))

from make_bad import assemble  # noqa: E402
from read_snapshot import DICT, EDGE_VALUE, KEY, NONE, SEVERAL, Chunks, Snapshot  # noqa: E402

# name, module, qualified name, role
TYPES = [
    (b"int", b"builtins", b"int", 1), (b"str", b"builtins", b"str", 3), (b"dict", b"builtins", b"dict", DICT),
    (b"list", b"builtins", b"list", 4), (b"shop.C", b"shop", b"C", 0), (b"shop.C", b"other", b"C", 0), (b"A", None, None, 0),
]  # fmt: skip
RELATIONS = ["unnamed", "attribute", "index", "value", "key", "internal", "local", "stack", "member", "unnamed"]


def numbers(form, values):
    return array(form, values).tobytes()


def bitmap(count, members):
    words = [0] * ((count + 63) // 64)
    for i in members:
        words[i // 64] |= 1 << i % 64
    return numbers("Q", words)


def write_random_heap(path, seed, nodes):
    r = random.Random(seed)
    chunks = []

    def add(name, body, element):
        chunks.append((name.encode(), 0, 0, body, len(body), element))

    def add_table(name, texts):
        starts = [0]
        for text in texts:
            starts.append(starts[-1] + len(text) + 1)
        add(name + ".starts", numbers("Q", starts), 8)
        add(name + ".bytes", b"".join(text + b"\0" for text in texts), 1)

    def add_sparse(name, values):
        inside = sorted(values)
        add(name + ".nodes", bitmap(nodes, inside), 8)
        add(name + ".ranks", numbers("I", [sum(i < 512 * k for i in inside) for k in range(nodes // 512 + 1)]), 4)
        add(name + ".numbers", numbers("I", [values[i] for i in inside]), 4)

    names = [b"x", b"y y", "\u00e9".encode(), b"i0_modules"]
    types = [r.randrange(len(TYPES)) for _ in range(nodes)]
    lists = [[1 << 28, 2 << 28 | 7], [6 << 28 | 2, 8 << 28 | 1, 0]]
    offsets, targets, labels = [0], [], []
    for _ in range(nodes):
        for k in range(r.choice([0, 0, 1, 1, 2, 3])):
            if r.random() < 0.3:
                targets += [r.randrange(nodes), r.randrange(nodes)]
                labels += [KEY << 28 | k, EDGE_VALUE << 28 | k]
            else:
                targets.append(r.randrange(nodes))
                labels.append(r.choice([0, 1 << 28 | 1, 2 << 28 | k, 5 << 28, 6 << 28 | 2, 7 << 28 | k, 8 << 28 | k, SEVERAL << 28, SEVERAL << 28 | 1]))
        offsets.append(len(targets))
    texts = sorted({text for row in TYPES for text in row[:3] if text is not None})
    place = {text: i for i, text in enumerate(texts)}
    place[None] = NONE
    rows = b"".join(
        struct.pack("<4IQII", place[name], place[module], place[qualname], role, 0x5500 + 16 * i, r.choice([NONE, r.randrange(nodes)]), 0)
        for i, (name, module, qualname, role) in enumerate(TYPES)
    )
    add("graph", struct.pack("<QQ6I", nodes, len(targets), len(TYPES), len(names), 0, NONE, 2, 0), 40)
    add("info", b'{"pid": 4711, "host": "h", "labels": {"a": "b"}}', 1)
    add("type.rows", rows, 32)
    add("type.bases", b"", 4)
    add_table("type.texts", texts)
    add_table("name", names)
    add("types", numbers("I", types), 4)
    add("sizes", numbers("I", [r.choice([0, 16, 16, 48, 56, 1000 + r.randrange(100)]) for _ in range(nodes)]), 4)
    add("sizes.large", b"", 16)
    add_sparse("owner", {i: r.randrange(nodes + len(TYPES)) for i in range(nodes) if types[i] == 2 and r.random() < 0.6})
    add_sparse("length", {i: r.randrange(60) for i in range(nodes) if types[i] in (1, 2, 3) and r.random() < 0.8})
    units = sorted(r.sample(range(0, 1 << 17, 2), nodes))
    packed = numbers("I", units + [0] * (nodes % 2))
    add("address.regions", struct.pack("<QQIIII", 0x7F0000, 0, 0, nodes, 0, 0), 32)
    add("address.words", packed, 8)
    add("label.counts", numbers("I", [len(parts) for parts in lists]), 4)
    add("label.lists", numbers("I", [part for parts in lists for part in parts]), 4)
    roots = [(r.randrange(nodes), 1 << 28 | 3), (r.randrange(nodes), 1 << 28), (r.randrange(nodes), SEVERAL << 28)]
    add("roots", b"".join(struct.pack("<II", *root) for root in roots), 8)
    add("edge.offsets", numbers("I", offsets), 4)
    add("edge.targets", numbers("I", targets), 4)
    add("edge.labels", numbers("I", labels), 4)
    if seed % 2:
        add("before", bitmap(nodes, [i for i in range(nodes) if r.random() < 0.5]), 8)
    path.write_bytes(assemble(chunks))
    return Model(Snapshot(Chunks(path.read_bytes())), seed % 2)


class Model:
    """The slow, obvious answers."""

    def __init__(self, s, has_before):
        self.s, self.has_before = s, has_before
        self.reached = self.reach({target for target, _ in s.roots})
        self.dominators = {}
        self.below = {}
        for node in range(s.node_count):
            self.below[node] = {node} | self.reach({node}) - self.reach({t for t, _ in s.roots}, node)
        for node in self.reached:
            above = [d for d in self.reached if d != node and node in self.below[d]]
            self.dominators[node] = max(above, key=lambda d: sum(d in self.below[e] for e in above), default=None)

    def targets(self, node):
        return self.s.targets[self.s.offsets[node] : self.s.offsets[node + 1]]

    def reach(self, start, around=None):
        seen, waiting = set(), [node for node in start if node != around]
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting += [target for target in self.targets(node) if target != around]
        return seen

    def size_of(self, nodes):
        return sum(self.s.size(node) for node in nodes)

    def type(self, node):
        return self.s.type_rows[self.s.types[node]][0].decode()

    def kind(self, node):
        owner = self.s.owner_type(node)
        if self.type(node) != "dict":
            return self.s.types[node], self.type(node), None
        if owner is None:
            return "none", "dict (no owner)", None
        name = self.s.type_rows[owner][0].decode()
        return ("of", owner), "dict of " + name, name

    def objects(self, snapshot):
        for node in range(self.s.node_count):
            owner = self.s.owners.get(node, NONE)
            yield (
                snapshot, node, self.s.addresses[node], self.type(node), self.kind(node)[1], self.s.size(node), self.s.lengths.get(node),
                owner if owner < self.s.node_count else None, self.size_of(self.below[node]) if node in self.reached else None,
                self.dominators.get(node), int(node not in self.s.before) if self.has_before else None, self.s.text(node).decode(),
            )  # fmt: skip

    def classes(self, key):
        found = {}
        for node in range(self.s.node_count):
            found.setdefault(key(node), []).append(node)
        return found

    def counted(self, nodes):
        return len(nodes), self.size_of(nodes), max(map(self.s.size, nodes), default=0), self.retained(nodes)

    def retained(self, nodes):
        around = set(nodes)
        seen, waiting = set(), [t for t, _ in self.s.roots if t not in around]
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting += [target for target in self.targets(node) if target not in around]
        return self.size_of(self.reach(around) - seen)

    def types(self, snapshot):
        found = self.classes(lambda node: self.s.types[node])
        for i, (name, module, qualname, _role, _identity, node, _bases) in enumerate(self.s.type_rows):
            texts = [None if text is None else text.decode() for text in (name, module, qualname)]
            yield (snapshot, *texts, None if node == NONE else node, *self.counted(found.get(i, [])))

    def kinds(self, snapshot):
        for (_, name, owner), nodes in self.classes(self.kind).items():
            yield (snapshot, name, self.type(nodes[0]), owner, *self.counted(nodes))

    def parts(self, label):
        return self.s.lists[label & 0xFFFFFFF] if label >> 28 == SEVERAL else [label]

    def edges(self, snapshot):
        for source in range(self.s.node_count):
            for e in range(self.s.offsets[source], self.s.offsets[source + 1]):
                for part in self.s.parts(e):
                    kind, number = part >> 28, part & 0xFFFFFFF
                    name = self.s.names[number].decode() if kind in (1, 5, 6) else None
                    key = None
                    if kind == EDGE_VALUE:
                        keys = [k for k in range(self.s.offsets[source], self.s.offsets[source + 1]) if self.s.labels[k] == KEY << 28 | number]
                        key = self.s.targets[keys[0]]
                    shown = number if kind in (2, 3, 4, 7, 8) else None
                    yield snapshot, source, self.s.targets[e], RELATIONS[kind], name, shown, key

    def roots(self, snapshot):
        for target, label in self.s.roots:
            for part in self.parts(label):
                number = part & 0xFFFFFFF
                yield snapshot, self.s.names[number].decode() if part >> 28 in (1, 5, 6) else "[%d]" % number, target
