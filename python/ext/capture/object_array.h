/* SPDX-License-Identifier: MIT */
/*
 * The objects in numpy's arrays, read from the arrays' own structs (numpy/ndarraytypes.h, 1.7 to 2.x): numpy
 * has no tp_traverse there.  numpy is neither imported nor called, and no code of the user's runs.
 *
 * A type is numpy's by its place and shape, not by its module's entry in sys.modules, which anybody can set:
 * a static type (a class statement makes none) of that name, whose offsets, as its own tables tell them, are
 * those of the struct.  Where they are others nothing is read.
 */
#ifndef HEAPY_OBJECT_ARRAY_H
#define HEAPY_OBJECT_ARRAY_H

#include "cpython/object_field.h"

#include <Python.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    ARRAY_DIMENSIONS = 64, /* NPY_MAXDIMS: 32 until 2.0 */
    DTYPE_LEVELS = 32      /* of fields and subarrays in one another; deeper ones are not looked into */
};

/* Is it numpy.ndarray, or numpy.dtype, or derived from it? */
bool is_array_type(const PyTypeObject *type);
bool is_dtype_type(const PyTypeObject *type);

/* What an element of a structured array refers to once it was taken out of it (numpy.void, numpy.record): the
   array, which holds the objects in its fields, and the dtype.  NULL and 0: `type` is not of these. */
const object_field *array_record_fields_of(const PyTypeObject *type, size_t *count);

/* What a dtype refers to beside its `type`; all borrowed, NULL: it has none. */
typedef struct dtype_parts {
    PyObject *fields, *names, *metadata, *base, *shape;
} dtype_parts;

dtype_parts dtype_parts_of(PyObject *dtype);

/* What an array refers to beside its elements; all borrowed, NULL: it has none. */
typedef struct array_parts {
    PyObject *base, *dtype, *handler;
} array_parts;

array_parts array_parts_of(PyObject *array);

/* A dtype at a place in the array's memory. */
typedef struct dtype_level {
    PyObject *dtype;
    const char *place;
    PyObject *name; /* the field of the level above that it is; NULL: an element, of the array or of it */
    Py_ssize_t next, count; /* the next of its fields or elements, and how many of them there are */
    PyObject *inner;        /* of a subarray: the dtype of its elements; else NULL */
    Py_ssize_t inner_size;
    bool is_object, is_flat; /* is_flat: elements have one number each, though there are more dimensions */
} dtype_level;

/* The places of objects in an array, one after the other. */
typedef struct object_places {
    const char *data;
    PyObject *dtype;
    int nd;
    const Py_ssize_t *dimensions, *strides;
    Py_ssize_t index[ARRAY_DIMENSIONS]; /* of the element that is looked at */
    bool is_plain;                      /* each element is one object: dtype object */
    bool is_begun;
    int depth;
    dtype_level levels[DTYPE_LEVELS];
} object_places;

/*
 * False: the array keeps no objects.  Only that array does which owns its data, since it alone lets go of
 * them when it ends (array_dealloc, numpy/core/src/multiarray/arrayobject.c); a view leads to it by its base.
 */
bool object_places_begin(object_places *places, PyObject *array);

/* The object at the next place that has one, borrowed; NULL: there are no more. */
PyObject *object_places_next(object_places *places);

/* How the last place is written behind the array: [17], [1,2], [17].field, [17].field[2].  Owned,
   heapy_free(); NULL: no memory.  A subarray of more dimensions has .flat[5]. */
char *object_place_text(const object_places *places, size_t *length);

#endif
