/* SPDX-License-Identifier: MIT */
/*
 * textwrap.fill() for C, after Lib/textwrap.py of CPython 3.10 to 3.13 (the same text in all of them).
 *
 * The text is cut into chunks by TextWrapper.wordsep_re: runs of blanks, words, parts of words that end
 * after a hyphen, and dashes.  Lines are then filled greedily.  Letters and digits beyond ASCII are taken
 * for letters, which is all the expression needs to know of them.
 */
#include "text_wrap.h"

#include <stdint.h>
#include <string.h>

#include "heapy/memory.h"

enum { TAB_STOP = 8 };

typedef struct wrapper {
    const uint32_t *text; /* code points, blanks only for white space */
    size_t length;
} wrapper;

static bool
is_blank(uint32_t c)
{
    return c == ' ';
}

static bool
is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool
is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static bool
is_word(uint32_t c)
{
    return is_letter(c) || is_digit(c);
}

static bool
is_word_or_punctuation(uint32_t c)
{
    return is_word(c) || (c && c < 0x80 && strchr("!\"'&.,?", (int)c));
}

/* The code point `offset` places from `at`, or 0 outside the text. */
static uint32_t
peek(const wrapper *w, size_t at, int offset)
{
    size_t place = at + (size_t)(ptrdiff_t)offset;
    return place < w->length ? w->text[place] : 0;
}

/* Two or more dashes at `at`, then a word character: their number, else 0. */
static size_t
dashes_before_word(const wrapper *w, size_t at)
{
    size_t count = 0;
    while (peek(w, at, (int)count) == '-')
        count++;
    return count >= 2 && is_word(peek(w, at, (int)count)) ? count : 0;
}

/* Does a hyphen at `at` end a part of a hyphenated word? */
static bool
is_breaking_hyphen(const wrapper *w, size_t at)
{
    if (peek(w, at, 0) != '-')
        return false;
    bool before = (is_letter(peek(w, at, -2)) && is_letter(peek(w, at, -1))) ||
                  (is_letter(peek(w, at, -3)) && peek(w, at, -2) == '-' && is_letter(peek(w, at, -1)));
    bool after = is_letter(peek(w, at, 1)) &&
                 (is_letter(peek(w, at, 2)) || (peek(w, at, 2) == '-' && is_letter(peek(w, at, 3))));
    return before && after;
}

/* Where the chunk that begins at `start` ends. */
static size_t
chunk_end(const wrapper *w, size_t start)
{
    size_t end = start;
    if (is_blank(w->text[start])) {
        while (end < w->length && is_blank(w->text[end]))
            end++;
        return end;
    }
    if (start && is_word_or_punctuation(w->text[start - 1])) {
        size_t dashes = dashes_before_word(w, start);
        if (dashes)
            return start + dashes;
    }
    for (end = start + 1;; end++) {
        if (is_breaking_hyphen(w, end))
            return end + 1;
        if (end == w->length || is_blank(w->text[end]))
            return end;
        if (is_word_or_punctuation(w->text[end - 1]) && dashes_before_word(w, end))
            return end;
    }
}

static void
put_code_points(heapy__string_buffer *out, const uint32_t *text, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t c = text[i];
        char bytes[4];
        size_t length = 0;
        if (c < 0x80) {
            bytes[length++] = (char)c;
        } else if (c < 0x800) {
            bytes[length++] = (char)(0xc0 | c >> 6);
            bytes[length++] = (char)(0x80 | (c & 0x3f));
        } else if (c < 0x10000) {
            bytes[length++] = (char)(0xe0 | c >> 12);
            bytes[length++] = (char)(0x80 | (c >> 6 & 0x3f));
            bytes[length++] = (char)(0x80 | (c & 0x3f));
        } else {
            bytes[length++] = (char)(0xf0 | c >> 18);
            bytes[length++] = (char)(0x80 | (c >> 12 & 0x3f));
            bytes[length++] = (char)(0x80 | (c >> 6 & 0x3f));
            bytes[length++] = (char)(0x80 | (c & 0x3f));
        }
        heapy__string_buffer_append(out, bytes, length);
    }
}

/*
 * How much of a word longer than a line goes on the current one, `room` columns of which are left: after
 * the last hyphen that fits, unless only hyphens stand before it; else as much as fits.
 */
