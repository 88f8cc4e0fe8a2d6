#!/bin/sh
# The steps of tools/wheels.sh that an interpreter runs; where it is in a folder of Debian they are run there.
#
# Usage: wheel.sh system INTERPRETER                what it was built for, such as x86_64-linux-gnu
#        wheel.sh build INTERPRETER TARGET [PIP]    a wheel into build/wheels/new
#        wheel.sh try INTERPRETER WHEEL [PIP]       the wheel in an empty environment
#
# TARGET is a folder in build/wheels with a compiler and libraries.  PIP is the interpreter of another pip, which gives one
# to an interpreter that has no ensurepip.  HEAPY_WHEEL_TESTS are the tests that are run (tests/python; none if it is empty).
set -u
cd "$(dirname "$0")/.." || exit 1
action=$1 python=$2 what=${3:-} other_pip=${4:-}
folder=$(pwd)/build/wheels
environment=$folder/environment-$action
bin=$environment/bin
pip="$bin/python -m pip"
quietly="-q --disable-pip-version-check"
export PIP_ROOT_USER_ACTION=ignore

system() {
    "$python" -c 'import sysconfig; print(sysconfig.get_config_var("MULTIARCH"))'
}

make_environment() {
    rm -rf "$environment"
    if "$python" -c 'import ensurepip' 2>/dev/null; then
        "$python" -m venv "$environment"
    elif [ -n "$other_pip" ]; then
        "$python" -m venv --without-pip "$environment" &&
            "$other_pip" -m pip --python "$bin/python" install $quietly pip
    else
        echo "$python has no ensurepip, and no other pip is known" >&2
        return 1
    fi
}

# pip asks for the names in the wheel and then for the wheel, and both compile: one folder for the two spares the second time.
# An older pip than is asked for takes the last of several settings of one name.  The headers of Debian's interpreters include
# one by the name of a folder of the system's, whose other headers are not for this target.
build() {
    system=$(system)
    rm -rf "$folder/new" "$folder/meson" "$folder/debian" && mkdir "$folder/debian" &&
        ln -s "/usr/include/$system" "$folder/debian/$system" && make_environment && $pip install $quietly 'pip>=23.1' &&
        CC="$folder/$what/bin/zig-cc" CFLAGS="-I$folder/debian" AR="$folder/$what/bin/zig-ar" PKG_CONFIG_LIBDIR="$folder/$what/lib/pkgconfig" \
            $pip wheel $quietly --no-deps -Cbuild-dir="$folder/meson" -Csetup-args=-Dzstd=enabled \
            -Csetup-args=-Dsqlite=enabled -w "$folder/new" .
}

# With nothing but the wheel: hp.test(), a snapshot and the command; then, with pytest, the tests.
try() {
    tests=${HEAPY_WHEEL_TESTS-tests/python}
    make_environment && $pip install $quietly "$what" &&
        (cd "$folder" && "$bin/python" -c 'from guppy import hpy; hpy().test(); hpy().snapshot("try.heapy")' &&
            "$bin/python" -m guppy --version && "$bin/heapy" top -n 3 try.heapy &&
            "$bin/heapy" sql 'SELECT count(*) FROM objects' try.heapy) || return 1
    [ -z "$tests" ] && return
    $pip install $quietly pytest==8.3.4 networkx==3.4.2 && "$bin/python" -m pytest -q --no-header -p no:cacheprovider $tests
}

"$action"
