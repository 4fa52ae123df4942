"""Forms of name lists: which one a file has, and the writer of each. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from daemon.names.code_notes import (
    is_local_notes,
    read_code_notes,
    read_local_notes,
    write_code_notes,
    write_local_notes,
)
from daemon.names.entries import ReadNames, WrittenNames, collected
from daemon.names.name_list import read_name_list, write_name_list
from daemon.names.named_address import NamedAddress
from daemon.names.ram_watch import read_watches, write_watches
from daemon.names.stable_retro import read_retro_data, write_retro_data
from protocol.errors import NamesError

__all__ = ["NAME_FORMATS", "NameFormat", "read_names", "write_names"]


@dataclass(frozen=True, slots=True)
class NameFormat:
    """A form that a list of names can be written in.

    Args:
        summary: the form in a few words, for the help.
        file: the usual name of such a file, `{game}` for the game's.
        write: makes the file of names and the game's title.
    """

    summary: str
    file: str
    write: Callable[[Sequence[NamedAddress], str], WrittenNames]


NAME_FORMATS = {
    "json": NameFormat(
        "our own list, which holds everything", "{game}.json", lambda names, game: write_name_list(names, game=game)
    ),
    "wch": NameFormat("a RAM Watch list of BizHawk", "{game}.wch", lambda names, _game: write_watches(names)),
    "stable-retro": NameFormat(
        "data.json of a stable-retro integration", "data.json", lambda names, _game: write_retro_data(names)
    ),
    "ra-notes": NameFormat(
        "code notes of RetroAchievements", "{game}-Notes.json", lambda names, _game: write_code_notes(names)
    ),
    "ra-user": NameFormat("local code notes of RetroAchievements", "{game}-User.txt", write_local_notes),
}
"""The forms by the name that chooses them."""


def write_names(names: Sequence[NamedAddress], form: str, game: str = "") -> WrittenNames:
    """Write names in one of the forms.

    Args:
        names: the names.
        form: one of `NAME_FORMATS`.
        game: the game's name.

    Raises:
        NamesError: there is no such form, or nothing to write.
    """
    if form not in NAME_FORMATS:
        raise NamesError(f"There is no format {form[:60]!r} for names; there are {', '.join(NAME_FORMATS)}.")
    if not names:
        raise NamesError("There are no names to write.")
    return NAME_FORMATS[form].write(names, game)


def read_names(file: str, data: bytes) -> ReadNames:
    """Read a list of names in whichever of the forms it has.

    Args:
        file: its name, for messages.
        data: its bytes.

    Raises:
        NamesError: the list cannot be read, or has no entry that can be used.
    """
    text = data.decode("utf-8-sig", "replace")
    start = text.lstrip()
    if start.startswith("<"):
        raise NamesError(f"{file} is XML, perhaps a Cheat Engine table, whose addresses are those of a PC program.")
    if start[:1] not in {"[", "{"}:
        entries = read_local_notes(text) if is_local_notes(text) else read_watches(file, text)
        return collected(file, entries)
    document = _json(file, text)
    if isinstance(document, dict) and isinstance(document.get("info"), dict):
        return collected(file, read_retro_data(text, document["info"]))
    if isinstance(document, list) and any(isinstance(row, dict) and "Note" in row for row in document):
        return collected(file, read_code_notes(text, document))
    read = read_name_list(file, text, document)
    if read.notes and not read.names:
        raise NamesError(f"{file} has no name that can be used. {' '.join(read.notes[:1])}".strip())
    return read


def _json(file: str, text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise NamesError(f"{file} is not JSON: {error.msg} in line {error.lineno}.") from None
