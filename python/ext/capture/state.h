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

/* The families of sets: what sort of expression a set is. */
#define FAMILY_MAP(X, base)                                                                                  \
    X(EmptyFamily, base)                                                                                     \
    X(IdentitySetFamily, base)                                                                               \
    X(EquivalenceRelationFamily, base)                                                                       \
    X(PyObjectFamily, base)                                                                                  \
    X(TypeFamily, base)                                                                                      \
    X(OwnedDictFamily, base)                                                                                 \
    X(IndiSizeFamily, base)                                                                                  \
    X(ModuleFamily, base)                                                                                    \
    X(IdentityFamily, base)                                                                                  \
    X(RetClaSetFamily, base)                                                                                 \
    X(InRelFamily, base)                                                                                     \
    X(ProdFamily, base)                                                                                      \
    X(FindexFamily, base)                                                                                    \
    X(AltFamily, base)                                                                                       \
    X(OrFamily, base)                                                                                        \
    X(AndFamily, base)                                                                                       \
    X(InvertFamily, base)

/*
 * The types of the tool's own objects: name, base or NULL.  Bases come first.  Instances begin with
 * OWN_OBJECT_HEAD, and capture hides those that carry the session's tag.
 */
#define OWN_TYPE_MAP(X)                                                                                      \
    X(live_objects, NULL)                                                                                    \
    X(node_set, NULL)                                                                                        \
    X(imm_node_set, state->node_set_type)                                                                    \
    X(mut_node_set, state->node_set_type)                                                                    \
    X(node_set_iterator, NULL)                                                                               \
    X(uniset, NULL)                                                                                          \
    X(identity_set, state->uniset_type)                                                                      \
    X(identity_set_multi, state->identity_set_type)                                                          \
    X(identity_set_singleton, state->identity_set_type)                                                      \
    X(kind, state->uniset_type)                                                                              \
    X(equivalence_relation, state->uniset_type)                                                              \
    X(classifier, NULL)                                                                                      \
    X(set_of_kinds, NULL)                                                                                    \
    X(callable_set_of_kinds, state->set_of_kinds_type)                                                       \
    X(no_kinds, state->set_of_kinds_type)                                                                    \
    X(mapping_proxy, NULL)                                                                                   \
    X(family, NULL)                                                                                          \
    FAMILY_MAP(X, state->family_type)                                                                        \
    X(partition, NULL)                                                                                       \
    X(set_partition, state->partition_type)                                                                  \
    X(identity_partition, state->partition_type)                                                             \
    X(part_row, NULL)                                                                                        \
    X(stat, NULL)                                                                                            \
    X(stat_row, NULL)                                                                                        \
    X(row_iterator, NULL)                                                                                    \
    X(printer, NULL)                                                                                         \
    X(more_printer, state->printer_type)                                                                     \
    X(all_printer, state->printer_type)                                                                      \
    X(moment, NULL)                                                                                          \
    X(paths, NULL)                                                                                           \
    X(node_graph, NULL)                                                                                      \
    X(node_graph_iterator, NULL)                                                                             \
    X(profile_store, NULL)                                                                                   \
    X(horizon, NULL)                                                                                         \
    X(heap_view, NULL)                                                                                       \
    X(root_state, NULL)                                                                                      \
    X(session, NULL)

typedef struct module_state {
    bool is_ready; /* false before exec ended and after the module was cleared */

#define OWN_TYPE_FIELD(name, base) PyTypeObject *name##_type;
    OWN_TYPE_MAP(OWN_TYPE_FIELD)
#undef OWN_TYPE_FIELD

    PyObject *root;         /* the one RootState */
    PyObject *hiding_tag;   /* what sessions share by default: a list, compared by identity */
    size_t hiding_tag_uses; /* references to it from the tool's own objects */
    PyObject *hidden_types; /* list: types of the package written in Python whose instances do not show */
    bool is_warm;           /* types of loaded modules have been made ready */

    /* Interned names that are looked up by identity. */
    PyObject *str_name;       /* __name__ */
    PyObject *str_package;    /* __package__ */
    PyObject *str_module;     /* __module__ */
    PyObject *str_sizeof;     /* __sizeof__ */
    PyObject *str_hiding_tag; /* _hiding_tag_ */

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

/* Is `type` one of the tool's own? */
static inline bool
state_owns_type(const module_state *state, const PyTypeObject *type)
{
#define OWN_TYPE_IS(name, base) type == state->name##_type ||
    return OWN_TYPE_MAP(OWN_TYPE_IS) false;
#undef OWN_TYPE_IS
}

/* ---- the tool's own objects ---- */

/* What every instance of an own type begins with. */
#define OWN_OBJECT_HEAD PyObject_HEAD PyObject *hiding_tag;

typedef struct own_object {
    OWN_OBJECT_HEAD
} own_object;

/* A zeroed instance of `type`, tracked by the collector, that carries `tag` (NULL: none, nothing hides it).
 */
void *own_object_new(PyTypeObject *type, PyObject *tag);

/* Give it another tag, or none. */
void own_object_set_tag(PyObject *self, PyObject *tag);

/* The last act of tp_dealloc, after PyObject_GC_UnTrack and clearing. */
void own_object_free(PyObject *self);

static inline PyObject *
tag_of(PyObject *own)
{
    return ((own_object *)own)->hiding_tag;
}

/* For tp_traverse: what own_object_new made. */
#define VISIT_OWN_HEAD(self)                                                                                 \
    do {                                                                                                     \
        Py_VISIT(Py_TYPE(self));                                                                             \
        Py_VISIT(tag_of(self));                                                                              \
    } while (0)

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
