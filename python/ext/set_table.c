/* SPDX-License-Identifier: MIT */
/*
 * The table of an identity set: made when first asked for, then kept (K-25h, H-76).
 *
 * By every relation but Id it is the engine's partition.  By Id there is a row an object: the order is found,
 * and rows are rendered, only as far as they are shown (T-20, T-21, T-58).
 */
#include "capture.h"
#include "classify_live.h"
#include "errors.h"
#include "render.h"
#include "types.h"

#include <heapy/memory.h>
#include <string.h>
#include <time.h>

/* Rows by Id. */
typedef struct id_rows {
    module_state *state;
    size_t count;
    uintptr_t *addresses; /* by node */
    uint64_t *sizes;      /* by node */
    heapy_classes *clodo;
    PyObject **owner_texts; /* by node: of a dict that has an owner, its text; NULL: there is none */
    bool is_mixed;          /* several classes: rows begin with the name of theirs */
    heapy_incremental_sort *order;
    heapy_row *rows; /* the first `made` of count; names owned */
    size_t made, capacity;
} id_rows;

struct set_table {
    heapy_table table;
    double time_made;
    heapy_partition *partition; /* but for Id */
    PyObject *keys;             /* of its classes */
    id_rows *ids;
    char *kind_name, *header; /* by Id; owned */
    bool is_row;              /* of a set that is a row of a table: `row` is its only one */
    heapy_row row;            /* name owned */
};

static double
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

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
    for (size_t i = 0; ids->owner_texts && i < ids->count; i++)
        Py_XDECREF(ids->owner_texts[i]);
    heapy_free(ids->addresses);
    heapy_free(ids->sizes);
    heapy_classes_destroy(ids->clodo);
    heapy_free(ids->owner_texts);
    heapy_incremental_sort_destroy(ids->order);
    heapy_free(ids->rows);
    heapy_free(ids);
}

/* Largest first; then, if there are several, by the name of the class; then as the objects are ordered. */
static int
compare_ids(uint32_t a, uint32_t b, void *context)
{
    const id_rows *ids = context;
    if (ids->sizes[a] != ids->sizes[b])
        return ids->sizes[a] < ids->sizes[b] ? 1 : -1;
    const heapy_class *classes = heapy_classes_of_nodes(ids->clodo);
    if (classes[a] != classes[b]) {
        int order =
            strcmp(heapy_classes_name(ids->clodo, classes[a]), heapy_classes_name(ids->clodo, classes[b]));
        return order ? order : classes[a] < classes[b] ? -1 : 1;
    }
    if (ids->owner_texts && ids->owner_texts[a] && ids->owner_texts[b]) {
        int order = render_compare_texts(ids->owner_texts[a], ids->owner_texts[b]);
        if (order)
            return order;
    }
    return render_compare(ids->state, (PyObject *)ids->addresses[a], (PyObject *)ids->addresses[b]);
}

/* Dicts that have owners show their owners' texts; those are rendered at once, since owners may go. */
static int
render_owners(id_rows *ids, const heapy_address_map *map, const char **owner_heading)
{
    PyObject **owners;
    if (capture_owner_objects(ids->state, map, &owners) < 0)
        return -1;
    ids->owner_texts = heapy_alloc_zeroed(ids->count, sizeof *ids->owner_texts);
    int result = ids->owner_texts ? 0 : -1;
    if (result)
        PyErr_NoMemory();
    for (size_t i = 0; !result && i < ids->count; i++) {
        if (!owners[i] || !PyDict_CheckExact((PyObject *)ids->addresses[i]))
            continue;
        *owner_heading = render_heading(Py_TYPE(owners[i]));
        ids->owner_texts[i] = render_object(ids->state, owners[i]);
        result = ids->owner_texts[i] ? 0 : -1;
    }
    heapy_free(owners);
    return result;
}

static bool
has_owned_dicts(const heapy_classes *clodo, size_t count)
{
    const heapy_class *classes = heapy_classes_of_nodes(clodo);
    heapy_type type;
    for (size_t i = 0; i < count; i++)
        if (heapy_classes_form(clodo, classes[i], &type) == HEAPY_CLASS_DICT_OF)
            return true;
    return false;
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
        PyObject *name =
            PyUnicode_FromFormat("<%s>", heapy_classes_name(ids->clodo, heapy_classes_of_nodes(ids->clodo)[0]));
        self->kind_name = copy_str(name);
        Py_XDECREF(name);
        if (owner_heading)
            snprintf(heading, sizeof heading, "Owner %s", owner_heading);
        else
            snprintf(heading, sizeof heading, "%s", render_heading(Py_TYPE((PyObject *)ids->addresses[0])));
    }
    self->header = copy_text(heading);
    return self->kind_name && self->header ? 0 : -1;
}

