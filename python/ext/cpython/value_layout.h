/* SPDX-License-Identifier: MIT */
/* int and str (Objects/longobject.c, Objects/unicodeobject.c). */
#ifndef HEAPY_VALUE_LAYOUT_H
#define HEAPY_VALUE_LAYOUT_H

#include "cpython/internals.h"

#if PY_VERSION_HEX >= 0x030C0000
#define INT_DIGITS long_value.ob_digit
#else
#define INT_DIGITS ob_digit
#endif

/* Digits that an int has room for: none for 0 on 3.10, at least one later. */
static inline size_t
int_digit_count(PyObject *object)
{
#if PY_VERSION_HEX >= 0x030C0000
    size_t digits = ((PyLongObject *)object)->long_value.lv_tag >> 3; /* pycore_long.h, NON_SIZE_BITS */
    return digits ? digits : 1;
#else
    Py_ssize_t size = Py_SIZE(object);
    size_t digits = (size_t)(size < 0 ? -size : size);
    return PY_VERSION_HEX >= 0x030B0000 && !digits ? 1 : digits;
#endif
}

static inline bool
int_is_negative(PyObject *object)
{
#if PY_VERSION_HEX >= 0x030C0000
    return (((PyLongObject *)object)->long_value.lv_tag & 3) == 2; /* SIGN_NEGATIVE */
#else
    return Py_SIZE(object) < 0;
#endif
}

/* The lowest digit first, int_digit_count() of them; of 0 on 3.10 there is none. */
static inline const digit *
int_digits(PyObject *object)
{
    return ((PyLongObject *)object)->INT_DIGITS;
}

/* Does the str keep a copy as wchar_t?  (Gone in 3.12.) */
static inline bool
str_has_wide_copy(PyObject *object)
{
#if PY_VERSION_HEX >= 0x030C0000
    (void)object;
    return false;
#else
    return ((PyASCIIObject *)object)->wstr != NULL;
#endif
}

#endif
