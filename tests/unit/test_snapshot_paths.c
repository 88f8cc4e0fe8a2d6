/* SPDX-License-Identifier: MIT */
/* Paths from the root of a snapshot: along kept levels they are those of a search, whoever asks first. */
#include "support.h"

#include <pthread.h>
#include <string.h>

#include "random_graph.h"

enum { ROUNDS = 2000, QUESTIONS = 6 };

/* Some nodes are frames, whose references are globals, builtins, code or local variables. */
static void
make_snapshot(model *m, heapy_snapshot **out)
{
    heapy_graph *graph;
    make_model(m);
    assert_ok(build_model_as(m, (model_form){.has_root = random_below(2), .has_frames = true}, &graph, err));
    assert_ok(heapy_snapshot_create(graph, NULL, NULL, out, err));
}

/* All paths one after the other are the same, step for step. */
static void
assert_same_listing(heapy_shortest_paths *a, heapy_shortest_paths *b)
{
    size_t length = heapy_paths_length(a);
    assert_int_equal(heapy_paths_length(b), length);
    for (uint32_t number = 0; length && number < 50; number++) {
        heapy_path_step steps[MAX_NODES], others[MAX_NODES];
        heapy_node source, other;
        heapy_status status = heapy_paths_get(a, &number, 1, &source, steps, err);
        assert_int_equal(heapy_paths_get(b, &number, 1, &other, others, err), status);
        if (status)
            break;
        assert_int_equal(source, other);
        assert_memory_equal(steps, others, length * sizeof *steps);
    }
}

static void
kept_levels_give_what_a_search_gives(void **state)
{
    (void)state;
    seed_random(11);
    for (int round = 0; round < ROUNDS; round++) {
        model m;
        heapy_snapshot *snapshot;
        make_snapshot(&m, &snapshot);
        for (int i = 0; i < QUESTIONS; i++) {
            bool members[MAX_NODES];
            heapy_shortest_paths *kept, *searched;
            random_members(&m, members);
            heapy_node_set *targets = node_set_of(&m, members);
            heapy_path_question question = {.targets = targets};
            assert_ok(heapy_snapshot_paths(snapshot, &question, &kept, err));
            question.is_single = true;
            assert_ok(heapy_snapshot_paths(snapshot, &question, &searched, err));
            assert_same_listing(kept, searched);
            heapy_shortest_paths_destroy(kept);
            heapy_shortest_paths_destroy(searched);
            heapy_node_set_destroy(targets);
        }
        heapy_snapshot_release(snapshot);
    }
}

/* Sources that stand for the root are searched from as it is; without that frames lead to all they have. */
static void
sources_that_are_the_root_are_treated_so(void **state)
{
    (void)state;
    seed_random(12);
    for (int round = 0; round < ROUNDS; round++) {
        model m;
        heapy_snapshot *snapshot;
        heapy_node_set *sources;
        bool members[MAX_NODES];
        heapy_shortest_paths *from_root, *as_root, *any;
        make_snapshot(&m, &snapshot);
        random_members(&m, members);
        heapy_node_set *targets = node_set_of(&m, members);
        assert_ok(heapy_snapshot_sources(snapshot, &sources, err));
        heapy_path_question question = {.targets = targets};
        assert_ok(heapy_snapshot_paths(snapshot, &question, &from_root, err));
        question = (heapy_path_question){.targets = targets, .sources = sources, .is_from_root = true};
        assert_ok(heapy_snapshot_paths(snapshot, &question, &as_root, err));
        question.is_from_root = false;
        assert_ok(heapy_snapshot_paths(snapshot, &question, &any, err));
        assert_same_listing(from_root, as_root);
        assert_int_equal(!heapy_paths_length(any), !heapy_paths_length(from_root));
        assert_true(heapy_paths_length(any) <= heapy_paths_length(from_root));
        heapy_shortest_paths_destroy(from_root);
        heapy_shortest_paths_destroy(as_root);
        heapy_shortest_paths_destroy(any);
        heapy_node_set_destroy(sources);
        heapy_node_set_destroy(targets);
        heapy_snapshot_release(snapshot);
    }
}

static void *
ask_from_a_thread(void *snapshot)
{
    heapy_error error = HEAPY_ERROR_INIT;
    heapy_node_set *targets = NULL;
    heapy_shortest_paths *paths = NULL;
    size_t nodes = heapy_graph_node_count(heapy_snapshot_graph(snapshot)), length = 0;
    heapy_status status = heapy_node_set_create(nodes, &targets, &error);
    for (int i = 0; !status && i < 3; i++) {
        heapy_node_set_add(targets, (heapy_node)nodes - 1);
        status = heapy_snapshot_paths(snapshot, &(heapy_path_question){.targets = targets}, &paths, &error);
        length = status ? 0 : heapy_paths_length(paths);
        heapy_shortest_paths_destroy(paths);
        paths = NULL;
    }
    heapy_node_set_destroy(targets);
    return (void *)(uintptr_t)length;
}

static void
threads_may_ask_at_once(void **state)
{
    (void)state;
    for (int round = 0; round < 200; round++) {
        heapy_graph *graph;
        heapy_snapshot *snapshot;
        pthread_t threads[4];
        assert_ok(build_chain(200, 2, &graph, err));
        assert_ok(heapy_snapshot_create(graph, NULL, NULL, &snapshot, err));
        for (int i = 0; i < 4; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, ask_from_a_thread, snapshot), 0);
        for (int i = 0; i < 4; i++) {
            void *length;
            assert_int_equal(pthread_join(threads[i], &length), 0);
            assert_int_equal((uintptr_t)length, 199);
        }
        heapy_snapshot_release(snapshot);
    }
}

static heapy_status
ask_twice(heapy_error *error)
{
    heapy_graph *graph;
    heapy_snapshot *snapshot = NULL;
    heapy_node_set *targets = NULL;
    heapy_status status = build_chain(40, 2, &graph, error);
    if (!status)
        status = heapy_snapshot_create(graph, NULL, NULL, &snapshot, error);
    if (!status)
        status = heapy_node_set_create(40, &targets, error);
    for (int i = 0; !status && i < 3; i++) {
        heapy_shortest_paths *paths = NULL;
        heapy_path_question question = {.targets = targets, .is_single = i == 2};
        heapy_node_set_add(targets, 39);
        status = heapy_snapshot_paths(snapshot, &question, &paths, error);
        heapy_shortest_paths_destroy(paths);
    }
    heapy_node_set_destroy(targets);
    heapy_snapshot_release(snapshot);
    return status;
}

static void
every_allocation_may_fail(void **state)
{
    (void)state;
    fail_each_allocation(ask_twice);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_levels_give_what_a_search_gives),
        cmocka_unit_test(sources_that_are_the_root_are_treated_so),
        cmocka_unit_test(threads_may_ask_at_once),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
