import pytest

from daemon.names.book import Layer, NameBook, OwnNames
from daemon.names.commands import (
    NAME_ARGUMENTS,
    NamesHeader,
    book_answer,
    entry_argument,
    parse_header,
    text_argument,
)
from protocol.errors import NamesError
from tests.daemon.names.made import name


def test_a_header_is_texts_of_bounded_length() -> None:
    given = {"session": "run", "who": f" {'x' * 100} ", "name": "hp"}
    assert parse_header(given, NAME_ARGUMENTS) == NamesHeader("run", "x" * 60, "")


@pytest.mark.parametrize("given", [{"session": 7}, {"who": None}, {"colour": "red"}, {3: "x"}])
def test_other_arguments_are_refused(given: dict[str, object]) -> None:
    with pytest.raises(NamesError, match="This command"):
        parse_header(given, NAME_ARGUMENTS)


def test_a_text_is_there_or_has_a_default() -> None:
    assert text_argument({}, "format", "json") == "json"
    with pytest.raises(NamesError, match="needs `format`"):
        text_argument({}, "format")


def test_an_entry_is_signed_by_who_gives_it() -> None:
    assert entry_argument({"session": "run", "name": "hp", "who": " ann "}, "ann") == {"name": "hp", "who": "ann"}
    assert entry_argument({"name": "hp"}, "") == {"name": "hp"}


def test_an_answer_tells_layers() -> None:
    book = NameBook(OwnNames({"hp": name()}), [(Layer.SHIPPED, [name("money", 0x0200_0000, "u32")])])
    assert [(row["name"], row["layer"]) for row in book_answer(book)] == [("money", "shipped"), ("hp", "own")]
