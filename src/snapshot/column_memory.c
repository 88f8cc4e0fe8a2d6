/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* O_TMPFILE */
#include "column_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../base/fail.h"
#include "heapy/memory.h"

static heapy_status
temporary_failure(const heapy__column_memory *memory, const char *what, heapy_error *err)
{
    int number = errno;
    heapy__record_failure(err, HEAPY_OS, "%.80s: a temporary file for a column %s: %s", memory->folder, what,
                          strerror(number));
    if (err)
        err->os_errno = number;
    return HEAPY_OS;
}

/* A file in the folder that has no name; made with one, where the system knows no other way, and unlinked. */
static int
open_temporary(const char *folder)
{
    int descriptor = -1;
#ifdef O_TMPFILE
    descriptor = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    if (descriptor >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return descriptor;
#endif
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/heapy-XXXXXX", folder);
    if (length < 0 || (size_t)length >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    descriptor = mkostemp(path, O_CLOEXEC);
    if (descriptor >= 0)
        unlink(path);
    return descriptor;
}

heapy_status
heapy__column_memory_init(heapy__column_memory *memory, size_t size, size_t limit, const char *folder,
                          heapy_error *err)
{
    *memory = (heapy__column_memory){.size = size, .descriptor = -1};
    if (size <= limit) {
        memory->memory = heapy_alloc_array(size, 1);
        if (memory->memory)
            return HEAPY_OK;
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a column of %zu bytes", size);
    }
    if (!folder)
        folder = getenv("TMPDIR");
    memory->folder = folder && *folder ? folder : "/var/tmp";
    memory->descriptor = open_temporary(memory->folder);
    if (memory->descriptor >= 0)
        return HEAPY_OK;
    return temporary_failure(memory, "cannot be made", err);
}

void
heapy__column_memory_deinit(heapy__column_memory *memory)
{
    heapy_free(memory->memory);
    if (memory->descriptor >= 0)
        close(memory->descriptor);
    *memory = (heapy__column_memory){.descriptor = -1};
}

unsigned char *
heapy__column_memory_place(const heapy__column_memory *memory, uint64_t at)
{
    if (!memory->memory)
        return NULL;
    return memory->memory + at;
}

heapy_status
heapy__column_memory_put(heapy__column_memory *memory, uint64_t at, const void *bytes, size_t count,
                         heapy_error *err)
{
    const unsigned char *next = bytes;
    while (!memory->memory && count) {
        ssize_t put = pwrite(memory->descriptor, next, count, (off_t)at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return temporary_failure(memory, "cannot be written", err);
        next += put;
        at += (uint64_t)put;
        count -= (size_t)put;
    }
    return HEAPY_OK;
}

heapy_status
heapy__column_memory_finish(heapy__column_memory *memory, heapy__column *out, heapy_error *err)
{
    if (memory->memory) {
        *out = (heapy__column){.bytes = memory->memory, .size = memory->size, .owned = memory->memory};
        memory->memory = NULL;
        return HEAPY_OK;
    }
    void *mapped = mmap(NULL, memory->size, PROT_READ, MAP_PRIVATE, memory->descriptor, 0);
    if (mapped == MAP_FAILED)
        return temporary_failure(memory, "cannot be mapped", err);
    *out = (heapy__column){.bytes = mapped, .size = memory->size, .mapped = memory->size};
    return HEAPY_OK;
}
