/* SPDX-License-Identifier: MIT */
/*
 * Sets of objects that are held, one reference each: what may outlive the moment it was made in, which ends
 * when Python code can run.
 *
 * The compiler tells three sorts of sets apart:
 *
 *     heapy_address_map *     addresses, perhaps of a file: nobody says that objects are there
 *     held_objects *          objects, with a reference to each: owned, capture_release()
 *     const held_objects *    objects that somebody else holds, as long as he says
 *
 * An address becomes an object only as a member of the last two.
 */
#ifndef HEAPY_HELD_OBJECTS_H
#define HEAPY_HELD_OBJECTS_H

#include <Python.h>
#include <heapy/address_map.h>

typedef struct held_objects held_objects;

/* Take one reference to every object of `map` (frozen, taken over), which somebody holds now.  O(count). */
held_objects *capture_hold(heapy_address_map *map);

/* The same of objects (NULL: none) to which a reference was taken when each was entered. */
held_objects *capture_held(heapy_address_map *map);

/* Objects that somebody holds, at addresses that he knows.  A promise: tools/check_includes.py says who may
   give it. */
const held_objects *capture_lent(const heapy_address_map *map);

/* Give back the references and destroy the set (NULL does nothing).  May run finalizers. */
void capture_release(held_objects *held);

/* The same while an exception is on its way, which goes on. */
void capture_release_keeping_exception(held_objects *held);

/* The addresses; borrowed.  NULL of NULL. */
const heapy_address_map *held_addresses(const held_objects *held);

/* The object of a number; borrowed, NULL when there are not so many.  O(log regions). */
PyObject *held_object(const held_objects *held, heapy_node number);

/* Visit all for tp_traverse. */
int held_objects_visit(const held_objects *held, visitproc visit, void *arg);

/* The objects in order of address. */
enum { HELD_BATCH = 32 };
typedef struct held_iterator {
    heapy_address_iterator position;
    uintptr_t batch[HELD_BATCH];
    size_t next, end; /* of the batch */
} held_iterator;

void held_iterator_init(held_iterator *iterator, const held_objects *held);

/* The next object, borrowed; NULL at the end. */
PyObject *held_iterator_next(held_iterator *iterator);

/* Objects as members of a set of bits, a bit for each eighth address, which holds them. */
int64_t bit_of_object(const PyObject *object);
PyObject *object_of_held_bit(int64_t bit);

/* The map of `count` addresses, frozen; NULL with an exception. */
heapy_address_map *map_of_addresses(const uintptr_t *addresses, size_t count);

/* The map of `count` objects, frozen and not held but by the caller; NULL with an exception. */
heapy_address_map *map_of_objects(PyObject *const *objects, size_t count);

/* a OP b, frozen and not held: NULL with an exception. */
heapy_address_map *combine_maps(const heapy_address_map *a, const heapy_address_map *b,
                                heapy_set_operation operation);

/* *map = *map OP other, of a map that is owned and not held.  -1 with an exception, and *map as it was. */
int combine_into(heapy_address_map **map, const heapy_address_map *other, heapy_set_operation operation);

/* The same objects, held. */
held_objects *hold_objects(PyObject *const *objects, size_t count);

#endif
