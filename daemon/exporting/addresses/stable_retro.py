"""`data.json` of a stable-retro integration. Pure.

Its `info` names variables by bus address and numpy type (stable-retro, docs/integration.md).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from daemon.exporting.addresses.symbols import (
    NOT_A_NUMBER,
    Symbol,
    SymbolFile,
    identifiers,
    long_arrays,
    symbol_at,
    variables,
)

__all__ = ["read_retro_data", "retro_data"]

_TYPE = re.compile(r"([<>|=]?)([a-z])([0-9]+)")


def retro_data(symbols: Sequence[Symbol]) -> SymbolFile:
    """Write `data.json`. Names become identifiers, each of its own."""
    spread = list(variables(symbols))
    names, notes = identifiers(spread)
    info = {
        name: {"address": variable.address, "type": _numpy_type(variable)}
        for name, variable in zip(names, spread, strict=True)
    }
    data = orjson.dumps({"info": info}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return SymbolFile(len(info), data, (*long_arrays(symbols), *notes))


def read_retro_data(info: dict[str, Any]) -> Iterator[Symbol | str]:
    """Read the `info` of a `data.json`: a symbol, or a sentence where none can be made."""
    for name, entry in info.items():
        kind = _TYPE.fullmatch(str(entry.get("type"))) if isinstance(entry, dict) else None
        if kind is None or type(entry.get("address")) is not int:
            yield f"{name} was left out: it has no address or no type."
        elif kind[2] not in "ui" or kind[3] not in {"1", "2", "4"} or (kind[1] == ">" and kind[3] != "1"):
            yield f"{name} was left out: {entry['type']} {NOT_A_NUMBER}."
        else:
            yield symbol_at(name, entry["address"], int(kind[3]), signed=kind[2] == "i")


def _numpy_type(variable: Symbol) -> str:
    order = "|" if variable.size == 1 else "<"
    return f"{order}{'i' if variable.signed else 'u'}{variable.size}"
