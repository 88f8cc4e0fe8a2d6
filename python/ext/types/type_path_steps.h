/* SPDX-License-Identifier: MIT */
/* One path: where it begins and its steps. */
#ifndef HEAPY_TYPE_PATH_STEPS_H
#define HEAPY_TYPE_PATH_STEPS_H

#include <Python.h>
#include <heapy/shortest_paths.h>

/* steps: as many as the paths are long; copied.  New reference. */
PyObject *PathSteps_wrap(PyObject *paths, heapy_node source, const heapy_path_step *steps);

#endif
