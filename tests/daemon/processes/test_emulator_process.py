"""The stand-in emulator as a child; the emulator itself is played by a few lines of Python."""

import asyncio
import io
import sys
from pathlib import Path

import pytest
from rich.console import Console

from daemon.console.terminal import Terminal
from daemon.processes.emulator_process import EmulatorProcess, Flavour, PlayArguments, Speed
from protocol.errors import UserError
from protocol.regions import ScanMode
from tests.fakes.patience import PATIENCE, until

ARGUMENTS = PlayArguments(rom=Path("game.gba"), script=Path("event_logger.lua"))


def playing(monkeypatch: pytest.MonkeyPatch, code: str) -> tuple[EmulatorProcess, io.StringIO]:
    screen = io.StringIO()
    monkeypatch.setattr(PlayArguments, "command", lambda *_: [sys.executable, "-u", "-c", code])
    return EmulatorProcess(Terminal(Console(file=screen, width=200)), ARGUMENTS, "127.0.0.1", 9999), screen


class TestCommand:
    def test_it_says_what_to_play_and_where_the_daemon_is(self) -> None:
        assert ARGUMENTS.command("127.0.0.1", 4242)[1:] == [
            *("-m", "lua.headless", "--exit-with-stdin"),
            *("--rom", "game.gba", "--script", "event_logger.lua", "--speed", "max", "--flavour", "2.11.1"),
            *("--host", "127.0.0.1", "--port", "4242", "--userdata", "spool_size:0;patience:0"),
        ]

    def test_it_names_only_what_was_chosen(self) -> None:
        chosen = PlayArguments(
            rom=Path("game.gba"),
            script=Path("s.lua"),
            core=Path("mgba.so"),
            frames=0,
            seed=7,
            inputs=Path("run.inputs"),
            speed=Speed.MAX,
            flavour=Flavour.V2_10,
            scan_mode=ScanMode.FULL,
        )
        command = chosen.command("127.0.0.1", 1)
        options = dict(zip(command[8::2], command[9::2], strict=True))
        assert {name: options[name] for name in ("--core", "--frames", "--seed", "--inputs", "--userdata")} == {
            "--core": "mgba.so",
            "--frames": "0",
            "--seed": "7",
            "--inputs": "run.inputs",
            "--userdata": "spool_size:0;patience:0;scan_mode:full",
        }


async def test_its_lines_are_shown_as_the_emulators(monkeypatch: pytest.MonkeyPatch) -> None:
    emulator, screen = playing(monkeypatch, "print('gbatrace 0.1.0')")
    await emulator.wait()
    await emulator.stop()
    assert screen.getvalue().endswith("emulator: gbatrace 0.1.0\n")


async def test_one_that_cannot_play_says_so_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    emulator, _ = playing(monkeypatch, "import sys; print('There is no core.'); sys.exit(2)")
    with pytest.raises(UserError, match=r"^There is no core\.$"):
        await emulator.wait()
    await emulator.stop()


async def test_one_that_ends_without_a_word_has_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    emulator, _ = playing(monkeypatch, "import sys; sys.exit(9)")
    with pytest.raises(UserError, match="ended with code 9"):
        await emulator.wait()
    await emulator.stop()


async def test_it_is_asked_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    emulator, screen = playing(monkeypatch, "import sys; print('on', flush=True); sys.stdin.read(); print('BYE said')")
    await until(lambda: "on" in screen.getvalue())
    await emulator.stop()
    async with asyncio.timeout(PATIENCE):
        await emulator.wait()
    assert "emulator: BYE said" in screen.getvalue()


async def test_waiting_can_be_given_up_and_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    emulator, _ = playing(monkeypatch, "import sys; sys.stdin.read()")
    waiting = asyncio.create_task(emulator.wait())
    await asyncio.sleep(0)
    waiting.cancel()
    await emulator.stop()
    async with asyncio.timeout(PATIENCE):
        await emulator.wait()
