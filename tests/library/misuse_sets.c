/* SPDX-License-Identifier: MIT */
/* Misuse of bit sets, kinds and sets of referrers. */
#include "misuse.h"

static void
bit_words(void)
{
    const heapy_bit_word word = {0, 1}, unordered[20] = {{5, 1}, {3, 1}, {9, 0}, {9, 1}, {INT64_MAX, 1}};
    heapy_bit_word other[20], out[40];
    size_t written, room;
    for (size_t i = 0; i < 20; i++)
        other[i] = (heapy_bit_word){(int64_t)(i * 7 % 5), i % 3};
    GIVES(heapy_bit_words_length(NULL, 5), 0);
    GIVES(heapy_bit_words_find(NULL, 5, 1), 0);
    GIVES(heapy_bit_words_contain(NULL, 5, 1), false);
    GIVES(heapy_bit_words_room(NULL, 5, &word, 1, HEAPY_UNION), 1);
    GIVES(heapy_bit_words_combine(NULL, 5, NULL, 7, HEAPY_UNION, out), 0);
    GIVES(heapy_bit_words_combine(&word, 1, NULL, 7, HEAPY_UNION, NULL), 0);
    GIVES(heapy_bit_words_equal(NULL, 3, NULL, 4), true); /* both of no words */
    GIVES(heapy_bit_words_is_subset(&word, 1, NULL, 4), false);
    GIVES(heapy_bit_words_is_disjoint(&word, 1, NULL, 4), true);
    GIVES(heapy_bit_words_hash(NULL, 3), heapy_bit_words_hash(NULL, 0));
    GIVES(heapy_bit_word_lowest((heapy_bit_word){1, 0}), 64);
    GIVES(heapy_bit_word_highest((heapy_bit_word){1, 0}), 127);
    MADE(heapy_bit_words_check(NULL, 3, err));
    REFUSED(heapy_bit_words_check(unordered, 20, err));
    REFUSED(heapy_bit_words_shift(&word, 1, 1, NULL, &written, err));
    REFUSED(heapy_bit_words_shift(&word, 1, 1, out, NULL, err));
    REFUSED(heapy_bit_words_shift(&(heapy_bit_word){INT64_MAX >> 6, UINT64_MAX}, 1, 1, out, &written, err));
    SURVIVES((void)!heapy_bit_words_shift(unordered, 20, 1, out, &written, err));
    GIVES(heapy_bit_range_room(0, 10, 0), 0);
    GIVES(heapy_bit_range_room(0, 10, -1), 0);
    GIVES(heapy_bit_range(0, 10, 0, out), 0);
    GIVES(heapy_bit_range(0, 10, 1, NULL), 0);
    for (int operation = HEAPY_UNION; operation <= HEAPY_SYMMETRIC_DIFFERENCE; operation++) {
        room = heapy_bit_words_room(unordered, 20, other, 20, (heapy_set_operation)operation);
        GIVES(heapy_bit_words_combine(unordered, 20, other, 20, (heapy_set_operation)operation, out) <= room,
              true);
    }
}

static void
bit_sets(void)
{
    const heapy_bit_word word = {0, 1}, unordered[2] = {{5, 1}, {3, 1}};
    heapy_bit_word out[1];
    heapy_bit_set *set, *made;
    heapy_bit_iterator iterator;
    int64_t bit;
    MADE(heapy_bit_set_create(&word, 1, &set, err));
    REFUSED(heapy_bit_set_create(&word, 1, NULL, err));
    REFUSED(heapy_bit_set_create(unordered, 2, &made, err));
    SURVIVES(heapy_bit_set_destroy(NULL));
    GIVES(heapy_bit_set_contains(NULL, 0), false);
    REFUSED(heapy_bit_set_add(NULL, 0, NULL, err));
    GIVES(heapy_bit_set_remove(NULL, 0), false);
    SURVIVES(heapy_bit_set_clear(NULL));
    REFUSED(heapy_bit_set_combine(NULL, &word, 1, HEAPY_UNION, err));
    REFUSED(heapy_bit_set_combine(set, &word, 1, (heapy_set_operation)9, err));
    MADE(heapy_bit_set_combine(set, NULL, 7, HEAPY_UNION, err)); /* no words */
    GIVES(heapy_bit_set_word_count(NULL), 0);
    GIVES(heapy_bit_set_length(NULL), 0);
    SURVIVES(heapy_bit_set_read(NULL, out));
    SURVIVES(heapy_bit_set_read(set, NULL));
    GIVES(heapy_bit_set_extremes(NULL, &bit, &bit), false);
    GIVES(heapy_bit_set_extremes(set, NULL, &bit), false);
    GIVES(heapy_bit_set_bytes(NULL), 0);
    SURVIVES(heapy_bit_iterator_init(NULL, set));
    SURVIVES(heapy_bit_iterator_init(&iterator, NULL));
    GIVES(heapy_bit_iterator_next(&iterator, &bit), false);
    GIVES(heapy_bit_iterator_next(NULL, &bit), false);
    heapy_bit_iterator_init(&iterator, set);
    GIVES(heapy_bit_iterator_next(&iterator, NULL), false);
    GIVES(heapy_bit_iterator_next(&iterator, &bit), true);
    heapy_bit_set_clear(set); /* while it is walked */
    GIVES(heapy_bit_iterator_next(&iterator, &bit), false);
    heapy_bit_set_destroy(set);
}

