/* SPDX-License-Identifier: MIT */
/* heapy help [COMMAND] */
#include "command_parse.h"
#include "help.h"

int
run_help(const invocation *asked)
{
    const char *names[64], *name = asked->operand_count ? asked->operands[0] : NULL;
    const command *which = name ? command_named(name) : NULL;
    if (!name || which)
        return print_help(which);
    for (size_t i = 0; i < command_count; i++)
        names[i] = command_table[i].name;
    const char *nearest = nearest_word(name, names, command_count);
    return nearest ? usage_error(asked, "there is no command %s; %s is meant?", name, nearest)
                   : usage_error(asked, "there is no command %s; `heapy help` lists them", name);
}
