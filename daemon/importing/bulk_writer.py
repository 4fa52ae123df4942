"""Many frame sets to disk. Shell.

Unlike the daemon's store this promises nothing about a single frame set: it fills the folder of a session that gets its
name when all of it is there.
"""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from daemon.disk.files import map_os_errors
from daemon.disk.journals import ChainedJournal
from protocol.disk import read_file
from protocol.session.event_json import event_json
from protocol.session.frame_set import FrameSet
from protocol.session.integrity import ChunkName, ImageChecksum, SetChecksum, checksum, checksum_line
from protocol.session.layout import SessionFolder

__all__ = ["ChecksumJournal", "copy_image", "write_set"]

_LINES = 256
"""Checksums that are appended at once."""

_ANY = SessionFolder(Path())
_EVENT, _PNG, _ANNOTATIONS = _ANY.event(0).name, _ANY.screenshot(0).suffix, _ANY.annotations(0).name
"""Names of the files of a frame set: joined as texts, paths take more time than what is written."""

_FILE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


def write_set(
    folder: SessionFolder,
    frame_set: FrameSet,
    labels: bytes = b"",
    sighted: tuple[ChunkName, ...] = (),
) -> bytes:
    """Write the folder of a frame set.

    Args:
        folder: the session's, which exists.
        frame_set: what to write.
        labels: its `annotations.json`; empty where it was never labelled.
        sighted: chunks that were seen for the first time or anew in it.

    Returns:
        The set's line of `checksums.jsonl`.

    Raises:
        StoreError: the disk refused.
    """
    number, png = frame_set.frame_set_id, frame_set.png
    event = event_json(frame_set)
    path = folder.frame_set(number)
    with map_os_errors(path):
        path.mkdir(exist_ok=True)
        directory = f"{path}{os.sep}"
        _write_file(f"{directory}{_EVENT}", event)
        if png:
            _write_file(f"{directory}{number}{_PNG}", png)
        if labels:
            _write_file(f"{directory}{_ANNOTATIONS}", labels)
    hashes = checksum(event), checksum(png) if png else ""
    return checksum_line(SetChecksum(number, *hashes, frame_set.flaws, sighted, checksum(labels) if labels else ""))


def copy_image(folder: SessionFolder, number: int, source: Path) -> bytes:
    """Copy the full memory image after a frame set.

    Returns:
        The image's line of `checksums.jsonl`.

    Raises:
        StoreError: the disk refused.
    """
    with map_os_errors(folder.path):
        data = read_file(source)
        _write_file(folder.memory_image(number), data)
    return checksum_line(ImageChecksum(number, checksum(data)))


class ChecksumJournal:
    """Appends to `checksums.jsonl`, many lines at once. A context manager: at its end all of them are there.

    Args:
        folder: the session's folder, which exists.
    """

    def __init__(self, folder: SessionFolder) -> None:
        self._path = folder.checksums
        self._journal = ChainedJournal(folder.checksums)
        self._lines: list[bytes] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._append()

    def add(self, line: bytes) -> None:
        """Append a line, soon.

        Raises:
            StoreError: the disk refused.
        """
        self._lines.append(line)
        if len(self._lines) >= _LINES:
            self._append()

    def _append(self) -> None:
        with map_os_errors(self._path):
            self._journal.append(*self._lines)
        self._lines.clear()


def _write_file(path: Path | str, data: bytes) -> None:
    descriptor = os.open(path, _FILE, 0o666)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)
