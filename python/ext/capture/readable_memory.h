/* SPDX-License-Identifier: MIT */
/*
 * Memory that may not be there: an address that something claims is read by the kernel, which reports what
 * cannot be read instead of faulting.
 */
#ifndef HEAPY_READABLE_MEMORY_H
#define HEAPY_READABLE_MEMORY_H

#include <Python.h>

/* Copy up to `size` bytes from `address`: how many could be read, 0 where none can; -1: it cannot be asked
   (not Linux, and some sandboxes).  One system call; allocates nothing. */
Py_ssize_t readable_memory_copy(const void *address, void *copy, size_t size);

#endif
