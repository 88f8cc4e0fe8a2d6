"""What a window of the profile browser shows: the file, the part of it in view, markers and choices; without Tk (W-62)."""

from .._heapyc import ProfileStore, _hide_type
from .Comparison import DEFAULT_COLUMNS, DIFFERENCE_COLUMNS, Comparison
from .GraphLayout import BARS, LINES, SampleAxis, View
from .Markers import Marker
from .Numbers import next_range, range_above
from .ProfileFile import Profile
from .Selection import Selection

__all__ = ["BrowserModel"]


@_hide_type
class NoProfile:
    """What is shown before a file was opened: no samples."""

    path = None

    def __init__(self):
        self.store = ProfileStore()

    def __len__(self):
        return 0

    def refresh(self):
        return "same"


@_hide_type
class BrowserModel:
    """The state of a window, and every change that its controls make to it.

    left, right  the part of the axis in view, in samples or seconds
    y_range      the value at the top of the graph
    """

    def __init__(self):
        self.mode = BARS
        self.x_grid, self.y_grid, self.y_auto = False, False, True
        self.fixed_y_range = 1
        self.columns = DEFAULT_COLUMNS
        self.sort = None
        self._show(NoProfile())

    # ---- the file ----

    def _show(self, profile):
        old = getattr(self, "selection", None)
        self.profile = profile
        self.selection = Selection(profile, old.by, old.top, old.text) if old else Selection(profile)
        self.axis = SampleAxis(profile, self.axis.by if old else "number")
        self.markers = {"a": Marker(True), "b": Marker(False)}
        for marker in self.markers.values():
            marker.follow(len(profile))
        self.fit()

    def open(self, path):
        """Show a file; raises what Profile() does and shows what it did."""
        self._show(Profile(path))

    def refresh(self):
        """Look for new samples: what Profile.refresh() says.  Raises what that does."""
        answer = self.profile.refresh()
        if answer != "same":
            self.selection.follow()
            self.axis.follow(self.profile)
            for marker in self.markers.values():
                marker.follow(len(self.profile))
            if self.is_fit:
                self.fit()
            elif answer == "rewritten":
                self.show_range(self.left, self.right)
            for marker in self.markers.values():
                if marker.is_tracking and not self.is_fit:
                    self.reveal(marker.number)
        return answer

    def __len__(self):
        return len(self.profile)

    # ---- choices ----

    def choose(self, **choices):
        """Another quantity (by), number of kinds (top) or filter (text)."""
        self.selection.choose(**choices)

    def choose_axis(self, by):
        """Samples by 'number' or by 'time'."""
        self.axis = SampleAxis(self.profile, by)
        self.fit()

    def choose_column(self, place, word):
        """Another word for a column of the table, from 0."""
        columns = list(self.columns)
        columns[place] = word
        self.columns = tuple(columns)

    def toggle_difference(self):
        """Change between the columns that sum up and those that compare."""
        is_difference = self.columns[3] != "Cumul"
        changed = DEFAULT_COLUMNS if is_difference else DIFFERENCE_COLUMNS
        self.columns = self.columns[:2] + changed[2:]

    def comparison(self):
        """The table of the markers' samples."""
        a, b = (marker.number or 0 for marker in (self.markers["a"], self.markers["b"]))
        s = self.selection
        return Comparison(self.profile, a, b, self.columns, s.by, s.top, s.text, self.sort, s.kinds)

    # ---- the part in view ----

    def fit(self):
        """All samples in view."""
        self.left, self.right = self.axis.extent()
        self.is_fit = True

    def show_range(self, left, right):
        """Show a part of the axis, moved so that there are samples in it."""
        low, high = self.axis.extent()
        width = right - left
        left = max(low, min(left, high - width)) if width < high - low else low
        self.left, self.right = left, left + width
        self.is_fit = (self.left, self.right) == (low, high)

    @property
    def x_range(self):
        """How many samples, or seconds, are in view."""
        return max(1, round(self.right - self.left))

    def set_x_range(self, length):
        self.show_range(self.left, self.left + length)

    def step_x_range(self, up):
        self.set_x_range(next_range(self.x_range, up))

    def zoom(self, factor, position):
        """Show `factor` times as much of the axis; what is at the position stays where it is."""
        low, high = self.axis.extent()
        width = self.right - self.left
        least = (high - low) / max(1, len(self)) * 2
        wider = min(high - low, max(least, width * factor))
        left = position - (position - self.left) * wider / width
        self.show_range(left, left + wider)

    def reveal(self, number):
        """Bring a sample into view."""
        if number is None:
            return
        left, right = self.axis.edges(number)
        if left < self.left:
            self.show_range(left, left + self.right - self.left)
        elif right > self.right:
            self.show_range(right - (self.right - self.left), right)

    @property
    def y_range(self):
        """The value at the top: the smallest 1-2-5 that holds what is in view, or what was set."""
        if not self.y_auto:
            return self.fixed_y_range
        first, end = self.axis.between(self.left, self.right)
        if self.mode == LINES:
            values = [self.selection.largest_value(number) for number in range(first, end)]
        else:
            values = self.selection.totals()[first:end]
        return range_above(max(values, default=0))

    def set_y_range(self, value):
        self.fixed_y_range = value
        self.y_auto = False

    def step_y_range(self, up):
        self.set_y_range(next_range(self.y_range, up))

    def set_y_auto(self, is_auto):
        self.fixed_y_range = self.y_range
        self.y_auto = is_auto

    def view(self, width, height):
        """What is in view, in so many pixels."""
        return View(self.left, self.right, self.y_range, max(1, width), max(1, height))

    # ---- markers ----

    def move_marker(self, name, number):
        """Put a marker on a sample, and that into view; whether it moved."""
        has_moved = self.markers[name].move_to(number)
        self.reveal(self.markers[name].number)
        return has_moved

    def step_marker(self, name, step):
        number = self.markers[name].number
        return number is not None and self.move_marker(name, number + step)

    def track(self, name, is_tracking):
        has_moved = self.markers[name].track(is_tracking)
        if is_tracking:
            self.reveal(self.markers[name].number)
        return has_moved
