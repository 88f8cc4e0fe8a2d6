/* SPDX-License-Identifier: MIT */
/*
 * What texts of kinds and classifiers are made with.
 *
 * Functions append to a buffer, which remembers that memory ran out; what else fails is kept in the maker,
 * and whatever is appended after it is thrown away at the end.
 */
#ifndef HEAPY_TEXT_MAKER_H
#define HEAPY_TEXT_MAKER_H

#include <stdbool.h>

#include "../base/string_buffer.h"
#include "../base/text_list.h"
#include "heapy/kind.h"
#include "heapy/kind_text.h"
#include "heapy/status.h"

typedef struct text_maker text_maker;

struct text_maker {
    heapy_kind_writer writer; /* more and less are of the outermost kind */
    /* What an atom names is a kind again, which is written so: atoms know no more of it. */
    void (*put_kind)(text_maker *maker, const heapy_kind *kind, heapy__string_buffer *out);
    heapy_status status;
    heapy_error *err;
};

static inline const char *
symbol_of(heapy_comparison comparison)
{
    static const char *const symbols[] = {"=", "<", "<=", ">=", ">"};
    return symbols[comparison];
}

static inline void
put(heapy__string_buffer *out, const char *text)
{
    heapy__string_buffer_puts(out, text);
}

/* Write a text between two others. */
static inline void
put_three(heapy__string_buffer *out, const char *before, const char *text, const char *after)
{
    put(out, before);
    put(out, text);
    put(out, after);
}

static inline void
put_prefix(const text_maker *maker, heapy__string_buffer *out)
{
    put(out, maker->writer.prefix ? maker->writer.prefix : "");
}

/* Append what is in the buffer, which is emptied. */
static inline void
append_text(text_maker *maker, heapy__text_list *list, heapy__string_buffer *text)
{
    if (!heapy__text_list_append(list, text) && !maker->status)
        maker->status = HEAPY_NO_MEMORY;
}

/* Append the texts of the list, joined, or `nothing` where there are none. */
static inline void
put_list(heapy__text_list *list, bool sorts, const char *separator, const char *nothing,
         heapy__string_buffer *out)
{
    put(out, list->count ? "" : nothing);
    heapy__text_list_join(list, sorts, separator, out);
}

static inline void
put_nothing(const text_maker *maker, heapy__string_buffer *out)
{
    if (maker->writer.is_brief) {
        put(out, "<Nothing>");
    } else {
        put_prefix(maker, out);
        put(out, "Nothing");
    }
}

#endif
