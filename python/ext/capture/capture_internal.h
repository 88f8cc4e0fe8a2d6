/* SPDX-License-Identifier: MIT */
/* What the capture_*.c files share: the capture in progress and the records of types. */
#ifndef HEAPY_CAPTURE_INTERNAL_H
#define HEAPY_CAPTURE_INTERNAL_H

#include "cpython/attribute_layout.h" /* first: it asks for the interpreter's internals */

#include <heapy/memory.h>
#include <heapy/progress.h>
#include <heapy/snapshot_file.h>

#include "capture/capture.h"

/* ---- records of types ---- */

/* How the references of an object's own struct are found; for a class, those of its first base that is not
   made by a class statement. */
typedef enum content {
    CONTENT_NOTHING, /* no references */
    CONTENT_LIST,
    CONTENT_TUPLE,
    CONTENT_DICT,      /* keys and values, both */
    CONTENT_DICT_KIND, /* tp_traverse, and the keys it leaves out */
    CONTENT_TYPE,      /* and what tp_traverse of its metaclass adds */
    CONTENT_CODE,
    CONTENT_FRAME,
    CONTENT_MEMBERS, /* what tp_members names: not known to the collector */
    CONTENT_DATETIME,
    CONTENT_TIME,
    CONTENT_TIMEZONE,
    CONTENT_ARRAY, /* numpy's: elements that are objects, by its own struct */
    CONTENT_DTYPE,
    CONTENT_GENERIC,         /* tp_traverse */
    CONTENT_GENERIC_AND_MORE /* tp_traverse, and the fields that it leaves out */
} content;

/* How the size of an instance is known. */
typedef enum size_rule {
    SIZE_UNKNOWN, /* not looked into yet */
    SIZE_FIXED,   /* tp_basicsize + Py_SIZE * tp_itemsize: object.__sizeof__ */
    SIZE_LIST,
    SIZE_DICT,
    SIZE_SET,
    SIZE_INT,
    SIZE_STR,
    SIZE_C_METHOD, /* __sizeof__ is a C method without arguments */
    SIZE_PYTHON    /* __sizeof__ is anything else */
} size_rule;

typedef struct record_member {
    Py_ssize_t offset;   /* of a pointer in the object */
    const char *name;    /* ASCII or UTF-8; static or held by the type */
    const char *other;   /* another name of the same pointer, or NULL */
    bool is_after_items; /* the offset is from where the items end */
    bool is_internal;
    bool is_labelled;
    heapy_label label; /* once edges are captured */
} record_member;

typedef struct mypyc_fields mypyc_fields; /* mypyc_fields.h */

typedef struct type_record {
    PyTypeObject *type;
    const own_type *own; /* the tool's own type that it is or is derived from, or NULL */
    content content;
    traverseproc
        traverse;   /* for CONTENT_GENERIC and CONTENT_DICT_KIND; of a type: NULL where it adds nothing */
    bool is_class;  /* made by a class statement: slots, attributes and type are found here */
    bool is_own;    /* the tool's own: hidden when it carries the view's tag */
    bool is_hidden; /* not counted, not entered, whatever it carries */
    bool is_builtin_method; /* may be a method of one of the tool's objects */
    bool has_tag_slot;      /* carries its tag in a slot of its own */
    Py_ssize_t tag_offset;  /* of that slot */
    bool tag_is_after_items;
    bool is_unsound;      /* not a type one can trust: its instances are left out */
    bool may_be_left_out; /* any of the above, or a frame: an instance is looked at before it is entered */
    bool is_exact_dict;
    bool is_set;
    bool has_field_names; /* field_names was looked up */
    PyTypeObject *base;   /* whose struct and traversal the content is: itself, or of a class its first base
                             that   is none */
    const char *field_names;         /* of the words of the struct, see capture_edges.c; NULL: not known */
    bool is_searched_for_attributes; /* attribute_words was looked up */
    mypyc_fields *attribute_words;   /* of a class that mypyc compiled; owned, NULL: it is none */
    bool is_searched_for_getters;    /* getter_names was looked up */
    const char **getter_names;       /* of words, see getter_fields.h; owned, the names are the type's */
    bool visits_attributes;          /* the class, not the content, gives the attribute dict or values */
    bool visits_type;                /* the class, not the content, gives the type */
    attribute_layout attributes;
    Py_ssize_t dict_offset;
    size_t first_member, member_count; /* in capture.members: slots of a class, fields of the content */
    size_t slot_count;                 /* the first of the members are slots of the class */
    size_t untold_count;               /* the next are what tp_traverse leaves out */

    size_rule size;
    size_t pre_header; /* bytes */
    PyCFunction size_method;

    bool holds_type;     /* whoever asks keeps a reference to the type while code may run */
    bool may_own_dict;   /* its instances can have an attribute dict */
    bool may_name_more;  /* the same but for types, or it is that of frames (direct_names.h) */
    uint64_t whole_size; /* bytes of every instance, where all are the same; 0: the object must be read */

    heapy_type graph_type; /* row in the builder's type table, or HEAPY_NO_TYPE */
} type_record;

