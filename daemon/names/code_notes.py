"""Code notes of RetroAchievements: `<game>-Notes.json`, and local `<game>-User.txt`. Pure.

Addresses count through IWRAM and then EWRAM (rcheevos, `consoleinfo.c`). A note's first line is the name, with its
size in brackets, `[16-bit BE]`; lines such as `0x01=poison` and `bit3=asleep` give meanings (RAIntegration,
`CodeNoteModel.cpp`). The local file has a note a line, `N0:0x0008a4:"…"`, with escapes as in JSON; its first two lines
are the version of the tool and the game's title (`CodeNotesModel.cpp`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from daemon.analysis.value_types import VALUE_TYPES
from daemon.names.entries import WrittenNames, entry_lines, foreign_name, left_out, lost_fields
from daemon.names.named_address import MAX_TEXT, MAX_VALUES, NamedAddress
from protocol.console import GBA

__all__ = ["is_local_notes", "read_code_notes", "read_local_notes", "write_code_notes", "write_local_notes"]

_IWRAM, _EWRAM = GBA.regions
_SIZE = re.compile(
    r"[\[(]\s*(?:(?P<bits>8|16|24|32)[\s-]*bits?|(?P<bytes>[1-4])\s*bytes?|(?P<other>float|double|mbf))\b"
    r"(?P<rest>[^\])]*)[\])]",
    re.IGNORECASE,
)
_VALUE = re.compile(r"(0x[0-9a-f]{1,8}|-?[0-9]{1,10})\s*[=:]\s*(\S.*)", re.IGNORECASE)
_BIT = re.compile(r"bit\s?([0-9]{1,2})\s*[=:]\s*(\S.*)", re.IGNORECASE)
_LOCAL = re.compile(r'N[0-9]+:(0x[0-9a-f]+):("(?:[^"\\]|\\.)*")\s*', re.IGNORECASE)
_IS_LOCAL = re.compile(r"^N[0-9]+:", re.MULTILINE)

_VERSION = "1.3.0.0"
_KEPT = ("values", "bits", "note")


def read_code_notes(text: str, rows: Sequence[Any]) -> Iterator[NamedAddress | str]:
    """Read `-Notes.json`.

    Args:
        text: the file, for the lines of what is wrong.
        rows: each has `Note`, and `Address` in hex.

    Yields:
        A name, or a sentence for a note that could not be taken over.
    """
    for where, row in zip(entry_lines(text, "Address", len(rows)), rows, strict=True):
        if not isinstance(row, dict) or not isinstance(row.get("Note"), str):
            yield left_out(where, "an entry", "it has no note")
        elif row["Note"].strip():
            yield _name(where, str(row.get("Address", "")), row["Note"])


def is_local_notes(text: str) -> bool:
    """Return whether a text is a local file of RetroAchievements with code notes."""
    return _IS_LOCAL.search(text) is not None


def read_local_notes(text: str) -> Iterator[NamedAddress | str]:
    """Read the code notes of a local file; its achievements and leaderboards are passed over."""
    for number, line in enumerate(text.split("\n"), 1):
        if not _IS_LOCAL.match(line):
            continue
        found = _LOCAL.fullmatch(line)
        where = f"line {number}"
        note = _unescaped(found[2]) if found else None
        if found is None or note is None:
            yield left_out(where, line[:40].strip(), 'it is not N0:<address>:"<note>"')
        elif note.strip():  # An empty note stands for one that was taken away.
            yield _name(where, found[1], note)


def write_code_notes(names: Sequence[NamedAddress]) -> WrittenNames:
    """Write `-Notes.json`."""
    rows = [{"User": "", "Address": address, "Note": note} for address, note in _notes(names)]
    return WrittenNames(len(rows), orjson.dumps(rows, option=orjson.OPT_INDENT_2), tuple(_lost(names)))


def write_local_notes(names: Sequence[NamedAddress], game: str = "") -> WrittenNames:
    """Write a local file.

    Args:
        names: the names.
        game: title of the game.
    """
    lines = [f"N0:{address}:{orjson.dumps(note).decode()}" for address, note in _notes(names)]
    data = "\r\n".join([_VERSION, " ".join(game.split()), *lines, ""]).encode()
    return WrittenNames(len(lines), data, tuple(_lost(names)))


def _notes(names: Sequence[NamedAddress]) -> Iterator[tuple[str, str]]:
    """Yield the note of each address; names of one address share a note.

    Each tool reads the first of them.
    """
    together: dict[int, list[NamedAddress]] = {}
    for name in names:
        if GBA.region_at(name.address, name.width) is not None:
            together.setdefault(name.address, []).append(name)
    for address, named in together.items():
        first, *others = named
        also = [f"also {other.name} ({other.type})" for other in others]
        yield _ra_address(address), "\r\n".join([*_note_lines(first), *also])


def _note_lines(name: NamedAddress) -> Iterator[str]:
    yield f"{_size(name.type)} {' '.join(name.name.split())}"
    for number, meaning in name.values.items():
        yield f"{number if number < 0 else f'0x{number:02x}'}={' '.join(meaning.split())}"
    for bit, meaning in name.bits.items():
        yield f"bit{bit}={' '.join(meaning.split())}"
    yield from name.note.split("\n") if name.note else ()


def _lost(names: Sequence[NamedAddress]) -> Iterator[str]:
    yield from lost_fields("A code note", names, _KEPT)
    for name in names:
        if GBA.region_at(name.address, name.width) is None:
            yield f"{name.name} was left out: it lies in no memory that RetroAchievements knows."
    seen: dict[int, str] = {}
    for name in names:
        if seen.setdefault(name.address, name.name) != name.name:
            yield f"{name.name} stands in the note of {seen[name.address]}: an address has one code note."


def _name(where: str, address: str, note: str) -> NamedAddress | str:
    first, *lines = note.strip().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    size = _SIZE.search(first)
    name = " ".join((first[: size.start()] + first[size.end() :] if size else first).split()) or address
    try:
        offset = int(address, 16)
    except ValueError:
        return left_out(where, name, "it has no address")
    kind = _kind(size) if size else "u8"
    if not kind:
        return left_out(where, name, f"there is no type {size[0] if size else ''} here")
    values, bits, rest = _meanings(lines, 8 * VALUE_TYPES[kind].width)
    base = _IWRAM.base + offset if offset < _IWRAM.size else _EWRAM.base + offset - _IWRAM.size
    return foreign_name(where, name, base, kind, note="\n".join(rest), values=values, bits=bits)


def _meanings(lines: Sequence[str], width: int) -> tuple[Mapping[str, str], Mapping[str, str], list[str]]:
    """Part meanings of values and bits from the other lines; what cannot be one stays a line."""
    values: dict[str, str] = {}
    bits: dict[str, str] = {}
    rest: list[str] = []
    for line in lines:
        bit, value = _BIT.fullmatch(line.strip()), _VALUE.fullmatch(line.strip())
        if bit and int(bit[1]) < width and str(int(bit[1])) not in bits and len(bit[2]) <= MAX_TEXT:
            bits[str(int(bit[1]))] = bit[2].strip()
        elif value and len(values) < MAX_VALUES and (number := _number(value[1])) not in values and number:
            if len(value[2]) <= MAX_TEXT:
                values[number] = value[2].strip()
            else:
                rest.append(line)
        else:
            rest.append(line)
    return values, bits, rest


def _number(text: str) -> str:
    """Read a value's number; empty where no type holds it."""
    number = int(text, 16 if text[:2].lower() == "0x" else 10)
    return str(number) if -(1 << 31) <= number < 1 << 32 else ""


