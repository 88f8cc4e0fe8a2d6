/* SPDX-License-Identifier: MIT */
/* What the C tests share: cmocka, random numbers with a printed seed, and loops of failing allocations. */
#ifndef HEAPY_TEST_SUPPORT_H
#define HEAPY_TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <heapy/heapy.h>
#include <heapy/memory.h>
#include <heapy/testing.h>

/* Where assert_ok has the engine write its error; pass it as the last argument. */
static heapy_error err[1];

/* Fails with the engine's message. */
#define assert_ok(call)                                                                                      \
    do {                                                                                                     \
        heapy_status status_ = (call);                                                                       \
        if (status_)                                                                                         \
            fail_msg("%s: %s", heapy_status_text(status_), err->message);                                    \
    } while (0)

/* A type of which only its name and role matter. */
static inline heapy_status
add_type(heapy_graph_builder *builder, const char *name, heapy_role role, heapy_type *out, heapy_error *error)
{
    heapy_type_row row = HEAPY_TYPE_ROW_INIT;
    row.name = name;
    row.role = role;
    return heapy_graph_builder_add_type(builder, &row, out, error);
}

/* The size of a node of a graph, bytes. */
static inline uint64_t
size_of(const heapy_graph *graph, heapy_node node)
{
    heapy_sizes sizes = heapy_graph_sizes(graph);
    return heapy_size_of(&sizes, node);
}

/* The classes of all nodes of a snapshot. */
static inline heapy_status
classify_all(heapy_classifier_form form, heapy_snapshot *snapshot, heapy_classes **out, heapy_error *error)
{
    const heapy_classifier *by;
    heapy_status status = heapy_classifier_create(form, NULL, 0, &by, error);
    if (status)
        return status;
    status = heapy_classify(by, snapshot, NULL, out, error);
    heapy_classifier_release(by);
    return status;
}

/* xorshift64*; the seed comes from HEAPY_SEED or is fixed, and is printed by seed_random. */
static uint64_t random_state;

static inline void
seed_random(uint64_t fallback)
{
    const char *given = getenv("HEAPY_SEED");
    random_state = given ? strtoull(given, NULL, 0) : fallback;
    print_message("HEAPY_SEED=%llu\n", (unsigned long long)random_state);
}

static inline uint64_t
random_below(uint64_t bound)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * UINT64_C(0x2545f4914f6cdd1d) % bound;
}

/*
 * Run `operation` with the 1st, 2nd, 3rd ... allocation failing until it succeeds.  It must return
 * HEAPY_NO_MEMORY each time before that, and leave nothing behind (the sanitizer build sees leaks).
 */
static inline void
fail_each_allocation(heapy_status (*operation)(heapy_error *error))
{
    if (!heapy_testing_can_fail())
        skip();
    for (long nth = 1;; nth++) {
        *err = (heapy_error)HEAPY_ERROR_INIT;
        heapy_testing_fail_at(nth);
        heapy_status status = operation(err);
        long remaining = heapy_testing_remaining();
        heapy_testing_fail_at(0);
        if (!status) {
            if (remaining > 0)
                return; /* nothing failed any more */
            continue;   /* a failure that the operation can do without */
        }
        assert_int_equal(status, HEAPY_NO_MEMORY);
        assert_int_equal(err->status, HEAPY_NO_MEMORY);
        assert_true(err->message[0]);
    }
}

#endif
