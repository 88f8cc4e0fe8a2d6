/* SPDX-License-Identifier: MIT */
/* References and their names (K-69, R-20 to ). */
#include "heapy/reference.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../base/characters.h"
#include "../base/fail.h"
#include "../base/quoted_text.h"
#include "../base/string_buffer.h"
#include "heapy/memory.h"
#include "reference_internal.h"

heapy_reference
heapy_reference_of_edge(const heapy_graph *graph, heapy_node source, uint64_t edge, heapy_label label)
{
    heapy_reference reference = {label, HEAPY_NO_NODE};
    if (heapy_label_kind_of(label) == HEAPY_LABEL_VALUE)
        reference.key = heapy_graph_key_of_edge(graph, source, edge, label);
    return reference;
}

/* ---- forms ---- */

heapy_reference_code
heapy_reference_code_of(heapy_label label)
{
    static const heapy_reference_code codes[HEAPY_LABEL_KIND_COUNT] = {
        [HEAPY_LABEL_UNNAMED] = HEAPY_REFERENCE_UNKNOWN, [HEAPY_LABEL_ATTRIBUTE] = HEAPY_REFERENCE_ATTRIBUTE,
        [HEAPY_LABEL_INDEX] = HEAPY_REFERENCE_INDEX,     [HEAPY_LABEL_VALUE] = HEAPY_REFERENCE_INDEX,
        [HEAPY_LABEL_KEY] = HEAPY_REFERENCE_KEY,         [HEAPY_LABEL_INTERNAL] = HEAPY_REFERENCE_INTERNAL,
        [HEAPY_LABEL_LOCAL] = HEAPY_REFERENCE_LOCAL,     [HEAPY_LABEL_STACK] = HEAPY_REFERENCE_STACK,
        [HEAPY_LABEL_MEMBER] = HEAPY_REFERENCE_MEMBER,   [HEAPY_LABEL_SEVERAL] = HEAPY_REFERENCE_UNKNOWN,
    };
    heapy_label_kind kind = heapy_label_kind_of(label);
    return kind < HEAPY_LABEL_KIND_COUNT ? codes[kind] : HEAPY_REFERENCE_UNKNOWN;
}

const char *
heapy_label_kind_name(heapy_label_kind kind)
{
    static const char *const names[HEAPY_LABEL_KIND_COUNT] = {
        [HEAPY_LABEL_UNNAMED] = "unnamed", [HEAPY_LABEL_ATTRIBUTE] = "attribute",
        [HEAPY_LABEL_INDEX] = "index",     [HEAPY_LABEL_VALUE] = "value",
        [HEAPY_LABEL_KEY] = "key",         [HEAPY_LABEL_INTERNAL] = "internal",
        [HEAPY_LABEL_LOCAL] = "local",     [HEAPY_LABEL_STACK] = "stack",
        [HEAPY_LABEL_MEMBER] = "member",   [HEAPY_LABEL_SEVERAL] = "several",
    };
    return kind < HEAPY_LABEL_KIND_COUNT ? names[kind] : "";
}

heapy_reference_form
heapy_reference_form_of(heapy_reference_code code)
{
    switch (code) {
    case HEAPY_REFERENCE_IDENTITY:
        return (heapy_reference_form){"", "", "", false};
    case HEAPY_REFERENCE_ATTRIBUTE:
        return (heapy_reference_form){"", ".", "", true};
    case HEAPY_REFERENCE_INDEX:
        return (heapy_reference_form){"", "[", "]", true};
    case HEAPY_REFERENCE_KEY:
        return (heapy_reference_form){"", ".keys()[", "]", true};
    case HEAPY_REFERENCE_INTERNAL:
        return (heapy_reference_form){"", "->", "", true};
    case HEAPY_REFERENCE_ATTRIBUTE_NAME:
        return (heapy_reference_form){"", ".__dict__.keys()[", "]", true};
    case HEAPY_REFERENCE_LOCAL:
        return (heapy_reference_form){"", ".f_locals[", "]", true};
    case HEAPY_REFERENCE_CELL: /* the blank tells it from a local variable, and Python does not mind */
        return (heapy_reference_form){"", ".f_locals [", "]", true};
    case HEAPY_REFERENCE_STACK:
        return (heapy_reference_form){"", "->f_valuestack[", "]", true};
    case HEAPY_REFERENCE_MEMBER:
        return (heapy_reference_form){"list(", ")[", "]", true};
    case HEAPY_REFERENCE_FORMATTED:
    case HEAPY_REFERENCE_CODE_COUNT:
    case HEAPY_REFERENCE_UNKNOWN:
        break;
    }
    return (heapy_reference_form){"", ".??", "", false};
}

