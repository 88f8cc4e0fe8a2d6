/* SPDX-License-Identifier: MIT */
/* heapy top FILE */
#include "index_file.h"
#include "rows.h"

/* The objects that the options leave. */
static int
choose(chosen *objects, const invocation *asked, const input *in)
{
    heapy_node_set *new_ones = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    int status = STATUS_DONE;
    if (is_given(asked, OPTION_NEW)) {
        if (!(in->info.columns & HEAPY_FILE_BEFORE))
            return complain("%s: there is no reference point in this file, so nothing in it is new",
                            in->path);
        if (heapy_snapshot_file_before(in->file, &new_ones, &err))
            return complain_of(in->path, &err);
        heapy_node_set_complement(new_ones);
    }
    status = chosen_init(objects, in, new_ones);
    heapy_node_set_destroy(new_ones);
    if (!status && is_given(asked, OPTION_TYPE))
        status = chosen_keep_type(objects, in, option_value(asked, OPTION_TYPE));
    return status;
}

int
run_top(const invocation *asked)
{
    document doc = {0};
    input in = INPUT_INIT;
    chosen objects = {0};
    const heapy_classifier *by = NULL;
    int status = relation_asked(asked, "clodo", &by);
    if (!status)
        status = input_open(&in, asked->operands[0]);
    if (!status)
        status = input_load(&in, columns_of_table(asked, by));
    if (!status)
        status = choose(&objects, asked, &in);
    if (!status && is_given(asked, OPTION_JSON))
        json_begin_document(&doc, "top", &in, 1);
    if (!status)
        status = put_table(&doc, asked, &in, &objects, by);
    if (!status && is_given(asked, OPTION_JSON))
        json_end_document(&doc);
    if (!status)
        status = document_print(&doc);
    if (!status && (columns_of_table(asked, by) & HEAPY_FILE_EDGES))
        index_put_hint(asked, in.path);
    document_deinit(&doc);
    chosen_deinit(&objects);
    heapy_classifier_release(by);
    input_close(&in);
    return status;
}
