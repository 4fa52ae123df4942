"""Bus addresses and ranges of them, as people and programs write them. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from protocol.changes import U32, Bools
from protocol.console import ConsoleRegion
from protocol.errors import FilterError
from protocol.regions import Region
from protocol.session.frame_set import hex_word

__all__ = ["MAX_ADDRESS", "AddressRange", "not_recorded", "parse_address", "read_address"]

MAX_ADDRESS = 0xFFFF_FFFF
"""Last address of the bus."""

_ADDRESS = r"(?:0[xX])?[0-9A-Fa-f]{1,8}"
_SINGLE = re.compile(_ADDRESS)
_RANGE = re.compile(rf"({_ADDRESS})(?:\s*\.\.\s*({_ADDRESS}))?")
_NO_WORD = re.compile(r"0[xX][0-9A-Fa-f]{1,8}|[0-9A-Fa-f]{8}")
"""An address that cannot be taken for a name, as `DEAD` and `20` could."""


@dataclass(frozen=True, slots=True)
class AddressRange:
    """Bus addresses from `first` to `last`, both among them."""

    first: int
    last: int

    @classmethod
    def parse(cls, text: str) -> "AddressRange":
        """Read `03000000..030000FF` or a single address, hexadecimal with or without `0x`.

        Raises:
            FilterError: it is no range, or it ends before it begins.
        """
        found = _RANGE.fullmatch(text.strip())
        if found is None:
            raise FilterError(f"{text[:60]!r} is no range of addresses: write one such as 03000000..030000FF.")
        first = int(found[1], 16)
        last = int(found[2], 16) if found[2] else first
        if last < first:
            raise FilterError(f"The range {text.strip()} ends before it begins: write {cls(last, first)}.")
        return cls(first, last)

    def holds(self, addresses: U32) -> Bools:
        """Return which addresses are among them, same shape."""
        held: Bools = (addresses >= self.first) & (addresses <= self.last)
        return held

    def __str__(self) -> str:
        return hex_word(self.first) if self.first == self.last else f"{hex_word(self.first)}..{hex_word(self.last)}"


def not_recorded(address: int, regions: Iterable[Region | ConsoleRegion]) -> str:
    """Write the sentence about an address that lies in none of the regions that are recorded."""
    ranges = (f"{one.name} {hex_word(one.base)} to {hex_word(one.base + one.size - 1)}" for one in regions)
    return f"{hex_word(address)} lies in no memory that is recorded: {', '.join(ranges)}."


def parse_address(text: str) -> int | None:
    """Read an address where a name may stand too: `0x20` or eight hex digits; None for others."""
    return int(text, 16) if _NO_WORD.fullmatch(text.strip()) else None


def read_address(value: object) -> int | None:
    """Read an address where nothing else may stand; None where it is none.

    A number, or up to eight hex digits with or without `0x`.
    """
    match value:
        case str(text) if _SINGLE.fullmatch(text.strip()):
            return int(text, 16)
        case int(number) if type(value) is int and 0 <= number <= MAX_ADDRESS:
            return number
    return None
