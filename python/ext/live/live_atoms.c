/* SPDX-License-Identifier: MIT */
#include "capture/capture_internal.h" /* first: it asks for the interpreter's internals */

#include "live/live_atoms.h"

#include "capture/object_map.h"
#include "capture/str_utf8.h"
#include "live/errors.h"
#include "live/render.h"

#include <heapy/memory.h>

static int
create(const heapy_atom *atom, const heapy_kind **out)
{
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_kind_create(atom, out, &err))
        return raise_heapy_error(&err);
    return 0;
}

/* The identities of what a type inherits from, as its struct says; NULL: no memory. */
static uint64_t *
identities_above(PyTypeObject *type, size_t *count)
{
    PyObject *order = type->tp_mro;
    size_t length = 0;
    if (order && PyTuple_CheckExact(order))
        length = (size_t)PyTuple_GET_SIZE(order);
    uint64_t *identities = heapy_alloc_array(length, sizeof *identities);
    for (size_t i = 0; identities && i < length; i++)
        identities[i] = (uintptr_t)PyTuple_GET_ITEM(order, (Py_ssize_t)i);
    *count = length;
    return identities;
}

int
live_type_kind(capture_state *state, PyTypeObject *type, const heapy_kind **out)
{
    type_texts texts = {0};
    size_t count = 0;
    uint64_t *above = identities_above(type, &count);
    int result = -1;
    if (!above || !capture_type_texts(state, type, &texts))
        PyErr_NoMemory();
    else
        result = create(&(heapy_atom){.form = HEAPY_ATOM_TYPE,
                                      .identity = (uintptr_t)type,
                                      .name = texts.name,
                                      .module = texts.module,
                                      .qualname = texts.qualname,
                                      .is_alias = texts.is_alias,
                                      .is_dict = type == &PyDict_Type,
                                      .supertypes = above,
                                      .supertype_count = count},
                        out);
    capture_type_texts_deinit(&texts);
    heapy_free(above);
    return result;
}

int
live_module_kind(capture_state *state, PyObject *module, const heapy_kind **out)
{
    PyObject *text = render_object(state, module);
    char *name = NULL;
    if (text)
        name = str_to_utf8(text, UTF8_ESCAPED, NULL);
    int result = -1;
    if (name)
        result = create(&(heapy_atom){.form = HEAPY_ATOM_MODULE, .identity = (uintptr_t)module, .name = name},
                        out);
    else if (text)
        PyErr_NoMemory();
    heapy_free(name);
    Py_XDECREF(text);
    return result;
}

int
live_object_kind(PyObject *object, const heapy_kind **out)
{
    return create(&(heapy_atom){.form = HEAPY_ATOM_ID, .identity = (uintptr_t)object}, out);
}

PyObject *
live_object_of_atom(const heapy_atom *atom)
{
    bool names_object =
        atom->form == HEAPY_ATOM_TYPE || atom->form == HEAPY_ATOM_MODULE || atom->form == HEAPY_ATOM_ID;
    if (names_object && atom->identity)
        return object_at_address((uintptr_t)atom->identity);
    return NULL;
}

bool
live_is_subtype(uint64_t identity, uint64_t of)
{
    return PyType_IsSubtype((PyTypeObject *)object_at_address((uintptr_t)identity),
                            (PyTypeObject *)object_at_address((uintptr_t)of));
}
