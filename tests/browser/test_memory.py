"""The memory views in a browser, with answers about memory that the tests make."""

import json
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_live_page import wait_for_set
from tests.browser.waiting import eventually
from tests.fakes.bus_daemon import FakeDaemon, make_frame_set

IWRAM = 0x0300_0000
SIZE = 0x8000
RETRY_S, LIVE_S = 3, 2
"""Seconds after which the page asks again for memory: that could not be fetched, and that goes on."""

HP = {"name": "hp", "address": IWRAM + 0x104, "type": "u16", "status": "certain", "layer": "own", "watched": True}
FLAGS = {"name": "flags", "address": IWRAM + 0x204, "type": "u8", "status": "guess", "layer": "own"}


class MemoryAnswers:
    """Answers of the memory and name routes, and what was asked.

    Every byte of memory holds the number of the frame set; word 3 is not known; word 2 changed in the last one.

    Args:
        page: whose requests are answered.
        names: of the book, changed as the page asks for it.
        with_changes: memory also holds what the frame set changed, as a daemon's does.
    """

    def __init__(self, page: Page, names: list[dict[str, Any]] | None = None, with_changes: bool = False) -> None:
        self.names = names or []
        self._with_changes = with_changes
        self.holding = False
        self.held: list[Route] = []
        self.asked: list[str] = []
        self.given: list[dict[str, Any]] = []
        self.refusal = ""
        page.route(re.compile(r"/api/sessions/[^/]+/(memory/|names)"), self._answer)

    def images(self) -> list[int]:
        """The frame sets whose memory was asked for."""
        return [int(parse_qs(urlparse(url).query)["at"][0]) for url in self.asked if "/memory/image" in url]

    def release(self) -> None:
        """Answer the requests for images that are held."""
        for route in self.held:
            number = int(parse_qs(urlparse(route.request.url).query)["at"][0])
            route.fulfill(body=_image(number, self._with_changes), content_type="application/octet-stream")
        self.held.clear()

    def _answer(self, route: Route) -> None:
        url = urlparse(route.request.url)
        self.asked.append(route.request.url)
        if self.refusal:
            route.fulfill(status=503, json={"error": self.refusal})
        elif url.path.endswith("/image"):
            self.held.append(route)
            if not self.holding:
                self.release()
        elif url.path.endswith("/values"):
            numbers = list(range(0, 400, 10))
            route.fulfill(json={"numbers": numbers, "values": numbers, "total": len(numbers)})
        elif url.path.endswith("/changes"):
            sets = [[number, number] for number in range(10, 400, 10)]
            route.fulfill(json={"rows": [], "total": len(sets), "next": None, "sets": sets})
        elif url.path.endswith(("/searches", "/queries")):
            route.fulfill(json={"searches": [], "queries": []})
        else:
            self._names(route)

    def _names(self, route: Route) -> None:
        if route.request.method == "POST":
            given = json.loads(route.request.post_data or "")
            self.given.append(given)
            known = next((name for name in self.names if name["name"] == given["name"]), None)
            if known is None:
                self.names.append({"status": "guess", "layer": "own", **given})
            else:
                known.update(given)
        route.fulfill(json={"names": self.names})


