/* SPDX-License-Identifier: MIT */
/*
 * Equivalence relations: hp.Type, hp.Clodo and the others, and those made of them (K-60 to K-68, K-91, K-100,
 * K-110).  relation_kinds.c has the kinds they make.
 */
#include "types/type_equivalence_relation.h"

#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "live/errors.h"
#include "types/call_python.h"
#include "types/identity_set.h"
#include "types/kind_definition.h"
#include "types/kind_render.h"
#include "types/module_state.h"
#include "types/node_set_members.h"
#include "types/own_object.h"
#include "types/relation_kinds.h"
#include "types/type_family.h"
#include "types/type_kind.h"
#include "types/type_session.h"
#include "types/type_set_of_kinds.h"
#include "types/uniset_operands.h"

#include <heapy/classifier.h>
#include <heapy/kind.h>
#include <heapy/memory.h>

/* The relations of RELATION_MAP: attributes of the session. */
static const struct {
    const char *name;
    heapy_classifier_form form;
} named[RELATION_COUNT] = {
#define RELATION_NAME(name, code) {#name, HEAPY_BY_##code},
    RELATION_MAP(RELATION_NAME)
#undef RELATION_NAME
};

static bool
is_relation(PyObject *object)
{
    module_state *state = state_if_ours(Py_TYPE(object));
    return state && EquivalenceRelation_check(state, object);
}

PyObject *
EquivalenceRelation_create(PyObject *session, heapy_classifier_form form, PyObject *parts)
{
    module_state *state = state_of_type(Py_TYPE(session));
    unsigned depth = 1;
    for (Py_ssize_t i = 0; parts && i < PyTuple_GET_SIZE(parts); i++) {
        PyObject *part = PyTuple_GET_ITEM(parts, i);
        unsigned of_part = 1;
        if (is_relation(part))
            of_part = ((EquivalenceRelation *)part)->depth;
        if (depth < of_part + 1)
            depth = of_part + 1;
    }
    if (depth > HEAPY_CLASSIFIER_MAX_DEPTH)
        return PyErr_Format(PyExc_OverflowError,
                            "a relation made of relations that are made of relations, more than %d deep",
                            HEAPY_CLASSIFIER_MAX_DEPTH);
    for (Py_ssize_t i = 0; parts && i < PyTuple_GET_SIZE(parts); i++)
        if (uniset_check_beside(session, PyTuple_GET_ITEM(parts, i)) < 0)
            return NULL;
    EquivalenceRelation *self = own_object_new(state->equivalence_relation_type, tag_of(session));
    if (self) {
        self->session = Py_NewRef(session);
        self->form = form;
        self->depth = depth;
        self->parts = Py_XNewRef(parts);
    }
    return (PyObject *)self;
}

static PyObject *
parts_of(PyObject *er)
{
    return ((EquivalenceRelation *)er)->parts;
}

static Py_ssize_t
part_count(PyObject *er)
{
    if (!parts_of(er))
        return 0;
    return PyTuple_GET_SIZE(parts_of(er));
}

/* ---- what classifies ---- */

/* The parts as classifiers, borrowed from them; NULL with an exception. */
static const heapy_classifier **
classifiers_of_parts(PyObject *er)
{
    const heapy_classifier **parts = heapy_alloc_array((size_t)part_count(er), sizeof *parts);
    if (!parts)
        PyErr_NoMemory();
    for (Py_ssize_t i = 0; parts && i < part_count(er); i++) {
        parts[i] = EquivalenceRelation_by(PyTuple_GET_ITEM(parts_of(er), i));
        if (!parts[i]) {
            heapy_free(parts);
            return NULL;
        }
    }
    return parts;
}

