/* SPDX-License-Identifier: MIT */
/* Tables by Id beside a sort of everything by the obvious comparison. */
#include "support.h"

#include <string.h>

enum { MAX_NODES = 40, ROUNDS = 500, TYPES = 5 };

static const heapy_role roles[TYPES] = {HEAPY_ROLE_NUMBER, HEAPY_ROLE_DICT, HEAPY_ROLE_SEQUENCE,
                                        HEAPY_ROLE_FUNCTION, HEAPY_ROLE_OBJECT};
static const char *const type_names[TYPES] = {"int", "dict", "list", "function", "C"};

/* What the table is made from.  Node i is at 0x1000 * 16 + 16 * i; its words say `value`. */
typedef struct sample {
    size_t nodes;
    heapy_type type[MAX_NODES];
    heapy_node owner[MAX_NODES];
    uint64_t size[MAX_NODES];
    int value[MAX_NODES];
    heapy_address_map *map;
    heapy_snapshot *snapshot;
} sample;

static heapy_status
say(void *context, heapy_node node, heapy_text_use use, char **text, heapy_error *error)
{
    const sample *s = context;
    (void)use;
    *text = NULL;
    if (roles[s->type[node]] == HEAPY_ROLE_OBJECT)
        return HEAPY_OK;
    *text = heapy_alloc_array(16, 1);
    if (!*text) {
        strcpy(error->message, "no memory for a text");
        return error->status = HEAPY_NO_MEMORY;
    }
    snprintf(*text, 16, "%d", s->value[node]);
    return HEAPY_OK;
}

static int
compare(void *context, heapy_node a, heapy_node b)
{
    const sample *s = context;
    return (s->value[a] > s->value[b]) - (s->value[a] < s->value[b]);
}

static heapy_status
build(sample *s, heapy_error *error)
{
    heapy_graph_builder *b = NULL;
    heapy_graph *graph = NULL;
    heapy_size_writer *sizes = NULL;
    heapy_node *owners = NULL;
    heapy_type type;
    heapy_status status = heapy_graph_builder_create(s->nodes, &b, error);
    for (size_t t = 0; !status && t < TYPES; t++)
        status = add_type(b, type_names[t], roles[t], &type, error);
    if (!status)
        status = heapy_graph_builder_sizes(b, &sizes, error);
    if (!status)
        status = heapy_graph_builder_owners(b, &owners, error);
    for (heapy_node i = 0; !status && i < s->nodes; i++) {
        heapy_graph_builder_types(b)[i] = s->type[i];
        owners[i] = s->owner[i];
        heapy_size_writer_put(sizes, i, s->size[i]); /* none is large */
        if (roles[s->type[i]] == HEAPY_ROLE_DICT || roles[s->type[i]] == HEAPY_ROLE_SEQUENCE)
            status = heapy_graph_builder_add_length(b, i, (uint64_t)s->value[i], error);
    }
    if (!status)
        status = heapy_address_map_create(&s->map, error);
    for (uintptr_t i = 0; !status && i < s->nodes; i++)
        if (heapy_address_map_mark(s->map, 0x10000 + 16 * i) < 0) {
            strcpy(error->message, "no memory for an address");
            status = error->status = HEAPY_NO_MEMORY;
        }
    if (!status)
        status = heapy_address_map_freeze(s->map, error);
    if (status) {
        heapy_graph_builder_destroy(b);
        return status;
    }
    status = heapy_graph_builder_finish(b, &graph, error);
    const heapy_words words = {.text = say, .compare = compare, .context = s};
    return status ? status : heapy_snapshot_create(graph, s->map, &words, &s->snapshot, error);
}

static void
drop(sample *s)
{
    heapy_snapshot_release(s->snapshot);
    heapy_address_map_destroy(s->map);
    s->snapshot = NULL;
    s->map = NULL;
}

