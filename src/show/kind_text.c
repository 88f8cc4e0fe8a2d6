/* SPDX-License-Identifier: MIT */
/*
 * The texts of kinds and classifiers: in short, as expressions, and what stands in a table's row (K-57 to
 * K-59a, K-70 to K-85, R-60, R-93).
 *
 * Functions append to a buffer, which remembers that memory ran out; what else fails is kept in the maker,
 * and whatever is appended after it is thrown away at the end.
 */
#include "heapy/kind_text.h"

#include <inttypes.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/quoted_text.h"
#include "../base/string_buffer.h"
#include "../base/text_list.h"
#include "../sets/classifier_internal.h"
#include "../sets/kind_internal.h"

typedef struct text_maker {
    heapy_kind_writer writer; /* more and less are of the outermost kind */
    heapy_status status;
    heapy_error *err;
} text_maker;

/* The symbols of heapy_comparison. */
static const char *const symbols[] = {"=", "<", "<=", ">=", ">"};

static void
put(heapy__string_buffer *out, const char *text)
{
    heapy__string_buffer_puts(out, text);
}

/* A text between two others. */
static void
put_three(heapy__string_buffer *out, const char *before, const char *text, const char *after)
{
    put(out, before);
    put(out, text);
    put(out, after);
}

static void
put_prefix(const text_maker *maker, heapy__string_buffer *out)
{
    put(out, maker->writer.prefix ? maker->writer.prefix : "");
}

/* Append what is in the buffer, which is emptied. */
static void
append_text(text_maker *maker, heapy__text_list *list, heapy__string_buffer *text)
{
    if (!heapy__text_list_append(list, text) && !maker->status)
        maker->status = HEAPY_NO_MEMORY;
}

/* Append them joined.  nothing: where there are none. */
static void
put_list(heapy__text_list *list, bool sorts, const char *separator, const char *nothing,
         heapy__string_buffer *out)
{
    put(out, list->count ? "" : nothing);
    heapy__text_list_join(list, sorts, separator, out);
}

/* ---- kinds ---- */

static void put_atom(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out);

static void
put_nothing(const text_maker *maker, heapy__string_buffer *out)
{
    if (maker->writer.is_brief) {
        put(out, "<Nothing>");
    } else {
        put_prefix(maker, out);
        put(out, "Nothing");
    }
}

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

/* less: a complement that comes first, or NULL. */
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

/* more, less: as in heapy_kind_writer. */
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

/* ---- classifiers ---- */

static void
put_classifier(text_maker *maker, const heapy_classifier *by, heapy__string_buffer *out)
{
    heapy__text_list parts = {0};
    heapy__string_buffer text = {0};
    const bool was_brief = maker->writer.is_brief;
    maker->writer.is_brief = false;
    for (size_t i = 0; i < by->part_count; i++) {
        put_classifier(maker, by->parts[i], &text);
        append_text(maker, &parts, &text);
    }
    for (size_t i = 0; i < by->kind_count; i++) {
        put_kind(maker, by->kinds[i], &text);
        append_text(maker, &parts, &text);
    }
    switch (by->row->parts) {
    case PARTS_NONE:
    case PARTS_FACT:
        put_prefix(maker, out);
        put(out, heapy_classifier_name(by));
        break;
    case PARTS_ONE:
        put_list(&parts, false, "", "", out);
        put_three(out, ".", heapy_classifier_name(by), "");
        break;
    case PARTS_SEVERAL:
        put(out, "(");
        put_list(&parts, false, " & ", "", out);
        put(out, ")");
        break;
    case PARTS_KINDS:
        put_prefix(maker, out);
        put_three(out, "", heapy_classifier_name(by), "(");
        put_list(&parts, false, ", ", "", out);
        put(out, ")");
        break;
    }
    maker->writer.is_brief = was_brief;
}

static void
put_classifier_brief(text_maker *maker, const heapy_classifier *by, heapy__string_buffer *out)
{
    put(out, "Equiv. relation ");
    if (by->row->parts == PARTS_NONE || by->row->parts == PARTS_FACT)
        put(out, heapy_classifier_name(by));
    else
        put_classifier(maker, by, out);
}

/* ---- rows ---- */

static void put_row(text_maker *maker, const heapy_kind *kind, heapy__string_buffer *out);

/* The rows of the referrers' kinds, sorted. */
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

static void
put_references(const heapy_atom *atom, heapy__string_buffer *out)
{
    for (size_t i = 0; i < atom->text_count; i++) /* they are sorted */
        put_three(out, i ? ", " : "", atom->texts[i], "");
}

