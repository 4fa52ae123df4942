"""Values out of JSON documents."""

import pytest

from protocol.errors import DocumentError
from protocol.session.json_values import json_object, reading, text, texts, whole_number


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b'{"a": 1'])
def test_what_is_no_object_is_said(data: bytes) -> None:
    with pytest.raises(DocumentError, match=r"it is not (a )?JSON"):
        json_object(data)


def test_a_missing_key_is_named() -> None:
    with pytest.raises(DocumentError, match="the key `frame` is missing"), reading():
        json_object(b"{}")["frame"]


@pytest.mark.parametrize(
    ("check", "value", "sentence"),
    [
        (whole_number, -1, "'-1' is not a whole number"),
        (whole_number, True, "'True' is not a whole number"),
        (text, 7, "'7' is not a text"),
        (texts, "one", "'one' is not a list of texts"),
        (texts, ["one", 2], "is not a list of texts"),
    ],
)
def test_a_value_of_another_kind_is_said(check: object, value: object, sentence: str) -> None:
    assert callable(check)
    with pytest.raises(DocumentError, match=sentence), reading():
        check(value)
