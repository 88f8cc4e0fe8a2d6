/* SPDX-License-Identifier: MIT */
/* The extension's types: what each file offers the others. */
#ifndef HEAPY_TYPES_H
#define HEAPY_TYPES_H

#include <Python.h>
#include <heapy/heapy.h>

#include "state.h"

extern PyType_Spec live_objects_spec;
extern PyType_Spec identity_set_spec, identity_set_multi_spec, identity_set_singleton_spec;
extern PyType_Spec printer_spec;
extern PyType_Spec graph_spec;
extern PyType_Spec session_spec;

/* ---- live objects: a set of objects that are held, shared by the sets that show them ---- */

typedef struct {
    PyObject_HEAD heapy_address_map *map; /* frozen, held; NULL once cleared by the collector */
} LiveObjects;

/* A new LiveObjects; takes over `held`, also on failure. */
PyObject *LiveObjects_wrap(module_state *state, heapy_address_map *held);

/* ---- sessions ---- */

typedef struct {
    PyObject_HEAD PyObject *nothing; /* the session's empty identity set */
    PyObject *relheap;               /* what heap() leaves out: an identity set */
    PyObject *warned_types;          /* set: ids of types whose bad __sizeof__ was told of */
    PyObject *weakrefs;
} Session;

/* The text before the dot in what reprs name: "hp." for the first name in __main__ bound to the session,
   else "hpy().".  New reference. */
PyObject *Session_prefix(PyObject *session);

/* ---- identity sets ---- */

typedef struct {
    PyObject_HEAD PyObject *session;
    PyObject *objects; /* LiveObjects */
    heapy_classifier classifier;
    heapy_partition *partition; /* made when first asked for, then kept; owned */
    bool is_row;                /* a row taken from a table: `row` is its only one */
    heapy_row row;              /* name owned */
    PyObject *more;             /* the printer of what str() leaves out, once asked for */
} IdentitySet;

/* The identity set of the objects in `held` (taken over, also on failure): the session's Nothing, or a new
   singleton or multi set. */
PyObject *IdentitySet_wrap(PyObject *session, heapy_address_map *held, heapy_classifier classifier);

/* Is `object` an identity set of this module? */
bool IdentitySet_check(module_state *state, PyObject *object);

/* The set's objects; NULL with an exception when the set was cleared. */
const heapy_address_map *IdentitySet_map(PyObject *set);

/* a OP b as an identity set of a's session.  Both must be identity sets. */
PyObject *IdentitySet_combine(PyObject *a, PyObject *b, heapy_set_operation operation);

/* The set's table, computed at the first call; rows borrowed while the set lives.  -1 with an exception. */
int IdentitySet_table(PyObject *set, heapy_table *out);

/* Render the rows from first_row on.  New reference. */
PyObject *IdentitySet_render(PyObject *set, size_t first_row, bool with_label);

/* ---- printers ---- */

PyObject *Printer_create(module_state *state, PyObject *top, PyObject *previous, size_t first_row);

/* ---- graphs ---- */

/* A new Graph; takes over both, also on failure.  map: held. */
PyObject *Graph_wrap(PyObject *session, heapy_address_map *map, heapy_graph *graph);

#endif
