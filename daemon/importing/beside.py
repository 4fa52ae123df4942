"""Facts that twelve columns have no room for: files beside a session's log, in `<log>.beside/`. Shell.

::

    event_log.csv
    event_log.beside/
        frame_sets.jsonl            each set's frames, flaws and labels
        …                           and all files of the session that are no frame sets
    snapshots/
        <frame set id>.png
"""

import shutil
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from daemon.disk.files import map_os_errors
from protocol.disk import is_link
from protocol.errors import DocumentError, LabelError, LogError
from protocol.session.annotations import document_json
from protocol.session.frame_set import FrameRecord, FrameSet, hex_word
from protocol.session.layout import SessionFolder
from protocol.session.reader import SessionReader, open_session

__all__ = ["FRAME_SETS", "Beside", "BesideSet", "beside_folder", "beside_line", "copy_files", "find_beside"]

FRAME_SETS = "frame_sets.jsonl"
"""Name of the file of what stands beside each frame set."""


@dataclass(frozen=True, slots=True)
class BesideSet:
    """A frame set without its changes and screenshot.

    Args:
        number: its id.
        frames: its frames.
        flaws: its flaws.
        labels: its `annotations.json`; empty where it was never labelled.
        interruption: why it ended before its time; empty for one that ran its course.
    """

    number: int
    frames: tuple[FrameRecord, ...]
    flaws: tuple[str, ...]
    labels: bytes
    interruption: str

    def completed(self, logged: FrameSet) -> FrameSet:
        """Return the set of the log with what stands beside it."""
        return replace(logged, frames=self.frames, flaws=self.flaws, interruption=self.interruption)

    def alone(self) -> FrameSet:
        """Return the set of which the log has no row: nothing changed in it."""
        return FrameSet(self.number, self.frames, (), self.flaws, b"", self.interruption)


class Beside:
    """Reads the files beside a log. Made by `find_beside`.

    Args:
        folder: where they are.

    Attributes:
        session: reads them as those of a session without frame sets.

    Raises:
        SessionError: the session's metadata are missing or damaged.
        LogError: what stands beside the frame sets cannot be read, or is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FRAME_SETS
        self.session = open_session(folder)
        self._places = dict(self._index())

    def numbers(self) -> Iterator[int]:
        """Yield the ids of all sets, in their order."""
        return iter(self._places)

    def find(self, number: int) -> BesideSet | None:
        """Read what stands beside a frame set; None where nothing does.

        Raises:
            LogError: it cannot be read or is damaged.
        """
        if number not in self._places:
            return None
        try:
            with self._path.open("rb") as file:
                file.seek(self._places[number])
                return _parse_line(file.readline())
        except (OSError, DocumentError, LabelError) as error:
            raise LogError(f"{self._path} is damaged at frame set {number} ({error}).") from error

    def _index(self) -> Iterator[tuple[int, int]]:
        place = 0
        try:
            with self._path.open("rb") as file:
                for line in file:
                    yield _parse_line(line).number, place
                    place += len(line)
        except (OSError, DocumentError, LabelError) as error:
            raise LogError(f"{self._path} is damaged at byte {place} ({error}).") from error


def beside_folder(log: Path) -> Path:
    """Where the files beside a log are."""
    return log.with_suffix(".beside")


def find_beside(log: Path) -> Beside | None:
    """Open the files beside a log, if there are any.

    Raises:
        UserError: they cannot be read, or are damaged.
    """
    folder = beside_folder(log)
    return Beside(folder) if (folder / FRAME_SETS).is_file() else None


def beside_line(frame_set: FrameSet, labels: Mapping[str, Any] | None) -> bytes:
    """Write what stands beside a frame set: a line of `frame_sets.jsonl`.

    Args:
        frame_set: the frame set.
        labels: its `annotations.json`; None where it was never labelled.
    """
    return orjson.dumps(
        {
            "frame_set_id": frame_set.frame_set_id,
            "frames": [
                {
                    "frame": frame.frame,
                    "timestamp": frame.timestamp,
                    "pc": hex_word(frame.pc),
                    "current_keys": frame.current_keys,
                    "key_history": frame.key_history,
                }
                for frame in frame_set.frames
            ],
            "flaws": frame_set.flaws,
            **({"interruption": frame_set.interruption} if frame_set.interruption else {}),
            "annotations": labels,
        },
        option=orjson.OPT_APPEND_NEWLINE,
    )


def copy_files(source: SessionFolder, target: Path, without: Container[str] = ()) -> None:
    """Copy the files of a session that are those of the session itself: neither of frame sets, nor memory images.

    Args:
        source: the session.
        target: a folder.
        without: names of files that are not copied.

    Raises:
        StoreError: the disk refused.
    """
    with map_os_errors(target):
        images = set(SessionReader(source).memory_images().values())
        for path in source.path.iterdir():
            if (
                path.is_file()
                and not is_link(path)
                and not path.name.startswith(".")
                and path.name not in without
                and path not in images
            ):
                shutil.copyfile(path, target / path.name)


def _parse_line(line: bytes) -> BesideSet:
    try:
        document: dict[str, Any] = orjson.loads(line)
        labels = document["annotations"]
        return BesideSet(
            number=int(document["frame_set_id"]),
            frames=tuple(
                FrameRecord(
                    frame=frame["frame"],
                    timestamp=frame["timestamp"],
                    pc=int(frame["pc"], 16),
                    current_keys=frame["current_keys"],
                    key_history=tuple(frame["key_history"]),
                )
                for frame in document["frames"]
            ),
            flaws=tuple(document["flaws"]),
            labels=b"" if labels is None else document_json(labels),
            interruption=str(document.get("interruption", "")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DocumentError(f"it is not what stands beside a frame set: {error}") from None
