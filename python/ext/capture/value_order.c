/* SPDX-License-Identifier: MIT */
#include "cpython/value_layout.h" /* first: it asks for the interpreter's internals */

#include "capture/value_order.h"

#include <string.h>

enum {
    DEEPEST = 10,         /* tuples that share their items would take for ever */
    MOST_MEMBERS = 4096,  /* of sets that are compared, each member of one with those of the other */
    PRECISION = 53,       /* bits of a double (IEEE 754 binary64) */
    LARGEST_WHOLE = 1024, /* bits of the largest whole numbers that are doubles */
};

static int
compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* ---- int ---- */

static bool
is_int(const PyObject *object)
{
    return Py_IS_TYPE(object, &PyLong_Type) || Py_IS_TYPE(object, &PyBool_Type);
}

/* Digits without the zero that 0 has on some versions. */
static size_t
used_digits(PyObject *object)
{
    size_t count = int_digit_count(object);
    return count == 1 && !int_digits(object)[0] ? 0 : count;
}

static int
compare_ints(PyObject *a, PyObject *b)
{
    bool a_is_negative = int_is_negative(a), b_is_negative = int_is_negative(b);
    size_t m = used_digits(a), n = used_digits(b);
    if (a_is_negative != b_is_negative)
        return a_is_negative ? -1 : 1;
    int order = compare_numbers(m, n);
    for (size_t i = m; !order && i-- > 0;)
        order = compare_numbers(int_digits(a)[i], int_digits(b)[i]);
    return a_is_negative ? -order : order;
}

/* False where it has more than 63 bits. */
static bool
small_int(PyObject *object, int64_t *value)
{
    uint64_t sum = 0;
    size_t count = used_digits(object);
    for (size_t i = count; i-- > 0;) {
        if (sum >> (63 - PyLong_SHIFT))
            return false;
        sum = sum << PyLong_SHIFT | int_digits(object)[i];
    }
    if (int_is_negative(object))
        *value = -(int64_t)sum;
    else
        *value = (int64_t)sum;
    return true;
}

/* A float that is a whole number of at most 63 bits. */
static bool
whole_float(double value, int64_t *whole)
{
    if (!(value > -9223372036854775808.0 && value < 9223372036854775808.0))
        return false;
    *whole = (int64_t)value;
    return (double)*whole == value;
}

static unsigned
bits_of(digit value)
{
    unsigned bits = 0;
    for (; value; value >>= 1)
        bits++;
    return bits;
}

/* The float that an int of many digits is exactly; false where there is none. */
static bool
exact_float(PyObject *object, double *value)
{
    const digit *digits = int_digits(object);
    size_t count = used_digits(object), zeros = 0;
    while (zeros < count && !digits[zeros])
        zeros++;
    if (!count || zeros == count || count > LARGEST_WHOLE / PyLong_SHIFT + 1)
        return false;
    digit lowest = digits[zeros];
    size_t bits = (count - 1) * PyLong_SHIFT + bits_of(digits[count - 1]);
    size_t first = zeros * PyLong_SHIFT + bits_of(lowest & (~lowest + 1)) - 1; /* that is set */
    if (bits > LARGEST_WHOLE || bits - first > PRECISION)
        return false;
    double sum = 0;
    for (size_t i = count; i-- > 0;)
        sum = sum * ((digit)1 << PyLong_SHIFT) + digits[i];
    *value = int_is_negative(object) ? -sum : sum;
    return true;
}

/* ---- str and bytes ---- */

static int
compare_lengths(int order, Py_ssize_t a, Py_ssize_t b)
{
    if (order)
        return order;
    return (a > b) - (a < b);
}

