/* SPDX-License-Identifier: MIT */
#include "sql_authorizer.h"

#include <string.h>

#include "sql_functions.h"
#include "sql_table.h"

static const char *
word_for(int action)
{
    switch (action) {
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
        return "ATTACH and DETACH are";
    case SQLITE_PRAGMA:
        return "this PRAGMA is";
    case SQLITE_FUNCTION:
        return "this function is";
    case SQLITE_READ:
        return "this table is";
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
        return "transactions are";
    case SQLITE_CREATE_VTABLE:
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_TEMP_TABLE:
        return "making tables is";
    default:
        return "changing anything is";
    }
}

static bool
is_one_of(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (!sqlite3_stricmp(word, *words))
            return true;
    return false;
}

/* Only those that tell something. */
static bool
may_pragma(const char *name, const char *argument)
{
    static const char *const with_argument[] = {"table_info", "table_xinfo", NULL};
    static const char *const without[] = {"table_list",  "function_list",   "module_list",   "collation_list",
                                          "pragma_list", "compile_options", "database_list", NULL};
    return is_one_of(name, argument ? with_argument : without);
}

/* Our tables; views, CTEs and the list of views; what takes JSON apart. */
static bool
may_read(sql_authorizer *self, const char *name, const char *column, const char *database)
{
    static const char *const others[] = {"json_each", "json_tree", "sqlite_schema", "sqlite_master", NULL};
    const sql_table *table = sql_table_named(name);
    if (table) {
        self->needs |= table->needs;
        for (int i = 0; i < table->column_count; i++)
            if (!sqlite3_stricmp(table->columns[i].name, column))
                self->needs |= table->columns[i].needs;
        return true;
    }
    return !database || !strcmp(database, "temp") || is_one_of(name, others) ||
           !sqlite3_strnicmp(name, "pragma_", 7);
}

static bool
may(sql_authorizer *self, int action, const char *first, const char *second, const char *database)
{
    static const char *const functions[] = {"load_extension", "fts3_tokenizer", "fts5", "sqlite_log", NULL};
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
    case SQLITE_CREATE_TEMP_VIEW:
    case SQLITE_DROP_TEMP_VIEW:
        return true;
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE: /* as CREATE VIEW and DROP VIEW do; by hand, SQLite itself refuses */
        return database && !strcmp(database, "temp") &&
               (!strcmp(first, "sqlite_temp_master") || !strcmp(first, "sqlite_master"));
    case SQLITE_FUNCTION:
        self->needs |= sql_function_needs(second);
        return !is_one_of(second, functions);
    case SQLITE_PRAGMA:
        return may_pragma(first, second);
    case SQLITE_READ:
        return may_read(self, first, second, database);
    default:
        return false;
    }
}

int
sql_authorize(void *context, int action, const char *first, const char *second, const char *database,
              const char *inner)
{
    sql_authorizer *self = context;
    (void)inner;
    if (*self->is_declaring || may(self, action, first ? first : "", second, database))
        return SQLITE_OK;
    self->refused = word_for(action);
    return SQLITE_DENY;
}
