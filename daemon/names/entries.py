"""Entries of name lists in any form, with the line of what cannot be used. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from daemon.names.named_address import MAX_NAME, MAX_NOTE, NamedAddress, parse_named_address
from protocol.console import GBA
from protocol.errors import NamesError
from protocol.texts import plain_text
from protocol.wording import counted

__all__ = ["ReadNames", "WrittenNames", "collected", "entry_lines", "foreign_name", "left_out", "lost_fields"]

_DOMAINS = [region.domain for region in GBA.regions]

_MAX_REASON = 300
"""Characters of a reason why an entry was left out."""

_FIELDS = {
    "scale": "scale",
    "values": "meanings of values",
    "bits": "meanings of bits",
    "note": "note",
    "evidence": "evidence",
    "watched": "mark as watched",
    "alarm": "alarm",
}
"""Fields that a form may have no room for, in words."""


@dataclass(frozen=True, slots=True)
class ReadNames:
    """Names of a list.

    Args:
        names: in the order of the list.
        notes: a sentence for each entry that could not be taken over, or not as it stands.
        removed: names of the layers below that the list takes away; in our own form only.
        game: the game that it is for; empty where the list does not say.
    """

    names: tuple[NamedAddress, ...]
    notes: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    game: str = ""


@dataclass(frozen=True, slots=True)
class WrittenNames:
    """Names as a file of some form.

    Args:
        named: how many addresses it names.
        data: its bytes.
        notes: a sentence for all that the form has no room for.
    """

    named: int
    data: bytes
    notes: tuple[str, ...] = ()


def foreign_name(where: str, name: str, address: int, kind: str, **given: Any) -> NamedAddress | str:
    """Make a name of another tool's entry.

    Control characters are taken out of its texts; a name that is too long goes on in the note.

    Args:
        where: the entry's place, `line 5`.
        name: as in the list.
        address: on the bus.
        kind: name of its value type.
        given: its other fields.

    Returns:
        The name; a sentence where it cannot be used, or lies in no memory of the console that is recorded.
    """
    name = plain_text(name).strip() or f"{address:08X}"
    note = plain_text(given.pop("note", ""), "\n\t").strip()
    if len(name) > MAX_NAME:
        name, note = f"{name[: MAX_NAME - 1].rstrip()}…", f"{name}\n{note}".strip()
    if len(note) > MAX_NOTE:
        return left_out(where, name, f"its note has more than {MAX_NOTE} characters")
    try:
        parsed = parse_named_address({"name": name, "address": address, "type": kind, "note": note, **given})
    except NamesError as error:
        return left_out(where, name, str(error))
    if GBA.region_at(address, parsed.width) is None:
        return left_out(where, name, f"{address:08X} lies neither in {' nor in '.join(_DOMAINS)}")
    return parsed


def left_out(where: str, name: str, why: str) -> str:
    """Write the sentence about an entry that cannot be used.

    Args:
        where: the entry's place, `line 5`.
        name: its name, as far as it is known.
        why: the end of the sentence.
    """
    reason = why.removesuffix(".")
    if len(reason) > _MAX_REASON:  # It quotes the list, which may be a file of quite another kind.
        reason = f"{reason[:_MAX_REASON]}…"
    return f"{where[:1].upper()}{where[1:]}: {plain_text(name)[:MAX_NAME]} was left out: {reason}."


def collected(file: str, entries: Iterable[NamedAddress | str]) -> ReadNames:
    """Part names from sentences.

    Args:
        file: its name, for messages.
        entries: of the list.

    Raises:
        NamesError: there is no name among them.
    """
    names: list[NamedAddress] = []
    notes: list[str] = []
    for entry in entries:
        if isinstance(entry, str):
            notes.append(entry)
        else:
            names.append(entry)
    if not names:
        raise NamesError(f"{file} names no address in {' or '.join(_DOMAINS)}. {' '.join(notes[:1])}".strip())
    return ReadNames(tuple(names), tuple(notes))


def entry_lines(text: str, key: str, count: int) -> list[str]:
    """Name the place of each entry of a JSON list: `entry 2 (line 7)`.

    Args:
        text: the file.
        key: a key that each entry has.
        count: how many entries there are.

    Returns:
        The places, without lines where they cannot be told.
    """
    found = [match.start() for match in re.finditer(rf'"{key}"\s*:', text)]
    places = [f"entry {number}" for number in range(1, count + 1)]
    if len(found) != count:
        return places
    lines, line, last = [], 1, 0
    for start in found:
        line, last = line + text.count("\n", last, start), start
        lines.append(line)
    return [f"{place} (line {line})" for place, line in zip(places, lines, strict=True)]


def lost_fields(form: str, names: Sequence[NamedAddress], kept: Iterable[str]) -> list[str]:
    """Write a sentence about fields for which a form has no room.

    Args:
        form: what it is called in a sentence.
        names: those that are written.
        kept: the fields that the form holds.
    """
    held = set(kept)
    counts = {
        words: sum(1 for name in names if _has_content(name, key)) for key, words in _FIELDS.items() if key not in held
    }
    lost = [f"{words} of {counted(count, 'name')}" for words, count in counts.items() if count]
    return [f"{form} has no room for: {', '.join(lost)}."] if lost else []


def _has_content(name: NamedAddress, key: str) -> bool:
    value = getattr(name, key)
    return bool(value.as_map()) if key == "scale" else bool(value)
