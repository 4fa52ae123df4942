"""Runs in a terminal. With an emulator they are in tests/integration: test_play, test_check, test_tape."""

import asyncio
from pathlib import Path

import pytest

from daemon.bizhawk.search import BizHawk
from daemon.running import play_in_bizhawk, serve_until_stopped
from daemon.server import Endpoints
from daemon.settings import Settings
from protocol.errors import BizHawkError
from tests.fakes.patience import PATIENCE


def settings(folder: Path) -> Settings:
    return Settings(data_folder=folder, link_port=0, bus_port=0, command_port=0, web_port=None)


async def test_its_owner_gets_each_line_and_the_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    serving = asyncio.ensure_future(serve_until_stopped(settings(tmp_path), open_page=False))
    told = ""
    async with asyncio.timeout(PATIENCE):
        while "Waiting for BizHawk" not in told:
            await asyncio.sleep(0.05)
            told += capsys.readouterr().out
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    assert "Start BizHawk like this:" in told
    assert capsys.readouterr().out.endswith("Everything is stored. Goodbye.\n")


async def test_a_bizhawk_that_does_not_start_ends_the_daemon_in_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bizhawk = BizHawk(tmp_path / "EmuHawkMono.sh", None)
    begun: list[Endpoints] = []
    with pytest.raises(BizHawkError, match="cannot be started"):
        await play_in_bizhawk(
            settings(tmp_path), bizhawk, tmp_path / "a.gba", "Two games.", begun.append, open_page=False
        )
    told = capsys.readouterr().out
    assert len(begun) == 1
    assert "Two games." in told
    assert told.endswith("Everything is stored. Goodbye.\n")
    assert not (tmp_path / ".bizhawk").exists()
