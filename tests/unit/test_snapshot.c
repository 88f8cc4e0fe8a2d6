/* SPDX-License-Identifier: MIT */
/* Snapshots: what columns say and what words say, what is made once, names of references. */
#include "support.h"

#include <string.h>

/*
 *     root "modules" --> 0: dict of 2 items --key 0--> 1: str --value 0--> 2: list, itself its only item
 *     3: a module     4: the type list     5: an object
 */
enum { NODES = 6 };

static heapy_status
build(heapy_graph **out, heapy_error *error)
{
    static const struct {
        const char *name;
        heapy_role role;
        heapy_node node;
    } types[] = {{"dict", HEAPY_ROLE_DICT, HEAPY_NO_NODE}, {"str", HEAPY_ROLE_TEXT, HEAPY_NO_NODE},
                 {"list", HEAPY_ROLE_SEQUENCE, 4},         {"module", HEAPY_ROLE_MODULE, HEAPY_NO_NODE},
                 {"type", HEAPY_ROLE_TYPE, HEAPY_NO_NODE}, {"mod.C", HEAPY_ROLE_OBJECT, HEAPY_NO_NODE}};
    heapy_graph_builder *b = NULL;
    heapy_edge_writer *edges = NULL;
    heapy_size_writer *sizes = NULL;
    heapy_facts *modules = NULL;
    heapy_type type = 0;
    uint32_t value = 0, name = 0;
    heapy_status status = heapy_graph_builder_create(NODES, &b, error);
    for (size_t t = 0; !status && t < NODES; t++) {
        heapy_type_row row = {.name = types[t].name, .role = types[t].role, .node = types[t].node};
        status = heapy_graph_builder_add_type(b, &row, &type, error);
        if (!status)
            heapy_graph_builder_types(b)[t] = type;
    }
    if (!status)
        status = heapy_graph_builder_sizes(b, &sizes, error);
    for (heapy_node i = 0; !status && i < NODES; i++)
        heapy_size_writer_put(sizes, i, 8 * (i + 1));
    if (!status)
        status = heapy_graph_builder_add_length(b, 0, 2, error);
    if (!status)
        status = heapy_graph_builder_add_length(b, 2, 1, error);
    if (!status)
        status = heapy_graph_builder_begin_facts(b, "module", &modules, error);
    if (!status)
        status = heapy_facts_add_value(modules, "os", 2, &value, error);
    if (!status)
        status = heapy_facts_add(modules, 3, value, error);
    if (!status)
        status = heapy_graph_builder_intern(b, "modules", 7, &name, error);
    if (!status)
        status = heapy_graph_builder_begin_edges(b, &edges, error);
    for (heapy_node i = 0; !status && i < NODES; i++) {
        bool room = true;
        if (i == 0)
            room = heapy_edge_writer_put(edges, 1, heapy_label_make(HEAPY_LABEL_KEY, 0)) &&
                   heapy_edge_writer_put(edges, 2, heapy_label_make(HEAPY_LABEL_VALUE, 0));
        else if (i == 2)
            room = heapy_edge_writer_put(edges, 2, heapy_label_make(HEAPY_LABEL_INDEX, 0));
        if (!room)
            status = error->status = HEAPY_NO_MEMORY, strcpy(error->message, "no memory for an edge");
        else
            status = heapy_graph_builder_end_node(b, error);
    }
    if (!status)
        status = heapy_graph_builder_add_root(b, 0, heapy_label_make(HEAPY_LABEL_ATTRIBUTE, name), error);
    if (status) {
        heapy_graph_builder_destroy(b);
        return status;
    }
    return heapy_graph_builder_finish(b, out, error);
}

/* ---- words ---- */

typedef struct speaker {
    heapy_address_map *map;
    int released;
} speaker;

/* Of the str: its value, and as a key its repr. */
static heapy_status
say(void *context, heapy_node node, heapy_text_use use, char **text, heapy_error *error)
{
    (void)context;
    *text = NULL;
    if (node != 1)
        return HEAPY_OK;
    *text = heapy_alloc_array(16, 1);
    if (!*text) {
        strcpy(error->message, "no memory for a text");
        return error->status = HEAPY_NO_MEMORY;
    }
    strcpy(*text, use == HEAPY_TEXT_ROW ? "a row" : "'k'");
    return HEAPY_OK;
}

static heapy_status
group_all(void *context, const heapy_node *keys, size_t count, uint32_t *groups, size_t *group_count,
          heapy_error *error)
{
    (void)context, (void)keys, (void)error;
    memset(groups, 0, count * sizeof *groups); /* all keys are equal */
    *group_count = count > 0;
    return HEAPY_OK;
}

