"""What the arguments of hp.Via() and hp.Prod() mean."""

import builtins
import inspect
import re

_FORMS = re.compile(
    r"""(?P<keys>(\.__dict__)?\.keys\(\)\[(?P<key_number>.*)\])
      | (?P<local>\.f_locals\ ?\[(?P<variable>.*)\])
      | (?P<member>list\(_\)\[(?P<member_number>.*)\])
      | (?P<stack>->f_valuestack\[(?P<slot>.*)\])
      | (?P<attribute>\.\w+)
      | (?P<internal>->.*)
      | \[(?P<index>.*)""",
    re.VERBOSE | re.DOTALL,
)


def _repr(key):
    try:
        return repr(key)
    except Exception:
        return "<%s instance at %#x>" % (type(key).__name__, id(key))


def _canonical(session, text):
    found = _FORMS.fullmatch(text)
    if not found:
        raise SyntaxError("Cant make a relation of %r." % text)
    names = {"__builtins__": builtins, "hp": session}
    if found["keys"]:
        return "%s[%d]" % (text[: text.index("[")], int(found["key_number"]))
    if found["local"]:
        return "%s[%s]" % (text[: text.index("[")], _repr(eval(found["variable"], names)))
    if found["member"]:
        return "list(_)[%d]" % int(found["member_number"])
    if found["stack"]:
        return "->f_valuestack[%d]" % int(found["slot"])
    if found["index"] is not None:
        return "[%s]" % _repr(eval(found["index"][:-1], names))
    return text


def relation_text(session, text):
    """The repr of a relation as tables by Via show it, from the text of one.

    What stands between brackets is evaluated, with the builtins and `hp`; its errors pass through.  Raises
    SyntaxError when the text is none of a relation, TypeError when it is no str.
    """
    if not isinstance(text, str):
        raise TypeError("Via: a relation as a str expected, such as '.name' or '[0]', not %s" % type(text).__name__)
    if text.startswith("_") and not text.startswith("__"):
        text = text[1:]
    return repr(_canonical(session, text))


def source_lines(session, obj):
    """(file, first line, the line after the last) of the source of a function, class, module, frame or code.

    Errors of the inspect module pass through.
    """
    lines, first = inspect.getsourcelines(obj)
    return inspect.getsourcefile(obj) or inspect.getfile(obj), first, first + len(lines)
