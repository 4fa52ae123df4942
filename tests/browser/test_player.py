"""The player of recordings in a real browser."""

import re

from playwright.sync_api import expect

from protocol.bus.messages import Topic
from protocol.session.annotations import Annotations
from tests.browser.conftest import OpenPage
from tests.fakes.bus_daemon import FakeDaemon


def test_the_past_is_played_looped_and_left_for_what_is_live(daemon: FakeDaemon, open_page: OpenPage) -> None:
    meadow, cave = daemon.open_session("meadow"), daemon.open_session("cave")
    cave.play(1)
    cave.enter("ended")
    meadow.play(80)
    page = open_page("/#meadow/0", reduced_motion="reduce")
    place = page.locator(".place b")
    picture = page.locator(".screen canvas")
    play, pause = (page.get_by_role("button", name=name, exact=True) for name in ("Play", "Pause"))
    expect(picture).to_have_attribute("data-set", "0")
    expect(page.get_by_role("radio", name="All 80")).to_be_visible()
    page.keyboard.press("Space")
    expect(pause).to_be_visible()
    expect(place).to_have_text(re.compile(r"^[1-9]\d?$"))
    page.keyboard.press("Space")
    expect(play).to_be_visible()
    expect(picture).to_have_attribute("data-set", place.inner_text())
    assert page.url.endswith(f"/{place.inner_text()}")

    page.keyboard.press("Home")
    expect(place).to_have_text("0")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    expect(place).to_have_text("3")
    page.keyboard.press("Shift+Space")
    expect(page.get_by_role("button", name="Loop")).to_have_attribute("title", re.compile("^Loops 0 – 3 "))
    page.keyboard.press("Space")
    for number in ("0", "3", "0"):
        expect(picture).to_have_attribute("data-set", number)
    page.keyboard.press("Shift+Space")
    page.get_by_label("Speed").select_option("16×")
    expect(page.get_by_role("button", name="Following live")).to_have_attribute("aria-pressed", "true")
    expect(picture).to_have_attribute("data-set", "79")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Follow live")).to_have_attribute("aria-pressed", "false")

    rows = page.locator(".lanes tbody tr")
    expect(rows).to_have_count(0)
    labels = [{"frame_set_id": number, "annotations": Annotations(scene="Lake").as_map()} for number in range(70, 80)]
    daemon.publish(Topic.LABELS, "meadow", {"session": "meadow", "labels": labels})
    expect(rows).to_have_text(["SceneLake7079"])
    page.get_by_role("radio", name="Context").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Scene")).to_be_focused()
    page.get_by_role("button", name="Previous change of Scene").click()
    expect(place).to_have_text("70")
    page.get_by_role("radio", name="All 80").focus()
    page.keyboard.press("End")
    expect(page.get_by_role("radio", name="Complete 0")).to_have_attribute("aria-checked", "true")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="All 80")).to_have_attribute("aria-checked", "true")
    page.get_by_role("slider").focus()

    page.keyboard.press("Home")
    page.get_by_label("Speed").select_option("¼×")
    page.keyboard.press("Space")
    expect(pause).to_be_visible()
    page.evaluate("location.hash = '#cave/0'")
    expect(play).to_be_visible()
    expect(picture).to_have_attribute("data-set", "0")
