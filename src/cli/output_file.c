/* SPDX-License-Identifier: MIT */
#include "output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <heapy/memory.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A temporary file beside the one that is meant, for its owner alone, as a heap's contents are. */
static int
begin_beside(output_file *out)
{
    size_t size = strlen(out->path) + 16;
    out->temporary = heapy_alloc_array(size, 1);
    if (!out->temporary)
        return complain_of_memory();
    snprintf(out->temporary, size, "%s.XXXXXX", out->path);
    out->descriptor = mkstemp(out->temporary);
    if (out->descriptor >= 0) {
        process_set_temporary(out->temporary);
        return STATUS_DONE;
    }
    heapy_free(out->temporary);
    out->temporary = NULL;
    return complain("%s: cannot be written: %s", out->path, strerror(errno));
}

static int
begin(output_file *out, const char *path, bool replaces)
{
    struct stat facts;
    *out = (output_file){path, NULL, -1, replaces};
    if (!strcmp(path, "-")) {
        if (output_is_closed())
            return complain("standard output: it is closed");
        out->descriptor = dup(STDOUT_FILENO);
        if (out->descriptor >= 0)
            return STATUS_DONE;
        return complain("-: standard output: %s", strerror(errno));
    }
    if (stat(path, &facts))
        return begin_beside(out);
    if (S_ISDIR(facts.st_mode))
        return complain("%s: is a directory; name a file in it", path);
    if (!out->replaces)
        return complain("%s: is there already; --force writes over it", path);
    if (S_ISREG(facts.st_mode))
        return begin_beside(out);
    out->descriptor = open(path, O_WRONLY | O_CLOEXEC);
    if (out->descriptor >= 0)
        return STATUS_DONE;
    return complain("%s: cannot be written: %s", path, strerror(errno));
}

int
output_file_begin(output_file *out, const invocation *asked, const char *path)
{
    return begin(out, path, is_given(asked, OPTION_FORCE));
}

int
output_file_replace(output_file *out, const char *path)
{
    return begin(out, path, true);
}

int
output_file_complete(output_file *out)
{
    if (!out->temporary)
        return STATUS_DONE;
    /* A name that somebody has taken meanwhile is not taken from him: link() refuses. */
    bool is_named = !fsync(out->descriptor) &&
                    (out->replaces ? !rename(out->temporary, out->path) : !link(out->temporary, out->path));
    if (!is_named)
        return complain("%s: cannot be written: %s", out->path, strerror(errno));
    if (!out->replaces)
        unlink(out->temporary);
    process_set_temporary(NULL);
    heapy_free(out->temporary);
    out->temporary = NULL;
    return STATUS_DONE;
}

void
output_file_end(output_file *out)
{
    if (out->descriptor >= 0)
        close(out->descriptor);
    if (out->temporary)
        unlink(out->temporary);
    process_set_temporary(NULL);
    heapy_free(out->temporary);
    *out = (output_file){NULL, NULL, -1, false};
}

static heapy_status
write_bytes(void *context, const void *bytes, size_t count, heapy_error *err)
{
    const output_file *out = context;
    for (size_t at = 0; at < count;) {
        ssize_t written = write(out->descriptor, (const char *)bytes + at, count - at);
        if (written >= 0) {
            at += (size_t)written;
        } else if (errno != EINTR) {
            err->status = HEAPY_OS;
            err->os_errno = errno;
            snprintf(err->message, sizeof err->message, "cannot be written: %s", strerror(errno));
            return HEAPY_OS;
        }
    }
    return HEAPY_OK;
}

heapy_sink
output_file_sink(output_file *out)
{
    return (heapy_sink){write_bytes, out};
}
