"""Many frame sets to disk: a thread of its own waits for the disk. Shell.

Unlike the daemon's store it promises nothing about a single frame set: it fills the folder of a session that gets its
name when all of it is there.
"""

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from queue import Queue
from threading import Thread
from types import TracebackType
from typing import Self

from daemon.files import guarded
from daemon.journals import append
from protocol.annotations import Annotations, annotations_json
from protocol.documents import FrameSet, event_json
from protocol.integrity import ChecksumLine, ChunkName, ImageChecksum, SetChecksum, checksum, checksum_line
from protocol.layout import SessionFolder

__all__ = ["BulkWriter"]

_WAITING_SETS = 64
"""Frame sets that wait for the disk at most: some megabytes."""

_CHECKSUMS = 256
"""Checksums that are appended at once."""

_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class BulkWriter:
    """Writes frame sets of a new session. A context manager: at its end all of them are written.

    Args:
        folder: the session's folder, which exists.
    """

    def __init__(self, folder: SessionFolder) -> None:
        self._folder = folder
        self._jobs: Queue[Callable[[], None] | None] = Queue(_WAITING_SETS)
        self._checksums: list[bytes] = []
        self._failure: Exception | None = None
        self._thread = Thread(target=self._work, name="bulk writer", daemon=True)

    def __enter__(self) -> Self:
        """Start the thread."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait until everything is written.

        Raises:
            StoreError: the disk refused something.
        """
        self._jobs.put(self._append_checksums)
        self._jobs.put(None)
        self._thread.join()
        if error is None:
            self._check()

    def write(
        self, frame_set: FrameSet, labels: Annotations | None = None, sighted: tuple[ChunkName, ...] = ()
    ) -> None:
        """Write the folder of a frame set, soon.

        Args:
            frame_set: what to write.
            labels: its labels; None where it was never labelled.
            sighted: chunks that were seen for the first time or anew in it.

        Raises:
            StoreError: the disk refused something earlier.
        """
        self._check()
        number = frame_set.frame_set_id
        event = event_json(frame_set)
        files = {self._folder.event(number): event}
        if frame_set.png:
            files[self._folder.screenshot(number)] = frame_set.png
        if labels is not None:
            files[self._folder.annotations(number)] = annotations_json(labels)
        self._jobs.put(partial(self._write_set, files, number, event, frame_set.png, frame_set.flaws, sighted))

    def copy_image(self, number: int, source: Path) -> None:
        """Copy the full memory image after a frame set, soon.

        Raises:
            StoreError: the disk refused something earlier.
        """
        self._check()
        self._jobs.put(partial(self._copy_image, number, source))

    def _check(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if self._failure is None:
                try:
                    with guarded(self._folder.path):
                        job()
                except Exception as error:  # raised again where somebody waits for it
                    self._failure = error

    def _write_set(
        self,
        files: Mapping[Path, bytes],
        number: int,
        event: bytes,
        png: bytes,
        flaws: tuple[str, ...],
        sighted: tuple[ChunkName, ...],
    ) -> None:
        self._folder.frame_set(number).mkdir()
        for path, data in files.items():
            _write_file(path, data)
        self._sum_up(SetChecksum(number, checksum(event), checksum(png) if png else "", flaws, sighted))

    def _copy_image(self, number: int, source: Path) -> None:
        data = source.read_bytes()
        self._folder.memory.mkdir(exist_ok=True)
        _write_file(self._folder.memory_image(number), data)
        self._sum_up(ImageChecksum(number, checksum(data)))

    def _sum_up(self, line: ChecksumLine) -> None:
        self._checksums.append(checksum_line(line))
        if len(self._checksums) >= _CHECKSUMS:
            self._append_checksums()

    def _append_checksums(self) -> None:
        append(self._folder.checksums, b"".join(self._checksums))
        self._checksums.clear()


def _write_file(path: Path, data: bytes) -> None:
    file = os.open(path, _NEW_FILE, 0o666)
    try:
        written = 0
        while written < len(data):
            written += os.write(file, memoryview(data)[written:])
    finally:
        os.close(file)
