/* SPDX-License-Identifier: MIT */
/*
 * Identity sets: finite sets of live objects, compared by identity (K-1, K-20 to K-32, K-50 to K-55).
 *
 * A set is LiveObjects plus the equivalence relation its table is made by.  The table (set_table.c) is made
 * when it is first asked for and then stays (H-76); size and other questions look at the objects anew.
 */
#include "types/identity_set.h"

#include "heapyc_docs.h"
#include "live/guard.h"
#include "live/held_objects.h"
#include "live/producers.h"
#include "types/ask.h"
#include "types/call_python.h"
#include "types/equivalence_relation.h"
#include "types/identity_set_texts.h"
#include "types/module_state.h"
#include "types/node_set_members.h"
#include "types/own_object.h"
#include "types/set_table.h"
#include "types/stat_io.h"
#include "types/type_kind.h"
#include "types/type_live_objects.h"
#include "types/type_mapping_proxy.h"
#include "types/type_partition.h"
#include "types/type_printer.h"
#include "types/type_session.h"
#include "types/type_stat.h"

#include <heapy/address_map.h>
#include <structmember.h>

/* ---- attributes ---- */

static Py_ssize_t
identity_set_length(PyObject *self)
{
    heapy_table table;
    if (IdentitySet_table(self, 0, &table) < 0)
        return -1;
    return (Py_ssize_t)table.row_count;
}

static PyObject *
identity_set_iter(PyObject *self)
{
    if (!IdentitySet_is_empty(self)) {
        PyErr_SetString(PyExc_TypeError, "an identity set cannot be iterated over; "
                                         "x.nodes has its objects, x.parts the sets of its rows");
        return NULL;
    }
    PyObject *empty = PyTuple_New(0);
    if (!empty)
        return NULL;
    PyObject *iterator = PyObject_GetIter(empty);
    Py_DECREF(empty);
    return iterator;
}

static int
identity_set_bool(PyObject *self)
{
    return !IdentitySet_is_empty(self);
}

static int
identity_set_contains(PyObject *self, PyObject *object)
{
    const held_objects *held = LiveObjects_held(((IdentitySet *)self)->objects);
    if (!held)
        return -1;
    return heapy_address_map_contains(IdentitySet_map(self), (uintptr_t)object);
}

/* Tab completion asks for every attribute: what costs something answers None to it (K-23). */
static bool
is_asked_by_completer(void)
{
    PyObject *globals = PyEval_GetGlobals(); /* borrowed */
    if (!globals)
        return false;
    PyObject *name = PyDict_GetItemString(globals, "__name__");
    return name && PyUnicode_Check(name) && !PyUnicode_CompareWithASCIIString(name, "rlcompleter");
}

static PyObject *
identity_set_count(PyObject *self, void *closure)
{
    (void)closure;
    const heapy_address_map *map = IdentitySet_map(self);
    if (!map)
        return NULL;
    return PyLong_FromSize_t(heapy_address_map_count(map));
}

/* What a question about the set's objects says, in bytes. */
static PyObject *
bytes_of(PyObject *self, int (*ask)(PyObject *session, const heapy_address_map *objects, uint64_t *out))
{
    IdentitySet *set = (IdentitySet *)self;
    const heapy_address_map *map = IdentitySet_map(self);
    if (!map || !Session_is_usable(set->session))
        return NULL;
    uint64_t bytes = 0;
    guard objects = guard_begin(set->objects);
    int result = 0;
    if (heapy_address_map_count(map))
        result = ask(set->session, map, &bytes);
    guard_end(&objects);
    if (result < 0)
        return NULL;
    return PyLong_FromUnsignedLongLong(bytes);
}

static PyObject *
identity_set_size(PyObject *self, void *closure)
{
    (void)closure;
    if (is_asked_by_completer())
        Py_RETURN_NONE;
    return bytes_of(self, ask_size);
}

