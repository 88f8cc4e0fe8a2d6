/* SPDX-License-Identifier: MIT */
/* One object as text (K-132): for Id tables, briefs and identity classes. */
#ifndef HEAPY_RENDER_H
#define HEAPY_RENDER_H

#include <Python.h>

#include "capture/capture_state.h"

/* What objects of a type are ordered by among each other. */
typedef enum render_order { ORDER_BY_VALUE, ORDER_BY_TEXT, ORDER_BY_ADDRESS } render_order;

/* The text of `object`: by its exact type, so that no code of the user's runs.  New reference. */
PyObject *render_object(capture_state *state, PyObject *object);

/* The same in a brief: of a dict with an owner (or NULL) the owner's text, of a dotted name only `..` and its
   last part. */
PyObject *render_brief_item(capture_state *state, PyObject *object, PyObject *owner);

/* What the text of an object of `type` is, as the heading of a column; static storage. */
const char *render_heading(const PyTypeObject *type);

render_order render_order_of(const PyTypeObject *type);

/* Compare two objects of one type by value, text or address, as render_order_of says. */
int render_compare(capture_state *state, PyObject *a, PyObject *b);

/* The same for two texts. */
int render_compare_texts(PyObject *a, PyObject *b);

#endif
