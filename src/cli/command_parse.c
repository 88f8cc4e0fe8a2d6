/* SPDX-License-Identifier: MIT */
#include "command_parse.h"

#include "output.h"

#include <errno.h>
#include <getopt.h>
#include <heapy/memory.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- words that are like each other ---- */

enum { LONGEST_WORD = 40 };

/* How many characters must be put in, left out, replaced or swapped to turn one word into the other. */
static unsigned
distance(const char *a, const char *b)
{
    unsigned rows[3][LONGEST_WORD + 1];
    size_t a_length = strlen(a), b_length = strlen(b);
    if (a_length > LONGEST_WORD || b_length > LONGEST_WORD)
        return LONGEST_WORD;
    for (unsigned k = 0; k <= b_length; k++)
        rows[0][k] = k;
    for (unsigned i = 1; i <= a_length; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (unsigned k = 1; k <= b_length; k++) {
            unsigned best = above[k - 1] + (a[i - 1] != b[k - 1]);
            if (above[k] + 1 < best)
                best = above[k] + 1;
            if (row[k - 1] + 1 < best)
                best = row[k - 1] + 1;
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1] && two_above[k - 2] + 1 < best)
                best = two_above[k - 2] + 1;
            row[k] = best;
        }
    }
    return rows[a_length % 3][b_length];
}

const char *
nearest_word(const char *word, const char *const *words, size_t count)
{
    const char *nearest = NULL;
    size_t length = strlen(word);
    unsigned least = length < 4 ? 2 : (unsigned)(length / 2) + 1; /* farther is not like it */
    for (size_t i = 0; i < count; i++) {
        unsigned far = distance(word, words[i]);
        if (length > 1 && !strncmp(word, words[i], length))
            far = 0; /* the beginning of one */
        if (far < least) {
            least = far;
            nearest = words[i];
        }
    }
    return nearest;
}

/* ---- what is wrong ---- */

int
usage_error(const invocation *asked, const char *format, ...)
{
    va_list arguments;
    char text[400];
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (asked && asked->command)
        complain("%s: %s", asked->command->name, text);
    else
        complain("%s", text);
    return STATUS_USAGE;
}

static uint64_t
options_of(const command *which)
{
    return which->options | common_options;
}

static int
unknown_option(const invocation *asked, const char *text)
{
    const char *names[OPTION_COUNT];
    char name[LONGEST_WORD + 1];
    size_t count = 0, length = strcspn(text, "=");
    for (unsigned id = 0; id < OPTION_COUNT; id++)
        if (options_of(asked->command) & OPTION_BIT(id) && option_table[id].name)
            names[count++] = option_table[id].name;
    if (!strncmp(text, "--", 2) && length - 2 <= LONGEST_WORD) {
        snprintf(name, sizeof name, "%.*s", (int)(length - 2), text + 2);
        const char *nearest = nearest_word(name, names, count);
        if (nearest)
            return usage_error(asked, "there is no option --%s; --%s is meant?", name, nearest);
    }
    return usage_error(asked, "there is no option %.*s; `heapy help %s` lists them", (int)length, text,
                       asked->command->name);
}

/* ---- values ---- */

static bool
is_choice(const char *choices, const char *value)
{
    size_t length = strlen(value);
    while (*choices) {
        size_t end = strcspn(choices, ",");
        if (end && end == length && !strncmp(choices, value, length))
            return true;
        choices += end;
        choices += *choices == ',';
    }
    return false;
}

const char *
next_value(const invocation *asked, option_id id, size_t *at)
{
    while (*at < asked->option_count)
        if (asked->options[(*at)++].id == id)
            return asked->options[*at - 1].value;
    return NULL;
}

const char *
option_value(const invocation *asked, option_id id)
{
    const char *last = NULL, *value;
    size_t at = 0;
    while ((value = next_value(asked, id, &at)))
        last = value;
    return last;
}

bool
is_given(const invocation *asked, option_id id)
{
    return option_value(asked, id) != NULL;
}

/* An option as it is written. */
static const char *
spelled(option_id id, char *room, size_t size)
{
    if (option_table[id].name)
        snprintf(room, size, "--%s", option_table[id].name);
    else
        snprintf(room, size, "-%c", option_table[id].letter);
    return room;
}

