/* SPDX-License-Identifier: MIT */
/*
 * Kinds against a model: random expressions evaluated on random graphs, as on a snapshot, where types are
 * known by name, beside arrays of truth values; sets of referrers against a loop over all edges.
 */
#include "support.h"

#include <string.h>

enum { NODES = 60, TYPES = 5, LABELS = 4, DEPTH = 6 };

static const char *const type_names[TYPES] = {"dict", "list", "str", "C", "D"};

/* A graph, and what it was made from. */
typedef struct sample {
    heapy_snapshot *snapshot;
    const heapy_graph *graph; /* the snapshot's */
    heapy_type type[NODES], owner[NODES];
    uint64_t size[NODES];
    unsigned labels[NODES][NODES]; /* bit l: source refers to target by label l; bit 31: without a name */
} sample;

/* `x0`, `x1` are attributes; 2 and 3 indices, where 3 stands for both. */
static heapy_label
make_label(heapy_graph_builder *b, unsigned which)
{
    uint32_t name;
    heapy_label label;
    if (which < 2) {
        assert_ok(heapy_graph_builder_intern(b, which ? "x1" : "x0", 2, &name, err));
        return heapy_label_make(HEAPY_LABEL_ATTRIBUTE, name);
    }
    label = heapy_label_make(HEAPY_LABEL_INDEX, which);
    return label;
}

/* Where nodes were allocated: of every fifth it is not known. */
static const char *const sites[] = {"a.py:1", "a.py:7", "ab.py:7", "b.py:9"};

static void
add_sites(heapy_graph_builder *b)
{
    heapy_facts *facts;
    uint32_t value;
    assert_ok(heapy_graph_builder_begin_facts(b, HEAPY_ALLOCATION_SITES, &facts, err));
    for (size_t i = 0; i < 4; i++)
        assert_ok(heapy_facts_add_value(facts, sites[i], strlen(sites[i]), &value, err));
    for (heapy_node i = 0; i < NODES; i++)
        if (i % 5)
            assert_ok(heapy_facts_add(facts, i, i % 5 - 1, err));
}

static sample
random_sample(void)
{
    sample s = {0};
    heapy_graph_builder *b;
    heapy_node *owners;
    heapy_size_writer *sizes;
    heapy_edge_writer *edges;
    assert_ok(heapy_graph_builder_create(NODES, &b, err));
    for (size_t t = 0; t < TYPES; t++) {
        heapy_type row;
        assert_ok(add_type(b, type_names[t], t ? HEAPY_ROLE_OBJECT : HEAPY_ROLE_DICT, &row, err));
    }
    assert_ok(heapy_graph_builder_owners(b, &owners, err));
    assert_ok(heapy_graph_builder_sizes(b, &sizes, err));
    assert_ok(heapy_graph_builder_begin_edges(b, &edges, err));
    heapy_label both[2] = {make_label(b, 2), make_label(b, 3)}, several;
    assert_ok(heapy_graph_builder_several(b, both, 2, &several, err));
    for (size_t i = 0; i < NODES; i++) {
        s.type[i] = heapy_graph_builder_types(b)[i] = (heapy_type)random_below(TYPES);
        s.size[i] = 8 * random_below(4);
        assert_true(heapy_size_writer_put(sizes, (heapy_node)i, s.size[i]));
        s.owner[i] = HEAPY_NO_TYPE;
        if (!s.type[i] && random_below(3))
            owners[i] = heapy_owner_elsewhere(NODES, s.owner[i] = (heapy_type)(1 + random_below(TYPES - 1)));
        for (size_t n = random_below(4); n; n--) {
            size_t target = random_below(NODES);
            unsigned which = (unsigned)random_below(LABELS + 1);
            heapy_label label = which == LABELS ? heapy_label_make(HEAPY_LABEL_UNNAMED, 0)
                                : which == 3    ? several
                                                : make_label(b, which);
            s.labels[i][target] |= which == LABELS ? UINT32_C(1) << 31 : which == 3 ? 12U : 1U << which;
            assert_true(heapy_edge_writer_put(edges, (heapy_node)target, label));
        }
        assert_ok(heapy_graph_builder_end_node(b, err));
    }
    add_sites(b);
    heapy_graph *graph;
    assert_ok(heapy_graph_builder_finish(b, &graph, err));
    assert_ok(heapy_snapshot_create(graph, NULL, NULL, &s.snapshot, err));
    s.graph = heapy_snapshot_graph(s.snapshot);
    return s;
}

