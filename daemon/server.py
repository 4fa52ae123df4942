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
from daemon.alarms.service import AlarmService
from daemon.background import Background
from daemon.bizhawk.launch import launch_command
from daemon.bus import Bus
from daemon.console.terminal import Terminal, status_text
from daemon.disk.data_folder import has_session, prepare_data_folder
from daemon.disk.durability import SYNC_PAUSE, Durability, Unsynced
from daemon.disk.folder_watch import FolderWatch
from daemon.headless.cut_off import close_cut_off_sessions
from daemon.labels.history import SetEdit
from daemon.labels.label_sets import LabelSetService
from daemon.labels.service import LabelService
from daemon.link.ingest import FAREWELL_GRACE, Ingest
from daemon.machine.lan_address import lan_address
from daemon.names.service import NameService
from daemon.processes.analysis_process import AnalysisProcess, analysis_command
from daemon.processes.web_process import WebProcess
from daemon.processes.writer_process import WriterProcess, writer_command
from daemon.processes.writer_queue import StallNotice
from daemon.recording.effects import Labelled
from daemon.recording.recorder import Recorder
from daemon.recording.restoring import restore_sessions
from daemon.recording.sessions import Sessions
from daemon.settings import Settings
from daemon.suggesting.service import SuggestionService
from daemon.writer.jobs import Sync
from protocol.errors import GbatraceError
from protocol.network_addresses import EVERYWHERE, LOOPBACK, is_loopback
from protocol.packing import unpack
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

    The parts start in the order of the calls below, and end in the opposite one.

    Args:
        settings: the options.
        terminal: where events are shown.
        script: the Lua script, for the command line that is shown.

    Raises:
        UserError: something must be set right first; nothing runs.
    """
    parts = _Parts(settings, terminal)
    async with contextlib.AsyncExitStack() as stack:
        await parts.start_storing(stack)
        pub, router = parts.open_bus()
        await parts.restore_sessions()
        port, launch = await parts.open_link(stack, script)
        try:
            page = await parts.start_page(stack, (pub, router))
            parts.start_tasks(stack, page)
            yield Endpoints(port, pub, router, page, launch, parts.recorder.summaries)
        finally:
            await parts.end_sessions()


class _Parts:
    """Parts of a daemon: what is there from the start, and how each begins and ends.

    Args:
        settings: the options.
        terminal: where events are shown.
    """

    def __init__(self, settings: Settings, terminal: Terminal) -> None:
        self._settings = settings
        self._terminal = terminal
        self._data_folder = data_folder = prepare_data_folder(settings.data_folder, terminal.line)
        self._sessions = Sessions(
            read_game_configs(data_folder, settings.game_config, terminal.line),
            name_is_taken=lambda name: has_session(data_folder, name),
            new_token=lambda: secrets.token_urlsafe(16),
            new_uuid=lambda: str(uuid4()),
            session_name=settings.session_name,
            link_token="" if is_loopback(settings.host) else link_token(data_folder),
        )
        self._link: dict[str, object] = {"host": settings.host}
        self._secret = bus_secret(data_folder)
        self._bus = Bus(self._secret)
        self._writer = WriterProcess(writer_command(data_folder, settings.durability), terminal.line)
        self._background = Background()
        self._unsynced = Unsynced(settings.durability)
        self.recorder = Recorder(
            self._sessions, self._writer, self._publish, self._latched, terminal.line, _now, self._labelled
        )
        self._labelling: set[asyncio.Task[None]] = set()
        self._alarms = AlarmService(data_folder, self._background, self.recorder.set_alarms, terminal.line)
        self._names = NameService(data_folder, self._background, self._publish)
        self._labels = LabelService(
            data_folder,
            self._background,
            self._bus.publish,
            self.recorder.latch,
            _now,
            self._unsynced.wrote,
            self._sessions.knows,
        )
        self._label_sets = LabelSetService(data_folder, self._background, self._publish)
        self._analysis = AnalysisProcess(analysis_command(data_folder), terminal.line)
        self._suggesting = SuggestionService(self._ask_analysis, self._labels)

    async def start_storing(self, stack: contextlib.AsyncExitStack) -> None:
        """Start the writer; at the end labels are written, then what it still has."""
        stack.push_async_callback(self._bus.close)
        await self._writer.start()
        stack.push_async_callback(self._writer.close)
        stack.push_async_callback(asyncio.to_thread, self._background.close)
        stack.callback(self._labels.release)
        stack.push_async_callback(_wait_for_all, self._labelling)
        stack.push_async_callback(self._analysis.close)

    def open_bus(self) -> tuple[str, str]:
        """Open the bus; returns its endpoints on this machine, PUB and ROUTER."""
        settings, line = self._settings, self._terminal.line
        pub, router = self._bus.open(
            LOOPBACK,
            settings.bus_port,
            settings.command_port,
            {
                "state": self._state,
                **self._labels.handlers(),
                **self._label_sets.handlers(),
                **self._names.handlers(),
                **self._analysis.handlers(),
                **self._suggesting.handlers(),
            },
            or_others=settings.other_bus_ports,
        )
        line(f"The bus is at {pub}, its commands at {router}")
        if is_loopback(settings.bus_host) and settings.bus_host not in {LOOPBACK, "localhost"}:
            also = self._bus.open_loopback(settings.bus_host, settings.bus_port, settings.command_port)
            line(f"The bus is open at {also[0]} and {also[1]} as well.")
        elif not is_loopback(settings.bus_host):
            keys = bus_keys(settings.bus_keys or default_bus_keys(self._data_folder))
            beyond = self._bus.open_remote(settings.bus_host, settings.bus_port, settings.command_port, keys)
            line(f"The bus is open at {beyond[0]} and {beyond[1]} for programs that have keys.")
        return pub, router

    async def restore_sessions(self) -> None:
        """Take over the sessions that an earlier daemon left, on a thread that can be stopped."""
        stopped, line = threading.Event(), self._terminal.line
        patience = self._settings.lost_patience
        try:
            restored = await asyncio.to_thread(
                restore_sessions, self._data_folder, _now(), patience, line, stopped.is_set
            )
        finally:
            stopped.set()
        for session in restored:
            self.recorder.take_over(session)

    async def open_link(self, stack: contextlib.AsyncExitStack, script: Path) -> tuple[int, str]:
        """Await emulators; returns the port and the command line that starts one."""
        settings, line, token = self._settings, self._terminal.line, self._sessions.link_token
        await self._writer.perform(Sync())  # It is there: no emulator waits for its start.
        ingest = Ingest(self.recorder)
        stack.push_async_callback(ingest.close)
        port = await ingest.open(settings.host, settings.link_port)
        reached = lan_address() if settings.host == EVERYWHERE else settings.host
        launch = launch_command(reached, port, script, token, windows=sys.platform == "win32")
        if ":" in settings.host:
            line("BizHawk itself reaches IPv4 addresses only: for it, choose one with --host.")
        if token:
            line(f"Emulators must know this token: {token}")
            line("BizHawk takes it from the command line, or from config.lua next to the script.")
        self._link.update(port=port, launch=launch)
        return port, launch

    async def start_page(self, stack: contextlib.AsyncExitStack, bus: tuple[str, str]) -> str:
        """Start the page where one is wanted; returns its address, or nothing."""
        settings = self._settings
        if settings.web_port is None:
            return ""
        invitations = InvitationPrinter(self._terminal, settings.web_host)
        secret = replace(settings.page_secret, bus=self._secret)
        web = WebProcess(
            self._terminal, bus, settings.web_host, settings.web_port, secret, invitations.print_invitation
        )
        stack.push_async_callback(web.stop)
        page = await web.start()
        invitations.set_page_address(page)
        return page

    def start_tasks(self, stack: contextlib.AsyncExitStack, page: str) -> None:
        """Start what is done while the daemon records."""
        closing = asyncio.to_thread(close_cut_off_sessions, self._data_folder, self._terminal.line)
        tasks: list[Coroutine[Any, Any, None]] = [closing, self._do_housekeeping(page)]
        tasks += [self._watch_folders(), self._watch_names()]
        if self._settings.durability is Durability.POWER:
            tasks.append(self._sync_repeatedly())
        for task in tasks:
            stack.callback(asyncio.create_task(task).cancel)

    async def end_sessions(self) -> None:
        """Send emulators away, end every session, and wait until all is stored.

        A disk that is stuck is not waited for.
        """
        await self.recorder.part_all("the daemon was stopped")
        self.recorder.end_all("the daemon was stopped")
        await asyncio.sleep(FAREWELL_GRACE)
        storing = asyncio.create_task(self._store_all())
        while not storing.done():
            await asyncio.wait({storing}, timeout=_HOUSEKEEPING)
            if self._writer.silence() > STUCK:
                storing.cancel()
                self._writer.give_up()
                self._terminal.line(
                    f"The disk has taken nothing for {STUCK:.0f} s: gbatrace ends without what waits for it. "
                    "The script keeps the frame sets that were not stored, and sends them to the next gbatrace."
                )
        with contextlib.suppress(asyncio.CancelledError):
            await storing

    async def _ask_analysis(self, command: str, arguments: Mapping[str, Any]) -> Any:
        return unpack((await self._analysis.ask(command, arguments)).data)

    async def _state(self, _arguments: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "n": self._bus.published,
            "version": PACKAGE_VERSION,
            "data_folder": str(self._data_folder),
            "link": self._link,
            "sessions": self._sessions.summaries(),
        }

    def _publish(self, topic: str, session: str, body: Mapping[str, Any]) -> None:
        self._bus.publish(topic, session, body)
        self._alarms.follow(topic, session, body)

    def _latched(self, session: str, edit: SetEdit, who: str, origin: str) -> None:
        self._label_soon(self._write_latch(session, edit, who, origin))

    def _labelled(self, session: str, labelled: Labelled) -> None:
        self._label_soon(self._give_label(session, labelled))

    def _label_soon(self, labelling: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(labelling)
        self._labelling.add(task)
        task.add_done_callback(self._labelling.discard)

    async def _give_label(self, session: str, labelled: Labelled) -> None:
        labels = dict(labelled.edit)
        tags = labels.pop("tags", ())
        arguments = {
            "session": session,
            "frame_sets": [labelled.number],
            "labels": labels,
            "add_tags": list(tags) if isinstance(tags, tuple) else [],
            "who": labelled.who,
            "origin": labelled.origin,
        }
        try:
            await self._labels.label(arguments)
        except GbatraceError as error:
            self._terminal.line(str(error))

    async def _write_latch(self, session: str, edit: SetEdit, who: str, origin: str) -> None:
        try:
            if await self._labels.latched(session, edit, who, origin):
                self.recorder.write_tags_as_text(session)
        except GbatraceError as error:
            self._terminal.line(str(error))

    async def _store_all(self) -> None:
        await self.recorder.settled()
        await self._sync()

    async def _sync(self) -> None:
        await self._writer.perform(Sync())
        await self._background.run(self._unsynced.sync)

    async def _sync_repeatedly(self) -> None:
        while True:
            await asyncio.sleep(SYNC_PAUSE)
            try:
                await self._sync()
            except GbatraceError as error:
                self._terminal.line(str(error))

    async def _do_housekeeping(self, page: str) -> None:
        recorder, terminal = self.recorder, self._terminal
        counts: dict[str, int] = {}
        notice = StallNotice()
        for round_number in count(1):
            recorder.end_overdue(self._settings.lost_patience, asyncio.get_running_loop().time())
            if round_number % _REFRESH_ROUNDS == 0:
                recorder.refresh_metadata()
                self._labels.release(_LABEL_IDLE)
            line = notice.observe(self._writer.silence())
            if line is not None:
                terminal.line(line)
            summaries = recorder.summaries()
            before, counts = counts, {summary["session_id"]: summary["frame_sets"] for summary in summaries}
            rates = {name: (count - before.get(name, count)) / _HOUSEKEEPING for name, count in counts.items()}
            terminal.status(status_text(summaries, rates, page))
            await asyncio.sleep(_HOUSEKEEPING)

    async def _watch_folders(self) -> None:
        watch = FolderWatch(self._data_folder, self._terminal.line)
        while True:
            await asyncio.sleep(_HOUSEKEEPING)
            stored = [summary["session_id"] for summary in self.recorder.summaries() if _is_being_stored(summary)]
            await asyncio.to_thread(watch.look, stored)

    async def _watch_names(self) -> None:
        while True:
            await self._names.publish_edited()
            await asyncio.sleep(_HOUSEKEEPING)


def _is_being_stored(summary: Mapping[str, Any]) -> bool:
    return bool(summary["state"] != "ended" and summary["frame_sets"])


async def _wait_for_all(tasks: set[asyncio.Task[None]]) -> None:
    await asyncio.gather(*tasks)


def _now() -> int:
    return time.time_ns() // 1_000_000
