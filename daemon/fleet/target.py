"""Target of a fleet, the place where its sessions go. Shell.

A path is a data folder, with sessions as folders::

    <folder>/
        catalogue.parquet
        <session>/
        .fleet/fleet.json
        .fleet/receipts/<session>.json
        .making-<session>-<digits>/         being recorded

A URL is any file system that fsspec knows, with an archive for each session, for their files are too many there::

    <url>/
        catalogue.parquet
        sessions/<session>.tar.zst
        .fleet/fleet.json
        .fleet/receipts/<session>.json

Either way a session is recorded in a folder of its own and gets its name when it is whole: by rename, or as one upload.
Its receipt, the row of the catalogue, comes last: a session without one does not count and is begun again. Names follow
from the plan, so a session that was handed over just before its recorder died is the same again, never a second one.
"""

import secrets
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import orjson

from daemon.disk.data_folder import prepare_data_folder
from daemon.disk.file_lock import FileLock
from daemon.disk.files import map_os_errors, remove_tree, replace_file
from daemon.fleet.archive import ENDING, pack_session, unpack_session
from daemon.fleet.catalogue import CatalogueRow, read_catalogue, write_catalogue
from daemon.fleet.libraries import require
from protocol.disk import retry_while_held
from protocol.errors import DocumentError, FleetError, StoreError
from protocol.session.layout import MAKING, NAMES, session_id

__all__ = ["ArchiveTarget", "FolderTarget", "Target", "open_target"]

_CATALOGUE = "catalogue.parquet"
_IDENTITY = ".fleet/fleet.json"
_RECEIPTS = ".fleet/receipts"
_LOCK = ".fleet/lock"

_TRIES = 3
_PAUSE = 2.0
"""Seconds before an upload is tried again, and twice that before the third time."""

Result = TypeVar("Result")


class Target(ABC):
    """Place where sessions go. It can be sent to other processes and machines.

    Args:
        name: as it was asked for.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @abstractmethod
    def owned(self) -> AbstractContextManager[None]:
        """Keep the target for one fleet, where it can be told, and clear away what others began.

        Raises:
            FleetError: another fleet records into it.
        """

    @abstractmethod
    def workspace(self, session: str) -> AbstractContextManager[Path]:
        """Make a data folder to record one session in; it goes when the block ends."""

    @abstractmethod
    def hand_over(self, folder: Path, row: CatalogueRow) -> CatalogueRow:
        """Store a session that is whole, then its receipt.

        Args:
            folder: of the session, in its workspace.
            row: of the catalogue, but for `bytes`, `files`, `path` and `sha256`.

        Returns:
            The row.

        Raises:
            StoreError: the target refused.
        """

    @abstractmethod
    def _read(self, path: str) -> bytes | None:
        """Read a file of the target; None where there is none."""

    @abstractmethod
    def _write(self, path: str, data: bytes) -> None:
        """Write a file of the target, whole or not at all."""

    @abstractmethod
    def _names(self, path: str) -> list[str]:
        """List the names in a folder of the target; none where there is no such folder."""

    def claim(self, identity: dict[str, Any], now: int) -> int:
        """Note which fleet records into the target.

        Args:
            identity: of its plan.
            now: the time, ms since the epoch.

        Returns:
            The time when the fleet was first started.

        Raises:
            FleetError: the target is that of another fleet, or holds something else.
            StoreError: it cannot be read or written.
        """
        found = self._read(_IDENTITY)
        if found is None:
            if taken := [name for name in self._names("") if not name.startswith(".")]:
                raise FleetError(
                    f"{self.name} is not empty, there is {taken[0]} for one: choose a new place with --output."
                )
            self._write(_IDENTITY, orjson.dumps({**identity, "began": now}, option=orjson.OPT_INDENT_2))
            return now
        try:
            known = dict(orjson.loads(found))
            began = int(known["began"])
        except (KeyError, TypeError, ValueError):
            raise StoreError(f"{_IDENTITY} of {self.name} is damaged: choose a new place with --output.") from None
        if differing := [name for name, value in identity.items() if known.get(name) != value]:
            raise FleetError(
                f"{self.name} holds a fleet with another {differing[0].replace('_', ' ')}: "
                "go on with that one by the same options, or choose a new place with --output."
            )
        return began

    def rows(self) -> list[CatalogueRow]:
        """Read the rows of all stored sessions: the catalogue, and the receipts that it lacks.

        Raises:
            StoreError: the target cannot be read, or its catalogue is damaged.
        """
        rows: dict[str, CatalogueRow] = {}
        if data := self._read(_CATALOGUE):
            try:
                rows = {row.session: row for row in read_catalogue(data)}
            except (TypeError, ValueError) as error:
                raise StoreError(
                    f"{_CATALOGUE} of {self.name} is damaged ({error}): delete it, it is made again."
                ) from error
        for name in self._names(_RECEIPTS):
            session = name.removesuffix(".json")
            if session not in rows and (row := self.receipt(session)) is not None:
                rows[session] = row
        return list(rows.values())

    def receipt(self, session: str) -> CatalogueRow | None:
        """Read a session's receipt; None where it is not stored, or was never finished."""
        data = self._read(f"{_RECEIPTS}/{session}.json")
        with suppress(ValueError, TypeError):
            return None if data is None else CatalogueRow(**orjson.loads(data))
        return None

    def write_catalogue(self, rows: list[CatalogueRow]) -> None:
        """Write the catalogue.

        Raises:
            StoreError: the target refused.
        """
        self._write(_CATALOGUE, write_catalogue(rows))

    def _acknowledge(self, row: CatalogueRow) -> CatalogueRow:
        self._write(f"{_RECEIPTS}/{row.session}.json", orjson.dumps(row.as_map()))
        return row


