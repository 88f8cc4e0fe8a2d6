/* SPDX-License-Identifier: MIT */
/* What both ways to fill an address map do with its regions. */
#ifndef HEAPY_ADDRESS_REGIONS_H
#define HEAPY_ADDRESS_REGIONS_H

#include "heapy/address_map.h"

/* Make a region found by its number.  One slot at least must be free. */
void heapy__address_map_put_slot(heapy_address_map *map, heapy_region *region);

#endif
