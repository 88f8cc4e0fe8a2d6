/* SPDX-License-Identifier: MIT */
#include "sql_functions.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void
free_text(void *text)
{
    heapy_text_free(text);
}

static void
fail(sqlite3_context *context, heapy_status status, const heapy_error *err)
{
    sqlite3_result_error(context, err->message, -1);
    if (status == HEAPY_NO_MEMORY)
        sqlite3_result_error_nomem(context);
    else if (status == HEAPY_CANCELLED)
        sqlite3_result_error_code(context, SQLITE_INTERRUPT);
}

/* The file that the second argument names, the only one where there is none. */
static heapy_status
heap_of(sql_session *session, const char *name, int count, sqlite3_value **arguments, sql_heap **out,
        heapy_error *err)
{
    int64_t snapshot = 0;
    if (count > 1) {
        if (sqlite3_value_numeric_type(arguments[1]) != SQLITE_INTEGER)
            return sql_fail(err, HEAPY_INVALID, "%s(): a snapshot is a number from 0 to %zu", name,
                            session->heap_count - 1);
        snapshot = sqlite3_value_int64(arguments[1]);
    } else if (session->heap_count > 1) {
        return sql_fail(err, HEAPY_INVALID, "%zu files are given: say which one is meant, %s(NODE, SNAPSHOT)",
                        session->heap_count, name);
    }
    if (snapshot < 0 || (uint64_t)snapshot >= session->heap_count)
        return sql_fail(err, HEAPY_INVALID, "%s(): there is no snapshot %" PRId64 ", the last one is %zu",
                        name, snapshot, session->heap_count - 1);
    *out = &session->heaps[snapshot];
    return HEAPY_OK;
}

/* The node that the first argument is. */
static heapy_status
node_of(const sql_heap *heap, const char *name, sqlite3_value *argument, heapy_node *out, heapy_error *err)
{
    if (sqlite3_value_numeric_type(argument) != SQLITE_INTEGER)
        return sql_fail(err, HEAPY_INVALID, "%s(): a node is a whole number", name);
    int64_t node = sqlite3_value_int64(argument);
    if (node < 0 || (uint64_t)node >= heap->node_count)
        return sql_fail(err, HEAPY_INVALID, "%s(): there is no node %" PRId64 ": %s has %zu", name, node,
                        heap->path, heap->node_count);
    *out = (heapy_node)node;
    return HEAPY_OK;
}

/* ---- path_text, brief ---- */

/* A text about one node; *text NULL: there is none. */
typedef heapy_status text_of(sql_heap *heap, heapy_node node, char **text, heapy_error *err);

static void
put_text_of(sqlite3_context *context, const char *name, int count, sqlite3_value **arguments, text_of *ask)
{
    heapy_error err = HEAPY_ERROR_INIT;
    sql_heap *heap;
    heapy_node node = HEAPY_NO_NODE;
    char *text = NULL;
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL)
        return;
    heapy_status status = heap_of(sqlite3_user_data(context), name, count, arguments, &heap, &err);
    if (!status)
        status = node_of(heap, name, arguments[0], &node, &err);
    if (!status)
        status = ask(heap, node, &text, &err);
    if (status)
        fail(context, status, &err);
    else
        sqlite3_result_text(context, text, -1, free_text);
}

static heapy_status
path_text_of(sql_heap *heap, heapy_node node, char **text, heapy_error *err)
{
    heapy_node *nodes;
    heapy_path_step *steps;
    size_t length;
    char *begun = NULL;
    const char *source = "Root";
    heapy_status status = sql_heap_need_writer(heap, err);
    if (!status)
        status = sql_heap_path(heap, node, &nodes, &steps, &length, err);
    if (status || !nodes)
        return status;
    if (nodes[0] != heapy_graph_root(heap->graph)) {
        status = heapy_snapshot_text(heap->snapshot, nodes[0], HEAPY_TEXT_ROW, &begun, err);
        source = begun;
    }
    if (!status)
        status = heapy_path_text(heap->writer, source, nodes[0], steps, length, text, NULL, err);
    heapy_text_free(begun);
    heapy_free(nodes);
    heapy_free(steps);
    return status;
}

