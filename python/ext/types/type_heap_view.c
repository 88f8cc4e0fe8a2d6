/* SPDX-License-Identifier: MIT */
/* Heap views: from where the heap is seen, and what is left out of it (H-23, H-42, H-45, H-103). */
#include "types/type_heap_view.h"

#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "live/held_objects.h"
#include "live/live_capture.h"
#include "live/relations.h"
#include "live/world.h"
#include "types/call_python.h"
#include "types/module_state.h"
#include "types/node_set_members.h"
#include "types/own_object.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"

#include <frameobject.h>
#include <heapy/address_map.h>
#include <string.h>
#include <structmember.h>

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *root;
    PyObject *tag;          /* what the view hides; None: nothing */
    PyObject *limit_frame;  /* or None */
    PyObject *hidden_types; /* list */
    PyObject *tagged_types; /* list, NULL as long as it is empty */
    PyObject *warned_types; /* set */
    char hides_interpreter;
} HeapView;

static PyObject *
create(PyTypeObject *type, PyObject *own_tag, PyObject *root, PyObject *tag)
{
    HeapView *self = own_object_new(type, own_tag);
    if (!self)
        return NULL;
    self->root = Py_NewRef(root);
    self->tag = Py_NewRef(tag);
    self->limit_frame = Py_NewRef(Py_None);
    self->hidden_types = PyList_New(0);
    self->warned_types = PySet_New(NULL);
    if (!self->hidden_types || !self->warned_types)
        Py_CLEAR(self);
    return (PyObject *)self;
}

PyObject *
HeapView_create(module_state *state, PyObject *tag)
{
    PyObject *view = create(state->heap_view_type, tag, state->capture.root, tag);
    /* The view's own reference to the tag is the tool's, not a user's. */
    if (view && tag == state->capture.hiding_tag)
        state->capture.hiding_tag_uses++;
    return view;
}

static PyObject *
heap_view_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"root", "heapdefs", NULL};
    PyObject *root, *heapdefs;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO!:HeapView", names, &root, &PyTuple_Type, &heapdefs))
        return NULL;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(heapdefs); i++)
        if (!PyCapsule_CheckExact(PyTuple_GET_ITEM(heapdefs, i))) {
            PyErr_SetString(PyExc_TypeError, "heapdefs must be a capsule object");
            return NULL;
        }
    module_state *state = state_of_type(type);
    if (!state_is_usable(state))
        return NULL;
    return create(type, state->capture.hiding_tag, root, Py_None);
}

static void
view_of(PyObject *object, capture_view *out)
{
    HeapView *self = (HeapView *)object;
    *out = (capture_view){.state = &state_of_type(Py_TYPE(object))->capture,
                          .hiding_tag = self->tag == Py_None ? NULL : self->tag,
                          .root = self->root,
                          .hidden_types = self->hidden_types,
                          .tagged_types = self->tagged_types,
                          .limit_frame = self->limit_frame == Py_None ? NULL : self->limit_frame,
                          .warned_types = self->warned_types,
                          .hides_interpreter = self->hides_interpreter};
}

void
Session_capture_view(PyObject *session, capture_view *out)
{
    LiveObjects_let_returned_go(Py_TYPE(session));
    view_of(((Session *)session)->view, out);
    out->warned_types = ((Session *)session)->warned_types;
}

static PyObject *
heap_view_heap(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    capture_view view;
    held_objects *heap;
    view_of(self, &view);
    stopped_world world = world_stop();
    PyObject *nodes = NodeSet_of_held(self, capture_heap(&view, &heap) < 0 ? NULL : heap);
    world_start(&world);
    return nodes;
}

static PyObject *
heap_view_indisize_sum(PyObject *self, PyObject *objects)
{
    HeapView *view = (HeapView *)self;
    held_objects *held = objects_of_iterable(objects);
    uint64_t size;
    if (!held)
        return NULL;
    int result = capture_total_size(&state_of_type(Py_TYPE(self))->capture, held, view->warned_types, &size);
    PyObject *sum = NULL;
    if (result >= 0)
        sum = PyLong_FromUnsignedLongLong(size);
    capture_release_keeping_exception(held);
    return sum;
}

static PyObject *
heap_view_obj_at(PyObject *self, PyObject *address)
{
    capture_view view;
    view_of(self, &view);
    return capture_object_of_number(&view, address);
}

/* ---- references ---- */

