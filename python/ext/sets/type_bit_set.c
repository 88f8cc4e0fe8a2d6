/* SPDX-License-Identifier: MIT */
/* BitSet and its immutable classes: ImmBitSet and CplBitSet. */
#include "setsc.h"
#include "setsc_docs.h"

#include <string.h>

/* ---- operators of all bit sets ---- */

static PyObject *
operate(PyObject *a, PyObject *b, heapy_set_operation operation)
{
    setsc_state *state = setsc_state_of(Py_TYPE(a));
    if (!state)
        state = setsc_usable_state(Py_TYPE(b));
    if (!state)
        return NULL;
    operand left = {0}, right = {0};
    PyObject *result = NULL;
    int found = operand_of(state, a, &left);
    if (found > 0)
        found = operand_of(state, b, &right);
    if (found > 0)
        result = combine_operands(state, left, right, operation);
    Py_XDECREF(left.finite);
    Py_XDECREF(right.finite);
    if (!found)
        Py_RETURN_NOTIMPLEMENTED;
    return result;
}

PyObject *
bit_set_and(PyObject *a, PyObject *b)
{
    return operate(a, b, HEAPY_INTERSECTION);
}

PyObject *
bit_set_or(PyObject *a, PyObject *b)
{
    return operate(a, b, HEAPY_UNION);
}

PyObject *
bit_set_xor(PyObject *a, PyObject *b)
{
    return operate(a, b, HEAPY_SYMMETRIC_DIFFERENCE);
}

PyObject *
bit_set_subtract(PyObject *a, PyObject *b)
{
    return operate(a, b, HEAPY_DIFFERENCE);
}

static PyObject *
shift_finite(setsc_state *state, PyObject *finite, int64_t by)
{
    const heapy_bit_word *words;
    size_t count = words_of(finite, &words), written;
    heapy_error err = HEAPY_ERROR_INIT;
    ImmBitSet *draft;
    if (count > PY_SSIZE_T_MAX / 64)
        draft = (ImmBitSet *)PyErr_NoMemory();
    else
        draft = imm_draft(2 * count);
    if (!draft)
        return NULL;
    if (heapy_bit_words_shift(words, count, by, draft->words, &written, &err)) {
        imm_drop(draft);
        PyErr_SetString(PyExc_OverflowError, err.message);
        return NULL;
    }
    return imm_finish(state, draft, 2 * count, written);
}

PyObject *
bit_set_shift(PyObject *a, PyObject *b)
{
    setsc_state *state = setsc_state_of(Py_TYPE(a));
    int64_t by;
    operand set;
    if (!state)
        Py_RETURN_NOTIMPLEMENTED;
    if (bit_of(b, &by) < 0 || operand_of(state, a, &set) < 0)
        return NULL;
    PyObject *shifted = shift_finite(state, set.finite, by);
    Py_DECREF(set.finite);
    if (!shifted)
        return NULL;
    return set_of_operand(state, (operand){shifted, set.is_complemented});
}

PyObject *
bit_set_invert(PyObject *self)
{
    setsc_state *state = setsc_usable_state(Py_TYPE(self));
    operand set;
    if (!state || operand_of(state, self, &set) < 0)
        return NULL;
    set.is_complemented = !set.is_complemented;
    return set_of_operand(state, set);
}

/* ---- comparison ---- */

static bool
is_equal(operand a, operand b)
{
    const heapy_bit_word *x, *y;
    size_t m = words_of(a.finite, &x), n = words_of(b.finite, &y);
    return a.is_complemented == b.is_complemented && heapy_bit_words_equal(x, m, y, n);
}

static bool
is_subset(operand a, operand b)
{
    const heapy_bit_word *x, *y;
    size_t m = words_of(a.finite, &x), n = words_of(b.finite, &y);
    if (a.is_complemented)
        return b.is_complemented && heapy_bit_words_is_subset(y, n, x, m);
    if (b.is_complemented)
        return heapy_bit_words_is_disjoint(x, m, y, n);
    return heapy_bit_words_is_subset(x, m, y, n);
}

