/* SPDX-License-Identifier: MIT */
/* Kinds: sets that decide membership without listing their members (K-1, K-41 to K-49e, K-80 to K-90, K-115).
 */
#include "types/type_kind.h"

#include "capture/own_object_head.h"
#include "cpython/module_support.h"
#include "heapyc_docs.h"
#include "live/errors.h"
#include "live/held_objects.h"
#include "live/live_atoms.h"
#include "types/equivalence_relation.h"
#include "types/identity_set.h"
#include "types/kind_definition.h"
#include "types/kind_render.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/source.h"
#include "types/source_select.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/type_set_of_kinds.h"
#include "types/uniset_operands.h"
#include "types/uniset_operators.h"

#include <heapy/address_map.h>
#include <heapy/kind.h>
#include <heapy/memory.h>
#include <heapy/status.h>

/* New LiveObjects of an atom's members, which the caller keeps meanwhile. */
static PyObject *
objects_of_members(PyObject *session, const heapy_atom *atom)
{
    heapy_address_map *map = combine_maps(atom->members, atom->members, HEAPY_UNION);
    if (!map)
        return NULL;
    return LiveObjects_keep(session, map);
}

PyObject *
set_of_members(PyObject *session, const heapy_atom *atom)
{
    if (atom->host)
        return IdentitySet_share(session, (PyObject *)atom->host, NULL);
    return IdentitySet_share_only(session, objects_of_members(session, atom), NULL);
}

PyObject *
set_of_expression(PyObject *session, const heapy_kind *kind)
{
    const heapy_atom *atom = heapy_kind_atom(kind);
    if (atom && atom->form == HEAPY_ATOM_MEMBERS)
        return set_of_members(session, atom);
    return Kind_wrap(session, heapy_kind_retain(kind), NULL, NULL);
}

/* What a kind is to keep alive. */
typedef struct host_list {
    PyObject *session;
    PyObject *list; /* NULL: it failed, with an exception */
} host_list;

static void
append_to(host_list *hosts, PyObject *object)
{
    if (!object || (hosts->list && PyList_Append(hosts->list, object) < 0))
        Py_CLEAR(hosts->list);
}

/* Append the live objects that an atom names. */
static void
append_host(const heapy_atom *atom, void *context)
{
    host_list *hosts = context;
    PyObject *object = NULL;
    if (!hosts->list)
        return;
    if (!((Session *)hosts->session)->source->is_elsewhere)
        object = live_object_of_atom(atom);
    if (object)
        append_to(hosts, object);
    if (atom->form != HEAPY_ATOM_MEMBERS)
        return;
    if (atom->host) {
        append_to(hosts, (PyObject *)atom->host);
        return;
    }
    PyObject *objects = objects_of_members(hosts->session, atom);
    append_to(hosts, objects);
    Py_XDECREF(objects);
}

static PyObject *
hosts_of(PyObject *session, const heapy_kind *kind)
{
    host_list hosts = {session, PyList_New(0)};
    heapy_kind_visit(kind, append_host, &hosts);
    if (!hosts.list)
        return NULL;
    PyObject *tuple = PyList_AsTuple(hosts.list);
    Py_DECREF(hosts.list);
    return tuple;
}

/* LiveObjects of a map (taken over), NULL without exception where it is empty. */
static PyObject *
live_objects_or_null(PyObject *session, heapy_address_map *map)
{
    if (map && heapy_address_map_count(map))
        return LiveObjects_keep(session, map);
    heapy_address_map_destroy(map);
    return NULL;
}

PyObject *
Kind_wrap(PyObject *session, const heapy_kind *kind, heapy_address_map *added, heapy_address_map *removed)
{
    module_state *state = state_of_type(Py_TYPE(session));
    if (!heapy_kind_term_count(kind)) {
        heapy_kind_release(kind);
        heapy_address_map_destroy(removed);
        if (!added)
            return Session_nothing(session);
        return IdentitySet_keep(session, added, NULL);
    }
    Kind *self = own_object_new(state->kind_type, tag_of(session));
    if (!self) {
        heapy_kind_release(kind);
        heapy_address_map_destroy(added);
        heapy_address_map_destroy(removed);
        return NULL;
    }
    self->session = Py_NewRef(session);
    self->kind = kind;
    self->hosts = hosts_of(session, kind);
    self->added = live_objects_or_null(session, added);
    if (PyErr_Occurred())
        heapy_address_map_destroy(removed);
    else
        self->removed = live_objects_or_null(session, removed);
    if (PyErr_Occurred())
        Py_CLEAR(self);
    return (PyObject *)self;
}

