/* SPDX-License-Identifier: MIT */
/* Snapshots in files: what was written is read, whatever fails is said, and what is spoilt is refused. */
#define _GNU_SOURCE /* memfd_create */
#include "random_snapshot.h"

#include <errno.h>
#include <sys/stat.h>

#include "describe_snapshot.h"

/* ---- help ---- */

static const heapy_snapshot_write_options ALL_PLAIN = {
    .contents = HEAPY_CONTENTS_VALUES, .codec = HEAPY_CODEC_PLAIN, .info = "{\"pid\": 1}", .info_length = 10};

/* Owned, free(). */
static char *
description(const heapy_snapshot *snapshot)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    assert_ok(describe_snapshot(out, snapshot, err));
    fclose(out);
    return text;
}

static heapy_snapshot_file *
opened(const file_bytes *bytes, const heapy_snapshot_open_options *options)
{
    heapy_snapshot_file *file;
    assert_ok(open_bytes(bytes->bytes, bytes->count, options, &file, err));
    return file;
}

static heapy_snapshot *
snapshot_of(heapy_snapshot_file *file, unsigned needs)
{
    heapy_snapshot *snapshot;
    assert_ok(heapy_snapshot_file_snapshot(file, needs, &snapshot, err));
    return snapshot;
}

/* Everything that a file can be asked, as one status. */
static heapy_status
ask_everything(heapy_snapshot_file *file, const char *expected, heapy_error *error)
{
    heapy_snapshot *snapshot;
    heapy_node_set *before;
    char *text;
    size_t length;
    heapy_status status = heapy_snapshot_file_before(file, &before, error);
    if (status)
        return status;
    heapy_node_set_destroy(before);
    status = heapy_snapshot_file_snapshot(file, HEAPY_FILE_EVERYTHING, &snapshot, error);
    if (status)
        return status;
    FILE *out = open_memstream(&text, &length);
    status = describe_snapshot(out, snapshot, error);
    fclose(out);
    if (!status)
        assert_string_equal(text, expected);
    free(text);
    heapy_snapshot_release(snapshot);
    return status;
}

/* ---- round trips ---- */

static void
what_was_written_is_read(void **state)
{
    (void)state;
    seed_random(1501);
    for (int round = 0; round < 60; round++) {
        size_t nodes = round % 5 ? random_below(200) : random_below(3);
        heapy_snapshot *snapshot = random_snapshot(nodes);
        heapy_snapshot_write_options options = ALL_PLAIN;
        heapy_node_set *before, *read;
        options.codec = round % 2 ? HEAPY_CODEC_PLAIN : HEAPY_CODEC_BEST;
        assert_ok(heapy_node_set_create(nodes, &before, err));
        for (heapy_node i = 0; i < nodes; i += 1 + (heapy_node)random_below(4))
            heapy_node_set_add(before, i);
        options.before = before;
        file_bytes bytes = written(snapshot, &options);
        const heapy_snapshot_open_options how = {.is_unchanging = round % 3 == 0,
                                                 .memory_limit = round % 3 == 1 ? 1 : 0};
        heapy_snapshot_file *file = opened(&bytes, &how);
        heapy_snapshot_file_info info = heapy_snapshot_file_describe(file);
        assert_int_equal(info.node_count, nodes);
        assert_int_equal(info.file_bytes, bytes.count);
        assert_int_equal(info.contents, HEAPY_CONTENTS_VALUES);
        assert_int_equal(info.columns | HEAPY_FILE_LENGTHS, HEAPY_FILE_EVERYTHING); /* none may have one */
        assert_string_equal(info.info, "{\"pid\": 1}");
        assert_ok(heapy_snapshot_file_before(file, &read, err));
        assert_true(heapy_node_set_equal(read, before));
        heapy_snapshot *same = snapshot_of(file, HEAPY_FILE_EVERYTHING);
        heapy_snapshot_file_close(file); /* the snapshot keeps what it needs */
        char *text = description(snapshot), *other = description(same);
        assert_string_equal(text, other);
        assert_ok(heapy_graph_validate(heapy_snapshot_graph(same), err));
        assert_ok(heapy_address_map_check(heapy_snapshot_map(same), err));
        free(text);
        free(other);
        free(bytes.bytes);
        heapy_node_set_destroy(before);
        heapy_node_set_destroy(read);
        heapy_snapshot_release(same);
        heapy_snapshot_release(snapshot);
    }
}

/* A file of a file is the same file. */
static void
writing_what_was_read_gives_the_same_bytes(void **state)
{
    (void)state;
    seed_random(1502);
    for (int round = 0; round < 10; round++) {
        heapy_snapshot *snapshot = random_snapshot(1 + random_below(3000));
        heapy_snapshot_write_options options = ALL_PLAIN;
        options.codec = round % 2 ? HEAPY_CODEC_PLAIN : HEAPY_CODEC_BEST;
        file_bytes bytes = written(snapshot, &options);
        heapy_snapshot_file *file = opened(&bytes, NULL);
        heapy_snapshot *same = snapshot_of(file, HEAPY_FILE_EVERYTHING);
        file_bytes again = written(same, &options);
        assert_int_equal(bytes.count, again.count);
        assert_memory_equal(bytes.bytes, again.bytes, bytes.count);
        heapy_snapshot_file_close(file);
        heapy_snapshot_release(same);
        heapy_snapshot_release(snapshot);
        free(bytes.bytes);
        free(again.bytes);
    }
}

