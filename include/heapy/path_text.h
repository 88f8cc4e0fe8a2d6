/* SPDX-License-Identifier: MIT */
/*
 * Paths as text: `Src['key'].name[3]`, numbered from 0 where they are listed.
 *
 * A writer remembers the texts of the steps it has written, for paths of one search share most of theirs:
 * keys are asked for once, and what is written again is what was written before.
 */
#ifndef HEAPY_PATH_TEXT_H
#define HEAPY_PATH_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "heapy/shortest_paths.h"
#include "heapy/snapshot.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct heapy_path_writer heapy_path_writer;

/* What is written in place of the source. */
typedef enum heapy_path_form {
    HEAPY_PATH_PLAIN,    /* its text */
    HEAPY_PATH_TEMPLATE, /* %s, and any other % twice: Python's % operator puts the source in */
    HEAPY_PATH_FORM_COUNT
} heapy_path_form;

/*
 * snapshot  borrowed; must outlive the writer.
 * use       how long keys may be.
 * out       owned, heapy_path_writer_destroy().
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_path_writer_create(const heapy_snapshot *snapshot,
                                                                 heapy_text_use use, heapy_path_form form,
                                                                 heapy_path_writer **out, heapy_error *err);
HEAPY_API void heapy_path_writer_destroy(heapy_path_writer *writer); /* NULL does nothing */

/*
 * The text of a path of `length` steps from node `first`, whose text is `source` (of a template's it does not
 * matter). text    owned UTF-8 with a NUL after it, heapy_text_free(). bytes   its length, for names may have
 * a NUL in them; may be NULL. O(text), and what the words take.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_path_text(heapy_path_writer *writer, const char *source,
                                                        heapy_node first, const heapy_path_step *steps,
                                                        size_t length, char **text, size_t *bytes,
                                                        heapy_error *err);

/* What sources are called: all by one name, or (name NULL) each by what `text` gives, heapy_alloc_array()
 * memory. */
typedef struct heapy_source_names {
    const char *name;
    heapy_status (*text)(void *context, heapy_node source, char **text, heapy_error *err);
    void *context;
} heapy_source_names;

/* A list of the paths of a search: ` 0: Src[0]`, one after the other. */
typedef struct heapy_path_lines heapy_path_lines;

/*
 * Begin at path number `digits` (digit_count of 32 bits, the lowest first).  paths, writer: borrowed; must
 * outlive the list.  names: copied; its name borrowed.  out: owned, heapy_path_lines_destroy().
 * HEAPY_INVALID: there are not so many paths.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_path_lines_create(heapy_shortest_paths *paths,
                                                                heapy_path_writer *writer,
                                                                const heapy_source_names *names,
                                                                const uint32_t *digits, size_t digit_count,
                                                                heapy_path_lines **out, heapy_error *err);
HEAPY_API void heapy_path_lines_destroy(heapy_path_lines *lines); /* NULL does nothing */

/* The next line as heapy_path_text() gives it; *text NULL after the last.  O(text). */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_path_lines_next(heapy_path_lines *lines, char **text,
                                                              size_t *bytes, heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
