"""`dataset.json`: everything that went into a dataset. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from daemon.exporting.options import DatasetOptions
from protocol.session.metadata import SessionMetadata
from protocol.version import PACKAGE_VERSION

__all__ = ["MANIFEST_VERSION", "FileEntry", "manifest_json", "session_entry"]

MANIFEST_VERSION = 1
"""Version of the shape of `dataset.json`."""

_RECORDER = (
    "client",
    "system",
    "rom_name",
    "rom_hash",
    "gbatrace_version",
    "link_version",
    "script_version",
    "scan_mode",
    "reader",
)


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A finished file: its path below the dataset's folder with `/`, its bytes, its SHA-256 in lower-case hex."""

    path: str
    bytes: int
    sha256: str

    def as_map(self) -> dict[str, Any]:
        """Return the file as it stands in `dataset.json` and in the journal."""
        return {"path": self.path, "bytes": self.bytes, "sha256": self.sha256}


def session_entry(metadata: SessionMetadata, session_id: str, counts: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a session of the dataset: which game, which recorder, how much."""
    return {
        "session_id": session_id,
        "created": metadata.created,
        "ended_by": metadata.ended_by,
        "game_name": metadata.game_name,
        "game_config": metadata.game_config,
        "frames_per_set": metadata.num_frames_per_set,
        **{key: metadata.recorder.get(key) for key in _RECORDER},
        "regions": metadata.recorder.get("regions", []),
        "lost_frame_sets": metadata.lost.frame_sets,
        "counts": counts,
    }


def manifest_json(
    export_format: str,
    created: int,
    options: DatasetOptions,
    buttons: Sequence[str],
    sessions: Sequence[Mapping[str, Any]],
    files: Iterable[FileEntry],
    details: Mapping[str, Any],
) -> bytes:
    """Write `dataset.json`.

    Args:
        export_format: name of the format.
        created: ms since the epoch.
        options: what was chosen.
        buttons: the dataset's buttons, in the order of their bits and columns.
        sessions: `session_entry` of each.
        files: every other file of the dataset.
        details: what the format has to say beside.
    """
    document = {
        "manifest_version": MANIFEST_VERSION,
        "gbatrace_version": PACKAGE_VERSION,
        "format": export_format,
        "created": created,
        "seed": options.split.seed,
        "label_set": options.label_set,
        "options": options.as_map(),
        "buttons": list(buttons),
        "counts": _totals(sessions),
        "sessions": list(sessions),
        "details": dict(details),
        "files": [entry.as_map() for entry in files],
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _totals(sessions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    plain = ("frame_sets", "whole", "episodes", "labelled", "complete")
    totals: dict[str, Any] = {key: sum(session["counts"][key] for session in sessions) for key in plain}
    for key in ("changes", "splits"):
        summed: Counter[str] = Counter()
        for session in sessions:
            summed.update(session["counts"][key])
        totals[key] = dict(summed)
    return {"sessions": len(sessions), **totals}
