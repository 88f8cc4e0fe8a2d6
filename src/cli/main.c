/* SPDX-License-Identifier: MIT */
/* heapy: questions to snapshot files from a shell. */
#include "command.h"
#include "command_parse.h"
#include "help.h"
#include "output.h"
#include "watch.h"

#include <string.h>

int
main(int count, char **arguments)
{
    invocation asked = {0};
    process_init();
    progress_begin();
    if (count < 2) {
        complain("a command expected; `heapy help` lists them");
        return STATUS_USAGE;
    }
    const char *first = arguments[1];
    if (!strcmp(first, "--help") || !strcmp(first, "-h") || !strcmp(first, "--version")) {
        if (count > 2)
            return usage_error(NULL, "'%s' is too much after %s", arguments[2], first);
        if (strcmp(first, "--version"))
            return print_help(NULL);
        return print_version();
    }
    if (*first == '-')
        return usage_error(NULL, "a command comes before options such as %s; `heapy help` lists them", first);
    int status = command_parse(count - 1, arguments + 1, &asked);
    if (!status && is_given(&asked, OPTION_VERSION))
        status = print_version();
    else if (!status && is_given(&asked, OPTION_HELP))
        status = print_help(asked.command);
    else if (!status)
        status = asked.command->run(&asked);
    progress_end();
    command_parse_free(&asked);
    return status;
}
