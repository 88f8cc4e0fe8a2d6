/* SPDX-License-Identifier: MIT */
/*
 * The collector's objects where it keeps no lists of them: in the pages of mimalloc's heaps
 * (Python/gc_free_threading.c, gc_visit_heaps_lock_held; Objects/mimalloc/heap.c, segment.c).  Nothing of the
 * pages is changed, so freed blocks that wait in some list still wait there.
 */
#ifndef HEAPY_MIMALLOC_PAGES_H
#define HEAPY_MIMALLOC_PAGES_H

#include "cpython/internals.h"

#ifdef Py_GIL_DISABLED
#include <string.h>

typedef struct page_visit {
    void (*visit)(PyObject *, void *);
    void *arg;
    bool with_immortal;
    size_t header; /* bytes from a block to its object */
} page_visit;

enum { PAGE_BLOCKS = MI_SMALL_PAGE_SIZE / sizeof(void *), PAGE_WORDS = PAGE_BLOCKS / 64 };

typedef struct free_blocks {
    uint64_t bits[PAGE_WORDS];
    const uint8_t *start;
    size_t block_size, count;
} free_blocks;

static inline void
note_free_blocks(free_blocks *free, const mi_block_t *block)
{
    for (; block; block = (const mi_block_t *)(uintptr_t)block->next) {
        size_t number = (size_t)((const uint8_t *)block - free->start) / free->block_size;
        if (number < free->count)
            free->bits[number / 64] |= UINT64_C(1) << number % 64;
    }
}

static inline void
visit_page(const page_visit *visit, mi_page_t *page)
{
    const mi_segment_t *segment = _mi_page_segment(page);
    const size_t slices = (size_t)((const mi_slice_t *)page - segment->slices);
    const size_t block_size = page->xblock_size;
    size_t from_slice = 0; /* _mi_segment_page_start_from_slice */
    if (!page->used)
        return;
    if (block_size <= 64)
        from_slice = 3 * block_size;
    else if (block_size <= 512)
        from_slice = block_size;
    free_blocks free = {.start = (const uint8_t *)segment + slices * MI_SEGMENT_SLICE_SIZE + from_slice,
                        .block_size = block_size,
                        .count = page->capacity};
    /* Pages of the largest blocks have one each, which is in use. */
    if (page->capacity > 1) {
        note_free_blocks(&free, page->free);
        note_free_blocks(&free, page->local_free);
        note_free_blocks(&free, mi_page_thread_free(page));
    }
    for (size_t i = 0; i < free.count; i++) {
        PyObject *object = (PyObject *)(uintptr_t)(free.start + i * block_size + visit->header);
        /* One that was freed to another list is no longer tracked, and has no references. */
        bool is_wanted = object->ob_gc_bits & _PyGC_BITS_TRACKED;
        if (visit->with_immortal && object->ob_ref_local == _Py_IMMORTAL_REFCNT_LOCAL)
            is_wanted = true;
        if (is_wanted && !(free.bits[i / 64] >> i % 64 & 1))
            visit->visit(object, visit->arg);
    }
}

static inline void
visit_heap(const page_visit *visit, const mi_heap_t *heap)
{
    for (size_t i = 0; i <= MI_BIN_FULL; i++)
        for (mi_page_t *page = heap->pages[i].first; page; page = page->next)
            visit_page(visit, page);
}

/* Visit the pages of threads that have ended. */
static inline void
visit_abandoned(const page_visit *visit, mi_segment_t *segment, uint8_t tag)
{
    for (; segment; segment = mi_atomic_load_ptr_relaxed(mi_segment_t, &segment->abandoned_next)) {
        mi_slice_t *end = segment->slices + segment->slice_entries;
        mi_slice_t *slice = segment->slices + segment->slices->slice_count; /* its own */
        for (; slice < end; slice += slice->slice_count)
            if (slice->xblock_size && slice->tag == tag)
                visit_page(visit, mi_slice_to_page(slice));
    }
}

/* As visit_tracked_objects(); with_immortal: those that were made immortal, too. */
static inline void
visit_pages(PyInterpreterState *interp, bool with_immortal, void (*visit)(PyObject *, void *), void *arg)
{
    static const uint8_t heaps[] = {_Py_MIMALLOC_HEAP_GC, _Py_MIMALLOC_HEAP_GC_PRE};
    mi_abandoned_pool_t *pool = &interp->mimalloc.abandoned_pool;
    const uintptr_t tagged = mi_atomic_load_relaxed(&pool->abandoned);
    for (size_t i = 0; i < sizeof heaps; i++) {
        page_visit every = {visit, arg, with_immortal, 0};
        if (_PyRuntime.allocators.is_debug_enabled) /* two words of its own */
            every.header += 2 * sizeof(size_t);
        if (heaps[i] == _Py_MIMALLOC_HEAP_GC_PRE) /* those of managed attributes */
            every.header += 2 * sizeof(PyObject *);
        for (PyThreadState *t = interp->threads.head; t; t = t->next) {
            const struct _mimalloc_thread_state *own = &((_PyThreadStateImpl *)t)->mimalloc;
            if (_Py_atomic_load_int(&own->initialized))
                visit_heap(&every, &own->heaps[heaps[i]]);
        }
        visit_abandoned(&every, (mi_segment_t *)(tagged & ~(uintptr_t)MI_SEGMENT_MASK), heaps[i]);
        visit_abandoned(&every, mi_atomic_load_ptr_relaxed(mi_segment_t, &pool->abandoned_visited), heaps[i]);
    }
}

/* Call visit(object, arg) for every object the collector tracks, frozen ones included; the other threads are
   stopped.  visit must not allocate objects. */
static inline void
visit_tracked_objects(PyInterpreterState *interp, void (*visit)(PyObject *, void *), void *arg)
{
    visit_pages(interp, false, visit, arg);
}

/* The same for every object that may have a dict.  When a first thread is started, modules, functions and
   types are made immortal, and are no longer tracked (_PyGC_ImmortalizeDeferredObjects). */
static inline void
visit_possible_owners(PyInterpreterState *interp, void (*visit)(PyObject *, void *), void *arg)
{
    visit_pages(interp, true, visit, arg);
}
#endif

#endif
