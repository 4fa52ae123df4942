"""Edits of a game's book, as the bus and the command line give them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daemon.analysis.addresses import not_recorded
from daemon.analysis.alarm_rules import parse_alarm
from daemon.analysis.value_types import value_type
from daemon.names.book import ImportOutcome, NameBook, OwnNames, named_twice
from daemon.names.entries import left_out
from daemon.names.formats import read_names
from daemon.names.named_address import NamedAddress
from protocol.console import GBA, ConsoleRegion
from protocol.errors import NamesError
from protocol.regions import Region

__all__ = ["BookPlace", "give_name", "import_list"]


@dataclass(frozen=True, slots=True)
class BookPlace:
    """A game's book and what it is about.

    Args:
        data_folder: the session folders.
        path: the file, which need not be there.
        rom_hash: SHA-1 of the ROM, upper-case hex; empty where it is not known.
        game: the game's name.
        regions: memory that is recorded.
        config_names: names that its game config gives.
    """

    data_folder: Path
    path: Path
    rom_hash: str
    game: str
    regions: Sequence[Region | ConsoleRegion] = GBA.regions
    config_names: Sequence[NamedAddress] = ()

    @property
    def book(self) -> str:
        """Name of the book: the ROM's hash, or a form of the game's name."""
        return self.path.stem

    def require_recorded(self, name: NamedAddress) -> None:
        """Refuse a name whose bytes are not all recorded.

        Raises:
            NamesError: the sentence lists what is recorded.
        """
        for region in self.regions:
            if region.base <= name.address and name.address + name.width <= region.base + region.size:
                return
        raise NamesError(not_recorded(name.address, self.regions))


def give_name(
    place: BookPlace, book: NameBook, given: Mapping[str, Any], previous: str = ""
) -> tuple[OwnNames, tuple[NamedAddress, list[str]]]:
    """Add or change a name, see `NameBook.edited`.

    Returns:
        The own names after it; the name, and a sentence for each other name of its address.

    Raises:
        NamesError: as `NameBook.edited`, or the address is not recorded.
        FilterError: its alarm is none, or can never come true with its type.
    """
    own, entry = book.edited(given, previous)
    if entry.alarm and not given.keys().isdisjoint({"alarm", "type"}):
        parse_alarm(entry.alarm, value_type(entry.type), entry.name)
    place.require_recorded(entry)
    others = [name.name for name in book.at(entry.address) if name.address == entry.address]
    notes = [named_twice(entry.address, other, entry.name) for other in others if other not in {entry.name, previous}]
    return own, (entry, notes)


def import_list(
    place: BookPlace, book: NameBook, file: str, data: bytes, who: str = ""
) -> tuple[OwnNames, ImportOutcome]:
    """Add the names of a list in any form, see `NameBook.importing`.

    Args:
        place: the book's.
        book: the names so far.
        file: the list's name.
        data: its bytes.
        who: person who imports it.

    Returns:
        The own names after it, and the outcome with the notes on what was left out.

    Raises:
        NamesError: it is no list of names, or there would be too many.
    """
    read = read_names(file, data)
    names: list[NamedAddress] = []
    notes = list(read.notes)
    for name in read.names:
        try:
            place.require_recorded(name)
            names.append(name)
        except NamesError as error:
            notes.append(left_out(file, name.name, str(error)))
    outcome = book.importing(names, file, who)
    return outcome.own, ImportOutcome(
        outcome.own, outcome.added, outcome.changed, outcome.unchanged, (*notes, *outcome.notes)
    )
