"""Outputs that fail and stop nothing: a blocked console, narrow encoding, no reader, no room."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO, Any

import pytest

from protocol.link.messages import Ack, Welcome
from tests.fakes.emulator import emulator
from tests.fakes.free_port import free_port
from tests.fakes.game import Game, greeting
from tests.fakes.patience import PATIENCE

ROM = "メダロット3"
SETS = 20
FULL = Path("/dev/full")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals that only POSIX has")


@contextlib.asynccontextmanager
async def serving(data: Path, stdout: int | IO[Any], encoding: str = "utf-8") -> AsyncIterator[int]:
    """Run `gbatrace serve` on a link port; afterwards it is asked to stop and must have ended in order."""
    port = free_port()
    words = ["serve", "--no-page", "--data", str(data), "--link-port", str(port), "--bus-port", "0"]
    process = subprocess.Popen(  # noqa: ASYNC220 - it is only started here
        [sys.executable, "-m", "daemon", *words, "--command-port", "0"],
        stdout=stdout,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                with contextlib.suppress(ConnectionRefusedError):
                    async with emulator(port):
                        break
                await asyncio.sleep(0.05)
        yield port
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, PATIENCE) == 0
    finally:
        process.kill()
        process.wait()


async def play(port: int, data: Path) -> None:
    """Let two emulators play; each of their frame sets must be stored."""
    for number in range(2):
        game = Game(greeting(rom_name=f"{ROM} {number}"))
        async with emulator(port) as connected:
            assert isinstance(await connected.ask(game.hello), Welcome)
            for _ in range(SETS):
                assert isinstance(await connected.ask(*game.frame_set()), Ack)
    assert stored(data) == 2 * SETS


def stored(data: Path) -> int:
    return len(list(data.glob("*/[0-9]*/event.json")))


async def test_a_console_that_stands_still_stops_nothing(tmp_path: Path) -> None:
    """Selected text in the classic console of Windows stops all writers; here a pipe is full."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writing, b".")
    os.set_blocking(writing, True)
    async with serving(tmp_path, writing) as port:
        await play(port, tmp_path)
    os.close(writing)
    os.close(reading)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
async def test_a_narrow_encoding_spells_what_it_lacks(tmp_path: Path, encoding: str) -> None:
    with (tmp_path / "lines").open("w+b") as lines:
        async with serving(tmp_path / "data", lines, encoding) as port:
            await play(port, tmp_path / "data")
        lines.seek(0)
        told = lines.read().decode(encoding)
    assert ROM.encode("ascii", "backslashreplace").decode() in told
    assert "Everything is stored" in told


async def test_nobody_reads_any_more(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    async with serving(tmp_path, writing) as port:
        await play(port, tmp_path)
    os.close(writing)


@pytest.mark.skipif(not FULL.exists(), reason="a device that only Linux has")
async def test_the_disk_behind_the_output_is_full(tmp_path: Path) -> None:
    full = os.open(FULL, os.O_WRONLY)
    async with serving(tmp_path, full) as port:
        await play(port, tmp_path)
    os.close(full)


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two sessions of a Japanese game."""
    data = tmp_path_factory.mktemp("sessions")

    async def record() -> None:
        async with serving(data, subprocess.DEVNULL) as port:
            await play(port, data)

    asyncio.run(record())
    return data


COMMANDS = [("sessions", "list"), ("verify", "all", "--no-progress"), ("doctor",)]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_commands_print_in_any_encoding(sessions: Path, words: tuple[str, ...], encoding: str) -> None:
    ended = run(sessions, words, {"PYTHONIOENCODING": encoding})
    assert ended.stdout.decode(encoding)
    assert b"Traceback" not in ended.stderr
    if words[0] != "doctor":
        assert ended.returncode == 0


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_exit_codes_say_the_same_where_nobody_reads(sessions: Path, words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    expected = run(sessions, words, {}).returncode
    ended = run(sessions, words, {}, stdout=writing)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (expected, b"")


def run(data: Path, words: tuple[str, ...], environment: dict[str, str], stdout: int = subprocess.PIPE) -> Any:
    return subprocess.run(
        [sys.executable, "-m", "daemon", *words, "--data", str(data)],
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
        check=False,
    )
