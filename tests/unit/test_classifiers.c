/* SPDX-License-Identifier: MIT */
/*
 * Classifiers against a model: random expressions applied to members of random graphs, beside texts that say
 * what class each node is in; and the kind of each class, which must select the nodes of that class.
 */
#include "support.h"

#include <string.h>

enum { NODES = 40, TYPES = 6, ROUNDS = 60, KEY = 1 << 14 };

static const char *const type_names[TYPES] = {"dict", "module", "list",
                                              "C",    "C",      "type"}; /* two have one name */
static const heapy_role roles[TYPES] = {HEAPY_ROLE_DICT,   HEAPY_ROLE_MODULE, HEAPY_ROLE_SEQUENCE,
                                        HEAPY_ROLE_OBJECT, HEAPY_ROLE_OBJECT, HEAPY_ROLE_TYPE};
static const char *const sites[] = {"a.py:1", "a.py:7", "b.py:7"};
static const char *const ages[] = {"young", "old"};

typedef struct sample {
    heapy_snapshot *snapshot;
    heapy_address_map *map;
    heapy_type type[NODES];
    heapy_node owner[NODES];
    uint64_t size[NODES];
    unsigned labels[NODES][NODES]; /* bit l: the source refers to the target by label l, of four */
    int site[NODES], age[NODES];   /* -1: not known */
} sample;

static uintptr_t
address_of(heapy_node node)
{
    return 0x100000 + 16 * (uintptr_t)node;
}

/* ---- the graph ---- */

static sample
random_sample(void)
{
    sample s = {0};
    for (size_t i = 0; i < NODES; i++) {
        s.type[i] = (heapy_type)random_below(TYPES);
        s.size[i] = 8 * random_below(4);
        s.owner[i] = !s.type[i] && random_below(3) ? (heapy_node)random_below(NODES) : HEAPY_NO_NODE;
        s.site[i] = (int)random_below(4) - 1;
        s.age[i] = (int)random_below(3) - 1;
        for (size_t n = random_below(4); n; n--)
            s.labels[i][random_below(NODES)] |= 1U << random_below(4);
    }
    return s;
}

static heapy_status
add_types(heapy_graph_builder *b, heapy_error *error)
{
    heapy_status status = HEAPY_OK;
    static const heapy_type base = 2;
    for (size_t t = 0; !status && t < TYPES; t++) {
        heapy_type made;
        const heapy_type_row row = {.name = type_names[t],
                                    .module = "mod",
                                    .qualname = type_names[t],
                                    .is_alias = t == 2,
                                    .role = roles[t],
                                    .identity = 0x9000 + t,
                                    .node = HEAPY_NO_NODE,
                                    .bases = &base,
                                    .base_count = t > 2};
        status = heapy_graph_builder_add_type(b, &row, &made, error);
    }
    return status;
}

static heapy_status
add_facts(heapy_graph_builder *b, const char *name, const char *const *values, size_t count,
          const int *of_nodes, heapy_error *error)
{
    heapy_facts *facts = NULL;
    uint32_t value;
    heapy_status status = heapy_graph_builder_begin_facts(b, name, &facts, error);
    for (size_t v = 0; !status && v < count; v++)
        status = heapy_facts_add_value(facts, values[v], strlen(values[v]), &value, error);
    for (heapy_node i = 0; !status && i < NODES; i++)
        if (of_nodes[i] >= 0)
            status = heapy_facts_add(facts, i, (uint32_t)of_nodes[i], error);
    return status;
}

/* `.x0`, `.x1`, `[2]`, `[3]` */
static heapy_status
add_edges(heapy_graph_builder *b, const sample *s, heapy_error *error)
{
    heapy_edge_writer *edges = NULL;
    heapy_label labels[4] = {0};
    uint32_t name = 0;
    heapy_status status = HEAPY_OK;
    for (size_t l = 0; !status && l < 4; l++) {
        if (l < 2)
            status = heapy_graph_builder_intern(b, l ? "x1" : "x0", 2, &name, error);
        labels[l] = heapy_label_make(l < 2 ? HEAPY_LABEL_ATTRIBUTE : HEAPY_LABEL_INDEX, l < 2 ? name : l);
    }
    if (!status)
        status = heapy_graph_builder_begin_edges(b, &edges, error);
    for (size_t i = 0; !status && i < NODES; i++) {
        for (heapy_node k = 0; k < NODES; k++)
            for (size_t l = 0; l < 4; l++)
                if (s->labels[i][k] >> l & 1 && !heapy_edge_writer_put(edges, k, labels[l]))
                    status = HEAPY_NO_MEMORY;
        if (status)
            *error = (heapy_error){.status = status, .message = "no memory for an edge"};
        else
            status = heapy_graph_builder_end_node(b, error);
    }
    return status;
}

