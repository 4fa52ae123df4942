"""Index of a session's memory with its labels and events, opened by its folder. Shell."""

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from daemon.analysis.history import History
from daemon.analysis.history_file import HistoryFiles
from daemon.analysis.label_reader import LabelReader
from daemon.analysis.small_pictures import SmallPictures
from daemon.analysis.timeline import Timeline
from protocol.changes import Bools
from protocol.disk import LineTail
from protocol.errors import DocumentError, GbatraceError, SessionError
from protocol.session.annotations import Annotations
from protocol.session.change_log_reader import ChangeLogReader
from protocol.session.events import MARK, EventRecord, parse_event_line
from protocol.session.metadata import SessionMetadata, memory_regions
from protocol.session.reader import SessionReader, stored_session

__all__ = ["CACHED", "RecordedSession", "SessionHistory", "open_history"]

CACHED = 1_000_000
"""Entries from which on an index is kept on disk; a smaller one is built in the time that opening it takes."""


@dataclass(frozen=True, slots=True, eq=False)
class RecordedSession:
    """A session as it was when it was last refreshed, for several threads.

    Only its labels are always those of now.

    Args:
        metadata: the session's.
        history: the index of its memory.
        events: its events, oldest first.
        label_reader: reads its labels when they are asked for.
        pictures: reads its pictures when they are asked for.
    """

    metadata: SessionMetadata
    history: History
    events: tuple[EventRecord, ...]
    label_reader: LabelReader
    pictures: SmallPictures

    @property
    def timeline(self) -> Timeline:
        """Its frame sets and frames."""
        return self.history.timeline

    @property
    def marks(self) -> list[int]:
        """Ids of the frame sets in which marks were set, in their order."""
        return [event.frame_set_id for event in self.events if event.name == MARK]

    def labels_of(self, number: int) -> Annotations | None:
        """Return the labels of a frame set; None where it has none.

        Raises:
            SessionError: the history of labels cannot be read.
        """
        return self.label_reader.labels(self.timeline.numbers).of(number)

    def values_of_labels(self, field: str) -> list[str]:
        """Return a field's value in each frame set, empty where there is none: shape (n,).

        Args:
            field: of the labels, one that holds a single text.

        Raises:
            SessionError: the history of labels cannot be read.
        """
        numbers = self.timeline.numbers
        return self.label_reader.labels(numbers).values(numbers, field)

    def labelled(self, field: str, value: str) -> Bools:
        """Return which frame sets have a label, shape (n,).

        Args:
            field: of the labels; `tags` and `complete` too.
            value: of the field; of tags one of them, of `complete` `true` or `false`.

        Raises:
            SessionError: the history of labels cannot be read.
        """
        numbers = self.timeline.numbers
        return self.label_reader.labels(numbers).labelled(numbers, field, value)


class SessionHistory:
    """A session that is read once and then kept up with.

    For one thread; what `now` gives may go to others.

    Args:
        reader: the session.

    Raises:
        SessionError: its metadata, its checksums or its events cannot be read.
    """

    def __init__(self, reader: SessionReader) -> None:
        self._folder = reader.folder
        self._stamp = self._metadata_stamp()
        self._follow(reader)
        self._take()

    @property
    def now(self) -> RecordedSession:
        """The session with all that the last `refresh` found."""
        return self._now

    @property
    def history(self) -> History:
        """The index of its memory."""
        return self._now.history

    def refresh(self) -> bool:
        """Take what was stored since the last time.

        Returns:
            Whether there is anything new but labels.

        Raises:
            SessionError: the session is no longer there, or cannot be read.
        """
        stamp = self._metadata_stamp()
        if stamp != self._stamp:  # Rare: is it still the same session?
            reader = SessionReader(self._folder)
            if _identity(reader.metadata) != _identity(self._now.metadata):
                self._follow(reader)
            self._stamp = stamp
        return self._take()

    def _follow(self, reader: SessionReader) -> None:
        """Begin with a session of which nothing has been read."""
        metadata = reader.metadata
        self._reader = reader
        self._changes = ChangeLogReader(reader)
        self._files = HistoryFiles(self._folder.path.parent, self._folder.path.name)
        history = History.of(memory_regions(metadata), metadata.num_frames_per_set)
        cached = self._files.load(history)
        if cached is not None and self._changes.resume(cached.last_block()):
            history = cached
        self._cached = len(history)
        self._events = LineTail(reader.folder.events)
        self._now = RecordedSession(
            metadata=metadata,
            history=history,
            events=(),
            label_reader=LabelReader(reader),
            pictures=SmallPictures(reader),
        )

    def _take(self) -> bool:
        before = self._now
        try:
            lines, is_another = self._events.new_lines()
        except OSError as error:
            raise SessionError(f"{self._folder.events} cannot be read ({error.strerror or error}).") from error
        events = () if is_another else before.events
        for line in lines:
            with suppress(DocumentError):
                events += (parse_event_line(line),)
        try:
            history = before.history.extended(self._changes.new_blocks())
        except GbatraceError:
            self._follow(self._reader)  # Some of it was read and is lost: the next time begins anew.
            raise
        if len(history) - self._cached >= max(CACHED, self._cached):
            self._files.save(history)
            self._cached = len(history)
        if history is before.history and not lines and not is_another:
            return False
        self._now = replace(before, history=history, events=events)
        return True

    def _metadata_stamp(self) -> int:
        try:
            return self._folder.metadata.stat().st_mtime_ns
        except OSError as error:
            raise SessionError(f"{self._folder.path} is not there any more ({error.strerror or error}).") from error


def open_history(data_folder: Path, session: str) -> SessionHistory:
    """Open the index of a session, which is built where there is none yet.

    Args:
        data_folder: where the sessions are.
        session: its id.

    Raises:
        SessionError: there is no such session, or it cannot be read.
        LayoutError: no session can have that name.
    """
    return SessionHistory(stored_session(data_folder, session))


def _identity(metadata: SessionMetadata) -> tuple[str, int, object]:
    return metadata.uuid, metadata.created, metadata.recorder.get("regions")