def _image(number: int, with_changes: bool) -> bytes:
    memory, known = np.full(SIZE, number % 256, np.uint8), np.ones(SIZE, np.bool_)
    ages = np.full(SIZE // 4, 255, np.uint8)
    known[12:16], ages[2] = False, 0
    for scan in make_frame_set(number).changes if with_changes else ():
        if scan.region == "iwram":
            for address, value in zip(scan.addresses.tolist(), scan.current.tolist(), strict=True):
                memory[address - IWRAM : address - IWRAM + 4] = np.frombuffer(value.to_bytes(4, "little"), np.uint8)
    return memory.tobytes() + np.packbits(known, bitorder="little").tobytes() + ages.tobytes()


OpenMemory = Callable[..., tuple[Page, MemoryAnswers]]


@pytest.fixture
def recorded(daemon: FakeDaemon) -> None:
    session = daemon.open_session("meadow", state="ended")
    for number in range(120):
        session.record(make_frame_set(number))


@pytest.fixture
def open_memory(recorded: None, open_page: OpenPage) -> OpenMemory:
    """Open the page at the last of 120 frame sets, with a memory view."""

    def open_memory(view: str, size: tuple[int, int] = (1280, 720), **answers: Any) -> tuple[Page, MemoryAnswers]:
        page = open_page(width=size[0], height=size[1])
        given = MemoryAnswers(page, **answers)
        wait_for_set(page, 119)
        page.get_by_role("tab", name=view).click()
        return page, given

    return open_memory


def cell(page: Page, position: int) -> Any:
    return page.locator(f"#hex-{position}")


def test_the_map_shows_a_place_magnified_and_leads_to_it_in_hex(open_memory: OpenMemory) -> None:
    page, _ = open_memory("Map", names=[HP])
    overview = page.locator(".map-canvases").first
    page.wait_for_selector(".map-words[data-set='119']")
    overview.hover(position={"x": 0.5, "y": 0.5})
    expect(page.locator(".readout")).to_contain_text("03000000")
    overview.click(position={"x": 0.5, "y": 0.5})
    detail = page.locator(".map-canvases").nth(1)
    box = detail.bounding_box()
    assert box is not None
    word = box["width"] / 64
    detail.hover(position={"x": 1.5 * word, "y": 1.5 * word})
    expect(page.locator(".readout b")).to_have_text(["03000104", "hp", "30583"])
    detail.click(position={"x": 1.5 * word, "y": 1.5 * word})
    expect(cell(page, 0x104)).to_have_attribute("aria-selected", "true")
    expect(page.locator("#memory-address")).to_have_value("03000104")


def test_the_map_by_keyboard(open_memory: OpenMemory) -> None:
    page, _ = open_memory("Map")
    page.wait_for_selector(".map-words[data-set='119']")
    page.locator(".memory-map").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    readout = page.locator(".readout b").first
    expect(readout).to_have_text(f"{IWRAM + 4:08X}")
    page.keyboard.press("ArrowRight")
    expect(readout).to_have_text(f"{IWRAM + 8:08X}")
    expect(page.locator(".place b")).to_have_text("119")
    page.keyboard.press("Enter")
    expect(cell(page, 8)).to_have_attribute("aria-selected", "true")


def test_hex_shows_what_is_known_what_changed_and_what_has_a_name(open_memory: OpenMemory) -> None:
    page, _ = open_memory("Hex", names=[HP])
    expect(cell(page, 0)).to_have_text("77")
    expect(cell(page, 12)).to_have_text("??")
    assert cell(page, 8).get_attribute("data-lit") in {"now", "lately"}
    assert cell(page, 0).get_attribute("data-lit") is None
    page.keyboard.press("@")
    page.keyboard.type("hp")
    page.keyboard.press("Enter")
    expect(cell(page, 0x104)).to_have_attribute("aria-selected", "true")
    expect(page.locator(".hex-names", has_text="hp")).to_be_visible()
    expect(page.locator(".every-type")).to_contain_text("u16 30583")
    page.get_by_label("Value type").select_option("u16")
    expect(cell(page, 0x104)).to_have_text("7777")
    page.get_by_role("button", name="Hex", exact=True).click()
    expect(cell(page, 0x104)).to_have_text("30583")


def test_hex_by_keyboard_leaves_the_film_strip_where_it_is(open_memory: OpenMemory) -> None:
    page, _ = open_memory("Hex", size=(1270, 720))  # One panel, with room for 16 bytes in a row.
    expect(cell(page, 0)).to_be_visible()
    page.keyboard.press("@")
    page.keyboard.type("iwram+40")
    page.keyboard.press("Enter")
    grid = page.get_by_role("grid")
    grid.focus()
    for key, position in (
        ("ArrowRight", 0x41),
        ("ArrowDown", 0x51),
        ("Home", 0x50),
        ("End", 0x5F),
        ("ArrowUp", 0x4F),
        ("Control+End", SIZE - 1),
        ("ArrowRight", SIZE - 1),
        ("Control+Home", 0),
    ):
        page.keyboard.press(key)
        expect(cell(page, position)).to_have_attribute("aria-selected", "true")
        expect(cell(page, position)).to_be_in_viewport()
        expect(grid).to_have_attribute("aria-activedescendant", f"hex-{position}")
    expect(page.locator(".place b")).to_have_text("119")
    assert page.locator(".hex-row").count() < 40


def test_an_address_that_is_none_is_marked_and_goes_nowhere(open_memory: OpenMemory) -> None:
    page, _ = open_memory("Hex")
    field = page.locator("#memory-address")
    field.fill("08000000")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.press("Enter")
    expect(page.locator(".hex-cell[aria-selected=true]")).to_have_count(0)
    field.press("Escape")
    expect(field).to_have_value("")


def test_scrubbing_asks_for_one_memory_at_a_time_and_then_for_that_of_the_set_it_has_come_to(
    open_memory: OpenMemory,
) -> None:
    page, answers = open_memory("Hex")
    expect(cell(page, 0)).to_have_text("77")
    answers.holding = True
    for _ in range(60):
        page.keyboard.press("ArrowLeft")
    expect(page.locator(".place b")).to_have_text("59")
    expect(page.locator(".memory-status")).to_have_attribute("data-loading", "")
    eventually(page, answers.images, [119, 118])
    answers.holding = False
    answers.release()
    expect(cell(page, 0)).to_have_text("3B")
    expect(page.locator(".memory-status")).to_have_text("After set 59")
    assert answers.images() == [119, 118, 59]


def test_memory_that_comes_late_is_shown_until_that_of_the_current_set_is_here(open_memory: OpenMemory) -> None:
    page, answers = open_memory("Hex")
    status = page.locator(".memory-status")
    expect(status).to_have_text("After set 119")
    before = len(answers.images())
    answers.holding = True
    for _ in range(60):
        page.keyboard.press("ArrowLeft")
    expect(status).to_have_attribute("title", "Loading set 59")
    eventually(page, lambda: answers.images()[before:], [118])
    expect(status).to_have_text("After set 119")
    expect(cell(page, 0)).to_have_text("77")
    answers.release()
    expect(status).to_have_text("After set 118")
    expect(status).to_have_attribute("title", "Loading set 59")
    expect(cell(page, 0)).to_have_text("76")


def test_a_name_that_is_gone_to_brings_its_type(open_memory: OpenMemory) -> None:
    page, answers = open_memory("History", names=[HP])
    eventually(page, lambda: any("/names" in url for url in answers.asked), True)
    page.fill("#memory-address", str(HP["name"]))
    page.keyboard.press("Enter")
    expect(page.locator("#memory-address")).to_have_value(f"{HP['address']:08X}")
    expect(page.get_by_label("Value type")).to_have_value(str(HP["type"]))


def test_memory_that_cannot_be_fetched_is_one_sentence_and_comes_by_itself_later(open_memory: OpenMemory) -> None:
    page, answers = open_memory("Hex")
    expect(cell(page, 0)).to_have_text("77")
    answers.refusal = "The daemon is not running."
    page.keyboard.press("Home")
    expect(page.locator(".memory-problem")).to_have_text("The daemon is not running.")
    expect(page.locator(".memory-status")).to_have_attribute("title", "Loading set 0")
    refused, since = len(answers.images()), time.monotonic()
    page.wait_for_timeout(500)
    assert len(answers.images()) - refused <= 1 + (time.monotonic() - since) / RETRY_S
    answers.refusal = ""
    expect(page.locator(".memory-status")).to_have_text("After set 0")
    expect(page.locator(".memory-problem")).to_have_count(0)


def test_watched_values_have_curves_whose_steps_lead_to_their_sets(open_memory: OpenMemory) -> None:
    page, _ = open_memory("Watch", size=(1400, 720), names=[HP])
    row = page.locator(".watch-row")
    expect(row.locator(".watch-now")).to_have_text("30583")
    expect(row.get_by_role("img", name="hp from set 0 to 119: 11 changes, 0 to 110")).to_be_visible()
    over = row.locator(".u-over")
    box = over.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 50 / 120 + 3, box["y"] + 10)
    expect(page.locator(".place b")).to_have_text("50")
    expect(row.locator(".watch-now")).to_have_text(str(50 * 257))
    row.get_by_role("button", name="Next change of hp").click()
    expect(page.locator(".place b")).to_have_text("60")
    row.get_by_role("button", name="Previous change of hp").click()
    expect(page.locator(".place b")).to_have_text("50")


