/* SPDX-License-Identifier: MIT */
/* Snapshots of made-up heaps with words, and files in memory. */
#ifndef HEAPY_TEST_RANDOM_SNAPSHOT_H
#define HEAPY_TEST_RANDOM_SNAPSHOT_H

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support.h"

/* ---- words ---- */

typedef struct random_words {
    heapy_address_map *map;
    const heapy_graph *graph;
    unsigned *values; /* by node: what it is equal to, and how long its text is */
} random_words;

static inline heapy_status
put_text(char **text, heapy_error *error, const char *format, unsigned a, unsigned b)
{
    *text = heapy_alloc_array(64, 1);
    if (!*text) {
        strcpy(error->message, "no memory for a text");
        return error->status = HEAPY_NO_MEMORY;
    }
    snprintf(*text, 64, format, a, b);
    return HEAPY_OK;
}

static inline heapy_status
say_random(void *context, heapy_node node, heapy_text_use use, char **text, heapy_error *error)
{
    const random_words *words = context;
    unsigned value = words->values[node];
    *text = NULL;
    if (use == HEAPY_TEXT_KEY)
        return put_text(text, error, "'k%u'", value, 0);
    if (use == HEAPY_TEXT_WHOLE_KEY)
        return put_text(text, error, value % 3 ? "'k%u'" : "'k%u, the whole of it'", value, 0);
    heapy_role role = heapy_graph_role(words->graph, node);
    if (role == HEAPY_ROLE_OBJECT || role == HEAPY_ROLE_SEQUENCE || role == HEAPY_ROLE_DICT)
        return HEAPY_OK;
    if (role == HEAPY_ROLE_TEXT) /* some are empty, some no ASCII */
        return put_text(text, error, value % 5 ? "'secret %u \xc3\xa9'" : "", value, 0);
    return put_text(text, error, role == HEAPY_ROLE_NUMBER ? "%u" : "name%u.%u", value, (unsigned)role);
}

static inline heapy_status
say_random_owner(void *context, heapy_node dict, heapy_text_use use, char **text, heapy_error *error)
{
    const random_words *words = context;
    (void)use;
    return put_text(text, error, "<owner %u>", words->values[dict], 0);
}

static inline heapy_status
group_by_value(void *context, const heapy_node *keys, size_t count, uint32_t *groups, size_t *group_count,
               heapy_error *error)
{
    const random_words *words = context;
    (void)error;
    *group_count = 0;
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < i && words->values[keys[k]] != words->values[keys[i]])
            k++;
        groups[i] = k < i ? groups[k] : (uint32_t)(*group_count)++;
    }
    return HEAPY_OK;
}

/* By value, as they came where values are equal. */
static inline heapy_status
order_by_value(void *context, const heapy_node *keys, size_t count, size_t *order, heapy_error *error)
{
    const random_words *words = context;
    (void)error;
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k && words->values[keys[order[k - 1]]] > words->values[keys[order[k]]]; k--) {
            size_t swapped = order[k];
            order[k] = order[k - 1];
            order[k - 1] = swapped;
        }
    return HEAPY_OK;
}

static inline int
compare_values(void *context, heapy_node a, heapy_node b)
{
    const random_words *words = context;
    return (words->values[a] > words->values[b]) - (words->values[a] < words->values[b]);
}

static inline void
release_random(void *context)
{
    random_words *words = context;
    heapy_address_map_destroy(words->map);
    free(words->values);
    free(words);
}

/* ---- heaps ---- */

static const struct {
    const char *name, *module, *qualname;
    heapy_role role;
} random_types[] = {{"int", "builtins", "int", HEAPY_ROLE_NUMBER},
                    {"str", "builtins", "str", HEAPY_ROLE_TEXT},
                    {"bytes", "builtins", "bytes", HEAPY_ROLE_TEXT},
                    {"dict", "builtins", "dict", HEAPY_ROLE_DICT},
                    {"list", "builtins", "list", HEAPY_ROLE_SEQUENCE},
                    {"types.ModuleType", "builtins", "module", HEAPY_ROLE_MODULE},
                    {"type", "builtins", "type", HEAPY_ROLE_TYPE},
                    {"function", "builtins", NULL, HEAPY_ROLE_FUNCTION},
                    {"shop.C", "shop", "C", HEAPY_ROLE_OBJECT},
                    {"types.CodeType", NULL, NULL, HEAPY_ROLE_CODE}};
