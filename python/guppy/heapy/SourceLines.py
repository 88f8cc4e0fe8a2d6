"""Which lines of which file the source of an object is.

As the inspect module finds them, which brings a dozen modules along that would show as what is new since a reference
point; linecache and tokenize are loaded with the session.
"""

import linecache
import sys
import tokenize
import types

__all__ = ["source_lines"]


def source_lines(session, obj):
    """(file, first line, the line after the last) of the source of a function, class, module, frame or code.

    TypeError for what has no source, OSError where the source is not there.
    """
    if isinstance(obj, types.ModuleType):
        return _whole_file(_file_of_module(obj))
    if isinstance(obj, type):
        return _lines_of_class(obj)
    code = _code_of(obj)
    if code.co_name == "<module>":
        return _whole_file(code.co_filename)
    lines = _read(code.co_filename)
    if code.co_firstlineno > len(lines):
        raise OSError("lineno is out of bounds")
    return code.co_filename, code.co_firstlineno, _end_of_block(lines, code.co_firstlineno)


def _code_of(obj):
    if isinstance(obj, types.MethodType):
        obj = obj.__func__
    if isinstance(obj, types.FunctionType):
        seen = {id(obj)}
        while "__wrapped__" in vars(obj) and isinstance(obj.__wrapped__, types.FunctionType):
            obj = obj.__wrapped__
            if id(obj) in seen:
                raise ValueError("wrapper loop when unwrapping %r" % obj)
            seen.add(id(obj))
        obj = obj.__code__
    if isinstance(obj, types.TracebackType):
        obj = obj.tb_frame
    if isinstance(obj, types.FrameType):
        obj = obj.f_code
    if isinstance(obj, types.CodeType):
        return obj
    raise TypeError(
        "module, class, method, function, traceback, frame, or code object was expected, got %s" % type(obj).__name__
    )


def _file_of_module(module):
    file = getattr(module, "__file__", None)
    if not file:
        raise TypeError("%r is a built-in module" % module)
    return file


def _read(file):
    lines = linecache.getlines(file)
    if not lines:
        raise OSError("could not get source code")
    return lines


def _whole_file(file):
    return file, 0, len(_read(file))


def _lines_of_class(cls):
    module = sys.modules.get(cls.__module__)
    if module is None or not getattr(module, "__file__", None):
        raise TypeError("%r is a built-in class" % cls)
    file = module.__file__
    lines = _read(file)
    found = type.__dict__["__dict__"].__get__(cls).get("__firstlineno__")  # from 3.13 on
    if type(found) is not int:
        found = _line_of_class(lines, cls.__qualname__)
    if found is None:
        raise OSError("could not find class definition")
    return file, found, _end_of_block(lines, found)


def _tokens(lines, first):
    return tokenize.generate_tokens(iter(lines[first - 1 :]).__next__)


def _line_of_class(lines, qualname):
    """Where the last class of the name begins, with its decorators; None: it is not there."""
    found, depth, decorated = None, 0, None
    blocks = []  # of what the line is in: the depth of the body, the name
    at_start, named_by = True, None
    for token in _tokens(lines, 1):
        kind, text, (row, _), _, _ = token
        if kind == tokenize.INDENT:
            depth += 1
            continue
        if kind == tokenize.DEDENT:
            depth -= 1
        elif kind == tokenize.NEWLINE:
            at_start = True
        if kind in (tokenize.DEDENT, tokenize.NEWLINE, tokenize.NL, tokenize.COMMENT):
            continue
        while at_start and blocks and blocks[-1][0] > depth:  # those in one line have no body that ends
            blocks.pop()
        if named_by:
            name = ".".join([b[1] for b in blocks] + [text])
            if named_by == "class" and name == qualname:
                found = decorated or row
            blocks.append((depth + 1, text if named_by == "class" else text + ".<locals>"))
            named_by = decorated = None
        elif at_start and text == "@":
            decorated, at_start = decorated or row, False
        elif at_start and text in ("class", "def"):
            named_by, at_start = text, False
        elif text != "async":
            if at_start:
                decorated = None
            at_start = False
    return found


def _end_of_block(lines, first):
    """The line after the last of the function or class that begins there, as its indentation says."""
    depth, last, has_begun, is_lambda, body = 0, first, False, False, None
    try:
        for kind, text, (row, column), (_, end_column), _ in _tokens(lines, first):
            if not has_begun:
                has_begun = text in ("def", "class", "lambda")
                is_lambda = text == "lambda"
            elif kind == tokenize.NEWLINE:
                last = first + row
                if is_lambda:
                    break
            elif is_lambda:
                continue
            elif kind == tokenize.INDENT:
                depth += 1
                body = end_column if body is None else body
            elif kind == tokenize.DEDENT:
                depth -= 1
                if depth <= 0:
                    break
            elif kind == tokenize.COMMENT:
                if body is not None and column >= body:
                    last = first + row
            elif depth == 0 and last > first and kind != tokenize.NL:
                break
    except (tokenize.TokenError, IndentationError, SyntaxError):  # of a piece of a file
        last = max(last, first + 1)
    return last
