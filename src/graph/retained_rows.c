/* SPDX-License-Identifier: MIT */
/*
 * Retained sizes of classes: bits that spread over the graph in the order of a depth-first walk.
 *
 * Bit c of node v says: the roots reach v without going through a node of class c.  A class retains the nodes
 * that the roots reach and whose bit for it stays 0.
 *
 *     root --> a(class 0) --> c --> e(class 2)
 *     root --> b(class 1) --> c
 *              b          --> d
 *     u(class 1) --> w                     nobody reaches u
 *
 *     round of classes 0 .. 2, after spreading:
 *
 *     node   class 0  1  2
 *     a            0  1  1                 a itself is of class 0
 *     b            1  0  1
 *     c            1  1  1                 through b, and through a
 *     d            1  0  1                 only through b
 *     e            1  1  0
 *
 *     class 0 retains a; class 1 retains b, d, and u, w; class 2 retains e
 *
 * A root gets all bits but that of its own class; an edge u -> v gives v the bits of u but that of v's class.
 * Bits are only ever added, so spreading ends; in the order of the walk one pass does nearly all of it.
 *
 * Nodes that the roots do not reach, such as u and w, are retained by whoever leads to them.  They get a bit
 * the other way: 1 when a member of the class leads here.
 *
 *     order   | reached, by what leads to what ... | not reached ... |
 *     bits    | words of node 0 | words of node 1 | ...      one bit for each class of the round
 *     dirty   a bit for each node: its bits changed since they were last passed on
 */
#include "heapy/retained_rows.h"

#include <stdatomic.h>
#include <string.h>

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "../base/ticker.h"
#include "graph_internal.h"
#include "heapy/memory.h"
#include "heapy/threads.h"
#include "walk_order.h"

enum {
    AHEAD = 8,           /* how far what is waited for is fetched ahead */
    MANY_WORDS = 8,      /* 512 classes at a time */
    FEW_WORDS = 2,       /* 128, where memory is dear */
    LARGE_HEAP = 1 << 23 /* nodes */
};

typedef struct spread {
    const heapy_graph *graph;
    const uint32_t *class_of_node;
    size_t nodes;
    heapy__walk_order order;
    uint64_t *bits; /* by node: of each class of this round, `words` of them */
    uint64_t *dirty;
    heapy__ticker ticker;
} spread;

/* ---- spreading ---- */

/* The bits of u go over to v, but for that of v's own class; did that change v? */
static inline __attribute__((always_inline)) bool
carry_over(spread *s, const uint64_t *from, heapy_node v, size_t first_class, const size_t words)
{
    uint64_t *to = s->bits + v * words, changed = 0;
    uint32_t own = s->class_of_node[v] - (uint32_t)first_class; /* past the round's when it is of another */
    size_t own_word = own < words * 64 && s->class_of_node[v] != HEAPY_NO_CLASS ? own / 64 : words;
    for (size_t w = 0; w < words; w++) {
        uint64_t gained = from[w] & ~(w == own_word ? UINT64_C(1) << (own & 63) : 0) & ~to[w];
        to[w] |= gained;
        changed |= gained;
    }
    return changed;
}

/* Nodes the roots do not reach pass on "a member of the class leads here" instead; nothing is taken out. */
static inline __attribute__((always_inline)) bool
join(spread *s, const uint64_t *from, heapy_node v, const size_t words)
{
    uint64_t *to = s->bits + v * words, changed = 0;
    for (size_t w = 0; w < words; w++) {
        changed |= from[w] & ~to[w];
        to[w] |= from[w];
    }
    return changed;
}

/* Where the edges of a node are and what they lead to is all over memory, and waiting for it is the cost:
 * fetch first where the edges begin, later their targets, then the words and classes of those. */
