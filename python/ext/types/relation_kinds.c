/* SPDX-License-Identifier: MIT */
/* The kinds that equivalence relations make: er(...) for each (K-70 to K-79c, K-91, K-101, K-111, S-79). */
#include "types/relation_kinds.h"

#include "cpython/module_support.h"
#include "live/live_capture.h"
#include "live/render.h"
#include "live/text.h"
#include "live/type_texts.h"
#include "types/call_python.h"
#include "types/equivalence_relation.h"
#include "types/identity_set.h"
#include "types/kind_of_class.h"
#include "types/module_state.h"
#include "types/source.h"
#include "types/source_file.h"
#include "types/type_heap_view.h"
#include "types/type_kind.h"
#include "types/type_session.h"
#include "types/type_set_of_kinds.h"
#include "types/uniset_operators.h"

#include <heapy/address_map.h>
#include <string.h>

/* ---- types by text ---- */

static PyObject *
bad_type_text(PyObject *text)
{
    return PyErr_Format(PyExc_ValueError,
                        "String argument to tc_adapt should be of form\n"
                        "'<class MODULE.NAME at 0xADDR>' or\n"
                        "'<type MODULE.NAME at 0xADDR>' or\n"
                        "'<at 0xADDR>'. I got: %R",
                        text);
}

/* The live object at an address that Python gave; new reference, NULL with ValueError. */
static PyObject *
object_at(PyObject *session, PyObject *address)
{
    capture_view view;
    Session_capture_view(session, &view);
    return capture_object_of_number(&view, address);
}

/* The type at the address that ends the text: `... at 0xADDR>`. */
static PyObject *
type_at(PyObject *session, PyObject *text, const char *digits)
{
    char *end;
    errno = 0;
    unsigned long long address = strtoull(digits, &end, 16);
    if (end == digits || *digits == '-' || strcmp(end, ">") != 0)
        return bad_type_text(text);
    capture_view view;
    Session_capture_view(session, &view);
    PyObject *object = NULL;
    if (!errno)
        object = capture_object_at(&view, (uintptr_t)address);
    if (!object && !PyErr_Occurred())
        PyErr_Format(PyExc_ValueError, "No object found at the address in %R", text);
    if (object && !PyType_Check(object)) {
        PyErr_Format(PyExc_TypeError, "%R: the object there is no type but of type %.200s", text,
                     Py_TYPE(object)->tp_name);
        Py_CLEAR(object);
    }
    return object;
}

static PyObject *
type_from_text(PyObject *session, PyObject *text)
{
    Py_ssize_t length;
    const char *utf8 = PyUnicode_AsUTF8AndSize(text, &length);
    if (!utf8)
        return NULL;
    const char *at = utf8, *name = NULL;
    if (!strncmp(utf8, "<type ", 6))
        name = utf8 + 6;
    else if (!strncmp(utf8, "<class ", 7))
        name = utf8 + 7;
    for (const char *next = at; (next = strstr(next, " at 0x")); next++)
        at = next;
    if (!strncmp(utf8, "<at 0x", 6) && at == utf8)
        return type_at(session, text, utf8 + 6);
    if (!name || at <= name)
        return bad_type_text(text);
    PyObject *own = NULL, *expected = NULL, *result = NULL, *type = type_at(session, text, at + 6);
    if (!type)
        return NULL;
    own = capture_type_own_text(&state_of_type(Py_TYPE(session))->capture, (PyTypeObject *)type);
    if (!own)
        goto done;
    expected = text_from_utf8(name, (size_t)(at - name));
    if (!expected)
        goto done;
    if (PyUnicode_Compare(own, expected) != 0)
        PyErr_Format(PyExc_ValueError, "The type at that address is %U, expected %U", own, expected);
    else
        result = Py_NewRef(type);
done:
    Py_DECREF(type);
    Py_XDECREF(own);
    Py_XDECREF(expected);
    return result;
}

PyObject *
type_from_object(PyObject *session, PyObject *object)
{
    if (PyType_Check(object))
        return Py_NewRef(object);
    if (PyUnicode_Check(object))
        return type_from_text(session, object);
    return PyErr_Format(PyExc_TypeError, "type, class or basestring expected, not %.200s",
                        Py_TYPE(object)->tp_name);
}

/* The value of `name` in a module, if it is a type; NULL without exception if not. */
static PyObject *
type_in_module(const char *module_name, PyObject *name)
{
    PyObject *module = import_module(module_name), *type = NULL;
    if (!module)
        return NULL;
    PyObject *dict = dict_of_module(module), *value = NULL; /* borrowed, both */
    if (dict)
        value = PyDict_GetItemWithError(dict, name);
    if (value && PyType_Check(value))
        type = Py_NewRef(value);
    Py_DECREF(module);
    return type;
}

