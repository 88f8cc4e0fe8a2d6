/* SPDX-License-Identifier: MIT */
/*
 * Chrome's .heapsnapshot: nodes, edges, and at the end the strings that both name by number.
 *
 * Nothing is kept of what is written.  The numbers of strings are arithmetic: first our own words, then the
 * names of types, the names of references, the texts of nodes that have one of their own, and the texts of
 * keys; of the last two a bit for each node says which, and its rank where.
 *
 * The panel keeps sizes in 32 bits.  What an object has beyond that is in synthetic nodes behind all others,
 * to which it refers, so that totals and what is retained stay.
 *
 * The root and its children are synthetic: the panel moves sizes of `array` and `hidden` nodes to their only
 * owner where a child of the root is not.
 */
#include "export.h"
#include "export_kept.h"

#include <heapy/memory.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- collecting text ---- */

heapy_status
export_flush(export_sink *to, bool all)
{
    document *line = &to->line;
    if (line->failed && !to->status)
        to->status = to->err.status = HEAPY_NO_MEMORY;
    if (to->status || !line->length || (!all && line->length < EXPORT_PART))
        return to->status;
    to->status = to->sink.write(to->sink.context, line->text, line->length, &to->err);
    line->length = 0;
    return to->status;
}

/* ---- which strings there are ---- */

/* Numbers of the format. */
enum {
    NODE_STRING = 2,
    NODE_OBJECT = 3,
    NODE_CODE = 4,
    NODE_CLOSURE = 5,
    NODE_NUMBER = 7,
    NODE_SYNTHETIC = 9
};
enum { EDGE_ELEMENT = 1, EDGE_PROPERTY = 2, EDGE_INTERNAL = 3 };
enum { NODE_FIELDS = 7 };

static const char head[] =
    "{\"snapshot\":{\"meta\":{\"node_fields\":[\"type\",\"name\",\"id\",\"self_size\",\"edge_count\","
    "\"trace_node_id\",\"detachedness\"],\"node_types\":[[\"hidden\",\"array\",\"string\",\"object\","
    "\"code\","
    "\"closure\",\"regexp\",\"number\",\"native\",\"synthetic\",\"concatenated string\",\"sliced string\","
    "\"symbol\",\"bigint\",\"object "
    "shape\"],\"string\",\"number\",\"number\",\"number\",\"number\",\"number\"],"
    "\"edge_fields\":[\"type\",\"name_or_index\",\"to_node\"],\"edge_types\":[[\"context\",\"element\","
    "\"property\",\"internal\",\"hidden\",\"shortcut\",\"weak\"],\"string_or_number\",\"node\"],"
    "\"trace_function_info_fields\":[\"function_id\",\"name\",\"script_name\",\"script_id\",\"line\","
    "\"column\"],"
    "\"trace_node_fields\":[\"id\",\"function_info_index\",\"count\",\"size\",\"children\"],"
    "\"sample_fields\":[\"timestamp_us\",\"last_assigned_id\"],"
    "\"location_fields\":[\"object_index\",\"script_id\",\"line\",\"column\"]},";

/* Our own words, which begin the strings. */
enum {
    WORD_ROOT,
    WORD_INTERPRETER,
    WORD_THREADS,
    WORD_OTHER,
    WORD_UNREACHED,
    WORD_UNNAMED,
    WORD_LEFT_OUT,
    WORD_REST,
    WORD_COUNT
};
static const char *const words[WORD_COUNT] = {"",
                                              "(interpreter)",
                                              "(threads)",
                                              "(other roots)",
                                              "(not reachable from the root)",
                                              "(unnamed)",
                                              "(through what is left out)",
                                              "(the rest of its size)"};

enum { BRANCHES = WORD_UNREACHED - WORD_INTERPRETER + 1, SYNTHETIC = BRANCHES + 1 };

typedef struct chrome {
    const input *in;
    const heapy_graph *graph;
    size_t node_count;
    kept_nodes kept; /* without the root, which the synthetic root stands for */
    ranked_nodes texts, keys;
    heapy_node_set *unreached; /* of those that are kept */
    heapy_type *named;         /* by type: the first of the same name */
    size_t branch_edges[BRANCHES];
    uint64_t edge_count;
    uint64_t rest_count;   /* nodes that have the rest of a size */
    uint64_t linked_rests; /* those of them that an edge leads to already */
    export_sink *to;
    export_chrome_size *written;
} chrome;

