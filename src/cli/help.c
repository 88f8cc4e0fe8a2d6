/* SPDX-License-Identifier: MIT */
#include "help.h"

#include "command_parse.h"

#include <string.h>

enum { HELP_WIDTH = 80 };

/* Write text that is broken at blanks, each line but the first indented. */
static void
put_wrapped(document *doc, const char *text, size_t indent)
{
    size_t column = indent;
    for (const char *at = text; *at;) {
        size_t length = strcspn(at, " ");
        if (column > indent && column + 1 + length > HELP_WIDTH) {
            document_printf(doc, "\n%*s", (int)indent, "");
            column = indent;
        } else if (column > indent) {
            document_put(doc, " ");
            column++;
        }
        document_write(doc, at, length);
        column += length;
        at += length + (at[length] == ' ');
    }
    document_put(doc, "\n");
}

void
put_option(document *doc, const option_row *row)
{
    if (row->letter)
        document_printf(doc, row->name ? "-%c, " : "-%c", row->letter);
    if (row->name)
        document_printf(doc, "--%s", row->name);
    if (row->value)
        document_printf(doc, " %s", row->value);
}

enum { MEANING_COLUMN = 22 };

static void
put_options(document *doc, uint64_t options)
{
    for (unsigned id = 0; id < OPTION_COUNT; id++) {
        const option_row *row = &option_table[id];
        if (!(options & OPTION_BIT(id)))
            continue;
        size_t start = doc->length;
        document_put(doc, "  ");
        put_option(doc, row);
        size_t written = doc->length - start;
        if (written + 2 > MEANING_COLUMN)
            document_printf(doc, "\n%*s", MEANING_COLUMN, "");
        else
            document_printf(doc, "%*s", (int)(MEANING_COLUMN - written), "");
        put_wrapped(doc, row->meaning, MEANING_COLUMN);
    }
}

static void
put_all_commands(document *doc)
{
    document_put(doc, "heapy COMMAND [OPTIONS] FILE...: questions to snapshots of Python's heap\n\n");
    for (size_t i = 0; i < command_count; i++) {
        document_printf(doc, "  %-12s", command_table[i].name);
        put_wrapped(doc, command_table[i].answers, 14);
    }
    document_put(doc, "\nFor all:\n");
    put_options(doc, common_options);
    document_put(doc, "\nFILE may be - for standard input.  OBJECT is an address 0x7f... or a node #123.\n"
                      "`heapy help COMMAND` says more of one.\n");
}

static void
put_command(document *doc, const command *which)
{
    document_printf(doc, "heapy %s [OPTIONS] %s\n\n", which->name, which->operands);
    put_wrapped(doc, which->answers, 0);
    if (which->details) {
        document_put(doc, "\n");
        put_wrapped(doc, which->details, 0);
    }
    document_put(doc, "\n");
    put_options(doc, which->options);
    put_options(doc, common_options);
}

int
print_help(const command *which)
{
    document doc = {0};
    if (which)
        put_command(&doc, which);
    else
        put_all_commands(&doc);
    return document_print(&doc);
}

int
print_version(void)
{
    document doc = {0};
    document_put(&doc, "heapy " HEAPY_VERSION "\n");
    return document_print(&doc);
}
