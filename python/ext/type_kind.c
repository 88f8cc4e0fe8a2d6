/* SPDX-License-Identifier: MIT */
/*
 * Kinds: sets that decide membership without listing their members (K-41, K-45, K-57, K-70 to K-71b).
 *
 * A kind is one class of an equivalence relation, everything, or a union of such.
 */
#include "capture.h"
#include "classify_live.h"
#include "errors.h"
#include "heapyc_docs.h"
#include "render.h"
#include "types.h"

#include <heapy/memory.h>

static Kind *
create(PyObject *session, kind_form form)
{
    module_state *state = state_of_type(Py_TYPE(session));
    Kind *self = own_object_new(state->kind_type, tag_of(session));
    if (self) {
        self->session = Py_NewRef(session);
        self->form = form;
    }
    return self;
}

PyObject *
Kind_create(PyObject *session, kind_form form, PyObject *arg)
{
    Kind *self = create(session, form);
    if (self)
        self->arg = Py_XNewRef(arg);
    return (PyObject *)self;
}

PyObject *
Kind_union(PyObject *session, PyObject *list)
{
    if (!PyList_GET_SIZE(list))
        return Py_NewRef(((Session *)session)->nothing);
    if (PyList_GET_SIZE(list) == 1)
        return Py_NewRef(PyList_GET_ITEM(list, 0));
    Kind *self = create(session, KIND_UNION);
    if (self && !(self->parts = PyList_AsTuple(list)))
        Py_CLEAR(self);
    return (PyObject *)self;
}

/* ---- text ---- */

/* {prefix}Type.X or {prefix}Type('<type MOD.NAME at 0x...>') */
static PyObject *
type_repr(module_state *state, PyObject *prefix, PyObject *type)
{
    size_t length;
    const char *known = capture_types_module_name(state, (PyTypeObject *)type, &length);
    if (known) {
        PyObject *name = PyUnicode_DecodeUTF8(known, (Py_ssize_t)length, "replace");
        PyObject *text = name ? PyUnicode_FromFormat("%UType.%U", prefix, name) : NULL;
        Py_XDECREF(name);
        return text;
    }
    PyObject *name = capture_type_own_text(state, (PyTypeObject *)type);
    PyObject *text =
        name ? PyUnicode_FromFormat("%UType('<type %U at %p>')", prefix, name, (void *)type) : NULL;
    Py_XDECREF(name);
    return text;
}

/* {prefix}Module('name'), with the address where sys.modules has another module of that name. */
static PyObject *
module_repr(PyObject *prefix, PyObject *module, PyObject *name)
{
    PyObject *modules = PyImport_GetModuleDict(); /* borrowed */
    PyObject *found = PyDict_CheckExact(modules) ? PyDict_GetItemWithError(modules, name) : NULL;
    if (!found && PyErr_Occurred())
        return NULL;
    if (found == module)
        return PyUnicode_FromFormat("%UModule(%R)", prefix, name);
    return PyUnicode_FromFormat("%UModule(%R, at=%p)", prefix, name, (void *)module);
}

static PyObject *
format_with(PyObject *(*format)(PyObject *kind), PyObject *tuple)
{
    Py_ssize_t count = PyTuple_GET_SIZE(tuple);
    PyObject *texts = PyList_New(0), *joined = NULL;
    for (Py_ssize_t i = 0; texts && i < count; i++) {
        PyObject *text = format(PyTuple_GET_ITEM(tuple, i));
        if (!text || PyList_Append(texts, text) < 0)
            Py_CLEAR(texts);
        Py_XDECREF(text);
    }
    PyObject *separator = PyUnicode_FromString(" | ");
    if (texts && separator && PyList_Sort(texts) == 0)
        joined = PyUnicode_Join(separator, texts);
    PyObject *result = joined ? PyUnicode_FromFormat("(%U)", joined) : NULL;
    Py_XDECREF(texts);
    Py_XDECREF(separator);
    Py_XDECREF(joined);
    return result;
}

static PyObject *
suffixed(PyObject *text, const char *suffix)
{
    PyObject *result = text ? PyUnicode_FromFormat("%U%s", text, suffix) : NULL;
    Py_XDECREF(text);
    return result;
}

static PyObject *
repr_of_form(const Kind *self, module_state *state, PyObject *prefix)
{
    switch (self->form) {
    case KIND_TYPE:
        return type_repr(state, prefix, self->arg);
    case KIND_DICT_OF:
        return suffixed(type_repr(state, prefix, self->arg), ".dictof");
    case KIND_DICT_NO_OWNER:
        return PyUnicode_FromFormat("%UNothing.dictof", prefix);
    case KIND_SIZE:
        return PyUnicode_FromFormat("%USize(%S)", prefix, self->arg);
    case KIND_MODULE: {
        PyObject *name = render_object(state, self->arg);
        PyObject *text = name ? module_repr(prefix, self->arg, name) : NULL;
        Py_XDECREF(name);
        return text;
    }
    case KIND_NO_MODULE:
        return PyUnicode_FromFormat("~%UType.Module", prefix);
    case KIND_ID:
        return PyUnicode_FromFormat("%UId(%p)", prefix, (void *)self->arg);
    case KIND_ANYTHING:
    case KIND_UNION:
        break;
    }
    return PyUnicode_FromFormat("%UAnything", prefix);
}