/* ---- as expressions ---- */

static const heapy_kind *
expression_of_objects(PyObject *objects)
{
    const heapy_address_map *map = LiveObjects_map(objects);
    const heapy_kind *kind;
    heapy_error err = HEAPY_ERROR_INIT;
    if (!map)
        return NULL;
    if (!heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_MEMBERS, .host = objects, .members = map}, &kind,
                           &err))
        return kind;
    raise_heapy_error(&err);
    return NULL;
}

/* kind OP the objects; `kind` is taken over. */
static const heapy_kind *
combine_with_objects(const heapy_kind *kind, PyObject *objects, heapy_set_operation operation)
{
    if (!kind || !objects)
        return kind;
    const heapy_kind *members = expression_of_objects(objects), *both = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    if (members && heapy_kind_combine(kind, members, operation, &both, &err))
        raise_heapy_error(&err);
    heapy_kind_release(kind);
    heapy_kind_release(members);
    return both;
}

const heapy_kind *
expression_of_set(PyObject *set)
{
    module_state *state = state_of_type(Py_TYPE(set));
    const heapy_kind *kind;
    heapy_error err = HEAPY_ERROR_INIT;
    if (IdentitySet_check(state, set)) {
        PyObject *objects = ((IdentitySet *)set)->objects;
        if (!IdentitySet_is_empty(set) || !objects)
            return expression_of_objects(objects);
        if (!heapy_kind_union_of_disjoint(NULL, 0, &kind, &err))
            return kind;
        raise_heapy_error(&err);
        return NULL;
    }
    if (EquivalenceRelation_check(state, set)) {
        const heapy_classifier *by = EquivalenceRelation_by(set);
        if (!by)
            return NULL;
        if (!heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_CLASSES, .classifier = by}, &kind, &err))
            return kind;
        raise_heapy_error(&err);
        return NULL;
    }
    Kind *self = (Kind *)set;
    kind = combine_with_objects(heapy_kind_retain(self->kind), self->added, HEAPY_UNION);
    return combine_with_objects(kind, self->removed, HEAPY_DIFFERENCE);
}

const heapy_kind **
expressions_of(PyObject *sets)
{
    size_t count = (size_t)PyTuple_GET_SIZE(sets);
    const heapy_kind **expressions = heapy_alloc_zeroed(count, sizeof *expressions);
    if (!expressions) {
        PyErr_NoMemory();
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        expressions[i] = expression_of_set(PyTuple_GET_ITEM(sets, (Py_ssize_t)i));
        if (expressions[i])
            continue;
        while (i-- > 0)
            heapy_kind_release(expressions[i]);
        heapy_free(expressions);
        return NULL;
    }
    return expressions;
}

void
release_expressions(const heapy_kind **expressions, size_t count)
{
    for (size_t i = 0; i < count; i++)
        heapy_kind_release(expressions[i]);
    heapy_free(expressions);
}

/* ---- membership ---- */

static int
kind_contains(PyObject *self, PyObject *object)
{
    heapy_address_map *one = map_of_objects(&object, 1);
    if (!one)
        return -1;
    heapy_address_map *selected = Kind_select(self, one);
    heapy_address_map_destroy(one);
    if (!selected)
        return -1;
    int result = heapy_address_map_count(selected) == 1;
    heapy_address_map_destroy(selected);
    return result;
}

/* ---- attributes ---- */

static PyObject *
kind_brief(PyObject *self, void *closure)
{
    (void)closure;
    return Kind_brief(self);
}