enum { RANDOM_TYPES = sizeof random_types / sizeof *random_types };

static inline heapy_address_map *
random_addresses(size_t nodes)
{
    heapy_address_map *map;
    uintptr_t address = 0x7f0000000000, stride = random_below(4) ? 3 : 4000;
    assert_ok(heapy_address_map_create(&map, err));
    for (size_t i = 0; i < nodes; i++) {
        address += 16 * (1 + random_below(stride));
        assert_ok(heapy_address_map_add(map, address + (random_below(99) ? 0 : 8), NULL, err));
    }
    assert_ok(heapy_address_map_freeze(map, err));
    return map;
}

static inline void
add_random_types(heapy_graph_builder *b, size_t nodes)
{
    for (heapy_type t = 0; t < RANDOM_TYPES; t++) {
        heapy_type same, base[2] = {0, RANDOM_TYPES - 1};
        heapy_type_row row = {.name = random_types[t].name,
                              .module = random_types[t].module,
                              .qualname = random_types[t].qualname,
                              .role = random_types[t].role,
                              .is_alias = !strncmp(random_types[t].name, "types.", 6),
                              .identity = 0x5500 + 16 * t,
                              .node =
                                  nodes && !random_below(3) ? (heapy_node)random_below(nodes) : HEAPY_NO_NODE,
                              .bases = base,
                              .base_count = random_below(3)};
        assert_ok(heapy_graph_builder_add_type(b, &row, &same, err));
    }
}

static inline void
add_random_columns(heapy_graph_builder *b, size_t nodes)
{
    heapy_size_writer *sizes;
    heapy_node *owners;
    heapy_facts *modules;
    uint32_t value;
    assert_ok(heapy_graph_builder_sizes(b, &sizes, err));
    assert_ok(heapy_graph_builder_owners(b, &owners, err));
    assert_ok(heapy_graph_builder_begin_facts(b, "module", &modules, err));
    assert_ok(heapy_facts_add_value(modules, "os", 2, &value, err));
    assert_ok(heapy_facts_add_value(modules, "re", 2, &value, err));
    assert_ok(heapy_facts_add_value(modules, "os", 2, &value, err)); /* another of that name */
    for (heapy_node i = 0; i < nodes; i++) {
        heapy_type type = (heapy_type)random_below(RANDOM_TYPES);
        heapy_role role = random_types[type].role;
        heapy_graph_builder_types(b)[i] = type;
        heapy_size_writer_put(sizes, i, random_below(30) ? 16 * random_below(9) : UINT64_C(1) << 33);
        if (role == HEAPY_ROLE_DICT && random_below(2))
            owners[i] = random_below(2) ? (heapy_node)random_below(nodes) : heapy_owner_elsewhere(nodes, 8);
        if (role == HEAPY_ROLE_SEQUENCE || role == HEAPY_ROLE_DICT ||
            (role == HEAPY_ROLE_TEXT && random_below(4)))
            assert_ok(heapy_graph_builder_add_length(b, i, random_below(50), err));
        if (role == HEAPY_ROLE_MODULE && random_below(4))
            assert_ok(heapy_facts_add(modules, i, (uint32_t)random_below(3), err));
    }
}

/* Not NULL: edges and sizes are written by it while they come, and the graph has none. */
static heapy_snapshot_writer *random_writer;

