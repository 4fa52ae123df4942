"""A daemon that dies, hangs, is stopped or has a full disk: the session goes on."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from daemon.verifying.report import Grade
from daemon.verifying.verify import verify_session
from tests.integration.chaos import AT_REST, LONGEST_PAUSE, Run
from tests.integration.judging import LONGEST_HALT, sets_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
]

WHILE = 120
"""Frames that are played between two things that happen."""

PATIENCE = 20.0
"""Seconds in which a process must have started, or ended."""


class Played(Run):
    """A game in which things happen one after the other, and what became of it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(7, folder)

    def session(self) -> Path:
        (metadata,) = self.data.glob("*/session_metadata.json")
        return metadata.parent

    def metadata(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.session() / "session_metadata.json").read_bytes())
        return document

    def lines(self) -> str:
        return self.daemon.lines.read_text("utf-8")


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Played]:
    """A daemon and an emulator whose session has begun; `Played.judge` compares with the truth."""
    game = Played(tmp_path)
    game.daemon.start()
    try:
        game.begin()
        game.frames(WHILE)
        deadline = time.monotonic() + PATIENCE
        while not game.emulator.sessions:  # Until a script is welcomed it has no session that could go on.
            assert time.monotonic() < deadline
            game.frames(AT_REST)
            time.sleep(LONGEST_PAUSE)
        yield game
    finally:
        game.emulator.close()
        game.daemon.end()


def writer(game: Played) -> psutil.Process:
    """Wait until the writer is there."""
    deadline = time.monotonic() + PATIENCE
    while (process := game.daemon.part("writer")) is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return process


def one_continuous_session(game: Played) -> None:
    """Let everything arrive, end it, and judge it."""
    game.arrive()
    game.emulator.stop_script()
    deadline = time.monotonic() + PATIENCE
    while game.metadata()["ended_by"] is None and time.monotonic() < deadline:
        time.sleep(0.01)
    game.daemon.stop()
    game.judge()
    assert game.outcome.problems == []
    assert game.outcome.sessions == 1
    assert game.outcome.stored == game.outcome.played
    assert game.outcome.undelivered == 0
    assert game.metadata()["ended_by"] == "the script was stopped"
    report = verify_session(game.session())
    assert report.grade is not Grade.DAMAGED
    assert report.proofs > 0


def test_a_daemon_that_is_killed_again_and_again(played: Played) -> None:
    for _ in range(3):
        played.daemon.kill()
        played.frames(WHILE)
        played.daemon.start()
        played.frames(WHILE)
    one_continuous_session(played)
    assert "was cut off at frame set" in played.lines()


def test_a_daemon_that_is_stopped_as_a_person_does(played: Played) -> None:
    played.daemon.stop()
    assert played.metadata()["ended_by"] == "the daemon was stopped"
    played.frames(WHILE)
    played.daemon.start()
    one_continuous_session(played)


def test_a_daemon_that_is_stopped_while_the_game_runs_costs_no_screenshot(played: Played) -> None:
    for _ in range(3):
        with ThreadPoolExecutor() as pool:
            stopped = pool.submit(played.daemon.stop)
            while not stopped.done():
                played.frames(1)
                time.sleep(1 / 60)
        played.daemon.start()
        played.frames(WHILE)
    one_continuous_session(played)
    assert played.outcome.without_screenshot == 0


def test_a_daemon_that_stands_still(played: Played) -> None:
    played.daemon.freeze()
    played.emulator.longest = 0.0
    played.frames(3 * WHILE)
    assert played.emulator.longest < LONGEST_HALT, "the game stood still for longer than its patience"
    played.daemon.thaw()
    one_continuous_session(played)


def test_a_writer_that_is_killed_again_and_again(played: Played) -> None:
    for _ in range(3):
        writer(played).kill()
        played.frames(WHILE)
    one_continuous_session(played)
    assert played.lines().count("it is started again, and nothing is lost") == 3


def test_a_writer_that_stands_still(played: Played) -> None:
    process = writer(played)
    process.suspend()
    played.emulator.longest = 0.0
    played.frames(3 * WHILE)
    assert played.emulator.longest < LONGEST_HALT, "the game stood still for longer than its patience"
    process.resume()
    one_continuous_session(played)


def test_the_writer_of_a_daemon_that_is_killed_ends_by_itself(played: Played) -> None:
    process = writer(played)
    played.daemon.kill()
    process.wait(PATIENCE)
    played.daemon.start()
    one_continuous_session(played)


def test_both_are_killed_at_once(played: Played) -> None:
    process = writer(played)
    played.daemon.kill()
    with suppress(psutil.NoSuchProcess):
        process.kill()
    played.frames(WHILE)
    played.daemon.start()
    one_continuous_session(played)


def test_a_connection_that_breaks(played: Played) -> None:
    for _ in range(3):
        played.drop()
        played.frames(WHILE)
    one_continuous_session(played)


def test_a_disk_that_is_full_for_a_while(played: Played) -> None:
    played.daemon.disk_is_full.touch()
    played.frames(3 * WHILE)
    before = [number for number, _ in sets_of(played.session())]
    assert before == list(range(len(before)))
    played.daemon.disk_is_full.unlink()
    one_continuous_session(played)
    assert "stopped recording" in played.lines()
    assert "is full: make room, recording goes on by itself" in played.lines()


def test_a_daemon_that_is_killed_while_its_disk_is_full(played: Played) -> None:
    played.daemon.disk_is_full.touch()
    played.frames(WHILE)
    played.daemon.kill()
    played.daemon.disk_is_full.unlink()
    played.daemon.start()
    one_continuous_session(played)


def test_a_session_that_nobody_comes_back_to_says_when_it_was_cut_off(tmp_path: Path) -> None:
    game = Played(tmp_path)
    game.daemon.start()
    try:
        game.begin()
        game.frames(WHILE)
        game.daemon.kill()
        game.emulator.close()
        assert game.metadata()["ended_by"] is None
        game.daemon.start()
        game.daemon.stop()
    finally:
        game.daemon.end()
    metadata = game.metadata()
    assert metadata["ended_by"].startswith("it was cut off at 20")
    assert metadata["ended_by"].endswith(" UTC: the daemon was stopped")
    assert metadata["total_frame_sets"] == len(sets_of(game.session()))
    assert verify_session(game.session()).grade is not Grade.DAMAGED