static PyObject *
kind_repr(PyObject *object)
{
    Kind *self = (Kind *)object;
    if (!self->session)
        return new_reference_or_error(NULL);
    if (self->form == KIND_UNION)
        return format_with(kind_repr, self->parts);
    PyObject *prefix = Session_prefix(self->session);
    PyObject *text = prefix ? repr_of_form(self, state_of_type(Py_TYPE(object)), prefix) : NULL;
    Py_XDECREF(prefix);
    return text;
}

PyObject *
Kind_brief(PyObject *object)
{
    Kind *self = (Kind *)object;
    module_state *state = state_of_type(Py_TYPE(object));
    if (!self->session)
        return new_reference_or_error(NULL);
    PyObject *name = NULL, *text;
    switch (self->form) {
    case KIND_TYPE:
        return capture_type_text(state, (PyTypeObject *)self->arg);
    case KIND_DICT_OF:
        name = capture_type_text(state, (PyTypeObject *)self->arg);
        text = name ? PyUnicode_FromFormat("dict of %U", name) : NULL;
        Py_XDECREF(name);
        return text;
    case KIND_DICT_NO_OWNER:
        return PyUnicode_FromString("dict (no owner)");
    case KIND_SIZE:
        return PyUnicode_FromFormat("<size = %S>", self->arg);
    case KIND_MODULE:
        return render_object(state, self->arg);
    case KIND_NO_MODULE:
        return PyUnicode_FromString("~module");
    case KIND_ID:
        return PyUnicode_FromFormat("<id %p>", (void *)self->arg);
    case KIND_UNION:
        return format_with(Kind_brief, self->parts);
    case KIND_ANYTHING:
        break;
    }
    return PyUnicode_FromString("<Anything>");
}

/* ---- membership ---- */

/* By which relation a class has this form. */
static relation
relation_of(kind_form form)
{
    switch (form) {
    case KIND_TYPE:
        return RELATION_TYPE;
    case KIND_DICT_OF:
    case KIND_DICT_NO_OWNER:
        return RELATION_CLODO;
    case KIND_SIZE:
        return RELATION_SIZE;
    case KIND_MODULE:
    case KIND_NO_MODULE:
        return RELATION_MODULE;
    case KIND_ID:
        return RELATION_ID;
    case KIND_ANYTHING:
    case KIND_UNION:
        break;
    }
    return RELATION_UNITY;
}

/* Is class `which` the one that `part` is? */
static int
is_class(const Kind *part, const live_classes *classes, heapy_class which)
{
    heapy_type type = 0;
    heapy_class_form form = heapy_classes_form(classes->classes, which, &type);
    PyObject *key = form == HEAPY_CLASS_TYPE || form == HEAPY_CLASS_DICT_OF
                        ? PyTuple_GET_ITEM(classes->keys, (Py_ssize_t)type)
                        : NULL;
    switch (part->form) {
    case KIND_TYPE:
        return form == HEAPY_CLASS_TYPE && key == part->arg;
    case KIND_DICT_OF:
        return form == HEAPY_CLASS_DICT_OF && key == part->arg;
    case KIND_DICT_NO_OWNER:
        return form == HEAPY_CLASS_DICT_NO_OWNER;
    case KIND_SIZE: {
        PyObject *size = PyLong_FromString(heapy_classes_name(classes->classes, which), NULL, 10);
        int is_equal = size ? PyObject_RichCompareBool(size, part->arg, Py_EQ) : -1;
        Py_XDECREF(size);
        return is_equal;
    }
    case KIND_MODULE:
        return which && PyTuple_GET_ITEM(classes->keys, (Py_ssize_t)which) == part->arg;
    case KIND_NO_MODULE:
        return !which;
    case KIND_ID:
    case KIND_ANYTHING:
    case KIND_UNION:
        break;
    }
    return 0;
}

/* Add the nodes of all `parts` that are classes by `by`: one classification for them together. */
static int
select_classes(PyObject *session, PyObject *parts, relation by, const heapy_address_map *map,
               heapy_node_set *nodes)
{
    live_classes classes;
    if (live_classes_init(&classes, session, map, by, by == RELATION_SIZE ? WITH_SIZES : 0) < 0)
        return -1;
    size_t count = heapy_classes_count(classes.classes);
    bool *chosen = heapy_alloc_zeroed(count, sizeof *chosen);
    int result = chosen ? 0 : -1;
    if (!chosen)
        PyErr_NoMemory();
    for (Py_ssize_t i = 0; !result && i < PyTuple_GET_SIZE(parts); i++) {
        const Kind *part = (const Kind *)PyTuple_GET_ITEM(parts, i);
        if (relation_of(part->form) != by)
            continue;
        for (size_t c = 0; result >= 0 && c < count; c++) {
            result = is_class(part, &classes, (heapy_class)c);
            chosen[c] |= result == 1;
        }
        result = result < 0 ? -1 : 0;
    }
    if (!result)
        heapy_classes_select(classes.classes, chosen, nodes);
    heapy_free(chosen);
    live_classes_deinit(&classes);
    return result;
}

