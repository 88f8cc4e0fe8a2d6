/* SPDX-License-Identifier: MIT */
/* Where objects were allocated, as far as tracemalloc knows. */
#ifndef HEAPY_PRODUCERS_H
#define HEAPY_PRODUCERS_H

#include <Python.h>
#include <heapy/address_map.h>
#include <stdint.h>

/* Where the objects of a map were allocated: a number for each, and (file, line) or None for each
   number. */
typedef struct producers {
    uint32_t *of_nodes;
    PyObject *list;
} producers;

/* RuntimeError when tracemalloc does not trace. */
int producers_init(producers *out, const heapy_address_map *map);
void producers_deinit(producers *producers);

/* Where an object was allocated: a tuple of (file, line), most recent first; None when it is not known.  New
   reference; RuntimeError when tracemalloc does not trace. */
PyObject *object_producer(PyObject *object);

#endif
