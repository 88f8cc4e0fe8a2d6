/* SPDX-License-Identifier: MIT */
/* Kinds and relations as text: the engine's texts, with what it is to say of live objects. */
#ifndef HEAPY_KIND_RENDER_H
#define HEAPY_KIND_RENDER_H

#include <Python.h>
#include <heapy/kind_text.h>
#include <stdbool.h>

PyObject *SetOfKinds_text(PyObject *er, PyObject *kinds);

/* The text of a kind: repr or brief.  New reference. */
PyObject *Kind_brief(PyObject *kind);
PyObject *Kind_repr(PyObject *kind);

/* What the engine asks when it writes a brief for a session. */
heapy_kind_writer brief_writer(PyObject *session);

/* The brief of any set. */
PyObject *set_brief(PyObject *set);

/* The text of a relation, in short or as an expression.  New reference. */
PyObject *relation_text(PyObject *er, bool is_brief);

/* EquivalenceRelation._pattern_label() */
PyObject *relation_pattern_label(PyObject *er, PyObject *ignored);

#endif
