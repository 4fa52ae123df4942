"""Recorder of a console that is played in this process. Shell."""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from daemon.disk.data_folder import has_session
from daemon.disk.files import map_os_errors, replace_file
from daemon.headless.direct_session import DirectSession
from daemon.headless.scanner import FRAMES_PER_SET, REGIONS, Scanner
from daemon.recording.effects import Greeted
from daemon.recording.sessions import Sessions
from lua.headless.core import Core
from lua.headless.picture import png_of
from protocol.console import GBA
from protocol.errors import StoreError
from protocol.link.connection import Screenshot
from protocol.link.messages import Bye, Event, Hello, Scalar, SetEnd
from protocol.regions import ScanMode
from protocol.session.compression import pack_state
from protocol.session.layout import session_folder
from protocol.session.origin import Origin, Parent
from protocol.version import LINK_VERSION, PACKAGE_VERSION
from resources.config_files import read_game_configs

__all__ = ["HeadlessRecorder", "RecorderOptions", "Start"]


@dataclass(frozen=True, slots=True)
class Start:
    """Savestate from which a recording begins.

    Args:
        state: the savestate, which the core has just been given.
        frame: frames that the console had run when it was saved.
        parent: the session of which it is a moment, if it is one.
    """

    state: bytes
    frame: int = 0
    parent: Parent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecorderOptions:
    """Options of a recorder.

    Args:
        session_name: the session's name; empty makes one of time and game. Where several processes write into one data
            folder, give each session its own.
        game_config: the game config, instead of the one that fits the game.
        start: the savestate from which it begins; None where the console has just been switched on.
        began: ms since the epoch of the start, from which frames are timed at the console's own speed; None for now.
    """

    session_name: str = ""
    game_config: Path | None = None
    start: Start | None = None
    began: int | None = None


class HeadlessRecorder:
    """Recorder of one session, from a start of the console to the end of the play.

    The core stays its owner's. Between the start and `close` it is neither reset nor given a savestate: what follows
    one is another recorder's session.

    Args:
        data_folder: where the session folders are.
        core: the console, with its game, right at the start.
        options: how to record.

    Raises:
        ConfigError: a game config cannot be read.
        CoreError: the core does not show its registers.
        LayoutError: the session's name cannot be one.
        StoreError: the disk refused.

    Attributes:
        frame: frames that the console has run since power-on.
    """

    def __init__(self, data_folder: Path, core: Core, options: RecorderOptions | None = None) -> None:
        options = options or RecorderOptions()
        start = options.start
        self._core = core
        self._scanner = Scanner(core.memories())
        self._began = time.time_ns() // 1_000_000 if options.began is None else options.began
        self._first = self.frame = start.frame if start else 0
        self._set = self._position = 0
        self._is_open = True
        sessions = Sessions(
            read_game_configs(data_folder, options.game_config),
            name_is_taken=lambda name: has_session(data_folder, name),
            new_token=str,
            new_uuid=lambda: str(uuid4()),
            session_name=options.session_name,
        )
        session = sessions.greet(_hello(core), self._began)
        origin = Origin(core.name, start is not None, self._first, start.parent if start else None)
        session.identity = replace(session.identity, resume_sha256="", origin=origin.as_map())
        self._direct = DirectSession(data_folder, session)
        self._folder = session_folder(data_folder, session.identity.session_id)
        try:
            self._direct.receive(Greeted(), self._began)
            if start is not None:
                self._keep(start)
        except BaseException:
            self._direct.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def session_id(self) -> str:
        """The session's name."""
        return self._direct.session.identity.session_id

    @property
    def folder(self) -> Path:
        """The session's folder."""
        return self._folder.path

    def step(self, buttons: int) -> None:
        """Run the console for one frame and record it.

        Args:
            buttons: held during the frame, a bit set like `GBA.buttons`.

        Raises:
            StoreError: the disk refused.
        """
        self._core.run_frame(buttons)
        self.record(buttons)

    def record(self, buttons: int) -> None:
        """Record the frame that the console has just run.

        Args:
            buttons: held during the frame, a bit set like `GBA.buttons`.

        Raises:
            StoreError: the disk refused, now or before.
        """
        if self._direct.has_failed:
            raise StoreError(f"{self.session_id} is over, because the disk refused a frame set: record another one.")
        self.frame += 1
        now = self._now()
        pc = self._core.registers()[GBA.pc_register]
        for message in self._scanner.scan(self._set, self._position, self.frame, now, pc, buttons):
            self._direct.receive(message, now)
        self._position += 1
        if self._position == FRAMES_PER_SET:
            self._direct.receive(SetEnd(self._set, "", screenshot=True), now)
            self._direct.receive(Screenshot(png_of(self._core.framebuffer())), now)
            self._set, self._position = self._set + 1, 0
            self._direct.keep_up(now)

    def event(self, name: str, details: dict[str, Scalar]) -> None:
        """Record an event after the frame that was recorded last.

        Args:
            name: one of `EVENT_NAMES`, such as `mark`.
            details: more about it.

        Raises:
            StoreError: the disk refused.
        """
        self._direct.receive(Event(self.frame, self._now(), name, details), self._now())

    def close(self, reason: str = "the play ended") -> None:
        """End the session; a session without a frame set is discarded. Closing twice does nothing.

        Args:
            reason: why it ended, for people.

        Raises:
            StoreError: the disk refused.
        """
        if not self._is_open:
            return
        self._is_open = False
        try:
            if self._position and not self._direct.has_failed:
                self._direct.receive(SetEnd(self._set, "stop", screenshot=False), self._now())
                self._set += 1
            self._direct.receive(Bye(reason, self._set), self._now())
        finally:
            self._direct.close()

    def _now(self) -> int:
        return self._began + round(1000 * (self.frame - self._first) / GBA.frames_per_second)

    def _keep(self, start: Start) -> None:
        """Keep the savestate with the session, so that it can be played again."""
        with map_os_errors(self._folder.start_state):
            replace_file(self._folder.start_state, pack_state(start.state))


def _hello(core: Core) -> Hello:
    return Hello(
        protocol=LINK_VERSION,
        script=PACKAGE_VERSION,
        client=f"gbatrace headless, {core.name}",
        system=GBA.system,
        rom_name=core.rom_name,
        rom_hash=core.rom_hash,
        regions=REGIONS,
        frames_per_set=FRAMES_PER_SET,
        scan_mode=ScanMode.CHUNKED,
        reader="direct",
        buttons=GBA.buttons,
        resume="",
    )
