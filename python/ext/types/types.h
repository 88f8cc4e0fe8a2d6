/* SPDX-License-Identifier: MIT */
/* The extension's types: what each file offers the others. */
#ifndef HEAPY_TYPES_H
#define HEAPY_TYPES_H

#include <Python.h>
#include <heapy/heapy.h>

#include "live/text.h"
#include "types/call_python.h"
#include "types/module_state.h"
#include "types/own_object.h"

/* ---- live objects: a set of objects that are held, shared by the sets that show them ---- */

typedef struct {
    OWN_OBJECT_HEAD
    heapy_address_map *map; /* frozen, held; NULL once cleared by the collector */
    bool is_aside;          /* a reference point or what heapu() gave: its objects count as let go */
    PyObject *holders[2];   /* of a union of large sets: the LiveObjects that hold its objects; else NULL */
} LiveObjects;

/* Do its objects count as let go?  For capture. */
bool LiveObjects_is_aside(PyObject *live_objects);

/* A new LiveObjects of a session's; takes over `held`, also on failure. */
PyObject *LiveObjects_wrap(PyObject *session, heapy_address_map *held);

/* The union of two LiveObjects, as `map` (taken over, also on failure): large ones go on holding the objects
   themselves, so that none has to be touched. */
PyObject *LiveObjects_unite(PyObject *session, heapy_address_map *map, PyObject *a, PyObject *b);

/* Objects that somebody holds now (`map` is taken over, also on failure): in a snapshot many of them go on
   being held by its moment alone. */
PyObject *LiveObjects_select(PyObject *session, heapy_address_map *map);

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
    PyObject *objects;      /* LiveObjects, when it shows those of a session's set; else NULL */
    heapy_address_map *map; /* of another immutable one: its own, held */
    heapy_bit_set *bits;    /* of a mutable one: the addresses / 8 of what it holds */
} NodeSet;

PyObject *NodeSet_wrap(PyObject *session, PyObject *live_objects);

/* The members as LiveObjects of a session; those of a mutable one as they are now.  New reference. */
PyObject *NodeSet_objects(PyObject *session, PyObject *node_set);

/* Does the node set itself, not its LiveObjects, hold this object?  Runs no Python code. */
bool NodeSet_holds(PyObject *node_set, const PyObject *member);

static inline bool
NodeSet_check(const module_state *state, PyObject *object)
{
    return PyType_IsSubtype(Py_TYPE(object), state->node_set_type);
}

/* ---- sessions ---- */

/* What is `__doc__` in the type of sessions.  New reference. */
PyObject *Session_doc_descriptor(void);

/* The equivalence relations that are attributes of the session. */
#define RELATION_MAP(X)                                                                                      \
    X(Type, TYPE)                                                                                            \
    X(Clodo, CLODO)                                                                                          \
    X(Size, SIZE)                                                                                            \
    X(Module, MODULE)                                                                                        \
    X(Id, ID)                                                                                                \
    X(Idset, IDSET)                                                                                          \
    X(Unity, UNITY)                                                                                          \
    X(Via, VIA)                                                                                              \
    X(Prod, PROD)

#define RELATION_CODE(name, code) RELATION_##code,
typedef enum relation {
    RELATION_MAP(RELATION_CODE) /* */
    RELATION_COUNT,
    RELATION_AND = RELATION_COUNT, /* equivalent by each part */
    RELATION_REFDBY,               /* the same classes of referrers by the part */
    RELATION_DICTOF,               /* dicts by the class of their owner by the part */
    RELATION_FINDEX                /* parts: kinds; the same one is the first that has the object */
} relation;
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
    PyObject *families;                          /* dict: type to Family */
    PyObject *no_kinds, *anything;               /* hp.sonokind and hp.Anything, once asked for */
    PyObject *view;                              /* HeapView */
    PyObject *moment;                            /* of a snapshot: the Moment it shows; else NULL */
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

/* The same, borrowed: while the session lives.  NULL with an exception. */
PyObject *Session_relation_borrowed(PyObject *session, relation which);

/* False with an exception when the collector has cleared the session or the interpreter goes down. */
bool Session_is_usable(PyObject *session);

/* ---- equivalence relations ---- */

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *session;
    relation which;
    unsigned depth;            /* relations in relations: 1 for one without parts */
    PyObject *parts;           /* tuple of relations, or of sets; NULL: none */
    PyObject *refdby, *dictof; /* made when first asked for */
    PyObject *classifier;      /* the same */
    PyObject *family;          /* of its kinds; the same */
} EquivalenceRelation;

/* parts: borrowed, or NULL. */
PyObject *EquivalenceRelation_create(PyObject *session, relation which, PyObject *parts);

