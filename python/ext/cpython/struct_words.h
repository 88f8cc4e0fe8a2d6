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
                        "fut_result fut_source_tb fut_cancel_msg"
#if PY_VERSION_HEX >= 0x030E0000
                        " - fut_awaited_by"
#endif
    },
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
     "- task_awaited_by - - task_fut_waiter task_coro task_name task_context"
#endif
    },
    {"_abc._abc_data", "_abc_registry _abc_cache _abc_negative_cache"},
    {"_asyncio.FutureIter", "future"},
    {"_asyncio.TaskStepMethWrapper", "sw_task sw_arg"},
    {"_collections._deque_iterator", "- - deque"},
    {"_collections._deque_reverse_iterator", "- - deque"},
    {"_contextvars.Context", "ctx_prev ctx_vars"},
    {"_contextvars.ContextVar", "var_name var_default var_cached"},
    {"_contextvars.Token", "tok_ctx tok_var tok_oldval"},
    {"_csv.Dialect", "- - - lineterminator"},
    {"_csv.reader", "input_iter dialect fields"},
    {"_csv.writer", "write dialect - - - - error_obj"},
    {"_ctypes.CField", "- - - proto"},
    {"_ctypes.CFuncPtr",
     "- - b_base - - - b_objects - - - thunk callable converters argtypes restype checker "
     "errcheck paramflags"},
    {"_ctypes.CThunkObject", "- - - - - - - - converters callable restype"},
/* The words behind those of any type: an StgInfo, or what the StgDict of the type has. */
#if PY_VERSION_HEX < 0x030D0000
#define CTYPES_INFO "+proto"
#elif PY_VERSION_HEX < 0x030E0000
#define CTYPES_INFO "- - - - - - - proto - - - argtypes converters restype checker module"
#elif PY_VERSION_HEX < 0x030F0000
#define CTYPES_INFO "- - - - - - - - proto - - - argtypes converters restype checker pointer_type module"
#else
#define CTYPES_INFO "- - - - - - - proto - - - argtypes converters restype checker pointer_type module"
#endif
    {"_ctypes.CType_Type", CTYPES_INFO},
    {"_ctypes.PyCArrayType", CTYPES_INFO},
    {"_ctypes.PyCFuncPtrType", CTYPES_INFO},
    {"_ctypes.PyCPointerType", CTYPES_INFO},
    {"_ctypes.PyCSimpleType", CTYPES_INFO},
    {"_ctypes.PyCStructType", CTYPES_INFO},
    {"_ctypes.UnionType", CTYPES_INFO},
#undef CTYPES_INFO
    {"_ctypes.DictRemover", "key dict"},
    {"_elementtree._element_iterator", "- - - root_element sought_tag +parent_stack"},
    {"_io.BufferedRWPair", "reader writer"},
    {"_io.BytesIO", "buf"},
    {"_io.IncrementalNewlineDecoder", "decoder errors"},
#if PY_VERSION_HEX < 0x030E0000
    {"_io.StringIO", "- - - - - - - - - - - - - decoder readnl writenl"},
#else
    {"_io.StringIO", "- - - - - - - decoder readnl writenl"},
#endif
    {"_io.TextIOWrapper", "- - buffer encoding encoder decoder readnl errors - - - - - decoded_chars - "
                          "pending_bytes - snapshot - raw"},
    {"_io._BytesIOBuffer", "source"},
    {"_json.Scanner", "- - - - - - memo"},
    {"_lsprof.Profiler", "- - - - externalTimer - - missing"},
    {"_multibytecodec.MultibyteCodec", "- cjk_module"},
    {"_multibytecodec.MultibyteIncrementalDecoder", "- - errors"},
    {"_multibytecodec.MultibyteIncrementalEncoder", "- - errors pending"},
    {"_multibytecodec.MultibyteStreamReader", "- - errors - - stream"},
    {"_multibytecodec.MultibyteStreamWriter", "- - errors pending stream"},
    {"_pickle.Pdata", "["},
    {"_pickle.Pickler",
     "- persistent_id persistent_id_attr dispatch_table reducer_override write output_buffer "
     "- - - - - - - - fast_memo buffer_callback +memo"},
    {"_pickle.PicklerMemoProxy", "pickler"},
    {"_pickle.Unpickler",
     "stack - - - persistent_load persistent_load_attr - buffer - - - - - - - - - - - - - "
     "read readinto readline peek buffers +memo"},
    {"_pickle.UnpicklerMemoProxy", "unpickler"},
#if PY_VERSION_HEX < 0x030D0000
    {"_queue.SimpleQueue", "- - lst"},
#else
    {"_queue.SimpleQueue", "["},
