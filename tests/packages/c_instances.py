"""Instances of the types that the standard library has in C, with something in every field that can hold an object.

Each maker gives objects that refer to others in ways of their own; what is not on this version is left out.
"""

import pickle
import sys


def of_io():
    import io
    import tempfile

    raw = tempfile.TemporaryFile(buffering=0)
    raw.note = ["on a file"]
    buffered = io.BufferedRandom(raw)
    text = io.TextIOWrapper(buffered, encoding="utf-8", errors="replace", newline="\n")
    text.write("some text\n" * 30)
    text.flush()
    text.seek(0)
    text.readline()
    text.note = ["on a text file"]
    other = io.TextIOWrapper(io.BytesIO(b"one\r\ntwo\n" * 40), encoding="utf-16", errors="strict")
    pair = io.BufferedRWPair(io.BytesIO(b"read"), io.BytesIO())
    string = io.StringIO("text", newline=None)
    string.note = ["on a string"]
    data = io.BytesIO(b"data" * 10)
    data.note = ["on bytes"]
    decoder = io.IncrementalNewlineDecoder(io.TextIOWrapper(io.BytesIO(), encoding="utf-8").buffer, True, "strict")
    appended = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    appended.write("waiting")
    return text, other, pair, string, data, data.getbuffer(), decoder, appended, io.BufferedReader(io.BytesIO(b"x")), io.BufferedWriter(data)


def of_json():
    import json
    import json.encoder
    import json.scanner

    decoder = json.JSONDecoder(object_hook=lambda pairs: pairs, parse_float=lambda text: [text], parse_int=lambda text: [text])
    markers = {}
    encoder = json.encoder.c_make_encoder(
        markers, lambda o: [o], lambda text: [text], None, "k:" * 2, "i, " * 2, False, False, True
    )
    return decoder, decoder.scan_once, json.JSONDecoder(object_pairs_hook=list), encoder


def of_re():
    import re

    pattern = re.compile("(?P<first>a+)(b+)|(?P<last>c)")
    again = re.compile(b"bytes (x)")
    scanner = pattern.scanner("aab" * 5)
    found = [pattern.search("xaabb"), again.match(b"bytes x"), scanner.search()]
    pattern.sub("\\2 and \\g<first>", "aabb")  # compiles a template, which is kept
    return pattern, again, scanner, found, [m.regs for m in found]


def of_typing():
    import typing

    T, P = typing.TypeVar("T", bound=list), typing.ParamSpec("P", bound=dict)
    U = typing.TypeVar("U", int, str, contravariant=True)
    kept = [T, P, U, P.args, P.kwargs, typing.List[T], typing.Dict[str, U], typing.Callable[P, T], typing.Generic[T]]
    kept += [list[int], dict[str, list[T]], dict[str, list[T]].__parameters__, int | None, typing.Union[int, str]]
    kept += [typing.Optional[T], (int | list[T]).__parameters__]
    if hasattr(typing, "TypeVarTuple"):
        Ts = typing.TypeVarTuple("Ts")
        kept += [Ts, typing.Generic[typing.Unpack[Ts]], iter(Ts), list(iter(tuple[Ts]))]
    if sys.version_info >= (3, 12):
        names = {}
        exec("type Pair[A: (int, str), B: list, **Q, *R] = dict[A, list[B]]\ntype Lazy = list[undefined]", names)
        exec("class Boxed[A: list, B: (int, str)]:\n def of[C: dict](self, x: C) -> A: ...", names)
        kept += [names, names["Pair"].__value__, names["Pair"].__type_params__, names["Pair"][int, str, [int], str]]
        kept += [p.__bound__ for p in names["Pair"].__type_params__[:2]]
    if sys.version_info >= (3, 13):
        D = typing.TypeVar("D", default=list)
        kept += [D, D.__default__, typing.ParamSpec("E", default=[int]), typing.TypeVarTuple("F", default=typing.Unpack[tuple[int, str]])]
        kept += [typing.TypeAliasType("Made", list[D], type_params=(D,)), typing.NoDefault]
    return kept


