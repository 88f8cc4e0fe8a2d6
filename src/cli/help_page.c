/* SPDX-License-Identifier: MIT */
/* The manual page and the documentation's page, from the same table as help. */
#include "help.h"

#include <string.h>

/* ---- heapy(1) ---- */

/* Text in a manual page: no character of it is a request or an escape. */
static void
put_roff(document *doc, const char *text)
{
    for (const char *at = text; *at; at++) {
        if (*at == '\\')
            document_put(doc, "\\e");
        else if (*at == '-')
            document_put(doc, "\\-");
        else if (*at == '\'')
            document_put(doc, "\\(aq");
        else if (*at == '`')
            document_put(doc, "\\(ga");
        else if (*at == '.' && (at == text || at[-1] == '\n'))
            document_put(doc, "\\&.");
        else
            document_write(doc, at, 1);
    }
}

static void
put_man_options(document *doc, uint64_t options)
{
    for (unsigned id = 0; id < OPTION_COUNT; id++) {
        document name = {0};
        if (!(options & OPTION_BIT(id)))
            continue;
        put_option(&name, &option_table[id]);
        document_put(doc, ".TP\n.B ");
        put_roff(doc, name.text ? name.text : "");
        doc->failed |= name.failed;
        document_deinit(&name);
        document_put(doc, "\n");
        put_roff(doc, option_table[id].meaning);
        document_put(doc, ".\n");
    }
}

void
put_manual(document *doc)
{
    document_put(
        doc,
        ".TH HEAPY 1 \"\" \"heapy " HEAPY_VERSION "\" \"User Commands\"\n"
        ".SH NAME\nheapy \\- questions to snapshots of Python\\(aqs heap\n"
        ".SH SYNOPSIS\n.B heapy\n.I COMMAND\n.RI [ OPTIONS ]\n.IR FILE ...\n"
        ".SH DESCRIPTION\n"
        "Tells of a snapshot file what fills the heap, what holds it, and what grew since another file.\n"
        "FILE may be\n.B \\-\nfor standard input.  OBJECT is an address 0x7f... or the number of a node, "
        "#123.\n.SH COMMANDS\n");
    for (size_t i = 0; i < command_count; i++) {
        const command *which = &command_table[i];
        document_printf(doc, ".SS heapy %s ", which->name);
        put_roff(doc, which->operands);
        document_put(doc, "\n");
        put_roff(doc, which->answers);
        document_put(doc, ".\n");
        if (which->details) {
            document_put(doc, ".PP\n");
            put_roff(doc, which->details);
            document_put(doc, "\n");
        }
        put_man_options(doc, which->options);
    }
    document_put(doc, ".SH OPTIONS\nFor all commands:\n");
    put_man_options(doc, common_options);
    document_put(doc,
                 ".SH EXIT STATUS\n"
                 ".TP\n.B 0\ndone\n"
                 ".TP\n.B 1\nthe file, the system or the query failed\n"
                 ".TP\n.B 2\nthe command line is wrong\n"
                 ".TP\n.B 3\na condition of \\-\\-fail\\-if came true\n"
                 ".TP\n.B 130\ninterrupted\n"
                 ".SH ENVIRONMENT\n"
                 ".TP\n.B HEAPY_THREADS\namong how many threads work is divided, which changes no answer; "
                 "as many as there are processors, at most 16, unless said\n"
                 ".TP\n.B NO_COLOR\nno colours, as with TERM=dumb\n"
                 ".TP\n.B TMPDIR\nwhere standard input, and what does not fit into memory, is put\n");
}

/* ---- Markdown ---- */

/* Write text with the characters escaped that mean something to Markdown, also in a cell of a table. */
static void
put_markdown(document *doc, const char *text)
{
    for (const char *at = text; *at; at++) {
        if (strchr("|<>*_", *at))
            document_put(doc, "\\");
        document_write(doc, at, 1);
    }
}

static void
put_option_rows(document *doc, uint64_t options)
{
    document_put(doc, "| option | |\n|---|---|\n");
    for (unsigned id = 0; id < OPTION_COUNT; id++) {
        if (!(options & OPTION_BIT(id)))
            continue;
        document_put(doc, "| `");
        put_option(doc, &option_table[id]);
        document_put(doc, "` | ");
        put_markdown(doc, option_table[id].meaning);
        document_put(doc, " |\n");
    }
}

void
put_page(document *doc)
{
    document_put(doc, "| command | answers |\n|---|---|\n");
    for (size_t i = 0; i < command_count; i++) {
        document_printf(doc, "| [`%s`](#heapy-%s) `%s` | ", command_table[i].name, command_table[i].name,
                        command_table[i].operands);
        put_markdown(doc, command_table[i].answers);
        document_put(doc, " |\n");
    }
    document_put(doc, "\nFor all:\n\n");
    put_option_rows(doc, common_options);
    for (size_t i = 0; i < command_count; i++) {
        const command *which = &command_table[i];
        document_printf(doc, "\n<a id=\"heapy-%s\"></a>\n\n### `heapy %s %s`\n\n", which->name, which->name,
                        which->operands);
        put_markdown(doc, which->answers);
        document_put(doc, ".\n");
        if (which->details) {
            document_put(doc, "\n");
            put_markdown(doc, which->details);
            document_put(doc, "\n");
        }
        if (which->options) {
            document_put(doc, "\n");
            put_option_rows(doc, which->options);
        }
    }
}
