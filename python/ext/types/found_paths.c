/* SPDX-License-Identifier: MIT */
/*
 * The search for shortest paths between two sets (P-3 to P-12): the engine's, on what lies between them,
 * which is captured once and held, so a listing shows the heap of the call (P-1, H-92).
 */
#include "types/found_paths.h"

#include "live/errors.h"
#include "live/held_objects.h"
#include "live/text.h"
#include "live/without_gil.h"
#include "types/identity_set.h"
#include "types/set_table.h"
#include "types/source.h"
#include "types/type_session.h"
#include "types/type_snapshot.h"

#include <heapy/address_map.h>
#include <heapy/classifier.h>
#include <heapy/graph.h>
#include <heapy/id_table.h>
#include <heapy/memory.h>
#include <heapy/node_set.h>
#include <heapy/path_text.h>
#include <heapy/set_brief.h>
#include <heapy/shortest_paths.h>
#include <heapy/snapshot_paths.h>
#include <heapy/status.h>
#include <string.h>

const heapy_address_map *
Paths_map(const Paths *self)
{
    return heapy_snapshot_map(Snapshot_get(self->heap));
}

/* Nodes as a set of the session, by a relation (NULL: Clodo).  New reference. */
PyObject *
Paths_set_of_nodes(const Paths *self, const heapy_node *nodes, size_t count, PyObject *er)
{
    uintptr_t *addresses = heapy_alloc_array(count, sizeof *addresses);
    if (!addresses)
        return PyErr_NoMemory();
    for (size_t i = 0; i < count; i++)
        addresses[i] = heapy_address_map_select(Paths_map(self), nodes[i]);
    heapy_address_map *map = map_of_addresses(addresses, count);
    heapy_free(addresses);
    if (!map)
        return NULL;
    return IdentitySet_keep(self->session, map, er);
}

/* ---- what a path asks ---- */

const heapy_snapshot *
Paths_snapshot(PyObject *self)
{
    return Snapshot_get(((Paths *)self)->heap);
}

size_t
Paths_length(PyObject *self)
{
    return heapy_paths_length(((Paths *)self)->paths);
}

heapy_path_writer *
Paths_writer(PyObject *object, bool is_safe, heapy_path_form form)
{
    Paths *self = (Paths *)object;
    heapy_path_writer **writer = &self->writers[is_safe][form];
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_text_use use = is_safe ? HEAPY_TEXT_KEY : HEAPY_TEXT_FULL_KEY;
    if (!*writer && heapy_path_writer_create(Paths_snapshot(object), use, form, writer, &err))
        raise_heapy_error(&err);
    return *writer;
}

PyObject *
Paths_set_of_node(PyObject *self, heapy_node node)
{
    return Paths_set_of_nodes((Paths *)self, &node, 1, NULL);
}

/* The brief of a source as it was at the moment of the question. */
static heapy_status
brief_of_then(const Paths *self, heapy_node source, char **text, heapy_error *err)
{
    heapy_snapshot *said = Snapshot_get(self->sources);
    if (!said)
        return err->status = HEAPY_CANCELLED;
    heapy_node node = heapy_snapshot_node(said, heapy_address_map_select(Paths_map(self), source));
    return heapy_node_brief(said, node, HEAPY_BRIEF_LENGTH, text, err);
}

heapy_status
Paths_source_brief(void *paths, heapy_node source, char **text, heapy_error *err)
{
    if (((Paths *)paths)->sources)
        return brief_of_then(paths, source, text, err);
    PyObject *set = Paths_set_of_node(paths, source);
    if (!set)
        return err->status = HEAPY_CANCELLED;
    PyObject *brief = PyObject_GetAttrString(set, "brief");
    Py_DECREF(set);
    if (!brief)
        return err->status = HEAPY_CANCELLED;
    char *copy = utf8_of_text(brief);
    Py_DECREF(brief);
    if (!copy)
        return err->status = HEAPY_CANCELLED;
    *text = copy;
    return HEAPY_OK;
}

/* ---- order ---- */

/* The only object of a row; HEAPY_NO_NODE with an exception. */
static heapy_node
node_of_row(Paths *self, PyObject *set, size_t i)
{
    heapy_node node = HEAPY_NO_NODE;
    PyObject *row = IdentitySet_row(set, i);
    if (!row)
        return HEAPY_NO_NODE;
    const heapy_address_map *one = IdentitySet_map(row);
    if (one)
        node = heapy_address_map_rank(Paths_map(self), heapy_address_map_select(one, 0));
    Py_DECREF(row);
    return node;
}

