/* SPDX-License-Identifier: MIT */
/* The columns of an open file, for who makes graphs of it. */
#ifndef HEAPY_FILE_COLUMNS_H
#define HEAPY_FILE_COLUMNS_H

#include "heapy/address_map.h"
#include "heapy/graph.h"
#include "heapy/status.h"
#include "snapshot_file_internal.h"

/* Give a builder the types and names, and of the columns those of `needs` (HEAPY_FILE_...). */
heapy_status heapy__file_add_columns(heapy_snapshot_file *file, heapy_graph_builder *builder, unsigned needs,
                                     heapy_error *err);

/* The type table and names, and that they fit together.  Which node is of which type is a column like others,
   which who asks for counts does not wait for. */
heapy_status heapy__file_check_tables(heapy_snapshot_file *file, heapy_error *err);

/* Make the map of the file's addresses, unless it is there. */
heapy_status heapy__file_load_map(heapy_snapshot_file *file, heapy_error *err);

#endif
