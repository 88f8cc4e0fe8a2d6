/* SPDX-License-Identifier: MIT */
#include "references.h"

#include "index_file.h"

#include <heapy/memory.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- finding them ---- */

static bool
add_reference(reference_list *list, one_reference reference)
{
    one_reference *grown = heapy_grow(list->references, list->count, &list->capacity, sizeof *grown);
    if (!grown)
        return false;
    list->references = grown;
    grown[list->count++] = reference;
    return true;
}

static bool
add_edges(const input *in, heapy_node source, heapy_node target, reference_list *list)
{
    uint64_t first, end;
    const uint32_t *targets = heapy_graph_targets(in->graph);
    bool is_added = true;
    heapy_graph_edges(in->graph, source, &first, &end);
    for (uint64_t e = first; is_added && e < end; e++)
        if (target == HEAPY_NO_NODE || targets[e] == target)
            is_added = add_reference(list, (one_reference){source, targets[e], e});
    return is_added;
}

int
references_of(const input *in, heapy_node node, reference_list *out)
{
    *out = (reference_list){0};
    if (add_edges(in, node, HEAPY_NO_NODE, out))
        return STATUS_DONE;
    return complain_of_memory();
}

int
references_to(input *in, heapy_node node, reference_list *out)
{
    heapy_error err = HEAPY_ERROR_INIT;
    const heapy_referrers *referrers;
    size_t count;
    *out = (reference_list){0};
    index_use_referrers(in->path, in->snapshot);
    if (heapy_snapshot_referrers(in->snapshot, &referrers, &err))
        return complain_of(in->path, &err);
    const heapy_node *sources = heapy_referrers_get(referrers, node, &count);
    for (size_t i = 0; i < count; i++) /* one that refers to it n times stands there n times */
        if ((!i || sources[i] != sources[i - 1]) && !add_edges(in, sources[i], node, out))
            return complain_of_memory();
    return STATUS_DONE;
}

void
reference_list_deinit(reference_list *list)
{
    heapy_free(list->references);
    *list = (reference_list){0};
}

/* ---- texts ---- */

char *
reference_name(const input *in, const one_reference *reference)
{
    heapy_error err = HEAPY_ERROR_INIT;
    document doc = {0};
    const heapy_label *parts;
    size_t count =
        heapy_graph_label_parts(in->graph, &heapy_graph_labels(in->graph)[reference->edge], &parts);
    document_put(&doc, "");
    for (size_t i = 0; i < count; i++) {
        char *text;
        heapy_reference part =
            heapy_reference_of_edge(in->graph, reference->source, reference->edge, parts[i]);
        if (heapy_reference_text(in->snapshot, part, "", HEAPY_TEXT_KEY, &text, &err)) {
            complain_of(in->path, &err);
            document_deinit(&doc);
            return NULL;
        }
        if (i)
            document_put(&doc, " / ");
        document_put_escaped(&doc, text, strlen(text));
        heapy_text_free(text);
    }
    if (doc.failed) {
        complain_of_memory();
        document_deinit(&doc);
    }
    return doc.text;
}

static heapy_node
other_end(const one_reference *reference, bool shows_sources)
{
    return shows_sources ? reference->source : reference->target;
}

static size_t
rows_of(const reference_list *list, size_t rows)
{
    return rows && rows < list->count ? rows : list->count;
}

int
json_references(document *doc, const input *in, const reference_list *list, bool shows_sources,
                heapy_dominators *dominators, size_t rows)
{
    int status = STATUS_DONE;
    json_begin(doc, '[');
    for (size_t i = 0; !status && i < rows_of(list, rows); i++) {
        heapy_node node = other_end(&list->references[i], shows_sources);
        char *name = reference_name(in, &list->references[i]);
        json_begin(doc, '{');
        json_key(doc, "relation");
        json_string(doc, name ? name : "");
        if (name)
            status = json_object(doc, in, node);
        else
            status = STATUS_FAILED;
        if (dominators) {
            json_key(doc, "retained");
            json_unsigned(doc, heapy_retained_size(dominators, node));
        }
        json_end(doc, '}');
        heapy_free(name);
    }
    json_end(doc, ']');
    return status;
}

/* The characters of a text: bytes that begin one. */
static size_t
width_of(const char *text)
{
    size_t width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

static void
put_row(document *doc, const input *in, heapy_node node, const char *name, size_t width,
        heapy_dominators *dominators)
{
    document_printf(doc, "  %s%*s", name, (int)(width - width_of(name)), "");
    document_printf(doc, " %10" PRIu64, heapy_size_of(&in->sizes, node));
    if (dominators)
        document_printf(doc, " %10" PRIu64, heapy_retained_size(dominators, node));
}

int
put_references(document *doc, const invocation *asked, const input *in, const reference_list *list,
               bool shows_sources, heapy_dominators *dominators, size_t rows)
{
    size_t shown = rows && list->count > rows + 1 ? rows : list->count, width = strlen("Reference");
    char **names = heapy_alloc_zeroed(shown, sizeof *names), heading[120];
    int status = STATUS_DONE;
    if (!names)
        status = complain_of_memory();
    for (size_t i = 0; !status && i < shown; i++) {
        names[i] = reference_name(in, &list->references[i]);
        status = names[i] ? STATUS_DONE : STATUS_FAILED;
        if (names[i] && width_of(names[i]) > width)
            width = width_of(names[i]);
    }
    if (!status && shown) {
        snprintf(heading, sizeof heading, "%*s       Size%s  Brief", (int)(width - strlen("Reference")), "",
                 dominators ? "   Retained" : "");
        document line = {0};
        document_printf(&line, "  Reference%s", heading);
        document_put_marked(doc, asked, line.text ? line.text : "", line.length, 0);
        doc->failed |= line.failed;
        document_deinit(&line);
    }
    for (size_t i = 0; !status && i < shown; i++) {
        heapy_node node = other_end(&list->references[i], shows_sources);
        char *brief = object_brief(in, node);
        status = brief ? STATUS_DONE : STATUS_FAILED;
        put_row(doc, in, node, names[i], width, dominators);
        document_printf(doc, "  %s\n", brief ? brief : "");
        heapy_free(brief);
    }
    if (!status && shown < list->count)
        document_printf(doc, "<%zu more references; -n N or --all shows them.>\n", list->count - shown);
    for (size_t i = 0; names && i < shown; i++)
        heapy_free(names[i]);
    heapy_free(names);
    return status;
}
