"""Code notes of RetroAchievements, whose addresses count through IWRAM and then EWRAM. Pure.

Source: rcheevos, `consoleinfo.c`. The size of a variable stands in brackets in the note's first line, `[16-bit]`.
"""

import re
from collections.abc import Iterator
from typing import Any

from daemon.exporting.addresses.symbols import NOT_A_NUMBER, Symbol, symbol_at
from protocol.console import GBA

__all__ = ["read_code_notes"]

_IWRAM, _EWRAM = GBA.regions
_SIZE = re.compile(
    r"[\[(]\s*(8|16|24|32)[\s-]*bits?\b([^\])]*)[\])]|[\[(]\s*(float|double|mbf32)[^\])]*[\])]", re.IGNORECASE
)
_BYTES = {"8": 1, "16": 2, "32": 4}


def read_code_notes(rows: list[dict[str, Any]]) -> Iterator[Symbol | str]:
    """Read code notes: a symbol, or a sentence for a note that could not be taken over.

    Args:
        rows: each has `Note`, and `Address` in hex.
    """
    for row in rows:
        first, _, rest = str(row["Note"]).strip().partition("\n")
        size = _SIZE.search(first)
        name = " ".join((first[: size.start()] + first[size.end() :] if size else first).split())
        name = name or str(row.get("Address", "a note"))
        try:
            offset = int(str(row["Address"]), 16)
        except (KeyError, ValueError):
            yield f"{name} was left out: it has no address."
            continue
        is_float, big_endian = bool(size and size[3]), bool(size and "BE" in (size[2] or "").upper())
        if is_float or big_endian or (size and size[1] not in _BYTES):
            yield f"{name} was left out: it {NOT_A_NUMBER}."
            continue
        address = _IWRAM.base + offset if offset < _IWRAM.size else _EWRAM.base + offset - _IWRAM.size
        yield symbol_at(name, address, _BYTES[size[1]] if size else 1, signed=False, meaning=" ".join(rest.split()))
