/* SPDX-License-Identifier: MIT */
#include "types/own_object.h"

#include "capture/own_object_head.h"
#include "types/module_state.h"

void *
own_object_new(PyTypeObject *type, PyObject *tag)
{
    own_object *self = (own_object *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    own_object_set_tag((PyObject *)self, tag);
    return self;
}

void
own_object_set_tag(PyObject *self, PyObject *tag)
{
    module_state *state = state_if_ours(Py_TYPE(self)); /* NULL when the interpreter is going down */
    PyObject *old = tag_of(self);
    if (state && state->capture.hiding_tag && old == state->capture.hiding_tag)
        state->capture.hiding_tag_uses--;
    if (state && state->capture.hiding_tag && tag == state->capture.hiding_tag)
        state->capture.hiding_tag_uses++;
    ((own_object *)self)->hiding_tag = Py_XNewRef(tag);
    Py_XDECREF(old);
}

void
own_object_free(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    own_object_set_tag(self, NULL);
    type->tp_free(self);
    Py_DECREF(type);
}
