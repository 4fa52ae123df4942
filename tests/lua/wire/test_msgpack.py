"""Our MessagePack against the library that the daemon uses."""

from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lua.machine import Machine, from_lua

LUA = Machine()
MODULE = LUA.require("wire.msgpack")

INTEGERS = st.integers(min_value=-(2**63), max_value=2**63 - 1)
SCALARS = st.none() | st.booleans() | INTEGERS | st.floats(allow_nan=False) | st.text(max_size=300)


def edges() -> list[int]:
    powers = [2**bits for bits in (5, 7, 8, 15, 16, 31, 32, 62)]
    numbers = {sign * power + near for power in powers for sign in (1, -1) for near in (-1, 0, 1)}
    return sorted(number for number in numbers | {0, 2**63 - 1, -(2**63)} if -(2**63) <= number < 2**63)


@pytest.mark.parametrize("number", edges())
def test_every_integer_takes_its_shortest_form(number: int) -> None:
    assert MODULE[b"encode"](number) == msgpack.packb(number)


@given(SCALARS)
def test_scalars_are_written_like_the_library_does(value: Any) -> None:
    assert MODULE[b"encode"](LUA.to_lua(value)) == msgpack.packb(value)


@pytest.mark.parametrize("length", [0, 1, 31, 32, 255, 256, 65535, 65536])
def test_lengths_take_their_shortest_form(length: int) -> None:
    encode = MODULE[b"encode"]
    assert encode(b"a" * length) == msgpack.packb("a" * length)
    assert MODULE[b"bin_header"](length) + b"a" * length == msgpack.packb(b"a" * length)
    assert encode(MODULE[b"array"](LUA.to_lua([7] * length))) == msgpack.packb([7] * length)
    keys = {f"{number:05}": number for number in range(min(length, 70000))}
    assert encode(LUA.to_lua(keys)) == msgpack.packb(keys)


def test_a_map_keeps_the_order_it_is_given() -> None:
    written = LUA.execute("local m = require('wire.msgpack') return m.encode(m.map { 'b', 1, 'a', m.array {} })")
    assert written == msgpack.packb({"b": 1, "a": []})


def test_a_function_cannot_be_written() -> None:
    with pytest.raises(Exception, match="function cannot be written"):
        LUA.execute("require('wire.msgpack').encode(print)")


def plain(value: Any) -> Any:
    """Return a value as Lua decodes it: arrays carry their length, nil items are dropped."""
    match value:
        case list():
            items = {i + 1: plain(item) for i, item in enumerate(value) if item is not None}
            return {**items, "n": len(value)}
        case dict():
            return {key: plain(item) for key, item in value.items() if item is not None}
    return value


@given(
    st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(), inner), max_leaves=20)
)
def test_reads_what_the_library_writes(value: Any) -> None:
    ok, read = LUA.execute("return require('wire.msgpack').decode(...)", msgpack.packb(value))
    assert ok
    assert from_lua(read) == plain(value)


@given(st.binary(max_size=80))
def test_rubbish_never_raises_and_is_read_only_if_the_library_can(data: bytes) -> None:
    result = LUA.execute("return require('wire.msgpack').decode(...)", data)
    ok = result if isinstance(result, bool) else result[0]
    if ok:
        msgpack.unpackb(data, raw=True, strict_map_key=False)


@pytest.mark.parametrize(
    "data", [b"", b"\xc1", b"\x92\x01", b"\xa5abc", b"\x01\x01", b"\x91" * 40 + b"\x01", b"\x81\x01\x01"]
)
def test_what_is_wrong_is_reported(data: bytes) -> None:
    ok, problem = LUA.execute("return require('wire.msgpack').decode(...)", data)
    assert not ok
    assert problem
