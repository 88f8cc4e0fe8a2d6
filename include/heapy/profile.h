/* SPDX-License-Identifier: MIT */
/*
 * A profile is the stats of a file one after the other: the same kinds, sample by sample, in columns.
 *
 * Each sample keeps its rows as a number of a kind, a count and a size (20 bytes); a kind's name is kept
 * once.  A profile grows at its end and otherwise never changes.  Rows of one name, which tables by Id have,
 * are one kind of that sample with the sum of their values.
 */
#ifndef HEAPY_PROFILE_H
#define HEAPY_PROFILE_H

#include "heapy/stat.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct heapy_profile heapy_profile;

typedef enum heapy_profile_quantity {
    HEAPY_PROFILE_SIZE,
    HEAPY_PROFILE_COUNT,
    HEAPY_PROFILE_QUANTITIES
} heapy_profile_quantity;

typedef uint32_t heapy_profile_kind; /* 0, 1, 2, ... in the order the names came */

typedef struct heapy_sample {
    double time_made;                         /* seconds since 1970 */
    int64_t totals[HEAPY_PROFILE_QUANTITIES]; /* as the file says */
    heapy_table_format format;
    size_t row_count;
    const heapy_profile_kind *kinds;                 /* a row's kind */
    const int64_t *values[HEAPY_PROFILE_QUANTITIES]; /* and its values; all borrowed from the profile */
} heapy_sample;

/* out: owned, heapy_profile_destroy(). */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_profile_create(heapy_profile **out, heapy_error *err);
HEAPY_API void heapy_profile_destroy(heapy_profile *profile); /* NULL does nothing */

/* A line that is longer is in no profile. */
enum { HEAPY_PROFILE_LONGEST_LINE = 1 << 20 };

/*
 * Append the stats of a piece of a file, as far as they are whole.
 *
 * source    names the file in errors.
 * text      `length` bytes that begin where a stat begins, or with empty lines.
 * consumed  the bytes up to the end of the last whole stat: the next piece begins there.
 *
 * HEAPY_INVALID names source, sample and line.  On failure nothing is appended.  O(length).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_profile_read(heapy_profile *profile, const char *source,
                                                           const char *text, size_t length, size_t *consumed,
                                                           heapy_error *err);

HEAPY_API size_t heapy_profile_sample_count(const heapy_profile *profile);

/* Valid until the profile goes; all zero past the last sample. */
HEAPY_API heapy_sample heapy_profile_sample(const heapy_profile *profile, size_t number);

HEAPY_API size_t heapy_profile_kind_count(const heapy_profile *profile);

/* UTF-8, borrowed until the next read; NULL when there is no such kind.  length may be NULL. */
HEAPY_API const char *heapy_profile_kind_name(const heapy_profile *profile, heapy_profile_kind kind,
                                              size_t *length);

/* The kind of a name; false when no sample has it.  O(length). */
HEAPY_API bool heapy_profile_find_kind(const heapy_profile *profile, const char *name, size_t length,
                                       heapy_profile_kind *out);

/* How many kinds a sample has: rows, but for those of equal names; 0 past the last sample. */
HEAPY_API size_t heapy_profile_sample_kind_count(const heapy_profile *profile, size_t number);

/*
 * The (at most) `count` largest kinds of a sample, largest first, ties in the order of the file.
 * among: for each kind whether it may be one of them; NULL: all may.
 * kinds, values: room for `count`.  found: how many there are.  O(rows) for few, O(rows log rows) for
 * many.  HEAPY_INVALID when there is no such sample or quantity.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_profile_largest(const heapy_profile *profile, size_t number,
                                                              heapy_profile_quantity by, const bool *among,
                                                              size_t count, heapy_profile_kind *kinds,
                                                              int64_t *values, size_t *found,
                                                              heapy_error *err);

/*
 * The values in a sample of `count` different kinds, 0 for those it has not.  HEAPY_INVALID when there is no
 * such sample or kind.  O(rows + count).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_profile_values(heapy_profile *profile, size_t number,
                                                             heapy_profile_quantity by, size_t count,
                                                             const heapy_profile_kind *kinds, int64_t *values,
                                                             heapy_error *err);

/*
 * The (at most) `count` kinds whose largest value in any of the samples first, first + 1, ... end - 1 is
 * largest, largest first, ties in the order the names came.  kinds: room for `count`.  O(rows of these
 * samples).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_profile_largest_ever(const heapy_profile *profile, size_t first,
                                                                   size_t end, heapy_profile_quantity by,
                                                                   const bool *among, size_t count,
                                                                   heapy_profile_kind *kinds, size_t *found,
                                                                   heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
