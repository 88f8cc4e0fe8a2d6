/* SPDX-License-Identifier: MIT */
/* The heap of now into a file, by a copy of this process. */
#ifndef HEAPY_FORKED_WRITE_H
#define HEAPY_FORKED_WRITE_H

#include <Python.h>
#include <heapy/snapshot_file.h>

#include "capture/capture.h"

/*
 * view        what of the heap shows; its add_facts is not asked
 * before      what was there before the reference point: frozen; NULL: there is none
 * withheld    objects whose text is not written; frozen; NULL: none
 * info        JSON, one object without its last brace; the child adds the notes
 * temporary   the name of `descriptor`, which becomes `path` when it is whole and on disk, in `folder`; NULL:
 * the bytes are all
 */
typedef struct forked_write {
    const capture_view *view;
    const heapy_address_map *before, *withheld;
    heapy_contents contents;
    heapy_codec codec;
    const char *info;
    size_t info_length;
    int descriptor;
    const char *temporary, *path, *folder;
    double seconds;
} forked_write;

/* Write it.  A JSON list: what was left out; new reference.  NULL with an exception, and no temporary file.
 */
PyObject *write_forked(const forked_write *what);

#endif
