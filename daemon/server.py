"""Composition of the daemon, and its run from start to end. Shell."""

import asyncio
import contextlib
import secrets
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from daemon.access.invitation_printer import InvitationPrinter
from daemon.access.keys import bus_keys, bus_secret, default_bus_keys, link_token
from daemon.background import Background
from daemon.bizhawk.launch import launch_command
from daemon.bus import Bus
from daemon.console.terminal import Terminal, status_text
from daemon.disk.data_folder import has_session, prepare_data_folder
from daemon.disk.durability import SYNC_PAUSE, Durability, Unsynced
from daemon.disk.folder_watch import FolderWatch
from daemon.labels.history import SetEdit
from daemon.labels.service import LabelService
from daemon.link.ingest import FAREWELL_GRACE, Ingest
from daemon.machine.lan_address import lan_address
from daemon.processes.web_process import WebProcess
from daemon.processes.writer_process import WriterProcess, writer_command
from daemon.processes.writer_queue import StallNotice
from daemon.recording.recorder import Recorder
from daemon.recording.restoring import restore_sessions
from daemon.recording.session import Session
from daemon.recording.sessions import Sessions
from daemon.settings import Settings
from daemon.writer.jobs import Sync
from protocol.errors import GbatraceError
from protocol.network_addresses import EVERYWHERE, LOOPBACK, is_loopback
from protocol.version import PACKAGE_VERSION
from resources.config_files import read_game_configs

__all__ = ["STUCK", "Endpoints", "serving"]

_LABEL_IDLE = 60.0
"""Seconds after its last label when another gbatrace may edit a session's labels."""

_HOUSEKEEPING = 1.0
"""Seconds between two rounds of housekeeping."""

STUCK = 60.0
"""Seconds without a word of the writer after which the end of the daemon does not wait for it any more."""

_REFRESH_ROUNDS = 5
"""Rounds of housekeeping after which the metadata of what is being recorded are written anew."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Addresses of a running daemon.

    Args:
        link_port: port on which emulators are awaited.
        pub: endpoint of the bus's PUB socket.
        router: endpoint of the bus's ROUTER socket.
        page: address of the live page, empty without one.
        launch: command line that starts EmuHawk.
        summaries: gives the session summaries, newest first; after the daemon has ended as well.
    """

    link_port: int
    pub: str
    router: str
    page: str
    launch: str
    summaries: Callable[[], list[dict[str, Any]]]


@contextlib.asynccontextmanager
async def serving(settings: Settings, terminal: Terminal, script: Path) -> AsyncIterator[Endpoints]:
    """Run the daemon for the length of an `async with`, then end and store every session.

    Args:
        settings: the options.
        terminal: where events are shown.
        script: the Lua script, for the command line that is shown.

    Raises:
        UserError: something must be set right first; nothing runs.
    """
    data_folder = prepare_data_folder(settings.data_folder, terminal.line)
    sessions = Sessions(
        read_game_configs(data_folder, settings.game_config, terminal.line),
        name_is_taken=lambda name: has_session(data_folder, name),
        new_token=lambda: secrets.token_urlsafe(16),
        new_uuid=lambda: str(uuid4()),
        session_name=settings.session_name,
        link_token="" if is_loopback(settings.host) else link_token(data_folder),
    )
    link: dict[str, object] = {"host": settings.host}
    writing: set[asyncio.Task[None]] = set()

    async def state(_arguments: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "n": bus.published,
            "version": PACKAGE_VERSION,
            "data_folder": str(data_folder),
            "link": link,
            "sessions": sessions.summaries(),
        }

    async def write_latch(session: str, edit: SetEdit, who: str, origin: str) -> None:
        try:
            if await labels.latched(session, edit, who, origin):
                recorder.write_tags_as_text(session)
        except GbatraceError as error:
            terminal.line(str(error))

    def latched(session: str, edit: SetEdit, who: str, origin: str) -> None:
        task = asyncio.create_task(write_latch(session, edit, who, origin))
        writing.add(task)
        task.add_done_callback(writing.discard)

    secret = bus_secret(data_folder)
    bus = Bus(secret)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(bus.close)
        writer = WriterProcess(writer_command(data_folder, settings.durability), terminal.line)
        await writer.start()
        stack.push_async_callback(writer.close)
        background = Background()
        stack.push_async_callback(asyncio.to_thread, background.close)
        unsynced = Unsynced(settings.durability)
        recorder = Recorder(sessions, writer, bus.publish, latched, terminal.line, _now)
        labels = LabelService(
            data_folder, background, bus.publish, recorder.latch, _now, unsynced.wrote, sessions.knows
        )
        stack.callback(labels.release)
        stack.push_async_callback(_wait_for_all, writing)
        pub, router = bus.open(
            LOOPBACK,
            settings.bus_port,
            settings.command_port,
            {"state": state, **labels.handlers()},
            or_others=settings.other_bus_ports,
        )
        terminal.line(f"The bus is at {pub}, its commands at {router}")
        if is_loopback(settings.bus_host) and settings.bus_host not in {LOOPBACK, "localhost"}:
            also = bus.open_loopback(settings.bus_host, settings.bus_port, settings.command_port)
            terminal.line(f"The bus is open at {also[0]} and {also[1]} as well.")
        elif not is_loopback(settings.bus_host):
            keys = bus_keys(settings.bus_keys or default_bus_keys(data_folder))
            beyond = bus.open_remote(settings.bus_host, settings.bus_port, settings.command_port, keys)
            terminal.line(f"The bus is open at {beyond[0]} and {beyond[1]} for programs that have keys.")
        for restored in await _restored(data_folder, settings.lost_patience, terminal):
            recorder.take_over(restored)
        await writer.perform(Sync())  # It is there: no emulator waits for its start.
        ingest = Ingest(recorder)
        stack.push_async_callback(ingest.close)
        port = await ingest.open(settings.host, settings.link_port)
        reached = lan_address() if settings.host == EVERYWHERE else settings.host
        launch = launch_command(reached, port, script, sessions.link_token, windows=sys.platform == "win32")
        if ":" in settings.host:
            terminal.line("BizHawk itself reaches IPv4 addresses only: for it, choose one with --host.")
        if sessions.link_token:
            terminal.line(f"Emulators must know this token: {sessions.link_token}")
            terminal.line("BizHawk takes it from the command line, or from config.lua next to the script.")
        link.update(port=port, launch=launch)
        try:
            page = ""
            if settings.web_port is not None:
                invitations = InvitationPrinter(terminal, settings.web_host)
                web = WebProcess(
                    terminal,
                    (pub, router),
                    settings.web_host,
                    settings.web_port,
                    replace(settings.page_secret, bus=secret),
                    invitations.print_invitation,
                )
                stack.push_async_callback(web.stop)
                page = await web.start()
                invitations.set_page_address(page)
            housekeeping = asyncio.create_task(
                _do_housekeeping(recorder, writer, labels, terminal, page, settings.lost_patience)
            )
            stack.callback(housekeeping.cancel)
            watching = asyncio.create_task(_watch_folders(FolderWatch(data_folder, terminal.line), recorder))
            stack.callback(watching.cancel)
            if settings.durability is Durability.POWER:
                syncing = asyncio.create_task(_sync_repeatedly(writer, background, unsynced, terminal))
                stack.callback(syncing.cancel)
            yield Endpoints(port, pub, router, page, launch, recorder.summaries)
        finally:
            await recorder.part_all("the daemon was stopped")
            recorder.end_all("the daemon was stopped")
            await asyncio.sleep(FAREWELL_GRACE)
            await _store_unless_stuck(writer, terminal, _all_stored(recorder, writer, background, unsynced))


