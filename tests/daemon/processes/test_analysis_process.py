"""The analysis process, as the daemon sees it: it may refuse, be killed, hang, or not start at all."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from daemon.processes.analysis_process import MAX_QUESTIONS, AnalysisProcess, analysis_command
from protocol.bus.memory_questions import COMMANDS
from protocol.errors import AnalysisProcessError, BusyError, GbatraceError
from protocol.packing import unpack
from tests.fakes.answering_process import COMMAND
from tests.fakes.patience import until


class Room:
    """A supervisor and what it reported."""

    def __init__(self, command: Sequence[str], **limits: float) -> None:
        self.lines: list[str] = []
        self.analysis = AnalysisProcess(command, self.lines.append, **limits)

    async def ask(self, command: str, **arguments: Any) -> Any:
        return unpack((await self.analysis.ask(command, arguments)).data)

    def asking(self, command: str, **arguments: Any) -> "asyncio.Task[Any]":
        return asyncio.create_task(self.ask(command, **arguments))

    @property
    def process(self) -> psutil.Process:
        assert self.analysis._process is not None
        return psutil.Process(self.analysis._process.pid)


@contextlib.asynccontextmanager
async def room(command: Sequence[str] = COMMAND, **limits: float) -> AsyncIterator[Room]:
    at = Room(command, **limits)
    try:
        yield at
    finally:
        await at.analysis.close()


async def test_it_starts_on_the_first_question_and_answers_in_any_order() -> None:
    async with room() as at:
        assert at.analysis._process is None
        slow = at.asking("echo", seconds=1.0)
        assert await at.ask("echo", number=1) == {"number": 1}
        assert not slow.done()
        assert await slow == {"seconds": 1.0}
        process = at.process
    assert not process.is_running()
    assert at.lines == []


async def test_a_refusal_keeps_its_kind_and_sentence() -> None:
    async with room() as at:
        with pytest.raises(GbatraceError, match="There is no such session") as refused:
            await at.ask("refuse")
        assert refused.value.kind == "SessionError"


async def test_a_fault_of_the_program_is_a_sentence_and_the_next_question_is_answered() -> None:
    async with room() as at:
        for command, sentence in (("fail", "its own fault: ZeroDivisionError"), ("exhaust", "too little memory")):
            with pytest.raises(GbatraceError, match=sentence) as refused:
                await at.ask(command)
            assert refused.value.kind == "AnalysisProcessError"
        assert await at.ask("echo") == {}


async def test_killed_it_is_started_again_and_asked_once_more() -> None:
    async with room() as at:
        await at.ask("echo")
        waiting = [at.asking("echo", seconds=1.0, number=number) for number in range(4)]
        await asyncio.sleep(0.3)
        at.process.kill()
        assert [(await one)["number"] for one in waiting] == [0, 1, 2, 3]
        assert len(at.lines) == 1


async def test_a_process_that_dies_idle_is_started_by_the_next_question() -> None:
    async with room() as at:
        await at.ask("echo")
        at.process.kill()
        await until(lambda: at.lines)
        assert at.analysis._process is None
        assert await at.ask("echo", number=2) == {"number": 2}


async def test_a_question_over_which_it_dies_twice_is_given_up_and_others_go_on() -> None:
    async with room() as at:
        deadly, harmless = at.asking("die"), at.asking("echo", seconds=0.5)
        with pytest.raises(AnalysisProcessError, match="ended twice over this question"):
            await deadly
        assert await harmless == {"seconds": 0.5}
        assert at.lines[0] == "The analysis of memory ended (it was too much); recording does not depend on it."


async def test_a_question_over_which_it_died_by_chance_is_answered(tmp_path: Path) -> None:
    async with room() as at:
        assert await at.ask("die", once=str(tmp_path / "died")) == {"deaths": 1}


async def test_one_that_stands_still_is_killed_and_another_is_asked() -> None:
    async with room(max_silence=3.0) as at:
        await at.ask("echo")
        before = at.process
        before.suspend()
        assert await at.ask("echo", number=1) == {"number": 1}
        assert not before.is_running()
        assert "did not answer for 3 s" in at.lines[0]


async def test_one_that_works_at_a_question_lives_by_its_heartbeats() -> None:
    async with room(max_silence=3.0) as at:
        assert await at.ask("echo", seconds=6.0) == {"seconds": 6.0}
        assert at.lines == []


async def test_a_question_that_takes_too_long_is_given_up() -> None:
    async with room(max_seconds=5.0) as at:  # The start of a process on a busy machine counts.
        with pytest.raises(AnalysisProcessError, match="ended twice"):
            await at.ask("echo", seconds=60)
        assert await at.ask("echo") == {}
        assert "took more than 5 s" in at.lines[0]


async def test_more_questions_than_it_takes_are_refused_at_once() -> None:
    async with room() as at:
        taken = [at.asking("echo", seconds=0.3) for _ in range(MAX_QUESTIONS)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError, match="ask again in a moment"):
            await at.ask("echo")
        await asyncio.gather(*taken)
        assert await at.ask("echo") == {}


async def test_one_that_does_not_start_is_told_in_a_sentence(tmp_path: Path) -> None:
    async with room([str(tmp_path / "nothing")]) as at:
        for _ in range(2):
            with pytest.raises(AnalysisProcessError, match="cannot be started"):
                await at.ask("echo")


async def test_the_end_refuses_what_waits() -> None:
    at = Room(COMMAND)
    waiting = at.asking("echo", seconds=60)
    await until(lambda: at.analysis._transport)
    process = at.process
    await at.analysis.close()
    with pytest.raises(AnalysisProcessError, match="is ending"):
        await waiting
    with pytest.raises(AnalysisProcessError, match="is ending"):
        await at.ask("echo")
    assert not process.is_running()


async def test_it_ends_when_the_daemon_is_killed() -> None:
    program = (
        "import asyncio\n"
        "from daemon.processes.analysis_process import AnalysisProcess\n"
        f"analysis = AnalysisProcess({COMMAND!r}, print)\n"
        "async def run():\n"
        "    asyncio.create_task(analysis.ask('echo', {'seconds': 60}))\n"
        "    await analysis.ask('echo', {})\n"
        "    print(analysis._process.pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(run())\n"
    )
    daemon = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    assert daemon.stdout is not None
    analysis = psutil.Process(int(await daemon.stdout.readline()))
    daemon.kill()
    await daemon.wait()
    await until(lambda: not analysis.is_running() or analysis.status() == psutil.STATUS_ZOMBIE)


def test_the_bus_gets_a_handler_for_every_command(tmp_path: Path) -> None:
    analysis = AnalysisProcess(analysis_command(tmp_path), print)
    assert set(analysis.handlers()) == set(COMMANDS)
