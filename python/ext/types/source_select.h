/* SPDX-License-Identifier: MIT */
/* Which objects of a set are in a kind. */
#ifndef HEAPY_SOURCE_SELECT_H
#define HEAPY_SOURCE_SELECT_H

#include <Python.h>
#include <heapy/address_map.h>
#include <heapy/kind.h>

/* The objects of `map` (held) that are in `kind`: a new map, not held; NULL with an exception. */
heapy_address_map *Kind_select(PyObject *kind, const heapy_address_map *map);

/* The same as LiveObjects of the kind's session; new reference. */
PyObject *Kind_select_objects(PyObject *kind, const heapy_address_map *map);

/* The same of an expression, not held. */
heapy_address_map *select_objects(PyObject *session, const heapy_kind *kind, const heapy_address_map *map);

#endif
