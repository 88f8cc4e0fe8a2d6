/* SPDX-License-Identifier: MIT */
/* Texts of kinds, classifiers and sets: each form in short, as an expression, as an argument and in a row. */
#include "support.h"

#include <string.h>

/* ---- kinds to write ---- */

static const heapy_kind *
atom(heapy_atom from)
{
    const heapy_kind *kind;
    assert_ok(heapy_kind_create(&from, &kind, err));
    return kind;
}

static const heapy_kind *
type_kind(const char *name, uint64_t identity)
{
    return atom((heapy_atom){.form = HEAPY_ATOM_TYPE, .name = name, .identity = identity});
}

static const heapy_kind *
size_kind(heapy_comparison comparison)
{
    return atom((heapy_atom){.form = HEAPY_ATOM_SIZE, .name = "28", .number = 28, .comparison = comparison});
}

/* The dicts of the owners, which are released. */
static const heapy_kind *
dicts_of(const heapy_kind *owners)
{
    const heapy_kind *kind =
        atom((heapy_atom){.form = HEAPY_ATOM_DICT_OF, .kinds = &owners, .kind_count = 1});
    heapy_kind_release(owners);
    return kind;
}

static const heapy_kind *
complement(const heapy_kind *of)
{
    const heapy_kind *kind;
    assert_ok(heapy_kind_complement(of, &kind, err));
    heapy_kind_release(of);
    return kind;
}

static const heapy_kind *
both(const heapy_kind *a, const heapy_kind *b, heapy_set_operation operation)
{
    const heapy_kind *kind;
    assert_ok(heapy_kind_combine(a, b, operation, &kind, err));
    heapy_kind_release(a);
    heapy_kind_release(b);
    return kind;
}

/* What is referred to by exactly `kinds`, which are released, by a classifier of a form. */
static const heapy_kind *
referred_by(const heapy_classifier *by, const heapy_kind **kinds, size_t count, heapy_comparison comparison)
{
    const heapy_kind *kind = atom((heapy_atom){.form = HEAPY_ATOM_REFERRERS,
                                               .classifier = by,
                                               .kinds = kinds,
                                               .kind_count = count,
                                               .comparison = comparison});
    while (count)
        heapy_kind_release(kinds[--count]);
    heapy_classifier_release(by);
    return kind;
}

static const heapy_classifier *
classifier(heapy_classifier_form form, const heapy_classifier *part)
{
    const heapy_classifier *by;
    assert_ok(heapy_classifier_create(form, &part, part != NULL, &by, err));
    heapy_classifier_release(part);
    return by;
}

static const heapy_classifier *
type_and_size(void)
{
    const heapy_classifier *by, *parts[] = {classifier(HEAPY_BY_TYPE, NULL), classifier(HEAPY_BY_SIZE, NULL)};
    assert_ok(heapy_classifier_create(HEAPY_BY_ALL, parts, 2, &by, err));
    heapy_classifier_release(parts[0]);
    heapy_classifier_release(parts[1]);
    return by;
}

static const heapy_kind *
match(int64_t number)
{
    static const char *const names[] = {"ignored"};
    const heapy_kind *kinds[] = {type_kind("list", 1)}, *kind;
    const heapy_classifier *by;
    assert_ok(heapy_classifier_of_kinds(kinds, names, 1, &by, err));
    kind = atom((heapy_atom){
        .form = HEAPY_ATOM_FIRST_MATCH, .classifier = by, .number = number, .kinds = kinds, .kind_count = 1});
    heapy_kind_release(kinds[0]);
    heapy_classifier_release(by);
    return kind;
}

/* ---- texts ---- */

static bool
finds_os_alone(void *context, const char *name, uint64_t identity)
{
    (void)context, (void)identity;
    return !strcmp(name, "os");
}

