/* SPDX-License-Identifier: MIT */
/*
 * What is read of a set of objects: types and owners, edges if they are asked for, and only at the end the
 * sizes, which may run code.
 */
#include "capture/capture_internal.h" /* first: it asks for the interpreter's internals */

#include "capture/capture_walk.h"
#include "cpython/dict_layout.h"
#include "capture/errors.h"
#include "capture/str_utf8.h"

enum { BATCH = 32, CONTENT_AHEAD = 12 };

/* Reads the objects of a map in address order, fetching them ahead of their turn. */
typedef struct batch_reader {
    heapy_address_iterator iterator;
    uintptr_t batch[2 * BATCH]; /* what is being given, then what is being fetched */
    size_t at, count, ahead;
} batch_reader;

static void
fetch_batch(batch_reader *reader)
{
    reader->ahead = heapy_address_iterator_read(&reader->iterator, reader->batch + BATCH, BATCH);
    for (size_t i = 0; i < reader->ahead; i++)
        __builtin_prefetch((const void *)reader->batch[BATCH + i]);
}

static void
batch_reader_init(batch_reader *reader, const heapy_address_map *map)
{
    heapy_address_iterator_init(&reader->iterator, map);
    reader->at = reader->count = 0;
    fetch_batch(reader);
}

/* NULL at the end. */
static inline PyObject *
batch_reader_next(batch_reader *reader)
{
    if (reader->at == reader->count) {
        if (!reader->ahead)
            return NULL;
        memcpy(reader->batch, reader->batch + BATCH, reader->ahead * sizeof *reader->batch);
        reader->count = reader->ahead;
        reader->at = 0;
        fetch_batch(reader);
    }
    size_t soon = reader->at + CONTENT_AHEAD;
    if (soon < reader->count)
        prefetch_content((PyObject *)reader->batch[soon]);
    else if (soon - reader->count < reader->ahead)
        prefetch_content((PyObject *)reader->batch[BATCH + soon - reader->count]);
    return (PyObject *)reader->batch[reader->at++];
}

heapy_type
capture_graph_type(capture *c, type_record *record)
{
    if (record->graph_type != HEAPY_NO_TYPE)
        return record->graph_type;
    uint32_t *rows =
        heapy_grow(c->record_of_type, c->graph_type_count, &c->graph_type_capacity, sizeof *rows);
    if (!rows) {
        c->out_of_memory = true;
        return HEAPY_NO_TYPE;
    }
    c->record_of_type = rows;
    type_texts texts = {0};
    heapy_type_row row = HEAPY_TYPE_ROW_INIT;
    heapy_type type = HEAPY_NO_TYPE;
    if (record->is_unsound) {
        row.name = "<unreadable type>";
    } else if (capture_type_texts(c->state, record->type, &texts)) {
        row.name = texts.name;
        row.module = texts.module;
        row.qualname = texts.qualname;
        row.is_alias = texts.is_alias;
        row.role = capture_role_of(record->type);
        row.identity = (uintptr_t)record->type;
    }
    if (!row.name || heapy_graph_builder_add_type(c->builder, &row, &type, NULL))
        c->out_of_memory = true;
    else
        rows[c->graph_type_count++] = (uint32_t)(record - c->records);
    record->graph_type = type;
    capture_type_texts_deinit(&texts);
    return type;
}

/* The rows that the rows of the type table inherit from, which get rows themselves, and the nodes that types
   are. */