static void
let_go(void *context)
{
    speaker *s = context;
    s->released++;
    heapy_address_map_destroy(s->map);
    s->map = NULL;
}

/* Node i at 0x100000 + 16 * i. */
static heapy_status
make_snapshot(speaker *s, heapy_snapshot **out, heapy_error *error)
{
    heapy_graph *graph = NULL;
    *s = (speaker){0};
    heapy_status status = heapy_address_map_create(&s->map, error);
    for (uintptr_t i = 0; !status && i < NODES; i++)
        if (heapy_address_map_mark(s->map, 0x100000 + 16 * i) < 0)
            status = error->status = HEAPY_NO_MEMORY, strcpy(error->message, "no memory for an address");
    if (!status)
        status = heapy_address_map_freeze(s->map, error);
    if (!status)
        status = build(&graph, error);
    if (status) {
        heapy_address_map_destroy(s->map);
        return status;
    }
    const heapy_words words = {.text = say, .group_keys = group_all, .release = let_go, .context = s};
    return heapy_snapshot_create(graph, s->map, &words, out, error);
}

/* ---- tests ---- */

static void
assert_text(const heapy_snapshot *snapshot, heapy_node node, const char *expected)
{
    char *text;
    assert_ok(heapy_snapshot_text(snapshot, node, HEAPY_TEXT_ROW, &text, err));
    assert_string_equal(text, expected);
    heapy_text_free(text);
}

static void
columns_speak_first_then_words_then_addresses(void **state)
{
    (void)state;
    speaker s;
    heapy_snapshot *snapshot;
    char *text;
    assert_ok(make_snapshot(&s, &snapshot, err));
    assert_text(snapshot, 0, "0x100000*2");
    assert_text(snapshot, 1, "a row");
    assert_text(snapshot, 2, "0x100020*1");
    assert_text(snapshot, 3, "os");
    assert_text(snapshot, 4, "list");
    assert_text(snapshot, 5, "0x100050");
    assert_int_equal(heapy_snapshot_text(snapshot, NODES, HEAPY_TEXT_ROW, &text, err), HEAPY_INVALID);
    assert_int_equal(heapy_snapshot_node(snapshot, 0x100030), 3);
    assert_int_equal(heapy_snapshot_node(snapshot, 0x200000), HEAPY_NO_NODE);
    assert_int_equal(heapy_snapshot_address(snapshot, 3), 0x100030);
    assert_int_equal(heapy_snapshot_address(snapshot, NODES), 0);
    assert_ptr_equal(heapy_snapshot_retain(snapshot), snapshot);
    heapy_snapshot_release(snapshot);
    assert_int_equal(s.released, 0);
    heapy_snapshot_release(snapshot);
    assert_int_equal(s.released, 1);
    heapy_snapshot_release(NULL);
}

static void
without_words_and_addresses_nodes_have_numbers(void **state)
{
    (void)state;
    heapy_graph *graph;
    heapy_snapshot *snapshot;
    assert_ok(build(&graph, err));
    assert_ok(heapy_snapshot_create(graph, NULL, NULL, &snapshot, err));
    assert_text(snapshot, 0, "#0*2");
    assert_text(snapshot, 1, "#1");
    assert_text(snapshot, 3, "os");
    assert_int_equal(heapy_snapshot_address(snapshot, 1), 0);
    assert_int_equal(heapy_snapshot_node(snapshot, 0x100000), HEAPY_NO_NODE);
    heapy_snapshot_release(snapshot);
}

static void
addresses_must_be_as_many_as_nodes(void **state)
{
    (void)state;
    heapy_graph *graph;
    heapy_snapshot *snapshot;
    speaker s = {0};
    assert_ok(heapy_address_map_create(&s.map, err));
    assert_ok(heapy_address_map_freeze(s.map, err));
    assert_ok(build(&graph, err));
    const heapy_words words = {.release = let_go, .context = &s};
    assert_int_equal(heapy_snapshot_create(graph, s.map, &words, &snapshot, err), HEAPY_INVALID);
    assert_int_equal(s.released, 1);
}

static void
what_is_derived_is_made_once(void **state)
{
    (void)state;
    speaker s;
    heapy_snapshot *snapshot;
    const heapy_referrers *referrers, *same;
    heapy_dominators *dominators, *again;
    assert_ok(make_snapshot(&s, &snapshot, err));
    size_t bytes = heapy_snapshot_bytes(snapshot);
    assert_ok(heapy_snapshot_dominators(snapshot, NULL, &dominators, err));
    assert_ok(heapy_snapshot_dominators(snapshot, NULL, &again, err));
    assert_ptr_equal(dominators, again);
    assert_ok(heapy_snapshot_referrers(snapshot, &referrers, err));
    assert_ok(heapy_snapshot_referrers(snapshot, &same, err));
    assert_ptr_equal(referrers, same);
    assert_int_equal(heapy_retained_size(dominators, 0), 8 + 16 + 24);
    assert_true(heapy_snapshot_bytes(snapshot) > bytes);
    heapy_snapshot_release(snapshot);
}

