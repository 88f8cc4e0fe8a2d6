/* SPDX-License-Identifier: MIT */
/* The extension's types: what each file offers the others. */
#ifndef HEAPY_TYPES_H
#define HEAPY_TYPES_H

#include <Python.h>
#include <heapy/heapy.h>

#include "state.h"

#define DECLARE_SPEC(name, base) extern PyType_Spec name##_spec;
OWN_TYPE_MAP(DECLARE_SPEC)
#undef DECLARE_SPEC

/* The same of a text from the engine, which is freed. */
PyObject *text_taken_over(char *text, size_t length);

/* Most types: made only by the tool, never changed. */
enum {
    OWN_TYPE_FLAGS =
        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE
};

/* UTF-8 of the engine as a str; what is no UTF-8 is replaced.  length: bytes, or SIZE_MAX up to the NUL.  New
   reference. */
PyObject *text_from_utf8(const char *text, size_t length);

/* ---- live objects: a set of objects that are held, shared by the sets that show them ---- */

typedef struct {
    OWN_OBJECT_HEAD
    heapy_address_map *map; /* frozen, held; NULL once cleared by the collector */
    bool is_aside;          /* a reference point or what heapu() gave: its objects count as let go */
} LiveObjects;

/* A new LiveObjects of a session's; takes over `held`, also on failure. */
PyObject *LiveObjects_wrap(PyObject *session, heapy_address_map *held);

/* The objects of a LiveObjects; NULL with an exception when it was cleared. */
const heapy_address_map *LiveObjects_map(PyObject *live_objects);

/* The objects that iterating `iterable` gives, as a held map; NULL with an exception. */
heapy_address_map *objects_of_iterable(PyObject *iterable);

/* a OP b for any of the six comparisons, sets being ordered by inclusion.  New reference. */
PyObject *address_maps_compare(const heapy_address_map *a, const heapy_address_map *b, int operation);
Py_hash_t address_map_hash(const heapy_address_map *map);

/* ---- node sets ---- */

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *objects; /* LiveObjects */
} NodeSet;

PyObject *NodeSet_wrap(PyObject *session, PyObject *live_objects);

static inline bool
NodeSet_check(const module_state *state, PyObject *object)
{
    return PyType_IsSubtype(Py_TYPE(object), state->node_set_type);
}

/* ---- sessions ---- */

/* The equivalence relations: name, and the classes they make. */
#define RELATION_MAP(X)                                                                                      \
    X(Type, TYPE)                                                                                            \
    X(Clodo, CLODO)                                                                                          \
    X(Size, SIZE)                                                                                            \
    X(Module, MODULE)                                                                                        \
    X(Id, ID)                                                                                                \
    X(Idset, IDSET)                                                                                          \
    X(Unity, UNITY)

#define RELATION_CODE(name, code) RELATION_##code,
typedef enum relation { RELATION_MAP(RELATION_CODE) RELATION_COUNT } relation;
#undef RELATION_CODE

/* What users may tune, one set of values a session. */
typedef struct session_settings {
    Py_ssize_t max_more_lines;     /* rows a page */
    Py_ssize_t line_length;        /* columns */
    Py_ssize_t max_summary_length; /* characters of a brief */
    char auto_convert_type;        /* types stand for their kinds */
    char auto_convert_iter;        /* iterables stand for their identity sets */
    char is_rg_update_all;         /* accepted, changes nothing */
} session_settings;

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *nothing;  /* the session's empty identity set */
    PyObject *gcobjs;   /* what heap() adds */
    PyObject *relheap;  /* what heap() leaves out: a set or kind */
    PyObject *relheapg; /* what heapg() leaves out */
    PyObject *relheapu; /* what heapu() subtracts: Nothing, a Stat or an identity set */
    PyObject *relations[RELATION_COUNT];
    PyObject *view;                              /* HeapView */
    PyObject *reprefix, *default_reprefix, *doc; /* as assigned, or NULL */
    PyObject *parent;                            /* the node of the package tree it hangs from, or NULL */
    PyObject *view_node;                         /* hp.View, once asked for */
    PyObject *warned_types;                      /* set: ids of types whose bad __sizeof__ was told of */
    PyObject *weakrefs;
    session_settings settings;
} Session;

