/* SPDX-License-Identifier: MIT */
/* Classifiers as expressions and in short (K-70 to K-85). */
#ifndef HEAPY_CLASSIFIER_TEXT_H
#define HEAPY_CLASSIFIER_TEXT_H

#include "text_maker.h"

void heapy__put_classifier(text_maker *maker, const heapy_classifier *by, heapy__string_buffer *out);

void heapy__put_classifier_brief(text_maker *maker, const heapy_classifier *by, heapy__string_buffer *out);

#endif
