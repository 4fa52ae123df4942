"""Writes `protocol/vectors/link.json`: golden bytes of every message, made without our own codec.

Run `python -m tests.protocol.make_vectors` after a change of the specification, and read the difference before you
commit it.
A vector has the values as they stand on the wire (`bytes` as `{"bytes": hex}`) and the framed, armoured bytes in hex.
"""

import json
import struct
from pathlib import Path
from typing import Any

import msgpack

VECTORS = Path(__file__).parents[2] / "protocol" / "vectors" / "link.json"

GREETING: dict[str, Any] = {
    "protocol": 1,
    "script": "0.1.0",
    "client": "BizHawk 2.11.1",
    "system": "GBA",
    "rom_name": "Pokémon – Ruby",
    "rom_hash": "0123456789ABCDEF0123456789ABCDEF01234567",
    "regions": [
        {"name": "iwram", "base": 0x03000000, "size": 32768},
        {"name": "ewram", "base": 0x02000000, "size": 262144},
    ],
    "frames_per_set": 5,
    "scan_mode": "chunked",
    "reader": "bulk",
    "buttons": ["A", "B", "Select", "Start", "Right", "Left", "Up", "Down", "R", "L"],
    "resume": "",
}


def u16(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}H", *values)


def u32(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}I", *values)


MESSAGES: dict[str, list[Any]] = {
    "hello": [1, 0, GREETING],
    "hello with a token": [1, 0, {**GREETING, "token": "a-token_of.24~characters"}],
    "hello with chunk sizes": [
        1, 0,
        {**GREETING, "regions": [{**GREETING["regions"][0], "chunk_sizes": [4, 8192, 24560, 8, 4]}]},
    ],
    "keyframe": [2, 1, 0, 4, u32(0, 0x7F, 0x80, 0xFF, 0xFFFFFFFF, 0x89504E47)],
    "keyframe of 300 bytes": [2, 2, 1, 0, bytes(range(256)) + bytes(44)],
    "frame without changes": [3, 3, 0, 0, 8, 1753996829216, 0x000001F8, 0, []],
    "frame": [
        3, 4, 1, 2, 300, 1753996829233, 0x08000102, 0b10001,
        [[0, 2, u16(0, 1, 200), u32(1, 0x80000000, 0xDEADBEEF)], [1, 2, u16(13107), u32(0)]],
    ],
    "frame sent again": [3, 5, 1, 3, 70000, 1753996829250, 0xFFFFFFFE, 1023, [[0, 3, u16(5), u32(7), u32(6)]]],
    "frame of large numbers": [3, 70000, 65536, 4, 4294967296, 1753996829266, 0x7FFFFFFF, 128, []],
    "set end": [4, 6, 1, "", True],
    "set interrupted": [4, 7, 2, "savestate", False],
    "set end of a set sent again": [4, 8, 3, "", False, b"\x89PNG\r\n\x1a\n\x00\xff"],
    "set end while frames are skipped": [4, 9, 4, "", True, b"", True],
    "proof": [5, 8, 1, 0, "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"],
    "event": [6, 9, 301, 1753996829283, "mark", {"name": "boss"}],
    "event of every scalar": [6, 10, 302, 1753996829300, "error", {"text": "ä €"}],
    "bye": [7, 11, "the script was stopped", 720],
    "welcome": [64, 0, {"session": "20260102-030405-demo", "resume": "c0ffee", "next_set": 12}],
    "refused": [65, 0, "This script speaks version 2, the daemon speaks version 1: update both."],
    "ack": [66, 1, 11, []],
    "ack with commands": [66, 2, 12, [["keyframes", {}], ["show", {"text": "battle"}]]],
    "farewell": [67, 3, "the daemon was stopped"],
}  # fmt: skip


def framed(message: list[Any]) -> bytes:
    plain = msgpack.packb(message, use_bin_type=True)
    payload = "".join(chr(byte) for byte in plain).encode()
    return str(len(payload)).encode() + b" " + payload


def as_json(value: Any) -> Any:
    match value:
        case bytes():
            return {"bytes": value.hex()}
        case list():
            return [as_json(item) for item in value]
        case dict():
            return {key: as_json(item) for key, item in value.items()}
        case _:
            return value


def document() -> str:
    vectors = [
        {"name": name, "message": as_json(message), "framed": framed(message).hex()}
        for name, message in MESSAGES.items()
    ]
    return json.dumps({"link_version": 1, "vectors": vectors}, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    VECTORS.write_text(document(), encoding="utf-8", newline="\n")
