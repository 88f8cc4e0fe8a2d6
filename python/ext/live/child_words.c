/* SPDX-License-Identifier: MIT */
/*
 * Equal keys are found by value, of builtin types; those whose equality is a matter of Python code are like
 * themselves only.  Keys are put in no order, for that is a matter of Python code too.
 */
#include "live/child_words.h"

#include "capture/object_map.h"
#include "capture/object_text.h"
#include "capture/value_order.h"
#include "live/live_capture.h"

#include <heapy/memory.h>

static PyObject *
object_of(const child_words *words, heapy_node node)
{
    return object_at_address(heapy_address_map_select(words->map, node));
}

static heapy_status
no_memory(heapy_error *err)
{
    *err = (heapy_error){.status = HEAPY_NO_MEMORY};
    return HEAPY_NO_MEMORY;
}

static heapy_status
say(const child_words *words, PyObject *object, heapy_text_use use, char **text, heapy_error *err)
{
    text_out out = {0};
    bool is_said = put_object_text(words->state, object, use, &out);
    *text = NULL;
    if (is_said && !out.failed) {
        *text = out.text;
        return HEAPY_OK;
    }
    heapy_free(out.text);
    if (!is_said)
        return HEAPY_OK;
    return no_memory(err);
}

static heapy_status
say_text(void *context, heapy_node node, heapy_text_use use, char **text, heapy_error *err)
{
    return say(context, object_of(context, node), use, text, err);
}

static heapy_status
say_owner_text(void *context, heapy_node dict, heapy_text_use use, char **text, heapy_error *err)
{
    const child_words *words = context;
    PyObject *owner = dict_owners_find(words->owners, dict);
    *text = NULL;
    if (!owner)
        return HEAPY_OK;
    return say(words, owner, use, text, err);
}

static heapy_status
group_keys(void *context, const heapy_node *keys, size_t count, uint32_t *groups, size_t *group_count,
           heapy_error *err)
{
    size_t slot_count = 16;
    while (slot_count < 2 * count)
        slot_count *= 2;
    uint32_t *slots =
        heapy_alloc_zeroed(slot_count, sizeof *slots); /* 1 + the number of a group's first key */
    uint8_t *tags = heapy_alloc_array(slot_count, 1);  /* of its hash: most others are seen to differ */
    if (!slots || !tags) {
        heapy_free(slots);
        heapy_free(tags);
        return no_memory(err);
    }
    *group_count = 0;
    for (size_t k = 0; k < count; k++) {
        PyObject *key = object_of(context, keys[k]);
        uint64_t hash = hash_of_value(key);
        uint8_t tag = (uint8_t)(hash >> 56);
        size_t i = hash & (slot_count - 1);
        while (slots[i] && (tags[i] != tag || !are_equal_values(object_of(context, keys[slots[i] - 1]), key)))
            i = (i + 1) & (slot_count - 1);
        if (!slots[i]) {
            slots[i] = (uint32_t)k + 1;
            tags[i] = tag;
            groups[k] = (uint32_t)(*group_count)++;
        } else {
            groups[k] = groups[slots[i] - 1];
        }
    }
    heapy_free(slots);
    heapy_free(tags);
    return HEAPY_OK;
}

static int
compare(void *context, heapy_node a, heapy_node b)
{
    int order = compare_values(object_of(context, a), object_of(context, b));
    if (order)
        return order;
    return (a > b) - (a < b);
}

heapy_words
words_of_child(child_words *words)
{
    return (heapy_words){.text = say_text,
                         .owner_text = say_owner_text,
                         .group_keys = group_keys,
                         .compare = compare,
                         .context = words};
}