def of_numbers():
    import decimal
    import fractions
    import random

    context = decimal.Context(prec=77)
    manager = decimal.localcontext(context)
    with manager:
        inner = decimal.getcontext()
    return context, context.traps, context.flags, manager, inner, decimal.Decimal("1.5"), fractions.Fraction(1, 3), random.Random(1)


def of_contextvars():
    import contextvars

    variables = [contextvars.ContextVar("name%d" % i, default=["default"]) for i in range(100)]
    context = contextvars.copy_context()
    tokens = context.run(lambda: [variable.set([variable]) for variable in variables])
    context.run(lambda: variables[3].reset(tokens[3]))
    context.run(variables[0].get)
    views = [context.keys(), context.values(), context.items(), iter(context)]

    class Key:
        def __init__(self, hash):
            self.hash = hash

        def __hash__(self):
            return self.hash

    return variables, context, tokens, views, contextvars.copy_context()


def of_functools():
    import functools
    import operator

    class Kept:
        @functools.cached_property
        def computed(self):
            return ["computed"]

        @functools.singledispatchmethod
        def chosen(self, x):
            return x

        @property
        def documented(self):
            """A text."""

        @classmethod
        def of_class(cls):
            """A text."""

        @staticmethod
        def static():
            """A text."""

    @functools.lru_cache(maxsize=20, typed=True)
    def cached(*args, **kwargs):
        return [args]

    @functools.cache
    def unbounded(x):
        return [x]

    cached.note = ["on a cache"]
    for i in range(30):
        cached(i, str(i), key=[i] and i)
        unbounded("text %d" % i)
    kept = [Kept(), cached, unbounded, functools.partial(cached, [1] and 1, key=2), functools.cmp_to_key(lambda a, b: 0)(["x"])]
    kept[0].computed
    kept.append(functools.partial(print))
    kept[-1].note = ["on a partial"]
    kept += [functools.cmp_to_key(len), operator.attrgetter("a.b", "c"), operator.itemgetter("x", "y"), operator.itemgetter(3)]
    kept += [operator.methodcaller("name", ["argument"], key=["value"]), functools.partialmethod(cached, 1)]
    kept += [Kept.of_class, Kept().of_class, super(Kept, kept[0]), super(Kept), Kept.__dict__["documented"].getter(lambda self: 1)]
    return kept


def of_iteration():
    import itertools

    def source():
        return iter([["item %d" % i] for i in range(6)])

    kept = [
        source(), reversed([["x"]]), iter(({},)), iter({"a": ["b"]}), iter({"a": ["b"]}.items()), iter({"a": ["b"]}.values()),
        reversed({"a": ["b"]}), reversed({"a": 1}.items()), reversed({"a": 1}.values()), iter({("s",)}), iter(b"bytes"),
        iter(bytearray(b"array")), iter("text"), iter("t\u20acxt"), iter(range(2**70)), iter(range(5)), iter(memoryview(b"view")),
        iter(lambda: 1, 2), enumerate(source(), 2**80), map(len, source(), [["y"]]), filter(None, source()), zip(source(), [["z"]]),
        itertools.accumulate(source(), lambda a, b: a + b, initial=["first"]), itertools.chain(source(), [["x"]]),
        itertools.chain.from_iterable([[["x"]]]), itertools.combinations([["x"], ["y"], ["z"]], 2),
        itertools.combinations_with_replacement([["x"], ["y"]], 2), itertools.compress(source(), [1, 0, 1]),
        itertools.count(["x"] and 2**80, 2**81), itertools.count(1.5, 0.5), itertools.cycle(source()),
        itertools.dropwhile(lambda x: False, source()), itertools.filterfalse(lambda x: False, source()),
        itertools.groupby(source(), key=lambda x: x), itertools.islice(source(), 1, 5), itertools.permutations([["x"], ["y"]]),
        itertools.product([["x"]], [["y"], ["z"]]), itertools.repeat(["x"], 5), itertools.starmap(lambda *a: a, source()),
        itertools.takewhile(lambda x: True, source()), itertools.zip_longest(source(), [["x"]], fillvalue=["fill"]),
        *itertools.tee(source(), 2),
    ]  # fmt: skip
    if hasattr(itertools, "pairwise"):
        kept.append(itertools.pairwise(source()))
    if hasattr(itertools, "batched"):
        kept.append(itertools.batched(source(), 2))
    results = []
    for iterator in kept:
        try:
            results.append(next(iterator))
        except TypeError:  # an iterable alone
            continue
    return kept, results


