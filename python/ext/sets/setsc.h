/* SPDX-License-Identifier: MIT */
/*
 * guppy.sets.setsc: sets of integers.
 *
 *     ImmBitSet   its words, in the object
 *     CplBitSet   everything but an ImmBitSet
 *     MutBitSet   a heapy_bit_set, or an ImmBitSet until the first change, or everything but that
 *
 * A set on either side of an operator becomes an ImmBitSet and a flag; results are made of such.
 */
#ifndef HEAPY_SETSC_H
#define HEAPY_SETSC_H

#include <Python.h>
#include <heapy/bit_set.h>
#include <stdbool.h>
#include <structmember.h>

typedef struct setsc_state {
    PyTypeObject *bit_set_type, *imm_type, *cpl_type, *mut_type, *iterator_type;
    PyObject *empty;  /* the one empty ImmBitSet */
    PyObject *all;    /* its complement */
    PyObject *loader; /* _bs, which pickles call */
} setsc_state;

extern struct PyModuleDef setsc_module;

/* The state of the module that made `type` or a base of it; NULL, without exception, when it is not ours or
   the interpreter is shutting down.  setsc_usable_state sets RuntimeError then. */
setsc_state *setsc_state_of(PyTypeObject *type);
setsc_state *setsc_usable_state(PyTypeObject *type);

typedef struct {
    PyObject_VAR_HEAD      /* ob_size: words */
        Py_ssize_t length; /* bits; -1: not counted yet */
    heapy_bit_word words[];
} ImmBitSet;

typedef struct {
    PyObject_HEAD PyObject *finite; /* ImmBitSet, or an instance of a subclass */
} CplBitSet;

typedef struct {
    PyObject_HEAD heapy_bit_set *own; /* what it holds; NULL until it is changed */
    PyObject *frozen; /* ImmBitSet with the same bits; NULL since it was changed.  Never both NULL. */
    bool is_complemented;
} MutBitSet;

static inline size_t
words_of(const PyObject *imm, const heapy_bit_word **words)
{
    *words = ((const ImmBitSet *)imm)->words;
    return (size_t)Py_SIZE(imm);
}

/* ---- values (bit_values.c) ---- */

/* An int as a bit.  TypeError, OverflowError. */
int bit_of(PyObject *object, int64_t *bit);

/* Memory for an ImmBitSet of at most `room` words; NULL with MemoryError.  imm_finish makes it an object (a
   new reference; the empty set if count is 0), imm_drop gives it up. */
ImmBitSet *imm_draft(size_t room);
PyObject *imm_finish(setsc_state *state, ImmBitSet *draft, size_t room, size_t count);
void imm_drop(ImmBitSet *draft);

/* A copy of some words, of the exact type or of a subclass.  New reference. */
PyObject *imm_of_words(setsc_state *state, const heapy_bit_word *words, size_t count);
PyObject *imm_of_type(PyTypeObject *type, const heapy_bit_word *words, size_t count);

/* A set on one side of an operator. */
typedef struct operand {
    PyObject *finite; /* ImmBitSet; owned */
    bool is_complemented;
} operand;

/* 1: done; 0: neither a bit set, an int nor an iterable; -1: an exception. */
int operand_of(setsc_state *state, PyObject *object, operand *out);

/* The optional argument of a class that is called `name`: nothing without it.  -1: an exception. */
int operand_of_arguments(setsc_state *state, PyObject *args, PyObject *kwargs, const char *name,
                         operand *out);

/* The set of an operand, which is taken over.  New reference. */
PyObject *set_of_operand(setsc_state *state, operand taken);

/* The operation on finite sets that does the work of one on sets that may be complemented (B-32). */
typedef struct finite_operation {
    heapy_set_operation operation;
    bool is_swapped;      /* right OPERATION left */
    bool is_complemented; /* the result is everything but that */
} finite_operation;

finite_operation reduce_operation(heapy_set_operation operation, bool left, bool right);

/* left OPERATION right of finite sets.  New reference. */
PyObject *combine_finite(setsc_state *state, PyObject *left, PyObject *right, heapy_set_operation operation);

/* The result of an operation on two operands: an immutable set.  New reference. */
PyObject *combine_operands(setsc_state *state, operand left, operand right, heapy_set_operation operation);

/* ---- immutable sets (type_bit_set.c) ---- */

PyObject *imm_iterate(setsc_state *state, PyObject *imm);
Py_ssize_t imm_length(PyObject *imm);

/* item or slice of a finite set, by the rules of B-60. */
PyObject *imm_subscript(setsc_state *state, PyObject *imm, PyObject *index);
PyObject *slice_of_all(setsc_state *state, PyObject *index, operand taken);

/* Slots and methods that all three classes share. */
PyObject *bit_set_and(PyObject *a, PyObject *b);
PyObject *bit_set_or(PyObject *a, PyObject *b);
PyObject *bit_set_xor(PyObject *a, PyObject *b);
PyObject *bit_set_subtract(PyObject *a, PyObject *b);
PyObject *bit_set_shift(PyObject *a, PyObject *b);
PyObject *bit_set_compare(PyObject *a, PyObject *b, int operation);
PyObject *bit_set_invert(PyObject *self);
PyObject *bit_set_int(PyObject *self);
PyObject *bit_set_mutcopy(PyObject *self, PyObject *ignored);
PyObject *bit_set_reduce(PyObject *self, PyObject *ignored);

extern PyType_Spec bit_set_spec, imm_bit_set_spec, cpl_bit_set_spec, bit_iterator_spec;

/* ---- mutable sets (type_mut_bit_set.c) ---- */

extern PyType_Spec mut_bit_set_spec;

/* A MutBitSet with the bits of an operand, which is taken over.  New reference. */
PyObject *mut_of_operand(PyTypeObject *type, operand taken);

/* Its bits now, as an operand.  False: MemoryError. */
bool mut_read(PyObject *mut, operand *out);

#endif
