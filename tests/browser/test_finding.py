"""A person who has never seen the tool finds variables of a game on the page alone, and looks at nothing else.

What the person reads off the screenshots stands here as numbers; the addresses that come out are compared with those
of the demo game's build. The game is played under another ROM hash, so that no names come with it.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import resources
from lua.headless.player import PlayOptions, play
from resources import event_logger
from tests.browser.chromium import NO_TOUR
from tests.integration.running_daemon import running_daemon
from tests.resources.demo.console import DemoConsole
from tests.resources.demo.record_village import record_village

THREE_MINUTES = 180

MOVE_S, PRESS_S = 5, 2
"""Seconds that a person takes to go to a picture, and to press a button or type a number."""

VALLEY, HOME, STORE, VALLEY_AGAIN, GRASS = 176, 208, 352, 368, 464
"""Frame sets in which the picture shows these places."""

FIGHT, BEATEN = 496, 620
"""Frame sets in which a fight begins, and in which its second blow has beaten the foe."""

pytestmark = pytest.mark.timeout(600)


def address_of(symbol: str) -> str:
    symbols = json.loads(resources.demo_symbols().read_text("utf-8"))
    return str(next(entry["address"] for entry in symbols if entry["name"] == symbol))


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory, mgba: Path) -> Path:
    """A data folder with one session of a game that nobody has named anything in."""
    folder = tmp_path_factory.mktemp("village")
    game = folder / "unknown.gba"
    game.write_bytes(resources.demo_rom().read_bytes() + bytes(16))
    inputs = folder / "village.inputs"
    with DemoConsole() as console:
        text, frames = record_village(console)
    inputs.write_text(text, encoding="utf-8")
    data_folder = folder / "data"
    with running_daemon(data_folder) as endpoints:
        played = play(
            PlayOptions(
                rom=game,
                script=event_logger(),
                port=endpoints.link_port,
                core=mgba,
                frames=frames,
                inputs=inputs,
                speed="max",
                userdata={"spool_size": 0},
            )
        )
    assert played.frames == frames
    return data_folder


class Person:
    """A person at the page, who sees it and presses keys and buttons."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.seconds = 0

    def go_to(self, number: int) -> None:
        """Step through the session until the picture of a frame set is there."""
        self.seconds += MOVE_S
        place = self.page.locator(".place b")
        while (by := number - int(place.inner_text().replace(",", ""))) != 0:
            key = ("PageDown" if by > 0 else "PageUp") if abs(by) >= 12 else ("ArrowRight" if by > 0 else "ArrowLeft")
            before = place.inner_text()
            self.page.keyboard.press(key)
            expect(place).not_to_have_text(before)
        self.page.wait_for_selector(f".screen canvas[data-set='{number}']")

    def between(self, first: int, last: int) -> None:
        """Say that something happened from one frame set to another."""
        self.go_to(first)
        self.page.get_by_role("button", name="Start here").click()
        self.leave()
        self.go_to(last)

    def leave(self) -> None:
        """Take the focus out of what was clicked, so that the arrows step again."""
        self.seconds += PRESS_S
        self.page.locator(".screen").click()

    def say_number(self, number: int) -> None:
        """Type what the picture shows, by key alone."""
        self.seconds += PRESS_S
        self.page.keyboard.press(";")
        self.page.keyboard.type(str(number))
        self.page.keyboard.press("Enter")
        self.page.keyboard.press("Escape")

    def say_between(self, low: int, high: int) -> None:
        """Say that it is a small number here."""
        self.page.get_by_label("Comparison").select_option(label="it is between")
        self.page.get_by_label("Smallest number").fill(str(low))
        self.page.get_by_label("Largest number").fill(str(high))
        self.page.keyboard.press("Enter")
        self.leave()

    def press(self, name: str) -> None:
        """Press a button of the search."""
        self.page.locator(".composer").get_by_role("button", name=name).click()
        self.leave()

    def more(self, name: str) -> None:
        """Press a button of the rarer filters."""
        self.page.locator(".composer summary", has_text="More").click()
        self.press(name)

    def left(self) -> int:
        """Return the number of candidates, once the search has answered."""
        self.page.wait_for_selector(".left:not([data-pending]) b", timeout=120_000)
        return int(self.page.locator(".left b").inner_text().replace(",", ""))

    def first_candidate(self) -> str:
        self.left()
        return self.page.locator("#candidates .grid-row [data-column=address]").first.inner_text()

    def name_first(self, name: str) -> None:
        """Give the first candidate a name."""
        self.page.locator("#candidates .grid-row").first.click()
        self.page.keyboard.press("n")
        self.page.keyboard.type(name)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#candidates .grid-row [data-column=name]").first).to_have_text(name)
        self.leave()

    def read(self, text: str) -> None:
        """Type what the picture shows of the variable that is sought."""
        self.seconds += PRESS_S
        self.page.keyboard.press(":")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def certainty(self) -> str:
        """Return in words how certain the first candidate is, once there is an answer."""
        return self.page.locator(".find-verdict:not([data-pending]) b").inner_text(timeout=120_000)

    def label(self, first: int, last: int, value: str, key: str = "c") -> None:
        """Label a stretch by key: of the field's, then the value."""
        self.go_to(first)
        self.page.keyboard.press("[")
        for _ in range(last - first):
            self.page.keyboard.press("Shift+ArrowRight")
        self.page.wait_for_selector(f".screen canvas[data-set='{last}']")
        self.page.keyboard.press(key)
        self.page.locator("#option-list-text").click()
        self.page.keyboard.type(value)
        self.page.keyboard.press("Enter")
        self.notice("Labelled")
        self.page.keyboard.press("Escape")

    def notice(self, text: str) -> None:
        """Wait for a line of the status."""
        expect(self.page.locator(".command-status:visible").first).to_contain_text(text, timeout=60_000)

    def search_anew(self) -> None:
        self.page.locator(".search-bar summary").last.click()
        self.page.get_by_role("button", name="New search").click()
        self.leave()


