/* SPDX-License-Identifier: MIT */
/*
 * heapy check FILE...
 *
 * Opening a column checks it as a whole, its sums and all that the engine relies on; so all are opened, one
 * file after the other, and every text is asked for once.
 */
#include "input.h"

#include <heapy/memory.h>
#include <stdio.h>
#include <string.h>

/* What is wrong with one file: a line, "" if nothing is. */
typedef struct finding {
    char message[sizeof((heapy_error *)0)->message];
} finding;

/* Every text of a snapshot can be said. */
static heapy_status
check_texts(const heapy_snapshot *snapshot, heapy_error *err)
{
    size_t nodes = heapy_graph_node_count(heapy_snapshot_graph(snapshot));
    for (heapy_node node = 0; node < nodes; node++) {
        char *text;
        heapy_status status = heapy_snapshot_text(snapshot, node, HEAPY_TEXT_ROW, &text, err);
        if (status)
            return status;
        heapy_text_free(text);
    }
    return HEAPY_OK;
}

static heapy_status
check_file(heapy_snapshot_file *file, heapy_error *err)
{
    heapy_snapshot *snapshot = NULL;
    heapy_node_set *before = NULL;
    heapy_status status = heapy_snapshot_file_snapshot(file, HEAPY_FILE_EVERYTHING, &snapshot, err);
    if (!status)
        status = heapy_graph_validate(heapy_snapshot_graph(snapshot), err);
    if (!status)
        status = heapy_snapshot_file_before(file, &before, err);
    if (!status)
        status = check_texts(snapshot, err);
    heapy_node_set_destroy(before);
    heapy_snapshot_release(snapshot);
    return status;
}

/* STATUS_FAILED where there is no memory to check it. */
static int
check_one(const char *path, finding *out, document *doc)
{
    input in;
    heapy_error err = HEAPY_ERROR_INIT;
    int status = input_try(&in, path, &err);
    if (!status && !err.status)
        err.status = check_file(in.file, &err);
    if (!status && err.status == HEAPY_NO_MEMORY)
        status = complain_of(path, &err);
    out->message[0] = 0;
    if (!status && err.status)
        snprintf(out->message, sizeof out->message, "%s", message_about(path, &err));
    if (!status && in.file && doc)
        json_input(doc, &in);
    input_close(&in);
    return status;
}

static void
json_findings(document *doc, const invocation *asked, const finding *found)
{
    bool is_ok = true;
    for (size_t i = 0; i < asked->operand_count; i++)
        is_ok &= !found[i].message[0];
    json_end(doc, ']');
    json_key(doc, "ok");
    json_bool(doc, is_ok);
    json_key(doc, "errors");
    json_begin(doc, '[');
    for (size_t i = 0; i < asked->operand_count; i++) {
        if (!found[i].message[0])
            continue;
        json_begin(doc, '{');
        json_key(doc, "path");
        json_string(doc, asked->operands[i]);
        json_key(doc, "message");
        json_string(doc, found[i].message);
        json_end(doc, '}');
    }
    json_end(doc, ']');
    json_end_document(doc);
}

int
run_check(const invocation *asked)
{
    document doc = {0};
    bool is_json = is_given(asked, OPTION_JSON), is_bad = false;
    finding *found = heapy_alloc_zeroed(asked->operand_count, sizeof *found);
    int status = STATUS_DONE;
    if (!found)
        status = complain_of_memory();
    if (is_json)
        json_begin_bare_document(&doc, "check");
    for (size_t i = 0; !status && i < asked->operand_count; i++) {
        status = check_one(asked->operands[i], &found[i], is_json ? &doc : NULL);
        is_bad |= found[i].message[0] != 0;
        if (!status && !is_json && !found[i].message[0]) {
            document_put_escaped(&doc, asked->operands[i], strlen(asked->operands[i]));
            document_put(&doc, ": as it should be\n");
        }
    }
    if (!status && is_json)
        json_findings(&doc, asked, found);
    for (size_t i = 0; !status && i < asked->operand_count; i++)
        if (found[i].message[0])
            complain("%s: %s", asked->operands[i], found[i].message);
    if (!status)
        status = document_print(&doc);
    document_deinit(&doc);
    heapy_free(found);
    if (status)
        return status;
    if (is_bad)
        return STATUS_FAILED;
    return STATUS_DONE;
}
