"""The summary of a session from its `session_metadata.json`, as the bus would tell it. Pure.

Of a session of the original, or of a log, only the original's keys are there; what a summary says beyond them is empty.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from protocol.session.metadata import creation_time

__all__ = ["summary_of_metadata"]

_TEXTS = ("game_name", "rom_name", "rom_hash", "client", "scan_mode", "reader")


def summary_of_metadata(session: str, data: bytes) -> dict[str, Any] | None:
    """Read a session's metadata.

    Args:
        session: its id, the name of its folder.
        data: the file.

    Returns:
        The summary of a session that has ended; None where the file is none.
    """
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(document, dict):
        return None
    created = _created(document)
    extent, lost = _map(document, "frame_set_id_range"), _map(document, "lost")
    regions = document.get("regions")
    return {
        "session_id": session,
        "state": "ended",
        "since": _ms(document.get("ended_at"), created),
        "created": created,
        "ended_by": _text(document, "ended_by"),
        "problem": "",
        **{name: _text(document, name) for name in _TEXTS},
        "frames_per_set": _count(document, "num_frames_per_set") or 5,
        "frame_sets": _count(document, "total_frame_sets") or 0,
        "first_set": _count(extent, "min"),
        "last_set": _count(extent, "max"),
        "flawed_sets": _count(lost, "flawed") or 0,
        "lost_sets": _count(lost, "frame_sets") or 0,
        "lost_screenshots": _count(lost, "screenshots") or 0,
        "latched": {},
        "regions": regions if isinstance(regions, list) else [],
    }


def _created(document: Mapping[str, Any]) -> int:
    try:
        return creation_time(document.get("created_at"), document.get("created_timestamp"))
    except (TypeError, ValueError, OverflowError):
        return _ms(document.get("created_at"), 0)


def _ms(time: Any, otherwise: int) -> int:
    """Read an ISO 8601 time as ms since the epoch; one without a zone, as the original writes it, is taken for UTC."""
    try:
        moment = datetime.fromisoformat(time)
        return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
    except (TypeError, ValueError, OverflowError):
        return otherwise


def _map(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = document.get(name)
    return value if isinstance(value, dict) else {}


def _text(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    return value if isinstance(value, str) else ""


def _count(document: Mapping[str, Any], name: str) -> int | None:
    value = document.get(name)
    return value if type(value) is int and value >= 0 else None
