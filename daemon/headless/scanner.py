"""Scan of a console's memory in chunks, to the messages of a frame. Pure.

Counterpart of `lua/scan/scanner.lua`, `lua/scan/bulk.lua` and `lua/scan/proofs.lua`, for memory in this process.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256

import numpy as np

from protocol.changes import U32
from protocol.console import GBA
from protocol.link.messages import ChunkChanges, Frame, Keyframe, Proof
from protocol.regions import Region, ScanMode, scheduled_chunks

__all__ = ["FRAMES_PER_SET", "PROOF_INTERVAL", "REGIONS", "Scanner"]

FRAMES_PER_SET = 5
"""Frames in a set, as `lua/config.lua` has them."""

PROOF_INTERVAL = 12
"""Frame sets between two proofs, as `lua/config.lua` has them."""

REGIONS = tuple(Region(region.name, region.base, region.size, FRAMES_PER_SET) for region in GBA.regions)
"""Regions that are scanned, as `lua/config.lua` has them."""

_DOMAINS = tuple(region.domain for region in GBA.regions)
_GAP = np.dtype("<u2")

_Where = tuple[int, int]
"""Index of a region and number of a chunk in it."""


class Scanner:
    """Scanner of memory that changes in place, chunk by chunk.

    A chunk is compared with what it was when it was last scanned.

    Args:
        memories: live views by BizHawk's names of domains; see `lua.headless.core.Core.memories`.
    """

    def __init__(self, memories: Mapping[str, memoryview]) -> None:
        regions = zip(REGIONS, _DOMAINS, strict=True)
        live = [np.frombuffer(memories[name], np.uint32, region.words) for region, name in regions]
        self._live: dict[_Where, U32] = {
            (index, number): live[index][chunk.first_word : chunk.end_word]
            for index, region in enumerate(REGIONS)
            for number, chunk in enumerate(region.chunks)
        }
        self._due: list[list[_Where]] = [
            [(index, number) for index in range(len(REGIONS)) for number in _chunks(position)]
            for position in range(FRAMES_PER_SET)
        ]
        self._seen: dict[_Where, U32] = {}
        self._turns = [(where, position) for position, due in enumerate(self._due) for where in due]
        self._turn = 0
        self._proven: int | None = None

    def scan(
        self, number: int, position: int, frame: int, time: int, pc: int, buttons: int
    ) -> Iterator[Keyframe | Frame | Proof]:
        """Scan what is due at a frame, and yield its messages.

        Args:
            number: of the frame set.
            position: of the frame in it.
            frame: frames that the console has run.
            time: ms since the epoch.
            pc: the program counter.
            buttons: that were held, a bit set.
        """
        changes = []
        for where in self._due[position]:
            now, before = self._live[where], self._seen.get(where)
            if before is None:
                self._seen[where] = now.copy()
                yield Keyframe(*where, now.tobytes())
            elif len(words := np.flatnonzero(now != before)):
                before[words] = current = now[words]
                gaps = np.diff(words, prepend=0).astype(_GAP)
                changes.append(ChunkChanges(*where, gaps.tobytes(), current.tobytes(), b""))
        yield Frame(number, position, frame, time, pc, buttons, tuple(changes))
        if (proven := self._to_prove(number, position)) is not None:
            yield Proof(*proven, sha256(self._live[proven].data).hexdigest().upper())

    def _to_prove(self, number: int, position: int) -> _Where | None:
        """Return the chunk whose hash is due after the scan of a frame, each in its turn."""
        where, due = self._turns[self._turn]
        if number % PROOF_INTERVAL or self._proven == number or due != position:
            return None
        self._turn, self._proven = (self._turn + 1) % len(self._turns), number
        return where


def _chunks(position: int) -> Iterator[int]:
    return scheduled_chunks(ScanMode.CHUNKED, position, FRAMES_PER_SET)
