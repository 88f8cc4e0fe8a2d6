/* SPDX-License-Identifier: MIT */
/*
 * The table of classifiers: one row each, and what makes expressions of them.
 *
 * To add one that other columns than facts say: a form in heapy/classifier.h, a row here, its two functions
 * in a file of its own.
 */
#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "classify_internal.h"
#include "heapy/memory.h"

#define FUNCTIONS(name) heapy__classify_by_##name, heapy__kind_by_##name
static const heapy__classifier_row rows[HEAPY_CLASSIFIER_FORM_COUNT] = {
    [HEAPY_BY_TYPE] = {"Type", "Type", PARTS_NONE, VIEW_MEMBERS, 0, FUNCTIONS(type)},
    [HEAPY_BY_CLODO] = {"Clodo", "Kind (class / dict of class)", PARTS_NONE, VIEW_MEMBERS, HEAPY_NEEDS_OWNERS,
                        FUNCTIONS(clodo)},
    [HEAPY_BY_SIZE] = {"Size", "Individual Size", PARTS_NONE, VIEW_MEMBERS, HEAPY_NEEDS_SIZES,
                       FUNCTIONS(size)},
    [HEAPY_BY_MODULE] = {"Module", "Module", PARTS_NONE, VIEW_MEMBERS,
                         HEAPY_NEEDS_MODULES | HEAPY_NEEDS_WORDS, FUNCTIONS(module)},
    [HEAPY_BY_ID] = {"Id", "Object Identity", PARTS_NONE, VIEW_MEMBERS, HEAPY_NEEDS_WORDS, FUNCTIONS(id)},
    [HEAPY_BY_IDSET] = {"Idset", "by identity set", PARTS_NONE, VIEW_MEMBERS,
                        HEAPY_NEEDS_OWNERS | HEAPY_NEEDS_OWNER_TEXTS | HEAPY_NEEDS_LENGTHS |
                            HEAPY_NEEDS_MODULES | HEAPY_NEEDS_WORDS,
                        FUNCTIONS(idset)},
    [HEAPY_BY_UNITY] = {"Unity", "<unclassified>", PARTS_NONE, VIEW_MEMBERS, 0, FUNCTIONS(unity)},
    [HEAPY_BY_REFERENCES] = {"Via", "Referred Via:", PARTS_NONE, VIEW_MEMBERS,
                             HEAPY_NEEDS_EDGES | HEAPY_NEEDS_REFERENCE_NAMES | HEAPY_NEEDS_WORDS,
                             FUNCTIONS(references)},
    [HEAPY_BY_PRODUCER] = {"Prod", "Producer (line of allocation)", PARTS_NONE, VIEW_MEMBERS,
                           HEAPY_NEEDS_PRODUCERS, FUNCTIONS(producer)},
    [HEAPY_BY_FACT] = {"Fact", "", PARTS_FACT, VIEW_MEMBERS, HEAPY_NEEDS_FACTS, FUNCTIONS(fact)},
    [HEAPY_BY_ALL] = {"", "", PARTS_SEVERAL, VIEW_MEMBERS, 0, FUNCTIONS(all)},
    [HEAPY_BY_REFERRERS] = {"refdby", "Referrers by ", PARTS_ONE, VIEW_REFERRERS,
                            HEAPY_NEEDS_EDGES | HEAPY_NEEDS_REFERRERS, FUNCTIONS(referrers)},
    [HEAPY_BY_OWNER] = {"dictof", "Dict of ", PARTS_ONE, VIEW_OWNERS,
                        HEAPY_NEEDS_OWNERS | HEAPY_NEEDS_OWNER_NODES, FUNCTIONS(owner)},
    [HEAPY_BY_FIRST_MATCH] = {"findex", "First Matching Kind / Index", PARTS_KINDS, VIEW_MEMBERS,
                              HEAPY_NEEDS_WORDS, FUNCTIONS(first_match)},
};
#undef FUNCTIONS

const char *
heapy_classifier_header(heapy_classifier_form form)
{
    return (unsigned)form < HEAPY_CLASSIFIER_FORM_COUNT && rows[form].parts == PARTS_NONE ? rows[form].header
                                                                                          : "";
}

/* ---- expressions ---- */

static heapy_status
no_memory(heapy_error *err)
{
    return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a classifier");
}

/* Hand out a classifier that is complete unless it is too deep. */
static heapy_status
hand_out(heapy_classifier *classifier, const heapy_classifier **out, heapy_error *err)
{
    if (classifier->depth > HEAPY_CLASSIFIER_MAX_DEPTH) {
        heapy_classifier_release(classifier);
        return heapy__fail(err, HEAPY_LIMIT,
                           "a relation made of relations that are made of relations, more than %d deep",
                           HEAPY_CLASSIFIER_MAX_DEPTH);
    }
    *out = classifier;
    return HEAPY_OK;
}

static heapy_status
create(heapy_classifier_form form, const heapy_classifier *const *parts, size_t count,
       const heapy_classifier **out, heapy_error *err)
{
    heapy_classifier *classifier = heapy__classifier_new(form, &rows[form], count, 0);
    if (!classifier)
        return no_memory(err);
    for (size_t i = 0; i < count; i++) {
        classifier->parts[classifier->part_count++] = heapy_classifier_retain(parts[i]);
        if (parts[i]->depth >= classifier->depth)
            classifier->depth = parts[i]->depth + 1;
    }
    return hand_out(classifier, out, err);
}

