/* SPDX-License-Identifier: MIT */
/* The order of references, and paths as text: alone, as templates, in numbered lists. */
#include "support.h"

#include <string.h>

/*
 *     0: dict, whose entries have the keys 1 .. KEYS and all the value LAST
 *     0 --'a%b', is both .x and the member 7--> SET, a set --member 2--> LAST, a list, its own item 0
 */
enum { KEYS = 8, SET = KEYS + 1, LAST, NODES };

static const struct {
    const char *text, *type;
    int value; /* of what can be compared */
} keys[KEYS] = {
    {"'b'", "str", 2}, {"None", "NoneType", 0}, {"3", "int", 3},      {"(1,)", "tuple", 0},
    {"'a'", "str", 1}, {"1", "mod.Number", 1},  {"b'z'", "bytes", 0}, {"2", "float", 2},
};
static const char *const in_order[KEYS] = {"[1]",   "[2]",   "[3]",    "[(1,)]",
                                           "['a']", "['b']", "[None]", "[b'z']"};

enum { TYPES = 9 };
static const char *const type_names[TYPES] = {"dict",  "set",   "list",       "str",     "int",
                                              "float", "tuple", "mod.Number", "NoneType"};

static heapy_type
type_named(const char *name)
{
    for (heapy_type t = 0; t < TYPES; t++)
        if (!strcmp(type_names[t], name))
            return t;
    return TYPES; /* bytes */
}

static heapy_status
no_memory(heapy_error *error)
{
    strcpy(error->message, "no memory");
    return error->status = HEAPY_NO_MEMORY;
}

static heapy_status
build(heapy_graph **out, heapy_error *error)
{
    heapy_graph_builder *b = NULL;
    heapy_edge_writer *edges = NULL;
    heapy_type type, number = type_named("int");
    uint32_t name = 0;
    heapy_label both = 0;
    heapy_status status = heapy_graph_builder_create(NODES, &b, error);
    for (size_t t = 0; !status && t < TYPES; t++)
        status = add_type(b, type_names[t], HEAPY_ROLE_OBJECT, &type, error);
    if (!status)
        status = add_type(b, "bytes", HEAPY_ROLE_TEXT, &type, error);
    if (!status)
        status = heapy_graph_builder_set_bases(b, type_named("mod.Number"), &number, 1, error);
    for (size_t i = 0; !status && i < NODES; i++)
        heapy_graph_builder_types(b)[i] = type_named(i == 0 ? "dict" : i == SET ? "set" : "list");
    for (size_t i = 0; !status && i < KEYS; i++)
        heapy_graph_builder_types(b)[1 + i] = type_named(keys[i].type);
    if (!status)
        status = heapy_graph_builder_intern(b, "a%b", 3, &name, error);
    heapy_label labels[] = {heapy_label_make(HEAPY_LABEL_MEMBER, 7),
                            heapy_label_make(HEAPY_LABEL_ATTRIBUTE, name)};
    if (!status)
        status = heapy_graph_builder_several(b, labels, 2, &both, error);
    if (!status)
        status = heapy_graph_builder_begin_edges(b, &edges, error);
    for (heapy_node i = 0; !status && i < NODES; i++) {
        bool room = true;
        for (uint32_t k = 0; i == 0 && room && k < KEYS; k++)
            room = heapy_edge_writer_put(edges, 1 + k, heapy_label_make(HEAPY_LABEL_KEY, k)) &&
                   heapy_edge_writer_put(edges, LAST, heapy_label_make(HEAPY_LABEL_VALUE, k));
        if (i == 0)
            room = room && heapy_edge_writer_put(edges, SET, both) &&
                   heapy_edge_writer_put(edges, LAST, HEAPY_LABEL_UNNAMED);
        else if (i == SET)
            room = heapy_edge_writer_put(edges, LAST, heapy_label_make(HEAPY_LABEL_MEMBER, 2));
        else if (i == LAST)
            room = heapy_edge_writer_put(edges, LAST, heapy_label_make(HEAPY_LABEL_INDEX, 0));
        status = room ? heapy_graph_builder_end_node(b, error) : no_memory(error);
    }
    if (!status)
        return heapy_graph_builder_finish(b, out, error);
    heapy_graph_builder_destroy(b);
    return status;
}

