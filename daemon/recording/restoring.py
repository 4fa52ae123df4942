"""Recovery of sessions that were cut off or ended a short while ago. Shell.

A session whose metadata do not say how it ended, and that nobody records, was cut off. One that ended a short while ago
can be gone on with as well: its daemon may have been stopped in the middle of a game.
"""

import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import pairwise
from pathlib import Path

from daemon.disk.file_lock import FileLock
from daemon.disk.files import clear_partials, map_os_errors, remove_tree
from daemon.disk.journals import ChainedJournal, truncate_partial_line
from daemon.labels.history import Entry, parse_entry
from daemon.recording.recent_past import FREQ_WINDOW
from daemon.recording.session import Session
from daemon.recording.session_state import RestoredState, SessionCounts, SessionIdentity
from protocol.disk import complete_lines, is_link, read_file, retry_while_held
from protocol.errors import DocumentError, GbatraceError, LabelError, LayoutError, SessionError
from protocol.link.messages import Hello
from protocol.regions import ScanMode
from protocol.session.annotations import Annotations, read_annotations
from protocol.session.compression import unpack_image
from protocol.session.flaws import lacks_screenshot
from protocol.session.frame_set import FrameSet
from protocol.session.integrity import SetChecksum, Withdrawn, checksum, checksum_line, parse_checksum_line
from protocol.session.layout import DAMAGED, STAGING, SessionFolder, frame_set_id, session_id
from protocol.session.memory import Memory
from protocol.session.metadata import GapCount, SessionMetadata, resume_hash, session_regions
from protocol.session.origin import ORIGIN
from protocol.session.reader import SessionReader, open_session

__all__ = ["LOCK_PATIENCE", "restore_headless_sessions", "restore_session", "restore_sessions"]

LOCK_PATIENCE = 3.0
"""Seconds that we wait for who records: the writer of a daemon that was killed stores what it had and ends."""

_LOCK_PAUSE = 0.05


def restore_sessions(
    data_folder: Path,
    now: int,
    patience: float,
    report: Callable[[str], None],
    is_stopped: Callable[[], bool] = lambda: False,
) -> list[Session]:
    """Find and repair the sessions that can be gone on with.

    Args:
        data_folder: the session folders.
        now: ms since the epoch.
        patience: seconds since its end for which a session can be gone on with.
        report: called with what could not be restored, one sentence each.
        is_stopped: asked before each session whether nobody needs them any more.

    Returns:
        The sessions, the oldest first: lost where they were cut off, ended where they can only be gone on with.
    """
    restored = []
    deadline = time.monotonic() + LOCK_PATIENCE
    for folder in _session_folders(data_folder):
        if is_stopped():
            break
        try:
            session = _restore(folder, now, patience, deadline, report)
        except GbatraceError as error:
            report(f"{folder.path.name} was cut off and cannot go on. {error}")
        else:
            if session is not None:
                restored.append(session)
    _sweep_strays(data_folder)
    return sorted(restored, key=lambda session: session.identity.created)


def restore_headless_sessions(data_folder: Path, now: int, report: Callable[[str], None]) -> Iterator[Session]:
    """Find and repair the sessions of headless recorders that were killed: they cannot go on.

    Args:
        data_folder: the session folders.
        now: ms since the epoch.
        report: called with what could not be restored, one sentence each.

    Yields:
        The sessions, lost.
    """
    for folder in _session_folders(data_folder):
        try:
            if _is_headless_and_open(folder) and (lock := FileLock.take(folder.lock)) is not None:
                with lock, map_os_errors(folder.path):
                    metadata = open_session(folder.path).metadata
                    if metadata.ended_by is not None:
                        continue  # Whoever recorded it ended it meanwhile.
                    _repair(folder)
                    session = _session(folder, metadata, now)
                yield session
        except (GbatraceError, OSError) as error:
            report(f"{folder.path.name} was cut off and cannot be closed. {error}")


