/* SPDX-License-Identifier: MIT */
/* The dominator tree of a snapshot, as the engine lists and writes it (heapy/branches.h). */
#include "types/snapshot_branches.h"

#include "live/errors.h"
#include "live/live_words.h"
#include "live/text.h"
#include "types/table_writer.h"
#include "types/type_snapshot.h"

#include <heapy/branches.h>
#include <heapy/dominators.h>
#include <heapy/graph.h>
#include <heapy/memory.h>
#include <heapy/status.h>

/* The branches of a node (HEAPY_NO_NODE: of the root); NULL with an exception. */
static heapy_branches *
branches_of(PyObject *self, heapy_node parent)
{
    heapy_snapshot *snapshot = Snapshot_get(self);
    heapy_branches *branches = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    if (!snapshot || !snapshot_dominators(snapshot)) /* here Ctrl-C is heard */
        return NULL;
    if (heapy_branches_create(snapshot, parent, 0, NULL, &branches, &err))
        raise_heapy_error(&err);
    return branches;
}

/* The node of an argument that is an address, or None for the root.  -1 with an exception. */
static int
node_of_argument(PyObject *self, PyObject *address, heapy_node *out)
{
    *out = HEAPY_NO_NODE;
    if (address == Py_None)
        return 0;
    *out = Snapshot_node_at(self, address);
    return *out == HEAPY_NO_NODE ? -1 : 0;
}

/* An object of a snapshot, or its address. */
static PyObject *
object_or_address(const heapy_snapshot *snapshot, heapy_node node, bool by_address)
{
    if (by_address)
        return PyLong_FromSize_t(heapy_snapshot_address(snapshot, node));
    return Py_XNewRef(live_object(snapshot, node));
}

/* ---- as lists ---- */

/* (object or its address, retained bytes, own bytes) of each that a node dominates immediately. */
static PyObject *
list_branches(PyObject *self, heapy_node parent, bool by_address)
{
    heapy_branches *branches = branches_of(self, parent);
    if (!branches)
        return NULL;
    const heapy_snapshot *snapshot = Snapshot_get(self);
    const heapy_dominators *dominators = snapshot_dominators(Snapshot_get(self));
    const heapy_sizes sizes = heapy_graph_sizes(heapy_snapshot_graph(snapshot));
    size_t count;
    const heapy_node *nodes = heapy_branches_nodes(branches, &count);
    PyObject *list = PyList_New((Py_ssize_t)count);
    for (size_t i = 0; list && i < count; i++) {
        PyObject *branch = object_or_address(snapshot, nodes[i], by_address), *item = NULL;
        if (branch)
            item =
                Py_BuildValue("(NKK)", branch, (unsigned long long)heapy_retained_size(dominators, nodes[i]),
                              (unsigned long long)heapy_size_of(&sizes, nodes[i]));
        if (item)
            PyList_SET_ITEM(list, (Py_ssize_t)i, item);
        else
            Py_CLEAR(list);
    }
    heapy_branches_destroy(branches);
    return list;
}

PyObject *
Snapshot_dominated(PyObject *self, PyObject *args)
{
    PyObject *of = NULL; /* the root */
    if (!PyArg_ParseTuple(args, "|O:dominated", &of) || !Snapshot_get(self))
        return NULL;
    if (!of)
        return list_branches(self, HEAPY_NO_NODE, false);
    heapy_node parent = Snapshot_node_of(self, of);
    if (parent == HEAPY_NO_NODE)
        return NULL;
    return list_branches(self, parent, false);
}

PyObject *
Snapshot_dominated_at(PyObject *self, PyObject *args)
{
    PyObject *address = Py_None;
    heapy_node parent;
    if (!PyArg_ParseTuple(args, "|O:dominated_at", &address) || node_of_argument(self, address, &parent) < 0)
        return NULL;
    return list_branches(self, parent, true);
}

/* The immediate dominator, or its address; None: the root is. */
static PyObject *
dominator_of_node(PyObject *self, heapy_node node, bool by_address)
{
    if (node == HEAPY_NO_NODE)
        return NULL;
    heapy_snapshot *snapshot = Snapshot_get(self);
    if (!snapshot)
        return NULL;
    const heapy_dominators *dominators = snapshot_dominators(snapshot);
    if (!dominators)
        return NULL;
    if (!heapy_dominators_has(dominators, node)) {
        PyErr_SetString(PyExc_ValueError, "the root does not reach this object");
        return NULL;
    }
    heapy_node parent = heapy_dominator(dominators, node);
    if (parent == HEAPY_NO_NODE)
        Py_RETURN_NONE;
    return object_or_address(snapshot, parent, by_address);
}

PyObject *
Snapshot_dominator(PyObject *self, PyObject *object)
{
    return dominator_of_node(self, Snapshot_node_of(self, object), false);
}

PyObject *
Snapshot_dominator_at(PyObject *self, PyObject *number)
{
    return dominator_of_node(self, Snapshot_node_at(self, number), true);
}

/* ---- as text ---- */

PyObject *
Snapshot_write_branches(PyObject *self, PyObject *args)
{
    PyObject *address, *result = NULL;
    const char *how;
    Py_ssize_t first, rows;
    int with_label;
    heapy_node parent;
    if (!PyArg_ParseTuple(args, "Osnnp:write_branches", &address, &how, &first, &rows, &with_label) ||
        node_of_argument(self, address, &parent) < 0)
        return NULL;
    if (first < 0 || rows < 0) {
        PyErr_SetString(PyExc_ValueError, "write_branches: rows are numbered from 0");
        return NULL;
    }
    heapy_branches *branches = branches_of(self, parent);
    const heapy_table *table;
    heapy_error err = HEAPY_ERROR_INIT;
    /* One row that would be left alone is taken along. */
    size_t count = rows ? (size_t)rows + 1 : SIZE_MAX;
    if (!branches)
        return NULL;
    if (heapy_branches_table(branches, (size_t)first, count, &table, &err))
        raise_heapy_error(&err);
    else
        result = write_table_as(how, table, (size_t)first, (size_t)rows, with_label);
    heapy_branches_destroy(branches);
    return result;
}

PyObject *
Snapshot_branch_path(PyObject *self, PyObject *args)
{
    PyObject *from, *to;
    heapy_node parent, node;
    heapy_error err = HEAPY_ERROR_INIT;
    char *text;
    if (!PyArg_ParseTuple(args, "OO:branch_path", &from, &to) || node_of_argument(self, from, &parent) < 0)
        return NULL;
    node = Snapshot_node_at(self, to);
    if (node == HEAPY_NO_NODE)
        return NULL;
    if (!heapy_branch_paths(Snapshot_get(self), parent, &node, 1, &text, &err))
        return text_taken_over(text, SIZE_MAX);
    raise_heapy_error(&err);
    return NULL;
}