static size_t
cut_of_long_word(const uint32_t *word, size_t room)
{
    for (size_t hyphen = room; hyphen-- > 1;) {
        if (word[hyphen] != '-')
            continue;
        for (size_t i = 0; i < hyphen; i++)
            if (word[i] != '-')
                return hyphen + 1;
        break;
    }
    return room;
}

/* The code point at *i, which is moved past it; U+FFFD for a byte that does not begin one, as in a file that
   is not UTF-8. */
static uint32_t
decode(const char *text, size_t length, size_t *i)
{
    unsigned char lead = (unsigned char)text[(*i)++];
    if (lead < 0x80)
        return lead;
    size_t extra = 3;
    if (lead < 0xe0)
        extra = 1;
    else if (lead < 0xf0)
        extra = 2;
    uint32_t c = lead & (0x3fu >> extra);
    if (lead < 0xc2 || lead > 0xf4 || extra > length - *i)
        return 0xfffd;
    for (size_t k = 0; k < extra; k++) {
        unsigned char next = (unsigned char)text[*i + k];
        if ((next & 0xc0) != 0x80)
            return 0xfffd;
        c = c << 6 | (next & 0x3f);
    }
    *i += extra;
    return (extra == 2 && c < 0x800) || (extra == 3 && c < 0x10000) ? 0xfffd : c;
}

/* Decode UTF-8, expand tabs, turn other white space into blanks. */
static uint32_t *
munge(const char *text, size_t length, size_t *count)
{
    size_t tabs = 0;
    for (size_t i = 0; i < length; i++)
        tabs += text[i] == '\t';
    uint32_t *out = heapy_alloc_array(length + tabs * TAB_STOP, sizeof *out);
    if (!out)
        return NULL;
    size_t n = 0, column = 0;
    for (size_t i = 0; i < length;) {
        uint32_t c = decode(text, length, &i);
        if (c == '\t') {
            do
                out[n++] = ' ';
            while (++column % TAB_STOP);
            continue;
        }
        column = c == '\r' ? 0 : column + 1;
        out[n++] = c == '\v' || c == '\f' || c == '\r' ? ' ' : c;
    }
    *count = n;
    return out;
}

/* Nothing to decode, expand or break: the common case. */
static bool
is_plain(const char *text, size_t length, size_t room)
{
    if (length > room || !length || text[length - 1] == ' ')
        return false;
    for (size_t i = 0; i < length; i++)
        if (text[i] < ' ' || text[i] == 0x7f)
            return false;
    return true;
}

void
heapy__text_wrap(heapy__string_buffer *out, const char *text, size_t length, size_t initial_indent,
                 size_t indent, size_t width)
{
    if (initial_indent < width && is_plain(text, length, width - initial_indent)) {
        heapy__string_buffer_pad(out, initial_indent);
        heapy__string_buffer_append(out, text, length);
        return;
    }
    wrapper w = {0};
    uint32_t *points = munge(text, length, &w.length);
    w.text = points;
    if (!points) {
        out->failed = true;
        return;
    }
    bool is_first = true;
    for (size_t at = 0; at < w.length;) {
        size_t margin = is_first ? initial_indent : indent;
        size_t room = margin < width ? width - margin : 0;
        if (!is_first && is_blank(w.text[at]))
            at = chunk_end(&w, at);
        size_t start = at, end = at, last = at; /* the line is start .. end, its last chunk last .. end */
        while (end < w.length) {
            size_t next = chunk_end(&w, end);
            if (next - start > room) {
                if (next - end > room) { /* longer than any line: cut it */
                    size_t left = 1;
                    if (room)
                        left = room - (end - start);
                    last = end;
                    end += cut_of_long_word(w.text + end, left);
                }
                break;
            }
            last = end;
            end = next;
        }
        at = end;
        /* The last chunk is dropped if it is blank, or empty because nothing of a long word fitted. */
        size_t shown = last < end && !is_blank(w.text[last]) ? end : last;
        if (shown > start) {
            if (!is_first)
                heapy__string_buffer_append(out, "\n", 1);
            heapy__string_buffer_pad(out, margin);
            put_code_points(out, w.text + start, shown - start);
            is_first = false;
        } else if (at == start && start < w.length && !room) {
            break; /* cannot happen: a line always has room for one column */
        }
    }
    heapy_free(points);
}
