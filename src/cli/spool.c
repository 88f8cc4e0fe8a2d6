/* SPDX-License-Identifier: MIT */
#include "spool.h"

#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Make a file in memory, for a system without a folder that may be written to. */
static int
create_in_memory(void)
{
#ifdef MFD_CLOEXEC
    return memfd_create("heapy", MFD_CLOEXEC);
#else
    return -1;
#endif
}

int
spool_create(const char *path, const char *what)
{
    char name[4096];
    const char *folder = getenv("TMPDIR");
    bool is_asked_for = folder && *folder;
    snprintf(name, sizeof name, "%s/heapy-XXXXXX", is_asked_for ? folder : "/var/tmp");
    int spool = mkstemp(name), number = errno;
    if (spool >= 0)
        unlink(name);
    else if (!is_asked_for)
        spool = create_in_memory();
    if (spool < 0)
        complain("%s%sno temporary file for %s: %s: %s; TMPDIR names another folder", path ? path : "",
                 path ? ": " : "", what, name, strerror(number));
    return spool;
}
