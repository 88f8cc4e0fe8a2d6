/* SPDX-License-Identifier: MIT */
/*
 * A snapshot as lines of text, so that two can be compared.
 *
 * tests/golden/read_snapshot.py prints the same of a file, without the engine.
 */
#ifndef HEAPY_TEST_DESCRIBE_SNAPSHOT_H
#define HEAPY_TEST_DESCRIBE_SNAPSHOT_H

#include <heapy/heapy.h>
#include <heapy/memory.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Text between quotes, or `-` for NULL: what is no printable ASCII as \xNN. */
static inline void
describe_text(FILE *out, const char *text, size_t length)
{
    if (!text) {
        fputs(" -", out);
        return;
    }
    fputs(" \"", out);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < ' ' || c > '~' || c == '"' || c == '\\')
            fprintf(out, "\\x%02x", c);
        else
            fputc(c, out);
    }
    fputc('"', out);
}

/* A number, or `-` where it is `none`. */
static inline void
describe_number(FILE *out, uint64_t number, uint64_t none)
{
    if (number == none)
        fputs(" -", out);
    else
        fprintf(out, " %" PRIu64, number);
}

static inline heapy_status
describe_row_text(FILE *out, const heapy_snapshot *snapshot, heapy_node node, heapy_error *error)
{
    char *text;
    heapy_status status = heapy_snapshot_text(snapshot, node, HEAPY_TEXT_ROW, &text, error);
    if (status)
        return status;
    describe_text(out, text, strlen(text));
    heapy_text_free(text);
    if (heapy_graph_owner_type(heapy_snapshot_graph(snapshot), node) == HEAPY_NO_TYPE)
        return HEAPY_OK;
    status = heapy_snapshot_owner_text(snapshot, node, HEAPY_TEXT_ROW, &text, error);
    if (status)
        return status;
    fputs(" of", out);
    describe_text(out, text, strlen(text));
    heapy_text_free(text);
    return HEAPY_OK;
}

/* What the words say of a node as a key. */
static inline heapy_status
describe_key(FILE *out, const heapy_snapshot *snapshot, heapy_node node, heapy_error *error)
{
    const heapy_words *words = heapy_snapshot_words(snapshot);
    heapy_status status = HEAPY_OK;
    for (int use = HEAPY_TEXT_KEY; !status && use <= HEAPY_TEXT_WHOLE_KEY; use++) {
        char *text = NULL;
        if (words->text)
            status = words->text(words->context, node, (heapy_text_use)use, &text, error);
        describe_text(out, text, text ? strlen(text) : 0);
        heapy_text_free(text);
    }
    return status;
}

static inline heapy_status
describe_node(FILE *out, const heapy_snapshot *snapshot, heapy_node node, const uint64_t *is_key,
              heapy_error *error)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    heapy_sizes sizes = heapy_graph_sizes(graph);
    uint64_t first, end;
    fprintf(out, "node %" PRIu32 " 0x%" PRIxPTR " type %" PRIu32 " size %" PRIu64, node,
            heapy_snapshot_address(snapshot, node), heapy_graph_types(graph)[node],
            heapy_size_of(&sizes, node));
    fputs(" owner", out);
    describe_number(out, heapy_graph_owner(graph, node), HEAPY_NO_NODE);
    describe_number(out, heapy_graph_owner_type(graph, node), HEAPY_NO_TYPE);
    fputs(" length", out);
    describe_number(out, heapy_graph_length(graph, node), HEAPY_NO_LENGTH);
    fputs(" module", out);
    describe_number(out, heapy_facts_of_node(heapy_graph_facts(graph, "module"), node), HEAPY_NO_FACT);
    fputs(" text", out);
    heapy_status status = describe_row_text(out, snapshot, node, error);
    if (!status && is_key[node / 64] >> node % 64 & 1) {
        fputs(" key", out);
        status = describe_key(out, snapshot, node, error);
    }
    fputc('\n', out);
    heapy_graph_edges(graph, node, &first, &end);
    for (uint64_t e = first; e < end; e++) {
        const heapy_label *parts;
        size_t count = heapy_graph_label_parts(graph, &heapy_graph_labels(graph)[e], &parts);
        fprintf(out, "  %" PRIu32, heapy_graph_targets(graph)[e]);
        for (size_t i = 0; i < count; i++)
            fprintf(out, " %x", (unsigned)parts[i]);
        fputc('\n', out);
    }
    return status;
}

