/* SPDX-License-Identifier: MIT */
/* Names of the words in structs of CPython's C files, by the name of the type. */
#ifndef HEAPY_STRUCT_WORDS_H
#define HEAPY_STRUCT_WORDS_H

#include <Python.h>

/*
 * The words of structs that tp_members says nothing of, from the end of the object's header on: names, "-"
 * for what is no reference, "NAME*" for all the rest; "[" says that references are elements, counted from 0;
 * a last "+NAME" is what memory outside the struct is called.  From the C files of the types, CPython 3.10
 * to 3.15.
 */
static const struct {
    const char *type, *names;
} struct_fields[] = {
    {"_asyncio.Future", "fut_loop fut_callback0 fut_context0 fut_callbacks fut_exception fut_exception_tb "
                        "fut_result fut_source_tb fut_cancel_msg"},
    {"_asyncio.Task",
     "task_loop task_callback0 task_context0 task_callbacks task_exception task_exception_tb "
     "task_result task_source_tb task_cancel_msg "
#if PY_VERSION_HEX < 0x030B0000
     "- - - - - - - - task_fut_waiter task_coro task_name task_context"
#elif PY_VERSION_HEX < 0x030D0000
     "- - - - - task_fut_waiter task_coro task_name task_context"
#elif PY_VERSION_HEX < 0x030E0000
     "- - - task_fut_waiter task_coro task_name task_context"
#else
     "- - - - task_fut_waiter task_coro task_name task_context"
#endif
    },
    {"_abc._abc_data", "_abc_registry _abc_cache _abc_negative_cache"},
    {"_contextvars.Context", "ctx_prev ctx_vars"},
    {"_contextvars.ContextVar", "var_name var_default var_cached"},
    {"_contextvars.Token", "tok_ctx tok_var tok_oldval"},
    {"_struct.unpack_iterator", "so - buf"},
    {"_struct.Struct", "- - - s_format"},
    {"array.arrayiterator", "- ao"},
    {"builtin_method", "- m_self m_module"},
    {"bytes_iterator", "- it_seq"},
    {"callable_iterator", "it_callable it_sentinel"},
    {"collections.OrderedDict", "+od_nodes"},
    {"collections._deque_iterator", "- - deque"},
    {"collections._deque_reverse_iterator", "- - deque"},
    {"collections.deque", "["},
    {"dict_itemiterator", "di_dict - - di_result"},
    {"dict_items", "dv_dict"},
    {"dict_keyiterator", "di_dict - - di_result"},
    {"dict_keys", "dv_dict"},
    {"dict_reverseitemiterator", "di_dict - - di_result"},
    {"dict_reversekeyiterator", "di_dict - - di_result"},
    {"dict_reversevalueiterator", "di_dict - - di_result"},
    {"dict_valueiterator", "di_dict - - di_result"},
    {"dict_values", "dv_dict"},
    {"enumerate", "- en_sit en_result en_longindex"},
    {"filter", "func it"},
    {"functools.KeyWrapper", "cmp object"},
    {"functools._lru_cache_wrapper",
     "- - - - - - - cache - func - - kwd_mark lru_list_elem_type cache_info_type - +links"},
    {"hamt", "h_root"},
    {"hamt_array_node", "- a_array*"},
    {"hamt_bitmap_node", "- - b_array*"},
    {"hamt_collision_node", "- - c_array*"},
    {"itertools._grouper", "parent tgtkey"},
    {"itertools._tee", "dataobj"},
    {"itertools._tee_dataobject", "it - nextlink values*"},
    {"itertools.accumulate", "total it binop initial"},
    {"itertools.batched", "it"},
    {"itertools.chain", "source active"},
    {"itertools.combinations", "pool - result"},
    {"itertools.combinations_with_replacement", "pool - result"},
    {"itertools.compress", "data selectors"},
    {"itertools.count", "- long_cnt long_step"},
    {"itertools.cycle", "it saved"},
    {"itertools.dropwhile", "func it"},
    {"itertools.filterfalse", "func it"},
    {"itertools.groupby", "it keyfunc tgtkey currkey currvalue"},
    {"itertools.islice", "it"},
    {"itertools.pairwise", "it old result"},
    {"itertools.permutations", "pool - - result"},
    {"itertools.product", "pools - result"},
    {"itertools.repeat", "element"},
    {"itertools.starmap", "func it"},
    {"itertools.takewhile", "func it"},
    {"itertools.tee", "dataobj"},
    {"itertools.zip_longest", "- - ittuple result fillvalue"},
    {"list_iterator", "- it_seq"},
    {"list_reverseiterator", "- it_seq"},
    {"longrange_iterator", "start step len"},
    {"map", "iters func"},
    {"method-wrapper", "descr self"},
    {"module", "+md_state"},
    {"odict_items", "dv_dict"},
    {"odict_iterator", "- di_odict - - di_current di_result"},
    {"odict_keys", "dv_dict"},
    {"odict_values", "dv_dict"},
    {"operator.attrgetter", "- attr"},
    {"operator.itemgetter", "- item"},
    {"operator.methodcaller", "name args kwds vectorcall_args vectorcall_kwnames"},
    {"reversed", "- seq"},
    {"set_iterator", "si_set"},
    {"str_ascii_iterator", "- it_seq"},
    {"str_iterator", "- it_seq"},
    {"tuple_iterator", "- it_seq"},
    {"weakproxy", "- wr_callback"},
    {"weakref.CallableProxyType", "- wr_callback"},
    {"weakref.ProxyType", "- wr_callback"},
    {"zip", "- ittuple result"},
};

#endif
