/* SPDX-License-Identifier: MIT */
/*
 * Classes of live objects, relation by relation.
 *
 * A relation may be made of others: each is classified where it looks, at the objects themselves, at the heap
 * that refers to them, or at the owners of dicts; and the classes of the whole are sets or tuples of those.
 */
#include "types/classify_live.h"

#include "live/errors.h"
#include "capture/object_map.h"
#include "live/live_words.h"
#include "live/guard.h"
#include "live/render.h"
#include "live/text.h"
#include "types/kind_render.h"
#include "types/source.h"
#include "types/module_state.h"
#include "types/type_snapshot.h"
#include "types/own_object.h"
#include "types/select_live.h"
#include "types/type_equivalence_relation.h"
#include "types/type_identity_set.h"
#include "types/type_kind.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/type_uniset.h"

#include <heapy/address_map.h>
#include <heapy/classify.h>
#include <heapy/graph.h>
#include <heapy/kind.h>
#include <heapy/memory.h>
#include <heapy/node_set.h>
#include <heapy/referrer_sets.h>
#include <heapy/reference.h>
#include <heapy/referrers.h>
#include <heapy/status.h>
#include <stdlib.h>
#include <string.h>

void
live_classes_deinit(live_classes *classes)
{
    for (size_t i = 0; i < classes->inner_count; i++)
        live_classes_deinit(&classes->inner[i]);
    heapy_free(classes->inner);
    heapy_classes_destroy(classes->classes);
    PyObject *er = classes->er, *keys = classes->keys, *objects = classes->objects, *snapshot = classes->snapshot;
    *classes = (live_classes){0};
    Py_XDECREF(er);
    Py_XDECREF(keys);
    Py_XDECREF(objects);
    Py_XDECREF(snapshot);
}

int
live_classes_traverse(const live_classes *classes, visitproc visit, void *arg)
{
    Py_VISIT(classes->er);
    Py_VISIT(classes->keys);
    Py_VISIT(classes->objects);
    Py_VISIT(classes->snapshot);
    for (size_t i = 0; i < classes->inner_count; i++) {
        int result = live_classes_traverse(&classes->inner[i], visit, arg);
        if (result)
            return result;
    }
    return 0;
}

heapy_classes *
live_classes_take(live_classes *classes)
{
    heapy_classes *taken = classes->classes;
    classes->classes = NULL;
    return taken;
}

void
live_classes_drop_snapshot(live_classes *classes)
{
    Py_CLEAR(classes->snapshot);
}

/* ---- what a relation needs to know ---- */

static PyObject *
part_of(PyObject *er, Py_ssize_t i)
{
    return PyTuple_GET_ITEM(((EquivalenceRelation *)er)->parts, i);
}

static Py_ssize_t
part_count(PyObject *er)
{
    PyObject *parts = ((EquivalenceRelation *)er)->parts;
    return parts ? PyTuple_GET_SIZE(parts) : 0;
}

/* Of the objects themselves: HEAPY_NEEDS_... */
static unsigned
needs_of_objects(PyObject *er)
{
    unsigned needs = 0;
    switch (relation_of(er)) {
    case RELATION_SIZE:
        return HEAPY_NEEDS_SIZES;
    case RELATION_CLODO:
        return HEAPY_NEEDS_OWNERS;
    case RELATION_IDSET:
    case RELATION_DICTOF:
        return HEAPY_NEEDS_OWNERS | NEEDS_OWNER_OBJECTS;
    case RELATION_PROD:
        return HEAPY_NEEDS_PRODUCERS;
    case RELATION_MODULE:
        return NEEDS_MODULES;
    case RELATION_AND:
        for (Py_ssize_t i = 0; i < part_count(er); i++)
            needs |= needs_of_objects(part_of(er, i));
        return needs;
    default:
        return 0;
    }
}

/* Of all that refers to them; 0: nothing. */
static unsigned
needs_of_heap(PyObject *er)
{
    unsigned needs = 0;
    switch (relation_of(er)) {
    case RELATION_VIA:
        return HEAPY_NEEDS_EDGES;
    case RELATION_REFDBY:
        needs = needs_of_heap(part_of(er, 0));
        return HEAPY_NEEDS_EDGES | needs_of_objects(part_of(er, 0)) | (needs ? needs | NEEDS_ALL_EDGES : 0);
    case RELATION_DICTOF:
        return needs_of_heap(part_of(er, 0));
    case RELATION_AND:
        for (Py_ssize_t i = 0; i < part_count(er); i++)
            needs |= needs_of_heap(part_of(er, i));
        return needs;
    default:
        return 0;
    }
}