/* Order them by what was known of the sources when the question was asked. */
static heapy_status
order_as_then(const Paths *self, heapy_node *nodes, size_t count, heapy_error *err)
{
    heapy_snapshot *then = Snapshot_get(self->sources);
    heapy_node *members = heapy_alloc_array(count, sizeof *members);
    heapy_node *given = heapy_alloc_array(count, sizeof *given);
    heapy_id_table *table = NULL;
    const uint32_t *order;
    heapy_status status = HEAPY_OK;
    if (!then || !members || !given) {
        if (then)
            PyErr_NoMemory();
        status = err->status = HEAPY_CANCELLED;
        goto done;
    }
    memcpy(given, nodes, count * sizeof *nodes);
    for (size_t i = 0; i < count; i++)
        members[i] = heapy_snapshot_node(then, heapy_address_map_select(Paths_map(self), given[i]));
    status = heapy_id_table_of_members(then, &(heapy_members){members, count}, &table, err);
    if (!status)
        status = heapy_id_table_members(table, count, &order, err);
    for (size_t i = 0; !status && i < count; i++)
        nodes[i] = given[order[i]];
done:
    heapy_id_table_destroy(table);
    heapy_free(members);
    heapy_free(given);
    return status;
}

/* Order them as the rows of their set by identity (P-12). */
static heapy_status
order_sources(void *context, heapy_node *nodes, size_t count, heapy_error *err)
{
    Paths *self = context;
    if (count < 2)
        return HEAPY_OK;
    if (self->sources)
        return order_as_then(self, nodes, count, err);
    PyObject *set = NULL, *er = Session_relation(self->session, HEAPY_BY_ID);
    heapy_table table;
    heapy_node *ordered = heapy_alloc_array(count, sizeof *ordered); /* until no more code can run */
    bool is_done = false;
    if (!ordered)
        PyErr_NoMemory();
    if (!er || !ordered)
        goto done;
    set = Paths_set_of_nodes(self, nodes, count, er);
    if (!set || IdentitySet_table(set, 0, &table) < 0)
        goto done;
    for (size_t i = 0; i < count; i++) {
        ordered[i] = node_of_row(self, set, i);
        if (ordered[i] == HEAPY_NO_NODE)
            goto done;
    }
    memcpy(nodes, ordered, count * sizeof *nodes);
    is_done = true;
done:
    heapy_free(ordered);
    Py_XDECREF(er);
    Py_XDECREF(set);
    if (is_done)
        return HEAPY_OK;
    return err->status = HEAPY_CANCELLED;
}

static heapy_status
order_steps(void *context, heapy_node source, heapy_path_step *steps, size_t count, heapy_error *err)
{
    Paths *self = context;
    return heapy_path_steps_order(Snapshot_get(self->heap), source, steps, count, err);
}

/* ---- searching ---- */

/* Edges that are not used, as pairs of nodes. */
typedef struct unused_edges {
    heapy_node_pair *pairs;
    size_t count, capacity;
} unused_edges;

static int
add_unused(unused_edges *unused, heapy_node source, heapy_node target)
{
    heapy_node_pair *pairs = heapy_grow(unused->pairs, unused->count, &unused->capacity, sizeof *pairs);
    if (!pairs) {
        PyErr_NoMemory();
        return -1;
    }
    unused->pairs = pairs;
    pairs[unused->count++] = (heapy_node_pair){source, target};
    return 0;
}

/* Add the edges of a list of pairs of objects.  One whose ends are not both here cannot be used anyway. */
static int
add_listed_edges(unused_edges *unused, const heapy_snapshot *heap, PyObject *list)
{
    int result = 0;
    for (Py_ssize_t i = 0; !result && i < PyList_GET_SIZE(list); i++) {
        PyObject *pair = PyList_GET_ITEM(list, i);
        heapy_node source =
            heapy_address_map_rank(heapy_snapshot_map(heap), (uintptr_t)PyTuple_GET_ITEM(pair, 0));
        heapy_node target =
            heapy_address_map_rank(heapy_snapshot_map(heap), (uintptr_t)PyTuple_GET_ITEM(pair, 1));
        if (source != HEAPY_NO_NODE && target != HEAPY_NO_NODE)
            result = add_unused(unused, source, target);
    }
    return result;
}

/* What of `question` are nodes and references, owned until it was asked. */
typedef struct asked_nodes {
    heapy_node_set *from, *to, *around;
    unused_edges unused;
} asked_nodes;

static void
asked_nodes_deinit(asked_nodes *asked)
{
    heapy_node_set_destroy(asked->from);
    heapy_node_set_destroy(asked->to);
    heapy_node_set_destroy(asked->around);
    heapy_free(asked->unused.pairs);
}

