/* SPDX-License-Identifier: MIT */
/* The checksum of files against values of the reference implementation. */
#include "../../src/base/checksum.h"

#include "../unit/support.h"

static void
checksums_are_xxh64(void **state)
{
    (void)state;
    static const uint64_t of_prefixes[] = {
        UINT64_C(0xef46db3751d8e999), UINT64_C(0xd93fa2dfee5c24c9), UINT64_C(0x1cd9b1fe740e130f),
        UINT64_C(0x666cc5e38345de58), UINT64_C(0x06f609aec4cb5575), UINT64_C(0xbc26d5145c76db60),
        UINT64_C(0x88ff0dada4bfa877)}; /* of the bytes 0, 1 .. 37 * i - 1 */
    unsigned char bytes[256];
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)i;
    assert_int_equal(heapy__checksum_of("abc", 3), UINT64_C(0x44bc2cf5ad770999));
    for (size_t i = 0; i < sizeof of_prefixes / sizeof *of_prefixes; i++)
        for (size_t step = 1; step < 80; step++) { /* whatever the pieces */
            heapy__checksum sum;
            heapy__checksum_init(&sum);
            for (size_t at = 0; at < 37 * i; at += step)
                heapy__checksum_add(&sum, bytes + at, 37 * i - at < step ? 37 * i - at : step);
            assert_int_equal(heapy__checksum_value(&sum), of_prefixes[i]);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(checksums_are_xxh64)};
    return cmocka_run_group_tests_name("checksum", tests, NULL, NULL);
}