def restore_session(data_folder: Path, token: str, now: int, report: Callable[[str], None]) -> Session | None:
    """Find and repair the session of a resume token, however long ago it ended, or None.

    Args:
        data_folder: the session folders.
        token: the resume token, or empty.
        now: ms since the epoch.
        report: called with what could not be restored, one sentence each.

    Raises:
        GbatraceError: it cannot go on, or another gbatrace records it.
    """
    if not token:
        return None
    for folder in _session_folders(data_folder):
        metadata = _resumable(folder)
        if metadata is not None and metadata.resume_sha256 == resume_hash(token):
            session = _restore(folder, now, math.inf, time.monotonic() + LOCK_PATIENCE, report)
            if session is None:
                raise SessionError(f"{folder.path.name} is being recorded by another gbatrace: end that first.")
            return session
    return None


def _session_folders(data_folder: Path) -> Iterator[SessionFolder]:
    with map_os_errors(data_folder), os.scandir(data_folder) as entries:
        names = sorted(entry.name for entry in entries if entry.is_dir())
    for name in names:
        with suppress(LayoutError):
            folder = SessionFolder(data_folder / session_id(name))
            if folder.metadata.is_file():
                yield folder


def _restore(
    folder: SessionFolder, now: int, patience: float, deadline: float, report: Callable[[str], None]
) -> Session | None:
    metadata = _resumable(folder)
    if metadata is None or metadata.ended_by is not None:
        return _ended(folder, metadata, now, patience)
    lock = _locked(folder, deadline)
    if lock is None:
        report(f"{folder.path.name} is being recorded by another gbatrace: it is left alone.")
        return None
    try:
        # Its last holder may have ended the session in order: only what is read under the lock counts.
        metadata = _resumable(folder)
        if metadata is None or metadata.ended_by is not None:
            return _ended(folder, metadata, now, patience)
        with map_os_errors(folder.path):
            _repair(folder)
        return _session(folder, metadata, now)
    finally:
        lock.release()  # The writer takes it next.


def _resumable(folder: SessionFolder) -> SessionMetadata | None:
    """Read the metadata of a session that can go on; None where it cannot, or they are damaged."""
    try:
        metadata = open_session(folder.path).metadata
    except SessionError:
        return None  # Not ours to judge here: `gbatrace verify` does.
    return metadata if metadata.resume_sha256 else None


def _is_headless_and_open(folder: SessionFolder) -> bool:
    try:
        metadata = open_session(folder.path).metadata
    except SessionError:
        return False  # Not ours to judge here: `gbatrace verify` does.
    return metadata.ended_by is None and not metadata.resume_sha256 and bool(metadata.recorder.get(ORIGIN))


def _ended(folder: SessionFolder, metadata: SessionMetadata | None, now: int, patience: float) -> Session | None:
    """Make a session of one that ended a short while ago."""
    if metadata is None:
        return None
    since = now if metadata.ended is None else now - metadata.ended
    return None if since > patience * 1000 else _session(folder, metadata, now)


def _locked(folder: SessionFolder, deadline: float) -> FileLock | None:
    with map_os_errors(folder.path):
        while (lock := FileLock.take(folder.lock)) is None and time.monotonic() < deadline:
            time.sleep(_LOCK_PAUSE)
    return lock


# Repair: afterwards every file is whole, every frame set has its checksums, and no checksums lack their frame set.


def _repair(folder: SessionFolder) -> None:
    _sweep(folder)
    for journal in (folder.events, folder.annotation_history, folder.checksums, folder.proofs):
        truncate_partial_line(journal)
    reader = SessionReader(folder)
    numbers = reader.frame_set_ids()
    while numbers and not _is_readable(reader, numbers[-1]):
        _set_aside(folder, numbers.pop())
    for stray in _strays(folder, last=numbers[-1] if numbers else -1):
        retry_while_held(partial(stray.rename, folder.path / f"{DAMAGED}{stray.name}"))
    _repair_checksums(reader, numbers)


