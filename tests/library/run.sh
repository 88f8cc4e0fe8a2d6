#!/bin/sh
# The engine as a library: build it without Python, install it, and use what was installed as a stranger would.  Its command
# is built without SQLite, and says so where that is needed.
#
# Usage: run.sh BUILD_DIR [MESON_OPTIONS...]      CFLAGS: of the programs, such as -fsanitize=address
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$1
shift
prefix=$build/prefix
programs=$build/programs
test -f "$build/build.ninja" || meson setup "$build" "$root" -Dpython=false -Dsqlite=disabled --prefix="$prefix" "$@" >"$build.log" 2>&1 ||
    { cat "$build.log"; exit 1; }
rm -rf "$prefix" "$programs"
meson compile -C "$build" >"$build.log" 2>&1 || { cat "$build.log"; exit 1; }
meson install -C "$build" --quiet >>"$build.log"
mkdir -p "$programs"

PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name heapy.pc)")
export PKG_CONFIG_PATH
libdir=$(pkg-config --variable=libdir heapy)
cflags="-std=c11 -g -Wall -Wextra -Werror ${CFLAGS:-} $(pkg-config --cflags heapy)"
failures=0
fail() { echo "tests/library: $*" >&2; failures=$((failures + 1)); }

# Names: nothing but heapy_ is seen of either library, and private names cannot clash with a program's.
nm -D --defined-only "$libdir/libheapy.so" | awk '{print $3}' | sort >"$programs/exported"
grep -v '^heapy_[a-z]' "$programs/exported" && fail "the shared library exports these"
grep '^heapy__' "$programs/exported" && fail "the shared library exports these private names"
nm -g --defined-only "$libdir/libheapy.a" | awk 'NF == 3 {print $3}' | grep -v '^heapy_' |
    grep -v -e '^__' -e '^\.' && fail "the static library has these names"
readelf -d "$libdir/libheapy.so" | grep -q 'SONAME.*libheapy\.so\.[0-9]' || fail "the shared library has no versioned name"
test -e "$prefix/include/heapy/testing.h" && fail "testing.h is installed"
for name in $(cat "$programs/exported"); do
    grep -q "\b$name(" "$here"/misuse*.c || fail "tests/library/misuse*.c do not call $name"
done

# compile NAME LINK SOURCES...
compile() {
    name=$1 link=$2
    shift 2
    # shellcheck disable=SC2086
    ${CC:-cc} $cflags "$@" -o "$programs/$name" $link
}
# run NAME [EXPECTED_OUTPUT]
run() {
    LD_LIBRARY_PATH=$libdir "$programs/$1" >"$programs/$1.out" || fail "$1 ends with $?"
    test -z "${2:-}" || diff -u "$2" "$programs/$1.out" || fail "$1 prints something else"
}

shared=$(pkg-config --libs heapy)
static="-Wl,-Bstatic $(pkg-config --static --libs heapy) -Wl,-Bdynamic"
for kind in shared static; do
    eval "link=\$$kind"
    compile "engine-$kind" "$link" "$root/examples/engine.c"
    compile "stranger-$kind" "$link" "$here/stranger.c"
    compile "misuse-$kind" "$link" "$here"/misuse*.c
    run "engine-$kind" "$here/engine.txt"
    run "stranger-$kind" "$here/stranger.txt"
    run "misuse-$kind"
done
readelf -d "$programs/stranger-shared" | grep -q 'NEEDED.*libheapy' || fail "stranger-shared does not use the shared library"
readelf -d "$programs/stranger-static" | grep -q 'NEEDED.*libheapy' && fail "stranger-static uses the shared library"
test "$(wc -l <"$root/examples/engine.c")" -le 50 || fail "examples/engine.c has more than fifty lines"

# The command that came with it.
heapy=$prefix/bin/heapy file=$root/tests/golden/good/names.heapy
"$heapy" top "$file" >/dev/null || fail "heapy top ends with $?"
for question in "sql SELECT(1) $file" "diff $file $file --fail-if count>1"; do
    status=0
    # shellcheck disable=SC2086
    "$heapy" $question >"$programs/answer" 2>"$programs/complaint" || status=$?
    test $status = 1 && grep -q 'built without SQLite: install' "$programs/complaint" && test ! -s "$programs/answer" ||
        fail "heapy $question without SQLite: status $status, $(cat "$programs/complaint")"
done

test "$failures" = 0 || exit 1
cat "$programs/misuse-shared.out"