static bool
relate_types(capture *c, const heapy_address_map *map)
{
    heapy_type *bases = NULL;
    size_t capacity = 0;
    for (heapy_type t = 0; t < c->graph_type_count && !c->out_of_memory; t++) {
        if (c->records[c->record_of_type[t]].is_unsound)
            continue;
        PyTypeObject *type = c->records[c->record_of_type[t]].type; /* records move when one is added */
        heapy_node node = heapy_address_map_rank(map, (uintptr_t)type);
        PyObject *tuple = type->tp_bases;
        size_t count = tuple && PyTuple_CheckExact(tuple) ? (size_t)PyTuple_GET_SIZE(tuple) : 0, known = 0;
        for (size_t i = 0; i < count && !c->out_of_memory; i++) {
            PyObject *base = PyTuple_GET_ITEM(tuple, (Py_ssize_t)i);
            type_record *base_record = PyType_Check(base) ? capture_record(c, (PyTypeObject *)base) : NULL;
            heapy_type row = base_record ? capture_graph_type(c, base_record) : HEAPY_NO_TYPE;
            heapy_type *more = row == HEAPY_NO_TYPE ? NULL : heapy_grow(bases, known, &capacity, sizeof *more);
            if (row == HEAPY_NO_TYPE)
                continue; /* damaged, or no memory, which was noted */
            if (!more) {
                c->out_of_memory = true;
                break;
            }
            bases = more;
            bases[known++] = row;
        }
        if (heapy_graph_builder_set_bases(c->builder, t, bases, known, NULL) ||
            heapy_graph_builder_set_type_node(c->builder, t, node, NULL))
            c->out_of_memory = true;
    }
    heapy_free(bases);
    return !c->out_of_memory;
}

/* Note that the size of a node is to be asked for.  False: no memory. */
static bool
defer_size(capture *c, size_t node)
{
    heapy_node *nodes = heapy_grow(c->deferred, c->deferred_count, &c->deferred_capacity, sizeof *nodes);
    if (!nodes)
        return false;
    c->deferred = nodes;
    nodes[c->deferred_count++] = (heapy_node)node;
    return true;
}

/* How many items a container has, by its own struct. */
static bool
add_length(capture *c, heapy_node node, PyObject *object, content content)
{
    Py_ssize_t length = content == CONTENT_DICT ? PyDict_GET_SIZE(object) : Py_SIZE(object);
    return !heapy_graph_builder_add_length(c->builder, node, (uint64_t)length, NULL);
}

/* The name of a module, if it is a str in the module's own dict (K-110). */
static bool
add_module(capture *c, heapy_node node, PyObject *module)
{
    PyObject *dict = PyModule_GetDict(module);
    PyObject *name =
        dict && PyDict_CheckExact(dict) ? dict_find_name(dict, c->state->str_name) : NULL;
    if (!name || !PyUnicode_CheckExact(name))
        return true;
    if (!c->modules && heapy_graph_builder_begin_facts(c->builder, "module", &c->modules, NULL))
        return false;
    uint32_t value;
    char *text = str_to_utf8(name, SURROGATES_AS_QUESTION_MARKS, NULL);
    bool is_done = text && !heapy_facts_add_value(c->modules, text, strlen(text), &value, NULL) &&
                   !heapy_facts_add(c->modules, node, value, NULL);
    heapy_free(text);
    return is_done;
}

/* What the text of an object is made from, which may be another later; and rows for types that are objects,
   whether or not they have instances.  False: no memory. */
static bool
read_what_is_shown(capture *c, heapy_node node, PyObject *object, const type_record *record, unsigned columns)
{
    content content = record->content;
    if (columns & COLUMN_LENGTHS && record->type == record->base &&
        (content == CONTENT_LIST || content == CONTENT_TUPLE || record->is_exact_dict))
        return add_length(c, node, object, content);
    if (columns & COLUMN_MODULES && record->type == &PyModule_Type)
        return add_module(c, node, object);
    if (columns & COLUMN_TYPES && content == CONTENT_TYPE) {
        type_record *own = capture_record(c, (PyTypeObject *)object);
        return own && capture_graph_type(c, own) != HEAPY_NO_TYPE;
    }
    return true;
}

/* The types that classes are said by though no object may have them: what is no dict, what is no module. */
static bool
add_named_types(capture *c, unsigned columns)
{
    PyTypeObject *const types[] = {columns & COLUMN_OWNERS ? &PyDict_Type : NULL,
                                   columns & COLUMN_MODULES ? &PyModule_Type : NULL};
    for (size_t i = 0; i < 2; i++) {
        type_record *record = types[i] ? capture_record(c, types[i]) : NULL;
        if (types[i] && (!record || capture_graph_type(c, record) == HEAPY_NO_TYPE))
            return false;
    }
    return true;
}

