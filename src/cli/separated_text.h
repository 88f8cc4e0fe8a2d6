/* SPDX-License-Identifier: MIT */
/* Fields of CSV and TSV.  Bytes that are no UTF-8 are U+FFFD in them, as in JSON. */
#ifndef HEAPY_CLI_SEPARATED_TEXT_H
#define HEAPY_CLI_SEPARATED_TEXT_H

#include "output.h"

/* A field as RFC 4180 has it: in quotes where it needs them. */
void put_csv_field(document *doc, const char *text, size_t length);

/* A field with \t, \n, \r and \\ for what it cannot have in it. */
void put_tsv_field(document *doc, const char *text, size_t length);

#endif
