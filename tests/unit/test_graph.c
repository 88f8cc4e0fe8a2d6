/* SPDX-License-Identifier: MIT */
/* Building and validating graphs. */
#include "support.h"

#include <string.h>

/*
 *     root "modules" --> 0: dict --key 0--> 1: str
 *                        0       --value 0--> 2: list --[0]--> 2 (itself)
 *                        2       --.name--> 1
 */
static heapy_status
build(heapy_graph **out, heapy_error *error)
{
    heapy_graph_builder *b = NULL;
    heapy_edge_writer *edges;
    heapy_size_writer *sizes = NULL;
    heapy_type dict, str, list;
    uint32_t modules, name, again;
    heapy_status status = heapy_graph_builder_create(3, &b, error);
    if (!status)
        status = add_type(b, "dict", HEAPY_ROLE_DICT, &dict, error);
    if (!status)
        status = add_type(b, "str", HEAPY_ROLE_TEXT, &str, error);
    if (!status)
        status = add_type(b, "list", HEAPY_ROLE_SEQUENCE, &list, error);
    if (!status)
        status = heapy_graph_builder_sizes(b, &sizes, error);
    if (!status)
        status = heapy_graph_builder_intern(b, "modules", 7, &modules, error);
    if (!status)
        status = heapy_graph_builder_intern(b, "name", 4, &name, error);
    if (!status)
        status = heapy_graph_builder_intern(b, "name", 4, &again, error);
    if (!status)
        status = heapy_graph_builder_begin_edges(b, &edges, error);
    if (!status) {
        assert_int_equal(name, again);
        assert_int_not_equal(name, modules);
        const heapy_type types[] = {dict, str, list};
        memcpy(heapy_graph_builder_types(b), types, sizeof types);
        heapy_size_writer_put(sizes, 0, 64); /* small ones need no memory */
        heapy_size_writer_put(sizes, 1, 50);
        heapy_size_writer_put(sizes, 2, 56);
        bool room = heapy_edge_writer_put(edges, 1, heapy_label_make(HEAPY_LABEL_KEY, 0)) &&
                    heapy_edge_writer_put(edges, 2, heapy_label_make(HEAPY_LABEL_VALUE, 0));
        if (!room) { /* the writer has no error of its own */
            heapy_graph_builder_destroy(b);
            strcpy(error->message, "no memory for edges");
            return error->status = HEAPY_NO_MEMORY;
        }
        status = heapy_graph_builder_end_node(b, error);
    }
    if (!status)
        status = heapy_graph_builder_end_node(b, error);
    if (!status) {
        heapy_edge_writer_put(edges, 2, heapy_label_make(HEAPY_LABEL_INDEX, 0)); /* there is room */
        heapy_edge_writer_put(edges, 1, heapy_label_make(HEAPY_LABEL_ATTRIBUTE, name));
        status = heapy_graph_builder_end_node(b, error);
    }
    if (!status)
        status = heapy_graph_builder_add_root(b, 0, heapy_label_make(HEAPY_LABEL_ATTRIBUTE, modules), error);
    if (status) {
        heapy_graph_builder_destroy(b);
        return status;
    }
    return heapy_graph_builder_finish(b, out, error);
}

