/* SPDX-License-Identifier: MIT */
/*
 * JSON as a list of values, each before what is in it: enough for what is known of a snapshot, which comes
 * from somebody else.
 */
#ifndef HEAPY_CLI_JSON_READ_H
#define HEAPY_CLI_JSON_READ_H

#include "output.h"

typedef enum json_kind {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
} json_kind;

typedef struct json_value {
    json_kind kind;
    const char *text; /* as it stands there; of a string without its quotes; borrowed */
    size_t length;
    size_t end; /* the number of the first value after it and what is in it */
} json_value;

typedef struct json_values {
    json_value *values; /* number 0 is the whole; keys of an object stand before their values */
    size_t count, capacity;
    bool lacks_memory; /* that is why nothing was read */
} json_values;

enum { JSON_NONE = 0 }; /* no value is in nothing */

/* Read a text, which must live as long.  False: it is no JSON, is nested too deeply, or there is no memory,
   which `lacks_memory` tells. */
bool json_read(json_values *out, const char *text, size_t length);
void json_values_free(json_values *values);

/* The value of a key of the object number `object`, or JSON_NONE. */
size_t json_member(const json_values *values, size_t object, const char *key);

/* A string's characters; owned, heapy_free().  NULL: it is no string, or there is no memory. */
char *json_characters(const json_values *values, size_t number);

/* A number; false: it is none, or not finite. */
bool json_double(const json_values *values, size_t number, double *out);

/* Write a value and what is in it, as JSON of ours. */
void json_put_value(document *doc, const json_values *values, size_t number);

#endif