typedef struct type_slot {
    PyTypeObject *type;
    size_t number; /* of the record, + 1; 0: free */
} type_slot;

/* ---- roots ---- */

enum { NO_FRAME = -1 };

/* A reference from outside every object: an interpreter's or a thread's field, or a thread's top frame. */
typedef struct root {
    PyObject *object;     /* borrowed */
    const char *field;    /* NULL: a frame, or an unnamed root */
    unsigned long thread; /* 0: the interpreter itself */
    int frame;            /* number from the bottom, or NO_FRAME */
} root;

/* ---- looking for references to some objects ---- */

typedef struct search {
    const heapy_address_map *targets; /* frozen; NULL: nothing is looked for */
    uintptr_t only_target;            /* where there is just one; else 0 */
    heapy_address_map *sources;       /* what refers to one of them; owned */
    heapy_address_map *hits;          /* the targets found, if wanted; owned */
    heapy_address_map *keys;          /* of the dict entries whose values are targets, if wanted; owned */
    uintptr_t source;                 /* the object whose references are being looked at */
    bool is_hit;                      /* that object refers to a target */
    bool stops_at_sources;            /* what refers to a target leads nowhere else */
    bool only_looks;                  /* nothing is marked */
} search;

/* ---- the capture in progress ---- */

enum { LEAF_SLOTS = 64 };

enum { GIVEN_FIELDS = 8 };

/* The object whose edges are being written, as far as its tp_traverse has come. */
typedef struct edge_source {
    type_record *record;
    const char *object;
    uint64_t members_used;               /* members already given as labels */
    uint64_t words_used;                 /* the same of the other words of its struct */
    size_t next_index;                   /* of a member of a set, an element of a deque */
    Py_ssize_t next_local;               /* of a generator */
    Py_ssize_t next_value;               /* of attributes kept inline */
    const PyObject *given[GIVEN_FIELDS]; /* edges already, which tp_traverse will give again; NULL: none */
    bool type_is_seen;
    bool code_is_seen; /* of a generator, which refers to its code twice on 3.11 */
} edge_source;

/* A size that only the object itself knows. */
typedef struct deferred_size {
    heapy_node node;
    uint32_t record; /* number of the record of its type */
} deferred_size;

