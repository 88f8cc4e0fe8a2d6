/* SPDX-License-Identifier: MIT */
#include "kind_brief.h"

#include <inttypes.h>
#include <string.h>

#include "../base/fail.h"
#include "../sets/kind_internal.h"
#include "classifier_text.h"

/* ---- rows ---- */

static void put_row(text_maker *maker, const heapy_kind *kind, heapy__string_buffer *out);

/* Write the rows of the referrers' kinds, sorted. */
static void
put_rows(text_maker *maker, const heapy_atom *atom, const char *nothing, heapy__string_buffer *out)
{
    heapy__text_list rows = {0};
    heapy__string_buffer text = {0};
    for (size_t i = 0; i < atom->kind_count; i++) {
        put_row(maker, atom->kinds[i], &text);
        append_text(maker, &rows, &text);
    }
    put_list(&rows, true, ", ", nothing, out);
}

void
heapy__put_references(const heapy_atom *atom, heapy__string_buffer *out)
{
    for (size_t i = 0; i < atom->text_count; i++) /* they are sorted */
        put_three(out, i ? ", " : "", atom->texts[i], "");
}

/* A row says some classes otherwise than a brief, and again otherwise as one of several factors.  False: not
 * this one. */
static bool
put_row_of_atom(text_maker *maker, const heapy_atom *atom, bool is_factor, heapy__string_buffer *out)
{
    const char *open = is_factor ? "{" : "", *close = is_factor ? "}" : "";
    switch (atom->form) {
    case HEAPY_ATOM_SIZE:
        if (!is_factor && strlen(atom->name) < 9)
            heapy__string_buffer_pad(out, 9 - strlen(atom->name));
        put(out, atom->name);
        return true;
    case HEAPY_ATOM_REFERRERS:
        put(out, open);
        put_rows(maker, atom, is_factor ? "" : "<Nothing>", out);
        put(out, close);
        return true;
    case HEAPY_ATOM_REFERENCES:
        put(out, open);
        heapy__put_references(atom, out);
        put(out, close);
        return true;
    default:
        return false;
    }
}

/* Write what stands in a row of the kind: of a class by several classifiers its factors, joined. */
static void
put_row(text_maker *maker, const heapy_kind *kind, heapy__string_buffer *out)
{
    const heapy_atom *only = heapy_kind_atom(kind);
    if (only && only->comparison == HEAPY_EQ && put_row_of_atom(maker, only, false, out))
        return;
    if (kind->count != 1 || kind->terms[0].count < 2) {
        maker->put_kind(maker, kind, out);
        return;
    }
    for (size_t i = 0; i < kind->terms[0].count; i++) {
        const kind_literal *literal = &kind->terms[0].literals[i];
        put(out, i ? " & " : "");
        if (!literal->is_complement && put_row_of_atom(maker, &literal->atom->atom, true, out))
            continue;
        put(out, literal->is_complement ? "~" : "");
        heapy__put_brief(maker, &literal->atom->atom, out);
    }
}

/* ---- briefs of atoms ---- */

static void
put_type_brief(const heapy_atom *atom, heapy__string_buffer *out)
{
    static const char *const before[] = {"", "<strict subtype of ", "<subtype of ", "<supertype of ",
                                         "<strict supertype of "};
    put_three(out, before[atom->comparison], atom->name ? atom->name : "",
              atom->comparison == HEAPY_EQ ? "" : ">");
}

static void
put_referrers_brief(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out)
{
    static const char *const before[] = {
        "<referred by: ", "<referred by less than: ", "<referred by at most: ", "<referred by at least: ",
        "<referred by more than: "};
    put(out, before[atom->comparison]);
    put_rows(maker, atom, "<Nothing>", out);
    put(out, ">");
}

static void
put_producer_brief(const heapy_atom *atom, heapy__string_buffer *out)
{
    if (atom->form == HEAPY_ATOM_NO_PRODUCER) {
        put(out, "unknown");
        return;
    }
    put(out, atom->name ? atom->name : "None");
    if (atom->number != HEAPY_NO_LINE)
        heapy__string_buffer_printf(out, ":%" PRId64, atom->number);
}

static void
put_match_brief(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out)
{
    if (atom->number < 0 || (uint64_t)atom->number >= atom->kind_count) {
        put(out, "<None>");
        return;
    }
    maker->put_kind(maker, atom->kinds[atom->number], out);
    heapy__string_buffer_printf(out, " / %" PRId64, atom->number);
}

void
heapy__put_members(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out)
{
    char *text = NULL;
    if (!maker->writer.members_text) {
        heapy__string_buffer_printf(out, "<%zu objects>", heapy_address_map_count(atom->members));
        return;
    }
    if (maker->status)
        return; /* whatever the callback does would be for nothing */
    maker->status = maker->writer.members_text(maker->writer.context, atom, &text, maker->err);
    if (!maker->status && !text)
        maker->status = heapy__fail(maker->err, HEAPY_INVALID, "the writer gave no text of objects");
    if (!maker->status)
        put(out, text);
    heapy_text_free(text);
}

void
heapy__put_module_name(const heapy_atom *atom, heapy__string_buffer *out)
{
    if (atom->name)
        put(out, atom->name);
    else
        heapy__string_buffer_printf(out, "0x%" PRIx64, atom->identity);
}

static void
put_brief_of_class(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out)
{
    switch (atom->form) {
    case HEAPY_ATOM_ANYTHING:
        put(out, "<Anything>");
        break;
    case HEAPY_ATOM_TYPE:
        put_type_brief(atom, out);
        break;
    case HEAPY_ATOM_DICT_OF:
        put(out, atom->kind_count ? "dict of " : "dict (no owner)");
        if (atom->kind_count)
            maker->put_kind(maker, atom->kinds[0], out);
        break;
    case HEAPY_ATOM_SIZE:
        put_three(out, "<size ", symbol_of(atom->comparison), " ");
        put_three(out, "", atom->name, ">");
        break;
    case HEAPY_ATOM_MODULE:
        heapy__put_module_name(atom, out);
        break;
    case HEAPY_ATOM_ID:
        heapy__string_buffer_printf(out, "<id 0x%" PRIx64 ">", atom->identity);
        break;
    case HEAPY_ATOM_REFERRERS:
        put_referrers_brief(maker, atom, out);
        break;
    case HEAPY_ATOM_REFERENCES:
        put(out, "<via ");
        heapy__put_references(atom, out);
        put(out, ">");
        break;
    case HEAPY_ATOM_PRODUCER:
    case HEAPY_ATOM_NO_PRODUCER:
        put_producer_brief(atom, out);
        break;
    case HEAPY_ATOM_FACT:
        put(out, atom->name ? atom->name : "unknown");
        break;
    case HEAPY_ATOM_FIRST_MATCH:
        put_match_brief(maker, atom, out);
        break;
    case HEAPY_ATOM_MEMBERS:
        heapy__put_members(maker, atom, out);
        break;
    case HEAPY_ATOM_CLASSES:
        heapy__put_classifier_brief(maker, atom->classifier, out);
        break;
    }
}

/* The order of references and lines has no words of its own. */
void
heapy__put_brief(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out)
{
    bool is_bound = atom->comparison != HEAPY_EQ &&
                    (atom->form == HEAPY_ATOM_REFERENCES || atom->form == HEAPY_ATOM_PRODUCER ||
                     atom->form == HEAPY_ATOM_NO_PRODUCER);
    if (is_bound)
        put_three(out, "[", symbol_of(atom->comparison), " ");
    put_brief_of_class(maker, atom, out);
    put(out, is_bound ? "]" : "");
}
