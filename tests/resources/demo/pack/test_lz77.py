import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.demo.pack.errors import SourceError
from resources.demo.pack.lz77 import compress, decompress


@given(st.lists(st.sampled_from([b"a", b"ab", b"\0" * 9, b"fern"]), max_size=400).map(b"".join))
def test_what_is_packed_comes_back(data: bytes) -> None:
    packed = compress(data)
    assert decompress(packed) == data
    assert len(packed) % 4 == 0


def test_the_bytes_are_those_of_the_bios() -> None:
    assert compress(b"abababab") == bytes([0x10, 8, 0, 0, 0x20]) + b"ab" + bytes([0x30, 0x01]) + bytes(3)


def test_repetition_costs_little() -> None:
    assert len(compress(bytes(5000))) < 700


def test_other_data_is_refused() -> None:
    with pytest.raises(SourceError):
        decompress(b"PNG?")
