"""The browser of this machine."""

import sys
import webbrowser

import pytest

from daemon.machine.browser import find_browser, open_in_browser


class Browser(webbrowser.BaseBrowser):
    """Notes what it is to open."""

    def __init__(self) -> None:
        super().__init__("noting")
        self.opened: list[str] = []

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        self.opened.append(url)
        return True


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    found = Browser()
    monkeypatch.setattr(webbrowser, "get", lambda: found)
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    return found


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"])
def test_a_browser_with_a_display_or_that_somebody_names(browser: Browser, name: str) -> None:
    assert find_browser({name: "some"}) is browser


def test_a_browser_of_a_terminal_is_none(browser: Browser) -> None:
    assert find_browser({"DISPLAY": ""}) is None
    open_in_browser("http://127.0.0.1:5000")
    assert browser.opened == []


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_where_there_is_always_a_display(browser: Browser, monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    open_in_browser("http://127.0.0.1:5000")
    assert browser.opened == ["http://127.0.0.1:5000"]


def test_there_may_be_none(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    assert find_browser({"DISPLAY": ":0"}) is None
    assert browser.opened == []
