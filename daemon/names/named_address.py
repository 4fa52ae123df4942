"""Named address: a variable of the game with its type and meaning, all checked. Pure.

In JSON, on the bus and on the page it is one map, see `NamedAddress.as_map`. Addresses are numbers there; files have
them as eight hex digits, and both are read.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from daemon.analysis.addresses import MAX_ADDRESS, read_address
from daemon.analysis.value_types import VALUE_TYPES
from protocol.errors import NamesError
from protocol.texts import checked_name, checked_text

__all__ = [
    "ENTRY_KEYS",
    "MAX_BITS",
    "MAX_EVIDENCE",
    "MAX_NAME",
    "MAX_NOTE",
    "MAX_TEXT",
    "MAX_VALUES",
    "MAX_WHO",
    "NamedAddress",
    "Scale",
    "Status",
    "parse_named_address",
]

MAX_NAME = 100
"""Longest name, in characters."""

MAX_NOTE = 4_000
"""Longest note, in characters."""

MAX_TEXT = 200
"""Longest meaning of a value or a bit, piece of evidence, or alarm, in characters."""

MAX_VALUES = 1_024
"""Most values of a name that have a meaning."""

MAX_BITS = 32
"""Bits of the widest type."""

MAX_EVIDENCE = 32
"""Most pieces of evidence for a name."""

MAX_WHO = 60
"""Longest name of a person, in characters."""

_MAX_UNIT = 20
_LEAST_VALUE, _GREATEST_VALUE = -(1 << 31), (1 << 32) - 1
_WHOLE = re.compile(r"-?[0-9]{1,10}|0[xX][0-9A-Fa-f]{1,8}")
_NOTE_CONTROLS = "\n\t"


class Status(StrEnum):
    """Certainty of a name. Only a person's own word, or a poke on request, makes it `confirmed`."""

    GUESS = "guess"
    CERTAIN = "certain"
    CONFIRMED = "confirmed"

    @property
    def rank(self) -> int:
        """0 for a guess, 2 for what is confirmed."""
        return list(Status).index(self)


@dataclass(frozen=True, slots=True)
class Scale:
    """Scale in which a value is shown: `value * factor + offset`, in a unit."""

    factor: float = 1
    offset: float = 0
    unit: str = ""

    def as_map(self) -> dict[str, Any]:
        """Return what differs from a plain number."""
        held = {item.name: (getattr(self, item.name), item.default) for item in fields(self)}
        return {name: value for name, (value, default) in held.items() if value != default}

    @property
    def is_plain(self) -> bool:
        """True where the value is shown as it is."""
        return self.factor == 1 and self.offset == 0


@dataclass(frozen=True, slots=True)
class NamedAddress:
    """A variable of the game.

    Args:
        name: what people call it, unique in a book: `party[0].hp`.
        address: on the bus, of its first byte; it need not be aligned.
        type: name of its value type, see `daemon.analysis.value_types`.
        scale: how the value is shown.
        values: meaning of single values, ascending.
        bits: meaning of single bits, from 0, ascending.
        note: what it is, in words; may have several lines.
        status: how sure it is.
        evidence: what speaks for it, a sentence each.
        watched: whether its values are shown while playing.
        alarm: condition and what happens when it comes true, see `daemon.analysis.alarm_rules`; empty for none.
        who: person who gave or last changed it; empty where nobody did.
    """

    name: str
    address: int
    type: str
    scale: Scale = Scale()
    values: Mapping[int, str] = field(default_factory=dict)
    bits: Mapping[int, str] = field(default_factory=dict)
    note: str = ""
    status: Status = Status.GUESS
    evidence: tuple[str, ...] = ()
    watched: bool = False
    alarm: str = ""
    who: str = ""

    @property
    def width(self) -> int:
        """Its bytes: 1, 2 or 4."""
        return VALUE_TYPES[self.type].width

    def covers(self, address: int, size: int = 1) -> bool:
        """Return whether any byte of it is among `size` bytes from an address on."""
        return self.address < address + size and address < self.address + self.width

    def as_map(self) -> dict[str, Any]:
        """Return the name as JSON, bus and page hold it; empty fields are left out.

        Keys of `values` and `bits` are texts, as JSON has no others.
        """
        held: dict[str, Any] = {
            "scale": self.scale.as_map(),
            "values": {str(number): meaning for number, meaning in self.values.items()},
            "bits": {str(bit): meaning for bit, meaning in self.bits.items()},
            "note": self.note,
            "evidence": list(self.evidence),
            "watched": self.watched,
            "alarm": self.alarm,
            "who": self.who,
        }
        return {
            "name": self.name,
            "address": self.address,
            "type": self.type,
            "status": str(self.status),
            **{key: value for key, value in held.items() if value},
        }


ENTRY_KEYS = tuple(item.name for item in fields(NamedAddress))
"""The keys of a name, in the order of the file."""