#define LARGEST_SIZE UINT64_C(0xffffffff)

/* How many nodes have the rest of a size, and what a node shows of it itself. */
static uint64_t
rests_of(uint64_t size)
{
    if (!size)
        return 0;
    return (size - 1) / LARGEST_SIZE;
}

static uint64_t
shown_of(uint64_t size)
{
    return size < LARGEST_SIZE ? size : LARGEST_SIZE;
}

/* What the panel calls a node; of an object its type is what it is called by. */
static int
type_of(const chrome *c, heapy_node node)
{
    switch (heapy_graph_role(c->graph, node)) {
    case HEAPY_ROLE_NUMBER:
        return NODE_NUMBER;
    case HEAPY_ROLE_TEXT:
        return NODE_STRING;
    case HEAPY_ROLE_FUNCTION:
    case HEAPY_ROLE_BUILTIN:
    case HEAPY_ROLE_METHOD:
        return NODE_CLOSURE;
    case HEAPY_ROLE_CODE:
        return NODE_CODE;
    default:
        return NODE_OBJECT;
    }
}

static size_t
first_text(const chrome *c)
{
    return WORD_COUNT + heapy_graph_type_count(c->graph) + heapy_graph_name_count(c->graph);
}

/* ---- what is counted before ---- */

/* The branch below the root that a root belongs to: `i0_t1406_f0` is of a thread, `i0_modules` of an
 * interpreter. */
static unsigned
branch_of(const chrome *c, heapy_label label)
{
    const heapy_label *parts;
    size_t length = 0;
    if (!heapy_graph_label_parts(c->graph, &label, &parts) ||
        !heapy_label_is_named(heapy_label_kind_of(parts[0])))
        return WORD_OTHER - WORD_INTERPRETER;
    const char *name = heapy_graph_name(c->graph, heapy_label_number(parts[0]), &length);
    size_t digits = 0;
    if (name[0] == 'i')
        digits = strspn(name + 1, "0123456789");
    if (!digits || name[1 + digits] != '_')
        return WORD_OTHER - WORD_INTERPRETER;
    bool is_thread = name[2 + digits] == 't' && name[3 + digits] >= '0' && name[3 + digits] <= '9';
    return (is_thread ? WORD_THREADS : WORD_INTERPRETER) - WORD_INTERPRETER;
}

/* Is it an edge there?  What nobody reaches keeps nothing alive that somebody does. */
static bool
is_edge(const chrome *c, heapy_node source, heapy_node target)
{
    return kept_nodes_has(&c->kept, target) &&
           (!heapy_node_set_contains(c->unreached, source) || heapy_node_set_contains(c->unreached, target));
}

/* Go through all edges: their number, which nodes are keys of values; and all nodes: which have texts. */
static void
count_all(chrome *c)
{
    const heapy_label *labels = heapy_graph_labels(c->graph), *parts;
    uint64_t first, end;
    for (heapy_node node = 0; node < c->node_count; node++) {
        if (!kept_nodes_has(&c->kept, node))
            continue;
        if (type_of(c, node) != NODE_OBJECT)
            heapy_node_set_add(c->texts.nodes, node);
        heapy_graph_edges(c->graph, node, &first, &end);
        for (; first < end; first++) {
            if (!is_edge(c, node, heapy_graph_targets(c->graph)[first]))
                continue;
            size_t count = heapy_graph_label_parts(c->graph, &labels[first], &parts);
            c->edge_count += count;
            for (size_t i = 0; i < count; i++)
                heapy_node_set_add(c->keys.nodes,
                                   heapy_reference_of_edge(c->graph, node, first, parts[i]).key);
        }
    }
}

typedef struct named_type {
    const char *name;
    heapy_type type;
} named_type;

static int
compare_named(const void *a, const void *b)
{
    const named_type *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    if (order)
        return order;
    return (x->type > y->type) - (x->type < y->type);
}

