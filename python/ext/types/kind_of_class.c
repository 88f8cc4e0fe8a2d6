/* SPDX-License-Identifier: MIT */
/* Kinds that are one class: of a type, a size, a module and so on (K-41 to K-49e, K-80 to K-90). */
#include "types/kind_of_class.h"

#include "cpython/module_support.h"
#include "live/errors.h"
#include "live/live_atoms.h"
#include "types/equivalence_relation.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/source.h"
#include "types/source_file.h"
#include "types/type_kind.h"
#include "types/type_session.h"
#include "types/type_set_of_kinds.h"
#include "types/uniset_operands.h"
#include "types/uniset_operators.h"

#include <heapy/kind.h>
#include <heapy/memory.h>
#include <heapy/status.h>

PyObject *
Kind_create(PyObject *session, const heapy_atom *atom)
{
    const heapy_kind *kind;
    heapy_error err = HEAPY_ERROR_INIT;
    if (!heapy_kind_create(atom, &kind, &err))
        return Kind_wrap(session, kind, NULL, NULL);
    raise_heapy_error(&err);
    return NULL;
}

/* UTF-8 of a str, as bytes. */
static PyObject *
utf8(PyObject *text)
{
    if (!text)
        return NULL;
    return PyUnicode_AsEncodedString(text, "utf-8", "replace");
}

/* The kind that a function made, unless it failed. */
static PyObject *
wrap_made(PyObject *session, int result, const heapy_kind *kind)
{
    if (result)
        return NULL;
    return Kind_wrap(session, kind, NULL, NULL);
}

PyObject *
Kind_of_type(PyObject *session, PyObject *type)
{
    const heapy_kind *kind = NULL;
    if (((Session *)session)->source->is_elsewhere)
        return file_kind_of_type(session, (PyTypeObject *)type);
    int result = live_type_kind(&state_of_type(Py_TYPE(session))->capture, (PyTypeObject *)type, &kind);
    return wrap_made(session, result, kind);
}

PyObject *
Kind_of_owner(PyObject *session, PyObject *owners)
{
    heapy_atom atom = {.form = HEAPY_ATOM_DICT_OF};
    if (!owners)
        return Kind_create(session, &atom);
    if (uniset_check_beside(session, owners) < 0)
        return NULL;
    const heapy_kind *expression = expression_of_set(owners);
    if (!expression)
        return NULL;
    atom.kinds = &expression;
    atom.kind_count = 1;
    PyObject *kind = Kind_create(session, &atom);
    heapy_kind_release(expression);
    return kind;
}

/* An int as the nearest one from `least` on that 64 bits have: what no size or number can be compares as it
   should.  -1 with an exception. */
static int
nearest_number(PyObject *given, int64_t least, int64_t *out)
{
    int overflow;
    int64_t number = PyLong_AsLongLongAndOverflow(given, &overflow);
    if (number == -1 && PyErr_Occurred())
        return -1;
    if (overflow < 0)
        number = least;
    if (overflow > 0)
        number = INT64_MAX;
    *out = number;
    return 0;
}

PyObject *
Kind_of_size(PyObject *session, PyObject *size)
{
    int64_t number;
    if (nearest_number(size, INT64_MIN, &number) < 0)
        return NULL;
    PyObject *text = PyNumber_ToBase(size, 10), *bytes = utf8(text), *kind = NULL;
    if (bytes)
        kind = Kind_create(
            session,
            &(heapy_atom){.form = HEAPY_ATOM_SIZE, .number = number, .name = PyBytes_AS_STRING(bytes)});
    Py_XDECREF(text);
    Py_XDECREF(bytes);
    return kind;
}

PyObject *
Kind_of_module(PyObject *session, PyObject *module)
{
    const heapy_kind *kind = NULL;
    if (!Session_has_objects(session))
        return NULL;
    int result = live_module_kind(&state_of_type(Py_TYPE(session))->capture, module, &kind);
    return wrap_made(session, result, kind);
}

PyObject *
Kind_of_non_modules(PyObject *session)
{
    PyObject *modules = Kind_of_type(session, (PyObject *)&PyModule_Type);
    if (!modules)
        return NULL;
    PyObject *rest = uniset_complement(modules);
    Py_DECREF(modules);
    return rest;
}

PyObject *
Kind_of_object(PyObject *session, PyObject *object)
{
    const heapy_kind *kind = NULL;
    if (!Session_has_objects(session))
        return NULL;
    int result = live_object_kind(object, &kind);
    return wrap_made(session, result, kind);
}