def parse_named_address(given: Mapping[str, Any], base: NamedAddress | None = None) -> NamedAddress:
    """Read a name from outside: from a file, a command, a program.

    Args:
        given: its fields; those of `ENTRY_KEYS` alone.
        base: the name as it was, whose fields stay where none is given; None for a new one.

    Raises:
        NamesError: a field is missing, unknown, or not what it should be.
    """
    unknown = sorted(set(map(str, given)) - set(ENTRY_KEYS))
    if unknown:
        raise NamesError(f"A name has no {unknown[0][:60]!r}; it may have {', '.join(ENTRY_KEYS)}.")
    missing = [key for key in ("name", "address", "type") if base is None and key not in given]
    if missing:
        raise NamesError(f"A name needs {missing[0]!r}: it has at least name, address and type.")
    checked = {key: _CHECKS[key](value) for key, value in given.items()}
    parsed = replace(base, **checked) if base is not None else NamedAddress(**checked)
    if parsed.address + parsed.width - 1 > MAX_ADDRESS:
        raise NamesError(f"{parsed.name} does not fit the bus at {parsed.address:08X}.")
    if parsed.bits and max(parsed.bits) >= 8 * parsed.width:
        raise NamesError(f"{parsed.name} is {parsed.type} and has no bit {max(parsed.bits)}.")
    return parsed


def _address(value: object) -> int:
    """Check the address of a name: a number, or hex digits with or without `0x`.

    Raises:
        NamesError: it is none.
    """
    address = read_address(value)
    if address is None:
        raise NamesError(f"{str(value)[:60]!r} is not an address: up to eight hex digits, or a number.")
    return address


def _name(value: object) -> str:
    return checked_name("A name", value, MAX_NAME, NamesError)


def _type(value: object) -> str:
    if not isinstance(value, str) or value not in VALUE_TYPES:
        raise NamesError(f"{str(value)[:60]!r} is not a value type; there are {', '.join(VALUE_TYPES)}.")
    return value


def _scale(value: object) -> Scale:
    if not isinstance(value, Mapping) or not set(value) <= {"factor", "offset", "unit"}:
        raise NamesError("The scale of a name is an object with factor, offset and unit.")
    factor, offset = (_finite(value.get(key, default), key) for key, default in (("factor", 1), ("offset", 0)))
    if not factor:
        raise NamesError("The factor of a scale is not 0.")
    return Scale(factor, offset, checked_text("A unit", value.get("unit", ""), _MAX_UNIT, NamesError))


def _finite(value: object, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_writable(value):
        raise NamesError(f"The {key} of a scale is a number.")
    return value


def _is_writable(value: float) -> bool:
    """Return whether JSON and MessagePack hold a number."""
    return abs(value) <= _GREATEST_VALUE if isinstance(value, int) else math.isfinite(value)


def _meanings(value: object, kind: str, most: int, least: int, greatest: int) -> dict[int, str]:
    if not isinstance(value, Mapping) or len(value) > most:
        raise NamesError(f"The {kind}s of a name are an object of at most {most} meanings by number.")
    read = sorted(_numbered(value, kind, least, greatest))
    return {number: meaning for number, meaning in read if meaning}


def _numbered(given: Mapping[Any, Any], kind: str, least: int, greatest: int) -> Iterator[tuple[int, str]]:
    for key, meaning in given.items():
        text = str(key).strip()
        number = int(text, 16 if text[:2].lower() == "0x" else 10) if _WHOLE.fullmatch(text) else least - 1
        if not least <= number <= greatest:
            raise NamesError(f"{text[:60]!r} is not the number of a {kind}: {least} to {greatest}.")
        yield number, checked_text(f"The meaning of a {kind}", meaning, MAX_TEXT, NamesError)


def _evidence(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or len(value) > MAX_EVIDENCE:
        raise NamesError(f"The evidence for a name is a list of at most {MAX_EVIDENCE} texts.")
    texts = (checked_text("A piece of evidence", text, MAX_TEXT, NamesError) for text in value)
    return tuple(dict.fromkeys(filter(None, texts)))


def _status(value: object) -> Status:
    if not isinstance(value, str) or value not in list(Status):
        raise NamesError(f"{str(value)[:60]!r} is not a status; there are {', '.join(Status)}.")
    return Status(value)


def _watched(value: object) -> bool:
    if not isinstance(value, bool):
        raise NamesError("`watched` is true or false.")
    return value


_CHECKS: Mapping[str, Any] = {
    "name": _name,
    "address": _address,
    "type": _type,
    "scale": _scale,
    "values": lambda value: _meanings(value, "value", MAX_VALUES, _LEAST_VALUE, _GREATEST_VALUE),
    "bits": lambda value: _meanings(value, "bit", MAX_BITS, 0, MAX_BITS - 1),
    "note": lambda value: checked_text(
        "A note", value.replace("\r\n", "\n") if isinstance(value, str) else value, MAX_NOTE, NamesError, _NOTE_CONTROLS
    ),
    "status": _status,
    "evidence": _evidence,
    "watched": _watched,
    "alarm": lambda value: checked_text("An alarm", value, MAX_TEXT, NamesError),
    "who": lambda value: checked_text("The name of a person", value, MAX_WHO, NamesError),
}
