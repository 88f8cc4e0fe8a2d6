/* SPDX-License-Identifier: MIT */
/* Sessions of snapshot files: opened, asked for what only they have, closed. */
#ifndef HEAPY_SOURCE_FILE_H
#define HEAPY_SOURCE_FILE_H

#include <Python.h>
#include <heapy/graph.h>

/* _open_snapshot(path): a session of a file; BadSnapshot, OSError. */
PyObject *open_snapshot_file(PyObject *module, PyObject *args);

/* Let go of the file, if the session has one; questions raise ValueError from now on. */
void close_snapshot_file(PyObject *session);

/* Session._file_facts(): what opening has read, a dict; None of other sessions. */
PyObject *snapshot_file_facts(PyObject *session, PyObject *ignored);

/* The kind of the objects of a type in the file of a session: of a live type by module and qualified name, of
   a text MODULE.QUALNAME (ValueError when there is none).  New reference.  O(types). */
PyObject *file_kind_of_type(PyObject *session, PyTypeObject *type);
PyObject *file_kind_of_text(PyObject *session, PyObject *text);

/* What the texts of a type's instances are, as the heading of a column; NULL: it is not known. */
const char *file_heading_of_type(PyObject *session, uint64_t identity);

#endif
