"""`data.json` of a stable-retro integration. Pure.

Its `info` names variables by bus address and type: byte order, form, bytes (stable-retro, docs/integration.md). A key
of ours in an entry, which stable-retro passes over (src/data.cpp, `GameData::load`), keeps what it has no room for.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from daemon.names.entries import WrittenNames, entry_lines, foreign_name, left_out
from daemon.names.named_address import NamedAddress
from protocol.errors import NamesError

__all__ = ["OURS", "read_retro_data", "write_retro_data"]

OURS = "gbatrace"
"""Key of an entry under which the whole name stands."""

_TYPE = re.compile(r"([<>|=]?)([a-z])([0-9]+)")
_FORMS = {"u": "u", "i": "s", "d": "bcd"}


def write_retro_data(names: Sequence[NamedAddress]) -> WrittenNames:
    """Write `data.json`.

    Names become identifiers there, each of its own; the key of ours has them as they are.
    """
    spelled, notes = _identifiers(names)
    info = {
        identifier: {"address": name.address, "type": _retro_type(name), OURS: name.as_map()}
        for identifier, name in zip(spelled, names, strict=True)
    }
    inexact = [name.name for name in names if name.type.startswith(("fixed", "float"))]
    if inexact:
        notes.append(
            f"stable-retro has no type for {inexact[0]}{' and others' if inexact[1:] else ''}: it reads their bits."
        )
    data = orjson.dumps({"info": info}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return WrittenNames(len(info), data, tuple(notes))


def read_retro_data(text: str, info: Mapping[str, Any]) -> Iterator[NamedAddress | str]:
    """Read the `info` of a `data.json`.

    Args:
        text: the file, for the lines of what is wrong.
        info: its entries.

    Yields:
        A name, or a sentence where none can be made.
    """
    for where, (identifier, entry) in zip(entry_lines(text, "address", len(info)), info.items(), strict=True):
        if not isinstance(entry, dict) or type(entry.get("address")) is not int:
            yield left_out(where, identifier, "it has no address")
            continue
        kind = _kind(str(entry.get("type")))
        ours = entry.get(OURS)
        given = dict(ours) if isinstance(ours, dict) and ours.get("address") == entry["address"] else {}
        if not kind:
            yield left_out(where, identifier, f"there is no type {entry.get('type')!r} here")
            continue
        name = given.pop("name", identifier)
        kind = given.pop("type", kind)
        given.pop("address", None)
        try:
            yield foreign_name(where, str(name), entry["address"], str(kind), **given)
        except (TypeError, AttributeError, NamesError):
            yield left_out(where, identifier, f"its `{OURS}` is not a name of ours")


def _kind(text: str) -> str:
    found = _TYPE.fullmatch(text)
    if found is None or found[2] not in _FORMS or found[3] not in {"1", "2", "4"}:
        return ""
    bits, order = 8 * int(found[3]), "be" if found[1] == ">" and found[3] != "1" else ""
    return "" if order and found[2] == "d" else f"{_FORMS[found[2]]}{bits}{order}"


def _retro_type(name: NamedAddress) -> str:
    order = "|" if name.width == 1 else ">" if name.type.endswith("be") else "<"
    signed = name.type.startswith(("s", "fixed"))
    form = "d" if name.type.startswith("bcd") else "i" if signed else "u"
    return f"{order}{form}{name.width}"


def _identifiers(names: Sequence[NamedAddress]) -> tuple[list[str], list[str]]:
    """Give each name an identifier of its own.

    Returns:
        The identifiers, and a sentence for each name that could not have the one that it makes.
    """
    taken: set[str] = set()
    notes: list[str] = []
    spelled: list[str] = []
    for name in names:
        plain = re.sub(r"\W+", "_", name.name.replace("[]", "")).strip("_")
        chosen = plain if plain and plain not in taken else f"{plain or 'at'}_{name.address:08X}"
        while chosen in taken:
            chosen += "_"
        if chosen != plain:
            why = f"{plain} is another's" if plain else "its name has no letter"
            notes.append(f"{name.name} is called {chosen} there: {why}.")
        taken.add(chosen)
        spelled.append(chosen)
    return spelled, notes
