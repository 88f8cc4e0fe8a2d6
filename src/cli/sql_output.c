/* SPDX-License-Identifier: MIT */
#include "sql_output.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "separated_text.h"

/* Columns are as wide as the first rows need; those that come later are written as they are. */
enum { ROWS_MEASURED = 1000, BLANKS_BETWEEN = 2 };

typedef struct text_cell {
    char *text;   /* owned */
    size_t width; /* characters */
    bool is_number;
} text_cell;

struct sql_output {
    FILE *out;
    sql_form form;
    size_t row_limit;
    const char *head;
    bool is_shown;
    int columns;
    size_t rows;   /* of this statement, so far */
    size_t tables; /* statements before it that gave rows */
    /* of text */
    size_t *widths;
    text_cell *cells; /* of the rows that are measured */
    document line;    /* what is not yet written */
    size_t cell_count;
    bool is_measured, is_cut;
};

sql_output *
sql_output_create(const sql_request *request)
{
    sql_output *output = heapy_alloc_zeroed(1, sizeof *output);
    if (!output)
        return NULL;
    output->out = request->out;
    output->form = request->form;
    output->row_limit = request->row_limit;
    output->is_shown = request->is_shown;
    output->head = "";
    if (request->head)
        output->head = request->head;
    return output;
}

static void
drop_cells(sql_output *output)
{
    for (size_t i = 0; i < output->cell_count; i++)
        heapy_free(output->cells[i].text);
    heapy_free(output->cells);
    heapy_free(output->widths);
    output->cells = NULL;
    output->widths = NULL;
    output->cell_count = 0;
}

void
sql_output_destroy(sql_output *output)
{
    if (output) {
        drop_cells(output);
        document_deinit(&output->line);
    }
    heapy_free(output);
}

/* ---- values ---- */

/* A number with a point, as short as it is that number again. */
static void
print_real(char *room, size_t size, double number)
{
    for (int digits = 15; digits <= 17; digits++) {
        sqlite3_snprintf((int)size, room, "%!.*g", digits, number);
        if (strtod(room, NULL) == number)
            break;
    }
}

/* The text of a value and its bytes; of numbers in `room`. */
static const char *
text_of(sqlite3_stmt *statement, int column, char room[40], size_t *length)
{
    const char *text = "";
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
        *length = 0;
        return "";
    case SQLITE_FLOAT:
        print_real(room, 40, sqlite3_column_double(statement, column));
        *length = strlen(room);
        return room;
    case SQLITE_BLOB:
        text = sqlite3_column_blob(statement, column);
        break;
    default:
        text = (const char *)sqlite3_column_text(statement, column);
        break;
    }
    *length = (size_t)sqlite3_column_bytes(statement, column);
    return text ? text : "";
}

/* ---- CSV, TSV, JSON ---- */

/* Write what stands in the line; false: there was no memory for it. */
static bool
write_line(sql_output *output)
{
    document *line = &output->line;
    if (line->failed)
        return false;
    if (line->length)
        fwrite(line->text, 1, line->length, output->out);
    line->length = 0;
    return true;
}

static void
put_field(sql_output *output, const char *text, size_t length)
{
    if (output->form == SQL_FORM_TSV)
        put_tsv_field(&output->line, text, length);
    else
        put_csv_field(&output->line, text, length);
}

/* A name that moves a cursor is data in a file, and none on a terminal. */
static void
put_shown_field(sql_output *output, const char *text, size_t length)
{
    document escaped = {0};
    document_put(&escaped, "");
    document_put_escaped(&escaped, text, length);
    if (escaped.failed)
        output->line.failed = true;
    else
        put_field(output, escaped.text, escaped.length);
    document_deinit(&escaped);
}

static void
put_separated(sql_output *output, int column, const char *text, size_t length)
{
    const char *separator = ",";
    if (output->form == SQL_FORM_TSV)
        separator = "\t";
    if (column)
        document_put(&output->line, separator);
    if (output->is_shown)
        put_shown_field(output, text, length);
    else
        put_field(output, text, length);
    if (column == output->columns - 1)
        document_put(&output->line, "\n");
}

static void
put_json_value(sql_output *output, sqlite3_stmt *statement, int column)
{
    char room[40];
    size_t length;
    const char *text = text_of(statement, column, room, &length);
    int type = sqlite3_column_type(statement, column);
    if (type == SQLITE_NULL || (type == SQLITE_FLOAT && !isfinite(sqlite3_column_double(statement, column))))
        json_null(&output->line);
    else if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
        json_literal(&output->line, text, length);
    else
        json_string_of(&output->line, text, length);
}

static bool
begin_json(sql_output *output, sqlite3_stmt *statement)
{
    document_put(&output->line, output->head);
    output->line.after_value = true;
    json_key(&output->line, "columns");
    json_begin(&output->line, '[');
    for (int i = 0; i < output->columns; i++)
        json_string(&output->line, sqlite3_column_name(statement, i));
    json_end(&output->line, ']');
    json_key(&output->line, "rows");
    json_begin(&output->line, '[');
    return write_line(output);
}

/* ---- text ---- */

