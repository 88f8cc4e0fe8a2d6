/* SPDX-License-Identifier: MIT */
/*
 * Identity sets: finite sets of live objects, compared by identity (K-1, K-20 to K-32, K-50 to K-55).
 *
 * A set is LiveObjects plus the classifier its table is made by.  The table is made at the first print and
 * then stays (H-76); size and other questions look at the objects anew.
 */
#include "capture.h"
#include "errors.h"
#include "heapyc_docs.h"
#include "types.h"

#include <heapy/memory.h>
#include <stdlib.h>
#include <string.h>

bool
IdentitySet_check(module_state *state, PyObject *object)
{
    return PyType_IsSubtype(Py_TYPE(object), state->identity_set_type);
}

const heapy_address_map *
IdentitySet_map(PyObject *set)
{
    PyObject *objects = ((IdentitySet *)set)->objects;
    const heapy_address_map *map = objects ? ((LiveObjects *)objects)->map : NULL;
    if (!map)
        PyErr_SetString(PyExc_RuntimeError, "this identity set was cleared by the garbage collector");
    return map;
}

/* A new set that shows `objects` (LiveObjects, a new reference is taken). */
static IdentitySet *
create(module_state *state, PyObject *session, PyObject *objects, heapy_classifier classifier)
{
    bool is_single = heapy_address_map_count(((LiveObjects *)objects)->map) == 1;
    PyTypeObject *type = is_single ? state->identity_set_singleton_type : state->identity_set_multi_type;
    IdentitySet *self = (IdentitySet *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->session = Py_NewRef(session);
    self->objects = Py_NewRef(objects);
    self->classifier = classifier;
    return self;
}

PyObject *
IdentitySet_wrap(PyObject *session, heapy_address_map *held, heapy_classifier classifier)
{
    module_state *state = state_of_type(Py_TYPE(session));
    PyObject *nothing = ((Session *)session)->nothing;
    if (!heapy_address_map_count(held) && nothing) {
        capture_release(held);
        return Py_NewRef(nothing);
    }
    PyObject *objects = LiveObjects_wrap(state, held);
    if (!objects)
        return NULL;
    IdentitySet *self = create(state, session, objects, classifier);
    Py_DECREF(objects);
    return (PyObject *)self;
}

PyObject *
IdentitySet_combine(PyObject *a, PyObject *b, heapy_set_operation operation)
{
    const heapy_address_map *left = IdentitySet_map(a), *right = left ? IdentitySet_map(b) : NULL;
    if (!right)
        return NULL;
    heapy_address_map *result;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_address_map_combine(left, right, operation, &result, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    capture_hold(result);
    return IdentitySet_wrap(((IdentitySet *)a)->session, result, HEAPY_BY_CLODO);
}

/* ---- the table ---- */

static int
make_partition(IdentitySet *self)
{
    module_state *state = state_of_type(Py_TYPE(self));
    const heapy_address_map *map = IdentitySet_map((PyObject *)self);
    if (!map || !state_is_usable(state))
        return -1;
    heapy_graph *graph;
    PyObject *objects = Py_NewRef(self->objects); /* sizes may run code, which may clear the set */
    int result = capture_columns(state, map, self->classifier == HEAPY_BY_CLODO,
                                 ((Session *)self->session)->warned_types, &graph);
    Py_DECREF(objects);
    if (result < 0)
        return -1;
    heapy_classes *classes;
    heapy_partition *partition;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status = heapy_classify(graph, self->classifier, &classes, &err);
    if (!status)
        status = heapy_partition_create(graph, NULL, classes, &partition, &err);
    heapy_graph_destroy(graph);
    if (status)
        return raise_heapy_error(&err);
    if (self->partition) /* made meanwhile, by code that a __sizeof__ ran: the first one stays */
        heapy_partition_destroy(partition);
    else
        self->partition = partition;
    return 0;
}

int
IdentitySet_table(PyObject *set, heapy_table *out)
{
    IdentitySet *self = (IdentitySet *)set;
    if (self->is_row) {
        *out = (heapy_table){.header = heapy_classifier_header(self->classifier),
                             .count = self->row.count,
                             .size = self->row.size,
                             .row_count = 1,
                             .rows = &self->row};
        return 0;
    }
    if (!self->partition && make_partition(self) < 0)
        return -1;
    *out = *heapy_partition_table(self->partition);
    return 0;
}

PyObject *
IdentitySet_render(PyObject *set, size_t first_row, bool with_label)
{
    heapy_table table;
    if (IdentitySet_table(set, &table) < 0)
        return NULL;
    heapy_text_options options = HEAPY_TEXT_OPTIONS_INIT;
    options.first_row = first_row;
    options.with_label = with_label;
    char *text;
    size_t length;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_table_render(&table, &options, &text, &length, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    PyObject *result = PyUnicode_DecodeUTF8(text, (Py_ssize_t)length, "replace");
    heapy_text_free(text);
    return result;
}

static bool
is_empty(PyObject *set)
{
    PyObject *objects = ((IdentitySet *)set)->objects;
    return objects && ((LiveObjects *)objects)->map &&
           !heapy_address_map_count(((LiveObjects *)objects)->map);
}

static PyObject *
identity_set_repr(PyObject *self)
{
    if (!is_empty(self))
        return IdentitySet_render(self, 0, true);
    PyObject *prefix = Session_prefix(((IdentitySet *)self)->session);
    if (!prefix)
        return NULL;
    PyObject *text = PyUnicode_FromFormat("%UNothing", prefix);
    Py_DECREF(prefix);
    return text;
}

static PyObject *
identity_set_str(PyObject *self)
{
    return is_empty(self) ? PyUnicode_FromString("<Nothing>") : identity_set_repr(self);
}

/* ---- rows ---- */

/* The set of the rows first, first + step, ...; table_row: the one it is a row of, or NULL. */
static PyObject *
rows_of(IdentitySet *self, size_t first, size_t step, size_t count, const heapy_row *table_row)
{
    const heapy_address_map *map = IdentitySet_map((PyObject *)self);
    if (!map)
        return NULL;
    heapy_node_set *nodes = NULL;
    heapy_address_map *subset = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status = heapy_partition_nodes(self->partition, first, step, count, &nodes, &err);
    if (!status)
        status = heapy_address_map_subset(map, heapy_node_set_words(nodes), &subset, &err);
    heapy_node_set_destroy(nodes);
    if (status) {
        raise_heapy_error(&err);
        return NULL;
    }
    capture_hold(subset);
    IdentitySet *result = (IdentitySet *)IdentitySet_wrap(self->session, subset, self->classifier);
    if (!result || !table_row)
        return (PyObject *)result;
    size_t length = strlen(table_row->name) + 1;
    char *name = heapy_alloc_array(length, 1);
    if (!name) {
        Py_DECREF(result);
        return PyErr_NoMemory();
    }
    memcpy(name, table_row->name, length);
    result->row = *table_row;
    result->row.name = name;
    result->is_row = true;
    return (PyObject *)result;
}

static PyObject *
row_at(IdentitySet *self, const heapy_table *table, Py_ssize_t index)
{
    Py_ssize_t count = (Py_ssize_t)table->row_count;
    Py_ssize_t row = index < 0 ? index + count : index;
    if (row < 0 || row >= count) {
        PyErr_Format(PyExc_IndexError, "row %zd of a table with %zd rows", index, count);
        return NULL;
    }
    if (self->is_row)
        return Py_NewRef(self);
    return rows_of(self, (size_t)row, 1, 1, &table->rows[row]);
}

static PyObject *
rows_in_slice(IdentitySet *self, const heapy_table *table, PyObject *slice)
{
    Py_ssize_t start, stop, step;
    if (PySlice_Unpack(slice, &start, &stop, &step) < 0)
        return NULL;
    if (step <= 0) {
        PyErr_Format(PyExc_ValueError, "the step of a slice of rows must be positive, not %zd", step);
        return NULL;
    }
    Py_ssize_t count = PySlice_AdjustIndices((Py_ssize_t)table->row_count, &start, &stop, step);
    if (!count)
        return Py_NewRef(((Session *)self->session)->nothing);
    if (self->is_row) /* the whole row, to be printed afresh */
        return (PyObject *)create(state_of_type(Py_TYPE(self)), self->session, self->objects,
                                  self->classifier);
    return rows_of(self, (size_t)start, (size_t)step, (size_t)count, NULL);
}

static PyObject *
identity_set_subscript(PyObject *self, PyObject *key)
{
    heapy_table table;
    if (!PySlice_Check(key) && !PyIndex_Check(key)) {
        PyErr_Format(PyExc_TypeError, "rows are indexed by int or slice, not %.200s", Py_TYPE(key)->tp_name);
        return NULL;
    }
    if (IdentitySet_table(self, &table) < 0)
        return NULL;
    if (PySlice_Check(key))
        return rows_in_slice((IdentitySet *)self, &table, key);
    Py_ssize_t index = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if (index == -1 && PyErr_Occurred())
        return NULL;
    return row_at((IdentitySet *)self, &table, index);
}

static Py_ssize_t
identity_set_length(PyObject *self)
{
    heapy_table table;
    return IdentitySet_table(self, &table) < 0 ? -1 : (Py_ssize_t)table.row_count;
}

/* ---- set operations ---- */

static PyObject *
operate(PyObject *a, PyObject *b, heapy_set_operation operation)
{
    module_state *state = state_if_ours(Py_TYPE(a));
    if (!state || !IdentitySet_check(state, a) || !IdentitySet_check(state, b))
        Py_RETURN_NOTIMPLEMENTED;
    return IdentitySet_combine(a, b, operation);
}

static PyObject *
identity_set_or(PyObject *a, PyObject *b)
{
    return operate(a, b, HEAPY_UNION);
}

static PyObject *
identity_set_and(PyObject *a, PyObject *b)
{
    return operate(a, b, HEAPY_INTERSECTION);
}

static PyObject *
identity_set_subtract(PyObject *a, PyObject *b)
{
    return operate(a, b, HEAPY_DIFFERENCE);
}

static int
identity_set_bool(PyObject *self)
{
    return !is_empty(self);
}

static int
identity_set_contains(PyObject *self, PyObject *object)
{
    const heapy_address_map *map = IdentitySet_map(self);
    return map ? heapy_address_map_contains(map, (uintptr_t)object) : -1;
}

/* ---- attributes ---- */

static PyObject *
identity_set_count(PyObject *self, void *closure)
{
    (void)closure;
    const heapy_address_map *map = IdentitySet_map(self);
    return map ? PyLong_FromSize_t(heapy_address_map_count(map)) : NULL;
}

static PyObject *
identity_set_size(PyObject *self, void *closure)
{
    (void)closure;
    module_state *state = state_of_type(Py_TYPE(self));
    const heapy_address_map *map = IdentitySet_map(self);
    if (!map || !state_is_usable(state))
        return NULL;
    uint64_t size;
    PyObject *objects = Py_NewRef(((IdentitySet *)self)->objects);
    int result =
        capture_total_size(state, map, ((Session *)((IdentitySet *)self)->session)->warned_types, &size);
    Py_DECREF(objects);
    return result < 0 ? NULL : PyLong_FromUnsignedLongLong(size);
}

static PyObject *
by(PyObject *self, heapy_classifier classifier)
{
    IdentitySet *set = (IdentitySet *)self;
    if (set->classifier == classifier || is_empty(self))
        return Py_NewRef(self);
    if (!IdentitySet_map(self))
        return NULL;
    return (PyObject *)create(state_of_type(Py_TYPE(self)), set->session, set->objects, classifier);
}

static PyObject *
identity_set_bytype(PyObject *self, void *closure)
{
    (void)closure;
    return by(self, HEAPY_BY_TYPE);
}

static PyObject *
identity_set_byclodo(PyObject *self, void *closure)
{
    (void)closure;
    return by(self, HEAPY_BY_CLODO);
}

static PyObject *
identity_set_more(PyObject *self, void *closure)
{
    (void)closure;
    IdentitySet *set = (IdentitySet *)self;
    if (!set->more) {
        heapy_table table;
        if (IdentitySet_table(self, &table) < 0)
            return NULL;
        heapy_text_options options = HEAPY_TEXT_OPTIONS_INIT;
        PyObject *more =
            Printer_create(state_of_type(Py_TYPE(self)), self, self, heapy_table_end_row(&table, &options));
        if (!more || set->more)
            return more;
        set->more = more;
    }
    return Py_NewRef(set->more);
}

static PyObject *
identity_set_copy(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return Py_NewRef(self);
}

/* ---- life ---- */

static int
identity_set_traverse(PyObject *self, visitproc visit, void *arg)
{
    IdentitySet *set = (IdentitySet *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(set->session);
    Py_VISIT(set->objects);
    Py_VISIT(set->more);
    return 0;
}

static int
identity_set_clear(PyObject *self)
{
    IdentitySet *set = (IdentitySet *)self;
    Py_CLEAR(set->session);
    Py_CLEAR(set->objects);
    Py_CLEAR(set->more);
    return 0;
}

static void
identity_set_dealloc(PyObject *self)
{
    IdentitySet *set = (IdentitySet *)self;
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    identity_set_clear(self);
    heapy_partition_destroy(set->partition);
    heapy_free((char *)set->row.name);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyGetSetDef identity_set_getset[] = {
    {"count", identity_set_count, NULL, DOC_IdentitySet_count, NULL},
    {"size", identity_set_size, NULL, DOC_IdentitySet_size, NULL},
    {"bytype", identity_set_bytype, NULL, DOC_IdentitySet_bytype, NULL},
    {"byclodo", identity_set_byclodo, NULL, DOC_IdentitySet_byclodo, NULL},
    {"more", identity_set_more, NULL, DOC_IdentitySet_more, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef identity_set_methods[] = {
    {"__copy__", identity_set_copy, METH_NOARGS, DOC_IdentitySet___copy__},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot identity_set_slots[] = {
    {Py_tp_doc, DOC_IdentitySet},
    {Py_tp_traverse, identity_set_traverse},
    {Py_tp_clear, identity_set_clear},
    {Py_tp_dealloc, identity_set_dealloc},
    {Py_tp_repr, identity_set_repr},
    {Py_tp_str, identity_set_str},
    {Py_tp_getset, identity_set_getset},
    {Py_tp_methods, identity_set_methods},
    {Py_mp_subscript, identity_set_subscript},
    {Py_mp_length, identity_set_length},
    {Py_sq_contains, identity_set_contains},
    {Py_nb_bool, identity_set_bool},
    {Py_nb_or, identity_set_or},
    {Py_nb_and, identity_set_and},
    {Py_nb_subtract, identity_set_subtract},
    {0, NULL},
};

enum {
    SET_FLAGS =
        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE
};

PyType_Spec identity_set_spec = {
    .name = "guppy.heapy.UniSet.IdentitySet",
    .basicsize = sizeof(IdentitySet),
    .flags = SET_FLAGS | Py_TPFLAGS_BASETYPE,
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
    .flags = SET_FLAGS,
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
    .flags = SET_FLAGS,
    .slots = singleton_slots,
};
