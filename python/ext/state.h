/* SPDX-License-Identifier: MIT */
/* The module's state: its types and the few things capture needs that cost something to find. */
#ifndef HEAPY_STATE_H
#define HEAPY_STATE_H

#include <Python.h>
#include <stdbool.h>

/* A type with a name of its own in tables: a builtin, or one that the types module names. */
typedef struct known_type {
    const PyTypeObject *type;
    char *name; /* owned, heapy's own copy */
} known_type;

typedef struct module_state {
    bool is_ready; /* false before exec ended and after the module was cleared */

    PyTypeObject *session_type;
    PyTypeObject *live_objects_type;
    PyTypeObject *identity_set_type;           /* base of the next two */
    PyTypeObject *identity_set_multi_type;     /* none or many objects */
    PyTypeObject *identity_set_singleton_type; /* one object */
    PyTypeObject *printer_type;
    PyTypeObject *graph_type;

    /* Interned names that are looked up by identity. */
    PyObject *str_name;    /* __name__ */
    PyObject *str_package; /* __package__ */
    PyObject *str_module;  /* __module__ */
    PyObject *str_sizeof;  /* __sizeof__ */

    /* What the traversal compares types' functions with. */
    traverseproc subtype_traverse; /* of classes made by a class statement */
    PyObject *object_sizeof;       /* object.__sizeof__ */
    const void *general_lookup;    /* dict_lookup_of a dict whose keys are not all str */

    known_type *known_types; /* sorted by address; owned */
    size_t known_type_count;
} module_state;

extern struct PyModuleDef heapyc_module;

/* The state of the module that made `type` or a base of it.  Never NULL for our types. */
module_state *state_of_type(PyTypeObject *type);

/* The same for any type: NULL, without exception, when it is not one of ours. */
module_state *state_if_ours(PyTypeObject *type);

/* False with RuntimeError when the module is being torn down. */
bool state_is_usable(const module_state *state);

/* Is `type` one whose instances are the tool's own and do not show? */
static inline bool
state_hides_type(const module_state *state, const PyTypeObject *type)
{
    return type == state->identity_set_multi_type || type == state->identity_set_singleton_type ||
           type == state->session_type || type == state->printer_type || type == state->graph_type ||
           type == state->identity_set_type || type == state->live_objects_type;
}

#endif
