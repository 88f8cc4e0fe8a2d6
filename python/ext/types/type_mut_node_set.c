/* SPDX-License-Identifier: MIT */
/* Node sets that change (N-1 to N-18).  Letting go of a member may run any code, which finds the set without
 * it. */
#include "heapyc_docs.h"
#include "live/errors.h"
#include "live/held_objects.h"
#include "types/module_state.h"
#include "types/node_set_members.h"
#include "types/own_object.h"

#include <heapy/address_map.h>
#include <heapy/bit_set.h>
#include <heapy/status.h>

/* Make an object a member.  1: it was one, 0: it is now, -1: MemoryError. */
static int
insert(NodeSet *self, PyObject *object)
{
    heapy_error err = HEAPY_ERROR_INIT;
    bool is_new;
    if (heapy_bit_set_add(self->bits, bit_of_object(object), &is_new, &err))
        return raise_heapy_error(&err);
    if (is_new)
        Py_INCREF(object);
    return !is_new;
}

/* The same for several. */
static int
insert_all(NodeSet *self, const held_objects *objects)
{
    held_iterator iterator;
    held_iterator_init(&iterator, objects);
    for (PyObject *object; (object = held_iterator_next(&iterator));)
        if (insert(self, object) < 0)
            return -1;
    return 0;
}

/* Members that are in `map`, or are not, leave the set.  Letting go of them may run any code, which finds the
   set without them. */
static int
remove_members(NodeSet *self, const heapy_address_map *map, bool that_are_in)
{
    node_members own;
    heapy_address_map *leaving;
    heapy_error err = HEAPY_ERROR_INIT;
    if (node_members_of(self, &own) < 0)
        return -1;
    heapy_status status = heapy_address_map_combine(
        node_members_map(&own), map, that_are_in ? HEAPY_INTERSECTION : HEAPY_DIFFERENCE, &leaving, &err);
    node_members_deinit(&own);
    if (status)
        return raise_heapy_error(&err);
    held_objects *left = capture_held(leaving); /* the set's references are ours now */
    held_iterator iterator;
    held_iterator_init(&iterator, left);
    for (PyObject *object; (object = held_iterator_next(&iterator));)
        heapy_bit_set_remove(self->bits, bit_of_object(object));
    capture_release(left);
    return 0;
}

static int
toggle_members(NodeSet *self, const held_objects *objects)
{
    node_members own;
    heapy_address_map *entering;
    heapy_error err = HEAPY_ERROR_INIT;
    if (node_members_of(self, &own) < 0)
        return -1;
    heapy_status status = heapy_address_map_combine(held_addresses(objects), node_members_map(&own),
                                                    HEAPY_DIFFERENCE, &entering, &err);
    node_members_deinit(&own);
    if (status)
        return raise_heapy_error(&err);
    held_objects *kept = capture_hold(entering); /* while what leaves is let go of */
    int result = remove_members(self, held_addresses(objects), true);
    if (!result)
        result = insert_all(self, kept);
    capture_release_keeping_exception(kept);
    return result;
}

static PyObject *
mut_add(PyObject *self, PyObject *object)
{
    if (insert((NodeSet *)self, object) < 0)
        return NULL;
    return Py_NewRef(Py_None);
}

static PyObject *
mut_append(PyObject *self, PyObject *object)
{
    int was_there = insert((NodeSet *)self, object);
    if (was_there > 0)
        PyErr_SetString(PyExc_ValueError, "append(): the object is in the set already");
    if (was_there)
        return NULL;
    return Py_NewRef(Py_None);
}

static PyObject *
mut_tas(PyObject *self, PyObject *object)
{
    int was_there = insert((NodeSet *)self, object);
    if (was_there < 0)
        return NULL;
    return PyBool_FromLong(was_there);
}

/* The caller still holds the object. */
static bool
take_out(PyObject *self, PyObject *object)
{
    bool was_there = heapy_bit_set_remove(((NodeSet *)self)->bits, bit_of_object(object));
    if (was_there)
        Py_DECREF(object);
    return was_there;
}

static PyObject *
mut_discard(PyObject *self, PyObject *object)
{
    take_out(self, object);
    Py_RETURN_NONE;
}

static PyObject *
mut_remove(PyObject *self, PyObject *object)
{
    if (take_out(self, object))
        Py_RETURN_NONE;
    PyErr_SetString(PyExc_ValueError, "remove(): the object is not in the set");
    return NULL;
}

static PyObject *
mut_tac(PyObject *self, PyObject *object)
{
    return PyBool_FromLong(take_out(self, object));
}

static PyObject *
mut_pop(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    int64_t lowest, highest;
    heapy_bit_set *bits = ((NodeSet *)self)->bits;
    if (!heapy_bit_set_extremes(bits, &lowest, &highest)) {
        PyErr_SetString(PyExc_ValueError, "pop(): the set is empty");
        return NULL;
    }
    heapy_bit_set_remove(bits, lowest);
    return object_of_held_bit(lowest);
}

