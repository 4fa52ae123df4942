r"""Watch lists of BizHawk's RAM Watch, `.wch`. Pure.

The first line names the system; then one watch a line, in columns separated by tabs: address within its domain (hex,
as wide as the domain's last address), size (`b`, `w`, `d`, `S` for a line between watches), display (`u`, `s`, `h`,
`b`; fixed point `1` 12.4, `2` 20.12, `3` 16.16; `f`), big-endian (`0`, `1`), domain, notes (BizHawk, Client.Common,
tools/Watch). The notes are `name: note` as we write them, with `\:` for a colon before a blank in the name.
"""

import re
from collections.abc import Iterator, Sequence

from daemon.names.entries import WrittenNames, foreign_name, left_out, lost_fields
from daemon.names.named_address import NamedAddress, Scale
from protocol.console import GBA
from protocol.errors import NamesError
from protocol.wording import counted

__all__ = ["read_watches", "write_watches"]

_DOMAINS = {region.domain: region for region in GBA.regions}
_WIDTHS = {1: "b", 2: "w", 4: "d"}
_BITS = {"b": 8, "w": 16, "d": 32}
_SEPARATOR = "S"
_COMBINED = (_DOMAINS["EWRAM"], _DOMAINS["IWRAM"])
"""The regions of the domain `Combined WRAM`, one after the other."""

_COLUMNS = 6
_POINTS = {"1": ("w", 4), "2": ("d", 12), "3": ("d", 16)}
"""Fixed point by its display: the size, and bits behind the point."""

_NAME = re.compile(r"((?:[^\\:]|\\.|\\$|:(?! |$))*)(?::(?: |$))?(.*)", re.DOTALL)
"""A name up to the first colon before a blank or the end, and the note behind it."""


def write_watches(names: Sequence[NamedAddress]) -> WrittenNames:
    """Write a watch list; lines end as Windows ends them, and a note has one line."""
    watches = [watch for watch in map(_watch, names) if watch]
    data = "\r\n".join([f"SystemID {GBA.system}", *watches, ""]).encode()
    notes = [
        *(f"{name.name} was left out: it lies in no memory domain." for name in names if not _watch(name)),
        *lost_fields("A watch list", [_without_shown_scale(name) for name in names], ("note", "watched")),
    ]
    shown = [name for name in names if name.type.startswith("bcd") or name.type == "fixed24.8"]
    if shown:
        notes.append(f"A watch list has no type for {counted(len(shown), 'name')}, such as {shown[0].name}.")
    return WrittenNames(len(watches), data, tuple(notes))


def read_watches(file: str, text: str) -> Iterator[NamedAddress | str]:
    """Read a watch list.

    Args:
        file: its name, for messages.
        text: its content.

    Yields:
        A name, or a sentence for a watch that could not be taken over.

    Raises:
        NamesError: it is none.
    """
    rows = [
        (number, line.rstrip("\r").split("\t", _COLUMNS - 1))
        for number, line in enumerate(text.split("\n"), 1)
        if "\t" in line
    ]
    if not rows:
        raise NamesError(f"{file} is no list of names: neither JSON, nor a watch list of BizHawk, nor code notes.")
    for number, row in rows:
        where = f"line {number}"
        if row[1] == _SEPARATOR:
            continue
        if len(row) < _COLUMNS:
            yield left_out(where, row[0], f"its line has {counted(len(row), 'column')} instead of {_COLUMNS}")
            continue
        digits, size, display, big_endian, domain, notes = row
        name, note = _parted(notes.strip() or f"{domain} {digits}")
        try:
            address = _bus_address(int(digits, 16), domain)
        except ValueError:
            yield left_out(where, name, f"{digits!r} is not an address")
            continue
        kind, scale = _kind(size, display, big_endian=big_endian not in {"0", ""})
        if not kind:
            yield left_out(where, name, f"{size} shown as {display} is not a number that is known here")
        elif address is None:
            yield left_out(where, name, f"the memory domain {domain} is not recorded")
        else:
            yield foreign_name(where, name, address, kind, note=note, scale=scale.as_map())


def _watch(name: NamedAddress) -> str:
    region = GBA.region_at(name.address, name.width)
    if region is None:
        return ""
    digits = f"{name.address - region.base:0{len(f'{region.size - 1:X}')}X}"
    big_endian = "1" if name.type.endswith("be") else "0"
    plain = re.sub(r"\\|:(?= |$)", r"\\\g<0>", " ".join(name.name.split()))
    notes = f"{plain}: {' '.join(name.note.split())}" if name.note else plain
    return "\t".join((digits, _WIDTHS[name.width], _display(name), big_endian, region.domain, notes))


def _display(name: NamedAddress) -> str:
    if name.type.startswith("bcd"):
        return "h"  # Its hexadecimal digits are its decimal ones.
    if name.type == "float32":
        return "f"
    if name.type == "fixed20.12":
        return "2"
    for display, (size, bits) in _POINTS.items():
        if name.type == f"s{_BITS[size]}" and name.scale == Scale(1 / (1 << bits)):
            return display
    return "s" if name.type.startswith(("s", "fixed")) else "u"


def _without_shown_scale(name: NamedAddress) -> NamedAddress:
    """Return a name without the scale that a display of the watch list shows."""
    if _display(name) not in _POINTS or name.type == "fixed20.12":
        return name
    return NamedAddress(name.name, name.address, name.type, values=name.values, bits=name.bits, evidence=name.evidence)


def _kind(size: str, display: str, *, big_endian: bool) -> tuple[str, Scale]:
    """Return the value type and the scale of a watch; an empty type where there is none."""
    order = "be" if big_endian and size != "b" else ""
    if display in _POINTS:
        wanted, bits = _POINTS[display]
        if size != wanted or order:
            return "", Scale()
        return ("fixed20.12", Scale()) if display == "2" else (f"s{_BITS[size]}", Scale(1 / (1 << bits)))
    if display == "f":
        return ("" if order or size != "d" else "float32"), Scale()
    if size not in _BITS or display not in {"u", "s", "h", "b"}:
        return "", Scale()
    return f"{'s' if display == 's' else 'u'}{_BITS[size]}{order}", Scale()


def _parted(notes: str) -> tuple[str, str]:
    """Part a name from its note; the backslashes with which we write a colon in a name go."""
    found = _NAME.fullmatch(notes)
    name, note = found.groups() if found else (notes, "")
    return re.sub(r"\\([\\:])", r"\1", name).strip(), note.strip()


def _bus_address(offset: int, domain: str) -> int | None:
    if domain in _DOMAINS:
        return _DOMAINS[domain].base + offset
    if domain == "Combined WRAM":
        first, second = _COMBINED
        return first.base + offset if offset < first.size else second.base + offset - first.size
    return offset if domain == "System Bus" else None
