/* SPDX-License-Identifier: MIT */
/* Sessions: what hpy() returns (S-3 to S-23, S-70 to S-75).  What walks the heap is in session_heap.c. */
#include "types/type_session.h"

#include "capture/own_object_head.h"
#include "cpython/module_support.h"
#include "heapyc_docs.h"
#include "live/held_objects.h"
#include "live/live_capture.h"
#include "live/type_texts.h"
#include "types/arrow_capsule.h"
#include "types/call_python.h"
#include "types/heap_stat.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/reference_points.h"
#include "types/relation_kinds.h"
#include "types/session_heap.h"
#include "types/session_places.h"
#include "types/snapshot_save.h"
#include "types/source.h"
#include "types/source_file.h"
#include "types/source_parts.h"
#include "types/stat_io.h"
#include "types/type_equivalence_relation.h"
#include "types/type_heap_view.h"
#include "types/type_identity_set.h"
#include "types/type_kind.h"
#include "types/type_live_objects.h"
#include "types/type_node_set.h"
#include "types/type_set_of_kinds.h"
#include "types/type_snapshot.h"
#include "types/type_stat.h"
#include "types/uniset_operands.h"

#include <heapy/address_map.h>
#include <heapy/memory.h>
#include <heapy/table_text.h>
#include <structmember.h>

bool
Session_is_usable(PyObject *object)
{
    Session *self = (Session *)object;
    if (!self) {
        new_reference_or_error(NULL);
        return false;
    }
    if (self->warned_types && self->view && self->families)
        return state_is_usable(state_of_type(Py_TYPE(self)));
    PyErr_SetString(PyExc_RuntimeError, "this session was cleared by the garbage collector");
    return false;
}

void
raise_objects_elsewhere(void)
{
    PyErr_SetString(PyExc_ValueError,
                    "the objects of that file are not in this process: ask for addresses, types, "
                    "sizes and references, or the session of the process itself");
}

bool
Session_has_objects(PyObject *session)
{
    if (!((Session *)session)->source || !((Session *)session)->source->is_elsewhere)
        return true;
    raise_objects_elsewhere();
    return false;
}

static const void *
place_of(PyObject *session)
{
    const Session *self = (const Session *)session;
    if (self->source && self->source->is_elsewhere)
        return self;
    return NULL;
}

bool
Session_is_beside(PyObject *session, PyObject *other)
{
    return place_of(session) == place_of(other);
}

PyObject *
Session_nothing(PyObject *session)
{
    if (((Session *)session)->nothing)
        return Py_NewRef(((Session *)session)->nothing);
    heapy_address_map *empty = map_of_objects(NULL, 0);
    if (!empty)
        return NULL;
    return IdentitySet_keep(session, empty, NULL);
}

void
Session_keep(PyObject *session, PyObject **slot, PyObject *set)
{
    PyObject *old = *slot;
    bool is_nothing = set == ((Session *)session)->nothing;
    if (is_nothing)
        *slot = NULL;
    else
        *slot = set;
    if (is_nothing)
        Py_DECREF(set);
    Py_XDECREF(old);
}

/* What questions need of the package and of the standard library: see there.  Once a process. */
static int
load_answers(void)
{
    PyObject *module = import_module("guppy.heapy.Questions");
    Py_XDECREF(module);
    if (!module)
        return -1;
    return 0;
}

static int
make_types_of_module_ready(PyObject *module)
{
    PyObject *dict = dict_of_module(module), *key, *value;
    Py_ssize_t at = 0;
    int result = 0;
    while (!result && dict && PyDict_Next(dict, &at, &key, &value))
        if (PyType_Check(value) && !PyType_HasFeature((PyTypeObject *)value, Py_TPFLAGS_READY))
            result = PyType_Ready((PyTypeObject *)value);
    return result;
}

/* Types of extension modules that nobody has used yet are made ready now, so that using one later makes
   nothing new (H-52).  Once a process. */
static int
make_types_ready(module_state *state)
{
    PyObject *modules = loaded_modules(); /* borrowed */
    if (!PyDict_Check(modules))
        return 0;
    PyObject *values = PyDict_Values(modules);
    if (!values)
        return -1;
    int result = 0;
    for (Py_ssize_t i = 0; !result && i < PyList_GET_SIZE(values); i++)
        if (PyModule_CheckExact(PyList_GET_ITEM(values, i)))
            result = make_types_of_module_ready(PyList_GET_ITEM(values, i));
    Py_DECREF(values);
    state->is_warm = !result;
    return result;
}

