"""The scanner: the first read of a chunk shows no changes."""

from tests.lua.machine import Machine
from tests.lua.scan.memory import Memory


def test_a_baseline_then_changes_then_a_baseline_again(lua: Machine) -> None:
    memory = Memory([1, 2, 3, 4])
    area = {"name": "a", "domain": "DOMAIN", "base": 0, "size": 16, "offset": Memory.OFFSET}
    schedule = lua.require("scan.chunks")[b"schedule"](lua.to_lua([area]), 2, b"chunked")
    scanner = lua.require("scan.scanner")[b"new"](schedule, lua.require("scan.bulk")[b"new"](memory.port(lua)))
    frame = lua.require("scan.frame")[b"new"]()

    def scan(position: int) -> tuple[int, int]:
        frame[b"clear"](frame)
        rebaselined = scanner[b"scan"](scanner, position, frame)
        return len(rebaselined), frame[b"count"]

    def baseline() -> list[int]:
        return [chunk[b"number"] for chunk in scanner[b"baseline"](scanner).values()]

    assert scan(0) == (1, 0)
    assert baseline() == [0]
    assert scan(1) == (1, 0)
    assert baseline() == [0, 1]
    memory.words[3] = 9
    assert scan(0) == (0, 0)
    assert scan(1) == (0, 1)
    assert frame[b"changes"][1][b"current"][1] == 9
    assert scanner[b"image"](scanner, schedule[2][1]) == b"\3\0\0\0\x09\0\0\0"
    scanner[b"drop_baseline"](scanner)
    assert baseline() == []
    memory.words[3] = 10
    assert scan(1) == (1, 0)
