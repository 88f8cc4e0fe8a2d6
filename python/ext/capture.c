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
capture_init(capture *c, const capture_view *view)
{
    *c = (capture){.view = view, .state = view->state, .polls_signals = true};
    c->interp = PyInterpreterState_Get();
}

void
capture_deinit(capture *c)
{
    heapy_address_map_destroy(c->map);
    heapy_address_map_destroy(c->reachable);
    heapy_address_map_destroy(c->own);
    heapy_address_map_destroy(c->running);
    heapy_address_map_destroy(c->own_frames);
    heapy_graph_builder_destroy(c->builder);
    for (size_t i = 0; i < c->record_count; i++)
        if (c->records[i].holds_type)
            Py_DECREF(c->records[i].type);
    heapy_free(c->records);
    heapy_free(c->record_of_type);
    heapy_free(c->type_slots);
    heapy_free(c->owner_objects);
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
    /* As long as only the tool holds the tag, no object of the user can carry it. */
    PyObject *tag = c->view->hiding_tag;
    if (tag)
        c->checks_tags = tag != c->state->hiding_tag ||
                         (size_t)Py_REFCNT(tag) != 1 + c->state->hiding_tag_uses || c->view->tagged_types;
    if (heapy_address_map_create(&c->running, &err) || heapy_address_map_create(&c->own_frames, &err))
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
                            "(the first is at %p); an extension module has damaged them",
                            c->unsound_count, (void *)c->first_unsound);
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

/* Do what `once` does, and again without polling when a signal's handler lets us. */
static int
uninterrupted(capture *c, const capture_view *view, int (*once)(capture *c))
{
    capture_init(c, view);
    int result = once(c);
    if (result == 1) {
        capture_deinit(c);
        if (deliver_signal() < 0)
            return -1;
        capture_init(c, view);
        c->polls_signals = false;
        result = once(c);
    }
    return result;
}

void
capture_release_keeping_exception(heapy_address_map *map)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    capture_release(map);
    PyErr_Restore(type, value, traceback);
}

/* Hold `map` (taken over), then warn: so that nothing in it can die by what the warning runs. */
static int
hand_over(const capture *c, heapy_address_map *map, heapy_address_map **out)
{
    capture_hold(map);
    if (warn_of_unsound(c) < 0) {
        capture_release_keeping_exception(map);
        return -1;
    }
    *out = map;
    return 0;
}

static heapy_address_map *
take_map(capture *c)
{
    heapy_address_map *map = c->map;
    c->map = NULL;
    return map;
}

int
capture_heap(const capture_view *view, heapy_address_map **out)
{
    capture c;
    int result = uninterrupted(&c, view, walk_once);
    if (!result)
        result = hand_over(&c, take_map(&c), out);
    capture_deinit(&c);
    return result;
}

/* ---- what cannot be reached ---- */

/* Begin another walk of the same moment: into an empty map, around what is known. */
static bool
begin_again(capture *c, const heapy_address_map *known, const heapy_address_map *more_known)
{
    c->known[0] = known;
    c->known[1] = more_known;
    c->excluded_count = 0;
    return !heapy_address_map_create(&c->map, NULL);
}

/* Begin at the tool's own objects, which then are entered. */
static void
begin_at_own(PyObject *object, void *arg)
{
    capture *c = arg;
    const type_record *record = capture_record(c, Py_TYPE(object));
    if (record && record->is_own)
        capture_mark(c, object);
}

static void
begin_at_tracked(PyObject *object, void *arg)
{
    capture_mark(arg, object);
}

/* What the collector knows, and nothing it leads to. */
static void
mark_tracked(PyObject *object, void *arg)
{
    if (PyFrame_Check(object) || PyWeakref_Check(object))
        return;
    capture_mark_alone(arg, object);
}

/*
 * Three walks of one moment: what the root reaches; what only the tool's objects reach (a user's object that
 * only an identity set keeps is neither heap nor garbage); what the collector knows beyond both.
 * The first stays in c->reachable, the last in c->map.  1: cancelled by a signal.
 */
static int
walk_unreachable(capture *c)
{
    int result = walk_once(c);
    if (result)
        return result;
    c->reachable = take_map(c);
    bool is_done = begin_again(c, c->reachable, NULL);
    if (is_done) {
        c->enters_own = true;
        visit_tracked_objects(c->interp, begin_at_own, c);
        capture_mark(c, c->state->hiding_tag);
        capture_mark(c, c->state->hidden_types);
        for (size_t i = 0; i < c->frame_count; i++) /* those of the tool; the others are known */
            capture_mark(c, c->frames[i]);
        is_done = capture_walk_on(c);
        c->enters_own = false;
    }
    if (is_done) {
        c->own = take_map(c);
        is_done = begin_again(c, c->own, c->leaves_out_reachable ? c->reachable : NULL);
    }
    if (is_done && c->only_tracked) {
        visit_tracked_objects(c->interp, mark_tracked, c);
        is_done = capture_finish_walk(c);
    } else if (is_done) {
        visit_tracked_objects(c->interp, begin_at_tracked, c);
        is_done = capture_walk_on(c);
    }
    if (is_done)
        return 0;
    if (c->is_cancelled)
        return 1;
    PyErr_NoMemory();
    return -1;
}

static int
walk_beyond_reachable(capture *c)
{
    c->leaves_out_reachable = true;
    return walk_unreachable(c);
}

