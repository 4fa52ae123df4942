"""Read access to recorded sessions: events, frame sets, labels, screenshots. Shell."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from protocol.errors import DocumentError, SessionError
from protocol.session.annotations import Annotations
from protocol.session.event_document import frames_of
from protocol.session.frame_set import hex_word, key_list
from protocol.session.layout import session_folder
from protocol.session.reader import SessionReader
from webui.errors import MissingError

__all__ = ["Archive", "existing_session"]


def existing_session(data_folder: Path, session: str) -> SessionReader:
    """Return the reader of a session; its metadata may be damaged.

    Raises:
        LayoutError: no session can have that name.
        MissingError: there is no such session.
    """
    folder = session_folder(data_folder, session)
    if not folder.path.is_dir():
        raise MissingError(f"There is no session {session}.")
    return SessionReader(folder)


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
            SessionError: the file cannot be read.
        """
        return [event.as_map() for event in self._reader(session).events()]

    def frame_set(self, session: str, number: int) -> dict[str, Any]:
        """Read a frame set's `event.json`, its `annotations`, and `screenshot`.

        `screenshot` is whether it has a screenshot of its own.

        Raises:
            LayoutError: no session can have that name.
            MissingError: there is no such session or frame set, or its file is damaged.
        """
        reader = self._reader(session)
        document, labels = _event(reader, number), None
        with suppress(SessionError):
            labels = reader.annotations(number)
        labels = labels or Annotations()
        return {**document, "screenshot": reader.has_screenshot(number), "annotations": labels.as_map()}

    def files(self, session: str, number: int) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """Read a frame set's `event.json` and `annotations.json`; None where it was never labelled.

        Raises:
            LayoutError: no session can have that name.
            MissingError: there is no such session or frame set, or its file is damaged.
        """
        reader = self._reader(session)
        document = _event(reader, number)
        with suppress(SessionError):
            return document, reader.annotations_document(number)
        return document, None

    def program_counters(self, session: str, numbers: Iterable[int]) -> dict[int, str]:
        """Read the program counters at the end of some frame sets, without their changes.

        Frame sets that are not there, or whose file is not laid out as ours, are left out.

        Raises:
            LayoutError: no session can have that name.
            MissingError: there is no such session.
        """
        reader = self._reader(session)
        ends = ((number, reader.event_ends(number)) for number in numbers)
        return {number: document["pc"] for number, document in ends if document and isinstance(document.get("pc"), str)}

    def metadata(self, session: str) -> dict[str, Any]:
        """Read a session's metadata without its resume token; empty where they cannot be read.

        Raises:
            LayoutError: no session can have that name.
        """
        with suppress(SessionError):
            document = SessionReader(session_folder(self.data_folder, session)).metadata_document()
            return {name: value for name, value in document.items() if not name.startswith("resume")}
        return {}

    def must_exist(self, session: str) -> None:
        """Make sure that there is a session.

        Raises:
            LayoutError: no session can have that name.
            MissingError: there is no such session.
        """
        self._reader(session)

    def screenshot(self, session: str, number: int) -> bytes:
        """Read a frame set's PNG.

        Raises:
            LayoutError: no session can have that name.
            MissingError: there is no such session, frame set or screenshot.
            SessionError: the file cannot be read.
        """
        png = self._reader(session).screenshot(number)
        if not png:
            raise MissingError(f"Frame set {number} of session {session} has no screenshot.")
        return png

    def _reader(self, session: str) -> SessionReader:
        return existing_session(self.data_folder, session)


def _event(reader: SessionReader, number: int) -> dict[str, Any]:
    session = reader.session_id
    try:
        document = reader.event_document(number)
    except SessionError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            raise MissingError(f"Session {session} has no frame set {number}.") from None
        raise MissingError(f"The event.json of frame set {number} in session {session} is damaged.") from None
    return document if {"pc", "current_keys"} <= document.keys() else _with_keys(document)


def _with_keys(document: dict[str, Any]) -> dict[str, Any]:
    """Complete the `event.json` of a later converter of the original.

    Its program counter may be unknown: None.
    """
    with suppress(DocumentError):
        for last in frames_of(document)[-1:]:
            pc = hex_word(last.pc) if "program_counters" in document or "pc" in document else None
            return {**document, "pc": pc, "current_keys": key_list(last.current_keys)}
    return {"pc": None, "current_keys": [], **document}
