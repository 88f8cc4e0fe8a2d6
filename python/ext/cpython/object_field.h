/* SPDX-License-Identifier: MIT */
/* A named pointer in a struct: what tables of fields are made of. */
#ifndef HEAPY_OBJECT_FIELD_H
#define HEAPY_OBJECT_FIELD_H

#include <stdbool.h>
#include <stddef.h>

typedef struct object_field {
    size_t offset;
    const char *name;
    bool is_internal; /* shown as ->name, not .name */
} object_field;

#endif
