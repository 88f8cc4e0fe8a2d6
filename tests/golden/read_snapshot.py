"""Read a snapshot file without heapy: written from docs/format.md alone, and prints what print_snapshot prints.

    python read_snapshot.py FILE

Needs a zstd for compressed files: compression.zstd of Python 3.14, or the system's library.
"""

import ctypes
import ctypes.util
import struct
import sys
from array import array

MAGIC = b"\x89HEAPY\r\n\x1a\n"
NONE = 2**32 - 1
FRAME = 1 << 20
(OBJECT, NUMBER, VALUE, TEXT, SEQUENCE, DICT, TYPE, FUNCTION, BUILTIN, MODULE) = range(10)
UNNAMED, ATTRIBUTE, INDEX, EDGE_VALUE, KEY, INTERNAL, LOCAL, STACK, MEMBER, SEVERAL = range(10)


class BadFile(Exception):
    pass


def check(condition, what):
    if not condition:
        raise BadFile(what)


# ---- checksums and frames ----

P1, P2, P3 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
P4, P5, MASK = 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5, 2**64 - 1


def rotate(value, bits):
    return (value << bits | value >> (64 - bits)) & MASK


def mix(lane, word):
    return rotate((lane + word * P2) & MASK, 31) * P1 & MASK


def xxh64(data):
    end = len(data) - len(data) % 32
    value = P5
    if end:
        lanes = [(P1 + P2) & MASK, P2, 0, -P1 & MASK]
        for words in struct.iter_unpack("<4Q", data[:end]):
            lanes = [mix(lane, word) for lane, word in zip(lanes, words)]
        value = sum(map(rotate, lanes, (1, 7, 12, 18))) & MASK
        for lane in lanes:
            value = ((value ^ mix(0, lane)) * P1 + P4) & MASK
    value = (value + len(data)) & MASK
    rest = data[end:]
    while len(rest) >= 8:
        value = (rotate(value ^ mix(0, int.from_bytes(rest[:8], "little")), 27) * P1 + P4) & MASK
        rest = rest[8:]
    if len(rest) >= 4:
        value = (rotate(value ^ int.from_bytes(rest[:4], "little") * P1 & MASK, 23) * P2 + P3) & MASK
        rest = rest[4:]
    for byte in rest:
        value = rotate(value ^ byte * P5 & MASK, 11) * P1 & MASK
    value = (value ^ value >> 33) * P2 & MASK
    value = (value ^ value >> 29) * P3 & MASK
    return value ^ value >> 32


def unpack_frame(frame, size):
    try:
        from compression import zstd
    except ImportError:
        library = ctypes.CDLL(ctypes.util.find_library("zstd"))
        library.ZSTD_decompress.restype = ctypes.c_size_t
        library.ZSTD_decompress.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
        out = ctypes.create_string_buffer(size)
        check(library.ZSTD_decompress(out, size, frame, len(frame)) == size, "a frame does not unpack")
        return out.raw
    out = zstd.decompress(frame)
    check(len(out) == size, "a frame does not unpack")
    return out


# ---- transforms ----


def unshuffle(data, element):
    count = len(data) // element
    out = bytearray(len(data))
    for place in range(element):
        out[place::element] = data[place * count : (place + 1) * count]
    return bytes(out)