static heapy_status
make_map(sample *s, heapy_error *error)
{
    bool is_new;
    heapy_status status = heapy_address_map_create(&s->map, error);
    for (heapy_node i = 0; !status && i < NODES; i++)
        status = heapy_address_map_add(s->map, address_of(i), &is_new, error);
    return status ? status : heapy_address_map_freeze(s->map, error);
}

static heapy_status
build(sample *s, heapy_error *error)
{
    heapy_graph_builder *b = NULL;
    heapy_graph *graph = NULL;
    heapy_node *owners = NULL;
    heapy_size_writer *sizes = NULL;
    heapy_status status = heapy_graph_builder_create(NODES, &b, error);
    s->map = NULL;
    s->snapshot = NULL;
    if (!status)
        status = add_types(b, error);
    if (!status)
        status = heapy_graph_builder_owners(b, &owners, error);
    if (!status)
        status = heapy_graph_builder_sizes(b, &sizes, error);
    for (heapy_node i = 0; !status && i < NODES; i++) {
        heapy_graph_builder_types(b)[i] = s->type[i];
        owners[i] = s->owner[i];
        heapy_size_writer_put(sizes, i, s->size[i]);
    }
    if (!status)
        status = add_facts(b, HEAPY_ALLOCATION_SITES, sites, 3, s->site, error);
    if (!status)
        status = add_facts(b, "age", ages, 2, s->age, error);
    if (!status)
        status = add_edges(b, s, error);
    if (status) {
        heapy_graph_builder_destroy(b);
        return status;
    }
    status = heapy_graph_builder_finish(b, &graph, error);
    if (!status)
        status = make_map(s, error);
    if (!status)
        return heapy_snapshot_create(graph, s->map, NULL, &s->snapshot, error);
    heapy_graph_destroy(graph);
    return status;
}

static void
drop(sample *s)
{
    heapy_snapshot_release(s->snapshot);
    heapy_address_map_destroy(s->map);
}

/* ---- classifiers and their model ---- */

static const heapy_classifier *
simple(heapy_classifier_form form)
{
    const heapy_classifier *by;
    assert_ok(heapy_classifier_create(form, NULL, 0, &by, err));
    return by;
}

/* By the first of: the lists, what has 8 bytes. */
static heapy_status
by_first_match(const heapy_classifier **out, heapy_error *error)
{
    static const char *const names[] = {"list", "<size = 8>"};
    const heapy_kind *kinds[2] = {NULL};
    heapy_status status = heapy_kind_create(
        &(heapy_atom){.form = HEAPY_ATOM_TYPE, .name = "list", .identity = 0x9002}, &kinds[0], error);
    if (!status)
        status = heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_SIZE, .name = "8", .number = 8},
                                   &kinds[1], error);
    if (!status)
        status = heapy_classifier_of_kinds(kinds, names, 2, out, error);
    heapy_kind_release(kinds[0]);
    heapy_kind_release(kinds[1]);
    return status;
}

static const heapy_classifier *
random_classifier(unsigned depth)
{
    const heapy_classifier *parts[3], *by;
    heapy_classifier_form form = (heapy_classifier_form)random_below(HEAPY_CLASSIFIER_FORM_COUNT);
    size_t count = form == HEAPY_BY_ALL ? 1 + random_below(3) : 1;
    if (form == HEAPY_BY_FIRST_MATCH) {
        assert_ok(by_first_match(&by, err));
        return by;
    }
    if (form == HEAPY_BY_FACT) {
        assert_ok(heapy_classifier_by_fact("age", "Age", "Age", &by, err));
        return by;
    }
    if (form < HEAPY_BY_FACT)
        return simple(form);
    if (!depth)
        return simple(HEAPY_BY_CLODO);
    for (size_t i = 0; i < count; i++)
        parts[i] = random_classifier(depth - 1);
    assert_ok(heapy_classifier_create(form, parts, count, &by, err));
    while (count)
        heapy_classifier_release(parts[--count]);
    return by;
}

