"""Commands of the bus that concern names: their arguments, checked, and their answers. Pure."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from daemon.names.book import NameBook
from daemon.names.named_address import ENTRY_KEYS, MAX_WHO, NamedAddress
from protocol.errors import NamesError

__all__ = [
    "EXPORT_ARGUMENTS",
    "IMPORT_ARGUMENTS",
    "LIST_ARGUMENTS",
    "NAME_ARGUMENTS",
    "REMOVE_ARGUMENTS",
    "NamesHeader",
    "book_answer",
    "entry_answer",
    "entry_argument",
    "parse_header",
    "text_argument",
]

_HEADER = ("session", "who", "origin")

LIST_ARGUMENTS = frozenset({"session"})
NAME_ARGUMENTS = frozenset({*_HEADER, *ENTRY_KEYS, "previous"})
REMOVE_ARGUMENTS = frozenset({*_HEADER, "name"})
IMPORT_ARGUMENTS = frozenset({*_HEADER, "file", "text"})
EXPORT_ARGUMENTS = frozenset({"session", "format"})
"""Arguments that `names`, `name`, `remove_name`, `import_names` and `export_names` may have."""


@dataclass(frozen=True, slots=True)
class NamesHeader:
    """Fields that the commands share.

    Args:
        session: id of a session of the game.
        who: name of the person who gives the command; empty where it only asks.
        origin: from where, such as `page`.
    """

    session: str
    who: str
    origin: str


def parse_header(arguments: Mapping[str, Any], known: Set[str]) -> NamesHeader:
    """Read the fields that the commands share.

    Args:
        arguments: all of the command's.
        known: names of those that it may have.

    Raises:
        NamesError: one of them is no text, or there is an argument too many.
    """
    unknown = sorted(set(map(str, arguments)) - known)
    if unknown:
        raise NamesError(f"This command has no {unknown[0][:60]!r}; it may have {', '.join(sorted(known))}.")
    session, who, origin = (text_argument(arguments, name, "") for name in _HEADER)
    return NamesHeader(session, who.strip()[:MAX_WHO], origin.strip()[:MAX_WHO])


def text_argument(arguments: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """Read an argument that is a text.

    Args:
        arguments: of the command.
        name: the argument's.
        default: what stands for it; None where it must be given.

    Raises:
        NamesError: it is missing, or no text.
    """
    value = arguments.get(name, default)
    if not isinstance(value, str):
        raise NamesError(f"This command needs `{name}`, a text.")
    return value


def entry_argument(arguments: Mapping[str, Any], who: str) -> dict[str, Any]:
    """Return the fields of the name that a command gives, with its person."""
    given = {key: value for key, value in arguments.items() if key in ENTRY_KEYS}
    return {**given, "who": who} if who else given


def book_answer(book: NameBook) -> list[dict[str, Any]]:
    """Return all names of a book, each with its layer, by address."""
    return [{**entry.as_map(), "layer": str(layer)} for entry, layer in book.layers.values()]


def entry_answer(entry: NamedAddress) -> dict[str, Any]:
    """Return a name of a person's own."""
    return {**entry.as_map(), "layer": "own"}
