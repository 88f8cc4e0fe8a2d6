#!/bin/sh
# with_build.sh for a build with sanitizers: their runtime must be loaded before the interpreter, which does
# not free everything it allocates, so leaks are looked for by tests, not here.
set -eu
folder=$1
shift
export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1:abort_on_error=1:use_sigaltstack=0
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
exec sh "$(dirname "$0")/with_build.sh" "$folder" \
    env LD_PRELOAD="$(${CC:-cc} -print-file-name=libasan.so)" PYTHONMALLOC="${PYTHONMALLOC:-default}" "$@"
