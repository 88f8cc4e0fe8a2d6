#!/bin/sh
# Fuzz snapshot files with libFuzzer, under both sanitizers and a limit of memory.  Needs clang.
#
# Usage: run.sh [SECONDS]      what it finds stays in build/fuzz; a crash goes to tests/fuzz/corpus once it is understood
set -eu
cd "$(dirname "$0")/../.."
mkdir -p build/fuzz/found
zstd=$(pkg-config --exists libzstd 2>/dev/null && echo "-DHEAPY_ZSTD $(pkg-config --cflags --libs libzstd)" || true)
# shellcheck disable=SC2046,SC2086
${CLANG:-clang} -g -O1 -std=c11 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -DHEAPY_LIBFUZZER \
    -D_DEFAULT_SOURCE -Iinclude tests/fuzz/fuzz_snapshot_file.c $(find src -name '*.c' -not -path 'src/cli/*') -pthread -o build/fuzz/fuzz_snapshot_file \
    $(pkg-config --cflags --libs cmocka) $zstd
build/fuzz/fuzz_snapshot_file -max_total_time="${1:-60}" -max_len=65536 -rss_limit_mb=1024 -timeout=20 \
    -artifact_prefix=build/fuzz/ build/fuzz/found tests/fuzz/corpus tests/golden/good tests/golden/bad
