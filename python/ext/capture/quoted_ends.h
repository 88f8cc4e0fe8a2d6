/* SPDX-License-Identifier: MIT */
/* str and bytes in quotes, as Python's repr() and reprlib.repr() have them, by plain reads. */
#ifndef HEAPY_QUOTED_ENDS_H
#define HEAPY_QUOTED_ENDS_H

#include "capture/text_out.h"

/* Write all of it, as repr() does. */
void put_str_repr(text_out *out, PyObject *str);
void put_bytes_repr(text_out *out, PyObject *bytes);

/* Write at most 30 characters, the ends of what is longer, as reprlib.repr() does.  as_reprlib: also where
 * that repeats the end of a short str, of which only the escapes are long. */
void put_short_str(text_out *out, PyObject *str, bool as_reprlib);
void put_short_bytes(text_out *out, PyObject *bytes);

#endif
