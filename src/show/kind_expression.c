/* SPDX-License-Identifier: MIT */
#include "kind_expression.h"

#include <inttypes.h>
#include <string.h>

#include "../base/quoted_text.h"
#include "../sets/classifier_internal.h"
#include "classifier_text.h"
#include "kind_brief.h"

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
    heapy__put_module_name(atom, &name);
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
        maker->put_kind(maker, atom->kinds[0], out);
    }
}

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
        heapy__put_set_of_kinds(maker, atom, out);
        break;
    case HEAPY_ATOM_REFERENCES:
        heapy__put_references(atom, out);
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
        heapy__put_members(maker, atom, out);
        break;
    case HEAPY_ATOM_CLASSES:
        heapy__put_classifier_brief(maker, atom->classifier, out);
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
        maker->put_kind(maker, atom->kinds[0], out);
    else if (by_owner && atom && atom->form == HEAPY_ATOM_DICT_OF)
        put_nothing(maker, out);
    else if (by_owner && !atom)
        put(out, "None");
    else if (atom && atom->comparison == HEAPY_EQ)
        put_argument(maker, atom, out);
    else if (by->form != HEAPY_BY_MODULE) /* the modules' other class is made without argument */
        maker->put_kind(maker, kind, out);
}

/* {prefix}Clodo.sokind(a)(b), or {prefix}sonokind. */
void
heapy__put_set_of_kinds(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out)
{
    if (!atom->kind_count) {
        put_prefix(maker, out);
        put(out, "sonokind");
        return;
    }
    heapy__put_classifier(maker, atom->classifier, out);
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
        maker->put_kind(maker, atom->kinds[0], &owners);
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
        heapy__put_set_of_kinds(maker, atom, out);
        put(out, ".refdby");
        return;
    }
    for (size_t i = 0; i < atom->kind_count; i++) {
        maker->put_kind(maker, atom->kinds[i], &text);
        append_text(maker, &kinds, &text);
    }
    heapy__put_classifier(maker, atom->classifier, out);
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

void
heapy__put_class(text_maker *maker, const heapy_atom *atom, heapy__string_buffer *out)
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
        heapy__put_classifier(maker, atom->classifier, out);
        heapy__string_buffer_printf(out, "(%" PRId64 ")", atom->number);
        break;
    case HEAPY_ATOM_CLASSES:
        heapy__put_classifier(maker, atom->classifier, out);
        break;
    case HEAPY_ATOM_MEMBERS:
        heapy__put_members(maker, atom, out);
        break;
    }
}