/* The brief of a set as UTF-8, which a list keeps; NULL with an exception. */
static const char *
append_brief(PyObject *kept, PyObject *set)
{
    PyObject *brief = set_brief(set);
    if (!brief)
        return NULL;
    PyObject *bytes = PyUnicode_AsEncodedString(brief, "utf-8", "replace");
    Py_DECREF(brief);
    if (!bytes)
        return NULL;
    int failed = PyList_Append(kept, bytes);
    Py_DECREF(bytes); /* the list has it */
    if (failed)
        return NULL;
    return PyBytes_AS_STRING(bytes);
}

/* The parts are sets: what rows are called is their briefs. */
static const heapy_classifier *
classifier_of_sets(PyObject *er)
{
    size_t count = (size_t)part_count(er);
    const heapy_classifier *by = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    const heapy_kind **kinds = expressions_of(parts_of(er));
    if (!kinds)
        return NULL;
    PyObject *kept = PyList_New(0);
    const char **names = heapy_alloc_array(count, sizeof *names);
    if (!kept)
        goto done;
    if (!names) {
        PyErr_NoMemory();
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        names[i] = append_brief(kept, PyTuple_GET_ITEM(parts_of(er), (Py_ssize_t)i));
        if (!names[i])
            goto done;
    }
    if (heapy_classifier_of_kinds(kinds, names, count, &by, &err))
        raise_heapy_error(&err);
done:
    release_expressions(kinds, count);
    heapy_free(names);
    Py_XDECREF(kept);
    return by;
}

const heapy_classifier *
EquivalenceRelation_by(PyObject *er)
{
    EquivalenceRelation *self = (EquivalenceRelation *)er;
    const heapy_classifier *by = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    if (self->by)
        return self->by;
    if (self->form == HEAPY_BY_FIRST_MATCH) {
        by = classifier_of_sets(er);
    } else {
        const heapy_classifier **parts = classifiers_of_parts(er);
        if (parts && heapy_classifier_create(self->form, parts, (size_t)part_count(er), &by, &err))
            raise_heapy_error(&err);
        heapy_free(parts);
    }
    if (by && self->by) /* made meanwhile, by code that a brief ran */
        heapy_classifier_release(by);
    else
        self->by = by;
    return self->by;
}

/* The relation whose parts are those of a classifier. */
static PyObject *
relation_of_parts(PyObject *session, const heapy_classifier *by)
{
    size_t relations = heapy_classifier_part_count(by), kinds = heapy_classifier_kind_count(by);
    PyObject *parts = PyTuple_New((Py_ssize_t)(relations + kinds)), *er = NULL, *part;
    for (size_t i = 0; parts && i < relations + kinds; i++) {
        if (i < relations)
            part = EquivalenceRelation_of(session, heapy_classifier_part(by, i));
        else
            part = set_of_expression(session, heapy_classifier_kind(by, i - relations));
        if (!part)
            Py_CLEAR(parts);
        else
            PyTuple_SET_ITEM(parts, (Py_ssize_t)i, part);
    }
    if (parts)
        er = EquivalenceRelation_create(session, heapy_classifier_form_of(by), parts);
    if (er)
        ((EquivalenceRelation *)er)->by = heapy_classifier_retain(by);
    Py_XDECREF(parts);
    return er;
}

PyObject *
EquivalenceRelation_of(PyObject *session, const heapy_classifier *by)
{
    heapy_classifier_form form = heapy_classifier_form_of(by);
    if (form == HEAPY_BY_ALL || form == HEAPY_BY_FIRST_MATCH)
        return relation_of_parts(session, by);
    if (form != HEAPY_BY_REFERRERS && form != HEAPY_BY_OWNER)
        return Session_relation(session, form);
    PyObject *part = EquivalenceRelation_of(session, heapy_classifier_part(by, 0)), *er;
    if (!part)
        return NULL;
    if (form == HEAPY_BY_REFERRERS)
        er = EquivalenceRelation_refdby(part);
    else
        er = EquivalenceRelation_dictof(part);
    Py_DECREF(part);
    return er;
}

/* ---- comparing ---- */

