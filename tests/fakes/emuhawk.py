"""Stand-in for EmuHawk.exe: its command line, the real script, the stand-in emulator.

`install_bizhawk` lays out a folder as a release of BizHawk has it; `python -m tests.fakes.emuhawk` is what its
`EmuHawkMono.sh` runs.
"""

import argparse
import os
import shlex
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from lua.headless.player import PlayOptions, play
from lua.headless.small_apis import parse_userdata
from tests.fakes.windows_program import write_program

__all__ = ["ROOT", "install_bizhawk"]

ROOT = Path(__file__).parents[2]

SPEED = "GBATRACE_TEST_SPEED"
"""Environment variable: `max` plays as fast as it goes."""

FRAMES = "GBATRACE_TEST_FRAMES"
"""Environment variable: after so many frames the player closes BizHawk's window."""

CRASH = "GBATRACE_TEST_CRASH"
"""Environment variable: BizHawk ends with this code, without a word to its scripts."""


def install_bizhawk(folder: Path, version: tuple[int, ...] | None = (2, 11, 1)) -> Path:
    """Lay out a BizHawk for Linux.

    Args:
        folder: to make.
        version: what EmuHawk.exe says of itself; None for one of which nothing can be read.

    Returns:
        The program that starts it.
    """
    folder.mkdir(parents=True)
    write_program(folder / "EmuHawk.exe", version)
    program = folder / "EmuHawkMono.sh"
    words = shlex.join([sys.executable, "-m", "tests.fakes.emuhawk"])
    program.write_text(
        f'#!/bin/sh\ncd "$(dirname "$0")"\nPYTHONPATH={shlex.quote(str(ROOT))} exec {words} "$@"\n', encoding="utf-8"
    )
    program.chmod(0o755)
    return program


def main() -> int:
    """Play as EmuHawk's command line says. Unknown words are the game, as in BizHawk; the last one counts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket_ip")
    parser.add_argument("--socket_port", type=int)
    parser.add_argument("--lua", type=Path)
    parser.add_argument("--userdata", default="")
    parser.add_argument("rom", type=Path, nargs="+")
    options = parser.parse_args()
    print("stand-in EmuHawk", *sys.argv[1:], flush=True)  # noqa: T201
    if code := os.environ.get(CRASH):
        return int(code)
    frames = os.environ.get(FRAMES)
    with TemporaryDirectory() as folder:
        report = play(
            PlayOptions(
                rom=_unpacked(options.rom[-1], Path(folder)),
                script=options.lua,
                host=options.socket_ip,
                port=options.socket_port,
                frames=int(frames) if frames else None,
                speed="max" if os.environ.get(SPEED) == "max" else "real",
                userdata={"spool_size": 0} | (parse_userdata(options.userdata) if options.userdata else {}),
            ),
            on_console_line=lambda line: print(line, flush=True),  # noqa: T201
        )
    return 0 if report.frames else 1


def _unpacked(rom: Path, folder: Path) -> Path:
    if rom.suffix != ".zip":
        return rom
    with zipfile.ZipFile(rom) as archive:
        return Path(archive.extract(archive.namelist()[0], folder))


if __name__ == "__main__":
    sys.exit(main())
