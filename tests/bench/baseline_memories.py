"""The straightforward way to ask about recorded memory: rebuild it set by set, and compare."""

from collections.abc import Iterator, Sequence

import numpy as np

from protocol.changes import I64, U8, Bools
from protocol.session.change_log import LogBlock

__all__ = ["changed_bytes", "count_changes", "equal_values", "memory_at"]


def memory_at(blocks: Sequence[LogBlock], words: int, number: int) -> U8:
    """Rebuild memory after a set, from the first one on."""
    return next(memory for place, memory in _memories(blocks, words) if place == number)


def equal_values(blocks: Sequence[LogBlock], words: int, number: int, wanted: int) -> int:
    """Rebuild memory after a set and count the little-endian integers at every offset that are a number."""
    memory = memory_at(blocks, words, number).tobytes()
    found = 0
    for kind in ("<u1", "<i1", "<u2", "<i2", "<u4", "<i4"):
        width = np.dtype(kind).itemsize
        for offset in range(width):
            values = np.frombuffer(memory, kind, (len(memory) - offset) // width, offset)
            found += int(np.count_nonzero(values == wanted))
    return found


def changed_bytes(blocks: Sequence[LogBlock], words: int, first: int, last: int) -> Bools:
    """Compare memory after each set of a stretch with that before."""
    changed = np.zeros(4 * words, np.bool_)
    for moved in _differences(blocks, words, first, last):
        changed |= moved
    return changed


def count_changes(blocks: Sequence[LogBlock], words: int, first: int, last: int) -> I64:
    """Count the sets of a stretch in which each byte differs from that before."""
    counts = np.zeros(4 * words, np.int64)
    for moved in _differences(blocks, words, first, last):
        counts += moved
    return counts


def _differences(blocks: Sequence[LogBlock], words: int, first: int, last: int) -> Iterator[Bools]:
    before = np.zeros(4 * words, np.uint8)
    for number, memory in _memories(blocks, words):
        if first < number <= last:
            yield memory != before
        if number > last:
            return
        before[:] = memory


def _memories(blocks: Sequence[LogBlock], words: int) -> Iterator[tuple[int, U8]]:
    memory = np.zeros(words, np.uint32)
    for block in blocks:
        ends = np.cumsum(block.entry_counts).tolist()
        for number, count, end in zip(block.numbers.tolist(), block.entry_counts.tolist(), ends, strict=True):
            memory[block.entry_words[end - count : end]] = block.entry_values[end - count : end]
            yield number, memory.view(np.uint8)
