/* SPDX-License-Identifier: MIT */
/*
 * The live heap, asked: the half of capture that needs Python.  Frames and roots are taken before a look,
 * references after it, and last come sizes that run code, and warnings.
 *
 * Every function returns 0, or -1 with a Python exception set and its out-parameters untouched.
 *
 * A set of live objects is a frozen heapy_address_map whose objects are *held*: one reference each.
 */
#ifndef HEAPY_LIVE_CAPTURE_H
#define HEAPY_LIVE_CAPTURE_H

#include <Python.h>
#include <heapy/heapy.h>

#include "capture/capture.h"
#include "live/held_objects.h"

/*
 * The visible heap: everything reachable from the interpreter and its threads but the tool's own objects.
 * out: owned.  O(objects + references).  KeyboardInterrupt (or whatever the signal's handler
 * raises) when interrupted.
 */
int capture_heap(const capture_view *view, held_objects **out);

/*
 * What the collector knows and the root does not reach, and what that reaches (S-61).  Collect first.
 *
 * with_reachable  do not leave out what the root reaches.
 * only_tracked    only what the collector knows itself, no frames and weak references (H-63).
 * out             owned.
 * reachable_out   owned: the visible heap of the same moment; may be NULL.
 */
int capture_unreachable(const capture_view *view, bool with_reachable, bool only_tracked, held_objects **out,
                        held_objects **reachable_out);

/* Owners of dicts, in order of the dicts, each with a reference. */
void dict_owners_deinit(dict_owners *owners);

/* Forget those of what is no exact dict, and put the others in order of the dicts. */
struct capture;
void sort_owners(const struct capture *c, dict_owners *owners);

/* The owner of the dict with that number, borrowed, or NULL.  O(log count). */
PyObject *dict_owners_find(const dict_owners *owners, heapy_node dict);

/*
 * The columns of some objects: types, and as asked for their sizes, and whose
 * attribute dict each dict is.  Sizes may run __sizeof__ methods written in Python: they are asked last, one
 * by one; warned_types (a set) keeps the types whose bad __sizeof__ was told of.
 *
 * out     owned.
 * types   tuple of the types in the graph's type table, new reference; may be NULL.
 * owners  those that are no nodes; dict_owners_deinit().  May be NULL, and is only filled with COLUMN_OWNERS.
 */
int capture_columns(capture_state *state, const held_objects *objects, unsigned columns,
                    PyObject *warned_types, heapy_graph **out, PyObject **types, dict_owners *owners);

/* The same with the facts that view->add_facts adds. */
int capture_columns_of_view(const capture_view *view, const held_objects *objects, unsigned columns,
                            heapy_graph **out, PyObject **types, dict_owners *owners);

/*
 * The objects whose type `accepts` says yes to: asked once a type or a few times more, and must run no
 * Python code.  out: owned; with `holds` a reference was taken to each, capture_held().  One look at each
 * object.
 */
int capture_select_by_type(const held_objects *objects, bool (*accepts)(PyTypeObject *type, void *context),
                           void *context, bool holds, heapy_address_map **out);

/* The sum of the sizes of some objects, asked as capture_columns does.  Bytes. */
int capture_total_size(capture_state *state, const held_objects *objects, PyObject *warned_types,
                       uint64_t *out);

/*
 * The visible heap and the root as a graph with columns, edges, labels and roots, of one moment.
 * out: owned; its numbers are the graph's nodes.  graph_out: owned.  The rest is as for
 * capture_columns.
 */
int capture_graph(const capture_view *view, held_objects **out, heapy_graph **graph_out, PyObject **types,
                  dict_owners *owners);

/*
 * Columns of the visible heap less what `without` (NULL: nothing) has, of which nothing is held or written to
 * but what has a __sizeof__ in Python, while that is asked: nodes without objects, to be counted.
 * out: owned.  The rest is as for capture_heap and capture_columns.
 */
int capture_unheld_columns(const capture_view *view, const heapy_address_map *without, unsigned columns,
                           heapy_graph **out);

/*
 * The references among some objects as a graph with edges, labels and columns.
 *
 * visible  only these refer to anything, and the RootState, if it is among the objects, to the roots that
 * have names.  Both maps are of this moment: no Python code has run since `visible` was captured. The rest is
 * as for capture_columns.
 */
int capture_references(const capture_view *view, const held_objects *objects, const held_objects *visible,
                       unsigned columns, heapy_graph **out, PyObject **types, dict_owners *owners);

/* ---- questions about some objects, each answered by walking as far as it takes ---- */

/*
 * Every set that comes out is owned.  The root is an object like others here: it may be given, and may come
 * out where it refers to something. O(visible objects + references) at most; KeyboardInterrupt as for
 * capture_heap.
 */

/* What `objects` refer to. */
int capture_referents(const capture_view *view, const held_objects *objects, held_objects **out);

/* The visible objects that refer to one of `objects`.  keys: the keys of the dict entries whose values they
   are, which name these references; NULL: not wanted. */
int capture_referrers(const capture_view *view, const held_objects *objects, held_objects **out,
                      held_objects **keys);

/* Those of them that the root reaches without going through another of them. */
int capture_immediate_dominators(const capture_view *view, const held_objects *objects, held_objects **out);

/* `objects`, and what only they keep from being unreachable.  The root does not come out. */
int capture_dominated(const capture_view *view, const held_objects *objects, held_objects **out);

/* What `starts` reach without entering `avoid`; with may_end_there: but to what is there one may come. */
int capture_reachable(const capture_view *view, const held_objects *starts, const held_objects *avoid,
                      bool may_end_there, held_objects **out);

/* All objects on the shortest paths from `sources` to `targets` around `avoid` (NULL: nothing): none when
   there is no path.  keys: as for capture_referrers. */
int capture_path_nodes(const capture_view *view, const held_objects *sources, const held_objects *targets,
                       const held_objects *avoid, held_objects **out, held_objects **keys);

/* The relations that hold between two objects without a reference: give(context, code, relator) for
   each, codes being those of relations.h; what it returns other than 0 is returned. */
int capture_direct_relations(const capture_view *view, PyObject *source, const PyObject *target,
                             int (*give)(void *context, int code, PyObject *relator), void *context);

/* The live object at `address` that a walk or the collector knows, new reference; NULL without exception when
   there is none, which includes every address that is no object's.  O(heap), but O(1) for the types that have
   names of their own, of which reprs of kinds are full. */
PyObject *capture_object_at(const capture_view *view, uintptr_t address);

/* The same for an int of any size, with ValueError when there is none. */
PyObject *capture_object_of_number(const capture_view *view, PyObject *address);

#endif