static int
select_parts(PyObject *session, PyObject *parts, const heapy_address_map *map, heapy_node_set *nodes)
{
    bool is_needed[RELATION_COUNT] = {false};
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(parts); i++) {
        const Kind *part = (const Kind *)PyTuple_GET_ITEM(parts, i);
        is_needed[relation_of(part->form)] = true;
        heapy_node node =
            part->form == KIND_ID ? heapy_address_map_rank(map, (uintptr_t)part->arg) : HEAPY_NO_NODE;
        if (node != HEAPY_NO_NODE)
            heapy_node_set_add(nodes, node);
    }
    if (is_needed[RELATION_UNITY]) {
        for (heapy_node node = 0; node < heapy_address_map_count(map); node++)
            heapy_node_set_add(nodes, node);
        return 0;
    }
    static const relation by_classes[] = {RELATION_TYPE, RELATION_CLODO, RELATION_SIZE, RELATION_MODULE};
    for (size_t i = 0; i < sizeof by_classes / sizeof *by_classes; i++)
        if (is_needed[by_classes[i]] && select_classes(session, parts, by_classes[i], map, nodes) < 0)
            return -1;
    return 0;
}

heapy_address_map *
Kind_select(PyObject *object, const heapy_address_map *map)
{
    Kind *self = (Kind *)object;
    if (!self->session) {
        new_reference_or_error(NULL);
        return NULL;
    }
    PyObject *parts = self->form == KIND_UNION ? Py_NewRef(self->parts) : PyTuple_Pack(1, object);
    heapy_node_set *nodes = NULL;
    heapy_address_map *selected = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    if (!parts)
        return NULL;
    heapy_status status = heapy_node_set_create(heapy_address_map_count(map), &nodes, &err);
    if (!status && select_parts(self->session, parts, map, nodes) == 0)
        status = heapy_address_map_subset(map, heapy_node_set_words(nodes), &selected, &err);
    if (status)
        raise_heapy_error(&err);
    heapy_node_set_destroy(nodes);
    Py_DECREF(parts);
    return selected;
}

/* A frozen set of one object, not held but by the caller. */
static heapy_address_map *
map_of_one(PyObject *object)
{
    heapy_address_map *one;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status = heapy_address_map_create(&one, &err);
    if (!status) {
        status = heapy_address_map_add(one, (uintptr_t)object, NULL, &err);
        if (!status)
            status = heapy_address_map_freeze(one, &err);
        if (status)
            heapy_address_map_destroy(one);
    }
    if (!status)
        return one;
    raise_heapy_error(&err);
    return NULL;
}

static int
kind_contains(PyObject *self, PyObject *object)
{
    if (((Kind *)self)->form == KIND_TYPE)
        return (PyObject *)Py_TYPE(object) == ((Kind *)self)->arg;
    heapy_address_map *one = map_of_one(object), *selected = one ? Kind_select(self, one) : NULL;
    int result = selected ? heapy_address_map_count(selected) == 1 : -1;
    heapy_address_map_destroy(selected);
    heapy_address_map_destroy(one);
    return result;
}

static PyObject *
kind_brief(PyObject *self, void *closure)
{
    (void)closure;
    return Kind_brief(self);
}

static PyObject *
kind_arg(PyObject *self, void *closure)
{
    (void)closure;
    PyObject *arg = ((Kind *)self)->arg;
    return Py_NewRef(arg ? arg : Py_None);
}

static int
kind_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    Py_VISIT(((Kind *)self)->session);
    Py_VISIT(((Kind *)self)->arg);
    Py_VISIT(((Kind *)self)->parts);
    return 0;
}

static int
kind_clear(PyObject *self)
{
    Py_CLEAR(((Kind *)self)->session);
    return 0; /* arg and parts stay: every cycle goes through the session or through what they refer to */
}

static void
kind_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    kind_clear(self);
    Py_XDECREF(((Kind *)self)->arg);
    Py_XDECREF(((Kind *)self)->parts);
    own_object_free(self);
}

static PyGetSetDef kind_getset[] = {
    {"arg", kind_arg, NULL, DOC_Kind_arg, NULL},
    {"brief", kind_brief, NULL, DOC_Kind_brief, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot kind_slots[] = {
    {Py_tp_doc, DOC_Kind},         {Py_tp_traverse, kind_traverse}, {Py_tp_clear, kind_clear},
    {Py_tp_dealloc, kind_dealloc}, {Py_tp_repr, kind_repr},         {Py_tp_str, Kind_brief},
    {Py_tp_getset, kind_getset},   {Py_sq_contains, kind_contains}, {0, NULL},
};

PyType_Spec kind_spec = {
    .name = "guppy.heapy.UniSet.Kind",
    .basicsize = sizeof(Kind),
    .flags = OWN_TYPE_FLAGS,
    .slots = kind_slots,
};