/* Both texts of a kind, which is released. */
static void
assert_texts(const heapy_kind *kind, const char *brief, const char *expression)
{
    heapy_kind_writer writer = {.prefix = "hp.", .finds_module = finds_os_alone};
    char *text;
    assert_ok(heapy_kind_text(kind, &writer, &text, err));
    assert_string_equal(text, expression);
    heapy_text_free(text);
    writer.is_brief = true;
    assert_ok(heapy_kind_text(kind, &writer, &text, err));
    assert_string_equal(text, brief);
    heapy_text_free(text);
    heapy_kind_release(kind);
}

/* K-70 to K-79c */
static void
classes_of_one_classifier(void **state)
{
    (void)state;
    const heapy_atom code = {.form = HEAPY_ATOM_TYPE,
                             .name = "types.CodeType",
                             .module = "builtins",
                             .qualname = "code",
                             .is_alias = true,
                             .identity = 0x10};
    heapy_atom alike = code, integer = code, lambda = code;
    alike.is_alias = false; /* of a module that is called types, too */
    integer.name = "int";
    integer.qualname = "int";
    lambda.name = "function";
    assert_texts(atom(code), "types.CodeType", "hp.Type.Code");
    assert_texts(atom(lambda), "function", "hp.Type.Lambda");
    assert_texts(atom(alike), "types.CodeType", "hp.Type('<type types.CodeType at 0x10>')");
    assert_texts(atom(integer), "int", "hp.Type('<type builtins.int at 0x10>')");
    assert_texts(type_kind("m.it's", 0x20), "m.it's", "hp.Type(\"<type m.it's at 0x20>\")");
    assert_texts(size_kind(HEAPY_EQ), "<size = 28>", "hp.Size(28)");
    assert_texts(size_kind(HEAPY_LE), "<size <= 28>", "hp.Size(28).alt('<=')");
    assert_texts(atom((heapy_atom){.form = HEAPY_ATOM_ANYTHING}), "<Anything>", "hp.Anything");
    assert_texts(atom((heapy_atom){.form = HEAPY_ATOM_ID, .identity = 0x30}), "<id 0x30>", "hp.Id(0x30)");
    assert_texts(atom((heapy_atom){.form = HEAPY_ATOM_MODULE, .identity = 0x30, .name = "os"}), "os",
                 "hp.Module('os')");
    assert_texts(atom((heapy_atom){.form = HEAPY_ATOM_MODULE, .identity = 0x30, .name = "x"}), "x",
                 "hp.Module('x', at=0x30)");
    assert_texts(dicts_of(atom(code)), "dict of types.CodeType", "hp.Type.Code.dictof");
    assert_texts(dicts_of(complement(atom(code))), "dict of ~types.CodeType", "(~hp.Type.Code).dictof");
    assert_texts(atom((heapy_atom){.form = HEAPY_ATOM_DICT_OF}), "dict (no owner)", "hp.Nothing.dictof");
    heapy_atom below = code;
    below.comparison = HEAPY_LT;
    assert_texts(atom(below), "<strict subtype of types.CodeType>", "hp.Type.Code.alt('<')");
}