static int
in_text_order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Nodes are in one class when their keys are the same. */
static void key_of(const sample *s, const heapy_classifier *by, heapy_node node, char *out);

static void
key_of_referrers(const sample *s, const heapy_classifier *part, heapy_node node, char *out)
{
    char *keys[NODES];
    size_t count = 0;
    for (heapy_node i = 0; i < NODES; i++)
        if (s->labels[i][node]) {
            keys[count] = malloc(KEY);
            key_of(s, part, i, keys[count++]);
        }
    qsort(keys, count, sizeof *keys, in_text_order);
    strcpy(out, "{");
    for (size_t i = 0; i < count; i++) {
        if (!i || strcmp(keys[i], keys[i - 1]) != 0) {
            assert_true(strlen(out) + strlen(keys[i]) + 3 < KEY);
            strcat(strcat(out, keys[i]), ",");
        }
    }
    for (size_t i = 0; i < count; i++)
        free(keys[i]);
    strcat(out, "}");
}

static void
key_of(const sample *s, const heapy_classifier *by, heapy_node node, char *out)
{
    unsigned names = 0;
    bool is_dict = !s->type[node];
    switch (heapy_classifier_form_of(by)) {
    case HEAPY_BY_TYPE:
        sprintf(out, "t%u", s->type[node]);
        return;
    case HEAPY_BY_CLODO:
        sprintf(out, "t%u/%d", s->type[node],
                is_dict && s->owner[node] != HEAPY_NO_NODE ? (int)s->type[s->owner[node]] : -1);
        return;
    case HEAPY_BY_SIZE:
        sprintf(out, "s%u", (unsigned)s->size[node]);
        return;
    case HEAPY_BY_MODULE:
        sprintf(out, "m%d", s->type[node] == 1 ? (int)node : -1);
        return;
    case HEAPY_BY_ID:
    case HEAPY_BY_IDSET:
        sprintf(out, "i%u", node);
        return;
    case HEAPY_BY_REFERENCES:
        for (size_t i = 0; i < NODES; i++)
            names |= s->labels[i][node];
        sprintf(out, "r%u", names);
        return;
    case HEAPY_BY_PRODUCER:
        sprintf(out, "p%d", s->site[node]);
        return;
    case HEAPY_BY_FACT:
        sprintf(out, "f%d", s->age[node]);
        return;
    case HEAPY_BY_FIRST_MATCH:
        strcpy(out, s->type[node] == 2 ? "0" : s->size[node] == 8 ? "1" : "2");
        return;
    case HEAPY_BY_ALL:
        *out = '\0';
        for (size_t i = 0; i < heapy_classifier_part_count(by); i++)
            key_of(s, heapy_classifier_part(by, i), node, strcat(out, "&") + strlen(out));
        return;
    case HEAPY_BY_REFERRERS:
        key_of_referrers(s, heapy_classifier_part(by, 0), node, out);
        return;
    case HEAPY_BY_OWNER:
        strcpy(out, !is_dict ? "n" : s->owner[node] == HEAPY_NO_NODE ? "u" : "d");
        if (*out == 'd')
            key_of(s, heapy_classifier_part(by, 0), s->owner[node], out + 1);
        return;
    case HEAPY_BY_UNITY:
    case HEAPY_CLASSIFIER_FORM_COUNT:
        strcpy(out, "u");
        break;
    }
}

static char keys[NODES][KEY];

/* The kind of a class selects, of all nodes, those of that class. */
static void
assert_selects_class(const sample *s, const heapy_classes *classes, heapy_class which, const char *key)
{
    const heapy_kind *kind;
    heapy_node_set *chosen;
    assert_ok(heapy_class_kind(classes, which, &kind, err));
    assert_ok(heapy_kind_select(kind, s->snapshot, NULL, &chosen, err));
    for (heapy_node i = 0; i < NODES; i++) {
        if (heapy_node_set_contains(chosen, i) != !strcmp(keys[i], key)) {
            const heapy_kind_writer writer = {.prefix = ""};
            char *text;
            assert_ok(heapy_kind_text(kind, &writer, &text, err));
            fail_msg("%s selects node %u otherwise than its class does: %s", text, i, keys[i]);
        }
    }
    heapy_node_set_destroy(chosen);
    heapy_kind_release(kind);
}

static void
fail_with(const heapy_classifier *by, const char *x, const char *y)
{
    const heapy_kind_writer writer = {.prefix = ""};
    char *text;
    assert_ok(heapy_classifier_text(by, &writer, &text, err));
    fail_msg("%s: is %s like %s?", text, x, y);
}