static PyObject *
session_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"ht", NULL};
    PyObject *tag = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O:Session", names, &tag))
        return NULL;
    module_state *state = state_of_type(type);
    if (!state_is_usable(state) || (!state->is_warm && (load_answers() < 0 || make_types_ready(state) < 0)))
        return NULL;
    Session *self = own_object_new(type, tag == Py_None ? state->capture.hiding_tag : tag);
    if (!self)
        return NULL;
    self->settings = (session_settings){.max_more_lines = HEAPY_DEFAULT_ROWS,
                                        .line_length = HEAPY_DEFAULT_LINE_LENGTH,
                                        .max_summary_length = 80,
                                        .auto_convert_type = true};
    self->source = &live_source;
    self->view = HeapView_create(state, self->hiding_tag);
    self->warned_types = PySet_New(NULL);
    self->families = PyDict_New();
    self->pattern_settings = PyDict_New();
    if (!self->view || !self->warned_types || !self->families || !self->pattern_settings)
        Py_CLEAR(self);
    return (PyObject *)self;
}

/* ---- text ---- */

PyObject *
Session_prefix(PyObject *object)
{
    Session *session = (Session *)object;
    if (session->reprefix)
        return Py_NewRef(session->reprefix);
    PyObject *main = PyImport_AddModule("__main__"); /* borrowed */
    PyObject *key, *value, *found = NULL, *dict = NULL;
    Py_ssize_t at = 0;
    if (main)
        dict = dict_of_module(main);
    else
        PyErr_Clear();
    while (!found && dict && PyDict_Next(dict, &at, &key, &value))
        if (value == object && PyUnicode_Check(key))
            found = key;
    if (found)
        return PyUnicode_FromFormat("%U.", found);
    if (session->default_reprefix)
        return Py_NewRef(session->default_reprefix);
    return PyUnicode_FromString("hpy().");
}

PyObject *
kept_describe(PyObject *self)
{
    return call_package_with("guppy.heapy.Use", "describe_snapshot", self, NULL, NULL);
}

PyObject *
live_describe(PyObject *self)
{
    PyObject *prefix = Session_prefix(self);
    if (!prefix)
        return NULL;
    Py_ssize_t length = PyUnicode_GET_LENGTH(prefix);
    PyObject *name = PyUnicode_Substring(prefix, 0, length ? length - 1 : 0);
    PyObject *text = NULL;
    if (name)
        text = PyUnicode_FromFormat("Top level interface to Heapy.\n"
                                    "Use eg: %Udoc for more info on %U.",
                                    prefix, name);
    Py_XDECREF(name);
    Py_DECREF(prefix);
    return text;
}

static PyObject *
session_repr(PyObject *self)
{
    return ((Session *)self)->source->describe(self);
}

/* ---- making sets ---- */

/* The relation of an `er` argument, borrowed; NULL for Clodo.  False with TypeError. */
static bool
relation_of_argument(PyObject *session, PyObject *argument, PyObject **er)
{
    if (argument == Py_None)
        *er = NULL;
    else
        *er = argument;
    if (!*er || EquivalenceRelation_check(state_of_type(Py_TYPE(session)), *er))
        return true;
    PyErr_Format(PyExc_TypeError, "er: an equivalence relation such as hp.Type expected, not %.200s",
                 Py_TYPE(*er)->tp_name);
    return false;
}

static PyObject *
session_iso(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"er", NULL};
    PyObject *er = NULL, *none = PyTuple_New(0);
    bool is_parsed = none && PyArg_ParseTupleAndKeywords(none, kwargs, "|$O:iso", names, &er);
    Py_XDECREF(none);
    if (!is_parsed || !Session_is_usable(self))
        return NULL;
    if (!relation_of_argument(self, er, &er))
        return NULL;
    held_objects *held = hold_objects(((PyTupleObject *)args)->ob_item, (size_t)PyTuple_GET_SIZE(args));
    if (!held)
        return NULL;
    return IdentitySet_wrap(self, held, er);
}

static PyObject *
session_idset(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"iterable", "er", NULL};
    PyObject *iterable, *er = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|O:idset", names, &iterable, &er) ||
        !Session_is_usable(self))
        return NULL;
    held_objects *held = NULL;
    if (relation_of_argument(self, er, &er))
        held = objects_of_iterable(iterable);
    if (!held)
        return NULL;
    return IdentitySet_wrap(self, held, er);
}

/* ---- files ---- */

static PyObject *
session_load(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"fn", "use_readline", NULL};
    PyObject *source;
    int use_readline = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|p:load", names, &source, &use_readline) ||
        !Session_is_usable(self))
        return NULL;
    return Stat_load(self, source, use_readline);
}

