"""`gbatrace play` with a stand-in for BizHawk: the command in a process of its own, the real script and daemon."""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

import resources
from daemon.verifying.report import Grade
from daemon.verifying.verify import verify_session
from protocol.session.reader import open_session
from tests.fakes.emuhawk import CRASH, FRAMES, ROOT, SPEED, install_bizhawk
from tests.fakes.patience import PATIENCE
from tests.fakes.process_control import ask_to_stop

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for EmuHawk.exe is a script of POSIX"),
    pytest.mark.usefixtures("mgba"),
]

PORTS = [word for name in ("link", "bus", "command", "web") for word in (f"--{name}-port", "0")]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A user's folder with BizHawk unpacked in Downloads; spaces and letters of other languages are everywhere."""
    home = tmp_path / "Jörg Ødegård (日本)"
    install_bizhawk(home / "Downloads" / "BizHawk 2.11.1 für Linux")
    return home


class Command:
    """A running `gbatrace play`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.lines: list[str] = []

    @property
    def screen(self) -> str:
        return "".join(self.lines)

    def until(self, text: str) -> str:
        """Read up to a line with a text."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line)
            if text in line:
                return line
        raise AssertionError(f"{text!r} was never told:\n{self.screen}")

    def code(self) -> int:
        """Read everything that is left; gives the exit code."""
        assert self._process.stdout is not None
        self.lines += self._process.stdout
        return self._process.wait()

    def bizhawk(self) -> psutil.Process:
        """Find the BizHawk that it started."""
        (found,) = [
            child
            for child in psutil.Process(self._process.pid).children()
            if "tests.fakes.emuhawk" in " ".join(child.cmdline())
        ]
        return found

    def stop(self) -> None:
        """Ask it to end, as Ctrl+C does."""
        ask_to_stop(self._process)


