/* SPDX-License-Identifier: MIT */
/* The samples of a profile file, for guppy.heapy.Prof: each method asks the engine's profile one thing. */
#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "live/errors.h"
#include "types/module_state.h"
#include "types/own_object.h"

#include <heapy/memory.h>
#include <heapy/profile.h>

typedef struct {
    OWN_OBJECT_HEAD
    heapy_profile *profile;
} ProfileStore;

static heapy_profile *
profile_of(PyObject *self)
{
    return ((ProfileStore *)self)->profile;
}

static PyObject *
profile_store_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, ":ProfileStore", names))
        return NULL;
    module_state *state = state_of_type(type);
    ProfileStore *self = NULL;
    if (state_is_usable(state))
        self = own_object_new(type, state->capture.hiding_tag);
    heapy_error err = HEAPY_ERROR_INIT;
    if (self && heapy_profile_create(&self->profile, &err)) {
        raise_heapy_error(&err);
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

static void
profile_store_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    heapy_profile_destroy(profile_of(self));
    own_object_free(self);
}

static int
profile_store_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    return 0;
}

static Py_ssize_t
profile_store_length(PyObject *self)
{
    return (Py_ssize_t)heapy_profile_sample_count(profile_of(self));
}

static PyObject *
profile_store_read(PyObject *self, PyObject *args)
{
    const char *source;
    Py_buffer data;
    if (!PyArg_ParseTuple(args, "sy*:read", &source, &data))
        return NULL;
    size_t consumed;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status =
        heapy_profile_read(profile_of(self), source, data.buf, (size_t)data.len, &consumed, &err);
    PyBuffer_Release(&data);
    if (status) {
        raise_heapy_error(&err);
        return NULL;
    }
    return PyLong_FromSize_t(consumed);
}

/* ---- arguments: "O&" converters need the profile, so these check after parsing ---- */

static bool
is_sample(PyObject *self, Py_ssize_t number)
{
    if (number >= 0 && number < profile_store_length(self))
        return true;
    PyErr_Format(PyExc_IndexError, "sample %zd of a profile with %zd samples", number,
                 profile_store_length(self));
    return false;
}

static heapy_profile_quantity
quantity_of(int by_count)
{
    return by_count ? HEAPY_PROFILE_COUNT : HEAPY_PROFILE_SIZE;
}

/* A kind's number; false with an exception. */
static bool
kind_of(PyObject *self, PyObject *number, heapy_profile_kind *out)
{
    size_t kind = PyLong_AsSize_t(number);
    if (kind == (size_t)-1 && PyErr_Occurred())
        return false;
    if (kind >= heapy_profile_kind_count(profile_of(self))) {
        PyErr_Format(PyExc_IndexError, "kind %zu of a profile with %zu kinds", kind,
                     heapy_profile_kind_count(profile_of(self)));
        return false;
    }
    *out = (heapy_profile_kind)kind;
    return true;
}

/* ---- answers ---- */

static PyObject *
profile_store_header(PyObject *self, PyObject *args)
{
    Py_ssize_t number;
    if (!PyArg_ParseTuple(args, "n:header", &number) || !is_sample(self, number))
        return NULL;
    heapy_sample s = heapy_profile_sample(profile_of(self), (size_t)number);
    return Py_BuildValue("dLLns", s.time_made, (long long)s.totals[HEAPY_PROFILE_COUNT],
                         (long long)s.totals[HEAPY_PROFILE_SIZE], (Py_ssize_t)s.row_count,
                         heapy_table_format_name(s.format));
}

static PyObject *
profile_store_rows(PyObject *self, PyObject *args)
{
    Py_ssize_t number;
    if (!PyArg_ParseTuple(args, "n:rows", &number) || !is_sample(self, number))
        return NULL;
    heapy_sample s = heapy_profile_sample(profile_of(self), (size_t)number);
    PyObject *rows = PyList_New((Py_ssize_t)s.row_count);
    for (size_t i = 0; rows && i < s.row_count; i++) {
        PyObject *row =
            Py_BuildValue("ILL", (unsigned)s.kinds[i], (long long)s.values[HEAPY_PROFILE_COUNT][i],
                          (long long)s.values[HEAPY_PROFILE_SIZE][i]);
        if (!row)
            Py_CLEAR(rows);
        else
            PyList_SET_ITEM(rows, (Py_ssize_t)i, row);
    }
    return rows;
}

