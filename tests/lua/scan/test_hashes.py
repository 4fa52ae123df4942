"""What the hash reader costs: few calls while a game plays on, a bounded number when a scene changes."""

import statistics
from random import Random

import pytest

from tests.lua.machine import Machine
from tests.lua.scan.memory import Memory

EWRAM_CHUNK = 13_108


def costs_of_play(lua: Machine, scans: int, seed: int = 1, changing: int = 100) -> tuple[list[int], list[int]]:
    """Calls and elements of each scan of a chunk in which about so many words, mostly the same, change at each scan."""
    dice = Random(seed)
    memory = Memory([0] * EWRAM_CHUNK)
    reader = lua.require("scan.hashes")[b"new"](memory.port(lua))
    chunk = lua.to_lua(memory.chunk())
    columns = lua.to_lua({"gaps": [], "current": [], "previous": []})
    reader[b"sight"](reader, chunk)
    places = [dice.randrange(EWRAM_CHUNK - 8) for _ in range(changing // 4)]
    calls, elements = [], []
    for _ in range(scans):
        for place in places:
            for word in range(place, place + 4):
                memory.words[word] = dice.getrandbits(32)
        memory.words[dice.randrange(EWRAM_CHUNK)] ^= 1
        memory.calls = memory.elements = 0
        reader[b"scan"](reader, chunk, columns)
        calls.append(memory.calls)
        elements.append(memory.elements)
    return calls, elements


def test_play_that_goes_on_costs_little_more_than_a_call_for_each_change(lua: Machine) -> None:
    calls, elements = costs_of_play(lua, 40)
    settled = calls[10:]
    assert statistics.median(settled) <= 230
    assert sum(elements[10:]) == 0


def test_a_memory_that_rests_costs_one_hash_a_page(lua: Machine) -> None:
    memory = Memory([0] * EWRAM_CHUNK)
    reader = lua.require("scan.hashes")[b"new"](memory.port(lua))
    chunk = lua.to_lua(memory.chunk())
    reader[b"sight"](reader, chunk)
    memory.calls = memory.hashed = 0
    assert reader[b"scan"](reader, chunk, lua.to_lua({})) == 0
    assert memory.calls == 26
    assert memory.hashed == 4 * EWRAM_CHUNK


@pytest.mark.parametrize("run", [2, 16, 64, 1000])
def test_a_change_of_scene_has_a_ceiling(lua: Machine, run: int) -> None:
    dice = Random(run)
    memory = Memory([0] * EWRAM_CHUNK)
    reader = lua.require("scan.hashes")[b"new"](memory.port(lua))
    chunk = lua.to_lua(memory.chunk())
    columns = lua.to_lua({"gaps": [], "current": [], "previous": []})
    reader[b"sight"](reader, chunk)
    for _ in range(3):
        changed: set[int] = set()
        while len(changed) < 4000:
            first = dice.randrange(EWRAM_CHUNK - run)
            changed.update(range(first, first + run))
        for word in changed:
            memory.words[word] += 1
        memory.calls = memory.elements = 0
        assert reader[b"scan"](reader, chunk, columns) == len(changed)
        assert memory.calls <= 1550
    memory.calls = 0
    for word in dice.sample(sorted(changed), 5):
        memory.words[word] += 1
    assert reader[b"scan"](reader, chunk, columns) == 5
    assert memory.calls <= 250


def test_words_that_came_to_rest_are_let_go(lua: Machine) -> None:
    dice = Random(3)
    memory = Memory([0] * EWRAM_CHUNK)
    reader = lua.require("scan.hashes")[b"new"](memory.port(lua))
    chunk = lua.to_lua(memory.chunk())
    columns = lua.to_lua({"gaps": [], "current": [], "previous": []})
    reader[b"sight"](reader, chunk)
    hot = dice.sample(range(EWRAM_CHUNK), 50)
    for _ in range(10):
        for word in hot:
            memory.words[word] ^= 1
        assert reader[b"scan"](reader, chunk, columns) == len(hot)
    for _ in range(30):
        memory.calls = 0
        assert reader[b"scan"](reader, chunk, columns) == 0
    assert memory.calls == 26
