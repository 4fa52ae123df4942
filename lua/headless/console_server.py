"""Console played by another process, `python -m lua.headless.console_server`. Shell.

Each command on standard input has one answer on standard output, both MessagePack behind four bytes of length
(little-endian). A command plays some frames, from a savestate, from power-on, or on from where the console is:

* `origin`: `power_on`, `here`, or the bytes of a savestate;
* `writes`: pairs of bus address and bytes, written before the first frame;
* `pressed`: the buttons held in each frame, bit sets in the order of `GBA.buttons`;
* `images`: numbers of frames after which memory is wanted, 0 for before the first, ascending;
* `regions`: pairs of bus address and size, the memory of an image, one after the other;
* `states`: numbers of frames after which a savestate is wanted, ascending.

The answer has `images` and `states`, or `error`: a sentence. The first answer, before any command, names the console:
`name` and `rom_hash`. It ends when standard input does.
"""

import argparse
import os
import struct
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from lua.headless.console_choice import open_console
from lua.headless.core import Core
from protocol.console import GBA
from protocol.errors import CoreError, GbatraceError
from protocol.output import open_outputs
from protocol.packing import pack, unpack
from protocol.wording import own_fault

__all__ = ["main", "play_command"]

_LENGTH = struct.Struct("<I")


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve a console until standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m lua.headless.console_server")
    parser.add_argument("--rom", type=Path, required=True, help="the game file")
    parser.add_argument("--core", type=Path, help="a libretro mGBA core; looked for if not given")
    options = parser.parse_args(arguments)
    # A core may print: that must not come between the answers. What it prints goes where errors go.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - there is none elsewhere

        for file in (sys.stdin, answers):
            msvcrt.setmode(file.fileno(), os.O_BINARY)
    commands = sys.stdin.buffer
    open_outputs("utf-8")
    try:
        core = open_console(options.rom, options.core, None, lambda _line: None)
    except GbatraceError as error:
        _send(answers, {"error": str(error)})
        return
    _send(answers, {"name": core.name, "rom_hash": core.rom_hash})
    while (command := _receive(commands)) is not None:
        try:
            answer = play_command(core, command)
        except GbatraceError as error:
            answer = {"error": str(error)}
        except Exception as error:
            answer = {"error": own_fault("play the game", error)}
        _send(answers, answer)
    core.close()


def play_command(core: Core, command: Mapping[str, Any]) -> dict[str, Any]:
    """Carry out a command.

    Raises:
        CoreError: the core does not take the savestate, or an address is in none of its memories.
    """
    match command["origin"]:
        case "power_on":
            core.reset()
        case bytes(state):
            core.load_state(state)
    for address, data in command["writes"]:
        view, offset = _memory(core, address, len(data))
        view[offset : offset + len(data)] = data
    images, states = [], []
    pressed: Sequence[int] = command["pressed"]
    for count in range(len(pressed) + 1):
        if count:
            core.run_frame(pressed[count - 1])
        if count in command["images"]:
            images.append(_image(core, command["regions"]))
        if count in command["states"]:
            states.append(core.save_state())
    return {"images": images, "states": states}


def _image(core: Core, regions: Sequence[tuple[int, int]]) -> bytes:
    parts = []
    for base, size in regions:
        view, offset = _memory(core, base, size)
        parts.append(view[offset : offset + size].tobytes())
    return b"".join(parts)


def _memory(core: Core, address: int, size: int) -> tuple[memoryview, int]:
    """Find bytes in the console's work memory, by their bus address."""
    region = GBA.region_at(address, size)
    if region is None:
        raise CoreError(f"The console has no work memory of {size:,} bytes at {address:08X}.")
    return core.memories()[region.domain], address - region.base


def _receive(commands: BinaryIO) -> Any:
    head = commands.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = commands.read(length)
    return unpack(data) if len(data) == length else None


def _send(answers: BinaryIO, answer: Mapping[str, Any]) -> None:
    data = pack(answer)
    answers.write(_LENGTH.pack(len(data)) + data)
    answers.flush()


if __name__ == "__main__":
    main()
