/* SPDX-License-Identifier: MIT */
/*
 * References of C types of the standard library, and of numpy, that tp_traverse leaves out or that have none:
 * what an object of such a type alone holds would not be in the heap (H-30).  Types are known by name and
 * size, versions by the struct: Modules/_io/textio.c, Modules/_io/bufferedio.c, Modules/_decimal/_decimal.c,
 * Modules/_ssl.c, Modules/_sre/sre.h, Modules/zlibmodule.c;
 * numpy/core/src/multiarray/arrayfunction_override.c (since numpy 1.25).
 */
#ifndef HEAPY_UNTOLD_FIELDS_H
#define HEAPY_UNTOLD_FIELDS_H

#include "cpython/internals.h"
#include "cpython/object_field.h"

#include <string.h>

/* Those of `type`; NULL and 0: none. */
static inline const object_field *
untold_fields_of(const PyTypeObject *type, size_t *count)
{
#define WORD(n, name) {sizeof(PyObject) + (n) * sizeof(void *), name, true}
    static const object_field dispatcher_fields[] = {WORD(2, "relevant_arg_func"), WORD(3, "default_impl"),
                                                     WORD(4, "dispatcher_name"), WORD(5, "public_name")};
#if PY_VERSION_HEX < 0x030E0000
    static const object_field scanner_fields[] = {WORD(5, "string")};
    static const object_field socket_fields[] = {WORD(2, "ctx")};
    static const object_field inflate_fields[] = {WORD(17, "zdict")};
#endif
#if PY_VERSION_HEX < 0x030D0000
    static const object_field context_fields[] = {WORD(6, "traps"), WORD(7, "flags")};
#endif
#if PY_VERSION_HEX < 0x030C0000
    static const object_field newline_fields[] = {WORD(0, "decoder"), WORD(1, "errors")};
    static const object_field pair_fields[] = {WORD(0, "reader"), WORD(1, "writer")};
#endif
#undef WORD
#define TYPE(name, words, fields)                                                                            \
    {name, sizeof(PyObject) + (words) * sizeof(void *), fields, sizeof fields / sizeof *fields}
    static const struct {
        const char *name;
        size_t size;
        const object_field *fields;
        size_t count;
    } types[] = {
        TYPE("numpy._ArrayFunctionDispatcher", 6, dispatcher_fields),
#if PY_VERSION_HEX >= 0x030D0000 && PY_VERSION_HEX < 0x030E0000
        TYPE("_sre.SRE_Scanner", 29, scanner_fields),
        TYPE("_sre.SRE_Scanner", 31, scanner_fields), /* 3.13.5: more behind it */
#elif PY_VERSION_HEX < 0x030D0000
        TYPE("_sre.SRE_Scanner", 28, scanner_fields),
        TYPE("decimal.Context", 10, context_fields),
#endif
#if PY_VERSION_HEX >= 0x030C0000 && PY_VERSION_HEX < 0x030E0000
        TYPE("_ssl._SSLSocket", 8, socket_fields),
#elif PY_VERSION_HEX < 0x030C0000
        TYPE("_ssl._SSLSocket", 10, socket_fields),
        TYPE("_io.IncrementalNewlineDecoder", 3, newline_fields),
        TYPE("_io.BufferedRWPair", 4, pair_fields),
#endif
#if PY_VERSION_HEX < 0x030E0000
        TYPE("zlib.Decompress", 19, inflate_fields),
#endif
    };
#undef TYPE
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if ((size_t)type->tp_basicsize == types[i].size && !strcmp(type->tp_name, types[i].name)) {
            *count = types[i].count;
            return types[i].fields;
        }
    *count = 0;
    return NULL;
}

#endif
