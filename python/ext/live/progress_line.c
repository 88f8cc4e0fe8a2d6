/* SPDX-License-Identifier: MIT */
#include "live/progress_line.h"

#include "live/world.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double
seconds(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now))
        return 0;
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* A console at the other end of a connection looks at the heap: the terminal is the program's. */
static _Thread_local bool is_silent;

void
progress_silence_thread(void)
{
    is_silent = true;
}

/* Where it cannot be written, nothing is lost. */
static void
write_text(const char *text, int length)
{
    if (length > 0 && write(STDERR_FILENO, text, (size_t)length) < 0)
        return;
}

void
progress_show(progress_line *line, const char *stage, size_t done, size_t total)
{
    static const double patience = 0.5, pause = 0.1;
    double now = seconds();
    char text[128];
    if (!line->begun) {
        line->begun = line->shown = now;
        line->is_terminal = !is_silent && isatty(STDERR_FILENO);
    }
    if (!line->is_terminal || now - line->begun < patience || now - line->shown < pause)
        return;
    line->shown = now;
    line->is_visible = true;
    if (total)
        write_text(text, snprintf(text, sizeof text, "\rheapy: %s, %zu%%\033[K", stage,
                                  done < total ? 100 * done / total : 100));
    else
        write_text(text, snprintf(text, sizeof text, "\rheapy: %s, %zu\033[K", stage, done));
}

void
progress_end(progress_line *line)
{
    static const char clear[] = "\r\033[K";
    if (line->is_visible)
        write_text(clear, sizeof clear - 1);
    *line = (progress_line){.is_interrupted = line->is_interrupted,
                            .ignores_interrupts = line->ignores_interrupts};
}

/* Where the GIL is not held it is asked for rarely, as others may be slow to give it. */
static bool
is_time_to_ask(progress_line *line)
{
    static const double pause = 0.1;
    double now = 0;
    if (line->released.thread)
        now = seconds();
    if (line->released.thread && now - line->asked < pause)
        return false;
    line->asked = now;
    return true;
}

static bool
go_on(void *context, const char *stage, size_t done, size_t total)
{
    progress_line *line = context;
    progress_show(line, stage, done, total);
    if (line->ignores_interrupts || !is_time_to_ask(line))
        return !line->is_interrupted;
    bool is_released = line->released.thread;
    gil_take(&line->released);
    if (PyOS_InterruptOccurred())
        line->is_interrupted = true;
    if (is_released)
        line->released = gil_release();
    return !line->is_interrupted;
}

heapy_progress
progress_of(progress_line *line)
{
    return (heapy_progress){go_on, line};
}

int
deliver_interrupt(void)
{
    world_let_code_run();
    PyErr_SetInterrupt();
    return PyErr_CheckSignals();
}
