/* SPDX-License-Identifier: MIT */
/*
 * The capture's order of business: pause the collector, take frames and roots, walk, hold; then, for the
 * columns, read types and owners, name them, and only at the end ask for sizes, which may run code.
 */
#include "capture_internal.h" /* first: it asks for the interpreter's internals */

#include "capture_walk.h"
#include "errors.h"

enum { FIRST_TYPE_SLOTS = 2048, BATCH = 32, CONTENT_AHEAD = 12, NODES_PER_POLL = 1 << 16 };

void
capture_init(capture *c, module_state *state)
{
    *c = (capture){.state = state, .polls_signals = true};
    c->interp = PyInterpreterState_Get();
}

void
capture_deinit(capture *c)
{
    heapy_address_map_destroy(c->map);
    heapy_address_map_destroy(c->running);
    heapy_graph_builder_destroy(c->builder);
    for (size_t i = 0; i < c->record_count; i++)
        if (c->records[i].holds_type)
            Py_DECREF(c->records[i].type);
    heapy_free(c->records);
    heapy_free(c->record_of_type);
    heapy_free(c->type_slots);
    heapy_free(c->members);
    heapy_free(c->roots);
    heapy_free(c->stack);
    heapy_free(c->excluded);
    for (size_t i = 0; i < c->frame_count; i++)
        Py_DECREF(c->frames[i]);
    heapy_free(c->frames);
    *c = (capture){0};
}

/* Allocate what every capture needs.  -1 with an exception. */
static int
begin(capture *c)
{
    c->type_slots = heapy_alloc_zeroed(FIRST_TYPE_SLOTS, sizeof *c->type_slots);
    c->type_slot_count = FIRST_TYPE_SLOTS;
    heapy_error err = HEAPY_ERROR_INIT;
    if (!c->type_slots) {
        PyErr_NoMemory();
        return -1;
    }
    if (heapy_address_map_create(&c->running, &err))
        return raise_heapy_error(&err);
    return 0;
}

void
capture_hold(const heapy_address_map *map)
{
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    uintptr_t batch[BATCH];
    for (size_t n; (n = heapy_address_iterator_read(&iterator, batch, BATCH));) {
        for (size_t i = 0; i < n; i++)
            __builtin_prefetch((const void *)batch[i], 1);
        for (size_t i = 0; i < n; i++)
            Py_INCREF((PyObject *)batch[i]);
    }
}

void
capture_release(heapy_address_map *map)
{
    if (!map)
        return;
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    uintptr_t batch[BATCH];
    for (size_t n; (n = heapy_address_iterator_read(&iterator, batch, BATCH));) {
        for (size_t i = 0; i < n; i++)
            __builtin_prefetch((const void *)batch[i], 1);
        for (size_t i = 0; i < n; i++)
            Py_DECREF((PyObject *)batch[i]);
    }
    heapy_address_map_destroy(map);
}

/* A signal cut the capture short: deliver it.  0: its handler returned, so the capture is to be done again;
   -1 with what it raised. */
static int
deliver_signal(void)
{
    PyErr_SetInterrupt();
    return PyErr_CheckSignals();
}

static int
warn_of_unsound(const capture *c)
{
    if (!c->unsound_count)
        return 0;
    return PyErr_WarnFormat(PyExc_RuntimeWarning, 1,
                            "%zu objects were left out of the heap because their type cannot be read "
                            "(the first is at 0x%zx); an extension module has damaged them",
                            c->unsound_count, (size_t)c->first_unsound);
}

/* Walk once.  1: cancelled by a signal. */
static int
walk_once(capture *c)
{
    heapy_error err = HEAPY_ERROR_INIT;
    if (begin(c) < 0)
        return -1;
    /* Before 3.12 making frame objects can set off a collection. */
    int was_enabled = PyGC_Disable();
    int result = capture_collect_roots(c);
    if (was_enabled)
        PyGC_Enable();
    if (result < 0)
        return -1;
    if (heapy_address_map_create(&c->map, &err))
        return raise_heapy_error(&err);
    if (capture_walk(c))
        return 0;
    if (c->is_cancelled)
        return 1;
    PyErr_NoMemory();
    return -1;
}

/* Walk, and once more without polling when a signal's handler lets us. */
static int
walk(capture *c, module_state *state)
{
    capture_init(c, state);
    int result = walk_once(c);
    if (result == 1) {
        capture_deinit(c);
        if (deliver_signal() < 0)
            return -1;
        capture_init(c, state);
        c->polls_signals = false;
        result = walk_once(c);
    }
    return result;
}

/* Let go of a held map while an exception is on its way. */
static void
release_keeping_exception(heapy_address_map *map)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    capture_release(map);
    PyErr_Restore(type, value, traceback);
}

int
capture_heap(module_state *state, heapy_address_map **out)
{
    capture c;
    int result = walk(&c, state);
    if (!result) {
        heapy_address_map *map = c.map;
        c.map = NULL;
        capture_hold(map); /* before the warning runs code, so that nothing in it can die */
        result = warn_of_unsound(&c);
        if (result)
            release_keeping_exception(map);
        else
            *out = map;
    }
    capture_deinit(&c);
    return result;
}

/* ---- columns ---- */

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