#endif
    {"_sre.SRE_Scanner", "pattern - - - - string"},
    {"_sre.SRE_Template", "- - literal +items"},
    {"_ssl.SSLSession", "- ctx"},
    {"_ssl._SSLContext",
     "- - - set_sni_cb - - msg_cb keylog_filename - - psk_client_callback psk_server_callback"},
    {"_ssl._SSLSocket", "Socket - ctx - owner server_hostname - "
#if PY_VERSION_HEX < 0x030C0000
                        "exc_type exc_value exc_tb"
#else
                        "exc"
#endif
    },
    {"_struct.unpack_iterator", "so - buf"},
    {"_struct.Struct", "- - - s_format"},
#if PY_VERSION_HEX < 0x030D0000
    {"_thread._local", "- args kw - dummies"},
#else
    {"_thread._local", "args kw - localdicts thread_watchdogs"},
#endif
    {"anext_awaitable", "wrapped default_value"},
    {"array.arrayiterator", "- ao"},
#if PY_VERSION_HEX < 0x030F0000
    {"async_generator_athrow", "agt_gen agt_args"},
#else
    {"async_generator_athrow", "agt_gen agt_typ agt_tb agt_val"},
#endif
    {"async_generator_asend", "ags_gen ags_sendval"},
    {"async_generator_wrapped_value", "agw_val"},
    {"builtin_method", "- - m_module - - mm_class"},
    {"bytearray_iterator", "- it_seq"},
    {"bytes_iterator", "- it_seq"},
    {"callable_iterator", "it_callable it_sentinel"},
    {"collections.OrderedDict", "+od_nodes"},
    {"collections._deque_iterator", "- - deque"},
    {"collections._deque_reverse_iterator", "- - deque"},
    {"collections.deque", "["},
#if PY_VERSION_HEX >= 0x030E0000
    /* What is left of the frame of one that is closed. */
    {"async_generator", "- - - - - - - ag_code"},
    {"coroutine", "- - - - - - - cr_code"},
    {"generator", "- - - - - - - gi_code"},
#endif
    {"coroutine_wrapper", "cw_coroutine"},
    {"decimal.Context", "- - - - - - traps flags"},
    {"decimal.ContextManager", "local global"},
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
    {"generic_alias_iterator", "obj"},
    {"guppy.sets.setsc.CplBitSet", "finite"},
    {"hamt", "h_root"},
    {"hamt_array_node", "a_array*"},
    {"hamt_bitmap_node", "- - b_array*"},
    {"hamt_collision_node", "- - c_array*"},
    {"items", "hi_obj"},
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
    {"keys", "hi_obj"},
    {"lazy_import", "lz_builtins lz_from lz_attr lz_code"},
    {"list_iterator", "- it_seq"},
    {"list_reverseiterator", "- it_seq"},
    {"longrange_iterator", "start step len"},
    {"managedbuffer", "- - - obj"},
    {"map", "iters func"},
    {"memory_iterator", "- it_seq"},
    {"memoryview", "- mbuf"},
    {"method-wrapper", "descr self"},
    {"module", "+md_state"},
    {"odict_items", "dv_dict"},
    {"odict_iterator", "- di_odict - - di_current di_result"},
    {"odict_keys", "dv_dict"},
    {"odict_values", "dv_dict"},
    {"operator.attrgetter", "- attr"},
    {"operator.itemgetter", "- item"},
    {"operator.methodcaller", "name args kwds vectorcall_args vectorcall_kwnames"},
    {"pickle.PickleBuffer", "- obj"},
    {"property", "prop_get prop_set prop_del prop_doc prop_name"},
    {"PyCapsule", "+pointer"},
    {"pyexpat.xmlparser", "- - - - - - intern +handlers"},
    {"re.Match", "- string regs pattern"},
    {"re.Pattern", "- - groupindex indexgroup pattern"},
    {"reversed", "- seq"},
    {"set_iterator", "si_set"},
    {"sqlite3.Blob", "connection"},
    {"sqlite3.Cache", "- mapping factory first last +nodes"},
#if PY_VERSION_HEX < 0x030B0000
    {"sqlite3.Connection",
     "- - - - isolation_level - - - cache statements cursors - row_factory text_factory "
     "trace_callback progress_handler authorizer_cb collations"},
    {"sqlite3.Cursor",
     "connection description row_cast_map - lastrowid - row_factory statement - - next_row"},
#elif PY_VERSION_HEX < 0x030C0000
    {"sqlite3.Connection", "- - - - - - statement_cache cursors blobs - row_factory text_factory +callbacks"},
#elif PY_VERSION_HEX < 0x030F0000
    {"sqlite3.Connection",
     "- - - - - - - statement_cache cursors blobs - row_factory text_factory +callbacks"},