static inline __attribute__((always_inline)) void
fetch_ahead(const spread *s, size_t i, size_t end, const size_t words)
{
    const uint32_t *targets = heapy_graph_targets(s->graph);
    const heapy_node *nodes = s->order.nodes;
    uint64_t first, last;
    if (i + 3 * AHEAD < end)
        heapy__graph_fetch_edges(s->graph, nodes[i + 3 * AHEAD]);
    if (i + 2 * AHEAD < end) {
        heapy__graph_edges(s->graph, nodes[i + 2 * AHEAD], &first, &last);
        __builtin_prefetch(&targets[first]);
        __builtin_prefetch(s->bits + nodes[i + 2 * AHEAD] * words);
    }
    if (i + AHEAD >= end)
        return;
    heapy__graph_edges(s->graph, nodes[i + AHEAD], &first, &last);
    for (uint64_t e = first; e < last && e < first + AHEAD; e++) {
        __builtin_prefetch(s->bits + targets[e] * words, 1);
        __builtin_prefetch(s->class_of_node + targets[e]);
    }
}

/* Go over the nodes order[begin .. end - 1] again and again until nothing is dirty. */
static inline __attribute__((always_inline)) void
settle(spread *s, size_t begin, size_t end, size_t first_class, const bool is_reached, const size_t words)
{
    const uint32_t *targets = heapy_graph_targets(s->graph);
    /* An edge that leads back in the order makes its target dirty again after its turn, which takes another
     * pass. */
    bool is_first = true; /* later passes have hardly anything to do */
    for (bool again = true; again; is_first = false) {
        again = false;
        for (size_t i = begin; i < end; i++) {
            heapy_node u = s->order.nodes[i];
            if (is_first)
                fetch_ahead(s, i, end, words);
            if (!heapy__bitmap_get(s->dirty, u))
                continue;
            heapy__bitmap_clear(s->dirty, u);
            if (!heapy__tick(&s->ticker))
                return;
            uint64_t first, last;
            heapy__graph_edges(s->graph, u, &first, &last);
            const uint64_t *from = s->bits + u * words;
            for (uint64_t e = first; e < last; e++) {
                heapy_node v = targets[e];
                if (e + AHEAD < last) {
                    __builtin_prefetch(s->bits + targets[e + AHEAD] * words, 1);
                    __builtin_prefetch(s->class_of_node + targets[e + AHEAD]);
                }
                if (!is_reached && heapy__bitmap_get(s->order.reached, v))
                    continue; /* the roots keep that one, whoever else leads to it */
                if (is_reached ? carry_over(s, from, v, first_class, words) : join(s, from, v, words)) {
                    heapy__bitmap_set(s->dirty, v);
                    again = true; /* at worst one pass too many */
                }
            }
        }
    }
}

static inline __attribute__((always_inline)) void
add_sizes(spread *s, size_t first_class, size_t class_count, uint64_t *out, const size_t words)
{
    const heapy_sizes sizes = heapy_graph_sizes(s->graph);
    for (size_t node = 0; node < s->nodes; node++) {
        /* Retained is a 0 of what is reached, a 1 of what is not: either becomes a 1. */
        uint64_t flip = heapy__bitmap_get(s->order.reached, node) ? UINT64_MAX : 0;
        for (size_t w = 0; w < words; w++)
            for (uint64_t left = s->bits[node * words + w] ^ flip; left; left &= left - 1) {
                size_t class = first_class + 64 * w + (size_t)__builtin_ctzll(left);
                if (class >= class_count)
                    break;
                out[class] += heapy_size_of(&sizes, node);
            }
    }
}

static inline __attribute__((always_inline)) void
do_round(spread *s, size_t first_class, size_t class_count, uint64_t *out, const size_t words)
{
    static const uint64_t all[MANY_WORDS] = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX,
                                             UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX};
    memset(s->bits, 0, s->nodes * words * sizeof *s->bits);
    for (size_t i = 0; i < heapy_graph_root_count(s->graph); i++) {
        heapy_node root = heapy_graph_root_target(s->graph, i);
        carry_over(s, all, root, first_class, words);
        heapy__bitmap_set(s->dirty, root);
    }
    settle(s, 0, s->order.reached_count, first_class, true, words);
    /* What is not reached begins with the members of this round's classes. */
    for (size_t i = s->order.reached_count; i < s->nodes; i++) {
        heapy_node node = s->order.nodes[i];
        uint32_t own = s->class_of_node[node] - (uint32_t)first_class;
        if (s->class_of_node[node] == HEAPY_NO_CLASS || own >= words * 64)
            continue;
        s->bits[node * words + own / 64] |= UINT64_C(1) << (own & 63);
        heapy__bitmap_set(s->dirty, node);
    }
    settle(s, s->order.reached_count, s->nodes, first_class, false, words);
    add_sizes(s, first_class, class_count, out, words);
}

