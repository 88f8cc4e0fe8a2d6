/* SPDX-License-Identifier: MIT */
/* Texts of kinds and relations are the engine's (heapy/kind_text.h); of identity sets in them, and of
   modules, it asks here. */
#include "types/kind_render.h"

#include "cpython/module_support.h"
#include "live/errors.h"
#include "live/text.h"
#include "types/equivalence_relation.h"
#include "types/identity_set.h"
#include "types/identity_set_texts.h"
#include "types/kind_of_class.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/source_select.h"
#include "types/type_kind.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"

#include <heapy/address_map.h>
#include <heapy/kind.h>
#include <heapy/kind_text.h>
#include <heapy/memory.h>
#include <heapy/pattern_text.h>
#include <heapy/status.h>
#include <string.h>

/* ---- what the engine asks ---- */

/* A copy of a str's UTF-8 (taken over; NULL with an exception) in heapy's memory. */
static char *
utf8_taken_over(PyObject *text)
{
    if (!text)
        return NULL;
    char *copy = encoded_text(text, "replace");
    Py_DECREF(text);
    return copy;
}

static heapy_status
members_text(void *context, const heapy_atom *atom, char **text, heapy_error *err)
{
    if (Py_EnterRecursiveCall(" while writing a kind")) {
        *err = (heapy_error){.status = HEAPY_CANCELLED};
        return HEAPY_CANCELLED;
    }
    PyObject *set = set_of_members(context, atom);
    *text = utf8_taken_over(set ? IdentitySet_brief(set) : NULL);
    Py_XDECREF(set);
    Py_LeaveRecursiveCall();
    if (*text)
        return HEAPY_OK;
    *err = (heapy_error){.status = HEAPY_CANCELLED};
    return HEAPY_CANCELLED;
}

/* Is it the module of that name in sys.modules? */
static bool
finds_module(void *context, const char *name, uint64_t identity)
{
    (void)context;
    PyObject *modules = loaded_modules(), *key = text_from_utf8(name, SIZE_MAX); /* the first borrowed */
    PyObject *found = NULL;
    if (key && PyDict_CheckExact(modules))
        found = PyDict_GetItemWithError(modules, key);
    bool is_found = found && (uintptr_t)found == identity;
    Py_XDECREF(key);
    return is_found;
}

/* The writer of a session's texts.  prefix: UTF-8; NULL: none. */
static heapy_kind_writer
writer_of(PyObject *session, const char *prefix, bool is_brief)
{
    return (heapy_kind_writer){.prefix = prefix,
                               .is_brief = is_brief,
                               .members_text = members_text,
                               .finds_module = finds_module,
                               .context = session};
}

heapy_kind_writer
brief_writer(PyObject *session)
{
    return writer_of(session, NULL, true);
}

/* The prefix of a session's expressions, none where it was cleared; NULL with an exception. */
static char *
prefix_of(PyObject *session)
{
    return utf8_taken_over(session ? Session_prefix(session) : PyUnicode_FromString(""));
}

/* The text that a function of the engine made, unless something failed meanwhile. */
static PyObject *
finished(heapy_status status, const heapy_error *err, char **text)
{
    if (status && !PyErr_Occurred())
        raise_heapy_error(err);
    if (!PyErr_Occurred())
        return text_taken_over(*text, SIZE_MAX);
    if (!status)
        heapy_text_free(*text);
    return NULL;
}

/* ---- kinds ---- */

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
    PyObject *set = IdentitySet_keep(self->session, selected, NULL);
    char *text = utf8_taken_over(set ? IdentitySet_brief(set) : NULL);
    Py_XDECREF(set);
    return text;
}

/* The objects that are in it though not in its expression: their brief, or NULL. */
static char *
brief_of_added(const Kind *self)
{
    if (!self->added)
        return NULL;
    PyObject *set = IdentitySet_share(self->session, self->added, NULL);
    if (!set)
        return NULL;
    char *text = utf8_taken_over(IdentitySet_brief(set));
    Py_DECREF(set);
    return text;
}

