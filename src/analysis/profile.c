/* SPDX-License-Identifier: MIT */
/*
 * Profiles: samples in columns, one block of memory each.
 *
 *     block of a sample   | sizes | counts | kinds |   8, 8 and 4 bytes a row
 *
 * A sample that has rows of equal names has a second such block, in which each kind stands once.
 */
#include "heapy/profile.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/name_table.h"
#include "heapy/memory.h"

typedef struct columns {
    size_t count;
    int64_t *values[HEAPY_PROFILE_QUANTITIES]; /* values[0] is the block; owned */
    heapy_profile_kind *kinds;
} columns;

typedef struct sample {
    double time_made;
    int64_t totals[HEAPY_PROFILE_QUANTITIES];
    heapy_table_format format;
    columns rows;
    columns summed; /* the same by kind, if that differs; else without a block */
} sample;

struct heapy_profile {
    heapy__name_table names;
    sample *samples; /* owned */
    size_t sample_count, sample_capacity;
    /* Scratch, one entry a kind, all 0 between calls: where in some list a kind stands, from 1. */
    uint32_t *places;
    size_t place_count;
};

heapy_status
heapy_profile_create(heapy_profile **out, heapy_error *err)
{
    if (!out)
        return heapy__fail_null(err, "out");
    heapy_profile *profile = heapy_alloc_zeroed(1, sizeof *profile);
    if (!profile)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a profile");
    *out = profile;
    return HEAPY_OK;
}

/* Forget all samples but the first `left`. */
static void
forget_samples(heapy_profile *profile, size_t left)
{
    while (profile->sample_count > left) {
        const sample *last = &profile->samples[--profile->sample_count];
        heapy_free(last->rows.values[0]);
        heapy_free(last->summed.values[0]);
    }
}

void
heapy_profile_destroy(heapy_profile *profile)
{
    if (!profile)
        return;
    forget_samples(profile, 0);
    heapy_free(profile->samples);
    heapy_free(profile->places);
    heapy__name_table_deinit(&profile->names);
    heapy_free(profile);
}

/* ---- adding samples ---- */

static bool
columns_init(columns *c, size_t count)
{
    int64_t *block = heapy_alloc_array(count, 2 * sizeof *block + sizeof *c->kinds);
    if (!block)
        return false;
    *c = (columns){.count = count, .values = {block, block + count}};
    c->kinds = (heapy_profile_kind *)(void *)(block + 2 * count);
    return true;
}

static bool
widen_places(heapy_profile *profile)
{
    if (profile->place_count >= profile->names.count)
        return true;
    size_t wider = profile->names.count + profile->names.count / 2 + 64;
    uint32_t *places = heapy_alloc_zeroed(wider, sizeof *places);
    if (!places)
        return false;
    heapy_free(profile->places);
    profile->places = places;
    profile->place_count = wider;
    return true;
}

static void
clear_places(heapy_profile *profile, size_t count, const heapy_profile_kind *kinds)
{
    for (size_t i = 0; i < count; i++)
        profile->places[kinds[i]] = 0;
}

