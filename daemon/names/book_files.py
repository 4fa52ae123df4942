"""Books of names on disk: a person's own in the data folder, and the layers below it. Shell.

A book is read for each question and each edit, so that daemon and command line can both edit it: a lock keeps one edit
from another. A book that cannot be read wholly is never written, so that nothing in it is lost.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeAlias, TypeVar

import resources
from daemon.disk.file_lock import FileLock
from daemon.disk.files import map_os_errors, replace_file
from daemon.names.book import Layer, NameBook, OwnNames
from daemon.names.config_names import config_names
from daemon.names.edits import BookPlace
from daemon.names.entries import ReadNames
from daemon.names.formats import read_names
from daemon.names.name_list import write_name_list
from daemon.names.named_address import NamedAddress, Status
from protocol.console import GBA, ConsoleRegion
from protocol.disk import read_file, without_links
from protocol.errors import NamesError
from protocol.regions import Region
from protocol.session.layout import name_book
from protocol.session.metadata import SessionMetadata, session_regions
from protocol.session.reader import SessionReader
from resources.config_files import read_game_configs, session_game_config
from resources.game_config import choose_game_config

__all__ = [
    "MAX_BOOK_BYTES",
    "BookStamp",
    "book_stamp",
    "book_stamps",
    "edit_book",
    "read_book",
    "rom_place",
    "session_book",
    "session_place",
]

T = TypeVar("T")

BookStamp: TypeAlias = tuple[int, int]
"""Time of the last change of a book's file, ns, and its size: another one where it was edited."""

MAX_BOOK_BYTES = 8 << 20
"""Largest book."""

_PARSED = 4
"""Books whose names are kept in memory."""

_SYMBOLS = "the game's own symbol table"


def session_place(data_folder: Path, session: SessionReader) -> BookPlace:
    """Find the book of a session's game.

    A session whose metadata have no ROM hash takes that of its game config, where this names one ROM.

    Raises:
        SessionError: the metadata cannot be read.
    """
    metadata = session.metadata
    config = session_game_config(data_folder, metadata.game_config, metadata.config_content, lambda _problem: None)
    rom_hash = str(metadata.recorder.get("rom_hash") or "").upper()
    if not rom_hash and len(config.rom_hashes) == 1:
        (rom_hash,) = config.rom_hashes
    path = name_book(data_folder, rom_hash, metadata.game_name)
    return BookPlace(data_folder, path, rom_hash, metadata.game_name, _regions(metadata), config_names(config))


def rom_place(data_folder: Path, rom_hash: str) -> BookPlace:
    """Find the book of a ROM.

    Raises:
        NamesError: it is no SHA-1.
    """
    path = name_book(data_folder, rom_hash, "")
    if path.stem != rom_hash.upper():
        raise NamesError(f"{rom_hash[:60]!r} is not the SHA-1 of a ROM: 40 hex digits.")
    configs = read_game_configs(data_folder, report=lambda _problem: None)
    config = choose_game_config(configs, "", rom_hash)
    names, game = (config_names(config), config.game) if config else ((), "")
    return BookPlace(data_folder, path, rom_hash.upper(), game, config_names=names)


def session_book(data_folder: Path, session: SessionReader) -> NameBook:
    """Read all names of a session's game; what cannot be read is passed over.

    Raises:
        SessionError: the session's metadata cannot be read.
    """
    return read_book(session_place(data_folder, session))[0]


def read_book(place: BookPlace) -> tuple[NameBook, tuple[str, ...]]:
    """Read a book with the layers below it.

    Returns:
        The book, and a sentence for each entry of the person's own file that cannot be used.
    """
    try:
        own = _own(place)
    except NamesError as error:
        own = ReadNames((), (str(error),))
    return _book(place, own), own.notes


def edit_book(place: BookPlace, edit: Callable[[NameBook], tuple[OwnNames, T]]) -> T:
    """Change a person's own names; blocks until that is on disk.

    Args:
        place: the book.
        edit: gives the own names after the edit, and what is handed back.

    Raises:
        NamesError: the edit refuses, the book is damaged or too large, or another program keeps editing it.
        StoreError: the disk refused.
    """
    with map_os_errors(place.path):
        place.path.parent.mkdir(exist_ok=True)
        path = without_links(place.data_folder, place.path)
        lock = FileLock.take_soon(path.with_name(".editing"))
        if lock is None:
            raise NamesError("Another gbatrace is editing the names: try again.")
        with lock:
            own = _own(place)
            if own.notes:
                raise NamesError(
                    f"{path} has something that cannot be used, and is left as it is: mend it first. {own.notes[0]}"
                )
            book = _book(place, own)
            after, result = edit(book)
            if after != book.own:
                _write(place, after, own.game)
    return result


def book_stamp(path: Path) -> BookStamp:
    """Return the stamp of a book's file, (0, 0) where it is not there."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def book_stamps(data_folder: Path) -> dict[str, BookStamp]:
    """Return the stamps of all books of a data folder, by their names."""
    return {path.stem: book_stamp(path) for path in name_book(data_folder, "", "any").parent.glob("*.json")}


def _write(place: BookPlace, own: OwnNames, game: str) -> None:
    by_address = sorted(own.names.values(), key=lambda name: (name.address, name.name))
    written = write_name_list(by_address, rom_hash=place.rom_hash, game=place.game or game, removed=own.removed)
    if len(written.data) > MAX_BOOK_BYTES:
        raise NamesError(f"The names of this game would have more than {MAX_BOOK_BYTES >> 20} MiB.")
    replace_file(place.path, written.data)


def _own(place: BookPlace) -> ReadNames:
    """Read a person's own file.

    Raises:
        NamesError: it is no list of names.
    """
    try:
        data = read_file(without_links(place.data_folder, place.path))
    except FileNotFoundError:
        return ReadNames(())
    except OSError as error:
        raise NamesError(f"{place.path} cannot be read ({error.strerror or error}).") from None
    if len(data) > 2 * MAX_BOOK_BYTES:
        raise NamesError(f"{place.path} is larger than any book of names.")
    return _parsed(place.path.name, data)


@lru_cache(_PARSED)
def _parsed(file: str, data: bytes) -> ReadNames:
    """Read a book; those read last are remembered, as a large one takes a second."""
    return read_names(file, data)


def _book(place: BookPlace, own: ReadNames) -> NameBook:
    names = {entry.name: entry for entry in own.names}
    shipped = _demo_names() if place.rom_hash == _demo_hash() else ()
    below = [(Layer.CONFIG, place.config_names), (Layer.SHIPPED, shipped)]
    return NameBook(OwnNames(names, frozenset(own.removed)), below)


def _regions(metadata: SessionMetadata) -> Sequence[Region | ConsoleRegion]:
    return GBA.regions if metadata.is_of_a_log else session_regions(metadata)


@cache
def _demo_hash() -> str:
    return hashlib.sha1(resources.demo_rom().read_bytes(), usedforsecurity=False).hexdigest().upper()


@cache
def _demo_names() -> tuple[NamedAddress, ...]:
    listed = resources.demo_symbols()
    names = read_names(listed.name, listed.read_bytes()).names
    return tuple(replace(name, status=Status.CERTAIN, evidence=(_SYMBOLS,)) for name in names)