@pytest.fixture
def person(browser: Browser, recorded: Path) -> Iterator[Person]:
    with running_daemon(recorded, web_port=0) as endpoints:
        page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
        page.set_default_timeout(60_000)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.add_init_script(NO_TOUR)
        page.goto(endpoints.page)
        expect(page.locator(".place b")).to_have_text(re.compile(r"\d"))
        page.get_by_role("tab", name="Search").click()
        page.keyboard.press("Home")
        yield Person(page)
        page.context.close()
        assert errors == []


def test_hp_money_and_the_map_are_found_in_three_minutes(person: Person) -> None:
    person.go_to(284)
    person.say_number(120)
    person.go_to(291)
    person.say_number(100)
    assert person.left() == 1
    assert person.first_candidate() == address_of("money")
    person.name_first("money")

    person.search_anew()
    for number, hit_points in ((496, 24), (576, 21), (816, 13)):
        person.go_to(number)
        person.say_number(hit_points)
    assert person.left() <= 2
    assert person.first_candidate() == address_of("party[0].hp")
    person.name_first("hp")

    person.search_anew()
    person.between(VALLEY, HOME)
    person.press("changed")
    person.between(HOME, STORE)
    person.more("It is another number at the end")
    person.between(VALLEY, STORE)
    person.more("It is another number at the end")
    person.say_between(0, 9)
    person.between(VALLEY, VALLEY_AGAIN)
    person.more("It is the same number at both ends")
    person.go_to(GRASS)
    filters = person.page.locator(".filter-chip")
    before = filters.count()
    person.page.keyboard.press("_")
    expect(filters).to_have_count(before + 1)
    assert person.left() < 200
    assert person.first_candidate() == address_of("map")
    person.name_first("map")
    assert person.seconds < THREE_MINUTES

    person.page.get_by_role("tab", name="Names").click()
    rows = person.page.locator("#names .grid-row")
    expect(rows).to_have_count(3)
    named = {row.split("\n")[0]: row.split("\n")[1] for row in rows.all_inner_texts()}
    assert named == {
        "hp": address_of("party[0].hp"),
        "map": address_of("map"),
        "money": address_of("money"),
    }


