"""Alarms come to the sessions of the game in whose book they stand, and follow its edits."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest

from daemon.alarms.evaluation import Alarm
from daemon.alarms.service import AlarmService
from daemon.background import Background
from daemon.names.service import NameService
from protocol.bus.messages import Topic
from protocol.errors import FilterError
from protocol.session.layout import session_folder
from tests.fakes.background import running_background

ROM = "AB" * 20
HP: dict[str, Any] = {"name": "hp", "address": 0x0200_0010, "type": "u16"}


class Room:
    """Book and alarms of two games, and the alarms that sessions have."""

    def __init__(self, data: Path, background: Background) -> None:
        self.alarms: dict[str, list[str]] = {}
        self.lines: list[str] = []
        self.service = AlarmService(data, background, self.set_alarms, self.lines.append)
        self.names = NameService(data, background, self.service.follow)
        for session, rom in (("run", ROM), ("again", ROM), ("other", "CD" * 20)):
            folder = session_folder(data, session)
            folder.path.mkdir()
            document = {"session_id": session, "created_timestamp": 1, "game_name": "Fern", "rom_hash": rom}
            folder.metadata.write_bytes(orjson.dumps(document))

    def set_alarms(self, session: str, alarms: Sequence[Alarm]) -> None:
        self.alarms[session] = [alarm.title for alarm in alarms]

    async def enters(self, session: str, state: str = "live") -> None:
        self.service.follow(Topic.SESSION, session, {"session": {"state": state}})
        await self.service.settled()

    async def name(self, **fields: Any) -> None:
        await self.names.name({"session": "run", "who": "ann", **HP, **fields})
        await self.service.settled()


@contextlib.asynccontextmanager
async def room(data: Path) -> AsyncIterator[Room]:
    async with running_background() as background:
        yield Room(data, background)


async def test_a_session_that_begins_gets_the_alarms_of_its_game(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        await at.name(alarm="hp < 5")
        for session in ("run", "other"):
            await at.enters(session)
        assert at.alarms == {"run": ["hp < 5"], "other": []}


async def test_an_edit_of_the_book_reaches_every_session_of_the_game(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        for session in ("run", "again", "other"):
            await at.enters(session)
        await at.name(alarm="< 5")
        assert at.alarms == {"run": ["hp < 5"], "again": ["hp < 5"], "other": []}
        await at.name(alarm="")
        assert at.alarms["run"] == at.alarms["again"] == []


async def test_a_session_that_has_ended_is_left_alone(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        await at.enters("run")
        await at.enters("run", "ended")
        await at.name(alarm="< 5")
        assert at.alarms == {"run": []}


async def test_an_alarm_that_its_type_cannot_reach_is_refused_and_so_is_such_a_type(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        with pytest.raises(FilterError, match="can never come true: u16 holds whole numbers from 0 to 65535"):
            await at.name(alarm="= 70000")
        await at.name(alarm="= 300")
        with pytest.raises(FilterError, match="`= 300` can never come true: u8"):
            await at.name(type="u8")


async def test_what_is_no_alarm_is_refused_where_it_is_given(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        with pytest.raises(FilterError, match="a filter"):
            await at.name(alarm="when it is low")


async def test_one_in_a_file_that_cannot_be_used_is_reported_and_costs_no_other(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        await at.name(alarm="< 5")
        book = tmp_path / "names" / f"{ROM}.json"
        document = orjson.loads(book.read_bytes())
        document["names"].append({**document["names"][0], "name": "mp", "alarm": "often"})
        book.write_bytes(orjson.dumps(document))
        await at.enters("run")
        assert at.alarms == {"run": ["hp < 5"]}
        assert len(at.lines) == 1
        assert at.lines[0].startswith("The alarm of mp is not used: ")


async def test_a_session_whose_metadata_cannot_be_read_has_none(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        session_folder(tmp_path, "run").metadata.write_bytes(b"{")
        await at.enters("run")
        assert at.alarms == {}
        assert "run has no alarms" in at.lines[0]
