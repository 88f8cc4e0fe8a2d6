/* SPDX-License-Identifier: MIT */
/* Kinds: making and reading them, and what holds between two atoms. */
#include <inttypes.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "classifier_internal.h"
#include "heapy/memory.h"
#include "kind_internal.h"

/* ---- atoms ---- */

static uint64_t
mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint64_t
mix_text(uint64_t hash, const char *text)
{
    for (; text && *text; text++)
        hash = mix(hash, (unsigned char)*text);
    return mix(hash, text != NULL);
}

static uint64_t
hash_members(const heapy_address_map *members)
{
    uint64_t hash = 1;
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, members);
    for (uintptr_t address; (address = heapy_address_iterator_next(&iterator));)
        hash = mix(hash, address);
    return hash;
}

/* Equal atoms have equal hashes: of a type with an identity the name does not count. */
static uint64_t
hash_atom(const heapy_atom *atom)
{
    uint64_t hash = mix((uint64_t)atom->form + 1, (uint64_t)atom->comparison);
    switch (atom->form) {
    case HEAPY_ATOM_TYPE:
    case HEAPY_ATOM_MODULE:
    case HEAPY_ATOM_ID:
        if (atom->identity)
            return mix(hash, atom->identity);
        return mix_text(hash, atom->name);
    case HEAPY_ATOM_CLASSES:
        return mix(hash, heapy_classifier_hash(atom->classifier));
    case HEAPY_ATOM_FACT:
        return mix_text(mix(hash, heapy_classifier_hash(atom->classifier)), atom->name);
    case HEAPY_ATOM_SIZE:
        return mix_text(hash, atom->name);
    case HEAPY_ATOM_PRODUCER:
        return mix_text(mix(hash, (uint64_t)atom->number), atom->name);
    case HEAPY_ATOM_REFERENCES:
        for (size_t i = 0; i < atom->text_count; i++)
            hash = mix_text(hash, atom->texts[i]);
        return hash;
    case HEAPY_ATOM_MEMBERS:
        return mix(hash, hash_members(atom->members));
    case HEAPY_ATOM_DICT_OF:
    case HEAPY_ATOM_REFERRERS:
    case HEAPY_ATOM_FIRST_MATCH: {
        uint64_t sum = 0; /* a set of kinds has no order */
        for (size_t i = 0; i < atom->kind_count; i++) {
            uint64_t one = heapy_kind_hash(atom->kinds[i]);
            if (atom->form == HEAPY_ATOM_FIRST_MATCH)
                sum = mix(sum, one);
            else
                sum = sum ^ one;
        }
        return mix(mix(hash, sum), atom->form == HEAPY_ATOM_FIRST_MATCH ? (uint64_t)atom->number : 0);
    }
    case HEAPY_ATOM_ANYTHING:
    case HEAPY_ATOM_NO_PRODUCER:
        break;
    }
    return hash;
}

kind_atom *
heapy__atom_retain(kind_atom *atom)
{
    atom->references++;
    return atom;
}

void
heapy__atom_release(kind_atom *atom)
{
    if (!atom || --atom->references)
        return;
    for (size_t i = 0; i < atom->atom.kind_count; i++)
        heapy_kind_release(atom->kinds[i]);
    for (size_t i = 0; i < atom->atom.text_count; i++)
        heapy_free(atom->texts[i]);
    heapy_free(atom->kinds);
    heapy_free(atom->texts);
    heapy_free(atom->supertypes);
    heapy_free(atom->name);
    heapy_free(atom->module);
    heapy_free(atom->qualname);
    heapy_classifier_release(atom->atom.classifier);
    heapy_address_map_destroy(atom->members);
    heapy_free(atom);
}

/* A copy of a text that may be missing.  False: no memory. */
static bool
copy_text_or_none(const char *text, char **out)
{
    if (text)
        *out = heapy__copy_text(text);
    else
        *out = NULL;
    return *out || !text;
}

