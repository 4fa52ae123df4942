"""A disk that is really full: a small file system in memory, which becomes larger while the game goes on."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.batch.verify import verify_session
from daemon.batch.verify_report import Grade
from tests.integration.chaos import Run, sets_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="mounts a tmpfs"),
]


def mount(*arguments: str) -> bool:
    """Mount something, if we may."""
    if shutil.which("mount") is None:
        return False
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder for six MiB."""
    folder = tmp_path / "data"
    folder.mkdir()
    if not mount("-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)):
        pytest.skip("only the administrator may mount a tmpfs")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_recording_pauses_and_goes_on_when_there_is_room(small_disk: Path) -> None:
    game = Run(11, small_disk.parent)
    game.daemon.start()
    try:
        game.begin()
        for _ in range(60):
            game.frames(50)
            if b"stopped recording" in game.daemon.lines.read_bytes():
                break
        else:
            pytest.fail("the disk never was full")
        game.frames(300)
        (session,) = [path.parent for path in small_disk.glob("*/session_metadata.json")]
        before = [number for number, _ in sets_of(session)]
        assert before == list(range(len(before)))
        assert not list(session.glob(".partial-*"))

        assert mount("-o", "remount,size=200m", str(small_disk))
        game.arrive()
        game.emulator.stop_script()
        game.daemon.stop()
        game.judge()
    finally:
        game.emulator.close()
        game.daemon.end()
    assert game.outcome.problems == []
    assert game.outcome.sessions == 1
    assert game.outcome.stored == game.outcome.played > len(before)
    assert verify_session(session).grade is not Grade.DAMAGED
