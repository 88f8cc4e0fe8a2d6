/* SPDX-License-Identifier: MIT */
/* Checked allocation over libc's malloc, never the allocator of the heap that is being measured. */
#include "heapy/memory.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "heapy/testing.h"
#include "system_memory.h"

#ifdef HEAPY_FAILING_ALLOC
static _Thread_local long countdown;
static atomic_bool has_asked; /* the environment */

static void
say_what_is_left(void)
{
    if (countdown > 0)
        fprintf(stderr, "%ld allocations left\n", countdown);
}

/* A program that knows nothing of tests, as the command, is made to fail from outside. */
static void
ask_environment(void)
{
    const char *nth = getenv("HEAPY_TESTING_FAIL_AT");
    if (!nth || atexit(say_what_is_left))
        return;
    countdown = strtol(nth, NULL, 10);
}

static bool
must_fail(void)
{
    if (!atomic_exchange(&has_asked, true))
        ask_environment();
    return countdown > 0 && --countdown == 0;
}

bool
heapy_testing_can_fail(void)
{
    return true;
}

void
heapy_testing_fail_at(long nth)
{
    countdown = nth;
}

long
heapy_testing_remaining(void)
{
    return countdown;
}
#else
static bool
must_fail(void)
{
    return false;
}

bool
heapy_testing_can_fail(void)
{
    return false;
}

void
heapy_testing_fail_at(long nth)
{
    (void)nth;
}

long
heapy_testing_remaining(void)
{
    return 0;
}
#endif

static bool is_from_system; /* once in the life of a process, by its only thread */

void
heapy_memory_use_system(void)
{
    is_from_system = true;
}

bool
heapy__memory_is_from_system(void)
{
    return is_from_system;
}

static bool
overflows(size_t count, size_t size)
{
    return size && count > PTRDIFF_MAX / size;
}

void *
heapy_alloc_array(size_t count, size_t size)
{
    if (overflows(count, size) || must_fail())
        return NULL;
    size_t bytes = count * size;
    return is_from_system ? heapy__system_alloc(bytes, 0) : malloc(bytes ? bytes : 1);
}

void *
heapy_alloc_zeroed(size_t count, size_t size)
{
    if (overflows(count, size) || must_fail())
        return NULL;
    if (is_from_system)
        return heapy__system_alloc(count * size, 1);
    return calloc(count ? count : 1, size ? size : 1);
}

void *
heapy_realloc_array(void *block, size_t count, size_t size)
{
    if (overflows(count, size) || must_fail())
        return NULL;
    size_t bytes = count * size;
    return is_from_system ? heapy__system_realloc(block, bytes) : realloc(block, bytes ? bytes : 1);
}

void
heapy_free(void *block)
{
    if (is_from_system)
        heapy__system_free(block);
    else
        free(block);
}

void
heapy_text_free(char *text)
{
    heapy_free(text);
}

void *
heapy_grow(void *array, size_t count, size_t *capacity, size_t size)
{
    if (!capacity || count > SIZE_MAX / 2)
        return NULL;
    if (count < *capacity)
        return array;
    size_t wanted = count + count / 2 + 16;
    void *grown = heapy_realloc_array(array, wanted, size);
    if (grown)
        *capacity = wanted;
    return grown;
}
