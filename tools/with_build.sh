#!/bin/sh
# Run a command with the package that a build installed under a folder in front of the import path.
#
# Usage: with_build.sh FOLDER COMMAND ...
set -eu
site=$(dirname "$(find "$(pwd)/$1" -type d -name guppy -path '*-packages/*' | head -n 1)")
shift
PYTHONPATH=$site exec "$@"
