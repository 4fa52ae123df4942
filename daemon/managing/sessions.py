"""Operations on whole sessions: choose, rename, delete, merge. Shell.

A session that is being recorded is left alone.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

from daemon.analysis.history_file import remove_index
from daemon.disk.file_lock import FileLock
from daemon.disk.files import map_os_errors, remove_tree, replace_file
from daemon.probing.savestates import remove_savestates
from daemon.progress import Progress
from daemon.recording.session_jobs import write_set
from daemon.recording.session_writer import SessionWriter
from daemon.recording.staging import Staging, require_free
from protocol.disk import is_link, read_file, retry_while_held
from protocol.errors import DocumentError, SessionError, SettingsError
from protocol.session.compression import unpack_image
from protocol.session.events import EventRecord
from protocol.session.flaws import borrowed_flaw, borrowed_from
from protocol.session.metadata import GapCount, SessionMetadata
from protocol.session.origin import ORIGIN
from protocol.session.reader import SessionReader, open_session, session_names, stored_session
from protocol.session.seals import renamed_metadata
from protocol.wording import sentence

__all__ = ["chosen_names", "chosen_sessions", "delete_session", "merge_sessions", "rename_session"]


def chosen_names(data_folder: Path, names: Sequence[str]) -> list[str]:
    """Return each name once; `all` alone stands for every session of the data folder.

    Raises:
        SettingsError: all of them are meant and there is none.
    """
    if list(names) == ["all"]:
        names = session_names(data_folder)
        if not names:
            raise SettingsError(f"There is no session in {data_folder}: name the data folder with --data.")
    return list(dict.fromkeys(names))


def chosen_sessions(data_folder: Path, names: Sequence[str]) -> list[SessionReader]:
    """Open sessions by their names, see `chosen_names`.

    Raises:
        SettingsError: all of them are meant and there is none.
        SessionError: there is no such session, or its metadata is damaged.
        LayoutError: no session can have that name.
    """
    return [stored_session(data_folder, name) for name in chosen_names(data_folder, names)]


def rename_session(session: SessionReader, name: str) -> SessionReader:
    """Give a session another name.

    Raises:
        SessionError: that name is taken, the session is being recorded, or its folder is a link.
        LayoutError: the name cannot be a session's.
        StoreError: the disk refused.
    """
    target = require_free(session.folder.path.parent, name)
    _require_no_link(session)
    _at_rest(session)
    with map_os_errors(target.path):
        retry_while_held(lambda: session.folder.path.rename(target.path))
        _remove_caches(target.path.parent, session.session_id)
        replace_file(target.metadata, renamed_metadata(read_file(target.metadata), name))
    return open_session(target.path)


def delete_session(session: SessionReader) -> None:
    """Delete a session. Half of one never stands under its name.

    Raises:
        SessionError: it is being recorded, or its folder is a link.
        StoreError: the disk refused.
    """
    path = session.folder.path
    _require_no_link(session)
    doomed = path.with_name(f".deleting-{path.name}")
    _at_rest(session)
    with map_os_errors(path):
        remove_tree(doomed)
        retry_while_held(lambda: path.rename(doomed))
        _remove_caches(path.parent, path.name)
        remove_tree(doomed)


def _remove_caches(data_folder: Path, session: str) -> None:
    remove_index(data_folder, session)
    remove_savestates(data_folder, session)


def merge_sessions(parts: Sequence[SessionReader], name: str, progress: Progress) -> SessionReader:
    """Make one session of the parts of an interrupted recording; the parts stay as they are.

    Frame sets are numbered on from part to part. Where one part ends and the next begins, an event `jump` marks it.
    What could be undone in the parts' labels cannot be undone in the new session.

    Args:
        parts: two or more sessions of the same game and the same cutting of memory, in any order.
        name: the new session's name, in the data folder of the first part.
        progress: called with how many more frame sets are copied.

    Raises:
        SessionError: the parts do not fit together, one is being recorded, or the name is taken.
        LayoutError: the name cannot be a session's.
        StoreError: the disk refused.
    """
    parts = sorted(map(_at_rest, parts), key=lambda part: part.metadata.created)
    for one, other in pairwise(parts):
        _require_fit(one.metadata, other.metadata)
    numbers = [part.frame_set_ids() for part in parts]
    first = 0
    metadata = _merged(parts, numbers, name)
    with Staging(parts[0].folder.path.parent, name) as staging:
        staging.writer.open(metadata)
        for part, ids in zip(parts, numbers, strict=True):
            _copy(part, ids, first, staging.writer, progress)
            first += ids[-1] + 1 if ids else 0
        staging.writer.write_metadata(metadata)
        return open_session(staging.publish().path)


def _copy(part: SessionReader, ids: Sequence[int], first: int, target: SessionWriter, progress: Progress) -> None:
    """Copy the frame sets, events and memory images of a part, numbered from `first`."""
    rebaselined, images = part.rebaselined(), part.memory_images()
    for number in ids:
        frame_set = part.frame_set(number)
        flaws = (_renumbered(flaw, first) for flaw in frame_set.flaws)
        renumbered = replace(frame_set, frame_set_id=number + first, flaws=tuple(flaws))
        job = write_set(part.session_id, renumbered, rebaselined=rebaselined.get(number, ()))
        target.perform(replace(job, labels=part.annotations_file(number)))
        if number in images:
            target.write_memory(number + first, _read_image(images[number]))
        progress(1)
    if first:
        target.append_event(EventRecord(part.metadata.created, "jump", first, None, {"session": part.session_id}))
    for event in part.events():
        target.append_event(replace(event, frame_set_id=event.frame_set_id + first))


def _read_image(path: Path) -> bytes:
    try:
        return unpack_image(read_file(path))
    except (DocumentError, OSError) as error:
        raise SessionError(sentence(f"{path} is damaged: {error}")) from None


def _renumbered(flaw: str, first: int) -> str:
    origin = borrowed_from(flaw)
    return flaw if origin is None else borrowed_flaw(origin + first)


def _merged(parts: Sequence[SessionReader], numbers: Sequence[Sequence[int]], name: str) -> SessionMetadata:
    total = sum(map(len, numbers))
    lost = [part.metadata.lost for part in parts]
    last = parts[-1].metadata
    return replace(
        parts[0].metadata,
        session_id=name,
        total_frame_sets=total,
        first_set=next((ids[0] for ids in numbers if ids), None),
        last_set=sum(ids[-1] + 1 for ids in numbers if ids) - 1 if total else None,
        is_custom_name=True,
        uuid=str(uuid4()),
        resume_sha256="",
        ended=last.ended or last.created,
        ended_by=last.ended_by or ("made from a log" if last.is_of_a_log else "cut off"),
        recorder={
            **{key: value for key, value in parts[0].metadata.recorder.items() if key != ORIGIN},
            "merged_from": [part.session_id for part in parts],
        },
        lost=GapCount(
            frame_sets=sum(each.frame_sets for each in lost),
            screenshots=sum(each.screenshots for each in lost),
            flawed=sum(each.flawed for each in lost),
        ),
    )


def _require_no_link(session: SessionReader) -> None:
    if is_link(session.folder.path):
        raise SessionError(
            f"{session.session_id} is a link to a folder elsewhere and is left alone: "
            "remove the link by hand, or go to the folder itself."
        )


def _require_fit(one: SessionMetadata, other: SessionMetadata) -> None:
    facts = {
        "frames per set": (one.num_frames_per_set, other.num_frames_per_set),
        "game": (one.game_name, other.game_name),
        "ROM": (one.recorder.get("rom_hash"), other.recorder.get("rom_hash")),
        "regions": (one.recorder.get("regions"), other.recorder.get("regions")),
    }
    for what, (here, there) in facts.items():
        if here != there:
            raise SessionError(
                f"{one.session_id} and {other.session_id} are not parts of one recording: their {what} differ."
            )


def _at_rest(session: SessionReader) -> SessionReader:
    """Open a session that nobody records again, as its recording may have ended since.

    What a crash left half-written of it is cleared away: under another name nobody would find it.

    Raises:
        SessionError: it is being recorded.
    """
    with map_os_errors(session.folder.path):
        lock = FileLock.take(session.folder.lock)
    if lock is None:
        raise SessionError(f"{session.session_id} is being recorded: end it first.")
    try:
        with map_os_errors(session.folder.staging):
            remove_tree(session.folder.staging)
        return open_session(session.folder.path)
    finally:
        lock.release()