/* members: NULL: all nodes. */
static void
check_classes(const sample *s, const heapy_classifier *by, const heapy_members *members)
{
    heapy_classes *classes;
    const heapy_kind *all;
    heapy_node_set *chosen;
    size_t count = members ? members->count : NODES;
    assert_ok(heapy_classify(by, s->snapshot, members, &classes, err));
    assert_int_equal(heapy_classes_member_count(classes), count);
    const heapy_class *of_members = heapy_classes_of_members(classes);
    bool is_wanted[NODES] = {false};
    for (size_t i = 0; i < count; i++) {
        heapy_node x = members ? members->nodes[i] : (heapy_node)i;
        assert_true(of_members[i] < heapy_classes_count(classes));
        for (size_t k = 0; k < i; k++) {
            heapy_node y = members ? members->nodes[k] : (heapy_node)k;
            if ((of_members[i] == of_members[k]) != !strcmp(keys[x], keys[y]))
                fail_with(by, keys[x], keys[y]);
        }
        assert_selects_class(s, classes, of_members[i], keys[x]);
        for (size_t k = 0; k < NODES; k++)
            is_wanted[k] |= !strcmp(keys[k], keys[x]);
    }
    assert_ok(heapy_classes_kind(classes, &all, err));
    assert_ok(heapy_kind_select(all, s->snapshot, NULL, &chosen, err));
    for (heapy_node i = 0; i < NODES; i++)
        assert_int_equal(heapy_node_set_contains(chosen, i), is_wanted[i]);
    heapy_node_set_destroy(chosen);
    heapy_kind_release(all);
    heapy_classes_destroy(classes);
}

/* K-60 to K-68, K-91, K-100, K-110 */
static void
classes_are_those_of_the_model_and_their_kinds_select_them(void **state)
{
    (void)state;
    seed_random(31);
    for (int round = 0; round < ROUNDS * 4; round++) {
        sample s = random_sample();
        assert_ok(build(&s, err));
        const heapy_classifier *by = random_classifier(2);
        heapy_node nodes[NODES];
        /* each at most once: by identity a node that is asked about twice is two classes */
        heapy_members some = {nodes, 0};
        for (heapy_node i = NODES; i-- > 0;)
            if (!random_below(3))
                nodes[some.count++] = i;
        for (heapy_node i = 0; i < NODES; i++)
            key_of(&s, by, i, keys[i]);
        check_classes(&s, by, &some);
        if (round % 2) { /* those of a snapshot that keeps its reverse edges are used */
            const heapy_referrers *ignored;
            assert_ok(heapy_snapshot_referrers(s.snapshot, &ignored, err));
            check_classes(&s, by, &some);
        }
        check_classes(&s, by, NULL);
        heapy_classifier_release(by);
        drop(&s);
    }
}

/* ---- names and headers ---- */

static sample
    small; /* 0: dict of 3   1: a module   2: list, 8 bytes   3: C, by which .x0 of 2   others like 2 */

static void
make_small(void)
{
    small = (sample){0};
    for (heapy_node i = 0; i < NODES; i++) {
        small.type[i] = i < 4 ? i : 2;
        small.size[i] = 8;
        small.owner[i] = HEAPY_NO_NODE;
        small.site[i] = small.age[i] = i ? -1 : 0;
    }
    small.owner[0] = 3;
    small.labels[3][2] = 1;
    assert_ok(build(&small, err));
}

static const heapy_classifier *
derived(heapy_classifier_form form, const heapy_classifier *part)
{
    const heapy_classifier *by;
    assert_ok(heapy_classifier_create(form, &part, 1, &by, err));
    return by;
}

/* The rows that `by`, which is released, makes of the first four nodes. */
static void
assert_names(const heapy_classifier *by, const char *header, const char *const names[4])
{
    static const heapy_node nodes[] = {0, 1, 2, 3};
    static const heapy_members four = {nodes, 4};
    heapy_classes *classes;
    assert_ok(heapy_classify(by, small.snapshot, &four, &classes, err));
    assert_string_equal(heapy_classes_header(classes), header);
    assert_ptr_equal(heapy_classes_classifier(classes), by);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(heapy_classes_name(classes, heapy_classes_of_members(classes)[i]), names[i]);
    heapy_classes_destroy(classes);
    heapy_classifier_release(by);
}