/* Sums wrap on overflow, which only a forged file can bring about. */
static int64_t
sum(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

/* The columns with each kind once, where it first stood; without a block when that makes no difference. */
static bool
sum_by_kind(heapy_profile *profile, const columns *rows, columns *out)
{
    size_t kinds = 0;
    *out = (columns){0};
    for (size_t i = 0; i < rows->count; i++)
        if (!profile->places[rows->kinds[i]])
            profile->places[rows->kinds[i]] = (uint32_t)++kinds;
    bool is_made = kinds == rows->count || columns_init(out, kinds);
    if (is_made && kinds < rows->count) {
        memset(out->values[0], 0, kinds * 2 * sizeof *out->values[0]);
        for (size_t i = 0; i < rows->count; i++) {
            size_t at = profile->places[rows->kinds[i]] - 1;
            out->kinds[at] = rows->kinds[i];
            for (int by = 0; by < HEAPY_PROFILE_QUANTITIES; by++)
                out->values[by][at] = sum(out->values[by][at], rows->values[by][i]);
        }
    }
    clear_places(profile, rows->count, rows->kinds);
    return is_made;
}

static bool
fill_columns(heapy_profile *profile, const heapy_table *table, columns *out)
{
    if (!columns_init(out, table->row_count))
        return false;
    for (size_t i = 0; i < table->row_count; i++) {
        const heapy_row *row = &table->rows[i];
        out->values[HEAPY_PROFILE_SIZE][i] = row->size;
        out->values[HEAPY_PROFILE_COUNT][i] = row->count;
        if (!heapy__name_table_intern(&profile->names, row->name, strlen(row->name), &out->kinds[i]))
            return false;
    }
    return widen_places(profile);
}

static heapy_status
add_sample(heapy_profile *profile, const heapy_stat *stat, heapy_error *err)
{
    const heapy_table *table = heapy_stat_table(stat);
    sample new = {.time_made = heapy_stat_time_made(stat), .format = table->format};
    new.totals[HEAPY_PROFILE_SIZE] = table->size;
    new.totals[HEAPY_PROFILE_COUNT] = table->count;
    sample *samples =
        heapy_grow(profile->samples, profile->sample_count, &profile->sample_capacity, sizeof *samples);
    if (samples)
        profile->samples = samples;
    if (!samples || !fill_columns(profile, table, &new.rows) ||
        !sum_by_kind(profile, &new.rows, &new.summed)) {
        heapy_free(new.rows.values[0]);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for sample %zu of a profile",
                           profile->sample_count);
    }
    samples[profile->sample_count++] = new;
    return HEAPY_OK;
}

/* ---- reading ---- */

/* The bytes up to the end of the first stat of `text`, which is appended; *used is 0 when it is not whole. */
static heapy_status
read_one(heapy_profile *profile, const char *source, const char *text, size_t length, size_t *used,
         heapy_error *err)
{
    heapy_stat_reader *reader;
    heapy_status status = heapy_stat_reader_create(source, &reader, err);
    if (status)
        return status;
    size_t at = 0;
    bool is_complete = false, is_cut = false;
    while (!status && !is_complete && !is_cut && at < length) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t line_length;
        if (end)
            line_length = (size_t)(end - text) + 1 - at;
        else
            line_length = length - at;
        if (line_length > HEAPY_PROFILE_LONGEST_LINE)
            status = heapy__fail(err, HEAPY_INVALID, "%.120s: a line of more than %d bytes is in no profile",
                                 source, HEAPY_PROFILE_LONGEST_LINE);
        else if (heapy_stat_reader_is_cut(reader, text + at, line_length))
            is_cut = true;
        else
            status = heapy_stat_reader_feed(reader, text + at, line_length, &is_complete, err);
        at += line_length;
    }
    heapy_stat *stat = NULL;
    if (!status && is_complete)
        status = heapy_stat_reader_finish(reader, &stat, err);
    if (!status && is_complete)
        status = add_sample(profile, stat, err);
    heapy_stat_destroy(stat);
    heapy_stat_reader_destroy(reader);
    *used = !status && is_complete ? at : 0;
    return status;
}

heapy_status
heapy_profile_read(heapy_profile *profile, const char *source, const char *text, size_t length,
                   size_t *consumed, heapy_error *err)
{
    if (!profile || !source || (!text && length) || !consumed)
        return heapy__fail_null(err, "profile, source, text or consumed");
    size_t used = 1, before = profile->sample_count;
    heapy_status status = HEAPY_OK;
    *consumed = 0;
    while (!status && used) {
        char where[256];
        int n = snprintf(where, sizeof where, "%.200s, sample %zu", source, profile->sample_count);
        if (n < 0)
            status = heapy__fail(err, HEAPY_INVALID, "a source that cannot be named");
        else
            status = read_one(profile, where, text + *consumed, length - *consumed, &used, err);
        *consumed += used;
    }
    if (status) {
        forget_samples(profile, before);
        *consumed = 0;
    }
    return status;
}

