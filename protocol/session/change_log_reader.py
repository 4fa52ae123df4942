"""Reader of a session's changes: from `changes.log`, and the folders that it lacks. Shell.

A record of the log counts where its set's folder is there and its check is that of the checksums. From the first block
on of which that is not true, the blocks are made from the folders, by the builder that the writer uses; so are those of
a session without a log. A folder whose `event.json` cannot be read, or is not as it was stored, does not count either.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from protocol.disk import LineTail, read_file, without_links
from protocol.errors import DocumentError, SessionError
from protocol.session.change_log import BLOCK_SETS, LogBlock, PlacedBlock, placed_blocks, set_check
from protocol.session.change_log_builder import LogBuilder, LoggedSet
from protocol.session.change_rows import ChangeColumns, change_columns, parse_change_rows
from protocol.session.compression import unpack_image
from protocol.session.event_document import frames_of, split_event
from protocol.session.event_json import parse_event
from protocol.session.frame_set import FrameRecord
from protocol.session.integrity import (
    ChunkName,
    ImageChecksum,
    SetChecksum,
    Withdrawn,
    checksum,
    parse_checksum_line,
)
from protocol.session.json_values import json_object
from protocol.session.metadata import memory_regions
from protocol.session.reader import SessionReader

__all__ = ["ChangeLogReader", "logged_blocks"]

_IMAGE_PATIENCE = 2.0
"""Seconds for the memory image that follows a set with rebaselined chunks to be there."""


def logged_blocks(reader: SessionReader) -> Iterator[LogBlock]:
    """Read the changes of a session, its log's blocks first, then those made from folders.

    Raises:
        SessionError: the session's folder, its metadata or its checksums cannot be read.
    """
    return ChangeLogReader(reader).new_blocks()


@dataclass(frozen=True, slots=True)
class _Listed:
    """The line of checksums of a frame set."""

    event: str
    rebaselined: tuple[ChunkName, ...]


class ChangeLogReader:
    """Reader of a session's changes that goes on where it stopped, while recording goes on.

    Args:
        reader: the session.

    Raises:
        SessionError: its metadata cannot be read.

    Attributes:
        builder: the mirror of all blocks that were read.
    """

    def __init__(self, reader: SessionReader) -> None:
        self._reader = reader
        regions = memory_regions(reader.metadata)
        self.builder = LogBuilder(regions)
        self._image_size = sum(region.size for region in regions)
        self._checksums = _ChecksumTail(reader.folder.checksums)
        self._is_open = reader.metadata.ended_by is None
        self._newest = -1
        self._stamp = 0

    def new_blocks(self) -> Iterator[LogBlock]:
        """Read what was stored since the last time; you must exhaust it.

        Raises:
            SessionError: the session's folder or its checksums cannot be read.
        """
        if self.builder.last is None:
            for placed in self.logged_blocks():
                yield placed.block
        yield from self.folder_blocks()

    def logged_blocks(self) -> Iterator[PlacedBlock]:
        """Read the blocks of the log that count, before anything else is read.

        Raises:
            SessionError: the session's folder or its checksums cannot be read.
        """
        numbers = np.array(self._reader.frame_set_ids(), np.uint32)
        self._checksums.read_on()
        for placed in placed_blocks(self._log()):
            block = placed.block
            if not np.array_equal(block.numbers, numbers[: len(block.numbers)]) or not self._all_checked(block):
                return
            numbers = numbers[len(block.numbers) :]
            self.builder.follow([block])
            yield placed

    def resume(self, block: LogBlock) -> bool:
        """Go on behind frame sets that were read before, in place of reading the log.

        Args:
            block: all of them, and what their memory came to.

        Returns:
            Whether they are still the session's first ones; if not, nothing was done.

        Raises:
            SessionError: the session's folder or its checksums cannot be read.
        """
        numbers = np.array(self._reader.frame_set_ids(), np.uint32)
        self._checksums.read_on()
        if not len(block.numbers) or not np.array_equal(block.numbers, numbers[: len(block.numbers)]):
            return False
        if not self._all_checked(block):
            return False
        self.builder.follow([block])
        return True

    def folder_blocks(self) -> Iterator[LogBlock]:
        """Make blocks of the frame sets that were stored since, from their folders.

        Raises:
            SessionError: the session's folder or its checksums cannot be read.
        """
        numbers = self.new_numbers()
        for first in range(0, len(numbers), BLOCK_SETS):
            for logged, image in self.read_sets(numbers[first : first + BLOCK_SETS]):
                if self.builder.is_full and (block := self.builder.take()) is not None:
                    yield block
                with suppress(DocumentError):  # One that the log has no room for.
                    self.builder.add_logged(logged)
                    if image is not None:
                        self.builder.image(logged.number, image)
        rest = self.builder.take()
        if rest is not None:
            yield rest

    def new_numbers(self) -> list[int]:
        """List the frame sets behind the last one of the builder.

        Raises:
            SessionError: the session's folder or its checksums cannot be read.
        """
        numbers = self._listed_numbers()
        self._newest = numbers[-1] if numbers else -1
        self._checksums.read_on()  # After the folders, whose lines are there before them.
        return numbers

    def read_sets(self, numbers: Sequence[int]) -> Iterator[tuple[LoggedSet, bytes | None]]:
        """Read frame sets of `new_numbers` for the log, each with the memory image after it, if any.

        Those that cannot be read, or are not as they were stored, are left out. So is the newest while its image may
        still be to come, a moment after its set.
        """
        for logged in self._logged_sets(numbers):
            image = self._image(logged.number)
            is_newest = self._is_open and logged.number == self._newest
            if not (is_newest and logged.rebaselined and image is None and self._is_fresh(logged.number)):
                yield logged, image

    def _listed_numbers(self) -> list[int]:
        last, folder = self.builder.last, self._reader.folder
        if last is None:
            return self._reader.frame_set_ids()
        numbers: list[int] = []
        while folder.event(last + 1 + len(numbers)).exists():
            numbers.append(last + 1 + len(numbers))
        if numbers:
            return numbers
        # Every set that is renamed into the folder stamps it: a long one is not listed each time.
        stamp = folder.path.stat().st_mtime_ns
        if stamp == self._stamp:
            return []
        self._stamp = stamp
        return [number for number in self._reader.frame_set_ids() if number > last]

    def _log(self) -> bytes:
        folder = self._reader.folder
        try:
            return read_file(without_links(folder.path, folder.change_log))
        except OSError:
            return b""  # The folders have all of it.

    def _all_checked(self, block: LogBlock) -> bool:
        listed = self._checksums.sets
        return all(
            number in listed and set_check(listed[number].event) == check
            for number, check in zip(block.numbers.tolist(), block.checks.tolist(), strict=True)
        )

    def _is_fresh(self, number: int) -> bool:
        with suppress(OSError):
            return time.time() - self._reader.folder.event(number).stat().st_mtime < _IMAGE_PATIENCE
        return False

    def _image(self, number: int) -> bytes | None:
        """Read a memory image; None where there is none, or it is not as it was stored."""
        listed = self._checksums.images.get(number)
        if not listed:
            return None
        folder = self._reader.folder
        for path in (folder.memory_image(number), folder.older_memory / f"{number}.bin.zst"):
            with suppress(OSError, DocumentError):
                data = read_file(without_links(folder.path, path))
                if checksum(data) == listed and len(image := unpack_image(data)) == self._image_size:
                    return image
        return None

    def _logged_sets(self, numbers: Sequence[int]) -> Iterator[LoggedSet]:
        files = []
        for number in numbers:
            with suppress(SessionError):
                data = self._reader.event_file(number)
                sha256, listed = checksum(data), self._checksums.sets.get(number)
                if listed is None or listed.event == sha256:
                    files.append(
                        _EventFile(number, data, set_check(sha256), () if listed is None else listed.rebaselined)
                    )
        try:
            yield from _parsed_together(files)
        except DocumentError:
            for file in files:
                with suppress(DocumentError):
                    yield self._parsed_alone(file)

    def _parsed_alone(self, file: "_EventFile") -> LoggedSet:
        frame_set = parse_event(file.data, grids=self._reader.grids)
        if frame_set.frame_set_id != file.number:
            raise DocumentError("it is another frame set's")
        (logged,) = _sets_of([file], [frame_set.frames], change_columns([frame_set]))
        return logged


@dataclass(frozen=True, slots=True)
class _EventFile:
    number: int
    data: bytes
    check: int
    rebaselined: tuple[ChunkName, ...]


def _parsed_together(files: Sequence[_EventFile]) -> list[LoggedSet]:
    """Read frame sets that are laid out as ours, their rows in one step.

    Raises:
        DocumentError: one of them is not.
    """
    parts = [split_event(file.data) for file in files]
    laid_out = [part for part in parts if part is not None]
    columns = parse_change_rows([file.number for file in files], [rows for _, rows in laid_out])
    if columns is None or len(laid_out) < len(parts):
        raise DocumentError("it is laid out in another way")
    frames = []
    for file, (head, _) in zip(files, laid_out, strict=True):
        document = json_object(head)
        if document.get("frame_set_id") != file.number:
            raise DocumentError("it is another frame set's")
        frames.append(frames_of(document))
    return list(_sets_of(files, frames, columns))


def _sets_of(
    files: Sequence[_EventFile], frames: Sequence[Sequence[FrameRecord]], columns: ChangeColumns
) -> Iterator[LoggedSet]:
    """Cut changes of many frame sets into those of each; a set without frames is left out."""
    is_first = np.zeros(len(columns.frame), np.bool_)
    is_first[:1] = True
    for column in (columns.frame_set, columns.frame, columns.region):
        is_first[1:] |= column[1:] != column[:-1]
    starts = np.flatnonzero(is_first)
    regions = [columns.regions[place] for place in columns.region[starts].tolist()]
    run_frames = columns.frame[starts].tolist()
    lengths = np.diff(starts, append=len(is_first)).tolist()
    ends = np.cumsum(columns.counts)
    run_ends = np.searchsorted(starts, ends)
    row = run = 0
    for file, records, end, run_end in zip(files, frames, ends.tolist(), run_ends.tolist(), strict=True):
        if records:
            yield LoggedSet(
                number=file.number,
                check=file.check,
                frames=[each.frame for each in records],
                timestamps=[each.timestamp for each in records],
                keys=[each.current_keys for each in records],
                run_regions=regions[run:run_end],
                run_frames=run_frames[run:run_end],
                run_lengths=lengths[run:run_end],
                addresses=columns.address[row:end],
                previous=columns.previous[row:end],
                current=columns.current[row:end],
                rebaselined=file.rebaselined,
            )
        row, run = end, run_end


class _ChecksumTail:
    """Lines of checksums that are read on while the file grows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tail = LineTail(path)
        self.sets: dict[int, _Listed] = {}
        self.images: dict[int, str] = {}

    def read_on(self) -> None:
        """Read the lines that were added since the last time.

        Raises:
            SessionError: the file cannot be read.
        """
        try:
            lines, is_another = self._tail.new_lines()
        except OSError as error:
            raise SessionError(f"{self._path} cannot be read ({error.strerror or error}).") from error
        if is_another:
            self.sets.clear()
            self.images.clear()
        for line in lines:
            with suppress(DocumentError):
                self._take(line)

    def _take(self, line: bytes) -> None:
        match parse_checksum_line(line):
            case SetChecksum(number, event=event, rebaselined=rebaselined):
                self.sets[number] = _Listed(event, rebaselined)
            case Withdrawn(number):
                self.sets.pop(number, None)
            case ImageChecksum(number, memory):
                self.images[number] = memory
