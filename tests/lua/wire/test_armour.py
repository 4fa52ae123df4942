"""The armour against the specification's two lines of Python; columns come out armoured, as if packed first."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from tests.lua.machine import Machine

LUA = Machine()
MODULE = LUA.require("wire.armour")


@given(st.binary())
def test_armour_is_that_of_the_specification(data: bytes) -> None:
    payload = MODULE[b"armour"](data)
    assert payload == data.decode("latin-1").encode("utf-8")
    assert MODULE[b"unarmour"](payload) == data


def test_every_byte_survives_what_bizhawk_does_to_text() -> None:
    every = bytes(range(256))
    payload = MODULE[b"armour"](every)
    assert payload.decode("utf-8").encode("utf-8") == payload
    assert max(payload) <= 0xC3


@given(st.binary(), st.binary())
def test_parts_may_be_armoured_apart(a: bytes, b: bytes) -> None:
    armour = MODULE[b"armour"]
    assert armour(a + b) == armour(a) + armour(b)


@given(st.lists(st.integers(0, 0xFFFF), max_size=40))
def test_a_column_of_16_bit_numbers(numbers: list[int]) -> None:
    packed = struct.pack(f"<{len(numbers)}H", *numbers)
    assert MODULE[b"column_16"](LUA.to_lua(numbers), len(numbers)) == packed.decode("latin-1").encode()


@given(st.lists(st.integers(0, 0xFFFFFFFF), max_size=40))
def test_a_column_of_32_bit_numbers(numbers: list[int]) -> None:
    packed = struct.pack(f"<{len(numbers)}I", *numbers)
    assert MODULE[b"column_32"](LUA.to_lua(numbers), len(numbers)) == packed.decode("latin-1").encode()


def test_only_counted_numbers_are_written() -> None:
    assert MODULE[b"column_32"](LUA.to_lua([1, 2, 3, 4, 5, 6]), 1) == b"\x01\0\0\0"
