"""Daemon in a terminal, alone or with an emulator, until it is stopped. Shell."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import resources
from daemon.bizhawk.emuhawk_process import EmuHawkProcess
from daemon.bizhawk.launch import emuhawk_arguments
from daemon.bizhawk.play import play_until_closed
from daemon.bizhawk.search import BizHawk, old_script_copies, remember
from daemon.checking.demo_check import CHECK_FRAMES, demo_play, page_result
from daemon.checking.doctor import versions
from daemon.checking.results import CheckResult
from daemon.checking.session_check import KnownPlay, check_session
from daemon.console.safe_console import SafeConsole
from daemon.console.terminal import Terminal, farewell_text
from daemon.machine.browser import open_in_browser
from daemon.machine.file_limit import allow_many_files
from daemon.processes.emulator_process import EmulatorProcess, PlayArguments
from daemon.server import Endpoints, serving
from daemon.settings import Settings
from daemon.stopping import run_until_stopped
from protocol.network_addresses import LOOPBACK
from protocol.session.layout import session_folder

__all__ = [
    "OnStart",
    "check_bizhawk",
    "check_stand_in",
    "demo_in_bizhawk",
    "play_in_bizhawk",
    "play_in_stand_in",
    "run_daemon",
    "serve_until_stopped",
]

_RECORDED_PLAY = resources.event_logger().with_name("play_recorded.lua")
"""The same script, which also presses recorded buttons."""

_CHECK_PATIENCE = 300.0
"""Seconds within which a check has been played on any machine that is fast enough to play."""

_PAUSE = 0.05
"""Seconds between two looks at the sessions."""

OnStart = Callable[[Endpoints], object]
"""Called with the addresses of the daemon when it runs."""


def run_daemon(work: Coroutine[Any, Any, None]) -> None:
    """Run one of the coroutines below until it is done or somebody asks to stop."""
    allow_many_files()
    run_until_stopped(work)


async def serve_until_stopped(settings: Settings, *, open_page: bool) -> None:
    """Run the daemon, with the line that starts BizHawk, until somebody asks to stop."""
    async with _serving(settings, open_page=open_page) as (terminal, endpoints):
        terminal.block("Start BizHawk like this:", endpoints.launch)
        terminal.line("Waiting for BizHawk. Ctrl+C ends.")
        await asyncio.Event().wait()  # Until somebody asks to stop.


async def play_in_bizhawk(
    settings: Settings, bizhawk: BizHawk, game: Path, remark: str, on_start: OnStart, *, open_page: bool
) -> None:
    """Play a game in BizHawk until it is closed.

    Args:
        settings: of the daemon.
        bizhawk: the one to start.
        game: the game's file, absolute.
        remark: a sentence for the player, empty for none.
        on_start: called with the running daemon.
        open_page: whether the live page is opened in a browser.

    Raises:
        BizHawkError: BizHawk does not start, or nothing was recorded.
    """
    async with _serving(settings, open_page=open_page) as (terminal, endpoints):
        on_start(endpoints)
        if remark:
            terminal.line(remark)
        arguments = emuhawk_arguments(LOOPBACK, endpoints.link_port, resources.event_logger(), str(game))
        await _until_closed(settings, terminal, endpoints, bizhawk, arguments)


async def demo_in_bizhawk(
    settings: Settings, bizhawk: BizHawk, frames: int, on_start: OnStart, *, open_page: bool
) -> None:
    """Let the demo game play itself in BizHawk, which then closes itself."""
    async with _serving(settings, open_page=open_page) as (terminal, endpoints):
        on_start(endpoints)
        terminal.line(
            "There is no mGBA core here: the demo game plays itself in BizHawk. --tape plays its tape instead."
        )
        arguments = _tour_arguments(endpoints, demo_play(frames))
        await _until_closed(settings, terminal, endpoints, bizhawk, arguments)


async def check_bizhawk(settings: Settings, bizhawk: BizHawk, results: list[CheckResult], *, open_page: bool) -> None:
    """Play the demo game by its tour; `results` are complete when it was played to its end."""
    play = demo_play()
    async with _serving(settings, open_page=open_page) as (terminal, endpoints):
        terminal.line(f"The demo game plays itself for {CHECK_FRAMES // 60} s: keep your hands off, a table follows.")
        arguments = _tour_arguments(endpoints, play)
        page = await asyncio.to_thread(page_result, endpoints.page)
        sessions = await _until_closed(settings, terminal, endpoints, bizhawk, arguments, _CHECK_PATIENCE)
    if sessions:
        results += [*check_session(session_folder(settings.data_folder, sessions[0]).path, play), page]


async def play_in_stand_in(settings: Settings, arguments: PlayArguments, on_start: OnStart, *, open_page: bool) -> None:
    """Play in the stand-in emulator until it ends; `on_start` gets the running daemon."""
    async with _serving(settings, open_page=open_page) as (terminal, endpoints):
        on_start(endpoints)
        await _play_through(terminal, settings, endpoints, arguments)


async def check_stand_in(settings: Settings, arguments: PlayArguments, results: list[CheckResult]) -> None:
    """Play the demo in the stand-in emulator; `results` are complete when it ends."""
    async with _serving(settings, open_page=False) as (terminal, endpoints):
        page = await asyncio.to_thread(page_result, endpoints.page)
        await _play_through(terminal, settings, endpoints, arguments)
    session, *_ = endpoints.summaries()
    folder = session_folder(settings.data_folder, session["session_id"])
    results += [versions(), *check_session(folder.path, demo_play(real_time=False)), page]


def _tour_arguments(endpoints: Endpoints, play: KnownPlay) -> list[str]:
    """Return EmuHawk's arguments for the demo game that plays itself."""
    userdata = {
        "inputs": ",".join(f"{frame} {held}" for frame, held in play.inputs.changes()),
        "frames": play.frames,
    }
    return emuhawk_arguments(LOOPBACK, endpoints.link_port, _RECORDED_PLAY, str(resources.demo_rom()), userdata)