static bool
copy_members(kind_atom *copy)
{
    const heapy_address_map *from = copy->atom.members;
    if (from && !copy->atom.host && heapy_address_map_combine(from, from, HEAPY_UNION, &copy->members, NULL))
        return false;
    if (copy->members)
        copy->atom.members = copy->members;
    return true;
}

/* A copy with one reference; NULL: no memory. */
static kind_atom *
copy_atom(const heapy_atom *from)
{
    kind_atom *copy = heapy_alloc_zeroed(1, sizeof *copy);
    if (!copy)
        return NULL;
    copy->references = 1;
    copy->kinds = heapy_alloc_array(from->kind_count, sizeof *copy->kinds);
    copy->texts = heapy_alloc_array(from->text_count, sizeof *copy->texts);
    copy->supertypes = heapy_alloc_array(from->supertype_count, sizeof *copy->supertypes);
    copy->atom = *from;
    bool is_done = copy_text_or_none(from->name, &copy->name) &
                   copy_text_or_none(from->module, &copy->module) &
                   copy_text_or_none(from->qualname, &copy->qualname) & copy_members(copy);
    copy->atom.supertypes = copy->supertypes;
    copy->atom.name = copy->name;
    copy->atom.module = copy->module;
    copy->atom.qualname = copy->qualname;
    heapy_classifier_retain(from->classifier);
    copy->depth = heapy_classifier_depth(from->classifier);
    copy->atom.kinds = copy->kinds;
    copy->atom.texts = (const char *const *)copy->texts;
    copy->atom.kind_count = copy->atom.text_count = 0;
    is_done = is_done && copy->kinds && copy->texts && copy->supertypes;
    if (is_done && from->supertype_count)
        memcpy(copy->supertypes, from->supertypes, from->supertype_count * sizeof *copy->supertypes);
    for (size_t i = 0; is_done && i < from->kind_count; i++) {
        copy->kinds[copy->atom.kind_count++] = heapy_kind_retain(from->kinds[i]);
        if (from->kinds[i]->depth > copy->depth)
            copy->depth = from->kinds[i]->depth;
    }
    for (size_t i = 0; is_done && i < from->text_count; i++) {
        copy->texts[i] = heapy__copy_text(from->texts[i]);
        is_done = copy->texts[i];
        copy->atom.text_count += is_done;
    }
    if (!is_done) {
        heapy__atom_release(copy);
        return NULL;
    }
    copy->depth++;
    copy->hash = hash_atom(&copy->atom);
    return copy;
}

static bool
same_text(const char *a, const char *b)
{
    if (a && b)
        return !strcmp(a, b);
    return a == b;
}

/* The literal of a kind that has only one and no complement. */
static const kind_atom *
only_atom(const heapy_kind *kind)
{
    if (!heapy_kind_atom(kind))
        return NULL;
    return kind->terms[0].literals[0].atom;
}

/* Each step looks once into what is inside: kinds in kinds must not cost a power of their depth. */
static bool
same_kind(const heapy_kind *a, const heapy_kind *b)
{
    if (a == b)
        return true;
    if (heapy_kind_hash(a) != heapy_kind_hash(b))
        return false;
    const kind_atom *x = only_atom(a), *y = only_atom(b);
    if (x && y)
        return heapy__relate_atoms(x, y) == ATOMS_EQUAL;
    return heapy_kind_is_subset(a, b) && heapy_kind_is_subset(b, a);
}

/* Is each of a's kinds one of b's? */
static bool
has_kinds_of(const heapy_atom *a, const heapy_atom *b)
{
    for (size_t i = 0; i < a->kind_count; i++) {
        bool is_there = false;
        for (size_t k = 0; !is_there && k < b->kind_count; k++)
            is_there = same_kind(a->kinds[i], b->kinds[k]);
        if (!is_there)
            return false;
    }
    return true;
}

