/* SPDX-License-Identifier: MIT */
/* Stats: the numbers and names of a table without its objects (T-60 to T-69, T-80 to T-85). */
#include "types/type_stat.h"
#include "types/table_writer.h"

#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "live/errors.h"
#include "live/text.h"
#include "types/call_python.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/set_table.h"
#include "types/stat_io.h"
#include "types/type_printer.h"
#include "types/type_row.h"
#include "types/uniset_operands.h"

#include <heapy/memory.h>
#include <heapy/stat.h>
#include <heapy/status.h>
#include <heapy/table.h>
#include <stdlib.h>
#include <time.h>

PyObject *
Stat_wrap(PyObject *session, heapy_stat *stat, PyObject *first_header)
{
    module_state *state = state_of_type(Py_TYPE(session));
    Stat *self = own_object_new(state->stat_type, tag_of(session));
    if (!self) {
        heapy_stat_destroy(stat);
        return NULL;
    }
    self->session = Py_NewRef(session);
    self->stat = stat;
    if (first_header)
        self->first_header = Py_NewRef(first_header);
    else
        self->first_header = PyUnicode_FromString("");
    if (!self->first_header)
        Py_CLEAR(self);
    return (PyObject *)self;
}

PyObject *
Stat_of_table(PyObject *session, const heapy_table *table, double time_made)
{
    heapy_stat *stat;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_stat_create(table, time_made, &stat, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    return Stat_wrap(session, stat, NULL);
}

PyObject *
Stat_of_set(PyObject *set)
{
    heapy_table table;
    if (IdentitySet_table(set, SIZE_MAX, &table) < 0)
        return NULL;
    return Stat_of_table(uniset_session(set), &table, IdentitySet_table_time(set));
}

PyObject *
Stat_of_set_or_empty(PyObject *set, PyObject *like)
{
    heapy_table table, other;
    if (!IdentitySet_is_empty(set))
        return Stat_of_set(set);
    if (IdentitySet_table(set, 0, &table) < 0 || IdentitySet_table(like, 0, &other) < 0)
        return NULL;
    table.header = other.header;
    table.kind_name = other.kind_name;
    return Stat_of_table(uniset_session(set), &table, IdentitySet_table_time(set));
}

double
seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

PyObject *
Stat_subtract(PyObject *a, PyObject *b)
{
    heapy_stat *difference;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_stat_diff(((Stat *)a)->stat, ((Stat *)b)->stat, seconds_now(), &difference, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    return Stat_wrap(((Stat *)a)->session, difference, NULL);
}

static const heapy_table *
table_of(PyObject *self)
{
    return heapy_stat_table(((Stat *)self)->stat);
}

static PyObject *
stat_subtract(PyObject *a, PyObject *b)
{
    module_state *state = state_if_ours(Py_TYPE(a));
    if (!state || Py_TYPE(a) != state->stat_type)
        Py_RETURN_NOTIMPLEMENTED;
    if (Py_TYPE(b) != state->stat_type) {
        PyErr_Format(PyExc_TypeError, "only a Stat can be subtracted from a Stat, not %.200s",
                     Py_TYPE(b)->tp_name);
        return NULL;
    }
    return Stat_subtract(a, b);
}

static PyObject *
stat_repr(PyObject *self)
{
    return render_page(self, 0, true, false);
}

/* ---- rows ---- */

static Py_ssize_t
stat_length(PyObject *self)
{
    return (Py_ssize_t)table_of(self)->row_count;
}

static PyObject *
slice_of(PyObject *self, Py_ssize_t first, Py_ssize_t step, Py_ssize_t count)
{
    heapy_stat *slice;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_stat_slice(((Stat *)self)->stat, (size_t)first, step, (size_t)count, &slice, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    return Stat_wrap(((Stat *)self)->session, slice, NULL);
}

/* The row that `index` means, counted from the end if negative; -1 with IndexError. */
static Py_ssize_t
row_number(PyObject *self, PyObject *index)
{
    Py_ssize_t count = stat_length(self), i = PyNumber_AsSsize_t(index, PyExc_IndexError);
    if (i == -1 && PyErr_Occurred())
        return -1;
    if (i >= -count && i < count)
        return i < 0 ? i + count : i;
    PyErr_Format(PyExc_IndexError, "row %zd of a stat with %zd rows", i, count);
    return -1;
}

static PyObject *
stat_subscript(PyObject *self, PyObject *key)
{
    if (PySlice_Check(key)) {
        Py_ssize_t start, stop, step;
        if (PySlice_Unpack(key, &start, &stop, &step) < 0)
            return NULL;
        Py_ssize_t count = PySlice_AdjustIndices(stat_length(self), &start, &stop, step);
        return slice_of(self, start, step, count);
    }
    if (!PyIndex_Check(key)) {
        PyErr_Format(PyExc_IndexError, "rows of a stat are indexed by int or slice, not %.200s",
                     Py_TYPE(key)->tp_name);
        return NULL;
    }
    Py_ssize_t row = row_number(self, key);
    if (row < 0)
        return NULL;
    return slice_of(self, row, 1, 1);
}

static PyObject *
stat_item(PyObject *self, Py_ssize_t i)
{
    if (i >= 0 && i < stat_length(self))
        return slice_of(self, i, 1, 1);
    PyErr_SetString(PyExc_IndexError, "row of a stat out of range");
    return NULL;
}

static PyObject *
stat_get_row(PyObject *self, PyObject *index)
{
    if (!PyIndex_Check(index)) {
        PyErr_Format(PyExc_TypeError, "get_row: an int expected, not %.200s", Py_TYPE(index)->tp_name);
        return NULL;
    }
    Py_ssize_t row = row_number(self, index);
    if (row < 0)
        return NULL;
    return row_object(self, (size_t)row);
}

static PyObject *
stat_get_rows(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"idx", NULL};
    Py_ssize_t first = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|n:get_rows", names, &first))
        return NULL;
    if (first < 0) {
        PyErr_Format(PyExc_IndexError, "get_rows: the first row must not be negative, but is %zd", first);
        return NULL;
    }
    return RowIterator_create(self, (size_t)first, false);
}

static PyObject *
stat_rows(PyObject *self, void *closure)
{
    (void)closure;
    PyObject *rows = RowIterator_create(self, 0, false);
    if (!rows)
        return NULL;
    PyObject *list = PySequence_List(rows);
    Py_DECREF(rows);
    return list;
}

/* name -> first row of that name */
static PyObject *
rows_by_name(PyObject *self)
{
    const heapy_table *table = table_of(self);
    PyObject *found = PyDict_New();
    for (size_t i = 0; found && i < table->row_count; i++) {
        PyObject *name = text_from_utf8(table->rows[i].name, SIZE_MAX), *number = PyLong_FromSize_t(i);
        if (!name || !number || !PyDict_SetDefault(found, name, number))
            Py_CLEAR(found);
        Py_XDECREF(name);
        Py_XDECREF(number);
    }
    return found;
}

static PyObject *
stat_get_rows_of_kinds(PyObject *self, PyObject *names)
{
    PyObject *wanted = PySequence_List(names), *found = wanted ? rows_by_name(self) : NULL;
    for (Py_ssize_t i = 0; found && i < PyList_GET_SIZE(wanted); i++) {
        PyObject *number = PyDict_GetItemWithError(found, PyList_GET_ITEM(wanted, i)), *row = NULL;
        if (number)
            row = row_object(self, PyLong_AsSize_t(number));
        else if (!PyErr_Occurred())
            row = Py_NewRef(Py_None);
        if (!row || PyList_SetItem(wanted, i, row) < 0)
            Py_CLEAR(found);
    }
    if (!found)
        Py_CLEAR(wanted);
    Py_XDECREF(found);
    return wanted;
}

/* A row on its way into a selection. */
typedef struct ranked_row {
    heapy_row row;
    size_t number;
    uint64_t rank; /* large first */
} ranked_row;

static int
largest_first(const void *a, const void *b)
{
    const ranked_row *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? 1 : -1;
    return (x->number > y->number) - (x->number < y->number);
}

/* By size its absolute value counts, as differences are sorted; by count its value. */
static uint64_t
rank_of(const heapy_row *row, bool by_size)
{
    if (by_size) {
        if (!(row->size < 0))
            return (uint64_t)row->size;
        return 0 - (uint64_t)row->size;
    }
    return (uint64_t)row->count + (UINT64_C(1) << 63);
}

static int
append_row(PyObject *list, PyObject *stat, const heapy_row *row)
{
    PyObject *object = StatRow_create(state_of_type(Py_TYPE(stat))->stat_row_type, tag_of(stat), row);
    int result = -1;
    if (object)
        result = PyList_Append(list, object);
    Py_XDECREF(object);
    return result;
}

static PyObject *
rows_and_other(PyObject *self, ranked_row *rows, size_t count, size_t wanted, bool by_size)
{
    heapy_row other = {.index = HEAPY_NO_INDEX, .name = "<Other>"};
    for (size_t i = wanted; i < count; i++) {
        other.count += rows[i].row.count;
        other.size += rows[i].row.size;
    }
    PyObject *list = PyList_New(0);
    bool is_other_due = wanted < count;
    for (size_t i = 0; list && i < wanted && i < count; i++) {
        const heapy_row *row = &rows[i].row;
        bool is_smaller = by_size ? row->size < other.size : row->count < other.count;
        if (is_other_due && is_smaller) {
            is_other_due = false;
            if (append_row(list, self, &other) < 0)
                Py_CLEAR(list);
        }
        if (list && append_row(list, self, row) < 0)
            Py_CLEAR(list);
    }
    if (list && is_other_due && append_row(list, self, &other) < 0)
        Py_CLEAR(list);
    return list;
}

static PyObject *
stat_get_rows_n_and_other(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"N", "sortby", NULL};
    Py_ssize_t wanted;
    const char *sort_by = "Size";
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "n|s:get_rows_n_and_other", names, &wanted, &sort_by))
        return NULL;
    bool by_size = !strcmp(sort_by, "Size");
    if (!by_size && strcmp(sort_by, "Count") != 0) {
        PyErr_Format(PyExc_ValueError, "sortby must be 'Size' or 'Count', not '%.100s'", sort_by);
        return NULL;
    }
    const heapy_table *table = table_of(self);
    ranked_row *rows = heapy_alloc_array(table->row_count, sizeof *rows);
    if (!rows)
        return PyErr_NoMemory();
    for (size_t i = 0; i < table->row_count; i++)
        rows[i] = (ranked_row){table->rows[i], i, rank_of(&table->rows[i], by_size)};
    qsort(rows, table->row_count, sizeof *rows, largest_first);
    PyObject *list = rows_and_other(self, rows, table->row_count, wanted < 0 ? 0 : (size_t)wanted, by_size);
    heapy_free(rows);
    return list;
}