/*
 * Types, owners and lengths if asked for, and the sizes that are known by formula: one pass, no Python code.
 * Sizes that have to be asked for are deferred.
 */
static bool
read_columns(capture *c, const heapy_address_map *map, unsigned columns)
{
    heapy_type *types = heapy_graph_builder_types(c->builder);
    heapy_node *owners = NULL;
    heapy_size_writer *sizes = NULL;
    if ((columns & COLUMN_OWNERS) && heapy_graph_builder_owners(c->builder, &owners, NULL))
        return false;
    if ((columns & COLUMN_SIZES) && heapy_graph_builder_sizes(c->builder, &sizes, NULL))
        return false;
    owner_search search = {.capture = c, .map = map, .owners = owners, .elsewhere = c->elsewhere};
    size_t node = 0, unowned = 0;
    heapy_type dict_type = HEAPY_NO_TYPE;
    batch_reader reader;
    batch_reader_init(&reader, map);
    heapy_address_iterator sized;
    uintptr_t next_sized = 0; /* both sets are in order of address */
    if (c->view->sized) {
        heapy_address_iterator_init(&sized, c->view->sized);
        next_sized = heapy_address_iterator_next(&sized);
    }
    for (PyObject *object; (object = batch_reader_next(&reader)); node++) {
        type_record *record = capture_record(c, Py_TYPE(object));
        if (!record)
            return false;
        types[node] = capture_graph_type(c, record);
        if (columns & (COLUMN_LENGTHS | COLUMN_MODULES | COLUMN_TYPES) &&
            !read_what_is_shown(c, (heapy_node)node, object, record, columns))
            return false;
        record = capture_record(c, Py_TYPE(object)); /* records move when that made one */
        if (record->is_exact_dict)
            dict_type = record->graph_type;
        if (owners && record->may_own_dict) {
            search.tried = (heapy_node)node;
            capture_try_owner(object, &search);
        }
        if (!sizes)
            continue;
        if (c->view->sized) {
            if ((uintptr_t)object != next_sized)
                continue;
            next_sized = heapy_address_iterator_next(&sized);
        }
        uint64_t size = capture_plain_size(c, object, record);
        if (size == SIZE_DEFERRED ? !defer_size(c, node)
                                  : !heapy_size_writer_put(sizes, (heapy_node)node, size))
            return false;
    }
    for (size_t i = 0; owners && i < node; i++)
        unowned += types[i] == dict_type && owners[i] == HEAPY_NO_NODE;
    if (unowned && !capture_find_other_owners(&search))
        return false;
    return !c->out_of_memory && add_named_types(c, columns) && relate_types(c, map);
}

/* Every NODES_PER_POLL calls, let the handlers of signals that came run. */
static int
poll_signals(size_t *until_poll)
{
    if (--*until_poll)
        return 0;
    *until_poll = NODES_PER_POLL;
    return PyErr_CheckSignals();
}

/* The sizes left over, last: this may run Python code.  The objects are held: each still is what it was. */
static int
ask_deferred_sizes(capture *c, const heapy_address_map *map, PyObject *warned_types)
{
    const heapy_type *types = heapy_graph_builder_types(c->builder);
    heapy_size_writer *sizes;
    heapy_error err = HEAPY_ERROR_INIT;
    size_t until_poll = NODES_PER_POLL;
    if (heapy_graph_builder_sizes(c->builder, &sizes, &err))
        return raise_heapy_error(&err);
    for (size_t i = 0; i < c->deferred_count; i++) {
        heapy_node node = c->deferred[i];
        PyObject *object = (PyObject *)heapy_address_map_select(map, node);
        const type_record *record = &c->records[c->record_of_type[types[node]]];
        uint64_t size;
        if (capture_asked_size(object, record, warned_types, &size) < 0 || poll_signals(&until_poll) < 0)
            return -1;
        if (!heapy_size_writer_put(sizes, node, size)) {
            PyErr_NoMemory();
            return -1;
        }
    }
    return 0;
}

