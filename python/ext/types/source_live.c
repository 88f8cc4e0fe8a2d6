/* SPDX-License-Identifier: MIT */
/* The live heap as a source: each question captures what it needs (H-91), or walks as far as it takes. */
#include "types/source.h"

#include "capture/object_map.h"
#include "live/errors.h"
#include "live/held_objects.h"
#include "live/live_atoms.h"
#include "live/live_capture.h"
#include "live/live_words.h"
#include "live/producers.h"
#include "live/world.h"
#include "types/ask.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/source_parts.h"
#include "types/type_heap_view.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/type_snapshot.h"

#include <heapy/address_map.h>
#include <heapy/graph.h>
#include <heapy/kind.h>
#include <heapy/memory.h>
#include <heapy/node_set.h>
#include <heapy/status.h>

/* Add to *map, whose objects are held by others, the owners of its dicts; and hold it. */
static held_objects *
hold_with_owners(module_state *state, heapy_address_map **map)
{
    dict_owners owners = {0};
    heapy_graph *graph = NULL;
    PyObject *types = NULL;
    heapy_snapshot *snapshot = NULL;
    held_objects *held = NULL;
    if (capture_columns(&state->capture, capture_lent(*map), COLUMN_OWNERS, NULL, &graph, &types, &owners))
        return NULL;
    if (live_snapshot_create(&state->capture, graph, *map, NULL, types, &owners, &snapshot))
        return NULL;
    heapy_address_map *more = owners_in_snapshot(snapshot, NULL);
    if (more && combine_into(map, more, HEAPY_UNION) == 0)
        held = capture_hold(*map); /* before the owners are let go */
    heapy_address_map_destroy(more);
    heapy_snapshot_release(snapshot);
    return held;
}

/* All nodes: `objects`, what `visible` and `keys` have (either NULL: nothing), the root, and the owners of
   dicts among all those if asked for. */
static held_objects *
collect_nodes(module_state *state, const heapy_address_map *objects, const held_objects *visible,
              const held_objects *keys, bool with_owners)
{
    heapy_address_map *more = map_of_objects(&state->capture.root, visible ? 1 : 0), *nodes;
    held_objects *held = NULL;
    if (!more)
        return NULL;
    nodes = combine_maps(objects, more, HEAPY_UNION);
    heapy_address_map_destroy(more);
    if (!nodes)
        return NULL;
    if (visible && combine_into(&nodes, held_addresses(visible), HEAPY_UNION))
        goto done;
    if (keys && combine_into(&nodes, held_addresses(keys), HEAPY_UNION))
        goto done;
    if (with_owners)
        held = hold_with_owners(state, &nodes);
    else
        held = capture_hold(nodes);
done:
    if (!held)
        heapy_address_map_destroy(nodes);
    return held;
}

static unsigned
columns_for(unsigned needs)
{
    unsigned columns = 0;
    if (needs & (HEAPY_NEEDS_SIZES | HEAPY_NEEDS_ALL_SIZES))
        columns |= COLUMN_SIZES;
    if (needs & (HEAPY_NEEDS_OWNERS | HEAPY_NEEDS_OWNER_NODES | HEAPY_NEEDS_OWNER_TEXTS))
        columns |= COLUMN_OWNERS;
    if (needs & HEAPY_NEEDS_LENGTHS)
        columns |= COLUMN_LENGTHS;
    if (needs & HEAPY_NEEDS_MODULES)
        columns |= COLUMN_MODULES;
    return columns;
}

/* visible, keys: what edges are looked for among; the caller's on success. */
static int
walk_for_edges(const capture_view *view, const heapy_address_map *objects, unsigned needs,
               held_objects **visible, held_objects **keys)
{
    if (needs & HEAPY_NEEDS_ALL_EDGES)
        return capture_heap(view, visible);
    return capture_referrers(view, capture_lent(objects), visible, keys);
}

