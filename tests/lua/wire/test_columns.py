"""Columns come out armoured, as if packed first."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from tests.lua.machine import Machine

LUA = Machine()
MODULE = LUA.require("wire.columns")


@given(st.lists(st.integers(0, 0xFFFF), max_size=40))
def test_halves(numbers: list[int]) -> None:
    packed = struct.pack(f"<{len(numbers)}H", *numbers)
    assert MODULE[b"halves"](LUA.to_lua(numbers), len(numbers)) == packed.decode("latin-1").encode()


@given(st.lists(st.integers(0, 0xFFFFFFFF), max_size=40))
def test_words(numbers: list[int]) -> None:
    packed = struct.pack(f"<{len(numbers)}I", *numbers)
    assert MODULE[b"words"](LUA.to_lua(numbers), len(numbers)) == packed.decode("latin-1").encode()


def test_only_the_counted_numbers_are_written() -> None:
    assert MODULE[b"words"](LUA.to_lua([1, 2, 3, 4, 5, 6]), 1) == b"\x01\0\0\0"