/* From here on code may run, and types that no object of the set keeps may go. */
static void
hold_graph_types(capture *c)
{
    for (size_t t = 0; t < c->graph_type_count; t++) {
        type_record *record = &c->records[c->record_of_type[t]];
        if (!record->holds_type && !record->is_unsound) {
            record->holds_type = true;
            Py_INCREF(record->type);
        }
    }
}

static int
by_dict(const void *a, const void *b)
{
    heapy_node x = ((const struct dict_owner *)a)->dict, y = ((const struct dict_owner *)b)->dict;
    return (x > y) - (x < y);
}

/* The same for the owners of exact dicts that are no nodes; others are forgotten. */
static void
hold_owners(capture *c)
{
    const heapy_type *types = heapy_graph_builder_types(c->builder);
    dict_owners *owners = c->elsewhere;
    size_t kept = 0;
    for (size_t i = 0; i < owners->count; i++) {
        struct dict_owner item = owners->items[i];
        if (!c->records[c->record_of_type[types[item.dict]]].is_exact_dict)
            continue;
        Py_INCREF(item.owner);
        owners->items[kept++] = item;
    }
    owners->count = kept;
    qsort(owners->items, kept, sizeof *owners->items, by_dict);
}

void
dict_owners_deinit(dict_owners *owners)
{
    for (size_t i = 0; i < owners->count; i++)
        Py_DECREF(owners->items[i].owner);
    heapy_free(owners->items);
    *owners = (dict_owners){0};
}

PyObject *
dict_owners_find(const dict_owners *owners, heapy_node dict)
{
    size_t low = 0, high = owners->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (owners->items[middle].dict < dict)
            low = middle + 1;
        else
            high = middle;
    }
    return low < owners->count && owners->items[low].dict == dict ? owners->items[low].owner : NULL;
}

/* The types of the graph's type table, in its order. */
static PyObject *
graph_types(capture *c)
{
    PyObject *types = PyTuple_New((Py_ssize_t)c->graph_type_count);
    for (size_t t = 0; types && t < c->graph_type_count; t++) {
        const type_record *record = &c->records[c->record_of_type[t]];
        PyObject *type = record->is_unsound ? (PyObject *)&PyBaseObject_Type : (PyObject *)record->type;
        PyTuple_SET_ITEM(types, (Py_ssize_t)t, Py_NewRef(type));
    }
    return types;
}

static int
fill_columns(capture *c, const heapy_address_map *map, unsigned columns, PyObject *warned_types)
{
    if (!read_columns(c, map, columns)) {
        if (c->elsewhere)
            c->elsewhere->count = 0; /* none is held yet */
        PyErr_NoMemory();
        return -1;
    }
    if (c->keeps_types)
        hold_graph_types(c);
    if (c->elsewhere)
        hold_owners(c);
    if (c->view->add_facts && c->view->add_facts(c->builder, map) < 0)
        return -1;
    return c->deferred_count ? ask_deferred_sizes(c, map, warned_types) : 0;
}

/* ---- by type alone ---- */

enum { TYPE_CACHE = 512, SELECT_AHEAD = 60 };

typedef struct accepted_types {
    struct {
        const PyTypeObject *type;
        bool is_accepted;
    } slots[TYPE_CACHE];
} accepted_types;

static inline bool
is_accepted(accepted_types *cache, PyTypeObject *type, bool (*accepts)(PyTypeObject *type, void *context),
            void *context)
{
    size_t slot = ((uintptr_t)type >> 4 ^ (uintptr_t)type >> 13) % TYPE_CACHE;
    if (cache->slots[slot].type != type) {
        cache->slots[slot].type = type;
        cache->slots[slot].is_accepted = accepts(type, context);
    }
    return cache->slots[slot].is_accepted;
}

