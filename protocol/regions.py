"""Regions, their chunks, and the schedule: which chunks are scanned at which frame of a set."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from typing import Any

from protocol.errors import MessageError

__all__ = [
    "MAX_CHUNK_WORDS",
    "MAX_FRAMES_PER_SET",
    "MAX_REGIONS",
    "MAX_REGION_BYTES",
    "REGION_NAME",
    "WORD_BYTES",
    "Chunk",
    "Region",
    "ScanMode",
    "regions_from_maps",
    "scheduled_chunks",
]

WORD_BYTES = 4
"""A word is 32 bits, little-endian."""

MAX_REGIONS = 16
MAX_REGION_BYTES = 1 << 20
MAX_FRAMES_PER_SET = 60
MAX_CHUNK_WORDS = 1 << 16
"""A change names its word by a 16-bit distance."""


REGION_NAME = re.compile(r"[A-Za-z0-9_.-]{1,32}")
"""Names of regions: in config.lua, on the wire, in every file and in the logs that are imported."""


class ScanMode(StrEnum):
    """Frames of a set at which memory is scanned."""

    CHUNKED = "chunked"
    ATOMIC = "atomic"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of words of one region: `words` of them, from word `first_word`."""

    first_word: int
    words: int

    @property
    def end_word(self) -> int:
        """One past the chunk's last word."""
        return self.first_word + self.words


@dataclass(frozen=True)
class Region:
    """A block of memory that is scanned.

    Args:
        name: its name in every file and message, `iwram`; see `REGION_NAME`.
        base: bus address of its first byte.
        size: bytes, a multiple of 4.
        frames_per_set: into how many chunks it is split.
        chunk_sizes: bytes of each chunk; empty where they are equal.

    Raises:
        MessageError: the region cannot be split as the specification says.
    """

    name: str
    base: int
    size: int
    frames_per_set: int
    chunk_sizes: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not REGION_NAME.fullmatch(self.name):
            raise MessageError(f"the region name {self.name[:60]!r} is not 1 to 32 letters, digits and _ . -")
        if not 0 < self.size <= MAX_REGION_BYTES or self.size % WORD_BYTES:
            raise MessageError(f"region {self.name!r} has {self.size} bytes: not a multiple of 4 up to 1 MiB")
        if not 0 <= self.base <= 0xFFFF_FFFF - self.size:
            raise MessageError(f"region {self.name!r} does not fit a 32-bit bus at {self.base:#x}")
        if not 1 <= self.frames_per_set <= MAX_FRAMES_PER_SET:
            raise MessageError(f"{self.frames_per_set} frames per set: it must be 1 to {MAX_FRAMES_PER_SET}")
        if self.chunk_sizes and not self._is_covered():
            raise MessageError(
                f"the chunk sizes of region {self.name!r} are not {self.frames_per_set} multiples of "
                f"{WORD_BYTES} that are {self.size} bytes together"
            )
        last = self.chunks[-1]
        if last.words < 1 or max(chunk.words for chunk in self.chunks) > MAX_CHUNK_WORDS:
            raise MessageError(f"region {self.name!r} cannot be split into {self.frames_per_set} chunks")

    @property
    def words(self) -> int:
        """Number of words in the region."""
        return self.size // WORD_BYTES

    @cached_property
    def chunks(self) -> tuple[Chunk, ...]:
        """The chunks, of the sizes that are given.

        Without any all but the last are equal and rounded up to whole words, and the last has the rest.
        """
        if self.chunk_sizes:
            sizes = [size // WORD_BYTES for size in self.chunk_sizes]
            return tuple(map(Chunk, accumulate(sizes[:-1], initial=0), sizes))
        words = -(-self.size // (self.frames_per_set * WORD_BYTES))
        firsts = [position * words for position in range(self.frames_per_set)]
        return tuple(Chunk(first, min(words, self.words - first)) for first in firsts)

    def chunk_of(self, address: int) -> int | None:
        """Return the number of the chunk of a bus address; None where no chunk has it."""
        word = (address - self.base) // WORD_BYTES
        return next(
            (number for number, chunk in enumerate(self.chunks) if chunk.first_word <= word < chunk.end_word), None
        )

    def as_map(self) -> dict[str, Any]:
        """Return the region as the greeting, the metadata and the bus hold it."""
        fields: dict[str, Any] = {"name": self.name, "base": self.base, "size": self.size}
        return {**fields, "chunk_sizes": list(self.chunk_sizes)} if self.chunk_sizes else fields

    def _is_covered(self) -> bool:
        sizes = self.chunk_sizes
        whole = all(size >= WORD_BYTES and size % WORD_BYTES == 0 for size in sizes)
        return whole and len(sizes) == self.frames_per_set and sum(sizes) == self.size


def regions_from_maps(maps: object, frames_per_set: int) -> tuple[Region, ...]:
    """Read regions as metadata hold them: a list of `Region.as_map`.

    Raises:
        MessageError: they are not 1 to `MAX_REGIONS` regions with distinct names.
    """
    if not isinstance(maps, list) or not 1 <= len(maps) <= MAX_REGIONS:
        raise MessageError(f"the regions are not a list of 1 to {MAX_REGIONS}")
    regions = tuple(_region_from_map(entry, frames_per_set) for entry in maps)
    if len({region.name for region in regions}) < len(regions):
        raise MessageError("two regions have one name")
    return regions


def _region_from_map(entry: object, frames_per_set: int) -> Region:
    match entry:
        case {"name": str(name), "base": int(base), "size": int(size), **more}:
            sizes = more.get("chunk_sizes", [])
            if not isinstance(sizes, list) or not all(type(size) is int for size in sizes):
                raise MessageError(f"the chunk sizes of region {name[:60]!r} are not a list of numbers")
            return Region(name, base, size, frames_per_set, tuple(sizes))
        case _:
            raise MessageError("a region has no name, base and size")


def scheduled_chunks(mode: ScanMode, position: int, frames_per_set: int) -> Iterator[int]:
    """Number the chunks of each region that are scanned at `position` of a set, ascending.

    Example:
        >>> list(scheduled_chunks(ScanMode.ATOMIC, 4, 5))
        [0, 1, 2, 3, 4]
    """
    match mode:
        case ScanMode.CHUNKED:
            yield position
        case ScanMode.ATOMIC:
            if position == frames_per_set - 1:
                yield from range(frames_per_set)
        case ScanMode.FULL:
            yield from range(frames_per_set)