static void
a_graph_gives_back_what_was_put_in(void **state)
{
    (void)state;
    heapy_graph *g;
    uint64_t first, end;
    assert_ok(build(&g, err));
    assert_ok(heapy_graph_validate(g, err));
    assert_int_equal(heapy_graph_node_count(g), 3);
    assert_int_equal(heapy_graph_edge_count(g), 4);
    assert_int_equal(heapy_graph_type_count(g), 3);
    assert_string_equal(heapy_graph_type_name(g, heapy_graph_types(g)[2]), "list");
    assert_int_equal(heapy_graph_role(g, 0), HEAPY_ROLE_DICT);
    assert_int_equal(size_of(g, 1), 50);
    assert_false(heapy_graph_has_owners(g));
    assert_int_equal(heapy_graph_owner_type(g, 0), HEAPY_NO_TYPE);
    assert_true(heapy_graph_length(g, 2) == HEAPY_NO_LENGTH);
    assert_int_equal(heapy_graph_root(g), HEAPY_NO_NODE);
    heapy_graph_edges(g, 1, &first, &end);
    assert_int_equal(first, end);
    heapy_graph_edges(g, 2, &first, &end);
    assert_int_equal(end - first, 2);
    assert_int_equal(heapy_graph_targets(g)[first], 2);
    heapy_label label = heapy_graph_labels(g)[first + 1];
    assert_int_equal(heapy_label_kind_of(label), HEAPY_LABEL_ATTRIBUTE);
    size_t length;
    assert_string_equal(heapy_graph_name(g, heapy_label_number(label), &length), "name");
    assert_int_equal(length, 4);
    assert_int_equal(heapy_graph_name_count(g), 2);
    assert_int_equal(heapy_graph_root_count(g), 1);
    assert_int_equal(heapy_graph_root_target(g, 0), 0);
    assert_string_equal(heapy_graph_name(g, heapy_label_number(heapy_graph_root_label(g, 0)), NULL),
                        "modules");
    assert_true(heapy_graph_bytes(g) > 3 * 12 + 4 * 8);
    heapy_graph_destroy(g);
    heapy_graph_destroy(NULL);
}

/* A builder of two nodes of one type, to be spoilt. */
static heapy_graph_builder *
small_builder(void)
{
    heapy_graph_builder *b;
    heapy_type type;
    assert_ok(heapy_graph_builder_create(2, &b, err));
    assert_ok(add_type(b, "int", HEAPY_ROLE_NUMBER, &type, err));
    heapy_graph_builder_types(b)[0] = heapy_graph_builder_types(b)[1] = type;
    return b;
}

static void
assert_refused(heapy_graph_builder *b, const char *text)
{
    heapy_graph *g = NULL;
    assert_int_equal(heapy_graph_builder_finish(b, &g, err), HEAPY_INVALID);
    assert_null(g);
    if (!strstr(err->message, text))
        fail_msg("'%s' does not say '%s'", err->message, text);
}

static void
an_inconsistent_graph_is_refused_by_name(void **state)
{
    (void)state;
    heapy_edge_writer *edges;
    heapy_node *owners;

    heapy_graph_builder *b = small_builder();
    heapy_graph_builder_types(b)[1] = 7;
    assert_refused(b, "node 1 has type 7 of 1");

    b = small_builder();
    assert_ok(heapy_graph_builder_owners(b, &owners, err));
    assert_int_equal(owners[0], HEAPY_NO_NODE);
    owners[1] = heapy_owner_elsewhere(2, 3);
    assert_refused(b, "the owner of dict number 0 has type 3 of 1");

    b = small_builder();
    assert_ok(heapy_graph_builder_set_type_node(b, 0, 2, err));
    assert_refused(b, "type 0 is node 2 of 2");

    b = small_builder();
    assert_ok(heapy_graph_builder_set_bases(b, 0, (const heapy_type[]){1}, 1, err));
    assert_refused(b, "type 0 inherits from type 1 of 1");

    b = small_builder();
    assert_ok(heapy_graph_builder_begin_edges(b, &edges, err));
    assert_true(heapy_edge_writer_put(edges, 2, 0));
    assert_ok(heapy_graph_builder_end_node(b, err));
    assert_ok(heapy_graph_builder_end_node(b, err));
    assert_refused(b, "edge 0 leads to node 2 of 2");

    b = small_builder();
    assert_ok(heapy_graph_builder_begin_edges(b, &edges, err));
    assert_ok(heapy_graph_builder_end_node(b, err));
    assert_refused(b, "only 1 of 2 nodes");

    b = small_builder();
    assert_ok(heapy_graph_builder_begin_edges(b, &edges, err));
    assert_ok(heapy_graph_builder_end_node(b, err));
    assert_ok(heapy_graph_builder_end_node(b, err));
    assert_true(heapy_edge_writer_put(edges, 0, 0));
    assert_refused(b, "1 edges belong to no node");

    b = small_builder();
    assert_ok(heapy_graph_builder_begin_edges(b, &edges, err));
    assert_true(heapy_edge_writer_put(edges, 0, heapy_label_make(HEAPY_LABEL_ATTRIBUTE, 0)));
    assert_ok(heapy_graph_builder_end_node(b, err));
    assert_ok(heapy_graph_builder_end_node(b, err));
    assert_refused(b, "names name 0 of 0");

    b = small_builder();
    assert_ok(heapy_graph_builder_add_root(b, 0, (heapy_label)15 << 28, err));
    assert_refused(b, "no known kind");

    b = small_builder();
    assert_ok(heapy_graph_builder_add_root(b, 9, 0, err));
    assert_refused(b, "root 0 leads to node 9 of 2");
}