class FolderTarget(Target):
    """Data folder of a fleet; on a cluster, one that every machine sees at the same path.

    Args:
        folder: the data folder.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self._folder = folder.absolute()

    @contextmanager
    def owned(self) -> Iterator[None]:
        """Lock the folder."""
        prepare_data_folder(self._folder)
        lock_path = self._folder / _LOCK
        with map_os_errors(self._folder):
            lock_path.parent.mkdir(exist_ok=True)
            lock = FileLock.take(lock_path)
        if lock is None:
            raise FleetError(f"Another fleet records into {self._folder}: wait for it, or stop it first.")
        with lock:
            self._clear()
            try:
                yield
            finally:
                self._clear()

    @contextmanager
    def workspace(self, session: str) -> Iterator[Path]:
        """Make a hidden folder next to the sessions, so that a finished one only changes its name."""
        folder = self._folder / f"{MAKING}{session}-{secrets.token_hex(4)}"
        with map_os_errors(folder):
            folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            with suppress(OSError):
                remove_tree(folder)

    def hand_over(self, folder: Path, row: CatalogueRow) -> CatalogueRow:
        """Rename the session's folder; one that is there already is the same and stays."""
        final = self._folder / row.session
        sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
        with map_os_errors(final):
            try:
                if not final.is_dir():
                    retry_while_held(lambda: folder.rename(final))
            except OSError:
                if not final.is_dir():
                    raise
        known = self.receipt(row.session)
        return known or self._acknowledge(replace(row, bytes=sum(sizes), files=len(sizes), path=row.session))

    def _clear(self) -> None:
        for left_over in self._folder.glob(f"{MAKING}*"):
            with suppress(OSError):
                remove_tree(left_over)

    def _read(self, path: str) -> bytes | None:
        with map_os_errors(self._folder):
            try:
                return self._folder.joinpath(path).read_bytes()
            except FileNotFoundError:
                return None

    def _write(self, path: str, data: bytes) -> None:
        place = self._folder / path
        with map_os_errors(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            replace_file(place, data)

    def _names(self, path: str) -> list[str]:
        folder = self._folder / path
        with map_os_errors(folder):
            return sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []


class ArchiveTarget(Target):
    """Place that fsspec reaches by a URL, such as `s3://bucket/fleet`.

    Nobody else's fleet is seen there: record one at a time into it.

    Args:
        url: with its protocol.

    Raises:
        FleetError: fsspec, or its library for that protocol, is not installed.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        try:
            self._system, root = require("fsspec.core").url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise FleetError(f"{url} cannot be used as --output: {error}.") from error
        self._root = PurePosixPath(root)

    @contextmanager
    def owned(self) -> Iterator[None]:
        """Take it as it is: what others began lies in temporary folders of theirs."""
        yield

    @contextmanager
    def workspace(self, session: str) -> Iterator[Path]:
        """Make a temporary folder of this machine."""
        with tempfile.TemporaryDirectory(prefix=f"gbatrace-{session}-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    def hand_over(self, folder: Path, row: CatalogueRow) -> CatalogueRow:
        """Upload the session as one archive, unless another recorder has done so meanwhile."""
        if known := self.receipt(row.session):
            return known
        path = _archive_of(row)
        archive = folder.with_name(folder.name + ENDING)
        with map_os_errors(archive):
            files = sum(each.is_file() for each in folder.rglob("*"))
            digest = pack_session(folder, archive)
            size = archive.stat().st_size
        self._try(lambda: self._put(archive, path))
        return self._acknowledge(replace(row, bytes=size, files=files, path=path, sha256=digest))

    def fetch(self, row: CatalogueRow, folder: Path) -> None:
        """Download a session, and unpack it into a data folder.

        Raises:
            FleetError: its archive is damaged.
            StoreError: it cannot be read, or the disk refused.
        """
        archive = folder / f"{session_id(row.session)}{ENDING}"
        place = str(self._root / _archive_of(row))
        self._try(lambda: self._system.get_file(place, str(archive)))
        with map_os_errors(folder):
            try:
                unpack_session(archive, row.session, row.sha256, folder)
            except DocumentError as error:
                raise FleetError(
                    f"The archive of {row.session} at {self.name} is damaged ({error}): delete it, its receipt and "
                    f"{_CATALOGUE}, and give the command of the fleet again."
                ) from error
            archive.unlink()

    def fetch_names(self, folder: Path) -> None:
        """Download the names of memory that were put there, as `names/` of a data folder has them."""
        for name in (name for name in self._names(NAMES) if name.endswith(".json")):
            data = self._read(f"{NAMES}/{name}")
            with map_os_errors(folder):
                (folder / NAMES).mkdir(exist_ok=True)
                (folder / NAMES / name).write_bytes(data or b"")

    def _put(self, file: Path, path: str) -> None:
        place = self._root / path
        self._system.makedirs(str(place.parent), exist_ok=True)
        self._system.put_file(str(file), str(place))

    def _read(self, path: str) -> bytes | None:
        def read() -> bytes | None:
            try:
                return bytes(self._system.cat_file(str(self._root / path)))
            except FileNotFoundError:
                return None

        return self._try(read)

    def _write(self, path: str, data: bytes) -> None:
        def write() -> None:
            place = self._root / path
            self._system.makedirs(str(place.parent), exist_ok=True)
            self._system.pipe_file(str(place), data)

        self._try(write)

    def _names(self, path: str) -> list[str]:
        def names() -> list[str]:
            self._system.invalidate_cache()
            try:
                found = self._system.ls(str(self._root / path), detail=False)
            except FileNotFoundError:
                return []
            return sorted(PurePosixPath(each).name for each in found)

        return self._try(names)

    def _try(self, action: Callable[[], Result]) -> Result:
        """Do something at the target, again where it fails.

        Raises:
            StoreError: it failed three times.
        """
        for tried in range(_TRIES):
            try:
                return action()
            except Exception as error:  # Each file system has errors of its own.
                if tried + 1 == _TRIES:
                    reason = str(error) or type(error).__name__
                    raise StoreError(
                        f"{self.name} cannot be used ({reason}): check the address and your key."
                    ) from error
                time.sleep(_PAUSE * (tried + 1))
        raise AssertionError


def _archive_of(row: CatalogueRow) -> str:
    return f"sessions/{row.session}{ENDING}"


def open_target(name: str) -> Target:
    """Return the target of a path or URL.

    Raises:
        FleetError: it is a URL that cannot be used here.
    """
    return ArchiveTarget(name) if "://" in name else FolderTarget(Path(name))
