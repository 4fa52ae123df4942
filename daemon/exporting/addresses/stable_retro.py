"""`data.json` of a stable-retro integration. Pure.

Its `info` names variables by bus address and numpy type (stable-retro, docs/integration.md).
"""

from collections.abc import Sequence

import orjson

from daemon.exporting.addresses.symbols import Symbol, SymbolFile, identifiers, long_arrays, variables

__all__ = ["retro_data"]


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


def _numpy_type(variable: Symbol) -> str:
    order = "|" if variable.size == 1 else "<"
    return f"{order}{'i' if variable.signed else 'u'}{variable.size}"
