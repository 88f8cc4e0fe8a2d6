/* SPDX-License-Identifier: MIT */
/* From addresses to objects: the one place outside of capture's own walks where an address becomes an
 * object. */
#ifndef HEAPY_OBJECT_MAP_H
#define HEAPY_OBJECT_MAP_H

#include <Python.h>
#include <stdint.h>

/* The object at an address that came out of a map whose objects are held; borrowed.  tools/check_includes.py
   lists who may call this. */
static inline PyObject *
object_at_address(uintptr_t address)
{
    return (PyObject *)address;
}

#endif
