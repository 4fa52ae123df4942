"""Set-up and start in one command. The environment is made for real, what pip would fetch is not."""

import ast
import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import start

Ran = list[list[str]]


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python that is in no virtual environment."""
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Ran:
    """Command lines of pip, which succeeds."""
    asked: Ran = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    return asked


def test_an_old_python_can_read_it_far_enough_to_report_itself() -> None:
    ast.parse((start.HERE / "start.py").read_text("utf-8"), feature_version=(3, 7))


@pytest.mark.usefixtures("outside")
def test_an_old_python_is_reported(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert start.main(["demo"]) == 2
    assert "gbatrace needs 3.11 or newer: get it from python.org." in capsys.readouterr().err


@pytest.mark.usefixtures("outside")
def test_an_environment_is_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "Ünterlagen & more"
    folder.mkdir()
    python = start.environment(folder)
    assert start.works(python)
    config = folder / ".venv" / "pyvenv.cfg"
    made = config.stat().st_mtime_ns
    assert start.environment(folder) == python
    assert made == config.stat().st_mtime_ns
    python.unlink()
    assert not start.works(python)


@pytest.mark.usefixtures("outside")
def test_a_python_without_ensurepip_is_reported_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(start.SetUpError, match="sudo apt install python3-venv"):
        start.environment(tmp_path)


@pytest.mark.usefixtures("outside")
def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(start.SetUpError, match="cannot be made"):
        start.environment(tmp_path / "file")


def test_within_an_environment_that_one_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "prefix", "/an/environment")
    assert start.environment(tmp_path) == Path(sys.executable)
    assert not (tmp_path / ".venv").exists()


def test_what_is_installed_is_not_installed_again(pip: Ran, tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python"
    for extras in ("demo", "demo", "test", "demo"):
        start.install(python, extras)
    assert [command[-1] for command in pip] == [f"{start.HERE}[demo]", f"{start.HERE}[test]"]


def test_a_changed_list_of_packages_is_installed(pip: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "HERE", tmp_path)
    for content in ("a", "a", "b"):
        (tmp_path / "pyproject.toml").write_text(content, "utf-8")
        start.install(tmp_path / "bin" / "python", "demo")
    assert len(pip) == 2


def test_pip_that_fails_is_reported_and_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1))
    for _ in range(2):
        with pytest.raises(start.SetUpError, match="pip could not install gbatrace"):
            start.install(tmp_path / "bin" / "python", "demo")


def test_ctrl_c_while_it_installs_is_a_line_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def interrupted(*_words: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(start, "environment", lambda _folder: tmp_path / "bin" / "python")
    monkeypatch.setattr(subprocess, "run", interrupted)
    assert start.main(["demo"]) == 130
    assert capsys.readouterr().err == "start.py: interrupted; the same command goes on with it.\n"


@pytest.mark.parametrize(
    ("words", "extras", "command"),
    [
        (["demo", "--no-open"], "demo", ["-P", "-m", "daemon", "demo", "--no-open"]),
        ([], "demo", ["-P", "-m", "daemon"]),
        (["play", "a b.gba"], "demo", ["-P", "-m", "daemon", "play", "a b.gba"]),
        (["export", "all"], "demo,export", ["-P", "-m", "daemon", "export", "all"]),
        (["test", "-k", "x"], "test", ["-m", "pytest", "-k", "x"]),
    ],
)
def test_the_words_are_handed_on(
    monkeypatch: pytest.MonkeyPatch, words: list[str], extras: str, command: list[str]
) -> None:
    asked: list[object] = []
    monkeypatch.setenv(start.COMMAND_VARIABLE, "")
    monkeypatch.setattr(start, "environment", lambda _folder: Path("python"))
    monkeypatch.setattr(start, "install", lambda _python, extras: asked.append(extras))

    def run(words: list[str]) -> int:
        asked.append(words)
        return 7

    monkeypatch.setattr(start, "run", run)
    assert start.main(words) == 7
    assert asked == [extras, ["python", *command]]


def test_usage_names_the_command_that_was_typed() -> None:
    # A program in place of the set-up: within an environment it is that of the tests.
    code = (
        "import start, sys; sys.argv[0] = 'start.py'; start.install = lambda *_: None;"
        "start.environment = lambda _folder: sys.executable; raise SystemExit(start.main(['export', '--wrong']))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=start.HERE, capture_output=True, check=False)
    typed = "py start.py" if os.name == "nt" else "python3 start.py"
    assert (ran.returncode, f"Usage: {typed} export" in ran.stderr.decode()) == (2, True), ran.stderr


def test_the_command_decides_the_exit_code() -> None:
    code = f"import start; raise SystemExit(start.run([{sys.executable!r}, '-c', 'raise SystemExit(5)']))"
    assert subprocess.run([sys.executable, "-c", code], cwd=start.HERE, check=False).returncode == 5


def test_on_windows_it_outlives_ctrl_c_and_ctrl_break(monkeypatch: pytest.MonkeyPatch, pip: Ran) -> None:
    handled: list[int] = []
    monkeypatch.setattr(signal, "SIGBREAK", 21, raising=False)
    monkeypatch.setattr(signal, "signal", lambda number, _handler: handled.append(number))
    with monkeypatch.context() as windows:
        windows.setattr("os.name", "nt")
        code = start.run(["gbatrace"])
    assert (code, pip, handled) == (0, [["gbatrace"]], [signal.SIGINT, 21])
