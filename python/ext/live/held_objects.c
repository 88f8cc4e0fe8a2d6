/* SPDX-License-Identifier: MIT */
#include "live/held_objects.h"

#include "capture/object_map.h"
#include "live/errors.h"

enum { BATCH = 32 };

/* Objects lie scattered: all of a batch are fetched before the first is counted. */
static inline void
count_each(const heapy_address_map *map, void (*count)(PyObject *))
{
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    uintptr_t batch[BATCH];
    for (size_t n; (n = heapy_address_iterator_read(&iterator, batch, BATCH));) {
        for (size_t i = 0; i < n; i++)
            __builtin_prefetch((const void *)batch[i], 1);
        for (size_t i = 0; i < n; i++)
            count((PyObject *)batch[i]);
    }
}

static inline void
hold(PyObject *object)
{
    Py_INCREF(object);
}

static inline void
let_go(PyObject *object)
{
    Py_DECREF(object);
}

void
capture_hold(const heapy_address_map *map)
{
    count_each(map, hold);
}

void
capture_release(heapy_address_map *map)
{
    if (!map)
        return;
    count_each(map, let_go);
    heapy_address_map_destroy(map);
}

void
capture_release_keeping_exception(heapy_address_map *map)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    capture_release(map);
    PyErr_Restore(type, value, traceback);
}

PyObject *
held_object(const held_objects *held, heapy_node number)
{
    uintptr_t address = heapy_address_map_select((const heapy_address_map *)held, number);
    return address ? object_at_address(address) : NULL;
}

heapy_address_map *
map_of_addresses(const uintptr_t *addresses, size_t count)
{
    heapy_address_map *map = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status = heapy_address_map_create(&map, &err);
    for (size_t i = 0; !status && i < count; i++)
        status = heapy_address_map_add(map, addresses[i], NULL, &err);
    if (!status)
        status = heapy_address_map_freeze(map, &err);
    if (!status)
        return map;
    heapy_address_map_destroy(map);
    raise_heapy_error(&err);
    return NULL;
}

heapy_address_map *
map_of_objects(PyObject *const *objects, size_t count)
{
    return map_of_addresses((const uintptr_t *)objects, count);
}