/* Types of one name share a string: the panel tells classes by its number, shows them by the text, and would
   show but the last of them. */
static heapy_status
join_names(chrome *c, heapy_error *err)
{
    size_t count = heapy_graph_type_count(c->graph);
    named_type *types = heapy_alloc_array(count, sizeof *types);
    c->named = heapy_alloc_array(count, sizeof *c->named);
    if (!types || !c->named) {
        heapy_free(types);
        snprintf(err->message, sizeof err->message, "no memory for the names of %zu types", count);
        return err->status = HEAPY_NO_MEMORY;
    }
    for (heapy_type t = 0; t < count; t++)
        types[t] = (named_type){heapy_graph_type_name(c->graph, t), t};
    qsort(types, count, sizeof *types, compare_named);
    for (size_t i = 0; i < count; i++) {
        bool is_same = i && !strcmp(types[i - 1].name, types[i].name);
        c->named[types[i].type] = is_same ? c->named[types[i - 1].type] : types[i].type;
    }
    heapy_free(types);
    return HEAPY_OK;
}

static heapy_status
count_rests(chrome *c, heapy_error *err)
{
    uint64_t size = 0;
    heapy_status status = HEAPY_OK;
    c->rest_count = rests_of(c->kept.left_by_roots) + rests_of(c->kept.left_unreached);
    for (heapy_node node = 0; !status && node != HEAPY_NO_NODE; node += node != HEAPY_NO_NODE) {
        status = kept_nodes_next_large(&c->kept, LARGEST_SIZE, &node, &size, err);
        c->rest_count += status || node == HEAPY_NO_NODE ? 0 : rests_of(size);
    }
    c->edge_count += c->rest_count;
    return status;
}

static heapy_status
prepare(chrome *c, heapy_error *err)
{
    heapy_status status = ranked_nodes_init(&c->texts, c->node_count, err);
    if (!status)
        status = ranked_nodes_init(&c->keys, c->node_count, err);
    if (!status)
        status = heapy_node_set_create(c->node_count, &c->unreached, err);
    if (!status)
        status = heapy_reach(c->graph, NULL, NULL, HEAPY_AVOID_ENTIRELY, c->unreached, err);
    if (!status)
        status = join_names(c, err);
    if (status)
        return status;
    heapy_node_set_complement(c->unreached);
    for (heapy_node node = heapy_node_set_next(c->unreached, 0); node != HEAPY_NO_NODE;
         node = heapy_node_set_next(c->unreached, node + 1))
        if (!kept_nodes_has(&c->kept, node))
            heapy_node_set_remove(c->unreached, node);
    count_all(c);
    c->edge_count += c->kept.linked_count;
    for (size_t i = 0; i < heapy_graph_root_count(c->graph); i++)
        if (kept_nodes_has(&c->kept, heapy_graph_root_target(c->graph, i)))
            c->branch_edges[branch_of(c, heapy_graph_root_label(c->graph, i))]++;
    c->branch_edges[WORD_OTHER - WORD_INTERPRETER] += c->kept.linked_to_roots;
    c->branch_edges[BRANCHES - 1] = heapy_node_set_count(c->unreached);
    status = ranked_nodes_count(&c->texts, err);
    if (!status)
        status = ranked_nodes_count(&c->keys, err);
    if (status)
        return status;
    return count_rests(c, err);
}

/* ---- nodes ---- */

/* The place of a node in the list: the root and its branches come first. */
static size_t
place_of(const chrome *c, heapy_node node)
{
    return SYNTHETIC + kept_nodes_place(&c->kept, node);
}

static void
put_synthetic_nodes(chrome *c)
{
    document *line = &c->to->line;
    document_printf(line, "%d,%d,1,%" PRIu64 ",%" PRIu64 ",0,0", NODE_SYNTHETIC, WORD_ROOT,
                    shown_of(c->kept.left_by_roots), BRANCHES + rests_of(c->kept.left_by_roots));
    for (unsigned i = 0; i < BRANCHES; i++) {
        uint64_t size = i == BRANCHES - 1 ? c->kept.left_unreached : 0;
        document_printf(line, ",%d,%u,%u,%" PRIu64 ",%" PRIu64 ",0,0", NODE_SYNTHETIC, WORD_INTERPRETER + i,
                        3 + 2 * i, shown_of(size), c->branch_edges[i] + rests_of(size));
    }
}

