"""Files of one session, written complete or not at all. Shell.

A file or folder is written under a name of its own and gets its final name by rename. The checksums of a frame set are
on disk before the set is.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import zstandard

from daemon.disk.durability import Wrote
from daemon.disk.file_lock import FileLock
from daemon.disk.files import clear_partials, map_os_errors, remove_tree, replace_file, write_file
from daemon.disk.journals import ChainedJournal, truncate_partial_line
from daemon.writer.jobs import (
    Abandon,
    Append,
    Claim,
    Close,
    Job,
    Journal,
    Open,
    RefreshMetadata,
    WriteMemory,
    WriteMetadata,
    WriteSet,
    content_bytes,
)
from daemon.writer.log_queue import LogQueue, StoredImage, StoredSet
from protocol.disk import complete_lines
from protocol.errors import FileHeldError, StoreError
from protocol.held_files import is_held
from protocol.session.integrity import (
    ChecksumLine,
    ImageChecksum,
    SetChecksum,
    checksum,
    checksum_line,
    parse_checksum_line,
)
from protocol.session.layout import PARTIAL, SessionFolder
from protocol.session.seals import Seal, checked_metadata
from protocol.wording import own_fault

__all__ = ["ROOM_TO_GO_ON", "SessionFiles"]

ROOM_TO_GO_ON = 4 << 20
"""Bytes that must fit the disk before a recording that was refused goes on: many frame sets, not just the next one."""

_EVENT, _LABELS = "event.json", "annotations.json"


class SessionFiles:
    """Files of one session's folder.

    After a failure it refuses everything until `open` succeeds, so that no frame set is stored after one that was not.
    `FileHeldError`, another program holds a file, is no failure: the same is to be asked again a little later.
    Where a method is called *again*, it or a killed writer may have done the same, in full or in part.

    Args:
        folder: the session's folder.
        wrote: called with what was written.
    """

    def __init__(self, folder: SessionFolder, wrote: Wrote = lambda _paths: None) -> None:
        self._folder = folder
        self._wrote = wrote
        self._lock: FileLock | None = None
        self._checksums = ChainedJournal(folder.checksums, stays_open=True)
        self._journals = {
            Journal.EVENTS: ChainedJournal(folder.events),
            Journal.PROOFS: ChainedJournal(folder.proofs),
        }
        self._failure: StoreError | None = None
        self._refresh: Future[None] | None = None
        self._complete: SetChecksum | None = None
        self._log = LogQueue(folder, wrote)

    @property
    def is_log_due(self) -> bool:
        """True where `work_on_log` has something to do."""
        return self._log.is_due

    def work_on_log(self) -> None:
        """Do some milliseconds of work for the log of changes. It fails without a consequence."""
        self._log.work()

    def take_log_notice(self) -> str:
        """Take the sentence that the log of changes lacks something; else empty."""
        return self._log.take_notice()

    def perform(self, job: Job, *, again: bool = False) -> None:
        """Carry out a job of this session.

        Raises:
            StoreError: the disk refuses; or another daemon records this session.
        """
        match job:
            case WriteSet():
                self.write_frame_set(job, again=again)
            case Append(_, journal, line):
                self.append(journal, content_bytes(line), again=again)
            case WriteMemory(_, number, image):
                self.write_memory(number, image, again=again)
            case WriteMetadata(_, metadata):
                self.write_metadata(content_bytes(metadata), seals=True)
            case RefreshMetadata(_, metadata):
                self.refresh_metadata(content_bytes(metadata))
            case Claim():
                self.claim()
            case Open(_, metadata):
                self.open(content_bytes(metadata))
            case Close(_, discard):
                self.close()
                if discard:
                    self.delete()
            case Abandon(_, reason):
                self.abandon(reason)

    def claim(self) -> None:
        """Take the lock of a session that is there, and repair what a crash left.

        Raises:
            StoreError: the disk refuses; or another daemon records this session.
        """
        with self._guarded():
            self._take_lock()
            self._sweep()
            for journal in (self._folder.events, self._folder.proofs, self._folder.checksums):
                truncate_partial_line(journal)
            self._close_journals()
            self._withdraw_missing_images()
        self._log.open()

    def open(self, metadata: bytes) -> None:
        """Begin, or go on after a failure or an end.

        Raises:
            StoreError: the disk refuses, still; or another daemon records this session.
        """
        failed, self._failure = self._failure is not None, None
        with self._guarded():
            self._folder.path.mkdir(parents=True, exist_ok=True)
            self._take_lock()
            if failed:
                self._sweep()
                self._try_room()
                self._withdraw_missing_images()
        self.write_metadata(metadata)
        self._log.open()

    def close(self) -> None:
        """Let go of the session; `open` takes it again."""
        self._log.finish()
        self._await_refresh()
        self._close_journals()
        if self._lock is not None:
            with suppress(OSError):
                self._folder.staging.rmdir()
            self._lock.release()
            self._lock = None

    def delete(self) -> None:
        """Delete the folder of a session that has no frame set.

        Raises:
            StoreError: the disk refused.
        """
        with self._guarded():
            if self._folder.path.is_dir():
                shutil.rmtree(self._folder.path)
            remove_tree(self._folder.staging, is_patient=False)

    def write_metadata(self, metadata: bytes, *, seals: bool = False) -> None:
        """Write `session_metadata.json`, and the session's folder with it.

        Args:
            metadata: its content.
            seals: whether the session has ended, so that its metadata hold the seal of the other files.

        Raises:
            StoreError: the disk refused.
        """
        self._await_refresh()
        if seals:
            self._log.finish()
        with self._guarded():
            self._folder.path.mkdir(parents=True, exist_ok=True)
            checked = checked_metadata(metadata, self._seal() if seals else None)
            replace_file(self._folder.metadata, checked, at_once=True, is_patient=False)
            self._wrote((self._folder.path, self._folder.path.parent))

    def refresh_metadata(self, metadata: bytes) -> None:
        """Write `session_metadata.json` on a thread, unless the last refresh is under way.

        Making sure that a power cut leaves the old file or the new one takes a disk many milliseconds: no frame set
        waits for that.
        """
        if self._failure is None and (self._refresh is None or self._refresh.done()):
            self._refresh = _refresh_pool().submit(_replace_quietly, self._folder.metadata, checked_metadata(metadata))

    def write_frame_set(self, frame_set: WriteSet, *, again: bool = False) -> None:
        """Write the folder of a frame set.

        Raises:
            StoreError: the disk refused; nothing of the set is left.
        """
        number = frame_set.number
        partial, final = self._folder.partial(number), self._folder.frame_set(number)
        with self._guarded():
            if again and final.exists():
                return
            contents = _contents(frame_set)
            try:
                line = self._complete
                if line is None or line.frame_set_id != number:
                    self._make(partial)
                    for name, data in contents.items():
                        write_file(f"{partial}/{name}", data)
                    line = _set_checksum(frame_set, contents)
                    self._append_checksums(line, again=again)
                    self._complete = line  # Where only the rename is refused, only the rename is tried again.
                partial.rename(final)
            except OSError as error:
                if not is_held(error):
                    shutil.rmtree(partial, ignore_errors=True)
                raise
            self._complete = None
            self._log.add(StoredSet(number, line.event, frame_set.rebaselined, content_bytes(frame_set.columns)))
            self._wrote((*(final / name for name in contents), final, self._folder.checksums, self._folder.path))

    def append(self, journal: Journal, line: bytes, *, again: bool = False) -> None:
        """Append a line to a journal.

        Raises:
            StoreError: the disk refused.
        """
        lines = self._journals[journal]
        with self._guarded():
            if not (again and lines.tail_contains(line)):
                lines.append(line)
                self._wrote((self._folder.events if journal is Journal.EVENTS else self._folder.proofs,))

    def write_memory(self, number: int, image: bytes, *, again: bool = False) -> None:
        """Write the full memory image after a frame set.

        Raises:
            StoreError: the disk refused.
        """
        path = self._folder.memory_image(number)
        with self._guarded():
            data = zstandard.compress(image, 3)
            self._append_checksums(ImageChecksum(number, checksum(data)), again=again)
            replace_file(path, data, is_patient=False)
            self._log.add(StoredImage(number, image))
            self._wrote((path, self._folder.checksums, self._folder.path))

    def abandon(self, reason: str) -> None:
        """Refuse everything from now on.

        Raises:
            StoreError: always, with the reason.
        """
        with self._guarded():
            raise StoreError(reason)

    def _take_lock(self) -> None:
        if self._lock is None:
            self._lock = FileLock.take(self._folder.lock)
        if self._lock is None:
            raise StoreError(f"{self._folder.path} is being recorded by another gbatrace.")

    def _await_refresh(self) -> None:
        if self._refresh is not None:
            wait([self._refresh])

    def _sweep(self) -> None:
        """Clear away what a crash or a failure left half-written."""
        clear_partials(self._folder.path)
        clear_partials(self._folder.older_memory)
        remove_tree(self._folder.staging, is_patient=False)

    def _make(self, partial: Path) -> None:
        try:
            partial.mkdir()
        except FileNotFoundError:  # The session's first frame set.
            partial.parent.mkdir()
            partial.mkdir()
        except FileExistsError:
            shutil.rmtree(partial)
            partial.mkdir()

    def _append_checksums(self, line: ChecksumLine, *, again: bool) -> None:
        if not (again and self._checksums.tail_contains(checksum_line(line))):
            self._checksums.append(checksum_line(line))

    def _close_journals(self) -> None:
        for journal in (self._checksums, *self._journals.values()):
            journal.close()

    def _seal(self) -> Seal:
        self._close_journals()  # An import has copied journals of its own.
        others = [path for path in (self._folder.rejected_rows, self._folder.start_state) if path.is_file()]
        return Seal(
            events=self._journals[Journal.EVENTS].link(),
            proofs=self._journals[Journal.PROOFS].link(),
            checksums=self._checksums.link(),
            change_log=self._log.link,
            files={path.name: checksum(path.read_bytes()) for path in others},
        )

    def _withdraw_missing_images(self) -> None:
        """Withdraw the checksums of memory images that are listed and were never written."""
        lines = map(parse_checksum_line, complete_lines(self._folder.checksums))
        listed = {line.frame_set_id: line.memory for line in lines if isinstance(line, ImageChecksum)}
        for number, memory in listed.items():
            places = self._folder.memory_image(number), self._folder.older_memory / f"{number}.bin.zst"
            if memory and not any(place.is_file() for place in places):
                self._checksums.append(checksum_line(ImageChecksum(number, "")))

    def _try_room(self) -> None:
        trial = self._folder.path / f".room{PARTIAL}"
        try:
            write_file(trial, os.urandom(ROOM_TO_GO_ON))
        finally:
            with suppress(OSError):
                trial.unlink()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        if self._failure is not None:
            raise self._failure
        try:
            with map_os_errors(self._folder.path):
                yield
        except FileHeldError:
            raise
        except Exception as error:
            ours = own_fault("store something", error)
            self._failure = error if isinstance(error, StoreError) else StoreError(ours)
            if isinstance(error.__cause__, FileNotFoundError) and not self._folder.path.exists():
                self._failure = StoreError(
                    f"The folder {self._folder.path} was deleted while it was being written, and what was stored in it "
                    "is lost: what is played from now on goes into a new one."
                )
                self.close()
            self._complete = None
            self._close_journals()
            raise self._failure from error


@cache
def _refresh_pool() -> Executor:
    return ThreadPoolExecutor(1, "refresh")


def _replace_quietly(path: Path, data: bytes) -> None:
    with suppress(OSError):
        replace_file(path, data, at_once=True, is_patient=False)


def _contents(frame_set: WriteSet) -> dict[str, bytes]:
    """Return the files of a frame set's folder, by name."""
    contents = {_EVENT: content_bytes(frame_set.event)}
    if frame_set.labels:
        contents[_LABELS] = content_bytes(frame_set.labels)
    if frame_set.png:
        contents[f"{frame_set.number}.png"] = frame_set.png
    return contents


def _set_checksum(frame_set: WriteSet, contents: Mapping[str, bytes]) -> SetChecksum:
    event, labels = checksum(contents[_EVENT]), checksum(contents[_LABELS]) if _LABELS in contents else ""
    png = checksum(frame_set.png) if frame_set.png else ""
    return SetChecksum(frame_set.number, event, png, frame_set.flaws, frame_set.rebaselined, labels)
