/* SPDX-License-Identifier: MIT */
/* Rows of partitions and stats as objects, and iterators over them (T-3 to T-5, T-62, T-63). */
#include "types/type_row.h"

#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "live/text.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/set_table.h"
#include "types/type_partition.h"
#include "types/type_printer.h"

#include <heapy/stat.h>
#include <heapy/table.h>
#include <structmember.h>

/* A row: index and sum (None for a row that sums up others), the numbers, the name. */
typedef struct {
    OWN_OBJECT_HEAD
    PyObject *index, *name;
    long long count, size;
    PyObject *cumulsize;
    PyObject *set; /* of a partition's row: the set whose table it is in; else NULL */
    size_t number; /* in that table */
} Row;

PyObject *
StatRow_create(PyTypeObject *type, PyObject *tag, const heapy_row *row)
{
    Row *self = own_object_new(type, tag);
    if (!self)
        return NULL;
    if (row->index == HEAPY_NO_INDEX) {
        self->index = Py_NewRef(Py_None);
        self->cumulsize = Py_NewRef(Py_None);
    } else {
        self->index = PyLong_FromLongLong(row->index);
        self->cumulsize = PyLong_FromLongLong(row->cumulative);
    }
    self->name = text_from_utf8(row->name, SIZE_MAX);
    self->count = row->count;
    self->size = row->size;
    if (!self->index || !self->name || !self->cumulsize)
        Py_CLEAR(self);
    return (PyObject *)self;
}

PyObject *
row_object(PyObject *top, size_t number)
{
    module_state *state = state_of_type(Py_TYPE(top));
    heapy_table table;
    if (paged_table(top, number + 1, &table) < 0)
        return NULL;
    if (Py_TYPE(top) == state->stat_type)
        return StatRow_create(state->stat_row_type, tag_of(top), &table.rows[number]);
    PyObject *row = StatRow_create(state->part_row_type, tag_of(top), &table.rows[number]);
    if (row) {
        ((Row *)row)->set = Py_NewRef(Partition_set(top));
        ((Row *)row)->number = number;
    }
    return row;
}

static PyObject *
row_set(PyObject *self, void *closure)
{
    (void)closure;
    return IdentitySet_row(((Row *)self)->set, ((Row *)self)->number);
}

static PyObject *
row_kind(PyObject *self, void *closure)
{
    (void)closure;
    return IdentitySet_row_kind(((Row *)self)->set, ((Row *)self)->number);
}

static int
row_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    Py_VISIT(((Row *)self)->set);
    return 0;
}

/* No tp_clear: rows never change, and their set can clear. */
static void
row_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(((Row *)self)->index);
    Py_XDECREF(((Row *)self)->name);
    Py_XDECREF(((Row *)self)->cumulsize);
    Py_XDECREF(((Row *)self)->set);
    own_object_free(self);
}

static PyMemberDef row_members[] = {
    {"index", T_OBJECT, offsetof(Row, index), READONLY, DOC_StatRow_index},
    {"count", T_LONGLONG, offsetof(Row, count), READONLY, DOC_StatRow_count},
    {"size", T_LONGLONG, offsetof(Row, size), READONLY, DOC_StatRow_size},
    {"cumulsize", T_OBJECT, offsetof(Row, cumulsize), READONLY, DOC_StatRow_cumulsize},
    {"name", T_OBJECT, offsetof(Row, name), READONLY, DOC_StatRow_name},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot stat_row_slots[] = {
    {Py_tp_doc, DOC_StatRow},
    {Py_tp_traverse, row_traverse},
    {Py_tp_dealloc, row_dealloc},
    {Py_tp_members, row_members},
    {0, NULL},
};

PyType_Spec stat_row_spec = {
    .name = "guppy.heapy.Part.StatRow",
    .basicsize = sizeof(Row),
    .flags = OWN_TYPE_FLAGS,
    .slots = stat_row_slots,
};

static PyGetSetDef part_row_getset[] = {
    {"set", row_set, NULL, DOC_PartRow_set, NULL},
    {"kind", row_kind, NULL, DOC_PartRow_kind, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot part_row_slots[] = {
    {Py_tp_doc, DOC_PartRow},     {Py_tp_traverse, row_traverse},  {Py_tp_dealloc, row_dealloc},
    {Py_tp_members, row_members}, {Py_tp_getset, part_row_getset}, {0, NULL},
};

PyType_Spec part_row_spec = {
    .name = "guppy.heapy.Part.PartRow",
    .basicsize = sizeof(Row),
    .flags = OWN_TYPE_FLAGS,
    .slots = part_row_slots,
};

/* ---- iterators ---- */

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *top;
    size_t next;
    bool gives_sets;
} RowIterator;

PyObject *
RowIterator_create(PyObject *top, size_t first_row, bool gives_sets)
{
    RowIterator *self = own_object_new(state_of_type(Py_TYPE(top))->row_iterator_type, tag_of(top));
    if (self) {
        self->top = Py_NewRef(top);
        self->next = first_row;
        self->gives_sets = gives_sets;
    }
    return (PyObject *)self;
}

static PyObject *
row_iterator_next(PyObject *object)
{
    RowIterator *self = (RowIterator *)object;
    heapy_table table;
    if (paged_table(self->top, 0, &table) < 0 || self->next >= table.row_count)
        return NULL;
    size_t row = self->next++;
    if (self->gives_sets)
        return IdentitySet_row(Partition_set(self->top), row);
    return row_object(self->top, row);
}

static int
row_iterator_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    Py_VISIT(((RowIterator *)self)->top);
    return 0;
}

static void
row_iterator_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(((RowIterator *)self)->top);
    own_object_free(self);
}

static PyType_Slot row_iterator_slots[] = {
    {Py_tp_traverse, row_iterator_traverse},
    {Py_tp_dealloc, row_iterator_dealloc},
    {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_iternext, row_iterator_next},
    {0, NULL},
};

PyType_Spec row_iterator_spec = {
    .name = "guppy.heapy.Part.RowIterator",
    .basicsize = sizeof(RowIterator),
    .flags = OWN_TYPE_FLAGS,
    .slots = row_iterator_slots,
};