static PyObject *
kind_alt(PyObject *object, PyObject *symbol)
{
    static const struct {
        const char *symbol;
        heapy_comparison comparison;
    } comparisons[] = {{"<", HEAPY_LT}, {"<=", HEAPY_LE}, {">=", HEAPY_GE}, {">", HEAPY_GT}};
    Kind *self = (Kind *)object;
    if (!Session_is_usable(self->session))
        return NULL;
    if (!PyUnicode_Check(symbol))
        return PyErr_Format(PyExc_TypeError, "alt: a comparison such as '<=' expected, not %.200s",
                            Py_TYPE(symbol)->tp_name);
    const heapy_kind *altered = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status = HEAPY_INVALID;
    if (!self->added && !self->removed)
        status = heapy_kind_alter(self->kind, HEAPY_LT, &altered, &err);
    heapy_kind_release(altered);
    bool is_equal = !PyUnicode_CompareWithASCIIString(symbol, "==");
    bool is_known = is_equal || !PyUnicode_CompareWithASCIIString(symbol, "!=");
    size_t which = 0;
    while (!is_known && which < 4 && PyUnicode_CompareWithASCIIString(symbol, comparisons[which].symbol))
        which++;
    if (!is_known && which == 4)
        return PyErr_Format(PyExc_ValueError, "alt: no such comparison symbol: %R", symbol);
    if (status == HEAPY_NO_MEMORY) {
        raise_heapy_error(&err);
        return NULL;
    }
    if (status)
        return PyErr_Format(PyExc_ValueError, "alt: there are no alternatives to the kind %S", object);
    if (is_equal)
        return Py_NewRef(object);
    if (is_known)
        return uniset_complement(object);
    if (!heapy_kind_alter(self->kind, comparisons[which].comparison, &altered, &err))
        return Kind_wrap(self->session, altered, NULL, NULL);
    raise_heapy_error(&err);
    return NULL;
}

/* ---- life ---- */

static int
kind_traverse(PyObject *object, visitproc visit, void *arg)
{
    Kind *self = (Kind *)object;
    VISIT_OWN_HEAD(object);
    Py_VISIT(self->session);
    Py_VISIT(self->hosts);
    Py_VISIT(self->added);
    Py_VISIT(self->removed);
    return 0;
}

static int
kind_clear(PyObject *self)
{
    be_forgotten(self, &((Kind *)self)->remembered);
    Py_CLEAR(((Kind *)self)->session);
    return 0; /* the rest stays: every cycle goes through the session or through what it refers to */
}

static void
kind_dealloc(PyObject *object)
{
    Kind *self = (Kind *)object;
    PyObject_GC_UnTrack(object);
    kind_clear(object);
    heapy_kind_release(self->kind);
    Py_XDECREF(self->hosts);
    Py_XDECREF(self->added);
    Py_XDECREF(self->removed);
    own_object_free(object);
}

static PyGetSetDef kind_getset[] = {
    {"arg", Kind_arg, NULL, DOC_Kind_arg, NULL},
    {"brief", kind_brief, NULL, DOC_Kind_brief, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef kind_methods[] = {
    {"alt", kind_alt, METH_O, DOC_Kind_alt},
    {NULL, NULL, 0, NULL},
};

/* What only identity sets have (R-5) is missed by its name alone. */
static PyObject *
kind_getattro(PyObject *self, PyObject *name)
{
    PyObject *value = PyObject_GenericGetAttr(self, name);
    if (!value && PyErr_ExceptionMatches(PyExc_AttributeError))
        PyErr_SetObject(PyExc_AttributeError, name);
    return value;
}

static PyType_Slot kind_slots[] = {
    {Py_tp_getattro, kind_getattro},
    {Py_tp_doc, DOC_Kind},
    {Py_tp_traverse, kind_traverse},
    {Py_tp_clear, kind_clear},
    {Py_tp_dealloc, kind_dealloc},
    {Py_tp_repr, Kind_repr},
    {Py_tp_str, Kind_brief},
    {Py_tp_getset, kind_getset},
    {Py_tp_methods, kind_methods},
    {Py_sq_contains, kind_contains},
    {0, NULL},
};

PyType_Spec kind_spec = {
    .name = "guppy.heapy.UniSet.Kind",
    .basicsize = sizeof(Kind),
    .flags = OWN_TYPE_FLAGS,
    .slots = kind_slots,
};