/* Do both belong to one session?  Then what they are made of decides; what cannot be compared is not equal.
 */
static bool
can_compare(PyObject *a, PyObject *b)
{
    bool can = ((EquivalenceRelation *)a)->session == ((EquivalenceRelation *)b)->session &&
               EquivalenceRelation_by(a) && EquivalenceRelation_by(b);
    PyErr_Clear();
    return can;
}

bool
EquivalenceRelation_equal(PyObject *a, PyObject *b)
{
    return a == b || (form_of(a) == form_of(b) && can_compare(a, b) &&
                      heapy_classifier_is_equal(EquivalenceRelation_by(a), EquivalenceRelation_by(b)));
}

bool
EquivalenceRelation_is_finer(PyObject *a, PyObject *b)
{
    return a == b || form_of(b) == HEAPY_BY_UNITY ||
           (can_compare(a, b) &&
            heapy_classifier_is_finer(EquivalenceRelation_by(a), EquivalenceRelation_by(b)));
}

Py_hash_t
EquivalenceRelation_hash(PyObject *er)
{
    const heapy_classifier *by = EquivalenceRelation_by(er);
    if (!by)
        return -1;
    Py_hash_t hash = (Py_hash_t)heapy_classifier_hash(by);
    return hash == -1 ? -2 : hash;
}

/* ---- making ---- */

/* Append `er` to the list unless one of it is as fine, in place of those it is finer than. */
static int
append_minimal(PyObject *list, PyObject *er)
{
    if (form_of(er) == HEAPY_BY_ALL) {
        for (Py_ssize_t i = 0; i < part_count(er); i++)
            if (append_minimal(list, PyTuple_GET_ITEM(parts_of(er), i)) < 0)
                return -1;
        return 0;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list);) {
        if (EquivalenceRelation_is_finer(PyList_GET_ITEM(list, i), er))
            return 0;
        if (!EquivalenceRelation_is_finer(er, PyList_GET_ITEM(list, i)))
            i++;
        else if (PySequence_DelItem(list, i) < 0)
            return -1;
    }
    return PyList_Append(list, er);
}

PyObject *
EquivalenceRelation_and(PyObject *session, PyObject *relations)
{
    PyObject *list = PyList_New(0), *parts = NULL, *result = NULL;
    if (!list)
        return NULL;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(relations); i++)
        if (append_minimal(list, PyTuple_GET_ITEM(relations, i)) < 0)
            goto done;
    if (PyList_GET_SIZE(list) == 1) {
        result = Py_NewRef(PyList_GET_ITEM(list, 0));
        goto done;
    }
    parts = PyList_AsTuple(list);
    if (parts)
        result = EquivalenceRelation_create(session, HEAPY_BY_ALL, parts);
done:
    Py_DECREF(list);
    Py_XDECREF(parts);
    return result;
}

/* A relation made of this one, the same while it is used. */
static PyObject *
derived(PyObject *er, PyObject **slot, heapy_classifier_form form)
{
    PyObject *session = ((EquivalenceRelation *)er)->session;
    if (!session)
        return new_reference_or_error(NULL);
    PyObject *known = remembered(slot);
    if (known)
        return known;
    PyObject *parts = PyTuple_Pack(1, er);
    if (!parts)
        return NULL;
    PyObject *made = EquivalenceRelation_create(session, form, parts);
    Py_DECREF(parts);
    if (!made)
        return NULL;
    return remember(slot, &((EquivalenceRelation *)made)->remembered, made);
}

PyObject *
EquivalenceRelation_refdby(PyObject *er)
{
    return derived(er, &((EquivalenceRelation *)er)->refdby, HEAPY_BY_REFERRERS);
}

PyObject *
EquivalenceRelation_dictof(PyObject *er)
{
    return derived(er, &((EquivalenceRelation *)er)->dictof, HEAPY_BY_OWNER);
}

