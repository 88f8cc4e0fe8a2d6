/* SPDX-License-Identifier: MIT */
/* Identity sets as texts. */
#ifndef HEAPY_IDENTITY_SET_TEXTS_H
#define HEAPY_IDENTITY_SET_TEXTS_H

#include <Python.h>

PyObject *IdentitySet_repr(PyObject *set);
PyObject *IdentitySet_str(PyObject *set);

/* The set in one line, of at most the session's max_summary_length. */
PyObject *IdentitySet_brief(PyObject *set);

/* The method _items(shows_addresses, shows_owners, room): the texts of members that fit into `room`
 * characters. */
PyObject *IdentitySet_items(PyObject *set, PyObject *args);

#endif