def test_in_a_tall_window_watched_values_have_lanes_on_the_film_strips_own_axis(open_memory: OpenMemory) -> None:
    page, _ = open_memory("Watch", size=(1280, 1000), names=[HP])
    lane = page.locator(".watch-lane")
    expect(lane.locator(".lane-name")).to_have_text("hp 30583")
    place, strip = lane.locator(".u-over").bounding_box(), page.locator(".strip-view").bounding_box()
    assert place is not None
    assert strip is not None
    assert (place["x"], place["width"]) == pytest.approx((strip["x"], strip["width"]))
    cell_box = page.locator(".film-cell[data-set='48']").bounding_box()
    assert cell_box is not None
    page.mouse.click(cell_box["x"] + 2.5 * 124 / 12, place["y"] + 15)
    expect(page.locator(".place b")).to_have_text("50")
    page.get_by_role("tab", name="Map").click()
    lane.get_by_role("radio", name="hp").click()
    lane.get_by_role("button", name="Next change of hp").click()
    expect(page.locator(".place b")).to_have_text("60")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".place b")).to_have_text("50")


def test_names_are_watched_given_an_alarm_and_watched_no_longer(open_memory: OpenMemory) -> None:
    page, answers = open_memory("Watch", names=[dict(FLAGS)])
    expect(page.get_by_text("Nothing is watched yet.")).to_be_visible()
    page.fill("#watch-name", "flags")
    expect(page.get_by_role("button", name="Watch", exact=True)).to_be_enabled()
    page.keyboard.press("Enter")
    row = page.locator(".watch-row")
    expect(row.locator(".watch-now")).to_have_text("119")
    row.get_by_label("Alarm").fill("= 0 then label outcome=lost")
    page.keyboard.press("Enter")
    eventually(page, lambda: len(answers.given), 2)
    assert answers.given[1]["alarm"] == "= 0 then label outcome=lost"
    assert answers.given[1]["name"] == "flags"
    row.get_by_label("Alarm").fill("= 1")
    page.keyboard.press("Escape")
    expect(row.get_by_label("Alarm")).to_have_value("= 0 then label outcome=lost")
    row.get_by_role("button", name="Watch flags no longer").click()
    expect(row).to_have_count(0)
    eventually(page, lambda: [given.get("watched") for given in answers.given], [True, None, False])


