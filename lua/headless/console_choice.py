"""Choice of the console that plays a game: a libretro core, or a tape where there is none."""

from collections.abc import Callable
from pathlib import Path

from lua.headless.core import Core
from lua.headless.core_search import find_cores, named_core, no_core
from lua.headless.tape_core import TapeCore
from protocol.errors import CoreError, GbatraceError
from protocol.wording import how_to_install

__all__ = ["open_console"]

_TAPE_SUFFIX = ".tape"


def open_console(rom: Path, core: Path | None, tape: Path | None, say: Callable[[str], None]) -> Core:
    """Open a game in the named core, else in the first one found that works, else from the tape.

    Args:
        rom: the game file.
        core: a libretro core, or a tape, which is then played whatever there is; None to look for a core.
        tape: what to play where no core works; None for nothing.
        say: takes a line for the person at the keyboard.

    Raises:
        RomError: the game is missing or is not one.
        CoreError: no core works, or the one that is named does not, and there is no tape for that.
    """
    if named := core or named_core():
        return _play_tape(rom, named, say) if named.suffix == _TAPE_SUFFIX else _open_libretro(rom, named)
    for found in find_cores():
        try:
            return _open_libretro(rom, found)
        except CoreError as error:
            if tape is None:
                raise
            say(str(error))
    if tape is None:
        raise no_core()
    return _play_tape(rom, tape, say)


def _open_libretro(rom: Path, core: Path) -> Core:
    # libretro.py comes with an extra, and is not needed for a tape. On some Pythons it fails while it is imported.
    try:
        from lua.headless.libretro_core import LibretroCore  # noqa: PLC0415
    except ImportError as error:
        raise CoreError(f"A libretro core needs libretro.py, {how_to_install('demo')} brings it ({error}).") from error
    except Exception as error:
        raise CoreError(f"libretro.py, which a libretro core needs, does not load here: {error!r}.") from error
    try:
        return LibretroCore(rom, core)
    except GbatraceError:
        raise
    except Exception as error:
        raise CoreError(f"libretro.py cannot open {core} here: {error!r}.") from error


def _play_tape(rom: Path, tape: Path, say: Callable[[str], None]) -> Core:
    core = TapeCore(rom, tape)
    say(f"This is {core.name}: what a real core did when it played this, memory and pictures bit for bit.")
    return core