/* Loops over files are Python: guppy.heapy.Use has them. */
static PyObject *
session_loadall(PyObject *self, PyObject *source)
{
    return call_package("guppy.heapy.Use", "load_all", self, source);
}

static PyObject *
session_loadc(PyObject *self, PyObject *source)
{
    return call_package("guppy.heapy.Use", "load_and_print", self, source);
}

static PyObject *
session_dumph(PyObject *self, PyObject *file)
{
    return call_package("guppy.heapy.Use", "dump_heaps", self, file);
}

static PyObject *
session_copy(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return Py_NewRef(self);
}

static PyObject *
session_deepcopy(PyObject *self, PyObject *Py_UNUSED(memo))
{
    return Py_NewRef(self);
}

static PyObject *
session_reduce(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    PyErr_SetString(PyExc_TypeError, "a session of heapy cannot be pickled");
    return NULL;
}

/* ---- attributes ---- */

static PyObject *
session_nothing(PyObject *self, void *closure)
{
    (void)closure;
    if (!Session_is_usable(self))
        return NULL;
    return Session_nothing(self);
}

static PyObject *
session_root(PyObject *self, void *closure)
{
    (void)closure;
    return new_reference_or_error(state_of_type(Py_TYPE(self))->capture.root);
}

static PyObject *
session_stat_type(PyObject *self, void *closure)
{
    (void)closure;
    return new_reference_or_error((PyObject *)state_of_type(Py_TYPE(self))->stat_type);
}

static PyObject *
session_hiding_tag(PyObject *self, void *closure)
{
    (void)closure;
    return new_reference_or_error(tag_of(self));
}

PyObject *
Session_relation(PyObject *object, heapy_classifier_form form)
{
    Session *self = (Session *)object;
    PyObject *known = remembered(&self->relations[form]);
    if (known)
        return known;
    PyObject *made = EquivalenceRelation_create(object, form, NULL);
    if (!made)
        return NULL;
    return remember(&self->relations[form], &((EquivalenceRelation *)made)->remembered, made);
}

#define RELATION_GETTER(name, code)                                                                          \
    static PyObject *session_##name(PyObject *self, void *closure)                                           \
    {                                                                                                        \
        (void)closure;                                                                                       \
        return Session_is_usable(self) ? Session_relation(self, HEAPY_BY_##code) : NULL;                     \
    }
RELATION_MAP(RELATION_GETTER)
#undef RELATION_GETTER

static PyObject *
session_Rcs(PyObject *self, void *closure)
{
    (void)closure;
    if (!Session_is_usable(self))
        return NULL;
    PyObject *clodo = Session_relation(self, HEAPY_BY_CLODO);
    if (!clodo)
        return NULL;
    PyObject *rcs = EquivalenceRelation_refdby(clodo);
    Py_DECREF(clodo);
    return rcs;
}

static PyObject *
session_anything(PyObject *self, void *closure)
{
    (void)closure;
    if (!Session_is_usable(self))
        return NULL;
    return Kind_of_anything(self);
}

static PyObject *
session_sonokind(PyObject *self, void *closure)
{
    (void)closure;
    if (!Session_is_usable(self))
        return NULL;
    return NoKinds_create(self);
}

/* ---- making kinds and relations ---- */

static PyObject *
session_findex(PyObject *self, PyObject *args)
{
    module_state *state = state_of_type(Py_TYPE(self));
    if (!Session_is_usable(self))
        return NULL;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(args); i++) {
        PyObject *kind = PyTuple_GET_ITEM(args, i);
        if (!IdentitySet_check(state, kind) && !Kind_check(state, kind))
            return PyErr_Format(PyExc_TypeError,
                                "findex: argument %zd is no kind or identity set but a %.200s; hp.Type(t) is "
                                "the kind of a type",
                                i + 1, Py_TYPE(kind)->tp_name);
        if (tag_of(kind) != tag_of(self))
            return PyErr_Format(PyExc_ValueError,
                                "findex: argument %zd is of a session with another hiding tag", i + 1);
    }
    return EquivalenceRelation_create(self, HEAPY_BY_FIRST_MATCH, args);
}

static PyObject *
session_union(PyObject *self, PyObject *sequence)
{
    if (!Session_is_usable(self))
        return NULL;
    if (!PySequence_Check(sequence))
        return PyErr_Format(PyExc_TypeError, "union: a sequence of sets expected, not %.200s",
                            Py_TYPE(sequence)->tp_name);
    PyObject *list = PySequence_List(sequence), *result = Session_nothing(self);
    for (Py_ssize_t i = 0; list && result && i < PyList_GET_SIZE(list); i++)
        Py_SETREF(result, PyNumber_Or(result, PyList_GET_ITEM(list, i)));
    if (!list)
        Py_CLEAR(result);
    Py_XDECREF(list);
    return result;
}

