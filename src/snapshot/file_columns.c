/* SPDX-License-Identifier: MIT */
/* The columns of a file as those of a graph: lent where they lie, and what is small copied into it. */
#include "file_columns.h"

#include <inttypes.h>
#include <stdio.h>

#include "../graph/graph_internal.h"

static const char *
text_of(const heapy__file_texts *texts, uint32_t number)
{
    if (number >= texts->count)
        return NULL;
    return texts->bytes + texts->starts[number];
}

static heapy_status
add_types(heapy_snapshot_file *file, heapy_graph_builder *builder, heapy_error *err)
{
    const void *rows, *bases;
    size_t base_count, first = 0;
    heapy__file_texts texts;
    heapy__chunk_reader *reader = &file->reader;
    heapy_status status = heapy__chunk_load(reader, "type.rows", sizeof(heapy__file_type),
                                            file->graph.type_count, &rows, NULL, err);
    if (!status)
        status = heapy__chunk_load(reader, "type.bases", sizeof(heapy_type), HEAPY__ANY_COUNT, &bases,
                                   &base_count, err);
    if (!status)
        status = heapy__file_load_texts(file, "type.texts", HEAPY__ANY_COUNT, &texts, err);
    for (uint32_t t = 0; !status && t < file->graph.type_count; t++) {
        const heapy__file_type *row = (const heapy__file_type *)rows + t;
        heapy_type same;
        uint32_t role = row->role & ~HEAPY__FILE_TYPE_ALIAS;
        const heapy_type_row type = {.name = text_of(&texts, row->name),
                                     .module = text_of(&texts, row->module),
                                     .qualname = text_of(&texts, row->qualname),
                                     .is_alias = row->role & HEAPY__FILE_TYPE_ALIAS,
                                     .role = role < HEAPY_ROLE_COUNT ? (heapy_role)role : HEAPY_ROLE_COUNT,
                                     .identity = row->identity,
                                     .node = row->node,
                                     .bases = (const heapy_type *)bases + first,
                                     .base_count = row->base_count};
        if (row->base_count > base_count - first)
            return heapy__bad_file(reader, err, heapy__chunk_offset(reader, "type.bases"),
                                   "type %" PRIu32 " has bases that are not there", t);
        status = heapy_graph_builder_add_type(builder, &type, &same, err);
        first += row->base_count;
    }
    if (!status && first != base_count)
        return heapy__bad_file(reader, err, heapy__chunk_offset(reader, "type.bases"),
                               "%zu bases belong to no type", base_count - first);
    return heapy__blame_file(file, status, "type.rows", err);
}

static heapy_status
add_names(heapy_snapshot_file *file, heapy_graph_builder *builder, heapy_error *err)
{
    heapy__file_texts names;
    uint32_t number;
    heapy_status status = heapy__file_load_texts(file, "name", file->graph.name_count, &names, err);
    for (size_t i = 0; !status && i < names.count; i++) {
        size_t length = (size_t)(names.starts[i + 1] - names.starts[i]) - 1;
        status = heapy_graph_builder_intern(builder, names.bytes + names.starts[i], length, &number, err);
        if (!status && number != i)
            return heapy__bad_file(&file->reader, err, heapy__chunk_offset(&file->reader, "name.starts"),
                                   "name %zu is there twice", i);
    }
    return heapy__blame_file(file, status, "name.starts", err);
}

/* Sizes, whose sum is kept in a signed number of 64 bits by everything that adds them up. */
static heapy_status
add_sizes(heapy_snapshot_file *file, heapy_graph_builder *builder, heapy_error *err)
{
    heapy_sizes sizes = {.node_count = (size_t)file->graph.node_count};
    const void *narrow, *large;
    uint64_t total = 0;
    heapy__chunk_reader *reader = &file->reader;
    heapy_status status =
        heapy__chunk_load(reader, "sizes", sizeof(uint32_t), sizes.node_count, &narrow, NULL, err);
    if (!status)
        status = heapy__chunk_load(reader, "sizes.large", sizeof(heapy_large_size), HEAPY__ANY_COUNT, &large,
                                   &sizes.large_count, err);
    if (status)
        return status;
    sizes.narrow = narrow;
    sizes.large = large;
    for (size_t i = 0; i < sizes.node_count; i++)
        total += sizes.narrow[i]; /* less than 2^64, for either is less than 2^32 */
    if (total > INT64_MAX / 2)
        total = INT64_MAX / 2 + 1;
    for (size_t i = 0; i < sizes.large_count; i++)
        if (sizes.large[i].size > INT64_MAX || (total += sizes.large[i].size) > INT64_MAX / 2)
            return heapy__bad_file(reader, err, heapy__chunk_offset(reader, "sizes.large"),
                                   "sizes add up to more than 2^62 bytes");
    return heapy__blame_file(file, heapy_graph_builder_lend_sizes(builder, &sizes, err), "sizes", err);
}

