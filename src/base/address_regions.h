/* SPDX-License-Identifier: MIT */
/* What all ways to fill an address map do with its regions. */
#ifndef HEAPY_ADDRESS_REGIONS_H
#define HEAPY_ADDRESS_REGIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "heapy/address_map.h"

/* Make a region found by its number.  One slot at least must be free. */
void heapy__address_map_put_slot(heapy_address_map *map, heapy_region *region);

/* Append `region` and enter it in the slots, which stay at most half full.  False: no memory. */
bool heapy__address_map_adopt(heapy_address_map *map, heapy_region *region);

/* A region without bits, of no map yet.  NULL: no memory. */
heapy_region *heapy__region_create(uintptr_t number);

void heapy__region_destroy(heapy_region *region);

/* Give a dense region its word ranks, or turn it sparse, by its count.  False: no memory. */
bool heapy__region_settle(heapy_region *region);

#endif
