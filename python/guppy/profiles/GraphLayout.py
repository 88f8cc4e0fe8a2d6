"""The geometry of a profile's graph, for any toolkit: which samples are in view, where things stand, what is under a point.

An axis places samples by number or by time; a View maps a part of it, and values from 0 to a range, to a rectangle of
pixels whose origin is at the top left.
"""

import bisect
import time

from .._heapyc import _hide_type
from .Numbers import range_above, short, tick_label, tick_step

__all__ = ["BANDS", "BARS", "LINES", "SampleAxis", "View", "bar_runs", "band_edges", "line_runs", "stack", "time_ticks"]

BARS, LINES, BANDS = "bars", "lines", "bands"
BAR_PART = 0.9  # of the space between samples
TIME_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800)


@_hide_type
class SampleAxis:
    """Where samples stand: by number at 0, 1, 2 ..., by time at the seconds since the first.

    A clock that was put back does not let samples overlap: they stand where the one before stands.
    """

    def __init__(self, profile, by="number"):
        self.by = by
        self.start = 0.0
        self.positions = range(len(profile))
        self.follow(profile)

    def follow(self, profile):
        """Take in samples that were added; or all of them when the profile was read anew."""
        count = len(profile)
        if self.by == "number":
            self.positions = range(count)
            return
        times = [profile.store.header(number)[0] for number in range(count)]
        self.start = times[0] if times and -1e15 < times[0] < 1e15 else 0.0
        positions, last = [], 0.0
        for seconds in times:
            at = seconds - self.start
            last = max(last, at) if -1e15 < at < 1e15 else last
            positions.append(last)
        self.positions = positions

    def __len__(self):
        return len(self.positions)

    def edges(self, number):
        """Where the space of a sample begins and ends: half-way to its neighbours."""
        at, count = self.positions[number], len(self.positions)
        before = self.positions[number - 1] if number else None
        after = self.positions[number + 1] if number + 1 < count else None
        if before is None and after is None:
            return at - 0.5, at + 0.5
        left = at - (at - before if before is not None else after - at) / 2
        right = at + (after - at if after is not None else at - before) / 2
        return left, right

    def bounds(self, first, end):
        """The edges of the samples from first to before end, each once: where one ends the next begins."""
        if first >= end:
            return []
        at = self.positions[first:end]
        between = [before + (after - before) / 2 for before, after in zip(at, at[1:])]
        return [self.edges(first)[0], *between, self.edges(end - 1)[1]]

    def extent(self):
        """The space of all samples."""
        if not self.positions:
            return -0.5, 0.5
        left, right = self.edges(0)[0], self.edges(len(self.positions) - 1)[1]
        return (left, right) if right > left else (left - 0.5, right + 0.5)

    def between(self, left, right):
        """(first, end) of the samples whose space is at least partly between two positions."""
        first = max(0, bisect.bisect_left(self.positions, left) - 1)
        end = min(len(self.positions), bisect.bisect_right(self.positions, right) + 1)
        while first < end and self.edges(first)[1] <= left:
            first += 1
        while end > first and self.edges(end - 1)[0] >= right:
            end -= 1
        return first, end

    def nearest(self, position):
        """The sample nearest to a position."""
        at = bisect.bisect_left(self.positions, position)
        if at and (at == len(self.positions) or position - self.positions[at - 1] < self.positions[at] - position):
            at -= 1
        return at


