"""Commands about names, carried out on real files."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from daemon.background import Background
from daemon.names.book_files import edit_book, session_place
from daemon.names.edits import give_name
from daemon.names.service import NameService
from protocol.bus.messages import Topic
from protocol.errors import GbatraceError, NamesError
from protocol.packing import pack
from protocol.session.layout import session_folder
from protocol.session.reader import open_session
from tests.fakes.background import running_background

ROM = "AB" * 20
HP: dict[str, Any] = {"name": "hp", "address": 0x0200_0010, "type": "u16"}


class Room:
    """The service, two sessions of one game, and what the bus carries."""

    def __init__(self, data: Path, background: Background) -> None:
        for session in ("run", "other"):
            folder = session_folder(data, session)
            folder.path.mkdir()
            document = {"session_id": session, "created_timestamp": 1, "game_name": "Fern", "rom_hash": ROM}
            folder.metadata.write_bytes(orjson.dumps(document))
        self.published: list[Any] = []
        self.service = NameService(data, background, lambda *publication: self.published.append(publication))

    async def ask(self, command: str, session: str = "run", **arguments: Any) -> dict[str, Any]:
        answer: dict[str, Any] = await self.service.handlers()[command]({"session": session, **arguments})
        assert orjson.loads(orjson.dumps(answer)) == answer
        assert pack(answer)
        return answer


@contextlib.asynccontextmanager
async def room(data: Path) -> AsyncIterator[Room]:
    async with running_background() as background:
        yield Room(data, background)


async def test_a_name_belongs_to_the_game(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        named = await at.ask("name", **HP, values={"0": "dead"}, who="ann", origin="page")
        assert named == {
            "book": ROM,
            "name": {**HP, "status": "guess", "values": {"0": "dead"}, "who": "ann", "layer": "own"},
            "notes": [],
        }
        assert at.published == [(Topic.NAMES, ROM, {"book": ROM, "who": "ann", "origin": "page"})]
        listed = await at.ask("names", session="other")
        assert listed == {"book": ROM, "game": "Fern", "rom_hash": ROM, "names": [named["name"]], "notes": []}


async def test_a_name_is_changed_renamed_and_taken_away(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        await at.ask("name", **HP, note="hit points")
        assert (await at.ask("name", name="hp", watched=True))["name"]["note"] == "hit points"
        assert (await at.ask("name", name="life", previous="hp"))["name"]["watched"]
        assert (await at.ask("name", name="hearts", address="02000010", type="u8"))["notes"] == [
            "02000010 has two names, life and hearts: both are kept."
        ]
        assert (await at.ask("remove_name", name="hearts"))["name"]["type"] == "u8"
        assert [row["name"] for row in (await at.ask("names"))["names"]] == ["life"]
        assert len(at.published) == 5


async def test_an_edit_by_another_program_is_published_once(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        await at.ask("name", **HP)
        at.published.clear()
        await at.service.publish_edited()
        place = session_place(tmp_path, open_session(tmp_path / "run"))
        edit_book(place, lambda book: give_name(place, book, {"name": "mp", "address": 0x0200_0014, "type": "u8"}))
        await at.service.publish_edited()
        assert at.published == [(Topic.NAMES, ROM, {"book": ROM, "who": "", "origin": "file"})]
        await at.ask("name", name="hp", watched=True, origin="page")
        await at.service.publish_edited()
        assert [body["origin"] for _, _, body in at.published] == ["file", "page"]
        place.path.unlink()
        await at.service.publish_edited()
        assert [body["origin"] for _, _, body in at.published] == ["file", "page", "file"]


async def test_what_changes_nothing_is_not_published(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        await at.ask("name", **HP)
        await at.ask("name", **HP)
        assert len(at.published) == 1


async def test_lists_are_imported_and_exported(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        text = "SystemID GBA\n00010\tw\tu\t0\tEWRAM\thp: hit points\nzz\tb\tu\t0\tIWRAM\tnone\n"
        answer = await at.ask("import_names", file="a.wch", text=text, who="ann")
        assert answer == {
            "book": ROM,
            "added": 1,
            "changed": 0,
            "unchanged": 0,
            "notes": ["Line 3: none was left out: 'zz' is not an address."],
        }
        exported = await at.ask("export_names", format="wch")
        assert exported["file"] == "fern.wch"
        assert exported["text"].splitlines()[1:] == ["00010\tw\tu\t0\tEWRAM\thp: hit points"]
        assert exported["notes"] == ["A watch list has no room for: evidence of 1 name."]
        again = await at.ask("import_names", file="a.wch", text=exported["text"])
        assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 1)
        assert orjson.loads((await at.ask("export_names"))["text"])["names"][0]["who"] == "ann"


async def test_what_is_not_recorded_is_left_out_of_a_list(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        text = orjson.dumps([{**HP, "address": "08000000", "name": "rom"}, HP]).decode()
        (note,) = (await at.ask("import_names", text=text))["notes"]
        assert note.startswith("A list: rom was left out: 08000000 lies in no memory that is recorded: iwram ")


@pytest.mark.parametrize(
    ("command", "arguments", "says"),
    [
        ("name", {**HP, "address": 0x0800_0000}, "lies in no memory that is recorded"),
        ("name", {"name": "x"}, "A name needs 'address'"),
        ("name", {**HP, "colour": 1}, "This command has no 'colour'"),
        ("name", {**HP, "who": 7}, "needs `who`, a text"),
        ("remove_name", {"name": "nobody"}, "There is no name 'nobody'"),
        ("remove_name", {}, "needs `name`, a text"),
        ("import_names", {"text": "x"}, "is no list of names"),
        ("import_names", {}, "needs `text`"),
        ("export_names", {"format": "csv"}, "There is no format 'csv'"),
        ("export_names", {}, "There are no names to write"),
    ],
)
async def test_what_cannot_be_done_is_told(tmp_path: Path, command: str, arguments: dict[str, Any], says: str) -> None:
    async with room(tmp_path) as at:
        with pytest.raises(NamesError, match=says):
            await at.ask(command, **arguments)
        assert at.published == []
        assert (await at.ask("names"))["names"] == []


@pytest.mark.parametrize("session", ["nothing", "..", "", "a/b"])
async def test_a_session_that_is_none_is_told(tmp_path: Path, session: str) -> None:
    async with room(tmp_path) as at:
        for command in at.service.handlers():
            arguments = {"name": HP, "remove_name": {"name": "x"}, "import_names": {"text": "[]"}}.get(command, {})
            with pytest.raises(GbatraceError) as error:
                await at.ask(command, session=session, **arguments)
            assert not isinstance(error.value, NamesError)