static PyObject *
session_tc_repr(PyObject *self, PyObject *type)
{
    if (!PyType_Check(type))
        return PyErr_Format(PyExc_TypeError, "type expected, not %.200s", Py_TYPE(type)->tp_name);
    PyObject *name = capture_type_own_text(&state_of_type(Py_TYPE(self))->capture, (PyTypeObject *)type);
    if (!name)
        return NULL;
    PyObject *text = PyUnicode_FromFormat("<type %U at %p>", name, (void *)type);
    Py_DECREF(name);
    return text;
}

static PyObject *
session_tc_adapt(PyObject *self, PyObject *object)
{
    if (!Session_is_usable(self))
        return NULL;
    return type_from_object(self, object);
}

/* Made by a Python function at the first use: module.function(session). */
static PyObject *
made_by(PyObject *self, PyObject **slot, const char *module_name, const char *function)
{
    if (!Session_is_usable(self))
        return NULL;
    if (!*slot) {
        PyObject *module = import_module(module_name);
        PyObject *made = NULL;
        if (module)
            made = PyObject_CallMethod(module, function, "O", self);
        Py_XDECREF(module);
        if (!made || !keep_first((void **)slot, made))
            return made;
    }
    return Py_NewRef(*slot);
}

static PyObject *
session_view(PyObject *self, void *closure)
{
    (void)closure;
    if (!Session_has_objects(self))
        return NULL;
    PyObject **known = &((Session *)self)->view_node;
    if (*known) {
        PyObject *view = PyObject_CallNoArgs(*known);
        if (view != Py_None)
            return view;
        Py_DECREF(view); /* None: it is gone */
        Py_CLEAR(*known);
    }
    if (!Session_is_usable(self))
        return NULL;
    PyObject *view = call_package_with("guppy.heapy.View", "View", self, NULL, NULL);
    if (!view)
        return NULL;
    PyObject *remembered = PyWeakref_NewRef(view, NULL);
    if (remembered)
        Py_XSETREF(*known, remembered);
    else
        Py_CLEAR(view);
    return view;
}

static PyObject *
session_heap_view(PyObject *self, void *closure)
{
    (void)closure;
    return new_reference_or_error(((Session *)self)->view);
}

static PyObject *
session_parent(PyObject *self, void *closure)
{
    (void)closure;
    return made_by(self, &((Session *)self)->parent, "guppy.etc.Glue", "home_of");
}

static PyObject *
session_root_node(PyObject *self, void *closure)
{
    (void)closure;
    PyObject *parent = session_parent(self, NULL);
    if (!parent)
        return NULL;
    PyObject *root = PyObject_GetAttrString(parent, "_root");
    Py_DECREF(parent);
    return root;
}

static PyObject *
session_set_parent(PyObject *self, PyObject *parent)
{
    Py_XSETREF(((Session *)self)->parent, Py_NewRef(parent));
    Py_RETURN_NONE;
}

static PyObject *
session_uniset_from_setcastable(PyObject *self, PyObject *object)
{
    if (!Session_is_usable(self))
        return NULL;
    return uniset_require(self, object);
}

static PyObject *
session_from_nodes(PyObject *self, PyObject *nodes)
{
    module_state *state = state_of_type(Py_TYPE(self));
    if (NodeSet_check(state, nodes))
        return IdentitySet_of_nodes(self, nodes);
    if (IdentitySet_check(state, nodes)) {
        PyObject *set = uniset_require(self, nodes), *result; /* ValueError where it is of another process */
        if (!set)
            return NULL;
        PyObject *objects = ((IdentitySet *)set)->objects;
        if (objects)
            result = IdentitySet_share(self, objects, NULL);
        else
            result = new_reference_or_error(NULL);
        Py_DECREF(set);
        return result;
    }
    PyErr_Format(PyExc_TypeError, "a node set or an identity set expected, not %.200s",
                 Py_TYPE(nodes)->tp_name);
    return NULL;
}

/* ---- what may be assigned (S-13, S-14) ---- */

static PyObject *
session_reprefix(PyObject *self, void *closure)
{
    (void)closure;
    return Session_prefix(self);
}

