/* SPDX-License-Identifier: MIT */
/* heapy help [COMMAND] */
#include "command_parse.h"
#include "help.h"

#include <string.h>

/* Print all commands in another form than text. */
static int
print_page(const char *form)
{
    document doc = {0};
    if (strcmp(form, "man"))
        put_page(&doc);
    else
        put_manual(&doc);
    return document_print(&doc);
}

int
run_help(const invocation *asked)
{
    const char *names[64], *name = asked->operand_count ? asked->operands[0] : NULL;
    const command *which = NULL;
    if (name)
        which = command_named(name);
    const char *form = option_value(asked, OPTION_FORMAT);
    if (form && strcmp(form, "text")) {
        if (name)
            return usage_error(asked, "--format: the pages are of all commands");
        return print_page(form);
    }
    if (!name || which)
        return print_help(which);
    for (size_t i = 0; i < command_count; i++)
        names[i] = command_table[i].name;
    const char *nearest = nearest_word(name, names, command_count);
    if (nearest)
        return usage_error(asked, "there is no command %s; %s is meant?", name, nearest);
    return usage_error(asked, "there is no command %s; `heapy help` lists them", name);
}
