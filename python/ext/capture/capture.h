/* SPDX-License-Identifier: MIT */
/*
 * Capture: from the heap to the engine's sets and graphs.  The half that only looks (docs/decisions/
 * 0011-capture-halves.md): it runs no Python code, makes no object, changes no reference count, takes memory
 * by heapy_alloc_... alone, and reports statuses.  It may run in a child that was forked, or where the world
 * is stopped.  What needs Python is done around it, in live/.
 *
 * A step is given a capture that capture_init began.  On failure what it found so far is freed by
 * capture_deinit.
 */
#ifndef HEAPY_CAPTURE_H
#define HEAPY_CAPTURE_H

#include <Python.h>
#include <heapy/heapy.h>
#include <signal.h>

#include "capture/capture_state.h"

/* How a session sees the heap.  Everything is borrowed. */
typedef struct capture_view {
    capture_state *state;
    PyObject *hiding_tag;   /* what carries it does not show */
    PyObject *root;         /* begin here; the RootState: at the interpreter and its threads */
    PyObject *hidden_types; /* list of exact types whose instances do not show, or NULL */
    PyObject *tagged_types; /* list of types whose slot _hiding_tag_ is looked at, or NULL */
    PyObject *limit_frame;  /* the calling thread's frames begin here; NULL: at the newest that is not ours */
    PyObject *warned_types; /* set: ids of types whose bad __sizeof__ was told of */
    const heapy_address_map *sized; /* whose sizes are read: the others keep 0.  NULL: of all */
    int (*add_facts)(heapy_graph_builder *builder, const heapy_address_map *map); /* more columns, once all is
        held: may run Python code; -1 with an exception.  NULL: none.  Asked for by live/ */
    bool asks_no_code;           /* what only a __sizeof__ in Python knows counts with its basic size */
    bool hides_interpreter;      /* the root has no references at all */
    bool names_references_alone; /* relations without a reference are asked for beside */
    bool skips_globals; /* frames do not lead to what is their module's: variables, functions, code */
} capture_view;

/* The frame objects of running calls: of each thread the newest first, and its frames together. */
typedef struct running_frame {
    PyObject *frame; /* a reference */
    PyThreadState *thread;
    unsigned long thread_id;
    bool is_calling; /* of the thread that asks */
} running_frame;

typedef struct running_frames {
    running_frame *items;
    size_t count, capacity;
} running_frames;

/* The handlers of signals, as far as they were asked for; references. */
typedef struct signal_handlers {
    PyObject *items[NSIG];
    size_t count;
} signal_handlers;

/* What a walk is for.  Borrowed. */
typedef struct capture_question {
    const heapy_address_map *objects; /* that it is about */
    const heapy_address_map *sources; /* of paths and walks */
    const heapy_address_map *avoid;   /* or NULL */
    bool may_end_there;               /* at what is to be avoided */
    bool with_keys;                   /* the keys that name references are wanted too */
    bool with_reachable;              /* of what the collector knows, also what the root reaches */
    bool only_tracked;                /* of that, only what the collector knows itself */
} capture_question;

struct capture;

/* One look at the heap: HEAPY_OK, HEAPY_CANCELLED by who watches, or why not. */
typedef heapy_status (*capture_step)(struct capture *c, heapy_error *err);

/* Put into c->map what the root reaches; with edges, the root itself is there too, and its edges are in
 * c->builder. */
heapy_status capture_walk_heap(struct capture *c, heapy_error *err);
heapy_status capture_walk_with_edges(struct capture *c, heapy_error *err);

/* What the collector knows beyond that; what the root reaches stays in c->reachable. */
heapy_status capture_walk_tracked(struct capture *c, heapy_error *err);

/* The answers to questions: live/live_capture.h says what they are. */
heapy_status capture_find_referents(struct capture *c, heapy_error *err);
heapy_status capture_find_referrers(struct capture *c, heapy_error *err);
heapy_status capture_find_immediate_dominators(struct capture *c, heapy_error *err);
heapy_status capture_find_dominated(struct capture *c, heapy_error *err);
heapy_status capture_find_reachable(struct capture *c, heapy_error *err);
heapy_status capture_find_path_nodes(struct capture *c, heapy_error *err);

/* Which columns are to be filled beside the types. */
enum {
    COLUMN_SIZES = 1,
    COLUMN_OWNERS = 2,
    COLUMN_LENGTHS = 4, /* of lists, tuples, dicts, str and bytes */
    COLUMN_MODULES = 8, /* the facts "module": names of modules */
    COLUMN_TYPES = 16,  /* rows of the type table for all types that are objects of the set */
    COLUMN_ALL = 31
};

/* Owners of dicts that are no nodes of a graph.  A zeroed struct is empty. */
typedef struct dict_owners {
    struct dict_owner {
        heapy_node dict;
        PyObject *owner; /* a reference once it has come out of live/ */
    } *items;
    size_t count, capacity;
} dict_owners;

/* Write the edges of c->map into a new c->builder. */
heapy_status capture_add_edges(struct capture *c, heapy_error *err);

/* The columns of `map` into c->builder, which is made unless it is there; sizes that have to be asked for are
   left in c->deferred, and owners that are no nodes in c->elsewhere if that is there; they are not held. */
heapy_status capture_read_columns(struct capture *c, const heapy_address_map *map, unsigned columns,
                                  heapy_error *err);

/* The sum of the sizes in `map` but those in c->deferred. */
heapy_status capture_sum_sizes(struct capture *c, const heapy_address_map *map, uint64_t *out,
                               heapy_error *err);

/* The object that the collector knows at an address, or NULL; borrowed. */
PyObject *capture_tracked_at(struct capture *c, uintptr_t address);

#endif
