"""Grid of frame sets and filter of frame sets as data: places, selection, what stays in sight, saved filters."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.page_modules import call

LABELS: dict[str, Any] = {
    field: [] for field in ("context", "scene", "action", "intent", "outcome", "tags", "description", "complete")
}


def watching(page: Page, actions: list[dict[str, Any]], wanted: str, *, ranges: Any, labels: Any = None) -> Any:
    """A value of the state in which a session with these sets is open and some actions were done."""
    return call(
        page,
        "reducer",
        f"""(async () => {{
            const grid = await import('/static/state/set_grid.js');
            const filter = await import('/static/state/set_filter.js');
            const session = {{ session_id: 's', state: 'ended', created: 1, frames_per_set: 5 }};
            let state = m.initialState({{ now: 0, session: 's', set: a.ranges[0][0] }});
            const actions = [
                {{ type: 'welcome', server: {{}}, daemon: {{}}, link: {{}}, sessions: [session], now: 0 }},
                {{ type: 'watched', session: 's', ranges: a.ranges, events: [], labels: a.labels, flawed: [[4, 4]] }},
                ...a.actions,
            ];
            for (const action of actions) state = m.reduce(state, action);
            return {wanted};
        }})()""",
        {"actions": actions, "ranges": ranges, "labels": labels or LABELS},
    )


def test_places_count_over_gaps(modules: Page) -> None:
    ranges = [[0, 2], [10, 11], [50_000, 99_999]]
    found = call(
        modules, "set_grid", "[0, 2, 3, 4, 5, 50_004, 50_005].map((place) => m.setAt(a, place) ?? null)", ranges
    )
    assert found == [0, 2, 10, 11, 50_000, 99_999, None]
    places = call(modules, "set_grid", "[0, 5, 11, 99_999, 200_000].map((set) => m.placeOf(a, set))", ranges)
    assert places == [0, 2, 4, 50_004, 50_004]
    assert call(modules, "set_grid", "[m.placeOf([], 3), m.placeOf(a, null)]", ranges) == [-1, -1]


@pytest.mark.parametrize("top", [0, 400_000, 10_000_000])
def test_few_rows_of_fifty_thousand_sets_are_in_the_document(modules: Page, top: int) -> None:
    cell = {"width": 130, "height": 136}
    rows = call(
        modules,
        "set_grid",
        "m.visibleRows(a)",
        {"count": 50_000, "width": 700, "height": 600, "top": top, "cell": cell},
    )
    assert (rows["columns"], rows["rows"]) == (5, 10_000)
    assert 5 <= rows["last"] - rows["first"] <= 9
    assert 0 <= rows["first"] < rows["last"] <= 10_000
    if top < 136 * 10_000:
        assert rows["first"] <= top // 136 < rows["last"] - 4


def test_a_selection_in_a_filtered_grid_has_only_what_is_in_the_grid(modules: Page) -> None:
    labels = {**LABELS, "context": [[0, 9, "battle"], [20, 29, "battle"]]}
    actions: list[dict[str, Any]] = [
        {"type": "filterSets", "field": "context", "value": "battle"},
        {"type": "toggleGrid"},
        {"type": "select", "set": 8},
        {"type": "extendInGrid", "set": 21},
    ]
    wanted = "[state.selection.ranges, state.selected, state.following]"
    assert watching(modules, actions, wanted, ranges=[[0, 99]], labels=labels) == [[[8, 9], [20, 21]], 21, False]
    actions += [{"type": "toggleInGrid", "set": 9}, {"type": "toggleInGrid", "set": 25}]
    assert watching(modules, actions, wanted, ranges=[[0, 99]], labels=labels)[0] == [[8, 8], [20, 21], [25, 25]]
    back = [*actions, {"type": "openFromGrid", "set": 3}]
    assert watching(modules, back, "[state.grid.isOpen, state.selection, state.selected]", ranges=[[0, 99]]) == [
        False,
        None,
        3,
    ]
    again = [*back, {"type": "toggleGrid"}]
    assert watching(modules, again, "state.selection.ranges", ranges=[[0, 99]], labels=labels)[-1] == [25, 25]


def test_what_a_label_takes_out_of_the_filter_stays_until_it_is_filtered_anew(modules: Page) -> None:
    labelled = [{"frame_set_id": number, "annotations": {**ANNOTATIONS, "context": "battle"}} for number in (2, 3)]
    actions: list[dict[str, Any]] = [
        {"type": "filterSets", "status": "unlabelled"},
        {"type": "toggleGrid"},
        {"type": "labels", "session": "s", "labels": labelled},
    ]
    wanted = "[grid.gridSets(state), grid.outdatedCount(state), filter.filteredSets(state)]"
    assert watching(modules, actions, wanted, ranges=[[0, 9]]) == [[[0, 9]], 2, [[0, 1], [4, 9]]]
    actions.append({"type": "refreshGrid"})
    assert watching(modules, actions, wanted, ranges=[[0, 9]])[:2] == [[[0, 1], [4, 9]], 0]


ANNOTATIONS = {
    "context": "",
    "scene": "",
    "tags": [],
    "description": "",
    "action": "",
    "intent": "",
    "outcome": "",
    "complete": False,
}


def test_new_sets_come_behind_those_that_are_in_the_grid(modules: Page) -> None:
    summary = {"frame_set_id": 10, "whole": True, "flaws": [], "annotations": None}
    new = {"type": "frame_set", "session": "s", "frame_set": summary, "counts": {}, "now": 1}
    assert watching(modules, [{"type": "toggleGrid"}, new], "grid.gridSets(state)", ranges=[[0, 9]]) == [[0, 10]]


def test_a_filter_joins_labels_flaws_and_what_the_daemon_looks_up(modules: Page) -> None:
    labels = {**LABELS, "context": [[0, 6, "battle"]]}
    found = {"type": "lookup", "condition": "button", "key": "s/button/A", "sets": [[3, 5], [8, 9]]}
    actions: list[dict[str, Any]] = [{"type": "filterSets", "field": "context", "value": "battle", "button": "A"}]
    wanted = "filter.filteredSets(state)"
    assert watching(modules, actions, wanted, ranges=[[0, 9]], labels=labels) == []
    assert watching(modules, [*actions, found], wanted, ranges=[[0, 9]], labels=labels) == [[3, 5]]
    actions += [found, {"type": "filterSets", "flawed": True}]
    assert watching(modules, actions, wanted, ranges=[[0, 9]], labels=labels) == [[4, 4]]
    stale = [*actions, {"type": "filterSets", "button": "B"}]
    assert watching(modules, stale, wanted, ranges=[[0, 9]], labels=labels) == []


def test_saved_filters_are_read_back_and_what_is_none_is_left_out(modules: Page) -> None:
    actions: list[dict[str, Any]] = [
        {"type": "filterSets", "status": "unlabelled", "button": "A"},
        {"type": "saveSetFilter", "name": "to do"},
        {"type": "saveSetFilter", "name": "a first"},
        {"type": "saveSetFilter", "name": "to do"},
    ]
    saved = watching(modules, actions, "state.savedFilters", ranges=[[0, 9]])
    assert [one["name"] for one in saved] == ["a first", "to do"]
    text = json.dumps([*saved, {"name": 3, "filter": {}}, {"name": "x", "filter": {"status": 5}}, None, {"name": "y"}])
    assert call(modules, "set_filter", "m.parseFilters(a)", text) == saved
    assert call(modules, "set_filter", "[m.parseFilters(null), m.parseFilters('{')]") == [[], []]
