#!/bin/sh
# Every public header compiles on its own, in C and in C++ (C++ where there is a compiler for it).
set -eu
cd "$(dirname "$0")/.."
for header in include/heapy/*.h; do
    echo "#include \"$header\"" | ${CC:-cc} -std=c11 -Wall -Wextra -Werror -Iinclude -I. -fsyntax-only -x c -
    if command -v "${CXX:-c++}" >/dev/null 2>&1; then
        echo "#include \"$header\"" | ${CXX:-c++} -std=c++17 -Wall -Wextra -Werror -Iinclude -I. -fsyntax-only -x c++ -
    fi
done
