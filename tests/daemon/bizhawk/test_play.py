"""A game in BizHawk, watched from its start to its end."""

import asyncio
import io
from typing import Any

import pytest
from rich.console import Console

from daemon.bizhawk import play
from daemon.bizhawk.play import play_until_closed
from daemon.console.terminal import Terminal
from protocol.errors import BizHawkError
from tests.fakes.patience import PATIENCE


class FakeProcess:
    """A BizHawk that a test closes."""

    def __init__(self) -> None:
        self.exit: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.said = ""

    @property
    def is_running(self) -> bool:
        return not self.exit.done()

    async def wait(self) -> int:
        return await asyncio.shield(self.exit)

    def last_line(self) -> str:
        return self.said


class Play:
    """A play that goes on in the background of a test."""

    def __init__(self, *sessions: dict[str, Any], patience: float | None = None) -> None:
        self.sessions = list(sessions)
        self.process = FakeProcess()
        self.screen = io.StringIO()
        terminal = Terminal(Console(file=self.screen, width=200))
        self.task = asyncio.ensure_future(
            play_until_closed(terminal, lambda: list(self.sessions), self.process, patience)  # type: ignore[arg-type]
        )

    async def until(self, text: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while text not in self.screen.getvalue():  # noqa: ASYNC110 - the screen tells nobody
                await asyncio.sleep(0.01)

    async def result(self) -> list[str]:
        async with asyncio.timeout(PATIENCE):
            return await self.task


def session(name: str, frame_sets: int = 1, state: str = "live") -> dict[str, Any]:
    return {"session_id": name, "state": state, "frame_sets": frame_sets}


async def test_a_closed_bizhawk_ends_the_play_and_names_what_was_recorded() -> None:
    running = Play(session("yesterday", 7, "lost"))
    await asyncio.sleep(0)
    running.sessions += [session("short", 1, "ended"), session("long", 9, "ended")]
    running.process.exit.set_result(0)
    assert await running.result() == ["long", "short"]
    assert "BizHawk was closed." in running.screen.getvalue()
    assert "stays open" not in running.screen.getvalue()


async def test_a_session_that_goes_on_counts_as_recorded() -> None:
    running = Play(session("yesterday", 7, "lost"))
    await asyncio.sleep(0)
    running.sessions = [session("yesterday", 8, "ended")]
    running.process.exit.set_result(0)
    assert await running.result() == ["yesterday"]


async def test_what_still_arrives_is_waited_for() -> None:
    running = Play()
    await asyncio.sleep(0)
    running.sessions = [session("run", 1)]
    running.process.exit.set_result(0)
    for count in range(2, 6):
        await asyncio.sleep(0.09)
        assert not running.task.done()
        running.sessions = [session("run", count)]
    running.sessions = [session("run", 6, "ended")]
    assert await running.result() == ["run"]


async def test_a_bizhawk_that_recorded_nothing_is_an_error_with_its_last_line() -> None:
    running = Play()
    running.process.said = "EmuHawk is already running, exiting..."
    running.process.exit.set_result(0)
    with pytest.raises(BizHawkError) as caught:
        await running.result()
    assert str(caught.value) == (
        "BizHawk was closed and nothing was recorded: close every other BizHawk, try again, and read its Lua "
        'console. The last line of its output: "EmuHawk is already running, exiting...".'
    )


async def test_a_crash_is_reported_and_nothing_is_lost() -> None:
    running = Play()
    await asyncio.sleep(0)
    running.sessions = [session("run", 5, "lost")]
    running.process.exit.set_result(-11)
    assert await running.result() == ["run"]
    assert "BizHawk ended with code -11; what was played until then is stored." in running.screen.getvalue()


async def test_who_stops_leaves_bizhawk_open() -> None:
    running = Play()
    await asyncio.sleep(0.01)
    running.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running.task
    assert "BizHawk stays open: what is played from here on waits in its script's folder" in running.screen.getvalue()


async def test_another_emulator_is_waited_for() -> None:
    running = Play()
    await asyncio.sleep(0)
    running.sessions = [session("run", 5, "ended"), session("other", 5)]
    running.process.exit.set_result(0)
    await running.until("Another session is still being recorded: gbatrace ends after it")
    assert not running.task.done()
    running.sessions = [session("run", 5, "ended"), session("other", 8, "ended")]
    assert await running.result() == ["other", "run"]


async def test_a_script_that_does_not_connect_is_worth_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(play, "_GREETING_PATIENCE", 0.05)
    running = Play()
    await running.until("BizHawk is open, but its script has not connected yet: answer what BizHawk asks")
    running.sessions = [session("run", 1, "ended")]
    running.process.exit.set_result(0)
    await running.result()


async def test_one_that_should_have_closed_itself_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(play, "_GREETING_PATIENCE", 0.05)
    running = Play(patience=0.1)
    with pytest.raises(BizHawkError, match=r"was not played to its end in 0 s: is BizHawk paused"):
        await running.result()
    assert "BizHawk stays open" in running.screen.getvalue()