/* Of some classes a row says it otherwise than a brief, and again otherwise as one of several factors. False:
   not of this one. */
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
        put_references(atom, out);
        put(out, close);
        return true;
    default:
        return false;
    }
}

/* Of a class of several classifiers its factors joined. */
static void
put_row(text_maker *maker, const heapy_kind *kind, heapy__string_buffer *out)
{
    const heapy_atom *only = heapy_kind_atom(kind);
    if (only && only->comparison == HEAPY_EQ && put_row_of_atom(maker, only, false, out))
        return;
    if (kind->count != 1 || kind->terms[0].count < 2) {
        put_kind(maker, kind, out);
        return;
    }
    for (size_t i = 0; i < kind->terms[0].count; i++) {
        const kind_literal *literal = &kind->terms[0].literals[i];
        put(out, i ? " & " : "");
        if (!literal->is_complement && put_row_of_atom(maker, &literal->atom->atom, true, out))
            continue;
        put(out, literal->is_complement ? "~" : "");
        put_atom(maker, &literal->atom->atom, out);
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
    put_kind(maker, atom->kinds[atom->number], out);
    heapy__string_buffer_printf(out, " / %" PRId64, atom->number);
}

static void
put_members(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out)
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

static void
put_module_name(const heapy_atom *atom, heapy__string_buffer *out)
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
            put_kind(maker, atom->kinds[0], out);
        break;
    case HEAPY_ATOM_SIZE:
        put_three(out, "<size ", symbols[atom->comparison], " ");
        put_three(out, "", atom->name, ">");
        break;
    case HEAPY_ATOM_MODULE:
        put_module_name(atom, out);
        break;
    case HEAPY_ATOM_ID:
        heapy__string_buffer_printf(out, "<id 0x%" PRIx64 ">", atom->identity);
        break;
    case HEAPY_ATOM_REFERRERS:
        put_referrers_brief(maker, atom, out);
        break;
    case HEAPY_ATOM_REFERENCES:
        put(out, "<via ");
        put_references(atom, out);
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
        put_members(maker, atom, out);
        break;
    case HEAPY_ATOM_CLASSES:
        put_classifier_brief(maker, atom->classifier, out);
        break;
    }
}

/* The order of references and lines has no words of its own. */
static void
put_brief(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out)
{
    bool is_bound = atom->comparison != HEAPY_EQ &&
                    (atom->form == HEAPY_ATOM_REFERENCES || atom->form == HEAPY_ATOM_PRODUCER ||
                     atom->form == HEAPY_ATOM_NO_PRODUCER);
    if (is_bound)
        put_three(out, "[", symbols[atom->comparison], " ");
    put_brief_of_class(maker, atom, out);
    put(out, is_bound ? "]" : "");
}

/* ---- atoms as arguments ---- */

static void
put_quoted(heapy__string_buffer *out, const char *text)
{
    heapy__string_buffer_quote(out, text, strlen(text));
}

/* '<type MOD.NAME at 0x...>' in quotes. */
static void
put_type_argument(const heapy_atom *atom, heapy__string_buffer *out)
{
    heapy__string_buffer text = {0};
    put(&text, "<type ");
    if (atom->is_alias && atom->module && atom->qualname)
        put_three(&text, atom->module, ".", atom->qualname);
    else
        put(&text, atom->name ? atom->name : "");
    heapy__string_buffer_printf(&text, " at 0x%" PRIx64 ">", atom->identity);
    if (!text.failed)
        put_quoted(out, text.text);
    out->failed |= text.failed;
    heapy__string_buffer_deinit(&text);
}

/* 'name', with the address where that is not enough. */
static void
put_module_argument(const text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out)
{
    heapy__string_buffer name = {0};
    put_module_name(atom, &name);
    if (!name.failed)
        put_quoted(out, name.text);
    if (!name.failed && maker->writer.finds_module &&
        !maker->writer.finds_module(maker->writer.context, name.text, atom->identity))
        heapy__string_buffer_printf(out, ", at=0x%" PRIx64, atom->identity);
    out->failed |= name.failed;
    heapy__string_buffer_deinit(&name);
}

static void
put_producer_argument(const heapy_atom *atom, heapy__string_buffer *out)
{
    if (atom->form == HEAPY_ATOM_NO_PRODUCER)
        return;
    if (atom->name)
        put_quoted(out, atom->name);
    else
        put(out, "None");
    if (atom->number == HEAPY_NO_LINE)
        put(out, ", None");
    else
        heapy__string_buffer_printf(out, ", %" PRId64, atom->number);
}

