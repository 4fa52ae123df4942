"""From a key press to the label in a second browser, while the demo game is played."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from daemon.processes.emulator_process import demo_arguments
from tests.bench.figures import Budget, Figure, spread
from tests.bench.processes import DaemonProcess
from tests.bench.settings import BenchSettings
from tests.browser.chromium import FLAGS, NO_TOUR, find_chromium

__all__ = ["labelling_bench"]

_PRESSES = 60
_WARM_UP = 2
"""Presses before the measured ones: the session's history of labels is read, code is compiled."""

_BETWEEN = 120
"""Ms from one label in sight to the next key; not a multiple of a frame set, so that presses meet it everywhere."""

_SOME_SETS = re.compile(r"^([2-9]\d|\d{3,})$")
"""Number of the newest set on the page from which the presses begin."""

_PATIENCE = 30_000
_KEYS = (("1", "Success"), ("2", "Failure"))

_NOTE_THE_KEY = """() => addEventListener("keydown", () => {
  window.pressed = performance.timeOrigin + performance.now();
}, true)"""

_FIELD = ".field[data-field=outcome] .field-value"

_NOTE_THE_LABEL = """(field) => new MutationObserver(() => {
  window.seen = performance.timeOrigin + performance.now();
}).observe(document.querySelector(field), { subtree: true, characterData: true, childList: true })"""

_SIGHT = (Budget("median", 100.0),)


def labelling_bench(settings: BenchSettings) -> Iterator[Figure]:
    """Press keys in one Chromium and watch another one; both look at the session that is being played.

    Yields:
        The time from a key press to the label in the other browser, where there is a Chromium.
    """
    program = find_chromium()
    if program is None:
        return
    delays: list[float] = []
    for _ in range(settings.rounds):
        data = settings.work / "labelled"
        delays += _press_and_watch(data, program, 3 if settings.quick else _PRESSES)
        shutil.rmtree(data)
    yield Figure("2 browsers, demo game", "key press to label in the other", "ms", spread(delays), budgets=_SIGHT)


def _press_and_watch(data: Path, program: Path, presses: int) -> list[float]:
    with ExitStack() as stack:
        daemon = stack.enter_context(DaemonProcess(data, page=True))
        stack.enter_context(_playing(daemon.port))
        chromium = stack.enter_context(sync_playwright()).chromium
        ann, bob = (_open(stack, chromium.launch(executable_path=program, args=list(FLAGS)), daemon) for _ in range(2))
        ann.evaluate(_NOTE_THE_KEY)
        bob.evaluate(_NOTE_THE_LABEL, _FIELD)
        delays = [_press(ann, bob, *_KEYS[number % 2]) for number in range(_WARM_UP + presses)]
    return delays[_WARM_UP:]


@contextmanager
def _playing(port: int) -> Iterator[None]:
    arguments = demo_arguments()
    command = arguments.command("127.0.0.1", port)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as game:
        try:
            yield
        finally:
            game.communicate()


def _open(stack: ExitStack, browser: Browser, daemon: DaemonProcess) -> Page:
    stack.callback(browser.close)
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.set_default_timeout(_PATIENCE)
    page.add_init_script(NO_TOUR)
    page.goto(daemon.page)
    expect(page.locator(".place b")).to_have_text(_SOME_SETS, timeout=_PATIENCE)
    for key in ("Home", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator(".place b")).to_have_text("1")
    return page


def _press(ann: Page, bob: Page, key: str, label: str) -> float:
    """Give set 1 a label; returns ms until the other browser shows it."""
    ann.keyboard.press("o")
    ann.keyboard.press(key)
    expect(bob.locator(_FIELD)).to_have_text(label)
    delay: float = bob.evaluate("window.seen") - ann.evaluate("window.pressed")
    ann.wait_for_timeout(_BETWEEN)
    return delay
