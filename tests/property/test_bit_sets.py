"""Bit sets against a model: a frozenset of the members in a small universe, complemented or not (B-100 to B-104).

What a complemented set has outside the universe is everything, so the model keeps what lies inside and a flag.
"""

import random
import sys

import pytest

from guppy.sets import BitSet, ImmBitSet, MutBitSet, immbit, immbitrange, immbitset, mutbitset
from guppy.sets.setsc import CplBitSet

LOW, HIGH = -300, 700
UNIVERSE = frozenset(range(LOW, HIGH))
OPERATIONS = ["&", "|", "^", "-"]


class Model:
    """The members within the universe, and whether everything outside is one too."""

    def __init__(self, members, is_complemented):
        self.members, self.is_complemented = frozenset(members), is_complemented

    def __invert__(self):
        return Model(UNIVERSE - self.members, not self.is_complemented)

    def combine(self, operation, other):
        members, flag = {
            "&": (self.members & other.members, self.is_complemented and other.is_complemented),
            "|": (self.members | other.members, self.is_complemented or other.is_complemented),
            "^": (self.members ^ other.members, self.is_complemented != other.is_complemented),
            "-": (self.members - other.members, self.is_complemented and not other.is_complemented),
        }[operation]
        return Model(members, flag)

    def is_subset(self, other):
        return self.members <= other.members and self.is_complemented <= other.is_complemented

    def equals(self, other):
        return self.members == other.members and self.is_complemented == other.is_complemented


def check(s, model):
    finite = UNIVERSE - model.members if model.is_complemented else model.members
    text = "ImmBitSet(%s)" % sorted(finite)
    if isinstance(s, MutBitSet):
        text = "MutBitSet(%s)" % ("~" + text if model.is_complemented else sorted(finite))
    elif model.is_complemented:
        text = "(~%s)" % text
        assert type(s) is CplBitSet
    else:
        assert type(s) is ImmBitSet
    assert repr(s) == text
    assert bool(s) == bool(finite or model.is_complemented)
    assert 10**9 in s if model.is_complemented else 10**9 not in s
    if not model.is_complemented:
        assert len(s) == len(finite) and list(s) == sorted(finite)


def random_members(draw):
    way = draw.randrange(5)
    if way == 0:
        return frozenset()
    if way == 1:
        return frozenset(draw.sample(range(LOW, HIGH), draw.randrange(1, 8)))
    first = draw.randrange(LOW, HIGH)
    if way == 2:
        return frozenset(range(first, min(HIGH, first + draw.randrange(1, 400))))
    if way == 3:
        return frozenset(range(first, HIGH, draw.randrange(1, 80)))
    return frozenset(x for x in range(LOW, HIGH) if draw.random() < 0.5)


