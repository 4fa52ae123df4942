"""Modules of the page in the browser that they are written for: their expressions, and which were fetched."""

from typing import Any

from playwright.sync_api import Page

__all__ = ["OWN_CODE", "call"]

OWN_CODE = """(isBefore) => performance.getEntriesByType('resource')
    .filter(({ name }) => /static\\/(?!vendor).*\\.(js|css)$/.test(name))
    .filter(({ startTime }) => !isBefore || startTime < performance.getEntriesByName('first picture')[0].startTime)
    .map(({ name, decodedBodySize }) => [name.split('/static/')[1], decodedBodySize])"""
"""Script: names and bytes of our own code that the page asked for; if `isBefore`, before its first picture."""


def call(page: Page, module: str, expression: str, *arguments: Any) -> Any:
    """Evaluate an expression of the module `m` and the arguments `a`, `b`, …"""
    names = ", ".join("abcdefgh"[: len(arguments)])
    script = f"async ([{names}]) => {{ const m = await import('/static/state/{module}.js'); return {expression}; }}"
    return page.evaluate(script, list(arguments))