PyObject *
EquivalenceRelation_classifier(PyObject *er)
{
    PyObject *known = remembered(&((EquivalenceRelation *)er)->classifier);
    if (known)
        return known;
    return Classifier_create(er);
}

PyObject *
EquivalenceRelation_family(PyObject *er)
{
    EquivalenceRelation *self = (EquivalenceRelation *)er;
    module_state *state = state_of_type(Py_TYPE(er));
    PyTypeObject *const types[] = {
        [HEAPY_BY_TYPE] = state->TypeFamily_type,           [HEAPY_BY_CLODO] = state->TypeFamily_type,
        [HEAPY_BY_SIZE] = state->IndiSizeFamily_type,       [HEAPY_BY_MODULE] = state->ModuleFamily_type,
        [HEAPY_BY_ID] = state->IdentityFamily_type,         [HEAPY_BY_IDSET] = state->IdentitySetFamily_type,
        [HEAPY_BY_UNITY] = state->PyObjectFamily_type,      [HEAPY_BY_REFERENCES] = state->InRelFamily_type,
        [HEAPY_BY_PRODUCER] = state->ProdFamily_type,       [HEAPY_BY_ALL] = state->AndFamily_type,
        [HEAPY_BY_REFERRERS] = state->RetClaSetFamily_type, [HEAPY_BY_OWNER] = state->OwnedDictFamily_type,
        [HEAPY_BY_FIRST_MATCH] = state->FindexFamily_type,  [HEAPY_BY_FACT] = state->family_type,
    };
    if (!self->session)
        return new_reference_or_error(NULL);
    PyObject *known = remembered(&self->family);
    if (known)
        return known;
    PyObject *classifier = EquivalenceRelation_classifier(er);
    if (!classifier)
        return NULL;
    PyObject *family = Family_create(self->session, types[self->form], classifier, &self->family);
    Py_DECREF(classifier);
    return family;
}

PyObject *
EquivalenceRelation_in(PyObject *session, PyObject *er)
{
    if (((EquivalenceRelation *)er)->session == session)
        return Py_NewRef(er);
    /* A relation that names no sets is the same everywhere. */
    if (parts_of(er) && uniset_check_beside(session, er) < 0)
        return NULL;
    const heapy_classifier *by = EquivalenceRelation_by(er);
    if (!by)
        return NULL;
    return EquivalenceRelation_of(session, by);
}

/* ---- by name ---- */

/* The relation of one name; new reference. */
static PyObject *
relation_of_name(PyObject *session, PyObject *name, PyObject *by)
{
    for (int i = 0; i < RELATION_COUNT; i++)
        if (!PyUnicode_CompareWithASCIIString(name, named[i].name))
            return Session_relation(session, named[i].form);
    if (!PyUnicode_CompareWithASCIIString(name, "Rcs")) {
        PyObject *clodo = Session_relation(session, HEAPY_BY_CLODO);
        if (!clodo)
            return NULL;
        PyObject *rcs = EquivalenceRelation_refdby(clodo);
        Py_DECREF(clodo);
        return rcs;
    }
    return PyErr_Format(PyExc_ValueError,
                        "by(): No such equivalence relation defined in heapy.Use: %R in %R; there are Type, "
                        "Clodo, Rcs, Via, Size, Module, Id, Idset, Prod and Unity, joined by &",
                        name, by);
}

PyObject *
relation_from_object(PyObject *session, PyObject *by)
{
    if (is_relation(by))
        return Py_NewRef(by);
    if (!PyUnicode_Check(by))
        return PyErr_Format(PyExc_TypeError, "by(): Equivalence relation or string expected, not %.200s.",
                            Py_TYPE(by)->tp_name);
    if (!PyUnicode_GET_LENGTH(by))
        return Session_relation(session, HEAPY_BY_UNITY);
    PyObject *separator = PyUnicode_FromString("&");
    if (!separator)
        return NULL;
    PyObject *relations = NULL, *result = NULL, *parts = PyUnicode_Split(by, separator, -1);
    if (!parts)
        goto done;
    relations = PyTuple_New(PyList_GET_SIZE(parts));
    if (!relations)
        goto done;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(parts); i++) {
        PyObject *er = relation_of_name(session, PyList_GET_ITEM(parts, i), by);
        if (!er)
            goto done;
        PyTuple_SET_ITEM(relations, i, er);
    }
    result = EquivalenceRelation_and(session, relations);