/* One question: the session, and the heap once something asks for it. */
typedef struct question {
    PyObject *session;
    module_state *state;
    PyObject *objects; /* LiveObjects asked about */
    unsigned heap_needs;
    PyObject *heap; /* Snapshot; NULL until asked for */
} question;

/* Some objects as the nodes of a snapshot.  Borrowed. */
typedef struct members {
    const heapy_address_map *map;
    PyObject *objects; /* LiveObjects of them */
    const heapy_snapshot *snapshot;
    const heapy_graph *graph; /* the snapshot's */
} members;

static members
members_of(PyObject *objects, const heapy_snapshot *snapshot)
{
    return (members){heapy_snapshot_map(snapshot), objects, snapshot, heapy_snapshot_graph(snapshot)};
}

static heapy_snapshot *
heap_of(question *q)
{
    if (!q->heap) {
        const heapy_address_map *map = LiveObjects_map(q->objects);
        q->heap = map ? source_take(q->session, map, q->heap_needs) : NULL;
    }
    return q->heap ? Snapshot_get(q->heap) : NULL;
}

static int classify(live_classes *out, question *q, PyObject *er, const members *view);

/* Classes whose names are a list of str.  of_nodes is taken over. */
static int
classes_of_names(const char *header, size_t node_count, heapy_class *of_nodes, PyObject *names,
                 heapy_classes **out)
{
    size_t count = (size_t)PyList_GET_SIZE(names);
    const char **texts = heapy_alloc_array(count, sizeof *texts);
    PyObject *encoded = PyList_New(0);
    int result = texts && encoded ? 0 : -1;
    if (!texts)
        PyErr_NoMemory();
    for (size_t i = 0; !result && i < count; i++) {
        PyObject *bytes =
            PyUnicode_AsEncodedString(PyList_GET_ITEM(names, (Py_ssize_t)i), "utf-8", "replace");
        if (!bytes || PyList_Append(encoded, bytes) < 0)
            result = -1;
        else
            texts[i] = PyBytes_AS_STRING(bytes);
        Py_XDECREF(bytes);
    }
    heapy_error err = HEAPY_ERROR_INIT;
    if (result)
        heapy_free(of_nodes);
    else if (heapy_classes_create(header, node_count, of_nodes, count, texts, out, &err))
        result = raise_heapy_error(&err);
    heapy_free(texts);
    Py_XDECREF(encoded);
    return result;
}

/* ---- by module ---- */

/* Class 0 is everything that is no module; then a class a module, which modules (a list) gets. */
static int
number_modules(const heapy_snapshot *snapshot, heapy_class *of_nodes, PyObject *modules, PyObject *names)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    heapy_error err = HEAPY_ERROR_INIT;
    for (heapy_node i = 0; i < heapy_graph_node_count(graph); i++) {
        char *text;
        of_nodes[i] = 0;
        if (heapy_graph_role(graph, i) != HEAPY_ROLE_MODULE)
            continue;
        if (heapy_snapshot_text(snapshot, i, HEAPY_TEXT_ROW, &text, &err))
            return raise_heapy_error(&err);
        PyObject *name = text_taken_over(text, SIZE_MAX), *module = live_object(snapshot, i);
        int result = name && module && PyList_Append(names, name) == 0 ? PyList_Append(modules, module) : -1;
        Py_XDECREF(name);
        if (result)
            return -1;
        of_nodes[i] = (heapy_class)(PyList_GET_SIZE(names) - 1);
    }
    return 0;
}

