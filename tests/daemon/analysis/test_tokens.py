import pytest

from daemon.analysis.tokens import TokenKind, TokenReader, quoted


def kinds(text: str) -> list[tuple[str, str]]:
    reader = TokenReader(text)
    found = []
    while token := reader.take(*TokenKind):
        found.append((token.kind.name, token.text))
    return found


def test_points_belong_to_numbers_and_names_and_ranges_stand_between() -> None:
    assert kinds("1.5..party[0].hp") == [("NUMBER", "1.5"), ("RANGE", ".."), ("WORD", "party[0].hp")]
    assert kinds("12:31.5..2p") == [("CLOCK", "12:31.5"), ("RANGE", ".."), ("WORD", "2p")]


def test_what_the_grammar_uses_stays_a_text_in_quotation_marks() -> None:
    assert kinds('="a; b..c @ \\"d\\"";') == [("COMPARISON", "="), ("TEXT", 'a; b..c @ "d"'), ("END", ";")]


@pytest.mark.parametrize("text", ["battle", "Höhle", "a.b", "2p"])
def test_a_word_is_written_as_it_is(text: str) -> None:
    assert quoted(text) == text


@pytest.mark.parametrize("text", ["", "3", "12:30", "a b", 'a"b', "a\\", "x..y", "a=b", "#1"])
def test_any_other_text_is_quoted_and_read_back(text: str) -> None:
    assert kinds(quoted(text)) == [("TEXT", text)]
