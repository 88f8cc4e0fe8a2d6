/* SPDX-License-Identifier: MIT */
/*
 * What the child does: it looks, reads and writes.  Nothing in it is let go of, since it ends when it is
 * done.
 *
 * Frame objects of running calls are made, in the child alone, and C functions asked for sizes, which make
 * ints: so Python's allocators are replaced by our own.
 */
#include "live/looking.h" /* first: it asks for the interpreter's internals */

#include "live/forked_write.h"

#include "capture/object_map.h"
#include "capture/text_out.h"
#include "live/allowed_texts.h"
#include "live/asked_sizes.h"
#include "live/child_words.h"
#include "live/forked_child.h"
#include "live/live_capture.h"
#include "live/world.h"

#include <heapy/memory.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct child_write {
    const forked_write *what;
    capture c;
    running_frames frames;
    signal_handlers handlers;
    dict_owners owners;
    heapy_snapshot_writer *file;
    text_out notes; /* the items of a JSON list */
    int reason;     /* errno of what the system refused */
} child_write;

/* ---- allocators ---- */

static void *
own_malloc(void *context, size_t size)
{
    (void)context;
    return heapy_alloc_array(size, 1);
}

static void *
own_calloc(void *context, size_t count, size_t size)
{
    (void)context;
    return heapy_alloc_zeroed(count, size);
}

static void *
own_realloc(void *context, void *block, size_t size)
{
    (void)context;
    return heapy_realloc_array(block, size, 1);
}

static void
own_free(void *context, void *block)
{
    (void)context;
    heapy_free(block);
}

static void
replace_allocators(void)
{
    PyMemAllocatorEx own = {NULL, own_malloc, own_calloc, own_realloc, own_free};
    PyMem_SetAllocator(PYMEM_DOMAIN_RAW, &own);
    PyMem_SetAllocator(PYMEM_DOMAIN_MEM, &own);
    PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &own);
}

/* ---- notes ---- */

static void
put_json_string(text_out *out, const char *text)
{
    text_out_string(out, "\"");
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            text_out_string(out, "\\");
        if ((unsigned char)*text < ' ')
            text_out_format(out, "\\u%04x", (unsigned)(unsigned char)*text);
        else
            text_out_bytes(out, text, 1);
    }
    text_out_string(out, "\"");
}

/* As long as the report has room for it. */
static void
add_note(child_write *w, const char *note)
{
    text_out item = {0};
    put_json_string(&item, note);
    if (!item.failed && w->notes.length + item.length + 16 < CHILD_TEXT) {
        text_out_string(&w->notes, w->notes.length ? "," : "");
        text_out_bytes(&w->notes, item.text, item.length);
    }
    heapy_free(item.text);
}

static void
note_sizes(child_write *w, const size_t *skipped)
{
    for (size_t i = 0; i < w->c.record_count; i++) {
        if (!skipped[i])
            continue;
        text_out note = {0};
        char *name = capture_type_name(w->c.state, w->c.records[i].type);
        text_out_string(&note, name ? name : "?");
        text_out_format(&note, ": basic size of %zu objects, for __sizeof__ is Python code", skipped[i]);
        if (!note.failed)
            add_note(w, note.text);
        heapy_free(name);
        heapy_free(note.text);
    }
}

static void
note_unsound(child_write *w)
{
    char note[100];
    snprintf(note, sizeof note, "%zu objects were left out, whose type cannot be read", w->c.unsound_count);
    if (w->c.unsound_count)
        add_note(w, note);
}

/* ---- sizes ---- */

static heapy_status
read_sizes(child_write *w, const heapy_address_map *map, heapy_error *err)
{
    heapy_size_writer *sizes;
    capture *c = &w->c;
    heapy_status status = heapy_graph_builder_sizes(c->builder, &sizes, err);
    size_t *skipped = heapy_alloc_zeroed(c->record_count, sizeof *skipped);
    bool is_done = skipped;
    for (size_t i = 0; !status && is_done && i < c->deferred_count; i++) {
        const deferred_size deferred = c->deferred[i];
        const type_record *record = &c->records[deferred.record];
        PyObject *object = object_at_address(heapy_address_map_select(map, deferred.node));
        uint64_t size;
        if (!asked_size_in_c(object, record, &size))
            skipped[deferred.record]++;
        is_done = heapy_size_writer_put(sizes, deferred.node, size);
    }
    if (is_done)
        note_sizes(w, skipped);
    heapy_free(skipped);
    if (status)
        return status;
    return capture_status(c, is_done, err);
}

/* ---- bytes ---- */

static heapy_status
fail_with_errno(child_write *w, heapy_error *err)
{
    w->reason = errno;
    *err = (heapy_error){.status = HEAPY_OS};
    return HEAPY_OS;
}

static heapy_status
write_all(void *context, const void *bytes, size_t count, heapy_error *err)
{
    child_write *w = context;
    int descriptor = w->what->descriptor;
    for (const char *next = bytes; count;) {
        ssize_t written = write(descriptor, next, count);
        if (written < 0 && errno == EAGAIN) {
            struct pollfd waiting = {.fd = descriptor, .events = POLLOUT};
            written = poll(&waiting, 1, -1) < 0 ? -1 : 0;
        }
        if (written < 0 && errno != EINTR)
            return fail_with_errno(w, err);
        if (written > 0) {
            next += written;
            count -= (size_t)written;
        }
    }
    return HEAPY_OK;
}

/* The bytes are on disk, and the file has its name; that also the name is on disk, some systems cannot
 * promise. */
