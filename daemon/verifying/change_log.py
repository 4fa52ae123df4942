"""Comparison of a session's log of changes with the blocks that its folders come to. Pure."""

from collections.abc import Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import fields
from typing import Any

import numpy as np

from daemon.verifying.report import Report
from protocol.errors import DocumentError
from protocol.regions import Region
from protocol.session.change_log import LogBlock, is_cut_off, placed_blocks, set_check
from protocol.session.change_log_builder import LogBuilder
from protocol.session.frame_set import FrameSet
from protocol.session.integrity import ChunkName
from protocol.wording import counted

__all__ = ["ChangeLogJudge"]

_AGAIN = "; nothing is lost, for it can be made again from the frame sets' folders, which are read in its place"


class ChangeLogJudge:
    """Judge of a session's log, by its frame sets one after the other.

    Each block must be, to the bit, the one that is made of the frame sets and memory images that it is about. One that
    is about a damaged frame set cannot be compared: it may be the better one.

    Args:
        name: the file's name.
        log: its content, None where there is none.
        regions: of the session's memory; none where they are not known, and nothing can be compared.
        sealed: checksum that the seal holds, empty where there is none.
        is_open: whether the session may be being recorded, or was cut off.
        is_ours: whether gbatrace stored it, and so keeps a log of it.
        report: where findings go.
    """

    def __init__(
        self,
        name: str,
        log: bytes | None,
        regions: Sequence[Region],
        sealed: str,
        report: Report,
        *,
        is_open: bool,
        is_ours: bool = True,
    ) -> None:
        self._name = name
        self._log = log or b""
        self._is_open = is_open
        self._is_ours = is_ours
        self._sets_behind = 0
        self._report = report
        self._blocks = placed_blocks(self._log)
        self._end = 0
        self._checksum = b""
        self._followed = LogBuilder(regions)
        """The mirror of the log's blocks alone."""
        self._builder = LogBuilder(regions)
        self._is_comparable = self._knows_regions = bool(regions)
        self._next_block()
        if log is None and sealed:
            report.damage(name, f"is missing{_AGAIN}")
        self._sealed = "" if log is None else sealed

    def frame_set(
        self, number: int, frame_set: FrameSet | None, rebaselined: Sequence[ChunkName], event_checksum: str
    ) -> None:
        """Take the next frame set; None where its files are damaged.

        Args:
            number: its id.
            frame_set: what its files hold.
            rebaselined: chunks that were seen for the first time or anew in it.
            event_checksum: hash of its `event.json`.
        """
        while self._block is not None and int(self._block.numbers[-1]) < number:
            self._end_block()
        if self._block is None:
            self._sets_behind += 1
            return
        if frame_set is None:
            self._is_comparable = False
        elif self._is_comparable:
            with suppress(DocumentError):  # The log has no room for it either.
                self._builder.add(frame_set, rebaselined, set_check(event_checksum))

    def image(self, number: int, image: bytes | None) -> None:
        """Take the memory image after the last frame set; None where it is damaged."""
        if image is None:
            self._is_comparable = False
            return
        try:
            self._builder.image(number, image)
        except DocumentError:
            self._is_comparable = False

    def finish(self) -> None:
        """Judge what can be seen only at the end."""
        while self._block is not None:
            self._end_block()
        rest = self._log[self._end :]
        if rest and self._is_open and is_cut_off(rest):
            self._report.flaw(self._name, "ends in the middle of a block; the next start of gbatrace cuts it off")
        elif rest:
            where = f"{len(self._log) - self._end:,} of {len(self._log):,} bytes"
            self._report.damage(self._name, f"is damaged, so that {where} cannot be read{_AGAIN}")
        elif self._sealed and self._checksum.hex() != self._sealed:
            self._report.damage(self._name, f"has not all of its blocks, or others than when it was written{_AGAIN}")
        elif self._sets_behind and self._is_ours and not self._is_open:
            lacking = counted(self._sets_behind, "frame set")
            self._report.notes.append(f"{self._name} does not have the last {lacking}; searches read their folders.")

    def _next_block(self) -> None:
        placed = next(self._blocks, None)
        self._block = None if placed is None else placed.block
        if placed is not None:
            self._end, self._checksum = placed.end, placed.checksum

    def _end_block(self) -> None:
        block = self._block
        if block is None:
            return
        expected = self._builder.take()
        if self._knows_regions:
            self._followed.follow([block])
        if not (self._is_comparable and self._judge(block, expected)):
            self._builder = deepcopy(self._followed)
        self._is_comparable = self._knows_regions
        self._next_block()

    def _judge(self, block: LogBlock, expected: LogBlock | None) -> bool:
        """Compare a block with the one that the folders come to; return whether they are the same."""
        there = [] if expected is None else expected.numbers.tolist()
        logged = block.numbers.tolist()
        lacking = sorted(set(there) - set(logged))
        if lacking:
            self._report.damage(self._name, f"lacks frame set {lacking[0]}{_AGAIN}", lacking[0])
        if expected is None or there != logged:
            return False  # Of sets without a folder others speak.
        if all(np.array_equal(getattr(block, column.name), getattr(expected, column.name)) for column in fields(block)):
            return True
        for place, (one, other) in enumerate(zip(_records(block), _records(expected), strict=True)):
            if one != other:
                number = logged[place]
                self._report.damage(self._name, f"has frame set {number} otherwise than its folder{_AGAIN}", number)
                return False
        return True


def _records(block: LogBlock) -> list[dict[str, Any]]:
    """Cut a block into its sets: each column's part as bytes, and the buttons as text."""
    keys = np.array(block.combinations, object)[block.keys] if len(block.keys) else np.empty(0, object)
    frame_ends, entry_ends = np.cumsum(block.frame_counts, dtype=np.int64), np.cumsum(block.entry_counts)
    records = []
    for place in range(len(block.numbers)):
        frames = slice(int(frame_ends[place]) - int(block.frame_counts[place]), int(frame_ends[place]))
        entries = slice(int(entry_ends[place]) - int(block.entry_counts[place]), int(entry_ends[place]))
        record: dict[str, Any] = {"check": int(block.checks[place]), "keys": keys[frames].tolist()}
        for name in ("frames", "timestamps"):
            record[name] = getattr(block, name)[frames].tobytes()
        for field in fields(block):
            if field.name.startswith("entry_") and field.name != "entry_counts":
                record[field.name] = getattr(block, field.name)[entries].tobytes()
        records.append(record)
    return records