static heapy_status
brief_of(sql_heap *heap, heapy_node node, char **text, heapy_error *err)
{
    return heapy_node_brief(heap->snapshot, node, HEAPY_BRIEF_LENGTH, text, err);
}

static void
put_path_text(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    put_text_of(context, "path_text", count, arguments, path_text_of);
}

static void
put_brief(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    put_text_of(context, "brief", count, arguments, brief_of);
}

/* ---- hex, bytes ---- */

static void
put_hex(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    char text[32];
    (void)count;
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL)
        return;
    if (sqlite3_value_numeric_type(arguments[0]) != SQLITE_INTEGER) {
        sqlite3_result_error(context, "hex(): an address is a whole number", -1);
        return;
    }
    sqlite3_snprintf(sizeof text, text, "0x%llx", sqlite3_value_int64(arguments[0]));
    sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

bool
sql_parse_bytes(const char *text, int64_t *out)
{
    static const char units[] = "KMGTPE";
    uint64_t whole = 0, denominator = 1, fraction = 0;
    const char *p = text;
    unsigned shift = 0;
    if (*p < '0' || *p > '9')
        return false;
    for (; *p >= '0' && *p <= '9'; p++) {
        if (whole > (UINT64_C(1) << 63) / 10)
            return false;
        whole = 10 * whole + (uint64_t)(*p - '0');
    }
    if (*p == '.')
        for (p++; *p >= '0' && *p <= '9'; p++)
            if (denominator <= 100000000) {
                fraction = 10 * fraction + (uint64_t)(*p - '0');
                denominator *= 10;
            }
    while (*p == ' ')
        p++;
    char letter;
    if (*p >= 'a' && *p <= 'z')
        letter = (char)(*p - 'a' + 'A');
    else
        letter = *p;
    const char *unit = NULL;
    if (letter)
        unit = strchr(units, letter);
    if (unit) {
        shift = 10 * (unsigned)(unit - units + 1);
        p++;
        p += *p == 'i';
    }
    p += *p == 'B' || *p == 'b';
    if (*p || whole > (uint64_t)INT64_MAX >> shift)
        return false;
    double rest = (double)fraction / (double)denominator * (double)(UINT64_C(1) << shift);
    uint64_t bytes = (whole << shift) + (uint64_t)rest;
    if (bytes > INT64_MAX)
        return false;
    *out = (int64_t)bytes;
    return true;
}

static void
put_bytes(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    int64_t bytes;
    (void)count;
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL)
        return;
    const char *text = (const char *)sqlite3_value_text(arguments[0]);
    if (!text) {
        sqlite3_result_error_nomem(context);
    } else if (sql_parse_bytes(text, &bytes)) {
        sqlite3_result_int64(context, bytes);
    } else {
        char *message =
            sqlite3_mprintf("bytes(): '%s' is no number of bytes, such as '300', '64K' or '1.5 GiB'", text);
        sqlite3_result_error(context, message ? message : "bytes(): no number of bytes", -1);
        sqlite3_free(message);
    }
}

/* ---- retained_set ---- */

/* What is collected of one group of rows. */
typedef struct collected {
    sql_heap *heap; /* NULL: no row yet */
    heapy_node_set *nodes;
    bool has_failed;
} collected;

static void
collect(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    heapy_error err = HEAPY_ERROR_INIT;
    collected *rows = sqlite3_aggregate_context(context, sizeof *rows);
    sql_heap *heap;
    heapy_node node = HEAPY_NO_NODE;
    if (!rows) {
        sqlite3_result_error_nomem(context);
        return;
    }
    if (rows->has_failed || sqlite3_value_type(arguments[0]) == SQLITE_NULL)
        return;
    heapy_status status = heap_of(sqlite3_user_data(context), "retained_set", count, arguments, &heap, &err);
    if (!status && rows->heap && rows->heap != heap)
        status = sql_fail(&err, HEAPY_INVALID,
                          "retained_set(): one set has nodes of one snapshot: GROUP BY snapshot");
    if (!status)
        status = node_of(heap, "retained_set", arguments[0], &node, &err);
    if (!status && !rows->heap)
        status = heapy_node_set_create(heap->node_count, &rows->nodes, &err);
    if (status) {
        rows->has_failed = true;
        fail(context, status, &err);
        return;
    }
    rows->heap = heap;
    heapy_node_set_add(rows->nodes, node);
}

