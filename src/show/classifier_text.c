/* SPDX-License-Identifier: MIT */
#include "classifier_text.h"

#include "../sets/classifier_internal.h"

void
heapy__put_classifier(text_maker *maker, const heapy_classifier *by, heapy__string_buffer *out)
{
    heapy__text_list parts = {0};
    heapy__string_buffer text = {0};
    const bool was_brief = maker->writer.is_brief;
    maker->writer.is_brief = false;
    for (size_t i = 0; i < by->part_count; i++) {
        heapy__put_classifier(maker, by->parts[i], &text);
        append_text(maker, &parts, &text);
    }
    for (size_t i = 0; i < by->kind_count; i++) {
        maker->put_kind(maker, by->kinds[i], &text);
        append_text(maker, &parts, &text);
    }
    switch (by->row->parts) {
    case PARTS_NONE:
    case PARTS_FACT:
        put_prefix(maker, out);
        put(out, heapy_classifier_name(by));
        break;
    case PARTS_ONE:
        put_list(&parts, false, "", "", out);
        put_three(out, ".", heapy_classifier_name(by), "");
        break;
    case PARTS_SEVERAL:
        put(out, "(");
        put_list(&parts, false, " & ", "", out);
        put(out, ")");
        break;
    case PARTS_KINDS:
        put_prefix(maker, out);
        put_three(out, "", heapy_classifier_name(by), "(");
        put_list(&parts, false, ", ", "", out);
        put(out, ")");
        break;
    }
    maker->writer.is_brief = was_brief;
}

void
heapy__put_classifier_brief(text_maker *maker, const heapy_classifier *by, heapy__string_buffer *out)
{
    put(out, "Equiv. relation ");
    if (by->row->parts == PARTS_NONE || by->row->parts == PARTS_FACT)
        put(out, heapy_classifier_name(by));
    else
        heapy__put_classifier(maker, by, out);
}
