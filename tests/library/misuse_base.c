/* SPDX-License-Identifier: MIT */
/* Misuse of status, memory and address maps. */
#include "misuse.h"

#include <sys/wait.h>
#include <unistd.h>

/* What was there before the child took its memory from the system cannot grow. */
static int
resize_in_child(void)
{
    int status = -1;
    char *before = heapy_alloc_array(1, 1);
    pid_t child = fork();
    if (!child) {
        heapy_memory_use_system();
        _exit(heapy_realloc_array(before, 2, 1) != NULL);
    }
    if (child > 0)
        waitpid(child, &status, 0);
    heapy_free(before);
    return status;
}

static void
memory(void)
{
    size_t capacity = 0;
    GIVES(heapy_status_text((heapy_status)99) == NULL, false);
    GIVES(heapy_alloc_array(SIZE_MAX, 2), NULL);
    GIVES(heapy_alloc_zeroed(SIZE_MAX, 2), NULL);
    GIVES(heapy_realloc_array(NULL, SIZE_MAX, 2), NULL);
    GIVES(heapy_grow(NULL, 0, NULL, 1), NULL);
    GIVES(heapy_grow(NULL, SIZE_MAX, &capacity, 1), NULL);
    GIVES(resize_in_child(), 0);
    SURVIVES(heapy_free(NULL));
    SURVIVES(heapy_text_free(NULL));
}

static void
threads(void)
{
    GIVES(!heapy_thread_count(), false);
    SURVIVES(heapy_run_threads(0, NULL, NULL));
    SURVIVES(heapy_run_threads(1000, NULL, NULL));
}

static void
nulls(void)
{
    heapy_address_map *map, *out;
    heapy_address_iterator iterator;
    heapy_node numbers[1];
    uintptr_t address;
    MADE(heapy_address_map_create(&map, err));
    REFUSED(heapy_address_map_create(NULL, err));
    SURVIVES(heapy_address_map_destroy(NULL));
    GIVES(heapy_address_map_count(NULL), 0);
    GIVES(heapy_address_map_find(NULL, 16), NULL);
    GIVES(heapy_address_map_mark(NULL, 16), -2);
    GIVES(heapy_address_map_mark_rarely(NULL, 16), -2);
    REFUSED(heapy_address_map_add(NULL, 16, NULL, err));
    GIVES(heapy_region_rank_sparse(NULL, 16), HEAPY_NO_NODE);
    GIVES(heapy_address_map_remove(NULL, 16), false);
    REFUSED(heapy_address_map_freeze(NULL, err));
    GIVES(heapy_address_map_contains(NULL, 16), false);
    GIVES(heapy_address_map_rank(NULL, 16), HEAPY_NO_NODE);
    GIVES(heapy_address_map_select(NULL, 0), 0);
    SURVIVES(heapy_address_iterator_init(NULL, map));
    SURVIVES(heapy_address_iterator_init(&iterator, NULL));
    GIVES(heapy_address_iterator_next(&iterator), 0);
    GIVES(heapy_address_iterator_next(NULL), 0);
    GIVES(heapy_address_iterator_read(NULL, &address, 1), 0);
    REFUSED(heapy_address_map_combine(NULL, map, HEAPY_UNION, &out, err));
    REFUSED(heapy_address_map_combine(map, NULL, HEAPY_UNION, &out, err));
    REFUSED(heapy_address_map_subset(NULL, NULL, &out, err));
    GIVES(heapy_address_map_is_subset(NULL, map), false);
    SURVIVES(heapy_address_map_numbers(NULL, map, numbers));
    SURVIVES(heapy_address_map_numbers(map, map, NULL));
    GIVES(heapy_address_map_bytes(NULL), 0);
    REFUSED(heapy_address_map_check(NULL, err));
    heapy_address_map_destroy(map);
}

/* Addresses that are none, and what needs a frozen map. */
static void
not_frozen(void)
{
    heapy_address_map *map, *frozen = map_of(3), *out;
    heapy_address_iterator iterator;
    heapy_node numbers[1] = {0};
    uint64_t kept = 1;
    MADE(heapy_address_map_create(&map, err));
    REFUSED(heapy_address_map_add(map, 0, NULL, err));
    REFUSED(heapy_address_map_add(map, 0x10001, NULL, err));
    GIVES(heapy_address_map_mark(map, 0x10004), -2);
    GIVES(heapy_address_map_count(map), 0);
    MADE(heapy_address_map_add(map, 0x10000, NULL, err));
    GIVES(heapy_address_map_remove(map, 0x10008), false); /* its neighbour is there */
    GIVES(heapy_address_map_rank(map, 0x10000), HEAPY_NO_NODE);
    GIVES(heapy_address_map_select(map, 0), 0);
    GIVES(heapy_region_rank_sparse(heapy_address_map_find(map, 0x10000), 0x10000), HEAPY_NO_NODE);
    SURVIVES(heapy_address_iterator_init(&iterator, map));
    GIVES(heapy_address_iterator_next(&iterator), 0);
    REFUSED(heapy_address_map_combine(map, frozen, HEAPY_UNION, &out, err));
    REFUSED(heapy_address_map_combine(frozen, map, HEAPY_UNION, &out, err));
    REFUSED(heapy_address_map_combine(frozen, frozen, (heapy_set_operation)9, &out, err));
    REFUSED(heapy_address_map_combine(frozen, frozen, HEAPY_UNION, NULL, err));
    REFUSED(heapy_address_map_subset(map, &kept, &out, err));
    REFUSED(heapy_address_map_subset(frozen, NULL, &out, err));
    GIVES(heapy_address_map_is_subset(map, frozen), false);
    GIVES(heapy_address_map_is_subset(frozen, map), false);
    SURVIVES(heapy_address_map_numbers(map, frozen, numbers));
    GIVES(numbers[0], HEAPY_NO_NODE);
    heapy_address_map_destroy(map);
    heapy_address_map_destroy(frozen);
}

static void
frozen(void)
{
    heapy_address_map *map = map_of(3), *large = map_of(1000); /* a sparse and a dense region */
    REFUSED(heapy_address_map_add(map, 0x20000, NULL, err));
    GIVES(heapy_address_map_mark(map, 0x10000), 0); /* is there already */
    GIVES(heapy_address_map_mark(map, 0x20000), -2);
    GIVES(heapy_address_map_mark(large, 0x900000), -2);
    GIVES(heapy_address_map_mark(large, 0x10000), 0);
    GIVES(heapy_address_map_mark_rarely(large, 0x900000), -2);
    GIVES(heapy_address_map_remove(map, 0x10000), false);
    GIVES(heapy_address_map_rank(map, 0x10001), HEAPY_NO_NODE);
    GIVES(heapy_address_map_rank(large, 0x10001), HEAPY_NO_NODE);
    GIVES(heapy_address_map_rank(large, 0x10008), HEAPY_NO_NODE);
    GIVES(heapy_address_map_rank(large, UINTPTR_MAX), HEAPY_NO_NODE);
    GIVES(heapy_address_map_contains(map, 0x10003), false);
    GIVES(heapy_address_map_select(map, 3), 0);
    GIVES(heapy_address_map_select(map, HEAPY_NO_NODE), 0);
    GIVES(heapy_address_map_count(map), 3);
    GIVES(heapy_address_map_count(large), 1000);
    MADE(heapy_address_map_check(map, err));
    MADE(heapy_address_map_check(large, err));
    heapy_address_map_destroy(map);
    heapy_address_map_destroy(large);
}

void
misuse_base(void)
{
    memory();
    threads();
    nulls();
    not_frozen();
    frozen();
}
