"""Every message, byte for byte, against the golden bytes that the daemon's reader is judged by."""

import json
from typing import Any

import msgpack
import pytest

from tests.lua.machine import SCRIPT_FOLDER, Machine, from_lua

VECTORS = json.loads((SCRIPT_FOLDER.parent / "protocol" / "vectors" / "link.json").read_text(encoding="utf-8"))[
    "vectors"
]

BUILDERS = {1: "hello", 2: "keyframe", 3: "frame", 4: "set_end", 5: "proof", 6: "event", 7: "bye"}


def payload_of(vector: dict[str, Any]) -> bytes:
    framed = bytes.fromhex(vector["framed"])
    length, payload = framed.split(b" ", 1)
    assert int(length) == len(payload)
    return payload


def named(kinds: Any) -> list[Any]:
    return [pytest.param(v, id=v["name"]) for v in VECTORS if "message" in v and v["message"][0] in kinds]


def raw(value: Any) -> bytes:
    return bytes.fromhex(value["bytes"])


def numbers(column: bytes, width: int) -> list[int]:
    return [int.from_bytes(column[at : at + width], "little") for at in range(0, len(column), width)]


def frame_of(fields: list[Any]) -> dict[str, Any]:
    """A scanned frame that must come out as these fields."""
    _, position, frame, time, pc, buttons, changes = fields
    columns = []
    for region, chunk, gaps, current, *previous in changes:
        columns.append(
            {
                "region": region,
                "chunk": chunk,
                "count": len(raw(gaps)) // 2,
                "gaps": numbers(raw(gaps), 2),
                "current": numbers(raw(current), 4),
                "previous": numbers(raw(previous[0]), 4) if previous else [],
            }
        )
    return {
        "position": position,
        "frame": frame,
        "time": time,
        "pc": pc,
        "buttons": buttons,
        "count": len(columns),
        "changes": columns,
    }


def build(lua: Machine, message: list[Any]) -> bytes:
    """Build a message as the script would."""
    kind, seq, *fields = message
    module = lua.require("wire.messages")
    builder = module[BUILDERS[kind].encode()]
    match kind:
        case 1:
            arguments: list[Any] = [fields[0], fields[0]["resume"]]
        case 2:
            arguments = [fields[0], fields[1], raw(fields[2])]
        case 3:
            again = any(len(changes) == 5 for changes in fields[6])
            arguments = [fields[0], module[b"frame_body"](lua.to_lua(frame_of(fields)), again)]
        case 4:
            arguments = [*fields[:3], *map(raw, fields[3:4]), *fields[4:]]
        case 6:
            event = dict(zip(("frame", "time", "name", "details"), fields, strict=True))
            arguments = [module[b"event_body"](lua.to_lua(event))]
        case _:
            arguments = fields
    built: bytes = builder(seq, *map(lua.to_lua, arguments))
    return built


@pytest.mark.parametrize("vector", named(BUILDERS))
def test_messages_are_the_golden_bytes(lua: Machine, vector: dict[str, Any]) -> None:
    assert build(lua, vector["message"]) == payload_of(vector)


def test_every_kind_has_golden_bytes() -> None:
    kinds = {vector["message"][0] for vector in VECTORS if "message" in vector}
    assert kinds >= {*BUILDERS, 64, 65, 66, 67}


@pytest.mark.parametrize("vector", named({64, 65, 66, 67}))
def test_replies_are_read_from_the_golden_bytes(lua: Machine, vector: dict[str, Any]) -> None:
    kind, seq, *fields = vector["message"]
    reply = from_lua(lua.require("wire.messages")[b"read"](payload_of(vector)))
    assert (reply.pop("kind"), reply.pop("seq")) == (kind, seq)
    match kind:
        case 64:
            assert reply == fields[0]
        case 66:
            commands = reply.pop("commands")
            count = commands.pop("n")
            told = [[commands[i + 1][1], commands[i + 1].get(2)] for i in range(count)]
            assert reply == {"set": fields[0]}
            assert told == [[name, arguments] for name, arguments in fields[1]]
        case _:
            assert reply == {"reason": fields[0]}


def reply(*message: Any) -> bytes:
    packed: bytes = msgpack.packb(list(message))
    return packed.decode("latin-1").encode()


def test_extra_fields_and_unknown_kinds_are_no_error(lua: Machine) -> None:
    read = lua.require("wire.messages")[b"read"]
    assert from_lua(read(reply(65, 0, "no", "more")))["reason"] == "no"
    assert from_lua(read(reply(99, 4))) == {"kind": 99, "seq": 4}


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xc1",
        reply(),
        reply(64),
        reply(64, 0),
        reply(64, 0, {"session": "s", "resume": "r"}),
        reply(64, 0, {"session": "s", "resume": "r", "next_set": -1}),
        reply(65, 0, 7),
        reply(66, 0, "0", []),
        reply(66, 0, 1, {}),
        reply(67, 0),
        reply("66", 0, 1, []),
    ],
)
def test_a_message_that_lacks_something_is_an_error(lua: Machine, payload: bytes) -> None:
    nothing, problem = lua.require("wire.messages")[b"read"](payload)
    assert nothing is None
    assert problem.startswith((b"the daemon's message", b"a message of the daemon"))


def unpacked(payload: bytes) -> Any:
    return msgpack.unpackb(payload.decode().encode("latin-1"))


def test_text_is_cut_to_the_limit_between_characters(lua: Machine) -> None:
    bye = lua.require("wire.messages")[b"bye"]
    text = "ä" * 3000
    assert unpacked(bye(0, text.encode(), 7))[2:] == ["ä" * 2048, 7]
    assert unpacked(bye(0, b"x" + text.encode(), 7))[2] == "x" + "ä" * 2047


def test_text_that_is_not_utf8_is_made_so(lua: Machine) -> None:
    event = {"frame": 1, "time": 2, "name": "error", "details": {"message": b"\xffoh"}}
    messages = lua.require("wire.messages")
    sent = messages[b"event"](0, messages[b"event_body"](lua.to_lua(event)))
    assert unpacked(sent)[5] == {"message": "?oh"}