static int
classify_by_module(live_classes *out, const members *view)
{
    size_t count = heapy_graph_node_count(view->graph);
    heapy_class *of_nodes = heapy_alloc_array(count, sizeof *of_nodes);
    PyObject *names = Py_BuildValue("[s]", "~module"), *modules = Py_BuildValue("[O]", Py_None);
    int result = -1;
    if (!of_nodes)
        PyErr_NoMemory();
    else if (names && modules)
        result = number_modules(view->snapshot, of_nodes, modules, names);
    if (!result)
        result = classes_of_names("Module", count, of_nodes, names, &out->classes);
    else
        heapy_free(of_nodes);
    if (!result) {
        out->keys = PyList_AsTuple(modules);
        result = out->keys ? 0 : -1;
    }
    Py_XDECREF(names);
    Py_XDECREF(modules);
    return result;
}

/* ---- by identity ---- */

/* "<1 int: 1>" for each object: its class "or dict of" and its own text. */
static int
brief_each(module_state *state, const members *view, const heapy_classes *clodo, PyObject *names)
{
    const heapy_class *classes = heapy_classes_of_nodes(clodo);
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, view->map);
    size_t node = 0;
    for (uintptr_t address; (address = heapy_address_iterator_next(&iterator)); node++) {
        PyObject *text = render_brief_item(&state->capture, object_at_address(address),
                                           live_owner(view->snapshot, (heapy_node)node));
        PyObject *class = text_from_utf8(heapy_classes_name(clodo, classes[node]), SIZE_MAX);
        PyObject *name = text && class ? PyUnicode_FromFormat("<1 %U: %U>", class, text) : NULL;
        int failed = !name || PyList_Append(names, name) < 0;
        Py_XDECREF(text);
        Py_XDECREF(class);
        Py_XDECREF(name);
        if (failed)
            return -1;
    }
    return 0;
}

static int
name_addresses(const members *view, PyObject *names)
{
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, view->map);
    for (uintptr_t address; (address = heapy_address_iterator_next(&iterator));) {
        PyObject *name = PyUnicode_FromFormat("<id %p>", (void *)address);
        int failed = !name || PyList_Append(names, name) < 0;
        Py_XDECREF(name);
        if (failed)
            return -1;
    }
    return 0;
}

static int
classify_by_identity(live_classes *out, module_state *state, const members *view)
{
    bool as_sets = relation_of(out->er) == RELATION_IDSET;
    size_t count = heapy_graph_node_count(view->graph);
    heapy_class *of_nodes = heapy_alloc_array(count, sizeof *of_nodes);
    heapy_classes *clodo = NULL;
    PyObject *names = PyList_New(0);
    heapy_error err = HEAPY_ERROR_INIT;
    int result = names ? 0 : -1;
    if (!of_nodes) {
        PyErr_NoMemory();
        result = -1;
    }
    for (size_t i = 0; !result && i < count; i++)
        of_nodes[i] = (heapy_class)i;
    if (!result && as_sets && heapy_classify(view->graph, HEAPY_BY_CLODO, &clodo, &err))
        result = raise_heapy_error(&err);
    if (!result)
        result = as_sets ? brief_each(state, view, clodo, names) : name_addresses(view, names);
    if (!result)
        result = classes_of_names(as_sets ? "by identity set" : "Object Identity", count, of_nodes, names,
                                  &out->classes);
    else
        heapy_free(of_nodes);
    out->objects = Py_NewRef(view->objects);
    heapy_classes_destroy(clodo);
    Py_XDECREF(names);
    return result;
}

/* ---- by producer ---- */

/* Class v is fact v; the last one is of what is not known. */
static int
classify_by_producer(live_classes *out, const members *view)
{
    const heapy_facts *sites = heapy_graph_facts(view->graph, HEAPY_ALLOCATION_SITES);
    size_t count = heapy_graph_node_count(view->graph), unknown = heapy_facts_value_count(sites);
    heapy_class *of_nodes = heapy_alloc_array(count, sizeof *of_nodes);
    const char **names = heapy_alloc_array(unknown + 1, sizeof *names);
    heapy_error err = HEAPY_ERROR_INIT;
    int result = -1;
    if (!of_nodes || !names) {
        heapy_free(of_nodes);
        PyErr_NoMemory();
    } else {
        for (heapy_node i = 0; i < count; i++) {
            uint32_t site = heapy_facts_of_node(sites, i);
            of_nodes[i] = site == HEAPY_NO_FACT ? (heapy_class)unknown : site;
        }
        for (uint32_t v = 0; v < unknown; v++)
            names[v] = heapy_facts_value(sites, v);
        names[unknown] = "unknown";
        result = heapy_classes_create("Producer (line of allocation)", count, of_nodes, unknown + 1, names,
                                      &out->classes, &err)
                     ? raise_heapy_error(&err)
                     : 0;
    }
    heapy_free(names);
    return result;
}

