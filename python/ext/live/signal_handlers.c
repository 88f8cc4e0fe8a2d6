/* SPDX-License-Identifier: MIT */
#include "cpython/internals.h" /* first: it asks for the interpreter's internals */

#include "live/signal_handlers.h"

#include "cpython/state_roots.h"

int
signal_handlers_learn(capture_state *state)
{
    if (!SIGNAL_HANDLERS_ARE_HIDDEN || state->interp != PyInterpreterState_Main())
        return 0;
    PyObject *module = PyImport_ImportModule("_signal");
    PyObject *function = NULL;
    if (module)
        function = PyObject_GetAttrString(module, "getsignal");
    Py_XDECREF(module);
    if (!function)
        return -1;
    /* Somebody may have put another in its place, which would run while the heap is looked at. */
    if (PyCFunction_CheckExact(function) && PyCFunction_GET_FLAGS(function) == METH_O)
        state->getsignal = Py_NewRef(function);
    Py_DECREF(function);
    return 0;
}

int
signal_handlers_take(signal_handlers *out, const capture_state *state)
{
    if (!state->getsignal)
        return 0;
    PyCFunction getsignal = PyCFunction_GET_FUNCTION(state->getsignal);
    for (long number = 1; number < NSIG; number++) {
        PyObject *argument = PyLong_FromLong(number);
        PyObject *handler = NULL;
        if (argument)
            handler = getsignal(PyCFunction_GET_SELF(state->getsignal), argument);
        Py_XDECREF(argument);
        if (!handler)
            return -1;
        out->items[out->count++] = handler;
    }
    return 0;
}

void
signal_handlers_deinit(signal_handlers *handlers)
{
    while (handlers->count)
        Py_DECREF(handlers->items[--handlers->count]);
}