/* ---- atoms and their models ---- */

typedef bool truth[NODES];

static const heapy_kind *
type_kind(size_t type)
{
    const heapy_kind *kind;
    assert_ok(heapy_kind_create(
        &(heapy_atom){.form = HEAPY_ATOM_TYPE, .name = type_names[type], .is_dict = !type}, &kind, err));
    return kind;
}

static const heapy_kind *
size_kind(uint64_t size, heapy_comparison comparison)
{
    char text[32];
    const heapy_kind *kind;
    snprintf(text, sizeof text, "%d", (int)size);
    assert_ok(heapy_kind_create(
        &(heapy_atom){
            .form = HEAPY_ATOM_SIZE, .comparison = comparison, .number = (int64_t)size, .name = text},
        &kind, err));
    return kind;
}

static bool
compares(heapy_comparison comparison, bool is_within, bool has_all)
{
    bool results[] = {is_within && has_all, is_within && !has_all, is_within, has_all, has_all && !is_within};
    return results[comparison];
}

static const heapy_classifier *
by_type(void)
{
    static const heapy_classifier *by;
    if (!by)
        assert_ok(heapy_classifier_create(HEAPY_BY_TYPE, NULL, 0, &by, err));
    return by;
}

/* The referrers' types are as the bits of `wanted` say. */
static const heapy_kind *
referrers_kind(const sample *s, unsigned wanted, heapy_comparison comparison, truth model)
{
    const heapy_kind *kinds[TYPES], *kind;
    size_t count = 0;
    for (size_t t = 0; t < TYPES; t++)
        if (wanted >> t & 1)
            kinds[count++] = type_kind(t);
    assert_ok(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_REFERRERS,
                                              .comparison = comparison,
                                              .classifier = by_type(),
                                              .kinds = kinds,
                                              .kind_count = count},
                                &kind, err));
    while (count)
        heapy_kind_release(kinds[--count]);
    for (size_t i = 0; i < NODES; i++) {
        unsigned seen = 0;
        for (size_t u = 0; u < NODES; u++)
            if (s->labels[u][i])
                seen |= 1U << s->type[u];
        model[i] = compares(comparison, !(seen & ~wanted), !(wanted & ~seen));
    }
    return kind;
}

static const heapy_kind *
relations_kind(const sample *s, unsigned wanted, heapy_comparison comparison, truth model)
{
    static const char *const texts[LABELS] = {"'.x0'", "'.x1'", "'[2]'", "'[3]'"};
    const char *named[LABELS];
    const heapy_kind *kind;
    size_t count = 0;
    for (size_t l = 0; l < LABELS; l++)
        if (wanted >> l & 1)
            named[count++] = texts[l];
    assert_ok(heapy_kind_create(
        &(heapy_atom){
            .form = HEAPY_ATOM_REFERENCES, .comparison = comparison, .texts = named, .text_count = count},
        &kind, err));
    for (size_t i = 0; i < NODES; i++) {
        unsigned seen = 0;
        for (size_t u = 0; u < NODES; u++)
            seen |= s->labels[u][i] & 15U;
        model[i] = compares(comparison, !(seen & ~wanted), !(wanted & ~seen));
    }
    return kind;
}