/* The tree, which an index may have, is what a set of one object is asked of. */
static heapy_status
ask_retained(sql_heap *heap, const heapy_node_set *nodes, const heapy_progress *progress, uint64_t *size,
             heapy_error *err)
{
    heapy_status status = HEAPY_OK;
    if (heapy_node_set_count(nodes) == 1)
        status = sql_heap_need_dominators(heap, progress, err);
    if (status)
        return status;
    return heapy_ask_retained(heap->snapshot, progress, nodes, size, err);
}

static void
put_retained(sqlite3_context *context)
{
    heapy_error err = HEAPY_ERROR_INIT;
    collected *rows = sqlite3_aggregate_context(context, 0);
    const sql_session *session = sqlite3_user_data(context);
    uint64_t size;
    if (!rows || !rows->heap || rows->has_failed) {
        if (rows && rows->nodes)
            heapy_node_set_destroy(rows->nodes);
        if (!rows || !rows->has_failed)
            sqlite3_result_int(context, 0);
        return;
    }
    heapy_status status = sql_heap_need_edges(rows->heap, &err);
    if (!status)
        status = ask_retained(rows->heap, rows->nodes, &session->progress, &size, &err);
    if (status)
        fail(context, status, &err);
    else
        sql_put_size(context, size);
    heapy_node_set_destroy(rows->nodes);
    rows->nodes = NULL;
}

/* ---- the list ---- */

enum {
    SAYS = HEAPY_FILE_OWNERS | HEAPY_FILE_ADDRESSES | HEAPY_FILE_LENGTHS | HEAPY_FILE_FACTS | HEAPY_FILE_TEXTS
};

static const struct {
    const char *name;
    int arguments, more; /* and how many there may be beside */
    unsigned needs;
    void (*put)(sqlite3_context *context, int count, sqlite3_value **arguments);
    void (*collect)(sqlite3_context *context, int count, sqlite3_value **arguments);
    void (*finish)(sqlite3_context *context);
} functions[] = {
    {"path_text", 1, 1, SAYS | HEAPY_FILE_EDGES | HEAPY_FILE_KEYS, put_path_text, NULL, NULL},
    {"brief", 1, 1, SAYS | HEAPY_FILE_SIZES, put_brief, NULL, NULL},
    {"hex", 1, 0, 0, put_hex, NULL, NULL},
    {"bytes", 1, 0, 0, put_bytes, NULL, NULL},
    {"retained_set", 1, 1, HEAPY_FILE_SIZES | HEAPY_FILE_EDGES, NULL, collect, put_retained},
};

enum { FUNCTION_COUNT = sizeof functions / sizeof *functions };

int
sql_functions_register(sqlite3 *db, sql_session *session)
{
    enum { FLAGS = SQLITE_UTF8 | SQLITE_DETERMINISTIC };
    int result = SQLITE_OK;
    for (size_t i = 0; i < FUNCTION_COUNT; i++)
        for (int more = 0; !result && more <= functions[i].more; more++)
            result = sqlite3_create_function_v2(db, functions[i].name, functions[i].arguments + more, FLAGS,
                                                session, functions[i].put, functions[i].collect,
                                                functions[i].finish, NULL);
    return result;
}

unsigned
sql_function_needs(const char *name)
{
    for (size_t i = 0; i < FUNCTION_COUNT; i++)
        if (!sqlite3_stricmp(functions[i].name, name))
            return functions[i].needs;
    return 0;
}
