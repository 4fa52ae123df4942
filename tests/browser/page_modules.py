"""Expressions of the page's pure modules, evaluated in the browser that they are written for."""

from typing import Any

from playwright.sync_api import Page

__all__ = ["call"]


def call(page: Page, module: str, expression: str, *arguments: Any) -> Any:
    """Evaluate an expression of the module `m` and the arguments `a`, `b`, …"""
    names = ", ".join("abcdefgh"[: len(arguments)])
    script = f"async ([{names}]) => {{ const m = await import('/static/state/{module}.js'); return {expression}; }}"
    return page.evaluate(script, list(arguments))
