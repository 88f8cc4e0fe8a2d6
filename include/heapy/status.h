/* SPDX-License-Identifier: MIT */
/*
 * Status codes and errors.
 *
 * Every function that can fail returns a heapy_status (HEAPY_OK is 0) and takes a last `heapy_error *`
 * that may be NULL.  The error lives in the caller's frame, so reporting "no memory" needs none.
 * On failure an out-parameter is untouched and nothing needs freeing.
 */
#ifndef HEAPY_STATUS_H
#define HEAPY_STATUS_H

#if defined(__GNUC__)
#define HEAPY_API __attribute__((visibility("default")))
#define HEAPY_MUST_CHECK __attribute__((warn_unused_result))
#define HEAPY_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define HEAPY_API
#define HEAPY_MUST_CHECK
#define HEAPY_PRINTF(text, first)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* name, what it means: the one list from which codes, texts and exceptions are made */
#define HEAPY_STATUS_MAP(X)                                                                                  \
    X(OK, "success")                                                                                         \
    X(NO_MEMORY, "out of memory")                                                                            \
    X(INVALID, "invalid argument or inconsistent data")                                                      \
    X(LIMIT, "too large for this build's limits")                                                            \
    X(CANCELLED, "cancelled")                                                                                \
    X(OS, "the operating system refused")                                                                    \
    X(BAD_FILE, "not a valid snapshot file")                                                                 \
    X(UNSUPPORTED, "not possible in this build")

#define HEAPY_STATUS_CODE(name, text) HEAPY_##name,
typedef enum heapy_status { HEAPY_STATUS_MAP(HEAPY_STATUS_CODE) HEAPY_STATUS_COUNT } heapy_status;
#undef HEAPY_STATUS_CODE

typedef struct heapy_error {
    heapy_status status;
    char message[240]; /* one line: what failed, on which input, what to do about it */
    int os_errno;      /* of HEAPY_OS: why, as errno has it; else 0 */
} heapy_error;

#define HEAPY_ERROR_INIT {HEAPY_OK, {0}, 0}

/* The text of HEAPY_STATUS_MAP for `status`; never NULL, static storage. */
HEAPY_API const char *heapy_status_text(heapy_status status);

#ifdef __cplusplus
}
#endif

#endif