static bool
same_kinds_in_order(const heapy_atom *a, const heapy_atom *b)
{
    bool is_same = a->kind_count == b->kind_count;
    for (size_t i = 0; is_same && i < a->kind_count; i++)
        is_same = same_kind(a->kinds[i], b->kinds[i]);
    return is_same;
}

/* The references of both, each counted once: the texts are sorted. */
static bool
same_references(const heapy_atom *a, const heapy_atom *b)
{
    size_t i = 0, k = 0;
    while (i < a->text_count && k < b->text_count) {
        if (strcmp(a->texts[i], b->texts[k]) != 0)
            return false;
        const char *text = a->texts[i];
        while (i < a->text_count && !strcmp(a->texts[i], text))
            i++;
        while (k < b->text_count && !strcmp(b->texts[k], text))
            k++;
    }
    return i == a->text_count && k == b->text_count;
}

/* Do two atoms of one form name the same class? */
static bool
same_class(const heapy_atom *a, const heapy_atom *b)
{
    switch (a->form) {
    case HEAPY_ATOM_TYPE:
    case HEAPY_ATOM_MODULE:
    case HEAPY_ATOM_ID:
        if (a->identity && b->identity)
            return a->identity == b->identity;
        return same_text(a->name, b->name);
    case HEAPY_ATOM_CLASSES:
        return heapy_classifier_is_equal(a->classifier, b->classifier);
    case HEAPY_ATOM_FACT:
    case HEAPY_ATOM_SIZE:
        return same_text(a->name, b->name);
    case HEAPY_ATOM_REFERRERS:
        return has_kinds_of(a, b) && has_kinds_of(b, a);
    case HEAPY_ATOM_REFERENCES:
        return same_references(a, b);
    case HEAPY_ATOM_PRODUCER:
        return a->number == b->number && same_text(a->name, b->name);
    case HEAPY_ATOM_FIRST_MATCH:
        return a->number == b->number;
    case HEAPY_ATOM_MEMBERS:
        return heapy_address_map_count(a->members) == heapy_address_map_count(b->members) &&
               heapy_address_map_is_subset(a->members, b->members);
    case HEAPY_ATOM_ANYTHING:
    case HEAPY_ATOM_NO_PRODUCER:
    case HEAPY_ATOM_DICT_OF:
        break;
    }
    return true;
}

/* Are they classes of one classification? */
static bool
same_classification(const heapy_atom *a, const heapy_atom *b)
{
    if (a->form == HEAPY_ATOM_REFERRERS)
        return heapy_classifier_is_equal(a->classifier, b->classifier) || !a->kind_count || !b->kind_count;
    if (a->form == HEAPY_ATOM_FACT)
        return heapy_classifier_is_equal(a->classifier, b->classifier);
    return a->form != HEAPY_ATOM_FIRST_MATCH || same_kinds_in_order(a, b);
}

static atom_relation
relate_owners(const heapy_atom *a, const heapy_atom *b)
{
    if (!a->kind_count || !b->kind_count)
        return a->kind_count == b->kind_count ? ATOMS_EQUAL : ATOMS_DISJOINT;
    const kind_atom *x = only_atom(a->kinds[0]), *y = only_atom(b->kinds[0]);
    if (x && y)
        return heapy__relate_atoms(x, y);
    bool a_in_b = heapy_kind_is_subset(a->kinds[0], b->kinds[0]);
    bool b_in_a = heapy_kind_is_subset(b->kinds[0], a->kinds[0]);
    if (a_in_b || b_in_a) {
        if (a_in_b && b_in_a)
            return ATOMS_EQUAL;
        if (a_in_b)
            return ATOMS_SUBSET;
        return ATOMS_SUPERSET;
    }
    return heapy_kind_is_disjoint(a->kinds[0], b->kinds[0]) ? ATOMS_DISJOINT : ATOMS_UNRELATED;
}