static const heapy_kind *
dict_kind(const sample *s, truth model)
{
    const heapy_kind *owners[2] = {NULL, NULL}, *both = NULL, *kind;
    heapy_atom atom = {.form = HEAPY_ATOM_DICT_OF};
    unsigned wanted = 0;
    if (random_below(4)) { /* of one type, or of two */
        size_t a = 1 + random_below(TYPES - 1), b = 1 + random_below(TYPES - 1);
        owners[0] = type_kind(a);
        owners[1] = type_kind(b);
        assert_ok(heapy_kind_combine(owners[0], owners[1], HEAPY_UNION, &both, err));
        atom.kinds = &both;
        atom.kind_count = 1;
        wanted = 1U << a | 1U << b;
    }
    assert_ok(heapy_kind_create(&atom, &kind, err));
    heapy_kind_release(owners[0]);
    heapy_kind_release(owners[1]);
    heapy_kind_release(both);
    for (size_t i = 0; i < NODES; i++)
        model[i] = !s->type[i] && (wanted ? s->owner[i] != HEAPY_NO_TYPE && wanted >> s->owner[i] & 1
                                          : s->owner[i] == HEAPY_NO_TYPE);
    return kind;
}

/* The first of two kinds that has the node. */
static const heapy_kind *
first_match_kind(const sample *s, truth model)
{
    size_t type = random_below(TYPES), size = 8 * random_below(4);
    int64_t which = (int64_t)random_below(5) - 1;
    const heapy_kind *kinds[2] = {type_kind(type), size_kind(size, HEAPY_EQ)}, *kind;
    static const char *const names[] = {"a", "b"};
    const heapy_classifier *by;
    assert_ok(heapy_classifier_of_kinds(kinds, names, 2, &by, err));
    assert_ok(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_FIRST_MATCH,
                                              .classifier = by,
                                              .number = which,
                                              .kinds = kinds,
                                              .kind_count = 2},
                                &kind, err));
    heapy_classifier_release(by);
    heapy_kind_release(kinds[0]);
    heapy_kind_release(kinds[1]);
    for (size_t i = 0; i < NODES; i++) {
        int64_t first = s->type[i] == type ? 0 : s->size[i] == size ? 1 : 2;
        model[i] = first == which;
    }
    return kind;
}

static const heapy_kind *
random_atom(const sample *s, truth model)
{
    heapy_comparison comparison = random_below(2) ? HEAPY_EQ : (heapy_comparison)random_below(5);
    const heapy_kind *kind;
    switch (random_below(8)) {
    case 0:
        assert_ok(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_ANYTHING}, &kind, err));
        for (size_t i = 0; i < NODES; i++)
            model[i] = true;
        return kind;
    case 1:
        return dict_kind(s, model);
    case 2:
        return referrers_kind(s, (unsigned)random_below(1 << TYPES), comparison, model);
    case 3:
        return relations_kind(s, (unsigned)random_below(1 << LABELS), comparison, model);
    case 4:
        return first_match_kind(s, model);
    case 5: {
        uint64_t size = 8 * random_below(4);
        for (size_t i = 0; i < NODES; i++) {
            bool less = s->size[i] < size, equal = s->size[i] == size;
            bool results[] = {equal, less, less || equal, !less, !less && !equal};
            model[i] = results[comparison];
        }
        return size_kind(size, comparison);
    }
    default: {
        size_t type = random_below(TYPES);
        for (size_t i = 0; i < NODES; i++)
            model[i] = s->type[i] == type;
        return type_kind(type);
    }
    }
}