def of_collections():
    import collections
    import types

    ordered = collections.OrderedDict((("k", i), ["v"]) for i in range(20))
    ordered.note = ["on an ordered dict"]

    class Sub(collections.OrderedDict):
        pass

    sub = Sub(a=[1])
    sub.note = [2]
    deque = collections.deque([[i] for i in range(200)], maxlen=300)
    made = collections.namedtuple("made", "first second")(["1"], ["2"])
    kept = [ordered, sub, deque, iter(deque), reversed(deque), collections.defaultdict(list, a=[1]), made, type(made).first]
    kept += [iter(ordered), iter(ordered.items()), reversed(ordered), ordered.keys(), ordered.values(), ordered.items()]
    kept += [{"a": 1}.keys(), {"a": 1}.values(), {"a": 1}.items(), types.MappingProxyType({"a": [1]}), types.SimpleNamespace(a=[1])]
    kept += [types.MappingProxyType(ordered), slice(["x"], {}, ()), types.CellType(["cell"]), frozenset([("x",)]), {("y",)}]
    next(kept[8]), next(kept[9])
    return kept


def of_storing():
    import csv
    import io
    import sqlite3
    import struct

    reader = csv.reader(io.StringIO("a,b,c\nd,'e\nf'"), delimiter=",", quotechar="'", lineterminator="\r\n" * 2, escapechar="\\")
    next(reader), next(reader)
    writer = csv.writer(io.StringIO(), dialect=csv.excel)
    pickler, unpickler = Pickler(io.BytesIO()), Unpickler(io.BytesIO(pickle.dumps([["x"], "y" * 30])))
    pickler.dispatch_table = {Marker: lambda o: "marker"}
    pickler.dump([["pickled"], "text" * 20])
    unpickler.load()
    unpickler.find_class
    buffers = pickle.Pickler(io.BytesIO(), 5, buffer_callback=lambda buffer: None)
    unbuffered = pickle.Unpickler(io.BytesIO(b""), buffers=[["b"]])
    connection = sqlite3.connect(":memory:", factory=Connection)
    connection.create_function("held", 1, lambda x, kept=["in a function"]: 1)
    connection.create_aggregate("summed", 1, Aggregate)
    connection.create_collation("ordered", lambda a, b: 0)
    connection.set_trace_callback(lambda text: None)
    connection.set_progress_handler(lambda: 0, 100000)
    connection.set_authorizer(lambda *a: 0)
    connection.row_factory = sqlite3.Row
    connection.text_factory = lambda data: data.decode()
    cursor = connection.cursor()
    cursor.row_factory = sqlite3.Row
    cursor.execute("create table t(a text, b blob)")
    cursor.executemany("insert into t values(?, ?)", [("one", b"1"), ("two", b"2")])
    cursor.execute("select * from t")
    row = cursor.fetchone()
    kept = [reader, reader.dialect, writer, writer.dialect, pickler, pickler.memo, unpickler, unpickler.memo, buffers, unbuffered]
    kept += [connection, cursor, row, row.keys(), iter(row), pickle.PickleBuffer(bytearray(b"x")), struct.Struct("<2i")]
    kept.append(struct.iter_unpack("<i", b"abcdefgh"))
    if hasattr(connection, "blobopen"):
        kept.append(connection.blobopen("t", "b", 1))
    return kept


