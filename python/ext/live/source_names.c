/* SPDX-License-Identifier: MIT */
#include "live/source_names.h"

#include "capture/object_map.h"

#include <Python.h>

bool
is_text_of_source(void *context, heapy_node node, heapy_text_use use)
{
    if (use == HEAPY_TEXT_ROW)
        return false;
    const PyObject *object = object_at_address(heapy_snapshot_address(context, node));
    return PyUnicode_CheckExact(object) && PyUnicode_CHECK_INTERNED(object);
}
