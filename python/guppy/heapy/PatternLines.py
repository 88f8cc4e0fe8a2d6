"""What the lines of reference patterns and of their paths have in common: the names of rows, and pages."""

PAGE = 10  # lines
SHORT_NAMES = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def child_name(number):
    """The name of a child among its brothers: a letter, or from the 53rd on its number between lines."""
    return SHORT_NAMES[number] if number < len(SHORT_NAMES) else "_%d_" % number


def short_name(path):
    """The printed name of a row; three equal letters and more are written once, with their number."""
    if not path:
        return "_"
    parts = []
    for name in path:
        if parts and parts[-1][0] == name and len(name) == 1:
            parts[-1][1] += 1
        else:
            parts.append([name, 1])
    return "".join(name * n if n < 3 else "%s%d" % (name, n) for name, n in parts)


def path_of_name(text):
    """The names of the rows on the way to a row, from its long or short name; None when it is no name."""
    if text == "_":
        return ()
    path, at = [], 0
    while at < len(text):
        start, is_letter = at, text[at] in SHORT_NAMES
        at += 1
        while at < len(text) and text[at].isdecimal():
            at += 1
        number = text[start + 1 : at]
        if is_letter:
            path.extend([text[start]] * int(number or 1))
        elif text[start] == "_" and number and text[at : at + 1] == "_":
            at += 1
            path.append(text[start:at])
        else:
            return None
    return tuple(path)


def more_lines(rest):
    """The line that says that more follow; rest: how many, None when that is not known."""
    if rest is None:
        return "<Type e.g. '_.more' for more.>"
    return "<%d more lines. Type e.g. '_.more' for more.>" % rest