/* The builtin type that is called `name` in lower case; the same. */
static PyObject *
builtin_type(PyObject *name)
{
    PyObject *lower = PyObject_CallMethod(name, "lower", NULL), *type = NULL;
    if (!lower)
        return NULL;
    if (PyUnicode_Check(lower))
        type = type_in_module("builtins", lower);
    Py_DECREF(lower);
    return type;
}

PyObject *
kind_of_named_type(PyObject *session, PyObject *name)
{
    PyObject *with_suffix = PyUnicode_FromFormat("%UType", name), *kind = NULL;
    if (!with_suffix)
        return NULL;
    PyObject *type = type_in_module("types", with_suffix);
    if (!type && !PyErr_Occurred())
        type = builtin_type(name);
    if (type)
        kind = Kind_of_type(session, type);
    else if (!PyErr_Occurred())
        PyErr_Format(PyExc_AttributeError, "there is neither types.%U nor a builtin type of the name '%U'",
                     with_suffix, name);
    Py_DECREF(with_suffix);
    Py_XDECREF(type);
    return kind;
}

/* The kind of a type or of the text of one. */
static PyObject *
kind_of_type_argument(PyObject *session, PyObject *argument)
{
    if (PyUnicode_Check(argument) && ((Session *)session)->source->is_elsewhere)
        return file_kind_of_text(session, argument);
    PyObject *type = type_from_object(session, argument);
    if (!type)
        return NULL;
    PyObject *kind = Kind_of_type(session, type);
    Py_DECREF(type);
    return kind;
}

/* ---- relation by relation ---- */

static PyObject *
make_type_kind(PyObject *session, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"kind", NULL};
    PyObject *argument;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:Type", keywords, &argument))
        return NULL;
    return kind_of_type_argument(session, argument);
}

static PyObject *
make_dict_kind(PyObject *session, PyObject *argument)
{
    PyObject *owners = kind_of_type_argument(session, argument);
    if (!owners)
        return NULL;
    PyObject *kind = Kind_of_owner(session, owners);
    Py_DECREF(owners);
    return kind;
}

/* Dicts are classified by owner, so their type is no class. */
static bool
is_kind_of_dicts(PyObject *kind)
{
    const heapy_atom *atom = heapy_kind_atom(((Kind *)kind)->kind);
    return atom && atom->is_dict;
}

static PyObject *
make_clodo_kind(PyObject *session, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"tc", "dictof", NULL};
    PyObject *named = NULL, *dictof = NULL, *kind = NULL;
    if (PyArg_ParseTupleAndKeywords(args, kwargs, "|OO:Clodo", keywords, &named, &dictof) &&
        !named != !dictof) {
        if (dictof && PyTuple_CheckExact(dictof) && !PyTuple_GET_SIZE(dictof))
            return Kind_of_owner(session, NULL);
        PyObject *argument = named ? named : dictof;
        if (PyType_Check(argument) || PyUnicode_Check(argument)) {
            if (dictof)
                kind = make_dict_kind(session, argument);
            else
                kind = kind_of_type_argument(session, argument);
        }
        if (kind && !dictof && is_kind_of_dicts(kind))
            Py_CLEAR(kind);
        if (kind || PyErr_Occurred())
            return kind;
    }
    PyErr_SetString(PyExc_TypeError, "Argument should be either\n"
                                     "    <type except dict>\n"
                                     "    dictof=<type>\n"
                                     "    dictof=()");
    return NULL;
}

static PyObject *
make_size_kind(PyObject *session, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"", NULL};
    PyObject *argument;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:Size", keywords, &argument))
        return NULL;
    PyObject *size = PyNumber_Long(argument);
    if (!size)
        return NULL;
    PyObject *kind = Kind_of_size(session, size);
    Py_DECREF(size);
    return kind;
}

static PyObject *
make_id_kind(PyObject *session, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"address", NULL};
    PyObject *address;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:Id", keywords, &address))
        return NULL;
    PyObject *object = object_at(session, address);
    if (!object)
        return NULL;
    PyObject *kind = Kind_of_object(session, object);
    Py_DECREF(object);
    return kind;
}

static PyObject *
make_idset_kind(PyObject *session, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"node", NULL};
    PyObject *object;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:Idset", keywords, &object))
        return NULL;
    return IdentitySet_of_object(session, object);
}

static PyObject *
module_of_name(PyObject *name)
{
    PyObject *modules = loaded_modules(); /* borrowed */
    PyObject *module = NULL;
    if (PyDict_CheckExact(modules) && PyUnicode_Check(name))
        module = Py_XNewRef(PyDict_GetItemWithError(modules, name));
    if (!module && !PyErr_Occurred())
        PyErr_Format(PyExc_ValueError, "No module %R in View.target.sys.modules.", name);
    return module;
}

