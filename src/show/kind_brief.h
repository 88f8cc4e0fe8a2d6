/* SPDX-License-Identifier: MIT */
/* Atoms in short, and what stands in a table's row of their kind (K-57 to K-59a, R-60, R-93). */
#ifndef HEAPY_KIND_BRIEF_H
#define HEAPY_KIND_BRIEF_H

#include "text_maker.h"

void heapy__put_brief(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out);

/* The parts of a brief that an expression has too. */
void heapy__put_references(const heapy_atom *atom, heapy__string_buffer *out);
void heapy__put_members(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out);
void heapy__put_module_name(const heapy_atom *atom, heapy__string_buffer *out);

#endif
