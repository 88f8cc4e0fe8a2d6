"""What the argument of hp.Via() means."""

import builtins

# What stands before the bracket in the text of a relation with a number in it, and with a value.
_NUMBERED = (".keys()[", ".__dict__.keys()[", "list(_)[", "->f_valuestack[")
_VALUED = (".f_locals[", ".f_locals [")


def _repr(key):
    try:
        return repr(key)
    except Exception:
        return "<%s instance at %#x>" % (type(key).__name__, id(key))


def _value(text, names):
    """What an expression gives.  A number, as most are, needs no code, which without a GIL only the collector lets go of."""
    if text.isdecimal() and len(text) < 20 and str(int(text)) == text:
        return int(text)
    return eval(text, names)


def _canonical(session, text):
    names = {"__builtins__": builtins, "hp": session}
    start, bracket, inside = text.partition("[")
    if text.startswith(_NUMBERED) and text.endswith("]"):
        return "%s[%d]" % (start, int(inside[:-1]))
    if text.startswith(_VALUED) and text.endswith("]"):
        return "%s[%s]" % (start, _repr(_value(inside[:-1], names)))
    place, _, rest = text.partition("]")
    if not start and ("," in place or rest) and place[1:].replace(",", "").isdigit():
        return text  # of an array of numpy's: [1,2], [17].field
    if bracket and not start:
        return "[%s]" % _repr(_value(inside[:-1], names))
    if text.startswith("->") or (text[:1] == "." and text[1:].replace("_", "a").isalnum()):
        return text
    raise SyntaxError("Cant make a relation of %r." % text)


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
