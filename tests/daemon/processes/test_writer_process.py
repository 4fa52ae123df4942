"""The writer, as the daemon sees it: it may be killed, stand still, or not come at all."""

import asyncio
import contextlib
import errno
import sys
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import psutil
import pytest

from daemon.disk.durability import Durability
from daemon.disk.file_lock import FileLock
from daemon.processes.writer_process import WriterProcess, writer_command
from daemon.recording.session_jobs import write_set
from daemon.writer.change_log import ChangeLog
from daemon.writer.jobs import Close, Open, Sync, WriteMetadata, WriteSet
from protocol.errors import StoreError
from protocol.session.integrity import parse_checksum_line
from protocol.session.layout import session_folder
from protocol.session.metadata import metadata_json
from tests.daemon.analysis.stored_session import played
from tests.daemon.importing.made import metadata
from tests.fakes.patience import until
from tests.fakes.process_control import KILLED
from tests.fakes.writer_thread import write_on_a_thread

OPEN = Open("run", metadata_json(metadata("run", [])))

HELD = 5.0
"""Seconds for which a file is held: other sessions store forty sets meanwhile, on a busy machine too."""


def a_set(number: int, event: bytes = b"{}" * 30_000) -> WriteSet:
    return WriteSet("run", number, event, b"\x89PNG")


class Room:
    """A writer, its disk, and its reports."""

    def __init__(self, data: Path, command: Sequence[str] = ()) -> None:
        self.data = data
        self.lines: list[str] = []
        self.told: list[tuple[int, StoreError | None]] = []
        self.writer = WriterProcess(command or writer_command(data, Durability.PROCESS), self.lines.append)

    def submit(self, *numbers: int) -> None:
        for number in numbers:
            self.writer.submit(
                a_set(number),
                lambda error, number=number: self.told.append((number, error)),  # type: ignore[misc]
            )

    def stored(self) -> list[int]:
        return sorted(int(path.parent.name) for path in self.data.glob("run/[0-9]*/event.json"))

    def left(self) -> list[Path]:
        return [*self.data.glob("run/.*"), *self.data.glob(".*")]

    def checksums(self) -> set[int]:
        lines = (self.data / "run" / "checksums.jsonl").read_bytes().splitlines()
        return {parse_checksum_line(line).frame_set_id for line in lines}

    async def running(self) -> psutil.Process:
        await until(self.pid)
        return psutil.Process(self.pid())

    def pid(self) -> int | None:
        return None if self.writer._process is None else self.writer._process.pid


@contextlib.asynccontextmanager
async def room(data: Path) -> AsyncIterator[Room]:
    room = Room(data)
    await room.writer.start()
    try:
        yield room
    finally:
        await room.writer.close()


