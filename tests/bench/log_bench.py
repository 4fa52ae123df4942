"""The log of changes of the demo game: its size, what it costs while recording, and how fast a session is read."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import resources
from daemon.writer.log_queue import LogQueue, StoredImage, StoredSet
from daemon.writer.set_columns import set_columns
from protocol.session.change_log import EntryKind
from protocol.session.change_log_reader import ChangeLogReader, logged_blocks
from protocol.session.compression import unpack_image
from protocol.session.layout import SessionFolder
from protocol.session.reader import SessionReader, open_session
from tests.bench.figures import Budget, Figure, Spread, spread
from tests.bench.settings import BenchSettings

__all__ = ["log_bench"]

_ROOT = Path(__file__).parents[2]
_FRAMES = 5400
"""The demo's tour."""

_HOUR = 43_200
"""Frame sets of an hour of play."""

_BYTES = (Budget("median", 3.0),)
_COST = (Budget("median", 50.0),)
_FROM_LOG = (Budget("median", 1.5),)
_FROM_FOLDERS = (Budget("median", 15.0),)


def log_bench(settings: BenchSettings) -> Iterator[Figure]:
    """Record the demo game, then make its log again, and read it with and without the log.

    Yields:
        Bytes a change, processor time a frame set, and seconds of an hour of play.
    """
    session = _record(settings.work, 600 if settings.quick else _FRAMES)
    sets = len(session.frame_set_ids())
    changes = sum(int((block.entry_kinds == EntryKind.CHANGED).sum()) for block in logged_blocks(session))
    rows = sum(len(session.event_file(number)) for number in session.frame_set_ids())
    size = session.folder.change_log.stat().st_size
    subject = f"demo game, {sets:,} sets, {changes:,} changes"
    yield Figure(
        f"{subject}; baseline: event.json", "size", "bytes/change", _one(size / changes), _one(rows / changes), _BYTES
    )
    encoding, appending, from_log, from_folders, plain = [], [], [], [], []
    for _ in range(settings.rounds):
        queued, seconds = _encode(session)
        encoding.append(seconds)
        appending.append(_seconds(partial(_append, settings.work / "logged", session, queued)))
        from_log.append(_seconds(lambda: list(logged_blocks(session))))
        from_folders.append(_seconds(lambda: list(ChangeLogReader(session).folder_blocks())))
        plain.append(_seconds(lambda: list(session.frame_sets(with_png=False))))
    both = [one + other for one, other in zip(encoding, appending, strict=True)]
    for measure, values, budgets in (
        ("in the daemon", encoding, ()),
        ("in the writer", appending, ()),
        ("in both", both, _COST),
    ):
        yield Figure(subject, measure, "µs/set", spread([1e6 * each / sets for each in values]), budgets=budgets)
    hour = f"an hour of it ({_HOUR:,} sets); baseline: each frame set"
    for measure, values, budgets in (
        ("read from the log", from_log, _FROM_LOG),
        ("read from folders", from_folders, _FROM_FOLDERS),
    ):
        ours, theirs = (spread([each * _HOUR / sets for each in group]) for group in (values, plain))
        yield Figure(hour, measure, "s", ours, theirs, budgets)


def _record(work: Path, frames: int) -> SessionReader:
    game = ("--rom", str(resources.demo_rom()), "--inputs", str(resources.demo_tour()), "--frames", str(frames))
    command = [sys.executable, "-m", "daemon", "record", *game, "--data", str(work / "data"), "--session-name", "demo"]
    subprocess.run(command, cwd=_ROOT, check=True, capture_output=True)
    return open_session(work / "data" / "demo")


def _encode(session: SessionReader) -> tuple[list[StoredSet | StoredImage], float]:
    """Make the columns of all sets as the daemon does; return them and the time that it took."""
    listed, images = session.listed_sets(), session.memory_images()
    sets = list(session.frame_sets(with_png=False))
    columns: list[bytes] = []
    seconds = _seconds(lambda: columns.extend(map(set_columns, sets)))
    queued: list[StoredSet | StoredImage] = []
    for item, data in zip(sets, columns, strict=True):
        number = item.frame_set_id
        queued.append(StoredSet(number, listed[number].event, listed[number].rebaselined, data))
        if number in images:
            queued.append(StoredImage(number, unpack_image(images[number].read_bytes())))
    return queued, seconds


def _append(path: Path, session: SessionReader, queued: list[StoredSet | StoredImage]) -> None:
    """Make the log as the writer does, in a folder of its own."""
    path.mkdir()
    folder = SessionFolder(path)
    shutil.copy(session.folder.metadata, folder.metadata)
    queue = LogQueue(folder, lambda _paths: None)
    queue.open()
    for stored in queued:
        queue.add(stored)
        while queue.is_due:
            queue.work()
    queue.finish()
    shutil.rmtree(path)


def _one(value: float) -> Spread:
    return spread([value])


def _seconds(work: Callable[[], object]) -> float:
    """Return the processor time of some work."""
    started = time.process_time()
    work()
    return time.process_time() - started
