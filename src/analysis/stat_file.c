/* SPDX-License-Identifier: MIT */
/*
 * The file format of stats: one directive a line (include/heapy/stat.h shows one).
 *
 * A file is data.  Its words pick from the tables below and are otherwise kept as text; nothing in it can
 * name code or reach anything but the fields of a stat.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "heapy/memory.h"
#include "stat_internal.h"

static const char first_line[] = ".loader: _load_stat", last_line[] = ".end: .loader: _load_stat";

static const char *const field_names[FIELD_KINDS] = {
    [FIELD_FORMAT] = "format",      [FIELD_TIME_MADE] = "timemade",
    [FIELD_BASE_COUNT] = "b_count", [FIELD_BASE_SIZE] = "b_size",
    [FIELD_COUNT] = "count",        [FIELD_SIZE] = "size",
    [FIELD_KIND_NAME] = "kindname", [FIELD_KIND_HEADER] = "kindheader",
    [FIELD_ROW_COUNT] = "numrows",
};

/* ---- writing ---- */

/* Write a string on one line: a line break in it would begin another directive, and becomes a blank. */
static void
put_line(heapy__string_buffer *out, const char *text)
{
    size_t start = out->length;
    heapy__string_buffer_puts(out, text);
    for (size_t i = start; !out->failed && i < out->length; i++)
        if (out->text[i] == '\n' || out->text[i] == '\r')
            out->text[i] = ' ';
    heapy__string_buffer_append(out, "\n", 1);
}

static void
put_number(heapy__string_buffer *out, int64_t number)
{
    heapy__string_buffer_printf(out, "%" PRId64 "\n", number);
}

static void
put_directive(heapy__string_buffer *out, const heapy_stat *stat, const stat_directive *directive)
{
    const heapy_table *table = &stat->table;
    heapy__string_buffer_puts(out, ".");
    heapy__string_buffer_puts(out, directive->field == FIELD_UNKNOWN ? stat->text.text + directive->name
                                                                     : field_names[directive->field]);
    heapy__string_buffer_puts(out, ": ");
    switch (directive->field) {
    case FIELD_FORMAT:
        put_line(out, heapy_table_format_name(table->format));
        break;
    case FIELD_TIME_MADE:
        heapy__string_buffer_printf(out, "%f\n", stat->time_made);
        break;
    case FIELD_BASE_COUNT:
        put_number(out, table->base_count);
        break;
    case FIELD_BASE_SIZE:
        put_number(out, table->base_size);
        break;
    case FIELD_COUNT:
        put_number(out, table->count);
        break;
    case FIELD_SIZE:
        put_number(out, table->size);
        break;
    case FIELD_KIND_NAME:
        put_line(out, table->kind_name);
        break;
    case FIELD_KIND_HEADER:
        put_line(out, table->header);
        break;
    case FIELD_ROW_COUNT:
        put_number(out, (int64_t)table->row_count);
        break;
    case FIELD_UNKNOWN:
        put_line(out, stat->text.text + directive->value);
        break;
    }
}

heapy_status
heapy_stat_write(const heapy_stat *stat, char **text, size_t *length, heapy_error *err)
{
    if (!stat || !text || !length)
        return heapy__fail_null(err, "stat, text or length");
    heapy__string_buffer out = {0};
    put_line(&out, first_line);
    for (size_t i = 0; i < stat->directive_count; i++)
        put_directive(&out, stat, &stat->directives[i]);
    for (size_t i = 0; !out.failed && i < stat->table.row_count; i++) {
        const heapy_row *row = &stat->rows[i];
        heapy__string_buffer_puts(&out, ".r: ");
        if (stat->table.format != HEAPY_FORMAT_ID)
            heapy__string_buffer_printf(&out, "%" PRId64 " ", row->count);
        heapy__string_buffer_printf(&out, "%" PRId64 " ", row->size);
        put_line(&out, row->name);
    }
    put_line(&out, last_line);
    if (out.failed) {
        heapy__string_buffer_deinit(&out);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the text of a stat");
    }
    *text = out.text;
    *length = out.length;
    return HEAPY_OK;
}

const char *
heapy_stat_separator(const char *end, size_t count)
{
    size_t length = strlen(last_line);
    if (!end || !count || end[count - 1] == '\n')
        return "";
    if (count > length && end[count - length - 1] == '\n' && !memcmp(end + count - length, last_line, length))
        return "\n";
    return ".";
}

