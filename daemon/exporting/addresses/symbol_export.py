"""Lists of named addresses from tool to tool. Shell: reads the list, writes the file."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from daemon.disk.files import map_os_errors, replace_file
from daemon.exporting.addresses.code_notes import read_code_notes
from daemon.exporting.addresses.ram_watch import read_watches, watch_list
from daemon.exporting.addresses.stable_retro import read_retro_data, retro_data
from daemon.exporting.addresses.symbols import Symbol, SymbolFile, parse_symbols
from protocol.errors import ExportError

__all__ = ["SYMBOL_FORMATS", "SymbolFormat", "export_symbols", "parse_symbol_list"]


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
        symbols: named addresses, as `resources/demo/symbols.json` or as other tools list them, see `parse_symbol_list`.
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
    read, notes = parse_symbol_list(symbols.name, data)
    written = SYMBOL_FORMATS[export_format].write(read)
    if target.exists():
        raise ExportError(f"{target} is there already: choose another name, or delete it first.")
    with map_os_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_file(target, written.data)
    return replace(written, notes=(*notes, *written.notes))


def parse_symbol_list(file: str, data: bytes) -> tuple[list[Symbol], list[str]]:
    """Read a list of named addresses in whichever of the forms it has.

    Ours, BizHawk's RAM Watch (`.wch`), `data.json` of stable-retro, or code notes of RetroAchievements.

    Args:
        file: its name, for messages.
        data: its bytes.

    Returns:
        The symbols, and a sentence for each entry that could not be taken over.

    Raises:
        ExportError: the list cannot be read, or has no entry that can be used.
    """
    text = data.decode("utf-8-sig", "replace")
    if text.lstrip().startswith("<"):
        raise ExportError(f"{file} is XML, perhaps a Cheat Engine table, whose addresses are those of a PC program.")
    if text.lstrip()[:1] not in {"[", "{"}:
        return _taken(file, read_watches(file, text))
    document = _json(file, text)
    if isinstance(document, dict) and isinstance(document.get("info"), dict):
        return _taken(file, read_retro_data(document["info"]))
    if isinstance(document, list) and document and all(isinstance(row, dict) and "Note" in row for row in document):
        return _taken(file, read_code_notes(document))
    return parse_symbols(file, document), []


def _taken(file: str, entries: Iterable[Symbol | str]) -> tuple[list[Symbol], list[str]]:
    symbols: list[Symbol] = []
    notes: list[str] = []
    for entry in entries:
        if isinstance(entry, str):
            notes.append(entry)
        else:
            symbols.append(entry)
    if not symbols:
        raise ExportError(f"{file} names no address in IWRAM or EWRAM. {notes[0] if notes else ''}".strip())
    return symbols, notes


def _json(file: str, text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ExportError(f"{file} is not JSON: {error.msg} in line {error.lineno}.") from None