static PyObject *
session_default_reprefix(PyObject *self, void *closure)
{
    (void)closure;
    PyObject *prefix = ((Session *)self)->default_reprefix;
    if (prefix)
        return Py_NewRef(prefix);
    return PyUnicode_FromString("hpy().");
}

static int
assign_text(PyObject **slot, PyObject *value, const char *name)
{
    if (!PyUnicode_Check(value)) {
        PyErr_Format(PyExc_TypeError, "%s must be a str, not %.200s", name, Py_TYPE(value)->tp_name);
        return -1;
    }
    Py_XSETREF(*slot, Py_NewRef(value));
    return 0;
}

static int
set_reprefix(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    return assign_text(&((Session *)self)->reprefix, value, "reprefix");
}

static int
set_default_reprefix(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    return assign_text(&((Session *)self)->default_reprefix, value, "default_reprefix");
}

static int
set_set(PyObject *self, PyObject **slot, PyObject *value)
{
    PyObject *set = uniset_require(self, value);
    if (!set)
        return -1;
    Session_keep(self, slot, set);
    return 0;
}

static PyObject *
set_or_nothing(PyObject *self, PyObject *set)
{
    if (set)
        return Py_NewRef(set);
    if (!Session_is_usable(self))
        return NULL;
    return Session_nothing(self);
}

#define SET_ATTRIBUTE(name)                                                                                  \
    static PyObject *session_##name(PyObject *self, void *closure)                                           \
    {                                                                                                        \
        (void)closure;                                                                                       \
        return set_or_nothing(self, ((Session *)self)->name);                                                \
    }                                                                                                        \
    static int set_##name(PyObject *self, PyObject *value, void *closure)                                    \
    {                                                                                                        \
        (void)closure;                                                                                       \
        return set_set(self, &((Session *)self)->name, value);                                               \
    }
SET_ATTRIBUTE(gcobjs)
SET_ATTRIBUTE(relheap)
SET_ATTRIBUTE(relheapg)

static PyObject *
session_relheapu(PyObject *self, void *closure)
{
    (void)closure;
    return set_or_nothing(self, ((Session *)self)->relheapu);
}

static int
set_relheapu(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    PyObject *reference = Session_unreachable_reference(self, value, false);
    if (!reference)
        return -1;
    Session_keep(self, &((Session *)self)->relheapu, reference);
    return 0;
}

/*
 * `__doc__`, which may be assigned.  A getset of that name would be the type's docstring to help(), which
 * then shows nothing else; this descriptor gives the type a text.
 */
static PyObject *
doc_get(PyObject *Py_UNUSED(descriptor), PyObject *session, PyObject *Py_UNUSED(type))
{
    if (session && ((Session *)session)->doc)
        return Py_NewRef(((Session *)session)->doc);
    return PyUnicode_FromString(DOC_Session);
}

static int
doc_set(PyObject *Py_UNUSED(descriptor), PyObject *session, PyObject *value)
{
    Py_XSETREF(((Session *)session)->doc, Py_XNewRef(value));
    return 0;
}

static void
doc_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_Free(self);
    Py_DECREF(type);
}

static PyType_Slot doc_slots[] = {
    {Py_tp_descr_get, doc_get},
    {Py_tp_descr_set, doc_set},
    {Py_tp_dealloc, doc_dealloc},
    {0, NULL},
};

