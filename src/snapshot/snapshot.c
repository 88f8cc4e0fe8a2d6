/* SPDX-License-Identifier: MIT */
/* Snapshots: a graph, its addresses, the maker's words. */
#include "heapy/snapshot.h"

#include <inttypes.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "address_text.h"
#include "function_text.h"
#include "heapy/memory.h"
#include "members.h"
#include "snapshot_internal.h"

static void
release_words(const heapy_words *words)
{
    if (words && words->release)
        words->release(words->context);
}

heapy_status
heapy_snapshot_create(heapy_graph *graph, const heapy_address_map *map, const heapy_words *words,
                      heapy_snapshot **out, heapy_error *err)
{
    size_t nodes = heapy_graph_node_count(graph);
    heapy_status status = HEAPY_OK;
    heapy_snapshot *snapshot = NULL;
    if (!graph || !out)
        status = heapy__fail_null(err, "graph or out");
    else if (map && (!map->frozen || heapy_address_map_count(map) != nodes))
        status = heapy__fail(err, HEAPY_INVALID, "%zu addresses for %zu nodes, or not frozen",
                             heapy_address_map_count(map), nodes);
    else if (!(snapshot = heapy_alloc_zeroed(1, sizeof *snapshot)))
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a snapshot");
    if (status) {
        heapy_graph_destroy(graph);
        release_words(words);
        return status;
    }
    atomic_init(&snapshot->uses, 1);
    snapshot->graph = graph;
    snapshot->map = map;
    snapshot->modules = heapy_graph_facts(graph, "module");
    if (words)
        snapshot->words = *words;
    *out = snapshot;
    return HEAPY_OK;
}

heapy_snapshot *
heapy_snapshot_retain(heapy_snapshot *snapshot)
{
    if (snapshot)
        atomic_fetch_add_explicit(&snapshot->uses, 1, memory_order_relaxed);
    return snapshot;
}

void
heapy_snapshot_release(heapy_snapshot *snapshot)
{
    if (!snapshot || atomic_fetch_sub_explicit(&snapshot->uses, 1, memory_order_acq_rel) != 1)
        return;
    heapy__derived_deinit(snapshot);
    heapy_graph_destroy(snapshot->graph);
    heapy_words words = snapshot->words;
    heapy_free(snapshot);
    release_words(&words); /* last: it may let go of the map, and of what led here */
}

const heapy_graph *
heapy_snapshot_graph(const heapy_snapshot *snapshot)
{
    if (!snapshot)
        return NULL;
    return snapshot->graph;
}

const heapy_address_map *
heapy_snapshot_map(const heapy_snapshot *snapshot)
{
    if (!snapshot)
        return NULL;
    return snapshot->map;
}

const heapy_words *
heapy_snapshot_words(const heapy_snapshot *snapshot)
{
    if (!snapshot)
        return NULL;
    return &snapshot->words;
}

uintptr_t
heapy_snapshot_address(const heapy_snapshot *snapshot, heapy_node node)
{
    if (snapshot && snapshot->map && node < heapy_graph_node_count(snapshot->graph))
        return heapy_address_map_select(snapshot->map, node);
    return 0;
}

heapy_node
heapy_snapshot_node(const heapy_snapshot *snapshot, uintptr_t address)
{
    if (snapshot && snapshot->map)
        return heapy_address_map_rank(snapshot->map, address);
    return HEAPY_NO_NODE;
}

/* ---- members ---- */

heapy_status
heapy__check_members(const heapy_snapshot *snapshot, const heapy_members *members, heapy_error *err)
{
    size_t nodes = heapy_graph_node_count(heapy_snapshot_graph(snapshot));
    if (!members)
        return HEAPY_OK;
    if (!members->nodes && members->count)
        return heapy__fail(err, HEAPY_INVALID, "%zu members without their nodes", members->count);
    if (members->count >= HEAPY_NO_NODE)
        return heapy__fail(err, HEAPY_LIMIT, "%zu members are more than can be numbered", members->count);
    for (size_t i = 0; i < members->count; i++)
        if (members->nodes[i] >= nodes)
            return heapy__fail(err, HEAPY_INVALID, "member %zu is node %" PRIu32 ", of %zu", i,
                               members->nodes[i], nodes);
    return HEAPY_OK;
}