async def _until_closed(
    settings: Settings,
    terminal: Terminal,
    endpoints: Endpoints,
    bizhawk: BizHawk,
    arguments: list[str],
    patience: float | None = None,
) -> list[str]:
    """Start BizHawk and wait until it is closed; gives the sessions that were recorded."""
    process = EmuHawkProcess(bizhawk.program, arguments, settings.data_folder / ".bizhawk.log")
    terminal.line(f"{bizhawk} is started; another one is chosen with --bizhawk.")
    for copy in old_script_copies(bizhawk):
        terminal.line(f"{copy} holds an old copy of gbatrace's script; it is not used, delete it.")
    remember(settings.data_folder, bizhawk)
    return await play_until_closed(terminal, endpoints.summaries, process, patience)


async def _play_through(terminal: Terminal, settings: Settings, endpoints: Endpoints, arguments: PlayArguments) -> None:
    """Play in the stand-in emulator until it ends and its last messages are read."""
    emulator = EmulatorProcess(terminal, arguments, settings.host, endpoints.link_port)
    try:
        await emulator.wait()
    finally:
        await emulator.stop()
        await _last_messages_read(endpoints)


async def _last_messages_read(endpoints: Endpoints) -> None:
    """Wait until all messages of disconnected emulators are read; they may wait for the disk."""
    while any(summary["state"] == "live" for summary in endpoints.summaries()):  # noqa: ASYNC110 - there is no event for it
        await asyncio.sleep(_PAUSE)


@contextlib.asynccontextmanager
async def _serving(settings: Settings, *, open_page: bool) -> AsyncIterator[tuple[Terminal, Endpoints]]:
    with Terminal(SafeConsole()) as terminal, contextlib.ExitStack() as at_the_end:
        async with serving(settings, terminal, resources.event_logger()) as endpoints:
            at_the_end.callback(lambda: terminal.line(farewell_text(endpoints.summaries())))
            terminal.line(f"Session folders go to {settings.data_folder.absolute()}")
            if endpoints.page:
                terminal.line(f"The live page is at {endpoints.page}")
                if open_page:
                    open_in_browser(endpoints.page)
            yield terminal, endpoints
