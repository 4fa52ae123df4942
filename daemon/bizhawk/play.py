"""Play of a game in BizHawk, watched from start to end. Shell."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from daemon.bizhawk.emuhawk_process import EmuHawkProcess
from daemon.console.terminal import Terminal
from protocol.errors import BizHawkError

__all__ = ["play_until_closed"]

_GREETING_PATIENCE = 30.0
"""Seconds after which a script that has not connected is worth a line."""

_SETTLING_PATIENCE = 5.0
"""Seconds for what a closed BizHawk has sent to be stored."""

_PAUSE = 0.1

Summaries = Sequence[Mapping[str, Any]]


async def play_until_closed(
    terminal: Terminal,
    sessions: Callable[[], Summaries],
    bizhawk: EmuHawkProcess,
    patience: float | None = None,
) -> list[str]:
    """Wait until BizHawk is closed and everything that it sent is stored.

    Where another emulator is being recorded as well, this waits for its end too. BizHawk is never ended by us: a
    cancelled wait leaves it open.

    Args:
        terminal: for messages to the player.
        sessions: gives the summaries of the daemon's sessions.
        bizhawk: the running emulator.
        patience: seconds after which BizHawk should have closed itself; None where a player closes it.

    Returns:
        The sessions in which something was recorded, those with the most frame sets first.

    Raises:
        BizHawkError: it was closed and nothing was recorded, or it ran out of patience.
    """
    play = _Play(sessions)
    greeting = asyncio.ensure_future(_expect_greeting(terminal, play))
    try:
        async with asyncio.timeout(patience):
            code = await bizhawk.wait()
        await play.settled()
        _judge_end(terminal, play, bizhawk, code)
        await _others_end(terminal, play)
    except TimeoutError:
        raise BizHawkError(
            f"The game was not played to its end in {patience:.0f} s: is BizHawk paused, or does it ask something?"
        ) from None
    finally:
        greeting.cancel()
        if bizhawk.is_running:
            terminal.line(
                "BizHawk stays open: what is played from here on waits in its script's folder "
                "until `gbatrace play` or `gbatrace serve` is started again."
            )
    return play.recorded()


class _Play:
    """Changes of the sessions since BizHawk was started."""

    def __init__(self, sessions: Callable[[], Summaries]) -> None:
        self._sessions = sessions
        self._before = {summary["session_id"]: summary["frame_sets"] for summary in sessions()}

    def recorded(self) -> list[str]:
        """List the sessions that have opened or grown."""
        grown = [
            summary
            for summary in self._sessions()
            if summary["frame_sets"] > self._before.get(summary["session_id"], -1)
        ]
        grown.sort(key=lambda summary: summary["frame_sets"], reverse=True)
        return [str(summary["session_id"]) for summary in grown]

    def live(self) -> bool:
        """Return whether a session has an emulator."""
        return any(summary["state"] == "live" for summary in self._sessions())

    async def settled(self) -> None:
        """Wait until the sessions have ended, or nothing more comes of what BizHawk sent."""
        counts: list[object] = []
        deadline = time.monotonic() + _SETTLING_PATIENCE
        while time.monotonic() < deadline:
            await asyncio.sleep(_PAUSE)
            before, counts = counts, [(s["session_id"], s["state"], s["frame_sets"]) for s in self._sessions()]
            if not self.live() or before == counts:
                return


def _judge_end(terminal: Terminal, play: _Play, bizhawk: EmuHawkProcess, code: int) -> None:
    last_line = bizhawk.last_line()
    if not play.recorded():
        output = f' The last line of its output: "{last_line}".' if last_line else ""
        raise BizHawkError(
            "BizHawk was closed and nothing was recorded: close every other BizHawk, try again, "
            f"and read its Lua console.{output}"
        )
    if code:
        terminal.line(f"BizHawk ended with code {code}; what was played until then is stored. {last_line}".rstrip())
    else:
        terminal.line("BizHawk was closed.")


async def _expect_greeting(terminal: Terminal, play: _Play) -> None:
    await asyncio.sleep(_GREETING_PATIENCE)
    if not play.recorded():
        terminal.line(
            "BizHawk is open, but its script has not connected yet: answer what BizHawk asks, or read its Lua console."
        )


async def _others_end(terminal: Terminal, play: _Play) -> None:
    if play.live():
        terminal.line("Another session is still being recorded: gbatrace ends after it, or at once by Ctrl+C.")
    while play.live():  # noqa: ASYNC110 - there is no event for it
        await asyncio.sleep(_PAUSE)
