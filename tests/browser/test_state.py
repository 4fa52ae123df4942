"""The pure modules of the page, run in the browser that they are written for."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page

import resources
from protocol.session.annotations import FIELD_NAMES
from tests.browser.page_modules import call

Session = dict[str, Any]


def session(name: str, state: str = "live", created: int = 0, **facts: Any) -> Session:
    empty = {"frame_sets": 0, "first_set": None, "last_set": None, "flawed_sets": 0, "frames_per_set": 5}
    return {"session_id": name, "state": state, "created": created, "since": created, **empty, **facts}


def reduced(page: Page, *actions: dict[str, Any], start: dict[str, Any] | None = None) -> Any:
    """The state after some actions."""
    expression = "b.reduce(m.reduce, m.initialState({ now: 0, ...a }))"
    return call(page, "reducer", expression, start or {}, list(actions))


def welcome(*sessions: Session, all_known: bool = True) -> dict[str, Any]:
    daemon = {"status": "up", "since": 0}
    return {
        "type": "welcome",
        "server": {"id": "x"},
        "daemon": daemon,
        "link": {},
        "sessions": list(sessions),
        "knows_all_sessions": all_known,
        "now": 0,
    }


def watched(name: str, *ranges: list[int]) -> dict[str, Any]:
    return {"type": "watched", "session": name, "ranges": list(ranges), "events": [], "events_left_out": 0}


def stored(name: str, number: int, **counts: int) -> dict[str, Any]:
    frame_set = {"frame_set_id": number, "whole": True}
    return {"type": "frame_set", "session": name, "frame_set": frame_set, "counts": counts, "now": 1}


def preview(name: str, number: int) -> dict[str, Any]:
    return {"type": "preview", "session": name, "frame_set": {"frame_set_id": number}, "delay": 1}


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


@pytest.mark.parametrize(
    ("turn", "way"),
    [
        ({"deltaX": 0, "deltaY": 120, "deltaMode": 0, "ctrlKey": False}, 120),
        ({"deltaX": -90, "deltaY": 10, "deltaMode": 0, "ctrlKey": False}, -90),
        ({"deltaX": 0, "deltaY": 3, "deltaMode": 1, "ctrlKey": False}, 120),
        ({"deltaX": 0, "deltaY": -1, "deltaMode": 2, "ctrlKey": False}, -1000),
        ({"deltaX": 0, "deltaY": 120, "deltaMode": 0, "ctrlKey": True}, 0),
    ],
)
def test_the_wheel_goes_along_time_except_where_it_zooms_the_page(
    modules: Page, turn: dict[str, Any], way: int
) -> None:
    assert call(modules, "timeline", "m.wheelWay(a, { width: 1000 })", turn) == way


def test_marks_that_would_overlap_are_grouped(modules: Page) -> None:
    axis = call(modules, "timeline", "m.axisOf({ first: 0, last: 1199, step: 12, width: 1000 })")
    events = [{"frame_set_id": number} for number in (0, 0, 1, 50, 1000)]
    groups = call(modules, "timeline", "m.marksOf(a, b, 0)", axis, events)
    assert [[event["frame_set_id"] for event in group["events"]] for group in groups] == [[0, 0, 1], [50]]


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
        ({"filter": "hp"}, [1]),
        ({"busy": 3}, [1, 2]),
    ],
)
def test_changes_are_sorted_and_filtered(modules: Page, view: dict[str, Any], expected: list[int]) -> None:
    view = {"sort": None, "descending": False, "filter": "", **view}
    names = [{"name": "own hp", "address": 0x02000022, "type": "u16"}]
    assert call(modules, "changes", "[...m.arrange(m.fromRows(a), b, c)]", ROWS, view, names) == expected


def test_a_difference_is_that_of_32_bit_words(modules: Page) -> None:
    deltas = "[0, 1, 2].map((row) => m.deltaOf(m.fromRows(a), row))"
    assert call(modules, "changes", deltas, ROWS) == [-1, -1, -1]


def test_copied_text_is_a_table(modules: Page) -> None:
    lines = call(modules, "changes", "m.asText(m.fromRows(a), [1])", ROWS).split("\n")
    assert lines[1].split("\t") == ["ewram", "02000020", "00000000", "FFFFFFFF", "-1", "1", "9", ""]


@pytest.mark.parametrize(
    ("type_name", "expected"),
    [
        (
            "u8",
            [
                (0x03000010, 5, 4),
                *((0x02000020 + at, 0, 255) for at in range(4)),
                *((0x03000008 + at, 0, 255) for at in range(3)),
                (0x0300000B, 128, 127),
            ],
        ),
        (
            "s16",
            [
                (0x03000010, 5, 4),
                (0x02000020, 0, -1),
                (0x02000022, 0, -1),
                (0x03000008, 0, -1),
                (0x0300000A, -32768, 32767),
            ],
        ),
        ("bcd32", [(0x03000010, 5, 4), (0x02000020, 0, None), (0x03000008, 80000000, None)]),
    ],
)
def test_of_a_word_the_values_of_a_type_that_changed_are_rows(
    modules: Page, type_name: str, expected: list[tuple[int, float, float | None]]
) -> None:
    known = "(value) => (Number.isNaN(value) ? null : value)"
    columns = f"[...t.address].map((at, row) => [at, ...[t.previous[row], t.current[row]].map({known})])"
    rows = call(modules, "changes", f"((t) => {columns})(m.asType(m.fromRows(a), b))", ROWS, type_name)
    assert [tuple(row) for row in rows] == expected


def test_what_changes_in_every_second_set_is_busy(modules: Page) -> None:
    assert call(modules, "changes", "[m.busyFrom(5), m.busyFrom(1)]") == [10, 50]


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


def test_a_page_server_that_has_started_again_takes_nobody_from_the_set_in_view(modules: Page) -> None:
    begin = (welcome(session("b", "ended", 2), session("a")), watched("a", [0, 9]), {"type": "select", "set": 4})
    place = ("chosen", "selected", "following")
    back = reduced(modules, *begin, welcome(all_known=False))
    assert [back[name] for name in place] == ["a", 4, False]
    assert [known["awaited"] for known in back["sessions"]] == [True, True]
    partly = (welcome(all_known=False), {**welcome(session("b", "ended", 2), all_known=False), "type": "state"})
    assert [reduced(modules, *begin, *partly)[name] for name in place] == ["a", 4, False]
    gone = reduced(modules, *begin, *partly, {**welcome(session("b", "ended", 2)), "type": "state"})
    assert (gone["chosen"], len(gone["sessions"])) == ("b", 1)


def test_a_snapshot_of_a_session_left_meanwhile_is_ignored(modules: Page) -> None:
    begin = (welcome(session("b", "ended", 2), session("a", "ended", 1)), {"type": "choose", "session": "a"})
    state = reduced(modules, *begin, watched("b", [0, 3]))
    assert (state["chosen"], state["watched"]) == ("a", None)


def test_an_event_that_comes_twice_is_shown_once(modules: Page) -> None:
    event = {"type": "event", "session": "a", "event": {"time": 1, "name": "reset", "frame_set_id": 2, "frame": 3}}
    state = reduced(modules, welcome(session("a")), watched("a", [0, 9]), event, event)
    assert len(state["watched"]["events"]) == 1


def test_counts_grow_with_every_set_of_every_session(modules: Page) -> None:
    sets = [stored("b", 4, frame_sets=1, first_set=4, last_set=4), stored("b", 5, frame_sets=2, last_set=5)]
    state = reduced(modules, welcome(session("a"), session("b")), *sets)
    counts = {one["session_id"]: (one["frame_sets"], one["first_set"], one["last_set"]) for one in state["sessions"]}
    assert counts == {"a": (0, None, None), "b": (2, 4, 5)}


def test_what_nobody_knows_changes_nothing(modules: Page) -> None:
    same = "[{ type: 'nonsense' }, { type: 'choose', session: 'gone' }].every((one) => m.reduce(b, one) === b)"
    state = reduced(modules, welcome(session("a")))
    assert call(modules, "reducer", same, None, state) is True


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("[0, 999, 1000, 1234567].map(m.formatNumber)", ["0", "999", "1,000", "1,234,567"]),
        ("[0, 3584, 60 * 3600].map(m.playTime)", ["0:00", "1:00", "1:00:16"]),
        ("[5, 60, 300, 9000].map(m.cellTime)", ["84 ms", "1 s", "5 s", "2.5 min"]),
        ("[12.4, 9.4, 1, 0.5].map(m.rate)", ["12", "9.5", "1", "0.5"]),
        ("m.words('savestate_loaded')", "savestate loaded"),
        ("[0, 0.1234, 1].map(m.percent)", ["0 %", "12.3 %", "100 %"]),
        ("[0, 0.1234, 12.345, 1234.5].map(m.rounded)", ["0", "0.12", "12.3", "1,235"]),
        ("m.minutesTime(1.5)", "1:30"),
    ],
)
def test_numbers_and_times_as_they_are_written(modules: Page, expression: str, expected: object) -> None:
    assert call(modules, "format", expression) == expected


def test_every_key_acts_and_every_action_has_a_key(modules: Page) -> None:
    keys = json.loads(resources.key_bindings().read_bytes())
    assert set(call(modules, "keys", "Object.keys(m.ACTIONS)")) == set(keys)
    press = "(key) => m.actionOf({ key, shiftKey: false }, a)?.type"
    pressed = call(modules, "keys", f"['L', 'l', 'End', '?', '9'].map({press})", keys)
    assert pressed == ["follow"] * 3 + ["overlay", None]
    assert call(modules, "keys", "m.actionOf({ key: 'ArrowLeft', shiftKey: true }, a).type", keys) == "extend"
    assert call(modules, "keys", "m.actionOf({ key: 'l', ctrlKey: true }, a)", keys) is None
    assert call(modules, "keys", "m.actionOf({ key: 'z', ctrlKey: true }, a).type", keys) == "undo"
    assert call(modules, "keys", "m.hintOf(a, 'extendBack')", keys) == "Shift ←"


def press(key: str, code: str, *held: str) -> dict[str, Any]:
    return {"key": key, "code": code, **{f"{name}Key": name in held for name in ("shift", "ctrl", "alt", "meta")}}


@pytest.mark.parametrize(
    ("event", "action"),
    [
        (press("q", "KeyA"), "scope"),  # French
        (press("-", "Digit6"), "zoom"),
        (press("0", "Digit0", "shift"), "panel"),
        (press("à", "Digit0"), "panel"),
        (press("&", "Digit1"), None),
        (press("[", "Digit5", "ctrl", "alt"), "moveEnd"),
        (press("]", "Minus"), "moveEnd"),
        (press("[", "Digit5", "alt"), "moveEnd"),  # Option on a Mac
        (press("z", "KeyY", "ctrl"), "undo"),  # German
        (press("Z", "KeyY", "ctrl", "shift"), "redo"),
        (press("я", "KeyZ", "ctrl"), "undo"),  # Russian
        (press("Я", "KeyZ", "ctrl", "shift"), "redo"),
        (press("с", "KeyC"), "optionList"),
        (press("z", "KeyZ", "meta"), "undo"),
        (press("[", "BracketLeft", "meta"), None),
        (press("[", "BracketLeft", "ctrl"), None),
        (press("z", "KeyZ", "ctrl", "alt"), None),
        (press("c", "KeyC", "alt"), None),
    ],
)
def test_keys_of_other_layouts(modules: Page, event: dict[str, Any], action: str | None) -> None:
    keys = json.loads(resources.key_bindings().read_bytes())
    assert call(modules, "keys", "m.actionOf(a, b)?.type ?? null", event, keys) == action


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("m.withValue(a, 0, 0, 'x')", [[0, 0, "x"], [2, 5, "x"], [6, 9, "y"]]),
        ("m.withValue(a, 0, 1, 'x')", [[0, 5, "x"], [6, 9, "y"]]),
        ("m.withValue(a, 10, 12, 'y')", [[2, 5, "x"], [6, 12, "y"]]),
        ("m.withValue(a, 4, 7, 'z')", [[2, 3, "x"], [4, 7, "z"], [8, 9, "y"]]),
        ("m.withValue(a, 4, 7, '')", [[2, 3, "x"], [8, 9, "y"]]),
        ("m.withValue(a, 3, 3, '')", [[2, 2, "x"], [4, 5, "x"], [6, 9, "y"]]),
        ("m.withValue(a, 0, 99, 'x')", [[0, 99, "x"]]),
        ("m.withValue(a, 6, 7, 'x')", [[2, 7, "x"], [8, 9, "y"]]),
        ("m.withValue(a, 3, 4, 'x') === a", True),
        ("m.withValue(a, 20, 30, '') === a", True),
        ("m.runAt(a, 1) ?? null", None),
        ("m.runAt(a, 9)", [6, 9, "y"]),
    ],
)
def test_runs_of_a_field(modules: Page, expression: str, expected: object) -> None:
    assert call(modules, "runs", expression, [[2, 5, "x"], [6, 9, "y"]]) == expected


def test_runs_hold_what_a_plain_list_would(modules: Page) -> None:
    script = """(() => {
      let seed = 7;
      const random = (below) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
      let runs = [];
      const plain = Array(40).fill("");
      for (let times = 0; times < 600; times += 1) {
        const first = random(40), last = Math.min(39, first + random(9)), value = ["", "a", "b"][random(3)];
        runs = m.withValue(runs, first, last, value);
        plain.fill(value, first, last + 1);
        const shown = plain.map((_, n) => m.runAt(runs, n)?.[2] ?? "");
        if (shown.join() !== plain.join()) return [times, runs, plain];
        if (runs.some(([f, l, v], i) => f > l || v === "" || (i && runs[i - 1][1] >= f))) return [times, runs];
        if (runs.some(([f, , v], i) => i && runs[i - 1][1] === f - 1 && runs[i - 1][2] === v)) return ["apart", runs];
      }
      return "same";
    })()"""
    assert call(modules, "runs", script) == "same"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("m.intersect(a, [[3, 8], [25, 40]])", [[3, 4], [8, 8], [25, 29]]),
        ("m.subtract(a, [[3, 8], [25, 26]])", [[0, 2], [20, 24], [27, 29]]),
        ("m.subtract(a, [])", RANGES),
        ("m.subtract(a, [[0, 99]])", []),
        ("m.unite([[5, 7], [0, 1], [6, 9], [10, 10]])", [[0, 1], [5, 10]]),
    ],
)
def test_ranges_are_sets(modules: Page, expression: str, expected: object) -> None:
    assert call(modules, "ranges", expression, RANGES) == expected


def test_ranges_hold_what_plain_sets_would(modules: Page) -> None:
    script = """(() => {
      let seed = 7;
      const random = (below) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
      const longer = (first) => [first, first + random(6)];
      const made = () => m.unite(Array.from({ length: random(6) }, () => longer(random(40))));
      const numbers = Array.from({ length: 50 }, (_, number) => number);
      const plain = (ranges) => new Set(numbers.filter((n) => ranges.some(([first, last]) => first <= n && n <= last)));
      for (let times = 0; times < 600; times += 1) {
        const [one, other] = [made(), made()];
        const both = [...plain(one)].filter((number) => plain(other).has(number));
        const rest = [...plain(one)].filter((number) => !plain(other).has(number));
        if ([...plain(m.intersect(one, other))].join() !== both.join()) return ["intersect", one, other];
        if ([...plain(m.subtract(one, other))].join() !== rest.join()) return ["subtract", one, other];
      }
      return "same";
    })()"""
    assert call(modules, "ranges", script) == "same"


def labelled(**fields: list[list[Any]]) -> dict[str, Any]:
    empty: dict[str, Any] = {name: [] for name in FIELD_NAMES}
    return {**watched("a", [0, 9]), "labels": {**empty, **fields}, "flawed": [], "damaged": [], "used_values": {}}


def test_statuses_and_filters(modules: Page) -> None:
    state = reduced(
        modules,
        welcome(session("a")),
        labelled(context=[[0, 3, "battle"]], complete=[[0, 1, True]], tags=[[6, 6, ["boss"]]]),
    )["watched"]
    shown = "m.byStatus(a.labels, a.ranges)"
    assert call(modules, "labels", shown, state) == {
        "all": [[0, 9]],
        "unlabelled": [[4, 5], [7, 9]],
        "partial": [[2, 3], [6, 6]],
        "complete": [[0, 1]],
    }
    marked = {**state, "events": [{"name": "mark", "frame_set_id": 3}]}
    found = "m.filteredSets({ watched: a, chosen: 'a', lookups: {}, filter: { ...m.NO_FILTER, ...b } })"
    for wanted, sets in (
        ({"field": "tags", "value": "boss"}, [[6, 6]]),
        ({"status": "partial", "field": "context", "value": "battle"}, [[2, 3]]),
        ({"marked": True}, [[3, 3]]),
        ({"text": "BATT"}, [[0, 3]]),
    ):
        assert call(modules, "set_filter", found, marked, wanted) == sets


def test_labels_of_others_arrive_field_by_field(modules: Page) -> None:
    given = {
        "context": "shop",
        "tags": ["x"],
        "complete": False,
        "scene": "",
        "action": "",
        "intent": "",
        "outcome": "",
    }
    sets = [{"frame_set_id": n, "annotations": {**given, "description": ""}} for n in (2, 3)]
    told = {"type": "labels", "session": "a", "labels": sets}
    labels = reduced(modules, welcome(session("a")), labelled(context=[[0, 3, "battle"]]), told)["watched"]["labels"]
    assert labels["context"] == [[0, 1, "battle"], [2, 3, "shop"]]
    assert labels["tags"] == [[2, 3, ["x"]]]


def test_selecting_and_seeking(modules: Page) -> None:
    begin = (welcome(session("a")), labelled(context=[[0, 3, "battle"]], complete=[[0, 1, True]]))
    at = {"type": "select", "set": 5}
    two = {"type": "extend", "by": -1}
    state = reduced(modules, *begin, at, two, two)
    assert (state["selection"]["ranges"], state["selected"], state["following"]) == ([[3, 5]], 3, False)
    assert reduced(modules, *begin, at, two, {"type": "step", "by": 1})["selection"] is None
    assert reduced(modules, *begin, at, {"type": "seek", "by": 1})["selected"] == 6
    assert reduced(modules, *begin, at, {"type": "seek", "by": 1, "beyond": [[5, 9]]})["selected"] == 2
    only = {"type": "filterSets", "status": "unlabelled"}
    assert reduced(modules, *begin, only, {"type": "first"})["selected"] == 4
    assert reduced(modules, *begin, only, {"type": "selectFiltered"})["selection"]["ranges"] == [[4, 9]]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("m.applyLabels(a, { context: 'shop' })", [("label", {"labels": {"context": "shop"}, "ranges": [[4, 4]]})]),
        ("m.applyLabels({ ...a, scope: 'latch' }, { context: 'shop' })", [("latch", {"labels": {"context": "shop"}})]),
        (
            "m.applyLabels({ ...a, scope: 'latch' }, { complete: true })",
            [("label", {"labels": {"complete": True}, "ranges": [[4, 4]]})],
        ),
        (
            "m.applyLabels(a, { context: 'x' }, 'recent')",
            [("label", {"labels": {"context": "x"}, "seconds": 5, "until": 4})],
        ),
        ("m.copyPrevious(a)", [("label", {"labels": {"context": "battle"}, "ranges": [[4, 4]]})]),
        ("m.toggleComplete({ ...a, selected: 1 })", [("label", {"labels": {"complete": False}, "ranges": [[1, 1]]})]),
        (
            "m.resize(a, 'context', [2, 5, 'y'], 4, 7)",
            [
                (
                    "label",
                    {
                        "parts": [
                            {"labels": {"context": "y"}, "ranges": [[6, 7]]},
                            {"labels": {"context": ""}, "ranges": [[2, 3]]},
                        ]
                    },
                )
            ],
        ),
        (
            "m.merge({ ...a, selection: { field: 'scene', ranges: [[0, 1]] } })",
            [("label", {"labels": {"scene": "den"}, "ranges": [[2, 7]]})],
        ),
    ],
)
def test_what_a_person_does_becomes_a_command(modules: Page, expression: str, expected: list[Any]) -> None:
    fields: dict[str, list[list[Any]]] = {
        "context": [[0, 3, "battle"]],
        "complete": [[0, 1, True]],
        "scene": [[0, 1, "den"], [5, 7, "hall"]],
    }
    state = reduced(modules, welcome(session("a")), labelled(**fields), {"type": "select", "set": 4})
    commands = [(one["command"], one["body"]) for one in call(modules, "label_commands", expression, state)]
    assert commands == [(command, {"session": "a", **body}) for command, body in expected]


def test_the_rate_counts_what_arrived_up_to_the_clock_and_nothing_after_it(modules: Page) -> None:
    twelve_a_second = [1000 * number / 12 for number in range(200)]
    state = {"meter": {"arrivals": twelve_a_second}}
    assert call(modules, "selectors", "m.rateOf(a, b)", state, 10_000) == pytest.approx(12, abs=0.5)


def test_a_description_stays_with_its_sets_until_it_is_there(modules: Page) -> None:
    begin = (welcome(session("a")), labelled(), {"type": "follow"})
    write = ({"type": "editDraft", "text": "h"}, stored("a", 10), preview("a", 10), {"type": "editDraft", "text": "he"})
    state = reduced(modules, *begin, *write)
    draft = {"session": "a", "ranges": [[9, 9]], "text": "he", "sent": False}
    assert (state["draft"], state["selected"]) == (draft, 10)
    [command] = call(modules, "label_commands", "m.describe(a)", state)
    assert command["body"] == {"session": "a", "ranges": [[9, 9]], "labels": {"description": "he"}}
    sent = (*begin, *write, {"type": "draftSent", "sent": True})
    assert call(modules, "label_commands", "m.describe(a)", reduced(modules, *sent)) == []
    assert reduced(modules, *sent, {"type": "notice", "text": "Labelled 1 set."})["draft"] is None
    assert reduced(modules, *sent, {"type": "refused", "message": "No."})["draft"] == draft
    again = reduced(modules, *sent, {"type": "editDraft", "text": "x"})["draft"]
    assert (again["ranges"], again["sent"]) == ([[10, 10]], False)


def test_who_follows_labels_what_was_seen_when_the_list_was_opened(modules: Page) -> None:
    begin = (welcome(session("a")), labelled(), {"type": "follow"}, {"type": "optionList", "field": "outcome"})
    state = reduced(modules, *begin, stored("a", 10), preview("a", 10))
    assert call(modules, "selection", "m.targets(a)", state) == [[9, 9]]
    given = reduced(modules, *begin, stored("a", 10), preview("a", 10), {"type": "labelsApplied"})
    assert call(modules, "selection", "m.targets(a)", given) == [[10, 10]]


def test_runs_are_selected_lane_by_lane_and_their_ends_are_brought_here(modules: Page) -> None:
    runs: dict[str, list[list[Any]]] = {"context": [[0, 3, "battle"]], "intent": [[2, 5, "flee"]]}
    begin = (welcome(session("a")), labelled(**runs), {"type": "select", "set": 2}, {"type": "run"})
    first, second, third = (reduced(modules, *begin, *[{"type": "run"}] * more) for more in range(3))
    assert [state["selection"]["field"] for state in (first, second, third)] == ["context", "intent", "context"]
    at = {"type": "step", "by": 4}
    state = reduced(modules, *begin, *[{"type": "step", "by": 1}] * 4)
    assert (state["selected"], state["selection"]["ranges"]) == (6, [[0, 3]])
    [command] = call(modules, "label_commands", "m.moveEnd(a, 1)", state)
    assert command["body"]["parts"] == [{"labels": {"context": "battle"}, "ranges": [[4, 6]]}]
    assert reduced(modules, *begin, at, {"type": "select", "set": 1})["selection"] is None


@pytest.mark.parametrize("scope", ["latch", "recent"])
@pytest.mark.parametrize(
    "selecting",
    [
        {"type": "range", "field": "action", "first": 4, "last": 2},
        {"type": "run"},
        {"type": "extend", "by": -1},
        {"type": "moveEnd", "end": 0},
        {"type": "selectFiltered"},
    ],
    ids=lambda action: action["type"],
)
def test_labels_are_for_the_sets_that_are_selected_whatever_they_were_for_before(
    modules: Page, selecting: dict[str, Any], scope: str
) -> None:
    begin = (welcome(session("a")), labelled(context=[[0, 3, "battle"]]), {"type": "select", "set": 2})
    state = reduced(modules, *begin, {"type": "scope", "scope": scope}, selecting)
    assert state["selection"] is not None
    [command] = call(modules, "label_commands", "m.applyLabels(a, { action: 'attack' })", state)
    assert (command["command"], command["body"]["ranges"]) == ("label", state["selection"]["ranges"])


def test_a_run_can_be_moved_to_where_it_was_not(modules: Page) -> None:
    state = reduced(modules, welcome(session("a")), labelled(context=[[0, 3, "battle"]]))
    [command] = call(modules, "label_commands", "m.resize(a, 'context', [0, 3, 'battle'], 6, 8)", state)
    assert [(part["ranges"], part["labels"]["context"]) for part in command["body"]["parts"]] == [
        ([[6, 8]], "battle"),
        ([[0, 3]], ""),
    ]


TOLD = {
    "over_time": {
        "first": 100,
        "step": 12,
        "frame_sets": [12, 0, 6],
        "idle_share": [0.25, 0, 1],
        "changes": {"iwram": [24, 0, 6]},
    }
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("m.curvesOf(a).map((curve) => curve.values)", [[2, None, 1], [0.25, None, 1]]),
        ("m.highestOf([2, null, 1])", 2),
        ("[m.meanOf([2, null, 1]), m.meanOf([null])]", [1.5, 0]),
        ("[m.setAt(a, 2), m.partAt(a, 118)]", [124, 1.5]),
        ("m.outlineOf([2, null, 1], 2)", "M0 1V0H1V1ZM2 1V0.5H3V1Z"),
        ("m.outlineOf([1, 2], 2)", "M0 1V0.5H1V0H2V1Z"),
        ("m.outlineOf([0, null], 0)", "M0 1V1H1V1Z"),
    ],
)
def test_curves_of_the_statistics(modules: Page, expression: str, expected: object) -> None:
    assert call(modules, "charts", expression, TOLD) == expected
