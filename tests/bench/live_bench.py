"""From the last byte of a screenshot to an event in a browser, and to pixels on the page."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import orjson
from playwright.sync_api import Page, sync_playwright

from tests.bench.figures import Budget, Figure, spread
from tests.bench.processes import DaemonProcess, Sender
from tests.bench.settings import BenchSettings
from tests.bench.traffic import capture, save_traffic
from tests.browser.chromium import FLAGS, find_chromium

__all__ = ["live_bench"]

_CHANGES_PER_SET = 700
_FRAMES_PER_SECOND = 60.0
_ROOT = Path(__file__).parents[2]
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


def live_bench(settings: BenchSettings) -> Iterator[Figure]:
    """Measure with one emulator at 60 frames per second, and one and twenty browsers.

    Yields:
        The figures of each number of browsers; those of Chromium where there is one.
    """
    traffic = settings.work / "traffic"
    save_traffic(capture(_CHANGES_PER_SET, 8 if settings.quick else 120), traffic)
    for clients in (1,) if settings.quick else (1, 20):
        delays: dict[str, list[float]] = {"event": [], "pixels": []}
        lost = 0
        for _ in range(settings.rounds):
            sent_at, events, pixels = _watch(settings.work / "data", traffic, clients)
            shutil.rmtree(settings.work / "data")
            for came in events:
                delays["event"] += _delays(sent_at, came)
            delays["pixels"] += _delays(sent_at, pixels)
            lost += sum(len(sent_at) - _FIRST_MEASURED - len(_delays(sent_at, came)) for came in events)
        subject = f"{clients} browsers" if clients > 1 else "1 browser"
        yield Figure(subject, "screenshot to event", "ms", spread(delays["event"]), budgets=_EVENT)
        yield Figure(subject, "previews left out", "previews", spread([lost]))
        if delays["pixels"]:
            yield Figure(f"{subject} and Chromium", "screenshot to pixels", "ms", spread(delays["pixels"]))


def _watch(data: Path, traffic: Path, clients: int) -> tuple[list[float], list[Moments], Moments]:
    with ExitStack() as stack:
        daemon = stack.enter_context(DaemonProcess(data, page=True))
        sender = stack.enter_context(Sender(daemon.port, traffic, 1, _FRAMES_PER_SECOND))
        page = _open_chromium(stack, daemon.page)
        watching = stack.enter_context(_start_clients(daemon.page, clients))
        assert watching.stdin is not None
        assert watching.stdout is not None
        watching.stdout.readline()
        sent = sender.send()
        if page is not None:
            page.wait_for_timeout(500)
        watching.stdin.write(b"\n")
        watching.stdin.flush()
        events: list[Moments] = orjson.loads(watching.stdout.readline())
        pixels: Moments = page.evaluate("window.shown") if page is not None else {}
        return sent.sent_at[0], events, pixels


def _open_chromium(stack: ExitStack, address: str) -> Page | None:
    program = find_chromium()
    if program is None:
        return None
    browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=program, args=list(FLAGS))
    stack.callback(browser.close)
    page = browser.new_page()
    page.goto(address)
    page.wait_for_selector(".screen canvas[data-set]")
    page.evaluate(_WATCH_PIXELS)
    return page


def _start_clients(address: str, clients: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.bench.live_clients", "--page", address, "--clients", str(clients)]
    return subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _delays(sent_at: Sequence[float], came: Moments) -> list[float]:
    """Ms from the last byte of each measured frame set to the moment that it came."""
    numbers = range(_FIRST_MEASURED, len(sent_at))
    return [1000 * (came[str(number)] - sent_at[number]) for number in numbers if str(number) in came]