/* Find the nodes of a question.  avoid: NULL where nothing is.  -1 with an exception; deinit in any case. */
static int
asked_nodes_init(asked_nodes *asked, const heapy_snapshot *heap, const heapy_address_map *sources,
                 const heapy_address_map *targets, const heapy_address_map *avoid, PyObject *pairs)
{
    *asked = (asked_nodes){.from = nodes_in_snapshot(heap, sources)};
    if (!asked->from || !(asked->to = nodes_in_snapshot(heap, targets)))
        return -1;
    if (avoid && !(asked->around = nodes_in_snapshot(heap, avoid)))
        return -1;
    return add_listed_edges(&asked->unused, heap, pairs);
}

/* Do they begin at the root of a snapshot, and nowhere else? */
static bool
begin_at_root(const heapy_snapshot *heap, const heapy_address_map *sources, const heapy_node_set *from)
{
    heapy_node root = heapy_graph_root(heapy_snapshot_graph(heap));
    return root != HEAPY_NO_NODE && heapy_address_map_count(sources) == 1 &&
           heapy_node_set_contains(from, root);
}

static int
search(Paths *self, const heapy_address_map *sources, const heapy_address_map *targets,
       const heapy_address_map *avoid, PyObject *pairs, bool is_from_root)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_snapshot *heap = Snapshot_get(self->heap);
    asked_nodes asked;
    if (!heap)
        return -1;
    int result = asked_nodes_init(&asked, heap, sources, targets, avoid, pairs);
    if (!result) {
        heapy_path_question question = {.targets = asked.to,
                                        .sources = asked.from,
                                        .is_from_root = is_from_root && !self->is_part,
                                        .avoid = asked.around,
                                        .pairs = asked.unused.pairs,
                                        .pair_count = asked.unused.count,
                                        .is_single = self->is_part};
        if (question.is_from_root && begin_at_root(heap, sources, asked.from))
            question.sources = NULL;
        released_gil released = gil_release();
        heapy_status status = heapy_snapshot_paths(heap, &question, &self->paths, &err);
        gil_take(&released);
        if (status)
            result = raise_heapy_error(&err);
    }
    asked_nodes_deinit(&asked);
    return result;
}

int
Paths_find(Paths *self, const heapy_address_map *sources, const heapy_address_map *targets,
           const heapy_address_map *avoid, PyObject *pairs, unsigned how, bool is_from_root)
{
    const source_methods *source = source_of(self->session);
    if (!source)
        return -1;
    self->heap = source->take_paths(self->session, sources, targets, avoid, how, &self->is_part);
    if (!self->heap || search(self, sources, targets, avoid, pairs, is_from_root))
        return -1;
    heapy_paths_set_order(self->paths, (heapy_path_order){order_sources, order_steps, self});
    return 0;
}

/* A frame leads to all variables of its module, which says nothing of why they are there: such a way is taken
   when there is no other.  What is whole has both; else the first search is in what lies on the better ways.
 */
int
Paths_find_from_root(Paths *self, const heapy_address_map *sources, const heapy_address_map *targets,
                     const heapy_address_map *avoid, PyObject *pairs, unsigned how)
{
    int result = Paths_find(self, sources, targets, avoid, pairs, how | PATHS_SKIP_GLOBALS, true);
    if (result || !self->is_part || heapy_paths_length(self->paths))
        return result;
    heapy_shortest_paths_destroy(self->paths);
    self->paths = NULL;
    Py_CLEAR(self->heap);
    return Paths_find(self, sources, targets, avoid, pairs, how, true);
}

/* What is said of several sources is of this moment too (H-91), also where no more was taken than lies
 * between.
 */
int
Paths_note_sources(Paths *self)
{
    size_t count;
    if (!self->is_part || !heapy_paths_length(self->paths))
        return 0;
    const heapy_node *nodes = heapy_paths_level(self->paths, 0, &count);
    if (count < 2)
        return 0;
    uintptr_t *addresses = heapy_alloc_array(count, sizeof *addresses);
    if (!addresses) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t i = 0; i < count; i++)
        addresses[i] = heapy_address_map_select(Paths_map(self), nodes[i]);
    heapy_address_map *map = map_of_addresses(addresses, count);
    heapy_free(addresses);
    if (!map)
        return -1;
    /* With the owners as nodes, it holds what its texts are made of. */
    self->sources = source_take(self->session, map,
                                HEAPY_NEEDS_SIZES | HEAPY_NEEDS_OWNERS | HEAPY_NEEDS_OWNER_NODES |
                                    HEAPY_NEEDS_LENGTHS | HEAPY_NEEDS_MODULES);
    heapy_address_map_destroy(map);
    if (!self->sources)
        return -1;
    return 0;
}
