"""Payloads in a byte stream."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.errors import FramingError
from protocol.link.framing import MAX_PAYLOAD, PNG_SIGNATURE, PayloadReader, is_screenshot, prefix


def payloads(reader: PayloadReader) -> list[bytes]:
    """Take every payload that is complete."""
    found = []
    while (payload := reader.next_payload()) is not None:
        found.append(payload)
    return found


@given(st.lists(st.binary(min_size=1, max_size=300)), st.data())
def test_any_split_gives_the_same_payloads(sent: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(map(prefix, sent))
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=8).map(sorted))
    reader = PayloadReader()
    received = []
    for start, end in pairwise([0, *cuts, len(stream)]):
        reader.receive_data(stream[start:end])
        received += payloads(reader)
    assert received == sent


def test_byte_by_byte() -> None:
    reader = PayloadReader()
    received = []
    for byte in b"5 hello12 a longer one1 x":
        reader.receive_data(bytes([byte]))
        received += payloads(reader)
    assert received == [b"hello", b"a longer one", b"x"]


def test_none_asks_for_more() -> None:
    reader = PayloadReader()
    assert reader.next_payload() is None
    reader.receive_data(b"5 hel")
    assert reader.next_payload() is None
    reader.receive_data(b"lo")
    assert reader.next_payload() == b"hello"
    assert reader.next_payload() is None


@pytest.mark.parametrize(
    "stream",
    [
        b"x",
        b" ",
        b"-1 x",
        b"+1 x",
        b"0 x",
        b"01 x",
        b"1x",
        b"1\tx",
        b"12345678",
        b"1234567x",
        "١ x".encode(),
        b"\x89PNG",
    ],
)
def test_a_stream_that_does_not_count_is_refused(stream: bytes) -> None:
    reader = PayloadReader()
    reader.receive_data(stream)
    with pytest.raises(FramingError, match="does not start with its length"):
        reader.next_payload()


def test_a_browser_is_refused_at_its_first_byte() -> None:
    reader = PayloadReader()
    reader.receive_data(b"G")
    with pytest.raises(FramingError, match="not gbatrace's link"):
        reader.next_payload()


def test_a_payload_of_seven_digits_and_no_space_yet_is_waited_for() -> None:
    reader = PayloadReader()
    reader.receive_data(b"4194304")
    assert reader.next_payload() is None
    reader.receive_data(b" ")
    assert reader.next_payload() is None


def test_more_than_the_limit_is_refused_when_it_is_announced() -> None:
    reader = PayloadReader()
    reader.receive_data(b"4194305 ")
    with pytest.raises(FramingError, match="the limit is 4194304"):
        reader.next_payload()


def test_the_limit_is_the_callers() -> None:
    reader = PayloadReader(limit=100)
    reader.receive_data(b"101 ")
    with pytest.raises(FramingError, match="the limit is 100"):
        reader.next_payload()


def test_what_was_complete_before_an_error_is_good() -> None:
    reader = PayloadReader()
    reader.receive_data(b"2 ok!")
    assert reader.next_payload() == b"ok"
    with pytest.raises(FramingError):
        reader.next_payload()


def test_the_longest_payload_passes() -> None:
    longest = bytes(MAX_PAYLOAD)
    reader = PayloadReader()
    reader.receive_data(prefix(longest))
    assert reader.next_payload() == longest


@pytest.mark.parametrize("payload", [b"", bytes(MAX_PAYLOAD + 1)])
def test_an_impossible_payload_cannot_be_framed(payload: bytes) -> None:
    with pytest.raises(FramingError, match="cannot be sent"):
        prefix(payload)


def test_a_screenshot_is_known_by_its_first_eight_bytes() -> None:
    assert is_screenshot(PNG_SIGNATURE + b"whatever")
    assert not is_screenshot(PNG_SIGNATURE[:7])
    assert not is_screenshot(b"\x93\x07\x00")
