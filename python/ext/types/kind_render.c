/* SPDX-License-Identifier: MIT */
/*
 * The texts of kinds: brief, repr, and what stands in a table's row (K-57 to K-59a, K-70 to K-85, R-60,
 * R-93).
 */
#include "types/kind_render.h"

#include "cpython/module_support.h"
#include "live/errors.h"
#include "live/held_objects.h"
#include "live/render.h"
#include "live/text.h"
#include "live/type_texts.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/select_live.h"
#include "types/type_equivalence_relation.h"
#include "types/type_identity_set.h"
#include "types/type_kind.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"

#include <heapy/address_map.h>
#include <heapy/kind.h>
#include <heapy/kind_text.h>
#include <heapy/memory.h>
#include <heapy/status.h>

/* What the texts of one kind are made with. */
typedef struct text_maker {
    PyObject *session;
    module_state *state;
    PyObject *prefix; /* of an expression; NULL: a brief */
} text_maker;

static PyObject *expression_text(const text_maker *maker, const heapy_kind *kind, const char *more,
                                 const char *const *less);

/* The symbols of heapy_comparison. */
static const char *const symbols[] = {"=", "<", "<=", ">=", ">"};

static PyObject *
formatted(const char *format, PyObject *text)
{
    PyObject *result = text ? PyUnicode_FromFormat(format, text) : NULL;
    Py_XDECREF(text);
    return result;
}

/* "a, b" of a list of str, sorted; the list is given up.  `nothing`: for an empty one. */
static PyObject *
join_sorted(PyObject *texts, const char *nothing)
{
    if (!texts)
        return NULL;
    if (PyList_GET_SIZE(texts) && PyList_Sort(texts) == 0)
        return join_texts(texts, ", ");
    Py_DECREF(texts);
    return PyErr_Occurred() ? NULL : PyUnicode_FromString(nothing);
}

/* ---- rows ---- */

static PyObject *row_text(const text_maker *maker, const heapy_kind *kind);

static PyObject *
row_texts(const text_maker *maker, const heapy_atom *atom)
{
    PyObject *texts = PyList_New(0);
    for (size_t i = 0; texts && i < atom->kind_count; i++) {
        PyObject *text = row_text(maker, atom->kinds[i]);
        if (!text || PyList_Append(texts, text) < 0)
            Py_CLEAR(texts);
        Py_XDECREF(text);
    }
    return texts;
}

static PyObject *
relation_texts(const heapy_atom *atom)
{
    PyObject *texts = PyList_New(0);
    for (size_t i = 0; texts && i < atom->text_count; i++) {
        PyObject *text = text_from_utf8(atom->texts[i], SIZE_MAX);
        if (!text || PyList_Append(texts, text) < 0)
            Py_CLEAR(texts);
        Py_XDECREF(text);
    }
    return texts;
}

static PyObject *
row_text_of_atom(const text_maker *maker, const heapy_atom *atom, bool is_factor)
{
    if (atom->form == HEAPY_ATOM_SIZE && !is_factor)
        return PyUnicode_FromFormat("%9s", atom->name);
    if (atom->form == HEAPY_ATOM_SIZE)
        return PyUnicode_FromString(atom->name);
    if (atom->form == HEAPY_ATOM_REFERRERS) {
        PyObject *text = join_sorted(row_texts(maker, atom), is_factor ? "" : "<Nothing>");
        return is_factor ? formatted("{%U}", text) : text;
    }
    if (atom->form == HEAPY_ATOM_REFERENCES) {
        PyObject *text = join_sorted(relation_texts(atom), "");
        return is_factor ? formatted("{%U}", text) : text;
    }
    return NULL;
}

