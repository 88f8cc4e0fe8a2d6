/* SPDX-License-Identifier: MIT */
/*
 * One object as text, by plain reads: what is said of live objects and of those of a file is made here, so
 * that the two do not differ (K-132).  Types are told exactly, so no code of the user's would say it.
 */
#ifndef HEAPY_OBJECT_TEXT_H
#define HEAPY_OBJECT_TEXT_H

#include <Python.h>
#include <heapy/snapshot.h>
#include <stdbool.h>

#include "capture/capture_state.h"
#include "capture/text_out.h"

/*
 * Put the text of an object for a use.  False: only Python code can tell, or it is nothing but the address;
 * what was put is to be thrown away then.  Looks at out->failed, too.  O(text), of a long str or bytes O(1)
 * for rows.
 */
bool put_object_text(capture_state *state, PyObject *object, heapy_text_use use, text_out *out);

#endif
