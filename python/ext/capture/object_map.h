/* SPDX-License-Identifier: MIT */
/* Between objects and addresses: the one place outside of capture's own walks where an address becomes an
 * object. */
#ifndef HEAPY_OBJECT_MAP_H
#define HEAPY_OBJECT_MAP_H

#include <Python.h>
#include <heapy/address_map.h>

/* The object at an address that came out of a map whose objects are held; borrowed.  tools/check_includes.py
   lists who may call this. */
static inline PyObject *
object_at_address(uintptr_t address)
{
    return (PyObject *)address;
}

/* The map of `count` objects, frozen and not held but by the caller; NULL with an exception. */
heapy_address_map *map_of_objects(PyObject *const *objects, size_t count);

#endif
