/* SPDX-License-Identifier: MIT */
/* Referents, referrers and dominators of sets. */
#include "heapy/questions.h"

#include "../base/fail.h"
#include "../graph/node_set_internal.h"
#include "heapy/reach.h"

static bool
is_in(const heapy_node_set *nodes, heapy_node node)
{
    return node != HEAPY_NO_NODE && heapy_node_set_contains(nodes, node);
}

static heapy_status
ask_referrers(heapy_snapshot *snapshot, const heapy_node_set *nodes, heapy_node_set *out, heapy_error *err)
{
    const heapy_referrers *referrers;
    heapy_status status = heapy_snapshot_referrers(snapshot, &referrers, err);
    if (!status)
        heapy_referrers_of_set(referrers, nodes, out);
    return status;
}

static heapy_status
ask_immediate_dominators(heapy_snapshot *snapshot, heapy_node start, const heapy_node_set *nodes,
                         heapy_node_set *out, heapy_error *err)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    heapy_node root = heapy_graph_root(graph);
    heapy_node_set *all = NULL, *starts = NULL;
    const heapy_referrers *referrers;
    heapy_status status = heapy_snapshot_referrers(snapshot, &referrers, err);
    if (!status)
        status = heapy_node_set_create(heapy_graph_node_count(graph), &all, err);
    /* From the root means from all roots: those without names too, such as types that only instances lead to.
     */
    if (!status && start != HEAPY_NO_NODE && start != root)
        status = heapy_node_set_create(heapy_graph_node_count(graph), &starts, err);
    if (!status) {
        heapy_referrers_of_set(referrers, nodes, all);
        if (starts)
            heapy_node_set_add(starts, start);
        /* What the root itself refers to has no immediate dominator but the root, which is no object. */
        bool is_below_root = is_in(all, root) && (start == root || start == HEAPY_NO_NODE);
        if (!is_below_root)
            status = heapy_immediate_dominators(graph, referrers, starts, nodes, out, err);
    }
    heapy_node_set_destroy(all);
    heapy_node_set_destroy(starts);
    return status;
}

static heapy_status
ask_dominated(const heapy_snapshot *snapshot, const heapy_node_set *nodes, heapy_node_set *out,
              heapy_error *err)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    heapy_node root = heapy_graph_root(graph);
    if (!is_in(nodes, root))
        return heapy_dominated(graph, nodes, out, err);
    heapy_node_set_complement(out); /* everything there is, but the root, which is no object */
    heapy_node_set_remove(out, root);
    return HEAPY_OK;
}

heapy_status
heapy_ask(heapy_snapshot *snapshot, heapy_question question, heapy_node start, const heapy_node_set *nodes,
          heapy_node_set **out, heapy_error *err)
{
    if (!snapshot || !nodes || !out)
        return heapy__fail_null(err, "snapshot, nodes or out");
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    heapy_node_set *answer;
    heapy_status status = heapy__node_set_fits(nodes, heapy_graph_node_count(graph), "nodes", err);
    if (status)
        return status;
    if (start != HEAPY_NO_NODE && start >= heapy_graph_node_count(graph))
        return heapy__fail(err, HEAPY_INVALID, "no way begins at node %u of %zu", start,
                           heapy_graph_node_count(graph));
    if (!heapy_graph_has_edges(graph))
        return heapy__fail(err, HEAPY_INVALID, "the references of this snapshot are not known");
    status = heapy_node_set_create(heapy_graph_node_count(graph), &answer, err);
    if (status)
        return status;
    switch (question) {
    case HEAPY_ASK_REFERENTS:
        heapy_referents_of_set(graph, nodes, answer);
        break;
    case HEAPY_ASK_REFERRERS:
        status = ask_referrers(snapshot, nodes, answer, err);
        break;
    case HEAPY_ASK_IMMEDIATE_DOMINATORS:
        status = ask_immediate_dominators(snapshot, start, nodes, answer, err);
        break;
    case HEAPY_ASK_DOMINATED:
        status = ask_dominated(snapshot, nodes, answer, err);
        break;
    case HEAPY_QUESTION_COUNT:
    default:
        status = heapy__fail(err, HEAPY_INVALID, "there is no question number %d", (int)question);
        break;
    }
    if (status)
        heapy_node_set_destroy(answer);
    else
        *out = answer;
    return status;
}

heapy_status
heapy_ask_retained(heapy_snapshot *snapshot, const heapy_progress *progress, const heapy_node_set *nodes,
                   uint64_t *out, heapy_error *err)
{
    if (!snapshot || !nodes || !out)
        return heapy__fail_null(err, "snapshot, nodes or out");
    size_t count = heapy_graph_node_count(heapy_snapshot_graph(snapshot));
    heapy_status status = heapy__node_set_fits(nodes, count, "nodes", err);
    if (status)
        return status;
    heapy_node first = heapy_node_set_next(nodes, 0);
    bool is_one = first != HEAPY_NO_NODE && heapy_node_set_next(nodes, first + 1) == HEAPY_NO_NODE;
    heapy_node_set *dominated;
    if (is_one && first != heapy_graph_root(heapy_snapshot_graph(snapshot))) {
        heapy_dominators *dominators;
        status = heapy_snapshot_dominators(snapshot, progress, &dominators, err);
        if (status)
            return status;
        if (heapy_dominators_has(dominators, first)) {
            *out = heapy_retained_size(dominators, first);
            return HEAPY_OK;
        }
    }
    status = heapy_ask(snapshot, HEAPY_ASK_DOMINATED, HEAPY_NO_NODE, nodes, &dominated, err);
    if (status)
        return status;
    *out = heapy_size_of_set(heapy_snapshot_graph(snapshot), dominated);
    heapy_node_set_destroy(dominated);
    return HEAPY_OK;
}