/* Of a class of and-ed relations: its factors joined. */
static PyObject *
row_text(const text_maker *maker, const heapy_kind *kind)
{
    const heapy_atom *only = heapy_kind_atom(kind);
    PyObject *text = only && only->comparison == HEAPY_EQ ? row_text_of_atom(maker, only, false) : NULL;
    if (text || PyErr_Occurred())
        return text;
    if (heapy_kind_term_count(kind) != 1 || heapy_kind_literal_count(kind, 0) < 2)
        return expression_text(maker, kind, NULL, NULL);
    PyObject *texts = PyList_New(0);
    for (size_t i = 0; texts && i < heapy_kind_literal_count(kind, 0); i++) {
        bool is_complement;
        const heapy_atom *atom = heapy_kind_literal(kind, 0, i, &is_complement);
        const heapy_kind *one = NULL;
        heapy_error err = HEAPY_ERROR_INIT;
        text = is_complement ? NULL : row_text_of_atom(maker, atom, true);
        if (!text && !PyErr_Occurred()) {
            if (heapy_kind_create(atom, &one, &err))
                raise_heapy_error(&err);
            else
                text = formatted(is_complement ? "~%U" : "%U", expression_text(maker, one, NULL, NULL));
            heapy_kind_release(one);
        }
        if (!text || PyList_Append(texts, text) < 0)
            Py_CLEAR(texts);
        Py_XDECREF(text);
    }
    return join_texts(texts, " & ");
}

/* ---- briefs of atoms ---- */

static PyObject *
brief_of_type(const text_maker *maker, const heapy_atom *atom)
{
    static const char *const formats[] = {"%U", "<strict subtype of %U>", "<subtype of %U>",
                                          "<supertype of %U>", "<strict supertype of %U>"};
    return formatted(formats[atom->comparison],
                     capture_type_text(&maker->state->capture, (PyTypeObject *)atom->host));
}

static PyObject *
brief_of_referrers(const text_maker *maker, const heapy_atom *atom)
{
    static const char *const formats[] = {"<referred by: %U>", "<referred by less than: %U>",
                                          "<referred by at most: %U>", "<referred by at least: %U>",
                                          "<referred by more than: %U>"};
    return formatted(formats[atom->comparison], join_sorted(row_texts(maker, atom), "<Nothing>"));
}

static PyObject *
brief_of_producer(const heapy_atom *atom)
{
    if (atom->form == HEAPY_ATOM_NO_PRODUCER)
        return PyUnicode_FromString("unknown");
    PyObject *file = atom->name ? text_from_utf8(atom->name, SIZE_MAX) : PyUnicode_FromString("None");
    PyObject *text = NULL;
    if (file)
        text = atom->number == HEAPY_NO_LINE ? Py_NewRef(file)
                                             : PyUnicode_FromFormat("%U:%lld", file, (long long)atom->number);
    Py_XDECREF(file);
    return text;
}

static PyObject *
brief_of_match(const text_maker *maker, const heapy_atom *atom)
{
    if (atom->number < 0 || (uint64_t)atom->number >= atom->kind_count)
        return PyUnicode_FromString("<None>");
    PyObject *brief = expression_text(maker, atom->kinds[atom->number], NULL, NULL);
    PyObject *text = brief ? PyUnicode_FromFormat("%U / %lld", brief, (long long)atom->number) : NULL;
    Py_XDECREF(brief);
    return text;
}

static PyObject *
brief_of_members(const text_maker *maker, const heapy_atom *atom)
{
    PyObject *set = IdentitySet_share(maker->session, (PyObject *)atom->host, NULL);
    PyObject *text = set ? IdentitySet_brief(set) : NULL;
    Py_XDECREF(set);
    return text;
}

static PyObject *
brief_of_atom(const text_maker *maker, const heapy_atom *atom)
{
    PyObject *text = NULL;
    switch (atom->form) {
    case HEAPY_ATOM_ANYTHING:
        return PyUnicode_FromString("<Anything>");
    case HEAPY_ATOM_TYPE:
        return brief_of_type(maker, atom);
    case HEAPY_ATOM_DICT_OF:
        return atom->kind_count ? formatted("dict of %U", expression_text(maker, atom->kinds[0], NULL, NULL))
                                : PyUnicode_FromString("dict (no owner)");
    case HEAPY_ATOM_SIZE:
        return PyUnicode_FromFormat("<size %s %s>", symbols[atom->comparison], atom->name);
    case HEAPY_ATOM_MODULE:
        return render_object(&maker->state->capture, (PyObject *)atom->host);
    case HEAPY_ATOM_ID:
        return PyUnicode_FromFormat("<id %p>", atom->host);
    case HEAPY_ATOM_REFERRERS:
        return brief_of_referrers(maker, atom);
    case HEAPY_ATOM_REFERENCES:
        text = formatted("<via %U>", join_sorted(relation_texts(atom), ""));
        break;
    case HEAPY_ATOM_PRODUCER:
    case HEAPY_ATOM_NO_PRODUCER:
        text = brief_of_producer(atom);
        break;
    case HEAPY_ATOM_FIRST_MATCH:
        return brief_of_match(maker, atom);
    case HEAPY_ATOM_MEMBERS:
        return brief_of_members(maker, atom);
    case HEAPY_ATOM_CLASSES:
        return PyObject_Str((PyObject *)atom->host);
    }
    if (text && atom->comparison != HEAPY_EQ)
        Py_SETREF(text, PyUnicode_FromFormat("[%s %U]", symbols[atom->comparison], text));
    return text;
}

