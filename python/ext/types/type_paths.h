/* SPDX-License-Identifier: MIT */
/* What paths lend to one of them. */
#ifndef HEAPY_TYPE_PATHS_H
#define HEAPY_TYPE_PATHS_H

#include <Python.h>
#include <heapy/path_text.h>
#include <heapy/shortest_paths.h>
#include <heapy/snapshot.h>
#include <stdbool.h>

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
