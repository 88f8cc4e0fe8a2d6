/* SPDX-License-Identifier: MIT */
/* Reference patterns: against a model that makes every set, and their text. */
#include <string.h>

#include "random_graph.h"

enum { MAX_ROWS = 400, CLASSES = 4 };

/* ---- the model ---- */

typedef struct model_row {
    bool set[MAX_NODES];
    size_t parent, depth, number, same;
    heapy_pattern_mark mark;
} model_row;

typedef struct model_pattern {
    const model *m;
    const heapy_class *classes;
    const bool *stop;
    heapy_pattern_options options;
    model_row rows[MAX_ROWS];
    size_t count;
} model_pattern;

/* Those that the roots reach around the others, or all. */
static void
children_in_model(const model_pattern *p, size_t row, bool *children)
{
    const model *m = p->m;
    bool referrers[MAX_NODES] = {false};
    for (size_t i = 0; i < m->nodes; i++)
        for (size_t j = 0; j < m->nodes; j++)
            referrers[i] |= m->edges[i][j] && p->rows[row].set[j];
    for (size_t i = 0; i < m->nodes; i++) {
        bool others[MAX_NODES], reached[MAX_NODES], start[MAX_NODES] = {false};
        memcpy(others, referrers, sizeof others);
        others[i] = false;
        start[p->options.start < m->nodes ? p->options.start : 0] = true;
        reach_in_model(m, p->options.start < m->nodes ? start : m->is_root, others, reached);
        children[i] = referrers[i] && (!p->options.dominators_only || reached[i]);
        for (size_t r = row; p->options.without_ancestors; r = p->rows[r].parent) {
            children[i] &= !p->rows[r].set[i];
            if (!r)
                break;
        }
    }
}

static uint64_t
size_of_class(const model_pattern *p, const bool *children, heapy_class class)
{
    uint64_t size = 0;
    for (size_t i = 0; i < p->m->nodes; i++)
        size += children[i] && p->classes[i] == class ? p->m->sizes[i] : 0;
    return size;
}

/* Names of classes are in the order of their numbers. */
static bool
comes_before(const model_pattern *p, const bool *children, heapy_class a, heapy_class b)
{
    uint64_t of_a = size_of_class(p, children, a), of_b = size_of_class(p, children, b);
    return of_a != of_b ? of_a > of_b : a < b;
}

static void
expand_model(model_pattern *p, const bool *set, size_t parent, size_t depth, size_t number)
{
    if (p->count == MAX_ROWS)
        return;
    size_t row = p->count++;
    model_row *r = &p->rows[row];
    bool children[MAX_NODES] = {false}, all_stop = true, any = false;
    *r = (model_row){.parent = parent, .depth = depth, .number = number, .same = HEAPY_NO_PATTERN_ROW};
    memcpy(r->set, set, sizeof r->set);
    for (size_t i = p->options.is_partial; i < row; i++)
        if (!memcmp(p->rows[i].set, set, sizeof r->set)) {
            r->mark = HEAPY_PATTERN_AGAIN;
            r->same = i;
            return;
        }
    children_in_model(p, row, children);
    for (size_t i = 0; i < p->m->nodes; i++) {
        any |= children[i];
        all_stop &= !set[i] || (p->stop && p->stop[i]);
    }
    r->mark = !any                       ? HEAPY_PATTERN_ROOT
              : depth && all_stop        ? HEAPY_PATTERN_STOP
              : depth < p->options.depth ? HEAPY_PATTERN_EXPANDED
                                         : HEAPY_PATTERN_DEEPEST;
    if (r->mark != HEAPY_PATTERN_EXPANDED)
        return;
    heapy_class order[CLASSES];
    size_t found = 0;
    for (heapy_class c = 0; c < CLASSES; c++) {
        bool occurs = false;
        for (size_t i = 0; i < p->m->nodes; i++)
            occurs |= children[i] && p->classes[i] == c;
        if (!occurs)
            continue;
        size_t at = found++;
        for (; at && comes_before(p, children, c, order[at - 1]); at--)
            order[at] = order[at - 1];
        order[at] = c;
    }
    for (size_t k = 0; k < found; k++) {
        bool child[MAX_NODES] = {false};
        for (size_t i = 0; i < p->m->nodes; i++)
            child[i] = children[i] && p->classes[i] == order[k];
        expand_model(p, child, row, depth + 1, k);
    }
}

/* ---- against it ---- */

