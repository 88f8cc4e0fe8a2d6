/* SPDX-License-Identifier: MIT */
/*
 * The texts of kinds and classifiers: in short, as expressions, and what stands in a table's row (K-57 to
 * K-59a, K-70 to K-85, R-60, R-93).
 *
 * A kind is a union of terms of literals, which is written here; their atoms are written in short
 * (kind_brief.c) or as expressions (kind_expression.c).
 */
#include "heapy/kind_text.h"

#include <string.h>

#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "../base/text_list.h"
#include "../sets/classifier_internal.h"
#include "../sets/kind_internal.h"
#include "classifier_text.h"
#include "kind_brief.h"
#include "kind_expression.h"
#include "text_maker.h"

/* ---- kinds ---- */

static void put_atom(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out);

/* `~x`, in parentheses where it would be read wrongly.  The buffer `x` is freed. */
static void
put_complement(const text_maker *maker, heapy__string_buffer *x, heapy__string_buffer *out)
{
    const char *text = x->failed || !x->text ? "" : x->text;
    bool is_bare = !maker->writer.is_brief || !strchr(text, ' ') || *text == '(' || *text == '<';
    put_three(out, is_bare ? "~" : "~(", text, is_bare ? "" : ")");
    out->failed |= x->failed;
    heapy__string_buffer_deinit(x);
}

static void
put_literal(text_maker *maker, const heapy_atom *atom, bool is_complement, heapy__string_buffer *out)
{
    heapy__string_buffer text = {0};
    if (!is_complement) {
        put_atom(maker, atom, out);
        return;
    }
    put_atom(maker, atom, &text);
    put_complement(maker, &text, out);
}

/* Write an intersection.  less: a complement that comes first, or NULL. */
static void
put_term(text_maker *maker, const kind_term *term, const char *less, heapy__string_buffer *out)
{
    bool is_several = term->count + (less != NULL) > 1;
    heapy__string_buffer removed = {0};
    put(out, is_several ? "(" : "");
    if (less) {
        put(&removed, less);
        put_complement(maker, &removed, out);
    }
    for (size_t i = 0; i < term->count; i++) {
        put(out, i || less ? " & " : "");
        put_literal(maker, &term->literals[i].atom->atom, term->literals[i].is_complement, out);
    }
    if (!term->count && !less) {
        put_nothing(maker, &removed);
        put_complement(maker, &removed, out);
    }
    put(out, is_several ? ")" : "");
}

/* Write a union.  more, less: as in heapy_kind_writer. */
static void
put_union(text_maker *maker, const heapy_kind *kind, const char *more, const char *const *less,
          heapy__string_buffer *out)
{
    heapy__text_list terms = {0};
    heapy__string_buffer text = {0};
    for (size_t t = 0; t < kind->count; t++) {
        put_term(maker, &kind->terms[t], less ? less[t] : NULL, &text);
        append_text(maker, &terms, &text);
    }
    if (more) {
        put(&text, more);
        append_text(maker, &terms, &text);
    }
    bool is_several = terms.count > 1;
    if (!terms.count)
        put_nothing(maker, out);
    put(out, is_several ? "(" : "");
    put_list(&terms, true, " | ", "", out);
    put(out, is_several ? ")" : "");
}

static void
put_kind(text_maker *maker, const heapy_kind *kind, heapy__string_buffer *out)
{
    put_union(maker, kind, NULL, NULL, out);
}

static void
put_atom(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out)
{
    if (maker->writer.is_brief) {
        heapy__put_brief(maker, atom, out);
        return;
    }
    heapy__put_class(maker, atom, out);
    if (atom->comparison != HEAPY_EQ)
        put_three(out, ".alt('", symbol_of(atom->comparison), "')");
}

/* ---- all ---- */

/* Hand out the text in the buffer, or say what failed. */
static heapy_status
hand_out(const text_maker *maker, heapy__string_buffer *out, char **text)
{
    heapy_status status = maker->status;
    if (status == HEAPY_NO_MEMORY || (!status && out->failed))
        status = heapy__fail(maker->err, HEAPY_NO_MEMORY, "no memory for the text of a kind");
    if (status)
        heapy__string_buffer_deinit(out);
    else
        *text = out->text;
    return status;
}

heapy_status
heapy_kind_text(const heapy_kind *kind, const heapy_kind_writer *writer, char **text, heapy_error *err)
{
    if (!kind || !writer || !text)
        return heapy__fail_null(err, "kind, writer or text");
    text_maker maker = {.writer = *writer, .put_kind = put_kind, .err = err};
    heapy__string_buffer out = {0};
    put_union(&maker, kind, writer->more, writer->less, &out);
    return hand_out(&maker, &out, text);
}

heapy_status
heapy_kind_set_text(const heapy_atom *referrers, const heapy_kind_writer *writer, char **text,
                    heapy_error *err)
{
    if (!referrers || !writer || !text)
        return heapy__fail_null(err, "referrers, writer or text");
    if (referrers->form != HEAPY_ATOM_REFERRERS)
        return heapy__fail(err, HEAPY_INVALID, "an atom of form %d has no set of kinds",
                           (int)referrers->form);
    text_maker maker = {.writer = *writer, .put_kind = put_kind, .err = err};
    heapy__string_buffer out = {0};
    heapy__put_set_of_kinds(&maker, referrers, &out);
    return hand_out(&maker, &out, text);
}

heapy_status
heapy_classifier_text(const heapy_classifier *classifier, const heapy_kind_writer *writer, char **text,
                      heapy_error *err)
{
    if (!classifier || !writer || !text)
        return heapy__fail_null(err, "classifier, writer or text");
    text_maker maker = {.writer = *writer, .put_kind = put_kind, .err = err};
    heapy__string_buffer out = {0};
    if (writer->is_brief)
        heapy__put_classifier_brief(&maker, classifier, &out);
    else
        heapy__put_classifier(&maker, classifier, &out);
    return hand_out(&maker, &out, text);
}
