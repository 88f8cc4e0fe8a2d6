/* SPDX-License-Identifier: MIT */
/* By a column of facts: where a member was allocated, and whatever else its maker put beside the columns. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "classify_internal.h"
#include "heapy/memory.h"

/* Class v is fact v; the last one is of what is not known. */
static heapy_status
classify_by_facts(const heapy_classifier *by, const heapy__members *members, const heapy_facts *facts,
                  heapy_classes **out, heapy_error *err)
{
    static const char unknown[] = "unknown";
    size_t count = heapy_facts_value_count(facts);
    heapy_classes *classes = heapy__classes_new(by, heapy__classifier_header(by), members->count);
    bool is_done = classes;
    for (uint32_t v = 0; is_done && v < count; v++) {
        const char *text = heapy_facts_value(facts, v);
        is_done = heapy__classes_add(classes, text, strlen(text));
    }
    if (!is_done || !heapy__classes_add(classes, unknown, sizeof unknown - 1))
        return heapy__classes_failed(classes, members->count, err);
    for (size_t i = 0; i < members->count; i++) {
        uint32_t value = heapy_facts_of_node(facts, heapy__member_node(members, i));
        classes->of_members[i] = value == HEAPY_NO_FACT ? (heapy_class)count : value;
    }
    *out = classes;
    return HEAPY_OK;
}

heapy_status
heapy__classify_by_fact(const heapy_classifier *by, const heapy__members *members, heapy_classes **out,
                        heapy_error *err)
{
    const heapy_facts *facts = heapy_graph_facts(members->graph, by->fact);
    if (facts)
        return classify_by_facts(by, members, facts, out, err);
    return heapy__classify_lacks(by->fact, err);
}

heapy_status
heapy__kind_by_fact(const heapy_classes *classes, uint32_t which, const heapy_kind **out, heapy_error *err)
{
    bool is_known = which + 1 < classes->class_count;
    return heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_FACT,
                                           .classifier = classes->by,
                                           .name = is_known ? heapy_classes_name(classes, which) : NULL},
                             out, err);
}

/* ---- lines of allocation ---- */

heapy_status
heapy__classify_by_producer(const heapy_classifier *by, const heapy__members *members, heapy_classes **out,
                            heapy_error *err)
{
    const heapy_facts *sites = heapy_graph_facts(members->graph, HEAPY_ALLOCATION_SITES);
    if (sites)
        return classify_by_facts(by, members, sites, out, err);
    return heapy__classify_lacks("where objects were allocated", err);
}

/* The class's name is FILE:LINE. */
heapy_status
heapy__kind_by_producer(const heapy_classes *classes, uint32_t which, const heapy_kind **out,
                        heapy_error *err)
{
    const char *name = heapy_classes_name(classes, which), *colon = strrchr(name, ':');
    heapy_atom atom = {.form = HEAPY_ATOM_PRODUCER, .number = HEAPY_NO_LINE};
    if (which + 1 == classes->class_count)
        return heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_NO_PRODUCER}, out, err);
    size_t length;
    if (colon)
        length = (size_t)(colon - name);
    else
        length = strlen(name);
    char *file = heapy_alloc_array(length + 1, 1);
    if (!file)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a kind");
    memcpy(file, name, length);
    file[length] = '\0';
    atom.name = file;
    if (colon)
        atom.number = strtoll(colon + 1, NULL, 10);
    heapy_status status = heapy_kind_create(&atom, out, err);
    heapy_free(file);
    return status;
}
