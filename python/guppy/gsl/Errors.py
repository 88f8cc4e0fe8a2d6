"""Errors in specifications: reported with file and line, counted, and then nothing is written."""

__all__ = ["HadReportedError", "Reporter", "SpecError", "TooManyErrors"]


class SpecError(Exception):
    """An error at a place of a specification; related: (place, text) of what else is concerned."""

    def __init__(self, message, node=None, related=None):
        super().__init__(message)
        self.message, self.place, self.related = message, node and node.place, related


class HadReportedError(Exception):
    """There were errors, which have been reported."""


class TooManyErrors(Exception):
    """The most errors that shall be reported were."""


def plural(count, word):
    return "%d %s%s" % (count, word, "" if count == 1 else "s")


class Reporter:
    """Prints errors and warnings, and counts them."""

    def __init__(self, max_errors=10, debug=False):
        self.max_errors, self.debug = max_errors, debug
        self.errors = self.warnings = 0
        self.seen = set()

    def report(self, mark, message, place, related=None):
        if place:
            print(place)
        print(mark + message)
        if related:
            print("\n%s\n    %s" % related)
        print()

    def error(self, message, node=None, related=None):
        """Report an error, once; TooManyErrors when it was the last one."""
        self.error_at(message, node and node.place, related)

    def error_at(self, message, place, related=None):
        if (str(place), message) in self.seen:
            return
        self.seen.add((str(place), message))
        self.errors += 1
        self.report("*** ", message, place, related)
        if self.debug:
            import pdb

            pdb.set_trace()
        if self.errors >= self.max_errors:
            raise TooManyErrors

    def warning(self, message, node=None):
        self.warnings += 1
        self.report("*   ", message, node and node.place)

    def catch(self, function, *arguments):
        """What a function gives; None, and its error reported, if it raises a SpecError."""
        try:
            return function(*arguments)
        except SpecError as error:
            self.error_at(error.message, error.place, error.related)
            return None

    def summary(self, gave_up=False, will_write=False):
        if self.warnings:
            print("*   %s reported." % plural(self.warnings, "warning"))
        if self.errors:
            print("*** %s reported%s -- no files written." % (plural(self.errors, "error"), " -- giving up" if gave_up else ""))
