/* SPDX-License-Identifier: MIT */
#include "capture/capture_internal.h" /* first: it asks for the interpreter's internals */

#include "live/returned_calls.h"

#include "cpython/frame_layout.h"

#include <heapy/memory.h>

#include <string.h>

enum {
    MOST_FRAMES = 64,     /* of a holder */
    MANY_OBJECTS = 64,    /* of smaller sets each object is looked at */
    LARGEST_ENTERED = 64, /* items of a container */
    MOST_RETURNED = 64,   /* frames that a search begins at: the newest, of those who keep many answers */
    MOST_NODES = 1024,    /* of a search: what is left out counts as others' */
    SLOT_COUNT = 4 * MOST_NODES,
    MOST_SEARCHES = 4, /* of one question, where ending generators suspends others */
};

/* ---- who holds frames ---- */

static size_t
frames_among(const held_objects *held, PyObject **frames)
{
    size_t count = 0;
    if (heapy_address_map_count(held_addresses(held)) < MANY_OBJECTS) {
        held_iterator iterator;
        held_iterator_init(&iterator, held);
        for (PyObject *object; (object = held_iterator_next(&iterator));)
            if (PyFrame_Check(object))
                frames[count++] = object;
        return count;
    }
    PyObject *running[MOST_FRAMES];
    size_t running_count = running_frame_objects(PyThreadState_Get(), running, MOST_FRAMES);
    for (size_t i = 0; i < running_count; i++)
        if (heapy_address_map_contains(held_addresses(held), (uintptr_t)running[i]))
            frames[count++] = running[i];
    return count;
}

void
frame_holder_enter(frame_holder *holder, frame_holder **first, const held_objects *held)
{
    PyObject *frames[MOST_FRAMES];
    size_t count = frames_among(held, frames);
    if (!count)
        return;
    holder->frames = heapy_alloc_array(count, sizeof *frames);
    if (!holder->frames)
        return;
    memcpy(holder->frames, frames, count * sizeof *frames);
    holder->frame_count = count;
    holder->next = *first;
    holder->link = first;
    if (holder->next)
        holder->next->link = &holder->next;
    *first = holder;
}

void
frame_holder_leave(frame_holder *holder)
{
    if (holder->link) {
        *holder->link = holder->next;
        if (holder->next)
            holder->next->link = holder->link;
    }
    heapy_free(holder->frames);
    *holder = (frame_holder){0};
}

void
frame_holders_clear(frame_holder **first)
{
    while (*first)
        frame_holder_leave(*first);
}

/* ---- the frames of calls that returned, and the answers that these have ---- */

typedef struct node {
    PyObject *object;
    Py_ssize_t references; /* that are not from other nodes */
    bool is_kept;          /* something else leads to it */
} node;

typedef struct frame_search {
    const answer_types *types;
    node nodes[MOST_NODES];
    size_t count;
    uint16_t slots[SLOT_COUNT]; /* 1 + the number of the node; 0: none */
    size_t kept[MOST_NODES];    /* numbers of nodes that are kept, whose references are to be followed */
    size_t kept_count;
} frame_search;

