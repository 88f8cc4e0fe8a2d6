/* SPDX-License-Identifier: MIT */
/* An allocator of our own, straight from the system, for one thread: heapy_memory_use_system(). */
#ifndef HEAPY_BASE_SYSTEM_MEMORY_H
#define HEAPY_BASE_SYSTEM_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed where it is `zeroed`; NULL: no memory. */
void *heapy__system_alloc(size_t bytes, int zeroed);

/* A block that is not from here is not freed, and cannot be resized: NULL. */
void *heapy__system_realloc(void *block, size_t bytes);
void heapy__system_free(void *block);

/* Was heapy_memory_use_system() called? */
bool heapy__memory_is_from_system(void);

#endif
