/* SPDX-License-Identifier: MIT */
/*
 * The references of an object come in portions, as they wait for the numbers of their targets.  Which of them
 * are values or keys of the attribute dict as well is found by going through the dict once a portion; most
 * objects have none, so a filter of 64 bits comes first.
 *
 * Relations through a cell, and of names of attributes, are no kinds of labels: they are written as the field
 * of a struct whose name begins with a point, and stands behind the source as it is (docs/format.md): the
 * form of such a reference (heapy_reference_form_of()).
 */
#include "capture/direct_names.h" /* first: it asks for the interpreter's internals */

#include "capture/capture_walk.h"
#include "capture/str_utf8.h"
#include "cpython/dict_layout.h"
#include "cpython/frame_layout.h"

#include <heapy/memory.h>
#include <heapy/reference.h>
#include <string.h>

/* With this many comparisons the rest keeps the names it has: a dict that is as large as the object itself
   would otherwise take its square. */
enum { COMPARED_AT_MOST = 1 << 24 };

/* The names of one reference, under construction. */
typedef struct label_row {
    heapy_label *items;
    size_t count, capacity;
} label_row;

static bool
append_label(capture *c, label_row *row, heapy_label label)
{
    for (size_t i = 0; i < row->count; i++)
        if (row->items[i] == label)
            return true;
    heapy_label *items = heapy_grow(row->items, row->count, &row->capacity, sizeof *items);
    if (!items) {
        c->out_of_memory = true;
        return false;
    }
    row->items = items;
    items[row->count++] = label;
    return true;
}

static bool
append_text(capture *c, label_row *row, heapy_label_kind kind, const char *text, size_t length)
{
    uint32_t number;
    if (!heapy_graph_builder_intern(c->builder, text, length, &number, NULL))
        return append_label(c, row, heapy_label_make(kind, number));
    c->out_of_memory = true;
    return false;
}

/* Does the name stand between quotes as it is?  A variable's is an identifier, unless somebody made code that
   has no source. */
static bool
is_plain_name(const char *text)
{
    for (const char *at = text; *at; at++)
        if ((unsigned char)*at <= ' ' || *at == '\'' || *at == '\\' || *at == 0x7f)
            return false;
    return true;
}

/* The name of an attribute, or of a variable in a cell as it is written behind a frame. */
static bool
append_name(capture *c, label_row *row, PyObject *name, bool is_in_cell)
{
    size_t length;
    char *text = str_to_utf8(name, UTF8_KEPT, &length);
    if (!text) {
        c->out_of_memory = true;
        return false;
    }
    bool is_appended;
    if (is_in_cell) {
        const heapy_reference_form form = heapy_reference_form_of(HEAPY_REFERENCE_CELL);
        char quoted[256];
        int written = PyOS_snprintf(quoted, sizeof quoted, "%s'%s'%s", form.between, text, form.after);
        bool is_written = written > 0 && (size_t)written < sizeof quoted && is_plain_name(text);
        is_appended = !is_written || append_text(c, row, HEAPY_LABEL_INTERNAL, quoted, (size_t)written);
    } else {
        is_appended = append_text(c, row, HEAPY_LABEL_ATTRIBUTE, text, length);
    }
    heapy_free(text);
    return is_appended;
}

static bool
append_place_of_key(capture *c, label_row *row, size_t number)
{
    const heapy_reference_form form = heapy_reference_form_of(HEAPY_REFERENCE_ATTRIBUTE_NAME);
    char text[48];
    int length = PyOS_snprintf(text, sizeof text, "%s%zu%s", form.between, number, form.after);
    return append_text(c, row, HEAPY_LABEL_INTERNAL, text, (size_t)length);
}

/* ---- what there is to compare with ---- */

static size_t
bit_of(uintptr_t address)
{
    return (address >> 4 ^ address >> 10) & 63;
}

/* What is asked about the references of a portion: which there are, at first; then the names of one of them.
 */
typedef struct comparison {
    const uintptr_t *targets;
    size_t count;
    uint64_t filter; /* of the targets */
    uint64_t found;  /* which of them have such names; only the first of equal ones has */
} comparison;

static void
note(comparison *all, const PyObject *object)
{
    if (!(all->filter >> bit_of((uintptr_t)object) & 1))
        return;
    for (size_t i = 0; i < all->count; i++)
        if (all->targets[i] == (uintptr_t)object) {
            all->found |= UINT64_C(1) << i;
            return;
        }
}

