/* SPDX-License-Identifier: MIT */
/*
 * Capture: from the live heap to the engine's sets and graphs.
 *
 * Every function returns 0, or -1 with a Python exception set and its out-parameters untouched.
 *
 * A set of live objects is a frozen heapy_address_map whose objects are *held*: one strong reference each.
 * capture_hold takes them, capture_release gives them back; a map nobody holds must not outlive the moment
 * it was made in, which ends when Python code can run.
 */
#ifndef HEAPY_CAPTURE_H
#define HEAPY_CAPTURE_H

#include <Python.h>
#include <heapy/heapy.h>

#include "state.h"

/* Take one strong reference to every object of `map` (frozen).  O(count). */
void capture_hold(const heapy_address_map *map);

/* Give back the references capture_hold took and destroy `map` (NULL does nothing).  May run finalizers. */
void capture_release(heapy_address_map *map);

/*
 * The visible heap: everything reachable from the interpreter and its threads but the tool's own objects.
 * out: owned, not held.  O(objects + references).  KeyboardInterrupt (or whatever the signal's handler
 * raises) when interrupted.
 */
int capture_heap(module_state *state, heapy_address_map **out);

/*
 * The columns of the objects in `map` (frozen, held): types, sizes, and, if `with_owners`, whose attribute
 * dict each dict is.  Sizes may run __sizeof__ methods written in Python: they are asked last, one by one;
 * warned_types (a set) keeps the types whose bad __sizeof__ was told of.  out: owned.
 */
int capture_columns(module_state *state, const heapy_address_map *map, bool with_owners,
                    PyObject *warned_types, heapy_graph **out);

/* The sum of the sizes of the objects in `map` (frozen, held), asked as capture_columns does.  Bytes. */
int capture_total_size(module_state *state, const heapy_address_map *map, PyObject *warned_types,
                       uint64_t *out);

/*
 * The visible heap as a graph with columns, edges, labels and roots, of one moment.
 * map_out: owned and held; its numbers are the graph's nodes.  graph_out: owned.
 */
int capture_graph(module_state *state, PyObject *warned_types, heapy_address_map **map_out,
                  heapy_graph **graph_out);

#endif
