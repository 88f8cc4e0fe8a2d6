/* SPDX-License-Identifier: MIT */
/*
 * Classifiers.
 *
 * By type the classes are the graph's types.  By "class or dict of" there are two blocks of classes and one
 * more, so that the class of a node is arithmetic:
 *
 *     0 .. types-1        type t
 *     types .. 2*types-1  dict of a t
 *     2*types             dict without owner
 */
#include "heapy/classify.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/name_table.h"
#include "heapy/memory.h"

struct heapy_classes {
    heapy_classifier classifier;
    size_t type_count;
    size_t node_count;
    heapy_class *of_nodes;
    uint32_t *name_of_class; /* in names */
    heapy__name_table names;
};

void
heapy_classes_destroy(heapy_classes *classes)
{
    if (!classes)
        return;
    heapy_free(classes->of_nodes);
    heapy_free(classes->name_of_class);
    heapy__name_table_deinit(&classes->names);
    heapy_free(classes);
}

size_t
heapy_classes_count(const heapy_classes *classes)
{
    return classes->classifier == HEAPY_BY_TYPE ? classes->type_count : 2 * classes->type_count + 1;
}

size_t
heapy_classes_node_count(const heapy_classes *classes)
{
    return classes->node_count;
}

const heapy_class *
heapy_classes_of_nodes(const heapy_classes *classes)
{
    return classes->of_nodes;
}

const char *
heapy_classes_name(const heapy_classes *classes, heapy_class which)
{
    return heapy__name_table_get(&classes->names, classes->name_of_class[which], NULL);
}

const char *
heapy_classifier_header(heapy_classifier classifier)
{
    return classifier == HEAPY_BY_TYPE ? "Type" : "Kind (class / dict of class)";
}

const char *
heapy_classes_header(const heapy_classes *classes)
{
    return heapy_classifier_header(classes->classifier);
}

/* The names of both blocks; only those of classes that occur could be made, but types are few. */
static bool
name_classes(heapy_classes *classes, const heapy_graph *graph)
{
    static const char prefix[] = "dict of ";
    char *joined = NULL;
    size_t types = classes->type_count, capacity = 0;
    bool is_named = true;
    for (heapy_type t = 0; is_named && t < types; t++) {
        const char *name = heapy_graph_type_name(graph, t);
        size_t length = strlen(name);
        is_named = heapy__name_table_intern(&classes->names, name, length, &classes->name_of_class[t]);
        if (!is_named || classes->classifier == HEAPY_BY_TYPE)
            continue;
        char *grown = heapy_grow(joined, length + sizeof prefix, &capacity, 1);
        if (!grown) {
            is_named = false;
            break;
        }
        joined = grown;
        memcpy(joined, prefix, sizeof prefix - 1);
        memcpy(joined + sizeof prefix - 1, name, length);
        is_named = heapy__name_table_intern(&classes->names, joined, length + sizeof prefix - 1,
                                            &classes->name_of_class[types + t]);
    }
    static const char no_owner[] = "dict (no owner)";
    if (is_named && classes->classifier == HEAPY_BY_CLODO)
        is_named = heapy__name_table_intern(&classes->names, no_owner, sizeof no_owner - 1,
                                            &classes->name_of_class[2 * types]);
    heapy_free(joined);
    return is_named;
}

static bool
classify_by_clodo(heapy_classes *classes, const heapy_graph *graph)
{
    size_t types = classes->type_count;
    const heapy_type *owners = heapy_graph_owners(graph);
    bool *is_dict = heapy_alloc_array(types, sizeof *is_dict);
    if (!is_dict)
        return false;
    for (heapy_type t = 0; t < types; t++)
        is_dict[t] = heapy_graph_type_flags(graph, t) & HEAPY_TYPE_IS_DICT;
    for (size_t i = 0; i < classes->node_count; i++) {
        if (!is_dict[classes->of_nodes[i]])
            continue;
        heapy_type owner = owners ? owners[i] : HEAPY_NO_TYPE;
        classes->of_nodes[i] = (heapy_class)(owner == HEAPY_NO_TYPE ? 2 * types : types + owner);
    }
    heapy_free(is_dict);
    return true;
}

heapy_status
heapy_classify(const heapy_graph *graph, heapy_classifier classifier, heapy_classes **out, heapy_error *err)
{
    size_t nodes = heapy_graph_node_count(graph), types = heapy_graph_type_count(graph);
    if (types > UINT32_MAX / 2 - 1)
        return heapy__fail(err, HEAPY_LIMIT, "%zu types are too many to classify", types);
    heapy_classes *classes = heapy_alloc_zeroed(1, sizeof *classes);
    if (!classes)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a classification");
    classes->classifier = classifier;
    classes->type_count = types;
    classes->node_count = nodes;
    classes->of_nodes = heapy_alloc_array(nodes, sizeof *classes->of_nodes);
    classes->name_of_class = heapy_alloc_array(heapy_classes_count(classes), sizeof *classes->name_of_class);
    if (!classes->of_nodes || !classes->name_of_class || !name_classes(classes, graph)) {
        heapy_classes_destroy(classes);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to classify %zu objects", nodes);
    }
    memcpy(classes->of_nodes, heapy_graph_types(graph), nodes * sizeof *classes->of_nodes);
    if (classifier == HEAPY_BY_CLODO && !classify_by_clodo(classes, graph)) {
        heapy_classes_destroy(classes);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to classify %zu objects", nodes);
    }
    *out = classes;
    return HEAPY_OK;
}
