"""Export of named addresses to the files of other tools. Shell: reads the list, writes the file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from daemon.disk.files import map_os_errors, replace_file
from daemon.exporting.addresses.ram_watch import watch_list
from daemon.exporting.addresses.stable_retro import retro_data
from daemon.exporting.addresses.symbol_lists import read_symbol_list
from daemon.exporting.addresses.symbols import Symbol, SymbolFile
from protocol.errors import ExportError

__all__ = ["SYMBOL_FORMATS", "SymbolFormat", "export_symbols"]


@dataclass(frozen=True, slots=True)
class SymbolFormat:
    """A format that a list of named addresses can be exported to.

    Args:
        summary: the format in a few words, for the help.
        write: makes the file.
    """

    summary: str
    write: Callable[[Sequence[Symbol]], SymbolFile]


SYMBOL_FORMATS = {
    "stable-retro": SymbolFormat("data.json of a stable-retro integration", retro_data),
    "wch": SymbolFormat("a RAM Watch list of BizHawk", watch_list),
}
"""The formats by the name that chooses them."""


def export_symbols(symbols: Path, export_format: str, target: Path) -> SymbolFile:
    """Write a list of named addresses for another tool.

    Args:
        symbols: named addresses, as `resources/demo/symbols.json` or as other tools list them, see `symbol_lists`.
        export_format: one of `SYMBOL_FORMATS`.
        target: the file to write; it must not exist.

    Returns:
        What was written.

    Raises:
        ExportError: the list cannot be read or used, or the file is there already.
        StoreError: the disk refused.
    """
    if export_format not in SYMBOL_FORMATS:
        raise ExportError(f"There is no format {export_format!r} for addresses; there are {', '.join(SYMBOL_FORMATS)}.")
    try:
        data = symbols.read_bytes()
    except OSError as error:
        raise ExportError(f"The symbol list {symbols} cannot be read ({error.strerror or error}).") from None
    read, notes = read_symbol_list(symbols.name, data)
    written = SYMBOL_FORMATS[export_format].write(read)
    if target.exists():
        raise ExportError(f"{target} is there already: choose another name, or delete it first.")
    with map_os_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_file(target, written.data)
    return replace(written, notes=(*notes, *written.notes))