/* Classes by every relation, with their names. */
static void
assert_same_classes(heapy_snapshot *const *both, size_t nodes)
{
    for (int form = HEAPY_BY_TYPE; form <= HEAPY_BY_REFERENCES; form++) {
        heapy_classes *classes[2];
        for (int i = 0; i < 2; i++)
            assert_ok(classify_all((heapy_classifier_form)form, both[i], &classes[i], err));
        assert_memory_equal(heapy_classes_of_members(classes[0]), heapy_classes_of_members(classes[1]),
                            nodes * sizeof(heapy_class));
        for (heapy_class c = 0; c < heapy_classes_count(classes[0]); c++)
            assert_string_equal(heapy_classes_name(classes[0], c), heapy_classes_name(classes[1], c));
        heapy_classes_destroy(classes[0]);
        heapy_classes_destroy(classes[1]);
    }
}

/* What is around a random set; and the names of all references, equal keys alike. */
static void
assert_same_relations(heapy_snapshot *const *both, size_t nodes)
{
    heapy_node_set *start, *answers[2];
    assert_ok(heapy_node_set_create(nodes, &start, err));
    for (size_t i = 0; i < 5; i++)
        heapy_node_set_add(start, (heapy_node)random_below(nodes));
    for (int question = 0; question < HEAPY_QUESTION_COUNT; question++) {
        for (int i = 0; i < 2; i++)
            assert_ok(heapy_ask(both[i], (heapy_question)question, HEAPY_NO_NODE, start, &answers[i], err));
        assert_true(heapy_node_set_equal(answers[0], answers[1]));
        heapy_node_set_destroy(answers[0]);
        heapy_node_set_destroy(answers[1]);
    }
    heapy_node_set_destroy(start);
    heapy_reference references[40];
    heapy_reference_names names[2];
    for (size_t i = 0; i < 40; i++)
        references[i] = (heapy_reference){heapy_label_make(HEAPY_LABEL_VALUE, 0), HEAPY_NO_NODE};
    const heapy_graph *graph = heapy_snapshot_graph(both[0]);
    size_t count = 0;
    for (uint64_t e = 0; count < 40 && e < heapy_graph_edge_count(graph); e++)
        if (heapy_label_kind_of(heapy_graph_labels(graph)[e]) == HEAPY_LABEL_KEY)
            references[count++].key = heapy_graph_targets(graph)[e];
    for (int i = 0; i < 2; i++)
        assert_ok(heapy_reference_names_init(&names[i], both[i], references, count, err));
    assert_int_equal(names[0].text_count, names[1].text_count);
    assert_memory_equal(names[0].numbers, names[1].numbers, count * sizeof *names[0].numbers);
    for (size_t i = 0; i < names[0].text_count; i++)
        assert_string_equal(names[0].texts[i], names[1].texts[i]);
    heapy_reference_names_deinit(&names[0]);
    heapy_reference_names_deinit(&names[1]);
}

/* Tables and dominators: questions that stand on several columns. */
static void
questions_have_the_same_answers(void **state)
{
    (void)state;
    seed_random(1503);
    for (int round = 0; round < 10; round++) {
        heapy_snapshot *both[2] = {random_snapshot(1 + random_below(300)), NULL};
        file_bytes bytes = written(both[0], &ALL_PLAIN);
        heapy_snapshot_file *file = opened(&bytes, NULL);
        both[1] = snapshot_of(file, HEAPY_FILE_EVERYTHING);
        size_t nodes = heapy_graph_node_count(heapy_snapshot_graph(both[0]));
        assert_same_classes(both, nodes);
        assert_same_relations(both, nodes);
        heapy_dominators *dominators[2];
        heapy_id_table *tables[2];
        const heapy_table *rows[2];
        for (int i = 0; i < 2; i++) {
            heapy_classes *clodo;
            assert_ok(classify_all(HEAPY_BY_CLODO, both[i], &clodo, err));
            assert_ok(heapy_id_table_create(both[i], NULL, clodo, &tables[i], err));
            assert_ok(heapy_id_table_rows(tables[i], nodes, &rows[i], err));
            assert_ok(heapy_snapshot_dominators(both[i], NULL, &dominators[i], err));
        }
        for (heapy_node n = 0; n < nodes; n++) {
            assert_string_equal(rows[0]->rows[n].name, rows[1]->rows[n].name);
            assert_int_equal(rows[0]->rows[n].size, rows[1]->rows[n].size);
            assert_int_equal(heapy_dominators_has(dominators[0], n), heapy_dominators_has(dominators[1], n));
            if (heapy_dominators_has(dominators[0], n))
                assert_int_equal(heapy_retained_size(dominators[0], n),
                                 heapy_retained_size(dominators[1], n));
        }
        for (int i = 0; i < 2; i++) {
            heapy_id_table_destroy(tables[i]);
            heapy_snapshot_release(both[i]);
        }
        heapy_snapshot_file_close(file);
        free(bytes.bytes);
    }
}