static const heapy_kind *
random_expression(const sample *s, unsigned depth, truth model)
{
    if (!depth || !random_below(5))
        return random_atom(s, model);
    const heapy_kind *a = random_expression(s, depth - 1, model), *b, *result;
    if (!random_below(4)) {
        assert_ok(heapy_kind_complement(a, &result, err));
        heapy_kind_release(a);
        for (size_t i = 0; i < NODES; i++)
            model[i] = !model[i];
        return result;
    }
    truth other;
    heapy_set_operation operation = (heapy_set_operation)random_below(4);
    b = random_expression(s, depth - 1, other);
    heapy_status status = heapy_kind_combine(a, b, operation, &result, err);
    heapy_kind_release(b);
    if (status == HEAPY_LIMIT) /* too large a union: an answer too */
        return a;
    assert_ok(status);
    heapy_kind_release(a);
    for (size_t i = 0; i < NODES; i++) {
        bool x = model[i], y = other[i];
        bool results[] = {x || y, x && y, x && !y, x != y};
        model[i] = results[operation];
    }
    return result;
}

static void
assert_selects(const sample *s, const heapy_kind *kind, const truth model)
{
    heapy_node_set *chosen;
    assert_ok(heapy_kind_select(kind, s->snapshot, NULL, &chosen, err));
    for (heapy_node i = 0; i < NODES; i++)
        assert_int_equal(heapy_node_set_contains(chosen, i), model[i]);
    heapy_node_set_destroy(chosen);
    heapy_node nodes[NODES];
    const heapy_members some = {nodes, random_below(NODES)}; /* in any order, some twice */
    for (size_t i = 0; i < some.count; i++)
        nodes[i] = (heapy_node)random_below(NODES);
    assert_ok(heapy_kind_select(kind, s->snapshot, &some, &chosen, err));
    assert_int_equal(heapy_node_set_range(chosen), some.count);
    for (heapy_node i = 0; i < some.count; i++)
        assert_int_equal(heapy_node_set_contains(chosen, i), model[nodes[i]]);
    heapy_node_set_destroy(chosen);
}

static void
test_expressions_select_what_they_say(void **state)
{
    (void)state;
    seed_random(1);
    for (int round = 0; round < 400; round++) {
        sample s = random_sample();
        truth x, y;
        const heapy_kind *a = random_expression(&s, (unsigned)random_below(DEPTH + 1), x);
        const heapy_kind *b = random_expression(&s, (unsigned)random_below(4), y);
        assert_selects(&s, a, x);
        assert_selects(&s, b, y);
        bool a_in_b = true, is_disjoint = true;
        for (size_t i = 0; i < NODES; i++) {
            a_in_b &= !x[i] || y[i];
            is_disjoint &= !x[i] || !y[i];
        }
        assert_true(!heapy_kind_is_subset(a, b) || a_in_b);
        assert_true(!heapy_kind_is_disjoint(a, b) || is_disjoint);
        heapy_kind_release(a);
        heapy_kind_release(b);
        heapy_snapshot_release(s.snapshot);
    }
}

static const heapy_kind *
combined(const heapy_kind *a, const heapy_kind *b, heapy_set_operation operation)
{
    const heapy_kind *result;
    assert_ok(heapy_kind_combine(a, b, operation, &result, err));
    return result;
}

static const heapy_kind *
complement(const heapy_kind *a)
{
    const heapy_kind *result;
    assert_ok(heapy_kind_complement(a, &result, err));
    return result;
}

static void
assert_same(const heapy_kind *a, const heapy_kind *b)
{
    assert_true(heapy_kind_is_subset(a, b) && heapy_kind_is_subset(b, a));
    assert_true(heapy_kind_hash(a) == heapy_kind_hash(b));
}

