"""Search for mGBA cores: the named one, stable-retro's, RetroArch's. It loads none."""

import os
import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from protocol.errors import CoreError
from protocol.wording import how_to_install

__all__ = ["CORE_VARIABLE", "find_core", "find_cores", "named_core", "no_core", "retroarch_folders"]

CORE_VARIABLE = "GBATRACE_CORE"
"""Environment variable that names the core to use."""

_FILE_NAME = "mgba_libretro" + {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
"""Name of the core's file on this platform."""


def find_core() -> Path:
    """Find the best core: the one that the environment names, or the first of `find_cores`.

    Raises:
        CoreError: there is none.
    """
    core = named_core() or next(find_cores(), None)
    if core is None:
        raise no_core()
    return core


def no_core() -> CoreError:
    """Build the error for a machine without a core, with the ways to get one."""
    return CoreError(
        f"There is no mGBA core here: {how_to_install('demo')} brings one for most of Linux and macOS. "
        f"Else install RetroArch's mGBA, or name its file, such as {_FILE_NAME}, as core or in {CORE_VARIABLE}."
    )


def named_core() -> Path | None:
    """Return the core that the environment names."""
    name = os.environ.get(CORE_VARIABLE, "").strip('"')
    return Path(name) if name else None


def find_cores() -> Iterator[Path]:
    """Yield the cores of this machine: the stable-retro package's, then RetroArch's."""
    spec = find_spec("stable_retro")
    packaged = [Path(folder, "cores") for folder in (spec.submodule_search_locations or ())] if spec else []
    for folder in (*packaged, *retroarch_folders(sys.platform, Path.home(), os.environ)):
        core = folder / _FILE_NAME
        if core.is_file():
            yield core


def retroarch_folders(platform: str, home: Path, environment: Mapping[str, str]) -> list[Path]:
    """List the folders of RetroArch's cores (docs.libretro.com, installation guides).

    Args:
        platform: as `sys.platform` has it.
        home: the user's home folder.
        environment: environment variables.
    """
    steam = ("steamapps", "common", "RetroArch", "cores")
    if platform == "win32":
        drive = Path(environment.get("SystemDrive", "C:") + "\\")
        programs = [environment.get(name) for name in ("ProgramFiles(x86)", "ProgramFiles")]
        return [
            drive / "RetroArch-Win64" / "cores",
            drive / "RetroArch" / "cores",
            *(Path(folder, "RetroArch", "cores") for folder in (environment.get("APPDATA"),) if folder),
            *(Path(folder, "Steam", *steam) for folder in programs if folder),
        ]
    if platform == "darwin":
        support = home / "Library" / "Application Support"
        return [support / "RetroArch" / "cores", support.joinpath("Steam", *steam)]
    return [
        home / ".config" / "retroarch" / "cores",
        home / ".var" / "app" / "org.libretro.RetroArch" / "config" / "retroarch" / "cores",
        Path("/usr/lib/libretro"),
        *sorted(Path("/usr/lib").glob("*-linux-gnu/libretro")),
        home.joinpath(".local", "share", "Steam", *steam),
    ]