/* As a graph of more than 2^32 edges has them. */
static void
wide_offsets_are_written_and_read(void **state)
{
    (void)state;
    static const heapy_type types[3];
    static const uint64_t offsets[] = {0, 2, 2, 3};
    static const uint32_t targets[] = {1, 2, 0};
    static const heapy_label labels[] = {0x20000000, 0x20000001, 0x20000000};
    const heapy_lent_edges edges = {NULL, offsets, targets, labels, 3};
    heapy_graph_builder *b;
    heapy_graph *graph;
    heapy_type type;
    heapy_snapshot *snapshot;
    uint64_t first, end;
    assert_ok(heapy_graph_builder_create_lent(3, types, NULL, &b, err));
    assert_ok(add_type(b, "list", HEAPY_ROLE_SEQUENCE, &type, err));
    assert_ok(heapy_graph_builder_lend_edges(b, &edges, err));
    assert_ok(heapy_graph_builder_finish(b, &graph, err));
    assert_ok(heapy_snapshot_create(graph, NULL, NULL, &snapshot, err));
    file_bytes bytes = written(snapshot, &ALL_PLAIN);
    heapy_snapshot_file *file = opened(&bytes, NULL);
    heapy_snapshot *same = snapshot_of(file, HEAPY_FILE_EDGES);
    heapy_graph_edges(heapy_snapshot_graph(same), 2, &first, &end);
    assert_int_equal(first, 2);
    assert_int_equal(end, 3);
    heapy_snapshot_release(same);
    heapy_snapshot_release(snapshot);
    heapy_snapshot_file_close(file);
    free(bytes.bytes);
}

static void
roots_without_edges_are_kept(void **state)
{
    (void)state;
    heapy_graph_builder *b;
    heapy_graph *graph;
    heapy_type type;
    heapy_snapshot *snapshot;
    assert_ok(heapy_graph_builder_create(2, &b, err));
    assert_ok(add_type(b, "list", HEAPY_ROLE_SEQUENCE, &type, err));
    memset(heapy_graph_builder_types(b), 0, 2 * sizeof(heapy_type));
    assert_ok(heapy_graph_builder_add_root(b, 1, heapy_label_make(HEAPY_LABEL_INDEX, 3), err));
    assert_ok(heapy_graph_builder_finish(b, &graph, err));
    assert_ok(heapy_snapshot_create(graph, NULL, NULL, &snapshot, err));
    file_bytes bytes = written(snapshot, &ALL_PLAIN);
    heapy_snapshot_file *file = opened(&bytes, NULL);
    assert_int_equal(heapy_snapshot_file_describe(file).columns & HEAPY_FILE_EDGES, 0);
    heapy_snapshot *same = snapshot_of(file, HEAPY_FILE_EVERYTHING);
    assert_false(heapy_graph_has_edges(heapy_snapshot_graph(same)));
    assert_int_equal(heapy_graph_root_count(heapy_snapshot_graph(same)), 1);
    assert_int_equal(heapy_graph_root_target(heapy_snapshot_graph(same), 0), 1);
    heapy_snapshot_release(same);
    heapy_snapshot_release(snapshot);
    heapy_snapshot_file_close(file);
    free(bytes.bytes);
}

/* Columns of several frames, some of which compress so well that they are filled up. */
static void
long_columns_are_cut_into_frames(void **state)
{
    (void)state;
    if (!heapy_snapshot_file_has_zstd())
        skip();
    heapy_graph_builder *b;
    heapy_graph *graph;
    heapy_type type;
    heapy_size_writer *sizes;
    heapy_snapshot *snapshot;
    const size_t nodes = 700001;
    seed_random(1504);
    assert_ok(heapy_graph_builder_create(nodes, &b, err));
    assert_ok(add_type(b, "object", HEAPY_ROLE_OBJECT, &type, err));
    memset(heapy_graph_builder_types(b), 0, nodes * sizeof(heapy_type));
    assert_ok(heapy_graph_builder_sizes(b, &sizes, err));
    for (heapy_node i = 0; i < nodes; i++)
        heapy_size_writer_put(sizes, i, random_below(HEAPY_LARGE_SIZE)); /* does not compress */
    assert_ok(heapy_graph_builder_finish(b, &graph, err));
    assert_ok(heapy_snapshot_create(graph, NULL, NULL, &snapshot, err));
    const heapy_snapshot_write_options options = {.codec = HEAPY_CODEC_ZSTD};
    file_bytes bytes = written(snapshot, &options);
    const heapy_snapshot_open_options spilling = {.memory_limit = 1000};
    for (int i = 0; i < 2; i++) {
        heapy_snapshot_file *file = opened(&bytes, i ? &spilling : NULL);
        assert_true(heapy_snapshot_file_describe(file).is_compressed);
        heapy_snapshot *same = snapshot_of(file, HEAPY_FILE_SIZES);
        const heapy_graph *other = heapy_snapshot_graph(same);
        assert_memory_equal(heapy_graph_types(other), heapy_graph_types(graph), nodes * 4);
        assert_memory_equal(heapy_graph_sizes(other).narrow, heapy_graph_sizes(graph).narrow, nodes * 4);
        heapy_snapshot_release(same);
        heapy_snapshot_file_close(file);
    }
    free(bytes.bytes);
    heapy_snapshot_release(snapshot);
}

