/* SPDX-License-Identifier: MIT */
/*
 * What only the interpreter's C state holds, several objects of one name: functions registered with atexit,
 * until 3.13 (Modules/atexitmodule.c); callbacks of sys.monitoring (Python/instrumentation.c); handlers of
 * signals, which the main interpreter has (Modules/signalmodule.c; until 3.11 in variables that nobody else
 * can see: live/signal_handlers.h); files that faulthandler writes to, from 3.14 on, when its module no
 * longer tells the collector of them (Modules/faulthandler.c); types of syntax trees and what they have one
 * instance of, from the first compile() on, whether or not the module `ast` is loaded (Python/Python-ast.c);
 * from 3.14 on the class of what evaluates a constant bound of a type variable, which no module has
 * (Objects/typevarobject.c).
 */
#ifndef HEAPY_STATE_ROOTS_H
#define HEAPY_STATE_ROOTS_H

#include "cpython/internals.h"

/* Are the handlers of signals where visit_state_roots() cannot find them? */
enum { SIGNAL_HANDLERS_ARE_HIDDEN = PY_VERSION_HEX < 0x030C0000 };

static const char *const state_root_names[] = {
    "atexit_callback",    "monitoring_callable", "signal_handler", "faulthandler_file", "ast",
    "constevaluator_type"};

#if PY_VERSION_HEX >= 0x030E0000
static inline void
visit_faulthandler_files(const PyInterpreterState *interp,
                         void (*give)(void *context, const char *name, PyObject *object), void *context)
{
    const struct _faulthandler_runtime_state *state = &_PyRuntime.faulthandler;
    if (state->fatal_error.file && state->fatal_error.interp == interp)
        give(context, state_root_names[3], state->fatal_error.file);
    if (state->thread.file && state->thread.interp == interp)
        give(context, state_root_names[3], state->thread.file);
#ifdef FAULTHANDLER_USER
    for (size_t i = 0; state->user_signals && i < Py_NSIG; i++)
        if (state->user_signals[i].file && state->user_signals[i].interp == interp)
            give(context, state_root_names[3], state->user_signals[i].file);
#endif
}
#endif

/* The struct is pointers to objects from its first type on. */
static inline void
visit_ast_state(const PyInterpreterState *interp,
                void (*give)(void *context, const char *name, PyObject *object), void *context)
{
    PyObject *const *objects = &interp->ast.AST_type;
    size_t count = (sizeof interp->ast - offsetof(struct ast_state, AST_type)) / sizeof *objects;
    for (size_t i = 0; i < count; i++)
        if (objects[i])
            give(context, state_root_names[4], objects[i]);
}

/* Call give(context, name, object) for each; names are those of the list.  No object is NULL. */
static inline void
visit_state_roots(PyInterpreterState *interp, void (*give)(void *context, const char *name, PyObject *object),
                  void *context)
{
    (void)interp, (void)give, (void)context;
#if PY_VERSION_HEX < 0x030E0000
    for (int i = 0; i < interp->atexit.ncallbacks; i++) {
        if (!interp->atexit.callbacks[i]) /* unregistered */
            continue;
        PyObject *const parts[] = {interp->atexit.callbacks[i]->func, interp->atexit.callbacks[i]->args,
                                   interp->atexit.callbacks[i]->kwargs};
        for (size_t part = 0; part < 3; part++)
            if (parts[part])
                give(context, state_root_names[0], parts[part]);
    }
#endif
#if PY_VERSION_HEX >= 0x030C0000
    PyObject *const *callables = &interp->monitoring_callables[0][0];
    for (size_t i = 0; i < sizeof interp->monitoring_callables / sizeof *callables; i++)
        if (callables[i])
            give(context, state_root_names[1], callables[i]);
    for (size_t i = 0; interp == _PyRuntime.interpreters.main && i < Py_NSIG; i++) {
#if PY_VERSION_HEX >= 0x030D0000
        PyObject *handler = _PyRuntime.signals.handlers[i].func;
#else
        PyObject *handler = (PyObject *)_PyRuntime.signals.handlers[i].func._value;
#endif
        if (handler)
            give(context, state_root_names[2], handler);
    }
#endif
#if PY_VERSION_HEX >= 0x030E0000
    visit_faulthandler_files(interp, give, context);
    if (interp->cached_objects.constevaluator_type)
        give(context, state_root_names[5], (PyObject *)interp->cached_objects.constevaluator_type);
#endif
    visit_ast_state(interp, give, context);
}

#endif
