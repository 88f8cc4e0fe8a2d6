/* SPDX-License-Identifier: MIT */
/*
 * A snapshot in memory into a file.  Names, facts and who else there is are the business of
 * guppy.heapy.SnapshotFile, which opens the file and gives it its name once it is whole.
 *
 * The GIL is let go of while the system takes the bytes: all that is read here is the snapshot's own.
 */
#define PY_SSIZE_T_CLEAN
#include "types/snapshot_save.h"

#include "live/allowed_texts.h"
#include "live/errors.h"
#include "live/forked_write.h"
#include "live/live_words.h"
#include "live/progress_line.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/session_heap.h"
#include "types/type_heap_view.h"
#include "types/type_session.h"
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

/* The objects of a map as nodes of a snapshot; those that are none are left out.  NULL with an exception. */
static heapy_node_set *
nodes_of_map(const heapy_snapshot *snapshot, const heapy_address_map *map)
{
    heapy_node_set *nodes;
    heapy_error err = HEAPY_ERROR_INIT;
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
    if (status)
        return raise_heapy_error(&err);
    return 0;
}

/* The map of an identity set; NULL with an exception, without one for None. */
static const heapy_address_map *
map_of_set(PyObject *session, PyObject *set)
{
    if (set == Py_None)
        return NULL;
    if (IdentitySet_check(state_of_type(Py_TYPE(session)), set))
        return IdentitySet_map(set);
    PyErr_Format(PyExc_TypeError, "an identity set or None expected, not %.200s", Py_TYPE(set)->tp_name);
    return NULL;
}

/* What was there before as an identity set, or None: that it may have objects that are no nodes does not
   matter, and a set needs no walk.  New reference. */
static PyObject *
reference_point(PyObject *self)
{
    Session *session = (Session *)self;
    if (session->relheap != session->nothing &&
        IdentitySet_check(state_of_type(Py_TYPE(self)), session->relheap))
        return Py_NewRef(session->relheap);
    return Session_before(self, NULL);
}

PyObject *
Session_write_forked(PyObject *self, PyObject *args)
{
    int descriptor, contents, is_packed;
    const char *info, *temporary, *path, *folder;
    Py_ssize_t info_length, lengths[3];
    PyObject *withheld;
    double seconds;
    /* Paths as bytes (z# takes them, z does not): they need not be UTF-8. */
    if (!PyArg_ParseTuple(args, "iz#z#z#y#ipOd:_write_forked", &descriptor, &temporary, &lengths[0], &path,
                          &lengths[1], &folder, &lengths[2], &info, &info_length, &contents, &is_packed,
                          &withheld, &seconds) ||
        !Session_has_objects(self))
        return NULL;
    PyObject *before = reference_point(self);
    if (!before)
        return NULL;
    const heapy_address_map *known = map_of_set(self, before);
    capture_view view;
    Session_capture_view(self, &view);
    const forked_write what = {.view = &view,
                               .before = known,
                               .withheld = map_of_set(self, withheld),
                               .contents = (heapy_contents)contents,
                               .codec = is_packed ? HEAPY_CODEC_ZSTD : HEAPY_CODEC_PLAIN,
                               .info = info,
                               .info_length = (size_t)info_length,
                               .descriptor = descriptor,
                               .temporary = temporary,
                               .path = path,
                               .folder = folder,
                               .seconds = seconds};
    PyObject *notes = NULL;
    if (!PyErr_Occurred())
        notes = write_forked(&what);
    Py_DECREF(before);
    return notes;
}

PyObject *
Snapshot_write(PyObject *self, PyObject *args)
{
    int descriptor, contents, is_packed;
    const char *info;
    Py_ssize_t info_length;
    PyObject *before, *withheld;
    heapy_snapshot *snapshot = Snapshot_get(self);
    if (!snapshot || !PyArg_ParseTuple(args, "iy#ipOO:write", &descriptor, &info, &info_length, &contents,
                                       &is_packed, &before, &withheld))
        return NULL;
    if (!snapshot_is_live(snapshot)) {
        PyErr_SetString(PyExc_ValueError, "this snapshot is a file already: copy the file");
        return NULL;
    }
    const heapy_address_map *known = map_of_set(self, before), *hidden = map_of_set(self, withheld);
    heapy_node_set *nodes = NULL;
    if (known)
        nodes = nodes_of_map(snapshot, known);
    if (PyErr_Occurred())
        return NULL;
    allowed_texts allowed = {(heapy_contents)contents, heapy_snapshot_map(snapshot), hidden};
    const heapy_snapshot_write_options options = {.contents = (heapy_contents)contents,
                                                  .codec = is_packed ? HEAPY_CODEC_ZSTD : HEAPY_CODEC_PLAIN,
                                                  .info = info,
                                                  .info_length = (size_t)info_length,
                                                  .before = nodes,
                                                  .may_write_text = may_write_text,
                                                  .context = &allowed};
    Py_INCREF(self); /* what runs while it is written may let go of it */
    int result = write_snapshot(snapshot, &options, descriptor);
    Py_DECREF(self);
    heapy_node_set_destroy(nodes);
    if (result < 0)
        return NULL;
    return Py_NewRef(Py_None);
}