/* Edges of several frames, with offsets of 4 and of 8 bytes: every transform that columns are packed with. */
static void
long_columns_of_edges_are_transformed_and_read(void **state)
{
    (void)state;
    const size_t nodes = 300001;
    heapy_type *types = calloc(nodes, sizeof *types);
    uint32_t *narrow = malloc((nodes + 1) * sizeof *narrow);
    uint64_t *wide = malloc((nodes + 1) * sizeof *wide);
    seed_random(1505);
    narrow[0] = 0;
    for (size_t i = 0; i < nodes; i++)
        narrow[i + 1] = narrow[i] + (uint32_t)random_below(i % 1000 ? 3 : 100);
    for (size_t i = 0; i <= nodes; i++)
        wide[i] = narrow[i];
    size_t count = narrow[nodes];
    uint32_t *targets = malloc(count * sizeof *targets);
    heapy_label *labels = malloc(count * sizeof *labels);
    for (size_t e = 0; e < count; e++) {
        targets[e] = (uint32_t)(random_below(3) ? e % nodes : random_below(nodes));
        labels[e] = heapy_label_make(HEAPY_LABEL_INDEX, (uint32_t)random_below(1 << 20));
    }
    for (int i = 0; i < 4; i++) {
        const heapy_lent_edges edges = {i % 2 ? narrow : NULL, i % 2 ? NULL : wide, targets, labels, count};
        const heapy_snapshot_write_options options = {.codec = HEAPY_CODEC_BEST};
        const heapy_snapshot_open_options how = {.memory_limit = i / 2 ? 1000 : 0};
        heapy_graph_builder *b;
        heapy_graph *graph;
        heapy_type type;
        heapy_snapshot *snapshot;
        assert_ok(heapy_graph_builder_create_lent(nodes, types, NULL, &b, err));
        assert_ok(add_type(b, "list", HEAPY_ROLE_SEQUENCE, &type, err));
        assert_ok(heapy_graph_builder_lend_edges(b, &edges, err));
        assert_ok(heapy_graph_builder_finish(b, &graph, err));
        assert_ok(heapy_snapshot_create(graph, NULL, NULL, &snapshot, err));
        file_bytes bytes = written(snapshot, &options);
        heapy_snapshot_file *file = opened(&bytes, &how);
        heapy_snapshot *same = snapshot_of(file, HEAPY_FILE_EDGES);
        const heapy_graph *other = heapy_snapshot_graph(same);
        assert_int_equal(heapy_graph_edge_count(other), count);
        assert_memory_equal(heapy_graph_targets(other), targets, count * sizeof *targets);
        assert_memory_equal(heapy_graph_labels(other), labels, count * sizeof *labels);
        for (heapy_node node = 0; node < nodes; node++) {
            uint64_t first, end;
            heapy_graph_edges(other, node, &first, &end);
            assert_true(first == wide[node] && end == wide[node + 1]);
        }
        heapy_snapshot_release(same);
        heapy_snapshot_file_close(file);
        heapy_snapshot_release(snapshot);
        free(bytes.bytes);
    }
    free(types);
    free(narrow);
    free(wide);
    free(targets);
    free(labels);
}

/* What is told of a file by one thread or more: a message, or nothing of one that is whole. */
static void
told_by(const char *threads, const file_bytes *bytes, char *message)
{
    heapy_snapshot_file *file;
    heapy_snapshot *snapshot;
    setenv("HEAPY_THREADS", threads, 1);
    message[0] = '\0';
    heapy_status status = open_bytes(bytes->bytes, bytes->count, NULL, &file, err);
    if (!status) {
        status = heapy_snapshot_file_snapshot(file, HEAPY_FILE_SIZES, &snapshot, err);
        if (!status)
            heapy_snapshot_release(snapshot);
        heapy_snapshot_file_close(file);
    }
    const char *told = status ? strstr(err->message, ": at byte") : ""; /* paths differ */
    snprintf(message, sizeof err->message, "%s", told ? told : err->message);
    unsetenv("HEAPY_THREADS");
}