/* A word of the bitmap at a time: its objects are fetched while those before are looked at. */
static void
mark_accepted(const heapy_address_map *map, bool (*accepts)(PyTypeObject *type, void *context), void *context,
              bool holds, accepted_types *cache, uint64_t *words)
{
    uintptr_t batch[2 * 64];
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    size_t count = heapy_address_iterator_read(&iterator, batch, 64);
    for (; count; words++) {
        size_t ahead = heapy_address_iterator_read(&iterator, batch + count, 64);
        uint64_t word = 0;
        for (size_t i = 0; i < count; i++) {
            if (i + SELECT_AHEAD < count + ahead)
                __builtin_prefetch((const void *)batch[i + SELECT_AHEAD]);
            PyObject *object = (PyObject *)batch[i];
            uint64_t bit = is_accepted(cache, Py_TYPE(object), accepts, context);
            word |= bit << i;
            if (bit && holds)
                Py_INCREF(object);
        }
        *words = word;
        memmove(batch, batch + count, ahead * sizeof *batch);
        count = ahead;
    }
}

/* Give back what was held of a selection that failed. */
static void
release_accepted(const heapy_address_map *map, const uint64_t *words)
{
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    size_t node = 0;
    for (uintptr_t address; (address = heapy_address_iterator_next(&iterator)); node++)
        if (words[node / 64] >> node % 64 & 1)
            Py_DECREF((PyObject *)address); /* the map holds it too */
}

int
capture_select_by_type(const heapy_address_map *map, bool (*accepts)(PyTypeObject *type, void *context),
                       void *context, bool holds, heapy_address_map **out)
{
    accepted_types *cache = heapy_alloc_zeroed(1, sizeof *cache);
    uint64_t *words = heapy_alloc_zeroed(heapy_address_map_count(map) / 64 + 1, sizeof *words);
    heapy_error err = HEAPY_ERROR_INIT;
    int result = 0;
    if (!cache || !words) {
        PyErr_NoMemory();
        result = -1;
    } else {
        mark_accepted(map, accepts, context, holds, cache, words);
        if (heapy_address_map_subset(map, words, out, &err)) {
            if (holds)
                release_accepted(map, words);
            result = raise_heapy_error(&err);
        }
    }
    heapy_free(cache);
    heapy_free(words);
    return result;
}

/* As for columns: what runs no code first. */
static int
sum_sizes(capture *c, const heapy_address_map *map, PyObject *warned_types, uint64_t *out)
{
    size_t until_poll = NODES_PER_POLL, deferred = 0;
    uint64_t total = 0;
    batch_reader reader;
    batch_reader_init(&reader, map);
    for (PyObject *object; (object = batch_reader_next(&reader));) {
        type_record *record = capture_record(c, Py_TYPE(object));
        if (!record) {
            PyErr_NoMemory();
            return -1;
        }
        uint64_t size = capture_plain_size(c, object, record);
        if (size == SIZE_DEFERRED)
            deferred++;
        else
            total += size;
    }
    batch_reader_init(&reader, map);
    for (PyObject *object; deferred && (object = batch_reader_next(&reader));) {
        type_record *record = capture_record(c, Py_TYPE(object));
        if (!record) {
            PyErr_NoMemory();
            return -1;
        }
        uint64_t size = capture_plain_size(c, object, record);
        if (size != SIZE_DEFERRED)
            continue;
        if (capture_asked_size(object, record, warned_types, &size) < 0 || poll_signals(&until_poll) < 0)
            return -1;
        total += size;
    }
    *out = total;
    return 0;
}

int
capture_total_size(capture_state *state, const heapy_address_map *map, PyObject *warned_types, uint64_t *out)
{
    capture c;
    const capture_view view = {.state = state};
    capture_init(&c, &view);
    int result = capture_begin(&c);
    if (!result)
        result = sum_sizes(&c, map, warned_types, out);
    capture_deinit(&c);
    return result;
}

/* Turn the builder into the graph. */
static int
finish(capture *c, heapy_graph **out)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_graph_builder *builder = c->builder;
    c->builder = NULL;
    return heapy_graph_builder_finish(builder, out, &err) ? raise_heapy_error(&err) : 0;
}