/* Digits at the start of a text; false: there are none, or too many. */
static bool
read_digits(const char *text, char **end, uint64_t *out)
{
    errno = 0;
    if (*text < '0' || *text > '9')
        return false;
    unsigned long long number = strtoull(text, end, 10);
    *out = number;
    return !errno;
}

bool
option_number(const invocation *asked, option_id id, uint64_t *out)
{
    const char *text = option_value(asked, id);
    char *end, room[LONGEST_WORD];
    uint64_t number;
    if (!text)
        return true;
    if (read_digits(text, &end, &number) && !*end) {
        *out = number;
        return true;
    }
    usage_error(asked, "%s: '%s' is no number", spelled(id, room, sizeof room), text);
    return false;
}

bool
option_bytes(const invocation *asked, option_id id, uint64_t *out)
{
    static const char units[] = "KMGT";
    const char *text = option_value(asked, id), *unit;
    char *end, room[LONGEST_WORD];
    uint64_t number;
    if (!text)
        return true;
    if (read_digits(text, &end, &number)) {
        unsigned shift = 0;
        if (*end && (unit = strchr(units, *end))) {
            shift = 10 * (unsigned)(unit - units + 1);
            end++;
        }
        if (!*end && number <= UINT64_MAX >> shift) {
            *out = number << shift;
            return true;
        }
    }
    usage_error(asked, "%s: '%s' is no number of bytes such as 4096, 64K, 10M, 2G",
                spelled(id, room, sizeof room), text);
    return false;
}

int
rows_asked(const invocation *asked, size_t usual, size_t *out)
{
    uint64_t rows = usual;
    if (is_given(asked, OPTION_ALL) && is_given(asked, OPTION_ROWS))
        return usage_error(asked, "-n and --all say different things");
    if (!option_number(asked, OPTION_ROWS, &rows))
        return STATUS_USAGE;
    if (is_given(asked, OPTION_ROWS) && (!rows || rows > SIZE_MAX / 2))
        return usage_error(asked, "-n: rows are 1 and more; --all shows all");
    *out = (size_t)rows;
    if (is_given(asked, OPTION_ALL))
        *out = 0;
    return STATUS_DONE;
}

/* ---- parsing ---- */

typedef struct parsing {
    struct option names[OPTION_COUNT + 1];
    char letters[2 * OPTION_COUNT + 2];
} parsing;

enum { FIRST_VALUE = 256 }; /* values of long options begin here, above all letters */

static void
parsing_init(parsing *self, uint64_t options)
{
    size_t count = 0, length = 0;
    self->letters[length++] = ':'; /* a missing value is told apart */
    for (unsigned id = 0; id < OPTION_COUNT; id++) {
        const option_row *row = &option_table[id];
        if (!(options & OPTION_BIT(id)))
            continue;
        if (row->name)
            self->names[count++] = (struct option){row->name, row->value ? required_argument : no_argument,
                                                   NULL, FIRST_VALUE + (int)id};
        if (row->letter) {
            self->letters[length++] = row->letter;
            if (row->value)
                self->letters[length++] = ':';
        }
    }
    self->names[count] = (struct option){0};
    self->letters[length] = 0;
}

static int
option_of_letter(uint64_t options, int letter)
{
    for (unsigned id = 0; id < OPTION_COUNT; id++)
        if (options & OPTION_BIT(id) && option_table[id].letter == letter)
            return (int)id;
    return -1;
}

static int
check_value(const invocation *asked, option_id id, const char *value)
{
    char room[LONGEST_WORD];
    const option_row *row = &option_table[id];
    /* Of relations several may be joined, which who reads them checks. */
    if (!row->choices || id == OPTION_BY || is_choice(row->choices, value))
        return STATUS_DONE;
    return usage_error(asked, "%s: '%s' is none of %s", spelled(id, room, sizeof room), value, row->choices);
}