/* ---- by referrers ---- */

/* The numbers that the objects have in the heap, and those as a set unless it is not wanted (NULL); both
 * owned. */
static int
find_in_heap(const heapy_snapshot *heap, const members *view, heapy_node **numbers, heapy_node_set **nodes)
{
    size_t count = heapy_address_map_count(view->map);
    heapy_error err = HEAPY_ERROR_INIT;
    *numbers = heapy_alloc_array(count, sizeof **numbers);
    if (nodes)
        *nodes = NULL;
    if (!*numbers) {
        PyErr_NoMemory();
        return -1;
    }
    heapy_address_map_numbers(view->map, heapy_snapshot_map(heap), *numbers);
    if (!nodes || view->map == heapy_snapshot_map(heap))
        return 0;
    if (heapy_node_set_create(heapy_address_map_count(heapy_snapshot_map(heap)), nodes, &err)) {
        heapy_free(*numbers);
        return raise_heapy_error(&err);
    }
    for (size_t i = 0; i < count; i++)
        if ((*numbers)[i] != HEAPY_NO_NODE)
            heapy_node_set_add(*nodes, (*numbers)[i]);
    return 0;
}

/* The names of `classes`, borrowed from it. */
static const char **
names_of(const heapy_classes *classes)
{
    size_t count = heapy_classes_count(classes);
    const char **names = heapy_alloc_array(count, sizeof *names);
    if (!names)
        PyErr_NoMemory();
    for (size_t i = 0; names && i < count; i++)
        names[i] = heapy_classes_name(classes, (heapy_class)i);
    return names;
}

static int
make_inner(live_classes *out, size_t count)
{
    out->inner = heapy_alloc_zeroed(count, sizeof *out->inner);
    if (!out->inner) {
        PyErr_NoMemory();
        return -1;
    }
    out->inner_count = count;
    return 0;
}

static int
classify_by_referrers(live_classes *out, question *q, const members *view)
{
    heapy_snapshot *heap = heap_of(q);
    if (!heap || make_inner(out, 1) < 0)
        return -1;
    const members all = members_of(Snapshot_objects(q->heap), heap);
    if (classify(&out->inner[0], q, part_of(out->er, 0), &all) < 0)
        return -1;
    const heapy_classes *of_referrers = out->inner[0].classes;
    heapy_referrer_sets *sets = NULL;
    heapy_node *numbers;
    heapy_node_set *nodes = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    char header[1024];
    PyOS_snprintf(header, sizeof header, "Referrers by %s", heapy_classes_header(of_referrers));
    /* The reverse edges of a snapshot that is kept are worth making; of one for this question they are not. */
    bool is_whole = source_of(q->session)->is_whole;
    const heapy_referrers *referrers = is_whole ? snapshot_referrers(heap) : NULL;
    if (is_whole && !referrers)
        return -1;
    const char **names = names_of(of_referrers);
    if (!names || find_in_heap(heap, view, &numbers, referrers ? NULL : &nodes) < 0) {
        heapy_free(names);
        return -1;
    }
    size_t count = heapy_address_map_count(view->map);
    const heapy_class *classes = heapy_classes_of_nodes(of_referrers);
    heapy_status status = referrers
                              ? heapy_referrer_sets_of_nodes(referrers, numbers, count, classes, &sets, &err)
                              : heapy_referrer_sets_by_class(heapy_snapshot_graph(heap), nodes, classes, &sets, &err);
    if (!status)
        status = heapy_classify_by_sets(sets, referrers ? NULL : numbers, count, header, names, "<Nothing>",
                                        &out->classes, &err);
    heapy_referrer_sets_destroy(sets);
    heapy_node_set_destroy(nodes);
    heapy_free(numbers);
    heapy_free(names);
    return status ? raise_heapy_error(&err) : 0;
}

