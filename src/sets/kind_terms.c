/* SPDX-License-Identifier: MIT */
#include "kind_terms.h"

#include <stdlib.h>
#include <string.h>

#include "heapy/memory.h"

/* ---- life ---- */

static bool
noted_types_init(noted_types *types, size_t count)
{
    types->identities = heapy_alloc_array(count, sizeof *types->identities);
    types->names = heapy_alloc_array(count, sizeof *types->names);
    types->anonymous = heapy_alloc_array(count, sizeof *types->anonymous);
    return types->identities && types->names && types->anonymous;
}

static void
noted_types_deinit(noted_types *types)
{
    heapy_free(types->identities);
    heapy_free(types->names);
    heapy_free(types->anonymous);
}

bool
heapy__kind_terms_init(kind_terms *terms, const heapy_kind *kind)
{
    size_t count = kind->count;
    *terms = (kind_terms){0};
    terms->sizes = heapy_alloc_array(count, sizeof *terms->sizes);
    terms->addresses = heapy_alloc_array(count, sizeof *terms->addresses);
    terms->sites = heapy_alloc_array(count, sizeof *terms->sites);
    return noted_types_init(&terms->types, count) && noted_types_init(&terms->owners, count) &&
           terms->sizes && terms->addresses && terms->sites;
}

void
heapy__kind_terms_deinit(kind_terms *terms)
{
    noted_types_deinit(&terms->types);
    noted_types_deinit(&terms->owners);
    heapy_free(terms->sizes);
    heapy_free(terms->addresses);
    heapy_free(terms->sites);
}

/* ---- noting ---- */

static void
note_type(noted_types *types, const heapy_atom *atom)
{
    if (atom->identity)
        types->identities[types->identity_count++] = atom->identity;
    else if (atom->name)
        types->anonymous[types->anonymous_count++] = atom->name;
    if (atom->name)
        types->names[types->name_count++] = atom->name;
}

static bool
is_one_type(const heapy_atom *atom)
{
    return atom && atom->form == HEAPY_ATOM_TYPE && atom->comparison == HEAPY_EQ;
}

bool
heapy__kind_terms_note(kind_terms *terms, const kind_term *term)
{
    if (term->count != 1 || term->literals[0].is_complement)
        return false;
    const heapy_atom *atom = &term->literals[0].atom->atom;
    const heapy_atom *owner =
        atom->form == HEAPY_ATOM_DICT_OF && atom->kind_count ? heapy_kind_atom(atom->kinds[0]) : NULL;
    bool is_address = (atom->form == HEAPY_ATOM_ID || atom->form == HEAPY_ATOM_MODULE) && atom->identity;
    if (is_address)
        terms->addresses[terms->address_count++] = atom->identity;
    else if (is_one_type(owner))
        note_type(&terms->owners, owner);
    else if (atom->comparison != HEAPY_EQ)
        return false;
    else if (atom->form == HEAPY_ATOM_TYPE)
        note_type(&terms->types, atom);
    else if (atom->form == HEAPY_ATOM_SIZE)
        terms->sizes[terms->size_count++] = atom->number;
    else if (atom->form == HEAPY_ATOM_PRODUCER && atom->name)
        terms->sites[terms->site_count++] = atom;
    else
        return false;
    return true;
}

/* ---- finding ---- */

static int
compare_identities(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static int
compare_sizes(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int
compare_sites(const allocation_site *x, const allocation_site *y)
{
    size_t common = x->length < y->length ? x->length : y->length;
    int order = memcmp(x->file, y->file, common);
    if (order)
        return order;
    if (x->length != y->length)
        return x->length < y->length ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static allocation_site
site_of_atom(const heapy_atom *atom)
{
    return (allocation_site){atom->name, strlen(atom->name), atom->number};
}

static int
compare_site_atoms(const void *a, const void *b)
{
    const allocation_site x = site_of_atom(*(const heapy_atom *const *)a);
    const allocation_site y = site_of_atom(*(const heapy_atom *const *)b);
    return compare_sites(&x, &y);
}

static int
compare_site_with_atom(const void *site, const void *atom)
{
    const allocation_site y = site_of_atom(*(const heapy_atom *const *)atom);
    return compare_sites(site, &y);
}

static void
sort(void *items, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    if (count > 1)
        qsort(items, count, size, compare);
}

static void
sort_types(noted_types *types)
{
    sort(types->identities, types->identity_count, sizeof *types->identities, compare_identities);
    sort(types->names, types->name_count, sizeof *types->names, compare_names);
    sort(types->anonymous, types->anonymous_count, sizeof *types->anonymous, compare_names);
}

void
heapy__kind_terms_sort(kind_terms *terms)
{
    sort_types(&terms->types);
    sort_types(&terms->owners);
    sort(terms->sizes, terms->size_count, sizeof *terms->sizes, compare_sizes);
    sort(terms->addresses, terms->address_count, sizeof *terms->addresses, compare_identities);
    sort(terms->sites, terms->site_count, sizeof *terms->sites, compare_site_atoms);
}

static bool
has(const void *key, const void *items, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    return count && bsearch(key, items, count, size, compare);
}

bool
heapy__noted_types_have(const noted_types *types, uint64_t identity, const char *name)
{
    if (!identity)
        return name && has(&name, types->names, types->name_count, sizeof name, compare_names);
    return has(&identity, types->identities, types->identity_count, sizeof identity, compare_identities) ||
           (name && has(&name, types->anonymous, types->anonymous_count, sizeof name, compare_names));
}

allocation_site
heapy__parse_site(const char *text)
{
    const char *colon = strrchr(text, ':');
    if (!colon)
        return (allocation_site){text, strlen(text), 0};
    return (allocation_site){text, (size_t)(colon - text), strtoll(colon + 1, NULL, 10)};
}

bool
heapy__kind_terms_have_size(const kind_terms *terms, int64_t size)
{
    return has(&size, terms->sizes, terms->size_count, sizeof size, compare_sizes);
}

bool
heapy__kind_terms_have_address(const kind_terms *terms, uint64_t address)
{
    return has(&address, terms->addresses, terms->address_count, sizeof address, compare_identities);
}

bool
heapy__kind_terms_have_site(const kind_terms *terms, allocation_site site)
{
    return has(&site, terms->sites, terms->site_count, sizeof *terms->sites, compare_site_with_atom);
}
