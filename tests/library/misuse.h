/* SPDX-License-Identifier: MIT */
/* How the misuse of a function is written down: each line is a call, and says what has to come of it. */
#ifndef HEAPY_TEST_MISUSE_H
#define HEAPY_TEST_MISUSE_H

#include <heapy/heapy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The call being made, for the message if it ends the process; and how many went wrong. */
extern const char *volatile misuse_current;
extern int misuse_failures, misuse_calls;

/* Where the engine writes its errors. */
extern heapy_error err[1];

void misuse_failed(const char *call, const char *what);

/* The call is a status other than HEAPY_OK, with a message. */
#define REFUSED(call)                                                                                        \
    do {                                                                                                     \
        misuse_current = #call;                                                                              \
        misuse_calls++;                                                                                      \
        *err = (heapy_error)HEAPY_ERROR_INIT;                                                                \
        heapy_status status_ = (call);                                                                       \
        if (!status_ || err->status != status_ || !err->message[0])                                          \
            misuse_failed(#call, status_ ? "has no message" : "is accepted");                                \
    } while (0)

/* The call has this neutral value. */
#define GIVES(call, value)                                                                                   \
    do {                                                                                                     \
        misuse_current = #call;                                                                              \
        misuse_calls++;                                                                                      \
        if ((call) != (value))                                                                               \
            misuse_failed(#call, "is not " #value);                                                          \
    } while (0)

/* The call returns nothing, and returns. */
#define SURVIVES(call)                                                                                       \
    do {                                                                                                     \
        misuse_current = #call;                                                                              \
        misuse_calls++;                                                                                      \
        call;                                                                                                \
    } while (0)

/* Not misuse: what the tests need is made. */
#define MADE(call)                                                                                           \
    do {                                                                                                     \
        misuse_current = #call;                                                                              \
        if (call) {                                                                                          \
            fprintf(stderr, "%s: %s\n", #call, err->message);                                                \
            exit(1);                                                                                         \
        }                                                                                                    \
    } while (0)

/* One function each for the rooms of the engine. */
void misuse_base(void);
void misuse_graph(void);
void misuse_questions(void);
void misuse_snapshot(void);
void misuse_snapshot_file(void);
void misuse_sets(void);
void misuse_analysis(void);
void misuse_show(void);

/* A graph of `nodes` nodes of one type "t", each of 8 bytes, that refer to the one after them; the first is
   the root.  Owned. */
heapy_graph *chain_of(size_t nodes);

/* A frozen map of `count` addresses.  Owned. */
heapy_address_map *map_of(size_t count);

#endif