static PyObject *
identity_set_domisize(PyObject *self, void *closure)
{
    (void)closure;
    if (is_asked_by_completer())
        Py_RETURN_NONE;
    return bytes_of(self, ask_retained_size);
}

static PyObject *
identity_set_nodes(PyObject *self, void *closure)
{
    (void)closure;
    IdentitySet *set = (IdentitySet *)self;
    if (!set->objects)
        return new_reference_or_error(NULL);
    if (!LiveObjects_held(set->objects))
        return NULL;
    return NodeSet_wrap(set->session, set->objects);
}

static PyObject *
identity_set_theone(PyObject *self, void *closure)
{
    (void)closure;
    const heapy_address_map *map = IdentitySet_map(self);
    if (!map)
        return NULL;
    const held_objects *held = LiveObjects_held(((IdentitySet *)self)->objects);
    if (!held)
        return NULL;
    if (heapy_address_map_count(map) != 1) {
        PyErr_Format(PyExc_ValueError, "theone requires a singleton set; this one has %zu objects",
                     heapy_address_map_count(map));
        return NULL;
    }
    return Py_NewRef(held_object(held, 0));
}

static PyObject *
identity_set_er(PyObject *self, void *closure)
{
    (void)closure;
    return new_reference_or_error(((IdentitySet *)self)->er);
}

/* Getters that a completer is not to set off. */
#define COSTLY_GETTER(name, expression)                                                                      \
    static PyObject *identity_set_##name(PyObject *self, void *closure)                                      \
    {                                                                                                        \
        (void)closure;                                                                                       \
        if (is_asked_by_completer())                                                                         \
            Py_RETURN_NONE;                                                                                  \
        return expression;                                                                                   \
    }

static PyObject *
parts_of(PyObject *self)
{
    heapy_table table;
    if (IdentitySet_table(self, 0, &table) < 0)
        return NULL;
    PyObject *parts = PyList_New(0);
    for (size_t row = 0; parts && row < table.row_count; row++) {
        PyObject *part = IdentitySet_row(self, row);
        if (!part || PyList_Append(parts, part) < 0)
            Py_CLEAR(parts);
        Py_XDECREF(part);
    }
    return parts;
}

/* The traceback of the only object's allocation (K-28). */
static PyObject *
producer_of(PyObject *self)
{
    PyObject *object = identity_set_theone(self, NULL);
    if (!object)
        return NULL;
    PyObject *trace = object_producer(object);
    Py_DECREF(object);
    if (!trace || trace == Py_None)
        return trace;
    PyObject *printer =
        call_package("guppy.heapy.OutputHandling", "AllocationTrace", ((IdentitySet *)self)->session, trace);
    Py_DECREF(trace);
    return printer;
}

/* What guppy/heapy says of a set. */
static PyObject *
tell(PyObject *self, const char *module, const char *function)
{
    return call_package_with(module, function, self, NULL, NULL);
}

COSTLY_GETTER(referents, ask_about_set(self, HEAPY_ASK_REFERENTS))
COSTLY_GETTER(referrers, ask_about_set(self, HEAPY_ASK_REFERRERS))
COSTLY_GETTER(imdom, ask_about_set(self, HEAPY_ASK_IMMEDIATE_DOMINATORS))
COSTLY_GETTER(dominos, ask_about_set(self, HEAPY_ASK_DOMINATED))
COSTLY_GETTER(referrers_gc, tell(self, "guppy.heapy.View", "referrers_gc"))
COSTLY_GETTER(byretained, tell(self, "guppy.heapy.Retained", "RetainedTable"))
COSTLY_GETTER(sp, tell(self, "guppy.heapy.Path", "shortest_paths"))
COSTLY_GETTER(pathsin, tell(self, "guppy.heapy.Path", "paths_in"))
COSTLY_GETTER(pathsout, tell(self, "guppy.heapy.Path", "paths_out"))
COSTLY_GETTER(rp, tell(self, "guppy.heapy.RefPat", "reference_pattern"))
COSTLY_GETTER(brief, IdentitySet_brief(self))
COSTLY_GETTER(maprox, MappingProxy_create(self))
COSTLY_GETTER(owners, IdentitySet_owners(self))
COSTLY_GETTER(prod, producer_of(self))
COSTLY_GETTER(kind, IdentitySet_kind(self))
COSTLY_GETTER(partition, Partition_of(self))
COSTLY_GETTER(parts, parts_of(self))
COSTLY_GETTER(stat, Stat_of_set(self))
COSTLY_GETTER(more, more_of(self))
COSTLY_GETTER(all, AllPrinter_create(self))

