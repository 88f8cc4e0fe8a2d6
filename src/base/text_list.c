/* SPDX-License-Identifier: MIT */
#include "text_list.h"

#include <stdlib.h>
#include <string.h>

#include "heapy/memory.h"

bool
heapy__text_list_append(heapy__text_list *list, heapy__string_buffer *text)
{
    heapy__string_buffer_puts(text, ""); /* a text even where there is nothing */
    char **texts = NULL;
    if (!text->failed)
        texts = heapy_grow(list->texts, list->count, &list->capacity, sizeof *texts);
    if (!texts) {
        heapy__string_buffer_deinit(text);
        return false;
    }
    list->texts = texts;
    texts[list->count++] = text->text;
    *text = (heapy__string_buffer){0};
    return true;
}

/* UTF-8 is in the order of its characters. */
static int
compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void
heapy__text_list_join(heapy__text_list *list, bool sorts, const char *separator, heapy__string_buffer *out)
{
    if (sorts && list->count > 1)
        qsort(list->texts, list->count, sizeof *list->texts, compare_texts);
    for (size_t i = 0; i < list->count; i++) {
        heapy__string_buffer_puts(out, i ? separator : "");
        heapy__string_buffer_puts(out, list->texts[i]);
    }
    heapy__text_list_deinit(list);
}

void
heapy__text_list_deinit(heapy__text_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        heapy_free(list->texts[i]);
    heapy_free(list->texts);
    *list = (heapy__text_list){0};
}