/* ---- questions ---- */

size_t
heapy_profile_sample_count(const heapy_profile *profile)
{
    return profile ? profile->sample_count : 0;
}

heapy_sample
heapy_profile_sample(const heapy_profile *profile, size_t number)
{
    if (number >= heapy_profile_sample_count(profile))
        return (heapy_sample){0};
    const sample *s = &profile->samples[number];
    return (heapy_sample){.time_made = s->time_made,
                          .totals = {s->totals[0], s->totals[1]},
                          .format = s->format,
                          .row_count = s->rows.count,
                          .kinds = s->rows.kinds,
                          .values = {s->rows.values[0], s->rows.values[1]}};
}

size_t
heapy_profile_kind_count(const heapy_profile *profile)
{
    return profile ? profile->names.count : 0;
}

const char *
heapy_profile_kind_name(const heapy_profile *profile, heapy_profile_kind kind, size_t *length)
{
    if (length)
        *length = 0;
    if (kind >= heapy_profile_kind_count(profile))
        return NULL;
    return heapy__name_table_get(&profile->names, kind, length);
}

bool
heapy_profile_find_kind(const heapy_profile *profile, const char *name, size_t length,
                        heapy_profile_kind *out)
{
    return profile && (name || !length) && out && heapy__name_table_find(&profile->names, name, length, out);
}

static heapy_status
no_sample(const heapy_profile *profile, size_t number, heapy_error *err)
{
    return heapy__fail(err, HEAPY_INVALID, "sample %zu of a profile with %zu samples", number,
                       profile->sample_count);
}

static heapy_status
check_quantity(heapy_profile_quantity by, heapy_error *err)
{
    if ((unsigned)by < HEAPY_PROFILE_QUANTITIES)
        return HEAPY_OK;
    return heapy__fail(err, HEAPY_INVALID, "%d is no quantity of a profile", (int)by);
}

/* The columns of a sample in which each kind stands once. */
static const columns *
by_kind(const heapy_profile *profile, size_t number)
{
    const sample *s = &profile->samples[number];
    return s->summed.values[0] ? &s->summed : &s->rows;
}

size_t
heapy_profile_sample_kind_count(const heapy_profile *profile, size_t number)
{
    if (number >= heapy_profile_sample_count(profile))
        return 0;
    return by_kind(profile, number)->count;
}

/* A value and where it stands: what is sorted. */
typedef struct ranked {
    int64_t value;
    uint32_t place;
} ranked;

static bool
is_before(ranked a, ranked b)
{
    return a.value != b.value ? a.value > b.value : a.place < b.place;
}

static int
compare_ranked(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (is_before(*x, *y))
        return -1;
    return is_before(*y, *x);
}

enum { FEW = 64 }; /* so many are kept in order while the rest goes by; more are sorted with it */

/* The places of the (at most) `wanted` largest of the values that are `among` (of their kinds, or of
   themselves when kinds is NULL), in order.  NULL: no memory.  Owned, heapy_free(). */
static ranked *
largest(size_t count, const int64_t *values, const heapy_profile_kind *kinds, const bool *among,
        size_t wanted, size_t *found)
{
    size_t room = wanted <= FEW ? wanted : count, kept = 0;
    ranked *order = heapy_alloc_array(room + 1, sizeof *order);
    if (!order)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        ranked new = {values[i], (uint32_t)i};
        if (among && !among[kinds ? kinds[i] : i])
            continue;
        if (wanted > FEW) {
            order[kept++] = new;
            continue;
        }
        if (kept == wanted && (!wanted || !is_before(new, order[kept - 1])))
            continue;
        size_t at = kept < wanted ? kept++ : kept - 1;
        for (; at && is_before(new, order[at - 1]); at--)
            order[at] = order[at - 1];
        order[at] = new;
    }
    if (wanted > FEW)
        qsort(order, kept, sizeof *order, compare_ranked);
    *found = kept < wanted ? kept : wanted;
    return order;
}

