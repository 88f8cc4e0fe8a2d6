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
#include "live/text.h"
#include "types/kind_render.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/source.h"
#include "types/source_file.h"
#include "types/source_select.h"
#include "types/type_equivalence_relation.h"
#include "types/type_identity_set.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/type_set_of_kinds.h"
#include "types/uniset_operands.h"
#include "types/uniset_operators.h"

#include <heapy/address_map.h>
#include <heapy/kind.h>
#include <heapy/memory.h>
#include <heapy/status.h>

/* ---- making ---- */

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

/* ---- what defines a kind (K-116) ---- */

/* A kind of one term of this one, or of one literal of its only term. */
static PyObject *
part_of_kind(const Kind *self, size_t term, Py_ssize_t literal)
{
    const heapy_kind *part = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    bool is_complement = false;
    heapy_status status;
    if (literal < 0) {
        status = heapy_kind_term(self->kind, term, &part, &err);
    } else {
        const heapy_atom *atom = heapy_kind_literal(self->kind, term, (size_t)literal, &is_complement);
        status = heapy_kind_create(atom, &part, &err);
    }
    if (status) {
        raise_heapy_error(&err);
        return NULL;
    }
    PyObject *kind = Kind_wrap(self->session, part, NULL, NULL);
    if (kind && is_complement)
        Py_SETREF(kind, uniset_complement(kind));
    return kind;
}

static PyObject *
parts_of_kind(const Kind *self)
{
    size_t count = heapy_kind_term_count(self->kind);
    bool is_union = count > 1;
    if (!is_union)
        count = heapy_kind_literal_count(self->kind, 0);
    PyObject *parts = PyTuple_New((Py_ssize_t)count), *part;
    for (size_t i = 0; parts && i < count; i++) {
        if (is_union)
            part = part_of_kind(self, i, -1);
        else
            part = part_of_kind(self, 0, (Py_ssize_t)i);
        if (!part)
            Py_CLEAR(parts);
        else
            PyTuple_SET_ITEM(parts, (Py_ssize_t)i, part);
    }
    return parts;
}

static PyObject *
kind_of_expression(PyObject *session, const heapy_kind *kind)
{
    return Kind_wrap(session, heapy_kind_retain(kind), NULL, NULL);
}

static PyObject *
tuple_of_kinds(PyObject *session, const heapy_atom *atom)
{
    PyObject *kinds = PyTuple_New((Py_ssize_t)atom->kind_count);
    for (size_t i = 0; kinds && i < atom->kind_count; i++) {
        PyObject *kind = kind_of_expression(session, atom->kinds[i]);
        if (!kind)
            Py_CLEAR(kinds);
        else
            PyTuple_SET_ITEM(kinds, (Py_ssize_t)i, kind);
    }
    return kinds;
}

static PyObject *
arg_of_producer(const heapy_atom *atom)
{
    if (atom->number == HEAPY_NO_LINE)
        return Py_BuildValue("(zO)", atom->name, Py_None);
    return Py_BuildValue("(zL)", atom->name, (long long)atom->number);
}

/* The str that a text is the repr of.  It may come from a file, so nothing of it is run. */
static PyObject *
str_of_repr(PyObject *text)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    PyObject *inside = PyUnicode_Substring(text, 1, length > 1 ? length - 1 : 1);
    if (!inside)
        return NULL;
    /* What is printable stands in it as it is; as ASCII all is escaped. */
    PyObject *escaped = PyUnicode_AsEncodedString(inside, "ascii", "backslashreplace");
    Py_DECREF(inside);
    if (!escaped)
        return NULL;
    PyObject *str =
        PyUnicode_DecodeUnicodeEscape(PyBytes_AS_STRING(escaped), PyBytes_GET_SIZE(escaped), "strict");
    Py_DECREF(escaped);
    return str;
}

/* The relations as hp.Via() takes them: what their reprs are of. */
static PyObject *
arg_of_relations(const heapy_atom *atom)
{
    PyObject *arg = PyTuple_New((Py_ssize_t)atom->text_count);
    for (size_t i = 0; arg && i < atom->text_count; i++) {
        PyObject *text = text_from_utf8(atom->texts[i], SIZE_MAX), *relation = NULL;
        if (text)
            relation = str_of_repr(text);
        Py_XDECREF(text);
        if (!relation)
            Py_CLEAR(arg);
        else
            PyTuple_SET_ITEM(arg, (Py_ssize_t)i, relation);
    }
    return arg;
}

static PyObject *
arg_of_referrers(PyObject *session, const heapy_atom *atom)
{
    PyObject *kinds = tuple_of_kinds(session, atom), *arg = NULL;
    if (!kinds)
        return NULL;
    PyObject *er = EquivalenceRelation_of(session, atom->classifier);
    if (er)
        arg = SetOfKinds_create(er, kinds);
    Py_DECREF(kinds);
    Py_XDECREF(er);
    return arg;
}

