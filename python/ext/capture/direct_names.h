/* SPDX-License-Identifier: MIT */
/*
 * Names that an object has for another through its attribute dict, or a frame through a cell: they belong to
 * the reference that it has to that one anyhow.  `f.__defaults__` that is also `f.at` is one reference
 * by two names.
 */
#ifndef HEAPY_DIRECT_NAMES_H
#define HEAPY_DIRECT_NAMES_H

#include "capture/capture_internal.h"
#include "cpython/attribute_layout.h"

/* A list of two labels that was made already. */
typedef struct label_pair {
    heapy_label first, second, list; /* list 0: none yet */
} label_pair;

enum { LABEL_PAIRS = 64 };

/* The state of a pass over objects: the one whose references are being written, and lists of labels that
 * others share. */
typedef struct direct_names {
    PyObject *object; /* NULL: it has no such names */
    PyObject *dict;   /* its attribute dict; NULL: it is a frame */
    size_t compared;  /* entries of the dict, as often as they were gone through */
    label_pair pairs[LABEL_PAIRS];
} direct_names;

/* May the object have such names?  Asked of every object. */
static inline bool
may_have_direct_names(PyObject *object, const type_record *record)
{
    if (!record->may_name_more || record->is_unsound)
        return false;
    if (record->attributes == ATTRIBUTES_MANAGED)
        return managed_dict_of(object);
    return record->content == CONTENT_FRAME || *dict_slot_at_offset(object, record->dict_offset);
}

/* Begin with the references of such an object.  Makes records of types, which moves those there are. */
void direct_names_begin(direct_names *names, capture *c, PyObject *object, const type_record *record);

/* Give the labels of references to `targets`, at most 64 and some of the object's, in order, the names they
   lack. False: out_of_memory. */
bool direct_names_add(direct_names *names, capture *c, const uintptr_t *targets, heapy_label *labels,
                      size_t count);

#endif
