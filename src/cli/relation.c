/* SPDX-License-Identifier: MIT */
/* Relations by their names in --by. */
#include "rows.h"

#include <heapy/memory.h>
#include <string.h>

static const struct {
    const char *name;
    heapy_classifier_form form;
} relations[] = {{"type", HEAPY_BY_TYPE}, {"clodo", HEAPY_BY_CLODO},   {"module", HEAPY_BY_MODULE},
                 {"size", HEAPY_BY_SIZE}, {"rcs", HEAPY_BY_REFERRERS}, {"via", HEAPY_BY_REFERENCES},
                 {"id", HEAPY_BY_ID},     {"unity", HEAPY_BY_UNITY}};

enum { RELATION_COUNT = sizeof relations / sizeof *relations };

/* One of them; *out NULL: no name is that. */
static heapy_status
make_relation(const char *name, size_t length, const heapy_classifier **out, heapy_error *err)
{
    *out = NULL;
    for (size_t i = 0; i < RELATION_COUNT; i++) {
        if (strlen(relations[i].name) != length || memcmp(relations[i].name, name, length))
            continue;
        if (relations[i].form != HEAPY_BY_REFERRERS)
            return heapy_classifier_create(relations[i].form, NULL, 0, out, err);
        const heapy_classifier *clodo;
        heapy_status status = heapy_classifier_create(HEAPY_BY_CLODO, NULL, 0, &clodo, err);
        if (!status) {
            status = heapy_classifier_create(HEAPY_BY_REFERRERS, &clodo, 1, out, err);
            heapy_classifier_release(clodo);
        }
        return status;
    }
    return HEAPY_OK;
}

int
relation_asked(const invocation *asked, const char *usual, const heapy_classifier **out)
{
    const heapy_classifier *parts[RELATION_COUNT];
    const char *text = option_value(asked, OPTION_BY);
    heapy_error err = HEAPY_ERROR_INIT;
    size_t count = 0;
    int status = STATUS_DONE;
    for (const char *at = text ? text : usual; !status; at++) {
        size_t length = strcspn(at, "&");
        if (count == RELATION_COUNT)
            status = usage_error(asked, "--by: at most %d relations are joined", (int)RELATION_COUNT);
        else if (make_relation(at, length, &parts[count], &err))
            status = complain_of(asked->command->name, &err);
        else if (!parts[count])
            status = usage_error(asked, "--by: '%.*s' is none of %s", (int)(length < 60 ? length : 60), at,
                                 option_table[OPTION_BY].choices);
        else
            count++;
        at += length;
        if (!*at)
            break;
    }
    if (!status && heapy_classifier_create(HEAPY_BY_ALL, parts, count, out, &err))
        status = complain_of(asked->command->name, &err);
    while (count)
        heapy_classifier_release(parts[--count]);
    return status;
}

bool
relation_tells_objects(const heapy_classifier *by)
{
    if (heapy_classifier_form_of(by) == HEAPY_BY_ID)
        return true;
    bool is_joined = heapy_classifier_form_of(by) == HEAPY_BY_ALL;
    for (size_t i = 0; is_joined && i < heapy_classifier_part_count(by); i++)
        if (heapy_classifier_form_of(heapy_classifier_part(by, i)) == HEAPY_BY_ID)
            return true;
    return false;
}
