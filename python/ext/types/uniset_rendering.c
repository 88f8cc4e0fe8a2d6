/* SPDX-License-Identifier: MIT */
/* How members of a set are shown, one by one (K-135, K-136). */
#include "types/uniset_rendering.h"

#include "live/live_atoms.h"
#include "live/render.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/source.h"
#include "types/source_file.h"
#include "types/type_kind.h"
#include "types/type_session.h"
#include "types/uniset_operands.h"

#include <heapy/kind.h>
#include <string.h>

/* A dict that somebody owns shows its owner; *owner NULL: nobody does.  -1 with an exception. */
static int
owner_of_dict(PyObject *session, PyObject *dict, PyObject **owner)
{
    *owner = NULL;
    PyObject *set = IdentitySet_of_object(session, dict);
    if (!set)
        return -1;
    PyObject *owners = IdentitySet_owners(set);
    Py_DECREF(set);
    if (!owners)
        return -1;
    bool is_owned = !IdentitySet_is_empty(owners);
    if (is_owned)
        *owner = PyObject_GetAttrString(owners, "theone");
    Py_DECREF(owners);
    if (is_owned && !*owner)
        return -1;
    return 0;
}

PyObject *
uniset_render(PyObject *self, PyObject *object)
{
    module_state *state = state_of_type(Py_TYPE(self));
    PyObject *session = uniset_session(self), *owner = NULL;
    if (!session)
        return new_reference_or_error(NULL);
    if (PyDict_CheckExact(object) && owner_of_dict(session, object, &owner) < 0)
        return NULL;
    PyObject *text = render_object(&state->capture, owner ? owner : object);
    Py_XDECREF(owner);
    return text;
}

PyObject *
uniset_render_address(PyObject *Py_UNUSED(self), PyObject *object)
{
    return PyUnicode_FromFormat("%p", (void *)object);
}

/* How objects of an atom's class are shown: the heading says what the text is; NULL: by address. */
static const char *
heading_of_atom(PyObject *session, const heapy_atom *atom)
{
    if (atom->form == HEAPY_ATOM_TYPE && !((Session *)session)->source->is_elsewhere)
        return render_heading((const PyTypeObject *)live_object_of_atom(atom));
    if (atom->form == HEAPY_ATOM_TYPE)
        return file_heading_of_type(session, atom->identity);
    if (atom->form == HEAPY_ATOM_MODULE)
        return render_heading(&PyModule_Type);
    if (atom->form != HEAPY_ATOM_DICT_OF)
        return NULL;
    if (!atom->kind_count)
        return render_heading(&PyDict_Type);
    const heapy_atom *owner = heapy_kind_atom(atom->kinds[0]);
    if (!owner)
        return NULL;
    return heading_of_atom(session, owner);
}

static bool
renders_alike(PyObject *session, const heapy_kind *kind)
{
    const char *first = NULL;
    for (size_t t = 0; t < heapy_kind_term_count(kind); t++) {
        bool is_complement;
        if (heapy_kind_literal_count(kind, t) != 1)
            return false;
        const char *heading = heading_of_atom(session, heapy_kind_literal(kind, t, 0, &is_complement));
        if (!heading || (first && strcmp(first, heading) != 0))
            return false;
        first = heading;
    }
    return true;
}

PyObject *
uniset_get_render(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    module_state *state = state_of_type(Py_TYPE(self));
    bool is_alike = false;
    PyObject *kind;
    if (IdentitySet_check(state, self))
        kind = IdentitySet_kind(self);
    else
        kind = Py_NewRef(self);
    if (!kind)
        return NULL;
    if (Kind_check(state, kind) && !((Kind *)kind)->added)
        is_alike = renders_alike(((Kind *)kind)->session, ((Kind *)kind)->kind);
    Py_DECREF(kind);
    return PyObject_GetAttrString(self, is_alike ? "_render" : "_render_address");
}
