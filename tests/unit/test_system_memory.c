/* SPDX-License-Identifier: MIT */
/* Memory straight from the system, as a forked child uses it: blocks keep what was put into them. */
#include "support.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BLOCKS = 200, ROUNDS = 20000, LARGEST = 1 << 18 };

typedef struct block {
    unsigned char *bytes;
    size_t count;
    unsigned char filling;
} block;

static bool
is_intact(const block *b)
{
    for (size_t i = 0; i < b->count; i++)
        if (b->bytes[i] != b->filling)
            return false;
    return true;
}

static bool
is_zero(const unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes[i])
            return false;
    return true;
}

/* 0, or the line of what was wrong. */
static int
allocate_at_random(void)
{
    static block blocks[BLOCKS];
    for (int round = 0; round < ROUNDS; round++) {
        block *b = &blocks[random_below(BLOCKS)];
        size_t count = random_below((size_t)1 << random_below(19));
        if (!is_intact(b))
            return __LINE__;
        switch (random_below(3)) {
        case 0:
            heapy_free(b->bytes);
            b->bytes = heapy_alloc_zeroed(count, 1);
            if (!b->bytes || !is_zero(b->bytes, count))
                return __LINE__;
            break;
        case 1:
            heapy_free(b->bytes);
            b->bytes = heapy_alloc_array(count, 1);
            break;
        default:
            b->bytes = heapy_realloc_array(b->bytes, count, 1);
            if (b->bytes && !is_intact(&(block){b->bytes, count < b->count ? count : b->count, b->filling}))
                return __LINE__;
        }
        if (!b->bytes || (uintptr_t)b->bytes % 16)
            return __LINE__;
        b->count = count;
        b->filling = (unsigned char)round;
        memset(b->bytes, b->filling, count);
    }
    return 0;
}

static int
use_system(char *from_before)
{
    heapy_memory_use_system();
    if (strcmp(from_before, "before"))
        return __LINE__;
    if (heapy_realloc_array(from_before, 100, 1))
        return __LINE__;
    heapy_free(from_before);
    heapy_free(NULL);
    if (strcmp(from_before, "before")) /* freed blocks of before stay where they are */
        return __LINE__;
    return allocate_at_random();
}

static void
a_child_has_memory_of_its_own(void **state)
{
    (void)state;
    seed_random(11);
    char *before = heapy_alloc_array(7, 1);
    int status;
    memcpy(before, "before", 7);
    pid_t child = fork();
    if (!child)
        _exit(use_system(before) != 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    heapy_free(before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_child_has_memory_of_its_own)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
