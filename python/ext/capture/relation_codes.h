/* SPDX-License-Identifier: MIT */
/* The ways in which one object may refer to another. */
#ifndef HEAPY_RELATION_CODES_H
#define HEAPY_RELATION_CODES_H

/* The codes of guppy's relations. */
typedef enum relation_code {
    CODE_IDENTITY,
    CODE_ATTRIBUTE,
    CODE_INDEX,
    CODE_KEY,
    CODE_INTERNAL,
    CODE_ATTRIBUTE_NAME,
    CODE_LOCAL,
    CODE_CELL,
    CODE_STACK,
    CODE_MEMBER,
    CODE_FORMATTED,
    CODE_COUNT,
    CODE_UNKNOWN = -1
} relation_code;

#endif