static heapy_classes *
classes_of(const model *m, const heapy_class *of_nodes)
{
    static const char *const names[CLASSES] = {"a", "b", "c", "d"};
    heapy_class *column = heapy_alloc_array(m->nodes, sizeof *column);
    heapy_classes *classes;
    memcpy(column, of_nodes, m->nodes * sizeof *column);
    assert_ok(heapy_classes_create("Letter", m->nodes, column, CLASSES, names, &classes, err));
    return classes;
}

static void
check_rows(heapy_pattern *pattern, const model_pattern *expected)
{
    const model *m = expected->m;
    heapy_pattern_row row;
    bool found = true;
    for (size_t i = 0; i < expected->count; i++) {
        const model_row *r = &expected->rows[i];
        size_t at = 0;
        assert_ok(heapy_pattern_get(pattern, i, &row, &found, err));
        assert_true(found);
        assert_int_equal(row.mark, r->mark);
        assert_true(row.parent == (i ? r->parent : HEAPY_NO_PATTERN_ROW) && row.same == r->same);
        assert_int_equal(row.depth, r->depth);
        assert_int_equal(row.number, r->number);
        for (heapy_node n = 0; n < m->nodes; n++)
            if (r->set[n]) {
                assert_true(at < row.count);
                assert_int_equal(row.nodes[at++], n);
            }
        assert_int_equal(at, row.count);
    }
    if (expected->count == MAX_ROWS)
        return;
    assert_ok(heapy_pattern_get(pattern, expected->count, &row, &found, err));
    assert_false(found);
    assert_true(heapy_pattern_is_complete(pattern));
    assert_int_equal(heapy_pattern_row_count(pattern), expected->count);
}

/* P-60, P-65, P-74 */
static void
rows_are_those_of_the_model(void **state)
{
    (void)state;
    static model_pattern expected;
    seed_random(14);
    for (int round = 0; round < 2000; round++) {
        model m;
        heapy_graph *graph;
        heapy_snapshot *snapshot;
        heapy_pattern *pattern;
        heapy_class of_nodes[MAX_NODES];
        bool set[MAX_NODES], stop[MAX_NODES];
        heapy_node nodes[MAX_NODES];
        size_t count = 0;
        make_model(&m);
        for (size_t i = 0; i < m.nodes; i++)
            of_nodes[i] = (heapy_class)random_below(CLASSES);
        random_members(&m, set);
        random_members(&m, stop);
        for (size_t i = 0; i < m.nodes; i++)
            if (set[i])
                nodes[count++] = (heapy_node)i;
        heapy_node_set *stops = random_below(2) ? node_set_of(&m, stop) : NULL;
        heapy_pattern_options options = {.depth = random_below(9),
                                         .without_ancestors = !random_below(3),
                                         .dominators_only = !random_below(3),
                                         .is_partial = !random_below(4),
                                         .start = random_below(2) ? HEAPY_NO_NODE
                                                                  : (heapy_node)random_below(m.nodes),
                                         .stop = stops};
        expected =
            (model_pattern){.m = &m, .classes = of_nodes, .stop = stops ? stop : NULL, .options = options};
        expand_model(&expected, set, 0, 0, 0);
        assert_ok(build_model(&m, &graph, err));
        assert_ok(heapy_snapshot_create(graph, NULL, NULL, &snapshot, err));
        assert_ok(
            heapy_pattern_create(snapshot, classes_of(&m, of_nodes), nodes, count, &options, &pattern, err));
        heapy_node_set_destroy(stops);
        heapy_snapshot_release(snapshot);
        check_rows(pattern, &expected);
        heapy_pattern_destroy(pattern);
    }
}

/* ---- text ---- */

/*
 *     root --> 0: dict of module os --> 2, 4      1: object --> 2    2: list --> 3    3: str    4, 5: lists
 * --> 3
 */
enum { NODES = 6 };

