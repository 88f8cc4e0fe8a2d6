/* SPDX-License-Identifier: MIT */
#include "export.h"

heapy_status
export_flush(export_sink *to, bool all)
{
    document *line = &to->line;
    if (line->failed && !to->status)
        to->status = to->err.status = HEAPY_NO_MEMORY;
    if (to->status || !line->length || (!all && line->length < EXPORT_PART))
        return to->status;
    to->status = to->sink.write(to->sink.context, line->text, line->length, &to->err);
    line->length = 0;
    return to->status;
}
