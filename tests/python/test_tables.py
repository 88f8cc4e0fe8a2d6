"""Partitions, stats, printed tables and pages: what the conformance run cannot show."""

import gc
import time
import types

import pytest

from guppy import Root, hpy


def make_types(count, name="T%02d"):
    return [type(name % i, (), {"__slots__": ()})() for i in range(count)]


class TestById:
    def test_only_what_is_shown_is_rendered(self, hp):  # T-21, T-58
        """A page of many objects costs no more comparisons than a pass: told by time against sorting them all."""
        numbers = [i * 7919 % 1000003 + 2**40 for i in range(300000)]
        x = hp.idset(numbers).byid
        begin = time.perf_counter()
        text = str(x)
        page = time.perf_counter() - begin
        assert text.splitlines()[2].endswith(str(min(numbers)))
        begin = time.perf_counter()
        whole = [r.name for r in x.stat.get_rows()]
        assert page < (time.perf_counter() - begin) / 2
        assert whole == [str(n) for n in sorted(numbers)]

    def test_pages_go_on_where_the_last_ended(self, hp):  # T-52, T-58
        x = hp.iso(*range(1000, 1025)).byid
        pages, printer = [str(x)], x.more
        while repr(printer):
            pages.append(repr(printer))
            printer = printer.more
        shown = [int(line.split()[-1]) for page in pages for line in page.splitlines() if line[:6].strip().isdigit()]
        assert shown == list(range(1000, 1025))

    def test_values_that_do_not_compare(self, hp):  # K-134
        nan = float("nan")
        text = str(hp.iso(1j, 2j, nan, 1.5, -1.5, float("inf")).byid)
        names = [line.split(": ")[1] for line in text.splitlines()[2:]]
        assert names == ["1j", "2j", "-1.5", "1.5", "inf", "nan"]

    def test_an_int_with_too_many_digits_shows_its_address(self, hp):  # K-132, K-133
        huge = 1 << 40000
        try:
            expected = repr(huge)
        except ValueError:
            expected = hex(id(huge))
        assert "".join(str(hp.iso(huge).byid).split("\n", 2)[2].split()[5:]) == expected

    def test_user_code_is_not_run(self, hp):  # K-133, H-1
        class Loud:
            def __repr__(self):
                raise AssertionError("asked")

            __str__ = __eq__ = __lt__ = __hash__ = __len__ = __repr__

        class LoudStr(str):
            __repr__ = __str__ = __len__ = __eq__ = Loud.__repr__
            __hash__ = None

        class LoudInt(int):
            __repr__ = __lt__ = __eq__ = Loud.__repr__
            __hash__ = None

        for o in (Loud(), LoudStr("x"), LoudInt(5)):
            x = hp.iso(o)
            assert str(x.byid).endswith(hex(id(o))) and hex(id(o)) in x.brief and hex(id(o)) in str(x.byidset)
        assert str(hp.iso(LoudInt(1), LoudInt(2)).byid)

    def test_what_is_shown_later_is_what_was(self, hp):  # H-92
        class Owner:
            pass

        owners = [Owner() for i in range(30)]
        for o in owners:
            o.__dict__["x"] = 1
        x = hp.idset([o.__dict__ for o in owners]).byid
        first = str(x)
        expected = sorted(hex(id(o)) for o in owners)
        del owners, o
        junk = [[i] for i in range(10000)]
        shown = [line.split()[-1] for text in (first, repr(x.more), repr(x.more.more)) for line in text.splitlines()]
        assert [n for n in shown if n.startswith("0x")] == expected and junk

    def test_a_set_that_cannot_be_cleared_under_a_page(self, hp):
        x = hp.iso(*range(1000, 1100)).byid
        m = x.more
        del x
        assert "1010" in repr(m) and "1020" in repr(m.more)