static bool
compare_operands(operand a, operand b, int operation)
{
    switch (operation) {
    case Py_LT:
        return is_subset(a, b) && !is_equal(a, b);
    case Py_LE:
        return is_subset(a, b);
    case Py_EQ:
        return is_equal(a, b);
    case Py_NE:
        return !is_equal(a, b);
    case Py_GT:
        return is_subset(b, a) && !is_equal(a, b);
    default:
        return is_subset(b, a);
    }
}

PyObject *
bit_set_compare(PyObject *a, PyObject *b, int operation)
{
    setsc_state *state = setsc_state_of(Py_TYPE(a));
    operand x = {0}, y = {0};
    if (!state || !PyType_IsSubtype(Py_TYPE(b), state->bit_set_type))
        Py_RETURN_NOTIMPLEMENTED;
    int found = operand_of(state, a, &x);
    if (found > 0)
        found = operand_of(state, b, &y);
    bool result = found > 0 && compare_operands(x, y, operation);
    Py_XDECREF(x.finite);
    Py_XDECREF(y.finite);
    if (!found)
        Py_RETURN_NOTIMPLEMENTED;
    if (found < 0)
        return NULL;
    return PyBool_FromLong(result);
}

/* Neither it nor its complement is the -1 that means an error. */
static Py_hash_t
hash_of_finite(PyObject *finite)
{
    const heapy_bit_word *words;
    size_t count = words_of(finite, &words);
    Py_hash_t hash = (Py_hash_t)heapy_bit_words_hash(words, count);
    if (hash == -1)
        return -2;
    if (hash == 0)
        return 1;
    return hash;
}

static Py_hash_t
cpl_hash(PyObject *self)
{
    return ~hash_of_finite(((CplBitSet *)self)->finite);
}

/* ---- conversion ---- */

static PyObject *
int_of_finite(PyObject *finite)
{
    const heapy_bit_word *words;
    size_t count = words_of(finite, &words);
    if (count && words[0].position < 0) {
        PyErr_SetString(PyExc_OverflowError, "a bit set with negative bits has no int");
        return NULL;
    }
    size_t length = count ? (size_t)words[count - 1].position + 1 : 0;
    if (length > PY_SSIZE_T_MAX / 16)
        return PyErr_NoMemory();
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(8 * length));
    if (!bytes)
        return NULL;
    unsigned char *digits = (unsigned char *)PyBytes_AS_STRING(bytes);
    memset(digits, 0, 8 * length);
    for (size_t i = 0; i < count; i++)
        for (int k = 0; k < 8; k++)
            digits[8 * (size_t)words[i].position + (size_t)k] = (unsigned char)(words[i].bits >> 8 * k);
    PyObject *number = PyObject_CallMethod((PyObject *)&PyLong_Type, "from_bytes", "(Os)", bytes, "little");
    Py_DECREF(bytes);
    return number;
}

PyObject *
bit_set_int(PyObject *self)
{
    setsc_state *state = setsc_usable_state(Py_TYPE(self));
    operand set;
    if (!state || operand_of(state, self, &set) < 0)
        return NULL;
    PyObject *number = int_of_finite(set.finite);
    Py_DECREF(set.finite);
    if (number && set.is_complemented)
        Py_SETREF(number, PyNumber_Invert(number));
    return number;
}

PyObject *
bit_set_mutcopy(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    setsc_state *state = setsc_usable_state(Py_TYPE(self));
    operand set;
    if (!state || operand_of(state, self, &set) < 0)
        return NULL;
    return mut_of_operand(state->mut_type, set);
}

/*
 * (_bs, (flags, records)), as guppy3 writes it (B-81), so that either reads the other's pickles; instances of
 * subclasses add their class and attributes.
 */
PyObject *
bit_set_reduce(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    setsc_state *state = setsc_usable_state(Py_TYPE(self));
    PyTypeObject *type = Py_TYPE(self);
    operand set;
    if (!state || operand_of(state, self, &set) < 0)
        return NULL;
    int is_mutable = PyType_IsSubtype(type, state->mut_type);
    int flags = (set.is_complemented ? 1 : 0) | (is_mutable ? 2 : 0);
    PyObject *records = PyBytes_FromStringAndSize((const char *)((ImmBitSet *)set.finite)->words,
                                                  Py_SIZE(set.finite) * (Py_ssize_t)sizeof(heapy_bit_word));
    Py_DECREF(set.finite);
    if (!records)
        return NULL;
    if (type == state->imm_type || type == state->cpl_type || type == state->mut_type)
        return Py_BuildValue("O(iN)", state->loader, flags, records);
    PyObject *attributes = PyObject_GetAttrString(self, "__dict__");
    if (!attributes) {
        PyErr_Clear();
        attributes = Py_NewRef(Py_None);
    }
    return Py_BuildValue("O(iNO)N", state->loader, flags, records, type, attributes);
}

