/* SPDX-License-Identifier: MIT */
/*
 * The table of an identity set: made when first asked for, then kept (K-25h, H-76).
 *
 * By every relation but Id it is the engine's partition.  By Id there is a row an object: the order is found,
 * and rows are rendered, only as far as they are shown (T-20, T-21, T-58).
 */
#include "types/set_table.h"

#include "live/errors.h"
#include "capture/object_map.h"
#include "live/guard.h"
#include "live/live_capture.h"
#include "live/render.h"
#include "live/text.h"
#include "types/classify_live.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/type_equivalence_relation.h"
#include "types/type_identity_set.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/type_stat.h"

#include <heapy/address_map.h>
#include <heapy/classify.h>
#include <heapy/graph.h>
#include <heapy/incremental_sort.h>
#include <heapy/memory.h>
#include <heapy/node_set.h>
#include <heapy/partition.h>
#include <heapy/stat.h>
#include <heapy/status.h>
#include <heapy/table.h>
#include <stdlib.h>
#include <string.h>

enum { MANY_COMPARISONS = 100000 };

/* Rows by Id. */
typedef struct id_rows {
    module_state *state;
    size_t count;
    const heapy_address_map *map; /* of the set's objects, which outlive the table */
    uintptr_t *addresses;         /* by node, once many comparisons show that they are worth it; else NULL */
    size_t comparisons;
    heapy_graph *graph; /* for sizes */
    heapy_classes *clodo;
    unsigned char *is_by_address; /* by class: 0 not known, 1 no, 2 yes; NULL: look at the objects */
    dict_owners owner_texts;      /* of dicts that have an owner: its text */
    bool is_mixed;                /* several classes: rows begin with the name of theirs */
    heapy_incremental_sort *order;
    heapy_row *rows; /* the first `made` of count; names owned */
    size_t made, capacity;
} id_rows;

struct set_table {
    heapy_table table;
    double time_made;
    heapy_partition *partition; /* but for Id */
    live_classes classes;       /* what its classes are; the classes themselves are the partition's */
    id_rows *ids;
    char *kind_name, *header; /* by Id; owned */
    bool is_row;              /* of a set that is a row of a table: `row` is its only one */
    heapy_row row;            /* name owned */
};

/* A copy in heapy's memory; NULL with MemoryError. */
static char *
copy_text(const char *text)
{
    size_t length = strlen(text) + 1;
    char *copy = heapy_alloc_array(length, 1);
    if (!copy) {
        PyErr_NoMemory();
        return NULL;
    }
    return memcpy(copy, text, length);
}

/* The same of a str. */
static char *
copy_str(PyObject *text)
{
    PyObject *bytes = text ? PyUnicode_AsEncodedString(text, "utf-8", "replace") : NULL;
    char *copy = bytes ? copy_text(PyBytes_AS_STRING(bytes)) : NULL;
    Py_XDECREF(bytes);
    return copy;
}

/* ---- rows by Id ---- */

static void
id_rows_destroy(id_rows *ids)
{
    if (!ids)
        return;
    for (size_t i = 0; i < ids->made; i++)
        heapy_free((char *)ids->rows[i].name);
    dict_owners_deinit(&ids->owner_texts);
    heapy_free(ids->addresses);
    heapy_free(ids->is_by_address);
    heapy_graph_destroy(ids->graph);
    heapy_classes_destroy(ids->clodo);
    heapy_incremental_sort_destroy(ids->order);
    heapy_free(ids->rows);
    heapy_free(ids);
}

static PyObject *
object_at(const id_rows *ids, uint32_t node)
{
    return object_at_address(ids->addresses ? ids->addresses[node]
                                            : heapy_address_map_select(ids->map, node));
}

/* Finding an object by its number costs a search; for a long sort a table is cheaper.  It is done without
   where there is no memory. */
static void
count_comparison(id_rows *ids)
{
    if (++ids->comparisons != MANY_COMPARISONS || !(ids->addresses = heapy_alloc_array(ids->count, 8)))
        return;
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, ids->map);
    heapy_address_iterator_read(&iterator, ids->addresses, ids->count);
}

/* Are the objects of a class, of which `node` is one, ordered as they lie in memory?  Then they are already.
 */
