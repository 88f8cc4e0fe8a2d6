/* SPDX-License-Identifier: MIT */
#include "live/allowed_texts.h"

#include "capture/object_map.h"

#include <Python.h>

bool
may_write_text(void *context, heapy_node node, heapy_text_use use)
{
    const allowed_texts *allowed = context;
    if (allowed->contents == HEAPY_CONTENTS_VALUES && !allowed->withheld)
        return true;
    if (allowed->contents != HEAPY_CONTENTS_VALUES && use == HEAPY_TEXT_ROW)
        return false;
    uintptr_t address = heapy_address_map_select(allowed->map, node);
    if (allowed->contents == HEAPY_CONTENTS_VALUES)
        return !heapy_address_map_contains(allowed->withheld, address);
    const PyObject *object = object_at_address(address);
    return PyUnicode_CheckExact(object) && PyUnicode_CHECK_INTERNED(object);
}
