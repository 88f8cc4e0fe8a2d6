/* SPDX-License-Identifier: MIT */
/*
 * Shortest paths between two sets (P-3 to P-12): the engine's search on what lies between them, which is
 * captured once and held, so a listing shows the heap of the call (P-1, H-92).  guppy/heapy/Path.py prints.
 */
#include "types/type_paths.h"

#include "capture/object_map.h"
#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "live/errors.h"
#include "live/held_objects.h"
#include "live/live_words.h"
#include "live/progress_line.h"
#include "live/text.h"
#include "live/without_gil.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/set_table.h"
#include "types/source.h"
#include "types/type_identity_set.h"
#include "types/type_path_steps.h"
#include "types/type_session.h"
#include "types/type_snapshot.h"

#include <frameobject.h>
#include <heapy/address_map.h>
#include <heapy/classifier.h>
#include <heapy/graph.h>
#include <heapy/id_table.h>
#include <heapy/memory.h>
#include <heapy/node_set.h>
#include <heapy/path_text.h>
#include <heapy/progress.h>
#include <heapy/set_brief.h>
#include <heapy/shortest_paths.h>
#include <heapy/snapshot_paths.h>
#include <heapy/stat.h>
#include <heapy/status.h>
#include <string.h>

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *session;
    PyObject *heap;    /* Snapshot of what lies between */
    PyObject *sources; /* Snapshot of those at which paths begin, for what is said of them; NULL: they are
                          called by a name, or are asked of the session, which keeps them */
    bool is_part;      /* `heap` has nothing else of what leads to the targets */
    heapy_shortest_paths *paths;
    heapy_path_writer
        *writers[2][HEAPY_PATH_FORM_COUNT]; /* of whole keys and of short ones; NULL: not needed yet */
} Paths;

static const heapy_graph *
graph_of(const Paths *self)
{
    return heapy_snapshot_graph(Snapshot_get(self->heap));
}

static const heapy_address_map *
map_of(const Paths *self)
{
    return heapy_snapshot_map(Snapshot_get(self->heap));
}

/* Nodes as a set of the session, by a relation (NULL: Clodo).  New reference. */
static PyObject *
set_of_nodes(const Paths *self, const heapy_node *nodes, size_t count, PyObject *er)
{
    uintptr_t *addresses = heapy_alloc_array(count, sizeof *addresses);
    if (!addresses)
        return PyErr_NoMemory();
    for (size_t i = 0; i < count; i++)
        addresses[i] = heapy_address_map_select(map_of(self), nodes[i]);
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
    return set_of_nodes((Paths *)self, &node, 1, NULL);
}

/* From the moment of the question. */
static heapy_status
brief_of_then(const Paths *self, heapy_node source, char **text, heapy_error *err)
{
    heapy_snapshot *said = Snapshot_get(self->sources);
    if (!said)
        return err->status = HEAPY_CANCELLED;
    heapy_node node = heapy_snapshot_node(said, heapy_address_map_select(map_of(self), source));
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
        node = heapy_address_map_rank(map_of(self), heapy_address_map_select(one, 0));
    Py_DECREF(row);
    return node;
}

/* With what was known of the sources when the question was asked. */
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
        members[i] = heapy_snapshot_node(then, heapy_address_map_select(map_of(self), given[i]));
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

/* As the rows of the sources by identity (P-12). */
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
    set = set_of_nodes(self, nodes, count, er);
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

/* ---- making ---- */

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

/* Those of a list of pairs of objects; what is not all there cannot be used anyway. */
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

/* avoid: NULL: nothing. */
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

static int
find_paths(Paths *self, const heapy_address_map *sources, const heapy_address_map *targets,
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
static int
find_paths_from_root(Paths *self, const heapy_address_map *sources, const heapy_address_map *targets,
                     const heapy_address_map *avoid, PyObject *pairs, unsigned how)
{
    int result = find_paths(self, sources, targets, avoid, pairs, how | PATHS_SKIP_GLOBALS, true);
    if (result || !self->is_part || heapy_paths_length(self->paths))
        return result;
    heapy_shortest_paths_destroy(self->paths);
    self->paths = NULL;
    Py_CLEAR(self->heap);
    return find_paths(self, sources, targets, avoid, pairs, how, true);
}

/* What is said of several sources is of this moment too (H-91), also where no more was taken than lies
 * between.
 */
static int
note_sources(Paths *self)
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
        addresses[i] = heapy_address_map_select(map_of(self), nodes[i]);
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

static int
check_pairs(PyObject *pairs)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(pairs); i++) {
        PyObject *pair = PyList_GET_ITEM(pairs, i);
        if (!PyTuple_CheckExact(pair) || PyTuple_GET_SIZE(pair) != 2) {
            PyErr_SetString(PyExc_TypeError, "avoid: a list of pairs of objects expected");
            return -1;
        }
    }
    return 0;
}

