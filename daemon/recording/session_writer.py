"""Writer of one session within this process, for imports. Shell; waits for held files."""

import time
from collections.abc import Callable

from daemon.recording.session_jobs import append_event, write_set
from daemon.writer.jobs import Job, WriteMemory
from daemon.writer.session_files import SessionFiles
from protocol.errors import FileHeldError
from protocol.held_files import pauses
from protocol.session.events import EventRecord
from protocol.session.frame_set import FrameSet
from protocol.session.layout import SessionFolder
from protocol.session.metadata import SessionMetadata, metadata_json

__all__ = ["SessionWriter"]


class SessionWriter:
    """Writer of one session's folder; its methods raise `StoreError` where the disk refuses.

    Args:
        folder: the session's folder.
    """

    def __init__(self, folder: SessionFolder) -> None:
        self._name = folder.path.name
        self._files = SessionFiles(folder)

    def perform(self, job: Job) -> None:
        """Carry out a job of the session."""
        _patiently(lambda again: self._files.perform(job, again=again))
        while self._files.is_log_due:
            self._files.work_on_log()

    def open(self, metadata: SessionMetadata) -> None:
        """Begin, or go on after a failure or an end."""
        _patiently(lambda _again: self._files.open(metadata_json(metadata)))

    def close(self) -> None:
        """Let go of the session; `open` takes it again."""
        self._files.close()

    def write_metadata(self, metadata: SessionMetadata) -> None:
        """Write `session_metadata.json`, with the seal where the session has ended."""
        seals = metadata.ended_by is not None
        _patiently(lambda _again: self._files.write_metadata(metadata_json(metadata), seals=seals))

    def write_frame_set(self, frame_set: FrameSet) -> None:
        """Write the folder of a frame set."""
        self.perform(write_set(self._name, frame_set))

    def append_event(self, event: EventRecord) -> None:
        """Append a line to `events.jsonl`."""
        self.perform(append_event(self._name, event))

    def write_memory(self, frame_set_id: int, image: bytes) -> None:
        """Write a full memory image."""
        self.perform(WriteMemory(self._name, frame_set_id, image))


def _patiently(write: Callable[[bool], None]) -> None:
    """Write, again and again while another program holds a file of the session."""
    again = False
    for pause in pauses():
        try:
            write(again)
        except FileHeldError:
            again = True
            time.sleep(pause)
        else:
            return
    write(again)