/* Damage in several frames is told of as by one thread. */
static void
any_number_of_threads_tells_the_same(void **state)
{
    (void)state;
    if (!heapy_snapshot_file_has_zstd())
        skip();
    heapy_graph_builder *b;
    heapy_graph *graph;
    heapy_type type;
    heapy_size_writer *sizes;
    heapy_snapshot *snapshot;
    const size_t nodes = 4000001; /* 16 frames */
    seed_random(1506);
    assert_ok(heapy_graph_builder_create(nodes, &b, err));
    assert_ok(add_type(b, "object", HEAPY_ROLE_OBJECT, &type, err));
    memset(heapy_graph_builder_types(b), 0, nodes * sizeof(heapy_type));
    assert_ok(heapy_graph_builder_sizes(b, &sizes, err));
    for (heapy_node i = 0; i < nodes; i++)
        heapy_size_writer_put(sizes, i, 16 * (1 + random_below(1000)));
    assert_ok(heapy_graph_builder_finish(b, &graph, err));
    assert_ok(heapy_snapshot_create(graph, NULL, NULL, &snapshot, err));
    const heapy_snapshot_write_options options = {.codec = HEAPY_CODEC_ZSTD};
    file_bytes bytes = written(snapshot, &options);
    for (int round = 0; round < 8; round++) {
        char messages[3][sizeof err->message];
        size_t places[3];
        for (int i = 0; i < 3; i++)
            bytes.bytes[places[i] = random_below(bytes.count)] ^= round ? 0x55 : 0;
        told_by("1", &bytes, messages[0]);
        told_by("2", &bytes, messages[1]);
        told_by("5", &bytes, messages[2]);
        assert_string_equal(messages[0], messages[1]);
        assert_string_equal(messages[0], messages[2]);
        assert_int_equal(!messages[0][0], !round);
        for (int i = 0; i < 3; i++)
            bytes.bytes[places[i]] ^= round ? 0x55 : 0;
    }
    free(bytes.bytes);
    heapy_snapshot_release(snapshot);
}

/* ---- what is in a file ---- */

static bool
contains(const file_bytes *bytes, const char *text)
{
    return memmem(bytes->bytes, bytes->count, text, strlen(text));
}

static bool
allow_keys(void *context, heapy_node node, heapy_text_use use)
{
    (void)context, (void)node;
    return use != HEAPY_TEXT_ROW;
}

static void
contents_decide_which_texts_are_written(void **state)
{
    (void)state;
    seed_random(1505);
    heapy_snapshot *snapshot = random_snapshot(300);
    heapy_snapshot_write_options options = ALL_PLAIN;
    file_bytes values = written(snapshot, &options);
    assert_true(contains(&values, "secret"));
    assert_true(contains(&values, "'k1"));
    assert_true(contains(&values, "name1"));
    options.contents = HEAPY_CONTENTS_NAMES;
    file_bytes names = written(snapshot, &options);
    assert_false(contains(&names, "secret"));
    assert_false(contains(&names, "'k1"));
    assert_true(contains(&names, "name1"));
    options.may_write_text = allow_keys;
    file_bytes keys = written(snapshot, &options);
    assert_false(contains(&keys, "secret"));
    assert_true(contains(&keys, "'k1"));
    options.contents = HEAPY_CONTENTS_NONE;
    file_bytes none = written(snapshot, &options);
    assert_false(contains(&none, "secret"));
    assert_false(contains(&none, "'k1"));
    assert_false(contains(&none, "name1"));
    assert_true(contains(&none, "shop.C")); /* a type */
    free(values.bytes);
    free(names.bytes);
    free(keys.bytes);
    free(none.bytes);
    heapy_snapshot_release(snapshot);
}

/* Never as empty. */
static void
what_is_not_in_a_file_is_shown_as_such(void **state)
{
    (void)state;
    seed_random(1506);
    heapy_snapshot *snapshot = random_snapshot(300);
    heapy_snapshot_write_options options = ALL_PLAIN;
    options.contents = HEAPY_CONTENTS_NAMES;
    file_bytes bytes = written(snapshot, &options);
    heapy_snapshot_file *file = opened(&bytes, NULL);
    heapy_snapshot *read = snapshot_of(file, HEAPY_FILE_EVERYTHING);
    const heapy_graph *graph = heapy_snapshot_graph(read);
    char *text;
    for (heapy_node i = 0; i < 300; i++) {
        char expected[64];
        heapy_type type = heapy_graph_types(graph)[i];
        uint64_t length = heapy_graph_length(graph, i);
        heapy_role role = heapy_graph_role(graph, i);
        if (role != HEAPY_ROLE_TEXT && role != HEAPY_ROLE_NUMBER)
            continue;
        if (role == HEAPY_ROLE_TEXT && length != HEAPY_NO_LENGTH)
            snprintf(expected, sizeof expected, "<%s of %d %s%s>", random_types[type].name, (int)length,
                     type == 1 ? "character" : "byte", length == 1 ? "" : "s");
        else
            snprintf(expected, sizeof expected, "<%s at 0x%zx>", random_types[type].name,
                     (size_t)heapy_snapshot_address(read, i));
        assert_ok(heapy_snapshot_text(read, i, HEAPY_TEXT_ROW, &text, err));
        assert_string_equal(text, expected);
        heapy_text_free(text);
        const heapy_reference reference = {heapy_label_make(HEAPY_LABEL_VALUE, 0), i};
        assert_ok(heapy_reference_text(read, reference, "", HEAPY_TEXT_KEY, &text, err));
        snprintf(expected, sizeof expected, "[<key at 0x%zx>]", (size_t)heapy_snapshot_address(read, i));
        assert_string_equal(text, expected);
        heapy_text_free(text);
    }
    heapy_snapshot_release(read);
    heapy_snapshot_file_close(file);
    free(bytes.bytes);
    heapy_snapshot_release(snapshot);
}

