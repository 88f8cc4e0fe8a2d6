/* SPDX-License-Identifier: MIT */
/* Atoms as expressions of Python that make them again (K-70 to K-85). */
#ifndef HEAPY_KIND_EXPRESSION_H
#define HEAPY_KIND_EXPRESSION_H

#include "text_maker.h"

/* {prefix}Size(24) and the like; of an atom that compares, the class that it is compared with. */
void heapy__put_class(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out);

/* {prefix}Clodo.sokind(a)(b), or {prefix}sonokind: the set of kinds of an atom of referrers. */
void heapy__put_set_of_kinds(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out);

#endif
