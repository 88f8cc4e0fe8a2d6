#!/bin/sh
# make test on every CPython from 3.10 to 3.15 that can be found, naming those that cannot.
#
# A version is looked for on PATH, among pyenv's, and in the folder HEAPY_CHROOT, a Debian system made with
#   debootstrap --variant=minbase --include=python3.14-dev,python3.14-venv,python3.15-dev,python3.15-venv,gcc,make,pkg-config,libcmocka-dev,ca-certificates sid DIR
# whose interpreters are run by chroot (as root, with /proc mounted in it).
cd "$(dirname "$0")/.." || exit 1
tested= failed= missing=

has_headers='import os, sysconfig, sys; sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))'

find_python() {
    for candidate in "python$1" "$HOME"/.pyenv/versions/"$1".*/bin/python; do
        if "$candidate" -c "$has_headers" 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
}

test_in_chroot() {
    rm -rf "$HEAPY_CHROOT/tmp/heapy"
    mkdir -p "$HEAPY_CHROOT/tmp/heapy"
    tar cf - --exclude=./build --exclude=./.git . | tar xf - -C "$HEAPY_CHROOT/tmp/heapy"
    chroot "$HEAPY_CHROOT" sh -c "cd /tmp/heapy && make test PYTHON=python$1"
}

for version in 3.10 3.11 3.12 3.13 3.14 3.15; do
    python=$(find_python "$version")
    if [ -n "$python" ]; then
        echo "==== $version: $python"
        make test PYTHON="$python"
    elif [ -n "$HEAPY_CHROOT" ] && chroot "$HEAPY_CHROOT" "python$version" -c "$has_headers" 2>/dev/null; then
        echo "==== $version: in $HEAPY_CHROOT"
        test_in_chroot "$version"
    else
        missing="$missing $version"
        continue
    fi
    if [ $? -eq 0 ]; then tested="$tested $version"; else failed="$failed $version"; fi
done
echo "tested:${tested:- none}; failed:${failed:- none}; not run, because there is no interpreter with headers:${missing:- none}"
[ -z "$failed" ]
