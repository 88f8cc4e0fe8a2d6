/* SPDX-License-Identifier: MIT */
/* The module's state: its types, and what capture knows. */
#ifndef HEAPY_MODULE_STATE_H
#define HEAPY_MODULE_STATE_H

#include "capture/capture_state.h"

/* The families of sets: what sort of expression a set is. */
#define FAMILY_MAP(X, base)                                                                                  \
    X(EmptyFamily, base)                                                                                     \
    X(IdentitySetFamily, base)                                                                               \
    X(EquivalenceRelationFamily, base)                                                                       \
    X(PyObjectFamily, base)                                                                                  \
    X(TypeFamily, base)                                                                                      \
    X(OwnedDictFamily, base)                                                                                 \
    X(IndiSizeFamily, base)                                                                                  \
    X(ModuleFamily, base)                                                                                    \
    X(IdentityFamily, base)                                                                                  \
    X(RetClaSetFamily, base)                                                                                 \
    X(InRelFamily, base)                                                                                     \
    X(ProdFamily, base)                                                                                      \
    X(FindexFamily, base)                                                                                    \
    X(AltFamily, base)                                                                                       \
    X(OrFamily, base)                                                                                        \
    X(AndFamily, base)                                                                                       \
    X(InvertFamily, base)

/*
 * The types of the tool's own objects: name, base or NULL.  Bases come first.  Instances begin with
 * OWN_OBJECT_HEAD, and capture hides those that carry the session's tag.
 */
#define OWN_TYPE_MAP(X)                                                                                      \
    X(live_objects, NULL)                                                                                    \
    X(node_set, NULL)                                                                                        \
    X(imm_node_set, state->node_set_type)                                                                    \
    X(mut_node_set, state->node_set_type)                                                                    \
    X(node_set_iterator, NULL)                                                                               \
    X(uniset, NULL)                                                                                          \
    X(identity_set, state->uniset_type)                                                                      \
    X(identity_set_multi, state->identity_set_type)                                                          \
    X(identity_set_singleton, state->identity_set_type)                                                      \
    X(kind, state->uniset_type)                                                                              \
    X(equivalence_relation, state->uniset_type)                                                              \
    X(classifier, NULL)                                                                                      \
    X(set_of_kinds, NULL)                                                                                    \
    X(callable_set_of_kinds, state->set_of_kinds_type)                                                       \
    X(no_kinds, state->set_of_kinds_type)                                                                    \
    X(mapping_proxy, NULL)                                                                                   \
    X(family, NULL)                                                                                          \
    FAMILY_MAP(X, state->family_type)                                                                        \
    X(partition, NULL)                                                                                       \
    X(set_partition, state->partition_type)                                                                  \
    X(identity_partition, state->partition_type)                                                             \
    X(part_row, NULL)                                                                                        \
    X(stat, NULL)                                                                                            \
    X(stat_row, NULL)                                                                                        \
    X(row_iterator, NULL)                                                                                    \
    X(printer, NULL)                                                                                         \
    X(more_printer, state->printer_type)                                                                     \
    X(all_printer, state->printer_type)                                                                      \
    X(snapshot, NULL)                                                                                        \
    X(paths, NULL)                                                                                           \
    X(path_steps, NULL)                                                                                      \
    X(pattern, NULL)                                                                                         \
    X(node_graph, NULL)                                                                                      \
    X(node_graph_iterator, NULL)                                                                             \
    X(profile_store, NULL)                                                                                   \
    X(horizon, NULL)                                                                                         \
    X(heap_view, NULL)                                                                                       \
    X(root_state, NULL)                                                                                      \
    X(session, NULL)

#define OWN_TYPE_ONE(name, base) +1
enum { OWN_TYPE_COUNT = 0 OWN_TYPE_MAP(OWN_TYPE_ONE) };
#undef OWN_TYPE_ONE

#define DECLARE_SPEC(name, base) extern PyType_Spec name##_spec;
OWN_TYPE_MAP(DECLARE_SPEC)
#undef DECLARE_SPEC

typedef struct module_state {
    bool is_ready; /* false before exec ended and after the module was cleared */
    bool is_warm;  /* types of loaded modules have been made ready */

#define OWN_TYPE_FIELD(name, base) PyTypeObject *name##_type;
    OWN_TYPE_MAP(OWN_TYPE_FIELD)
#undef OWN_TYPE_FIELD

    own_type own_types[OWN_TYPE_COUNT]; /* the same types, as capture knows them */
    capture_state capture;
    struct frame_holder *frame_holders; /* the first of those that hold frames */
} module_state;

extern struct PyModuleDef heapyc_module;

/* The state of the module that made `type` or a base of it.  Never NULL for our types. */
module_state *state_of_type(PyTypeObject *type);

/* The same for any type: NULL, without exception, when it is not one of ours. */
module_state *state_if_ours(PyTypeObject *type);

/* False with RuntimeError when the module is being torn down. */
bool state_is_usable(const module_state *state);

#endif
