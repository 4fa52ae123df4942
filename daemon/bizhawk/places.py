"""Usual folders of BizHawk. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["BIZHAWK_VARIABLE", "Machine", "patterns", "usual_folders"]

BIZHAWK_VARIABLE = "GBATRACE_BIZHAWK"
"""Environment variable that names BizHawk's folder, or the program in it."""

_OF_HOME = ("Downloads", "Desktop", "Documents", "Games", "Emulators")
_OF_DRIVES = ("", "Games", "Emulators", "Emulation")
_WINDOWS_VARIABLES = ("ProgramFiles", "ProgramFiles(x86)", "ProgramData", "LOCALAPPDATA")
_POSIX = ("/opt", "/usr/local", "/usr/local/share", "/usr/share", "/usr/lib")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Description of a machine on which BizHawk is looked for; tests make one of another system.

    Args:
        system: as `sys.platform` gives it.
        home: the user's folder.
        here: the current folder.
        environment: variables.
        drives: the roots of all drives, on Windows.
    """

    system: str
    home: Path
    here: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    drives: tuple[Path, ...] = ()

    @property
    def windows(self) -> bool:
        """Return whether it runs Windows."""
        return self.system == "win32"

    @property
    def program(self) -> str:
        """The file that starts BizHawk."""
        return "EmuHawk.exe" if self.windows else "EmuHawkMono.sh"


def usual_folders(machine: Machine) -> list[Path]:
    """List the folders that BizHawk may be in or next to, likely ones first, each once."""
    return list(dict.fromkeys(_folders(machine)))


def patterns(machine: Machine) -> tuple[str, ...]:
    """Return the patterns to look for in each: the program, and BizHawk's folder up to two deep."""
    program = machine.program
    return (program, f"[Bb]iz[Hh]awk*/{program}", f"[Bb]iz[Hh]awk*/*/{program}")


def _folders(machine: Machine) -> Iterator[Path]:
    yield machine.here
    yield machine.here.parent
    yield from (machine.home / name for name in _OF_HOME)
    yield machine.home
    if not machine.windows:
        yield machine.home / ".local" / "share"
        yield machine.home / "Applications"
        yield from map(Path, _POSIX)
        return
    # With a backup to the cloud, Desktop and Documents lie there.
    if cloud := machine.environment.get("OneDrive"):
        yield from (Path(cloud) / name for name in _OF_HOME)
    for name in _WINDOWS_VARIABLES:
        if value := machine.environment.get(name):
            yield Path(value)
            yield Path(value) / "Programs"
    yield machine.home / "scoop" / "apps"
    for drive in machine.drives:
        yield from (drive / name for name in _OF_DRIVES)