/* De Morgan, distribution, double complement: K-47. */
static void
test_laws(void **state)
{
    (void)state;
    seed_random(2);
    for (int round = 0; round < 300; round++) {
        sample s = random_sample();
        truth ignored;
        const heapy_kind *a = random_expression(&s, 2, ignored), *b = random_expression(&s, 2, ignored);
        const heapy_kind *c = random_expression(&s, 1, ignored);
        const heapy_kind *made[] = {
            combined(a, b, HEAPY_UNION),        combined(b, a, HEAPY_UNION), complement(a), complement(b),
            combined(a, b, HEAPY_INTERSECTION), combined(b, c, HEAPY_UNION),
        };
        const heapy_kind *not_union = complement(made[0]), *not_both = complement(made[4]);
        const heapy_kind *nots = combined(made[2], made[3], HEAPY_INTERSECTION);
        const heapy_kind *either_not = combined(made[2], made[3], HEAPY_UNION), *again = complement(made[2]);
        const heapy_kind *a_and_c = combined(a, c, HEAPY_INTERSECTION);
        const heapy_kind *product = combined(a, made[5], HEAPY_INTERSECTION);
        const heapy_kind *sum = combined(made[4], a_and_c, HEAPY_UNION);
        assert_same(made[0], made[1]);
        assert_same(not_union, nots);
        assert_same(not_both, either_not);
        assert_same(again, a);
        assert_same(product, sum);
        assert_true(heapy_kind_is_subset(made[4], a) && heapy_kind_is_subset(a, made[0]));
        assert_true(heapy_kind_is_disjoint(not_union, a));
        const heapy_kind *all[] = {not_union, not_both, nots, either_not, again, a_and_c,
                                   product,   sum,      a,    b,          c};
        for (size_t i = 0; i < sizeof all / sizeof *all; i++)
            heapy_kind_release(all[i]);
        for (size_t i = 0; i < sizeof made / sizeof *made; i++)
            heapy_kind_release(made[i]);
        heapy_snapshot_release(s.snapshot);
    }
}

/* ---- text ---- */

static void
assert_text(const heapy_kind *kind, const char *expected)
{
    const heapy_kind_writer writer = {.is_brief = true};
    char *text;
    assert_ok(heapy_kind_text(kind, &writer, &text, err));
    assert_string_equal(text, expected);
    heapy_text_free(text);
    heapy_kind_release(kind);
}

/* K-57, K-58, K-58b, K-59 */
static void
test_text(void **state)
{
    (void)state;
    const heapy_kind *list = type_kind(1), *str = type_kind(2), *size = size_kind(28, HEAPY_EQ);
    const heapy_kind *not_list = complement(list), *not_size = complement(size);
    const heapy_kind *either = combined(str, list, HEAPY_UNION);
    assert_text(heapy_kind_retain(list), "list");
    assert_text(heapy_kind_retain(either), "(list | str)");
    assert_text(combined(list, size, HEAPY_INTERSECTION), "(<size = 28> & list)");
    assert_text(combined(not_size, list, HEAPY_INTERSECTION), "(~<size = 28> & list)");
    assert_text(combined(list, not_size, HEAPY_INTERSECTION), "(~<size = 28> & list)");
    assert_text(complement(either), "(~str & ~list)");
    assert_text(combined(either, size, HEAPY_INTERSECTION), "((<size = 28> & list) | (<size = 28> & str))");
    assert_text(combined(list, not_list, HEAPY_UNION), "~<Nothing>");
    assert_text(combined(list, str, HEAPY_INTERSECTION), "<Nothing>");
    assert_text(combined(list, str, HEAPY_DIFFERENCE), "list");
    const heapy_kind *all[] = {list, str, size, not_list, not_size, either};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        heapy_kind_release(all[i]);
}

/* ---- limits ---- */

static void
test_limits(void **state)
{
    (void)state;
    const heapy_kind *kind = type_kind(1);
    int depth = 1;
    for (;; depth++) { /* dicts of the owners of dicts of ... */
        const heapy_kind *deeper;
        heapy_status status = heapy_kind_create(
            &(heapy_atom){.form = HEAPY_ATOM_DICT_OF, .kinds = &kind, .kind_count = 1}, &deeper, err);
        if (status) {
            assert_int_equal(status, HEAPY_LIMIT);
            break;
        }
        assert_true(heapy_kind_is_subset(deeper, deeper));
        heapy_kind_release(kind);
        kind = deeper;
    }
    assert_int_equal(depth, HEAPY_KIND_MAX_DEPTH);
    heapy_kind_release(kind);
    /* (a0 | b0) & (a1 | b1) & ...: doubles each time */
    heapy_status status = HEAPY_OK;
    assert_ok(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_ANYTHING}, &kind, err));
    for (int i = 0; !status && i < 40; i++) {
        const heapy_kind *a = size_kind((uint64_t)i, HEAPY_LE), *b = size_kind((uint64_t)i, HEAPY_GE),
                         *either, *more;
        either = combined(a, b, HEAPY_UNION);
        heapy_kind_release(a);
        heapy_kind_release(b);
        status = heapy_kind_combine(kind, either, HEAPY_INTERSECTION, &more, err);
        heapy_kind_release(either);
        if (!status) {
            heapy_kind_release(kind);
            kind = more;
        }
    }
    assert_int_equal(status, HEAPY_LIMIT);
    heapy_kind_release(kind);
}