/* ---- items and slices (B-60) ---- */

/* The `wanted` lowest bits; the highest if it is negative. */
static PyObject *
take_bits(setsc_state *state, PyObject *imm, Py_ssize_t wanted)
{
    const heapy_bit_word *words;
    size_t count = words_of(imm, &words), n = 0;
    bool is_from_end = wanted < 0;
    uint64_t left;
    if (is_from_end)
        left = -(uint64_t)wanted;
    else
        left = (uint64_t)wanted;
    for (; n < count; n++) {
        uint32_t here = heapy_popcount(words[is_from_end ? count - 1 - n : n].bits);
        if (here >= left)
            break;
        left -= here;
    }
    if (n == count)
        return imm_of_words(state, words, count);
    ImmBitSet *draft = imm_draft(n + 1);
    if (!draft)
        return NULL;
    memcpy(draft->words, is_from_end ? words + count - n - 1 : words, (n + 1) * sizeof *words);
    heapy_bit_word *last = &draft->words[is_from_end ? 0 : n];
    for (uint32_t extra = heapy_popcount(last->bits) - (uint32_t)left; extra; extra--)
        last->bits &= is_from_end ? last->bits - 1 : ~(UINT64_C(1) << (63 - __builtin_clzll(last->bits)));
    return imm_finish(state, draft, n + 1, n + 1);
}

PyObject *
slice_of_all(setsc_state *state, PyObject *index, operand taken)
{
    Py_ssize_t start, stop, step;
    if (PySlice_Unpack(index, &start, &stop, &step) < 0)
        goto failed;
    if (step != 1) {
        PyErr_SetString(PyExc_IndexError, "a slice of a bit set has step 1");
        goto failed;
    }
    if (start == 0 && stop == PY_SSIZE_T_MAX)
        return set_of_operand(state, taken);
    bool is_lowest = start == 0 && stop > 0, is_highest = start < 0 && stop == PY_SSIZE_T_MAX;
    if (taken.is_complemented || !(is_lowest || is_highest)) {
        PyErr_SetString(PyExc_IndexError, taken.is_complemented
                                              ? "a complemented bit set has only the slice [:]"
                                              : "slices of bit sets are [:n], [-n:] and [:], with n > 0");
        goto failed;
    }
    PyObject *result = take_bits(state, taken.finite, is_lowest ? stop : start);
    Py_DECREF(taken.finite);
    return result;
failed:
    Py_DECREF(taken.finite);
    return NULL;
}

PyObject *
imm_subscript(setsc_state *state, PyObject *imm, PyObject *index)
{
    const heapy_bit_word *words;
    size_t count = words_of(imm, &words);
    if (PySlice_Check(index))
        return slice_of_all(state, index, (operand){Py_NewRef(imm), false});
    if (!PyLong_Check(index)) {
        PyErr_Format(PyExc_TypeError, "bit sets are indexed by int, not %.200s", Py_TYPE(index)->tp_name);
        return NULL;
    }
    Py_ssize_t i = PyLong_AsSsize_t(index);
    if (i == -1 && PyErr_Occurred())
        return NULL;
    if (i != 0 && i != -1) {
        PyErr_SetString(PyExc_IndexError, "the index of a bit set is 0, for the lowest bit, or -1");
        return NULL;
    }
    if (!count) {
        PyErr_SetString(PyExc_IndexError, "the bit set is empty");
        return NULL;
    }
    return PyLong_FromLongLong(i ? heapy_bit_word_highest(words[count - 1])
                                 : heapy_bit_word_lowest(words[0]));
}

/* ---- BitSet ---- */

