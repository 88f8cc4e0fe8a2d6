/* SPDX-License-Identifier: MIT */
/* Misuse of snapshots, references and what their makers say. */
#include "misuse.h"

static int released;

static void
count_release(void *context)
{
    (void)context;
    released++;
}

/* More groups than it says. */
static heapy_status
group_wildly(void *context, const heapy_node *keys, size_t count, uint32_t *groups, size_t *group_count,
             heapy_error *error)
{
    (void)context, (void)keys, (void)error;
    for (size_t i = 0; i < count; i++)
        groups[i] = 1000000;
    *group_count = 1;
    return HEAPY_OK;
}

/* Graphs and words are taken over by what is refused, too. */
static void
making(void)
{
    const heapy_words words = {.release = count_release};
    heapy_snapshot *made;
    heapy_address_map *wrong = map_of(7), *open;
    MADE(heapy_address_map_create(&open, err));
    for (size_t i = 0; i < 3; i++)
        MADE(heapy_address_map_add(open, 0x10000 + 16 * i, NULL, err));
    REFUSED(heapy_snapshot_create(NULL, NULL, &words, &made, err));
    REFUSED(heapy_snapshot_create(chain_of(3), NULL, &words, NULL, err));
    REFUSED(heapy_snapshot_create(chain_of(3), wrong, &words, &made, err));
    REFUSED(heapy_snapshot_create(chain_of(3), open, &words, &made, err)); /* not frozen */
    GIVES(released, 4);
    GIVES(heapy_snapshot_retain(NULL), NULL);
    SURVIVES(heapy_snapshot_release(NULL));
    heapy_address_map_destroy(wrong);
    heapy_address_map_destroy(open);
}

static void
reading(heapy_snapshot *snapshot)
{
    const heapy_referrers *referrers;
    heapy_dominators *dominators;
    char *text;
    GIVES(heapy_snapshot_graph(NULL), NULL);
    GIVES(heapy_snapshot_map(NULL), NULL);
    GIVES(heapy_snapshot_words(NULL), NULL);
    GIVES(heapy_snapshot_address(NULL, 0), 0);
    GIVES(heapy_snapshot_address(snapshot, 3), 0);
    GIVES(heapy_snapshot_node(NULL, 16), HEAPY_NO_NODE);
    GIVES(heapy_snapshot_node(snapshot, 16), HEAPY_NO_NODE);
    REFUSED(heapy_snapshot_referrers(NULL, &referrers, err));
    REFUSED(heapy_snapshot_referrers(snapshot, NULL, err));
    REFUSED(heapy_snapshot_dominators(NULL, NULL, &dominators, err));
    REFUSED(heapy_snapshot_dominators(snapshot, NULL, NULL, err));
    GIVES(heapy_snapshot_bytes(NULL), 0);
    REFUSED(heapy_snapshot_text(NULL, 0, HEAPY_TEXT_ROW, &text, err));
    REFUSED(heapy_snapshot_text(snapshot, 3, HEAPY_TEXT_ROW, &text, err));
    REFUSED(heapy_snapshot_text(snapshot, 0, (heapy_text_use)9, &text, err));
    REFUSED(heapy_snapshot_text(snapshot, 0, HEAPY_TEXT_ROW, NULL, err));
    REFUSED(heapy_snapshot_owner_text(NULL, 0, HEAPY_TEXT_ROW, &text, err));
    REFUSED(heapy_snapshot_owner_text(snapshot, 0, HEAPY_TEXT_ROW, &text, err)); /* nobody's dict */
    REFUSED(heapy_snapshot_owner_text(snapshot, 3, HEAPY_TEXT_ROW, &text, err));
    REFUSED(heapy_snapshot_owner_text(snapshot, 0, HEAPY_TEXT_ROW, NULL, err));
    REFUSED(heapy_snapshot_brief(NULL, 0, &text, err));
    REFUSED(heapy_snapshot_brief(snapshot, 99, &text, err));
    REFUSED(heapy_snapshot_brief(snapshot, 0, NULL, err));
    GIVES(heapy_snapshot_known_referrers(NULL), NULL);
    GIVES(heapy_role_heading((heapy_role)99) == NULL, false);
}

