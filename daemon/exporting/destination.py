"""The folder of a dataset. Shell.

Every file is written under a name of its own, ending in `.partial`, and gets its final name when its *unit* (one
session, or the dataset's own files) is complete. A journal remembers finished units, so that an interrupted export
goes on with the next one. `dataset.json` comes last: a folder without it is not finished.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from daemon.disk.files import map_os_errors, remove_tree, replace_file
from daemon.exporting.manifest import FileEntry
from protocol.disk import retry_while_held
from protocol.errors import ExportError
from protocol.session.layout import PARTIAL, partial_path

__all__ = ["MANIFEST", "Destination", "Facts", "FinishedUnit", "Unit", "file_entry", "write_unit"]

MANIFEST = "dataset.json"
_JOURNAL = ".export.json"
Facts = dict[str, Any]
"""State of a format after a session, as JSON values: the journal keeps it."""


@dataclass(frozen=True, slots=True)
class FinishedUnit:
    """A unit that is complete on disk."""

    name: str
    facts: Facts
    files: tuple[FileEntry, ...]

    def as_map(self) -> dict[str, Any]:
        """Return the unit as it stands in the journal."""
        return {"name": self.name, "facts": self.facts, "files": [entry.as_map() for entry in self.files]}


class Unit:
    """Files that appear together.

    Args:
        folder: the dataset's folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._paths: list[str] = []

    def path(self, relative: str) -> Path:
        """Return the partial path of a file or folder, named by its final path with `/`."""
        final = self.folder.joinpath(*relative.split("/"))
        final.parent.mkdir(parents=True, exist_ok=True)
        if relative not in self._paths:
            self._paths.append(relative)
        return partial_path(final)

    def write(self, relative: str, data: bytes) -> None:
        """Write a whole file."""
        self.path(relative).write_bytes(data)

    def commit(self) -> tuple[FileEntry, ...]:
        """Give every file its name."""
        entries: list[FileEntry] = []
        for relative in self._paths:
            partial = self.path(relative)
            final = partial.with_name(partial.name.removesuffix(PARTIAL))
            if not partial.exists():
                continue
            if partial.is_dir() and final.exists():
                remove_tree(final)
            retry_while_held(lambda here=partial, there=final: os.replace(here, there))  # type: ignore[misc]  # noqa: PTH105
            entries += [file_entry(self.folder, path) for path in _files(final)]
        return tuple(entries)

    def discard(self) -> None:
        """Remove all files that are not committed."""
        for relative in self._paths:
            _remove(self.path(relative))


@contextmanager
def write_unit(folder: Path, name: str, facts: Facts, done: Callable[[FinishedUnit], None]) -> Iterator[Unit]:
    """Write a unit: complete when the block ends, nothing when it raises.

    Args:
        folder: of the dataset.
        name: of the unit, for the journal.
        facts: kept with it; may be filled within the block.
        done: called with the unit when its files are there.

    Raises:
        StoreError: the disk refused.
    """
    unit = Unit(folder)
    with map_os_errors(folder):
        try:
            yield unit
            files = unit.commit()
        except BaseException:
            unit.discard()
            raise
    done(FinishedUnit(name, facts, files))


class Destination:
    """The folder of a dataset while it is being written.

    Args:
        folder: the folder; it must not exist, be empty, or hold an unfinished export of the same things.
        fingerprint: identifies the same export: sessions, format and options.

    Raises:
        ExportError: the folder holds something else; nothing is touched.
        StoreError: the disk refused.
    """

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self.folder = folder.absolute()
        self._fingerprint = fingerprint
        self.finished: list[FinishedUnit] = []
        with map_os_errors(self.folder):
            self._open()

    @contextmanager
    def unit(self, name: str, facts: Facts) -> Iterator[Unit]:
        """Write a unit: complete when the block ends, nothing when it raises.

        Args:
            name: of the unit, for the journal.
            facts: kept with it; may be filled within the block.

        Raises:
            StoreError: the disk refused.
        """
        with write_unit(self.folder, name, facts, self.add) as unit:
            yield unit

    def add(self, unit: FinishedUnit) -> None:
        """Note a unit that was written.

        Raises:
            StoreError: the disk refused.
        """
        with map_os_errors(self.folder):
            self.finished.append(unit)
            self._write_journal()

    def close(self, manifest: bytes) -> None:
        """Write `dataset.json`: the dataset is complete.

        Raises:
            StoreError: the disk refused.
        """
        with map_os_errors(self.folder):
            replace_file(self.folder / MANIFEST, manifest)
            retry_while_held(lambda: (self.folder / _JOURNAL).unlink(missing_ok=True))

    def _open(self) -> None:
        if (self.folder / MANIFEST).exists():
            raise ExportError(
                f"{self.folder} already holds a dataset: choose another folder, or delete that one first."
            )
        journal = self.folder / _JOURNAL
        if journal.exists():
            self._resume(journal.read_bytes())
        elif self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir())):
            raise ExportError(f"{self.folder} is not empty: choose another folder, or delete what is in it first.")
        self.folder.mkdir(parents=True, exist_ok=True)
        self._write_journal()

    def _resume(self, data: bytes) -> None:
        try:
            document = orjson.loads(data)
            units = [
                FinishedUnit(unit["name"], unit["facts"], tuple(FileEntry(**entry) for entry in unit["files"]))
                for unit in document["units"]
            ]
            fingerprint = document["fingerprint"]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            fingerprint, units = "", []
        begun = [path for path in self.folder.iterdir() if path.name != _JOURNAL and path.suffix != PARTIAL]
        if fingerprint != self._fingerprint and begun:
            raise ExportError(
                f"{self.folder} holds an unfinished export of other sessions or with other options: "
                "finish that one with the same command, choose another folder, or delete it first."
            )
        for unit in units:
            if not all(_whole(self.folder, entry) for entry in unit.files):
                break
            self.finished.append(unit)
        for left_over in list(self.folder.rglob(f"*{PARTIAL}")):
            _remove(left_over)

    def _write_journal(self) -> None:
        document = {"fingerprint": self._fingerprint, "units": [unit.as_map() for unit in self.finished]}
        replace_file(self.folder / _JOURNAL, orjson.dumps(document))


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(part for part in path.rglob("*") if part.is_file())
    else:
        yield path


def file_entry(folder: Path, path: Path) -> FileEntry:
    """Describe a finished file below a folder."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FileEntry(path.relative_to(folder).as_posix(), path.stat().st_size, digest)


def _whole(folder: Path, entry: FileEntry) -> bool:
    path = folder.joinpath(*entry.path.split("/"))
    return path.is_file() and path.stat().st_size == entry.bytes


def _remove(path: Path) -> None:
    if path.is_dir():
        with suppress(OSError):
            remove_tree(path)
    else:
        retry_while_held(lambda: path.unlink(missing_ok=True))
