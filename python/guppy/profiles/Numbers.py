"""Numbers as the views of profiles show and take them (W-22, W-23, W-28)."""

import re

__all__ = ["LARGEST_RANGE", "next_range", "parse_range", "percent", "range_above", "short", "tick_label", "tick_step"]

SUFFIXES = ("", "K", "M", "G", "T", "P", "E", "Z", "Y", "R", "Q")
MULTIPLIERS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
LARGEST_RANGE = 10**12


def short(value):
    """A number in at most five digits: 99999, 100K, 1235M.

    Numbers up to 99999 are shown as they are; larger ones are divided by 1000 until they fit and rounded.  What then
    ends in three zeros is shortened once more.
    """
    divisor, power = 1, 0
    while abs(value) > 99999 * divisor and power < len(SUFFIXES) - 1:
        divisor, power = divisor * 1000, power + 1
    number = round(value / divisor) if isinstance(value, float) else rounded_quotient(value, divisor)
    if number and number % 1000 == 0 and power < len(SUFFIXES) - 1:
        number, power = number // 1000, power + 1
    return "%d%s" % (number, SUFFIXES[power])


def rounded_quotient(value, divisor):
    """round(value / divisor), exact for integers of any size: halves go to the even side."""
    quotient, rest = divmod(value, divisor)
    return quotient + (2 * rest > divisor or (2 * rest == divisor and quotient % 2))


def percent(part, whole):
    """`part` as a percentage of `whole`, in at most five characters and a sign; '---' of nothing."""
    if not whole:
        return "---"
    p = 100 * part / whole
    if abs(p) >= 10:
        text = "%.0f" % p
        return text if abs(int(text)) <= 9999 else "%.0e" % p
    if abs(p) >= 0.01:
        return "%.2g" % p
    return "0" if abs(p) < 1e-10 else "%.0e" % p


def range_above(value):
    """The smallest of 1, 2, 5, 10, 20, 50 ... that is not below `value`."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if factor * step >= value:
                return factor * step
        step *= 10


def next_range(value, up):
    """The range after `value` in 1, 2, 5, 10 ... 1T; before it if not `up`."""
    if up:
        return min(range_above(value + 1), LARGEST_RANGE)
    above, below = 1, 1
    while above < value:
        below, above = above, range_above(above + 1)
    return below


def parse_range(text):
    """The number that a range field means: a positive integer, perhaps with K, M, G or T, at most 1T.

    Raises ValueError with an explanation for anything else.
    """
    match = re.fullmatch(r"([0-9]+)([KMGT]?)", text.strip(), re.IGNORECASE | re.ASCII)
    number = int(match[1]) * MULTIPLIERS[match[2].upper()] if match and len(match[1]) <= 13 else 0
    if not 0 < number <= LARGEST_RANGE:
        raise ValueError(
            "%r is no range: give a positive integer, perhaps with K, M, G or T after it for a thousand, a million, "
            "10^9 or 10^12, and at most 1T" % text[:40]
        )
    return number


def tick_step(length, most):
    """The smallest step of 1, 2, 5, 10 ... with which an axis of `length` has at most `most` steps."""
    return range_above(max(1, -(-length // max(1, most))))


def tick_label(value, step):
    """The text at `value` on an axis with ticks every `step`: with the suffix that the step calls for."""
    power = 0
    while power < len(SUFFIXES) - 1 and step % 1000 ** (power + 1) == 0:
        power += 1
    return "%d%s" % (value // 1000**power, SUFFIXES[power]) if value else "0"
