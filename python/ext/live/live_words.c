/* SPDX-License-Identifier: MIT */
/*
 * What is said of live objects (K-132, K-69, R-21, R-22, R-41).
 *
 * Rows are written by exact type, so that no code of the user's runs.  Keys in the names of references are
 * compared as a dict compares them, and shown by their repr: both may run code, so this is done after the
 * capture, with everything in the snapshot held.  An exception is left set, and HEAPY_CANCELLED returned.
 */
#include "live/live_words.h"

#include "capture/object_map.h"
#include "capture/object_text.h"
#include "cpython/module_support.h"
#include "live/errors.h"
#include "live/live_capture.h"
#include "live/render.h"
#include "live/text.h"

#include <heapy/memory.h>
#include <string.h>

typedef struct live_words {
    capture_state *state;
    const heapy_address_map *map;
    PyObject *keeper; /* NULL: somebody else */
    PyObject *types;
    dict_owners owners;   /* those that are no nodes */
    uintptr_t *addresses; /* by node, once many look-ups show that they are worth it; else NULL */
    size_t look_ups;
} live_words;

enum { MANY_LOOK_UPS = 100000 };

/* Finding an object by its number costs a search; for a long sort a table is cheaper.  It is done without
   where there is no memory. */
static PyObject *
object_of(live_words *words, heapy_node node)
{
    if (!words->addresses && ++words->look_ups == MANY_LOOK_UPS) {
        size_t count = heapy_address_map_count(words->map);
        words->addresses = heapy_alloc_array(count, sizeof *words->addresses);
        heapy_address_iterator iterator;
        heapy_address_iterator_init(&iterator, words->map);
        if (words->addresses)
            heapy_address_iterator_read(&iterator, words->addresses, count);
    }
    return object_at_address(words->addresses ? words->addresses[node]
                                              : heapy_address_map_select(words->map, node));
}

/* ---- texts ---- */

enum { LONGEST_KEY = 1000, KEPT_OF_KEY = 480, NODES_PER_POLL = 4096 };

/* A text that is too long to be a name: its ends, and dots that say so.  Takes `text` over. */
static PyObject *
shortened(PyObject *text)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    if (length <= LONGEST_KEY)
        return text;
    PyObject *start = PyUnicode_Substring(text, 0, KEPT_OF_KEY), *both = NULL;
    PyObject *end = NULL;
    if (start)
        end = PyUnicode_Substring(text, length - KEPT_OF_KEY, length);
    if (end)
        both = PyUnicode_FromFormat("%U...%U", start, end);
    Py_XDECREF(start);
    Py_XDECREF(end);
    Py_DECREF(text);
    return both;
}

/* What reprlib shows of an object whose repr raises. */
static PyObject *
text_instead(PyObject *key)
{
    if (!PyErr_ExceptionMatches(PyExc_Exception) || PyErr_ExceptionMatches(PyExc_MemoryError))
        return NULL;
    PyErr_Clear();
    const char *name = Py_TYPE(key)->tp_name, *dot = strrchr(name, '.');
    return PyUnicode_FromFormat("<%s instance at %p>", dot ? dot + 1 : name, (void *)key);
}

static PyObject *
whole_key(PyObject *key, bool is_shortened)
{
    PyObject *text = PyObject_Repr(key);
    if (!text)
        return text_instead(key);
    if (!is_shortened)
        return text;
    return shortened(text);
}

/* reprlib.repr(): the session has it loaded. */
static PyObject *
short_key(PyObject *key)
{
    PyObject *module = import_module("reprlib");
    if (!module)
        return NULL;
    PyObject *text = PyObject_CallMethod(module, "repr", "(O)", key);
    Py_DECREF(module);
    if (!text)
        return text_instead(key);
    return text;
}

/* UTF-8 of a str (taken over; NULL with an exception), in heapy's memory. */
static heapy_status
copy_text(PyObject *text, char **out, heapy_error *err)
{
    char *copy = NULL;
    if (text)
        copy = utf8_of_text(text);
    Py_XDECREF(text);
    if (copy) {
        *out = copy;
        return HEAPY_OK;
    }
    *err = (heapy_error){.status = HEAPY_CANCELLED};
    return HEAPY_CANCELLED;
}