heapy_status
heapy_profile_largest(const heapy_profile *profile, size_t number, heapy_profile_quantity by,
                      const bool *among, size_t count, heapy_profile_kind *kinds, int64_t *values,
                      size_t *found, heapy_error *err)
{
    if (!profile || (count && (!kinds || !values)) || !found)
        return heapy__fail_null(err, "profile, kinds, values or found");
    heapy_status status = check_quantity(by, err);
    if (status)
        return status;
    if (number >= profile->sample_count)
        return no_sample(profile, number, err);
    const columns *c = by_kind(profile, number);
    size_t n;
    ranked *order = largest(c->count, c->values[by], c->kinds, among, count, &n);
    if (!order)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to sort %zu kinds", c->count);
    for (size_t i = 0; i < n; i++) {
        kinds[i] = c->kinds[order[i].place];
        values[i] = order[i].value;
    }
    *found = n;
    heapy_free(order);
    return HEAPY_OK;
}

heapy_status
heapy_profile_values(heapy_profile *profile, size_t number, heapy_profile_quantity by, size_t count,
                     const heapy_profile_kind *kinds, int64_t *values, heapy_error *err)
{
    if (!profile || (count && (!kinds || !values)))
        return heapy__fail_null(err, "profile, kinds or values");
    heapy_status status = check_quantity(by, err);
    if (status)
        return status;
    if (number >= profile->sample_count)
        return no_sample(profile, number, err);
    for (size_t i = 0; i < count; i++)
        if (kinds[i] >= profile->names.count)
            return heapy__fail(err, HEAPY_INVALID, "kind %lu of a profile with %zu kinds",
                               (unsigned long)kinds[i], profile->names.count);
    const columns *c = by_kind(profile, number);
    for (size_t i = 0; i < count; i++) {
        profile->places[kinds[i]] = (uint32_t)i + 1;
        values[i] = 0;
    }
    for (size_t i = 0; i < c->count; i++)
        if (profile->places[c->kinds[i]])
            values[profile->places[c->kinds[i]] - 1] = c->values[by][i];
    clear_places(profile, count, kinds);
    return HEAPY_OK;
}

heapy_status
heapy_profile_largest_ever(const heapy_profile *profile, size_t first, size_t end, heapy_profile_quantity by,
                           const bool *among, size_t count, heapy_profile_kind *kinds, size_t *found,
                           heapy_error *err)
{
    if (!profile || (count && !kinds) || !found)
        return heapy__fail_null(err, "profile, kinds or found");
    heapy_status status = check_quantity(by, err);
    if (status)
        return status;
    if (first > end || end > profile->sample_count)
        return no_sample(profile, end, err);
    size_t kind_count = profile->names.count, n = 0;
    int64_t *greatest = heapy_alloc_array(kind_count, sizeof *greatest);
    ranked *order = NULL;
    if (greatest) {
        for (size_t k = 0; k < kind_count; k++)
            greatest[k] = INT64_MIN;
        for (size_t s = first; s < end; s++) {
            const columns *c = by_kind(profile, s);
            for (size_t i = 0; i < c->count; i++)
                if (c->values[by][i] > greatest[c->kinds[i]])
                    greatest[c->kinds[i]] = c->values[by][i];
        }
        order = largest(kind_count, greatest, NULL, among, count, &n);
    }
    heapy_free(greatest);
    if (!order)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to sort %zu kinds", kind_count);
    *found = 0;
    for (size_t i = 0; i < n && order[i].value > INT64_MIN; i++)
        kinds[(*found)++] = order[i].place;
    heapy_free(order);
    return HEAPY_OK;
}