static PyObject *
take_live(PyObject *session, const heapy_address_map *objects, unsigned needs)
{
    module_state *state = state_of_type(Py_TYPE(session));
    bool with_edges = needs & HEAPY_NEEDS_EDGES, with_owner_nodes = needs & HEAPY_NEEDS_OWNER_NODES;
    capture_view view;
    held_objects *visible = NULL, *keys = NULL, *nodes = NULL;
    heapy_graph *graph = NULL;
    PyObject *types = NULL;
    dict_owners owners = {0}, *wanted = NULL;
    int result = -1;
    Session_capture_view(session, &view);
    view.add_facts = NULL;
    view.sized = NULL;
    if (needs & HEAPY_NEEDS_PRODUCERS)
        view.add_facts = add_allocation_sites;
    if ((with_edges || with_owner_nodes) && !(needs & HEAPY_NEEDS_ALL_SIZES))
        view.sized = objects;
    if (needs & HEAPY_NEEDS_OWNER_TEXTS)
        wanted = &owners;
    if (with_edges && walk_for_edges(&view, objects, needs, &visible, &keys))
        return NULL;
    if (with_edges || with_owner_nodes) {
        nodes = collect_nodes(state, objects, visible, keys, with_owner_nodes);
        if (!nodes)
            goto done;
    }
    if (with_edges)
        result = capture_references(&view, nodes, visible, columns_for(needs), &graph, &types, wanted);
    else if (nodes)
        result = capture_columns_of_view(&view, nodes, columns_for(needs), &graph, &types, wanted);
    else
        result =
            capture_columns_of_view(&view, capture_lent(objects), columns_for(needs), &graph, &types, wanted);
done:
    capture_release_keeping_exception(visible);
    capture_release_keeping_exception(keys);
    if (!result)
        return snapshot_of_capture(session, graph, types, &owners, objects, nodes);
    capture_release_keeping_exception(nodes);
    return NULL;
}

/* ---- paths ---- */

/* Everything that `sources` reach. */
static int
walk_from(const capture_view *view, const heapy_address_map *sources, held_objects **visible)
{
    held_objects *nothing = hold_objects(NULL, 0);
    if (!nothing)
        return -1;
    int result = capture_reachable(view, capture_lent(sources), nothing, false, visible);
    capture_release_keeping_exception(nothing);
    return result;
}

static PyObject *
take_live_paths(PyObject *session, const heapy_address_map *sources, const heapy_address_map *targets,
                const heapy_address_map *avoid, unsigned how)
{
    module_state *state = state_of_type(Py_TYPE(session));
    capture_view view;
    held_objects *visible = NULL, *keys = NULL, *nodes = NULL;
    heapy_address_map *ends = NULL;
    heapy_graph *graph = NULL;
    PyObject *types = NULL;
    dict_owners owners = {0};
    Session_capture_view(session, &view);
    view.skips_globals = how & PATHS_SKIP_GLOBALS;
    int result = -1;
    if (how & PATHS_IN_WHOLE)
        result = walk_from(&view, sources, &visible);
    else
        result = capture_path_nodes(&view, capture_lent(sources), capture_lent(targets), capture_lent(avoid),
                                    &visible, &keys);
    if (result)
        return NULL;
    result = -1;
    ends = combine_maps(sources, targets, HEAPY_UNION);
    if (!ends || (avoid && combine_into(&ends, avoid, HEAPY_UNION)))
        goto done;
    nodes = collect_nodes(state, ends, visible, keys, false);
    if (nodes)
        result = capture_references(&view, nodes, visible, 0, &graph, &types, NULL);
done:
    capture_release_keeping_exception(visible);
    capture_release_keeping_exception(keys);
    heapy_address_map_destroy(ends);
    if (!result)
        return snapshot_of_capture(session, graph, types, &owners, NULL, nodes);
    capture_release_keeping_exception(nodes);
    return NULL;
}

static PyObject *
live_take(PyObject *session, const heapy_address_map *objects, unsigned needs)
{
    if (!objects)
        return Snapshot_take(session);
    /* A collection half-way would run finalizers, and the moment would be over. */
    stopped_world world = {0};
    if (needs & HEAPY_NEEDS_EDGES)
        world = world_stop();
    PyObject *snapshot = take_live(session, objects, needs);
    world_start(&world);
    return snapshot;
}

