"""Accessibility of every view of the page, judged by axe-core in both themes; text is never smaller than 12 px."""

from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_live_page import wait_for_set
from tests.browser.test_memory import HP, MemoryAnswers
from tests.fakes.bus_daemon import FakeDaemon, make_frame_set

VIEWS = ("Map", "Hex", "Search", "Find", "Watch", "History", "Names", "Changes", "Review", "Statistics")

AGREEMENT: dict[str, Any] = {
    "people": [{"who": "ann", "sets": 10}, {"who": "ben", "sets": 10}],
    "compared": ["ann", "ben"],
    "fields": [{"field": "context", "compared": 10, "agreed": 6, "kappa": 0.29, "only": [0, 1]}],
    "disagreements": [{"field": "context", "first": 4, "last": 7, "labels": ["battle", ""]}],
    "total": 1,
    "left_out": 0,
}

SMALLEST_TEXT = """() => [...document.querySelectorAll('body *')]
    .filter((one) => one instanceof HTMLElement && one.checkVisibility())
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .filter((one) => parseFloat(getComputedStyle(one).fontSize) < 12)
    .map((one) => one.className || one.tagName)"""


class Judge:
    """Findings of axe-core on a page, view by view.

    Args:
        page: the page, loaded.
        rules: the only ones to judge by, or none for all.
    """

    def __init__(self, page: Page, *rules: str) -> None:
        self._page = page
        only = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
        self._options: dict[str, Any] = {"resultTypes": ["violations"], **only}
        self.found: list[str] = []
        self.small: list[str] = []

    def judge(self, view: str) -> None:
        """Look at what the page shows now."""
        if not self._page.evaluate("'axe' in window"):
            self._page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
        violations = self._page.evaluate("(options) => axe.run(options).then((all) => all.violations)", self._options)
        self.found += [f"{view}: {one['id']} at {node['html'][:120]}" for one in violations for node in one["nodes"]]
        self.small += [f"{view}: {name}" for name in self._page.evaluate(SMALLEST_TEXT)]


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_no_view_breaks_a_rule_of_accessibility(daemon: FakeDaemon, open_page: OpenPage, scheme: str) -> None:
    # Whether names and roles are right does not depend on the colours.
    rules = () if scheme == "dark" else ("color-contrast",)
    empty = open_page(color_scheme=scheme)
    expect(empty.get_by_role("heading", name="Waiting for BizHawk")).to_be_visible()
    start = Judge(empty, *rules)
    start.judge("start page")
    session = daemon.open_session("meadow", state="ended")
    for number in range(40):
        session.record(make_frame_set(number, ("cut short",) if number == 30 else ()))
    session.enter("ended")
    daemon.answers["agreement"] = lambda _: AGREEMENT
    page = open_page(color_scheme=scheme)
    MemoryAnswers(page, names=[HP])
    wait_for_set(page, 39)
    shown = Judge(page, *rules)
    for view in VIEWS:
        page.get_by_role("tab", name=view).click()
        expect(page.get_by_role("tab", name=view)).to_have_attribute("aria-selected", "true")
        expect(page.get_by_role("tabpanel")).not_to_be_empty()
        shown.judge(view)
    page.get_by_role("tab", name="Review").click()
    page.get_by_role("button", name="Agreement").click()
    page.get_by_role("button", name="Grid").click()
    expect(page.locator("#disagreements .grid-row")).to_have_count(1)
    expect(page.locator(".set-cell[data-set='39'] img")).to_be_visible()
    shown.judge("grid of frame sets, and agreement")
    page.get_by_role("tab", name="Map").click()
    page.get_by_role("button", name="Picture").click()
    page.keyboard.press("c")
    expect(page.locator("#option-list-text")).to_be_focused()
    shown.judge("palette")
    page.keyboard.press("Escape")
    expect(page.locator("#option-list-text")).to_have_count(0)
    page.keyboard.press("b")
    expect(page.get_by_role("navigation", name="Sessions")).to_be_visible()
    shown.judge("sessions")
    page.keyboard.press("Escape")
    expect(page.get_by_role("navigation", name="Sessions")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    shown.judge("keys")
    pad = open_page("/pad", width=390, height=844, color_scheme=scheme)
    expect(pad.locator(".pad-option").first).to_be_visible()
    touch = Judge(pad, *rules)
    touch.judge("pad")
    judges = (start, shown, touch)
    assert [line for judge in judges for line in judge.found] == []
    assert [line for judge in judges for line in judge.small] == []