/* ---- words ---- */

static size_t asked;            /* how often for a text */
static bool orders_nonsense;    /* the words give no permutation */
static heapy_path_writer *used; /* to be written with while the words are asked, as a user's repr may */

static heapy_status
say(void *context, heapy_node node, heapy_text_use use, char **text, heapy_error *error)
{
    (void)context, (void)use;
    asked++;
    if (used) {
        heapy_path_writer *writer = used;
        heapy_path_step step = {1, 0, 0};
        char *other;
        used = NULL;
        assert_ok(heapy_path_text(writer, "Other", 0, &step, 1, &other, NULL, err));
        heapy_text_free(other);
    }
    *text = heapy_alloc_array(16, 1);
    if (!*text)
        return no_memory(error);
    strcpy(*text, keys[node - 1].text);
    return HEAPY_OK;
}

/* Numbers and strings are compared, what is anything else is not. */
static heapy_status
order_keys(void *context, const heapy_node *nodes, size_t count, size_t *order, heapy_error *error)
{
    (void)context, (void)error;
    for (size_t i = 0; i < count && keys[nodes[0] - 1].value; i++)
        for (size_t j = 0; j + 1 < count; j++)
            if (keys[nodes[order[j]] - 1].value > keys[nodes[order[j + 1]] - 1].value) {
                size_t larger = order[j];
                order[j] = order[j + 1];
                order[j + 1] = larger;
            }
    if (orders_nonsense)
        order[0] = order[1];
    return HEAPY_OK;
}

static heapy_status
make_snapshot(heapy_snapshot **out, heapy_error *error)
{
    const heapy_words words = {.text = say, .order_keys = order_keys};
    heapy_graph *graph = NULL;
    heapy_status status = build(&graph, error);
    return status ? status : heapy_snapshot_create(graph, NULL, &words, out, error);
}

/* The paths from 0 to LAST, in order. */
static heapy_status
order_steps(void *context, heapy_node source, heapy_path_step *steps, size_t count, heapy_error *error)
{
    return heapy_path_steps_order(context, source, steps, count, error);
}

static heapy_status
find_paths(heapy_snapshot *snapshot, const heapy_node_pair *avoid, size_t avoid_count,
           heapy_shortest_paths **out, heapy_error *error)
{
    heapy_node_set *from = NULL, *to = NULL;
    heapy_status status = heapy_node_set_create(NODES, &from, error);
    if (!status)
        status = heapy_node_set_create(NODES, &to, error);
    if (!status) {
        heapy_node_set_add(from, 0);
        heapy_node_set_add(to, LAST);
        status = heapy_shortest_paths_create(heapy_snapshot_graph(snapshot), from, to, NULL, avoid,
                                             avoid_count, out, error);
    }
    heapy_node_set_destroy(from);
    heapy_node_set_destroy(to);
    if (!status)
        heapy_paths_set_order(*out, (heapy_path_order){NULL, order_steps, snapshot});
    return status;
}

/* ---- tests ---- */

