"""Python statements of a console: when they are complete, how they run, what they show.

As at Python's own prompt, but that nothing of the process is touched: values are shown by a function of the console
instead of sys.displayhook, and kept in its own `_`; tracebacks are printed without setting sys.last_exc and its kin; no
module is imported, and no source is kept.
"""

import __future__

import _ast
import sys

from .._heapyc import _call_with_mortal_code, _hide_type

__all__ = ["Statements", "without_own_frames"]

ALLOW_INCOMPLETE, DONT_IMPLY_DEDENT = 0x4000, 0x200  # of compile(), as the module codeop has them
FUTURES = 0
for _name in __future__.all_feature_names:
    FUTURES |= getattr(__future__, _name).compiler_flag

# Stands in the constants of compiled code where the object with show() is put.
PLACEHOLDER = "\0guppy.monitor shows a value\0"

OPENS_SCOPE = (_ast.FunctionDef, _ast.AsyncFunctionDef, _ast.ClassDef)


def shown(expression):
    """A statement that calls PLACEHOLDER.show(value), where `expression` is an expression statement."""
    place = {name: getattr(expression, name) for name in ("lineno", "col_offset", "end_lineno", "end_col_offset")}
    holder = _ast.Constant(value=PLACEHOLDER, kind=None, **place)
    show = _ast.Attribute(value=holder, attr="show", ctx=_ast.Load(), **place)
    return _ast.Expr(value=_ast.Call(func=show, args=[expression.value], keywords=[], **place), **place)


def show_values(statements):
    """Make the expression statements outside of functions and classes show their values, as compile() does for sys.displayhook."""
    for i, node in enumerate(statements):
        if isinstance(node, _ast.Expr):
            statements[i] = shown(node)
        elif not isinstance(node, OPENS_SCOPE):
            for name in ("body", "orelse", "finalbody"):
                show_values(getattr(node, name, ()))
            for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
                show_values(part.body)


def is_ours(frame):
    return frame.f_globals.get("__package__") == __package__ or frame.f_globals.get("__name__") == "guppy.heapy.Console"


def without_own_frames(error):
    """An exception, after the frames of this package were taken out of its tracebacks and those of its causes."""
    strip(error, set())
    return error


def strip(error, seen):
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        traceback = error.__traceback__
        while traceback is not None and is_ours(traceback.tb_frame):
            traceback = traceback.tb_next
        error.__traceback__ = first = traceback
        while first is not None:
            while first.tb_next is not None and is_ours(first.tb_next.tb_frame):
                first.tb_next = first.tb_next.tb_next
            first = first.tb_next
        strip(error.__cause__, seen)
        error = error.__context__


def caches():
    """The dicts in which printing a traceback leaves something."""
    places = (("linecache", "cache"), ("re", "_cache"), ("re", "_cache2"))
    found = [getattr(sys.modules.get(module), name, None) for module, name in places]
    return [cache for cache in found if isinstance(cache, dict)]


def forget_since(before):
    """Take out of caches what was not in them before: pairs of a cache and its keys."""
    for cache, keys in before:
        for key in set(cache) - keys:
            cache.pop(key, None)


@_hide_type
class Statements:
    """Runs statements in a namespace.

    filename: what tracebacks call it.  output: the function that writes a text.  mute: called with True and False around
    attempts to compile, whose warnings are not to be seen twice.
    """

    __slots__ = ("namespace", "filename", "write", "mute", "flags")

    def __init__(self, namespace, filename, write, mute=None):
        self.namespace = namespace
        self.filename = filename
        self.write = write
        self.mute = mute or (lambda is_muted: None)
        self.flags = 0

    def _parse(self, source, flags):
        return compile(source, self.filename, "single", self.flags | flags | _ast.PyCF_ONLY_AST, dont_inherit=True)

    def _is_complete(self, source):
        try:
            self._parse(source, ALLOW_INCOMPLETE | DONT_IMPLY_DEDENT)
        except SyntaxError:
            try:
                self._parse(source + "\n", ALLOW_INCOMPLETE | DONT_IMPLY_DEDENT)
                return False
            except SyntaxError as e:
                return "incomplete input" not in str(e)
        return True

    def compile(self, source):
        """The code of a statement; None when more lines must come.

        SyntaxError, ValueError, OverflowError or MemoryError when it never can be one.
        """
        lines = [line.strip() for line in source.split("\n")]
        if all(not line or line.startswith("#") for line in lines):
            source = "pass"
        self.mute(True)
        try:
            if not self._is_complete(source):
                return None
        finally:
            self.mute(False)
        tree = self._parse(source, 0)
        show_values(tree.body)
        # As a module: in "single" mode sys.displayhook would be called with what show() returns.
        module = _ast.Module(body=tree.body, type_ignores=[])
        return _call_with_mortal_code(lambda: self._code_of(module))

    def _code_of(self, module):
        code = compile(module, self.filename, "exec", self.flags, dont_inherit=True)
        self.flags |= code.co_flags & FUTURES
        if PLACEHOLDER not in code.co_consts:
            return code
        return code.replace(co_consts=tuple(self if c == PLACEHOLDER else c for c in code.co_consts))

    def show(self, value):
        """What the code calls with the value of an expression statement."""
        if value is not None:
            self.namespace.pop("_", None)
            self.write(repr(value) + "\n")
            self.namespace["_"] = value

    def show_error(self, error):
        """Print a traceback to sys.stderr as the interpreter does, without the frames of this package.

        Lines of source that were read for it, and patterns that were compiled, are forgotten, since they would stay in
        the program's heap.
        """
        without_own_frames(error)
        before = [(cache, set(cache)) for cache in caches()]
        try:
            sys.__excepthook__(type(error), error, error.__traceback__)
        finally:
            forget_since(before)
