"""An hour of recorded memory: the demo game's tour again and again, and a game that changes far more."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

import numpy as np

import resources
from lua.headless.tape import read_tape
from protocol.console import GBA
from protocol.regions import Region
from protocol.session.change_log import BLOCK_SETS, EntryKind, LogBlock
from protocol.session.change_log_builder import LogBuilder
from protocol.session.event_json import event_json
from protocol.session.frame_set import FrameRecord, FrameSet
from protocol.session.layout import SessionFolder
from protocol.session.memory import Memory
from protocol.session.metadata import metadata_json
from tests.daemon.importing.made import metadata
from tests.fakes.memory_scanner import MemoryScanner

__all__ = ["FRAMES", "HOUR", "REGIONS", "busy_hour", "demo_hour", "log_of", "write_folders"]

HOUR = 43_200
"""Frame sets of an hour of play."""

FRAMES = 5
REGIONS = tuple(Region(region.name, region.base, region.size, FRAMES) for region in GBA.regions)
_WORDS = sum(region.words for region in REGIONS)
_BUSY = 700
"""Changes of a set of the busy game."""


def demo_hour(sets: int) -> Iterator[FrameSet]:
    """Play the tour of the demo game from its tape, again and again from its reset."""
    yield from islice(_rounds(), sets)


def _rounds() -> Iterator[FrameSet]:
    scanner = MemoryScanner(REGIONS)
    yield from (first := list(_tour(scanner)))
    later = list(_tour(scanner))  # It begins with the memory in which the tour ends, and so does every one after it.
    number = len(first)
    while True:
        for made in later:
            yield replace(made, frame_set_id=number)
            number += 1


def _tour(scanner: MemoryScanner) -> Iterator[FrameSet]:
    tape = read_tape(resources.demo_tape())
    memories = {region.name: np.zeros(region.words, "<u4") for region in REGIONS}
    for first in range(0, tape.head.frames - FRAMES + 1, FRAMES):
        scans = []
        for position, moment in enumerate(range(first, first + FRAMES)):
            for name, words in memories.items():
                tape.tracks[name.upper()].change(moment, words)
            scans += scanner.scan(position, moment, memories)
        keys = [GBA.combination(tape.pressed[moment]) for moment in range(first, first + FRAMES)]
        frames = tuple(
            FrameRecord(first + place, 16 * (first + place), 0x0800_0000, held, (held or "None",))
            for place, held in enumerate(keys)
        )
        yield FrameSet(first // FRAMES, frames, tuple(scans), (), b"")


def log_of(frame_sets: Iterable[FrameSet]) -> list[LogBlock]:
    """Make the blocks of a log, with all memory known after the first set."""
    builder = LogBuilder(REGIONS)
    blocks = []
    for frame_set in frame_sets:
        if builder.is_full and (block := builder.take()) is not None:
            blocks.append(block)
        builder.add(frame_set, (), frame_set.frame_set_id)
        if frame_set.frame_set_id == 0:
            memory = Memory(REGIONS)
            memory.load_image(bytes(4 * _WORDS))
            for scan in frame_set.changes:
                memory.apply(scan)
            builder.image(0, memory.image() or b"")
    last = builder.take()
    return blocks if last is None else [*blocks, last]


def write_folders(folder: SessionFolder, frame_sets: Iterable[FrameSet]) -> None:
    """Write frame sets as a session without a log has them."""
    folder.path.mkdir(parents=True)
    recorder = {"regions": [region.as_map() for region in REGIONS]}
    folder.metadata.write_bytes(metadata_json(metadata(folder.path.name, [], recorder=recorder)))
    for frame_set in frame_sets:
        folder.frame_set(frame_set.frame_set_id).mkdir()
        folder.event(frame_set.frame_set_id).write_bytes(event_json(frame_set))


def busy_hour(sets: int) -> Iterator[LogBlock]:
    """Make blocks in which some words change all the time and most of them now and then."""
    chance = np.random.default_rng(5)
    for first in range(0, sets, BLOCK_SETS):
        count = min(BLOCK_SETS, sets - first)
        frames = np.repeat(np.arange(count * FRAMES), _BUSY // FRAMES)
        words = (_WORDS * chance.random(len(frames)) ** 3).astype(np.int64)
        places = np.unique(frames * _WORDS + words)
        frames, words = np.divmod(places, _WORDS)
        yield LogBlock(
            numbers=np.arange(first, first + count, dtype=np.uint32),
            checks=np.zeros(count, np.uint64),
            frame_counts=np.full(count, FRAMES, np.uint8),
            frames=np.arange(count * FRAMES, dtype=np.uint32) + FRAMES * first,
            timestamps=np.arange(count * FRAMES, dtype=np.int64) * 16 + 16 * FRAMES * first,
            keys=(np.arange(count * FRAMES) // 30 % 2).astype(np.uint16),
            combinations=("", "A"),
            entry_counts=np.bincount(frames // FRAMES, minlength=count).astype(np.uint32),
            entry_frames=(frames % FRAMES).astype(np.uint8),
            entry_words=words.astype(np.uint32),
            entry_values=chance.integers(0, 1 << 12, len(words), np.uint32),
            entry_kinds=np.full(len(words), EntryKind.CHANGED, np.uint8),
        )
