"""Named addresses of a game, as in `resources/demo/symbols.json`. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from daemon.export.errors import ExportError

__all__ = ["Symbol", "parse_symbols", "variables"]

_TYPES = {f"{sign}{bits}": bits // 8 for sign in "us" for bits in (8, 16, 32)}
_REGIONS = {"ewram": (0x0200_0000, 0x4_0000), "iwram": (0x0300_0000, 0x8000)}
"""First bus address and size in bytes (GBATEK, "GBA Memory Map")."""

_MAX_ELEMENTS = 32
"""An array with more elements is a buffer, not a handful of variables: it is named once, by its first element."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A variable of the game.

    Args:
        name: as in the game's source.
        region: `ewram` or `iwram`.
        address: on the bus, of its first element.
        size: bytes of an element: 1, 2 or 4, little-endian.
        signed: whether an element is a signed number.
        count: elements; 1 unless it is an array.
        stride: bytes from one element to the next.
        meaning: what it is, in words.
    """

    name: str
    region: str
    address: int
    size: int
    signed: bool
    count: int
    stride: int
    meaning: str

    @property
    def offset(self) -> int:
        """Its address within its region."""
        return self.address - _REGIONS[self.region][0]

    @property
    def identifier(self) -> str:
        """Its name in letters, digits and underscores."""
        return re.sub(r"\W+", "_", self.name.replace("[]", "")).strip("_")


def parse_symbols(file: str, data: bytes) -> list[Symbol]:
    """Read a symbol list.

    Args:
        file: its name, for messages.
        data: its bytes.

    Raises:
        ExportError: names the file, the entry and what is wrong with it.
    """
    try:
        rows = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise ExportError(f"{file} is not JSON: {error.msg} in line {error.lineno}.") from None
    if not isinstance(rows, list):
        raise ExportError(f"{file} must be a list of named addresses.")
    return [_symbol(file, place, row) for place, row in enumerate(rows)]


def variables(symbols: list[Symbol]) -> Iterator[Symbol]:
    """Spread short arrays into their elements, `name[0]` to `name[n-1]`; a long one is left as its first element."""
    for symbol in symbols:
        if not 1 < symbol.count <= _MAX_ELEMENTS:
            yield symbol
            continue
        pattern = symbol.name if "[]" in symbol.name else f"{symbol.name}[]"
        for number in range(symbol.count):
            yield Symbol(
                pattern.replace("[]", f"[{number}]", 1),
                symbol.region,
                symbol.address + number * symbol.stride,
                symbol.size,
                symbol.signed,
                1,
                symbol.size,
                symbol.meaning,
            )


def _symbol(file: str, place: int, row: Any) -> Symbol:
    try:
        name, kind, region = str(row["name"]), row["type"], row["region"]
        address = int(row["address"], 16)
        size, count = _TYPES[kind], int(row.get("count", 1))
        first, bytes_of_region = _REGIONS[region]
        stride = int(row.get("stride", size))
    except (KeyError, TypeError, ValueError) as error:
        raise ExportError(
            f"{file}: entry {place + 1} needs name, address (hex), region ({', '.join(_REGIONS)}) "
            f"and type ({', '.join(_TYPES)}); {error} is missing or wrong."
        ) from None
    if count < 1 or stride < size or not first <= address <= first + bytes_of_region - (count - 1) * stride - size:
        raise ExportError(f"{file}: {name} does not lie in {region}.")
    return Symbol(name, region, address, size, kind[0] == "s", count, stride, str(row.get("meaning", "")))
