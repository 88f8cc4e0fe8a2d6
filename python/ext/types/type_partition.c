/* SPDX-License-Identifier: MIT */
/* Partitions: an identity set seen as the rows of its table (T-1 to T-6). */
#include "types/type_partition.h"

#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "live/text.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/set_table.h"
#include "types/type_printer.h"
#include "types/type_row.h"
#include "types/type_stat.h"

#include <heapy/stat.h>
#include <heapy/table.h>

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *set;
    PyObject *more; /* remembered, not held (own_object.h) */
    PyObject **remembered;
} Partition;

/* The table is the set's: made now, so that time and rows are those of this moment. */
PyObject *
Partition_of(PyObject *set)
{
    module_state *state = state_of_type(Py_TYPE(set));
    heapy_table table;
    if (IdentitySet_table(set, 0, &table) < 0)
        return NULL;
    PyObject *known = remembered(&((IdentitySet *)set)->partition);
    if (known)
        return known;
    PyTypeObject *type =
        table.format == HEAPY_FORMAT_ID ? state->identity_partition_type : state->set_partition_type;
    Partition *self = own_object_new(type, tag_of(set));
    if (!self)
        return NULL;
    self->set = Py_NewRef(set);
    return remember(&((IdentitySet *)set)->partition, &self->remembered, (PyObject *)self);
}

PyObject *
Partition_set(PyObject *partition)
{
    return ((Partition *)partition)->set;
}

static int
table_of(PyObject *self, heapy_table *out)
{
    return IdentitySet_table(((Partition *)self)->set, 0, out);
}

static PyObject *
partition_repr(PyObject *self)
{
    return render_page(self, 0, true, false);
}

static PyObject *
partition_iter(PyObject *self)
{
    return RowIterator_create(self, 0, true);
}

static Py_ssize_t
partition_length(PyObject *self)
{
    heapy_table table;
    return table_of(self, &table) < 0 ? -1 : (Py_ssize_t)table.row_count;
}

static PyObject *
partition_get_row(PyObject *self, PyObject *index)
{
    heapy_table table;
    Py_ssize_t i = PyNumber_AsSsize_t(index, PyExc_IndexError);
    if ((i == -1 && PyErr_Occurred()) || table_of(self, &table) < 0)
        return NULL;
    Py_ssize_t count = (Py_ssize_t)table.row_count;
    if (i < -count || i >= count) {
        PyErr_Format(PyExc_IndexError, "row %zd of a partition with %zd rows", i, count);
        return NULL;
    }
    return row_object(self, (size_t)(i < 0 ? i + count : i));
}

static PyObject *
partition_get_rows(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"rowindex", NULL};
    PyObject *first = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O:get_rows", names, &first))
        return NULL;
    Py_ssize_t i = 0;
    if (first != Py_None)
        i = PyNumber_AsSsize_t(first, PyExc_IndexError);
    if (i == -1 && PyErr_Occurred())
        return NULL;
    if (i < 0) {
        PyErr_Format(PyExc_IndexError, "get_rows: the first row must not be negative, but is %zd", i);
        return NULL;
    }
    return RowIterator_create(self, (size_t)i, false);
}

static PyObject *
partition_get_set(PyObject *self, PyObject *key)
{
    return IdentitySet_subscript(((Partition *)self)->set, key);
}

static PyObject *
partition_get_sets(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return RowIterator_create(self, 0, true);
}

static PyObject *
partition_get_stat(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return Stat_of_set(((Partition *)self)->set);
}

static PyObject *
partition_attribute(PyObject *self, void *closure)
{
    return PyObject_GetAttrString(((Partition *)self)->set, closure);
}

static PyObject *
partition_set(PyObject *self, void *closure)
{
    (void)closure;
    return Py_NewRef(((Partition *)self)->set);
}

#define TABLE_GETTER(name, expression)                                                                       \
    static PyObject *partition_##name(PyObject *self, void *closure)                                         \
    {                                                                                                        \
        (void)closure;                                                                                       \
        heapy_table table;                                                                                   \
        return table_of(self, &table) < 0 ? NULL : expression;                                               \
    }
