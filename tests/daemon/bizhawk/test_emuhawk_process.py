"""BizHawk as a process that is started and then left alone."""

import asyncio
import sys
from pathlib import Path

import pytest

from daemon.bizhawk.emuhawk_process import EmuHawkProcess
from protocol.errors import BizHawkError

PROGRAM = Path(sys.executable)


async def test_it_gets_its_words_and_its_folder_and_its_end_is_seen(tmp_path: Path) -> None:
    code = "import os, sys; print(os.getcwd()); print(sys.argv[1:]); sys.exit(3)"
    process = EmuHawkProcess(PROGRAM, ["-c", code, "a b", "ü&;"], tmp_path / "log")
    assert await process.wait() == 3
    assert not process.is_running
    log = (tmp_path / "log").read_text("utf-8").splitlines()
    assert Path(log[0]) == PROGRAM.parent.resolve() or Path(log[0]) == PROGRAM.parent
    assert process.last_line() == "['a b', 'ü&;']"


async def test_it_runs_on_when_nobody_waits_any_more(tmp_path: Path) -> None:
    process = EmuHawkProcess(PROGRAM, ["-c", "import time; time.sleep(60)"], tmp_path / "l")
    waiting = asyncio.ensure_future(process.wait())
    await asyncio.sleep(0.1)
    waiting.cancel()
    assert process.is_running
    process._process.kill()
    assert await process.wait() != 0


async def test_a_program_that_cannot_be_started_is_reported(tmp_path: Path) -> None:
    (tmp_path / "EmuHawkMono.sh").write_text("no program", encoding="utf-8")
    with pytest.raises(BizHawkError, match=r"EmuHawkMono\.sh cannot be started \(.*\): "):
        EmuHawkProcess(tmp_path / "EmuHawkMono.sh", [], tmp_path / "log")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no right to execute")
@pytest.mark.parametrize(
    ("mode", "hint"), [(0o644, "make it executable with `chmod"), (0o755, "start it once by hand")]
)
async def test_what_to_do_about_it_depends_on_whether_it_may_be_executed(tmp_path: Path, mode: int, hint: str) -> None:
    program = tmp_path / "EmuHawkMono.sh"
    program.write_bytes(b"no program")
    program.chmod(mode)
    with pytest.raises(BizHawkError, match=hint):
        EmuHawkProcess(program, [], tmp_path / "log")


async def test_it_plays_where_its_log_cannot_be_written(tmp_path: Path) -> None:
    process = EmuHawkProcess(PROGRAM, ["-c", "print('unheard')"], tmp_path)
    assert await process.wait() == 0
    assert process.last_line() == ""


async def test_the_last_line_of_nothing_is_nothing(tmp_path: Path) -> None:
    process = EmuHawkProcess(PROGRAM, ["-c", "print()"], tmp_path / "log")
    await process.wait()
    assert process.last_line() == ""
    (tmp_path / "log").unlink()
    assert process.last_line() == ""


async def test_of_a_long_log_only_the_end_is_read(tmp_path: Path) -> None:
    process = EmuHawkProcess(PROGRAM, ["-c", "print('x' * 100000); print('the end')"], tmp_path / "log")
    await process.wait()
    assert process.last_line() == "the end"
