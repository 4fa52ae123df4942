"""Branch off a recorded session, with other buttons from a frame set on. Shell."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from daemon.analysis.session_history import open_history
from daemon.headless.recorder import HeadlessRecorder, RecorderOptions, Start
from daemon.probing.played_session import PlayedSession
from daemon.probing.rom_search import find_rom
from daemon.probing.savestates import SavestateCache
from daemon.processes.console_process import ConsoleProcess
from daemon.progress import Progress
from lua.headless.console_choice import open_console
from protocol.console import GBA
from protocol.errors import MomentError, SettingsError
from protocol.session.layout import shortened
from protocol.session.origin import Parent
from protocol.session.reader import stored_session

__all__ = ["BranchOptions", "Moment", "moment_state", "record_branch"]

_ROOM = 20
"""Characters that a session's name leaves for what a branch adds to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchOptions:
    """Options of a branch.

    Args:
        session: the session that it branches off.
        at: the frame set after which it begins.
        pressed: buttons held in each frame, bit sets in the order of `GBA.buttons`.
        name: of the branch; empty makes one of the session's.
        rom: path of the game; found by its hash if empty.
        core: a libretro mGBA core; one is looked for if not given.
    """

    session: str
    at: int
    pressed: Sequence[int]
    name: str = ""
    rom: str = ""
    core: Path | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """Savestate of the moment after a frame set of a session.

    Args:
        state: the savestate.
        frame: frames that the console had run.
        rom: the game's file.
        parent: where it was taken.
    """

    state: bytes
    frame: int
    rom: Path
    parent: Parent


def moment_state(data_folder: Path, session: str, at: int, rom: str = "", core: Path | None = None) -> Moment:
    """Play a session again up to a frame set, from the nearest savestate that is known.

    Args:
        data_folder: the session folders; keeps savestates.
        session: the session's name.
        at: the frame set.
        rom: path of the game; found by its hash if empty.
        core: a libretro mGBA core; one is looked for if not given.

    Raises:
        GbatraceError: there is no such session or frame set, its ROM is not found, no core works here, or the game
            goes another way than was recorded.
    """
    reader = stored_session(data_folder, session)
    recorded = open_history(data_folder, session).now
    place = recorded.timeline.place_of(at)
    if recorded.metadata.is_of_a_log:
        raise MomentError(f"{session} was made of a log, which lacks frames: only recordings can be played again.")
    game = find_rom(data_folder, recorded.metadata, rom)
    regions = [(region.base, region.size) for region in recorded.history.regions]
    with ConsoleProcess(game, core, regions) as console:
        cache = SavestateCache(data_folder, session, recorded.metadata.uuid, console.rom_hash, console.name)
        state = PlayedSession(recorded, console, cache, reader.start_state()).state_at(place)
    frame = int(recorded.timeline.frames[recorded.timeline.first_frames[place + 1] - 1])
    return Moment(state, frame, game, Parent(session, recorded.metadata.uuid, at))


def record_branch(data_folder: Path, options: BranchOptions, progress: Progress = lambda _frames: None) -> Path:
    """Press other buttons from a frame set on, and record what comes of it.

    Args:
        data_folder: the session folders; the branch comes there too.
        options: what to press, and from where.
        progress: called with the frames that were played since the last call.

    Returns:
        The folder of the branch.

    Raises:
        GbatraceError: as `moment_state`, the presses are none, or the disk refused.
    """
    if not options.pressed or any(held >> len(GBA.buttons) for held in options.pressed):
        raise SettingsError(f"A branch needs one frame at least, and {len(GBA.buttons)} buttons are all there are.")
    moment = moment_state(data_folder, options.session, options.at, options.rom, options.core)
    console = open_console(moment.rom, options.core, None, lambda _line: None)
    try:
        console.load_state(moment.state)
        recording = RecorderOptions(
            session_name=options.name or f"{shortened(options.session, _ROOM)}-branch-{options.at}",
            start=Start(moment.state, moment.frame, moment.parent),
        )
        with HeadlessRecorder(data_folder, console, recording) as recorder:
            for pressed in options.pressed:
                recorder.step(pressed)
                progress(1)
            recorder.close("all its buttons were pressed")
        return recorder.folder
    finally:
        console.close()
