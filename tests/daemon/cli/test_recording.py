"""The commands that record: their settings and exit codes."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

import daemon.cli.recording
import resources
from daemon.bizhawk.search import BizHawk
from daemon.cli.app import command_line
from daemon.running import run_daemon
from daemon.settings import Settings


class TestWhatWasPlayedAndDidNotCome:
    """All that play end with code 1 then, wherever the game was played."""

    COMMANDS = (
        ("play_in_bizhawk", ["play", "GAME"]),
        ("demo_in_bizhawk", ["demo"]),
        ("play_in_stand_in", ["demo", "--tape"]),
        ("play_in_stand_in", ["record", "--rom", "GAME"]),
    )

    @pytest.mark.parametrize("lost", [0, 3])
    @pytest.mark.parametrize(("runs", "words"), COMMANDS)
    def test_it_decides_the_exit_code(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, runs: str, words: list[str], lost: int
    ) -> None:
        async def play(*given: Any, **_: object) -> None:
            summaries = [{"lost_sets": lost, "lost_screenshots": 0}]
            given[-1](SimpleNamespace(summaries=lambda: summaries))

        monkeypatch.setattr(daemon.cli.recording, runs, play)
        monkeypatch.setattr(daemon.cli.recording, "find_bizhawk", lambda *_: BizHawk(tmp_path / "EmuHawk.exe", None))
        monkeypatch.setattr(daemon.cli.recording, "last_bizhawk", lambda *_: BizHawk(tmp_path / "EmuHawk.exe", None))
        monkeypatch.setattr(daemon.cli.recording, "has_core", lambda: False)
        game = str(resources.demo_rom())
        words = [game if word == "GAME" else word for word in words]
        result = CliRunner().invoke(command_line(), [*words, "--data", str(tmp_path)])
        assert result.exit_code == (1 if lost else 0), result.output


class TestOptions:
    @pytest.fixture
    def chosen(self, monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
        """The settings that a command would have run with."""
        settings: list[Settings] = []

        async def note(given: Settings, *_: object, **__: object) -> None:
            settings.append(given)

        monkeypatch.setattr(daemon.cli.recording, "serve_until_stopped", note)
        monkeypatch.setattr(daemon.cli.recording, "play_in_stand_in", note)
        return settings

    def test_share_opens_the_page_and_nothing_else(self, chosen: list[Settings], tmp_path: Path) -> None:
        result = CliRunner().invoke(command_line(), ["demo", "--tape", "--share", "--data", str(tmp_path)])
        assert result.exit_code == 0, result.output
        (settings,) = chosen
        assert (settings.web_host, settings.host, settings.bus_host) == ("0.0.0.0", "127.0.0.1", "127.0.0.1")

    def test_serve_without_options_is_settings_without_options(self, chosen: list[Settings]) -> None:
        assert CliRunner().invoke(command_line(), ["serve"]).exit_code == 0
        assert chosen == [Settings(data_folder=Path("data"))]

    def test_no_page_is_no_port(self, chosen: list[Settings]) -> None:
        CliRunner().invoke(command_line(), ["serve", "--no-page"])
        assert chosen[0].web_port is None

    def test_the_demo_takes_whatever_port_is_free_and_for_the_bus_the_usual_one_first(
        self, chosen: list[Settings]
    ) -> None:
        CliRunner().invoke(command_line(), ["demo", "--no-open"])
        usual = Settings(data_folder=Path("data"))
        assert chosen[0].link_port == 0
        assert (chosen[0].bus_port, chosen[0].command_port) == (usual.bus_port, usual.command_port)
        assert chosen[0].other_bus_ports


def test_a_selector_loop_is_what_zeromq_needs_on_windows() -> None:
    loops: list[asyncio.AbstractEventLoop] = []

    async def note() -> None:
        loops.append(asyncio.get_running_loop())

    run_daemon(note())
    assert isinstance(loops[0], asyncio.SelectorEventLoop)
