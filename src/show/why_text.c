/* SPDX-License-Identifier: MIT */
#include "heapy/why_text.h"

#include <inttypes.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/string_buffer.h"

heapy_status
heapy_why_text(const heapy_why_facts *facts, char **text, heapy_error *err)
{
    if (!facts || !facts->brief || (facts->path && !facts->path_count) || !text)
        return heapy__fail_null(err, "facts, brief, path_count or text");
    heapy__string_buffer out = {0};
    const char *no_path = facts->no_path ? facts->no_path : "the root does not reach it";
    const char *alone = facts->is_reached ? "the root alone" : "none";
    heapy__string_buffer_printf(&out, "%s\n  path       ", facts->brief);
    if (facts->path)
        heapy__string_buffer_puts(&out, facts->path);
    else
        heapy__string_buffer_printf(&out, "none: %s", no_path);
    if (facts->path && strcmp(facts->path_count, "1"))
        heapy__string_buffer_printf(&out, "  (one of %s shortest paths)", facts->path_count);
    heapy__string_buffer_printf(
        &out, "\n  dominator  %s\n  retained   %" PRIu64 " bytes, of which %" PRIu64 " its own",
        facts->dominator ? facts->dominator : alone, facts->retained, facts->size);
    if (out.failed) {
        heapy__string_buffer_deinit(&out);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for why an object is there");
    }
    *text = out.text;
    return HEAPY_OK;
}