static PyObject *
heap_view_relate(PyObject *self, PyObject *args)
{
    capture_view view;
    PyObject *source, *target;
    if (!PyArg_ParseTuple(args, "OO:relate", &source, &target))
        return NULL;
    view_of(self, &view);
    return relate_objects(&view, source, target, NULL);
}

static PyObject *
heap_view_numedges(PyObject *self, PyObject *args)
{
    capture_view view;
    PyObject *source, *target;
    size_t count;
    if (!PyArg_ParseTuple(args, "OO:numedges", &source, &target))
        return NULL;
    view_of(self, &view);
    PyObject *relations = relate_objects(&view, source, target, &count);
    Py_XDECREF(relations);
    if (!relations)
        return NULL;
    return PyLong_FromSize_t(count);
}

static PyObject *
heap_view_relimg(PyObject *self, PyObject *objects)
{
    capture_view view;
    held_objects *held = objects_of_iterable(objects), *referents = NULL;
    if (!held)
        return NULL;
    view_of(self, &view);
    if (capture_referents(&view, held, &referents) < 0)
        referents = NULL;
    capture_release_keeping_exception(held);
    return NodeSet_of_held(self, referents);
}

static PyObject *
reachable(PyObject *self, PyObject *args, bool may_end_there)
{
    capture_view view;
    PyObject *starts, *avoid;
    if (!PyArg_ParseTuple(args, "OO", &starts, &avoid))
        return NULL;
    held_objects *from = objects_of_iterable(starts), *reached = NULL;
    held_objects *around = NULL;
    if (from)
        around = objects_of_iterable(avoid);
    view_of(self, &view);
    if (around && capture_reachable(&view, from, around, may_end_there, &reached) < 0)
        reached = NULL;
    capture_release_keeping_exception(from);
    capture_release_keeping_exception(around);
    return NodeSet_of_held(self, reached);
}

static PyObject *
heap_view_reachable(PyObject *self, PyObject *args)
{
    return reachable(self, args, false);
}

static PyObject *
heap_view_reachable_x(PyObject *self, PyObject *args)
{
    return reachable(self, args, true);
}

static PyObject *
heap_view_shpathstep(PyObject *self, PyObject *args, PyObject *kwargs)
{
    return call_package_with("guppy.heapy.View", "shpathstep", self, args, kwargs);
}

static bool
has_tag_slot(const PyTypeObject *type)
{
    for (const PyMemberDef *member = type->tp_members; member && member->name; member++)
        if (member->type == T_OBJECT_EX && !strcmp(member->name, "_hiding_tag_"))
            return true;
    return false;
}

static int
require_type(PyObject *type, const char *what)
{
    if (PyType_Check(type))
        return 0;
    PyErr_Format(PyExc_TypeError, "%s: a type expected, not %.200s", what, Py_TYPE(type)->tp_name);
    return -1;
}

static int
register_type(PyObject **list, PyObject *type, const char *what)
{
    if (!*list && !(*list = PyList_New(0)))
        return -1;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(*list); i++)
        if (PyList_GET_ITEM(*list, i) == type) {
            PyErr_Format(PyExc_ValueError, "%s: type is already registered", what);
            return -1;
        }
    return PyList_Append(*list, type);
}

