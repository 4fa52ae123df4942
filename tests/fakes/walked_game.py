"""A made-up game of a few words, recorded: a walker with copies, a speed, a mirror of the buttons, a counter."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from daemon.analysis.history import History
from protocol.changes import U32
from protocol.console import GBA
from protocol.regions import Region
from protocol.session.change_log_builder import LogBuilder
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges

__all__ = ["FRAMES", "REGION", "Walker", "walked"]

FRAMES = 5
REGION = Region("iwram", 0x0300_0000, 64, 1)


@dataclass
class Walker:
    """The game: what it has in its words, after each frame."""

    x: int = 100
    y: int = 60
    frames: int = 0
    steps: int = 0

    def run(self, held: str) -> None:
        """Run a frame."""
        names = held.split("+")
        self.dx, self.dy = ("Right" in names) - ("Left" in names), ("Down" in names) - ("Up" in names)
        self.x, self.y = self.x + self.dx, self.y + self.dy
        self.steps += bool(self.dx or self.dy)
        self.frames += 1
        self.held = GBA.parse_combination(held) if held else 0

    def words(self) -> U32:
        """Return its memory."""
        place = (self.x & 0xFFFF) | (self.y & 0xFFFF) << 16
        fixed, speed, camera = self.y << 12, self.dx & 0xFFFF_FFFF, (self.x - 120) & 0xFFFF
        random = self.frames * 2_654_435_761 & 0xFFFF_FFFF
        values = [place, fixed, speed, camera, self.held, self.frames, self.steps, random]
        return np.array(values + [0] * 8, np.uint32)


def walked(buttons: Sequence[str], lost: Sequence[int] = (), walker: Walker | None = None) -> History:
    """Record the game, scanned once at the end of each frame set.

    Args:
        buttons: held in each frame set.
        lost: frame sets that are played but not recorded.
        walker: the game; one that begins if not given.
    """
    walker = walker or Walker()
    log = LogBuilder((REGION,))
    before = np.zeros(REGION.words, np.uint32)
    was_lost = True
    for number, held in enumerate(buttons):
        first = walker.frames + 1
        for _ in range(FRAMES):
            walker.run(held)
        if number in lost:
            was_lost = True
            continue
        now = walker.words()
        some = np.flatnonzero(now != before)
        addresses, ones = (REGION.base + 4 * some).astype(np.uint32), np.ones(len(some), np.uint16)
        scan = ScanChanges("iwram", 0, first + FRAMES - 1, addresses, before[some], now[some], ones)
        frames = tuple(FrameRecord(first + at, 84 * number + 17 * at, 0, held, ()) for at in range(FRAMES))
        log.add(FrameSet(number, frames, (scan,), (), b""), [("iwram", 0)] if was_lost else [], number)
        before, was_lost = now, False
    block = log.take()
    assert block is not None
    return History.of((REGION,), FRAMES, [block])