static PyObject *
profile_store_kind_name(PyObject *self, PyObject *number)
{
    heapy_profile_kind kind;
    size_t length;
    if (!kind_of(self, number, &kind))
        return NULL;
    const char *name = heapy_profile_kind_name(profile_of(self), kind, &length);
    return PyUnicode_DecodeUTF8(name, (Py_ssize_t)length, "backslashreplace");
}

static PyObject *
profile_store_find_kind(PyObject *self, PyObject *name)
{
    if (!PyUnicode_Check(name)) {
        PyErr_Format(PyExc_TypeError, "find_kind: the name of a kind expected, not %.200s",
                     Py_TYPE(name)->tp_name);
        return NULL;
    }
    PyObject *bytes = PyUnicode_AsEncodedString(name, "utf-8", "backslashreplace");
    if (!bytes)
        return NULL;
    heapy_profile_kind kind;
    bool is_found = heapy_profile_find_kind(profile_of(self), PyBytes_AS_STRING(bytes),
                                            (size_t)PyBytes_GET_SIZE(bytes), &kind);
    Py_DECREF(bytes);
    if (!is_found)
        Py_RETURN_NONE;
    return PyLong_FromUnsignedLong(kind);
}

static PyObject *
profile_store_kind_count(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return PyLong_FromSize_t(heapy_profile_kind_count(profile_of(self)));
}

static PyObject *
profile_store_sample_kind_count(PyObject *self, PyObject *args)
{
    Py_ssize_t number;
    if (!PyArg_ParseTuple(args, "n:sample_kind_count", &number) || !is_sample(self, number))
        return NULL;
    return PyLong_FromSize_t(heapy_profile_sample_kind_count(profile_of(self), (size_t)number));
}

/* [(kind, value)] of two arrays; values NULL: [kind].  The arrays are freed. */
static PyObject *
pairs(size_t count, heapy_profile_kind *kinds, int64_t *values, bool with_values)
{
    PyObject *list = PyList_New((Py_ssize_t)count);
    for (size_t i = 0; list && i < count; i++) {
        PyObject *item;
        if (with_values)
            item = Py_BuildValue("IL", (unsigned)kinds[i], (long long)values[i]);
        else
            item = PyLong_FromUnsignedLong(kinds[i]);
        if (!item)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, (Py_ssize_t)i, item);
    }
    heapy_free(kinds);
    heapy_free(values);
    return list;
}

/* For each kind whether it is among those asked for, as bytes of 0 and 1; None means all.  False with an
   exception. */
static bool
take_mask(PyObject *self, PyObject *mask, Py_buffer *buffer, const bool **among)
{
    *among = NULL;
    if (mask == Py_None)
        return true;
    if (PyObject_GetBuffer(mask, buffer, PyBUF_SIMPLE) < 0)
        return false;
    *among = buffer->buf;
    size_t kinds = heapy_profile_kind_count(profile_of(self));
    bool is_mask = (size_t)buffer->len == kinds;
    for (size_t i = 0; is_mask && i < kinds; i++)
        is_mask = ((const unsigned char *)buffer->buf)[i] <= 1;
    if (!is_mask) {
        PyBuffer_Release(buffer);
        PyErr_Format(PyExc_ValueError, "among: %zu bytes of 0 or 1 expected", kinds);
    }
    return is_mask;
}

/* Ask for the `wanted` largest kinds of a sample, or of the samples first to end - 1 when with_values is
 * false. */
static PyObject *
largest_kinds(PyObject *self, Py_ssize_t first, Py_ssize_t end, int by_count, Py_ssize_t wanted,
              PyObject *mask, bool with_values)
{
    heapy_profile *profile = profile_of(self);
    size_t count;
    if (with_values)
        count = heapy_profile_sample_kind_count(profile, (size_t)first);
    else
        count = heapy_profile_kind_count(profile);
    size_t found = 0;
    if (wanted < 0)
        count = 0;
    else if ((size_t)wanted < count)
        count = (size_t)wanted;
    Py_buffer buffer = {0};
    const bool *among;
    if (!take_mask(self, mask, &buffer, &among))
        return NULL;
    heapy_profile_kind *kinds = heapy_alloc_array(count, sizeof *kinds);
    int64_t *values = heapy_alloc_array(count, sizeof *values);
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status = HEAPY_NO_MEMORY;
    if (!kinds || !values)
        PyErr_NoMemory();
    else if (with_values)
        status = heapy_profile_largest(profile, (size_t)first, quantity_of(by_count), among, count, kinds,
                                       values, &found, &err);
    else
        status = heapy_profile_largest_ever(profile, (size_t)first, (size_t)end, quantity_of(by_count), among,
                                            count, kinds, &found, &err);
    if (buffer.obj)
        PyBuffer_Release(&buffer);
    if (!status)
        return pairs(found, kinds, values, with_values);
    if (!PyErr_Occurred())
        raise_heapy_error(&err);
    heapy_free(kinds);
    heapy_free(values);
    return NULL;
}