/* Columns of `map` into c->builder, which is made here unless it is there, and out of it a graph. */
static int
capture_into_graph(capture *c, const heapy_address_map *map, unsigned columns, PyObject *warned_types,
                   heapy_graph **out, PyObject **types, dict_owners *owners)
{
    dict_owners held = {0};
    size_t count = heapy_address_map_count(map);
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_graph *graph = NULL;
    int result = 0;
    c->keeps_types = types;
    c->elsewhere = owners ? &held : NULL;
    if (!c->builder && heapy_graph_builder_create(count, &c->builder, &err))
        result = raise_heapy_error(&err);
    if (!result)
        result = fill_columns(c, map, columns, warned_types);
    if (!result)
        result = finish(c, &graph);
    if (!result && types && !(*types = graph_types(c)))
        result = -1;
    c->elsewhere = NULL;
    if (result) {
        heapy_graph_destroy(graph);
        dict_owners_deinit(&held);
        return -1;
    }
    *out = graph;
    if (owners)
        *owners = held;
    return 0;
}

int
capture_columns_of_view(const capture_view *view, const heapy_address_map *map, unsigned columns,
                        heapy_graph **out, PyObject **types, dict_owners *owners)
{
    capture c;
    capture_init(&c, view);
    int result = capture_begin(&c);
    if (!result)
        result = capture_into_graph(&c, map, columns, view->warned_types, out, types, owners);
    capture_deinit(&c);
    return result;
}

int
capture_columns(capture_state *state, const heapy_address_map *map, unsigned columns, PyObject *warned_types,
                heapy_graph **out, PyObject **types, dict_owners *owners)
{
    const capture_view view = {.state = state, .warned_types = warned_types};
    return capture_columns_of_view(&view, map, columns, out, types, owners);
}

/* ---- edges ---- */

/* Edges and roots into a fresh builder.  1: cancelled by a signal. */
static int
capture_edges(capture *c)
{
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_graph_builder_create(heapy_address_map_count(c->map), &c->builder, &err))
        return raise_heapy_error(&err);
    if (capture_write_edges(c, &err))
        return 0;
    if (c->is_cancelled)
        return 1;
    if (c->out_of_memory || !err.status) {
        PyErr_NoMemory();
        return -1;
    }
    return raise_heapy_error(&err);
}

/* Walk and write edges in one moment. */
static int
walk_with_edges(capture *c)
{
    c->root_is_node = true;
    int result = capture_walk_once(c);
    return result ? result : capture_edges(c);
}

int
capture_graph(const capture_view *view, heapy_address_map **map_out, heapy_graph **graph_out,
              PyObject **types, dict_owners *owners)
{
    capture c;
    heapy_address_map *map = NULL;
    heapy_graph *graph = NULL;
    int result = capture_uninterrupted(&c, view, NULL, walk_with_edges);
    if (!result)
        result = capture_hand_over(&c, capture_take_map(&c), &map);
    if (!result)
        result = capture_into_graph(&c, map, COLUMN_ALL, view->warned_types, &graph, types,
                                    owners);
    capture_deinit(&c);
    if (result) {
        capture_release_keeping_exception(map);
        return -1;
    }
    *map_out = map;
    *graph_out = graph;
    return 0;
}

int
capture_references(const capture_view *view, const heapy_address_map *objects,
                   const heapy_address_map *visible, unsigned columns, heapy_graph **out, PyObject **types,
                   dict_owners *owners)
{
    capture c;
    capture_init(&c, view);
    c.polls_signals = false;
    int result = capture_begin_with_roots(&c);
    if (!result) {
        c.map = (heapy_address_map *)objects; /* borrowed */
        c.visible = visible;
        result = capture_edges(&c);
        if (!result)
            result = capture_into_graph(&c, objects, columns, view->warned_types, out, types, owners);
        c.map = NULL;
    }
    capture_deinit(&c);
    return result;
}
