/* SPDX-License-Identifier: MIT */
/* References as parts of longer texts. */
#ifndef HEAPY_REFERENCE_INTERNAL_H
#define HEAPY_REFERENCE_INTERNAL_H

#include "../base/string_buffer.h"
#include "heapy/reference.h"

/* Append what is written behind the source; what stands before it is the form's. */
heapy_status heapy__reference_put_rest(const heapy_snapshot *snapshot, heapy_reference reference,
                                       heapy_text_use use, heapy__string_buffer *out, heapy_error *err);

#endif
