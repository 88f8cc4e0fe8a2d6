/* SPDX-License-Identifier: MIT */
#include "live/errors.h"

int
raise_heapy_error(const heapy_error *err)
{
    if (err->status == HEAPY_CANCELLED && PyErr_Occurred())
        return -1; /* what a callback raised */
    PyObject *exception = PyExc_SystemError;
    switch (err->status) {
    case HEAPY_NO_MEMORY:
        exception = PyExc_MemoryError;
        break;
    case HEAPY_INVALID:
    case HEAPY_BAD_FILE:
    case HEAPY_UNSUPPORTED:
        exception = PyExc_ValueError;
        break;
    case HEAPY_OS:
        exception = PyExc_OSError;
        break;
    case HEAPY_LIMIT:
        exception = PyExc_OverflowError;
        break;
    case HEAPY_CANCELLED:
        exception = PyExc_KeyboardInterrupt;
        break;
    case HEAPY_OK:
    case HEAPY_STATUS_COUNT:
        break;
    }
    const char *message;
    if (err->message[0])
        message = err->message;
    else
        message = heapy_status_text(err->status);
    /* It may quote a file that is no text. */
    PyObject *text = PyUnicode_DecodeUTF8(message, (Py_ssize_t)strlen(message), "backslashreplace");
    if (text)
        PyErr_SetObject(exception, text);
    Py_XDECREF(text);
    return -1;
}