static sample
random_sample(void)
{
    sample s = {.nodes = 1 + random_below(MAX_NODES)};
    size_t types = 1 + random_below(TYPES), only = random_below(TYPES);
    for (size_t i = 0; i < s.nodes; i++) {
        s.type[i] = (heapy_type)(types == 1 ? only : random_below(TYPES));
        s.size[i] = 16 * (1 + random_below(3));
        s.value[i] = (int)random_below(9);
        s.owner[i] = HEAPY_NO_NODE;
    }
    for (size_t i = 0; i < s.nodes; i++)
        if (roles[s.type[i]] == HEAPY_ROLE_DICT && random_below(2))
            s.owner[i] = (heapy_node)random_below(s.nodes);
    return s;
}

/* ---- the model ---- */

static void
text_in_model(const sample *s, heapy_node node, char *out)
{
    heapy_role role = roles[s->type[node]];
    if (role == HEAPY_ROLE_DICT || role == HEAPY_ROLE_SEQUENCE)
        sprintf(out, "0x%x*%d", 0x10000 + 16 * node, s->value[node]);
    else if (role == HEAPY_ROLE_OBJECT)
        sprintf(out, "0x%x", 0x10000 + 16 * node);
    else
        sprintf(out, "%d", s->value[node]);
}

static void
class_in_model(const sample *s, heapy_node node, char *out)
{
    if (roles[s->type[node]] != HEAPY_ROLE_DICT)
        strcpy(out, type_names[s->type[node]]);
    else if (s->owner[node] == HEAPY_NO_NODE)
        strcpy(out, "dict (no owner)");
    else
        sprintf(out, "dict of %s", type_names[s->type[s->owner[node]]]);
}

static const sample *sorted;

static int
in_order(const void *a, const void *b)
{
    heapy_node x = *(const heapy_node *)a, y = *(const heapy_node *)b;
    char p[64], q[64];
    if (sorted->size[x] != sorted->size[y])
        return sorted->size[x] < sorted->size[y] ? 1 : -1;
    class_in_model(sorted, x, p);
    class_in_model(sorted, y, q);
    int order = strcmp(p, q);
    if (!order && sorted->owner[x] != HEAPY_NO_NODE) {
        text_in_model(sorted, sorted->owner[x], p);
        text_in_model(sorted, sorted->owner[y], q);
        order = strcmp(p, q);
    } else if (!order && sorted->type[x] == 0) {
        order = sorted->value[x] - sorted->value[y];
    } else if (!order && sorted->type[x] == 3) {
        text_in_model(sorted, x, p);
        text_in_model(sorted, y, q);
        order = strcmp(p, q);
    }
    return order ? order : (x > y) - (x < y);
}

static heapy_status
classify_by_clodo(const sample *s, heapy_classes **out, heapy_error *error)
{
    const heapy_classifier *by;
    heapy_status status = heapy_classifier_create(HEAPY_BY_CLODO, NULL, 0, &by, error);
    if (status)
        return status;
    status = heapy_classify(by, s->snapshot, NULL, out, error);
    heapy_classifier_release(by);
    return status;
}

static heapy_id_table *
table_of(const sample *s)
{
    heapy_classes *clodo;
    heapy_id_table *table;
    assert_ok(classify_by_clodo(s, &clodo, err));
    assert_ok(heapy_id_table_create(s->snapshot, NULL, clodo, &table, err));
    return table;
}