static PyObject *
paths_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"session", "sources", "targets", "avoid_nodes", "avoid_edges", "from_root", NULL};
    PyObject *session, *sources, *targets, *avoid, *pairs;
    int from_root;
    module_state *state = state_of_type(type);
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!O!O!O!O!p:Paths", names, state->session_type, &session,
                                     state->identity_set_type, &sources, state->identity_set_type, &targets,
                                     state->identity_set_type, &avoid, &PyList_Type, &pairs, &from_root))
        return NULL;
    const heapy_address_map *from = IdentitySet_map(sources), *to, *around;
    if (!from)
        return NULL;
    to = IdentitySet_map(targets);
    if (!to)
        return NULL;
    around = IdentitySet_map(avoid);
    if (!around || check_pairs(pairs) < 0 || !Session_is_usable(session))
        return NULL;
    if (!heapy_address_map_count(around))
        around = NULL;
    Paths *self = own_object_new(type, tag_of(session));
    if (!self)
        return NULL;
    self->session = Py_NewRef(session);
    unsigned how = PyList_GET_SIZE(pairs) ? PATHS_IN_WHOLE : 0;
    int result;
    if (from_root)
        result = find_paths_from_root(self, from, to, around, pairs, how);
    else
        result = find_paths(self, from, to, around, pairs, how, false);
    if (result || (!from_root && note_sources(self) < 0))
        Py_CLEAR(self);
    return (PyObject *)self;
}

/* ---- numbers ---- */

/* `count` digits of 32 bits as an int. */
static PyObject *
int_of_digits(const uint32_t *digits, size_t count)
{
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(4 * count));
    if (!bytes)
        return NULL;
    unsigned char *to = (unsigned char *)PyBytes_AS_STRING(bytes);
    for (size_t i = 0; i < count; i++)
        for (int b = 0; b < 4; b++)
            *to++ = (unsigned char)(digits[i] >> 8 * b);
    PyObject *number = PyObject_CallMethod((PyObject *)&PyLong_Type, "from_bytes", "(Os)", bytes, "little");
    Py_DECREF(bytes);
    return number;
}

/* The digits of an int that is not negative; heapy_free(). */
static uint32_t *
digits_of_int(PyObject *number, size_t *count)
{
    PyObject *bits = PyObject_CallMethod(number, "bit_length", NULL);
    if (!bits)
        return NULL;
    Py_ssize_t length = PyLong_AsSsize_t(bits);
    Py_DECREF(bits);
    if (length < 0)
        return NULL;
    *count = (size_t)length / 32 + 1;
    PyObject *bytes = PyObject_CallMethod(number, "to_bytes", "ns", (Py_ssize_t)(4 * *count), "little");
    if (!bytes)
        return NULL;
    uint32_t *digits = heapy_alloc_array(*count, sizeof *digits);
    if (!digits)
        PyErr_NoMemory();
    const unsigned char *from = (const unsigned char *)PyBytes_AS_STRING(bytes);
    for (size_t i = 0; digits && i < *count; i++)
        digits[i] = (uint32_t)from[4 * i] | (uint32_t)from[4 * i + 1] << 8 | (uint32_t)from[4 * i + 2] << 16 |
                    (uint32_t)from[4 * i + 3] << 24;
    Py_DECREF(bytes);
    return digits;
}

static PyObject *
paths_number(PyObject *object, PyObject *from)
{
    Paths *self = (Paths *)object;
    heapy_node_set *nodes = NULL;
    uint32_t *digits;
    size_t count;
    heapy_error err = HEAPY_ERROR_INIT;
    if (from != Py_None) {
        if (!IdentitySet_check(state_of_type(Py_TYPE(object)), from)) {
            PyErr_SetString(PyExc_TypeError, "number: an identity set or None expected");
            return NULL;
        }
        const heapy_address_map *map = IdentitySet_map(from);
        if (!map)
            return NULL;
        heapy_address_map *known = combine_maps(map, map_of(self), HEAPY_INTERSECTION);
        if (!known)
            return NULL;
        nodes = nodes_in_snapshot(Snapshot_get(self->heap), known);
        heapy_address_map_destroy(known);
        if (!nodes)
            return NULL;
    }
    progress_line line = {0};
    const heapy_progress progress = progress_of(&line);
    heapy_status status = heapy_paths_number(self->paths, nodes, &progress, &digits, &count, &err);
    progress_end(&line);
    if (status == HEAPY_CANCELLED && deliver_interrupt() == 0) /* its handler lets us */
        status = heapy_paths_number(self->paths, nodes, NULL, &digits, &count, &err);
    heapy_node_set_destroy(nodes);
    if (status) {
        if (!PyErr_Occurred())
            raise_heapy_error(&err);
        return NULL;
    }
    PyObject *number = int_of_digits(digits, count);
    heapy_free(digits);
    return number;
}

