/* SPDX-License-Identifier: MIT */
#include "json_read.h"

#include <heapy/memory.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 32 };

typedef struct reader {
    json_values *out;
    const char *at, *end;
} reader;

static bool read_value(reader *self, unsigned depth);

static void
skip_blanks(reader *self)
{
    while (self->at < self->end && strchr(" \t\r\n", *self->at) && *self->at)
        self->at++;
}

static bool
take(reader *self, char wanted)
{
    skip_blanks(self);
    if (self->at == self->end || *self->at != wanted)
        return false;
    self->at++;
    return true;
}

/* A new value, whose number is in *number. */
static bool
add_value(reader *self, json_kind kind, size_t *number)
{
    json_values *out = self->out;
    json_value *grown;
    if (out->count < out->capacity)
        grown = out->values;
    else
        grown = heapy_grow(out->values, out->count, &out->capacity, sizeof *out->values);
    if (!grown) {
        out->lacks_memory = true;
        return false;
    }
    out->values = grown;
    *number = out->count++;
    out->values[*number] = (json_value){.kind = kind, .text = self->at, .end = out->count};
    return true;
}

static bool
read_string(reader *self)
{
    size_t number;
    if (!take(self, '"') || !add_value(self, JSON_STRING, &number))
        return false;
    for (; self->at < self->end && *self->at != '"'; self->at++) {
        if ((unsigned char)*self->at < 0x20)
            return false;
        if (*self->at != '\\')
            continue;
        if (++self->at == self->end || !*self->at || !strchr("\"\\/bfnrtu", *self->at))
            return false;
        if (*self->at != 'u')
            continue;
        for (int digit = 0; digit < 4; digit++)
            if (++self->at == self->end || !*self->at || !strchr("0123456789abcdefABCDEF", *self->at))
                return false;
    }
    self->out->values[number].length = (size_t)(self->at - self->out->values[number].text);
    return take(self, '"');
}

/* What is between brackets, pairs of a key and a value if is_object. */
static bool
read_items(reader *self, unsigned depth, bool is_object)
{
    size_t number;
    char closing = is_object ? '}' : ']';
    if (!add_value(self, is_object ? JSON_OBJECT : JSON_ARRAY, &number))
        return false;
    self->at++;
    for (bool first = true; !take(self, closing); first = false) {
        if (!first && !take(self, ','))
            return false;
        if (is_object && (!read_string(self) || !take(self, ':')))
            return false;
        if (!read_value(self, depth + 1))
            return false;
    }
    self->out->values[number].length = (size_t)(self->at - self->out->values[number].text);
    self->out->values[number].end = self->out->count;
    return true;
}

static size_t
digits(reader *self)
{
    const char *start = self->at;
    while (self->at < self->end && *self->at >= '0' && *self->at <= '9')
        self->at++;
    return (size_t)(self->at - start);
}

static bool
read_number(reader *self)
{
    size_t number;
    if (!add_value(self, JSON_NUMBER, &number))
        return false;
    if (self->at < self->end && *self->at == '-')
        self->at++;
    const char *start = self->at;
    size_t whole = digits(self);
    if (!whole || (whole > 1 && *start == '0'))
        return false;
    if (self->at < self->end && *self->at == '.' && (self->at++, !digits(self)))
        return false;
    if (self->at < self->end && (*self->at == 'e' || *self->at == 'E')) {
        self->at++;
        if (self->at < self->end && (*self->at == '+' || *self->at == '-'))
            self->at++;
        if (!digits(self))
            return false;
    }
    self->out->values[number].length = (size_t)(self->at - self->out->values[number].text);
    return true;
}

static bool
read_word(reader *self)
{
    static const struct {
        const char *word;
        json_kind kind;
    } words[] = {{"null", JSON_NULL}, {"false", JSON_FALSE}, {"true", JSON_TRUE}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t number, length = strlen(words[i].word);
        if ((size_t)(self->end - self->at) < length || memcmp(self->at, words[i].word, length))
            continue;
        if (!add_value(self, words[i].kind, &number))
            return false;
        self->at += length;
        self->out->values[number].length = length;
        return true;
    }
    return false;
}

static bool
read_value(reader *self, unsigned depth)
{
    skip_blanks(self);
    if (self->at == self->end || depth > DEEPEST)
        return false;
    switch (*self->at) {
    case '"':
        return read_string(self);
    case '{':
    case '[':
        return read_items(self, depth, *self->at == '{');
    case 'n':
    case 't':
    case 'f':
        return read_word(self);
    default:
        return read_number(self);
    }
}

bool
json_read(json_values *out, const char *text, size_t length)
{
    reader self = {out, text, text + length};
    *out = (json_values){0};
    bool is_read = read_value(&self, 0);
    skip_blanks(&self);
    if (is_read && self.at == self.end)
        return true;
    bool lacks_memory = out->lacks_memory;
    json_values_free(out);
    out->lacks_memory = lacks_memory;
    return false;
}