static heapy_status
build(heapy_graph **out, heapy_error *error)
{
    static const struct {
        const char *name;
        heapy_role role;
    } types[] = {{"dict", HEAPY_ROLE_DICT},
                 {"mod.C", HEAPY_ROLE_OBJECT},
                 {"list", HEAPY_ROLE_SEQUENCE},
                 {"str", HEAPY_ROLE_TEXT},
                 {"module", HEAPY_ROLE_MODULE}};
    static const struct {
        heapy_node source, target;
    } edges[] = {{0, 2}, {0, 4}, {1, 2}, {2, 3}, {4, 3}, {5, 3}};
    heapy_graph_builder *b = NULL;
    heapy_edge_writer *writer = NULL;
    heapy_size_writer *sizes = NULL;
    heapy_node *owners = NULL;
    heapy_type type;
    heapy_status status = heapy_graph_builder_create(NODES, &b, error);
    for (size_t t = 0; !status && t < sizeof types / sizeof *types; t++)
        status = add_type(b, types[t].name, types[t].role, &type, error);
    for (size_t i = 0; !status && i < NODES; i++)
        heapy_graph_builder_types(b)[i] = i < 4 ? (heapy_type)i : 2;
    if (!status)
        status = heapy_graph_builder_sizes(b, &sizes, error);
    for (heapy_node i = 0; !status && i < NODES; i++)
        heapy_size_writer_put(sizes, i, i == 1 ? 64 : 8);
    if (!status)
        status = heapy_graph_builder_owners(b, &owners, error);
    if (!status)
        owners[0] = heapy_owner_elsewhere(NODES, 4);
    for (heapy_node i = 0; !status && i < NODES; i++)
        if (i == 0 || i == 2 || i > 3)
            status = heapy_graph_builder_add_length(b, i, 10 * i, error);
    if (!status)
        status = heapy_graph_builder_begin_edges(b, &writer, error);
    for (heapy_node i = 0; !status && i < NODES; i++) {
        for (size_t e = 0; e < sizeof edges / sizeof *edges; e++)
            if (edges[e].source == i &&
                !heapy_edge_writer_put(writer, edges[e].target, HEAPY_LABEL_UNNAMED)) {
                strcpy(error->message, "no memory");
                status = error->status = HEAPY_NO_MEMORY;
            }
        if (!status)
            status = heapy_graph_builder_end_node(b, error);
    }
    if (!status)
        status = heapy_graph_builder_add_root(b, 0, HEAPY_LABEL_UNNAMED, error);
    if (!status)
        return heapy_graph_builder_finish(b, out, error);
    heapy_graph_builder_destroy(b);
    return status;
}

static heapy_status
say(void *context, heapy_node dict, heapy_text_use use, char **text, heapy_error *error)
{
    (void)context, (void)dict, (void)use;
    *text = heapy_alloc_array(16, 1);
    if (!*text) {
        strcpy(error->message, "no memory for a text");
        return error->status = HEAPY_NO_MEMORY;
    }
    strcpy(*text, "os.path");
    return HEAPY_OK;
}

static heapy_classifier_form relation = HEAPY_BY_CLODO; /* of the rows of make_pattern() */

static heapy_status
make_pattern(const heapy_node *nodes, size_t count, const heapy_pattern_options *options, heapy_pattern **out,
             heapy_error *error)
{
    const heapy_words words = {.owner_text = say};
    heapy_graph *graph = NULL;
    heapy_snapshot *snapshot = NULL;
    heapy_classes *classes = NULL;
    heapy_status status = build(&graph, error);
    if (!status)
        status = heapy_snapshot_create(graph, NULL, &words, &snapshot, error);
    if (!status)
        status = classify_all(relation, snapshot, &classes, error);
    if (!status)
        status = heapy_pattern_create(snapshot, classes, nodes, count, options, out, error);
    heapy_snapshot_release(snapshot);
    return status;
}

static void
assert_lines(const heapy_node *nodes, size_t count, size_t line_length, size_t line_count,
             const char *const *lines)
{
    const heapy_pattern_options options = HEAPY_PATTERN_OPTIONS_INIT;
    const heapy_kind_writer kinds = {.is_brief = true};
    const bool is_by_class = relation == HEAPY_BY_CLODO;
    const heapy_pattern_text_options shown = {.line_length = line_length,
                                              .shows_owners = is_by_class,
                                              .shows_addresses = !is_by_class,
                                              .kinds = is_by_class ? NULL : &kinds};
    heapy_pattern *pattern;
    heapy_pattern_row row;
    bool found;
    char *text;
    assert_ok(make_pattern(nodes, count, &options, &pattern, err));
    for (size_t i = 0; i < line_count; i++) {
        assert_int_equal(heapy_pattern_line(pattern, i, &shown, &text, err),
                         HEAPY_INVALID); /* not made yet */
        assert_ok(heapy_pattern_get(pattern, i, &row, &found, err));
        assert_true(found);
        assert_ok(heapy_pattern_line(pattern, i, &shown, &text, err));
        assert_string_equal(text, lines[i]);
        heapy_text_free(text);
    }
    assert_true(heapy_pattern_is_complete(pattern));
    heapy_pattern_destroy(pattern);
}

