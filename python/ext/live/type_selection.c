/* SPDX-License-Identifier: MIT */
/* Which objects of a set are of some types: the look that selecting begins with. */
#include "live/live_capture.h"

#include "live/errors.h"

#include <heapy/memory.h>
#include <string.h>

enum { TYPE_CACHE = 512, SELECT_AHEAD = 60 };

typedef struct accepted_types {
    struct {
        const PyTypeObject *type;
        bool is_accepted;
    } slots[TYPE_CACHE];
} accepted_types;

static inline bool
is_accepted(accepted_types *cache, PyTypeObject *type, bool (*accepts)(PyTypeObject *type, void *context),
            void *context)
{
    size_t slot = ((uintptr_t)type >> 4 ^ (uintptr_t)type >> 13) % TYPE_CACHE;
    if (cache->slots[slot].type != type) {
        cache->slots[slot].type = type;
        cache->slots[slot].is_accepted = accepts(type, context);
    }
    return cache->slots[slot].is_accepted;
}

/* A word of the bitmap at a time: its objects are fetched while those before are looked at. */
static void
mark_accepted(const heapy_address_map *map, bool (*accepts)(PyTypeObject *type, void *context), void *context,
              bool holds, accepted_types *cache, uint64_t *words)
{
    uintptr_t batch[2 * 64];
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    size_t count = heapy_address_iterator_read(&iterator, batch, 64);
    for (; count; words++) {
        size_t ahead = heapy_address_iterator_read(&iterator, batch + count, 64);
        uint64_t word = 0;
        for (size_t i = 0; i < count; i++) {
            if (i + SELECT_AHEAD < count + ahead)
                __builtin_prefetch((const void *)batch[i + SELECT_AHEAD]);
            PyObject *object = (PyObject *)batch[i];
            uint64_t bit = is_accepted(cache, Py_TYPE(object), accepts, context);
            word |= bit << i;
            if (bit && holds)
                Py_INCREF(object);
        }
        *words = word;
        memmove(batch, batch + count, ahead * sizeof *batch);
        count = ahead;
    }
}

/* Give back what was held of a selection that failed. */
static void
release_accepted(const heapy_address_map *map, const uint64_t *words)
{
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    size_t node = 0;
    for (uintptr_t address; (address = heapy_address_iterator_next(&iterator)); node++)
        if (words[node / 64] >> node % 64 & 1)
            Py_DECREF((PyObject *)address); /* the map holds it too */
}

int
capture_select_by_type(const held_objects *objects, bool (*accepts)(PyTypeObject *type, void *context),
                       void *context, bool holds, heapy_address_map **out)
{
    const heapy_address_map *map = held_addresses(objects);
    accepted_types *cache = heapy_alloc_zeroed(1, sizeof *cache);
    uint64_t *words = heapy_alloc_zeroed(heapy_address_map_count(map) / 64 + 1, sizeof *words);
    heapy_error err = HEAPY_ERROR_INIT;
    int result = 0;
    if (!cache || !words) {
        PyErr_NoMemory();
        result = -1;
    } else {
        mark_accepted(map, accepts, context, holds, cache, words);
        if (heapy_address_map_subset(map, words, out, &err)) {
            if (holds)
                release_accepted(map, words);
            result = raise_heapy_error(&err);
        }
    }
    heapy_free(cache);
    heapy_free(words);
    return result;
}