/* Nodes for what of a size is not shown yet; ids of what is no object are even. */
static heapy_status
put_rests_of(chrome *c, uint64_t size, uint64_t *id)
{
    for (uint64_t left = size - shown_of(size); left && !c->to->status; left -= shown_of(left)) {
        document_printf(&c->to->line, ",\n%d,%d,%" PRIu64 ",%" PRIu64 ",0,0,0", NODE_SYNTHETIC, WORD_REST,
                        *id, shown_of(left));
        *id += 2;
        export_flush(c->to, false);
    }
    return c->to->status;
}

static heapy_status
put_rests(chrome *c)
{
    uint64_t size = 0, id = 2;
    if (put_rests_of(c, c->kept.left_by_roots, &id) || put_rests_of(c, c->kept.left_unreached, &id))
        return c->to->status;
    for (heapy_node node = 0; node != HEAPY_NO_NODE; node += node != HEAPY_NO_NODE) {
        c->to->status = kept_nodes_next_large(&c->kept, LARGEST_SIZE, &node, &size, &c->to->err);
        if (c->to->status || (node != HEAPY_NO_NODE && put_rests_of(c, size, &id)))
            break;
    }
    return c->to->status;
}

static size_t
edges_of(const chrome *c, heapy_node node)
{
    const heapy_label *labels = heapy_graph_labels(c->graph), *parts;
    size_t count = 0;
    uint64_t first, end;
    heapy_graph_edges(c->graph, node, &first, &end);
    for (; first < end; first++)
        if (is_edge(c, node, heapy_graph_targets(c->graph)[first]))
            count += heapy_graph_label_parts(c->graph, &labels[first], &parts);
    return count;
}

/* Ids of objects are odd in the panel, and ours are their numbers, so that two exports compare. */
static heapy_status
put_nodes(chrome *c)
{
    enum { FIRST_ID = 101 };
    put_synthetic_nodes(c);
    for (heapy_node node = 0; node < c->node_count; node++) {
        int type = type_of(c, node);
        if (!kept_nodes_has(&c->kept, node))
            continue;
        size_t name;
        if (type == NODE_OBJECT)
            name = WORD_COUNT + c->named[heapy_graph_types(c->graph)[node]];
        else
            name = first_text(c) + ranked_nodes_place(&c->texts, node);
        uint64_t size;
        heapy_node *links;
        size_t link_count;
        if ((c->to->status = kept_nodes_below(&c->kept, node, &size, &links, &link_count, &c->to->err)))
            break;
        heapy_free(links);
        document_printf(&c->to->line, ",\n%d,%zu,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",0,0", type, name,
                        FIRST_ID + 2 * (uint64_t)node, shown_of(size),
                        edges_of(c, node) + link_count + rests_of(size));
        if (export_flush(c->to, false))
            break;
    }
    if (c->to->status)
        return c->to->status;
    return put_rests(c);
}

/* ---- edges ---- */

/* How an edge is shown: an index as it is, a name, a key by its text. */
static void
put_edge(chrome *c, const char *comma, heapy_reference reference, heapy_node target)
{
    heapy_label_kind kind = heapy_label_kind_of(reference.label);
    size_t number = heapy_label_number(reference.label),
           name = WORD_COUNT + heapy_graph_type_count(c->graph) + number;
    int type = EDGE_PROPERTY;
    if (kind == HEAPY_LABEL_VALUE && reference.key < c->node_count) {
        name = first_text(c) + c->texts.count + ranked_nodes_place(&c->keys, reference.key);
    } else if (kind == HEAPY_LABEL_INTERNAL) {
        type = EDGE_INTERNAL;
    } else if (kind == HEAPY_LABEL_UNNAMED || kind == HEAPY_LABEL_SEVERAL) {
        type = EDGE_INTERNAL;
        name = WORD_UNNAMED;
    } else if (!heapy_label_is_named(kind)) {
        type = EDGE_ELEMENT;
        name = number;
    }
    document_printf(&c->to->line, "%s%d,%zu,%zu", comma, type, name, NODE_FIELDS * place_of(c, target));
}