void
json_values_free(json_values *values)
{
    heapy_free(values->values);
    *values = (json_values){0};
}

size_t
json_member(const json_values *values, size_t object, const char *key)
{
    if (object >= values->count || values->values[object].kind != JSON_OBJECT)
        return JSON_NONE;
    for (size_t i = object + 1; i < values->values[object].end; i = values->values[i + 1].end)
        if (values->values[i].length == strlen(key) && !memcmp(values->values[i].text, key, strlen(key)))
            return i + 1;
    return JSON_NONE;
}

/* The number that four hexadecimal digits are. */
static uint32_t
hexadecimal(const char *text)
{
    char four[5] = {text[0], text[1], text[2], text[3], 0};
    return (uint32_t)strtoul(four, NULL, 16);
}

static void
put_character(document *doc, uint32_t point)
{
    char bytes[4];
    size_t count = 4;
    if (point < 0x80)
        count = 1;
    else if (point < 0x800)
        count = 2;
    else if (point < 0x10000)
        count = 3;
    static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = count; i-- > 1; point >>= 6)
        bytes[i] = (char)(0x80 | (point & 0x3f));
    bytes[0] = (char)(first[count] | point);
    document_write(doc, bytes, count);
}

/* The characters of a string, escapes turned into what they stand for. */
static void
put_characters(document *doc, const json_value *value)
{
    static const char escaped[] = "bfnrt", meant[] = "\b\f\n\r\t";
    for (size_t i = 0; i < value->length; i++) {
        const char *at = value->text + i;
        if (*at != '\\') {
            document_write(doc, at, 1);
            continue;
        }
        i++;
        const char *simple = strchr(escaped, at[1]);
        if (at[1] != 'u') {
            document_write(doc, simple ? &meant[simple - escaped] : at + 1, 1);
            continue;
        }
        uint32_t point = hexadecimal(at + 2), low = 0;
        i += 4;
        if (point >= 0xd800 && point < 0xdc00 && i + 6 < value->length && at[6] == '\\' && at[7] == 'u')
            low = hexadecimal(at + 8);
        if (low >= 0xdc00 && low < 0xe000) {
            point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
            i += 6;
        }
        put_character(doc, !point || (point >= 0xd800 && point < 0xe000) ? 0xfffd : point);
    }
}

char *
json_characters(const json_values *values, size_t number)
{
    document doc = {0};
    if (number >= values->count || values->values[number].kind != JSON_STRING)
        return NULL;
    document_put(&doc, "");
    put_characters(&doc, &values->values[number]);
    if (doc.failed)
        document_deinit(&doc);
    return doc.text;
}

bool
json_double(const json_values *values, size_t number, double *out)
{
    char digits_of[64];
    if (number >= values->count || values->values[number].kind != JSON_NUMBER)
        return false;
    const json_value *value = &values->values[number];
    if (value->length >= sizeof digits_of)
        return false;
    memcpy(digits_of, value->text, value->length);
    digits_of[value->length] = 0;
    double result = strtod(digits_of, NULL);
    if (!isfinite(result))
        return false;
    *out = result;
    return true;
}

static void
put_plain(document *doc, const json_values *values, size_t number)
{
    char *text;
    double ignored;
    const json_value *value = &values->values[number];
    switch (value->kind) {
    case JSON_NULL:
        json_null(doc);
        break;
    case JSON_FALSE:
    case JSON_TRUE:
        json_bool(doc, value->kind == JSON_TRUE);
        break;
    case JSON_NUMBER: /* what no double can hold is not known */
        if (json_double(values, number, &ignored))
            json_literal(doc, value->text, value->length);
        else
            json_null(doc);
        break;
    case JSON_STRING:
        text = json_characters(values, number);
        if (text)
            json_string(doc, text);
        else
            doc->failed = true;
        heapy_free(text);
        break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        break;
    }
}

void
json_put_value(document *doc, const json_values *values, size_t number)
{
    size_t ends[DEEPEST + 2], depth = 0;
    const json_value *all = values->values;
    bool is_object[DEEPEST + 2], is_key = false;
    for (size_t i = number, end = all[number].end;; i++) {
        while (depth && i == ends[depth - 1])
            json_end(doc, is_object[--depth] ? '}' : ']');
        if (i == end)
            return;
        /* Keys and values take turns in an object; what is nested has closed before the next key. */
        is_key = depth && is_object[depth - 1] && !is_key && all[i].kind == JSON_STRING;
        if (is_key) {
            char *key = json_characters(values, i);
            if (key)
                json_key(doc, key);
            else
                doc->failed = true;
            heapy_free(key);
            continue;
        }
        if (all[i].kind != JSON_ARRAY && all[i].kind != JSON_OBJECT) {
            put_plain(doc, values, i);
            continue;
        }
        json_begin(doc, all[i].kind == JSON_OBJECT ? '{' : '[');
        is_object[depth] = all[i].kind == JSON_OBJECT;
        ends[depth++] = all[i].end;
    }
}