static void
atoms(const heapy_kind *kind)
{
    const heapy_kind *made, *kinds[] = {kind, kind, NULL};
    const char *const unsorted[] = {"b", "a"}, *const null[] = {NULL};
    heapy_address_map *open;
    MADE(heapy_address_map_create(&open, err));
    REFUSED(heapy_kind_create(NULL, &made, err));
    REFUSED(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_ANYTHING}, NULL, err));
    REFUSED(heapy_kind_create(&(heapy_atom){.form = (heapy_atom_form)99}, &made, err));
    REFUSED(heapy_kind_create(&(heapy_atom){.comparison = (heapy_comparison)99}, &made, err));
    REFUSED(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_DICT_OF, .kind_count = 1}, &made, err));
    REFUSED(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_DICT_OF, .kinds = kinds, .kind_count = 2},
                              &made, err));
    REFUSED(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_FIRST_MATCH, .kinds = kinds, .kind_count = 3},
                              &made, err));
    REFUSED(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_REFERENCES, .text_count = 1}, &made, err));
    REFUSED(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_REFERENCES, .texts = null, .text_count = 1},
                              &made, err));
    REFUSED(heapy_kind_create(
        &(heapy_atom){.form = HEAPY_ATOM_REFERENCES, .texts = unsorted, .text_count = 2}, &made, err));
    REFUSED(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_TYPE, .supertype_count = 1}, &made, err));
    REFUSED(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_REFERRERS}, &made, err)); /* by what? */
    REFUSED(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_FIRST_MATCH}, &made, err));
    REFUSED(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_FACT}, &made, err));
    REFUSED(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_CLASSES}, &made, err));
    REFUSED(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_MEMBERS}, &made, err));
    REFUSED(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_MEMBERS, .members = open}, &made, err));
    REFUSED(heapy_kind_union_of_disjoint(NULL, 1, &made, err));
    REFUSED(heapy_kind_union_of_disjoint(kinds, 3, &made, err));
    REFUSED(heapy_kind_union_of_disjoint(kinds, 1, NULL, err));
    heapy_address_map_destroy(open);
}

static void
ignore_atom(const heapy_atom *atom, void *context)
{
    (void)atom, (void)context;
}

static bool
is_subtype(uint64_t identity, uint64_t of)
{
    return identity == of;
}

static void
kinds(void)
{
    heapy_type_filter *filter;
    const heapy_node beyond = 9;
    const heapy_members strange = {&beyond, 1};
    const heapy_kind *kind, *made;
    heapy_snapshot *snapshot;
    heapy_node_set *out;
    bool flag = false;
    MADE(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_SIZE, .name = "8", .number = 8}, &kind, err));
    MADE(heapy_snapshot_create(chain_of(3), NULL, NULL, &snapshot, err));
    atoms(kind);
    GIVES(heapy_kind_retain(NULL), NULL);
    SURVIVES(heapy_kind_release(NULL));
    REFUSED(heapy_kind_combine(NULL, kind, HEAPY_UNION, &made, err));
    REFUSED(heapy_kind_combine(kind, NULL, HEAPY_UNION, &made, err));
    REFUSED(heapy_kind_combine(kind, kind, (heapy_set_operation)9, &made, err));
    REFUSED(heapy_kind_combine(kind, kind, HEAPY_UNION, NULL, err));
    REFUSED(heapy_kind_complement(NULL, &made, err));
    REFUSED(heapy_kind_complement(kind, NULL, err));
    REFUSED(heapy_kind_alter(NULL, HEAPY_LT, &made, err));
    REFUSED(heapy_kind_alter(kind, (heapy_comparison)9, &made, err));
    REFUSED(heapy_kind_alter(kind, HEAPY_LT, NULL, err));
    GIVES(heapy_kind_is_nothing(NULL), false);
    GIVES(heapy_kind_is_subset(NULL, kind), false);
    GIVES(heapy_kind_is_subset(kind, NULL), false);
    GIVES(heapy_kind_is_disjoint(NULL, kind), false);
    GIVES(heapy_kind_hash(NULL), 0);
    GIVES(heapy_kind_term_count(NULL), 0);
    GIVES(heapy_kind_literal_count(NULL, 0), 0);
    GIVES(heapy_kind_literal_count(kind, 1), 0);
    GIVES(heapy_kind_literal(kind, 1, 0, &flag), NULL);
    GIVES(heapy_kind_literal(kind, 0, 1, &flag), NULL);
    GIVES(heapy_kind_literal(NULL, 0, 0, &flag), NULL);
    GIVES(heapy_kind_literal(kind, 0, 0, NULL) == NULL, false);
    REFUSED(heapy_kind_term(NULL, 0, &made, err));
    REFUSED(heapy_kind_term(kind, 1, &made, err));
    REFUSED(heapy_kind_term(kind, 0, NULL, err));
    GIVES(heapy_kind_atom(NULL), NULL);
    SURVIVES(heapy_kind_visit(NULL, ignore_atom, NULL));
    SURVIVES(heapy_kind_visit(kind, NULL, NULL));
    GIVES(heapy_kind_needs(NULL), 0);
    GIVES(heapy_kind_is_by_type(NULL), false);
    REFUSED(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_SIZE}, &made, err)); /* in words, too */
    REFUSED(heapy_kind_select(NULL, snapshot, NULL, &out, err));
    REFUSED(heapy_kind_select(kind, NULL, NULL, &out, err));
    REFUSED(heapy_kind_select(kind, snapshot, &strange, &out, err));
    REFUSED(heapy_kind_select(kind, snapshot, NULL, NULL, err));
    REFUSED(heapy_type_filter_create(NULL, &filter, err));
    REFUSED(heapy_type_filter_create(kind, NULL, err));
    MADE(heapy_type_filter_create(kind, &filter, err));
    GIVES(heapy_type_filter_accepts(NULL, 1, is_subtype, &flag), false);
    GIVES(heapy_type_filter_accepts(filter, 1, NULL, &flag), false);
    SURVIVES((void)heapy_type_filter_accepts(filter, 0, is_subtype, NULL));
    SURVIVES(heapy_type_filter_destroy(NULL));
    heapy_type_filter_destroy(filter);
    GIVES(heapy_kind_depth(NULL), 0);
    heapy_kind_release(kind);
    heapy_snapshot_release(snapshot);
}

