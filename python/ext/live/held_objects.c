/* SPDX-License-Identifier: MIT */
#include "live/held_objects.h"

#include "capture/object_map.h"
#include "live/errors.h"

/* Objects lie scattered: all of a batch are fetched before the first is counted. */
static inline void
count_each(const heapy_address_map *map, void (*count)(PyObject *))
{
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    uintptr_t batch[HELD_BATCH];
    for (size_t n; (n = heapy_address_iterator_read(&iterator, batch, HELD_BATCH));) {
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

/* A set that is held is a map whose type says so. */
static heapy_address_map *
map_of(held_objects *held)
{
    return (heapy_address_map *)held;
}

held_objects *
capture_hold(heapy_address_map *map)
{
    count_each(map, hold);
    return (held_objects *)map;
}

held_objects *
capture_held(heapy_address_map *map)
{
    return (held_objects *)map;
}

const held_objects *
capture_lent(const heapy_address_map *map)
{
    return (const held_objects *)map;
}

const heapy_address_map *
held_addresses(const held_objects *held)
{
    return (const heapy_address_map *)held;
}

void
capture_release(held_objects *held)
{
    if (!held)
        return;
    count_each(map_of(held), let_go);
    heapy_address_map_destroy(map_of(held));
}

void
capture_release_keeping_exception(held_objects *held)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    capture_release(held);
    PyErr_Restore(type, value, traceback);
}

PyObject *
held_object(const held_objects *held, heapy_node number)
{
    uintptr_t address = heapy_address_map_select(held_addresses(held), number);
    if (!address)
        return NULL;
    return object_at_address(address);
}

void
held_iterator_init(held_iterator *iterator, const held_objects *held)
{
    heapy_address_iterator_init(&iterator->position, held_addresses(held));
    iterator->next = iterator->end = 0;
}

PyObject *
held_iterator_next(held_iterator *iterator)
{
    if (iterator->next == iterator->end) {
        iterator->next = 0;
        iterator->end = heapy_address_iterator_read(&iterator->position, iterator->batch, HELD_BATCH);
    }
    if (!(iterator->next < iterator->end))
        return NULL;
    return object_at_address(iterator->batch[iterator->next++]);
}

int
held_objects_visit(const held_objects *held, visitproc visit, void *arg)
{
    held_iterator iterator;
    held_iterator_init(&iterator, held);
    for (PyObject *object; (object = held_iterator_next(&iterator));)
        Py_VISIT(object);
    return 0;
}

enum { BIT_SHIFT = 3 };

int64_t
bit_of_object(const PyObject *object)
{
    return (int64_t)((uintptr_t)object >> BIT_SHIFT);
}

PyObject *
object_of_held_bit(int64_t bit)
{
    return object_at_address((uintptr_t)bit << BIT_SHIFT);
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

heapy_address_map *
combine_maps(const heapy_address_map *a, const heapy_address_map *b, heapy_set_operation operation)
{
    heapy_address_map *result;
    heapy_error err = HEAPY_ERROR_INIT;
    if (!heapy_address_map_combine(a, b, operation, &result, &err))
        return result;
    raise_heapy_error(&err);
    return NULL;
}

int
combine_into(heapy_address_map **map, const heapy_address_map *other, heapy_set_operation operation)
{
    heapy_address_map *result = combine_maps(*map, other, operation);
    if (!result)
        return -1;
    heapy_address_map_destroy(*map);
    *map = result;
    return 0;
}

held_objects *
hold_objects(PyObject *const *objects, size_t count)
{
    heapy_address_map *map = map_of_objects(objects, count);
    if (!map)
        return NULL;
    return capture_hold(map);
}