/* ---- reading ---- */

struct heapy_stat_reader {
    char *source;
    size_t line; /* number of the current one, from 1 */
    heapy_stat *stat;
    int64_t row_limit; /* what .numrows says */
    bool has[FIELD_KINDS];
    bool has_begun, in_rows, is_complete;
};

heapy_status
heapy_stat_reader_create(const char *source, heapy_stat_reader **out, heapy_error *err)
{
    if (!source || !out)
        return heapy__fail_null(err, "source or out");
    heapy_stat_reader *reader = heapy_alloc_zeroed(1, sizeof *reader);
    if (reader) {
        reader->source = heapy__copy_text(source);
        reader->stat = heapy__stat_new(HEAPY_FORMAT_SET, 0);
    }
    if (!reader || !reader->source || !reader->stat) {
        heapy_stat_reader_destroy(reader);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to read a stat");
    }
    *out = reader;
    return HEAPY_OK;
}

void
heapy_stat_reader_destroy(heapy_stat_reader *reader)
{
    if (!reader)
        return;
    heapy_free(reader->source);
    heapy_stat_destroy(reader->stat);
    heapy_free(reader);
}

/* A line, or the rest of one: not NUL-terminated. */
typedef struct span {
    const char *text;
    size_t length;
} span;

static bool
is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static span
strip(span s)
{
    while (s.length && is_blank(s.text[0]))
        s.text++, s.length--;
    while (s.length && is_blank(s.text[s.length - 1]))
        s.length--;
    return s;
}

static bool
equals(span s, const char *text)
{
    return s.length == strlen(text) && !memcmp(s.text, text, s.length);
}

static bool
begins_with(span s, const char *text)
{
    return s.length >= strlen(text) && !memcmp(s.text, text, strlen(text));
}

static heapy_status
refuse(const heapy_stat_reader *reader, span line, const char *what, heapy_error *err)
{
    return heapy__fail(err, HEAPY_INVALID, "%.80s, line %zu: %s: '%.*s'", reader->source, reader->line, what,
                       line.length > 60 ? 60 : (int)line.length, line.text);
}

static heapy_status
no_memory(const heapy_stat_reader *reader, heapy_error *err)
{
    return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for line %zu of %.80s", reader->line, reader->source);
}

/* A decimal number at the start of *s, which it is taken from. */
static bool
take_integer(span *s, int64_t *out)
{
    char digits[24];
    size_t n = 0;
    bool has_sign = s->length && (s->text[0] == '-' || s->text[0] == '+');
    while (n < s->length && ((n == 0 && has_sign) || (s->text[n] >= '0' && s->text[n] <= '9')))
        n++;
    if (n == (size_t)has_sign || n >= sizeof digits)
        return false;
    memcpy(digits, s->text, n);
    digits[n] = '\0';
    errno = 0;
    long long value = strtoll(digits, NULL, 10);
    if (errno)
        return false;
    *out = value;
    s->text += n;
    s->length -= n;
    return true;
}

static bool
whole_integer(span s, int64_t *out)
{
    return take_integer(&s, out) && !s.length;
}

/* Digits, a point and perhaps an exponent: strtod reads more than this format has, and reads it by locale. */
static bool
whole_real(span s, double *out)
{
    char digits[400];
    if (!s.length || s.length >= sizeof digits)
        return false;
    for (size_t i = 0; i < s.length; i++)
        if (!strchr("0123456789+-.eE", s.text[i]))
            return false;
    memcpy(digits, s.text, s.length);
    digits[s.length] = '\0';
    char *end;
    *out = strtod(digits, &end);
    return end == digits + s.length;
}

static bool
format_of(span value, heapy_table_format *out)
{
    for (int f = 0; f < HEAPY_STAT_FORMAT_COUNT; f++)
        if (equals(value, heapy_table_format_name((heapy_table_format)f))) {
            *out = (heapy_table_format)f;
            return true;
        }
    return false;
}

