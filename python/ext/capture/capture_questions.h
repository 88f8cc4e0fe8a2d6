/* SPDX-License-Identifier: MIT */
/* What questions about some objects have in common; capture_internal.h first. */
#ifndef HEAPY_CAPTURE_QUESTIONS_H
#define HEAPY_CAPTURE_QUESTIONS_H

#include "capture/capture_internal.h"

/* Replace the map by another, frozen or to be filled. */
static inline void
replace_map(capture *c, heapy_address_map **by)
{
    heapy_address_map_destroy(c->map);
    c->map = *by;
    *by = NULL;
}

/* A map for keys, if they are wanted.  False: out_of_memory. */
static inline bool
wants_keys(capture *c)
{
    if (c->question->with_keys && heapy_address_map_create(&c->search.keys, NULL))
        c->out_of_memory = true;
    return !c->out_of_memory;
}

/* What is hidden does not refer to anything; the root hides as an object, and refers. */
static inline void
drop_hidden_sources(capture *c)
{
    for (size_t i = 0; i < c->excluded_count; i++)
        if (c->excluded[i] != (uintptr_t)c->state->root)
            heapy_address_map_remove(c->search.sources, c->excluded[i]);
}

#endif
