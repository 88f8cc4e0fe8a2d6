/* SPDX-License-Identifier: MIT */
#include "object.h"

#include "index_file.h"
#include "rows.h"
#include "watch.h"

#include <errno.h>
#include <heapy/memory.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

heapy_dominators *
dominators_of(const invocation *asked, input *in)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_dominators *dominators;
    if (input_need_edges(in, asked->command->name))
        return NULL;
    index_use_dominators(in->path, in->snapshot);
    heapy_status status = heapy_snapshot_dominators(in->snapshot, progress_of(asked), &dominators, &err);
    progress_end();
    if (!status)
        return dominators;
    complain_of(in->path, &err);
    return NULL;
}

/* ---- names of objects ---- */

/* Say that no object is at an address, and which one is before it. */
static int
nothing_at(const input *in, uintptr_t address)
{
    size_t low = 0, high = heapy_graph_node_count(in->graph);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (heapy_snapshot_address(in->snapshot, (heapy_node)middle) < address)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low)
        return complain("%s: no object is at 0x%" PRIxPTR ", nor before it", in->path, address);
    heapy_node before = (heapy_node)(low - 1);
    uintptr_t start = heapy_snapshot_address(in->snapshot, before);
    uint64_t size = heapy_size_of(&in->sizes, before);
    char *brief = object_brief(in, before);
    if (!brief)
        return STATUS_FAILED;
    const char *where = address - start < size ? "which it lies inside of" : "which ends before it";
    complain("%s: no object begins at 0x%" PRIxPTR "; before it is %s at 0x%" PRIxPTR " of %" PRIu64
             " bytes, %s",
             in->path, address, brief, start, size, where);
    heapy_free(brief);
    return STATUS_FAILED;
}

static bool
read_number(const char *text, int base, uint64_t *out)
{
    char *end;
    errno = 0;
    if (!*text || !strchr("0123456789abcdefABCDEF", *text))
        return false;
    unsigned long long number = strtoull(text, &end, base);
    *out = number;
    return !errno && !*end;
}

int
object_named(const invocation *asked, const input *in, const char *name, heapy_node *out)
{
    uint64_t number;
    size_t nodes = heapy_graph_node_count(in->graph);
    if (*name == '#' && read_number(name + 1, 10, &number)) {
        if (!nodes)
            return complain("%s: there is no node %s: there are no objects", in->path, name);
        if (number >= nodes)
            return complain("%s: there is no node %s: there are %zu, from #0", in->path, name, nodes);
        *out = (heapy_node)number;
        return STATUS_DONE;
    }
    if (strncmp(name, "0x", 2) || !read_number(name + 2, 16, &number))
        return usage_error(asked, "'%s' is no object: an address 0x7f... or a node #123 is meant", name);
    if (!heapy_snapshot_map(in->snapshot))
        return complain("%s: there are no addresses in this file; name a node #123", in->path);
    heapy_node node = HEAPY_NO_NODE;
    if (number <= UINTPTR_MAX)
        node = heapy_snapshot_node(in->snapshot, (uintptr_t)number);
    if (node == HEAPY_NO_NODE)
        return nothing_at(in, (uintptr_t)number);
    *out = node;
    return STATUS_DONE;
}

/* Find the object of a type that retains most, the first of equal ones. */
static int
largest_of_type(const invocation *asked, input *in, const char *name, heapy_node *out)
{
    chosen objects = {0};
    heapy_dominators *dominators = NULL;
    int status = chosen_init(&objects, in, NULL);
    if (!status)
        status = chosen_keep_type(&objects, in, name);
    if (!status && !objects.count)
        status = complain("%s: there is no object of type %s", in->path, name);
    if (!status && !(dominators = dominators_of(asked, in)))
        status = STATUS_FAILED;
    for (size_t i = 0; !status && i < objects.count; i++)
        if (!i || heapy_retained_size(dominators, objects.nodes[i]) > heapy_retained_size(dominators, *out))
            *out = objects.nodes[i];
    chosen_deinit(&objects);
    return status;
}

int
object_asked(const invocation *asked, input *in, size_t place, heapy_node *out)
{
    const char *type = option_value(asked, OPTION_TYPE);
    if (type)
        return largest_of_type(asked, in, type, out);
    return object_named(asked, in, asked->operands[place], out);
}

/* ---- texts ---- */

char *
escaped_and_freed(char *text)
{
    char *copy = copy_escaped(text);
    if (!copy)
        complain_of_memory();
    heapy_text_free(text);
    return copy;
}

char *
object_brief(const input *in, heapy_node node)
{
    heapy_error err = HEAPY_ERROR_INIT;
    char *text;
    if (!heapy_node_brief(in->snapshot, node, HEAPY_BRIEF_LENGTH, &text, &err))
        return escaped_and_freed(text);
    complain_of(in->path, &err);
    return NULL;
}

char *
object_kind(const input *in, heapy_node node)
{
    heapy_error err = HEAPY_ERROR_INIT;
    char *text = NULL;
    if (heapy_node_kind(in->snapshot, node, &text, &err))
        complain_of(in->path, &err);
    return text;
}

int
json_object(document *doc, const input *in, heapy_node node)
{
    char *kind = object_kind(in, node);
    if (!kind)
        return STATUS_FAILED;
    char *brief = object_brief(in, node);
    if (!brief) {
        heapy_text_free(kind);
        return STATUS_FAILED;
    }
    json_key(doc, "address");
    json_address(doc, heapy_snapshot_address(in->snapshot, node));
    json_key(doc, "node");
    json_unsigned(doc, node);
    json_key(doc, "kind");
    json_string(doc, kind);
    json_key(doc, "size");
    json_unsigned(doc, heapy_size_of(&in->sizes, node));
    json_key(doc, "brief");
    json_string(doc, brief);
    heapy_text_free(kind);
    heapy_free(brief);
    return STATUS_DONE;
}