static void
too_many_nodes_or_edges_are_errors(void **state)
{
    (void)state;
    heapy_graph_builder *b = NULL;
    assert_int_equal(heapy_graph_builder_create(UINT32_MAX, &b, err), HEAPY_LIMIT);
    assert_null(b);
    b = small_builder();
    heapy_edge_writer *edges;
    assert_ok(heapy_graph_builder_begin_edges(b, &edges, err));
    assert_ok(heapy_graph_builder_end_node(b, err));
    assert_ok(heapy_graph_builder_end_node(b, err));
    assert_int_equal(heapy_graph_builder_end_node(b, err), HEAPY_INVALID);
    heapy_graph_builder_destroy(b);
    heapy_graph_builder_destroy(NULL);
    assert_int_equal(heapy_label_make(HEAPY_LABEL_INDEX, (size_t)1 << 28), HEAPY_LABEL_UNNAMED);
}

static void
many_names_stay_apart(void **state)
{
    (void)state;
    heapy_graph_builder *b = small_builder();
    heapy_graph *g;
    char name[32];
    for (uint32_t round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 5000; i++) {
            uint32_t number;
            int length = snprintf(name, sizeof name, "n%u", i * 7);
            assert_ok(heapy_graph_builder_intern(b, name, (size_t)length, &number, err));
            assert_int_equal(number, i);
        }
    uint32_t nul;
    assert_ok(heapy_graph_builder_intern(b, "n0\0x", 4, &nul, err));
    assert_int_equal(nul, 5000);
    assert_ok(heapy_graph_builder_finish(b, &g, err));
    assert_string_equal(heapy_graph_name(g, 4999, NULL), "n34993");
    heapy_graph_destroy(g);
}

/* What a caller does wrong is an error at once where it can be seen. */
static void
misuse_of_a_builder_is_an_error(void **state)
{
    (void)state;
    heapy_graph_builder *b = small_builder();
    heapy_edge_writer *edges;
    heapy_facts *facts, *again;
    heapy_type type;
    uint32_t value;
    heapy_type_row row = HEAPY_TYPE_ROW_INIT;
    assert_int_equal(heapy_graph_builder_add_type(b, &row, &type, err), HEAPY_INVALID);
    assert_int_equal(heapy_graph_builder_set_bases(b, 9, NULL, 0, err), HEAPY_INVALID);
    assert_int_equal(heapy_graph_builder_set_type_node(b, 9, 0, err), HEAPY_INVALID);
    assert_int_equal(heapy_graph_builder_end_node(b, err), HEAPY_INVALID);
    assert_ok(heapy_graph_builder_begin_edges(b, &edges, err));
    assert_int_equal(heapy_graph_builder_begin_edges(b, &edges, err), HEAPY_INVALID);
    assert_int_equal(heapy_graph_builder_add_length(b, 2, 1, err), HEAPY_INVALID);
    assert_ok(heapy_graph_builder_add_length(b, 1, 1, err));
    assert_int_equal(heapy_graph_builder_add_length(b, 0, 1, err), HEAPY_INVALID);
    assert_ok(heapy_graph_builder_begin_facts(b, "module", &facts, err));
    assert_int_equal(heapy_graph_builder_begin_facts(b, "module", &again, err), HEAPY_INVALID);
    assert_int_equal(heapy_facts_add(facts, 0, 0, err), HEAPY_INVALID);
    assert_ok(heapy_facts_add_value(facts, "os", 2, &value, err));
    assert_int_equal(heapy_facts_add(facts, 2, value, err), HEAPY_INVALID);
    assert_int_equal(heapy_graph_builder_set_root(b, 2, err), HEAPY_INVALID);
    heapy_graph_builder_destroy(b);
}

