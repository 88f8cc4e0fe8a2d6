/* SPDX-License-Identifier: MIT */
/* MutBitSet: a bit set that changes, and shares its words with immutable ones until it does (BC-2). */
#include "cpython/module_support.h"
#include "setsc.h"
#include "setsc_docs.h"

static MutBitSet *
mut(PyObject *self)
{
    return (MutBitSet *)self;
}

PyObject *
mut_of_operand(PyTypeObject *type, operand taken)
{
    PyObject *self = type->tp_alloc(type, 0);
    if (!self) {
        Py_DECREF(taken.finite);
        return NULL;
    }
    mut(self)->frozen = taken.finite;
    mut(self)->is_complemented = taken.is_complemented;
    return self;
}

/* ---- the two forms ---- */

static bool
freeze(MutBitSet *self)
{
    setsc_state *state = NULL;
    if (!self->frozen)
        state = setsc_usable_state(Py_TYPE(self));
    if (!state)
        return self->frozen;
    size_t count = heapy_bit_set_word_count(self->own);
    ImmBitSet *draft = imm_draft(count);
    if (!draft)
        return false;
    heapy_bit_set_read(self->own, draft->words);
    self->frozen = imm_finish(state, draft, count, count);
    return self->frozen;
}

static bool
make_own(MutBitSet *self)
{
    const heapy_bit_word *words;
    if (self->own)
        return true;
    size_t count = words_of(self->frozen, &words);
    if (!heapy_bit_set_create(words, count, &self->own, NULL))
        return true;
    PyErr_NoMemory();
    return false;
}

/* A new value.  Both are taken over. */
static void
replace(MutBitSet *self, PyObject *frozen, bool is_complemented)
{
    heapy_bit_set *own = self->own;
    PyObject *old = self->frozen;
    self->own = NULL;
    self->frozen = frozen;
    self->is_complemented = is_complemented;
    heapy_bit_set_destroy(own);
    Py_XDECREF(old);
}

static bool
read_locked(MutBitSet *self, operand *out)
{
    if (!freeze(self))
        return false;
    *out = (operand){Py_NewRef(self->frozen), self->is_complemented};
    return true;
}

bool
mut_read(PyObject *object, operand *out)
{
    bool is_done;
    BEGIN_LOCKED(object);
    is_done = read_locked(mut(object), out);
    END_LOCKED();
    return is_done;
}

/* ---- single bits ---- */

static bool
finite_contains(const MutBitSet *self, int64_t bit)
{
    const heapy_bit_word *words;
    if (self->own)
        return heapy_bit_set_contains(self->own, bit);
    size_t count = words_of(self->frozen, &words);
    return heapy_bit_words_contain(words, count, bit);
}

/* Make a bit a member, or not one.  1: it was one, 0: it was not, -1: MemoryError. */
static int
set_bit(MutBitSet *self, int64_t bit, bool value)
{
    bool is_finite_member = value != self->is_complemented;
    if (!self->own) {
        if (finite_contains(self, bit) == is_finite_member)
            return value;
        if (!make_own(self))
            return -1;
    }
    bool is_changed = true;
    if (!is_finite_member) {
        is_changed = heapy_bit_set_remove(self->own, bit);
    } else if (heapy_bit_set_add(self->own, bit, &is_changed, NULL)) {
        PyErr_NoMemory();
        return -1;
    }
    if (is_changed)
        Py_CLEAR(self->frozen);
    return value != is_changed;
}

static int
set_object(PyObject *self, PyObject *object, bool value)
{
    int64_t bit;
    int was_there;
    if (bit_of(object, &bit) < 0)
        return -1;
    BEGIN_LOCKED(self);
    was_there = set_bit(mut(self), bit, value);
    END_LOCKED();
    return was_there;
}

static PyObject *
mut_add(PyObject *self, PyObject *bit)
{
    if (set_object(self, bit, true) < 0)
        return NULL;
    return Py_NewRef(Py_None);
}

