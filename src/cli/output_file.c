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
begin_beside(output_file *out, const char *path)
{
    size_t size = strlen(path) + 16;
    out->temporary = heapy_alloc_array(size, 1);
    if (!out->temporary)
        return complain_of_memory();
    snprintf(out->temporary, size, "%s.XXXXXX", path);
    out->descriptor = mkstemp(out->temporary);
    if (out->descriptor >= 0) {
        process_set_temporary(out->temporary);
        return STATUS_DONE;
    }
    heapy_free(out->temporary);
    out->temporary = NULL;
    return complain("%s: cannot be written: %s", out->path, strerror(errno));
}

/* What is read is not written over: with what is left of it nobody could ask anything again. */
static int
complain_of_input(const char *path)
{
    return complain("%s: is the file that is read; name another", path);
}

static int
begin_standard_output(output_file *out, const input *of)
{
    struct stat facts;
    if (output_is_closed())
        return complain("standard output: it is closed");
    if (!fstat(STDOUT_FILENO, &facts) && input_is_of(of, &facts))
        return complain_of_input("standard output");
    out->descriptor = dup(STDOUT_FILENO);
    if (out->descriptor >= 0)
        return STATUS_DONE;
    return complain("-: standard output: %s", strerror(errno));
}

/* In place of a file that is there: of the file itself, where a link leads to it. */
static int
begin_in_place(output_file *out)
{
    out->target = realpath(out->path, NULL);
    if (out->target)
        return begin_beside(out, out->target);
    return complain("%s: cannot be written: %s", out->path, strerror(errno));
}

int
output_file_begin(output_file *out, const invocation *asked, const char *path, const input *of)
{
    struct stat facts;
    *out = (output_file){.path = path, .descriptor = -1, .replaces = is_given(asked, OPTION_FORCE)};
    if (!strcmp(path, "-"))
        return begin_standard_output(out, of);
    if (stat(path, &facts))
        return begin_beside(out, path);
    if (S_ISDIR(facts.st_mode))
        return complain("%s: is a directory; name a file in it", path);
    if (input_is_of(of, &facts))
        return complain_of_input(path);
    if (!out->replaces)
        return complain("%s: is there already; --force writes over it", path);
    if (S_ISREG(facts.st_mode))
        return begin_in_place(out);
    out->descriptor = open(path, O_WRONLY | O_CLOEXEC);
    if (out->descriptor >= 0)
        return STATUS_DONE;
    return complain("%s: cannot be written: %s", path, strerror(errno));
}

int
output_file_replace(output_file *out, const char *path)
{
    *out = (output_file){.path = path, .descriptor = -1, .replaces = true};
    return begin_beside(out, path);
}

int
output_file_complete(output_file *out)
{
    if (!out->temporary)
        return STATUS_DONE;
    const char *path = out->target ? out->target : out->path;
    /* A name that somebody has taken meanwhile is not taken from him: link() refuses. */
    bool is_named = !fsync(out->descriptor) &&
                    (out->replaces ? !rename(out->temporary, path) : !link(out->temporary, path));
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
    free(out->target); /* of realpath() */
    *out = (output_file){.descriptor = -1};
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