static PyObject *
live_take_paths(PyObject *session, const heapy_address_map *sources, const heapy_address_map *targets,
                const heapy_address_map *avoid, unsigned how, bool *is_part)
{
    *is_part = true;
    stopped_world world = world_stop();
    PyObject *snapshot = take_live_paths(session, sources, targets, avoid, how);
    world_start(&world);
    return snapshot;
}

/* ---- everything ---- */

held_objects *
visible_heap(PyObject *session)
{
    capture_view view;
    held_objects *heap = NULL;
    Session_capture_view(session, &view);
    if (capture_heap(&view, &heap) < 0)
        return NULL;
    return heap;
}

static PyObject *
live_heap(PyObject *session)
{
    held_objects *heap = visible_heap(session);
    if (!heap)
        return NULL;
    return IdentitySet_wrap(session, heap, NULL);
}

static PyObject *
no_moment(PyObject *session, unsigned needs)
{
    (void)session, (void)needs;
    PyErr_SetString(PyExc_ValueError, "this session looks at the live heap, where each question has a moment "
                                      "of its own: ask hp.snapshot()");
    return NULL;
}

/* ---- shortcuts ---- */

static int
live_answer(PyObject *session, heapy_question question, const heapy_address_map *map, held_objects **out)
{
    const held_objects *objects = capture_lent(map);
    capture_view view;
    int result = NO_SHORTCUT;
    Session_capture_view(session, &view);
    stopped_world world = world_stop();
    switch (question) {
    case HEAPY_ASK_REFERENTS:
        result = capture_referents(&view, objects, out);
        break;
    case HEAPY_ASK_REFERRERS:
        result = capture_referrers(&view, objects, out, NULL);
        break;
    case HEAPY_ASK_IMMEDIATE_DOMINATORS:
        result = capture_immediate_dominators(&view, objects, out);
        break;
    case HEAPY_ASK_DOMINATED:
        result = capture_dominated(&view, objects, out);
        break;
    case HEAPY_QUESTION_COUNT:
        break;
    }
    world_start(&world);
    return result;
}

static int
live_size(PyObject *session, const heapy_address_map *objects, uint64_t *out)
{
    return capture_total_size(&state_of_type(Py_TYPE(session))->capture, capture_lent(objects),
                              ((Session *)session)->warned_types, out);
}

/* What a set dominates goes with it. */
static int
live_retained(PyObject *session, const heapy_address_map *objects, uint64_t *out)
{
    held_objects *dominated = NULL;
    int result = live_answer(session, HEAPY_ASK_DOMINATED, objects, &dominated);
    if (result != ANSWERED)
        return result;
    result = live_size(session, held_addresses(dominated), out);
    capture_release_keeping_exception(dominated);
    return result;
}

/* What `starts` reach around `avoid`. */
static held_objects *
reach_around(PyObject *session, const heapy_address_map *starts, const heapy_address_map *avoid)
{
    capture_view view;
    held_objects *reached = NULL;
    Session_capture_view(session, &view);
    if (capture_reachable(&view, capture_lent(starts), capture_lent(avoid), false, &reached) < 0)
        return NULL;
    return reached;
}

/* all: the union of the sets; around: what the root reaches around it. */
static PyObject *
live_dominated_alone(PyObject *session, const heapy_address_map *set, const heapy_address_map *all,
                     const heapy_address_map *around)
{
    held_objects *own = reach_around(session, set, around), *others = NULL, *held = NULL;
    if (!own)
        return NULL;
    heapy_address_map *alone = NULL, *avoid = combine_maps(around, set, HEAPY_UNION);
    if (!avoid)
        goto done;
    others = reach_around(session, all, avoid);
    if (!others)
        goto done;
    alone = combine_maps(held_addresses(own), held_addresses(others), HEAPY_DIFFERENCE);
    if (alone)
        held = capture_hold(alone);
done:
    capture_release_keeping_exception(own);
    heapy_address_map_destroy(avoid);
    capture_release_keeping_exception(others);
    if (!held)
        return NULL;
    return LiveObjects_wrap(session, held);
}

