/* SPDX-License-Identifier: MIT */
#include "capture/object_map.h"

#include "capture/errors.h"

heapy_address_map *
map_of_objects(PyObject *const *objects, size_t count)
{
    heapy_address_map *map = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status = heapy_address_map_create(&map, &err);
    for (size_t i = 0; !status && i < count; i++)
        status = heapy_address_map_add(map, (uintptr_t)objects[i], NULL, &err);
    if (!status)
        status = heapy_address_map_freeze(map, &err);
    if (!status)
        return map;
    heapy_address_map_destroy(map);
    raise_heapy_error(&err);
    return NULL;
}
