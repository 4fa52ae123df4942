"""Memory after each frame set, computed from the console's memory alone, over savestates and resets too."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import zstandard

from lua.headless.emulator import Emulator
from tests.integration.truth import MODES, REGIONS

__all__ = ["MemoryTruth"]

_CHUNKS = 5


@dataclass
class MemoryTruth:
    """Every memory that the script met, in the order in which it met them.

    After a frame set each chunk is as it was when it was last scanned, whatever happened in between.
    """

    mode: str
    _met: list[tuple[int, bytes]] = field(default_factory=list)

    def observe(self, emulator: Emulator) -> None:
        """Look at the console at the end of a frame, or when a state was loaded."""
        memories = emulator.core.memories()
        memory = b"".join(bytes(memories[domain]) for domain, _, _ in REGIONS.values())
        self._met.append((emulator.frame, zstandard.compress(memory, 1)))

    def after_each_set(self, session: Path) -> dict[int, bytes]:
        """Return all memory after each stored frame set, by its id; zeros for chunks that were never scanned."""
        memory = bytearray(sum(sum(sizes) for _, _, sizes in REGIONS.values()))
        found, at = {}, 0
        for number in sorted(int(path.name) for path in session.iterdir() if path.name.isdigit()):
            frames = json.loads((session / str(number) / "event.json").read_bytes())["frames_in_set"]
            for position, frame in enumerate(frames):
                at = next(place for place in range(at, len(self._met)) if self._met[place][0] == frame)
                self._scan(memory, zstandard.decompress(self._met[at][1]), position)
                at += 1
            found[number] = zstandard.compress(bytes(memory), 1)
        return {number: zstandard.decompress(packed) for number, packed in found.items()}

    def _scan(self, memory: bytearray, now: bytes, position: int) -> None:
        first = 0
        for _, _, sizes in REGIONS.values():
            for chunk in MODES[self.mode](position):
                start = first + sum(sizes[:chunk])
                memory[start : start + sizes[chunk]] = now[start : start + sizes[chunk]]
            first += sum(sizes)
