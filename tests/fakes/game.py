"""A game whose every change is known, as messages of the link.

It keeps to `protocol/README.md` with plain lists and `struct`, so that what the daemon makes of its messages
can be compared with `Game.rows`, which is the truth.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random
from typing import Any

from protocol.link.connection import Screenshot
from protocol.link.messages import ChunkChanges, Frame, Hello, Keyframe, SetEnd
from protocol.regions import Region, ScanMode
from tests.fakes.screenshots import png

__all__ = ["BUTTONS", "NOW", "ODD_REGIONS", "Game", "Row", "SetMessage", "greeting"]

NOW = 1_753_996_829_000
"""Beginning of a test's play, ms since the epoch."""

BUTTONS = ("A", "B", "Select", "Start", "Right", "Left", "Up", "Down", "R", "L")

ODD_REGIONS = (
    Region("iwram", 0x0300_0000, 72, 5, (4, 40, 8, 16, 4)),
    Region("ewram", 0x0200_0000, 100, 5, (32, 4, 4, 4, 56)),
)
"""The regions of the greeting in chunks of unequal sizes, for five frames a set."""

SetMessage = Keyframe | Frame | SetEnd | Screenshot


def greeting(**changes: Any) -> Hello:
    """Say HELLO as a script with two small regions would, with some fields changed."""
    frames_per_set = changes.get("frames_per_set", 5)
    hello = Hello(
        protocol=1,
        script="0.1.0",
        client="BizHawk 2.11.1",
        system="GBA",
        rom_name="Tiny Game",
        rom_hash="0123456789ABCDEF0123456789ABCDEF01234567",
        regions=(
            Region("iwram", 0x0300_0000, 72, frames_per_set),
            Region("ewram", 0x0200_0000, 100, frames_per_set),
        ),
        frames_per_set=frames_per_set,
        scan_mode=ScanMode.CHUNKED,
        reader="bulk",
        buttons=BUTTONS,
        resume="",
    )
    return replace(hello, **changes)


@dataclass(frozen=True, slots=True)
class Row:
    """A change as the truth has it: the word at `address` was `previous` and is `current` at `frame` of a set."""

    frame_set_id: int
    frame: int
    region: str
    address: int
    previous: int
    current: int


class Game:
    """Plays one frame set after the other, the same way for the same seed.

    Args:
        hello: the greeting that it was introduced with.
        seed: of its play.
        frame: the number of its first frame.

    Attributes:
        rows: every change that a scan saw, in order.
        pressed: the buttons of each frame, by frame number.
    """

    def __init__(self, hello: Hello | None = None, seed: int = 0, frame: int = 1000) -> None:
        self.hello = hello or greeting()
        self.rows: list[Row] = []
        self.pressed: dict[int, int] = {}
        self.next_set = 0
        self.frame = frame
        self._random = Random(seed)
        self._memory = [[0] * region.words for region in self.hello.regions]
        self._seen: dict[tuple[int, int], list[int]] = {}
        self._told: dict[int, list[SetMessage]] = {}

    def frame_set(
        self, *, screenshot: bool = True, interruption: str = "", frames: int | None = None
    ) -> list[SetMessage]:
        """Play the next set and tell it."""
        number = self.next_set
        told: list[SetMessage] = []
        for position in range(self.hello.frames_per_set if frames is None else frames):
            told += self._play(number, position)
        told.append(SetEnd(number, interruption, screenshot))
        if screenshot:
            told.append(Screenshot(png(number % 256)))
        self._told[number] = told
        self.next_set = number + 1
        return told

    def again(self, number: int) -> list[SetMessage]:
        """Tell a set once more, as on a new connection: values before, no screenshot, no keyframes."""
        told: list[SetMessage] = []
        for message in self._told[number]:
            match message:
                case Frame():
                    columns = tuple(self._with_previous(message.frame, changes) for changes in message.changes)
                    told.append(replace(message, changes=columns))
                case SetEnd():
                    told.append(replace(message, screenshot=False))
        return told

    def keyframes(self) -> list[Keyframe]:
        """Tell every chunk that was seen, as last scanned."""
        return [Keyframe(*where, _u32(words)) for where, words in sorted(self._seen.items())]

    def image(self) -> bytes:
        """Return all regions one after the other, as last scanned."""
        return b"".join(_u32(words) for _, words in sorted(self._seen.items()))

    def freq(self, row: Row) -> int:
        """Count the changes of a row's address in the 100 frames up to it, the slow way."""
        return sum(
            1 for other in self.rows if other.address == row.address and row.frame - 100 < other.frame <= row.frame
        )

    def _play(self, number: int, position: int) -> list[SetMessage]:
        self._live()
        told: list[SetMessage] = []
        changes: list[ChunkChanges] = []
        for region in range(len(self.hello.regions)):
            for chunk in self._scanned_at(position):
                keyframe, columns = self._scan(number, region, chunk)
                told += keyframe
                changes += columns
        buttons = self._random.choice([0, 0, 0, 1, 2, 0b11, 0b1000010000])
        self.pressed[self.frame] = buttons
        time = NOW + (self.frame - 1000) * 17
        told.append(Frame(number, position, self.frame, time, 0x0800_0000 + self.frame, buttons, tuple(changes)))
        self.frame += 1
        return told

    def _live(self) -> None:
        for words in self._memory:
            for _ in range(self._random.randrange(4)):
                words[self._random.randrange(len(words))] = self._random.getrandbits(32)

    def _scanned_at(self, position: int) -> Sequence[int]:
        every = range(self.hello.frames_per_set)
        match self.hello.scan_mode:
            case ScanMode.CHUNKED:
                return [position]
            case ScanMode.ATOMIC:
                return every if position == every[-1] else []
            case _:
                return every

    def _scan(self, number: int, region: int, chunk: int) -> tuple[list[Keyframe], list[ChunkChanges]]:
        where = self.hello.regions[region].chunks[chunk]
        now = self._memory[region][where.first_word : where.end_word]
        before = self._seen.get((region, chunk))
        self._seen[region, chunk] = now
        if before is None:
            return [Keyframe(region, chunk, _u32(now))], []
        changed = [word for word, (a, b) in enumerate(zip(before, now, strict=True)) if a != b]
        if not changed:
            return [], []
        for word in changed:
            address = self.hello.regions[region].base + 4 * (where.first_word + word)
            name = self.hello.regions[region].name
            self.rows.append(Row(number, self.frame, name, address, before[word], now[word]))
        gaps = [changed[0], *(b - a for a, b in pairwise(changed))]
        return [], [ChunkChanges(region, chunk, _u16(gaps), _u32([now[word] for word in changed]), b"")]

    def _with_previous(self, frame: int, changes: ChunkChanges) -> ChunkChanges:
        region = self.hello.regions[changes.region]
        first = region.base + 4 * region.chunks[changes.chunk].first_word
        beyond = region.base + 4 * region.chunks[changes.chunk].end_word
        before = [row.previous for row in self.rows if row.frame == frame and first <= row.address < beyond]
        return replace(changes, previous=_u32(before))


def _u16(values: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(values)}H", *values)


def _u32(values: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(values)}I", *values)