static void
put_dicts_argument(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out)
{
    const heapy_atom *owner = NULL;
    if (atom->kind_count)
        owner = heapy_kind_atom(atom->kinds[0]);
    if (!atom->kind_count) {
        put(out, "dictof=()");
    } else if (owner && owner->form == HEAPY_ATOM_TYPE) {
        put(out, "dictof=");
        put_type_argument(owner, out);
    } else {
        put_kind(maker, atom->kinds[0], out);
    }
}

static void put_set_of_kinds(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out);

/* What is passed to a classifier, or to its sokind, to name the class. */
static void
put_argument(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out)
{
    switch (atom->form) {
    case HEAPY_ATOM_TYPE:
        put_type_argument(atom, out);
        break;
    case HEAPY_ATOM_DICT_OF:
        put_dicts_argument(maker, atom, out);
        break;
    case HEAPY_ATOM_SIZE:
        put(out, atom->name);
        break;
    case HEAPY_ATOM_MODULE:
        put_module_argument(maker, atom, out);
        break;
    case HEAPY_ATOM_ID:
        heapy__string_buffer_printf(out, "0x%" PRIx64, atom->identity);
        break;
    case HEAPY_ATOM_REFERRERS:
        put_set_of_kinds(maker, atom, out);
        break;
    case HEAPY_ATOM_REFERENCES:
        put_references(atom, out);
        break;
    case HEAPY_ATOM_PRODUCER:
    case HEAPY_ATOM_NO_PRODUCER:
        put_producer_argument(atom, out);
        break;
    case HEAPY_ATOM_FACT:
        if (atom->name)
            put_quoted(out, atom->name);
        break;
    case HEAPY_ATOM_FIRST_MATCH:
        heapy__string_buffer_printf(out, "%" PRId64, atom->number);
        break;
    case HEAPY_ATOM_ANYTHING:
        put(out, "None");
        break;
    case HEAPY_ATOM_MEMBERS:
        put_members(maker, atom, out);
        break;
    case HEAPY_ATOM_CLASSES:
        put_classifier_brief(maker, atom->classifier, out);
        break;
    }
}

/* The argument that names one of the kinds of a set. */
static void
put_set_argument(text_maker *maker, const heapy_classifier *by, const heapy_kind *kind,
                 heapy__string_buffer *out)
{
    const heapy_atom *atom = heapy_kind_atom(kind);
    bool by_owner = by->form == HEAPY_BY_OWNER;
    if (by_owner && atom && atom->form == HEAPY_ATOM_DICT_OF && atom->kind_count)
        put_kind(maker, atom->kinds[0], out);
    else if (by_owner && atom && atom->form == HEAPY_ATOM_DICT_OF)
        put_nothing(maker, out);
    else if (by_owner && !atom)
        put(out, "None");
    else if (atom && atom->comparison == HEAPY_EQ)
        put_argument(maker, atom, out);
    else if (by->form != HEAPY_BY_MODULE) /* the modules' other class is made without argument */
        put_kind(maker, kind, out);
}

/* {prefix}Clodo.sokind(a)(b), or {prefix}sonokind. */
static void
put_set_of_kinds(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out)
{
    if (!atom->kind_count) {
        put_prefix(maker, out);
        put(out, "sonokind");
        return;
    }
    put_classifier(maker, atom->classifier, out);
    for (size_t i = 0; i < atom->kind_count; i++) {
        put(out, i ? "(" : ".sokind(");
        put_set_argument(maker, atom->classifier, atom->kinds[i], out);
        put(out, ")");
    }
}

/* ---- atoms as expressions ---- */

/* X of hp.Type.X, which finds `types.XType`: the well-known names that end so, and two that are shown
   otherwise. length: of X.  NULL: it is none of those. */
static const char *
attribute_of_type(const heapy_atom *atom, size_t *length)
{
    static const char prefix[] = "types.", suffix[] = "Type";
    const char *name = atom->is_alias && atom->name ? atom->name : "";
    size_t all = strlen(name), ends = sizeof prefix - 1 + sizeof suffix - 1;
    const char *known = NULL;
    if (!strcmp(name, "function"))
        known = "Lambda";
    else if (!strcmp(name, "module"))
        known = "Module";
    if (!known && (all <= ends || strncmp(name, prefix, sizeof prefix - 1) != 0 ||
                   strcmp(name + all - (sizeof suffix - 1), suffix) != 0))
        return NULL;
    if (known)
        *length = strlen(known);
    else
        *length = all - ends;
    return known ? known : name + sizeof prefix - 1;
}

/* {prefix}Type.X or {prefix}Type('<type MOD.NAME at 0x...>') */
static void
put_type(const text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out)
{
    size_t length;
    const char *attribute = attribute_of_type(atom, &length);
    put_prefix(maker, out);
    if (attribute) {
        put(out, "Type.");
        heapy__string_buffer_append(out, attribute, length);
    } else {
        put(out, "Type(");
        put_type_argument(atom, out);
        put(out, ")");
    }
}

