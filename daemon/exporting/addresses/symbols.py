"""Named addresses of a game, as in `resources/demo/symbols.json`. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from protocol.console import GBA
from protocol.errors import ExportError

__all__ = [
    "NOT_A_NUMBER",
    "Symbol",
    "SymbolFile",
    "identifiers",
    "long_arrays",
    "parse_symbols",
    "symbol_at",
    "variables",
]

NOT_A_NUMBER = "is not a little-endian number of 8, 16 or 32 bits"
"""Why an entry of another tool's list is left out: it, or its type."""

_TYPES = {f"{sign}{bits}": bits // 8 for sign in "us" for bits in (8, 16, 32)}
_REGIONS = {region.name: region for region in GBA.regions}
_DOMAINS = [region.domain for region in GBA.regions]

_MAX_ELEMENTS = 32
"""An array with more elements is a buffer, not a handful of variables: it is named once, by its first element."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A variable of the game.

    Args:
        name: as in the game's source.
        region: name of its region, see `GBA.regions`.
        address: on the bus, of its first element.
        size: bytes of an element: 1, 2 or 4, little-endian.
        signed: whether an element is a signed number.
        meaning: what it is, in words.
        count: elements; 1 unless it is an array.
        stride: bytes from one element to the next.
    """

    name: str
    region: str
    address: int
    size: int
    signed: bool
    meaning: str = ""
    count: int = 1
    stride: int = 0

    @property
    def offset(self) -> int:
        """Its address within its region."""
        return self.address - _REGIONS[self.region].base

    @property
    def identifier(self) -> str:
        """Its name in letters, digits and underscores."""
        return re.sub(r"\W+", "_", self.name.replace("[]", "")).strip("_")


@dataclass(frozen=True, slots=True)
class SymbolFile:
    """Another tool's file of named addresses.

    Args:
        named: how many addresses it names.
        data: its bytes.
        notes: a sentence for each name that the file spells otherwise or lacks.
    """

    named: int
    data: bytes
    notes: tuple[str, ...] = ()


def parse_symbols(file: str, rows: Any) -> list[Symbol]:
    """Read a symbol list of ours.

    Args:
        file: its name, for messages.
        rows: its JSON.

    Raises:
        ExportError: names the file, the entry and what is wrong with it.
    """
    if not isinstance(rows, list):
        raise ExportError(f"{file} must be a list of named addresses.")
    return [_symbol(file, place, row) for place, row in enumerate(rows)]


def symbol_at(name: str, address: int, size: int, *, signed: bool, meaning: str = "") -> Symbol | str:
    """Make a symbol of another tool's entry, or a sentence where it lies in no region.

    Args:
        name: as in the list.
        address: on the bus.
        size: bytes.
        signed: whether it is a signed number.
        meaning: what it is, in words.
    """
    region = GBA.region_at(address, size)
    if region is None:
        return f"{name} was left out: {address:08X} lies neither in {' nor in '.join(_DOMAINS)}."
    return Symbol(name, region.name, address, size, signed, meaning)


def identifiers(symbols: Sequence[Symbol]) -> tuple[list[str], list[str]]:
    """Give each symbol an identifier of its own.

    Returns:
        The identifiers, and a sentence for each symbol that could not have the one that its name makes.
    """
    taken: set[str] = set()
    notes: list[str] = []
    names: list[str] = []
    for symbol in symbols:
        plain = symbol.identifier
        name = plain if plain and plain not in taken else f"{plain or 'at'}_{symbol.address:08X}"
        while name in taken:
            name += "_"
        if name != plain:
            why = f"{plain} is another's" if plain else "its name has no letter"
            notes.append(f"{symbol.name} is called {name} there: {why}.")
        taken.add(name)
        names.append(name)
    return names, notes


def long_arrays(symbols: Sequence[Symbol]) -> list[str]:
    """Write a note for each array of which only the first element is named, as it is too long."""
    long = [symbol for symbol in symbols if symbol.count > _MAX_ELEMENTS]
    return [f"{symbol.name} has {symbol.count:,} elements: only the first is named." for symbol in long]


def variables(symbols: Sequence[Symbol]) -> Iterator[Symbol]:
    """Spread short arrays into `name[0]` to `name[n-1]`; of a long one yield the first element."""
    for symbol in symbols:
        if not 1 < symbol.count <= _MAX_ELEMENTS:
            yield symbol
            continue
        pattern = symbol.name if "[]" in symbol.name else f"{symbol.name}[]"
        for number in range(symbol.count):
            name = pattern.replace("[]", f"[{number}]", 1)
            yield replace(symbol, name=name, address=symbol.address + number * symbol.stride, count=1)


def _symbol(file: str, place: int, row: Any) -> Symbol:
    try:
        name, kind, region = str(row["name"]), row["type"], row["region"]
        address = int(row["address"], 16)
        size, count = _TYPES[kind], int(row.get("count", 1))
        stride = int(row.get("stride", size))
        is_inside = _REGIONS[region].holds(address, (count - 1) * stride + size)
    except (KeyError, TypeError, ValueError) as error:
        raise ExportError(
            f"{file}: entry {place + 1} needs name, address (hex), region ({', '.join(_REGIONS)}) "
            f"and type ({', '.join(_TYPES)}); {error} is missing or wrong."
        ) from None
    if count < 1 or stride < size or not is_inside:
        raise ExportError(f"{file}: {name} does not lie in {region}.")
    return Symbol(name, region, address, size, kind[0] == "s", str(row.get("meaning", "")), count, stride)
