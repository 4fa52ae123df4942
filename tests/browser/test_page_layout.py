"""Layout of the live page: the size of the picture, what stands next to it, the list of sessions."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from protocol.bus.messages import Topic
from protocol.session.annotations import Annotations
from protocol.session.origin import Origin, Parent
from tests.browser.conftest import OpenPage
from tests.browser.page_modules import OWN_CODE, call
from tests.browser.test_live_page import wait_for_picture, wait_for_set
from tests.browser.test_memory import MemoryAnswers
from tests.browser.waiting import eventually
from tests.fakes.bus_daemon import FakeDaemon
from tests.fakes.original_session import make_converter_session


@pytest.mark.parametrize(
    ("window", "factor"),
    [
        ((1920, 1080, 1), 4),
        ((1440, 900, 1), 2),
        ((1280, 720, 1), 2),
        ((1280, 720, 1.5), 2),
        ((2560, 1440, 1), 6),
        ((960, 540, 2), 2),
        ((390, 844, 3), 4 / 3),
        ((320, 568, 1), 1),
    ],
)
def test_the_picture_has_the_largest_factor_that_leaves_room_for_the_rest(
    modules: Page, window: tuple[int, int, float], factor: float
) -> None:
    width, height, ratio = window
    layout = call(modules, "layout", "m.layoutOf(a)", {"width": width, "height": height, "ratio": ratio})
    assert layout["factor"] == pytest.approx(factor)
    assert layout["frame"] >= 240 * factor


def box(element: Locator) -> Any:
    found = element.bounding_box()
    assert found is not None
    return found


def test_the_picture_comes_first_and_memory_and_labels_are_next_to_it(daemon: FakeDaemon, open_page: OpenPage) -> None:
    daemon.open_session("meadow").play(20)
    page = open_page(width=1920, height=1080)
    MemoryAnswers(page)
    wait_for_set(page, 19)
    canvas, strip = page.locator(".screen canvas"), page.locator(".memory-strip")
    for width, height, picture in ((1920, 1080, 960), (1280, 720, 480), (960, 540, 480)):
        page.set_viewport_size({"width": width, "height": height})
        expect(canvas).to_have_css("width", f"{picture}px")
        transport, film = box(page.locator(".transport")), box(page.locator(".strip"))
        assert 0 <= transport["y"] - box(canvas)["y"] - box(canvas)["height"] <= 12, "the buttons are not joined to it"
        assert box(strip)["y"] + box(strip)["height"] <= film["y"]
        expect(page.get_by_role("region", name="Labels")).to_be_visible()
        if width >= 1280:
            expect(page.get_by_role("tabpanel", name="Map")).to_be_visible()
            assert film["y"] + film["height"] <= height
        assert page.evaluate("document.documentElement.scrollWidth") == width

    page.locator(".memory-strip canvas[data-set='19']").wait_for()
    expect(strip).to_contain_text("650 words changed")
    page.locator(".memory-strip-map").click(position={"x": 0, "y": 0})
    expect(page.locator("#memory-address")).to_have_value("03000000")
    expect(page.get_by_role("tabpanel", name="Map")).to_be_visible()


def test_the_list_of_sessions_has_their_names_and_a_deleted_one_leaves_it(
    daemon: FakeDaemon, open_page: OpenPage, tmp_path: Path
) -> None:
    for name in ("evening", "morning"):
        make_converter_session(tmp_path, name)
    metadata = tmp_path / "morning" / "session_metadata.json"
    origin = Origin("mGBA", has_savestate=True, parent=Parent("evening", "0a1b", 2))
    metadata.write_text(json.dumps({**json.loads(metadata.read_bytes()), "origin": origin.as_map()}), "utf-8")
    daemon.open_session("evening", "Metabots Rokusho", state="ended", frame_sets=3, first_set=0, last_set=2)
    page = open_page("/#evening/1")
    wait_for_set(page, 1)
    expect(page.locator("h1")).to_have_text("evening Metabots Rokusho")
    expect(page.get_by_role("navigation", name="Sessions")).to_be_hidden()
    page.keyboard.press("b")
    rail = page.get_by_role("navigation", name="Sessions")
    expect(rail.get_by_role("button", name=re.compile("morning.*Metabots Rokusho"))).to_be_visible()
    expect(rail.locator("[data-session=evening]")).to_be_focused()
    expect(rail.get_by_text("Branch at set 2 of evening")).to_be_visible()
    shutil.rmtree(tmp_path / "evening")
    expect(page.locator("[data-session=evening]")).to_have_count(0)
    expect(page.locator("h1")).to_contain_text("morning")
    page.keyboard.press("Escape")
    expect(rail).to_be_hidden()
    page.goto(f"{page.url.split('#')[0]}#evening/1")
    page.reload()
    expect(page.locator("h1")).to_contain_text("morning")
    expect(page.locator("[data-session=evening]")).to_have_count(0)


def test_the_first_minute_is_a_tour_that_goes_on_with_what_the_person_does(
    daemon: FakeDaemon, open_page: OpenPage
) -> None:
    session = daemon.open_session("meadow")
    session.play(20)
    page = open_page(tour=True)
    MemoryAnswers(page)
    wait_for_set(page, 19)
    card, title = page.get_by_role("complementary", name="First steps"), page.locator(".tour-title")
    expect(title).to_have_text("This is the game as it is recorded")
    expect(card).to_contain_text("←")
    page.keyboard.press("ArrowLeft")
    expect(title).to_have_text("Say what happens here")
    ring, field = box(page.locator(".tour-ring")), box(page.locator(".field[data-field=context]"))
    assert (ring["x"], ring["y"]) == pytest.approx((field["x"] - 4, field["y"] - 4), abs=1)
    sets = [{"frame_set_id": 18, "annotations": Annotations(context="battle").as_map()}]
    daemon.publish(Topic.LABELS, "meadow", {"session": "meadow", "labels": sets})
    expect(title).to_have_text("Nothing is final")
    card.get_by_role("button", name="Next").click()
    expect(title).to_have_text("Label a whole battle at once")
    lanes = box(page.locator(".lanes canvas"))
    page.mouse.move(lanes["x"] + 20, lanes["y"] + 11)
    page.mouse.down()
    page.mouse.move(lanes["x"] + 100, lanes["y"] + 11, steps=4)
    page.mouse.up()
    expect(page.get_by_role("dialog", name="Context")).to_be_visible()
    expect(title).to_have_text("Label a whole battle at once")
    run = [{"frame_set_id": number, "annotations": Annotations(context="battle").as_map()} for number in range(20)]
    daemon.publish(Topic.LABELS, "meadow", {"session": "meadow", "labels": run})
    expect(title).to_have_text("This is the game's memory")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Context")).to_have_count(0)
    page.locator(".memory-strip-map").click()
    expect(title).to_have_text("Back to the end")
    page.keyboard.press("l")
    expect(card).to_have_count(0)
    page.goto("about:blank")
    page.go_back()
    wait_for_set(page, 19)
    expect(card).to_have_count(0)
    page.keyboard.press("?")
    page.get_by_role("button", name="Show me the first steps").click()
    expect(title).to_have_text("This is the game as it is recorded")
    card.get_by_role("button", name="Skip all").click()
    expect(card).to_have_count(0)


MAX_FIRST_CODE = 200_000
"""Bytes of our own JavaScript and CSS, with their comments, that the page asks for before its first picture."""

NEVER_IDLE = "window.requestIdleCallback = (done) => { window.whenIdle = done; };"

PATIENT = """const { setTimeout } = window;
    window.setTimeout = (done, ms, ...rest) => setTimeout(done, ms > 2000 ? 60_000 : ms, ...rest);"""
"""A browser in which nothing but the first picture lets the rest of the page come: a busy machine may draw it late."""

PRESS = """(keys) => keys.filter((key) =>
    !document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })))"""
"""Script: press keys, and return those that the page has kept from the browser."""


def test_the_first_picture_comes_first_and_what_is_typed_until_the_rest_is_fetched_is_not_lost(
    daemon: FakeDaemon, open_page: OpenPage
) -> None:
    daemon.open_session("meadow").play(2)
    page = open_page("/api/state")
    page.add_init_script(NEVER_IDLE + PATIENT)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/static/workspace.js", hold)
    page.route("**/memory/hex_view.js", lambda route: route.abort())
    page.goto(page.url.replace("/api/state", "/"))
    wait_for_picture(page, 1)
    eventually(page, lambda: len(held), 1)
    first = dict(page.evaluate(OWN_CODE, True))
    assert 100_000 < sum(first.values()) < MAX_FIRST_CODE, sorted(first.items(), key=lambda item: -item[1])
    later = {"components/memory/hex_view.js", "components/statistics_panel.js", "components/tour.js", "style/views.css"}
    assert not later & set(first)

    picture = box(page.locator(".screen canvas"))
    assert page.evaluate(PRESS, ["/", "0", "F5", "3", "Enter", "Tab"]) == ["/", "0", "3", "Enter"]
    held[0].abort()
    expect(page.get_by_role("alert")).to_contain_text("The rest of this page could not be fetched.")
    eventually(page, lambda: len(held), 2)
    held[1].continue_()
    expect(page.locator("#changes-filter")).to_have_value("03")
    expect(page.locator("#changes-filter")).to_be_focused()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert box(page.locator(".screen canvas")) == picture

    page.evaluate("window.whenIdle()")
    page.get_by_role("tab", name="Hex").click()
    expect(page.get_by_text("This view could not be fetched. It is asked for again")).to_be_visible()
    page.unroute("**/memory/hex_view.js")
    expect(page.locator(".hex")).to_be_visible()
    eventually(page, lambda: later <= set(dict(page.evaluate(OWN_CODE, False))), expected=True)
