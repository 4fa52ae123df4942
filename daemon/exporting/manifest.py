"""`dataset.json`: everything that went into a dataset. Pure."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson

from daemon.exporting.batch import Batch
from daemon.exporting.options import DatasetOptions
from protocol.session.metadata import SessionMetadata
from protocol.version import PACKAGE_VERSION

__all__ = [
    "COUNTED_LABELS",
    "DIGEST",
    "MANIFEST_VERSION",
    "ExportCounts",
    "FileEntry",
    "manifest_digest",
    "manifest_json",
    "sealed_manifest",
    "session_entry",
]

MANIFEST_VERSION = 1
"""Version of the shape of `dataset.json`."""

DIGEST = "digest"
"""Key of the hash of everything else in `dataset.json`."""

COUNTED_LABELS = ("context", "action", "intent", "outcome")
"""Labels whose values are counted."""

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
    """Finished file: path below the dataset with `/`, bytes, SHA-256 in lower-case hex."""

    path: str
    bytes: int
    sha256: str

    def as_map(self) -> dict[str, Any]:
        """Return the file as it stands in `dataset.json` and in the journal."""
        return {"path": self.path, "bytes": self.bytes, "sha256": self.sha256}


@dataclass(slots=True)
class ExportCounts:
    """Counts of a session, taken while its batches go by."""

    frame_sets: int = 0
    whole: int = 0
    labelled: int = 0
    complete: int = 0
    episodes: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    splits: Counter[str] = field(default_factory=Counter)
    values: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in COUNTED_LABELS})

    def add(self, batch: Batch) -> None:
        """Count a batch."""
        self.frame_sets += len(batch.sets)
        self.whole += sum(item.whole for item in batch.sets)
        self.splits.update(name or "gap" for name in batch.splits.tolist())
        if len(batch.episodes):
            self.episodes = int(batch.episodes[-1]) + 1
        rows = np.bincount(batch.changes.region, minlength=len(batch.changes.regions)).tolist()
        self.changes.update(dict(zip(batch.changes.regions, rows, strict=True)))
        for labels in batch.labels:
            if labels is None:
                continue
            self.labelled += 1
            self.complete += labels.complete
            for name in COUNTED_LABELS:
                if value := getattr(labels, name):
                    self.values[name][value] += 1

    def as_map(self) -> dict[str, Any]:
        """Return the counts as they stand in `dataset.json`."""
        return {
            "frame_sets": self.frame_sets,
            "whole": self.whole,
            "episodes": self.episodes,
            "labelled": self.labelled,
            "complete": self.complete,
            "changes": dict(self.changes),
            "splits": dict(self.splits),
            "label_values": {name: dict(counter.most_common()) for name, counter in self.values.items()},
        }


def session_entry(metadata: SessionMetadata, session_id: str, counts: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a session of the dataset: game, recorder, counts."""
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
    options: DatasetOptions,
    buttons: Sequence[str],
    combinations: Sequence[Mapping[str, Any]],
    variables: Sequence[Mapping[str, Any]],
    goal: Mapping[str, str] | None,
    memory: Mapping[str, Any] | None,
    copies: Sequence[Sequence[str]],
    sessions: Sequence[Mapping[str, Any]],
    files: Iterable[FileEntry],
    details: Mapping[str, Any],
) -> bytes:
    """Write `dataset.json`.

    Args:
        export_format: name of the format.
        options: what was chosen.
        buttons: the dataset's buttons, in the order of their bits and columns.
        combinations: number, buttons and frames of each combination that was held.
        variables: name, address, type and scale of each variable.
        goal: as it was declared.
        memory: form, regions and addresses of memory; None where it is left out.
        copies: groups of sessions that are of one play, found where frame sets are split.
        sessions: `session_entry` of each.
        files: every other file of the dataset.
        details: the format's own part.
    """
    document = {
        "manifest_version": MANIFEST_VERSION,
        "gbatrace_version": PACKAGE_VERSION,
        "format": export_format,
        "seed": options.split.seed,
        "label_set": options.label_set,
        "options": options.as_map(),
        "buttons": list(buttons),
        "combinations": list(combinations),
        **({"variables": list(variables)} if variables else {}),
        **({"goal": dict(goal)} if goal is not None else {}),
        **({"memory": dict(memory)} if memory is not None else {}),
        **({"copies": [list(group) for group in copies]} if copies else {}),
        "counts": _totals(sessions),
        "sessions": list(sessions),
        "details": dict(details),
        "files": [entry.as_map() for entry in files],
    }
    return sealed_manifest(document)


def sealed_manifest(document: Mapping[str, Any]) -> bytes:
    """Write a `dataset.json` with the digest of its own facts."""
    sealed = {**document, DIGEST: manifest_digest(document)}
    return orjson.dumps(sealed, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def manifest_digest(document: Mapping[str, Any]) -> str:
    """Hash the facts of a `dataset.json`, without the digest itself: SHA-256 of sorted JSON."""
    facts = {key: value for key, value in document.items() if key != DIGEST}
    return hashlib.sha256(orjson.dumps(orjson.loads(orjson.dumps(facts)), option=orjson.OPT_SORT_KEYS)).hexdigest()


def _totals(sessions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    plain = ("frame_sets", "whole", "episodes", "labelled", "complete")
    totals: dict[str, Any] = {key: sum(session["counts"][key] for session in sessions) for key in plain}
    for key in ("changes", "splits"):
        summed: Counter[str] = Counter()
        for session in sessions:
            summed.update(session["counts"][key])
        totals[key] = dict(summed)
    return {"sessions": len(sessions), **totals}
