/* SPDX-License-Identifier: MIT */
#include "heap_sort.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

enum { LARGEST = 64 };

typedef struct sorted {
    char *elements;
    size_t size;
    int (*compare)(const void *, const void *);
} sorted;

static void
exchange(char *a, char *b, size_t size)
{
    char kept[LARGEST];
    memcpy(kept, a, size);
    memcpy(a, b, size);
    memcpy(b, kept, size);
}

/* Let element i sink among the first `count`, until what is below it is no larger. */
static void
sink(const sorted *s, size_t i, size_t count)
{
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= count)
            return;
        char *larger = s->elements + child * s->size;
        if (child + 1 < count && s->compare(larger, larger + s->size) < 0) {
            larger += s->size;
            child++;
        }
        char *at = s->elements + i * s->size;
        if (s->compare(at, larger) >= 0)
            return;
        exchange(at, larger, s->size);
        i = child;
    }
}

static bool
is_in_order(const sorted *s, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (s->compare(s->elements + (i - 1) * s->size, s->elements + i * s->size) > 0)
            return false;
    return true;
}

void
heapy__heap_sort(void *elements, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    const sorted s = {elements, size, compare};
    assert(size <= LARGEST);
    if (is_in_order(&s, count))
        return;
    for (size_t i = count / 2; i-- > 0;)
        sink(&s, i, count);
    for (size_t end = count; end-- > 1;) {
        exchange(s.elements, s.elements + end * size, size);
        sink(&s, 0, end);
    }
}
