"""Cache of savestates of a session that was played again: `.savestates/<session>/`. Shell.

It can be deleted at any time. A file holds the state after one frame of the recording, of one core: the number of the
frame on the recording's timeline, which only grows.
"""

import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import zstandard

from daemon.disk.files import remove_tree, replace_file
from protocol.disk import is_link, read_file

__all__ = ["SavestateCache", "remove_savestates"]

_FOLDER = ".savestates"
_NAME = re.compile(r"([0-9]{1,10})\.zst")
_LEVEL = 3
_LARGEST = 16 << 20


class SavestateCache:
    """Savestates of one session and one core.

    Args:
        data_folder: the data folder.
        session: the session's id.
        origin: what must be the same for a state to be of use: the recording, the ROM and the core.
    """

    def __init__(self, data_folder: Path, session: str, *origin: str) -> None:
        parent = data_folder / _FOLDER
        self._folder = parent / session / sha256("\n".join(origin).encode()).hexdigest()[:16]
        self._is_usable = not any(map(is_link, (parent, self._folder.parent, self._folder)))

    def frames(self) -> list[int]:
        """List the frames after which there is a state."""
        if not self._is_usable:
            return []
        with suppress(OSError):
            names = (_NAME.fullmatch(path.name) for path in self._folder.iterdir())
            return [int(name[1]) for name in names if name]
        return []

    def load(self, frame: int) -> bytes | None:
        """Return the state after a frame; None where it cannot be read."""
        with suppress(OSError, zstandard.ZstdError):
            return zstandard.ZstdDecompressor().decompress(read_file(self._path(frame)), max_output_size=_LARGEST)
        return None

    def save(self, frame: int, state: bytes) -> None:
        """Keep a state; if the disk refuses it is not kept."""
        if self._is_usable:
            with suppress(OSError):
                self._folder.mkdir(parents=True, exist_ok=True)
                replace_file(self._path(frame), zstandard.compress(state, _LEVEL))

    def _path(self, frame: int) -> Path:
        return self._folder / f"{frame}.zst"


def remove_savestates(data_folder: Path, session: str) -> None:
    """Remove a session's savestates."""
    folder = data_folder / _FOLDER / session
    with suppress(OSError):
        if not is_link(folder.parent) and not is_link(folder):
            remove_tree(folder, is_patient=False)
