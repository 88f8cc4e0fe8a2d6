/* SPDX-License-Identifier: MIT */
/* Kinds that are one class each. */
#ifndef HEAPY_KIND_OF_CLASS_H
#define HEAPY_KIND_OF_CLASS_H

#include <Python.h>
#include <heapy/kind.h>

/* The kind of one atom. */
PyObject *Kind_create(PyObject *session, const heapy_atom *atom);

/* Kinds of one atom each. */
PyObject *Kind_of_type(PyObject *session, PyObject *type);
PyObject *Kind_of_owner(PyObject *session, PyObject *owners); /* a set, or NULL: dicts without owner */
PyObject *Kind_of_size(PyObject *session, PyObject *size);    /* an int, bytes */
PyObject *Kind_of_module(PyObject *session, PyObject *module);
PyObject *Kind_of_non_modules(PyObject *session);
PyObject *Kind_of_object(PyObject *session, PyObject *object);
PyObject *Kind_of_relations(PyObject *session, PyObject *texts); /* a tuple of str: reprs of relations */
PyObject *Kind_of_producer(PyObject *session, PyObject *file, PyObject *line); /* str or None, int or None */
PyObject *Kind_of_unknown_producer(PyObject *session);
PyObject *Kind_of_index(PyObject *er, PyObject *index); /* of a findex */
PyObject *Kind_of_anything(PyObject *session);

/* The kind of objects whose referrers' classes by er are `kinds` (a tuple). */
PyObject *referrers_kind(PyObject *er, PyObject *kinds);

/* The dicts that objects of the set own (K-90). */
PyObject *set_dictof(PyObject *set);

#endif
