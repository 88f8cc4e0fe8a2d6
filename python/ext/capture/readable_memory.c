/* SPDX-License-Identifier: MIT */
#include "capture/readable_memory.h"

#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

Py_ssize_t
readable_memory_copy(const void *address, void *copy, size_t size)
{
#ifdef __linux__
    struct iovec local = {copy, size};
    struct iovec remote = {(void *)(uintptr_t)address, size};
    ssize_t got = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
    if (got < 0)
        return errno == EFAULT ? 0 : -1;
    return got;
#else
    (void)address;
    (void)copy;
    (void)size;
    return -1;
#endif
}
