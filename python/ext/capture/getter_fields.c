/* SPDX-License-Identifier: MIT */
#include "capture/getter_fields.h"

#include "capture/getter_code.h"

enum {
    WORDS = 64,    /* of a struct that are looked at, as by whoever asks */
    LEVELS = 16,   /* of types that are derived from one another */
    GETTERS = 1000 /* of one type */
};

/* Labels are text that any file can hold. */
static bool
is_plain(const char *name)
{
    size_t length = 0;
    for (; name[length]; length++)
        if (name[length] <= ' ' || name[length] > '~')
            return false;
    return length != 0;
}

static void
ask_getters(const char **names, const PyGetSetDef *getset)
{
    for (size_t i = 0; getset && getset[i].name && i < GETTERS; i++) {
        Py_ssize_t offset = getter_code_offset(getset[i].get) - (Py_ssize_t)sizeof(PyObject);
        if (offset < 0 || offset % (Py_ssize_t)sizeof(PyObject *))
            continue;
        size_t word = (size_t)offset / sizeof(PyObject *);
        if (word < WORDS && !names[word] && is_plain(getset[i].name))
            names[word] = getset[i].name;
    }
}

const char *
getter_field_name(capture *c, type_record *record, size_t word)
{
    if (!record->is_searched_for_getters) {
        record->is_searched_for_getters = true;
        record->getter_names = heapy_alloc_zeroed(WORDS, sizeof *record->getter_names);
        c->out_of_memory |= !record->getter_names;
        const PyTypeObject *type = record->base;
        for (size_t i = 0; record->getter_names && type && i < LEVELS; i++, type = type->tp_base)
            ask_getters(record->getter_names, type->tp_getset);
    }
    return record->getter_names && word < WORDS ? record->getter_names[word] : NULL;
}