/* Where a chunk is found by its name in the table: the offset of its bytes. */
static size_t
chunk_at(const file_bytes *bytes, const char *name)
{
    uint64_t offset;
    const unsigned char *entry = NULL;
    for (size_t i = 0; i + 80 <= bytes->count; i++)
        if (!strcmp((const char *)bytes->bytes + i, name))
            entry = bytes->bytes + i; /* the table is last */
    assert_non_null(entry);
    memcpy(&offset, entry + 40, sizeof offset);
    return (size_t)offset;
}

/* "Counting classes never reads the edges": they may even be damaged. */
static void
columns_that_are_not_needed_are_not_read(void **state)
{
    (void)state;
    seed_random(1507);
    heapy_snapshot *snapshot = random_snapshot(100), *read;
    file_bytes bytes = written(snapshot, &ALL_PLAIN);
    heapy_classes *classes;
    bytes.bytes[chunk_at(&bytes, "edge.targets")] ^= 1;
    heapy_snapshot_file *file = opened(&bytes, NULL);
    read = snapshot_of(file, HEAPY_FILE_SIZES);
    assert_ok(classify_all(HEAPY_BY_TYPE, read, &classes, err));
    assert_false(heapy_graph_has_edges(heapy_snapshot_graph(read)));
    heapy_classes_destroy(classes);
    heapy_snapshot_release(read);
    assert_int_equal(heapy_snapshot_file_snapshot(file, HEAPY_FILE_EDGES, &read, err), HEAPY_BAD_FILE);
    assert_non_null(strstr(err->message, "edge.targets"));
    heapy_snapshot_file_close(file);
    free(bytes.bytes);
    heapy_snapshot_release(snapshot);
}

/* ---- what fails ---- */

static void
a_sink_may_fail_at_every_byte(void **state)
{
    (void)state;
    seed_random(1508);
    heapy_snapshot *snapshot = random_snapshot(12);
    file_bytes whole = written(snapshot, &ALL_PLAIN);
    for (size_t limit = 1; limit < whole.count; limit++) {
        file_bytes file = {.limit = limit};
        const heapy_sink sink = {write_bytes, &file};
        assert_int_equal(heapy_snapshot_write(snapshot, &ALL_PLAIN, &sink, NULL, err), HEAPY_OS);
        assert_string_equal(err->message, "the disk is full");
        free(file.bytes);
    }
    free(whole.bytes);
    heapy_snapshot_release(snapshot);
}

static bool
stop_at_once(void *context, const char *stage, size_t done, size_t total)
{
    (void)context, (void)done, (void)total;
    assert_non_null(stage);
    return false;
}

static void
writing_can_be_stopped(void **state)
{
    (void)state;
    seed_random(1509);
    heapy_snapshot *snapshot = random_snapshot(12);
    file_bytes file = {0};
    const heapy_sink sink = {write_bytes, &file};
    const heapy_progress progress = {stop_at_once, NULL};
    assert_int_equal(heapy_snapshot_write(snapshot, NULL, &sink, &progress, err), HEAPY_CANCELLED);
    free(file.bytes);
    heapy_snapshot_release(snapshot);
}

static heapy_snapshot *to_write;
static bool is_packed;

static heapy_status
write_and_read(heapy_error *error)
{
    file_bytes bytes = {0};
    const heapy_sink sink = {write_bytes, &bytes};
    heapy_snapshot_write_options options = ALL_PLAIN;
    heapy_snapshot_file *file = NULL;
    options.codec = is_packed ? HEAPY_CODEC_BEST : HEAPY_CODEC_PLAIN;
    heapy_status status = heapy_snapshot_write(to_write, &options, &sink, NULL, error);
    if (!status)
        status = open_bytes(bytes.bytes, bytes.count, NULL, &file, error);
    free(bytes.bytes);
    char *expected = NULL;
    size_t length;
    FILE *out = status ? NULL : open_memstream(&expected, &length);
    if (out) {
        status = describe_snapshot(out, to_write, error);
        fclose(out);
    }
    if (!status)
        status = ask_everything(file, expected, error);
    free(expected);
    heapy_snapshot_file_close(file);
    return status;
}