/* The and-ed relation of a tuple of relations, without what others imply. */
PyObject *EquivalenceRelation_and(PyObject *session, PyObject *relations);

/* er.refdby and er.dictof; new references. */
PyObject *EquivalenceRelation_refdby(PyObject *er);
PyObject *EquivalenceRelation_dictof(PyObject *er);
PyObject *EquivalenceRelation_classifier(PyObject *er);
PyObject *EquivalenceRelation_family(PyObject *er);

/* The same relation, made alike? */
bool EquivalenceRelation_equal(PyObject *a, PyObject *b);
bool EquivalenceRelation_is_finer(PyObject *a, PyObject *b); /* a <= b */
Py_hash_t EquivalenceRelation_hash(PyObject *er);
PyObject *EquivalenceRelation_repr(PyObject *er);

/* The same with another prefix than the session's, such as "". */
PyObject *EquivalenceRelation_text(PyObject *er, PyObject *prefix);

/* The relation of another session as one of this session's; new reference. */
PyObject *EquivalenceRelation_in(PyObject *session, PyObject *er);

/* The relation that `by` (a relation, or names of some joined by "&", "" for Unity) means; new reference. */
PyObject *relation_from_object(PyObject *session, PyObject *by);

/* er(*args, **kwargs): the kind that they name. */
PyObject *relation_make_kind(PyObject *er, PyObject *args, PyObject *kwargs);

/* The type that `object` names: itself, or by a text of S-79; new reference. */
PyObject *type_from_object(PyObject *session, PyObject *object);

/* hp.Type.X (K-70b); new reference. */
PyObject *kind_of_named_type(PyObject *session, PyObject *name);

static inline bool
EquivalenceRelation_check(const module_state *state, PyObject *object)
{
    return Py_TYPE(object) == state->equivalence_relation_type;
}

static inline relation
relation_of(PyObject *er)
{
    return ((EquivalenceRelation *)er)->which;
}

/* What classifies for a relation; users only pass it on. */
PyObject *Classifier_create(PyObject *er);

/* ---- sets of kinds ---- */

/* kinds: tuple, borrowed. */
PyObject *SetOfKinds_create(PyObject *er, PyObject *kinds);
PyObject *NoKinds_create(PyObject *session);
PyObject *SetOfKinds_text(PyObject *er, PyObject *kinds);
PyObject *SetOfKinds_er(PyObject *set);    /* borrowed */
PyObject *SetOfKinds_kinds(PyObject *set); /* borrowed tuple */

static inline bool
SetOfKinds_check(const module_state *state, PyObject *object)
{
    return Py_TYPE(object) == state->callable_set_of_kinds_type || Py_TYPE(object) == state->no_kinds_type;
}

/* What er.refdby(...) takes: the kinds of `er` in a tuple of kinds and sets of kinds.  New tuple. */
PyObject *kinds_of_arguments(PyObject *er, PyObject *args);

/* The kind of objects whose referrers' classes by er are `kinds` (a tuple). */
PyObject *referrers_kind(PyObject *er, PyObject *kinds);

/* ---- kinds ---- */

/*
 * A kind is the engine's expression, and finitely many objects for which it is not so: (kind | added) -
 * removed.  Both are evaluated when kinds are combined, so identity sets in expressions stay small and
 * exact.
 */
typedef struct {
    OWN_OBJECT_HEAD
    PyObject *session;
    const heapy_kind *kind;
    PyObject *hosts;   /* tuple: what the expression's atoms name, kept alive */
    PyObject *added;   /* LiveObjects that are in it though not in `kind`; or NULL */
    PyObject *removed; /* LiveObjects that are in `kind` and not in it; or NULL */
} Kind;

/* The set of an expression (taken over, also on failure): a kind, or what `added` has (Nothing if nothing)
   where the expression has no member.  added, removed: held maps, taken over; NULL: none. */
PyObject *Kind_wrap(PyObject *session, const heapy_kind *kind, heapy_address_map *added,
                    heapy_address_map *removed);

/* The kind of one atom. */
PyObject *Kind_create(PyObject *session, const heapy_atom *atom);

/* Kinds of one atom each. */
PyObject *Kind_of_type(PyObject *session, PyObject *type);
PyObject *Kind_of_owner(PyObject *session, PyObject *owners); /* a set, or NULL: dicts without owner */
PyObject *Kind_of_size(PyObject *session, PyObject *size);    /* an int, bytes */
PyObject *Kind_of_module(PyObject *session, PyObject *module);
PyObject *Kind_of_non_modules(PyObject *session);
PyObject *Kind_of_object(PyObject *session, PyObject *object);
PyObject *Kind_of_relations(PyObject *session, PyObject *texts); /* a tuple of str: reprs of relations */
PyObject *Kind_of_producer(PyObject *session, PyObject *file, PyObject *line); /* str or None, int or None */
PyObject *Kind_of_unknown_producer(PyObject *session);
PyObject *Kind_of_index(PyObject *er, PyObject *index); /* of a findex */
PyObject *Kind_of_anything(PyObject *session);