static int
check_operands(const invocation *asked)
{
    const command *which = asked->command;
    size_t ignored;
    size_t least = which->least, most = which->most;
    if (which->takes_object && is_given(asked, OPTION_TYPE)) { /* instead of an operand */
        least -= least > 1;                                    /* a FILE in any case */
        most--;
    }
    if (which->most == MANY_OPERANDS)
        most = SIZE_MAX;
    if (which->run != run_help && (is_given(asked, OPTION_HELP) || is_given(asked, OPTION_VERSION)))
        return STATUS_DONE;
    if (rows_asked(asked, 1, &ignored))
        return STATUS_USAGE;
    if (asked->operand_count < least)
        return usage_error(asked, "something is missing: heapy %s %s", which->name, which->operands);
    if (asked->operand_count > most)
        return usage_error(asked, "'%s' is too much: heapy %s %s", asked->operands[most], which->name,
                           which->operands);
    return STATUS_DONE;
}

/* The word that getopt_long() has just taken for a long option. */
static const char *
word_taken(char **arguments)
{
    if (optarg && optarg == arguments[optind - 1])
        return arguments[optind - 2];
    return arguments[optind - 1];
}

/* An option that getopt_long() found: STATUS_DONE, and it is in `out`. */
static int
take_option(invocation *out, uint64_t options, int found, char **arguments)
{
    int id;
    if (found >= FIRST_VALUE)
        id = found - FIRST_VALUE;
    else
        id = option_of_letter(options, found);
    if (found >= FIRST_VALUE) { /* getopt_long() takes the beginning of a name for the name */
        const char *word = word_taken(arguments), *name = option_table[id].name;
        if (strncmp(word, "--", 2) || strcspn(word + 2, "=") != strlen(name))
            return unknown_option(out, word);
    }
    const char *value = optarg ? optarg : "";
    int status = check_value(out, (option_id)id, value);
    out->options[out->option_count++] = (given_option){(option_id)id, value};
    return status;
}

static int
option_failed(const invocation *out, uint64_t options, int found, char **arguments)
{
    char room[LONGEST_WORD];
    int id;
    if (optopt >= FIRST_VALUE)
        id = optopt - FIRST_VALUE;
    else
        id = option_of_letter(options, optopt);
    if (found == ':')
        return usage_error(out, "%s: %s expected", spelled((option_id)id, room, sizeof room),
                           option_table[id].value);
    if (optopt >= FIRST_VALUE)
        return usage_error(out, "%s takes no value", spelled((option_id)id, room, sizeof room));
    if (optopt) {
        snprintf(room, sizeof room, "-%c", optopt);
        return unknown_option(out, room);
    }
    return unknown_option(out, arguments[optind - 1]);
}

int
command_parse(int count, char **arguments, invocation *out)
{
    parsing known;
    int found, status = STATUS_DONE;
    *out = (invocation){.command = command_named(arguments[0])};
    if (!out->command) {
        const char *names[64];
        for (size_t i = 0; i < command_count; i++)
            names[i] = command_table[i].name;
        const char *nearest = nearest_word(arguments[0], names, command_count);
        if (nearest)
            return usage_error(NULL, "there is no command %s; %s is meant?", arguments[0], nearest);
        return usage_error(NULL, "there is no command %s; `heapy help` lists them", arguments[0]);
    }
    uint64_t options = options_of(out->command);
    out->options = heapy_alloc_array((size_t)count, sizeof *out->options);
    if (!out->options)
        return complain_of_memory();
    parsing_init(&known, options);
    opterr = 0;
    unsetenv("POSIXLY_CORRECT"); /* with which options behind operands would be operands */
    while (!status && (found = getopt_long(count, arguments, known.letters, known.names, NULL)) != -1) {
        if (found == '?' || found == ':')
            status = option_failed(out, options, found, arguments);
        else
            status = take_option(out, options, found, arguments);
    }
    if (status)
        return status;
    out->operands = arguments + optind;
    out->operand_count = (size_t)(count - optind);
    if (out->command->writes_no_document && is_given(out, OPTION_JSON))
        return usage_error(out, "--json: what it writes is no document of answers");
    return check_operands(out);
}

void
command_parse_free(invocation *asked)
{
    heapy_free(asked->options);
    asked->options = NULL;
}