static void
put_link(chrome *c, heapy_node target)
{
    document_printf(&c->to->line, ",\n%d,%d,%zu", EDGE_INTERNAL, WORD_LEFT_OUT,
                    NODE_FIELDS * place_of(c, target));
}

/* To as many nodes with the rest of a size as there are. */
static heapy_status
put_rest_edges(chrome *c, uint64_t size)
{
    uint64_t first = SYNTHETIC + kept_nodes_count(&c->kept);
    for (uint64_t i = rests_of(size); i && !c->to->status; i--) {
        document_printf(&c->to->line, ",\n%d,%d,%" PRIu64, EDGE_INTERNAL, WORD_REST,
                        NODE_FIELDS * (first + c->linked_rests++));
        export_flush(c->to, false);
    }
    return c->to->status;
}

static void
put_root_edges(chrome *c)
{
    document *line = &c->to->line;
    for (unsigned i = 0; i < BRANCHES; i++)
        document_printf(line, "%s%d,%u,%u", i ? "," : "", EDGE_PROPERTY, WORD_INTERPRETER + i,
                        NODE_FIELDS * (1 + i));
    put_rest_edges(c, c->kept.left_by_roots);
    for (unsigned branch = 0; branch < BRANCHES - 1; branch++)
        for (size_t i = 0; i < heapy_graph_root_count(c->graph); i++) {
            heapy_label label = heapy_graph_root_label(c->graph, i);
            heapy_node target = heapy_graph_root_target(c->graph, i);
            const heapy_label *parts = &label;
            if (branch_of(c, label) != branch || !kept_nodes_has(&c->kept, target))
                continue;
            heapy_graph_label_parts(c->graph, &label, &parts);
            put_edge(c, ",", (heapy_reference){parts[0], HEAPY_NO_NODE}, target);
        }
    for (heapy_node node = c->kept.linked_to_roots ? heapy_node_set_next(c->kept.linked, 0) : HEAPY_NO_NODE;
         node != HEAPY_NO_NODE; node = heapy_node_set_next(c->kept.linked, node + 1))
        if (kept_nodes_is_root(&c->kept, node))
            put_link(c, node);
}

/* From a node to what is reached only through what is left out, as far as is known, and to the rest of its
 * size. */
static heapy_status
put_links(chrome *c, heapy_node node)
{
    uint64_t size;
    heapy_node *links;
    size_t count;
    c->to->status = kept_nodes_below(&c->kept, node, &size, &links, &count, &c->to->err);
    for (size_t i = 0; !c->to->status && i < count; i++) {
        put_link(c, links[i]);
        export_flush(c->to, false);
    }
    heapy_free(links);
    if (c->to->status)
        return c->to->status;
    return put_rest_edges(c, size);
}

static heapy_status
put_edges(chrome *c)
{
    const heapy_label *labels = heapy_graph_labels(c->graph), *parts;
    const uint32_t *targets = heapy_graph_targets(c->graph);
    uint64_t first, end;
    put_root_edges(c);
    size_t number = 0;
    for (heapy_node node = heapy_node_set_next(c->unreached, 0); node != HEAPY_NO_NODE;
         node = heapy_node_set_next(c->unreached, node + 1)) {
        document_printf(&c->to->line, ",%d,%zu,%zu", EDGE_ELEMENT, number++, NODE_FIELDS * place_of(c, node));
        if (export_flush(c->to, false))
            return c->to->status;
    }
    if (put_rest_edges(c, c->kept.left_unreached))
        return c->to->status;
    for (heapy_node node = 0; node < c->node_count; node++) {
        if (!kept_nodes_has(&c->kept, node))
            continue;
        heapy_graph_edges(c->graph, node, &first, &end);
        for (; first < end; first++) {
            size_t count = heapy_graph_label_parts(c->graph, &labels[first], &parts);
            for (size_t i = 0; is_edge(c, node, targets[first]) && i < count; i++)
                put_edge(c, ",\n", heapy_reference_of_edge(c->graph, node, first, parts[i]), targets[first]);
            if (export_flush(c->to, false))
                return c->to->status;
        }
        if (put_links(c, node))
            return c->to->status;
    }
    return c->to->status;
}