static atom_relation
relate_one_form(const heapy_atom *a, const heapy_atom *b)
{
    if (a->form == HEAPY_ATOM_DICT_OF)
        return relate_owners(a, b);
    if (!same_classification(a, b))
        return ATOMS_UNRELATED;
    if (same_class(a, b))
        return a->comparison == b->comparison ? ATOMS_EQUAL : ATOMS_UNRELATED;
    bool is_class = a->comparison == HEAPY_EQ && b->comparison == HEAPY_EQ;
    return is_class && a->form != HEAPY_ATOM_MEMBERS && a->form != HEAPY_ATOM_CLASSES ? ATOMS_DISJOINT
                                                                                      : ATOMS_UNRELATED;
}

atom_relation
heapy__relate_atoms(const kind_atom *x, const kind_atom *y)
{
    const heapy_atom *a = &x->atom, *b = &y->atom;
    if (x == y)
        return ATOMS_EQUAL;
    if (a->form == HEAPY_ATOM_ANYTHING)
        return b->form == HEAPY_ATOM_ANYTHING ? ATOMS_EQUAL : ATOMS_SUPERSET;
    if (b->form == HEAPY_ATOM_ANYTHING)
        return ATOMS_SUBSET;
    if (a->form == b->form)
        return relate_one_form(a, b);
    bool a_is_dicts = a->form == HEAPY_ATOM_DICT_OF, b_is_dicts = b->form == HEAPY_ATOM_DICT_OF;
    const heapy_atom *type = a_is_dicts ? b : a;
    if ((a_is_dicts || b_is_dicts) && type->form == HEAPY_ATOM_TYPE && type->comparison == HEAPY_EQ) {
        if (!type->is_dict)
            return ATOMS_DISJOINT;
        if (a_is_dicts)
            return ATOMS_SUBSET;
        return ATOMS_SUPERSET;
    }
    bool a_is_unknown = a->form == HEAPY_ATOM_NO_PRODUCER, b_is_unknown = b->form == HEAPY_ATOM_NO_PRODUCER;
    if ((a_is_unknown && b->form == HEAPY_ATOM_PRODUCER) || (b_is_unknown && a->form == HEAPY_ATOM_PRODUCER))
        return a->comparison == HEAPY_EQ && b->comparison == HEAPY_EQ ? ATOMS_DISJOINT : ATOMS_UNRELATED;
    return ATOMS_UNRELATED;
}

/* ---- kinds ---- */

heapy_kind *
heapy__kind_new(void)
{
    heapy_kind *kind = heapy_alloc_zeroed(1, sizeof *kind);
    if (kind)
        kind->references = 1;
    return kind;
}

bool
heapy__kind_append(heapy_kind *kind, const kind_literal *literals, size_t count)
{
    kind_term *terms = heapy_grow(kind->terms, kind->count, &kind->capacity, sizeof *terms);
    if (!terms)
        return false;
    kind->terms = terms;
    kind_literal *copy = heapy_alloc_array(count, sizeof *copy);
    if (!copy)
        return false;
    for (size_t i = 0; i < count; i++) {
        copy[i] = literals[i];
        heapy__atom_retain(copy[i].atom);
        if (copy[i].atom->depth > kind->depth)
            kind->depth = copy[i].atom->depth;
    }
    terms[kind->count++] = (kind_term){copy, count};
    return true;
}

static void
free_term(kind_term *term)
{
    for (size_t i = 0; i < term->count; i++)
        heapy__atom_release(term->literals[i].atom);
    heapy_free(term->literals);
}

void
heapy__kind_remove(heapy_kind *kind, size_t i)
{
    free_term(&kind->terms[i]);
    memmove(kind->terms + i, kind->terms + i + 1, (kind->count - i - 1) * sizeof *kind->terms);
    kind->count--;
}

const heapy_kind *
heapy_kind_retain(const heapy_kind *kind)
{
    if (kind)
        heapy__kind_mutable(kind)->references++;
    return kind;
}