static inline void
add_random_edges(heapy_graph_builder *b, size_t nodes)
{
    static const char *const names[] = {"x", "name\0with NUL", "\xc3\xa9t\xc3\xa9", ""};
    static const size_t lengths[] = {1, 13, 5, 0};
    heapy_edge_writer *edges;
    uint32_t name;
    heapy_label label, lists[2];
    for (size_t i = 0; i < 4; i++)
        assert_ok(heapy_graph_builder_intern(b, names[i], lengths[i], &name, err));
    const heapy_label several[] = {heapy_label_make(HEAPY_LABEL_KEY, 1),
                                   heapy_label_make(HEAPY_LABEL_LOCAL, 2),
                                   heapy_label_make(HEAPY_LABEL_INDEX, 7)};
    assert_ok(heapy_graph_builder_several(b, several, 3, &lists[0], err));
    assert_ok(heapy_graph_builder_several(b, several + 1, 2, &lists[1], err));
    assert_ok(random_writer ? heapy_snapshot_writer_begin_edges(random_writer, b, &edges, err)
                            : heapy_graph_builder_begin_edges(b, &edges, err));
    for (size_t i = 0; i < nodes; i++) {
        for (size_t k = random_below(6); k; k--) {
            label = random_below(9) ? heapy_label_make(HEAPY_LABEL_INDEX, k) : lists[random_below(2)];
            if (random_below(2)) { /* a key and its value */
                heapy_edge_writer_put(edges, (heapy_node)random_below(nodes),
                                      heapy_label_make(HEAPY_LABEL_KEY, k));
                label = heapy_label_make(HEAPY_LABEL_VALUE, k);
            }
            heapy_edge_writer_put(edges, (heapy_node)random_below(nodes), label);
        }
        assert_ok(heapy_graph_builder_end_node(b, err));
    }
    if (random_writer) {
        assert_ok(heapy_snapshot_writer_end_edges(random_writer, err));
        assert_ok(heapy_snapshot_writer_take_sizes(random_writer, b, err));
    }
    for (size_t i = 0; nodes && i < 3; i++)
        assert_ok(heapy_graph_builder_add_root(b, (heapy_node)random_below(nodes),
                                               heapy_label_make(HEAPY_LABEL_ATTRIBUTE, i), err));
    if (nodes)
        assert_ok(heapy_graph_builder_set_root(b, (heapy_node)random_below(nodes), err));
}

/* A snapshot of `nodes` nodes, by the random numbers that come.  Owned. */
static inline heapy_snapshot *
random_snapshot(size_t nodes)
{
    heapy_graph_builder *b;
    heapy_graph *graph;
    heapy_snapshot *snapshot;
    random_words *words = calloc(1, sizeof *words);
    assert_ok(heapy_graph_builder_create(nodes, &b, err));
    add_random_types(b, nodes);
    add_random_columns(b, nodes);
    add_random_edges(b, nodes);
    assert_ok(heapy_graph_builder_finish(b, &graph, err));
    words->map = random_addresses(nodes);
    words->graph = graph;
    words->values = calloc(nodes + 1, sizeof *words->values);
    for (size_t i = 0; i < nodes; i++)
        words->values[i] = (unsigned)random_below(1 + nodes / 2);
    const heapy_words said = {say_random,     say_random_owner, group_by_value, order_by_value,
                              compare_values, release_random,   words};
    assert_ok(heapy_snapshot_create(graph, words->map, &said, &snapshot, err));
    return snapshot;
}

/* ---- files in memory ---- */

typedef struct file_bytes {
    unsigned char *bytes; /* free() */
    size_t count, capacity;
    size_t limit; /* how many it takes; 0: all */
} file_bytes;

static inline heapy_status
write_bytes(void *context, const void *bytes, size_t count, heapy_error *error)
{
    file_bytes *file = context;
    if (file->limit && count > file->limit - file->count) {
        strcpy(error->message, "the disk is full");
        return error->status = HEAPY_OS;
    }
    if (file->count + count > file->capacity) {
        file->capacity = 2 * (file->count + count);
        file->bytes = realloc(file->bytes, file->capacity);
    }
    memcpy(file->bytes + file->count, bytes, count);
    file->count += count;
    return HEAPY_OK;
}

static inline file_bytes
written(const heapy_snapshot *snapshot, const heapy_snapshot_write_options *options)
{
    file_bytes file = {0};
    const heapy_sink sink = {write_bytes, &file};
    assert_ok(heapy_snapshot_write(snapshot, options, &sink, NULL, err));
    return file;
}

/* A file without a name; its path holds while the descriptor is open. */
static inline int
memory_file(const void *bytes, size_t count, char path[64])
{
    int descriptor = memfd_create("snapshot", MFD_CLOEXEC);
    if (descriptor < 0 || pwrite(descriptor, bytes, count, 0) != (ssize_t)count)
        abort();
    snprintf(path, 64, "/proc/self/fd/%d", descriptor);
    return descriptor;
}

static inline heapy_status
open_bytes(const void *bytes, size_t count, const heapy_snapshot_open_options *options,
           heapy_snapshot_file **out, heapy_error *error)
{
    char path[64];
    int descriptor = memory_file(bytes, count, path);
    heapy_status status = heapy_snapshot_open(path, options, out, error);
    close(descriptor);
    return status;
}

#endif
