/* SPDX-License-Identifier: MIT */
/* Where objects were allocated, as far as tracemalloc knows. */
#ifndef HEAPY_PRODUCERS_H
#define HEAPY_PRODUCERS_H

#include <Python.h>
#include <heapy/address_map.h>
#include <heapy/graph.h>

/* 1 when tracemalloc traces, 0 when not, -1 with an exception. */
int allocation_sites_are_traced(void);

/* Raise the RuntimeError of a question that tracemalloc could answer; -1. */
int raise_not_traced(void);

/* Add the facts HEAPY_ALLOCATION_SITES to the columns of `map` (held): where each object was allocated, if
   that is known.  RuntimeError when tracemalloc does not trace. */
int add_allocation_sites(heapy_graph_builder *builder, const heapy_address_map *map);

/* Where an object was allocated: a tuple of (file, line), most recent first; None when it is not known.  New
   reference; RuntimeError when tracemalloc does not trace. */
PyObject *object_producer(PyObject *object);

#endif