static PyObject *
mut_discard(PyObject *self, PyObject *bit)
{
    if (set_object(self, bit, false) < 0)
        return NULL;
    return Py_NewRef(Py_None);
}

static PyObject *
mut_append(PyObject *self, PyObject *bit)
{
    int was_there = set_object(self, bit, true);
    if (was_there > 0)
        PyErr_Format(PyExc_ValueError, "append(%R): the bit is in the set already", bit);
    if (was_there)
        return NULL;
    return Py_NewRef(Py_None);
}

static PyObject *
mut_remove(PyObject *self, PyObject *bit)
{
    int was_there = set_object(self, bit, false);
    if (was_there == 0)
        PyErr_Format(PyExc_ValueError, "remove(%R): the bit is not in the set", bit);
    if (was_there <= 0)
        return NULL;
    return Py_NewRef(Py_None);
}

static PyObject *
mut_tas(PyObject *self, PyObject *bit)
{
    int was_there = set_object(self, bit, true);
    if (was_there < 0)
        return NULL;
    return PyBool_FromLong(was_there);
}

static PyObject *
mut_tac(PyObject *self, PyObject *bit)
{
    int was_there = set_object(self, bit, false);
    if (was_there < 0)
        return NULL;
    return PyBool_FromLong(was_there);
}

static int
mut_contains(PyObject *self, PyObject *object)
{
    int64_t bit;
    bool found;
    if (bit_of(object, &bit) < 0)
        return -1;
    BEGIN_LOCKED(self);
    found = finite_contains(mut(self), bit) != mut(self)->is_complemented;
    END_LOCKED();
    return found;
}

static bool
extremes(const MutBitSet *self, int64_t *lowest, int64_t *highest)
{
    const heapy_bit_word *words;
    if (self->own)
        return heapy_bit_set_extremes(self->own, lowest, highest);
    size_t count = words_of(self->frozen, &words);
    if (!count)
        return false;
    *lowest = heapy_bit_word_lowest(words[0]);
    *highest = heapy_bit_word_highest(words[count - 1]);
    return true;
}

static PyObject *
pop_locked(MutBitSet *self, Py_ssize_t index)
{
    int64_t lowest, highest;
    if (self->is_complemented) {
        PyErr_SetString(PyExc_ValueError, "pop(): a complemented bit set has no extremes");
        return NULL;
    }
    if (index != 0 && index != -1) {
        PyErr_SetString(PyExc_IndexError, "pop(): the index is 0, for the lowest bit, or -1");
        return NULL;
    }
    if (!extremes(self, &lowest, &highest)) {
        PyErr_SetString(PyExc_ValueError, "pop(): the set is empty");
        return NULL;
    }
    int64_t bit = index ? highest : lowest;
    if (set_bit(self, bit, false) < 0)
        return NULL;
    return PyLong_FromLongLong(bit);
}

static PyObject *
mut_pop(PyObject *self, PyObject *args)
{
    Py_ssize_t index = -1;
    PyObject *bit;
    if (!PyArg_ParseTuple(args, "|n:pop", &index))
        return NULL;
    BEGIN_LOCKED(self);
    bit = pop_locked(mut(self), index);
    END_LOCKED();
    return bit;
}

static PyObject *
mut_clear_all(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    setsc_state *state = setsc_usable_state(Py_TYPE(self));
    PyObject *empty = NULL;
    if (state)
        empty = Py_NewRef(state->empty);
    if (!empty)
        return NULL;
    BEGIN_LOCKED(self);
    replace(mut(self), empty, false);
    END_LOCKED();
    Py_RETURN_NONE;
}

/* ---- in-place operators ---- */