static PyType_Spec doc_spec = {
    .name = "guppy.heapy.Use.SessionDoc",
    .basicsize = sizeof(PyObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = doc_slots,
};

PyObject *
Session_doc_descriptor(void)
{
    PyTypeObject *type = (PyTypeObject *)PyType_FromSpec(&doc_spec);
    PyObject *descriptor = NULL;
    if (type)
        descriptor = PyObject_New(PyObject, type);
    Py_XDECREF(type);
    return descriptor;
}

/* Assigning what an attribute already is does nothing; anything else that is not meant to be changed is a
   slip that would break the session. */
static int
session_setattro(PyObject *self, PyObject *name, PyObject *value)
{
    static const char *const changeable[] = {"reprefix", "default_reprefix", "gcobjs", "relheap",
                                             "relheapg", "relheapu",         "__doc__"};
    if (!PyUnicode_Check(name))
        return PyObject_GenericSetAttr(self, name, value);
    for (size_t i = 0; value && i < sizeof changeable / sizeof *changeable; i++)
        if (!PyUnicode_CompareWithASCIIString(name, changeable[i])) {
            if (!Session_is_usable(self))
                return -1;
            return PyObject_GenericSetAttr(self, name, value);
        }
    PyObject *current = NULL;
    if (value)
        current = PyObject_GetAttr(self, name);
    if (!current)
        PyErr_Clear();
    bool is_same = value && current == value;
    Py_XDECREF(current);
    if (is_same)
        return 0;
    PyErr_Format(PyExc_ValueError,
                 "cannot change attribute '%U' of a session; reprefix, default_reprefix, gcobjs, relheap, "
                 "relheapg, relheapu and __doc__ can be assigned",
                 name);
    return -1;
}

/* ---- answers written in Python ---- */

static PyObject *
session_compare(PyObject *self, PyObject *older)
{
    if (Py_TYPE(older) == Py_TYPE(self))
        return call_package("guppy.heapy.FileSession", "compare", self, older);
    return PyErr_Format(PyExc_TypeError, "compare: a session expected, not %.200s", Py_TYPE(older)->tp_name);
}

static PyObject *
session_info(PyObject *self, void *closure)
{
    (void)closure;
    if (!Session_is_usable(self))
        return NULL;
    return call_package_with("guppy.heapy.FileSession", "info", self, NULL, NULL);
}

static PyObject *
session_dominators(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return call_package_with("guppy.heapy.Dominators", "dominator_tree", self, NULL, NULL);
}

static PyObject *
session_help(PyObject *self, void *closure)
{
    (void)closure;
    return call_package("guppy.etc.Help", "listing_of", self, self);
}

static PyObject *
session_test(PyObject *self, PyObject *args, PyObject *kwargs)
{
    return call_package_with("guppy.heapy.test", "run", self, args, kwargs);
}

static PyObject *
session_pb(PyObject *self, PyObject *args, PyObject *kwargs)
{
    return call_package_with("guppy.heapy.Use", "browse_profile", self, args, kwargs);
}

static PyObject *
session_monitor(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return call_package_with("guppy.heapy.Monitor", "enter", self, NULL, NULL);
}

static PyObject *
session_why(PyObject *self, PyObject *object)
{
    return call_package("guppy.heapy.Why", "Why", self, object);
}

static PyObject *
session_prefix(PyObject *self, void *closure)
{
    (void)closure;
    return Session_prefix(self);
}

static PyObject *
session_moment(PyObject *self, void *closure)
{
    (void)closure;
    PyObject *moment = ((Session *)self)->moment;
    return Py_NewRef(moment ? moment : Py_None);
}

static PyObject *
session_objects(PyObject *self, void *closure)
{
    (void)closure;
    return call_package_with("guppy.heapy.Columns", "ObjectColumns", self, NULL, NULL);
}

static PyObject *
session_edges(PyObject *self, void *closure)
{
    (void)closure;
    return call_package_with("guppy.heapy.Columns", "EdgeColumns", self, NULL, NULL);
}

/* ---- settings ---- */

static PyObject *
session_pattern_settings(PyObject *self, void *closure)
{
    (void)closure;
    return new_reference_or_error(((Session *)self)->pattern_settings);
}

static PyMemberDef setting_members[] = {
    {"max_more_lines", T_PYSSIZET, offsetof(Session, settings.max_more_lines), 0, NULL},
    {"line_length", T_PYSSIZET, offsetof(Session, settings.line_length), 0, NULL},
    {"max_summary_length", T_PYSSIZET, offsetof(Session, settings.max_summary_length), 0, NULL},
    {"auto_convert_type", T_BOOL, offsetof(Session, settings.auto_convert_type), 0, NULL},
    {"auto_convert_iter", T_BOOL, offsetof(Session, settings.auto_convert_iter), 0, NULL},
    {"is_rg_update_all", T_BOOL, offsetof(Session, settings.is_rg_update_all), 0, NULL},
};

static PyMemberDef *
find_setting(const char *name)
{
    for (size_t i = 0; i < sizeof setting_members / sizeof *setting_members; i++)
        if (!strcmp(name, setting_members[i].name))
            return &setting_members[i];
    PyErr_Format(PyExc_AttributeError, "there is no setting '%s'", name);
    return NULL;
}

static PyObject *
session_get_setting(PyObject *self, PyObject *name)
{
    const char *text = PyUnicode_AsUTF8(name);
    if (!text)
        return NULL;
    PyMemberDef *setting = find_setting(text);
    if (!setting)
        return NULL;
    return PyMember_GetOne((const char *)self, setting);
}

static int
set_number(PyObject *self, PyMemberDef *setting, PyObject *value)
{
    Py_ssize_t number = PyNumber_AsSsize_t(value, PyExc_OverflowError);
    if (number == -1 && PyErr_Occurred())
        return -1;
    if (number < 1) {
        PyErr_Format(PyExc_ValueError, "%s must be at least 1, not %zd", setting->name, number);
        return -1;
    }
    *(Py_ssize_t *)(void *)((char *)self + setting->offset) = number;
    return 0;
}

static PyObject *
session_set_setting(PyObject *self, PyObject *args)
{
    const char *name;
    PyObject *value;
    if (!PyArg_ParseTuple(args, "sO:_set_setting", &name, &value))
        return NULL;
    PyMemberDef *setting = find_setting(name);
    if (!setting)
        return NULL;
    if (setting->type == T_PYSSIZET) {
        if (set_number(self, setting, value) < 0)
            return NULL;
    } else {
        int truth = PyObject_IsTrue(value);
        if (truth < 0)
            return NULL;
        *((char *)self + setting->offset) = (char)truth;
    }
    Py_RETURN_NONE;
}

/* ---- life ---- */

#define FOR_EACH_MEMBER(X)                                                                                   \
    X(gcobjs)                                                                                                \
    X(relheap)                                                                                               \
    X(relheapg)                                                                                              \
    X(relheapu)                                                                                              \
    X(view)                                                                                                  \
    X(moment)                                                                                                \
    X(parent)                                                                                                \
    X(view_node)                                                                                             \
    X(doc)                                                                                                   \
    X(pattern_settings)                                                                                      \
    X(families)                                                                                              \
    X(warned_types)

static int
session_traverse(PyObject *self, visitproc visit, void *arg)
{
    Session *session = (Session *)self;
    VISIT_OWN_HEAD(self);
#define VISIT(name) Py_VISIT(session->name);
    FOR_EACH_MEMBER(VISIT)
#undef VISIT
    return 0;
}

static int
session_clear(PyObject *self)
{
    Session *session = (Session *)self;
#define CLEAR(name) Py_CLEAR(session->name);
    FOR_EACH_MEMBER(CLEAR)
#undef CLEAR
    return 0;
}

static void
session_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    if (((Session *)self)->weakrefs)
        PyObject_ClearWeakRefs(self);
    session_clear(self);
    close_snapshot_file(self);
    Py_CLEAR(((Session *)self)->reprefix);
    Py_CLEAR(((Session *)self)->default_reprefix);
    own_object_free(self);
}