/* ---- attributes ---- */

#define STAT_GETTER(name, expression)                                                                        \
    static PyObject *stat_##name(PyObject *self, void *closure)                                              \
    {                                                                                                        \
        (void)closure;                                                                                       \
        return expression;                                                                                   \
    }
STAT_GETTER(count, PyLong_FromLongLong(table_of(self)->count))
STAT_GETTER(size, PyLong_FromLongLong(table_of(self)->size))
STAT_GETTER(numrows, PyLong_FromSize_t(table_of(self)->row_count))
STAT_GETTER(kindheader, text_from_utf8(table_of(self)->header, SIZE_MAX))
STAT_GETTER(kindname, text_from_utf8(table_of(self)->kind_name, SIZE_MAX))
STAT_GETTER(timemade, PyFloat_FromDouble(heapy_stat_time_made(((Stat *)self)->stat)))
STAT_GETTER(firstheader, Py_NewRef(((Stat *)self)->first_header))
STAT_GETTER(format_name, PyUnicode_FromString(heapy_table_format_name(table_of(self)->format)))
STAT_GETTER(loader, ((void)self, PyUnicode_FromString("_load_stat")))
STAT_GETTER(more, more_of(self))
STAT_GETTER(all, AllPrinter_create(self))
STAT_GETTER(hiding_tag, Py_NewRef(tag_of(self)))