/* ---- paths ---- */

/* The path at `positions`. */
static PyObject *
path_at(Paths *self, const uint32_t *positions, heapy_path_step *steps)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_node source;
    if (heapy_paths_at(self->paths, positions, &source, steps, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    return PathSteps_wrap((PyObject *)self, source, steps);
}

/* The paths from number `first` on, at most `count`. */
static PyObject *
list_paths(Paths *self, const uint32_t *digits, size_t digit_count, Py_ssize_t count)
{
    size_t length = heapy_paths_length(self->paths);
    uint32_t *positions = heapy_alloc_array(length + 1, sizeof *positions);
    heapy_path_step *steps = heapy_alloc_array(length, sizeof *steps);
    PyObject *list = PyList_New(0);
    heapy_error err = HEAPY_ERROR_INIT;
    bool found = true, is_done = positions && steps && list;
    if (!positions || !steps)
        PyErr_NoMemory();
    else if (list && heapy_paths_seek(self->paths, digits, digit_count, positions, &err))
        is_done = raise_heapy_error(&err) == 0;
    for (Py_ssize_t i = 0; is_done && found && i < count; i++) {
        PyObject *path = path_at(self, positions, steps);
        is_done = path && PyList_Append(list, path) == 0;
        Py_XDECREF(path);
        if (is_done && i + 1 < count && heapy_paths_next(self->paths, positions, &found, &err))
            is_done = raise_heapy_error(&err) == 0;
    }
    heapy_free(positions);
    heapy_free(steps);
    if (!is_done)
        Py_CLEAR(list);
    return list;
}

static PyObject *
paths_list(PyObject *object, PyObject *args)
{
    Paths *self = (Paths *)object;
    PyObject *first;
    Py_ssize_t count;
    size_t digit_count;
    if (!PyArg_ParseTuple(args, "O!n:list", &PyLong_Type, &first, &count))
        return NULL;
    uint32_t *digits = digits_of_int(first, &digit_count);
    if (!digits)
        return NULL;
    PyObject *list = list_paths(self, digits, digit_count, count);
    heapy_free(digits);
    return list;
}

/* The lines of the paths from number `first` on, at most `count`. */
static PyObject *
list_lines(Paths *self, const uint32_t *digits, size_t digit_count, Py_ssize_t count, const char *name)
{
    heapy_path_writer *writer = Paths_writer((PyObject *)self, true, HEAPY_PATH_PLAIN);
    const heapy_source_names names = {name, Paths_source_brief, self};
    heapy_path_lines *lines = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    char *text = NULL;
    size_t bytes;
    PyObject *list = NULL;
    if (writer)
        list = PyList_New(0);
    bool is_done = list;
    if (list && heapy_path_lines_create(self->paths, writer, &names, digits, digit_count, &lines, &err))
        is_done = raise_heapy_error(&err) == 0;
    for (Py_ssize_t i = 0; is_done && i < count; i++) {
        if (heapy_path_lines_next(lines, &text, &bytes, &err)) {
            is_done = raise_heapy_error(&err) == 0;
            break;
        }
        if (!text)
            break;
        PyObject *line = text_taken_over(text, bytes);
        is_done = line && PyList_Append(list, line) == 0;
        Py_XDECREF(line);
    }
    heapy_path_lines_destroy(lines);
    if (!is_done)
        Py_CLEAR(list);
    return list;
}

static PyObject *
paths_lines(PyObject *object, PyObject *args)
{
    PyObject *first;
    Py_ssize_t count;
    const char *name;
    size_t digit_count;
    if (!PyArg_ParseTuple(args, "O!nz:lines", &PyLong_Type, &first, &count, &name) || !Paths_snapshot(object))
        return NULL;
    uint32_t *digits = digits_of_int(first, &digit_count);
    if (!digits)
        return NULL;
    PyObject *list = list_lines((Paths *)object, digits, digit_count, count, name);
    heapy_free(digits);
    return list;
}

/* ---- levels ---- */

/* Level numbers come from guppy/heapy/Path.py; others are an error here. */
static int
level_of(const Paths *self, PyObject *number, size_t end, size_t *level)
{
    Py_ssize_t value = PyNumber_AsSsize_t(number, PyExc_IndexError);
    if (value == -1 && PyErr_Occurred())
        return -1;
    if (value < 0 || (size_t)value >= end || !heapy_paths_length(self->paths)) {
        PyErr_SetString(PyExc_IndexError, "paths have no such level");
        return -1;
    }
    *level = (size_t)value;
    return 0;
}

static PyObject *
paths_level(PyObject *object, PyObject *number)
{
    Paths *self = (Paths *)object;
    size_t level, count;
    if (level_of(self, number, heapy_paths_length(self->paths) + 1, &level) < 0)
        return NULL;
    const heapy_node *nodes = heapy_paths_level(self->paths, level, &count);
    return set_of_nodes(self, nodes, count, NULL);
}

/* The pairs of objects that a level's steps join. */
static PyObject *
paths_level_edges(PyObject *object, PyObject *number)
{
    Paths *self = (Paths *)object;
    size_t level, count;
    if (level_of(self, number, heapy_paths_length(self->paths), &level) < 0)
        return NULL;
    const heapy_node *nodes = heapy_paths_level(self->paths, level, &count);
    const heapy_snapshot *snapshot = Snapshot_get(self->heap);
    PyObject *list = NULL;
    if (snapshot && Session_has_objects(self->session))
        list = PyList_New(0);
    for (size_t i = 0; list && i < count; i++) {
        size_t step_count;
        const heapy_path_step *steps = heapy_paths_steps(self->paths, level, i, &step_count);
        for (size_t k = 0; list && k < step_count; k++) {
            heapy_node target = heapy_graph_targets(graph_of(self))[steps[k].edge];
            PyObject *pair = PyTuple_Pack(2, live_object(snapshot, nodes[i]), live_object(snapshot, target));
            if (!pair || PyList_Append(list, pair) < 0)
                Py_CLEAR(list);
            Py_XDECREF(pair);
        }
    }
    return list;
}

static PyObject *
paths_length(PyObject *self, void *closure)
{
    (void)closure;
    return PyLong_FromSize_t(heapy_paths_length(((Paths *)self)->paths));
}

/* ---- life ---- */

static int
paths_traverse(PyObject *object, visitproc visit, void *arg)
{
    Paths *self = (Paths *)object;
    VISIT_OWN_HEAD(object);
    Py_VISIT(self->session);
    Py_VISIT(self->heap);
    Py_VISIT(self->sources);
    return 0;
}

/* No tp_clear: it never changes; cycles through it are broken by its LiveObjects. */
static void
paths_dealloc(PyObject *object)
{
    Paths *self = (Paths *)object;
    PyObject_GC_UnTrack(object);
    for (size_t i = 0; i < 2 * HEAPY_PATH_FORM_COUNT; i++)
        heapy_path_writer_destroy(self->writers[i / HEAPY_PATH_FORM_COUNT][i % HEAPY_PATH_FORM_COUNT]);
    heapy_shortest_paths_destroy(self->paths);
    Py_CLEAR(self->heap);
    Py_CLEAR(self->sources);
    Py_XDECREF(self->session);
    own_object_free(object);
}

static PyGetSetDef paths_getset[] = {
    {"length", paths_length, NULL, DOC_Paths_length, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef paths_methods[] = {
    {"number", paths_number, METH_O, DOC_Paths_number},
    {"list", paths_list, METH_VARARGS, DOC_Paths_list},
    {"lines", paths_lines, METH_VARARGS, DOC_Paths_lines},
    {"level", paths_level, METH_O, DOC_Paths_level},
    {"level_edges", paths_level_edges, METH_O, DOC_Paths_level_edges},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot paths_slots[] = {
    {Py_tp_doc, DOC_Paths},
    {Py_tp_new, paths_new},
    {Py_tp_traverse, paths_traverse},
    {Py_tp_dealloc, paths_dealloc},
    {Py_tp_getset, paths_getset},
    {Py_tp_methods, paths_methods},
    {0, NULL},
};

PyType_Spec paths_spec = {
    .name = "guppy._heapyc.Paths",
    .basicsize = sizeof(Paths),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = paths_slots,
};