/* Few words are put into the set itself, so that many small changes are not quadratic; many are merged. */
static bool
combine_in_place(setsc_state *state, MutBitSet *self, operand other, heapy_set_operation operation)
{
    enum { FEW = 16 };
    finite_operation f = reduce_operation(operation, self->is_complemented, other.is_complemented);
    const heapy_bit_word *words;
    size_t count = words_of(other.finite, &words);
    size_t own_count;
    if (self->own)
        own_count = heapy_bit_set_word_count(self->own);
    else
        own_count = (size_t)Py_SIZE(self->frozen);
    if (!f.is_swapped && f.operation != HEAPY_INTERSECTION && count < own_count / FEW + 2) {
        if (!make_own(self))
            return false;
        Py_CLEAR(self->frozen);
        self->is_complemented = f.is_complemented;
        if (!heapy_bit_set_combine(self->own, words, count, f.operation, NULL))
            return true;
        PyErr_NoMemory();
        return false;
    }
    if (!freeze(self))
        return false;
    PyObject *a = f.is_swapped ? other.finite : self->frozen, *b = f.is_swapped ? self->frozen : other.finite;
    PyObject *combined = combine_finite(state, a, b, f.operation);
    if (combined)
        replace(self, combined, f.is_complemented);
    return combined;
}

static PyObject *
operate_in_place(PyObject *self, PyObject *object, heapy_set_operation operation)
{
    setsc_state *state = setsc_usable_state(Py_TYPE(self));
    operand other = {0};
    bool is_done = false;
    int found = -1;
    if (state)
        found = operand_of(state, object, &other);
    if (found == 0)
        Py_RETURN_NOTIMPLEMENTED;
    if (found < 0)
        return NULL;
    BEGIN_LOCKED(self);
    is_done = combine_in_place(state, mut(self), other, operation);
    END_LOCKED();
    Py_DECREF(other.finite);
    if (!is_done)
        return NULL;
    return Py_NewRef(self);
}

static PyObject *
mut_inplace_and(PyObject *self, PyObject *other)
{
    return operate_in_place(self, other, HEAPY_INTERSECTION);
}

static PyObject *
mut_inplace_or(PyObject *self, PyObject *other)
{
    return operate_in_place(self, other, HEAPY_UNION);
}

static PyObject *
mut_inplace_xor(PyObject *self, PyObject *other)
{
    return operate_in_place(self, other, HEAPY_SYMMETRIC_DIFFERENCE);
}

static PyObject *
mut_inplace_subtract(PyObject *self, PyObject *other)
{
    return operate_in_place(self, other, HEAPY_DIFFERENCE);
}

/* ---- reading ---- */

static Py_ssize_t
mut_length(PyObject *self)
{
    Py_ssize_t length;
    BEGIN_LOCKED(self);
    if (mut(self)->is_complemented) {
        PyErr_SetString(PyExc_TypeError, "a complemented bit set has no length");
        length = -1;
    } else {
        length =
            mut(self)->own ? (Py_ssize_t)heapy_bit_set_length(mut(self)->own) : imm_length(mut(self)->frozen);
    }
    END_LOCKED();
    return length;
}

static int
mut_bool(PyObject *self)
{
    int64_t lowest, highest;
    bool result;
    BEGIN_LOCKED(self);
    result = mut(self)->is_complemented || extremes(mut(self), &lowest, &highest);
    END_LOCKED();
    return result;
}

/* The iterator goes over the set as it is now (B-51). */
static PyObject *
mut_iter(PyObject *self)
{
    setsc_state *state = setsc_usable_state(Py_TYPE(self));
    operand set;
    if (!state || !mut_read(self, &set))
        return NULL;
    PyObject *iterator = NULL;
    if (set.is_complemented)
        PyErr_SetString(PyExc_TypeError, "a complemented bit set cannot be iterated over");
    else
        iterator = imm_iterate(state, set.finite);
    Py_DECREF(set.finite);
    return iterator;
}

