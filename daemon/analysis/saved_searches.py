"""Saved searches: with a session in `searches.json`, or shared as a file like it. Shell.

A search names no session, so that it runs on another one of the same game.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from daemon.analysis.search import Search
from daemon.disk.file_lock import FileLock
from daemon.disk.files import map_os_errors, replace_file
from protocol.disk import read_file, without_links
from protocol.errors import DocumentError, FilterError, GbatraceError, SessionError
from protocol.session.json_values import json_object, reading
from protocol.session.layout import SessionFolder
from protocol.texts import checked_name
from protocol.wording import sentence

__all__ = [
    "MAX_NAME",
    "MAX_SEARCHES",
    "SavedSearches",
    "edit_searches",
    "parse_searches",
    "read_saved_searches",
    "read_search_file",
    "remove_search",
    "save_search",
    "write_search_file",
]

MAX_SEARCHES = 1000
"""Most searches of a session."""

MAX_NAME = 80
"""Longest name of a search, in characters."""


@dataclass(frozen=True, slots=True)
class SavedSearches:
    """Searches of a session, and the queries of `daemon.finding` that are kept in the same file.

    Args:
        searches: by their names, in the order in which they were first saved.
        queries: as they stand in the file; `daemon.finding.saved_queries` reads them.
    """

    searches: Mapping[str, Search] = field(default_factory=dict)
    queries: tuple[Mapping[str, Any], ...] = ()

    def named(self, name: str) -> Search:
        """Return the search of a name.

        Raises:
            FilterError: there is none; the sentence lists those that there are.
        """
        if name not in self.searches:
            names = ", ".join(self.searches) or "none"
            raise FilterError(f"There is no saved search {name[:MAX_NAME]!r}; saved with this session: {names}.")
        return self.searches[name]

    def saved(self, name: str, search: Search) -> "SavedSearches":
        """Return these searches with one more, or with another of that name.

        Raises:
            FilterError: it cannot be a name, or there are too many searches.
        """
        name = _checked_name(name)
        if name not in self.searches and len(self.searches) >= MAX_SEARCHES:
            raise FilterError(f"A session keeps at most {MAX_SEARCHES:,} searches: remove some first.")
        return replace(self, searches={**self.searches, name: search})

    def removed(self, name: str) -> "SavedSearches":
        """Return these searches without one.

        Raises:
            FilterError: there is none of that name.
        """
        self.named(name)
        return replace(self, searches={key: search for key, search in self.searches.items() if key != name})

    def as_map(self) -> dict[str, Any]:
        """Return the searches as the bus holds them."""
        return {"searches": [{"name": name, **search.as_map()} for name, search in self.searches.items()]}

    def as_json(self) -> bytes:
        """Write the file."""
        document = {**self.as_map(), **({"queries": list(self.queries)} if self.queries else {})}
        return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def parse_searches(data: bytes) -> SavedSearches:
    """Read a file of searches.

    Raises:
        DocumentError: it is none, or one of the searches cannot be used.
    """
    found: dict[str, Search] = {}
    document = json_object(data)
    with reading():
        for place, entry in enumerate(document["searches"], 1):
            try:
                found[_checked_name(entry["name"])] = Search.from_map(entry)
            except GbatraceError as error:
                raise DocumentError(f"search {place}: {error}") from None
        queries = tuple(map(dict[str, Any], document.get("queries", ())))
    return SavedSearches(found, queries)


def read_saved_searches(folder: SessionFolder) -> SavedSearches:
    """Read the searches of a session; none where none was saved.

    Raises:
        SessionError: the file cannot be read or understood.
    """
    path = folder.searches
    try:
        return parse_searches(read_file(without_links(folder.path, path)))
    except FileNotFoundError:
        return SavedSearches()
    except OSError as error:
        raise SessionError(f"{path} cannot be read ({error.strerror or error}).") from error
    except DocumentError as error:
        raise SessionError(sentence(f"{path} is damaged: {error}")) from None


def save_search(folder: SessionFolder, name: str, search: Search) -> SavedSearches:
    """Save a search with a session; one of the same name is replaced.

    Raises:
        FilterError: it cannot be a name.
        SessionError: the searches that are there cannot be read; nothing is written then.
        StoreError: the disk refuses.
    """
    return edit_searches(folder, lambda searches: searches.saved(name, search))


def remove_search(folder: SessionFolder, name: str) -> SavedSearches:
    """Remove a search from a session.

    Raises:
        FilterError: there is none of that name.
        SessionError: the searches that are there cannot be read; nothing is written then.
        StoreError: the disk refuses.
    """
    return edit_searches(folder, lambda searches: searches.removed(name))


def read_search_file(path: Path) -> SavedSearches:
    """Read a file of searches that somebody shared.

    Raises:
        FilterError: it cannot be read or understood.
    """
    try:
        searches = parse_searches(read_file(path))
    except OSError as error:
        raise FilterError(f"The file of searches {path} cannot be read ({error.strerror or error}).") from None
    except DocumentError as error:
        raise FilterError(sentence(f"{path} is no file of searches: {error}")) from None
    if not searches.searches:
        raise FilterError(f"There is no search in {path}.")
    return searches


def write_search_file(path: Path, searches: SavedSearches) -> None:
    """Write a file of searches to share.

    Raises:
        StoreError: the disk refuses.
    """
    with map_os_errors(path):
        replace_file(path, searches.as_json())


def edit_searches(folder: SessionFolder, change: Callable[[SavedSearches], SavedSearches]) -> SavedSearches:
    """Change the file of a session's searches.

    Args:
        folder: the session's.
        change: gives what the file is to hold.

    Raises:
        SessionError: the searches that are there cannot be read; nothing is written then.
        StoreError: the disk refuses.
    """
    with map_os_errors(folder.searches):
        lock = FileLock.take_soon(folder.search_lock)
        if lock is None:
            raise SessionError("Another gbatrace is saving a search of this session: try again.")
        with lock:
            searches = change(read_saved_searches(folder))
            replace_file(folder.searches, searches.as_json())
    return searches


def _checked_name(value: object) -> str:
    return checked_name("The name of a search", value, MAX_NAME, FilterError)