static PyObject *
make_module_kind(PyObject *session, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"name", "at", NULL};
    PyObject *name = Py_None, *at = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|OO:Module", keywords, &name, &at))
        return NULL;
    if (name == Py_None && at == Py_None)
        return Kind_of_non_modules(session);
    PyObject *module, *own = NULL, *kind = NULL;
    if (at == Py_None)
        module = module_of_name(name);
    else
        module = object_at(session, at);
    if (!module)
        return NULL;
    if (PyModule_CheckExact(module))
        own = render_object(&state_of_type(Py_TYPE(session))->capture, module);
    else
        PyErr_Format(PyExc_TypeError, "The specified object is not of module type, but %.200s.",
                     Py_TYPE(module)->tp_name);
    if (own && at != Py_None && name != Py_None &&
        (!PyUnicode_Check(name) || PyUnicode_Compare(own, name) != 0))
        PyErr_Format(PyExc_ValueError, "The specified module has not name %R but %R.", name, own);
    else if (own)
        kind = Kind_of_module(session, module);
    Py_XDECREF(own);
    Py_DECREF(module);
    return kind;
}

static PyObject *
make_unity_kind(PyObject *session, PyObject *kwargs)
{
    if (kwargs && PyDict_GET_SIZE(kwargs))
        return PyErr_Format(PyExc_TypeError, "Unity() takes no keyword arguments");
    return Kind_of_anything(session);
}

static PyObject *
make_via_kind(PyObject *session, PyObject *args, PyObject *kwargs)
{
    if (kwargs && PyDict_GET_SIZE(kwargs))
        return PyErr_Format(PyExc_TypeError, "Via() takes no keyword arguments");
    PyObject *texts = PyTuple_New(PyTuple_GET_SIZE(args)), *kind = NULL;
    for (Py_ssize_t i = 0; texts && i < PyTuple_GET_SIZE(args); i++) {
        PyObject *text =
            call_package("guppy.heapy.KindArguments", "relation_text", session, PyTuple_GET_ITEM(args, i));
        if (!text || !PyUnicode_Check(text)) {
            Py_XDECREF(text);
            Py_CLEAR(texts);
            break;
        }
        PyTuple_SET_ITEM(texts, i, text);
    }
    if (texts)
        kind = Kind_of_relations(session, texts);
    Py_XDECREF(texts);
    return kind;
}

/* ---- producers ---- */

static PyObject *
producer_bound(PyObject *session, PyObject *file, PyObject *line, const char *comparison)
{
    PyObject *plain = Kind_of_producer(session, file, line);
    if (!plain)
        return NULL;
    PyObject *kind = PyObject_CallMethod(plain, "alt", "s", comparison);
    Py_DECREF(plain);
    return kind;
}

/* The lines of a function, class, module, frame: file, first line and the line after the last. */
static PyObject *
kind_of_source(PyObject *session, PyObject *object)
{
    PyObject *file, *first, *end, *in_file = NULL, *from = NULL, *before = NULL, *both = NULL, *kind = NULL;
    PyObject *lines = call_package("guppy.heapy.SourceLines", "source_lines", session, object);
    if (!lines)
        return NULL;
    if (!PyArg_ParseTuple(lines, "UO!O!", &file, &PyLong_Type, &first, &PyLong_Type, &end))
        goto done;
    in_file = producer_bound(session, file, Py_None, "<");
    if (!in_file)
        goto done;
    from = producer_bound(session, Py_None, first, ">=");
    if (!from)
        goto done;
    before = producer_bound(session, Py_None, end, "<");
    if (!before)
        goto done;
    both = uniset_combine(in_file, from, HEAPY_INTERSECTION);
    if (both)
        kind = uniset_combine(both, before, HEAPY_INTERSECTION);
done:
    Py_XDECREF(in_file);
    Py_XDECREF(from);
    Py_XDECREF(before);
    Py_XDECREF(both);
    Py_DECREF(lines);
    return kind;
}

static PyObject *
kind_of_line(PyObject *session, PyObject *file, PyObject *line)
{
    if (file != Py_None && !PyUnicode_Check(file))
        return PyErr_Format(PyExc_TypeError, "hp.Prod() argument 1 must be string or None, not %.200s",
                            Py_TYPE(file)->tp_name);
    if (line != Py_None && !PyLong_Check(line))
        return PyErr_Format(PyExc_TypeError, "hp.Prod() argument 2 must be integer or None, not %.200s",
                            Py_TYPE(line)->tp_name);
    return Kind_of_producer(session, file, line);
}

