"""Our own list of names as JSON: the book of a game, and lists of variables. Pure.

A book is an object with `names`; a plain list of names is read as well. The schema for editors is
`resources/schemas/names.schema.json`; a test holds the two together.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from daemon.names.entries import ReadNames, WrittenNames, entry_lines, left_out
from daemon.names.named_address import MAX_NAME, NamedAddress, parse_named_address
from protocol.console import GBA
from protocol.errors import NamesError

__all__ = ["LIST_KEYS", "MAX_ELEMENTS", "read_name_list", "write_name_list"]

MAX_ELEMENTS = 32
"""An array with more elements is a buffer, not a handful of variables: it is named once, by its first element."""

LIST_KEYS = ("rom_hash", "game", "names", "removed")
"""Keys of a book, in the order of the file."""

_REGIONS = {region.name: region for region in GBA.regions}
_ARRAY_KEYS = ("region", "count", "stride", "meaning")
"""Keys of a list of variables that a book does not have; `meaning` is the note there."""


def write_name_list(
    names: Iterable[NamedAddress], *, rom_hash: str = "", game: str = "", removed: Iterable[str] = ()
) -> WrittenNames:
    """Write a book.

    Args:
        names: its names.
        rom_hash: SHA-1 of the ROM; empty where it is not known.
        game: the game's name.
        removed: names of the layers below that it takes away.
    """
    rows = [{**name.as_map(), "address": f"{name.address:08X}"} for name in names]
    document = {"rom_hash": rom_hash, "game": game, "names": rows, "removed": sorted(removed)}
    held = {key: document[key] for key in LIST_KEYS if document[key] or key == "names"}
    return WrittenNames(len(rows), orjson.dumps(held, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def read_name_list(file: str, text: str, document: Any) -> ReadNames:
    """Read a book, or a list of variables.

    Args:
        file: its name, for messages.
        text: its content, for the lines of what is wrong.
        document: its content as JSON.

    Raises:
        NamesError: it is neither.
    """
    rows = document.get("names") if isinstance(document, dict) else document
    if not isinstance(rows, list):
        raise NamesError(f"{file} must be a list of names, or an object with such a list as `names`.")
    book: Mapping[str, Any] = document if isinstance(document, dict) else {}
    removed, game = book.get("removed", []), book.get("game", "")
    names: list[NamedAddress] = []
    notes: list[str] = []
    if not isinstance(removed, list) or not all(isinstance(name, str) for name in removed):
        removed = []
        notes.append(f"`removed` of {file} was left out: it is not a list of names.")
    places = entry_lines(text, "name", len(rows))
    for place, row in zip(places, rows, strict=True):
        try:
            for entry in _entries(row):
                if isinstance(entry, str):
                    notes.append(entry)
                else:
                    names.append(entry)
        except NamesError as error:
            called = row.get("name") if isinstance(row, dict) else None
            notes.append(left_out(place, str(called or "an entry"), str(error)))
    return ReadNames(tuple(names), tuple(notes), tuple(removed), game if isinstance(game, str) else "")


def _entries(row: Any) -> Iterator[NamedAddress | str]:
    """Read one row: a name, or the elements of an array; of a long one the first and a sentence."""
    if not isinstance(row, dict):
        raise NamesError("it is not an object.")
    given = {key: value for key, value in row.items() if key not in _ARRAY_KEYS}
    if "meaning" in row and "note" not in row:
        given["note"] = row["meaning"]
    first = parse_named_address(given)
    count, stride = row.get("count", 1), row.get("stride", first.width)
    if type(count) is not int or type(stride) is not int or count < 1 or stride < first.width:
        raise NamesError("`count` and `stride` of an array are whole numbers, and its elements do not overlap.")
    size = (count - 1) * stride + first.width
    region = _REGIONS.get(str(row["region"])) if "region" in row else GBA.region_at(first.address, first.width)
    if ("region" in row or count > 1) and (region is None or not region.holds(first.address, size)):
        where = row.get("region") if isinstance(row.get("region"), str) else "any region"
        raise NamesError(f"it does not lie in {where}.")
    if count > MAX_ELEMENTS:
        yield first
        yield f"{first.name} has {count:,} elements: only the first is named."
        return
    yield from _elements(given, first, count, stride) if count > 1 else (first,)


def _elements(given: Mapping[str, Any], first: NamedAddress, count: int, stride: int) -> Iterator[NamedAddress]:
    pattern = first.name if "[]" in first.name else f"{first.name[: MAX_NAME - 4]}[]"
    for number in range(count):
        name = pattern.replace("[]", f"[{number}]", 1)
        yield parse_named_address({**given, "name": name, "address": first.address + number * stride})
