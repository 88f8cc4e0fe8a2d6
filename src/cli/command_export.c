/* SPDX-License-Identifier: MIT */
/* heapy export WHAT FILE -o OUT */
#include "export.h"
#include "object.h"
#include "output_file.h"
#include "sql.h"
#include "watch.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

typedef int export_function(const invocation *asked, input *in, output_file *out);

static int
ended(const input *in, const output_file *out, export_sink *to)
{
    heapy_status status = to->status;
    document_deinit(&to->line);
    progress_end();
    return status ? complain_of(status == HEAPY_OS ? out->path : in->path, &to->err) : STATUS_DONE;
}

/* Is there more in it than DevTools opens? */
static void
warn_of_size(const output_file *out, const export_chrome_size *written)
{
    const char *path = strcmp(out->path, "-") ? out->path : "chrome";
    const struct {
        const char *what;
        uint64_t count, most;
    } limits[] = {{"characters of text", written->text_units, CHROME_MOST_TEXT},
                  {"objects", written->nodes, CHROME_MOST_NODES},
                  {"references", written->edges, CHROME_MOST_EDGES}};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (limits[i].count > limits[i].most) {
            complain("%s: DevTools opens at most %" PRIu64 " %s, and this has %" PRIu64
                     "; --min BYTES leaves out what retains less",
                     path, limits[i].most, limits[i].what, limits[i].count);
            return;
        }
}

static int
write_chrome(const invocation *asked, input *in, output_file *out)
{
    export_sink to = {output_file_sink(out), {0}, HEAPY_OK, HEAPY_ERROR_INIT};
    heapy_dominators *dominators = NULL;
    uint64_t least = 0;
    if (!option_bytes(asked, OPTION_MIN, &least))
        return STATUS_USAGE;
    if (least && !(dominators = dominators_of(asked, in)))
        return STATUS_FAILED;
    export_chrome_size written;
    export_chrome(in, dominators, least, &written, &to);
    int status = ended(in, out, &to);
    if (!status)
        warn_of_size(out, &written);
    return status;
}

static int
write_dot(const invocation *asked, input *in, output_file *out)
{
    export_sink to = {output_file_sink(out), {0}, HEAPY_OK, HEAPY_ERROR_INIT};
    const char *name = option_value(asked, OPTION_AROUND);
    uint64_t hops = 2;
    heapy_node around;
    size_t left = 0;
    if (!name)
        return usage_error(asked, "dot is drawn around an object: --around OBJECT");
    if (!option_number(asked, OPTION_HOPS, &hops))
        return STATUS_USAGE;
    int status = object_named(asked, in, name, &around);
    if (status)
        return status;
    export_dot(in, around, hops, &left, &to);
    status = ended(in, out, &to);
    if (!status && left)
        complain("dot: the first %d objects are drawn, and %zu more are as near; --hops says how far to go",
                 DOT_LIMIT, left);
    return status;
}

/* CSV and JSON lines are what SQL gives of a whole table. */
static int
write_rows(const invocation *asked, input *in, output_file *out, sql_form form)
{
    heapy_error err = HEAPY_ERROR_INIT;
    sql_request request = {.form = form, .text = "SELECT * FROM objects"};
    const sql_input given = {in->path, in->file};
    if (is_given(asked, OPTION_EDGES) && is_given(asked, OPTION_OBJECTS))
        return usage_error(asked, "--objects and --edges are two files");
    if (is_given(asked, OPTION_EDGES))
        request.text = "SELECT * FROM edges";
    const heapy_progress *progress = progress_of(asked);
    if (progress)
        request.progress = *progress;
    request.is_shown = isatty(out->descriptor);
    int descriptor = dup(out->descriptor);
    if (descriptor >= 0)
        request.out = fdopen(descriptor, "w");
    else
        request.out = NULL;
    if (!request.out) {
        int status = complain("%s: %s", out->path, strerror(errno));
        if (descriptor >= 0)
            close(descriptor);
        return status;
    }
    heapy_status status = sql_run(&request, &given, 1, &err);
    progress_end();
    int is_written = !ferror(request.out), closed = fclose(request.out), number = errno;
    if (status)
        return complain("%s", err.message);
    if (is_written && !closed)
        return STATUS_DONE;
    return complain("%s: %s", out->path, strerror(number));
}

static int
write_csv(const invocation *asked, input *in, output_file *out)
{
    return write_rows(asked, in, out, SQL_FORM_CSV);
}

static int
write_lines(const invocation *asked, input *in, output_file *out)
{
    return write_rows(asked, in, out, SQL_FORM_LINES);
}

/* Is an option given that is another export's? */
static int
check_options(const invocation *asked, const char *what)
{
    static const struct {
        option_id id;
        const char *first, *second; /* whose it is; there may be no second */
    } owners[] = {{OPTION_OBJECTS, "csv", "jsonl"},
                  {OPTION_EDGES, "csv", "jsonl"},
                  {OPTION_MIN, "chrome", NULL},
                  {OPTION_AROUND, "dot", NULL},
                  {OPTION_HOPS, "dot", NULL}};
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++) {
        const char *first = owners[i].first, *second = owners[i].second;
        if (!is_given(asked, owners[i].id) || !strcmp(what, first) || (second && !strcmp(what, second)))
            continue;
        return usage_error(asked, "--%s is of %s%s%s", option_table[owners[i].id].name, first,
                           second ? " and " : "", second ? second : "");
    }
    return STATUS_DONE;
}

int
run_export(const invocation *asked)
{
    static const struct {
        const char *name;
        export_function *write;
        bool needs_edges;
        unsigned columns;
    } exports[] = {{"chrome", write_chrome, true, HEAPY_FILE_EVERYTHING},
                   {"csv", write_csv, false, 0},
                   {"jsonl", write_lines, false, 0},
                   {"dot", write_dot, true, OBJECT_COLUMNS | HEAPY_FILE_EDGES | HEAPY_FILE_KEYS}};
    enum { COUNT = sizeof exports / sizeof *exports };
    input in = INPUT_INIT;
    output_file out = {.descriptor = -1};
    const char *path = option_value(asked, OPTION_OUTPUT);
    size_t which = 0;
    while (which < COUNT && strcmp(exports[which].name, asked->operands[0]))
        which++;
    if (which == COUNT)
        return usage_error(asked, "there is no export '%s'; there are chrome, csv, jsonl and dot",
                           asked->operands[0]);
    if (check_options(asked, exports[which].name))
        return STATUS_USAGE;
    if (!path)
        return usage_error(asked, "-o OUT expected; -o - is standard output");
    int status = input_open(&in, asked->operands[1]);
    if (!status && exports[which].columns)
        status = input_load(&in, exports[which].columns);
    if (!status && exports[which].needs_edges && !heapy_graph_has_edges(in.graph))
        status = input_need_edges(&in, exports[which].name);
    if (!status)
        status = output_file_begin(&out, asked, path, &in);
    if (!status)
        status = exports[which].write(asked, &in, &out);
    if (!status)
        status = output_file_complete(&out);
    output_file_end(&out);
    input_close(&in);
    return status;
}
