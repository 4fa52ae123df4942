"""Command line of the stand-in emulator, `python -m lua.headless`.

It connects to a daemon that runs already. Prints the lines of the Lua console, then what the script cost. Ends with
code 1 and one sentence if it cannot play.
"""

import argparse
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lua.headless.flavours import FLAVOURS, NEWEST
from protocol.errors import GbatraceError
from protocol.output import open_outputs
from protocol.wording import how_to_install

__all__ = ["main"]

_NOT_INSTALLED = f"The stand-in emulator is not installed: {how_to_install('demo')} brings it ({{}})."


def main(arguments: Sequence[str] | None = None) -> int:
    """Play by the options of the command line; returns the exit code."""
    open_outputs("utf-8")
    options = vars(_parser().parse_args(arguments))
    try:
        _play(**options)
    except GbatraceError as error:
        _print(str(error))
        return 1
    except ImportError as error:
        _print(_NOT_INSTALLED.format(error))
        return 1
    return 0


def _play(*, exit_with_stdin: bool, userdata: str, **options: Any) -> None:
    # lupa is an extra: without it this file still starts, and reports what is missing.
    from lua.headless.player import PlayOptions, play  # noqa: PLC0415
    from lua.headless.small_apis import parse_userdata  # noqa: PLC0415

    stop = threading.Event()
    if exit_with_stdin:
        threading.Thread(target=_set_at_end_of_stdin, args=(stop,), daemon=True).start()
    bag = parse_userdata(userdata) if userdata else {}
    report = play(PlayOptions(userdata=bag, **options), stop=stop, on_console_line=_print)
    _print(report.sentence())


def _set_at_end_of_stdin(stop: threading.Event) -> None:
    # Not through sys.stdin: its lock, held by a waiting thread, would make the interpreter abort when it ends.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    stop.set()


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _parser() -> argparse.ArgumentParser:
    # But for the last two, names and defaults are those of `PlayOptions`.
    parser = argparse.ArgumentParser(prog="python -m lua.headless", description="Play a game in the stand-in emulator.")
    parser.add_argument("--rom", type=Path, required=True, help="the game file")
    parser.add_argument("--script", type=Path, required=True, help="the Lua script")
    parser.add_argument("--host", default="127.0.0.1", help="the daemon's IPv4 address")
    parser.add_argument("--port", type=int, required=True, help="the daemon's link port")
    parser.add_argument("--core", type=Path, help="a libretro mGBA core, or a tape; a core is looked for if not given")
    parser.add_argument("--tape", type=Path, help="the tape to play where no core is found")
    parser.add_argument("--frames", type=int, help="frames to run; without end if not given")
    parser.add_argument("--reset-after", type=int, help="frames after which the console is reset, again and again")
    parser.add_argument("--seed", type=int, help="play at random, always the same for the same number")
    parser.add_argument("--inputs", type=Path, help="play a recorded input file, then by the seed")
    parser.add_argument("--speed", choices=("real", "max"), default="real", help="real time, or as fast as it goes")
    parser.add_argument("--flavour", choices=FLAVOURS, default=NEWEST, help="the BizHawk that is imitated")
    parser.add_argument("--userdata", help="settings for the script: `k1:v1;k2:v2`")
    parser.add_argument("--exit-with-stdin", action="store_true", help="stop when standard input ends")
    return parser


if __name__ == "__main__":
    sys.exit(main())