static void
each_failing_allocation_is_reported(void **state)
{
    (void)state;
    seed_random(1510);
    to_write = random_snapshot(9);
    is_packed = false;
    fail_each_allocation(write_and_read);
    is_packed = true;
    fail_each_allocation(write_and_read);
    heapy_snapshot_release(to_write);
}

/* ---- what is spoilt ---- */

static void
a_cut_file_is_refused(void **state)
{
    (void)state;
    seed_random(1511);
    heapy_snapshot *snapshot = random_snapshot(12);
    file_bytes bytes = written(snapshot, &ALL_PLAIN);
    heapy_snapshot_file *file;
    char path[64];
    int descriptor = memory_file(bytes.bytes, bytes.count, path);
    for (size_t length = bytes.count; length-- > 0;) {
        assert_int_equal(ftruncate(descriptor, (off_t)length), 0);
        assert_int_equal(heapy_snapshot_open(path, NULL, &file, err), HEAPY_BAD_FILE);
        assert_non_null(strstr(err->message, path));
    }
    close(descriptor);
    free(bytes.bytes);
    heapy_snapshot_release(snapshot);
}

static void
rubbish_behind_a_file_is_refused(void **state)
{
    (void)state;
    seed_random(1512);
    heapy_snapshot *snapshot = random_snapshot(12);
    file_bytes bytes = written(snapshot, &ALL_PLAIN);
    heapy_snapshot_file *file;
    static const unsigned char rubbish[200];
    for (size_t more = 1; more < sizeof rubbish; more++) {
        file_bytes longer = {.bytes = malloc(bytes.count + more), .count = bytes.count + more};
        memcpy(longer.bytes, bytes.bytes, bytes.count);
        memcpy(longer.bytes + bytes.count, rubbish, more);
        assert_int_equal(open_bytes(longer.bytes, longer.count, NULL, &file, err), HEAPY_BAD_FILE);
        free(longer.bytes);
    }
    free(bytes.bytes);
    heapy_snapshot_release(snapshot);
}

/* Every single bit: refused, or the answers of the good file. */
static void
flip_bits(const heapy_snapshot_write_options *options, size_t step)
{
    heapy_snapshot *snapshot = random_snapshot(6);
    file_bytes bytes = written(snapshot, options);
    char path[64], *expected;
    int descriptor = memory_file(bytes.bytes, bytes.count, path);
    heapy_snapshot_file *good = opened(&bytes, NULL);
    heapy_snapshot *read = snapshot_of(good, HEAPY_FILE_EVERYTHING);
    expected = description(read);
    size_t refused = 0;
    for (size_t bit = 0; bit < 8 * bytes.count; bit += step) {
        heapy_snapshot_file *file;
        unsigned char spoilt = bytes.bytes[bit / 8] ^ (unsigned char)(1 << bit % 8);
        assert_int_equal(pwrite(descriptor, &spoilt, 1, (off_t)(bit / 8)), 1);
        heapy_status status = heapy_snapshot_open(path, NULL, &file, err);
        if (!status) {
            status = ask_everything(file, expected, err);
            heapy_snapshot_file_close(file);
        }
        if (status)
            assert_true(status == HEAPY_BAD_FILE || status == HEAPY_UNSUPPORTED);
        refused += status != HEAPY_OK;
        assert_int_equal(pwrite(descriptor, &bytes.bytes[bit / 8], 1, (off_t)(bit / 8)), 1);
    }
    assert_true(refused * step > 7 * bytes.count); /* all that is under a checksum of what is read */
    close(descriptor);
    free(expected);
    heapy_snapshot_release(read);
    heapy_snapshot_file_close(good);
    free(bytes.bytes);
    heapy_snapshot_release(snapshot);
}

static void
a_flipped_bit_is_refused_or_changes_nothing(void **state)
{
    (void)state;
    seed_random(1513);
    flip_bits(&ALL_PLAIN, 1);
    heapy_snapshot_write_options packed = ALL_PLAIN;
    packed.codec = HEAPY_CODEC_BEST;
    flip_bits(&packed, 7);
}

