# Functions for scripts that ask for interpreters; to be read by `.` in the project's root.

# The versions Heapy is for, in order, on one line.
python_versions() {
    sed 's/#.*//' tools/python_versions | xargs
}

# Print the version of an interpreter as the list has it.
tell_version='import sys, sysconfig
print("%d.%d" % sys.version_info[:2] + ("t" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""))'

# "3.10 to 3.15"
python_versions_range() {
    python_versions | sed 's/ .* / to /'
}

has_headers='import os, sysconfig, sys; sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))'

# The interpreter of a version, with headers, on PATH or among pyenv's; nothing if there is none.
find_python() { # version
    for candidate in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"${1%t}".*/bin/python; do
        if [ "$("$candidate" -c "$tell_version" 2>/dev/null)" = "$1" ] &&
            "$candidate" -c "$has_headers" 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
}

# Does a Debian folder have a version?
has_python_inside() { # folder, version
    [ -x "$1/usr/bin/python$2" ] && [ -e "$1/usr/include/python$2/Python.h" ]
}

# Run a command in a Debian folder, in a copy of the project there.  It has /proc and /dev while it runs, and what this
# machine trusts and asks for names.  Needs root.
run_inside() { # folder, command line, the copy: /tmp/heapy if none is named
    cp -L /etc/resolv.conf "$1/etc/resolv.conf" 2>/dev/null
    cp -L /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/ca-certificates.crt" 2>/dev/null
    unshare --mount sh -c 'mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" &&
        exec chroot "$1" sh -c "cd $3 && $2"' sh "$1" "$2" "${3:-/tmp/heapy}"
}

# What is in the copy's build folder stays.
copy_project_inside() { # folder, the copy: /tmp/heapy if none is named
    copied=$1${2:-/tmp/heapy}
    mkdir -p "$copied"
    find "$copied" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
    tar cf - --exclude=./build --exclude=./.git . | tar xf - -C "$copied"
}
