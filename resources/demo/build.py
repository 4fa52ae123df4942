"""Build of the demo game with Debian's `gcc-arm-none-eabi`, the same bytes everywhere.

`python -m resources.demo.build` writes `gbatrace-demo.gba` and `symbols.json`; with `--check` it builds in a temporary
folder and compares. Nothing of the folder it is built in, and no time, goes into the cartridge.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from resources.demo.pack.assets import pack_assets
from resources.demo.pack.dwarf import read_variables
from resources.demo.pack.errors import SourceError
from resources.demo.pack.header import finish_cartridge
from resources.demo.pack.symbols import list_symbols, read_meanings

__all__ = ["COMPILER_VERSION", "HERE", "BuildError", "build", "compiler_version", "link_game", "main", "stale_files"]

HERE = Path(__file__).resolve().parent
_TOOLS = "arm-none-eabi-"
COMPILER_VERSION = "12.2.1"
"""Version of GCC that built the kept files; another builds other bytes."""

ROM_NAME, SYMBOLS_NAME = "gbatrace-demo.gba", "symbols.json"
TITLE, CODE, MAKER = "FERNLIGHT", "GTRE", "GT"

_MACHINE = ("-mcpu=arm7tdmi", "-mthumb")
_COMPILE = (
    *_MACHINE,
    "-mthumb-interwork",
    "-std=c11",
    "-O2",
    "-gdwarf-4",
    "-ffreestanding",
    "-fno-common",
    "-fno-strict-aliasing",
    "-fshort-enums",
    "-ffunction-sections",
    "-fdata-sections",
    "-fno-tree-loop-distribute-patterns",
    "-Wall",
    "-Wextra",
    "-Werror",
)
_LINK = (
    *_MACHINE,
    "-nostartfiles",
    "-nostdlib",
    "-Wl,--gc-sections",
    "-Wl,--build-id=none",
    "-Wl,--fatal-warnings",
)


class BuildError(Exception):
    """The game cannot be built here; the message says what to do."""


def build(work: Path) -> dict[str, bytes]:
    """Build the game.

    Args:
        work: an empty folder for what is made on the way.

    Returns:
        File name to content, for each file that is kept next to the source.

    Raises:
        BuildError: the compiler is missing or refuses the source, or the art is malformed.
    """
    try:
        assets_c, assets_h = pack_assets(HERE / "art")
    except SourceError as error:
        raise BuildError(f"the art is malformed: {error}") from error
    _write(work / "assets.c", assets_c)
    _write(work / "assets.h", assets_h)
    sources = sorted((HERE / "src").glob("*.[cs]"))
    program, image = link_game([*sources, work / "assets.c"], work)
    texts = [path.read_text(encoding="utf-8") for path in sorted((HERE / "src").glob("*.[ch]"))]
    try:
        symbols = list_symbols(read_variables(program), read_meanings(texts))
    except SourceError as error:
        raise BuildError(f"the symbols cannot be listed: {error}") from error
    rows = ",\n".join("  " + json.dumps(symbol, ensure_ascii=False) for symbol in symbols)
    return {
        ROM_NAME: finish_cartridge(image, TITLE, CODE, MAKER),
        SYMBOLS_NAME: f"[\n{rows}\n]\n".encode(),
    }


def link_game(sources: Sequence[Path], work: Path) -> tuple[bytes, bytes]:
    """Compile and link a game for the console, in the demo game's memory map.

    Args:
        sources: C and assembly files; headers are found in `work` and among the demo game's.
        work: a folder for what is made on the way.

    Returns:
        The linked program with its debugging information, and the cartridge's bytes without a header.

    Raises:
        BuildError: the compiler is missing or refuses the source.
    """
    objects = []
    for path in sources:
        target = work / f"{path.stem}.o"
        here = f"-ffile-prefix-map={path.parent}=."
        _run([f"{_TOOLS}gcc", *_COMPILE, here, f"-I{HERE / 'src'}", f"-I{work}", "-c", str(path), "-o", str(target)])
        objects.append(str(target))
    program, image = work / "game.elf", work / "game.bin"
    _run([f"{_TOOLS}gcc", *_LINK, f"-T{HERE / 'src' / 'gba.ld'}", *objects, "-lgcc", "-o", str(program)])
    _run([f"{_TOOLS}objcopy", "-O", "binary", str(program), str(image)])
    return program.read_bytes(), image.read_bytes()


def compiler_version() -> str:
    """Return the version of the compiler on this machine.

    Raises:
        BuildError: there is none.
    """
    return _run([f"{_TOOLS}gcc", "-dumpfullversion"]).strip()


def stale_files(built: Mapping[str, bytes], folder: Path) -> list[str]:
    """List the built files that differ from those in `folder`, or are missing there."""
    return [
        name
        for name, content in built.items()
        if not (folder / name).is_file() or (folder / name).read_bytes() != content
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns:
        0 when all is well; 1, with one line on standard error, when it is not.
    """
    parser = argparse.ArgumentParser(prog="python -m resources.demo.build", description="Build the demo game.")
    parser.add_argument("--check", action="store_true", help="build elsewhere and compare with the files kept here")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as work:
            built = build(Path(work))
    except BuildError as error:
        return _fail(str(error))
    if options.check:
        stale = stale_files(built, HERE)
        if stale:
            return _fail(
                f"{' and '.join(stale)} differ from what the source builds with {_TOOLS}gcc {compiler_version()} "
                f"(kept: {COMPILER_VERSION}); run python -m resources.demo.build"
            )
        return 0
    for name, content in built.items():
        (HERE / name).write_bytes(content)
    rom_hash = hashlib.sha1(built[ROM_NAME]).hexdigest().upper()  # noqa: S324 - how BizHawk names a ROM, no protection
    sys.stdout.write(
        f"{ROM_NAME}: {len(built[ROM_NAME]):,} bytes, SHA-1 {rom_hash} (for game_configs/gbatrace_demo.json)\n"
    )
    return 0


def _fail(message: str) -> int:
    sys.stderr.write(f"demo game: {message}\n")
    return 1


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _run(command: list[str]) -> str:
    program = shutil.which(command[0])
    if program is None:
        raise BuildError(f"{command[0]} is not installed; on Debian: apt-get install gcc-arm-none-eabi")
    done = subprocess.run([program, *command[1:]], capture_output=True, encoding="utf-8", check=False)  # noqa: S603 - our own tool chain
    if done.returncode:
        raise BuildError(f"{command[0]} refuses the source:\n{done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