static bool
compare_with_dict(capture *c, PyObject *dict, comparison *all, uintptr_t target, label_row *row)
{
    dict_entries e = dict_entries_of(dict);
    size_t number = 0;
    for (Py_ssize_t i = 0, n = dict_iteration_count(&e); i < n; i++) {
        size_t place = dict_iteration_place(&e, i);
        PyObject *key = e.keys[place * e.key_stride], *value = e.values[place * e.value_stride];
        if (!value)
            continue;
        if (!row) {
            note(all, value);
            note(all, key);
        } else {
            if ((uintptr_t)value == target && PyUnicode_Check(key) && !append_name(c, row, key, false))
                return false;
            if ((uintptr_t)key == target && !append_place_of_key(c, row, number))
                return false;
        }
        number++;
    }
    return true;
}

static bool
compare_with_cells(capture *c, PyObject *frame, comparison *all, uintptr_t target, label_row *row)
{
    frame_view v = frame_view_of(frame, heapy_address_map_contains(c->running, (uintptr_t)frame));
    for (Py_ssize_t i = 0; i < v.local_count; i++) {
        PyObject *cell = slot_object(v.locals[i]), *name = NULL;
        if (!cell || !PyCell_Check(cell) || !PyCell_GET(cell))
            continue;
        if (!row)
            note(all, PyCell_GET(cell));
        else if ((uintptr_t)PyCell_GET(cell) == target && (name = frame_local_name(&v, i)) &&
                 !append_name(c, row, name, true))
            return false;
    }
    return true;
}

static bool
compare(direct_names *names, capture *c, comparison *all, uintptr_t target, label_row *row)
{
    return names->dict ? compare_with_dict(c, names->dict, all, target, row)
                       : compare_with_cells(c, names->object, all, target, row);
}

/* ---- putting names to a reference ---- */

/* A list of labels.  Equal ones share it: every instance of a class may have the same two. */
static bool
make_list(direct_names *names, capture *c, const label_row *row, heapy_label *label)
{
    label_pair *pair = NULL;
    if (row->count == 2) {
        uint64_t both = (uint64_t)row->items[0] << 32 | row->items[1];
        pair = &names->pairs[both * UINT64_C(0x9e3779b97f4a7c15) >> 32 & (LABEL_PAIRS - 1)];
        if (pair->list && pair->first == row->items[0] && pair->second == row->items[1]) {
            *label = pair->list;
            return true;
        }
    }
    if (heapy_graph_builder_several(c->builder, row->items, row->count, label, NULL)) {
        c->out_of_memory = true;
        return false;
    }
    if (pair)
        *pair = (label_pair){row->items[0], row->items[1], *label};
    return true;
}

static bool
add_names_of(direct_names *names, capture *c, comparison *all, uintptr_t target, heapy_label *label)
{
    label_row row = {0};
    bool is_done = heapy_label_kind_of(*label) == HEAPY_LABEL_UNNAMED || append_label(c, &row, *label);
    size_t own = row.count;
    is_done = is_done && compare(names, c, all, target, &row);
    if (is_done && row.count > own) {
        if (row.count == 1)
            *label = row.items[0];
        else
            is_done = make_list(names, c, &row, label);
    }
    heapy_free(row.items);
    return is_done;
}

/* Is what the dict has hidden (H-42), or no part of the heap? */
static bool
is_hidden_dict(capture *c, PyObject *dict)
{
    return !capture_is_visible(c, dict) ||
           dict_find_name(dict, c->state->str_hiding_tag) == c->view->hiding_tag;
}

void
direct_names_begin(direct_names *names, capture *c, PyObject *object, const type_record *record)
{
    names->object = NULL;
    names->dict = NULL;
    names->compared = 0;
    if (c->view->names_references_alone)
        return;
    if (record->content != CONTENT_FRAME) {
        PyObject *dict = capture_dict_of(c, object, record);
        if (!dict || dict == object || !PyDict_Check(dict) || !((PyDictObject *)dict)->ma_used)
            return; /* of an object that is its own attribute dict each value is a reference */
        if (!PyDict_CheckExact(dict))
            capture_record(c,
                           Py_TYPE(dict)); /* now: while references are written records stay where they are */
        names->dict = dict;
    }
    names->object = object;
}

bool
direct_names_add(direct_names *names, capture *c, const uintptr_t *targets, heapy_label *labels, size_t count)
{
    comparison all = {.targets = targets, .count = count};
    if (names->dict)
        names->compared += (size_t)((PyDictObject *)names->dict)->ma_used;
    if (names->compared > COMPARED_AT_MOST)
        return true;
    for (size_t i = 0; i < count; i++)
        all.filter |= UINT64_C(1) << bit_of(targets[i]);
    compare(names, c, &all, 0, NULL);
    if (!all.found || (names->dict && is_hidden_dict(c, names->dict)))
        return true;
    for (size_t i = 0; i < count; i++)
        /* Keys of a kind of dict stay what they are: values are found by them. */
        if (all.found >> i & 1 && heapy_label_kind_of(labels[i]) != HEAPY_LABEL_KEY &&
            !add_names_of(names, c, &all, targets[i], &labels[i]))
            return false;
    return true;
}