static int
fill_ids(set_table *self, PyObject *session, const heapy_address_map *map)
{
    id_rows *ids = self->ids;
    live_classes classes;
    if (live_classes_init(&classes, session, map, RELATION_CLODO, true) < 0)
        return -1;
    ids->clodo = classes.classes;
    classes.classes = NULL;
    const uint64_t *sizes = heapy_graph_sizes(classes.graph);
    const heapy_class *of_nodes = heapy_classes_of_nodes(ids->clodo);
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    heapy_address_iterator_read(&iterator, ids->addresses, ids->count);
    for (size_t i = 0; i < ids->count; i++) {
        ids->sizes[i] = sizes[i];
        ids->is_mixed |= of_nodes[i] != of_nodes[0];
        self->table.size += (int64_t)sizes[i];
    }
    live_classes_deinit(&classes);
    const char *owner_heading = NULL;
    if (has_owned_dicts(ids->clodo, ids->count) && render_owners(ids, map, &owner_heading) < 0)
        return -1;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_incremental_sort_create(ids->count, compare_ids, ids, &ids->order, &err))
        return raise_heapy_error(&err);
    return describe_ids(self, owner_heading);
}

static int
make_ids(set_table *self, PyObject *session, const heapy_address_map *map)
{
    size_t count = heapy_address_map_count(map);
    self->table = (heapy_table){.format = HEAPY_FORMAT_ID, .count = (int64_t)count, .row_count = count};
    self->ids = heapy_alloc_zeroed(1, sizeof *self->ids);
    if (self->ids) {
        self->ids->state = state_of_type(Py_TYPE(session));
        self->ids->count = count;
        self->ids->addresses = heapy_alloc_array(count, sizeof *self->ids->addresses);
        self->ids->sizes = heapy_alloc_array(count, sizeof *self->ids->sizes);
    }
    if (!self->ids || !self->ids->addresses || !self->ids->sizes) {
        PyErr_NoMemory();
        return -1;
    }
    if (fill_ids(self, session, map) < 0)
        return -1;
    self->table.kind_name = self->kind_name;
    self->table.header = self->header;
    return 0;
}

static PyObject *
id_row_name(const id_rows *ids, uint32_t node)
{
    PyObject *text = ids->owner_texts && ids->owner_texts[node]
                         ? Py_NewRef(ids->owner_texts[node])
                         : render_object(ids->state, (PyObject *)ids->addresses[node]);
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
        int64_t size = (int64_t)ids->sizes[order[i]];
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
    Py_XDECREF(self->keys);
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
    Py_VISIT(self->keys);
    return 0;
}

static int
make_classes(set_table *self, PyObject *session, const heapy_address_map *map, relation by)
{
    live_classes classes;
    if (live_classes_init(&classes, session, map, by, true) < 0)
        return -1;
    heapy_classes *taken = classes.classes;
    classes.classes = NULL;
    self->keys = Py_NewRef(classes.keys);
    heapy_error err = HEAPY_ERROR_INIT;
    int result = heapy_partition_create(classes.graph, NULL, taken, &self->partition, &err)
                     ? raise_heapy_error(&err)
                     : 0;
    live_classes_deinit(&classes);
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
    if (!map || !Session_is_usable(set->session))
        return -1;
    set_table *table = new_table();
    if (!table)
        return -1;
    PyObject *objects = Py_NewRef(set->objects);
    int result = set->by == RELATION_ID && heapy_address_map_count(map)
                     ? make_ids(table, set->session, map)
                     : make_classes(table, set->session, map,
                                    set->by == RELATION_ID ? RELATION_CLODO : set->by);
    Py_DECREF(objects);
    table->time_made = now();
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
    if (set->table->ids && make_id_rows(set->table, row_count) < 0)
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
            status = heapy_incremental_sort_first(table->ids->order, first + step * (count - 1) + 1, &order,
                                                  &err);
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
    heapy_address_map *objects = objects_of_rows(set, first, step, count);
    if (!objects)
        return NULL;
    capture_hold(objects);
    return IdentitySet_wrap(set->session, objects, set->by);
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
        return IdentitySet_share(set->session, set->objects, set->by);
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
    if (table->partition && set->by != RELATION_IDSET)
        return class_kind(set->session, set->by, heapy_partition_classes(table->partition), table->keys,
                          heapy_partition_row_class(table->partition, row));
    PyObject *part = IdentitySet_row(object, row);
    PyObject *kind = part ? IdentitySet_kind(part) : NULL;
    Py_XDECREF(part);
    return kind;
}
