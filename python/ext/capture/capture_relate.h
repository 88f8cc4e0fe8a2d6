/* SPDX-License-Identifier: MIT */
/* Relations between two objects that hold without a reference. */
#ifndef HEAPY_CAPTURE_RELATE_H
#define HEAPY_CAPTURE_RELATE_H

#include "capture/capture.h"

#include <heapy/reference.h>

typedef struct found_relation {
    heapy_reference_code code;
    PyObject *relator; /* borrowed; NULL: the number */
    size_t number;
} found_relation;

typedef struct found_relations {
    found_relation *items; /* owned, heapy_free() */
    size_t count, capacity;
} found_relations;

/* Add what relates the two to a zeroed `out`. */
heapy_status capture_find_direct_relations(struct capture *c, PyObject *source, const PyObject *target,
                                           found_relations *out, heapy_error *err);

#endif
