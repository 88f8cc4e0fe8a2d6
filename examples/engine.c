/* The engine without Python: build a graph by hand, print what dominates each node, and what it retains.
   cc engine.c $(pkg-config --cflags --libs heapy) && ./a.out */
#include <heapy/heapy.h>
#include <stdio.h>
/* app -> cache -> page, app -> log; cache and log -> entry, which neither of the two keeps alive alone. */
static const char *const names[] = {"app", "cache", "page", "log", "entry"};
static const unsigned sizes[] = {100, 400, 800, 30, 50};
static const heapy_node edges[][2] = {{0, 1}, {0, 3}, {1, 2}, {1, 4}, {3, 4}}; /* by source */
enum { NODES = 5, EDGES = 5 };
static heapy_error err;
static bool
fill(heapy_graph_builder *builder)
{
    const heapy_type_row row = {.name = "object", .node = HEAPY_NO_NODE};
    heapy_type type;
    heapy_size_writer *size;
    heapy_edge_writer *edge;
    bool is_done = !heapy_graph_builder_add_type(builder, &row, &type, &err) &&
                   !heapy_graph_builder_sizes(builder, &size, &err) &&
                   !heapy_graph_builder_begin_edges(builder, &edge, &err) &&
                   !heapy_graph_builder_add_root(builder, 0, HEAPY_LABEL_UNNAMED, &err);
    for (heapy_node node = 0, e = 0; is_done && node < NODES; node++) {
        heapy_graph_builder_types(builder)[node] = type;
        is_done = heapy_size_writer_put(size, node, sizes[node]);
        for (; is_done && e < EDGES && edges[e][0] == node; e++)
            is_done = heapy_edge_writer_put(edge, edges[e][1], HEAPY_LABEL_UNNAMED);
        is_done = is_done && !heapy_graph_builder_end_node(builder, &err);
    }
    return is_done;
}

int
main(void)
{
    heapy_graph_builder *builder;
    heapy_graph *graph;
    heapy_snapshot *snapshot;
    heapy_dominators *tree;
    if (heapy_graph_builder_create(NODES, &builder, &err) || !fill(builder) ||
        heapy_graph_builder_finish(builder, &graph, &err) ||
        heapy_snapshot_create(graph, NULL, NULL, &snapshot, &err) ||
        heapy_snapshot_dominators(snapshot, NULL, &tree, &err))
        return fprintf(stderr, "%s\n", err.message), 1; /* what was made goes with the process */
    for (heapy_node node = 0; node < NODES; node++) {
        heapy_node by = heapy_dominator(tree, node);
        printf("%-5s retains %4u bytes, dominated by %s\n", names[node],
               (unsigned)heapy_retained_size(tree, node), by == HEAPY_NO_NODE ? "the root" : names[by]);
    }
    heapy_snapshot_release(snapshot);
}