static PyObject *
kind_text(const Kind *self, const char *prefix, bool is_brief)
{
    size_t terms = 0;
    if (self->removed)
        terms = heapy_kind_term_count(self->kind);
    heapy_kind_writer writer = writer_of(self->session, prefix, is_brief);
    heapy_error err = HEAPY_ERROR_INIT;
    PyObject *result = NULL;
    char *text = NULL, *more = brief_of_added(self), **less = NULL;
    if (!PyErr_Occurred() && terms && !(less = heapy_alloc_zeroed(terms, sizeof *less)))
        PyErr_NoMemory();
    for (size_t t = 0; t < terms && !PyErr_Occurred(); t++)
        less[t] = brief_of_removed(self, t);
    writer.more = more;
    writer.less = (const char *const *)less;
    if (!PyErr_Occurred())
        result = finished(heapy_kind_text(self->kind, &writer, &text, &err), &err, &text);
    for (size_t t = 0; less && t < terms; t++)
        heapy_free(less[t]);
    heapy_free(less);
    heapy_free(more);
    return result;
}

static void
note_classes(const heapy_atom *atom, void *has_classes)
{
    *(bool *)has_classes |= atom->form == HEAPY_ATOM_CLASSES;
}

static PyObject *
make_text(PyObject *object, bool is_brief)
{
    Kind *self = (Kind *)object;
    bool needs_prefix = !is_brief; /* a brief names what the session has only where it names relations */
    if (!Session_is_usable(self->session))
        return NULL;
    if (is_brief)
        heapy_kind_visit(self->kind, note_classes, &needs_prefix);
    if (!needs_prefix)
        return kind_text(self, NULL, is_brief);
    char *prefix = prefix_of(self->session);
    if (!prefix)
        return NULL;
    PyObject *text = kind_text(self, prefix, is_brief);
    heapy_free(prefix);
    return text;
}

PyObject *
Kind_brief(PyObject *object)
{
    return make_text(object, true);
}

PyObject *
Kind_repr(PyObject *object)
{
    return make_text(object, false);
}

PyObject *
set_brief(PyObject *set)
{
    module_state *state = state_of_type(Py_TYPE(set));
    if (IdentitySet_check(state, set))
        return IdentitySet_brief(set);
    if (Kind_check(state, set))
        return Kind_brief(set);
    return PyObject_Str(set);
}

/* ---- relations ---- */

static PyObject *
write_relation(PyObject *er, bool is_brief,
               heapy_status (*write)(const heapy_classifier *by, const heapy_kind_writer *writer, char **text,
                                     heapy_error *err))
{
    PyObject *session = ((EquivalenceRelation *)er)->session, *result = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    char *text = NULL, *prefix = prefix_of(session);
    if (!prefix)
        return NULL;
    const heapy_classifier *by = EquivalenceRelation_by(er);
    const heapy_kind_writer writer = writer_of(session, prefix, is_brief);
    if (by)
        result = finished(write(by, &writer, &text, &err), &err, &text);
    heapy_free(prefix);
    return result;
}

PyObject *
relation_text(PyObject *er, bool is_brief)
{
    return write_relation(er, is_brief, heapy_classifier_text);
}

PyObject *
relation_pattern_label(PyObject *er, PyObject *Py_UNUSED(ignored))
{
    return write_relation(er, false, heapy_pattern_label);
}

PyObject *
SetOfKinds_text(PyObject *er, PyObject *kinds)
{
    PyObject *session = ((EquivalenceRelation *)er)->session, *result = NULL;
    PyObject *kind = referrers_kind(er, kinds);
    heapy_error err = HEAPY_ERROR_INIT;
    if (!kind)
        return NULL;
    char *text = NULL, *prefix = prefix_of(session);
    const heapy_kind_writer writer = writer_of(session, prefix, false);
    if (prefix)
        result = finished(heapy_kind_set_text(heapy_kind_atom(((Kind *)kind)->kind), &writer, &text, &err),
                          &err, &text);
    heapy_free(prefix);
    Py_DECREF(kind);
    return result;
}