/* ---- atoms as arguments ---- */

/* '<type MOD.NAME at 0x...>' in quotes. */
static PyObject *
argument_of_type(const text_maker *maker, const void *type)
{
    PyObject *name = capture_type_own_text(&maker->state->capture, (PyTypeObject *)type);
    PyObject *text = name ? PyUnicode_FromFormat("<type %U at %p>", name, type) : NULL;
    Py_XDECREF(name);
    return formatted("%R", text);
}

/* 'name', with the address where sys.modules has another module of that name. */
static PyObject *
argument_of_module(const text_maker *maker, PyObject *module)
{
    PyObject *name = render_object(&maker->state->capture, module);
    PyObject *modules = loaded_modules(); /* borrowed */
    PyObject *found = name && PyDict_CheckExact(modules) ? PyDict_GetItemWithError(modules, name) : NULL;
    PyObject *text = NULL;
    if (name && !PyErr_Occurred())
        text = found == module ? PyUnicode_FromFormat("%R", name)
                               : PyUnicode_FromFormat("%R, at=%p", name, (void *)module);
    Py_XDECREF(name);
    return text;
}

static PyObject *
argument_of_producer(const heapy_atom *atom)
{
    if (atom->form == HEAPY_ATOM_NO_PRODUCER)
        return PyUnicode_FromString("");
    PyObject *file = atom->name ? text_from_utf8(atom->name, SIZE_MAX) : Py_NewRef(Py_None), *text = NULL;
    if (file)
        text = atom->number == HEAPY_NO_LINE
                   ? PyUnicode_FromFormat("%R, None", file)
                   : PyUnicode_FromFormat("%R, %lld", file, (long long)atom->number);
    Py_XDECREF(file);
    return text;
}

static PyObject *sokind_text(const text_maker *maker, const heapy_atom *atom);

/* What is passed to `er` or `er.sokind` to name the class. */
static PyObject *
argument_of_atom(const text_maker *maker, const heapy_atom *atom)
{
    switch (atom->form) {
    case HEAPY_ATOM_TYPE:
        return argument_of_type(maker, atom->host);
    case HEAPY_ATOM_DICT_OF: {
        const heapy_atom *owner = atom->kind_count ? heapy_kind_atom(atom->kinds[0]) : NULL;
        if (!atom->kind_count)
            return PyUnicode_FromString("dictof=()");
        if (owner && owner->form == HEAPY_ATOM_TYPE)
            return formatted("dictof=%U", argument_of_type(maker, owner->host));
        return expression_text(maker, atom->kinds[0], NULL, NULL);
    }
    case HEAPY_ATOM_SIZE:
        return PyUnicode_FromString(atom->name);
    case HEAPY_ATOM_MODULE:
        return argument_of_module(maker, (PyObject *)atom->host);
    case HEAPY_ATOM_ID:
        return PyUnicode_FromFormat("%p", atom->host);
    case HEAPY_ATOM_REFERRERS:
        return sokind_text(maker, atom);
    case HEAPY_ATOM_REFERENCES:
        return join_sorted(relation_texts(atom), "");
    case HEAPY_ATOM_PRODUCER:
    case HEAPY_ATOM_NO_PRODUCER:
        return argument_of_producer(atom);
    case HEAPY_ATOM_FIRST_MATCH:
        return PyUnicode_FromFormat("%lld", (long long)atom->number);
    case HEAPY_ATOM_ANYTHING:
        return PyUnicode_FromString("None");
    case HEAPY_ATOM_MEMBERS:
    case HEAPY_ATOM_CLASSES:
        break;
    }
    return brief_of_atom(maker, atom);
}

