/* SPDX-License-Identifier: MIT */
/* heapy index FILE */
#include "index_file.h"
#include "input.h"
#include "watch.h"

#include <errno.h>
#include <heapy/memory.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

static int
remove_index(const char *name)
{
    if (!index_is_one(name))
        return complain(access(name, F_OK) ? "%s: there is no index" : "%s: is no index; it is left alone",
                        name);
    if (!unlink(name))
        return STATUS_DONE;
    return complain("%s: cannot be removed: %s", name, strerror(errno));
}

static int
write_index(const invocation *asked, input *in, const char *name, uint64_t *bytes)
{
    output_file out;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_dominators *dominators;
    const heapy_referrers *referrers;
    int status = input_need_edges(in, asked->command->name);
    if (!status)
        status = input_load(in, HEAPY_FILE_SIZES | HEAPY_FILE_EDGES);
    if (status)
        return status;
    /* All is made, not taken from an index that is there. */
    if (heapy_snapshot_dominators(in->snapshot, progress_of(asked), &dominators, &err) ||
        heapy_snapshot_referrers(in->snapshot, &referrers, &err))
        return complain_of(in->path, &err);
    progress_end();
    if (!access(name, F_OK) && !index_is_one(name))
        return complain("%s: is no index; it is left alone", name);
    status = output_file_replace(&out, name);
    if (!status)
        status = index_write(&out, in->path, dominators, referrers, bytes);
    if (!status)
        status = output_file_complete(&out);
    output_file_end(&out);
    return status;
}

static void
put_answer(document *doc, const invocation *asked, const input *in, const char *name, uint64_t bytes)
{
    bool is_removed = is_given(asked, OPTION_REMOVE);
    if (is_given(asked, OPTION_JSON)) {
        json_begin_document(doc, "index", in, 1);
        json_key(doc, "index");
        json_string(doc, name);
        json_key(doc, "removed");
        json_bool(doc, is_removed);
        json_key(doc, "bytes");
        json_unsigned(doc, bytes);
        json_end_document(doc);
        return;
    }
    document_put_escaped(doc, name, strlen(name));
    if (is_removed)
        document_put(doc, ": removed\n");
    else
        document_printf(
            doc, ": dominators of %zu objects and %" PRIu64 " references the other way, %" PRIu64 " bytes\n",
            in->info.node_count, in->info.edge_count, bytes);
}

int
run_index(const invocation *asked)
{
    document doc = {0};
    input in = INPUT_INIT;
    uint64_t bytes = 0;
    const char *path = asked->operands[0];
    if (!strcmp(path, "-"))
        return usage_error(asked, "standard input has no index; name a file");
    char *name = index_path(path);
    int status = STATUS_FAILED;
    if (name)
        status = input_open(&in, path);
    if (!status) {
        if (is_given(asked, OPTION_REMOVE))
            status = remove_index(name);
        else
            status = write_index(asked, &in, name, &bytes);
    }
    if (!status) {
        put_answer(&doc, asked, &in, name, bytes);
        status = document_print(&doc);
    }
    document_deinit(&doc);
    heapy_free(name);
    input_close(&in);
    return status;
}
