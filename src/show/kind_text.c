/* SPDX-License-Identifier: MIT */
/* The text of kinds (K-57 to K-59a). */
#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "../sets/kind_internal.h"
#include "heapy/kind_text.h"
#include "heapy/memory.h"

/* `~x`, in parentheses where it would be read wrongly. */
static void
put_complement(heapy__string_buffer *out, const char *text, bool is_expression)
{
    bool is_bare = is_expression || !strchr(text, ' ') || *text == '(' || *text == '<';
    heapy__string_buffer_puts(out, is_bare ? "~" : "~(");
    heapy__string_buffer_puts(out, text);
    if (!is_bare)
        heapy__string_buffer_puts(out, ")");
}

static heapy_status
put_literal(heapy__string_buffer *out, const kind_literal *literal, const heapy_kind_writer *writer,
            heapy_error *err)
{
    char *text = NULL;
    heapy_status status = writer->atom_text(&literal->atom->atom, writer->context, &text, err);
    if (!status && !text)
        status = heapy__fail(err, HEAPY_INVALID, "the writer gave no text of an atom");
    if (status)
        return status;
    if (literal->is_complement)
        put_complement(out, text, writer->is_expression);
    else
        heapy__string_buffer_puts(out, text);
    heapy_free(text);
    return HEAPY_OK;
}

/* `less`: a complement that comes first, or NULL. */
static heapy_status
put_term(heapy__string_buffer *out, const kind_term *term, const char *less, const heapy_kind_writer *writer,
         heapy_error *err)
{
    heapy_status status = HEAPY_OK;
    bool is_several = term->count + (less != NULL) > 1;
    if (is_several)
        heapy__string_buffer_puts(out, "(");
    if (less)
        put_complement(out, less, writer->is_expression);
    for (size_t i = 0; !status && i < term->count; i++) {
        if (i || less)
            heapy__string_buffer_puts(out, " & ");
        status = put_literal(out, &term->literals[i], writer, err);
    }
    if (is_several)
        heapy__string_buffer_puts(out, ")");
    if (!term->count && !less)
        put_complement(out, writer->nothing, writer->is_expression);
    return status;
}

static int
compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "(a | b)" of `count` texts, in their order; a single one as it is. */
static void
join_terms(heapy__string_buffer *out, char *const *texts, size_t count)
{
    if (count != 1)
        heapy__string_buffer_puts(out, "(");
    for (size_t i = 0; i < count; i++) {
        if (i)
            heapy__string_buffer_puts(out, " | ");
        heapy__string_buffer_puts(out, texts[i]);
    }
    if (count != 1)
        heapy__string_buffer_puts(out, ")");
}

heapy_status
heapy_kind_text(const heapy_kind *kind, const heapy_kind_writer *writer, char **text, heapy_error *err)
{
    if (!kind || !writer || !writer->atom_text || !writer->nothing || !text)
        return heapy__fail_null(err, "kind, writer, its atom_text or nothing, or text");
    size_t count = kind->count + (writer->more != NULL), made = 0;
    char **texts = heapy_alloc_zeroed(count, sizeof *texts);
    heapy_status status = texts ? HEAPY_OK : HEAPY_NO_MEMORY;
    heapy__string_buffer buffer = {0};
    for (; !status && made < count; made++) {
        buffer = (heapy__string_buffer){0};
        if (made < kind->count)
            status =
                put_term(&buffer, &kind->terms[made], writer->less ? writer->less[made] : NULL, writer, err);
        else
            heapy__string_buffer_puts(&buffer, writer->more);
        if (buffer.failed && !status)
            status = HEAPY_NO_MEMORY;
        texts[made] = buffer.text;
    }
    buffer = (heapy__string_buffer){0};
    if (!status && count > 1)
        qsort(texts, count, sizeof *texts, compare_texts);
    if (!status && count)
        join_terms(&buffer, texts, count);
    else if (!status)
        heapy__string_buffer_puts(&buffer, writer->nothing);
    if (buffer.failed)
        status = HEAPY_NO_MEMORY;
    for (size_t i = 0; texts && i < made; i++)
        heapy_free(texts[i]);
    heapy_free(texts);
    if (status == HEAPY_NO_MEMORY) {
        heapy__string_buffer_deinit(&buffer);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the text of a kind");
    }
    if (status) {
        heapy__string_buffer_deinit(&buffer);
        return status;
    }
    *text = buffer.text;
    return HEAPY_OK;
}