/* K-91 */
static void
classes_by_what_refers_and_where_it_was_made(void **state)
{
    (void)state;
    static const char *const texts[] = {"'.a'", "'[0]'"};
    heapy_atom via = {.form = HEAPY_ATOM_REFERENCES, .texts = texts, .text_count = 2};
    assert_texts(atom(via), "<via '.a', '[0]'>", "hp.Via('.a', '[0]')");
    via.comparison = HEAPY_GE;
    assert_texts(atom(via), "[>= <via '.a', '[0]'>]", "hp.Via('.a', '[0]').alt('>=')");
    assert_texts(atom((heapy_atom){.form = HEAPY_ATOM_PRODUCER, .name = "f.py", .number = 3}), "f.py:3",
                 "hp.Prod('f.py', 3)");
    assert_texts(
        atom((heapy_atom){.form = HEAPY_ATOM_PRODUCER, .number = HEAPY_NO_LINE, .comparison = HEAPY_LT}),
        "[< None]", "hp.Prod(None, None).alt('<')");
    assert_texts(atom((heapy_atom){.form = HEAPY_ATOM_NO_PRODUCER}), "unknown", "hp.Prod()");
    const heapy_kind *types[] = {type_kind("b", 2), type_kind("a", 1)};
    assert_texts(referred_by(classifier(HEAPY_BY_CLODO, NULL), types, 2, HEAPY_LE),
                 "<referred by at most: a, b>",
                 "hp.Clodo.sokind('<type b at 0x2>')('<type a at 0x1>').refdby.alt('<=')");
    assert_texts(referred_by(classifier(HEAPY_BY_TYPE, NULL), NULL, 0, HEAPY_EQ), "<referred by: <Nothing>>",
                 "hp.sonokind.refdby");
    const heapy_kind *dicts[] = {dicts_of(type_kind("a", 1)), complement(type_kind("dict", 3))};
    assert_texts(referred_by(classifier(HEAPY_BY_OWNER, classifier(HEAPY_BY_TYPE, NULL)), dicts, 2, HEAPY_EQ),
                 "<referred by: dict of a, ~dict>",
                 "hp.Type.dictof.sokind(hp.Type('<type a at 0x1>'))(None).refdby");
    const heapy_kind *modules[] = {complement(type_kind("module", 4))};
    assert_texts(referred_by(classifier(HEAPY_BY_MODULE, NULL), modules, 1, HEAPY_EQ),
                 "<referred by: ~module>", "hp.Module.sokind().refdby");
    /* a row says sizes and sets otherwise than a brief, alone and as factors */
    const heapy_kind *of_sizes[] = {size_kind(HEAPY_EQ)};
    assert_texts(referred_by(classifier(HEAPY_BY_SIZE, NULL), of_sizes, 1, HEAPY_EQ),
                 "<referred by:        28>", "hp.Size.sokind(28).refdby");
    const heapy_kind *factors[] = {both(size_kind(HEAPY_EQ), type_kind("a", 1), HEAPY_INTERSECTION)};
    assert_texts(referred_by(type_and_size(), factors, 1, HEAPY_EQ), "<referred by: a & 28>",
                 "(hp.Type & hp.Size).refdby((hp.Type('<type a at 0x1>') & hp.Size(28)))");
}

static void
classes_of_kinds_facts_and_classifiers(void **state)
{
    (void)state;
    assert_texts(match(0), "list / 0", "hp.findex(hp.Type('<type list at 0x1>'))(0)");
    assert_texts(match(1), "<None>", "hp.findex(hp.Type('<type list at 0x1>'))(1)");
    const heapy_classifier *age, *rcs = classifier(HEAPY_BY_REFERRERS, classifier(HEAPY_BY_CLODO, NULL));
    assert_ok(heapy_classifier_by_fact("age", "Age", "How old", &age, err));
    assert_texts(atom((heapy_atom){.form = HEAPY_ATOM_FACT, .classifier = age, .name = "old"}), "old",
                 "hp.Age('old')");
    assert_texts(atom((heapy_atom){.form = HEAPY_ATOM_FACT, .classifier = age}), "unknown", "hp.Age()");
    assert_texts(atom((heapy_atom){.form = HEAPY_ATOM_CLASSES, .classifier = age}), "Equiv. relation Age",
                 "hp.Age");
    assert_texts(atom((heapy_atom){.form = HEAPY_ATOM_CLASSES, .classifier = rcs}),
                 "Equiv. relation hp.Clodo.refdby", "hp.Clodo.refdby");
    heapy_classifier_release(age);
    heapy_classifier_release(rcs);
}

static heapy_status
say_members(void *context, const heapy_atom *members, char **text, heapy_error *error)
{
    (void)error;
    *(size_t *)context += heapy_address_map_count(members->members);
    *text = heapy_alloc_array(8, 1);
    return *text ? (strcpy(*text, "<me>"), HEAPY_OK) : HEAPY_NO_MEMORY;
}

