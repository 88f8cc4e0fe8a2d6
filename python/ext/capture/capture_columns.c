/* SPDX-License-Identifier: MIT */
/*
 * What is read of a set of objects: types and owners, the sizes that are known by formula, edges if they are
 * asked for.
 */
#include "capture/capture_internal.h" /* first: it asks for the interpreter's internals */

#include "capture/capture_walk.h"
#include "capture/str_utf8.h"
#include "cpython/dict_layout.h"
#include "cpython/module_support.h"

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
            type_record *base_record = NULL;
            if (PyType_Check(base))
                base_record = capture_record(c, (PyTypeObject *)base);
            heapy_type row = HEAPY_NO_TYPE;
            if (base_record)
                row = capture_graph_type(c, base_record);
            if (row == HEAPY_NO_TYPE)
                continue; /* damaged, or no memory, which was noted */
            heapy_type *more = heapy_grow(bases, known, &capacity, sizeof *more);
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
defer_size(capture *c, size_t node, const type_record *record)
{
    deferred_size *sizes = heapy_grow(c->deferred, c->deferred_count, &c->deferred_capacity, sizeof *sizes);
    if (!sizes)
        return false;
    c->deferred = sizes;
    sizes[c->deferred_count++] = (deferred_size){(heapy_node)node, (uint32_t)(record - c->records)};
    return true;
}

/* How many items a container has, characters a str or bytes a bytes, by its own struct. */
static bool
add_length(capture *c, heapy_node node, PyObject *object, const type_record *record)
{
    Py_ssize_t length;
    if (record->content == CONTENT_DICT)
        length = PyDict_GET_SIZE(object);
    else if (record->type == &PyUnicode_Type)
        length = PyUnicode_GET_LENGTH(object);
    else
        length = Py_SIZE(object);
    return !heapy_graph_builder_add_length(c->builder, node, (uint64_t)length, NULL);
}

/* The name of a module, if it is a str in the module's own dict (K-110). */
static bool
add_module(capture *c, heapy_node node, PyObject *module)
{
    PyObject *dict = dict_of_module(module);
    PyObject *name = NULL;
    if (dict && PyDict_CheckExact(dict))
        name = dict_find_name(dict, c->state->str_name);
    if (!name || !PyUnicode_CheckExact(name))
        return true;
    if (!c->modules && heapy_graph_builder_begin_facts(c->builder, "module", &c->modules, NULL))
        return false;
    uint32_t value;
    char *text = str_to_utf8(name, UTF8_ESCAPED, NULL);
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
    if (columns & COLUMN_LENGTHS &&
        (record->type == &PyUnicode_Type || record->type == &PyBytes_Type ||
         (record->type == record->base &&
          (content == CONTENT_LIST || content == CONTENT_TUPLE || record->is_exact_dict))))
        return add_length(c, node, object, record);
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
        type_record *record = NULL;
        if (types[i])
            record = capture_record(c, types[i]);
        if (types[i] && (!record || capture_graph_type(c, record) == HEAPY_NO_TYPE))
            return false;
    }
    return true;
}

/* A set that is walked beside another, in order of address: is this object its next? */
typedef struct walk_beside {
    heapy_address_iterator iterator;
    uintptr_t next; /* 0: none is left */
} walk_beside;

static bool
comes_next(walk_beside *beside, const PyObject *object)
{
    if ((uintptr_t)object != beside->next)
        return false;
    beside->next = heapy_address_iterator_next(&beside->iterator);
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
    walk_beside sized = {0};
    if (c->view->sized) {
        heapy_address_iterator_init(&sized.iterator, c->view->sized);
        sized.next = heapy_address_iterator_next(&sized.iterator);
    }
    batch_reader reader;
    batch_reader_init(&reader, map);
    for (PyObject *object; (object = batch_reader_next(&reader)); node++) {
        type_record *record = capture_record(c, Py_TYPE(object));
        if (!record)
            return false;
        types[node] = capture_graph_type(c, record);
        if (record->is_exact_dict)
            dict_type = record->graph_type;
        if (owners && record->may_own_dict) {
            search.tried = (heapy_node)node;
            capture_try_owner(object, &search);
        }
        if (sizes && (!c->view->sized || comes_next(&sized, object))) {
            uint64_t size = capture_plain_size(c, object, record);
            if (size == SIZE_DEFERRED ? !defer_size(c, node, record)
                                      : !heapy_size_writer_put(sizes, (heapy_node)node, size))
                return false;
        }
        /* Last, for records move when one is added. */
        if (columns & (COLUMN_LENGTHS | COLUMN_MODULES | COLUMN_TYPES) &&
            !read_what_is_shown(c, (heapy_node)node, object, record, columns))
            return false;
    }
    for (size_t i = 0; owners && i < node; i++)
        unowned += types[i] == dict_type && owners[i] == HEAPY_NO_NODE;
    if (unowned && !capture_find_other_owners(&search))
        return false;
    return !c->out_of_memory && add_named_types(c, columns) && relate_types(c, map);
}

heapy_status
capture_read_columns(capture *c, const heapy_address_map *map, unsigned columns, heapy_error *err)
{
    heapy_status status = HEAPY_OK;
    if (!c->builder)
        status = heapy_graph_builder_create(heapy_address_map_count(map), &c->builder, err);
    if (status)
        return status;
    return capture_status(c, read_columns(c, map, columns), err);
}

heapy_status
capture_sum_sizes(capture *c, const heapy_address_map *map, uint64_t *out, heapy_error *err)
{
    uint64_t total = 0;
    size_t node = 0;
    batch_reader reader;
    batch_reader_init(&reader, map);
    for (PyObject *object; (object = batch_reader_next(&reader)); node++) {
        type_record *record = capture_record(c, Py_TYPE(object));
        if (!record)
            return capture_status(c, false, err);
        uint64_t size = capture_plain_size(c, object, record);
        if (size != SIZE_DEFERRED)
            total += size;
        else if (!defer_size(c, node, record))
            return capture_status(c, false, err);
    }
    *out = total;
    return HEAPY_OK;
}

/* ---- edges ---- */

heapy_status
capture_add_edges(capture *c, heapy_error *err)
{
    heapy_status status = heapy_graph_builder_create(heapy_address_map_count(c->map), &c->builder, err);
    if (status)
        return status;
    if (capture_write_edges(c, err))
        return HEAPY_OK;
    /* The engine says why, but for what the capture itself met. */
    return err->status && !c->out_of_memory && !c->is_cancelled ? err->status : capture_status(c, false, err);
}
