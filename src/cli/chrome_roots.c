/* SPDX-License-Identifier: MIT */
/*
 * The root and its children are synthetic: the panel moves sizes of `array` and `hidden` nodes to their only
 * owner where a child of the root is not.
 */
#include "chrome.h"

#include <inttypes.h>
#include <string.h>

enum {
    INTERPRETER = CHROME_WORD_INTERPRETER - CHROME_WORD_INTERPRETER,
    THREADS = CHROME_WORD_THREADS - CHROME_WORD_INTERPRETER,
    OTHER = CHROME_WORD_OTHER - CHROME_WORD_INTERPRETER,
    UNREACHED = CHROME_WORD_UNREACHED - CHROME_WORD_INTERPRETER
};

/* The branch below the root that a root belongs to: `i0_t1406_f0` is of a thread, `i0_modules` of an
 * interpreter. */
static unsigned
branch_of(const chrome *c, heapy_label label)
{
    const heapy_label *parts;
    size_t length = 0;
    if (!heapy_graph_label_parts(c->graph, &label, &parts) ||
        !heapy_label_is_named(heapy_label_kind_of(parts[0])))
        return OTHER;
    const char *name = heapy_graph_name(c->graph, heapy_label_number(parts[0]), &length);
    size_t digits = 0;
    if (name[0] == 'i')
        digits = strspn(name + 1, "0123456789");
    if (!digits || name[1 + digits] != '_')
        return OTHER;
    if (name[2 + digits] == 't' && name[3 + digits] >= '0' && name[3 + digits] <= '9')
        return THREADS;
    return INTERPRETER;
}

void
chrome_count_roots(chrome *c)
{
    for (size_t i = 0; i < heapy_graph_root_count(c->graph); i++)
        if (kept_nodes_has(&c->kept, heapy_graph_root_target(c->graph, i)))
            c->branch_edges[branch_of(c, heapy_graph_root_label(c->graph, i))]++;
    c->branch_edges[OTHER] += c->kept.linked_to_roots;
    c->branch_edges[UNREACHED] = heapy_node_set_count(c->unreached);
}

/* ---- nodes ---- */

/* Their ids are the odd ones below those of objects: the rests of sizes have the even ones. */
void
chrome_put_root_nodes(chrome *c)
{
    document *line = &c->to->line;
    document_printf(line, "%d,%d,1,%" PRIu64 ",%" PRIu64 ",0,0", CHROME_SYNTHETIC, CHROME_WORD_ROOT,
                    chrome_shown_of(c->kept.left_by_roots),
                    CHROME_BRANCHES + chrome_rests_of(c->kept.left_by_roots));
    for (unsigned i = 0; i < CHROME_BRANCHES; i++) {
        uint64_t size = 0;
        if (i == UNREACHED)
            size = c->kept.left_unreached;
        document_printf(line, ",%d,%u,%u,%" PRIu64 ",%" PRIu64 ",0,0", CHROME_SYNTHETIC,
                        CHROME_WORD_INTERPRETER + i, 3 + 2 * i, chrome_shown_of(size),
                        c->branch_edges[i] + chrome_rests_of(size));
    }
}

/* ---- edges ---- */

void
chrome_put_link(chrome *c, heapy_node target)
{
    document_printf(&c->to->line, ",\n%d,%d,%zu", CHROME_INTERNAL, CHROME_WORD_LEFT_OUT,
                    CHROME_NODE_FIELDS * chrome_place(c, target));
}

static void
put_roots_of(chrome *c, unsigned branch)
{
    for (size_t i = 0; i < heapy_graph_root_count(c->graph); i++) {
        heapy_label label = heapy_graph_root_label(c->graph, i);
        heapy_node target = heapy_graph_root_target(c->graph, i);
        const heapy_label *parts = &label;
        if (branch_of(c, label) != branch || !kept_nodes_has(&c->kept, target))
            continue;
        heapy_graph_label_parts(c->graph, &label, &parts);
        chrome_put_edge(c, ",", (heapy_reference){parts[0], HEAPY_NO_NODE}, target);
    }
}

static void
put_links(chrome *c)
{
    if (!c->kept.linked_to_roots)
        return;
    for (heapy_node node = heapy_node_set_next(c->kept.linked, 0); node != HEAPY_NO_NODE;
         node = heapy_node_set_next(c->kept.linked, node + 1))
        if (kept_nodes_is_root(&c->kept, node))
            chrome_put_link(c, node);
}

static heapy_status
put_unreached(chrome *c)
{
    size_t number = 0;
    for (heapy_node node = heapy_node_set_next(c->unreached, 0); node != HEAPY_NO_NODE;
         node = heapy_node_set_next(c->unreached, node + 1)) {
        document_printf(&c->to->line, ",%d,%zu,%zu", CHROME_ELEMENT, number++,
                        CHROME_NODE_FIELDS * chrome_place(c, node));
        if (export_flush(c->to, false))
            return c->to->status;
    }
    return chrome_put_rest_edges(c, c->kept.left_unreached);
}

heapy_status
chrome_put_root_edges(chrome *c)
{
    const char *comma = "";
    for (unsigned i = 0; i < CHROME_BRANCHES; i++) {
        document_printf(&c->to->line, "%s%d,%u,%u", comma, CHROME_PROPERTY, CHROME_WORD_INTERPRETER + i,
                        CHROME_NODE_FIELDS * (1 + i));
        comma = ",";
    }
    if (chrome_put_rest_edges(c, c->kept.left_by_roots))
        return c->to->status;
    for (unsigned branch = 0; branch < UNREACHED; branch++)
        put_roots_of(c, branch);
    put_links(c);
    return put_unreached(c);
}
