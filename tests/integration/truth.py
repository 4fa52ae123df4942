"""Expected contents of a session, from the console's memory alone.

Nothing here is shared with the code under test: the chunks are the specification's numbers, the comparison is numpy's.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lua.headless.emulator import Emulator

__all__ = ["ODD_REGIONS", "REGIONS", "Change", "FrameTruth", "Regions", "Truth"]

Change = tuple[str, int, str, str, str, int]
"""Region, frame, address, value before, value after, freq: a row of `memory_changes`."""

Regions = Mapping[str, tuple[str, int, tuple[int, ...]]]
"""Memory domain, bus address and bytes of each chunk, by the region's name."""

REGIONS: Regions = {
    "iwram": ("IWRAM", 0x03000000, (6556, 6556, 6556, 6556, 6544)),
    "ewram": ("EWRAM", 0x02000000, (52432, 52432, 52432, 52432, 52416)),
}
ODD_REGIONS: Regions = {
    "iwram": ("IWRAM", 0x03000000, (8192, 4, 20476, 92, 4004)),
    "ewram": ("EWRAM", 0x02000000, (16, 65536, 131072, 65508, 12)),
}
"""The same memory in chunks of unequal sizes."""

BUTTONS = ("A", "B", "Select", "Start", "Right", "Left", "Up", "Down", "R", "L")
MODES: dict[str, Callable[[int], Iterable[int]]] = {
    "chunked": lambda position: (position,),
    "atomic": lambda position: range(5) if position == 4 else (),
    "full": lambda position: range(5),
}


@dataclass
class FrameTruth:
    """One frame as the console had it."""

    frame: int
    pc: str
    keys: str
    memory: dict[str, bytes]
    picture: NDArray[np.uint8] | None = None


@dataclass
class Truth:
    """Follows a console frame by frame once it is known at which frame the first set begins."""

    mode: str
    regions: Regions = field(default_factory=lambda: REGIONS)
    first_frame: int | None = None
    changes: list[list[Change]] = field(default_factory=list)
    frames: list[list[FrameTruth]] = field(default_factory=list)
    scanned: dict[tuple[str, int], NDArray[np.uint32]] = field(default_factory=dict)
    _waiting: list[FrameTruth] = field(default_factory=list)
    _changed_at: dict[tuple[str, int], deque[int]] = field(default_factory=lambda: defaultdict(deque))

    def observe(self, emulator: Emulator) -> None:
        """Look at the console at the end of a frame, before the script does."""
        memories = emulator.core.memories()
        keys = "+".join(name for bit, name in enumerate(BUTTONS) if emulator.pressed >> bit & 1)
        pc = f"{emulator.core.registers()['R15']:08X}"
        memory = {name: bytes(memories[domain]) for name, (domain, _, _) in self.regions.items()}
        seen = FrameTruth(emulator.frame, pc, keys, memory, emulator.core.framebuffer().copy())
        if self.first_frame is None:
            self._waiting.append(seen)
        else:
            self._take(seen)

    def begin(self, first_frame: int) -> None:
        """Say at which frame the first set begins."""
        self.first_frame = first_frame
        for seen in self._waiting:
            self._take(seen)
        self._waiting.clear()

    def image(self) -> bytes:
        """All memory as last scanned."""
        return b"".join(self.scanned[name, chunk].tobytes() for name in self.regions for chunk in range(5))

    def _take(self, seen: FrameTruth) -> None:
        assert self.first_frame is not None
        place = seen.frame - self.first_frame
        if place < 0:
            return
        position = place % 5
        if position == 0:
            self.changes.append([])
            self.frames.append([])
        for name in self.regions:
            for chunk in MODES[self.mode](position):
                self._scan(seen, name, chunk)
        seen.memory = {}
        if position < 4:
            seen.picture = None
        self.frames[-1].append(seen)

    def _scan(self, seen: FrameTruth, name: str, chunk: int) -> None:
        _, base, sizes = self.regions[name]
        start = sum(sizes[:chunk])
        words = np.frombuffer(seen.memory[name][start : start + sizes[chunk]], "<u4")
        before = self.scanned.get((name, chunk))
        self.scanned[name, chunk] = words
        if before is None:
            return
        for index in np.flatnonzero(words != before).tolist():
            address = base + start + 4 * index
            recent = self._changed_at[name, address]
            recent.append(seen.frame)
            while recent[0] <= seen.frame - 100:
                recent.popleft()
            row = (name, seen.frame, f"{address:08X}", f"{before[index]:08X}", f"{words[index]:08X}", len(recent))
            self.changes[-1].append(row)
