"""Starts of episodes: power-on, and savestates of moments of recorded sessions. Shell.

A start is written `power-on`, or as the session's folder, `@` and a moment: `data/evening-run@mark 2`. A session is
played again up to the moment in a core and a process of its own, once: `.savestates/` keeps what comes of it.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from daemon.analysis.moments import parse_moment, place_of
from daemon.analysis.session_history import RecordedSession, SessionHistory
from daemon.environment.options import POWER_ON
from daemon.probing.played_session import PlayedSession
from daemon.probing.savestates import SavestateCache
from daemon.processes.console_process import ConsoleProcess
from protocol.changes import U8
from protocol.console import GBA
from protocol.errors import SettingsError
from protocol.session.origin import Parent
from protocol.session.reader import SessionReader, open_session
from protocol.session.screenshots import pixels

__all__ = ["Start", "make_starts"]


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """A moment at which an episode begins.

    Args:
        text: as it was written.
        state: savestate of the moment.
        picture: that the screen shows then, shape (160, 240, 3); black where it is not known.
        frame: frames that the console has run before.
        parent: the session that it is a moment of; None for power-on.
    """

    text: str
    state: bytes
    picture: U8
    frame: int = 0
    parent: Parent | None = None


class _Replays:
    """Sessions that are played again, each in a process until all starts are made."""

    def __init__(self, stack: ExitStack, rom: Path, rom_hash: str, core: Path | None) -> None:
        self._stack, self._rom, self._rom_hash, self._core = stack, rom, rom_hash, core
        self._opened: dict[Path, tuple[SessionReader, RecordedSession, PlayedSession]] = {}

    def start(self, text: str) -> Start:
        named, _, moment = text.rpartition("@")
        if not named:
            raise SettingsError(f"{text!r} is no start: write {POWER_ON!r}, or a session's folder, `@` and a moment.")
        reader, recorded, played = self._open(Path(named))
        place = place_of(parse_moment(moment), recorded)
        number = int(recorded.timeline.numbers[place])
        picture = pixels(reader.screenshot(number)) if reader.has_screenshot(number) else _black()
        timeline = recorded.timeline
        frame = int(timeline.frames[timeline.first_frames[place + 1] - 1])
        parent = Parent(reader.session_id, recorded.metadata.uuid, number)
        return Start(text, played.state_at(place), picture, frame, parent)

    def _open(self, folder: Path) -> tuple[SessionReader, RecordedSession, PlayedSession]:
        if folder not in self._opened:
            reader = open_session(folder)
            recorded = SessionHistory(reader).now
            rom_hash = str(recorded.metadata.recorder.get("rom_hash") or "").upper()
            if rom_hash and rom_hash != self._rom_hash:
                raise SettingsError(f"{reader.session_id} is a session of another ROM than {self._rom}: leave it out.")
            regions = [(region.base, region.size) for region in recorded.history.regions]
            console = self._stack.enter_context(ConsoleProcess(self._rom, self._core, regions))
            origin = (recorded.metadata.uuid, console.rom_hash, console.name)
            cache = SavestateCache(reader.folder.path.parent, reader.session_id, *origin)
            self._opened[folder] = reader, recorded, PlayedSession(recorded, console, cache, reader.start_state())
        return self._opened[folder]


def make_starts(
    texts: Sequence[str], power_on: bytes, rom: Path, rom_hash: str, core: Path | None
) -> tuple[Start, ...]:
    """Make the starts of an environment.

    Args:
        texts: as they were written.
        power_on: savestate of the console that has just been switched on.
        rom: the game's file.
        rom_hash: its SHA-1, upper-case hex.
        core: a libretro core; looked for if not given.

    Raises:
        SettingsError: one of them cannot be read, or is of another game.
        SessionError: there is no such session.
        MomentError: it has no such moment, or the game cannot be played again up to there.
        CoreError: the core crashed or stood still.
    """
    with ExitStack() as stack:
        replays = _Replays(stack, rom, rom_hash, core)
        return tuple(Start(text, power_on, _black()) if text == POWER_ON else replays.start(text) for text in texts)


def _black() -> U8:
    return np.zeros((GBA.height, GBA.width, 3), np.uint8)