/* {prefix}Clodo.sokind(a)(b), or {prefix}sonokind. */
static PyObject *
sokind_text(const text_maker *maker, const heapy_atom *atom)
{
    if (!atom->kind_count)
        return PyUnicode_FromFormat("%Usonokind", maker->prefix);
    PyObject *text = EquivalenceRelation_text((PyObject *)atom->host, maker->prefix);
    bool by_owner = relation_of((PyObject *)atom->host) == RELATION_DICTOF;
    for (size_t i = 0; text && i < atom->kind_count; i++) {
        const heapy_atom *kind = heapy_kind_atom(atom->kinds[i]);
        PyObject *argument;
        if (by_owner && kind && kind->form == HEAPY_ATOM_DICT_OF)
            argument = kind->kind_count ? expression_text(maker, kind->kinds[0], NULL, NULL)
                                        : PyUnicode_FromFormat("%UNothing", maker->prefix);
        else if (by_owner && !kind)
            argument = PyUnicode_FromString("None");
        else if (kind && kind->comparison == HEAPY_EQ)
            argument = argument_of_atom(maker, kind);
        else /* the modules' other class is made without argument */
            argument = relation_of((PyObject *)atom->host) == RELATION_MODULE
                           ? PyUnicode_FromString("")
                           : expression_text(maker, atom->kinds[i], NULL, NULL);
        Py_SETREF(text,
                  argument ? PyUnicode_FromFormat(i ? "%U(%U)" : "%U.sokind(%U)", text, argument) : NULL);
        Py_XDECREF(argument);
    }
    return text;
}

/* ---- reprs of atoms ---- */

/* {prefix}Type.X or {prefix}Type('<type MOD.NAME at 0x...>') */
static PyObject *
repr_of_type(const text_maker *maker, const heapy_atom *atom)
{
    size_t length;
    const char *known =
        capture_types_module_name(&maker->state->capture, (PyTypeObject *)atom->host, &length);
    PyObject *text = known ? text_from_utf8(known, length) : argument_of_type(maker, atom->host);
    PyObject *result =
        text ? PyUnicode_FromFormat(known ? "%UType.%U" : "%UType(%U)", maker->prefix, text) : NULL;
    Py_XDECREF(text);
    return result;
}

/* The owners' repr with .dictof, in parentheses where they are a complement. */
static PyObject *
repr_of_dicts(const text_maker *maker, const heapy_atom *atom)
{
    if (!atom->kind_count)
        return PyUnicode_FromFormat("%UNothing.dictof", maker->prefix);
    PyObject *owners = expression_text(maker, atom->kinds[0], NULL, NULL);
    bool is_complement = owners && PyUnicode_GET_LENGTH(owners) && PyUnicode_READ_CHAR(owners, 0) == '~';
    return formatted(is_complement ? "(%U).dictof" : "%U.dictof", owners);
}

static PyObject *
called(const text_maker *maker, const char *name, const heapy_atom *atom)
{
    PyObject *argument = argument_of_atom(maker, atom);
    PyObject *text = argument ? PyUnicode_FromFormat("%U%s(%U)", maker->prefix, name, argument) : NULL;
    Py_XDECREF(argument);
    return text;
}

static PyObject *
repr_of_match(const text_maker *maker, const heapy_atom *atom)
{
    PyObject *er = EquivalenceRelation_text((PyObject *)atom->host, maker->prefix);
    PyObject *text = er ? PyUnicode_FromFormat("%U(%lld)", er, (long long)atom->number) : NULL;
    Py_XDECREF(er);
    return text;
}

/* {prefix}Clodo.sokind(a)(b).refdby; by relations that make no kinds, which sokind would call:
   {er}.refdby(kind, kind). */
static PyObject *
repr_of_referrers(const text_maker *maker, const heapy_atom *atom)
{
    if (relation_of((PyObject *)atom->host) != RELATION_AND || !atom->kind_count)
        return formatted("%U.refdby", sokind_text(maker, atom));
    PyObject *kinds = PyList_New(0);
    for (size_t i = 0; kinds && i < atom->kind_count; i++) {
        PyObject *kind = expression_text(maker, atom->kinds[i], NULL, NULL);
        if (!kind || PyList_Append(kinds, kind) < 0)
            Py_CLEAR(kinds);
        Py_XDECREF(kind);
    }
    PyObject *arguments = join_sorted(kinds, ""), *er = NULL, *text = NULL;
    if (arguments)
        er = EquivalenceRelation_text((PyObject *)atom->host, maker->prefix);
    if (er)
        text = PyUnicode_FromFormat("%U.refdby(%U)", er, arguments);
    Py_XDECREF(arguments);
    Py_XDECREF(er);
    return text;
}