void
heapy_kind_release(const heapy_kind *constant)
{
    heapy_kind *kind = heapy__kind_mutable(constant);
    if (!kind || --kind->references)
        return;
    for (size_t i = 0; i < kind->count; i++)
        free_term(&kind->terms[i]);
    heapy_free(kind->terms);
    heapy_free(kind);
}

/* Check everything that reading an atom relies on. */
static heapy_status
check_atom(const heapy_atom *atom, heapy_error *err)
{
    if ((unsigned)atom->form > HEAPY_ATOM_CLASSES || (unsigned)atom->comparison > HEAPY_GT)
        return heapy__fail(err, HEAPY_INVALID, "an atom of form %d and comparison %d", (int)atom->form,
                           (int)atom->comparison);
    if ((!atom->kinds && atom->kind_count) || (!atom->texts && atom->text_count) ||
        (!atom->supertypes && atom->supertype_count))
        return heapy__fail(err, HEAPY_INVALID, "an atom without its kinds, texts or supertypes");
    for (size_t i = 0; i < atom->kind_count; i++)
        if (!atom->kinds[i])
            return heapy__fail(err, HEAPY_INVALID, "kind %zu of an atom is NULL", i);
    for (size_t i = 0; i < atom->text_count; i++)
        if (!atom->texts[i] || (i && strcmp(atom->texts[i - 1], atom->texts[i]) > 0))
            return heapy__fail(err, HEAPY_INVALID, "text %zu of an atom is NULL or not in order", i);
    if (atom->form == HEAPY_ATOM_DICT_OF && atom->kind_count > 1)
        return heapy__fail(err, HEAPY_INVALID, "dicts of %zu kinds of owners: one at most", atom->kind_count);
    bool needs_classifier = atom->form == HEAPY_ATOM_REFERRERS || atom->form == HEAPY_ATOM_FACT ||
                            atom->form == HEAPY_ATOM_FIRST_MATCH || atom->form == HEAPY_ATOM_CLASSES;
    if (needs_classifier && !atom->classifier)
        return heapy__fail(err, HEAPY_INVALID, "an atom of classes without their classifier");
    if (atom->form == HEAPY_ATOM_SIZE && !atom->name)
        return heapy__fail(err, HEAPY_INVALID, "an atom of a size without its digits");
    if (atom->form == HEAPY_ATOM_MEMBERS && (!atom->members || !atom->members->frozen))
        return heapy__fail(err, HEAPY_INVALID, "an atom of members needs a frozen address map");
    return HEAPY_OK;
}

heapy_status
heapy_kind_create(const heapy_atom *from, const heapy_kind **out, heapy_error *err)
{
    if (!from || !out)
        return heapy__fail_null(err, "atom or out");
    heapy_status status = check_atom(from, err);
    if (status)
        return status;
    kind_atom *atom = copy_atom(from);
    heapy_kind *kind = NULL;
    if (atom)
        kind = heapy__kind_new();
    if (!kind || !heapy__kind_append(kind, &(kind_literal){atom, false}, 1))
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a kind");
    else if (atom->depth > HEAPY_KIND_MAX_DEPTH)
        status = heapy__fail(err, HEAPY_LIMIT,
                             "a kind made of kinds that are made of kinds, more than %d deep; "
                             "select in several steps instead",
                             HEAPY_KIND_MAX_DEPTH);
    heapy__atom_release(atom);
    if (status)
        heapy_kind_release(kind);
    else
        *out = kind;
    return status;
}

