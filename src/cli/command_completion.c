/* SPDX-License-Identifier: MIT */
/* heapy completion bash|zsh|fish: what a shell reads to complete commands, options and their values. */
#include "command_parse.h"
#include "output.h"

#include <string.h>

static uint64_t
options_of(const command *which)
{
    return which->options | common_options;
}

/* The names of all commands, with blanks between them. */
static void
put_commands(document *doc)
{
    for (size_t i = 0; i < command_count; i++)
        document_printf(doc, "%s%s", i ? " " : "", command_table[i].name);
}

/* Write the choices of an option, with blanks between them. */
static void
put_choices(document *doc, const char *choices)
{
    for (const char *at = choices; *at; at++)
        document_write(doc, *at == ',' ? " " : at, 1);
}

/* What the first operand of a command may be, with blanks between; nothing where it may be anything. */
static void
put_first_choices(document *doc, const command *which)
{
    if (which->run == run_help)
        put_commands(doc);
    else if (which->first_choices)
        put_choices(doc, which->first_choices);
}

static bool
has_first_choices(const command *which)
{
    return which->run == run_help || which->first_choices;
}

/* A text between single quotes; what of `special` is in it has a backslash before it. */
static void
put_quoted(document *doc, const char *text, const char *special)
{
    for (const char *at = text; *at; at++) {
        if (*at == '\'')
            document_put(doc, "'\\'");
        else if (strchr(special, *at))
            document_put(doc, "\\");
        document_write(doc, at, 1);
    }
}

/* ---- bash ---- */

static void
put_bash(document *doc)
{
    document_put(
        doc, "# heapy completion bash: to be sourced, or put into a folder of bash-completion as `heapy`.\n"
             "_heapy() {\n"
             "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words= word\n"
             "    COMPREPLY=()\n"
             "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
             "        words=\"");
    put_commands(doc);
    document_put(doc, "\"\n"
                      "        COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
                      "        return\n"
                      "    fi\n"
                      "    case $previous in\n");
    for (unsigned id = 0; id < OPTION_COUNT; id++) {
        if (!option_table[id].choices)
            continue;
        document_printf(doc, "    --%s) words=\"", option_table[id].name);
        put_choices(doc, option_table[id].choices);
        document_put(doc, "\" ;;\n");
    }
    document_put(doc, "    esac\n"
                      "    [ -n \"$words\" ] || case $current in\n"
                      "    -*)\n"
                      "        case ${COMP_WORDS[1]} in\n");
    for (size_t i = 0; i < command_count; i++) {
        document_printf(doc, "        %s) words=\"", command_table[i].name);
        for (unsigned id = 0; id < OPTION_COUNT; id++) {
            if (!(options_of(&command_table[i]) & OPTION_BIT(id)))
                continue;
            if (option_table[id].letter)
                document_printf(doc, "-%c ", option_table[id].letter);
            if (option_table[id].name)
                document_printf(doc, "--%s ", option_table[id].name);
        }
        document_put(doc, "\" ;;\n");
    }
    document_put(doc, "        esac\n"
                      "        ;;\n"
                      "    *)\n"
                      "        case ${COMP_WORDS[1]} in\n");
    for (size_t i = 0; i < command_count; i++) {
        if (!has_first_choices(&command_table[i]))
            continue;
        document_printf(doc, "        %s) words=\"", command_table[i].name);
        put_first_choices(doc, &command_table[i]);
        document_put(doc, "\" ;;\n");
    }
    document_put(doc, "        esac\n"
                      "        for word in \"${COMP_WORDS[@]:2:COMP_CWORD-2}\"; do\n"
                      "            case \" $words \" in *\" $word \"*) words= ;; esac\n"
                      "        done\n"
                      "        ;;\n"
                      "    esac\n"
                      "    if [ -n \"$words\" ]; then\n"
                      "        COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
                      "    else\n"
                      "        compopt -o filenames 2>/dev/null\n"
                      "        COMPREPLY=($(compgen -f -- \"$current\"))\n"
                      "    fi\n"
                      "}\n"
                      "complete -F _heapy heapy\n");
}

/* ---- zsh ---- */

static void
put_zsh_option(document *doc, const option_row *row, const char *dashes, const char *name)
{
    document_printf(doc, " \\\n            '%s%s%s[", dashes, name, row->value && dashes[1] ? "=" : "");
    put_quoted(doc, row->meaning, "[]:\\");
    document_put(doc, "]");
    if (row->value)
        document_printf(doc, ":%s:", row->value);
    if (row->choices) {
        document_put(doc, "(");
        put_choices(doc, row->choices);
        document_put(doc, ")");
    }
    document_put(doc, "'");
}

