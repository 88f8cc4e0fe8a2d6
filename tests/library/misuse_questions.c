/* SPDX-License-Identifier: MIT */
/* Misuse of node sets, and of the questions about graphs: sets and referrers of another graph, what is not
 * there. */
#include "misuse.h"

enum { NODES = 3 };

typedef struct world {
    heapy_graph *graph, *other;
    heapy_referrers *referrers, *others;
    heapy_node_set *set, *out, *wrong; /* `wrong` is of the other graph's range */
} world;

static heapy_node_set *
set_over(size_t range)
{
    heapy_node_set *set;
    MADE(heapy_node_set_create(range, &set, err));
    return set;
}

static void
node_sets(world *w)
{
    heapy_node_set *made;
    REFUSED(heapy_node_set_create(1, NULL, err));
    REFUSED(heapy_node_set_create(SIZE_MAX, &made, err));
    SURVIVES(heapy_node_set_destroy(NULL));
    GIVES(heapy_node_set_range(NULL), 0);
    GIVES(heapy_node_set_count(NULL), 0);
    GIVES(heapy_node_set_add(NULL, 0), false);
    GIVES(heapy_node_set_add(w->set, NODES), false);
    GIVES(heapy_node_set_add(w->set, HEAPY_NO_NODE), false);
    GIVES(heapy_node_set_remove(NULL, 0), false);
    GIVES(heapy_node_set_remove(w->set, NODES), false);
    GIVES(heapy_node_set_contains(NULL, 0), false);
    GIVES(heapy_node_set_contains(w->set, HEAPY_NO_NODE), false);
    GIVES(heapy_node_set_next(NULL, 0), HEAPY_NO_NODE);
    GIVES(heapy_node_set_next(w->set, HEAPY_NO_NODE), HEAPY_NO_NODE);
    GIVES(heapy_node_set_words(NULL), NULL);
    REFUSED(heapy_node_set_combine(NULL, w->set, HEAPY_UNION, err));
    REFUSED(heapy_node_set_combine(w->set, NULL, HEAPY_UNION, err));
    REFUSED(heapy_node_set_combine(w->set, w->wrong, HEAPY_UNION, err));
    REFUSED(heapy_node_set_combine(w->set, w->set, (heapy_set_operation)9, err));
    SURVIVES(heapy_node_set_complement(NULL));
    GIVES(heapy_node_set_equal(NULL, w->set), false);
    GIVES(heapy_node_set_equal(w->set, w->wrong), false);
    GIVES(heapy_node_set_is_subset(w->set, NULL), false);
    REFUSED(heapy_node_set_check(NULL, err));
    MADE(heapy_node_set_check(w->set, err));
}

static void
referrers(world *w)
{
    heapy_referrers *made;
    size_t count = 1;
    REFUSED(heapy_referrers_create(NULL, &made, err));
    REFUSED(heapy_referrers_create(w->graph, NULL, err));
    SURVIVES(heapy_referrers_destroy(NULL));
    GIVES(heapy_referrers_node_count(NULL), 0);
    GIVES(heapy_referrers_get(NULL, 0, &count), NULL);
    GIVES(heapy_referrers_get(w->referrers, NODES, &count), NULL);
    GIVES(count, 0);
    GIVES(heapy_referrers_get(w->referrers, 0, NULL), NULL);
    GIVES(heapy_referrers_bytes(NULL), 0);
    heapy_referrer_columns columns, both;
    MADE(heapy_referrers_columns(w->referrers, &columns, err));
    both = columns;
    both.starts64 = (const uint64_t[NODES + 1]){0};
    REFUSED(heapy_referrers_columns(NULL, &columns, err));
    REFUSED(heapy_referrers_columns(w->referrers, NULL, err));
    REFUSED(heapy_referrers_lend(NULL, &columns, NULL, &made, err));
    REFUSED(heapy_referrers_lend(w->graph, NULL, NULL, &made, err));
    REFUSED(heapy_referrers_lend(w->graph, &both, NULL, &made, err));
    REFUSED(heapy_referrers_lend(w->graph, &columns, NULL, NULL, err));
    REFUSED(heapy_snapshot_adopt_referrers(NULL, NULL, err));
    SURVIVES(heapy_referrers_of_set(NULL, w->set, w->out));
    SURVIVES(heapy_referrers_of_set(w->referrers, NULL, w->out));
    SURVIVES(heapy_referrers_of_set(w->referrers, w->set, NULL));
    SURVIVES(heapy_referrers_of_set(w->referrers, w->wrong, w->out));
    SURVIVES(heapy_referrers_of_set(w->others, w->wrong, w->out));
    MADE(heapy_node_set_check(w->out, err));
}