/* K-57 to K-59a: an atom of objects that nobody else keeps has a copy of them */
static void
objects_in_expressions(void **state)
{
    (void)state;
    heapy_address_map *map;
    bool is_new;
    size_t asked = 0;
    char *text;
    assert_ok(heapy_address_map_create(&map, err));
    assert_ok(heapy_address_map_add(map, 0x1000, &is_new, err));
    assert_ok(heapy_address_map_freeze(map, err));
    const heapy_kind *members = atom((heapy_atom){.form = HEAPY_ATOM_MEMBERS, .members = map});
    heapy_address_map_destroy(map);
    const heapy_kind *kind = both(members, complement(type_kind("a", 1)), HEAPY_UNION);
    const char *const less[] = {"<5>", NULL};
    heapy_kind_writer writer = {.is_brief = true};
    assert_ok(heapy_kind_text(kind, &writer, &text, err));
    assert_string_equal(text, "(<1 objects> | ~a)");
    heapy_text_free(text);
    writer = (heapy_kind_writer){
        .is_brief = true, .members_text = say_members, .context = &asked, .more = "<more>", .less = less};
    assert_ok(heapy_kind_text(kind, &writer, &text, err));
    assert_string_equal(text, "((~<5> & ~a) | <me> | <more>)");
    assert_int_equal(asked, 1);
    heapy_text_free(text);
    heapy_kind_release(kind);
}

/* ---- sets ---- */

/* n lists, 2 ints of which one is the owner of a dict, and a dict: 0x100000 and on. */
static heapy_snapshot *
objects(size_t lists, heapy_address_map **map)
{
    static const char *const names[] = {"list", "m.C", "dict"};
    static const heapy_role roles[] = {HEAPY_ROLE_SEQUENCE, HEAPY_ROLE_OBJECT, HEAPY_ROLE_DICT};
    heapy_graph_builder *b;
    heapy_graph *graph;
    heapy_snapshot *snapshot;
    heapy_node *owners;
    bool is_new;
    size_t count = lists + 3;
    assert_ok(heapy_graph_builder_create(count, &b, err));
    for (size_t t = 0; t < 3; t++) {
        heapy_type type;
        assert_ok(add_type(b, names[t], roles[t], &type, err));
    }
    assert_ok(heapy_graph_builder_owners(b, &owners, err));
    assert_ok(heapy_address_map_create(map, err));
    for (size_t i = 0; i < count; i++) {
        heapy_graph_builder_types(b)[i] = i < lists ? 0 : i < lists + 2 ? 1 : 2;
        if (i < lists)
            assert_ok(heapy_graph_builder_add_length(b, (heapy_node)i, i, err));
        assert_ok(heapy_address_map_add(*map, 0x100000 + 16 * i, &is_new, err));
    }
    owners[lists + 2] = (heapy_node)lists;
    assert_ok(heapy_address_map_freeze(*map, err));
    assert_ok(heapy_graph_builder_finish(b, &graph, err));
    assert_ok(heapy_snapshot_create(graph, *map, NULL, &snapshot, err));
    return snapshot;
}

static heapy_status
brief_of(heapy_snapshot *snapshot, const heapy_classifier *by, const heapy_members *members, size_t limit,
         char **text, heapy_error *error)
{
    heapy_classes *classes = NULL;
    heapy_partition *partition = NULL;
    const heapy_kind_writer writer = {.prefix = ""};
    heapy_status status = heapy_classify(by, snapshot, members, &classes, error);
    if (!status)
        status = heapy_partition_create(heapy_snapshot_graph(snapshot), members, classes, &partition, error);
    if (!status)
        status = heapy_set_brief(snapshot, members, partition, &writer, limit, text, error);
    heapy_partition_destroy(partition);
    return status;
}

