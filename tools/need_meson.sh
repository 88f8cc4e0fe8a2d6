#!/bin/sh
# Check that what builds the engine and the command without Python is here; else say how to get it.
#
# It is not installed here as need.sh does: what Debian 12 and Ubuntu 22.04 have is older than meson.build asks for.
set -u

missing=""
command -v meson >/dev/null 2>&1 || missing="Meson 1.3 or later"
command -v ninja >/dev/null 2>&1 || missing="${missing:+$missing, and }Ninja"
[ -n "$missing" ] || exit 0

cat >&2 <<EOF
Missing: $missing.
  Debian 13, Ubuntu 24.04:  sudo apt-get install meson ninja-build
  Fedora:                   sudo dnf install meson ninja-build
  elsewhere:                pip install meson ninja
EOF
exit 1
