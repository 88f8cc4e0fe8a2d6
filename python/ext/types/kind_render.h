/* SPDX-License-Identifier: MIT */
/* Kinds as text. */
#ifndef HEAPY_KIND_RENDER_H
#define HEAPY_KIND_RENDER_H

#include <Python.h>

PyObject *SetOfKinds_text(PyObject *er, PyObject *kinds);

/* The text of a kind: repr or brief.  New reference. */
PyObject *Kind_brief(PyObject *kind);
PyObject *Kind_repr(PyObject *kind);

/* The same of any set, a repr with a prefix; an identity set has only a brief. */
PyObject *set_brief(PyObject *set);
PyObject *set_text(PyObject *set, PyObject *prefix);

#endif
