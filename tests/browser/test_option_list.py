"""The palette of a field's values, and the question before large edits: pure state, and the page."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.page_modules import call
from tests.browser.test_live_page import wait_for_set
from tests.browser.test_state import labelled, press, reduced, session, welcome
from tests.fakes.bus_daemon import FakeDaemon, make_frame_set

OPTIONS = [
    {"value": "menu", "label": "Access menu", "key": "m"},
    {"value": "won", "label": "Won", "key": "1"},
    {"value": "overworld_storyline", "label": "Overworld, storyline"},
    {"value": "overworld", "label": "Overworld", "key": "o"},
]


def on_list(modules: Page, **parts: Any) -> dict[str, Any]:
    """State of a page with an open list of these options."""
    label_options = {"options": {"outcome": OPTIONS}, "semantics": [], "problems": []}
    state = {**call(modules, "reducer", "m.initialState({ now: 0 })"), "optionList": "outcome", "selected": 0}
    return {**state, "watched": {**labelled(), "labelOptions": label_options}, **parts}


@pytest.mark.parametrize(
    ("event", "chosen"),
    [
        (press("1", "Digit1"), ("won", None)),
        (press("!", "Digit1", "shift"), ("won", "latch")),
        (press("1", "Digit1", "shift"), ("won", None)),  # French: Shift only makes the digit
        (press("&", "Digit1"), ("won", None)),
        (press("1", "Numpad1"), ("won", None)),
        (press("o", "KeyO", "alt"), ("overworld", None)),
        (press("O", "KeyO", "alt", "shift"), ("overworld", "latch")),
        (press("ø", "KeyO", "alt"), ("overworld", None)),  # Option on a Mac
        (press("щ", "KeyO", "alt"), ("overworld", None)),  # Russian
        (press("o", "KeyO"), None),
        (press("m", "KeyM"), None),
        (press("z", "KeyZ", "ctrl"), None),
        (press("Enter", "Enter"), None),
        (press("Delete", "Delete"), ("", None)),
        (press("Backspace", "Backspace"), None),
    ],
)
def test_one_press_takes_a_value_by_a_digit_or_by_alt_and_a_letter(
    modules: Page, event: dict[str, Any], chosen: tuple[str, str | None] | None
) -> None:
    action = call(modules, "option_list", "m.listAction(a, b, '') ?? { type: 'none' }", event, on_list(modules))
    given = (action["labels"]["outcome"], action.get("scope")) if action["type"] == "applyLabels" else None
    assert given == chosen


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", ["menu", "won", "overworld_storyline", "overworld"]),
        ("overw", ["overworld_storyline", "overworld", "+overw"]),
        ("OVERWORLD ", ["overworld", "overworld_storyline"]),
        ("overworld_story", ["overworld_storyline", "+overworld_story"]),
        ("me", ["menu", "+me"]),
        ("1", ["+1"]),
    ],
)
def test_typing_filters_with_the_best_match_first_and_a_new_value_as_the_last_row(
    modules: Page, text: str, rows: list[str]
) -> None:
    shown = "m.matchingRows(a, b).map((row) => (row.isNew ? '+' : '') + row.value)"
    assert call(modules, "option_list", shown, OPTIONS, text) == rows


def test_enter_takes_the_first_match_until_the_arrows_mark_another_row(modules: Page) -> None:
    def pressed(key: str, **parts: Any) -> Any:
        return call(modules, "option_list", "m.listAction(a, b, '')", press(key, key), on_list(modules, **parts))

    assert pressed("Enter", optionText="overw")["labels"] == {"outcome": "overworld_storyline"}
    assert pressed("ArrowDown", optionText="overw") == {"type": "optionMark", "value": "overworld"}
    assert pressed("ArrowUp", optionText="overw") == {"type": "optionMark", "value": "overw"}
    assert pressed("Enter", optionText="overw", optionMark="overw")["labels"] == {"outcome": "overw"}
    assert [pressed(key)["value"] for key in ("ArrowDown", "ArrowUp")] == ["menu", "overworld"]
    typed = reduced(modules, welcome(session("a")), labelled(), {"type": "optionList", "field": "context"})
    typed = {**typed, "optionMark": "menu"}
    after = call(modules, "reducer", "m.reduce(a, { type: 'optionText', text: 'o' })", typed)
    assert (after["optionText"], after["optionMark"]) == ("o", None)


def test_values_chosen_last_and_those_of_the_session_come_first(modules: Page) -> None:
    used = labelled(outcome=[[0, 3, "overworld"], [5, 6, "home made"]])["labels"]
    state = on_list(modules, recentValues={"outcome": ["won"]})
    state["watched"]["labels"] = used
    listed = call(modules, "option_list", "m.listedOptions(a, 'outcome', '').map(({ value }) => value)", state)
    assert listed == ["won", "overworld", "home made", "menu", "overworld_storyline"]
    chosen = {"type": "labelsApplied", "labels": {"outcome": "menu"}}
    recent = call(modules, "reducer", "m.reduce(a, b).recentValues.outcome", state, chosen)
    assert recent == ["menu", "won"]


def long_session(modules: Page, **fields: Any) -> dict[str, Any]:
    """State of a session of 5,000 sets with these runs, the first run of `context` selected."""
    body = {**labelled(**fields), "ranges": [[0, 4999]]}
    last = fields["context"][0][1]
    run = {"type": "range", "field": "context", "first": 0, "last": last}
    state: dict[str, Any] = reduced(modules, welcome(session("a")), body, {"type": "select", "set": 4900}, run)
    return state


@pytest.mark.parametrize(
    ("runs", "action", "question"),
    [
        ([[0, 9, "battle"], [10, 20, "shop"]], "merge", None),
        (
            [[0, 9, "battle"], [12, 20, "shop"]],
            "merge",
            "11 sets get “battle”: 2 of them have no label now, 9 have another.",
        ),
        (
            [[0, 9, "battle"], [10, 1100, "shop"]],
            "merge",
            "1,091 sets get “battle”: 1,091 have another.",
        ),
        ([[0, 9, "battle"]], "merge", None),
        ([[0, 2802, "battle"]], "clearRun", "2,803 sets lose their label in Context."),
        ([[0, 9, "battle"]], "clearRun", None),
        ([[0, 9, "battle"]], {"type": "moveEnd", "end": 1}, "4,891 sets get this label."),
        ([[0, 2802, "battle"]], "toggleComplete", "2,803 sets are marked as complete."),
        ([[0, 2802, "battle"]], "completeAndNext", "2,803 sets are marked as complete."),
        (
            [[0, 2802, "battle"]],
            {"type": "applyLabels", "labels": {"action": "run"}},
            "2,803 sets get “run” in Action.",
        ),
        ([[0, 2802, "battle"]], {"type": "applyLabels", "labels": {"action": "run"}, "scope": "latch"}, None),
        ([[0, 2802, "battle"]], {"type": "merge", "agreed": True}, None),
    ],
)
def test_a_key_that_changes_many_sets_asks_with_their_number(
    modules: Page, runs: list[list[Any]], action: str | dict[str, Any], question: str | None
) -> None:
    state = long_session(modules, context=runs)
    wanted = action if isinstance(action, dict) else {"type": action}
    assert call(modules, "large_edits", "m.questionOf(a, b)?.text ?? null", state, wanted) == question


def test_to_split_a_run_opens_no_list(modules: Page) -> None:
    state = long_session(modules, context=[[0, 4999, "battle"]])
    state = call(modules, "reducer", "m.reduce(a, { type: 'split' })", state)
    assert (state["optionList"], state["selection"]["ranges"]) == (None, [[4900, 4999]])
    assert "set 4,900 on" in state["notice"]


def test_a_large_job_says_how_far_it_is_and_what_comes_after_it(modules: Page) -> None:
    def words(*steps: dict[str, Any], connected: bool = True) -> Any:
        state = reduced(modules, *({"type": "outbox", "commands": []}, *steps))
        return call(modules, "saving", "m.waitingInWords(a.outbox, b)", state, connected)

    label = {"command": "label", "body": {"command_id": "x", "ranges": [[0, 2809]]}}
    sent = {"type": "outbox", "commands": [label]}
    with_undo = {"type": "outbox", "commands": [label, {"command": "undo", "body": {"command_id": "y"}}]}
    saved = {"type": "labels", "session": "a", "labels": [], "command_id": "x", "saved": 1550, "of": 2803}
    assert words(sent) == "Saving 0 of 2,810."
    assert words(sent, saved) == "Saving 1,550 of 2,803."
    assert words(sent, {**saved, "command_id": "z"}) == "Saving 0 of 2,810."
    assert words(sent, saved, with_undo) == "Saving 1,550 of 2,803, then undo."
    assert words(sent, saved, {"type": "outbox", "commands": with_undo["commands"][1:]}) == "Saving."
    kept = "2 labels are not saved yet. They are kept here and sent again."
    assert words(with_undo, connected=False) == kept


def test_values_are_merged_where_they_are_and_one_that_is_retired_is_no_longer_listed(modules: Page) -> None:
    state = long_session(
        modules, context=[[0, 9, "overw"], [20, 29, "overw"]], tags=[[0, 1, ["a", "b"]], [2, 3, ["a"]]]
    )

    def merged(field: str, source: str, text: str) -> Any:
        action = {"field": field, "from": source, "text": text}
        commands = call(modules, "label_set", "m.mergeCommands(a, b)", state, action)
        return [(one["command"], {k: v for k, v in one["body"].items() if k != "session"}) for one in commands]

    label = {"ranges": [[0, 9], [20, 29]], "where": {"context": "overw"}, "labels": {"context": "over"}}
    assert merged("context", "overw", " over ") == [("label", label)]
    assert merged("context", "overw", "OVERW") == []
    tags = {"where": {"tags": ["a"]}, "labels": {}, "remove_tags": ["a"], "add_tags": ["b"]}
    assert merged("tags", "a", "B") == [("label", {"ranges": [[0, 3]], **tags})]
    options: list[dict[str, Any]] = [
        {"value": "overw", "label": "Overw", "retired": True},
        {"value": "overworld", "label": "Overworld"},
    ]
    state["watched"]["labelOptions"] = {"options": {"context": options}, "semantics": [], "problems": []}
    listed = call(modules, "option_list", "m.listedOptions(a, 'context', '').map(({ value }) => value)", state)
    assert listed == ["overworld"]
    rows = call(modules, "label_set", "m.valueRows(a.watched, 'context').map((row) => [row.value, row.sets])", state)
    assert rows == [["overworld", 0], ["overw", 20]]
    looks = call(
        modules,
        "lanes",
        "m.looksOf({ ...a.watched, labelOptions: b }, 'context').get('overw')",
        state,
        {"options": {"context": [{**options[0], "colour": "#b03838"}]}},
    )
    assert looks == {"fill": "#b03838", "ink": "#ffffff", "stripes": False}


def test_the_description_is_in_sight_while_a_run_is_selected(daemon: FakeDaemon, open_page: OpenPage) -> None:
    session = daemon.open_session("meadow")
    for number in range(10):
        session.record(make_frame_set(number))
        session.folder.annotations(number).write_text('{"context": "battle"}', "utf-8")
    page = open_page()
    wait_for_set(page, 9)
    expect(page.locator(".field[data-field=context]")).to_contain_text("Battle")
    page.keyboard.press("r")
    expect(page.locator(".run-actions")).to_be_visible()
    overlap = "document.querySelector('.command-status').getBoundingClientRect().top"
    description = "document.getElementById('description').getBoundingClientRect().bottom"
    assert page.evaluate(f"{description} <= {overlap}")


def test_no_key_reaches_the_page_behind_the_palette(daemon: FakeDaemon, open_page: OpenPage) -> None:
    daemon.open_session("meadow").play(30)
    page = open_page()
    wait_for_set(page, 29)
    # All within one frame: what is typed while a list opens counts.
    page.keyboard.press("c")
    page.keyboard.type("dialogue")
    field = page.locator("#option-list-text")
    expect(field).to_have_value("dialogue")
    expect(page.locator(".option[data-marked]")).to_have_text("DialogueAlt D")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("0")
    expect(field).to_have_value("dialogue0")
    expect(page.locator(".option[data-marked]")).to_have_text("Create “dialogue0”")
    expect(page.locator(".place b")).to_have_text("29")
    page.keyboard.press("Control+z")
    page.keyboard.press("Escape")
    expect(page.locator(".option-list")).to_have_count(0)
    expect(page.get_by_role("region", name="Statistics")).to_have_count(0)
    expect(page.locator(".field[data-field=context]")).to_contain_text("–")