static void
a_file_that_shrinks_or_changes_while_open_is_an_error(void **state)
{
    (void)state;
    seed_random(1514);
    heapy_snapshot *snapshot = random_snapshot(3000), *read;
    heapy_snapshot_write_options options = ALL_PLAIN;
    file_bytes bytes = written(snapshot, &options);
    heapy_snapshot_file *file;
    char path[64];
    int descriptor = memory_file(bytes.bytes, bytes.count, path);
    assert_ok(heapy_snapshot_open(path, NULL, &file, err));
    read = snapshot_of(file, HEAPY_FILE_SIZES); /* stays what it is, whatever happens to the file */
    uint64_t size = size_of(heapy_snapshot_graph(read), 2999);
    size_t targets = chunk_at(&bytes, "edge.targets");
    assert_int_equal(pwrite(descriptor, "changed", 7, (off_t)targets), 7);
    assert_int_equal(heapy_snapshot_file_snapshot(file, HEAPY_FILE_EDGES, &snapshot, err), HEAPY_BAD_FILE);
    assert_int_equal(ftruncate(descriptor, 0), 0);
    assert_int_equal(heapy_snapshot_file_snapshot(file, HEAPY_FILE_ADDRESSES, &snapshot, err),
                     HEAPY_BAD_FILE);
    assert_non_null(strstr(err->message, "shorter"));
    assert_int_equal(size_of(heapy_snapshot_graph(read), 2999), size);
    heapy_snapshot_release(read);
    heapy_snapshot_file_close(file);
    close(descriptor);
    free(bytes.bytes);
    heapy_snapshot_release(snapshot);
}

/* Who seals a file cannot change it: it is used where it lies. */
static void
a_sealed_file_is_used_where_it_lies(void **state)
{
    (void)state;
    seed_random(1515);
    heapy_snapshot *snapshot = random_snapshot(100);
    file_bytes bytes = written(snapshot, &ALL_PLAIN);
    heapy_snapshot_file *file;
    char path[64];
    int descriptor = memfd_create("sealed", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    assert_int_equal(pwrite(descriptor, bytes.bytes, bytes.count, 0), bytes.count);
    assert_int_equal(fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_WRITE), 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    assert_ok(heapy_snapshot_open(path, NULL, &file, err));
    char *expected = description(snapshot);
    assert_ok(ask_everything(file, expected, err));
    free(expected);
    heapy_snapshot_file_close(file);
    close(descriptor);
    free(bytes.bytes);
    heapy_snapshot_release(snapshot);
}

static void
what_is_no_file_is_refused_at_once(void **state)
{
    (void)state;
    heapy_snapshot_file *file;
    char folder[] = "/tmp/heapy-test-XXXXXX", path[80];
    assert_non_null(mkdtemp(folder));
    assert_int_equal(heapy_snapshot_open(folder, NULL, &file, err), HEAPY_BAD_FILE);
    assert_non_null(strstr(err->message, "directory"));
    snprintf(path, sizeof path, "%s/pipe", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(heapy_snapshot_open(path, NULL, &file, err), HEAPY_BAD_FILE);
    assert_non_null(strstr(err->message, "pipe"));
    unlink(path);
    assert_int_equal(heapy_snapshot_open(path, NULL, &file, err), HEAPY_OS);
    assert_int_equal(err->os_errno, ENOENT);
    rmdir(folder);
    assert_int_equal(heapy_snapshot_open("/dev/null", NULL, &file, err), HEAPY_BAD_FILE);
}

static void
a_folder_for_temporary_files_that_is_not_there_is_named(void **state)
{
    (void)state;
    seed_random(1516);
    heapy_snapshot *snapshot = random_snapshot(10);
    file_bytes bytes = written(snapshot, &ALL_PLAIN);
    heapy_snapshot_file *file;
    const heapy_snapshot_open_options options = {.memory_limit = 1, .temporary_folder = "/nowhere/at all"};
    assert_int_equal(open_bytes(bytes.bytes, bytes.count, &options, &file, err), HEAPY_OS);
    assert_non_null(strstr(err->message, "/nowhere/at all"));
    free(bytes.bytes);
    heapy_snapshot_release(snapshot);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(writing_what_was_read_gives_the_same_bytes),
        cmocka_unit_test(questions_have_the_same_answers),
        cmocka_unit_test(wide_offsets_are_written_and_read),
        cmocka_unit_test(roots_without_edges_are_kept),
        cmocka_unit_test(long_columns_are_cut_into_frames),
        cmocka_unit_test(long_columns_of_edges_are_transformed_and_read),
        cmocka_unit_test(any_number_of_threads_tells_the_same),
        cmocka_unit_test(contents_decide_which_texts_are_written),
        cmocka_unit_test(what_is_not_in_a_file_is_shown_as_such),
        cmocka_unit_test(columns_that_are_not_needed_are_not_read),
        cmocka_unit_test(a_sink_may_fail_at_every_byte),
        cmocka_unit_test(writing_can_be_stopped),
        cmocka_unit_test(each_failing_allocation_is_reported),
        cmocka_unit_test(a_cut_file_is_refused),
        cmocka_unit_test(rubbish_behind_a_file_is_refused),
        cmocka_unit_test(a_flipped_bit_is_refused_or_changes_nothing),
        cmocka_unit_test(a_file_that_shrinks_or_changes_while_open_is_an_error),
        cmocka_unit_test(a_sealed_file_is_used_where_it_lies),
        cmocka_unit_test(what_is_no_file_is_refused_at_once),
        cmocka_unit_test(a_folder_for_temporary_files_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests_name("snapshot_file", tests, NULL, NULL);
}
