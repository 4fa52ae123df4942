"""The files of one session: complete or not at all. Runs on the store's thread only.

A file or folder is written under a name of its own and gets its final name by rename.
"""

import errno
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import zstandard

from protocol.documents import EventRecord, FrameSet, SessionMetadata, event_json, event_line, metadata_json
from protocol.errors import DiskFullError, StoreError
from protocol.layout import SessionFolder

__all__ = ["SessionWriter"]

_NO_ROOM = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_RENAME_TRIES = 6
_RENAME_PAUSE = 0.02
"""Seconds between tries: on Windows a virus scanner may hold a fresh file for a moment."""


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
            _replace(self._folder.metadata, metadata_json(metadata))

    def write_frame_set(self, frame_set: FrameSet) -> None:
        """Write the folder of a frame set.

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
                if frame_set.png:
                    (partial / self._folder.screenshot(number).name).write_bytes(frame_set.png)
                _patiently(lambda: partial.rename(final))
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
            _replace(self._folder.memory_image(frame_set_id), zstandard.compress(image, 3))

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        if self._failure is not None:
            raise self._failure
        try:
            yield
        except OSError as error:
            self._failure = _store_error(self._folder.path, error)
            raise self._failure from error


def _replace(path: Path, data: bytes) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(data)
    _patiently(lambda: os.replace(partial, path))  # noqa: PTH105 - the same call, said as what it does


def _patiently(rename: Callable[[], object]) -> None:
    for attempt in range(_RENAME_TRIES):
        try:
            rename()
        except PermissionError:
            if attempt == _RENAME_TRIES - 1:
                raise
            time.sleep(_RENAME_PAUSE)
        else:
            return


def _store_error(path: Path, error: OSError) -> StoreError:
    if error.errno in _NO_ROOM:
        return DiskFullError(f"The disk with {path} is full: make room, recording goes on by itself.")
    return StoreError(f"{path} can not be written ({error.strerror}): check the folder and its permissions.")
