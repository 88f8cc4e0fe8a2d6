/* SPDX-License-Identifier: MIT */
/* A search for shortest paths, and what it lends to the paths and to one of them. */
#ifndef HEAPY_FOUND_PATHS_H
#define HEAPY_FOUND_PATHS_H

#include <Python.h>
#include <heapy/address_map.h>
#include <heapy/path_text.h>
#include <heapy/shortest_paths.h>
#include <heapy/snapshot.h>
#include <stdbool.h>

#include "capture/own_object_head.h"

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *session;
    PyObject *heap;    /* Snapshot of what lies between */
    PyObject *sources; /* Snapshot of those at which paths begin, for what is said of them; NULL: they are
                          called by a name, or are asked of the session, which keeps them */
    bool is_part;      /* `heap` has nothing else of what leads to the targets */
    heapy_shortest_paths *paths;
    heapy_path_writer
        *writers[2][HEAPY_PATH_FORM_COUNT]; /* of whole keys and of short ones; NULL: not needed yet */
} Paths;

/* Search for the paths between sources and targets that go around `avoid` (NULL: nothing) and do not use the
   references `pairs`, a list of pairs of objects.  how: PATHS_..., of source.h.  -1 with an exception. */
int Paths_find(Paths *paths, const heapy_address_map *sources, const heapy_address_map *targets,
               const heapy_address_map *avoid, PyObject *pairs, unsigned how, bool is_from_root);

/* The same from the root, over the globals of frames only when there is no other way. */
int Paths_find_from_root(Paths *paths, const heapy_address_map *sources, const heapy_address_map *targets,
                         const heapy_address_map *avoid, PyObject *pairs, unsigned how);

/* Note what is said of several sources, which is of this moment too (H-91).  -1 with an exception. */
int Paths_note_sources(Paths *paths);

/* The addresses of the nodes of what the paths lie in; borrowed. */
const heapy_address_map *Paths_map(const Paths *paths);

/* Nodes as a set of the session, by a relation (NULL: Clodo).  New reference. */
PyObject *Paths_set_of_nodes(const Paths *paths, const heapy_node *nodes, size_t count, PyObject *er);

/* What the paths lie in; borrowed.  NULL with an exception when the collector has cleared it. */
const heapy_snapshot *Paths_snapshot(PyObject *paths);

/* The references in each. */
size_t Paths_length(PyObject *paths);

/* The writer of such texts, made at the first call; borrowed.  is_safe: keys are shortened.  NULL with an
 * exception. */
heapy_path_writer *Paths_writer(PyObject *paths, bool is_safe, heapy_path_form form);

/* The set of the object of a node, of the paths' session.  New reference. */
PyObject *Paths_set_of_node(PyObject *paths, heapy_node node);

/* The brief of a source, which is what stands for it where it has no name; for heapy_source_names, `context`
   being the paths. */
heapy_status Paths_source_brief(void *paths, heapy_node source, char **text, heapy_error *err);

#endif