/* The union of a list of sets that are disjoint: the set itself when there is one, Nothing when there is
   none. */
PyObject *Kind_union_of_classes(PyObject *session, PyObject *list);

/* Any set as an expression alone, in which identity sets are atoms; NULL with an exception. */
const heapy_kind *expression_of_set(PyObject *set);

/* The text of a kind: repr or brief.  New reference. */
PyObject *Kind_brief(PyObject *kind);
PyObject *Kind_repr(PyObject *kind);

/* The same of any set, a repr with a prefix; an identity set has only a brief. */
PyObject *set_brief(PyObject *set);
PyObject *set_text(PyObject *set, PyObject *prefix);

/* The objects of `map` (held) that are in `kind`: a new map, not held; NULL with an exception. */
heapy_address_map *Kind_select(PyObject *kind, const heapy_address_map *map);

/* The same, held. */
heapy_address_map *Kind_select_held(PyObject *kind, const heapy_address_map *map);

/* The same of an expression, not held. */
heapy_address_map *select_objects(PyObject *session, const heapy_kind *kind, const heapy_address_map *map);

/* The relation of which the kind is one class; borrowed, NULL without exception when there is none. */
PyObject *Kind_relation(PyObject *kind);

static inline bool
Kind_check(const module_state *state, PyObject *object)
{
    return Py_TYPE(object) == state->kind_type;
}

/* The dicts that objects of the set own (K-90). */
PyObject *set_dictof(PyObject *set);

/* ---- families ---- */

PyObject *Family_of(PyObject *set);

/* A family of the session's by its type; classifier: borrowed or NULL. */
PyObject *Family_create(PyObject *session, PyTypeObject *type, PyObject *classifier);

/* ---- members mapped ---- */

PyObject *MappingProxy_create(PyObject *set);

/* ---- all sorts of sets ---- */

/* The set that `object` stands for in a session: a set of it, a type, a node set, perhaps an iterable.  New
   reference; NULL without exception when it stands for none, with one when something went wrong. */
PyObject *uniset_from(PyObject *session, PyObject *object);

/* The same, with TypeError when it stands for none. */
PyObject *uniset_require(PyObject *session, PyObject *object);

PyObject *uniset_session(PyObject *set); /* borrowed */

/* Operators between sets of one session, converted already. */
PyObject *uniset_combine(PyObject *a, PyObject *b, heapy_set_operation operation);
PyObject *uniset_complement(PyObject *a);

/* a <= b: 1, 0, or -1 with an exception. */
int uniset_is_subset(PyObject *a, PyObject *b);
int uniset_is_disjoint(PyObject *a, PyObject *b);

/* Is `object` a member of the set?  1, 0, or -1 with an exception. */
int uniset_contains(PyObject *set, PyObject *object);

/* ---- identity sets ---- */

typedef struct set_table set_table;

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *session;
    PyObject *objects;   /* LiveObjects */
    PyObject *er;        /* EquivalenceRelation */
    set_table *table;    /* made when first asked for, then kept; owned */
    PyObject *more;      /* the printer of what str() leaves out, once asked for */
    PyObject *partition; /* the Partition that shows the set, while it lives; borrowed: it holds the set */
    PyObject *weakrefs;
} IdentitySet;

/* The identity set of the objects in `held` (taken over, also on failure): the session's Nothing, or a new
   singleton or multi set.  er: borrowed; NULL: Clodo. */
PyObject *IdentitySet_wrap(PyObject *session, heapy_address_map *held, PyObject *er);

/* The set that has one object. */
PyObject *IdentitySet_of_object(PyObject *session, PyObject *object);

/* The same of LiveObjects. */
PyObject *IdentitySet_share(PyObject *session, PyObject *live_objects, PyObject *er);

/* The same of a node set. */
PyObject *IdentitySet_of_nodes(PyObject *session, PyObject *node_set);

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
PyObject *IdentitySet_owners(PyObject *set);

bool IdentitySet_is_empty(PyObject *set);
PyObject *IdentitySet_by(PyObject *set, PyObject *er);
PyObject *IdentitySet_by_basic(PyObject *set, relation which);
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

/* ---- views, horizons ---- */

PyObject *HeapView_create(module_state *state, PyObject *tag);

/* A root attribute by its name (H-11 to H-17); new reference. */
PyObject *root_attribute(module_state *state, const char *name);

#endif
