/* SPDX-License-Identifier: MIT */
/* Kinds as text. */
#ifndef HEAPY_KIND_TEXT_H
#define HEAPY_KIND_TEXT_H

#include <stdbool.h>

#include "heapy/kind.h"
#include "heapy/memory.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The text of a kind: `(a | b)` sorted, `(a & b)` in order, `~a`.
 *
 * atom_text     writes one atom's text: heapy_free() memory into *text.  Any failure is passed on.
 * more          a further member of the union, or NULL.
 * less          by term: a further complement that begins it, or NULL; may be NULL itself.
 * is_expression a complement is `~x` always; else `~(x)` where x has a blank and does not begin with ( or <.
 * nothing       the text of the empty set.
 * text          owned, heapy_text_free().
 */
typedef struct heapy_kind_writer {
    heapy_status (*atom_text)(const heapy_atom *atom, void *context, char **text, heapy_error *err);
    void *context;
    const char *more;
    const char *const *less;
    bool is_expression;
    const char *nothing;
} heapy_kind_writer;

HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_kind_text(const heapy_kind *kind,
                                                        const heapy_kind_writer *writer, char **text,
                                                        heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