async def test_jobs_are_done_and_reported_in_order(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        await at.writer.perform(OPEN)
        at.submit(*range(40))
        await at.writer.perform(Sync())
        assert at.told == [(number, None) for number in range(40)]
        assert at.stored() == list(range(40))
    assert at.lines == []


async def test_a_log_of_changes_that_cannot_be_written_costs_one_line_and_no_frame_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    write_on_a_thread(monkeypatch)
    monkeypatch.setattr(ChangeLog, "flush", fail)
    facts = metadata_json(metadata("run", [0]))
    async with room(tmp_path) as at:
        await at.writer.perform(Open("run", facts))
        await at.writer.perform(write_set("run", played(0)))
        await at.writer.perform(WriteMetadata("run", facts))
        await at.writer.perform(WriteMetadata("run", facts))
    (line,) = at.lines
    assert line == (
        "The log of changes of run cannot be written (No space left on device). "
        "Nothing is lost: frame sets that it lacks are read from their folders."
    )
    assert at.stored() == [0]


async def test_what_the_disk_refuses_is_reported(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        with pytest.raises(StoreError, match="stopped being recorded"):
            await at.writer.perform(a_set(0))


async def test_closing_waits_for_everything_and_lets_go(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        await at.writer.perform(OPEN)
        at.submit(*range(30))
    assert [number for number, error in at.told if error is None] == list(range(30))
    lock = FileLock.take(session_folder(tmp_path, "run").lock)
    assert lock is not None
    lock.release()
    with pytest.raises(StoreError, match="was stopped"):
        at.submit(30)


async def test_a_connection_that_is_lost_to_a_writer_that_lives_gets_another_writer(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        await at.writer.perform(OPEN)
        before = at.pid()
        at.submit(*range(20))
        assert at.writer._transport is not None
        at.writer._transport.abort()
        await until(lambda: len(at.told) == 20)
        assert at.pid() != before
        assert at.told == [(number, None) for number in range(20)]
        assert at.stored() == list(range(20))


class TestSomebodyHoldsAFolder:
    """A virus scanner on Windows opens a frame set in the moment of its rename."""

    async def test_a_session_waits_and_others_do_not(self, tmp_path: Path) -> None:
        program = [sys.executable, "-m", "tests.integration.holding_writer", str(HELD), ".writing-run/3"]
        at = Room(tmp_path, [*program, str(tmp_path), Durability.PROCESS.value])
        await at.writer.start()
        await at.writer.perform(OPEN)
        await at.writer.perform(Open("other", b"{}\n"))
        start = time.monotonic()
        at.submit(*range(10))
        for number in range(40):
            await at.writer.perform(WriteSet("other", number, b"{}"))
        assert at.told == [(number, None) for number in range(3)]
        await until(lambda: len(at.told) == 10)
        assert time.monotonic() - start >= HELD
        assert at.told == [(number, None) for number in range(10)]
        assert at.stored() == list(range(10))
        await at.writer.close()
        assert at.left() == []
        # Sets without any content make no log of changes.
        assert [line for line in at.lines if "log of changes" not in line] == []


class TestDeath:
    async def test_a_writer_that_is_killed_is_started_again_and_nothing_is_lost(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            await at.writer.perform(OPEN)
            for first in range(0, 60, 20):
                at.submit(*range(first, first + 20))
                await asyncio.sleep(0.005 * first / 20)
                (await at.running()).kill()
                await until(lambda: len(at.told) == first + 20)  # noqa: B023 - it is awaited here
            assert at.told == [(number, None) for number in range(60)]
            assert at.stored() == list(range(60))
            await at.writer.perform(Close("run"))
        assert at.left() == []
        assert at.checksums() == set(range(60))
        line = f"The writer of the recording ended (code {KILLED}); it is started again, and nothing is lost."
        assert at.lines == [line] * 3

    async def test_it_is_waited_for_while_it_stands_still(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            await at.writer.perform(OPEN)
            (await at.running()).suspend()
            at.submit(*range(40))
            await asyncio.sleep(0.1)
            assert len(at.told) < 40
            (await at.running()).resume()
            await until(lambda: len(at.told) == 40)
            assert at.stored() == list(range(40))
        assert at.lines == []

    async def test_one_that_never_goes_on_can_be_given_up(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            await at.writer.perform(OPEN)
            (await at.running()).suspend()
            at.submit(0)
            await until(lambda: at.writer.silence() > 0.1)
            at.writer.give_up()
        assert at.told == []
        assert at.pid() is None

    async def test_one_that_dies_while_the_daemon_ends_is_started_again_as_well(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            await at.writer.perform(OPEN)
            at.submit(*range(40))
            (await at.running()).kill()
        assert at.told == [(number, None) for number in range(40)]


async def test_a_writer_that_never_comes_is_reported_and_jobs_are_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []
    writer = WriterProcess([sys.executable, "-c", "raise SystemExit('no module named daemon')"], lines.append)
    await writer.start()
    with pytest.raises(StoreError, match="ended 3 times over it"):
        await writer.perform(OPEN)
    await writer.close()
    assert lines[0].startswith("The writer of the recording ended (no module named daemon); it is started again")
