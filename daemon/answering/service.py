"""Service for the bus's questions about memory. Shell, for several threads."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from daemon.agreement.service import compared_people, compared_sessions
from daemon.analysis.candidates import Order
from daemon.analysis.moments import parse_moment, place_of
from daemon.analysis.saved_searches import read_saved_searches, remove_search, save_search
from daemon.analysis.search import Search
from daemon.analysis.session_history import RecordedSession, open_history
from daemon.analysis.thinning import thinned
from daemon.analysis.value_changes import value_changes
from daemon.answering.arguments import QUERY_FIELDS, Arguments
from daemon.answering.open_sessions import OpenSessions
from daemon.answering.probes import Probes, probe_command
from daemon.answering.searched_session import SearchedSession
from daemon.finding.saved_queries import read_queries, remove_query, save_query
from daemon.probing.request import ProbeRequest
from daemon.probing.rom_search import find_rom, without_places
from daemon.suggesting.suggestions import SUGGESTED_FIELD, suggested_field
from protocol.bus.memory_questions import (
    DEFAULT_CANDIDATES,
    DEFAULT_FOUND,
    DEFAULT_POINTS,
    DEFAULT_ROWS,
    MAX_CANDIDATES,
    MAX_DISAGREEMENTS,
    MAX_FILTERS,
    MAX_FOUND,
    MAX_POINTS,
    MAX_RANGES,
    MAX_ROWS,
    MAX_SNAPPED,
    MIN_POINTS,
    TYPE_NAMES,
)
from protocol.errors import AnalysisError, RomError
from protocol.link.messages import MAX_INTEGER
from protocol.regions import MAX_REGIONS
from protocol.session.layout import SessionFolder, session_id
from protocol.session.reader import stored_session

__all__ = ["AnalysisService"]

_SEARCH = {
    "types": len(TYPE_NAMES),
    "regions": MAX_REGIONS,
    "ranges": MAX_RANGES,
    "excluded": MAX_RANGES,
}
"""Lists of texts in a search, and how long each may be."""

_ROM_PATIENCE = 5.0
"""Seconds for which a question looks for a ROM."""


class AnalysisService:
    """Service for questions about the sessions of a data folder.

    Args:
        data_folder: the data folder.
    """

    def __init__(self, data_folder: Path) -> None:
        self._data_folder = data_folder
        self._sessions = OpenSessions(
            lambda session: SearchedSession(open_history(data_folder, session), partial(self._address_of, session))
        )
        self._probes = Probes(probe_command(data_folder))
        self._commands: dict[str, Callable[[Mapping[str, Any]], Any]] = {
            "prepare": self.prepare,
            "memory": self.memory,
            "values": self.values,
            "changes_of": self.changes_of,
            "held": self.held,
            "search": self.search,
            "searches": self.searches,
            "save_search": self.save_search,
            "remove_search": self.remove_search,
            "find": self.find,
            "can_probe": self.can_probe,
            "probe": self.probe,
            "queries": self.queries,
            "save_query": self.save_query,
            "remove_query": self.remove_query,
            "suggestions": self.suggestions,
            "snaps": self.snaps,
            "agreement": self.agreement,
        }

    def answer(self, command: str, arguments: Mapping[str, Any]) -> Any:
        """Answer a command of the bus (protocol/README.md, 7).

        Raises:
            GbatraceError: it cannot be answered.
        """
        handler = self._commands.get(command)
        if handler is None:
            raise AnalysisError(f"There is no question {command[:60]!r} about memory.")
        return handler(arguments)

    def prepare(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Open a session whose changes are quickly read: somebody looks at it and may ask.

        Args:
            given: `session`.

        Raises:
            GbatraceError: there is no such session.
        """
        arguments = Arguments(given, ("session",))
        if self._folder(arguments).change_log.exists():
            self._sessions.prepare(arguments.session())
        return {}

    def memory(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return all of memory after a frame set.

        Args:
            given: `session`; `at` a moment, the last one unless it is given.

        Raises:
            GbatraceError: there is no such session or moment.
        """
        arguments = Arguments(given, ("session", "at"))
        at = arguments.moment("at", "last")
        recorded = self._recorded(arguments)
        number = int(recorded.timeline.numbers[_place(recorded, at)])
        memory = recorded.history.memory_at(number)
        return {
            "number": number,
            "image": memory.image.tobytes(),
            "known": np.packbits(memory.known, bitorder="little").tobytes(),
            "ages": recorded.history.ages(number).tobytes(),
        }

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return a value over time: from each frame set on, until the next.

        Args:
            given: `session`; `address` of its first byte; `type`, u8 unless it is given; `first` and `last`, moments
                between which; `most`, how many points at most: where there are more, those are kept that show.

        Raises:
            GbatraceError: there is no such session, address, type or moment.
        """
        arguments = Arguments(given, ("session", "address", "type", "first", "last", "most"))
        most = arguments.number("most", DEFAULT_POINTS, MIN_POINTS, MAX_POINTS)
        address, kind = arguments.address(), arguments.type()
        moments = arguments.moment("first", "first"), arguments.moment("last", "last")
        recorded = self._recorded(arguments)
        history, timeline = recorded.history, recorded.timeline
        steps = history.values_of(history.position_of(address), kind)
        start, until = (timeline.end_of(_place(recorded, moment)) for moment in moments)
        begin = max(0, int(np.searchsorted(steps.time, start, "right")) - 1)
        end = int(np.searchsorted(steps.time, until, "right"))
        times = np.maximum(steps.time[begin:end], start)
        values = steps.numbers()[begin:end]
        heights = np.array([np.nan if value is None else value for value in values], np.float64)
        kept = thinned(times, heights, most).tolist()
        numbers = timeline.numbers_at(times).tolist()
        return {
            "numbers": [numbers[index] for index in kept],
            "values": [values[index] for index in kept],
            "total": len(values),
        }

    def changes_of(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the changes of a value, oldest first, a page at a time.

        Args:
            given: `session`; `address` of its first byte; `type`, u8 unless it is given; `cursor`, index of the first
                change; `limit`, how many at most.

        Raises:
            GbatraceError: there is no such session, address or type.
        """
        arguments = Arguments(given, ("session", "address", "type", "cursor", "limit"))
        first = arguments.number("cursor", 0, 0, MAX_INTEGER)
        end = first + arguments.number("limit", DEFAULT_ROWS, 1, MAX_ROWS)
        address, kind = arguments.address(), arguments.type()
        history = self._recorded(arguments).history
        changes = value_changes(history, history.position_of(address), kind)
        return {
            "rows": changes.rows(first, end),
            "total": len(changes),
            "next": end if end < len(changes) else None,
            "sets": changes.ranges(),
        }

    def held(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the frame sets in which buttons were held.

        Args:
            given: `session`; `button`, one, or several that are held at the same time: `A+Right`.

        Raises:
            GbatraceError: there is no such session.
        """
        arguments = Arguments(given, ("session", "button"))
        button = arguments.text("button")
        timeline = self._recorded(arguments).timeline
        return {"sets": timeline.sets_of_frames(timeline.held(button))}

    def search(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Search the recording.

        Args:
            given: `session`; `where`, a list of {`filter`, `on`}; `types`, all unless they are given; `regions`;
                `ranges` and `excluded`, addresses or ranges of them as texts; `aligned`; `at`, the moment whose values
                candidates have; `order`; `limit` of candidates.

        Raises:
            GbatraceError: there is no such session, or the search cannot be read or used on it.
        """
        arguments = Arguments(given, ("session", "where", *_SEARCH, "aligned", "at", "order", "limit"))
        search = _search(arguments)
        at = parse_moment(str(arguments.moment("at", "last")))
        order = arguments.choice("order", Order, Order.INTEREST)
        limit = arguments.number("limit", DEFAULT_CANDIDATES, 0, MAX_CANDIDATES)
        opened = self._sessions.refreshed(arguments.session())
        return opened.search(search, at, order, limit).as_map()

    def searches(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """List the searches that are saved with a session.

        Args:
            given: `session`.

        Raises:
            GbatraceError: there is no such session, or its searches cannot be read.
        """
        return read_saved_searches(self._folder(Arguments(given, ("session",)))).as_map()

    def save_search(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Save a search with a session, in place of one of the same name.

        Args:
            given: `session`, `name`, and the search as for `search`.

        Returns:
            All searches of the session.

        Raises:
            GbatraceError: there is no such session, the search cannot be read, or the disk refuses.
        """
        arguments = Arguments(given, ("session", "name", "where", *_SEARCH, "aligned"))
        search = _search(arguments)
        return save_search(self._folder(arguments), arguments.text("name"), search).as_map()

    def remove_search(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Remove a search from a session.

        Args:
            given: `session`, `name`.

        Returns:
            All searches of the session.

        Raises:
            GbatraceError: there is no such session or search, or the disk refuses.
        """
        arguments = Arguments(given, ("session", "name"))
        return remove_search(self._folder(arguments), arguments.text("name")).as_map()

    def find(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Find a variable by what was seen of it.

        Args:
            given: `session`, the fields of a query, and `limit` of candidates.

        Raises:
            GbatraceError: there is no such session, or the query cannot be read or used on it.
        """
        arguments = Arguments(given, ("session", *QUERY_FIELDS, "limit"))
        query = arguments.query()
        limit = arguments.number("limit", DEFAULT_FOUND, 1, MAX_FOUND)
        return self._sessions.refreshed(arguments.session()).find(query, limit).as_map()

    def can_probe(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Tell whether the ROM of a session is known, without which it cannot be probed.

        Args:
            given: `session`.

        Raises:
            BusyError: many files are read for the first time: the next answer comes further.
            GbatraceError: there is no such session.
        """
        session = stored_session(self._data_folder, Arguments(given, ("session",)).session())
        try:
            find_rom(self._data_folder, session.metadata, patience=_ROM_PATIENCE)
        except RomError as error:
            return {"refusal": without_places(str(error), self._data_folder)}
        return {"refusal": ""}

    def probe(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Probe or poke in a core and a process of its own.

        No argument names a file: the ROM is found by its hash.

        Args:
            given: `session`; one of `axis` and `cursor`, true, `button`, a name, and `poke`, names or addresses; `at` a
                frame set; `name` for the source that a poke shows, and `who` gives it.

        Raises:
            BusyError: it is not done yet, or another one is under way.
            GbatraceError: it cannot be asked, or refuses.
        """
        arguments = Arguments(given, ("session", "axis", "cursor", "button", "poke", "at", "name", "who"))
        stored_session(self._data_folder, arguments.session())
        return self._probes.answer(ProbeRequest.from_map(given).as_map())

    def queries(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """List the queries that are kept with a session.

        Args:
            given: `session`.

        Raises:
            GbatraceError: there is no such session, or its queries cannot be read.
        """
        return read_queries(self._folder(Arguments(given, ("session",)))).as_map()

    def save_query(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Keep a query with a session, in place of one of the same name.

        Args:
            given: `session`, and the fields of a query.

        Returns:
            All queries of the session.

        Raises:
            GbatraceError: there is no such session, the query cannot be read, or the disk refuses.
        """
        arguments = Arguments(given, ("session", *QUERY_FIELDS))
        return save_query(self._folder(arguments), arguments.query()).as_map()

    def remove_query(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Remove a query from a session.

        Args:
            given: `session`, `name`.

        Returns:
            All queries of the session.

        Raises:
            GbatraceError: there is no such session or query, or the disk refuses.
        """
        arguments = Arguments(given, ("session", "name"))
        return remove_query(self._folder(arguments), arguments.text("name")).as_map()

    def suggestions(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Suggest labels where there are none, from those that there are.

        Args:
            given: `session`; `field` of the labels, context unless it is given.

        Raises:
            GbatraceError: there is no such session or field.
        """
        arguments = Arguments(given, ("session", "field"))
        field = suggested_field(arguments.text("field", SUGGESTED_FIELD))
        return self._sessions.refreshed(arguments.session()).suggestions(field).as_map()

    def snaps(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return where ends of labelled runs would move, as `snap` does it.

        Args:
            given: `session`; `field` of the labels, context unless it is given; `numbers`, frame sets whose runs are
                meant, all runs unless they are given.

        Raises:
            GbatraceError: there is no such session, field or frame set.
        """
        arguments = Arguments(given, ("session", "field", "numbers"))
        field = suggested_field(arguments.text("field", SUGGESTED_FIELD))
        numbers = arguments.frame_sets("numbers", MAX_SNAPPED)
        return {"field": field, "moves": self._sessions.refreshed(arguments.session()).snaps(field, numbers)}

    def agreement(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Compare the labels of two people, or of two sessions of the same play.

        Args:
            given: `session`; `first` and `second`, names of people, the two who labelled most unless they are given; or
                `other`, a session.

        Raises:
            GbatraceError: there is no such session or person, or the sessions are not of the same play.
        """
        arguments = Arguments(given, ("session", "first", "second", "other"))
        session, other = arguments.session(), arguments.text("other", "")
        first, second = arguments.text("first", ""), arguments.text("second", "")
        found = (
            compared_sessions(self._data_folder, session, session_id(other))
            if other
            else compared_people(self._data_folder, session, first, second)
        )
        return {**found, "disagreements": found["disagreements"][:MAX_DISAGREEMENTS]}

    def _folder(self, arguments: Arguments) -> SessionFolder:
        return stored_session(self._data_folder, arguments.session()).folder

    def _address_of(self, session: str, name: str) -> int:
        # Few searches name a variable; the others do not wait for this to be loaded.
        from daemon.names.book_files import session_book  # noqa: PLC0415
        from daemon.names.lookup import find_variable  # noqa: PLC0415

        reader = stored_session(self._data_folder, session)
        return find_variable(session_book(self._data_folder, reader), name)[0]

    def _recorded(self, arguments: Arguments) -> RecordedSession:
        """Return the question's session with all that is stored by now."""
        return self._sessions.refreshed(arguments.session()).now


def _place(recorded: RecordedSession, moment: int | str) -> int:
    return place_of(parse_moment(str(moment)), recorded)


def _search(arguments: Arguments) -> Search:
    texts = {name: arguments.texts(name, most) for name, most in _SEARCH.items()}
    return Search.from_map({"where": arguments.filters(MAX_FILTERS), **texts, "aligned": arguments.flag("aligned")})