#define BY_GETTER(name, code)                                                                                \
    static PyObject *identity_set_by##name(PyObject *self, void *closure)                                    \
    {                                                                                                        \
        (void)closure;                                                                                       \
        return IdentitySet_by_basic(self, HEAPY_BY_##code);                                                  \
    }
BY_GETTER(type, TYPE)
BY_GETTER(clodo, CLODO)
BY_GETTER(size, SIZE)
BY_GETTER(module, MODULE)
BY_GETTER(id, ID)
BY_GETTER(idset, IDSET)
BY_GETTER(unity, UNITY)
BY_GETTER(prod, PRODUCER)

static PyObject *
by_referrers(PyObject *self)
{
    PyObject *clodo = Session_relation(((IdentitySet *)self)->session, HEAPY_BY_CLODO), *result = NULL;
    if (!clodo)
        return NULL;
    PyObject *rcs = EquivalenceRelation_refdby(clodo);
    if (rcs)
        result = IdentitySet_by(self, rcs);
    Py_DECREF(clodo);
    Py_XDECREF(rcs);
    return result;
}
COSTLY_GETTER(byrcs, by_referrers(self))
COSTLY_GETTER(byvia, IdentitySet_by_basic(self, HEAPY_BY_REFERENCES))

static PyObject *
identity_set_by(PyObject *self, PyObject *relation_or_name)
{
    PyObject *er = relation_from_object(((IdentitySet *)self)->session, relation_or_name);
    if (!er)
        return NULL;
    PyObject *result = IdentitySet_by(self, er);
    Py_DECREF(er);
    return result;
}

static PyObject *
identity_set_diff(PyObject *self, PyObject *other)
{
    module_state *state = state_of_type(Py_TYPE(self));
    if (!IdentitySet_check(state, other)) {
        PyErr_Format(PyExc_TypeError, "diff: an identity set expected, not %.200s", Py_TYPE(other)->tp_name);
        return NULL;
    }
    /* Nothing is the same by every relation: it takes the header of the other side. */
    if (!((IdentitySet *)self)->er)
        return new_reference_or_error(NULL);
    PyObject *a = NULL, *b = NULL, *result = NULL;
    PyObject *alike = IdentitySet_by(other, ((IdentitySet *)self)->er);
    if (!alike)
        return NULL;
    a = Stat_of_set_or_empty(self, alike);
    if (!a)
        goto done;
    b = Stat_of_set_or_empty(alike, self);
    if (b)
        result = Stat_subtract(a, b);
done:
    Py_DECREF(alike);
    Py_XDECREF(a);
    Py_XDECREF(b);
    return result;
}

static PyObject *
identity_set_dump(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"fn", "mode", NULL};
    PyObject *file, *mode = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|U:dump", names, &file, &mode))
        return NULL;
    PyObject *stat = Stat_of_set(self);
    if (!stat)
        return NULL;
    PyObject *result = Stat_dump(stat, file, mode);
    Py_DECREF(stat);
    return result;
}

static PyObject *
identity_set_get_shpaths(PyObject *self, PyObject *args, PyObject *kwargs)
{
    return call_package_with("guppy.heapy.Path", "shortest_paths", self, args, kwargs);
}

