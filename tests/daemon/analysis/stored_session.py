"""A session that is stored set by set while its index is open."""

import weakref
from pathlib import Path

from daemon.analysis.session_history import SessionHistory, open_history
from daemon.labels.history import Entry, SetEdit
from daemon.labels.writer import LabelWriter
from daemon.recording.session_jobs import write_set
from daemon.recording.session_writer import SessionWriter
from protocol.session.annotations import Annotations
from protocol.session.events import EventRecord
from protocol.session.frame_set import FrameSet
from protocol.session.layout import session_folder
from tests.daemon.importing.made import REGIONS, frame_set, metadata, scan

COUNTER = 0x0300_0010


def played(number: int) -> FrameSet:
    """A set in which a counter goes up."""
    return frame_set(number, [scan("iwram", 5 * number, [COUNTER], current=number + 1)])


class StoredSession:
    """A session that is being recorded."""

    def __init__(self, data: Path, name: str = "evening", uuid: str = "1") -> None:
        self.data = data
        self.name = name
        self.folder = session_folder(data, name)
        self.writer = SessionWriter(self.folder)
        weakref.finalize(self, self.writer.close)  # Not at the end of a test: until then it is being recorded.
        recorder = {"regions": [region.as_map() for region in REGIONS]}
        self.writer.open(metadata(name, [], recorder=recorder, uuid=uuid))
        self._entries = 0

    def store(self, *numbers: int, labels: Annotations | None = None) -> None:
        for number in numbers:
            self.writer.perform(write_set(self.name, played(number), labels))

    def mark(self, number: int) -> None:
        self.writer.append_event(EventRecord(1000, "mark", number))

    def label(self, number: int, *, writes_file: bool = True, **labels: str) -> None:
        """Give labels as the daemon does: the history first, then the file."""
        writer = LabelWriter(self.folder)
        edits = [SetEdit(number, dict.fromkeys(labels, ""), dict(labels))]
        self._entries += 1
        writer.append(Entry(self._entries, 5, "ann", "page", "edit", None, tuple(edits)))
        if writes_file:
            writer.carry_out(edits)

    def opened(self) -> SessionHistory:
        return open_history(self.data, self.name)
