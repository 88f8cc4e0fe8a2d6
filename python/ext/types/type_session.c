/* SPDX-License-Identifier: MIT */
/* Sessions: what hpy() returns (S-3 to S-23, S-70 to S-75).  What of them walks the heap,
   makes sets, is assigned, or is written in Python is in files of its own. */
#include "types/type_session.h"

#include "capture/own_object_head.h"
#include "cpython/module_support.h"
#include "heapyc_docs.h"
#include "live/live_capture.h"
#include "types/arrow_capsule.h"
#include "types/call_python.h"
#include "types/equivalence_relation.h"
#include "types/heap_stat.h"
#include "types/identity_set.h"
#include "types/kind_of_class.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/reference_points.h"
#include "types/session_heap.h"
#include "types/session_package.h"
#include "types/session_places.h"
#include "types/session_sets.h"
#include "types/session_settings.h"
#include "types/snapshot_save.h"
#include "types/source.h"
#include "types/source_file.h"
#include "types/source_parts.h"
#include "types/stat_io.h"
#include "types/type_heap_view.h"
#include "types/type_kind.h"
#include "types/type_set_of_kinds.h"

#include <heapy/address_map.h>
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

static PyObject *
session_heap_view(PyObject *self, void *closure)
{
    (void)closure;
    return new_reference_or_error(((Session *)self)->view);
}

static PyObject *
session_set_parent(PyObject *self, PyObject *parent)
{
    Py_XSETREF(((Session *)self)->parent, Py_NewRef(parent));
    Py_RETURN_NONE;
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
    {"iso", KEYWORDS(Session_iso), DOC_Session_iso},
    {"idset", KEYWORDS(Session_idset), DOC_Session_idset},
    {"findex", Session_findex, METH_VARARGS, DOC_Session_findex},
    {"union", Session_union, METH_O, DOC_Session_union},
    {"tc_repr", Session_tc_repr, METH_O, DOC_Session_tc_repr},
    {"tc_adapt", Session_tc_adapt, METH_O, DOC_Session_tc_adapt},
    {"load", KEYWORDS(session_load), DOC_Session_load},
    {"loadall", Session_loadall, METH_O, DOC_Session_loadall},
    {"loadc", Session_loadc, METH_O, DOC_Session_loadc},
    {"dumph", Session_dumph, METH_O, DOC_Session_dumph},
    {"uniset_from_setcastable", Session_uniset_from_setcastable, METH_O, DOC_Session_uniset_from_setcastable},
    {"_compare_objects", Session_compare_objects, METH_O, DOC_Session__compare_objects},
    {"compare", Session_compare, METH_O, DOC_Session_compare},
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
    {"dominators", Session_dominators, METH_NOARGS, DOC_Session_dominators},
    {"why", Session_why, METH_O, DOC_Session_why},
    {"monitor", Session_monitor, METH_NOARGS, DOC_Session_monitor},
    {"test", (PyCFunction)(void (*)(void))Session_test, METH_VARARGS | METH_KEYWORDS, DOC_Session_test},
    {"pb", (PyCFunction)(void (*)(void))Session_pb, METH_VARARGS | METH_KEYWORDS, DOC_Session_pb},
    {"_arrow_stream", Session_arrow_stream, METH_O, DOC_Session__arrow_stream},
    {"_snapshot_unasked", Session_snapshot_unasked, METH_NOARGS, DOC_Session__snapshot_unasked},
    {"_before", Session_before, METH_NOARGS, DOC_Session__before},
    {"_capture_graph", Session_capture_graph, METH_NOARGS, DOC_Session__capture_graph},
    {"_dominos_alone", Session_dominos_alone, METH_O, DOC_Session__dominos_alone},
    {"_gc_referrers", Session_gc_referrers, METH_VARARGS, DOC_Session__gc_referrers},
    {"_from_nodes", Session_from_nodes, METH_O, DOC_Session__from_nodes},
    {"_get_setting", Session_get_setting, METH_O, DOC_Session__get_setting},
    {"_set_setting", Session_set_setting, METH_VARARGS, DOC_Session__set_setting},
    {"_write_forked", Session_write_forked, METH_VARARGS, DOC_Session__write_forked},
    {"_set_parent", session_set_parent, METH_O, DOC_Session__set_parent},
    {"__copy__", session_copy, METH_NOARGS, DOC_Session___copy__},
    {"__deepcopy__", session_deepcopy, METH_O, DOC_Session___deepcopy__},
    {"__reduce__", session_reduce, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

#define GETTER(name, function) {#name, function, NULL, DOC_Session_##name, NULL}
#define CHANGEABLE(name) {#name, Session_get_##name, Session_set_##name, DOC_Session_##name, NULL}
#define RELATION_ENTRY(name, code) GETTER(name, session_##name),
static PyGetSetDef session_getset[] = {
    RELATION_MAP(RELATION_ENTRY) /* */
    GETTER(Rcs, session_Rcs),
    GETTER(Nothing, session_nothing),
    GETTER(Anything, session_anything),
    GETTER(sonokind, session_sonokind),
    GETTER(Root, session_root),
    GETTER(Stat, session_stat_type),
    GETTER(info, Session_get_info),
    GETTER(View, Session_get_view),
    GETTER(moment, session_moment),
    GETTER(objects, Session_get_objects),
    GETTER(edges, Session_get_edges),
    GETTER(doc, Session_get_help),
    CHANGEABLE(reprefix),
    CHANGEABLE(default_reprefix),
    CHANGEABLE(gcobjs),
    CHANGEABLE(relheap),
    CHANGEABLE(relheapg),
    CHANGEABLE(relheapu),
    {"_hiding_tag_", session_hiding_tag, NULL, NULL, NULL},
    {"_hv", session_heap_view, NULL, NULL, NULL},
    {"_prefix", session_prefix, NULL, NULL, NULL},
    {"_pattern_settings", Session_get_pattern_settings, NULL, NULL, NULL},
    {"_parent", Session_get_parent, NULL, NULL, NULL},
    {"_root", Session_get_root_node, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef session_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Session, weakrefs), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot session_slots[] = {
    {Py_tp_new, session_new},         {Py_tp_traverse, session_traverse},
    {Py_tp_clear, session_clear},     {Py_tp_dealloc, session_dealloc},
    {Py_tp_repr, session_repr},       {Py_tp_setattro, Session_setattro},
    {Py_tp_methods, session_methods}, {Py_tp_getset, session_getset},
    {Py_tp_members, session_members}, {0, NULL},
};

PyType_Spec session_spec = {
    .name = "guppy.heapy.Use.Session",
    .basicsize = sizeof(Session),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = session_slots,
};
