"""Waits for what a test sees on its own side of a browser: requests that it answers, files on disk."""

import time
from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Page

from tests.fakes.patience import PATIENCE

__all__ = ["eventually"]

Value = TypeVar("Value")

_PAUSE = 20
"""Milliseconds between two looks, in which requests of the page are answered."""


def eventually(page: Page, read: Callable[[], Value], expected: Value) -> None:
    """Wait until a value is the expected one; what has a place on the page is waited for with `expect`."""
    deadline = time.monotonic() + PATIENCE
    while (value := read()) != expected and time.monotonic() < deadline:
        page.wait_for_timeout(_PAUSE)
    assert value == expected
