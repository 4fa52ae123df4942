"""Timeouts of tests for what must come at once."""

import asyncio
from collections.abc import Callable

__all__ = ["PATIENCE", "until"]

PATIENCE = 30.0
"""Seconds; far more than anything takes, so that a busy machine fails no test."""


async def until(condition: Callable[[], object]) -> None:
    """Wait until something has come true."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for knows of no event
            await asyncio.sleep(0.002)