/* P-63, P-66: by other relations rows are called by their kinds, in the order of tables by them. */
static void
lines_by_other_relations(void **state)
{
    (void)state;
    static const char *const by_size[] = {
        " 0: _ --- [-] 1 <size = 8>: #3",
        " 1: a      [-] 3 <size = 8>: #2, #4, #5",
        " 2: aa ---- [R] 1 <size = 64>: #1",
        " 3: ab      [R] 1 <size = 8>: #0",
    };
    static const char *const by_id[] = {
        " 0: _ --- [-] 1 <id 0x3>: #3",   " 1: a      [-] 1 <id 0x2>: #2", " 2: aa ---- [R] 1 <id 0x1>: #1",
        " 3: ab      [R] 1 <id 0x0>: #0", " 4: b ---- [-] 1 <id 0x4>: #4", " 5: ba      [^ 3] 1 <id 0x0>: #0",
        " 6: c ---- [R] 1 <id 0x5>: #5",
    };
    relation = HEAPY_BY_SIZE;
    assert_lines((const heapy_node[]){3}, 1, 80, sizeof by_size / sizeof *by_size, by_size);
    relation = HEAPY_BY_ID;
    assert_lines((const heapy_node[]){3}, 1, 80, sizeof by_id / sizeof *by_id, by_id);
    relation = HEAPY_BY_CLODO;
}

/* P-62 to P-67 */
static void
lines_are_those_of_guppy(void **state)
{
    (void)state;
    static const char *const of_str[] = {
        " 0: _ --- [-] 1 str: #3",
        " 1: a      [-] 3 list: #2*20, #4*40, #5*50",
        " 2: aa ---- [R] 1 mod.C: #1",
        " 3: ab      [R] 1 dict of module: ..path",
    };
    static const char *const narrow[] = {
        " 0: _ --- [-] 1 str: #3",
        " 1: a      [-] 3 list: #2*20...",
        " 2: aa ---- [R] 1 mod.C: #1",
        " 3: ab      [R] 1 dict of mod...",
    };
    static const char *const mixed[] = {
        " 0: _ --- [-] 2 (mod.C | str): #1, #3",
        " 1: a      [-] 3 list: #2*20, #4*40, #5*50",
        " 2: aa ---- [R] 1 mod.C: #1",
        " 3: ab      [R] 1 dict of module: ..path",
    };
    static const char *const nothing[] = {" 0: _ --- [R] 0 <Nothing>: "};
    assert_lines((const heapy_node[]){3}, 1, 80, 4, of_str);
    assert_lines((const heapy_node[]){3}, 1, 32, 4, narrow);
    assert_lines((const heapy_node[]){1, 3}, 2, 80, 4, mixed);
    assert_lines(NULL, 0, 80, 1, nothing);
}

/* A chain 0 <- 1 <- 2 ... below 0, and `width` nodes of classes of their own that refer to the last of it. */
static heapy_pattern *
comb(size_t length, size_t width)
{
    size_t nodes = length + width;
    heapy_graph_builder *b;
    heapy_graph *graph;
    heapy_edge_writer *edges;
    heapy_type type;
    heapy_snapshot *snapshot;
    heapy_classes *classes;
    heapy_pattern *pattern;
    heapy_pattern_options options = HEAPY_PATTERN_OPTIONS_INIT;
    options.depth = length + 1;
    assert_ok(heapy_graph_builder_create(nodes, &b, err));
    assert_ok(add_type(b, "list", HEAPY_ROLE_OBJECT, &type, err));
    assert_ok(heapy_graph_builder_begin_edges(b, &edges, err));
    for (size_t i = 0; i < nodes; i++) {
        char name[32];
        snprintf(name, sizeof name, "T%03zu", i);
        if (i >= length)
            assert_ok(add_type(b, name, HEAPY_ROLE_OBJECT, &type, err));
        heapy_graph_builder_types(b)[i] = i < length ? 0 : type;
        if (i)
            assert_true(heapy_edge_writer_put(edges, (heapy_node)(i < length ? i - 1 : length - 1),
                                              HEAPY_LABEL_UNNAMED));
        assert_ok(heapy_graph_builder_end_node(b, err));
    }
    assert_ok(heapy_graph_builder_finish(b, &graph, err));
    assert_ok(heapy_snapshot_create(graph, NULL, NULL, &snapshot, err));
    assert_ok(classify_all(HEAPY_BY_TYPE, snapshot, &classes, err));
    assert_ok(heapy_pattern_create(snapshot, classes, (const heapy_node[]){0}, 1, &options, &pattern, err));
    heapy_snapshot_release(snapshot);
    return pattern;
}