/* The texts as a tuple of str. */
static PyObject *
tuple_of_texts(char *const *texts, size_t count)
{
    PyObject *tuple = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; tuple && i < count; i++) {
        PyObject *text = text_from_utf8(texts[i], SIZE_MAX);
        if (!text)
            Py_CLEAR(tuple);
        else
            PyTuple_SET_ITEM(tuple, (Py_ssize_t)i, text);
    }
    return tuple;
}

static int
classify_by_references(live_classes *out, question *q, const members *view)
{
    const heapy_snapshot *heap = heap_of(q);
    heapy_node *numbers;
    heapy_node_set *nodes;
    if (!heap || find_in_heap(heap, view, &numbers, &nodes) < 0)
        return -1;
    heapy_referrer_sets *sets = NULL;
    heapy_reference *references = NULL;
    size_t reference_count = 0;
    heapy_reference_names names = {0};
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status =
        heapy_referrer_sets_by_reference(heapy_snapshot_graph(heap), nodes, &sets, &references, &reference_count, &err);
    if (!status)
        status = heapy_reference_names_init(&names, heap, references, reference_count, &err);
    if (!status) {
        heapy_referrer_sets_renumber(sets, names.numbers);
        status = heapy_classify_by_sets(sets, numbers, heapy_address_map_count(view->map),
                                        "Referred Via:", (const char *const *)names.texts, "", &out->classes,
                                        &err);
    }
    if (!status && !(out->keys = tuple_of_texts(names.texts, names.text_count)))
        status = err.status = HEAPY_CANCELLED;
    heapy_referrer_sets_destroy(sets);
    heapy_reference_names_deinit(&names);
    heapy_free(references);
    heapy_node_set_destroy(nodes);
    heapy_free(numbers);
    return status ? raise_heapy_error(&err) : 0;
}

/* ---- by owners ---- */

/* By node the number of its owner in `map`. */
static heapy_node *
number_owners(const members *view, const heapy_address_map *map)
{
    size_t count = heapy_graph_node_count(view->graph);
    heapy_node *owners = heapy_alloc_array(count, sizeof *owners);
    if (!owners)
        PyErr_NoMemory();
    for (size_t i = 0; owners && i < count; i++) {
        PyObject *owner = live_owner(view->snapshot, (heapy_node)i);
        owners[i] = owner ? heapy_address_map_rank(map, (uintptr_t)owner) : HEAPY_NO_NODE;
    }
    return owners;
}

/* Classify the owners, then the dicts by them. */
static int
classify_by_owners(live_classes *out, question *q, const members *view)
{
    PyObject *er = part_of(out->er, 0), *snapshot = NULL;
    heapy_address_map *map = owners_in_snapshot(view->snapshot);
    PyObject *objects = map ? LiveObjects_wrap(q->session, map) : NULL;
    heapy_node *owner_nodes = objects ? number_owners(view, map) : NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    int result = owner_nodes ? make_inner(out, 1) : -1;
    if (!result)
        result = (snapshot = source_take(q->session, map, needs_of_objects(er))) ? 0 : -1;
    if (!result) {
        const members owners = members_of(objects, Snapshot_get(snapshot));
        result = classify(&out->inner[0], q, er, &owners);
    }
    if (!result && heapy_classify_by_owner(view->graph, owner_nodes, out->inner[0].classes, &out->classes, &err))
        result = raise_heapy_error(&err);
    Py_XDECREF(snapshot);
    heapy_free(owner_nodes);
    Py_XDECREF(objects);
    return result;
}

/* ---- by the first kind that has the object ---- */

/* Names of findex classes: "int / 0", ..., "<None>". */
static PyObject *
names_of_matches(PyObject *er)
{
    PyObject *names = PyList_New(0);
    for (Py_ssize_t i = 0; names && i <= part_count(er); i++) {
        PyObject *brief = i < part_count(er) ? set_brief(part_of(er, i)) : PyUnicode_FromString("");
        PyObject *name = !brief               ? NULL
                         : i < part_count(er) ? PyUnicode_FromFormat("%U / %zd", brief, i)
                                              : PyUnicode_FromString("<None>");
        PyObject *bytes = name ? PyUnicode_AsEncodedString(name, "utf-8", "replace") : NULL;
        if (!bytes || PyList_Append(names, bytes) < 0)
            Py_CLEAR(names);
        Py_XDECREF(brief);
        Py_XDECREF(name);
        Py_XDECREF(bytes);
    }
    return names;
}

