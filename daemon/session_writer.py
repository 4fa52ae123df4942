"""The files of one session: complete or not at all. Runs on the store's thread only.

A file or folder is written under a name of its own and gets its final name by rename. The checksums of a frame set are
on disk before the set is.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import zstandard

from daemon.durability import Wrote
from daemon.files import guarded, rename_patiently, replace_file
from daemon.journals import append
from daemon.recording_lock import RecordingLock
from protocol.annotations import Annotations, annotations_json
from protocol.documents import EventRecord, FrameSet, SessionMetadata, event_json, event_line, metadata_json
from protocol.errors import StoreError
from protocol.integrity import ChunkName, ImageChecksum, ProofRecord, SetChecksum, checksum, checksum_line, proof_line
from protocol.layout import SessionFolder

__all__ = ["MAX_HELD", "ROOM_TO_GO_ON", "SessionWriter"]

ROOM_TO_GO_ON = 4 << 20
"""Bytes that must fit the disk before a recording that was refused goes on: many frame sets, not just the next one."""

MAX_HELD = 1000
"""Lines of events and proofs that wait for a disk that refuses."""


class SessionWriter:
    """Writes one session's folder.

    After a failure it refuses every frame set until `open` succeeds, so that none is stored behind one that was not.
    Lines of events and proofs are kept meanwhile.

    Args:
        folder: the session's folder.
        wrote: told what was written.
        lock: the session's lock where it is held already.
    """

    def __init__(
        self, folder: SessionFolder, wrote: Wrote = lambda _paths: None, lock: RecordingLock | None = None
    ) -> None:
        self._folder = folder
        self._wrote = wrote
        self._lock = lock
        self._failure: StoreError | None = None
        self._held: list[tuple[Path, bytes]] = []

    def open(self, metadata: SessionMetadata) -> None:
        """Begin, or go on after a failure or an end.

        Raises:
            StoreError: the disk refuses, still; or another daemon records this session.
        """
        failed, self._failure = self._failure is not None, None
        with self._guarded():
            self._folder.memory.mkdir(parents=True, exist_ok=True)
            if failed:
                self._try_room()
            if self._lock is None:
                self._lock = RecordingLock.take(self._folder.lock)
            if self._lock is None:
                raise StoreError(f"{self._folder.path} is being recorded by another gbatrace.")
        self.write_metadata(metadata)
        while self._held:
            self._append(*self._held[0])
            del self._held[0]

    def close(self) -> None:
        """Let go of the session; `open` takes it again."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def write_metadata(self, metadata: SessionMetadata) -> None:
        """Write `session_metadata.json`, and the session's folder with it.

        Raises:
            StoreError: the disk refused.
        """
        with self._guarded():
            self._folder.memory.mkdir(parents=True, exist_ok=True)
            replace_file(self._folder.metadata, metadata_json(metadata), at_once=True)
            self._wrote((self._folder.path, self._folder.path.parent))

    def write_frame_set(
        self, frame_set: FrameSet, labels: Annotations | None = None, sighted: tuple[ChunkName, ...] = ()
    ) -> None:
        """Write the folder of a frame set.

        Args:
            frame_set: what to write.
            labels: the labels that it starts with, if any.
            sighted: chunks that were seen for the first time or anew in it.

        Raises:
            StoreError: the disk refused; nothing of the set is left.
        """
        number = frame_set.frame_set_id
        partial, final = self._folder.partial(number), self._folder.frame_set(number)
        with self._guarded():
            event = event_json(frame_set)
            files = {self._folder.event(number): event}
            if labels is not None:
                files[self._folder.annotations(number)] = annotations_json(labels)
            if frame_set.png:
                files[self._folder.screenshot(number)] = frame_set.png
            png = checksum(frame_set.png) if frame_set.png else ""
            line = checksum_line(SetChecksum(number, checksum(event), png, frame_set.flaws, sighted))
            try:
                partial.mkdir()
            except FileExistsError:
                shutil.rmtree(partial)
                partial.mkdir()
            try:
                for path, data in files.items():
                    (partial / path.name).write_bytes(data)
                append(self._folder.checksums, line)
                rename_patiently(lambda: partial.rename(final))
            except OSError:
                shutil.rmtree(partial, ignore_errors=True)
                raise
            self._wrote((*files, final, self._folder.checksums, self._folder.path))

    def append_event(self, event: EventRecord) -> None:
        """Append a line to `events.jsonl`.

        Raises:
            StoreError: the disk refused; the line is kept for later.
        """
        self._append_or_hold(self._folder.events, event_line(event))

    def append_proof(self, proof: ProofRecord) -> None:
        """Append a line to `proofs.jsonl`.

        Raises:
            StoreError: the disk refused; the line is kept for later.
        """
        self._append_or_hold(self._folder.proofs, proof_line(proof))

    def write_memory(self, frame_set_id: int, image: bytes) -> None:
        """Write a full memory image.

        Raises:
            StoreError: the disk refused.
        """
        path = self._folder.memory_image(frame_set_id)
        with self._guarded():
            data = zstandard.compress(image, 3)
            append(self._folder.checksums, checksum_line(ImageChecksum(frame_set_id, checksum(data))))
            replace_file(path, data)
            self._wrote((path, self._folder.memory, self._folder.checksums))

    def _append_or_hold(self, path: Path, line: bytes) -> None:
        try:
            self._append(path, line)
        except StoreError:
            if len(self._held) < MAX_HELD:
                self._held.append((path, line))
            raise

    def _append(self, path: Path, line: bytes) -> None:
        with self._guarded():
            append(path, line)
            self._wrote((path,))

    def _try_room(self) -> None:
        trial = self._folder.path / ".room.partial"
        try:
            trial.write_bytes(os.urandom(ROOM_TO_GO_ON))
        finally:
            with suppress(OSError):
                trial.unlink()

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