/* Append the identity set of each of `sets` to a list. */
static int
live_dominated_alone_of_each(PyObject *session, PyObject *sets, PyObject *list)
{
    heapy_address_map *all = map_of_objects(NULL, 0);
    held_objects *around = NULL;
    capture_view view;
    Session_capture_view(session, &view);
    PyObject *start;
    if (view.root)
        start = view.root;
    else
        start = state_of_type(Py_TYPE(session))->capture.root;
    heapy_address_map *root = map_of_objects(&start, 1);
    int result = -1;
    if (!all || !root)
        goto done;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(sets); i++) {
        const heapy_address_map *map = IdentitySet_map(PyList_GET_ITEM(sets, i));
        if (!map || combine_into(&all, map, HEAPY_UNION))
            goto done;
    }
    around = reach_around(session, root, all);
    if (!around)
        goto done;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(sets); i++) {
        const heapy_address_map *map = IdentitySet_map(PyList_GET_ITEM(sets, i));
        if (!map ||
            !append_set(session, list, live_dominated_alone(session, map, all, held_addresses(around))))
            goto done;
    }
    result = ANSWERED;
done:
    heapy_address_map_destroy(all);
    heapy_address_map_destroy(root);
    capture_release_keeping_exception(around);
    return result;
}

/* What the types of objects say of them. */
typedef struct type_question {
    const heapy_type_filter *filter;
    bool is_exact; /* no type seen left a question open */
} type_question;

static bool
may_have(PyTypeObject *type, void *context)
{
    type_question *question = context;
    bool is_exact, result;
    result = heapy_type_filter_accepts(question->filter, (uintptr_t)type, live_is_subtype, &is_exact);
    question->is_exact &= is_exact;
    return result;
}

/* Does every term ask for a type?  Then the types leave little to look at more closely. */
static bool
asks_for_types(const heapy_kind *kind)
{
    for (size_t t = 0; t < heapy_kind_term_count(kind); t++) {
        bool asks = false;
        for (size_t i = 0; i < heapy_kind_literal_count(kind, t); i++) {
            bool is_complement;
            const heapy_atom *atom = heapy_kind_literal(kind, t, i, &is_complement);
            asks |= atom->form == HEAPY_ATOM_TYPE && !is_complement;
        }
        if (!asks)
            return false;
    }
    return true;
}

/* Types first: one look at each object, and the rest only at those that may be in the kind. */
static int
live_narrow(PyObject *session, const heapy_kind *kind, const heapy_address_map *objects, held_objects **held,
            heapy_address_map **out, bool *is_exact)
{
    (void)session;
    bool only_types = heapy_kind_is_by_type(kind), holds = held && only_types;
    heapy_type_filter *filter;
    heapy_address_map *candidates;
    heapy_error err = HEAPY_ERROR_INIT;
    if (!only_types && (heapy_kind_needs(kind) & HEAPY_NEEDS_EDGES || !asks_for_types(kind)))
        return NO_SHORTCUT;
    if (heapy_type_filter_create(kind, &filter, &err))
        return raise_heapy_error(&err);
    type_question question = {filter, true};
    int result = capture_select_by_type(capture_lent(objects), may_have, &question, holds, &candidates);
    heapy_type_filter_destroy(filter);
    if (result < 0)
        return -1;
    if (!question.is_exact && holds) { /* a type that is known by its name alone */
        capture_release(capture_held(candidates));
        return NO_SHORTCUT;
    }
    *is_exact = question.is_exact;
    if (!question.is_exact || !held)
        *out = candidates;
    else if (holds)
        *held = capture_held(candidates);
    else
        *held = capture_hold(candidates);
    return ANSWERED;
}

const source_methods live_source = {
    .heap = live_heap,
    .describe = live_describe,
    .take = live_take,
    .take_paths = live_take_paths,
    .take_all = Snapshot_take,
    .reference = live_reference,
    .unreachable = live_unreachable,
    .keep = live_keep,
    .write = live_write,
    .moment = no_moment,
    .at = live_at,
    .answer = live_answer,
    .size = live_size,
    .retained = live_retained,
    .count = live_count,
    .dominated_alone = live_dominated_alone_of_each,
    .narrow = live_narrow,
};
