"""The estimated time of BizHawk's functions agrees with what was seen of them."""

import pytest

from lua.headless.flavours import FLAVOURS, Flavour
from lua.headless.weights import weight_of


@pytest.mark.parametrize(
    ("name", "elements", "size", "seen"),
    [
        ("memory.hash_region", 0, 256, 11.5),
        ("memory.read_bytes_as_array", 4096, 0, 449),
        ("comm.socketServerSend", 0, 1024, 8.5),
        ("comm.socketServerScreenShot", 0, 0, 1750),
        ("memory.read_u32_le", 0, 0, 1.8),
        ("emu.getregister", 0, 0, 7),
    ],
)
def test_what_was_seen_is_matched_and_rather_exceeded(name: str, elements: int, size: int, seen: float) -> None:
    weight = weight_of(name, "2.11")
    estimate = weight.call + elements * weight.element + size * weight.byte
    assert seen <= estimate <= 1.15 * seen


@pytest.mark.parametrize(("flavour", "seen"), [("2.10", 23), ("2.11", 17), ("2.11.1", 17)])
def test_buttons_are_dearer_on_2_10(flavour: Flavour, seen: float) -> None:
    assert weight_of("joypad.get", flavour).call == weight_of("joypad.getwithmovie", flavour).call == seen


def test_no_call_is_free() -> None:
    assert all(weight_of("some.function", flavour).call > 0 for flavour in FLAVOURS)
    assert weight_of("memory.read_s16_be", "2.10").call == 1.8