static void
reach(world *w)
{
    const heapy_node_set *sets[] = {w->set, w->wrong}, *null[] = {w->set, NULL};
    const heapy_avoidance whole = HEAPY_AVOID_ENTIRELY;
    REFUSED(heapy_reach(NULL, w->set, NULL, whole, w->out, err));
    REFUSED(heapy_reach(w->graph, w->set, NULL, whole, NULL, err));
    REFUSED(heapy_reach(w->graph, w->wrong, NULL, whole, w->out, err));
    REFUSED(heapy_reach(w->graph, NULL, w->wrong, whole, w->out, err));
    REFUSED(heapy_reach(w->graph, NULL, NULL, whole, w->wrong, err));
    REFUSED(heapy_reach(w->graph, NULL, NULL, (heapy_avoidance)5, w->out, err));
    REFUSED(heapy_dominated(NULL, w->set, w->out, err));
    REFUSED(heapy_dominated(w->graph, NULL, w->out, err));
    REFUSED(heapy_dominated(w->graph, w->wrong, w->out, err));
    REFUSED(heapy_dominated(w->graph, w->set, w->wrong, err));
    REFUSED(heapy_dominated_alone(NULL, sets, 1, 0, w->out, err));
    REFUSED(heapy_dominated_alone(w->graph, NULL, 1, 0, w->out, err));
    REFUSED(heapy_dominated_alone(w->graph, sets, 1, 1, w->out, err));
    REFUSED(heapy_dominated_alone(w->graph, sets, 2, 0, w->out, err));
    REFUSED(heapy_dominated_alone(w->graph, null, 2, 0, w->out, err));
    REFUSED(heapy_dominated_alone(w->graph, sets, 1, 0, w->wrong, err));
    REFUSED(heapy_immediate_dominators(NULL, w->referrers, NULL, w->set, w->out, err));
    REFUSED(heapy_immediate_dominators(w->graph, NULL, NULL, w->set, w->out, err));
    REFUSED(heapy_immediate_dominators(w->graph, w->others, NULL, w->set, w->out, err));
    REFUSED(heapy_immediate_dominators(w->graph, w->referrers, w->wrong, w->set, w->out, err));
    REFUSED(heapy_immediate_dominators(w->graph, w->referrers, NULL, w->wrong, w->out, err));
    REFUSED(heapy_immediate_dominators(w->graph, w->referrers, NULL, w->set, w->wrong, err));
    SURVIVES(heapy_referents_of_set(NULL, w->set, w->out));
    SURVIVES(heapy_referents_of_set(w->graph, w->wrong, w->out));
    SURVIVES(heapy_referents_of_set(w->graph, w->set, w->wrong));
    SURVIVES(heapy_referents_of_set(w->graph, NULL, NULL));
    GIVES(heapy_size_of_set(NULL, w->set), 0);
    GIVES(heapy_size_of_set(w->graph, NULL), 0);
    GIVES(heapy_size_of_set(w->graph, w->wrong), 0);
    MADE(heapy_node_set_check(w->out, err));
    MADE(heapy_node_set_check(w->wrong, err));
}