static int
compare_strs(PyObject *a, PyObject *b)
{
    if (!PyUnicode_IS_READY(a) || !PyUnicode_IS_READY(b))
        return 0;
    Py_ssize_t m = PyUnicode_GET_LENGTH(a), n = PyUnicode_GET_LENGTH(b), least = m < n ? m : n;
    int order = 0;
    if (((PyASCIIObject *)a)->state.kind == 1 && ((PyASCIIObject *)b)->state.kind == 1)
        order = memcmp(PyUnicode_DATA(a), PyUnicode_DATA(b), (size_t)least);
    else
        for (Py_ssize_t i = 0; !order && i < least; i++)
            order = compare_numbers(PyUnicode_READ_CHAR(a, i), PyUnicode_READ_CHAR(b, i));
    return compare_lengths(order, m, n);
}

static const char *
bytes_of(PyObject *object)
{
    return ((PyBytesObject *)object)->ob_sval;
}

static int
compare_bytes(PyObject *a, PyObject *b)
{
    Py_ssize_t m = Py_SIZE(a), n = Py_SIZE(b);
    return compare_lengths(memcmp(bytes_of(a), bytes_of(b), (size_t)(m < n ? m : n)), m, n);
}

/* ---- all of them ---- */

static int
compare_floats(double x, double y)
{
    bool x_is_nan = x != x, y_is_nan = y != y;
    if (x_is_nan || y_is_nan)
        return x_is_nan - y_is_nan;
    return (x > y) - (x < y);
}

int
compare_values(PyObject *a, PyObject *b)
{
    if (is_int(a))
        return compare_ints(a, b);
    if (Py_IS_TYPE(a, &PyUnicode_Type))
        return compare_strs(a, b);
    if (Py_IS_TYPE(a, &PyBytes_Type))
        return compare_bytes(a, b);
    if (Py_IS_TYPE(a, &PyFloat_Type))
        return compare_floats(((PyFloatObject *)a)->ob_fval, ((PyFloatObject *)b)->ob_fval);
    return 0;
}

/* ---- equal keys ---- */

/* A number of any type in its parts; of an int that no float is only where it stands. */
typedef struct number {
    bool is_number, is_small;
    int64_t small;          /* the whole number that it is */
    double real, imaginary; /* of what is none, or has too many bits */
    PyObject *large;        /* an int that is neither */
} number;

static number
number_of(PyObject *object)
{
    number found = {.is_number = true};
    if (is_int(object)) {
        found.is_small = small_int(object, &found.small);
        if (!found.is_small && !exact_float(object, &found.real))
            found.large = object;
        return found;
    }
    if (Py_IS_TYPE(object, &PyFloat_Type)) {
        found.real = ((PyFloatObject *)object)->ob_fval;
    } else if (Py_IS_TYPE(object, &PyComplex_Type)) {
        found.real = ((PyComplexObject *)object)->cval.real;
        found.imaginary = ((PyComplexObject *)object)->cval.imag;
    } else {
        found.is_number = false;
    }
    found.is_small = found.is_number && found.imaginary == 0 && whole_float(found.real, &found.small);
    return found;
}

static bool
are_equal_numbers(const number *a, const number *b)
{
    if (a->is_small || b->is_small)
        return a->is_small && b->is_small && a->small == b->small;
    if (a->large || b->large)
        return a->large && b->large && !compare_ints(a->large, b->large);
    return a->real == b->real && a->imaginary == b->imaginary;
}

static bool are_equal(PyObject *a, PyObject *b, int level);

/* A hash of -1 is that of a place without a member, and of a frozenset that nobody has hashed. */
static bool
has_member(PyObject *set, const setentry *like, int level)
{
    const PySetObject *in = (const PySetObject *)set;
    for (Py_ssize_t i = 0; i <= in->mask; i++)
        if (in->table[i].key && in->table[i].hash == like->hash &&
            are_equal(in->table[i].key, like->key, level))
            return true;
    return false;
}

static bool
are_equal_sets(PyObject *a, PyObject *b, int level)
{
    const PySetObject *x = (const PySetObject *)a, *y = (const PySetObject *)b;
    if (x->used != y->used || x->hash != y->hash || x->hash == -1 || x->used > MOST_MEMBERS)
        return false;
    for (Py_ssize_t i = 0; i <= x->mask; i++)
        if (x->table[i].key && x->table[i].hash != -1 && !has_member(b, &x->table[i], level))
            return false;
    return true;
}