def _kind(size: re.Match[str]) -> str:
    words = re.findall(r"[a-z0-9.]+", size["rest"].lower())
    other = (size["other"] or "").lower()
    if other or "float" in words:
        return "float32" if other in {"", "float"} and not {"be", "bigendian", "double"} & set(words) else ""
    bits = int(size["bits"]) if size["bits"] else 8 * int(size["bytes"])
    fixed = next((word for word in words if word.startswith("fixed")), "")
    if fixed:
        return fixed if bits == 32 and fixed in {"fixed20.12", "fixed24.8"} else ""
    if bits == 24 or "mbf" in words or "double" in words:
        return ""
    order = "be" if {"be", "bigendian"} & set(words) and bits != 8 else ""
    if "bcd" in words:
        return "" if order else f"bcd{bits}"
    return f"{'s' if 'signed' in words else 'u'}{bits}{order}"


def _size(kind: str) -> str:
    if kind == "float32":
        return "[Float]"
    if kind.startswith("fixed"):
        return f"[32-bit {kind}]"
    bits = re.sub(r"\D", "", kind)
    words = [f"{bits}-bit"]
    words += ["BE"] if kind.endswith("be") else []
    words += ["signed"] if kind.startswith("s") else ["BCD"] if kind.startswith("bcd") else []
    return f"[{' '.join(words)}]"


def _ra_address(address: int) -> str:
    inside = _IWRAM.holds(address)
    return f"0x{address - _IWRAM.base if inside else address - _EWRAM.base + _IWRAM.size:06x}"


def _unescaped(quoted: str) -> str | None:
    """Read a quoted text; None where its escapes are none."""
    try:
        text: str = orjson.loads(quoted)
    except orjson.JSONDecodeError:
        # RAIntegration writes a backslash before quotes and backslashes alone: others stand for themselves.
        return re.sub(r'\\(["\\])', r"\1", quoted[1:-1]) if quoted[1:-1].isprintable() else None
    return text
