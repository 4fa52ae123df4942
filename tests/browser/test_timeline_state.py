"""The pure modules of the timeline: lanes and their colours."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from tests.browser.page_modules import call

_SIMULATED = {
    "full colour vision": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}
"""Linear RGB as it is seen, for the whole loss of a cone; from Machado, Oliveira and Fernandes 2009, table 1."""

_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
"""Linear sRGB to XYZ, for the white D65."""

_WHITE = np.array([0.95047, 1.0, 1.08883])
_LANE = "#101316"


def _linear(colour: str) -> Any:
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def _lab(colour: str, seen: Any) -> Any:
    xyz = _XYZ @ np.clip(seen @ _linear(colour), 0, 1) / _WHITE
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def _contrast(one: str, other: str) -> float:
    low, high = sorted(float(_XYZ[1] @ _linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def _watched(field: str, values: list[str], options: list[str]) -> dict[str, Any]:
    runs = [[number, number, value] for number, value in enumerate(values)]
    return {
        "labels": {field: runs},
        "labelOptions": {"options": {field: [{"value": value, "label": value} for value in options]}},
    }


@pytest.mark.parametrize(("sight", "least"), [("full colour vision", 38), ("deuteranopia", 19), ("protanopia", 19)])
def test_fills_of_a_lane_are_told_apart(modules: Page, sight: str, least: float) -> None:
    seen = {fill: _lab(fill, _SIMULATED[sight]) for fill in call(modules, "lanes", "m.PALETTE")}
    distances = {pair: float(np.linalg.norm(seen[pair[0]] - seen[pair[1]])) for pair in combinations(seen, 2)}
    closest = min(distances, key=lambda pair: distances[pair])
    assert distances[closest] >= least, closest


def test_the_names_of_values_can_be_read_on_every_fill(modules: Page) -> None:
    values = [f"v{number}" for number in range(25)]
    looks = dict(call(modules, "lanes", "[...m.looksOf(a, 'scene')]", _watched("scene", values, [])))
    assert len({(look["fill"], look["stripes"]) for look in looks.values()}) == 20
    for look in looks.values():
        assert _contrast(look["fill"], look["ink"]) >= 4.5
        assert _contrast(look["fill"], _LANE) >= 3


def test_values_in_a_lane_never_share_a_fill_while_one_is_free(modules: Page) -> None:
    options = [f"option {number}" for number in range(30)]
    used = ["option 2", "option 12", "option 22", "new"]
    looks = dict(call(modules, "lanes", "[...m.looksOf(a, 'action')]", _watched("action", used, options)))
    assert len({look["fill"] for look in looks.values()}) == len(used)
    assert not any(look["stripes"] for look in looks.values())
    alone = dict(call(modules, "lanes", "[...m.looksOf(a, 'action')]", _watched("action", used[:1], options)))
    assert alone["option 2"] == looks["option 2"], "a value keeps its fill when others are used"


def test_a_thumbnail_shows_the_longest_scene_that_begins_in_it(modules: Page) -> None:
    labels = "[[3, 9, 'menu'], [10, 35, 'battle'], [80, 81, 'menu']], [[12, 20, 'cave']]"
    events = "[{ name: 'savestate_loaded', frame_set_id: 70 }, { name: 'mark', frame_set_id: 62 }]"
    scenes = call(modules, "timeline", f"m.scenesOf({labels}, {events})")
    assert scenes == [3, 10, 12, 21, 36, 70, 80, 82]
    axis = call(modules, "timeline", "m.axisOf({ first: 0, last: 200, step: 60, width: 900 })")
    cells = call(modules, "timeline", "m.cellsOf(a, b, 0, c)", axis, [[0, 69], [76, 200]], scenes)
    assert [cell["set"] for cell in cells] == [36, 82, 120, 180]


def test_the_lanes_in_sight_are_listed_up_to_a_limit(modules: Page) -> None:
    runs: dict[str, list[Any]] = {name: [] for name in ("context", "scene", "action", "intent", "outcome")}
    runs["context"] = [[0, 4, "big_battle"], [6, 9, "shop"], [20, 30, "shop"]]
    runs["action"] = [[2 * number, 2 * number, f"a{number % 2}"] for number in range(400)]
    found = call(modules, "lanes", "m.runsBetween({ labels: a, labelOptions: null }, 3, 700)", runs)
    assert len(found["rows"]) + found["more"] == 3 + 349
    assert found["rows"][0] == {"field": "context", "name": "Context", "value": "big battle", "first": 0, "last": 4}
    assert len(found["rows"]) == 200


SETS = [[0, 4], [8, 8], [20, 29]]


def _state(**changed: Any) -> dict[str, Any]:
    """Begin of a state in which the sets above are recorded and set 3 is in view."""
    labels: dict[str, list[Any]] = {
        name: [] for name in ("context", "scene", "action", "intent", "outcome", "tags", "description", "complete")
    }
    labels["context"] = [[2, 4, "battle"], [20, 24, "shop"], [25, 27, "battle"]]
    return {"session": "a", "labels": labels, "ranges": SETS, "state": "ended", "selected": 3, **changed}


_AFTER = """((given, actions) => {
    const session = { session_id: "a", state: given.state, created: 0, since: 0, frames_per_set: 5 };
    const watched = { type: "watched", session: "a", ranges: given.ranges, events: [], labels: given.labels };
    const begin = { type: "welcome", server: {}, daemon: { status: "up" }, link: {}, sessions: [session], now: 0 };
    const moves = given.selected === null ? [] : [{ type: "select", set: given.selected }];
    return [begin, watched, ...moves, ...actions].reduce(m.reduce, m.initialState({ now: 0 }));
})(a, b)"""


def _after(page: Page, *actions: dict[str, Any], **changed: Any) -> Any:
    return call(page, "reducer", _AFTER, _state(**changed), list(actions))


PLAY = {"type": "play"}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("[0, 1, 4, 5, 6, 15].map((n) => m.setAfter(a, 0, n))", [0, 1, 4, 8, 20, 29]),
        ("[m.setAfter(a, 0, 16), m.setAfter(a, 5, 0), m.setAfter([], 0, 1)]", [None, 8, None]),
        ("m.clockAt(m.startClock(0, 3), 200, { sets: a, rate: 10, isLoop: false })", [8, 2, False]),
        ("m.clockAt(m.startClock(0, 28), 200, { sets: a, rate: 10, isLoop: false })", [29, 0, True]),
        ("m.clockAt(m.startClock(0, 28), 250, { sets: a, rate: 20, isLoop: true })", [3, 5, False]),
        ("m.clockAt(m.startClock(0, 0), 60000, { sets: a, rate: 4, isLoop: false })", [1, 1, False]),
    ],
)
def test_the_clock_counts_recorded_sets_only(modules: Page, expression: str, expected: object) -> None:
    found = call(modules, "player", expression, SETS)
    assert ([found["set"], found["turn"], found["isOver"]] if isinstance(found, dict) else found) == expected


def test_the_clock_owes_what_is_less_than_a_set(modules: Page) -> None:
    ticks = "Array.from({ length: 61 }, (_, index) => 16 * index)"
    play = "{ sets: [[0, 999]], rate: 11.95, isLoop: false }"
    last = call(modules, "player", f"{ticks}.reduce((clock, now) => m.clockAt(clock, now, {play}), m.startClock(0, 0))")
    assert last["set"] == int(0.96 * 11.95)


@pytest.mark.parametrize(
    ("rate", "asked", "latency", "turns"),
    [
        (12, 0, 0.05, [1, 2, 3, 4]),  # real time: every set
        (12, 8, 0.05, [9, 10, 11, 12]),
        (12, 19, 0.05, []),  # far enough ahead
        (190, 0, 0.05, [10, 17, 24, 31]),  # sixteen times: every seventh, none that comes too late
        (12, 0, 1.0, [12, 13, 14, 15]),  # a slow server: what it can bring in time
    ],
)
def test_pictures_are_fetched_ahead_and_skipped_rather_than_late(
    modules: Page, rate: float, asked: int, latency: float, turns: list[int]
) -> None:
    expression = "m.turnsAhead(m.startClock(0, 100), a, b).map((one) => one.turn)"
    play = {"sets": [[0, 9999]], "rate": rate, "isLoop": False}
    assert call(modules, "player", expression, play, {"asked": asked, "places": 4, "latency": latency}) == turns
    before_end = {**play, "sets": [[0, 102]]}
    found = call(
        modules,
        "player",
        "m.turnsAhead(m.startClock(0, 100), a, b)",
        before_end,
        {"asked": 0, "places": 4, "latency": latency},
    )
    assert found[-1] == {"turn": 2, "set": 102}, "the last set is never skipped"


def test_playing_begins_pauses_and_goes_over_to_following(modules: Page) -> None:
    playing = _after(modules, PLAY)
    assert (playing["player"]["isPlaying"], playing["selected"]) == (True, 3)
    assert _after(modules, PLAY, {"type": "played", "set": 8}, PLAY)["player"]["isPlaying"] is False
    over = _after(modules, PLAY, {"type": "played", "set": 29}, {"type": "playedOut"})
    assert (over["player"]["isPlaying"], over["following"], over["selected"]) == (False, False, 29)
    again = _after(modules, PLAY, selected=29)
    assert (again["player"]["isPlaying"], again["selected"]) == (True, 0), "at its end a session is played again"
    live = _after(modules, PLAY, {"type": "playedOut"}, state="live")
    assert (live["player"]["isPlaying"], live["following"], live["selected"]) == (False, True, 29)
    paused = _after(modules, PLAY, state="live", selected=None)
    assert (paused["player"]["isPlaying"], paused["following"], paused["selected"]) == (False, False, 29)
    unread = call(modules, "reducer", "m.reduce({ ...m.initialState({ now: 0 }), selected: 3 }, a)", PLAY)
    assert (unread["player"]["isPlaying"], "still being read" in unread["notice"]) == (False, True)


@pytest.mark.parametrize(
    "action",
    [
        {"type": "step", "by": 1},
        {"type": "select", "set": 22},
        {"type": "optionList", "field": "scene"},
        {"type": "follow"},
        {"type": "go", "session": "a", "set": 20},
    ],
)
def test_what_a_person_chooses_pauses(modules: Page, action: dict[str, Any]) -> None:
    assert _after(modules, PLAY, action)["player"]["isPlaying"] is False
    assert _after(modules, PLAY, {"type": "zoom", "by": 1})["player"]["isPlaying"] is True


def test_another_session_is_not_played_and_has_no_loop(modules: Page) -> None:
    other = {"session_id": "b", "state": "ended", "created": 1, "since": 0}
    moves: list[dict[str, Any]] = [
        {"type": "loop"},
        PLAY,
        {"type": "session", "session": other},
        {"type": "choose", "session": "b"},
    ]
    player = _after(modules, *moves)["player"]
    assert (player["isPlaying"], player["loop"]) == (False, None)


def test_the_run_here_is_looped_and_changes_are_stepped_to(modules: Page) -> None:
    assert _after(modules, {"type": "loop"})["player"]["loop"] == [2, 4]
    assert _after(modules, {"type": "range", "first": 21, "last": 23}, {"type": "loop"})["player"]["loop"] == [21, 23]
    assert "Nothing to loop" in _after(modules, {"type": "loop"}, selected=8)["notice"]
    steps: list[dict[str, Any]] = [
        {"type": "stepChange", "by": by, "lane": "context"} for by in (1, 1, 1, 1, 1, -1, -1)
    ]
    places = [_after(modules, *steps[: count + 1])["selected"] for count in range(len(steps))]
    assert places == [8, 20, 25, 28, 28, 25, 20]
    by_value: dict[str, Any] = {"type": "stepChange", "by": 1, "lane": "watch hp", "changed": [[3, 3], [22, 23]]}
    assert [_after(modules, *[by_value] * count)["selected"] for count in (1, 2, 3)] == [22, 23, 23]