static PyObject *
mut_item(PyObject *self, PyObject *index)
{
    setsc_state *state = setsc_usable_state(Py_TYPE(self));
    operand set;
    if (!state || !mut_read(self, &set))
        return NULL;
    if (PySlice_Check(index))
        return slice_of_all(state, index, set);
    PyObject *item = NULL;
    if (set.is_complemented && PyLong_Check(index))
        PyErr_SetString(PyExc_IndexError, "a complemented bit set has no extremes");
    else
        item = imm_subscript(state, set.finite, index);
    Py_DECREF(set.finite);
    return item;
}

static PyObject *
mut_repr(PyObject *self)
{
    operand set;
    if (!mut_read(self, &set))
        return NULL;
    PyObject *list = PySequence_List(set.is_complemented ? set.finite : self), *text = NULL;
    if (list)
        text =
            PyUnicode_FromFormat(set.is_complemented ? "MutBitSet(~ImmBitSet(%R))" : "MutBitSet(%R)", list);
    Py_XDECREF(list);
    Py_DECREF(set.finite);
    return text;
}

static PyObject *
mut_sizeof(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    size_t bytes = (size_t)Py_TYPE(self)->tp_basicsize;
    BEGIN_LOCKED(self);
    if (mut(self)->own)
        bytes += heapy_bit_set_bytes(mut(self)->own);
    END_LOCKED();
    return PyLong_FromSize_t(bytes);
}

/* ---- life ---- */

static PyObject *
mut_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    setsc_state *state = setsc_usable_state(type);
    operand set;
    if (!state || operand_of_arguments(state, args, kwargs, "MutBitSet", &set) < 0)
        return NULL;
    return mut_of_operand(type, set);
}

static int
mut_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(mut(self)->frozen);
    return 0;
}

static int
mut_clear(PyObject *self)
{
    setsc_state *state = setsc_state_of(Py_TYPE(self)); /* what is cleared can still be asked */
    if (state && state->empty)
        replace(mut(self), Py_NewRef(state->empty), false);
    return 0;
}

static void
mut_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    replace(mut(self), NULL, false);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMethodDef mut_methods[] = {
    {"add", mut_add, METH_O, DOC_MutBitSet_add},
    {"append", mut_append, METH_O, DOC_MutBitSet_append},
    {"discard", mut_discard, METH_O, DOC_MutBitSet_discard},
    {"remove", mut_remove, METH_O, DOC_MutBitSet_remove},
    {"pop", mut_pop, METH_VARARGS, DOC_MutBitSet_pop},
    {"tas", mut_tas, METH_O, DOC_MutBitSet_tas},
    {"tac", mut_tac, METH_O, DOC_MutBitSet_tac},
    {"clear", mut_clear_all, METH_NOARGS, DOC_MutBitSet_clear},
    {"__sizeof__", mut_sizeof, METH_NOARGS, DOC_MutBitSet___sizeof__},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot mut_slots[] = {
    {Py_tp_doc, DOC_MutBitSet},
    {Py_tp_new, mut_new},
    {Py_tp_traverse, mut_traverse},
    {Py_tp_clear, mut_clear},
    {Py_tp_dealloc, mut_dealloc},
    {Py_tp_repr, mut_repr},
    {Py_tp_hash, PyObject_HashNotImplemented},
    {Py_tp_richcompare, bit_set_compare},
    {Py_tp_iter, mut_iter},
    {Py_tp_methods, mut_methods},
    {Py_nb_bool, mut_bool},
    {Py_nb_inplace_and, mut_inplace_and},
    {Py_nb_inplace_or, mut_inplace_or},
    {Py_nb_inplace_xor, mut_inplace_xor},
    {Py_nb_inplace_subtract, mut_inplace_subtract},
    {Py_sq_contains, mut_contains},
    {Py_mp_length, mut_length},
    {Py_mp_subscript, mut_item},
    {0, NULL},
};

PyType_Spec mut_bit_set_spec = {
    .name = "guppy.sets.setsc.MutBitSet",
    .basicsize = sizeof(MutBitSet),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = mut_slots,
};