@contextmanager
def gbatrace(home: Path, *words: object, environment: Mapping[str, str] | None = None) -> Iterator[Command]:
    """Run the command in the user's folder."""
    variables = {**os.environ, "HOME": str(home), "PYTHONUTF8": "1", SPEED: "max", **(environment or {})}
    with subprocess.Popen(
        [sys.executable, "-m", "daemon", *map(str, words)],
        cwd=home,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as process:
        watchdog = threading.Timer(4 * PATIENCE, process.kill)
        watchdog.start()
        try:
            yield Command(process)
        except BaseException:
            process.kill()
            raise
        finally:
            watchdog.cancel()


def play(home: Path, game: Path | str, **environment: str) -> tuple[int, str]:
    """Play to the end; return the exit code and the lines."""
    with gbatrace(home, "play", game, "--no-open", *PORTS, environment=environment) as command:
        return command.code(), command.screen


def test_one_command_plays_a_game_and_ends_with_bizhawk(home: Path) -> None:
    game = home / "Größe & co" / "Ferñlight [!].zip"
    game.parent.mkdir()
    with zipfile.ZipFile(game, "w") as archive:
        archive.write(resources.demo_rom(), "fernlight.gba")
    code, told = play(home, game.relative_to(home).as_posix(), **{FRAMES: "300"})
    assert code == 0, told
    program = home / "Downloads" / "BizHawk 2.11.1 für Linux" / "EmuHawkMono.sh"
    assert f"BizHawk 2.11.1 at {program} is started" in told
    assert "BizHawk was closed." in told
    assert told.endswith("Everything is stored. Goodbye.\n")
    (session,) = (home / "data").glob("*/session_metadata.json")
    report = verify_session(session.parent)
    assert (report.grade, report.frame_sets) == (Grade.WHOLE, 60)
    assert open_session(session.parent).metadata.ended_by == "the script was stopped"
    assert (home / "data" / ".bizhawk").read_text("utf-8").strip() == str(program)


def test_ctrl_c_stores_everything_and_leaves_bizhawk_open(home: Path) -> None:
    with gbatrace(home, "play", resources.demo_rom(), "--no-open", *PORTS, environment={SPEED: "real"}) as command:
        command.until(" records ")
        bizhawk = command.bizhawk()
        try:
            command.stop()
            code = command.code()
            assert code == 0, command.screen
            assert "BizHawk stays open: what is played from here on waits" in command.screen
            assert command.screen.endswith("Everything is stored. Goodbye.\n")
            assert bizhawk.is_running()
        finally:
            bizhawk.kill()


def test_a_bizhawk_that_dies_in_the_middle_loses_nothing_that_it_sent(home: Path) -> None:
    with gbatrace(home, "play", resources.demo_rom(), "--no-open", *PORTS, environment={SPEED: "real"}) as command:
        command.until(" records ")
        bizhawk = command.bizhawk()
        deadline = time.monotonic() + PATIENCE
        while not list((home / "data").glob("*/5")) and time.monotonic() < deadline:
            time.sleep(0.05)
        bizhawk.kill()
        assert command.code() == 0, command.screen
    assert "BizHawk ended with code -9; what was played until then is stored." in command.screen
    (session,) = (home / "data").glob("*/session_metadata.json")
    assert verify_session(session.parent).grade is not Grade.DAMAGED
    assert open_session(session.parent).metadata.ended_by is not None


def test_a_bizhawk_that_ends_at_once_is_reported_with_its_last_words(home: Path) -> None:
    code, told = play(home, resources.demo_rom(), **{CRASH: "7"})
    assert code == 2
    assert "gbatrace: BizHawk was closed and nothing was recorded: close every other BizHawk" in told
    assert 'The last line of its output: "stand-in EmuHawk --socket_ip=127.0.0.1' in told


def test_without_bizhawk_nothing_is_started(home: Path) -> None:
    shutil.rmtree(home / "Downloads")
    code, told = play(home, resources.demo_rom())
    assert code == 2
    assert told.startswith("gbatrace: BizHawk was not found")
    assert told.count("\n") == 1
    assert not (home / "data").exists()


def test_a_second_gbatrace_is_reported_and_starts_no_second_bizhawk(home: Path) -> None:
    with gbatrace(home, "serve", "--no-page", "--data", "other", *PORTS[:-2]) as serving:
        port = serving.until("--socket_port=").partition("--socket_port=")[2].split()[0]
        with gbatrace(home, "play", resources.demo_rom(), "--no-open", *PORTS, "--link-port", port) as command:
            assert command.code() == 2
        assert f"Port {port} on 127.0.0.1 (emulators connect to it) is in use" in command.screen
        assert not (home / "data" / ".bizhawk.log").exists()
        serving.stop()
        assert serving.code() == 0


def test_an_old_copy_of_the_script_in_bizhawks_folder_is_reported_and_not_used(home: Path) -> None:
    copy = home / "Downloads" / "BizHawk 2.11.1 für Linux" / "Lua" / "scan"
    copy.mkdir(parents=True)
    (copy / "tracer.lua").write_text("error('an old copy')", encoding="utf-8")
    code, told = play(home, resources.demo_rom(), **{FRAMES: "60"})
    assert code == 0, told
    assert f"{copy} holds an old copy of gbatrace's script; it is not used, delete it." in told


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_check_of_a_machine_ends_with_a_table(home: Path) -> None:
    with gbatrace(home, "play", "--check", "--no-open", *PORTS) as command:
        assert command.code() == 0, command.screen
    table = command.screen.partition("Goodbye.\n")[2].splitlines()
    assert [line.split()[:2] for line in table] == [
        ["✓", subject]
        for subject in ("emulator", "frames", "buttons", "memory", "screenshots", "files", "speed", "page")
    ], command.screen
    assert "3,600, from 1 to 3600, none missing" in command.screen
    assert (home / "data" / "check" / "session_metadata.json").is_file()


def test_a_check_that_is_cut_off_is_no_success(home: Path) -> None:
    with gbatrace(home, "play", "--check", "--no-open", *PORTS, environment={FRAMES: "300"}) as command:
        assert command.code() == 1, command.screen
    verdict = r"✗ +frames +1 to 300 were recorded, 3600 were to be played from the start"
    assert re.search(verdict, command.screen), command.screen


WITHOUT_A_CORE = """
import lua.headless.core_search as core_search
core_search.find_cores = lambda: iter(())
from daemon.__main__ import main
main()
"""


def test_the_demo_is_played_by_the_bizhawk_used_last_where_there_is_no_core(home: Path) -> None:
    play(home, resources.demo_rom(), **{FRAMES: "60"})
    words = [sys.executable, "-c", WITHOUT_A_CORE, "demo", "--no-open", "--web-port", "0", "--frames", "300"]
    variables = {**os.environ, "HOME": str(home), "PYTHONUTF8": "1", SPEED: "max", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, cwd=home, env=variables, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "There is no mGBA core here: the demo game plays itself in BizHawk." in done.stdout
    assert "BizHawk was closed." in done.stdout
    newest = max((home / "data").glob("*/session_metadata.json"), key=lambda path: path.stat().st_mtime_ns)
    assert verify_session(newest.parent).frame_sets == 60

    tape = subprocess.run(
        [*words[:-1], "60", "--tape"], cwd=home, env=variables, capture_output=True, encoding="utf-8", check=False
    )
    assert tape.returncode == 0, tape.stdout + tape.stderr
    assert "This is a tape of mGBA" in tape.stdout
