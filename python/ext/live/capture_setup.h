/* SPDX-License-Identifier: MIT */
/* What capture knows, learnt when the module is imported. */
#ifndef HEAPY_CAPTURE_SETUP_H
#define HEAPY_CAPTURE_SETUP_H

#include "capture/capture_state.h"

/* Fill a zeroed state, but for what the module adds: the root, the tag and own types.  ImportError when this
   interpreter's objects are not as they were when the extension was built. */
int capture_state_init(capture_state *state);
void capture_state_clear(capture_state *state);

#endif
