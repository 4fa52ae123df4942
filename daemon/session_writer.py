"""The files of one session: complete or not at all. Runs on the store's thread only.

A file or folder is written under a name of its own and gets its final name by rename.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import zstandard

from daemon.files import guarded, rename_patiently, replace_file
from protocol.annotations import Annotations, annotations_json
from protocol.documents import EventRecord, FrameSet, SessionMetadata, event_json, event_line, metadata_json
from protocol.errors import StoreError
from protocol.layout import SessionFolder

__all__ = ["SessionWriter"]


class SessionWriter:
    """Writes one session's folder.

    After a failure it refuses everything until `recover`, so that no frame set is stored behind one that was not.

    Args:
        folder: the session's folder.
    """

    def __init__(self, folder: SessionFolder) -> None:
        self._folder = folder
        self._failure: StoreError | None = None

    def recover(self) -> None:
        """Try again after a failure: the script has come back."""
        self._failure = None

    def write_metadata(self, metadata: SessionMetadata) -> None:
        """Write `session_metadata.json`, and the session's folder with it.

        Raises:
            StoreError: the disk refused.
        """
        with self._guarded():
            self._folder.memory.mkdir(parents=True, exist_ok=True)
            replace_file(self._folder.metadata, metadata_json(metadata))

    def write_frame_set(self, frame_set: FrameSet, labels: Annotations | None = None) -> None:
        """Write the folder of a frame set, with the labels that it starts with, if any.

        Raises:
            StoreError: the disk refused; nothing of the set is left.
        """
        number = frame_set.frame_set_id
        partial, final = self._folder.partial(number), self._folder.frame_set(number)
        with self._guarded():
            try:
                partial.mkdir()
            except FileExistsError:
                shutil.rmtree(partial)
                partial.mkdir()
            try:
                (partial / self._folder.event(number).name).write_bytes(event_json(frame_set))
                if labels is not None:
                    (partial / self._folder.annotations(number).name).write_bytes(annotations_json(labels))
                if frame_set.png:
                    (partial / self._folder.screenshot(number).name).write_bytes(frame_set.png)
                rename_patiently(lambda: partial.rename(final))
            except OSError:
                shutil.rmtree(partial, ignore_errors=True)
                raise

    def append_event(self, event: EventRecord) -> None:
        """Append a line to `events.jsonl`.

        Raises:
            StoreError: the disk refused.
        """
        with self._guarded(), self._folder.events.open("ab") as file:
            file.write(event_line(event))

    def write_memory(self, frame_set_id: int, image: bytes) -> None:
        """Write a full memory image.

        Raises:
            StoreError: the disk refused.
        """
        with self._guarded():
            replace_file(self._folder.memory_image(frame_set_id), zstandard.compress(image, 3))

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        if self._failure is not None:
            raise self._failure
        try:
            with guarded(self._folder.path):
                yield
        except StoreError as error:
            self._failure = error
            raise
