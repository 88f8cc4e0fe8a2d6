/* SPDX-License-Identifier: MIT */
/* A session's heap for other programs, as Arrow streams in capsules. */
#ifndef HEAPY_ARROW_CAPSULE_H
#define HEAPY_ARROW_CAPSULE_H

#include <Python.h>

/* Session._arrow_stream(what): "objects", "retained" (objects with two columns more) or "edges", of the
   session's snapshot or of now, as a capsule of the name "arrow_array_stream". */
PyObject *Session_arrow_stream(PyObject *session, PyObject *what);

#endif
