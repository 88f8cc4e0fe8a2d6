/* SPDX-License-Identifier: MIT */
/* Standard streams, and signals: a closed pipe, Ctrl-C, a file that shrinks while it is read. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What handlers of signals use; written while no signal is looked at that would use it. */
static char temporary[4096];
static char reading[4096];
static bool is_closed; /* standard output */

static void
put_error(const char *text)
{
    ssize_t written = write(STDERR_FILENO, text, strlen(text));
    (void)written; /* there is nobody left to tell */
}

static void
remove_temporary(void)
{
    if (temporary[0])
        unlink(temporary);
}

static void
interrupted(int signal_number)
{
    (void)signal_number;
    remove_temporary();
    _exit(STATUS_INTERRUPTED);
}

/* It ends as it would have, but for what it leaves. */
static void
ended(int signal_number)
{
    remove_temporary();
    signal(signal_number, SIG_DFL);
    raise(signal_number); /* which is blocked until this returns */
}

static void
file_shrank(int signal_number)
{
    (void)signal_number;
    remove_temporary();
    put_error("heapy: ");
    put_error(reading);
    put_error(": it was cut while it was read; copy it, and ask the copy\n");
    _exit(STATUS_FAILED);
}

static void
handle(int signal_number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    sigemptyset(&action.sa_mask);
    sigaction(signal_number, &action, NULL);
}

/* A signal that who began the process had it ignore, as nohup does, goes on being ignored. */
static void
handle_unless_ignored(int signal_number, void (*handler)(int))
{
    struct sigaction before;
    if (!sigaction(signal_number, NULL, &before) && before.sa_handler != SIG_IGN)
        handle(signal_number, handler);
}

void
process_init(void)
{
    /* A file that is opened where a standard stream was closed would be written to as that. */
    for (int stream = 0; stream < 3; stream++) {
        if (fcntl(stream, F_GETFD) != -1 || errno != EBADF)
            continue;
        is_closed |= stream == STDOUT_FILENO;
        if (open("/dev/null", stream ? O_WRONLY : O_RDONLY) != stream)
            _exit(STATUS_FAILED);
    }
    handle(SIGPIPE, ended);
    handle_unless_ignored(SIGINT, interrupted);
    handle_unless_ignored(SIGTERM, ended);
    handle_unless_ignored(SIGHUP, ended);
    handle_unless_ignored(SIGQUIT, ended);
    handle(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of write() */
    handle(SIGBUS, file_shrank);
}

static void
keep_path(char *room, size_t size, const char *path)
{
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    snprintf(room, size, "%s", path ? path : "");
    sigprocmask(SIG_SETMASK, &before, NULL);
}

void
process_set_temporary(const char *path)
{
    keep_path(temporary, sizeof temporary, path);
}

void
process_set_reading(const char *path)
{
    keep_path(reading, sizeof reading, path);
    for (char *at = reading; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '?';
}

bool
output_is_closed(void)
{
    return is_closed;
}

int
document_print(document *doc)
{
    int status = STATUS_DONE;
    if (doc->failed)
        status = complain_of_memory();
    if (!status && is_closed)
        status = complain("standard output: it is closed");
    for (size_t at = 0; !status && at < doc->length;) {
        ssize_t written = write(STDOUT_FILENO, doc->text + at, doc->length - at);
        if (written > 0)
            at += (size_t)written;
        else if (written < 0 && errno == EPIPE) /* SIGPIPE is blocked: end all the same, without a word */
            break;
        else if (written < 0 && errno != EINTR)
            status = complain("standard output: %s", strerror(errno));
    }
    document_deinit(doc);
    return status;
}

bool
shows_colour(const invocation *asked)
{
    const char *when = option_value(asked, OPTION_COLOR), *terminal = getenv("TERM"),
               *none = getenv("NO_COLOR");
    if (when && strcmp(when, "auto"))
        return !strcmp(when, "always");
    return isatty(STDOUT_FILENO) && terminal && strcmp(terminal, "dumb") && !(none && *none);
}

void
document_put_marked(document *doc, const invocation *asked, const char *text, size_t length, size_t heading)
{
    bool marks = shows_colour(asked);
    size_t line = 0;
    for (size_t at = 0; at <= length; line++) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t count;
        if (end)
            count = (size_t)(end - (text + at));
        else
            count = length - at;
        bool is_marked = marks && line == heading;
        document_put(doc, is_marked ? "\x1b[1m" : "");
        document_write(doc, text + at, count);
        document_put(doc, is_marked ? "\x1b[0m\n" : "\n");
        at += count + 1;
    }
}