heapy_status
heapy_kind_union_of_disjoint(const heapy_kind *const *kinds, size_t count, const heapy_kind **out,
                             heapy_error *err)
{
    if ((!kinds && count) || !out)
        return heapy__fail_null(err, "kinds or out");
    for (size_t i = 0; i < count; i++)
        if (!kinds[i])
            return heapy__fail(err, HEAPY_INVALID, "kind %zu of a union is NULL", i);
    heapy_kind *kind = heapy__kind_new();
    bool is_done = kind;
    for (size_t i = 0; is_done && i < count; i++)
        for (size_t t = 0; is_done && t < kinds[i]->count; t++)
            is_done = heapy__kind_append(kind, kinds[i]->terms[t].literals, kinds[i]->terms[t].count);
    if (!is_done) {
        heapy_kind_release(kind);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a union of %zu kinds", count);
    }
    *out = kind;
    return HEAPY_OK;
}

size_t
heapy_kind_term_count(const heapy_kind *kind)
{
    return kind ? kind->count : 0;
}

size_t
heapy_kind_literal_count(const heapy_kind *kind, size_t term)
{
    return kind && term < kind->count ? kind->terms[term].count : 0;
}

const heapy_atom *
heapy_kind_literal(const heapy_kind *kind, size_t term, size_t literal, bool *is_complement)
{
    if (literal >= heapy_kind_literal_count(kind, term))
        return NULL;
    const kind_literal *found = &kind->terms[term].literals[literal];
    if (is_complement)
        *is_complement = found->is_complement;
    return &found->atom->atom;
}

heapy_status
heapy_kind_term(const heapy_kind *kind, size_t term, const heapy_kind **out, heapy_error *err)
{
    if (!kind || !out)
        return heapy__fail_null(err, "kind or out");
    if (term >= kind->count)
        return heapy__fail(err, HEAPY_INVALID, "there is no term %zu of %zu", term, kind->count);
    heapy_kind *one = heapy__kind_new();
    if (!one || !heapy__kind_append(one, kind->terms[term].literals, kind->terms[term].count)) {
        heapy_kind_release(one);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a kind");
    }
    *out = one;
    return HEAPY_OK;
}

const heapy_atom *
heapy_kind_atom(const heapy_kind *kind)
{
    if (!kind || kind->count != 1 || kind->terms[0].count != 1 || kind->terms[0].literals[0].is_complement)
        return NULL;
    return &kind->terms[0].literals[0].atom->atom;
}

unsigned
heapy_kind_depth(const heapy_kind *kind)
{
    return kind ? kind->depth : 0;
}

static void
visit_classifier(const heapy_classifier *by, void (*visit)(const heapy_atom *atom, void *context),
                 void *context)
{
    for (size_t i = 0; i < heapy_classifier_part_count(by); i++)
        visit_classifier(heapy_classifier_part(by, i), visit, context);
    for (size_t i = 0; i < heapy_classifier_kind_count(by); i++)
        heapy_kind_visit(heapy_classifier_kind(by, i), visit, context);
}

void
heapy_kind_visit(const heapy_kind *kind, void (*visit)(const heapy_atom *atom, void *context), void *context)
{
    for (size_t t = 0; kind && visit && t < kind->count; t++)
        for (size_t i = 0; i < kind->terms[t].count; i++) {
            const heapy_atom *atom = &kind->terms[t].literals[i].atom->atom;
            visit(atom, context);
            for (size_t k = 0; k < atom->kind_count; k++)
                heapy_kind_visit(atom->kinds[k], visit, context);
            if (atom->form != HEAPY_ATOM_FIRST_MATCH) /* whose kinds are the classifier's */
                visit_classifier(atom->classifier, visit, context);
        }
}