PyObject *
Kind_of_relations(PyObject *session, PyObject *texts)
{
    PyObject *list = PySequence_List(texts), *encoded = PyList_New(0), *kind = NULL;
    Py_ssize_t count = PyTuple_GET_SIZE(texts);
    const char **pointers = heapy_alloc_array((size_t)count, sizeof *pointers);
    bool is_done = list && encoded && pointers && PyList_Sort(list) == 0;
    for (Py_ssize_t i = 0; is_done && i < count; i++) {
        PyObject *bytes = utf8(PyList_GET_ITEM(list, i));
        is_done = bytes && PyList_Append(encoded, bytes) == 0;
        if (is_done)
            pointers[i] = PyBytes_AS_STRING(bytes);
        Py_XDECREF(bytes);
    }
    if (is_done)
        kind = Kind_create(
            session,
            &(heapy_atom){.form = HEAPY_ATOM_REFERENCES, .texts = pointers, .text_count = (size_t)count});
    else if (!PyErr_Occurred())
        PyErr_NoMemory();
    heapy_free(pointers);
    Py_XDECREF(list);
    Py_XDECREF(encoded);
    return kind;
}

PyObject *
Kind_of_producer(PyObject *session, PyObject *file, PyObject *line)
{
    heapy_atom atom = {.form = HEAPY_ATOM_PRODUCER, .number = HEAPY_NO_LINE};
    if (line != Py_None && nearest_number(line, HEAPY_NO_LINE + 1, &atom.number) < 0)
        return NULL;
    if (file == Py_None)
        return Kind_create(session, &atom);
    PyObject *bytes = utf8(file);
    if (!bytes)
        return NULL;
    atom.name = PyBytes_AS_STRING(bytes);
    PyObject *kind = Kind_create(session, &atom);
    Py_DECREF(bytes);
    return kind;
}

PyObject *
Kind_of_unknown_producer(PyObject *session)
{
    return Kind_create(session, &(heapy_atom){.form = HEAPY_ATOM_NO_PRODUCER});
}

PyObject *
Kind_of_anything(PyObject *session)
{
    PyObject **slot = &((Session *)session)->anything, *known = remembered(slot);
    if (known)
        return known;
    PyObject *made = Kind_create(session, &(heapy_atom){.form = HEAPY_ATOM_ANYTHING});
    if (!made)
        return NULL;
    return remember(slot, &((Kind *)made)->remembered, made);
}

PyObject *
referrers_kind(PyObject *er, PyObject *kinds)
{
    PyObject *session = ((EquivalenceRelation *)er)->session;
    if (!session)
        return new_reference_or_error(NULL);
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(kinds); i++)
        if (uniset_check_beside(session, PyTuple_GET_ITEM(kinds, i)) < 0)
            return NULL;
    const heapy_classifier *by = EquivalenceRelation_by(er);
    if (!by)
        return NULL;
    const heapy_kind **expressions = expressions_of(kinds);
    if (!expressions)
        return NULL;
    size_t count = (size_t)PyTuple_GET_SIZE(kinds);
    PyObject *kind = Kind_create(session, &(heapy_atom){.form = HEAPY_ATOM_REFERRERS,
                                                        .classifier = by,
                                                        .kinds = expressions,
                                                        .kind_count = count});
    release_expressions(expressions, count);
    return kind;
}

PyObject *
Kind_of_index(PyObject *er, PyObject *index)
{
    int64_t number;
    if (nearest_number(index, INT64_MIN, &number) < 0)
        return NULL;
    PyObject *session = ((EquivalenceRelation *)er)->session;
    if (!session)
        return new_reference_or_error(NULL);
    const heapy_classifier *by = EquivalenceRelation_by(er);
    if (!by)
        return NULL;
    size_t count = heapy_classifier_kind_count(by);
    const heapy_kind **kinds = heapy_alloc_array(count, sizeof *kinds);
    if (!kinds)
        return PyErr_NoMemory();
    for (size_t i = 0; i < count; i++)
        kinds[i] = heapy_classifier_kind(by, i);
    PyObject *kind = Kind_create(session, &(heapy_atom){.form = HEAPY_ATOM_FIRST_MATCH,
                                                        .classifier = by,
                                                        .number = number,
                                                        .kinds = kinds,
                                                        .kind_count = count});
    heapy_free(kinds);
    return kind;
}

PyObject *
set_dictof(PyObject *set)
{
    PyObject *session = uniset_session(set);
    if (!session)
        return new_reference_or_error(NULL);
    bool is_nothing = IdentitySet_check(state_of_type(Py_TYPE(set)), set) && IdentitySet_is_empty(set);
    return Kind_of_owner(session, is_nothing ? NULL : set);
}
