/* SPDX-License-Identifier: MIT */
/* Families: what sort of expression a set is (K-20, K-25y, K-116). */
#include "types/type_family.h"

#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "types/equivalence_relation.h"
#include "types/identity_set.h"
#include "types/kind_definition.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/type_classifier.h"
#include "types/type_kind.h"
#include "types/type_session.h"
#include "types/uniset_operands.h"

#include <heapy/kind.h>

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *classifier; /* of the kinds of the family, or NULL */
    PyObject **remembered;
} Family;

/* A family of the session's by its type.  classifier: borrowed or NULL.  slot: where its relation remembers
   it; NULL: nowhere. */
static PyObject *
family_create(PyObject *session, PyTypeObject *type, PyObject *classifier, PyObject **slot)
{
    Family *self = own_object_new(type, tag_of(session));
    if (!self)
        return NULL;
    self->classifier = Py_XNewRef(classifier);
    if (!slot)
        return (PyObject *)self;
    return remember(slot, &self->remembered, (PyObject *)self);
}

/* The session's only family of a type. */
static PyObject *
shared_family(PyObject *session, PyTypeObject *type)
{
    PyObject *families = ((Session *)session)->families;
    PyObject *family = PyDict_GetItemWithError(families, (PyObject *)type); /* borrowed */
    if (family || PyErr_Occurred())
        return Py_XNewRef(family);
    family = family_create(session, type, NULL, NULL);
    PyObject *first = family ? PyDict_SetDefault(families, (PyObject *)type, family) : NULL; /* borrowed */
    Py_XINCREF(first);
    Py_XDECREF(family);
    return first;
}

/* The family of the relation's kinds, the same while it is used. */
static PyObject *
family_of_relation(PyObject *er)
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
    PyObject *family = family_create(self->session, types[self->form], classifier, &self->family);
    Py_DECREF(classifier);
    return family;
}

static PyObject *
family_of_dicts(PyObject *session)
{
    PyObject *clodo = Session_relation(session, HEAPY_BY_CLODO), *family = NULL;
    if (!clodo)
        return NULL;
    PyObject *dicts = EquivalenceRelation_dictof(clodo);
    if (dicts)
        family = family_of_relation(dicts);
    Py_DECREF(clodo);
    Py_XDECREF(dicts);
    return family;
}

/* The family of a kind that is one atom. */
static PyObject *
family_of_atom(PyObject *kind, const heapy_atom *atom)
{
    module_state *state = state_of_type(Py_TYPE(kind));
    PyObject *session = ((const Kind *)kind)->session;
    if (atom->form == HEAPY_ATOM_DICT_OF)
        return family_of_dicts(session);
    PyObject *er = Kind_relation(kind);
    if (er) {
        PyObject *family = family_of_relation(er);
        Py_DECREF(er);
        return family;
    }
    if (PyErr_Occurred())
        return NULL;
    if (atom->form == HEAPY_ATOM_CLASSES)
        return shared_family(session, state->EquivalenceRelationFamily_type);
    return shared_family(session, state->AltFamily_type);
}

static PyObject *
family_of_kind(PyObject *set)
{
    module_state *state = state_of_type(Py_TYPE(set));
    const Kind *kind = (const Kind *)set;
    const heapy_atom *atom = NULL;
    if (!kind->added && !kind->removed)
        atom = heapy_kind_atom(kind->kind);
    if (atom)
        return family_of_atom(set, atom);
    if (heapy_kind_term_count(kind->kind) > 1 || kind->added)
        return shared_family(kind->session, state->OrFamily_type);
    bool is_complement = heapy_kind_literal_count(kind->kind, 0) + (kind->removed != NULL) <= 1;
    return shared_family(kind->session, is_complement ? state->InvertFamily_type : state->AndFamily_type);
}

PyObject *
Family_of(PyObject *set)
{
    module_state *state = state_of_type(Py_TYPE(set));
    PyObject *session = uniset_session(set);
    if (!Session_is_usable(session))
        return NULL;
    if (IdentitySet_check(state, set))
        return shared_family(session, IdentitySet_is_empty(set) ? state->EmptyFamily_type
                                                                : state->IdentitySetFamily_type);
    if (EquivalenceRelation_check(state, set))
        return shared_family(session, state->EquivalenceRelationFamily_type);
    return family_of_kind(set);
}

static PyObject *
family_classifier(PyObject *self, void *closure)
{
    (void)closure;
    PyObject *classifier = ((Family *)self)->classifier;
    if (classifier)
        return Py_NewRef(classifier);
    return PyErr_Format(PyExc_AttributeError, "'%.100s' object has no attribute 'classifier'",
                        Py_TYPE(self)->tp_name);
}

static int
family_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    Py_VISIT(((Family *)self)->classifier);
    return 0;
}

/* No tp_clear: see the classifier's. */
static void
family_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    be_forgotten(self, &((Family *)self)->remembered);
    Py_XDECREF(((Family *)self)->classifier);
    own_object_free(self);
}

static PyGetSetDef family_getset[] = {
    {"classifier", family_classifier, NULL, DOC_Family_classifier, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot family_slots[] = {
    {Py_tp_doc, DOC_Family},
    {Py_tp_traverse, family_traverse},
    {Py_tp_dealloc, family_dealloc},
    {Py_tp_getset, family_getset},
    {0, NULL},
};

PyType_Spec family_spec = {
    .name = "guppy.heapy.UniSet.Family",
    .basicsize = sizeof(Family),
    .flags = OWN_TYPE_FLAGS | Py_TPFLAGS_BASETYPE,
    .slots = family_slots,
};

static PyType_Slot one_family_slots[] = {
    {Py_tp_doc, DOC_Family},
    {Py_tp_traverse, family_traverse},
    {Py_tp_dealloc, family_dealloc},
    {0, NULL},
};

#define FAMILY_SPEC(family, base)                                                                            \
    PyType_Spec family##_spec = {                                                                            \
        .name = "guppy.heapy.UniSet." #family,                                                               \
        .basicsize = sizeof(Family),                                                                         \
        .flags = OWN_TYPE_FLAGS,                                                                             \
        .slots = one_family_slots,                                                                           \
    };
FAMILY_MAP(FAMILY_SPEC, )
