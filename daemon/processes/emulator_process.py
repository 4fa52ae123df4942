"""Child process of the stand-in emulator. Shell."""

import asyncio
import sys
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

import resources
from daemon.console.terminal import Terminal
from daemon.processes.child import Child, deliver_on
from protocol.errors import UserError
from protocol.regions import ScanMode

__all__ = [
    "CoreOption",
    "EmulatorProcess",
    "Flavour",
    "FlavourOption",
    "FramesOption",
    "PlayArguments",
    "Speed",
    "demo_arguments",
]

_STOP_PATIENCE = 10.0
"""Seconds after which the person at the keyboard learns that it has not ended yet."""


class Speed(StrEnum):
    """Speed of the stand-in emulator."""

    REAL = "real"
    MAX = "max"


class Flavour(StrEnum):
    """Version of BizHawk that the stand-in emulator imitates."""

    V2_10 = "2.10"
    V2_11 = "2.11"
    V2_11_1 = "2.11.1"


CoreOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="libretro core of mGBA; stable-retro's and RetroArch's are found.")
]
FramesOption = Annotated[
    int | None, typer.Option(metavar="NUMBER", min=1, help="Frames to run; without it until Ctrl+C.")
]
FlavourOption = Annotated[Flavour, typer.Option(metavar="|".join(Flavour), help="BizHawk version to imitate.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayArguments:
    """Arguments of the stand-in emulator, by its own names for them.

    The command line has those that are annotated as options.
    """

    rom: Annotated[Path, typer.Option(metavar="FILE", help="The game, a .gba file.")]

    script: Path = field(default_factory=resources.event_logger)
    """The Lua script."""

    core: CoreOption = None

    tape: Path | None = None
    """The tape that is played where no core is found."""

    frames: FramesOption = None

    reset_after: int | None = None
    """Frames after which the console is reset, again and again."""

    seed: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="Play at random, the same way for the same seed.")
    ] = None

    inputs: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Play a recorded input file, then by the seed.")
    ] = None

    speed: Annotated[Speed, typer.Option(metavar="|".join(Speed), help="Real time, or as fast as it goes.")] = Speed.MAX

    flavour: FlavourOption = Flavour.V2_11_1

    scan_mode: Annotated[
        ScanMode | None,
        typer.Option(metavar="|".join(ScanMode), help="When memory is scanned within a frame set."),
    ] = None

    def command(self, host: str, port: int) -> list[str]:
        """Return the command line of the process."""
        # No spool: this daemon lives as long as the emulator, and the script's folder may be read-only. No end of
        # patience: there is no player to spare, and what is played while nobody listens would be lost.
        userdata = ["spool_size:0", "patience:0", *([f"scan_mode:{self.scan_mode}"] if self.scan_mode else [])]
        options = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "scan_mode"}
        options |= {"host": host, "port": port, "userdata": ";".join(userdata)}
        words = [(f"--{name.replace('_', '-')}", str(value)) for name, value in options.items() if value is not None]
        return [sys.executable, "-m", "lua.headless", "--exit-with-stdin", *(word for pair in words for word in pair)]


def demo_arguments(speed: Speed = Speed.REAL, **options: Any) -> PlayArguments:
    """Return the arguments for the demo's tour, again and again, from the tape without a core.

    Args:
        speed: of the emulator.
        options: more of `PlayArguments`.
    """
    return PlayArguments(
        rom=resources.demo_rom(),
        speed=speed,
        tape=resources.demo_tape(),
        inputs=resources.demo_tour(),
        reset_after=resources.DEMO_FRAMES,
        **options,
    )


class EmulatorProcess:
    """Running stand-in emulator.

    Args:
        terminal: where the lines of its Lua console go.
        arguments: what it plays.
        host: the daemon's address.
        port: the daemon's link port.
    """

    def __init__(self, terminal: Terminal, arguments: PlayArguments, host: str, port: int) -> None:
        loop = asyncio.get_running_loop()
        self._exit: asyncio.Future[int] = loop.create_future()
        self._terminal = terminal
        self._last_line = ""

        def line(text: str) -> None:
            self._last_line = text
            terminal.line(f"emulator: {text}")

        self._child = Child(
            arguments.command(host, port),
            deliver_on(loop, line),
            deliver_on(loop, self._exit.set_result),
        )

    async def wait(self) -> None:
        """Wait until it has ended by itself.

        Raises:
            UserError: it could not play; the sentence is its own.
        """
        code = await asyncio.shield(self._exit)
        if code:
            raise UserError(self._last_line or f"The stand-in emulator ended with code {code}.")

    async def stop(self) -> None:
        """Ask it to stop its script and end, and wait until it has handed over what it holds.

        Cancelled, it is killed.
        """
        stopped = asyncio.create_task(asyncio.to_thread(self._child.stop, None))
        try:
            await asyncio.wait({stopped}, timeout=_STOP_PATIENCE)
            if not stopped.done():
                self._terminal.line("The emulator still hands over what it has played. Ctrl+C once more ends it now.")
            await asyncio.shield(stopped)
        finally:
            self._child.kill()
            await stopped