/* The objects of `map` that are in the set, as numbers of `map`. */
static heapy_node_set *
numbers_in_set(PyObject *set, const heapy_address_map *map)
{
    module_state *state = state_of_type(Py_TYPE(set));
    heapy_node_set *nodes = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_address_map *selected = NULL;
    const heapy_address_map *members = NULL;
    if (IdentitySet_check(state, set))
        members = IdentitySet_map(set);
    else
        members = selected = Kind_select(set, map);
    if (members && heapy_node_set_create(heapy_address_map_count(map), &nodes, &err))
        raise_heapy_error(&err);
    heapy_address_iterator iterator;
    if (nodes)
        heapy_address_iterator_init(&iterator, members);
    for (uintptr_t address; nodes && (address = heapy_address_iterator_next(&iterator));) {
        heapy_node node = heapy_address_map_rank(map, address);
        if (node != HEAPY_NO_NODE)
            heapy_node_set_add(nodes, node);
    }
    heapy_address_map_destroy(selected);
    return nodes;
}

static int
classify_by_first_match(live_classes *out, const members *view)
{
    size_t count = (size_t)part_count(out->er);
    heapy_node_set **sets = heapy_alloc_zeroed(count, sizeof *sets);
    const char **texts = heapy_alloc_array(count + 1, sizeof *texts);
    PyObject *names = names_of_matches(out->er);
    heapy_error err = HEAPY_ERROR_INIT;
    int result = names ? 0 : -1;
    if (!sets || !texts) {
        PyErr_NoMemory();
        result = -1;
    }
    for (size_t i = 0; !result && i < count; i++)
        result = (sets[i] = numbers_in_set(part_of(out->er, (Py_ssize_t)i), view->map)) ? 0 : -1;
    for (size_t i = 0; !result && i <= count; i++)
        texts[i] = PyBytes_AS_STRING(PyList_GET_ITEM(names, (Py_ssize_t)i));
    if (!result &&
        heapy_classify_by_first_match(heapy_address_map_count(view->map), (const heapy_node_set *const *)sets,
                                      count, "First Matching Kind / Index", texts, &out->classes, &err))
        result = raise_heapy_error(&err);
    for (size_t i = 0; sets && i < count; i++)
        heapy_node_set_destroy(sets[i]);
    heapy_free(sets);
    heapy_free(texts);
    Py_XDECREF(names);
    return result;
}

/* ---- several together ---- */

static int
classify_by_all(live_classes *out, question *q, const members *view)
{
    size_t count = (size_t)part_count(out->er);
    const heapy_classes **factors = heapy_alloc_array(count, sizeof *factors);
    heapy_error err = HEAPY_ERROR_INIT;
    int result = -1;
    if (!factors)
        PyErr_NoMemory();
    else
        result = make_inner(out, count);
    for (size_t i = 0; !result && i < count; i++) {
        result = classify(&out->inner[i], q, part_of(out->er, (Py_ssize_t)i), view);
        factors[i] = out->inner[i].classes;
    }
    if (!result && heapy_classes_combine(factors, count, &out->classes, &err))
        result = raise_heapy_error(&err);
    heapy_free(factors);
    return result;
}

/* ---- all ---- */

static int
classify_by_columns(live_classes *out, const members *view, heapy_classifier classifier)
{
    heapy_error err = HEAPY_ERROR_INIT;
    out->keys = Py_NewRef(live_types(view->snapshot));
    return heapy_classify(view->graph, classifier, &out->classes, &err) ? raise_heapy_error(&err) : 0;
}

