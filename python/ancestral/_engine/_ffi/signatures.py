"""The functions of `ancestral.h`: their version, and what each takes."""

from ctypes import c_char_p, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p
from typing import Any

ABI_VERSION = 6

_TEXT = (c_void_p, c_size_t, c_void_p)
SIGNATURES: dict[str, tuple[Any, ...]] = {
    "anc_version": _TEXT,
    "anc_last_error": _TEXT,
    "anc_cancel_on": (c_void_p,),
    "anc_schema": _TEXT,
    "anc_presets": _TEXT,
    "anc_family_create": (c_char_p, c_void_p),
    "anc_family_free": (c_void_p,),
    "anc_family_config": (c_void_p, *_TEXT),
    "anc_family_fingerprint": (c_void_p, *_TEXT),
    "anc_family_max_nodes": (c_void_p, c_void_p),
    "anc_family_has_long_tasks": (c_void_p, c_void_p),
    "anc_family_components": (c_void_p, c_void_p, c_size_t, c_void_p),
    "anc_stream_seeds": (c_uint64, c_int64, c_int64, c_uint64, c_size_t, c_void_p),
    "anc_fixed_seeds": (c_uint64, c_uint64, c_size_t, c_void_p),
    "anc_retry_seed": (c_uint64, c_uint32, c_void_p),
    "anc_tasks_fill": (c_void_p, c_void_p, c_void_p, c_size_t, c_size_t, c_uint32, c_size_t, *[c_void_p] * 6),
    "anc_noise_fill": (c_void_p, c_uint64, c_size_t, c_uint64, c_size_t, c_uint32, c_void_p),
    "anc_instance_create": (c_void_p, c_uint64, c_void_p, c_size_t, c_void_p),
    "anc_instance_free": (c_void_p,),
    "anc_instance_do": (c_void_p, c_void_p, c_void_p, c_size_t, c_void_p),
    "anc_instance_node_count": (c_void_p, c_void_p),
    "anc_instance_adjacency": (c_void_p, c_void_p),
    "anc_instance_order": (c_void_p, c_void_p),
    "anc_instance_mechanisms": (c_void_p, *_TEXT),
    "anc_instance_parameters": (c_void_p, c_void_p, c_size_t),
    "anc_instance_sample": (c_void_p, c_uint64, c_size_t, c_uint32, c_size_t, c_void_p, c_void_p, c_void_p),
    "anc_sample_create": (c_void_p,),
    "anc_sample_free": (c_void_p,),
    "anc_sample_draw": (c_void_p, c_void_p, c_void_p, c_size_t, c_void_p, c_void_p, c_char_p, c_void_p),
    "anc_sample_add": (c_void_p, c_size_t, c_size_t, c_void_p, c_void_p, c_void_p, c_char_p, c_void_p),
    "anc_sample_summary": (c_void_p, *_TEXT),
    "anc_sample_distance": (c_void_p, c_void_p, c_char_p, c_void_p, *_TEXT),
    "anc_measures": _TEXT,
    "anc_sortability": (c_void_p, c_size_t, c_void_p, c_size_t, c_void_p),
    "anc_verify": (c_char_p, c_char_p, c_void_p, *_TEXT),
    "anc_graph_count": (c_size_t, c_int32, c_void_p),
    "anc_graph_order": (c_void_p, c_size_t, c_void_p),
    "anc_graph_cpdag": (c_void_p, c_size_t, c_void_p),
    "anc_graph_hash": (c_void_p, c_size_t, c_int32, c_void_p),
    "anc_reserved_create": (c_void_p, c_size_t, c_int32, c_void_p),
    "anc_reserved_free": (c_void_p,),
}
