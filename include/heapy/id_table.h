/* SPDX-License-Identifier: MIT */
/*
 * Tables by Id: a row an object, the largest first.
 *
 * The order is found, and rows are written, only as far as they are shown: a table of a million objects costs
 * what its first page does.  Within a size objects of one class follow their values, texts or addresses, as
 * their role says; dicts that have owners follow, and show, their owners' texts.
 */
#ifndef HEAPY_ID_TABLE_H
#define HEAPY_ID_TABLE_H

#include "heapy/classify.h"
#include "heapy/snapshot.h"
#include "heapy/status.h"
#include "heapy/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct heapy_id_table heapy_id_table;

/*
 * The table of members of `snapshot` (NULL: all nodes), at least one, which has sizes, owners and lengths.
 *
 * snapshot  borrowed; it and the members' nodes must outlive the table.
 * clodo     the members' classes by HEAPY_BY_CLODO, taken over, also on failure.
 * out       owned, heapy_id_table_destroy().
 *
 * O(members), and the texts of the owners of dicts; 12 bytes a member.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_id_table_create(heapy_snapshot *snapshot,
                                                              const heapy_members *members,
                                                              heapy_classes *clodo, heapy_id_table **out,
                                                              heapy_error *err);

/* The same, of members that are classified here. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_id_table_of_members(heapy_snapshot *snapshot,
                                                                  const heapy_members *members,
                                                                  heapy_id_table **out, heapy_error *err);
HEAPY_API void heapy_id_table_destroy(heapy_id_table *table); /* NULL does nothing */

/* The table with its first `row_count` rows (at most all) written; borrowed until the next call. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_id_table_rows(heapy_id_table *table, size_t row_count,
                                                            const heapy_table **out, heapy_error *err);

/* The numbers of the members in order, of which the first `row_count` are in their places; borrowed. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_id_table_members(heapy_id_table *table, size_t row_count,
                                                               const uint32_t **out, heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
