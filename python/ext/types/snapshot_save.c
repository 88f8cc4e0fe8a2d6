/* SPDX-License-Identifier: MIT */
/*
 * A snapshot in memory into a file.  Names, facts and who else there is are the business of
 * guppy.heapy.SnapshotFile, which opens the file and gives it its name once it is whole.
 *
 * The GIL is let go of while the system takes the bytes: all that is read here is the snapshot's own.
 */
#define PY_SSIZE_T_CLEAN
#include "types/snapshot_save.h"

#include "live/errors.h"
#include "live/live_words.h"
#include "live/progress_line.h"
#include "live/source_names.h"
#include "types/module_state.h"
#include "types/type_identity_set.h"
#include "types/type_snapshot.h"

#include <heapy/node_set.h>
#include <heapy/snapshot_file.h>

#include <errno.h>
#include <poll.h>
#include <unistd.h>

/* ---- bytes ---- */

/* Write what the system takes at once.  -1 with errno. */
static ssize_t
write_some(int descriptor, const char *bytes, size_t count)
{
    ssize_t written;
    Py_BEGIN_ALLOW_THREADS written = write(descriptor, bytes, count);
    if (written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        struct pollfd waiting = {.fd = descriptor, .events = POLLOUT};
        written = poll(&waiting, 1, -1) < 0 ? -1 : 0;
    }
    Py_END_ALLOW_THREADS return written;
}

/* What fails is raised: the status says only that there is an exception. */
static heapy_status
write_to_descriptor(void *context, const void *bytes, size_t count, heapy_error *err)
{
    const int *descriptor = context;
    const char *next = bytes;
    while (count) {
        ssize_t written = write_some(*descriptor, next, count);
        bool has_failed = written < 0 && errno != EINTR;
        if (has_failed)
            PyErr_SetFromErrno(PyExc_OSError);
        if (has_failed || PyErr_CheckSignals() < 0) {
            *err = (heapy_error){.status = HEAPY_CANCELLED};
            return HEAPY_CANCELLED;
        }
        if (written > 0) {
            next += written;
            count -= (size_t)written;
        }
    }
    return HEAPY_OK;
}

/* ---- nodes before the reference point ---- */

/* The members of a set as nodes of a snapshot; those that are none are left out.  NULL with an exception. */
static heapy_node_set *
nodes_of_set(const heapy_snapshot *snapshot, PyObject *set)
{
    const heapy_address_map *map = IdentitySet_map(set);
    heapy_node_set *nodes;
    heapy_error err = HEAPY_ERROR_INIT;
    if (!map)
        return NULL;
    if (heapy_node_set_create(heapy_graph_node_count(heapy_snapshot_graph(snapshot)), &nodes, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    for (uintptr_t address; (address = heapy_address_iterator_next(&iterator));)
        heapy_node_set_add(nodes, heapy_snapshot_node(snapshot, address));
    return nodes;
}

/* ---- all of it ---- */

static int
write_snapshot(heapy_snapshot *snapshot, const heapy_snapshot_write_options *options, int descriptor)
{
    const heapy_sink sink = {write_to_descriptor, &descriptor};
    heapy_error err = HEAPY_ERROR_INIT;
    progress_line line = {.ignores_interrupts = true}; /* handlers run where bytes are written */
    const heapy_progress progress = progress_of(&line);
    heapy_status status = heapy_snapshot_write(snapshot, options, &sink, &progress, &err);
    progress_end(&line);
    return status ? raise_heapy_error(&err) : 0;
}

PyObject *
Snapshot_write(PyObject *self, PyObject *args)
{
    int descriptor, contents, is_packed;
    const char *info;
    Py_ssize_t info_length;
    PyObject *before;
    heapy_snapshot *snapshot = Snapshot_get(self);
    if (!snapshot || !PyArg_ParseTuple(args, "iy#ipO:write", &descriptor, &info, &info_length, &contents,
                                       &is_packed, &before))
        return NULL;
    if (!snapshot_is_live(snapshot)) {
        PyErr_SetString(PyExc_ValueError, "this snapshot is a file already: copy the file");
        return NULL;
    }
    if (before != Py_None && !IdentitySet_check(state_of_type(Py_TYPE(self)), before)) {
        PyErr_Format(PyExc_TypeError, "write: an identity set or None expected, not %.200s",
                     Py_TYPE(before)->tp_name);
        return NULL;
    }
    heapy_node_set *nodes = NULL;
    if (before != Py_None && !(nodes = nodes_of_set(snapshot, before)))
        return NULL;
    const heapy_snapshot_write_options options = {
        .contents = (heapy_contents)contents,
        .codec = is_packed ? HEAPY_CODEC_ZSTD : HEAPY_CODEC_PLAIN,
        .info = info,
        .info_length = (size_t)info_length,
        .before = nodes,
        .may_write_text = contents == HEAPY_CONTENTS_NAMES ? is_text_of_source : NULL,
        .context = snapshot};
    Py_INCREF(self); /* what runs while it is written may let go of it */
    int result = write_snapshot(snapshot, &options, descriptor);
    Py_DECREF(self);
    heapy_node_set_destroy(nodes);
    return result < 0 ? NULL : Py_NewRef(Py_None);
}
