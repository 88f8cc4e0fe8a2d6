/* SPDX-License-Identifier: MIT */
/*
 * Terms of a union that are one class: one type, the dicts of one type, one size, one address, one line of
 * allocation.  A kind by such a classification may have as many as there are types or nodes, so all are noted
 * first and then looked up together.
 */
#ifndef HEAPY_KIND_TERMS_H
#define HEAPY_KIND_TERMS_H

#include "heapy/snapshot.h"
#include "kind_internal.h"

/* Types by identity, and by name where either side's identity is not known. */
typedef struct noted_types {
    uint64_t *identities;   /* sorted */
    const char **names;     /* of all; sorted */
    const char **anonymous; /* of those without identity; sorted */
    size_t identity_count, name_count, anonymous_count;
} noted_types;

/* Lists with room for every term, sorted by kind_terms_sort(). */
typedef struct kind_terms {
    noted_types types, owners;
    int64_t *sizes;
    uint64_t *addresses;
    const heapy_atom **sites;
    size_t size_count, address_count, site_count;
} kind_terms;

/* False: no memory; deinit in any case. */
bool heapy__kind_terms_init(kind_terms *terms, const heapy_kind *kind);
void heapy__kind_terms_deinit(kind_terms *terms);

/* Note the term if it is one class.  False: it is not. */
bool heapy__kind_terms_note(kind_terms *terms, const kind_term *term);
void heapy__kind_terms_sort(kind_terms *terms);

/* Is the type of a row among them?  O(log terms). */
bool heapy__noted_types_have(const noted_types *types, uint64_t identity, const char *name);

/* Where an object was allocated: `FILE:LINE` in parts. */
typedef struct allocation_site {
    const char *file; /* not NUL-terminated */
    size_t length;
    int64_t line;
} allocation_site;
allocation_site heapy__parse_site(const char *text);

bool heapy__kind_terms_have_size(const kind_terms *terms, int64_t size);
bool heapy__kind_terms_have_address(const kind_terms *terms, uint64_t address);
bool heapy__kind_terms_have_site(const kind_terms *terms, allocation_site site);

#endif
