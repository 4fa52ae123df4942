"""From the last byte of a screenshot to an event in a browser, and to pixels on the page."""

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.bench.figures import Budget, Figure, spread
from tests.bench.processes import DaemonProcess, LiveClients, Sender, Sent
from tests.bench.settings import BenchSettings
from tests.bench.traffic import capture, save_traffic
from tests.browser.chromium import FLAGS, NO_TOUR, find_chromium

__all__ = ["live_bench"]

_CHANGES_PER_SET = 700
_FRAMES_PER_SECOND = 60.0
_LAST_ONES = 0.5
"""Seconds in which the last frame sets reach every browser."""

_EVENT = (Budget("p99", 50.0),)
_FIRST_MEASURED = 2

_WATCH_PIXELS = """() => {
  window.shown = {};
  const look = () => {
    const set = document.querySelector(".screen canvas")?.dataset.set;
    if (set !== undefined && !(set in window.shown)) {
      window.shown[set] = (performance.timeOrigin + performance.now()) / 1000;
    }
    requestAnimationFrame(look);
  };
  look();
}"""
"""Notes when each frame set is on the canvas, in the frame in which it is painted."""

Moments = Mapping[str, float]
"""Seconds since the epoch by frame set number."""


@dataclass(frozen=True, slots=True)
class _Run:
    """One run: when frame sets left the emulator, came as events and were painted, and what the page's process used."""

    sent: Sent
    events: Sequence[Moments]
    pixels: Moments
    processor_seconds: float


def live_bench(settings: BenchSettings) -> Iterator[Figure]:
    """Measure with one emulator at 60 frames per second, and one and twenty browsers.

    Yields:
        The figures of each number of browsers; those of Chromium where there is one.
    """
    traffic = settings.work / "traffic"
    save_traffic(capture(_CHANGES_PER_SET, 8 if settings.quick else 120), traffic)
    for clients in (1,) if settings.quick else (1, 20):
        runs = []
        for _ in range(settings.rounds):
            runs.append(_watch(settings.work / "data", traffic, clients))
            shutil.rmtree(settings.work / "data")
        yield from _figures(runs, clients)


def _figures(runs: Sequence[_Run], clients: int) -> Iterator[Figure]:
    subject = f"{clients} browsers" if clients > 1 else "1 browser"
    events = [delay for run in runs for came in run.events for delay in _delays(run.sent.sent_at[0], came)]
    left_out = clients * sum(run.sent.sets for run in runs) - len(events)
    yield Figure(subject, "screenshot to event", "ms", spread(events), budgets=_EVENT)
    yield Figure(subject, "previews left out", "previews", spread([left_out]))
    shares = [1000 * run.processor_seconds / run.sent.sets for run in runs]
    yield Figure(f"{subject} and Chromium", "page's processor time per set", "ms", spread(shares))
    pixels = [delay for run in runs for delay in _delays(run.sent.sent_at[0], run.pixels)]
    if pixels:
        yield Figure(f"{subject} and Chromium", "screenshot to pixels", "ms", spread(pixels))


def _watch(data: Path, traffic: Path, clients: int) -> _Run:
    with ExitStack() as stack:
        daemon = stack.enter_context(DaemonProcess(data, page=True))
        sender = stack.enter_context(Sender(daemon.port, traffic, 1, _FRAMES_PER_SECOND))
        page = _open_chromium(stack, daemon.page)
        browsers = stack.enter_context(LiveClients(daemon.page, clients))
        before = daemon.page_usage().processor_seconds
        sent = sender.send()
        time.sleep(_LAST_ONES)
        processor = daemon.page_usage().processor_seconds - before
        pixels: Moments = page.evaluate("window.shown") if page is not None else {}
        return _Run(sent, browsers.watched().came, pixels, processor)


def _open_chromium(stack: ExitStack, address: str) -> Page | None:
    program = find_chromium()
    if program is None:
        return None
    browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=program, args=list(FLAGS))
    stack.callback(browser.close)
    page = browser.new_page()
    page.add_init_script(NO_TOUR)
    page.goto(address)
    page.wait_for_selector(".screen canvas[data-set]")
    page.evaluate(_WATCH_PIXELS)
    return page


def _delays(sent_at: Sequence[float], came: Moments) -> list[float]:
    """Ms from the last byte of each measured frame set to the moment that it came."""
    numbers = range(_FIRST_MEASURED, len(sent_at))
    return [1000 * (came[str(number)] - sent_at[number]) for number in numbers if str(number) in came]
