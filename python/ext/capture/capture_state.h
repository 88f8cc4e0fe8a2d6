/* SPDX-License-Identifier: MIT */
/* What capture knows of the interpreter and of the tool's own types: a state of its own, which the module's
 * embeds. */
#ifndef HEAPY_CAPTURE_STATE_H
#define HEAPY_CAPTURE_STATE_H

#include <Python.h>
#include <stdatomic.h>
#include <stdbool.h>

/* A type with a name of its own in tables: a builtin, or one that the types module names. */
typedef struct known_type {
    const PyTypeObject *type;
    char *name; /* owned, heapy's own copy */
} known_type;

/* A type of the tool's own, as far as capture asks.  Instances begin with OWN_OBJECT_HEAD, and those that
   carry the view's tag do not show.  The functions are for subtypes too, and run no Python code. */
typedef struct own_type {
    const PyTypeObject *type; /* borrowed */

    /* Is `member` among what the object itself keeps as its members?  NULL: it has none. */
    bool (*holds)(PyObject *object, const PyObject *member);

    /* Do the objects it keeps count as let go?  NULL: they do not. */
    bool (*is_aside)(PyObject *object);

    bool is_root;     /* the type of the root, which never shows */
    bool gives_edges; /* after its type and its tag tp_traverse gives the source and target of each of its
                         edges */
} own_type;

/* A thread that the tool runs (live/native_threads.h). */
typedef struct own_thread {
    uint64_t id;            /* of its thread state; never used again */
    unsigned long identity; /* as threading.get_ident() gives it */
    bool is_interruptible;  /* it runs a statement, which KeyboardInterrupt may end */
    PyObject *function;     /* what it runs; borrowed, while it does */
    PyObject *statement;    /* what it runs interruptibly; borrowed, while it does */
} own_thread;

typedef struct capture_state {
    PyInterpreterState *interp;    /* whose objects these are */
    PyObject *root;                /* the one RootState */
    PyObject *hiding_tag;          /* what sessions share by default: a list, compared by identity */
    atomic_size_t hiding_tag_uses; /* references to it from the tool's own objects */
    PyObject *getsignal;    /* of the _signal module; NULL where it is not needed (live/signal_handlers.h) */
    PyObject *hidden_types; /* list: types of the package written in Python whose instances do not show */

    const own_type *own_types; /* borrowed from the module's state; bases come first */
    size_t own_type_count;     /* 0 while there are none */

    /* Interned names that are looked up by identity. */
    PyObject *str_name;        /* __name__ */
    PyObject *str_package;     /* __package__ */
    PyObject *str_module;      /* __module__ */
    PyObject *str_mypyc_attrs; /* __mypyc_attrs__ */
    PyObject *str_sizeof;      /* __sizeof__ */
    PyObject *str_hiding_tag;  /* _hiding_tag_ */

    /* What the traversal compares types' functions with. */
    traverseproc subtype_traverse; /* of classes made by a class statement */
    PyObject *object_sizeof;       /* object.__sizeof__ */
    const void *general_lookup;    /* dict_lookup_of a dict whose keys are not all str */

    known_type *known_types; /* sorted by address; owned */
    size_t known_type_count;

    own_thread *own_threads; /* those that run; owned */
    size_t own_thread_count, own_thread_capacity;
} capture_state;

/* The entry of a thread of the tool's own; NULL for all others. */
static inline own_thread *
own_thread_of(const capture_state *state, const PyThreadState *thread)
{
    for (size_t i = 0; i < state->own_thread_count; i++)
        if (state->own_threads[i].id == thread->id)
            return &state->own_threads[i];
    return NULL;
}

/* Is a type in a list, which may be NULL? */
static inline bool
type_is_listed(PyObject *list, const PyTypeObject *type)
{
    for (Py_ssize_t i = 0; list && i < PyList_GET_SIZE(list); i++)
        if (PyList_GET_ITEM(list, i) == (const PyObject *)type)
            return true;
    return false;
}

/* The tool's own type that `type` is or is derived from; borrowed, NULL for all others. */
static inline const own_type *
own_type_of(const capture_state *state, const PyTypeObject *type)
{
    for (; type; type = type->tp_base)
        for (size_t i = 0; i < state->own_type_count; i++)
            if (state->own_types[i].type == type)
                return &state->own_types[i];
    return NULL;
}

/* Is `type` one of the tool's own? */
static inline bool
is_own_type(const capture_state *state, const PyTypeObject *type)
{
    for (size_t i = 0; i < state->own_type_count; i++)
        if (state->own_types[i].type == type)
            return true;
    return false;
}

#endif
