from hypothesis import given
from hypothesis import strategies as st

from resources.demo.pack.lz77 import compress


def unpacked(packed: bytes) -> bytes:
    """Unpack data as the BIOS does."""
    assert packed[0] == 0x10
    size = int.from_bytes(packed[1:4], "little")
    out = bytearray()
    at = 4
    while len(out) < size:
        flags = packed[at]
        at += 1
        for bit in range(7, -1, -1):
            if len(out) >= size:
                break
            if flags >> bit & 1:
                block = int.from_bytes(packed[at : at + 2], "big")
                at += 2
                for _ in range((block >> 12) + 3):
                    out.append(out[-(block & 0xFFF) - 1])
            else:
                out.append(packed[at])
                at += 1
    return bytes(out[:size])


@given(st.lists(st.sampled_from([b"a", b"ab", b"\0" * 9, b"fern"]), max_size=400).map(b"".join))
def test_what_is_packed_comes_back(data: bytes) -> None:
    packed = compress(data)
    assert unpacked(packed) == data
    assert len(packed) % 4 == 0


def test_the_bytes_are_those_of_the_bios() -> None:
    assert compress(b"abababab") == bytes([0x10, 8, 0, 0, 0x20]) + b"ab" + bytes([0x30, 0x01]) + bytes(3)


def test_repetition_costs_little() -> None:
    assert len(compress(bytes(5000))) < 700
