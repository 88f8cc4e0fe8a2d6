/* SPDX-License-Identifier: MIT */
/* Words as immutable sets, and what can stand for a set: ints by their binary digits, iterables of ints. */
#include "setsc.h"

#include <heapy/memory.h>
#include <string.h>

int
bit_of(PyObject *object, int64_t *bit)
{
    if (!PyLong_Check(object)) {
        PyErr_Format(PyExc_TypeError, "a bit is an int, not %.200s", Py_TYPE(object)->tp_name);
        return -1;
    }
    Py_ssize_t value = PyLong_AsSsize_t(object);
    *bit = value;
    return value == -1 && PyErr_Occurred() ? -1 : 0;
}

/* ---- drafts ---- */

ImmBitSet *
imm_draft(size_t room)
{
    void *memory = NULL;
#ifdef HEAPY_FAILING_ALLOC
    void *counted = heapy_alloc_array(1, 1); /* so that the tests of failing allocations see this one */
    if (!counted)
        return (ImmBitSet *)PyErr_NoMemory();
    heapy_free(counted);
#endif
    if (room <= (PY_SSIZE_T_MAX - sizeof(ImmBitSet)) / sizeof(heapy_bit_word))
        memory = PyObject_Malloc(sizeof(ImmBitSet) + room * sizeof(heapy_bit_word));
    if (memory)
        return memory;
    return (ImmBitSet *)PyErr_NoMemory();
}

void
imm_drop(ImmBitSet *draft)
{
    PyObject_Free(draft);
}

PyObject *
imm_finish(setsc_state *state, ImmBitSet *draft, size_t room, size_t count)
{
    if (!count) {
        imm_drop(draft);
        return Py_NewRef(state->empty);
    }
    if (count < room) {
        ImmBitSet *smaller = PyObject_Realloc(draft, sizeof *draft + count * sizeof *draft->words);
        if (smaller)
            draft = smaller;
    }
    draft->length = -1;
    return (PyObject *)PyObject_InitVar((PyVarObject *)draft, state->imm_type, (Py_ssize_t)count);
}

PyObject *
imm_of_words(setsc_state *state, const heapy_bit_word *words, size_t count)
{
    ImmBitSet *draft = imm_draft(count);
    if (!draft)
        return NULL;
    if (count)
        memcpy(draft->words, words, count * sizeof *words);
    return imm_finish(state, draft, count, count);
}

PyObject *
imm_of_type(PyTypeObject *type, const heapy_bit_word *words, size_t count)
{
    ImmBitSet *self = (ImmBitSet *)type->tp_alloc(type, (Py_ssize_t)count);
    if (!self)
        return NULL;
    self->length = -1;
    if (count)
        memcpy(self->words, words, count * sizeof *words);
    return (PyObject *)self;
}

/* ---- what stands for a set ---- */

/* The binary digits of an int that is not negative. */
static PyObject *
imm_of_digits(setsc_state *state, PyObject *number)
{
    PyObject *length = PyObject_CallMethod((PyObject *)&PyLong_Type, "bit_length", "O", number);
    if (!length)
        return NULL;
    size_t count = (PyLong_AsSize_t(length) + 63) / 64;
    Py_DECREF(length);
    if (PyErr_Occurred())
        return NULL;
    PyObject *bytes = PyObject_CallMethod((PyObject *)&PyLong_Type, "to_bytes", "Ons", number,
                                          (Py_ssize_t)(8 * count), "little");
    if (!bytes)
        return NULL;
    ImmBitSet *draft = imm_draft(count);
    size_t n = 0;
    const unsigned char *digits = (const unsigned char *)PyBytes_AS_STRING(bytes);
    for (size_t i = 0; draft && i < count; i++) {
        uint64_t bits = 0;
        for (int k = 0; k < 8; k++)
            bits |= (uint64_t)digits[8 * i + (size_t)k] << 8 * k;
        draft->words[n] = (heapy_bit_word){(int64_t)i, bits};
        n += bits != 0;
    }
    Py_DECREF(bytes);
    if (!draft)
        return NULL;
    return imm_finish(state, draft, count, n);
}

