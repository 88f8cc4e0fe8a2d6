/* SPDX-License-Identifier: MIT */
/* The shortest paths to objects of a snapshot: along levels that are kept, or by a search of its own. */
#include "heapy/snapshot_paths.h"

#include <inttypes.h>
#include <string.h>

#include "../base/fail.h"
#include "heapy/memory.h"
#include "heapy/reference.h"
#include "snapshot_internal.h"

/* ---- order ---- */

heapy_status
heapy_path_steps_order(const heapy_snapshot *snapshot, heapy_node source, heapy_path_step *steps,
                       size_t count, heapy_error *err)
{
    if (!snapshot || (!steps && count))
        return heapy__fail_null(err, "snapshot or steps");
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    heapy_reference *references = heapy_alloc_array(count, sizeof *references);
    size_t *order = heapy_alloc_array(count, sizeof *order);
    heapy_path_step *before = heapy_alloc_array(count, sizeof *before);
    heapy_status status = HEAPY_OK;
    if (!references || !order || !before)
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory to order %zu references", count);
    for (size_t i = 0; !status && i < count; i++) {
        const heapy_label *parts;
        if (steps[i].edge >= heapy_graph_edge_count(graph) ||
            steps[i].name >=
                heapy_graph_label_parts(graph, heapy_graph_labels(graph) + steps[i].edge, &parts))
            status = heapy__fail(err, HEAPY_INVALID, "reference %" PRIu64 " has no name %" PRIu32,
                                 steps[i].edge, steps[i].name);
        else
            references[i] = heapy_reference_of_edge(graph, source, steps[i].edge, parts[steps[i].name]);
    }
    if (!status)
        status = heapy_references_order(snapshot, references, count, order, err);
    if (!status) {
        memcpy(before, steps, count * sizeof *before);
        for (size_t i = 0; i < count; i++)
            steps[i] = before[order[i]];
    }
    heapy_free(references);
    heapy_free(order);
    heapy_free(before);
    return status;
}

static heapy_status
order_steps(void *snapshot, heapy_node source, heapy_path_step *steps, size_t count, heapy_error *err)
{
    return heapy_path_steps_order(snapshot, source, steps, count, err);
}

void
heapy__order_by_reference(heapy_snapshot *snapshot, heapy_shortest_paths *paths)
{
    heapy_paths_set_order(paths, (heapy_path_order){NULL, order_steps, snapshot});
}

/* ---- along levels that are kept ---- */

/* Paths from the root.  skips_globals: what frames' modules have is no way. */
static heapy_status
find_along(heapy_snapshot *snapshot, const heapy_node_set *targets, bool skips_globals,
           heapy_shortest_paths **out, heapy_error *err)
{
    const heapy_path_levels *levels;
    const heapy_referrers *referrers = heapy_snapshot_known_referrers(snapshot);
    bool was_asked = heapy__knows_path_levels(snapshot, skips_globals);
    heapy_status status = heapy__snapshot_path_levels(snapshot, skips_globals, &levels, err);
    if (!status && was_asked && !referrers)
        status = heapy_snapshot_referrers(snapshot, &referrers, err);
    if (status)
        return status;
    return heapy_shortest_paths_along(levels, referrers, targets, out, err);
}

/* ---- by a search ---- */

/* Search from the sources of the question or, if it has none, `sources`.  global_pairs: not used either. */
static heapy_status
search(const heapy_snapshot *snapshot, const heapy_path_question *question, const heapy_node_set *sources,
       const heapy_node_pair *global_pairs, size_t global_count, heapy_shortest_paths **out, heapy_error *err)
{
    const heapy_node_pair *pairs = question->pair_count ? question->pairs : global_pairs;
    size_t count = question->pair_count + global_count;
    heapy_node_pair *both = NULL;
    if (question->pair_count && global_count) {
        both = heapy_alloc_array(count, sizeof *both);
        if (!both)
            return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for %zu references that are not used", count);
        memcpy(both, question->pairs, question->pair_count * sizeof *both);
        memcpy(both + question->pair_count, global_pairs, global_count * sizeof *both);
        pairs = both;
    }
    heapy_status status =
        heapy_shortest_paths_create(snapshot->graph, question->sources ? question->sources : sources,
                                    question->targets, question->avoid, pairs, count, out, err);
    heapy_free(both);
    return status;
}

static heapy_status
find_by_search(const heapy_snapshot *snapshot, const heapy_path_question *question, bool is_from_root,
               heapy_shortest_paths **out, heapy_error *err)
{
    heapy_node_set *sources = NULL;
    heapy_node_pair *globals = NULL;
    size_t count = 0;
    heapy_shortest_paths *found = NULL;
    heapy_status status = HEAPY_OK;
    if (!question->sources)
        status = heapy_snapshot_sources(snapshot, &sources, err);
    if (!status && is_from_root)
        status = heapy_pairs_to_globals(snapshot->graph, &globals, &count, err);
    if (!status)
        status = search(snapshot, question, sources, globals, count, &found, err);
    if (!status && count && !heapy_paths_length(found)) {
        heapy_shortest_paths_destroy(found);
        status = search(snapshot, question, sources, NULL, 0, &found, err);
    }
    heapy_free(globals);
    heapy_node_set_destroy(sources);
    if (!status)
        *out = found;
    return status;
}

/* ---- both ---- */

heapy_status
heapy_snapshot_sources(const heapy_snapshot *snapshot, heapy_node_set **out, heapy_error *err)
{
    if (!snapshot || !out)
        return heapy__fail_null(err, "snapshot or out");
    const heapy_graph *graph = snapshot->graph;
    heapy_node root = heapy_graph_root(graph);
    heapy_node_set *sources;
    heapy_status status = heapy_node_set_create(heapy_graph_node_count(graph), &sources, err);
    if (status)
        return status;
    if (root != HEAPY_NO_NODE)
        heapy_node_set_add(sources, root);
    for (size_t i = 0; root == HEAPY_NO_NODE && i < heapy_graph_root_count(graph); i++)
        heapy_node_set_add(sources, heapy_graph_root_target(graph, i));
    *out = sources;
    return HEAPY_OK;
}

heapy_status
heapy_snapshot_paths(heapy_snapshot *snapshot, const heapy_path_question *question,
                     heapy_shortest_paths **out, heapy_error *err)
{
    if (!snapshot || !question || !question->targets || (!question->pairs && question->pair_count) || !out)
        return heapy__fail_null(err, "snapshot, question, targets, pairs or out");
    if (!heapy_graph_has_edges(snapshot->graph))
        return heapy__fail(err, HEAPY_INVALID, "the references of this snapshot are not known");
    bool is_from_root = !question->sources || question->is_from_root,
         is_kept = !question->sources && !question->avoid && !question->pair_count && !question->is_single;
    heapy_shortest_paths *found;
    heapy_status status;
    if (is_kept)
        status = find_along(snapshot, question->targets, true, &found, err);
    else
        status = find_by_search(snapshot, question, is_from_root, &found, err);
    if (!status && is_kept && !heapy_paths_length(found) && heapy__skips_references(snapshot)) {
        heapy_shortest_paths_destroy(found);
        status = find_along(snapshot, question->targets, false, &found, err);
    }
    if (status)
        return status;
    heapy__order_by_reference(snapshot, found);
    *out = found;
    return HEAPY_OK;
}