static PyObject *
identity_set_get_rp(PyObject *self, PyObject *args, PyObject *kwargs)
{
    return call_package_with("guppy.heapy.RefPat", "reference_pattern", self, args, kwargs);
}

static PyObject *
identity_set_retained_rows(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return ask_retained_rows(self);
}

/* ---- life ---- */

static int
identity_set_traverse(PyObject *self, visitproc visit, void *arg)
{
    IdentitySet *set = (IdentitySet *)self;
    VISIT_OWN_HEAD(self);
    Py_VISIT(set->session);
    Py_VISIT(set->objects);
    Py_VISIT(set->er);
    if (!set->table)
        return 0;
    return set_table_traverse(set->table, visit, arg);
}

static int
identity_set_clear(PyObject *self)
{
    IdentitySet *set = (IdentitySet *)self;
    be_forgotten(self, &set->remembered);
    Py_CLEAR(set->objects);
    Py_CLEAR(set->er);
    return 0; /* the session stays: it clears what it refers to */
}

static void
identity_set_dealloc(PyObject *self)
{
    IdentitySet *set = (IdentitySet *)self;
    PyObject_GC_UnTrack(self);
    if (set->weakrefs)
        PyObject_ClearWeakRefs(self);
    identity_set_clear(self);
    Py_CLEAR(set->session);
    set_table_destroy(set->table);
    own_object_free(self);
}

static PyObject *
identity_set_first(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    IdentitySet *set = (IdentitySet *)self;
    if (IdentitySet_is_empty(self)) {
        PyErr_SetString(PyExc_ValueError, "an empty set has no first object");
        return NULL;
    }
    const heapy_address_map *map = IdentitySet_map(self);
    if (!map)
        return NULL;
    uintptr_t first = heapy_address_map_select(map, 0);
    heapy_address_map *one = map_of_addresses(&first, 1);
    if (!one)
        return NULL;
    return IdentitySet_keep(set->session, one, set->er);
}

static PyObject *
identity_set_session(PyObject *self, void *closure)
{
    (void)closure;
    return new_reference_or_error(((IdentitySet *)self)->session);
}

/* The addresses in increasing order, 8 bytes each. */
static PyObject *
identity_set_addresses(PyObject *self, void *closure)
{
    (void)closure;
    const heapy_address_map *map = IdentitySet_map(self);
    if (!map)
        return NULL;
    size_t count = heapy_address_map_count(map);
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(count * sizeof(uint64_t)));
    if (!bytes)
        return NULL;
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    heapy_address_iterator_read(&iterator, (uintptr_t *)(void *)PyBytes_AS_STRING(bytes), count);
    PyObject *view = PyMemoryView_FromObject(bytes);
    Py_DECREF(bytes);
    if (!view)
        return NULL;
    PyObject *numbers = PyObject_CallMethod(view, "cast", "s", "Q");
    Py_DECREF(view);
    return numbers;
}

