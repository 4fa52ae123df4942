"""A real daemon on a thread of its own, for tests that let several rooms work together."""

import asyncio
import contextlib
import io
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from rich.console import Console

from daemon.console.terminal import Terminal
from daemon.server import Endpoints, serving
from daemon.settings import Settings
from resources import event_logger

__all__ = ["running_daemon"]


@contextlib.contextmanager
def running_daemon(data_folder: Path, **options: Any) -> Iterator[Endpoints]:
    """Run the daemon without a page on free ports; on the way out everything is stored."""
    free: dict[str, Any] = {"link_port": 0, "bus_port": 0, "command_port": 0, "web_port": None}
    settings = Settings(data_folder=data_folder, **{**free, **options})
    started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event, Endpoints]] = Future()

    async def serve() -> None:
        stop = asyncio.Event()
        async with serving(settings, Terminal(Console(file=io.StringIO())), event_logger()) as ends:
            started.set_result((asyncio.get_running_loop(), stop, ends))
            await stop.wait()

    def run() -> None:
        try:
            with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
                runner.run(serve())
        except BaseException as error:
            if started.done():
                raise
            started.set_exception(error)

    thread = threading.Thread(target=run, name="daemon")
    thread.start()
    try:
        loop, stop, endpoints = started.result(timeout=20)
        try:
            yield endpoints
        finally:
            loop.call_soon_threadsafe(stop.set)
    finally:
        thread.join()
