/* SPDX-License-Identifier: MIT */
/* A kept snapshot as a source: take() gives it. */
#include "types/source.h"

#include "capture/object_map.h"
#include "live/errors.h"
#include "live/held_objects.h"
#include "live/live_capture.h"
#include "live/live_words.h"
#include "live/producers.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/source_parts.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/type_snapshot.h"

#include <heapy/address_map.h>
#include <heapy/graph.h>
#include <heapy/memory.h>
#include <heapy/node_set.h>
#include <heapy/status.h>

static PyObject *
kept_moment(PyObject *session, unsigned needs)
{
    return snapshot_that_has(((Session *)session)->moment, needs);
}

static PyObject *
kept_take(PyObject *session, const heapy_address_map *objects, unsigned needs)
{
    (void)objects;
    return kept_moment(session, needs);
}

static PyObject *
kept_take_paths(PyObject *session, const heapy_address_map *sources, const heapy_address_map *targets,
                const heapy_address_map *avoid, unsigned how, bool *is_part)
{
    (void)sources, (void)avoid, (void)how;
    *is_part = false;
    return kept_take(session, targets, HEAPY_NEEDS_EDGES);
}

static PyObject *
kept_take_all(PyObject *session)
{
    return Py_NewRef(((Session *)session)->moment);
}

static PyObject *
kept_heap(PyObject *session)
{
    return heap_in_snapshot(session, ((Session *)session)->moment);
}

static PyObject *
kept_holder(PyObject *session)
{
    return Snapshot_objects(((Session *)session)->moment);
}

const source_methods kept_source = {
    .holder = kept_holder,
    .heap = kept_heap,
    .describe = kept_describe,
    .reference = kept_heap,
    .unreachable = unreachable_in_kept,
    .keep = keep_itself,
    .write = kept_write,
    .moment = kept_moment,
    .at = kept_at,
    .take = kept_take,
    .take_paths = kept_take_paths,
    .take_all = kept_take_all,
    .may_let_go = true,
};