async def _restored(data_folder: Path, patience: float, terminal: Terminal) -> list[Session]:
    """Restore sessions on a thread, which ends early where somebody asks to stop meanwhile."""
    stopped = threading.Event()
    try:
        return await asyncio.to_thread(restore_sessions, data_folder, _now(), patience, terminal.line, stopped.is_set)
    finally:
        stopped.set()


async def _do_housekeeping(
    recorder: Recorder, writer: WriterProcess, labels: LabelService, terminal: Terminal, page: str, patience: float
) -> None:
    counts: dict[str, int] = {}
    notice = StallNotice()
    for round_number in count(1):
        recorder.end_overdue(patience, asyncio.get_running_loop().time())
        if round_number % _REFRESH_ROUNDS == 0:
            recorder.refresh_metadata()
            labels.release(_LABEL_IDLE)
        line = notice.observe(writer.silence())
        if line is not None:
            terminal.line(line)
        summaries = recorder.summaries()
        before, counts = counts, {summary["session_id"]: summary["frame_sets"] for summary in summaries}
        rates = {name: (count - before.get(name, count)) / _HOUSEKEEPING for name, count in counts.items()}
        terminal.status(status_text(summaries, rates, page))
        await asyncio.sleep(_HOUSEKEEPING)


async def _watch_folders(watch: FolderWatch, recorder: Recorder) -> None:
    while True:
        await asyncio.sleep(_HOUSEKEEPING)
        stored = [summary["session_id"] for summary in recorder.summaries() if _is_being_stored(summary)]
        await asyncio.to_thread(watch.look, stored)


def _is_being_stored(summary: Mapping[str, Any]) -> bool:
    return bool(summary["state"] != "ended" and summary["frame_sets"])


async def _all_stored(recorder: Recorder, writer: WriterProcess, background: Background, unsynced: Unsynced) -> None:
    await recorder.settled()
    await writer.perform(Sync())
    await background.run(unsynced.sync)


async def _store_unless_stuck(writer: WriterProcess, terminal: Terminal, storing: Coroutine[Any, Any, None]) -> None:
    """Wait until everything is stored, or until the disk has taken nothing for `STUCK` seconds."""
    task = asyncio.create_task(storing)
    while not task.done():
        await asyncio.wait({task}, timeout=_HOUSEKEEPING)
        if writer.silence() > STUCK:
            task.cancel()
            writer.give_up()
            terminal.line(
                f"The disk has taken nothing for {STUCK:.0f} s: gbatrace ends without what waits for it. "
                "The script keeps the frame sets that were not stored, and sends them to the next gbatrace."
            )
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _sync_repeatedly(
    writer: WriterProcess, background: Background, unsynced: Unsynced, terminal: Terminal
) -> None:
    while True:
        await asyncio.sleep(SYNC_PAUSE)
        try:
            await writer.perform(Sync())
            await background.run(unsynced.sync)
        except GbatraceError as error:
            terminal.line(str(error))


async def _wait_for_all(tasks: set[asyncio.Task[None]]) -> None:
    await asyncio.gather(*tasks)


def _now() -> int:
    return time.time_ns() // 1_000_000