/* ---- rounds ---- */

/* Rounds are of different classes, so they are divided among workers: each has bits of its own, and the order
   is everybody's. */
typedef struct division {
    spread *workers;
    size_t class_count, words;
    uint64_t *out;
    atomic_size_t next; /* the first class of the next round */
    atomic_bool is_stopped;
} division;

enum { MOST_WORKERS = 4 }; /* each takes as many bits */

static void
do_rounds(void *context, unsigned worker)
{
    division *d = context;
    spread *s = &d->workers[worker];
    for (;;) {
        size_t first = atomic_fetch_add(&d->next, d->words * 64);
        if (first >= d->class_count || atomic_load(&d->is_stopped))
            return;
        if (d->words == MANY_WORDS)
            do_round(s, first, d->class_count, d->out, MANY_WORDS);
        else
            do_round(s, first, d->class_count, d->out, FEW_WORDS);
        if (s->ticker.is_stopped)
            atomic_store(&d->is_stopped, true);
    }
}

/* Who is watched asks the caller; the others ask whether that one was stopped. */
static bool
is_going_on(void *context, const char *stage, size_t done, size_t total)
{
    (void)stage, (void)done, (void)total;
    return !atomic_load(&((division *)context)->is_stopped);
}

/* Room for the bits of each worker: as many as can be had.  0: not even one. */
static unsigned
create_workers(const spread *first, spread *workers, unsigned count, size_t words)
{
    unsigned made = 0;
    for (; made < count; made++) {
        spread *s = &workers[made];
        *s = *first;
        s->bits = heapy_alloc_array(s->nodes, words * sizeof *s->bits);
        s->dirty = heapy_alloc_zeroed(heapy__bitmap_words(s->nodes), sizeof *s->dirty);
        if (s->bits && s->dirty)
            continue;
        heapy_free(s->bits);
        heapy_free(s->dirty);
        break;
    }
    return made;
}

static unsigned
worker_count(size_t class_count, size_t words)
{
    size_t rounds = (class_count + words * 64 - 1) / (words * 64);
    unsigned threads = heapy_thread_count();
    threads = threads < MOST_WORKERS ? threads : MOST_WORKERS;
    return rounds < threads ? (unsigned)rounds : threads;
}

/* All rounds, of which there is one at least.  False: no memory. */
static bool
divide_rounds(spread *s, size_t class_count, size_t words, uint64_t *out)
{
    spread workers[MOST_WORKERS];
    division d = {.workers = workers, .class_count = class_count, .words = words, .out = out};
    const heapy_progress following = {is_going_on, &d};
    unsigned count = create_workers(s, workers, worker_count(class_count, words), words);
    for (unsigned i = 1; i < count; i++)
        workers[i].ticker.progress = &following;
    if (count)
        heapy_run_threads(count, do_rounds, &d);
    s->ticker.is_stopped = atomic_load(&d.is_stopped);
    for (unsigned i = 0; i < count; i++) {
        heapy_free(workers[i].bits);
        heapy_free(workers[i].dirty);
    }
    return count;
}

/* ---- classes without members ---- */

/* Those that have members, numbered anew: the others retain nothing, and would take rounds all the same.  A
   file of a hundred classes may know of thousands of types. */
typedef struct filled_classes {
    uint32_t *numbers;       /* by class: its number here; HEAPY_NO_CLASS: it has no members */
    uint32_t *class_of_node; /* by node */
    uint64_t *retained;      /* by number */
    size_t count;
} filled_classes;

static void
filled_deinit(filled_classes *self)
{
    heapy_free(self->numbers);
    heapy_free(self->class_of_node);
    heapy_free(self->retained);
}

