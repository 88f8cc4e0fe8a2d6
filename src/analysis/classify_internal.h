/* SPDX-License-Identifier: MIT */
/* Classes as the classifiers fill them. */
#ifndef HEAPY_CLASSIFY_INTERNAL_H
#define HEAPY_CLASSIFY_INTERNAL_H

#include "../base/name_table.h"
#include "heapy/classify.h"

typedef enum classes_form {
    CLASSES_NAMED, /* names are as they are */
    CLASSES_SIZES, /* names are sizes in 9 columns */
    CLASSES_SETS   /* a class is a set of numbers */
} classes_form;

struct heapy_classes {
    char *header; /* owned */
    classes_form form;
    bool has_types; /* the classes are those of the picture in classify.c */
    size_t type_count;
    size_t class_count;
    size_t node_count;
    heapy_class *of_nodes;
    uint32_t *name_of_class; /* in names */
    size_t name_capacity;
    heapy__name_table names;

    size_t *set_starts; /* CLASSES_SETS: class_count + 1 */
    uint32_t *set_numbers;

    size_t factor_count; /* of combined classes: the class in each factor, class by class */
    heapy_class *factors;
};

/* Classes without names or members yet.  Takes of_nodes over, also on failure.  NULL: no memory. */
heapy_classes *heapy__classes_new(const char *header, size_t node_count, heapy_class *of_nodes);

/* Name class number class_count, and count it.  False: no memory. */
bool heapy__classes_add(heapy_classes *classes, const char *name, size_t length);

#endif
