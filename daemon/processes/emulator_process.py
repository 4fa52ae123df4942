"""Starts the stand-in emulator as a child process. Shell."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import resources
from daemon.console.terminal import Terminal
from daemon.processes.child import Child, deliver_on
from protocol.errors import UserError

__all__ = ["EmulatorProcess", "PlayArguments", "demo_arguments"]

_STOP_PATIENCE = 10.0
"""Seconds after which people are told that it has not ended yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayArguments:
    """Arguments of the stand-in emulator; see `lua.headless.player.PlayOptions` for the meaning of each."""

    rom: Path
    script: Path
    core: Path | None = None
    tape: Path | None = None
    frames: int | None = None
    reset_after: int | None = None
    seed: int | None = None
    inputs: Path | None = None
    speed: str = "real"
    flavour: str = "2.11.1"
    scan_mode: str = ""

    def command(self, host: str, port: int) -> list[str]:
        """Return the command line of the process."""
        # No spool: this daemon lives as long as the emulator, and the script's folder may be read-only. No end of
        # patience: there is no player to spare, and what is played while nobody listens would be lost.
        userdata = ["spool_size:0", "patience:0", *([f"scan_mode:{self.scan_mode}"] if self.scan_mode else [])]
        options: dict[str, object] = {
            "--rom": self.rom,
            "--script": self.script,
            "--host": host,
            "--port": port,
            "--core": self.core,
            "--tape": self.tape,
            "--frames": self.frames,
            "--reset-after": self.reset_after,
            "--seed": self.seed,
            "--inputs": self.inputs,
            "--speed": self.speed,
            "--flavour": self.flavour,
            "--userdata": ";".join(userdata),
        }
        words = [text for name, value in options.items() if value is not None for text in (name, str(value))]
        return [sys.executable, "-m", "lua.headless", "--exit-with-stdin", *words]


def demo_arguments(script: Path, **options: Any) -> PlayArguments:
    """Return what plays the demo: the tour over and over, by the tape where no core is found.

    Args:
        script: the Lua script.
        options: more of `PlayArguments`.
    """
    return PlayArguments(
        rom=resources.demo_rom(),
        script=script,
        tape=resources.demo_tape(),
        inputs=resources.demo_tour(),
        reset_after=resources.DEMO_FRAMES,
        **options,
    )


class EmulatorProcess:
    """The stand-in emulator, running.

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