static PyObject *
profile_store_largest(PyObject *self, PyObject *args)
{
    Py_ssize_t number, wanted;
    int by_count;
    PyObject *mask = Py_None;
    if (!PyArg_ParseTuple(args, "npn|O:largest", &number, &by_count, &wanted, &mask) ||
        !is_sample(self, number))
        return NULL;
    return largest_kinds(self, number, number + 1, by_count, wanted, mask, true);
}

static PyObject *
profile_store_largest_ever(PyObject *self, PyObject *args)
{
    Py_ssize_t first, end, wanted;
    int by_count;
    PyObject *mask = Py_None;
    if (!PyArg_ParseTuple(args, "nnpn|O:largest_ever", &first, &end, &by_count, &wanted, &mask))
        return NULL;
    if (first < 0 || first > end || end > profile_store_length(self)) {
        PyErr_Format(PyExc_IndexError, "samples %zd to %zd of a profile with %zd samples", first, end,
                     profile_store_length(self));
        return NULL;
    }
    return largest_kinds(self, first, end, by_count, wanted, mask, false);
}

static PyObject *
profile_store_values(PyObject *self, PyObject *args)
{
    Py_ssize_t number;
    int by_count;
    PyObject *given;
    if (!PyArg_ParseTuple(args, "npO:values", &number, &by_count, &given) || !is_sample(self, number))
        return NULL;
    PyObject *sequence = PySequence_Fast(given, "values: a sequence of numbers of kinds expected"),
             *list = NULL;
    if (!sequence)
        return NULL;
    size_t count = (size_t)PySequence_Fast_GET_SIZE(sequence), i = 0;
    heapy_profile_kind *kinds = heapy_alloc_array(count, sizeof *kinds);
    int64_t *values = heapy_alloc_array(count, sizeof *values);
    if (!kinds || !values)
        PyErr_NoMemory();
    else
        while (i < count && kind_of(self, PySequence_Fast_GET_ITEM(sequence, (Py_ssize_t)i), &kinds[i]))
            i++;
    heapy_error err = HEAPY_ERROR_INIT;
    if (i == count && !PyErr_Occurred()) {
        if (heapy_profile_values(profile_of(self), (size_t)number, quantity_of(by_count), count, kinds,
                                 values, &err))
            raise_heapy_error(&err);
        else
            list = PyList_New((Py_ssize_t)count);
    }
    for (i = 0; list && i < count; i++) {
        PyObject *value = PyLong_FromLongLong(values[i]);
        if (!value)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, (Py_ssize_t)i, value);
    }
    heapy_free(kinds);
    heapy_free(values);
    Py_DECREF(sequence);
    return list;
}

static PyMethodDef profile_store_methods[] = {
    {"read", profile_store_read, METH_VARARGS, DOC_ProfileStore_read},
    {"header", profile_store_header, METH_VARARGS, DOC_ProfileStore_header},
    {"rows", profile_store_rows, METH_VARARGS, DOC_ProfileStore_rows},
    {"kind_name", profile_store_kind_name, METH_O, DOC_ProfileStore_kind_name},
    {"find_kind", profile_store_find_kind, METH_O, DOC_ProfileStore_find_kind},
    {"kind_count", profile_store_kind_count, METH_NOARGS, DOC_ProfileStore_kind_count},
    {"sample_kind_count", profile_store_sample_kind_count, METH_VARARGS, DOC_ProfileStore_sample_kind_count},
    {"largest", profile_store_largest, METH_VARARGS, DOC_ProfileStore_largest},
    {"largest_ever", profile_store_largest_ever, METH_VARARGS, DOC_ProfileStore_largest_ever},
    {"values", profile_store_values, METH_VARARGS, DOC_ProfileStore_values},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot profile_store_slots[] = {
    {Py_tp_doc, DOC_ProfileStore},
    {Py_tp_new, profile_store_new},
    {Py_tp_traverse, profile_store_traverse},
    {Py_tp_dealloc, profile_store_dealloc},
    {Py_tp_methods, profile_store_methods},
    {Py_sq_length, profile_store_length},
    {0, NULL},
};

PyType_Spec profile_store_spec = {
    .name = "guppy.heapy.heapyc.ProfileStore",
    .basicsize = sizeof(ProfileStore),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = profile_store_slots,
};