/* Only a difference has them. */
static PyObject *
base_number(PyObject *self, int64_t number, const char *name)
{
    if (table_of(self)->format == HEAPY_FORMAT_DIFF)
        return PyLong_FromLongLong(number);
    PyErr_Format(PyExc_AttributeError, "a Stat that is no difference has no attribute '%s'", name);
    return NULL;
}

STAT_GETTER(b_count, base_number(self, table_of(self)->base_count, "b_count"))
STAT_GETTER(b_size, base_number(self, table_of(self)->base_size, "b_size"))

/* An int if it reads as one. */
static PyObject *
value_of_directive(const char *value)
{
    PyObject *text = text_from_utf8(value, SIZE_MAX);
    if (!text)
        return NULL;
    PyObject *number = PyLong_FromUnicodeObject(text, 10);
    if (!number) {
        PyErr_Clear();
        return text;
    }
    Py_DECREF(text);
    return number;
}

static PyObject *
stat_directives(PyObject *self, void *closure)
{
    (void)closure;
    PyObject *directives = PyDict_New();
    const char *name, *value;
    for (size_t i = 0; directives && heapy_stat_directive(((Stat *)self)->stat, i, &name, &value); i++) {
        PyObject *key = text_from_utf8(name, SIZE_MAX), *said = value_of_directive(value);
        if (!key || !said || PyDict_SetItem(directives, key, said) < 0)
            Py_CLEAR(directives);
        Py_XDECREF(key);
        Py_XDECREF(said);
    }
    return directives;
}