static PyMethodDef bit_set_methods[] = {
    {"mutcopy", bit_set_mutcopy, METH_NOARGS, DOC_BitSet_mutcopy},
    {"__reduce__", bit_set_reduce, METH_NOARGS, DOC_BitSet___reduce__},
    {NULL, NULL, 0, NULL},
};

static PyObject *
get_is_immutable(PyObject *self, void *closure)
{
    (void)closure;
    setsc_state *state = setsc_usable_state(Py_TYPE(self));
    if (!state)
        return NULL;
    return PyBool_FromLong(!PyType_IsSubtype(Py_TYPE(self), state->mut_type));
}

static PyGetSetDef bit_set_getset[] = {
    {"is_immutable", get_is_immutable, NULL, DOC_BitSet_is_immutable, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot bit_set_slots[] = {
    {Py_tp_doc, DOC_BitSet},
    {Py_tp_methods, bit_set_methods},
    {Py_tp_getset, bit_set_getset},
    {Py_tp_richcompare, bit_set_compare},
    {Py_tp_hash, PyObject_HashNotImplemented},
    {Py_nb_and, bit_set_and},
    {Py_nb_or, bit_set_or},
    {Py_nb_xor, bit_set_xor},
    {Py_nb_subtract, bit_set_subtract},
    {Py_nb_lshift, bit_set_shift},
    {Py_nb_invert, bit_set_invert},
    {Py_nb_int, bit_set_int},
    {0, NULL},
};

PyType_Spec bit_set_spec = {
    .name = "guppy.sets.setsc.BitSet",
    .basicsize = sizeof(PyObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE |
             Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = bit_set_slots,
};

/* ---- ImmBitSet ---- */

static PyObject *
imm_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    setsc_state *state = setsc_usable_state(type);
    operand set;
    if (!state || operand_of_arguments(state, args, kwargs, "ImmBitSet", &set) < 0)
        return NULL;
    PyObject *result = NULL;
    const heapy_bit_word *words;
    size_t count = words_of(set.finite, &words);
    if (set.is_complemented)
        PyErr_SetString(PyExc_TypeError,
                        "ImmBitSet: a complemented set is a CplBitSet; immbitset() makes it");
    else if (type == state->imm_type)
        result = imm_of_words(state, words, count);
    else
        result = imm_of_type(type, words, count);
    Py_DECREF(set.finite);
    return result;
}

static void
imm_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    type->tp_free(self);
    Py_DECREF(type);
}

Py_ssize_t
imm_length(PyObject *imm)
{
    ImmBitSet *self = (ImmBitSet *)imm;
    if (self->length < 0)
        self->length = (Py_ssize_t)heapy_bit_words_length(self->words, (size_t)Py_SIZE(imm));
    return self->length;
}

static int
imm_bool(PyObject *self)
{
    return Py_SIZE(self) != 0;
}

static int
imm_contains(PyObject *self, PyObject *object)
{
    const heapy_bit_word *words;
    size_t count = words_of(self, &words);
    int64_t bit;
    if (bit_of(object, &bit) < 0)
        return -1;
    return heapy_bit_words_contain(words, count, bit);
}

static PyObject *
imm_iter(PyObject *self)
{
    setsc_state *state = setsc_usable_state(Py_TYPE(self));
    if (!state)
        return NULL;
    return imm_iterate(state, self);
}

/* The members as iterating gives them, which a subclass may change. */
static PyObject *
text_of_members(PyObject *set, const char *format)
{
    PyObject *list = PySequence_List(set);
    if (!list)
        return NULL;
    PyObject *text = PyUnicode_FromFormat(format, list);
    Py_DECREF(list);
    return text;
}

static PyObject *
imm_repr(PyObject *self)
{
    return text_of_members(self, "ImmBitSet(%R)");
}

static PyObject *
imm_item(PyObject *self, PyObject *index)
{
    setsc_state *state = setsc_usable_state(Py_TYPE(self));
    if (!state)
        return NULL;
    return imm_subscript(state, self, index);
}

static PyType_Slot imm_slots[] = {
    {Py_tp_doc, DOC_ImmBitSet}, {Py_tp_new, imm_new},         {Py_tp_dealloc, imm_dealloc},
    {Py_tp_repr, imm_repr},     {Py_tp_hash, hash_of_finite}, {Py_tp_richcompare, bit_set_compare},
    {Py_tp_iter, imm_iter},     {Py_nb_bool, imm_bool},       {Py_sq_contains, imm_contains},
    {Py_mp_length, imm_length}, {Py_mp_subscript, imm_item},  {0, NULL},
};

PyType_Spec imm_bit_set_spec = {
    .name = "guppy.sets.setsc.ImmBitSet",
    .basicsize = sizeof(ImmBitSet),
    .itemsize = sizeof(heapy_bit_word),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = imm_slots,
};

/* ---- CplBitSet ---- */

static PyObject *
cpl_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"arg", NULL};
    setsc_state *state = setsc_usable_state(type);
    PyObject *finite;
    if (!state || !PyArg_ParseTupleAndKeywords(args, kwargs, "O!:CplBitSet", names, state->imm_type, &finite))
        return NULL;
    return set_of_operand(state, (operand){Py_NewRef(finite), true});
}

