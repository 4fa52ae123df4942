"""Loading of a libretro core's shared library, once for each console that runs at a time.

A libretro core keeps its console in global variables, and loading the same file twice gives the same variables. So that
several emulators can run in one process, each running console has a library of its own: the file itself for the first,
copies of it for more. A library that is no longer used is kept for the next console, because Python cannot unload one.
"""

import shutil
import tempfile
from ctypes import CDLL
from pathlib import Path
from threading import Lock

from protocol.errors import CoreError
from protocol.wording import sentence

__all__ = ["borrow", "give_back"]

_idle: dict[Path, list[CDLL]] = {}
_loaded: set[Path] = set()
_lock = Lock()


def borrow(core: Path) -> CDLL:
    """Load a core, or take an idle one of the same file.

    Raises:
        CoreError: the file is missing or is no shared library of this machine.
    """
    core = core.resolve()
    if not core.is_file():
        raise CoreError(f"There is no libretro core at {core}: name another file.")
    with _lock:
        if idle := _idle.get(core):
            return idle.pop()
        try:
            library = _load_copy(core) if core in _loaded else CDLL(str(core))
        except OSError as error:
            raise CoreError(sentence(f"{core} cannot be loaded as a libretro core: {error}")) from error
        _loaded.add(core)
        return library


def give_back(core: Path, library: CDLL) -> None:
    """Keep a library for the next console. Its console must have been shut down."""
    with _lock:
        _idle.setdefault(core.resolve(), []).append(library)


def _load_copy(core: Path) -> CDLL:
    # Windows does not delete a library that is loaded: there the copy stays behind in the temporary folder.
    folder = tempfile.mkdtemp(prefix="gbatrace-core-")
    try:
        return CDLL(str(shutil.copy(core, folder)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
