"""`data.json` of a stable-retro integration. Pure.

Its `info` names variables by bus address and numpy type (stable-retro, docs/integration.md).
"""

from collections.abc import Sequence

import orjson

from daemon.export.symbols import Symbol, variables

__all__ = ["retro_data"]


def retro_data(symbols: Sequence[Symbol]) -> tuple[int, bytes]:
    """Write `data.json`.

    Returns:
        How many variables it names, and its bytes.
    """
    info = {
        variable.identifier: {"address": variable.address, "type": _numpy_type(variable)}
        for variable in variables(list(symbols))
    }
    return len(info), orjson.dumps({"info": info}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _numpy_type(variable: Symbol) -> str:
    order = "|" if variable.size == 1 else "<"
    return f"{order}{'i' if variable.signed else 'u'}{variable.size}"
