/* SPDX-License-Identifier: MIT */
/*
 * Printers: what `x.more` and `x.all` give (T-50 to T-57).  The repr goes on where the text before it ended,
 * or shows everything; everything else is asked of the object whose text it is: a set, a partition, a stat.
 */
#include "types/type_printer.h"

#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "live/errors.h"
#include "live/text.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/set_table.h"
#include "types/type_partition.h"
#include "types/type_session.h"
#include "types/type_stat.h"
#include "types/uniset_operands.h"

#include <heapy/stat.h>
#include <heapy/status.h>
#include <heapy/table_text.h>

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *top;      /* the object whose text it is */
    PyObject *previous; /* the printer before this one, or the object; NULL: shows everything */
    size_t first_row;
    PyObject **remembered; /* by the object, of the first after it */
} Printer;

/* ---- pages ---- */

int
paged_table(PyObject *top, size_t row_count, heapy_table *out)
{
    module_state *state = state_of_type(Py_TYPE(top));
    if (Py_TYPE(top) == state->stat_type) {
        *out = *heapy_stat_table(((Stat *)top)->stat);
        return 0;
    }
    return IdentitySet_table(IdentitySet_check(state, top) ? top : Partition_set(top), row_count, out);
}

PyObject *
paged_session(PyObject *top)
{
    module_state *state = state_of_type(Py_TYPE(top));
    if (Py_TYPE(top) == state->stat_type)
        return ((Stat *)top)->session;
    return uniset_session(IdentitySet_check(state, top) ? top : Partition_set(top));
}

static heapy_text_options
options_of(PyObject *top, size_t first_row, bool is_whole)
{
    const session_settings *settings = &((Session *)paged_session(top))->settings;
    heapy_text_options options = HEAPY_TEXT_OPTIONS_INIT;
    options.first_row = first_row;
    options.max_rows = is_whole ? 0 : (size_t)settings->max_more_lines;
    options.line_length = (size_t)settings->line_length;
    return options;
}

PyObject *
render_page(PyObject *top, size_t first_row, bool with_label, bool is_whole)
{
    heapy_table table;
    if (paged_table(top, 0, &table) < 0)
        return NULL;
    heapy_text_options options = options_of(top, first_row, is_whole);
    options.with_label = with_label;
    if (paged_table(top, heapy_table_end_row(&table, &options), &table) < 0)
        return NULL;
    char *text;
    size_t length;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_table_render(&table, &options, &text, &length, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    return text_taken_over(text, length);
}

/* ---- printers ---- */

static PyObject *
create(PyTypeObject *type, PyObject *top, PyObject *previous, size_t first_row)
{
    Printer *self = own_object_new(type, tag_of(top));
    if (self) {
        self->top = Py_NewRef(top);
        self->previous = Py_XNewRef(previous);
        self->first_row = first_row;
    }
    return (PyObject *)self;
}

PyObject *
MorePrinter_after(PyObject *top, PyObject *previous, size_t first_row)
{
    heapy_table table;
    if (paged_table(top, 0, &table) < 0)
        return NULL;
    heapy_text_options options = options_of(top, first_row, false);
    return create(state_of_type(Py_TYPE(top))->more_printer_type, top, previous,
                  heapy_table_end_row(&table, &options));
}

PyObject *
AllPrinter_create(PyObject *top)
{
    return create(state_of_type(Py_TYPE(top))->all_printer_type, top, NULL, 0);
}

PyObject *
more_of(PyObject *top)
{
    module_state *state = state_of_type(Py_TYPE(top));
    PyObject **slot;
    if (Py_TYPE(top) == state->stat_type)
        slot = &((Stat *)top)->more;
    else if (IdentitySet_check(state, top))
        slot = &((IdentitySet *)top)->more;
    else
        slot = Partition_more(top);
    PyObject *known = remembered(slot);
    if (known)
        return known;
    PyObject *more = MorePrinter_after(top, top, 0);
    if (!more || *slot) /* made meanwhile, by code that a __sizeof__ ran */
        return more;
    return remember(slot, &((Printer *)more)->remembered, more);
}

static bool
shows_everything(PyObject *self)
{
    return Py_TYPE(self) == state_of_type(Py_TYPE(self))->all_printer_type;
}

static PyObject *
printer_repr(PyObject *self)
{
    Printer *printer = (Printer *)self;
    bool is_whole = shows_everything(self);
    return render_page(printer->top, printer->first_row, is_whole, is_whole);
}

static PyObject *
printer_top(PyObject *self, void *closure)
{
    (void)closure;
    return Py_NewRef(((Printer *)self)->top);
}

static PyObject *
printer_prev(PyObject *self, void *closure)
{
    (void)closure;
    PyObject *previous = ((Printer *)self)->previous;
    if (previous)
        return Py_NewRef(previous);
    PyErr_SetString(PyExc_AttributeError, "what shows everything has no printer before it");
    return NULL;
}

static PyObject *
printer_more(PyObject *self, void *closure)
{
    (void)closure;
    Printer *printer = (Printer *)self;
    if (shows_everything(self)) /* T-56: it starts again, without label */
        return create(state_of_type(Py_TYPE(self))->more_printer_type, printer->top, self, 0);
    return MorePrinter_after(printer->top, self, printer->first_row);
}

static PyObject *
printer_all(PyObject *self, void *closure)
{
    (void)closure;
    return AllPrinter_create(((Printer *)self)->top);
}

/* Attributes that are not the printer's own are those of the object whose text it is. */
static PyObject *
printer_getattro(PyObject *self, PyObject *name)
{
    PyObject *value = PyObject_GenericGetAttr(self, name);
    if (value || !PyErr_ExceptionMatches(PyExc_AttributeError))
        return value;
    PyErr_Clear();
    return PyObject_GetAttr(((Printer *)self)->top, name);
}

static PyObject *
printer_subscript(PyObject *self, PyObject *key)
{
    return PyObject_GetItem(((Printer *)self)->top, key);
}

static Py_ssize_t
printer_length(PyObject *self)
{
    return PyObject_Size(((Printer *)self)->top);
}

static int
printer_contains(PyObject *self, PyObject *object)
{
    return PySequence_Contains(((Printer *)self)->top, object);
}

static PyObject *
printer_iter(PyObject *self)
{
    return PyObject_GetIter(((Printer *)self)->top);
}

static int
printer_bool(PyObject *self)
{
    return PyObject_IsTrue(((Printer *)self)->top);
}

/* Operators are those of the object too, with the printer as left operand. */
static PyObject *
operate(PyObject *a, PyObject *b, binaryfunc operation)
{
    module_state *state = state_if_ours(Py_TYPE(a));
    if (!state || !PyType_IsSubtype(Py_TYPE(a), state->printer_type))
        Py_RETURN_NOTIMPLEMENTED;
    return operation(((Printer *)a)->top, b);
}

static PyObject *
printer_or(PyObject *a, PyObject *b)
{
    return operate(a, b, PyNumber_Or);
}

static PyObject *
printer_and(PyObject *a, PyObject *b)
{
    return operate(a, b, PyNumber_And);
}

static PyObject *
printer_subtract(PyObject *a, PyObject *b)
{
    return operate(a, b, PyNumber_Subtract);
}

static PyObject *
printer_xor(PyObject *a, PyObject *b)
{
    return operate(a, b, PyNumber_Xor);
}

static PyObject *
printer_compare(PyObject *a, PyObject *b, int operation)
{
    return PyObject_RichCompare(((Printer *)a)->top, b, operation);
}

static Py_hash_t
printer_hash(PyObject *self)
{
    return PyObject_Hash(((Printer *)self)->top);
}

static PyObject *
printer_copy(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return Py_NewRef(self);
}

static int
printer_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    Py_VISIT(((Printer *)self)->top);
    Py_VISIT(((Printer *)self)->previous);
    return 0;
}

