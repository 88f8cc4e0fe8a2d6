/* SPDX-License-Identifier: MIT */
/* heapy referrers FILE OBJECT, heapy referents FILE OBJECT */
#include "references.h"
#include "rows.h"
#include "watch.h"

#include <heapy/memory.h>

/* The table of what refers to it, or of what it refers to. */
static int
put_as_table(document *doc, const invocation *asked, input *in, heapy_node node, bool is_to,
             const heapy_classifier *by)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_node_set *about = NULL, *found = NULL;
    chosen objects = {0};
    int status = STATUS_DONE;
    heapy_question question = is_to ? HEAPY_ASK_REFERRERS : HEAPY_ASK_REFERENTS;
    if (heapy_node_set_create(heapy_graph_node_count(in->graph), &about, &err) ||
        !heapy_node_set_add(about, node) ||
        heapy_ask(in->snapshot, question, HEAPY_NO_NODE, about, &found, &err))
        status = complain_of(in->path, &err);
    if (!status)
        status = chosen_init(&objects, in, found);
    if (!status && is_given(asked, OPTION_JSON)) {
        json_key(doc, "total");
        json_unsigned(doc, objects.count);
    }
    if (!status)
        status = put_table(doc, asked, in, &objects, by);
    chosen_deinit(&objects);
    heapy_node_set_destroy(about);
    heapy_node_set_destroy(found);
    return status;
}

static int
put_as_list(document *doc, const invocation *asked, input *in, heapy_node node, bool is_to)
{
    reference_list list = {0};
    heapy_dominators *dominators = NULL;
    size_t rows;
    if (rows_asked(asked, HEAPY_DEFAULT_ROWS, &rows))
        return STATUS_USAGE;
    if (is_given(asked, OPTION_RETAINED) && !(dominators = dominators_of(asked, in)))
        return STATUS_FAILED;
    int status;
    if (is_to)
        status = references_to(in, node, &list);
    else
        status = references_of(in, node, &list);
    char *brief = NULL;
    if (!status)
        brief = object_brief(in, node);
    if (!status && !brief)
        status = STATUS_FAILED;
    if (!status && is_given(asked, OPTION_JSON)) {
        json_key(doc, "total");
        json_unsigned(doc, list.count);
        json_key(doc, "rows");
        status = json_references(doc, in, &list, is_to, dominators, rows);
    } else if (!status) {
        document_printf(doc, is_to ? "%zu reference%s to %s\n" : "%zu reference%s of %s\n", list.count,
                        list.count == 1 ? "" : "s", brief);
        status = put_references(doc, asked, in, &list, is_to, dominators, rows);
    }
    heapy_free(brief);
    reference_list_deinit(&list);
    return status;
}

static int
run_references(const invocation *asked, bool is_to)
{
    document doc = {0};
    input in = INPUT_INIT;
    const heapy_classifier *by = NULL;
    heapy_node node = 0;
    bool is_table = is_given(asked, OPTION_BY);
    int status = relation_asked(asked, "clodo", &by);
    if (!status)
        status = input_open(&in, asked->operands[0]);
    if (!status)
        status = input_need_edges(&in, asked->command->name);
    if (!status)
        status = input_load(&in, REFERENCE_COLUMNS | columns_of_table(asked, by));
    if (!status)
        status = object_asked(asked, &in, 1, &node);
    if (!status && is_given(asked, OPTION_JSON))
        json_begin_document(&doc, asked->command->name, &in, 1);
    if (!status) {
        if (is_table)
            status = put_as_table(&doc, asked, &in, node, is_to, by);
        else
            status = put_as_list(&doc, asked, &in, node, is_to);
    }
    if (!status && is_given(asked, OPTION_JSON))
        json_end_document(&doc);
    if (!status)
        status = document_print(&doc);
    document_deinit(&doc);
    heapy_classifier_release(by);
    input_close(&in);
    return status;
}

int
run_referrers(const invocation *asked)
{
    return run_references(asked, true);
}

int
run_referents(const invocation *asked)
{
    return run_references(asked, false);
}
