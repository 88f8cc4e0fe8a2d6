/* SPDX-License-Identifier: MIT */
#include "cpython/internals.h" /* first: it asks for the interpreter's internals */

#include "live/remembered.h"

#ifdef Py_GIL_DISABLED
#include <sched.h>
#include <stdatomic.h>

static atomic_flag is_locked = ATOMIC_FLAG_INIT;

void
brief_lock(void)
{
    while (atomic_flag_test_and_set_explicit(&is_locked, memory_order_acquire))
        sched_yield();
}

void
brief_unlock(void)
{
    atomic_flag_clear_explicit(&is_locked, memory_order_release);
}

/* Objects/object.c, _Py_TryIncref: not one whose last reference is gone. */
static bool
refer_again(PyObject *object)
{
    return _Py_TryIncrefFast(object) || _Py_TryIncRefShared(object);
}

static void
may_be_referred_to_again(PyObject *object)
{
    _PyObject_SetMaybeWeakref(object);
}
#else
void
brief_lock(void)
{
}

void
brief_unlock(void)
{
}

static bool
refer_again(PyObject *object)
{
    Py_INCREF(object);
    return true;
}

static void
may_be_referred_to_again(PyObject *object)
{
    (void)object;
}
#endif

PyObject *
remembered(PyObject **slot)
{
    brief_lock();
    PyObject *found = NULL;
    if (*slot && refer_again(*slot))
        found = *slot;
    brief_unlock();
    return found;
}

void
remember_there(PyObject **slot, PyObject *made)
{
    may_be_referred_to_again(made);
    brief_lock();
    *slot = made;
    brief_unlock();
}

void
forget_there(PyObject **slot, const PyObject *gone)
{
    brief_lock();
    if (*slot == gone)
        *slot = NULL;
    brief_unlock();
}

bool
keep_first(void **slot, void *made)
{
    brief_lock();
    bool is_first = !*slot;
    if (is_first)
        *slot = made;
    brief_unlock();
    return is_first;
}
