/* SPDX-License-Identifier: MIT */
/*
 * Names of the words in the structs of classes that mypyc has compiled.
 *
 * Such a class tells its attributes in order, those of its base after its own, in `__mypyc_attrs__` and in
 * tp_getset, but neither where they are nor how wide: a bool takes a byte, a tuple has its items in the
 * struct.  The code of a getter may tell the word (getter_code.h).  The words between have a name only where
 * counting leaves one attribute that can be there, whatever the others are.  What a class tells is believed
 * where it agrees with its tp_getset and with its base, and what getters tell where it is in the order of the
 * attributes.  Only the type's struct, exact dicts, tuples and strings, and code are read; nothing is called.
 */
#ifndef HEAPY_MYPYC_FIELDS_H
#define HEAPY_MYPYC_FIELDS_H

#include "capture/capture_internal.h"

/* Look for the attributes of the record's base; record->attribute_words stays NULL where it is no class of
   mypyc's, or one that does not add up.  False: no memory. */
bool mypyc_fields_find(capture *c, type_record *record);

/* Let the first instances show which words hold references.  Calls tp_traverse. */
void mypyc_fields_look(capture *c, type_record *record, PyObject *object);

/* Is the word an int attribute's that is too large for the word itself, so that it holds `target` and a bit?
   (mypyc's tagged integers: lib-rt/CPy.h, CPY_INT_TAG) */
bool mypyc_field_is_tagged(const PyObject *word, const PyObject *target);

/* The attribute of which word number `word` behind the object's header is a part; NULL: several may be.
   Borrowed from the type. */
const char *mypyc_field_name(const mypyc_fields *fields, size_t word);

#endif