done:
    Py_DECREF(separator);
    Py_XDECREF(parts);
    Py_XDECREF(relations);
    return result;
}

/* ---- text ---- */

PyObject *
EquivalenceRelation_repr(PyObject *er)
{
    return relation_text(er, false);
}

static PyObject *
relation_str(PyObject *er)
{
    return relation_text(er, true);
}

/* ---- membership ---- */

/* Is one of a tuple's kinds a class of the relation?  It may leave an exception. */
static bool
has_class_of(PyObject *literals, PyTypeObject *kind_type, PyObject *er)
{
    bool is_found = false;
    for (Py_ssize_t i = 0; !is_found && i < PyTuple_GET_SIZE(literals); i++) {
        PyObject *literal = PyTuple_GET_ITEM(literals, i), *of = NULL;
        if (Py_TYPE(literal) == kind_type)
            of = Kind_relation(literal);
        if (of)
            is_found = EquivalenceRelation_equal(of, er);
        Py_XDECREF(of);
    }
    return is_found;
}

/* Is the kind an intersection of one class of each part? */
static int
is_class_of_parts(PyObject *er, PyObject *kind)
{
    PyObject *literals = PyObject_GetAttrString(kind, "arg");
    if (!literals)
        return -1;
    const heapy_kind *expression = ((Kind *)kind)->kind;
    bool is_class = PyTuple_Check(literals) && heapy_kind_term_count(expression) == 1 &&
                    PyTuple_GET_SIZE(literals) == part_count(er);
    for (Py_ssize_t i = 0; is_class && i < part_count(er); i++)
        is_class = has_class_of(literals, Py_TYPE(kind), PyTuple_GET_ITEM(parts_of(er), i));
    Py_DECREF(literals);
    if (PyErr_Occurred())
        return -1;
    return is_class;
}

static int
contains_kind(PyObject *self, PyObject *kind)
{
    PyObject *of = Kind_relation(kind);
    if (!of && PyErr_Occurred())
        return -1;
    if (!of && form_of(self) != HEAPY_BY_ALL)
        return 0;
    if (!of)
        return is_class_of_parts(self, kind);
    bool is_class;
    if (form_of(of) == HEAPY_BY_CLODO) /* the dicts of a type are a class of no coarser relation */
        is_class = form_of(self) == HEAPY_BY_CLODO || form_of(self) == HEAPY_BY_UNITY;
    else
        is_class = EquivalenceRelation_is_finer(of, self);
    Py_DECREF(of);
    return is_class;
}

/* Is a set one of the relation's classes, or of those below it; or, of objects, are they all in one? */
static int
relation_contains(PyObject *self, PyObject *object)
{
    module_state *state = state_if_ours(Py_TYPE(object));
    if (!((EquivalenceRelation *)self)->session || !state)
        return 0;
    if (Kind_check(state, object))
        return contains_kind(self, object);
    if (!IdentitySet_check(state, object) || IdentitySet_is_empty(object))
        return 0;
    PyObject *set = IdentitySet_by(object, self);
    if (!set)
        return -1;
    Py_ssize_t rows = PyObject_Size(set);
    Py_DECREF(set);
    if (rows < 0)
        return -1;
    return rows == 1;
}

