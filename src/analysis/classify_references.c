/* SPDX-License-Identifier: MIT */
/* By what refers to a member: the classes of its referrers, or the names of the references. */
#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "classify_internal.h"
#include "heapy/memory.h"
#include "heapy/reference.h"

/* The members' nodes as a set; *out NULL: all. */
static heapy_status
set_of_nodes(const heapy__members *members, heapy_node_set **out, heapy_error *err)
{
    *out = NULL;
    if (!members->nodes)
        return HEAPY_OK;
    heapy_status status = heapy_node_set_create(heapy_graph_node_count(members->graph), out, err);
    for (size_t i = 0; !status && i < members->count; i++)
        heapy_node_set_add(*out, members->nodes[i]);
    return status;
}

/* ---- classes of referrers ---- */

static heapy_classes *
new_by_referrers(const heapy_classifier *by, const heapy_classes *of_referrers, size_t count)
{
    heapy__string_buffer header = {0};
    heapy__string_buffer_puts(&header, heapy__classifier_header(by));
    heapy__string_buffer_puts(&header, heapy_classes_header(of_referrers));
    heapy_classes *classes = NULL;
    if (!header.failed)
        classes = heapy__classes_new(by, header.text, count);
    heapy__string_buffer_deinit(&header);
    return classes;
}

/* The names of `classes`, borrowed from it.  NULL: no memory. */
static const char **
names_of(const heapy_classes *classes)
{
    size_t count = heapy_classes_count(classes);
    const char **names = heapy_alloc_array(count, sizeof *names);
    for (size_t i = 0; names && i < count; i++)
        names[i] = heapy_classes_name(classes, (heapy_class)i);
    return names;
}

/* The sets of the members' referrers' classes.  Reverse edges that are there are used; for one question a
   pass over the edges is quicker than making them.  by_member: sets are numbered by member, else by node. */
static heapy_status
find_sets(const heapy__members *members, const heapy_class *of_nodes, heapy_referrer_sets **out,
          bool *by_member, heapy_error *err)
{
    const heapy_referrers *referrers = heapy_snapshot_known_referrers(members->snapshot);
    heapy_node_set *nodes = NULL;
    *by_member = referrers && members->nodes;
    if (*by_member)
        return heapy_referrer_sets_of_nodes(referrers, members->nodes, members->count, of_nodes, out, err);
    heapy_status status = set_of_nodes(members, &nodes, err);
    if (!status)
        status = heapy_referrer_sets_by_class(members->graph, nodes, of_nodes, out, err);
    heapy_node_set_destroy(nodes);
    return status;
}

heapy_status
heapy__classify_by_referrers(const heapy_classifier *by, const heapy__members *members, heapy_classes **out,
                             heapy_error *err)
{
    if (!heapy_graph_has_edges(members->graph))
        return heapy__classify_lacks("referrers", err);
    const heapy__members all = heapy__members_of(members->snapshot, NULL);
    heapy_classes *of_referrers = NULL, *classes = NULL;
    heapy_referrer_sets *sets = NULL;
    bool by_member = false;
    heapy_status status = heapy__classify(by->parts[0], &all, &of_referrers, err);
    if (status)
        return status;
    classes = new_by_referrers(by, of_referrers, members->count);
    const char **names = names_of(of_referrers);
    if (!classes || !names || !heapy__classes_make_inner(classes, 1))
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory to classify %zu objects", members->count);
    if (!status)
        status = find_sets(members, of_referrers->of_members, &sets, &by_member, err);
    if (!status &&
        !heapy__classify_by_sets(classes, sets, by_member ? NULL : members->nodes, names, "<Nothing>"))
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory to classify %zu objects", members->count);
    heapy_referrer_sets_destroy(sets);
    heapy_free(names);
    if (status) {
        heapy_classes_destroy(of_referrers);
        heapy_classes_destroy(classes);
        return status;
    }
    /* What the classes are is asked of their names and identities alone. */
    heapy_free(of_referrers->of_members);
    of_referrers->of_members = NULL;
    of_referrers->member_count = 0;
    classes->inner[0] = of_referrers;
    *out = classes;
    return HEAPY_OK;
}

heapy_status
heapy__kind_by_referrers(const heapy_classes *classes, uint32_t which, const heapy_kind **out,
                         heapy_error *err)
{
    const uint32_t *numbers = classes->set_numbers + classes->set_starts[which];
    size_t count = classes->set_starts[which + 1] - classes->set_starts[which], made = 0;
    const heapy_kind **kinds = heapy_alloc_array(count, sizeof *kinds);
    heapy_status status =
        kinds ? HEAPY_OK : heapy__fail(err, HEAPY_NO_MEMORY, "no memory for %zu kinds", count);
    for (; !status && made < count; made++) {
        status = heapy_class_kind(classes->inner[0], numbers[made], &kinds[made], err);
        if (status)
            break;
    }
    if (!status)
        status = heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_REFERRERS,
                                                 .classifier = classes->by->parts[0],
                                                 .kinds = kinds,
                                                 .kind_count = count},
                                   out, err);
    for (size_t i = 0; i < made; i++)
        heapy_kind_release(kinds[i]);
    heapy_free(kinds);
    return status;
}

/* ---- names of references ---- */

heapy_status
heapy__classify_by_references(const heapy_classifier *by, const heapy__members *members, heapy_classes **out,
                              heapy_error *err)
{
    if (!heapy_graph_has_edges(members->graph))
        return heapy__classify_lacks("names of references", err);
    heapy_classes *classes = heapy__classes_new(by, heapy__classifier_header(by), members->count);
    heapy_node_set *nodes = NULL;
    heapy_referrer_sets *sets = NULL;
    heapy_reference *references = NULL;
    size_t reference_count = 0;
    heapy_reference_names names = {0};
    heapy_status status =
        classes ? set_of_nodes(members, &nodes, err)
                : heapy__fail(err, HEAPY_NO_MEMORY, "no memory to classify %zu objects", members->count);
    if (!status)
        status = heapy_referrer_sets_by_reference(members->graph, nodes, &sets, &references, &reference_count,
                                                  err);
    if (!status)
        status = heapy_reference_names_init(&names, members->snapshot, references, reference_count, err);
    if (!status) {
        heapy_referrer_sets_renumber(sets, names.numbers);
        if (!heapy__classify_by_sets(classes, sets, members->nodes, (const char *const *)names.texts, ""))
            status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory to classify %zu objects", members->count);
        classes->texts = names.texts; /* for kinds */
        classes->text_count = names.text_count;
        names.texts = NULL;
    }
    heapy_referrer_sets_destroy(sets);
    heapy_reference_names_deinit(&names);
    heapy_free(references);
    heapy_node_set_destroy(nodes);
    if (status)
        heapy_classes_destroy(classes);
    else
        *out = classes;
    return status;
}

static int
compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

heapy_status
heapy__kind_by_references(const heapy_classes *classes, uint32_t which, const heapy_kind **out,
                          heapy_error *err)
{
    const uint32_t *numbers = classes->set_numbers + classes->set_starts[which];
    size_t count = classes->set_starts[which + 1] - classes->set_starts[which];
    const char **texts = heapy_alloc_array(count, sizeof *texts);
    if (!texts)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a kind of %zu references", count);
    for (size_t i = 0; i < count; i++)
        texts[i] = classes->texts[numbers[i]];
    if (count > 1)
        qsort(texts, count, sizeof *texts, compare_texts);
    heapy_status status = heapy_kind_create(
        &(heapy_atom){.form = HEAPY_ATOM_REFERENCES, .texts = texts, .text_count = count}, out, err);
    heapy_free(texts);
    return status;
}