/* ---- texts ---- */

/* A name as it stands in source, with what would cut the text or make it no UTF-8 escaped: NUL, and lone
   surrogates, three bytes whose first is 0xed and whose second is 0xa0 or above. */
static void
put_bare(heapy__string_buffer *out, const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const unsigned char *at = (const unsigned char *)name + i;
        if (!*at) {
            heapy__string_buffer_puts(out, "\\x00");
        } else if (*at == 0xed && i + 2 < length && at[1] >= 0xa0) {
            heapy__string_buffer_printf(out, "\\u%04x", 0xd000u | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu));
            i += 2;
        } else {
            heapy__string_buffer_append(out, name + i, 1);
        }
    }
}

/* A name between quotes; where keys are shortened, as reprlib.repr() does it: 30 characters, dots between its
   ends. */
static void
put_quoted(heapy__string_buffer *out, const char *name, size_t length, heapy_text_use use)
{
    enum { LIMIT = 30, HEAD = (LIMIT - 3) / 2, TAIL = LIMIT - 3 - HEAD };
    heapy__string_buffer quoted = {0};
    heapy__string_buffer_quote(&quoted, name, length);
    out->failed |= quoted.failed;
    if (!quoted.failed && use == HEAPY_TEXT_KEY &&
        heapy__end_of_characters(quoted.text, quoted.length, LIMIT) < quoted.length) {
        size_t characters = LIMIT, tail = quoted.length;
        while (heapy__end_of_characters(quoted.text, quoted.length, characters) < quoted.length)
            characters++;
        tail = heapy__end_of_characters(quoted.text, quoted.length, characters - TAIL);
        heapy__string_buffer_append(out, quoted.text,
                                    heapy__end_of_characters(quoted.text, quoted.length, HEAD));
        heapy__string_buffer_puts(out, "...");
        heapy__string_buffer_append(out, quoted.text + tail, quoted.length - tail);
    } else if (!quoted.failed) {
        heapy__string_buffer_append(out, quoted.text, quoted.length);
    }
    heapy__string_buffer_deinit(&quoted);
}

static heapy_status
put_key(const heapy_snapshot *snapshot, heapy_node key, heapy_text_use use, heapy__string_buffer *out,
        heapy_error *err)
{
    char *text = NULL;
    if (key >= heapy_graph_node_count(heapy_snapshot_graph(snapshot))) {
        heapy__string_buffer_puts(out, "<unknown key>");
        return HEAPY_OK;
    }
    const heapy_words *words = heapy_snapshot_words(snapshot);
    heapy_status status = HEAPY_OK;
    if (words->text)
        status = words->text(words->context, key, use, &text, err);
    if (status)
        return status;
    if (text)
        heapy__string_buffer_puts(out, text);
    else if (heapy_snapshot_address(snapshot, key))
        heapy__string_buffer_printf(out, "<key at 0x%" PRIxPTR ">", heapy_snapshot_address(snapshot, key));
    else
        heapy__string_buffer_printf(out, "<key #%" PRIu32 ">", key);
    heapy_text_free(text);
    return HEAPY_OK;
}

heapy_status
heapy__reference_put_rest(const heapy_snapshot *snapshot, heapy_reference reference, heapy_text_use use,
                          heapy__string_buffer *out, heapy_error *err)
{
    heapy_label_kind kind = heapy_label_kind_of(reference.label);
    uint32_t number = heapy_label_number(reference.label);
    heapy_reference_form form = heapy_reference_form_of(heapy_reference_code_of(reference.label));
    heapy_status status = HEAPY_OK;
    size_t length = 0;
    const char *name =
        heapy_label_is_named(kind) ? heapy_graph_name(heapy_snapshot_graph(snapshot), number, &length) : NULL;
    /* Places in a C array, such as [1,2] and [17].field, stand in their brackets already, and what leads
       through a dict or a cell, such as .f_locals ['x'], behind its point. */
    if (kind != HEAPY_LABEL_INTERNAL || !length || (name[0] != '[' && name[0] != '.'))
        heapy__string_buffer_puts(out, form.between);
    if (kind == HEAPY_LABEL_VALUE) {
        status = put_key(snapshot, reference.key, use, out, err);
    } else if (name) {
        if (kind == HEAPY_LABEL_LOCAL)
            put_quoted(out, name, length, use);
        else if (use == HEAPY_TEXT_WHOLE_KEY) /* the name of a class is quoted as a whole, which escapes it */
            heapy__string_buffer_append(out, name, length);
        else
            put_bare(out, name, length);
    } else if (form.has_relator) {
        heapy__string_buffer_printf(out, "%" PRIu32, number);
    }
    heapy__string_buffer_puts(out, form.after);
    return status;
}