/* */
static void
references_are_named(void **state)
{
    (void)state;
    speaker s;
    heapy_snapshot *snapshot;
    heapy_reference_names names;
    assert_ok(make_snapshot(&s, &snapshot, err));
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    const struct {
        heapy_reference reference;
        const char *source, *text, *name;
    } cases[] = {
        {{heapy_graph_root_label(graph, 0), HEAPY_NO_NODE}, "Root", "Root.modules", "'.modules'"},
        {heapy_reference_of_edge(graph, 0, 1, heapy_label_make(HEAPY_LABEL_VALUE, 0)), "d", "d['k']",
         "\"['k']\""},
        {{heapy_label_make(HEAPY_LABEL_INDEX, 3), HEAPY_NO_NODE}, "x", "x[3]", "'[3]'"},
        {{heapy_label_make(HEAPY_LABEL_KEY, 3), HEAPY_NO_NODE}, "x", "x.keys()[3]", "'.keys()[3]'"},
        {{heapy_label_make(HEAPY_LABEL_MEMBER, 3), HEAPY_NO_NODE}, "x", "list(x)[3]", "'list(_)[3]'"},
        {{heapy_label_make(HEAPY_LABEL_STACK, 3), HEAPY_NO_NODE},
         "x",
         "x->f_valuestack[3]",
         "'->f_valuestack[3]'"},
        {{heapy_label_make(HEAPY_LABEL_LOCAL, 0), HEAPY_NO_NODE},
         "f",
         "f.f_locals['modules']",
         "\".f_locals['modules']\""},
        {{heapy_label_make(HEAPY_LABEL_INTERNAL, 0), HEAPY_NO_NODE}, "x", "x->modules", "'->modules'"},
        {{heapy_label_make(HEAPY_LABEL_UNNAMED, 0), HEAPY_NO_NODE}, "x", "x.??", "'.?\?'"},
        {{heapy_label_make(HEAPY_LABEL_VALUE, 0), 2}, "d", "d[<key at 0x100020>]", NULL}, /* equal to 'k' */
        {{heapy_label_make(HEAPY_LABEL_VALUE, 0), HEAPY_NO_NODE},
         "d",
         "d[<unknown key>]",
         "'[<unknown key>]'"},
    };
    enum { COUNT = sizeof cases / sizeof *cases };
    heapy_reference references[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        char *text;
        references[i] = cases[i].reference;
        assert_ok(
            heapy_reference_text(snapshot, cases[i].reference, cases[i].source, HEAPY_TEXT_KEY, &text, err));
        assert_string_equal(text, cases[i].text);
        heapy_text_free(text);
    }
    assert_ok(heapy_reference_names_init(&names, snapshot, references, COUNT, err));
    assert_int_equal(names.text_count, COUNT - 1);
    for (size_t i = 0; i < COUNT; i++)
        assert_string_equal(names.texts[names.numbers[i]], cases[i].name ? cases[i].name : "\"['k']\"");
    heapy_reference_names_deinit(&names);
    heapy_snapshot_release(snapshot);
}