static bool
is_by_address(id_rows *ids, heapy_class class, uint32_t node)
{
    if (!ids->is_by_address)
        return false;
    unsigned char *known = &ids->is_by_address[class];
    if (!*known)
        *known = render_order_of(Py_TYPE(object_at(ids, node))) == ORDER_BY_ADDRESS ? 2 : 1;
    return *known == 2;
}

/* Of two objects of one size: if there are several classes, by the name of theirs; then as the objects are
   ordered. */
static int
compare_ids(uint32_t a, uint32_t b, void *context)
{
    id_rows *ids = context;
    const heapy_class *classes = heapy_classes_of_nodes(ids->clodo);
    if (classes[a] != classes[b]) {
        int order =
            strcmp(heapy_classes_name(ids->clodo, classes[a]), heapy_classes_name(ids->clodo, classes[b]));
        return order ? order : classes[a] < classes[b] ? -1 : 1;
    }
    if (!ids->owner_texts.count && is_by_address(ids, classes[a], a))
        return (a > b) - (a < b);
    count_comparison(ids);
    if (ids->owner_texts.count) {
        PyObject *x = dict_owners_find(&ids->owner_texts, a), *y = dict_owners_find(&ids->owner_texts, b);
        int order = x && y ? render_compare_texts(x, y) : 0;
        if (order)
            return order;
    }
    return render_compare(&ids->state->capture, object_at(ids, a), object_at(ids, b));
}

/* Dicts that have owners show their owners' texts; those are rendered at once, since owners may go.  Takes
   the owners over. */
static int
render_owners(id_rows *ids, dict_owners *owners, const char **owner_heading)
{
    ids->owner_texts = *owners;
    *owners = (dict_owners){0};
    for (size_t i = 0; i < ids->owner_texts.count; i++) {
        PyObject **item = &ids->owner_texts.items[i].owner,
                 *text = render_object(&ids->state->capture, *item);
        if (!text)
            return -1;
        *owner_heading = render_heading(Py_TYPE(*item));
        Py_SETREF(*item, text);
    }
    return 0;
}

/* Headings (T-32 to T-34). */
static int
describe_ids(set_table *self, const char *owner_heading)
{
    const id_rows *ids = self->ids;
    char heading[64] = "Brief";
    if (ids->is_mixed) {
        self->kind_name = copy_text("<mixed>");
    } else {
        PyObject *name = PyUnicode_FromFormat(
            "<%s>", heapy_classes_name(ids->clodo, heapy_classes_of_nodes(ids->clodo)[0]));
        self->kind_name = copy_str(name);
        Py_XDECREF(name);
        if (owner_heading)
            snprintf(heading, sizeof heading, "Owner %s", owner_heading);
        else
            snprintf(heading, sizeof heading, "%s", render_heading(Py_TYPE(object_at(ids, 0))));
    }
    self->header = copy_text(heading);
    return self->kind_name && self->header ? 0 : -1;
}

/* A class of objects of one size. */
typedef struct size_class {
    uint64_t size;
    heapy_class number;
} size_class;

static int
largest_size_first(const void *a, const void *b)
{
    uint64_t x = ((const size_class *)a)->size, y = ((const size_class *)b)->size;
    return (x < y) - (x > y);
}

/* The rank of each class of sizes: 0 for the largest. */
static uint32_t *
rank_sizes(const heapy_graph *graph, const heapy_classes *classes)
{
    size_t count = heapy_classes_count(classes), nodes = heapy_graph_node_count(graph);
    const heapy_class *of_nodes = heapy_classes_of_nodes(classes);
    const heapy_sizes sizes = heapy_graph_sizes(graph);
    size_class *sorted = heapy_alloc_zeroed(count, sizeof *sorted);
    uint32_t *ranks = heapy_alloc_array(count, sizeof *ranks);
    for (size_t i = 0; sorted && i < nodes; i++)
        sorted[of_nodes[i]] = (size_class){heapy_size_of(&sizes, (heapy_node)i), of_nodes[i]};
    if (sorted)
        qsort(sorted, count, sizeof *sorted, largest_size_first);
    for (size_t c = 0; sorted && ranks && c < count; c++)
        ranks[sorted[c].number] = (uint32_t)c;
    if (!sorted) {
        heapy_free(ranks);
        ranks = NULL;
    }
    heapy_free(sorted);
    return ranks;
}

