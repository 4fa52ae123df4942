from pathlib import Path

from daemon.names.book import NameBook, OwnNames
from daemon.names.edits import BookPlace, give_name, import_list
from daemon.names.name_list import write_name_list
from tests.daemon.names.made import name

PLACE = BookPlace(Path("data"), Path("data/names/fern.json"), "", "Fern")


def test_a_name_of_an_address_that_has_one_is_told() -> None:
    book = NameBook(OwnNames({"hp": name()}))
    _, (entry, notes) = give_name(PLACE, book, {"name": "life", "address": name().address, "type": "u8"})
    assert entry.name == "life"
    assert notes == ["02000010 has two names, hp and life: both are kept."]
    assert give_name(PLACE, book, {"name": "life"}, "hp")[1][1] == []


def test_a_list_without_a_usable_entry_changes_nothing() -> None:
    data = write_name_list([name("rom", 0x0800_0000)]).data
    own, outcome = import_list(PLACE, NameBook(), "a.json", data)
    assert own == OwnNames()
    assert outcome.notes[0].startswith("A.json: rom was left out: 08000000 lies in no memory that is recorded")