/* ---- strings ---- */

/* Of UTF-16: each character begins with a byte that continues none, and those of four bytes are two units. */
static uint64_t
count_units(const char *text, size_t length)
{
    uint64_t units = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        units += (uint64_t)((byte & 0xc0) != 0x80) + (byte >= 0xf0);
    }
    return units;
}

static void
put_string(chrome *c, const char *text, size_t length)
{
    document *line = &c->to->line;
    size_t begun = line->length;
    json_string_of(line, text, length);
    document_put(line, "\n");
    if (!line->failed)
        c->written->text_units += count_units(line->text + begun, line->length - begun);
}

static heapy_status
put_texts(chrome *c, const ranked_nodes *of, heapy_text_use use)
{
    for (heapy_node node = heapy_node_set_next(of->nodes, 0); node != HEAPY_NO_NODE;
         node = heapy_node_set_next(of->nodes, node + 1)) {
        char *text = NULL;
        heapy_status status = heapy_snapshot_text(c->in->snapshot, node, use, &text, &c->to->err);
        if (status)
            return c->to->status = status;
        put_string(c, text, strlen(text));
        heapy_text_free(text);
        if (export_flush(c->to, false))
            break;
    }
    return c->to->status;
}

static heapy_status
put_strings(chrome *c)
{
    c->to->line.after_value = false;
    for (unsigned i = 0; i < WORD_COUNT; i++)
        put_string(c, words[i], strlen(words[i]));
    for (heapy_type t = 0; t < heapy_graph_type_count(c->graph); t++) {
        const char *name = heapy_graph_type_name(c->graph, t);
        put_string(c, name, strlen(name));
    }
    for (uint32_t i = 0; i < heapy_graph_name_count(c->graph); i++) {
        size_t length = 0;
        const char *name = heapy_graph_name(c->graph, i, &length);
        put_string(c, name, length);
    }
    heapy_status status = put_texts(c, &c->texts, HEAPY_TEXT_ROW);
    if (status)
        return status;
    return put_texts(c, &c->keys, HEAPY_TEXT_KEY);
}

/* ---- the whole ---- */

static heapy_status
put_all(chrome *c)
{
    document *line = &c->to->line;
    uint64_t edges = c->edge_count + BRANCHES, nodes = SYNTHETIC + kept_nodes_count(&c->kept) + c->rest_count;
    for (unsigned i = 0; i < BRANCHES; i++)
        edges += c->branch_edges[i];
    *c->written = (export_chrome_size){nodes, edges, 0};
    document_put(line, head);
    document_printf(line,
                    "\"node_count\":%" PRIu64 ",\"edge_count\":%" PRIu64
                    ",\"trace_function_count\":0},\n\"nodes\":[",
                    nodes, edges);
    heapy_status status = put_nodes(c);
    document_put(line, "],\n\"edges\":[");
    if (!status)
        status = put_edges(c);
    document_put(
        line,
        "],\n\"trace_function_infos\":[],\"trace_tree\":[],\"samples\":[],\"locations\":[],\n\"strings\":[");
    if (!status)
        status = put_strings(c);
    document_put(line, "]}\n");
    if (status)
        return status;
    return export_flush(c->to, true);
}

heapy_status
export_chrome(input *in, heapy_dominators *dominators, uint64_t least, export_chrome_size *written,
              export_sink *to)
{
    chrome c = {.in = in,
                .graph = in->graph,
                .node_count = heapy_graph_node_count(in->graph),
                .to = to,
                .written = written};
    *written = (export_chrome_size){0};
    heapy_status status = kept_nodes_init(&c.kept, in, dominators, least, &to->err);
    if (!status)
        status = prepare(&c, &to->err);
    if (status)
        to->status = status;
    else
        status = put_all(&c);
    kept_nodes_deinit(&c.kept);
    ranked_nodes_deinit(&c.texts);
    ranked_nodes_deinit(&c.keys);
    heapy_node_set_destroy(c.unreached);
    heapy_free(c.named);
    return status;
}
