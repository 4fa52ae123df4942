"""Sessions for export tests: small, in colour, and known to the last word."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from daemon.exporting.actions import Combinations, FramePlacer, followed
from daemon.exporting.batch import Batch
from daemon.exporting.buttons import Buttons
from daemon.exporting.exporters import open_exporter
from daemon.exporting.options import DatasetOptions
from daemon.exporting.pictures import picture_from
from daemon.progress import Progress
from protocol.session.annotations import Annotations, annotations_json
from protocol.session.change_rows import change_columns
from protocol.session.event_json import event_json
from protocol.session.events import EventRecord, event_line
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges
from protocol.session.layout import session_folder
from protocol.session.metadata import GapCount, SessionMetadata, metadata_json
from protocol.session.reader import SessionReader, open_session

__all__ = [
    "BUTTONS",
    "HEIGHT",
    "NOW",
    "WIDTH",
    "batch_of",
    "export_dataset",
    "frame_sets",
    "no_values",
    "record",
    "screenshot",
    "without_png",
    "words",
]

BUTTONS = ("A", "B", "Select", "Start", "Right", "Left", "Up", "Down", "R", "L")
NOW = 1_753_996_829_000
WIDTH, HEIGHT = 24, 16
_PAST = ("None",) * 5
_HELD = ("", "A", "A+Right", "Up", "B")


@cache
def screenshot(number: int, size: tuple[int, int] = (WIDTH, HEIGHT)) -> bytes:
    """Paint a screenshot in four colours of its own."""
    rows = np.zeros((size[1], size[0], 3), np.uint8)
    rows[:, : size[0] // 2] = (number * 8 % 256, 40, 200)
    rows[0] = (255, number * 8 % 256, 0)
    rows[-1, -1] = (1, 2, 3)
    buffer = io.BytesIO()
    Image.fromarray(rows).save(buffer, "PNG")
    return buffer.getvalue()


def words(*values: int) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    """Return a column of words."""
    return np.array(values, np.uint32)


def frame_sets(count: int, first: int = 0, frame: int = 1000) -> Iterator[FrameSet]:
    """Play: set n holds `_HELD[n % 5]` throughout, counts up at 03000010, and every third set writes n to 02000100."""
    for place in range(count):
        number, start = first + place, frame + 5 * place
        held = _HELD[number % 5]
        times = [NOW + 84 * number + 17 * at for at in range(5)]
        frames = tuple(FrameRecord(start + at, times[at], 0x0800_0000 + 2 * number, held, _PAST) for at in range(5))
        seven = np.array([7], np.uint16)
        counter = ScanChanges("iwram", 0, start, words(0x0300_0010), words(number), words(number + 1), seven)
        changes = [counter]
        if number % 3 == 0:
            addresses, previous, current = words(0x0200_0100, 0x0200_0104), words(0, 9), words(number, 10)
            freq = np.array([1, 12], np.uint16)
            changes.append(ScanChanges("ewram", 2, start + 2, addresses, previous, current, freq))
        yield FrameSet(number, frames, tuple(changes), (), screenshot(number // 2))


def no_values(count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the values of no variables after so many frame sets."""
    return np.empty((count, 0))


def batch_of(
    sets: Sequence[FrameSet],
    splits: Sequence[str] = (),
    episodes: Sequence[int] = (),
    labels: Sequence[Annotations | None] = (),
    variables: np.ndarray[tuple[int, int], np.dtype[np.float64]] | None = None,
) -> Batch:
    """Make a batch of frame sets as the reader of a session does."""
    count = len(sets)
    numbers = list(episodes or [0] * count)
    held = FramePlacer(Buttons([BUTTONS]), 5, of_a_log=False).held(sets, numbers)
    combinations = Combinations().numbers(held)
    return Batch(
        sets=sets,
        labels=list(labels or [Annotations(scene=str(item.frame_set_id)) for item in sets]),
        splits=np.array(splits or ["all"] * count),
        episodes=np.array(numbers, np.int64),
        variables=no_values(count) if variables is None else variables,
        pictures=np.array([picture_from(item, has_screenshot=bool(item.png)) for item in sets], np.int64),
        held=held,
        combinations=combinations,
        next_combinations=followed(combinations, numbers),
        rewards=np.zeros(count),
        dones=np.zeros(count, bool),
        resets=np.zeros(count, bool),
        memories=[None] * count,
        changes=change_columns(sets),
    )


def record(
    data_folder: Path,
    name: str = "session",
    sets: list[FrameSet] | None = None,
    labels: Mapping[int, Annotations] | None = None,
    events: tuple[EventRecord, ...] = (),
) -> SessionReader:
    """Write a session folder and open it."""
    played = list(frame_sets(40)) if sets is None else sets
    folder = session_folder(data_folder, name)
    folder.path.mkdir(parents=True)
    regions = [
        {"name": "iwram", "base": 0x0300_0000, "size": 0x8000},
        {"name": "ewram", "base": 0x0200_0000, "size": 0x4_0000},
    ]
    metadata = SessionMetadata(
        session_id=name,
        created=NOW,
        total_frame_sets=len(played),
        num_frames_per_set=5,
        first_set=played[0].frame_set_id if played else None,
        last_set=played[-1].frame_set_id if played else None,
        source_csv="",
        game_config="",
        is_custom_name=True,
        game_name="Tiny Game",
        resume_sha256="token",
        ended=NOW + 60_000,
        ended_by="the script was stopped",
        recorder={"rom_hash": "AB" * 20, "system": "GBA", "buttons": list(BUTTONS), "regions": regions},
        lost=GapCount(),
    )
    folder.metadata.write_bytes(metadata_json(metadata))
    folder.events.write_bytes(b"".join(map(event_line, events)))
    for item in played:
        folder.frame_set(item.frame_set_id).mkdir()
        folder.event(item.frame_set_id).write_bytes(event_json(item))
        if item.png:
            folder.screenshot(item.frame_set_id).write_bytes(item.png)
    for number, given in (labels or {}).items():
        folder.annotations(number).write_bytes(annotations_json(given))
    return open_session(folder.path)


def export_dataset(
    sessions: Sequence[SessionReader],
    export_format: str,
    folder: Path,
    options: DatasetOptions | None = None,
    progress: Progress = lambda _more: None,
) -> Any:
    """Export sessions and read the dataset's `dataset.json`."""
    open_exporter(export_format, sessions, options or DatasetOptions()).export(folder, progress)
    return json.loads((folder / "dataset.json").read_text("utf-8"))


def without_png(item: FrameSet) -> FrameSet:
    """Return the frame set as if its screenshot never came."""
    return replace(item, png=b"")