heapy_status
heapy_kind_alter(const heapy_kind *kind, heapy_comparison comparison, const heapy_kind **out,
                 heapy_error *err)
{
    if (!kind || !out)
        return heapy__fail_null(err, "kind or out");
    if ((unsigned)comparison > HEAPY_GT)
        return heapy__fail(err, HEAPY_INVALID, "%d is no comparison", (int)comparison);
    const heapy_atom *atom = heapy_kind_atom(kind);
    if (!atom || atom->comparison != HEAPY_EQ)
        return heapy__fail(err, HEAPY_INVALID, "there is no order among kinds like this one");
    heapy_atom altered = *atom;
    const heapy_kind *owners = NULL;
    heapy_status status = HEAPY_OK;
    switch (atom->form) {
    case HEAPY_ATOM_TYPE:
    case HEAPY_ATOM_SIZE:
    case HEAPY_ATOM_REFERRERS:
    case HEAPY_ATOM_REFERENCES:
    case HEAPY_ATOM_PRODUCER:
    case HEAPY_ATOM_NO_PRODUCER:
        altered.comparison = comparison;
        break;
    case HEAPY_ATOM_DICT_OF: /* the owners are altered */
        if (!atom->kind_count)
            return heapy__fail(err, HEAPY_INVALID, "there is no order among dicts without owner");
        status = heapy_kind_alter(atom->kinds[0], comparison, &owners, err);
        altered.kinds = &owners;
        break;
    case HEAPY_ATOM_ANYTHING:
    case HEAPY_ATOM_MODULE:
    case HEAPY_ATOM_ID:
    case HEAPY_ATOM_FACT:
    case HEAPY_ATOM_FIRST_MATCH:
    case HEAPY_ATOM_MEMBERS:
    case HEAPY_ATOM_CLASSES:
        return heapy__fail(err, HEAPY_INVALID, "there is no order among kinds like this one");
    }
    if (!status)
        status = heapy_kind_create(&altered, out, err);
    heapy_kind_release(owners);
    return status;
}

unsigned
heapy_kind_needs(const heapy_kind *kind)
{
    unsigned needs = 0;
    for (size_t t = 0; kind && t < kind->count; t++)
        for (size_t i = 0; i < kind->terms[t].count; i++) {
            const heapy_atom *atom = &kind->terms[t].literals[i].atom->atom;
            unsigned inner = 0;
            for (size_t k = 0; k < atom->kind_count; k++)
                inner |= heapy_kind_needs(atom->kinds[k]);
            bool asks_owners = inner;
            switch (atom->form) {
            case HEAPY_ATOM_SIZE:
                needs |= HEAPY_NEEDS_SIZES;
                break;
            case HEAPY_ATOM_DICT_OF:
                for (size_t k = 0; !asks_owners && k < atom->kind_count; k++)
                    for (size_t u = 0; u < atom->kinds[k]->count; u++)
                        for (size_t l = 0; l < atom->kinds[k]->terms[u].count; l++) {
                            heapy_atom_form form = atom->kinds[k]->terms[u].literals[l].atom->atom.form;
                            asks_owners |= form != HEAPY_ATOM_TYPE && form != HEAPY_ATOM_ANYTHING;
                        }
                needs |= HEAPY_NEEDS_OWNERS | (asks_owners ? HEAPY_NEEDS_OWNER_NODES : 0);
                inner = heapy__needs_elsewhere(inner);
                break;
            case HEAPY_ATOM_REFERRERS:
                needs |= HEAPY_NEEDS_EDGES;
                inner = heapy__needs_elsewhere(inner);
                break;
            case HEAPY_ATOM_REFERENCES:
                needs |= HEAPY_NEEDS_EDGES | HEAPY_NEEDS_REFERENCE_NAMES;
                break;
            case HEAPY_ATOM_PRODUCER:
            case HEAPY_ATOM_NO_PRODUCER:
                needs |= HEAPY_NEEDS_PRODUCERS;
                break;
            case HEAPY_ATOM_FACT:
                needs |= HEAPY_NEEDS_FACTS;
                break;
            case HEAPY_ATOM_ANYTHING:
            case HEAPY_ATOM_TYPE:
            case HEAPY_ATOM_MODULE:
            case HEAPY_ATOM_ID:
            case HEAPY_ATOM_FIRST_MATCH:
            case HEAPY_ATOM_MEMBERS:
            case HEAPY_ATOM_CLASSES:
                break;
            }
            needs |= inner;
        }
    return needs;
}
