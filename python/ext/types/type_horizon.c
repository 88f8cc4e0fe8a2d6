/* SPDX-License-Identifier: MIT */
/*
 * Horizons: what is new since a set of objects was looked at.  The objects are held, so that none of them can
 * go and another take its address.
 */
#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "live/errors.h"
#include "live/held_objects.h"
#include "types/module_state.h"
#include "types/node_set_members.h"
#include "types/own_object.h"
#include "types/type_live_objects.h"

#include <heapy/address_map.h>
#include <heapy/status.h>

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *objects; /* LiveObjects */
} Horizon;

static PyObject *
horizon_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"X", NULL};
    PyObject *known;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:Horizon", names, &known))
        return NULL;
    module_state *state = state_of_type(type);
    if (!state_is_usable(state))
        return NULL;
    held_objects *held = objects_of_iterable(known);
    if (!held)
        return NULL;
    Horizon *self = own_object_new(type, state->capture.hiding_tag);
    if (!self) {
        capture_release(held);
        return NULL;
    }
    self->objects = LiveObjects_wrap((PyObject *)self, held);
    if (self->objects)
        ((LiveObjects *)self->objects)->is_aside = true;
    else
        Py_CLEAR(self);
    return (PyObject *)self;
}

static PyObject *
horizon_news(PyObject *self, PyObject *now)
{
    const heapy_address_map *known = LiveObjects_map(((Horizon *)self)->objects);
    if (!known)
        return NULL;
    held_objects *held = objects_of_iterable(now), *news_held = NULL;
    if (!held)
        return NULL;
    heapy_address_map *news = combine_maps(held_addresses(held), known, HEAPY_DIFFERENCE);
    if (news)
        news_held = capture_hold(news);
    capture_release_keeping_exception(held);
    return NodeSet_of_held(self, news_held);
}

static int
horizon_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    Py_VISIT(((Horizon *)self)->objects);
    return 0;
}

static int
horizon_clear(PyObject *self)
{
    Py_CLEAR(((Horizon *)self)->objects);
    return 0;
}

static void
horizon_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    horizon_clear(self);
    own_object_free(self);
}

static PyMethodDef horizon_methods[] = {
    {"news", horizon_news, METH_O, DOC_Horizon_news},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot horizon_slots[] = {
    {Py_tp_doc, DOC_Horizon},
    {Py_tp_new, horizon_new},
    {Py_tp_traverse, horizon_traverse},
    {Py_tp_clear, horizon_clear},
    {Py_tp_dealloc, horizon_dealloc},
    {Py_tp_methods, horizon_methods},
    {0, NULL},
};

PyType_Spec horizon_spec = {
    .name = "guppy.heapy.heapyc.Horizon",
    .basicsize = sizeof(Horizon),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = horizon_slots,
};
