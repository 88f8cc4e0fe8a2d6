/* SPDX-License-Identifier: MIT */
/* What every object of the tool's own begins with: the tag by which it is hidden. */
#ifndef HEAPY_OWN_OBJECT_HEAD_H
#define HEAPY_OWN_OBJECT_HEAD_H

#include <Python.h>

#define OWN_OBJECT_HEAD PyObject_HEAD PyObject *hiding_tag;

typedef struct own_object {
    OWN_OBJECT_HEAD
} own_object;

static inline PyObject *
tag_of(PyObject *own)
{
    return ((own_object *)own)->hiding_tag;
}

#endif