static PyObject *
heap_view_register_tagged(PyObject *self, PyObject *type)
{
    static const char what[] = "register__hiding_tag__type";
    if (require_type(type, what) < 0)
        return NULL;
    if (!has_tag_slot((PyTypeObject *)type)) {
        PyErr_Format(PyExc_ValueError, "%s: type has no '_hiding_tag_' slot", what);
        return NULL;
    }
    if (register_type(&((HeapView *)self)->tagged_types, type, what) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *
heap_view_register_hidden(PyObject *self, PyObject *type)
{
    static const char what[] = "register_hidden_exact_type";
    if (require_type(type, what) < 0 || register_type(&((HeapView *)self)->hidden_types, type, what) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *
heap_view_limitframe(PyObject *self, void *closure)
{
    (void)closure;
    return new_reference_or_error(((HeapView *)self)->limit_frame);
}

static int
set_limitframe(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    if (!value || (value != Py_None && !PyFrame_Check(value))) {
        PyErr_SetString(PyExc_TypeError, "set_limitframe: frame or None expected");
        return -1;
    }
    Py_XSETREF(((HeapView *)self)->limit_frame, Py_NewRef(value));
    return 0;
}

static PyObject *
heap_view_root(PyObject *self, void *closure)
{
    (void)closure;
    return new_reference_or_error(((HeapView *)self)->root);
}

static int
set_root(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    if (!value) {
        PyErr_SetString(PyExc_TypeError, "the root of a heap view cannot be deleted");
        return -1;
    }
    Py_XSETREF(((HeapView *)self)->root, Py_NewRef(value));
    return 0;
}

static PyObject *
heap_view_tag(PyObject *self, void *closure)
{
    (void)closure;
    return new_reference_or_error(((HeapView *)self)->tag);
}

/* The count of the tool's own references to the shared tag follows. */
static int
set_tag(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    HeapView *view = (HeapView *)self;
    module_state *state = state_of_type(Py_TYPE(self));
    PyObject *tag = value ? value : Py_None;
    state->capture.hiding_tag_uses += (size_t)(tag == state->capture.hiding_tag);
    state->capture.hiding_tag_uses -= (size_t)(view->tag == state->capture.hiding_tag);
    Py_XSETREF(view->tag, Py_NewRef(tag));
    return 0;
}

static int
heap_view_traverse(PyObject *self, visitproc visit, void *arg)
{
    HeapView *view = (HeapView *)self;
    VISIT_OWN_HEAD(self);
    Py_VISIT(view->root);
    Py_VISIT(view->tag);
    Py_VISIT(view->limit_frame);
    Py_VISIT(view->hidden_types);
    Py_VISIT(view->tagged_types);
    Py_VISIT(view->warned_types);
    return 0;
}

static int
heap_view_clear(PyObject *self)
{
    HeapView *view = (HeapView *)self;
    Py_CLEAR(view->root);
    Py_CLEAR(view->limit_frame);
    Py_CLEAR(view->tagged_types);
    return 0;
}

static void
heap_view_dealloc(PyObject *self)
{
    HeapView *view = (HeapView *)self;
    PyObject_GC_UnTrack(self);
    heap_view_clear(self);
    module_state *state = state_if_ours(Py_TYPE(self));
    if (state && view->tag && view->tag == state->capture.hiding_tag)
        state->capture.hiding_tag_uses--;
    Py_CLEAR(view->tag);
    Py_CLEAR(view->hidden_types);
    Py_CLEAR(view->warned_types);
    own_object_free(self);
}

static PyMethodDef heap_view_methods[] = {
    {"heap", heap_view_heap, METH_NOARGS, DOC_HeapView_heap},
    {"indisize_sum", heap_view_indisize_sum, METH_O, DOC_HeapView_indisize_sum},
    {"numedges", heap_view_numedges, METH_VARARGS, DOC_HeapView_numedges},
    {"reachable", heap_view_reachable, METH_VARARGS, DOC_HeapView_reachable},
    {"reachable_x", heap_view_reachable_x, METH_VARARGS, DOC_HeapView_reachable_x},
    {"relate", heap_view_relate, METH_VARARGS, DOC_HeapView_relate},
    {"relimg", heap_view_relimg, METH_O, DOC_HeapView_relimg},
    {"shpathstep", (PyCFunction)(void (*)(void))heap_view_shpathstep, METH_VARARGS | METH_KEYWORDS,
     DOC_HeapView_shpathstep},
    {"obj_at", heap_view_obj_at, METH_O, DOC_HeapView_obj_at},
    {"register__hiding_tag__type", heap_view_register_tagged, METH_O,
     DOC_HeapView_register__hiding_tag__type},
    {"register_hidden_exact_type", heap_view_register_hidden, METH_O,
     DOC_HeapView_register_hidden_exact_type},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef heap_view_getset[] = {
    {"root", heap_view_root, set_root, DOC_HeapView_root, NULL},
    {"limitframe", heap_view_limitframe, set_limitframe, DOC_HeapView_limitframe, NULL},
    {"_hiding_tag_", heap_view_tag, set_tag, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef heap_view_members[] = {
    {"is_hiding_calling_interpreter", T_BOOL, offsetof(HeapView, hides_interpreter), 0,
     DOC_HeapView_is_hiding_calling_interpreter},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot heap_view_slots[] = {
    {Py_tp_doc, DOC_HeapView},
    {Py_tp_new, heap_view_new},
    {Py_tp_traverse, heap_view_traverse},
    {Py_tp_clear, heap_view_clear},
    {Py_tp_dealloc, heap_view_dealloc},
    {Py_tp_methods, heap_view_methods},
    {Py_tp_getset, heap_view_getset},
    {Py_tp_members, heap_view_members},
    {0, NULL},
};

PyType_Spec heap_view_spec = {
    .name = "guppy.heapy.heapyc.HeapView",
    .basicsize = sizeof(HeapView),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
    .slots = heap_view_slots,
};
