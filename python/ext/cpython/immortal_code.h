/* SPDX-License-Identifier: MIT */
/*
 * Once there are several threads, an interpreter without a GIL makes code immortal that is compiled from a
 * tree, and code that replace() gives, with its constants.  compile() of a text does not, by this very number
 * (Python/bltinmodule.c, builtin_compile_impl; Include/internal/pycore_gc.h of 3.13).
 */
#ifndef HEAPY_IMMORTAL_CODE_H
#define HEAPY_IMMORTAL_CODE_H

#include "cpython/internals.h"

/* Put off that code becomes immortal (-2), or let it again (2), for all threads of the interpreter. */
static inline void
count_immortalizing(int difference)
{
#ifdef Py_GIL_DISABLED
    _Py_atomic_add_int(&PyInterpreterState_Get()->gc.immortalize, difference);
#else
    (void)difference;
#endif
}

#endif