class TestBriefs:
    def test_by_every_relation(self, hp):  # K-136, K-140
        x = hp.iso(1, "a")
        for by in ("Type", "Clodo", "Size", "Module", "Unity", "Id", "Idset"):
            text = x.by(by).brief
            assert text.startswith("<2 ") and text.endswith(">") and len(text) <= 80

    def test_length(self, hp):  # K-140
        x = hp.iso(*range(1000, 1100))
        assert len(x.brief) == 80 and x.brief.endswith("...>")
        root = Root()
        root.guppy.heapy.UniSet.max_summary_length = 20
        assert len(root.guppy.heapy.Use.iso(*range(1000, 1100)).brief) == 20

    def test_dicts_show_the_last_part_of_their_owners_name(self, hp):  # K-132, K-140
        module = types.ModuleType("first.second")
        owner = type("Owner", (), {"__module__": module.__name__})
        (names,) = [x for x in gc.get_referents(owner) if type(x) is dict]
        assert hp.iso(names).brief == "<1 dict of type: ..Owner>"
        assert hp.iso(names).byidset.partition.rows[0].name == "<1 dict of type: ..Owner>"
        (of_module,) = [x for x in gc.get_referents(module) if type(x) is dict]
        assert hp.iso(of_module).brief == "<1 dict of module: ..second>"

    def test_many_objects_cost_little(self, hp):  # K-140
        x = hp.idset([[i] for i in range(200000)])
        assert x.brief.startswith("<200000 list: 0x")


class TestPartitions:
    def test_rows(self, hp):  # T-2, T-3, T-4, T-5, T-11
        x = hp.iso(1, 2, "a", [], {}, 2.5)
        p = x.partition
        rows = p.rows
        assert [r.index for r in rows] == list(range(len(rows))) and len(p) == p.numrows == len(rows)
        assert [r.cumulsize for r in rows] == [sum(q.size for q in rows[: i + 1]) for i in range(len(rows))]
        assert [r.set for r in rows] == x.parts == list(p) == list(p.get_sets())
        assert p.get_row(-1).name == rows[-1].name and [r.name for r in p.get_rows(2)] == [r.name for r in rows[2:]]
        for bad in (len(rows), -len(rows) - 1, 10**30):
            with pytest.raises(IndexError):
                p.get_row(bad)
            with pytest.raises(IndexError):
                p.get_set(bad)
        with pytest.raises(IndexError):
            p.get_rows(-1)
        with pytest.raises(TypeError):
            p.get_row("x")
        assert p.set is x and p.er is x.er and abs(p.timemade - time.time()) < 100
        with pytest.raises(AttributeError):
            p.count = 5

    def test_it_is_remembered_and_keeps_nothing_in_a_cycle(self, hp):  # T-1
        import gc
        import weakref

        gc.disable()
        try:
            x = hp.iso(1, "a")
            p = x.partition
            assert x.partition is p and p.set is x and x[0].partition is not p
            gone = weakref.ref(x)
            del x
            assert p.set.count == 2
            del p
            assert gone() is None
            x = hp.iso(1, "a")
            x.partition.rows, x.partition
            assert len(x.partition) == 2
        finally:
            gc.enable()

    def test_negative_index_beyond_the_first(self, hp):  # K-50
        x = hp.iso(1, "a")
        with pytest.raises(IndexError):
            x[-3]

    def test_a_partition_stays(self, hp):  # K-25h, T-1, H-76
        items = []
        x = hp.iso(items)
        p, before = x.partition, str(x)
        items.extend(range(1000))
        assert str(x) == str(p) == str(x.partition) == before != str(x.bytype) and x.size > 8000 > p.size

    def test_more_than_32_bits(self, hp):  # H-74, T-27
        class Big:
            __slots__ = ()

            def __sizeof__(self):
                return 2**40

        x = hp.iso(Big(), Big(), Big())
        assert x.size == 3 * (2**40 + hp.iso(object()).size - object().__sizeof__()) or x.size > 3 * 2**40
        assert x.partition.size == x.size == x.stat.size == x.bysize.stat.rows[0].size


