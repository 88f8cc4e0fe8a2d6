/* SPDX-License-Identifier: MIT */
/* Sessions: what hpy() returns. */
#ifndef HEAPY_TYPE_SESSION_H
#define HEAPY_TYPE_SESSION_H

#include <Python.h>
#include <stdbool.h>

#include "capture/own_object_head.h"
#include "types/equivalence_relation.h"

/* What is `__doc__` in the type of sessions.  New reference. */
PyObject *Session_doc_descriptor(void);

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
    /* What refers back to the session: remembered while there is one, not held (own_object.h). */
    PyObject *nothing, *anything;
    PyObject *relations[RELATION_COUNT];
    /* Sets; NULL: Nothing. */
    PyObject *gcobjs;                            /* what heap() adds */
    PyObject *relheap;                           /* what heap() leaves out: a set or kind */
    PyObject *relheapg;                          /* what heapg() leaves out */
    PyObject *relheapu;                          /* what heapu() subtracts: a Stat or an identity set */
    PyObject *families;                          /* dict: type to Family */
    PyObject *view;                              /* HeapView */
    const struct source_methods *source;         /* where its snapshots come from */
    struct heapy_snapshot_file *file;            /* of a session of a snapshot file; owned, NULL: closed */
    unsigned file_columns;                       /* HEAPY_FILE_...: those that `moment` has of it */
    PyObject *moment;                            /* the Snapshot that it keeps, or NULL: its source knows */
    PyObject *reprefix, *default_reprefix, *doc; /* as assigned, or NULL */
    PyObject *parent;                            /* the node of the package tree it hangs from, or NULL */
    PyObject *view_node;                         /* weak reference to hp.View, once asked for */
    PyObject *pattern_settings;                  /* dict: how reference patterns are shown */
    PyObject *warned_types;                      /* set: ids of types whose bad __sizeof__ was told of */
    PyObject *weakrefs;
    session_settings settings;
} Session;

/* The text before the dot in what reprs name: "hp." for the first name in __main__ bound to the session,
   else "hpy().".  New reference. */
PyObject *Session_prefix(PyObject *session);

/* Its empty identity set; new reference. */
PyObject *Session_nothing(PyObject *session);

/* Put a set or Stat (taken over) where Nothing is NULL. */
void Session_keep(PyObject *session, PyObject **slot, PyObject *set);

/* Its equivalence relation; new reference. */
PyObject *Session_relation(PyObject *session, heapy_classifier_form form);

/* Do two sessions speak of objects in one place: both of this process, or both of one file? */
bool Session_is_beside(PyObject *session, PyObject *other);

/* False with ValueError when the objects that it is about are not in this process. */
bool Session_has_objects(PyObject *session);
void raise_objects_elsewhere(void);

/* False with an exception when the collector has cleared the session, or what asks for it (NULL), or the
   interpreter goes down. */
bool Session_is_usable(PyObject *session);

#endif
