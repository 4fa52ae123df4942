"""Service for the bus's commands about names: list, give, take away, import, export. Shell."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from daemon.background import Background
from daemon.names.book import NameBook, OwnNames
from daemon.names.book_files import BookStamp, book_stamp, book_stamps, edit_book, read_book, session_place
from daemon.names.commands import (
    EXPORT_ARGUMENTS,
    IMPORT_ARGUMENTS,
    LIST_ARGUMENTS,
    NAME_ARGUMENTS,
    REMOVE_ARGUMENTS,
    NamesHeader,
    book_answer,
    entry_answer,
    entry_argument,
    parse_header,
    text_argument,
)
from daemon.names.edits import BookPlace, give_name, import_list
from daemon.names.formats import NAME_FORMATS, write_names
from daemon.names.named_address import MAX_NAME
from protocol.bus.messages import Topic
from protocol.session.layout import session_slug
from protocol.session.reader import stored_session
from protocol.texts import plain_text

__all__ = ["NameService"]

_MAX_FILE_NAME = 60

Publish = Callable[[str, str, Mapping[str, Any]], None]


class NameService:
    """Service for commands about names: a command names a session, and means its game's names.

    Args:
        data_folder: the session folders.
        background: runs what touches files.
        publish: the bus.
    """

    def __init__(self, data_folder: Path, background: Background, publish: Publish) -> None:
        self._data_folder = data_folder
        self._background = background
        self._publish = publish
        self._stamps: Mapping[str, BookStamp] | None = None

    def handlers(self) -> dict[str, Callable[[Mapping[str, Any]], Awaitable[Any]]]:
        """Return the commands that the bus answers with this service."""
        return {
            "names": self.names,
            "name": self.name,
            "remove_name": self.remove_name,
            "import_names": self.import_names,
            "export_names": self.export_names,
        }

    async def names(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """List the names of a session's game.

        Args:
            arguments: `session`.

        Returns:
            `book`, `game`, `rom_hash`, `names` by address (as in the file, with `layer`), and `notes`, a sentence for
            each entry of the file that cannot be used.

        Raises:
            NamesError: an argument is wrong.
            SessionError: there is no such session.
        """
        header = parse_header(arguments, LIST_ARGUMENTS)

        def read() -> dict[str, Any]:
            place = self._place(header)
            book, notes = read_book(place)
            return {
                "book": place.book,
                "game": place.game,
                "rom_hash": place.rom_hash,
                "names": book_answer(book),
                "notes": list(notes),
            }

        return await self._background.run(read)

    async def name(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Add or change a name.

        Args:
            arguments: `session`, the name's fields, of which those that are not given stay as they are, `previous`
                (the name as it was, to rename it or to give it another address), `who`, `origin`.

        Returns:
            `book`, `name` as it is now, and `notes`.

        Raises:
            NamesError: a field is wrong, the address is not recorded, or the name is another address's.
            SessionError: there is no such session.
        """
        header = parse_header(arguments, NAME_ARGUMENTS)
        given = entry_argument(arguments, header.who)
        previous = text_argument(arguments, "previous", "")
        place, (entry, notes) = await self._edited(header, lambda place, book: give_name(place, book, given, previous))
        return {"book": place.book, "name": entry_answer(entry), "notes": notes}

    async def remove_name(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Take a name away; one that ships stays away.

        Args:
            arguments: `session`, `name`, `who`, `origin`.

        Returns:
            `book`, and the `name` that was taken away.

        Raises:
            NamesError: there is no such name.
            SessionError: there is no such session.
        """
        header = parse_header(arguments, REMOVE_ARGUMENTS)
        name = text_argument(arguments, "name")
        place, entry = await self._edited(header, lambda _place, book: (book.without(name), book.get(name)))
        return {"book": place.book, "name": entry.as_map()}

    async def import_names(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Add the names of a list, in any form that `formats` knows.

        Args:
            arguments: `session`, `text` (the list), `file` (its name, for messages and evidence), `who`, `origin`.

        Returns:
            `book`, how many names were `added`, `changed` and `unchanged`, and `notes`.

        Raises:
            NamesError: it is no list of names, or there would be too many.
            SessionError: there is no such session.
        """
        header = parse_header(arguments, IMPORT_ARGUMENTS)
        text = text_argument(arguments, "text")
        file = plain_text(text_argument(arguments, "file", "")).strip()[:MAX_NAME] or "a list"

        data = text.encode("utf-8", "replace")
        place, outcome = await self._edited(
            header, lambda place, book: import_list(place, book, file, data, header.who)
        )
        counts = {"added": outcome.added, "changed": outcome.changed, "unchanged": outcome.unchanged}
        return {"book": place.book, **counts, "notes": list(outcome.notes)}

    async def export_names(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Write the names of a session's game in a form of another tool.

        Args:
            arguments: `session`, `format` (one of `NAME_FORMATS`; ours where it is not given).

        Returns:
            `file` (a name for it), `text`, `named` (how many addresses it names), and `notes`.

        Raises:
            NamesError: there is no such form, or there are no names.
            SessionError: there is no such session.
        """
        header = parse_header(arguments, EXPORT_ARGUMENTS)
        form = text_argument(arguments, "format", "json")

        def write() -> dict[str, Any]:
            place = self._place(header)
            book, notes = read_book(place)
            written = write_names(book.names, form, place.game)
            file = NAME_FORMATS[form].file.format(game=session_slug(place.game or place.book, _MAX_FILE_NAME))
            text = written.data.decode()
            return {"file": file, "text": text, "named": written.named, "notes": [*notes, *written.notes]}

        return await self._background.run(write)

    async def publish_edited(self) -> None:
        """Publish books that another program, such as the command line, edited since the last call."""
        for book in await self._background.run(self._edited_by_others):
            self._publish(Topic.NAMES, book, {"book": book, "who": "", "origin": "file"})

    def _edited_by_others(self) -> list[str]:
        before, self._stamps = self._stamps, book_stamps(self._data_folder)
        if before is None:
            return []
        return sorted({book for book, _ in before.items() ^ self._stamps.items()})

    def _place(self, header: NamesHeader) -> BookPlace:
        session = stored_session(self._data_folder, header.session)
        return session_place(self._data_folder, session)

    async def _edited(
        self, header: NamesHeader, edit: Callable[[BookPlace, NameBook], tuple[OwnNames, Any]]
    ) -> tuple[BookPlace, Any]:
        """Edit a book, and publish it if that changed it."""

        def run() -> tuple[BookPlace, bool, Any]:
            place = self._place(header)
            changed = False

            def noted(book: NameBook) -> tuple[OwnNames, Any]:
                nonlocal changed
                own, result = edit(place, book)
                changed = own != book.own
                return own, result

            result = edit_book(place, noted)
            if changed and self._stamps is not None:  # It is published below, and not once more.
                self._stamps = {**self._stamps, place.book: book_stamp(place.path)}
            return place, changed, result

        place, changed, result = await self._background.run(run)
        if changed:
            body = {"book": place.book, "who": header.who, "origin": header.origin}
            self._publish(Topic.NAMES, place.book, body)
        return place, result