static PyObject *
arg_of_atom(PyObject *session, const heapy_atom *atom)
{
    if (atom->comparison != HEAPY_EQ) {
        heapy_atom plain = *atom;
        plain.comparison = HEAPY_EQ;
        return Kind_create(session, &plain);
    }
    switch (atom->form) {
    case HEAPY_ATOM_TYPE:
    case HEAPY_ATOM_MODULE:
    case HEAPY_ATOM_ID:
        if (!Session_has_objects(session))
            return NULL;
        return Py_XNewRef(live_object_of_atom(atom));
    case HEAPY_ATOM_CLASSES:
        return EquivalenceRelation_of(session, atom->classifier);
    case HEAPY_ATOM_SIZE:
        return PyLong_FromString(atom->name, NULL, 10);
    case HEAPY_ATOM_DICT_OF:
        if (!atom->kind_count)
            return Session_nothing(session);
        return kind_of_expression(session, atom->kinds[0]);
    case HEAPY_ATOM_REFERRERS:
        return arg_of_referrers(session, atom);
    case HEAPY_ATOM_REFERENCES:
        return arg_of_relations(atom);
    case HEAPY_ATOM_PRODUCER:
        return arg_of_producer(atom);
    case HEAPY_ATOM_FIRST_MATCH:
        return PyLong_FromLongLong(atom->number);
    case HEAPY_ATOM_FACT:
        if (!atom->name)
            break;
        return text_from_utf8(atom->name, SIZE_MAX);
    case HEAPY_ATOM_ANYTHING:
    case HEAPY_ATOM_NO_PRODUCER:
    case HEAPY_ATOM_MEMBERS:
        break;
    }
    Py_RETURN_NONE;
}

/* The atom that a kind is, NULL: it is something else. */
static const heapy_atom *
only_atom(const Kind *self)
{
    if (self->added || self->removed)
        return NULL;
    return heapy_kind_atom(self->kind);
}

static PyObject *
kind_arg(PyObject *object, void *closure)
{
    (void)closure;
    Kind *self = (Kind *)object;
    if (!Session_is_usable(self->session))
        return NULL;
    const heapy_atom *atom = only_atom(self);
    if (atom)
        return arg_of_atom(self->session, atom);
    if (heapy_kind_term_count(self->kind) == 1 && heapy_kind_literal_count(self->kind, 0) == 1 &&
        !self->added && !self->removed)
        return uniset_complement(object);
    return parts_of_kind(self);
}

PyObject *
Kind_relation(PyObject *object)
{
    Kind *self = (Kind *)object;
    const heapy_atom *atom = only_atom(self);
    if (!atom || atom->comparison != HEAPY_EQ)
        return NULL;
    switch (atom->form) {
    case HEAPY_ATOM_ANYTHING:
        return Session_relation(self->session, HEAPY_BY_UNITY);
    case HEAPY_ATOM_TYPE:
        return Session_relation(self->session, HEAPY_BY_TYPE);
    case HEAPY_ATOM_SIZE:
        return Session_relation(self->session, HEAPY_BY_SIZE);
    case HEAPY_ATOM_MODULE:
        return Session_relation(self->session, HEAPY_BY_MODULE);
    case HEAPY_ATOM_ID:
        return Session_relation(self->session, HEAPY_BY_ID);
    case HEAPY_ATOM_REFERENCES:
        return Session_relation(self->session, HEAPY_BY_REFERENCES);
    case HEAPY_ATOM_PRODUCER:
    case HEAPY_ATOM_NO_PRODUCER:
        return Session_relation(self->session, HEAPY_BY_PRODUCER);
    case HEAPY_ATOM_REFERRERS: {
        PyObject *inner = EquivalenceRelation_of(self->session, atom->classifier);
        if (!inner)
            return NULL;
        PyObject *er = EquivalenceRelation_refdby(inner);
        Py_DECREF(inner);
        return er;
    }
    case HEAPY_ATOM_FACT:
    case HEAPY_ATOM_FIRST_MATCH:
        return EquivalenceRelation_of(self->session, atom->classifier);
    case HEAPY_ATOM_DICT_OF: { /* a class of Clodo where the owners are a type, or none */
        if (!atom->kind_count)
            return Session_relation(self->session, HEAPY_BY_CLODO);
        const heapy_atom *owner = heapy_kind_atom(atom->kinds[0]);
        if (!owner || owner->form != HEAPY_ATOM_TYPE || owner->comparison != HEAPY_EQ)
            return NULL;
        return Session_relation(self->session, HEAPY_BY_CLODO);
    }
    case HEAPY_ATOM_CLASSES:
    case HEAPY_ATOM_MEMBERS:
        break;
    }
    return NULL;
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
    {"arg", kind_arg, NULL, DOC_Kind_arg, NULL},
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
