/* SPDX-License-Identifier: MIT */
/* The tool's own objects: made, tagged and freed. */
#ifndef HEAPY_OWN_OBJECT_H
#define HEAPY_OWN_OBJECT_H

#include "capture/own_object_head.h"
#include "live/remembered.h"

/* Most types: made only by the tool, never changed. */
enum {
    OWN_TYPE_FLAGS =
        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE
};

/* A zeroed instance of `type`, tracked by the collector, that carries `tag` (NULL: none, nothing hides it).
 */
void *own_object_new(PyTypeObject *type, PyObject *tag);

/* Give it another tag, or none. */
void own_object_set_tag(PyObject *self, PyObject *tag);

/* The last act of tp_dealloc, after PyObject_GC_UnTrack and clearing. */
void own_object_free(PyObject *self);

/* For tp_traverse: what own_object_new made. */
#define VISIT_OWN_HEAD(self)                                                                                 \
    do {                                                                                                     \
        Py_VISIT(Py_TYPE(self));                                                                             \
        Py_VISIT(tag_of(self));                                                                              \
    } while (0)

/*
 * An object may remember another, to give the same one whenever it is asked for, that refers back to it.  If
 * it held it the two would wait for a collection, and with them all they show.  So the other one holds and is
 * not held: `slot` is where it is remembered, `place` a member of its own that knows the slot.  It must hold
 * what has the slot until it is forgotten, which it sees to in tp_clear or tp_dealloc.  remembered() gives
 * it.
 */
static inline PyObject *
remember(PyObject **slot, PyObject ***place, PyObject *made)
{
    *place = slot;
    remember_there(slot, made);
    return made;
}

static inline void
be_forgotten(PyObject *self, PyObject ***place)
{
    if (*place)
        forget_there(*place, self);
    *place = NULL;
}

/* Getters and methods that only give a member back. */
static inline PyObject *
new_reference_or_error(PyObject *object)
{
    if (object)
        return Py_NewRef(object);
    PyErr_SetString(PyExc_RuntimeError, "this object of heapy was cleared by the garbage collector");
    return NULL;
}

#endif
