"""The usual ways to read sessions: every file from its beginning, every time.

The original's page reads every folder again for every request; a straightforward exporter parses each file and writes
row by row; and whatever proves a session must at least read all of it.
"""

import csv
import json
from pathlib import Path
from typing import Any

__all__ = ["filter_sets", "read_everything", "write_rows"]


def filter_sets(session: Path, context: str) -> list[int]:
    """List the frame sets with a context, by reading each folder's files."""
    wanted = []
    for folder in session.iterdir():
        if folder.name.isdigit():
            event = _load(folder / "event.json")
            annotations = folder / "annotations.json"
            labels = _load(annotations) if annotations.exists() else {}
            if labels.get("context", "") == context:
                wanted.append(event["frame_set_id"])
    return sorted(wanted)


def write_rows(session: Path, log: Path) -> None:
    """Write all memory changes as rows of a log."""
    with log.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        for number in sorted(int(folder.name) for folder in session.iterdir() if folder.name.isdigit()):
            event = _load(session / str(number) / "event.json")
            for change in event["memory_changes"]:
                rows.writerow([event["timestamp"], *change.values(), event["pc"], number])


def read_everything(session: Path) -> int:
    """Read every file; returns how many bytes there are."""
    return sum(len(path.read_bytes()) for path in session.rglob("*") if path.is_file())


def _load(path: Path) -> Any:
    with path.open(encoding="utf-8") as file:
        return json.load(file)