/* `out` is zeroed; what is in it afterwards is the caller's also on failure. */
static int
classify(live_classes *out, question *q, PyObject *er, const members *view)
{
    out->er = Py_NewRef(er);
    switch (relation_of(er)) {
    case RELATION_TYPE:
        return classify_by_columns(out, view, HEAPY_BY_TYPE);
    case RELATION_CLODO:
        return classify_by_columns(out, view, HEAPY_BY_CLODO);
    case RELATION_SIZE:
        return classify_by_columns(out, view, HEAPY_BY_SIZE);
    case RELATION_UNITY:
        return classify_by_columns(out, view, HEAPY_BY_UNITY);
    case RELATION_MODULE:
        return classify_by_module(out, view);
    case RELATION_ID:
    case RELATION_IDSET:
        return classify_by_identity(out, q->state, view);
    case RELATION_VIA:
        return classify_by_references(out, q, view);
    case RELATION_PROD:
        return classify_by_producer(out, view);
    case RELATION_AND:
        return classify_by_all(out, q, view);
    case RELATION_REFDBY:
        return classify_by_referrers(out, q, view);
    case RELATION_DICTOF:
        return classify_by_owners(out, q, view);
    case RELATION_FINDEX:
        break;
    }
    return classify_by_first_match(out, view);
}

int
live_classes_init(live_classes *out, PyObject *er, PyObject *objects, unsigned wants)
{
    PyObject *session = ((EquivalenceRelation *)er)->session;
    const heapy_address_map *map = LiveObjects_map(objects);
    *out = (live_classes){0};
    if (!session)
        new_reference_or_error(NULL);
    if (!map || !session || !Session_is_usable(session))
        return -1;
    unsigned needs = needs_of_objects(er);
    if (wants & WITH_SIZES)
        needs |= HEAPY_NEEDS_SIZES;
    if (wants & WITH_OWNERS && needs & HEAPY_NEEDS_OWNERS)
        needs |= NEEDS_OWNER_OBJECTS | NEEDS_LENGTHS | NEEDS_MODULES;
    question q = {.session = session,
                  .state = state_of_type(Py_TYPE(session)),
                  .objects = objects,
                  .heap_needs = needs_of_heap(er)};
    guard kept = guard_begin(objects);
    out->snapshot = source_take(session, map, needs);
    int result = out->snapshot ? 0 : -1;
    if (!result) {
        const members view = members_of(objects, Snapshot_get(out->snapshot));
        result = classify(out, &q, er, &view);
    }
    Py_XDECREF(q.heap);
    if (result)
        live_classes_deinit(out);
    guard_end(&kept);
    return result;
}

/* ---- classes as kinds ---- */

static PyObject *
kind_of_type_class(PyObject *session, const heapy_classes *of, PyObject *keys, heapy_class which)
{
    heapy_type type = 0;
    heapy_class_form form = heapy_classes_form(of, which, &type);
    if (form == HEAPY_CLASS_DICT_NO_OWNER)
        return Kind_of_owner(session, NULL);
    PyObject *kind = Kind_of_type(session, PyTuple_GET_ITEM(keys, (Py_ssize_t)type));
    if (form == HEAPY_CLASS_DICT_OF && kind)
        Py_SETREF(kind, Kind_of_owner(session, kind));
    return kind;
}

/* The referrers kind of a set of inner classes. */
static PyObject *
kind_of_class_set(const live_classes *classes, const heapy_classes *of, heapy_class which)
{
    size_t count;
    const uint32_t *numbers = heapy_classes_set(of, which, &count);
    PyObject *kinds = PyList_New(0);
    for (size_t i = 0; kinds && i < count; i++) {
        PyObject *kind = class_kind(&classes->inner[0], classes->inner[0].classes, numbers[i]);
        if (!kind || PyList_Append(kinds, kind) < 0)
            Py_CLEAR(kinds);
        Py_XDECREF(kind);
    }
    PyObject *tuple = kinds ? PyList_AsTuple(kinds) : NULL;
    PyObject *result = tuple ? referrers_kind(part_of(classes->er, 0), tuple) : NULL;
    Py_XDECREF(kinds);
    Py_XDECREF(tuple);
    return result;
}

static PyObject *
kind_of_relation_set(PyObject *session, const live_classes *classes, const heapy_classes *of,
                     heapy_class which)
{
    size_t count;
    const uint32_t *numbers = heapy_classes_set(of, which, &count);
    PyObject *texts = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; texts && i < count; i++)
        PyTuple_SET_ITEM(texts, (Py_ssize_t)i,
                         Py_NewRef(PyTuple_GET_ITEM(classes->keys, (Py_ssize_t)numbers[i])));
    PyObject *kind = texts ? Kind_of_relations(session, texts) : NULL;
    Py_XDECREF(texts);
    return kind;
}