/* P-68, P-76 */
static void
names_have_a_letter_for_each_step(void **state)
{
    (void)state;
    static const struct {
        size_t length, row;
        const char *name;
    } cases[] = {{4, 0, "_"},    {4, 1, "a"},       {4, 2, "aa"},    {4, 3, "a3"},
                 {4, 4, "a4"},   {4, 5, "a3b"},     {4, 29, "a3z"},  {4, 30, "a3A"},
                 {4, 55, "a3Z"}, {4, 56, "a3_52_"}, {1, 60, "_59_"}, {3000, 2999, "a2999"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heapy_pattern *pattern = comb(cases[i].length, 60);
        heapy_pattern_row row;
        bool found;
        char *name;
        assert_ok(heapy_pattern_get(pattern, cases[i].row, &row, &found, err));
        assert_true(found);
        assert_ok(heapy_pattern_row_name(pattern, cases[i].row, &name, err));
        assert_string_equal(name, cases[i].name);
        heapy_text_free(name);
        heapy_pattern_destroy(pattern);
    }
}

static void
what_cannot_be_asked_is_refused(void **state)
{
    (void)state;
    heapy_pattern_options options = HEAPY_PATTERN_OPTIONS_INIT;
    heapy_pattern *pattern;
    heapy_node_set *other;
    assert_int_equal(make_pattern((const heapy_node[]){NODES}, 1, &options, &pattern, err), HEAPY_INVALID);
    assert_int_equal(make_pattern((const heapy_node[]){2, 1}, 2, &options, &pattern, err), HEAPY_INVALID);
    assert_int_equal(make_pattern((const heapy_node[]){2, 2}, 2, &options, &pattern, err), HEAPY_INVALID);
    assert_int_equal(make_pattern(NULL, 1, &options, &pattern, err), HEAPY_INVALID);
    assert_ok(heapy_node_set_create(NODES + 1, &other, err));
    options.stop = other;
    assert_int_equal(make_pattern((const heapy_node[]){2}, 1, &options, &pattern, err), HEAPY_INVALID);
    heapy_node_set_destroy(other);
    heapy_pattern_destroy(NULL);
    assert_int_equal(heapy_pattern_row_count(NULL), 0);
    assert_false(heapy_pattern_made_row(NULL, 0, NULL));
}

static bool dominators_only;

static heapy_status
write_all(heapy_error *error)
{
    heapy_pattern_options options = HEAPY_PATTERN_OPTIONS_INIT;
    const heapy_kind_writer kinds = {0};
    const heapy_pattern_text_options shown = {
        .line_length = 32, .shows_owners = true, .kinds = relation == HEAPY_BY_CLODO ? NULL : &kinds};
    heapy_pattern *pattern = NULL;
    heapy_pattern_row row;
    bool found = true;
    options.dominators_only = dominators_only;
    options.start = 0;
    heapy_status status = make_pattern((const heapy_node[]){1, 3}, 2, &options, &pattern, error);
    for (size_t i = 0; !status && found; i++) {
        char *text = NULL;
        status = heapy_pattern_get(pattern, i, &row, &found, error);
        if (!status && found)
            status = heapy_pattern_line(pattern, i, &shown, &text, error);
        if (!status && found)
            heapy_text_free(text);
    }
    heapy_pattern_destroy(pattern);
    return status;
}

static void
each_failing_allocation_is_reported(void **state)
{
    (void)state;
    static const heapy_classifier_form relations[] = {HEAPY_BY_SIZE, HEAPY_BY_ID, HEAPY_BY_CLODO};
    for (int i = 0; i < 3; i++) {
        relation = relations[i];
        dominators_only = i;
        fail_each_allocation(write_all);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_those_of_the_model),
        cmocka_unit_test(lines_are_those_of_guppy),
        cmocka_unit_test(lines_by_other_relations),
        cmocka_unit_test(names_have_a_letter_for_each_step),
        cmocka_unit_test(what_cannot_be_asked_is_refused),
        cmocka_unit_test(each_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