/* As Python's repr() of a str has them, which tools/make_printable.py's table is made from. */
static void
names_are_quoted_as_python_does(void **state)
{
    (void)state;
    static const struct {
        const char *name, *quoted;
    } cases[] = {
        {"a", "'.a'"},
        {"it's", "\".it's\""},
        {"it's \"so\"", "'.it\\'s \"so\"'"},
        {"back\\slash", "'.back\\\\slash'"},
        {"\n\r\t\x7f", "'.\\n\\r\\t\\x7f'"},
        {"\xc3\xa9\xc2\xa0\xc2\xad", "'.\xc3\xa9\\xa0\\xad'"},  /* e acute; no-break space; soft hyphen */
        {"\xe2\x80\x8b\xe4\xb8\x80", "'.\\u200b\xe4\xb8\x80'"}, /* zero-width space; a CJK character */
        {"\xf0\x9f\x98\x80\xf3\xb0\x80\x80", "'.\xf0\x9f\x98\x80\\U000f0000'"}, /* a face; private use */
        {"\xed\xa0\x80", "'.\\ud800'"},                                         /* a lone surrogate */
        {"\xff"
         "a\xc3",
         "'.\\udcffa\\udcc3'"},            /* no UTF-8 */
        {"\xc0\x80", "'.\\udcc0\\udc80'"}, /* too long a form */
    };
    enum { COUNT = sizeof cases / sizeof *cases };
    heapy_graph_builder *b;
    heapy_graph *graph;
    heapy_snapshot *snapshot;
    heapy_reference references[COUNT];
    heapy_reference_names names;
    assert_ok(heapy_graph_builder_create(0, &b, err));
    for (size_t i = 0; i < COUNT; i++) {
        uint32_t name;
        assert_ok(heapy_graph_builder_intern(b, cases[i].name, strlen(cases[i].name), &name, err));
        references[i] = (heapy_reference){heapy_label_make(HEAPY_LABEL_ATTRIBUTE, name), HEAPY_NO_NODE};
    }
    assert_ok(heapy_graph_builder_finish(b, &graph, err));
    assert_ok(heapy_snapshot_create(graph, NULL, NULL, &snapshot, err));
    assert_ok(heapy_reference_names_init(&names, snapshot, references, COUNT, err));
    for (size_t i = 0; i < COUNT; i++)
        assert_string_equal(names.texts[names.numbers[i]], cases[i].quoted);
    heapy_reference_names_deinit(&names);
    heapy_snapshot_release(snapshot);
}

/* ---- functions ---- */

enum { FUNCTIONS = 4, NAME = FUNCTIONS, MODULE, NONE, METHOD, OF_METHOD, FUNCTION_NODES };

/* 0: has a name and a module; 1: its module is None; 2: no module is known; 3: no name is.
   METHOD: of 0 and NAME; OF_METHOD: of another method. */
static heapy_status
build_functions(heapy_graph **out, heapy_error *error)
{
    static const heapy_node modules[FUNCTIONS] = {MODULE, NONE, HEAPY_NO_NODE, MODULE};
    heapy_graph_builder *b = NULL;
    heapy_edge_writer *edges = NULL;
    heapy_type types[4];
    uint32_t name = 0, qualname = 0, module = 0, self = 0, func = 0;
    heapy_label both = 0;
    heapy_status status = heapy_graph_builder_create(FUNCTION_NODES, &b, error);
    if (!status)
        status = add_type(b, "function", HEAPY_ROLE_FUNCTION, &types[0], error);
    if (!status)
        status = add_type(b, "str", HEAPY_ROLE_TEXT, &types[1], error);
    if (!status)
        status = add_type(b, "NoneType", HEAPY_ROLE_VALUE, &types[2], error);
    if (!status)
        status = add_type(b, "method", HEAPY_ROLE_METHOD, &types[3], error);
    for (heapy_node i = 0; !status && i < FUNCTION_NODES; i++)
        heapy_graph_builder_types(b)[i] = types[i < FUNCTIONS ? 0 : i < NONE ? 1 : i == NONE ? 2 : 3];
    if (!status)
        status = heapy_graph_builder_intern(b, "__name__", 8, &name, error);
    if (!status)
        status = heapy_graph_builder_intern(b, "__qualname__", 12, &qualname, error);
    if (!status)
        status = heapy_graph_builder_intern(b, "__module__", 10, &module, error);
    if (!status)
        status = heapy_graph_builder_intern(b, "__self__", 8, &self, error);
    if (!status)
        status = heapy_graph_builder_intern(b, "__func__", 8, &func, error);
    const heapy_label names[] = {heapy_label_make(HEAPY_LABEL_ATTRIBUTE, qualname),
                                 heapy_label_make(HEAPY_LABEL_ATTRIBUTE, name)};
    if (!status)
        status = heapy_graph_builder_several(b, names, 2, &both, error);
    if (!status)
        status = heapy_graph_builder_begin_edges(b, &edges, error);
    for (heapy_node i = 0; !status && i < FUNCTION_NODES; i++) {
        bool room = true;
        if (i < FUNCTIONS - 1)
            room = heapy_edge_writer_put(edges, NAME, both);
        if (i < FUNCTIONS && modules[i] != HEAPY_NO_NODE)
            room = room &&
                   heapy_edge_writer_put(edges, modules[i], heapy_label_make(HEAPY_LABEL_ATTRIBUTE, module));
        if (i >= METHOD)
            room = heapy_edge_writer_put(edges, NAME, heapy_label_make(HEAPY_LABEL_ATTRIBUTE, self)) &&
                   heapy_edge_writer_put(edges, i == METHOD ? 0 : METHOD,
                                         heapy_label_make(HEAPY_LABEL_ATTRIBUTE, func));
        if (!room)
            status = error->status = HEAPY_NO_MEMORY, strcpy(error->message, "no memory for an edge");
        else
            status = heapy_graph_builder_end_node(b, error);
    }
    if (!status)
        return heapy_graph_builder_finish(b, out, error);
    heapy_graph_builder_destroy(b);
    return status;
}