static PyObject *
relation_subscript(PyObject *self, PyObject *key)
{
    PyObject *session = ((EquivalenceRelation *)self)->session;
    module_state *state = state_of_type(Py_TYPE(self));
    if (!Session_is_usable(session))
        return NULL;
    if (!IdentitySet_check(state, key) && !NodeSet_check(state, key))
        return PyErr_Format(PyExc_TypeError, "IdentitySet or NodeSet expected, got %.200s",
                            Py_TYPE(key)->tp_name);
    PyObject *set = uniset_require(session, key);
    if (!set)
        return NULL;
    PyObject *by = IdentitySet_by(set, self);
    Py_DECREF(set);
    if (!by)
        return NULL;
    PyObject *kind = IdentitySet_kind(by);
    Py_DECREF(by);
    return kind;
}

/* ---- attributes ---- */

static PyObject *
relation_dictof(PyObject *self, void *closure)
{
    (void)closure;
    return EquivalenceRelation_dictof(self);
}

static PyObject *
relation_refdby(PyObject *self, void *closure)
{
    (void)closure;
    return EquivalenceRelation_refdby(self);
}

static PyObject *
relation_session(PyObject *self, void *closure)
{
    (void)closure;
    return new_reference_or_error(((EquivalenceRelation *)self)->session);
}

static PyObject *
relation_classifier(PyObject *self, void *closure)
{
    (void)closure;
    return EquivalenceRelation_classifier(self);
}

static PyObject *
relation_erargs(PyObject *self, void *closure)
{
    (void)closure;
    if (form_of(self) == HEAPY_BY_ALL)
        return Py_NewRef(parts_of(self));
    return PyTuple_New(0);
}

static PyObject *
relation_brief(PyObject *self, void *closure)
{
    (void)closure;
    return relation_str(self);
}

static PyObject *
relation_sokind(PyObject *self, PyObject *args, PyObject *kwargs)
{
    PyObject *none = PyTuple_New(0);
    if (!none)
        return NULL;
    PyObject *empty = SetOfKinds_create(self, none);
    Py_DECREF(none);
    if (!empty)
        return NULL;
    PyObject *result = PyObject_Call(empty, args, kwargs);
    Py_DECREF(empty);
    return result;
}

static PyObject *
relation_call(PyObject *self, PyObject *args, PyObject *kwargs)
{
    PyObject *session = ((EquivalenceRelation *)self)->session;
    if (!Session_is_usable(session))
        return NULL;
    return relation_make_kind(self, args, kwargs);
}

/* hp.Type.Int and its like, after what every relation has. */
static PyObject *
relation_getattro(PyObject *self, PyObject *name)
{
    PyObject *value = PyObject_GenericGetAttr(self, name);
    PyObject *session = ((EquivalenceRelation *)self)->session;
    if (value || form_of(self) != HEAPY_BY_TYPE || !session ||
        !PyErr_ExceptionMatches(PyExc_AttributeError) || !PyUnicode_GET_LENGTH(name) ||
        PyUnicode_READ_CHAR(name, 0) == '_')
        return value;
    PyErr_Clear();
    return kind_of_named_type(session, name);
}

/* ---- life ---- */

static int
relation_traverse(PyObject *object, visitproc visit, void *arg)
{
    EquivalenceRelation *self = (EquivalenceRelation *)object;
    VISIT_OWN_HEAD(object);
    Py_VISIT(self->session);
    Py_VISIT(self->parts);
    return 0;
}

static int
relation_clear(PyObject *object)
{
    EquivalenceRelation *self = (EquivalenceRelation *)object;
    be_forgotten(object, &self->remembered);
    Py_CLEAR(self->session);
    return 0; /* the parts stay: other objects count on them */
}

static void
relation_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    relation_clear(self);
    Py_XDECREF(parts_of(self));
    heapy_classifier_release(((EquivalenceRelation *)self)->by);
    own_object_free(self);
}

