"""The daemon's thread for small jobs, for the length of a test."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from daemon.background import Background

__all__ = ["running_background"]


@contextlib.asynccontextmanager
async def running_background() -> AsyncIterator[Background]:
    """Run the thread; every job is done at the end."""
    background = Background()
    try:
        yield background
    finally:
        await asyncio.to_thread(background.close)