static bool
are_equal(PyObject *a, PyObject *b, int level)
{
    if (a == b)
        return true;
    const number x = number_of(a);
    if (x.is_number) {
        const number y = number_of(b);
        return y.is_number && are_equal_numbers(&x, &y);
    }
    if (Py_TYPE(a) != Py_TYPE(b) || level <= 0)
        return false;
    if (Py_IS_TYPE(a, &PyUnicode_Type))
        return PyUnicode_IS_READY(a) && PyUnicode_IS_READY(b) && !compare_strs(a, b);
    if (Py_IS_TYPE(a, &PyBytes_Type))
        return !compare_bytes(a, b);
    if (Py_IS_TYPE(a, &PyFrozenSet_Type))
        return are_equal_sets(a, b, level - 1);
    if (!Py_IS_TYPE(a, &PyTuple_Type) || Py_SIZE(a) != Py_SIZE(b))
        return false;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(a); i++)
        if (!PyTuple_GET_ITEM(a, i) || !PyTuple_GET_ITEM(b, i) ||
            !are_equal(PyTuple_GET_ITEM(a, i), PyTuple_GET_ITEM(b, i), level - 1))
            return false;
    return true;
}

bool
are_equal_values(PyObject *a, PyObject *b)
{
    return are_equal(a, b, DEEPEST);
}

static uint64_t
mixed(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

static uint64_t
hash_of_bytes(const char *bytes, size_t count)
{
    uint64_t hash = count;
    for (; count >= sizeof hash; bytes += sizeof hash, count -= sizeof hash) {
        uint64_t word;
        memcpy(&word, bytes, sizeof word);
        hash = mixed(hash, word);
    }
    for (; count; count--)
        hash = mixed(hash, (unsigned char)*bytes++);
    return hash;
}

static uint64_t
hash_of_number(const number *of, PyObject *object)
{
    if (of->is_small)
        return mixed(1, (uint64_t)of->small);
    if (of->large)
        return hash_of_bytes((const char *)int_digits(object), used_digits(object) * sizeof(digit));
    /* 0.0 and -0.0 are equal */
    const double parts[2] = {of->real, of->imaginary == 0 ? 0 : of->imaginary};
    if (of->real == 0)
        return hash_of_bytes((const char *)&parts[1], sizeof parts[1]);
    return hash_of_bytes((const char *)parts, sizeof parts);
}

static uint64_t
hash_of(PyObject *object, int level)
{
    const number value = number_of(object);
    if (value.is_number)
        return hash_of_number(&value, object);
    /* One str may be of another kind than another only if they differ. */
    if (Py_IS_TYPE(object, &PyUnicode_Type) && PyUnicode_IS_READY(object))
        return hash_of_bytes(PyUnicode_DATA(object),
                             (size_t)PyUnicode_GET_LENGTH(object) * ((PyASCIIObject *)object)->state.kind);
    if (Py_IS_TYPE(object, &PyBytes_Type))
        return hash_of_bytes(bytes_of(object), (size_t)Py_SIZE(object));
    if (Py_IS_TYPE(object, &PyFrozenSet_Type) && ((PySetObject *)object)->hash != -1)
        return mixed(3, (uint64_t)((PySetObject *)object)->hash); /* it is a key, so it was hashed */
    if (!Py_IS_TYPE(object, &PyTuple_Type))
        return mixed(2, (uintptr_t)object);
    uint64_t hash = (uint64_t)Py_SIZE(object);
    for (Py_ssize_t i = 0; level > 0 && i < PyTuple_GET_SIZE(object); i++)
        if (PyTuple_GET_ITEM(object, i))
            hash = mixed(hash, hash_of(PyTuple_GET_ITEM(object, i), level - 1));
    return hash;
}

uint64_t
hash_of_value(PyObject *object)
{
    return hash_of(object, DEEPEST);
}