/* Largest first; within a size only as far as rows are shown. */
static int
order_ids(id_rows *ids)
{
    heapy_classes *sizes = NULL;
    uint32_t *ranks = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status = heapy_classify(ids->graph, HEAPY_BY_SIZE, &sizes, &err);
    if (!status && !(ranks = rank_sizes(ids->graph, sizes)))
        status = err.status = HEAPY_NO_MEMORY;
    if (!status)
        status =
            heapy_incremental_sort_create(ids->count, heapy_classes_of_nodes(sizes), ranks,
                                          heapy_classes_count(sizes), compare_ids, ids, &ids->order, &err);
    heapy_classes_destroy(sizes);
    heapy_free(ranks);
    return status ? raise_heapy_error(&err) : 0;
}

static int
fill_ids(set_table *self, PyObject *session, PyObject *objects)
{
    id_rows *ids = self->ids;
    live_classes classes;
    PyObject *clodo = Session_relation(session, RELATION_CLODO);
    int classified = clodo ? live_classes_init(&classes, clodo, objects, WITH_SIZES | WITH_OWNERS) : -1;
    Py_XDECREF(clodo);
    if (classified < 0)
        return -1;
    ids->clodo = classes.classes;
    ids->graph = classes.graph;
    classes.classes = NULL;
    classes.graph = NULL;
    const heapy_sizes sizes = heapy_graph_sizes(ids->graph);
    const heapy_class *of_nodes = heapy_classes_of_nodes(ids->clodo);
    for (size_t i = 0; i < ids->count; i++) {
        ids->is_mixed |= of_nodes[i] != of_nodes[0];
        self->table.size += (int64_t)heapy_size_of(&sizes, (heapy_node)i);
    }
    ids->is_by_address = heapy_alloc_zeroed(heapy_classes_count(ids->clodo), 1); /* done without */
    const char *owner_heading = NULL;
    int result = order_ids(ids);
    if (!result)
        result = render_owners(ids, &classes.owners, &owner_heading);
    live_classes_deinit(&classes);
    return result ? result : describe_ids(self, owner_heading);
}

static int
make_ids(set_table *self, PyObject *session, PyObject *objects, const heapy_address_map *map)
{
    size_t count = heapy_address_map_count(map);
    self->table = (heapy_table){.format = HEAPY_FORMAT_ID, .count = (int64_t)count, .row_count = count};
    self->ids = heapy_alloc_zeroed(1, sizeof *self->ids);
    if (!self->ids) {
        PyErr_NoMemory();
        return -1;
    }
    self->ids->state = state_of_type(Py_TYPE(session));
    self->ids->count = count;
    self->ids->map = map;
    if (fill_ids(self, session, objects) < 0)
        return -1;
    self->table.kind_name = self->kind_name;
    self->table.header = self->header;
    return 0;
}

static PyObject *
id_row_name(const id_rows *ids, uint32_t node)
{
    PyObject *owner_text = dict_owners_find(&ids->owner_texts, node);
    PyObject *text =
        owner_text ? Py_NewRef(owner_text) : render_object(&ids->state->capture, object_at(ids, node));
    if (!text || !ids->is_mixed)
        return text;
    const char *name = heapy_classes_name(ids->clodo, heapy_classes_of_nodes(ids->clodo)[node]);
    PyObject *class = text_from_utf8(name, SIZE_MAX);
    Py_SETREF(text, class ? PyUnicode_FromFormat("%U: %U", class, text) : NULL);
    Py_XDECREF(class);
    return text;
}

/* Render the rows up to `row_count`. */
static int
make_id_rows(set_table *self, size_t row_count)
{
    id_rows *ids = self->ids;
    const uint32_t *order;
    heapy_error err = HEAPY_ERROR_INIT;
    if (row_count > ids->count)
        row_count = ids->count;
    if (row_count <= ids->made)
        return 0;
    if (heapy_incremental_sort_first(ids->order, row_count, &order, &err))
        return raise_heapy_error(&err);
    const heapy_sizes sizes = heapy_graph_sizes(ids->graph);
    while (ids->made < row_count) {
        size_t i = ids->made;
        heapy_row *rows = heapy_grow(ids->rows, i, &ids->capacity, sizeof *rows);
        if (!rows) {
            PyErr_NoMemory();
            return -1;
        }
        ids->rows = rows;
        PyObject *text = id_row_name(ids, order[i]);
        char *name = copy_str(text);
        Py_XDECREF(text);
        if (!name)
            return -1;
        int64_t size = (int64_t)heapy_size_of(&sizes, order[i]);
        rows[i] = (heapy_row){.index = (int64_t)i,
                              .count = 1,
                              .size = size,
                              .cumulative = size + (i ? rows[i - 1].cumulative : 0),
                              .name = name};
        ids->made++;
    }
    self->table.rows = ids->rows;
    return 0;
}

