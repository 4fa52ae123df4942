"""Cache of indices on disk, mapped into memory: `.memory_index/<session>/`. Shell.

It can be deleted at any time. An index is a folder of its own, one file for each column, that gets its name by rename
when all of it is there: a file that is mapped cannot be replaced on Windows. Older ones are removed when that can be
done.
"""

import json
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History
from daemon.analysis.rows import Rows
from daemon.analysis.timeline import Timeline
from daemon.disk.files import remove_tree
from protocol.disk import is_link, read_file, retry_while_held

__all__ = ["HistoryFiles", "remove_index"]

_FOLDER = ".memory_index"
_VERSION = 4
_HEAD = "index.json"
_SEAL = "checksum"
_PARTIAL = ".writing-"
_ROWS = ("words", "pointer", "time", "value", "kind", "changed", "before")
_TIMELINE = ("numbers", "checks", "first_frames", "frames", "timestamps", "keys")


class HistoryFiles:
    """Cached indices of a session; the newest counts.

    Args:
        data_folder: the data folder.
        session: the session's id.
    """

    def __init__(self, data_folder: Path, session: str) -> None:
        self._data_folder = data_folder
        self._folder = data_folder / _FOLDER / session

    def load(self, empty: History) -> History | None:
        """Map the index that was written last.

        Args:
            empty: of the session as it is: regions and frames per set.

        Returns:
            The index; None where there is none, or it is damaged or of other regions.
        """
        if is_link(self._folder.parent) or is_link(self._folder):
            return None
        with suppress(OSError):
            for folder in sorted(self._folder.glob("[0-9]*"), reverse=True):
                with suppress(OSError, EOFError, ValueError, KeyError, TypeError, AttributeError):
                    return _read(folder, empty)
        return None

    def save(self, history: History) -> None:
        """Write an index and remove those before; if the disk refuses there is none the next time."""
        with suppress(OSError):
            if is_link(self._folder.parent) or is_link(self._folder):
                return
            self._folder.mkdir(parents=True, exist_ok=True)
            partial = self._folder / f"{_PARTIAL}{uuid4().hex}"
            try:
                partial.mkdir()
                _write(partial, history)
                name = f"{len(history.timeline):010}-{uuid4().hex[:8]}"
                retry_while_held(lambda: partial.rename(self._folder / name))
            except OSError:
                _remove(partial)
                return
            for other in self._folder.iterdir():
                if other.name != name:
                    _remove(other)
            for other in self._folder.parent.iterdir():  # Of sessions that were deleted while they were mapped.
                if not (self._data_folder / other.name).is_dir():
                    _remove(other)


def remove_index(data_folder: Path, session: str) -> None:
    """Remove a session's indices, as far as no process has mapped them."""
    _remove(data_folder / _FOLDER / session)


def _remove(folder: Path) -> None:
    with suppress(OSError):
        if not is_link(folder):
            remove_tree(folder, is_patient=False)


def _write(folder: Path, history: History) -> None:
    columns = {"latest": history.latest, "seen": history.seen}
    columns |= {name: getattr(history.timeline, name) for name in _TIMELINE}
    for number, part in enumerate(history.parts):
        columns |= {f"{number}-{name}": getattr(part, name) for name in _ROWS}
    for name, column in columns.items():
        np.save(folder / f"{name}.npy", column, allow_pickle=False)
    head = {
        **_origin(history),
        "parts": len(history.parts),
        "left_out": history.left_out,
        "combinations": history.timeline.combinations,
        "checksums": {name: _checksum(column) for name, column in columns.items()},
    }
    sealed = {**head, _SEAL: _head_checksum(head)}
    (folder / _HEAD).write_text(json.dumps(sealed), encoding="utf-8")


def _read(folder: Path, empty: History) -> History:
    """Map an index.

    Raises:
        OSError, EOFError, ValueError, KeyError, TypeError, AttributeError: it is damaged or of another session.
    """
    head = json.loads(read_file(folder / _HEAD))
    if head.pop(_SEAL) != _head_checksum(head):
        raise ValueError(f"{_HEAD} is damaged")
    if any(head[key] != value for key, value in _origin(empty).items()):
        raise ValueError("it is of another session")
    columns = {name: _mapped(folder / f"{name}.npy", given) for name, given in head["checksums"].items()}
    timeline = Timeline(
        stride=empty.timeline.stride,
        combinations=tuple(map(str, head["combinations"])),
        **{name: columns[name] for name in _TIMELINE},
    )
    parts = [Rows(**{name: columns[f"{number}-{name}"] for name in _ROWS}) for number in range(head["parts"])]
    return History(empty.regions, timeline, parts, columns["latest"], columns["seen"], int(head["left_out"]))


def _mapped(path: Path, checksum: int) -> NDArray[Any]:
    column: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False).view(np.ndarray)
    if _checksum(column) != checksum:
        raise ValueError(f"{path.name} is damaged")
    return column


def _checksum(column: NDArray[Any]) -> int:
    return zlib.crc32(np.ascontiguousarray(column).data.cast("B")) if column.size else 0


def _head_checksum(head: Mapping[str, object]) -> int:
    return zlib.crc32(json.dumps(head).encode())


def _origin(history: History) -> Mapping[str, object]:
    """Return what an index and a session must have in common."""
    regions = [[region.name, region.base, region.size] for region in history.regions]
    return {"version": _VERSION, "stride": history.timeline.stride, "regions": regions}
