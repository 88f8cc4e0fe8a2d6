/* SPDX-License-Identifier: MIT */
/*
 * Blocks of up to 8 KiB in slabs, in sizes of powers of two with a list of free ones each; larger ones are
 * mappings of their own, which grow without being copied.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* mremap */
#endif
#include "system_memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

enum { SMALLEST = 5, LARGEST = 13, CLASSES = LARGEST + 1, SLAB = 1 << 20, PAGE = 4096 };

/* What stands before a block.  The mark tells blocks from those of malloc(). */
typedef struct block_head {
    uint64_t mark;
    size_t bytes; /* with the head */
} block_head;

typedef struct free_block {
    block_head head;
    struct free_block *next;
} free_block;

static free_block *free_blocks[CLASSES];
static char *slab, *slab_end;

static uint64_t
mark_of(const void *head)
{
    return (uint64_t)(uintptr_t)head ^ UINT64_C(0x8f3a5c17e2d94b61);
}

static void *
map_pages(size_t bytes)
{
    void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return NULL;
    return pages;
}

static unsigned
class_of(size_t bytes)
{
    unsigned class = SMALLEST;
    while ((size_t)1 << class < bytes)
        class ++;
    return class;
}

static void *
block_of(block_head *head, size_t bytes)
{
    *head = (block_head){mark_of(head), bytes};
    return head + 1;
}

/* What stands before a block that malloc() gave is the C library's; a sanitizer, which puts its own there,
   takes looking at that for a mistake. */
__attribute__((no_sanitize("address"))) static block_head *
head_of(void *block)
{
    block_head *head = (block_head *)block - 1;
    if (head->mark != mark_of(head))
        return NULL;
    return head;
}

static void *
alloc_large(size_t bytes)
{
    size_t whole = (bytes + PAGE - 1) / PAGE * PAGE;
    block_head *head = NULL;
    if (whole >= bytes)
        head = map_pages(whole);
    if (!head)
        return NULL;
    return block_of(head, whole);
}

/* is_fresh: it is zeroed. */
static void *
alloc_small(size_t bytes, bool *is_fresh)
{
    unsigned class = class_of(bytes);
    size_t whole = (size_t)1 << class;
    free_block *found = free_blocks[class];
    *is_fresh = !found;
    if (found) {
        free_blocks[class] = found->next;
        return block_of(&found->head, whole);
    }
    if ((size_t)(slab_end - slab) < whole) {
        slab = map_pages(SLAB);
        if (slab)
            slab_end = slab + SLAB;
        else
            slab_end = NULL;
        if (!slab)
            return NULL;
    }
    void *head = slab;
    slab += whole;
    return block_of(head, whole);
}

void *
heapy__system_alloc(size_t bytes, int zeroed)
{
    bool is_fresh;
    if (bytes > SIZE_MAX / 2)
        return NULL;
    bytes += sizeof(block_head);
    if (bytes > (size_t)1 << LARGEST)
        return alloc_large(bytes);
    void *block = alloc_small(bytes, &is_fresh);
    if (block && zeroed && !is_fresh)
        return memset(block, 0, bytes - sizeof(block_head));
    return block;
}

void
heapy__system_free(void *block)
{
    block_head *head = NULL;
    if (block)
        head = head_of(block);
    if (!head)
        return;
    size_t bytes = head->bytes;
    head->mark = 0;
    if (bytes > (size_t)1 << LARGEST) {
        munmap(head, bytes);
        return;
    }
    free_block *freed = (free_block *)head;
    unsigned class = class_of(bytes);
    freed->next = free_blocks[class];
    free_blocks[class] = freed;
}

#ifdef MREMAP_MAYMOVE
static void *
resize_large(block_head *head, size_t bytes)
{
    size_t whole = (bytes + PAGE - 1) / PAGE * PAGE;
    if (whole == head->bytes)
        return head + 1;
    void *moved = mremap(head, head->bytes, whole, MREMAP_MAYMOVE);
    if (moved == MAP_FAILED)
        return NULL;
    return block_of(moved, whole);
}
#endif

void *
heapy__system_realloc(void *block, size_t bytes)
{
    block_head *head = NULL;
    if (block)
        head = head_of(block);
    if (!block)
        return heapy__system_alloc(bytes, 0);
    if (!head || bytes > SIZE_MAX / 2)
        return NULL;
#ifdef MREMAP_MAYMOVE
    if (head->bytes > (size_t)1 << LARGEST && bytes + sizeof *head > (size_t)1 << LARGEST)
        return resize_large(head, bytes + sizeof *head);
#endif
    size_t held = head->bytes - sizeof *head;
    if (bytes <= held)
        return block;
    void *grown = heapy__system_alloc(bytes, 0);
    if (grown) {
        memcpy(grown, block, held);
        heapy__system_free(block);
    }
    return grown;
}
