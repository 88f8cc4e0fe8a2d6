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
    size_t nodes = heapy_graph_node_count(in->graph), room = nodes;
    if (among)
        room = heapy_node_set_count(among);
    *out = (chosen){heapy_alloc_array(room, sizeof *out->nodes), 0};
    if (!out->nodes)
        return complain_of_memory();
    for (heapy_node node = 0; node < nodes; node++) {
        if (among)
            node = heapy_node_set_next(among, node);
        if (node == HEAPY_NO_NODE)
            break;
        if (node != root)
            out->nodes[out->count++] = node;
    }
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
    if (!strcmp(row->name, name))
        return true;
    if (!row->module || !row->qualname)
        return false;
    size_t module = strlen(row->module);
    return !strncmp(name, row->module, module) && name[module] == '.' &&
           !strcmp(name + module + 1, row->qualname);
}

/* The types that are shown as a name, in which something had to be escaped. */
static int
find_shown(const heapy_graph *graph, const char *name, bool *is_meant, size_t *found)
{
    for (heapy_type t = 0; t < heapy_graph_type_count(graph); t++) {
        char *shown = copy_escaped(heapy_graph_type_name(graph, t));
        if (!shown)
            return complain_of_memory();
        is_meant[t] = !strcmp(shown, name);
        *found += is_meant[t];
        heapy_free(shown);
    }
    return STATUS_DONE;
}

/* The types of a name; where there is none, those that are shown so.  As chosen_init(). */
static int
find_types(const heapy_graph *graph, const char *name, bool *is_meant, size_t *found)
{
    *found = 0;
    for (heapy_type t = 0; t < heapy_graph_type_count(graph); t++) {
        heapy_type_row row = heapy_graph_type_row(graph, t);
        is_meant[t] = is_called(&row, name);
        *found += is_meant[t];
    }
    if (*found || !strchr(name, '\\'))
        return STATUS_DONE;
    return find_shown(graph, name, is_meant, found);
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
    const char **names = heapy_alloc_array(types, sizeof *names);
    if (!names)
        return complain_of_memory();
    for (heapy_type t = 0; t < types; t++)
        names[t] = heapy_graph_type_name(in->graph, t);
    const char *near = name_ending_in(names, types, name);
    if (!near)
        near = nearest_word(name, names, types);
    heapy_free(names); /* the names are the graph's */
    if (near)
        return complain("%s: no type is called %s; %s is meant?", in->path, name, near);
    return complain("%s: no type is called %s; `heapy top --by type --all` lists them", in->path, name);
}

int
chosen_keep_type(chosen *objects, const input *in, const char *name)
{
    size_t types = heapy_graph_type_count(in->graph), kept = 0, found;
    bool *is_meant = heapy_alloc_zeroed(types, sizeof *is_meant);
    if (!is_meant)
        return complain_of_memory();
    int status = find_types(in->graph, name, is_meant, &found);
    for (size_t i = 0; !status && i < objects->count; i++)
        if (is_meant[heapy_graph_types(in->graph)[objects->nodes[i]]])
            objects->nodes[kept++] = objects->nodes[i];
    objects->count = kept;
    heapy_free(is_meant);
    if (status)
        return status;
    if (!found)
        return no_such_type(in, name);
    if (found > 1)
        complain("%s: %zu types are called %s; all are meant", in->path, found, name);
    return STATUS_DONE;
}
