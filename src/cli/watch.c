/* SPDX-License-Identifier: MIT */
#include "watch.h"

#include "output.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FIRST_SHOWN = 2000, SHOWN_AGAIN = 100 }; /* milliseconds */

typedef struct progress_line {
    bool is_always, is_shown, is_terminal;
    int64_t begun, shown;
    const char *stage;
} progress_line;

static progress_line line;

static int64_t
milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Where there is no terminal a stage is a line; on one all share a line. */
static bool
go_on(void *context, const char *stage, size_t done, size_t total)
{
    (void)context;
    int64_t now = milliseconds();
    if (!line.is_always && now - line.begun < FIRST_SHOWN)
        return true;
    if (!line.is_terminal) {
        if (stage != line.stage)
            fprintf(stderr, "heapy: %s\n", stage);
        line.stage = stage;
        return true;
    }
    if (line.is_shown && now - line.shown < SHOWN_AGAIN)
        return true;
    unsigned percent = 0;
    if (total)
        percent = (unsigned)(100.0 * (double)done / (double)total);
    if (total)
        fprintf(stderr, "\rheapy: %-40.40s %3u %%", stage, percent < 100 ? percent : 100);
    else
        fprintf(stderr, "\rheapy: %-46.46s", stage);
    fflush(stderr);
    line.is_shown = true;
    line.shown = now;
    return true;
}

void
progress_begin(void)
{
    line.begun = milliseconds();
}

const heapy_progress *
progress_of(const invocation *asked)
{
    static const heapy_progress watching = {go_on, NULL};
    const char *when = option_value(asked, OPTION_PROGRESS);
    bool is_quiet = is_given(asked, OPTION_QUIET);
    line.is_terminal = isatty(STDERR_FILENO);
    line.is_always = when && !strcmp(when, "always");
    bool shows = line.is_always || (line.is_terminal && !(when && !strcmp(when, "never")));
    if (!shows || (is_quiet && !line.is_always))
        return NULL;
    return &watching;
}

void
progress_end(void)
{
    if (line.is_shown)
        fprintf(stderr, "\r%55s\r", "");
    line.is_shown = false;
}

bool
is_hint_due(const invocation *asked)
{
    if (is_given(asked, OPTION_QUIET) || !isatty(STDERR_FILENO))
        return false;
    return milliseconds() - line.begun >= FIRST_SHOWN;
}

void
put_hint(const invocation *asked, const char *text)
{
    progress_end();
    if (is_hint_due(asked))
        fprintf(stderr, "heapy: %s\n", text);
}
