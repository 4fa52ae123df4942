"""How often an address changed lately, against counting the slow way."""

from random import Random

from tests.lua.machine import Machine


def test_changes_of_the_last_hundred_frames_count(lua: Machine) -> None:
    frequency = lua.require("offline.frequency")[b"new"]()
    dice = Random(1)
    seen: list[tuple[int, int]] = []
    for frame in range(50, 400):
        frequency[b"come_to"](frequency, frame)
        for address in dice.sample(range(20), dice.randrange(8)):
            seen.append((frame, address))
            expected = sum(1 for at, other in seen if other == address and at > frame - 100)
            assert frequency[b"count"](frequency, address) == expected


def test_a_jump_begins_anew(lua: Machine) -> None:
    frequency = lua.require("offline.frequency")[b"new"]()
    counts = []
    for frame in (7, 8, 20, 3):
        frequency[b"come_to"](frequency, frame)
        counts.append(frequency[b"count"](frequency, 4))
    assert counts == [1, 2, 1, 1]
