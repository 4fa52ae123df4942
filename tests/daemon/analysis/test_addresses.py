import numpy as np
import pytest

from daemon.analysis.addresses import AddressRange, parse_address, read_address
from protocol.errors import FilterError


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("03000000..030000FF", "03000000..030000FF"),
        ("3000000 .. 0x30000ff", "03000000..030000FF"),
        ("2000010", "02000010"),
    ],
)
def test_a_range_is_read_and_written(text: str, written: str) -> None:
    assert str(AddressRange.parse(text)) == written
    assert AddressRange.parse(written) == AddressRange.parse(text)


def test_both_ends_belong_to_a_range() -> None:
    addresses = np.arange(0x0300_0000, 0x0300_0008, dtype=np.uint32)
    assert AddressRange.parse("03000002..03000004").holds(addresses).tolist() == [False] * 2 + [True] * 3 + [False] * 3


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("iwram", "'iwram' is no range of addresses"), ("030000FF..03000000", "write 03000000..030000FF")],
)
def test_what_is_no_range_is_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(FilterError, match=sentence):
        AddressRange.parse(text)


@pytest.mark.parametrize(
    ("text", "address"), [("0x20", 0x20), ("03000A14", 0x0300_0A14), ("hp", None), ("DEAD", None), ("party[0]", None)]
)
def test_an_address_is_told_from_a_name(text: str, address: int | None) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("0200005C", 0x0200_005C),
        ("0x10", 16),
        (" 3000000 ", 0x0300_0000),
        (7, 7),
        ("xyz", None),
        ("000000001", None),
        (-1, None),
        (1 << 32, None),
        (True, None),
        (1.0, None),
        (None, None),
    ],
)
def test_an_address_is_a_number_or_hex_digits(value: object, address: int | None) -> None:
    assert read_address(value) == address
