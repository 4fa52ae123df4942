"""Parameters of the HTTP interface, which routes check and `openapi` describes. Pure."""

from collections.abc import Mapping

__all__ = ["AGGREGATES", "CONTEXT_FILTERS", "DEFAULT_LIMIT", "FRAME_FILTERS", "MAX_LIMIT", "PAGE_SIZE"]

DEFAULT_LIMIT = 100
MAX_LIMIT = 500
"""Frame sets in one page of a listing."""

PAGE_SIZE = 50
"""Frame sets in one answer of the original's `/api/frame_contexts` by default."""

AGGREGATES = ("context", "scene", "tags", "action", "action_type", "intent", "outcome")
"""Fields whose values the original's `/api/aggregate/` lists."""

FRAME_FILTERS: Mapping[str, str] = {
    "all": "all",
    "complete": "complete",
    "partial": "partial",
    "not_annotated": "unlabelled",
}
"""Our name of each filter of the original's `/api/frames`."""

CONTEXT_FILTERS: Mapping[str, str] = {
    "ALL": "all",
    "ANNOTATED": "complete",
    "PARTIALLY_ANNOTATED": "partial",
    "NOT_ANNOTATED": "unlabelled",
}
"""Our name of each filter of the original's `/api/frame_contexts`."""