/* Append `part` to the list unless one of it is as fine, in place of those it is finer than.  The list, which
   has room, borrows. */
static void
append_minimal(const heapy_classifier **list, size_t *count, const heapy_classifier *part)
{
    if (part->form == HEAPY_BY_ALL) {
        for (size_t i = 0; i < part->part_count; i++)
            append_minimal(list, count, part->parts[i]);
        return;
    }
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++)
        if (heapy_classifier_is_finer(list[i], part))
            return;
    for (size_t i = 0; i < *count; i++)
        if (!heapy_classifier_is_finer(part, list[i]))
            list[kept++] = list[i];
    list[kept++] = part;
    *count = kept;
}

static heapy_status
create_all(const heapy_classifier *const *parts, size_t part_count, const heapy_classifier **out,
           heapy_error *err)
{
    size_t room = 0, count = 0;
    for (size_t i = 0; i < part_count; i++)
        room += parts[i]->form == HEAPY_BY_ALL ? parts[i]->part_count : 1;
    const heapy_classifier **list = heapy_alloc_array(room, sizeof *list);
    if (!list)
        return no_memory(err);
    for (size_t i = 0; i < part_count; i++)
        append_minimal(list, &count, parts[i]);
    heapy_status status = HEAPY_OK;
    if (count == 1)
        *out = heapy_classifier_retain(list[0]);
    else
        status = create(HEAPY_BY_ALL, list, count, out, err);
    heapy_free(list);
    return status;
}

heapy_status
heapy_classifier_create(heapy_classifier_form form, const heapy_classifier *const *parts, size_t part_count,
                        const heapy_classifier **out, heapy_error *err)
{
    if ((!parts && part_count) || !out)
        return heapy__fail_null(err, "parts or out");
    if ((unsigned)form >= HEAPY_CLASSIFIER_FORM_COUNT)
        return heapy__fail(err, HEAPY_INVALID, "%d is no form of a classifier", (int)form);
    for (size_t i = 0; i < part_count; i++)
        if (!parts[i])
            return heapy__fail(err, HEAPY_INVALID, "part %zu of a classifier is NULL", i);
    switch (rows[form].parts) {
    case PARTS_NONE:
        if (!part_count)
            return create(form, NULL, 0, out, err);
        break;
    case PARTS_ONE:
        if (part_count == 1)
            return create(form, parts, 1, out, err);
        break;
    case PARTS_SEVERAL:
        if (part_count)
            return create_all(parts, part_count, out, err);
        break;
    case PARTS_FACT:
    case PARTS_KINDS:
        break;
    }
    return heapy__fail(err, HEAPY_INVALID, "%s is not made of %zu parts", rows[form].name, part_count);
}

heapy_status
heapy_classifier_of_kinds(const heapy_kind *const *kinds, const char *const *names, size_t count,
                          const heapy_classifier **out, heapy_error *err)
{
    if (((!kinds || !names) && count) || !out)
        return heapy__fail_null(err, "kinds, names or out");
    for (size_t i = 0; i < count; i++)
        if (!kinds[i] || !names[i])
            return heapy__fail(err, HEAPY_INVALID, "kind %zu of a classifier, or its name, is NULL", i);
    heapy_classifier *classifier =
        heapy__classifier_new(HEAPY_BY_FIRST_MATCH, &rows[HEAPY_BY_FIRST_MATCH], 0, count);
    if (!classifier)
        return no_memory(err);
    classifier->depth = 2;
    for (size_t i = 0; i < count; i++) {
        char *name = heapy__copy_text(names[i]);
        if (!name) {
            heapy_classifier_release(classifier);
            return no_memory(err);
        }
        classifier->names[i] = name;
        classifier->kinds[i] = heapy_kind_retain(kinds[i]);
        classifier->kind_count++;
        if (heapy_kind_depth(kinds[i]) > classifier->depth)
            classifier->depth = heapy_kind_depth(kinds[i]);
    }
    return hand_out(classifier, out, err);
}

heapy_status
heapy_classifier_by_fact(const char *fact, const char *name, const char *header, const heapy_classifier **out,
                         heapy_error *err)
{
    if (!fact || !name || !header || !out)
        return heapy__fail_null(err, "fact, name, header or out");
    heapy_classifier *classifier = heapy__classifier_new(HEAPY_BY_FACT, &rows[HEAPY_BY_FACT], 0, 0);
    if (classifier) {
        classifier->fact = heapy__copy_text(fact);
        classifier->name = heapy__copy_text(name);
        classifier->header = heapy__copy_text(header);
    }
    if (!classifier || !classifier->fact || !classifier->name || !classifier->header) {
        heapy_classifier_release(classifier);
        return no_memory(err);
    }
    *out = classifier;
    return HEAPY_OK;
}

/* ---- classifying ---- */

heapy_status
heapy__classify(const heapy_classifier *classifier, const heapy__members *members, heapy_classes **out,
                heapy_error *err)
{
    return classifier->row->classify(classifier, members, out, err);
}

heapy_status
heapy_classify(const heapy_classifier *classifier, heapy_snapshot *snapshot, const heapy_members *members,
               heapy_classes **out, heapy_error *err)
{
    if (!classifier || !snapshot || !out)
        return heapy__fail_null(err, "classifier, snapshot or out");
    heapy_status status = heapy__check_members(snapshot, members, err);
    if (status)
        return status;
    const heapy__members of = heapy__members_of(snapshot, members);
    return heapy__classify(classifier, &of, out, err);
}