static PyObject *
repr_of_plain_atom(const text_maker *maker, const heapy_atom *atom)
{
    switch (atom->form) {
    case HEAPY_ATOM_ANYTHING:
        return PyUnicode_FromFormat("%UAnything", maker->prefix);
    case HEAPY_ATOM_TYPE:
        return repr_of_type(maker, atom);
    case HEAPY_ATOM_DICT_OF:
        return repr_of_dicts(maker, atom);
    case HEAPY_ATOM_SIZE:
        return called(maker, "Size", atom);
    case HEAPY_ATOM_MODULE:
        return called(maker, "Module", atom);
    case HEAPY_ATOM_ID:
        return called(maker, "Id", atom);
    case HEAPY_ATOM_REFERENCES:
        return called(maker, "Via", atom);
    case HEAPY_ATOM_PRODUCER:
    case HEAPY_ATOM_NO_PRODUCER:
        return called(maker, "Prod", atom);
    case HEAPY_ATOM_REFERRERS:
        return repr_of_referrers(maker, atom);
    case HEAPY_ATOM_FIRST_MATCH:
        return repr_of_match(maker, atom);
    case HEAPY_ATOM_CLASSES:
        return EquivalenceRelation_text((PyObject *)atom->host, maker->prefix);
    case HEAPY_ATOM_MEMBERS:
        break;
    }
    return brief_of_members(maker, atom);
}

static PyObject *
repr_of_atom(const text_maker *maker, const heapy_atom *atom)
{
    PyObject *text = repr_of_plain_atom(maker, atom);
    if (text && atom->comparison != HEAPY_EQ)
        Py_SETREF(text, PyUnicode_FromFormat("%U.alt('%s')", text, symbols[atom->comparison]));
    return text;
}

/* ---- expressions ---- */

/* A copy of a str's UTF-8 in heapy's memory. */
static char *
copy_utf8(PyObject *text)
{
    PyObject *bytes = text ? PyUnicode_AsEncodedString(text, "utf-8", "replace") : NULL;
    size_t length = bytes ? (size_t)PyBytes_GET_SIZE(bytes) + 1 : 0;
    char *copy = bytes ? heapy_alloc_array(length, 1) : NULL;
    if (copy)
        memcpy(copy, PyBytes_AS_STRING(bytes), length);
    else if (bytes)
        PyErr_NoMemory();
    Py_XDECREF(bytes);
    return copy;
}

static heapy_status
atom_text(const heapy_atom *atom, void *context, char **text, heapy_error *err)
{
    const text_maker *maker = context;
    PyObject *made = maker->prefix ? repr_of_atom(maker, atom) : brief_of_atom(maker, atom);
    *text = copy_utf8(made);
    Py_XDECREF(made);
    if (*text)
        return HEAPY_OK;
    *err = (heapy_error){.status = HEAPY_CANCELLED};
    return HEAPY_CANCELLED;
}

static PyObject *
expression_text(const text_maker *maker, const heapy_kind *kind, const char *more, const char *const *less)
{
    if (Py_EnterRecursiveCall(" while writing a kind"))
        return NULL;
    PyObject *nothing =
        maker->prefix ? PyUnicode_FromFormat("%UNothing", maker->prefix) : PyUnicode_FromString("<Nothing>");
    char *nothing_text = copy_utf8(nothing), *text = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    PyObject *result = NULL;
    const heapy_kind_writer writer = {.atom_text = atom_text,
                                      .context = (void *)maker,
                                      .more = more,
                                      .less = less,
                                      .is_expression = maker->prefix,
                                      .nothing = nothing_text};
    if (nothing_text && heapy_kind_text(kind, &writer, &text, &err))
        raise_heapy_error(&err);
    else if (nothing_text)
        result = text_taken_over(text, SIZE_MAX);
    heapy_free(nothing_text);
    Py_XDECREF(nothing);
    Py_LeaveRecursiveCall();
    return result;
}

/* ---- kinds ---- */

