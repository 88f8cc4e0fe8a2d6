/* SPDX-License-Identifier: MIT */
/* LiveObjects: the strong references behind identity sets.  Several sets may show the same objects. */
#include "capture.h"
#include "types.h"

PyObject *
LiveObjects_wrap(module_state *state, heapy_address_map *held)
{
    LiveObjects *self = (LiveObjects *)state->live_objects_type->tp_alloc(state->live_objects_type, 0);
    if (!self) {
        capture_release(held);
        return NULL;
    }
    self->map = held;
    return (PyObject *)self;
}

static int
live_objects_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    const heapy_address_map *map = ((LiveObjects *)self)->map;
    if (!map)
        return 0;
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    uintptr_t batch[64];
    for (size_t n; (n = heapy_address_iterator_read(&iterator, batch, 64));)
        for (size_t i = 0; i < n; i++)
            Py_VISIT((PyObject *)batch[i]);
    return 0;
}

static int
live_objects_clear(PyObject *self)
{
    heapy_address_map *map = ((LiveObjects *)self)->map;
    ((LiveObjects *)self)->map = NULL;
    capture_release(map);
    return 0;
}

static void
live_objects_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    live_objects_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyType_Slot live_objects_slots[] = {
    {Py_tp_traverse, live_objects_traverse},
    {Py_tp_clear, live_objects_clear},
    {Py_tp_dealloc, live_objects_dealloc},
    {0, NULL},
};

PyType_Spec live_objects_spec = {
    .name = "guppy.heapy.heapyc.LiveObjects",
    .basicsize = sizeof(LiveObjects),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION |
             Py_TPFLAGS_IMMUTABLETYPE,
    .slots = live_objects_slots,
};