static int
operand_of_int(setsc_state *state, PyObject *number, operand *out)
{
    int overflow;
    long long value = PyLong_AsLongLongAndOverflow(number, &overflow);
    if (value == -1 && !overflow && PyErr_Occurred())
        return -1;
    out->is_complemented = overflow < 0 || (!overflow && value < 0);
    if (overflow) {
        PyObject *digits;
        if (out->is_complemented)
            digits = PyNumber_Invert(number);
        else
            digits = Py_NewRef(number);
        if (!digits)
            return -1;
        out->finite = imm_of_digits(state, digits);
        Py_DECREF(digits);
    } else {
        heapy_bit_word word = {0, (uint64_t)(value < 0 ? ~value : value)};
        out->finite = imm_of_words(state, &word, word.bits != 0);
    }
    if (!out->finite)
        return -1;
    return 1;
}

static int
add_all(heapy_bit_set *set, PyObject *iterator)
{
    heapy_error err = HEAPY_ERROR_INIT;
    for (PyObject *item; (item = PyIter_Next(iterator));) {
        int64_t bit;
        int result = bit_of(item, &bit);
        Py_DECREF(item);
        if (result < 0)
            return -1;
        if (heapy_bit_set_add(set, bit, NULL, &err)) {
            PyErr_NoMemory();
            return -1;
        }
    }
    return PyErr_Occurred() ? -1 : 0;
}

/* A new immutable set with what a mutable one holds. */
static PyObject *
imm_of_set(setsc_state *state, const heapy_bit_set *set)
{
    size_t count = heapy_bit_set_word_count(set);
    ImmBitSet *draft = imm_draft(count);
    if (!draft)
        return NULL;
    heapy_bit_set_read(set, draft->words);
    return imm_finish(state, draft, count, count);
}

/* A range is made as immbitrange() makes it; 0: it has bits out of range, which iterating finds. */
static int
operand_of_range(setsc_state *state, PyObject *range, operand *out)
{
    static const char *const names[] = {"start", "stop", "step"};
    int64_t bounds[3];
    for (int i = 0; i < 3; i++) {
        PyObject *bound = PyObject_GetAttrString(range, names[i]);
        int overflow = 0;
        if (bound)
            bounds[i] = PyLong_AsLongLongAndOverflow(bound, &overflow);
        else
            bounds[i] = -1;
        Py_XDECREF(bound);
        if (!bound)
            return -1;
        if (overflow || bounds[i] > INT64_MAX / 2 || bounds[i] < INT64_MIN / 2)
            return 0;
    }
    int64_t start = bounds[0], stop = bounds[1], step = bounds[2];
    if (step < 0) { /* the same members, ascending */
        int64_t length = 0;
        if (start > stop)
            length = (start - stop - 1) / -step + 1;
        stop = start + 1;
        start += length ? (length - 1) * step : 1;
        step = -step;
    }
    size_t room = heapy_bit_range_room(start, stop, step);
    ImmBitSet *draft = imm_draft(room);
    if (!draft)
        return -1;
    out->finite = imm_finish(state, draft, room, heapy_bit_range(start, stop, step, draft->words));
    if (!out->finite)
        return -1;
    return 1;
}

static int
operand_of_iterable(setsc_state *state, PyObject *iterable, operand *out)
{
    PyObject *iterator = PyObject_GetIter(iterable);
    if (!iterator)
        return -1;
    heapy_bit_set *set = NULL;
    if (heapy_bit_set_create(NULL, 0, &set, NULL))
        PyErr_NoMemory();
    out->is_complemented = false;
    if (set && add_all(set, iterator) == 0)
        out->finite = imm_of_set(state, set);
    else
        out->finite = NULL;
    heapy_bit_set_destroy(set);
    Py_DECREF(iterator);
    if (!out->finite)
        return -1;
    return 1;
}

