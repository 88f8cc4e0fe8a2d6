/* SPDX-License-Identifier: MIT */
/*
 * Whose attribute dict is this?  (H-80 to H-83)
 *
 * A dict does not know its owner, so the owners are asked for their dicts: first the objects of the set
 * itself, then, for what is left, everything the collector tracks and every static type, since an owner need
 * not be in the set or even be reachable.  Where several objects share a dict the first one found wins.
 */
#include "capture/capture_internal.h"
#include "cpython/collector_lists.h"
#include "cpython/type_layout.h"

/* False: no memory.  No reference is taken. */
static bool
note_owner(dict_owners *owners, heapy_node dict, PyObject *owner)
{
    struct dict_owner *items = heapy_grow(owners->items, owners->count, &owners->capacity, sizeof *items);
    if (!items)
        return false;
    owners->items = items;
    items[owners->count++] = (struct dict_owner){dict, owner};
    return true;
}

void
capture_try_owner(PyObject *object, void *arg)
{
    owner_search *search = arg;
    capture *c = search->capture;
    const PyTypeObject **plain = &search->plain_types[capture_leaf_slot(Py_TYPE(object))];
    if (*plain == Py_TYPE(object) && *plain)
        return;
    type_record *record = capture_record(c, Py_TYPE(object));
    if (!record || !record->may_own_dict) {
        *plain = Py_TYPE(object);
        return;
    }
    PyObject *dict = capture_dict_of(c, object, record);
    if (!dict)
        return;
    /* What is no exact dict may be noted too: nobody asks for its owner. */
    heapy_node node = heapy_address_map_rank(search->map, (uintptr_t)dict);
    if (node == HEAPY_NO_NODE || search->owners[node] != HEAPY_NO_NODE)
        return;
    heapy_node owner = search->tried;
    if (owner == HEAPY_NO_NODE)
        owner = heapy_address_map_rank(search->map, (uintptr_t)object);
    if (owner == HEAPY_NO_NODE) {
        owner = heapy_owner_elsewhere(heapy_address_map_count(search->map), capture_graph_type(c, record));
        if (search->elsewhere && !note_owner(search->elsewhere, node, object))
            c->out_of_memory = true;
    }
    search->owners[node] = owner;
}

/* Try every type below `object`, static ones included, which the dicts of subclasses lead to. */
static bool
try_types(owner_search *search)
{
    capture *c = search->capture;
    heapy_address_map *seen = NULL;
    if (heapy_address_map_create(&seen, NULL))
        return false;
    size_t first = c->stack_count;
    bool is_done = false;
    PyObject *next = (PyObject *)&PyBaseObject_Type;
    for (;;) {
        capture_try_owner(next, search);
        PyObject *subclasses = type_parts_of(c->interp, (PyTypeObject *)next).subclasses;
        if (subclasses && PyDict_Check(subclasses)) {
            dict_entries e = dict_entries_of(subclasses);
            for (Py_ssize_t i = 0; i < e.count; i++) {
                PyObject *reference = e.values[(size_t)i * e.value_stride];
                if (!reference || !PyWeakref_CheckRef(reference))
                    continue;
                PyObject *type = ((PyWeakReference *)reference)->wr_object;
                const type_record *record = capture_record(c, Py_TYPE(type));
                if (!record || record->content != CONTENT_TYPE)
                    continue; /* the referent is gone, or damaged */
                int is_new = heapy_address_map_mark(seen, (uintptr_t)type);
                uintptr_t *stack = heapy_grow(c->stack, c->stack_count, &c->stack_capacity, sizeof *stack);
                if (is_new < 0 || !stack)
                    goto done;
                c->stack = stack;
                if (is_new)
                    c->stack[c->stack_count++] = (uintptr_t)type;
            }
        }
        if (c->stack_count == first)
            break;
        next = (PyObject *)c->stack[--c->stack_count];
    }
    is_done = true;
done:
    c->stack_count = first;
    heapy_address_map_destroy(seen);
    return is_done;
}

bool
capture_find_other_owners(owner_search *search)
{
    search->tried = HEAPY_NO_NODE;
    visit_possible_owners(search->capture->interp, capture_try_owner, search);
    if (!try_types(search))
        search->capture->out_of_memory = true;
    return !search->capture->out_of_memory;
}