/* T-30, R-60, R-72, R-93 */
static void
rows_have_names_and_headers(void **state)
{
    (void)state;
    make_small();
    const heapy_classifier *type = simple(HEAPY_BY_TYPE), *clodo = simple(HEAPY_BY_CLODO),
                           *size = simple(HEAPY_BY_SIZE);
    const heapy_classifier *rcs = derived(HEAPY_BY_REFERRERS, clodo), *both, *age, *first;
    const heapy_classifier *const factors[] = {size, rcs};
    assert_ok(heapy_classifier_create(HEAPY_BY_ALL, factors, 2, &both, err));
    assert_ok(heapy_classifier_by_fact("age", "Age", "How old", &age, err));
    assert_ok(by_first_match(&first, err));
    assert_names(heapy_classifier_retain(type), "Type", (const char *[]){"dict", "module", "list", "C"});
    assert_names(clodo, "Kind (class / dict of class)", (const char *[]){"dict of C", "module", "list", "C"});
    assert_names(size, "Individual Size",
                 (const char *[]){"        8", "        8", "        8", "        8"});
    assert_names(simple(HEAPY_BY_MODULE), "Module",
                 (const char *[]){"~module", "0x100010", "~module", "~module"});
    assert_names(simple(HEAPY_BY_ID), "Object Identity",
                 (const char *[]){"<id 0x100000>", "<id 0x100010>", "<id 0x100020>", "<id 0x100030>"});
    assert_names(simple(HEAPY_BY_IDSET), "by identity set",
                 (const char *[]){"<1 dict of C: 0x100030>", "<1 module: 0x100010>", "<1 list: 0x100020>",
                                  "<1 C: 0x100030>"});
    assert_names(simple(HEAPY_BY_UNITY), "<unclassified>",
                 (const char *[]){"<Anything>", "<Anything>", "<Anything>", "<Anything>"});
    assert_names(simple(HEAPY_BY_REFERENCES), "Referred Via:", (const char *[]){"", "", "'.x0'", ""});
    assert_names(simple(HEAPY_BY_PRODUCER), "Producer (line of allocation)",
                 (const char *[]){"a.py:1", "unknown", "unknown", "unknown"});
    assert_names(age, "How old", (const char *[]){"young", "unknown", "unknown", "unknown"});
    assert_names(rcs, "Referrers by Kind (class / dict of class)",
                 (const char *[]){"<Nothing>", "<Nothing>", "C", "<Nothing>"});
    assert_names(both, "Individual Size & {Referrers by Kind (class / dict of class)}",
                 (const char *[]){"8 & {}", "8 & {}", "8 & {C}", "8 & {}"});
    assert_names(derived(HEAPY_BY_OWNER, type), "Dict of Type",
                 (const char *[]){"dict of C", "~dict", "~dict", "~dict"});
    assert_names(first, "First Matching Kind / Index",
                 (const char *[]){"<size = 8> / 1", "<size = 8> / 1", "list / 0", "<size = 8> / 1"});
    heapy_classifier_release(type);
    drop(&small);
}

/* ---- expressions ---- */

/* K-62, K-63 */
static void
parts_that_others_imply_fall_away(void **state)
{
    (void)state;
    const heapy_classifier *type = simple(HEAPY_BY_TYPE), *clodo = simple(HEAPY_BY_CLODO),
                           *unity = simple(HEAPY_BY_UNITY);
    const heapy_classifier *size = simple(HEAPY_BY_SIZE), *same_type = simple(HEAPY_BY_TYPE), *both, *again,
                           *one, *swapped;
    const heapy_classifier *const parts[] = {type, clodo, unity, size}, *const single[] = {type, same_type};
    assert_ok(heapy_classifier_create(HEAPY_BY_ALL, parts, 4, &both, err));
    assert_int_equal(heapy_classifier_part_count(both), 2);
    assert_ptr_equal(heapy_classifier_part(both, 0), clodo);
    assert_ptr_equal(heapy_classifier_part(both, 1), size);
    const heapy_classifier *const with_all[] = {both, type}, *const other_way[] = {size, clodo};
    assert_ok(heapy_classifier_create(HEAPY_BY_ALL, with_all, 2, &again, err));
    assert_true(heapy_classifier_is_equal(again, both));
    assert_ok(heapy_classifier_create(HEAPY_BY_ALL, single, 2, &one, err));
    assert_ptr_equal(one, type);
    assert_ok(heapy_classifier_create(HEAPY_BY_ALL, other_way, 2, &swapped, err));
    assert_false(heapy_classifier_is_equal(swapped, both));
    assert_true(heapy_classifier_is_finer(swapped, both) && heapy_classifier_is_finer(both, swapped));
    assert_true(heapy_classifier_hash(swapped) == heapy_classifier_hash(both));
    assert_true(heapy_classifier_is_finer(both, type) && !heapy_classifier_is_finer(type, both));
    assert_true(heapy_classifier_is_finer(size, unity) && !heapy_classifier_is_finer(type, clodo));
    assert_int_equal(heapy_classifier_needs(both), HEAPY_NEEDS_OWNERS | HEAPY_NEEDS_SIZES);
    const heapy_classifier *by_size_of_referrers = derived(HEAPY_BY_REFERRERS, size);
    assert_int_equal(heapy_classifier_needs(by_size_of_referrers),
                     HEAPY_NEEDS_EDGES | HEAPY_NEEDS_REFERRERS | HEAPY_NEEDS_SIZES | HEAPY_NEEDS_ALL_SIZES);
    const heapy_classifier *all[] = {type, clodo, unity, size,    same_type,
                                     both, again, one,   swapped, by_size_of_referrers};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        heapy_classifier_release(all[i]);
}