static void
put_cell(const sql_output *output, int column, const text_cell *cell)
{
    int blanks = 0;
    if (output->widths[column] > cell->width)
        blanks = (int)(output->widths[column] - cell->width);
    if (cell->is_number)
        fprintf(output->out, "%*s", blanks, "");
    fputs(cell->text, output->out);
    if (column == output->columns - 1) {
        putc('\n', output->out);
        return;
    }
    if (cell->is_number)
        blanks = 0;
    fprintf(output->out, "%*s", blanks + BLANKS_BETWEEN, "");
}

static void
put_measured(sql_output *output)
{
    for (size_t i = 0; i < output->cell_count; i++)
        put_cell(output, (int)(i % (size_t)output->columns), &output->cells[i]);
    for (size_t i = 0; i < output->cell_count; i++)
        heapy_free(output->cells[i].text);
    output->cell_count = 0;
    output->is_measured = true;
}

static bool
make_cell(const char *text, size_t length, bool is_number, text_cell *cell)
{
    document escaped = {0};
    document_write(&escaped, "", 0);
    document_put_escaped(&escaped, text, length);
    if (escaped.failed)
        document_deinit(&escaped);
    *cell = (text_cell){escaped.text, 0, is_number};
    for (size_t i = 0; i < escaped.length; i++)
        cell->width += (escaped.text[i] & 0xc0) != 0x80;
    return cell->text;
}

static bool
keep_cell(sql_output *output, int column, const text_cell *cell)
{
    output->cells[output->cell_count++] = *cell;
    if (cell->width > output->widths[column])
        output->widths[column] = cell->width;
    return true;
}

/* The names of columns; a column of numbers has its name on the right, which only its rows tell. */
static bool
begin_text(sql_output *output, sqlite3_stmt *statement)
{
    size_t room = (size_t)output->columns * (ROWS_MEASURED + 1);
    output->widths = heapy_alloc_zeroed((size_t)output->columns, sizeof *output->widths);
    output->cells = heapy_alloc_zeroed(room, sizeof *output->cells);
    if (!output->widths || !output->cells)
        return false;
    for (int i = 0; i < output->columns; i++) {
        const char *name = sqlite3_column_name(statement, i);
        text_cell cell;
        if (!name || !make_cell(name, strlen(name), false, &cell) || !keep_cell(output, i, &cell))
            return false;
    }
    return true;
}

static bool
put_text_row(sql_output *output, sqlite3_stmt *statement)
{
    for (int i = 0; i < output->columns; i++) {
        char room[40];
        size_t length;
        const char *text = text_of(statement, i, room, &length);
        int type = sqlite3_column_type(statement, i);
        text_cell cell;
        if (!make_cell(text, length, type == SQLITE_INTEGER || type == SQLITE_FLOAT, &cell))
            return false;
        if (output->rows == 0)
            output->cells[i].is_number = cell.is_number;
        if (!output->is_measured) {
            keep_cell(output, i, &cell);
        } else {
            put_cell(output, i, &cell);
            heapy_free(cell.text);
        }
    }
    if (output->rows + 1 == ROWS_MEASURED)
        put_measured(output);
    return true;
}

/* ---- statements ---- */

bool
sql_output_begin(sql_output *output, sqlite3_stmt *statement)
{
    output->columns = sqlite3_column_count(statement);
    output->rows = 0;
    output->is_measured = output->is_cut = false;
    if (output->tables++ && output->form == SQL_FORM_TEXT)
        putc('\n', output->out);
    if (output->form == SQL_FORM_TEXT)
        return begin_text(output, statement);
    if (output->form == SQL_FORM_JSON)
        return begin_json(output, statement);
    if (output->form == SQL_FORM_LINES)
        return true;
    for (int i = 0; i < output->columns; i++) {
        const char *name = sqlite3_column_name(statement, i);
        put_separated(output, i, name, strlen(name));
    }
    return !output->line.failed; /* it is written with the first row: until then something may be wrong */
}

bool
sql_output_row(sql_output *output, sqlite3_stmt *statement, bool *is_enough)
{
    *is_enough = output->row_limit && output->rows == output->row_limit;
    if (*is_enough) {
        output->is_cut = true;
        return true;
    }
    if (output->form == SQL_FORM_TEXT) {
        if (!put_text_row(output, statement))
            return false;
    } else if (output->form == SQL_FORM_LINES) {
        output->line.after_value = false;
        json_begin(&output->line, '{');
        for (int i = 0; i < output->columns; i++) {
            json_key(&output->line, sqlite3_column_name(statement, i));
            put_json_value(output, statement, i);
        }
        json_end(&output->line, '}');
        document_put(&output->line, "\n");
    } else if (output->form == SQL_FORM_JSON) {
        json_begin(&output->line, '[');
        for (int i = 0; i < output->columns; i++)
            put_json_value(output, statement, i);
        json_end(&output->line, ']');
    } else {
        for (int i = 0; i < output->columns; i++) {
            char room[40];
            size_t length;
            const char *text = text_of(statement, i, room, &length);
            put_separated(output, i, text, length);
        }
    }
    if (!write_line(output))
        return false;
    output->rows++;
    return true;
}

bool
sql_output_end(sql_output *output)
{
    if (output->form == SQL_FORM_JSON)
        fputs("]}\n", output->out);
    if (output->form != SQL_FORM_TEXT)
        return write_line(output);
    put_measured(output);
    drop_cells(output);
    if (output->is_cut)
        fprintf(output->out, "<There are more rows. -n N or --all shows them.>\n");
    return true;
}
