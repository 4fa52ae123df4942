"""MessagePack behind two functions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.errors import MessageError
from protocol.packing import StreamUnpacker, pack, unpack

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 64) - 1)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(values)
def test_what_is_packed_is_unpacked(value: object) -> None:
    assert unpack(pack(value)) == value


def test_text_and_bytes_stay_apart() -> None:
    assert pack("é") == b"\xa2\xc3\xa9"
    assert pack(b"\xc3\xa9") == b"\xc4\x02\xc3\xa9"


def test_numbers_take_as_little_room_as_they_can() -> None:
    assert [len(pack(number)) for number in (0, 127, 128, 255, 256, 65536, 1 << 32)] == [1, 1, 2, 2, 3, 5, 9]


def test_arrays_come_as_asked() -> None:
    assert unpack(pack([1, [2]])) == [1, [2]]
    assert unpack(pack([1, [2]]), arrays=tuple) == (1, (2,))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x01\x02",
        b"\x93\x01",
        b"\xc1",
        b"\xa1\xff",
        b"\x81\x01\x02",
        b"\x81\x91\x01\x02",
        b"\xdd\xff\xff\xff\xff",
        b"\xd6\xff\x00\x00\x00",
        b"\x91" * 5000,
    ],
    ids=["nothing", "two", "too short", "reserved", "no text", "number key", "array key", "long", "time", "deep"],
)
def test_what_is_not_one_value_is_refused(data: bytes) -> None:
    with pytest.raises(MessageError, match="not MessagePack"):
        unpack(data)


@given(st.lists(st.tuples(st.integers(0, 2**32), st.binary(), st.text())), st.integers(1, 20))
def test_a_stream_of_values_may_come_in_pieces_of_any_length(values: list[tuple[int, bytes, str]], length: int) -> None:
    stream = b"".join(map(pack, values))
    unpacking = StreamUnpacker()
    pieces = [stream[at : at + length] for at in range(0, len(stream), length)]
    assert [value for piece in pieces for value in unpacking.receive_data(piece)] == values