/* No tp_clear: a printer never changes, and every cycle through one goes through its top, which can clear. */
static void
printer_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    be_forgotten(self, &((Printer *)self)->remembered);
    Py_XDECREF(((Printer *)self)->top);
    Py_XDECREF(((Printer *)self)->previous);
    own_object_free(self);
}

static PyGetSetDef printer_getset[] = {
    {"top", printer_top, NULL, DOC_Printer_top, NULL},
    {"prev", printer_prev, NULL, DOC_Printer_prev, NULL},
    {"more", printer_more, NULL, DOC_Printer_more, NULL},
    {"all", printer_all, NULL, DOC_Printer_all, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef printer_methods[] = {
    {"__copy__", printer_copy, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot printer_slots[] = {
    {Py_tp_doc, DOC_Printer},
    {Py_tp_traverse, printer_traverse},
    {Py_tp_dealloc, printer_dealloc},
    {Py_tp_repr, printer_repr},
    {Py_tp_richcompare, printer_compare},
    {Py_tp_hash, printer_hash},
    {Py_tp_iter, printer_iter},
    {Py_tp_methods, printer_methods},
    {Py_tp_getset, printer_getset},
    {Py_tp_getattro, printer_getattro},
    {Py_mp_subscript, printer_subscript},
    {Py_mp_length, printer_length},
    {Py_sq_contains, printer_contains},
    {Py_nb_bool, printer_bool},
    {Py_nb_or, printer_or},
    {Py_nb_and, printer_and},
    {Py_nb_subtract, printer_subtract},
    {Py_nb_xor, printer_xor},
    {0, NULL},
};

PyType_Spec printer_spec = {
    .name = "guppy.heapy.OutputHandling.Printer",
    .basicsize = sizeof(Printer),
    .flags = OWN_TYPE_FLAGS | Py_TPFLAGS_BASETYPE,
    .slots = printer_slots,
};

static PyType_Slot more_printer_slots[] = {
    {Py_tp_doc, DOC_MorePrinter},
    {Py_tp_traverse, printer_traverse},
    {Py_tp_dealloc, printer_dealloc},
    {0, NULL},
};

PyType_Spec more_printer_spec = {
    .name = "guppy.heapy.OutputHandling.MorePrinter",
    .basicsize = sizeof(Printer),
    .flags = OWN_TYPE_FLAGS,
    .slots = more_printer_slots,
};

static PyType_Slot all_printer_slots[] = {
    {Py_tp_doc, DOC_AllPrinter},
    {Py_tp_traverse, printer_traverse},
    {Py_tp_dealloc, printer_dealloc},
    {0, NULL},
};

PyType_Spec all_printer_spec = {
    .name = "guppy.heapy.OutputHandling.AllPrinter",
    .basicsize = sizeof(Printer),
    .flags = OWN_TYPE_FLAGS,
    .slots = all_printer_slots,
};
