"""The browser of this machine. Shell."""

import os
import sys
import webbrowser
from collections.abc import Mapping

__all__ = ["find_browser", "open_in_browser"]

_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")


def find_browser(environment: Mapping[str, str] = os.environ) -> webbrowser.BaseBrowser | None:
    """Find the browser that can show the page; None without one.

    Where there is no display, Python finds the browsers of a terminal (`lynx`, `w3m`, `www-browser`). They show nothing
    of the page and take the terminal, so they count only where `BROWSER` names one.
    """
    if sys.platform not in {"win32", "darwin"} and not any(map(environment.get, (*_DISPLAYS, "BROWSER"))):
        return None
    try:
        return webbrowser.get()
    except webbrowser.Error:
        return None


def open_in_browser(address: str) -> None:
    """Open a page, where there is a browser for it."""
    browser = find_browser()
    if browser is not None:
        browser.open(address)
