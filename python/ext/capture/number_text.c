/* SPDX-License-Identifier: MIT */
/*
 * Numbers as text (Objects/longobject.c, Python/pystrtod.c).
 *
 * Python's own functions take memory of an allocator that may be locked where this is used, so the digits of
 * floats are found by asking the C library for ever more of them until they read back as the same number.
 */
#include "cpython/value_layout.h" /* first: it asks for the interpreter's internals */

#include "capture/number_text.h"

#include <heapy/memory.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- int ---- */

enum { MOST_DIGITS = 4300, DECIMAL_SHIFT = 9 }; /* sys.int_info.default_max_str_digits */
static const uint64_t DECIMAL_BASE = 1000000000;

bool
put_int(text_out *out, PyObject *object)
{
    size_t count = int_digit_count(object), used = 0;
    const digit *digits = int_digits(object);
    if (count * PyLong_SHIFT > (size_t)MOST_DIGITS * 10 / 3)
        return false;
    uint32_t decimal[MOST_DIGITS / 6]; /* nine digits each, the lowest first */
    for (size_t i = count; i-- > 0;) {
        uint64_t carry = digits[i];
        for (size_t j = 0; j < used; j++) {
            uint64_t value = ((uint64_t)decimal[j] << PyLong_SHIFT) + carry;
            decimal[j] = (uint32_t)(value % DECIMAL_BASE);
            carry = value / DECIMAL_BASE;
        }
        for (; carry; carry /= DECIMAL_BASE)
            decimal[used++] = (uint32_t)(carry % DECIMAL_BASE);
    }
    char first[DECIMAL_SHIFT + 2];
    int length = snprintf(first, sizeof first, "%u", used ? decimal[used - 1] : 0);
    if ((used ? used - 1 : 0) * DECIMAL_SHIFT + (size_t)length > MOST_DIGITS)
        return false;
    if (int_is_negative(object))
        text_out_string(out, "-");
    text_out_string(out, first);
    for (size_t i = used ? used - 1 : 0; i-- > 0;)
        text_out_format(out, "%09u", decimal[i]);
    return true;
}

/* ---- float ---- */

enum { ENOUGH = 17, CERTAIN = 15, SCIENTIFIC = 40 };

/* What a positive float is in decimal: 0.DIGITS * 10^point. */
typedef struct decimal_float {
    char digits[ENOUGH + 1];
    int count, point;
} decimal_float;

/* "%.*e" in its parts, whatever the locale puts between them. */
static void
round_to(double value, int count, decimal_float *out, char *text)
{
    snprintf(text, SCIENTIFIC, "%.*e", count - 1, value);
    const char *exponent = strchr(text, 'e');
    out->count = 0;
    for (const char *at = text; at < exponent; at++)
        if (*at >= '0' && *at <= '9')
            out->digits[out->count++] = *at;
    out->point = atoi(exponent + 1) + 1;
}

/* The next larger number of as many digits.  text: what the C library made of the smaller one. */
static void
count_up(decimal_float *of, char *text)
{
    int i = of->count - 1;
    while (i >= 0 && of->digits[i] == '9')
        of->digits[i--] = '0';
    if (i >= 0) {
        of->digits[i]++;
    } else {
        of->digits[0] = '1';
        of->point++;
    }
    char *at = text, *exponent = strchr(text, 'e');
    for (i = 0; at < exponent; at++)
        if (*at >= '0' && *at <= '9')
            *at = of->digits[i++];
    snprintf(exponent, (size_t)(text + SCIENTIFIC - exponent), "e%d", of->point - 1);
}

/*
 * Of `count` digits, those nearest to the value that read back as it.  Below a power of two floats are denser
 * than above, so the nearest number may be another float's while the next larger one is not.
 */
static bool
reads_back(double value, int count, decimal_float *out)
{
    char text[SCIENTIFIC];
    round_to(value, count, out, text);
    if (strtod(text, NULL) == value)
        return true;
    count_up(out, text);
    return strtod(text, NULL) == value;
}

static decimal_float
shortest(double value)
{
    decimal_float found = {.count = 0};
    /* Up to 15 digits survive a float, so that what is longer than needed has zeros at its end. */
    int count = value < 2.3e-308 ? 1 : CERTAIN;
    while (!reads_back(value, count, &found) && count < ENOUGH)
        count++;
    while (found.count > 1 && found.digits[found.count - 1] == '0')
        found.count--;
    return found;
}

static void
put_zeros(text_out *out, int count)
{
    for (; count > 0; count--)
        text_out_string(out, "0");
}

/* Write dtoa's digits as format_float_short() lays them out for 'r'. */
static void
put_decimal(text_out *out, const decimal_float *of, bool wants_point)
{
    if (of->point <= -4 || of->point > 16) {
        text_out_bytes(out, of->digits, 1);
        if (of->count > 1) {
            text_out_string(out, ".");
            text_out_bytes(out, of->digits + 1, (size_t)of->count - 1);
        }
        text_out_format(out, "e%c%02d", of->point > 0 ? '+' : '-', abs(of->point - 1));
    } else if (of->point <= 0) {
        text_out_string(out, "0.");
        put_zeros(out, -of->point);
        text_out_bytes(out, of->digits, (size_t)of->count);
    } else {
        int whole = of->count < of->point ? of->count : of->point;
        text_out_bytes(out, of->digits, (size_t)whole);
        put_zeros(out, of->point - whole);
        if (of->count > whole) {
            text_out_string(out, ".");
            text_out_bytes(out, of->digits + whole, (size_t)(of->count - whole));
        } else if (wants_point) {
            text_out_string(out, ".0");
        }
    }
}

static void
put_double(text_out *out, double value, bool wants_point, bool wants_sign)
{
    if (isnan(value)) {
        text_out_string(out, wants_sign ? "+nan" : "nan");
        return;
    }
    if (signbit(value))
        text_out_string(out, "-");
    else if (wants_sign)
        text_out_string(out, "+");
    value = fabs(value);
    if (isinf(value)) {
        text_out_string(out, "inf");
    } else if (value == 0) {
        text_out_string(out, wants_point ? "0.0" : "0");
    } else {
        decimal_float decimal = shortest(value);
        put_decimal(out, &decimal, wants_point);
    }
}

void
put_float(text_out *out, double value)
{
    put_double(out, value, true, false);
}

void
put_complex(text_out *out, double real, double imaginary)
{
    bool is_imaginary = real == 0 && !signbit(real);
    if (!is_imaginary) {
        text_out_string(out, "(");
        put_double(out, real, false, false);
    }
    put_double(out, imaginary, false, !is_imaginary);
    text_out_string(out, is_imaginary ? "j" : "j)");
}
