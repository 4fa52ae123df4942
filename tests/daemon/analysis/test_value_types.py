"""Values read at every byte offset, written and read as text."""

import math
import struct
from decimal import Decimal

import numpy as np
import pytest

from daemon.analysis.value_types import VALUE_TYPES, Number, ValueType, type_names, value_type
from protocol.errors import ValueTypeError

STRUCT = {
    **dict(zip(("u8", "s8", "u16", "s16", "u32", "s32"), ("<B", "<b", "<H", "<h", "<I", "<i"), strict=True)),
    **dict(zip(("u16be", "s16be", "u32be", "s32be", "float32"), (">H", ">h", ">I", ">i", "<f"), strict=True)),
}
NOISE = np.random.default_rng(4).integers(0, 256, 5000, np.uint8)


def expected(name: str, data: bytes) -> Number | None:
    """Read a value by other means than numpy's."""
    if name in STRUCT:
        value: Number = struct.unpack(STRUCT[name], data)[0]
        return None if math.isnan(value) else value
    if name.startswith("bcd"):
        digits = data[::-1].hex()
        return int(digits) if digits.isdecimal() else None
    fraction = int(name.partition(".")[2])
    return float(Decimal(int.from_bytes(data, "little", signed=True)) / 2**fraction)


@pytest.mark.parametrize("kind", VALUE_TYPES.values(), ids=VALUE_TYPES)
def test_a_view_has_the_value_at_every_offset(kind: ValueType) -> None:
    image = NOISE.copy()
    image[::3] &= 0x19  # so that some of it is BCD
    seen = kind.view(image)
    assert len(seen.values) == len(image) - kind.width + 1
    count = 0
    for offset in range(len(seen.values)):
        data = image[offset : offset + kind.width].tobytes()
        value = expected(kind.name, data)
        assert kind.read(data) == value
        if value is None:
            assert seen.valid is not None
            assert not seen.valid[offset]
        else:
            assert seen.values[offset] == value
            assert seen.valid is None or seen.valid[offset]
            count += 1
    assert count > 10


def test_what_is_no_number_never_matches() -> None:
    image = np.frombuffer(struct.pack("<fI", math.nan, 0x0000_001A), np.uint8)
    floats, digits = value_type("float32").view(image), value_type("bcd32").view(image)
    assert not floats.where_valid(floats.values != 7)[0]
    assert not digits.where_valid(digits.values >= 0)[4]
    assert value_type("float32").read(struct.pack("<f", math.nan)) is None


def test_memory_shorter_than_a_value_has_none() -> None:
    assert value_type("u32").view(np.zeros(3, np.uint8)).values.shape == (0,)
    assert value_type("u32").decode(np.empty((0, 4), np.uint8)).values.shape == (0,)


@pytest.mark.parametrize("kind", VALUE_TYPES.values(), ids=VALUE_TYPES)
def test_text_is_read_as_the_value_that_it_was_written_of(kind: ValueType) -> None:
    seen = kind.view(NOISE)
    values = seen.values if seen.valid is None else seen.values[seen.valid]
    for value in (kind.least, kind.greatest, *values[:500].tolist()):
        assert kind.parse(kind.format(value)) == value


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("u8", "0xFF", 255),
        ("s8", "0xFF", -1),
        ("s16", "0x0010", 16),
        ("s32", "-5", -5),
        ("bcd8", "0x10", 16),
        ("u16be", " +7 ", 7),
        ("fixed24.8", "1.5", 1.5),
        ("fixed24.8", "0.1", 26 / 256),
        ("fixed20.12", "3", 3),
        ("float32", "0.1", float(np.float32(0.1))),
        ("float32", "1e10", 1e10),
    ],
)
def test_a_person_writes_values_like_this(name: str, text: str, value: Number) -> None:
    assert value_type(name).parse(text) == value


def test_fractions_are_written_as_short_as_they_are() -> None:
    assert value_type("float32").format(float(np.float32(0.1))) == "0.1"
    assert value_type("fixed20.12").format(1 / 4096) == "0.000244140625"
    assert value_type("fixed24.8").format(-2.0) == "-2"


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("u8", "300", "300 does not fit u8, which holds 0 to 255."),
        ("s8", "0x1FF", "511 does not fit s8, which holds -128 to 127."),
        ("bcd8", "100", "100 does not fit bcd8, which holds 0 to 99."),
        ("fixed24.8", "1e7", "10000000.0 does not fit fixed24.8, which holds -8388608 to 8388607.99609375."),
        ("float32", "1e39", "1e+39 does not fit float32, which holds -3.4028235e+38 to 3.4028235e+38."),
        ("u16", "1.5", "1.5 is not a whole number, as values of u16 are."),
        ("u16", "", "'' is not a number."),
        ("float32", "nan", "'nan' is not a number."),
        ("float32", "0x10", "'0x10' is not a number."),
        ("u32", "٣", "'٣' is not a number."),
    ],
)
def test_a_number_that_does_not_fit_is_refused(name: str, text: str, reason: str) -> None:
    with pytest.raises(ValueTypeError) as refusal:
        value_type(name).parse(text)
    assert str(refusal.value) == reason


def test_a_type_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    assert value_type(" U16BE ").name == "u16be"
    with pytest.raises(ValueTypeError, match=r"'u64' is not a value type: choose one of u8, s8, .*float32\."):
        value_type("u64")


def test_types_are_named_once_and_all_where_none_is_given() -> None:
    assert type_names(["U16", "u8", " u16 "]) == ("u16", "u8")
    assert type_names([]) == tuple(VALUE_TYPES)
    with pytest.raises(ValueTypeError, match="'u12' is not a value type"):
        type_names(["u12"])


@pytest.mark.parametrize("kind", VALUE_TYPES.values(), ids=VALUE_TYPES)
def test_a_value_that_is_written_is_read_again(kind: ValueType) -> None:
    for value in (0, 1, 7, 99, kind.least, kind.greatest, kind.nearest(5.0 if kind.is_whole else 2.75)):
        data = kind.encode(value)
        assert len(data) == kind.width
        assert kind.read(data) == value
    with pytest.raises(ValueTypeError, match="does not fit"):
        kind.encode(kind.greatest * 2 + 1)
