/* SPDX-License-Identifier: MIT */
/* x.maprox: attributes and items of all members at once (K-150 to K-152, R-82). */
#include "types/type_mapping_proxy.h"

#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "live/errors.h"
#include "live/guard.h"
#include "live/held_objects.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/type_live_objects.h"

#include <heapy/address_map.h>
#include <heapy/status.h>

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *set;
} MappingProxy;

PyObject *
MappingProxy_create(PyObject *set)
{
    MappingProxy *self = own_object_new(state_of_type(Py_TYPE(set))->mapping_proxy_type, tag_of(set));
    if (self)
        self->set = Py_NewRef(set);
    return (PyObject *)self;
}

/* An exception that only means that a member has no such thing. */
static bool
is_absence(bool of_item)
{
    if (!of_item)
        return PyErr_ExceptionMatches(PyExc_AttributeError);
    return PyErr_ExceptionMatches(PyExc_KeyError) || PyErr_ExceptionMatches(PyExc_IndexError) ||
           PyErr_ExceptionMatches(PyExc_TypeError);
}

/* Hold `value` (taken over) in the map. */
static int
add_held(heapy_address_map *map, PyObject *value)
{
    bool is_new = false;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status = heapy_address_map_add(map, (uintptr_t)value, &is_new, &err);
    if (status || !is_new)
        Py_DECREF(value);
    if (status)
        return raise_heapy_error(&err);
    return 0;
}

/* What `get` gives of each member; NULL with an exception. */
static held_objects *
map_members(const held_objects *members, PyObject *name, bool of_item)
{
    heapy_address_map *map;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_address_map_create(&map, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    int result = 0;
    held_iterator iterator;
    held_iterator_init(&iterator, members);
    for (PyObject *member; !result && (member = held_iterator_next(&iterator));) {
        PyObject *value;
        if (of_item)
            value = PyObject_GetItem(member, name);
        else
            value = PyObject_GetAttr(member, name);
        if (value)
            result = add_held(map, value);
        else if (is_absence(of_item))
            PyErr_Clear();
        else
            result = -1;
    }
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    heapy_status status = heapy_address_map_freeze(map, &err);
    if (!status && !result)
        return capture_held(map);
    if (status) /* no memory even to list them: they stay */
        heapy_address_map_destroy(map);
    else
        capture_release(capture_held(map));
    PyErr_Restore(type, value, traceback);
    if (!result)
        raise_heapy_error(&err);
    return NULL;
}

static PyObject *
mapped(PyObject *self, PyObject *name, bool of_item)
{
    PyObject *set = ((MappingProxy *)self)->set;
    const held_objects *members = LiveObjects_held(((IdentitySet *)set)->objects);
    if (!members)
        return NULL;
    guard objects = guard_begin(((IdentitySet *)set)->objects);
    held_objects *found = map_members(members, name, of_item);
    guard_end(&objects);
    if (!found)
        return NULL;
    return IdentitySet_wrap(((IdentitySet *)set)->session, found, NULL);
}

static PyObject *
mapping_proxy_getattro(PyObject *self, PyObject *name)
{
    return mapped(self, name, false);
}

static PyObject *
mapping_proxy_subscript(PyObject *self, PyObject *key)
{
    return mapped(self, key, true);
}

static PyObject *
mapping_proxy_repr(PyObject *self)
{
    return PyUnicode_FromFormat("<guppy.heapy.UniSet.MappingProxy object at %p>", (void *)self);
}

static int
mapping_proxy_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    Py_VISIT(((MappingProxy *)self)->set);
    return 0;
}

static void
mapping_proxy_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(((MappingProxy *)self)->set);
    own_object_free(self);
}

static PyType_Slot mapping_proxy_slots[] = {
    {Py_tp_doc, DOC_MappingProxy},
    {Py_tp_traverse, mapping_proxy_traverse},
    {Py_tp_dealloc, mapping_proxy_dealloc},
    {Py_tp_repr, mapping_proxy_repr},
    {Py_tp_getattro, mapping_proxy_getattro},
    {Py_mp_subscript, mapping_proxy_subscript},
    {0, NULL},
};

PyType_Spec mapping_proxy_spec = {
    .name = "guppy.heapy.UniSet.MappingProxy",
    .basicsize = sizeof(MappingProxy),
    .flags = OWN_TYPE_FLAGS,
    .slots = mapping_proxy_slots,
};
