"""Straightforward converter: csv module, a dict for each row, all in memory, `json.dump`.

It reads the log of the original tool and writes its folders, as the original's converter did, with none of our checks.
The import is measured against it in the same run.
"""

import csv
import json
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

from daemon.importing.log_rows import COLUMNS

__all__ = ["convert"]


def convert(log: Path, snapshots: Path, session: Path) -> int:
    """Convert a log.

    Args:
        log: the log.
        snapshots: folder of screenshots.
        session: folder to write the session into.

    Returns:
        How many frame sets it has.
    """
    sets: dict[int, list[dict[str, str]]] = defaultdict(list)
    with log.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, COLUMNS):
            if None not in row.values():
                sets[int(row["frame_set_id"])].append(row)
    for number, rows in sets.items():
        folder = session / str(number)
        folder.mkdir(parents=True)
        with (folder / "event.json").open("w", encoding="utf-8") as file:
            json.dump(_event(number, rows), file, indent=2)
        screenshot = snapshots / f"{number}.png"
        if screenshot.exists():
            shutil.copy(screenshot, folder / screenshot.name)
    with (session / "session_metadata.json").open("w", encoding="utf-8") as file:
        json.dump({"session_id": session.name, "total_frame_sets": len(sets)}, file, indent=2)
    return len(sets)


def _event(number: int, rows: list[dict[str, str]]) -> dict[str, Any]:
    last = rows[-1]
    return {
        "timestamp": int(last["timestamp"]),
        "pc": last["pc"],
        "current_keys": [] if last["current_keys"] == "None" else [last["current_keys"]],
        "frame_set_id": number,
        "frames_in_set": sorted({int(row["frame"]) for row in rows}),
        "memory_changes": [
            {
                "region": row["region"],
                "frame": int(row["frame"]),
                "address": row["address"],
                "prev_val": row["prev_val"],
                "curr_val": row["curr_val"],
                "freq": int(row["freq"]),
            }
            for row in rows
        ],
    }
