"""A made-up recording and what its memory did: the oracle of the index."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History
from protocol.regions import Region
from protocol.session.change_log import LogBlock
from protocol.session.change_log_builder import LogBuilder
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges
from protocol.session.integrity import ChunkName

REGIONS = (Region("iwram", 0x0300_0000, 48, 2), Region("ewram", 0x0200_0000, 32, 2))
WORDS = 20
FRAMES = 4
SEEDS = (0, 1, 3)


@dataclass
class Recording:
    """Random play: words change, savestates move chunks, frame sets get lost, images restate what is not known.

    `memory` and `known` are after each set, by place and byte; `changes` are those recorded: time, and which bytes
    moved. With a `shift`, the last chunk of each region is read from so many bytes behind a word on, as the original
    script reads memory: the last change may reach beyond the region, bytes before the chunk are never seen, and no
    image restates any.
    """

    seed: int
    sets: int = 50
    shift: int = 0
    block_sets: int = 7
    blocks: list[LogBlock] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    memory: list[bytes] = field(default_factory=list)
    known: list[NDArray[np.bool_]] = field(default_factory=list)
    changes: list[tuple[int, NDArray[np.bool_]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = np.random.default_rng(self.seed)
        self.builder = LogBuilder(REGIONS)
        self.words = self.chance.integers(0, 1 << 32, WORDS, np.uint32)
        self.is_known = np.zeros(4 * WORDS, np.bool_)
        number = 0
        for place in range(self.sets):
            has_gap = place > 0 and self.chance.random() < 0.05
            number += 1 + 3 * has_gap if place else 0
            self.set(place, number, has_gap=has_gap)
            if len(self.builder) >= self.block_sets:
                self.take()
        self.take()

    def take(self) -> None:
        block = self.builder.take()
        if block is not None:
            self.blocks.append(block)

    def set(self, place: int, number: int, *, has_gap: bool) -> None:
        doubted = self.is_known.copy() if has_gap else np.zeros(4 * WORDS, np.bool_)
        rebaselined: list[ChunkName] = []
        if place == 0 or has_gap or self.chance.random() < 0.1:
            rebaselined = [(region.name, chunk) for region in REGIONS for chunk in range(2)]
            rebaselined = rebaselined if place == 0 or has_gap else rebaselined[:: int(self.chance.integers(1, 3))]
            for name, chunk in rebaselined:
                index = [region.name for region in REGIONS].index(name)
                where = REGIONS[index].chunks[chunk]
                first = sum(region.words for region in REGIONS[:index]) + where.first_word
                moved = slice(first, first + where.words)
                moved_bytes = slice(4 * moved.start, 4 * moved.stop)
                doubted[moved_bytes] |= self.is_known[moved_bytes]
                some = self.chance.random(where.words) < 0.5
                self.words[moved][some] = self.chance.integers(0, 1 << 32, int(some.sum()), np.uint32)
        frames = FRAMES if self.chance.random() < 0.9 else int(self.chance.integers(1, FRAMES))
        scans = []
        for position in range(frames):
            first = 0
            for region in REGIONS:
                for chunk, where in enumerate(region.chunks):
                    scan = self.scan(place, number, position, region, chunk, first + where.first_word, doubted)
                    scans += [] if scan is None else [scan]
                first += region.words
        records = tuple(
            FrameRecord(1000 + FRAMES * number + position, 50 * number + position, 0, "A" if position % 2 else "", ())
            for position in range(frames)
        )
        frame_set = FrameSet(number, records, tuple(scans), (), b"")
        self.builder.add(frame_set, rebaselined, number)
        is_restated = place > 2 and (doubted.any() or self.chance.random() < 0.1) and self.chance.random() < 0.4
        if (place == 2 or is_restated) and not self.shift:
            self.builder.image(number, self.words.tobytes())
            self.is_known[:] = True
        else:
            self.is_known &= ~doubted
        self.numbers.append(number)
        self.memory.append(self.words.tobytes())
        self.known.append(self.is_known.copy())

    def scan(
        self, place: int, number: int, position: int, region: Region, chunk: int, first: int, doubted: NDArray[np.bool_]
    ) -> ScanChanges | None:
        """Change some words of a chunk, often only some of their bytes, often neighbours."""
        where = region.chunks[chunk]
        if self.chance.random() < 0.6:
            return None
        some = np.flatnonzero(self.chance.random(where.words) < 0.5)
        if not len(some):
            return None
        shift = self.shift if chunk else 0
        # Beyond the end of the region nothing changes and nothing is kept.
        starts = 4 * (first + some) + shift
        end = 4 * (first - where.first_word + region.words)
        positions = starts[:, np.newaxis] + np.arange(4)
        inside = positions < end
        positions = positions[inside]
        memory = self.words.view(np.uint8)
        previous = np.zeros((len(some), 4), np.uint8)
        previous[inside] = memory[positions]
        flips = self.chance.integers(1, 256, len(some), np.uint32) << (
            8 * self.chance.integers(0, 4, len(some), np.uint32)
        )
        flips |= self.chance.integers(0, 1 << 32, len(some), np.uint32) * (self.chance.random(len(some)) < 0.2)
        current = previous ^ np.where(inside, flips.astype(np.uint32).view(np.uint8).reshape(-1, 4), np.uint8(0))
        memory[positions] = current[inside]
        moved = np.zeros(4 * WORDS, np.bool_)
        moved[positions] = (current != previous)[inside]
        self.changes.append((place * FRAMES + position, moved))
        self.is_known[positions] = True
        doubted[positions] = False
        addresses = (region.base + 4 * (where.first_word + some) + shift).astype(np.uint32)
        ones = np.ones(len(some), np.uint16)
        before, now = (values.view(np.uint32).ravel() for values in (previous, current))
        return ScanChanges(region.name, chunk, 1000 + FRAMES * number + position, addresses, before, now, ones)


def history_of(recording: Recording, blocks_at_once: int = 100) -> History:
    history = History.of(REGIONS, FRAMES)
    for first in range(0, len(recording.blocks), blocks_at_once):
        history = history.extended(recording.blocks[first : first + blocks_at_once])
    return history


def stretches(recording: Recording) -> list[tuple[int, int]]:
    chance = np.random.default_rng(1)
    pairs = [sorted(chance.integers(0, len(recording.numbers), 2).tolist()) for _ in range(20)]
    return [(-1, len(recording.numbers) - 1), (3, 3), *((first, last) for first, last in pairs)]


def times_of(history: History, stretch: tuple[int, int]) -> tuple[int, int]:
    return history.timeline.end_of(stretch[0]), history.timeline.end_of(stretch[1])


def changes_in(recording: Recording, stretch: tuple[int, int]) -> list[tuple[int, NDArray[np.bool_]]]:
    """The bytes that changed at each time of a stretch of places, all regions together."""
    by_time: dict[int, NDArray[np.bool_]] = {}
    for time, moved in recording.changes:
        if stretch[0] < time // FRAMES <= stretch[1]:
            by_time[time] = by_time.get(time, np.zeros_like(moved)) | moved
    return sorted(by_time.items())