static void
referrer_sets(void)
{
    heapy_graph *graph = chain_of(3);
    heapy_referrers *referrers;
    heapy_referrer_sets *sets, *made;
    heapy_reference *references;
    heapy_node_set *wrong;
    const uint32_t classes[3] = {0, UINT32_MAX, 7};
    const heapy_node beyond = 3;
    size_t count = 1;
    MADE(heapy_referrers_create(graph, &referrers, err));
    MADE(heapy_node_set_create(100, &wrong, err));
    MADE(heapy_referrer_sets_by_class(graph, NULL, classes, &sets, err));
    SURVIVES(heapy_referrer_sets_destroy(NULL));
    REFUSED(heapy_referrer_sets_by_class(NULL, NULL, classes, &made, err));
    REFUSED(heapy_referrer_sets_by_class(graph, NULL, NULL, &made, err));
    REFUSED(heapy_referrer_sets_by_class(graph, wrong, classes, &made, err));
    REFUSED(heapy_referrer_sets_by_class(graph, NULL, classes, NULL, err));
    REFUSED(heapy_referrer_sets_of_nodes(NULL, &beyond, 1, classes, &made, err));
    REFUSED(heapy_referrer_sets_of_nodes(referrers, NULL, 1, classes, &made, err));
    REFUSED(heapy_referrer_sets_of_nodes(referrers, &beyond, 1, classes, &made, err));
    REFUSED(heapy_referrer_sets_of_nodes(referrers, &beyond, 0, NULL, &made, err));
    REFUSED(heapy_referrer_sets_of_nodes(referrers, &beyond, 0, classes, NULL, err));
    REFUSED(heapy_referrer_sets_by_reference(NULL, NULL, &made, &references, &count, err));
    REFUSED(heapy_referrer_sets_by_reference(graph, wrong, &made, &references, &count, err));
    REFUSED(heapy_referrer_sets_by_reference(graph, NULL, NULL, &references, &count, err));
    REFUSED(heapy_referrer_sets_by_reference(graph, NULL, &made, NULL, &count, err));
    REFUSED(heapy_referrer_sets_by_reference(graph, NULL, &made, &references, NULL, err));
    SURVIVES(heapy_referrer_sets_renumber(NULL, classes));
    SURVIVES(heapy_referrer_sets_renumber(sets, NULL));
    GIVES(heapy_referrer_sets_get(NULL, 0, &count), NULL);
    GIVES(heapy_referrer_sets_get(sets, 3, &count), NULL);
    GIVES(count, 0);
    GIVES(heapy_referrer_sets_get(sets, 0, NULL), NULL);
    heapy_referrer_sets_destroy(sets);
    heapy_referrers_destroy(referrers);
    heapy_node_set_destroy(wrong);
    heapy_graph_destroy(graph);
}

void
misuse_sets(void)
{
    bit_words();
    bit_sets();
    kinds();
    referrer_sets();
}