static void
test_what_a_snapshot_lacks_is_an_error(void **state)
{
    (void)state;
    heapy_graph_builder *b;
    heapy_graph *graph;
    heapy_node_set *chosen;
    heapy_type row;
    truth ignored;
    sample s = random_sample();
    assert_ok(heapy_graph_builder_create(1, &b, err));
    assert_ok(add_type(b, "dict", HEAPY_ROLE_DICT, &row, err));
    heapy_graph_builder_types(b)[0] = row;
    assert_ok(heapy_graph_builder_finish(b, &graph, err));
    heapy_snapshot *bare;
    assert_ok(heapy_snapshot_create(graph, NULL, NULL, &bare, err));
    const heapy_kind *unknown_producer;
    assert_ok(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_NO_PRODUCER}, &unknown_producer, err));
    const heapy_kind *kinds[] = {referrers_kind(&s, 1, HEAPY_EQ, ignored), dict_kind(&s, ignored),
                                 relations_kind(&s, 1, HEAPY_EQ, ignored), unknown_producer};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        assert_int_equal(heapy_kind_select(kinds[i], bare, NULL, &chosen, err), HEAPY_INVALID);
        heapy_kind_release(kinds[i]);
    }
    heapy_snapshot_release(bare);
    heapy_snapshot_release(s.snapshot);
}

/* ---- producers ---- */

/* */
static void
test_producers(void **state)
{
    (void)state;
    sample s = random_sample();
    const struct {
        heapy_atom atom;
        unsigned expected; /* bit p: site p - 1; bit 0: not known */
    } cases[] = {
        {{.form = HEAPY_ATOM_NO_PRODUCER}, 1},
        {{.form = HEAPY_ATOM_NO_PRODUCER, .comparison = HEAPY_LT}, 0},
        {{.form = HEAPY_ATOM_NO_PRODUCER, .comparison = HEAPY_GE}, 1},
        {{.form = HEAPY_ATOM_PRODUCER, .name = "a.py", .number = 7}, 1 << 2},
        {{.form = HEAPY_ATOM_PRODUCER, .name = "a.py", .number = HEAPY_NO_LINE}, 0},
        {{.form = HEAPY_ATOM_PRODUCER, .name = "a", .number = HEAPY_NO_LINE, .comparison = HEAPY_LT}, 14},
        {{.form = HEAPY_ATOM_PRODUCER, .name = "a", .number = 7, .comparison = HEAPY_LT}, 1 << 1},
        {{.form = HEAPY_ATOM_PRODUCER, .number = 7, .comparison = HEAPY_LE}, 14},
        {{.form = HEAPY_ATOM_PRODUCER, .number = 7, .comparison = HEAPY_GT}, 1 << 4},
        {{.form = HEAPY_ATOM_PRODUCER, .name = "a.pyc", .number = 7, .comparison = HEAPY_GE}, 1 << 2},
        {{.form = HEAPY_ATOM_PRODUCER, .number = HEAPY_NO_LINE, .comparison = HEAPY_LE}, 30},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const heapy_kind *kind;
        heapy_node_set *chosen;
        assert_ok(heapy_kind_create(&cases[c].atom, &kind, err));
        assert_ok(heapy_kind_select(kind, s.snapshot, NULL, &chosen, err));
        for (heapy_node i = 0; i < NODES; i++)
            assert_int_equal(heapy_node_set_contains(chosen, i), cases[c].expected >> (i % 5) & 1);
        heapy_node_set_destroy(chosen);
        heapy_kind_release(kind);
    }
    heapy_snapshot_release(s.snapshot);
}

