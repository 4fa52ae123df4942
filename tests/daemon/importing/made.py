"""Sessions and logs for tests of sessions at rest."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from daemon.importing.log_rows import COLUMNS, Fault, read_rows
from daemon.recording.session_jobs import write_set
from daemon.recording.session_writer import SessionWriter
from protocol.regions import Region
from protocol.session.annotations import Annotations
from protocol.session.events import EventRecord
from protocol.session.flaws import NO_SCREENSHOT, borrowed_flaw
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges
from protocol.session.integrity import ChunkName
from protocol.session.layout import session_folder
from protocol.session.metadata import GapCount, SessionMetadata
from protocol.session.reader import SessionReader, open_session
from tests.fakes.screenshots import png

__all__ = [
    "REGIONS",
    "Recording",
    "frame_set",
    "log_row",
    "logged",
    "make_session",
    "metadata",
    "recordings",
    "scan",
    "write_log",
    "write_snapshots",
]

REGIONS = (Region("iwram", 0x0300_0000, 0x8000, 5), Region("ewram", 0x0200_0000, 0x4_0000, 5))
START = 1753996829216
BUTTONS = ("A", "B", "Select", "Start", "Right", "Left", "Up", "Down", "R", "L")

Recording = tuple[Sequence[tuple[FrameSet, Annotations | None, tuple[ChunkName, ...]]], Sequence[EventRecord]]
"""Frame sets with labels and rebaselined chunks, and events."""


def log_row(number: int = 0, frame: object = 8, **changes: object) -> str:
    """A row of the log."""
    row: dict[str, object] = {
        "timestamp": START + (frame * 16 if isinstance(frame, int) else 0),
        "region": "iwram",
        "frame": frame,
        "address": "03000000",
        "prev_val": "00000000",
        "curr_val": "00000003",
        "freq": 1,
        "pc": "000001F8",
        "key_history": "None",
        "current_keys": "None",
        "frame_set_id": number,
        "chunk_id": 0,
    }
    return ",".join(str(value) for value in (row | changes).values())


def write_log(path: Path, rows: Iterable[str], end: str = "\n") -> Path:
    path.write_text("".join(row + end for row in rows), encoding="utf-8", newline="")
    return path


def logged(log: bytes) -> list[dict[str, str]]:
    """The rows of a log by their columns; no line may be wrong."""
    faults: list[Fault] = []
    text = log.decode()
    rows = sum(len(each.changes.addresses) for each in read_rows([text.splitlines(keepends=True)], faults.append))
    read = list(csv.DictReader(io.StringIO(text), COLUMNS))
    assert (faults, rows) == ([], len(read))
    return read


def write_snapshots(folder: Path, numbers: Iterable[int]) -> Path:
    """Write a screenshot for each frame set, each of a shade of its own."""
    folder.mkdir(exist_ok=True)
    for number in numbers:
        (folder / f"{number}.png").write_bytes(png(number % 256))
    return folder


def scan(region: str, frame: int, addresses: Sequence[int], chunk: int = 0, current: int = 1) -> ScanChanges:
    count = len(addresses)
    return ScanChanges(
        region=region,
        chunk=chunk,
        frame=frame,
        addresses=np.array(addresses, np.uint32),
        previous=np.zeros(count, np.uint32),
        current=np.full(count, current, np.uint32),
        freq=np.ones(count, np.uint16),
    )


def frame_set(number: int, scans: Sequence[ScanChanges] = (), keys: str = "", flaws: tuple[str, ...] = ()) -> FrameSet:
    """A frame set of the five frames from 5 * `number`."""
    frames = tuple(
        FrameRecord(frame, START + frame * 16, 0x0800_0100, keys, (keys or "None",))
        for frame in range(5 * number, 5 * number + 5)
    )
    return FrameSet(number, frames, tuple(scans), flaws, png(number % 256))


def metadata(name: str, numbers: Sequence[int], **changes: Any) -> SessionMetadata:
    facts = SessionMetadata(
        session_id=name,
        created=START,
        total_frame_sets=len(numbers),
        num_frames_per_set=5,
        first_set=min(numbers, default=None),
        last_set=max(numbers, default=None),
        source_csv="",
        game_config="demo.json",
        is_custom_name=False,
        game_name="Demo",
        resume_sha256="token",
        ended=START + 1000,
        ended_by="the script ended",
        recorder={
            "rom_hash": "AB" * 20,
            "regions": [{"name": r.name, "base": r.base, "size": r.size} for r in REGIONS],
            "buttons": list(BUTTONS),
        },
        lost=GapCount(),
    )
    return replace(facts, **changes)


def make_session(data: Path, name: str, recording: Recording | Sequence[FrameSet], **changes: Any) -> SessionReader:
    """Write a session as the daemon does."""
    sets, events = recording if isinstance(recording, tuple) else ([(each, None, ()) for each in recording], [])
    folder = session_folder(data, name)
    writer = SessionWriter(folder)
    numbers = [each.frame_set_id for each, _, _ in sets]
    writer.open(metadata(name, numbers, **changes))
    writer.write_metadata(metadata(name, numbers, **changes))
    for each, labels, rebaselined in sets:
        writer.perform(write_set(name, each, labels, rebaselined))
    for event in events:
        writer.append_event(event)
    if numbers:
        writer.write_memory(numbers[0], bytes(range(256)))
    writer.close()
    return open_session(folder.path)


_words = st.integers(0, 0xFFFF_FFFF)
_combinations = st.sets(st.sampled_from(BUTTONS), max_size=3).map(
    lambda held: "+".join(name for name in BUTTONS if name in held)
)
_histories = st.lists(_combinations.map(lambda held: held or "None"), min_size=1, max_size=5).map(tuple)
_labels = st.none() | st.builds(
    Annotations,
    context=st.sampled_from(["", "battle", 'überland, "west"']),
    tags=st.sampled_from([(), ("boss", "rare")]),
    complete=st.booleans(),
)


@st.composite
def recordings(draw: st.DrawFn) -> Recording:
    """Recordings: sets with and without changes, screenshots, labels; gaps between numbers and between frames."""
    sets: list[tuple[FrameSet, Annotations | None, tuple[ChunkName, ...]]] = []
    frame, number, shown = draw(st.integers(0, 1 << 30)), draw(st.integers(0, 3)), None
    for _ in range(draw(st.integers(1, 5))):
        frames = []
        scans: list[ScanChanges] = []
        for position in range(draw(st.sampled_from([5, 5, 2]))):
            time = START + frame * 16 + draw(st.integers(0, 9))
            frames.append(FrameRecord(frame, time, draw(_words), draw(_combinations), draw(_histories)))
            for region in REGIONS:
                scans.extend(_scan(draw, region, position, frame))
            frame += 1
        screenshot = png(number)
        flaws: tuple[str, ...] = ()
        if draw(st.integers(0, 3)) == 0:
            flaws = (NO_SCREENSHOT,) if shown is None else (NO_SCREENSHOT, borrowed_flaw(shown))
            screenshot = b"" if shown is None else png(shown)
        else:
            shown = number
        rebaselined = draw(st.sampled_from([(), (("iwram", 0), ("ewram", 4))]))
        sets.append((FrameSet(number, tuple(frames), tuple(scans), flaws, screenshot), draw(_labels), rebaselined))
        frame += draw(st.sampled_from([0, 0, 7]))
        number += draw(st.sampled_from([1, 1, 3]))
    events = [EventRecord(START, "mark", number, frame, {"name": "boss"})] if draw(st.booleans()) else []
    return sets, events


def _scan(draw: st.DrawFn, region: Region, chunk: int, frame: int) -> Iterable[ScanChanges]:
    cut = region.chunks[chunk]
    rows = draw(
        st.dictionaries(st.integers(0, cut.words - 1), st.tuples(_words, _words, st.integers(1, 100)), max_size=4)
    )
    if rows:
        order = sorted(rows)
        columns = [[rows[word][column] for word in order] for column in range(3)]
        addresses = [region.base + 4 * (cut.first_word + word) for word in order]
        yield ScanChanges(
            region=region.name,
            chunk=chunk,
            frame=frame,
            addresses=np.array(addresses, np.uint32),
            previous=np.array(columns[0], np.uint32),
            current=np.array(columns[1], np.uint32),
            freq=np.array(columns[2], np.uint16),
        )