static char *
brief_of_objects(PyObject *session, PyObject *objects)
{
    PyObject *set = IdentitySet_share(session, objects, NULL), *text = set ? IdentitySet_brief(set) : NULL;
    char *copy = copy_utf8(text);
    Py_XDECREF(set);
    Py_XDECREF(text);
    return copy;
}

/* What is taken out of the `term`-th term: its brief, or NULL where that is nothing. */
static char *
brief_of_removed(const Kind *self, size_t term)
{
    const heapy_kind *one;
    heapy_error err = HEAPY_ERROR_INIT;
    const heapy_address_map *removed = LiveObjects_map(self->removed);
    if (!removed)
        return NULL;
    if (heapy_kind_term(self->kind, term, &one, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    heapy_address_map *selected = select_objects(self->session, one, removed);
    heapy_kind_release(one);
    if (!selected)
        return NULL;
    if (!heapy_address_map_count(selected)) {
        heapy_address_map_destroy(selected);
        return NULL;
    }
    capture_hold(selected);
    PyObject *set = IdentitySet_wrap(self->session, selected, NULL);
    PyObject *text = set ? IdentitySet_brief(set) : NULL;
    char *copy = copy_utf8(text);
    Py_XDECREF(set);
    Py_XDECREF(text);
    return copy;
}

static PyObject *
kind_text(const Kind *self, const text_maker *maker)
{
    size_t terms = heapy_kind_term_count(self->kind);
    char *more = self->added ? brief_of_objects(self->session, self->added) : NULL;
    char **less = self->removed && !PyErr_Occurred() ? heapy_alloc_zeroed(terms, sizeof *less) : NULL;
    if (self->removed && !less && !PyErr_Occurred())
        PyErr_NoMemory();
    for (size_t t = 0; less && t < terms && !PyErr_Occurred(); t++)
        less[t] = brief_of_removed(self, t);
    PyObject *text =
        PyErr_Occurred() ? NULL : expression_text(maker, self->kind, more, (const char *const *)less);
    for (size_t t = 0; less && t < terms; t++)
        heapy_free(less[t]);
    heapy_free(less);
    heapy_free(more);
    return text;
}

static PyObject *
make_text(PyObject *object, PyObject *prefix)
{
    Kind *self = (Kind *)object;
    if (!self->session || !Session_is_usable(self->session))
        return PyErr_Occurred() ? NULL : new_reference_or_error(NULL);
    const text_maker maker = {self->session, state_of_type(Py_TYPE(object)), prefix};
    return kind_text(self, &maker);
}

PyObject *
Kind_brief(PyObject *object)
{
    return make_text(object, NULL);
}

PyObject *
Kind_repr(PyObject *object)
{
    PyObject *session = ((Kind *)object)->session;
    if (!session)
        return new_reference_or_error(NULL);
    PyObject *prefix = Session_prefix(session), *text = prefix ? make_text(object, prefix) : NULL;
    Py_XDECREF(prefix);
    return text;
}

PyObject *
set_brief(PyObject *set)
{
    module_state *state = state_of_type(Py_TYPE(set));
    if (IdentitySet_check(state, set))
        return IdentitySet_brief(set);
    return Kind_check(state, set) ? Kind_brief(set) : PyObject_Str(set);
}

PyObject *
set_text(PyObject *set, PyObject *prefix)
{
    module_state *state = state_of_type(Py_TYPE(set));
    if (EquivalenceRelation_check(state, set))
        return EquivalenceRelation_text(set, prefix);
    if (Kind_check(state, set))
        return make_text(set, prefix);
    return IdentitySet_is_empty(set) ? PyUnicode_FromFormat("%UNothing", prefix) : IdentitySet_brief(set);
}

PyObject *
SetOfKinds_text(PyObject *er, PyObject *kinds)
{
    PyObject *session = ((EquivalenceRelation *)er)->session;
    PyObject *kind = referrers_kind(er, kinds), *prefix = kind ? Session_prefix(session) : NULL, *text = NULL;
    if (prefix) {
        const text_maker maker = {session, state_of_type(Py_TYPE(kind)), prefix};
        text = sokind_text(&maker, heapy_kind_atom(((Kind *)kind)->kind));
    }
    Py_XDECREF(kind);
    Py_XDECREF(prefix);
    return text;
}