enum { MANY = 1500 }; /* nodes: several blocks of a sparse column */

/* Owners, lengths, sizes and facts of every third, fifth ... node, and none of the others. */
static heapy_status
build_columns(heapy_graph **out, heapy_error *error)
{
    heapy_graph_builder *b = NULL;
    heapy_node *owners = NULL;
    heapy_size_writer *sizes = NULL;
    heapy_facts *facts = NULL;
    heapy_type dict = 0, object = 0;
    uint32_t value = 0;
    heapy_status status = heapy_graph_builder_create(MANY, &b, error);
    if (!status)
        status = add_type(b, "dict", HEAPY_ROLE_DICT, &dict, error);
    if (!status)
        status = add_type(b, "object", HEAPY_ROLE_OBJECT, &object, error);
    if (!status)
        status = heapy_graph_builder_owners(b, &owners, error);
    if (!status)
        status = heapy_graph_builder_sizes(b, &sizes, error);
    if (!status)
        status = heapy_graph_builder_begin_facts(b, "site", &facts, error);
    for (int twice = 0; !status && twice < 2; twice++)
        status = heapy_facts_add_value(facts, "a.py:1", 6, &value, error);
    for (heapy_node i = 0; !status && i < MANY; i++) {
        heapy_graph_builder_types(b)[i] = i % 3 ? object : dict;
        if (i % 3 == 0)
            owners[i] = i % 2 ? i - 1 : heapy_owner_elsewhere(MANY, object);
        if (!heapy_size_writer_put(sizes, i, UINT64_C(1) << 40) ||
            (i % 7 && !heapy_size_writer_put(sizes, i, i)) || /* the last counts */
            (i % 14 == 0 && !heapy_size_writer_put(sizes, i, UINT64_C(1) << 41)))
            status = error->status = HEAPY_NO_MEMORY, strcpy(error->message, "no memory for a size");
        if (!status && i % 5 == 0)
            status = heapy_graph_builder_add_length(b, i, i == 5 ? UINT64_C(1) << 50 : i, error);
        if (!status && i % 11 == 0)
            status = heapy_facts_add(facts, i, i % 2, error);
    }
    if (!status)
        status = heapy_graph_builder_set_root(b, MANY - 1, error);
    if (status) {
        heapy_graph_builder_destroy(b);
        return status;
    }
    return heapy_graph_builder_finish(b, out, error);
}

/* Does node `n` of `g` have what node `i` was given?  Its owner is at number_of_owner. */
static void
assert_columns(const heapy_graph *g, heapy_node n, heapy_node i, heapy_node number_of_owner)
{
    const heapy_facts *facts = heapy_graph_facts(g, "site");
    assert_int_equal(heapy_graph_owner_type(g, n), i % 3 ? HEAPY_NO_TYPE : i % 2 == 0 || (i - 1) % 3 ? 1 : 0);
    assert_int_equal(heapy_graph_owner(g, n), i % 3 || i % 2 == 0 ? HEAPY_NO_NODE : number_of_owner);
    assert_true(size_of(g, n) == (i % 14 == 0 ? UINT64_C(1) << 41 : i % 7 ? i : UINT64_C(1) << 40));
    assert_true(heapy_graph_length(g, n) == (i % 5 ? HEAPY_NO_LENGTH : i == 5 ? UINT32_MAX : i));
    assert_int_equal(heapy_facts_of_node(facts, n), i % 11 ? HEAPY_NO_FACT : i % 2);
}

