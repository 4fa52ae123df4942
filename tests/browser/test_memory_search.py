"""The search of the memory workspace, with a page server that answers what a test gives it."""

import json
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.waiting import eventually
from tests.fakes.bus_daemon import FakeDaemon

CURVE = {"numbers": [0], "values": [1]}
CANDIDATES = [
    {"address": 0x03000010 + 4 * place, "type": "u16", "also": [], "value": place, "changes": place, "curve": CURVE}
    for place in range(300)
]


def open_search(daemon: FakeDaemon, open_page: OpenPage, asked: list[Any]) -> Page:
    """Open the search of a session of 40 sets; what the page asks for is gathered."""
    daemon.open_session("meadow", state="ended").play(40)

    def answer(route: Route) -> None:
        asked.append(json.loads(route.request.post_data or ""))
        filters = [{"passes": 1000 + at, "unknown": at} for at, _ in enumerate(asked[-1]["where"])]
        counts = {"addresses": 300, "left": 400, "unknown": 2, "left_out": 1200}
        body = {**counts, "filters": filters, "candidates": CANDIDATES, "hint": ""}
        route.fulfill(json=body)

    page = open_page("/#meadow/20")
    page.route("**/memory/search", answer)
    page.route("**/memory/searches", lambda route: route.fulfill(json={"searches": []}))
    page.route("**/memory/image?*", lambda route: route.fulfill(status=404, json={"error": "No memory."}))
    page.route("**/names", lambda route: route.fulfill(json={"names": []}))
    page.wait_for_selector(".screen canvas[data-set='20']")
    page.keyboard.press(";")
    return page


def test_filters_are_added_switched_moved_edited_and_removed_by_key(daemon: FakeDaemon, open_page: OpenPage) -> None:
    asked: list[Any] = []
    page = open_search(daemon, open_page, asked)
    page.keyboard.type("23")
    page.keyboard.press("Enter")
    chips = page.locator(".filter-chip")
    expect(chips).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("<")
    expect(chips.nth(1)).to_contain_text("From set 19 to 20 it fell")
    expect(chips.nth(1)).to_contain_text("1,001 alone, 1 unknown")
    expect(page.locator(".left")).to_contain_text("300")
    expect(page.locator(".left")).to_contain_text("1,200 changes left out")

    chips.nth(1).locator(".chip-toggle").focus()
    page.keyboard.press("Space")
    expect(chips.nth(1)).to_contain_text("off")
    page.keyboard.press("Alt+ArrowUp")
    expect(chips.first).to_contain_text("it fell")
    page.keyboard.press("F2")
    page.keyboard.type("fell 3..9")
    page.keyboard.press("Enter")
    expect(chips.first).to_contain_text("From set 3 to 9 it fell")
    expect(chips.first.locator(".chip-toggle")).to_be_focused()
    page.keyboard.press("Delete")
    expect(chips).to_have_count(1)
    eventually(page, lambda: asked[-1]["where"], [{"filter": "= 23 @ 20", "on": True}])


def test_what_is_typed_at_once_after_f2_goes_into_the_filter(daemon: FakeDaemon, open_page: OpenPage) -> None:
    page = open_search(daemon, open_page, [])
    page.keyboard.type("23")
    page.keyboard.press("Enter")
    chip = page.locator(".filter-chip")
    expect(chip).to_contain_text("At set 20 it is 23")
    chip.locator(".chip-toggle").focus()
    page.evaluate("() => { window.requestAnimationFrame = () => 0; }")
    page.keyboard.press("F2")
    page.keyboard.type("fell 3..9")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift")
    expect(chip).to_contain_text("From set 3 to 9 it fell")


def test_a_chip_is_dragged_to_another_place(daemon: FakeDaemon, open_page: OpenPage) -> None:
    page = open_search(daemon, open_page, [])
    for number in ("1", "2", "3"):
        page.locator("#search-number").fill(number)
        page.keyboard.press("Enter")
    chips = page.locator(".filter-chip")
    expect(chips).to_have_count(3)
    chips.nth(2).drag_to(chips.nth(0))
    expect(chips.locator(".chip-toggle")).to_have_text([f"At set 20 it is {number}" for number in (3, 1, 2)])


def test_candidates_are_moved_through_kept_and_left_out_by_key(daemon: FakeDaemon, open_page: OpenPage) -> None:
    asked: list[Any] = []
    page = open_search(daemon, open_page, asked)
    page.keyboard.type("23")
    page.keyboard.press("Enter")
    rows = page.locator("#candidates .grid-row")
    expect(rows.first).to_be_visible()
    assert rows.count() < 60, "the table is virtual"
    page.locator("#candidates").focus()
    page.keyboard.press("End")
    expect(page.locator("#candidates [aria-selected=true]")).to_contain_text("030004BC")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    page.keyboard.press("k")
    expect(page.get_by_role("button", name="Show all again")).to_be_visible()
    eventually(page, lambda: (asked[-1]["excluded"], len(asked[-1]["ranges"])), (["03000014"], 1))


def test_what_is_typed_behind_a_key_goes_into_its_field_from_any_view(daemon: FakeDaemon, open_page: OpenPage) -> None:
    page = open_search(daemon, open_page, [])
    page.keyboard.press("Escape")
    for key, field in (
        ("@", "memory-address"),
        (";", "search-number"),
        ("/", "changes-filter"),
        (";", "search-number"),
    ):
        page.keyboard.press(key)
        page.keyboard.type("1")
        expect(page.locator(f"#{field}")).to_have_value("1")
        expect(page.locator(f"#{field}")).to_be_focused()
        page.keyboard.press("Escape")


def test_a_click_elsewhere_ends_the_wait_for_a_field(daemon: FakeDaemon, open_page: OpenPage) -> None:
    page = open_search(daemon, open_page, [])
    expect(page.locator("#search-number")).to_be_focused()
    page.evaluate("""async () => {
        const { focusWhenHere } = await import("/static/components/typed_ahead.js");
        focusWhenHere("field-of-a-view-that-never-came");
    }""")
    page.get_by_role("tab", name="Map").click()
    page.keyboard.press("'")
    expect(page.get_by_role("tab", name="Search")).to_have_attribute("aria-selected", "true")


def test_keys_of_the_search_open_it_from_any_view(daemon: FakeDaemon, open_page: OpenPage) -> None:
    page = open_search(daemon, open_page, [])
    search = page.get_by_role("tab", name="Search")
    for key in ("'", "<", "!"):
        page.get_by_role("tab", name="Map").click()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press(key)
        expect(search).to_have_attribute("aria-selected", "true")
    expect(page.locator(".filter-chip")).to_have_count(2)


def test_keys_act_on_the_row_that_the_key_before_them_chose(daemon: FakeDaemon, open_page: OpenPage) -> None:
    asked: list[Any] = []
    page = open_search(daemon, open_page, asked)
    page.keyboard.type("23")
    page.keyboard.press("Enter")
    expect(page.locator("#candidates .grid-row").first).to_be_visible()
    page.evaluate("""() => {
        const grid = document.getElementById("candidates");
        for (const key of ["End", "Home", "ArrowDown", "x"])
            grid.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    }""")
    eventually(page, lambda: asked[-1]["excluded"], ["03000014"])