/* ---- tables ---- */

void
set_table_destroy(set_table *self)
{
    if (!self)
        return;
    heapy_partition_destroy(self->partition);
    live_classes_deinit(&self->classes);
    id_rows_destroy(self->ids);
    heapy_free(self->kind_name);
    heapy_free(self->header);
    if (self->is_row)
        heapy_free((char *)self->row.name);
    heapy_free(self);
}

int
set_table_traverse(const set_table *self, visitproc visit, void *arg)
{
    return live_classes_traverse(&self->classes, visit, arg);
}

static int
make_classes(set_table *self, PyObject *er, PyObject *objects)
{
    if (live_classes_init(&self->classes, er, objects, WITH_SIZES) < 0)
        return -1;
    heapy_error err = HEAPY_ERROR_INIT;
    int result = heapy_partition_create(self->classes.graph, NULL, live_classes_take(&self->classes),
                                        &self->partition, &err)
                     ? raise_heapy_error(&err)
                     : 0;
    live_classes_drop_graph(&self->classes);
    if (!result)
        self->table = *heapy_partition_table(self->partition);
    return result;
}

static set_table *
new_table(void)
{
    set_table *self = heapy_alloc_zeroed(1, sizeof *self);
    if (!self)
        PyErr_NoMemory();
    return self;
}

/* Making a table may run code: a __sizeof__ that prints this very set, or clears it. */
static int
make_table(IdentitySet *set)
{
    const heapy_address_map *map = IdentitySet_map((PyObject *)set);
    if (!set->er && map)
        new_reference_or_error(NULL);
    if (!map || !set->er || !Session_is_usable(set->session))
        return -1;
    set_table *table = new_table();
    if (!table)
        return -1;
    PyObject *er = Py_NewRef(set->er);
    guard objects = guard_begin(set->objects);
    if (relation_of(er) == RELATION_ID && !heapy_address_map_count(map))
        Py_SETREF(er, Session_relation(set->session, RELATION_CLODO));
    int result = !er                              ? -1
                 : relation_of(er) == RELATION_ID ? make_ids(table, set->session, objects.kept, map)
                                                  : make_classes(table, er, objects.kept);
    guard_end(&objects);
    Py_XDECREF(er);
    table->time_made = seconds_now();
    if (result < 0 || set->table) { /* made meanwhile: the first one stays */
        set_table_destroy(table);
        return result;
    }
    set->table = table;
    return 0;
}

int
IdentitySet_table(PyObject *object, size_t row_count, heapy_table *out)
{
    IdentitySet *set = (IdentitySet *)object;
    if (!set->table && make_table(set) < 0)
        return -1;
    if (set->table->ids && (!IdentitySet_map(object) || make_id_rows(set->table, row_count) < 0))
        return -1;
    *out = set->table->table;
    return 0;
}

double
IdentitySet_table_time(PyObject *set)
{
    return ((IdentitySet *)set)->table->time_made;
}

/* ---- rows as sets ---- */

/* The objects of the rows first, first + step, ... as a map that is not held. */
static heapy_address_map *
objects_of_rows(IdentitySet *set, size_t first, size_t step, size_t count)
{
    const heapy_address_map *map = IdentitySet_map((PyObject *)set);
    const set_table *table = set->table;
    heapy_node_set *nodes = NULL;
    heapy_address_map *subset = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status = HEAPY_OK;
    if (!map)
        return NULL;
    if (table->ids) {
        const uint32_t *order = NULL;
        status = heapy_node_set_create(table->ids->count, &nodes, &err);
        if (!status)
            status =
                heapy_incremental_sort_first(table->ids->order, first + step * (count - 1) + 1, &order, &err);
        for (size_t i = 0; !status && i < count; i++)
            heapy_node_set_add(nodes, order[first + i * step]);
    } else {
        status = heapy_partition_nodes(table->partition, first, step, count, &nodes, &err);
    }
    if (!status)
        status = heapy_address_map_subset(map, heapy_node_set_words(nodes), &subset, &err);
    heapy_node_set_destroy(nodes);
    if (status)
        raise_heapy_error(&err);
    return subset;
}

