/* SPDX-License-Identifier: MIT */
/*
 * Sets as their parts: an expression, and finitely many objects for which it is not so.
 *
 *                            kind                added         removed
 *     an identity set        nothing             its objects   none
 *     an expression          itself              none          none
 *     Type.dict | {x} - {y}  all dicts           x             y
 *
 * An operator works on the expressions; then it asks of the objects that either operand names, few or many
 * but finite, who is in each, and makes exceptions of those that the new expression says wrong:
 *
 *     named = a.added | a.removed | b.added | b.removed
 *     exact = (named in a) OP (named in b)          what is so of them
 *     said  = named & (a.kind OP b.kind)            what the expression says of them
 *     added = exact - said,  removed = said - exact
 */
#ifndef HEAPY_UNISET_PARTS_H
#define HEAPY_UNISET_PARTS_H

#include <Python.h>
#include <heapy/address_map.h>
#include <heapy/kind.h>

/* What a set is, borrowed from it but for the expression. */
typedef struct set_parts {
    PyObject *session;
    const heapy_kind *kind;                   /* owned */
    const heapy_address_map *added, *removed; /* NULL: none */
} set_parts;

int set_parts_init(set_parts *out, PyObject *set);

/* Both sets as their parts; -1 with an exception.  set_pair_deinit() in any case. */
typedef struct set_pair {
    set_parts a, b;
} set_pair;

int set_pair_init(set_pair *out, PyObject *a, PyObject *b);
void set_pair_deinit(set_pair *pair);

/* Those of `objects` that are in the expression, not held: those who hold `objects` do.  NULL with an
   exception. */
heapy_address_map *select_named(PyObject *session, const heapy_kind *kind, const heapy_address_map *objects);

/* `left` OP `right` of the members that two sets have among the objects which they name.  objects: those, the
   caller's on success.  NULL with an exception. */
heapy_address_map *combine_named(const set_parts *a, const set_parts *b, heapy_set_operation operation,
                                 heapy_address_map **objects);

#endif
