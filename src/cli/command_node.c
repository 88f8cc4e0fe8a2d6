/* SPDX-License-Identifier: MIT */
/* heapy node FILE OBJECT */
#include "index_file.h"
#include "references.h"
#include "watch.h"
#include "ways.h"

#include <heapy/memory.h>
#include <inttypes.h>
#include <string.h>

/* All that is said of an object. */
typedef struct facts {
    heapy_node node, dominator; /* the second HEAPY_NO_NODE: the root alone, or nothing that is reached */
    bool is_reached;
    uint64_t size, retained;
    char *brief, *kind, *text, *path, *dominator_brief; /* owned; path, dominator_brief NULL: there is none */
    ways found;
    reference_list referents, referrers;
} facts;

static void
facts_deinit(facts *self)
{
    heapy_free(self->brief);
    heapy_text_free(self->kind);
    heapy_free(self->text);
    heapy_free(self->path);
    heapy_free(self->dominator_brief);
    ways_deinit(&self->found);
    reference_list_deinit(&self->referents);
    reference_list_deinit(&self->referrers);
}

static int
find_texts(facts *self, const input *in)
{
    heapy_error err = HEAPY_ERROR_INIT;
    char *text;
    if (heapy_snapshot_text(in->snapshot, self->node, HEAPY_TEXT_ROW, &text, &err))
        return complain_of(in->path, &err);
    self->text = escaped_and_freed(text);
    self->brief = object_brief(in, self->node);
    self->kind = object_kind(in, self->node);
    return self->text && self->brief && self->kind ? STATUS_DONE : STATUS_FAILED;
}

static int
find_holders(facts *self, const invocation *asked, input *in)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_node_set *one = NULL;
    heapy_dominators *dominators = dominators_of(asked, in);
    if (!dominators)
        return STATUS_FAILED;
    self->is_reached = heapy_dominators_has(dominators, self->node);
    self->dominator = heapy_dominator(dominators, self->node);
    if (self->dominator == heapy_graph_root(in->graph))
        self->dominator = HEAPY_NO_NODE;
    self->size = heapy_size_of(&in->sizes, self->node);
    if (heapy_node_set_create(heapy_graph_node_count(in->graph), &one, &err) ||
        !heapy_node_set_add(one, self->node) ||
        heapy_ask_retained(in->snapshot, progress_of(asked), one, &self->retained, &err)) {
        heapy_node_set_destroy(one);
        return complain_of(in->path, &err);
    }
    heapy_node_set_destroy(one);
    if (self->dominator != HEAPY_NO_NODE && !(self->dominator_brief = object_brief(in, self->dominator)))
        return STATUS_FAILED;
    int status = ways_init(&self->found, in, HEAPY_NO_NODE, self->node, NULL, "Root");
    if (!status && heapy_paths_length(self->found.paths) && !(self->path = way_text(&self->found, 0)))
        status = STATUS_FAILED;
    return status;
}

static int
find_facts(facts *self, const invocation *asked, input *in)
{
    int status = find_texts(self, in);
    if (!status)
        status = find_holders(self, asked, in);
    if (!status)
        status = references_of(in, self->node, &self->referents);
    if (status)
        return status;
    return references_to(in, self->node, &self->referrers);
}

static int
put_facts(document *doc, const facts *self, const invocation *asked, const input *in, size_t rows)
{
    heapy_error err = HEAPY_ERROR_INIT;
    const heapy_why_facts why = {.brief = self->brief,
                                 .path = self->path,
                                 .path_count = self->found.number,
                                 .dominator = self->dominator_brief,
                                 .is_reached = self->is_reached,
                                 .retained = self->retained,
                                 .size = self->size};
    char *text;
    if (heapy_why_text(&why, &text, &err))
        return complain_of(in->path, &err);
    document_printf(doc, "%s\n", text);
    heapy_text_free(text);
    document_printf(doc, "  node       #%" PRIu32, self->node);
    uintptr_t address = heapy_snapshot_address(in->snapshot, self->node);
    if (address)
        document_printf(doc, " at 0x%" PRIxPTR, address);
    document_printf(doc, "\n  referrers  %zu\n  referents  %zu\n", self->referrers.count,
                    self->referents.count);
    return put_references(doc, asked, in, &self->referents, false, NULL, rows);
}

static int
json_facts(document *doc, const facts *self, const input *in, size_t rows)
{
    heapy_type type = heapy_graph_types(in->graph)[self->node];
    json_key(doc, "address");
    json_address(doc, heapy_snapshot_address(in->snapshot, self->node));
    json_key(doc, "node");
    json_unsigned(doc, self->node);
    json_key(doc, "type");
    json_string(doc, heapy_graph_type_name(in->graph, type));
    json_key(doc, "kind");
    json_string(doc, self->kind);
    json_key(doc, "size");
    json_unsigned(doc, self->size);
    json_key(doc, "retained");
    json_unsigned(doc, self->retained);
    json_key(doc, "dominator");
    json_address(doc, heapy_snapshot_address(in->snapshot, self->dominator));
    json_key(doc, "text");
    json_string(doc, self->text);
    json_key(doc, "referrers");
    json_unsigned(doc, self->referrers.count);
    json_key(doc, "referents");
    json_unsigned(doc, self->referents.count);
    json_key(doc, "path");
    if (self->path)
        json_string(doc, self->path);
    else
        json_null(doc);
    json_key(doc, "references");
    return json_references(doc, in, &self->referents, false, NULL, rows);
}

int
run_node(const invocation *asked)
{
    document doc = {0};
    input in = INPUT_INIT;
    facts found = {0};
    size_t rows = 0;
    int status = rows_asked(asked, HEAPY_DEFAULT_ROWS, &rows);
    if (!status)
        status = input_open(&in, asked->operands[0]);
    if (!status)
        status = input_need_edges(&in, "node");
    if (!status)
        status = input_load(&in, REFERENCE_COLUMNS);
    if (!status)
        status = object_asked(asked, &in, 1, &found.node);
    if (!status)
        status = find_facts(&found, asked, &in);
    if (!status && is_given(asked, OPTION_JSON)) {
        json_begin_document(&doc, "node", &in, 1);
        status = json_facts(&doc, &found, &in, rows);
        json_end_document(&doc);
    } else if (!status) {
        status = put_facts(&doc, &found, asked, &in, rows);
    }
    if (!status)
        status = document_print(&doc);
    if (!status)
        index_put_hint(asked, in.path);
    document_deinit(&doc);
    facts_deinit(&found);
    input_close(&in);
    return status;
}
