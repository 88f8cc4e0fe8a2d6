/* SPDX-License-Identifier: MIT */
/*
 * Commands, and what was asked of one.
 *
 * command_table.c is the one description of commands, options and operands: parsing, help, the manual page,
 * completion and the page of the documentation are made from it.
 */
#ifndef HEAPY_CLI_COMMAND_H
#define HEAPY_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the process ends with. */
enum {
    STATUS_DONE = 0,
    STATUS_FAILED = 1, /* the file, the system or the query */
    STATUS_USAGE = 2,
    STATUS_CONDITION = 3, /* a --fail-if came true */
    STATUS_INTERRUPTED = 130
};

typedef enum option_id {
    OPTION_BY,
    OPTION_RETAINED,
    OPTION_SORT,
    OPTION_TYPE,
    OPTION_NEW,
    OPTION_FROM,
    OPTION_AVOID,
    OPTION_DEPTH,
    OPTION_IMDOM,
    OPTION_MIN,
    OPTION_FAIL_IF,
    OPTION_FILE,
    OPTION_PARAM,
    OPTION_CSV,
    OPTION_TSV,
    OPTION_TIMEOUT,
    OPTION_OUTPUT,
    OPTION_OBJECTS,
    OPTION_EDGES,
    OPTION_AROUND,
    OPTION_HOPS,
    OPTION_COMPRESS,
    OPTION_CONTENTS,
    OPTION_REMOVE,
    OPTION_FORCE,
    OPTION_FORMAT,
    OPTION_ROWS,
    OPTION_ALL,
    OPTION_JSON,
    OPTION_PROGRESS,
    OPTION_COLOR,
    OPTION_QUIET,
    OPTION_VERSION,
    OPTION_HELP,
    OPTION_COUNT
} option_id;

#define OPTION_BIT(id) (UINT64_C(1) << (id))

typedef struct option_row {
    const char *name;    /* without dashes; NULL: it has only a letter */
    char letter;         /* 0: none */
    const char *value;   /* what stands for its value in help; NULL: it has none */
    const char *choices; /* the values there are, with commas; NULL: any */
    const char *meaning; /* one sentence without its full stop */
} option_row;

/* Its rows stand by option_id. */
extern const option_row option_table[OPTION_COUNT];

typedef struct invocation invocation;

enum { MANY_OPERANDS = 255 };

typedef struct command {
    const char *name;
    const char *operands;                /* as help shows them */
    const char *first_choices;           /* what the first operand may be, with commas; NULL: any */
    unsigned char least, most;           /* operands; MANY_OPERANDS: any number */
    bool writes_no_document;             /* its answer is a file or a script, and --json makes no sense */
    bool takes_object;                   /* one of the operands is an OBJECT, and --type may stand for it */
    const char *answers;                 /* one sentence without its full stop */
    const char *details;                 /* paragraphs, or NULL */
    uint64_t options;                    /* its own: OPTION_BIT()s */
    int (*run)(const invocation *asked); /* what the process ends with */
} command;

extern const command command_table[];
extern const size_t command_count;

/* What all commands take. */
extern const uint64_t common_options;

const command *command_named(const char *name); /* or NULL */

typedef struct given_option {
    option_id id;
    const char *value; /* "" of one that has none */
} given_option;

struct invocation {
    const command *command;
    given_option *options; /* in the order in which they were given */
    size_t option_count;
    char **operands;
    size_t operand_count;
};

/* Is an option given?  Its last value, or NULL. */
bool is_given(const invocation *asked, option_id id);
const char *option_value(const invocation *asked, option_id id);

/* The next value of an option that may be repeated; *at: 0 at first.  NULL after the last. */
const char *next_value(const invocation *asked, option_id id, size_t *at);

/*
 * Values of one kind each.  *out is left alone where the option is not given.  False: it has no such value,
 * which was said.
 */
bool option_number(const invocation *asked, option_id id, uint64_t *out); /* 0, 1, ... */
bool option_bytes(const invocation *asked, option_id id, uint64_t *out);  /* 2G, 512K, 100 */

/* Rows to be shown: `usual` unless -n or --all say otherwise; 0: all.  STATUS_USAGE: they say nothing that
   could be meant, which was said. */
int rows_asked(const invocation *asked, size_t usual, size_t *out);

/* Say what is wrong with a command line, on standard error; STATUS_USAGE. */
int usage_error(const invocation *asked, const char *format, ...);

/* Entry points, one a file. */
int run_info(const invocation *asked);
int run_top(const invocation *asked);
int run_node(const invocation *asked);
int run_referrers(const invocation *asked);
int run_referents(const invocation *asked);
int run_paths(const invocation *asked);
int run_pattern(const invocation *asked);
int run_check(const invocation *asked);
int run_convert(const invocation *asked);
int run_diff(const invocation *asked);
int run_dominators(const invocation *asked);
int run_sql(const invocation *asked);
int run_export(const invocation *asked);
int run_index(const invocation *asked);
int run_completion(const invocation *asked);
int run_help(const invocation *asked);

#endif