static PyObject *
stat_dump(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"fn", "mode", NULL};
    PyObject *file, *mode = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|U:dump", names, &file, &mode))
        return NULL;
    return Stat_dump(self, file, mode);
}

static PyObject *
stat_as_json(PyObject *self, PyObject *args, PyObject *kwargs)
{
    return table_as_json(table_of(self), args, kwargs);
}

static PyObject *
stat_as_csv(PyObject *self, PyObject *args, PyObject *kwargs)
{
    return table_as_csv(table_of(self), args, kwargs);
}

static PyObject *
stat_to_dict(PyObject *self, PyObject *ignored)
{
    (void)ignored;
    return call_package_with("guppy.heapy.StatData", "as_dict", self, NULL, NULL);
}

static PyObject *
stat_reduce(PyObject *self, PyObject *ignored)
{
    (void)ignored;
    return call_package_with("guppy.heapy.StatData", "reduced", self, NULL, NULL);
}

static int
stat_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    Py_VISIT(((Stat *)self)->session);
    return 0;
}

/* No tp_clear: the session clears what it refers to. */
static void
stat_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    heapy_stat_destroy(((Stat *)self)->stat);
    Py_XDECREF(((Stat *)self)->first_header);
    Py_XDECREF(((Stat *)self)->session);
    own_object_free(self);
}

static PyMethodDef stat_methods[] = {
    {"get_row", stat_get_row, METH_O, DOC_Stat_get_row},
    {"get_rows", (PyCFunction)(void (*)(void))stat_get_rows, METH_VARARGS | METH_KEYWORDS, DOC_Stat_get_rows},
    {"get_rows_of_kinds", stat_get_rows_of_kinds, METH_O, DOC_Stat_get_rows_of_kinds},
    {"get_rows_n_and_other", (PyCFunction)(void (*)(void))stat_get_rows_n_and_other,
     METH_VARARGS | METH_KEYWORDS, DOC_Stat_get_rows_n_and_other},
    {"as_csv", (PyCFunction)(void (*)(void))stat_as_csv, METH_VARARGS | METH_KEYWORDS, DOC_Stat_as_csv},
    {"as_json", (PyCFunction)(void (*)(void))stat_as_json, METH_VARARGS | METH_KEYWORDS, DOC_Stat_as_json},
    {"dump", (PyCFunction)(void (*)(void))stat_dump, METH_VARARGS | METH_KEYWORDS, DOC_Stat_dump},
    {"to_dict", stat_to_dict, METH_NOARGS, DOC_Stat_to_dict},
    {"__reduce__", stat_reduce, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

#define GETTER(name) {#name, stat_##name, NULL, DOC_Stat_##name, NULL}
static PyGetSetDef stat_getset[] = {
    GETTER(all),
    GETTER(b_count),
    GETTER(b_size),
    GETTER(count),
    GETTER(directives),
    GETTER(firstheader),
    GETTER(format_name),
    GETTER(kindheader),
    GETTER(kindname),
    GETTER(loader),
    GETTER(more),
    GETTER(numrows),
    GETTER(rows),
    GETTER(size),
    GETTER(timemade),
    {"_hiding_tag_", stat_hiding_tag, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot stat_slots[] = {
    {Py_tp_doc, DOC_Stat},
    {Py_tp_traverse, stat_traverse},
    {Py_tp_dealloc, stat_dealloc},
    {Py_tp_repr, stat_repr},
    {Py_tp_methods, stat_methods},
    {Py_tp_getset, stat_getset},
    {Py_mp_subscript, stat_subscript},
    {Py_mp_length, stat_length},
    {Py_sq_length, stat_length},
    {Py_sq_item, stat_item},
    {Py_nb_subtract, stat_subtract},
    {0, NULL},
};

PyType_Spec stat_spec = {
    .name = "guppy.heapy.Part.Stat",
    .basicsize = sizeof(Stat),
    .flags = OWN_TYPE_FLAGS,
    .slots = stat_slots,
};