static uint16_t *
slot_of(frame_search *s, const PyObject *object)
{
    size_t i = (size_t)(((uint64_t)(uintptr_t)object >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 32) % SLOT_COUNT;
    while (s->slots[i] && s->nodes[s->slots[i] - 1].object != object)
        i = (i + 1) % SLOT_COUNT;
    return &s->slots[i];
}

/* From 3.13 on no header that extensions have declares it: pycore_descrobject.h, not exported. */
static bool
is_method_wrapper(const PyTypeObject *type)
{
    return !(type->tp_flags & Py_TPFLAGS_HEAPTYPE) && !strcmp(type->tp_name, "method-wrapper");
}

/* What a function that was defined in the call may be, in a variable of it or looked up as a method. */
static bool
is_callable_kind(const PyTypeObject *type)
{
    return type == &PyFunction_Type || type == &PyMethod_Type || type == &PyCFunction_Type ||
           type == &PyGen_Type || is_method_wrapper(type);
}

/* The tool's own objects, but those that refer to many of others', containers that are not large, and what
   may have the variables of the call beside its frame. */
static bool
is_entered(const frame_search *s, PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    if (!PyType_IS_GC(type) || !PyObject_GC_IsTracked(object))
        return false;
    if (type == &PyTuple_Type || type == &PyList_Type)
        return Py_SIZE(object) <= LARGEST_ENTERED;
    if (type == &PyDict_Type)
        return PyDict_GET_SIZE(object) <= LARGEST_ENTERED;
    if (type == &PyCell_Type || is_callable_kind(type))
        return true;
    const own_type *own = own_type_of(s->types->state, type);
    if (own)
        return !own->holds && !own->gives_edges;
    return type_is_listed(s->types->state->hidden_types, type); /* of the package, written in Python */
}

static void
enter(frame_search *s, PyObject *object)
{
    uint16_t *slot = slot_of(s, object);
    if (*slot || s->count == MOST_NODES)
        return;
    s->nodes[s->count++] = (node){.object = object};
    *slot = (uint16_t)s->count;
}

static int
enter_referent(PyObject *object, void *context)
{
    frame_search *s = context;
    if (is_entered(s, object))
        enter(s, object);
    return 0;
}

static int
count_reference(PyObject *object, void *context)
{
    frame_search *s = context;
    uint16_t number = *slot_of(s, object);
    if (number)
        s->nodes[number - 1].references--;
    return 0;
}

static void
keep(frame_search *s, size_t number)
{
    if (s->nodes[number].is_kept)
        return;
    s->nodes[number].is_kept = true;
    s->kept[s->kept_count++] = number;
}

static int
keep_referent(PyObject *object, void *context)
{
    frame_search *s = context;
    uint16_t number = *slot_of(s, object);
    if (number)
        keep(s, number - 1u);
    return 0;
}

/* What a frame whose call returned holds of its variables, and its caller's. */
static void
follow_frame(frame_search *s, PyObject *frame, visitproc visit)
{
    frame_view v = frame_view_of(frame, false);
    if (v.back)
        visit(v.back, s);
    for (Py_ssize_t i = 0; i < v.local_count; i++)
        if (slot_object(v.locals[i]) && slot_has_reference(v.locals[i]))
            visit(slot_object(v.locals[i]), s);
}

/* What may have variables; the rest of it leads to the module.  References that are not followed count as
   others', which keeps more. */
static void
follow_function(frame_search *s, PyObject *function, visitproc visit)
{
    PyObject *closure = PyFunction_GET_CLOSURE(function), *defaults = PyFunction_GET_DEFAULTS(function);
    if (closure)
        visit(closure, s);
    if (defaults)
        visit(defaults, s);
}

static void
follow(frame_search *s, size_t number, visitproc visit)
{
    PyObject *object = s->nodes[number].object;
    if (PyFrame_Check(object)) {
        follow_frame(s, object, visit);
        return;
    }
    if (Py_TYPE(object) == &PyFunction_Type) {
        follow_function(s, object, visit);
        return;
    }
    if (Py_TYPE(object) != s->types->holder_type) {
        Py_TYPE(object)->tp_traverse(object, visit, s);
        return;
    }
    s->types->visit_others(object, visit, s);
    const held_objects *held = s->types->held(object);
    for (size_t i = 0; held && i < s->count; i++)
        if (heapy_address_map_contains(held_addresses(held), (uintptr_t)s->nodes[i].object))
            visit(s->nodes[i].object, s);
}

static void
enter_returned(frame_search *s, const frame_holder *first)
{
    for (const frame_holder *holder = first; holder; holder = holder->next)
        for (size_t i = 0; i < holder->frame_count && s->count < MOST_RETURNED; i++)
            if (frame_has_returned(holder->frames[i]))
                enter(s, holder->frames[i]);
}

/* As the collector: what others refer to is kept, and all that leads to. */
static void
search_from_frames(frame_search *s)
{
    for (size_t i = 0; i < s->count; i++)
        follow(s, i, enter_referent);
    for (size_t i = 0; i < s->count; i++)
        s->nodes[i].references += Py_REFCNT(s->nodes[i].object);
    for (size_t i = 0; i < s->count; i++)
        follow(s, i, count_reference);
    for (size_t i = 0; i < s->count; i++)
        if (s->nodes[i].references)
            keep(s, i);
    while (s->kept_count)
        follow(s, s->kept[--s->kept_count], keep_referent);
}

/* Frames first, whose variables go in their order; then what holds others by way of what a variable had. */
static void
clear_what_is_left(frame_search *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++) {
        PyObject *object = s->nodes[i].object;
        bool is_cleared = PyFrame_Check(object) || Py_TYPE(object) == s->types->holder_type;
        if (is_cleared && !s->nodes[i].is_kept)
            s->nodes[count++].object = Py_NewRef(object);
    }
    for (size_t i = 0; i < count; i++)
        Py_TYPE(s->nodes[i].object)->tp_clear(s->nodes[i].object);
    for (size_t i = 0; i < count; i++)
        Py_DECREF(s->nodes[i].object);
}

/* Of what is to be cleared, a suspended generator alone has code to run that may look at the rest: it ends
   first, while all is whole, as with the collector.  Says whether there was any. */
static bool
end_generators(frame_search *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++) {
        PyObject *object = s->nodes[i].object;
        if (Py_TYPE(object) == &PyGen_Type && !s->nodes[i].is_kept && !PyObject_GC_IsFinalized(object))
            s->nodes[count++].object = Py_NewRef(object);
    }
    for (size_t i = 0; i < count; i++) {
        PyObject_CallFinalizer(s->nodes[i].object);
        Py_DECREF(s->nodes[i].object);
    }
    return count > 0;
}

static bool
has_returned_call(const frame_holder *first)
{
    for (const frame_holder *holder = first; holder; holder = holder->next)
        for (size_t i = 0; i < holder->frame_count; i++)
            if (frame_has_returned(holder->frames[i]))
                return true;
    return false;
}

void
clear_returned_calls(frame_holder *const *first, const answer_types *types)
{
    if (REFERENCES_ARE_SPLIT || !has_returned_call(*first))
        return;
    frame_search *s = heapy_alloc_zeroed(1, sizeof *s);
    if (!s) /* the next question sees to it */
        return;
    bool is_final = false;
    for (int i = 0; i < MOST_SEARCHES && !is_final; i++) {
        memset(s, 0, sizeof *s);
        s->types = types;
        enter_returned(s, *first);
        search_from_frames(s);
        is_final = !end_generators(s);
    }
    if (is_final)
        clear_what_is_left(s);
    heapy_free(s);
}
