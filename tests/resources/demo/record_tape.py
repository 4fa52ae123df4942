"""Records the demo's tape from a real core that plays the tour: `python -m tests.resources.demo.record_tape`.

To be run again when the game or the tour has changed. With `--check` nothing is written: the core plays the tour again,
and whatever differs from the tape is told, with exit code 1.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence

import resources
from lua.headless.core import Core
from lua.headless.inputs import read_inputs
from lua.headless.libretro_core import LibretroCore
from lua.headless.tape import TAPED_MEMORIES, Moment, write_tape
from lua.headless.tape_core import TapeCore

__all__ = ["difference", "main", "moment_of", "play_tour"]


def moment_of(core: Core, pressed: int = 0) -> Moment:
    """Return where a console stands."""
    memories = core.memories()
    return Moment(
        pressed,
        core.registers(),
        {name: bytes(memories[name][:size]) for name, size in TAPED_MEMORIES.items()},
        core.framebuffer(),
    )


def play_tour(core: Core, frames: int = resources.DEMO_FRAMES) -> Iterator[Moment]:
    """Play the tour; yield the console as it was switched on, then after each frame."""
    inputs = read_inputs(resources.demo_tour())
    yield moment_of(core)
    for frame in range(frames):
        pressed = inputs.pressed(frame)
        core.run_frame(pressed)
        yield moment_of(core, pressed)


def difference(one: Moment, other: Moment) -> str:
    """Name what two moments differ in; empty where they are the same."""
    parts = [name for name in TAPED_MEMORIES if one.memories[name] != other.memories[name]]
    parts += ["the buttons"] if one.pressed != other.pressed else []
    parts += ["the registers"] if one.registers != other.registers else []
    parts += ["the picture"] if one.picture.tobytes() != other.picture.tobytes() else []
    return ", ".join(parts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Record the tape, or check it; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.resources.demo.record_tape")
    parser.add_argument("--check", action="store_true", help="compare with the tape that is kept, write nothing")
    check = parser.parse_args(arguments).check
    core = LibretroCore(resources.demo_rom())
    try:
        return _check(core) if check else _record(core)
    finally:
        core.close()


def _record(core: Core) -> int:
    head = write_tape(resources.demo_tape(), core.rom_hash, core.name, play_tour(core))
    size = resources.demo_tape().stat().st_size
    sys.stdout.write(f"{resources.demo_tape().name}: {head.frames:,} frames of {head.core}, {size:,} bytes\n")
    return 0


def _check(core: Core) -> int:
    tape = TapeCore(resources.demo_rom(), resources.demo_tape())
    for frame, (real, taped) in enumerate(zip(play_tour(core), play_tour(tape), strict=True)):
        if parts := difference(real, taped):
            sys.stdout.write(f"frame {frame}: the tape differs in {parts}; record it again\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