def test_one_key_watches_the_chosen_address(open_memory: OpenMemory) -> None:
    page, answers = open_memory("Hex", names=[dict(FLAGS)])
    expect(cell(page, 0)).to_be_visible()
    page.keyboard.press("F4")
    assert answers.given == []
    cell(page, 0x20).click()
    page.keyboard.press("F4")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Watch it")).to_be_checked()
    dialog.get_by_label("Name", exact=True).fill("keys")
    page.keyboard.press("Enter")
    expect(page.locator(".address-bar [aria-pressed=true]", has_text="Watch")).to_be_visible()
    eventually(page, lambda: len(answers.given), 1)
    assert answers.given[0]["address"] == IWRAM + 0x20
    assert (answers.given[0]["name"], answers.given[0]["watched"]) == ("keys", True)


def test_what_is_typed_before_enter_counts_within_the_same_frame(open_memory: OpenMemory) -> None:
    page, answers = open_memory("Hex", names=[dict(FLAGS)])
    cell(page, 0x20).click()
    page.keyboard.press("F4")
    page.get_by_role("dialog").get_by_label("Name", exact=True).evaluate(
        """(input) => {
            input.value = "keys";
            input.dispatchEvent(new InputEvent("input", { bubbles: true }));
            input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
            input.form.requestSubmit();
        }"""
    )
    expect(page.get_by_role("dialog")).to_have_count(0)
    eventually(page, lambda: [given["name"] for given in answers.given], ["keys"])


