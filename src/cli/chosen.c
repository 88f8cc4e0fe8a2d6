/* SPDX-License-Identifier: MIT */
/* Which objects of a file a table is of. */
#include "command_parse.h"
#include "rows.h"

#include <heapy/memory.h>
#include <string.h>

int
chosen_init(chosen *out, const input *in, const heapy_node_set *among)
{
    heapy_node root = heapy_graph_root(in->graph);
    size_t nodes = heapy_graph_node_count(in->graph), count = among ? heapy_node_set_count(among) : nodes;
    *out = (chosen){heapy_alloc_array(count, sizeof *out->nodes), 0};
    if (!out->nodes)
        return complain_of_memory();
    for (heapy_node node = among ? heapy_node_set_next(among, 0) : 0; node < nodes;
         node = among ? heapy_node_set_next(among, node + 1) : node + 1)
        if (node != root)
            out->nodes[out->count++] = node;
    return STATUS_DONE;
}

void
chosen_deinit(chosen *objects)
{
    heapy_free(objects->nodes);
    *objects = (chosen){0};
}

/* Is a row of the type table called that: as tables show it, or by module and qualified name? */
static bool
is_called(const heapy_type_row *row, const char *name)
{
    size_t module = row->module ? strlen(row->module) : 0;
    if (!strcmp(row->name, name))
        return true;
    return row->module && row->qualname && !strncmp(name, row->module, module) && name[module] == '.' &&
           !strcmp(name + module + 1, row->qualname);
}

/* A type of that name in some module; NULL: there is none. */
static const char *
name_ending_in(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        const char *dot = strrchr(names[i], '.');
        if (dot && !strcmp(dot + 1, name))
            return names[i];
    }
    return NULL;
}

/* Say that no type has a name, and which one has nearly that. */
static int
no_such_type(const input *in, const char *name)
{
    size_t types = heapy_graph_type_count(in->graph);
    const char **names = heapy_alloc_array(types, sizeof *names), *near = NULL;
    if (!names)
        return complain_of_memory();
    for (heapy_type t = 0; t < types; t++)
        names[t] = heapy_graph_type_name(in->graph, t);
    near = name_ending_in(names, types, name);
    if (!near)
        near = nearest_word(name, names, types);
    int status =
        near ? complain("%s: no type is called %s; %s is meant?", in->path, name, near)
             : complain("%s: no type is called %s; `heapy top --by type --all` lists them", in->path, name);
    heapy_free(names);
    return status;
}

int
chosen_keep_type(chosen *objects, const input *in, const char *name)
{
    size_t types = heapy_graph_type_count(in->graph), found = 0, kept = 0;
    bool *is_meant = heapy_alloc_zeroed(types, sizeof *is_meant);
    if (!is_meant)
        return complain_of_memory();
    for (heapy_type t = 0; t < types; t++) {
        heapy_type_row row = heapy_graph_type_row(in->graph, t);
        is_meant[t] = is_called(&row, name);
        found += is_meant[t];
    }
    for (size_t i = 0; i < objects->count; i++)
        if (is_meant[heapy_graph_types(in->graph)[objects->nodes[i]]])
            objects->nodes[kept++] = objects->nodes[i];
    objects->count = kept;
    heapy_free(is_meant);
    if (!found)
        return no_such_type(in, name);
    if (found > 1)
        complain("%s: %zu types are called %s; all are meant", in->path, found, name);
    return STATUS_DONE;
}