static void
sparse_columns_give_back_what_was_put_in(void **state)
{
    (void)state;
    heapy_graph *g;
    assert_ok(build_columns(&g, err));
    for (heapy_node i = 0; i < MANY; i++)
        assert_columns(g, i, i, i - 1);
    assert_int_equal(heapy_graph_root(g), MANY - 1);
    assert_null(heapy_graph_facts(g, "generation"));
    assert_int_equal(heapy_facts_value_count(heapy_graph_facts(g, "site")), 2);
    assert_string_equal(heapy_facts_value(heapy_graph_facts(g, "site"), 1), "a.py:1");
    heapy_graph_destroy(g);
}

static heapy_status
build_columns_and_destroy(heapy_error *error)
{
    heapy_graph *g = NULL;
    heapy_status status = build_columns(&g, error);
    heapy_graph_destroy(g);
    return status;
}

/*
 *     0 object <- 1 A <- 3 C <- 4 D      C inherits from A and B; 5 from itself, which nothing real does
 *              <- 2 B <-/
 */
static heapy_status
build_hierarchy(heapy_graph **out, heapy_error *error)
{
    static const heapy_type bases[][2] = {{0}, {0}, {0}, {1, 2}, {3}, {5}};
    static const size_t counts[] = {0, 1, 1, 2, 1, 1};
    heapy_graph_builder *b = NULL;
    heapy_type type;
    heapy_status status = heapy_graph_builder_create(1, &b, error);
    for (size_t t = 0; !status && t < 6; t++) {
        heapy_type_row row = {.name = "name", .module = "mod", .identity = 16 * t, .node = HEAPY_NO_NODE};
        status = heapy_graph_builder_add_type(b, &row, &type, error);
    }
    for (heapy_type t = 6; !status && t-- > 0;)
        status = heapy_graph_builder_set_bases(b, t, bases[t], counts[t], error);
    if (!status)
        status = heapy_graph_builder_set_type_node(b, 4, 0, error);
    if (status) {
        heapy_graph_builder_destroy(b);
        return status;
    }
    heapy_graph_builder_types(b)[0] = 0;
    return heapy_graph_builder_finish(b, out, error);
}

static void
types_are_found_by_inheritance_node_and_identity(void **state)
{
    (void)state;
    static const bool below_a[] = {false, true, false, true, true, false};
    static const bool above_d[] = {true, true, true, true, true, false};
    static const bool only_5[] = {false, false, false, false, false, true};
    heapy_graph *g;
    bool rows[6];
    assert_ok(build_hierarchy(&g, err));
    assert_ok(heapy_graph_subtypes(g, 1, rows, err));
    assert_memory_equal(rows, below_a, sizeof rows);
    assert_ok(heapy_graph_supertypes(g, 4, rows, err));
    assert_memory_equal(rows, above_d, sizeof rows);
    assert_ok(heapy_graph_subtypes(g, 5, rows, err));
    assert_memory_equal(rows, only_5, sizeof rows);
    assert_int_equal(heapy_graph_subtypes(g, 6, rows, err), HEAPY_INVALID);
    assert_int_equal(heapy_graph_supertypes(g, 6, rows, err), HEAPY_INVALID);
    assert_int_equal(heapy_graph_type_of_identity(g, 48), 3);
    assert_int_equal(heapy_graph_type_of_identity(g, 0), HEAPY_NO_TYPE);
    assert_int_equal(heapy_graph_type_of_node(g, 0), 4);
    assert_int_equal(heapy_graph_type_of_node(g, 1), HEAPY_NO_TYPE);
    heapy_type_row row = heapy_graph_type_row(g, 3);
    assert_string_equal(row.module, "mod");
    assert_null(row.qualname);
    assert_int_equal(row.base_count, 2);
    assert_int_equal(row.bases[1], 2);
    heapy_graph_destroy(g);
}