static void
dominators(world *w)
{
    heapy_dominators *d, *made;
    heapy_node *children;
    size_t count;
    uint64_t retained[1];
    const uint32_t too_large[NODES] = {0, 1, 0}, classes[NODES] = {0, 0, HEAPY_NO_CLASS};
    MADE(heapy_dominators_create(w->graph, w->referrers, NULL, &d, err));
    REFUSED(heapy_dominators_create(NULL, w->referrers, NULL, &made, err));
    REFUSED(heapy_dominators_create(w->graph, NULL, NULL, &made, err));
    REFUSED(heapy_dominators_create(w->graph, w->others, NULL, &made, err));
    REFUSED(heapy_dominators_create(w->graph, w->referrers, NULL, NULL, err));
    heapy_dominator_columns columns, partly;
    MADE(heapy_dominators_columns(d, &columns, err));
    partly = columns;
    partly.children = NULL;
    REFUSED(heapy_dominators_columns(NULL, &columns, err));
    REFUSED(heapy_dominators_columns(d, NULL, err));
    REFUSED(heapy_dominators_lend(NULL, &columns, NULL, &made, err));
    REFUSED(heapy_dominators_lend(w->graph, NULL, NULL, &made, err));
    REFUSED(heapy_dominators_lend(w->graph, &partly, NULL, &made, err));
    REFUSED(heapy_dominators_lend(w->graph, &columns, NULL, NULL, err));
    REFUSED(heapy_snapshot_adopt_dominators(NULL, NULL, err));
    SURVIVES(heapy_dominators_destroy(NULL));
    GIVES(heapy_dominators_has(NULL, 0), false);
    GIVES(heapy_dominators_has(d, NODES), false);
    GIVES(heapy_dominator(NULL, 0), HEAPY_NO_NODE);
    GIVES(heapy_dominator(d, NODES), HEAPY_NO_NODE);
    GIVES(heapy_retained_size(NULL, 0), 0);
    GIVES(heapy_retained_size(d, HEAPY_NO_NODE), 0);
    GIVES(heapy_retained_by_roots(NULL), 0);
    REFUSED(heapy_dominated_children(NULL, 0, &children, &count, err));
    REFUSED(heapy_dominated_children(d, NODES, &children, &count, err));
    REFUSED(heapy_dominated_children(d, 0, NULL, &count, err));
    REFUSED(heapy_dominated_children(d, 0, &children, NULL, err));
    GIVES(heapy_dominators_bytes(NULL), 0);
    REFUSED(heapy_retained_by_class(NULL, classes, 1, NULL, retained, err));
    REFUSED(heapy_retained_by_class(w->graph, NULL, 1, NULL, retained, err));
    REFUSED(heapy_retained_by_class(w->graph, classes, 1, NULL, NULL, err));
    REFUSED(heapy_retained_by_class(w->graph, too_large, 1, NULL, retained, err));
    MADE(heapy_retained_by_class(w->graph, classes, 1, &(heapy_progress){NULL, NULL}, retained, err));
    heapy_dominators_destroy(d);
}

static heapy_status
write_nodes(void *context, heapy_node *nodes, size_t count, heapy_error *error)
{
    (void)context, (void)error;
    for (size_t i = 0; i < count; i++)
        nodes[i] = 1000;
    return HEAPY_OK;
}

static heapy_status
write_steps(void *context, heapy_node source, heapy_path_step *steps, size_t count, heapy_error *error)
{
    (void)context, (void)source, (void)error;
    for (size_t i = 0; i < count; i++)
        steps[i].next = 1000;
    return HEAPY_OK;
}

/* Two nodes that refer to a third twice each: the two are sources, the third the target. */
static heapy_graph *
forked(void)
{
    heapy_graph_builder *builder;
    heapy_graph *graph;
    heapy_type type;
    heapy_edge_writer *edges;
    const heapy_type_row row = {.name = "t", .node = HEAPY_NO_NODE};
    MADE(heapy_graph_builder_create(3, &builder, err));
    MADE(heapy_graph_builder_add_type(builder, &row, &type, err));
    MADE(heapy_graph_builder_begin_edges(builder, &edges, err));
    for (int i = 0; i < 3; i++) {
        heapy_graph_builder_types(builder)[i] = type;
        for (int k = 0; i < 2 && k < 2; k++)
            MADE(!heapy_edge_writer_put(edges, 2, 0));
        MADE(heapy_graph_builder_end_node(builder, err));
    }
    MADE(heapy_graph_builder_finish(builder, &graph, err));
    return graph;
}

/* Ordering functions that write what they were not given. */
static void
bad_orders(void)
{
    heapy_graph *graph = forked();
    heapy_node_set *sources = set_over(3), *targets = set_over(3);
    heapy_shortest_paths *paths;
    heapy_path_step steps[1];
    heapy_node source;
    const uint32_t digits[] = {3};
    heapy_node_set_add(sources, 0);
    heapy_node_set_add(sources, 1);
    heapy_node_set_add(targets, 2);
    MADE(heapy_shortest_paths_create(graph, sources, targets, NULL, NULL, 0, &paths, err));
    SURVIVES(heapy_paths_set_order(paths, (heapy_path_order){.order_nodes = write_nodes}));
    REFUSED(heapy_paths_get(paths, digits, 1, &source, steps, err));
    heapy_shortest_paths_destroy(paths);
    MADE(heapy_shortest_paths_create(graph, sources, targets, NULL, NULL, 0, &paths, err));
    SURVIVES(heapy_paths_set_order(paths, (heapy_path_order){.order_steps = write_steps}));
    REFUSED(heapy_paths_get(paths, digits, 1, &source, steps, err));
    heapy_shortest_paths_destroy(paths);
    heapy_node_set_destroy(sources);
    heapy_node_set_destroy(targets);
    heapy_graph_destroy(graph);
}

