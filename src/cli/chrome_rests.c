/* SPDX-License-Identifier: MIT */
/*
 * The panel keeps sizes in 32 bits.  What an object has beyond that is in synthetic nodes behind all others,
 * to which it refers, so that totals and what is retained stay.
 */
#include "chrome.h"

#include <inttypes.h>

#define LARGEST_SIZE UINT64_C(0xffffffff)

uint64_t
chrome_rests_of(uint64_t size)
{
    if (!size)
        return 0;
    return (size - 1) / LARGEST_SIZE;
}

uint64_t
chrome_shown_of(uint64_t size)
{
    return size < LARGEST_SIZE ? size : LARGEST_SIZE;
}

heapy_status
chrome_count_rests(chrome *c, heapy_error *err)
{
    c->rest_count = chrome_rests_of(c->kept.left_by_roots) + chrome_rests_of(c->kept.left_unreached);
    for (heapy_node node = 0;; node++) {
        uint64_t size = 0;
        heapy_status status = kept_nodes_next_large(&c->kept, LARGEST_SIZE, &node, &size, err);
        if (status)
            return status;
        if (node == HEAPY_NO_NODE)
            break;
        c->rest_count += chrome_rests_of(size);
    }
    c->edge_count += c->rest_count;
    return HEAPY_OK;
}

/* Nodes for what of a size is not shown yet; ids of what is no object are even. */
static heapy_status
put_nodes_of(chrome *c, uint64_t size, uint64_t *id)
{
    for (uint64_t left = size - chrome_shown_of(size); left && !c->to->status;
         left -= chrome_shown_of(left)) {
        document_printf(&c->to->line, ",\n%d,%d,%" PRIu64 ",%" PRIu64 ",0,0,0", CHROME_SYNTHETIC,
                        CHROME_WORD_REST, *id, chrome_shown_of(left));
        *id += 2;
        export_flush(c->to, false);
    }
    return c->to->status;
}

heapy_status
chrome_put_rest_nodes(chrome *c)
{
    uint64_t id = 2;
    if (put_nodes_of(c, c->kept.left_by_roots, &id) || put_nodes_of(c, c->kept.left_unreached, &id))
        return c->to->status;
    for (heapy_node node = 0;; node++) {
        uint64_t size = 0;
        c->to->status = kept_nodes_next_large(&c->kept, LARGEST_SIZE, &node, &size, &c->to->err);
        if (c->to->status || node == HEAPY_NO_NODE || put_nodes_of(c, size, &id))
            return c->to->status;
    }
}

heapy_status
chrome_put_rest_edges(chrome *c, uint64_t size)
{
    uint64_t first = CHROME_SYNTHETIC_COUNT + kept_nodes_count(&c->kept);
    for (uint64_t i = chrome_rests_of(size); i && !c->to->status; i--) {
        document_printf(&c->to->line, ",\n%d,%d,%" PRIu64, CHROME_INTERNAL, CHROME_WORD_REST,
                        CHROME_NODE_FIELDS * (first + c->linked_rests++));
        export_flush(c->to, false);
    }
    return c->to->status;
}
