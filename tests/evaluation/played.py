"""A play of a game, recorded as the script records it, with the truth about its variables beside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History
from daemon.analysis.value_types import value_type
from lua.headless.core import MEMORY_MAP
from protocol.console import GBA
from protocol.regions import Region
from protocol.session.change_log import LogBlock
from protocol.session.change_log_builder import LogBuilder
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges
from tests.fakes.memory_scanner import MemoryScanner

__all__ = [
    "FRAMES_A_SECOND",
    "FRAMES_A_SET",
    "REGIONS",
    "Memories",
    "Played",
    "Player",
    "Target",
    "Truth",
    "fixed",
    "play",
]

FRAMES_A_SET = 5
FRAMES_A_SECOND = 59.7275
_READ_FRAMES = 18
"""Frames in which a person reads a number."""

REGIONS = tuple(Region(region.name, region.base, region.size, FRAMES_A_SET) for region in GBA.regions)


class Memories:
    """Work memory of a console, read by bus address."""

    def __init__(self, views: Mapping[str, memoryview]) -> None:
        self._views = {MEMORY_MAP[region.domain][0] >> 24: views[region.domain] for region in GBA.regions}
        self.words = {region.name: np.frombuffer(views[region.domain], "<u4") for region in GBA.regions}

    def read(self, address: int, size: int) -> bytes:
        """Return the bytes at an address of work memory."""
        start = address & 0xFF_FFFF
        return bytes(self._views[address >> 24][start : start + size])

    def pointer(self, address: int) -> int | None:
        """Return the pointer that lies at an address; None where it is null."""
        return int.from_bytes(self.read(address, 4), "little") or None


@dataclass(frozen=True)
class Target:
    """A variable that people look for.

    Args:
        name: as a person calls it.
        type: its value type in memory.
        locate: its bus address at this moment; None while it is not there.
        contexts: in which the picture shows it; empty for all.
        shown: the number that the picture shows, of the value in memory.
    """

    name: str
    type: str
    locate: Callable[[Memories], int | None]
    contexts: frozenset[str] = frozenset()
    shown: Callable[[float], float] = float


@dataclass(frozen=True, eq=False)
class Truth:
    """A variable over a play: shape (frames,) each.

    Args:
        address: where it lies; 0 where it is not there.
        value: the number that is shown; NaN where it is not there.
        visible: whether the picture shows it.
    """

    address: NDArray[np.int64]
    value: NDArray[np.float64]
    visible: NDArray[np.bool_]

    @cached_property
    def readable(self) -> NDArray[np.bool_]:
        """Return where the number has stood on the picture long enough to be read, shape (frames,)."""
        stood = self.visible.copy()
        for back in range(1, _READ_FRAMES + 1):
            stood[:back] = False
            stood[back:] &= self.visible[:-back] & (self.value[back:] == self.value[:-back])
        return stood


class Player(Protocol):
    """Somebody who plays a game on a console of theirs."""

    @property
    def name(self) -> str:
        """Name of the game."""
        ...

    @property
    def rom(self) -> Path:
        """Its cartridge."""
        ...

    @property
    def targets(self) -> Sequence[Target]:
        """Its variables that people look for."""
        ...

    def play(self, seed: int, frames: int, after_frame: Callable[[int, Memories, str], None]) -> None:
        """Play, by seeded chance.

        Args:
            seed: of the chance.
            frames: how many, at least.
            after_frame: called with the buttons held, memory, and the true context, empty while it changes.
        """
        ...


@dataclass(frozen=True, eq=False)
class Played:
    """A play with the truth.

    Args:
        game: its name.
        rom: the cartridge.
        frame_sets: as recorded.
        history: index of the whole play.
        pressed: buttons held, a bit set for each frame.
        contexts: the true context of each frame; empty while it changes.
        truths: by the name of the variable.
        targets: by their names.
    """

    game: str
    rom: Path
    frame_sets: Sequence[FrameSet]
    history: History
    pressed: Sequence[int]
    contexts: Sequence[str]
    truths: Mapping[str, Truth]
    targets: Mapping[str, Target]

    @property
    def sets(self) -> int:
        """Number of frame sets."""
        return len(self.frame_sets)

    def stretch(self, first: int, end: int) -> History:
        """Return the index of some frame sets alone, as if nothing else had been recorded."""
        words, _ = self.history.words_at(self.history.timeline.end_of(first))
        return History.of(REGIONS, FRAMES_A_SET, _blocks(self.frame_sets[first:end], words.tobytes()))


def fixed(address: int) -> Callable[[Memories], int]:
    """Return what locates a variable that always lies at one address."""
    return partial(_always, address)


def _always(address: int, _memories: Memories) -> int:
    return address


def play(player: Player, seed: int, frames: int) -> Played:
    """Record a play."""
    scanner, frame_sets, scans = MemoryScanner(REGIONS), list[FrameSet](), list[ScanChanges]()
    pressed, contexts = list[int](), list[str]()
    seen: dict[str, list[tuple[int, bytes]]] = {target.name: [] for target in player.targets}

    def after_frame(held: int, memories: Memories, context: str) -> None:
        moment = len(pressed)
        pressed.append(held)
        contexts.append(context)
        for target in player.targets:
            address = target.locate(memories)
            width = value_type(target.type).width
            seen[target.name].append((address or 0, memories.read(address, width) if address else bytes(width)))
        scans.extend(scanner.scan(moment % FRAMES_A_SET, moment, memories.words))
        if moment % FRAMES_A_SET == FRAMES_A_SET - 1:
            frame_sets.append(_frame_set(moment // FRAMES_A_SET, pressed[-FRAMES_A_SET:], tuple(scans)))
            scans.clear()

    player.play(seed, frames, after_frame)
    end = len(frame_sets) * FRAMES_A_SET
    history = History.of(REGIONS, FRAMES_A_SET, _blocks(frame_sets))
    truths = {target.name: _truth(target, seen[target.name][:end], contexts) for target in player.targets}
    targets = {target.name: target for target in player.targets}
    return Played(player.name, player.rom, frame_sets, history, pressed[:end], contexts[:end], truths, targets)


def _frame_set(number: int, held: Sequence[int], scans: tuple[ScanChanges, ...]) -> FrameSet:
    first = number * FRAMES_A_SET
    frames = []
    for place, buttons in enumerate(held):
        names = GBA.combination(buttons) if buttons else ""
        timestamp = round(1000 * (first + place) / FRAMES_A_SECOND)
        frames.append(FrameRecord(first + place, timestamp, 0x0800_0000, names, (names or "None",)))
    return FrameSet(number, tuple(frames), scans, (), b"")


def _blocks(frame_sets: Sequence[FrameSet], image: bytes | None = None) -> list[LogBlock]:
    """Make the blocks of a log; `image` is memory after the first set, all zeros before it where not given."""
    builder, blocks = LogBuilder(REGIONS), []
    for place, frame_set in enumerate(frame_sets):
        if builder.is_full and (block := builder.take()) is not None:
            blocks.append(block)
        builder.add(frame_set, (), frame_set.frame_set_id)
        if place == 0:
            builder.image(frame_set.frame_set_id, image or _first_image(frame_set))
    last = builder.take()
    return blocks if last is None else [*blocks, last]


def _first_image(frame_set: FrameSet) -> bytes:
    memories = {region.name: np.zeros(region.words, np.uint32) for region in REGIONS}
    bases = {region.name: region.base for region in REGIONS}
    for scan in frame_set.changes:
        memories[scan.region][(scan.addresses - bases[scan.region]) // 4] = scan.current
    return b"".join(words.tobytes() for words in memories.values())


def _truth(target: Target, seen: Sequence[tuple[int, bytes]], contexts: Sequence[str]) -> Truth:
    kind = value_type(target.type)
    address = np.array([place for place, _ in seen], np.int64)
    raw = np.frombuffer(b"".join(data for _, data in seen), np.uint8).reshape(len(seen), kind.width)
    value = kind.decode(raw).values.astype(np.float64)
    shown = np.array([target.shown(each) for each in value.tolist()], np.float64)
    shown[address == 0] = np.nan
    visible = np.array([not target.contexts or context in target.contexts for context in contexts[: len(seen)]])
    return Truth(address, shown, visible & (address != 0))
