/* SPDX-License-Identifier: MIT */
/* Texts that are made one by one, sorted and joined.  A zeroed struct is empty. */
#ifndef HEAPY_BASE_TEXT_LIST_H
#define HEAPY_BASE_TEXT_LIST_H

#include "string_buffer.h"

typedef struct heapy__text_list {
    char **texts; /* owned, each too */
    size_t count, capacity;
} heapy__text_list;

/* Append what is in the buffer, which is emptied.  False: no memory. */
bool heapy__text_list_append(heapy__text_list *list, heapy__string_buffer *text);

/* Put them into `out` with `separator` between, in the order of their characters if `sorts`, and free them.
 */
void heapy__text_list_join(heapy__text_list *list, bool sorts, const char *separator,
                           heapy__string_buffer *out);

void heapy__text_list_deinit(heapy__text_list *list);

#endif
