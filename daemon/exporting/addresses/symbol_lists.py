"""Named addresses as other tools list them, and as we write them for those tools. Pure.

BizHawk's RAM Watch (`.wch`, see `ram_watch`), `data.json` of stable-retro (see `stable_retro`), and code notes of
RetroAchievements, whose addresses count through IWRAM and then EWRAM (rcheevos, `consoleinfo.c`).
"""

import re
from collections.abc import Iterator
from typing import Any

import orjson

from daemon.exporting.addresses.symbols import Symbol, parse_symbols, region_at
from protocol.console import GBA
from protocol.errors import ExportError
from protocol.wording import counted

__all__ = ["read_symbol_list"]

_IWRAM, _EWRAM = GBA.regions

_WATCH_SIZES = {"b": 1, "w": 2, "d": 4}
_SEPARATOR = "S"
_RETRO_TYPE = re.compile(r"([<>|=]?)([a-z])([0-9]+)")
_NOTE_SIZE = re.compile(
    r"[\[(]\s*(8|16|24|32)[\s-]*bits?\b([^\])]*)[\])]|[\[(]\s*(float|double|mbf32)[^\])]*[\])]", re.IGNORECASE
)
_NOTE_TYPES = {"8": 1, "16": 2, "32": 4}


def read_symbol_list(file: str, data: bytes) -> tuple[list[Symbol], list[str]]:
    """Read a list of named addresses in whichever of the forms it has.

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
        return _taken(file, _watches(file, text))
    document = _json(file, text)
    if isinstance(document, dict) and isinstance(document.get("info"), dict):
        return _taken(file, _retro(document["info"]))
    if isinstance(document, list) and document and all(isinstance(row, dict) and "Note" in row for row in document):
        return _taken(file, _notes(document))
    return parse_symbols(file, text.encode()), []


def _taken(file: str, entries: Iterator[Symbol | str]) -> tuple[list[Symbol], list[str]]:
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


def _symbol(name: str, address: int, size: int, *, signed: bool, meaning: str = "") -> Symbol | str:
    region = region_at(address, size)
    if region is None:
        return f"{name} was left out: {address:08X} lies neither in IWRAM nor in EWRAM."
    return Symbol(name, region, address, size, signed, 1, size, meaning)


def _watches(file: str, text: str) -> Iterator[Symbol | str]:
    rows = [line.split("\t") for line in text.splitlines() if "\t" in line]
    if not rows:
        raise ExportError(f"{file} is no list of named addresses: neither JSON nor a watch list of BizHawk.")
    for row in rows:
        if row[1] == _SEPARATOR:
            continue
        if len(row) < 6:
            yield f"{row[0]} was left out: its line has {counted(len(row), 'column')} instead of 6."
            continue
        digits, kind, display, big_endian, domain, notes = row[:6]
        # Written as we write them: the name, then what it means.
        name, _, meaning = (part.strip() for part in (notes or f"{domain} {digits}").partition(": "))
        try:
            address = _bus_address(int(digits, 16), domain)
        except ValueError:
            yield f"{name} was left out: {digits!r} is not an address."
            continue
        if kind not in _WATCH_SIZES or (big_endian == "1" and kind != "b"):
            yield f"{name} was left out: it is not a little-endian number of 8, 16 or 32 bits."
        elif address is None:
            yield f"{name} was left out: the memory domain {domain} is not traced."
        else:
            yield _symbol(name, address, _WATCH_SIZES[kind], signed=display == "s", meaning=meaning)


def _bus_address(offset: int, domain: str) -> int | None:
    match domain:
        case _IWRAM.domain:
            return _IWRAM.base + offset
        case _EWRAM.domain:
            return _EWRAM.base + offset
        case "Combined WRAM":
            return _EWRAM.base + offset if offset < _EWRAM.size else _IWRAM.base + offset - _EWRAM.size
        case "System Bus":
            return offset
        case _:
            return None


def _retro(info: dict[str, Any]) -> Iterator[Symbol | str]:
    for name, entry in info.items():
        kind = _RETRO_TYPE.fullmatch(str(entry.get("type"))) if isinstance(entry, dict) else None
        if kind is None or type(entry.get("address")) is not int:
            yield f"{name} was left out: it has no address or no type."
        elif kind[2] not in "ui" or kind[3] not in {"1", "2", "4"} or (kind[1] == ">" and kind[3] != "1"):
            yield f"{name} was left out: {entry['type']} is not a little-endian number of 8, 16 or 32 bits."
        else:
            yield _symbol(name, entry["address"], int(kind[3]), signed=kind[2] == "i")


def _notes(rows: list[dict[str, Any]]) -> Iterator[Symbol | str]:
    for row in rows:
        first, _, rest = str(row["Note"]).strip().partition("\n")
        size = _NOTE_SIZE.search(first)
        name = " ".join((first[: size.start()] + first[size.end() :] if size else first).split()) or str(row["Address"])
        try:
            offset = int(str(row["Address"]), 16)
        except (KeyError, ValueError):
            yield f"{name} was left out: it has no address."
            continue
        is_float, big_endian = bool(size and size[3]), bool(size and "BE" in (size[2] or "").upper())
        if is_float or big_endian or (size and size[1] not in _NOTE_TYPES):
            yield f"{name} was left out: it is not a little-endian number of 8, 16 or 32 bits."
            continue
        address = _IWRAM.base + offset if offset < _IWRAM.size else _EWRAM.base + offset - _IWRAM.size
        yield _symbol(name, address, _NOTE_TYPES[size[1]] if size else 1, signed=False, meaning=" ".join(rest.split()))
