/* SPDX-License-Identifier: MIT */
/*
 * What a caller can get wrong, function by function: each call must be a status or a neutral value, and leave
 * the process alive.  tests/library/run.sh sees that no exported function is missing here.
 */
#include "misuse.h"

#include <signal.h>

const char *volatile misuse_current = "nothing";
int misuse_failures, misuse_calls;
heapy_error err[1];

void
misuse_failed(const char *call, const char *what)
{
    fprintf(stderr, "%s %s\n", call, what);
    misuse_failures++;
}

heapy_graph *
chain_of(size_t nodes)
{
    heapy_graph_builder *builder;
    heapy_graph *graph;
    heapy_type type;
    heapy_type_row row = HEAPY_TYPE_ROW_INIT;
    heapy_size_writer *sizes;
    heapy_edge_writer *edges;
    row.name = "t";
    MADE(heapy_graph_builder_create(nodes, &builder, err));
    MADE(heapy_graph_builder_add_type(builder, &row, &type, err));
    MADE(heapy_graph_builder_sizes(builder, &sizes, err));
    MADE(heapy_graph_builder_begin_edges(builder, &edges, err));
    for (heapy_node i = 0; i < nodes; i++) {
        heapy_graph_builder_types(builder)[i] = type;
        MADE(!heapy_size_writer_put(sizes, i, 8));
        if (i + 1 < nodes)
            MADE(!heapy_edge_writer_put(edges, i + 1, heapy_label_make(HEAPY_LABEL_INDEX, 0)));
        MADE(heapy_graph_builder_end_node(builder, err));
    }
    if (nodes)
        MADE(heapy_graph_builder_add_root(builder, 0, HEAPY_LABEL_UNNAMED, err));
    MADE(heapy_graph_builder_finish(builder, &graph, err));
    return graph;
}

heapy_address_map *
map_of(size_t count)
{
    heapy_address_map *map;
    MADE(heapy_address_map_create(&map, err));
    for (size_t i = 0; i < count; i++)
        MADE(heapy_address_map_add(map, 0x10000 + 16 * i, NULL, err));
    MADE(heapy_address_map_freeze(map, err));
    return map;
}

/* Says which call ended the process, and lets it end. */
static void
report(int number)
{
    fprintf(stderr, "signal %d in: %s\n", number, misuse_current);
    signal(number, SIG_DFL);
    raise(number);
}

int
main(void)
{
    signal(SIGSEGV, report);
    signal(SIGABRT, report);
    signal(SIGFPE, report);
    misuse_base();
    misuse_graph();
    misuse_questions();
    misuse_snapshot();
    misuse_snapshot_file();
    misuse_sets();
    misuse_analysis();
    misuse_show();
    printf("%d wrong calls, %d of them not answered as they must be\n", misuse_calls, misuse_failures);
    return misuse_failures != 0;
}
