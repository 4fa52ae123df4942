"""A disk that is really full: a small file system in memory, which becomes larger while the game goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.verifying.report import Grade
from daemon.verifying.verify import verify_session
from tests.integration.chaos import Run
from tests.integration.judging import sets_of
from tests.integration.small_disk import SmallDisk, can_mount

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not can_mount(), reason="only the administrator may mount a disk, and only on Linux"),
]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of six MiB."""
    disk = SmallDisk(tmp_path / "data", "6m")
    yield disk
    disk.unmount()


def test_recording_pauses_and_goes_on_when_there_is_room(small_disk: SmallDisk) -> None:
    game = Run(11, small_disk.folder.parent)
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
        (session,) = [path.parent for path in small_disk.folder.glob("*/session_metadata.json")]
        before = [number for number, _ in sets_of(session)]
        assert before == list(range(len(before)))
        assert not list(session.glob(".partial-*"))
        assert not list(session.parent.glob(".writing-*/*"))

        small_disk.grow("200m")
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