/* What only Python code can tell. */
static heapy_status
ask_python(live_words *words, PyObject *object, heapy_text_use use, char **text, heapy_error *err)
{
    switch (use) {
    case HEAPY_TEXT_ROW:
        return copy_text(render_object(words->state, object), text, err);
    case HEAPY_TEXT_KEY:
        return copy_text(short_key(object), text, err);
    case HEAPY_TEXT_WHOLE_KEY:
        return copy_text(whole_key(object, true), text, err);
    case HEAPY_TEXT_CHARACTERS:
        *text = NULL;
        return HEAPY_OK;
    case HEAPY_TEXT_FULL_KEY:
    case HEAPY_TEXT_USE_COUNT:
        break;
    }
    return copy_text(whole_key(object, false), text, err);
}

static heapy_status
say(live_words *words, PyObject *object, heapy_text_use use, char **text, heapy_error *err)
{
    text_out out = {0};
    bool is_said = put_object_text(words->state, object, use, &out);
    if (is_said && !out.failed) {
        *text = out.text;
        return HEAPY_OK;
    }
    heapy_free(out.text);
    if (is_said) {
        *err = (heapy_error){.status = HEAPY_NO_MEMORY};
        return HEAPY_NO_MEMORY;
    }
    return ask_python(words, object, use, text, err);
}

static heapy_status
say_text(void *context, heapy_node node, heapy_text_use use, char **text, heapy_error *err)
{
    return say(context, object_of(context, node), use, text, err);
}

static heapy_status
say_owner_text(void *context, heapy_node dict, heapy_text_use use, char **text, heapy_error *err)
{
    live_words *words = context;
    PyObject *owner = dict_owners_find(&words->owners, dict);
    *text = NULL;
    if (!owner)
        return HEAPY_OK;
    return say(words, owner, use, text, err);
}

/* ---- keys ---- */

/* The number of the key's group: that of an equal key before it, or a new one.  -1 with an exception. */
static int
group_key(PyObject *numbers, PyObject *key, size_t *group_count, uint32_t *group)
{
    PyObject *value = PyLong_FromSize_t(*group_count);
    if (!value)
        return -1;
    PyObject *found = PyDict_SetDefault(numbers, key, value); /* borrowed */
    bool is_new = found == value;
    Py_DECREF(value);
    if (found && !is_new) {
        *group = (uint32_t)PyLong_AsUnsignedLong(found);
        return 0;
    }
    if (!found) {
        if (!PyErr_ExceptionMatches(PyExc_Exception) || PyErr_ExceptionMatches(PyExc_MemoryError))
            return -1;
        PyErr_Clear(); /* it cannot be compared: it is like itself only */
    }
    *group = (uint32_t)(*group_count)++;
    return 0;
}

static heapy_status
group_keys(void *context, const heapy_node *keys, size_t count, uint32_t *groups, size_t *group_count,
           heapy_error *err)
{
    PyObject *numbers = PyDict_New();
    int result = numbers ? 0 : -1;
    *group_count = 0;
    for (size_t i = 0; !result && i < count; i++) {
        PyObject *key = object_of(context, keys[i]);
        result = group_key(numbers, key, group_count, &groups[i]);
        if (!result && i % NODES_PER_POLL == NODES_PER_POLL - 1)
            result = PyErr_CheckSignals();
    }
    Py_XDECREF(numbers);
    if (!result)
        return HEAPY_OK;
    *err = (heapy_error){.status = HEAPY_CANCELLED};
    return HEAPY_CANCELLED;
}

/* Make the list [(key, 0), (key, 1), ...]: sorted, it still says where each key stood. */
static PyObject *
numbered_keys(live_words *words, const heapy_node *keys, size_t count)
{
    PyObject *pairs = PyList_New((Py_ssize_t)count);
    for (size_t i = 0; pairs && i < count; i++) {
        PyObject *pair = Py_BuildValue("(On)", object_of(words, keys[i]), (Py_ssize_t)i);
        if (pair)
            PyList_SET_ITEM(pairs, (Py_ssize_t)i, pair);
        else
            Py_CLEAR(pairs);
    }
    return pairs;
}

