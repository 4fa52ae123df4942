"""The session folders as the page reads them: folders are the truth, and nothing here writes."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from protocol.disk import read_file, unlinked
from protocol.errors import DocumentError, LabelError
from protocol.session.annotations import Annotations, annotations_document, parse_annotations
from protocol.session.event_document import frames_of
from protocol.session.frame_set import hex_word
from protocol.session.layout import SessionFolder, session_folder
from webui.errors import MissingError

__all__ = ["Archive"]


class Archive:
    """Reads a data folder. Every method touches the disk and may take a while.

    Args:
        data_folder: where the session folders are.
    """

    def __init__(self, data_folder: Path) -> None:
        self.data_folder = data_folder

    def events(self, session: str) -> list[dict[str, Any]]:
        """Read a session's events, oldest first. A line that a crash cut short is left out.

        Raises:
            LayoutError: no session can have that name.
            MissingError: there is no such session.
        """
        folder = self._folder(session)
        try:
            lines = read_file(unlinked(folder.path, folder.events)).splitlines()
        except FileNotFoundError:
            return []
        return [event for event in map(_event, lines) if event is not None]

    def frame_set(self, session: str, number: int) -> dict[str, Any]:
        """Read a frame set's `event.json`, with `screenshot`, whether it has a picture of its own, and `annotations`.

        Raises:
            LayoutError: no session can have that name.
            MissingError: there is no such session or frame set, or its file is damaged.
        """
        folder = self._folder(session)
        document = self._event(folder, number)
        labels = Annotations()
        with suppress(FileNotFoundError, LabelError):
            labels = parse_annotations(read_file(unlinked(folder.path, folder.annotations(number))))
        return {**document, "screenshot": _is_there(folder, folder.screenshot(number)), "annotations": labels.as_map()}

    def files(self, session: str, number: int) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """Read a frame set's `event.json` and `annotations.json` as they are; None where it was never labelled.

        Raises:
            LayoutError: no session can have that name.
            MissingError: there is no such session or frame set, or its file is damaged.
        """
        folder = self._folder(session)
        document = self._event(folder, number)
        with suppress(FileNotFoundError, LabelError):
            return document, annotations_document(read_file(unlinked(folder.path, folder.annotations(number))))
        return document, None

    def metadata(self, session: str) -> dict[str, Any]:
        """Read a session's `session_metadata.json` without its resume token; empty where it cannot be read.

        Raises:
            LayoutError: no session can have that name.
        """
        folder = session_folder(self.data_folder, session)
        with suppress(OSError, orjson.JSONDecodeError):
            document = orjson.loads(read_file(unlinked(folder.path, folder.metadata)))
            if isinstance(document, dict):
                return {name: value for name, value in document.items() if not name.startswith("resume")}
        return {}

    def must_exist(self, session: str) -> None:
        """Make sure that there is a session.

        Raises:
            LayoutError: no session can have that name.
            MissingError: there is no such session.
        """
        self._folder(session)

    def screenshot(self, session: str, number: int) -> bytes:
        """Read a frame set's PNG.

        Raises:
            LayoutError: no session can have that name.
            MissingError: there is no such session, frame set or picture.
        """
        try:
            folder = self._folder(session)
            return read_file(unlinked(folder.path, folder.screenshot(number)))
        except FileNotFoundError:
            raise MissingError(f"Frame set {number} of session {session} has no screenshot.") from None

    def _event(self, folder: SessionFolder, number: int) -> dict[str, Any]:
        session = folder.path.name
        try:
            document = orjson.loads(read_file(unlinked(folder.path, folder.event(number))))
        except FileNotFoundError:
            raise MissingError(f"Session {session} has no frame set {number}.") from None
        except orjson.JSONDecodeError:
            raise MissingError(f"The event.json of frame set {number} in session {session} is damaged.") from None
        if not isinstance(document, dict):
            raise MissingError(f"The event.json of frame set {number} in session {session} is damaged.")
        return document if {"pc", "current_keys"} <= document.keys() else _with_keys(document)

    def _folder(self, session: str) -> SessionFolder:
        folder = session_folder(self.data_folder, session)
        if not folder.path.is_dir():
            raise MissingError(f"There is no session {session}.")
        return folder


def _with_keys(document: dict[str, Any]) -> dict[str, Any]:
    """Complete the `event.json` of a later converter of the original; its program counter may be unknown: None."""
    with suppress(DocumentError):
        for last in frames_of(document)[-1:]:
            pc = hex_word(last.pc) if "program_counters" in document or "pc" in document else None
            return {**document, "pc": pc, "current_keys": [last.current_keys] if last.current_keys else []}
    return {"pc": None, "current_keys": [], **document}


def _is_there(folder: SessionFolder, path: Path) -> bool:
    try:
        return unlinked(folder.path, path).is_file()
    except FileNotFoundError:
        return False


def _event(line: bytes) -> dict[str, Any] | None:
    try:
        event = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(event, dict):
        return None
    event.pop("chain", None)  # Proves the file; see `protocol.link.hash_chain`.
    return event
