"""The pure modules of the page, run in the browser that they are written for."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.fakes.bus_daemon import FakeDaemon
from tests.webui.page_process import PageProcess

Session = dict[str, Any]


@pytest.fixture(scope="module")
def modules(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with FakeDaemon(tmp_path_factory.mktemp("data")) as daemon:
        server = PageProcess(daemon)
        server.start()
        page = browser.new_page()
        page.goto(server.address)
        yield page
        page.close()
        server.stop()


def call(page: Page, module: str, expression: str, *arguments: Any) -> Any:
    """Evaluate an expression of the module `m` and the arguments `a`, `b`, …"""
    names = ", ".join("abcdefgh"[: len(arguments)])
    script = f"async ([{names}]) => {{ const m = await import('/static/state/{module}.js'); return {expression}; }}"
    return page.evaluate(script, list(arguments))


def session(name: str, state: str = "live", created: int = 0, **facts: Any) -> Session:
    empty = {"frame_sets": 0, "first_set": None, "last_set": None, "flawed_sets": 0, "frames_per_set": 5}
    return {"session_id": name, "state": state, "created": created, "since": created, **empty, **facts}


def reduced(page: Page, *actions: dict[str, Any], start: dict[str, Any] | None = None) -> Any:
    """The state after some actions."""
    expression = "b.reduce(m.reduce, m.initialState({ now: 0, ...a }))"
    return call(page, "reducer", expression, start or {}, list(actions))


def welcome(*sessions: Session) -> dict[str, Any]:
    daemon = {"status": "up", "since": 0}
    return {
        "type": "welcome",
        "server": {"id": "x"},
        "daemon": daemon,
        "link": {},
        "sessions": list(sessions),
        "now": 0,
    }


def watched(name: str, *ranges: list[int]) -> dict[str, Any]:
    return {"type": "watched", "session": name, "ranges": list(ranges), "events": [], "events_left_out": 0}


def stored(name: str, number: int) -> dict[str, Any]:
    return {"type": "frame_set", "session": name, "frame_set": {"frame_set_id": number, "whole": True}, "now": 1}


def preview(name: str, number: int) -> dict[str, Any]:
    return {"type": "preview", "session": name, "frame_set": {"frame_set_id": number}, "delay": 1, "lag": 2}


RANGES = [[0, 4], [8, 8], [20, 29]]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("[m.firstOf(a), m.lastOf(a), m.countOf(a)]", [0, 29, 16]),
        ("[m.firstOf([]), m.lastOf([]), m.countOf([])]", [None, None, 0]),
        ("[0, 4, 5, 8, 19, 20, 30].map((n) => m.has(a, n))", [True, True, False, True, False, True, False]),
        ("[-3, 5, 8, 9, 30].map((n) => m.atOrAfter(a, n))", [0, 8, 8, 20, None]),
        ("[-3, 5, 8, 9, 30].map((n) => m.atOrBefore(a, n))", [None, 4, 8, 8, 29]),
        ("[-3, 6, 7, 14, 15, 99].map((n) => m.nearest(a, n))", [0, 4, 8, 8, 20, 29]),
        ("m.withNumber(a, 5)", [[0, 5], [8, 8], [20, 29]]),
        ("m.withNumber(a, 30)", [[0, 4], [8, 8], [20, 30]]),
        ("m.withNumber(a, 12)", [[0, 4], [8, 8], [12, 12], [20, 29]]),
        ("m.withNumber(m.withNumber(m.withNumber(a, 5), 6), 7)", [[0, 8], [20, 29]]),
        ("m.withNumber(a, 3) === a", True),
        ("m.withNumber([], 3)", [[3, 3]]),
        ("m.gapsOf(a)", [[5, 7], [9, 19]]),
    ],
)
def test_ranges(modules: Page, expression: str, expected: object) -> None:
    assert call(modules, "ranges", expression, RANGES) == expected


def test_a_long_strip_stays_within_what_browsers_can_scroll_and_still_reaches_both_ends(modules: Page) -> None:
    axis = call(modules, "timeline", "m.axisOf({ first: 0, last: 999999, step: 1, width: 1000 })")
    assert axis["total"] == 124_000_000
    assert axis["scroll"] == 8_000_000
    assert call(modules, "timeline", "[m.leftOf(a, 0), m.leftOf(a, 8e6 - 1000)]", axis) == [0, 124_000_000 - 1000]
    there_and_back = call(modules, "timeline", "m.leftOf(a, m.scrollFor(a, 12345678))", axis)
    assert there_and_back == pytest.approx(12_345_678)


def test_cells_show_the_first_set_there_is_and_only_what_is_in_sight(modules: Page) -> None:
    axis = call(modules, "timeline", "m.axisOf({ first: 3, last: 120, step: 12, width: 300 })")
    cells = call(modules, "timeline", "m.cellsOf(a, b, 0)", axis, [[3, 14], [40, 120]])
    assert [(cell["from"], cell["to"], cell["set"]) for cell in cells] == [
        (3, 11, 3),
        (12, 23, 12),
        (24, 35, None),
    ]
    assert cells[0]["x"] == 0
    assert cells[1]["x"] == pytest.approx(9 * 124 / 12)


def test_revealing_a_set_moves_as_little_as_possible(modules: Page) -> None:
    axis = call(modules, "timeline", "m.axisOf({ first: 0, last: 1199, step: 12, width: 1000 })")
    assert call(modules, "timeline", "m.reveal(a, 40, 0)", axis) == 0
    assert call(modules, "timeline", "m.reveal(a, 0, 5000)", axis) == 0
    right = call(modules, "timeline", "m.reveal(a, 600, 0)", axis)
    assert right == pytest.approx(601 * 124 / 12 - 1000 + 124)


def test_marks_that_would_overlap_are_gathered(modules: Page) -> None:
    axis = call(modules, "timeline", "m.axisOf({ first: 0, last: 1199, step: 12, width: 1000 })")
    events = [{"frame_set_id": number} for number in (0, 0, 1, 50, 1000)]
    groups = call(modules, "timeline", "m.marksOf(a, b, 0)", axis, events)
    assert [[event["frame_set_id"] for event in group["things"]] for group in groups] == [[0, 0, 1], [50]]


ROWS = [
    {"region": "iwram", "frame": 8, "address": "03000010", "prev_val": "00000005", "curr_val": "00000004", "freq": 3},
    {"region": "ewram", "frame": 9, "address": "02000020", "prev_val": "00000000", "curr_val": "FFFFFFFF", "freq": 1},
    {"region": "iwram", "frame": 8, "address": "03000008", "prev_val": "80000000", "curr_val": "7FFFFFFF", "freq": 2},
]


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ({}, [0, 1, 2]),
        ({"sort": "address"}, [1, 2, 0]),
        ({"sort": "address", "descending": True}, [0, 2, 1]),
        ({"sort": "current"}, [0, 2, 1]),
        ({"sort": "delta"}, [0, 1, 2]),
        ({"sort": "freq", "descending": True}, [0, 2, 1]),
        ({"sort": "region"}, [0, 2, 1]),
        ({"filter": "iwram"}, [0, 2]),
        ({"filter": "0300"}, [0, 2]),
        ({"filter": "0x03000010"}, [0]),
        ({"filter": "=5"}, [0]),
        ({"filter": "=0xFFFFFFFF"}, [1]),
        ({"filter": "=-1"}, [1]),
        ({"filter": "iwram =4"}, [0]),
        ({"filter": "ewram =4"}, []),
    ],
)
def test_changes_are_sorted_and_filtered(modules: Page, view: dict[str, Any], expected: list[int]) -> None:
    view = {"sort": None, "descending": False, "filter": "", **view}
    assert call(modules, "changes", "[...m.arrange(m.fromRows(a), b)]", ROWS, view) == expected


def test_a_difference_is_that_of_32_bit_words(modules: Page) -> None:
    deltas = "[0, 1, 2].map((row) => m.deltaOf(m.fromRows(a), row))"
    assert call(modules, "changes", deltas, ROWS) == [-1, -1, -1]


def test_copied_text_is_a_table(modules: Page) -> None:
    lines = call(modules, "changes", "m.asText(m.fromRows(a), [1])", ROWS).split("\n")
    assert lines[1].split("\t") == ["ewram", "02000020", "00000000", "FFFFFFFF", "-1", "1", "9"]


def test_the_newest_live_session_is_opened(modules: Page) -> None:
    state = reduced(modules, welcome(session("b", "ended", 2), session("a", "live", 1)))
    assert (state["chosen"], state["following"]) == ("a", True)
    assert reduced(modules, welcome(session("b", "ended"), session("a", "ended")))["chosen"] == "b"
    assert reduced(modules, welcome())["chosen"] is None


def test_following_goes_with_the_previews(modules: Page) -> None:
    begin = (welcome(session("a")), watched("a", [0, 9]))
    assert reduced(modules, *begin)["selected"] == 9
    state = reduced(modules, *begin, stored("a", 10), preview("a", 10))
    assert (state["selected"], state["watched"]["ranges"]) == (10, [[0, 10]])
    late = reduced(modules, *begin, preview("a", 7))
    assert late["selected"] == 9, "a preview from before the snapshot moves nothing back"


@pytest.mark.parametrize(
    "move",
    [{"type": "select", "set": 5}, {"type": "scrolled"}, {"type": "step", "by": -1}, {"type": "first"}],
)
def test_whatever_the_user_does_releases_the_latch_until_the_user_sets_it(modules: Page, move: dict[str, Any]) -> None:
    begin = (welcome(session("a")), watched("a", [0, 9]), move)
    before = reduced(modules, *begin)
    after = reduced(modules, *begin, stored("a", 10), preview("a", 10), watched("a", [0, 11]))
    assert before["following"] is False
    assert (after["following"], after["selected"]) == (False, before["selected"])
    assert reduced(modules, *begin, stored("a", 10), {"type": "follow"})["selected"] == 10


def test_who_follows_goes_on_with_the_next_session_and_nobody_else(modules: Page) -> None:
    begin = (welcome(session("a", "live", 1)), watched("a", [0, 9]))
    end = (
        {"type": "session", "session": session("a", "ended", 1)},
        {"type": "session", "session": session("b", "live", 2)},
    )
    assert reduced(modules, *begin, *end)["chosen"] == "b"
    assert reduced(modules, *begin, {"type": "step", "by": -1}, *end)["chosen"] == "a"
    other = {"type": "session", "session": session("b", "live", 2)}
    assert reduced(modules, *begin, other)["chosen"] == "a", "the session that is followed still runs"


def test_a_snapshot_of_a_session_left_meanwhile_is_ignored(modules: Page) -> None:
    begin = (welcome(session("b", "ended", 2), session("a", "ended", 1)), {"type": "choose", "session": "a"})
    state = reduced(modules, *begin, watched("b", [0, 3]))
    assert (state["chosen"], state["watched"]) == ("a", None)


def test_an_event_that_comes_twice_is_shown_once(modules: Page) -> None:
    event = {"type": "event", "session": "a", "event": {"time": 1, "name": "reset", "frame_set_id": 2, "frame": 3}}
    state = reduced(modules, welcome(session("a")), watched("a", [0, 9]), event, event)
    assert len(state["watched"]["events"]) == 1


def test_counts_grow_with_every_set_of_every_session(modules: Page) -> None:
    state = reduced(modules, welcome(session("a"), session("b")), stored("b", 4), stored("b", 5))
    counts = {one["session_id"]: (one["frame_sets"], one["first_set"], one["last_set"]) for one in state["sessions"]}
    assert counts == {"a": (0, None, None), "b": (2, 4, 5)}


def test_what_nobody_knows_changes_nothing(modules: Page) -> None:
    same = "[{ type: 'nonsense' }, { type: 'choose', session: 'gone' }].every((one) => m.reduce(b, one) === b)"
    state = reduced(modules, welcome(session("a")))
    assert call(modules, "reducer", same, None, state) is True


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("[0, 999, 1000, 1234567].map(m.count)", ["0", "999", "1,000", "1,234,567"]),
        ("[0, 3584, 60 * 3600].map(m.playTime)", ["0:00", "1:00", "1:00:16"]),
        ("[5, 60, 300, 9000].map(m.cellTime)", ["84 ms", "1 s", "5 s", "2.5 min"]),
        ("[12.4, 9.4, 1, 0.5].map(m.rate)", ["12", "9.5", "1", "0.5"]),
        ("m.words('savestate_loaded')", "savestate loaded"),
    ],
)
def test_numbers_and_times_as_they_are_written(modules: Page, expression: str, expected: object) -> None:
    assert call(modules, "format", expression) == expected


def test_every_key_acts_and_no_two_entries_share_one(modules: Page) -> None:
    keys = call(modules, "keys", "m.KEYS")
    names = [key for entry in keys for key in entry["keys"]]
    assert len(set(names)) == len(names)
    press = "(key) => m.actionOf({ key, shiftKey: false })?.type"
    assert call(modules, "keys", f"['L', 'l', 'End', '?', 'x'].map({press})") == ["follow"] * 3 + ["overlay", None]
    assert call(modules, "keys", "m.actionOf({ key: 'ArrowLeft', shiftKey: true }).type") == "stepCell"
    assert call(modules, "keys", "m.actionOf({ key: 'l', ctrlKey: true })") is None