static heapy_status
put_reference(const heapy_snapshot *snapshot, heapy_reference reference, const char *source,
              heapy_text_use use, heapy__string_buffer *out, heapy_error *err)
{
    heapy__string_buffer_puts(out, heapy_reference_form_of(heapy_reference_code_of(reference.label)).before);
    heapy__string_buffer_puts(out, source);
    return heapy__reference_put_rest(snapshot, reference, use, out, err);
}

heapy_status
heapy_reference_text(const heapy_snapshot *snapshot, heapy_reference reference, const char *source,
                     heapy_text_use use, char **text, heapy_error *err)
{
    if (!snapshot || !source || !text)
        return heapy__fail_null(err, "snapshot, source or text");
    if ((unsigned)use >= HEAPY_TEXT_USE_COUNT ||
        heapy_label_kind_of(reference.label) >= HEAPY_LABEL_KIND_COUNT)
        return heapy__fail(err, HEAPY_INVALID, "no reference has the label 0x%" PRIx32 ", or no use is %d",
                           reference.label, (int)use);
    heapy__string_buffer out = {0};
    heapy_status status = put_reference(snapshot, reference, source, use, &out, err);
    if (!status && out.failed)
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the name of a reference");
    if (status)
        heapy__string_buffer_deinit(&out);
    else
        *text = out.text;
    return status;
}

/* ---- names ---- */

void
heapy_reference_names_deinit(heapy_reference_names *names)
{
    if (!names)
        return;
    for (size_t i = 0; names->texts && i < names->text_count; i++)
        heapy_free(names->texts[i]);
    heapy_free(names->texts);
    heapy_free(names->numbers);
    *names = (heapy_reference_names){0};
}

/* groups[i]: the number of reference i's key among different ones, UINT32_MAX where it has no key. */
static heapy_status
group_keys(const heapy_snapshot *snapshot, const heapy_reference *references, size_t count, uint32_t *groups,
           size_t *group_count, heapy_error *err)
{
    const heapy_words *words = heapy_snapshot_words(snapshot);
    heapy_node *keys = heapy_alloc_array(count, sizeof *keys);
    uint32_t *of_keys = heapy_alloc_array(count, sizeof *of_keys);
    heapy_status status = HEAPY_OK;
    size_t key_count = 0;
    if (!keys || !of_keys)
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the keys of %zu references", count);
    for (size_t i = 0; !status && i < count; i++)
        if (heapy_label_kind_of(references[i].label) == HEAPY_LABEL_VALUE &&
            references[i].key != HEAPY_NO_NODE)
            keys[key_count++] = references[i].key;
    *group_count = key_count; /* without words each is like itself only: references are different */
    for (size_t i = 0; !status && i < key_count; i++)
        of_keys[i] = (uint32_t)i;
    if (!status && key_count && words->group_keys)
        status = words->group_keys(words->context, keys, key_count, of_keys, group_count, err);
    for (size_t i = count; !status && i-- > 0;) {
        bool has_key = heapy_label_kind_of(references[i].label) == HEAPY_LABEL_VALUE &&
                       references[i].key != HEAPY_NO_NODE;
        groups[i] = has_key ? of_keys[--key_count] : UINT32_MAX;
        if (has_key && groups[i] >= *group_count)
            status = heapy__fail(err, HEAPY_INVALID, "the words put a key in group %" PRIu32 " of %zu",
                                 groups[i], *group_count);
    }
    heapy_free(keys);
    heapy_free(of_keys);
    return status;
}

/* The name in quotes; owned. */
static heapy_status
quoted_name(const heapy_snapshot *snapshot, heapy_reference reference, char **out, heapy_error *err)
{
    heapy__string_buffer plain = {0}, quoted = {0};
    const char *source = heapy_label_kind_of(reference.label) == HEAPY_LABEL_MEMBER ? "_" : "";
    heapy_status status = put_reference(snapshot, reference, source, HEAPY_TEXT_WHOLE_KEY, &plain, err);
    if (!status && !plain.failed)
        heapy__string_buffer_quote(&quoted, plain.text, plain.length);
    if (!status && (plain.failed || quoted.failed)) {
        heapy__string_buffer_deinit(&quoted);
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the name of a reference");
    }
    heapy__string_buffer_deinit(&plain);
    *out = quoted.text;
    return status;
}

