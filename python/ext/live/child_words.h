/* SPDX-License-Identifier: MIT */
/* The words of a snapshot in a forked child: plain reads, nothing of Python's. */
#ifndef HEAPY_CHILD_WORDS_H
#define HEAPY_CHILD_WORDS_H

#include <Python.h>
#include <heapy/snapshot.h>

#include "capture/capture.h"

/* All are borrowed. */
typedef struct child_words {
    capture_state *state;
    const heapy_address_map *map; /* of the nodes */
    const dict_owners *owners;    /* those that are no nodes, in order of the dicts */
} child_words;

/* words: lives as long as what is made of it. */
heapy_words words_of_child(child_words *words);

#endif
