/* SPDX-License-Identifier: MIT */
/* A snapshot file that was changed at random gets right checksums, so that what is behind them is tried. */
#ifndef HEAPY_TEST_REPAIR_H
#define HEAPY_TEST_REPAIR_H

#include <stddef.h>
#include <string.h>

#include "../../src/base/checksum.h"
#include "../../src/snapshot/file_format.h"

/* Magic numbers, checksums and the length, as far as the table is where the trailer says. */
static inline void
repair_file(unsigned char *bytes, size_t count)
{
    heapy__file_header header;
    heapy__file_trailer trailer;
    if (count < sizeof header + sizeof trailer)
        return;
    memcpy(&header, bytes, sizeof header);
    memcpy(header.magic, HEAPY__FILE_MAGIC, sizeof header.magic);
    header.byte_order = HEAPY__BYTE_ORDER;
    header.version = HEAPY__FILE_VERSION;
    header.checksum = heapy__checksum_of(&header, offsetof(heapy__file_header, checksum));
    memcpy(bytes, &header, sizeof header);
    size_t end = count - sizeof trailer;
    memcpy(&trailer, bytes + end, sizeof trailer);
    if (trailer.table_offset <= end) {
        size_t at = (size_t)trailer.table_offset;
        for (; at + sizeof(heapy__chunk_entry) <= end; at += sizeof(heapy__chunk_entry)) {
            heapy__chunk_entry entry;
            memcpy(&entry, bytes + at, sizeof entry);
            if (entry.offset <= end && entry.stored <= end - entry.offset) {
                size_t stop = (size_t)heapy__aligned(entry.offset + entry.stored);
                entry.checksum = heapy__checksum_of(bytes + entry.offset,
                                                    (stop < end ? stop : end) - (size_t)entry.offset);
                memcpy(bytes + at, &entry, sizeof entry);
            }
        }
        trailer.table_checksum =
            heapy__checksum_of(bytes + trailer.table_offset, end - (size_t)trailer.table_offset);
    }
    trailer.file_bytes = count;
    memcpy(trailer.magic, HEAPY__FILE_MAGIC, sizeof trailer.magic);
    trailer.checksum = heapy__checksum_of(&trailer, offsetof(heapy__file_trailer, checksum));
    memcpy(bytes + end, &trailer, sizeof trailer);
}

#endif