static int
cpl_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((CplBitSet *)self)->finite);
    return 0;
}

/* No tp_clear: what never changes is part of a cycle only through its finite set, which has one. */
static void
cpl_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_XDECREF(((CplBitSet *)self)->finite);
    type->tp_free(self);
    Py_DECREF(type);
}

static int
cpl_contains(PyObject *self, PyObject *object)
{
    int found = imm_contains(((CplBitSet *)self)->finite, object);
    if (found < 0)
        return -1;
    return !found;
}

static PyObject *
cpl_repr(PyObject *self)
{
    return text_of_members(((CplBitSet *)self)->finite, "(~ImmBitSet(%R))");
}

static PyType_Slot cpl_slots[] = {
    {Py_tp_doc, DOC_CplBitSet},           {Py_tp_new, cpl_new},           {Py_tp_traverse, cpl_traverse},
    {Py_tp_dealloc, cpl_dealloc},         {Py_tp_repr, cpl_repr},         {Py_tp_hash, cpl_hash},
    {Py_tp_richcompare, bit_set_compare}, {Py_sq_contains, cpl_contains}, {0, NULL},
};

PyType_Spec cpl_bit_set_spec = {
    .name = "guppy.sets.setsc.CplBitSet",
    .basicsize = sizeof(CplBitSet),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = cpl_slots,
};

/* ---- iteration ---- */

typedef struct {
    PyObject_HEAD PyObject *finite; /* NULL at the end */
    Py_ssize_t word;                /* the current one */
    uint64_t bits;                  /* those of it that are left */
} BitIterator;

PyObject *
imm_iterate(setsc_state *state, PyObject *imm)
{
    BitIterator *self = PyObject_New(BitIterator, state->iterator_type);
    if (!self)
        return NULL;
    self->finite = Py_NewRef(imm);
    self->word = 0;
    if (Py_SIZE(imm))
        self->bits = ((ImmBitSet *)imm)->words[0].bits;
    else
        self->bits = 0;
    return (PyObject *)self;
}

static PyObject *
iterator_next(PyObject *object)
{
    BitIterator *self = (BitIterator *)object;
    if (!self->finite)
        return NULL;
    const ImmBitSet *set = (ImmBitSet *)self->finite;
    if (!self->bits) {
        if (self->word + 1 >= Py_SIZE(set)) {
            Py_CLEAR(self->finite);
            return NULL;
        }
        self->bits = set->words[++self->word].bits;
    }
    heapy_bit_word word = {set->words[self->word].position, self->bits};
    self->bits &= self->bits - 1;
    return PyLong_FromLongLong(heapy_bit_word_lowest(word));
}

static void
iterator_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    Py_XDECREF(((BitIterator *)self)->finite);
    PyObject_Free(self);
    Py_DECREF(type);
}

static PyType_Slot iterator_slots[] = {
    {Py_tp_dealloc, iterator_dealloc},
    {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_iternext, iterator_next},
    {0, NULL},
};

PyType_Spec bit_iterator_spec = {
    .name = "guppy.sets.setsc.BitIterator",
    .basicsize = sizeof(BitIterator),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = iterator_slots,
};
