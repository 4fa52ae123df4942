"""Summary of a session from its `session_metadata.json`, as the bus would publish it. Pure.

A session of the original, or of a log, has only the original's keys: the other fields of its summary are empty. So is
a field whose key is damaged: the session is still shown.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, TypeVar

from protocol.session.json_values import entries, text, whole_number_or_none
from protocol.session.metadata import ORIGINAL_FRAMES, creation_time, moment_of
from protocol.session.origin import parse_origin

__all__ = ["summary_of_metadata"]

_TEXTS = ("game_name", "rom_name", "rom_hash", "client", "scan_mode", "reader")

_NOTHING: Mapping[str, Any] = {}

T = TypeVar("T")


def summary_of_metadata(session: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """Summarise a session that has ended.

    Args:
        session: its id, the name of its folder.
        document: its metadata.
    """
    at = document.get("created_at")
    created = _or(_or(0, moment_of, at), creation_time, at, document.get("created_timestamp"))
    extent, lost = (_or(_NOTHING, entries, document.get(name)) for name in ("frame_set_id_range", "lost"))
    regions, origin = document.get("regions"), parse_origin(document)
    return {
        "session_id": session,
        "state": "ended",
        "since": _or(created, moment_of, document.get("ended_at")),
        "created": created,
        "ended_by": _or("", text, document.get("ended_by")),
        "problem": "",
        **{name: _or("", text, document.get(name)) for name in _TEXTS},
        "frames_per_set": _count(document, "num_frames_per_set") or ORIGINAL_FRAMES,
        "frame_sets": _count(document, "total_frame_sets") or 0,
        "first_set": _count(extent, "min"),
        "last_set": _count(extent, "max"),
        "flawed_sets": _count(lost, "flawed") or 0,
        "lost_sets": _count(lost, "frame_sets") or 0,
        "lost_screenshots": _count(lost, "screenshots") or 0,
        "latched": {},
        "regions": regions if isinstance(regions, list) else [],
        **({"parent": asdict(origin.parent)} if origin and origin.parent else {}),
    }


def _or(otherwise: T, check: Callable[..., T], *values: object) -> T:
    try:
        return check(*values)
    except (TypeError, ValueError, OverflowError):
        return otherwise


def _count(document: Mapping[str, Any], name: str) -> int | None:
    return _or(None, whole_number_or_none, document.get(name))
