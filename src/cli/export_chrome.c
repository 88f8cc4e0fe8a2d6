/* SPDX-License-Identifier: MIT */
/*
 * Chrome's .heapsnapshot: all is counted, then written once.  chrome.h says which part does what.
 */
#include "chrome.h"

#include <heapy/memory.h>
#include <inttypes.h>

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

/* ---- what is counted before ---- */

/* Go through all edges: their number, which nodes are keys of values; and all nodes: which have texts. */
static void
count_all(chrome *c)
{
    const heapy_label *labels = heapy_graph_labels(c->graph), *parts;
    uint64_t first, end;
    for (heapy_node node = 0; node < c->node_count; node++) {
        if (!kept_nodes_has(&c->kept, node))
            continue;
        if (chrome_kind(c->graph, node) != CHROME_OBJECT)
            heapy_node_set_add(c->strings.texts.nodes, node);
        heapy_graph_edges(c->graph, node, &first, &end);
        for (; first < end; first++) {
            if (!chrome_has_edge(c, node, heapy_graph_targets(c->graph)[first]))
                continue;
            size_t count = heapy_graph_label_parts(c->graph, &labels[first], &parts);
            c->edge_count += count;
            for (size_t i = 0; i < count; i++)
                heapy_node_set_add(c->strings.keys.nodes,
                                   heapy_reference_of_edge(c->graph, node, first, parts[i]).key);
        }
    }
    c->edge_count += c->kept.linked_count;
}

static heapy_status
find_unreached(chrome *c, heapy_error *err)
{
    heapy_status status = heapy_node_set_create(c->node_count, &c->unreached, err);
    if (!status)
        status = heapy_reach(c->graph, NULL, NULL, HEAPY_AVOID_ENTIRELY, c->unreached, err);
    if (status)
        return status;
    heapy_node_set_complement(c->unreached);
    for (heapy_node node = heapy_node_set_next(c->unreached, 0); node != HEAPY_NO_NODE;
         node = heapy_node_set_next(c->unreached, node + 1))
        if (!kept_nodes_has(&c->kept, node))
            heapy_node_set_remove(c->unreached, node);
    return HEAPY_OK;
}

static heapy_status
prepare(chrome *c, heapy_error *err)
{
    heapy_status status = chrome_strings_init(&c->strings, c->graph, err);
    if (!status)
        status = find_unreached(c, err);
    if (status)
        return status;
    count_all(c);
    chrome_count_roots(c);
    status = chrome_strings_count(&c->strings, err);
    if (status)
        return status;
    return chrome_count_rests(c, err);
}

/* ---- nodes ---- */

static size_t
name_of(const chrome *c, heapy_node node, int kind)
{
    if (kind == CHROME_OBJECT)
        return chrome_string_of_type(&c->strings, heapy_graph_types(c->graph)[node]);
    return chrome_string_of_text(&c->strings, node);
}

/* Ids of objects are odd in the panel, and ours are their numbers, so that two exports compare. */
static heapy_status
put_node(chrome *c, heapy_node node)
{
    enum { FIRST_ID = 101 };
    int kind = chrome_kind(c->graph, node);
    uint64_t size;
    heapy_node *links;
    size_t link_count;
    c->to->status = kept_nodes_below(&c->kept, node, &size, &links, &link_count, &c->to->err);
    if (c->to->status)
        return c->to->status;
    heapy_free(links);
    document_printf(&c->to->line, ",\n%d,%zu,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",0,0", kind,
                    name_of(c, node, kind), FIRST_ID + 2 * (uint64_t)node, chrome_shown_of(size),
                    chrome_edges_of(c, node) + link_count + chrome_rests_of(size));
    return export_flush(c->to, false);
}

static heapy_status
put_nodes(chrome *c)
{
    chrome_put_root_nodes(c);
    for (heapy_node node = 0; node < c->node_count; node++)
        if (kept_nodes_has(&c->kept, node) && put_node(c, node))
            return c->to->status;
    return chrome_put_rest_nodes(c);
}

