import pytest

from daemon.names.book import NameBook, OwnNames
from daemon.names.lookup import find_variable, name_at
from daemon.names.named_address import NamedAddress
from protocol.errors import NamesError

BOOK = NameBook(
    OwnNames({"hp": NamedAddress("hp", 0x0300_0004, "u16"), "DEADBEEF": NamedAddress("DEADBEEF", 0x0300_0008, "s8")})
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hp", (0x0300_0004, "u16")),
        (" hp ", (0x0300_0004, "u16")),
        ("0x03000004", (0x0300_0004, "u16")),
        ("03000005", (0x0300_0005, "u8")),
        ("DEADBEEF", (0x0300_0008, "s8")),
    ],
)
def test_a_variable_is_found_by_name_and_by_address(text: str, found: tuple[int, str]) -> None:
    assert find_variable(BOOK, text) == found


def test_what_is_neither_is_a_sentence() -> None:
    with pytest.raises(NamesError, match="'mp' is neither a name of this game nor an address"):
        find_variable(BOOK, "mp")


def test_a_value_has_the_name_of_what_it_covers() -> None:
    assert name_at(BOOK, 0x0300_0004, 1) == "hp"
    assert name_at(BOOK, 0x0300_0005, 1) == "hp"
    assert name_at(BOOK, 0x0300_0005, 4) == "hp"
    assert name_at(BOOK, 0x0300_0000, 4) == ""