static inline void
describe_types(FILE *out, const heapy_graph *graph)
{
    for (heapy_type t = 0; t < heapy_graph_type_count(graph); t++) {
        heapy_type_row row = heapy_graph_type_row(graph, t);
        fprintf(out, "type %" PRIu32, t);
        describe_text(out, row.name, strlen(row.name));
        fputs(row.is_alias ? " alias" : "", out);
        describe_text(out, row.module, row.module ? strlen(row.module) : 0);
        describe_text(out, row.qualname, row.qualname ? strlen(row.qualname) : 0);
        fprintf(out, " role %d identity %" PRIx64 " node", (int)row.role, row.identity);
        describe_number(out, row.node, HEAPY_NO_NODE);
        fputs(" bases", out);
        for (size_t i = 0; i < row.base_count; i++)
            fprintf(out, " %" PRIu32, row.bases[i]);
        fputc('\n', out);
    }
    for (uint32_t i = 0; i < heapy_graph_name_count(graph); i++) {
        size_t length;
        const char *name = heapy_graph_name(graph, i, &length);
        fprintf(out, "name %" PRIu32, i);
        describe_text(out, name, length);
        fputc('\n', out);
    }
    const heapy_facts *modules = heapy_graph_facts(graph, "module");
    for (uint32_t i = 0; i < heapy_facts_value_count(modules); i++) {
        const char *text = heapy_facts_value(modules, i);
        fprintf(out, "module %" PRIu32, i);
        describe_text(out, text, strlen(text));
        fputc('\n', out);
    }
}

/* Keys in the order in which references are listed. */
static inline heapy_status
describe_key_order(FILE *out, const heapy_snapshot *snapshot, const heapy_node *keys, size_t count,
                   heapy_error *error)
{
    heapy_reference *references = calloc(count + 1, sizeof *references);
    size_t *order = calloc(count + 1, sizeof *order);
    for (size_t i = 0; i < count; i++)
        references[i] = (heapy_reference){heapy_label_make(HEAPY_LABEL_VALUE, 0), keys[i]};
    heapy_status status = heapy_references_order(snapshot, references, count, order, error);
    for (size_t i = 0; !status && i < count; i++)
        fprintf(out, "listed %" PRIu32 "\n", keys[order[i]]);
    free(references);
    free(order);
    return status;
}

/* Equal keys have one number; and how each value is to the one of its type before. */
static inline heapy_status
describe_groups(FILE *out, const heapy_snapshot *snapshot, const uint64_t *is_key, heapy_error *error)
{
    const heapy_words *words = heapy_snapshot_words(snapshot);
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    size_t nodes = heapy_graph_node_count(graph), count = 0, group_count = 0;
    heapy_node *keys = calloc(nodes + 1, sizeof *keys);
    uint32_t *groups = calloc(nodes + 1, sizeof *groups);
    heapy_status status = HEAPY_OK;
    for (heapy_node i = 0; i < nodes; i++)
        if (is_key[i / 64] >> i % 64 & 1)
            keys[count++] = i;
    if (words->group_keys)
        status = words->group_keys(words->context, keys, count, groups, &group_count, error);
    for (size_t i = 0; !status && words->group_keys && i < count; i++)
        fprintf(out, "group %" PRIu32 " %" PRIu32 "\n", keys[i], groups[i]);
    if (!status && words->order_keys)
        status = describe_key_order(out, snapshot, keys, count, error);
    for (heapy_node i = 0; !status && words->compare && i < nodes; i++) {
        heapy_role role = heapy_graph_role(graph, i);
        if (role != HEAPY_ROLE_NUMBER && role != HEAPY_ROLE_TEXT)
            continue;
        for (heapy_node k = i; k-- > 0;)
            if (heapy_graph_types(graph)[k] == heapy_graph_types(graph)[i]) {
                int order = words->compare(words->context, k, i);
                fprintf(out, "order %" PRIu32 " %c %" PRIu32 "\n", k,
                        order < 0   ? '<'
                        : order > 0 ? '>'
                                    : '=',
                        i);
                break;
            }
    }
    free(keys);
    free(groups);
    return status;
}

/* A bit for each node that is the key of a dict.  Owned, free(). */
static inline uint64_t *
find_key_nodes(const heapy_graph *graph)
{
    uint64_t *bits = calloc(heapy_graph_node_count(graph) / 64 + 1, sizeof *bits);
    for (uint64_t e = 0; e < heapy_graph_edge_count(graph); e++) {
        const heapy_label *parts;
        size_t count = heapy_graph_label_parts(graph, &heapy_graph_labels(graph)[e], &parts);
        heapy_node target = heapy_graph_targets(graph)[e];
        for (size_t i = 0; i < count; i++)
            if (heapy_label_kind_of(parts[i]) == HEAPY_LABEL_KEY)
                bits[target / 64] |= UINT64_C(1) << target % 64;
    }
    return bits;
}

static inline heapy_status
describe_snapshot(FILE *out, const heapy_snapshot *snapshot, heapy_error *error)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    uint64_t *is_key = find_key_nodes(graph);
    heapy_status status = HEAPY_OK;
    fprintf(out, "graph %zu nodes %" PRIu64 " edges root", heapy_graph_node_count(graph),
            heapy_graph_edge_count(graph));
    describe_number(out, heapy_graph_root(graph), HEAPY_NO_NODE);
    fputc('\n', out);
    describe_types(out, graph);
    for (heapy_node i = 0; !status && i < heapy_graph_node_count(graph); i++)
        status = describe_node(out, snapshot, i, is_key, error);
    for (size_t i = 0; i < heapy_graph_root_count(graph); i++)
        fprintf(out, "root %" PRIu32 " %x\n", heapy_graph_root_target(graph, i),
                (unsigned)heapy_graph_root_label(graph, i));
    if (!status)
        status = describe_groups(out, snapshot, is_key, error);
    free(is_key);
    return status;
}

#endif
