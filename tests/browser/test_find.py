"""Finding and reviewing in a browser, with answers that the tests make."""

import json
from typing import Any

from playwright.sync_api import Page, Route, expect

from protocol.bus.messages import Topic
from protocol.session.annotations import Annotations
from tests.browser.conftest import OpenPage
from tests.browser.test_live_page import wait_for_set
from tests.browser.test_memory import IWRAM, MemoryAnswers
from tests.browser.waiting import eventually
from tests.fakes.bus_daemon import FakeDaemon, make_frame_set

HP = IWRAM + 0x104

SUGGESTIONS = {
    "field": "context",
    "suggestions": [
        {"first": 60, "last": 79, "value": "battle", "confidence": 0.97, "reason": "byte 03000A14 = 2 in all sets"}
    ],
    "disagreements": [
        {"first": 20, "last": 24, "label": "battle", "value": "overworld", "reason": "byte 03000A14 = 0 as elsewhere"}
    ],
    "told_by": ["03000A14"],
    "note": "",
}


class FindAnswers(MemoryAnswers):
    """Answers of the routes about queries and suggestions too, and what was asked of them.

    Every byte of memory holds the number of the frame set, so a reading fits where it is that number.
    """

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.queries: list[dict[str, Any]] = []
        self.kept: list[str] = []
        self.refusal = ""
        page.route("**/memory/find", self._find)
        page.route("**/memory/queries*", self._keep)
        page.route("**/memory/probe", self._probe)
        page.route("**/suggestions?*", lambda route: route.fulfill(json=SUGGESTIONS))

    def _find(self, route: Route) -> None:
        query = json.loads(route.request.post_data or "")
        self.queries.append(query)
        readings = [text.removesuffix(" live").split("=") for text in query["readings"]]
        evidence = [
            {
                "number": int(number),
                "kind": "reading",
                "text": f"it was {number}",
                "holds": value == number,
                "nats": -0.1 if value == number else -5,
            }
            for number, value in readings
        ]
        first = {"address": HP, "type": "u8", "form": "=", "score": -1, "changes": 9, "value": 5, "evidence": evidence}
        mirrors = [{"address": HP + 0x400 + 4 * place, "type": "u8"} for place in range(3)]
        others = [{**first, "address": HP + 4 * place, "form": "+1", "mirrors": []} for place in range(1, 20)]
        settled = len(readings) > 1
        route.fulfill(
            json={
                "name": query["name"],
                "candidates": [{**first, "mirrors": mirrors}, *others],
                "lead": 5 if settled else 0.4,
                "certainty": "certain" if settled else "unsure",
                "ask": None if settled else 77,
                "considered": 120_000,
                "unknown": 0,
                "problems": [],
            }
        )

    def _probe(self, route: Route) -> None:
        if route.request.method == "GET":
            route.fulfill(json={"refusal": self.refusal})
        else:
            route.fulfill(status=400, json={"error": "The game went another way."})

    def _keep(self, route: Route) -> None:
        if route.request.method == "POST":
            self.kept.append(json.loads(route.request.post_data or "")["name"])
        route.fulfill(json={"queries": []})


def open_page_at(daemon: FakeDaemon, open_page: OpenPage, state: str = "ended") -> tuple[Page, FindAnswers]:
    """Open the page at the last of 120 frame sets."""
    session = daemon.open_session("meadow", state=state)
    for number in range(120):
        session.record(make_frame_set(number))
    page = open_page()
    answers = FindAnswers(page)
    wait_for_set(page, 119)
    return page, answers


def say(page: Page, text: str) -> None:
    page.keyboard.press(":")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_a_variable_is_found_and_named_by_key(daemon: FakeDaemon, open_page: OpenPage) -> None:
    page, answers = open_page_at(daemon, open_page)
    say(page, "hp 119")
    expect(page.locator(".find-verdict")).to_contain_text("Not yet")
    page.keyboard.press("F8")
    expect(page.locator(".place b")).to_have_text("77")
    say(page, "77")
    expect(page.locator(".find-verdict")).to_contain_text("Certain")
    expect(page.locator("#found [aria-selected=true] [data-column=fits]")).to_have_text("2 of 2")
    expect(page.locator("#found [aria-selected=true] [data-column=value]")).to_have_text("77")
    page.keyboard.press("Shift+F2")
    expect(page.locator("#found [aria-selected=true] [data-column=name]")).to_have_text("hp")
    expect(page.get_by_role("button", name="Accepted")).to_be_visible()
    named = answers.given[-1]
    assert (named["address"], named["status"], len(named["evidence"])) == (HP, "certain", 3)
    assert answers.queries[-1]["readings"] == ["119=119", "77=77"]
    eventually(page, lambda: answers.kept, ["hp", "hp"])