/* Columns of facts: a name, the texts of values, and which nodes have which. */
static heapy_status
add_facts(heapy_snapshot_file *file, heapy_graph_builder *builder, uint32_t number, heapy_error *err)
{
    char prefix[24], room[HEAPY__CHUNK_NAME_BYTES];
    const void *name, *values;
    size_t length, value_count;
    heapy__file_texts texts;
    heapy_facts *facts = NULL;
    snprintf(prefix, sizeof prefix, "fact.%" PRIu32, number);
    heapy_status status = heapy__chunk_load(&file->reader, heapy__file_part_name(room, prefix, "name"), 1,
                                            HEAPY__ANY_COUNT, &name, &length, err);
    if (!status && (!length || ((const char *)name)[length - 1]))
        return heapy__bad_file(&file->reader, err, heapy__chunk_offset(&file->reader, room),
                               "facts %" PRIu32 " have no name", number);
    if (!status)
        status = heapy_graph_builder_begin_facts(builder, name, &facts, err);
    if (!status)
        status = heapy__file_load_texts(file, heapy__file_part_name(room, prefix, "texts"), HEAPY__ANY_COUNT,
                                        &texts, err);
    if (!status)
        status = heapy__chunk_load(&file->reader, heapy__file_part_name(room, prefix, "values"),
                                   sizeof(uint32_t), HEAPY__ANY_COUNT, &values, &value_count, err);
    for (size_t v = 0; !status && v < value_count; v++) {
        uint32_t text = ((const uint32_t *)values)[v], same;
        if (text >= texts.count)
            return heapy__bad_file(&file->reader, err, heapy__chunk_offset(&file->reader, room),
                                   "fact %zu has text %" PRIu32 " of %zu", v, text, texts.count);
        status = heapy_facts_add_value(facts, texts.bytes + texts.starts[text],
                                       (size_t)(texts.starts[text + 1] - texts.starts[text]) - 1, &same, err);
    }
    if (!status && heapy__file_has(file, prefix, "nodes")) {
        heapy_sparse_values of_nodes;
        status = heapy__file_load_sparse(file, prefix, &of_nodes, err);
        if (!status)
            status = heapy_facts_lend(facts, &of_nodes, err);
    }
    return heapy__blame_file(file, status, heapy__file_part_name(room, prefix, "name"), err);
}

/* The builder takes lists that are made of others, and a file of a few such would fill any memory. */
static heapy_status
check_list_labels(heapy__chunk_reader *reader, const heapy_label *labels, size_t count, heapy_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (heapy_label_kind_of(labels[i]) == HEAPY_LABEL_SEVERAL)
            return heapy__bad_file(reader, err, heapy__chunk_offset(reader, "label.lists"),
                                   "a list of labels has the list 0x%x in it", labels[i]);
    return HEAPY_OK;
}

static heapy_status
add_labels(heapy_snapshot_file *file, heapy_graph_builder *builder, heapy_error *err)
{
    const void *counts, *labels, *roots;
    size_t list_count, label_count, root_count, first = 0;
    heapy__chunk_reader *reader = &file->reader;
    heapy_status status = heapy__chunk_load(reader, "label.counts", sizeof(uint32_t), HEAPY__ANY_COUNT,
                                            &counts, &list_count, err);
    if (!status)
        status = heapy__chunk_load(reader, "label.lists", sizeof(heapy_label), HEAPY__ANY_COUNT, &labels,
                                   &label_count, err);
    if (!status)
        status = check_list_labels(reader, labels, label_count, err);
    if (!status)
        status = heapy__chunk_load(reader, "roots", sizeof(heapy__file_root), HEAPY__ANY_COUNT, &roots,
                                   &root_count, err);
    for (size_t i = 0; !status && i < list_count; i++) {
        uint32_t count = ((const uint32_t *)counts)[i];
        heapy_label same;
        if (count > label_count - first)
            return heapy__bad_file(reader, err, heapy__chunk_offset(reader, "label.counts"),
                                   "list %zu has labels that are not there", i);
        status = heapy_graph_builder_several(builder, (const heapy_label *)labels + first, count, &same, err);
        first += count;
    }
    if (!status && first != label_count)
        return heapy__bad_file(reader, err, heapy__chunk_offset(reader, "label.counts"),
                               "%zu labels belong to no list", label_count - first);
    for (size_t i = 0; !status && i < root_count; i++) {
        const heapy__file_root *root = (const heapy__file_root *)roots + i;
        status = heapy_graph_builder_add_root(builder, root->target, root->label, err);
    }
    return heapy__blame_file(file, status, "label.counts", err);
}