static void
references(heapy_snapshot *snapshot)
{
    const heapy_reference name = {heapy_label_make(HEAPY_LABEL_ATTRIBUTE, 77), HEAPY_NO_NODE};
    const heapy_reference beyond = {heapy_label_make(HEAPY_LABEL_VALUE, 0), 3}, unknown = {UINT32_MAX, 0};
    const heapy_reference value = {heapy_label_make(HEAPY_LABEL_VALUE, 0), 0};
    heapy_reference_names names;
    char *text;
    GIVES(heapy_reference_of_edge(NULL, 0, 0, value.label).key, HEAPY_NO_NODE);
    GIVES(heapy_reference_of_edge(heapy_snapshot_graph(snapshot), 3, 9, value.label).key, HEAPY_NO_NODE);
    REFUSED(heapy_reference_text(NULL, value, "x", HEAPY_TEXT_KEY, &text, err));
    REFUSED(heapy_reference_text(snapshot, value, NULL, HEAPY_TEXT_KEY, &text, err));
    REFUSED(heapy_reference_text(snapshot, value, "x", HEAPY_TEXT_KEY, NULL, err));
    REFUSED(heapy_reference_text(snapshot, value, "x", (heapy_text_use)9, &text, err));
    REFUSED(heapy_reference_text(snapshot, unknown, "x", HEAPY_TEXT_KEY, &text, err));
    MADE(
        heapy_reference_text(snapshot, name, "x", HEAPY_TEXT_KEY, &text, err)); /* a name that is not there */
    GIVES(strcmp(text, "x."), 0);
    heapy_text_free(text);
    MADE(heapy_reference_text(snapshot, beyond, "x", HEAPY_TEXT_KEY, &text, err));
    GIVES(strcmp(text, "x[<unknown key>]"), 0);
    heapy_text_free(text);
    REFUSED(heapy_reference_names_init(NULL, snapshot, &value, 1, err));
    REFUSED(heapy_reference_names_init(&names, NULL, &value, 1, err));
    REFUSED(heapy_reference_names_init(&names, snapshot, NULL, 1, err));
    REFUSED(heapy_reference_names_init(&names, snapshot, &value, 1, err)); /* grouped wildly */
    SURVIVES(heapy_reference_names_deinit(NULL));
}

static void
questions(heapy_snapshot *snapshot)
{
    heapy_node_set *nodes, *wrong, *out;
    uint64_t bytes;
    MADE(heapy_node_set_create(3, &nodes, err));
    MADE(heapy_node_set_create(100, &wrong, err));
    heapy_node_set_add(wrong, 1);
    REFUSED(heapy_ask(NULL, HEAPY_ASK_REFERENTS, HEAPY_NO_NODE, nodes, &out, err));
    REFUSED(heapy_ask(snapshot, HEAPY_ASK_REFERENTS, HEAPY_NO_NODE, NULL, &out, err));
    REFUSED(heapy_ask(snapshot, HEAPY_ASK_REFERENTS, HEAPY_NO_NODE, wrong, &out, err));
    REFUSED(heapy_ask(snapshot, HEAPY_ASK_REFERENTS, HEAPY_NO_NODE, nodes, NULL, err));
    REFUSED(heapy_ask(snapshot, HEAPY_ASK_IMMEDIATE_DOMINATORS, 3, nodes, &out, err));
    REFUSED(heapy_ask(snapshot, HEAPY_QUESTION_COUNT, HEAPY_NO_NODE, nodes, &out, err));
    REFUSED(heapy_ask(snapshot, (heapy_question)99, HEAPY_NO_NODE, nodes, &out, err));
    REFUSED(heapy_ask_retained(NULL, NULL, nodes, &bytes, err));
    REFUSED(heapy_ask_retained(snapshot, NULL, NULL, &bytes, err));
    REFUSED(heapy_ask_retained(snapshot, NULL, wrong, &bytes, err));
    REFUSED(heapy_ask_retained(snapshot, NULL, nodes, NULL, err));
    heapy_node_set_destroy(nodes);
    heapy_node_set_destroy(wrong);
}

static void
paths(heapy_snapshot *snapshot)
{
    heapy_node_set *nodes, *wrong, *sources;
    heapy_shortest_paths *made;
    MADE(heapy_node_set_create(3, &nodes, err));
    MADE(heapy_node_set_create(100, &wrong, err));
    const heapy_path_question question = {.targets = nodes}, nothing = {.sources = nodes},
                              beyond = {.targets = wrong}, from_beyond = {.targets = nodes, .sources = wrong},
                              around = {.targets = nodes, .avoid = wrong},
                              unpaired = {.targets = nodes, .pair_count = 1};
    REFUSED(heapy_snapshot_paths(NULL, &question, &made, err));
    REFUSED(heapy_snapshot_paths(snapshot, NULL, &made, err));
    REFUSED(heapy_snapshot_paths(snapshot, &question, NULL, err));
    REFUSED(heapy_snapshot_paths(snapshot, &nothing, &made, err));
    REFUSED(heapy_snapshot_paths(snapshot, &beyond, &made, err));
    REFUSED(heapy_snapshot_paths(snapshot, &from_beyond, &made, err));
    REFUSED(heapy_snapshot_paths(snapshot, &around, &made, err));
    REFUSED(heapy_snapshot_paths(snapshot, &unpaired, &made, err));
    REFUSED(heapy_snapshot_sources(NULL, &sources, err));
    REFUSED(heapy_snapshot_sources(snapshot, NULL, err));
    heapy_node_set_destroy(nodes);
    heapy_node_set_destroy(wrong);
}

void
misuse_snapshot(void)
{
    const heapy_words words = {.group_keys = group_wildly};
    heapy_snapshot *snapshot;
    heapy_address_map *map = map_of(3);
    MADE(heapy_snapshot_create(chain_of(3), map, &words, &snapshot, err));
    making();
    reading(snapshot);
    references(snapshot);
    questions(snapshot);
    paths(snapshot);
    heapy_snapshot_release(snapshot);
    heapy_address_map_destroy(map);
}