/* False: no memory. */
static bool
filled_init(filled_classes *self, const uint32_t *class_of_node, size_t nodes, size_t class_count)
{
    *self = (filled_classes){.numbers = heapy_alloc_array(class_count, sizeof *self->numbers)};
    if (!self->numbers)
        return false;
    for (size_t c = 0; c < class_count; c++)
        self->numbers[c] = HEAPY_NO_CLASS;
    for (size_t i = 0; i < nodes; i++)
        if (class_of_node[i] != HEAPY_NO_CLASS)
            self->numbers[class_of_node[i]] = 0;
    for (size_t c = 0; c < class_count; c++)
        if (self->numbers[c] != HEAPY_NO_CLASS)
            self->numbers[c] = (uint32_t)self->count++;
    return true;
}

/* Nodes by the numbers.  False: no memory. */
static bool
filled_number_nodes(filled_classes *self, const uint32_t *class_of_node, size_t nodes)
{
    self->class_of_node = heapy_alloc_array(nodes, sizeof *self->class_of_node);
    self->retained = heapy_alloc_array(self->count, sizeof *self->retained);
    if (!self->class_of_node || !self->retained)
        return false;
    for (size_t i = 0; i < nodes; i++) {
        uint32_t c = class_of_node[i];
        self->class_of_node[i] = c == HEAPY_NO_CLASS ? c : self->numbers[c];
    }
    return true;
}

/* ---- all ---- */

/* False: no memory, or stopped. */
static bool
spread_classes(spread *s, size_t class_count, uint64_t *out)
{
    size_t words = s->nodes >= LARGE_HEAP || class_count <= FEW_WORDS * 64 ? FEW_WORDS : MANY_WORDS;
    if (!class_count)
        return true; /* without a walk */
    memset(out, 0, class_count * sizeof *out);
    bool is_done = heapy__walk_order_init(&s->order, s->graph) && divide_rounds(s, class_count, words, out);
    heapy__walk_order_deinit(&s->order);
    return is_done;
}

/* The same, of those that have members; the others retain nothing. */
static bool
spread_filled(spread *s, size_t class_count, uint64_t *out)
{
    filled_classes filled;
    bool is_done = filled_init(&filled, s->class_of_node, s->nodes, class_count);
    if (is_done && filled.count == class_count) {
        is_done = spread_classes(s, class_count, out);
    } else if (is_done && (is_done = filled_number_nodes(&filled, s->class_of_node, s->nodes))) {
        s->class_of_node = filled.class_of_node;
        is_done = spread_classes(s, filled.count, filled.retained);
        for (size_t c = 0; is_done && c < class_count; c++)
            out[c] = filled.numbers[c] == HEAPY_NO_CLASS ? 0 : filled.retained[filled.numbers[c]];
    }
    filled_deinit(&filled);
    return is_done;
}

heapy_status
heapy_retained_by_class(const heapy_graph *graph, const uint32_t *class_of_node, size_t class_count,
                        const heapy_progress *progress, uint64_t *out, heapy_error *err)
{
    size_t nodes = heapy_graph_node_count(graph);
    if (!graph || (!class_of_node && nodes) || (!out && class_count))
        return heapy__fail_null(err, "graph, class_of_node or out");
    if (nodes && !heapy_graph_has_edges(graph))
        return heapy__fail(err, HEAPY_INVALID, "the references of this snapshot are not known");
    for (size_t i = 0; i < nodes; i++)
        if (class_of_node[i] >= class_count && class_of_node[i] != HEAPY_NO_CLASS)
            return heapy__fail(err, HEAPY_INVALID, "node %zu has class %u of %zu", i, class_of_node[i],
                               class_count);
    spread s = {.graph = graph,
                .class_of_node = class_of_node,
                .nodes = nodes,
                .ticker = {progress, "retained sizes"}};
    bool is_done = spread_filled(&s, class_count, out);
    if (s.ticker.is_stopped)
        return heapy__fail(err, HEAPY_CANCELLED, "the search for retained sizes was stopped");
    if (!is_done)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for what %zu classes retain of %zu nodes",
                           class_count, nodes);
    return HEAPY_OK;
}