static heapy_status
search_hierarchy(heapy_error *error)
{
    heapy_graph *g = NULL;
    bool rows[6];
    heapy_status status = build_hierarchy(&g, error);
    if (!status)
        status = heapy_graph_subtypes(g, 1, rows, error);
    if (!status)
        status = heapy_graph_supertypes(g, 4, rows, error);
    heapy_graph_destroy(g);
    return status;
}

static heapy_status
build_and_destroy(heapy_error *error)
{
    heapy_graph *g = NULL;
    heapy_status status = build(&g, error);
    heapy_graph_destroy(g);
    return status;
}

static void
each_failing_allocation_is_reported(void **state)
{
    (void)state;
    fail_each_allocation(build_and_destroy);
    fail_each_allocation(build_columns_and_destroy);
    fail_each_allocation(search_hierarchy);
}

/* A reference that has the names of a list gets one more: its list has all of them, and no list in it. */
static void
a_list_of_labels_takes_over_another(void **state)
{
    (void)state;
    heapy_graph_builder *b;
    heapy_edge_writer *edges;
    heapy_graph *graph;
    heapy_type row;
    heapy_type_row type = HEAPY_TYPE_ROW_INIT;
    type.name = "list";
    assert_ok(heapy_graph_builder_create(1, &b, err));
    assert_ok(heapy_graph_builder_add_type(b, &type, &row, err));
    heapy_graph_builder_types(b)[0] = row;
    const heapy_label two[] = {heapy_label_make(HEAPY_LABEL_INDEX, 5),
                               heapy_label_make(HEAPY_LABEL_MEMBER, 6)};
    heapy_label more[] = {heapy_label_make(HEAPY_LABEL_KEY, 4), 0, heapy_label_make(HEAPY_LABEL_STACK, 7)},
                all;
    assert_ok(heapy_graph_builder_several(b, two, 2, &more[1], err));
    assert_ok(heapy_graph_builder_several(b, more, 3, &all, err));
    heapy_label missing = heapy_label_make(HEAPY_LABEL_SEVERAL, 2);
    assert_int_equal(heapy_graph_builder_several(b, &missing, 1, &missing, err), HEAPY_INVALID);
    assert_ok(heapy_graph_builder_begin_edges(b, &edges, err));
    assert_true(heapy_edge_writer_put(edges, 0, all));
    assert_ok(heapy_graph_builder_end_node(b, err));
    assert_ok(heapy_graph_builder_finish(b, &graph, err));
    const heapy_label *parts;
    assert_int_equal(heapy_graph_label_parts(graph, &heapy_graph_labels(graph)[0], &parts), 4);
    assert_int_equal(parts[0], more[0]);
    assert_int_equal(parts[1], two[0]);
    assert_int_equal(parts[2], two[1]);
    assert_int_equal(parts[3], more[2]);
    heapy_graph_destroy(graph);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_graph_gives_back_what_was_put_in),
        cmocka_unit_test(an_inconsistent_graph_is_refused_by_name),
        cmocka_unit_test(too_many_nodes_or_edges_are_errors),
        cmocka_unit_test(many_names_stay_apart),
        cmocka_unit_test(misuse_of_a_builder_is_an_error),
        cmocka_unit_test(a_list_of_labels_takes_over_another),
        cmocka_unit_test(sparse_columns_give_back_what_was_put_in),
        cmocka_unit_test(types_are_found_by_inheritance_node_and_identity),
        cmocka_unit_test(each_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests_name("graph", tests, NULL, NULL);
}
