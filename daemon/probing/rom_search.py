"""Search for the ROM of a session: by its path, or by its hash in folders named once. Shell.

The folders stand in `.roms` of the data folder, a line each; a session cannot be called so. Hashes of files are
remembered next to it in `.rom_hashes`, with the size and time by which a file that was replaced is noticed.
"""

import hashlib
import json
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

import resources
from daemon.disk.files import map_os_errors, replace_file
from protocol.errors import BusyError, RomError, SettingsError
from protocol.session.metadata import SessionMetadata

__all__ = ["add_rom_folder", "find_rom", "find_rom_by_hash", "rom_folders", "without_places"]

_FOLDERS = ".roms"
_HASHES = ".rom_hashes"
_SUFFIXES = {".gba", ".agb"}
_LARGEST = 32 << 20
"""Bytes: the bus shows 32 MiB of cartridge (GBATEK, memory map)."""


def rom_folders(data_folder: Path) -> list[Path]:
    """List the folders in which ROMs are looked for."""
    try:
        lines = (data_folder / _FOLDERS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    return [Path(line) for line in lines if line.strip() and "\0" not in line]


def add_rom_folder(data_folder: Path, folder: Path) -> list[Path]:
    """Remember a folder in which ROMs are looked for, and those below it.

    Returns:
        All folders.

    Raises:
        SettingsError: there is no such folder.
        StoreError: the disk refused.
    """
    with suppress(RuntimeError):  # `~` before a name that nobody has: then it is a folder's name.
        folder = folder.expanduser()
    folder = folder.absolute()
    if not folder.is_dir():
        raise SettingsError(f"{folder} is not a folder: name the one that your ROMs are in with --roms.")
    folders = rom_folders(data_folder)
    if folder not in folders:
        folders.append(folder)
        path = data_folder / _FOLDERS
        with map_os_errors(path):
            data_folder.mkdir(parents=True, exist_ok=True)
            replace_file(path, "".join(f"{each}\n" for each in folders).encode())
    return folders


def find_rom(data_folder: Path, metadata: SessionMetadata, named: str = "", patience: float | None = None) -> Path:
    """Find the ROM of a session.

    Args:
        data_folder: remembers the folders.
        metadata: the session's.
        named: path of the game, as the user names it; empty to look for it.
        patience: seconds after which a search is broken off; None for no limit.

    Raises:
        RomError: it is another game than the session's, or is not found; the sentence says what to do.
        BusyError: it was not found in time; hashes are remembered, so that the next search comes further.
    """
    wanted = str(metadata.recorder.get("rom_hash") or "").upper()
    if named:
        path = Path(named)
        with suppress(RuntimeError):
            path = path.expanduser()
        found = _hash_of(path)
        if wanted and found != wanted:
            raise RomError(
                f"{path} is not the game of {metadata.session_id}: its SHA-1 is {found}, that of the session {wanted}."
            )
        return path
    if not wanted:
        raise RomError(f"{metadata.session_id} does not say which ROM it is of: name the game, a .gba file.")
    title = str(metadata.recorder.get("rom_name") or "")
    return find_rom_by_hash(data_folder, {wanted}, metadata.session_id, title, patience)


def find_rom_by_hash(
    data_folder: Path, wanted: Collection[str], of: str, title: str = "", patience: float | None = None
) -> Path:
    """Find a ROM in the folders that were named, the demo game's among them.

    Args:
        data_folder: remembers the folders.
        wanted: SHA-1 of the ROMs that will do, upper-case hex.
        of: session or game config that it is of, for errors.
        title: name of the game's file, which is looked at first; empty where it is not known.
        patience: seconds after which a search is broken off; None for no limit.

    Raises:
        RomError: it is not found; the sentence says what to do.
        BusyError: it was not found in time; hashes are remembered, so that the next search comes further.
    """
    folders = rom_folders(data_folder)
    hashes = _Hashes(data_folder / _HASHES)
    began = monotonic()
    try:
        # The file that is called like the session's game comes first: hashing all of a collection takes a while.
        for path in (resources.demo_rom(), *sorted(_games(folders), key=lambda path: (path.stem != title, path))):
            if hashes.of(path) in wanted:
                return path
            if patience is not None and monotonic() - began > patience:
                raise BusyError("The ROM is being looked for in the folders that were named: ask again in a moment.")
    finally:
        hashes.save()
    places = ", ".join(map(str, folders)) or "no folder, as none was named yet"
    hashes_of = " or ".join(sorted(wanted))
    raise RomError(
        f"The ROM of {of} ({title or 'without a name'}, SHA-1 {hashes_of}) was not found in {places}: "
        "name the game, a .gba file, or the folder of your ROMs once with `gbatrace probe --roms FOLDER`."
    )


def without_places(sentence: str, data_folder: Path) -> str:
    """Name folders in a sentence by their last names, for readers on other devices.

    Args:
        sentence: an error's.
        data_folder: it, and the folders of ROMs that it remembers, are meant.
    """
    folders = {data_folder, data_folder.absolute(), *rom_folders(data_folder)}
    for folder in sorted((folder for folder in folders if folder.name), key=lambda folder: -len(str(folder))):
        sentence = sentence.replace(str(folder), folder.name)
    return sentence


class _Hashes:
    """Hashes of files that were read before."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, list[object]] = {}
        self._is_new = False
        with suppress(OSError, ValueError):
            known = json.loads(path.read_text(encoding="utf-8"))
            self._known = known if isinstance(known, dict) else {}

    def of(self, path: Path) -> str:
        """Return the hash of a file; empty where it cannot be read, or is too large for a game."""
        try:
            about = path.stat()
            stamp: list[object] = [about.st_size, about.st_mtime_ns]
            known = self._known.get(str(path))
            if isinstance(known, list) and known[:2] == stamp and len(known) == 3:
                return str(known[2])
            found = _sha1(path) if about.st_size <= _LARGEST else ""
        except OSError:
            return ""
        self._known[str(path)] = [*stamp, found]
        self._is_new = True
        return found

    def save(self) -> None:
        """Remember them, if the disk allows."""
        if self._is_new and self._path.parent.is_dir():
            with suppress(OSError):
                replace_file(self._path, json.dumps(self._known).encode())


def _games(folders: list[Path]) -> Iterator[Path]:
    for folder in folders:
        with suppress(OSError):  # a drive without a disk, a folder that is not ours to read
            yield from (path for path in folder.rglob("*") if path.suffix.casefold() in _SUFFIXES and path.is_file())


def _hash_of(path: Path) -> str:
    try:
        return _sha1(path)
    except FileNotFoundError:
        raise RomError(f"There is no game at {path}: name a .gba file.") from None
    except OSError as error:
        raise RomError(f"The game {path} cannot be read ({error.strerror or error}).") from None


def _sha1(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.sha1(usedforsecurity=False)).hexdigest().upper()
