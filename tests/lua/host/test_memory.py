"""Probe of BizHawk's memory functions: missing ones, throwing ones, damaging ones."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.lua.machine import Machine, from_lua

GOOD: dict[str, Callable[..., Any]] = {
    "read_u32_le": lambda _address, _domain: 0,
    "read_bytes_as_binary_string": lambda _address, length, _domain: b"\x80" * length,
    "hash_region": lambda _address, _length, _domain: b"A" * 64,
    "read_bytes_as_array": lambda _address, length, _domain: [0] * length,
}


def probe(lua: Machine, **changes: Callable[..., Any] | None) -> set[str]:
    functions = {name: function for name, function in {**GOOD, **changes}.items() if function}

    def crossing(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *arguments: lua.to_lua(function(*arguments))

    lua.execute("memory = ...", {name: crossing(function) for name, function in functions.items()})
    port = lua.require("host.memory")[b"probe"](b"IWRAM")
    return {str(from_lua(name)) for name in port}


def throwing(*_: object) -> None:
    raise NotImplementedError


def test_all_there(lua: Machine) -> None:
    assert probe(lua) == {"word", "bulk", "hash", "bytes"}


def test_missing_functions_are_left_out(lua: Machine) -> None:
    assert probe(lua, read_bytes_as_binary_string=None) == {"word", "hash", "bytes"}
    assert probe(lua, read_bytes_as_binary_string=None, hash_region=None, read_bytes_as_array=None) == {"word"}


@pytest.mark.parametrize(
    "broken", [throwing, lambda *_: None, lambda *_: b"\xef\xbf\xbd" * 16, lambda *_: 7, lambda *_: b""]
)
def test_a_bulk_read_that_is_not_one_is_left_out(lua: Machine, broken: Callable[..., Any]) -> None:
    assert probe(lua, read_bytes_as_binary_string=broken) == {"word", "hash", "bytes"}


@pytest.mark.parametrize("broken", [throwing, lambda *_: b"", lambda *_: None])
def test_a_hash_that_is_none_is_left_out(lua: Machine, broken: Callable[..., Any]) -> None:
    assert probe(lua, hash_region=broken) == {"word", "bulk", "bytes"}


def test_domains_come_from_a_list_that_begins_at_0(lua: Machine) -> None:
    names = {0: "IWRAM", 1: "EWRAM"}
    library = {
        "getmemorydomainlist": lambda: lua.to_lua(names),
        "getmemorydomainsize": lambda domain: {b"IWRAM": 0x8000, b"EWRAM": 0x40000}[domain],
    }
    lua.execute("memory = ...", library)
    assert from_lua(lua.require("host.memory")[b"domains"]()) == {"IWRAM": 0x8000, "EWRAM": 0x40000}