def test_labels_are_gone_to_and_removed_and_wrong_ones_are_seen(daemon: FakeDaemon, open_page: OpenPage) -> None:
    page, answers = open_page_at(daemon, open_page)
    say(page, "hp 119")
    page.keyboard.press("ArrowLeft")
    say(page, "7")
    rows = page.locator("#find-labels .grid-row")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("looks wrong")
    page.locator("#find-labels").focus()
    page.keyboard.press("End")
    expect(page.locator(".place b")).to_have_text("119")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Delete")
    expect(rows).to_have_count(1)
    page.keyboard.press("Shift+ArrowDown")
    expect(rows.first).to_contain_text("fell")
    eventually(page, lambda: answers.queries[-1]["events"], ["down@118 paused"])


def test_several_queries_stay_by_their_names(daemon: FakeDaemon, open_page: OpenPage) -> None:
    page, _ = open_page_at(daemon, open_page)
    say(page, "hp 119")
    say(page, "money 119")
    rows = page.locator("#find-labels .grid-row")
    expect(rows).to_have_count(1)
    page.keyboard.press("*")
    expect(rows).to_have_count(2)
    say(page, "hp")
    expect(page.get_by_role("radio", name="hp")).to_have_attribute("aria-checked", "true")
    expect(rows).to_have_count(1)


def test_mirrors_are_folded_and_a_session_without_its_rom_cannot_be_probed(
    daemon: FakeDaemon, open_page: OpenPage
) -> None:
    page, answers = open_page_at(daemon, open_page)
    answers.refusal = "No ROM with its hash."
    say(page, "hp 119")
    grid = page.locator("#found")
    expect(page.get_by_role("button", name="Poke")).to_be_disabled()
    expect(page.locator(".find")).to_contain_text("No ROM with its hash.")
    expect(grid.locator(".grid-row").nth(1)).to_contain_text("03000108")
    grid.focus()
    page.keyboard.press("m")
    expect(grid.locator(".grid-row").nth(1)).to_contain_text("↳ 03000504")
    expect(page.locator(".row-actions").get_by_role("button", name="Mirrors")).to_be_visible()
    answers.refusal = ""
    page.get_by_role("tab", name="Hex").click()
    expect(grid).to_have_count(0)
    page.get_by_role("tab", name="Find").click()
    expect(page.get_by_role("button", name="Poke")).to_be_enabled()
    grid.focus()
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Poke")).to_be_disabled()
    expect(page.locator(".find")).to_contain_text("The game went another way.")


def test_what_is_typed_while_the_game_runs_counts_as_live(daemon: FakeDaemon, open_page: OpenPage) -> None:
    page, answers = open_page_at(daemon, open_page, state="live")
    page.keyboard.press(":")
    page.keyboard.type("hp 1")
    expect(page.get_by_label("Name and number on the picture")).to_have_value("hp 1")
    daemon.sessions[0].play(3)
    wait_for_set(page, 122)
    page.keyboard.type("19")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowUp")
    expect(page.locator("#find-labels .grid-row")).to_have_count(2)
    eventually(
        page,
        lambda: (answers.queries[-1]["readings"], answers.queries[-1]["events"]),
        (["119=119 live"], ["up@122"]),
    )


def test_suggestions_are_gone_through_by_key_and_left_as_they_are(daemon: FakeDaemon, open_page: OpenPage) -> None:
    page, _ = open_page_at(daemon, open_page)
    labels = Annotations(context="battle").as_map()
    sets = [{"frame_set_id": number, "annotations": labels} for number in range(60)]
    daemon.publish(Topic.LABELS, "meadow", {"session": "meadow", "labels": sets})
    page.get_by_role("tab", name="Review").click()
    page.get_by_label("Suggest labels of").select_option("context")
    expect(page.get_by_role("button", name="Take all 20 sets")).to_be_enabled()
    rows = page.locator("#review .grid-row")
    expect(rows).to_have_count(2)
    page.locator("#review").focus()
    page.keyboard.press("Home")
    expect(page.locator(".place b")).to_have_text("20")
    page.keyboard.press("k")
    expect(rows).to_have_count(1)
    expect(page.locator(".place b")).to_have_text("60")
    expect(page.get_by_role("tabpanel", name="Review").locator(".suggestion-here")).to_contain_text(
        "battle, 97 %: byte 03000A14 = 2 in all sets"
    )
    lanes = page.locator(".lanes canvas")
    box = lanes.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 640, box["y"] + 7)
    expect(lanes).to_have_attribute("title", "battle, 97 %: byte 03000A14 = 2 in all sets")


def test_a_key_that_finds_nothing_to_take_says_so(daemon: FakeDaemon, open_page: OpenPage) -> None:
    page, _ = open_page_at(daemon, open_page)
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".command-status").first).to_contain_text("No label is suggested at this set.")