def _set_aside(folder: SessionFolder, number: int) -> None:
    """Keep the files of a frame set under other names, and remove its folder."""
    damaged = folder.frame_set(number)
    if is_link(damaged):
        retry_while_held(partial(damaged.rename, folder.path / f"{DAMAGED}{number}"))
        return
    for path in list(damaged.iterdir()):
        retry_while_held(partial(path.replace, folder.path / f"{DAMAGED}{number}-{path.name}"))
    retry_while_held(damaged.rmdir)


def _strays(folder: SessionFolder, last: int) -> list[Path]:
    """List files and links with the name of a frame set after the last one."""
    strays = []
    for path in folder.path.iterdir():
        with suppress(LayoutError):
            if frame_set_id(path.name) > last and (is_link(path) or not path.is_dir()):
                strays.append(path)
    return strays


def _sweep(folder: SessionFolder) -> None:
    """Clear away what a crash left half-written."""
    last_labelled = [edit.frame_set_id for entry in _label_entries(folder)[-1:] for edit in entry.edits]
    for place in (folder.path, folder.older_memory, *map(folder.frame_set, last_labelled)):
        retry_while_held(partial(clear_partials, place))
    remove_tree(folder.staging)


def _sweep_strays(data_folder: Path) -> None:
    """Clear away what was half-written of sessions that have ended, or have another name now."""
    for staging in data_folder.glob(f"{STAGING}*"):
        folder = SessionFolder(data_folder / staging.name.removeprefix(STAGING))
        with suppress(OSError):
            lock = FileLock.take(folder.lock) if folder.path.is_dir() else None
            if lock is None and folder.path.is_dir():
                continue  # Its writer is at work.
            try:
                remove_tree(staging)
            finally:
                if lock is not None:
                    lock.release()


def _is_readable(reader: SessionReader, number: int) -> bool:
    try:
        return reader.frame_set(number, with_png=False).frame_set_id == number
    except SessionError as error:
        if isinstance(error.__cause__, OSError) and not isinstance(error.__cause__, FileNotFoundError):
            raise
        return False


def _repair_checksums(reader: SessionReader, numbers: Sequence[int]) -> None:
    folder = reader.folder
    there = set(numbers)
    lines = complete_lines(folder.checksums)
    good = len(lines)
    while good and not _is_about(lines[good - 1], there):
        good -= 1
    if good < len(lines):
        os.truncate(folder.checksums, sum(len(line) + 1 for line in lines[:good]))  # Needs no room on a full disk.
    listed = reader.listed_sets()
    lines_to_add = [checksum_line(Withdrawn(number)) for number in sorted(listed.keys() - there)]
    for number in numbers:
        if number not in listed:
            png, labels = reader.screenshot(number), reader.annotations_file(number)
            event = reader.event_file(number)
            flaws = reader.frame_set(number, with_png=False).flaws
            hashes = checksum(event), checksum(png) if png else ""
            line = SetChecksum(number, *hashes, flaws, (), checksum(labels) if labels else "")
            lines_to_add.append(checksum_line(line))
    if lines_to_add:
        ChainedJournal(folder.checksums).append(*lines_to_add)


def _is_about(line: bytes, numbers: set[int]) -> bool:
    parsed = parse_checksum_line(line)
    return not isinstance(parsed, SetChecksum) or parsed.frame_set_id in numbers


# State of the session when it was cut off or ended.


def _session(folder: SessionFolder, metadata: SessionMetadata, now: int) -> Session:
    identity = SessionIdentity(
        session_id=folder.path.name,
        resume_sha256=metadata.resume_sha256,
        created=metadata.created,
        game_name=metadata.game_name,
        game_config=metadata.game_config,
        is_custom_name=metadata.is_custom_name,
        uuid=metadata.uuid,
        config_content=metadata.config_content,
        origin=metadata.recorder.get(ORIGIN) or {},
    )
    return Session(identity, _hello(metadata), _restored_state(SessionReader(folder), now))