static PyGetSetDef relation_getset[] = {
    {"brief", relation_brief, NULL, DOC_EquivalenceRelation_brief, NULL},
    {"classifier", relation_classifier, NULL, DOC_EquivalenceRelation_classifier, NULL},
    {"_session", relation_session, NULL, NULL, NULL},
    {"dictof", relation_dictof, NULL, DOC_EquivalenceRelation_dictof, NULL},
    {"erargs", relation_erargs, NULL, DOC_EquivalenceRelation_erargs, NULL},
    {"refdby", relation_refdby, NULL, DOC_EquivalenceRelation_refdby, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef relation_methods[] = {
    {"_pattern_label", relation_pattern_label, METH_NOARGS, DOC_EquivalenceRelation__pattern_label},
    {"sokind", (PyCFunction)(void (*)(void))relation_sokind, METH_VARARGS | METH_KEYWORDS,
     DOC_EquivalenceRelation_sokind},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot relation_slots[] = {
    {Py_tp_doc, DOC_EquivalenceRelation},
    {Py_tp_traverse, relation_traverse},
    {Py_tp_clear, relation_clear},
    {Py_tp_dealloc, relation_dealloc},
    {Py_tp_repr, EquivalenceRelation_repr},
    {Py_tp_str, relation_str},
    {Py_tp_call, relation_call},
    {Py_tp_getattro, relation_getattro},
    {Py_tp_getset, relation_getset},
    {Py_tp_methods, relation_methods},
    {Py_sq_contains, relation_contains},
    {Py_mp_subscript, relation_subscript},
    {0, NULL},
};

PyType_Spec equivalence_relation_spec = {
    .name = "guppy.heapy.UniSet.EquivalenceRelation",
    .basicsize = sizeof(EquivalenceRelation),
    .flags = OWN_TYPE_FLAGS,
    .slots = relation_slots,
};

/* ---- classifiers ---- */

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *er;
    PyObject **remembered;
} Classifier;

PyObject *
Classifier_create(PyObject *er)
{
    Classifier *self = own_object_new(state_of_type(Py_TYPE(er))->classifier_type, tag_of(er));
    if (!self)
        return NULL;
    self->er = Py_NewRef(er);
    return remember(&((EquivalenceRelation *)er)->classifier, &self->remembered, (PyObject *)self);
}

static PyObject *
classifier_repr(PyObject *self)
{
    return PyUnicode_FromFormat("<classifier of %R>", ((Classifier *)self)->er);
}

static PyObject *
classifier_er(PyObject *self, void *closure)
{
    (void)closure;
    return Py_NewRef(((Classifier *)self)->er);
}

static PyObject *
classifier_cli(PyObject *self, void *closure)
{
    PyObject *er = classifier_er(self, closure);
    if (!er)
        return NULL;
    PyObject *result = call_package_with("guppy.heapy.ObjectClassifier", "ObjectClassifier", er, NULL, NULL);
    Py_DECREF(er);
    return result;
}

static int
classifier_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    Py_VISIT(((Classifier *)self)->er);
    return 0;
}

/* No tp_clear: every cycle through a relation goes through its session, or through what it is made of. */
static void
classifier_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    be_forgotten(self, &((Classifier *)self)->remembered);
    Py_XDECREF(((Classifier *)self)->er);
    own_object_free(self);
}

static PyGetSetDef classifier_getset[] = {
    {"er", classifier_er, NULL, DOC_Classifier_er, NULL},
    {"cli", classifier_cli, NULL, DOC_Classifier_cli, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot classifier_slots[] = {
    {Py_tp_doc, DOC_Classifier},   {Py_tp_traverse, classifier_traverse}, {Py_tp_dealloc, classifier_dealloc},
    {Py_tp_repr, classifier_repr}, {Py_tp_getset, classifier_getset},     {0, NULL},
};

PyType_Spec classifier_spec = {
    .name = "guppy.heapy.Classifiers.Classifier",
    .basicsize = sizeof(Classifier),
    .flags = OWN_TYPE_FLAGS,
    .slots = classifier_slots,
};