/* The owners with .dictof, in parentheses where they are a complement. */
static void
put_dicts(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out)
{
    heapy__string_buffer owners = {0};
    if (atom->kind_count)
        put_kind(maker, atom->kinds[0], &owners);
    else
        put_nothing(maker, &owners);
    bool is_complement = !owners.failed && owners.text && *owners.text == '~';
    put_three(out, is_complement ? "(" : "", owners.failed ? "" : owners.text,
              is_complement ? ").dictof" : ".dictof");
    out->failed |= owners.failed;
    heapy__string_buffer_deinit(&owners);
}

/* {prefix}Clodo.sokind(a)(b).refdby; by classifiers that make no kinds, which sokind would call:
   {by}.refdby(kind, kind). */
static void
put_referrers(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out)
{
    heapy__text_list kinds = {0};
    heapy__string_buffer text = {0};
    if (atom->classifier->form != HEAPY_BY_ALL || !atom->kind_count) {
        put_set_of_kinds(maker, atom, out);
        put(out, ".refdby");
        return;
    }
    for (size_t i = 0; i < atom->kind_count; i++) {
        put_kind(maker, atom->kinds[i], &text);
        append_text(maker, &kinds, &text);
    }
    put_classifier(maker, atom->classifier, out);
    put(out, ".refdby(");
    put_list(&kinds, true, ", ", "", out);
    put(out, ")");
}

static void
put_call(text_maker *maker, const char *name, const heapy_atom *atom, heapy__string_buffer *out)
{
    put_prefix(maker, out);
    put_three(out, "", name, "(");
    put_argument(maker, atom, out);
    put(out, ")");
}

static void
put_class(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out)
{
    switch (atom->form) {
    case HEAPY_ATOM_ANYTHING:
        put_prefix(maker, out);
        put(out, "Anything");
        break;
    case HEAPY_ATOM_TYPE:
        put_type(maker, atom, out);
        break;
    case HEAPY_ATOM_DICT_OF:
        put_dicts(maker, atom, out);
        break;
    case HEAPY_ATOM_SIZE:
        put_call(maker, "Size", atom, out);
        break;
    case HEAPY_ATOM_MODULE:
        put_call(maker, "Module", atom, out);
        break;
    case HEAPY_ATOM_ID:
        put_call(maker, "Id", atom, out);
        break;
    case HEAPY_ATOM_REFERENCES:
        put_call(maker, "Via", atom, out);
        break;
    case HEAPY_ATOM_PRODUCER:
    case HEAPY_ATOM_NO_PRODUCER:
        put_call(maker, "Prod", atom, out);
        break;
    case HEAPY_ATOM_FACT:
        put_call(maker, heapy_classifier_name(atom->classifier), atom, out);
        break;
    case HEAPY_ATOM_REFERRERS:
        put_referrers(maker, atom, out);
        break;
    case HEAPY_ATOM_FIRST_MATCH:
        put_classifier(maker, atom->classifier, out);
        heapy__string_buffer_printf(out, "(%" PRId64 ")", atom->number);
        break;
    case HEAPY_ATOM_CLASSES:
        put_classifier(maker, atom->classifier, out);
        break;
    case HEAPY_ATOM_MEMBERS:
        put_members(maker, atom, out);
        break;
    }
}

static void
put_atom(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out)
{
    if (maker->writer.is_brief) {
        put_brief(maker, atom, out);
        return;
    }
    put_class(maker, atom, out);
    if (atom->comparison != HEAPY_EQ)
        put_three(out, ".alt('", symbols[atom->comparison], "')");
}

/* ---- all ---- */

/* The text in the buffer, or what failed. */
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
    text_maker maker = {.writer = *writer, .err = err};
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
    text_maker maker = {.writer = *writer, .err = err};
    heapy__string_buffer out = {0};
    put_set_of_kinds(&maker, referrers, &out);
    return hand_out(&maker, &out, text);
}

heapy_status
heapy_classifier_text(const heapy_classifier *classifier, const heapy_kind_writer *writer, char **text,
                      heapy_error *err)
{
    if (!classifier || !writer || !text)
        return heapy__fail_null(err, "classifier, writer or text");
    text_maker maker = {.writer = *writer, .err = err};
    heapy__string_buffer out = {0};
    if (writer->is_brief)
        put_classifier_brief(&maker, classifier, &out);
    else
        put_classifier(&maker, classifier, &out);
    return hand_out(&maker, &out, text);
}
