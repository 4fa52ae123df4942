"""The journal: what is read is what was written, however it was cut off."""

from typing import Any

from tests.lua.machine import Machine, from_lua

TERMS = {"session": "S1", "token": "TS1", "origin": 3}


def pending(number: int, *bodies: str, interruption: str = "", has_screenshot: bool = True) -> dict[str, Any]:
    return {
        "number": number,
        "frames": list(bodies),
        "interruption": interruption,
        "last_frame": 100 + number,
        "last_time": 5000,
        "has_screenshot": has_screenshot,
        "undrawn": not has_screenshot,
    }


def written(lua: Machine) -> tuple[bytes, list[int]]:
    """A journal of two sets and an event between them, and where its records end."""
    journal = lua.require("offline.journal")
    records: list[bytes] = [
        journal[b"opening"](b"a game", 3, b"a greeting"),
        journal[b"session"](lua.to_lua(TERMS)),
        journal[b"set"](lua.to_lua(pending(4, "one", "two"))),
        journal[b"event"](b"an event"),
        journal[b"set"](lua.to_lua(pending(5, "x" * 70_000, interruption="savestate", has_screenshot=False))),
    ]
    ends = [sum(map(len, records[: count + 1])) for count in range(len(records))]
    return b"".join(records), ends


def read(lua: Machine, content: bytes) -> dict[str, Any]:
    def part(offset: int, length: int) -> bytes | None:
        piece = content[offset : offset + length]
        return piece if len(piece) == length else None

    contents: dict[str, Any] = from_lua(lua.require("offline.journal")[b"read"](part, len(content)))
    return contents


def test_a_journal(lua: Machine) -> None:
    content, ends = written(lua)
    contents = read(lua, content)
    assert (contents["identity"], contents["origin"], contents["terms"]) == ("a game", 3, TERMS)
    assert contents["greeting"] == "a greeting"
    assert (contents["sets"], contents["whole"], contents["bytes"]) == (2, True, len(content))
    assert (contents["last_number"], contents["last_frame"], contents["last_time"]) == (5, 105, 5000)
    first, event, second = contents["items"]
    assert event == {"event": "an event"}
    assert (first["set"]["has_screenshot"], first["set"]["interruption"]) == (True, "")
    assert (second["set"]["has_screenshot"], second["set"]["interruption"]) == (False, "savestate")
    assert (first["set"]["undrawn"], second["set"]["undrawn"]) == (False, True)
    frames = lua.require("offline.journal")[b"frames"]
    for item, offset, bodies in ((first, ends[1], ["one", "two"]), (second, ends[3], ["x" * 70_000])):
        assert item["set"]["offset"] == offset
        record = content[offset : offset + item["set"]["length"]]
        assert from_lua(frames(record)) == bodies


def test_whatever_is_cut_off_what_stands_before_is_good(lua: Machine) -> None:
    content, ends = written(lua)
    offsets = sorted({*range(ends[3] + 40), *ends, len(content) - 1})
    for offset in offsets:
        contents = read(lua, content[:offset])
        whole = [end for end in ends if end <= offset]
        assert contents["bytes"] == (whole[-1] if whole else 0)
        assert contents["whole"] is (offset in (0, *ends))
        assert contents["sets"] == sum(offset >= ends[at] for at in (2, 4))


def test_a_journal_of_an_older_script_has_no_greeting(lua: Machine) -> None:
    payload = b"\6\0\0\0a game" + (3).to_bytes(8, "little")
    contents = read(lua, b"\0" + len(payload).to_bytes(4, "little") + payload)
    assert (contents["identity"], contents["origin"], contents["greeting"]) == ("a game", 3, "")


def test_rubbish_is_no_journal(lua: Machine) -> None:
    assert read(lua, b"\xff" * 100)["sets"] == 0
    assert read(lua, b"\0\4\0\0\0abcd")["bytes"] == 0
    assert lua.require("offline.journal")[b"frames"](b"\2\0\0\0\0short") is None
