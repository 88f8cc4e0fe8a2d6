/* SPDX-License-Identifier: MIT */
/*
 * Printers: what `x.more` gives (T-50 to T-55).  The repr goes on where the text before it ended; everything
 * else is asked of the set whose text it is.
 */
#include "heapyc_docs.h"
#include "types.h"

typedef struct {
    PyObject_HEAD PyObject *top; /* the set whose text it is */
    PyObject *previous;          /* the printer before this one, or the set */
    size_t first_row;
} Printer;

PyObject *
Printer_create(module_state *state, PyObject *top, PyObject *previous, size_t first_row)
{
    Printer *self = (Printer *)state->printer_type->tp_alloc(state->printer_type, 0);
    if (!self)
        return NULL;
    self->top = Py_NewRef(top);
    self->previous = Py_NewRef(previous);
    self->first_row = first_row;
    return (PyObject *)self;
}

static PyObject *
printer_repr(PyObject *self)
{
    return IdentitySet_render(((Printer *)self)->top, ((Printer *)self)->first_row, false);
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
    return Py_NewRef(((Printer *)self)->previous);
}

static PyObject *
printer_more(PyObject *self, void *closure)
{
    (void)closure;
    Printer *printer = (Printer *)self;
    heapy_table table;
    if (IdentitySet_table(printer->top, &table) < 0)
        return NULL;
    heapy_text_options options = HEAPY_TEXT_OPTIONS_INIT;
    options.first_row = printer->first_row;
    return Printer_create(state_of_type(Py_TYPE(self)), printer->top, self,
                          heapy_table_end_row(&table, &options));
}

/* Attributes that are not the printer's own are the set's. */
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

static int
printer_bool(PyObject *self)
{
    return PyObject_IsTrue(((Printer *)self)->top);
}

/* Operators are the set's too, with the printer as left operand. */
static PyObject *
operate(PyObject *a, PyObject *b, binaryfunc operation)
{
    module_state *state = state_if_ours(Py_TYPE(a));
    if (!state || Py_TYPE(a) != state->printer_type)
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

static int
printer_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((Printer *)self)->top);
    Py_VISIT(((Printer *)self)->previous);
    return 0;
}

/* No tp_clear: a printer never changes, and every cycle through one goes through a set, which can clear. */
static void
printer_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_XDECREF(((Printer *)self)->top);
    Py_XDECREF(((Printer *)self)->previous);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyGetSetDef printer_getset[] = {
    {"top", printer_top, NULL, DOC_Printer_top, NULL},
    {"prev", printer_prev, NULL, DOC_Printer_prev, NULL},
    {"more", printer_more, NULL, DOC_Printer_more, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot printer_slots[] = {
    {Py_tp_doc, DOC_Printer},
    {Py_tp_traverse, printer_traverse},
    {Py_tp_dealloc, printer_dealloc},
    {Py_tp_repr, printer_repr},
    {Py_tp_getset, printer_getset},
    {Py_tp_getattro, printer_getattro},
    {Py_mp_subscript, printer_subscript},
    {Py_mp_length, printer_length},
    {Py_sq_contains, printer_contains},
    {Py_nb_bool, printer_bool},
    {Py_nb_or, printer_or},
    {Py_nb_and, printer_and},
    {Py_nb_subtract, printer_subtract},
    {0, NULL},
};

PyType_Spec printer_spec = {
    .name = "guppy.heapy.OutputHandling.Printer",
    .basicsize = sizeof(Printer),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION |
             Py_TPFLAGS_IMMUTABLETYPE,
    .slots = printer_slots,
};
