/* SPDX-License-Identifier: MIT */
/* Kinds and classifiers as text: in short, as tables show them, and as expressions that make them again. */
#ifndef HEAPY_KIND_TEXT_H
#define HEAPY_KIND_TEXT_H

#include <stdbool.h>

#include "heapy/classifier.h"
#include "heapy/kind.h"
#include "heapy/memory.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * How texts are written.  Zeros are an expression without prefix.
 *
 * prefix        of names in expressions, such as `hp.`; NULL: "".
 * is_brief      a text for people: `<size = 28>` instead of `hp.Size(28)`.
 * members_text  writes the objects of an atom HEAPY_ATOM_MEMBERS: heapy_alloc_array() memory into *text.  Any
 * failure is passed on.  NULL: their number. finds_module  does the name alone lead to that module?  NULL:
 * yes.  Else its address is written too. more          a further member of the union, or NULL. less by term:
 * a further complement that begins it, or NULL; may be NULL itself.
 */
typedef struct heapy_kind_writer {
    const char *prefix;
    bool is_brief;
    heapy_status (*members_text)(void *context, const heapy_atom *atom, char **text, heapy_error *err);
    bool (*finds_module)(void *context, const char *name, uint64_t identity);
    void *context;
    const char *more;
    const char *const *less;
} heapy_kind_writer;

/*
 * The text of a kind: `(a | b)` sorted, `(a & b)` in order, `~a`.  A complement in short is `~(x)` where x
 * has a blank and does not begin with ( or <.  text: owned UTF-8, heapy_text_free().  O(text log terms).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_kind_text(const heapy_kind *kind,
                                                        const heapy_kind_writer *writer, char **text,
                                                        heapy_error *err);

/* The same of the kinds that an atom HEAPY_ATOM_REFERRERS has, as a set of kinds: `hp.Clodo.sokind(a)(b)`. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_kind_set_text(const heapy_atom *referrers,
                                                            const heapy_kind_writer *writer, char **text,
                                                            heapy_error *err);

/* The text of a classifier: an expression, or in short `Equiv. relation Type`. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_classifier_text(const heapy_classifier *classifier,
                                                              const heapy_kind_writer *writer, char **text,
                                                              heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
