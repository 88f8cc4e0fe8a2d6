#!/bin/sh
# make test on every version of CPython that tools/pythons finds, naming those that it does not.
#
# Usage: test_all.sh [FOLDER]      where tools/pythons put what it prepared
set -u
cd "$(dirname "$0")/.." || exit 1
. tools/python_versions.sh
tested='' failed='' missing=''

# `make test` with an interpreter as tools/pythons prints it.
test_one() { # version, interpreter
    case $2 in
    *:*)
        copy_project_inside "${2%%:*}"
        run_inside "${2%%:*}" "make test PYTHON=${2#*:}"
        ;;
    *) make test PYTHON="$2" ;;
    esac
}

found=$(mktemp)
trap 'rm -f "$found"' EXIT
tools/pythons --list "$@" >"$found"
while read -r version python; do
    case $version:$python in
    *:-)
        missing="$missing $version"
        continue
        ;;
    esac
    echo "==== $version: $python"
    if test_one "$version" "$python" </dev/null; then tested="$tested $version"; else failed="$failed $version"; fi
done <"$found"
echo "tested:${tested:- none}; failed:${failed:- none}; not run, because there is no interpreter with headers:${missing:- none}"
[ -z "$failed" ]