def test_values_follow_the_game_between_two_answers(daemon: FakeDaemon, open_page: OpenPage) -> None:
    session = daemon.open_session("meadow")
    session.play(3)
    page = open_page()
    answers = MemoryAnswers(page, names=[HP], with_changes=True)
    wait_for_set(page, 2)
    page.get_by_role("tab", name="Hex").click()
    expect(page.locator(".memory-status")).to_have_text("After set 2")
    since = time.monotonic()
    for number in range(3, 12):
        session.play(1)
        wait_for_set(page, number)
    expect(page.locator(".memory-status")).to_have_text("After set 11")
    last = next(scan for scan in make_frame_set(11).changes if scan.region == "iwram")
    page.fill("#memory-address", f"{last.addresses[0]:08X}")
    page.keyboard.press("Enter")
    page.get_by_label("Value type").select_option("u32")
    shown = cell(page, int(last.addresses[0]) - IWRAM)
    expect(shown).to_have_text(f"{last.current[0]:08X}")
    assert len(answers.images()) <= 2 + (time.monotonic() - since) / LIVE_S, "memory was asked for at each set"


def test_memory_that_came_late_is_carried_on_to_the_sets_that_came_meanwhile(
    daemon: FakeDaemon, open_page: OpenPage
) -> None:
    session = daemon.open_session("meadow")
    session.play(3)
    page = open_page()
    answers = MemoryAnswers(page, with_changes=True)
    wait_for_set(page, 2)
    page.get_by_role("tab", name="Hex").click()
    expect(page.locator(".memory-status")).to_have_text("After set 2")
    page.wait_for_timeout(1000 * LIVE_S)
    answers.holding = True
    for number in range(3, 6):
        session.play(1)
        wait_for_set(page, number)
    eventually(page, lambda: len(answers.held), 1)
    answers.holding = False
    answers.release()
    expect(page.locator(".memory-status")).to_have_text("After set 5")
    page.wait_for_timeout(300)
    assert answers.images()[-1] == 3


@pytest.mark.parametrize("view", ["Map", "Hex", "Watch", "Find", "Review"])
def test_on_a_phone_the_views_are_as_wide_as_it_and_have_room(open_memory: OpenMemory, view: str) -> None:
    page, _ = open_memory(view, size=(390, 844), names=[HP])
    expect(page.locator(".memory")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    if view == "Hex":
        expect(cell(page, 0)).to_have_text("77")
        assert page.locator(".hex-row").count() >= 8


def test_tabs_are_gone_through_by_arrow_and_a_click_leaves_the_arrows_to_the_film_strip(
    open_memory: OpenMemory,
) -> None:
    page, _ = open_memory("Map")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".place b")).to_have_text("118")
    page.get_by_role("tab", name="Map").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Hex")).to_be_focused()
    expect(page.get_by_role("grid")).to_be_visible()
    for _ in range(3):
        page.keyboard.press(".")
    expect(page.get_by_role("tab", name="Watch")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("m")
    expect(page.get_by_role("region", name="Labels")).to_be_visible()
    page.keyboard.press("m")
    expect(page.get_by_role("tab", name="Watch")).to_have_attribute("aria-selected", "true")
