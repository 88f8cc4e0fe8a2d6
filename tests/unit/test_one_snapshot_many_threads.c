/* SPDX-License-Identifier: MIT */
/*
 * Threads that ask one snapshot at once: what is derived of it is made once, and all hear the same.  Run it
 * under ThreadSanitizer with `make tsan`.
 */
#define _GNU_SOURCE /* random_snapshot.h makes files in memory */
#include "random_snapshot.h"

#include <pthread.h>

enum { THREADS = 8, ROUNDS = 20, NODES_AT_MOST = 300 };

typedef struct asker {
    heapy_snapshot *snapshot;
    unsigned first; /* the question it begins with */
    heapy_status status;
    heapy_error error;
    uint64_t answers[5];
} asker;

static heapy_status
ask_referrers(asker *a, uint64_t *out)
{
    const heapy_referrers *referrers;
    size_t nodes = heapy_graph_node_count(heapy_snapshot_graph(a->snapshot)), count;
    heapy_status status = heapy_snapshot_referrers(a->snapshot, &referrers, &a->error);
    for (heapy_node i = 0; !status && i < nodes; i++) {
        const heapy_node *sources = heapy_referrers_get(referrers, i, &count);
        for (size_t k = 0; k < count; k++)
            *out += (uint64_t)sources[k] * (i + 1);
    }
    return status;
}

static heapy_status
ask_dominators(asker *a, uint64_t *out)
{
    heapy_dominators *dominators;
    size_t nodes = heapy_graph_node_count(heapy_snapshot_graph(a->snapshot));
    heapy_status status = heapy_snapshot_dominators(a->snapshot, NULL, &dominators, &a->error);
    for (heapy_node i = 0; !status && i < nodes; i++)
        *out += heapy_retained_size(dominators, i) * (i + 1) + heapy_dominator(dominators, i);
    return status;
}

static heapy_status
ask_paths(asker *a, uint64_t *out)
{
    heapy_node_set *targets = NULL;
    heapy_shortest_paths *paths = NULL;
    size_t nodes = heapy_graph_node_count(heapy_snapshot_graph(a->snapshot));
    heapy_status status = heapy_node_set_create(nodes, &targets, &a->error);
    for (heapy_node i = 0; !status && i < 3 && i < nodes; i++) {
        heapy_node_set_add(targets, i);
        status =
            heapy_snapshot_paths(a->snapshot, &(heapy_path_question){.targets = targets}, &paths, &a->error);
        *out = 31 * *out + (status ? 0 : heapy_paths_length(paths));
        heapy_shortest_paths_destroy(paths);
        paths = NULL;
    }
    heapy_node_set_destroy(targets);
    return status;
}

static heapy_status
ask_classes(asker *a, uint64_t *out)
{
    const heapy_classifier *type = NULL, *by = NULL;
    heapy_classes *classes = NULL;
    heapy_status status = heapy_classifier_create(HEAPY_BY_TYPE, NULL, 0, &type, &a->error);
    if (!status)
        status = heapy_classifier_create(HEAPY_BY_REFERRERS, &type, 1, &by, &a->error);
    if (!status)
        status = heapy_classify(by, a->snapshot, NULL, &classes, &a->error);
    for (size_t i = 0; !status && i < heapy_classes_member_count(classes); i++)
        *out = 31 * *out + heapy_classes_of_members(classes)[i];
    heapy_classes_destroy(classes);
    heapy_classifier_release(by);
    heapy_classifier_release(type);
    return status;
}

static heapy_status
ask_texts(asker *a, uint64_t *out)
{
    size_t nodes = heapy_graph_node_count(heapy_snapshot_graph(a->snapshot));
    heapy_status status = HEAPY_OK;
    for (heapy_node i = 0; !status && i < nodes; i++) {
        char *text = NULL;
        status = heapy_snapshot_text(a->snapshot, i, HEAPY_TEXT_ROW, &text, &a->error);
        for (const char *c = text; c && *c; c++)
            *out = 31 * *out + (unsigned char)*c;
        heapy_text_free(text);
    }
    *out += heapy_snapshot_bytes(a->snapshot) > 0;
    return status;
}

static void *
ask(void *context)
{
    asker *a = context;
    heapy_status (*const questions[])(asker *, uint64_t *) = {ask_referrers, ask_dominators, ask_paths,
                                                              ask_classes, ask_texts};
    const unsigned count = sizeof questions / sizeof *questions;
    for (unsigned i = 0; !a->status && i < count; i++) {
        unsigned question = (a->first + i) % count;
        a->status = questions[question](a, &a->answers[question]);
    }
    heapy_snapshot_release(a->snapshot);
    return NULL;
}

static void
all_hear_the_same(void **state)
{
    (void)state;
    seed_random(17);
    for (int round = 0; round < ROUNDS; round++) {
        pthread_t threads[THREADS];
        asker askers[THREADS];
        heapy_snapshot *snapshot = random_snapshot(1 + random_below(NODES_AT_MOST));
        for (unsigned i = 0; i < THREADS; i++) {
            askers[i] = (asker){.snapshot = heapy_snapshot_retain(snapshot), .first = i};
            assert_int_equal(pthread_create(&threads[i], NULL, ask, &askers[i]), 0);
        }
        heapy_snapshot_release(snapshot); /* the last thread lets go of it */
        for (int i = 0; i < THREADS; i++)
            assert_int_equal(pthread_join(threads[i], NULL), 0);
        for (int i = 0; i < THREADS; i++) {
            if (askers[i].status)
                fail_msg("thread %d: %s", i, askers[i].error.message);
            assert_memory_equal(askers[i].answers, askers[0].answers, sizeof askers[0].answers);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_hear_the_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
