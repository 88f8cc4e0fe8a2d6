/* SPDX-License-Identifier: MIT */
/* heapy paths FILE OBJECT */
#include "index_file.h"
#include "references.h"
#include "rows.h"
#include "ways.h"

#include <heapy/memory.h>
#include <string.h>

/* The nodes of the types that --avoid names; *out NULL: it is not given. */
static int
nodes_to_avoid(const invocation *asked, const input *in, heapy_node_set **out)
{
    heapy_error err = HEAPY_ERROR_INIT;
    const char *name;
    size_t at = 0;
    int status = STATUS_DONE;
    while (!status && (name = next_value(asked, OPTION_AVOID, &at))) {
        chosen objects = {0};
        if (!*out && heapy_node_set_create(heapy_graph_node_count(in->graph), out, &err))
            return complain_of(in->path, &err);
        status = chosen_init(&objects, in, NULL);
        if (!status)
            status = chosen_keep_type(&objects, in, name);
        for (size_t i = 0; !status && i < objects.count; i++)
            heapy_node_set_add(*out, objects.nodes[i]);
        chosen_deinit(&objects);
    }
    return status;
}

/* How many paths there are; SIZE_MAX of more. */
static size_t
paths_found(const ways *found)
{
    uint64_t count = 0;
    if (found->digit_count > 0)
        count = found->digits[0];
    if (found->digit_count > 1)
        count |= (uint64_t)found->digits[1] << 32;
    if (found->digit_count > 2 || count > SIZE_MAX)
        return SIZE_MAX;
    return (size_t)count;
}

/* How many of the paths are shown: `rows` (0: all), one more if it would be the only one left. */
static size_t
paths_shown(const ways *found, size_t rows)
{
    size_t count = paths_found(found);
    if (rows && count > rows + 1)
        return rows;
    return count;
}

static int
put_paths(document *doc, const ways *found, size_t rows)
{
    size_t shown = paths_shown(found, rows);
    if (!shown)
        document_put(doc, "no path\n");
    for (size_t i = 0; i < shown; i++) {
        char *text = way_text(found, i);
        if (!text)
            return STATUS_FAILED;
        document_printf(doc, "%2zu: %s\n", i, text);
        heapy_free(text);
    }
    if (found->digit_count > 2)
        document_printf(doc, "<... of %s paths ...>\n", found->number);
    else if (paths_found(found) > shown)
        document_printf(doc, "<... %zu more paths ...>\n", paths_found(found) - shown);
    return STATUS_DONE;
}

/* The steps of path number `number`: each reference, and what it leads to. */
static int
json_steps(document *doc, const ways *found, size_t number)
{
    heapy_error err = HEAPY_ERROR_INIT;
    const uint32_t digits[2] = {(uint32_t)number, (uint32_t)((uint64_t)number >> 32)};
    size_t length = heapy_paths_length(found->paths);
    heapy_path_step *steps = heapy_alloc_array(length, sizeof *steps);
    heapy_node source;
    int status = STATUS_DONE;
    if (!steps)
        return complain_of_memory();
    if (heapy_paths_get(found->paths, digits, 2, &source, steps, &err))
        status = complain_of(found->in->path, &err);
    json_key(doc, "steps");
    json_begin(doc, '[');
    for (size_t i = 0; !status && i < length; i++) {
        one_reference step = {source, heapy_graph_targets(found->in->graph)[steps[i].edge], steps[i].edge};
        char *name = reference_name(found->in, &step);
        if (!name) {
            status = STATUS_FAILED;
            break;
        }
        json_begin(doc, '{');
        json_key(doc, "relation");
        json_string(doc, name);
        status = json_object(doc, found->in, step.target);
        json_end(doc, '}');
        source = step.target;
        heapy_free(name);
    }
    json_end(doc, ']');
    heapy_free(steps);
    return status;
}

static int
json_paths(document *doc, const ways *found, size_t rows)
{
    size_t shown = paths_shown(found, rows);
    int status = STATUS_DONE;
    json_key(doc, "numpaths");
    json_literal(doc, found->number, strlen(found->number));
    json_key(doc, "paths");
    json_begin(doc, '[');
    if (rows && shown > rows)
        shown = rows;
    for (size_t i = 0; !status && i < shown; i++) {
        char *text = way_text(found, i);
        if (!text)
            return STATUS_FAILED;
        json_begin(doc, '{');
        json_key(doc, "text");
        json_string(doc, text);
        status = json_steps(doc, found, i);
        json_end(doc, '}');
        heapy_free(text);
    }
    json_end(doc, ']');
    return status;
}

int
run_paths(const invocation *asked)
{
    document doc = {0};
    input in = INPUT_INIT;
    ways found = {0};
    heapy_node node = 0, from = HEAPY_NO_NODE;
    heapy_node_set *avoid = NULL;
    size_t rows = 0;
    const char *start = option_value(asked, OPTION_FROM);
    int status = rows_asked(asked, HEAPY_DEFAULT_ROWS, &rows);
    if (!status)
        status = input_open(&in, asked->operands[0]);
    if (!status)
        status = input_need_edges(&in, "paths");
    if (!status)
        status = input_load(&in, REFERENCE_COLUMNS);
    if (!status)
        status = object_asked(asked, &in, 1, &node);
    if (!status && start)
        status = object_named(asked, &in, start, &from);
    if (!status)
        status = nodes_to_avoid(asked, &in, &avoid);
    if (!status)
        index_use_referrers(in.path, in.snapshot);
    if (!status)
        status = ways_init(&found, &in, from, node, avoid, start ? "Src" : "Root");
    if (!status && is_given(asked, OPTION_JSON)) {
        json_begin_document(&doc, "paths", &in, 1);
        status = json_paths(&doc, &found, rows);
        json_end_document(&doc);
    } else if (!status) {
        status = put_paths(&doc, &found, rows);
    }
    if (!status)
        status = document_print(&doc);
    if (!status)
        index_put_hint(asked, in.path);
    document_deinit(&doc);
    heapy_node_set_destroy(avoid);
    ways_deinit(&found);
    input_close(&in);
    return status;
}