static void
making_paths(world *w)
{
    heapy_shortest_paths *made;
    REFUSED(heapy_shortest_paths_create(NULL, w->set, w->set, NULL, NULL, 0, &made, err));
    REFUSED(heapy_shortest_paths_create(w->graph, NULL, w->set, NULL, NULL, 0, &made, err));
    REFUSED(heapy_shortest_paths_create(w->graph, w->set, NULL, NULL, NULL, 0, &made, err));
    REFUSED(heapy_shortest_paths_create(w->graph, w->set, w->set, NULL, NULL, 1, &made, err));
    REFUSED(heapy_shortest_paths_create(w->graph, w->set, w->set, NULL, NULL, 0, NULL, err));
    REFUSED(heapy_shortest_paths_create(w->graph, w->wrong, w->set, NULL, NULL, 0, &made, err));
    REFUSED(heapy_shortest_paths_create(w->graph, w->set, w->wrong, NULL, NULL, 0, &made, err));
    REFUSED(heapy_shortest_paths_create(w->graph, w->set, w->set, w->wrong, NULL, 0, &made, err));
    SURVIVES(heapy_shortest_paths_destroy(NULL));
}

/* paths: of length 2, and just one; or NULL, or none. */
static void
reading_paths(world *w, heapy_shortest_paths *paths)
{
    size_t count = 1;
    uint32_t positions[3] = {9, 0, 0}, *digits;
    const uint32_t beyond[] = {1}, far_beyond[] = {0, 0, 0, 1};
    heapy_node source;
    heapy_path_step steps[2];
    bool found;
    GIVES(heapy_paths_level(paths, 3, &count), NULL);
    GIVES(count, 0);
    GIVES(heapy_paths_level(paths, 0, NULL), NULL);
    GIVES(heapy_paths_steps(paths, 2, 0, &count), NULL);
    GIVES(heapy_paths_steps(paths, 0, 1, &count), NULL);
    GIVES(heapy_paths_steps(paths, 0, 0, NULL), NULL);
    REFUSED(heapy_paths_number(paths, w->wrong, NULL, &digits, &count, err));
    REFUSED(heapy_paths_number(paths, NULL, NULL, NULL, &count, err));
    REFUSED(heapy_paths_number(paths, NULL, NULL, &digits, NULL, err));
    REFUSED(heapy_paths_get(paths, beyond, 1, &source, steps, err));
    REFUSED(heapy_paths_get(paths, far_beyond, 4, &source, steps, err));
    REFUSED(heapy_paths_get(paths, NULL, 1, &source, steps, err));
    REFUSED(heapy_paths_get(paths, beyond, 0, NULL, steps, err));
    REFUSED(heapy_paths_get(paths, beyond, 0, &source, NULL, err));
    REFUSED(heapy_paths_seek(paths, beyond, 1, positions, err));
    REFUSED(heapy_paths_seek(paths, NULL, 1, positions, err));
    REFUSED(heapy_paths_seek(paths, beyond, 0, NULL, err));
    positions[0] = 9;
    REFUSED(heapy_paths_next(paths, positions, &found, err));
    REFUSED(heapy_paths_at(paths, positions, &source, steps, err));
    positions[0] = 0;
    positions[2] = 9;
    REFUSED(heapy_paths_next(paths, positions, &found, err));
    REFUSED(heapy_paths_at(paths, positions, &source, steps, err));
    REFUSED(heapy_paths_next(paths, NULL, &found, err));
    REFUSED(heapy_paths_next(paths, positions, NULL, err));
    REFUSED(heapy_paths_at(paths, NULL, &source, steps, err));
    REFUSED(heapy_paths_at(paths, positions, NULL, steps, err));
    REFUSED(heapy_paths_at(paths, positions, &source, NULL, err));
}