#define GETTER(name) {#name, identity_set_##name, NULL, DOC_IdentitySet_##name, NULL}
static PyGetSetDef identity_set_getset[] = {
    GETTER(addresses),
    GETTER(all),
    GETTER(brief),
    GETTER(byclodo),
    GETTER(byid),
    GETTER(byidset),
    GETTER(bymodule),
    GETTER(bysize),
    GETTER(bytype),
    GETTER(byunity),
    GETTER(count),
    GETTER(er),
    {"indisize", identity_set_size, NULL, DOC_IdentitySet_indisize, NULL},
    GETTER(kind),
    GETTER(more),
    GETTER(nodes),
    GETTER(partition),
    GETTER(parts),
    GETTER(size),
    GETTER(byprod),
    GETTER(byrcs),
    GETTER(byvia),
    GETTER(maprox),
    GETTER(owners),
    GETTER(prod),
    GETTER(stat),
    GETTER(theone),
    GETTER(referents),
    GETTER(referrers),
    GETTER(imdom),
    GETTER(dominos),
    GETTER(domisize),
    {"retained", identity_set_domisize, NULL, DOC_IdentitySet_retained, NULL},
    GETTER(sp),
    {"shpaths", identity_set_sp, NULL, DOC_IdentitySet_shpaths, NULL},
    GETTER(pathsin),
    GETTER(pathsout),
    GETTER(rp),
    GETTER(referrers_gc),
    GETTER(byretained),
    {"_session", identity_set_session, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
#undef GETTER

static PyMethodDef identity_set_methods[] = {
    {"by", identity_set_by, METH_O, DOC_IdentitySet_by},
    {"diff", identity_set_diff, METH_O, DOC_IdentitySet_diff},
    {"get_rp", (PyCFunction)(void (*)(void))identity_set_get_rp, METH_VARARGS | METH_KEYWORDS,
     DOC_IdentitySet_get_rp},
    {"get_shpaths", (PyCFunction)(void (*)(void))identity_set_get_shpaths, METH_VARARGS | METH_KEYWORDS,
     DOC_IdentitySet_get_shpaths},
    {"_first", identity_set_first, METH_NOARGS, DOC_IdentitySet__first},
    {"_items", IdentitySet_items, METH_VARARGS, DOC_IdentitySet__items},
    {"_retained_rows", identity_set_retained_rows, METH_NOARGS, DOC_IdentitySet__retained_rows},
    {"dump", (PyCFunction)(void (*)(void))identity_set_dump, METH_VARARGS | METH_KEYWORDS,
     DOC_IdentitySet_dump},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef identity_set_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(IdentitySet, weakrefs), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot identity_set_slots[] = {
    {Py_tp_doc, DOC_IdentitySet},
    {Py_tp_traverse, identity_set_traverse},
    {Py_tp_clear, identity_set_clear},
    {Py_tp_dealloc, identity_set_dealloc},
    {Py_tp_repr, IdentitySet_repr},
    {Py_tp_str, IdentitySet_str},
    {Py_tp_iter, identity_set_iter},
    {Py_tp_getset, identity_set_getset},
    {Py_tp_methods, identity_set_methods},
    {Py_tp_members, identity_set_members},
    {Py_mp_subscript, IdentitySet_subscript},
    {Py_mp_length, identity_set_length},
    {Py_sq_contains, identity_set_contains},
    {Py_nb_bool, identity_set_bool},
    {0, NULL},
};

PyType_Spec identity_set_spec = {
    .name = "guppy.heapy.UniSet.IdentitySet",
    .basicsize = sizeof(IdentitySet),
    .flags = OWN_TYPE_FLAGS | Py_TPFLAGS_BASETYPE,
    .slots = identity_set_slots,
};

static PyType_Slot multi_slots[] = {
    {Py_tp_doc, DOC_IdentitySetMulti},
    {Py_tp_traverse, identity_set_traverse},
    {Py_tp_clear, identity_set_clear},
    {Py_tp_dealloc, identity_set_dealloc},
    {0, NULL},
};

PyType_Spec identity_set_multi_spec = {
    .name = "guppy.heapy.UniSet.IdentitySetMulti",
    .basicsize = sizeof(IdentitySet),
    .flags = OWN_TYPE_FLAGS,
    .slots = multi_slots,
};

static PyType_Slot singleton_slots[] = {
    {Py_tp_doc, DOC_IdentitySetSingleton},
    {Py_tp_traverse, identity_set_traverse},
    {Py_tp_clear, identity_set_clear},
    {Py_tp_dealloc, identity_set_dealloc},
    {0, NULL},
};

PyType_Spec identity_set_singleton_spec = {
    .name = "guppy.heapy.UniSet.IdentitySetSingleton",
    .basicsize = sizeof(IdentitySet),
    .flags = OWN_TYPE_FLAGS,
    .slots = singleton_slots,
};