heapy__members
heapy__members_of(heapy_snapshot *snapshot, const heapy_members *members)
{
    static const heapy_node none = HEAPY_NO_NODE; /* no members, which is not all of them */
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    if (!members)
        return (heapy__members){snapshot, graph, NULL, heapy_graph_node_count(graph)};
    return (heapy__members){snapshot, graph, members->nodes ? members->nodes : &none, members->count};
}

/* ---- texts ---- */

void
heapy__put_address(const heapy_snapshot *snapshot, heapy_node node, heapy__string_buffer *out)
{
    uintptr_t address = heapy_snapshot_address(snapshot, node);
    if (address)
        heapy__string_buffer_printf(out, "0x%" PRIxPTR, address);
    else
        heapy__string_buffer_printf(out, "#%" PRIu32, node);
}

/* What the columns say of a node.  False: nothing. */
static bool
put_text_of_columns(const heapy_snapshot *snapshot, heapy_node node, heapy__string_buffer *out)
{
    const heapy_graph *graph = snapshot->graph;
    heapy_role role = heapy_graph_role(graph, node);
    if (role == HEAPY_ROLE_SEQUENCE || role == HEAPY_ROLE_DICT) {
        uint64_t length = heapy_graph_length(graph, node);
        if (length == HEAPY_NO_LENGTH)
            return false;
        heapy__put_address(snapshot, node, out);
        heapy__string_buffer_printf(out, "*%" PRIu64, length);
        return true;
    }
    if (role == HEAPY_ROLE_TYPE) {
        heapy_type type = heapy_graph_type_of_node(graph, node);
        if (type != HEAPY_NO_TYPE)
            heapy__string_buffer_puts(out, heapy_graph_type_name(graph, type));
        return type != HEAPY_NO_TYPE;
    }
    uint32_t module = HEAPY_NO_FACT;
    if (role == HEAPY_ROLE_MODULE && snapshot->modules)
        module = heapy_facts_of_node(snapshot->modules, node);
    if (module == HEAPY_NO_FACT)
        return false;
    heapy__string_buffer_puts(out, heapy_facts_value(snapshot->modules, module));
    return true;
}

heapy_status
heapy_snapshot_text(const heapy_snapshot *snapshot, heapy_node node, heapy_text_use use, char **text,
                    heapy_error *err)
{
    if (!snapshot || !text)
        return heapy__fail_null(err, "snapshot or text");
    if ((unsigned)use >= HEAPY_TEXT_USE_COUNT)
        return heapy__fail(err, HEAPY_INVALID, "%d is no use of a text", (int)use);
    heapy__string_buffer out = {0};
    char *said = NULL;
    if (node >= heapy_graph_node_count(snapshot->graph))
        return heapy__fail(err, HEAPY_INVALID, "there is no node %" PRIu32 " among %zu", node,
                           heapy_graph_node_count(snapshot->graph));
    bool is_done = use == HEAPY_TEXT_ROW && put_text_of_columns(snapshot, node, &out);
    if (use == HEAPY_TEXT_ROW && !is_done) {
        heapy_status status = heapy__function_text(snapshot, node, &said, err);
        if (status || said) {
            if (said)
                *text = said;
            return status;
        }
    }
    if (!is_done && snapshot->words.text) {
        heapy_status status = snapshot->words.text(snapshot->words.context, node, use, &said, err);
        if (status)
            return status;
        if (said) {
            *text = said;
            return HEAPY_OK;
        }
    }
    if (!is_done)
        heapy__put_address(snapshot, node, &out);
    if (out.failed) {
        heapy__string_buffer_deinit(&out);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the text of a node");
    }
    *text = out.text;
    return HEAPY_OK;
}