def random_operand(draw, for_left):
    """An operand of some kind, and its model.  What is no bit set stands only on one side."""
    members = random_members(draw)
    kinds = ["imm", "cpl", "mut", "mut cpl"]
    if not for_left:
        kinds += ["int", "negative int", "list", "tuple", "dict", "set", "generator", "range"]
    kind = draw.choice(kinds)
    if "int" in kind:
        members = frozenset(x for x in members if x >= 0)
        number = sum(1 << x for x in members)
        return (~number, ~Model(members, False)) if "negative" in kind else (number, Model(members, False))
    if kind == "range":
        start, step = draw.randrange(LOW, HIGH), draw.randrange(1, 70)
        return range(start, HIGH, step), Model(range(start, HIGH, step), False)
    doubled = list(members) + draw.sample(sorted(members), len(members) // 2)
    draw.shuffle(doubled)
    value = {
        "imm": lambda: immbitset(doubled),
        "cpl": lambda: ~immbitset(doubled),
        "mut": lambda: mutbitset(doubled),
        "mut cpl": lambda: mutbitset(~immbitset(doubled)),
        "list": lambda: doubled,
        "tuple": lambda: tuple(doubled),
        "dict": lambda: dict.fromkeys(doubled),
        "set": lambda: set(doubled),
        "generator": lambda: (x for x in doubled),
    }[kind]()
    model = Model(members, False)
    return value, ~model if "cpl" in kind else model


def combine(a, operation, b):
    return {"&": lambda: a & b, "|": lambda: a | b, "^": lambda: a ^ b, "-": lambda: a - b}[operation]()


def combine_in_place(a, operation, b):
    if operation == "&":
        a &= b
    elif operation == "|":
        a |= b
    elif operation == "^":
        a ^= b
    else:
        a -= b
    return a


@pytest.mark.parametrize("seed", range(20))
def test_operators(seed):  # B-30 to B-36, B-40, B-42, B-43, B-50, B-54, B-70, B-100, B-101: 10^5 operations in all
    draw = random.Random(seed)
    pool = [random_operand(draw, True) for _ in range(8)]
    for _ in range(5000):
        at = draw.randrange(len(pool))
        a, model = pool[at]
        way = draw.randrange(12)
        if way < 3:
            operation = draw.choice(OPERATIONS)
            b, other = random_operand(draw, False) if way else pool[draw.randrange(len(pool))]
            made = combine(a, operation, b), model.combine(operation, other)
        elif way < 5:  # in place: the object itself if mutable, else a new one
            operation = draw.choice(OPERATIONS)
            b, other = random_operand(draw, False) if way == 3 else pool[draw.randrange(len(pool))]
            result = combine_in_place(a, operation, b)
            assert (result is a) == isinstance(a, MutBitSet) or isinstance(b, BitSet) or not model.members or result == a
            made = result, model.combine(operation, other)
            if isinstance(a, MutBitSet):
                assert result is a
                # whoever else shows the same object in the pool would be wrong now
                pool = [(s, m) for s, m in pool if s is not a] + [made]
                check(*made)
                continue
        elif way == 5:
            made = ~a, ~model
        elif way == 6:
            made = a.mutcopy(), model
        elif way == 7:
            made = immbitset(a), model
        elif way == 8:
            b, other = pool[draw.randrange(len(pool))]
            assert (a == b) == model.equals(other) and (a != b) != model.equals(other)
            assert (a <= b) == model.is_subset(other) and (a >= b) == other.is_subset(model)
            assert (a < b) == (model.is_subset(other) and not model.equals(other))
            assert (a > b) == (other.is_subset(model) and not model.equals(other))
            if model.equals(other) and a.is_immutable and b.is_immutable:
                assert hash(a) == hash(b)
            made = random_operand(draw, True)
        elif way == 9:
            by = draw.randrange(-200, 200)
            shifted = a << by
            assert shifted << -by == a and shifted.is_immutable
            for x in draw.sample(range(LOW, HIGH), 9):
                assert (x + by in shifted) == (x in model.members)
            continue
        else:
            if not isinstance(a, MutBitSet):
                a = mutbitset(a)
            members = set(model.members)
            for _ in range(draw.randrange(1, 30)):
                change_one(draw, a, members, model.is_complemented)
            made = a, Model(members, model.is_complemented)
            pool = [(s, m) for s, m in pool if s is not a]
        check(*made)
        if len(pool) < 12:
            pool.append(made)
        else:
            pool[at] = made
        while len(pool) < 4:
            pool.append(random_operand(draw, True))


def change_one(draw, s, members, is_complemented):
    bit = draw.randrange(LOW, HIGH)
    was_there = bit in members
    assert (bit in s) == was_there
    way = draw.choice(["add", "discard", "append", "remove", "tas", "tac", "pop"])
    if way == "pop":
        if members and not is_complemented:
            lowest = draw.random() < 0.5
            bit = min(members) if lowest else max(members)
            assert s.pop(0 if lowest else -1) == bit
            members.discard(bit)
        else:
            with pytest.raises(ValueError):
                s.pop()
        return
    if (way == "append" and was_there) or (way == "remove" and not was_there):
        with pytest.raises(ValueError):
            getattr(s, way)(bit)
        return
    result = getattr(s, way)(bit)
    assert result is (was_there if way in ("tas", "tac") else None)  # B-71
    if way in ("add", "append", "tas"):
        members.add(bit)
    else:
        members.discard(bit)


def test_ints_and_laws():  # B-32, B-53
    draw = random.Random(1)
    for _ in range(300):
        m, n = (draw.getrandbits(draw.choice([1, 64, 65, 900])) * draw.choice([1, -1]) for _ in range(2))
        a, b = immbitset(m), immbitset(n)
        assert int(a) == m and int(b) == n
        assert (int(a & b), int(a | b), int(a ^ b), int(a - b), int(~a)) == (m & n, m | n, m ^ n, m & ~n, ~m)
        c = immbitset(random_members(draw))
        assert a & (b | c) == a & b | a & c and a | b & c == (a | b) & (a | c) and a & (a | b) == a == a | a & b
        assert ~(a & b) == ~a | ~b and ~(a | b) == ~a & ~b and a - b == a & ~b and a ^ b == (a - b) | (b - a)
        assert (a <= b) == (a & b == a) == (a | b == b) == (~b <= ~a)
        assert immbitset() <= a <= ~immbitset()


def test_ranges():  # B-25, B-102
    edges = [-65, -64, -1, 0, 1, 31, 32, 33, 63, 64, 65, 128]
    for start in edges:
        for stop in edges:
            for step in [*range(1, 34), 63, 64, 65, 1000]:
                assert immbitrange(start, stop, step) == immbitset(range(start, stop, step))
                assert list(immbitrange(start, stop, step)) == list(range(start, stop, step))
                assert immbitset(range(stop, start, -step)) == immbitset(list(range(stop, start, -step)))
    top, bottom = sys.maxsize, -sys.maxsize - 1
    for r in (range(top - 1, top), range(bottom, bottom + 9, 4), range(top, top - 9, -2), range(5, 5), range(0, -1), range(2**100, 2**100), range(0, 2**100, 2**90)):
        members = list(r)
        if all(bottom <= x <= top for x in members):
            assert list(immbitset(r)) == sorted(members)
        else:
            with pytest.raises(OverflowError):
                immbitset(r)
    for step in (1, 7, 64, 100):
        for bounds in ((top - 200, top, step), (bottom, bottom + 200, step)):
            assert immbitrange(*bounds) == immbitset(range(*bounds))
    for step in (top // 32, top // 33, 2**62, top):
        assert list(immbitrange(bottom, top, step)) == list(range(bottom, top, step))


@pytest.mark.parametrize("size", [3, 1000, 3000000])
def test_copies_are_independent(size):  # B-103, B-51, BC-2
    original = immbitrange(size)
    first = original.mutcopy()
    second = first.mutcopy()
    first.discard(1)
    third = first.mutcopy()
    third |= [size + 5]
    second ^= -1
    first.add(-7)
    assert original == immbitrange(size)
    assert first == (original - immbit(1)) | immbit(-7)
    assert second == ~original and third == (original - immbit(1)) | immbit(size + 5)
    members = iter(first)
    first.add(-9)
    assert next(members) == -7 and -9 in first


def test_space_is_used_again():  # B-104, B-72
    s = mutbitset()
    sizes = []
    for _ in range(5):
        s |= immbitrange(0, 10**6, 3)
        s.add(-1)
        sizes.append(sys.getsizeof(s))
        while s:
            s.pop()
    s.clear()
    assert len(set(sizes[1:])) == 1 and sys.getsizeof(s) < 200
