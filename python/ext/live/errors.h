/* SPDX-License-Identifier: MIT */
/* From engine statuses to Python exceptions: one table. */
#ifndef HEAPY_ERRORS_H
#define HEAPY_ERRORS_H

#include <Python.h>
#include <heapy/status.h>

/* Set the exception for `err`; always returns -1. */
int raise_heapy_error(const heapy_error *err);

#endif
