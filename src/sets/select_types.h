/* SPDX-License-Identifier: MIT */
/* What of a kind depends on a node's type only: decided once a row of the type table, then looked up. */
#ifndef HEAPY_SELECT_TYPES_H
#define HEAPY_SELECT_TYPES_H

#include "evaluation.h"
#include "kind_internal.h"

bool heapy__is_by_type(const heapy_atom *atom);

/* rows[r] &= the literals of `term` that depend on the type only.  others: how many literals do not. */
heapy_status heapy__restrict_rows(const evaluation *e, const kind_term *term, bool *rows, size_t *others);

/* Set the bits of the members whose type has its row set. */
void heapy__select_rows(const evaluation *e, const bool *rows, uint64_t *words);

#endif