/* numbers and what inherits from them, tuples, strings, others by type; the unknown last. */
static void
references_are_ordered_by_code_sort_and_value(void **state)
{
    (void)state;
    heapy_snapshot *snapshot;
    assert_ok(make_snapshot(&snapshot, err));
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    heapy_reference references[KEYS + 5];
    size_t order[KEYS + 5], count = 0;
    references[count++] = (heapy_reference){HEAPY_LABEL_UNNAMED, HEAPY_NO_NODE};
    for (uint32_t k = 0; k < KEYS; k++)
        references[count++] =
            heapy_reference_of_edge(graph, 0, 2 * k + 1, heapy_label_make(HEAPY_LABEL_VALUE, k));
    references[count++] = (heapy_reference){heapy_label_make(HEAPY_LABEL_MEMBER, 10), HEAPY_NO_NODE};
    references[count++] = (heapy_reference){heapy_label_make(HEAPY_LABEL_MEMBER, 9), HEAPY_NO_NODE};
    references[count++] = (heapy_reference){heapy_label_make(HEAPY_LABEL_ATTRIBUTE, 0), HEAPY_NO_NODE};
    references[count++] = (heapy_reference){heapy_label_make(HEAPY_LABEL_KEY, 0), HEAPY_NO_NODE};
    assert_ok(heapy_references_order(snapshot, references, count, order, err));
    for (size_t i = 0; i < count; i++) {
        const char *expected = i == 0          ? ".a%b"
                               : i <= KEYS     ? in_order[i - 1]
                               : i == KEYS + 1 ? ".keys()[0]"
                               : i == KEYS + 2 ? "list()[9]"
                               : i == KEYS + 3 ? "list()[10]"
                                               : ".?\?";
        char *text;
        assert_ok(heapy_reference_text(snapshot, references[order[i]], "", HEAPY_TEXT_KEY, &text, err));
        assert_string_equal(text, expected);
        heapy_text_free(text);
    }
    orders_nonsense = true;
    assert_int_equal(heapy_references_order(snapshot, references, count, order, err), HEAPY_INVALID);
    orders_nonsense = false;
    assert_ok(heapy_references_order(snapshot, NULL, 0, NULL, err));
    heapy_snapshot_release(snapshot);
}

static void
every_reference_has_a_form(void **state)
{
    (void)state;
    for (int code = HEAPY_REFERENCE_UNKNOWN; code <= HEAPY_REFERENCE_CODE_COUNT; code++) {
        heapy_reference_form form = heapy_reference_form_of((heapy_reference_code)code);
        assert_true(form.before && form.between && form.after);
        assert_int_equal(form.has_relator,
                         code > HEAPY_REFERENCE_IDENTITY && code < HEAPY_REFERENCE_FORMATTED);
    }
    for (unsigned kind = 0; kind < 16; kind++) /* labels that are none too */
        assert_true(heapy_reference_code_of(kind << HEAPY_LABEL_NUMBER_BITS) < HEAPY_REFERENCE_CODE_COUNT);
}

static void
assert_path(heapy_path_writer *writer, const heapy_path_step *steps, size_t length, const char *expected)
{
    char *text;
    size_t bytes;
    assert_ok(heapy_path_text(writer, "Src", 0, steps, length, &text, &bytes, err));
    assert_string_equal(text, expected);
    assert_int_equal(bytes, strlen(expected));
    heapy_text_free(text);
}

/* P-10, P-18 */
static void
paths_are_written_around_their_source(void **state)
{
    (void)state;
    heapy_snapshot *snapshot;
    heapy_path_writer *plain, *template;
    assert_ok(make_snapshot(&snapshot, err));
    assert_ok(heapy_path_writer_create(snapshot, HEAPY_TEXT_KEY, HEAPY_PATH_PLAIN, &plain, err));
    assert_ok(heapy_path_writer_create(snapshot, HEAPY_TEXT_KEY, HEAPY_PATH_TEMPLATE, &template, err));
    enum { TO_SET = 2 * KEYS, UNNAMED, MEMBER_OF_SET, ITEM };
    const heapy_path_step by_member[] = {{TO_SET, 0, 0}, {MEMBER_OF_SET, 0, 0}, {ITEM, 0, 0}};
    const heapy_path_step by_name[] = {{TO_SET, 1, 0}, {MEMBER_OF_SET, 0, 0}, {ITEM, 0, 0}};
    const heapy_path_step by_key[] = {{9, 0, 0}, {ITEM, 0, 0}}; /* the value of 'a' */
    const heapy_path_step unnamed[] = {{UNNAMED, 0, 0}};
    assert_path(plain, by_member, 3, "list(list(Src)[7])[2][0]");
    assert_path(plain, by_name, 3, "list(Src.a%b)[2][0]");
    assert_path(template, by_name, 3, "list(%s.a%%b)[2][0]");
    assert_path(template, by_name, 0, "%s");
    assert_path(plain, unnamed, 1, "Src.?\?");
    asked = 0;
    assert_path(plain, by_key, 2, "Src['a'][0]");
    assert_path(plain, by_key, 1, "Src['a']");
    assert_int_equal(asked, 1); /* the text of a step is kept */
    used = plain;
    assert_path(plain, (const heapy_path_step[]){{5, 0, 0}}, 1, "Src[3]");
    assert_path(plain, (const heapy_path_step[]){{1, 0, 0}}, 1, "Src['b']");
    char *text;
    assert_int_equal(
        heapy_path_text(plain, "Src", 0, (const heapy_path_step[]){{99, 0, 0}}, 1, &text, NULL, err),
        HEAPY_INVALID);
    assert_int_equal(
        heapy_path_text(plain, "Src", 0, (const heapy_path_step[]){{1, 1, 0}}, 1, &text, NULL, err),
        HEAPY_INVALID);
    assert_int_equal(heapy_path_text(plain, NULL, 0, NULL, 0, &text, NULL, err), HEAPY_INVALID);
    heapy_path_writer_destroy(plain);
    heapy_path_writer_destroy(template);
    heapy_path_writer_destroy(NULL);
    heapy_snapshot_release(snapshot);
}