TABLE_GETTER(count, PyLong_FromLongLong(table.count))
TABLE_GETTER(size, PyLong_FromLongLong(table.size))
TABLE_GETTER(numrows, PyLong_FromSize_t(table.row_count))
TABLE_GETTER(kindheader, text_from_utf8(table.header, SIZE_MAX))
TABLE_GETTER(kindname, text_from_utf8(table.kind_name, SIZE_MAX))
TABLE_GETTER(timemade, PyFloat_FromDouble(IdentitySet_table_time(((Partition *)self)->set)))

static PyObject *
partition_rows(PyObject *self, void *closure)
{
    (void)closure;
    PyObject *rows = RowIterator_create(self, 0, false);
    if (!rows)
        return NULL;
    PyObject *list = PySequence_List(rows);
    Py_DECREF(rows);
    return list;
}

static PyObject *
partition_more(PyObject *self, void *closure)
{
    (void)closure;
    return more_of(self);
}

static PyObject *
partition_all(PyObject *self, void *closure)
{
    (void)closure;
    return AllPrinter_create(self);
}

static int
partition_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    Py_VISIT(((Partition *)self)->set);
    return 0;
}

PyObject **
Partition_more(PyObject *self)
{
    return &((Partition *)self)->more;
}

/* No tp_clear: a cycle through the set goes through its own members. */
static void
partition_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    be_forgotten(self, &((Partition *)self)->remembered);
    Py_XDECREF(((Partition *)self)->set);
    own_object_free(self);
}

static PyMethodDef partition_methods[] = {
    {"get_row", partition_get_row, METH_O, DOC_Partition_get_row},
    {"get_rows", (PyCFunction)(void (*)(void))partition_get_rows, METH_VARARGS | METH_KEYWORDS,
     DOC_Partition_get_rows},
    {"get_set", partition_get_set, METH_O, DOC_Partition_get_set},
    {"get_rowset", partition_get_set, METH_O, DOC_Partition_get_rowset},
    {"get_sets", partition_get_sets, METH_NOARGS, DOC_Partition_get_sets},
    {"get_stat", partition_get_stat, METH_NOARGS, DOC_Partition_get_stat},
    {NULL, NULL, 0, NULL},
};

#define GETTER(name) {#name, partition_##name, NULL, DOC_Partition_##name, NULL}
static PyGetSetDef partition_getset[] = {
    GETTER(set),
    {"er", partition_attribute, NULL, DOC_Partition_er, "er"},
    GETTER(count),
    GETTER(size),
    GETTER(numrows),
    GETTER(kindheader),
    GETTER(kindname),
    GETTER(timemade),
    GETTER(more),
    GETTER(all),
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot partition_slots[] = {
    {Py_tp_doc, DOC_Partition},
    {Py_tp_traverse, partition_traverse},
    {Py_tp_dealloc, partition_dealloc},
    {Py_tp_repr, partition_repr},
    {Py_tp_iter, partition_iter},
    {Py_tp_methods, partition_methods},
    {Py_tp_getset, partition_getset},
    {Py_sq_length, partition_length},
    {0, NULL},
};

PyType_Spec partition_spec = {
    .name = "guppy.heapy.Part.Partition",
    .basicsize = sizeof(Partition),
    .flags = OWN_TYPE_FLAGS | Py_TPFLAGS_BASETYPE,
    .slots = partition_slots,
};

static PyGetSetDef set_partition_getset[] = {
    {"rows", partition_rows, NULL, DOC_SetPartition_rows, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot set_partition_slots[] = {
    {Py_tp_doc, DOC_SetPartition},
    {Py_tp_traverse, partition_traverse},
    {Py_tp_dealloc, partition_dealloc},
    {Py_tp_getset, set_partition_getset},
    {0, NULL},
};

PyType_Spec set_partition_spec = {
    .name = "guppy.heapy.Part.SetPartition",
    .basicsize = sizeof(Partition),
    .flags = OWN_TYPE_FLAGS,
    .slots = set_partition_slots,
};

static PyType_Slot identity_partition_slots[] = {
    {Py_tp_doc, DOC_IdentityPartition},
    {Py_tp_traverse, partition_traverse},
    {Py_tp_dealloc, partition_dealloc},
    {0, NULL},
};

PyType_Spec identity_partition_spec = {
    .name = "guppy.heapy.Part.IdentityPartition",
    .basicsize = sizeof(Partition),
    .flags = OWN_TYPE_FLAGS,
    .slots = identity_partition_slots,
};