typedef struct capture {
    const capture_view *view;
    capture_state *state;
    bool checks_tags; /* somebody else than the tool holds the tag: objects must be looked at for it */
    PyInterpreterState *interp;
    int interpreter_number; /* 0: first made */

    heapy_address_map *map; /* objects seen; owned until handed over */

    type_record *records;
    size_t record_count, record_capacity;
    type_slot *type_slots;
    size_t type_slot_count; /* a power of two */
    record_member *members;
    size_t member_count, member_capacity;

    root *roots;
    size_t root_count, root_capacity;
    const running_frames *frames;    /* the frame objects of running calls; borrowed, NULL: none */
    heapy_address_map *running;      /* the same as a set */
    const signal_handlers *handlers; /* borrowed, NULL: none */
    heapy_address_map *own_frames;   /* those that do not show */

    /* Types whose instances refer to nothing, by capture_leaf_slot: half of all visits end here. */
    const PyTypeObject *leaf_types[LEAF_SLOTS];

    /* Objects seen but not yet visited. */
    uintptr_t *stack;
    size_t stack_count, stack_capacity;

    bool root_is_node;      /* the root is an object of the map */
    bool enters_own;        /* the tool's own objects are entered, and the sets kept aside are not */
    dict_owners *elsewhere; /* owners of dicts that are no nodes; borrowed, NULL: not wanted */
    heapy_address_map *reachable, *own; /* earlier walks of the same moment; owned */

    /* Not to be marked: what an earlier walk of the same moment found. */
    const heapy_address_map *known[2];

    const capture_question *question; /* what the walk is for, beside the heap itself */
    search search;

    uintptr_t *excluded; /* hidden or unsound objects: taken out of the map after the walk */
    size_t excluded_count, excluded_capacity;

    size_t unsound_count; /* objects left out because of their type */
    uintptr_t first_unsound;

    const PyTypeObject *volatile traversed; /* the type whose tp_traverse runs: what to say if it crashes */

    const heapy_progress *progress; /* who watches, and may stop it; borrowed, NULL: nobody */
    bool is_cancelled;
    bool out_of_memory;

    heapy_graph_builder *builder;
    heapy_facts *modules;     /* of the builder; NULL: none yet */
    uint32_t *record_of_type; /* the record number of each row of the builder's type table */
    deferred_size *deferred;  /* sizes that are to be asked, in order of the nodes */
    size_t deferred_count, deferred_capacity;
    size_t graph_type_count, graph_type_capacity;

    /* While edges are captured. */
    heapy_edge_writer *edges;
    heapy_snapshot_writer *stream; /* writes edges instead of keeping them; borrowed, NULL: they are kept */
    edge_source edge;
    struct dict_progress *dict_entries; /* of a dict whose entries are edges already */
    const heapy_address_map *visible;   /* only these have edges; NULL: all */
    struct name_cache *names;
    struct edge_queue *edge_queue;
    struct direct_names *direct;
} capture;

/* Begin a capture: nothing is owned yet.  Call capture_deinit on every path. */
void capture_init(capture *c, const capture_view *view);
void capture_deinit(capture *c);

/* Allocate what every capture needs. */
heapy_status capture_begin(capture *c, heapy_error *err);

/* The same, list the roots, and make an empty map. */
heapy_status capture_begin_walk(capture *c, heapy_error *err);

/* What comes of a step that is done or not: HEAPY_OK, HEAPY_CANCELLED or HEAPY_NO_MEMORY. */
heapy_status capture_status(const capture *c, bool is_done, heapy_error *err);

/* c->map, which is no longer the capture's. */
heapy_address_map *capture_take_map(capture *c);

/* The record of `type`, made at first sight.  NULL: no memory (out_of_memory is set). */
type_record *capture_new_record(capture *c, PyTypeObject *type);