/* The row of the record's type in the builder's type table. */
static heapy_type
graph_type_of(capture *c, type_record *record)
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
    rows[c->graph_type_count++] = (uint32_t)(record - c->records);
    char *name = record->is_unsound ? NULL : capture_type_name(c->state, record->type);
    unsigned flags = record->is_exact_dict ? HEAPY_TYPE_IS_DICT : 0;
    heapy_type type = HEAPY_NO_TYPE;
    if ((!name && !record->is_unsound) ||
        heapy_graph_builder_add_type(c->builder, name ? name : "<unreadable type>", flags, &type, NULL))
        c->out_of_memory = true;
    record->graph_type = type;
    heapy_free(name);
    return type;
}

/*
 * Types, owners if asked for, and the sizes that are known by formula: one pass, no Python code.
 * Sizes that have to be asked for are left at SIZE_DEFERRED; deferred: whether there are any.
 */
static bool
read_columns(capture *c, const heapy_address_map *map, bool with_owners, bool *deferred)
{
    heapy_type *types = heapy_graph_builder_types(c->builder), *owners = NULL;
    uint64_t *sizes = heapy_graph_builder_sizes(c->builder);
    if (with_owners && heapy_graph_builder_owners(c->builder, &owners, NULL))
        return false;
    owner_search search = {.capture = c, .map = map, .owners = owners};
    size_t node = 0, unowned = 0;
    heapy_type dict_type = HEAPY_NO_TYPE;
    *deferred = false;
    batch_reader reader;
    batch_reader_init(&reader, map);
    for (PyObject *object; (object = batch_reader_next(&reader)); node++) {
        type_record *record = capture_record(c, Py_TYPE(object));
        if (!record)
            return false;
        types[node] = graph_type_of(c, record);
        if (record->is_exact_dict)
            dict_type = record->graph_type;
        if (owners && record->may_own_dict)
            capture_try_owner(object, &search);
        sizes[node] = capture_plain_size(c, object, record);
        *deferred |= sizes[node] == SIZE_DEFERRED;
    }
    for (size_t i = 0; owners && i < node; i++)
        unowned += types[i] == dict_type && owners[i] == HEAPY_NO_TYPE;
    if (unowned && !capture_find_other_owners(&search))
        return false;
    for (size_t i = 0; owners && i < node; i++)
        if (owners[i] != HEAPY_NO_TYPE)
            owners[i] = graph_type_of(c, &c->records[owners[i]]);
    return !c->out_of_memory;
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
    uint64_t *sizes = heapy_graph_builder_sizes(c->builder);
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    uintptr_t batch[BATCH];
    size_t node = 0, until_poll = NODES_PER_POLL;
    for (size_t n; (n = heapy_address_iterator_read(&iterator, batch, BATCH)); node += n)
        for (size_t i = 0; i < n; i++) {
            if (sizes[node + i] != SIZE_DEFERRED)
                continue;
            const type_record *record = &c->records[c->record_of_type[types[node + i]]];
            if (capture_asked_size((PyObject *)batch[i], record, warned_types, &sizes[node + i]) < 0 ||
                poll_signals(&until_poll) < 0)
                return -1;
        }
    return 0;
}

static int
fill_columns(capture *c, const heapy_address_map *map, bool with_owners, PyObject *warned_types)
{
    bool deferred;
    if (!read_columns(c, map, with_owners, &deferred)) {
        PyErr_NoMemory();
        return -1;
    }
    return deferred ? ask_deferred_sizes(c, map, warned_types) : 0;
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
capture_total_size(module_state *state, const heapy_address_map *map, PyObject *warned_types, uint64_t *out)
{
    capture c;
    capture_init(&c, state);
    int result = begin(&c);
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

int
capture_columns(module_state *state, const heapy_address_map *map, bool with_owners, PyObject *warned_types,
                heapy_graph **out)
{
    capture c;
    capture_init(&c, state);
    heapy_error err = HEAPY_ERROR_INIT;
    int result = begin(&c);
    if (!result && heapy_graph_builder_create(heapy_address_map_count(map), &c.builder, &err))
        result = raise_heapy_error(&err);
    if (!result)
        result = fill_columns(&c, map, with_owners, warned_types);
    if (!result)
        result = finish(&c, out);
    capture_deinit(&c);
    return result;
}

/* ---- the whole graph ---- */

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

/* Walk and write edges in one moment, then hold. */
static int
capture_moment(capture *c, module_state *state)
{
    int result = walk(c, state);
    if (!result)
        result = capture_edges(c);
    if (result == 1) { /* cancelled after the walk: both passes again, or they would be of two moments */
        capture_deinit(c);
        if (deliver_signal() < 0)
            return -1;
        capture_init(c, state);
        c->polls_signals = false;
        result = walk_once(c);
        if (!result)
            result = capture_edges(c);
    }
    if (!result)
        capture_hold(c->map);
    return result;
}

int
capture_graph(module_state *state, PyObject *warned_types, heapy_address_map **map_out,
              heapy_graph **graph_out)
{
    capture c;
    if (capture_moment(&c, state)) {
        capture_deinit(&c);
        return -1;
    }
    heapy_address_map *map = c.map; /* held */
    c.map = NULL;
    heapy_graph *graph = NULL;
    int result = warn_of_unsound(&c);
    if (!result)
        result = fill_columns(&c, map, true, warned_types);
    if (!result)
        result = finish(&c, &graph);
    capture_deinit(&c);
    if (result) {
        release_keeping_exception(map);
        return -1;
    }
    *map_out = map;
    *graph_out = graph;
    return 0;
}
