import threading
from pathlib import Path
from typing import Any

import orjson
import pytest

import resources
from daemon.disk.file_lock import FileLock
from daemon.names import book_files
from daemon.names.book import Layer
from daemon.names.book_files import edit_book, read_book, rom_place, session_book, session_place
from daemon.names.edits import BookPlace
from daemon.names.named_address import Status
from protocol.errors import NamesError, StoreError
from protocol.session.layout import session_folder
from protocol.session.reader import SessionReader
from tests.daemon.names.made import name

ROM = "AB" * 20
DEMO = "D05D40674C30EBEB4F2ADE7B788558AD6915FC17"
REGIONS = [
    {"name": "iwram", "base": 0x0300_0000, "size": 0x8000},
    {"name": "ewram", "base": 0x0200_0000, "size": 0x40000},
]


def session(data: Path, **metadata: Any) -> SessionReader:
    folder = session_folder(data, "run")
    folder.path.mkdir()
    document = {"session_id": "run", "created_timestamp": 1, "game_name": "Fern", "regions": REGIONS, **metadata}
    folder.metadata.write_bytes(orjson.dumps(document))
    return SessionReader(folder)


def give(place: BookPlace, *names: Any) -> None:
    edit_book(place, lambda book: (book.own.with_names(names), None))


class TestPlace:
    def test_the_roms_hash_names_the_book(self, tmp_path: Path) -> None:
        place = session_place(tmp_path, session(tmp_path, rom_hash=ROM.lower()))
        assert (place.path, place.rom_hash, place.game) == (tmp_path / "names" / f"{ROM}.json", ROM, "Fern")
        assert rom_place(tmp_path, ROM.lower()).path == place.path

    def test_without_one_the_game_config_may_know_it(self, tmp_path: Path) -> None:
        place = session_place(tmp_path, session(tmp_path, game_config="gbatrace_demo.json"))
        assert place.rom_hash == DEMO

    def test_else_the_games_name_stands_for_it(self, tmp_path: Path) -> None:
        assert session_place(tmp_path, session(tmp_path)).path == tmp_path / "names" / "fern.json"

    @pytest.mark.parametrize("text", ["", "x", "../../etc/passwd", f"{ROM}0"])
    def test_a_rom_is_named_by_its_hash(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(NamesError, match="is not the SHA-1 of a ROM"):
            rom_place(tmp_path, text)

    def test_an_address_outside_of_what_is_recorded_is_told(self, tmp_path: Path) -> None:
        place = session_place(tmp_path, session(tmp_path, regions=REGIONS[:1]))
        place.require_recorded(name("x", 0x0300_7FFE))
        with pytest.raises(NamesError, match="02000010 lies in no memory that is recorded: iwram 03000000 to 03007FFF"):
            place.require_recorded(name("x", 0x0200_0010))


class TestFiles:
    def test_what_was_given_is_read(self, tmp_path: Path) -> None:
        place = rom_place(tmp_path, ROM)
        give(place, name("b", 0x0200_0002), name("a", 0x0200_0001, "u8"))
        assert [one.name for one in read_book(place)[0].names] == ["a", "b"]
        assert [path.name for path in place.path.parent.iterdir()] == [f"{ROM}.json"]

    def test_the_last_name_may_go(self, tmp_path: Path) -> None:
        place = rom_place(tmp_path, ROM)
        give(place, name())
        edit_book(place, lambda book: (book.without("hp"), None))
        book, notes = read_book(place)
        assert (book.names, notes) == ((), ())
        give(place, name())

    def test_an_edit_that_changes_nothing_writes_nothing(self, tmp_path: Path) -> None:
        place = rom_place(tmp_path, ROM)
        edit_book(place, lambda book: (book.own, None))
        assert not place.path.exists()

    def test_the_demo_games_names_ship(self, tmp_path: Path) -> None:
        book = session_book(tmp_path, session(tmp_path, rom_hash=DEMO))
        hp, layer = book.layers["party[0].hp"]
        assert (hp.type, hp.status, layer) == ("u16", Status.CERTAIN, Layer.SHIPPED)
        assert hp.evidence == ("the game's own symbol table",)

    def test_a_damaged_book_is_read_as_far_as_it_goes_and_never_written(self, tmp_path: Path) -> None:
        place = rom_place(tmp_path, ROM)
        give(place, name())
        damaged = place.path.read_bytes().replace(b'"names": [', b'"names": [{"name": "odd"},')
        place.path.write_bytes(damaged)
        book, notes = read_book(place)
        assert [one.name for one in book.names] == ["hp"]
        assert "odd was left out: A name needs 'address'" in notes[0]
        with pytest.raises(NamesError, match=r"left as it is: mend it first\. Entry 1 "):
            give(place, name("other"))
        place.path.write_bytes(b"{")
        assert "is not JSON" in read_book(place)[1][0]
        with pytest.raises(NamesError, match="is not JSON"):
            give(place, name("other"))
        assert place.path.read_bytes() == b"{"

    def test_links_are_not_followed(self, tmp_path: Path) -> None:
        other = tmp_path / "elsewhere"
        other.mkdir()
        data = tmp_path / "data"
        data.mkdir()
        try:
            (data / "names").symlink_to(other, target_is_directory=True)
        except OSError:
            pytest.skip("no links here")
        with pytest.raises(StoreError, match="it is a link"):
            give(rom_place(data, ROM), name())
        assert list(other.iterdir()) == []

    def test_a_book_has_an_end(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        place = rom_place(tmp_path, ROM)
        monkeypatch.setattr(book_files, "MAX_BOOK_BYTES", 2000)
        with pytest.raises(NamesError, match="would have more than"):
            give(place, name(note="x" * 2000))
        assert not place.path.exists()

    def test_edits_at_the_same_time_are_all_there(self, tmp_path: Path) -> None:
        place = rom_place(tmp_path, ROM)
        threads = [
            threading.Thread(target=give, args=(place, name(f"n{number}", 0x0200_0000 + number, "u8")))
            for number in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(read_book(place)[0].names) == 8

    def test_another_program_that_keeps_editing_is_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        place = rom_place(tmp_path, ROM)
        place.path.parent.mkdir()
        monkeypatch.setattr("daemon.disk.file_lock._PATIENCE", 0.05)
        lock = FileLock.take(place.path.with_name(".editing"))
        assert lock is not None
        try:
            with pytest.raises(NamesError, match="Another gbatrace is editing the names"):
                give(place, name())
        finally:
            lock.release()


def test_the_hash_of_the_demo_game_is_that_of_its_config() -> None:
    config = orjson.loads((resources.game_configs() / "gbatrace_demo.json").read_bytes())
    assert config["rom_hashes"] == [DEMO]


def test_the_names_of_a_game_config_lie_below_a_persons_own(tmp_path: Path) -> None:
    config = {"game": "Fern", "rom_hashes": [ROM], "names": [{"name": "lives", "address": "03000000", "type": "u8"}]}
    folder = tmp_path / "game_configs"
    folder.mkdir()
    (folder / "fern.json").write_bytes(orjson.dumps(config))
    reader = session(tmp_path, rom_hash=ROM, game_config="fern.json")
    for place in (session_place(tmp_path, reader), rom_place(tmp_path, ROM)):
        assert [layer for _, layer in read_book(place)[0].layers.values()] == [Layer.CONFIG]
        assert place.game == "Fern"
    give(rom_place(tmp_path, ROM), name("lives", 0x0300_0000, "s8"))
    assert session_book(tmp_path, reader).layers["lives"] == (name("lives", 0x0300_0000, "s8"), Layer.OWN)