static PyObject *
set_of_rows(IdentitySet *set, size_t first, size_t step, size_t count)
{
    heapy_address_map *map = objects_of_rows(set, first, step, count);
    PyObject *objects = map ? LiveObjects_select(set->session, map) : NULL;
    PyObject *result = objects ? IdentitySet_share(set->session, objects, set->er) : NULL;
    Py_XDECREF(objects);
    return result;
}

/* The table of a set that is row `row` of another: the row as it stands there, and totals of its own. */
static set_table *
table_of_row(const set_table *whole, const heapy_row *row)
{
    set_table *table = new_table();
    char *name = table ? copy_text(row->name) : NULL;
    if (!name) {
        heapy_free(table);
        return NULL;
    }
    table->is_row = true;
    table->time_made = whole->time_made;
    table->row = *row;
    table->row.name = name;
    table->header = copy_text(whole->table.header);
    if (!table->header) {
        set_table_destroy(table);
        return NULL;
    }
    table->table = (heapy_table){.format = HEAPY_FORMAT_SET,
                                 .kind_name = "",
                                 .header = table->header,
                                 .count = row->count,
                                 .size = row->size,
                                 .row_count = 1,
                                 .rows = &table->row};
    return table;
}

PyObject *
IdentitySet_row(PyObject *object, size_t row)
{
    IdentitySet *set = (IdentitySet *)object;
    if (set->table->is_row)
        return Py_NewRef(object);
    PyObject *part = set_of_rows(set, row, 1, 1);
    if (!part || set->table->ids)
        return part;
    ((IdentitySet *)part)->table = table_of_row(set->table, &set->table->table.rows[row]);
    if (!((IdentitySet *)part)->table)
        Py_CLEAR(part);
    return part;
}

PyObject *
IdentitySet_rows(PyObject *object, Py_ssize_t first, Py_ssize_t step, Py_ssize_t count)
{
    IdentitySet *set = (IdentitySet *)object;
    if (!count)
        return Py_NewRef(((Session *)set->session)->nothing);
    if (set->table->is_row) /* the whole row, to be printed afresh */
        return IdentitySet_share(set->session, set->objects, set->er);
    return set_of_rows(set, (size_t)first, (size_t)step, (size_t)count);
}

PyObject *
IdentitySet_subscript(PyObject *self, PyObject *key)
{
    heapy_table table;
    if (!PySlice_Check(key) && !PyIndex_Check(key)) {
        PyErr_Format(PyExc_TypeError, "rows are indexed by int or slice, not %.200s", Py_TYPE(key)->tp_name);
        return NULL;
    }
    Py_ssize_t start, stop, step;
    if (!PySlice_Check(key)) {
        start = PyNumber_AsSsize_t(key, PyExc_IndexError);
        if ((start == -1 && PyErr_Occurred()) || IdentitySet_table(self, 0, &table) < 0)
            return NULL;
        Py_ssize_t count = (Py_ssize_t)table.row_count, row = start < 0 ? start + count : start;
        if (row >= 0 && row < count)
            return IdentitySet_row(self, (size_t)row);
        PyErr_Format(PyExc_IndexError, "row %zd of a table with %zd rows", start, count);
        return NULL;
    }
    if (PySlice_Unpack(key, &start, &stop, &step) < 0)
        return NULL;
    if (step <= 0) {
        PyErr_Format(PyExc_ValueError, "the step of a slice of rows must be positive, not %zd", step);
        return NULL;
    }
    if (IdentitySet_table(self, 0, &table) < 0)
        return NULL;
    Py_ssize_t count = PySlice_AdjustIndices((Py_ssize_t)table.row_count, &start, &stop, step);
    return IdentitySet_rows(self, start, step, count);
}

PyObject *
IdentitySet_row_kind(PyObject *object, size_t row)
{
    IdentitySet *set = (IdentitySet *)object;
    const set_table *table = set->table;
    if (table->partition)
        return class_kind(&table->classes, heapy_partition_classes(table->partition),
                          heapy_partition_row_class(table->partition, row));
    PyObject *part = IdentitySet_row(object, row);
    PyObject *kind = part ? IdentitySet_kind(part) : NULL;
    Py_XDECREF(part);
    return kind;
}