/* P-11, P-12 */
static void
paths_are_listed_in_order_from_any_number(void **state)
{
    (void)state;
    heapy_snapshot *snapshot;
    heapy_shortest_paths *paths;
    heapy_path_writer *writer;
    heapy_path_lines *lines;
    char *text, expected[32];
    const heapy_source_names names = {.name = "Src"};
    assert_ok(make_snapshot(&snapshot, err));
    assert_ok(find_paths(snapshot, NULL, 0, &paths, err));
    assert_ok(heapy_path_writer_create(snapshot, HEAPY_TEXT_KEY, HEAPY_PATH_PLAIN, &writer, err));
    for (uint32_t first = 0; first <= KEYS; first++) {
        assert_ok(heapy_path_lines_create(paths, writer, &names, &first, 1, &lines, err));
        for (size_t i = first; i <= KEYS; i++) {
            snprintf(expected, sizeof expected, "%2zu: Src%s", i, i < KEYS ? in_order[i] : ".?\?");
            assert_ok(heapy_path_lines_next(lines, &text, NULL, err));
            assert_non_null(text);
            assert_string_equal(text, expected);
            heapy_text_free(text);
        }
        for (size_t i = 0; i < 2; i++) {
            assert_ok(heapy_path_lines_next(lines, &text, NULL, err));
            assert_null(text);
        }
        heapy_path_lines_destroy(lines);
    }
    uint32_t too_many = KEYS + 1;
    assert_int_equal(heapy_path_lines_create(paths, writer, &names, &too_many, 1, &lines, err),
                     HEAPY_INVALID);
    heapy_path_lines_destroy(NULL);
    heapy_path_writer_destroy(writer);
    heapy_shortest_paths_destroy(paths);
    heapy_snapshot_release(snapshot);
}

/* A chain of `length` nodes, each with two references to the next: 2^length paths. */
static heapy_graph *
two_ways(size_t length)
{
    heapy_graph_builder *b;
    heapy_graph *graph;
    heapy_edge_writer *edges;
    heapy_type type;
    assert_ok(heapy_graph_builder_create(length + 1, &b, err));
    assert_ok(add_type(b, "list", HEAPY_ROLE_SEQUENCE, &type, err));
    assert_ok(heapy_graph_builder_begin_edges(b, &edges, err));
    for (size_t i = 0; i <= length; i++) {
        heapy_graph_builder_types(b)[i] = type;
        for (unsigned k = 0; i < length && k < 2; k++)
            assert_true(
                heapy_edge_writer_put(edges, (heapy_node)i + 1, heapy_label_make(HEAPY_LABEL_INDEX, k)));
        assert_ok(heapy_graph_builder_end_node(b, err));
    }
    assert_ok(heapy_graph_builder_finish(b, &graph, err));
    return graph;
}

