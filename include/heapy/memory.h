/* SPDX-License-Identifier: MIT */
/*
 * Checked allocation, for the engine and for those who feed it.
 *
 * All memory comes from here: the multiplication is checked, zero elements give a
 * freeable pointer (so NULL means one thing), and a build with -Dfailing_alloc=true can make the n-th
 * allocation fail, which is how every error path is walked (`make oom`).
 */
#ifndef HEAPY_MEMORY_H
#define HEAPY_MEMORY_H

#include <stddef.h>

#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Uninitialised memory for `count` elements of `size` bytes; owned, heapy_free().  NULL: no memory. */
HEAPY_API void *heapy_alloc_array(size_t count, size_t size);

/* The same, zeroed.  Large blocks come untouched from the system, so unused parts cost no memory. */
HEAPY_API void *heapy_alloc_zeroed(size_t count, size_t size);

/* Resize `block` (NULL: a new one) to `count` elements; on NULL the old block is untouched. */
HEAPY_API void *heapy_realloc_array(void *block, size_t count, size_t size);

HEAPY_API void heapy_free(void *block); /* NULL does nothing */

/* Free a text that a function made for its caller.  NULL does nothing. */
HEAPY_API void heapy_text_free(char *text);

/*
 * Make room for one more element: returns `array` resized so that *capacity > count, or NULL (old array
 * untouched).  Grows by half and by at least 16, so appending n elements copies O(n) and a large array is
 * never more than a third empty.  capacity: not NULL, else NULL.
 */
HEAPY_API void *heapy_grow(void *array, size_t count, size_t *capacity, size_t size);

/*
 * From now on take memory from the system's mappings and not from the C library, for good.  For a child that
 * was forked from a process with several threads: one of them may have held the library's lock, which nobody
 * will open in the child.  Only a thread that is alone may call this, and use what is here afterwards. Blocks
 * from before may be read and freed, which leaves them where they are; resizing one fails.
 */
HEAPY_API void heapy_memory_use_system(void);

#ifdef __cplusplus
}
#endif

#endif
