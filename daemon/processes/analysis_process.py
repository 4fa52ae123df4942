"""Supervisor of the analysis process, and the daemon's end of its socket. Shell.

It is started when somebody looks at a session, or asks about memory. Nothing that is recorded or labelled waits for it:
it may die, hang or be slow, then questions are asked once more, and refused with a sentence if that does not help.
Answers are bytes that the daemon hands through.
"""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from daemon.processes.joined_process import end_process, start_joined
from daemon.processes.question_queue import Outcome, Question, QuestionQueue
from daemon.processes.questions import HEARTBEAT, AnswerReader, RelayedError, question_bytes
from protocol.bus.memory_questions import COMMANDS
from protocol.bus.messages import PackedResult
from protocol.errors import AnalysisProcessError, BusyError

__all__ = ["MAX_QUESTIONS", "MAX_SECONDS", "MAX_SILENCE", "AnalysisProcess", "analysis_command"]

MAX_QUESTIONS = 16
"""Questions that are not answered yet; further ones are refused."""

MAX_SECONDS = 60.0
"""Seconds for which the process may work on a question before it is taken to hang."""

MAX_SILENCE = 20.0
"""Seconds without a heartbeat, while there is something to do, after which the process is taken to hang."""

_ROUND = 1.0
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 5.0
_SETTLED = 10.0
"""Seconds after which a process that died is started again at once."""

_STOP_PATIENCE = 2.0


def analysis_command(data_folder: Path) -> list[str]:
    """Return the command line of the analysis process."""
    return [sys.executable, "-m", "daemon.answering", str(data_folder)]


class AnalysisProcess(asyncio.Protocol):
    """Supervisor of the analysis process. You must `close` it at the end.

    Args:
        command: the command line of the process.
        report: shows a line to the person at the keyboard.
        max_seconds: as `MAX_SECONDS`.
        max_silence: as `MAX_SILENCE`.
    """

    def __init__(
        self,
        command: Sequence[str],
        report: Callable[[str], None],
        max_seconds: float = MAX_SECONDS,
        max_silence: float = MAX_SILENCE,
    ) -> None:
        self._command = list(command)
        self._report = report
        self._limits = (max_seconds, max_silence)
        self._queue = QuestionQueue()
        self._numbers = count(HEARTBEAT + 1)
        self._answers = AnswerReader()
        self._process: subprocess.Popen[bytes] | None = None
        self._transport: asyncio.Transport | None = None
        self._starting: asyncio.Task[None] | None = None
        self._watching: asyncio.TimerHandle | None = None
        self._started = 0.0
        self._heard = 0.0
        self._pause = 0.0
        self._why = ""
        self._is_closing = False

    def handlers(self) -> dict[str, Callable[[Mapping[str, Any]], Awaitable[PackedResult]]]:
        """Return the commands that the bus answers with this process."""
        return {command: partial(self.ask, command) for command in COMMANDS}

    async def ask(self, command: str, arguments: Mapping[str, Any]) -> PackedResult:
        """Ask the process, which is started where it does not run, and wait for its answer.

        Raises:
            BusyError: too many questions are not answered yet.
            AnalysisProcessError: the process does not start, ended twice over this question, or the daemon is ending.
            GbatraceError: the process refused; kind and sentence are its own.
        """
        if self._is_closing:
            raise AnalysisProcessError("The daemon is ending.")
        if len(self._queue) >= MAX_QUESTIONS:
            raise BusyError(f"{MAX_QUESTIONS} questions about memory wait for an answer: ask again in a moment.")
        answered: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

        def done(outcome: Outcome) -> None:
            if not answered.done():
                answered.set_result(outcome)

        number = next(self._numbers)
        self._queue.add(Question(number, question_bytes(number, command, arguments), done))
        self._proceed()
        outcome = await answered
        if isinstance(outcome, PackedResult):
            return outcome
        raise outcome

    async def close(self) -> None:
        """End the process; questions that wait are refused."""
        self._is_closing = True
        self._queue.refuse_all(AnalysisProcessError("The daemon is ending."))
        if self._starting is not None:
            self._starting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._starting
        if self._transport is not None:
            self._transport.abort()
        await self._end_process(_STOP_PATIENCE)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Give the process what waits for it."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what a stream socket is given
        self._transport = transport
        self._answers = AnswerReader()
        self._proceed()

    def data_received(self, data: bytes) -> None:
        """Pass on the answers."""
        self._heard = asyncio.get_running_loop().time()
        for number, kind, payload in self._answers.receive_data(data):
            outcome = RelayedError(kind, payload.decode("utf-8", "replace")) if kind else PackedResult(payload)
            self._queue.answered(number, outcome)
        self._proceed()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - how does not matter
        """Start another process where questions wait for it: this one has died, or will in a moment."""
        self._transport = None
        if self._is_closing:
            return
        self._queue.process_died()
        self._starting = asyncio.create_task(self._start_again())

    def _proceed(self) -> None:
        """Give the process questions, starting it where needed, and watch over it while it has any."""
        loop = asyncio.get_running_loop()
        if not len(self._queue) or self._is_closing:
            return
        if self._transport is None:
            if self._starting is None:
                self._starting = asyncio.create_task(self._start())
            return
        if not self._queue.longest(loop.time()):
            self._heard = loop.time()
        while (data := self._queue.next_bytes(loop.time())) is not None:
            self._transport.write(data)
        if self._watching is None:
            self._watching = loop.call_later(_ROUND, self._watch)

    def _watch(self) -> None:
        """Kill a process that hangs; another one is asked then."""
        now = asyncio.get_running_loop().time()
        self._watching = None
        max_seconds, max_silence = self._limits
        longest = self._queue.longest(now)
        if self._transport is not None and longest and now - self._heard > max_silence:
            self._kill(self._transport, f"it did not answer for {max_silence:.0f} s")
        elif self._transport is not None and longest > max_seconds:
            self._kill(self._transport, f"it took more than {max_seconds:.0f} s over a question")
        else:
            self._proceed()

    def _kill(self, transport: asyncio.Transport, why: str) -> None:
        self._why = why
        if self._process is not None:
            self._process.kill()
        transport.abort()  # `connection_lost` comes next.

    async def _start(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            await asyncio.sleep(self._pause)
            self._started = loop.time()
            self._process, joined = await start_joined(self._command)
            joined.setblocking(False)  # noqa: FBT003 - the socket module's own signature
            await loop.connect_accepted_socket(lambda: self, joined)
        except OSError as error:
            self._queue.refuse_all(AnalysisProcessError(f"gbatrace's analysis cannot be started ({error})."))
        finally:
            self._starting = None
        self._proceed()

    async def _start_again(self) -> None:
        why = await self._end_process(_ROUND)
        self._report(f"The analysis of memory ended ({self._why or why}); recording does not depend on it.")
        self._why = ""
        settled = asyncio.get_running_loop().time() - self._started > _SETTLED
        self._pause = _FIRST_PAUSE if settled else min(max(2 * self._pause, _FIRST_PAUSE), _LONGEST_PAUSE)
        self._starting = None
        self._proceed()

    async def _end_process(self, patience: float) -> str:
        """Wait for the end of the process, or bring it about; return how it ended."""
        process, self._process = self._process, None
        return await asyncio.to_thread(end_process, process, patience) if process is not None else "it was not there"