static heapy_status
set_field(heapy_stat_reader *reader, stat_field field, span value, span line, heapy_error *err)
{
    heapy_stat *stat = reader->stat;
    bool is_valid = true;
    switch (field) {
    case FIELD_FORMAT:
        if (!format_of(value, &stat->table.format))
            return refuse(reader, line, "unknown format, not SetFormat, IdFormat or DiffFormat", err);
        break;
    case FIELD_TIME_MADE:
        is_valid = whole_real(value, &stat->time_made);
        break;
    case FIELD_BASE_COUNT:
        is_valid = whole_integer(value, &stat->table.base_count);
        break;
    case FIELD_BASE_SIZE:
        is_valid = whole_integer(value, &stat->table.base_size);
        break;
    case FIELD_COUNT:
        is_valid = whole_integer(value, &stat->table.count);
        break;
    case FIELD_SIZE:
        is_valid = whole_integer(value, &stat->table.size);
        break;
    case FIELD_KIND_NAME:
        stat->kind_name = heapy__stat_add_text(stat, value.text, value.length);
        break;
    case FIELD_KIND_HEADER:
        stat->header = heapy__stat_add_text(stat, value.text, value.length);
        break;
    case FIELD_ROW_COUNT:
        is_valid = whole_integer(value, &reader->row_limit) && reader->row_limit >= 0;
        break;
    case FIELD_UNKNOWN:
        break;
    }
    if (is_valid)
        return HEAPY_OK;
    return refuse(reader, line, "not a number of this field", err);
}

static heapy_status
read_directive(heapy_stat_reader *reader, span line, heapy_error *err)
{
    const char *colon = NULL;
    if (line.length)
        colon = memchr(line.text, ':', line.length);
    if (!line.length || line.text[0] != '.' || !colon)
        return refuse(reader, line, "not a directive such as '.count: 6'", err);
    span name = strip((span){line.text + 1, (size_t)(colon - line.text) - 1});
    span value = strip((span){colon + 1, line.length - (size_t)(colon + 1 - line.text)});
    stat_directive directive = {.field = FIELD_FORMAT};
    while (directive.field < FIELD_UNKNOWN && !equals(name, field_names[directive.field]))
        directive.field++;
    if (directive.field == FIELD_UNKNOWN) {
        directive.name = heapy__stat_add_text(reader->stat, name.text, name.length);
        directive.value = heapy__stat_add_text(reader->stat, value.text, value.length);
    } else {
        heapy_status status = set_field(reader, directive.field, value, line, err);
        if (status)
            return status;
        if (reader->has[directive.field])
            return HEAPY_OK; /* given again: the last one counts, where the first one stood */
        reader->has[directive.field] = true;
    }
    if (reader->stat->text.failed || !heapy__stat_add_directive(reader->stat, directive))
        return no_memory(reader, err);
    return HEAPY_OK;
}

/* A number and the blank after it. */
static bool
take_number(span *s, int64_t *out)
{
    while (s->length && is_blank(s->text[0]))
        s->text++, s->length--;
    if (!take_integer(s, out))
        return false;
    if (s->length && s->text[0] != ' ')
        return false;
    if (s->length)
        s->text++, s->length--;
    return true;
}

static heapy_status
read_row(heapy_stat_reader *reader, span line, heapy_error *err)
{
    span rest = {line.text + 3, line.length - 3};
    int64_t count = 1, size;
    if ((reader->stat->table.format != HEAPY_FORMAT_ID && !take_number(&rest, &count)) ||
        !take_number(&rest, &size))
        return refuse(reader, line, "not a row", err);
    if ((int64_t)reader->stat->table.row_count >= reader->row_limit)
        return HEAPY_OK;
    if (heapy__stat_add_row(reader->stat, count, size, rest.text, rest.length))
        return HEAPY_OK;
    return no_memory(reader, err);
}

/* Everything a stat needs before its rows. */
static heapy_status
check_fields(const heapy_stat_reader *reader, heapy_error *err)
{
    for (int f = 0; f < FIELD_KINDS; f++) {
        if (reader->has[f])
            continue;
        if ((f == FIELD_BASE_COUNT || f == FIELD_BASE_SIZE) &&
            reader->stat->table.format != HEAPY_FORMAT_DIFF)
            continue;
        return heapy__fail(err, HEAPY_INVALID, "%.80s, line %zu: the directive '.%s:' is missing",
                           reader->source, reader->line, field_names[f]);
    }
    return HEAPY_OK;
}