static PyObject *
make_producer_kind(PyObject *session, PyObject *args, PyObject *kwargs)
{
    Py_ssize_t count = PyTuple_GET_SIZE(args), named = kwargs ? PyDict_GET_SIZE(kwargs) : 0;
    if (count && named)
        return PyErr_Format(PyExc_TypeError, "hp.Prod() takes either positional or keyword arguments");
    if (named) {
        PyObject *file = PyDict_GetItemString(kwargs, "filename");
        PyObject *line = PyDict_GetItemString(kwargs, "lineno");
        if (!file || !line || named != 2)
            return PyErr_Format(PyExc_TypeError,
                                "hp.Prod() keyword arguments must be \"filename\" and \"lineno\"");
        return kind_of_line(session, file, line);
    }
    if (count > 2)
        return PyErr_Format(PyExc_TypeError,
                            "hp.Prod() takes from 0 to 2 positional arguments but %zd were given", count);
    if (count == 2)
        return kind_of_line(session, PyTuple_GET_ITEM(args, 0), PyTuple_GET_ITEM(args, 1));
    if (!count)
        return Kind_of_unknown_producer(session);
    PyObject *argument = PyTuple_GET_ITEM(args, 0);
    if (PyUnicode_Check(argument))
        return producer_bound(session, argument, Py_None, "<");
    return kind_of_source(session, argument);
}

/* ---- relations of relations ---- */

static PyObject *
make_referrers_kind(PyObject *er, PyObject *args, PyObject *kwargs)
{
    if (kwargs && PyDict_GET_SIZE(kwargs))
        return PyErr_Format(PyExc_TypeError, "refdby() takes no keyword arguments");
    PyObject *inner = PyTuple_GET_ITEM(((EquivalenceRelation *)er)->parts, 0);
    PyObject *kinds = kinds_of_arguments(inner, args);
    if (!kinds)
        return NULL;
    PyObject *kind = referrers_kind(inner, kinds);
    Py_DECREF(kinds);
    return kind;
}

static PyObject *
make_owner_kind(PyObject *session, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"k", NULL};
    PyObject *owners;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:dictof", keywords, &owners))
        return NULL;
    if (owners == Py_None) {
        PyObject *dicts = Kind_of_type(session, (PyObject *)&PyDict_Type);
        if (!dicts)
            return NULL;
        PyObject *rest = uniset_complement(dicts);
        Py_DECREF(dicts);
        return rest;
    }
    module_state *state = state_if_ours(Py_TYPE(owners));
    if (!state || !(Kind_check(state, owners) || IdentitySet_check(state, owners)))
        return PyErr_Format(PyExc_TypeError,
                            "dictof: a kind or an identity set expected, not %.200s; hp.Type(t) is the kind "
                            "of a type",
                            Py_TYPE(owners)->tp_name);
    return set_dictof(owners);
}

static PyObject *
make_index_kind(PyObject *er, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"", NULL};
    PyObject *index;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!:findex", keywords, &PyLong_Type, &index))
        return NULL;
    return Kind_of_index(er, index);
}

PyObject *
relation_make_kind(PyObject *er, PyObject *args, PyObject *kwargs)
{
    PyObject *session = ((EquivalenceRelation *)er)->session;
    switch (form_of(er)) {
    case HEAPY_BY_TYPE:
        return make_type_kind(session, args, kwargs);
    case HEAPY_BY_CLODO:
        return make_clodo_kind(session, args, kwargs);
    case HEAPY_BY_SIZE:
        return make_size_kind(session, args, kwargs);
    case HEAPY_BY_MODULE:
        return make_module_kind(session, args, kwargs);
    case HEAPY_BY_ID:
        return make_id_kind(session, args, kwargs);
    case HEAPY_BY_IDSET:
        return make_idset_kind(session, args, kwargs);
    case HEAPY_BY_UNITY:
        return make_unity_kind(session, kwargs);
    case HEAPY_BY_REFERENCES:
        return make_via_kind(session, args, kwargs);
    case HEAPY_BY_PRODUCER:
        return make_producer_kind(session, args, kwargs);
    case HEAPY_BY_REFERRERS:
        return make_referrers_kind(er, args, kwargs);
    case HEAPY_BY_OWNER:
        return make_owner_kind(session, args, kwargs);
    case HEAPY_BY_FIRST_MATCH:
        return make_index_kind(er, args, kwargs);
    case HEAPY_BY_ALL:
    case HEAPY_BY_FACT:
    case HEAPY_CLASSIFIER_FORM_COUNT:
        break;
    }
    return PyErr_Format(PyExc_TypeError,
                        "%S makes no kinds; intersect kinds of its parts instead, as in "
                        "hp.Type(str) & hp.Size(56)",
                        er);
}
