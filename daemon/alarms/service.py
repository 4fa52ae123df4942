"""Service that brings the alarms of books of names to the sessions being recorded. Shell.

It follows what is published: a session that begins gets the alarms of its game's book, and all sessions of a game whose
book is edited get them anew. Books are read on the thread for small files.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from daemon.alarms.evaluation import Alarm
from daemon.analysis.alarm_rules import parse_alarm
from daemon.analysis.value_types import value_type
from daemon.background import Background
from daemon.names.book_files import read_book, session_place
from protocol.bus.messages import Topic
from protocol.errors import AnalysisError, GbatraceError
from protocol.session.reader import stored_session

__all__ = ["AlarmService"]

_LIVE = "live"

SetAlarms = Callable[[str, Sequence[Alarm]], None]


class AlarmService:
    """Follower of sessions and books of names.

    Args:
        data_folder: the session folders.
        background: runs what touches files.
        set_alarms: sets the alarms of a session that is being recorded.
        report: shows a line to the person at the keyboard.
    """

    def __init__(
        self, data_folder: Path, background: Background, set_alarms: SetAlarms, report: Callable[[str], None]
    ) -> None:
        self._data_folder = data_folder
        self._background = background
        self._set_alarms = set_alarms
        self._report = report
        self._books: dict[str, str] = {}
        self._reading: set[asyncio.Task[None]] = set()

    def follow(self, topic: str, session: str, body: Mapping[str, Any]) -> None:
        """Take note of a publication; a frame set's costs a comparison."""
        if topic == Topic.SESSION:
            is_live = body["session"]["state"] == _LIVE
            if is_live and session not in self._books:
                self._books[session] = ""
                self._read_soon(session)
            elif not is_live:
                self._books.pop(session, None)
        elif topic == Topic.NAMES:
            for name, book in self._books.items():
                if book == body["book"]:
                    self._read_soon(name)

    async def settled(self) -> None:
        """Wait until every book that was to be read has been."""
        await asyncio.gather(*self._reading)

    def _read_soon(self, session: str) -> None:
        task = asyncio.create_task(self._read(session))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _read(self, session: str) -> None:
        try:
            book, alarms, problems = await self._background.run(lambda: _alarms_of(self._data_folder, session))
        except GbatraceError as error:
            self._report(f"{session} has no alarms: {error}")
            return
        for problem in problems:
            self._report(problem)
        if session in self._books:
            self._books[session] = book
            self._set_alarms(session, alarms)


def _alarms_of(data_folder: Path, session: str) -> tuple[str, list[Alarm], list[str]]:
    """Read the name of the game's book, its alarms, and sentences on those that cannot be used."""
    place = session_place(data_folder, stored_session(data_folder, session))
    book, _ = read_book(place)
    alarms, problems = [], []
    for name in book.names:
        if name.alarm:
            try:
                rule = parse_alarm(name.alarm, value_type(name.type), name.name)
                alarms.append(Alarm(name.name, name.address, rule))
            except AnalysisError as error:
                problems.append(f"The alarm of {name.name} is not used: {error}")
    return place.book, alarms, problems