/* ---- edges ---- */

/* From a node to what is reached only through what is left out, as far as is known, and to the rest of its
 * size. */
static heapy_status
put_links(chrome *c, heapy_node node)
{
    uint64_t size;
    heapy_node *links;
    size_t count;
    c->to->status = kept_nodes_below(&c->kept, node, &size, &links, &count, &c->to->err);
    if (c->to->status)
        return c->to->status;
    for (size_t i = 0; !c->to->status && i < count; i++) {
        chrome_put_link(c, links[i]);
        export_flush(c->to, false);
    }
    heapy_free(links);
    if (c->to->status)
        return c->to->status;
    return chrome_put_rest_edges(c, size);
}

static heapy_status
put_edges_of(chrome *c, heapy_node node)
{
    const heapy_label *labels = heapy_graph_labels(c->graph), *parts;
    const uint32_t *targets = heapy_graph_targets(c->graph);
    uint64_t first, end;
    heapy_graph_edges(c->graph, node, &first, &end);
    for (; first < end; first++) {
        if (!chrome_has_edge(c, node, targets[first]))
            continue;
        size_t count = heapy_graph_label_parts(c->graph, &labels[first], &parts);
        for (size_t i = 0; i < count; i++)
            chrome_put_edge(c, ",\n", heapy_reference_of_edge(c->graph, node, first, parts[i]),
                            targets[first]);
        if (export_flush(c->to, false))
            return c->to->status;
    }
    return put_links(c, node);
}

static heapy_status
put_edges(chrome *c)
{
    if (chrome_put_root_edges(c))
        return c->to->status;
    for (heapy_node node = 0; node < c->node_count; node++)
        if (kept_nodes_has(&c->kept, node) && put_edges_of(c, node))
            return c->to->status;
    return c->to->status;
}

/* ---- the whole ---- */

static heapy_status
put_all(chrome *c, heapy_snapshot *snapshot, export_chrome_size *written)
{
    document *line = &c->to->line;
    uint64_t edges = c->edge_count + CHROME_BRANCHES;
    uint64_t nodes = CHROME_SYNTHETIC_COUNT + kept_nodes_count(&c->kept) + c->rest_count;
    for (unsigned i = 0; i < CHROME_BRANCHES; i++)
        edges += c->branch_edges[i];
    *written = (export_chrome_size){nodes, edges, 0};
    document_put(line, head);
    document_printf(line,
                    "\"node_count\":%" PRIu64 ",\"edge_count\":%" PRIu64
                    ",\"trace_function_count\":0},\n\"nodes\":[",
                    nodes, edges);
    if (put_nodes(c))
        return c->to->status;
    document_put(line, "],\n\"edges\":[");
    if (put_edges(c))
        return c->to->status;
    document_put(
        line,
        "],\n\"trace_function_infos\":[],\"trace_tree\":[],\"samples\":[],\"locations\":[],\n\"strings\":[");
    if (chrome_strings_put(&c->strings, snapshot, &written->text_units, c->to))
        return c->to->status;
    document_put(line, "]}\n");
    return export_flush(c->to, true);
}

heapy_status
export_chrome(input *in, heapy_dominators *dominators, uint64_t least, export_chrome_size *written,
              export_sink *to)
{
    chrome c = {.graph = in->graph, .node_count = heapy_graph_node_count(in->graph), .to = to};
    *written = (export_chrome_size){0};
    heapy_status status = kept_nodes_init(&c.kept, in, dominators, least, &to->err);
    if (!status)
        status = prepare(&c, &to->err);
    if (status)
        to->status = status;
    else
        status = put_all(&c, in->snapshot, written);
    kept_nodes_deinit(&c.kept);
    chrome_strings_deinit(&c.strings);
    heapy_node_set_destroy(c.unreached);
    return status;
}
