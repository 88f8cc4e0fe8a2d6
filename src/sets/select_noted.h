/* SPDX-License-Identifier: MIT */
/* Terms that are one class (kind_terms.h), all looked up in one pass. */
#ifndef HEAPY_SELECT_NOTED_H
#define HEAPY_SELECT_NOTED_H

#include "evaluation.h"
#include "kind_terms.h"

/* Add what was noted: members by their types to `any_term`, the others to `out`.  rows: room for flags. */
heapy_status heapy__select_noted(const evaluation *e, const kind_terms *terms, bool *any_term, bool *rows,
                                 heapy_node_set *out);

#endif
