"""Reader of a session folder, for daemon and page alike. Shell: never writes."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from protocol.disk import complete_lines, read_file, without_links
from protocol.errors import DocumentError, LabelError, LayoutError, SessionError
from protocol.session.annotations import Annotations, annotations_document, parse_annotations
from protocol.session.event_document import END_BYTES, count_changes, event_ends
from protocol.session.events import EventRecord, parse_event_line
from protocol.session.frame_set import FrameSet
from protocol.session.integrity import ChunkName, SetChecksum, listed_sets, parse_checksum_line
from protocol.session.json_values import json_object
from protocol.session.layout import SessionFolder, frame_set_id, memory_image_id, session_folder, session_id
from protocol.session.metadata import ChunkGrids, SessionMetadata, chunk_grids, parse_metadata
from protocol.session.origin import savestate_frame
from protocol.wording import sentence

__all__ = ["NO_LABELS", "SessionReader", "open_session", "session_names", "stored_session"]

NO_LABELS = 0
"""Stamp of a frame set without a file of labels."""


class SessionReader:
    """Reader of one session.

    Nothing is read before it is asked for; links in the folder are not followed. Every method touches the disk, and
    raises `SessionError` where a file is damaged or cannot be read; the error's cause is then a `FileNotFoundError`
    where there is no such file.

    Args:
        folder: the session's folder.
    """

    def __init__(self, folder: SessionFolder) -> None:
        self.folder = folder

    @property
    def session_id(self) -> str:
        """The folder's name, also where somebody renamed the folder alone."""
        return self.folder.path.name

    @cached_property
    def metadata(self) -> SessionMetadata:
        """The session's metadata, read once."""
        with _reading(self.folder.metadata):
            return parse_metadata(self._read(self.folder.metadata))

    def metadata_document(self) -> dict[str, Any]:
        """Read `session_metadata.json` with all of its keys."""
        with _reading(self.folder.metadata):
            return json_object(self._read(self.folder.metadata))

    @cached_property
    def grids(self) -> ChunkGrids:
        """Chunk grids of the session's regions."""
        return chunk_grids(self.metadata)

    def frame_set_ids(self) -> list[int]:
        """List the frame sets, ascending, by their folders' names alone."""
        numbers = []
        with _reading(self.folder.path), os.scandir(self.folder.path) as entries:
            for entry in entries:
                with suppress(LayoutError):
                    number = frame_set_id(entry.name)
                    if entry.is_dir(follow_symlinks=False):
                        numbers.append(number)
        return sorted(numbers)

    def frame_set(self, number: int, *, with_png: bool = True) -> FrameSet:
        """Read a frame set.

        Args:
            number: its id.
            with_png: whether to read its screenshot as well.
        """
        from protocol.session.event_json import parse_event  # noqa: PLC0415 - the page has no need of numpy

        with _reading(self.folder.event(number)):
            return parse_event(self.event_file(number), self.screenshot(number) if with_png else b"", self.grids)

    def frame_sets(self, *, with_png: bool = True) -> Iterator[FrameSet]:
        """Read all frame sets, ascending, one at a time."""
        for number in self.frame_set_ids():
            yield self.frame_set(number, with_png=with_png)

    def event_file(self, number: int) -> bytes:
        """Read a frame set's `event.json` as it is."""
        path = self.folder.event(number)
        with _reading(path):
            return self._read(path)

    def event_document(self, number: int) -> dict[str, Any]:
        """Read a frame set's `event.json` with all of its keys."""
        with _reading(self.folder.event(number)):
            return json_object(self.event_file(number))

    def counted_event(self, number: int) -> tuple[dict[str, Any], dict[str, int]]:
        """Read a frame set's `event.json` without its changes, which are counted by region."""
        with _reading(self.folder.event(number)):
            return count_changes(self.event_file(number))

    def event_ends(self, number: int) -> dict[str, Any] | None:
        """Read a frame set's `event.json` without changes and frames, from both ends of the file.

        Returns:
            Its other keys; None where it is not laid out as ours or cannot be read: then all of it has to be read.
        """
        path = self.folder.event(number)
        with suppress(OSError), without_links(self.folder.path, path).open("rb", buffering=0) as file:
            head = file.read(END_BYTES[0])
            file.seek(max(0, file.seek(0, os.SEEK_END) - END_BYTES[1]))
            return event_ends(head, file.read(END_BYTES[1]))
        return None

    def screenshot(self, number: int) -> bytes:
        """Read a frame set's PNG; empty where it has none."""
        return self._optional(self.folder.screenshot(number))

    def has_screenshot(self, number: int) -> bool:
        """Return whether a frame set has a screenshot of its own."""
        try:
            return without_links(self.folder.path, self.folder.screenshot(number)).is_file()
        except FileNotFoundError:
            return False

    def annotations(self, number: int) -> Annotations | None:
        """Read a frame set's labels; None where it was never labelled."""
        with _reading(self.folder.annotations(number)):
            data = self.annotations_file(number)
            return parse_annotations(data) if data else None

    def annotations_document(self, number: int) -> dict[str, Any] | None:
        """Read a frame set's `annotations.json` with all of its keys; None without one."""
        with _reading(self.folder.annotations(number)):
            data = self.annotations_file(number)
            return annotations_document(data) if data else None

    def annotations_file(self, number: int) -> bytes:
        """Read a frame set's `annotations.json` as it is; empty where it has none."""
        return self._optional(self.folder.annotations(number))

    def label_stamps(self, numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Yield each frame set's number and when its labels were written, ns, or `NO_LABELS`."""
        # A path object for each of them would take three times as long as asking the system.
        parent, name = os.fspath(self.folder.path), self.folder.annotations(0).name
        for number in numbers:
            try:
                yield number, os.stat(f"{parent}{os.sep}{number}{os.sep}{name}").st_mtime_ns  # noqa: PTH116 - see above
            except OSError:
                yield number, NO_LABELS

    def listed_sets(self) -> dict[int, SetChecksum]:
        """Read the line of checksums that counts of each frame set, by its number."""
        with _reading(self.folder.checksums):
            return listed_sets(map(parse_checksum_line, complete_lines(self.folder.checksums)))

    def rebaselined(self) -> dict[int, tuple[ChunkName, ...]]:
        """Return the chunks that were seen for the first time or anew, by frame set."""
        return {number: line.rebaselined for number, line in self.listed_sets().items() if line.rebaselined}

    def memory_images(self) -> dict[int, Path]:
        """List the full memory images by the frame sets after which they were made, ascending."""
        folder = self.folder
        found: dict[int, Path] = {}
        with _reading(folder.path):
            for path in (*folder.older_memory.glob("*.bin.zst"), *folder.path.glob("memory_*.bin.zst")):
                with suppress(LayoutError, FileNotFoundError):
                    found[memory_image_id(path.name)] = without_links(folder.path, path)
        return dict(sorted(found.items()))

    def start_state(self) -> bytes | None:
        """Return the savestate from which a headless session starts; None for any other session."""
        if savestate_frame(self.metadata) is None:
            return None
        from protocol.session.compression import unpack_state  # noqa: PLC0415 - the page's process does without zstandard

        with _reading(self.folder.start_state):
            return unpack_state(self._read(self.folder.start_state))

    def events(self) -> list[EventRecord]:
        """Read the session's events, oldest first. A line that a crash cut short is left out."""
        found = []
        with _reading(self.folder.events):
            for line in complete_lines(self.folder.events):
                with suppress(DocumentError):
                    found.append(parse_event_line(line))
        return found

    def _read(self, path: Path) -> bytes:
        return read_file(without_links(self.folder.path, path))

    def _optional(self, path: Path) -> bytes:
        with _reading(path):
            try:
                return self._read(path)
            except FileNotFoundError:
                return b""


def open_session(path: Path) -> SessionReader:
    """Open a session folder, of ours or of the original tool.

    Raises:
        SessionError: there is no session at that path, or its metadata is damaged.
    """
    reader = SessionReader(SessionFolder(path.absolute()))
    if not reader.folder.metadata.is_file():
        raise SessionError(f"{path} is not a session: there is no {reader.folder.metadata.name} in it.")
    _ = reader.metadata
    return reader


def stored_session(data_folder: Path, session: str) -> SessionReader:
    """Open a session of a data folder.

    Args:
        data_folder: the session folders.
        session: its id.

    Raises:
        SessionError: there is no such session, or its metadata is damaged.
        LayoutError: no session can have that name.
    """
    return open_session(session_folder(data_folder, session).path)


def session_names(data_folder: Path) -> list[str]:
    """List the sessions of a data folder; folders that are none are passed over.

    Raises:
        SessionError: the data folder cannot be read.
    """
    names = []
    with _reading(data_folder), os.scandir(data_folder) as entries:
        for entry in entries:
            with suppress(LayoutError):
                if entry.is_dir() and SessionFolder(data_folder / session_id(entry.name)).metadata.is_file():
                    names.append(entry.name)
    return sorted(names)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Say which file it was that could not be read or understood."""
    try:
        yield
    except (DocumentError, LabelError) as error:
        raise SessionError(sentence(f"{path} is damaged: {error}")) from None
    except OSError as error:
        raise SessionError(f"{path} cannot be read ({error.strerror or error}).") from error