#define KEYWORDS(function) (PyCFunction)(void (*)(void)) function, METH_VARARGS | METH_KEYWORDS
#define FAST(function) (PyCFunction)(void (*)(void)) function, METH_FASTCALL | METH_KEYWORDS
static PyMethodDef session_methods[] = {
    {"heap", Session_heap, METH_NOARGS, DOC_Session_heap},
    {"stat", KEYWORDS(Session_stat), DOC_Session_stat},
    {"heapu", FAST(Session_heapu), DOC_Session_heapu},
    {"heapg", FAST(Session_heapg), DOC_Session_heapg},
    {"setref", FAST(Session_setref), DOC_Session_setref},
    {"setrelheap", FAST(Session_setrelheap), DOC_Session_setrelheap},
    {"setrelheapg", FAST(Session_setrelheapg), DOC_Session_setrelheapg},
    {"setrelheapu", FAST(Session_setrelheapu), DOC_Session_setrelheapu},
    {"iso", KEYWORDS(session_iso), DOC_Session_iso},
    {"idset", KEYWORDS(session_idset), DOC_Session_idset},
    {"findex", session_findex, METH_VARARGS, DOC_Session_findex},
    {"union", session_union, METH_O, DOC_Session_union},
    {"tc_repr", session_tc_repr, METH_O, DOC_Session_tc_repr},
    {"tc_adapt", session_tc_adapt, METH_O, DOC_Session_tc_adapt},
    {"load", KEYWORDS(session_load), DOC_Session_load},
    {"loadall", session_loadall, METH_O, DOC_Session_loadall},
    {"loadc", session_loadc, METH_O, DOC_Session_loadc},
    {"dumph", session_dumph, METH_O, DOC_Session_dumph},
    {"uniset_from_setcastable", session_uniset_from_setcastable, METH_O, DOC_Session_uniset_from_setcastable},
    {"_compare_objects", Session_compare_objects, METH_O, DOC_Session__compare_objects},
    {"compare", session_compare, METH_O, DOC_Session_compare},
    {"at", Session_at, METH_VARARGS, DOC_Session_at},
    {"close", Session_close, METH_NOARGS, DOC_Session_close},
    {"_file_facts", snapshot_file_facts, METH_NOARGS, DOC_Session__file_facts},
    {"_whole", Session_whole, METH_NOARGS, DOC_Session__whole},
    {"_begins_at_root", Session_begins_at_root, METH_NOARGS, DOC_Session__begins_at_root},
    {"_root_set", Session_root_set, METH_NOARGS, DOC_Session__root_set},
    {"__enter__", Session_enter, METH_NOARGS, DOC_Session___enter__},
    {"__exit__", Session_exit, METH_VARARGS, DOC_Session___exit__},
    {"snapshot", KEYWORDS(Session_snapshot), DOC_Session_snapshot},
    {"save", KEYWORDS(Session_save), DOC_Session_save},
    {"dominators", session_dominators, METH_NOARGS, DOC_Session_dominators},
    {"why", session_why, METH_O, DOC_Session_why},
    {"monitor", session_monitor, METH_NOARGS, DOC_Session_monitor},
    {"test", (PyCFunction)(void (*)(void))session_test, METH_VARARGS | METH_KEYWORDS, DOC_Session_test},
    {"pb", (PyCFunction)(void (*)(void))session_pb, METH_VARARGS | METH_KEYWORDS, DOC_Session_pb},
    {"_arrow_stream", Session_arrow_stream, METH_O, DOC_Session__arrow_stream},
    {"_snapshot_unasked", Session_snapshot_unasked, METH_NOARGS, DOC_Session__snapshot_unasked},
    {"_before", Session_before, METH_NOARGS, DOC_Session__before},
    {"_capture_graph", Session_capture_graph, METH_NOARGS, DOC_Session__capture_graph},
    {"_dominos_alone", Session_dominos_alone, METH_O, DOC_Session__dominos_alone},
    {"_gc_referrers", Session_gc_referrers, METH_VARARGS, DOC_Session__gc_referrers},
    {"_from_nodes", session_from_nodes, METH_O, DOC_Session__from_nodes},
    {"_get_setting", session_get_setting, METH_O, DOC_Session__get_setting},
    {"_set_setting", session_set_setting, METH_VARARGS, DOC_Session__set_setting},
    {"_write_forked", Session_write_forked, METH_VARARGS, DOC_Session__write_forked},
    {"_set_parent", session_set_parent, METH_O, DOC_Session__set_parent},
    {"__copy__", session_copy, METH_NOARGS, DOC_Session___copy__},
    {"__deepcopy__", session_deepcopy, METH_O, DOC_Session___deepcopy__},
    {"__reduce__", session_reduce, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

#define GETTER(name, function) {#name, function, NULL, DOC_Session_##name, NULL}
#define CHANGEABLE(name) {#name, session_##name, set_##name, DOC_Session_##name, NULL}
#define RELATION_ENTRY(name, code) GETTER(name, session_##name),
static PyGetSetDef session_getset[] = {
    RELATION_MAP(RELATION_ENTRY) /* */
    GETTER(Rcs, session_Rcs),
    GETTER(Nothing, session_nothing),
    GETTER(Anything, session_anything),
    GETTER(sonokind, session_sonokind),
    GETTER(Root, session_root),
    GETTER(Stat, session_stat_type),
    GETTER(info, session_info),
    GETTER(View, session_view),
    GETTER(moment, session_moment),
    GETTER(objects, session_objects),
    GETTER(edges, session_edges),
    GETTER(doc, session_help),
    CHANGEABLE(reprefix),
    CHANGEABLE(default_reprefix),
    CHANGEABLE(gcobjs),
    CHANGEABLE(relheap),
    CHANGEABLE(relheapg),
    CHANGEABLE(relheapu),
    {"_hiding_tag_", session_hiding_tag, NULL, NULL, NULL},
    {"_hv", session_heap_view, NULL, NULL, NULL},
    {"_prefix", session_prefix, NULL, NULL, NULL},
    {"_pattern_settings", session_pattern_settings, NULL, NULL, NULL},
    {"_parent", session_parent, NULL, NULL, NULL},
    {"_root", session_root_node, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef session_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Session, weakrefs), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot session_slots[] = {
    {Py_tp_new, session_new},         {Py_tp_traverse, session_traverse},
    {Py_tp_clear, session_clear},     {Py_tp_dealloc, session_dealloc},
    {Py_tp_repr, session_repr},       {Py_tp_setattro, session_setattro},
    {Py_tp_methods, session_methods}, {Py_tp_getset, session_getset},
    {Py_tp_members, session_members}, {0, NULL},
};

PyType_Spec session_spec = {
    .name = "guppy.heapy.Use.Session",
    .basicsize = sizeof(Session),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = session_slots,
};
