"""Search for BizHawk on this machine; the last one used is remembered. Shell."""

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pefile

from daemon.bizhawk.places import BIZHAWK_VARIABLE, Machine, patterns, usual_folders
from daemon.bizhawk.version import OLDEST, Version, is_too_old, version_text
from protocol.errors import BizHawkError

__all__ = [
    "BizHawk",
    "find_bizhawk",
    "last_bizhawk",
    "old_script_copies",
    "read_program_version",
    "remember",
    "this_machine",
]

_REMEMBERED = ".bizhawk"
"""File of the data folder; no session can be called so."""

_WINDOWS_PROGRAM = "EmuHawk.exe"
_DRIVES = "CDEFG"
_HOME_PAGE = "https://tasvideos.org/BizHawk"
_PACKED = (".zip", ".tar.gz")
_SCRIPT_MODULES = ("scan/tracer.lua", "wire/link.lua", "host/comm.lua", "offline/spool.lua")
"""One module of each folder of the script, by which a copy is known."""

_OLDEST_NAMED = (2, 0)
"""A build without a version of its own calls itself 0.0 or 1.0, which means nothing."""


@dataclass(frozen=True, slots=True)
class BizHawk:
    """A BizHawk that was found.

    Args:
        program: the file that starts it.
        version: None where it could not be read; then HELLO has it.
    """

    program: Path
    version: Version | None

    def __str__(self) -> str:
        """Name it with its version and place."""
        return f"BizHawk {version_text(self.version)}".strip() + f" at {self.program}"


def this_machine() -> Machine:
    """Describe the machine that this runs on."""
    windows = sys.platform == "win32"
    drives = [Path(f"{letter}:\\") for letter in _DRIVES] if windows else []
    return Machine(
        system=sys.platform,
        home=Path.home(),
        here=Path.cwd(),
        environment=os.environ,
        drives=tuple(drive for drive in drives if drive.exists()),
    )


def find_bizhawk(machine: Machine, named: Path | None, data_folder: Path) -> BizHawk:
    """Find BizHawk: as named, by the environment, the last one used, or the newest.

    Args:
        machine: where to look.
        named: its folder or program, as the user names it; None if the user does not.
        data_folder: remembers the last one.

    Raises:
        BizHawkError: there is none, or only one that is too old.
    """
    if machine.system == "darwin":
        raise BizHawkError(
            "BizHawk runs on Windows and Linux only: play there against `gbatrace serve --host 0.0.0.0`, "
            "or see `gbatrace demo`."
        )
    if named is not None:
        return _usable(_named(machine, named, "--bizhawk"))
    # `set` in the Command Prompt keeps quotation marks.
    if variable := machine.environment.get(BIZHAWK_VARIABLE, "").strip('"'):
        return _usable(_named(machine, Path(variable), BIZHAWK_VARIABLE))
    if last := last_bizhawk(data_folder):
        return last
    found = [_look_at(program) for program in _programs(machine)]
    if not found:
        raise BizHawkError(_not_found(machine))
    return _usable(max(found, key=_rank))


def last_bizhawk(data_folder: Path) -> BizHawk | None:
    """Return the BizHawk that was used last, if it is still there and can be used."""
    last = _last(data_folder)
    if last is None or not last.is_file():
        return None
    bizhawk = _look_at(last)
    return None if is_too_old(bizhawk.version) else bizhawk


def remember(data_folder: Path, bizhawk: BizHawk) -> None:
    """Remember in the data folder which BizHawk was used, if the disk allows."""
    try:
        (data_folder / _REMEMBERED).write_text(f"{bizhawk.program}\n", encoding="utf-8", newline="\n")
    except (OSError, UnicodeEncodeError):
        return


def old_script_copies(bizhawk: BizHawk) -> list[Path]:
    """List the folders of BizHawk's own `Lua` folder that hold a copy of the script's modules."""
    lua = bizhawk.program.parent / "Lua"
    return [(lua / module).parent for module in _SCRIPT_MODULES if (lua / module).is_file()]


def _named(machine: Machine, path: Path, by: str) -> Path:
    with contextlib.suppress(RuntimeError):  # `~` before a name that nobody has: then it is a folder's name.
        path = path.expanduser()
    path = path.absolute()
    if path.is_file() and path.name.casefold().endswith(_PACKED):
        raise BizHawkError(_still_packed(path))
    program = path / machine.program if path.is_dir() else path
    if program.name == _WINDOWS_PROGRAM and not machine.windows:
        program = program.with_name(machine.program)
    if not program.is_file():
        raise BizHawkError(f"There is no {machine.program} at {path}: name BizHawk's folder with {by}.")
    return program


def _last(data_folder: Path) -> Path | None:
    try:
        line = (data_folder / _REMEMBERED).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return Path(line) if line and "\0" not in line else None


def _programs(machine: Machine) -> Iterator[Path]:
    """Yield the programs in all the usual places, each once."""
    seen: set[Path] = set()
    on_path = shutil.which(machine.program, path=machine.environment.get("PATH", ""))
    found = [Path(on_path)] if on_path else []
    for program in [*found, *_files(machine, patterns(machine))]:
        resolved = program.resolve()
        if resolved not in seen and program.is_file():
            seen.add(resolved)
            yield program.absolute()


def _files(machine: Machine, wanted: tuple[str, ...]) -> Iterator[Path]:
    for folder in usual_folders(machine):
        for pattern in wanted:
            try:
                yield from sorted(folder.glob(pattern))
            except OSError:  # a drive without a disk, a folder that is not ours to read
                continue


def _look_at(program: Path) -> BizHawk:
    return BizHawk(program, read_program_version(program.with_name(_WINDOWS_PROGRAM)))


def read_program_version(program: Path) -> Version | None:
    """Read the file version of a Windows program, None where it has none or cannot be read.

    BizHawk's releases carry theirs there, 2.11 as 2.11.0.0 (Win32 Version in its error reports).
    """
    try:
        with pefile.PE(str(program), fast_load=True) as image:
            image.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_RESOURCE"]])
            fixed = image.VS_FIXEDFILEINFO[0]
            high, low = int(fixed.FileVersionMS), int(fixed.FileVersionLS)
    except (OSError, pefile.PEFormatError, AttributeError, IndexError, ValueError):
        return None
    major, minor, patch = high >> 16, high & 0xFFFF, low >> 16
    version = (major, minor, patch) if patch else (major, minor)
    return version if version >= _OLDEST_NAMED else None


def _rank(bizhawk: BizHawk) -> tuple[bool, Version]:
    """Prefer what works: newest first, and one of which nothing is known to one that is too old."""
    return (not is_too_old(bizhawk.version), bizhawk.version or ())


def _usable(found: Path | BizHawk) -> BizHawk:
    bizhawk = _look_at(found) if isinstance(found, Path) else found
    if is_too_old(bizhawk.version):
        raise BizHawkError(
            f"{bizhawk} is too old, gbatrace needs {version_text(OLDEST)} or newer: "
            f"get it from {_HOME_PAGE} and name its folder with --bizhawk."
        )
    return bizhawk


def _not_found(machine: Machine) -> str:
    packed = next(_files(machine, tuple(f"[Bb]iz[Hh]awk*{ending}" for ending in _PACKED)), None)
    if packed is not None:
        return _still_packed(packed)
    return (
        "BizHawk was not found, neither in Downloads nor on the Desktop nor in the other usual places: "
        f"get it from {_HOME_PAGE}, or name its folder with --bizhawk."
    )


def _still_packed(archive: Path) -> str:
    return f"{archive} is BizHawk still packed: unpack it into a folder of its own, then try again."