/* An index, and the number of its name. */
typedef struct named_index {
    uint32_t index, name;
} named_index;

static int
compare_indices(const void *a, const void *b)
{
    uint32_t x = ((const named_index *)a)->index, y = ((const named_index *)b)->index;
    return (x > y) - (x < y);
}

/* Those of the references that are named already, in order; owned.  NULL: no memory. */
static named_index *
sorted_indices(const heapy_reference *references, size_t count, const uint32_t *names, size_t *found)
{
    named_index *indices = heapy_alloc_array(count, sizeof *indices);
    *found = 0;
    for (size_t i = 0; indices && i < count; i++)
        if (heapy_label_kind_of(references[i].label) == HEAPY_LABEL_INDEX)
            indices[(*found)++] = (named_index){heapy_label_number(references[i].label), names[i]};
    if (*found)
        qsort(indices, *found, sizeof *indices, compare_indices);
    return indices;
}

/* The index that a key is equal to, for one of an exact int with the name '[7]'; NULL: none of these. */
static const named_index *
index_of_key(const heapy_graph *graph, heapy_node key, const char *name, const named_index *indices,
             size_t count)
{
    char *end;
    if (!count || key >= heapy_graph_node_count(graph) ||
        strcmp(heapy_graph_type_name(graph, heapy_graph_types(graph)[key]), "int") != 0 ||
        strncmp(name, "'[", 2) != 0 || name[2] < '0' || name[2] > '9')
        return NULL;
    unsigned long long number = strtoull(name + 2, &end, 10);
    if (strcmp(end, "]'") != 0 || number > UINT32_MAX)
        return NULL;
    named_index wanted = {(uint32_t)number, 0};
    return bsearch(&wanted, indices, count, sizeof *indices, compare_indices);
}

heapy_status
heapy_reference_names_init(heapy_reference_names *out, const heapy_snapshot *snapshot,
                           const heapy_reference *references, size_t count, heapy_error *err)
{
    if (!out || !snapshot || (!references && count))
        return heapy__fail_null(err, "out, snapshot or references");
    heapy_reference_names names = {.numbers = heapy_alloc_array(count, sizeof *names.numbers),
                                   .texts = heapy_alloc_zeroed(count, sizeof *names.texts)};
    uint32_t *groups = heapy_alloc_array(count, sizeof *groups), *number_of_group = NULL;
    named_index *indices = NULL;
    size_t group_count = 0, index_count = 0;
    heapy_status status = HEAPY_OK;
    if (!names.numbers || !names.texts || !groups)
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the names of %zu references", count);
    if (!status)
        status = group_keys(snapshot, references, count, groups, &group_count, err);
    if (!status && !(number_of_group = heapy_alloc_array(group_count, sizeof *number_of_group)))
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the names of %zu keys", group_count);
    if (!status)
        memset(number_of_group, 0xff, group_count * sizeof *number_of_group);
    for (size_t i = 0; !status && i < count; i++) {
        if (groups[i] != UINT32_MAX)
            continue;
        status = quoted_name(snapshot, references[i], &names.texts[names.text_count], err);
        names.numbers[i] = (uint32_t)names.text_count;
        names.text_count += !status;
    }
    if (!status && !(indices = sorted_indices(references, count, names.numbers, &index_count)))
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the names of %zu references", count);
    for (size_t i = 0; !status && i < count; i++) {
        if (groups[i] == UINT32_MAX)
            continue;
        uint32_t *of_group = &number_of_group[groups[i]];
        if (*of_group == UINT32_MAX) { /* no equal key came before */
            char **text = &names.texts[names.text_count];
            status = quoted_name(snapshot, references[i], text, err);
            if (status)
                break;
            const named_index *same =
                index_of_key(heapy_snapshot_graph(snapshot), references[i].key, *text, indices, index_count);
            if (same) {
                heapy_free(*text);
                *text = NULL;
            }
            *of_group = same ? same->name : (uint32_t)names.text_count++;
        }
        names.numbers[i] = *of_group;
    }
    heapy_free(indices);
    heapy_free(groups);
    heapy_free(number_of_group);
    if (status)
        heapy_reference_names_deinit(&names);
    else
        *out = names;
    return status;
}