static inline size_t
capture_type_hash(const capture *c, const PyTypeObject *type)
{
    return ((uintptr_t)type >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 32 & (c->type_slot_count - 1);
}

static inline type_record *
capture_record(capture *c, PyTypeObject *type)
{
    for (size_t i = capture_type_hash(c, type);; i = (i + 1) & (c->type_slot_count - 1)) {
        /* The number first: a damaged object may have no type at all. */
        if (!c->type_slots[i].number)
            return capture_new_record(c, type);
        if (c->type_slots[i].type == type)
            return &c->records[c->type_slots[i].number - 1];
    }
}

static inline size_t
capture_leaf_slot(const PyTypeObject *type)
{
    uintptr_t address = (uintptr_t)type;
    return (address >> 4 ^ address >> 10) % LEAF_SLOTS;
}

/* Could `address` be an object?  Catches NULL, small numbers, and pointers no object can have. */
static inline bool
is_plausible_address(uintptr_t address)
{
    return address >= 65536 && !(address & 7) && !(address >> 48);
}

/* Fetch what a visit to `object` (whose header has come) will read next. */
static inline void
prefetch_content(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    if (type == &PyDict_Type)
        __builtin_prefetch(((PyDictObject *)object)->ma_keys);
    else if (type == &PyList_Type)
        __builtin_prefetch(((PyListObject *)object)->ob_item);
}

/* Begin to look for references to what `targets` (frozen, borrowed) has.  False: out_of_memory. */
bool capture_seek(capture *c, const heapy_address_map *targets);

/* Mark `object` and visit it later, or, alone, never. */
void capture_mark(capture *c, PyObject *object);
void capture_mark_alone(capture *c, PyObject *object);

/* Append to the roots; one without object is left out.  False: no memory (out_of_memory is set). */
bool capture_add_root(capture *c, root r);

/* How many interpreters were made before `interp` and still are. */
int capture_interpreter_number(PyInterpreterState *interp);

/* Does the walk of this view begin at frames? */
bool capture_begins_at_frames(const capture_view *view);

/* List the roots: fields of the interpreter and its threads, and the frames among c->frames that show. False:
   no memory. */
bool capture_collect_roots(capture *c);

/* Mark what threads of the tool hold beside their frames. */
void capture_mark_own_threads(capture *c);

/* The attribute dict of `object`, if it exists; borrowed.  Works for types too. */
PyObject *capture_dict_of(capture *c, PyObject *object, const type_record *record);

/* The search for the owners of the exact dicts in a set.  Runs no Python code. */
typedef struct owner_search {
    capture *capture;
    const heapy_address_map *map;
    heapy_node *owners;     /* of the builder */
    dict_owners *elsewhere; /* owners that are not in the set, as they are found; NULL: not asked for */
    heapy_node tried;       /* the node that is asked for its dict; HEAPY_NO_NODE: it is to be looked up */
    const PyTypeObject *plain_types[LEAF_SLOTS]; /* whose instances own no dict, by capture_leaf_slot */
} owner_search;

/* The row of the record's type in the builder's type table, made at first sight.  HEAPY_NO_TYPE: no memory
   (out_of_memory is set). */
heapy_type capture_graph_type(capture *c, type_record *record);

/* If the attribute dict of `object` is in the set and has no owner yet, note it.  search: an owner_search. */
void capture_try_owner(PyObject *object, void *search);

/* Try every object the collector tracks and every type.  False: out_of_memory. */
bool capture_find_other_owners(owner_search *search);

/* The type's name in tables: UTF-8, owned, heapy_free().  Runs no Python code.  NULL: no memory. */
char *capture_type_name(capture_state *state, PyTypeObject *type);

/* MODULE.NAME, also where tables use a shorter name; the same. */
char *capture_type_own_name(const capture_state *state, PyTypeObject *type);

/* A type with a name of its own in tables; borrowed, NULL for others. */
const known_type *capture_known_type(const capture_state *state, const PyTypeObject *type);

/* The order of a state's known types, for qsort and bsearch. */
int capture_compare_known_types(const void *a, const void *b);

/* What the type table of a graph says of a type: UTF-8, owned; module NULL: it has none.  Runs no Python
   code. False: no memory. */
typedef struct type_texts {
    char *name, *module, *qualname;
    bool is_alias; /* as in heapy_type_row */
} type_texts;
bool capture_type_texts(capture_state *state, PyTypeObject *type, type_texts *out);
void capture_type_texts_deinit(type_texts *texts);

/* How the instances of exactly this type are shown. */
heapy_role capture_role_of(PyTypeObject *type);

/* The size of an object that must be asked: it may run code. */
#define SIZE_DEFERRED UINT64_MAX

/* Find out how sizes of `record`'s instances are known.  Runs no Python code. */
void capture_choose_size_rule(capture *c, type_record *record);

/* Bytes of `object` alone by formula, or SIZE_DEFERRED.  Runs no Python code. */
uint64_t capture_formula_size(PyObject *object, const type_record *record);

static inline uint64_t
capture_plain_size(capture *c, PyObject *object, type_record *record)
{
    if (record->size == SIZE_UNKNOWN)
        capture_choose_size_rule(c, record);
    return record->whole_size ? record->whole_size : capture_formula_size(object, record);
}

/* Bytes that are no part of the object's struct: before it, and its inline attributes. */
uint64_t capture_size_around(PyObject *object, const type_record *record);

/* Bytes of the struct by object.__sizeof__. */
uint64_t capture_fixed_size(PyObject *object);

#endif