static int
walk_tracked_beyond_reachable(capture *c)
{
    c->only_tracked = true;
    return walk_beyond_reachable(c);
}

static int
walk_tracked(capture *c)
{
    c->only_tracked = true;
    return walk_unreachable(c);
}

int
capture_unreachable(const capture_view *view, bool with_reachable, bool only_tracked, heapy_address_map **out,
                    heapy_address_map **reachable_out)
{
    static int (*const walks[2][2])(capture *) = {{walk_beyond_reachable, walk_tracked_beyond_reachable},
                                                  {walk_unreachable, walk_tracked}};
    capture c;
    int result = uninterrupted(&c, view, walks[with_reachable][only_tracked]);
    heapy_address_map *reachable = NULL;
    if (!result && reachable_out) {
        reachable = c.reachable;
        c.reachable = NULL;
        capture_hold(reachable);
    }
    if (!result)
        result = hand_over(&c, take_map(&c), out);
    if (result)
        capture_release_keeping_exception(reachable);
    else if (reachable_out)
        *reachable_out = reachable;
    capture_deinit(&c);
    return result;
}

/* ---- one object ---- */

typedef struct address_search {
    uintptr_t address;
    PyObject *found;
} address_search;

static void
compare_address(PyObject *object, void *arg)
{
    address_search *search = arg;
    if ((uintptr_t)object == search->address)
        search->found = object;
}

PyObject *
capture_object_at(const capture_view *view, uintptr_t address)
{
    capture c;
    address_search search = {.address = address};
    if (uninterrupted(&c, view, walk_once) == 0) {
        visit_tracked_objects(c.interp, compare_address, &search);
        if (heapy_address_map_contains(c.map, address))
            search.found = (PyObject *)address;
        Py_XINCREF(search.found);
    }
    capture_deinit(&c);
    return search.found;
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
read_columns(capture *c, const heapy_address_map *map, unsigned columns, bool *deferred)
{
    heapy_type *types = heapy_graph_builder_types(c->builder), *owners = NULL;
    uint64_t *sizes = heapy_graph_builder_sizes(c->builder);
    if ((columns & COLUMN_OWNERS) && heapy_graph_builder_owners(c->builder, &owners, NULL))
        return false;
    owner_search search = {.capture = c, .map = map, .owners = owners, .owner_objects = c->owner_objects};
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
        if (!(columns & COLUMN_SIZES))
            continue;
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

/* The same for the owners of exact dicts; others are forgotten.  False: no memory. */
static bool
hold_owners(capture *c, const heapy_address_map *map)
{
    const heapy_type *types = heapy_graph_builder_types(c->builder);
    dict_owners *held = c->owners;
    for (size_t i = 0; i < heapy_address_map_count(map); i++) {
        if (!c->records[c->record_of_type[types[i]]].is_exact_dict || !c->owner_objects[i])
            continue;
        struct dict_owner *items = heapy_grow(held->items, held->count, &held->capacity, sizeof *items);
        if (!items)
            return false;
        held->items = items;
        items[held->count++] = (struct dict_owner){(heapy_node)i, Py_NewRef(c->owner_objects[i])};
    }
    return true;
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
    bool deferred;
    if (!read_columns(c, map, columns, &deferred)) {
        PyErr_NoMemory();
        return -1;
    }
    if (c->keeps_types)
        hold_graph_types(c);
    if (c->owner_objects && !hold_owners(c, map)) {
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
    const capture_view view = {.state = state};
    capture_init(&c, &view);
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
capture_columns(module_state *state, const heapy_address_map *map, unsigned columns, PyObject *warned_types,
                heapy_graph **out, PyObject **types, dict_owners *owners)
{
    capture c;
    const capture_view view = {.state = state};
    dict_owners held = {0};
    capture_init(&c, &view);
    c.keeps_types = types;
    c.owners = &held;
    size_t count = heapy_address_map_count(map);
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_graph *graph = NULL;
    int result = begin(&c);
    if (!result && heapy_graph_builder_create(count, &c.builder, &err))
        result = raise_heapy_error(&err);
    if (!result && owners && !(c.owner_objects = heapy_alloc_zeroed(count, sizeof(PyObject *)))) {
        PyErr_NoMemory();
        result = -1;
    }
    if (!result)
        result = fill_columns(&c, map, columns, warned_types);
    if (!result)
        result = finish(&c, &graph);
    if (!result && types && !(*types = graph_types(&c)))
        result = -1;
    if (result) {
        heapy_graph_destroy(graph);
        dict_owners_deinit(&held);
    } else {
        *out = graph;
        if (owners)
            *owners = held;
    }
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

/* Walk and write edges in one moment. */
static int
walk_with_edges(capture *c)
{
    int result = walk_once(c);
    return result ? result : capture_edges(c);
}

int
capture_graph(const capture_view *view, heapy_address_map **map_out, heapy_graph **graph_out)
{
    capture c;
    heapy_address_map *map = NULL;
    heapy_graph *graph = NULL;
    int result = uninterrupted(&c, view, walk_with_edges);
    if (!result)
        result = hand_over(&c, take_map(&c), &map);
    if (!result)
        result = fill_columns(&c, map, COLUMN_SIZES | COLUMN_OWNERS, view->warned_types);
    if (!result)
        result = finish(&c, &graph);
    capture_deinit(&c);
    if (result) {
        capture_release_keeping_exception(map);
        return -1;
    }
    *map_out = map;
    *graph_out = graph;
    return 0;
}
