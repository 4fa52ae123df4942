"""Log of a session's changes on disk, appended a block at a time. Shell.

A block is written when the set behind it is there, so that the memory image that belongs to its last set is in it. The
end of a recording, or of the writer, writes the block in progress.
"""

import os
from collections.abc import Iterator
from contextlib import suppress

from daemon.disk.durability import Wrote
from daemon.disk.journals import GrowingFile
from daemon.writer.log_queue import StoredImage, StoredSet
from daemon.writer.set_columns import logged_set
from protocol.disk import without_links
from protocol.errors import DocumentError
from protocol.session.change_log import block_checksum, pack_block, set_check
from protocol.session.change_log_builder import LoggedSet
from protocol.session.change_log_reader import ChangeLogReader
from protocol.session.layout import SessionFolder
from protocol.session.reader import SessionReader

__all__ = ["ChangeLog"]

_READ_AT_ONCE = 24
"""Frame sets that are read from their folders in one slice of work: some 8 ms."""

_IS_BEHIND = 288
"""Frame sets that the log lacks from which on the end of a session does not wait for it."""


class ChangeLog:
    """Log of one session's changes. Nobody else writes to it.

    Methods that return an iterator work in slices, one for each item; exhaust it before the next call.

    Args:
        folder: the session's folder.
        wrote: called with the log's path when something was written.

    Raises:
        GbatraceError: the session's metadata cannot be read.
    """

    def __init__(self, folder: SessionFolder, wrote: Wrote) -> None:
        self._path = folder.change_log
        self._wrote = wrote
        self._reader = ChangeLogReader(SessionReader(folder))
        self._builder = self._reader.builder
        self._checksum = b""
        self._lacking = 0

    @property
    def link(self) -> str:
        """Checksum of all blocks, hex digits; empty where there is none."""
        return self._checksum.hex()

    @property
    def is_behind(self) -> bool:
        """True while the log lacks so many sets that it takes a while to read their folders."""
        return self._lacking > _IS_BEHIND

    def open(self) -> Iterator[None]:
        """Read the blocks that count, cut off all behind them, and add what they lack.

        Raises:
            OSError: the disk refused.
            GbatraceError: the session cannot be read.
        """
        end = 0
        for placed in self._reader.logged_blocks():
            end, self._checksum = placed.end, placed.checksum
            yield
        with suppress(FileNotFoundError):
            if without_links(self._path.parent, self._path).stat().st_size > end:
                os.truncate(self._path, end)
        yield from self._catch_up()

    def take(self, stored: StoredSet | StoredImage) -> Iterator[None]:
        """Add what was stored; where sets before it are missing, from their folders.

        Raises:
            OSError: the disk refused.
            GbatraceError: the session cannot be read.
        """
        last, number = self._builder.last, stored.number
        if isinstance(stored, StoredImage):
            with suppress(DocumentError):
                self._builder.image(number, stored.image)
        elif number == (0 if last is None else last + 1):
            if self._builder.is_full:
                yield from self._make_room()
            self._add(logged_set(number, set_check(stored.event), stored.columns, stored.rebaselined))
        elif last is None or number > last:
            yield from self._catch_up()

    def flush(self) -> None:
        """Write the block in progress.

        Raises:
            OSError: the disk refused.
        """
        block = self._builder.take()
        if block is not None:
            data = pack_block(block, self._checksum)
            file = GrowingFile(self._path)
            try:
                file.append(data)
            finally:
                file.close()
            self._checksum = block_checksum(data)
            self._wrote((self._path,))

    def _catch_up(self) -> Iterator[None]:
        numbers = self._reader.new_numbers()
        for first in range(0, len(numbers), _READ_AT_ONCE):
            self._lacking = len(numbers) - first
            yield
            for logged, image in self._reader.read_sets(numbers[first : first + _READ_AT_ONCE]):
                if self._builder.is_full:
                    yield from self._make_room()
                self._add(logged, image)
        self._lacking = 0

    def _make_room(self) -> Iterator[None]:
        yield
        self.flush()
        yield

    def _add(self, logged: LoggedSet, image: bytes | None = None) -> None:
        with suppress(DocumentError):  # One that the log has no room for: readers leave it out as well.
            self._builder.add_logged(logged)
            if image is not None:
                self._builder.image(logged.number, image)
