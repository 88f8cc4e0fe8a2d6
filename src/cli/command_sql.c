/* SPDX-License-Identifier: MIT */
/* heapy sql 'SELECT ...' FILE... */
#include "command.h"
#include "input.h"
#include "spool.h"
#include "sql.h"
#include "watch.h"

#include <errno.h>
#include <heapy/memory.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A file of statements, `-` being standard input; owned, heapy_free().  NULL: what is wrong was said. */
static char *
read_statements(const char *path)
{
    document text = {0};
    char bytes[4096];
    size_t count;
    bool is_input = !strcmp(path, "-");
    FILE *file = stdin;
    if (!is_input)
        file = fopen(path, "r");
    if (!file) {
        complain("%s: %s", path, strerror(errno));
        return NULL;
    }
    document_write(&text, "", 0);
    while ((count = fread(bytes, 1, sizeof bytes, file)) > 0)
        document_write(&text, bytes, count);
    bool is_read = !ferror(file);
    if (!is_input)
        fclose(file);
    if (is_read && !text.failed && strlen(text.text) == text.length)
        return text.text;
    if (!is_read)
        complain("%s: %s", path, strerror(errno));
    else if (text.failed)
        complain_of_memory();
    else
        complain("%s: this is no text: it has a NUL in it", path);
    document_deinit(&text);
    return NULL;
}

static bool
seconds_asked(const invocation *asked, double *out)
{
    const char *value = option_value(asked, OPTION_TIMEOUT);
    char *end = NULL;
    if (value)
        *out = strtod(value, &end);
    else
        *out = 0;
    if (!value || (end != value && !*end && *out > 0 && *out < 1e9))
        return true;
    usage_error(asked, "--timeout takes seconds, such as 2.5, not '%s'", value);
    return false;
}

/* The values of --param, in the order given; owned, heapy_free().  NULL: what is wrong was said. */
static const char **
parameters_of(const invocation *asked, size_t *count, int *status)
{
    const char **parameters = heapy_alloc_array(asked->option_count, sizeof *parameters), *value;
    size_t at = 0;
    *count = 0;
    if (!parameters)
        *status = complain_of_memory();
    while (parameters && (value = next_value(asked, OPTION_PARAM, &at))) {
        if (!strchr(value, '=') || *value == '=') {
            *status = usage_error(asked, "--param takes NAME=VALUE, not '%s'", value);
            heapy_free(parameters);
            return NULL;
        }
        parameters[(*count)++] = value;
    }
    return parameters;
}

/* Copy the rows, which are all there, to standard output. */
static int
print_spool(FILE *spool)
{
    char bytes[1 << 16];
    size_t count;
    int status = STATUS_DONE;
    if (fflush(spool) || ferror(spool))
        return complain("the temporary file for the rows: %s", strerror(errno));
    rewind(spool);
    while (!status && (count = fread(bytes, 1, sizeof bytes, spool)) > 0) {
        document part = {0};
        document_write(&part, bytes, count);
        status = document_print(&part);
    }
    if (!status && ferror(spool))
        return complain("the temporary file for the rows: %s", strerror(errno));
    return status;
}

static int
run(const invocation *asked, sql_request *request, const input *inputs, size_t count)
{
    heapy_error err = HEAPY_ERROR_INIT;
    document head = {0};
    const heapy_progress *progress = progress_of(asked);
    sql_input *given = heapy_alloc_array(count, sizeof *given);
    if (!given)
        return complain_of_memory();
    for (size_t i = 0; i < count; i++)
        given[i] = (sql_input){inputs[i].path, inputs[i].file};
    if (progress)
        request->progress = *progress;
    if (request->form == SQL_FORM_JSON)
        json_begin_document(&head, "sql", inputs, count);
    request->head = head.text;
    int spool = spool_create(NULL, "the rows");
    if (spool < 0)
        request->out = NULL;
    else
        request->out = fdopen(spool, "w+");
    heapy_status status = head.failed ? HEAPY_NO_MEMORY : HEAPY_OK;
    int ends = STATUS_DONE;
    if (spool < 0)
        ends = STATUS_FAILED;
    else if (!request->out) {
        close(spool);
        ends = complain_of_memory();
    }
    if (!status && !ends)
        status = sql_run(request, given, count, &err);
    progress_end();
    if (status)
        ends = complain("%s", *err.message ? err.message : heapy_status_text(status));
    if (!ends)
        ends = print_spool(request->out);
    if (request->out)
        fclose(request->out);
    document_deinit(&head);
    heapy_free(given);
    return ends;
}

/* The form that rows are asked in; false: in several, which was said. */
static bool
form_of(const invocation *asked, sql_form *out)
{
    static const struct {
        option_id id;
        sql_form form;
    } forms[] = {{OPTION_CSV, SQL_FORM_CSV}, {OPTION_TSV, SQL_FORM_TSV}, {OPTION_JSON, SQL_FORM_JSON}};
    unsigned given = 0;
    *out = SQL_FORM_TEXT;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (is_given(asked, forms[i].id)) {
            *out = forms[i].form;
            given++;
        }
    if (given > 1)
        usage_error(asked, "--csv, --tsv and --json exclude each other");
    return given < 2;
}

/* A program is given all rows. */
static size_t
rows_usual(sql_form form)
{
    if (form == SQL_FORM_TEXT)
        return HEAPY_DEFAULT_ROWS;
    return 0;
}

int
run_sql(const invocation *asked)
{
    sql_request request = {0};
    const char *path = option_value(asked, OPTION_FILE);
    size_t first = path ? 0 : 1, count = asked->operand_count - first, opened = 0;
    int status = STATUS_USAGE;
    if (!count)
        return usage_error(asked, "'SELECT ...' and a snapshot file expected");
    if (!form_of(asked, &request.form) || !seconds_asked(asked, &request.timeout) ||
        rows_asked(asked, rows_usual(request.form), &request.row_limit))
        return STATUS_USAGE;
    const char **parameters = parameters_of(asked, &request.parameter_count, &status);
    if (!parameters)
        return status;
    request.parameters = parameters;
    request.is_shown = isatty(STDOUT_FILENO);
    char *read = NULL;
    if (path)
        read = read_statements(path);
    request.text = path ? read : asked->operands[0];
    input *inputs = heapy_alloc_array(count, sizeof *inputs);
    if (!inputs)
        complain_of_memory();
    status = inputs && request.text ? STATUS_DONE : STATUS_FAILED;
    for (; !status && opened < count; opened++)
        status = input_open(&inputs[opened], asked->operands[first + opened]);
    if (!status)
        status = run(asked, &request, inputs, count);
    while (opened)
        input_close(&inputs[--opened]);
    heapy_free(inputs);
    heapy_free(read);
    heapy_free(parameters);
    return status;
}