static void
classifiers_in_classifiers_have_a_limit(void **state)
{
    (void)state;
    const heapy_classifier *by = simple(HEAPY_BY_TYPE), *deeper;
    for (unsigned depth = 2; depth <= HEAPY_CLASSIFIER_MAX_DEPTH; depth++) {
        deeper = derived(depth % 2 ? HEAPY_BY_OWNER : HEAPY_BY_REFERRERS, by);
        heapy_classifier_release(by);
        by = deeper;
        assert_int_equal(heapy_classifier_depth(by), depth);
    }
    assert_int_equal(heapy_classifier_create(HEAPY_BY_OWNER, &by, 1, &deeper, err), HEAPY_LIMIT);
    heapy_classifier_release(by);
}

/* ---- failing allocations ---- */

static heapy_status
classify_and_write(heapy_error *error)
{
    static const heapy_classifier_form forms[] = {HEAPY_BY_CLODO,     HEAPY_BY_SIZE,       HEAPY_BY_MODULE,
                                                  HEAPY_BY_IDSET,     HEAPY_BY_REFERENCES, HEAPY_BY_PRODUCER,
                                                  HEAPY_BY_REFERRERS, HEAPY_BY_OWNER};
    enum { FORMS = sizeof forms / sizeof *forms };
    const heapy_classifier *parts[FORMS + 1] = {NULL}, *by = NULL;
    const heapy_kind_writer writer = {.prefix = "hp."};
    heapy_classes *classes = NULL;
    const heapy_kind *kind = NULL;
    char *text = NULL, *name = NULL;
    sample s = small;
    heapy_status status = build(&s, error);
    for (size_t i = 0; !status && i < FORMS; i++)
        status = heapy_classifier_create(forms[i], i < 6 ? NULL : parts, i < 6 ? 0 : 1, &parts[i], error);
    if (!status)
        status = by_first_match(&parts[FORMS], error);
    if (!status)
        status = heapy_classifier_create(HEAPY_BY_ALL, parts, FORMS + 1, &by, error);
    if (!status)
        status = heapy_classify(by, s.snapshot, NULL, &classes, error);
    if (!status)
        status = heapy_class_kind(classes, 0, &kind, error);
    if (!status)
        status = heapy_kind_text(kind, &writer, &text, error);
    if (!status)
        status = heapy_classifier_text(by, &writer, &name, error);
    for (size_t i = 0; i <= FORMS; i++)
        heapy_classifier_release(parts[i]);
    heapy_classifier_release(by);
    heapy_classes_destroy(classes);
    heapy_kind_release(kind);
    heapy_text_free(text);
    heapy_text_free(name);
    drop(&s);
    return status;
}

static void
every_allocation_may_fail(void **state)
{
    (void)state;
    make_small();
    drop(&small);
    fail_each_allocation(classify_and_write);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classes_are_those_of_the_model_and_their_kinds_select_them),
        cmocka_unit_test(rows_have_names_and_headers),
        cmocka_unit_test(parts_that_others_imply_fall_away),
        cmocka_unit_test(classifiers_in_classifiers_have_a_limit),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("classifiers", tests, NULL, NULL);
}