class TestStats:
    def test_rows_at_any_time(self, hp):  # T-64
        s = hp.iso(1, "a", []).stat
        assert [r.name for r in s.rows] == [r.name for r in s.get_rows()] and len(s.rows[:2]) == 2
        assert s.rows is not s.rows

    def test_rows_of_kinds_searches_all_rows(self, hp):  # T-67
        s = hp.iso(1, "a", [], {}, 2.5, ()).stat
        assert [r and r.name for r in s.get_rows_of_kinds(["float", "nosuch", "int"])] == ["float", None, "int"]

    def test_zero_totals_print_zero_percent(self, hp):  # T-69
        s = hp.load(
            ".loader: _load_stat|.format: SetFormat|.timemade: 1|.count: 0|.size: 5|.kindname:|.kindheader: H|.numrows: 1|"
            ".r: 0 5 a|.end: .loader: _load_stat".split("|")
        )
        assert str(s).splitlines()[2] == "     0      0   0        5 100         5 100 a"

    def test_rows_that_cancel_out_are_left_out(self, hp):  # T-82
        a = hp.iso(type("Same", (), {"__slots__": ()})(), type("Same", (), {"__slots__": ()})()).stat
        b = hp.iso(type("Same", (), {"__slots__": ()})(), type("Same", (), {"__slots__": ()})()).stat
        assert len(a) == 2 and len(a - b) == 0 and "Differences" not in str(a - b)

    def test_it_is_immutable(self, hp):
        s = hp.iso(1).stat
        for name in ("count", "rows", "foo", "loader"):
            with pytest.raises(AttributeError):
                setattr(s, name, 1)
        with pytest.raises(TypeError):
            type(s)()

    def test_alias_on_the_session(self, hp):  # S-23
        assert isinstance(hp.iso(1).stat, hp.Stat)

    def test_differences_with_nothing_take_the_other_header(self, hp):  # T-80, K-27
        x = hp.iso(1, "a")
        assert x.bysize.diff(hp.Nothing).kindheader == hp.Nothing.diff(hp.Nothing).kindheader.replace(
            "Kind (class / dict of class)", "Individual Size"
        )
        assert x.bytype.diff(hp.Nothing).count == 2 and hp.Nothing.diff(x.bytype).count == -2
        with pytest.raises(TypeError):
            x.diff(x.stat)


class TestPrinting:
    def test_settings_are_checked(self):  # S-6
        root = Root()
        heapy = root.guppy.heapy
        for bad in (0, -1, "x", 2.5, None):
            with pytest.raises((ValueError, TypeError)):
                heapy.OutputHandling.max_more_lines = bad
        assert heapy.OutputHandling.max_more_lines == 10 and heapy.Part.line_length == 100
        with pytest.raises(ValueError):
            heapy.Part.nosuch = 1
        heapy.View.is_rg_update_all = True  # accepted, changes nothing

    def test_settings_of_a_session_made_by_hpy(self, hp):  # S-6
        keep = make_types(15)
        hp._parent.OutputHandling.max_more_lines = 3
        assert "<12 more rows." in str(hp.iso(*keep)) and "<5 more rows." in str(hpy().iso(*keep))
        assert hp._root.guppy.heapy.Use is hp and hp._parent.Use is hp

    def test_a_page_of_one_row(self, hp):  # T-51
        hp._parent.OutputHandling.max_more_lines = 1
        x = hp.iso(*make_types(4))
        assert "<3 more rows." in str(x) and "<2 more rows." in repr(x.more) and "more" not in repr(x.more.more)

    def test_trailing_white_space_goes(self, hp):  # T-22
        x = hp.iso(type("ends with blanks   ", (), {"__slots__": ()})())
        for text in (str(x), str(x.stat), repr(x.all), str(x.byid)):
            assert text == text.rstrip() and not text.endswith("\n")

    def test_names_that_utf8_cannot_have(self, hp):
        x = hp.iso(types.ModuleType("lone \udc80 surrogate")).bymodule
        assert "lone \\udc80 surrogate" in str(x) and "lone \\udc80 surrogate" in x.stat.rows[0].name

    def test_printers_pass_on_everything_else(self, hp):  # T-54
        x = hp.iso(*make_types(15))
        m = x.more
        assert m.count == 15 and len(m) == 15 and m[0] == x[0] and (m & x) == x and m.bysize.count == 15
        assert (m | hp.iso(1)).count == 16 and (m ^ x) is hp.Nothing and m == x and m <= x and hash(m) == hash(x)
        assert x.parts[0].theone in m and bool(m) and m.top is x and m.prev is x
        with pytest.raises(AttributeError):
            m.nosuch
        with pytest.raises(TypeError):
            iter(m)
        assert [s.count for s in x.stat.more] == [1] * 15