class Marker:
    pass


class Pickler(pickle.Pickler):
    def persistent_id(self, obj):
        return None


class Unpickler(pickle.Unpickler):
    def persistent_load(self, name):
        return name


class Aggregate:
    def step(self, x):
        pass

    def finalize(self):
        return 1


def Connection(*arguments, **options):
    import sqlite3

    class Kept(sqlite3.Connection):
        pass

    made = Kept(*arguments, **options)
    made.note = ["on a connection"]
    return made


def of_markup():
    import xml.etree.ElementTree as ET
    from xml.parsers import expat

    tree = ET.fromstring("<a b='c'>text<d>inner</d>tail<e/></a>")
    tree.text, tree[0].tail = "text of its own", "tail of its own"
    walk = tree.iter("d")
    builder = ET.TreeBuilder(element_factory=None, comment_factory=ET.Comment, pi_factory=ET.ProcessingInstruction, insert_comments=True)
    builder.start("open", {"x": "y"})
    builder.data("waiting")
    builder.start("inner", {})
    parser = ET.XMLParser(target=builder)
    pull = ET.XMLPullParser(["start", "end", "comment", "pi", "start-ns", "end-ns"])
    pull.feed("<a xmlns:p='q'><b>")
    raw = expat.ParserCreate(intern={"x": "y"}, namespace_separator=" ")
    for name in dir(raw):
        if name.endswith("Handler"):
            setattr(raw, name, lambda *a, kept=[name]: None)
    raw.buffer_text = True
    raw.Parse("<a>text", False)
    return tree, walk, tree.iter(), tree.itertext(), builder, parser, pull, pull._parser, raw, tree.iterfind("d")


def of_threads():
    import _thread
    import queue
    import threading

    local = threading.local()
    local.value = ["of this thread"]

    class Kept(threading.local):
        def __init__(self, *arguments, **options):
            self.arguments = arguments

    kept = [local, Kept(["argument"], key=["option"]), queue.SimpleQueue(), threading.RLock(), threading.Lock(), _thread.allocate_lock()]
    kept[2].put(["waiting"])
    kept[2].put(["next"])
    return kept


def of_asyncio():
    import asyncio

    async def numbers():
        for i in range(3):
            yield [i]

    async def wait(future):
        try:
            return await future
        except ValueError:
            pass

    async def make():
        loop = asyncio.get_running_loop()
        future, failed, cancelled, done = [loop.create_future() for _ in range(4)]
        future.add_done_callback(lambda _: None)
        future.add_done_callback(lambda _: 1)
        failed.set_exception(ValueError("failed"))
        failed.exception()
        cancelled.cancel("a message")
        done.set_result(["result"])
        task = asyncio.create_task(wait(future), name="waiting")
        finished = asyncio.create_task(wait(done), name="finished")
        await finished
        await asyncio.sleep(0)
        walk, other = numbers(), numbers()
        send, thrown, default = other.asend(None), other.athrow(ValueError), anext(walk, ["default"])
        kept = [future, failed, cancelled, done, task, finished, iter(future), walk, other, send, thrown, default]
        kept += [task.get_coro().__await__(), numbers().__anext__(), numbers().aclose(), asyncio.Event(), asyncio.Queue()]
        kept += [loop, loop.call_later(1000, len, [])]
        made.extend(kept)
        return kept

    made = []
    loop = asyncio.new_event_loop()
    loop.run_until_complete(make())
    return made


def of_buffers():
    import array
    import mmap

    view = memoryview(bytearray(b"a buffer"))
    mapped = mmap.mmap(-1, 4096)
    return view, view[2:], memoryview(mapped), array.array("d", [1.5]), iter(array.array("i", [1])), mapped, memoryview(array.array("i", [1]))


