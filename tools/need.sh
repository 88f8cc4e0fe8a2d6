#!/bin/sh
# Check that what a build needs is here; install what can be, else say what is missing and how to get it.
#
# Usage: need.sh PYTHON [cmocka] [xvfb]
set -u
. "$(dirname "$0")/python_versions.sh"
python=$1
shift
missing=""

say() { printf '%s\n' "$*" >&2; }

# As root on a Debian kind of system packages can be installed; otherwise they are only named.
install_package() { # what it is for, Debian package, Fedora package
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Installing $2 ($1)."
        { apt-get install -y -qq "$2" || { apt-get update -qq && apt-get install -y -qq "$2"; }; } >/dev/null 2>&1 &&
            return 0
    fi
    say "Missing: $1."
    say "  Debian, Ubuntu:  sudo apt-get install $2"
    say "  Fedora:          sudo dnf install $3"
    missing=1
}

# What only some tests need, which are left out without it: installed if that is possible, else named.
want_package() {
    before=$missing
    install_package "$@"
    missing=$before
}

if ! command -v "$python" >/dev/null 2>&1; then
    say "Missing: $python.  Name another interpreter with: make PYTHON=python3.12 ..."
    exit 1
fi
version=$("$python" -c "$tell_version") || exit 1
case " $(python_versions) " in
*" $version "*) ;;
*)
    say "CPython $(python_versions_range) is needed, and $python is $version."
    case $version in
    *t) say "Of free-threaded builds Heapy knows the heap of 3.13 only; the build of ${version%t} with a GIL will do." ;;
    *) say "Name another interpreter with: make PYTHON=python3.12 ..." ;;
    esac
    exit 1
    ;;
esac
if ! "$python" -c 'import sys; sys.exit(sys.implementation.name != "cpython")'; then
    say "CPython is needed: heapy reads its heap.  $python is another implementation."
    exit 1
fi

command -v cc >/dev/null 2>&1 || command -v gcc >/dev/null 2>&1 || command -v clang >/dev/null 2>&1 ||
    install_package "a C compiler" gcc gcc
command -v cc >/dev/null 2>&1 && ! echo '#include <stdio.h>' | cc -E - >/dev/null 2>&1 &&
    install_package "the C library's headers" libc6-dev glibc-devel

header=$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h
[ -f "$header" ] || install_package "the headers of $python ($header)" "python$version-dev" "python$version-devel"

"$python" -c 'import venv, ensurepip' 2>/dev/null ||
    install_package "the venv module of $python" "python$version-venv" "python$version"

# Done without where it cannot be had: snapshot files are then written plain, and compressed ones are refused.
if ! printf '#include <zstd.h>\n' | cc -E - >/dev/null 2>&1; then
    required=$missing
    install_package "zstd, to compress snapshot files (optional)" libzstd-dev libzstd-devel
    missing=$required
fi

for need in "$@"; do
    case $need in
    cmocka)
        printf '#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <setjmp.h>\n#include <cmocka.h>\n' |
            cc -E - >/dev/null 2>&1 || install_package "cmocka, for the C tests" libcmocka-dev libcmocka-devel
        command -v pkg-config >/dev/null 2>&1 || install_package "pkg-config, to find cmocka" pkg-config pkgconf
        ;;
    xvfb)
        command -v Xvfb >/dev/null 2>&1 || want_package "Xvfb, for tests of the profile browser" xvfb xorg-x11-server-Xvfb
        ;;
    esac
done

[ -z "$missing" ] || exit 1
