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
#include "types/kind_render.h"
#include "types/relation_kinds.h"
#include "types/select_live.h"
#include "types/set_table.h"
#include "types/stat_io.h"
#include "types/type_equivalence_relation.h"
#include "types/type_family.h"
#include "types/type_heap_view.h"
#include "types/type_identity_set.h"
#include "types/type_kind.h"
#include "types/type_live_objects.h"
#include "types/type_mapping_proxy.h"
#include "types/type_node_set.h"
#include "types/type_partition.h"
#include "types/type_printer.h"
#include "types/type_row.h"
#include "types/type_session.h"
#include "types/type_set_of_kinds.h"
#include "types/type_stat.h"
#include "types/type_uniset.h"

#endif