def of_codecs():
    import codecs

    kept = [codecs.lookup(name) for name in ("utf-8", "latin-1", "gb2312", "shift_jis", "idna", "rot13")]
    for info in kept[:4]:
        encoder, decoder = info.incrementalencoder("replace"), info.incrementaldecoder("ignore")
        encoder.errors, decoder.errors = "an error " * 2, "another " * 2
        kept += [encoder, decoder, info.streamreader(open("/dev/null", "rb")), info.streamwriter(open("/dev/null", "wb"))]
    return kept


def of_times():
    import datetime
    import time
    import zoneinfo

    utc = datetime.timezone(datetime.timedelta(hours=3), "named zone")
    kept = [datetime.datetime.now(utc), datetime.time(1, tzinfo=utc), utc, time.localtime()]
    try:
        zone = zoneinfo.ZoneInfo("Europe/Berlin")
    except zoneinfo.ZoneInfoNotFoundError:
        return kept
    kept += [zone, datetime.datetime.now(zone), zone.utcoffset(datetime.datetime.now())]

    class Kept(zoneinfo.ZoneInfo):
        pass

    return kept + [Kept("Europe/Paris"), zoneinfo.ZoneInfo.no_cache("Europe/Rome")]


def of_networks():
    import select
    import socket
    import ssl

    context = ssl.create_default_context()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.sni_callback = lambda *a: None
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    wrapped = context.wrap_bio(incoming, outgoing, server_hostname="a.name")
    if hasattr(context, "_msg_callback"):
        context._msg_callback = lambda *a: None
    left, right = socket.socketpair()
    return context, server, wrapped, wrapped._sslobj, left, right, select.poll()


def of_errors():
    import codecs

    kept = []
    for fail in (
        lambda: int("x" * 5), lambda: {}["missing"], lambda: [].missing, lambda: open("/no/such", "rb"), lambda: "\udc80".encode(),
        lambda: b"\xff".decode(), lambda: __import__("no.such"), lambda: missing, lambda: compile("a b", "file", "exec"), lambda: next(iter([])),
        lambda: codecs.charmap_decode(b"\xff", "strict", "a"), lambda: exec("raise SystemExit(['code'])"), lambda: 1 / 0,
    ):  # fmt: skip
        try:
            try:
                raise KeyError(["context"])
            except KeyError as first:
                kept.append(first)
                fail()
        except BaseException as error:
            error.note = ["on an error"]
            kept.append(error)
    try:
        raise OSError(2, ["text"], "file", None, "other") from kept[1]
    except OSError as error:
        kept.append(error)
    kept.append(UnicodeTranslateError("text " * 3, 1, 2, "reason " * 3))
    if sys.version_info >= (3, 11):
        group = ExceptionGroup("both " * 2, [ValueError(["x"]), KeyError()])  # noqa: F821
        group.add_note("a note")
        kept.append(group)
    return kept


def of_profilers():
    import cProfile

    profile = cProfile.Profile(timer=lambda: 1)
    profile.enable()
    len([])
    profile.disable()
    return profile, profile.getstats()


def of_syntax():
    import ast
    import symtable

    tree = ast.parse("def f(x, *y: int) -> str:\n return [x for x in y if x]\n")
    table = symtable.symtable("def f(x): return lambda: x", "file", "exec")
    return tree, table, table._table, compile("x = 1", "file", "exec")


def of_interpreter():
    kept = [sys.flags, sys.version_info, sys.thread_info, type.__dict__["__module__"], int.__dict__["real"], len, [].append, "".join]
    kept += [int.__add__, (1).__add__, dict.__dict__["fromkeys"], dict.fromkeys, object.__new__, type.__dict__["mro"], sys._getframe()]
    import unicodedata
    import weakref

    class Target:
        pass

    target = Target()
    kept += [target, weakref.ref(target, lambda r: None), weakref.proxy(target, lambda r: None), weakref.WeakSet([target]), unicodedata.ucd_3_2_0]
    return kept


MAKERS = [value for name, value in list(globals().items()) if name.startswith("of_")]