static PyObject *
mut_clear_all(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    NodeSet_release_bits(((NodeSet *)self)->bits);
    Py_RETURN_NONE;
}

static PyObject *
mut_node_set_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"iterable", NULL};
    PyObject *iterable = NULL;
    module_state *state = state_of_type(type);
    heapy_error err = HEAPY_ERROR_INIT;
    node_members given = {0};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O:MutNodeSet", names, &iterable) ||
        !state_is_usable(state))
        return NULL;
    NodeSet *self = own_object_new(type, NULL);
    if (!self)
        return NULL;
    int result = 0;
    if (heapy_bit_set_create(NULL, 0, &self->bits, &err))
        result = raise_heapy_error(&err);
    if (!result && iterable)
        result = node_members_collect(state, iterable, &given);
    if (!result && given.objects)
        result = insert_all(self, given.objects);
    node_members_deinit(&given);
    if (result)
        Py_CLEAR(self);
    return (PyObject *)self;
}

/* What an iterable gave before it failed counts (N-5), but for `&=`. */
static PyObject *
operate_in_place(PyObject *object, PyObject *other, heapy_set_operation operation)
{
    module_state *state = state_of_type(Py_TYPE(object));
    NodeSet *self = (NodeSet *)object;
    node_members right = {0};
    if (!NodeSet_can_take(state, other))
        Py_RETURN_NOTIMPLEMENTED;
    if (NodeSet_check(state, other) && NodeSet_check_tags(object, other) < 0)
        return NULL;
    int collected = node_members_collect(state, other, &right), result = -1;
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (right.objects && operation == HEAPY_UNION)
        result = insert_all(self, right.objects);
    else if (right.objects && operation == HEAPY_DIFFERENCE)
        result = remove_members(self, node_members_map(&right), true);
    else if (right.objects && operation == HEAPY_SYMMETRIC_DIFFERENCE)
        result = toggle_members(self, right.objects);
    else if (collected == 0)
        result = remove_members(self, node_members_map(&right), false);
    if (type)
        PyErr_Restore(type, value, traceback);
    node_members_deinit(&right);
    if (result < 0 || collected < 0)
        return NULL;
    return Py_NewRef(object);
}

static PyObject *
mut_inplace_or(PyObject *self, PyObject *other)
{
    return operate_in_place(self, other, HEAPY_UNION);
}

static PyObject *
mut_inplace_and(PyObject *self, PyObject *other)
{
    return operate_in_place(self, other, HEAPY_INTERSECTION);
}

static PyObject *
mut_inplace_subtract(PyObject *self, PyObject *other)
{
    return operate_in_place(self, other, HEAPY_DIFFERENCE);
}

static PyObject *
mut_inplace_xor(PyObject *self, PyObject *other)
{
    return operate_in_place(self, other, HEAPY_SYMMETRIC_DIFFERENCE);
}

static int
set_hiding_tag(PyObject *self, PyObject *tag, void *closure)
{
    (void)closure;
    own_object_set_tag(self, tag);
    return 0;
}

static PyMethodDef mut_node_set_methods[] = {
    {"add", mut_add, METH_O, DOC_MutNodeSet_add},
    {"append", mut_append, METH_O, DOC_MutNodeSet_append},
    {"discard", mut_discard, METH_O, DOC_MutNodeSet_discard},
    {"remove", mut_remove, METH_O, DOC_MutNodeSet_remove},
    {"pop", mut_pop, METH_NOARGS, DOC_MutNodeSet_pop},
    {"tas", mut_tas, METH_O, DOC_MutNodeSet_tas},
    {"tac", mut_tac, METH_O, DOC_MutNodeSet_tac},
    {"clear", mut_clear_all, METH_NOARGS, DOC_MutNodeSet_clear},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef mut_node_set_getset[] = {
    {"_hiding_tag_", NodeSet_get_hiding_tag, set_hiding_tag, DOC_NodeSet__hiding_tag_, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot mut_node_set_slots[] = {
    {Py_tp_doc, DOC_MutNodeSet},          {Py_tp_new, mut_node_set_new},
    {Py_tp_traverse, NodeSet_traverse},   {Py_tp_clear, NodeSet_clear},
    {Py_tp_dealloc, NodeSet_dealloc},     {Py_tp_methods, mut_node_set_methods},
    {Py_tp_getset, mut_node_set_getset},  {Py_nb_inplace_or, mut_inplace_or},
    {Py_nb_inplace_and, mut_inplace_and}, {Py_nb_inplace_subtract, mut_inplace_subtract},
    {Py_nb_inplace_xor, mut_inplace_xor}, {0, NULL},
};

PyType_Spec mut_node_set_spec = {
    .name = "guppy.sets.setsc.MutNodeSet",
    .basicsize = sizeof(NodeSet),
    .flags = NODE_SET_FLAGS,
    .slots = mut_node_set_slots,
};