def add_up(data, element):
    form = "<%d%s" % (len(data) // element, {4: "I", 8: "Q"}[element])
    value, out = 0, []
    for folded in struct.unpack(form, data):
        value += folded // 2 if folded % 2 == 0 else -(folded + 1) // 2
        out.append(value % (1 << 8 * element))
    return struct.pack(form, *out)


def transform_back(data, codec, element):
    check(codec == 1 or element in (4, 8), "elements of %d bytes for codec %d" % (element, codec))
    if codec >= 2:
        data = unshuffle(data, element)
    return add_up(data, element) if codec == 3 else data


# ---- chunks ----


def aligned(offset):
    return (offset + 63) // 64 * 64


class Chunks:
    """The chunks of a file, by name."""

    def __init__(self, data):
        check(len(data) >= 128 and data[:10] == MAGIC, "this is no heapy snapshot")
        order, version, _needs = struct.unpack_from("<HII", data, 10)
        check(order == 0xFEFF and version == 1, "made by a newer version, or on another kind of machine")
        check(xxh64(data[:56]) == struct.unpack_from("<Q", data, 56)[0], "the header is damaged")
        trailer = data[-64:]
        check(trailer[46:56] == MAGIC, "the end is missing")
        table, size, checksum, length = struct.unpack_from("<4Q", trailer)
        check(xxh64(trailer[:56]) == struct.unpack_from("<Q", trailer, 56)[0], "the trailer is damaged")
        check(length == len(data) and aligned(table + size) == length - 64, "the table is not where it must be")
        check(xxh64(data[table : length - 64]) == checksum, "the table is damaged")
        self.data = data
        self.entries = {}
        next_offset = 64
        for at in range(table, table + size, 80):
            entry = struct.unpack_from("<32sIIQQQIIQ", data, at)
            check(entry[3] == next_offset, "chunks do not follow each other")
            next_offset = aligned(next_offset + entry[4])
            self.entries[entry[0].rstrip(b"\0").decode()] = entry
        check(next_offset == table, "bytes belong to no chunk")

    def __contains__(self, name):
        return name in self.entries

    def load(self, name):
        _, _flags, codec, offset, stored, raw, element, _needs, checksum = self.entries[name]
        check(xxh64(self.data[offset : aligned(offset + stored)]) == checksum, name + " is damaged")
        body = self.data[offset : offset + stored]
        if codec == 0:
            return body
        check(codec <= 3, "made by a newer version")
        count = (raw + FRAME - 1) // FRAME
        out, at = [], 0
        for i, length in enumerate(struct.unpack("<%dI" % count, body[stored - 4 * count :])):
            size = min(FRAME, raw - i * FRAME)
            frame = body[at : at + length]
            out.append(transform_back(frame if length == size else unpack_frame(frame, size), codec, element))
            at += length
        check(at + 4 * count == stored, "the frames of %s do not fill it" % name)
        return b"".join(out)

    def numbers(self, name):
        """Unsigned numbers of the size that the table says."""
        column = array({4: "I", 8: "Q"}[self.entries[name][6]])
        column.frombytes(self.load(name))
        if sys.byteorder == "big":
            column.byteswap()
        return column

    def sparse(self, name):
        """{node: number}"""
        if name + ".nodes" not in self:
            return {}
        return dict(zip(bits(self.numbers(name + ".nodes")), self.numbers(name + ".numbers")))

    def table(self, name):
        """Texts with their NULs taken off."""
        starts, data = self.numbers(name + ".starts"), self.load(name + ".bytes")
        return [data[a : b - 1] for a, b in zip(starts, starts[1:])]

    def texts(self, name):
        """{node: text}"""
        if name + ".nodes" not in self:
            return {}
        nodes = list(bits(self.numbers(name + ".nodes")))
        texts = self.load(name + ".texts").split(b"\0")[:-1]
        check(len(nodes) == len(texts), name + " has other texts than nodes")
        return dict(zip(nodes, texts))


def bits(words):
    for i, word in enumerate(words):
        while word:
            yield 64 * i + (word & -word).bit_length() - 1
            word &= word - 1


def addresses(chunks):
    if "address.regions" not in chunks:
        return None
    words = chunks.numbers("address.words")
    out = []
    for number, first, _node, count, form, _ in struct.iter_unpack("<QQIIII", chunks.load("address.regions")):
        base = number << 20
        if form == 0:
            units = struct.unpack("<%dI" % count, words[first : first + (count + 1) // 2].tobytes()[: 4 * count])
            out += [base + 8 * unit for unit in units]
        else:
            odd = set(bits(words[first + 1024 : first + 2048])) if form == 2 else ()
            out += [base + 16 * bit + 8 * (bit in odd) for bit in bits(words[first : first + 1024])]
    return out


# ---- snapshots ----


class Snapshot:
    def __init__(self, chunks):
        head = struct.unpack("<QQ6I", chunks.load("graph"))
        self.node_count, self.edge_count, self.type_count, _names, self.fact_count, self.root, self.contents, _ = head
        self.info = chunks.load("info") if "info" in chunks else b""
        self.before = list(bits(chunks.numbers("before"))) if "before" in chunks else []
        self.names = chunks.table("name")
        self.read_types(chunks)
        self.types = chunks.numbers("types")
        self.sizes = chunks.numbers("sizes") if "sizes" in chunks else [0] * self.node_count
        self.large = {}
        if "sizes.large" in chunks:
            self.large = {node: size for node, _, size in struct.iter_unpack("<IIQ", chunks.load("sizes.large"))}
        self.owners, self.lengths = chunks.sparse("owner"), chunks.sparse("length")
        self.modules, self.module_texts = {}, []
        for i in range(self.fact_count):
            if chunks.load("fact.%d.name" % i) == b"module\0":
                texts = chunks.table("fact.%d.texts" % i)
                self.module_texts = [texts[number] for number in chunks.numbers("fact.%d.values" % i)]
                self.modules = chunks.sparse("fact.%d" % i)
        self.addresses = addresses(chunks)
        labels, at, self.lists = chunks.numbers("label.lists"), 0, []
        for count in chunks.numbers("label.counts"):
            self.lists.append(labels[at : at + count])
            at += count
        self.roots = list(struct.iter_unpack("<II", chunks.load("roots")))
        self.offsets = chunks.numbers("edge.offsets") if "edge.offsets" in chunks else [0] * (self.node_count + 1)
        self.targets = chunks.numbers("edge.targets") if "edge.targets" in chunks else []
        self.labels = chunks.numbers("edge.labels") if "edge.labels" in chunks else []
        self.rows, self.owner_rows = chunks.texts("row"), chunks.texts("owner.row")
        self.keys, self.whole_keys = chunks.texts("key"), chunks.texts("key.whole")
        self.groups = chunks.sparse("group") if "group.nodes" in chunks else None
        self.key_order = chunks.sparse("key.order") if "key.order.nodes" in chunks else None
        self.order = chunks.sparse("order") if "order.nodes" in chunks else None

    def read_types(self, chunks):
        texts, bases, at = chunks.table("type.texts"), chunks.numbers("type.bases"), 0
        self.type_rows, self.type_of_node, self.aliases = [], {}, []
        for i, row in enumerate(struct.iter_unpack("<4IQII", chunks.load("type.rows"))):
            name, module, qualname, role, identity, node, count = row
            given = [texts[number] if number != NONE else None for number in (name, module, qualname)]
            self.type_rows.append((*given, role & 0x7FFFFFFF, identity, node, bases[at : at + count]))
            self.aliases += [i] if role >> 31 else []
            at += count
            if node != NONE:
                self.type_of_node.setdefault(node, i)

    def parts(self, edge):
        label = self.labels[edge]
        return self.lists[label & 0xFFFFFFF] if label >> 28 == SEVERAL else [label]

    def size(self, node):
        return self.sizes[node] if self.sizes[node] != NONE else self.large.get(node, 0)

    def owner_type(self, node):
        owner = self.owners.get(node)
        if owner is None:
            return None
        return self.types[owner] if owner < self.node_count else owner - self.node_count

    def place(self, node):
        return b"0x%x" % self.addresses[node] if self.addresses else b"#%d" % node

    def text(self, node):
        """As a row of a table shows it."""
        name, role = self.type_rows[self.types[node]][0], self.type_rows[self.types[node]][3]
        if role in (SEQUENCE, DICT) and node in self.lengths:
            return b"%s*%d" % (self.place(node), self.lengths[node])
        if role == TYPE and node in self.type_of_node:
            return self.type_rows[self.type_of_node[node]][0]
        if role == MODULE and node in self.modules:
            return self.module_texts[self.modules[node]]
        if node in self.rows:
            return self.rows[node]
        if role in (OBJECT, SEQUENCE, DICT):
            return self.place(node)
        if role == TEXT and node in self.lengths:
            unit = b"byte" if name == b"bytes" else b"character"
            plural = b"" if self.lengths[node] == 1 else b"s"
            return b"<%s of %d %s%s>" % (name, self.lengths[node], unit, plural)
        return b"<%s %s%s>" % (name, b"at " if self.addresses else b"", self.place(node))

    def owner_text(self, node):
        owner = self.owners[node]
        if owner < self.node_count:
            return self.text(owner)
        return self.owner_rows.get(node, b"<%s>" % self.type_rows[self.owner_type(node)][0])


# ---- printing ----


def quoted(text):
    if text is None:
        return "-"
    return '"%s"' % "".join(chr(c) if 32 <= c <= 126 and c not in b'"\\' else "\\x%02x" % c for c in text)


def known(number):
    return "-" if number is None or number == NONE else str(number)


def rank_of_type(s, row):
    """Numbers, tuples, strings, others: by the builtin type that a type is or inherits from."""
    seen, waiting, rank = set(), [row], 3
    while waiting:
        t = waiting.pop()
        if t not in seen:
            seen.add(t)
            waiting += s.type_rows[t][6]
            rank = min(rank, {b"int": 0, b"float": 0, b"tuple": 1, b"str": 2}.get(s.type_rows[t][0], 3))
    return rank, s.type_rows[row][0] if rank == 3 else b""


def print_snapshot(s):
    print("contents %d info %s" % (s.contents, quoted(s.info)))
    print("before" + "".join(" %d" % node for node in s.before))
    print("graph %d nodes %d edges root %s" % (s.node_count, s.edge_count, known(s.root)))
    for i, (name, module, qualname, role, identity, node, bases) in enumerate(s.type_rows):
        texts = quoted(name) + " alias" * (i in s.aliases) + " %s %s" % (quoted(module), quoted(qualname))
        shown_bases = "".join(" %d" % base for base in bases)
        print("type %d %s role %d identity %x node %s bases%s" % (i, texts, role, identity, known(node), shown_bases))
    for i, name in enumerate(s.names):
        print("name %d %s" % (i, quoted(name)))
    for i, text in enumerate(s.module_texts):
        print("module %d %s" % (i, quoted(text)))
    keys = sorted({s.targets[e] for e in range(s.edge_count) if any(part >> 28 == KEY for part in s.parts(e))})
    for node in range(s.node_count):
        owner = s.owners.get(node)
        line = "node %d 0x%x type %d size %d owner %s %s length %s module %s text %s" % (
            node, s.addresses[node] if s.addresses else 0, s.types[node], s.size(node),
            known(owner if owner is not None and owner < s.node_count else None), known(s.owner_type(node)),
            known(s.lengths.get(node)), known(s.modules.get(node)), quoted(s.text(node)),
        )  # fmt: skip
        if owner is not None:
            line += " of " + quoted(s.owner_text(node))
        if node in set(keys):
            key = s.keys.get(node)
            line += " key %s %s" % (quoted(key), quoted(s.whole_keys.get(node, key)))
        print(line)
        for e in range(s.offsets[node], s.offsets[node + 1]):
            print("  %d%s" % (s.targets[e], "".join(" %x" % part for part in s.parts(e))))
    for target, label in s.roots:
        print("root %d %x" % (target, label))
    print_orders(s, keys)


def print_orders(s, keys):
    if s.groups is not None:
        numbers = {}
        for key in keys:
            print("group %d %d" % (key, numbers.setdefault(s.groups[key], len(numbers))))
    if s.key_order is not None:
        for key in sorted(keys, key=lambda key: (*rank_of_type(s, s.types[key]), s.key_order[key])):
            print("listed %d" % key)
    if s.order is not None:
        last = {}
        for node in range(s.node_count):
            if s.type_rows[s.types[node]][3] in (NUMBER, TEXT):
                before = last.get(s.types[node])
                if before is not None:
                    a, b = s.order[before], s.order[node]
                    print("order %d %s %d" % (before, "<" if a < b else ">" if a > b else "=", node))
                last[s.types[node]] = node


def main():
    with open(sys.argv[1], "rb") as f:
        data = f.read()
    try:
        snapshot = Snapshot(Chunks(data))
    except BadFile as e:
        sys.exit("%s: %s" % (sys.argv[1], e))
    print_snapshot(snapshot)


if __name__ == "__main__":
    main()
