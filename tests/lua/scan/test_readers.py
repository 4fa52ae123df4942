"""Choice of the reader, and the sentence where the configured one is not possible."""

import pytest

from tests.lua.machine import Machine, from_lua

FUNCTIONS = {
    "2.11.1": {"word", "bulk", "hash", "bytes"},
    "2.11": {"word", "hash", "bytes"},
    "2.10": {"word", "hash", "bytes"},
    "old": {"word"},
}


def choose(lua: Machine, wish: str, bizhawk: str) -> tuple[str, str | None]:
    port = dict.fromkeys(FUNCTIONS[bizhawk], print)
    chosen = lua.require("scan.readers")[b"choose"](wish.encode(), lua.to_lua(port))
    kind, problem = chosen if isinstance(chosen, tuple) else (chosen, None)
    return kind[b"name"].decode(), from_lua(problem)


@pytest.mark.parametrize(
    ("bizhawk", "reader"), [("2.11.1", "bulk"), ("2.11", "hashes"), ("2.10", "hashes"), ("old", "words")]
)
def test_the_fastest_is_taken(lua: Machine, bizhawk: str, reader: str) -> None:
    assert choose(lua, "auto", bizhawk) == (reader, None)


@pytest.mark.parametrize("wish", ["bulk", "hashes", "words"])
def test_a_wish_that_is_possible_is_met(lua: Machine, wish: str) -> None:
    assert choose(lua, wish, "2.11.1") == (wish, None)


def test_a_wish_that_is_not_is_explained(lua: Machine) -> None:
    assert choose(lua, "bulk", "2.10") == (
        "hashes",
        'this BizHawk cannot read by "bulk"; "hashes" is used instead',
    )


@pytest.mark.parametrize("mode", ["atomic", "full"])
def test_whole_memory_modes_need_bulk_reads(lua: Machine, mode: str) -> None:
    scan_mode = lua.require("scan.readers")[b"scan_mode"]
    assert from_lua(scan_mode(mode.encode(), b"bulk")) == mode
    instead, problem = scan_mode(mode.encode(), b"hashes")
    assert instead == b"chunked"
    assert (
        problem.decode() == f'scan_mode "{mode}" needs bulk reads (BizHawk 2.11.1 or newer); "chunked" is used instead'
    )


def test_chunks_can_be_scanned_by_any_reader(lua: Machine) -> None:
    assert from_lua(lua.require("scan.readers")[b"scan_mode"](b"chunked", b"words")) == "chunked"
