/* SPDX-License-Identifier: MIT */
/* Classifiers as expressions: counting, reading, comparing. */
#include <string.h>

#include "classifier_internal.h"
#include "heapy/memory.h"

heapy_classifier *
heapy__classifier_new(heapy_classifier_form form, const heapy__classifier_row *row, size_t part_count,
                      size_t kind_count)
{
    heapy_classifier *classifier = heapy_alloc_zeroed(1, sizeof *classifier);
    if (!classifier)
        return NULL;
    atomic_init(&classifier->uses, 1);
    classifier->form = form;
    classifier->row = row;
    classifier->depth = 1;
    classifier->parts = heapy_alloc_zeroed(part_count, sizeof *classifier->parts);
    classifier->kinds = heapy_alloc_zeroed(kind_count, sizeof *classifier->kinds);
    classifier->names = heapy_alloc_zeroed(kind_count, sizeof *classifier->names);
    if (classifier->parts && classifier->kinds && classifier->names)
        return classifier;
    heapy_classifier_release(classifier);
    return NULL;
}

/* Classifiers never change but for their count. */
static heapy_classifier *mutable(const heapy_classifier *classifier)
{
    return (heapy_classifier *)(uintptr_t)classifier;
}

const heapy_classifier *
heapy_classifier_retain(const heapy_classifier *classifier)
{
    if (classifier)
        atomic_fetch_add_explicit(&mutable(classifier)->uses, 1, memory_order_relaxed);
    return classifier;
}

void
heapy_classifier_release(const heapy_classifier *constant)
{
    heapy_classifier *classifier = mutable(constant);
    if (!classifier || atomic_fetch_sub_explicit(&classifier->uses, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = 0; i < classifier->part_count; i++)
        heapy_classifier_release(classifier->parts[i]);
    for (size_t i = 0; i < classifier->kind_count; i++) {
        heapy_kind_release(classifier->kinds[i]);
        heapy_free(classifier->names[i]);
    }
    heapy_free(classifier->parts);
    heapy_free(classifier->kinds);
    heapy_free(classifier->names);
    heapy_free(classifier->fact);
    heapy_free(classifier->name);
    heapy_free(classifier->header);
    heapy_free(classifier);
}

/* ---- reading ---- */

heapy_classifier_form
heapy_classifier_form_of(const heapy_classifier *classifier)
{
    return classifier ? classifier->form : HEAPY_CLASSIFIER_FORM_COUNT;
}

size_t
heapy_classifier_part_count(const heapy_classifier *classifier)
{
    return classifier ? classifier->part_count : 0;
}

const heapy_classifier *
heapy_classifier_part(const heapy_classifier *classifier, size_t i)
{
    if (i >= heapy_classifier_part_count(classifier))
        return NULL;
    return classifier->parts[i];
}

size_t
heapy_classifier_kind_count(const heapy_classifier *classifier)
{
    return classifier ? classifier->kind_count : 0;
}

const heapy_kind *
heapy_classifier_kind(const heapy_classifier *classifier, size_t i)
{
    if (i >= heapy_classifier_kind_count(classifier))
        return NULL;
    return classifier->kinds[i];
}

const char *
heapy_classifier_name(const heapy_classifier *classifier)
{
    if (!classifier)
        return "";
    return classifier->name ? classifier->name : classifier->row->name;
}

const char *
heapy__classifier_header(const heapy_classifier *classifier)
{
    return classifier->header ? classifier->header : classifier->row->header;
}

unsigned
heapy_classifier_depth(const heapy_classifier *classifier)
{
    return classifier ? classifier->depth : 0;
}

unsigned
heapy_classifier_needs(const heapy_classifier *classifier)
{
    unsigned needs = classifier ? classifier->row->needs : 0;
    for (size_t i = 0; i < heapy_classifier_part_count(classifier); i++) {
        unsigned of_part = heapy_classifier_needs(classifier->parts[i]);
        needs |= classifier->row->view == VIEW_MEMBERS ? of_part : heapy__needs_elsewhere(of_part);
    }
    for (size_t i = 0; i < heapy_classifier_kind_count(classifier); i++)
        needs |= heapy_kind_needs(classifier->kinds[i]);
    return needs;
}

/* ---- comparing ---- */

static bool
same_text(const char *a, const char *b)
{
    if (a && b)
        return !strcmp(a, b);
    return a == b;
}

bool
heapy_classifier_is_equal(const heapy_classifier *a, const heapy_classifier *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->form != b->form || a->part_count != b->part_count || a->kind_count != b->kind_count ||
        !same_text(a->fact, b->fact) || !same_text(a->name, b->name))
        return false;
    for (size_t i = 0; i < a->part_count; i++)
        if (!heapy_classifier_is_equal(a->parts[i], b->parts[i]))
            return false;
    for (size_t i = 0; i < a->kind_count; i++)
        if (!heapy_kind_is_subset(a->kinds[i], b->kinds[i]) ||
            !heapy_kind_is_subset(b->kinds[i], a->kinds[i]))
            return false;
    return true;
}

bool
heapy_classifier_is_finer(const heapy_classifier *a, const heapy_classifier *b)
{
    if (!a || !b)
        return false;
    if (b->form == HEAPY_BY_UNITY || heapy_classifier_is_equal(a, b))
        return true;
    if (b->form == HEAPY_BY_ALL) {
        bool is_finer = true;
        for (size_t i = 0; is_finer && i < b->part_count; i++)
            is_finer = heapy_classifier_is_finer(a, b->parts[i]);
        return is_finer;
    }
    if (a->form == HEAPY_BY_ALL) {
        for (size_t i = 0; i < a->part_count; i++)
            if (heapy_classifier_is_finer(a->parts[i], b))
                return true;
        return false;
    }
    return a->form == HEAPY_BY_CLODO && b->form == HEAPY_BY_TYPE;
}

uint64_t
heapy_classifier_hash(const heapy_classifier *classifier)
{
    uint64_t hash = 0; /* of any order of the parts */
    for (size_t i = 0; i < heapy_classifier_part_count(classifier); i++)
        hash += heapy_classifier_hash(classifier->parts[i]);
    for (const char *c = classifier ? classifier->fact : NULL; c && *c; c++)
        hash = hash * 31 + (unsigned char)*c;
    return (hash + (uint64_t)heapy_classifier_form_of(classifier) + 1) * UINT64_C(0x9e3779b97f4a7c15);
}