def _hello(metadata: SessionMetadata) -> Hello:
    recorder = metadata.recorder
    try:
        return Hello(
            protocol=recorder["link_version"],
            script=recorder["script_version"],
            client=recorder["client"],
            system=recorder["system"],
            rom_name=recorder["rom_name"],
            rom_hash=recorder["rom_hash"],
            regions=session_regions(metadata),
            frames_per_set=metadata.num_frames_per_set,
            scan_mode=ScanMode(recorder["scan_mode"]),
            reader=recorder["reader"],
            buttons=tuple(recorder["buttons"]),
            resume="",
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DocumentError(f"the metadata do not hold everything about the recording ({error})") from None


def _restored_state(reader: SessionReader, now: int) -> RestoredState:
    numbers = reader.frame_set_ids()
    listed = reader.listed_sets()
    flawed = [listed[number] for number in numbers if number in listed and listed[number].flaws]
    recent = _recent(reader, numbers)
    metadata = reader.metadata
    until = recent[-1].frames[-1].timestamp if recent else metadata.created
    lost = GapCount(
        frame_sets=numbers[-1] + 1 - len(numbers) if numbers else 0,
        screenshots=sum(lacks_screenshot(line.flaws) for line in flawed),
        flawed=len(flawed),
    )
    return RestoredState(
        counts=SessionCounts(len(numbers), numbers[0], numbers[-1], lost) if numbers else SessionCounts(),
        latched=_latched(reader.folder),
        tags_as_text=_has_tags_as_text(reader, numbers),
        recent=tuple(recent),
        memory=_memory(reader, numbers, listed),
        until=until if metadata.ended is None else metadata.ended,
        found=now,
        ended_by=metadata.ended_by or "",
    )


def _recent(reader: SessionReader, numbers: Sequence[int]) -> list[FrameSet]:
    """Read the last sets, as far back as change counts look."""
    recent: list[FrameSet] = []
    for number in reversed(numbers):
        frame_set = reader.frame_set(number, with_png=not recent)
        if recent and frame_set.frames[-1].frame <= recent[0].frames[-1].frame - FREQ_WINDOW:
            break
        if recent and frame_set.frames[-1].frame + 1 != recent[-1].frames[0].frame:
            break
        recent.append(frame_set)
    return recent[::-1]


def _memory(reader: SessionReader, numbers: Sequence[int], listed: dict[int, SetChecksum]) -> Memory:
    """Rebuild memory from the last image and the changes since."""
    memory = Memory(session_regions(reader.metadata))
    image = _last_image(reader, numbers)
    if image is None:
        return memory
    at, data = image
    memory.load_image(data)
    for before, number in pairwise([-1, *numbers]):
        if number > at:
            if number != before + 1:
                memory.doubt_all()
            memory.forget_named(listed[number].rebaselined if number in listed else ())
            for scan in reader.frame_set(number, with_png=False).changes:
                memory.apply(scan)
    return memory


def _last_image(reader: SessionReader, numbers: Sequence[int]) -> tuple[int, bytes] | None:
    last = numbers[-1] if numbers else -1
    for number, image in reversed(reader.memory_images().items()):
        if number <= last:
            with map_os_errors(reader.folder.path), suppress(DocumentError):
                return number, unpack_image(read_file(image))
    return None


def _has_tags_as_text(reader: SessionReader, numbers: Sequence[int]) -> bool:
    """Return whether the newest frame set has its tags as one text."""
    try:
        data = reader.annotations_file(numbers[-1]) if numbers else b""
        return bool(data) and read_annotations(data).tags_as_text
    except (LabelError, SessionError):
        return False


def _latched(folder: SessionFolder) -> Annotations:
    latched = Annotations()
    for entry in _label_entries(folder):
        if entry.kind == "latch":
            for edit in entry.edits:
                latched = latched.edited(edit.after)
    return latched


def _label_entries(folder: SessionFolder) -> list[Entry]:
    entries = []
    for line in complete_lines(folder.annotation_history):
        with suppress(LabelError):
            entries.append(parse_entry(line))
    return entries
