"""A made-up game whose memory is written down byte by byte, and the index of its recording."""

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History
from protocol.regions import Region
from protocol.session.change_log import LogBlock
from protocol.session.change_log_builder import LogBuilder
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges

__all__ = ["BASE", "FRAMES", "SETS_PER_S", "MadeGame"]

BASE = 0x0200_0000
FRAMES = 5
SETS_PER_S = 12


class MadeGame:
    """Memory of a game frame set by frame set: numpy views of it are written before it is recorded.

    Args:
        sets: frame sets.
        size: bytes of memory.
    """

    def __init__(self, sets: int = 720, size: int = 256) -> None:
        self.memory = np.zeros((sets, size), np.uint8)
        self.region = Region("ewram", BASE, size, 1)

    def put(self, position: int, values: NDArray[np.generic]) -> None:
        """Write a value of each frame set: little-endian, as wide as its dtype."""
        data = np.ascontiguousarray(values).view(np.uint8).reshape(len(self.memory), -1)
        self.memory[:, position : position + data.shape[1]] = data

    def block(self, *, lost: range = range(0), unknown_until: int = 0) -> LogBlock:
        """Record.

        Args:
            lost: frame sets that are missing.
            unknown_until: first frame set after which all memory is known.
        """
        builder = LogBuilder((self.region,))
        words = self.memory.view("<u4")
        before = words[0]
        for number, now in enumerate(words):
            if number in lost:
                continue
            some = np.flatnonzero(now != before)
            scans = []
            if len(some):
                addresses, ones = (BASE + 4 * some).astype(np.uint32), np.ones(len(some), np.uint16)
                scans.append(ScanChanges("ewram", 0, FRAMES * number, addresses, before[some], now[some], ones))
            frames = tuple(FrameRecord(FRAMES * number + at, 83 * number + 16 * at, 0, "", ()) for at in range(FRAMES))
            builder.add(FrameSet(number, frames, tuple(scans), (), b""), (), number)
            if number == unknown_until:
                builder.image(number, now.tobytes())
            before = now
        block = builder.take()
        assert block is not None
        return block

    def history(self, *, lost: range = range(0), unknown_until: int = 0) -> History:
        """Record and index."""
        return History.of((self.region,), FRAMES, [self.block(lost=lost, unknown_until=unknown_until)])