/* The text before the dot in what reprs name: "hp." for the first name in __main__ bound to the session,
   else "hpy().".  New reference. */
PyObject *Session_prefix(PyObject *session);

/* How the session walks the heap; borrowed members, for use while the session lives. */
struct capture_view;
void Session_capture_view(PyObject *session, struct capture_view *out);

/* Its equivalence relation; new reference. */
PyObject *Session_relation(PyObject *session, relation which);

/* False with an exception when the collector has cleared the session or the interpreter goes down. */
bool Session_is_usable(PyObject *session);

/* ---- equivalence relations ---- */

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *session;
    relation which;
} EquivalenceRelation;

PyObject *EquivalenceRelation_create(PyObject *session, relation which);

/* The relation that `by` (a relation or the name of one, "" for Unity) means; -1 with an exception. */
int relation_from_object(PyObject *session, PyObject *by);

/* ---- kinds ---- */

typedef enum kind_form {
    KIND_ANYTHING,
    KIND_TYPE,          /* arg: the type */
    KIND_DICT_OF,       /* dicts owned by instances of arg */
    KIND_DICT_NO_OWNER, /* dicts without owner */
    KIND_SIZE,          /* arg: int, bytes */
    KIND_MODULE,        /* arg: the module */
    KIND_NO_MODULE,     /* everything that is no module */
    KIND_ID,            /* arg: the object */
    KIND_UNION          /* parts: tuple of kinds, none of them a union */
} kind_form;

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *session;
    kind_form form;
    PyObject *arg, *parts;
} Kind;

PyObject *Kind_create(PyObject *session, kind_form form, PyObject *arg);

/* The union of a list of kinds; the kind itself when there is one, Nothing when there is none. */
PyObject *Kind_union(PyObject *session, PyObject *list);

/* The text of a kind: repr or brief.  New reference. */
PyObject *Kind_brief(PyObject *kind);

/* The objects of `map` (held) that are in `kind`: a new map, not held; NULL with an exception. */
heapy_address_map *Kind_select(PyObject *kind, const heapy_address_map *map);

static inline bool
Kind_check(const module_state *state, PyObject *object)
{
    return Py_TYPE(object) == state->kind_type;
}

/* ---- all sorts of sets ---- */

/* The set that `object` stands for in a session: a set of it, a type, a node set, perhaps an iterable.  New
   reference; NULL without exception when it stands for none, with one when something went wrong. */
PyObject *uniset_from(PyObject *session, PyObject *object);

/* The same, with TypeError when it stands for none. */
PyObject *uniset_require(PyObject *session, PyObject *object);

PyObject *uniset_session(PyObject *set); /* borrowed */

/* ---- identity sets ---- */

typedef struct set_table set_table;

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *session;
    PyObject *objects; /* LiveObjects */
    relation by;
    set_table *table;    /* made when first asked for, then kept; owned */
    PyObject *more;      /* the printer of what str() leaves out, once asked for */
    PyObject *partition; /* the Partition that shows the set, while it lives; borrowed: it holds the set */
    PyObject *weakrefs;
} IdentitySet;

/* The identity set of the objects in `held` (taken over, also on failure): the session's Nothing, or a new
   singleton or multi set. */
PyObject *IdentitySet_wrap(PyObject *session, heapy_address_map *held, relation by);

/* The same of LiveObjects. */
PyObject *IdentitySet_share(PyObject *session, PyObject *live_objects, relation by);

/* Is `object` an identity set of this module? */
static inline bool
IdentitySet_check(const module_state *state, PyObject *object)
{
    return PyType_IsSubtype(Py_TYPE(object), state->identity_set_type);
}

/* The set's objects; NULL with an exception when the set was cleared. */
const heapy_address_map *IdentitySet_map(PyObject *set);