static heapy_status
read_first_line(heapy_stat_reader *reader, span line, heapy_error *err)
{
    if (!begins_with(line, ".loader:"))
        return refuse(reader, line, "not a dump of heapy, which begins with '.loader:'", err);
    span loader = strip((span){line.text + 8, line.length - 8});
    if (!equals(loader, "_load_stat"))
        return refuse(reader, line, "unknown loader, not '_load_stat'", err);
    reader->has_begun = true;
    return HEAPY_OK;
}

/*
 * A stat begins: at the start of a line, or right behind what a writer left who died over one.  Of that no
 * more counts than of a cut one at the end of a file.
 */
static bool
begins_a_stat(span line)
{
    size_t length = strlen(first_line);
    return line.length >= length && line.text[0] == '.' && !equals(line, last_line) &&
           !memcmp(line.text + line.length - length, first_line, length);
}

static heapy_status
begin(heapy_stat_reader *reader, heapy_error *err)
{
    if (reader->has_begun) {
        heapy_stat *stat = heapy__stat_new(HEAPY_FORMAT_SET, 0);
        if (!stat)
            return no_memory(reader, err);
        heapy_stat_destroy(reader->stat);
        reader->stat = stat;
        reader->row_limit = 0;
        memset(reader->has, 0, sizeof reader->has);
        reader->in_rows = false;
    }
    reader->has_begun = true;
    return HEAPY_OK;
}

static heapy_status
read_line(heapy_stat_reader *reader, span line, heapy_error *err)
{
    if (begins_a_stat(line))
        return begin(reader, err);
    if (!reader->has_begun)
        return read_first_line(reader, line, err);
    if (begins_with(line, ".end:")) {
        reader->is_complete = equals(line, last_line);
        if (reader->is_complete)
            return check_fields(reader, err);
        return refuse(reader, line, "not the end of this stat", err);
    }
    if (!begins_with(line, ".r:")) {
        if (reader->in_rows)
            return refuse(reader, line, "neither a row nor the end", err);
        return read_directive(reader, line, err);
    }
    if (!reader->in_rows) {
        heapy_status status = check_fields(reader, err);
        if (status)
            return status;
        reader->in_rows = true;
    }
    return read_row(reader, line, err);
}

static span
without_line_end(span line)
{
    while (line.length && (line.text[line.length - 1] == '\n' || line.text[line.length - 1] == '\r'))
        line.length--;
    return line;
}

heapy_status
heapy_stat_reader_feed(heapy_stat_reader *reader, const char *text, size_t length, bool *is_complete,
                       heapy_error *err)
{
    if (!reader || (!text && length) || !is_complete)
        return heapy__fail_null(err, "reader, line or is_complete");
    if (!reader->stat || reader->is_complete)
        return heapy__fail(err, HEAPY_INVALID, "%.80s: a line after the end of the stat", reader->source);
    span line = without_line_end((span){text, length});
    reader->line++;
    heapy_status status = HEAPY_OK;
    if (line.length && memchr(line.text, 0, line.length))
        status = refuse(reader, line, "a NUL byte", err);
    else if (line.length)
        status = read_line(reader, line, err);
    *is_complete = reader->is_complete;
    return status;
}

bool
heapy_stat_reader_has_begun(const heapy_stat_reader *reader)
{
    return reader && reader->has_begun;
}

bool
heapy_stat_reader_is_cut(const heapy_stat_reader *reader, const char *text, size_t length)
{
    if (!reader || !text)
        return false;
    span line = {text, length};
    if (without_line_end(line).length != length)
        return false;
    if (!reader->has_begun)
        return length < strlen(first_line) && !memcmp(text, first_line, length);
    return !equals(line, last_line);
}

heapy_status
heapy_stat_reader_finish(heapy_stat_reader *reader, heapy_stat **out, heapy_error *err)
{
    if (!reader || !out)
        return heapy__fail_null(err, "reader or out");
    if (!reader->stat)
        return heapy__fail(err, HEAPY_INVALID, "%.80s: the stat was taken already", reader->source);
    heapy_status status = check_fields(reader, err);
    if (status)
        return status;
    if (!heapy__stat_seal(reader->stat))
        return no_memory(reader, err);
    *out = reader->stat;
    reader->stat = NULL;
    return HEAPY_OK;
}