def test_from_one_death_backwards_the_health_that_fell_to_0_is_found(person: Person) -> None:
    person.between(FIGHT, BEATEN)
    person.press("fell to 0")
    expect(person.page.locator(".filter-chip")).to_have_count(3)
    before = person.left()
    person.page.locator(".composer summary", has_text="More").click()
    person.page.get_by_label("How much it changed").select_option(label="it changed exactly")
    person.page.get_by_label("How much, or how often").fill("2")
    person.page.keyboard.press("Enter")
    expect(person.page.locator(".filter-chip")).to_have_count(4)
    assert person.left() < before
    shown = person.page.locator("#candidates .grid-row [data-column=address]").all_inner_texts()
    assert address_of("battle.foe.hp") in shown[:3]

    row = person.page.locator("#candidates .grid-row", has_text=address_of("battle.foe.hp"))
    row.click()
    person.page.keyboard.press("h")
    expect(person.page.locator("#history .grid-row").last).to_be_visible()
    values = person.page.locator("#history .grid-row [data-column=current]").all_inner_texts()
    assert [value.strip() for value in values if "seen" not in value and "restored" not in value][:3] == [
        "16",
        "6",
        "0",
    ]


READINGS = ((496, 24), (576, 21), (816, 13), (792, 13))
"""Frame sets whose pictures show the hit points, and how many."""


def test_a_name_and_what_four_pictures_show_name_the_hit_points(person: Person) -> None:
    for number, hit_points in READINGS:
        person.go_to(number)
        person.read(f"hp {hit_points}")
        if person.certainty() == "Certain":
            break
    shown = person.page.locator("#found .grid-row").first
    expect(shown.locator("[data-column=address]")).to_have_text(address_of("party[0].hp"))
    person.page.keyboard.press("Shift+F2")
    expect(shown.locator("[data-column=name]")).to_have_text("hp")
    person.page.get_by_role("tab", name="Names").click()
    expect(person.page.locator("#names .grid-row")).to_contain_text(["hp"])


PLACES = {
    "title": (80, 100, 120),
    "overworld": (166, 172, 195),
    "talk": (256, 262, 270),
    "shop": (281, 288, 295),
    "battle": (490, 510, 540),
}
"""Frame sets from which on the person labels four, fifteen times."""


def test_labels_suggest_themselves_and_are_taken_by_key(person: Person) -> None:
    for context, places in PLACES.items():
        for first in places:
            person.label(first, first + 3, context)
    person.page.get_by_role("tab", name="Review").click()
    person.page.get_by_label("Suggest labels of").select_option("context")
    expect(person.page.get_by_role("button", name="Take all ")).to_be_enabled(timeout=60_000)
    person.leave()
    person.go_to(600)
    here = person.page.locator(".suggestion-here:visible")
    expect(here).to_contain_text("battle")
    person.page.keyboard.press("Shift+Enter")
    person.notice("Suggested labels taken")
    expect(here).to_have_count(0)
    person.page.keyboard.press("z")
    person.notice("Undone")
    expect(here).to_contain_text("battle")
    person.page.get_by_role("button", name="Take all ").click()
    person.notice("Suggested labels taken")
    unlabelled = person.page.locator(".statuses [data-status=unlabelled] b")
    expect(unlabelled).to_have_text(re.compile(r"^1?\d{1,2}$"))


def test_a_late_end_of_a_run_snaps_to_the_fight_and_one_undo_takes_that_back(person: Person) -> None:
    late = FIGHT - 6
    person.label(late, late + 60, "first fight", key="s")
    person.go_to(late)
    lane = person.page.locator(".run-actions [role=status]")

    def select_scene() -> None:
        person.page.keyboard.press("Escape")
        expect(lane).to_have_count(0)
        while "Scene" not in "".join(lane.all_inner_texts()):
            person.page.keyboard.press("r")
            expect(lane).to_be_visible()

    select_scene()
    expect(lane).to_contain_text(f"{late} – {late + 60}")
    person.page.keyboard.press("\\")
    person.notice("Ends of runs snapped")
    select_scene()
    expect(lane).not_to_contain_text(f"{late} – ")
    person.page.keyboard.press("z")
    person.notice("Undone")
    select_scene()
    expect(lane).to_contain_text(f"{late} – {late + 60}")