static heapy_status
add_edges(heapy_snapshot_file *file, heapy_graph_builder *builder, heapy_error *err)
{
    heapy__chunk_reader *reader = &file->reader;
    uint64_t nodes = file->graph.node_count, count = file->graph.edge_count;
    bool is_wide = heapy__chunk_count(reader, "edge.offsets", sizeof(uint64_t)) == nodes + 1;
    const void *offsets, *targets, *labels;
    heapy_status status = add_labels(file, builder, err);
    if (status || !heapy__chunk_is_there(reader, "edge.offsets"))
        return status;
    status = heapy__chunk_load(reader, "edge.offsets", is_wide ? sizeof(uint64_t) : sizeof(uint32_t),
                               nodes + 1, &offsets, NULL, err);
    if (!status)
        status = heapy__chunk_load(reader, "edge.targets", sizeof(uint32_t), count, &targets, NULL, err);
    if (!status)
        status = heapy__chunk_load(reader, "edge.labels", sizeof(heapy_label), count, &labels, NULL, err);
    if (status)
        return status;
    const heapy_lent_edges edges = {.offsets32 = is_wide ? NULL : offsets,
                                    .offsets64 = is_wide ? offsets : NULL,
                                    .targets = targets,
                                    .labels = labels,
                                    .count = (size_t)count};
    return heapy__blame_file(file, heapy_graph_builder_lend_edges(builder, &edges, err), "edge.offsets", err);
}

heapy_status
heapy__file_add_columns(heapy_snapshot_file *file, heapy_graph_builder *builder, unsigned needs,
                        heapy_error *err)
{
    heapy_sparse_values values;
    heapy_status status = add_types(file, builder, err);
    if (!status)
        status = add_names(file, builder, err);
    if (!status)
        status = heapy__blame_file(file, heapy_graph_builder_set_root(builder, file->graph.root, err),
                                   "graph", err);
    if (!status && needs & HEAPY_FILE_SIZES)
        status = add_sizes(file, builder, err);
    if (!status && needs & HEAPY_FILE_OWNERS) {
        status = heapy__file_load_sparse(file, "owner", &values, err);
        if (!status)
            status = heapy_graph_builder_lend_owners(builder, &values, err);
    }
    if (!status && needs & HEAPY_FILE_LENGTHS) {
        status = heapy__file_load_sparse(file, "length", &values, err);
        if (!status)
            status = heapy_graph_builder_lend_lengths(builder, &values, err);
    }
    /* The list of facts begins with the last one. */
    for (uint32_t i = needs & HEAPY_FILE_FACTS ? file->graph.fact_count : 0; !status && i-- > 0;)
        status = add_facts(file, builder, i, err);
    if (!status && needs & HEAPY_FILE_EDGES)
        status = add_edges(file, builder, err);
    return status;
}

heapy_status
heapy__file_load_map(heapy_snapshot_file *file, heapy_error *err)
{
    const void *records, *words;
    size_t record_count, word_count;
    if (file->map)
        return HEAPY_OK;
    heapy_status status = heapy__chunk_load(&file->reader, "address.regions", sizeof(heapy_region_record),
                                            HEAPY__ANY_COUNT, &records, &record_count, err);
    if (!status)
        status = heapy__chunk_load(&file->reader, "address.words", sizeof(uint64_t), HEAPY__ANY_COUNT, &words,
                                   &word_count, err);
    heapy_address_map *map = NULL;
    if (!status)
        status = heapy__blame_file(
            file, heapy_address_map_lend(records, record_count, words, word_count, &map, err),
            "address.regions", err);
    if (!status && heapy_address_map_count(map) != file->graph.node_count)
        status = heapy__bad_file(&file->reader, err, heapy__chunk_offset(&file->reader, "address.regions"),
                                 "%zu addresses for %" PRIu64 " nodes", heapy_address_map_count(map),
                                 file->graph.node_count);
    if (status)
        heapy_address_map_destroy(map);
    else
        file->map = map;
    return status;
}

heapy_status
heapy__file_check_tables(heapy_snapshot_file *file, heapy_error *err)
{
    heapy_graph_builder *builder = NULL;
    heapy_status status = heapy_graph_builder_create(0, &builder, err);
    if (!status)
        status = heapy__blame_file(file, add_types(file, builder, err), "graph", err);
    if (!status)
        status = heapy__blame_file(file, add_names(file, builder, err), "graph", err);
    if (!status)
        status = heapy__blame_file(
            file, heapy__graph_check_types(builder->graph, (size_t)file->graph.node_count, err), "type.rows",
            err);
    heapy_graph_builder_destroy(builder);
    return status;
}
