/* SPDX-License-Identifier: MIT */
#include "types/table_writer.h"

#include "live/errors.h"
#include "live/text.h"

#include <heapy/memory.h>
#include <heapy/table_json.h>
#include <heapy/table_text.h>
#include <heapy/why_text.h>
#include <stdbool.h>
#include <string.h>

/* The text that was written, as str, or the error that `status` says. */
static PyObject *
text_or_error(heapy_status status, char *text, const heapy_error *err)
{
    if (!status)
        return text_taken_over(text, SIZE_MAX);
    raise_heapy_error(err);
    return NULL;
}

PyObject *
table_as_json(const heapy_table *table, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"by", "rows", NULL};
    const char *by = NULL;
    Py_ssize_t rows = 0;
    heapy_error err = HEAPY_ERROR_INIT;
    char *text = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|zn:as_json", names, &by, &rows))
        return NULL;
    heapy_status status = heapy_table_json(table, by, rows < 0 ? 0 : (size_t)rows, &text, &err);
    return text_or_error(status, text, &err);
}

PyObject *
table_as_csv(const heapy_table *table, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"rows", NULL};
    Py_ssize_t rows = 0;
    heapy_error err = HEAPY_ERROR_INIT;
    char *text = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|n:as_csv", names, &rows))
        return NULL;
    heapy_status status = heapy_table_csv(table, rows < 0 ? 0 : (size_t)rows, &text, &err);
    return text_or_error(status, text, &err);
}

/* ---- tables that Python puts together ---- */

static void
free_rows(heapy_row *rows, size_t count)
{
    for (size_t i = 0; rows && i < count; i++)
        heapy_free((void *)rows[i].name);
    heapy_free(rows);
}

/* Rows first .. first + len(list) - 1 of an array of `count`, the others being zeros.  NULL with an
 * exception. */
static heapy_row *
rows_of_list(PyObject *list, size_t first, size_t count)
{
    heapy_row *rows = heapy_alloc_zeroed(count, sizeof *rows);
    bool is_done = rows;
    if (!rows)
        PyErr_NoMemory();
    for (Py_ssize_t i = 0; is_done && i < PyList_GET_SIZE(list); i++) {
        heapy_row *row = &rows[first + (size_t)i];
        PyObject *name;
        long long numbers[4];
        is_done = PyTuple_Check(PyList_GET_ITEM(list, i)) &&
                  PyArg_ParseTuple(PyList_GET_ITEM(list, i), "LLLLU", &numbers[0], &numbers[1], &numbers[2],
                                   &numbers[3], &name);
        if (!is_done && !PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "_write_table: rows are tuples");
        if (!is_done)
            break;
        *row = (heapy_row){.index = numbers[0],
                           .count = numbers[1],
                           .size = numbers[2],
                           .retained = numbers[3],
                           .name = utf8_of_text(name)};
        is_done = row->name;
    }
    if (is_done)
        return rows;
    free_rows(rows, count);
    return NULL;
}

PyObject *
write_table_as(const char *how, const heapy_table *table, size_t first, size_t max_rows, bool with_label)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status;
    char *text = NULL;
    const heapy_text_options options = {first, max_rows, HEAPY_DEFAULT_LINE_LENGTH, with_label};
    if (!strcmp(how, "json"))
        status = heapy_table_json(table, NULL, max_rows, &text, &err);
    else if (!strcmp(how, "csv"))
        status = heapy_table_csv(table, max_rows, &text, &err);
    else
        status = heapy_table_render(table, &options, &text, NULL, &err);
    return text_or_error(status, text, &err);
}

PyObject *
write_table(PyObject *Py_UNUSED(module), PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"how",   "header",    "count",    "size",       "rows",
                            "first", "row_count", "max_rows", "with_label", NULL};
    const char *how, *header;
    int with_label;
    long long count, size;
    PyObject *list;
    Py_ssize_t first, row_count, max_rows;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "ssLLO!nnnp:_write_table", names, &how, &header, &count,
                                     &size, &PyList_Type, &list, &first, &row_count, &max_rows, &with_label))
        return NULL;
    if (first < 0 || row_count < first + PyList_GET_SIZE(list) || max_rows < 0) {
        PyErr_SetString(PyExc_ValueError, "_write_table: rows that are not among the table's");
        return NULL;
    }
    heapy_row *rows = rows_of_list(list, (size_t)first, (size_t)row_count);
    if (!rows)
        return NULL;
    const heapy_table table = {.format = HEAPY_FORMAT_RETAINED,
                               .kind_name = "",
                               .header = header,
                               .count = count,
                               .size = size,
                               .row_count = (size_t)row_count,
                               .rows = rows};
    PyObject *text = write_table_as(how, &table, (size_t)first, (size_t)max_rows, with_label);
    free_rows(rows, (size_t)row_count);
    return text;
}

/* ---- why ---- */

PyObject *
write_why(PyObject *Py_UNUSED(module), PyObject *args)
{
    heapy_why_facts facts = {0};
    unsigned long long retained, size;
    int is_reached;
    heapy_error err = HEAPY_ERROR_INIT;
    char *text = NULL;
    if (!PyArg_ParseTuple(args, "szszzpKK:_why_text", &facts.brief, &facts.path, &facts.path_count,
                          &facts.no_path, &facts.dominator, &is_reached, &retained, &size))
        return NULL;
    facts.is_reached = is_reached;
    facts.retained = retained;
    facts.size = size;
    heapy_status status = heapy_why_text(&facts, &text, &err);
    return text_or_error(status, text, &err);
}