/* K-50, K-136, K-140 */
static void
briefs_of_sets(void **state)
{
    (void)state;
    heapy_address_map *map;
    heapy_snapshot *snapshot = objects(2, &map);
    const heapy_classifier *clodo = classifier(HEAPY_BY_CLODO, NULL), *size = classifier(HEAPY_BY_SIZE, NULL);
    static const heapy_node lists[] = {1, 0}, dict[] = {4};
    const heapy_members two = {lists, 2}, one = {dict, 1};
    const struct {
        const heapy_classifier *by;
        const heapy_members *members;
        size_t limit;
        const char *expected;
    } cases[] = {
        {clodo, &two, 80, "<2 list: 0x100000*0, 0x100010*1>"},
        {clodo, &one, 80, "<1 dict of m.C: 0x100020>"},
        {size, &two, 80, "<2 <size = 0>: 0x100000, 0x100010>"},
        {clodo, NULL, 300,
         "<5 (dict of m.C | list | m.C): <1 dict of m.C: 0x100020> | <2 list: 0x100000*0, 0x100010*1> | "
         "<2 m.C: 0x100020, 0x100030>>"},
        {clodo, &two, 20, "<2 list: 0x10000...>"},
        {clodo, &two, 11, "<2 list...>"},
        {clodo, &two, 3, "...>"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text;
        assert_ok(brief_of(snapshot, cases[i].by, cases[i].members, cases[i].limit, &text, err));
        assert_string_equal(text, cases[i].expected);
        heapy_text_free(text);
    }
    heapy_classifier_release(clodo);
    heapy_classifier_release(size);
    heapy_snapshot_release(snapshot);
    heapy_address_map_destroy(map);
}

/* ---- failing allocations ---- */

static heapy_status
write_everything(heapy_error *error)
{
    static heapy_address_map *map;
    static heapy_snapshot *snapshot;
    static const heapy_kind *kind;
    static const heapy_classifier *rcs, *clodo;
    const heapy_kind_writer writer = {.prefix = "hp."};
    char *text = NULL, *set = NULL, *by = NULL, *brief = NULL;
    if (!snapshot) { /* what is written is made once, while nothing fails: the first call is not counted */
        snapshot = objects(3, &map);
        clodo = classifier(HEAPY_BY_CLODO, NULL);
        rcs = classifier(HEAPY_BY_REFERRERS, classifier(HEAPY_BY_CLODO, NULL));
        const heapy_kind *types[] = {type_kind("b", 2), dicts_of(type_kind("a", 1))};
        kind = referred_by(classifier(HEAPY_BY_CLODO, NULL), types, 2, HEAPY_EQ);
        return HEAPY_OK;
    }
    heapy_status status = heapy_kind_text(kind, &writer, &text, error);
    if (!status)
        status = heapy_kind_set_text(heapy_kind_atom(kind), &writer, &set, error);
    if (!status)
        status = heapy_classifier_text(rcs, &writer, &by, error);
    if (!status)
        status = brief_of(snapshot, clodo, NULL, 80, &brief, error);
    heapy_text_free(text);
    heapy_text_free(set);
    heapy_text_free(by);
    heapy_text_free(brief);
    if (status || heapy_testing_remaining() <= 0)
        return status;
    heapy_kind_release(kind);
    heapy_classifier_release(rcs);
    heapy_classifier_release(clodo);
    heapy_snapshot_release(snapshot);
    heapy_address_map_destroy(map);
    return status;
}

static void
every_allocation_may_fail(void **state)
{
    (void)state;
    assert_ok(write_everything(err));
    fail_each_allocation(write_everything);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classes_of_one_classifier),
        cmocka_unit_test(classes_by_what_refers_and_where_it_was_made),
        cmocka_unit_test(classes_of_kinds_facts_and_classifiers),
        cmocka_unit_test(objects_in_expressions),
        cmocka_unit_test(briefs_of_sets),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("kind_text", tests, NULL, NULL);
}
