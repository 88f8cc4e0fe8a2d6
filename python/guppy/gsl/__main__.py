"""python -m guppy.gsl FILE...: write the documents and tests of specifications."""

import argparse
import sys

from .Main import HadReportedError, main


def run(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m guppy.gsl", description=__doc__)
    parser.add_argument("file", nargs="+", help="a specification")
    parser.add_argument("-d", "--output-dir", default=".", help="where to write (the current directory)")
    parser.add_argument("--max-errors", type=int, default=10, help="give up after so many errors (10)")
    given = parser.parse_args(arguments)
    for name in given.file:
        try:
            main(name, output_dir=given.output_dir, max_errors=given.max_errors, raise_at_errors=True)
        except HadReportedError:
            return 1
        except SyntaxError as error:
            print("%s:%s: %s" % (error.filename, error.lineno, error.msg), file=sys.stderr)
            return 1
        except (OSError, UnicodeDecodeError) as error:
            print("%s: %s" % (name, error), file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(run())