heapy_status
heapy_snapshot_owner_text(const heapy_snapshot *snapshot, heapy_node dict, heapy_text_use use, char **text,
                          heapy_error *err)
{
    if (!snapshot || !text)
        return heapy__fail_null(err, "snapshot or text");
    if ((unsigned)use >= HEAPY_TEXT_USE_COUNT)
        return heapy__fail(err, HEAPY_INVALID, "%d is no use of a text", (int)use);
    heapy_node owner = HEAPY_NO_NODE;
    char *said = NULL;
    if (dict >= heapy_graph_node_count(snapshot->graph) ||
        heapy_graph_owner_type(snapshot->graph, dict) == HEAPY_NO_TYPE)
        return heapy__fail(err, HEAPY_INVALID, "node %" PRIu32 " is nobody's attribute dict", dict);
    owner = heapy_graph_owner(snapshot->graph, dict);
    if (owner != HEAPY_NO_NODE)
        return heapy_snapshot_text(snapshot, owner, use, text, err);
    if (snapshot->words.owner_text) {
        heapy_status status = snapshot->words.owner_text(snapshot->words.context, dict, use, &said, err);
        if (status)
            return status;
    }
    if (said) {
        *text = said;
        return HEAPY_OK;
    }
    heapy__string_buffer out = {0}; /* who it is, is not known; what it is, is */
    heapy__string_buffer_printf(
        &out, "<%.200s>",
        heapy_graph_type_name(snapshot->graph, heapy_graph_owner_type(snapshot->graph, dict)));
    if (out.failed) {
        heapy__string_buffer_deinit(&out);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the text of an owner");
    }
    *text = out.text;
    return HEAPY_OK;
}

heapy_status
heapy_snapshot_brief(const heapy_snapshot *snapshot, heapy_node node, char **text, heapy_error *err)
{
    if (!snapshot || !text)
        return heapy__fail_null(err, "snapshot or text");
    if (heapy_graph_role(snapshot->graph, node) != HEAPY_ROLE_DICT ||
        heapy_graph_owner_type(snapshot->graph, node) == HEAPY_NO_TYPE)
        return heapy_snapshot_text(snapshot, node, HEAPY_TEXT_ROW, text, err);
    char *whole;
    heapy_status status = heapy_snapshot_owner_text(snapshot, node, HEAPY_TEXT_ROW, &whole, err);
    if (status)
        return status;
    char *dot = strrchr(whole, '.');
    if (dot == whole) { /* one character more is needed */
        heapy__string_buffer longer = {0};
        heapy__string_buffer_puts(&longer, ".");
        heapy__string_buffer_puts(&longer, whole);
        heapy_text_free(whole);
        whole = longer.text;
        if (longer.failed)
            return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the text of an owner");
    } else if (dot) {
        size_t length = strlen(dot + 1) + 1;
        whole[0] = whole[1] = '.';
        memmove(whole + 2, dot + 1, length);
    }
    *text = whole;
    return HEAPY_OK;
}

const char *
heapy_role_heading(heapy_role role)
{
    switch (role) {
    case HEAPY_ROLE_NUMBER:
    case HEAPY_ROLE_VALUE:
        return "Value";
    case HEAPY_ROLE_TEXT:
        return "Representation (limited)";
    case HEAPY_ROLE_SEQUENCE:
    case HEAPY_ROLE_DICT:
        return "Address*Length";
    case HEAPY_ROLE_TYPE:
    case HEAPY_ROLE_FUNCTION:
    case HEAPY_ROLE_BUILTIN:
    case HEAPY_ROLE_MODULE:
        return "Name";
    case HEAPY_ROLE_CODE:
        return "File:Line:Name";
    case HEAPY_ROLE_FRAME:
        return "Name at Address";
    case HEAPY_ROLE_METHOD:
        return "Type/<Type at address> . method";
    case HEAPY_ROLE_TRACEBACK:
        return "Frame at Address";
    case HEAPY_ROLE_OBJECT:
    case HEAPY_ROLE_COUNT:
        break;
    }
    return "Address";
}
