/* SPDX-License-Identifier: MIT */
/*
 * Stacked areas as pixels: a portable pixmap (PPM), which Tk takes as it is.
 *
 * A picture of ten thousand rectangles costs a toolkit a tenth of a second and more.  Here a column is a few
 * pieces of one colour each; the picture is made once it is known how high the highest column is, since Tk
 * takes its time for each pixel.
 */
#include "types/stacked_picture.h"

#include <heapy/memory.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { CHANNELS = 3, LARGEST = 1 << 15 };

typedef struct piece {
    int from, to;    /* x */
    int bottom, top; /* y from the lower edge */
    uint8_t colour[CHANNELS];
} piece;

typedef struct picture {
    int width, height;
    double scale; /* pixels of a value of 1 */
    PyObject *colours;
    uint8_t paper[CHANNELS], separator[CHANNELS];
    piece *pieces;
    size_t count, room;
    int top; /* of the highest column */
} picture;

static int
add_piece(picture *self, piece added)
{
    if (self->count == self->room) {
        size_t room = 2 * self->room + 1024;
        piece *more = heapy_realloc_array(self->pieces, room, sizeof *more);
        if (!more) {
            PyErr_NoMemory();
            return -1;
        }
        self->pieces = more;
        self->room = room;
    }
    self->pieces[self->count++] = added;
    if (added.top > self->top)
        self->top = added.top;
    return 0;
}

static int
take_colour(PyObject *bytes, uint8_t *out)
{
    if (!PyBytes_Check(bytes) || PyBytes_GET_SIZE(bytes) != CHANNELS) {
        PyErr_SetString(PyExc_TypeError, "a colour is three bytes: red, green, blue");
        return -1;
    }
    memcpy(out, PyBytes_AS_STRING(bytes), CHANNELS);
    return 0;
}

static int
colour_of(const picture *self, PyObject *key, uint8_t *out)
{
    PyObject *bytes = PyObject_GetItem(self->colours, key);
    if (!bytes)
        return -1;
    int result = take_colour(bytes, out);
    Py_DECREF(bytes);
    return result;
}

/* How high something is, in whole pixels; what is above the picture is cut off. */
static int
pixels_of(const picture *self, double value)
{
    double y = value * self->scale;
    if (!(y < self->height))
        return self->height;
    return (int)nearbyint(y);
}

/* One part of a column on what is below it (NULL: nothing), whose values add up to *sum. */
static int
add_part(picture *self, piece *below, PyObject *part, double *sum)
{
    PyObject *key;
    double value;
    if (!PyTuple_Check(part)) {
        PyErr_SetString(PyExc_TypeError,
                        "a part of a column is a tuple: what colours have it under, and its value");
        return -1;
    }
    if (!PyArg_ParseTuple(part, "Od:stacked_picture", &key, &value))
        return -1;
    if (!(value > 0))
        return 0;
    *sum += value;
    piece added = *below;
    added.bottom = below->top;
    added.top = pixels_of(self, *sum);
    if (added.top <= added.bottom)
        return 0;
    if (colour_of(self, key, added.colour))
        return -1;
    /* A pixel parts neighbours of one colour (W-32). */
    if (added.bottom && !memcmp(added.colour, below->colour, CHANNELS) && added.top - added.bottom > 1) {
        piece line = added;
        memcpy(line.colour, self->separator, CHANNELS);
        line.top = ++added.bottom;
        if (add_piece(self, line))
            return -1;
    }
    *below = added;
    return add_piece(self, added);
}

/* Add a column of pixels; its parts come from the top down. */
static int
add_column(picture *self, int from, int to, PyObject *parts)
{
    double sum = 0;
    piece below = {.from = from, .to = to};
    if (from < 0 || to > self->width || from > to) {
        PyErr_Format(PyExc_ValueError, "a column from %d to %d in a picture %d wide", from, to, self->width);
        return -1;
    }
    PyObject *list = PySequence_Tuple(parts); /* colours may run code */
    if (!list)
        return -1;
    int result = 0;
    for (Py_ssize_t i = PyTuple_GET_SIZE(list); !result && i && below.top < self->height; i--)
        result = add_part(self, &below, PyTuple_GET_ITEM(list, i - 1), &sum);
    Py_DECREF(list);
    return result;
}

static int
add_columns(picture *self, PyObject *columns)
{
    PyObject *list = PySequence_Tuple(columns);
    if (!list)
        return -1;
    int result = 0;
    for (Py_ssize_t i = 0; !result && i < PyTuple_GET_SIZE(list); i++) {
        int from, to;
        PyObject *column = PyTuple_GET_ITEM(list, i), *parts;
        result = -1;
        if (!PyTuple_Check(column))
            PyErr_SetString(PyExc_TypeError, "a column is a tuple: from, to, parts");
        else if (PyArg_ParseTuple(column, "iiO:stacked_picture", &from, &to, &parts))
            result = add_column(self, from, to, parts);
    }
    Py_DECREF(list);
    return result;
}

static void
fill(uint8_t *pixels, size_t count, const uint8_t *colour)
{
    for (size_t i = 0; i < count; i++)
        memcpy(pixels + CHANNELS * i, colour, CHANNELS);
}

static PyObject *
pixmap_of(const picture *self)
{
    char head[40];
    int height = self->top;
    if (!height)
        height = 1;
    int length = snprintf(head, sizeof head, "P6 %d %d 255\n", self->width, height);
    size_t row = (size_t)self->width * CHANNELS;
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)((size_t)length + row * (size_t)height));
    if (!bytes)
        return NULL;
    memcpy(PyBytes_AS_STRING(bytes), head, (size_t)length);
    uint8_t *pixels = (uint8_t *)PyBytes_AS_STRING(bytes) + length;
    fill(pixels, (size_t)self->width * (size_t)height, self->paper);
    for (size_t i = 0; i < self->count; i++) {
        const piece *p = &self->pieces[i];
        uint8_t *at = pixels + row * (size_t)(height - p->top) + CHANNELS * (size_t)p->from;
        for (int y = p->bottom; y < p->top; y++, at += row)
            fill(at, (size_t)(p->to - p->from), p->colour);
    }
    return Py_BuildValue("iN", height, bytes);
}

PyObject *
stacked_picture(PyObject *Py_UNUSED(module), PyObject *args)
{
    picture self = {0};
    double y_range;
    PyObject *columns, *paper, *separator, *result = NULL;
    if (!PyArg_ParseTuple(args, "iidOOSS:_stacked_picture", &self.width, &self.height, &y_range, &columns,
                          &self.colours, &paper, &separator) ||
        take_colour(paper, self.paper) || take_colour(separator, self.separator))
        return NULL;
    if (self.width < 1 || self.height < 1 || self.width > LARGEST || self.height > LARGEST || !(y_range > 0))
        return PyErr_Format(PyExc_ValueError, "_stacked_picture: %d by %d pixels are no picture", self.width,
                            self.height);
    self.scale = self.height / y_range;
    if (!add_columns(&self, columns))
        result = pixmap_of(&self);
    heapy_free(self.pieces);
    return result;
}