static heapy_status
complete(child_write *w, heapy_error *err)
{
    const forked_write *what = w->what;
    if (!what->temporary)
        return HEAPY_OK;
    if (fsync(what->descriptor) < 0 || rename(what->temporary, what->path) < 0)
        return fail_with_errno(w, err);
    int folder = open(what->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        fsync(folder);
        close(folder);
    }
    return HEAPY_OK;
}

/* ---- all of it ---- */

/* Sizes first, which then are in the file and no more in memory. */
static heapy_status
read_columns(child_write *w, const heapy_address_map *map, heapy_error *err)
{
    heapy_status status = capture_read_columns(&w->c, map, COLUMN_SIZES, err);
    if (!status)
        status = read_sizes(w, map, err);
    if (!status)
        status = heapy_snapshot_writer_take_sizes(w->file, w->c.builder, err);
    if (status)
        return status;
    return capture_read_columns(&w->c, map, COLUMN_ALL & ~COLUMN_SIZES, err);
}

static heapy_status
look_at_heap(child_write *w, heapy_address_map **map, heapy_error *err)
{
    world_never_collects();
    capture_init(&w->c, w->what->view);
    w->c.frames = &w->frames;
    w->c.handlers = &w->handlers;
    w->c.elsewhere = &w->owners;
    w->c.stream = w->file;
    if (capture_begins_at_frames(w->what->view) &&
        (running_frames_take(&w->frames, w->c.interp) < 0 ||
         signal_handlers_take(&w->handlers, w->what->view->state) < 0))
        return capture_status(&w->c, false, err);
    heapy_status status = capture_walk_with_edges(&w->c, err);
    if (status)
        return status;
    *map = capture_take_map(&w->c);
    status = read_columns(w, *map, err);
    sort_owners(&w->c, &w->owners);
    note_unsound(w);
    return status;
}

static heapy_status
nodes_before(const forked_write *what, const heapy_address_map *map, heapy_node_set **out, heapy_error *err)
{
    if (!what->before)
        return HEAPY_OK;
    heapy_status status = heapy_node_set_create(heapy_address_map_count(map), out, err);
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, what->before);
    for (uintptr_t address; !status && (address = heapy_address_iterator_next(&iterator));)
        heapy_node_set_add(*out, heapy_address_map_rank(map, address));
    return status;
}

static heapy_status
write_file(child_write *w, heapy_snapshot *snapshot, heapy_error *err)
{
    const forked_write *what = w->what;
    heapy_node_set *before = NULL;
    text_out info = {0};
    text_out_bytes(&info, what->info, what->info_length);
    text_out_string(&info, ",\"notes\":[");
    text_out_bytes(&info, w->notes.text, w->notes.length);
    text_out_string(&info, "]}");
    heapy_status status = capture_status(&w->c, !info.failed && !w->notes.failed, err);
    if (!status)
        status = nodes_before(what, heapy_snapshot_map(snapshot), &before, err);
    allowed_texts allowed = {what->contents, heapy_snapshot_map(snapshot), what->withheld};
    const heapy_snapshot_write_options options = {.contents = what->contents,
                                                  .info = info.text,
                                                  .info_length = info.length,
                                                  .before = before,
                                                  .may_write_text = may_write_text,
                                                  .context = &allowed};
    if (!status)
        status = heapy_snapshot_writer_finish(w->file, snapshot, &options, err);
    if (status)
        return status;
    return complete(w, err);
}

static heapy_status
look_and_write(child_write *w, heapy_error *err)
{
    heapy_address_map *map = NULL;
    heapy_graph *graph;
    heapy_snapshot *snapshot;
    const heapy_sink sink = {write_all, w};
    replace_allocators();
    heapy_status status = heapy_snapshot_writer_create(w->what->codec, &sink, NULL, &w->file, err);
    if (!status)
        status = look_at_heap(w, &map, err);
    if (!status) {
        heapy_graph_builder *builder = w->c.builder;
        w->c.builder = NULL;
        status = heapy_graph_builder_finish(builder, &graph, err);
    }
    child_words words = {w->c.state, map, &w->owners};
    const heapy_words said = words_of_child(&words);
    if (!status)
        status = heapy_snapshot_create(graph, map, &said, &snapshot, err);
    if (status)
        return status;
    return write_file(w, snapshot, err);
}

static void
run(void *context, child_report *report)
{
    child_write *w = context;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status = look_and_write(w, &err);
    *report = (child_report){.end = CHILD_DONE};
    if (!status) {
        snprintf(report->text, sizeof report->text, "[%s]", w->notes.length ? w->notes.text : "");
    } else if (w->reason) { /* also where what met it only knows that it does not go on */
        report->end = CHILD_SYSTEM;
        report->number = w->reason;
    } else {
        report->end = CHILD_FAILED;
        report->number = (int)status;
        snprintf(report->text, sizeof report->text, "%s",
                 err.message[0] ? err.message : heapy_status_text(status));
    }
}

static const char *
crash_site(void *context)
{
    const child_write *w = context;
    const PyTypeObject *type = w->c.traversed;
    if (!type)
        return NULL;
    return type->tp_name;
}

PyObject *
write_forked(const forked_write *what)
{
    child_write *w = heapy_alloc_zeroed(1, sizeof *w);
    if (!w)
        return PyErr_NoMemory();
    w->what = what;
    const child_task task = {.run = run,
                             .context = w,
                             .crash_site = crash_site,
                             .descriptor = what->descriptor,
                             .temporary = what->temporary,
                             .seconds = what->seconds};
    child_report report = {.end = CHILD_DONE};
    int result = child_run(&task, &report);
    heapy_free(w);
    if (result < 0)
        return NULL;
    return PyUnicode_DecodeUTF8(report.text, (Py_ssize_t)strlen(report.text), "replace");
}
