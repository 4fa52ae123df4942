"""Breaks in the game's time, found frame by frame."""

from typing import Any

from tests.lua.machine import Machine, from_lua


class Watcher:
    """A watcher; `frames` tells it frames and gives what it made of each."""

    def __init__(self, lua: Machine) -> None:
        self.it = lua.require("scan.discontinuity")[b"new"]()

    def frames(self, *numbers: int) -> list[str]:
        return [self.frame(number)[0] for number in numbers]

    def frame(self, number: int, *, reset: bool = False) -> tuple[str, Any]:
        told = from_lua(self.it[b"observe"](self.it, number, reset))
        return told if isinstance(told, tuple) else (told, None)

    def load(self, name: str) -> None:
        self.it[b"savestate_loaded"](self.it, name.encode())


def test_frames_that_follow_each_other_are_steady(lua: Machine) -> None:
    assert Watcher(lua).frames(1000, 1001, 1002) == ["steady"] * 3


def test_a_savestate_breaks_time_even_when_the_counter_does_not_jump(lua: Machine) -> None:
    watcher = Watcher(lua)
    watcher.frames(10, 11)
    watcher.load("slot 1")
    assert watcher.frame(12) == ("broken", {"cause": "savestate", "from": 11, "to": 12, "savestate": "slot 1"})
    assert watcher.frame(13)[0] == "settled"
    assert watcher.frame(14)[0] == "steady"


def test_a_rewind_is_one_break_however_long(lua: Machine) -> None:
    watcher = Watcher(lua)
    watcher.frames(500)
    assert watcher.frames(499, 498, 497, 496) == ["broken"] * 4
    assert watcher.frame(497) == ("settled", {"cause": "rewind", "from": 500, "to": 496})


def test_a_rewind_to_the_first_frame_is_no_reset(lua: Machine) -> None:
    watcher = Watcher(lua)
    watcher.frames(5, 4, 3, 2, 1)
    assert watcher.frame(2)[1]["cause"] == "rewind"


def test_a_counter_that_starts_anew_is_a_reset(lua: Machine) -> None:
    watcher = Watcher(lua)
    watcher.frames(5000)
    assert watcher.frame(1) == ("broken", {"cause": "reset", "from": 5000, "to": 1})


def test_the_power_switch_is_a_reset_though_the_counter_goes_on(lua: Machine) -> None:
    watcher = Watcher(lua)
    watcher.frames(70)
    assert watcher.frame(71, reset=True) == ("broken", {"cause": "reset", "from": 70, "to": 71})
    assert watcher.frame(72)[0] == "settled"


def test_frames_that_nobody_saw_are_a_jump(lua: Machine) -> None:
    watcher = Watcher(lua)
    watcher.frames(10)
    assert watcher.frame(12) == ("broken", {"cause": "jump", "from": 10, "to": 12})


def test_a_frame_lost_by_an_error_is_a_jump(lua: Machine) -> None:
    watcher = Watcher(lua)
    watcher.frames(10)
    watcher.it[b"mark_error"](watcher.it)
    assert watcher.frame(11)[1]["cause"] == "jump"
    assert watcher.frame(12)[0] == "settled"


def test_the_first_cause_names_the_break(lua: Machine) -> None:
    watcher = Watcher(lua)
    watcher.frames(100)
    watcher.load("a")
    watcher.frames(20)
    assert watcher.frames(19, 40) == ["broken", "broken"]
    assert watcher.frame(41) == ("settled", {"cause": "savestate", "from": 100, "to": 40, "savestate": "a"})
