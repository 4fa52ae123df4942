"""A session folder as values. Shell: reads, never writes."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from daemon.disk.journals import complete_lines
from protocol.disk import read_file, unlinked
from protocol.errors import DocumentError, LabelError, LayoutError, SessionError, SettingsError
from protocol.session.annotations import Annotations, annotations_document, parse_annotations
from protocol.session.event_json import parse_event
from protocol.session.events import EventRecord, parse_event_line
from protocol.session.frame_set import FrameSet
from protocol.session.integrity import ChunkName, listed_sets, parse_checksum_line
from protocol.session.layout import SessionFolder, frame_set_id, memory_image_id, session_folder, session_id
from protocol.session.metadata import ChunkGrids, SessionMetadata, chunk_grids, parse_metadata
from protocol.wording import sentence

__all__ = ["SessionReader", "chosen_sessions", "frame_set_ids", "memory_images", "open_session", "session_names"]


class SessionReader:
    """Reads one session. Made by `open_session`.

    Every method touches the disk, and raises `SessionError` where a file is damaged or cannot be read.

    Args:
        folder: the session's folder.
        metadata: what its `session_metadata.json` says.
    """

    def __init__(self, folder: SessionFolder, metadata: SessionMetadata) -> None:
        self.folder = folder
        self.metadata = metadata

    @property
    def session_id(self) -> str:
        """The folder's name, which outlives a careless rename of the folder."""
        return self.folder.path.name

    @cached_property
    def grids(self) -> ChunkGrids:
        """How the session's regions were cut."""
        return chunk_grids(self.metadata)

    def frame_set_ids(self) -> list[int]:
        """List the frame sets, ascending, by their folders' names alone."""
        return frame_set_ids(self.folder.path)

    def frame_set(self, number: int, *, with_png: bool = True) -> FrameSet:
        """Read a frame set.

        Args:
            number: its id.
            with_png: whether to read its screenshot as well.
        """
        path = self.folder.event(number)
        with _reading(path):
            return parse_event(
                read_file(unlinked(self.folder.path, path)), self.screenshot(number) if with_png else b"", self.grids
            )

    def frame_sets(self, *, with_png: bool = True) -> Iterator[FrameSet]:
        """Read all frame sets, ascending, one at a time."""
        for number in self.frame_set_ids():
            yield self.frame_set(number, with_png=with_png)

    def screenshot(self, number: int) -> bytes:
        """Read a frame set's PNG; empty where it has none."""
        return self._optional(self.folder.screenshot(number))

    def annotations(self, number: int) -> Annotations | None:
        """Read a frame set's labels; None where it was never labelled."""
        with _reading(self.folder.annotations(number)):
            data = self.annotations_file(number)
            return parse_annotations(data) if data else None

    def annotations_document(self, number: int) -> dict[str, Any] | None:
        """Read a frame set's `annotations.json` with all of its keys; None where it was never labelled."""
        with _reading(self.folder.annotations(number)):
            data = self.annotations_file(number)
            return annotations_document(data) if data else None

    def annotations_file(self, number: int) -> bytes:
        """Read a frame set's `annotations.json` as it is; empty where it has none."""
        return self._optional(self.folder.annotations(number))

    def _optional(self, path: Path) -> bytes:
        with _reading(path):
            try:
                return read_file(unlinked(self.folder.path, path))
            except FileNotFoundError:
                return b""

    def sighted(self) -> dict[int, tuple[ChunkName, ...]]:
        """Tell which chunks were seen for the first time or anew, by the frame sets in which that happened."""
        with _reading(self.folder.checksums):
            lines = map(parse_checksum_line, complete_lines(self.folder.checksums))
            sets = listed_sets(lines)
        return {number: line.sighted for number, line in sets.items() if line.sighted}

    def memory_images(self) -> dict[int, Path]:
        """List the full memory images by the frame sets after which they were made, ascending."""
        with _reading(self.folder.path):
            return memory_images(self.folder)

    def events(self) -> list[EventRecord]:
        """Read the session's events, oldest first. A line that a crash cut short is left out."""
        with _reading(self.folder.events):
            try:
                lines = read_file(unlinked(self.folder.path, self.folder.events)).splitlines()
            except FileNotFoundError:
                return []
        return [event for event in map(_event, lines) if event is not None]


def open_session(path: Path) -> SessionReader:
    """Open a session folder, of ours or of the original tool.

    Raises:
        SessionError: there is no session at that path, or its metadata is damaged.
    """
    folder = SessionFolder(path.absolute())
    if not folder.metadata.is_file():
        raise SessionError(f"{path} is not a session: there is no {folder.metadata.name} in it.")
    with _reading(folder.metadata):
        return SessionReader(folder, parse_metadata(read_file(unlinked(folder.path, folder.metadata))))


def frame_set_ids(session: Path) -> list[int]:
    """List the frame sets of a session folder, ascending, by their folders' names alone.

    Raises:
        SessionError: the folder cannot be read.
    """
    with _reading(session), os.scandir(session) as entries:
        return sorted(
            number for entry in entries if (number := _number(entry.name)) is not None and not entry.is_symlink()
        )


def memory_images(folder: SessionFolder) -> dict[int, Path]:
    """List the full memory images of a session by the frame sets after which they were made, ascending.

    Raises:
        OSError: the folder cannot be read.
    """
    found: dict[int, Path] = {}
    for path in (*folder.older_memory.glob("*.bin.zst"), *folder.path.glob("memory_*.bin.zst")):
        with suppress(LayoutError):
            number = memory_image_id(path.name)
            with suppress(FileNotFoundError):
                found[number] = unlinked(folder.path, path)
    return dict(sorted(found.items()))


def session_names(data_folder: Path) -> list[str]:
    """List the sessions of a data folder; folders that are none are passed over.

    Raises:
        SessionError: the data folder cannot be read.
    """
    with _reading(data_folder), os.scandir(data_folder) as entries:
        names = sorted(entry.name for entry in entries if entry.is_dir() and _is_session_id(entry.name))
    return [name for name in names if SessionFolder(data_folder / name).metadata.is_file()]


def chosen_sessions(data_folder: Path, names: Sequence[str]) -> list[SessionReader]:
    """Open sessions by their names; `all` alone stands for every session of the data folder.

    Raises:
        SettingsError: all of them are meant and there is none.
        SessionError: there is no such session, or its metadata is damaged.
        LayoutError: no session can have that name.
    """
    if list(names) == ["all"]:
        names = session_names(data_folder)
        if not names:
            raise SettingsError(f"There is no session in {data_folder}: name the data folder with --data.")
    return [open_session(session_folder(data_folder, name).path) for name in dict.fromkeys(names)]


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Say which file it was that could not be read or understood."""
    try:
        yield
    except (DocumentError, LabelError) as error:
        raise SessionError(sentence(f"{path} is damaged: {error}")) from None
    except OSError as error:
        raise SessionError(f"{path} cannot be read ({error.strerror or error}).") from error


def _number(name: str) -> int | None:
    try:
        return frame_set_id(name)
    except LayoutError:
        return None


def _event(line: bytes) -> EventRecord | None:
    try:
        return parse_event_line(line)
    except DocumentError:
        return None


def _is_session_id(name: str) -> bool:
    try:
        return session_id(name) == name
    except LayoutError:
        return False
