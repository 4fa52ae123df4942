"""A long session in a real browser: how soon it is shown, and whether moving through it stutters."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from protocol.session.layout import SessionFolder
from tests.bench.figures import Budget, Figure, spread
from tests.bench.long_session import make_long_session
from tests.bench.settings import BenchSettings
from tests.browser.chromium import FLAGS, NO_TOUR, find_chromium
from tests.browser.page_modules import OWN_CODE
from tests.fakes.bus_daemon import FakeDaemon
from tests.webui.page_process import PageProcess
from webui.archive.index import INDEX_FILE

__all__ = ["page_bench"]

_SHORT, _LONG = "short", "long"
_STEPS = 40
"""Moves of the hand in one measurement, one for each painted frame."""

_FRAME = 16
_PLAYED = 3000
"""Ms of playing in one measurement."""

_PATIENCE = 120_000
_TASKS = ("RunTask", "ThreadControllerImpl::RunTask")
_TRACED = ["toplevel", "disabled-by-default-devtools.timeline"]

_NOTE_THE_PICTURE = """(last) => {
  addEventListener("pointerdown", () => { window.clicked = performance.now(); }, true);
  const look = () => {
    if (document.querySelector(".screen canvas").dataset.set === last) window.shown ??= performance.now();
    requestAnimationFrame(look);
  };
  look();
}"""

_NOTE_THE_FILTER = """() => addEventListener("keydown", () => {
  const pressed = performance.now();
  requestAnimationFrame(() => setTimeout(() => { window.filtered = performance.now() - pressed; }));
}, true)"""

_NOTE_FRAMES = """() => {
  window.frames = [];
  const note = (time) => { frames.push(time); window.noting = requestAnimationFrame(note); };
  note(performance.now());
}"""

_FIRST = (Budget("median", 1000.0),)
_CODE = (Budget("median", 200_000.0),)
_OPEN = (Budget("median", 2000.0),)
_FILTER = (Budget("median", 200.0),)
_PAINTED = (Budget("median", 17.0),)
_SMOOTH = (Budget("median", 50.0),)
"""Ms of the main thread in one piece; what is longer is seen as a stutter."""


def page_bench(settings: BenchSettings) -> Iterator[Figure]:
    """Open the page, then a labelled session of 50,000 frame sets, without its index and with it, and move through it.

    Yields:
        The figures, where there is a Chromium.
    """
    if find_chromium() is None:
        return
    sets = 60 if settings.quick else 50_000
    data = settings.work / "page"
    make_long_session(SessionFolder(data / _LONG), sets)
    rounds = []
    for _ in range(settings.rounds):
        for ending in ("", "-wal", "-shm"):
            (data / f"{INDEX_FILE}{ending}").unlink(missing_ok=True)
        new = _visit(data, sets)
        rounds.append((new, new if settings.quick else _visit(data, sets)))
    subject = f"a session of {sets:,} frame sets"
    for measure, unit, budgets in (
        ("opening the page to the first picture", "ms", _FIRST),
        ("page code asked for before it", "bytes", _CODE),
        ("click to picture", "ms", _OPEN),
        ("click until everything is known", "ms", ()),
        ("filter", "ms", _FILTER),
        ("between two painted frames while scrubbing", "ms", _PAINTED),
        ("longest task while scrubbing", "ms", _SMOOTH),
        ("longest task while scrolling", "ms", _SMOOTH),
        ("longest task while stepping", "ms", _SMOOTH),
        ("longest task while dragging in a lane", "ms", _SMOOTH),
        ("longest task while playing 16 times as fast", "ms", _SMOOTH),
        ("elements in the document", "elements", ()),
    ):
        first, again = (spread([visit[measure] for visit in visits]) for visits in zip(*rounds, strict=True))
        yield Figure(f"{subject}; baseline: no index yet", measure, unit, again, first, budgets)


def _visit(data: Path, sets: int) -> dict[str, float]:
    with ExitStack() as stack:
        daemon = stack.enter_context(FakeDaemon(data))
        shutil.rmtree(data / _SHORT, ignore_errors=True)
        daemon.open_session(_LONG, state="ended", frame_sets=sets, first_set=0, last_set=sets - 1)
        daemon.open_session(_SHORT).play(1)
        server = PageProcess(daemon)
        server.start()
        stack.callback(server.stop)
        chromium = stack.enter_context(sync_playwright()).chromium
        browser = chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        stack.callback(browser.close)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.add_init_script(NO_TOUR)
        page.goto(server.address)
        page.locator(".screen canvas[data-set='0']").wait_for()
        return {**_first(page), **_open(page, sets), **_move(page), **_filter(page)}


def _first(page: Page) -> dict[str, float]:
    drawn: float = page.evaluate("performance.getEntriesByName('first picture')[0].startTime")
    code = sum(size for _, size in page.evaluate(OWN_CODE, True))
    return {"opening the page to the first picture": drawn, "page code asked for before it": code}


def _open(page: Page, sets: int) -> dict[str, float]:
    page.get_by_role("button", name="Sessions").click()
    page.evaluate(_NOTE_THE_PICTURE, str(sets - 1))
    started = time.monotonic()
    page.locator(f"[data-session={_LONG}]").click()
    page.locator(f".screen canvas[data-set='{sets - 1}']").wait_for(timeout=_PATIENCE)
    shown: float = page.evaluate("window.shown - window.clicked")
    expect(page.locator(".strip-summary")).not_to_contain_text("reading", timeout=_PATIENCE)
    return {"click to picture": shown, "click until everything is known": 1000 * (time.monotonic() - started)}


def _move(page: Page) -> dict[str, float]:
    box = page.locator(".overview").bounding_box()
    ruler = page.locator(".strip-ruler").bounding_box()
    assert box is not None
    assert ruler is not None

    def scrub() -> None:
        page.mouse.move(box["x"], box["y"] + 8)
        page.mouse.down()
        for step in range(_STEPS):
            page.mouse.move(box["x"] + box["width"] * step / _STEPS, box["y"] + 8)
            page.wait_for_timeout(_FRAME)
        page.mouse.up()
        page.mouse.click(ruler["x"] + ruler["width"] / 2, ruler["y"] + 2)

    def scroll() -> None:
        page.mouse.move(ruler["x"] + 300, ruler["y"] + 40)
        for _ in range(_STEPS):
            page.mouse.wheel(400, 0)
            page.wait_for_timeout(_FRAME)

    def step() -> None:
        for _ in range(_STEPS):
            page.keyboard.press("ArrowLeft")

    def drag() -> None:
        lanes = page.locator(".lanes canvas").bounding_box()
        assert lanes is not None
        page.mouse.move(lanes["x"] + 60, lanes["y"] + 8)
        page.mouse.down()
        for step in range(_STEPS):
            page.mouse.move(lanes["x"] + 100 + 10 * step, lanes["y"] + 8)
            page.wait_for_timeout(_FRAME)
        page.mouse.up()
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")

    def play() -> None:
        page.keyboard.press("Home")
        page.get_by_label("Speed").select_option("16×")
        page.keyboard.press("Space")
        page.wait_for_timeout(_PLAYED)
        page.keyboard.press("Space")

    return {
        "between two painted frames while scrubbing": _frame_time(page, scrub),
        "longest task while scrubbing": _longest_task(page, scrub),
        "longest task while scrolling": _longest_task(page, scroll),
        "longest task while stepping": _longest_task(page, step),
        "longest task while dragging in a lane": _longest_task(page, drag),
        "longest task while playing 16 times as fast": _longest_task(page, play),
        "elements in the document": page.evaluate("document.getElementsByTagName('*').length"),
    }


def _filter(page: Page) -> dict[str, float]:
    page.evaluate(_NOTE_THE_FILTER)
    page.keyboard.press("u")
    expect(page.locator("[data-status=unlabelled]")).to_have_attribute("aria-checked", "true")
    page.wait_for_timeout(4 * _FRAME)
    return {"filter": page.evaluate("window.filtered")}


def _frame_time(page: Page, work: Callable[[], None]) -> float:
    """Ms from one painted frame to the next, as the 95th percentile."""
    page.evaluate(_NOTE_FRAMES)
    work()
    times = page.evaluate("() => { cancelAnimationFrame(noting); return frames; }")
    return spread([after - before for before, after in pairwise(times)]).p95


def _longest_task(page: Page, work: Callable[[], None]) -> float:
    """Ms of processor that the page's main thread spent in one piece at most."""
    browser = page.context.browser
    assert browser is not None
    browser.start_tracing(page=page, categories=_TRACED)
    work()
    events = json.loads(browser.stop_tracing())["traceEvents"]
    names = [event for event in events if event["name"] == "thread_name"]
    main = {(event["pid"], event["tid"]) for event in names if event["args"]["name"] == "CrRendererMain"}
    tasks = (event for event in events if event["name"] in _TASKS and (event["pid"], event["tid"]) in main)
    return max((task.get("tdur", 0) / 1000 for task in tasks), default=0.0)