static void
levels_of_paths(world *w)
{
    heapy_path_levels *levels;
    heapy_shortest_paths *made;
    REFUSED(heapy_path_levels_create(NULL, w->set, NULL, NULL, 0, NULL, &levels, err));
    REFUSED(heapy_path_levels_create(w->graph, NULL, NULL, NULL, 0, NULL, &levels, err));
    REFUSED(heapy_path_levels_create(w->graph, w->set, NULL, NULL, 1, NULL, &levels, err));
    REFUSED(heapy_path_levels_create(w->graph, w->set, NULL, NULL, 0, NULL, NULL, err));
    REFUSED(heapy_path_levels_create(w->graph, w->wrong, NULL, NULL, 0, NULL, &levels, err));
    REFUSED(heapy_path_levels_create(w->graph, w->set, w->wrong, NULL, 0, NULL, &levels, err));
    REFUSED(heapy_path_levels_create(w->graph, w->set, NULL, NULL, 0, w->wrong, &levels, err));
    SURVIVES(heapy_path_levels_destroy(NULL));
    GIVES(heapy_path_levels_distance(NULL, 0), HEAPY_NOT_MET);
    GIVES(heapy_path_levels_bytes(NULL), 0);
    MADE(heapy_path_levels_create(w->graph, w->set, NULL, NULL, 0, NULL, &levels, err));
    GIVES(heapy_path_levels_distance(levels, NODES), HEAPY_NOT_MET);
    REFUSED(heapy_shortest_paths_along(NULL, NULL, w->set, &made, err));
    REFUSED(heapy_shortest_paths_along(levels, NULL, NULL, &made, err));
    REFUSED(heapy_shortest_paths_along(levels, NULL, w->set, NULL, err));
    REFUSED(heapy_shortest_paths_along(levels, NULL, w->wrong, &made, err));
    heapy_path_levels_destroy(levels);
}

static void
shortest_paths(world *w)
{
    heapy_shortest_paths *paths, *none;
    heapy_node_set *first = set_over(NODES), *last = set_over(NODES);
    heapy_node_set_add(first, 0);
    heapy_node_set_add(last, 2);
    MADE(heapy_shortest_paths_create(w->graph, first, last, NULL, NULL, 0, &paths, err));
    MADE(heapy_shortest_paths_create(w->graph, last, first, NULL, NULL, 0, &none, err));
    making_paths(w);
    levels_of_paths(w);
    heapy_node_pair *pairs = NULL;
    size_t pair_count;
    REFUSED(heapy_pairs_to_globals(NULL, &pairs, &pair_count, err));
    REFUSED(heapy_pairs_to_globals(w->graph, NULL, &pair_count, err));
    REFUSED(heapy_pairs_to_globals(w->graph, &pairs, NULL, err));
    MADE(heapy_pairs_to_globals(w->graph, &pairs, &pair_count, err));
    heapy_free(pairs);
    GIVES(heapy_paths_length(NULL), 0);
    SURVIVES(heapy_paths_set_order(NULL, (heapy_path_order){NULL, NULL, NULL}));
    reading_paths(w, paths);
    reading_paths(w, none);
    reading_paths(w, NULL);
    bad_orders();
    heapy_shortest_paths_destroy(paths);
    heapy_shortest_paths_destroy(none);
    heapy_node_set_destroy(first);
    heapy_node_set_destroy(last);
}

void
misuse_questions(void)
{
    world w = {.graph = chain_of(NODES), .other = chain_of(100)};
    w.set = set_over(NODES);
    w.out = set_over(NODES);
    w.wrong = set_over(100);
    heapy_node_set_add(w.set, 1);
    heapy_node_set_add(w.wrong, 99);
    MADE(heapy_referrers_create(w.graph, &w.referrers, err));
    MADE(heapy_referrers_create(w.other, &w.others, err));
    node_sets(&w);
    referrers(&w);
    reach(&w);
    dominators(&w);
    shortest_paths(&w);
    heapy_referrers_destroy(w.referrers);
    heapy_referrers_destroy(w.others);
    heapy_node_set_destroy(w.set);
    heapy_node_set_destroy(w.out);
    heapy_node_set_destroy(w.wrong);
    heapy_graph_destroy(w.graph);
    heapy_graph_destroy(w.other);
}