/* P-13: numbers of any size, and what follows 999...9. */
static void
large_numbers_are_written_in_full(void **state)
{
    (void)state;
    enum { LENGTH = 100 };
    static const struct {
        uint32_t digits[4];
        const char *first, *second;
    } cases[] = {
        {{0}, " 0: ", " 1: "},
        {{9}, " 9: ", "10: "},
        {{999999}, "999999: ", "1000000: "},
        {{UINT32_MAX}, "4294967295: ", "4294967296: "},
        {{0x89e7ffff, 0x8ac72304}, "9999999999999999999: ", "10000000000000000000: "}, /* 10^19 - 1 */
        {{0, 0, 0, 1}, "79228162514264337593543950336: ", "79228162514264337593543950337: "},
    };
    heapy_snapshot *snapshot;
    heapy_node_set *from, *to;
    heapy_shortest_paths *paths;
    heapy_path_writer *writer;
    const heapy_source_names names = {.name = "Src"};
    assert_ok(heapy_snapshot_create(two_ways(LENGTH), NULL, NULL, &snapshot, err));
    assert_ok(heapy_node_set_create(LENGTH + 1, &from, err));
    assert_ok(heapy_node_set_create(LENGTH + 1, &to, err));
    heapy_node_set_add(from, 0);
    heapy_node_set_add(to, LENGTH);
    assert_ok(
        heapy_shortest_paths_create(heapy_snapshot_graph(snapshot), from, to, NULL, NULL, 0, &paths, err));
    assert_ok(heapy_path_writer_create(snapshot, HEAPY_TEXT_KEY, HEAPY_PATH_PLAIN, &writer, err));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heapy_path_lines *lines;
        assert_ok(heapy_path_lines_create(paths, writer, &names, cases[i].digits, 4, &lines, err));
        for (int k = 0; k < 2; k++) {
            const char *number = k ? cases[i].second : cases[i].first;
            char *text;
            assert_ok(heapy_path_lines_next(lines, &text, NULL, err));
            assert_memory_equal(text, number, strlen(number));
            assert_memory_equal(text + strlen(number), "Src[", 4);
            heapy_text_free(text);
        }
        heapy_path_lines_destroy(lines);
    }
    heapy_path_writer_destroy(writer);
    heapy_shortest_paths_destroy(paths);
    heapy_node_set_destroy(from);
    heapy_node_set_destroy(to);
    heapy_snapshot_release(snapshot);
}

static heapy_status
name_by_number(void *context, heapy_node source, char **text, heapy_error *error)
{
    ++*(size_t *)context;
    *text = heapy_alloc_array(16, 1);
    if (!*text)
        return no_memory(error);
    snprintf(*text, 16, "<%u>", (unsigned)source);
    return HEAPY_OK;
}

static heapy_status
list_all(heapy_error *error)
{
    heapy_snapshot *snapshot = NULL;
    heapy_shortest_paths *paths = NULL;
    heapy_path_writer *writer = NULL;
    heapy_path_lines *lines = NULL;
    size_t named = 0, count = 0;
    const heapy_source_names names = {NULL, name_by_number, &named};
    char *text = NULL;
    used = NULL;
    heapy_status status = make_snapshot(&snapshot, error);
    if (!status)
        status = find_paths(snapshot, NULL, 0, &paths, error);
    if (!status)
        status = heapy_path_writer_create(snapshot, HEAPY_TEXT_FULL_KEY, HEAPY_PATH_TEMPLATE, &writer, error);
    if (!status)
        status = heapy_path_lines_create(paths, writer, &names, NULL, 0, &lines, error);
    for (bool more = true; !status && more;) {
        status = heapy_path_lines_next(lines, &text, NULL, error);
        more = !status && text;
        if (more) {
            heapy_text_free(text);
            count++;
        }
    }
    if (!status) {
        assert_int_equal(count, KEYS + 1);
        assert_int_equal(named, 1);
    }
    heapy_path_lines_destroy(lines);
    heapy_path_writer_destroy(writer);
    heapy_shortest_paths_destroy(paths);
    heapy_snapshot_release(snapshot);
    return status;
}

static void
each_failing_allocation_is_reported(void **state)
{
    (void)state;
    fail_each_allocation(list_all);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_are_ordered_by_code_sort_and_value),
        cmocka_unit_test(every_reference_has_a_form),
        cmocka_unit_test(paths_are_written_around_their_source),
        cmocka_unit_test(paths_are_listed_in_order_from_any_number),
        cmocka_unit_test(large_numbers_are_written_in_full),
        cmocka_unit_test(each_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests_name("path_text", tests, NULL, NULL);
}