@_hide_type
class View:
    """A part of the axis, left to right, and values from 0 to y_range, in a rectangle of width by height pixels."""

    def __init__(self, left=-0.5, right=0.5, y_range=1, width=1, height=1):
        self.left, self.right, self.y_range = left, right, y_range
        self.width, self.height = width, height

    def x(self, position):
        return (position - self.left) * self.width / (self.right - self.left)

    def position(self, x):
        return self.left + x * (self.right - self.left) / self.width

    def y(self, value):
        return self.height - value * self.height / self.y_range

    def value(self, y):
        return (self.height - y) * self.y_range / self.height

    # ---- ticks ----

    def value_ticks(self, pixels):
        """[(value, text)] of the y axis, labels at least so many pixels apart."""
        step = tick_step(self.y_range, max(1, int(self.height / pixels)))
        return [(value, tick_label(value, step)) for value in range(0, int(self.y_range) + 1, step)]

    def number_ticks(self, label_width):
        """[(position, text)] of an axis of numbers; label_width(text) in pixels."""
        widest = label_width("8" * max(2, len(short(int(max(1, self.right))))))
        most = max(1, int(self.width / (widest * 1.6)))
        step = tick_step(int(self.right - self.left) + 1, most)
        first = -(-max(0, int(self.left)) // step) * step
        return [(at, tick_label(at, step)) for at in range(first, int(self.right) + 1, step) if self.left <= at <= self.right]

    def time_ticks(self, start, label_width):
        """[(position, text)] of an axis of times, position 0 being `start` in seconds since 1970."""
        return time_ticks(self.left, self.right, start, max(1, int(self.width / (label_width("00:00:00") * 1.5))))


def time_ticks(left, right, start, most):
    """At most about `most` [(position, text)] at round local times between two positions, seconds from `start`."""
    step = next((s for s in TIME_STEPS if (right - left) / s <= most), None)
    if step is None:
        step = 604800 * range_above(int((right - left) / 604800 / most) + 1)
    try:
        shift = time.localtime(start).tm_gmtoff or 0
        form = "%H:%M:%S" if step < 60 else "%H:%M" if step < 86400 else "%d %b"
        first = -(-(start + shift + left) // step) * step - start - shift
        ticks = []
        while first <= right and len(ticks) <= 2 * most + 2:
            ticks.append((first, time.strftime(form, time.localtime(start + first))))
            first += step
        return ticks
    except (OverflowError, ValueError, OSError):
        return [(left, "%g s" % left)]


# ---- what is drawn ----


def stack(segments):
    """[(kind, value, bottom, top)] of a sample's segments, in values, from the smallest at the bottom up."""
    result, at = [], 0
    for kind, value in reversed(segments):
        if value > 0:
            result.append((kind, value, at, at + value))
            at += value
    return result


def bar_runs(axis, view, totals):
    """[(from, to, number)]: which whole pixels each sample's bar covers.

    A bar takes nine tenths of its sample's space; where that leaves less than a pixel between bars they touch.  Of
    samples that share a pixel the one with the largest total is shown, so that no peak is lost.
    """
    first, end = axis.between(view.left, view.right)
    runs, edges = [], [view.x(bound) for bound in axis.bounds(first, end)]
    for number, x0, x1 in zip(range(first, end), edges, edges[1:]):
        gap = (x1 - x0) * (1 - BAR_PART) / 2
        if gap < 0.5:
            gap = 0
        x0, x1 = max(0, round(x0 + gap)), min(view.width, round(x1 - gap))
        if x1 <= x0:
            x0 = min(x0, view.width - 1)
            x1 = x0 + 1
        if runs and x0 < runs[-1][1]:
            if x1 - x0 == 1 and runs[-1][1] - runs[-1][0] == 1:
                if totals[number] > totals[runs[-1][2]]:
                    runs[-1] = (x0, x1, number)
                continue
            x0 = runs[-1][1]
            if x1 <= x0:
                continue
        runs.append((x0, x1, number))
    return runs


def band_edges(axis, view, lists):
    """(first x, [values at each whole pixel from there on]): bands run straight from sample to sample.

    At most one list a pixel.  Of samples that share a pixel the one with the largest total is taken.
    """
    first, end = axis.between(view.left, view.right)
    first, end = max(0, first - 1), min(len(axis), end + 1)
    points = []  # (x, values), at most one for each pixel
    for number in range(first, end):
        x = view.x(axis.positions[number])
        if points and int(points[-1][0]) == int(x) and end - first > 2:
            if sum(lists[number]) > sum(points[-1][1]):
                points[-1] = (points[-1][0], lists[number])
        else:
            points.append((x, lists[number]))
    if not points:
        return 0, []
    if len(points) == 1:
        left, right = axis.edges(first)
        points = [(view.x(left), points[0][1]), (view.x(right), points[0][1])]
    begin, finish = max(0, int(points[0][0])), min(view.width, int(points[-1][0]) + 1)
    columns, at = [], 0
    for x in range(begin, finish):
        centre = min(max(x + 0.5, points[0][0]), points[-1][0])
        while at + 2 < len(points) and points[at + 1][0] <= centre:
            at += 1
        (x0, left), (x1, right) = points[at], points[at + 1]
        part = (centre - x0) / (x1 - x0) if x1 > x0 else 1.0
        columns.append([a + (b - a) * part for a, b in zip(left, right)])
    return begin, columns


def line_runs(axis, view, selection, apart=0.0):
    """{kind: [[(number, value), ...], ...]}: for each kind the stretches of samples in view in which it is shown.

    apart  so many pixels at least are between samples; of those that are nearer the one with the largest value is taken
    """
    first, end = axis.between(view.left, view.right)
    first, end = max(0, first - 1), min(len(axis), end + 1)
    numbers = thinned(axis, view, selection, range(first, end), apart)
    runs, open_runs = {}, {}
    for place, number in enumerate(numbers):
        for kind, value in selection.segments(number):
            last = open_runs.get(kind)
            if last and last[0] == place - 1:
                last[1].append((number, value))
                last[0] = place
            else:
                stretch = [(number, value)]
                runs.setdefault(kind, []).append(stretch)
                open_runs[kind] = [place, stretch]
    return runs


def thinned(axis, view, selection, numbers, apart):
    """The samples of `numbers` that stand at least `apart` pixels from each other."""
    kept, last = [], None
    for number in numbers:
        slot = int(view.x(axis.positions[number]) // apart) if apart else number
        if slot != last:
            kept.append(number)
            last = slot
        elif selection.largest_value(number) > selection.largest_value(kept[-1]):
            kept[-1] = number
    return kept
