/* SPDX-License-Identifier: MIT */
/*
 * Sets of objects that are held, one reference each: what may outlive the moment it was made in, which ends
 * when Python code can run.
 */
#ifndef HEAPY_HELD_OBJECTS_H
#define HEAPY_HELD_OBJECTS_H

#include <Python.h>
#include <heapy/address_map.h>

/* Take one reference to every object of `map` (frozen).  O(count). */
void capture_hold(const heapy_address_map *map);

/* Give back the references capture_hold took and destroy `map` (NULL does nothing).  May run finalizers. */
void capture_release(heapy_address_map *map);

/* The same while an exception is on its way, which goes on. */
void capture_release_keeping_exception(heapy_address_map *map);

/* A map whose objects are held, as a type of its own: addresses alone, such as those of a file, do not become
   objects. */
typedef struct held_objects held_objects;

/* The object of a number; borrowed, NULL when there are not so many.  O(log regions). */
PyObject *held_object(const held_objects *held, heapy_node number);

/* The map of `count` addresses, frozen; NULL with an exception. */
heapy_address_map *map_of_addresses(const uintptr_t *addresses, size_t count);

/* The map of `count` objects, frozen and not held but by the caller; NULL with an exception. */
heapy_address_map *map_of_objects(PyObject *const *objects, size_t count);

#endif