static void
put_zsh(document *doc)
{
    document_put(doc, "#compdef heapy\n"
                      "# heapy completion zsh: to be sourced, or put into a folder of $fpath as `_heapy`.\n"
                      "_heapy() {\n"
                      "    local -a commands\n"
                      "    commands=(\n");
    for (size_t i = 0; i < command_count; i++) {
        document_printf(doc, "        '%s:", command_table[i].name);
        put_quoted(doc, command_table[i].answers, ":\\");
        document_put(doc, "'\n");
    }
    document_put(doc, "    )\n"
                      "    if (( CURRENT == 2 )); then\n"
                      "        _describe command commands\n"
                      "        return\n"
                      "    fi\n"
                      "    shift words\n"
                      "    (( CURRENT-- ))\n"
                      "    case $words[1] in\n");
    for (size_t i = 0; i < command_count; i++) {
        const command *which = &command_table[i];
        document_printf(doc, "    %s)\n        _arguments", which->name);
        for (unsigned id = 0; id < OPTION_COUNT; id++) {
            const option_row *row = &option_table[id];
            char letter[2] = {row->letter, 0};
            if (!(options_of(which) & OPTION_BIT(id)))
                continue;
            if (row->letter)
                put_zsh_option(doc, row, "-", letter);
            if (row->name)
                put_zsh_option(doc, row, "--", row->name);
        }
        if (has_first_choices(which)) {
            document_put(doc, " \\\n            '1: :(");
            put_first_choices(doc, which);
            document_put(doc, ")'");
        }
        if (which->most > 1 || !has_first_choices(which))
            document_put(doc, " \\\n            '*:file:_files'");
        document_put(doc, "\n        ;;\n");
    }
    document_put(doc, "    esac\n"
                      "}\n"
                      "if [[ $funcstack[1] == _heapy ]]; then\n"
                      "    _heapy \"$@\"\n"
                      "elif (( $+functions[compdef] )); then\n"
                      "    compdef _heapy heapy\n"
                      "fi\n");
}

/* ---- fish ---- */

static void
put_fish(document *doc)
{
    document_put(doc, "# heapy completion fish: to be put into ~/.config/fish/completions/heapy.fish\n");
    for (size_t i = 0; i < command_count; i++) {
        const command *which = &command_table[i];
        document_printf(doc, "complete -c heapy -f -n __fish_use_subcommand -a %s -d '", which->name);
        put_quoted(doc, which->answers, "\\");
        document_put(doc, "'\n");
        for (unsigned id = 0; id < OPTION_COUNT; id++) {
            const option_row *row = &option_table[id];
            if (!(options_of(which) & OPTION_BIT(id)))
                continue;
            document_printf(doc, "complete -c heapy -n '__fish_seen_subcommand_from %s'", which->name);
            if (row->letter)
                document_printf(doc, " -s %c", row->letter);
            if (row->name)
                document_printf(doc, " -l %s", row->name);
            if (row->choices) {
                document_put(doc, " -x -a '");
                put_choices(doc, row->choices);
                document_put(doc, "'");
            } else if (row->value) {
                document_put(doc, " -r");
            }
            document_put(doc, " -d '");
            put_quoted(doc, row->meaning, "\\");
            document_put(doc, "'\n");
        }
    }
    for (size_t i = 0; i < command_count; i++) {
        const command *which = &command_table[i];
        if (!has_first_choices(which))
            continue;
        document_printf(doc, "complete -c heapy -f -n '__fish_seen_subcommand_from %s", which->name);
        if (which->most > 1) { /* files follow it */
            document_put(doc, "; and not __fish_seen_subcommand_from ");
            put_first_choices(doc, which);
        }
        document_put(doc, "' -a '");
        put_first_choices(doc, which);
        document_put(doc, "'\n");
    }
}

int
run_completion(const invocation *asked)
{
    static const struct {
        const char *name;
        void (*put)(document *doc);
    } shells[] = {{"bash", put_bash}, {"zsh", put_zsh}, {"fish", put_fish}};
    document doc = {0};
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        if (strcmp(shells[i].name, asked->operands[0]))
            continue;
        shells[i].put(&doc);
        return document_print(&doc);
    }
    return usage_error(asked, "'%s' is none of bash, zsh, fish", asked->operands[0]);
}