static PyObject *
kind_of_owner_class(PyObject *session, const live_classes *classes, heapy_class which)
{
    if (which == 1)
        return Kind_of_owner(session, NULL);
    PyObject *kind = which ? class_kind(&classes->inner[0], classes->inner[0].classes, which - 2)
                           : Kind_of_type(session, (PyObject *)&PyDict_Type);
    if (kind)
        Py_SETREF(kind, which ? Kind_of_owner(session, kind) : uniset_complement(kind));
    return kind;
}

/* In the relation's order, whatever the order of the operators'. */
static PyObject *
kind_of_tuple(const live_classes *classes, const heapy_classes *of, heapy_class which)
{
    const heapy_class *numbers = heapy_classes_factors(of, which);
    PyObject *kind = NULL;
    for (size_t i = 0; i < classes->inner_count; i++) {
        PyObject *factor = class_kind(&classes->inner[i], classes->inner[i].classes, numbers[i]);
        /* a & b is written (b & a) for the first two */
        if (factor && kind)
            Py_SETREF(factor, i == 1 ? uniset_combine(factor, kind, HEAPY_INTERSECTION)
                                     : uniset_combine(kind, factor, HEAPY_INTERSECTION));
        Py_XSETREF(kind, factor);
        if (!kind)
            return NULL;
    }
    return kind;
}

/* The class's name is FILE:LINE; the last one is of what is not known. */
static PyObject *
kind_of_producer_class(PyObject *session, const heapy_classes *of, heapy_class which)
{
    if (which == heapy_classes_count(of) - 1)
        return Kind_of_unknown_producer(session);
    const char *name = heapy_classes_name(of, which), *colon = strrchr(name, ':');
    PyObject *file = text_from_utf8(name, (size_t)(colon - name)), *kind = NULL;
    PyObject *line = file ? PyLong_FromString(colon + 1, NULL, 10) : NULL;
    if (line)
        kind = Kind_of_producer(session, file, line);
    Py_XDECREF(file);
    Py_XDECREF(line);
    return kind;
}

/* The object that is a class of its own, as a kind or a set. */
static PyObject *
kind_of_object_class(PyObject *session, const live_classes *classes, heapy_class which)
{
    const heapy_address_map *map = LiveObjects_map(classes->objects);
    PyObject *object = map ? object_at_address(heapy_address_map_select(map, which)) : NULL;
    if (!object)
        return NULL;
    return relation_of(classes->er) == RELATION_ID ? Kind_of_object(session, object)
                                                   : IdentitySet_of_object(session, object);
}

PyObject *
class_kind(const live_classes *classes, const heapy_classes *of, heapy_class which)
{
    PyObject *session = ((EquivalenceRelation *)classes->er)->session, *arg, *kind;
    if (!session)
        return new_reference_or_error(NULL);
    switch (relation_of(classes->er)) {
    case RELATION_TYPE:
    case RELATION_CLODO:
        return kind_of_type_class(session, of, classes->keys, which);
    case RELATION_SIZE: /* the class's name is its size */
        arg = PyLong_FromString(heapy_classes_name(of, which), NULL, 10);
        kind = arg ? Kind_of_size(session, arg) : NULL;
        Py_XDECREF(arg);
        return kind;
    case RELATION_MODULE:
        return which ? Kind_of_module(session, PyTuple_GET_ITEM(classes->keys, (Py_ssize_t)which))
                     : Kind_of_non_modules(session);
    case RELATION_ID:
    case RELATION_IDSET:
        return kind_of_object_class(session, classes, which);
    case RELATION_UNITY:
        return Kind_of_anything(session);
    case RELATION_VIA:
        return kind_of_relation_set(session, classes, of, which);
    case RELATION_PROD:
        return kind_of_producer_class(session, of, which);
    case RELATION_AND:
        return kind_of_tuple(classes, of, which);
    case RELATION_REFDBY:
        return kind_of_class_set(classes, of, which);
    case RELATION_DICTOF:
        return kind_of_owner_class(session, classes, which);
    case RELATION_FINDEX:
        break;
    }
    arg = PyLong_FromUnsignedLong(which);
    kind = arg ? Kind_of_index(classes->er, arg) : NULL;
    Py_XDECREF(arg);
    return kind;
}