/* a OP b as an identity set of a's session.  Both must be identity sets. */
PyObject *IdentitySet_combine(PyObject *a, PyObject *b, heapy_set_operation operation);

/* The members that are in `kind`. */
PyObject *IdentitySet_select(PyObject *set, PyObject *kind);

bool IdentitySet_is_empty(PyObject *set);
PyObject *IdentitySet_by(PyObject *set, relation by);
PyObject *IdentitySet_brief(PyObject *set);
PyObject *IdentitySet_kind(PyObject *set);

/* ---- tables ---- */

/* The table of an identity set, with at least its first row_count rows (or all it has); borrowed while the
   set lives.  -1 with an exception. */
int IdentitySet_table(PyObject *set, size_t row_count, heapy_table *out);

/* time.time() of when it was made. */
double IdentitySet_table_time(PyObject *set);

/* The sets of row i, and of several rows; both as T-40 and K-51 say.  The table must have been made. */
PyObject *IdentitySet_row(PyObject *set, size_t row);
PyObject *IdentitySet_rows(PyObject *set, Py_ssize_t first, Py_ssize_t step, Py_ssize_t count);

/* x[key] for an int or slice. */
PyObject *IdentitySet_subscript(PyObject *set, PyObject *key);

/* The kind of row i. */
PyObject *IdentitySet_row_kind(PyObject *set, size_t row);

void set_table_destroy(set_table *table); /* NULL does nothing */
int set_table_traverse(const set_table *table, visitproc visit, void *arg);

/* ---- partitions, stats and their rows ---- */

/* The set's Partition: the same one as long as somebody has it. */
PyObject *Partition_of(PyObject *set);
PyObject *Partition_set(PyObject *partition); /* borrowed */

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *session;
    heapy_stat *stat;
    PyObject *first_header;
    PyObject *more;
} Stat;

/* time.time() */
double seconds_now(void);

/* Takes over `stat`, also on failure.  first_header: borrowed, NULL for "". */
PyObject *Stat_wrap(PyObject *session, heapy_stat *stat, PyObject *first_header);
PyObject *Stat_of_set(PyObject *set);
/* The same, but of an empty set with the header that the stat of `like` has. */
PyObject *Stat_of_set_or_empty(PyObject *set, PyObject *like);
PyObject *Stat_subtract(PyObject *a, PyObject *b);
PyObject *Stat_dump(PyObject *stat, PyObject *file, PyObject *mode);
PyObject *Stat_load(PyObject *session, PyObject *source, bool use_readline);

/* An iterator over the rows (or, sets: the sets of the rows) of a set's partition or of a stat. */
PyObject *RowIterator_create(PyObject *top, size_t first_row, bool gives_sets);

/* A row object of `type`, with the numbers and name of `row`. */
PyObject *StatRow_create(PyTypeObject *type, PyObject *tag, const heapy_row *row);

/* Row `row` of a set's partition or of a stat as an object. */
PyObject *row_object(PyObject *top, size_t row);

/* The table of whatever can be shown page by page: an identity set, a partition, a stat. */
int paged_table(PyObject *top, size_t row_count, heapy_table *out);
PyObject *paged_session(PyObject *top); /* borrowed */

/* ---- printers ---- */

/* Render rows from first_row on: a page, or all.  New reference. */
PyObject *render_page(PyObject *top, size_t first_row, bool with_label, bool is_whole);

/* The printer after the page that begins at first_row. */
PyObject *MorePrinter_after(PyObject *top, PyObject *previous, size_t first_row);
PyObject *AllPrinter_create(PyObject *top);

/* The getter of `.more` for an object that keeps its printer in *slot. */
PyObject *more_of(PyObject *top, PyObject **slot);

/* ---- graphs, views, horizons ---- */

/* A new Graph; takes over both, also on failure.  map: held. */
PyObject *Graph_wrap(PyObject *session, heapy_address_map *map, heapy_graph *graph);

PyObject *HeapView_create(module_state *state, PyObject *tag);

/* A root attribute by its name (H-11 to H-17); new reference. */
PyObject *root_attribute(module_state *state, const char *name);

#endif
