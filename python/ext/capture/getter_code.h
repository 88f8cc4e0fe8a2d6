/* SPDX-License-Identifier: MIT */
/*
 * Which word of its object a compiled getter gives, by its machine code.
 *
 * A C type often tells the name of an attribute and a function that gives it, and not where in the struct it
 * is.  The function is not called, for what it does is not known: its code is read, and followed by a machine
 * that knows of each register only whether it holds the object, or what stands at some offset of the object.
 * It knows the few instructions that compilers write for "if there is one, count a reference to it and return
 * it" on x86-64; any other instruction, a call, a store into the object, or two ways that end differently,
 * and the answer is that it is not known.  So an offset that is told is right, whatever else the function is.
 */
#ifndef HEAPY_GETTER_CODE_H
#define HEAPY_GETTER_CODE_H

#include <Python.h>

/* The offset in bytes of the pointer that `function` returns when it is given an object; -1: it is not known,
   as always on other processors and where a process may not ask for its own memory.  A function that is no
   code, or that cannot be read, is not known either; nothing is written or called.  Takes one system call. */
Py_ssize_t getter_code_offset(getter function);

#endif
