/* SPDX-License-Identifier: MIT */
/* For those who are given a graph and its referrers. */
#ifndef HEAPY_REFERRERS_INTERNAL_H
#define HEAPY_REFERRERS_INTERNAL_H

#include "heapy/referrers.h"

/* HEAPY_INVALID when they cannot be the referrers of `graph`: they have other numbers of nodes or edges. */
heapy_status heapy__referrers_fit(const heapy_referrers *referrers, const heapy_graph *graph,
                                  heapy_error *err);

#endif
