/* SPDX-License-Identifier: MIT */
/*
 * Names of the words in the structs of C types, as their getters tell them.
 *
 * What a type shows by functions in tp_getset, as Cython's classes do with their `readonly` and `public`
 * attributes, has a name and no place.  Where the code of such a function tells that it returns one word of
 * the struct (getter_code.h), that word has its name.  Asked only for words that nothing else names; the
 * functions are not called.
 */
#ifndef HEAPY_GETTER_FIELDS_H
#define HEAPY_GETTER_FIELDS_H

#include "capture/capture_internal.h"

/* The attribute that word number `word` behind the object's header is; NULL: it is not known, or there was no
   memory, which c->out_of_memory says.  Borrowed from the type.  The first question about a type reads all
   its getters. */
const char *getter_field_name(capture *c, type_record *record, size_t word);

#endif
