/* SPDX-License-Identifier: MIT */
/*
 * The table of an identity set: made when first asked for, then kept (K-25h, H-76).  What looks at referrers
 * is made at once, and the sets of its rows have parts of it, not a look of their own (H-91).
 *
 * By every relation but Id it is the engine's partition, by Id the engine's table of objects.
 */
#include "types/set_table.h"

#include "cpython/module_support.h"

#include "live/errors.h"
#include "live/guard.h"
#include "live/live_capture.h"
#include "live/render.h"
#include "live/text.h"
#include "types/classified.h"
#include "types/equivalence_relation.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/source.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/type_snapshot.h"
#include "types/type_stat.h"

#include <heapy/address_map.h>
#include <heapy/classifier.h>
#include <heapy/classify.h>
#include <heapy/graph.h>
#include <heapy/id_table.h>
#include <heapy/memory.h>
#include <heapy/node_set.h>
#include <heapy/partition.h>
#include <heapy/stat.h>
#include <heapy/status.h>
#include <heapy/table.h>
#include <stdlib.h>
#include <string.h>

struct set_table {
    heapy_table table;
    double time_made;
    heapy_partition *partition; /* but for Id, and for a row's unless it is of a moment */
    bool is_of_moment;          /* classes cannot be looked at again: they are those of then */
    classified of;              /* what its classes name; the classes themselves are the partition's */
    heapy_id_table *ids;        /* by Id, of the snapshot that `of` keeps */
    char *header;               /* of a row; owned */
    bool is_row;                /* of a set that is a row of a table: `row` is its only one */
    heapy_row row;              /* name owned */
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

/* ---- rows by Id ---- */

static int
make_ids(set_table *self, PyObject *session, PyObject *objects)
{
    const heapy_table *table;
    heapy_error err = HEAPY_ERROR_INIT;
    PyObject *clodo = Session_relation(session, HEAPY_BY_CLODO);
    int result = -1;
    if (clodo)
        result = classified_init(&self->of, clodo, objects,
                                 HEAPY_NEEDS_SIZES | HEAPY_NEEDS_OWNER_TEXTS | HEAPY_NEEDS_LENGTHS |
                                     HEAPY_NEEDS_MODULES);
    Py_XDECREF(clodo);
    if (result < 0)
        return -1;
    heapy_classes *classes = self->of.classes;
    self->of.classes = NULL;
    if (heapy_id_table_create(Snapshot_get(self->of.taken), members_or_all(&self->of.members), classes,
                              &self->ids, &err) ||
        heapy_id_table_rows(self->ids, 0, &table, &err))
        return raise_heapy_error(&err);
    self->table = *table;
    return 0;
}

/* Write the rows up to `row_count`. */
static int
make_id_rows(set_table *self, size_t row_count)
{
    const heapy_table *table;
    heapy_error err = HEAPY_ERROR_INIT;
    if (!Snapshot_get(self->of.taken))
        return -1;
    if (heapy_id_table_rows(self->ids, row_count, &table, &err))
        return raise_heapy_error(&err);
    self->table = *table;
    return 0;
}

/* ---- tables ---- */

void
set_table_destroy(set_table *self)
{
    if (!self)
        return;
    heapy_partition_destroy(self->partition);
    heapy_id_table_destroy(self->ids);
    classified_deinit(&self->of);
    heapy_free(self->header);
    if (self->is_row)
        heapy_free((char *)self->row.name);
    heapy_free(self);
}

int
set_table_traverse(const set_table *self, visitproc visit, void *arg)
{
    return classified_traverse(&self->of, visit, arg);
}

static int
make_classes(set_table *self, PyObject *er, PyObject *objects)
{
    if (classified_init(&self->of, er, objects, HEAPY_NEEDS_SIZES) < 0)
        return -1;
    self->partition = classified_partition(&self->of);
    classified_drop_snapshot(&self->of);
    if (self->partition)
        self->table = *heapy_partition_table(self->partition);
    if (!self->partition)
        return -1;
    return 0;
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
    if (!map)
        return -1;
    if (!set->er) {
        new_reference_or_error(NULL);
        return -1;
    }
    if (!Session_is_usable(set->session))
        return -1;
    set_table *table = new_table();
    if (!table)
        return -1;
    PyObject *er = Py_NewRef(set->er);
    guard objects = guard_begin(set->objects);
    if (form_of(er) == HEAPY_BY_ID && !heapy_address_map_count(map))
        Py_SETREF(er, Session_relation(set->session, HEAPY_BY_CLODO));
    int result = -1;
    if (er && form_of(er) == HEAPY_BY_ID)
        result = make_ids(table, set->session, objects.kept);
    else if (er)
        result = make_classes(table, er, objects.kept);
    guard_end(&objects);
    Py_XDECREF(er);
    table->time_made = seconds_now();
    if (result < 0 || !keep_first((void **)&set->table, table)) /* made meanwhile: the first one stays */
        set_table_destroy(table);
    return result;
}

int
IdentitySet_table(PyObject *object, size_t row_count, heapy_table *out)
{
    IdentitySet *set = (IdentitySet *)object;
    if (!set->table && make_table(set) < 0)
        return -1;
    if (!set->table->ids) {
        *out = set->table->table;
        return 0;
    }
    if (!IdentitySet_map(object))
        return -1;
    int result; /* one thread at a time writes rows; those that were given out stay */
    BEGIN_LOCKED(object);
    result = make_id_rows(set->table, row_count);
    *out = set->table->table;
    END_LOCKED();
    return result;
}

double
IdentitySet_table_time(PyObject *set)
{
    return ((IdentitySet *)set)->table->time_made;
}

/* A relation without parts that looks at its objects alone: what classifies need not even be made. */
static bool
looks_at_objects(PyObject *er)
{
    heapy_classifier_form form = form_of(er);
    return form == HEAPY_BY_TYPE || form == HEAPY_BY_CLODO || form == HEAPY_BY_SIZE || form == HEAPY_BY_ID ||
           form == HEAPY_BY_IDSET || form == HEAPY_BY_UNITY || form == HEAPY_BY_MODULE;
}

int
IdentitySet_look(PyObject *object)
{
    IdentitySet *set = (IdentitySet *)object;
    if (looks_at_objects(set->er))
        return 0;
    const heapy_classifier *by = EquivalenceRelation_by(set->er);
    if (!by)
        return -1;
    if (!(heapy_classifier_needs(by) & HEAPY_NEEDS_EDGES))
        return 0;
    if (make_table(set) < 0)
        return -1;
    set->table->is_of_moment = true;
    return 0;
}

const heapy_partition *
IdentitySet_moment(PyObject *set)
{
    const set_table *table = ((IdentitySet *)set)->table;
    if (table && table->is_of_moment)
        return table->partition;
    return NULL;
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
        status = heapy_node_set_create(heapy_address_map_count(map), &nodes, &err);
        if (!status && !Snapshot_get(table->of.taken)) {
            heapy_node_set_destroy(nodes);
            return NULL;
        }
        BEGIN_LOCKED(set);
        if (!status)
            status = heapy_id_table_members(table->ids, first + step * (count - 1) + 1, &order, &err);
        for (size_t i = 0; !status && i < count; i++)
            heapy_node_set_add(nodes, order[first + i * step]);
        END_LOCKED();
    } else {
        status = heapy_partition_members(table->partition, first, step, count, &nodes, &err);
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
    if (!map)
        return NULL;
    PyObject *objects = LiveObjects_select(set->session, map);
    if (!objects)
        return NULL;
    PyObject *result = IdentitySet_new(set->session, objects, set->er);
    Py_DECREF(objects);
    return result;
}

/* The table of a set that is some rows of another: of a moment, those rows; else without any yet. */
static set_table *
table_of_rows(const set_table *whole, size_t first, size_t step, size_t count)
{
    heapy_error err = HEAPY_ERROR_INIT;
    set_table *table = new_table();
    if (!table)
        return NULL;
    table->time_made = whole->time_made;
    table->is_of_moment = whole->is_of_moment;
    if (!whole->is_of_moment)
        return table;
    if (heapy_partition_of_rows(whole->partition, first, step, count, &table->partition, &err)) {
        raise_heapy_error(&err);
        heapy_free(table);
        return NULL;
    }
    classified_share(&table->of, &whole->of);
    table->table = *heapy_partition_table(table->partition);
    return table;
}

/* The table of a set that is row `number` of another: the row as it stands there, and totals of its own. */
static set_table *
table_of_row(const set_table *whole, size_t number)
{
    const heapy_row *row = &whole->table.rows[number];
    set_table *table = table_of_rows(whole, number, 1, 1);
    char *name = NULL;
    if (table)
        name = copy_text(row->name);
    if (!name) {
        set_table_destroy(table);
        return NULL;
    }
    table->is_row = true;
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
    ((IdentitySet *)part)->table = table_of_row(set->table, row);
    if (!((IdentitySet *)part)->table)
        Py_CLEAR(part);
    return part;
}

PyObject *
IdentitySet_rows(PyObject *object, Py_ssize_t first, Py_ssize_t step, Py_ssize_t count)
{
    IdentitySet *set = (IdentitySet *)object;
    if (!count)
        return Session_nothing(set->session);
    PyObject *rows = set->table->is_row /* the whole row, to be printed afresh */
                         ? IdentitySet_new(set->session, set->objects, set->er)
                         : set_of_rows(set, (size_t)first, (size_t)step, (size_t)count);
    if (!rows || !set->table->is_of_moment)
        return rows;
    ((IdentitySet *)rows)->table = table_of_rows(set->table, (size_t)first, (size_t)step, (size_t)count);
    if (!((IdentitySet *)rows)->table)
        Py_CLEAR(rows);
    return rows;
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

int
IdentitySet_rows_of_objects(PyObject *object, uint32_t *rows)
{
    const heapy_address_map *map = IdentitySet_map(object);
    const set_table *table = ((IdentitySet *)object)->table;
    if (!map)
        return -1;
    size_t count = heapy_address_map_count(map);
    if (table->is_row) {
        memset(rows, 0, count * sizeof *rows);
    } else if (table->ids) {
        const uint32_t *order;
        heapy_error err = HEAPY_ERROR_INIT;
        if (!Snapshot_get(table->of.taken))
            return -1;
        if (heapy_id_table_members(table->ids, count, &order, &err))
            return raise_heapy_error(&err);
        for (uint32_t row = 0; row < count; row++)
            rows[order[row]] = row;
    } else {
        const heapy_class *of_members = heapy_classes_of_members(heapy_partition_classes(table->partition));
        for (size_t i = 0; i < count; i++)
            rows[i] = heapy_partition_class_row(table->partition, of_members[i]);
    }
    return 0;
}

PyObject *
IdentitySet_row_kind(PyObject *object, size_t row)
{
    IdentitySet *set = (IdentitySet *)object;
    const set_table *table = set->table;
    if (table->partition)
        return set_of_class(&table->of, heapy_partition_classes(table->partition),
                            heapy_partition_row_class(table->partition, row));
    PyObject *part = IdentitySet_row(object, row);
    if (!part)
        return NULL;
    PyObject *kind = IdentitySet_kind(part);
    Py_DECREF(part);
    return kind;
}
