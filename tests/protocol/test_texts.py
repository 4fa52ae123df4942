import pytest

from protocol.errors import LabelError
from protocol.texts import checked_name, checked_text, is_control, plain_text


def test_a_text_is_composed_and_has_no_blanks_around_it() -> None:
    assert checked_text("A note", " e\u0301 \n", 5, LabelError, "\n") == "é"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (7, "A note holds text"),
        ("123456", "A note holds at most 5 characters, this text has 6"),
        ("a\x00", "A note holds no control characters"),
        ("\ud800", "A note holds no control characters"),
    ],
)
def test_what_is_wrong_is_told(value: object, says: str) -> None:
    with pytest.raises(LabelError, match=says):
        checked_text("A note", value, 5, LabelError)


@pytest.mark.parametrize("value", ["", " \t "])
def test_a_name_is_not_empty(value: str) -> None:
    with pytest.raises(LabelError, match="The name of a note is not empty"):
        checked_name("The name of a note", value, 5, LabelError)


def test_control_characters_are_taken_out() -> None:
    assert plain_text("a\r\nb\tc\x00\ud800") == "a b c"
    assert plain_text("a\r\nb\tc\x00", "\n\t") == "a\nb\tc"
    assert [is_control(char) for char in "a\x00\x85"] == [False, True, True]
