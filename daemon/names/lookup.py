"""Variables as a person writes them: by name or by address. Pure."""

from collections.abc import Iterable
from typing import Any

from daemon.analysis.addresses import parse_address
from daemon.analysis.value_types import value_type
from daemon.names.book import NameBook
from protocol.errors import NamesError

__all__ = ["add_names", "find_variable", "name_at"]

_PLAIN = "u8"
"""Value type of an address for which nobody gave one."""


def find_variable(book: NameBook, text: str) -> tuple[int, str]:
    """Find a variable by its name or by its address, hexadecimal as `0x03000A14` or `03000A14`.

    Returns:
        Its bus address and value type: that of the name which begins at the address, or u8.

    Raises:
        NamesError: it is neither an address nor a name of the book.
    """
    named = book.find(text.strip())
    if named is not None:
        return named.address, named.type
    address = parse_address(text)
    if address is None:
        raise NamesError(
            f"{text.strip()[:60]!r} is neither a name of this game nor an address: write an address as 0x03000A14."
        )
    found = next((name for name in book.at(address) if name.address == address), None)
    return address, found.type if found else _PLAIN


def name_at(book: NameBook, address: int, width: int) -> str:
    """Return the name that stands for a value at an address; empty where there is none.

    A name that begins there goes before one that only reaches there.
    """
    found = sorted(book.at(address, width), key=lambda name: name.address != address)
    return found[0].name if found else ""


def add_names(book: NameBook, candidates: Iterable[dict[str, Any]]) -> None:
    """Add to each candidate, as the bus holds it, its `name`; empty where there is none."""
    for each in candidates:
        each["name"] = name_at(book, each["address"], value_type(each["type"]).width)