/* ---- types that inherit ---- */

/*
 *     0 object <- 1 A <- 2 B     a node of each; C inherits from A and has no node and no row
 */
static void
test_types_compare_by_inheritance_and_identity(void **state)
{
    (void)state;
    static const heapy_type object_row = 0, a_row = 1;
    static const uint64_t above_c[] = {2, 1}; /* identities: 1 of object, ... 4 of C */
    heapy_graph_builder *b;
    heapy_graph *graph;
    heapy_snapshot *snapshot;
    heapy_type type;
    assert_ok(heapy_graph_builder_create(3, &b, err));
    for (size_t t = 0; t < 3; t++) {
        heapy_type_row row = {.name = "same", .identity = t + 1, .node = HEAPY_NO_NODE};
        row.bases = t == 2 ? &a_row : &object_row;
        row.base_count = t > 0;
        assert_ok(heapy_graph_builder_add_type(b, &row, &type, err));
        heapy_graph_builder_types(b)[t] = type;
    }
    assert_ok(heapy_graph_builder_finish(b, &graph, err));
    assert_ok(heapy_snapshot_create(graph, NULL, NULL, &snapshot, err));
    const struct {
        size_t host;
        heapy_comparison comparison;
        unsigned expected; /* bit n: node n */
    } cases[] = {
        {1, HEAPY_EQ, 2}, {1, HEAPY_LE, 6}, {1, HEAPY_LT, 4}, {1, HEAPY_GE, 3}, {1, HEAPY_GT, 1},
        {0, HEAPY_LT, 6}, {2, HEAPY_GT, 3}, {3, HEAPY_EQ, 0}, {3, HEAPY_LE, 0}, {3, HEAPY_GE, 3},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const heapy_kind *kind;
        heapy_node_set *chosen;
        heapy_atom atom = {.form = HEAPY_ATOM_TYPE,
                           .name = "same",
                           .identity = cases[c].host + 1,
                           .comparison = cases[c].comparison};
        if (cases[c].host == 3) {
            atom.supertypes = above_c;
            atom.supertype_count = 2;
        }
        assert_ok(heapy_kind_create(&atom, &kind, err));
        assert_ok(heapy_kind_select(kind, snapshot, NULL, &chosen, err));
        for (heapy_node i = 0; i < 3; i++)
            assert_int_equal(heapy_node_set_contains(chosen, i), cases[c].expected >> i & 1);
        heapy_node_set_destroy(chosen);
        heapy_kind_release(kind);
    }
    heapy_snapshot_release(snapshot);
}

/* ---- sets of referrers ---- */