/* Functions are said to have another name by now. */
static heapy_status
say_of_functions(void *context, heapy_node node, heapy_text_use use, char **text, heapy_error *error)
{
    (void)context;
    const char *said = use == HEAPY_TEXT_ROW          ? "live.renamed"
                       : use != HEAPY_TEXT_CHARACTERS ? NULL
                       : node == NAME                 ? "f"
                       : node == MODULE               ? "mod"
                                                      : NULL;
    *text = NULL;
    if (!said)
        return HEAPY_OK;
    *text = heapy_alloc_array(16, 1);
    if (!*text) {
        strcpy(error->message, "no memory for a text");
        return error->status = HEAPY_NO_MEMORY;
    }
    strcpy(*text, said);
    return HEAPY_OK;
}

static heapy_status
name_functions(heapy_error *error)
{
    static const struct {
        heapy_node node;
        const char *text;
    } cases[] = {{0, "mod.f"},
                 {1, "None.f"},
                 {2, "live.renamed"},
                 {3, "live.renamed"},
                 {METHOD, "<str at 0x100040>.f"},
                 {OF_METHOD, "live.renamed"}};
    speaker s = {0};
    heapy_graph *graph = NULL;
    heapy_snapshot *snapshot = NULL;
    heapy_status status = heapy_address_map_create(&s.map, error);
    for (uintptr_t i = 0; !status && i < FUNCTION_NODES; i++)
        if (heapy_address_map_mark(s.map, 0x100000 + 16 * i) < 0)
            status = error->status = HEAPY_NO_MEMORY, strcpy(error->message, "no memory for an address");
    if (!status)
        status = heapy_address_map_freeze(s.map, error);
    if (!status)
        status = build_functions(&graph, error);
    if (status) {
        heapy_address_map_destroy(s.map);
        return status;
    }
    const heapy_words words = {.text = say_of_functions, .release = let_go, .context = &s};
    status = heapy_snapshot_create(graph, s.map, &words, &snapshot, error);
    for (size_t i = 0; !status && i < sizeof cases / sizeof *cases; i++) {
        char *text = NULL;
        status = heapy_snapshot_text(snapshot, cases[i].node, HEAPY_TEXT_ROW, &text, error);
        if (!status) {
            assert_string_equal(text, cases[i].text);
            heapy_text_free(text);
        }
    }
    heapy_snapshot_release(snapshot);
    return status;
}

static void
functions_have_the_names_that_their_references_lead_to(void **state)
{
    (void)state;
    assert_ok(name_functions(err));
    fail_each_allocation(name_functions);
}

static heapy_status
do_everything(heapy_error *error)
{
    speaker s;
    heapy_snapshot *snapshot = NULL;
    heapy_dominators *dominators;
    heapy_reference_names names = {0};
    const heapy_reference references[] = {{heapy_label_make(HEAPY_LABEL_VALUE, 0), 1},
                                          {heapy_label_make(HEAPY_LABEL_INDEX, 0), HEAPY_NO_NODE}};
    char *text = NULL;
    heapy_status status = make_snapshot(&s, &snapshot, error);
    if (!status)
        status = heapy_snapshot_dominators(snapshot, NULL, &dominators, error);
    for (heapy_node i = 0; !status && i < NODES; i++) {
        status = heapy_snapshot_text(snapshot, i, HEAPY_TEXT_ROW, &text, error);
        if (!status)
            heapy_text_free(text);
    }
    if (!status)
        status = heapy_reference_names_init(&names, snapshot, references, 2, error);
    heapy_reference_names_deinit(&names);
    heapy_snapshot_release(snapshot);
    return status;
}

static void
each_failing_allocation_is_reported(void **state)
{
    (void)state;
    fail_each_allocation(do_everything);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_speak_first_then_words_then_addresses),
        cmocka_unit_test(without_words_and_addresses_nodes_have_numbers),
        cmocka_unit_test(addresses_must_be_as_many_as_nodes),
        cmocka_unit_test(what_is_derived_is_made_once),
        cmocka_unit_test(references_are_named),
        cmocka_unit_test(names_are_quoted_as_python_does),
        cmocka_unit_test(functions_have_the_names_that_their_references_lead_to),
        cmocka_unit_test(each_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