int
operand_of(setsc_state *state, PyObject *object, operand *out)
{
    PyTypeObject *type = Py_TYPE(object);
    *out = (operand){0};
    if (PyType_IsSubtype(type, state->imm_type)) {
        out->finite = Py_NewRef(object);
        return 1;
    }
    if (type == state->cpl_type) {
        *out = (operand){Py_NewRef(((CplBitSet *)object)->finite), true};
        return 1;
    }
    if (PyType_IsSubtype(type, state->mut_type))
        return mut_read(object, out) ? 1 : -1;
    if (PyLong_Check(object))
        return operand_of_int(state, object, out);
    if (type == &PyRange_Type) {
        int found = operand_of_range(state, object, out);
        if (found)
            return found;
    }
    if (type->tp_iter || PySequence_Check(object))
        return operand_of_iterable(state, object, out);
    return 0;
}

int
operand_of_arguments(setsc_state *state, PyObject *args, PyObject *kwargs, const char *name, operand *out)
{
    static char *names[] = {"arg", NULL};
    PyObject *argument = NULL;
    char format[32];
    PyOS_snprintf(format, sizeof format, "|O:%s", name);
    *out = (operand){0};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, format, names, &argument))
        return -1;
    if (!argument) {
        out->finite = Py_NewRef(state->empty);
        return 0;
    }
    int found = operand_of(state, argument, out);
    if (found == 0)
        PyErr_Format(PyExc_TypeError, "%s: a bit set, an int or an iterable of ints expected, not %.200s",
                     name, Py_TYPE(argument)->tp_name);
    if (found <= 0)
        return -1;
    return 0;
}

PyObject *
set_of_operand(setsc_state *state, operand taken)
{
    if (!taken.is_complemented)
        return taken.finite;
    if (taken.finite == state->empty) {
        Py_DECREF(taken.finite);
        return Py_NewRef(state->all);
    }
    CplBitSet *self = (CplBitSet *)state->cpl_type->tp_alloc(state->cpl_type, 0);
    if (self)
        self->finite = taken.finite;
    else
        Py_DECREF(taken.finite);
    return (PyObject *)self;
}

/* ---- operations ---- */

finite_operation
reduce_operation(heapy_set_operation operation, bool left, bool right)
{
    if (operation == HEAPY_SYMMETRIC_DIFFERENCE)
        return (finite_operation){operation, false, left != right};
    if (operation == HEAPY_DIFFERENCE) /* a - b is a & ~b */
        right = !right;
    bool is_inverted = operation == HEAPY_UNION; /* a | b is ~(~a & ~b) */
    left ^= is_inverted;
    right ^= is_inverted;
    if (left && right)
        return (finite_operation){HEAPY_UNION, false, !is_inverted};
    if (left || right)
        return (finite_operation){HEAPY_DIFFERENCE, left, is_inverted};
    return (finite_operation){HEAPY_INTERSECTION, false, is_inverted};
}

PyObject *
combine_finite(setsc_state *state, PyObject *left, PyObject *right, heapy_set_operation operation)
{
    const heapy_bit_word *a, *b;
    size_t m = words_of(left, &a), n = words_of(right, &b);
    size_t room = heapy_bit_words_room(a, m, b, n, operation);
    ImmBitSet *draft = imm_draft(room);
    if (!draft)
        return NULL;
    size_t count = heapy_bit_words_combine(a, m, b, n, operation, draft->words);
    return imm_finish(state, draft, room, count);
}

PyObject *
combine_operands(setsc_state *state, operand left, operand right, heapy_set_operation operation)
{
    finite_operation f = reduce_operation(operation, left.is_complemented, right.is_complemented);
    PyObject *a = f.is_swapped ? right.finite : left.finite, *b = f.is_swapped ? left.finite : right.finite;
    PyObject *finite = combine_finite(state, a, b, f.operation);
    if (!finite)
        return NULL;
    return set_of_operand(state, (operand){finite, f.is_complemented});
}
