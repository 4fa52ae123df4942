"""The command line: its help, and its sentences when something is in the way."""

import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from daemon.cli.app import command_line, main
from protocol.version import PACKAGE_VERSION
from tests.fakes.patience import PATIENCE
from tests.fakes.process_control import OWN_GROUP, ask_to_stop

COMMANDS = [
    "agreement",
    "check",
    "demo",
    "doctor",
    "export",
    "fleet",
    "find",
    "import",
    "integration",
    "keys",
    "memory",
    "play",
    "probe",
    "record",
    "replay",
    "search",
    "serve",
    "snap",
    "stats",
    "suggest",
    "values",
    "verify",
]
OLDER = ["symbols"]
"""Older spellings, which work and are not listed."""

GROUPS = ["config", "dataset", "names", "sessions"]


def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Run the command line as the shell does; its exit code and what stands on standard error."""
    monkeypatch.setattr(sys, "argv", ["gbatrace", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    code = ended.value.code
    assert isinstance(code, int)
    return code, capfd.readouterr().err


def plain(text: str) -> str:
    """Take colours and line breaks out of a help page."""
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split())


class TestExplaining:
    def test_the_version_is_the_packages(self) -> None:
        assert CliRunner().invoke(command_line(), ["--version"]).stdout == f"gbatrace {PACKAGE_VERSION}\n"

    @pytest.mark.parametrize("words", [[], ["--help"], ["-h"]])
    def test_every_command_is_listed(self, words: list[str]) -> None:
        told = plain(CliRunner().invoke(command_line(), words).output)
        assert "Trace, watch and label Game Boy Advance memory" in told
        for command in COMMANDS:
            assert f" {command} " in told

    @pytest.mark.parametrize("command", COMMANDS)
    def test_every_command_has_an_example(self, command: str) -> None:
        told = plain(CliRunner().invoke(command_line(), [command, "--help"], env={"COLUMNS": "200"}).output)
        assert re.search(rf"Examples?: .*gbatrace {command}", told)

    def test_every_command_and_option_is_explained(self) -> None:
        group = get_command(command_line())
        assert isinstance(group, TyperGroup)
        assert sorted(group.commands) == sorted([*COMMANDS, *OLDER, *GROUPS])
        for name, command in group.commands.items():
            assert command.help, name
            for option in command.params:
                assert getattr(option, "help", None), f"{name} {option.name}"

    @pytest.mark.parametrize("word", [*COMMANDS, *OLDER, *GROUPS])
    def test_what_is_loaded_for_a_word_has_its_command(self, word: str) -> None:
        group = get_command(command_line(word))
        assert isinstance(group, TyperGroup)
        assert word in group.commands
        assert len(group.commands) < len(COMMANDS)

    @pytest.mark.parametrize("word", ["--version", "keys"])
    def test_a_short_command_starts_without_what_the_long_ones_need(self, word: str) -> None:
        code = f"import sys; from daemon.cli.app import command_line; command_line('{word}'); print(*sys.modules)"
        told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
        assert not {"numpy", "daemon.server", "daemon.cli.analysis"} & set(told.stdout.split())

    def test_a_word_that_is_no_command_is_reported(self, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
        code, told = run(monkeypatch, capfd, "verfy")
        assert code == 2
        assert "No such command 'verfy'" in told

    def test_a_wrong_option_is_explained_by_name(self, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
        code, told = run(monkeypatch, capfd, "serve", "--link-prot", "1")
        assert code == 2
        assert "--link-prot" in told


class TestWhatIsInTheWay:
    @pytest.mark.parametrize(
        "words",
        [["verify"], ["names", "export", "--list", "demo", "--format", "json", "--output"], ["record", "--rom"]],
    )
    def test_a_path_that_no_system_takes_is_named_in_one_line(
        self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], words: list[str]
    ) -> None:
        code, told = run(monkeypatch, capfd, *words, "x" * 5000)
        assert code == 2
        assert told.replace("\n", "").startswith("gbatrace: xxxx")
        assert "Traceback" not in told

    """Each is one line on standard error, which names what to do, and exit code 2."""

    @pytest.mark.parametrize("option", ["--link-port", "--bus-port", "--command-port"])
    def test_a_port_that_is_in_use(
        self, monkeypatch: pytest.MonkeyPatch, capfd: Any, tmp_path: Path, taken: int, option: str
    ) -> None:
        ports = {"--link-port": "0", "--bus-port": "0", "--command-port": "0", option: str(taken)}
        words = [word for pair in ports.items() for word in pair]
        code, told = run(monkeypatch, capfd, "serve", "--no-page", "--data", str(tmp_path), *words)
        assert code == 2
        assert told.startswith(f"gbatrace: Port {taken} on 127.0.0.1")
        assert f"choose another port with {option}." in told
        assert told.count("\n") == 1

    def test_a_port_that_cannot_be(self, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
        assert run(monkeypatch, capfd, "serve", "--link-port", "70000") == (
            2,
            "gbatrace: --link-port is 70000, it must be 0 to 65535.\n",
        )

    def test_a_rom_that_is_missing(self, monkeypatch: pytest.MonkeyPatch, capfd: Any, tmp_path: Path) -> None:
        rom = tmp_path / "Pokemon [b1].gba"
        assert run(monkeypatch, capfd, "record", "--rom", str(rom)) == (
            2,
            f"gbatrace: There is no game at {rom}: name a .gba file with --rom.\n",
        )

    def test_a_data_folder_that_cannot_be_written(
        self, monkeypatch: pytest.MonkeyPatch, capfd: Any, tmp_path: Path
    ) -> None:
        (tmp_path / "data").touch()
        code, told = run(monkeypatch, capfd, "serve", "--no-page", "--data", str(tmp_path / "data"))
        assert code == 2
        assert told.startswith(f"gbatrace: The data folder {tmp_path / 'data'} cannot be written")
        assert told.count("\n") == 1

    def test_a_game_config_that_cannot_be_used(
        self, monkeypatch: pytest.MonkeyPatch, capfd: Any, tmp_path: Path
    ) -> None:
        (tmp_path / "odd.json").write_text('{"game": 7}', encoding="utf-8")
        code, told = run(
            monkeypatch, capfd, "serve", "--data", str(tmp_path), "--game-config", str(tmp_path / "odd.json")
        )
        assert (code, told) == (2, "gbatrace: odd.json cannot be used. `game` must be a text, the game's name.\n")

    def test_a_session_name_that_is_no_folder(
        self, monkeypatch: pytest.MonkeyPatch, capfd: Any, tmp_path: Path
    ) -> None:
        code, told = run(monkeypatch, capfd, "serve", "--data", str(tmp_path), "--session-name", "../x")
        assert code == 2
        assert told.startswith("gbatrace: '../x' cannot be a session's name")


def test_serving_from_start_to_ctrl_c(tmp_path: Path) -> None:
    words = [
        *(sys.executable, "-m", "daemon", "serve", "--no-page", "--data", str(tmp_path)),
        *("--link-port", "0", "--bus-port", "0", "--command-port", "0"),
    ]
    lines: list[str] = []
    with subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        creationflags=OWN_GROUP,
    ) as process:
        watchdog = threading.Timer(PATIENCE, process.kill)
        watchdog.start()
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            if "Waiting for BizHawk" in line:
                ask_to_stop(process)
        watchdog.cancel()
    told = "".join(lines)
    assert process.returncode == 0, told
    program = r".\EmuHawk.exe" if sys.platform == "win32" else "./EmuHawkMono.sh"
    assert f"Start BizHawk like this:\n  {program} --socket_ip=127.0.0.1 --socket_port=" in told
    assert told.endswith("Everything is stored. Goodbye.\n")
