#!/bin/sh
# mypy --strict and pyright over the examples and a page of typical use, against the installed package.
#
# Usage: check.sh PYTHON      an interpreter with the package, mypy and pyright
set -u
cd "$(dirname "$0")/../.." || exit 1
"$1" tests/typing/typical_use.py >/dev/null && "$1" -m mypy --strict examples/*.py examples/service/*.py tests/typing/*.py &&
    "$1" -m pyright --pythonpath "$1" examples/*.py examples/service/*.py tests/typing/*.py
