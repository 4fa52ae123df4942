"""Sessions of one play: copies, imports of an export, branches of a session. Pure.

A frame set is the same in two sessions where its changes of memory are, with their frame numbers and what was held at
those frames. That outlives a renamed folder, another number of the frame set, and a log, which lacks the frames
without a change. Two plays from power-on are the same until somebody presses a button, and by chance now and then
afterwards; so only frame sets in which a button is held count, and a tenth of the shorter session's must be the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from zlib import crc32

import numpy as np

from protocol.changes import I64, U32, U64, Bools
from protocol.regions import WORD_BYTES, Region
from protocol.session.change_log import EntryKind, LogBlock, kinds_of
from protocol.session.metadata import SessionMetadata

__all__ = ["SessionPrint", "places_in_play", "same_plays", "session_print"]

_SHARE = 0.1
"""Share of the shorter session's frame sets with a button held that is the same in copies."""

_IDLE_SHARE = 0.5
"""Share of all frame sets instead, where in one of the two sessions nobody pressed a button."""

_LEAST = 12
"""Frame sets that must be the same at least, a second of play; of a shorter session all of them."""

_PRIME = np.uint64(0x9E37_79B9_7F4A_7C15)
_SHIFT = np.uint64(29)


@dataclass(frozen=True, slots=True, eq=False)
class SessionPrint:
    """Fingerprint of a session.

    Args:
        rom: hash of its ROM, empty where that is not known.
        uuid: the session's, empty in those of early versions.
        parent: `uuid` of the session that it is a branch of, empty for none.
        numbers: its frame sets, ascending, shape (n,).
        frames: the first frame of each, shape (n,).
        sets: hashes of those that have changes, ascending.
        played: hashes of those in which a button is held as well, ascending.
    """

    rom: str
    uuid: str
    parent: str
    numbers: U32
    frames: U32
    sets: U64
    played: U64


def session_print(metadata: SessionMetadata, regions: Sequence[Region], blocks: Iterable[LogBlock]) -> SessionPrint:
    """Take the fingerprint of a session.

    Args:
        metadata: the session's.
        regions: of its memory.
        blocks: its changes.
    """
    numbers, frames = [np.empty(0, np.uint32)], [np.empty(0, np.uint32)]
    sets, played = [np.empty(0, np.uint64)], [np.empty(0, np.uint64)]
    for block in blocks:
        firsts = np.cumsum(block.frame_counts, dtype=np.int64) - block.frame_counts
        numbers.append(block.numbers)
        frames.append(block.frames[firsts])
        hashes, is_held = _set_hashes(block, firsts, regions)
        sets.append(hashes)
        played.append(hashes[is_held])
    origin = metadata.recorder.get("origin")
    parent = origin.get("parent") if isinstance(origin, dict) else None
    return SessionPrint(
        rom=str(metadata.recorder.get("rom_hash") or "").upper(),
        uuid=metadata.uuid,
        parent=str(parent.get("uuid") or "") if isinstance(parent, dict) else "",
        numbers=np.concatenate(numbers),
        frames=np.concatenate(frames),
        sets=np.unique(np.concatenate(sets)),
        played=np.unique(np.concatenate(played)),
    )


def same_plays(prints: Mapping[str, SessionPrint]) -> list[list[str]]:
    """Find the sessions that are of one play, directly or by way of others.

    Args:
        prints: of each session, by its name.

    Returns:
        Groups of two and more, in the order of the sessions.
    """
    names = list(prints)
    shared = _shared_sets([prints[name].played for name in names])
    root = {name: name for name in names}

    def find(name: str) -> str:
        while root[name] != name:
            name = root[name]
        return name

    for (row, one), (column, other) in combinations(enumerate(names), 2):
        if _is_same(prints[one], prints[other], int(shared[row, column])):
            root[find(other)] = find(one)
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(find(name), []).append(name)
    return [group for group in groups.values() if len(group) > 1]


def places_in_play(
    prints: Mapping[str, SessionPrint], numbers: Mapping[str, Sequence[int]], frames_per_set: int
) -> dict[str, list[int]]:
    """Lay sessions of one play over each other by the emulator's frame counter.

    Args:
        prints: of the sessions, by their names.
        numbers: the frame sets of each, at least one in all.
        frames_per_set: frames of a place.

    Returns:
        For each session the place of each of its frame sets in the play; that of the one before it where its frames
        are not known.
    """
    first = min((int(known.frames.min()) for known in prints.values() if len(known.frames)), default=0)
    places: dict[str, list[int]] = {}
    for name, known in prints.items():
        frames = dict(zip(known.numbers.tolist(), known.frames.tolist(), strict=True))
        last, row = first, []
        for number in numbers[name]:
            last = frames.get(number, last)
            row.append((last - first) // frames_per_set)
        places[name] = row
    return places


def _is_same(one: SessionPrint, other: SessionPrint, shared: int) -> bool:
    if one.rom and other.rom and one.rom != other.rom:
        return False
    if one.uuid and one.uuid in (other.uuid, other.parent):
        return True
    if other.uuid and other.uuid == one.parent:
        return True
    fewest, share = min(len(one.played), len(other.played)), _SHARE
    if not fewest:
        fewest, share = min(len(one.sets), len(other.sets)), _IDLE_SHARE
        shared = len(np.intersect1d(one.sets, other.sets, assume_unique=True))
    return shared > 0 and shared >= min(fewest, max(_LEAST, share * fewest))


def _shared_sets(columns: Sequence[U64]) -> I64:
    """Count how many hashes each two of n columns share, shape (n, n)."""
    shared = np.zeros((len(columns), len(columns)), np.int64)
    hashes = np.concatenate(columns)
    owners = np.repeat(np.arange(len(columns)), [len(column) for column in columns])
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    _, firsts, counts = np.unique(hashes, return_index=True, return_counts=True)
    several = counts > 1
    for first, count in zip(firsts[several].tolist(), counts[several].tolist(), strict=True):
        of_hash = owners[first : first + count]
        shared[np.ix_(of_hash, of_hash)] += 1
    return shared


def _set_hashes(block: LogBlock, firsts: I64, regions: Sequence[Region]) -> tuple[U64, Bools]:
    """Hash the frame sets of a block that have changes, and tell whether buttons are held."""
    bases = np.array([region.base for region in regions], np.int64)
    words = np.cumsum([0, *(region.size // WORD_BYTES for region in regions)])
    region = np.searchsorted(words, block.entry_words, "right") - 1
    addresses = bases[region] + (block.entry_words - words[region]) * WORD_BYTES
    of_set = np.repeat(np.arange(len(block.numbers)), block.entry_counts)
    place = firsts[of_set] + block.entry_frames
    keys = block.keys[place]
    texts = np.array([crc32(text.encode()) for text in block.combinations], np.uint64)
    hashes = np.zeros(len(place), np.uint64)
    for column in (block.frames[place], addresses, block.entry_values, texts[keys]):
        hashes = (hashes ^ column.astype(np.uint64)) * _PRIME
        hashes ^= hashes >> _SHIFT
    changed = kinds_of(block.entry_kinds) == EntryKind.CHANGED
    hashes[~changed] = 0
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(hashes, dtype=np.uint64)])
    ends = np.cumsum(block.entry_counts, dtype=np.int64)
    is_held = np.array([bool(text) for text in block.combinations], bool)[keys] & changed
    held = np.bincount(of_set[is_held], minlength=len(block.numbers)) > 0
    has_changes = np.bincount(of_set[changed], minlength=len(block.numbers)) > 0
    of_sets = sums[ends] - sums[ends - block.entry_counts]
    return of_sets[has_changes], held[has_changes]