#else
    {"sqlite3.Connection", "- - - - - - - statement_cache blobs row_factory text_factory +callbacks"},
#endif
#if PY_VERSION_HEX >= 0x030B0000
    {"sqlite3.Cursor", "connection description row_cast_map - lastrowid - row_factory statement"},
#endif
    {"sqlite3.Node", "key data"},
    {"sqlite3.Row", "data description"},
    {"sqlite3.Statement", "- - sql"},
    {"str_ascii_iterator", "- it_seq"},
    {"str_iterator", "- it_seq"},
    {"tuple_iterator", "- it_seq"},
    {"types.GenericAlias", "origin args parameters"},
    {"types.UnionType", "args parameters"},
#if PY_VERSION_HEX < 0x030D0000
    {"typing.ParamSpec", "name bound"},
#else
    {"typing.ParamSpec", "name bound default_value evaluate_default"},
#endif
#if PY_VERSION_HEX < 0x030F0000
    {"typing.TypeAliasType", "name type_params compute_value value module"},
#else
    {"typing.TypeAliasType", "name qualname type_params compute_value value module"},
#endif
    {"typing.TypeVar", "name bound evaluate_bound constraints evaluate_constraints default_value "
                       "evaluate_default"},
    {"typing.TypeVarTuple", "name default_value evaluate_default"},
    {"typing.Union", "args hashable_args unhashable_args parameters"},
    {"values", "hi_obj"},
    {"weakproxy", "- wr_callback"},
    {"weakref.CallableProxyType", "- wr_callback"},
    {"weakref.ProxyType", "- wr_callback"},
    {"xml.etree.ElementTree.Element", "tag text tail +extra"},
    {"xml.etree.ElementTree.TreeBuilder",
     "root this last last_for_tail data stack - element_factory comment_factory pi_factory events_append "
     "start_event_obj end_event_obj start_ns_event_obj end_ns_event_obj comment_event_obj pi_event_obj"},
    {"xml.etree.ElementTree.XMLParser",
     "- target entity names handle_start_ns handle_end_ns handle_start handle_data handle_end handle_comment "
     "handle_pi handle_doctype handle_close"},
    {"zip", "- ittuple result"},
};

/* Where versions differ otherwise, by the size of the struct as well; these come first.  An asterisk in the
   type stands for any text. */
static const struct {
    const char *type;
    Py_ssize_t words; /* behind the header */
    const char *names;
} sized_struct_fields[] = {
    {"_pickle.Pickler", 16, /* 3.13.0 */
     "- persistent_id dispatch_table reducer_override write output_buffer - - - - - - - - fast_memo "
     "buffer_callback +memo"},
    {"_pickle.Unpickler", 31, /* 3.13.0 */
     "stack - - - persistent_load - buffer - - - - - - - - - - - - - read readinto readline peek buffers "
     "+memo"},
    {"_pickle.Unpickler", 35, /* 3.14 */
     "stack - - - - - - - - - - - - - - - - - - - - - - read readinto readline peek buffers +memo"},
    {"_pickle.Unpickler", 36, /* 3.15 */
     "stack - - - - - - - - - - - - - - - - - - - - - - - read readinto readline peek buffers +memo"},
/* Cython's functions (Cython/Utility/CythonFunction.c), whose module is named after its version: 3.3, then
   3.2, 3.1, and 3.0, where the defaults are no object. */
#define CYTHON_FUNCTION                                                                                      \
    "- - m_module - - mm_class func_dict func_name func_qualname func_doc func_globals func_code "           \
    "func_closure "
    {"_cython_3_*.cython_function_or_method", 19,
     CYTHON_FUNCTION "defaults - defaults_tuple defaults_kwdict - func_annotations"},
    {"_cython_3_*.fused_cython_function", 21,
     CYTHON_FUNCTION "defaults - defaults_tuple defaults_kwdict - func_annotations __signatures__ self"},
    {"_cython_3_*.cython_function_or_method", 20,
     CYTHON_FUNCTION "defaults - defaults_tuple defaults_kwdict - func_annotations func_is_coroutine"},
    {"_cython_3_*.fused_cython_function", 22,
     CYTHON_FUNCTION
     "defaults - defaults_tuple defaults_kwdict - func_annotations func_is_coroutine __signatures__ self"},
    {"_cython_3_*.cython_function_or_method", 22,
     CYTHON_FUNCTION "- - - - defaults_tuple defaults_kwdict - func_annotations func_is_coroutine +default"},
    {"_cython_3_*.fused_cython_function", 24,
     CYTHON_FUNCTION "- - - - defaults_tuple defaults_kwdict - func_annotations func_is_coroutine "
                     "__signatures__ self +default"},
#undef CYTHON_FUNCTION
};

#endif