/* T-20, T-21, T-58 */
static void
rows_are_those_of_the_model_however_far_they_are_asked(void **state)
{
    (void)state;
    seed_random(23);
    for (int round = 0; round < ROUNDS; round++) {
        sample s = random_sample();
        assert_ok(build(&s, err));
        heapy_node order[MAX_NODES];
        bool is_mixed = false;
        char first[64], name[160], part[64];
        class_in_model(&s, 0, first);
        for (heapy_node i = 0; i < s.nodes; i++) {
            order[i] = i;
            class_in_model(&s, i, part);
            is_mixed |= strcmp(first, part) != 0;
        }
        sorted = &s;
        qsort(order, s.nodes, sizeof *order, in_order);
        heapy_id_table *ids = table_of(&s);
        int64_t cumulative = 0;
        for (size_t known = 0; known < s.nodes;) {
            const heapy_table *table;
            const heapy_node *nodes;
            size_t wanted = known + 1 + random_below(5);
            assert_ok(heapy_id_table_rows(ids, wanted, &table, err));
            assert_ok(heapy_id_table_members(ids, wanted, &nodes, err));
            assert_int_equal(table->row_count, s.nodes);
            for (; known < wanted && known < s.nodes; known++) {
                heapy_node node = order[known];
                text_in_model(&s, s.owner[node] == HEAPY_NO_NODE ? node : s.owner[node], part);
                class_in_model(&s, node, name);
                sprintf(name + (is_mixed ? strlen(name) : 0), is_mixed ? ": %s" : "%s", part);
                cumulative += (int64_t)s.size[node];
                assert_int_equal(nodes[known], node);
                assert_string_equal(table->rows[known].name, name);
                assert_int_equal(table->rows[known].size, s.size[node]);
                assert_int_equal(table->rows[known].cumulative, cumulative);
            }
        }
        heapy_id_table_destroy(ids);
        drop(&s);
    }
}

/* T-32 to T-34 */
static void
headings_say_what_the_rows_show(void **state)
{
    (void)state;
    const struct {
        sample s;
        const char *kind_name, *header;
    } cases[] = {
        {{.nodes = 1, .type = {0}, .owner = {HEAPY_NO_NODE}}, "<int>", "Value"},
        {{.nodes = 1, .type = {2}, .owner = {HEAPY_NO_NODE}}, "<list>", "Address*Length"},
        {{.nodes = 1, .type = {3}, .owner = {HEAPY_NO_NODE}}, "<function>", "Name"},
        {{.nodes = 1, .type = {4}, .owner = {HEAPY_NO_NODE}}, "<C>", "Address"},
        {{.nodes = 1, .type = {1}, .owner = {HEAPY_NO_NODE}}, "<dict (no owner)>", "Address*Length"},
        {{.nodes = 2, .type = {0, 4}, .owner = {HEAPY_NO_NODE, HEAPY_NO_NODE}}, "<mixed>", "Brief"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        sample s = cases[c].s;
        const heapy_table *table;
        assert_ok(build(&s, err));
        heapy_id_table *ids = table_of(&s);
        assert_ok(heapy_id_table_rows(ids, 0, &table, err));
        assert_string_equal(table->kind_name, cases[c].kind_name);
        assert_string_equal(table->header, cases[c].header);
        heapy_id_table_destroy(ids);
        drop(&s);
    }
}

static sample shared = {
    .nodes = 3, .type = {0, 1, 3}, .owner = {HEAPY_NO_NODE, 2, HEAPY_NO_NODE}, .value = {1, 2, 3}};

static heapy_status
make_table(heapy_error *error)
{
    heapy_classes *clodo = NULL;
    heapy_id_table *ids = NULL;
    const heapy_table *table;
    heapy_status status = build(&shared, error);
    if (!status)
        status = classify_by_clodo(&shared, &clodo, error);
    if (!status)
        status = heapy_id_table_create(shared.snapshot, NULL, clodo, &ids, error);
    if (!status)
        status = heapy_id_table_rows(ids, 3, &table, error);
    heapy_id_table_destroy(ids);
    drop(&shared);
    return status;
}

static void
each_failing_allocation_is_reported(void **state)
{
    (void)state;
    fail_each_allocation(make_table);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_those_of_the_model_however_far_they_are_asked),
        cmocka_unit_test(headings_say_what_the_rows_show),
        cmocka_unit_test(each_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests_name("id_table", tests, NULL, NULL);
}