static void
test_referrer_sets(void **state)
{
    (void)state;
    seed_random(3);
    for (int round = 0; round < 100; round++) {
        sample s = random_sample();
        heapy_referrer_sets *sets;
        heapy_node_set *nodes;
        assert_ok(heapy_node_set_create(NODES, &nodes, err));
        for (heapy_node i = 0; i < NODES; i++)
            if (random_below(2))
                heapy_node_set_add(nodes, i);
        assert_ok(heapy_referrer_sets_by_class(s.graph, nodes, s.type, &sets, err));
        for (heapy_node i = 0; i < NODES; i++) {
            unsigned expected = 0, found = 0;
            for (size_t u = 0; u < NODES && heapy_node_set_contains(nodes, i); u++)
                if (s.labels[u][i])
                    expected |= 1U << s.type[u];
            size_t count;
            const uint32_t *set = heapy_referrer_sets_get(sets, i, &count);
            for (size_t k = 0; k < count; k++) {
                assert_true(!k || set[k - 1] < set[k]);
                found |= 1U << set[k];
            }
            assert_int_equal(found, expected);
        }
        heapy_referrers *referrers;
        heapy_referrer_sets *known;
        heapy_node asked[NODES];
        for (heapy_node i = 0; i < NODES; i++)
            asked[i] = heapy_node_set_contains(nodes, NODES - 1 - i) ? NODES - 1 - i : HEAPY_NO_NODE;
        assert_ok(heapy_referrers_create(s.graph, &referrers, err));
        assert_ok(heapy_referrer_sets_of_nodes(referrers, asked, NODES, s.type, &known, err));
        for (heapy_node i = 0; i < NODES; i++) {
            size_t count, expected;
            const uint32_t *set = heapy_referrer_sets_get(known, i, &count);
            const uint32_t *same = heapy_referrer_sets_get(sets, NODES - 1 - i, &expected);
            assert_int_equal(count, expected);
            assert_memory_equal(set, same, count * sizeof *set);
        }
        heapy_referrer_sets_destroy(known);
        heapy_referrers_destroy(referrers);
        heapy_referrer_sets_destroy(sets);
        heapy_node_set_destroy(nodes);
        heapy_snapshot_release(s.snapshot);
    }
}

/* ---- failing allocations ---- */

static sample shared;

static heapy_status
do_everything(heapy_error *error)
{
    static const char *const text = "'[2]'";
    const heapy_kind *list = NULL, *dicts = NULL, *via = NULL, *either = NULL, *rest = NULL,
                     *symmetric = NULL;
    heapy_node_set *chosen = NULL;
    heapy_referrer_sets *sets = NULL;
    char *made = NULL;
    const heapy_kind_writer writer = {.is_brief = true, .more = "more"};
    heapy_status status =
        heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_TYPE, .name = "list"}, &list, error);
    if (!status)
        status = heapy_kind_create(
            &(heapy_atom){.form = HEAPY_ATOM_DICT_OF, .name = "dicts", .kinds = &list, .kind_count = 1},
            &dicts, error);
    if (!status)
        status = heapy_kind_create(
            &(heapy_atom){.form = HEAPY_ATOM_REFERENCES, .name = "via", .texts = &text, .text_count = 1},
            &via, error);
    if (!status)
        status = heapy_kind_combine(via, dicts, HEAPY_UNION, &either, error);
    if (!status)
        status = heapy_kind_complement(either, &rest, error);
    if (!status)
        status = heapy_kind_combine(rest, list, HEAPY_SYMMETRIC_DIFFERENCE, &symmetric, error);
    if (!status)
        status = heapy_kind_select(symmetric, shared.snapshot, NULL, &chosen, error);
    if (!status)
        status = heapy_kind_text(symmetric, &writer, &made, error);
    if (!status)
        status = heapy_referrer_sets_by_class(shared.graph, NULL, shared.type, &sets, error);
    heapy_kind_release(list);
    heapy_kind_release(dicts);
    heapy_kind_release(via);
    heapy_kind_release(either);
    heapy_kind_release(rest);
    heapy_kind_release(symmetric);
    heapy_node_set_destroy(chosen);
    heapy_referrer_sets_destroy(sets);
    heapy_text_free(made);
    return status;
}

static void
test_every_allocation_may_fail(void **state)
{
    (void)state;
    seed_random(5);
    shared = random_sample();
    fail_each_allocation(do_everything);
    heapy_snapshot_release(shared.snapshot);
    heapy_classifier_release(by_type());
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expressions_select_what_they_say),
        cmocka_unit_test(test_laws),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_what_a_snapshot_lacks_is_an_error),
        cmocka_unit_test(test_producers),
        cmocka_unit_test(test_types_compare_by_inheritance_and_identity),
        cmocka_unit_test(test_referrer_sets),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