/* As list.sort() has them.  A comparison may run any code; one that fails leaves the keys as they came. */
static heapy_status
order_keys(void *context, const heapy_node *keys, size_t count, size_t *order, heapy_error *err)
{
    PyObject *pairs = numbered_keys(context, keys, count);
    if (pairs && PyList_Sort(pairs) == 0) {
        bool is_whole = PyList_GET_SIZE(pairs) == (Py_ssize_t)count;
        for (size_t i = 0; is_whole && i < count; i++)
            order[i] = PyLong_AsSize_t(PyTuple_GET_ITEM(PyList_GET_ITEM(pairs, (Py_ssize_t)i), 1));
    } else if (pairs && PyErr_ExceptionMatches(PyExc_Exception) &&
               !PyErr_ExceptionMatches(PyExc_MemoryError)) {
        PyErr_Clear();
    }
    Py_XDECREF(pairs);
    if (!PyErr_Occurred())
        return HEAPY_OK;
    *err = (heapy_error){.status = HEAPY_CANCELLED};
    return HEAPY_CANCELLED;
}

static int
compare(void *context, heapy_node a, heapy_node b)
{
    live_words *words = context;
    return render_compare(words->state, object_of(words, a), object_of(words, b));
}

/* ---- snapshots ---- */

static void
release(void *context)
{
    live_words *words = context;
    PyObject *keeper = words->keeper, *types = words->types;
    dict_owners owners = words->owners;
    heapy_free(words->addresses);
    heapy_free(words);
    dict_owners_deinit(&owners);
    Py_XDECREF(types);
    Py_XDECREF(keeper);
}

int
live_snapshot_create(capture_state *state, heapy_graph *graph, const heapy_address_map *map, PyObject *keeper,
                     PyObject *types, dict_owners *owners, heapy_snapshot **out)
{
    live_words *words = heapy_alloc_zeroed(1, sizeof *words);
    if (!words) {
        heapy_graph_destroy(graph);
        Py_XDECREF(types);
        dict_owners_deinit(owners);
        PyErr_NoMemory();
        return -1;
    }
    *words = (live_words){
        .state = state, .map = map, .keeper = Py_XNewRef(keeper), .types = types, .owners = *owners};
    *owners = (dict_owners){0};
    const heapy_words said = {say_text, say_owner_text, group_keys, order_keys, compare, release, words};
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_snapshot_create(graph, map, &said, out, &err))
        return raise_heapy_error(&err);
    return 0;
}

bool
snapshot_is_live(const heapy_snapshot *snapshot)
{
    return heapy_snapshot_words(snapshot)->release == release;
}

static const live_words *
words_of(const heapy_snapshot *snapshot)
{
    assert(snapshot_is_live(snapshot));
    return heapy_snapshot_words(snapshot)->context;
}

PyObject *
live_object(const heapy_snapshot *snapshot, heapy_node node)
{
    if (snapshot_is_live(snapshot))
        return object_at_address(heapy_snapshot_address(snapshot, node));
    PyErr_SetString(PyExc_ValueError, "the objects of this snapshot are not in this process");
    return NULL;
}

PyObject *
live_type(const heapy_snapshot *snapshot, heapy_type row)
{
    if (snapshot_is_live(snapshot))
        return PyTuple_GET_ITEM(words_of(snapshot)->types, (Py_ssize_t)row);
    PyErr_SetString(PyExc_ValueError, "the types of this snapshot are not in this process");
    return NULL;
}

PyObject *
live_types(const heapy_snapshot *snapshot)
{
    return words_of(snapshot)->types;
}

PyObject *
live_owner(const heapy_snapshot *snapshot, heapy_node dict)
{
    heapy_node owner = heapy_graph_owner(heapy_snapshot_graph(snapshot), dict);
    if (owner != HEAPY_NO_NODE)
        return object_at_address(heapy_snapshot_address(snapshot, owner));
    return dict_owners_find(&words_of(snapshot)->owners, dict);
}

int
live_snapshot_traverse(const heapy_snapshot *snapshot, visitproc visit, void *arg)
{
    const live_words *words = words_of(snapshot);
    Py_VISIT(words->keeper);
    Py_VISIT(words->types);
    for (size_t i = 0; i < words->owners.count; i++)
        Py_VISIT(words->owners.items[i].owner);
    return 0;
}
